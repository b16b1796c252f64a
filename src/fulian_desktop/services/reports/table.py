"""A table of figures, each row with the records behind it, and what all reports say in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.services.office import Office
from fulian_desktop.store import queries
from fulian_desktop.store.view import INCOMPLETE, Row

How = Literal["text", "number", "money"]


@dataclass
class Report:
    """A table of figures. ``ids`` gives, for each row, the records behind it; ``total`` the sums by name."""

    name: str
    title: str
    columns: list[tuple[str, How]]
    rows: list[list[Any]] = field(default_factory=list)
    ids: list[list[str]] = field(default_factory=list)
    total: dict[str, int] = field(default_factory=dict)
    total_row: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    landscape: bool = False

    def text_rows(self) -> list[list[str]]:
        """The rows as they are printed: money in yuan, empty as —."""
        rows = [*self.rows, self.total_row] if self.total_row else self.rows
        return [[shown(v, how) for v, (_, how) in zip(row, self.columns, strict=True)] for row in rows]


def shown(value: Any, how: str) -> str:  # noqa: ANN401 - text, number or money
    if value in (None, ""):
        return "—"
    return format_yuan(value) if how == "money" else f"{value:,}" if isinstance(value, int) and how == "number" else str(value)


def year_rows(office: Office, kind: Kind, year: int | None) -> Iterator[Row]:
    return queries.list_rows(office.workspace.db, kind, year=("date_to", year) if year else None)


def notes(rows: list[Row], *about: str) -> list[str]:
    doubtful = sum(any(row.flat.get(name) for name in about) for row in rows)
    incomplete = sum(bool(row.flags & INCOMPLETE) for row in rows)
    return [*([f"含约数 {doubtful} 条"] if doubtful else []), *([f"含待补全 {incomplete} 条"] if incomplete else [])]


def year_title(year: int | None) -> str:
    return f"{year}年" if year else ""


def label(kind: Kind, name: str, code: str) -> str:
    type_ = kind.flat[name].type
    return type_.codes.label(code) if isinstance(type_, Code) and code else code

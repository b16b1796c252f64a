"""A table of figures, each row with the records behind it, and how its values are shown.

Values are texts, whole numbers, money in fen and shares in hundredths of a percent; nothing is ever a float.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, NamedTuple

from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.progress import Progress

if TYPE_CHECKING:
    from fulian_desktop.printing.charts import Chart
    from fulian_desktop.printing.statistics import KeyFigure, Line

How = Literal["text", "number", "money", "percent", "wan", "points"]
"""``wan``: money in 万元 of two decimals, where there is no room for yuan. ``points``: hundredths, with no decimal too many."""

Medium = Literal["both", "paper", "sheet"]


class Said(NamedTuple):
    """A value that says itself how it is shown, in a column of values of several sorts."""

    value: int
    how: How


NOTHING = "—"
TOTAL = "合计"


@dataclass(frozen=True)
class Draft:
    """A year in words, and what is shown beside the text.

    Attributes:
        issuer: Who signs. year: Of which year. date: Of the signature. period: From when to when, in words.
        paragraphs: Style (``head``, ``subhead``, ``body``) and text.
        key_figures: Four. lines: The main indicators. charts: As many as have anything to show.
        notes: What must be known to read the figures.
    """

    issuer: str
    year: int
    date: datetime.date
    period: str
    paragraphs: tuple[tuple[str, str], ...]
    key_figures: tuple[KeyFigure, ...]
    lines: tuple[Line, ...]
    charts: tuple[Chart, ...]
    notes: tuple[str, ...] = ()


@dataclass
class Report:
    """A table of figures, and those that belong to it.

    Attributes:
        name: Its stable name. title: Above it.
        columns: Head and how its values are shown.
        rows: One list of values a row. ids: For each row, the records behind it.
        total: Sums by name. total_row: The last row, as long as ``columns``; empty where nothing is added up.
        notes: Below it.
        landscape: A4 landscape on paper.
        scope: The unit it is narrowed to, "" for all that the office has.
        more: Further tables of the same report, each under its own title.
        paged: On paper each table begins a page.
        draft: The text that the table belongs to, where the report is one.
        medium: Where this table stands, if not in both.
        grouped: What stands in the first column holds for the rows below it too; printed densely.
        writer: What writes it to a path or an open file (a PDF), where it is more than tables; returns how many pages.
    """

    name: str
    title: str
    columns: list[tuple[str, How]] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    ids: list[list[str]] = field(default_factory=list)
    total: dict[str, int] = field(default_factory=dict)
    total_row: list[Any] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    landscape: bool = False
    scope: str = ""
    more: list[Report] = field(default_factory=list)
    paged: bool = False
    draft: Draft | None = None
    medium: Medium = "both"
    grouped: bool = False
    writer: Callable[[Path | BinaryIO, Progress | None], int] | None = None

    @property
    def tables(self) -> list[Report]:
        """All its tables, in order; it may consist of further ones only."""
        return [*([self] if self.columns else []), *self.more]

    def tables_on(self, medium: Medium) -> list[Report]:
        """Those of its tables that stand on paper, or in a sheet."""
        return [table for table in self.tables if table.medium in ("both", medium)]

    def text_rows(self) -> list[list[str]]:
        """The rows as they are printed: money in yuan, empty as —, in the last row as nothing."""
        rows = [[shown(value, how) for value, (_, how) in zip(row, self.columns, strict=True)] for row in self.rows]
        if self.grouped:
            rows = [["" if first == NOTHING else first, *others] for first, *others in rows]
        if self.total_row:
            last = zip(self.total_row, self.columns, strict=True)
            rows.append(["" if value == "" else shown(value, how) for value, (_, how) in last])
        return rows

    def told(self) -> dict[str, Any]:
        """This table as scripts read it."""
        return {
            "columns": [head for head, _ in self.columns], "rows": self.text_rows(), "ids": self.ids, "total": self.total,
            "notes": self.notes,
        }

    def exact_row(self, row: Sequence[Any]) -> list[Any]:
        """A row as a sheet takes it: money in yuan and shares in percent as exact decimals, empty as nothing."""
        return [_exact(value, how) for value, (_, how) in zip(row, self.columns, strict=True)]


def shown(value: Any, how: How) -> str:  # noqa: ANN401 - text or whole number
    """A value in words: ``15,900.00`` for money, ``94.8`` for a share, ``1,026``; — for nothing."""
    if value in (None, ""):
        return NOTHING
    if isinstance(value, Said):
        return shown(value.value, value.how)
    if how == "money":
        return format_yuan(value)
    if how == "wan":
        return format_yuan((value + 5_000) // 10_000)
    if how == "percent":
        tenths = (abs(value) + 5) // 10
        return f"{'-' if value < 0 else ''}{tenths // 10}.{tenths % 10}"
    if how == "points":
        return format_hundredths(value)
    return f"{value:,}" if isinstance(value, int) and how == "number" else str(value)


def share_of(part: int, whole: int) -> int | None:
    """A share in hundredths of a percent, rounded half up; None where there is no whole."""
    return (part * 20_000 + whole) // (2 * whole) if whole > 0 else None


def _exact(value: Any, how: How) -> Any:  # noqa: ANN401
    if value in (None, ""):
        return None
    if isinstance(value, Said):
        found = _exact(value.value, value.how)
        return found.quantize(Decimal("0.01")) if value.how == "money" else found
    if how == "percent":
        return Decimal(shown(value, how))
    return Decimal(value) / 100 if how in ("money", "points") else value

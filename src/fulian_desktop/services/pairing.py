"""Suspected duplicates as a person reads them: two records side by side (DESIGN §8).

Nothing is joined here; sensitive values are masked unless they are asked for, and that is logged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fulian_desktop.domain.fields import Field
from fulian_desktop.domain.kind import Kind
from fulian_desktop.errors import NotFound
from fulian_desktop.ledger.json import canonical
from fulian_desktop.services import conflicts
from fulian_desktop.services.office import Office
from fulian_desktop.services.settling import log_revealed, moment_text, shown_text
from fulian_desktop.services.showing import kind_named
from fulian_desktop.store import queries
from fulian_desktop.store.view import Row


@dataclass(frozen=True)
class Suspected:
    """Two records that may be one: ``firm`` for the same ID number, else ``soft``."""

    kind: str
    kind_label: str
    certainty: str
    records: tuple[str, str]
    names: tuple[str, str]
    unit_names: tuple[str, str]


@dataclass(frozen=True)
class Side:
    """One of two records: whose, and when it was entered and last changed, by whom."""

    record: str
    name: str
    unit_name: str
    entered: str
    changed: str


@dataclass(frozen=True)
class Line:
    """One field of two records beside each other."""

    label: str
    left: str
    right: str
    same: bool


@dataclass(frozen=True)
class Pair:
    """Two records field by field; what both lack is left out. ``hidden``: sensitive values are masked."""

    kind: str
    sides: tuple[Side, Side]
    lines: tuple[Line, ...]
    hidden: bool


def suspected_pairs(office: Office) -> list[Suspected]:
    """All suggestions, the firm ones first."""
    names = office.workspace.unit_names()
    found = [
        Suspected(
            one["kind"], kind_named(one["kind"]).label, one["certainty"], _two(one["records"]),
            _two([name or "" for name in one["names"]]), _two([names.get(unit, unit) for unit in one["units"]]),
        )
        for one in conflicts.duplicates(office)
    ]
    return sorted(found, key=lambda one: one.certainty)


def _two(of: Sequence[str]) -> tuple[str, str]:
    return of[0], of[1]


def compare(office: Office, records: tuple[str, str], *, reveal: bool = False) -> Pair:
    """Two records of one kind field by field; showing sensitive values whole is logged."""
    rows = [queries.find_by_id(office.workspace.db, record) for record in records]
    left, right = rows
    if left is None or right is None:
        raise NotFound("找不到这条记录。", "not-found")
    kind = kind_named(left.kind)
    if reveal:
        log_revealed(office, [left, right])
    names = office.workspace.unit_names()
    lines, hidden = [], False
    for declared in kind.fields:
        values = [_whole(declared, row.flat) for row in (left, right)]
        if values == [None, None]:
            continue
        hidden |= bool(declared.sensitive) and not reveal
        texts = [_whole_text(declared, value, reveal=reveal) for value in values]
        lines.append(Line(declared.label, texts[0], texts[1], same=canonical(values[0]) == canonical(values[1])))
    return Pair(kind.code, (_side(kind, left, names), _side(kind, right, names)), tuple(lines), hidden)


def _whole(declared: Field, flat: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a ledger value, or rows without their ids
    if not declared.is_table:
        return declared.assemble(flat)
    rows = [{name: value for name, value in row.items() if name != "row"} for row in flat.get(declared.code) or ()]
    return rows or None


def _whole_text(declared: Field, value: Any, *, reveal: bool) -> str:  # noqa: ANN401
    if declared.is_table and value is not None:
        return "\n".join(shown_text(declared, row, reveal=reveal) for row in value)
    return shown_text(declared, value, reveal=reveal)


def _side(kind: Kind, row: Row, names: Mapping[str, str]) -> Side:
    return Side(
        row.id, kind.name_of(row.flat), names.get(row.unit, row.unit), f"{row.created_by} {moment_text(row.created_at)}",
        f"{row.changed_by} {moment_text(row.changed_at)}",
    )

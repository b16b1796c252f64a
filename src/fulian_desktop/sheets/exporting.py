"""A roster of records as an .xlsx: what the columns of a kind say of each record (DESIGN §10, §11).

Rules:

* The columns are those that template and import use, so that what was exported reads back the same; which of them and in
  what order may be chosen.
* Numbers, amounts and days are numbers and dates; an approximation is a number shown with 余, as people write it.
* Sensitive values are masked unless the caller, who logs that, asks for them (DESIGN §9).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from fulian_desktop.domain.day_words import period_text
from fulian_desktop.domain.fields import (
    Code,
    Day,
    Hundredths,
    Integer,
    Money,
    Period,
    Reference,
    Table,
)
from fulian_desktop.domain.issued import Unfit
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.words import coded, masked
from fulian_desktop.progress import Progress
from fulian_desktop.sheets.book import BookColumn, BookSheet, Stated, Value, Written, write_book
from fulian_desktop.sheets.book import Kind as ColumnKind
from fulian_desktop.sheets.columns import SheetColumn, columns_of

UNIT, UNIT_LABEL = "unit", "单位"
"""The column of the unit's name: no field, but chosen among them."""


@dataclass(frozen=True)
class RosterRow:
    """One record: the name of its unit and its flat values."""

    unit: str
    flat: Mapping[str, Any]


def write_roster(
    path: Path, kind: Kind, rows: Sequence[RosterRow], *, title: str, subtitle: str = "",
    reveal: bool = False,
    columns: Sequence[str] | None = None, notes: Sequence[str] = (), progress: Progress | None = None,
) -> Written:
    """Write a roster of records of one kind.

    Args:
        path: The .xlsx to write.
        kind: Their kind.
        rows: The records, in order.
        title: Above the table.
        subtitle: Below the title (unit, date).
        reveal: Show ID numbers, telephone numbers, addresses, bank and health details.
        columns: Names of the columns wanted, :data:`UNIT` among them, in their order; None takes the unit, the list
            columns, those asked for and all that hold anything. A name that the kind does not have is passed over.
        notes: Below the table.
        progress: Counts rows.

    Returns:
        How many rows were written and which cells could not hold their text.

    Raises:
        InputProblem: Too many rows for a sheet.
        MachineProblem: The file could not be written.
    """
    chosen = _chosen(kind, rows, columns)
    head = [BookColumn("序号", "index", width=6.0)]
    head += [BookColumn(UNIT_LABEL, "text") if c is None else BookColumn(c.label, _kind_of(c)) for c in chosen]

    def lines() -> Iterable[list[Value | Stated]]:
        for number, row in enumerate(rows, 1):
            yield [number, *(row.unit if c is None else cell_of(c, row.flat, reveal=reveal) for c in chosen)]

    frozen = 3 if chosen[:1] == [None] else 2
    sheet = BookSheet(kind.label, title, head, lines(), subtitle=subtitle, notes=notes, frozen=frozen)
    return write_book(path, [sheet], progress=progress)


def roster_columns(kind: Kind) -> list[SheetColumn]:
    """The columns that a roster of a kind can have beside the unit, in the order of its form."""
    return [column for column in columns_of(kind) if not column.end]


def _chosen(kind: Kind, rows: Sequence[RosterRow], wanted: Sequence[str] | None) -> list[SheetColumn | None]:
    """The columns of a roster in their order; None stands for the unit."""
    columns = roster_columns(kind)
    if wanted is not None:
        by_name: dict[str, SheetColumn | None] = {UNIT: None, **{column.name: column for column in columns}}
        return [by_name[name] for name in wanted if name in by_name]
    usual = [c for c in columns if c.is_listed or any(_is_filled(c, row.flat) for row in rows)]
    return [None, *usual] if any(row.unit for row in rows) else [*usual]


def names_in(column: SheetColumn) -> tuple[str, ...]:
    """The flat names any of which fills a column."""
    return column.field.flat if isinstance(column.type, Reference) else (_first_name(column),)


def _is_filled(column: SheetColumn, flat: Mapping[str, Any]) -> bool:
    return any(_is_there(flat.get(name)) for name in names_in(column))


def _is_there(value: Any) -> bool:  # noqa: ANN401
    """Whether a flat value is one. Zero is."""
    return value is not None and value is not False and value not in ("", [])


def _first_name(column: SheetColumn) -> str:
    if isinstance(column.type, Table):
        return column.name
    return column.field.flat[0] if column.name == column.field.code else column.name


def _kind_of(column: SheetColumn) -> ColumnKind:
    if isinstance(column.type, Money):
        return "money"
    if isinstance(column.type, Integer):
        return "number"
    return "date" if isinstance(column.type, Day | Period) else "text"


def cell_of(column: SheetColumn, flat: Mapping[str, Any], *, reveal: bool) -> Value | Stated:
    """What a column shows of a record.

    Args:
        column: One of :func:`~fulian_desktop.sheets.columns.columns_of`.
        flat: The record's flat values.
        reveal: Whether sensitive values are shown.
    """
    value: Any = flat.get(_first_name(column))
    if isinstance(column.type, Reference):
        value = flat.get(column.field.flat[1])
    if not _is_there(value):
        return None
    if column.field.sensitive and not reveal:
        return masked(column.type, value)
    of = column.type
    if isinstance(value, Unfit):
        return str(value)
    if isinstance(of, Period):
        first, last, precision = (str(flat.get(name) or value) for name in column.field.flat)
        one_day = precision == "day" and first == last
        return datetime.date.fromisoformat(first) if one_day else period_text(first, last, precision)
    if isinstance(of, Integer):
        return _number(column, value, flat)
    if isinstance(of, Table):
        return _items(of, value)
    return _plain(of, value)


def _plain(of: object, value: Any) -> Value:  # noqa: ANN401
    if (words := coded(of, value)) is not None:
        return words
    if isinstance(of, Day):
        return datetime.date.fromisoformat(value)
    return str(value)


def _number(column: SheetColumn, value: int, flat: Mapping[str, Any]) -> Value | Stated:
    """A number with the 余 and the measure word that its composite says."""
    number: int | Decimal = Decimal(value) / 100 if isinstance(column.type, Hundredths) else value
    word = ""
    for part in column.field.flat_parts if column.name == column.field.code else ():
        said = flat.get(part.flat)
        if part.member == "about" and said:
            word += "余"
        elif part.member == "unit" and said and isinstance(part.type, Code):
            word += part.type.codes.label(said)
    return Stated(number, word) if word else number


def _items(table: Table, rows: Sequence[Mapping[str, Any]]) -> str:
    """``衣物500件、大米20袋``: as import reads it."""
    name, number = table.columns[0].name, table.columns[1].name
    def item(row: Mapping[str, Any]) -> str:
        count = "" if row.get(number) is None else str(row[number])
        return f"{row.get(name, '')}{count}{'余' if row.get('about') else ''}{row.get('unit', '')}"

    return "、".join(map(item, rows))

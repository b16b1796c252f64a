"""What the page of a record tells besides its steps: what was checked, how it was scored, and what is said of it.

Rules:

* Everything follows from the declarations (``Field.answers``, ``Kind.told``) and the types of their columns.
* What is asked and has no row yet is open and told too; a row that nobody asked for is told behind the others.
* A point that was looked at and not found clear is no gap: it is told as such.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from fulian_desktop.domain.fields import Code, Field, Flag, FlatPart, Integer, Part, Table, Text
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.kind import Kind

Flat = Mapping[str, Any]

MAIN_LINES = 3
"""So many lines of ``Kind.told`` are there also when they are empty."""


class Check(Enum):
    """How a point stands: found clear, looked at and not found clear, or not looked at yet."""

    CLEAR = "clear"
    FOUND = "found"
    OPEN = "open"


class Point(Immutable):
    """A point that is checked: its words, how it stands, and who looked."""

    words: str
    state: Check
    by: str = ""


class Score(Immutable):
    """What something was scored by: its words, the points and of how many; None where that is not known."""

    words: str
    points: int | None = None
    most: int | None = None


class Line(Immutable):
    """A line of what is told: its label, and (part, value) of each thing in it, the first one before brackets."""

    label: str
    values: tuple[tuple[FlatPart, Any], ...] = ()


def checked_table(kind: Kind) -> Field | None:
    """The sub-table whose rows answer codes with a flag."""
    return next((f for f in _answering(kind) if _column(f, Code) and _column(f, Flag)), None)


def scored_table(kind: Kind) -> Field | None:
    """The sub-table whose rows answer texts with points."""
    return next((f for f in _answering(kind) if _column(f, Text) and _column(f, Integer)), None)


def _answering(kind: Kind) -> list[Field]:
    return [field for field in kind.tables if field.answers]


def _column(field: Field, of: type) -> Part | None:
    assert isinstance(field.type, Table)  # noqa: S101 - only tables answer
    return next((column for column in field.type.columns if type(column.type) is of), None)


def points_of(field: Field, flat: Flat, asked: Sequence[str] = ()) -> tuple[Point, ...]:
    """The points of a table of checks.

    Args:
        field: The sub-table, as :func:`checked_table` finds it.
        flat: Flat values of the record.
        asked: The codes that are to be checked; empty: all that the list has.
    """
    item, clear, by = _column(field, Code), _column(field, Flag), _column(field, Text)
    if item is None or clear is None or not isinstance(item.type, Code):
        return ()
    rows = {str(row[item.name]): row for row in flat.get(field.code) or () if row.get(item.name)}
    codes = dict.fromkeys([*(asked or item.type.codes), *rows])
    found = []
    for code in codes:
        row = rows.get(code, {})
        who = str(row.get(by.name) or "") if by is not None else ""
        state = Check.CLEAR if row.get(clear.name) else Check.FOUND if who else Check.OPEN
        label = item.type.codes.label(code)
        found.append(Point(f"{clear.label}{label}" if state is Check.CLEAR else label, state, who))
    return tuple(found)


def scores_of(field: Field, flat: Flat, asked: Sequence[Mapping[str, Any]] = ()) -> tuple[Score, ...]:
    """The scores of a table of scores.

    Args:
        field: The sub-table, as :func:`scored_table` finds it.
        flat: Flat values of the record.
        asked: Rows that say what is scored and how many points there are.
    """
    words, points = _column(field, Text), _column(field, Integer)
    if words is None or points is None:
        return ()
    rows = {str(row[words.name]): row.get(points.name) for row in flat.get(field.code) or () if row.get(words.name)}
    most: dict[str, int | None] = {}
    for row in asked:
        name = next((v for v in row.values() if isinstance(v, str) and v != row.get("row")), "")
        most[name] = next((v for v in row.values() if isinstance(v, int)), None)
    return tuple(Score(name, rows.get(name), most.get(name)) for name in dict.fromkeys([*most, *rows]) if name)


def told_lines(kind: Kind, flat: Flat) -> tuple[Line, ...]:
    """The lines that are told of a record, in the order of their declaration."""
    found = []
    for place, names in enumerate(kind.told):
        parts = [kind.flat[name] for name in names]
        values = tuple((part, flat[part.flat]) for part in parts if flat.get(part.flat) not in (None, "", []))
        if values or place < MAIN_LINES:
            found.append(Line(parts[0].field.label, values))
    return tuple(found)


def told_text(kind: Kind) -> FlatPart | None:
    """The text of several lines that is told first: how long it is stands in the head of its card."""
    parts = (kind.flat[name] for names in kind.told for name in names)
    return next((part for part in parts if isinstance(part.type, Text) and part.type.lines), None)


def subject_of(kind: Kind, flat: Flat) -> str:
    """What a record is about besides its name: what its references name that is no part of its title."""
    for reference in kind.references:
        name = reference.flat[1]
        if not reference.joining and name not in kind.title and flat.get(name):
            return str(flat[name])
    return ""

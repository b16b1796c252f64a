"""The columns of a list, derived from the declaration of its kind: nothing here knows a field by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from fulian_desktop.domain.fields import (
    Code,
    Composite,
    Day,
    Field,
    Flag,
    IdNumber,
    Integer,
    Money,
    Period,
    Phone,
    Reference,
    Scalar,
    Table,
)
from fulian_desktop.domain.forms import Cell, first_cell
from fulian_desktop.domain.kind import Kind


class Look(Enum):
    """How a column's cells are painted."""

    TICK = "tick"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CODE = "code"
    STAGE = "stage"
    UNIT = "unit"
    MARKS = "marks"


# Room in pixels at 100 %, beside what the head needs.
_WIDTHS = {
    Look.TICK: 30, Look.TEXT: 136, Look.NUMBER: 84, Look.DATE: 104, Look.CODE: 96, Look.STAGE: 124, Look.UNIT: 104,
    Look.MARKS: 72,
}
LEAST_TITLE = 168
_WORDY_MARKS = 94
_WIDE: dict[type, int] = {IdNumber: 168, Phone: 124, Period: 128}  # 2月21日—25日 in one piece

@dataclass(frozen=True)
class Column:
    """A column of a list.

    Attributes:
        name: The flat name it shows, or one of its own (``tick``, ``unit``, ``stage``, ``marks``).
        label: Its head. look: How it is painted. field: The declared field, None for its own.
        usual: Whether it is shown until somebody chose.
        title: Whether it names the record; it takes the room that is left.
        hidden: Whether its values are hidden whole until they are asked for (an address, a health detail).
        photos: Of the column of marks: how many photos the kind wants.
    """

    name: str
    label: str
    look: Look
    field: Field | None = None
    usual: bool = True
    title: bool = False
    hidden: bool = False
    photos: int = 0

    @property
    def width(self) -> int:
        """The room it wants in pixels at 100 %."""
        if self.title:
            return LEAST_TITLE
        if self.photos:
            return _WORDY_MARKS
        kind = type(self.field.type) if self.field is not None else None
        return max(_WIDE.get(kind, _WIDTHS[self.look]) if kind else _WIDTHS[self.look], 14 * len(self.label) + 32)

    @cached_property
    def cell(self) -> Cell | None:
        """The cell of the form in which its value is filled."""
        return first_cell(self.field) if self.field is not None else None

    @property
    def is_right(self) -> bool:
        """Whether it is a column of figures."""
        return self.look is Look.NUMBER


TICK = Column("tick", "", Look.TICK)


def columns_of(kind: Kind, *, units: bool) -> tuple[Column, ...]:
    """All columns that a list of this kind can show: day, name, badges, unit, stage, texts, figures.

    Args:
        kind: The kind.
        units: Whether records of several units stand in it.
    """
    title = next((f for f in kind.fields if f.column and set(f.flat) & set(kind.title)), kind.fields[0])
    made = [_column(f, title=f is title) for f in kind.fields if _can_be_shown(f)]
    first_day = next((c for c in made if c.look is Look.DATE and c.usual), None)
    order = [[c] for c in (first_day,) if c] + [[c for c in made if c.title]]
    order += [[c for c in made if c.look is look and c is not first_day and not c.title] for look in (Look.CODE,)]
    order += [[Column("unit", "单位", Look.UNIT)]] if units else []
    order += [[Column("stage", "阶段", Look.STAGE)]] if kind.stages else []
    order += [
        [c for c in made if c.look is look and c is not first_day and not c.title]
        for look in (Look.TEXT, Look.DATE, Look.NUMBER)
    ]
    has_photos = any(f.code == "photos" for f in kind.fields)
    marks = (Column("marks", "照片", Look.MARKS, photos=kind.photos_wanted),) if has_photos else ()
    return (TICK, *(c for group in order for c in group), *marks)


def _can_be_shown(declared: Field) -> bool:
    of = declared.type
    if declared.joining or declared.written_by is not None or isinstance(of, Table):
        return False
    return isinstance(of, Scalar | Reference | Period) or isinstance(declared.flat_parts[0].type, Integer)


def _column(declared: Field, *, title: bool) -> Column:
    of = declared.type
    first = declared.flat_parts[0]
    hidden = bool(declared.sensitive) and not isinstance(of, IdNumber | Phone)
    usual = (declared.column or (isinstance(of, Composite) and isinstance(first.type, Money))) and not hidden
    if isinstance(of, Reference):
        return Column(declared.flat[1], declared.label, Look.TEXT, declared, usual, title)
    look = Look.TEXT
    if isinstance(of, Period | Day):
        look = Look.DATE
    elif isinstance(of, Code | Flag):
        look = Look.CODE
    elif isinstance(first.type, Integer):
        look = Look.NUMBER
    label = declared.label.replace("(", "（").replace(")", "）")
    return Column(first.flat, label, look, declared, usual, title, hidden)


def fitting(columns: Sequence[Column], room: int) -> tuple[Column, ...]:
    """Those of the columns that fit into so many pixels at 100 %; what names a record stays, what comes last goes first."""
    stay = [c for c in columns if c.look in (Look.TICK, Look.MARKS) or c.title]
    left = room - sum(c.width for c in stay)
    order = (Look.DATE, Look.STAGE, Look.UNIT, Look.CODE, Look.NUMBER, Look.TEXT)

    def rank(column: Column) -> tuple[int, int, int]:
        declared = column.field
        if declared is None or declared.asked:
            counts = 0
        elif declared.issuer:  # an office wanted it in the list
            counts = 1
        else:
            counts = 2 if isinstance(declared.flat_parts[0].type, Money) else 3
        return counts, order.index(column.look), columns.index(column)

    for column in sorted((c for c in columns if c not in stay), key=rank):
        if column.width <= left:
            stay.append(column)
            left -= column.width
    return tuple(c for c in columns if c in stay)

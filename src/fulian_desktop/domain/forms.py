"""The form of a kind, derived from its declaration: which cells it has, what stands in them, what is said beside them.

Rules:

* A cell is what a person fills at one go. A number with its 约, a period, a reference and a sub-table are one cell; the
  other parts of a composite have cells of their own. A cell's name is the entry name by which services take what was
  typed in it (:func:`~fulian_desktop.domain.entry.read_entry`).
* What a cell shows of a value reads back as that value.
* A gap is said softly; a doubt or something unreadable is said as an error; neither stops a save, but the kind's first
  asked field does (DOMAIN §2).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from fulian_desktop.domain.checks import MISSING, check_record
from fulian_desktop.domain.day_words import day_text, period_text
from fulian_desktop.domain.entry import Entry, read_entry
from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Composite,
    Day,
    Field,
    Flag,
    FlatPart,
    Hundredths,
    IdNumber,
    Integer,
    Money,
    Part,
    Period,
    Phone,
    PhotoHash,
    Reference,
    Scalar,
    Table,
    Text,
)
from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.id_numbers import age_on, check_id_number
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.issued import Unfit, fitted, is_issued
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import SEXES
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.words import coded
from fulian_desktop.domain.yuan import format_yuan

_TELLING = 4  # characters of a part's label that say enough without the field's
_SOFT = frozenset({"control", "no-holiday-table", "code-not-come"})


class Cell(Immutable):
    """One place to fill.

    Attributes:
        name: Its entry name. label: What stands beside it. full: The same where its heading is not seen.
        field: The declared field it is of.
        type: Of what type it is filled: a scalar, or the composite or table of the whole field.
        flats: The flat names of which it says what is wrong.
        asked: Whether it is marked as asked for.
        aside: Whether it stands beside the form, with the remarks and photos.
    """

    name: str
    label: str
    full: str
    field: Field
    type: Scalar | Composite | Table
    flats: tuple[str, ...]
    asked: bool = False
    aside: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether it wants the width of the form: several lines, several codes, or a table."""
        return isinstance(self.type, Codes | Table) or (isinstance(self.type, Text) and self.type.lines)

    @property
    def is_photos(self) -> bool:
        """Whether it is a table of photos."""
        return is_pictures(self.field)


@lru_cache(maxsize=128)
def cells_of(kind: Kind) -> tuple[Cell, ...]:
    """The cells of a kind's form in its order, those aside last with the remarks first.

    What joins duplicates is no matter of a form.
    """
    remarks = kind.declared("remarks").group
    first = kind.declared("remarks")
    asked = [field for field in kind.fields if not field.joining and not field.withdrawn]
    found = [cell for field in asked for cell in _cells(field, field.group == remarks)]
    return tuple(sorted(found, key=lambda cell: (cell.aside, cell.aside and cell.field is not first)))


def first_cell(field: Field) -> Cell:
    """The cell in which a field is filled; of a composite with several that of its first part."""
    return next(_cells(field, False))


def _cells(field: Field, aside: bool) -> Iterator[Cell]:
    if field.is_table or isinstance(field.type, Scalar | Reference | Period):
        flats = tuple(dict.fromkeys((field.code, *field.flat)))
        yield _cell(field.code, field.label, field, field.type, flats, field.asked, aside)
        return
    parts = list(field.flat_parts)
    if isinstance(parts[0].type, Integer):  # with its 约 it is typed as one: 约600
        about = tuple(p.flat for p in parts if p.member == "about")
        yield _cell(field.code, field.label, field, parts[0].type, (parts[0].flat, *about), field.asked, aside)
        parts = [p for p in parts[1:] if p.member != "about"]
    for part in parts:
        asked = field.asked and part is field.flat_parts[0]
        yield _cell(part.flat, _part_label(field, part), field, part.type, (part.flat,), asked, aside)


def _cell(
    name: str, full: str, field: Field, kind: Scalar | Composite | Table, flats: tuple[str, ...], asked: bool, aside: bool,
) -> Cell:
    """A cell; under a heading that names the level, its label need not."""
    level = f"{field.written_by.label}级" if field.written_by is not None else ""
    label = full.removeprefix(level) if level and field.group.startswith(level) else full
    return Cell(name, label, full, field, kind, flats, asked, aside)


def _part_label(field: Field, part: FlatPart) -> str:
    """``村级初评结果``: the first part's own word is said too; a long word (``资金来源``) stands for itself."""
    own = part.label.removeprefix(field.label)
    if part is field.flat_parts[0] and isinstance(field.type, Composite):
        own = field.type.parts[0].label
    return own if len(own) >= _TELLING else f"{field.label}{own}"


# --- what stands in a cell ---------------------------------------------------------------------------------


def shown(cell: Cell, flat: Mapping[str, Any]) -> Any:  # noqa: ANN401 - text, code, codes, flag, reference or rows
    """What a cell holds of a record: a text as it could have been typed, a code, a list, True, a reference's parts, rows."""
    kind = cell.type
    if isinstance(kind, Table):
        return [_shown_row(kind, row) for row in flat.get(cell.name) or ()]
    if isinstance(kind, Reference):
        members = zip(("id", "name", "unit", "kind"), cell.field.flat, strict=True)
        return {member: flat[name] for member, name in members if flat.get(name)} or None
    if isinstance(kind, Period):
        start, end, precision = (flat.get(name) for name in cell.field.flat)
        return period_text(str(start), str(end or start), str(precision or "day")) if start else None
    value = flat.get(cell.flats[0])
    if isinstance(value, Unfit) and isinstance(kind, Code | Flag):
        return None  # no such choice: what stands there is said beside it
    about = len(cell.flats) > 1 and bool(flat.get(cell.flats[1]))
    return None if value is None or not isinstance(kind, Scalar) else scalar_text(kind, value, about=about)


def _shown_row(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    found = {c.name: scalar_text(c.type, row[c.name]) for c in table.columns if row.get(c.name) is not None}
    return {"row": row["row"], **found} if row.get("row") else found


def scalar_text(kind: Scalar, value: Any, *, about: bool = False) -> Any:  # noqa: ANN401 - a flat value
    """A flat value as a cell holds it: numbers and days as text, codes and flags as they are."""
    if isinstance(value, Unfit):
        return str(value)
    if isinstance(kind, Integer):
        text = format_hundredths(value) if isinstance(kind, Hundredths) else str(value)
        return f"约{text}" if about else text
    return day_text(value) if isinstance(kind, Day) else value


def value_text(field: Field, value: Any) -> str:  # noqa: ANN401 - a ledger value
    """A ledger value in words, for a history: ``约600``, ``通过，2026年3月4日，王桂芳``; "" for none."""
    if value is None:
        return ""
    if isinstance(field.type, Table):
        if value and is_pictures(field):
            caption = "".join(value.get(c.name) or "" for c in field.type.columns if isinstance(c.type, Text))
            return f"{field.label}“{caption}”" if caption else field.label
        named = [_words(c.type, value[c.name], c) for c in field.type.columns if c.name in value and c.label]
        return "，".join(named) or ("一条记录" if value else "")
    if isinstance(field.type, Reference):
        return str(value.get("name") or "一条记录")
    if isinstance(field.type, Period):
        return period_text(value["from"], value["to"], value["precision"])
    if isinstance(field.type, Scalar):
        return _words(field.type, fitted(field, value) if is_issued(field.code) else value)
    about = bool(value.get("about"))
    parts = [p for p in field.flat_parts if p.member in value and p.member != "about"]
    words = "，".join(_words(p.type, value[p.member]) for p in parts)
    return f"约{words}" if about else words


def is_pictures(field: Field) -> bool:
    """Whether the rows of a field are pictures: of these people know the caption, not which number they have in the row."""
    return isinstance(field.type, Table) and any(isinstance(c.type, PhotoHash) for c in field.type.columns)


def change_words(field: Field, before: Any, after: Any) -> tuple[str, str, str]:  # noqa: ANN401 - ledger values
    """A change for a history: the field's label, what stood before and what stands since.

    Of a picture that came, went or was moved the last one is a sentence: ``加了照片“解答问题”``.
    """
    old, new = value_text(field, before), value_text(field, after)
    if not is_pictures(field) or (old and new and old != new):
        return field.label, old, new
    said = f"拿掉了{old or field.label}" if not new else f"挪了{new}的位置" if old else f"加了{new}"
    return field.label, "", said


def _words(kind: Scalar, value: Any, part: Part | None = None) -> str:  # noqa: ANN401
    if isinstance(kind, Flag) and part is not None:
        return part.label
    if (words := coded(kind, value)) is not None:
        return words
    if isinstance(kind, Money):
        return f"{format_yuan(value)} 元"
    return "照片" if isinstance(kind, PhotoHash) else str(scalar_text(kind, value))


# --- what is said beside a cell ----------------------------------------------------------------------------


class Note(Immutable):
    """A sentence beside a cell: ``ok`` (what it was read as), ``warn`` (a gap) or ``error`` (a doubt, something unread)."""

    text: str
    tone: str = "ok"
    code: str = ""


class Look(Immutable):
    """What is to be said of a form as it stands.

    Attributes:
        notes: Cell name → what is said there.
        fills: Cell name → what follows from other cells (sex and birth date from an ID number).
        stop: The cell whose gap stops a save, "" for none.
        flat: The flat values that the record would then have.
    """

    notes: Mapping[str, Note]
    fills: Mapping[str, Any]
    stop: str
    flat: Mapping[str, Any]


def look_over(
    kind: Kind, entries: Mapping[str, Any], *, base: Mapping[str, Any], today: datetime.date,
    others: Sequence[Problem] = (),
) -> Look:
    """Read what stands in a form and say of each cell what was read, what is missing and what is doubtful.

    Args:
        kind: The record's kind.
        entries: Cell name → what was typed, of the cells that differ from the record.
        base: Flat values of the record being edited, empty for a new one.
        today: The day on which it is typed.
        others: What other records say against it.
    """
    cells = cells_of(kind)
    read = read_entry(kind, entries, year=None, today=today, base=base)
    flat = {name: value for name, value in {**base, **read.flat}.items() if value is not None}
    at = {name: cell.name for cell in cells for name in cell.flats}
    notes: dict[str, Note] = {}
    stop = ""
    problems = [*read.problems, *check_record(kind, flat, today=today), *others]
    for problem in sorted(problems, key=lambda p: p.code == MISSING):
        name = at.get(problem.field, "")
        if name and name not in notes:
            soft = problem.code in _SOFT or (problem.code == MISSING and not problem.stops)
            notes[name] = Note(problem.text, "warn" if soft else "error", problem.code)
        stop = name if problem.stops else stop
    for cell in cells:
        if cell.name in entries and cell.name not in notes and (text := _reading(cell, entries[cell.name], read, today)):
            notes[cell.name] = Note(text)
    return Look(notes, _fills(cells, entries, read), stop, flat)


def _fills(cells: Sequence[Cell], entries: Mapping[str, Any], read: Entry) -> dict[str, Any]:
    return {
        cell.name: value for cell in cells
        if cell.name not in entries and (value := shown(cell, read.flat)) not in (None, [])
    }


def _reading(cell: Cell, typed: Any, read: Entry, today: datetime.date) -> str:  # noqa: ANN401 - an entry
    """What a typed text was read as, when that is not plain to see from it."""
    if not isinstance(typed, str) or not typed.strip():
        return ""
    kind = cell.type
    if isinstance(kind, IdNumber):
        return id_number_text(typed, today)
    now = shown(cell, read.flat)
    if now is None or typed.strip() == now or not isinstance(kind, Integer | Day | Period | Phone):
        return ""
    value = read.flat.get(cell.flats[0])
    if isinstance(kind, Integer):
        if value is None or (typed.strip().isascii() and typed.strip().isdecimal()):
            return ""
        words = f"{format_yuan(value)} 元" if isinstance(kind, Money) else f"{value:,}"
        words = now if isinstance(kind, Hundredths) and not isinstance(kind, Money) else words
        return f"已填好：{words}" + ("，约数" if len(cell.flats) > 1 and read.flat.get(cell.flats[1]) else "")
    return f"已填好：{now}"


def id_number_text(typed: str, today: datetime.date) -> str:
    """``已填好：女，1983年11月17日生，42 岁`` for a sound ID number, else ""."""
    found = check_id_number(typed, today=today)
    if not found.valid or found.birth_date is None or found.sex is None:
        return ""
    birth = day_text(found.birth_date.isoformat())
    return f"已填好：{SEXES.label(found.sex)}，{birth}生，{age_on(found.birth_date, today)} 岁"


# --- copying from the record before ------------------------------------------------------------------------


def copied_cells(kind: Kind) -> frozenset[str]:
    """The cells that 复制上一户 copies: all but what names one person or household, and what an office decided on it.

    Left out: names, ID and telephone numbers, what follows from an ID number, photos, tables of persons, and the facts
    that a level writes.
    """
    follows = {p.flat.removesuffix("id_number") + fact for p in kind.id_numbers for fact in ("sex", "birth_date")}
    first = kind.first_asked
    return frozenset(
        cell.name for cell in cells_of(kind)
        if not (
            cell.field is first or cell.field.search == "name" or cell.field.sensitive in ("id", "phone", "bank")
            or cell.name in follows or cell.is_photos or _is_of_persons(cell) or cell.field.written_by is not None
            or isinstance(cell.type, IdNumber | Phone)
        )
    ) | ({first.code} if first is not None and isinstance(first.type, Reference | Code) else frozenset())


def _is_of_persons(cell: Cell) -> bool:
    return isinstance(cell.type, Table) and any(
        isinstance(c.type, IdNumber) or (isinstance(c.type, Code) and c.type.codes is SEXES) for c in cell.type.columns
    )

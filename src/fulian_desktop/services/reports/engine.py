"""Makes every report out of its declaration (:mod:`fulian_desktop.services.reports.declared`).

Rules (DOMAIN §4):

* A number that is ``about`` counts as stated, and the notes say 含约数 n 条; a record marked 待补全 counts, and the notes say how
  many there are.
* A record whose dates span years counts in the year of its last day, and is named. One without a date is in no year, and
  the notes say how many there are.
* Records that are joined to another one do not count beside it. A kind of the rights room is left out while it is closed.
* Each kind is read once a report, and each record is looked at once a table.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.counting_by import date_of
from fulian_desktop.domain.day_words import day_text, period_text
from fulian_desktop.domain.fields import Code, Codes, Day, Flag, Hundredths, Integer, Money, Period, Reference, Table
from fulian_desktop.domain.indicator import OfYear, Standing
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.units import covers, level_of
from fulian_desktop.domain.words import coded, masked, masked_name
from fulian_desktop.services.indicators import database_of
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.reports.declared import (
    ALWAYS,
    MARKS,
    NUMBER,
    RECORDS,
    UNIT,
    YEAR,
    Column,
    Dated,
    Derived,
    Listing,
    Plan,
    Summary,
    When,
    stands,
)
from fulian_desktop.services.reports.table import TOTAL, How, Report
from fulian_desktop.store import queries
from fulian_desktop.store.indicators import joined_rows
from fulian_desktop.store.view import INCOMPLETE, Row

NAMED = 8
"""So many of the records that span years are named; more are counted."""

GetValue = Callable[[Row], Any]
T = TypeVar("T")


class Asked:
    """What a report is asked for: of whom, which year, which unit; and what was read for it already."""

    def __init__(self, office: Office, year: int | None = None, unit: str | None = None) -> None:
        self.office, self.year, self.unit = office, year, unit
        self._rows: dict[tuple[str, When], list[Row]] = {}
        self._kept: dict[str, Any] = {}

    def once(self, what: str, work: Callable[[Asked], T]) -> T:
        """What is worked out once a report."""
        if what not in self._kept:
            self._kept[what] = work(self)
        found: T = self._kept[what]
        return found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Code → name of all units."""
        return self.office.workspace.unit_names()

    @cached_property
    def day(self) -> datetime.date:
        """The day on which what is due is looked at: today, or the end of an earlier year."""
        return min(today(), self.end)

    @cached_property
    def end(self) -> datetime.date:
        """The day on which what stands is looked at: the last of the year, today when all years are asked for."""
        return datetime.date(self.year, 12, 31) if self.year else today()

    @cached_property
    def units(self) -> list[str]:
        """The units in question, by code: the office's or the one asked for, and those below it."""
        top = self.unit or self.office.unit
        return sorted(code for code in self.names if covers(top, code))

    @property
    def year_words(self) -> str:
        """What stands before a title: 2026年."""
        return f"{self.year}年" if self.year else ""

    def kind(self, code: str) -> Kind:
        """A kind as it is in force here, with what offices issued."""
        return self.office.kinds.of(code)

    def rows(self, kind: Kind, when: When) -> list[Row]:
        """The records of a kind that count, by entry; read once."""
        found = self._rows.get((kind.code, when))
        if found is None:
            found = self._rows[kind.code, when] = list(self._read(kind, when))
        return found

    def _read(self, kind: Kind, when: When) -> Iterable[Row]:
        db = database_of(self.office, kind)
        if db is None:
            return ()
        date = last_day_of(kind)
        year = (date, self.year) if isinstance(when, Dated) and self.year is not None and date else None
        equal = {when.name: self.year} if isinstance(when, OfYear) and self.year is not None else None
        joined = set(joined_rows(db, kind))
        every = queries.list_rows(db, kind, unit=self.unit, year=year, where_equal=equal)
        found = (row for row in every if row.no not in joined)
        if isinstance(when, Standing) and when != ALWAYS:
            day = self.end.isoformat()
            return (row for row in found if stands(when, row.flat, day))
        return found

    def undated(self, kind: Kind) -> int:
        """How many records of a kind are in no year, since they have no date; 0 when all years are asked for."""
        db, date = database_of(self.office, kind), last_day_of(kind)
        if self.year is None or not date or db is None:
            return 0
        return sum(1 for _ in queries.list_keys(db, kind, where_equal={date: None}, unit=self.unit))

    def can_read(self, code: str) -> bool:
        """Whether records of a kind can be read here: it is known, and where it lies in a room of its own that is open."""
        kind = self.office.kinds.find(code)
        return kind is not None and database_of(self.office, kind) is not None


def last_day_of(kind: Kind) -> str:
    """The flat name of the day in whose year a record of a kind counts, "" when it has no date."""
    name = date_of(kind)
    part = kind.flat.get(name)
    return part.field.flat[1] if part is not None and isinstance(part.field.type, Period) else name


def make(plan: Plan, asked: Asked) -> Report:
    """A report out of its declaration; the first table bears the report's title."""
    wanted = [one for one in plan.tables if not isinstance(one, Listing | Summary) or asked.can_read(one.kind)]
    made = [table for one in wanted for table in _table(one, asked).tables]
    title = f"{asked.year_words}{plan.title}".replace("年年度", "年度")
    head = made[0] if len(made) == 1 else Report(plan.name, title, total=made[0].total, more=made)
    head.name, head.title, head.landscape, head.paged = plan.name, title, plan.landscape, plan.paged
    head.scope = asked.names.get(asked.unit, asked.unit) if asked.unit else ""
    return head


def _table(declared: Listing | Summary | Callable[[Asked], Report], asked: Asked) -> Report:
    if isinstance(declared, Listing):
        return _list(declared, asked)
    return _sums(declared, asked) if isinstance(declared, Summary) else declared(asked)


# --- lists -------------------------------------------------------------------------------------------------------------


def _list(listing: Listing, asked: Asked) -> Report:
    kind = asked.kind(listing.kind)
    rows = [row for row in asked.rows(kind, listing.when) if listing.where is None or listing.where(row.flat)]
    rows.sort(key=_order(kind, listing.order or tuple(filter(None, [date_of(kind)]))))
    return listed(listing, rows, asked)


def listed(listing: Listing, rows: Sequence[Row], asked: Asked) -> Report:
    """A list of these records, in this order."""
    kind = asked.kind(listing.kind)
    columns = (*listing.columns, *(Column(f.code) for f in kind.fields if f.issuer and f.column))
    report = Report("", listing.title, [(head_of(kind, column), how_of(kind, column)) for column in columns])
    report.ids = [[row.id] for row in rows]
    readers = [reader(kind, column, asked) for column in columns]
    numbered = [i for i, column in enumerate(columns) if column.of == NUMBER]
    for number, row in enumerate(rows, 1):
        values = [read(row) for read in readers]
        for i in numbered:
            values[i] = number
        report.rows.append(values)
    adding = [i for i, column in enumerate(columns) if column.adds]
    sums = {i: sum(row[i] or 0 for row in report.rows) for i in adding}
    report.total = {"records": len(rows), **{_key(columns[i]): total for i, total in sums.items()}}
    if adding:
        report.total_row = [TOTAL, *(sums.get(i, "") for i in range(1, len(columns)))]
    report.notes = [*_note(listing, report, asked), *notes_of(kind, listing.when, rows, [columns[i] for i in adding], asked)]
    return report


def _order(kind: Kind, names: Sequence[str]) -> Callable[[Row], tuple[Any, ...]]:
    """Sorts by flat names, codes in their declared order, nothing last; then by unit and entry."""
    listed = {name: {code: i for i, code in enumerate(codes_of(kind, name))} for name in names}

    def key(row: Row) -> tuple[Any, ...]:
        said = ((row.unit if name == UNIT else row.flat.get(name), listed[name]) for name in names)
        return (*(_rank(value, codes) for value, codes in said), row.unit, row.no)

    return key


def _rank(value: Any, listed: Mapping[str, int]) -> tuple[int, Any]:  # noqa: ANN401 - any flat value
    if value is None or isinstance(value, list):
        return (2, 0)
    if listed:
        return (0, listed[value]) if value in listed else (1, value)
    return (0, value)


def codes_of(kind: Kind, name: str) -> CodeList:
    """The codes of a flat name, those that offices issued among them; none where it holds no code."""
    part = kind.flat.get(name)
    return part.type.codes if part is not None and isinstance(part.type, Code) else CodeList()


# --- sums --------------------------------------------------------------------------------------------------------------


def _sums(summary: Summary, asked: Asked) -> Report:
    kind = asked.kind(summary.kind)
    rows = [row for row in asked.rows(kind, summary.when) if summary.where is None or summary.where(row.flat)]
    adding = [column for column in summary.columns if isinstance(column, Column)]
    adders = {_key(column): _adder(column, reader(kind, column, asked)) for column in adding}
    visible = [c for c in summary.columns if isinstance(c, Derived) or not c.hidden]
    heads = [(head_of(kind, column), how_of(kind, column)) for column in summary.by]
    heads += [(c.head, c.how) if isinstance(c, Derived) else (head_of(kind, c), how_of(kind, c)) for c in visible]
    report = Report("", summary.title, heads)
    labels = [reader(kind, column, asked) for column in summary.by]
    whole = dict.fromkeys(adders, 0)
    for key, members in _groups(kind, summary, rows, asked):
        sums = {name: add(members) for name, add in adders.items()}
        unit = key[0][1] if summary.by[0].of == UNIT else ""
        named = [read(members[0]) for read in labels] if members else [asked.names.get(unit, unit)]
        report.rows.append([*named, *_shown_sums(visible, sums, unit)])
        report.ids.append([row.id for row in members])
        for name, value in sums.items():
            whole[name] += value
    report.total = {"records": len(rows), **whole}
    report.total_row = [TOTAL, *[""] * (len(summary.by) - 1), *_shown_sums(visible, whole, "")]
    report.notes = [*_note(summary, report, asked), *notes_of(kind, summary.when, rows, adding, asked)]
    return report


def _groups(kind: Kind, summary: Summary, rows: Sequence[Row], asked: Asked) -> list[tuple[tuple[Any, ...], list[Row]]]:
    """The records of each group, in the order of what they are grouped by."""
    groups: dict[tuple[Any, ...], list[Row]] = {(_rank(unit, {}),): [] for unit in asked.units} if summary.every_unit else {}
    raws = [_raw(kind, column, asked) for column in summary.by]
    for row in rows:
        groups.setdefault(tuple(get(row) for get in raws), []).append(row)
    return sorted(groups.items(), key=lambda group: group[0])


def _adder(column: Column, read: GetValue) -> Callable[[Iterable[Row]], int]:
    """What adds a column up over records, or counts its different values."""
    if column.distinct:
        return lambda rows: len({value for row in rows if (value := read(row)) not in (None, "")})
    return lambda rows: sum(read(row) or 0 for row in rows)


def _note(declared: Listing | Summary, report: Report, asked: Asked) -> list[str]:
    said = declared.note(report, asked) if declared.note else ""
    return [said] if said else []


def _shown_sums(visible: Sequence[Column | Derived], sums: Mapping[str, int], unit: str) -> list[Any]:
    return [one.read(sums, unit) if isinstance(one, Derived) else sums[_key(one)] for one in visible]


def _raw(kind: Kind, column: Column, asked: Asked) -> GetValue:
    """By what a column groups and sorts: a unit by its code, a code by its place in the list, anything else as it is shown."""
    if column.of == UNIT:
        return lambda row: _rank(row.unit, {})
    if codes := list(codes_of(kind, column.of)):
        listed = {code: i for i, code in enumerate(codes)}
        return lambda row: _rank(row.flat.get(column.of), listed)
    read = reader(kind, column, asked)
    return lambda row: _rank(read(row) or None, {})


def _key(column: Column) -> str:
    return column.key or ("records" if column.of == RECORDS else column.of)


# --- what a column shows -----------------------------------------------------------------------------------------------


def head_of(kind: Kind, column: Column) -> str:
    """A column's head: its own, else the declared label."""
    if column.head or column.of in MARKS:
        return column.head or MARKS[column.of][0]
    part = kind.flat.get(column.of)
    return part.field.label if part is not None else kind.declared(column.of).label


def how_of(kind: Kind, column: Column) -> How:
    """How a column is shown, as its declared type says."""
    if column.distinct:
        return "number"
    if column.how is not None or column.of in MARKS:
        return column.how or MARKS[column.of][1]
    part = kind.flat.get(column.of)
    if part is None or part.field.sensitive:
        return "text"
    if isinstance(part.type, Money):
        return "money"
    if isinstance(part.type, Hundredths):
        return "points"
    return "number" if isinstance(part.type, Integer) else "text"


def reader(kind: Kind, column: Column, asked: Asked) -> GetValue:
    """What reads a column's value from a record."""
    read = _plain_reader(kind, column, asked)
    if column.where is None:
        return read
    where = column.where
    return lambda row: read(row) if where(row.flat) else None


def _plain_reader(kind: Kind, column: Column, asked: Asked) -> GetValue:
    of, otherwise = column.of, column.otherwise
    if column.read is not None:
        own = column.read
        return lambda row: own(row, asked)
    if of == UNIT:
        return lambda row: asked.names.get(row.unit, row.unit)
    if of in (NUMBER, RECORDS):
        return lambda _row: 1
    if of == YEAR:
        date = last_day_of(kind)
        return lambda row: str(row.flat.get(date, ""))[:4]
    part = kind.flat.get(of)
    if part is None:
        return _field_reader(kind, of, asked.year)
    if part.field.sensitive:
        return lambda row: masked(part.type, row.flat[of]) if of in row.flat else ""
    if isinstance(part.field.type, Reference) and part.member == "id":
        name = part.field.flat[1]
        return (lambda row: masked_name(row.flat.get(name, ""))) if column.masked else (lambda row: row.flat.get(name, ""))
    if isinstance(part.type, Code | Codes | Flag):
        return lambda row: coded(part.type, row.flat[of]) if of in row.flat else ""
    if isinstance(part.type, Day):
        return lambda row: day_text(row.flat[of], asked.year) if of in row.flat else ""
    return lambda row: row.flat.get(of, otherwise)


def _field_reader(kind: Kind, code: str, year: int | None) -> GetValue:
    """Of a stretch of days its words, of goods their names and numbers."""
    declared = kind.declared(code)
    if isinstance(declared.type, Period):
        first, last, precision = declared.flat
        return lambda row: _period(row.flat, first, last, precision, year)
    if isinstance(declared.type, Table):
        return lambda row: goods_words(row.flat.get(code, ()))
    raise KeyError(code)


def _period(flat: Mapping[str, Any], first: str, last: str, precision: str, year: int | None) -> str:
    if not flat.get(first) or not flat.get(last):
        return ""
    return period_text(flat[first], flat[last], str(flat.get(precision)), year)


def goods_words(goods: Iterable[Mapping[str, Any]]) -> str:
    """Goods in words: ``大米 10 袋、食用油 5 桶``."""
    return "、".join(" ".join(str(one[part]) for part in ("name", "quantity", "unit") if part in one) for one in goods)


# --- notes -------------------------------------------------------------------------------------------------------------


def notes_of(kind: Kind, when: When, rows: Sequence[Row], adding: Sequence[Column], asked: Asked) -> list[str]:
    """What must be known to read the figures: numbers that are about, gaps, records of several years or of none."""
    about = [name for column in adding if (name := f"{column.of}_about") in kind.flat]
    doubtful = sum(any(row.flat.get(name) for name in about) for row in rows)
    incomplete = sum(bool(row.flags & INCOMPLETE) for row in rows)
    found = [*([f"含约数 {doubtful} 条"] if doubtful else []), *([f"含待补全 {incomplete} 条"] if incomplete else [])]
    if isinstance(when, Dated):
        found += _spanning(kind, rows)
        undated = asked.undated(kind)
        found += [f"另有 {undated} 条没有日期，没有计入"] if undated else []
    return found


def _spanning(kind: Kind, rows: Sequence[Row]) -> list[str]:
    first, last = date_of(kind), last_day_of(kind)
    if first == last:
        return []
    several = [row for row in rows if row.flat.get(first, "")[:4] != row.flat.get(last, "")[:4]]
    if not several:
        return []
    named = "、".join(f"“{kind.name_of(row.flat) or kind.label}”" for row in several[:NAMED])
    more = f"等 {len(several)} 条" if len(several) > NAMED else f" {len(several)} 条"
    return [f"跨年记录按最后一天计入：{named}{more}"]


def levels_below(asked: Asked) -> list[str]:
    """The units in question of the lowest level that is known there: a township's villages."""
    lowest = max((level_of(unit) for unit in asked.units), default=asked.office.level)
    return [unit for unit in asked.units if level_of(unit) is lowest]


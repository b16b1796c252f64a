"""What a report is made of, declared: its tables, their columns by flat name, order, grouping, sums.

A report is data: :mod:`fulian_desktop.services.reports.engine` makes every one of them. Words, code lists, what is money and
what is masked follow from the declaration of the kind; nothing of it is said here again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.indicator import OfYear, Standing
from fulian_desktop.domain.rules import days_between
from fulian_desktop.services.reports.table import How, share_of

if TYPE_CHECKING:
    from fulian_desktop.services.reports.engine import Asked
    from fulian_desktop.services.reports.table import Report
    from fulian_desktop.store.view import Row

Flat = Mapping[str, Any]
Test = Callable[[Flat], bool]
Read = Callable[["Row", "Asked"], Any]
Note = Callable[["Report", "Asked"], str]

UNIT, NUMBER, RECORDS, YEAR = "@unit", "@number", "@records", "@year"
"""What a column shows that no field holds: the unit's name, the running number, 1 for each record, the year it counts in."""

MARKS: Mapping[str, tuple[str, How]] = {
    UNIT: ("单位", "text"), NUMBER: ("序号", "number"), RECORDS: ("条数", "number"), YEAR: ("年度", "text"),
}


class Column(Immutable):
    """What a table shows of a record, or adds up over records.

    Attributes:
        of: A flat name, the code of a stretch of days or of a sub-table, or one of :data:`MARKS`.
        head: Its head; "" for the declared label.
        adds: Whether the last row adds it up. Every column of a :class:`Summary` is added up.
        otherwise: What a record counts that says no number: a row may stand for many, and stands for one.
        where: Only of records that meet this.
        read: Reads the value instead, where it is no single field. how: How that is shown.
        key: Its name among the totals; "" for ``of``.
        hidden: Added up for what follows from it, but not shown.
        distinct: Counts the different values instead of adding them up.
        masked: Whether only the first character of a name is shown.
    """

    of: str = ""
    head: str = ""
    adds: bool = False
    otherwise: int | None = None
    where: Test | None = None
    read: Read | None = None
    how: How | None = None
    key: str = ""
    hidden: bool = False
    distinct: bool = False
    masked: bool = False


class Derived(Immutable):
    """A column of a :class:`Summary` that follows from its others, by their keys, on each row and on the last one.

    Attributes:
        head: Its head.
        read: From the sums by key, and the unit of the row ("" on the last one), to the value.
        how: How it is shown.
    """

    head: str
    read: Callable[[Mapping[str, int], str], Any]
    how: How = "percent"


def share(head: str, part: str, whole: str) -> Derived:
    """One sum out of another in percent."""
    return Derived(head, lambda sums, _unit: share_of(sums[part], sums[whole]))


class Dated(Immutable):
    """Records count in the year of their date: of a stretch of days in that of its last one."""


ALWAYS = Standing()
"""Records count whatever the year: a file of families or persons."""

TERM_DAYS = 366
"""A term shorter than that says when it began, and does not end by itself."""

When = Dated | Standing | OfYear


def stands(when: Standing, flat: Flat, day: str) -> bool:
    """Whether a record stands on a day, as ``store.indicators`` has it."""
    if flat.get(when.since, "") > day or flat.get(when.until, FAR) <= day:
        return False
    first, last = (flat.get(name) for name in when.term) if when.term else (None, None)
    return first is None or last is None or last >= day or (days_between(first, last) or 0) < TERM_DAYS


FAR = "9999"


def _columns(cells: tuple[Column | str, ...]) -> tuple[Column, ...]:
    return tuple(Column(cell) if isinstance(cell, str) else cell for cell in cells)


class Listing(Immutable):
    """One row a record.

    Attributes:
        kind: Of which kind, a code. cells: What is shown: columns, or what a column is ``of``.
        title: Its head among several tables. when: Which records count. where: Only those that meet this.
        order: Flat names by which rows are sorted, codes in their declared order; then by unit and entry.
        note: A sentence below it, about what came out; "" for none.
    """

    kind: str
    cells: tuple[Column | str, ...]
    title: str = ""
    when: When = Dated()
    where: Test | None = None
    order: tuple[str, ...] = ()
    note: Note | None = None

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns."""
        return _columns(self.cells)


class Summary(Immutable):
    """One row a group of records.

    Attributes:
        kind: Of which kind, a code. keys: What makes a group. cells: What is added up, and what follows from it.
        title: Its head among several tables. when: Which records count. where: Only those that meet this.
        every_unit: Whether units without any record have a row too (its only key).
        note: A sentence below it, about what came out; "" for none.
    """

    kind: str
    keys: tuple[Column | str, ...]
    cells: tuple[Column | Derived | str, ...]
    title: str = ""
    when: When = Dated()
    where: Test | None = None
    every_unit: bool = False
    note: Note | None = None

    @cached_property
    def by(self) -> tuple[Column, ...]:
        """The columns that make a group."""
        return _columns(self.keys)

    @cached_property
    def columns(self) -> tuple[Column | Derived, ...]:
        """The columns that are added up or follow from these."""
        return tuple(Column(cell) if isinstance(cell, str) else cell for cell in self.cells)


Made = Callable[["Asked"], "Report"]
"""A table that no declaration covers."""


class Plan(Immutable):
    """A report that can be had.

    Attributes:
        name: Its stable name. title: What people call it. group: The heading it stands under. about: One sentence.
        tables: Its tables, in order. landscape: A4 landscape on paper.
        icon: An icon's name; "" for that of the first table's kind.
        paged: On paper each table begins a page.
        of_a_year: It is always of one year, of this one unless said.
        page: The page of the window that shows it with the records behind each figure, "" for none.
        word: Whether it is a text, to be had as .docx.
        kinds: Codes of the kinds that a table made by a function is of.
    """

    name: str
    title: str
    group: str
    about: str
    tables: tuple[Listing | Summary | Made, ...]
    landscape: bool = False
    paged: bool = False
    icon: str = ""
    of_a_year: bool = False
    page: str = ""
    word: bool = False
    kinds: tuple[str, ...] = ()


# --- conditions --------------------------------------------------------------------------------------------------------


def one_of(name: str, *codes: str) -> Test:
    """A flat name has one of these codes, a field of several codes at least one of them; "" is no value."""
    wanted = frozenset(codes)

    def test(flat: Flat) -> bool:
        value = flat.get(name, "")
        return not wanted.isdisjoint(value) if isinstance(value, list) else value in wanted

    return test


def filled(*names: str) -> Test:
    """At least one of these flat names has a value."""
    return lambda flat: any(flat.get(name) not in (None, "", []) for name in names)


def none_of(test: Test) -> Test:
    """A condition does not hold."""
    return lambda flat: not test(flat)


def both(*tests: Test) -> Test:
    """All of these hold."""
    return lambda flat: all(test(flat) for test in tests)

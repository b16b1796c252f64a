"""An indicator: a declared figure. What is counted, of which kind, when, under which condition, summed how (DOMAIN §4).

Rules:

* An indicator says nothing that a database or a window would have to know: it is compiled to SQL in ``store/indicators.py``
  and is worked out, month by month and unit by unit, in ``services/indicators.py``.
* A figure that happens counts in the month of its record's last day (:class:`Dated`). One that stands counts while it
  stands, and its figure of a year is that of the year's end (:class:`Standing`). One of a year's profile counts in that
  year (:class:`OfYear`).
* A row may stand for many; where it says nothing, it stands for one (``otherwise``).
* A share is two other indicators, never a number of its own.
"""

from __future__ import annotations

from functools import cached_property

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.stages import Stage
from fulian_desktop.domain.units import Level

SYSTEMS = {
    1: "组织与队伍", 2: "阵地", 3: "网格", 4: "志愿服务", 5: "活动", 6: "培训就业", 7: "家庭评选", 8: "先进典型", 9: "关爱帮扶",
    10: "募捐", 11: "结对帮扶", 12: "创业贷款", 13: "维权", 14: "督查走访", 15: "宣传",
    16: "考核", 17: "规划监测", 18: "总结上报",
}
"""What the yearly reviews count, in their order (DOMAIN §1)."""


# --- when a record counts ---------------------------------------------------------------------------------------------


class Dated(Immutable):
    """In the month of its last day.

    Attributes:
        last: Flat name of that day; several, the first that is filled.
        precision: Flat name of the date's precision: a record known to the year only is in no month.
        first: Flat name of its first day, to list what began in an earlier year.
    """

    last: str | tuple[str, ...]
    precision: str = ""
    first: str = ""

    @property
    def days(self) -> tuple[str, ...]:
        """The flat names of the last day, in order of preference."""
        return (self.last,) if isinstance(self.last, str) else self.last


class Standing(Immutable):
    """For as long as it stands.

    Attributes:
        since: Flat name of the first day; not filled: it always stood. "": nobody asks since when.
        until: Flat name of the day from which it stands no longer.
        term: Flat names (first, last) of a term, which ends by itself when it is longer than a year: a term of one month
            or year says when it began.
    """

    since: str = ""
    until: str = ""
    term: tuple[str, str] | tuple[()] = ()


class OfYear(Immutable):
    """In the year that stands in it; in no month of its own."""

    name: str = "year"


When = Dated | Standing | OfYear

BY_PERIOD = Dated("date_to", "date_precision", "date_from")
"""A kind whose date is a stretch of days under the usual names."""


# --- under which condition ---------------------------------------------------------------------------------------------


class Is(Immutable):
    """A flat name has this value: a code, True of a flag, a number."""

    name: str
    value: str | int


class In(Immutable):
    """A flat name has one of these codes; a name of several codes has at least one of them."""

    name: str
    values: tuple[str, ...]


class Not(Immutable):
    """A condition does not hold; what is not filled in does not hold."""

    condition: Condition


class Filled(Immutable):
    """A flat name has a value."""

    name: str


class Between(Immutable):
    """A flat name lies between two values, both included; None: no bound."""

    name: str
    least: str | int | None = None
    most: str | int | None = None


class AtLeast(Immutable):
    """A flat name's value is at least that of another one."""

    name: str
    than: str


class NotOlder(Immutable):
    """Somebody born on that day is at most so many years old on the day that is looked at."""

    name: str
    years: int


class AtStage(Immutable):
    """The record's derived stage is one of these (``domain.stages``)."""

    stages: tuple[Stage, ...]


class HasRow(Immutable):
    """A sub-table has a row in which the column has one of these values."""

    table: str
    column: str
    values: tuple[str | int, ...]


class OfLevel(Immutable):
    """The record's unit is of this level."""

    level: Level


class AnyOf(Immutable):
    """At least one of several conditions holds."""

    conditions: tuple[Condition, ...]


Condition = Is | In | Not | Filled | Between | AtLeast | NotOlder | AtStage | HasRow | OfLevel | AnyOf


# --- summed how --------------------------------------------------------------------------------------------------------


class Records(Immutable):
    """How many records."""


class Sum(Immutable):
    """The sum of a number; of several flat names the first that is filled counts.

    Attributes:
        names: Flat names.
        otherwise: What a record counts that says no number.
    """

    names: tuple[str, ...]
    otherwise: int = 0


class Money(Immutable):
    """The sum of an amount in fen."""

    name: str


class Distinct(Immutable):
    """How many different ones: a reference counts by the record it names, else by the printed name within a unit."""

    name: str


class Rows(Immutable):
    """The sum of a column of a sub-table; a row that says no number counts nothing.

    Attributes:
        table: The sub-table. column: Its column, "" to count rows.
        by: Columns by whose values the sum is split; where the unit of measure is among them there is no sum over all.
        money: Whether it is fen.
    """

    table: str
    column: str
    by: tuple[str, ...] = ()
    money: bool = False


class Share(Immutable):
    """One indicator out of another, in hundredths of a percent."""

    part: str
    whole: str


class Units(Immutable):
    """How many units of that level there are, the unit itself included."""

    level: Level


How = Records | Sum | Money | Distinct | Rows | Share | Units


# --- the declaration ---------------------------------------------------------------------------------------------------


class Split(Immutable):
    """By what a figure is split.

    Attributes:
        name: A flat name whose code is the category.
        through: Of a reference: the flat name in the record that it names (the honor of a nomination's campaign).
        several: The name holds several codes: a record counts in each of them, and once in all.
    """

    name: str
    through: str = ""
    several: bool = False


class Indicator(Immutable):
    """The declaration of an indicator.

    Attributes:
        code: Stable English code. label: What people call it.
        system: Which of :data:`SYSTEMS` counts it; a further number is a further system, called as its kind.
        kind: Of which kind, a code; "" where it counts no records (:class:`Share`, :class:`Units`).
        unit: The word behind its number (场, 人次, 元, %).
        how: How records are summed. when: When a record counts. where: Conditions that all hold.
        split: By which category it is split as well.
        least: (level, number) that a unit of that level is to have at least.
        order: Its place within its system.
    """

    code: str
    label: str
    system: int
    kind: str
    unit: str
    how: How = Records()
    when: When = BY_PERIOD
    where: tuple[Condition, ...] = ()
    split: Split | None = None
    least: tuple[tuple[Level, int], ...] = ()

    # told apart by identity, as kinds are
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def _prepare(self) -> None:
        if bool(self.kind) is isinstance(self.how, Share | Units):
            raise ValueError(f"{self.code}: counts records of a kind, or is made of others")

    @cached_property
    def is_money(self) -> bool:
        """Whether its value is in fen."""
        return isinstance(self.how, Money) or (isinstance(self.how, Rows) and self.how.money)

    @cached_property
    def is_share(self) -> bool:
        """Whether its value is in hundredths of a percent."""
        return isinstance(self.how, Share)

    @cached_property
    def stands(self) -> bool:
        """Whether it is a state at the end of a stretch, not what happened in it: months are not added up."""
        return isinstance(self.when, Standing | OfYear) or isinstance(self.how, Units)

    @cached_property
    def adds_up(self) -> bool:
        """Whether the figures of units add up to that of the unit above."""
        return not isinstance(self.how, Share | Distinct)

    @cached_property
    def has_categories(self) -> bool:
        """Whether its figure is split as well."""
        return self.split is not None or (isinstance(self.how, Rows) and bool(self.how.by))

    @cached_property
    def has_total(self) -> bool:
        """Whether there is one number over all its categories: trees and metres are not added."""
        return not (isinstance(self.how, Rows) and "unit" in self.how.by)


# --- what conditions and sums ask about ---------------------------------------------------------------------------------


def asked_names(condition: Condition) -> tuple[str, ...]:
    """The flat names and sub-tables that a condition asks about."""
    if isinstance(condition, AnyOf):
        return tuple(name for one in condition.conditions for name in asked_names(one))
    if isinstance(condition, Not):
        return asked_names(condition.condition)
    if isinstance(condition, HasRow):
        return (condition.table,)
    if isinstance(condition, AtLeast):
        return (condition.name, condition.than)
    return () if isinstance(condition, AtStage | OfLevel) else (condition.name,)


def names_of(indicator: Indicator) -> tuple[str, ...]:
    """All flat names and sub-tables that an indicator asks about; ``unit`` and names without a level stand for themselves."""
    how, when = indicator.how, indicator.when
    found = [name for condition in indicator.where for name in asked_names(condition)]
    if isinstance(how, Sum):
        found += how.names
    elif isinstance(how, Money | Distinct):
        found.append(how.name)
    elif isinstance(how, Rows):
        found.append(how.table)
    if not indicator.kind:
        return tuple(found)
    if isinstance(when, Dated):
        found += [*when.days, when.precision, when.first]
    elif isinstance(when, Standing):
        found += [when.since, when.until, *when.term]
    else:
        found.append(when.name)
    if indicator.split is not None:
        found.append(indicator.split.name)
    return tuple(name for name in found if name)

"""How long a public notice runs: calendar days, or workdays by the issued holiday table (DOMAIN §2 "Rules").

The first day counts; approval is possible from the day after the last. Workdays leave out weekends and the
holidays of the issued table; a weekend day that the table calls a workday (调休) counts. A year for which no
table was issued is counted by weekends alone, and that is said.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.problems import Problem

DEFAULT_NOTICE_DAYS = 5
_DAY = datetime.timedelta(days=1)


class HolidayTable(Immutable):
    """The issued tables of one or more years.

    Attributes:
        years: Years for which a table was issued; a day of another year is judged by weekends alone.
        off: Days off that are not weekend days (or are: it does no harm).
        on: Weekend days on which people work (调休).
    """

    years: frozenset[int] = frozenset()
    off: frozenset[datetime.date] = frozenset()
    on: frozenset[datetime.date] = frozenset()

    @classmethod
    def of(cls, year: int, off: Iterable[datetime.date], on: Iterable[datetime.date] = ()) -> HolidayTable:
        """The table of one year."""
        return cls(frozenset((year,)), frozenset(off), frozenset(on))

    def __or__(self, other: HolidayTable) -> HolidayTable:
        """Both tables together."""
        return HolidayTable(self.years | other.years, self.off | other.off, self.on | other.on)

    def is_workday(self, day: datetime.date) -> bool:
        """Whether people work on that day."""
        if day in self.on:
            return True
        return day.weekday() < 5 and day not in self.off


def notice_last_day(
    first: datetime.date, days: int, workdays: bool, holidays: HolidayTable | None,
) -> tuple[datetime.date, tuple[Problem, ...]]:
    """The last day of a notice that starts on ``first`` and runs ``days`` days.

    Args:
        first: The day it is put up; it counts (if it is a workday, when workdays are counted).
        days: How many days it runs, at least 1.
        workdays: Whether only workdays count.
        holidays: The issued tables; None when there is none.

    Returns:
        The last day, and a problem ``no-holiday-table`` for each year met that has no table.
    """
    if days < 1:
        raise ValueError(f"a notice runs at least one day, not {days}")
    if not workdays:
        return first + _DAY * (days - 1), ()
    table = holidays or HolidayTable()
    day, counted, years = first, 0, {first.year}
    while True:
        counted += table.is_workday(day)
        if counted == days:
            break
        day += _DAY
        years.add(day.year)
    return day, tuple(
        Problem("no-holiday-table", f"还没有 {year} 年的节假日表，工作日只去掉了周六周日；遇节假日请自行顺延")
        for year in sorted(years - table.years)
    )


def approval_from(last_day: datetime.date) -> datetime.date:
    """The first day on which what was published may be approved."""
    return last_day + _DAY

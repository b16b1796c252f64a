"""holiday_table 节假日表 (DOMAIN §2): the days off of a year, and the weekend days on which people work. Published."""

from __future__ import annotations

from collections.abc import Iterator

from fulian_desktop.domain.fields import Day, Field, Integer, Part, Table, Text, with_group
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, days_between, text_of

_DAYS = Table((Part("from", Day(), "起"), Part("to", Day(), "止"), Part("name", Text(20), "节日")), most=60)
LONGEST = 31


def holiday_rules(flat: Flat) -> Iterator[Problem]:
    """Days lie in the year of the table, an end follows its start, and no festival lasts over a month."""
    year = str(flat.get("year") or "")
    for name, label in (("off", "放假"), ("worked", "调休上班")):
        for row in flat.get(name) or ():
            first = text_of(row, "from")
            last = text_of(row, "to") or first
            days = days_between(first, last)
            if days is None:
                yield Problem("holiday-day", f"“{label}”里有一行没有日期，请补上", name)
            elif year and year not in (first[:4], last[:4]):
                yield Problem("holiday-year", f"“{label}”的 {first} 不在 {year} 年，请核对", name)
            elif not 0 <= days < LONGEST:
                yield Problem("holiday-order", f"“{label}”的 {first} 到 {last} 不对，请核对", name)


KIND = Kind(
    code="holiday_table", label="节假日表", cls="published", nav="settings", order=40, icon="calendar", verb="登记节假日",
    title=("year",), identity=("year",), keyed=("year",), rules=(holiday_rules,), measure_word="份", governs=True,
    fields=with_group(
        "节假日",
        Field("year", "年度", Integer(1949, 2100), asked=True, column=True, set_once=True, indexed=True, aliases=("年份",)),
        Field("off", "放假", _DAYS, asked=True, ahead=True, help="一天的只填“起”"),
        Field("worked", "调休上班", _DAYS, ahead=True, help="周末要上班的日子"),
    ),
)

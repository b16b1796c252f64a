"""年度工作统计表: every indicator of a year, by month and quarter, unit by unit, with last year's beside it (DOMAIN §4).

Rules:

* There is one form of it, the plain values that ``fulian report … yearly --json`` prints. Paper, sheet and window are made
  of the same values, so they cannot differ.
* Every figure names its records: a line those of the whole year, its cells those of each unit and month. What stands (sites,
  posts) is a cell of each month on whose last day it stands, and its year is that of the last one.
* Indicators without a record in either year are left out.
* What was worked out is kept until something is written (:mod:`fulian_desktop.store.kept`), but for the rights room's part.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from fulian_desktop.domain.indicator import (
    SYSTEMS,
    Distinct,
    Indicator,
    Money,
    OfYear,
    Records,
    Rows,
    Share,
    Standing,
    Sum,
    Units,
)
from fulian_desktop.domain.indicators import all_indicators
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import covers, level_of, parent_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.services.indicators import (
    Figure,
    Figures,
    category_label,
    category_unit,
    figures_between,
    is_restricted,
    readable,
    share_of,
    summed,
)
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.yearly_notes import notes_of
from fulian_desktop.store import kept
from fulian_desktop.store.indicators import ALL, NOW, Group

NAME, TITLE = "yearly", "年度工作统计表"
MONTHS = range(1, 13)
NOW_SAID_UNTIL = 3
"""Through this month the report of the year before says what stands now, where nobody asks since when it does."""


Values = dict[str, Any]
Key = tuple[str, int | str]

_FORM = "1"
"""Another one when the values are laid out differently: what is kept of an older form is worked out anew."""

_YEAR, _BEFORE = ("year", 0), ("before", 0)


def yearly_text(office: Office, year: int | None = None, *, unit: str | None = None, ids: bool = True) -> bytes:
    """The report as JSON text: as it was kept where nothing was written since.

    Args:
        office: Whose, and of the units below it.
        year: Of which year; None: of this one.
        unit: Only of this unit and those below it; None: of all that the office has.
        ids: Whether each figure names its records.

    Raises:
        InputProblem: A unit that does not lie below this office.
    """
    year = year or today().year
    if unit is not None and not covers(office.unit, unit):
        raise InputProblem(f"“{unit}”不是本单位或下级单位的代码，请核对。", "unit")
    office.workspace.catch_up()  # 待补全 is worked out a little after a merge
    shown = readable(office)
    public = [one for one in shown if not is_restricted(one)]
    state = kept.state_of(office.workspace.db, _FORM, today().isoformat(), *map(repr, all_indicators()))
    name = f"{NAME}:{year}:{unit or office.unit}{':ids' if ids else ''}"
    text = kept.read_kept(office.workspace.db, name, state)
    if text is None:
        import msgspec  # late: what is kept is handed on as it is

        text = msgspec.json.encode(_work_out(office, year, unit or office.unit, public, ids=ids))
        kept.keep(office.workspace, name, state, text)
    if len(public) == len(shown):
        return text
    import msgspec

    private = _work_out(office, year, unit or office.unit, [one for one in shown if is_restricted(one)], ids=ids)
    return msgspec.json.encode(_together(msgspec.json.decode(text), private))


def yearly_values(office: Office, year: int | None = None, *, unit: str | None = None, ids: bool = False) -> Values:
    """The report as plain values."""
    import msgspec

    found: Values = msgspec.json.decode(yearly_text(office, year, unit=unit, ids=ids))
    return found


def _together(found: Values, more: Values) -> Values:
    """The report with the lines of the rights room in their places."""
    found["lines"] = sorted([*found["lines"], *more["lines"]], key=lambda line: int(line["system"]))
    found["notes"] += [note for note in more["notes"] if note not in found["notes"]]
    found["spanning"] += more["spanning"]
    return found


def _work_out(office: Office, year: int, unit: str, indicators: Sequence[Indicator], *, ids: bool) -> Values:
    first, last = datetime.date(year - 1, 1, 1), datetime.date(year, 12, 31)
    figures = figures_between(office, first, last, indicators=indicators, unit=unit, ids=ids)
    counted = _Counted(figures, year, ids=ids)
    names = office.workspace.unit_names()
    lines = [line for one in figures.indicators for line in _lines(counted, one)]
    notes, spanning = notes_of(office, figures, year, lines)
    return {
        "report": NAME, "title": f"{year}{TITLE}", "unit": unit, "unit_name": names.get(unit, unit),
        "year": year, "on": today().isoformat(),
        "units": [{"unit": u, "name": names.get(u, u), "own": u == unit} for u in counted.units],
        "lines": lines, "notes": notes, "spanning": spanning,
    }


class _Counted:
    """The groups of all indicators put where they count: year and month, quarter, unit, the year before."""

    def __init__(self, figures: Figures, year: int, *, ids: bool) -> None:
        self.figures, self.year, self.ids = figures, year, ids
        self.by_code = {one.code: one for one in figures.indicators}
        self.groups = {one.code: list(figures.all_groups(one.code)) for one in figures.indicators}
        below = {child_of(figures.unit, unit) for unit in figures.units}
        found = {child_of(figures.unit, group.unit) for groups in self.groups.values() for group in groups}
        self.units = sorted(below | found)
        self._places = {one.code: self._placed(one) for one in figures.indicators}

    def _placed(self, one: Indicator) -> dict[tuple[str | None, Key], list[Group]]:
        """Category (None for all) and place → groups."""
        places: dict[tuple[str | None, Key], list[Group]] = defaultdict(list)
        overlapping = one.split is not None and one.split.several
        for group in self.groups[one.code]:
            categories: list[str | None] = [group.category] if one.has_categories and group.category != ALL else []
            if not overlapping or group.category == ALL:
                categories.append(None)
            unit = child_of(self.figures.unit, group.unit)
            for place in self._places_of(one, group.moment, unit):
                for category in categories:
                    places[category, place].append(group)
        return places

    def _places_of(self, one: Indicator, moment: str, unit: str) -> Iterator[Key]:
        _, _, month = moment.partition("-")
        this = self.is_this(moment)
        of_year = not one.stands or month in ("", "12")
        if moment and of_year and (this or moment != NOW):
            yield _YEAR if this else _BEFORE
            yield "unit" if this else "unit before", unit
        if this and month:
            yield "month", int(month)
            if not one.stands or int(month) % 3 == 0:
                yield "quarter", (int(month) + 2) // 3

    def is_this(self, moment: str) -> bool:
        """Whether a moment lies in the year; what stands now is said of this year, and in its first months of the last one."""
        if moment == NOW:
            day = today()
            return self.year == day.year or (self.year == day.year - 1 and day.month <= NOW_SAID_UNTIL)
        return moment.startswith(str(self.year))

    def figure(self, code: str, category: str | None, place: Key) -> Figure:
        """What an indicator comes to at a place."""
        one = self.by_code[code]
        if isinstance(one.how, Share):
            part, whole = self.figure(one.how.part, None, place), self.figure(one.how.whole, None, place)
            return share_of(part, whole)
        if isinstance(one.how, Units):
            of = self.figures.unit if not place[0].startswith("unit") else str(place[1])
            return self.figures.figure(code, of, own=place[0].startswith("unit") and of == self.figures.unit)
        if isinstance(one.when, OfYear) and place[0] in ("month", "quarter"):
            place = _YEAR
        return summed(one, self._places[code].get((category, place), ()))


def child_of(upper: str, unit: str) -> str:
    """The unit directly below ``upper`` in which another one lies; ``upper`` itself for its own."""
    while unit != upper and covers(upper, unit) and level_of(unit) > level_of(upper) + 1:
        above = parent_of(unit)
        if above is None:
            break
        unit = above
    return unit


def _lines(counted: _Counted, one: Indicator) -> Iterator[Values]:
    """An indicator's line and those of its categories; none where there is no record in either year."""
    if not one.kind:
        line = _line(counted, one, None)
        if line["value"] or line["before"]:
            yield line
        return
    if not any(counted.figure(one.code, None, place).records for place in (_YEAR, _BEFORE)):
        return
    if one.has_total:
        yield _line(counted, one, None)
    for category in counted.figures.categories(one.code):
        line = _line(counted, one, category)
        if line["records"] or line["before"]:
            yield line


def _line(counted: _Counted, one: Indicator, category: str | None) -> Values:
    def figure(place: Key) -> Figure:
        return counted.figure(one.code, category, place)

    year, before = figure(_YEAR), figure(_BEFORE)
    split = one.has_categories and not (one.split is not None and one.split.several)  # else the categories' lines have the cells
    monthly = not isinstance(one.when, OfYear) and not isinstance(one.how, Units) and one.when != Standing()
    through = _through(counted.year)
    return {
        "indicator": one.code, "category": category,
        "system": one.system, "system_label": SYSTEMS.get(one.system) or kind_of(one.kind).label,
        "label": one.label if category is None else category_label(one, category, counted.figures.kinds), "of": one.label,
        "unit_word": one.unit if category is None else category_unit(one, category),
        "kind": one.kind, "how": _how(one), "money": one.is_money, "share": one.is_share, "stands": one.stands,
        "value": year.value, "before": None if _has_no_past(one) else before.value,
        **({"part": year.part, "whole": year.whole} if one.is_share else {}),
        **_behind(counted, year),
        "months": [figure(("month", m)).value if monthly and m <= through else None for m in MONTHS],
        "quarters": [figure(("quarter", q)).value if monthly and q * 3 - 2 <= through else None for q in range(1, 5)],
        "units": [
            [figure(("unit", u)).value, None if _has_no_past(one) else figure(("unit before", u)).value] for u in counted.units
        ],
        "cells": list(_cells(counted, one, category)) if counted.ids and (category is not None or not split) else [],
    }


def _has_no_past(one: Indicator) -> bool:
    """Whether nobody knows what it was a year ago: what stands without a day since when, and the units there are."""
    return isinstance(one.how, Units) or one.when == Standing()


def _through(year: int) -> int:
    """The last month of a year that has begun."""
    day = today()
    return 12 if year < day.year else day.month if year == day.year else 0


def _how(one: Indicator) -> Values:
    """How a figure is made of its records, for whoever adds it up again."""
    how = one.how
    if isinstance(how, Sum):
        return {"sum": list(how.names), "otherwise": how.otherwise}
    if isinstance(how, Money):
        return {"sum": [how.name], "otherwise": 0}
    if isinstance(how, Distinct):
        return {"distinct": how.name}
    if isinstance(how, Rows):
        return {"rows": how.table, "column": how.column, "by": list(how.by)}
    if isinstance(how, Share):
        return {"part": how.part, "whole": how.whole}
    return {"records": True} if isinstance(how, Records) else {"units": how.level.code}


def _cells(counted: _Counted, one: Indicator, category: str | None) -> Iterator[Values]:
    """Each unit's figure of each month of this year, with its records; a month that is a year: known to the year only."""
    found: dict[tuple[str, str], list[Group]] = defaultdict(list)
    wanted = ALL if category is None and one.split is not None and one.split.several else category
    for group in counted.groups.get(one.code, ()):
        if counted.is_this(group.moment) and wanted in (None, group.category):
            found[group.unit, group.moment].append(group)
    for (unit, month), groups in found.items():
        figure = summed(one, groups)
        yield {
            "unit": unit, "month": month, "value": figure.value, **_behind(counted, figure),
        }


def _behind(counted: _Counted, figure: Figure) -> Values:
    """The records behind a figure."""
    marks = {"records": figure.records, "about": figure.about, "incomplete": figure.incomplete}
    return {**marks, "ids": list(figure.ids)} if counted.ids else marks

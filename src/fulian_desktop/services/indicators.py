"""Figures: what indicators come to, for each unit, month and category, with the records behind each (DOMAIN §4).

Rules:

* An ``about`` number counts as stated, and a figure says how many of its records are 约 and how many 待补全.
* A record counts in the year and month of its last day; one known to the year only is in no month. What stands (sites,
  posts, pairs) is looked at on the last day of a month, and its figure of a year is that of the year's last day.
* A figure of a unit is that of its own records and of all units below it.
* A share is its two figures divided; where the whole is nothing, there is no share.
"""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from fulian_desktop.domain.fields import Code, Reference
from fulian_desktop.domain.indicator import Distinct, Indicator, Rows, Share, Units
from fulian_desktop.domain.indicators import all_indicators, indicator_of
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import LEVELS, covers, level_of
from fulian_desktop.services.office import Office, today
from fulian_desktop.store import indicators as store
from fulian_desktop.store.indicators import Group, Moment

WHOLE = 10_000
"""A share of one: shares are whole hundredths of a percent."""


@dataclass(frozen=True)
class Figure:
    """What an indicator comes to.

    Attributes:
        value: A count, fen, or hundredths of a percent; None where there is nothing to say (a share of nothing).
        about: How many of its records are stated 约. incomplete: How many are 待补全.
        ids: The records behind it, none twice. Of a share: those of its part.
        part, whole: Of a share: what was divided.
    """

    value: int | None
    about: int = 0
    incomplete: int = 0
    ids: tuple[str, ...] = ()
    part: int | None = None
    whole: int | None = None


class Figures:
    """Figures of one stretch of time, asked for by indicator, unit, month and category."""

    def __init__(self, unit: str, units: Sequence[str], indicators: Sequence[Indicator], groups: Iterable[Group], last: str) -> None:
        self.unit, self.units, self.indicators, self._last = unit, tuple(units), tuple(indicators), last
        self._by_code = {one.code: one for one in indicators}
        self._groups: dict[str, list[Group]] = defaultdict(list)
        for group in groups:
            self._groups[group.indicator].append(group)

    def figure(
        self, code: str, unit: str | None = None, *, months: Collection[str] | None = None, category: str | None = None,
        own: bool = False,
    ) -> Figure:
        """A figure.

        Args:
            code: The indicator's.
            unit: Of this unit and those below it; None for the office that asked.
            months: Only of these (``2026-03``); None for the whole stretch. Of what stands the last one counts.
            category: Only of this category.
            own: Without the units below.
        """
        one, unit = self._by_code[code], unit or self.unit
        if isinstance(one.how, Share):
            part = self.figure(one.how.part, unit, months=months, own=own)
            whole = self.figure(one.how.whole, unit, months=months, own=own)
            return share_of(part, whole)
        if isinstance(one.how, Units):
            return Figure(sum(level_of(u) is one.how.level and (u == unit if own else covers(unit, u)) for u in self.units))
        found = _summed(one, self._chosen(one, unit, months, category, own=own))
        return found if one.has_total or category is not None else replace(found, value=None)

    def _chosen(
        self, one: Indicator, unit: str, months: Collection[str] | None, category: str | None, *, own: bool
    ) -> Iterator[Group]:
        if one.stands and one.kind:
            known = {group.moment for group in self._groups[one.code]}
            wanted = max(months) if months else self._last
            months = {wanted, wanted[:4]} & (known | {wanted})
        for group in self._groups[one.code]:
            if not (group.unit == unit if own else covers(unit, group.unit)):
                continue
            if (months is None or group.moment in months) and (category is None or group.category == category):
                yield group

    def categories(self, code: str) -> list[str]:
        """The categories that any of an indicator's records is in, in the order of their code list, else the largest first."""
        one = self._by_code[code]
        if one.split is None and not isinstance(one.how, Rows):
            return []
        sums: dict[str, int] = defaultdict(int)
        for group in self._groups[code]:
            sums[group.category] += group.value
        listed = _listed(one)
        return sorted(sums, key=lambda c: (listed.index(c) if c in listed else len(listed), -sums[c], c))


def _summed(one: Indicator, groups: Iterable[Group]) -> Figure:
    value = about = incomplete = 0
    ids: dict[str, None] = {}
    keys: set[str] = set()
    for group in groups:
        value += group.value
        about += group.about
        incomplete += group.incomplete
        keys.add(group.key)
        ids.update(dict.fromkeys(group.ids[i : i + 32] for i in range(0, len(group.ids), 32)))
    if isinstance(one.how, Distinct):
        value = len(keys - {""})
    return Figure(value, about, incomplete, tuple(ids))


def share_of(part: Figure, whole: Figure) -> Figure:
    """A share in hundredths of a percent, rounded half up; None where the whole is nothing."""
    a, b = part.value or 0, whole.value or 0
    value = (a * WHOLE * 2 + b) // (b * 2) if b > 0 else None
    return Figure(value, part.about + whole.about, part.incomplete, part.ids, a, b)


def _listed(one: Indicator) -> list[str]:
    """The codes of an indicator's split, in their order."""
    if one.split is None or isinstance(one.how, Rows):
        return []
    if one.split.name == store.LEVEL_NAME:
        return list(reversed(LEVELS))
    type_ = _split_type(one)
    return list(type_.codes) if isinstance(type_, Code) else []


def _split_type(one: Indicator) -> object:
    assert one.split is not None  # noqa: S101 - asked for split ones only
    kind = kind_of(one.kind)
    if one.split.through:
        reference = kind.flat[one.split.name].field.type
        assert isinstance(reference, Reference)  # noqa: S101 - declared so, and a test says it
        return kind_of(reference.kinds[0]).flat[one.split.through].type
    return kind.flat[one.split.name].type


def category_label(one: Indicator, category: str) -> str:
    """What a category is called: a code's label, a level, as it stands otherwise; 未填 for none."""
    if not category or one.split is None:
        return category or "未填"
    if one.split.name == store.LEVEL_NAME:
        return f"{LEVELS[category].label}级"
    type_ = _split_type(one)
    return type_.codes.label(category) if isinstance(type_, Code) else category


# --- asking ------------------------------------------------------------------------------------------------------------


def readable(office: Office) -> list[Indicator]:
    """The indicators whose kinds can be read here: those of a closed room are absent."""
    return [one for one in all_indicators() if not one.kind or kind_of(one.kind).cls != "restricted"]


def figures(office: Office, year: int, *, indicators: Sequence[Indicator] | None = None) -> Figures:
    """All figures of a year, month by month.

    Args:
        office: Whose records, and of the units below it.
        year: Which year.
        indicators: Only these; None for all that can be read here.
    """
    moments = [_month(year, month) for month in range(1, 13)]
    return _figures(office, moments, indicators)


def figures_between(
    office: Office, first_day: datetime.date, last_day: datetime.date, *, indicators: Sequence[Indicator] | None = None
) -> Figures:
    """All figures of a stretch of days within one year; what stands is looked at on its last day."""
    moment = Moment(f"{last_day:%Y-%m}", first_day.isoformat(), last_day.isoformat())
    return _figures(office, [moment], indicators)


def figure_of(
    office: Office, indicator: str, year: int, unit: str, first_day: datetime.date | None = None,
    last_day: datetime.date | None = None,
) -> Figure:
    """One figure of a unit and those below it, over a year or a stretch of it.

    For many of them ask :func:`figures_between` once.

    Raises:
        KeyError: There is no such indicator here.
    """
    one = indicator_of(indicator)
    wanted = [one] if not isinstance(one.how, Share) else [one, indicator_of(one.how.part), indicator_of(one.how.whole)]
    first, last = first_day or datetime.date(year, 1, 1), last_day or datetime.date(year, 12, 31)
    return figures_between(office, first, last, indicators=wanted).figure(indicator, unit)


def _month(year: int, month: int) -> Moment:
    last = calendar.monthrange(year, month)[1]
    return Moment(f"{year}-{month:02d}", f"{year}-{month:02d}-01", f"{year}-{month:02d}-{last:02d}")


def _figures(office: Office, moments: Sequence[Moment], indicators: Sequence[Indicator] | None) -> Figures:
    wanted = readable(office) if indicators is None else indicators
    found = store.groups(office.workspace.db, wanted, office.unit, moments, today().isoformat())
    units = [unit for unit in office.workspace.unit_names() if covers(office.unit, unit)]
    return Figures(office.unit, units, wanted, found, moments[-1].name)

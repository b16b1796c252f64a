"""Figures: what indicators come to, for each unit, month and category, with the records behind each (DOMAIN §4).

Rules:

* An ``about`` number counts as stated, and a figure says how many of its records are 约 and how many 待补全.
* A record counts in the year and month of its last day; one known to the year only is in no month, one without a date in no
  year: both are counted apart. What stands (sites, posts, pairs) is looked at on the last day of a month, and its figure of
  a year is that of the year's last day.
* A figure of a unit is that of its own records and of all units below it. Figures of the units below and the unit's own add
  up to it, but for shares and for different ones that two units have in common.
* A share is its two figures divided; where the whole is nothing, there is no share.
* Kinds of the rights room are counted while it is open; otherwise their indicators are absent.
"""

from __future__ import annotations

import calendar
import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fulian_desktop.domain.fields import Code, Reference
from fulian_desktop.domain.in_force import DECLARED, Kinds
from fulian_desktop.domain.indicator import Distinct, Indicator, Rows, Share, Units
from fulian_desktop.domain.indicators import all_indicators, indicator_of
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import LEVELS, covers, level_of
from fulian_desktop.services.office import Office, today
from fulian_desktop.store import indicators as store
from fulian_desktop.store.indicators import ALL, BAR, Group, Moment

if TYPE_CHECKING:
    from fulian_desktop.store.vault import Connection

WHOLE = 10_000
"""A share of one: shares are whole hundredths of a percent."""

_ID = 32  # hex digits


class Figure(NamedTuple):
    """What an indicator comes to.

    Attributes:
        value: A count, fen, or hundredths of a percent; None where there is nothing to say (a share of nothing).
        records: How many records are behind it. about, incomplete: How many of them are stated 约, are 待补全.
        joined_ids: Their ids, one after the other.
        part, whole: Of a share: what was divided.
    """

    value: int | None
    records: int = 0
    about: int = 0
    incomplete: int = 0
    joined_ids: str = ""
    part: int | None = None
    whole: int | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The records behind it, none twice; of a share those of its part."""
        text = self.joined_ids
        return tuple(text[i : i + _ID] for i in range(0, len(text), _ID))


class Figures:
    """Figures of one stretch of time, asked for by indicator, unit, month and category."""

    def __init__(
        self, unit: str, units: Sequence[str], indicators: Sequence[Indicator], groups: Iterable[Group],
        moments: Sequence[Moment], kinds: Kinds = DECLARED,
    ) -> None:
        self.kinds = kinds
        self.unit, self.units, self.indicators, self.moments = unit, tuple(units), tuple(indicators), tuple(moments)
        self._by_code = {one.code: one for one in indicators}
        self._categories: dict[str, list[str]] = {}
        self._groups: dict[str, dict[str, list[Group]]] = defaultdict(lambda: defaultdict(list))
        for group in groups:
            self._groups[group.indicator][group.unit].append(group)

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
        found = summed(one, self.groups(one, unit, months=months, category=category, own=own))
        return found if one.has_total or category is not None else found._replace(value=None)

    def groups(
        self, one: Indicator, unit: str, *, months: Collection[str] | None = None, category: str | None = None, own: bool = False
    ) -> Iterator[Group]:
        """The groups that make up a figure of an indicator that counts records."""
        wanted = self._moments(one, months)
        if category is None and one.split is not None and one.split.several:
            category = ALL
        of_units = self._groups.get(one.code, {})
        for of_unit in [unit] if own else [u for u in of_units if covers(unit, u)]:
            for group in of_units.get(of_unit, ()):
                overlapping = group.category == ALL and category is None
                if group.moment in wanted and not overlapping and (category is None or group.category == category):
                    yield group

    def _moments(self, one: Indicator, months: Collection[str] | None) -> Collection[str]:
        """Names of the moments that count: of what stands the last only, of what happens also what is known to the year."""
        every = {moment.name for moment in self.moments}
        years = {name[:4] for name in every}
        if not one.stands:
            return every | years if months is None else set(months)
        last = max(months) if months else self.moments[-1].name
        return {last, last[:4], store.NOW}

    def all_groups(self, code: str) -> Iterator[Group]:
        """Everything that was counted of an indicator, as it was counted."""
        return (group for groups in self._groups.get(code, {}).values() for group in groups)

    def undated(self, code: str) -> Figure:
        """The records that have no date and so are in no year."""
        one = self._by_code[code]
        return summed(one, (group for group in self.all_groups(code) if not group.moment and group.category != ALL))

    def categories(self, code: str) -> list[str]:
        """The categories that any of an indicator's records is in, in the order of their code list, then the largest first."""
        one = self._by_code[code]
        if not one.has_categories:
            return []
        if code not in self._categories:
            wanted = self._moments(one, None)
            sums: dict[str, int] = defaultdict(int)
            for group in self.all_groups(code):
                if group.moment in wanted and group.category != ALL:
                    sums[group.category] += group.value
            order = {category: place for place, category in enumerate(_listed(one, self.kinds))}
            self._categories[code] = sorted(sums, key=lambda c: (order.get(c, len(order)), -sums[c], c))
        return self._categories[code]


def summed(one: Indicator, groups: Iterable[Group]) -> Figure:
    """What groups come to together."""
    value = records = about = incomplete = 0
    ids: list[str] = []
    keys: set[str] = set()
    for group in groups:
        value += group.value
        records += group.records
        about += group.about
        incomplete += group.incomplete
        keys.add(group.key)
        ids.append(group.ids)
    joined = "".join(ids)
    if len(ids) > 1 and isinstance(one.how, Rows):  # a record with two rows stands in two groups
        joined = "".join(dict.fromkeys(joined[i : i + _ID] for i in range(0, len(joined), _ID)))
        records = len(joined) // _ID or records
    return Figure(len(keys - {""}) if isinstance(one.how, Distinct) else value, records, about, incomplete, joined)


def share_of(part: Figure, whole: Figure) -> Figure:
    """A share in hundredths of a percent, rounded half up; None where the whole is nothing."""
    a, b = part.value or 0, whole.value or 0
    value = (a * WHOLE * 2 + b) // (b * 2) if b > 0 else None
    return Figure(value, part.records, part.about, part.incomplete, part.joined_ids, a, b)


def _listed(one: Indicator, kinds: Kinds) -> list[str]:
    """The codes of an indicator's split, in their order."""
    if one.split is None:
        return []
    if one.split.name == store.LEVEL_NAME:
        return list(reversed(LEVELS))
    type_ = _split_type(one, kinds)
    return list(type_.codes.labels) if isinstance(type_, Code) else []


def _split_type(one: Indicator, kinds: Kinds) -> object:
    """The type of the field by which an indicator is split."""
    assert one.split is not None  # noqa: S101 - asked for split ones only
    part = kinds.of(one.kind).flat[one.split.name]
    if one.split.through and isinstance(part.field.type, Reference):
        part = kinds.of(part.field.type.kinds[0]).flat[one.split.through]
    return part.type


def category_label(one: Indicator, category: str, kinds: Kinds = DECLARED) -> str:
    """What a category is called: a code's label, a level, as it stands otherwise; 未填 for none."""
    if isinstance(one.how, Rows) and one.how.by:
        return category.partition(BAR)[0] or "未填"
    if not category or one.split is None:
        return category or "未填"
    if one.split.name == store.LEVEL_NAME:
        return f"{LEVELS[category].label}级"
    type_ = _split_type(one, kinds)
    return type_.codes.label(category) if isinstance(type_, Code) else category


def category_unit(one: Indicator, category: str) -> str:
    """The word behind the number of a category: measures bring their own."""
    return category.partition(BAR)[2] if isinstance(one.how, Rows) and one.how.by else one.unit


# --- asking ------------------------------------------------------------------------------------------------------------


def readable(office: Office) -> list[Indicator]:
    """The indicators whose kinds can be read here: those of a closed room are absent, with the shares made of them."""
    found = {one.code: one for one in all_indicators() if not one.kind or database_of(office, kind_of(one.kind)) is not None}
    return [
        one for one in found.values()
        if not isinstance(one.how, Share) or (one.how.part in found and one.how.whole in found)
    ]


def is_restricted(one: Indicator) -> bool:
    """Whether it counts records of the rights room; a share does when its part does."""
    counted = indicator_of(one.how.part) if isinstance(one.how, Share) else one
    return bool(counted.kind) and kind_of(counted.kind).cls == "restricted"


def database_of(office: Office, kind: Kind) -> Connection | None:
    """Where the records of a kind lie; None while they cannot be read."""
    if kind.cls != "restricted":
        return office.workspace.db
    room = office.workspace.room
    return None if room is None else room.db


def figures(office: Office, year: int, *, indicators: Sequence[Indicator] | None = None) -> Figures:
    """All figures of a year, month by month.

    Args:
        office: Whose records, and of the units below it.
        year: Which year.
        indicators: Only these; None for all that can be read here.
    """
    return figures_between(office, datetime.date(year, 1, 1), datetime.date(year, 12, 31), indicators=indicators)


def figures_between(
    office: Office, first_day: datetime.date, last_day: datetime.date, *, indicators: Sequence[Indicator] | None = None,
    unit: str | None = None, ids: bool = True,
) -> Figures:
    """All figures of a stretch of days; what stands is looked at on its last day.

    Args:
        office: Whose records, and of the units below it.
        first_day: The first.
        last_day: The last.
        indicators: Only these; None for all that can be read here.
        unit: Only of this unit and those below it; None: of all that the office has.
        ids: Whether figures name their records: it takes time and room with millions of them.
    """
    wanted = readable(office) if indicators is None else list(indicators)
    by_database: dict[int, tuple[Connection, list[Indicator]]] = {}
    for one in wanted:
        database = database_of(office, kind_of(one.kind)) if one.kind else None
        if database is not None:
            by_database.setdefault(id(database), (database, []))[1].append(one)
    moments, day = list(_months(first_day, last_day)), today().isoformat()
    found = [
        group for database, asked in by_database.values()
        for group in store.groups(database, asked, unit or office.unit, moments, day, ids=ids)
    ]
    return Figures(unit or office.unit, known_units(office, unit), wanted, found, moments, office.kinds)


class Behind(NamedTuple):
    """A figure whose records a list shows: an indicator of a year, perhaps only of a unit or a category."""

    indicator: str
    year: int
    unit: str = ""
    category: str | None = None

    @property
    def words(self) -> str:
        """What the figure is called: ``2026年活动场次：普法维权``."""
        one = indicator_of(self.indicator)
        category = "" if self.category is None else f"：{category_label(one, self.category)}"
        return f"{self.year}年{one.label}{category}"


def kind_behind(indicator: str) -> str:
    """The kind whose records an indicator counts; of a share those of its part."""
    one = indicator_of(indicator)
    return kind_behind(one.how.part) if isinstance(one.how, Share) else one.kind


def records_behind(office: Office, figure: Behind) -> tuple[str, ...]:
    """The ids of the records that a figure counts, as they are now."""
    one = indicator_of(figure.indicator)
    if isinstance(one.how, Share):
        one = indicator_of(one.how.part)
    found = figures(office, figure.year, indicators=[one])
    return found.figure(one.code, figure.unit or None, category=figure.category).ids


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


def _months(first_day: datetime.date, last_day: datetime.date) -> Iterator[Moment]:
    """The months of a stretch of days, the first and the last as far as they lie in it."""
    day = first_day
    while day <= last_day:
        end = min(last_day, day.replace(day=calendar.monthrange(day.year, day.month)[1]))
        yield Moment(f"{day:%Y-%m}", day.isoformat(), end.isoformat())
        day = end + datetime.timedelta(days=1)


def known_units(office: Office, unit: str | None = None) -> list[str]:
    """A unit, the office's own unless said, and those below it that have a name, by code."""
    return sorted(code for code in office.workspace.unit_names() if covers(unit or office.unit, code))

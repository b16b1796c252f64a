"""Assessment: points out of figures, totals of a check and of the year, ranks. Pure (DOMAIN §2 "assessment scheme").

Rules:

* Points are whole hundredths, never a float. Where a division leaves a rest, half a hundredth and more goes up
  (四舍五入), once, at the end of that division: in a computed item's points, in the weighted total, in an average (which has
  one decimal where all that it is made of has no more).
* What counts is the review of the office that issued the scheme. What a unit says of itself is shown, and never counts.
* An item gives no more than the points it had when it was scored; a check gives its items, less deductions, plus extras up
  to the scheme's bound, and never less than 0. The total is half-year × its weight + year × its weight; a check
  that nobody was scored at yet is left out, and the total is then the other check's.
* A target of zero is met by whoever is there: full points, and it is said. Without a figure there are no points, and it is
  said.
* Veto (一票否决): the unit is left out of the ranking (不参评) and of the averages, and its points stay to be seen. With a total
  of 0 instead, the average of the others would fall for what they did not do, and it would look as a unit that did no work.
  A unit that nobody scored is not ranked either: that it got nothing is not known.
* Equal totals share a rank and the next one is left out: 1, 1, 3.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.kinds.scheme import EXTRA_MOST, HALF_WEIGHT, YEAR_WEIGHT

CHECKS = ("half", "year")
ITEM, DEDUCTION, VETO, EXTRA = "", "deduction", "veto", "extra"


# --- what a scheme says ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """An item of a scheme, or one of its deductions, vetoes and extras (``entry``); points and target in hundredths."""

    code: str
    text: str
    points: int = 0
    section: str = ""
    computed: bool = False
    indicator: str = ""
    target: int | None = None
    way: str = "proportion"
    entry: str = ITEM


@dataclass(frozen=True)
class Scheme:
    """A scheme as it counts. ``closed``: check → the day since which its scores stand."""

    id: str
    unit: str
    title: str
    year: int
    weights: tuple[int, int] = (HALF_WEIGHT, YEAR_WEIGHT)
    extra_most: int = EXTRA_MOST
    items: tuple[Item, ...] = ()
    others: tuple[Item, ...] = ()
    closed: Mapping[str, str] = field(default_factory=dict)

    @property
    def full(self) -> int:
        """What all items together give."""
        return sum(item.points for item in self.items)

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections in the order of their first items."""
        return tuple(dict.fromkeys(item.section for item in self.items))

    def find(self, entry: str, code: str) -> Item | None:
        """The item, deduction, veto or extra of that code."""
        return next((item for item in (*self.items, *self.others) if (item.entry, item.code) == (entry, code)), None)


def scheme_of(id_: str, unit: str, flat: Mapping[str, Any]) -> Scheme:
    """A scheme out of the flat values of its record; a row without a code is known by its row's id."""
    rows = sorted(enumerate(flat.get("items") or ()), key=lambda pair: (pair[1].get("order", 1000), pair[0]))
    items = tuple(
        Item(
            _code(row), row.get("text", ""), row.get("points", 0), row.get("section", ""), row.get("source") == "computed",
            row.get("indicator", ""), row.get("target"), row.get("way", "proportion"),
        )
        for _, row in rows
    )
    others = tuple(
        Item(_code(row), row.get("text", ""), row.get("points", 0), entry=entry)
        for entry, name in ((DEDUCTION, "deductions"), (VETO, "vetoes"), (EXTRA, "extras"))
        for row in sorted(flat.get(name) or (), key=_code)
    )
    closed = {check: str(flat[f"{check}_closed"]) for check in CHECKS if flat.get(f"{check}_closed")}
    return Scheme(
        id_, unit, flat.get("title", ""), flat.get("year", 0), _weights(flat), flat.get("extra_most", EXTRA_MOST), items, others,
        closed,
    )


def _weights(flat: Mapping[str, Any]) -> tuple[int, int]:
    """The weights in per cent; of one alone the other is what is left of a hundred."""
    half, year = flat.get("half_weight"), flat.get("year_weight")
    if half is None:
        return (HALF_WEIGHT, YEAR_WEIGHT) if year is None else (100 - year, year)
    return half, 100 - half if year is None else year


def _code(row: Mapping[str, Any]) -> str:
    return str(row.get("code") or row.get("row") or "")


# --- points out of a figure --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Points:
    """Points that follow from a figure, and what is to be said of them ("" when nothing is)."""

    points: int
    said: str = ""


def points_of(item: Item, figure: int | None) -> Points:
    """The points of a computed item.

    Args:
        item: Its points, target and way.
        figure: What was reached, in hundredths; None where the unit has no record that counts.
    """
    if not item.target:
        return Points(item.points, "没有定目标，按满分计")
    if figure is None or figure <= 0:
        return Points(0, "没有登记过，得 0 分")
    if figure >= item.target:
        return Points(item.points)
    if item.way == "all_or_nothing":
        return Points(0, f"目标 {format_hundredths(item.target)}，没有达标")
    done = figure // 100 * 100 if item.way == "per_piece" else figure
    return Points(_rounded(item.points * done, item.target))


def _rounded(number: int, by: int) -> int:
    """A whole quotient, half and more away from 0."""
    away = (2 * abs(number) + by) // (2 * by)
    return away if number >= 0 else -away


# --- what a unit got ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Given:
    """Points that somebody gave, and the item as it was then."""

    points: int | None
    note: str = ""
    item: str = ""
    full: int | None = None
    target: int | None = None
    date: str = ""
    person: str = ""
    figure: int | None = None


@dataclass(frozen=True)
class Score:
    """What one unit has for one item at one check: what it says of itself, and what the office found."""

    check: str
    entry: str
    code: str
    own: Given | None = None
    review: Given | None = None
    evidence: int = 0
    record: str = ""

    @property
    def counted(self) -> int | None:
        """The points that count, None while nobody reviewed it."""
        if self.review is None or self.review.points is None:
            return None
        points, full = self.review.points, self.review.full
        return points if full is None or self.entry != ITEM else min(points, full)


def is_of_old(item: Item | None, given: Given | None) -> bool:
    """Whether points were given under another wording, value or target than the scheme has now."""
    if given is None or given.points is None or not (given.item or given.full is not None):
        return False
    if item is None:
        return True
    full = item.points if item.entry == ITEM else None  # what a deduction or an extra is worth is not kept with its points
    return (item.text, full, item.target) != (given.item, given.full, given.target)


@dataclass(frozen=True)
class CheckTotal:
    """What a unit got at one check.

    Attributes:
        total: The check's total. scored: Whether anybody reviewed an item.
        sections: Points by section, in the scheme's order.
        extra: Extra points that count, at most the scheme's bound. cut: What lay above the bound.
        deducted: Points taken off, below 0.
        missing: How many items nobody reviewed yet. old: How many were scored under an earlier state of the scheme.
        vetoes: Why it is vetoed, in words.
    """

    total: int
    sections: tuple[int, ...]
    extra: int = 0
    cut: int = 0
    deducted: int = 0
    missing: int = 0
    old: int = 0
    vetoes: tuple[str, ...] = ()
    scored: bool = False


def check_total(scheme: Scheme, check: str, scores: Iterable[Score]) -> CheckTotal:
    """Add up one unit's scores at one check.

    Scores of items that the scheme no longer has count on, under their old value, in no section.
    """
    mine = {(s.entry, s.code): s for s in scores if s.check == check}
    by_section = dict.fromkeys(scheme.sections, 0)
    missing = 0
    for item in scheme.items:
        points = mine[ITEM, item.code].counted if (ITEM, item.code) in mine else None
        missing += points is None
        if points is not None:
            by_section[item.section] += points if _knows_its_item(mine[ITEM, item.code]) else min(points, item.points)
    gone = [s for s in mine.values() if s.entry == ITEM and scheme.find(ITEM, s.code) is None]
    extra = _sum(mine.values(), EXTRA)
    counted = min(extra, scheme.extra_most)
    deducted = -_sum(mine.values(), DEDUCTION)
    total = sum(by_section.values()) + sum(s.counted or 0 for s in gone) + counted + deducted
    vetoes = [s for s in mine.values() if s.entry == VETO and s.review is not None and s.review.points != 0]
    return CheckTotal(
        max(0, total), tuple(by_section.values()), counted, extra - counted, deducted, missing,
        sum(is_of_old(scheme.find(s.entry, s.code), s.review) for s in mine.values()),
        tuple(s.review.note or s.review.item for s in vetoes if s.review is not None),
        any(s.counted is not None for s in mine.values() if s.entry == ITEM),
    )


def _knows_its_item(score: Score) -> bool:
    """Whether a score says what its item was; one that was entered as a plain record is taken for one of the item as it is."""
    return score.review is not None and score.review.full is not None


def _sum(scores: Iterable[Score], entry: str) -> int:
    return sum(s.counted or 0 for s in scores if s.entry == entry)


# --- the year, and who stands where ------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """One unit in the ranking. ``rank`` is None where it is not ranked; ``total`` None where it was not scored."""

    unit: str
    name: str
    checks: Mapping[str, CheckTotal]
    total: int | None
    rank: int | None = None

    @property
    def vetoes(self) -> tuple[str, ...]:
        """Why it is left out."""
        return tuple(text for check in self.checks.values() for text in check.vetoes)


@dataclass(frozen=True)
class Ranking:
    """All units, best first, those not ranked behind; ``checks``: which ones count; ``shown``: whose points the sections show."""

    scheme: Scheme
    standings: tuple[Standing, ...]
    checks: tuple[str, ...]
    averages: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The check whose sections are shown: the latest that counts."""
        return self.checks[-1] if self.checks else CHECKS[0]

    @property
    def ranked(self) -> tuple[Standing, ...]:
        """Those that have a rank."""
        return tuple(s for s in self.standings if s.rank is not None)


def year_total(weights: tuple[int, int], totals: Mapping[str, int]) -> int:
    """The weighted total of the checks that there are; of one alone its own total."""
    if len(totals) == 1:
        return next(iter(totals.values()))
    return _rounded(sum(totals[check] * weight for check, weight in zip(CHECKS, weights, strict=True)), 100)


def rank(scheme: Scheme, units: Sequence[tuple[str, str]], scores: Mapping[str, Sequence[Score]]) -> Ranking:
    """The ranking of units (code, name) by their scores.

    Equal totals stand in the order of the units' codes.
    """
    every = {unit: {check: check_total(scheme, check, scores.get(unit, ())) for check in CHECKS} for unit, _ in units}
    checks = tuple(check for check in CHECKS if any(of[check].scored for of in every.values()))
    found = []
    for unit, name in units:
        mine = every[unit]
        scored = any(mine[check].scored for check in checks)
        total = year_total(scheme.weights, {check: mine[check].total for check in checks}) if scored else None
        found.append(Standing(unit, name, mine, total))
    takes_part = [s for s in found if s.total is not None and not s.vetoes]
    best = sorted(takes_part, key=lambda s: (-(s.total or 0), s.unit))
    places = shared_ranks([s.total or 0 for s in best])
    ranked = [Standing(s.unit, s.name, s.checks, s.total, place) for s, place in zip(best, places, strict=True)]
    rest = sorted((s for s in found if s not in takes_part), key=lambda s: (s.total is None, -(s.total or 0), s.unit))
    ranking = Ranking(scheme, (*ranked, *rest), checks)
    return Ranking(scheme, ranking.standings, checks, _averages(ranking))


def without_ranks(ranking: Ranking) -> Ranking:
    """The same as a unit sees it that does not have the others' scores: it cannot know where it stands."""
    return replace(ranking, standings=tuple(replace(s, rank=None) for s in ranking.standings), averages={})


def shared_ranks(totals: Sequence[int]) -> list[int]:
    """Ranks of totals that stand best first: equal ones share theirs, and the next is left out (1, 1, 3)."""
    ranks: list[int] = []
    for place, (total, before) in enumerate(zip(totals, itertools.chain([None], totals), strict=False), 1):
        ranks.append(ranks[-1] if total == before else place)
    return ranks


def _averages(ranking: Ranking) -> dict[str, int]:
    """Averages over the ranked: ``total``, each check, ``extra``, ``deducted``, and ``section n``.

    Where no points have more than one decimal, neither has their average; that of the totals has two.
    """
    members = ranking.ranked
    if not members:
        return {}
    shown = [s.checks[ranking.shown] for s in members]
    columns = {
        "total": [s.total or 0 for s in members],
        **{check: [s.checks[check].total for s in members] for check in ranking.checks},
        "extra": [c.extra for c in shown], "deducted": [c.deducted for c in shown],
        **{f"section {n}": [c.sections[n] for c in shown] for n in range(len(ranking.scheme.sections))},
    }
    whole = all(value % 10 == 0 for name, values in columns.items() if name != "total" for value in values)
    steps = {name: 10 if whole and name != "total" else 1 for name in columns}
    return {name: _rounded(sum(values), len(values) * steps[name]) * steps[name] for name, values in columns.items()}

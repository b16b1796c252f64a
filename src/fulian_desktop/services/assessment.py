"""Assessment: schemes, what units say of themselves, what the office above gives them, and who stands where.

Rules:

* A unit's record of a scheme, check, entry and item has an id made of these: the village's self score and the township's
  review land in one record, whoever wrote first.
* Who reviews is the office that issued the scheme, in the composite of its own level. A unit writes only what it says of
  itself, and what it names as evidence.
* Points are kept with the item as it was when they were given. Points that stand are written again only where they differ,
  so that a scheme changed in the middle of a year leaves them under the scheme they were given under.
* A check that is closed takes no more points (domain words: ``half_closed``, ``year_closed`` of the scheme).
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fulian_desktop.domain.assessment import (
    CHECKS,
    ITEM,
    Given,
    Item,
    Points,
    Ranking,
    Scheme,
    Score,
    points_of,
    rank,
    scheme_of,
    without_ranks,
)
from fulian_desktop.domain.counting_by import date_of
from fulian_desktop.domain.default_scheme import default_scheme
from fulian_desktop.domain.fields import Reference
from fulian_desktop.domain.hundredths import format_hundredths, read_hundredths
from fulian_desktop.domain.kinds import all_kinds, find_kind, kind_of
from fulian_desktop.domain.kinds.score import CHECKS as CHECK_NAMES
from fulian_desktop.domain.kinds.score import REVIEW_LEVELS
from fulian_desktop.domain.units import Level, covers, is_above, level_of
from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.ledger.fold import may_write
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import Planned, Saved, add_record, edit_record, write_act
from fulian_desktop.store import queries
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import Row

_PARTS = ("points", "note", "item", "full", "target", "date", "person", "figure")


@dataclass(frozen=True)
class Mark:
    """Points that somebody gives: to which unit, for what.

    Attributes:
        unit: 12-digit code.
        entry: "" for an item, else deduction, veto or extra. code: The item's code.
        points: Hundredths, or a text as typed; None takes the points away.
        note: Words beside it; None leaves those that are there.
        figure: What a computed item's points were worked out from, hundredths.
        item: Words of a deduction, veto or extra that stands in no scheme.
    """

    unit: str
    entry: str
    code: str
    points: int | str | None
    note: str | None = None
    figure: int | None = None
    item: str = ""


@dataclass(frozen=True)
class Proposal:
    """What a computed item would give a unit: the figure (hundredths, None without records) and the points.

    ``known``: whether this program has the indicator; without it nothing is given.
    """

    unit: str
    item: Item
    figure: int | None
    points: Points
    known: bool = True


@dataclass(frozen=True)
class Board:
    """A scheme with everything given under it, as one office sees it.

    Attributes:
        scheme: It; ``schemes``: all there are, the latest first.
        units: (code, name) of the units that are assessed, by code.
        scores: Unit → its scores of both checks.
        ranking: Who stands where.
        reviews: Whether this office is the one that gives points.
        sees_all: Whether all units' scores come here; a unit that is assessed has its own only, and no ranks.
        conflicts: How many scores two people gave different points for.
    """

    scheme: Scheme
    schemes: tuple[Scheme, ...]
    units: tuple[tuple[str, str], ...]
    scores: Mapping[str, tuple[Score, ...]]
    ranking: Ranking
    reviews: bool
    conflicts: int = 0
    sees_all: bool = True
    evidence: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def score(self, unit: str, check: str, entry: str, code: str) -> Score | None:
        """What a unit has for one item at one check."""
        return next((s for s in self.scores.get(unit, ()) if (s.check, s.entry, s.code) == (check, entry, code)), None)


# --- schemes -----------------------------------------------------------------------------------------------


def make_default_scheme(office: Office, year: int, title: str = "") -> Saved:
    """Issue the default scheme for a year; the office can change everything in it."""
    if office.level is Level.VILLAGE:
        raise NotAllowed("村（社区）下面没有单位，不用制定考核方案。", "nobody-below")
    return add_record(office, "scheme", default_scheme(year, title or f"{office.unit_name}{year}年度妇联工作考核方案"))


def schemes(office: Office) -> tuple[Scheme, ...]:
    """The schemes that concern this office, the latest year first, its own before others.

    Those that it or an office below it issued, and those by which it is assessed itself: a county's scheme reaches the
    villages too, whom it does not assess.
    """
    rows = [r for r in queries.list_rows(office.workspace.db, kind_of("scheme")) if _concerns(office, r.unit)]
    rows.sort(key=lambda r: (-r.flat.get("year", 0), r.unit != office.unit, -r.no))
    return tuple(scheme_of(row.id, row.unit, row.flat) for row in rows)


def _concerns(office: Office, issuer: str) -> bool:
    directly_below = is_above(issuer, office.unit) and office.level == level_of(issuer) + 1
    return covers(office.unit, issuer) or directly_below


def find_scheme(office: Office, scheme: str = "", year: int | None = None) -> Scheme:
    """A scheme by its id, else the latest of a year, else the latest.

    Raises:
        NotFound: There is none.
    """
    found = [one for one in schemes(office) if (one.id == scheme if scheme else year in (None, one.year))]
    if not found:
        of = f"{year}年" if year and not scheme else ""
        raise NotFound(f"还没有{of}考核方案。下一步：在“考核”里制定方案，或先接收上级的下发包。", "no-scheme")
    return found[0]


def close_check(office: Office, scheme: str, check: str, day: datetime.date | None = None) -> Saved:
    """Close a check: its points stand from now on. With the same act undone it is open again."""
    _known(check)
    return edit_record(office, scheme, {f"{check}_closed": (day or today()).isoformat()})


def open_check(office: Office, scheme: str, check: str) -> Saved:
    """Open a closed check again."""
    _known(check)
    return edit_record(office, scheme, {f"{check}_closed": None})


def _known(check: str) -> None:
    if check not in CHECKS:
        raise InputProblem("只有半年和全年两次考核。", "unknown-check")


# --- reading -----------------------------------------------------------------------------------------------


def load_board(office: Office, scheme: str = "", year: int | None = None) -> Board:
    """A scheme with its units, scores and ranking.

    Raises:
        NotFound: There is no scheme.
    """
    one = find_scheme(office, scheme, year)
    level = level_of(one.unit).code
    rows = [r for r in _rows(office, one) if is_above(one.unit, r.unit)]
    scores: dict[str, list[Score]] = {}
    for row in rows:
        scores.setdefault(row.unit, []).append(_score(row, level))
    units = assessed_units(office, one, scores)
    kept = {unit: tuple(mine) for unit, mine in scores.items()}
    evidence = {r.id: tuple((e.get("kind", ""), e.get("id", "")) for e in r.flat.get("evidence") or ()) for r in rows}
    conflicts = sum(f"review_{level}" in row.conflicts for row in rows)
    sees_all = covers(office.unit, one.unit)
    ranking = rank(one, units, kept)
    return Board(
        one, schemes(office), units, kept, ranking if sees_all else without_ranks(ranking), office.unit == one.unit, conflicts,
        sees_all, evidence,
    )


def assessed_units(office: Office, scheme: Scheme, scores: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """The units right below the office that issued a scheme, as far as they concern this office, by code.

    A unit that has scores and no name any more (merged into another) is among them, by its code.
    """
    names = office.workspace.unit_names()
    level = level_of(scheme.unit) + 1
    below = {code for code in {*names, *scores} if is_above(scheme.unit, code) and level_of(code) == level}
    if office.level == level and is_above(scheme.unit, office.unit):
        below.add(office.unit)
    ours = [code for code in sorted(below) if covers(office.unit, code)]
    return tuple((code, names.get(code, code)) for code in ours)


def _rows(office: Office, scheme: Scheme) -> list[Row]:
    return list(queries.list_rows(office.workspace.db, kind_of("score"), where_equal={"scheme": scheme.id}))


def _score(row: Row, level: str) -> Score:
    flat = row.flat
    return Score(
        flat.get("check", ""), flat.get("entry", ITEM), flat.get("item", ""),
        _given(flat, "self"), _given(flat, f"review_{level}"), len(flat.get("evidence") or ()), row.id,
    )


def _given(flat: Mapping[str, Any], head: str) -> Given | None:
    parts = {name: flat[f"{head}_{name}"] for name in _PARTS if flat.get(f"{head}_{name}") is not None}
    return Given(**{"points": None, **parts}) if parts else None


# --- giving points -----------------------------------------------------------------------------------------


def give_points(
    office: Office, scheme: str, check: str, marks: Sequence[Mark], *, own: bool = False, label: str = "",
    progress: Progress | None = None,
) -> str:
    """Give points as one act; returns the act, "" where nothing differs from what is there.

    Args:
        office: Who gives them.
        scheme: The scheme's id.
        check: half or year.
        marks: What is given.
        own: A unit's own view of itself (自评); otherwise the review of the office that issued the scheme.
        label: 中文 name of the act.
        progress: Counts marks.

    Raises:
        InputProblem: Points that cannot be read or are more than the item has, or a closed check; nothing is written.
        NotAllowed: Not this office's to give.
    """
    one = find_scheme(office, scheme)
    _check_open(one, check)
    _check_author(office, one, {mark.unit for mark in marks}, own=own)
    head = "self" if own else f"review_{level_of(one.unit).code}"
    there = {row.id: row for row in _rows(office, one)}
    progress = progress or Progress()
    planned = []
    for number, mark in enumerate(marks):
        progress.step(number, len(marks), label or "保存得分")
        record = _record(one, check, mark)
        before = there.get(record)
        values = _values(office, one, check, mark, head, before)
        if values:
            planned.append(Planned(RecordKey(mark.unit, "score", bytes.fromhex(record)), values=values))
    if not planned:
        return ""
    return write_act(office, planned, label or ("自评" if own else "考评"))[0]


def _check_open(scheme: Scheme, check: str) -> None:
    _known(check)
    if scheme.closed.get(check):
        name = CHECK_NAMES.label(check)
        raise InputProblem(f"{name}考核 {scheme.closed[check]} 已经结束，得分不再改。下一步：要改先重新打开这次考核。", "closed")


def _check_author(office: Office, scheme: Scheme, units: set[str], *, own: bool) -> None:
    if own:
        if not all(may_write(office.unit, unit) for unit in units):
            raise NotAllowed("这个单位不归本单位管，不能替它自评。", "author")
    elif office.unit != scheme.unit or level_of(scheme.unit).code not in REVIEW_LEVELS:
        raise NotAllowed("考评由制定方案的妇联打分，本单位只填自评。", "not-reviewer")
    strange = [unit for unit in units if not is_above(scheme.unit, unit)]
    if strange:
        raise NotAllowed(f"“{strange[0]}”不在这个方案的考核范围内。", "out-of-scope")


def _record(scheme: Scheme, check: str, mark: Mark) -> str:
    found = kind_of("score").keyed_id(mark.unit, {"scheme": scheme.id, "check": check, "entry": mark.entry, "item": mark.code})
    assert found is not None  # noqa: S101 - the kind is keyed
    return found


def _values(
    office: Office, scheme: Scheme, check: str, mark: Mark, head: str, before: Row | None
) -> dict[str, Any]:
    """The values of the change; empty where it says what is there already."""
    item = scheme.find(mark.entry, mark.code) or Item(mark.code, mark.item, entry=mark.entry)
    points = _points(mark, item)
    was = _given(before.flat, head) if before is not None else None
    if points is None and not mark.note:
        return {head: None} if was is not None else {}
    note = mark.note if mark.note is not None else was.note if was is not None else ""
    if was is not None and (was.points, was.note) == (points, note) and mark.figure in (None, was.figure):
        return {}
    given: dict[str, Any] = {
        "points": points, "note": note.strip(), "date": today().isoformat(), "item": item.text, "target": item.target,
        "full": item.points if mark.entry == ITEM else None,
    }
    if head != "self":
        given |= {"person": office.person, "figure": mark.figure}
    values: dict[str, Any] = {head: {name: value for name, value in given.items() if value not in (None, "")}}
    if before is None:
        values |= _identity(scheme, check, mark)
    return values


def _identity(scheme: Scheme, check: str, mark: Mark) -> dict[str, Any]:
    """What a new record is of, in ledger values."""
    reference = {"unit": scheme.unit, "kind": "scheme", "id": scheme.id, "name": scheme.title}
    assert isinstance(kind_of("score").declared("scheme").type, Reference)  # noqa: S101 - what the four parts are for
    entry = {"entry": mark.entry} if mark.entry else {}
    return {"scheme": reference, "check": check, "item": mark.code, **entry}


def _points(mark: Mark, item: Item) -> int | None:
    points = mark.points
    if isinstance(points, str):
        read = read_hundredths(points)
        if read.problem is not None:
            raise InputProblem(f"{read.problem.text}。", f"points-{read.problem.code}")
        points = read.value
    if points is None:
        return None
    if points < 0:
        what = "扣分" if mark.entry == "deduction" else "得分"
        raise InputProblem(f"{what}填正数：{format_hundredths(points)} 请写成 {format_hundredths(-points)}。", "points-negative")
    if mark.entry == ITEM and points > item.points:
        raise InputProblem(
            f"“{item.text or item.code}”满分 {format_hundredths(item.points)} 分，填了 {format_hundredths(points)} 分，请核对。",
            "points-over-full",
        )
    return points


def adopt_own(office: Office, scheme: str, check: str, progress: Progress | None = None) -> str:
    """Take over what units say of themselves, for all items nobody reviewed yet, as one act."""
    board = load_board(office, scheme)
    marks = [
        Mark(unit, s.entry, s.code, s.own.points, item=s.own.item)
        for unit, _ in board.units for s in board.scores.get(unit, ())
        if s.check == check and s.counted is None and s.own is not None and s.own.points is not None and _within(board.scheme, s)
    ]
    return give_points(office, scheme, check, marks, label="照自评给分", progress=progress)


def _within(scheme: Scheme, score: Score) -> bool:
    """Whether a self score may be taken over as it is: not more than its item has now."""
    item = scheme.find(score.entry, score.code)
    points = score.own.points if score.own is not None else None
    return score.entry != ITEM or (item is not None and points is not None and points <= item.points)


# --- evidence ----------------------------------------------------------------------------------------------


def set_evidence(
    office: Office, scheme: str, check: str, unit: str, code: str, records: Sequence[tuple[str, str, str]], *, entry: str = ITEM,
) -> str:
    """Name the records that prove an item: (unit, kind, id) each, in place of those named before; returns the act.

    Raises:
        NotFound: A record is not there.
    """
    one = find_scheme(office, scheme)
    _check_open(one, check)
    _check_author(office, one, {unit}, own=True)
    mark = Mark(unit, entry, code, None)
    record = _record(one, check, mark)
    before = queries.find_by_id(office.workspace.db, record, unit)
    rows = {}
    for where, kind, id_ in records:
        row = queries.find_by_id(office.workspace.db, id_, where)
        if row is None:
            raise NotFound("作依据的记录找不到，请重新选择。", "not-found")
        rows[_row_id(id_)] = {"unit": where, "kind": kind, "id": id_, "name": kind_of(kind).name_of(row.flat)[:200] or id_[:8]}
    was = {e["row"]: {n: v for n, v in e.items() if n != "row"} for e in (before.flat.get("evidence") or () if before else ())}
    values: dict[str, Any] = {f"evidence:{name}": row for name, row in rows.items() if was.get(name) != row}
    values |= {f"evidence:{name}": None for name in was if name not in rows}
    if not values:
        return ""
    if before is None:
        values |= _identity(one, check, mark)
    return write_act(office, [Planned(RecordKey(unit, "score", bytes.fromhex(record)), values=values)], "选依据")[0]


def _row_id(record: str) -> str:
    """A row's id made of the record's, so that two who name the same record make one row."""
    return hashlib.sha256(record.encode()).hexdigest()[:12]


# --- computed items ----------------------------------------------------------------------------------------


def proposals(
    office: Office, scheme: str, check: str, progress: Progress | None = None, units: Sequence[str] | None = None,
) -> list[Proposal]:
    """What every computed item would give every unit, out of the records that are here."""
    board = load_board(office, scheme)
    _known(check)
    one = board.scheme
    wanted = [code for code, _ in board.units if units is None or code in units]
    figures = _figures(office, one, check)
    progress = progress or Progress()
    found = []
    for number, unit in enumerate(wanted):
        progress.step(number, len(wanted), "按数据算分")
        for item in one.items:
            if item.computed:
                known, figure = figures(unit, item.indicator)
                points = points_of(item, figure) if known else Points(0, "本机没有这个指标，算不出来")
                found.append(Proposal(unit, item, figure, points, known))
    return found


def span(year: int, check: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day that a check looks at: the half year, or the whole."""
    return datetime.date(year, 1, 1), datetime.date(year, 6, 30) if check == "half" else datetime.date(year, 12, 31)


def _figures(office: Office, scheme: Scheme, check: str) -> Callable[[str, str], tuple[bool, int | None]]:
    """What finds a unit's figure of an indicator: whether it is known here, and hundredths (None without records)."""
    from fulian_desktop.domain.indicator import Share
    from fulian_desktop.services.indicators import figures_between, readable

    known = {one.code: one for one in readable(office) if one.has_total}
    codes = {item.indicator for item in scheme.items if item.computed} & known.keys()
    shares = [one.how for one in known.values() if one.code in codes and isinstance(one.how, Share)]
    codes |= {code for share in shares for code in (share.part, share.whole)}
    first, last = span(scheme.year, check)
    figures = figures_between(office, first, last, indicators=[known[code] for code in sorted(codes)], ids=False)

    def find(unit: str, code: str) -> tuple[bool, int | None]:
        one = known.get(code)
        if one is None:
            return False, None
        value = figures.figure(code, unit).value
        return True, value if value is None or one.is_money or one.is_share else value * 100

    return find


def accept_proposals(office: Office, scheme: str, check: str, given: Sequence[Proposal], progress: Progress | None = None) -> str:
    """Give the points that follow from the records, for all units as one act; reviews given by hand stay."""
    board = load_board(office, scheme)
    marks = [
        Mark(p.unit, ITEM, p.item.code, p.points.points, figure=p.figure or 0)
        for p in given if p.known and _may_replace(board.score(p.unit, check, ITEM, p.item.code))
    ]
    return give_points(office, scheme, check, marks, label="按数据算分", progress=progress)


def _may_replace(score: Score | None) -> bool:
    """Points that were worked out may be worked out again; those that a person gave are hers."""
    return score is None or score.review is None or score.review.points is None or score.review.figure is not None


# --- what the window asks for ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """A record that may prove an item, or does: its key, its name, its kind's label with more in words."""

    unit: str
    kind: str
    id: str
    name: str
    about: str


def evidence_of(office: Office, record: str) -> tuple[Evidence, ...]:
    """The records that are named as evidence in a score."""
    row = queries.find_by_id(office.workspace.db, record) if record else None
    named = (row.flat.get("evidence") or ()) if row is not None else ()
    return tuple(
        Evidence(e["unit"], e["kind"], e["id"], e.get("name", ""), kind_of(e["kind"]).label)
        for e in named if find_kind(e.get("kind", "")) is not None and e.get("id")
    )


def evidence_choices(office: Office, unit: str, typed: str = "", indicator: str = "", each: int = 30) -> list[Evidence]:
    """A unit's records that may prove something: found by what is typed, the latest first.

    Args:
        office: Where.
        unit: Whose records.
        typed: A name, pinyin initials, a number; blank: all.
        indicator: A computed item's; the kind that it counts comes first.
        each: At most so many of a kind.
    """
    from fulian_desktop.domain.indicators import find_indicator

    counted = find_indicator(indicator) if indicator else None
    kinds = [k for k in all_kinds() if k.cls == "ordinary" and k.nav not in ("", "assessment", "settings")]
    kinds.sort(key=lambda kind: counted is None or kind.code != counted.kind)
    found = []
    for kind in kinds:
        for row in queries.list_rows(
            office.workspace.db, kind, search=typed, unit=unit, sort="no", descending=True, limit=each
        ):
            day = str(row.flat.get(date_of(kind)) or "")
            found.append(Evidence(row.unit, kind.code, row.id, kind.name_of(row.flat), " ".join(filter(None, (kind.label, day)))))
    return found

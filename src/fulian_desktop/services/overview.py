"""The first page: what is to be done next, this year's figures, and one search over all kinds (DESIGN §9).

Rules:

* Only what is true now is a task; nothing is remembered, everything is read again.
* Figures come from the declarations: a kind counts by its date (:func:`date_of`), is added up by its asked number
  (:func:`number_of`) and its money (:func:`money_of`). Compared is the same stretch of last year.
* Every answer is a few grouped questions to the view, so that a township with 90,000 records does not wait.
"""

from __future__ import annotations

import calendar
import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from fulian_desktop.domain.committees import ELECTED, check_committee, committee_of, post_label, terms_ending
from fulian_desktop.domain.counting_by import date_of, money_of, number_of
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import HOUSEHOLDS, PEOPLE
from fulian_desktop.domain.stages import NominationStage, Stage, level_names, stage_of
from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.services.keeping import list_backups
from fulian_desktop.services.office import Office
from fulian_desktop.services.repeats import PROGRAM, repeats
from fulian_desktop.services.unsent import unsent_changes
from fulian_desktop.store import books, figures, queries
from fulian_desktop.store.drafts import drafts
from fulian_desktop.store.view import Row

NOTICE_AHEAD = 4
"""A notice is announced so many days before it ends."""

NOTICE_BEHIND = 90
"""An ended notice on which nothing followed is recalled for so many days."""

LOOKED_AT = 1_000
"""So many records with something open, the latest changed, are looked at: the first page must not take a second."""

BACKUP_DAYS = 7
SINGLY = 2
"""So many of one sort are named one by one; more stand in one line together."""


class Matter(Enum):
    """What sort of task it is, the most urgent first."""

    RETURNED = "returned"
    HAND_IN = "hand_in"
    OBJECTION = "objection"
    NOTICE_ENDED = "notice_ended"
    IN_NOTICE = "in_notice"
    CONFLICT = "conflict"
    FINDING = "finding"
    TWICE = "twice"
    TERM = "term"
    COMMITTEE = "committee"
    DRAFT = "draft"
    INCOMPLETE = "incomplete"
    BACKUP = "backup"


@dataclass(frozen=True)
class Task:
    """Something to be done.

    Attributes:
        what: Its sort. count: How many it is about. kind: Of which kind, a code. names: What the first are called.
        record, unit: The one record it is about, "" when it is about several. draft: The draft to go on with.
        about: The campaign of a nomination, the program of an aid. note: The reason of a return, what is lacking.
        level: Whose facts say so.
        more: How many records came from below besides.
        at: When (ms) it was typed, sent or backed up last. day: The day on which it runs out.
        by_kind: (kind's code, how many), the most first.
    """

    what: Matter
    count: int = 1
    more: int = 0
    kind: str = ""
    names: tuple[str, ...] = ()
    record: str = ""
    unit: str = ""
    draft: str = ""
    about: str = ""
    note: str = ""
    level: Level | None = None
    at: int | None = None
    day: datetime.date | None = None
    by_kind: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure of this year beside the same stretch of last year.

    Attributes:
        kind: Whose figure, a code. label: Its word. unit: Its measure word, "" for none.
        months: Twelve, this year's. total: Their sum. before: Last year's through the same day.
        dated: Whether the kind counts by a date of its own, not by the day of entry.
        money, money_before: What was given, in fen; None where the kind has no amount.
    """

    kind: str
    label: str
    unit: str
    months: tuple[int, ...]
    total: int
    before: int
    dated: bool = True
    money: int | None = None
    money_before: int = 0


@dataclass(frozen=True)
class Overview:
    """Everything on the first page that one question answers: living records, tasks, figures with the dated kinds first."""

    records: int
    tasks: tuple[Task, ...]
    figures: tuple[Figure, ...]


def overview(office: Office, day: datetime.date) -> Overview:
    """What is to be done on a day, and the figures of its year."""
    db = office.workspace.db
    nominations = list(_nominations(office, day))  # the longest question first: the window makes its page meanwhile
    marks = {kind: figures.marked(db, kind) for kind in office.kinds.all()}
    living = sum(mark.living for mark in marks.values())
    tasks = [
        *nominations, *_hand_in(office), *_conflicts(office, marks), *_findings(office), *_drafts(office), *_incomplete(marks),
        *_backup(office, day, living), *_twice(office), *_posts(office, day),
    ]
    return Overview(
        living,
        tuple(sorted(tasks, key=lambda task: _ORDER[task.what])),
        tuple(_figures(office, day, [kind for kind, mark in marks.items() if kind.cls != "published" and mark.living])),
    )


_ORDER = {what: place for place, what in enumerate(Matter)}


# --- tasks -------------------------------------------------------------------------------------------------


def _hand_in(office: Office) -> Iterator[Task]:
    """What was entered, and what came from below, since the last package for the office above."""
    entered = unsent_changes(office)
    if entered is None:
        return
    db = office.workspace.db
    sent = books.exports_to(db, office.parent)[-1:]
    at = sent[0].at if sent else None
    received = figures.received_since(db, at or 0)
    if entered or received:
        yield Task(Matter.HAND_IN, entered, more=received, at=at)


def _nominations(office: Office, day: datetime.date) -> Iterator[Task]:
    """Returned, objected to, notices that run out or have run out, of the kinds that have stages."""
    found: dict[Matter, list[Task]] = {}
    for kind in office.kinds.all():
        if kind.stages:
            for row in figures.rows_with_any(office.workspace.db, kind, _open_conditions(kind, day), LOOKED_AT):
                task = _of_stage(office, kind, row, stage_of(kind, row.flat, row.conflicts, day), day)
                if task is not None:
                    found.setdefault(task.what, []).append(task)
    for what, tasks in found.items():
        if len(tasks) <= SINGLY:
            yield from tasks
        else:
            days = [task.day for task in tasks if task.day is not None]
            names = tuple(name for task in tasks[:3] for name in task.names)
            yield Task(what, len(tasks), kind=tasks[0].kind, names=names, level=tasks[0].level, day=min(days, default=None))


def _open_conditions(kind: Kind, day: datetime.date) -> list[figures.Filled]:
    """Rows that may have an open stage; :func:`stage_of` says whether they have."""
    since = (day - datetime.timedelta(days=NOTICE_BEHIND)).isoformat()
    until = (day + datetime.timedelta(days=NOTICE_AHEAD)).isoformat()
    conditions = []
    for level in Level:
        names = level_names(kind, level)
        conditions += [figures.Filled(names[name], "returned", "returned") for name in ("approval_result", "review_result")]
        conditions += [figures.Filled(names["public_to"], since, until), figures.Filled(names["objection"])]
    return conditions


_STAGES = {
    Stage.RETURNED: Matter.RETURNED, Stage.OBJECTION: Matter.OBJECTION, Stage.NOTICE_ENDED: Matter.NOTICE_ENDED,
    Stage.IN_NOTICE: Matter.IN_NOTICE,
}


def _of_stage(office: Office, kind: Kind, row: Row, stage: NominationStage | None, day: datetime.date) -> Task | None:
    """The task that a stage is for this office, None when it is another's: a return is the lower office's to mend."""
    if stage is None or stage.level is None or stage.stage not in _STAGES:
        return None
    what, own = _STAGES[stage.stage], row.unit == office.unit
    mine = (own or stage.level < office.level) if what is Matter.RETURNED else stage.level == office.level
    if not mine and not (what is Matter.IN_NOTICE and own):
        return None
    ends = row.flat.get(level_names(kind, stage.level)["public_to"])
    last = datetime.date.fromisoformat(ends) if isinstance(ends, str) else None
    if what is Matter.IN_NOTICE and (last is None or last > day + datetime.timedelta(days=NOTICE_AHEAD)):
        return None
    return Task(
        what, kind=kind.code, names=(kind.name_of(row.flat),), record=row.id, unit=row.unit,
        about=str(row.flat.get("campaign_name", "")),
        note=str(row.flat.get(f"approval_{stage.level.code}_opinion", "")), level=stage.level, day=last,
    )


def _by_kind(counts: Mapping[Kind, int]) -> tuple[tuple[str, int], ...]:
    return tuple((kind.code, count) for kind, count in sorted(counts.items(), key=lambda pair: -pair[1]) if count)


def _conflicts(office: Office, marks: Mapping[Kind, figures.Marked]) -> Iterator[Task]:
    again: Counter[str] = Counter()
    if books.reopened(office.workspace.db):
        from fulian_desktop.services.reopening import reopened_records

        again.update(key.kind for key in reopened_records(office, alone=True))
    found = _by_kind({kind: mark.conflicts + again[kind.code] for kind, mark in marks.items()})
    if found:
        yield Task(Matter.CONFLICT, sum(count for _, count in found), by_kind=found)


def _findings(office: Office) -> Iterator[Task]:
    found = figures.unsettled_findings(office.workspace.db)
    if found:
        states = tuple(sorted(found.items(), key=lambda pair: -pair[1]))
        yield Task(Matter.FINDING, sum(found.values()), level=office.level, by_kind=states)


def _twice(office: Office) -> Iterator[Task]:
    """Who is down for what is given once in a lifetime more than once."""
    found = repeats(office)
    if found:
        yield Task(Matter.TWICE, len(found), kind="aid", names=tuple(one.name for one in found[:3]), about=PROGRAM)


def _posts(office: Office, day: datetime.date) -> Iterator[Task]:
    """Terms that run out, and committees that are too small; of a federation that has entered nobody nothing is said."""
    by_unit = _holders(office)
    kind, names = office.kinds.of("post_holder"), office.workspace.unit_names()
    ending = terms_ending(((unit, flat) for unit, flats in by_unit.items() for flat in flats), day)
    if ending:
        posts = dict.fromkeys(post_label(one.post) for one in ending)
        units = dict.fromkeys(names.get(one.unit, one.unit) for one in ending)
        yield Task(Matter.TERM, len(units), kind=kind.code, names=tuple(units)[:3], day=ending[0].last, note="、".join(posts))
    lacking = {
        unit: problems for unit, flats in by_unit.items()
        if any(flat["post"] in ELECTED for flat in flats)
        and (problems := check_committee(level_of(unit), names.get(unit, ""), committee_of(flats, day)))
    }
    if lacking:
        shown = tuple(names.get(unit, unit) for unit in lacking)[:3]
        note = "，".join(problem.text for problem in next(iter(lacking.values())))
        yield Task(Matter.COMMITTEE, len(lacking), kind=kind.code, names=shown, note=note)


_OF_A_HOLDER = ("unit", "post", "name", "organisation", "date_from", "date_to", "left_date", "people")


def _holders(office: Office) -> dict[str, list[dict[str, Any]]]:
    """The post holders of this unit and, in a township, of those below: of a county's the columns alone take too long."""
    below = {"unit": office.unit} if office.level >= Level.TOWNSHIP else {"where_equal": {"unit": office.unit}}
    found: dict[str, list[dict[str, Any]]] = {}
    kind = office.kinds.of("post_holder")
    if queries.count_rows(office.workspace.db, kind):
        for row in queries.list_keys(office.workspace.db, kind, _OF_A_HOLDER, **below):
            flat = dict(zip(_OF_A_HOLDER, row[3:], strict=True))
            found.setdefault(flat["unit"], []).append(flat)
    return found


def _drafts(office: Office) -> Iterator[Task]:
    found = drafts(office.workspace)
    if found:
        latest = found[0]
        kind = office.kinds.find(latest["kind"])
        name = kind.name_of(latest["entries"]) if kind else ""
        yield Task(
            Matter.DRAFT, len(found), kind=latest["kind"], names=(name,) if name else (), record=latest["record"] or "",
            draft=latest["id"], at=latest["at"],
        )


def _incomplete(marks: Mapping[Kind, figures.Marked]) -> Iterator[Task]:
    found = _by_kind({kind: mark.incomplete for kind, mark in marks.items()})
    if found:
        yield Task(Matter.INCOMPLETE, sum(count for _, count in found), kind=found[0][0], by_kind=found)


def _backup(office: Office, day: datetime.date, records: int) -> Iterator[Task]:
    at = last_backup(office)
    if records and (at is None or days_since(at, day) >= BACKUP_DAYS):
        yield Task(Matter.BACKUP, at=at)


def last_backup(office: Office) -> int | None:
    """When (ms) the last backup was made, by hand or by itself; None when there is none."""
    made = [int(one.at.timestamp() * 1000) for one in list_backups(office)[:1]]
    by_hand = figures.last_logged(office.workspace.db, "backup")
    return max([*made, *([by_hand] if by_hand is not None else [])], default=None)


def days_since(at: int, day: datetime.date) -> int:
    """How many days lie between a moment (ms) and a day."""
    return (day - datetime.date.fromtimestamp(at / 1000)).days


# --- figures -----------------------------------------------------------------------------------------------


def _figures(office: Office, day: datetime.date, kinds: Sequence[Kind]) -> Iterator[Figure]:
    """The dated kinds first, each followed by what is added up of it, then those that count by their entry."""
    stretches = [*_months(day), _last_year(day)]
    for kind in sorted(kinds, key=lambda kind: not date_of(kind)):
        number, money, dated = number_of(kind), money_of(kind), bool(date_of(kind))
        add = [*([number.flat[0]] if number is not None else []), *([money] if money else [])]
        found = figures.counted(office.workspace.db, kind, stretches, date_of(kind), add)
        counts = _beside([one.records for one in found])
        added = [_beside(sums) for sums in zip(*(one.sums for one in found), strict=True)]  # in the order of ``add``
        given = added[-1][1:] if money else (None, 0)
        yield Figure(kind.code, kind.label, kind.measure_word, *counts, dated, *given)
        if number is not None:
            unit = _UNITS.get(number.counts, "")
            yield Figure(kind.code, number.label.removesuffix(unit) or number.label, unit, *added[0], dated)


_UNITS = {PEOPLE: "人次", HOUSEHOLDS: "户次"}


def _months(day: datetime.date) -> Iterator[tuple[datetime.date, datetime.date]]:
    """First and last day of the twelve months of a day's year, through the day; a month to come has none."""
    for month in range(1, 13):
        last = datetime.date(day.year, month, calendar.monthrange(day.year, month)[1])
        yield datetime.date(day.year, month, 1), min(last, day)


def _last_year(day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """The stretch of last year that is compared: through the same day, of 29 February through the 28th."""
    last = day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)
    return last.replace(month=1, day=1), last


def _beside(stretches: Sequence[int]) -> tuple[tuple[int, ...], int, int]:
    """Twelve months, their sum, last year's."""
    *months, before = stretches
    return tuple(months), sum(months), before


# --- the last hand-in ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LastHandIn:
    """The last package for the office above.

    Attributes:
        upper_name: What the office above is called. linked: Whether its keys are here, so that one can hand in.
        number: Which one it was; 0: there was none. at: When (ms). records: How many it carried.
        received: Whether the office above has said that it holds all of it.
    """

    upper_name: str
    linked: bool
    number: int = 0
    at: int = 0
    records: int = 0
    received: bool = False


def last_hand_in(office: Office) -> LastHandIn | None:
    """How the last hand-in stands; None for an office that has none above."""
    if not office.parent:
        return None
    from fulian_desktop.services import handing_in

    where = handing_in.standing(office)
    last = next(iter(handing_in.hand_ins(office)), None)
    if last is None:
        return LastHandIn(where.upper_name, where.linked)
    return LastHandIn(where.upper_name, where.linked, last.number, last.at, last.records, last.received)


# --- one search over all kinds -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """A record that was found: what it is called and whose it is."""

    record: str
    unit: str
    name: str
    unit_name: str
    day: str


@dataclass(frozen=True)
class Hits:
    """The first hits of a kind; ``more`` says that there are others."""

    kind: str
    hits: tuple[Hit, ...]
    more: bool


def find_everywhere(office: Office, typed: str, each: int = 5) -> list[Hits]:
    """What matches the search box in every kind, ``each`` of a kind; kinds without a hit are left out."""
    names = office.workspace.unit_names()
    found = []
    for kind in office.kinds.all():
        rows = list(queries.list_rows(office.workspace.db, kind, search=typed, limit=each + 1)) if typed.strip() else []
        if rows:
            found.append(Hits(kind.code, tuple(_hit(kind, row, names, office.unit) for row in rows[:each]), len(rows) > each))
    return found


def _hit(kind: Kind, row: Row, names: Mapping[str, str], own: str) -> Hit:
    day = row.flat.get(date_of(kind), "")
    unit_name = "" if row.unit == own else names.get(row.unit, row.unit)
    return Hit(row.id, row.unit, kind.name_of(row.flat), unit_name, str(day))

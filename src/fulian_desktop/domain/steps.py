"""The way of a nomination as a row of steps, 申报 to 表彰, derived from its facts like its stage (domain/stages.py)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from fulian_desktop.domain.fields import Scalar
from fulian_desktop.domain.forms import cells_of
from fulian_desktop.domain.honors import RESULTS
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import NominationStage, Stage, deciding_level, stage_of
from fulian_desktop.domain.units import Level
from fulian_desktop.domain.workdays import HolidayTable

Flat = Mapping[str, Any]

Units = Mapping[Level, str]
"""What the unit that a record belongs to and those above it are called (清溪镇), as far as they are known, by their level."""

NOBODY: Units = MappingProxyType({})

MOST_NOTICE_DAYS, SHOWN_NOTICE_DAYS = 366, 10
"""So many days of a notice are counted, and so many are shown one by one."""

NAMES = ("申报", "初评", "公示", "审批", "表彰")
APPLY, REVIEW, NOTICE, APPROVAL, AWARD = range(5)

# Stage → the step that is in hand, and how it stands: now, bad (refused) or warn (goes back).
_AT = {
    Stage.DRAFT: (APPLY, "now"), Stage.SUBMITTED: (REVIEW, "now"), Stage.REVIEW_PASSED: (NOTICE, "now"),
    Stage.REVIEW_FAILED: (REVIEW, "bad"), Stage.IN_NOTICE: (NOTICE, "now"), Stage.NOTICE_ENDED: (APPROVAL, "now"),
    Stage.OBJECTION: (NOTICE, "warn"), Stage.APPROVED: (AWARD, "now"), Stage.REJECTED: (APPROVAL, "bad"),
    Stage.RETURNED: (APPROVAL, "warn"), Stage.AWARDED: (AWARD, "done"), Stage.WITHDRAWN: (APPLY, "warn"),
    Stage.REVOKED: (AWARD, "bad"),
}
TONES = {
    Stage.DRAFT: "mute", Stage.SUBMITTED: "info", Stage.REVIEW_PASSED: "info", Stage.REVIEW_FAILED: "error",
    Stage.IN_NOTICE: "running", Stage.NOTICE_ENDED: "info", Stage.OBJECTION: "warn", Stage.APPROVED: "ok",
    Stage.REJECTED: "error", Stage.RETURNED: "warn", Stage.AWARDED: "ok", Stage.WITHDRAWN: "mute", Stage.REVOKED: "error",
}
"""Stage → the tone of its badge."""


class Step(Immutable):
    """One step: its name, how it stands (``done``, ``now``, ``ahead``, ``bad``, ``warn``) and what is known of it."""

    name: str
    state: str
    about: str = ""


class Move(Immutable):
    """Something that can be done with a nomination where it stands.

    Attributes:
        label: The verb. icon: An icon's name.
        cell: The cell of its form that is to be filled, "" for none.
        fills: Cell → what is filled in at once, as typed; the record is then saved.
        paper: Code of the paper that it puts before the eyes (services/papers.py), "" for none.
        wait: Why it cannot be done yet and from when on, "" when it can.
    """

    label: str
    icon: str
    cell: str = ""
    fills: tuple[tuple[str, str], ...] = ()
    paper: str = ""
    wait: str = ""


class Day(Immutable):
    """A day of a notice: its date, whether it counts, and whether it is past, today or ahead."""

    date: datetime.date
    counts: bool
    when: str


class Notice(Immutable):
    """A level's public notice.

    Attributes:
        days: Its days, as :func:`notice_days` gives them. last: Its last day, None while that is not known.
        total, left: How many of its days count, and how many of these are left, today included.
        workdays: Whether weekends do not count.
        objection, finding: What was objected, and what came of it; "" for nothing.
    """

    days: tuple[Day, ...]
    last: datetime.date | None
    total: int
    left: int
    workdays: bool
    objection: str = ""
    finding: str = ""


class Standing(Immutable):
    """What is said of the step that is in hand.

    Attributes:
        name: Of the step. notice: The notice, when it is that step.
        facts: (label, type, value) of what was written about it.
        reason: Why it came back or was taken back, "" when nobody wrote it.
    """

    name: str
    facts: tuple[tuple[str, Scalar, Any], ...] = ()
    notice: Notice | None = None
    reason: str = ""


def steps_of(
    kind: Kind, flat: Flat, conflicts: Collection[str], today: datetime.date, *, units: Units = NOBODY
) -> tuple[NominationStage, tuple[Step, ...]] | None:
    """The stage of a record and its five steps; None for kinds without stages."""
    stage = stage_of(kind, flat, conflicts, today)
    if stage is None:
        return None
    level = stage.level or deciding_level(flat) or Level.VILLAGE
    here, state = _AT[stage.stage]
    if stage.stage is Stage.RETURNED and not flat.get(f"approval_{level.code}_result"):
        here = REVIEW
    abouts = _abouts(flat, level, units)
    expected = _expected(flat, units)
    found = []
    for place, name in enumerate(NAMES):
        now = state if place == here else "done" if place < here else "ahead"
        word = stage.stage.label if place == here and now in ("bad", "warn") else ""
        if abouts[place] and abouts[place].split()[-1] in word:
            word = ""  # the result says it
        if now == "ahead" and not abouts[place]:
            word = expected.get(place, "")
        found.append(Step(name, now, " ".join(filter(None, (word, abouts[place])))))
    return stage, tuple(found)


def badge_of(stage: NominationStage, flat: Flat) -> str:
    """What a record's badge says: the level only where another one decides."""
    return stage.stage.label if stage.level is deciding_level(flat) else stage.label


def _abouts(flat: Flat, level: Level, units: Units) -> tuple[str, ...]:
    code = level.code
    notice = "—".join(filter(None, (_day(flat, f"notice_{code}_from"), _day(flat, f"notice_{code}_to"))))
    review = _result(flat, f"review_{code}")
    points = [row.get("points") for row in flat.get("scores") or () if row.get("points") is not None]
    if review and points:
        review = f"{review}，{sum(points)} 分"
    applied = _day(flat, "submitted_date")
    if applied and units:
        applied = f"{applied} {units[max(units)]}"
    return (
        applied, review, notice, _result(flat, f"approval_{code}"), _day(flat, f"award_{code}_date"),
    )


def _expected(flat: Flat, units: Units) -> dict[int, str]:
    """What is said of steps that lie ahead: who decides, and that the award is open."""
    deciding = deciding_level(flat)
    return {APPROVAL: f"{_called(deciding, units)}妇联" if deciding is not None else "", AWARD: "待定"}


def _called(level: Level, units: Units) -> str:
    return units.get(level, level.label)


def _result(flat: Flat, name: str) -> str:
    result = flat.get(f"{name}_result")
    return " ".join(filter(None, (_day(flat, f"{name}_date"), RESULTS.label(str(result)) if result else "")))


def _day(flat: Flat, name: str) -> str:
    value = flat.get(name)
    if not isinstance(value, str):
        return ""
    _, month, day = value.split("-")
    return f"{int(month)}月{int(day)}日"


def notice_days(
    flat: Flat, level: Level, *, workdays: bool, today: datetime.date, most: int = SHOWN_NOTICE_DAYS,
    holidays: HolidayTable | None = None,
) -> tuple[Day, ...]:
    """The days of a level's notice, at most ``most``; none before both its ends are known."""
    table = holidays or HolidayTable()
    first, last = (flat.get(f"notice_{level.code}_{end}") for end in ("from", "to"))
    if not isinstance(first, str) or not isinstance(last, str):
        return ()
    start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    count = (end - start).days + 1
    if not 0 < count <= most:
        return ()
    days = (start + datetime.timedelta(days=n) for n in range(count))
    return tuple(
        Day(day, not workdays or table.is_workday(day), "today" if day == today else "past" if day < today else "ahead")
        for day in days
    )


_FACTS = {REVIEW: ("review",), NOTICE: ("notice",), APPROVAL: ("approval",), AWARD: ("approval", "award", "revoked")}


def standing_of(
    kind: Kind, flat: Flat, stage: NominationStage, *, workdays: bool, today: datetime.date, holidays: HolidayTable | None = None,
) -> Standing:
    """What is said of the step that a record stands at.

    Args:
        kind: The record's kind.
        flat: Its flat values.
        stage: Its stage.
        workdays: Whether its notice leaves weekends out.
        today: For a notice that is running.
        holidays: The days off that were issued.
    """
    here = _AT[stage.stage][0]
    level = stage.level or deciding_level(flat) or Level.VILLAGE
    code = level.code
    if stage.stage is Stage.RETURNED and not flat.get(f"approval_{code}_result"):
        here = REVIEW
    names = {f"{fact}_{code}" for fact in _FACTS.get(here, ())} or {"submitted_date", "withdrawn_date"}
    in_notice = stage.stage in (Stage.IN_NOTICE, Stage.NOTICE_ENDED, Stage.OBJECTION)
    notice = notice_of(flat, level, workdays=workdays, today=today, holidays=holidays) if in_notice else None
    reason = {Stage.RETURNED: f"approval_{code}_opinion", Stage.REJECTED: f"approval_{code}_opinion",
              Stage.REVOKED: f"revoked_{code}_reason"}.get(stage.stage, "")
    facts = tuple(
        (cell.label, cell.type, flat[cell.flats[0]]) for cell in cells_of(kind)
        if cell.field.code in names and isinstance(cell.type, Scalar) and cell.name != reason
        and flat.get(cell.flats[0]) not in (None, "")
    )
    return Standing(NAMES[NOTICE] if notice is not None else NAMES[here], facts, notice, str(flat.get(reason) or ""))


def notice_of(
    flat: Flat, level: Level, *, workdays: bool, today: datetime.date, holidays: HolidayTable | None = None,
) -> Notice:
    """A level's notice, how many of its days are left, and what was objected."""
    every = notice_days(flat, level, workdays=workdays, today=today, most=MOST_NOTICE_DAYS, holidays=holidays)
    last = flat.get(f"notice_{level.code}_to")
    return Notice(
        every if len(every) <= SHOWN_NOTICE_DAYS else (), datetime.date.fromisoformat(last) if isinstance(last, str) else None,
        sum(day.counts for day in every), sum(day.counts and day.when != "past" for day in every), workdays,
        str(flat.get(f"notice_{level.code}_objection") or ""), str(flat.get(f"notice_{level.code}_finding") or ""),
    )


# --- what can be done ----------------------------------------------------------------------------------------


def moves_of(
    kind: Kind, flat: Flat, conflicts: Collection[str], today: datetime.date, *, office: Level, units: Units = NOBODY,
) -> tuple[Move, ...]:
    """What an office can do with a record where it stands, the next step last; empty for kinds without stages.

    An office acts at its own level; above the level that decides, it acts in that one's place. What a level above has
    taken in hand is out of its own.

    Args:
        kind: The record's kind.
        flat: Its flat values.
        conflicts: Field codes in conflict.
        today: For notices that are running.
        office: The level of the office.
        units: What the record's unit and those above it are called.
    """
    stage = stage_of(kind, flat, conflicts, today)
    if stage is None:
        return ()
    deciding = deciding_level(flat)
    own = office if deciding is None else max(office, deciding)
    if stage.level is not None and stage.level < own and stage.stage is not Stage.RETURNED:
        return ()
    if stage.level is not None and stage.level > own:  # a level below recommends it
        return () if stage.stage is Stage.RETURNED else (_fill("填初评", f"review_{own.code}_result"),)
    return _moves_at(stage.stage, flat, own, deciding, today, units)


WITHDRAWABLE = frozenset({
    Stage.SUBMITTED, Stage.REVIEW_PASSED, Stage.IN_NOTICE, Stage.NOTICE_ENDED, Stage.OBJECTION,
})
"""The stages in which an application that was handed in can still be taken back."""


def withdrawal_of(
    kind: Kind, flat: Flat, conflicts: Collection[str], today: datetime.date
) -> Move | None:
    """How the unit that handed a record in takes it back; None where there is nothing to take back."""
    stage = stage_of(kind, flat, conflicts, today)
    if stage is None or stage.stage not in WITHDRAWABLE or not flat.get("submitted_date"):
        return None
    return Move("撤回申报", "undo", fills=(("withdrawn_date", _typed(today)),))


# Stage → what comes next: said to the office whose turn it is, and to all others.
_NEXT = {
    Stage.DRAFT: ("材料填齐、核查过，就可以送审。", "还没有送审。"),
    Stage.SUBMITTED: ("已经送审。下一步：初评。", "已经送审，等{level}初评。"),
    Stage.REVIEW_PASSED: ("初评通过了。下一步：公示。", "初评通过了，等上级往下办。"),
    Stage.REVIEW_FAILED: ("初评没有通过，就到这里。", "初评没有通过，就到这里。"),
    Stage.IN_NOTICE: ("正在公示。", "{level}正在公示，期满以后由{level}往下办。"),
    Stage.NOTICE_ENDED: ("公示期满，没有未办结的异议，可以往下办了。", "{level}公示期满，等{level}审批。"),
    Stage.OBJECTION: ("公示有异议。查清楚，写明处理结果，才能往下办。", "公示有异议，等{level}写明处理结果。"),
    Stage.APPROVED: ("审批通过了。下一步：表彰。", "{level}审批通过了，等表彰。"),
    Stage.REJECTED: ("审批没有通过，就到这里。", "审批没有通过，就到这里。"),
    Stage.RETURNED: ("按退回原因改好，再送审。", "已经退回，等改好再送审。"),
    Stage.AWARDED: ("已经表彰，都办完了。", "已经表彰，都办完了。"),
    Stage.WITHDRAWN: ("申报已经撤回。还要评的，再送审一次。", "申报已经撤回。"),
    Stage.REVOKED: ("荣誉已经撤销。", "荣誉已经撤销。"),
}


def next_words(stage: NominationStage, moves: Collection[Move], units: Units = NOBODY) -> str:
    """What comes next, in a sentence; why it must wait, when it must."""
    wait = next((move.wait for move in moves if move.wait), "")
    ours, others = _NEXT[stage.stage]
    level = f"{_called(stage.level, units)}妇联" if stage.level is not None else "上级"
    return f"{wait}。" if wait else (ours if moves else others).format(level=level)


def _moves_at(
    stage: Stage, flat: Flat, own: Level, deciding: Level | None, today: datetime.date, units: Units
) -> tuple[Move, ...]:
    code, notice = own.code, f"notice_{own.code}"
    sent_on = deciding is not None and own is not deciding
    if stage in (Stage.DRAFT, Stage.WITHDRAWN, Stage.RETURNED):
        return (_submit(flat, today, returned=stage is Stage.RETURNED),)
    if stage is Stage.REVIEW_PASSED and sent_on and flat.get(f"approval_{code}_result"):
        return ()  # the level above has it now
    if stage is Stage.IN_NOTICE:
        return (
            Move("登记异议", "comment", cell=f"{notice}_objection"), Move("打印公示", "print", paper="notice"),
            _decide(own, deciding, today, units, wait=_until(flat.get(f"{notice}_to"))),
        )
    if stage is Stage.NOTICE_ENDED:
        return (_decide(own, deciding, today, units),)
    filled = {
        Stage.SUBMITTED: ("填初评", f"review_{code}_result"), Stage.REVIEW_PASSED: ("填公示", f"{notice}_from"),
        Stage.OBJECTION: ("填处理结果", f"{notice}_finding"), Stage.APPROVED: ("填表彰", f"award_{code}_date"),
    }
    return (_fill(*filled[stage]),) if stage in filled else ()


def _fill(label: str, cell: str) -> Move:
    return Move(label, "edit", cell=cell)


def _submit(flat: Flat, today: datetime.date, *, returned: bool) -> Move:
    """Hand it in, or again; a return is over once it is handed in on a later day (domain/stages.py)."""
    days = [str(flat.get(f"{step}_{level.code}_date") or "") for step in ("review", "approval") for level in Level]
    wait = "今天刚退回，改好以后，明天起可以再送审" if returned and max(days) >= today.isoformat() else ""
    back = (("withdrawn_date", ""),) if flat.get("withdrawn_date") else ()  # on the day itself it would still be withdrawn
    return Move("送审", "export", fills=(("submitted_date", _typed(today)), *back), wait=wait)


def _decide(own: Level, deciding: Level | None, today: datetime.date, units: Units, wait: str = "") -> Move:
    """Where this level decides, its approval; below it, the recommendation upwards."""
    approval = f"approval_{own.code}"
    if deciding is None or own is deciding:
        return Move("填审批", "edit", cell=f"{approval}_result", wait=f"{wait}可以审批" if wait else "")
    label = f"送{_called(deciding, units)}审批"
    fills = ((f"{approval}_result", "passed"), (f"{approval}_date", _typed(today)))
    return Move(label, "export", fills=fills, wait=f"{wait}可以{label}" if wait else "")


def _until(last: object) -> str:
    """``3月12日起、没有未办结的异议，就``."""
    if not isinstance(last, str):
        return "填上公示的最后一天，期满以后，就"
    after = datetime.date.fromisoformat(last) + datetime.timedelta(days=1)
    return f"{after.month}月{after.day}日起、没有未办结的异议，就"


def _typed(day: datetime.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

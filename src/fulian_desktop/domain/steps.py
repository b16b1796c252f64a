"""The way of a nomination as a row of steps, 申报 to 表彰, derived from its facts like its stage (domain/stages.py)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from fulian_desktop.domain.honors import RESULTS
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import NominationStage, Stage, deciding_level, stage_of
from fulian_desktop.domain.units import Level
from fulian_desktop.domain.workdays import HolidayTable

Flat = Mapping[str, Any]

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
    Stage.IN_NOTICE: "accent", Stage.NOTICE_ENDED: "info", Stage.OBJECTION: "warn", Stage.APPROVED: "ok",
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


def steps_of(
    kind: Kind, flat: Flat, conflicts: Collection[str], today: datetime.date
) -> tuple[NominationStage, tuple[Step, ...]] | None:
    """The stage of a record and its five steps; None for kinds without stages."""
    stage = stage_of(kind, flat, conflicts, today)
    if stage is None:
        return None
    level = stage.level or deciding_level(flat) or Level.VILLAGE
    here, state = _AT[stage.stage]
    if stage.stage is Stage.RETURNED and not flat.get(f"approval_{level.code}_result"):
        here = REVIEW
    abouts = _abouts(flat, level)
    found = []
    for place, name in enumerate(NAMES):
        now = state if place == here else "done" if place < here else "ahead"
        word = stage.stage.label if place == here and now in ("bad", "warn") else ""
        if abouts[place] and abouts[place].split()[-1] in word:
            word = ""  # the result says it
        found.append(Step(name, now, " ".join(filter(None, (word, abouts[place])))))
    return stage, tuple(found)


def _abouts(flat: Flat, level: Level) -> tuple[str, ...]:
    code = level.code
    notice = "—".join(filter(None, (_day(flat, f"notice_{code}_from"), _day(flat, f"notice_{code}_to"))))
    return (
        _day(flat, "submitted_date"), _result(flat, f"review_{code}"), notice, _result(flat, f"approval_{code}"),
        _day(flat, f"award_{code}_date"),
    )


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
    flat: Flat, level: Level, *, workdays: bool, today: datetime.date, most: int = 10, holidays: HolidayTable | None = None,
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


# --- what can be done ----------------------------------------------------------------------------------------


def moves_of(
    kind: Kind, flat: Flat, conflicts: Collection[str], today: datetime.date, *, office: Level
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
    return _moves_at(stage.stage, flat, own, deciding, today)


def _moves_at(stage: Stage, flat: Flat, own: Level, deciding: Level | None, today: datetime.date) -> tuple[Move, ...]:
    code, notice = own.code, f"notice_{own.code}"
    sent_on = deciding is not None and own is not deciding
    if stage in (Stage.DRAFT, Stage.WITHDRAWN, Stage.RETURNED):
        return (_submit(flat, today, returned=stage is Stage.RETURNED),)
    if stage is Stage.REVIEW_PASSED and sent_on and flat.get(f"approval_{code}_result"):
        return ()  # the level above has it now
    if stage is Stage.IN_NOTICE:
        return (
            Move("登记异议", "comment", cell=f"{notice}_objection"), Move("打印公示", "print", paper="notice"),
            _decide(own, deciding, today, wait=_until(flat.get(f"{notice}_to"))),
        )
    if stage is Stage.NOTICE_ENDED:
        return (_decide(own, deciding, today),)
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
    return Move("送审", "export", fills=(("submitted_date", _typed(today)),), wait=wait)


def _decide(own: Level, deciding: Level | None, today: datetime.date, wait: str = "") -> Move:
    """Where this level decides, its approval; below it, the recommendation upwards."""
    approval = f"approval_{own.code}"
    if deciding is None or own is deciding:
        return Move("填审批", "edit", cell=f"{approval}_result", wait=f"{wait}可以审批" if wait else "")
    label = f"送{deciding.label}审批"
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

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


def notice_days(flat: Flat, level: Level, *, workdays: bool, today: datetime.date, most: int = 10) -> tuple[Day, ...]:
    """The days of a level's notice, at most ``most``; none before both its ends are known."""
    first, last = (flat.get(f"notice_{level.code}_{end}") for end in ("from", "to"))
    if not isinstance(first, str) or not isinstance(last, str):
        return ()
    start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    count = (end - start).days + 1
    if not 0 < count <= most:
        return ()
    days = (start + datetime.timedelta(days=n) for n in range(count))
    return tuple(
        Day(day, not workdays or day.weekday() < 5, "today" if day == today else "past" if day < today else "ahead")
        for day in days
    )

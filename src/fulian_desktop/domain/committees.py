"""Who leads a federation: whether there are as many as there have to be, and whose term runs out (DOMAIN §1 row 1).

Rules:

* A community's or village's federation has a chair, two part-time vice chairs and fifteen executives at least, a street's or
  township's two and thirty. Above them nothing is asked for here.
* Chair and vice chairs are executives too and count as such. A row may stand for many.
* Who has left, whose term has not begun or has ended, and who holds a post in an organisation of its own, is not counted.
* A term runs out for a post of a unit, not for a person: where a later one is entered, the earlier one is history.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fulian_desktop.domain.kinds.post_holder import POSTS, held
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import text_of, whole_of
from fulian_desktop.domain.units import Level

Flat = Mapping[str, Any]

ELECTED = ("chair", "vice_chair", "part_time_vice_chair", "executive")
"""The posts of a committee, the first ones first."""

TERM_AHEAD = 90
"""A term is announced so many days before it ends."""


class Required(NamedTuple):
    """How many part-time vice chairs and executives a federation has at least."""

    part_time: int
    executives: int


class Committee(NamedTuple):
    """How many hold a post in a federation on a day; executives include chair and vice chairs."""

    chairs: int
    part_time: int
    executives: int


class Ending(NamedTuple):
    """A post of a unit whose latest term ends soon or has ended: its last day, and who holds or held it."""

    unit: str
    post: str
    last: datetime.date
    names: tuple[str, ...]


# What stands in a unit's name → what the unit is; the first that fits.
_BODIES = {
    Level.VILLAGE: (("社区", "社区"), ("居委会", "社区"), ("", "村")),
    Level.TOWNSHIP: (("街道", "街道"), ("", "乡镇")),
}
REQUIRED: Mapping[Level, Required] = {Level.VILLAGE: Required(2, 15), Level.TOWNSHIP: Required(2, 30)}
"""What is asked for at each level; nothing of the levels above."""


def required_of(level: Level) -> Required | None:
    """How many a federation of a level has at least; None where nothing is asked for."""
    return REQUIRED.get(level)


def body_of(level: Level, name: str) -> str:
    """What a unit of a level and name is: 社区 or 村, 街道 or 乡镇; else the level's own word."""
    return next((body for sign, body in _BODIES.get(level, ()) if sign in name), level.label)


def committee_of(holders: Iterable[Flat], day: datetime.date) -> Committee:
    """Who leads a federation on a day.

    Args:
        holders: Flat values of the post holders of one unit.
        day: On which they have to stand.
    """
    counts = dict.fromkeys(ELECTED, 0)
    for flat in holders:
        if flat.get("post") in counts and not flat.get("organisation") and _stands(flat, day):
            number = whole_of(flat, "people")
            counts[flat["post"]] += 1 if number is None else number
    return Committee(counts["chair"], counts["part_time_vice_chair"], sum(counts.values()))


def check_committee(level: Level, name: str, committee: Committee) -> list[Problem]:
    """What a federation lacks of those who have to lead it.

    Args:
        level: Of the unit.
        name: What the unit is called, which says whether it is a 社区 or a 村.
        committee: Who leads it.

    Returns:
        ``committee-chair``, ``committee-vice-chairs``, ``committee-executives``; nothing where nothing is asked for.
    """
    required = required_of(level)
    if required is None:
        return []
    body, found = body_of(level, name), []
    if not committee.chairs:
        found.append(Problem("committee-chair", "还没有主席", "post"))
    for code, label, have, least in (
        ("committee-vice-chairs", "兼职副主席", committee.part_time, required.part_time),
        ("committee-executives", "执委", committee.executives, required.executives),
    ):
        if have < least:
            found.append(Problem(code, f"{label} {have} 人，{body}至少 {least} 人，还差 {least - have} 人", "post"))
    return found


def terms_ending(holders: Iterable[tuple[str, Flat]], day: datetime.date, ahead: int = TERM_AHEAD) -> list[Ending]:
    """The posts whose term ends within so many days or has ended without a later one, the earliest first.

    Args:
        holders: (unit, flat values) of post holders.
        day: Today.
        ahead: How many days before its end a term is named.
    """
    posts: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for unit, flat in holders:
        left = text_of(flat, "left_date")
        if flat.get("post") in ELECTED and not flat.get("organisation") and not (left and left <= day.isoformat()):
            posts.setdefault((unit, str(flat["post"])), []).append((text_of(flat, "date_to"), str(flat.get("name") or "")))
    limit, found = (day + datetime.timedelta(days=ahead)).isoformat(), []
    for (unit, post), terms in posts.items():
        last = max((end or "9999" for end, _ in terms), default="9999")
        if last <= limit:
            names = tuple(name for end, name in terms if end == last and name)
            found.append(Ending(unit, post, datetime.date.fromisoformat(last), names))
    return sorted(found, key=lambda one: (one.last, one.unit, ELECTED.index(one.post)))


def post_label(post: str) -> str:
    """What a post is called."""
    return POSTS.label(post)


def _stands(flat: Flat, day: datetime.date) -> bool:
    first, last = held(flat)
    today = day.isoformat()
    return (not first or first <= today) and (not last or today <= last)

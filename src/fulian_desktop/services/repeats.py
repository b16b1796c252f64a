"""两癌救助 given to one person more than once, over all units and years that are held here (DESIGN §8).

At entry and at approval a person is warned of it (``services.lookups``); what came together only by a merge is found here. It
is looked for in one go: a county has some thousand such aids. An aid whose reason is written down is no doubt any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fulian_desktop.domain.texts import search_key
from fulian_desktop.services.office import Office
from fulian_desktop.store import recipients
from fulian_desktop.store.recipients import Given

PROGRAM = "two_cancers"


@dataclass(frozen=True)
class Repeat:
    """One person who is down for it several times: the name, and the aids with their units."""

    name: str
    records: tuple[str, ...]
    units: tuple[str, ...]


def repeats(office: Office, among: Collection[str] | None = None) -> list[Repeat]:
    """Who is down for 两癌救助 more than once.

    Args:
        office: Whose records.
        among: Ids of aids of which at least one has to be concerned; None for all.
    """
    db = office.workspace.db
    aids = recipients.given(db, PROGRAM)
    if len(aids) < 2:
        return []
    numbers = recipients.id_numbers(db, {aid.recipient for aid in aids})
    groups = plan_persons(aids, numbers, recipients.joined(db))
    return [
        Repeat(group[0].name, tuple(aid.id for aid in group), tuple(aid.unit for aid in group))
        for group in groups
        if sum(not aid.explained for aid in group) > 1 and (among is None or any(aid.id in among for aid in group))
    ]


def plan_persons(
    aids: Sequence[Given], numbers: Mapping[str, str], joined: Sequence[tuple[str, str]]
) -> list[list[Given]]:
    """The aids person by person: one recipient's record, records with one ID number, records that were judged to be one."""
    stands: dict[str, str] = {}

    def find(one: str) -> str:
        while (onward := stands.get(one, one)) != one:
            one = onward
        return one

    def join(first: str, second: str) -> None:
        one, other = sorted((find(first), find(second)))
        stands[other] = one

    for first, second in joined:
        join(first, second)
    for record, number in numbers.items():
        join(record, f"#{search_key(number).replace(' ', '')}")
    persons: dict[str, list[Given]] = {}
    for aid in aids:
        persons.setdefault(find(aid.recipient), []).append(aid)
    return list(persons.values())

"""Rules that need other records, fetched from the workspace and judged in ``domain`` (DOMAIN §2). They warn.

What refers to a record is asked for by the whole group that it was judged to be one with (``same_as``), so that a person who
moved, or was entered twice, is one person here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from fulian_desktop.domain.checks import (
    check_festival,
    check_higher_level,
    check_once_in_a_lifetime,
    check_title_once,
    unexplained,
)
from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.stages import HONORED, stage_of
from fulian_desktop.services.office import Office, today
from fulian_desktop.store import queries
from fulian_desktop.store.joining import group_of
from fulian_desktop.store.view import Row

Flat = Mapping[str, Any]


class _Asked(NamedTuple):
    """A record as it is about to stand; ``record`` is its id, None for a new one; ``unit``: whose."""

    office: Office
    kind: Kind
    flat: Flat
    record: str | None
    unit: str


def other_record_problems(
    office: Office, kind: Kind, flat: Flat, record: str | None, unit: str | None = None,
) -> list[Problem]:
    """What other records say against this one.

    Args:
        office: Where they are looked for.
        kind: Its kind.
        flat: Its flat values.
        record: Its id, None for a new one.
        unit: Whose it is; known by itself of a record that is here, else this office's.
    """
    judge = _RULES.get(kind.code)
    if judge is None:
        return []
    if unit is None:
        row = queries.find_by_id(office.workspace.db, record) if record else None
        unit = row.unit if row is not None else office.unit
    return unexplained(flat, judge(_Asked(office, kind, flat, record, unit)))


def notice_facts(office: Office, kind: Kind, flat: Flat, unit: str) -> dict[str, Any]:
    """What the rules of a notice need besides: how long its campaign lets it run, and the holidays issued for the unit."""
    record = flat.get("campaign") if kind.stages else None
    campaign = queries.find_by_id(office.workspace.db, str(record), flat.get("campaign_unit")) if record else None
    return {} if campaign is None else campaign_facts(office, campaign.flat, unit)


def campaign_facts(office: Office, campaign: Flat, unit: str) -> dict[str, Any]:
    """What the flat values of a campaign say to the notice of a unit's nomination, as ``domain.rules`` reads it."""
    return {
        "campaign_public_days": campaign.get("public_days"), "campaign_workdays": campaign.get("workdays"),
        "campaign_holidays": office.kinds.for_unit(unit).holidays,
    }


# --- aid ---------------------------------------------------------------------------------------------------


def _aid(asked: _Asked) -> list[Problem]:
    return [*_once(asked), *_festival(asked), *_donation_left(asked)]


def _once(asked: _Asked) -> list[Problem]:
    """两癌救助 once in a lifetime, by ID number over all villages and years that this office holds."""
    office, flat = asked.office, asked.flat
    if flat.get("program") != "two_cancers":
        return []
    this = _with_id_number(office, flat)
    found = {row.id: row for holder in _same_person(office, this) for row in _naming(asked, "recipient", holder)}
    name = flat.get("recipient_name")
    if name:
        named = queries.list_rows(office.workspace.db, asked.kind, search=str(name))
        found |= {row.id: row for row in named if row.flat.get("recipient_name") == name}
    others = [
        _with_id_number(office, row.flat)
        for row in found.values() if row.id != asked.record and row.flat.get("program") == "two_cancers"
    ]
    return check_once_in_a_lifetime(this, _as_this(asked, "recipient", others))


def _same_person(office: Office, this: Flat) -> set[str]:
    """Ids of the records that are of this recipient: the one named, and those with the same ID number."""
    ids = {str(this["recipient"])} if this.get("recipient") else set()
    number = this.get("recipient_id_number")
    if number:
        for code, column in (("person", "id_number"), ("family", "head_id_number")):
            rows = queries.list_rows(office.workspace.db, office.kinds.of(code), search=str(number))
            ids |= {row.id for row in rows if row.flat.get(column) == number}
    return ids


def _with_id_number(office: Office, flat: Flat) -> dict[str, Any]:
    """An aid with the ID number of its recipient, which another record of the same person may have."""
    for record in _group(office, flat, "recipient"):
        row = queries.find_by_id(office.workspace.db, record)
        number = None if row is None else row.flat.get("id_number") or row.flat.get("head_id_number")
        if number:
            return {**flat, "recipient_id_number": number}
    return dict(flat)


def _festival(asked: _Asked) -> list[Problem]:
    if not asked.flat.get("festival"):
        return []
    return check_festival(asked.flat, _as_this(asked, "recipient", [row.flat for row in _naming(asked, "recipient")]))


def _donation_left(asked: _Asked) -> list[Problem]:
    donation = queries.find_by_id(asked.office.workspace.db, str(asked.flat.get("donation") or ""))
    if donation is None:
        return []
    from fulian_desktop.domain.kinds.donation import check_left

    return check_left(asked.flat, donation.flat, [row.flat for row in _naming(asked, "donation")])


def _donation(asked: _Asked) -> list[Problem]:
    from fulian_desktop.domain.kinds.donation import check_spent

    aids = queries.list_rows(asked.office.workspace.db, asked.office.kinds.of("aid"), where_equal={"donation": asked.record})
    return check_spent(asked.flat, [row.flat for row in aids]) if asked.record else []


# --- nominations -------------------------------------------------------------------------------------------


def _nomination(asked: _Asked) -> list[Problem]:
    """A title once a year, and none that is held at a higher level already."""
    office, who = asked.office, next((name for name in ("family", "person") if asked.flat.get(name)), "")
    if not who:
        return []
    this = {**asked.flat, **_campaign_facts(office, asked.flat)}
    others = _as_this(asked, who, [
        {**row.flat, **_campaign_facts(office, row.flat), **_held(asked.kind, row)} for row in _naming(asked, who)
    ])
    return [*check_title_once(this, others), *check_higher_level(this, [*others, *_honors(asked, who)])]


def _held(kind: Kind, row: Row) -> dict[str, Any]:
    """At which level a nomination has brought its title."""
    stage = stage_of(kind, row.flat, row.conflicts, today())
    level = stage.level if stage is not None and stage.stage in HONORED else None
    return {"held_level": level.code} if level is not None else {}


def _honors(asked: _Asked, who: str) -> Iterator[dict[str, Any]]:
    """Titles that were entered as they are, not won in a campaign that is known here."""
    office, holder = asked.office, asked.flat[who]
    for row in queries.list_rows(office.workspace.db, office.kinds.of("honor"), where_equal={"holder": holder}):
        if not row.flat.get("revoked_date"):
            yield {who: holder, "campaign_honor": row.flat.get("title"), "held_level": row.flat.get("level")}


def _campaign_facts(office: Office, flat: Flat) -> dict[str, Any]:
    row = queries.find_by_id(office.workspace.db, str(flat.get("campaign") or ""))
    if row is None or row.kind != office.kinds.of("campaign").code:
        return {}
    honor, type_ = row.flat.get("honor"), office.kinds.of("campaign").flat["honor"].type
    return {
        "campaign_honor": honor, "campaign_year": row.flat.get("year"), "campaign_unit": row.unit,
        "campaign_honor_label": type_.codes.label(str(honor)) if honor and isinstance(type_, Code) else None,
    }


# --- pairs and posts ---------------------------------------------------------------------------------------


def _pairing(asked: _Asked) -> list[Problem]:
    from fulian_desktop.domain.kinds.pairing import check_paired_twice

    found = {row.id: row for row in _naming(asked, "recipient")}
    same_helper = {"helper": asked.flat.get("helper")}
    found |= {row.id: row for row in queries.list_rows(asked.office.workspace.db, asked.kind, where_equal=same_helper)}
    others = [row.flat for row in found.values() if row.id != asked.record]
    return check_paired_twice(asked.flat, _as_this(asked, "recipient", others))


def _post(asked: _Asked) -> list[Problem]:
    from fulian_desktop.domain.kinds.post_holder import ONE_HOLDER, check_post_held

    post = asked.flat.get("post")
    if post not in ONE_HOLDER:
        return []
    rows = queries.list_rows(asked.office.workspace.db, asked.kind, where_equal={"post": post}, unit=asked.unit)
    others = [row.flat for row in rows if row.unit == asked.unit and row.id != asked.record]
    return check_post_held(asked.flat, _as_this(asked, "organisation", others))


_RULES: dict[str, Callable[[_Asked], list[Problem]]] = {
    "aid": _aid, "donation": _donation, "nomination": _nomination, "pairing": _pairing, "post_holder": _post,
}


# --- who is one with whom ----------------------------------------------------------------------------------


def _naming(asked: _Asked, name: str, record: str = "") -> list[Row]:
    """The other records of the kind that name, as ``name``, what this one names (or ``record``) or what is one with it."""
    wanted = record or asked.flat.get(name)
    if not wanted:
        return []
    rows = queries.list_rows(asked.office.workspace.db, asked.kind, where_equal={name: wanted})
    return [row for row in rows if row.id != asked.record]


def _group(office: Office, flat: Flat, name: str) -> list[str]:
    """The record that a reference names and those that are one with it."""
    kind = office.kinds.find(str(flat.get(f"{name}_kind") or ""))
    if not flat.get(name) or kind is None:
        return [str(flat[name])] if flat.get(name) else []
    return group_of(office.workspace.db, kind, str(flat[name]))


def _as_this(asked: _Asked, name: str, others: Iterable[Flat]) -> list[dict[str, Any]]:
    """Other records, naming for a record that is one with the one that this record names that one: so they can be compared."""
    group = _group(asked.office, asked.flat, name)
    return [{**flat, name: group[0]} if flat.get(name) in group else dict(flat) for flat in others]

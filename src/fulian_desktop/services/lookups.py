"""Rules that need other records, fetched from the workspace and judged in ``domain.checks`` (DOMAIN §2). They warn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fulian_desktop.domain.checks import check_festival, check_higher_level, check_once_in_a_lifetime, check_title_once
from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.services.office import Office
from fulian_desktop.store import queries
from fulian_desktop.store.view import Row


def other_record_problems(office: Office, kind: Kind, flat: Mapping[str, Any], record: str | None) -> list[Problem]:
    """What other records say against this one."""
    if kind.code == "aid":
        others = _same(office, kind, "recipient", flat.get("recipient"), record)
        return [*_once(office, kind, flat, record), *check_festival(flat, others)]
    if kind.code == "nomination" and flat.get("family"):
        honor = _campaign_facts(office, flat)
        others = [
            {**o, **_campaign_facts(office, o)} for o in _same(office, kind, "family", flat.get("family"), record)
        ]
        return [*check_title_once({**flat, **honor}, others), *check_higher_level({**flat, **honor}, others)]
    return []


def notice_facts(office: Office, kind: Kind, flat: Mapping[str, Any], unit: str) -> dict[str, Any]:
    """What the rules of a notice need besides: how long its campaign lets it run, and the holidays issued for the unit."""
    record = flat.get("campaign") if kind.stages else None
    campaign = queries.find_by_id(office.workspace.db, str(record), flat.get("campaign_unit")) if record else None
    if campaign is None:
        return {}
    days, workdays = campaign.flat.get("public_days"), campaign.flat.get("workdays")
    return {
        "campaign_public_days": days, "campaign_workdays": workdays,
        "campaign_holidays": office.kinds.for_unit(unit).holidays,
    }


def _once(office: Office, kind: Kind, flat: Mapping[str, Any], record: str | None) -> list[Problem]:
    """两癌救助 once in a lifetime, by ID number over all villages and years that this office holds."""
    if flat.get("program") != "two_cancers":
        return []
    this = _with_id_number(office, flat)
    found = {row.id: row for holder in _same_person(office, this) for row in _aids_of(office, kind, holder)}
    name = flat.get("recipient_name")
    if name:
        named = queries.list_rows(office.workspace.db, kind, search=str(name))
        found |= {row.id: row for row in named if row.flat.get("recipient_name") == name}
    others = [
        _with_id_number(office, row.flat)
        for row in found.values() if row.id != record and row.flat.get("program") == "two_cancers"
    ]
    return check_once_in_a_lifetime(this, others)


def _same_person(office: Office, this: Mapping[str, Any]) -> set[str]:
    """Ids of the records that are of this recipient: the one named, and those with the same ID number."""
    ids = {str(this["recipient"])} if this.get("recipient") else set()
    number = this.get("recipient_id_number")
    if number:
        for code, column in (("person", "id_number"), ("family", "head_id_number")):
            rows = queries.list_rows(office.workspace.db, office.kinds.of(code), search=str(number))
            ids |= {row.id for row in rows if row.flat.get(column) == number}
    return ids


def _aids_of(office: Office, kind: Kind, recipient: str) -> Iterator[Row]:
    return queries.list_rows(office.workspace.db, kind, where_equal={"recipient": recipient})


def _with_id_number(office: Office, flat: Mapping[str, Any]) -> dict[str, Any]:
    row = queries.find_by_id(office.workspace.db, str(flat.get("recipient") or ""))
    number = None if row is None else row.flat.get("id_number") or row.flat.get("head_id_number")
    return {**flat, "recipient_id_number": number}


def _same(office: Office, kind: Kind, name: str, value: object, record: str | None) -> list[dict[str, Any]]:
    if not value:
        return []
    rows: Iterator[Any] = queries.list_rows(office.workspace.db, kind, where_equal={name: value})
    return [row.flat for row in rows if row.id != record]


def _campaign_facts(office: Office, flat: Mapping[str, Any]) -> dict[str, Any]:
    row = queries.find_by_id(office.workspace.db, str(flat.get("campaign") or ""))
    if row is None or row.kind != office.kinds.of("campaign").code:
        return {}
    honor, type_ = row.flat.get("honor"), office.kinds.of("campaign").flat["honor"].type
    return {
        "campaign_honor": honor, "campaign_year": row.flat.get("year"), "campaign_unit": row.unit,
        "campaign_honor_label": type_.codes.label(str(honor)) if honor and isinstance(type_, Code) else None,
    }

"""Rules that need other records, fetched from the workspace and judged in ``domain.checks`` (DOMAIN §2). They warn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fulian_desktop.domain.checks import check_festival, check_higher_level, check_once_in_a_lifetime, check_title_once
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.problems import Problem
from fulian_desktop.services.office import Office
from fulian_desktop.store import queries


def other_record_problems(office: Office, kind: Kind, unit: str, flat: Mapping[str, Any], record: str | None) -> list[Problem]:
    """What other records say against this one."""
    db = office.workspace.db
    if kind.code == "aid":
        others = _same(office, kind, "recipient", flat.get("recipient"), record)
        return [*check_once_in_a_lifetime(flat, others), *check_festival(flat, others)]
    if kind.code == "nomination" and flat.get("family"):
        honor = _campaign_facts(office, flat)
        others = [
            {**o, **_campaign_facts(office, o)} for o in _same(office, kind, "family", flat.get("family"), record)
        ]
        return [*check_title_once({**flat, **honor}, others), *check_higher_level({**flat, **honor}, others)]
    del db, unit
    return []


def _same(office: Office, kind: Kind, name: str, value: object, record: str | None) -> list[dict[str, Any]]:
    if not value:
        return []
    rows: Iterator[Any] = queries.list_rows(office.workspace.db, kind, where_equal={name: value}, limit=200)
    return [row.flat for row in rows if row.id != record]


def _campaign_facts(office: Office, flat: Mapping[str, Any]) -> dict[str, Any]:
    row = queries.find_by_id(office.workspace.db, str(flat.get("campaign") or ""))
    if row is None or row.kind != kind_of("campaign").code:
        return {}
    return {"campaign_honor": row.flat.get("honor"), "campaign_year": row.flat.get("year")}

"""Conflicts side by side and their settling; duplicates as suggestions and their joining (DESIGN §4, §8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fulian_desktop.domain.kind import Kind
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved, edit_record
from fulian_desktop.services.reopening import reopened_records
from fulian_desktop.services.settling import to_decide
from fulian_desktop.services.showing import kind_named
from fulian_desktop.store import queries
from fulian_desktop.store.joining import group_of
from fulian_desktop.store.view import CONFLICT


def conflicts(office: Office) -> list[dict[str, Any]]:
    """All fields in conflict, or settled and taken back: record, kind, unit, name, field, label, and who set which value when.

    Nothing is chosen beforehand; the value that shows meanwhile comes last.
    """
    found = []
    again = [(key.kind, key.id.hex(), key.unit) for key in reopened_records(office)]
    for kind in office.kinds.all():
        flagged = [(row.id, row.unit) for row in queries.list_rows(office.workspace.db, kind, flag=CONFLICT)]
        taken_back = [(record, unit) for code, record, unit in again if code == kind.code and (record, unit) not in flagged]
        for record, unit in [*flagged, *taken_back]:
            row, _, folded = to_decide(office, record, unit)
            for code, settings in sorted(folded.conflicts.items()):
                declared = kind.field(code)
                found.append({
                    "record": row.id, "kind": kind.code, "unit": row.unit, "name": kind.name_of(row.flat), "field": code,
                    "label": declared.label if declared else code,
                    "values": [
                        {"value": s.value, "unit": folded.order[s.at].author, "actor": folded.order[s.at].change.actor,
                         "at": folded.order[s.at].change.at}
                        for s in settings
                    ],
                })
    return found


def settle(office: Office, record: str, entries: Mapping[str, Any]) -> Saved:
    """Settle fields in conflict by setting them, to the value shown too; goes into the log and so travels."""
    _, kind, folded = to_decide(office, record)
    settled = {code for code in folded.conflicts if _sets(kind, code, entries)}
    if not settled:
        raise InputProblem("这几项没有冲突，不用处理。", "no-conflict")
    return edit_record(office, record, entries, settle=settled)


def _sets(kind: Kind, code: str, entries: Mapping[str, Any]) -> bool:
    declared = kind.field(code)
    if declared is None or declared.is_table:
        return code in entries or code.partition(":")[0] in entries
    return code in entries or any(name in entries for name in declared.flat)


def duplicates(office: Office, *, judged: bool = False) -> list[dict[str, Any]]:
    """All suggestions, or all pairs judged not to be the same, as scripts read them (``services.pairing``)."""
    from fulian_desktop.services.pairing import parted_pairs, suspected_pairs

    pairs = (parted_pairs if judged else suspected_pairs)(office, limit=None).pairs
    return [
        {"kind": one.kind, "certainty": one.certainty, "records": list(one.records), "units": list(one.units),
         "names": [name or None for name in one.names]}
        for one in pairs
    ]


def join_records(office: Office, keep: str, other: str) -> Saved:
    """Say that OTHER is the same as KEEP: sets ``same_as`` on OTHER, rewrites nothing, is undone by clearing it."""
    first, second = (queries.find_by_id(office.workspace.db, r) for r in (keep, other))
    if first is None or second is None:
        raise NotFound("找不到这条记录。", "not-found")
    if first.kind != second.kind or keep == other:
        raise InputProblem("两条记录不是同一类，不能合成一个。", "other-kind")
    if keep in group_of(office.workspace.db, kind_named(first.kind), other):
        raise InputProblem("这两条已经合成一个了。", "joined")
    return edit_record(office, other, {"same_as": keep}, unit=second.unit)

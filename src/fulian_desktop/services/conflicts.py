"""Conflicts side by side and their settling; duplicates as suggestions and their joining (DESIGN §4, §8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.pinyin import initials
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved, edit_record, load_folded
from fulian_desktop.store import queries
from fulian_desktop.store.view import CONFLICT, Row


def conflicts(office: Office) -> list[dict[str, Any]]:
    """All fields in conflict: record, kind, unit, name, field, label, and who set which value when.

    Nothing is chosen beforehand; the value that shows meanwhile comes last.
    """
    found = []
    for kind in all_kinds():
        for row in list(queries.list_rows(office.workspace.db, kind, flag=CONFLICT)):
            _, _, folded = load_folded(office, row.id, row.unit)
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
    _, kind, folded = load_folded(office, record)
    settled = {code for code in folded.conflicts if _sets(kind, code, entries)}
    if not settled:
        raise InputProblem("这几项没有冲突，不用处理。", "no-conflict")
    return edit_record(office, record, entries, settle=settled)


def _sets(kind: Kind, code: str, entries: Mapping[str, Any]) -> bool:
    declared = kind.field(code)
    if declared is None or declared.is_table:
        return code in entries or code.partition(":")[0] in entries
    return code in entries or any(name in entries for name in declared.flat)


def duplicates(office: Office) -> list[dict[str, Any]]:
    """Suggestions: the same ID number (firm), or name with pinyin, village and birth date or address (soft).

    Joined ones are left out. Never joins by itself.
    """
    found: list[dict[str, Any]] = []
    for code, id_name, name, others in (
        ("person", "id_number", "name", ("birth_date", "address")), ("family", "head_id_number", "head", ("address",)),
    ):
        rows = [r for r in queries.list_rows(office.workspace.db, kind_of(code)) if not r.flat.get("same_as")]
        seen: set[tuple[str, str]] = set()
        for pair, why in [*_same(rows, lambda r, n=id_name: r.flat.get(n), "firm"), *_soft(rows, name, others)]:
            key = (pair[0].id, pair[1].id)
            if key not in seen:
                seen.add(key)
                found.append({
                    "kind": code, "certainty": why, "records": [r.id for r in pair], "units": [r.unit for r in pair],
                    "names": [r.flat.get(name) for r in pair],
                })
    return found


def _same(rows: Iterable[Row], key: Any, why: str) -> list[tuple[tuple[Row, Row], str]]:  # noqa: ANN401
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        value = key(row)
        if value:
            groups.setdefault(value, []).append(row)
    return [((members[0], other), why) for members in groups.values() for other in members[1:]]


def _soft(rows: list[Row], name: str, others: tuple[str, ...]) -> list[tuple[tuple[Row, Row], str]]:
    found: list[tuple[tuple[Row, Row], str]] = []
    for other in others:
        def key(row: Row, other: str = other) -> tuple[str, str, Any] | None:
            if not row.flat.get(name) or not row.flat.get(other):
                return None
            return (initials(str(row.flat[name]))[:1] or ("",))[0], row.unit, row.flat[other]

        found += _same(rows, key, "soft")
    return found


def join_records(office: Office, keep: str, other: str) -> Saved:
    """Say that OTHER is the same as KEEP: sets ``same_as`` on OTHER, rewrites nothing, is undone by clearing it."""
    first, second = (queries.find_by_id(office.workspace.db, r) for r in (keep, other))
    if first is None or second is None:
        raise NotFound("找不到这条记录。", "not-found")
    if first.kind != second.kind or keep == other:
        raise InputProblem("两条记录不是同一类，不能合成一个。", "other-kind")
    return edit_record(office, other, {"same_as": keep}, unit=second.unit)

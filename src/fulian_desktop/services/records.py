"""Entering, changing, deleting, restoring records; acts and their undo; history.

One user action is one act: all its changes bear its id and it is taken back as one, by new changes. Everything
that the fold would refuse is refused here already, with a sentence, and nothing is written then.
"""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fulian_desktop.domain.checks import check_record, is_incomplete, stops_save
from fulian_desktop.domain.entry import read_entry, to_values
from fulian_desktop.domain.fields import Reference
from fulian_desktop.domain.issued import is_issued
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.stages import deciding_level, resolve_level_names
from fulian_desktop.domain.units import is_code, level_of
from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.ledger.changes import MAX_PARENTS, Change, change_bytes
from fulian_desktop.ledger.counting import Held, heads
from fulian_desktop.ledger.fold import Folded, may_write
from fulian_desktop.ledger.streams import next_name
from fulian_desktop.services.clocks import is_doubtful
from fulian_desktop.services.lookups import notice_facts, other_record_problems
from fulian_desktop.services.office import Office, own_stream, today
from fulian_desktop.services.reopening import ancestors_of, fields_settled
from fulian_desktop.services.showing import kind_in_force, kind_named
from fulian_desktop.store import books, queries
from fulian_desktop.store.bulk import many_objects
from fulian_desktop.store.drafts import drop_draft
from fulian_desktop.store.log import Log, Placed, RecordKey
from fulian_desktop.store.records import Result, fold_keys, write_results
from fulian_desktop.store.view import DELETED, Row
from fulian_desktop.store.workspace import new_id, now_ms

_REFUSALS = {
    "author": "这条记录不归本单位管，不能改。",
    "written-by": "“{label}”要由{level}及以上妇联填写，本单位不能填。",
    "set-once": "“{label}”登记后不能改；填错了请删除这条，重新登记。",
    "approval-level": "“{label}”上级已经审批，本单位不能再改。",
    "delete-level": "上级已经审批，只有{level}及以上妇联能删除。",
    "form": "“{label}”的内容不合要求，没有保存。",
}


@dataclass
class Planned:
    """One change that is to be made: put, delete or restore.

    ``incomplete``: whether the record is then 待补全, where the caller has looked already.
    """

    key: RecordKey
    action: str = "put"
    values: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    incomplete: bool | None = None


@dataclass
class Saved:
    """What a save did: record id, act, and what is missing or doubtful."""

    id: str
    act: str
    problems: list[Problem] = field(default_factory=list)
    row: Row | None = None


def row_id() -> str:
    """A fresh id for a row of a sub-table: 12 hex digits."""
    return secrets.token_hex(6)


# --- writing acts ------------------------------------------------------------------------------------------


def write_act(
    office: Office, planned: Sequence[Planned], label: str, *, all_new: bool = False, draft: str | None = None,
    act: str | None = None, also: Callable[[str, Mapping[RecordKey, Result]], None] | None = None,
) -> tuple[str, dict[RecordKey, Result]]:
    """Write one act in one transaction; on disk when this returns.

    Args:
        office: Who acts.
        planned: Its changes.
        label: 中文 name of the act, for undo and the activity log.
        all_new: All of them begin new records, so nothing needs to be looked up.
        draft: A draft to drop with it.
        act: A given id of the act (32 hex digits).
        also: Writes into the books what belongs to it, in the same transaction; takes the act and what its records come to.

    Raises:
        NotAllowed: The fold would refuse part of it; nothing is written.
    """
    workspace = office.workspace
    act = act or new_id()
    at = now_ms()
    with workspace.transaction() as log:
        places = _places(log, [p.key for p in planned], all_new=all_new)
        before = {} if all_new else fold_keys(log, places)
        mine: set[bytes] = set()
        changes: list[books.ActChange] = []
        for plan in planned:
            run, name = _stage(office, log, plan, before.get(plan.key), places, act, at)
            mine.add(name)
            changes.append(books.ActChange(plan.key, name))
            places[plan.key].append(run)
        results = fold_keys(log, places)
        _refuse_what_has_no_effect(results, mine)
        looked_at = {p.key: p.incomplete for p in planned if p.incomplete is not None}
        single = len(changes) == 1
        written = write_results(
            workspace.db, results.values(), index_now=True, sure_new=all_new, incomplete=looked_at, noted=not single,
            kinds=office.kinds,
        )
        if single:
            log.keep_together(label, next((no for numbers in written.numbers.values() for no in numbers), None))
        else:
            books.note_act(workspace.db, act, at=at, actor=office.person, label=label, changes=changes)
        if draft is not None:
            drop_draft(workspace, draft)
        if also is not None:
            also(act, results)
    return act, results


def _places(log: Log, keys: Sequence[RecordKey], *, all_new: bool) -> dict[RecordKey, list[Placed]]:
    found = {} if all_new else log.find({key.id for key in keys})
    return {key: list(found.get(key.id, ())) for key in keys}


def _stage(
    office: Office, log: Log, plan: Planned, before: Result | None, places: dict[RecordKey, list[Placed]], act: str, at: int,
) -> tuple[Placed, bytes]:
    kind = kind_named(plan.key.kind)
    stream = own_stream(office, plan.key.unit, kind.cls)
    change = Change(
        act=act, action=plan.action, actor=office.person, at=at, kind=kind.code, record=plan.key.id.hex(), note=plan.note,
        parents=_parents(log, log.number(stream), before, places[plan.key]), values=plan.values,
    )
    run, name = log.stage_own(stream, change, change_bytes(change), next_name)
    return Placed(run, log.last_of(run)), name


def _parents(log: Log, number: int, before: Result | None, placed: Sequence[Placed]) -> list[str]:
    """The heads that the author saw, less the stream's own previous change of the record (it goes unwritten)."""
    if before is None or not before.counted.order:
        return []
    own = [p for p in placed if log.stream_of_run(p.run) == number]
    previous = None
    if own:
        last = max(own, key=lambda p: p.seq)
        previous = log.name_at(last.run, last.seq)
    return sorted(name.hex() for name in heads(before.counted.order) if name != previous)[:MAX_PARENTS]


def _refuse_what_has_no_effect(results: Mapping[RecordKey, Result], mine: set[bytes]) -> None:
    for key, result in results.items():
        for refusal in result.folded.refused:
            if refusal.change in mine:
                raise NotAllowed(_refusal_text(key, result, refusal.what, refusal.reason), f"refused-{refusal.reason}")
        if any(h.name in mine for h in (*result.counted.waiting, *result.counted.invalid)):
            raise InputProblem("这条记录还缺前面的内容，现在不能改。下一步：先合并缺的上报包。", "waiting")


def _refusal_text(key: RecordKey, result: Result, what: str, reason: str) -> str:
    kind = result.kind
    declared = kind.field(what) if kind is not None else None
    label = declared.label if declared is not None else what
    level = declared.written_by if declared is not None and declared.written_by is not None else level_of(key.unit)
    if reason == "delete-level" and kind is not None:
        approvals = {field.code for field in kind.approvals} & result.folded.values.keys()
        level = min(level_of(h.author) for h in result.folded.order if approvals & h.change.values.keys())
    return _REFUSALS[reason].format(label=label, level=level.label)


# --- one record --------------------------------------------------------------------------------------------


@many_objects()  # the cycle collector can wait until 已保存 is shown: it takes up to 10 ms
def add_record(
    office: Office, kind_code: str, entries: Mapping[str, Any], *, unit: str | None = None, year: int | None = None,
    draft: str | None = None, record: str | None = None, day: datetime.date | None = None,
) -> Saved:
    """Enter a new record.

    Args:
        office: Who enters it.
        kind_code: Of which kind.
        entries: Flat name → what was typed (DOMAIN §3) or a typed value.
        unit: Whose record; this office's by default.
        year: Of dates without one.
        draft: A draft to drop with it.
        record: A given id (32 hex digits).
        day: The day of 今天 (the clock's by default).

    Raises:
        InputProblem: The kind's first asked field is missing, or a name is not known. NotAllowed: Not this office's to write.
    """
    kind_named(kind_code)
    unit = unit or office.unit
    if not is_code(unit) or not may_write(office.unit, unit):
        raise NotAllowed(f"“{unit}”不在本单位范围内，不能登记。", "out-of-scope")
    kind = kind_in_force(office, kind_code, unit)
    values, problems = prepare(office, kind, entries, {}, unit=unit, year=year, day=day)
    flat = kind.flatten(values)
    own = check_record(kind, flat)
    facts = notice_facts(office, kind, flat, unit)
    problems += check_record(kind, {**flat, **facts}) if facts else own
    problems += other_record_problems(office, kind, flat, None, unit)
    stop = stops_save(problems)
    if stop is not None:
        raise InputProblem(stop.text, stop.code)
    key = RecordKey(unit, kind.code, bytes.fromhex(record or kind.keyed_id(unit, flat) or new_id()))
    if kind.keyed and office.workspace.log.find([key.id]):
        raise InputProblem(f"这个单位的{kind.label}（{kind.name_of(flat)}）已经登记过。下一步：打开那一条修改。", "record-exists")
    plan = Planned(key, values=values, incomplete=is_incomplete(own) if record is None else None)
    act, _ = write_act(office, [plan], kind.verb, all_new=record is None, draft=draft)
    return Saved(key.id.hex(), act, problems)


@many_objects()
def edit_record(
    office: Office, record: str, entries: Mapping[str, Any], *, unit: str | None = None, year: int | None = None,
    settle: Iterable[str] = (), draft: str | None = None,
) -> Saved:
    """Change a record; what equals what is there is not written, except approvals and fields to settle.

    Args:
        office: Who changes it.
        record: Its id (32 hex digits).
        entries: Flat name → what was typed or a typed value; None or a blank takes a value away.
        unit: Whose record, where an id stands for several.
        year: Of dates without one.
        draft: A draft to drop with it.
        settle: Codes of fields in conflict that are set even to the value shown, which settles them (DESIGN §4).
    """
    row, kind, before = _load(office, record, unit)
    if row.flags & DELETED:
        raise InputProblem("这条记录已经删除。下一步：先恢复，再修改。", "deleted")
    folded = before.folded
    values, problems = prepare(office, kind, entries, folded.values, unit=row.unit, year=year, shown=row.flat)
    repeat = set(settle)
    if folded.changed_after_approval:
        resolved = _resolved(kind, entries, row.flat)
        repeat |= {p.field.code for name, p in kind.flat.items() if name in resolved and p.field.approves is not None}
    for code in repeat:
        if code not in values and code in {**folded.values, **folded.conflicts}:
            values[code] = folded.values.get(code)
    key = before.key
    flat = kind.flatten({**folded.values, **values})
    facts = notice_facts(office, kind, flat, row.unit)
    problems += check_record(kind, {**flat, **facts}) + other_record_problems(office, kind, flat, record, row.unit)
    stop = stops_save(problems)
    if stop is not None:
        raise InputProblem(stop.text, stop.code)
    if not values:
        return Saved(record, "", problems)
    act, _ = write_act(office, [Planned(key, values=values)], f"修改{kind.label}", draft=draft)
    return Saved(record, act, problems)


def prepare(
    office: Office, kind: Kind, entries: Mapping[str, Any], base: Mapping[str, Any], *, unit: str, year: int | None = None,
    shown: Mapping[str, Any] | None = None, day: datetime.date | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Typed entries → the values of a change, and what could not be read.

    What cannot be read is kept as typed in 备注, so that nothing typed is lost (DOMAIN §3).
    """
    shown = dict(shown or {})
    resolved = _resolved(kind, entries, {**shown, **_campaign_unit(office, kind, entries)})
    unknown = [name for name in resolved if name not in kind.flat and kind.field(name) is None and not _is_table(kind, name)
               and name not in {f.code for f in kind.fields}]
    unknown += [name for name in resolved if is_issued(name) and name not in kind.flat]  # its definition has not come
    if unknown:
        raise InputProblem(f"{kind.label}没有“{'、'.join(unknown)}”这一项。", "unknown-field")
    entry = read_entry(kind, resolved, year=year, today=day or today(), base=shown)
    flat = dict(entry.flat)
    _complete_references(office, kind, flat)
    linked = link_by_name(office, kind, flat, unit) if not base else []
    if entry.unread:
        lines = [f"{kind.flat[name].label if name in kind.flat else name}：{text}" for name, text in entry.unread.items()]
        earlier = flat.get("remarks") or shown.get("remarks") or ""
        flat["remarks"] = "\n".join([*([earlier] if earlier else []), *lines])
    if kind.fills is not None and not base:
        flat |= kind.fills(flat)
    values, problems = to_values(kind, flat, base, new_row_id=row_id)
    return values, [*entry.problems, *linked, *problems]


def _is_table(kind: Kind, name: str) -> bool:
    return any(f.code == name for f in kind.tables)


def _resolved(kind: Kind, entries: Mapping[str, Any], flat: Mapping[str, Any]) -> dict[str, Any]:
    return resolve_level_names(kind, entries, deciding_level(flat))


def _campaign_unit(office: Office, kind: Kind, entries: Mapping[str, Any]) -> dict[str, Any]:
    """For a new nomination, which level decides is known from the campaign that is typed with it."""
    if not kind.stages or not isinstance(entries.get("campaign"), str):
        return {}
    row = queries.find_by_id(office.workspace.db, entries["campaign"])
    return {"campaign_unit": row.unit} if row is not None else {}


def _complete_references(office: Office, kind: Kind, flat: dict[str, Any]) -> None:
    """A reference given by id gets its unit, kind and printed name from the record that it names."""
    for declared in kind.references:
        record = flat.get(declared.code)
        if not record:
            continue
        row = queries.find_by_id(office.workspace.db, record, flat.get(f"{declared.code}_unit"))
        if row is None:
            if flat.get(f"{declared.code}_unit") and flat.get(f"{declared.code}_kind"):
                continue  # a record that has not arrived yet (还没收到)
            raise NotFound(f"“{declared.label}”找不到这条记录，请重新选择。", "reference-not-found")
        named = office.kinds.find(row.kind)
        flat[f"{declared.code}_unit"], flat[f"{declared.code}_kind"] = row.unit, row.kind
        if not flat.get(f"{declared.code}_name") and named is not None:
            flat[f"{declared.code}_name"] = named.name_of(row.flat) or None


def link_by_name(office: Office, kind: Kind, flat: dict[str, Any], unit: str) -> list[Problem]:
    """A reference typed as a name is linked when exactly one record of that name fits; it is said, never silent.

    Published records (campaigns) are looked for everywhere, others in the unit. Several of one name stay unlinked.
    """
    said: list[Problem] = []
    for declared in kind.references:
        name = flat.get(f"{declared.code}_name")
        if not isinstance(declared.type, Reference) or declared.joining or not name or flat.get(declared.code):
            continue
        hits: list[Row] = []
        for code in declared.type.kinds:
            named = kind_in_force(office, code)
            only = None if named.cls == "published" else unit
            hits += queries.list_rows(office.workspace.db, named, where_equal={named.title[0]: name}, unit=only, limit=2)
        if len(hits) == 1:
            flat |= {declared.code: hits[0].id, f"{declared.code}_unit": hits[0].unit, f"{declared.code}_kind": hits[0].kind}
            label = kind_in_force(office, hits[0].kind).label
            said.append(Problem("linked-by-name", f"“{name}”已按名称对上一条{label}，请核对。", declared.code))
        elif len(hits) > 1:
            said.append(Problem("several-of-this-name", f"有几条都叫“{name}”，没有对上。下一步：打开记录选一条。", declared.code))
    return said


def _load(office: Office, record: str, unit: str | None = None) -> tuple[Row, Kind, Result]:
    row = queries.find_by_id(office.workspace.db, record, unit)
    if row is None:
        raise NotFound("找不到这条记录。", "not-found")
    kind = kind_in_force(office, row.kind, row.unit)
    key = RecordKey(row.unit, row.kind, bytes.fromhex(record))
    log = office.workspace.log
    return row, kind, fold_keys(log, {key: log.find([key.id]).get(key.id, [])})[key]


def load_folded(office: Office, record: str, unit: str | None = None) -> tuple[Row, Kind, Folded]:
    """A record's row, kind and fold."""
    row, kind, result = _load(office, record, unit)
    return row, kind, result.folded


def delete_records(office: Office, records: Sequence[str], *, note: str = "") -> str:
    """Delete records as one act; returns the act. They stay in the log and can be restored."""
    return _mark(office, records, "delete", note)


def restore_records(office: Office, records: Sequence[str], *, note: str = "") -> str:
    """Restore deleted records, or take a deletion mark away, as one act."""
    return _mark(office, records, "restore", note)


def _mark(office: Office, records: Sequence[str], action: str, note: str) -> str:
    planned = []
    for record in records:
        row = queries.find_by_id(office.workspace.db, record)
        if row is None:
            raise NotFound("找不到这条记录。", "not-found")
        planned.append(Planned(RecordKey(row.unit, row.kind, bytes.fromhex(record)), action, note=note))
    return write_act(office, planned, "删除" if action == "delete" else "恢复")[0]


# --- showing -----------------------------------------------------------------------------------------------


def history(office: Office, record: str) -> list[dict[str, Any]]:
    """Everything that happened to a record, in order: who, when, what, from which unit, and whether it counts."""
    row = queries.find_by_id(office.workspace.db, record)
    if row is None:
        raise NotFound("找不到这条记录。", "not-found")
    _, _, result = _load(office, record)
    groups: list[tuple[str, Sequence[Held]]] = [
        ("counts", result.counted.order), ("waiting", result.counted.waiting), ("invalid", result.counted.invalid),
    ]
    refused: dict[bytes, list[str]] = {}
    for r in result.folded.refused:
        refused.setdefault(r.change, []).append(r.what)
    return [
        {"change": h.name.hex(), "act": h.change.act, "action": h.change.action, "actor": h.change.actor, "at": h.change.at,
         "doubtful_at": is_doubtful(h.change.at), "unit": h.author, "values": h.change.values,
         "note": h.change.note, "state": state, "refused": refused.get(h.name, [])}
        for state, members in groups for h in members
    ]


# --- acts --------------------------------------------------------------------------------------------------


def acts(office: Office, limit: int = 100) -> list[dict[str, Any]]:
    """The latest acts of this installation: act, at, actor, label, records, undone."""
    return books.latest_acts(office.workspace.db, limit)


def undo_act(office: Office, act: str) -> dict[str, Any]:
    """Take an act back by new changes; fields that someone changed since are left and named.

    Returns:
        ``{"act": new act, "records": n, "kept": [{"record", "field"}]}``.
    """
    db = office.workspace.db
    office.workspace.put_away()
    known, undone = books.find_act(db, act)
    if not known:
        raise NotFound("找不到这次操作。", "not-found")
    if undone:
        raise InputProblem("这次操作已经撤销过了。", "undone")
    planned: list[Planned] = []
    kept: list[dict[str, str]] = []
    settled: list[tuple[RecordKey, bytes, tuple[str, ...]]] = []
    for change in books.changes_of_act(db, act):
        plan = _plan_undo(office, change.key, change.name, kept, settled)
        if plan is not None:
            planned.append(plan)
    if not planned:
        raise InputProblem("这些内容后来都改过了，没有可以撤销的。", "nothing-to-undo")

    def note(new: str, results: Mapping[RecordKey, Result]) -> None:
        books.note_undone(db, act, new)
        for key, name, fields in settled:
            by = next(h.name for h in results[key].folded.order if h.change.act == new)
            books.note_reopened(db, books.Reopened(key, name, by, fields))

    new, _ = write_act(office, planned, "撤销", also=note)
    return {"act": new, "records": len(planned), "kept": kept}


def _plan_undo(
    office: Office, key: RecordKey, name: bytes, kept: list[dict[str, str]],
    settled: list[tuple[RecordKey, bytes, tuple[str, ...]]],
) -> Planned | None:
    """The change that takes a change back; names in ``kept`` what stays, in ``settled`` what had settled a conflict."""
    log = office.workspace.log
    result = fold_keys(log, {key: log.find([key.id]).get(key.id, [])})[key]
    order = list(result.counted.order)
    mine = next((h for h in order if h.name == name), None)
    if mine is None:
        return None
    if mine.change.action != "put":
        return Planned(key, "restore" if mine.change.action == "delete" else "delete")
    ancestors = ancestors_of(order, mine)
    if not ancestors:
        later = [h for h in order if h is not mine]
        if any(h.change.action == "put" for h in later):
            kept += [{"record": key.id.hex(), "field": code} for h in later for code in h.change.values]
            return None
        return Planned(key, "delete")
    values: dict[str, Any] = {}
    for code in mine.change.values:
        if any(code in h.change.values for h in order if h is not mine and h not in ancestors):
            kept.append({"record": key.id.hex(), "field": code})
            continue
        earlier = [h.change.values[code] for h in ancestors if code in h.change.values]
        values[code] = earlier[-1] if earlier else None
    fields = fields_settled(key.unit, result.kind, ancestors, list(values))
    if fields:
        settled.append((key, name, fields))
        # An approval in conflict counts towards no stage: what merely showed meanwhile must not count elsewhere as decided.
        values.update((code, None) for code in fields if _is_approval(result.kind, code))
    return Planned(key, values=values) if values else None


def _is_approval(kind: Kind | None, code: str) -> bool:
    declared = kind.field(code) if kind is not None else None
    return declared is not None and declared.approves is not None

"""Many at once (批量登记, 批量初评/公示/审批/编号): many records entered or changed as one act (DESIGN §9).

Rules:

* All or nothing: every row is read and checked before the first one is written; one that may not be saved stops
  the whole act, and the sentence names the row. Then all are written in one transaction and undone as one.
* What a row may hold, what stops a save and what only warns is the same as for one record
  (:mod:`fulian_desktop.services.records`).
* Rules over other records (once in a lifetime, a title once a year) are judged after the write, so that the rows
  of one batch are seen by each other. They only warn.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from fulian_desktop.domain.checks import check_record, stops_save
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import deciding_level, resolve_level_names
from fulian_desktop.domain.units import is_code
from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.ledger.fold import Folded, may_write
from fulian_desktop.progress import Progress
from fulian_desktop.services.lookups import other_record_problems
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Planned, Saved, prepare, write_act
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.store import queries
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.records import fold_keys
from fulian_desktop.store.view import DELETED
from fulian_desktop.store.workspace import new_id


def add_many(
    office: Office, kind_code: str, rows: Sequence[Mapping[str, Any]], *, unit: str | Sequence[str] | None = None,
    year: int | None = None, day: datetime.date | None = None, records: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> list[Saved]:
    """Enter many new records of one kind as one act (批量登记).

    Args:
        office: Who enters them.
        kind_code: Of which kind they are.
        rows: For each record flat name → what was typed (DOMAIN §3) or a typed value.
        unit: Whose records, or for each row whose; this office's by default.
        year: Of dates without one.
        day: The day of 今天; the clock's by default.
        records: Given ids (32 hex digits), as many as rows; fresh ones by default.
        progress: Counts rows.

    Returns:
        One result a row, in their order; all bear the same act. Empty for no rows.

    Raises:
        InputProblem: A row lacks the kind's first asked field, names an unknown field, or its id is taken; the
            sentence begins with the row's number and nothing is written. NotAllowed: Not this office's to write.
    """
    kind = kind_in_force(office, kind_code)
    units = [unit or office.unit] * len(rows) if unit is None or isinstance(unit, str) else list(unit)
    progress = progress or Progress()
    for code in dict.fromkeys(units):
        if not is_code(code) or not may_write(office.unit, code):
            raise NotAllowed(f"“{code}”不在本单位范围内，不能登记。", "out-of-scope")
    keys = _new_keys(office, kind, units, len(rows), records)
    planned: list[Planned] = []
    saved: list[Saved] = []
    flats: list[dict[str, Any]] = []
    for i, row in enumerate(rows):
        progress.step(i, len(rows), kind.verb)
        kind = kind_in_force(office, kind_code, units[i])
        try:
            values, problems = prepare(office, kind, row, {}, unit=units[i], year=year, day=day)
        except InputProblem as problem:
            raise _at_row(i, problem) from problem
        flats.append(kind.flatten(values))
        keys[i] = _key_of_values(office, kind, keys, i, flats[i])
        saved.append(Saved(keys[i].id.hex(), "", [*problems, *_checked(kind, flats[i], i)]))
        planned.append(Planned(keys[i], values=values))
    if planned:
        act, _ = write_act(office, planned, f"批量{kind.verb}", all_new=True)
        for one, flat, owner in zip(saved, flats, units, strict=True):
            one.act = act
            one.problems += other_record_problems(office, kind, flat, one.id, owner)
    return saved


def edit_many(
    office: Office, changes: Mapping[str, Mapping[str, Any]], *, label: str = "", year: int | None = None,
    settle: bool = False, progress: Progress | None = None,
) -> list[Saved]:
    """Change many records as one act (批量初评, 批量公示, 批量审批, 批量编号).

    Args:
        office: Who changes them.
        changes: Record id → flat name → what was typed or a typed value.
        label: 中文 name of the act, for undo and the activity log.
        year: Of dates without one.
        settle: Fields in conflict that an entry names are set even to the value shown, which settles them.
        progress: Counts records.

    Returns:
        One result a record, in their order; the act is "" where nothing differs from what is there.

    Raises:
        NotFound, InputProblem, NotAllowed: As for one record; the sentence names it and nothing is written.
    """
    progress = progress or Progress()
    loaded = _load_many(office, list(changes))
    planned: list[Planned] = []
    saved: list[Saved] = []
    edited: list[tuple[Kind, dict[str, Any], Saved]] = []
    for i, (record, entries) in enumerate(changes.items()):
        progress.step(i, len(changes), label or "批量修改")
        key, kind, folded = loaded[record]
        try:
            values, problems = _changed(office, key, kind, folded, entries, year=year, settle=settle)
        except InputProblem as problem:
            raise _at_row(i, problem) from problem
        flat = kind.flatten({**folded.values, **values})
        saved.append(Saved(record, "", [*problems, *_checked(kind, flat, i)]))
        if values:
            planned.append(Planned(key, values=values))
            edited.append((kind, flat, saved[i]))
    if planned:
        act, _ = write_act(office, planned, label or "批量修改")
        for kind, flat, one in edited:
            one.act = act
            one.problems += other_record_problems(office, kind, flat, one.id)
    return saved


def _new_keys(
    office: Office, kind: Kind, units: Sequence[str], count: int, records: Sequence[str] | None
) -> list[RecordKey]:
    if len(units) != count:
        raise InputProblem(f"给了 {len(units)} 个单位，要登记的是 {count} 条，请核对。", "unit-count")
    if records is None:
        return [RecordKey(unit, kind.code, bytes.fromhex(new_id())) for unit in units]
    ids = [bytes.fromhex(record) for record in records]
    if len(ids) != count:
        raise InputProblem(f"给了 {len(ids)} 个编号，要登记的是 {count} 条，请核对。", "record-count")
    if len(set(ids)) != count or office.workspace.log.find(set(ids)):
        raise InputProblem("给的编号里有重复的，或已经有这条记录，没有登记。", "record-exists")
    return [RecordKey(unit, kind.code, record) for unit, record in zip(units, ids, strict=True)]


def _key_of_values(office: Office, kind: Kind, keys: Sequence[RecordKey], i: int, flat: Mapping[str, Any]) -> RecordKey:
    """The key of a new record: where a unit has one of these values, the id is made of them and must be free."""
    own = kind.keyed_id(keys[i].unit, flat)
    if own is None:
        return keys[i]
    key = RecordKey(keys[i].unit, kind.code, bytes.fromhex(own))
    if key in keys[:i] or office.workspace.log.find([key.id]):
        raise _at_row(i, InputProblem(f"这个单位的{kind.label}（{kind.name_of(flat)}）已经登记过。", "record-exists"))
    return key


def _load_many(office: Office, records: Sequence[str]) -> dict[str, tuple[RecordKey, Kind, Folded]]:
    """Every record's key, kind and fold, read out of the log in one pass."""
    keys: dict[str, RecordKey] = {}
    for i, record in enumerate(records):
        row = queries.find_by_id(office.workspace.db, record)
        if row is None:
            raise _at_row(i, NotFound("找不到这条记录。", "not-found"))
        if row.flags & DELETED:
            raise _at_row(i, InputProblem("这条记录已经删除。下一步：先恢复，再修改。", "deleted"))
        keys[record] = RecordKey(row.unit, row.kind, bytes.fromhex(record))
    log = office.workspace.log
    found = log.find({key.id for key in keys.values()})
    results = fold_keys(log, {key: found.get(key.id, []) for key in keys.values()})
    return {record: (key, kind_in_force(office, key.kind, key.unit), results[key].folded) for record, key in keys.items()}


def _changed(
    office: Office, key: RecordKey, kind: Kind, folded: Folded, entries: Mapping[str, Any], *, year: int | None, settle: bool,
) -> tuple[dict[str, Any], list[Any]]:
    """The values of the change, and what could not be read."""
    shown = kind.flatten(folded.values)
    values, problems = prepare(office, kind, entries, folded.values, unit=key.unit, year=year, shown=shown)
    named = {
        kind.flat[name].field.code
        for name in resolve_level_names(kind, entries, deciding_level(shown)) if name in kind.flat
    }
    repeat = named & set(folded.conflicts) if settle else set()
    if folded.changed_after_approval:  # approving again may repeat the value (DESIGN §4)
        repeat |= {field.code for field in kind.approvals} & named & set(folded.values)
    for code in sorted(repeat - values.keys()):
        values[code] = folded.values.get(code)
    return values, problems


def _checked(kind: Kind, flat: Mapping[str, Any], i: int) -> list[Any]:
    problems = check_record(kind, flat)
    stop = stops_save(problems)
    if stop is not None:
        raise _at_row(i, InputProblem(stop.text, stop.code))
    return problems


def _at_row(i: int, problem: InputProblem) -> InputProblem:
    """The same problem, its sentence beginning with the row's number."""
    return type(problem)(f"第 {i + 1} 条：{problem.text}", problem.code)

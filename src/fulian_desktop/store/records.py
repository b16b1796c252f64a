"""From the log to the view: fold records and write what they are.

Used alike by a save, a merge, an undo and a rebuild, so that all of them mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from fulian_desktop.domain.in_force import Kinds
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.ledger.counting import Counted, count_changes
from fulian_desktop.ledger.fold import Folded, fold_record
from fulian_desktop.store.issued import kinds_in, note_issued
from fulian_desktop.store.log import CHUNK, Log, Placed, RecordKey
from fulian_desktop.store.search import incomplete_flag, judging, note_saved, rows_numbered
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import FLAGS, INCOMPLETE, find_rows, holds, layout, mark_todo, next_no, write_row


class Result(msgspec.Struct, eq=False):
    """One record folded: what its changes came to."""

    key: RecordKey
    kind: Kind | None
    counted: Counted
    folded: Folded


@dataclass(slots=True)
class Written:
    """What a write did: how many rows of each kind were new and how many were brought up to date."""

    new: int = 0
    changed: int = 0
    numbers: dict[str, list[int]] = field(default_factory=dict)


def fold_keys(log: Log, places: Mapping[RecordKey, Sequence[Placed]]) -> dict[RecordKey, Result]:
    """Fold records from all their changes, stored and staged.

    Args:
        log: Where the changes are.
        places: Every record with the places of all its changes (beyond limits too; they are left out here).
    """
    results: dict[RecordKey, Result] = {}
    elsewhere = _Elsewhere(log)
    for key, placed in places.items():
        kind = find_kind(key.kind)
        counted = count_changes(log.held(key, placed), kind, elsewhere.of(key, placed))
        results[key] = Result(key, kind, counted, fold_record(key.unit, kind, counted.order))
    return results


class _Elsewhere:
    """Whether a parent that is not among its record's changes is held as a change of another record."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._known: dict[bytes, Placed | None] = {}

    def of(self, key: RecordKey, placed: Sequence[Placed]) -> Callable[[bytes], bool]:
        def held_elsewhere(name: bytes) -> bool:
            if name not in self._known:
                self._known[name] = self._log.locate({name}).get(name)
            at = self._known[name]
            if at is None or at in placed:
                return False
            return self._log.chain(self._log.stream_of_run(at.run)).within(at.run, at.seq)

        return held_elsewhere


def write_results(
    db: Connection, results: Iterable[Result], *, index_now: bool, sure_new: bool = False,
    incomplete: Mapping[RecordKey, bool] | None = None, noted: bool = True, kinds: Kinds | None = None,
) -> Written:
    """Write rows and findings of folded records, inside the caller's transaction.

    Args:
        db: The workspace's connection.
        results: What was folded.
        index_now: After a save: 待补全 at once, and found at once; else all that is left to :func:`catch_up`.
        incomplete: Which records are 待补全, as far as the caller knows; the others are looked at here after a save.
        sure_new: No record has a row or a finding yet (the caller looked).
        noted: Rows are noted as waiting for the search index; False when the caller does so (``Log.keep_together``).
        kinds: The kinds in force, where the caller has them at hand.
    """
    written = Written()
    by_kind: dict[str, list[Result]] = {}
    for result in results:
        by_kind.setdefault(result.key.kind, []).append(result)
    for group in by_kind.values():
        kind = group[0].kind
        if kind is not None and holds(db, kind):
            judge = judging((kinds or kinds_in(db)) if index_now else None, kind)
            _write_kind(
                db, kind, group, written, index_now=index_now, sure_new=sure_new, incomplete=incomplete or {}, judge=judge,
            )
            if kind.governs:
                note_issued(db, rows_numbered(db, kind, written.numbers[kind.code]))
            if noted:
                (note_saved if index_now else mark_todo)(db, kind, written.numbers[kind.code])
        _write_findings(db, group, sure_new=sure_new)
    return written


def _write_kind(
    db: Connection, kind: Kind, group: list[Result], written: Written, *, index_now: bool, sure_new: bool,
    incomplete: Mapping[RecordKey, bool], judge: Callable[[str], Kind],
) -> None:
    where = layout(kind)
    known = {} if sure_new else find_rows(db, kind, [r.key.id for r in group])
    first = number = next_no(db, kind)
    execute = db.cursor().execute
    numbers: list[int] = []
    gone: list[int] = []
    for result in group:
        at = known.get((result.key.unit, result.key.id))
        if not result.counted.order:
            if at is not None:
                gone.append(at[0])
            continue
        row = where.row(number if at is None else at[0], result.key.id, result.key.unit, result.folded)
        if index_now:  # 待补全 at once; after a merge it is left to catch_up
            told = incomplete.get(result.key)
            if told is None:
                judged = judge(result.key.unit)
                row.values[FLAGS] |= incomplete_flag(judged, layout(judged).read(where.whole(row)).flat)
            else:
                row.values[FLAGS] |= told * INCOMPLETE
        write_row(execute, row, new=at is None)
        numbers.append(row.values[0])
        number += at is None
    for no in gone:
        db.execute(f"DELETE FROM {where.table} WHERE no = ?", [no])  # noqa: S608
        if where.searched:
            db.execute(f"DELETE FROM s_{kind.code} WHERE rowid = ?", [no])  # noqa: S608
    written.new += number - first
    written.changed += len(numbers) - (number - first) + len(gone)
    written.numbers[kind.code] = numbers


def _write_findings(db: Connection, group: list[Result], *, sure_new: bool) -> None:
    if not sure_new:
        _forget_findings(db, group)
    findings: list[tuple[Any, ...]] = []
    wanted: list[tuple[bytes, bytes]] = []
    for result in group:
        folded, counted = result.folded, result.counted
        if not (folded.refused or folded.unknown or counted.waiting or counted.invalid):
            continue
        head = (result.key.id, result.key.unit, result.key.kind)
        findings += [(*head, "refused", r.change, r.what, r.reason) for r in folded.refused]
        findings += [(*head, "unknown", name, code or "", "field" if code else "kind") for name, code in folded.unknown]
        findings += [(*head, "waiting", h.name, "", "" if h.complete else "gap") for h in counted.waiting]
        findings += [(*head, "invalid", h.name, "", "") for h in counted.invalid]
        wanted += [(name, result.key.id) for name in counted.missing]
    if findings:
        db.executemany("INSERT INTO finding VALUES (?,?,?,?,?,?,?)", findings)
    if wanted:
        db.executemany("INSERT OR IGNORE INTO wanted VALUES (?,?)", wanted)


def _forget_findings(db: Connection, group: list[Result]) -> None:
    """Take out what earlier folds found about these records; most have nothing, which is asked in bulk."""
    for start in range(0, len(group), CHUNK):
        by_id = {result.key.id: result.key for result in group[start : start + CHUNK]}
        marks = ",".join("?" * len(by_id))
        known = {bytes(r) for (r,) in db.execute(f"SELECT DISTINCT record FROM finding WHERE record IN ({marks})", list(by_id))}  # noqa: S608
        for record in known:
            key = by_id[record]
            db.execute("DELETE FROM finding WHERE record = ? AND unit = ? AND kind = ?", [record, key.unit, key.kind])
            db.execute("DELETE FROM wanted WHERE record = ?", [record])

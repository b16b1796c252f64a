"""Merging: 30 packages of 3,000 new records from files to commit; then 18,000 edits of them.

What is timed on the product's side is everything between the files and the commit: reading, verifying, decrypting,
planning, writing the log and the view. The backup before it is told apart (``backup_s``); the search index is
brought up to date after the commit, which ``merge_indexed_vs_raw`` includes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.bench import raw
from tools.bench.harness import ROUNDS, Case, expect, in_turn, median, ratio, seconds
from tools.bench.township import Made, conflicting, open_copy

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.merge.apply import apply_merge
from fulian_desktop.merge.plan import MergePlan, plan_merge
from fulian_desktop.services.exchanging import open_files
from fulian_desktop.services.office import Office
from fulian_desktop.store.view import layout


def merge(office: Office, packages: Path) -> MergePlan:
    """What ``merge_packages`` does without the backup and without the search index."""
    incoming, trust = open_files(office, [packages])
    workspace = office.workspace
    plan = plan_merge(workspace.db, incoming, own_unit=office.unit, trust=trust, undone={}, version=workspace.version())
    apply_merge(workspace, plan, office.keep_trust)
    return plan


def check_merge(case: str, plan: MergePlan, wanted: dict[str, int]) -> None:
    """Every package merged, and the counts are what they must be."""
    for one in plan.packages:
        expect(case, f"state of {one.incoming.file} ({one.reason})", one.state, "merged")
    for name, count in plan.totals.items():
        expect(case, name, count, wanted.get(name, 0))


class _Timed:
    """One merge into a copy of a workspace, timed in parts."""

    def __init__(self, source: Path, packages: Path, folder: Path, wanted: dict[str, int]) -> None:
        self.source, self.packages, self.folder, self.wanted = source, packages, folder, wanted
        self.indexed: list[float] = []

    def __call__(self) -> float:
        with open_copy(self.source, self.folder) as office:
            plans: list[MergePlan] = []
            taken = seconds(lambda: plans.append(merge(office, self.packages)))
            indexing = seconds(office.workspace.catch_up)
            left = office.workspace.db.execute("SELECT count(*) FROM todo").fetchone()[0]
            expect("merge", "rows left to index", left, 0)
            self.indexed.append(taken + indexing)
            check_merge("merge", plans[0], self.wanted)
            living = sum(office.counts().values())
            expect("merge", "living records", living, self.wanted.get("living", living))
            return taken


def new_records(made: Made, work: Path, rounds: int = ROUNDS) -> tuple[list[Case], float]:
    """``merge_vs_raw``, ``merge_indexed_vs_raw``, ``merge_vs_sqlite_utils``; also the median seconds of a merge."""
    count = made.scale.villages * made.scale.records
    with open_copy(made.empty, work / "warm") as office:
        check_merge("merge", merge(office, made.packages), {"in": count, "added": count})
        rows = raw.fetch_rows(office.workspace.db)
        backup = seconds(lambda: office.workspace.backup_before("merge"))
    timed = _Timed(made.empty, made.packages, work / "product", {"in": count, "added": count, "living": count})
    timers: dict[str, Callable[[], float]] = {
        "merge": timed,
        "raw": lambda: raw.time_inserts(work / "raw", rows),
        "lean_raw": lambda: raw.time_inserts(work / "raw", rows, lean=True),
        "sqlite_utils": lambda: raw.time_upserts(work / "sqlite-utils", rows),
        "lean_sqlite_utils": lambda: raw.time_upserts(work / "sqlite-utils", rows, lean=True),
    }
    found = in_turn(timers, rounds)
    found["merge_indexed"] = timed.indexed
    merged = median(found["merge"])
    shutil.rmtree(work / "warm")
    return [
        Case("merge_vs_raw", ratio(found["raw"], found["merge"]), 0.35, 0.6, samples=found,
             note=f"{count} records: {merged:.2f} s, raw {median(found['raw']):.2f} s"),
        Case("merge_indexed_vs_raw", ratio(found["raw"], found["merge_indexed"]), 0.25,
             note=f"{median(found['merge_indexed']):.2f} s with the search index, raw without one"),
        Case("merge_vs_lean_raw", ratio(found["lean_raw"], found["merge"]),
             note=f"raw binds no None, a statement a set of columns: {median(found['lean_raw']):.2f} s; told only"),
        Case("merge_vs_sqlite_utils", ratio(found["sqlite_utils"], found["merge"]), 1.5,
             note=f"upsert_all {median(found['sqlite_utils']):.2f} s"),
        Case("merge_vs_lean_sqlite_utils", ratio(found["lean_sqlite_utils"], found["merge"]),
             note=f"dictionaries of what has a value only: {median(found['lean_sqlite_utils']):.2f} s; told only"),
        Case("backup_s", backup, unit="s", note="the backup after that merge, re-opened and checked; not in the figures above"),
    ], merged


# --- edits -------------------------------------------------------------------------------------------------


def edits(made: Made, work: Path, rounds: int = ROUNDS) -> list[Case]:
    """``edits_vs_raw_update``: the edits of all villages against ``UPDATE`` of the same rows."""
    scale = made.scale
    count, conflicts = scale.villages * scale.edited, conflicting(scale)
    wanted = {"in": count, "conflicts": conflicts, "changed": count - conflicts, "living": scale.villages * scale.records}
    with open_copy(made.merged, work / "warm") as office:
        before = _by_key(office)
        check_merge("edits", merge(office, made.edits), wanted)
        updates, whole = _updates(before, _by_key(office))
        expect("edits", "rows that differ", sum(len(u) for u in whole.values()), count)
    timed = _Timed(made.merged, made.edits, work / "product", wanted)
    found = in_turn({
        "edits": timed,
        "raw": lambda: _time_updates(made, work / "raw", whole, count),
        "lean_raw": lambda: _time_updates(made, work / "raw", updates, count),
    }, rounds)
    shutil.rmtree(work / "warm")
    return [
        Case("edits_vs_raw_update", ratio(found["raw"], found["edits"]), 0.35, 0.5, samples=found,
             note=f"{count} edits, {scale.villages * scale.shared} concurrent: {median(found['edits']):.2f} s, "
                  f"raw {median(found['raw']):.2f} s"),
        Case("edits_vs_lean_update", ratio(found["lean_raw"], found["edits"]),
             note=f"raw sets only the columns that differ: {median(found['lean_raw']):.2f} s; told only"),
    ]


Updates = dict[str, list[tuple[Any, ...]]]
ByKey = dict[tuple[str, int], tuple[Any, ...]]


def _by_key(office: Office) -> ByKey:
    return {(code, row[0]): row for code, rows in raw.fetch_rows(office.workspace.db).items() for row in rows}


def _updates(before: ByKey, after: ByKey) -> tuple[Updates, Updates]:
    """Statement → parameters: of the changed columns only, and of whole rows. Found by id and unit, as one would."""
    names = {kind.code: layout(kind).columns for kind in all_kinds()}
    changed: Updates = {}
    whole: Updates = {}
    for (code, no), row in after.items():
        old = before[code, no]
        if row == old:
            continue
        columns = names[code]
        different = [i for i in range(len(row)) if row[i] != old[i]]
        for found, chosen in ((changed, different), (whole, list(range(3, len(row))))):
            sets = ", ".join(f'"{columns[i]}" = ?' for i in chosen)
            statement = f"UPDATE k_{code} SET {sets} WHERE id = ? AND unit = ?"
            found.setdefault(statement, []).append((*(row[i] for i in chosen), row[1], row[2]))
    return changed, whole


def _time_updates(made: Made, folder: Path, updates: Updates, count: int) -> float:
    with open_copy(made.merged, folder) as office:
        db = office.workspace.db
        changed = db.total_changes

        def update() -> None:
            db.execute("BEGIN IMMEDIATE")
            for statement, rows in updates.items():
                db.executemany(statement, rows)
            db.execute("COMMIT")

        taken = seconds(update)
        expect("raw update", "rows updated", db.total_changes - changed, count)
        return taken


"""Applying a plan: one transaction, after a backup; and taking an import back by caps (DESIGN §8)."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from fulian_desktop.errors import FulianError
from fulian_desktop.exchange.contents import Holding
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.chains import Limit, Tip
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.merge.plan import MergePlan, PackagePlan, _keys_in
from fulian_desktop.store.bulk import many_objects
from fulian_desktop.store.log import Log
from fulian_desktop.store.records import fold_keys, write_results
from fulian_desktop.store.workspace import Workspace, now_ms


class StalePlan(FulianError):
    """Something was written between planning and applying: plan again."""

    code = "stale"


@many_objects()
def apply_merge(workspace: Workspace, plan: MergePlan, keep_trust: Callable[[Trust], None]) -> None:
    """Write a plan in one transaction; everything or nothing.

    Mints a new epoch when another branch of one of our own streams came (DESIGN §4): two must never write one stream.

    Raises:
        StalePlan: The workspace has changed since the plan was made; nothing is written.
        MachineProblem: The disk is full or the database is held; nothing is written.
    """
    with workspace.transaction(plan.log):
        if workspace.version() != plan.version:
            raise StalePlan("数据刚刚有变化，正在重新核对。")
        write_results(workspace.db, plan.results.values(), index_now=False, sure_new=plan.sure_new)
        keep_trust(plan.trust)
        now = now_ms()
        for package in plan.lifted:
            workspace.db.execute("UPDATE import SET undone_at = NULL WHERE package = ?", [package])
        for one in plan.packages:
            if one.incoming.package is not None:
                _note_import(workspace, one, now)
        if any(_writes_our_stream(plan.log, one, workspace.epoch) for one in plan.packages):
            workspace.mint_epoch()
            workspace.record("fork", {"epoch": workspace.epoch})
        workspace.record("merge", {"packages": [p.incoming.package_id for p in plan.packages], **plan.totals})


def _writes_our_stream(log: Log, plan: PackagePlan, epoch: str) -> bool:
    """Whether a package brings changes of our own epoch that we never wrote: another installation goes by it (DESIGN §4)."""
    if not any(stream.epoch == epoch for stream in plan.stood):
        return False
    return any(
        log.stream(log.stream_of_run(place.run)).epoch == epoch for places in plan.touched.values() for place in places
    )


def _note_import(workspace: Workspace, plan: PackagePlan, now: int) -> None:
    package = plan.incoming.package
    assert package is not None  # noqa: S101 - the caller looked
    header = package.header
    stood = [[*stream, [[tip.name.hex(), tip.seq] for tip in tips]] for stream, tips in plan.stood.items()]
    report = {"state": plan.state, "reason": plan.reason, "in": plan.total, **plan.counts}
    workspace.db.execute(
        "INSERT OR IGNORE INTO import VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)",
        [header.package, now, plan.incoming.file, header.unit, header.kind, plan.state, header.seq, header.made,
         plan.through, json.dumps(report, ensure_ascii=False), json.dumps(stood)],
    )
    _note_holdings(workspace, header.unit, header.epoch, header.seq, package.contents.holdings, package.contents.before, now)


def _note_holdings(
    workspace: Workspace, unit: str, epoch: str, seq: int, holdings: Sequence[Holding], before: Sequence[str], now: int
) -> None:
    """Keep the newest word of what another computer holds; an epoch that was replaced is forgotten."""
    db = workspace.db
    for old in before:
        db.execute("DELETE FROM peer_holdings WHERE unit = ? AND epoch = ?", [unit, old])
    known = db.execute("SELECT number FROM peer_holdings WHERE unit = ? AND epoch = ?", [unit, epoch]).fetchone()
    if known is None or known[0] < seq:
        text = json.dumps([[*h.stream, [list(tip) for tip in h.tips]] for h in holdings])
        db.execute("INSERT OR REPLACE INTO peer_holdings VALUES (?,?,?,?,?)", [unit, epoch, seq, text, now])


def undo_import(workspace: Workspace, package: str, stood: Sequence[Sequence[Any]]) -> int:
    """Cap each stream that an import advanced at where it stood; returns how many records were folded anew.

    Deletes nothing. What lies beyond is kept, without effect, and not passed on; merging the same package again
    brings it back. Mints a new epoch.
    """
    with workspace.transaction() as log:
        keys = set()
        for epoch, unit, cls, tips in stood:
            stream = Stream(epoch, unit, cls)
            limit = Limit(tuple(Tip(bytes.fromhex(name), seq) for name, seq in tips))
            if log.stage_limit(stream, f"undo:{package}", limit):
                keys |= _keys_in(log, stream)
        keys |= _waiting_keys(workspace)
        refold(workspace, log, keys)
        workspace.db.execute("UPDATE import SET undone_at = ? WHERE package = ?", [now_ms(), package])
        workspace.mint_epoch()
        workspace.record("undo-import", {"package": package})
    return len(keys)


def _waiting_keys(workspace: Workspace) -> set[Any]:
    from fulian_desktop.store.log import RecordKey

    rows = workspace.db.execute("SELECT DISTINCT unit, kind, record FROM finding WHERE state IN ('waiting', 'invalid')")
    return {RecordKey(unit, kind, bytes(record)) for unit, kind, record in rows}


def refold(workspace: Workspace, log: Log, keys: set[Any]) -> None:
    """Fold records anew from the stored log and write what they are, inside the current transaction."""
    stored = log.find({key.id for key in keys})
    results = fold_keys(log, {key: stored.get(key.id, []) for key in keys})
    write_results(workspace.db, results.values(), index_now=True)

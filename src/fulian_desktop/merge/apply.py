"""Applying a plan: one transaction, after a backup; and taking an import back by caps (DESIGN §8)."""

from __future__ import annotations

from collections.abc import Callable

from fulian_desktop.errors import FulianError
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.chains import Limit
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.merge.plan import MergePlan, PackagePlan
from fulian_desktop.merge.sealed import write_sealed
from fulian_desktop.store import books
from fulian_desktop.store.bulk import many_objects
from fulian_desktop.store.log import Log, RecordKey
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
        for one in plan.packages:
            write_sealed(workspace.db, one.sealed, one.incoming.package_id)
        keep_trust(plan.trust)
        now = now_ms()
        for package in plan.lifted:
            books.set_undone(workspace.db, package, None)
        for one in plan.packages:
            if one.incoming.package is not None:
                _note_import(workspace, plan.log, one, now)
        if any(_writes_our_stream(plan.log, one, workspace.epoch) for one in plan.packages):
            workspace.mint_epoch()
            workspace.record("fork", {"epoch": workspace.epoch})
        workspace.record("merge", {"packages": [p.incoming.package_id for p in plan.packages], **plan.totals})


def _writes_our_stream(log: Log, plan: PackagePlan, epoch: str) -> bool:
    """Whether a package brings changes of our own epoch that we never wrote: another installation goes by it (DESIGN §4)."""
    if not any(stream.epoch == epoch for stream in plan.stood):
        return False
    if any(verified.header.epoch == epoch for verified in plan.sealed.new):
        return True
    return any(
        log.stream(log.stream_of_run(place.run)).epoch == epoch for places in plan.touched.values() for place in places
    )


def _note_import(workspace: Workspace, log: Log, plan: PackagePlan, now: int) -> None:
    package = plan.incoming.package
    assert package is not None  # noqa: S101 - the caller looked
    header = package.header
    beside = {**plan.photo_counts, **plan.sealed_counts}
    report = {"state": plan.state, "reason": plan.reason, "in": plan.total, **plan.counts, **beside}
    # Only what the import advanced is capped by its undo: a package often repeats streams of ours, in which we write on.
    advanced = {log.stream_of_run(place.run) for places in plan.touched.values() for place in places}
    known = log.streams()
    stood = {stream: tips for stream, tips in plan.stood.items() if known.get(stream) in advanced}
    closed = {verified.header.stream for verified in plan.sealed.new}
    stood |= {stream: plan.sealed.stood[stream] for stream in closed}
    books.note_import(workspace.db, books.Import(
        header.package, now, plan.incoming.file, header.unit, header.kind, plan.state, header.seq, header.made, plan.through,
        report, stood,
    ))
    holdings = [(h.stream, h.tips) for h in package.contents.holdings]
    books.note_holdings(workspace.db, header.unit, header.epoch, header.seq, holdings, before=package.contents.before, at=now,
                        missing=package.contents.missing)


def undo_import(workspace: Workspace, one: books.Import) -> int:
    """Cap each stream that an import advanced at where it stood; returns how many records were folded anew.

    Deletes nothing. What lies beyond is kept, without effect, and not passed on; merging the same package again
    brings it back. Mints a new epoch.
    """
    with workspace.transaction() as log:
        keys: set[RecordKey] = set()
        for stream, tips in one.stood.items():
            if log.stage_limit(stream, f"undo:{one.package}", Limit(tuple(tips))) and stream in log.streams():
                keys |= _keys_beyond(log, stream)
        keys |= books.unsettled(workspace.db)
        refold(workspace, log, keys)
        books.set_undone(workspace.db, one.package, now_ms())
        workspace.mint_epoch()
        workspace.record("undo-import", {"package": one.package})
    return len(keys)


def _keys_beyond(log: Log, stream: Stream) -> set[RecordKey]:
    """The keys of all records with a change of this stream that lies beyond a limit."""
    chain = log.chain(log.number(stream))
    found: set[RecordKey] = set()
    for run in list(chain.runs.values()):
        if chain.within(run.no, run.last):
            continue
        for seq in range(run.first, run.last + 1):
            if not chain.within(run.no, seq):
                change = log.change_at(run.no, seq)
                found.add(RecordKey(stream.unit, change.kind, bytes.fromhex(change.record)))
    return found


def refold(workspace: Workspace, log: Log, keys: set[RecordKey]) -> None:
    """Fold records anew from the stored log and write what they are, inside the current transaction."""
    stored = log.find({key.id for key in keys})
    results = fold_keys(log, {key: stored.get(key.id, []) for key in keys})
    write_results(workspace.db, results.values(), index_now=True)

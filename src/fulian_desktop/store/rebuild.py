"""The view thrown away and made again from the log; also how ``fulian check`` finds out whether they agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fulian_desktop.progress import Progress
from fulian_desktop.store.log import Log, Placed, RecordKey
from fulian_desktop.store.records import Result, fold_keys, write_results
from fulian_desktop.store.view import create_view, drop_view, shape

if TYPE_CHECKING:
    from fulian_desktop.store.workspace import Workspace

_BATCH = 2_000


def all_results(log: Log, progress: Progress | None = None) -> Iterator[dict[RecordKey, Result]]:
    """Fold every record from the log alone, some thousand at a time, in no particular order."""
    units: dict[RecordKey, list[Placed]] = {}
    for stream, number in list(log.streams().items()):
        for run in list(log.chain(number).runs.values()):
            for seq in range(run.first, run.last + 1):
                change = log.change_at(run.no, seq)
                key = RecordKey(stream.unit, change.kind, bytes.fromhex(change.record))
                units.setdefault(key, []).append(Placed(run.no, seq))
    keys = list(units)
    for start in range(0, len(keys), _BATCH):
        if progress is not None:
            progress.step(start, len(keys), "核对记录")
        yield fold_keys(log, {key: units[key] for key in keys[start : start + _BATCH]})


def rebuild_view(workspace: Workspace, progress: Progress | None = None) -> int:
    """Make the view anew in one transaction; returns how many records it has."""
    count = 0
    with workspace.transaction() as log:
        drop_view(workspace.db)
        create_view(workspace.db, workspace.tables())
        workspace.db.execute("DELETE FROM finding")
        workspace.db.execute("DELETE FROM wanted")
        for results in all_results(log, progress):
            write_results(workspace.db, results.values(), index_now=False, sure_new=True)
            count += len(results)
        workspace.set_setting("shape", shape(workspace.tables()))
    workspace.catch_up(progress)
    return count

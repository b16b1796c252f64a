"""Whether this workspace is a copy of one that exported (DESIGN §6, last point).

At export, epoch and tips are written to the user's data folder together with the workspace's path. When they are
missing there, are ahead of the database, or name another path, the workspace is a copy or was put back, and two
installations must never write one stream: a new epoch is minted, and it is said.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import platformdirs

from fulian_desktop.store.files import replace_file
from fulian_desktop.store.vault import Connection


def data_folder() -> Path:
    """The user's data folder (``FULIAN_DATA`` overrides it, for tests and for sticks)."""
    override = os.environ.get("FULIAN_DATA")
    if override:
        return Path(override)
    return Path(platformdirs.user_data_dir("fulian-desktop", appauthor=False))


def _file(workspace_id: str) -> Path:
    return data_folder() / f"{workspace_id}.json"


def note_export(workspace_id: str, path: Path, epoch: str, tips: dict[str, int]) -> None:
    """Remember what has left this computer: ``tips`` is stream text → seq."""
    target = _file(workspace_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"path": os.fspath(path.resolve()), "epoch": epoch, "tips": tips}, ensure_ascii=False)
    replace_file(target, text.encode("utf-8"))


def is_copy(workspace_id: str, path: Path, epoch: str, tips: dict[str, int], before: Sequence[str] = ()) -> bool:
    """Whether a workspace that has exported before is not the one that did.

    Args:
        workspace_id: The random id that the workspace got when it was made.
        path: Its folder now.
        epoch: Its epoch now, 32 hex digits.
        tips: Stream text → last seq it holds.
        before: The workspace's earlier epochs: it may have minted a new one (an import taken back) since it
            exported, and is no copy for that.
    """
    noted = _noted(workspace_id)
    if noted is None or noted.get("path") != os.fspath(path.resolve()):
        return True
    if noted.get("epoch") in before:
        return False
    return noted.get("epoch") != epoch or _is_ahead(noted, tips)


def is_behind(workspace_id: str, epoch: str, tips: dict[str, int]) -> bool:
    """Whether more has left this computer in a workspace's epoch than it holds.

    So it is with a file that was copied by hand without its ``-wal``, in which even the word that it exported lay.
    """
    noted = _noted(workspace_id)
    return noted is not None and noted.get("epoch") == epoch and _is_ahead(noted, tips)


def _noted(workspace_id: str) -> dict[str, Any] | None:
    try:
        noted = json.loads(_file(workspace_id).read_bytes())
    except (OSError, ValueError):
        return None
    return noted if isinstance(noted, dict) and isinstance(noted.get("tips"), dict) else None


def _is_ahead(noted: dict[str, Any], tips: dict[str, int]) -> bool:
    return any(tips.get(stream, 0) < seq for stream, seq in noted["tips"].items())


def own_tips(db: Connection, epoch: str) -> dict[str, int]:
    """Stream text → seq of its last change, of an installation's own streams. Asked at every start, so by SQL alone."""
    rows = db.execute(
        "SELECT s.epoch, s.unit, s.class, max(max(r.last), coalesce((SELECT max(t.no) & 4294967295 FROM tail t "
        "WHERE t.no BETWEEN s.no << 32 AND (s.no << 32) + 4294967295), 0), "
        "coalesce((SELECT max(f.place) & 4294967295 FROM fresh f WHERE f.place >> 32 = s.no), 0)) "
        "FROM stream s JOIN run r ON r.stream = s.no WHERE s.epoch = ? "
        "GROUP BY s.no UNION ALL SELECT epoch, unit, 'restricted', max(first + count - 1) FROM sealed WHERE epoch = ? "
        "GROUP BY unit", [epoch, epoch],
    )
    return {f"{of}/{unit}/{cls}": last for of, unit, cls, last in rows}

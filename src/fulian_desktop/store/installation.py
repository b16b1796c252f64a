"""Is this workspace a copy? (DESIGN §6, last point.)

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

from fulian_desktop.store.files import replace_file


def data_folder() -> Path:
    """The user's data folder (``FULIAN_DATA`` overrides it, for tests and for sticks)."""
    override = os.environ.get("FULIAN_DATA")
    if override:
        return Path(override)
    import platformdirs

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
        tips: Stream text → last seq it holds. before: The workspace's earlier epochs: it may have minted a new one
            (an import taken back) since it exported, and is no copy for that.
    """
    try:
        noted: Any = json.loads(_file(workspace_id).read_bytes())
    except (OSError, ValueError):
        return True
    exported = noted.get("tips") if isinstance(noted, dict) else None
    if not isinstance(exported, dict) or noted.get("path") != os.fspath(path.resolve()):
        return True
    if noted.get("epoch") in before:
        return False
    return noted.get("epoch") != epoch or any(tips.get(stream, 0) < seq for stream, seq in exported.items())

"""Is this workspace a copy? (DESIGN §6, last point.)

At export, epoch and tips are written to the user's data folder together with the workspace's path. When they are
missing there, are ahead of the database, or name another path, the workspace is a copy or was put back, and two
installations must never write one stream: a new epoch is minted, and it is said.
"""

from __future__ import annotations

import json
import os
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


def is_copy(workspace_id: str, path: Path, epoch: str, tips: dict[str, int]) -> bool:
    """Whether a workspace that has exported before is not the one that did."""
    try:
        noted: dict[str, Any] = json.loads(_file(workspace_id).read_bytes())
    except (FileNotFoundError, ValueError):
        return True
    if noted.get("path") != os.fspath(path.resolve()):
        return True
    if noted.get("epoch") != epoch:
        return bool(noted.get("tips"))
    return any(tips.get(stream, 0) < seq for stream, seq in dict(noted.get("tips", {})).items())

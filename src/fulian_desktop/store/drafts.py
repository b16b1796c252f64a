"""Drafts of open forms: what was typed, before it is a record. Outside the ledger, inside the encrypted file."""

from __future__ import annotations

import json
from typing import Any

from fulian_desktop.store.workspace import Workspace, now_ms


def save_draft(workspace: Workspace, draft: str, kind: str, entries: dict[str, Any], record: str | None = None) -> None:
    """Keep what stands in a form; on disk when this returns. ``entries`` is flat name → what was typed."""
    with workspace.transaction():
        workspace.db.execute("INSERT OR REPLACE INTO draft VALUES (?,?,?,?,?)",
                             [draft, kind, record, now_ms(), json.dumps(entries, ensure_ascii=False)])


def drop_draft(workspace: Workspace, draft: str) -> None:
    """Take a draft away after its record was saved, inside the current transaction."""
    workspace.db.execute("DELETE FROM draft WHERE id = ?", [draft])


def drafts(workspace: Workspace) -> list[dict[str, Any]]:
    """All drafts, the latest first: id, kind, record, at (ms), entries."""
    rows = workspace.db.execute("SELECT id, kind, record, at, entries FROM draft ORDER BY at DESC, id")
    return [{"id": i, "kind": k, "record": r, "at": at, "entries": json.loads(e)} for i, k, r, at, e in rows]

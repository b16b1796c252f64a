"""What was worked out once is kept beside the view, and holds as long as nothing was written.

Rules:

* What is kept bears the state it was worked out in; in another state it is as if it were not there.
* The state is that of the log (streams, segments, runs, limits, statements), of what waits to be looked at, and of what the
  caller adds (declarations, the day). A state may differ though nothing that counts has changed; never the other way round.
* Nothing of the rights room is ever handed in here.
* It is part of the view: it goes when the view is made anew.
"""

from __future__ import annotations

import hashlib
import json

from fulian_desktop.errors import MachineProblem
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.workspace import Workspace, now_ms

MOST = 3
"""So many things are kept, the latest."""

MOST_BYTES = 50_000_000
"""Larger things are worked out each time: the database would be copied with them into each backup."""

_STATE = (
    "SELECT group_concat((SELECT max(t.no) FROM tail t WHERE t.no BETWEEN s.no << 32 AND (s.no + 1 << 32) - 1)) FROM stream s",
    "SELECT count(*), max(no), sum(last) FROM run",
    "SELECT count(*), max(no) FROM segment",
    "SELECT max(no) FROM fresh",
    "SELECT group_concat(epoch || unit || class || source || tips) FROM limit_on",
    "SELECT count(*), max(hash) FROM statement",
    "SELECT count(*), max(name) FROM resigned",
    "SELECT group_concat(kind || first || '-' || last) FROM todo",
    "SELECT group_concat(key || '=' || value) FROM meta WHERE key IN ('shape', 'unit_name', 'parent', 'parent_name')",
)


def state_of(db: Connection, *more: str) -> str:
    """A digest of everything that records are folded from, and of what else decides; another one means: work it out anew."""
    found = [[_plain(value) for value in db.execute(question).fetchone()] for question in _STATE]
    return hashlib.sha256(json.dumps([found, more]).encode()).hexdigest()


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def read_kept(db: Connection, name: str, state: str) -> bytes | None:
    """What is kept under a name, None when it was worked out in another state."""
    row = db.execute("SELECT body FROM kept WHERE name = ? AND state = ?", [name, state]).fetchone()
    found: bytes | None = None if row is None else row[0]
    return found


def keep(workspace: Workspace, name: str, state: str, body: bytes) -> None:
    """Keep something; where there is no room or another window writes, it is worked out again next time, and that is all."""
    if len(body) > MOST_BYTES:
        return
    try:
        with workspace.transaction():
            db = workspace.db
            # sqlcipher3 binds bytes twenty times slower than a bytearray
            db.execute("INSERT OR REPLACE INTO kept VALUES (?,?,?,?)", [name, state, now_ms(), bytearray(body)])
            db.execute("DELETE FROM kept WHERE name NOT IN (SELECT name FROM kept ORDER BY at DESC LIMIT ?)", [MOST])
    except MachineProblem:
        return

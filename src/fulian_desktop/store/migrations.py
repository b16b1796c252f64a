"""The tables that are the log and its company, as small dated upgrades; each is tested alone.

The view (one table a kind) is not here: it is derived from the declared kinds and can be thrown away
(:mod:`fulian_desktop.store.view`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fulian_desktop.store.bodies import pack

if TYPE_CHECKING:
    from sqlite_utils import Database

SCHEMA = 4


def upgrade_2026_11_21_first_tables(db: Database) -> None:
    """The log (streams, segments, runs, tail, index of changes) and what is known of others."""
    for statement in _FIRST:
        db.execute(statement)


def upgrade_2026_11_22_packed_bodies(db: Database) -> None:
    """Bodies are compressed (store/bodies.py)."""
    numbers = [no for (no,) in db.execute("SELECT segment FROM body")]
    for no in numbers:
        body = db.execute("SELECT body FROM body WHERE segment = ?", [no]).fetchone()[0]
        db.execute("UPDATE body SET body = ? WHERE segment = ?", [pack(body), no])


def upgrade_2026_11_22_reopened_conflicts(db: Database) -> None:
    """Settlements that were taken back have a table; they were entries ``reopened:kind:unit:record`` among the settings."""
    db.execute(_REOPENED)
    for name, text in db.execute("SELECT key, value FROM meta WHERE key GLOB 'reopened:*'").fetchall():
        _, kind, unit, record = name.split(":")
        settled, undone, fields = json.loads(text)
        row = [kind, unit, bytes.fromhex(record), bytes.fromhex(settled), bytes.fromhex(undone), json.dumps(fields)]
        db.execute("INSERT INTO reopened VALUES (?,?,?,?,?,?)", row)
    db.execute("DELETE FROM meta WHERE key GLOB 'reopened:*'")


def upgrade_2026_11_22_sealed_segments(db: Database) -> None:
    """Segments of restricted streams lie as they came, in a table of their own: nothing here can read them."""
    db.execute(
        """CREATE TABLE sealed (no INTEGER PRIMARY KEY, epoch TEXT NOT NULL, unit TEXT NOT NULL, first INTEGER NOT NULL,
           count INTEGER NOT NULL, prev BLOB NOT NULL, last BLOB NOT NULL, header BLOB NOT NULL UNIQUE,
           signature BLOB NOT NULL, key TEXT NOT NULL, package TEXT, body BLOB NOT NULL) STRICT"""
    )
    db.execute("CREATE INDEX sealed_stream ON sealed (unit, epoch, first)")


UPGRADES = (
    upgrade_2026_11_21_first_tables, upgrade_2026_11_22_packed_bodies, upgrade_2026_11_22_reopened_conflicts,
    upgrade_2026_11_22_sealed_segments,
)

# Which change had settled a conflict, which took it back, and of which fields (services/reopening.py): one a record.
_REOPENED = """CREATE TABLE reopened (kind TEXT NOT NULL, unit TEXT NOT NULL, record BLOB NOT NULL, settled BLOB NOT NULL,
   undone BLOB NOT NULL, fields TEXT NOT NULL, PRIMARY KEY (kind, unit, record)) STRICT, WITHOUT ROWID"""

_FIRST = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    # The log. A body loses nothing of what was signed (store/bodies.py); `names` are those of its changes, 32 bytes each.
    """CREATE TABLE stream (no INTEGER PRIMARY KEY, epoch TEXT NOT NULL, unit TEXT NOT NULL, class TEXT NOT NULL,
       UNIQUE (unit, class, epoch)) STRICT""",
    """CREATE TABLE segment (no INTEGER PRIMARY KEY, stream INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
       prev BLOB NOT NULL, last BLOB NOT NULL, header BLOB NOT NULL, signature BLOB NOT NULL, key TEXT NOT NULL,
       package TEXT) STRICT""",
    "CREATE INDEX segment_stream ON segment (stream, first)",
    "CREATE TABLE body (segment INTEGER PRIMARY KEY, body BLOB NOT NULL, names BLOB NOT NULL) STRICT",
    # A run is a stretch of changes that was new when it arrived: positions in its segment from `base` on;
    # of the office's own uncut changes the segment is NULL and the lines lie in `tail`.
    """CREATE TABLE run (no INTEGER PRIMARY KEY, stream INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
       prev BLOB NOT NULL, parent INTEGER, segment INTEGER, base INTEGER NOT NULL,
       author TEXT NOT NULL) STRICT""",
    "CREATE INDEX run_stream ON run (stream, first)",
    # no = stream << 32 | seq: one B-tree that only grows at its end of a stream, a page a save.
    "CREATE TABLE tail (no INTEGER PRIMARY KEY, name BLOB NOT NULL, line BLOB NOT NULL) STRICT",
    # What single saves wrote since the last idle moment, a row each (store/fresh.py); `place` is the key in `tail`.
    """CREATE TABLE fresh (no INTEGER PRIMARY KEY, run INTEGER NOT NULL, place INTEGER NOT NULL, name BLOB NOT NULL,
       line TEXT NOT NULL, label TEXT NOT NULL, kind TEXT NOT NULL, row INTEGER) STRICT""",
    """CREATE TABLE change (record BLOB NOT NULL, run INTEGER NOT NULL, seq INTEGER NOT NULL,
       PRIMARY KEY (record, run, seq)) STRICT, WITHOUT ROWID""",
    # Changes that a higher writer signed as well: of two signers the higher one is the author.
    "CREATE TABLE resigned (name BLOB PRIMARY KEY, author TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE wanted (name BLOB NOT NULL, record BLOB NOT NULL, PRIMARY KEY (name, record)) STRICT, WITHOUT ROWID",
    # What a change tried and could not: refused values, unknown kinds and fields, waiting, invalid.
    """CREATE TABLE finding (record BLOB NOT NULL, unit TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
       change BLOB NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL) STRICT""",
    "CREATE INDEX finding_record ON finding (record)",
    """CREATE TABLE limit_on (epoch TEXT NOT NULL, unit TEXT NOT NULL, class TEXT NOT NULL, source TEXT NOT NULL,
       tips TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (unit, class, epoch, source)) STRICT, WITHOUT ROWID""",
    # Own acts: which changes bear which act, for undo and history.
    """CREATE TABLE act (act TEXT NOT NULL, at INTEGER NOT NULL, actor TEXT NOT NULL, label TEXT NOT NULL, undone TEXT,
       changes TEXT NOT NULL, PRIMARY KEY (act)) STRICT, WITHOUT ROWID""",
    # What others said and what was sent and received.
    "CREATE TABLE statement (hash TEXT PRIMARY KEY, text TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    """CREATE TABLE peer_holdings (unit TEXT NOT NULL, epoch TEXT NOT NULL, number INTEGER NOT NULL, holdings TEXT NOT NULL,
       at INTEGER NOT NULL, PRIMARY KEY (unit, epoch)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE import (package TEXT PRIMARY KEY, at INTEGER NOT NULL, file TEXT NOT NULL, unit TEXT NOT NULL,
       kind TEXT NOT NULL, state TEXT NOT NULL, seq INTEGER NOT NULL, made INTEGER NOT NULL, through INTEGER,
       report TEXT NOT NULL, stood TEXT NOT NULL, undone_at INTEGER) STRICT, WITHOUT ROWID""",
    """CREATE TABLE export (package TEXT PRIMARY KEY, at INTEGER NOT NULL, file TEXT NOT NULL, receiver TEXT NOT NULL,
       kind TEXT NOT NULL, seq INTEGER NOT NULL, changes INTEGER NOT NULL, tips TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    """CREATE TABLE draft (id TEXT PRIMARY KEY, kind TEXT NOT NULL, record TEXT, at INTEGER NOT NULL, entries TEXT NOT NULL)
       STRICT, WITHOUT ROWID""",
    "CREATE TABLE log (no INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, what TEXT NOT NULL, "
    "about TEXT NOT NULL) STRICT",
)


def apply_upgrades(db: Database) -> None:
    """Bring an older or new database to :data:`SCHEMA`, each upgrade once."""
    from sqlite_utils.migrations import Migrations

    migrations = Migrations("fulian-desktop")
    for upgrade in UPGRADES:
        migrations()(upgrade)
    migrations.apply(db)
    db.execute("INSERT OR REPLACE INTO meta VALUES ('schema', ?)", [str(SCHEMA)])

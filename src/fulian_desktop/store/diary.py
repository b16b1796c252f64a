"""What an installation has done: its activity log."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from fulian_desktop.store.vault import Connection


class Line(NamedTuple):
    """A line of the activity log: when (ms), who, what (a stable English word), and what about."""

    at: int
    actor: str
    what: str
    about: dict[str, Any]


def latest_lines(db: Connection, limit: int) -> list[Line]:
    """The last lines of the activity log, the latest first."""
    rows = db.execute("SELECT at, actor, what, about FROM log ORDER BY no DESC LIMIT ?", [limit])
    return [Line(at, actor, what, json.loads(about)) for at, actor, what, about in rows]


def carried(db: Connection) -> dict[str, int]:
    """Package → how many records it carried, as noted when it was written."""
    asked = "SELECT about ->> 'package', about ->> 'kinds' FROM log WHERE what = 'export' AND about ->> 'kinds' NOT NULL"
    rows = db.execute(asked)
    return {package: sum(json.loads(kinds).values()) for package, kinds in rows}


def find_export(db: Connection, package: str) -> Line | None:
    """What was noted when a package was written, or None."""
    row = db.execute(
        "SELECT at, actor, what, about FROM log WHERE what = 'export' AND about ->> 'package' = ? ORDER BY no DESC LIMIT 1",
        [package],
    ).fetchone()
    return Line(row[0], row[1], row[2], json.loads(row[3])) if row else None

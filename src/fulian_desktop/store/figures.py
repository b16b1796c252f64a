"""Figures of the first page, one grouped question a kind: how many in each month, what is marked, what was sent.

A count by month walks the index of its date; where a kind has none, the day a record was entered (``created_at``) is
read from the rows. Months are those of this computer's clock.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from fulian_desktop.domain.kind import Kind
from fulian_desktop.store.queries import count_rows
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import CONFLICT, INCOMPLETE, NOT_LIVING, Row, layout


class Months(NamedTuple):
    """A year by its months: how many records, and the sum of a column (0 without one)."""

    counts: tuple[int, ...]
    sums: tuple[int, ...]


class Marked(NamedTuple):
    """Living records of a kind: all, those with something missing or doubtful, those with fields in conflict."""

    living: int
    incomplete: int
    conflicts: int


class Filled(NamedTuple):
    """A condition on a flat name: it has a value, from ``least`` to ``most`` where these are given."""

    flat: str
    least: str = ""
    most: str = ""


def by_month(db: Connection, kind: Kind, year: int, date: str = "", add: str = "", last: datetime.date | None = None) -> Months:
    """Living records of a year by month.

    Args:
        db: The workspace's connection.
        kind: Of which kind.
        year: Which year.
        date: The flat name of the date that counts; "" the day it was entered.
        add: The flat name of a column to add up, "" for none.
        last: The last day that counts (for a comparison with part of a year); None the whole year.
    """
    first, last = datetime.date(year, 1, 1), last or datetime.date(year, 12, 31)
    if date:
        month, column, bounds = f'substr("{date}", 6, 2)', f'"{date}"', [first.isoformat(), last.isoformat()]
    else:
        month, column = "strftime('%m', created_at / 1000, 'unixepoch', 'localtime')", "created_at"
        bounds = [_ms(first), _ms(last + datetime.timedelta(days=1)) - 1]  # type: ignore[list-item]
    total = f'coalesce(sum("{add}"), 0)' if add else "0"
    sql = (
        f"SELECT {month}, count(*), {total} FROM {layout(kind).table} "  # noqa: S608 - derived names
        f"WHERE {column} BETWEEN ? AND ? AND flags & {NOT_LIVING} = 0 GROUP BY 1"
    )
    counts, sums = [0] * 12, [0] * 12
    for found, count, added in db.execute(sql, bounds):
        counts[int(found) - 1], sums[int(found) - 1] = count, added
    return Months(tuple(counts), tuple(sums))


def _ms(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time.min).timestamp() * 1000)


def marked(db: Connection, kind: Kind) -> Marked:
    """How many living records a kind has, and how many of them bear which mark."""
    return Marked(count_rows(db, kind), count_rows(db, kind, flag=INCOMPLETE), count_rows(db, kind, flag=CONFLICT))


def rows_with_any(db: Connection, kind: Kind, conditions: Sequence[Filled], limit: int) -> Iterator[Row]:
    """Living records that meet at least one of the conditions, the latest changed first, at most so many."""
    at = layout(kind)
    clauses, values = [], []
    for flat, least, most in conditions:
        column = f'"{at.columns[at.at[flat]]}"'
        clause = [f"{column} IS NOT NULL"]
        for sign, bound in ((">=", least), ("<=", most)):
            if bound:
                clause.append(f"{column} {sign} ?")
                values.append(bound)
        clauses.append(f"({' AND '.join(clause)})")
    sql = (
        f"SELECT * FROM {at.table} WHERE flags & {NOT_LIVING} = 0 AND ({' OR '.join(clauses)}) "  # noqa: S608 - derived names
        "ORDER BY changed_at DESC, no LIMIT ?"
    )
    for raw in db.execute(sql, [*values, limit]):
        yield at.read(raw)


def received_since(db: Connection, at: int) -> int:
    """How many records came new or changed with packages from below since a moment (ms): they are to be handed on."""
    sql = "SELECT report FROM import WHERE at > ? AND kind = 'up' AND undone_at IS NULL"
    reports: list[dict[str, Any]] = [json.loads(text) for (text,) in db.execute(sql, [at])]
    return sum(report.get("added", 0) + report.get("changed", 0) for report in reports)


def unsettled_findings(db: Connection) -> dict[str, int]:
    """State (refused, waiting, invalid, unknown) → how many changes have it."""
    return dict(db.execute("SELECT state, count(*) FROM finding GROUP BY state").fetchall())


def last_logged(db: Connection, what: str) -> int | None:
    """When (ms) a line of that sort was last written to the activity log, or None."""
    found: int | None = db.execute("SELECT max(at) FROM log WHERE what = ?", [what]).fetchone()[0]
    return found

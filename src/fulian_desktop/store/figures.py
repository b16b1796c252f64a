"""Figures of the first page, one question a kind: how many in each stretch of days, what is marked, what was sent.

A stretch is a range of the index that begins with the date (``…_counted``); where a kind has none, with the day a record was
entered (``created_at``). Asked range by range nothing is sorted and no row works out its own month: 27,000 families took 27 ms
by ``strftime`` and take 2. Days are those of this computer's clock.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from fulian_desktop.domain.kind import Kind
from fulian_desktop.store.queries import count_rows, flagged
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import CONFLICT, INCOMPLETE, NOT_LIVING, Row, layout


class Stretch(NamedTuple):
    """Living records of some days: how many, and the sums of the columns asked for."""

    records: int
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


def counted(
    db: Connection, kind: Kind, stretches: Sequence[tuple[datetime.date, datetime.date]], date: str = "", add: Sequence[str] = (),
) -> list[Stretch]:
    """Living records of each stretch of days.

    Args:
        db: The workspace's connection.
        kind: Of which kind.
        stretches: First and last day of each; a stretch whose first day comes after its last has none.
        date: The flat name of the date that counts; "" the day it was entered.
        add: The flat names of columns to add up.
    """
    column = date or "created_at"
    at = layout(kind)
    total = "".join(f", coalesce(sum({at.column(name)}), 0)" for name in add)
    sql = (
        f'SELECT count(*){total} FROM {at.table} '  # noqa: S608 - derived names
        f'WHERE {at.column(column)} BETWEEN ? AND ? AND flags & {NOT_LIVING} = 0'
    )
    bounds: list[Any] = []
    for first, last in stretches:
        bounds += [first.isoformat(), last.isoformat()] if date else [_ms(first), _ms(last + datetime.timedelta(days=1)) - 1]
    found = db.execute(" UNION ALL ".join([sql] * len(stretches)), bounds)
    return [Stretch(count, tuple(sums)) for count, *sums in found]


def units_with_records(db: Connection, kind: Kind, first: datetime.date, last: datetime.date, date: str = "") -> frozenset[str]:
    """The units with a living record of some days; ``date`` and days as :func:`counted` takes them."""
    at = layout(kind)
    sql = (
        f"SELECT DISTINCT unit FROM {at.table} "  # noqa: S608 - derived names
        f"WHERE {at.column(date or 'created_at')} BETWEEN ? AND ? AND flags & {NOT_LIVING} = 0"
    )
    bounds = (first.isoformat(), last.isoformat()) if date else (_ms(first), _ms(last + datetime.timedelta(days=1)) - 1)
    return frozenset(unit for (unit,) in db.execute(sql, bounds))


def _ms(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time.min).timestamp() * 1000)


def marked(db: Connection, kind: Kind) -> Marked:
    """How many living records a kind has, and how many of them bear which mark."""
    found = flagged(db, kind)
    return Marked(*(count_rows(db, kind, flag=flag, among=found) for flag in (0, INCOMPLETE, CONFLICT)))


def rows_with_any(db: Connection, kind: Kind, conditions: Sequence[Filled], limit: int) -> Iterator[Row]:
    """Living records that meet at least one of the conditions, the latest changed first, at most so many."""
    at = layout(kind)
    clauses, values = [], []
    for flat, least, most in conditions:
        column = at.column(flat)
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

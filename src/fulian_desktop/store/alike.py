"""Records that look like one another, by what their kind declares (``domain.kind.Alike``), a stretch at a time.

Rules:

* Only columns that decide are read, and only of records whose values another record has too: of a hundred thousand
  persons that is a handful. A stretch begins after a place, so that nobody waits for the last pair to see the first.
* Whether names are alike is no matter of SQL: what is read here is looked through in :mod:`fulian_desktop.services.pairing`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from fulian_desktop.domain.kind import Alike, Kind
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import NOT_LIVING, layout


class Candidate(NamedTuple):
    """A record that agrees with another one: number, id, unit, name; the ids of records that it is judged not to be.

    ``values``: of each column that some rule of the kind asks about, by its name. ``key``: what it agrees in by this rule.
    """

    no: int
    id: str
    unit: str
    name: str
    parted: frozenset[str]
    values: dict[str, Any]
    key: tuple[Any, ...] = ()


def candidates(db: Connection, kind: Kind, rule: Alike, after: Sequence[Any] | None = None) -> Iterator[Candidate]:
    """Records that agree with another in a rule's columns, in the order of those columns and their numbers.

    Joined ones are left out, unless what they are joined to is deleted.

    Args:
        db: The workspace's connection.
        kind: Of which kind.
        rule: One of the kind's.
        after: A :attr:`Candidate.key` at which to begin.
    """
    at = layout(kind)
    names = sorted({name for one in kind.alike for name in (*one.same, one.sounds, one.begins, *one.unlike) if name})
    title = (kind.title or (kind.fields[0].flat[0],))[0]
    read = ", ".join(f'r."{at.columns[at.at[name]]}"' for name in ("no", "id", "unit", title, "not_same", *names))
    columns = [f'"{at.columns[at.at[name]]}"' for name in rule.same]
    if rule.begins:
        columns.append(f'substr("{at.columns[at.at[rule.begins]]}", 1, 1)')
    key = ", ".join(columns)
    # a record that was transferred is joined to the one it was: that one is deleted, and it may have been entered here before
    gone = f"SELECT lower(hex(id)) FROM {at.table} WHERE flags & {NOT_LIVING} != 0"  # noqa: S608 - a declared code
    living = f"flags & {NOT_LIVING} = 0 AND (same_as IS NULL OR same_as IN ({gone}))"
    there = " AND ".join(f"{column} IS NOT NULL" for column in columns)
    begun = f" AND ({key}) >= ({', '.join('?' * len(columns))})" if after is not None else ""
    # Shared values are found by their columns alone, in an index where there is one; flags are looked at afterwards.
    shared = f"SELECT {key} FROM {at.table} WHERE {there}{begun} GROUP BY {key} HAVING count(*) > 1"  # noqa: S608 - derived names
    sql = f"SELECT {read}, {key} FROM {at.table} r WHERE ({key}) IN ({shared}) AND {living} ORDER BY {key}, r.no"  # noqa: S608
    for no, record, unit, name, parted, *values in db.execute(sql, list(after or ())):
        known = frozenset(one["id"] for one in json.loads(parted).values()) if parted else frozenset()
        named, agreed = values[: len(names)], values[len(names):]
        yield Candidate(no, bytes(record).hex(), unit, name or "", known, dict(zip(names, named, strict=True)), tuple(agreed))


def parted_records(db: Connection, kind: Kind, after: int = 0) -> Iterator[tuple[int, str, str, str, list[tuple[str, str, str]]]]:
    """Records that were judged not to be another: number, id, unit, name, and (row, unit, id) of each other one by its row.

    In the order of their numbers, from ``after`` on.
    """
    at = layout(kind)
    title = (kind.title or (kind.fields[0].flat[0],))[0]
    sql = (
        f'SELECT no, id, unit, "{title}", not_same FROM {at.table} '  # noqa: S608 - derived names
        f"WHERE not_same IS NOT NULL AND flags & {NOT_LIVING} = 0 AND no >= ? ORDER BY no"
    )
    for no, record, unit, name, parted in db.execute(sql, [after]):
        others = [(row, one["unit"], one["id"]) for row, one in sorted(json.loads(parted).items())]
        yield no, bytes(record).hex(), unit, name or "", others

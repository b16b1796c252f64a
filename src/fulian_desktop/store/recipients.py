"""Aids of one program over all units and years, and which of their recipients are one person; read in a few questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import Level
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import NOT_LIVING, layout

_CHUNK = 500
_HOLDERS = (("person", "id_number"), ("family", "head_id_number"))


class Given(NamedTuple):
    """An aid that was not refused: its id, whose it is, to whom, and whether a reason is written beside it."""

    id: str
    unit: str
    recipient: str
    name: str
    explained: bool


def given(db: Connection, program: str) -> list[Given]:
    """The aids of a program, those that name a recipient's record, in the order in which they were entered."""
    refused = " OR ".join(f"approval_{level.code}_result = 'rejected'" for level in Level)
    sql = (
        "SELECT lower(hex(id)), unit, recipient, recipient_name, override_reason IS NOT NULL "  # noqa: S608 - declared codes
        f"FROM {layout(kind_of('aid')).table} WHERE program = ? AND recipient IS NOT NULL "
        f"AND flags & {NOT_LIVING} = 0 AND NOT coalesce({refused}, 0) ORDER BY no"
    )
    rows = db.execute(sql, [program])
    return [Given(record, unit, recipient, name or "", bool(explained)) for record, unit, recipient, name, explained in rows]


def id_numbers(db: Connection, records: Iterable[str]) -> dict[str, str]:
    """Record → the ID number of the person, or of the head of the family; those without one are left out."""
    wanted, found = [bytes.fromhex(record) for record in records], {}
    for code, column in _HOLDERS:
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            sql = (
                f"SELECT lower(hex(id)), {column} FROM {layout(kind_of(code)).table} "  # noqa: S608 - declared codes
                f"WHERE {column} IS NOT NULL AND id IN ({', '.join('?' * len(chunk))})"
            )
            found.update(db.execute(sql, chunk).fetchall())
    return found


def joined(db: Connection) -> list[tuple[str, str]]:
    """Pairs of persons, or of families, of which the first was judged to be the second."""
    sql = " UNION ALL ".join(
        f"SELECT lower(hex(id)), same_as FROM {layout(kind_of(code)).table} WHERE same_as IS NOT NULL"  # noqa: S608
        for code, _ in _HOLDERS
    )
    return [(first, second) for first, second in db.execute(sql)]

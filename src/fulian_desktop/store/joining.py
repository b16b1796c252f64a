"""Records that were judged to be one (``same_as``): what refers to one of them shows under all of them (DESIGN §4).

Rules:

* Nothing is rewritten: a group is found when it is asked for, along ``same_as`` and against it, chains and circles alike.
* A record in between that is deleted or has not arrived still joins those on both of its sides; taking ``same_as`` away parts
  them again.
* Asked by the partial index of joined rows, so that a record that is joined to none costs two look-ups.
"""

from __future__ import annotations

from fulian_desktop.domain.kind import Kind
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import layout

MOST = 200
"""So many records of a group are looked for: nobody was entered more often, and a forged chain is not followed for ever."""


def group_of(db: Connection, kind: Kind, record: str) -> list[str]:
    """The ids (32 hex digits) of all records of a kind that are one with a record, its own first."""
    table = layout(kind).table
    found = [record]
    for one in found:  # grows as it is walked
        away = f"SELECT same_as FROM {table} WHERE id = ? AND same_as IS NOT NULL"  # noqa: S608 - a declared code
        here = f"SELECT lower(hex(id)) FROM {table} WHERE same_as = ?"  # noqa: S608 - a declared code
        near = [*db.execute(away, [bytes.fromhex(one)]), *db.execute(here, [one])]
        found += dict.fromkeys(other for (other,) in near if other not in found)
        if len(found) > MOST:
            break
    return found

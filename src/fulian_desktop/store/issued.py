"""The kinds in force in a workspace, read from the published records that say what was issued (``domain.in_force``).

A stamp in ``meta`` changes whenever such a record is written, in the same transaction: who keeps what was read asks
whether it still stands, and a workspace in which nothing was issued has none.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from fulian_desktop.domain.in_force import DECLARED, Issue, Kinds
from fulian_desktop.domain.kinds import all_kinds, find_kind
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import NOT_LIVING, Row, layout, look_again

_STAMP = "issued"


def stamp(db: Connection) -> str:
    """Another one whenever something was issued, changed or taken back; "" where nothing ever was."""
    found = db.execute("SELECT value FROM meta WHERE key = ?", [_STAMP]).fetchone()
    return "" if found is None else str(found[0])


def kinds_in(db: Connection) -> Kinds:
    """The kinds in force, as the workspace stands now."""
    if not stamp(db):
        return DECLARED
    issues = []
    for kind in all_kinds():
        if kind.governs:
            at = layout(kind)
            sql = f"SELECT * FROM {at.table} WHERE flags & {NOT_LIVING} = 0"  # noqa: S608 - derived names
            issues += [Issue(row.unit, row.kind, row.id, row.flat) for row in map(at.read, db.execute(sql))]
    return Kinds(issues)


def note_issued(db: Connection, rows: Iterable[Row]) -> None:
    """Records that govern were written: what was read before stands no more. Inside the caller's transaction.

    The records of the kinds that they name are looked through again for what is missing or doubtful.
    """
    db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", [_STAMP, os.urandom(8).hex()])
    for code in sorted({code for row in rows for code in _concerned(row)}):
        kind = find_kind(code)
        if kind is not None:
            look_again(db, kind)


def _concerned(row: Row) -> Iterable[str]:
    """The codes of the kinds whose records may now be complete, or no more."""
    kinds: Iterable[str] = row.flat.get("kinds") or ()
    return [*kinds, *([str(row.flat["bounds"]).partition("__")[0]] if row.flat.get("bounds") else ())]

"""What single saves wrote since the last idle moment: one row of ``fresh`` a save, put away later.

A save that wrote to all its places at once would write to the log's tail, to its index of changes, to the list of acts
and to the list of rows that the search index waits for: a page of the write-ahead log each and more when one is
full, where the row costs one. It is on disk with the commit like anything else; :class:`~fulian_desktop.store.log.Log`,
searching and the list of acts see it, and :func:`put_away` moves it to its places: when idle or at the next start, before
changes are cut, before an act is taken back, and at the latest the two thousandth.
"""

from __future__ import annotations

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.ledger.changes import read_change
from fulian_desktop.store.books import ActChange, note_act
from fulian_desktop.store.log import RecordKey, place_of
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.view import mark_todo


def put_away(db: Connection) -> bool:
    """Move what lies in ``fresh`` to its places, inside the caller's transaction; whether there was anything.

    A :class:`~fulian_desktop.store.log.Log` made before is to be forgotten.
    """
    found = db.execute(
        "SELECT f.run, f.place, f.name, f.line, f.label, f.row, s.unit "
        "FROM fresh f JOIN stream s ON s.no = f.place >> 32 ORDER BY f.no"
    ).fetchall()
    numbers: dict[str, set[int]] = {}
    for run, place, name, text, label, row, unit in found:
        line = text.encode()
        change = read_change(line)
        record = bytes.fromhex(change.record)
        db.execute("INSERT INTO tail VALUES (?,?,?)", [place, name, line])
        db.execute("INSERT INTO change VALUES (?,?,?)", [record, run, place_of(place)[1]])
        key = RecordKey(unit, change.kind, record)
        note_act(db, change.act, at=change.at, actor=change.actor, label=label, changes=[ActChange(key, bytes(name))])
        if row is not None:
            numbers.setdefault(change.kind, set()).add(row)
    for code, rows in numbers.items():
        kind = find_kind(code)
        if kind is not None:
            mark_todo(db, kind, sorted(rows))
    db.execute("DELETE FROM fresh")
    return bool(found)

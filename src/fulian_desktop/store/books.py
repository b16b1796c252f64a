"""The books beside the ledger: acts, imports, exports, receipts, statements, the activity log.

What this installation did, sent and received. Small tables, plain functions; writes go inside the caller's
transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fulian_desktop.store.bodies import unpack

if TYPE_CHECKING:  # late: the first page asks for acts and exports, and has no use for the log behind them (12 ms)
    from fulian_desktop.ledger.chains import Tip
    from fulian_desktop.ledger.segments import Segment
    from fulian_desktop.ledger.streams import Stream
    from fulian_desktop.store.log import RecordKey
    from fulian_desktop.store.vault import Connection

MOST_MISSING = 50_000  # photos that another computer asks for; 3 MB

# --- acts --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActChange:
    """One change of an act: the record it is of and its name."""

    key: RecordKey
    name: bytes


def note_act(db: Connection, act: str, *, at: int, actor: str, label: str, changes: Iterable[ActChange]) -> None:
    """Write an act of this installation and its changes."""
    text = json.dumps([[c.key.kind, c.key.unit, c.key.id.hex(), c.name.hex()] for c in changes])
    db.execute("INSERT INTO act VALUES (?,?,?,?,NULL,?)", [act, at, actor, label, text])


def latest_acts(db: Connection, limit: int) -> list[dict[str, Any]]:
    """act, at, actor, label, undone (the act that took it back), records; the latest first."""
    rows = db.execute(
        "SELECT act, at, actor, label, undone, json_array_length(changes) FROM act UNION ALL "
        "SELECT line ->> 'act', line ->> 'at', line ->> 'actor', label, NULL, 1 FROM fresh "
        "ORDER BY 2 DESC, 1 DESC LIMIT ?", [limit],
    )
    return [
        {"act": a, "at": at, "actor": who, "label": label, "undone": undone, "records": n}
        for a, at, who, label, undone, n in rows
    ]


def find_act(db: Connection, act: str) -> tuple[bool, str | None]:
    """(whether there is such an act, the act that took it back); what is fresh must have been put away."""
    row = db.execute("SELECT undone FROM act WHERE act = ?", [act]).fetchone()
    return row is not None, row[0] if row else None


def changes_of_act(db: Connection, act: str) -> list[ActChange]:
    """The changes that bear an act's id."""
    from fulian_desktop.store.log import RecordKey

    row = db.execute("SELECT changes FROM act WHERE act = ?", [act]).fetchone()
    members = json.loads(row[0]) if row else []
    return [ActChange(RecordKey(unit, kind, bytes.fromhex(record)), bytes.fromhex(name)) for kind, unit, record, name in members]


def note_undone(db: Connection, act: str, by: str) -> None:
    """An act was taken back by another."""
    db.execute("UPDATE act SET undone = ? WHERE act = ?", [by, act])


@dataclass(frozen=True)
class Reopened:
    """A settlement of conflicts that was taken back here: its change, the change that took it back, and of which fields."""

    key: RecordKey
    settled: bytes
    undone: bytes
    fields: tuple[str, ...]


def note_reopened(db: Connection, one: Reopened) -> None:
    """Keep that a settlement was taken back; an earlier one of the same record is forgotten."""
    key = one.key
    row = [key.kind, key.unit, key.id, one.settled, one.undone, json.dumps(one.fields)]
    db.execute("INSERT OR REPLACE INTO reopened VALUES (?,?,?,?,?,?)", row)


def forget_reopened(db: Connection, key: RecordKey) -> None:
    """What was taken back is settled again, or overtaken."""
    db.execute("DELETE FROM reopened WHERE kind = ? AND unit = ? AND record = ?", [key.kind, key.unit, key.id])


def reopened(db: Connection) -> list[Reopened]:
    """All settlements that were taken back, also those that something else has overtaken since."""
    from fulian_desktop.store.log import RecordKey

    rows = db.execute("SELECT kind, unit, record, settled, undone, fields FROM reopened ORDER BY kind, unit, record")
    return [
        Reopened(RecordKey(unit, kind, bytes(record)), bytes(settled), bytes(undone), tuple(json.loads(fields)))
        for kind, unit, record, settled, undone, fields in rows
    ]


# --- statements --------------------------------------------------------------------------------------------


def statements(db: Connection) -> list[str]:
    """The texts of all stored certificates, revocations and superior statements."""
    return [text for (text,) in db.execute("SELECT text FROM statement ORDER BY at, hash")]


def keep_statements(db: Connection, named: Iterable[tuple[str, str]], at: int) -> None:
    """Store statements given as (name, text); known ones stay as they are."""
    db.executemany("INSERT OR IGNORE INTO statement VALUES (?,?,?)", [(name, text, at) for name, text in named])


# --- receipts ----------------------------------------------------------------------------------------------


def note_holdings(
    db: Connection, unit: str, epoch: str, number: int, holdings: Sequence[tuple[Stream, Sequence[tuple[str, int]]]],
    *, before: Iterable[str], at: int, missing: Sequence[str] = (),
) -> None:
    """Keep the newest word of what another computer holds; an epoch that it has replaced is forgotten.

    ``missing``: hashes of the photos it lacks, kept beside.
    """
    replaced = list(before)
    db.executemany("DELETE FROM peer_holdings WHERE unit = ? AND epoch = ?", [(unit, old) for old in replaced])
    db.executemany("DELETE FROM meta WHERE key = ?", [(_missing_key(unit, old),) for old in replaced])
    known = db.execute("SELECT number FROM peer_holdings WHERE unit = ? AND epoch = ?", [unit, epoch]).fetchone()
    if known is None or known[0] < number:
        text = json.dumps([[*stream, [list(tip) for tip in tips]] for stream, tips in holdings])
        db.execute("INSERT OR REPLACE INTO peer_holdings VALUES (?,?,?,?,?)", [unit, epoch, number, text, at])
        if missing:
            lacked = json.dumps(list(missing)[:MOST_MISSING])
            db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", [_missing_key(unit, epoch), lacked])
        else:
            db.execute("DELETE FROM meta WHERE key = ?", [_missing_key(unit, epoch)])


def _missing_key(unit: str, epoch: str) -> str:
    return f"missing-photos:{unit}:{epoch}"


def missing_photos_of(db: Connection, unit: str) -> set[str]:
    """The hashes of photos that some computer of a unit said it lacks, in the last package that came from it."""
    rows = db.execute("SELECT value FROM meta WHERE key GLOB ?", [_missing_key(unit, "*")])
    return {hash_ for (text,) in rows for hash_ in json.loads(text)}


def _tips(text: str) -> dict[Stream, list[Tip]]:
    """Tips by stream, as they are stored."""
    from fulian_desktop.ledger.chains import Tip
    from fulian_desktop.ledger.streams import Stream

    return {
        Stream(epoch, unit, cls): [Tip(bytes.fromhex(name), seq) for name, seq in tips]
        for epoch, unit, cls, tips in json.loads(text)
    }


def holdings_of(db: Connection, unit: str) -> list[dict[Stream, list[Tip]]]:
    """For each computer of a unit, the tips it said it holds of each stream."""
    rows = db.execute("SELECT holdings FROM peer_holdings WHERE unit = ? ORDER BY epoch", [unit])
    return [_tips(text) for (text,) in rows]


def last_word(db: Connection, unit: str) -> int:
    """When (ms) a computer of a unit last said what it holds; 0: never."""
    return int(db.execute("SELECT coalesce(max(at), 0) FROM peer_holdings WHERE unit = ?", [unit]).fetchone()[0])


# --- exports and imports -----------------------------------------------------------------------------------


def note_export(
    db: Connection, package: str, *, at: int, file: str, receiver: str, kind: str, seq: int, changes: int, tips: dict[str, int]
) -> None:
    """A package was written, read back and got its name."""
    db.execute("INSERT INTO export VALUES (?,?,?,?,?,?,?,?)", [package, at, file, receiver, kind, seq, changes, json.dumps(tips)])


def exports_since(db: Connection, at: int) -> list[dict[str, Any]]:
    """Packages written from a moment (ms) on: package, to, at."""
    rows = db.execute("SELECT package, receiver, at FROM export WHERE at >= ? ORDER BY at", [at])
    return [{"package": p, "to": to, "at": when} for p, to, when in rows]


@dataclass(frozen=True)
class Export:
    """One written package; ``tips``: stream text → seq of the last change of this office's own that went."""

    package: str
    at: int
    file: str
    seq: int
    changes: int
    tips: dict[str, int]


def exports_to(db: Connection, receiver: str) -> list[Export]:
    """All packages written for a unit, the first one first."""
    rows = db.execute("SELECT package, at, file, seq, changes, tips FROM export WHERE receiver = ? ORDER BY seq", [receiver])
    return [Export(package, at, file, seq, changes, json.loads(tips)) for package, at, file, seq, changes, tips in rows]


@dataclass(frozen=True)
class Import:
    """One merged package: where its streams stood before (``stood``), what came of it (``report``)."""

    package: str
    at: int
    file: str
    unit: str
    kind: str
    state: str
    seq: int
    made: int
    through: int | None
    report: dict[str, Any]
    stood: dict[Stream, list[Tip]]
    undone_at: int | None = None


def note_import(db: Connection, one: Import) -> None:
    """Keep an import; merging the same package again changes nothing of what was kept the first time."""
    stood = [[*stream, [[tip.name.hex(), tip.seq] for tip in tips]] for stream, tips in one.stood.items()]
    db.execute(
        "INSERT OR IGNORE INTO import VALUES (?,?,?,?,?,?,?,?,?,?,?,NULL)",
        [one.package, one.at, one.file, one.unit, one.kind, one.state, one.seq, one.made, one.through,
         json.dumps(one.report, ensure_ascii=False), json.dumps(stood)],
    )


_IMPORT = "SELECT package, at, file, unit, kind, state, seq, made, through, report, stood, undone_at FROM import"


def imports(db: Connection) -> list[Import]:
    """All imports, the latest first."""
    return [_import(row) for row in db.execute(f"{_IMPORT} ORDER BY at DESC, package")]


def find_import(db: Connection, package: str) -> Import | None:
    """The import of a package, or None."""
    row = db.execute(f"{_IMPORT} WHERE package = ?", [package]).fetchone()
    return None if row is None else _import(row)


def _import(row: Sequence[Any]) -> Import:
    stood = _tips(row[10])
    package, at, file, unit, kind, state, seq, made, through, report, _, undone_at = row
    return Import(package, at, file, unit, kind, state, seq, made, through, json.loads(report), stood, undone_at)


def packages_of_runs(db: Connection, runs: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Run number → (unit that sent the package which brought it, ms of its arrival); own changes came in none."""
    rows = db.execute(
        "SELECT r.no, i.unit, i.at FROM run r JOIN segment s ON s.no = r.segment JOIN import i ON i.package = s.package "
        "WHERE r.no IN (SELECT value FROM json_each(?))", [json.dumps(sorted(set(runs)))],
    )
    return {run: (unit, at) for run, unit, at in rows}


def set_undone(db: Connection, package: str, at: int | None) -> None:
    """An import was undone at a moment (ms), or (None) its package was merged again."""
    db.execute("UPDATE import SET undone_at = ? WHERE package = ?", [at, package])


def last_reports(db: Connection) -> dict[str, tuple[int, int, int]]:
    """Unit → (ms of its last package's arrival, its highest number, ms of the newest change in it)."""
    rows = db.execute(
        "SELECT unit, max(at), max(seq), max(through) FROM import WHERE undone_at IS NULL AND kind = 'up' GROUP BY unit"
    )
    return {unit: (at, seq, through or 0) for unit, at, seq, through in rows}


# --- the log's bytes, to be sent or verified ---------------------------------------------------------------


def tail_streams(db: Connection) -> list[int]:
    """Numbers of the streams that have changes not yet cut into a segment."""
    return [stream for (stream,) in db.execute("SELECT DISTINCT no >> 32 FROM tail ORDER BY 1")]


def tail_lines(db: Connection, stream: int) -> list[bytes]:
    """A stream's uncut changes, in order."""
    from fulian_desktop.store.log import tail_range

    rows = db.execute("SELECT line FROM tail WHERE no BETWEEN ? AND ? ORDER BY no", tail_range(stream))
    return [bytes(line) for (line,) in rows]


def uncut_changes(db: Connection) -> int:
    """How many changes of this installation are not yet cut, and so not yet handed in."""
    return int(db.execute("SELECT (SELECT count(*) FROM tail) + (SELECT count(*) FROM fresh)").fetchone()[0])


def segment_heads(db: Connection, stream: int) -> list[tuple[int, str, int]]:
    """(number, key id of the signer, number of changes) of a stream's segments, in order."""
    rows = db.execute("SELECT no, key, count FROM segment WHERE stream = ? ORDER BY first, no", [stream])
    return [(no, key, count) for no, key, count in rows]


def segment(db: Connection, number: int) -> Segment:
    """A segment's bytes as they were signed."""
    from fulian_desktop.ledger.segments import Segment

    header, signature, body = db.execute(
        "SELECT s.header, s.signature, b.body FROM segment s JOIN body b ON b.segment = s.no WHERE s.no = ?", [number]
    ).fetchone()
    return Segment(bytes(header), bytes(signature), unpack(body))


def all_segments(db: Connection) -> Iterator[tuple[int, Segment]]:
    """Every stored segment with its number."""
    from fulian_desktop.ledger.segments import Segment

    rows = db.execute("SELECT s.no, s.header, s.signature, b.body FROM segment s JOIN body b ON b.segment = s.no ORDER BY s.no")
    for no, header, signature, body in rows:
        yield no, Segment(bytes(header), bytes(signature), unpack(body))


def unsettled(db: Connection) -> set[RecordKey]:
    """Records of which some change waits or is invalid: news about others may change that."""
    from fulian_desktop.store.log import RecordKey

    rows = db.execute("SELECT DISTINCT unit, kind, record FROM finding WHERE state IN ('waiting', 'invalid')")
    return {RecordKey(unit, kind, bytes(record)) for unit, kind, record in rows}

"""Segments of restricted streams as they came: header, signature, and a body that nobody here can read.

They lie in the workspace whether the rights room is open or not; that is how they are passed on byte for byte, named
in receipts and capped without opening anything. Of a chain only what headers say is known: where a segment begins and
ends. The room judges the rest when it takes them in (``merge/rooms.py``).

The same run may come twice: its author sealed it again for a room that was not known before. Both are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fulian_desktop.ledger.chains import Chain, Limit, Run, Tip
from fulian_desktop.ledger.segments import Segment, SegmentHeader
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.store.vault import Connection


@dataclass(frozen=True)
class Sealed:
    """What is known of a stored segment. ``package``: which brought it, None: this installation's own."""

    no: int
    stream: Stream
    first: int
    last: int
    before: bytes
    name: bytes
    key: str
    package: str | None
    header: bytes

    @property
    def count(self) -> int:
        """How many changes it has."""
        return self.last - self.first + 1


def as_sealed(no: int, header: SegmentHeader, data: bytes, package: str | None) -> Sealed:
    """A segment that is not stored yet, as :func:`all_sealed` would give it; ``data`` is its header's bytes."""
    return Sealed(no, header.stream, header.first, header.first + header.count - 1, bytes.fromhex(header.prev),
                  bytes.fromhex(header.last), header.key, package, data)


def all_sealed(db: Connection) -> dict[Stream, list[Sealed]]:
    """What is stored, by stream, in the order in which it came."""
    found: dict[Stream, list[Sealed]] = {}
    rows = db.execute("SELECT no, epoch, unit, first, count, prev, last, key, package, header FROM sealed ORDER BY no")
    for no, epoch, unit, first, count, prev, last, key, package, header in rows:
        stream = Stream(epoch, unit, "restricted")
        one = Sealed(no, stream, first, first + count - 1, bytes(prev), bytes(last), key, package, bytes(header))
        found.setdefault(stream, []).append(one)
    return found


def keep(db: Connection, segment: Segment, header: SegmentHeader, package: str | None) -> None:
    """Store a segment as it came, inside the current transaction; one that is there already stays."""
    db.execute(
        "INSERT OR IGNORE INTO sealed (epoch, unit, first, count, prev, last, header, signature, key, package, body) "
        "VALUES (?,?,?,?,?,?,?,?,?,?,?)",
        [header.epoch, header.unit, header.first, header.count, bytes.fromhex(header.prev), bytes.fromhex(header.last),
         segment.header, segment.signature, header.key, package, segment.body],
    )


def segment(db: Connection, no: int) -> Segment:
    """A segment's bytes as they were signed."""
    header, signature, body = db.execute("SELECT header, signature, body FROM sealed WHERE no = ?", [no]).fetchone()
    return Segment(bytes(header), bytes(signature), bytes(body))


def replace_own(db: Connection, streams: Iterable[Stream]) -> None:
    """Take out this installation's own segments of some streams, to be sealed anew, inside the current transaction."""
    db.executemany(
        "DELETE FROM sealed WHERE package IS NULL AND epoch = ? AND unit = ?", [(s.epoch, s.unit) for s in streams]
    )


class SealedChain:
    """How the sealed segments of one stream hang together, by what their headers say, under the stream's limits."""

    def __init__(self, stream: Stream, members: Sequence[Sealed], limits: Iterable[Limit]) -> None:
        self._run_of: dict[int, int] = {}
        first_of: dict[tuple[int, bytes, bytes], Sealed] = {}
        for one in members:
            same = first_of.setdefault((one.first, one.before, one.name), one)
            self._run_of[one.no] = same.no
        self._ends = {(one.last, one.name): one for one in first_of.values()}
        self._name = {one.no: one.name for one in first_of.values()}
        runs = [Run(one.no, one.first, one.last, one.before, self._parent(one)) for one in first_of.values()]
        self.chain = Chain(stream, runs, limits, self._find)
        self._stream = stream

    def _parent(self, one: Sealed) -> int | None:
        before = self._ends.get((one.first - 1, one.before))
        return before.no if before is not None and before.no != one.no else None

    def _find(self, tip: Tip) -> tuple[int, int] | None:
        at = self._ends.get((tip.seq, tip.name))
        return None if at is None else (at.no, at.last)

    def within(self, one: Sealed) -> bool:
        """Whether a segment lies within every limit; one that a limit cuts through is passed on, as others are."""
        return self.chain.within(self._run_of[one.no], one.first)

    def tips(self) -> list[Tip]:
        """The end of each branch that is held without a gap."""
        return [Tip(self._name[run], seq) for run, seq in self.chain.tips()]

    def stood(self) -> list[Tip]:
        """Where the stream stands: its tips, or its start when nothing is held."""
        return self.tips() or [Tip(start_name(self._stream), 0)]

    def held_by(self, tips: Sequence[Tip]) -> set[int]:
        """The segments that whoever holds these tips has, by number; nothing where it knows fewer branches than there are."""
        if self.chain.forked and len(tips) < len(self.chain.tips()):
            return set()
        runs: set[int] = set()
        for tip in tips:
            at = self._find(tip)
            if at is not None:
                runs |= self.chain.path(*at).keys()
        return {no for no, run in self._run_of.items() if run in runs}

"""What a package carries for the rights room: stored as it came, whether the room is open or not.

Nobody here can read it, so no record is counted. What can be told without opening is told: whether it is new, whether an
earlier segment is missing, whether two branches came, whether it lies beyond an undo or a revocation. Signature, scope
and the hash of the body were verified when the package was opened (``exchange/package.py``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from fulian_desktop.exchange.package import Package, VerifiedSegment
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.chains import Limit, Tip
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.store import sealed
from fulian_desktop.store.log import Log
from fulian_desktop.store.vault import Connection


@dataclass
class SealedPart:
    """What of one package is sealed.

    Attributes:
        new: Segments that are not held yet.
        streams: All its sealed streams.
        stood: Where each of them stood before.
        gap: Seq of the first change behind a gap, 0: nothing is missing.
        forked: Whether two branches of one of these streams are held.
        undone_on: The day of the undo beyond whose cap it lies, or "".
        lifted: Whether an undo of it is taken back by this merge.
    """

    new: list[VerifiedSegment] = field(default_factory=list)
    streams: set[Stream] = field(default_factory=set)
    stood: dict[Stream, list[Tip]] = field(default_factory=dict)
    gap: int = 0
    forked: bool = False
    undone_on: str = ""
    lifted: bool = False

    @property
    def changes(self) -> int:
        """How many changes its new segments have, as their headers say."""
        return sum(verified.header.count for verified in self.new)


class SealedStaging:
    """What is held sealed, and what the packages of one merge add to it; nothing is written."""

    def __init__(self, db: Connection, log: Log) -> None:
        self._log = log
        self._held = sealed.all_sealed(db)
        self._known = {one.header for members in self._held.values() for one in members}
        self._next = 1 + max((one.no for members in self._held.values() for one in members), default=0)

    def stage(self, package: Package) -> SealedPart:
        """Add what a package brings."""
        part = SealedPart()
        for verified in package.segments:
            stream = verified.header.stream
            if stream.cls != "restricted":
                continue
            if stream not in part.stood:
                part.streams.add(stream)
                part.stood[stream] = self._chain(stream).stood()
            data = verified.segment.header
            if data not in self._known:
                self._known.add(data)
                one = sealed.as_sealed(self._next, verified.header, data, package.header.package)
                self._held.setdefault(stream, []).append(one)
                self._next += 1
                part.new.append(verified)
        return part

    def _chain(self, stream: Stream) -> sealed.SealedChain:
        return sealed.SealedChain(stream, self._held.get(stream, []), self._log.limits(stream).values())

    def stage_cuts(self, trust: Trust) -> None:
        """Revocations are limits on what the revoked key signed, here as elsewhere (DESIGN §6)."""
        for key in sorted(trust.revoked_keys()):
            for stream in [s for s, members in self._held.items() if any(one.key == key for one in members)]:
                for i, cut in enumerate(trust.limits(key, stream)):
                    limit = Limit((Tip(bytes.fromhex(cut.name), cut.seq),))
                    self._log.stage_limit(stream, f"cut:{key}:{i}:{cut.name}", limit)

    def look_back(self, part: SealedPart, undone: Mapping[str, str]) -> None:
        """See how a package's streams stand with everything that this merge brings; ``undone``: package → day."""
        for stream in sorted(part.streams):
            at = self._chain(stream)
            gaps = at.chain.gaps()
            if gaps:
                first = min(run.first for run in gaps)
                part.gap = min(part.gap, first) if part.gap else first
            part.forked = part.forked or at.chain.forked
            beyond = any(not at.within(one) for one in self._held[stream])
            if beyond and not part.new:
                days = [undone.get(source.removeprefix("undo:"), "") for source in self._log.limits(stream)]
                part.undone_on = next(filter(None, days), part.undone_on)


def write_sealed(db: Connection, part: SealedPart, package: str) -> None:
    """Store the new segments of a package as they came, inside the current transaction."""
    for verified in part.new:
        sealed.keep(db, verified.segment, verified.header, package)

"""Taking into the opened rights room what lies sealed in the workspace.

Each segment is decrypted with the room's key, and only now are the chain inside, the form of its changes and their number
judged. What is right is folded like any other change; what is not, or is not for this room, stays sealed and is named.
The limits that lie on restricted streams (undone imports, revocations) are taken over from the workspace, which keeps them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fulian_desktop.exchange.keys import OfficeKeys
from fulian_desktop.exchange.package import VerifiedSegment
from fulian_desktop.exchange.refusals import PackageRefused
from fulian_desktop.exchange.sealed import decrypt
from fulian_desktop.exchange.trust import Signer, Trust
from fulian_desktop.ledger.chains import Limit
from fulian_desktop.ledger.changes import read_body
from fulian_desktop.ledger.segments import BadSegment, Segment, check_chain, read_header, split_body
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.merge.plan import all_places, concerned, keys_in
from fulian_desktop.store import sealed
from fulian_desktop.store.log import Log, Placed, RecordKey
from fulian_desktop.store.records import fold_keys, write_results
from fulian_desktop.store.room import Room, segment_headers
from fulian_desktop.store.workspace import Workspace


@dataclass
class TakenIn:
    """What taking in came to: records folded anew, segments that another room may read, and those that are not right."""

    records: int = 0
    unreadable: int = 0
    refused: list[str] = field(default_factory=list)


def take_in(outer: Workspace, room: Room, *, keys: Sequence[OfficeKeys], trust: Trust, own: OfficeKeys) -> TakenIn:
    """Bring the room up to date with what lies sealed; in one transaction of the room.

    Args:
        outer: The workspace.
        room: Its opened room.
        keys: Keys whose box secret is the room's.
        trust: Whose signatures count.
        own: The office's own keys, which need no certificate here.
    """
    taken = TakenIn()
    room.epoch = outer.epoch  # an undo or a fork has replaced it, perhaps
    known = segment_headers(room.db)
    fresh = [one for members in sealed.all_sealed(outer.db).values() for one in members if one.header not in known]
    opened = []
    for one in sorted(fresh, key=lambda one: one.no):
        segment = sealed.segment(outer.db, one.no)
        ours = Signer(outer.unit, own.key, own.sign_public, own.box_public) if one.key == own.key else None
        signer = trust.signer(one.key) or ours
        if signer is None:
            taken.unreadable += 1
            continue
        try:
            opened.append((one, _opened(segment, signer, keys)))
        except PackageRefused:
            taken.unreadable += 1
        except BadSegment as error:
            taken.refused.append(f"{one.stream.unit} {one.first}–{one.last}：{error.why}")
    limits = _limits(outer.log)
    if opened or limits != _limits(room.log):
        taken.records = _fold(room, opened, limits)
    return taken


def _opened(segment: Segment, signer: Signer, keys: Sequence[OfficeKeys]) -> VerifiedSegment:
    header = read_header(segment.header)
    body = decrypt(segment.body, keys)
    names = check_chain(header, segment.body, split_body(body))
    return VerifiedSegment(Segment(segment.header, segment.signature, body), header, signer, read_body(body), names)


def _limits(log: Log) -> dict[Stream, dict[str, Limit]]:
    return {stream: dict(by_source) for stream, by_source in log.all_limits().items() if by_source and stream.cls == "restricted"}


def _fold(room: Room, opened: Sequence[tuple[sealed.Sealed, VerifiedSegment]], limits: dict[Stream, dict[str, Limit]]) -> int:
    with room.transaction(put_away=True) as log:
        touched: dict[RecordKey, list[Placed]] = {}
        for one, verified in opened:
            header, changes = verified.header, verified.changes
            runs = log.stage_segment(
                verified.segment, header, verified.names, changes, verified.signer.unit, one.package or "",
            )
            for run in runs:
                for seq in range(run.first, run.last + 1):
                    change = changes[seq - header.first]
                    key = RecordKey(header.unit, change.kind, bytes.fromhex(change.record))
                    touched.setdefault(key, []).append(Placed(run.no, seq))
        affected: set[RecordKey] = set()
        earlier = _limits(log)
        for stream in {*limits, *earlier}:
            wanted = limits.get(stream, {})
            for source in {*wanted, *earlier.get(stream, {})}:
                if log.stage_limit(stream, source, wanted.get(source)):
                    affected |= keys_in(log, stream)
        affected |= concerned(room.db, log, touched)
        results = fold_keys(log, all_places(log, touched, affected, empty=False))
        write_results(room.db, results.values(), index_now=True)
    return len(results)

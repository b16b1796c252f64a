"""Who may receive what (DESIGN §5). Imports little: the first page asks it."""

from __future__ import annotations

from fulian_desktop.domain.units import covers
from fulian_desktop.ledger.streams import Stream


def may_receive(receiver: str, stream: Stream) -> bool:
    """Who may receive a stream (DESIGN §4): published goes up and down, the rest to the unit and offices above."""
    if stream.cls == "published":
        return covers(stream.unit, receiver) or covers(receiver, stream.unit)
    return stream.cls == "ordinary" and covers(receiver, stream.unit)


def may_receive_sealed(receiver: str, stream: Stream) -> bool:
    """Who may receive a restricted stream: the unit and the offices above. Its bodies open for their rights rooms alone."""
    return stream.cls == "restricted" and covers(receiver, stream.unit)

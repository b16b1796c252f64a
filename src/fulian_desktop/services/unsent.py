"""What waits to be handed in, counted without opening the log: the first page and the navigation's foot ask.

Rules:

* Own is what this installation wrote in any of its epochs: undoing an import, a restored backup and a copy begin a new one,
  and what was written before still waits.
* A change waits until a package written for the office above holds it, or every computer of that office has said that it
  does.
* Who knows nobody above has nobody to hand anything to, and so has a township or a county without the key of the office
  above: it stands on top. A village never does; what it enters before it is let in waits too.
"""

from __future__ import annotations

from collections.abc import Iterable

from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.exchange.addressing import may_receive
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.services.office import Office
from fulian_desktop.store import books


def unsent_changes(office: Office) -> int | None:
    """How many own changes wait to be handed in; None where there is nobody to hand them to."""
    if not office.parent:
        return None
    boxes = office.trust.boxes_for(office.parent)
    if not boxes and level_of(office.unit) is not Level.VILLAGE:
        return None
    db = office.workspace.db
    sent = _furthest(books.exports_to(db, office.parent))
    computers = books.holdings_of(db, office.parent)
    held = [{stream: max(tip.seq for tip in tips) for stream, tips in one.items() if tips} for one in computers]
    waiting = 0
    for text, last in office.all_tips().items():
        stream = Stream(*text.split("/"))
        if may_receive(office.parent, stream):
            all_hold = min(one.get(stream, 0) for one in held) if boxes and len(held) >= len(boxes) else 0
            waiting += max(0, last - max(sent.get(text, 0), all_hold))
    return waiting


def _furthest(exports: Iterable[books.Export]) -> dict[str, int]:
    """Stream text → how far the packages went; those of an older program noted the epoch of their day alone."""
    reach: dict[str, int] = {}
    for export in exports:
        for text, seq in export.tips.items():
            reach[text] = max(reach.get(text, 0), seq)
    return reach

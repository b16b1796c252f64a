"""What a file says of itself, without a key (DESIGN §11, ``inspect``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fulian_desktop.exchange.envelope import inspect


def inspect_file(path: Path) -> dict[str, Any]:
    """The header of a package: kind, sender, counts. Nothing of it is verified; it says so."""
    header = inspect(path)
    return {
        "file": path.name, "package": header.package, "kind": header.kind, "unit": header.unit, "epoch": header.epoch,
        "key": header.key, "seq": header.seq, "recipients": list(header.recipients), "changes": header.changes,
        "segments": header.segments, "photos": header.photos, "made": header.made, "payload": header.payload,
        "plain": header.plain, "verified": False,
    }

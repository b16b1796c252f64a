"""What changes come to for people: records by kind, photos."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.domain.units import covers
from fulian_desktop.ledger.changes import Change, read_change
from fulian_desktop.ledger.segments import Segment, read_header

OTHER = "其他"
"""What changes are called whose kind this program does not know."""


@dataclass(frozen=True)
class KindCount:
    """How many records of a kind: its label and its measure word."""

    label: str
    count: int
    measure_word: str = "条"


def records_of(changes: Iterable[Change]) -> tuple[Counter[str], set[str]]:
    """Kind code → how many records some changes are about, and the hashes of the photos that they name."""
    seen: set[tuple[str, str]] = set()
    hashes: set[str] = set()
    for change in changes:
        seen.add((change.kind, change.record))
        photos = (value for code, value in change.values.items() if code.startswith("photos:"))
        hashes.update(str(photo["hash"]) for photo in photos if isinstance(photo, dict) and "hash" in photo)
    return Counter(kind for kind, _ in seen), hashes


def news_of(segments: Sequence[Segment], unit: str) -> Iterator[Change]:
    """The changes of a unit and of those below it (what came from above is no news to those above); of ``""`` all.

    What is restricted is not told apart: its bodies are for one role only.
    """
    for segment in segments:
        header = read_header(segment.header)
        if header.cls != "restricted" and (not unit or covers(unit, header.unit)):
            yield from map(read_change, segment.body.splitlines())


def by_kind(counted: Mapping[str, int]) -> tuple[KindCount, ...]:
    """Counts by kind code as people read them, the most first; unknown kinds together."""
    found: dict[str, KindCount] = {}
    for code, count in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        kind = find_kind(code)
        label, word = (kind.label, kind.measure_word) if kind else (OTHER, "条")
        found[label] = KindCount(label, count + (found[label].count if label in found else 0), word)
    return tuple(found.values())

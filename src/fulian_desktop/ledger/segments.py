"""Segments: signed runs of a stream (docs/package-format.md §4).

A header says which run it is and what its body hashes to; the body is the changes, one a line. Here bytes
are checked for form and chain; who signed, and whether they may, is for exchange (keys are not known here).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from fulian_desktop.domain.units import is_code
from fulian_desktop.ledger.json import MAX_INTEGER, NotCanonical, canonical, strict
from fulian_desktop.ledger.streams import CLASSES, Stream, is_epoch, start_name

MAX_CHANGES = 200_000
MAX_HEADER_BYTES = 2_048
SIGNING_CONTEXT = b"fulian-segment-1\n"
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEY_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MEMBERS = {"body", "class", "count", "epoch", "first", "key", "last", "made", "prev", "unit"}


class BadSegment(ValueError):
    """A segment is refused for form or chain; ``why`` is ``form`` or ``chain``."""

    def __init__(self, why: str, text: str) -> None:
        super().__init__(f"{why}: {text}")
        self.why = why


@dataclass(frozen=True, slots=True)
class SegmentHeader:
    """What a segment says of itself; hashes and names as hex, ``made`` in ms, ``first`` from 1."""

    body: str
    cls: str
    epoch: str
    unit: str
    count: int
    first: int
    key: str
    last: str
    made: int
    prev: str

    @property
    def stream(self) -> Stream:
        """The stream this is a run of."""
        return Stream(self.epoch, self.unit, self.cls)


class Segment(NamedTuple):
    """Bytes as they travel: header, 64-byte signature, body."""

    header: bytes
    signature: bytes
    body: bytes


def header_bytes(header: SegmentHeader) -> bytes:
    """The canonical bytes that are signed."""
    return canonical({
        "body": header.body, "class": header.cls, "count": header.count, "epoch": header.epoch,
        "first": header.first, "key": header.key, "last": header.last, "made": header.made,
        "prev": header.prev, "unit": header.unit,
    })


def _is_count(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def read_header(data: bytes) -> SegmentHeader:
    """Parse a header strictly; :class:`BadSegment` (``form``) when anything is off."""
    try:
        raw = strict(data, MAX_HEADER_BYTES)
    except NotCanonical as error:
        raise BadSegment("form", str(error)) from error
    if not isinstance(raw, dict) or raw.keys() != _MEMBERS:
        raise BadSegment("form", "members of the header")
    hashes = all(isinstance(raw[m], str) and _HASH.fullmatch(raw[m]) for m in ("body", "last", "prev"))
    if not (
        hashes and raw["class"] in CLASSES and is_epoch(raw["epoch"]) and is_code(raw["unit"])
        and isinstance(raw["key"], str) and _KEY_ID.fullmatch(raw["key"])
        and _is_count(raw["count"], 1, MAX_CHANGES) and _is_count(raw["first"], 1, MAX_INTEGER)
        and _is_count(raw["made"], -MAX_INTEGER, MAX_INTEGER)
    ):
        raise BadSegment("form", "values of the header")
    raw["cls"] = raw.pop("class")
    return SegmentHeader(**raw)


def split_body(body: bytes) -> list[bytes]:
    """The lines of a body; :class:`BadSegment` unless each ends with a newline and none is empty."""
    if not body.endswith(b"\n"):
        raise BadSegment("form", "the body does not end with a newline")
    lines = body[:-1].split(b"\n")
    if b"" in lines:
        raise BadSegment("form", "empty line")
    return lines


def check_start(header: SegmentHeader) -> None:
    """What of a chain can be told by the header alone; :class:`BadSegment` (``chain``)."""
    if (header.first == 1) != (bytes.fromhex(header.prev) == start_name(header.stream)):
        raise BadSegment("chain", "first is 1 exactly at the stream's start")


def check_chain(header: SegmentHeader, body: bytes, lines: list[bytes]) -> bytes:
    """The names of all changes, joined (32 bytes each), after checking hash, count and chain.

    ``lines`` are the plain changes: of a restricted segment the decrypted ones, while ``body`` stays as sent.
    """
    if sha256(body).hexdigest() != header.body:
        raise BadSegment("chain", "hash of the body")
    return check_names(header, lines)


def check_names(header: SegmentHeader, lines: list[bytes]) -> bytes:
    """As :func:`check_chain`, where the body as it was sent is not at hand: the names alone prove what was signed."""
    if len(lines) != header.count:
        raise BadSegment("form", "number of changes")
    check_start(header)
    name = bytes.fromhex(header.prev)
    names: list[bytes] = []
    append = names.append
    for line in lines:
        name = sha256(name + line).digest()
        append(name)
    if name.hex() != header.last:
        raise BadSegment("chain", "does not end at the name it gives")
    return b"".join(names)


def make_header(
    stream: Stream, first: int, prev: bytes, lines: list[bytes], *, key: str, made: int,
    seal: Callable[[bytes], bytes] | None = None,
) -> tuple[SegmentHeader, bytes]:
    """Header and body for a run of changes that begins after ``prev`` with seq ``first``.

    ``seal`` encrypts the body of a restricted stream, for those who may open it.
    """
    body = b"\n".join(lines) + b"\n"
    if seal is not None:
        body = seal(body)
    name = prev
    for line in lines:
        name = sha256(name + line).digest()
    header = SegmentHeader(
        body=sha256(body).hexdigest(), cls=stream.cls, epoch=stream.epoch, unit=stream.unit, count=len(lines),
        first=first, key=key, last=name.hex(), made=made, prev=prev.hex(),
    )
    return header, body

"""The plain text of a payload: contents, segment bodies, photos (docs/package-format.md §6).

Strict both ways: exactly the members of the page, and lengths that add up to the last byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from fulian_desktop.domain.units import is_code
from fulian_desktop.exchange.envelope import PackageHeader
from fulian_desktop.exchange.refusals import PackageRefused
from fulian_desktop.exchange.statements import Claim, Revocation, Vouching, read_statement
from fulian_desktop.ledger.json import MAX_INTEGER, NotCanonical, canonical, strict
from fulian_desktop.ledger.segments import MAX_HEADER_BYTES, Segment
from fulian_desktop.ledger.streams import CLASSES, Stream, is_epoch

MAX_CONTENTS = 64 * 1024 * 1024
_HEX128 = re.compile(r"[0-9a-f]{128}", re.ASCII)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MEMBERS = {
    "before", "certificates", "holdings", "key", "kind", "missing", "package", "photos", "profile",
    "recipients", "revocations", "segments", "superiors", "unit",
}


@dataclass(frozen=True, slots=True)
class Holding:
    """What the sender holds of one stream: the (name as hex, seq) of the tip of each branch, without gaps."""

    stream: Stream
    tips: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """What travels beside segments and photos.

    ``before`` are the sender's earlier epochs, which its current one replaces (DESIGN §5, holdings);
    ``missing`` the hashes of photos it lacks; ``profile`` an object whose members §8 of the page lists.
    """

    statements: tuple[str, ...] = ()
    holdings: tuple[Holding, ...] = ()
    missing: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    profile: Mapping[str, Any] = field(default_factory=dict)


def write_plain(
    header: PackageHeader, contents: Contents, segments: Sequence[Segment], photos: Sequence[bytes],
) -> list[bytes]:
    """The parts of the plain text, to be compressed one after the other."""
    groups = sort_statements(contents.statements)
    text = canonical({
        "before": list(contents.before),
        "certificates": groups[0], "superiors": groups[1], "revocations": groups[2],
        "holdings": [
            {"epoch": h.stream.epoch, "unit": h.stream.unit, "class": h.stream.cls,
             "tips": [list(tip) for tip in h.tips]}
            for h in contents.holdings
        ],
        "key": header.key, "kind": header.kind, "package": header.package, "unit": header.unit,
        "recipients": list(header.recipients),
        "missing": list(contents.missing),
        "photos": [{"hash": sha256(photo).hexdigest(), "length": len(photo)} for photo in photos],
        "profile": dict(contents.profile),
        "segments": [
            {"header": s.header.decode("ascii"), "signature": s.signature.hex(), "length": len(s.body)}
            for s in segments
        ],
    })
    return [len(text).to_bytes(4, "big"), text, *(s.body for s in segments), *photos]


def sort_statements(texts: Iterable[str]) -> tuple[list[str], list[str], list[str]]:
    """Certificates (the keys of rooms among them), superior statements and revocations, each sorted.

    Claims are for headers and raise.
    """
    certificates, superiors, revocations = set(), set(), set()
    for text in texts:
        statement = read_statement(text)
        if isinstance(statement, Claim):
            raise TypeError("a claim does not travel in the contents")
        if isinstance(statement, Revocation):
            revocations.add(text)
        elif isinstance(statement, Vouching) and statement.upwards:
            superiors.add(text)
        else:
            certificates.add(text)
    return sorted(certificates), sorted(superiors), sorted(revocations)


@dataclass(frozen=True, slots=True)
class Plain:
    """A plain text cut into its parts; segments and photos are not yet verified."""

    contents: Contents
    segments: tuple[Segment, ...]
    photos: tuple[tuple[str, bytes], ...]


def read_plain(plain: bytes, header: PackageHeader) -> Plain:
    """Parse the plain text of a package whose header is verified.

    Raises:
        PackageRefused: ``form`` when a byte is off, ``inner-disagrees`` when it belongs to another header.
    """
    length = int.from_bytes(plain[:4], "big")
    try:
        raw = strict(plain[4 : 4 + length], MAX_CONTENTS)
    except NotCanonical as error:
        raise PackageRefused("form", f"contents: {error}") from error
    if not isinstance(raw, dict) or raw.keys() != _MEMBERS:
        raise PackageRefused("form", "members of the contents")
    for name in ("key", "kind", "package", "unit"):
        if raw[name] != getattr(header, name):
            raise PackageRefused("inner-disagrees", name)
    if raw["recipients"] != list(header.recipients):
        raise PackageRefused("inner-disagrees", "recipients")
    contents = Contents(
        statements=_texts(raw, "certificates") + _texts(raw, "superiors") + _texts(raw, "revocations"),
        holdings=tuple(_holding(item) for item in _list(raw, "holdings")),
        missing=_matching(raw, "missing", _HEX64), before=_epochs(raw), profile=_object(raw["profile"]),
    )
    return _cut(plain, 4 + length, raw, header, contents)


def _cut(plain: bytes, at: int, raw: dict[str, Any], header: PackageHeader, contents: Contents) -> Plain:
    segments, photos = [], []
    view = memoryview(plain)
    for item in _list(raw, "segments"):
        head, signature, length = _members(item, "header", "signature", "length")
        _need(isinstance(head, str) and head.isascii() and len(head) <= MAX_HEADER_BYTES, "segment header")
        _need(isinstance(signature, str) and _HEX128.fullmatch(signature) and _is_size(length), "segment")
        body = bytes(view[at : at + length])
        segments.append(Segment(head.encode("ascii"), bytes.fromhex(signature), body))
        at += length
    for item in _list(raw, "photos"):
        digest, length = _members(item, "hash", "length")
        _need(isinstance(digest, str) and _HEX64.fullmatch(digest) and _is_size(length), "photo")
        photos.append((digest, bytes(view[at : at + length])))
        at += length
    _need(at == len(plain), "lengths do not add up")
    _need(len(segments) == header.segments and len(photos) == header.photos, "counts of the header")
    return Plain(contents, tuple(segments), tuple(photos))


def _need(condition: object, what: str) -> None:
    if not condition:
        raise PackageRefused("form", what)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_INTEGER


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw[name]
    _need(isinstance(value, list), name)
    return list(value)


def _object(value: object) -> dict[str, Any]:
    _need(isinstance(value, dict), "an object")
    assert isinstance(value, dict)  # noqa: S101 - for the type checker; checked above
    return value


def _members(item: object, *names: str) -> list[Any]:
    found = _object(item)
    _need(found.keys() == set(names), "members")
    return [found[name] for name in names]


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    _need(all(isinstance(text, str) for text in _list(raw, name)), name)
    return tuple(raw[name])


def _matching(raw: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    _need(all(pattern.fullmatch(text) for text in _texts(raw, name)), name)
    return tuple(raw[name])


def _epochs(raw: Mapping[str, Any]) -> tuple[str, ...]:
    _need(all(is_epoch(text) for text in _list(raw, "before")), "before")
    return tuple(raw["before"])


def _holding(item: object) -> Holding:
    epoch, unit, cls, tips = _members(item, "epoch", "unit", "class", "tips")
    _need(is_epoch(epoch) and is_code(unit) and cls in CLASSES and isinstance(tips, list), "a holding")
    for tip in tips:
        _need(
            isinstance(tip, list) and len(tip) == 2 and isinstance(tip[0], str) and _HEX64.fullmatch(tip[0])
            and _is_size(tip[1]), "a tip",
        )
    return Holding(Stream(epoch, unit, cls), tuple((tip[0], tip[1]) for tip in tips))

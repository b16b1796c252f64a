"""Writing and opening packages (DESIGN §5, docs/package-format.md §5, §6).

Opening goes in this order and uses nothing before it is verified: size → magic → header bound → strict
header → the sender's certificates and scope → signature → payload hash → recipient → decrypt → bounded
inflate → strict contents → statements → segments one by one (form, signer, signature, scope, chain) and
photos one by one.

The sender's certificates stand in the header (``chain``), because the signature can be judged only with them
and the rest is encrypted; they are codes and keys only. The certificates of those whose segments are passed
on stand inside, and are added before the segments are verified.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from fulian_desktop.domain.units import covers, is_above
from fulian_desktop.exchange.contents import Contents, Plain, read_plain, write_plain
from fulian_desktop.exchange.envelope import PackageHeader, inspect, seal, unseal, verify_written
from fulian_desktop.exchange.keys import OfficeKeys, box_id, spoken, verify
from fulian_desktop.exchange.refusals import KIND_LABELS, PackageRefused, sentence
from fulian_desktop.exchange.sealed import decrypt, deflate, encrypt, inflate
from fulian_desktop.exchange.trust import Signer, Trust
from fulian_desktop.ledger.changes import Change, read_body
from fulian_desktop.ledger.segments import (
    SIGNING_CONTEXT,
    BadSegment,
    Segment,
    SegmentHeader,
    check_chain,
    check_start,
    read_header,
    split_body,
)
from fulian_desktop.ledger.streams import Stream

__all__ = [
    "Contents", "Package", "PackageHeader", "Problem", "VerifiedSegment", "inspect", "open_package",
    "sign_segment", "verify_segment", "verify_written", "write_package",
]


@dataclass(frozen=True, slots=True)
class VerifiedSegment:
    """A segment whose form, signature, scope and chain are right.

    ``names`` are the names of its changes, 32 bytes each; of a restricted segment, whose body is opaque,
    ``names`` and ``changes`` are empty and its chain is judged when the room is opened.
    """

    segment: Segment
    header: SegmentHeader
    signer: Signer
    changes: list[Change] = field(repr=False)
    names: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing of a package that was refused while the rest stands; ``code`` as in ``refusals``."""

    code: str
    text: str
    why: str
    unit: str = ""
    stream: Stream | None = None


@dataclass(frozen=True, slots=True)
class Package:
    """An opened package: all that is in here is verified.

    ``trust`` includes the statements that came along (``statements``: those that are new, to be stored).
    ``revoked``: the sending key is revoked; then only segments, photos and statements are given, and what
    counts of the segments is what ``trust.limits`` leaves.
    """

    header: PackageHeader
    signer: Signer
    contents: Contents
    segments: tuple[VerifiedSegment, ...]
    photos: tuple[tuple[str, bytes], ...]
    problems: tuple[Problem, ...]
    trust: Trust
    statements: tuple[str, ...]
    revoked: bool = False


# --- writing


def sign_segment(keys: OfficeKeys, header: bytes, body: bytes) -> Segment:
    """A segment from the ledger's header (whose ``key`` is ``keys.key``) and body."""
    if read_header(header).key != keys.key:
        raise ValueError("the segment's header names another key")
    return Segment(header, keys.sign(SIGNING_CONTEXT, header), body)


def write_package(
    *,
    keys: OfficeKeys,
    kind: str,
    unit: str,
    epoch: str,
    seq: int,
    made: int,
    recipients: Iterable[str],
    segments: Iterable[Segment] = (),
    photos: Iterable[bytes] = (),
    contents: Contents | None = None,
    chain: Iterable[str] = (),
    package: str | None = None,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Write one package.

    Args:
        keys: The sending installation's keys.
        kind: ``up``, ``down``, ``peer`` or ``certificate`` (``request``, ``invitation``: see ``enrol``).
        unit: The sender's unit.
        epoch: The sender's current epoch.
        seq: The sender's package number, from 1.
        made: Milliseconds since 1970, advisory.
        recipients: ``age1…`` keys of the receiver's computers; the sender's own is added. Empty: not
            encrypted.
        segments: In the order in which they are to be read.
        photos: JPEG bytes; each goes in once.
        contents: Statements, holdings, missing photos, earlier epochs, profile.
        chain: ``trust.chain(keys.key)``: how a receiver that never met this key comes to know it.
        package: 32 hex digits; by default from ``random``.
        random: Gives that many random bytes (encryption has its own source).

    Raises:
        PackageTooLarge: More than 512 MiB, or 2 GiB before compression; the caller splits.
        ValueError: An argument is not of the form above (a defect of the caller).
    """
    boxes = set(recipients)
    if boxes:
        boxes.add(keys.box_public)
    listed = list(segments)
    pictures = list(dict.fromkeys(photos))
    header = PackageHeader(
        kind=kind, package=package or random(16).hex(), unit=unit, epoch=epoch, key=keys.key, seq=seq,
        recipients=tuple(sorted(box_id(box) for box in boxes)), chain=tuple(dict.fromkeys(chain)),
        changes=sum(read_header(segment.header).count for segment in listed), segments=len(listed),
        photos=len(pictures), made=made, plain=0, payload=0, hash="",
    )
    packed, plain = deflate(write_plain(header, contents or Contents(), listed, pictures))
    payload = encrypt(packed, sorted(boxes)) if boxes else packed
    full = replace(header, plain=plain, payload=len(payload), hash=sha256(payload).hexdigest())
    return seal(keys, full, payload)


# --- opening


@dataclass(frozen=True, slots=True)
class Deciphered:
    """The first half of opening: the envelope is whole and signed as its header says, its text is decrypted and inflated."""

    header: PackageHeader
    sign_public: bytes
    text: bytes = field(repr=False)


def open_package(
    data: bytes | Path | Deciphered,
    *,
    trust: Trust,
    keys: Sequence[OfficeKeys],
    own_unit: str,
    extra_signers: Mapping[str, Signer] | None = None,
    allow_revoked: bool = False,
) -> Package:
    """Open a package that came on a stick; nothing is returned that was not verified.

    Args:
        data: The file, its path, or what :func:`decipher` made of it (perhaps under an earlier ``trust``).
        trust: Whom this office believes; not changed, see ``Package.trust``.
        keys: The keys of this installation, earlier ones included. They need no certificate here.
        own_unit: This office's unit.
        extra_signers: Keys believed for this file only (a requester's first package, beside its request).
        allow_revoked: Give the package of a revoked key too, with ``revoked`` set, for what lies before its
            cut.

    Raises:
        PackageRefused: With the code and sentence of the first check that failed.
    """
    known = _known(keys, own_unit, extra_signers)
    if not isinstance(data, Deciphered):
        data = decipher(
            data, trust=trust, keys=keys, own_unit=own_unit, extra_signers=extra_signers, allow_revoked=allow_revoked
        )
    header = data.header
    met, _ = trust.add(header.chain)
    signer = _check_sender(header, met, known, own_unit, {k.box for k in keys}, allow_revoked=allow_revoked)
    if signer.sign_public != data.sign_public:
        raise PackageRefused("forged", "signed by another key than the one now known", unit=header.unit)
    plain = read_plain(data.text, header)
    return _verified(header, signer, plain, met, trust, known, own_unit, allow_revoked=allow_revoked)


def decipher(
    data: bytes | Path,
    *,
    trust: Trust,
    keys: Sequence[OfficeKeys],
    own_unit: str,
    extra_signers: Mapping[str, Signer] | None = None,
    allow_revoked: bool = False,
) -> Deciphered:
    """The first half of :func:`open_package`, from the file to the inflated text; may run on a thread of its own.

    Nearly all of it is reading, hashing and inflating, which lets other threads run. What is believed of the sender is
    asked again in the second half.

    Raises:
        PackageRefused: As there.
    """
    envelope = unseal(data)
    header = envelope.header
    boxes = {k.box for k in keys}
    met, _ = trust.add(header.chain)
    signer = _check_sender(
        header, met, _known(keys, own_unit, extra_signers), own_unit, boxes, allow_revoked=True
    )
    envelope.check_signature(signer.sign_public)
    envelope.check_payload()
    if signer.revoked and not allow_revoked:
        raise PackageRefused("revoked", header.key, unit=header.unit)
    if header.recipients and boxes.isdisjoint(header.recipients):
        raise PackageRefused("not-for-us", "no recipient is ours")
    packed = decrypt(bytes(envelope.payload), keys) if header.recipients else bytes(envelope.payload)
    return Deciphered(header, signer.sign_public, inflate(packed, header.plain))


def _known(keys: Sequence[OfficeKeys], own_unit: str, extra: Mapping[str, Signer] | None) -> dict[str, Signer]:
    return {k.key: Signer(own_unit, k.key, k.sign_public, k.box_public) for k in keys} | dict(extra or {})


def _check_sender(
    header: PackageHeader, trust: Trust, known: Mapping[str, Signer], own_unit: str, boxes: set[str], *, allow_revoked: bool,
) -> Signer:
    """Certificate chain and scope of the sender; what is not addressed to us is said to be so (FAULTS 32)."""
    if header.kind not in ("up", "down", "peer", "certificate"):
        raise PackageRefused("wrong-kind", header.kind, kind=KIND_LABELS[header.kind])
    ours = not boxes.isdisjoint(header.recipients)
    signer = trust.signer(header.key) or known.get(header.key)
    if signer is None:
        issuer = trust.missing_issuer(header.key)
        if not ours:
            raise PackageRefused("not-for-us", "unknown signer, and not addressed to us")
        if issuer is not None:
            raise PackageRefused("missing-certificate", header.key, issuer=issuer, unit=header.unit)
        raise PackageRefused("unknown-signer", header.key, unit=header.unit, fingerprint=spoken(header.key))
    if signer.unit != header.unit or not _goes(header.kind, header.unit, own_unit):
        code = "out-of-scope" if ours else "not-for-us"
        raise PackageRefused(code, f"{signer.unit} → {own_unit}", unit=header.unit)
    if signer.revoked and not allow_revoked:
        raise PackageRefused("revoked", header.key, unit=header.unit)
    return signer


def _goes(kind: str, sender: str, own: str) -> bool:
    """Whether a package of that kind goes from ``sender`` to us; one's own from a stick always does."""
    if kind == "up":
        return covers(own, sender)
    if kind == "peer":
        return sender == own
    return covers(sender, own)


def _verified(
    header: PackageHeader, signer: Signer, plain: Plain, met: Trust, before: Trust,
    known: Mapping[str, Signer], own_unit: str, *, allow_revoked: bool,
) -> Package:
    grown, bad = met.add(plain.contents.statements)
    problems = [Problem(b.code, sentence(b.code, unit=b.unit), b.why, b.unit) for b in bad]
    signer = grown.signer(header.key) or signer
    if signer.revoked and not allow_revoked:
        raise PackageRefused("revoked", f"{header.key}, says a revocation within", unit=header.unit)
    segments = []
    for segment in plain.segments:
        try:
            segments.append(verify_segment(segment, trust=grown, own_unit=own_unit, extra_signers=known))
        except SegmentRefused as refusal:
            problems.append(refusal.problem)
    if sum(_claimed_count(segment) for segment in plain.segments) != header.changes:
        raise PackageRefused("form", "number of changes")
    photos = []
    for digest, photo in plain.photos:
        if sha256(photo).hexdigest() == digest:
            photos.append((digest, photo))
        else:
            problems.append(Problem("photo", sentence("photo"), digest))
    contents = Contents(statements=plain.contents.statements) if signer.revoked else plain.contents
    new = tuple(text for text in grown.statements if text not in set(before.statements))
    return Package(
        header, signer, contents, tuple(segments), tuple(photos), tuple(problems), grown, new, signer.revoked,
    )


def _claimed_count(segment: Segment) -> int:
    try:
        return read_header(segment.header).count
    except BadSegment:
        return 0


class SegmentRefused(ValueError):
    """One segment is refused; ``problem`` says why."""

    def __init__(self, code: str, why: str, header: SegmentHeader | None = None) -> None:
        super().__init__(f"{code}: {why}")
        shown = header.unit if header else ""
        stream = header.stream if header else None
        self.problem = Problem(code, sentence(code, unit=shown), why, shown, stream)


def verify_segment(
    segment: Segment, *, trust: Trust, own_unit: str, extra_signers: Mapping[str, Signer] | None = None,
) -> VerifiedSegment:
    """Verify one segment: form, known signer, signature, scope, body hash and chain, form of its changes.

    Scope: the signer's unit is the stream's unit or above it; and the stream is one this office may receive:
    of its own unit or below, or, when published, of an office above (DESIGN §4).

    Raises:
        SegmentRefused: With a code of ``segment-…``.
    """
    try:
        header = read_header(segment.header)
    except BadSegment as error:
        raise SegmentRefused("segment-form", str(error)) from error
    signer = trust.signer(header.key) or (extra_signers or {}).get(header.key)
    if signer is None:
        issuer = trust.missing_issuer(header.key)
        raise SegmentRefused("segment-unknown", f"key {header.key}, certificate of {issuer} missing", header)
    if not verify(signer.sign_public, SIGNING_CONTEXT, segment.header, segment.signature):
        raise SegmentRefused("segment-forged", "signature", header)
    published = header.cls == "published" and is_above(header.unit, own_unit)
    if not covers(signer.unit, header.unit) or not (published or covers(own_unit, header.unit)):
        raise SegmentRefused("segment-scope", f"{signer.unit} signed for {header.unit}", header)
    if header.cls == "restricted":
        if sha256(segment.body).hexdigest() != header.body:
            raise SegmentRefused("segment-chain", "hash of the body", header)
        try:
            check_start(header)
        except BadSegment as error:
            raise SegmentRefused(f"segment-{error.why}", str(error), header) from error
        return VerifiedSegment(segment, header, signer, [], b"")
    try:
        names = check_chain(header, segment.body, split_body(segment.body))
        changes = read_body(segment.body)
    except BadSegment as error:
        raise SegmentRefused(f"segment-{error.why}", str(error), header) from error
    return VerifiedSegment(segment, header, signer, changes, names)

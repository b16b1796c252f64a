"""Joining: the invitation down, the request up (DESIGN §6, docs/package-format.md §8).

Both are packages whose signer nobody knows yet, so they are opened apart from all others, and what they give
is not trusted: a person looks at the unit and the fingerprint first.

* An **invitation** is not encrypted. Its chain holds the claim of the root to pin, and, when another
  computer of that office wrote it, that computer's claim and certificates. It carries unit names and
  published segments.
* A **request** is signed by the very key that asks, and its chain holds that key's claim and nothing else.
  It is encrypted to the inviter, because it names a person; without recipients it may name none.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fulian_desktop.domain.units import covers
from fulian_desktop.errors import NotAllowed
from fulian_desktop.exchange.contents import Contents, Plain, read_plain
from fulian_desktop.exchange.envelope import Envelope, PackageHeader, unseal
from fulian_desktop.exchange.keys import OfficeKeys, box_id, fingerprint
from fulian_desktop.exchange.package import (
    Problem,
    SegmentRefused,
    VerifiedSegment,
    verify_segment,
    write_package,
)
from fulian_desktop.exchange.refusals import KIND_LABELS, PackageRefused, sentence
from fulian_desktop.exchange.sealed import decrypt, inflate
from fulian_desktop.exchange.statements import BadStatement, Claim, make_claim, read_statement
from fulian_desktop.exchange.trust import Signer, Trust
from fulian_desktop.ledger.segments import Segment


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation whose bytes are whole. Nothing is pinned before a person accepts ``fingerprint``.

    ``trust`` is what would be believed if ``root`` were pinned; the segments are verified with it.
    """

    header: PackageHeader
    root: Claim
    contents: Contents
    segments: tuple[VerifiedSegment, ...]
    problems: tuple[Problem, ...]
    trust: Trust

    @property
    def unit(self) -> str:
        """The inviting office."""
        return self.root.unit

    @property
    def fingerprint(self) -> str:
        """Six groups to compare with what the inviting office reads out."""
        return fingerprint(self.root.sign)

    def trust_for(self, own_unit: str) -> Trust:
        """What ``own_unit`` believes once it has accepted this invitation."""
        return Trust(own_unit, (self.root.text,), self.trust.statements)


@dataclass(frozen=True, slots=True)
class Request:
    """A request whose bytes are whole and which its own key signed; nobody is certified by it.

    ``claim`` is what :func:`~fulian_desktop.exchange.statements.issue_certificate` takes.
    """

    header: PackageHeader
    claim: Claim
    profile: Mapping[str, Any]

    @property
    def unit(self) -> str:
        """The unit that asks."""
        return self.claim.unit

    @property
    def fingerprint(self) -> str:
        """Six groups to compare with what the asking office reads out."""
        return fingerprint(self.claim.sign)

    @property
    def signer(self) -> Signer:
        """For ``open_package(extra_signers=…)``: its first package, before the certificate is issued."""
        return Signer(self.claim.unit, self.claim.key, self.claim.sign, self.claim.box)


def write_invitation(
    *, keys: OfficeKeys, trust: Trust, epoch: str, seq: int, made: int, profile: Mapping[str, Any],
    segments: Iterable[Segment] = (), package: str | None = None, random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """The invitation of the office ``trust.own_unit`` for the offices below it.

    Args:
        keys: This installation's keys, pinned or certified for the office.
        trust: The office's trust; its statements travel along.
        epoch: The sender's current epoch.
        seq: The sender's package number.
        made: Milliseconds, advisory.
        profile: ``{"name": …, "units": [{"code": …, "name": …}, …]}``: readable by whoever finds the stick.
        segments: Published segments.
        package: 32 hex digits; by default from ``random``.
        random: Gives that many random bytes.

    Raises:
        NotAllowed: This computer is not certified for the office, or revoked.
    """
    own = make_claim(keys, trust.own_unit)
    roots = [text for text in trust.pins if _unit_of(text) == trust.own_unit]
    root = roots[-1] if roots else own.text
    chain = dict.fromkeys([root, own.text, *(trust.chain(keys.key) if root != own.text else ())])
    seen_below = Trust(trust.own_unit, (root,), (text for text in chain if text not in (root, own.text)))
    signer = trust.signer(keys.key)
    if signer is None or signer.revoked or seen_below.signer(keys.key) is None:
        raise NotAllowed("这台电脑还没有得到批准（或已停用），不能发邀请。请先取得本单位或上级单位的证书。")
    return write_package(
        keys=keys, kind="invitation", unit=trust.own_unit, epoch=epoch, seq=seq, made=made, recipients=(),
        segments=segments, contents=Contents(statements=trust.statements, profile=profile), chain=chain,
        package=package, random=random,
    )


def _unit_of(claim: str) -> str:
    statement = read_statement(claim)
    return statement.unit


def read_invitation(data: bytes | Path) -> Invitation:
    """Open an invitation; believes nothing but that its bytes are whole and that its root stands behind it.

    Raises:
        PackageRefused: ``wrong-kind`` for another package, else as ``open_package``.
    """
    envelope = _unseal(data, "invitation")
    header = envelope.header
    claims = [_claim(text, header) for text in header.chain if '"type":"claim"' in text]
    if not claims:
        raise PackageRefused("damaged", "no root in the chain")
    root = claims[0]
    trust, _ = Trust(root.unit, (root.text,)).add(header.chain)
    signer = trust.signer(header.key)
    if signer is None or signer.unit != header.unit or root.unit != header.unit:
        raise PackageRefused("forged", "the root does not stand behind the signer", unit=header.unit)
    plain = _open(envelope, signer.sign_public, ())
    grown, bad = trust.add(plain.contents.statements)
    problems = [Problem(b.code, sentence(b.code, unit=b.unit), b.why, b.unit) for b in bad]
    signer = grown.signer(header.key)
    if signer is None or signer.revoked:
        raise PackageRefused("revoked", header.key, unit=header.unit)
    segments = []
    for segment in plain.segments:
        try:
            segments.append(verify_segment(segment, trust=grown, own_unit=root.unit))
        except SegmentRefused as refusal:
            problems.append(refusal.problem)
    return Invitation(header, root, plain.contents, tuple(segments), tuple(problems), grown)


def write_request(
    *, keys: OfficeKeys, unit: str, epoch: str, made: int, recipients: Iterable[str],
    profile: Mapping[str, Any], seq: int = 1, package: str | None = None,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """The request of an office that wants to be certified.

    Args:
        keys: The asking installation's keys.
        unit: The unit it says it is.
        epoch: Its epoch.
        made: Milliseconds, advisory.
        recipients: ``invitation.trust.boxes_for(invitation.unit)``; empty: not encrypted.
        profile: ``{"name": unit name, "person": …, "computer": …}``; must be empty without recipients.
        seq: Its package number.
        package: 32 hex digits; by default from ``random``.
        random: Gives that many random bytes.

    Raises:
        ValueError: A profile that anybody could read.
    """
    boxes = set(recipients)
    if profile and not boxes:
        raise ValueError("a request that is not encrypted names nobody")
    return write_package(
        keys=keys, kind="request", unit=unit, epoch=epoch, seq=seq, made=made, recipients=boxes,
        contents=Contents(profile=profile), chain=(make_claim(keys, unit).text,), package=package,
        random=random,
    )


def read_request(data: bytes | Path, *, keys: Sequence[OfficeKeys], own_unit: str) -> Request:
    """Open a request from an office below, or from a further computer of this one.

    Raises:
        PackageRefused: ``out-of-scope`` when the unit is not below, ``wrong-kind``, ``damaged`` …
    """
    envelope = _unseal(data, "request")
    header = envelope.header
    if len(header.chain) != 1:
        raise PackageRefused("damaged", "a request's chain is one claim")
    claim = _claim(header.chain[0], header)
    if claim.key != header.key or claim.unit != header.unit:
        raise PackageRefused("forged", "the claim is another key's", unit=header.unit)
    if not covers(own_unit, claim.unit):
        ours = not {k.box for k in keys}.isdisjoint(header.recipients)
        raise PackageRefused("out-of-scope" if ours else "not-for-us", claim.unit, unit=header.unit)
    plain = _open(envelope, claim.sign, keys)
    if plain.segments or plain.photos:
        raise PackageRefused("form", "a request carries no records")
    return Request(header, claim, plain.contents.profile)


def _unseal(data: bytes | Path, kind: str) -> Envelope:
    envelope = unseal(data)
    if envelope.header.kind != kind:
        raise PackageRefused("wrong-kind", envelope.header.kind, kind=KIND_LABELS[envelope.header.kind])
    return envelope


def _claim(text: str, header: PackageHeader) -> Claim:
    try:
        statement = read_statement(text)
    except BadStatement as error:
        raise PackageRefused("forged", str(error), unit=header.unit) from error
    if not isinstance(statement, Claim):
        raise PackageRefused("forged", "not a claim", unit=header.unit)
    return statement


def _open(envelope: Envelope, sign_public: bytes, keys: Sequence[OfficeKeys]) -> Plain:
    """Signature → payload hash → recipient → decrypt → inflate → strict contents, as for every package."""
    header = envelope.header
    envelope.check_signature(sign_public)
    envelope.check_payload()
    payload = bytes(envelope.payload)
    if header.recipients:
        if {box_id(k.box_public) for k in keys}.isdisjoint(header.recipients):
            raise PackageRefused("not-for-us", "no recipient is ours")
        payload = decrypt(payload, keys)
    return read_plain(inflate(payload, header.plain), header)

"""Signed statements: claim, certificate, superior, revocation, room (docs/package-format.md §7).

A statement travels as one text: 128 hex digits of an Ed25519 signature, then the canonical JSON it signs.
Each bears its signer's whole public key, so its signature is checked before anything else is asked; whether
that key may say so is for :mod:`fulian_desktop.exchange.trust`.

Rules:

* A **claim** is what a key says of itself: this unit, this signing key, this box key. A certificate and a
  superior statement repeat the claim's signature as ``proof``, so nobody can bind another's key to a unit it
  never named.
* A **certificate** goes down: its unit lies in the issuer's subtree by code segments (the same unit for a
  further computer). A **superior** goes up: its unit is an office above the issuer's.
* A **revocation** names, for each stream, the last change of the key that counts, and the statements of that
  key that still hold. It carries no time: clocks lie.
* A **room** says to which box key cases of a unit are encrypted; a key of that unit signs it for its own unit alone.
* Of persons and places a statement says nothing but unit codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Any

from fulian_desktop.domain.units import covers, is_above, is_code, level_of
from fulian_desktop.errors import NotAllowed
from fulian_desktop.exchange.keys import OfficeKeys, is_box_public, key_id, verify
from fulian_desktop.ledger.json import MAX_INTEGER, NotCanonical, canonical, strict
from fulian_desktop.ledger.streams import CLASSES, Stream, is_epoch, start_name

CONTEXT = b"fulian-statement-1\n"
MAX_BYTES = 65_536
MAX_CHAIN = 16
CUTS_EACH = 150
NAMES_EACH = 400
_HEX128 = re.compile(r"[0-9a-f]{128}", re.ASCII)
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEX32 = re.compile(r"[0-9a-f]{32}", re.ASCII)


class BadStatement(ValueError):
    """A statement is not what §7 says; ``why`` is ``form``, ``signature`` or ``scope``."""

    def __init__(self, why: str, text: str, unit: str = "") -> None:
        super().__init__(f"{why}: {text}")
        self.why = why
        self.unit = unit


@dataclass(frozen=True, slots=True)
class Claim:
    """What a key says of itself. ``sign`` is the raw public key, ``box`` the ``age1…`` text."""

    text: str
    unit: str
    sign: bytes
    box: str

    @property
    def key(self) -> str:
        """The signing key's id."""
        return key_id(self.sign)

    @property
    def proof(self) -> str:
        """The claim's own signature, as hex."""
        return self.text[:128]


@dataclass(frozen=True, slots=True)
class Vouching:
    """A certificate (downwards) or a superior statement (upwards) of ``issuer`` for a key of ``unit``."""

    text: str
    name: str
    upwards: bool
    unit: str
    sign: bytes
    box: str
    issuer: str
    issuer_key: str
    serial: int

    @property
    def key(self) -> str:
        """The id of the key that is vouched for."""
        return key_id(self.sign)


@dataclass(frozen=True, slots=True)
class Cut:
    """The last change of a stream that counts: its name (hex) and seq; seq 0 and h_0: nothing counts."""

    stream: Stream
    name: str
    seq: int


@dataclass(frozen=True, slots=True)
class Revocation:
    """``key`` of ``unit`` is no longer to be used; ``cuts`` and ``keeps`` (statement names) still count."""

    text: str
    name: str
    unit: str
    key: str
    issuer: str
    issuer_key: str
    serial: int
    cuts: tuple[Cut, ...]
    keeps: frozenset[str]


@dataclass(frozen=True, slots=True)
class RoomKey:
    """The rights room of ``unit`` opens what is encrypted to ``box``; the unit's own key says so."""

    text: str
    name: str
    unit: str
    box: str
    issuer_key: str
    serial: int


Statement = Claim | Vouching | Revocation | RoomKey


def statement_name(text: str) -> str:
    """The name of a statement: SHA-256 of its text, as hex."""
    return sha256(text.encode("ascii")).hexdigest()


# --- writing


def _signed(keys: OfficeKeys, body: dict[str, Any]) -> str:
    data = canonical(body)
    return keys.sign(CONTEXT, data).hex() + data.decode("ascii")


def make_claim(keys: OfficeKeys, unit: str) -> Claim:
    """What these keys say of themselves, for a request, an invitation or a pin."""
    claim = read_statement(_signed(keys, _claim_body(unit, keys.sign_public, keys.box_public)))
    assert isinstance(claim, Claim)  # noqa: S101 - what was just written
    return claim


def _claim_body(unit: str, sign: bytes, box: str) -> dict[str, Any]:
    return {"box": box, "sign": sign.hex(), "type": "claim", "unit": unit}


def issue_certificate(keys: OfficeKeys, *, issuer: str, claim: Claim, serial: int) -> str:
    """Certify a key below, or a further computer of one's own unit.

    Args:
        keys: The issuing office's keys.
        issuer: Its unit.
        claim: What the key said of itself, from its request.
        serial: The issuer's own running number, from 1.

    Returns:
        The statement's text.

    Raises:
        NotAllowed: The unit does not lie in the issuer's subtree (DESIGN §6).
    """
    if not covers(issuer, claim.unit) or claim.key == keys.key:
        raise NotAllowed("只能批准本单位或下级单位的加入申请。请核对申请里的单位。")
    return _vouch(keys, "certificate", issuer, claim, serial)


def issue_superior(keys: OfficeKeys, *, issuer: str, claim: Claim, serial: int) -> str:
    """Vouch downwards for an office above (DESIGN §6); errors as :func:`issue_certificate`."""
    if not is_above(claim.unit, issuer):
        raise NotAllowed("只能为上级单位作证。请核对邀请里的单位。")
    return _vouch(keys, "superior", issuer, claim, serial)


def _vouch(keys: OfficeKeys, kind: str, issuer: str, claim: Claim, serial: int) -> str:
    return _signed(keys, _claim_body(claim.unit, claim.sign, claim.box) | {
        "type": kind, "issuer": issuer, "issuer_key": keys.sign_public.hex(),
        "level": level_of(claim.unit).code, "proof": claim.proof, "serial": serial,
    })


def issue_revocation(
    keys: OfficeKeys, *, issuer: str, unit: str, key: str, cuts: Iterable[Cut], keeps: Iterable[str],
    serial: int,
) -> list[str]:
    """Revoke ``key`` of ``unit``; long ones become several statements, which count together.

    Args:
        keys: The issuing office's keys.
        issuer: Its unit.
        unit: The unit of the revoked key.
        key: Its key id.
        cuts: For each of its streams the last change that counts. Of a stream not named, nothing counts.
        keeps: Names of the statements by that key that still hold (``Trust.issued_by`` gives them).
        serial: The issuer's running number of the first; further ones count on.

    Raises:
        NotAllowed: The unit lies outside the issuer's subtree.
    """
    if not covers(issuer, unit) or key == keys.key:
        raise NotAllowed("只能停用本单位或下级单位的电脑，且不能停用正在使用的这一台。")
    rows = sorted([c.stream.epoch, c.stream.unit, c.stream.cls, c.seq, c.name] for c in cuts)
    names = sorted(set(keeps))
    texts = []
    parts = max(1, -(-len(rows) // CUTS_EACH), -(-len(names) // NAMES_EACH))
    for i in range(parts):
        texts.append(_signed(keys, {
            "cuts": rows[i * CUTS_EACH : (i + 1) * CUTS_EACH], "issuer": issuer,
            "issuer_key": keys.sign_public.hex(), "key": key, "serial": serial + i,
            "statements": names[i * NAMES_EACH : (i + 1) * NAMES_EACH], "type": "revocation", "unit": unit,
        }))
    return texts


def issue_room(keys: OfficeKeys, *, unit: str, box: str, serial: int) -> str:
    """Say to which key the rights room of one's own unit is to be written.

    Args:
        keys: The office's keys.
        unit: Its unit.
        box: The room's ``age1…`` key.
        serial: The office's own running number, from 1.
    """
    return _signed(keys, {"box": box, "issuer_key": keys.sign_public.hex(), "serial": serial, "type": "room", "unit": unit})


# --- reading


@lru_cache(maxsize=4096)
def read_statement(text: str) -> Statement:
    """Check form, signature and scope by codes of one statement; :class:`BadStatement` when one is off."""
    signature, body = text[:128], text[128:]
    if _HEX128.fullmatch(signature) is None or not body.isascii():
        raise BadStatement("form", "no signature before the statement")
    data = body.encode("ascii")
    try:
        raw = strict(data, MAX_BYTES - 128)
    except NotCanonical as error:
        raise BadStatement("form", str(error)) from error
    kind = raw.get("type") if isinstance(raw, dict) else None
    reader = _READERS.get(kind) if isinstance(kind, str) else None
    if reader is None:
        raise BadStatement("form", "type of the statement")
    members, build = reader
    if raw.keys() != members:
        raise BadStatement("form", "members of the statement")
    signer = _hex_bytes(raw["sign" if raw["type"] == "claim" else "issuer_key"])
    if not verify(signer, CONTEXT, data, bytes.fromhex(signature)):
        raise BadStatement("signature", "does not verify")
    statement: Statement = build(text, raw)
    return statement


def _hex_bytes(text: object) -> bytes:
    if not isinstance(text, str) or _HEX64.fullmatch(text) is None:
        raise BadStatement("form", "not a public key")
    return bytes.fromhex(text)


def _need(condition: object, what: str) -> None:
    if not condition:
        raise BadStatement("form", what)


def _is_number(value: object, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= MAX_INTEGER


def _read_claim(text: str, raw: dict[str, Any]) -> Claim:
    _need(is_code(raw["unit"]) and is_box_public(raw["box"]), "values of the claim")
    return Claim(text, raw["unit"], _hex_bytes(raw["sign"]), raw["box"])


def _read_vouching(text: str, raw: dict[str, Any]) -> Vouching:
    sign, issuer_key = _hex_bytes(raw["sign"]), _hex_bytes(raw["issuer_key"])
    unit, issuer, proof = raw["unit"], raw["issuer"], raw["proof"]
    _need(is_code(unit) and is_code(issuer) and is_box_public(raw["box"]), "unit or box key")
    _need(raw["level"] == level_of(unit).code and _is_number(raw["serial"], 1), "level or serial")
    _need(isinstance(proof, str) and _HEX128.fullmatch(proof), "proof")
    upwards = raw["type"] == "superior"
    within = is_above(unit, issuer) if upwards else covers(issuer, unit) and sign != issuer_key
    if not within:
        raise BadStatement("scope", f"{issuer} cannot vouch for {unit}", issuer)
    if not verify(sign, CONTEXT, canonical(_claim_body(unit, sign, raw["box"])), bytes.fromhex(proof)):
        raise BadStatement("signature", "the key never claimed this")
    return Vouching(
        text, statement_name(text), upwards, unit, sign, raw["box"], issuer, key_id(issuer_key),
        raw["serial"],
    )


def _read_revocation(text: str, raw: dict[str, Any]) -> Revocation:
    unit, issuer, key = raw["unit"], raw["issuer"], raw["key"]
    _need(is_code(unit) and is_code(issuer) and _is_number(raw["serial"], 1), "unit or serial")
    _need(isinstance(key, str) and _HEX32.fullmatch(key), "key id")
    _need(isinstance(raw["cuts"], list) and isinstance(raw["statements"], list), "lists")
    cuts = tuple(_read_cut(row) for row in raw["cuts"])
    keeps = raw["statements"]
    _need(all(isinstance(name, str) and _HEX64.fullmatch(name) for name in keeps), "statement names")
    _need(_ascending([c.stream for c in cuts]) and _ascending(keeps), "order of the lists")
    issuer_key = key_id(_hex_bytes(raw["issuer_key"]))
    _need(issuer_key != key, "a key cannot revoke itself")
    if not covers(issuer, unit) or not all(covers(unit, cut.stream.unit) for cut in cuts):
        raise BadStatement("scope", f"{issuer} cannot revoke for {unit}", issuer)
    return Revocation(
        text, statement_name(text), unit, key, issuer, issuer_key, raw["serial"], cuts, frozenset(keeps),
    )


def _read_room(text: str, raw: dict[str, Any]) -> RoomKey:
    _need(is_code(raw["unit"]) and is_box_public(raw["box"]) and _is_number(raw["serial"], 1), "values of the room")
    return RoomKey(text, statement_name(text), raw["unit"], raw["box"], key_id(_hex_bytes(raw["issuer_key"])), raw["serial"])


def _ascending(items: Sequence[Any]) -> bool:
    return all(a < b for a, b in pairwise(items))


def _read_cut(row: object) -> Cut:
    _need(isinstance(row, list) and len(row) == 5, "a cut")
    assert isinstance(row, list)  # noqa: S101 - for the type checker; checked above
    epoch, unit, cls, seq, name = row
    _need(is_epoch(epoch) and is_code(unit) and cls in CLASSES and _is_number(seq, 0), "a cut's stream")
    stream = Stream(epoch, unit, cls)
    _need(isinstance(name, str) and _HEX64.fullmatch(name), "a cut's name")
    _need(seq > 0 or name == start_name(stream).hex(), "a cut at the start bears the name of the start")
    return Cut(stream, name, seq)


_VOUCHING_MEMBERS = {"box", "issuer", "issuer_key", "level", "proof", "serial", "sign", "type", "unit"}
_READERS: dict[str, tuple[set[str], Any]] = {
    "claim": ({"box", "sign", "type", "unit"}, _read_claim),
    "certificate": (_VOUCHING_MEMBERS, _read_vouching),
    "superior": (_VOUCHING_MEMBERS, _read_vouching),
    "revocation": (
        {"cuts", "issuer", "issuer_key", "key", "serial", "statements", "type", "unit"}, _read_revocation,
    ),
    "room": ({"box", "issuer_key", "serial", "type", "unit"}, _read_room),
}

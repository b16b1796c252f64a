"""The outer file: magic, header, signature, payload (docs/package-format.md §5).

Reading goes size → magic → header bound → strict header; the signature and the payload hash are separate
steps (:meth:`Envelope.check_signature`, :meth:`Envelope.check_payload`), because whose key it is must be
settled between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

from fulian_desktop.domain.units import is_code
from fulian_desktop.exchange.keys import SIGNATURE_BYTES, OfficeKeys, verify
from fulian_desktop.exchange.refusals import PackageRefused, PackageTooLarge
from fulian_desktop.exchange.sealed import MAX_PACKAGE, MAX_PLAIN, MAX_RECIPIENTS
from fulian_desktop.exchange.statements import MAX_CHAIN
from fulian_desktop.exchange.stick import file_size, read_bounded
from fulian_desktop.ledger.json import MAX_INTEGER, NotCanonical, canonical, strict

FORMAT = 1
MAGIC = b"FLPKG\r\n\x01"
SUITE = "intl-1"
CONTEXT = b"fulian-package-1\n"
MAX_HEADER = 65_536
MAX_CHAIN_TEXT = 2_048
KINDS = ("up", "down", "peer", "request", "certificate", "invitation")
PLAIN_KINDS = ("request", "invitation")
CAPABILITIES: frozenset[str] = frozenset()
_START = len(MAGIC) + 4
_HEX64 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HEX32 = re.compile(r"[0-9a-f]{32}", re.ASCII)
_MEMBERS = {
    "chain", "changes", "critical", "epoch", "hash", "key", "kind", "made", "needs", "package", "payload",
    "photos", "plain", "recipients", "segments", "seq", "suite", "unit",
}


@dataclass(frozen=True, slots=True)
class PackageHeader:
    """What a package says of itself, readable without a key; believed only after its signature is checked.

    ``changes``, ``photos``, ``segments`` are counts; ``payload`` and ``plain`` bytes; ``made`` ms; ids hex.
    """

    kind: str
    package: str
    unit: str
    epoch: str
    key: str
    seq: int
    recipients: tuple[str, ...]
    chain: tuple[str, ...]
    changes: int
    segments: int
    photos: int
    made: int
    plain: int
    payload: int
    hash: str
    needs: int = FORMAT
    critical: tuple[str, ...] = ()
    suite: str = SUITE


def header_bytes(header: PackageHeader) -> bytes:
    """The canonical bytes that are signed."""
    raw = {name: getattr(header, name) for name in _MEMBERS}
    for name in ("chain", "critical", "recipients"):
        raw[name] = list(raw[name])
    return canonical(raw)


def read_header(data: bytes) -> PackageHeader:
    """Parse a header strictly; :class:`PackageRefused` ``damaged``, ``too-new`` or ``unknown-capability``."""
    try:
        raw = strict(data, MAX_HEADER)
    except NotCanonical as error:
        raise PackageRefused("damaged", f"header: {error}") from error
    if not isinstance(raw, dict):
        raise PackageRefused("damaged", "header is not an object")
    _check_newer(raw)
    if raw.keys() != _MEMBERS:
        raise PackageRefused("damaged", "members of the header")
    if not (_ids_are_sound(raw) and _numbers_are_sound(raw) and _lists_are_sound(raw)):
        raise PackageRefused("damaged", "values of the header")
    for name in ("chain", "critical", "recipients"):
        raw[name] = tuple(raw[name])
    return PackageHeader(**raw)


def _check_newer(raw: dict[str, Any]) -> None:
    """A newer header may have other members, so what it needs is asked first (FAULTS 36)."""
    needs, critical = raw.get("needs"), raw.get("critical")
    if not _is_number(needs, 1) or not isinstance(critical, list) or not isinstance(raw.get("suite"), str):
        raise PackageRefused("damaged", "needs, critical or suite")
    unknown = [str(name)[:40] for name in critical if not isinstance(name, str) or name not in CAPABILITIES]
    if raw["suite"] != SUITE:
        unknown.append(raw["suite"][:40])
    if unknown:
        raise PackageRefused("unknown-capability", ", ".join(unknown), what=", ".join(unknown), needs=needs)
    if isinstance(needs, int) and needs > FORMAT:
        raise PackageRefused("too-new", f"needs {needs}", needs=needs, known=FORMAT)


def _is_number(value: object, least: int, most: int = MAX_INTEGER) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_hex(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _ids_are_sound(raw: dict[str, Any]) -> bool:
    return (
        all(_is_hex(raw[name], _HEX32) for name in ("epoch", "key", "package"))
        and _is_hex(raw["hash"], _HEX64) and is_code(raw["unit"]) and raw["kind"] in KINDS
    )


def _numbers_are_sound(raw: dict[str, Any]) -> bool:
    return (
        all(_is_number(raw[name], 0) for name in ("changes", "photos", "segments"))
        and _is_number(raw["payload"], 1, MAX_PACKAGE) and _is_number(raw["plain"], 4, MAX_PLAIN)
        and _is_number(raw["seq"], 1) and _is_number(raw["made"], -MAX_INTEGER)
    )


def _lists_are_sound(raw: dict[str, Any]) -> bool:
    recipients, chain = raw["recipients"], raw["chain"]
    return (
        isinstance(recipients, list) and len(recipients) <= MAX_RECIPIENTS and all(_is_hex(r, _HEX32) for r in recipients)
        and all(a < b for a, b in pairwise(recipients))
        and (bool(recipients) or raw["kind"] in PLAIN_KINDS)
        and not (recipients and raw["kind"] == "invitation")
        and isinstance(chain, list) and len(chain) <= MAX_CHAIN
        and all(isinstance(text, str) and len(text) <= MAX_CHAIN_TEXT for text in chain)
    )


@dataclass(frozen=True, slots=True)
class Envelope:
    """A file cut into its parts; nothing of it is believed yet."""

    header: PackageHeader
    header_bytes: bytes
    signature: bytes
    payload: memoryview

    def check_signature(self, sign_public: bytes) -> None:
        """The header is signed by this key, or ``forged``."""
        if not verify(sign_public, CONTEXT, self.header_bytes, self.signature):
            raise PackageRefused("forged", "signature of the package", unit=self.header.unit)

    def check_payload(self) -> None:
        """The payload is the one the header names, or ``damaged``."""
        if sha256(self.payload).hexdigest() != self.header.hash:
            raise PackageRefused("damaged", "hash of the payload")


def seal(keys: OfficeKeys, header: PackageHeader, payload: bytes) -> bytes:
    """The whole file.

    Raises:
        ValueError: The header is not one a reader would take (a defect of the caller).
        PackageTooLarge: The file passes 512 MiB.
    """
    data = header_bytes(header)
    try:
        read_header(data)
    except PackageRefused as error:
        raise ValueError(f"not a header: {error.why}") from error
    size = _START + len(data) + SIGNATURE_BYTES + len(payload)
    if size > MAX_PACKAGE:
        raise PackageTooLarge(size, MAX_PACKAGE)
    return b"".join([MAGIC, len(data).to_bytes(4, "big"), data, keys.sign(CONTEXT, data), payload])


def unseal(data: bytes | Path) -> Envelope:
    """Read a file as far as the strict header, in that order; see the module's first lines."""
    if isinstance(data, Path):
        data = read_bounded(data, MAX_PACKAGE + 1)
    length = _header_length(data[:_START], len(data))
    end = _START + length
    head = bytes(data[_START:end])
    header = read_header(head)
    if len(data) != end + SIGNATURE_BYTES + header.payload:
        raise PackageRefused("truncated", "length of the file")
    start = end + SIGNATURE_BYTES
    return Envelope(header, head, bytes(data[end:start]), memoryview(data)[start:])


def inspect(data: bytes | Path) -> PackageHeader:
    """What a package says of itself, without a key; unverified, so for showing only.

    Args:
        data: The file's bytes, or its path (then only its beginning is read).

    Raises:
        PackageRefused: Not a package, too new, truncated, damaged header.
    """
    if isinstance(data, Path):
        start = read_bounded(data, _START + MAX_HEADER, whole=False)
        size = file_size(data)
    else:
        start, size = data[: _START + MAX_HEADER], len(data)
    length = _header_length(start[:_START], size)
    header = read_header(start[_START : _START + length])
    if size != _START + length + SIGNATURE_BYTES + header.payload:
        raise PackageRefused("truncated", "length of the file")
    return header


def _header_length(start: bytes, size: int) -> int:
    if size > MAX_PACKAGE:
        raise PackageRefused("too-large", f"{size} bytes")
    same = start[: len(MAGIC)] == MAGIC
    if not same and start[: len(MAGIC) - 1] == MAGIC[:-1] and len(start) >= len(MAGIC):
        version = start[len(MAGIC) - 1]
        if version > FORMAT:
            raise PackageRefused("too-new", "version of the file", needs=version, known=FORMAT)
        raise PackageRefused("damaged", "version of the file")
    if not same:
        if size and MAGIC.startswith(start):
            raise PackageRefused("truncated", "ends within the magic")
        raise PackageRefused("not-a-package", "magic")
    if size < _START:
        raise PackageRefused("truncated", "ends before the header")
    length = int.from_bytes(start[len(MAGIC) : _START], "big")
    if length > MAX_HEADER:
        raise PackageRefused("damaged", "header longer than allowed")
    if size < _START + length + SIGNATURE_BYTES:
        raise PackageRefused("truncated", "ends within the header")
    return length


def verify_written(data: bytes, keys: OfficeKeys) -> None:
    """What was read back from a stick is a whole package signed by us; :class:`PackageRefused` otherwise."""
    envelope = unseal(data)
    envelope.check_signature(keys.sign_public)
    envelope.check_payload()

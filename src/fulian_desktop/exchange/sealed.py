"""The payload: zlib inside, age outside, both bounded (docs/package-format.md §5).

Compression can hide a bomb, so the plain length is declared in the signed header, and inflating stops at it.
What compresses better than the bound allows is written uncompressed, so that nothing that was typed, however
repetitive, can ever block an export.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from fulian_desktop.exchange.keys import OfficeKeys
from fulian_desktop.exchange.refusals import PackageRefused, PackageTooLarge

MAX_PACKAGE = 512 * 1024 * 1024
MAX_PLAIN = 2 * 1024 * 1024 * 1024
MAX_RATIO = 200
MAX_RECIPIENTS = 64
MAX_AGE_HEADER = 16_384


def deflate(parts: Sequence[bytes]) -> tuple[bytes, int]:
    """Compress the parts as one text.

    Returns:
        The zlib stream and the plain length in bytes.

    Raises:
        PackageTooLarge: The plain text or the stream passes its bound.
    """
    plain = sum(len(part) for part in parts)
    if plain > MAX_PLAIN:
        raise PackageTooLarge(plain, MAX_PLAIN)
    packed = _compress(parts, 6)
    if plain > MAX_RATIO * len(packed):
        packed = _compress(parts, 0)
    return packed, plain


def _compress(parts: Iterable[bytes], level: int) -> bytes:
    packer = zlib.compressobj(level)
    out, size = [], 0
    for part in parts:
        out.append(packer.compress(part))
        size += len(out[-1])
        if size > MAX_PACKAGE:
            raise PackageTooLarge(size, MAX_PACKAGE)
    out.append(packer.flush())
    return b"".join(out)


def inflate(packed: bytes, plain: int) -> bytes:
    """The plain text of exactly ``plain`` bytes; never makes more than one byte beyond that.

    Raises:
        PackageRefused: ``bomb`` for a length or ratio that is not as declared, ``damaged`` for a broken
            stream.
    """
    if plain > MAX_PLAIN or plain > MAX_RATIO * len(packed):
        raise PackageRefused("bomb", "declared length beyond the bounds")
    unpacker = zlib.decompressobj()
    try:
        text = unpacker.decompress(packed, plain + 1)
    except zlib.error as error:
        raise PackageRefused("damaged", f"zlib: {error}") from error
    if len(text) != plain:
        raise PackageRefused("bomb", "plain length is not as declared")
    if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
        raise PackageRefused("bomb", "the stream does not end with the text")
    return text


def encrypt(data: bytes, boxes: Iterable[str]) -> bytes:
    """Age-encrypt to ``age1…`` keys, which were checked when they became known."""
    import pyrage  # type: ignore[import-untyped]

    return bytes(pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(box) for box in boxes]))


def decrypt(data: bytes, keys: Sequence[OfficeKeys]) -> bytes:
    """Decrypt with any of our keys; :class:`PackageRefused` (``damaged``) when it cannot be."""
    import pyrage

    _check_age_header(data)
    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(k.box_secret) for k in keys]))
    except pyrage.DecryptError as error:
        raise PackageRefused("damaged", f"age: {error}") from error


def _check_age_header(data: bytes) -> None:
    """Bound what the age library is given to parse.

    Its time grows with the square of the header: 4,000 stanzas (36 KB) took 5 s, 16,000 minutes (pyrage 1.4.0),
    and anybody may sign a request. The header ends at its first line that begins with ``---``.
    """
    end = data.find(b"\n--- ", 0, MAX_AGE_HEADER)
    if end < 0 or data.count(b"\n-> ", 0, end) > MAX_RECIPIENTS + 2:
        raise PackageRefused("damaged", "age header beyond the bounds")

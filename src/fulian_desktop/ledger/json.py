"""Strict JSON: what docs/package-format.md §1 calls canonical.

Python's own reader takes duplicate names, NaN, 1e400 and lone surrogates. Here bytes are accepted only when
writing the parsed value again gives the very same bytes, which shuts out all of these at once; floats and
depth are shut out by the type they are decoded into.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

MAX_INTEGER = 2**53 - 1
MAX_TEXT_BYTES = 65_536
MAX_DEPTH = 8
_NAME = re.compile(r"[\x21-\x7e]{1,80}", re.ASCII)

_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder()
_encoder = msgspec.json.Encoder(order="sorted")


class NotCanonical(ValueError):
    """The bytes are not canonical JSON; the text says why, for the log."""


def canonical(value: Any) -> bytes:  # noqa: ANN401 - any JSON value
    """The RFC 8785 bytes of a value made of None, bool, int, str, list and dict with ASCII names."""
    return _encoder.encode(value)


def check_value(value: Any, depth: int = MAX_DEPTH, text_bytes: int = MAX_TEXT_BYTES) -> None:  # noqa: ANN401
    """Raise :class:`NotCanonical` when a parsed value breaks a bound: floats, depth, texts, names."""
    if depth < 1:
        raise NotCanonical("nested too deep")
    if isinstance(value, list):
        for item in value:
            check_value(item, depth - 1, text_bytes)
    elif isinstance(value, dict):
        for name, item in value.items():
            if _NAME.fullmatch(name) is None:
                raise NotCanonical("member name")
            check_value(item, depth - 1, text_bytes)
    else:
        _check_scalar(value, text_bytes)


def _check_scalar(value: Any, text_bytes: int) -> None:  # noqa: ANN401
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise NotCanonical("integer out of range")
    elif isinstance(value, str):
        if len(value) * 4 > text_bytes and len(value.encode("utf-8")) > text_bytes:
            raise NotCanonical("text too long")
    else:
        raise NotCanonical(f"{type(value).__name__} is not allowed")


def strict(data: bytes, max_bytes: int) -> Any:  # noqa: ANN401
    """Parse canonical JSON of at most ``max_bytes`` bytes, or raise :class:`NotCanonical`."""
    if len(data) > max_bytes:
        raise NotCanonical("longer than allowed")
    try:
        value = _decoder.decode(data)
        check_value(value, text_bytes=max_bytes)
        again = canonical(value)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    if again != data:
        raise NotCanonical("not in canonical form")
    return value


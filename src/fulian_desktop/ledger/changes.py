"""Changes: what one person's one act does to one record (docs/package-format.md §2).

A whole body is read and checked in a few calls: decoded into typed changes (which shuts out floats, depth and
unknown members), written again (which shuts out everything that is not canonical), and its names checked.
Measured on 3,000 changes of 20 fields: under 3 µs a change.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Annotated, Any

import msgspec

from fulian_desktop.ledger.json import MAX_INTEGER, MAX_TEXT_BYTES, NotCanonical, check_value
from fulian_desktop.ledger.segments import BadSegment

MAX_PARENTS = 64
MAX_DEPTH = 10_000
ACTIONS = ("put", "delete", "restore")

_Scalar = None | bool | Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)] | str
_D2 = _Scalar | list[_Scalar] | dict[str, _Scalar]
_D3 = _Scalar | list[_D2] | dict[str, _D2]
_D4 = _Scalar | list[_D3] | dict[str, _D3]
_D5 = _Scalar | list[_D4] | dict[str, _D4]
_D6 = _Scalar | list[_D5] | dict[str, _D5]
_Instant = Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]


class Change(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """One change as it stands in a body; members in the order of their bytes. ``at`` is ms."""

    act: str
    action: str
    actor: str
    at: _Instant
    kind: str
    record: str
    note: str = ""
    parents: list[str] = msgspec.field(default_factory=list)
    values: dict[str, _D6] = msgspec.field(default_factory=dict)


_decoder = msgspec.json.Decoder(Change)
_encoder = msgspec.json.Encoder(order="sorted")
_IDS = re.compile(r"(?:[0-9a-f]{32}\n)+", re.ASCII)
_NAMES = re.compile(r"(?:[0-9a-f]{64}\n)*", re.ASCII)
_MEMBER = re.compile(r"[\x21-\x7e]{1,80}", re.ASCII)


def change_bytes(change: Change) -> bytes:
    """The canonical bytes of a change, without a newline."""
    return _encoder.encode(change)


def read_change(line: bytes) -> Change:
    """One line of a body that was checked when it came in (no checks here but the types)."""
    return _decoder.decode(line)


def read_body(body: bytes) -> list[Change]:
    """All changes of a body, strictly; :class:`BadSegment` (``form``) when a byte is off.

    The form is judged without knowing kinds or fields, so every program judges alike.
    """
    try:
        changes = _decoder.decode_lines(body)
        again = _encoder.encode_lines(changes)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeError, RecursionError) as error:
        raise BadSegment("form", str(error)) from error
    if again != body:
        raise BadSegment("form", "not canonical")
    _check_identifiers(changes)
    _check_members(changes)
    _check_long_lines(body)
    return changes


def _check_identifiers(changes: list[Change]) -> None:
    ids = "".join([f"{c.act}\n{c.record}\n" for c in changes])
    if _IDS.fullmatch(ids) is None:
        raise BadSegment("form", "act or record is not 32 hex digits")
    for change in changes:
        parents = change.parents
        if parents:
            if _NAMES.fullmatch("\n".join(parents) + "\n") is None:
                raise BadSegment("form", "a parent is not 64 hex digits")
            if any(a >= b for a, b in pairwise(parents)):
                raise BadSegment("form", "parents not ascending")


def _check_members(changes: list[Change]) -> None:
    """Member names are short printable ASCII at every depth, so sorting by bytes is sorting by RFC 8785."""
    seen: set[str] = set()
    for change in changes:
        values = change.values
        seen.update(values)
        for value in values.values():
            if type(value) is dict or type(value) is list:
                _collect_members(value, seen)
    for name in seen:
        if _MEMBER.fullmatch(name) is None:
            raise BadSegment("form", "member name")


def _collect_members(value: Any, seen: set[str]) -> None:  # noqa: ANN401 - any JSON value
    if type(value) is dict:
        seen.update(value)
        value = value.values()
    for item in value:
        if type(item) is dict or type(item) is list:
            _collect_members(item, seen)


def _check_long_lines(body: bytes) -> None:
    """A text is bounded in bytes; only a line longer than that bound can break it."""
    if len(body) <= MAX_TEXT_BYTES:
        return
    for line in body.split(b"\n"):
        if len(line) > MAX_TEXT_BYTES:
            try:
                check_value(msgspec.json.decode(line))
            except NotCanonical as error:
                raise BadSegment("form", str(error)) from error

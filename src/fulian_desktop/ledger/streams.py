"""Streams and the names of changes (DESIGN §4, docs/package-format.md §3).

A stream is the chained changes of one installation (epoch) about one unit's records of one class. A change's
name is a running hash, so a name fixes everything before it, and how a stream was cut never matters.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import NamedTuple

CLASSES = ("published", "ordinary", "restricted")
_EPOCH = re.compile(r"[0-9a-f]{32}", re.ASCII)


class Stream(NamedTuple):
    """(epoch: 32 hex digits, unit: 12 digits, cls: published | ordinary | restricted)."""

    epoch: str
    unit: str
    cls: str


def is_epoch(text: object) -> bool:
    """Whether ``text`` is 32 lower-case hex digits."""
    return isinstance(text, str) and _EPOCH.fullmatch(text) is not None


def start_name(stream: Stream) -> bytes:
    """h_0: the name before the first change of a stream (32 bytes)."""
    return sha256(f"fulian-stream-1\n{stream.epoch}\n{stream.unit}\n{stream.cls}\n".encode("ascii")).digest()


def next_name(previous: bytes, change: bytes) -> bytes:
    """h_n from h_{n-1} and the bytes of change n."""
    return sha256(previous + change).digest()

"""A disk that fails on demand, under the real database.

SQLite writes through a table of functions (its VFS). Here the table's ``xWrite``, ``xSync`` and ``xTruncate`` are
replaced by ones that count, and at the wanted operation return an error, kill the process, or do what a power
cut does: everything not yet fsynced may be lost or half there.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlcipher3 import _sqlite3

FULL, WRITE_ERROR, FSYNC_ERROR = 13, 10 | 3 << 8, 10 | 4 << 8
_library = ctypes.CDLL(_sqlite3.__file__)

_OPEN = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
_WRITE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_TRUNCATE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)


class _Vfs(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int), ("file_size", ctypes.c_int), ("longest", ctypes.c_int), ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p), ("data", ctypes.c_void_p), ("open", ctypes.c_void_p),
    ]


class _Methods(ctypes.Structure):
    _fields_ = [
        ("version", ctypes.c_int), ("close", ctypes.c_void_p), ("read", ctypes.c_void_p), ("write", ctypes.c_void_p),
        ("truncate", ctypes.c_void_p), ("sync", ctypes.c_void_p), ("size", ctypes.c_void_p), ("rest", ctypes.c_void_p * 12),
    ]


@dataclass
class Disk:
    """What the disk does. ``at`` counts writes, fsyncs and truncations from 1; 0: it only counts.

    Attributes:
        what: Called at operation ``at`` and, when ``stays`` is set, at every later one; an SQLite error code, or 0
            to go on. only: ``write``, ``sync`` or ``truncate`` alone count. log: (what, path) of each operation.
    """

    at: int = 0
    what: Callable[[Disk], int] | None = None
    only: str = ""
    stays: bool = True
    count: int = 0
    log: list[tuple[str, str]] = field(default_factory=list)
    unsynced: dict[str, list[tuple[int, bytes, int]]] = field(default_factory=dict)

    def meets(self, operation: str, path: str) -> int:
        """The error of this operation, 0 when it may go on."""
        self.log.append((operation, path))
        if self.only and operation != self.only:
            return 0
        self.count += 1
        due = self.what is not None and self.at and (self.count == self.at or (self.stays and self.count > self.at))
        return self.what(self) if due and self.what is not None else 0

    def remember(self, path: str, offset: int, length: int) -> None:
        """Keep what stood where something is about to be written, until it is fsynced."""
        size = Path(path).stat().st_size
        with Path(path).open("rb") as file:
            file.seek(offset)
            self.unsynced.setdefault(path, []).append((offset, file.read(length), size))


def error(code: int) -> Callable[[Disk], int]:
    """Fail with an SQLite error code."""
    return lambda _: code


def kill(_: Disk) -> int:
    """End this process as ``kill -9`` does."""
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def cut_power(seed: int) -> Callable[[Disk], int]:
    """Take back any part of what was not fsynced, newest first, then end the process."""

    def cut(disk: Disk) -> int:
        rng = random.Random(seed)
        for path, writes in disk.unsynced.items():
            for offset, before, size in reversed(writes):
                fate = rng.random()
                if fate < 0.4:
                    continue  # it reached the platter all the same
                with Path(path).open("r+b") as file:
                    if fate < 0.6 and len(before) > 1:  # a torn write: its first half did
                        half = rng.randrange(1, len(before))
                        file.seek(offset + half)
                        file.write(before[half:])
                        continue
                    file.seek(offset)
                    file.write(before)
                    if rng.random() < 0.5 and len(before) == 0:
                        file.truncate(size)
        return kill(disk)

    return cut


@contextmanager
def failing(disk: Disk) -> Iterator[Disk]:
    """Databases opened inside lie on this disk."""
    _library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
    vfs = _library.sqlite3_vfs_find(None).contents
    original = vfs.open
    real_open = _OPEN(original)
    kept: list[object] = []

    def opened(self: int, name: int, file: int, flags: int, out: int) -> int:
        result = int(real_open(self, name, file, flags, out))
        at = ctypes.cast(file, ctypes.POINTER(ctypes.c_void_p))
        if result == 0 and at[0] and name:
            path = os.fsdecode(ctypes.string_at(name))
            methods = _Methods.from_buffer_copy(ctypes.string_at(at[0], ctypes.sizeof(_Methods)))
            replaced = _replace(disk, methods, path)
            kept.extend((methods, *replaced))
            at[0] = ctypes.addressof(methods)
        return result

    callback = _OPEN(opened)
    vfs.open = ctypes.cast(callback, ctypes.c_void_p).value
    try:
        yield disk
    finally:
        vfs.open = original
        _forever.extend((callback, *kept))  # files opened inside may be closed later


_forever: list[object] = []


def _replace(disk: Disk, methods: _Methods, path: str) -> tuple[object, ...]:
    write, sync, truncate = _WRITE(methods.write), _SYNC(methods.sync), _TRUNCATE(methods.truncate)

    def on_write(file: int, data: int, length: int, offset: int) -> int:
        failed = disk.meets("write", path)
        if failed:
            return failed
        disk.remember(path, offset, length)
        return int(write(file, data, length, offset))

    def on_sync(file: int, flags: int) -> int:
        failed = disk.meets("sync", path)
        if failed:
            return failed
        result = int(sync(file, flags))
        disk.unsynced.pop(path, None)
        return result

    def on_truncate(file: int, size: int) -> int:
        failed = disk.meets("truncate", path)
        return failed or int(truncate(file, size))

    ours = (_WRITE(on_write), _SYNC(on_sync), _TRUNCATE(on_truncate))
    methods.write, methods.sync, methods.truncate = (ctypes.cast(f, ctypes.c_void_p).value for f in ours)
    return (*ours, write, sync, truncate)

r"""Backups: one file with keystore and database, made through SQLite's backup API, re-opened before it counts.

File: ``FLBAK\r\n`` 0x01, u32 length of the keystore, keystore, database (encrypted as it lies on disk), and at
the end the SHA-256 of all before. It opens with that day's passphrase or recovery code.

With photos: ``FLBAK\r\n`` 0x02, u32 length of the keystore, u64 length of the database, keystore, database, photos
(``photos.db``, encrypted likewise), SHA-256. Written only when photos are asked for and there are any.

With a rights room: ``FLBAK\r\n`` 0x03, u32 length of the keystore, u64 lengths of the database, the photos (0: none), the
room's keystore, the room and the room's write-ahead log (0: none), then all of these in that order, SHA-256. The room is
copied as it lies on disk: nothing here opens it, unless it is open already.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem
from fulian_desktop.store import keystore, vault
from fulian_desktop.store.files import fsync_folder, machine_problem, remove_part, replace_file
from fulian_desktop.store.photos import PHOTOS, damaged, made
from fulian_desktop.store.room import ROOM, ROOM_KEYS
from fulian_desktop.store.workspace import Workspace, now_ms

MAGIC = b"FLBAK\r\n\x01"
MAGIC_WITH_PHOTOS = b"FLBAK\r\n\x02"
MAGIC_WITH_ROOM = b"FLBAK\r\n\x03"
_PIECE = 1 << 20
_HASH = 32
_TRIES = 3


class Parts(NamedTuple):
    """Where the parts of a backup file lie: the keystore's offset, and lengths in bytes (0: no such part)."""

    offset: int
    keystore: int
    database: int
    photos: int
    room_keys: int = 0
    room: int = 0
    room_log: int = 0


def write_backup(workspace: Workspace, target: Path, *, photos: bool = False) -> Path:
    """Write a backup of everything committed to ``target``; it counts only after it was re-opened and checked.

    Args:
        workspace: Of what.
        target: The file; one of that name is replaced.
        photos: The photos too. Backups of every day leave them out: they would fill the disk (DESIGN §7).
    """
    copy = target.with_name(target.name + ".db.part")
    photos_copy = target.with_name(target.name + ".photos.part")
    room_copy = target.with_name(target.name + ".rights.part")
    part = target.with_name(target.name + ".part")
    copies = (copy, photos_copy, room_copy)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_database(workspace.db, workspace.key, copy)
        taken: Path | None = None
        if photos and (workspace.folder / PHOTOS).exists():
            _copy_photos(workspace, photos_copy)
            taken = photos_copy
        room = _copy_room(workspace, room_copy) if (workspace.folder / ROOM_KEYS).exists() else ()
        _pack(workspace.folder / keystore.KEYSTORE, copy, part, taken, room)
        _check_file(part)
        part.replace(target)
        fsync_folder(target.parent)
    except OSError as error:
        raise machine_problem(error) from error
    finally:
        for path in (part, *(p.with_name(p.name + end) for p in copies for end in ("", "-journal", "-wal", "-shm"))):
            remove_part(path)
    return target


def _copy_room(workspace: Workspace, copy: Path) -> tuple[Path, ...]:
    """The parts of the rights room, to be packed: its keystore, its database, perhaps its write-ahead log.

    While it is closed its key is not here, so it is copied byte for byte: what a program that was killed left in the log
    comes along. Somebody may have it open in another window, so the copy counts when nothing was written meanwhile.
    """
    keys, source = workspace.folder / ROOM_KEYS, workspace.folder / ROOM
    if workspace.room is not None:
        _copy_database(workspace.room.db, workspace.room.key, copy)
        return keys, copy
    log, log_copy = source.with_name(ROOM + "-wal"), copy.with_name(copy.name + "-wal")
    for _ in range(_TRIES):
        log_copy.unlink(missing_ok=True)
        shutil.copyfile(source, copy)
        if _has_bytes(log):
            shutil.copyfile(log, log_copy)
        if _digest_of(copy) == _digest_of(source) and _digest_of(log_copy) == _digest_of(log):
            return (keys, copy, log_copy) if log_copy.exists() else (keys, copy)
    raise MachineProblem("维权档案室正在别的窗口里用，备份没有写成。下一步：关掉那个窗口，再备份。", "backup")


def _has_bytes(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _digest_of(path: Path) -> bytes:
    """SHA-256 of a file; of one that is empty or not there alike."""
    if not _has_bytes(path):
        return b""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _copy_photos(workspace: Workspace, copy: Path) -> None:
    with made(workspace) as source:
        _copy_database(source, workspace.key, copy, rotten=damaged())


def _copy_database(source: vault.Connection, key: bytes, copy: Path, *, rotten: Damaged | None = None) -> None:
    copy.unlink(missing_ok=True)
    other = vault.connect_new(copy, key)
    try:
        # SQLite's copying passes over a page whose HMAC is wrong and writes it anew with a right one: a copy of a rotten
        # file looks sound (measured: 71 of 71 pages), so the file is looked at first.
        if not vault.pages_verify(source):
            raise rotten or Damaged("数据文件有损坏，备份没有写成。下一步：用最近的备份恢复。")
        other.execute("PRAGMA journal_mode = OFF")  # a copy that fails is thrown away, never rolled back
        source.backup(other, pages=2_000)
    except vault.OperationalError as error:
        raise MachineProblem("备份没有写成。下一步：看看磁盘是不是满了，再做一次。", "backup") from error
    except vault.DatabaseError as error:
        raise Damaged("数据文件有损坏，备份没有写成。下一步：用最近的备份恢复。") from error
    finally:
        other.close()
    check_database(copy, key)


def check_database(path: Path, key: bytes) -> None:
    """Every page of an encrypted database verifies; :class:`Damaged` when one does not."""
    connection = vault.connect(path, key, read_only=True)
    try:
        if not vault.pages_verify(connection):
            raise Damaged("备份读回来不对，没有算数。下一步：换一个位置再备份。", "backup")
    finally:
        connection.close()


def _pack(keys: Path, database: Path, part: Path, photos: Path | None = None, room: Sequence[Path] = ()) -> None:
    digest = hashlib.sha256()
    head = keys.read_bytes()
    sizes = [path.stat().st_size if path is not None else 0 for path in (database, photos, *room)]
    if room:
        lengths = struct.pack(">I5Q", len(head), *(sizes + [0] * 5)[:5])
    else:
        lengths = struct.pack(">I", len(head)) + (struct.pack(">Q", sizes[0]) if photos is not None else b"")
    with part.open("wb") as out:
        for piece in (MAGIC_WITH_ROOM if room else MAGIC_WITH_PHOTOS if photos is not None else MAGIC, lengths, head):
            digest.update(piece)
            out.write(piece)
        for file in (database, *([photos] if photos is not None else []), *room):
            with file.open("rb") as source:
                while data := source.read(_PIECE):
                    digest.update(data)
                    out.write(data)
        out.write(digest.digest())
        out.flush()
        os.fsync(out.fileno())


_LENGTHS = {MAGIC: ">I", MAGIC_WITH_PHOTOS: ">IQ", MAGIC_WITH_ROOM: ">I5Q"}


def _check_file(path: Path) -> Parts:
    """The parts of a whole backup file; :class:`Damaged` when it is not whole."""
    size = path.stat().st_size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        magic = file.read(len(MAGIC))
        form = _LENGTHS.get(magic, ">I")
        head = magic + file.read(struct.calcsize(form))
        if magic not in _LENGTHS or len(head) < len(MAGIC) + struct.calcsize(form) or size < len(head) + _HASH:
            raise Damaged("这不是备份文件，或者没有写完。下一步：换一个备份。", "backup")
        digest.update(head)
        left = size - len(head) - _HASH
        while left > 0:
            data = file.read(min(_PIECE, left))
            if not data:
                break
            digest.update(data)
            left -= len(data)
        if file.read(_HASH) != digest.digest():
            raise Damaged("这个备份损坏了。下一步：换前一个备份。", "backup")
    rest = size - len(head) - _HASH
    keys, *more = struct.unpack(form, head[len(MAGIC) :])
    if magic == MAGIC_WITH_ROOM:
        parts = Parts(len(head), keys, *more)
    else:
        database = more[0] if more else rest - keys
        parts = Parts(len(head), keys, database, rest - keys - database)
    if min(parts) < 0 or sum(parts) - parts.offset != rest:
        raise Damaged("这个备份损坏了。下一步：换前一个备份。", "backup")
    return parts


def restore_backup(source: Path, folder: Path, passphrase: str | None = None) -> None:
    """Lay a backup out as a new workspace folder. The caller opens it and mints a new epoch (DESIGN §6).

    Args:
        source: The backup file.
        folder: A new or empty folder.
        passphrase: Of that day, or its recovery code: when given and wrong, :class:`WrongPassphrase` comes before
            anything is laid out, so it can be tried again.
    """
    if not source.is_file():
        raise InputProblem("找不到这个备份文件。请再选一次。", "not-found")
    part = folder / (vault.DATABASE + ".part")
    others = {name: folder / (name + ".part") for name in (PHOTOS, ROOM, ROOM + "-wal", ROOM_KEYS)}
    try:
        parts = _check_file(source)
        with source.open("rb") as file:
            file.seek(parts.offset)
            keys = file.read(parts.keystore)
            _refuse_a_used_folder(folder, keys)
            if passphrase is not None:
                keystore.unlock_keystore(keystore.parse_keystore(keys), passphrase)
            folder.mkdir(parents=True, exist_ok=True)
            _lay_out(file, parts.database, part)
            for name, length in (
                (PHOTOS, parts.photos), (ROOM_KEYS, parts.room_keys), (ROOM, parts.room), (ROOM + "-wal", parts.room_log),
            ):
                if length:
                    _lay_out(file, length, others[name])
        replace_file(folder / keystore.KEYSTORE, keys)
        for name, laid in others.items():
            if laid.exists():
                laid.replace(folder / name)  # before the database, by which a folder is known to be used
        part.replace(folder / vault.DATABASE)
        fsync_folder(folder)
    except OSError as error:
        raise machine_problem(error) from error
    finally:
        for laid in (part, *others.values()):
            remove_part(laid)


def _lay_out(file: BinaryIO, length: int, part: Path) -> None:
    with part.open("wb") as out:
        while length > 0 and (data := file.read(min(_PIECE, length))):
            out.write(data)
            length -= len(data)
        out.flush()
        os.fsync(out.fileno())


def _refuse_a_used_folder(folder: Path, keys: bytes) -> None:
    """A folder with data is never written over; one where this very restore was broken off is no such folder."""
    try:
        found: bytes | None = (folder / keystore.KEYSTORE).read_bytes()
    except FileNotFoundError:
        found = None
    if (folder / vault.DATABASE).exists() or (found is not None and found != keys):
        raise InputProblem("这个文件夹里已经有数据了。请换一个空文件夹。", "workspace-exists")


def sweep_parts(folder: Path) -> None:
    """Take away what a killed backup left. One that may still be under way (an hour by its name) is left alone."""
    now = _now()
    for part in folder.glob("*.part*"):
        stamp = _stamp(part)
        if stamp is not None and abs(now - stamp) > datetime.timedelta(hours=1):
            part.unlink(missing_ok=True)


def _now() -> datetime.datetime:
    """The moment by the program's clock, in local time as names bear it."""
    return datetime.datetime.fromtimestamp(now_ms() / 1000)


def _stamp(path: Path) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(path.name[:15], "%Y%m%d-%H%M%S")
    except ValueError:
        return None


def backup_into_folder(workspace: Workspace, what: str) -> Path:
    """A backup into ``backups/`` named by time and reason, then old ones beyond the rotation are taken away."""
    folder = workspace.folder / "backups"
    at = _now()
    while (target := folder / f"{at:%Y%m%d-%H%M%S-%f}-{what}.flbak").exists():  # the clock may stand still
        at += datetime.timedelta(microseconds=1)
    write_backup(workspace, target)
    for old in plan_rotation(sorted(folder.glob("*.flbak")), _room(folder)):
        old.unlink(missing_ok=True)
    return target


def _room(folder: Path) -> int:
    """Bytes that backups may take: a third of what is free besides them."""
    taken = sum(p.stat().st_size for p in folder.glob("*.flbak"))
    return (shutil.disk_usage(folder).free + taken) // 3


def plan_rotation(backups: Iterable[Path], room: int) -> list[Path]:
    """Which backups to take away: kept are 10 recent, 7 daily, 4 weekly, 12 monthly, within ``room`` bytes.

    The newest is always kept. Names begin with ``YYYYMMDD-HHMMSS``; others are left alone.
    """
    dated = sorted(((stamp, path) for path in backups if (stamp := _stamp(path)) is not None), reverse=True)
    keep: list[Path] = [path for _, path in dated[:10]]
    for most, group in ((7, "%Y-%m-%d"), (4, "%G-%V"), (12, "%Y-%m")):
        seen: list[str] = []
        for day, path in dated:
            name = day.strftime(group)
            if name not in seen and len(seen) < most:
                seen.append(name)
                keep.append(path)
    kept = [path for _, path in dated if path in set(keep)]
    total = 0
    fitting: list[Path] = []
    for path in kept:
        total += path.stat().st_size
        if not fitting or total <= room:
            fitting.append(path)
    return [path for _, path in dated if path not in set(fitting)]

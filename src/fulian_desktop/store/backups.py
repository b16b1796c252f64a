r"""Backups: one file with keystore and database, made through SQLite's backup API, re-opened before it counts.

File: ``FLBAK\r\n`` 0x01, u32 length of the keystore, keystore, database (encrypted as it lies on disk), and at
the end the SHA-256 of all before. It opens with that day's passphrase or recovery code.

With photos: ``FLBAK\r\n`` 0x02, u32 length of the keystore, u64 length of the database, keystore, database, photos
(``photos.db``, encrypted likewise), SHA-256. Written only when photos are asked for and there are any.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import shutil
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, NamedTuple

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem
from fulian_desktop.store import keystore, vault
from fulian_desktop.store.files import fsync_folder, machine_problem, remove_part, replace_file
from fulian_desktop.store.photos import PHOTOS, damaged, made
from fulian_desktop.store.workspace import Workspace, now_ms

MAGIC = b"FLBAK\r\n\x01"
MAGIC_WITH_PHOTOS = b"FLBAK\r\n\x02"
_PIECE = 1 << 20
_HASH = 32


class Parts(NamedTuple):
    """Where the parts of a backup file lie: the keystore's offset, and lengths in bytes (``photos`` 0: none)."""

    offset: int
    keystore: int
    database: int
    photos: int


def write_backup(workspace: Workspace, target: Path, *, photos: bool = False) -> Path:
    """Write a backup of everything committed to ``target``; it counts only after it was re-opened and checked.

    Args:
        workspace: Of what.
        target: The file; one of that name is replaced.
        photos: The photos too. Backups of every day leave them out: they would fill the disk (DESIGN §7).
    """
    copy = target.with_name(target.name + ".db.part")
    photos_copy = target.with_name(target.name + ".photos.part")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _copy_database(workspace.db, workspace.key, copy)
        more: list[Path] = []
        if photos and (workspace.folder / PHOTOS).exists():
            _copy_photos(workspace, photos_copy)
            more.append(photos_copy)
        _pack(workspace.folder / keystore.KEYSTORE, copy, part, *more)
        _check_file(part)
        part.replace(target)
        fsync_folder(target.parent)
    except OSError as error:
        raise machine_problem(error) from error
    finally:
        for path in (part, *(p.with_name(p.name + end) for p in (copy, photos_copy) for end in ("", "-journal", "-wal", "-shm"))):
            remove_part(path)
    return target


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


def _pack(keys: Path, database: Path, part: Path, *photos: Path) -> None:
    digest = hashlib.sha256()
    head = keys.read_bytes()
    lengths = struct.pack(">I", len(head)) + (struct.pack(">Q", database.stat().st_size) if photos else b"")
    with part.open("wb") as out:
        for piece in (MAGIC_WITH_PHOTOS if photos else MAGIC, lengths, head):
            digest.update(piece)
            out.write(piece)
        for file in (database, *photos):
            with file.open("rb") as source:
                while data := source.read(_PIECE):
                    digest.update(data)
                    out.write(data)
        out.write(digest.digest())
        out.flush()
        os.fsync(out.fileno())


def _check_file(path: Path) -> Parts:
    """The parts of a whole backup file; :class:`Damaged` when it is not whole."""
    size = path.stat().st_size
    digest = hashlib.sha256()
    with path.open("rb") as file:
        head = file.read(len(MAGIC) + 4)
        photos = head.startswith(MAGIC_WITH_PHOTOS)
        if photos:
            head += file.read(8)
        whole = len(head) == len(MAGIC) + (12 if photos else 4)
        if not whole or not (photos or head.startswith(MAGIC)) or size < len(head) + _HASH:
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
    keys, *more = struct.unpack(">IQ" if photos else ">I", head[len(MAGIC) :])
    database = more[0] if photos else rest - keys
    if database < 0 or keys + database > rest:
        raise Damaged("这个备份损坏了。下一步：换前一个备份。", "backup")
    return Parts(len(head), keys, database, rest - keys - database)


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
    photos = folder / (PHOTOS + ".part")
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
            if parts.photos:
                _lay_out(file, parts.photos, photos)
        replace_file(folder / keystore.KEYSTORE, keys)
        if parts.photos:
            photos.replace(folder / PHOTOS)  # before the database, by which a folder is known to be used
        part.replace(folder / vault.DATABASE)
        fsync_folder(folder)
    except OSError as error:
        raise machine_problem(error) from error
    finally:
        remove_part(part)
        remove_part(photos)


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

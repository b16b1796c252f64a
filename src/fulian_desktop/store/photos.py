"""Photos: ``photos.db`` beside the database, encrypted with the same key, each photo once, named by its SHA-256.

* A photo lies here only because a record names it; which photos those are is read from the view (``photos`` of
  every kind). What no record names any more stays: a deleted record can be restored.
* The file is made when the first photo comes. Where it is not there, no photo is held and all are missing: it can
  be taken away, and what the records name is asked for again from the offices above and below.
* A photo never changes, so nothing here waits for the ledger's transaction: written before it, at worst a photo lies
  here that nothing names.

Each call opens the file and closes it again (measured: half a millisecond), so that threads share nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.store import vault
from fulian_desktop.store.vault import Connection, database_problem
from fulian_desktop.store.view import NOT_LIVING, is_room, layout
from fulian_desktop.store.workspace import Workspace

PHOTOS = "photos.db"
_CHUNK = 500  # hashes a question
_BATCH = 32 << 20  # bytes of photos a transaction

_TABLES = (
    "CREATE TABLE IF NOT EXISTS photo (hash BLOB PRIMARY KEY, data BLOB NOT NULL) STRICT",
    # Which photos went to whom in which package: when not all fit, the next package begins with the others.
    """CREATE TABLE IF NOT EXISTS sent (receiver TEXT NOT NULL, hash BLOB NOT NULL, seq INTEGER NOT NULL,
       PRIMARY KEY (receiver, hash)) STRICT, WITHOUT ROWID""",
)


class Named(NamedTuple):
    """A living record that names a photo."""

    hash: str
    unit: str
    kind: str
    record: str


def photos_path(workspace: Workspace) -> Path:
    """Where the photos of a workspace lie, once there are any; a room has none, and never touches the workspace's."""
    if is_room(workspace.db):
        raise AssertionError("no photos in a rights room")
    return workspace.folder / PHOTOS


@contextmanager
def opened(workspace: Workspace) -> Iterator[Connection | None]:
    """The opened file of photos, None when there is none; errors as in :func:`made`."""
    if photos_path(workspace).exists():
        with made(workspace) as connection:
            yield connection
    else:
        yield None


@contextmanager
def made(workspace: Workspace) -> Iterator[Connection]:
    """The opened file of photos, made when there is none.

    Raises:
        Damaged: It is not what was written.
        MachineProblem: The disk is full, or another program holds the file.
    """
    try:
        connection = vault.connect(photos_path(workspace), workspace.key, create=True)
    except Damaged as error:
        raise damaged() from error
    try:
        for statement in _TABLES:
            connection.execute(statement)
        yield connection
    except vault.OperationalError as error:
        raise _write_problem(error) from error
    except vault.DatabaseError as error:
        raise damaged() from error
    finally:
        connection.close()


def damaged() -> Damaged:
    """What to say of a file of photos that is not what was written."""
    return Damaged(
        "照片文件（photos.db）损坏，记录没有受影响。"
        "下一步：用带照片的备份恢复；没有备份，就把 photos.db 移走，照片会向上级和下级再要。"
    )


def _write_problem(error: BaseException) -> MachineProblem:
    found = database_problem(error)
    if found.code == "disk-full":
        return MachineProblem("磁盘满了，照片没有保存。下一步：删掉一些不用的文件，再做一次。", "disk-full")
    return damaged() if isinstance(found, Damaged) else found


def photo_hash(data: bytes) -> str:
    """What a photo is named by: SHA-256 of its bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def put(workspace: Workspace, photos: Iterable[bytes]) -> list[str]:
    """Store photos, each once; on disk when this returns.

    Returns:
        Their hashes, in order.

    Raises:
        MachineProblem: The disk is full; photos stored before it was full stay, and do no harm.
    """
    hashes: list[str] = []
    with made(workspace) as db:
        for batch in _batches(photos):
            db.execute("BEGIN IMMEDIATE")
            try:
                for data in batch:
                    hashes.append(photo_hash(data))
                    db.execute("INSERT OR IGNORE INTO photo VALUES (?,?)", [bytes.fromhex(hashes[-1]), data])
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
    return hashes


def _batches(photos: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for data in photos:
        batch.append(data)
        if sum(map(len, batch)) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def get(workspace: Workspace, hash_: str) -> bytes | None:
    """A photo's bytes (JPEG), or None when it is not held."""
    with opened(workspace) as db:
        row = None if db is None else db.execute("SELECT data FROM photo WHERE hash = ?", [bytes.fromhex(hash_)]).fetchone()
    return None if row is None else bytes(row[0])


def get_many(workspace: Workspace, hashes: Iterable[str]) -> list[bytes]:
    """The bytes of photos that are held, in order.

    Raises:
        KeyError: One is not held.
    """
    found: list[bytes] = []
    with opened(workspace) as db:
        for hash_ in hashes:
            row = None if db is None else db.execute("SELECT data FROM photo WHERE hash = ?", [bytes.fromhex(hash_)]).fetchone()
            if row is None:
                raise KeyError(hash_)
            found.append(bytes(row[0]))
    return found


def sizes(workspace: Workspace, hashes: Iterable[str]) -> dict[str, int]:
    """Hash → length in bytes, of those photos that are held."""
    wanted = [bytes.fromhex(hash_) for hash_ in hashes]
    found: dict[str, int] = {}
    with opened(workspace) as db:
        if db is None:
            return found
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            sql = f"SELECT hash, length(data) FROM photo WHERE hash IN ({marks})"  # noqa: S608 - marks only
            found.update({bytes(hash_).hex(): size for hash_, size in db.execute(sql, chunk)})
    return found


def has(workspace: Workspace, hashes: Iterable[str]) -> set[str]:
    """Those of the photos that are held."""
    return set(sizes(workspace, hashes))


def count(workspace: Workspace) -> int:
    """How many photos are held."""
    with opened(workspace) as db:
        return 0 if db is None else int(db.execute("SELECT count(*) FROM photo").fetchone()[0])


def named(workspace: Workspace) -> Iterator[Named]:
    """Every photo that a living record names, record by record, held or not."""
    for kind in all_kinds():
        where = layout(kind)
        if "photos" not in where.at:
            continue
        sql = (
            f"SELECT json_extract(j.value, '$.hash'), r.unit, r.id FROM {where.table} r, json_each(r.photos) j "  # noqa: S608
            f"WHERE r.photos IS NOT NULL AND r.flags & {NOT_LIVING} = 0 ORDER BY r.no"
        )
        for hash_, unit, record in workspace.db.execute(sql):
            if hash_:
                yield Named(hash_, unit, kind.code, bytes(record).hex())


def lacking(workspace: Workspace) -> list[Named]:
    """The living records that name a photo which is not held, and the photo."""
    everything = list(named(workspace))
    held = has(workspace, {one.hash for one in everything})
    return [one for one in everything if one.hash not in held]


def missing(workspace: Workspace) -> list[str]:
    """The hashes of photos that living records name and that are not held, in order, each once."""
    return sorted({one.hash for one in lacking(workspace)})


def unsound(workspace: Workspace) -> list[str]:
    """The names of stored photos whose bytes are not what their name says.

    Raises:
        Damaged: A page of the file does not verify.
    """
    with opened(workspace) as db:
        if db is None:
            return []
        if not vault.pages_verify(db):
            raise damaged()
        rows = db.execute("SELECT hash, data FROM photo ORDER BY hash")
        return [bytes(hash_).hex() for hash_, data in rows if hashlib.sha256(data).digest() != bytes(hash_)]


def note_sent(workspace: Workspace, receiver: str, hashes: Iterable[str], seq: int) -> None:
    """Photos went to a receiver in the package of that number."""
    with made(workspace) as db:
        db.executemany("INSERT OR REPLACE INTO sent VALUES (?,?,?)", [(receiver, bytes.fromhex(hash_), seq) for hash_ in hashes])


def last_sent(workspace: Workspace, receiver: str) -> dict[str, int]:
    """Photo → number of the last package that took it to a receiver."""
    with opened(workspace) as db:
        rows = [] if db is None else db.execute("SELECT hash, seq FROM sent WHERE receiver = ?", [receiver]).fetchall()
    return {bytes(hash_).hex(): seq for hash_, seq in rows}

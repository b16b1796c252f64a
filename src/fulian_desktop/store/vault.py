"""Opening the encrypted workspace: the one module that knows its key.

``workspace.db`` is SQLCipher; its key lies in the key file (store/keystore.py). sqlite-utils would take the standard
library's sqlite3; it takes SQLCipher when ``pysqlite3`` is aliased before its first import, which is done here and
nowhere else. The file is opened with nothing else: the standard library's SQLite 3.40.1 has the WAL-reset bug, and
plain SQLite catches 12 of 300 flipped bits where SQLCipher catches all.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3  # type: ignore[import-untyped]
import sqlcipher3.dbapi2  # type: ignore[import-untyped]

from fulian_desktop.errors import Damaged, MachineProblem

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

if TYPE_CHECKING:
    from sqlite_utils import Database

DATABASE = "workspace.db"

Connection = Any  # sqlcipher3 ships no types
DatabaseError = sqlcipher3.dbapi2.DatabaseError
OperationalError = sqlcipher3.dbapi2.OperationalError


def connect(path: Path, key: bytes, *, create: bool = False, read_only: bool = False) -> Connection:
    """Open an encrypted database; :class:`Damaged` when its pages do not verify.

    WAL and ``synchronous=FULL``: 已保存 is shown only after a commit that reached the disk.
    """
    if not create and not path.exists():
        raise Damaged("数据文件不见了。下一步：用最近的备份恢复。")
    # autocommit; transactions are begun by name, in one place (Workspace.transaction)
    try:
        connection = sqlcipher3.connect(os.fspath(path), isolation_level=None, check_same_thread=False, cached_statements=1024)
    except OperationalError as error:
        raise _opening_problem(error) from error
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")  # it writes to standard error; we raise instead
        connection.execute("PRAGMA busy_timeout = 2500")
        connection.execute("PRAGMA cipher_memory_security = OFF")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -65536")
        connection.execute("PRAGMA wal_autocheckpoint = 16000")  # 64 MB; before that when idle (Workspace.tidy)
    except DatabaseError as error:
        connection.close()
        raise _opening_problem(error) from error
    return connection


def _opening_problem(error: Exception) -> MachineProblem:
    """Not every file that does not open is damaged: another program may hold it, or the folder be shut."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return MachineProblem("另一个程序正在用这份数据，打不开。下一步：关掉另一个窗口，再打开。", "locked")
    if "full" in text:
        return MachineProblem("磁盘满了，打不开数据文件。下一步：删掉一些不用的文件，再做一次。", "disk-full")
    if "unable to open" in text or "readonly" in text:
        return MachineProblem("数据文件不让读写，打不开。下一步：看看文件夹的权限，或者换一个位置。", "machine")
    return Damaged("数据文件损坏，打不开。下一步：用最近的备份恢复。")


def database_problem(error: BaseException) -> MachineProblem:
    """The sentence for a write that did not succeed: nothing of it is in the database."""
    text = str(error)
    if "full" in text:
        return MachineProblem("磁盘满了，没有保存。您填的内容还在。下一步：删掉一些不用的文件，再保存。", "disk-full")
    if "locked" in text or "busy" in text:
        return MachineProblem("另一个窗口正在写数据，没有保存。下一步：关掉另一个窗口，再做一次。", "locked")
    if "malformed" in text or "not a database" in text:
        return Damaged("数据文件损坏，没有保存。下一步：用最近的备份恢复。")
    return MachineProblem("磁盘读写出错，没有保存。您填的内容还在。下一步：检查磁盘，再保存。", "machine")


def pages_verify(connection: Connection) -> bool:
    """Whether every page of the file is what it was when it was written (165 MB/s)."""
    # SQLCipher's own check of every page's HMAC: catches each flipped bit without reading a row. It reads the file
    # alone: after a power cut in a checkpoint pages may be torn there that stand whole in the -wal, so on a
    # suspicion the log is written back first.
    for checkpoint in (False, True):
        if checkpoint:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        if not connection.execute("PRAGMA cipher_integrity_check").fetchall():
            return True
    return False


def connect_new(path: Path, key: bytes) -> Connection:
    """A new encrypted file to copy a database into; :class:`MachineProblem` when it cannot be made there."""
    try:
        connection = sqlcipher3.connect(os.fspath(path), isolation_level=None)
    except OperationalError as error:
        raise _opening_problem(error) from error
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def as_database(connection: Connection) -> Database:
    """The same connection under sqlite-utils (imported late: 0.1 s)."""
    import sqlite_utils

    return sqlite_utils.Database(connection)

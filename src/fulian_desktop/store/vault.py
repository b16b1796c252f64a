"""Opening the encrypted workspace: the one module that knows its key.

* ``keystore.json`` holds the random database key, wrapped by Argon2id (64 MiB) of each person's passphrase
  and once more by the printed recovery code (DESIGN §7).
* ``workspace.db`` is SQLCipher. sqlite-utils would take the standard library's sqlite3; it takes SQLCipher
  when ``pysqlite3`` is aliased before its first import, which is done here and nowhere else. The file is opened
  with nothing else: the standard library's SQLite 3.40.1 has the WAL-reset bug, and plain SQLite catches
  12 of 300 flipped bits where SQLCipher catches all.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3  # type: ignore[import-untyped]
import sqlcipher3.dbapi2  # type: ignore[import-untyped]

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem, TooNew, WrongPassphrase
from fulian_desktop.store.files import replace_file

sys.modules.setdefault("pysqlite3", sqlcipher3)
sys.modules.setdefault("pysqlite3.dbapi2", sqlcipher3.dbapi2)

if TYPE_CHECKING:
    from sqlite_utils import Database

KEYSTORE = "keystore.json"
DATABASE = "workspace.db"
_FORMAT = 1
_MEMORY_KIB = 65_536
_ITERATIONS = 1
_LANES = 4
_RECOVERY_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

Connection = Any  # sqlcipher3 ships no types
DatabaseError = sqlcipher3.dbapi2.DatabaseError
OperationalError = sqlcipher3.dbapi2.OperationalError


def _derive(passphrase: str, salt: bytes) -> bytes:
    # argon2-cffi works its four lanes on as many cores; cryptography gives the same bytes on one core, in twice the time
    from argon2.low_level import Type, hash_secret_raw

    if len(salt) != 16:
        raise ValueError("salt")  # the keystore is damaged; the library's own error says nothing of that
    return hash_secret_raw(
        passphrase.encode("utf-8"), salt,
        time_cost=_ITERATIONS, memory_cost=_MEMORY_KIB, parallelism=_LANES, hash_len=32, type=Type.ID,
    )


def _wrap(key: bytes, passphrase: str) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = ChaCha20Poly1305(_derive(passphrase, salt)).encrypt(nonce, key, b"fulian-keystore-1")
    return {name: base64.b64encode(value).decode() for name, value in (("salt", salt), ("nonce", nonce), ("sealed", sealed))}


def _unwrap(entry: Any, passphrase: str) -> bytes | None:  # noqa: ANN401 - as it stands in the file
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        salt, nonce, sealed = (base64.b64decode(entry[name], validate=True) for name in ("salt", "nonce", "sealed"))
        return ChaCha20Poly1305(_derive(passphrase, salt)).decrypt(nonce, sealed, b"fulian-keystore-1")
    except InvalidTag:
        return None
    except (KeyError, ValueError, TypeError) as error:
        raise Damaged("钥匙文件损坏。下一步：用最近的备份恢复。") from error


def new_recovery_code() -> str:
    """A recovery code to print: eight groups of four, 160 bits, no letters that look alike."""
    import secrets

    letters = "".join(secrets.choice(_RECOVERY_ALPHABET) for _ in range(32))
    return "-".join(letters[i : i + 4] for i in range(0, 32, 4))


def _plain_recovery(code: str) -> str:
    return "".join(c for c in code.upper() if c in _RECOVERY_ALPHABET)


def check_passphrase(passphrase: str) -> None:
    """A passphrase has at least six code points; :class:`InputProblem` says so."""
    if len(passphrase) < 6:
        raise InputProblem(f"密码至少要 6 位，现在是 {len(passphrase)} 位。", "passphrase-short")


def create_keystore(folder: Path, person: str, passphrase: str) -> tuple[bytes, str]:
    """Make a key and write ``keystore.json``; returns (database key, recovery code)."""
    check_passphrase(passphrase)
    key, recovery = os.urandom(32), new_recovery_code()
    store = {"format": _FORMAT, "persons": {person: _wrap(key, passphrase)}, "recovery": _wrap(key, _plain_recovery(recovery))}
    _write(folder, store)
    return key, recovery


def _digest(store: dict[str, Any]) -> str:
    """Over all but itself: a bit that rots in a wrapped key must not look like a wrong passphrase."""
    rest = {name: value for name, value in store.items() if name != "digest"}
    return hashlib.sha256(json.dumps(rest, ensure_ascii=True, sort_keys=True).encode("ascii")).hexdigest()


def _write(folder: Path, store: dict[str, Any]) -> None:
    store["digest"] = _digest(store)
    replace_file(folder / KEYSTORE, json.dumps(store, ensure_ascii=False, indent=1).encode("utf-8"))


def read_keystore(folder: Path) -> dict[str, Any]:
    """The parsed keystore; kind errors when there is none, or it is damaged or newer."""
    try:
        return parse_keystore((folder / KEYSTORE).read_bytes())
    except FileNotFoundError as error:
        raise InputProblem("这个文件夹里没有妇联工作台的数据。请换一个文件夹。", "no-workspace") from error
    except OSError as error:
        raise Damaged("钥匙文件读不出来。下一步：用最近的备份恢复。") from error


def parse_keystore(data: bytes) -> dict[str, Any]:
    """The bytes of a keystore, parsed; :class:`Damaged` or :class:`TooNew`."""
    try:
        store = json.loads(data)
    except ValueError as error:
        raise Damaged("钥匙文件损坏。下一步：用最近的备份恢复。") from error
    number = store.get("format") if isinstance(store, dict) else None
    if type(number) is int and number > _FORMAT:  # before its other members, which may differ in a later format
        raise TooNew("数据是新版程序写的，请先升级程序。")
    if number != _FORMAT or store.get("digest") != _digest(store) or not isinstance(store.get("persons"), dict):
        raise Damaged("钥匙文件损坏。下一步：用最近的备份恢复。")
    return dict(store)


def persons(folder: Path) -> list[str]:
    """Who can unlock this workspace."""
    return sorted(read_keystore(folder)["persons"])


def unlock(folder: Path, passphrase: str, person: str | None = None) -> tuple[bytes, str]:
    """The database key and the person it was unlocked for; :class:`WrongPassphrase` when nothing fits.

    Args:
        folder: The workspace.
        passphrase: A person's, or the recovery code.
        person: Whose; None tries all.
    """
    return unlock_keystore(read_keystore(folder), passphrase, person)


def unlock_keystore(store: dict[str, Any], passphrase: str, person: str | None = None) -> tuple[bytes, str]:
    """As :func:`unlock`, of a parsed keystore."""
    names = [person] if person is not None else sorted(store["persons"])
    for name in names:
        entry = store["persons"].get(name)
        if entry is not None:
            key = _unwrap(entry, passphrase)
            if key is not None:
                return key, name
    if len(_plain_recovery(passphrase)) == 32:
        key = _unwrap(store.get("recovery"), _plain_recovery(passphrase))
        if key is not None:
            return key, person or (names[0] if names else "")
    raise WrongPassphrase("密码不对。请再输一次；忘记了可以用恢复码打开。")


def add_person(folder: Path, key: bytes, person: str, passphrase: str) -> None:
    """Let one more person unlock, or give a person a new passphrase."""
    check_passphrase(passphrase)
    store = read_keystore(folder)
    store["persons"][person] = _wrap(key, passphrase)
    _write(folder, store)


def replace_person(folder: Path, key: bytes, old: str, new: str, passphrase: str) -> str:
    """换人: new person in, old passphrase and recovery code out; returns the new recovery code."""
    check_passphrase(passphrase)
    store = read_keystore(folder)
    store["persons"].pop(old, None)
    recovery = new_recovery_code()
    store["persons"][new] = _wrap(key, passphrase)
    store["recovery"] = _wrap(key, _plain_recovery(recovery))
    _write(folder, store)
    return recovery


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

"""A workspace: a folder with the encrypted database of one installation (DESIGN §7).

``Workspace`` opens it, keeps its settings, begins and ends transactions, and answers queries about records. It
belongs to one thread. Everything is written inside :meth:`Workspace.transaction`: after its end it is on disk,
or nothing of it is.
"""

from __future__ import annotations

import datetime
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from fulian_desktop.domain.kinds import all_kinds, find_kind
from fulian_desktop.domain.units import covers
from fulian_desktop.errors import Damaged, InputProblem, MachineProblem, TooNew
from fulian_desktop.progress import Progress
from fulian_desktop.store import keystore, vault
from fulian_desktop.store.files import machine_problem
from fulian_desktop.store.migrations import SCHEMA, apply_upgrades
from fulian_desktop.store.vault import Connection, database_problem
from fulian_desktop.store.view import PENDING, create_view, edition, shape

if TYPE_CHECKING:
    from fulian_desktop.domain.in_force import Kinds
    from fulian_desktop.domain.kind import Kind
    from fulian_desktop.store.log import Log
    from fulian_desktop.store.room import Room

CHECKED_AT_OPEN = 64 << 20  # bytes: 0.4 s, and some 20,000 records


def new_id() -> str:
    """A UUIDv7 as 32 hex digits: time-ordered, so that index pages fill one after the other."""
    ms = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    return f"{(ms & (1 << 48) - 1) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64 | 0b10 << 62 | chance & (1 << 62) - 1:032x}"


class Workspace:
    """An opened workspace. Use :meth:`create` or :meth:`open`; close it, or use it as a context manager."""

    FILE = vault.DATABASE
    KEYS = keystore.KEYSTORE

    def __init__(self, folder: Path, connection: Connection, key: bytes, person: str) -> None:
        self.folder = folder
        self.db = connection
        self.key = key
        self.person = person
        self.room: Room | None = None
        self._log: Log | None = None
        self._in_transaction = False
        self.warnings: list[str] = []  # 中文 sentences about what is saved but not finished
        self._data_version = -1
        self._kinds: tuple[str, Kinds] | None = None
        self.unit = self.setting("unit")
        self.epoch = self.setting("epoch")

    # --- opening and closing --------------------------------------------------------------------------

    @classmethod
    def create(cls, folder: Path, *, person: str, passphrase: str, settings: dict[str, str]) -> tuple[Self, str]:
        """Make a workspace in an empty or new folder; returns it and its recovery code.

        Args:
            folder: An empty folder, or one that is not there yet.
            person: Who will unlock it.
            passphrase: With what, at least six code points.
            settings: At least ``unit`` and ``unit_name``.
        """
        keystore.check_passphrase(passphrase)
        if (folder / cls.KEYS).exists() or (folder / cls.FILE).exists():
            raise InputProblem("这个文件夹里已经有数据了。请换一个空文件夹。", "workspace-exists")
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise machine_problem(error) from error
        everything = {
            **settings, "epoch": os.urandom(16).hex(), "workspace": os.urandom(16).hex(), "shape": shape(cls.tables()),
        }
        try:
            key, recovery = keystore.create_keystore(folder, person, passphrase, name=cls.KEYS)
            connection = vault.connect(folder / cls.FILE, key, create=True)
            try:
                _fill(connection, everything, cls.tables())
            except BaseException:
                connection.close()
                raise
        except BaseException as error:
            for name in (cls.FILE, cls.KEYS):  # half a workspace would neither open nor be made again
                (folder / name).unlink(missing_ok=True)
            if isinstance(error, vault.OperationalError):
                raise database_problem(error) from error
            raise
        return cls(folder, connection, key, person), recovery

    @classmethod
    def open(cls, folder: Path, passphrase: str, person: str | None = None) -> Self:
        """Unlock a workspace; brings an older database up to date after a backup, and rebuilds a view of another shape.

        Raises :class:`Damaged` when a page of the file is not what was written. A file too large to be read whole
        in half a second is not looked at here: there ``fulian check`` and each backup do.
        """
        return cls.open_unlocked(folder, lambda: keystore.unlock(folder, passphrase, person, name=cls.KEYS))

    @classmethod
    def open_unlocked(cls, folder: Path, unlock: Callable[[], tuple[bytes, str]]) -> Self:
        """As :meth:`open`, with a key that may still be on its way: ``unlock`` gives (database key, person)."""
        edition()  # the declarations are looked at while the key is derived
        key, name = unlock()
        if (folder / "backups").is_dir():
            from fulian_desktop.store.backups import sweep_parts

            sweep_parts(folder / "backups")
        workspace = cls.open_with_key(folder, key, name)
        if (folder / cls.FILE).stat().st_size <= CHECKED_AT_OPEN and not vault.pages_verify(workspace.db):
            workspace.close()
            raise Damaged("数据文件有损坏。下一步：用最近的备份恢复。")
        try:
            workspace.catch_up()
        except MachineProblem as problem:
            if problem.code != "locked":  # another window is at it
                workspace.close()
                raise
        return workspace

    @classmethod
    def open_with_key(cls, folder: Path, key: bytes, person: str) -> Self:
        """Open with the database key itself (a worker thread opens its own connection this way)."""
        connection = vault.connect(folder / cls.FILE, key)
        try:
            row = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        except vault.DatabaseError as error:
            connection.close()
            raise Damaged("数据文件损坏，打不开。下一步：用最近的备份恢复。") from error
        found = int(row[0]) if row else 0
        if found > SCHEMA:
            connection.close()
            raise TooNew(f"数据是新版程序写的（格式 {found}，本程序 {SCHEMA}）。下一步：升级程序后再打开。")
        try:
            workspace = cls(folder, connection, key, person)
            workspace._bring_up_to_date(found)
        except BaseException as error:
            connection.close()
            if isinstance(error, vault.OperationalError):
                raise database_problem(error) from error
            raise
        return workspace

    def _bring_up_to_date(self, found: int) -> None:
        if found < SCHEMA:
            self.backup_before("upgrade")
            apply_upgrades(vault.as_database(self.db))
        program = edition()
        if program and self.setting("shape_by") == f"{program} {self.setting('shape')}":
            return
        if self.setting("shape") != shape(self.tables()):
            from fulian_desktop.store.rebuild import rebuild_view

            rebuild_view(self)
        if program:
            with suppress(vault.OperationalError):  # another window is writing: the next start notes it
                self.set_setting("shape_by", f"{program} {self.setting('shape')}")

    @classmethod
    def tables(cls) -> list[Kind]:
        """The declared kinds whose records lie in this file."""
        return all_kinds()

    def close(self) -> None:
        """Close the database, and the rights room if it is open; an unfinished transaction is rolled back."""
        if self.room is not None:
            self.room.close()
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- settings -------------------------------------------------------------------------------------

    def setting(self, key: str, default: str = "") -> str:
        """A stored setting."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", [key]).fetchone()
        return default if row is None else str(row[0])

    def set_setting(self, key: str, value: str) -> None:
        """Store a setting, inside the current transaction."""
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?,?)", [key, value])

    def mint_epoch(self) -> str:
        """A new epoch, inside the current transaction; packages name the earlier ones."""
        old, self.epoch = self.epoch, os.urandom(16).hex()
        self.set_setting("epoch", self.epoch)
        before = [*json.loads(self.setting("epochs_before", "[]")), old]
        self.set_setting("epochs_before", json.dumps(before[-64:]))
        return self.epoch

    # --- transactions ---------------------------------------------------------------------------------

    @property
    def log(self) -> Log:
        """The log as this connection sees it; made anew when another process has written."""
        version = self.db.execute("PRAGMA data_version").fetchone()[0]
        if self._log is None or (version != self._data_version and not self._in_transaction):
            from fulian_desktop.store.log import Log  # what only reads does without the ledger

            self._log = Log(self.db, self.unit)
            self._data_version = version
            self.epoch = self.setting("epoch")
        return self._log

    @property
    def kinds(self) -> Kinds:
        """The kinds in force: those declared, and what offices issued."""
        from fulian_desktop.store.issued import kinds_in, stamp  # what only opens does without

        now = stamp(self.db)
        if self._kinds is None or self._kinds[0] != now:
            self._kinds = (now, kinds_in(self.db))
        return self._kinds[1]

    def version(self) -> tuple[int, int]:
        """Changes whenever anything was written, by this connection or another."""
        return int(self.db.execute("PRAGMA data_version").fetchone()[0]), int(self.db.total_changes)

    def forget_log(self) -> None:
        """Throw away what was staged or cached."""
        self._log = None

    @contextmanager
    def transaction(self, staged: Log | None = None, *, put_away: bool = False) -> Iterator[Log]:
        """Everything inside is written at the end, or nothing. Yields the log; what is staged in it is written too.

        Args:
            staged: A log in which a plan has staged what it wants written.
            put_away: What single saves wrote is put into its places first (store/fresh.py).

        Raises :class:`MachineProblem` when the disk is full or the database is held by another program.
        """
        if self._in_transaction:
            raise AssertionError("transactions do not nest")
        try:
            self.db.execute("BEGIN IMMEDIATE")
        except vault.DatabaseError as error:
            raise database_problem(error) from error
        epoch = self.epoch
        try:
            if put_away:
                self._put_away()
            log = staged or self.log  # only now is it sure what another process has written
            if staged is not None:
                self.epoch = self.setting("epoch")
                staged.pack_ahead()
            epoch = self.epoch
            self._in_transaction = True
            yield log
            log.flush(now_ms())
            if log.fresh > PENDING:
                from fulian_desktop.store.search import bring_in

                self._put_away()
                bring_in(self.db)
            self.db.execute("COMMIT")
            if staged is not None:
                self.forget_log()
        except BaseException as error:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            self.forget_log()
            self.epoch = epoch
            if isinstance(error, vault.OperationalError) or type(error) is vault.DatabaseError:
                raise database_problem(error) from error
            raise
        finally:
            self._in_transaction = False

    def _put_away(self) -> None:
        """Inside the current transaction."""
        from fulian_desktop.store.fresh import put_away

        if put_away(self.db):
            self.forget_log()

    def put_away(self) -> None:
        """Put what single saves wrote into its places."""
        with self.transaction(put_away=True):
            pass

    def catch_up(self, progress: Progress | None = None) -> int:
        """Bring the search index and 待补全 up to date after a merge; returns how many records.

        What is not done (killed, cancelled, disk full) is done when the workspace is opened next.
        """
        if self.db.execute("SELECT 1 FROM todo UNION ALL SELECT 1 FROM fresh LIMIT 1").fetchone() is None:
            return 0
        try:
            from fulian_desktop.store.search import catch_up

            self.forget_log()  # what it has in memory of single saves goes to its places
            return catch_up(self.db, progress or Progress())
        except vault.OperationalError as error:
            code = database_problem(error).code
            raise MachineProblem(
                "记录都已保存，只是查找目录没有整理完。下一步：看看磁盘是不是满了，再打开一次。", code
            ) from error

    def checkpoint(self) -> None:
        """Write everything into the one file, before an export is noted: so that a copy of it by hand knows of it."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def tidy(self, seconds: float = 0.25) -> None:
        """When idle: index what was saved, merge the index's small pieces, move the write-ahead log into the file.

        Each would stall a save if left to chance. ``seconds`` bounds the merging.
        """
        self.catch_up()
        until = time.monotonic() + seconds
        for kind in self.tables():
            if any(f.search for f in kind.fields):
                before = -2
                while self.db.total_changes - before > 1 and time.monotonic() < until:  # less says: nothing left to merge
                    before = self.db.total_changes
                    self.db.execute(f"INSERT INTO s_{kind.code}(s_{kind.code}, rank) VALUES ('merge', 200)")  # noqa: S608
        self.db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()

    def backup_before(self, what: str) -> Path:
        """A backup into ``backups/``, re-opened and checked, before something large."""
        from fulian_desktop.store.backups import backup_into_folder

        return backup_into_folder(self, what)

    def record(self, what: str, about: dict[str, Any]) -> None:
        """Add a line to the activity log, inside the current transaction."""
        self.db.execute("INSERT INTO log (at, actor, what, about) VALUES (?,?,?,?)",
                        [now_ms(), self.person, what, json.dumps(about, ensure_ascii=False)])

    # --- what is where --------------------------------------------------------------------------------

    def unit_names(self) -> dict[str, str]:
        """Unit code → name, from the published names; the highest issuer's word wins."""
        kind = find_kind("unit_name")
        assert kind is not None  # noqa: S101 - shipped
        rows = self.db.execute('SELECT unit, "code", "name" FROM k_unit_name WHERE flags & 33 = 0 ORDER BY unit DESC').fetchall()
        names = {code: name for unit, code, name in rows if code and covers(unit, code)}
        names.setdefault(self.unit, self.setting("unit_name"))
        parent = self.setting("parent")
        if parent and self.setting("parent_name"):
            names.setdefault(parent, self.setting("parent_name"))
        return names


def _fill(connection: Connection, settings: dict[str, str], kinds: list[Kind]) -> None:
    database = vault.as_database(connection)
    apply_upgrades(database)
    with database.atomic():
        create_view(connection, kinds)
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", settings.items())


def now_ms() -> int:
    """The wall clock in ms since 1970; ``FULIAN_CLOCK`` (ISO date-time) fixes it for tests of clocks."""
    fixed = os.environ.get("FULIAN_CLOCK")
    if fixed:
        return int(datetime.datetime.fromisoformat(fixed).timestamp() * 1000)
    return time.time_ns() // 1_000_000

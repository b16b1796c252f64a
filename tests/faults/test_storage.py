"""FAULTS "Storage" under the real database: killed, power cut, disk full, fsync failing, bits rotting.

The disk of tests/faults/disk.py counts every write, fsync and truncation of a save; each is made to fail in turn.
"""

from __future__ import annotations

import os
import random
import shutil
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import TOWN, VILLAGE, a_village, added, an_office
from tests.faults.disk import FSYNC_ERROR, FULL, WRITE_ERROR, Disk, cut_power, error, failing, kill

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.services import enrol, exchanging
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import keystore, queries, vault
from fulian_desktop.store.drafts import drafts, save_draft
from fulian_desktop.store.workspace import Workspace

OLD = {"title": "三八节表彰", "participants": 120}
NEW = {"title": "重阳节慰问", "participants": 35}


class Prepared:
    """A village with one record, copied for each case: key and record are the same in all copies."""

    def __init__(self, folder: Path) -> None:
        with a_village(folder) as office:
            self.record = added(office, "activity", title=OLD["title"], participants="120").id
            save_draft(office.workspace, "form-1", "activity", {"title": "正在填"}, self.record)
            self.key = office.workspace.key
        self.folder = folder

    def copy(self, to: Path) -> Path:
        return Path(shutil.copytree(self.folder, to))

    def open(self, folder: Path) -> Office:
        return Office(Workspace.open_with_key(folder, self.key, "王桂芳"))

    def save(self, office: Office) -> None:
        edit_record(office, self.record, {"title": NEW["title"], "participants": "35"}, draft="form-1")

    def shown(self, office: Office) -> dict[str, Any]:
        row = queries.find_by_id(office.workspace.db, self.record)
        assert row is not None
        return {name: row.flat.get(name) for name in OLD}

    def is_old_or_new(self, folder: Path) -> str:
        """Which of the two a workspace holds; anything between fails."""
        with self.open(folder) as office:
            shown, left = self.shown(office), len(drafts(office.workspace))
            assert (shown, left) in ((OLD, 1), (NEW, 0))
            report = check(office)
            assert report["problems"] == []
            assert report["changes"] == (2 if shown == NEW else 1)
            hits = queries.list_rows(office.workspace.db, kind_of("activity"), search=str(shown["title"]))
            assert [row.id for row in hits] == [self.record]
            return "new" if shown == NEW else "old"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("prepared") / "v")


def in_a_child(work: Callable[[], None]) -> tuple[str, str]:
    """Run in a forked process: how it ended (``done``, ``killed``, ``failed``) and what it wrote to ``tell``."""
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # forking beside Qt's threads: the child touches none of them
        child = os.fork()
    if child == 0:  # pragma: no cover - not seen by the parent
        os.close(read)
        globals()["tell"] = lambda text: os.write(write, text.encode())
        try:
            work()
        except BaseException:
            os.write(write, traceback.format_exc().encode())
            os._exit(3)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read().decode()
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return "killed", said
    return ("done", said) if os.WEXITSTATUS(status) == 0 else ("failed", said)


def tell(text: str) -> int:
    raise AssertionError("only in a child")


def _operations(prepared: Prepared, folder: Path) -> int:
    """How many writes and fsyncs one save takes."""
    disk = Disk()
    with failing(disk), prepared.open(prepared.copy(folder)) as office:
        disk.count = 0
        prepared.save(office)
        return disk.count


def test_killed_at_any_write_or_fsync_of_a_save_leaves_the_old_or_the_new_record(prepared: Prepared, tmp_path: Path) -> None:
    """FAULTS 1."""
    total = _operations(prepared, tmp_path / "count")
    assert total > 5
    outcomes = []
    for at in range(1, total + 1):
        folder = prepared.copy(tmp_path / str(at))

        def work(folder: Path = folder, at: int = at) -> None:
            disk = Disk(what=kill)
            with failing(disk):
                office = prepared.open(folder)
                disk.count, disk.at = 0, at
                prepared.save(office)
            tell("saved")

        assert in_a_child(work) == ("killed", "")
        outcomes.append(prepared.is_old_or_new(folder))
        shutil.rmtree(folder)
    assert outcomes.count("old") > 0


@pytest.mark.parametrize("seed", range(30))
def test_nothing_saved_is_lost_when_the_power_goes(prepared: Prepared, tmp_path: Path, seed: int) -> None:
    """FAULTS 2: whatever was not fsynced may be lost or torn; what was said to be saved is there, whole."""
    folder = prepared.copy(tmp_path / "v")
    rng = random.Random(seed)

    def work() -> None:
        disk = Disk(what=cut_power(seed))
        with failing(disk):
            office = prepared.open(folder)
            if seed % 3 == 0:  # the log is written back into the file in between
                office.workspace.db.execute("PRAGMA wal_autocheckpoint = 20")
            disk.count, disk.at = 0, rng.randrange(1, 160)
            for i in range(8):
                added(office, "family", head=f"王{i}")
                tell(f"{i}\n")
            office.close()

    how, said = in_a_child(work)
    assert how in ("killed", "done"), said
    saved = {f"王{i}" for i in said.split()}
    with prepared.open(folder) as office:
        heads = {row.flat["head"] for row in queries.list_rows(office.workspace.db, kind_of("family"))}
        assert saved <= heads
        assert len(heads - saved) <= 1
        assert prepared.shown(office) == OLD
        report = check(office)
        assert report["problems"] == []
        assert report["changes"] == 1 + len(heads)


@pytest.mark.parametrize(
    ("code", "only", "said"),
    [(FULL, "", "disk-full"), (WRITE_ERROR, "", "machine"), (FSYNC_ERROR, "sync", "machine")],
    ids=["disk full", "write error", "fsync error"],
)
def test_a_disk_that_fails_is_said_and_what_was_typed_is_kept(
    prepared: Prepared, tmp_path: Path, code: int, only: str, said: str
) -> None:
    """FAULTS 3 and 22: at each operation in turn the save is refused with a sentence, and nothing of it is there."""
    folder = prepared.copy(tmp_path / "v")
    disk = Disk(what=error(code), only=only)
    with failing(disk), prepared.open(folder) as office:
        at = 0
        while True:
            at += 1
            disk.count, disk.at = 0, at
            problem = _refused(lambda: prepared.save(office))
            if problem is None:
                break
            assert problem.code == said
            assert "没有保存" in problem.text
            assert "下一步" in problem.text
            disk.at = 0
            assert prepared.shown(office) == OLD
            assert [d["entries"] for d in drafts(office.workspace)] == [{"title": "正在填"}]
        assert at > 1
        disk.at = 0
        assert prepared.shown(office) == NEW
    assert prepared.is_old_or_new(folder) == "new"


def _refused(act: Callable[[], object]) -> MachineProblem | None:
    """What the machine could not do; None when it could."""
    try:
        act()
    except MachineProblem as problem:
        return problem
    return None


def test_once_the_disk_has_room_again_the_same_save_succeeds(prepared: Prepared, tmp_path: Path) -> None:
    """FAULTS 3."""
    folder = prepared.copy(tmp_path / "v")
    with prepared.open(folder) as office:
        pages = office.workspace.db.execute("PRAGMA page_count").fetchone()[0]
        office.workspace.db.execute(f"PRAGMA max_page_count = {pages}")
        text = "好" * 4_000
        problems = [_refused(lambda: added(office, "family", remarks=text)) for _ in range(20)]
        assert problems[-1] is not None
        assert {problem.code for problem in problems if problem is not None} == {"disk-full"}
        office.workspace.db.execute("PRAGMA max_page_count = 1000000")
        added(office, "family", remarks=text)
        assert check(office)["ok"]


# --- a merge -------------------------------------------------------------------------------------------------


class Delivery:
    """A township that knows a village, and the village's package."""

    def __init__(self, folder: Path) -> None:
        town = an_office(folder / "town", TOWN)
        enrol.add_unit(town, VILLAGE, "柳树湾村")
        enrol.invite(town, folder / "invite.flpkg")
        village, _, _ = enrol.join(
            folder / "village", folder / "invite.flpkg", unit=VILLAGE, person="王桂芳", passphrase="secret2"
        )
        self.stick = folder / "stick"
        self.stick.mkdir()
        enrol.request(village, self.stick / "request.flpkg")
        enrol.approve(town, [self.stick], target=folder / "certificate.flpkg")
        for i in range(40):
            added(village, "family", head=f"王{i}")
        exchanging.export_package(village, "up", self.stick)
        self.key, self.town = town.workspace.key, folder / "town"
        town.close()
        village.close()

    def open(self, folder: Path) -> Office:
        return Office(Workspace.open_with_key(folder, self.key, "李红"))

    def operations(self, folder: Path) -> int:
        """How many writes and fsyncs the merge takes, its backup included."""
        disk = Disk()
        with failing(disk), self.open(Path(shutil.copytree(self.town, folder))) as town:
            disk.count = 0
            assert exchanging.merge_packages(town, [self.stick])["total"]["added"] == 40
            assert disk.count > 100
            return disk.count


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Delivery:
    return Delivery(tmp_path_factory.mktemp("delivery"))


def _rows(office: Office) -> list[Any]:
    tables = [t for (t,) in office.workspace.db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return [(t, office.workspace.db.execute(f'SELECT count(*) FROM "{t}"').fetchone()) for t in tables if not t.startswith("s_")]


def test_a_disk_that_fills_in_the_midst_of_a_merge_leaves_all_as_it_was(delivery: Delivery, tmp_path: Path) -> None:
    """FAULTS 4."""
    total = delivery.operations(tmp_path / "count")
    folder = Path(shutil.copytree(delivery.town, tmp_path / "town"))
    disk = Disk(what=error(FULL))
    with failing(disk), delivery.open(folder) as town:
        before = _rows(town)
        for part in (0, 0.2, 0.5, 0.7, 0.8):
            disk.count, disk.at = 0, int(total * part) + 1
            with pytest.raises(MachineProblem) as said:
                exchanging.merge_packages(town, [delivery.stick])
            assert "下一步" in said.value.text
            assert "都已保存" not in said.value.text
            disk.at = 0
            assert _rows(town) == before
        assert not list((folder / "backups").glob("*.part*"))
        merged = exchanging.merge_packages(town, [delivery.stick])
        assert merged["total"]["added"] == 40
        assert check(town)["ok"]


def test_a_disk_that_fills_after_a_merge_was_saved_does_not_deny_it(delivery: Delivery, tmp_path: Path) -> None:
    """FAULTS 4: the search index is worked out after the commit; it is caught up when the workspace is opened next."""
    folder = Path(shutil.copytree(delivery.town, tmp_path / "town"))
    disk = Disk(what=error(FULL))
    with failing(disk), delivery.open(folder) as town:
        catch_up = town.workspace.catch_up

        def on_a_full_disk(*args: Any) -> int:
            disk.count, disk.at = 0, 1
            return catch_up(*args)

        town.workspace.catch_up = on_a_full_disk
        merged = exchanging.merge_packages(town, [delivery.stick])
        assert merged["total"]["added"] == town.counts()["family"] == 40
        del town.workspace.catch_up
        with pytest.raises(MachineProblem, match="都已保存"):
            town.workspace.catch_up()
    with Workspace.open(folder, "secret1") as again:
        assert len(list(queries.list_rows(again.db, kind_of("family"), search="王39"))) == 1
        assert again.catch_up() == 0


@pytest.mark.parametrize("part", [0.1, 0.4, 0.7, 0.95])
def test_a_merge_that_is_killed_happened_or_did_not(delivery: Delivery, tmp_path: Path, part: float) -> None:
    """FAULTS 18."""
    total = delivery.operations(tmp_path / "count")
    folder = Path(shutil.copytree(delivery.town, tmp_path / "town"))

    def work() -> None:
        disk = Disk(what=kill)
        with failing(disk):
            town = delivery.open(folder)
            disk.count, disk.at = 0, int(total * part)
            exchanging.merge_packages(town, [delivery.stick])

    assert in_a_child(work)[0] == "killed"
    with delivery.open(folder) as town:
        assert town.counts()["family"] in (0, 40)
        assert check(town)["ok"]
        exchanging.merge_packages(town, [delivery.stick])
        assert town.counts()["family"] == 40
    with Workspace.open(folder, "secret1") as again:
        assert len(list(queries.list_rows(again.db, kind_of("family"), search="王3"))) == 11


# --- rot -----------------------------------------------------------------------------------------------------


def test_one_bit_flipped_anywhere_in_the_database_is_never_silent(prepared: Prepared, tmp_path: Path) -> None:
    """FAULTS 21: 300 flipped bits; each is noticed when the pages are verified."""
    folder = prepared.copy(tmp_path / "v")
    path = folder / vault.DATABASE
    good = path.read_bytes()
    rng = random.Random(21)
    silent = []
    for _ in range(300):
        bad = bytearray(good)
        at = rng.randrange(len(bad))
        bad[at] ^= 1 << rng.randrange(8)
        path.write_bytes(bad)
        try:
            connection = vault.connect(path, prepared.key)
        except Damaged:
            continue
        if vault.pages_verify(connection):
            silent.append(at)
        connection.close()
    assert silent == []
    path.write_bytes(good)
    connection = vault.connect(path, prepared.key)
    assert vault.pages_verify(connection)
    connection.close()


@pytest.mark.parametrize("place", [3, 20, 2_000, 4_090, 9_000, 40_000, -5_000, -20])
def test_a_rotten_database_is_noticed_when_it_is_opened(prepared: Prepared, tmp_path: Path, place: int) -> None:
    """FAULTS 21: with the passphrase, as people open it, and restoring is offered."""
    folder = prepared.copy(tmp_path / "v")
    path = folder / vault.DATABASE
    bad = bytearray(path.read_bytes())
    bad[place] ^= 0x10
    path.write_bytes(bad)
    with pytest.raises(Damaged, match="备份恢复"):
        Workspace.open(folder, "secret1")


def test_a_torn_write_ahead_log_gives_the_last_whole_save(prepared: Prepared, tmp_path: Path) -> None:
    """FAULTS 2 and 20: the -wal cut at any length, or gone: an earlier state, whole, and never an error."""
    folder = prepared.copy(tmp_path / "v")
    office = prepared.open(folder)
    prepared.save(office)
    files = {name: (folder / name).read_bytes() for name in (vault.DATABASE, vault.DATABASE + "-wal", keystore.KEYSTORE)}
    office.close()
    wal = files[vault.DATABASE + "-wal"]
    rng = random.Random(2)
    seen = set()
    for case, length in enumerate([0, 31, 32, 33, len(wal) - 1, len(wal), *(rng.randrange(len(wal)) for _ in range(14))]):
        copy = tmp_path / f"cut{case}"
        copy.mkdir()
        for name, data in files.items():
            (copy / name).write_bytes(data[:length] if name.endswith("-wal") else data)
        seen.add(prepared.is_old_or_new(copy))
    assert seen == {"old", "new"}

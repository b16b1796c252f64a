"""Backups: checked before they count, noticed when damaged, taken away by the rotation, restored in a new epoch."""

from __future__ import annotations

import datetime
import errno
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.builders import PASSPHRASE, PERSON, a_village, added, recovery_code

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem, WrongPassphrase
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.upkeep import backup, check, restore
from fulian_desktop.store import backups, keystore, queries, vault
from fulian_desktop.store.backups import plan_rotation, restore_backup, sweep_parts, write_backup
from fulian_desktop.store.files import replace_file
from fulian_desktop.store.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A backup, the record in it and the epoch it was made in."""
    folder = tmp_path_factory.mktemp("backups")
    with a_village(folder / "v") as office:
        record = added(office, "family").id
        path = write_backup(office.workspace, folder / "day.flbak")
        edit_record(office, record, {"head": "后来改的"})
        return path, record, office.workspace.epoch


@pytest.mark.parametrize("with_what", [PASSPHRASE, "recovery"])
def test_a_backup_opens_with_that_days_passphrase_or_code_in_a_new_epoch(made: Any, tmp_path: Path, with_what: str) -> None:
    """FAULTS 42."""
    path, record, epoch = made
    done = restore(path, tmp_path / "back", recovery_code() if with_what == "recovery" else with_what)
    assert done["records"] == 1
    assert done["epoch"] != epoch
    with Workspace.open(tmp_path / "back", PASSPHRASE) as workspace:
        row = queries.find_by_id(workspace.db, record)
        assert row is not None
        assert row.flat["head"] == "王秀英"
        assert workspace.epoch == done["epoch"]
        assert epoch in workspace.setting("epochs_before")
        assert workspace.person == PERSON


def test_what_is_entered_after_restoring_lies_in_another_stream(made: Any, tmp_path: Path) -> None:
    from fulian_desktop.services.office import open_office

    path, record, epoch = made
    restore(path, tmp_path / "back", PASSPHRASE)
    with open_office(tmp_path / "back", PASSPHRASE) as office:
        assert not office.is_copy
        edit_record(office, record, {"head": "恢复后改的"})
        assert {stream.epoch for stream in office.workspace.log.streams()} == {epoch, office.workspace.epoch}
        assert check(office)["ok"]


def test_after_a_wrong_passphrase_the_right_one_can_be_tried(made: Any, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        restore_backup(made[0], tmp_path / "back", "wrong-one")
    assert not (tmp_path / "back").exists()
    restore_backup(made[0], tmp_path / "back", PASSPHRASE)
    Workspace.open(tmp_path / "back", PASSPHRASE).close()


def test_a_backup_holds_everything_committed_even_what_is_not_yet_in_the_file(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        office.workspace.db.execute("PRAGMA wal_autocheckpoint = 0")
        for i in range(5):
            added(office, "family", head=f"王{i}")
        write_backup(office.workspace, tmp_path / "one.flbak")
        expected = check(office)["digest"]
    restore_backup(tmp_path / "one.flbak", tmp_path / "back")
    from fulian_desktop.services.office import Office

    with Office(Workspace.open(tmp_path / "back", PASSPHRASE)) as again:
        assert check(again)["digest"] == expected


SPOILS: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "another kind of file": lambda _: b"PK\x03\x04" * 2_000,
    "only its head": lambda data: data[:20],
    "cut in half": lambda data: data[: len(data) // 2],
    "a byte short": lambda data: data[:-1],
    "a byte too long": lambda data: data + b"x",
    "a flipped bit in its head": lambda data: data[:9] + bytes([data[9] ^ 1]) + data[10:],
    "a flipped bit in the keystore": lambda data: data[:50] + bytes([data[50] ^ 4]) + data[51:],
    "a flipped bit in the database": lambda data: data[:-9_000] + bytes([data[-9_000] ^ 4]) + data[-8_999:],
    "a flipped bit in its hash": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "a later version": lambda data: data[:7] + b"\x02" + data[8:],
}


@pytest.mark.parametrize("spoil", SPOILS.values(), ids=SPOILS)
def test_a_damaged_backup_is_noticed_before_anything_is_laid_out(
    made: Any, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    """FAULTS 23: and another one is to be tried."""
    bad = tmp_path / "bad.flbak"
    bad.write_bytes(spoil(made[0].read_bytes()))
    with pytest.raises(Damaged, match=r"换.*备份"):
        restore_backup(bad, tmp_path / "back")
    assert not (tmp_path / "back").exists()


def test_one_bit_flipped_anywhere_in_a_backup_is_noticed(made: Any, tmp_path: Path) -> None:
    good = made[0].read_bytes()
    rng = random.Random(23)
    bad_file = tmp_path / "bad.flbak"
    for _ in range(100):
        bad = bytearray(good)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        bad_file.write_bytes(bad)
        with pytest.raises(Damaged):
            backups._check_file(bad_file)


def test_no_backup_is_restored_over_data(made: Any, tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        before = (office.workspace.folder / keystore.KEYSTORE).read_bytes()
        with pytest.raises(InputProblem) as said:
            restore_backup(made[0], office.workspace.folder)
        assert said.value.code == "workspace-exists"
        assert (office.workspace.folder / keystore.KEYSTORE).read_bytes() == before
        assert check(office)["ok"]


def test_a_restore_that_was_broken_off_can_be_done_again(made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "back"
    real = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if target.name == vault.DATABASE:
            raise OSError(errno.EIO, "gone")
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(MachineProblem):
            restore_backup(made[0], folder)
    assert [p.name for p in folder.iterdir()] == [keystore.KEYSTORE]
    restore_backup(made[0], folder)
    Workspace.open(folder, PASSPHRASE).close()


@pytest.mark.parametrize("missing", ["nothing.flbak", "."])
def test_a_backup_that_is_not_there_is_said(tmp_path: Path, missing: str) -> None:
    with pytest.raises(InputProblem) as said:
        restore_backup(tmp_path / missing, tmp_path / "back")
    assert said.value.code == "not-found"


def test_a_backup_of_the_same_name_is_never_written_over(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        backup(office, tmp_path / "a.flbak")
        before = (tmp_path / "a.flbak").read_bytes()
        with pytest.raises(InputProblem):
            backup(office, tmp_path / "a.flbak")
        assert (tmp_path / "a.flbak").read_bytes() == before


@pytest.mark.parametrize("step", ["_pack", "_check_file", "check_database"])
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk-full"), (errno.EROFS, "machine"), (errno.EIO, "machine")])
def test_a_backup_that_fails_does_not_count_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, code: str
) -> None:
    def fails(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    with a_village(tmp_path / "v") as office:
        with monkeypatch.context() as patch:
            patch.setattr(backups, step, fails)
            with pytest.raises(MachineProblem, match="下一步") as said:
                office.workspace.backup_before("merge")
        assert said.value.code == code
        assert list((tmp_path / "v" / "backups").iterdir()) == []
        office.workspace.backup_before("merge")
        assert len(list((tmp_path / "v" / "backups").iterdir())) == 1


def test_a_backup_that_reads_back_wrong_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FAULTS 9: a medium that takes writes and gives back something else."""
    real = backups._pack

    def forgetful(keystore: Path, database: Path, part: Path, *more: Any) -> None:
        real(keystore, database, part, *more)
        data = bytearray(part.read_bytes())
        data[len(data) // 2] ^= 1
        part.write_bytes(data)

    with a_village(tmp_path / "v") as office:
        monkeypatch.setattr(backups, "_pack", forgetful)
        with pytest.raises(Damaged):
            write_backup(office.workspace, tmp_path / "stick" / "a.flbak")
        assert list((tmp_path / "stick").iterdir()) == []


def test_a_database_that_rots_while_open_is_not_backed_up_as_if_it_were_sound(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        for i in range(20):
            added(office, "family", head=f"王{i}", remarks="好" * 500)
        office.workspace.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path = tmp_path / "v" / vault.DATABASE
        data = bytearray(path.read_bytes())
        for place in range(4096 * 8, len(data), 4096):
            data[place + 100] ^= 1
        path.write_bytes(data)
        office.workspace.db.execute("PRAGMA shrink_memory")  # nothing is answered from memory
        with pytest.raises(Damaged, match="备份"):
            office.workspace.backup_before("merge")
        assert list((tmp_path / "v" / "backups").iterdir()) == []


# --- the rotation ---------------------------------------------------------------------------------------------

NOW = datetime.datetime(2026, 3, 31, 18, 0)


def _named(folder: Path, moments: list[datetime.datetime], size: int = 1) -> list[Path]:
    paths = [folder / f"{m:%Y%m%d-%H%M%S}-000000-merge.flbak" for m in moments]
    for path in paths:
        path.write_bytes(bytes(size))
    return paths


def _kept(folder: Path, moments: list[datetime.datetime], room: int = 1 << 30) -> list[int]:
    """Indexes into ``moments`` that the rotation keeps."""
    paths = _named(folder, moments)
    gone = set(plan_rotation(paths, room))
    return [i for i, path in enumerate(paths) if path not in gone]


def _ago(**back: float) -> datetime.datetime:
    return NOW - datetime.timedelta(**back)


@pytest.mark.parametrize(
    ("moments", "kept"),
    [
        ([], []),
        ([NOW], [0]),
        ([_ago(minutes=i) for i in range(10)], list(range(10))),
        ([_ago(minutes=i) for i in range(15)], list(range(10))),
        # 10 recent cover ten days; then the weeks' and months' newest
        ([_ago(days=i) for i in range(40)], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 31]),
        # twelve a day: ten recent, then each day's newest for seven days, then weeks
        ([_ago(days=d, hours=h) for d in range(9) for h in range(12)], [*range(10), 12, 24, 36, 48, 60, 72]),
        ([_ago(days=31 * m) for m in range(16)], list(range(12))),
        # a clock of 2099 is only a name among others
        ([datetime.datetime(2099, 1, 1), NOW, datetime.datetime(1980, 1, 1)], [0, 1, 2]),
    ],
    ids=["none", "one", "ten", "fifteen in an hour", "one a day", "twelve a day", "one a month", "clocks that lie"],
)
def test_kept_are_ten_recent_seven_daily_four_weekly_twelve_monthly(tmp_path: Path, moments: Any, kept: list[int]) -> None:
    assert _kept(tmp_path, moments) == kept


@pytest.mark.parametrize(
    ("room", "kept"), [(0, [0]), (50, [0]), (100, [0]), (250, [0, 1]), (300, [0, 1, 2]), (10_000, [0, 1, 2, 3, 4])]
)
def test_never_more_than_there_is_room_for_but_the_newest_always(tmp_path: Path, room: int, kept: list[int]) -> None:
    paths = _named(tmp_path, [_ago(hours=i) for i in range(5)], 100)
    gone = set(plan_rotation(paths, room))
    assert [i for i, path in enumerate(paths) if path not in gone] == kept


def test_files_of_other_names_are_left_alone(tmp_path: Path) -> None:
    strangers = [tmp_path / name for name in ("给县里的.flbak", "notes.txt", "2026.flbak", "99999999-999999-x.flbak")]
    for path in strangers:
        path.write_bytes(b"x")
    assert plan_rotation([*strangers, *_named(tmp_path, [_ago(minutes=i) for i in range(20)])], 0) == sorted(
        _named(tmp_path, [_ago(minutes=i) for i in range(1, 20)]), reverse=True)


def test_rotation_runs_only_after_the_new_backup_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_village(tmp_path / "v") as office:
        folder = tmp_path / "v" / "backups"
        folder.mkdir()
        old = _named(folder, [_ago(minutes=i) for i in range(12)])
        monkeypatch.setattr(backups, "_pack", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(MachineProblem):
            office.workspace.backup_before("merge")
        assert sorted(folder.iterdir()) == sorted(old)
        monkeypatch.undo()
        new = office.workspace.backup_before("merge")
        assert new.exists()
        assert len(list(folder.iterdir())) == 10


@pytest.mark.parametrize(
    ("name", "swept"),
    [
        ("20200101-120000-000000-merge.flbak.part", True), ("20200101-120000-000000-merge.flbak.db.part", True),
        ("20200101-120000-000000-merge.flbak.db.part-journal", True), ("20990101-120000-000000-merge.flbak.part", True),
        ("20200101-120000-000000-merge.flbak", False), ("别的.part", False), (None, False),
    ],
)
def test_what_a_killed_backup_left_is_swept_at_the_next_start(tmp_path: Path, name: str | None, swept: bool) -> None:
    """FAULTS 6: but not one that another window may be writing right now."""
    path = tmp_path / (name or f"{datetime.datetime.now():%Y%m%d-%H%M%S}-000000-merge.flbak.part")
    path.write_bytes(b"x")
    sweep_parts(tmp_path)
    assert path.exists() is not swept


def test_a_start_sweeps(tmp_path: Path) -> None:
    a_village(tmp_path / "v").close()
    (tmp_path / "v" / "backups").mkdir()
    left = tmp_path / "v" / "backups" / "20200101-120000-000000-merge.flbak.db.part"
    left.write_bytes(b"x")
    Workspace.open(tmp_path / "v", PASSPHRASE).close()
    assert not left.exists()


# --- small files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(errno.ENOSPC, "disk-full", "磁盘满"), (errno.EROFS, "machine", "不能写"), (errno.EACCES, "machine", "没有权限"),
     (errno.ENOENT, "machine", "U 盘"), (errno.EIO, "machine", "读写出错"), (errno.EDQUOT, "machine", "没有写成")],
)
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, code: str, said: str
) -> None:
    """FAULTS 5 and 22."""

    def fails(*_: Any) -> None:
        raise OSError(number, os.strerror(number))

    path = tmp_path / "keystore.json"
    path.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fails)
        patch.setattr("time.sleep", lambda _: None)
        with pytest.raises(MachineProblem, match=said) as problem:
            replace_file(path, b"new")
    assert problem.value.code == code
    assert "下一步" in problem.value.text
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["keystore.json"]


@pytest.mark.parametrize(("refusals", "written"), [(0, True), (1, True), (5, True), (6, False)])
def test_a_file_that_an_antivirus_program_holds_is_tried_again_for_two_and_a_half_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusals: int, written: bool
) -> None:
    """FAULTS 15."""
    waited: list[float] = []
    left = refusals
    real = Path.replace

    def held(self: Path, target: Path) -> Path:
        nonlocal left
        if left:
            left -= 1
            raise PermissionError(errno.EACCES, "held")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("time.sleep", waited.append)
    path = tmp_path / "a"
    path.write_bytes(b"old")
    if written:
        replace_file(path, b"new")
    else:
        with pytest.raises(MachineProblem, match="没有权限"):
            replace_file(path, b"new")
    assert path.read_bytes() == (b"new" if written else b"old")
    assert len(waited) == min(refusals, 5)
    assert sum(waited) <= 2.5 + 1e-9

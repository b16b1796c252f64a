"""Is this the installation that exported, or a copy of it? (DESIGN §6, last point; FAULTS 20, 42, 43)"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.builders import PASSPHRASE, a_village, added

from fulian_desktop.services.office import Office, notice_copy, open_office
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import installation, keystore, vault
from fulian_desktop.store.installation import data_folder, is_behind, is_copy, note_export
from fulian_desktop.store.queries import find_by_id
from fulian_desktop.store.workspace import Workspace

EPOCH, STREAM = "ab" * 16, "ab/140702101201/ordinary"


@pytest.mark.parametrize(
    ("epoch", "tips", "before", "copy"),
    [
        (EPOCH, {STREAM: 5}, [], False), (EPOCH, {STREAM: 9}, [], False), (EPOCH, {STREAM: 4}, [], True), (EPOCH, {}, [], True),
        ("cd" * 16, {STREAM: 5}, [], True), ("cd" * 16, {STREAM: 5}, [EPOCH], False), ("cd" * 16, {STREAM: 5}, ["ef" * 16], True),
    ],
    ids=["as noted", "further", "older than what went out", "empty", "another epoch", "its own next epoch", "another history"],
)
def test_a_workspace_is_known_by_epoch_and_by_what_it_sent(
    tmp_path: Path, epoch: str, tips: dict[str, int], before: list[str], copy: bool
) -> None:
    note_export("w", tmp_path, EPOCH, {STREAM: 5})
    assert is_copy("w", tmp_path, epoch, tips, before) is copy


def test_another_folder_another_workspace_or_no_note_is_a_copy(tmp_path: Path) -> None:
    note_export("w", tmp_path, EPOCH, {STREAM: 5})
    assert is_copy("w", tmp_path / "elsewhere", EPOCH, {STREAM: 5})
    assert is_copy("x", tmp_path, EPOCH, {STREAM: 5})


@pytest.mark.parametrize("way", [lambda p: p / ".", lambda p: p / "sub" / "..", lambda p: p.parent / "." / p.name])
def test_another_spelling_of_the_same_folder_is_the_same(tmp_path: Path, way: Callable[[Path], Path]) -> None:
    (tmp_path / "sub").mkdir()
    note_export("w", way(tmp_path), EPOCH, {STREAM: 5})
    assert not is_copy("w", tmp_path, EPOCH, {STREAM: 5})


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"path":1}', b'{"tips":[]}', b"\xff\xfe", b'{"path":"%s","epoch":null}']
)
def test_a_damaged_note_counts_as_none(tmp_path: Path, data: bytes) -> None:
    note_export("w", tmp_path, EPOCH, {STREAM: 5})
    (data_folder() / "w.json").write_bytes(data.replace(b"%s", str(tmp_path).encode()))
    assert is_copy("w", tmp_path, EPOCH, {STREAM: 5})


def test_the_data_folder_is_the_users_own_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FULIAN_DATA")
    assert data_folder().name == "fulian-desktop"
    monkeypatch.setenv("FULIAN_DATA", str(tmp_path / "stick"))
    note_export("w", tmp_path, EPOCH, {})
    assert [p.name for p in (tmp_path / "stick").iterdir()] == ["w.json"]


# --- as an office opens -----------------------------------------------------------------------------------------


def _exported(folder: Path) -> tuple[Path, str]:
    """A village that has sent what it has."""
    with a_village(folder) as office:
        added(office, "family")
        _note(office)
        return folder, office.workspace.epoch


def _note(office: Office) -> None:
    workspace = office.workspace
    with workspace.transaction():
        workspace.set_setting("exported", "1")
    note_export(workspace.setting("workspace"), workspace.folder, workspace.epoch, office.tips())


def _copied(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(folder, tmp_path / "copy"))


def _moved(folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.move(folder, tmp_path / "moved"))


def _without_data_folder(folder: Path, _: Path) -> Path:
    shutil.rmtree(data_folder())
    return folder


@pytest.mark.parametrize("happens", [_copied, _moved, _without_data_folder])
def test_a_copy_is_noticed_once_and_writes_in_an_epoch_of_its_own(tmp_path: Path, happens: Callable[[Path, Path], Path]) -> None:
    folder, epoch = _exported(tmp_path / "v")
    folder = happens(folder, tmp_path)
    with open_office(folder, PASSPHRASE) as office:
        assert office.is_copy
        assert office.workspace.epoch != epoch
        added(office, "family", head="李四")
        assert check(office)["ok"]
    with open_office(folder, PASSPHRASE) as again:
        assert not again.is_copy


def test_an_older_database_laid_back_into_place_is_noticed(tmp_path: Path) -> None:
    """FAULTS 42."""
    with a_village(tmp_path / "v") as office:
        added(office, "family")
        _note(office)
    old = (tmp_path / "v" / vault.DATABASE).read_bytes()
    with Office(Workspace.open(tmp_path / "v", PASSPHRASE)) as office:
        added(office, "family", head="李四")
        _note(office)
    (tmp_path / "v" / vault.DATABASE).write_bytes(old)
    with open_office(tmp_path / "v", PASSPHRASE) as office:
        assert office.is_copy
        assert office.counts()["family"] == 1


def test_what_a_file_without_its_write_ahead_log_lacks_is_noticed(tmp_path: Path) -> None:
    """FAULTS 20: the -wal holds what was saved last, even the word that it exported."""
    office = a_village(tmp_path / "v")
    added(office, "family")
    _note(office)
    data = (tmp_path / "v" / vault.DATABASE).read_bytes()
    assert (tmp_path / "v" / (vault.DATABASE + "-wal")).stat().st_size > 0
    office.close()
    (tmp_path / "v" / vault.DATABASE).write_bytes(data)
    with Office(Workspace.open(tmp_path / "v", PASSPHRASE)) as again:
        assert again.counts()["family"] == 0
        assert is_behind(again.workspace.setting("workspace"), again.workspace.epoch, again.tips())
        with again.workspace.transaction():
            again.workspace.mint_epoch()
        assert not is_behind(again.workspace.setting("workspace"), again.workspace.epoch, again.tips())


def test_after_a_checkpoint_the_one_file_holds_everything(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family").id
        office.workspace.checkpoint()
        (tmp_path / "w").mkdir()
        for name in (vault.DATABASE, keystore.KEYSTORE):
            shutil.copy(tmp_path / "v" / name, tmp_path / "w" / name)
        with Office(Workspace.open(tmp_path / "w", PASSPHRASE)) as again:
            assert find_by_id(again.workspace.db, record) is not None


@pytest.mark.parametrize(
    ("epoch", "tips", "behind"),
    [(EPOCH, {STREAM: 4}, True), (EPOCH, {}, True), (EPOCH, {STREAM: 5}, False), ("cd" * 16, {}, False)],
)
def test_a_workspace_is_behind_when_more_went_out_than_it_holds(
    tmp_path: Path, epoch: str, tips: dict[str, int], behind: bool
) -> None:
    assert not is_behind("w", epoch, tips)
    note_export("w", tmp_path, EPOCH, {STREAM: 5})
    assert is_behind("w", epoch, tips) is behind


@pytest.mark.parametrize("times", [1, 3])
def test_the_installation_itself_is_no_copy_however_often_it_is_opened(tmp_path: Path, times: int) -> None:
    folder, epoch = _exported(tmp_path / "v")
    for i in range(times):
        with open_office(folder, PASSPHRASE) as office:
            assert not office.is_copy
            assert office.workspace.epoch == epoch
            added(office, "family", head=f"王{i}")


def test_an_office_that_never_exported_may_be_moved_about(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        epoch = office.workspace.epoch
    with open_office(Path(shutil.move(tmp_path / "v", tmp_path / "w")), PASSPHRASE) as office:
        assert not office.is_copy
        assert office.workspace.epoch == epoch


def test_a_new_epoch_of_its_own_is_no_copy(tmp_path: Path) -> None:
    """An import taken back mints an epoch: the note still names the one before."""
    folder, _ = _exported(tmp_path / "v")
    with Office(Workspace.open(folder, PASSPHRASE)) as office, office.workspace.transaction():
        fresh = office.workspace.mint_epoch()
    with open_office(folder, PASSPHRASE) as office:
        assert not office.is_copy
        assert office.workspace.epoch == fresh


def test_noticing_a_copy_is_written_into_the_activity_log(tmp_path: Path) -> None:
    folder, _ = _exported(tmp_path / "v")
    with Office(Workspace.open(_copied(folder, tmp_path), PASSPHRASE)) as office:
        assert notice_copy(office)
        (what,) = office.workspace.db.execute("SELECT what FROM log ORDER BY no DESC LIMIT 1").fetchone()
        assert what == "copy"


def test_a_note_is_replaced_whole(tmp_path: Path) -> None:
    for seq in (1, 2):
        note_export("w", tmp_path, EPOCH, {STREAM: seq})
    assert [p.name for p in data_folder().iterdir()] == ["w.json"]
    assert installation.is_copy("w", tmp_path, EPOCH, {STREAM: 1})

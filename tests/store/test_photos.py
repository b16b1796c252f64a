"""Photos at rest: each once, encrypted, asked for when missing, in a backup that was asked for, bounded by the disk."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import PASSPHRASE, a_village, added
from tests.faults.disk import FULL, WRITE_ERROR, Disk, error, failing

from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import delete_records, edit_record, restore_records
from fulian_desktop.services.upkeep import backup, check, restore
from fulian_desktop.store import backups, photos, vault
from fulian_desktop.store.workspace import Workspace

ONE, TWO = b"\xff\xd8 one", b"\xff\xd8 two"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with a_village(tmp_path / "v") as made:
        yield made


def naming(office: Office, *data: bytes) -> str:
    """A record that names these photos."""
    rows = [{"hash": photos.photo_hash(one), "caption": f"照片 {i}", "order": i} for i, one in enumerate(data)]
    return added(office, "activity", photos=rows).id


def test_a_photo_put_twice_is_stored_once_and_comes_back_as_it_was(office: Office) -> None:
    hashes = photos.put(office.workspace, [ONE, TWO, ONE])
    assert photos.put(office.workspace, [ONE]) == hashes[:1]
    assert hashes == [photos.photo_hash(one) for one in (ONE, TWO, ONE)]
    assert photos.count(office.workspace) == 2
    assert photos.get(office.workspace, hashes[0]) == ONE
    assert photos.get_many(office.workspace, [hashes[1], hashes[0]]) == [TWO, ONE]
    assert photos.sizes(office.workspace, hashes) == {hashes[0]: len(ONE), hashes[1]: len(TWO)}
    assert photos.unsound(office.workspace) == []


def test_nothing_of_a_photo_lies_readable_on_the_disk(office: Office) -> None:
    photos.put(office.workspace, [b"a face that nobody else shall see" * 200])
    for file in office.workspace.folder.glob(photos.PHOTOS + "*"):
        assert b"nobody else shall see" not in file.read_bytes()
        assert not file.read_bytes().startswith(b"SQLite format 3")


def test_asking_makes_no_file(office: Office) -> None:
    assert photos.get(office.workspace, "0" * 64) is None
    assert photos.has(office.workspace, ["0" * 64]) == set()
    assert photos.count(office.workspace) == 0
    assert photos.unsound(office.workspace) == []
    assert photos.missing(office.workspace) == []
    assert photos.last_sent(office.workspace, "140702101000") == {}
    assert not photos.photos_path(office.workspace).exists()


def test_missing_is_what_living_records_name_and_is_not_held(office: Office) -> None:
    record = naming(office, ONE, TWO)
    naming(office, ONE)
    family = added(office, "family", photos=[{"hash": photos.photo_hash(b"third")}]).id
    one, two, third = map(photos.photo_hash, (ONE, TWO, b"third"))
    assert photos.missing(office.workspace) == sorted([one, two, third])
    photos.put(office.workspace, [ONE])
    assert [(n.record, n.hash, n.kind) for n in photos.lacking(office.workspace)] == [
        (record, two, "activity"), (family, third, "family")]
    delete_records(office, [record])
    assert photos.missing(office.workspace) == [third]
    restore_records(office, [record])
    edit_record(office, family, {"photos": []})
    assert photos.missing(office.workspace) == [two]


def test_more_photos_than_fit_into_one_question_are_asked_for(office: Office) -> None:
    many = [b"%d" % n for n in range(1_201)]
    hashes = photos.put(office.workspace, many)
    assert photos.has(office.workspace, [*hashes, "f" * 64]) == set(hashes)
    assert photos.count(office.workspace) == 1_201


def test_what_went_to_whom_is_remembered_by_the_latest_package(office: Office) -> None:
    one, two = map(photos.photo_hash, (ONE, TWO))
    photos.note_sent(office.workspace, "140702101000", [one, two], 3)
    photos.note_sent(office.workspace, "140702101000", [one], 4)
    photos.note_sent(office.workspace, "140702000000", [two], 9)
    assert photos.last_sent(office.workspace, "140702101000") == {one: 4, two: 3}


# --- accidents ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "said"), [(FULL, "磁盘满了"), (WRITE_ERROR, "磁盘读写出错")])
def test_a_disk_that_fills_up_in_the_midst_is_said_and_harms_nothing(office: Office, code: int, said: str) -> None:
    record = naming(office, ONE)
    held = [os.urandom(200_000) for _ in range(3)]
    photos.put(office.workspace, held[:1])
    disk = Disk(what=error(code), at=20)
    with failing(disk), pytest.raises(MachineProblem, match=said) as problem:
        photos.put(office.workspace, held)
    assert disk.count >= 20
    assert "下一步" in problem.value.text
    assert photos.has(office.workspace, map(photos.photo_hash, held)) == {photos.photo_hash(held[0])}
    assert photos.unsound(office.workspace) == []
    assert check(office)["missing_photos"] == [{"record": record, "hash": photos.photo_hash(ONE)}]
    assert len(photos.put(office.workspace, held)) == 3
    assert photos.unsound(office.workspace) == []


def test_photos_stored_before_the_disk_was_full_stay(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "_BATCH", 150_000)
    many = [os.urandom(200_000) for _ in range(6)]
    with failing(Disk(what=error(FULL), at=170)), pytest.raises(MachineProblem, match="磁盘满了"):
        photos.put(office.workspace, many)
    held = photos.has(office.workspace, map(photos.photo_hash, many))
    assert 0 < len(held) < 6
    assert held == {photos.photo_hash(one) for one in many[: len(held)]}


def _spoil(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for place in range(100, len(data), 4096):
        data[place] ^= 1
    path.write_bytes(data)


def test_a_damaged_file_is_said_with_a_way_out_and_records_are_as_before(office: Office) -> None:
    record = naming(office, ONE)
    photos.put(office.workspace, [ONE])
    _spoil(photos.photos_path(office.workspace))
    with pytest.raises(Damaged, match=r"照片文件.*损坏.*下一步"):
        photos.get(office.workspace, photos.photo_hash(ONE))
    report = check(office)
    assert [p["code"] for p in report["problems"]] == ["photos-damaged"]
    photos.photos_path(office.workspace).unlink()
    report = check(office)
    assert report["ok"]
    assert report["missing_photos"] == [{"record": record, "hash": photos.photo_hash(ONE)}]


def test_check_finds_a_photo_that_is_not_what_its_name_says(office: Office) -> None:
    photos.put(office.workspace, [ONE, TWO])
    with photos.made(office.workspace) as db:
        db.execute("UPDATE photo SET data = ? WHERE hash = ?", [b"another", bytes.fromhex(photos.photo_hash(ONE))])
    report = check(office)
    assert not report["ok"]
    assert [p["code"] for p in report["problems"]] == ["photo"]
    assert photos.photo_hash(ONE)[:8] in report["problems"][0]["text"]


def test_another_workspaces_key_does_not_open_the_photos(office: Office, tmp_path: Path) -> None:
    photos.put(office.workspace, [ONE])
    path = photos.photos_path(office.workspace)
    with pytest.raises(Damaged):
        vault.connect(path, bytes(32)).close()


# --- backups --------------------------------------------------------------------------------------------------


def test_a_backup_asked_for_brings_the_photos_back(office: Office, tmp_path: Path) -> None:
    naming(office, ONE, TWO)
    photos.put(office.workspace, [ONE, TWO])
    backup(office, tmp_path / "stick.flbak")
    digest = check(office)["digest"]
    restore(tmp_path / "stick.flbak", tmp_path / "back", PASSPHRASE)
    with Office(Workspace.open(tmp_path / "back", PASSPHRASE)) as again:
        assert check(again)["digest"] == digest
        assert photos.missing(again.workspace) == []
        assert photos.get(again.workspace, photos.photo_hash(TWO)) == TWO
    assert sorted(p.name for p in tmp_path.iterdir()) == ["back", "stick.flbak", "v"]


def test_a_backup_of_every_day_leaves_the_photos_out_and_they_are_missing_then(office: Office, tmp_path: Path) -> None:
    naming(office, ONE)
    photos.put(office.workspace, [ONE, os.urandom(500_000)])
    path = office.workspace.backup_before("merge")
    assert path.read_bytes().startswith(backups.MAGIC)
    restore(path, tmp_path / "back", PASSPHRASE)
    assert not (tmp_path / "back" / photos.PHOTOS).exists()
    with Office(Workspace.open(tmp_path / "back", PASSPHRASE)) as again:
        assert photos.missing(again.workspace) == [photos.photo_hash(ONE)]
        assert check(again)["ok"]


def test_without_photos_a_backup_has_the_form_that_earlier_programs_read(office: Office, tmp_path: Path) -> None:
    backup(office, tmp_path / "plain.flbak")
    assert (tmp_path / "plain.flbak").read_bytes().startswith(backups.MAGIC)


@pytest.mark.parametrize("place", [7, 9, 15, 30, -9_000, -40, -1], ids=str)
def test_a_flipped_bit_anywhere_in_a_backup_with_photos_is_noticed(office: Office, tmp_path: Path, place: int) -> None:
    photos.put(office.workspace, [os.urandom(20_000)])
    path = tmp_path / "a.flbak"
    backup(office, path)
    assert path.read_bytes().startswith(backups.MAGIC_WITH_PHOTOS)
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(Damaged, match=r"换.*备份"):
        restore(path, tmp_path / "back", PASSPHRASE)
    assert not (tmp_path / "back").exists()


def test_a_backup_cut_off_after_its_head_is_noticed(office: Office, tmp_path: Path) -> None:
    photos.put(office.workspace, [ONE])
    backup(office, tmp_path / "a.flbak")
    data = (tmp_path / "a.flbak").read_bytes()
    for length in (0, 7, 8, 11, 12, 19, 20, 60, len(data) - 1):
        (tmp_path / "b.flbak").write_bytes(data[:length])
        with pytest.raises(Damaged):
            restore(tmp_path / "b.flbak", tmp_path / "back", PASSPHRASE)


def test_damaged_photos_are_not_backed_up_as_if_they_were_sound(office: Office, tmp_path: Path) -> None:
    photos.put(office.workspace, [os.urandom(100_000)])
    path = photos.photos_path(office.workspace)
    data = bytearray(path.read_bytes())
    for place in range(4096 * 8 + 100, len(data), 4096):
        data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(Damaged):
        backup(office, tmp_path / "a.flbak")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["v"]


def test_one_rotten_page_of_records_keeps_a_backup_from_counting(office: Office, tmp_path: Path) -> None:
    """SQLite's own copying would write the page anew, with a right HMAC: the copy would look sound."""
    for i in range(20):
        added(office, "family", head=f"王{i}", remarks="好" * 500)
    office.workspace.checkpoint()
    path = office.workspace.folder / vault.DATABASE
    data = bytearray(path.read_bytes())
    data[len(data) // 4096 // 2 * 4096 + 100] ^= 1
    path.write_bytes(data)
    office.workspace.db.execute("PRAGMA shrink_memory")  # nothing is answered from memory
    with pytest.raises(Damaged, match=r"备份没有写成.*下一步"):
        backup(office, tmp_path / "a.flbak")
    assert not (tmp_path / "a.flbak").exists()

"""Beginning and looking after an office: places, folders that are no good, the foot, the clock, idle work."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from tests.builders import PASSPHRASE, PERSON, TOWN, VILLAGE, a_township, a_village, added, recovery_code

from fulian_desktop.errors import InputProblem, WrongPassphrase
from fulian_desktop.services import enrol, exchanging, starting
from fulian_desktop.services.keeping import (
    activity,
    add_person,
    back_up_here,
    change_passphrase,
    hand_over,
    list_backups,
    renew_recovery_code,
)
from fulian_desktop.services.office import open_office


@pytest.fixture
def village(tmp_path: Path):
    with a_village(tmp_path / "village") as office:
        yield office


# --- where -----------------------------------------------------------------------------------------------------------


def test_the_folder_proposed_is_the_users_own_and_never_one_in_use(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("FULIAN_DATA", str(tmp_path))
    first = starting.free_folder(VILLAGE)
    assert first == tmp_path / "workspaces" / VILLAGE
    first.mkdir(parents=True)
    assert starting.free_folder(VILLAGE) == first
    (first / "keystore.json").write_text("{}", "utf-8")
    assert starting.free_folder(VILLAGE) == tmp_path / "workspaces" / f"{VILLAGE}-2"


MOUNTS = ["/dev/sda1 / ext4 rw 0 0", "//nas/share /mnt/nas cifs rw 0 0", "/dev/sdb1 /mnt/nas/local\\040disk ext4 rw 0 0"]


@pytest.mark.parametrize(
    ("folder", "word"),
    [
        ("/home/w/records", ""), ("/home/w/OneDrive/记录", "网盘"), ("/home/w/坚果云/记录", "网盘"),
        ("/home/w/WPS云盘/记录", "网盘"), ("/mnt/nas/记录", "别的电脑"), ("/mnt/nas/local disk/记录", ""),
        ("/mnt/nasty/记录", ""), ("\\\\server\\share\\记录", "别的电脑"),
    ],
)
def test_a_folder_that_is_synced_or_elsewhere_is_warned_of(folder: str, word: str):
    warning = starting.folder_warning(Path(folder), MOUNTS)
    assert (word in warning) if word else warning == ""


# --- the divisions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "under", "name"),
    [("榆次", None, "榆次区"), ("ycq", "140700000000", "榆次区"), ("140702", None, "榆次区"),
     ("sxs", None, "山西省"), ("晋中 榆次", None, "榆次区")],
)
def test_a_place_is_found_by_name_initials_or_code(typed: str, under: str | None, name: str):
    assert name in [one.name for one in starting.find_divisions(typed, under)]


def test_nothing_typed_shows_what_lies_below_and_a_code_that_is_not_listed_can_still_be_taken():
    provinces = starting.find_divisions("")
    assert provinces[0].name == "北京市"
    below = starting.find_divisions("", "140702000000")
    assert {one.above for one in below} == {("山西省", "晋中市", "榆次区")}
    (own,) = starting.find_divisions("149999999000")
    assert own.code == own.name == "149999999000"


# --- what the window shows -------------------------------------------------------------------------------------------


def test_what_is_not_handed_in_is_counted_until_a_package_holds_it(tmp_path: Path):
    with a_township(tmp_path / "town") as town:
        enrol.add_unit(town, TOWN, "清溪镇")
        enrol.add_unit(town, VILLAGE, "柳树湾村")
        enrol.invite(town, tmp_path / "invitation.flpkg")
    begun = starting.join_here(
        tmp_path / "v", tmp_path / "invitation.flpkg", unit=VILLAGE, unit_name="", person=PERSON, passphrase=PASSPHRASE,
    )
    with begun.office as office:
        assert begun.request == tmp_path / f"{VILLAGE}-request.flpkg"
        assert begun.request.is_file()
        assert office.unit_name == "柳树湾村"
        assert starting.foot(office).unsent == 0
        added(office, "family")
        added(office, "activity")
        assert starting.foot(office).unsent == 2
        exchanging.export_package(office, "up", tmp_path)
        assert starting.foot(office).unsent == 0
        added(office, "family")
        assert starting.foot(office).unsent == 1


def test_a_join_that_was_broken_off_is_gone_on_with_and_has_a_recovery_code(tmp_path: Path, monkeypatch):
    with a_township(tmp_path / "town") as town:
        enrol.add_unit(town, TOWN, "清溪镇")
        enrol.add_unit(town, VILLAGE, "柳树湾村")
        enrol.invite(town, tmp_path / "invitation.flpkg")
    given = {"unit": VILLAGE, "unit_name": "", "person": PERSON, "passphrase": PASSPHRASE}
    with monkeypatch.context() as broken:
        broken.setattr(enrol, "request", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
        with pytest.raises(OSError, match="full"):
            starting.join_here(tmp_path / "v", tmp_path / "invitation.flpkg", **given)
    begun = starting.join_here(tmp_path / "v", tmp_path / "invitation.flpkg", **given)
    begun.office.close()
    assert begun.recovery
    open_office(tmp_path / "v", begun.recovery).close()


def test_an_office_without_one_above_has_nothing_to_hand_in(tmp_path: Path):
    with a_township(tmp_path / "town") as town:
        town.workspace.db.execute("DELETE FROM meta WHERE key = 'parent'")
        assert starting.foot(town).unsent is None


@pytest.mark.parametrize(
    ("clock", "odd"),
    [("2024-01-01T08:00:00", True), ("2026-03-08T08:00:00", True), ("2026-03-09T21:00:00", False),
     ("2027-01-01T08:00:00", False)],
)
def test_a_clock_before_the_work_it_holds_is_said(village, monkeypatch, clock: str, odd: bool):
    monkeypatch.setenv("FULIAN_CLOCK", "2026-03-10T09:00:00")
    for _ in range(3):
        added(village, "family")
    monkeypatch.setenv("FULIAN_CLOCK", clock)
    day = datetime.fromisoformat(clock)
    sentence = starting.clock_problem(village)
    assert (f"{day.year}年{day.month}月{day.day}日" in sentence) if odd else sentence == ""


def test_one_day_at_a_clock_far_ahead_does_not_speak_for_ever(village, monkeypatch):
    monkeypatch.setenv("FULIAN_CLOCK", "2099-01-01T09:00:00")
    added(village, "family")
    monkeypatch.setenv("FULIAN_CLOCK", "2026-03-10T09:00:00")
    for _ in range(4):
        added(village, "family")
    assert starting.clock_problem(village) == ""


def test_idle_work_ends_when_nothing_is_left(village):
    for number in range(30):
        added(village, "family", head=f"王秀{number}")
    for _ in range(50):
        if not starting.tidy(village):
            break
    assert not starting.tidy(village)
    assert village.workspace.db.execute("SELECT count(*) FROM fresh").fetchone() == (0,)


# --- who may open it, backups, the log -------------------------------------------------------------------------------


def test_a_passphrase_fits_or_does_not_without_opening_anything(village):
    folder = village.workspace.folder
    assert starting.fits(folder, PASSPHRASE, PERSON) == PERSON
    assert starting.fits(folder, recovery_code(), PERSON) == PERSON
    with pytest.raises(WrongPassphrase):
        starting.fits(folder, "guess 12", PERSON)


@pytest.mark.parametrize(
    "act",
    [
        lambda office: change_passphrase(office, "guess 12", "another 1"),
        lambda office: hand_over(office, "guess 12", "李秀兰", "another 1"),
        lambda office: add_person(office, "guess 12", "李秀兰", "another 1"),
        lambda office: renew_recovery_code(office, "guess 12"),
    ],
)
def test_without_the_present_passphrase_nothing_of_the_key_file_changes(village, act):
    before = (village.workspace.folder / "keystore.json").read_bytes()
    with pytest.raises(WrongPassphrase):
        act(village)
    assert (village.workspace.folder / "keystore.json").read_bytes() == before


def test_the_recovery_code_stands_in_for_a_forgotten_passphrase_and_stays(village):
    change_passphrase(village, recovery_code(), "another 1")
    open_office(village.workspace.folder, "another 1").close()
    open_office(village.workspace.folder, recovery_code()).close()
    new = renew_recovery_code(village, "another 1")
    open_office(village.workspace.folder, new).close()
    with pytest.raises(WrongPassphrase):
        open_office(village.workspace.folder, recovery_code())


def test_a_name_that_is_taken_is_not_given_again(village):
    add_person(village, PASSPHRASE, "李秀兰", "another 1")
    for act in (add_person, hand_over):
        with pytest.raises(InputProblem):
            act(village, PASSPHRASE, "李秀兰", "third 123")
    open_office(village.workspace.folder, "another 1", "李秀兰").close()


def test_whoever_takes_over_signs_from_now_on(village):
    hand_over(village, PASSPHRASE, "李秀兰", "another 1")
    assert village.person == "李秀兰"
    saved = added(village, "family")
    from fulian_desktop.services.records import history

    assert history(village, saved.id)[-1]["actor"] == "李秀兰"


def test_backups_are_listed_by_their_names_the_latest_first(village):
    first, second = back_up_here(village), back_up_here(village)
    (village.workspace.folder / "backups" / "copy of something.flbak").write_bytes(b"x")
    assert [one.path for one in list_backups(village)] in ([second.path, first.path], [first.path, second.path])
    assert {one.why for one in list_backups(village)} == {"自己备份"}


def test_a_backup_bears_the_moment_of_the_programs_clock_and_never_the_name_of_an_older_one(village, monkeypatch):
    monkeypatch.setenv("FULIAN_CLOCK", "2026-03-09T08:05:00")
    first, second = back_up_here(village), back_up_here(village)
    assert first.at == second.at == datetime(2026, 3, 9, 8, 5)
    assert first.path < second.path, "names sort as they were written"
    assert starting.foot(village).backed_up_at == datetime(2026, 3, 9, 8, 5)


def test_each_thing_done_has_words_and_one_not_known_is_named(village):
    from fulian_desktop.services import keeping

    with village.workspace.transaction():
        for what in keeping._SAID:
            village.workspace.record(what, {})
        village.workspace.record("from-a-later-version", {})
        village.workspace.record("copy", {"records": ["a", "b"]})
    lines = activity(village)
    assert lines.pop(0).words == "复制 2 条记录，包含身份证号等"
    assert lines[0].words == "做了本版本不认识的事（from-a-later-version）"
    assert len(lines) == len(keeping._SAID) + 1
    assert all(line.words and line.who == PERSON for line in lines)

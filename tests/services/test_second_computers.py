"""Restored backups and second computers: a new epoch each, and nothing lost (DESIGN §4, §6; FAULTS 42, 49)."""

from __future__ import annotations

import pytest
from tests.builders import PASSPHRASE, TOWN, VILLAGE, a_village, added
from tests.e2e.builders import adds_up, digest, shown, states

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.exchange.enrol import read_invitation
from fulian_desktop.services import enrol
from fulian_desktop.services.conflicts import conflicts
from fulian_desktop.services.exchanging import merge_packages
from fulian_desktop.services.office import open_office
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.upkeep import backup, restore
from fulian_desktop.store import queries


def _titles(office):
    return sorted(r.flat["title"] for r in queries.list_rows(office.workspace.db, kind_of("activity")))


def test_an_office_restored_from_an_old_backup_loses_nothing_that_it_had_handed_in(country, tmp_path):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity", title="备份以前").id
    backup(village, tmp_path / "old.flbak")
    added(village, "activity", title="备份以后，已上报")
    edit_record(village, record, {"place": "村委会"})
    country.carry(village, town)
    old = village.workspace.epoch

    told = restore(tmp_path / "old.flbak", tmp_path / "restored", PASSPHRASE)
    assert told["epoch"] != old
    with open_office(tmp_path / "restored", PASSPHRASE) as restored:
        assert restored.workspace.epoch == told["epoch"], "opening it once more mints nothing further"
        assert _titles(restored) == ["备份以前"]
        added(restored, "activity", title="恢复以后")
        report = country.carry(restored, town)
        assert states(report) == ["merged"]
        assert _titles(town) == sorted(["备份以前", "备份以后，已上报", "恢复以后"])
        country.carry(town, restored)
        assert _titles(restored) == _titles(town), "what was handed in comes back from the township"
        assert shown(restored, record)["values"]["place"] == "村委会"
        assert conflicts(restored) == []
        assert digest(restored, VILLAGE) == digest(town, VILLAGE)


def test_an_edit_after_a_restore_meets_the_edit_that_was_handed_in_as_a_conflict(country, tmp_path):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity", title="原来的").id
    backup(village, tmp_path / "old.flbak")
    edit_record(village, record, {"title": "已上报的改动"})
    country.carry(village, town)
    restore(tmp_path / "old.flbak", tmp_path / "restored", PASSPHRASE)
    with open_office(tmp_path / "restored", PASSPHRASE) as restored:
        edit_record(restored, record, {"title": "恢复以后的改动"})
        report = country.carry(restored, town)
    assert report["total"]["conflicts"] == 1
    (conflict,) = conflicts(town)
    assert {v["value"] for v in conflict["values"]} == {"已上报的改动", "恢复以后的改动"}


def test_a_backup_is_not_restored_over_an_office_and_not_with_another_passphrase(country, tmp_path):
    village = country[VILLAGE]
    backup(village, tmp_path / "a.flbak")
    with pytest.raises(InputProblem, match="已经有数据"):
        restore(tmp_path / "a.flbak", village.workspace.folder, PASSPHRASE)
    with pytest.raises(InputProblem) as told:
        restore(tmp_path / "a.flbak", tmp_path / "elsewhere", "another passphrase")
    assert told.value.code == "wrong-passphrase"


@pytest.fixture
def second(country):
    """A second computer of the village, certified by the township; both hold the certificates."""
    town, village = country[TOWN], country[VILLAGE]
    other = country.offices["second"] = a_village(country.folder / "second")
    stick = country.stick()
    enrol.invite(town, stick / "invitation.flpkg")
    enrol.accept(other, read_invitation(stick / "invitation.flpkg"), town.unit_name)
    enrol.request(other, stick / "request.flpkg")
    approved = enrol.approve(town, [stick])
    assert [a["state"] for a in approved["approved"]] == ["approved"]
    down = country.packed(town, VILLAGE, full=True)
    for office in (village, other):
        assert states(merge_packages(office, [down])) == ["merged"]
    return other


def test_two_computers_of_one_village_pass_their_work_to_each_other(country, second):
    village = country[VILLAGE]
    record = added(village, "activity", title="第一台").id
    assert states(country.carry(village, second)) == ["merged"]
    edit_record(second, record, {"place": "村委会"})
    added(second, "activity", title="第二台")
    report = country.carry(second, village)
    assert states(report) == ["merged"]
    assert adds_up(report)
    assert _titles(village) == _titles(second) == ["第一台", "第二台"]
    assert shown(village, record)["values"]["place"] == "村委会"
    assert digest(village) == digest(second)


def test_either_computers_package_brings_the_township_the_work_of_both(country, second):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity", title="第一台")
    country.carry(village, second)
    added(second, "activity", title="第二台")
    country.carry(second, town)
    assert _titles(town) == ["第一台", "第二台"]
    assert states(country.carry(village, town)) == ["unchanged"]


def test_the_township_answers_both_computers_in_one_package(country, second):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity", title="第一台").id
    country.carry(village, town)
    edit_record(town, record, {"organizer": "镇妇联"})
    down = country.packed(town, VILLAGE)
    for office in (village, second):
        merge_packages(office, [down])
        assert shown(office, record)["values"]["organizer"] == "镇妇联"


def test_both_computers_editing_one_field_is_a_conflict_that_either_sees(country, second):
    village = country[VILLAGE]
    record = added(village, "activity").id
    country.carry(village, second)
    edit_record(village, record, {"place": "村委会"})
    edit_record(second, record, {"place": "文化广场"})
    country.carry(village, second)
    country.carry(second, village)
    assert [c["field"] for c in conflicts(village)] == [c["field"] for c in conflicts(second)] == ["place"]
    assert digest(village) == digest(second)


def test_an_office_that_enrols_anew_gets_its_data_back_from_the_township(country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity", title="以前的").id
    country.carry(village, town)
    edit_record(town, record, {"organizer": "镇妇联"})
    anew = country.offices["anew"] = a_village(country.folder / "anew")
    stick = country.stick()
    enrol.invite(town, stick / "invitation.flpkg")
    enrol.accept(anew, read_invitation(stick / "invitation.flpkg"), town.unit_name)
    enrol.request(anew, stick / "request.flpkg")
    enrol.approve(town, [stick])
    country.carry(town, anew)
    assert shown(anew, record)["values"]["organizer"] == "镇妇联"
    assert digest(anew, VILLAGE) == digest(town, VILLAGE)

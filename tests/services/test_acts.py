"""One user action is one act: undone as one by new changes, naming what somebody changed since (DESIGN §2, §9)."""

from __future__ import annotations

import pytest
from tests.builders import TOWN, VILLAGE, added
from tests.e2e.builders import all_rows, digest, shown, whole_database

from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.services.exchanging import export_package
from fulian_desktop.services.records import acts, add_record, delete_records, edit_record, history, restore_records, undo_act


def test_an_undone_entry_is_deleted_and_stays_in_the_history(country):
    village = country[VILLAGE]
    saved = added(village, "activity")
    undone = undo_act(village, saved.act)
    assert undone["kept"] == []
    assert "deleted" in shown(village, saved.id)["marks"]
    assert [h["action"] for h in history(village, saved.id)] == ["put", "delete"]
    restore_records(village, [saved.id])
    assert "deleted" not in shown(village, saved.id)["marks"]


def test_an_undone_edit_gives_the_earlier_values_back_also_where_there_was_none(country):
    village = country[VILLAGE]
    record = added(village, "activity", title="先", place="村委会").id
    edit = edit_record(village, record, {"title": "后", "place": "", "speaker": "张老师"})
    undo_act(village, edit.act)
    values = shown(village, record)["values"]
    assert (values["title"], values["place"]) == ("先", "村委会")
    assert "speaker" not in values


def test_an_undo_leaves_and_names_the_fields_that_somebody_changed_since(country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity", title="先").id
    edit = edit_record(village, record, {"title": "后", "speaker": "张老师"})
    country.carry(village, town)
    edit_record(town, record, {"title": "镇里改的"})
    country.carry(town, village)
    undone = undo_act(village, edit.act)
    assert undone["kept"] == [{"record": record, "field": "title"}]
    values = shown(village, record)["values"]
    assert values["title"] == "镇里改的"
    assert "speaker" not in values


def test_an_undone_deletion_restores_the_record(country):
    village = country[VILLAGE]
    first, second = (added(village, "activity", title=t).id for t in ("一", "二"))
    before = all_rows(village)["activity"]
    act = delete_records(village, [first, second], note="重复了")
    assert {h["note"] for h in history(village, first)} == {"", "重复了"}
    undo_act(village, act)
    assert [r[:4] for r in all_rows(village)["activity"]] == [r[:4] for r in before]


def test_an_act_of_many_records_is_undone_as_one(country):
    from fulian_desktop.services.batch import add_many

    village = country[VILLAGE]
    before = digest(village)
    saved = add_many(village, "family", [{"head": f"户主{n}", "address": f"{n}组"} for n in range(1, 8)])
    (act,) = {s.act for s in saved}
    assert undo_act(village, act)["records"] == 7
    assert digest(village) == before


def test_an_act_is_undone_once_and_the_undo_can_be_undone(country):
    village = country[VILLAGE]
    record = added(village, "activity", title="先").id
    edit = edit_record(village, record, {"title": "后"})
    undo = undo_act(village, edit.act)
    with pytest.raises(InputProblem, match="已经撤销过"):
        undo_act(village, edit.act)
    undo_act(village, undo["act"])
    assert shown(village, record)["values"]["title"] == "后"


def test_an_act_that_is_not_there_is_refused(country):
    with pytest.raises(NotFound, match="找不到这次操作"):
        undo_act(country[VILLAGE], "0" * 32)


def test_an_undo_after_an_export_travels_like_any_change(country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity", title="先").id
    edit = edit_record(village, record, {"title": "后"})
    country.carry(village, town)
    undo_act(village, edit.act)
    country.carry(village, town)
    assert shown(town, record)["values"]["title"] == "先"
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_an_approval_that_has_been_given_above_keeps_an_undo_below_from_deleting(country):
    from tests.e2e.builders import a_campaign

    village, town = country[VILLAGE], country[TOWN]
    campaign = a_campaign(town)
    country.carry(town, village)
    family = added(village, "family").id
    saved = add_record(village, "nomination", {"campaign": campaign, "family": family, "way": "自荐"})
    country.carry(village, town)
    edit_record(town, saved.id, {"approval_result": "通过", "approval_date": "2024-05-01"})
    country.carry(town, village)
    with pytest.raises((NotAllowed, InputProblem)):
        undo_act(village, saved.act)
    assert shown(village, saved.id)["stage"] == "approved"


def test_the_latest_acts_come_first_and_say_who_did_what_to_how_many(country):
    village = country[VILLAGE]
    added(village, "activity")
    record = added(village, "family").id
    edit_record(village, record, {"size": "4"})
    listed = acts(village)
    assert [a["label"] for a in listed[:3]] == ["修改家庭档案", "登记家庭", "登记活动"]
    assert {a["actor"] for a in listed[:3]} == {village.person}
    assert [a["records"] for a in listed[:3]] == [1, 1, 1]


def test_an_edit_that_changes_nothing_writes_nothing(country):
    village = country[VILLAGE]
    record = added(village, "activity", title="先").id
    before = whole_database(village)
    saved = edit_record(village, record, {"title": "先"})
    assert saved.act == ""
    assert whole_database(village) == before


def test_a_deleted_record_is_edited_only_after_it_is_restored(country):
    village = country[VILLAGE]
    record = added(village, "activity").id
    delete_records(village, [record])
    with pytest.raises(InputProblem, match="先恢复"):
        edit_record(village, record, {"title": "后"})
    restore_records(village, [record])
    edit_record(village, record, {"title": "后"})
    assert shown(village, record)["values"]["title"] == "后"


def test_what_is_not_yet_exported_is_in_the_next_package_and_only_once(country):
    village = country[VILLAGE]
    country.carry(country[TOWN], village)
    added(village, "activity")
    assert export_package(village, "up", country.stick())[0]["changes"] == 1
    country.carry(village, country[TOWN])
    country.carry(country[TOWN], village)
    assert export_package(village, "up", country.stick())[0]["changes"] == 0

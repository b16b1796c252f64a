"""What the form asks of services: opening, drafts, references, saving, history."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from tests.builders import COUNTY, SIBLING, TOWN, VILLAGE, a_family, a_township, a_village, added
from tests.e2e.builders import a_country

from fulian_desktop.errors import InputProblem
from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.entering import (
    check_others,
    drop_draft,
    find_references,
    history_of,
    keep_draft,
    save_form,
    start_form,
    take_photos,
)
from fulian_desktop.services.listing import show_record
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import delete_records
from fulian_desktop.services.serving import find_units
from fulian_desktop.store.drafts import drafts

DAY = datetime.date(2026, 3, 9)


@pytest.fixture
def office(tmp_path: Path):
    with a_village(tmp_path / "v") as made:
        yield made


def test_a_new_form_knows_the_record_before_and_the_drafts_of_its_kind(office: Office):
    added(office, "family", head="李秀兰")
    added(office, "family", head="王秀英")
    keep_draft(office, "one", "family", {"head": "没写完"})
    keep_draft(office, "two", "activity", {"title": "别的"})
    start = start_form(office, "family", day=DAY)
    assert (start.last["head"], start.unit, start.whole) == ("王秀英", VILLAGE, "")
    assert [(draft.id, draft.name) for draft in start.drafts] == [("one", "没写完")]
    drop_draft(office, "one")
    assert start_form(office, "family", day=DAY).drafts == ()


def test_a_draft_knows_for_which_unit_it_is_and_that_is_no_cell_of_it(tmp_path: Path):
    with a_township(tmp_path / "t") as town:
        add_unit(town, VILLAGE, "柳树湾村")
        keep_draft(town, "own", "family", {"head": "李秀兰"}, None, TOWN)
        keep_draft(town, "below", "family", {"head": "王秀英"}, None, VILLAGE)
        found = {draft.id: (draft.unit.code, draft.entries) for draft in start_form(town, "family", day=DAY).drafts}
    assert found == {"own": (TOWN, {"head": "李秀兰"}), "below": (VILLAGE, {"head": "王秀英"})}


@pytest.mark.parametrize(("typed", "names"), [
    ("", ["清溪镇", "柳树湾村", "杏花村"]), ("xhc", ["杏花村"]), ("杏花", ["杏花村"]), ("湾", ["柳树湾村"]),
    (SIBLING, ["杏花村"]), ("qqq", []), ("榆次区", []),
])
def test_units_are_found_by_name_initials_or_code_and_only_those_one_may_write_for(tmp_path: Path, typed: str, names: list[str]):
    with a_township(tmp_path / "t") as town:
        for code, name in ((VILLAGE, "柳树湾村"), (SIBLING, "杏花村")):
            add_unit(town, code, name)
        assert [unit.name for unit in find_units(town, typed)] == names


def test_only_an_office_with_units_below_has_a_unit_to_choose(tmp_path: Path, office: Office):
    assert not start_form(office, "family", day=DAY).chooses_unit
    with a_township(tmp_path / "t") as town:
        assert not start_form(town, "family", day=DAY).chooses_unit
        add_unit(town, VILLAGE, "柳树湾村")
        assert start_form(town, "family", day=DAY).chooses_unit
        assert start_form(town, "family", unit=VILLAGE, day=DAY).chooses_unit
        assert not start_form(town, "campaign", day=DAY).chooses_unit
        assert not start_form(town, "family", unit=COUNTY, day=DAY).chooses_unit


def test_what_a_level_above_writes_is_locked_with_the_reason(office: Office):
    locked = start_form(office, "nomination", day=DAY).locked
    assert locked["approval_township"] == "由乡镇及以上妇联填写，本单位只能看。"
    assert "approval_village" not in locked


def test_a_township_may_fill_its_own_level_and_those_below(tmp_path: Path):
    with a_township(tmp_path / "t") as town:
        locked = start_form(town, "nomination", unit=VILLAGE, day=DAY).locked
        assert "approval_county" in locked
        assert locked.keys().isdisjoint({"approval_township", "approval_village"})


def test_set_once_fields_are_locked_once_they_are_set(office: Office):
    family = added(office, "family")
    record = added(office, "nomination", {"campaign": "最美家庭", "family": family.id, "way": "self"}).id
    locked = start_form(office, "nomination", record=record, day=DAY).locked
    assert locked["campaign"].startswith("登记后不能改")
    assert "person" not in locked


def test_records_of_others_and_deleted_ones_are_only_shown(office: Office):
    assert start_form(office, "family", unit=SIBLING, day=DAY).whole != ""
    assert start_form(office, "family", unit=TOWN, day=DAY).whole != ""
    record = added(office, "family").id
    delete_records(office, [record])
    start = start_form(office, "", record=record, day=DAY)
    assert start.deleted
    assert start.whole.startswith("这条记录已经删除")


def test_a_save_takes_its_draft_along_even_when_nothing_differs(office: Office):
    keep_draft(office, "new", "family", a_family())
    saved = save_form(office, "family", a_family(), draft="new", day=DAY)
    assert drafts(office.workspace) == []
    keep_draft(office, "edit", "family", {"head": "王秀英"}, saved.id)
    assert save_form(office, "family", {"head": "王秀英"}, draft="edit", record=saved.id).act == ""
    assert drafts(office.workspace) == []


def test_a_refused_save_leaves_the_draft(office: Office):
    keep_draft(office, "new", "family", {"address": "三组"})
    with pytest.raises(InputProblem):
        save_form(office, "family", {"address": "三组"}, draft="new", day=DAY)
    assert len(drafts(office.workspace)) == 1


def test_rows_keep_the_order_in_which_they_were_typed(office: Office):
    names = [f"成员{number}" for number in range(12)]
    saved = save_form(office, "family", a_family(members=[{"name": name} for name in names]), draft="d", day=DAY)
    rows = show_record(office, saved.id)["values"]["members"]
    assert [row["name"] for row in rows] == names
    save_form(office, "family", {"members": [*rows, {"name": "后来的"}]}, draft="d", record=saved.id)
    assert [row["name"] for row in show_record(office, saved.id)["values"]["members"]][:12] == names


def test_references_are_found_by_name_initials_and_without_anything_typed(office: Office):
    added(office, "family", head="赵素芳", address="二组 18 号")
    added(office, "person", name="赵小云")
    for typed in ("赵素", "zsf"):
        (found,) = find_references(office, ("person", "family"), typed, VILLAGE)
        assert (found.name, found.kind) == ("赵素芳", "family")
        assert found.about == "二组 18 号 · 柳树湾村"
    assert {one.name for one in find_references(office, ("person", "family"), "", VILLAGE)} == {"赵素芳", "赵小云"}
    assert find_references(office, ("campaign",), "", VILLAGE) == []


def test_what_other_records_say_is_known_before_the_save(office: Office):
    person = added(office, "person").id
    aid = {"program": "two_cancers", "recipient": person, "date": "2025-05-06", "amount": "10000"}
    added(office, "aid", aid)
    found = check_others(office, "aid", {"program": "two_cancers", "recipient": person, "recipient_name": "李秀英"}, None)
    assert [problem.code for problem in found] == ["two-cancers-again"]


def test_a_history_tells_what_stood_before_and_what_stands_since(office: Office):
    record = added(office, "family").id
    save_form(office, "family", {"phone": "13800135721"}, draft="d", record=record)
    save_form(office, "family", {"phone": "13800135722"}, draft="d", record=record)
    steps = history_of(office, record)
    assert [step.what for step in steps] == ["修改", "修改", "登记家庭"]
    assert steps[0].changes == (("电话", "13800135721", "13800135722"),)
    assert (steps[0].who, steps[0].where, steps[0].state) == ("王桂芳", "柳树湾村", "")


def test_titles_given_to_a_family_are_gathered(office: Office):
    family = added(office, "family").id
    campaign = added(office, "campaign", {"title": "2026年度最美家庭", "honor": "最美家庭", "year": 2026}).id
    facts = {"campaign": campaign, "family": family, "way": "self", "submitted_date": "2026-03-02", "approval_result": "passed",
             "approval_date": "2026-03-12"}
    assert start_form(office, "family", record=family, day=DAY).honors == ()
    added(office, "nomination", facts)
    (honor,) = start_form(office, "family", record=family, day=DAY).honors
    assert (honor.title, honor.about) == ("2026年度最美家庭", "村级，2026")


def test_pictures_that_are_none_are_named_and_the_others_kept(office: Office, tmp_path: Path):
    from PIL import Image

    good, bad = tmp_path / "好.png", tmp_path / "坏.jpg"
    Image.new("RGB", (40, 30), "green").save(good)
    bad.write_bytes(b"nothing")
    hashes, refused = take_photos(office, [good, bad])
    assert len(hashes) == 1
    assert refused[0].startswith("坏.jpg：")


def test_a_history_says_whose_package_brought_a_change_and_a_conflict_is_known(tmp_path: Path):
    with a_country(tmp_path, VILLAGE) as country:
        village, town = country[VILLAGE], country[TOWN]
        record = added(village, "family", phone="13800135721").id
        country.carry(village, town)
        save_form(town, "family", {"phone": "13800135722"}, draft="d", record=record)
        save_form(village, "family", {"phone": "13800135723"}, draft="d", record=record)
        country.carry(village, town)
        start = start_form(town, "family", record=record, day=DAY)
        assert start.conflicts == ("phone",)
        assert [bool(step.came) for step in start.steps if step.where == village.unit_name] == [True, True]
        assert [step.came for step in start.steps if step.who == town.person and step.where == town.unit_name] == [""]
        assert {step.came for step in start.steps} == {"", village.unit_name}

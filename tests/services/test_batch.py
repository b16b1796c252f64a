"""批量登记 and 批量修改: one act, all or nothing, the same rules as one by one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.builders import FAR_VILLAGE, SIBLING, TOWN, VILLAGE, a_family, a_township, a_village, added, an_activity
from tests.e2e.builders import Country, a_campaign, a_nomination, shown

from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.services.batch import add_many, edit_many
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import acts, add_record, delete_records, edit_record, undo_act
from fulian_desktop.store import queries


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Office]:
    with a_village(tmp_path / "village") as office:
        yield office


@pytest.fixture
def township(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "township") as office:
        yield office


def _flat(office: Office, record: str) -> dict[str, Any]:
    row = queries.find_by_id(office.workspace.db, record)
    assert row is not None
    return row.flat


def _families(count: int) -> list[dict[str, Any]]:
    return [a_family(head=f"王秀{'英兰芳梅珍'[i % 5]}", address=f"{i}号") for i in range(count)]


# --- entering ----------------------------------------------------------------------------------------------


def test_many_records_are_one_act_and_are_taken_back_as_one(village: Office) -> None:
    saved = add_many(village, "family", _families(7))
    assert len({one.act for one in saved}) == 1
    assert [_flat(village, one.id)["address"] for one in saved] == [f"{i}号" for i in range(7)]
    assert acts(village)[0] | {"at": 0} == {
        "act": saved[0].act, "at": 0, "actor": village.person, "label": "批量登记家庭", "undone": None, "records": 7,
    }
    assert undo_act(village, saved[0].act)["records"] == 7
    assert village.counts()["family"] == 0


def test_records_entered_together_are_what_they_would_be_one_by_one(village: Office) -> None:
    rows = [
        an_activity(date_from="", date="8月21日—25日", participants="1600余人"), an_activity(cost="1.2万", title="节日慰问"),
        an_activity(participants="许多人"), an_activity(category="宣讲", measures="植树 300 棵"),
    ]
    together = add_many(village, "activity", rows, year=2024)
    single = [add_record(village, "activity", row, year=2024) for row in rows]

    def bare(record: str) -> dict[str, Any]:
        flat = _flat(village, record)
        return flat | {"measures": [{**row, "row": ""} for row in flat.get("measures", [])]}

    assert [bare(one.id) for one in together] == [bare(one.id) for one in single]
    assert [one.problems for one in together] == [one.problems for one in single]
    assert any(problem.code == "number-vague" for problem in together[2].problems)


@pytest.mark.parametrize(("row", "code"), [
    ({"address": "3组"}, "missing"),
    (a_family(colour="红"), "unknown-field"),
])
def test_one_row_that_may_not_be_saved_stops_all_and_is_named(village: Office, row: dict[str, Any], code: str) -> None:
    with pytest.raises(InputProblem) as refused:
        add_many(village, "family", [*_families(2), row, *_families(1)])
    assert refused.value.code == code
    assert refused.value.text.startswith("第 3 条：")
    assert village.counts()["family"] == 0
    assert acts(village) == []


def test_a_value_that_this_office_may_not_write_stops_all(village: Office) -> None:
    campaign = add_record(village, "campaign", {"title": "最美家庭", "honor": "最美家庭", "year": 2024}).id
    rows = [{"campaign": campaign, "way": "自荐", "called": "甲"}, {"campaign": campaign, "approval_township_result": "通过"}]
    with pytest.raises(NotAllowed) as refused:
        add_many(village, "nomination", rows)
    assert refused.value.code == "refused-written-by"
    assert village.counts()["nomination"] == 0


def test_rows_of_one_batch_are_seen_by_each_other(village: Office) -> None:
    person = added(village, "person").id
    aid = {"program": "two_cancers", "recipient": person, "date": "2024-05-01", "amount": 1_000_000}
    saved = add_many(village, "aid", [aid, {**aid, "date": "2024-06-01"}])
    assert [[p.code for p in one.problems if p.code.startswith("two-cancers")] for one in saved] == [["two-cancers-again"]] * 2


def test_no_rows_are_no_act(village: Office) -> None:
    assert add_many(village, "family", []) == []
    assert edit_many(village, {}) == []
    assert acts(village) == []


def test_each_row_can_be_of_a_unit_of_its_own(township: Office) -> None:
    saved = add_many(township, "family", _families(3), unit=[VILLAGE, SIBLING, VILLAGE])
    rows = [queries.find_by_id(township.workspace.db, one.id) for one in saved]
    assert [row.unit if row else None for row in rows] == [VILLAGE, SIBLING, VILLAGE]
    assert len({one.act for one in saved}) == 1


@pytest.mark.parametrize(("units", "refusal", "code"), [
    ([VILLAGE], InputProblem, "unit-count"),
    ([VILLAGE, FAR_VILLAGE], NotAllowed, "out-of-scope"),
])
def test_rows_without_a_unit_or_of_another_office_are_refused(
    township: Office, units: list[str], refusal: type[InputProblem], code: str
) -> None:
    with pytest.raises(refusal) as refused:
        add_many(township, "family", _families(2), unit=units)
    assert refused.value.code == code
    assert township.counts()["family"] == 0


def test_given_ids_are_kept(village: Office) -> None:
    ids = ["01" * 16, "02" * 16]
    assert [one.id for one in add_many(village, "family", _families(2), records=ids)] == ids


@pytest.mark.parametrize(("ids", "code"), [
    (["01" * 16], "record-count"),
    (["01" * 16, "01" * 16], "record-exists"),
    (["01" * 16, "ff" * 16], "record-exists"),
])
def test_ids_that_are_taken_or_too_few_are_refused(village: Office, ids: list[str], code: str) -> None:
    add_many(village, "activity", [an_activity()], records=["ff" * 16])
    with pytest.raises(InputProblem) as refused:
        add_many(village, "family", _families(2), records=ids)
    assert refused.value.code == code
    assert village.counts()["family"] == 0


@pytest.mark.parametrize("unit", [SIBLING, FAR_VILLAGE, "14070210120", "abc"])
def test_records_of_a_unit_out_of_scope_are_refused(village: Office, unit: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        add_many(village, "family", _families(1), unit=unit)
    assert refused.value.code == "out-of-scope"


def test_a_township_enters_for_one_of_its_villages(township: Office) -> None:
    saved = add_many(township, "family", _families(2), unit=VILLAGE)
    assert {row.unit for one in saved if (row := queries.find_by_id(township.workspace.db, one.id))} == {VILLAGE}


def test_cancelling_writes_nothing(village: Office) -> None:
    steps: list[int] = []

    def stop() -> bool:
        steps.append(1)
        return len(steps) > 3

    with pytest.raises(Cancelled):
        add_many(village, "family", _families(9), progress=Progress(cancelled=stop))
    assert len(steps) == 4
    assert village.counts()["family"] == 0


# --- changing ----------------------------------------------------------------------------------------------


def test_many_changes_over_kinds_are_one_act_and_are_taken_back_as_one(village: Office) -> None:
    family, activity = added(village, "family").id, added(village, "activity").id
    saved = edit_many(village, {family: {"address": "5组"}, activity: {"participants": "80"}}, label="核对")
    assert [one.id for one in saved] == [family, activity]
    assert len({one.act for one in saved}) == 1
    assert acts(village)[0]["label"] == "核对"
    assert (_flat(village, family)["address"], _flat(village, activity)["participants"]) == ("5组", 80)
    undo_act(village, saved[0].act)
    assert (_flat(village, family)["address"], _flat(village, activity)["participants"]) == ("3组12号", 120)


def test_what_equals_what_is_there_is_not_written(village: Office) -> None:
    same, other = added(village, "family").id, added(village, "family").id
    before = len(acts(village))
    saved = edit_many(village, {same: {"address": "3组12号"}, other: {"address": "5组"}})
    assert saved[0].act == ""
    assert saved[1].act != ""
    assert acts(village)[0]["records"] == 1
    assert edit_many(village, {same: {"address": "3组12号"}})[0].act == ""
    assert len(acts(village)) == before + 1


def test_a_record_that_is_not_there_stops_all(village: Office) -> None:
    family = added(village, "family").id
    with pytest.raises(NotFound) as refused:
        edit_many(village, {family: {"address": "5组"}, "ee" * 16: {"address": "5组"}})
    assert refused.value.text.startswith("第 2 条：")
    assert _flat(village, family)["address"] == "3组12号"


def test_a_deleted_record_stops_all(village: Office) -> None:
    family, gone = added(village, "family").id, added(village, "family").id
    delete_records(village, [gone])
    with pytest.raises(InputProblem) as refused:
        edit_many(village, {family: {"address": "5组"}, gone: {"address": "5组"}})
    assert refused.value.code == "deleted"
    assert _flat(village, family)["address"] == "3组12号"


def test_clearing_what_a_record_must_have_stops_all(village: Office) -> None:
    first, second = (added(village, "family").id for _ in range(2))
    with pytest.raises(InputProblem) as refused:
        edit_many(village, {first: {"address": "5组"}, second: {"head": ""}})
    assert refused.value.code == "missing"
    assert refused.value.text.startswith("第 2 条：")
    assert _flat(village, first)["address"] == "3组12号"


def test_a_value_that_may_not_be_changed_stops_all(village: Office) -> None:
    families = [added(village, "family").id for _ in range(2)]
    campaign = add_record(village, "campaign", {"title": "最美家庭", "honor": "最美家庭", "year": 2024}).id
    nominations = [add_record(village, "nomination", {"campaign": campaign, "family": f, "way": "自荐"}).id for f in families]
    with pytest.raises(NotAllowed) as refused:
        edit_many(village, {nominations[0]: {"grade": "示范户"}, nominations[1]: {"review_county_result": "通过"}})
    assert refused.value.code == "refused-written-by"
    assert "grade" not in _flat(village, nominations[0])


def test_approving_many_again_clears_the_mark_that_they_were_changed(country: Country) -> None:
    village, township = country[VILLAGE], country[TOWN]
    campaign = a_campaign(township)
    country.carry(township, village)
    nominations = [a_nomination(village, campaign, head=head) for head in ("王秀英", "李桂兰")]
    country.carry(village, township)
    approved = {
        "public_from": "2024-04-22", "public_to": "2024-04-26", "approval_result": "通过", "approval_date": "2024-05-06",
    }
    edit_many(township, dict.fromkeys(nominations, approved), label="批量审批")
    country.carry(township, village)
    edit_many(village, {nominations[0]: {"called": "王秀英、李强家庭"}})
    country.carry(village, township)
    assert [shown(township, n)["marks"] for n in nominations] == [["changed-after-approval"], []]
    saved = edit_many(township, dict.fromkeys(nominations, approved), label="批量审批")
    assert [bool(one.act) for one in saved] == [True, False]
    assert [shown(township, n)["marks"] for n in nominations] == [[], []]


@pytest.mark.parametrize(("settle", "left"), [(True, ()), (False, ("phone",))])
def test_only_settling_sets_a_field_in_conflict_to_the_value_that_shows(
    country: Country, settle: bool, left: tuple[str, ...],
) -> None:
    village, township = country[VILLAGE], country[TOWN]
    family = added(village, "family").id
    country.carry(village, township)
    edit_many(village, {family: {"phone": "13812345678"}})
    edit_many(township, {family: {"phone": "13912345678"}})
    country.carry(village, township)
    assert shown(township, family)["conflicts"] == ["phone"]
    edit_many(township, {family: {"phone": shown(township, family)["values"]["phone"]}}, settle=settle)
    assert tuple(shown(township, family)["conflicts"]) == left
    country.carry(township, village)
    assert tuple(shown(village, family)["conflicts"]) == left


def test_single_and_many_edits_stand_one_upon_the_other(village: Office) -> None:
    families = [one.id for one in add_many(village, "family", _families(3))]
    edit_record(village, families[0], {"address": "甲"})
    edit_many(village, {family: {"address": "乙"} for family in families})
    edit_record(village, families[2], {"address": "丙"})
    assert [_flat(village, family)["address"] for family in families] == ["乙", "乙", "丙"]
    assert all(queries.find_by_id(village.workspace.db, family).conflicts == () for family in families)  # type: ignore[union-attr]

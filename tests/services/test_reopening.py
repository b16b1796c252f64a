"""A settled conflict that is taken back is to be decided again, where it was taken back (DESIGN §4, §9)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_campaign, a_country, a_county, a_nomination, digest, shown

from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.services.conflicts import conflicts, settle
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.overview import Matter, overview
from fulian_desktop.services.records import acts, edit_record, history, load_folded, undo_act
from fulian_desktop.services.reopening import reopened_records
from fulian_desktop.services.settling import conflict_queue, decide, dispute
from fulian_desktop.store import books


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path) as made:
        yield made


@pytest.fixture
def record(country: Country) -> str:
    """An activity whose place and speaker village and township tell differently."""
    record = added(country[VILLAGE], "activity", place="村委会").id
    country.carry(country[VILLAGE], country[TOWN])
    edit_record(country[VILLAGE], record, {"place": "村里", "speaker": "张老师"})
    edit_record(country[TOWN], record, {"place": "镇里", "speaker": "李老师"})
    country.carry(country[VILLAGE], country[TOWN])
    return record


def _told(office) -> dict[str, set[str]]:
    return {one["field"]: {value["value"] for value in one["values"]} for one in conflicts(office)}


def _settled(office, record: str) -> str:
    found = dispute(office, record)
    chosen = {one.code: 0 for one in found.fields}
    return decide(office, record, VILLAGE, chosen=chosen, typed={}, seen=found.seen).act


def test_both_values_stand_there_again_and_nothing_is_chosen(country: Country, record: str) -> None:
    town = country[TOWN]
    told, before = _told(town), dispute(town, record)
    act = _settled(town, record)
    assert conflicts(town) == []
    undo_act(town, act)
    assert _told(town) == told
    after = dispute(town, record)
    assert after.fields == before.fields
    total, queue = conflict_queue(town)
    assert (total, [(one.record, one.fields) for one in queue]) == (1, [(record, 2)])
    (task,) = (task for task in overview(town, today()).tasks if task.what is Matter.CONFLICT)
    assert (task.count, task.by_kind) == (1, (("activity", 1),))


def test_it_may_be_settled_again_the_other_way_and_travels(country: Country, record: str) -> None:
    town, village = country[TOWN], country[VILLAGE]
    undo_act(town, _settled(town, record))
    found = dispute(town, record)
    chosen = {one.code: [c.text for c in one.choices].index(text) for one, text in zip(
        found.fields, ("村里", "张老师"), strict=True)}
    decide(town, record, VILLAGE, chosen=chosen, typed={}, seen=found.seen)
    assert conflicts(town) == []
    assert reopened_records(town) == {}
    country.carry(town, village)
    assert shown(village, record)["values"]["place"] == "村里"
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_the_ledger_holds_no_conflict_and_other_offices_see_what_showed_before(country: Country, record: str) -> None:
    town, village = country[TOWN], country[VILLAGE]
    shown_before = shown(town, record)["values"]["place"]
    undo_act(town, _settled(town, record))
    assert load_folded(town, record)[2].conflicts == {}
    country.carry(town, village)
    assert shown(village, record)["values"]["place"] == shown_before
    assert conflicts(village) == []
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_whatever_else_is_said_about_the_field_ends_it(country: Country, record: str) -> None:
    town, village = country[TOWN], country[VILLAGE]
    undo_act(town, _settled(town, record))
    edit_record(town, record, {"place": "小学"})
    assert set(_told(town)) == {"speaker"}
    country.carry(town, village)
    edit_record(village, record, {"speaker": "王老师"})
    country.carry(village, town)
    assert conflicts(town) == []
    assert conflict_queue(town) == (0, [])


def test_only_what_the_settlement_decided_comes_back(country: Country, record: str) -> None:
    town = country[TOWN]
    found = dispute(town, record)
    act = decide(town, record, VILLAGE, chosen={"place": 0}, typed={}, seen=found.seen).act
    assert set(_told(town)) == {"speaker"}
    undo_act(town, act)
    assert set(_told(town)) == {"place", "speaker"}
    assert conflict_queue(town)[0] == 1


def test_from_the_command_line_it_is_settled_like_any_other(country: Country, record: str) -> None:
    town = country[TOWN]
    undo_act(town, settle(town, record, {"place": "镇里", "speaker": "李老师"}).act)
    assert set(_told(town)) == {"place", "speaker"}
    settle(town, record, {"place": "镇里", "speaker": "李老师"})
    with pytest.raises(InputProblem, match="没有冲突"):
        settle(town, record, {"place": "村里"})


def test_taking_back_an_ordinary_change_reopens_nothing(country: Country) -> None:
    village = country[VILLAGE]
    record = added(village, "activity").id
    undo_act(village, edit_record(village, record, {"place": "小学"}).act)
    assert reopened_records(village) == {}


# --- approvals ------------------------------------------------------------------------------------------------


def test_an_approval_whose_settlement_is_taken_back_counts_nowhere_until_it_is_decided_again(country: Country) -> None:
    village, town, county = country[VILLAGE], country[TOWN], a_county(country)
    campaign = a_campaign(town)
    country.carry(town, village)
    nomination = a_nomination(village, campaign)
    country.carry(village, town)
    country.carry(town, county)
    edit_record(county, nomination, {"approval_township_result": "不通过", "approval_township_date": "2024-05-01"})
    edit_record(town, nomination, {"approval_township_result": "通过", "approval_township_date": "2024-05-01"})
    undecided = shown(village, nomination)["stage"]
    country.carry(county, town)
    assert shown(town, nomination)["stage"] == undecided
    assert shown(town, nomination)["values"]["approval_township_result"] == "passed", "the later one shows meanwhile"

    def stages() -> set[str]:
        country.carry(town, village)
        country.carry(town, county)
        assert digest(village, VILLAGE) == digest(town, VILLAGE) == digest(county, VILLAGE)
        return {shown(office, nomination)["stage"] for office in (village, town, county)}

    act = _settled_to(town, nomination, "通过")
    assert stages() == {"approved"}
    undo_act(town, act)
    assert stages() == {undecided}
    assert [one["field"] for one in conflicts(town)] == ["approval_township"]
    _settled_to(town, nomination, "未通过")
    assert stages() == {"rejected"}
    assert conflicts(town) == []


def test_the_undo_of_such_an_undo_decides_as_before(country: Country) -> None:
    village, town, county = country[VILLAGE], country[TOWN], a_county(country)
    record = added(village, "aid", recipient_name="张凤英", program="春蕾计划", date="2024-03-08").id
    country.carry(village, town)
    country.carry(town, county)
    for office, result in ((county, "不通过"), (town, "通过")):
        edit_record(office, record, {"approval_township_result": result})
    country.carry(county, town)
    undo = undo_act(town, _settled_to(town, record, "通过"))
    assert "approval_township_result" not in shown(town, record)["values"]
    undo_act(town, undo["act"])
    assert shown(town, record)["values"]["approval_township_result"] == "passed"
    assert conflicts(town) == []


def _settled_to(office: Office, record: str, words: str) -> str:
    found = dispute(office, record)
    (field,) = found.fields
    (place,) = [i for i, choice in enumerate(field.choices) if choice.text.startswith(words)]
    return decide(office, record, VILLAGE, chosen={field.code: place}, typed={}, seen=found.seen).act


# --- written as one, or not at all ---------------------------------------------------------------------------


def _full(*_: object) -> None:
    raise MachineProblem("磁盘满了。", "disk-full")


def test_an_undo_whose_note_cannot_be_written_is_not_written_either(
    country: Country, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = country[TOWN]
    act = _settled(town, record)
    before = history(town, record), digest(town)
    with monkeypatch.context() as patch:
        patch.setattr(books, "note_reopened", _full)
        with pytest.raises(MachineProblem):
            undo_act(town, act)
    assert (history(town, record), digest(town)) == before
    assert [line["undone"] for line in acts(town) if line["act"] == act] == [None]
    undo_act(town, act)
    assert set(_told(town)) == {"place", "speaker"}


def test_a_decision_and_that_nothing_is_open_any_more_are_written_together(
    country: Country, record: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = country[TOWN]
    undo_act(town, _settled(town, record))
    before = history(town, record)
    with monkeypatch.context() as patch:
        patch.setattr(books, "forget_reopened", _full)
        with pytest.raises(MachineProblem):
            _settled(town, record)
    assert history(town, record) == before
    _settled(town, record)
    assert books.reopened(town.workspace.db) == []

"""A family that moves, a village split or merged into another: two changes by an office over both (DESIGN §4)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import COUNTY, FAR_VILLAGE, NAMES, SIBLING, THIRD, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_country, a_county, digest, shown

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.errors import InputProblem, NotAllowed
from fulian_desktop.services.conflicts import duplicates
from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.entering import start_form
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.records import add_record, delete_records, edit_record, history, undo_act
from fulian_desktop.services.transferring import transfer_all, transfer_records, transferred_id
from fulian_desktop.services.upkeep import check

ID = "110101199003074514"
DAY = datetime.date(2026, 3, 9)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        yield country


def a_family_in(country: Country) -> str:
    """One that its village entered and the township has."""
    village = country[VILLAGE]
    record = added(village, "family", head="王芳", members=[{"name": "李强", "relation": "spouse"}], tags=["单亲"]).id
    country.carry(village, country[TOWN])
    return record


def living(country: Country, office: str, kind: str = "family") -> set[str]:
    return {row["id"] for row in list_records(country[office], kind)}


def test_a_record_goes_to_the_other_unit_whole_and_the_old_one_says_where(country: Country) -> None:
    town, old = country[TOWN], a_family_in(country)
    before = shown(town, old)["values"]
    done = transfer_records(town, [old], SIBLING)
    new = done.records[old]
    assert new == transferred_id("family", VILLAGE, old, SIBLING)
    assert living(country, TOWN) == {new}
    after = shown(town, new)
    assert (after["unit"], after["values"]["same_as"]) == (SIBLING, old)
    assert {name: value for name, value in after["values"].items() if not name.startswith("same_as")} == before
    assert [step["note"] for step in history(town, old)][-1] == "转到杏花村"
    for code in (VILLAGE, SIBLING):
        country.carry(town, country[code])
        assert digest(country[code], code) == digest(town, code)
    assert (living(country, VILLAGE), living(country, SIBLING)) == (set(), {new})
    assert all(check(country[code])["ok"] for code in (TOWN, VILLAGE, SIBLING))


def test_done_twice_it_is_one_record_and_nothing_more_is_written(country: Country) -> None:
    town, old = country[TOWN], a_family_in(country)
    first = transfer_records(town, [old], SIBLING)
    again = transfer_records(town, [old, old], SIBLING)
    assert (again.act, again.records) == ("", first.records)
    assert len(history(town, first.records[old])) == 1


def test_undone_it_is_as_before_and_can_be_done_again(country: Country) -> None:
    town, old = country[TOWN], a_family_in(country)
    done = transfer_records(town, [old], SIBLING)
    undo_act(town, done.act)
    assert living(country, TOWN) == {old}
    assert transfer_records(town, [old], SIBLING).records == done.records
    assert living(country, TOWN) == {done.records[old]}


def test_who_moves_on_and_back_is_one_person_with_all_that_was_given(country: Country) -> None:
    town = country[TOWN]
    person = added(country[VILLAGE], "person", name="于某某", id_number=ID).id
    country.carry(country[VILLAGE], town)
    aids = {add_record(town, "aid", {"program": "temporary_aid", "recipient": person, "amount": "200"}).id}
    where = person
    for unit in (SIBLING, VILLAGE):
        where = transfer_records(town, [where], unit).records[where]
        aids.add(add_record(town, "aid", {"program": "temporary_aid", "recipient": where, "amount": "200"}).id)
    assert living(country, TOWN, "person") == {where}
    assert {row["id"] for row in list_records(town, "aid", where={"recipient": where})} == aids
    assert len(start_form(town, "person", record=where, day=DAY).mentions) == 3


def test_two_cancers_follows_who_moved(country: Country) -> None:
    town = country[TOWN]
    person = add_record(town, "person", {"name": "于某某"}, unit=VILLAGE).id
    cancer = {"program": "two_cancers", "amount": "10000", "payment": "transfer", "date_from": "2019-05-01"}
    add_record(town, "aid", {**cancer, "recipient": person}, unit=VILLAGE)
    moved = transfer_records(town, [person], SIBLING).records[person]
    saved = add_record(town, "aid", {**cancer, "recipient": moved, "date_from": "2026-02-10"}, unit=SIBLING)
    assert "two-cancers-again" in {problem.code for problem in saved.problems}


def test_who_was_entered_at_the_new_place_before_is_suggested_there(country: Country) -> None:
    town = country[TOWN]
    first, second = (add_record(town, "person", {"name": "于某某", "id_number": ID}, unit=unit).id for unit in (VILLAGE, SIBLING))
    moved = transfer_records(town, [first], SIBLING).records[first]
    (pair,) = duplicates(town)
    assert set(pair["records"]) == {moved, second}


def test_a_village_that_is_merged_into_another_takes_everything_along_in_one_act(country: Country) -> None:
    town, village = country[TOWN], country[VILLAGE]
    family = added(village, "family").id
    person = added(village, "person", family=family).id
    added(village, "activity")
    deleted = added(village, "family", head="删去").id
    delete_records(village, [deleted])
    add_record(village, "unit_profile", {"year": 2025, "population": 1200})
    country.carry(village, town)
    done = transfer_all(town, VILLAGE, SIBLING)
    assert len(done.records) == 3
    assert {row["unit"] for kind in ("family", "person", "activity") for row in list_records(town, kind)} == {SIBLING}
    assert [row["unit"] for row in list_records(town, "unit_profile")] == [VILLAGE]  # its figures were its own
    assert shown(town, done.records[person])["values"]["family"] == family  # rewritten is nothing
    undo_act(town, done.act)
    assert {row["unit"] for row in list_records(town, "family")} == {VILLAGE}


def test_two_offices_that_transfer_the_same_record_make_one(country: Country) -> None:
    town, old = country[TOWN], a_family_in(country)
    county = a_county(country)
    country.carry(town, county)
    for unit in (VILLAGE, SIBLING):
        add_unit(county, unit, NAMES[unit])
    new = transferred_id("family", VILLAGE, old, SIBLING)
    assert [transfer_records(office, [old], SIBLING).records[old] for office in (town, county)] == [new, new]
    country.carry(county, town)
    country.carry(town, county)
    assert digest(town, SIBLING) == digest(county, SIBLING)
    assert living(country, TOWN) == living(country, COUNTY) == {new}
    assert shown(town, new)["conflicts"] == []


@pytest.mark.parametrize("case", ["far", "unknown", "same", "deleted", "no-code"])
def test_what_cannot_be_transferred_is_refused_and_nothing_is_written(country: Country, case: str) -> None:
    town, old = country[TOWN], a_family_in(country)
    to = {"far": FAR_VILLAGE, "unknown": THIRD, "same": VILLAGE, "deleted": SIBLING, "no-code": "12"}[case]
    if case == "deleted":
        delete_records(town, [old])
    with pytest.raises(InputProblem):
        transfer_records(town, [old], to)
    assert len(list_records(town, "family")) == (0 if case == "deleted" else 1)


def test_a_village_cannot_send_its_records_away(country: Country) -> None:
    old = a_family_in(country)
    village = country[VILLAGE]
    country.carry(country[TOWN], village)
    with pytest.raises((NotAllowed, InputProblem)):
        transfer_records(village, [old], SIBLING)
    assert living(country, VILLAGE) == {old}


def test_a_record_in_conflict_is_settled_first(country: Country) -> None:
    old = a_family_in(country)
    country.carry(country[TOWN], country[VILLAGE])
    edit_record(country[VILLAGE], old, {"head": "王方"})
    edit_record(country[TOWN], old, {"head": "汪芳"})
    country.carry(country[VILLAGE], country[TOWN])
    with pytest.raises(InputProblem, match="冲突"):
        transfer_records(country[TOWN], [old], SIBLING)


def test_what_a_unit_has_one_of_and_what_an_office_issues_is_not_transferred(country: Country) -> None:
    assert not {kind.code for kind in all_kinds() if kind.transferable} & {"unit_profile", "unit_name", "campaign"}
    town = country[TOWN]
    profile = add_record(town, "unit_profile", {"year": 2025, "population": 1200}, unit=VILLAGE).id
    with pytest.raises(InputProblem, match="只属于"):
        transfer_records(town, [profile], SIBLING)


def test_approvals_go_along(tmp_path: Path) -> None:
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        town = country[TOWN]
        add_unit(town, THIRD, "东沟村")
        approved = {"approval_township_result": "passed", "approval_township_date": "2026-03-01"}
        given = {"program": "temporary_aid", "recipient_name": "于某某", "amount": "200", **approved}
        record = add_record(town, "aid", given, unit=VILLAGE).id
        moved = transfer_records(town, [record], THIRD).records[record]
        assert shown(town, moved)["values"]["approval_township_result"] == "passed"


def test_what_a_higher_office_approved_is_that_offices_to_transfer(country: Country) -> None:
    town, county = country[TOWN], a_county(country)
    given = {"program": "temporary_aid", "recipient_name": "于某某", "amount": "200"}
    record = add_record(country[VILLAGE], "aid", given).id
    country.carry(country[VILLAGE], town)
    country.carry(town, county)
    edit_record(county, record, {"approval_county_result": "passed", "approval_county_date": "2026-03-01"})
    country.carry(county, town)
    with pytest.raises(NotAllowed):
        transfer_records(town, [record], SIBLING)
    assert living(country, TOWN, "aid") == {record}

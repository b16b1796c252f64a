"""两癌救助 that came together only by a merge: said in its report and on the first page (DESIGN §8)."""

from __future__ import annotations

import datetime

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import a_country

from fulian_desktop.services.conflicts import join_records
from fulian_desktop.services.office import Office
from fulian_desktop.services.overview import Matter, Task, overview
from fulian_desktop.services.receiving import merge
from fulian_desktop.services.records import delete_records, edit_record
from fulian_desktop.services.repeats import repeats

ID = "110101199003074514"
DAY = datetime.date(2026, 3, 9)


@pytest.fixture
def country(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        yield country


def given(office: Office, date: str, **person: str) -> tuple[str, str]:
    who = added(office, "person", **{"name": "于某某", **person}).id
    return who, added(office, "aid", program="two_cancers", recipient=who, date_from=date, amount="10000", payment="transfer").id


def tasks(office: Office) -> list[Task]:
    return [task for task in overview(office, DAY).tasks if task.what is Matter.TWICE]


def test_two_villages_that_gave_it_to_one_id_number_are_named_by_the_merge_that_brings_them_together(country) -> None:
    town = country[TOWN]
    _, first = given(country[VILLAGE], "2019-05-01", id_number=ID)
    _, second = given(country[SIBLING], "2026-02-10", id_number=ID)
    assert "twice" not in country.carry(country[VILLAGE], town)
    report = country.carry(country[SIBLING], town)
    (one,) = report["twice"]
    assert (one["name"], set(one["records"]), set(one["units"])) == ("于某某", {first, second}, {VILLAGE, SIBLING})
    (task,) = tasks(town)
    assert (task.count, task.names, task.about) == (1, ("于某某",), "two_cancers")
    assert tasks(country[VILLAGE]) == tasks(country[SIBLING]) == []
    added(country[SIBLING], "family")
    assert "twice" not in country.carry(country[SIBLING], town)  # that package has nothing to do with it


def test_the_window_is_told_in_a_sentence(country) -> None:
    given(country[VILLAGE], "2019-05-01", id_number=ID)
    given(country[SIBLING], "2026-02-10", id_number=ID)
    files = [country.packed(country[code], TOWN) for code in (VILLAGE, SIBLING)]
    (said,) = merge(country[TOWN], files).warnings
    assert said.startswith("两癌救助有 1 人登记了不止一次：于某某。")


@pytest.mark.parametrize("how", ["reason", "refused", "deleted", "one"])
def test_what_is_explained_or_was_not_given_is_no_doubt(country, how: str) -> None:
    town = country[TOWN]
    _, first = given(town, "2019-05-01", id_number=ID)
    if how != "one":
        given(town, "2026-02-10", id_number=ID)
        assert len(repeats(town)) == 1
    if how == "reason":
        edit_record(town, first, {"override_reason": "2019 年那一笔退回了"})
    elif how == "refused":
        edit_record(town, first, {"approval_township_result": "rejected"})
    elif how == "deleted":
        delete_records(town, [first])
    assert repeats(town) == []


def test_joined_records_are_one_person_and_other_names_are_not(country) -> None:
    town = country[TOWN]
    (first, _), (second, _) = given(town, "2019-05-01", id_number=ID), given(town, "2026-02-10", name="于小某")
    given(town, "2026-02-11", name="周某")
    assert repeats(town) == []
    join_records(town, first, second)
    assert [len(one.records) for one in repeats(town)] == [2]

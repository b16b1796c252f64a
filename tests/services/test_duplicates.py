"""Duplicates are suggested, never joined by themselves; joining rewrites nothing, clearing undoes it (DESIGN §4, §8)."""

from __future__ import annotations

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import a_country, digest, shown

from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.services.conflicts import duplicates, join_records
from fulian_desktop.services.records import edit_record

ID = "110101199003074514"


@pytest.fixture
def twice(tmp_path):
    """One woman entered by two villages."""
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        first = added(country[VILLAGE], "person", name="李秀英", id_number=ID).id
        second = added(country[SIBLING], "person", name="李秀瑛", id_number=ID).id
        for code in (VILLAGE, SIBLING):
            country.carry(country[code], country[TOWN])
        yield country, first, second


def test_the_same_id_number_from_two_villages_is_a_firm_suggestion_and_nothing_more(twice):
    country, first, second = twice
    (pair,) = duplicates(country[TOWN])
    assert pair["certainty"] == "firm"
    assert set(pair["records"]) == {first, second}
    assert set(pair["units"]) == {VILLAGE, SIBLING}
    for record in (first, second):
        assert "same_as" not in shown(country[TOWN], record)["values"]


def test_joining_sets_one_reference_travels_and_is_undone_by_clearing_it(twice):
    country, first, second = twice
    town = country[TOWN]
    untouched = shown(town, first)
    join_records(town, first, second)
    assert shown(town, first) == untouched
    assert shown(town, second)["values"]["same_as"] == first
    assert duplicates(town) == []
    country.carry(town, country[SIBLING])
    assert shown(country[SIBLING], second)["values"]["same_as"] == first
    assert digest(country[SIBLING], SIBLING) == digest(town, SIBLING)
    edit_record(town, second, {"same_as": ""})
    assert len(duplicates(town)) == 1


def test_the_same_name_and_birth_date_in_one_village_is_a_soft_suggestion(country):
    village = country[VILLAGE]
    added(village, "person", name="李秀英", birth_date="1990-03-07")
    added(village, "person", name="李秀英", birth_date="1990-03-07")
    added(village, "person", name="李秀英", birth_date="1991-03-07")
    (pair,) = duplicates(village)
    assert pair["certainty"] == "soft"
    assert pair["names"] == ["李秀英", "李秀英"]


def test_three_of_one_kind_are_each_suggested(country):
    village = country[VILLAGE]
    for _ in range(3):
        added(village, "person", name="李秀英", id_number=ID)
    found = {frozenset(p["records"]) for p in duplicates(village)}
    assert len(found) >= 2
    assert len(set().union(*found)) == 3


def test_what_is_no_pair_is_not_joined(country):
    village = country[VILLAGE]
    person, family = added(village, "person").id, added(village, "family").id
    for keep, other in ((person, person), (person, family)):
        with pytest.raises(InputProblem, match="不是同一类"):
            join_records(village, keep, other)
    with pytest.raises(NotFound):
        join_records(village, person, "0" * 32)

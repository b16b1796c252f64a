"""Duplicates are suggested, never joined by themselves; joining rewrites nothing, clearing undoes it (DESIGN §4, §8)."""

from __future__ import annotations

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import a_country, a_county, digest, shown

from fulian_desktop.domain.forms import cells_of, value_text
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.ledger.json import canonical
from fulian_desktop.services.conflicts import conflicts, duplicates, join_records
from fulian_desktop.services.pairing import compare, part_records, parted_pairs, suspected_pairs, unpart_records
from fulian_desktop.services.records import add_record, edit_record, history, undo_act
from fulian_desktop.sheets.columns import columns_of

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
    added(village, "person", name="李秀英", birth_date="1956-11-20")
    (pair,) = duplicates(village)
    assert pair["certainty"] == "soft"
    assert pair["names"] == ["李秀英", "李秀英"]


WHO = {"name": "李秀英", "birth_date": "1990-03-07", "phone": "13800135721", "address": "3组12号"}
OTHERWISE = {
    "moved, without an ID number": ({"unit": SIBLING, "phone": "", "address": "1组1号"}, True),
    "moved, another birthday by a slip": ({"unit": SIBLING, "address": "1组1号", "birth_date": "1990-07-03"}, True),
    "the name misread": ({"name": "季秀英", "address": ""}, True),
    "the name misheard, another number": ({"name": "李秀瑛", "phone": "15900001111"}, True),
    "nothing but the name": ({"birth_date": "", "phone": "", "address": ""}, True),
    "nothing but the name, elsewhere": ({"unit": SIBLING, "birth_date": "", "phone": "", "address": ""}, False),
    "her sister at the same telephone": ({"name": "李秀兰", "birth_date": "1994-11-23"}, False),
    "her mother at the same telephone": ({"name": "张桂芳", "birth_date": "1962-05-01"}, False),
    "the same telephone and name, another birthday": ({"unit": SIBLING, "birth_date": "1990-03-28", "address": ""}, True),
    "somebody of that name, another birthday": ({"phone": "15900001111", "address": "1组1号", "birth_date": "1956-11-20"}, False),
}


@pytest.mark.parametrize(("other", "suggested"), OTHERWISE.values(), ids=OTHERWISE)
def test_who_was_entered_otherwise_is_suggested_and_who_is_somebody_else_is_not(country, other, suggested):
    town = country[TOWN]
    first = add_record(town, "person", WHO, unit=VILLAGE).id
    typed = {**WHO, **other}
    second = add_record(town, "person", typed, unit=typed.pop("unit", VILLAGE)).id
    assert [set(pair["records"]) for pair in duplicates(town)] == ([{first, second}] if suggested else [])


def test_two_id_numbers_that_are_more_than_a_slip_apart_are_two_people(country):
    town = country[TOWN]
    for number in (ID, "110101199003072316"):
        add_record(town, "person", {**WHO, "id_number": number}, unit=VILLAGE)
    assert duplicates(town) == []
    add_record(town, "person", {**WHO, "id_number": ID.replace("74514", "74541")}, unit=VILLAGE)
    assert len(duplicates(town)) == 1


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


# --- two that are not the same -------------------------------------------------------------------------------


def test_two_judged_not_to_be_the_same_do_not_come_back_at_any_office(twice):
    country, first, second = twice
    town = country[TOWN]
    before = {record: shown(town, record)["values"] for record in (first, second)}
    part_records(town, first, second)
    assert duplicates(town) == []
    after = {record: shown(town, record)["values"] for record in (first, second)}
    assert after[first] == before[first]
    assert {name: value for name, value in after[second].items() if name != "not_same"} == before[second]
    county = a_county(country)
    country.carry(town, county)
    assert duplicates(county) == []
    assert digest(county, TOWN) == digest(town, TOWN)
    country.carry(town, country[SIBLING])
    assert digest(country[SIBLING], SIBLING) == digest(town, SIBLING)


def test_a_judgement_is_taken_back_by_undo_or_from_the_list_of_those_judged(twice):
    country, first, second = twice
    town = country[TOWN]
    saved = part_records(town, first, second)
    (pair,) = parted_pairs(town).pairs
    assert set(pair.records) == {first, second}
    assert set(pair.names) == {"李秀英", "李秀瑛"}
    undo_act(town, saved.act)
    assert len(duplicates(town)) == 1
    assert parted_pairs(town).pairs == ()
    part_records(town, first, second)
    unpart_records(town, second, first)
    assert len(duplicates(town)) == 1
    with pytest.raises(InputProblem, match="没有判过"):
        unpart_records(town, first, second)


def test_two_offices_that_judge_alike_without_knowing_of_each_other_do_not_disagree(twice):
    country, first, second = twice
    town, county = country[TOWN], a_county(country)
    country.carry(town, county)
    for office in (town, county):
        part_records(office, first, second)
    country.carry(town, county)
    country.carry(county, town)
    for office in (town, county):
        assert conflicts(office) == []
        assert duplicates(office) == []
        assert len(parted_pairs(office).pairs) == 1


def test_judging_twice_or_what_is_no_pair_is_refused(twice):
    country, first, second = twice
    town = country[TOWN]
    part_records(town, first, second)
    for pair in ((first, second), (second, first)):
        with pytest.raises(InputProblem, match="判过"):
            part_records(town, *pair)
    with pytest.raises(InputProblem, match="不是同一类"):
        part_records(town, first, first)
    with pytest.raises(NotFound):
        part_records(town, first, "0" * 32)


def test_of_three_alike_each_judgement_leaves_the_others_to_be_judged(country):
    village = country[VILLAGE]
    records = {added(village, "person", name="李秀英", id_number=ID).id for _ in range(3)}
    judged = []
    while pairs := duplicates(village):
        part_records(village, *pairs[0]["records"])
        judged.append(frozenset(pairs[0]["records"]))
    assert len(judged) == len(set(judged)) == 3
    assert set().union(*judged) == records


def test_a_judgement_stands_on_no_form_or_sheet_and_in_the_history_as_words(twice):
    country, first, second = twice
    part_records(country[TOWN], first, second)
    for kind in all_kinds():
        assert not {cell.field.code for cell in cells_of(kind)} & {"not_same", "same_as"}
        assert not {column.field.code for column in columns_of(kind)} & {"not_same", "same_as"}
    (said,) = [line for line in history(country[TOWN], second) if any(":" in code for code in line["values"])]
    ((code, value),) = said["values"].items()
    declared = kind_of("person").field(code)
    assert (declared.label, value_text(declared, value)) == ("不是同一个", "一条记录")
    assert value_text(declared, None) == ""
    assert canonical(value) == canonical({"id": first, "unit": VILLAGE})
    assert all(line.label != "不是同一个" for line in compare(country[TOWN], (first, second)).lines)


# --- a page at a time ----------------------------------------------------------------------------------------


def _pages(office, limit, read=suspected_pairs):
    page = read(office, limit=limit)
    yield page.pairs
    while page.next is not None:
        page = read(office, page.next, limit=limit)
        yield page.pairs


@pytest.fixture
def many(country):
    """Firm and soft pairs of both kinds, some found by several rules, one group of four."""
    village = country[VILLAGE]
    for number in range(5):
        for _ in range(2):
            added(village, "person", name=f"李秀{'一二三四五'[number]}", birth_date=f"1990-03-0{number + 1}", address="二组")
    for _ in range(4):
        added(village, "person", name="赵敏", id_number=ID)
    for address in ("一组 1 号", "一组 2 号"):
        for _ in range(2):
            added(village, "family", head="王秀英", address=address)
    return village


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_any_length_give_every_pair_once_and_the_firm_ones_first(many, limit):
    whole = suspected_pairs(many, limit=None).pairs
    pages = list(_pages(many, limit))
    assert [pair for page in pages for pair in page] == list(whole)
    assert all(len(page) == limit for page in pages[:-1])
    assert len({pair.records for pair in whole}) == len(whole)
    certainties = [pair.certainty for pair in whole]
    assert certainties == sorted(certainties)
    assert certainties.count("firm") == 3


def test_a_pair_that_is_decided_meanwhile_shifts_no_page(many):
    whole = [pair.records for pair in suspected_pairs(many, limit=None).pairs]
    page = suspected_pairs(many, limit=4)
    for pair in page.pairs[:2]:
        part_records(many, *pair.records)
    rest = [pair.records for pair in suspected_pairs(many, page.next, limit=None).pairs]
    assert rest == whole[4:]


@pytest.fixture
def judged(many):
    """Everything that was suspected is judged: a record of the group of four says of three others that it is none of them."""
    while pairs := suspected_pairs(many).pairs:
        for pair in pairs:
            part_records(many, *pair.records)
    return many


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_pages_of_what_was_judged_give_every_pair_once(judged, limit):
    whole = parted_pairs(judged, limit=None).pairs
    pages = list(_pages(judged, limit, parted_pairs))
    assert [pair for page in pages for pair in page] == list(whole)
    assert all(len(page) == limit for page in pages[:-1])
    assert len({pair.records for pair in whole}) == len(whole) > 10
    assert {pair.kind for pair in whole} == {"person", "family"}


def test_a_judgement_that_is_taken_back_meanwhile_shifts_no_page(judged):
    whole = [pair.records for pair in parted_pairs(judged, limit=None).pairs]
    page = parted_pairs(judged, limit=4)
    for pair in page.pairs[2:]:
        unpart_records(judged, *pair.records)
    assert [pair.records for pair in parted_pairs(judged, page.next, limit=None).pairs] == whole[4:]

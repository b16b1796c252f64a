"""Records that were judged to be one: what refers to one of them shows under all, rewrites nothing, is undone (DESIGN §4)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import a_country, digest

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.services.conflicts import join_records
from fulian_desktop.services.entering import start_form
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import delete_records, edit_record, undo_act
from fulian_desktop.store.joining import group_of

DAY = datetime.date(2026, 3, 9)


@pytest.fixture
def town(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        yield country[TOWN]


def people(office: Office, count: int) -> list[str]:
    return [added(office, "person", name=f"王芳{n}").id for n in range(count)]


def aided(office: Office, person: str, program: str = "temporary_aid", **more: str) -> str:
    return added(office, "aid", program=program, recipient=person, date_from="2026-02-10", amount="200", **more).id


def listed(office: Office, person: str) -> set[str]:
    return {row["id"] for row in list_records(office, "aid", where={"recipient": person})}


CHAINS = {
    "two": [(1, 0)],
    "a chain": [(1, 0), (2, 1), (3, 2)],
    "a star": [(1, 0), (2, 0), (3, 0)],
    "a circle": [(1, 0), (2, 1), (0, 2)],
    "each the other": [(1, 0), (0, 1)],
    "a chain into a circle": [(1, 0), (0, 1), (2, 1), (3, 2)],
}


@pytest.mark.parametrize("pairs", CHAINS.values(), ids=CHAINS)
def test_what_refers_to_one_shows_under_all_of_them(town: Office, pairs: Sequence[tuple[int, int]]) -> None:
    persons = people(town, 4)
    aids = [aided(town, person) for person in persons]
    before = digest(town, VILLAGE)
    for other, keep in pairs:
        edit_record(town, persons[other], {"same_as": persons[keep]})
    one = {number for pair in pairs for number in pair}
    for number in range(4):
        wanted = {aids[n] for n in one} if number in one else {aids[number]}
        assert listed(town, persons[number]) == wanted
        mentions = start_form(town, "person", record=persons[number], day=DAY).mentions
        assert len([m for m in mentions if m.title == "帮扶救助：临时救助"]) == len(wanted)
        assert len([m for m in mentions if m.title.startswith("同一个：")]) == (len(one) - 1 if number in one else 0)
    assert [row["values"]["recipient"] for row in list_records(town, "aid")] == persons  # nothing is rewritten
    assert digest(town, VILLAGE) == before  # it lies in the township's own records


def test_joining_is_undone_by_undoing_the_act_and_by_taking_the_reference_away(town: Office) -> None:
    first, second = people(town, 2)
    aids = {aided(town, first), aided(town, second)}
    act = join_records(town, first, second).act
    assert listed(town, first) == listed(town, second) == aids
    undo_act(town, act)
    assert len(listed(town, first)) == len(listed(town, second)) == 1
    join_records(town, first, second)
    edit_record(town, second, {"same_as": ""})
    assert len(listed(town, first)) == 1
    assert group_of(town.workspace.db, kind_of("person"), first) == [first]


def test_a_deleted_record_in_between_still_joins_its_neighbours(town: Office) -> None:
    first, second, third = people(town, 3)
    aids = {aided(town, first), aided(town, third)}
    join_records(town, first, second)
    join_records(town, second, third)
    delete_records(town, [second])
    assert listed(town, first) == listed(town, third) == aids


def test_records_that_were_joined_already_are_not_joined_again(town: Office) -> None:
    first, second, third = people(town, 3)
    join_records(town, first, second)
    join_records(town, second, third)
    for keep, other in ((first, second), (second, first), (first, third), (third, first)):
        with pytest.raises(InputProblem, match="已经"):
            join_records(town, keep, other)


def test_titles_entered_or_won_show_under_both_families(town: Office) -> None:
    families = [added(town, "family", head=head).id for head in ("王芳", "王方")]
    honor = {"holder_type": "family", "title": "most_beautiful_family", "level": "county", "date": "2024-05-15"}
    added(town, "honor", holder=families[0], **honor)
    join_records(town, *families)
    for family in families:
        (shown,) = start_form(town, "family", record=family, day=DAY).honors
        assert (shown.title, shown.about) == ("最美家庭", "县级，2024")


def test_a_record_joined_at_the_township_is_one_in_the_village_too(tmp_path) -> None:
    with a_country(tmp_path, VILLAGE) as country:
        village, town = country[VILLAGE], country[TOWN]
        first, second = people(village, 2)
        aids = {aided(village, first), aided(village, second)}
        country.carry(village, town)
        join_records(town, first, second)
        country.carry(town, village)
        assert listed(village, first) == listed(village, second) == aids

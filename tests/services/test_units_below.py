"""Naming the units below: checked before anything is written, the official list beside what is named."""

from __future__ import annotations

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, a_township, a_village
from tests.e2e.builders import whole_database

from fulian_desktop.domain import divisions
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.services.units_below import UnitBelow, check_unit, register_units, units_below

OFFICIAL = [(VILLAGE, "柳树湾村"), (SIBLING, "杏花村")]


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.setattr(divisions, "children", lambda code: OFFICIAL if code == TOWN else [])
    with a_township(tmp_path / "town") as office:
        yield office


def test_what_is_named_is_listed_and_the_official_list_has_the_rest(town):
    assert units_below(town).official == tuple(OFFICIAL)
    assert register_units(town, [(VILLAGE, " 柳树湾村 ")]) == 1
    below = units_below(town)
    assert below.units == (UnitBelow(VILLAGE, "柳树湾村", joined=False),)
    assert below.official == (OFFICIAL[1],)


def test_naming_a_unit_again_renames_it(town):
    register_units(town, OFFICIAL)
    register_units(town, [(VILLAGE, "新柳村")])
    assert [unit.name for unit in units_below(town).units] == ["新柳村", "杏花村"]


def test_a_village_has_nothing_below(tmp_path):
    with a_village(tmp_path / "v") as village:
        below = units_below(village)
        assert (below.units, below.official) == ((), ())


@pytest.mark.parametrize(
    ("code", "name", "why"),
    [("140702101", "甲村", "unit-code"), ("14070210120１", "甲村", "unit-code"), ("140702102201", "甲村", "unit-code"),
     (TOWN, "甲村", "unit-code"), (VILLAGE, " ", "unit-name"), (VILLAGE, "村" * 41, "unit-name")],
)
def test_what_cannot_be_named_is_refused_before_the_first_is_written(town, code, name, why):
    before = whole_database(town)
    with pytest.raises(InputProblem) as caught:
        register_units(town, [(SIBLING, "杏花村"), (code, name)])
    assert caught.value.code == why
    assert whole_database(town) == before


def test_cancelled_between_two_it_keeps_whole_ones(town):
    told: list[int] = []
    with pytest.raises(Cancelled):
        register_units(town, OFFICIAL, Progress(lambda done, _total, _what: told.append(done), lambda: len(told) > 0))
    assert [unit.name for unit in units_below(town).units] == ["柳树湾村"]


def test_a_checked_unit_is_cleaned():
    assert check_unit(TOWN, f" {VILLAGE} ", "  柳树湾村 ") == (VILLAGE, "柳树湾村")

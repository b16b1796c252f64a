"""What waits to be handed in: over all epochs of an installation, and only where somebody is above."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import COUNTY, PASSPHRASE, TOWN, VILLAGE, a_township, added
from tests.e2e.builders import Country, a_country, a_county

from fulian_desktop.services import upkeep
from fulian_desktop.services.exchanging import export_package, merge_packages, undo_import
from fulian_desktop.services.office import open_office
from fulian_desktop.services.unsent import unsent_changes


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path) as made:
        yield made


def test_what_was_entered_before_an_import_was_undone_still_waits(country: Country):
    a_county(country)
    village, town = country[VILLAGE], country[TOWN]
    added(town, "activity")
    added(town, "activity")
    added(village, "activity")
    report = merge_packages(town, [country.packed(village, TOWN)])
    undo_import(town, report["packages"][0]["package"])
    assert unsent_changes(town) == 2
    added(town, "activity")
    assert unsent_changes(town) == 3, "of the new epoch too"
    export_package(town, COUNTY, country.stick())
    assert unsent_changes(town) == 0, "the package held what was written in both"


def test_in_a_restored_workspace_waits_what_waited_in_its_backup(country: Country, tmp_path: Path):
    village = country[VILLAGE]
    export_package(village, "up", country.stick())
    added(village, "family")
    upkeep.backup(village, tmp_path / "柳树湾.flbak")
    upkeep.restore(tmp_path / "柳树湾.flbak", tmp_path / "restored", PASSPHRASE)
    with open_office(tmp_path / "restored", PASSPHRASE) as restored:
        assert restored.workspace.epoch != village.workspace.epoch
        assert unsent_changes(restored) == 1


def test_what_the_office_above_says_it_holds_does_not_wait_though_no_package_is_known_here(country: Country, tmp_path: Path):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "family")
    upkeep.backup(village, tmp_path / "柳树湾.flbak")
    country.carry(village, town)
    upkeep.restore(tmp_path / "柳树湾.flbak", tmp_path / "restored", PASSPHRASE)
    with open_office(tmp_path / "restored", PASSPHRASE) as restored:
        assert unsent_changes(restored) == 1
        merge_packages(restored, [country.packed(town, VILLAGE)])
        assert unsent_changes(restored) == 0


def test_an_office_that_knows_the_one_above_by_name_only_has_nobody_to_hand_in_to(tmp_path: Path):
    with a_township(tmp_path / "town") as town:
        added(town, "activity")
        assert town.parent
        assert unsent_changes(town) is None

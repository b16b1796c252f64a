"""Undo of an import caps streams and deletes nothing; what depended on it waits; the same package brings it back (DESIGN §8)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added, reopened
from tests.e2e.builders import a_campaign, a_country, a_county, a_nomination, adds_up, digest, shown, states

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.services.conflicts import conflicts
from fulian_desktop.services.exchanging import export_package, imports, merge_packages, undo_import
from fulian_desktop.services.office import notice_copy
from fulian_desktop.services.records import edit_record
from fulian_desktop.store import queries


@pytest.fixture
def two(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        yield country


def _merged(office, package):
    report = merge_packages(office, [Path(package)])
    assert states(report) == ["merged"], report
    return report["packages"][0]["package"]


def _titles(office):
    return sorted(r.flat["title"] for r in queries.list_rows(office.workspace.db, kind_of("activity")))


def _states_of_findings(office):
    return sorted(f["state"] for f in queries.findings(office.workspace.db))


def test_after_an_undo_the_records_are_as_if_it_had_never_been_imported(two):
    village, town = two[VILLAGE], two[TOWN]
    record = added(village, "activity", title="一月").id
    _merged(town, two.packed(village, TOWN))
    before = digest(town)
    edit_record(village, record, {"title": "改过的"})
    added(village, "activity", title="二月")
    package = _merged(town, two.packed(village, TOWN))
    assert _titles(town) == ["二月", "改过的"]
    undone = undo_import(town, package)
    assert undone["records"] == 2
    assert undone["forwarded"] == []
    assert _titles(town) == ["一月"]
    assert digest(town) == before


def test_the_other_villages_records_stay_when_one_import_is_undone(two):
    town = two[TOWN]
    added(two[VILLAGE], "activity", title="甲")
    added(two[SIBLING], "activity", title="乙")
    stick = two.stick()
    export_package(two[VILLAGE], "up", stick)
    export_package(two[SIBLING], "up", stick)
    report = merge_packages(town, [stick])
    package = next(p["package"] for p in report["packages"] if p["unit"] == VILLAGE)
    undo_import(town, package)
    assert _titles(town) == ["乙"]


def test_what_this_office_issued_between_the_import_and_its_undo_stays(two):
    village, town = two[VILLAGE], two[TOWN]
    campaign = a_campaign(town, title="早先的评选")
    two.carry(town, village)
    added(village, "activity")
    (written,) = export_package(village, "up", two.stick(), full=True)  # it carries the township's own stream too
    package = _merged(town, written["file"])
    later = a_campaign(town, title="后来的评选")
    undo_import(town, package)
    assert {r.id for r in queries.list_rows(town.workspace.db, kind_of("campaign"))} == {campaign, later}
    assert _states_of_findings(town) == []
    digest(town)


def test_merging_the_same_package_again_lifts_its_caps(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity", title="一月")
    path = two.packed(village, TOWN)
    package = _merged(town, path)
    whole = digest(town)
    undo_import(town, package)
    assert digest(town) != whole
    again = merge_packages(town, [path])
    assert adds_up(again)
    assert _titles(town) == ["一月"]
    assert digest(town) == whole
    assert imports(town)[0]["undone_at"] is None


def test_another_package_with_the_same_segments_waits_and_says_when_it_was_undone(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity", title="一月")
    package = _merged(town, two.packed(village, TOWN))
    undo_import(town, package)
    before = digest(town)
    report = merge_packages(town, [two.packed(village, TOWN)])
    (line,) = report["packages"]
    assert line["state"] == "waiting"
    assert "撤销" in line["reason"]
    assert "年" in line["reason"], "the day is said"
    assert digest(town) == before
    assert adds_up(report)


def test_later_packages_of_that_village_wait_until_the_undone_one_is_merged_again(two):
    village, town = two[VILLAGE], two[TOWN]
    record = added(village, "activity", title="一月").id
    first_path = two.packed(village, TOWN)
    first = _merged(town, first_path)
    undo_import(town, first)
    edit_record(village, record, {"title": "改过的"})
    added(village, "activity", title="二月")
    later = merge_packages(town, [two.packed(village, TOWN)])
    assert states(later) == ["waiting"]
    assert _titles(town) == []
    assert adds_up(later)
    merge_packages(town, [first_path])
    assert _titles(town) == ["二月", "改过的"]
    assert digest(town, VILLAGE) == digest(village, VILLAGE)


def test_a_later_import_that_is_undone_does_not_touch_an_earlier_one(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity", title="一月")
    _merged(town, two.packed(village, TOWN))
    added(village, "activity", title="二月")
    path = two.packed(village, TOWN)
    second = _merged(town, path)
    undo_import(town, second)
    assert _titles(town) == ["一月"]
    merge_packages(town, [path])
    assert _titles(town) == ["一月", "二月"]


def test_undoing_the_earlier_of_two_imports_caps_the_later_one_too_and_both_come_back(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity", title="一月")
    first_path = two.packed(village, TOWN)
    first = _merged(town, first_path)
    added(village, "activity", title="二月")
    second_path = two.packed(village, TOWN)
    second = _merged(town, second_path)
    whole = digest(town)
    undo_import(town, first)
    assert _titles(town) == [], "what lies beyond the cap is without effect"
    undo_import(town, second)
    merge_packages(town, [first_path])
    assert _titles(town) == ["一月"], "the lowest cap that is left holds"
    merge_packages(town, [second_path])
    assert digest(town) == whole


def test_own_edits_on_top_of_an_undone_import_wait_are_listed_and_come_back(two):
    village, town = two[VILLAGE], two[TOWN]
    record = added(village, "activity", title="一月").id
    path = two.packed(village, TOWN)
    package = _merged(town, path)
    edit_record(town, record, {"place": "文化广场"})
    own = added(town, "activity", title="镇里自己的").id
    whole = digest(town)
    undo_import(town, package)
    assert _titles(town) == ["镇里自己的"]
    assert _states_of_findings(town) == ["waiting"]
    assert shown(town, own)["values"]["title"] == "镇里自己的"
    merge_packages(town, [path])
    assert digest(town) == whole
    assert _states_of_findings(town) == []
    assert shown(town, record)["values"]["place"] == "文化广场"


def test_what_still_stands_after_an_undo_is_edited_as_before(two):
    village, town = two[VILLAGE], two[TOWN]
    record = added(village, "activity", title="一月").id
    _merged(town, two.packed(village, TOWN))
    edit_record(village, record, {"title": "二月"})
    package = _merged(town, two.packed(village, TOWN))
    edit_record(town, record, {"place": "文化广场"})
    undo_import(town, package)
    assert shown(town, record)["values"]["title"] == "一月"
    assert shown(town, record)["values"].get("place") is None, "what stood on the undone change waits"
    edit_record(town, record, {"place": "村委会"})
    assert shown(town, record)["values"]["place"] == "村委会"
    assert _states_of_findings(town) == ["waiting"]
    digest(town)


def test_an_approval_given_after_the_import_waits_when_the_nomination_is_undone(two):
    village, town = two[VILLAGE], two[TOWN]
    campaign = a_campaign(town)
    two.carry(town, village)
    nomination = a_nomination(village, campaign)
    path = two.packed(village, TOWN)
    package = _merged(town, path)
    edit_record(town, nomination, {"approval_result": "通过", "approval_date": "2024-05-01"})
    undo_import(town, package)
    assert list(queries.list_rows(town.workspace.db, kind_of("nomination"))) == []
    merge_packages(town, [path])
    assert shown(town, nomination)["stage"] == "approved"


def test_what_was_undone_is_not_passed_on_and_the_report_names_what_was(two):
    county = a_county(two)
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity", title="一月")
    package = _merged(town, two.packed(village, TOWN))
    up = two.packed(town, county.unit)
    undone = undo_import(town, package)
    assert [f["to"] for f in undone["forwarded"]] == [county.unit]
    later = two.packed(town, county.unit, full=True)
    merge_packages(county, [later])
    assert _titles(county) == []
    merge_packages(county, [up])
    assert _titles(county) == ["一月"], "an undo is local"


def test_an_undo_mints_a_new_epoch_and_the_next_start_takes_it_for_no_copy(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity", title="一月")
    package = _merged(town, two.packed(village, TOWN))
    export_package(town, "all-below", two.stick())
    old = town.workspace.epoch
    undo_import(town, package)
    new = town.workspace.epoch
    assert new != old
    town = two.offices[TOWN] = reopened(town)
    assert notice_copy(town) is False
    assert town.workspace.epoch == new


def test_edits_made_after_an_undo_reach_the_village(two):
    village, town = two[VILLAGE], two[TOWN]
    record = added(village, "activity", title="一月").id
    _merged(town, two.packed(village, TOWN))
    added(village, "activity", title="二月")
    package = _merged(town, two.packed(village, TOWN))
    edit_record(town, record, {"organizer": "镇妇联"})
    undo_import(town, package)
    edit_record(town, record, {"place": "文化广场"})
    report = two.carry(town, village)
    assert states(report) == ["merged"]
    values = shown(village, record)["values"]
    assert (values["organizer"], values["place"]) == ("镇妇联", "文化广场")
    assert conflicts(village) == []


def test_undoing_twice_or_what_never_came_is_refused_with_a_sentence(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity")
    package = _merged(town, two.packed(village, TOWN))
    undo_import(town, package)
    with pytest.raises(InputProblem, match="已经撤销过"):
        undo_import(town, package)
    with pytest.raises(NotFound, match="没有合并过"):
        undo_import(town, "f" * 32)


def test_the_list_of_imports_keeps_counts_and_the_undo(two):
    village, town = two[VILLAGE], two[TOWN]
    added(village, "activity")
    package = _merged(town, two.packed(village, TOWN))
    (line,) = [i for i in imports(town) if i["package"] == package]
    assert (line["unit"], line["state"], line["added"], line["undone_at"]) == (VILLAGE, "merged", 1, None)
    undo_import(town, package)
    (line,) = [i for i in imports(town) if i["package"] == package]
    assert line["undone_at"] is not None

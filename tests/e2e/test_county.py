"""A county above a township that is there already: it verifies the villages' own signatures (DESIGN §5, §6)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.builders import COUNTY, SIBLING, TOWN, VILLAGE, a_village, added
from tests.e2e.builders import a_campaign, a_country, a_county, a_nomination, adds_up, digest, opened, shown, states

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services.exchanging import merge_packages
from fulian_desktop.services.records import edit_record
from fulian_desktop.store import queries


@pytest.fixture
def district(tmp_path):
    """Two villages and their township with records of their own, and a county that came later."""
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        for code in (VILLAGE, SIBLING):
            added(country[code], "activity", title=f"{code}的活动")
            country.carry(country[code], country[TOWN])
        added(country[TOWN], "activity", title="镇里的活动")
        a_county(country)
        yield country


def test_a_county_that_comes_later_gets_the_whole_township_through_its_first_package(district):
    county, town = district[COUNTY], district[TOWN]
    titles = {r.flat["title"] for r in queries.list_rows(county.workspace.db, kind_of("activity"))}
    assert titles == {f"{VILLAGE}的活动", f"{SIBLING}的活动", "镇里的活动"}
    assert digest(county, TOWN) == digest(town, TOWN)


def test_the_county_verifies_the_villages_own_signatures_inside_the_townships_package(district):
    county, town = district[COUNTY], district[TOWN]
    package = opened(county, district.packed(town, COUNTY, full=True))
    signers = {v.header.unit: v.signer for v in package.segments if v.header.cls == "ordinary"}
    assert {unit: s.unit for unit, s in signers.items()} == {VILLAGE: VILLAGE, SIBLING: SIBLING, TOWN: TOWN}
    assert signers[VILLAGE].key == district[VILLAGE].keys.key
    assert package.problems == ()
    kept = {bytes(h) for (h,) in district[VILLAGE].workspace.db.execute("SELECT header FROM segment")}
    assert {v.segment.header for v in package.segments if v.header.unit == VILLAGE} <= kept, "passed on byte for byte"


def test_joining_a_county_changes_nothing_of_what_is_signed_already(district):
    town = district[TOWN]
    assert shown(town, next(queries.list_rows(town.workspace.db, kind_of("activity"))).id)
    edits = [bytes(s) for (s,) in district[VILLAGE].workspace.db.execute("SELECT signature FROM segment")]
    county = [bytes(s) for (s,) in district[COUNTY].workspace.db.execute("SELECT signature FROM segment")]
    assert set(edits) <= set(county)


def test_what_the_county_issues_reaches_the_villages_through_the_township(district):
    county, town, village = district[COUNTY], district[TOWN], district[VILLAGE]
    campaign = a_campaign(county, title="县里的评选")
    district.carry(county, town)
    report = district.carry(town, village)
    assert states(report) == ["merged"]
    assert report["packages"][0]["problems"] == [], "the township vouches for the county"
    assert shown(village, campaign)["values"]["title"] == "县里的评选"
    nomination = a_nomination(village, campaign)
    district.carry(village, town)
    district.carry(town, county)
    edit_record(county, nomination, {"approval_result": "通过", "approval_date": "2024-05-01"})
    district.carry(county, town)
    district.carry(town, village)
    for office in (county, town, village):
        assert shown(office, nomination)["stage"] == "approved"
        assert shown(office, nomination)["stage_label"] == "审批通过 县"
    assert digest(village, VILLAGE) == digest(county, VILLAGE)


def test_a_village_that_joins_later_believes_the_county_from_the_invitation_on(district):
    county, town = district[COUNTY], district[TOWN]
    campaign = a_campaign(county, title="县里的评选")
    district.carry(county, town)
    third = district.offices["140702101203"] = a_village(district.folder / "third", "140702101203")
    district.enrol(third, town)
    assert shown(third, campaign)["values"]["title"] == "县里的评选"


def test_a_change_of_the_countys_conflicts_with_the_villages_at_every_level_alike(district):
    county, town, village = district[COUNTY], district[TOWN], district[VILLAGE]
    record = next(r.id for r in queries.list_rows(village.workspace.db, kind_of("activity")))
    edit_record(county, record, {"place": "县礼堂"})
    edit_record(village, record, {"place": "村委会"})
    district.carry(village, town)
    up = district.carry(town, county)
    assert up["total"]["conflicts"] == 1
    assert adds_up(up)
    district.carry(county, town)
    district.carry(town, village)
    assert shown(village, record)["conflicts"] == ["place"]
    assert len({digest(o, VILLAGE) for o in (county, town, village)}) == 1


def test_the_command_line_joins_an_existing_township_to_a_county(fulian, tmp_path):
    town, county, stick = tmp_path / "town", tmp_path / "county", tmp_path / "stick"
    stick.mkdir()
    fulian("init", town, "--unit", TOWN, "--unit-name", "清溪镇", "--person", "李红")
    record = fulian("add", town, "activity", "title=镇里的活动", "date=2024-05-01")["id"]
    fulian("init", county, "--unit", COUNTY, "--unit-name", "榆次区", "--person", "赵敏")
    fulian("units", county, "add", TOWN, "清溪镇")
    fulian("invite", county, "-o", stick / "invitation.flpkg")
    joined = fulian("join", town, stick / "invitation.flpkg", "--unit", TOWN)
    assert joined["recovery_code"] == "", "the workspace is the one that was there"
    fulian("request", town, "-o", stick / "request.flpkg")
    fulian("export", town, "--to", "up", "-o", stick)
    approved = fulian("approve", county, stick)
    assert approved["merge"]["total"]["refused"] == 0
    assert fulian("show", county, record)["unit"] == TOWN
    certificate = fulian("export", county, "--to", "all-below", "-o", stick)["packages"][0]["file"]
    assert [p["state"] for p in fulian("merge", town, certificate)["packages"]] == ["merged"]


# --- what goes down -------------------------------------------------------------------------------------------


def test_what_goes_down_to_one_village_holds_no_byte_about_anothers_records(district):
    town, sibling = district[TOWN], district[SIBLING]
    secret = added(sibling, "person", name="张翠花", phone="13912345678", health="两癌").id
    family = added(sibling, "family", head="赵铁柱", address="杏花村九组").id
    district.carry(sibling, town)
    edit_record(town, secret, {"needs": "需要镇里帮助"})
    edit_record(town, family, {"remarks": "镇里走访过"})
    own = added(district[VILLAGE], "family", head="王秀英").id
    district.carry(district[VILLAGE], town)
    edit_record(town, own, {"remarks": "给柳树湾的"})
    path = district.packed(town, VILLAGE, full=True)
    package = opened(district[VILLAGE], path)
    assert package.segments
    assert any("给柳树湾的" in v.segment.body.decode() for v in package.segments), "what is for it does go down"
    segments = [v for v in package.segments if v.header.cls != "published"]
    bodies = "".join(v.segment.body.decode() for v in package.segments)
    beside = repr(package.contents) + repr(package.header)
    for trace in (
        "杏花村九组", "张翠花", "13912345678", "赵铁柱", secret, family, "需要镇里帮助", "镇里走访过", "镇里的活动",
        sibling.workspace.epoch,
    ):
        assert trace not in bodies + beside, trace
    assert {v.header.unit for v in segments} == {VILLAGE}
    assert SIBLING not in "".join(v.segment.body.decode() for v in segments) + beside


def test_a_package_on_a_lost_stick_shows_no_person_and_no_place(district):
    village = district[VILLAGE]
    added(village, "family", head="赵铁柱", address="柳树湾三组")
    data = district.packed(village, TOWN).read_bytes()
    for trace in ("赵铁柱", "柳树湾", "清溪镇", "王桂芳"):
        assert trace.encode() not in data
        assert trace.encode("unicode_escape") not in data


def test_a_down_package_is_not_for_the_neighbour(district):
    path = district.packed(district[TOWN], VILLAGE)
    (line,) = merge_packages(district[SIBLING], [path])["packages"]
    assert line["state"] == "not-for-us"
    assert Path(path).exists()

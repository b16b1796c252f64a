"""Who may write what: refused at entry with a sentence; written all the same, without effect at every office."""

from __future__ import annotations

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import (
    a_campaign,
    a_country,
    a_county,
    a_nomination,
    a_put,
    adds_up,
    crafted,
    digest,
    head_names,
    packed_segments,
    shown,
    states,
)

from fulian_desktop.errors import InputProblem, NotAllowed
from fulian_desktop.exchange.package import sign_segment
from fulian_desktop.ledger.segments import header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.services.exchanging import merge_packages
from fulian_desktop.services.records import delete_records, edit_record, load_folded
from fulian_desktop.store import queries

PASSED = {"result": "passed", "date": "2024-05-01"}


@pytest.fixture
def nominated(country):
    """The village's nomination in the township's campaign, held by both."""
    campaign = a_campaign(country[TOWN])
    country.carry(country[TOWN], country[VILLAGE])
    nomination = a_nomination(country[VILLAGE], campaign)
    country.carry(country[VILLAGE], country[TOWN])
    return country, nomination


def _approve(office, nomination):
    edit_record(office, nomination, {"approval_result": "通过", "approval_date": "2024-05-01"})


@pytest.mark.parametrize(
    "field", ["approval_result", "review_result", "public_from", "certificate_no", "approval_township_result"]
)
def test_a_village_may_set_no_fact_of_the_township_on_its_own_nomination(fulian, nominated, field):
    country, nomination = nominated
    ws = country[VILLAGE].workspace.folder
    value = {"public_from": "2024-04-01", "certificate_no": "1号"}.get(field, "通过")
    before = digest(country[VILLAGE])
    refused = fulian("edit", ws, nomination, f"{field}={value}", code=1)
    assert refused["error"]["code"] == "refused-written-by"
    assert "要由乡镇及以上妇联填写" in refused["error"]["text"]
    assert digest(country[VILLAGE]) == before


def test_a_village_decides_its_own_campaign(fulian, country):
    ws = country[VILLAGE].workspace.folder
    campaign = fulian("add", ws, "campaign", "title=村里的评选", "honor=美丽庭院", "year=2024", "public_days=5")["id"]
    family = fulian("add", ws, "family", "head=王秀英", "address=3组")["id"]
    nomination = fulian("add", ws, "nomination", f"campaign={campaign}", f"family={family}", "way=自荐")["id"]
    fulian("edit", ws, nomination, "approval_result=通过", "approval_date=2024-05-01")
    shown_ = fulian("show", ws, nomination)
    assert shown_["stage"] == "approved"
    assert shown_["values"]["approval_village_result"] == "passed"


def test_a_forged_approval_has_no_effect_at_township_and_county_and_the_rest_of_the_change_holds(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    county = a_county(country)
    line = a_put(
        "nomination", nomination, {"approval_township": PASSED, "motto": "勤俭持家"}, parents=head_names(village, nomination)
    )
    package = crafted(village, country.stick(), [line])
    report = merge_packages(town, [package])
    assert states(report) == ["merged"]
    assert report["total"]["refused"] == report["total"]["in"] == 1
    assert adds_up(report)
    up = country.carry(town, county)
    assert adds_up(up)
    assert up["total"]["refused"] == 1
    for office in (town, county):
        there = shown(office, nomination)
        assert there["stage"] == "draft"
        assert "approval_township_result" not in there["values"]
        assert there["values"]["motto"] == "勤俭持家", "the rest of the change is merged"
        (finding,) = queries.findings(office.workspace.db, "refused")
        assert (finding["record"], finding["what"], finding["reason"]) == (nomination, "approval_township", "written-by")
    assert digest(town, VILLAGE) == digest(county, VILLAGE)


def test_what_follows_a_forged_approval_does_not_wait_for_it(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    line = a_put("nomination", nomination, {"approval_township": PASSED}, parents=head_names(village, nomination))
    merge_packages(town, [crafted(village, country.stick(), [line])])
    _approve(town, nomination)
    assert shown(town, nomination)["stage"] == "approved"
    assert queries.findings(town.workspace.db, "waiting") == []


@pytest.mark.parametrize(("kind", "values", "what", "reason"), [
    ("nomination", {"campaign": {"unit": TOWN, "kind": "campaign", "id": "9" * 32, "name": "别的评选"}}, "campaign", "set-once"),
    ("nomination", {"way": "by_letter"}, None, None),
    ("nomination", {"way": "not a code, but a sentence"}, "way", "form"),
    ("nomination", {"deeds_short": 7}, "deeds_short", "form"),
    ("nomination", {"submitted_date": "2024-02-31"}, "submitted_date", "form"),
    ("nomination", {"called": "长" * 101}, "called", "form"),
    ("nomination", {"award_county": {"called": "王秀英家庭"}}, "award_county", "written-by"),
])
def test_a_value_that_may_not_stand_is_refused_alone(nominated, kind, values, what, reason):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    line = a_put(kind, nomination, {**values, "motto": "勤俭持家"}, parents=head_names(village, nomination))
    report = merge_packages(town, [crafted(village, country.stick(), [line])])
    assert states(report) == ["merged"]
    assert shown(town, nomination)["values"]["motto"] == "勤俭持家"
    found = [(f["what"], f["reason"]) for f in queries.findings(town.workspace.db, "refused")]
    assert found == ([(what, reason)] if what else [])
    assert report["total"]["refused"] == (1 if what else 0)


def test_unknown_kinds_and_fields_are_kept_named_and_never_refused(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    lines = [
        a_put("nomination", nomination, {"from_the_future": 1, "motto": "勤俭持家"}, parents=head_names(village, nomination)),
        a_put("spaceship", "8" * 32, {"name": "嫦娥"}),
    ]
    report = merge_packages(town, [crafted(village, country.stick(), lines)])
    assert states(report) == ["merged"]
    assert report["total"]["refused"] == 0
    assert adds_up(report)
    assert shown(town, nomination)["values"]["motto"] == "勤俭持家"
    named = {(f["kind"], f["what"]) for f in queries.findings(town.workspace.db, "unknown")}
    assert ("nomination", "from_the_future") in named
    assert "spaceship" in {kind for kind, _ in named}
    county = a_county(country)
    assert {(f["kind"], f["what"]) for f in queries.findings(county.workspace.db, "unknown")} == named, "passed on as it came"
    digest(town)


def test_a_village_that_changes_what_was_approved_marks_it_until_it_is_approved_again(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    _approve(town, nomination)
    assert "changed-after-approval" not in shown(town, nomination)["marks"]
    country.carry(town, village)
    edit_record(village, nomination, {"called": "王秀英、李强家庭"})
    assert "changed-after-approval" in shown(village, nomination)["marks"]
    country.carry(village, town)
    there = shown(town, nomination)
    assert "changed-after-approval" in there["marks"]
    assert there["values"]["called"] == "王秀英、李强家庭"
    assert there["stage"] == "approved"
    _approve(town, nomination)
    assert "changed-after-approval" not in shown(town, nomination)["marks"]
    country.carry(town, village)
    assert "changed-after-approval" not in shown(village, nomination)["marks"]
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_a_change_beside_an_approval_marks_it_too(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    _approve(town, nomination)
    edit_record(village, nomination, {"called": "王秀英、李强家庭"})
    country.carry(village, town)
    assert "changed-after-approval" in shown(town, nomination)["marks"]


def test_a_change_of_what_no_approval_covers_marks_nothing(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    _approve(town, nomination)
    country.carry(town, village)
    edit_record(village, nomination, {"remarks": "电话联系过"})
    country.carry(village, town)
    assert shown(town, nomination)["marks"].count("changed-after-approval") == 0


def test_a_village_deletes_nothing_that_stands_approved_above_it(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    _approve(town, nomination)
    country.carry(town, village)
    with pytest.raises(NotAllowed) as told:
        delete_records(village, [nomination])
    assert told.value.code == "refused-delete-level"
    assert "乡镇" in told.value.text, "the sentence names the level that approved"
    assert shown(village, nomination)["stage"] == "approved"
    delete_records(town, [nomination])
    assert "deleted" in shown(town, nomination)["marks"]


def test_a_village_writes_no_record_of_its_neighbour(tmp_path, fulian):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        village, town = country[VILLAGE], country[TOWN]
        refused = fulian("add", village.workspace.folder, "activity", "title=越界", "--unit", SIBLING, code=1)
        assert refused["error"]["code"] == "out-of-scope"
        line = a_put("activity", "7" * 32, {"title": "越界"})
        report = merge_packages(town, [crafted(village, country.stick(), [line], unit=SIBLING)])
        (package,) = report["packages"]
        assert package["state"] == "out-of-scope"
        assert "无权签发" in package["reason"]
        assert report["total"]["in"] == 0
        assert queries.find_by_id(town.workspace.db, "7" * 32) is None


def test_a_segment_of_the_neighbour_beside_ones_own_is_refused_alone(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        village, town = country[VILLAGE], country[TOWN]
        segments = []
        for n, unit in enumerate((VILLAGE, SIBLING)):
            stream = Stream(f"{n}" * 32, unit, "ordinary")
            header, body = make_header(
                stream, 1, start_name(stream), [a_put("activity", f"{n + 5}" * 32, {"title": unit})], key=village.keys.key, made=1
            )
            segments.append(sign_segment(village.keys, header_bytes(header), body))
        report = merge_packages(town, [packed_segments(village, country.stick(), segments)])
        (package,) = report["packages"]
        assert package["state"] == "merged"
        assert package["added"] == package["in"] == 1
        assert any("无权签发" in text for text in package["problems"])
        assert queries.find_by_id(town.workspace.db, "5" * 32) is not None
        assert queries.find_by_id(town.workspace.db, "6" * 32) is None


def test_setting_what_is_set_once_is_refused_at_entry_and_allowed_from_above(nominated):
    country, nomination = nominated
    village, town = country[VILLAGE], country[TOWN]
    other = a_campaign(town, title="另一个评选")
    country.carry(town, village)
    with pytest.raises(NotAllowed) as told:
        edit_record(village, nomination, {"campaign": other})
    assert told.value.code == "refused-set-once"
    edit_record(town, nomination, {"campaign": other})
    _, _, folded = load_folded(town, nomination)
    assert folded.values["campaign"]["id"] == other


def test_an_unknown_field_is_refused_by_name(country):
    record = added(country[VILLAGE], "activity").id
    with pytest.raises(InputProblem, match="没有“colour”这一项"):
        edit_record(country[VILLAGE], record, {"colour": "red"})

"""What a hand-in would carry, which hand-ins were acknowledged, requests and invitations seen before they are agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, a_village, added, an_office, reopened
from tests.e2e.builders import a_campaign, a_country, a_county, a_nomination, digest, whole_database

from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.services import enrol, handing_in
from fulian_desktop.services.exchanging import cut_tails, merge_packages
from fulian_desktop.services.handing_in import hand_in, hand_ins, invitation_in, offer, requests_in, standing
from fulian_desktop.services.records import edit_record


def offered(office) -> dict[str, int]:
    return {kind.label: kind.count for kind in offer(office).kinds}


def test_an_offer_counts_records_by_kind_saved_cut_or_fresh_and_writes_nothing(country):
    village = country[VILLAGE]
    first = added(village, "activity", title="一").id
    cut_tails(village)
    added(village, "activity", title="二")
    edit_record(village, first, {"title": "改过"})
    added(village, "family")
    before = whole_database(village)
    assert offered(village) == {"活动": 2, "家庭档案": 1}
    assert whole_database(village) == before


def test_what_was_acknowledged_is_not_offered_again(country):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    hand_in(village, country.stick())
    assert offered(village) == {"活动": 1}, "written is not delivered"
    country.carry(village, town)
    country.carry(town, village)
    assert offered(village) == {}
    added(village, "family")
    assert offered(village) == {"家庭档案": 1}


def test_an_office_without_one_above_offers_nothing(tmp_path):
    with an_office(tmp_path / "o", TOWN, parent="") as office:
        assert offer(office).kinds == ()
        with pytest.raises(InputProblem, match="上级"):
            hand_in(office, tmp_path)


def test_a_hand_in_waits_for_its_receipt_and_each_gets_its_own(country):
    village, town = country[VILLAGE], country[TOWN]
    assert [one.received for one in hand_ins(village)] == [False], "the first one, beside the request"
    country.carry(town, village)
    added(village, "activity")
    stick = country.stick()
    written = hand_in(village, stick)
    assert written.file.parent == stick
    assert written.size == written.file.stat().st_size
    assert not written.request
    second, first = hand_ins(village)
    assert (second.number, second.received) == (2, False)
    assert (first.number, first.received) == (1, True)
    merge_packages(town, [stick])
    added(village, "family")
    hand_in(village, country.stick())
    country.carry(town, village)
    assert [(one.number, one.received) for one in hand_ins(village)] == [(3, False), (2, True), (1, True)]


def test_a_hand_in_without_anything_new_is_acknowledged_only_by_a_later_word(country):
    village, town = country[VILLAGE], country[TOWN]
    country.carry(town, village)
    country.carry(village, town)
    assert not hand_ins(village)[0].received
    country.carry(town, village)
    assert hand_ins(village)[0].received


def test_receipts_hold_after_the_office_was_opened_anew(country):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    country.carry(village, town)
    country.carry(town, village)
    village = country.offices[VILLAGE] = reopened(village)
    assert all(one.received for one in hand_ins(village))


def test_standing_says_whom_one_reports_to_and_who_lies_below(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        village, town = standing(country[VILLAGE]), standing(country[TOWN])
        assert (village.upper, village.upper_name, village.linked, village.has_below) == (TOWN, "清溪镇", True, False)
        assert [code for code, _ in town.below] == [VILLAGE, SIBLING]
        assert not town.linked
        a_county(country)
        assert standing(country[TOWN]).linked


def test_an_office_that_is_not_approved_yet_writes_its_request_beside_its_package(country, tmp_path):
    town, stick = country[TOWN], country.stick()
    with a_village(tmp_path / "new", SIBLING) as village:
        assert not standing(village).linked
        invited = handing_in.invite(town, stick)
        seen = invitation_in([stick])
        assert (seen.unit, seen.name, seen.fingerprint) == (TOWN, "清溪镇", invited["fingerprint"])
        handing_in.accept_invitation(village, seen.file)
        added(village, "activity")
        assert (standing(village).linked, standing(village).certified) == (True, False)
        assert hand_in(village, stick).request
        before = whole_database(town)
        (asking,) = requests_in(town, [stick])
        assert (asking.unit, asking.name, asking.person, asking.again) == (SIBLING, village.unit_name, village.person, 0)
        assert whole_database(town) == before, "looking approves nobody"
        enrol.approve(town, [asking.file])
        assert digest(town, SIBLING) == digest(village, SIBLING)
        country.carry(town, village)
        assert standing(village).certified
        assert not hand_in(village, country.stick()).request


def test_a_second_computer_of_a_unit_is_said_and_a_strange_request_gives_its_reason(country, tmp_path):
    town, stick = country[TOWN], country.stick()
    handing_in.invite(town, stick)
    with a_village(tmp_path / "again", VILLAGE) as second, an_office(tmp_path / "far", "140702102201") as far:
        handing_in.accept_invitation(second, invitation_in([stick]).file)
        enrol.request(second, stick / "request-a.flpkg")
        enrol.request(far, stick / "request-b.flpkg")
        fine, strange = requests_in(town, [stick])
    assert fine.again == 1
    assert strange.unit == ""
    assert strange.reason


def test_an_invitation_of_another_place_is_refused_and_nothing_is_trusted(country, tmp_path):
    stick = country.stick()
    handing_in.invite(country[TOWN], stick)
    with an_office(tmp_path / "far", "140702102201") as far:
        before = whole_database(far)
        with pytest.raises(InputProblem, match="不是给本单位的"):
            handing_in.accept_invitation(far, invitation_in([stick]).file)
        assert whole_database(far) == before


@pytest.mark.parametrize(
    "look", [lambda office, folder: requests_in(office, [folder]), lambda _, folder: invitation_in([folder])],
)
def test_where_there_is_none_it_says_what_to_do(country, tmp_path, look):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputProblem, match="下一步"):
        look(country[TOWN], tmp_path / "empty")


def test_a_stick_that_is_gone_is_a_sentence_and_nothing_counts_as_sent(country):
    village = country[VILLAGE]
    added(village, "activity")
    before = hand_ins(village)
    with pytest.raises(MachineProblem, match="U 盘"):
        hand_in(village, Path("/nowhere/stick"))
    assert hand_ins(village) == before
    assert offered(village) == {"活动": 1}


def test_records_of_several_kinds_are_named_as_people_call_them(country):
    village, town = country[VILLAGE], country[TOWN]
    campaign = a_campaign(town)
    country.carry(town, village)
    a_nomination(village, campaign)
    assert offered(village) == {"评选申报": 1, "家庭档案": 1}


def test_what_a_killed_export_left_on_the_stick_is_swept_and_nothing_else(country):
    folder = country.stick()
    for name in ("140702101201-00009-20260309-up-140702101000.flpkg.part", "film.part", "list.xlsx"):
        (folder / name).write_bytes(b"x")
    hand_in(country[VILLAGE], folder)
    assert {path.name for path in folder.iterdir() if path.suffix != ".flpkg"} == {"film.part", "list.xlsx"}

"""Rules that need other records, at entry, at approval and over records that were judged to be one (DOMAIN §2)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE
from tests.e2e.builders import a_country

from fulian_desktop.services.batch import edit_many
from fulian_desktop.services.conflicts import join_records
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved, add_record, delete_records, edit_record

ID = "110101199003074514"
CANCER = {"program": "two_cancers", "amount": "10000", "payment": "transfer", "people": "1人"}


@pytest.fixture
def town(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        yield country[TOWN]


def aid(office: Office, person: str, date: str = "2026-02-10", unit: str | None = None, **more: Any) -> Saved:
    return _in(office, unit, "aid", recipient=person, date_from=date, **{"program": "temporary_aid", "amount": "200", **more})


def _in(office: Office, unit: str | None, kind: str, **entries: Any) -> Saved:
    return add_record(office, kind, entries, unit=unit)


def a_woman(office: Office, unit: str, **more: Any) -> str:
    return _in(office, unit, "person", **{"name": "于某某", **more}).id


def codes(saved: Saved) -> set[str]:
    return {problem.code for problem in saved.problems}


# --- two cancers -------------------------------------------------------------------------------------------


def test_two_cancers_once_in_a_lifetime_over_villages_and_years_by_id_number(town: Office) -> None:
    first, second = a_woman(town, VILLAGE, id_number=ID), a_woman(town, SIBLING, id_number=ID, name="于某")
    assert not codes(aid(town, first, "2019-05-01", VILLAGE, **CANCER)) & {"two-cancers-again", "two-cancers-maybe-again"}
    again = aid(town, second, "2026-02-10", SIBLING, **CANCER)
    assert "two-cancers-again" in codes(again)
    reasoned = edit_record(town, again.id, {"override_reason": "2019 年那一笔没有发出去"})
    assert not codes(reasoned) & {"two-cancers-again", "two-cancers-maybe-again"}
    assert "two-cancers-again" in codes(edit_record(town, again.id, {"override_reason": ""}))


def test_two_cancers_is_seen_again_when_it_is_approved(town: Office) -> None:
    first, second = (a_woman(town, unit, id_number=ID) for unit in (VILLAGE, SIBLING))
    early = aid(town, second, "2026-02-10", SIBLING, **CANCER)
    assert "two-cancers-again" not in codes(early)
    aid(town, first, "2019-05-01", VILLAGE, **CANCER)
    passed = {"approval_township_result": "passed", "approval_township_date": "2026-03-01"}
    assert "two-cancers-again" in codes(edit_record(town, early.id, passed))
    (one,) = edit_many(town, {early.id: {"approval_township_opinion": "同意"}})
    assert "two-cancers-again" in codes(one)


@pytest.mark.parametrize("joined", [False, True])
def test_two_cancers_follows_a_person_who_was_joined_where_only_one_record_has_an_id_number(town: Office, joined: bool) -> None:
    first, second = a_woman(town, VILLAGE, id_number=ID), a_woman(town, SIBLING, name="于小某")
    if joined:
        join_records(town, first, second)
    aid(town, first, "2019-05-01", VILLAGE, **CANCER)
    assert ("two-cancers-again" in codes(aid(town, second, "2026-02-10", SIBLING, **CANCER))) is joined


def test_two_cancers_follows_joined_records_to_a_third_with_the_same_id_number(town: Office) -> None:
    numbered, without, third = a_woman(town, VILLAGE, id_number=ID), a_woman(town, VILLAGE, name="于小某"), a_woman(
        town, SIBLING, name="于大姐", id_number=ID)
    join_records(town, numbered, without)
    aid(town, without, "2019-05-01", VILLAGE, **CANCER)
    assert "two-cancers-again" in codes(aid(town, third, "2026-02-10", SIBLING, **CANCER))


def test_what_was_refused_or_deleted_was_not_given(town: Office) -> None:
    person = a_woman(town, VILLAGE, id_number=ID)
    earlier = aid(town, person, "2019-05-01", VILLAGE, **CANCER, approval_township_result="rejected").id
    later = aid(town, person, "2020-05-01", VILLAGE, **CANCER)
    assert "two-cancers-again" not in codes(later)
    edit_record(town, earlier, {"approval_township_result": "passed"})
    assert "two-cancers-again" in codes(edit_record(town, later.id, {"batch": "第一批"}))
    delete_records(town, [earlier])
    assert "two-cancers-again" not in codes(edit_record(town, later.id, {"batch": "第二批"}))


# --- festivals and titles ----------------------------------------------------------------------------------


@pytest.mark.parametrize("joined", [False, True])
def test_one_aid_a_person_and_festival_over_joined_records(town: Office, joined: bool) -> None:
    first, second = a_woman(town, VILLAGE), a_woman(town, SIBLING, name="于小某")
    if joined:
        join_records(town, first, second)
    aid(town, first, unit=VILLAGE, festival="spring_festival")
    found = codes(aid(town, second, "2026-02-12", SIBLING, festival="spring_festival"))
    assert ("festival-again" in found) is joined


def a_campaign(office: Office, year: int = 2026, unit: str | None = None) -> str:
    return _in(office, unit, "campaign", title=f"{year}最美家庭", honor="most_beautiful_family", year=year, public_days=5).id


@pytest.mark.parametrize("joined", [False, True])
def test_one_nomination_a_family_title_and_year_over_joined_records(town: Office, joined: bool) -> None:
    first, second = (_in(town, VILLAGE, "family", head=head, address="1组").id for head in ("王芳", "王方"))
    if joined:
        join_records(town, first, second)
    campaigns = [a_campaign(town), a_campaign(town)]
    earlier = _in(town, VILLAGE, "nomination", campaign=campaigns[0], family=first, submitted_date="2026-03-01")
    again = _in(town, VILLAGE, "nomination", campaign=campaigns[1], family=second)
    assert ("title-again" in codes(again)) is joined
    edit_record(town, earlier.id, {"withdrawn_date": "2026-03-02"})
    assert "title-again" not in codes(edit_record(town, again.id, {"deeds_short": "孝老爱亲"}))


@pytest.mark.parametrize("who", ["family", "person"])
def test_a_title_that_is_held_at_a_higher_level_warns(town: Office, who: str) -> None:
    holder = _in(town, VILLAGE, who, **({"head": "王芳", "address": "1组"} if who == "family" else {"name": "王芳"})).id
    nominated = _in(town, VILLAGE, "nomination", campaign=a_campaign(town), **{who: holder})
    assert "higher-level-held" not in codes(nominated)
    honor = _in(town, VILLAGE, "honor", holder=holder, holder_type=who, title="most_beautiful_family", level="county",
                date="2024-05-15")
    assert "higher-level-held" in codes(edit_record(town, nominated.id, {"deeds_short": "孝老爱亲"}))
    edit_record(town, honor.id, {"revoked_date": "2025-01-01"})
    assert "higher-level-held" not in codes(edit_record(town, nominated.id, {"deeds_short": "邻里互助"}))


# --- donations ---------------------------------------------------------------------------------------------


def test_a_donation_is_not_spent_twice_and_what_is_left_is_said(town: Office) -> None:
    donation = _in(town, None, "donation", donor="东山公司", date_from="2026-01-05", amount="5000").id
    people = [a_woman(town, VILLAGE, name=name) for name in ("甲某", "乙某", "丙某")]
    assert "donation-overspent" not in codes(aid(town, people[0], donation=donation, amount="4000"))
    over = aid(town, people[1], donation=donation, amount="2000")
    (problem,) = [p for p in over.problems if p.code == "donation-overspent"]
    assert "还剩 1,000.00 元" in problem.text
    assert "donation-overspent" in codes(edit_record(town, donation, {"purpose": "助学"}))
    edit_record(town, over.id, {"amount": "1000"})
    assert "donation-overspent" not in codes(edit_record(town, donation, {"purpose": "助困"}))
    assert "donation-overspent" in codes(aid(town, people[2], donation=donation, amount="1"))
    assert "donation-overspent" in codes(edit_record(town, donation, {"amount": "4999"}))
    assert "donation-overspent" not in codes(edit_record(town, donation, {"amount": "近8000"}))


def test_goods_of_a_donation_are_not_judged_and_a_refused_aid_was_not_paid(town: Office) -> None:
    goods = _in(town, None, "donation", donor="东山公司", date_from="2026-01-05", goods=[{"name": "棉被", "quantity": 5}]).id
    person = a_woman(town, VILLAGE)
    assert "donation-overspent" not in codes(aid(town, person, donation=goods, amount="4000"))
    money = _in(town, None, "donation", donor="西山公司", date_from="2026-01-05", amount="500").id
    aid(town, person, donation=money, amount="500", approval_township_result="rejected")
    assert "donation-overspent" not in codes(aid(town, person, donation=money, amount="500"))


# --- pairs and posts ---------------------------------------------------------------------------------------


def pair(office: Office, helper: str, **more: Any) -> Saved:
    return _in(office, VILLAGE, "pairing", helper=helper, way="loving_mother", **{"date_from": "2025-06-01", **more})


def test_the_same_helper_and_child_are_paired_once(town: Office) -> None:
    first, second = a_woman(town, VILLAGE, name="小明"), a_woman(town, VILLAGE, name="小红")
    earlier = pair(town, "李 秀英", recipient=first)
    assert codes(earlier) == set()
    assert "paired-again" not in codes(pair(town, "李秀英", recipient=second))
    assert "paired-again" not in codes(pair(town, "周丽", recipient=first))
    again = pair(town, "李秀英", recipient=first, date_from="2026-01-01")
    assert "paired-again" in codes(again)
    edit_record(town, earlier.id, {"ended_date": "2025-12-31"})
    assert "paired-again" not in codes(edit_record(town, again.id, {"agreement": "每月看望一次"}))


def test_a_pair_is_the_same_over_joined_records_and_by_names_alone(town: Office) -> None:
    first, second = a_woman(town, VILLAGE, name="小明"), a_woman(town, SIBLING, name="小铭")
    pair(town, "李秀英", recipient=first)
    join_records(town, first, second)
    assert "paired-again" in codes(pair(town, "李秀英", recipient=second))
    pair(town, "周丽", recipient_name="小刚")
    assert "paired-again" in codes(pair(town, "周丽", recipient_name="小刚"))


def holder(office: Office, unit: str, name: str, post: str = "chair", **more: Any) -> Saved:
    return _in(office, unit, "post_holder", name=name, post=post, **{"date_from": "2024-03-01", "date_to": "2029-02-28", **more})


def test_one_chair_a_unit_at_a_time(town: Office) -> None:
    earlier = holder(town, VILLAGE, "王桂芳")
    assert "post-held-twice" not in codes(holder(town, SIBLING, "李红"))
    assert "post-held-twice" not in codes(holder(town, TOWN, "赵敏"))
    assert "post-held-twice" not in codes(holder(town, VILLAGE, "周丽", "executive"))
    assert "post-held-twice" not in codes(holder(town, VILLAGE, "周丽", date_from="2029-03-01", date_to="2034-02-28"))
    again = holder(town, VILLAGE, "于敏", date_from="2026-01-01")
    assert "post-held-twice" in codes(again)
    edit_record(town, earlier.id, {"left_date": "2025-12-31"})
    later = edit_record(town, again.id, {"date_to": "2029-01-31"})
    assert "post-held-twice" not in codes(later)


def test_the_chair_of_a_firms_federation_is_another_ones(town: Office) -> None:
    firm = _in(town, VILLAGE, "organisation", name="东山公司妇联", type="enterprise").id
    holder(town, VILLAGE, "王桂芳")
    assert "post-held-twice" not in codes(holder(town, VILLAGE, "李红", organisation=firm))
    assert "post-held-twice" in codes(holder(town, VILLAGE, "赵敏", organisation=firm))

"""What is missing or doubtful in a record (DOMAIN §2, §3)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fulian_desktop.domain.checks import (
    check_festival,
    check_higher_level,
    check_once_in_a_lifetime,
    check_record,
    check_title_once,
    is_incomplete,
    stops_save,
)
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.rules import (
    aid_rules,
    dates_in_reach,
    id_agrees,
    members_rule,
    nomination_dates,
    nomination_level,
    parts_within_whole,
)
from fulian_desktop.domain.workdays import HolidayTable

TODAY = date(2026, 11, 21)
GOOD_ID = "11010519491231002X"  # GB 11643, annex: a woman born on 1949-12-31
ACTIVITY = {
    "title": "三八节座谈会", "category": "meeting", "date_from": "2026-03-06", "date_to": "2026-03-06",
    "date_precision": "day", "participants": 60,
}
AID = {
    "program": "consolation_money", "recipient_name": "贫困户", "date_from": "2026-02-01",
    "date_to": "2026-02-01", "date_precision": "day", "amount": 160000,
}


def codes(kind: str, flat: dict[str, Any], **more: Any) -> list[str]:
    return [p.code for p in check_record(kind_of(kind), flat, **more)]


# --- gaps ---


@pytest.mark.parametrize(("kind", "flat"), [("activity", ACTIVITY), ("aid", AID)])
def test_a_complete_record_has_no_problems(kind: str, flat: dict[str, Any]) -> None:
    assert check_record(kind_of(kind), flat, today=TODAY) == []


@pytest.mark.parametrize("kind", [k.code for k in all_kinds()])
def test_only_the_first_asked_field_stops_a_save(kind: str) -> None:
    problems = check_record(kind_of(kind), {})
    first = kind_of(kind).first_asked
    assert first is not None
    assert [p.field for p in problems if p.stops] == [first.flat[0]]
    stopping = stops_save(problems)
    assert stopping is not None
    assert "填上才能保存" in stopping.text
    assert {p.code for p in problems} == {"missing"}


@pytest.mark.parametrize("name", ["category", "date_from", "participants"])
def test_every_other_gap_is_saved_and_listed(name: str) -> None:
    flat = {k: v for k, v in ACTIVITY.items() if k != name}
    problems = check_record(kind_of("activity"), flat)
    assert [(p.code, p.field, p.stops) for p in problems] == [("missing", name, False)]
    assert is_incomplete(problems)
    assert stops_save(problems) is None


def test_goods_instead_of_an_amount_are_no_gap() -> None:
    without = {k: v for k, v in AID.items() if k != "amount"}
    assert codes("aid", without) == ["missing"]
    assert codes("aid", {**without, "goods": [{"row": "0" * 12, "name": "衣物", "quantity": 500}]}) == []
    assert codes("aid", {**without, "fund_source": "county"}) == ["missing"]


def test_a_person_instead_of_a_family_is_no_gap() -> None:
    flat = {"campaign_name": "最美家庭", "way": "self"}
    assert codes("nomination", flat) == ["missing"]
    assert codes("nomination", {**flat, "person_name": "王某"}) == []


def test_zero_is_a_value_and_no_gap() -> None:
    assert codes("activity", {**ACTIVITY, "participants": 0}) == []


def test_a_code_that_is_not_in_the_list_warns_and_an_issued_one_is_still_to_come() -> None:
    assert codes("activity", {**ACTIVITY, "category": "dancing"}) == ["unknown-code"]
    assert codes("activity", {**ACTIVITY, "category": "140702101000:dancing"}) == ["code-not-come"]
    assert not is_incomplete(check_record(kind_of("activity"), {**ACTIVITY, "category": "140702101000:dancing"}))
    assert codes("family",
                 {"head": "王某", "address": "一组", "tags": ["disabled", "rich"]}) == ["unknown-code"]
    rows = [{"row": "0" * 12, "name": "王某", "relation": "cousin"}]
    assert codes("family", {"head": "王某", "address": "一组", "members": rows}) == ["unknown-code"]


@pytest.mark.parametrize(
    ("kind", "flat", "wanted"),
    [
        ("activity", {**ACTIVITY, "date_from": "2026-11-22", "date_to": "2026-11-22"}, ["future"]),
        ("activity", {**ACTIVITY, "date_from": "2026-01-01", "date_to": "2026-12-31"}, []),
        ("person", {"name": "王某", "birth_date": "2027-01-01"}, ["future"]),
    ],
)
def test_what_has_happened_is_not_dated_ahead(kind: str, flat: dict[str, Any], wanted: list[str]) -> None:
    assert codes(kind, flat, today=TODAY) == wanted
    assert codes(kind, flat) == []


def test_a_notice_may_be_dated_ahead() -> None:
    flat = {
        "campaign_name": "x", "family_name": "王某", "way": "self", "notice_township_from": "2026-11-23",
        "notice_township_to": "2026-11-27",
    }
    assert codes("nomination", flat, today=TODAY) == []


def test_negative_money_warns() -> None:
    assert codes("activity", {**ACTIVITY, "cost": -100}) == ["negative"]


def test_a_written_reason_settles_a_doubt_but_no_gap() -> None:
    flat = {"name": "王某", "id_number": GOOD_ID[:-1] + "1"}
    assert codes("person", flat) == ["id-check-digit"]
    assert codes("person", {**flat, "override_reason": "身份证上就是这样"}) == []
    assert codes("person", {"override_reason": "没有姓名"}) == ["missing"]


def test_that_no_holiday_table_was_issued_is_no_gap() -> None:
    flat = {
        "campaign_name": "x", "family_name": "王某", "way": "self", "campaign_workdays": True,
        "notice_village_from": "2026-03-02", "notice_village_to": "2026-03-06",
    }
    problems = check_record(kind_of("nomination"), flat)
    assert [p.code for p in problems] == ["no-holiday-table"]
    assert not is_incomplete(problems)


def test_every_problem_says_what_to_do_and_names_a_field_of_its_kind() -> None:
    worst: dict[str, dict[str, Any]] = {
        "activity": {"date_from": "1900-01-01", "date_to": "2026-01-01", "participants": 3, "women": 4},
        "person": {"id_number": "1", "phone": "138", "guardian_phone": "x"},
        "family": {"size": 1,
                   "members": [{"name": "甲", "relation": "head"}, {"name": "乙", "relation": "head"}]},
        "nomination": {"withdrawn_date": "2026-01-01", "approval_village_result": "passed"},
        "aid": {"program": "two_cancers", "people": 2, "payment": "cash", "amount": 5, "standard": 1},
    }
    for code, flat in worst.items():
        kind = kind_of(code)
        problems = check_record(kind, flat)
        assert len(problems) > 2
        for problem in problems:
            assert problem.field in kind.flat or problem.field in {t.code for t in kind.tables}
            assert len(problem.text) > 8
            assert "，" in problem.text


# --- activities ---


@pytest.mark.parametrize(
    ("flat", "wanted"),
    [
        ({"participants": 60, "women": 60}, []),
        ({"participants": 60, "women": 61}, ["part-over-whole"]),
        ({"participants": 60, "women": 40, "children": 40}, []),  # girls may count as women
        ({"participants": 60, "women": 40, "men": 21}, ["parts-over-whole"]),
        ({"participants": 60, "women": 40, "men": 20, "children": 30}, []),
        ({"participants": 1600, "participants_about": True, "women": 1700}, []),
        ({"participants": 1600, "participants_about": True, "women": 1701}, ["part-over-whole"]),
        ({"participants": 1000, "participants_about": True, "children": 1900}, []),  # 上千人
        ({"participants": 380, "women": 400, "women_about": True}, []),  # 近400
        ({"participants": 299, "women": 400, "women_about": True}, ["part-over-whole"]),
        ({"participants": 15, "participants_about": True, "women": 17}, ["part-over-whole"]),
        ({"women": 30, "men": 20}, []),
        ({"participants": 30, "certified": 31, "employed": 31}, ["part-over-whole", "part-over-whole"]),
        ({"participants": 0, "participants_about": True, "women": 1}, []),
        ({"participants": "60", "women": 61}, []),
    ],
)
def test_only_what_is_plainly_impossible_is_named(flat: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in parts_within_whole(flat)] == wanted


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        ("2026-03-06", "2026-03-06", []),
        ("2025-01-01", "2026-12-31", []),
        ("2024-01-01", "2026-12-31", ["date-long"]),
        ("1948-12-31", "1948-12-31", ["date-early"]),
        ("2026-03-06", "2026-03-05", ["date-order"]),
        ("2026-03-06", None, []),
        (None, None, []),
    ],
)
def test_a_period_lies_in_reach(first: str | None, last: str | None, wanted: list[str]) -> None:
    assert [p.code for p in dates_in_reach({"date_from": first, "date_to": last})] == wanted


# --- persons and families ---


@pytest.mark.parametrize(
    ("flat", "wanted"),
    [
        ({"id_number": GOOD_ID, "sex": "female", "birth_date": "1949-12-31"}, []),
        ({"id_number": GOOD_ID}, []),
        ({"id_number": GOOD_ID, "sex": "male"}, ["sex-differs"]),
        ({"id_number": GOOD_ID, "birth_date": "1949-12-30"}, ["birth-differs"]),
        ({"id_number": "110105194912310021", "sex": "male"}, []),  # a wrong number proves nothing
        ({"sex": "male"}, []),
    ],
)
def test_sex_and_birth_date_agree_with_the_id_number(flat: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in id_agrees(flat)] == wanted


@pytest.mark.parametrize(
    ("kind", "name", "value", "wanted"),
    [
        ("person", "id_number", GOOD_ID, []),
        ("person", "id_number", "110105194912310021", ["id-check-digit"]),
        ("family", "head_id_number", "110105194912310000", ["id-excel-damage"]),
        ("person", "phone", "13812345678", []),
        ("person", "phone", "1381234567", ["phone-length"]),
        ("family", "phone", "12812345678", ["phone-prefix"]),
        ("person", "guardian_phone", "一三八", ["phone-characters"]),
    ],
)
def test_a_doubtful_number_warns_at_its_field(kind: str, name: str, value: str, wanted: list[str]) -> None:
    flat = {"name": "王某", "head": "王某", "address": "一组", name: value}
    found = check_record(kind_of(kind), flat)
    assert [p.code for p in found] == wanted
    assert all(p.field == name and not p.stops for p in found)


def member(name: str, relation: str = "other", birth: str | None = None) -> dict[str, Any]:
    return {"row": "0" * 12, "name": name, "relation": relation, **({"birth_date": birth} if birth else {})}


@pytest.mark.parametrize(
    ("flat", "wanted"),
    [
        ({"head": "甲", "size": 2, "members": [member("甲", "head"), member("乙", "spouse")]}, []),
        ({"head": "甲", "size": 1, "members": [member("乙"), member("丙")]}, ["members-over-size"]),
        ({"head": "甲", "members": [member("乙", "head")]}, ["head-differs"]),
        ({"head": "甲", "members": [member("甲", "head"), member("乙", "head")]}, ["two-heads"]),
        ({"members": [member("乙", birth="2000-01-01"), member("乙", birth="2000-01-01")]}, ["member-twice"]),
        ({"members": [member("乙", birth="2000-01-01"), member("乙", birth="2001-01-01")]}, []),
        ({"size": 3}, []),
    ],
)
def test_members_agree_with_the_family(flat: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in members_rule(flat)] == wanted


# --- nominations ---

FAIR = {
    "submitted_date": "2026-03-01", "review_township_result": "passed", "review_township_date": "2026-03-02",
    "notice_township_from": "2026-03-03", "notice_township_to": "2026-03-09",
    "approval_township_result": "passed", "approval_township_date": "2026-03-10",
    "award_township_date": "2026-03-12",
}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, []),
        ({"approval_township_date": "2026-03-09"}, ["approval-before-notice-ended"]),
        ({"approval_township_date": None}, ["approval-undated"]),
        ({"notice_township_to": "2026-03-04"}, ["notice-short"]),
        ({"notice_township_to": "2026-03-05"}, []),
        ({"notice_township_to": "2026-03-02"}, ["notice-order"]),
        ({"notice_township_from": None, "notice_township_to": None}, ["approval-without-notice"]),
        ({"notice_township_from": "2026-03-01"}, ["notice-early"]),
        ({"notice_township_objection": "有人反映"}, ["objection-open"]),
        ({"notice_township_objection": "有人反映", "notice_township_finding": "不属实"}, []),
        ({"submitted_date": "2026-03-03"}, ["review-early"]),
        ({"review_township_result": "returned", "submitted_date": "2026-03-03"}, []),
        ({"withdrawn_date": "2026-03-02"}, []),
        ({"withdrawn_date": "2026-02-28"}, ["withdrawn-early"]),
        ({"withdrawn_date": "2026-03-02", "submitted_date": None}, ["withdrawn-unsubmitted"]),
        ({"award_township_date": "2026-03-09"}, ["award-early"]),
        ({"approval_township_result": "rejected"}, ["award-unapproved"]),
        ({"revoked_township_date": "2026-03-11"}, ["revoked-early"]),
        ({"revoked_township_date": "2026-03-13"}, []),
    ],
)
def test_the_dates_of_a_nomination_follow_one_another(change: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in nomination_dates({**FAIR, **change})] == wanted


@pytest.mark.parametrize(
    ("last", "days", "workdays", "wanted"),
    [
        ("2026-03-07", 5, False, []),
        ("2026-03-06", 5, False, ["notice-short"]),
        ("2026-03-09", 5, True, []),
        ("2026-03-08", 5, True, ["notice-short"]),
        ("2026-03-09", 7, False, []),
        ("2026-03-09", 7, True, ["notice-short"]),
    ],
)
def test_a_notice_runs_the_days_of_its_campaign(
    last: str, days: int, workdays: bool, wanted: list[str]
) -> None:
    flat = {
        **FAIR, "notice_township_to": last, "campaign_public_days": days, "campaign_workdays": workdays,
        "campaign_holidays": HolidayTable.of(2026, []),
    }
    found = list(nomination_dates(flat))
    assert [p.code for p in found] == wanted
    assert all("个工作日" in p.text for p in found) or not workdays


@pytest.mark.parametrize("level", ["village", "county", "city", "province"])
def test_each_level_is_judged_alike(level: str) -> None:
    flat = {k.replace("township", level): v for k, v in FAIR.items()}
    assert list(nomination_dates(flat)) == []
    flat[f"approval_{level}_date"] = "2026-03-05"
    assert [p.field for p in nomination_dates(flat)] == [f"approval_{level}_date"]


@pytest.mark.parametrize(
    ("unit", "named", "wanted"),
    [
        ("140702101000", "township", []),
        ("140702101000", "county", ["title-level"]),
        ("140702101201", "village", []),
        (None, "county", []),
    ],
)
def test_a_title_has_the_level_of_the_office_that_issued_the_campaign(
    unit: str | None, named: str, wanted: list[str]
) -> None:
    flat = {"campaign_unit": unit, "award_township_honor_level": named}
    assert [p.code for p in nomination_level(flat)] == wanted


def test_a_nomination_names_a_family_or_a_person_not_both() -> None:
    assert [p.code for p in nomination_level({"family": "0" * 32,
                                              "person": "1" * 32})] == ["family-and-person"]


# --- aid ---


@pytest.mark.parametrize(
    ("flat", "wanted"),
    [
        ({"people": 18, "people_unit": "person", "standard": 35000, "amount": 630000}, []),
        ({"people": 8, "people_unit": "household", "standard": 20000, "amount": 150000}, ["sum-differs"]),
        ({"people": 8, "people_about": True, "people_unit": "household", "standard": 20000, "amount": 1}, []),
        ({"standard": 20000, "amount": 150000}, []),
        ({"people": 8, "amount": 160000}, ["people-unit"]),
        ({"people": 2, "people_unit": "person", "recipient_kind": "person"}, ["people-over-one"]),
        ({"people": 1, "people_unit": "person", "recipient_kind": "person"}, []),
        ({"applied_date": "2026-03-02", "paid_date": "2026-03-01"}, ["paid-early"]),
        (
            {"approval_county_result": "passed", "approval_county_date": "2026-03-02",
             "paid_date": "2026-03-01"},
            ["paid-before-approval"],
        ),
        ({"cost_total": 100, "cost_reimbursed": 60, "cost_own": 41}, ["costs-over-total"]),
        ({"cost_total": 100, "cost_reimbursed": 60, "cost_own": 40}, []),
    ],
)
def test_an_aid_agrees_with_itself(flat: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in aid_rules({"program": "consolation_money", **flat})] == wanted


@pytest.mark.parametrize(
    ("flat", "wanted"),
    [
        ({"amount": 1000000, "payment": "transfer", "fund_source": "lottery"}, []),
        ({"amount": 1000000, "payment": "cash"}, ["two-cancers-cash"]),
        ({"amount": 500000, "fund_source": "province"}, []),  # local programs differ
        ({"amount": 500000, "fund_source": "lottery"}, ["two-cancers-standard"]),
        ({"amount": 500000}, ["two-cancers-standard"]),
        ({"amount": 3000000, "people": 3, "people_unit": "person"}, []),
        ({"amount": 1000000, "recipient_kind": "family"}, ["two-cancers-person"]),
    ],
)
def test_two_cancers_is_judged_by_the_central_rule(flat: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in aid_rules({"program": "two_cancers", **flat})] == wanted


# --- against other records ---

CANCER = {"program": "two_cancers", "recipient": "a" * 32, "recipient_name": "于某某",
          "date_from": "2024-05-01"}


@pytest.mark.parametrize(
    ("flat", "other", "wanted"),
    [
        ({}, {}, ["two-cancers-again"]),
        ({}, {"program": "study_aid"}, []),
        ({"program": "study_aid"}, {}, []),
        ({"recipient": "b" * 32}, {"recipient_name": "王某"}, []),
        ({"recipient": "b" * 32}, {}, ["two-cancers-maybe-again"]),
        ({"recipient": None}, {"recipient": None}, ["two-cancers-maybe-again"]),
        (
            {"recipient": "b" * 32, "recipient_id_number": GOOD_ID, "recipient_name": "于二"},
            {"recipient_id_number": GOOD_ID.lower()}, ["two-cancers-again"],
        ),
        ({"recipient": "b" * 32, "recipient_id_number": GOOD_ID}, {"recipient_id_number": "140702199001010011"}, []),
        ({"recipient_id_number": GOOD_ID}, {"recipient_id_number": "140702199001010011"}, ["two-cancers-again"]),  # joined
        ({}, {"approval_county_result": "rejected"}, []),  # not approved: apply anew
    ],
)
def test_two_cancers_is_given_once_in_a_lifetime(
    flat: dict[str, Any], other: dict[str, Any], wanted: list[str]
) -> None:
    found = check_once_in_a_lifetime({**CANCER, **flat}, [{"program": "goods"}, {**CANCER, **other}])
    assert [p.code for p in found] == wanted


FEAST = {"festival": "spring_festival", "recipient": "a" * 32, "date_from": "2026-02-10",
         "date_to": "2026-02-10"}


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        ({}, ["festival-again"]),
        ({"festival": "double_ninth"}, []),
        ({"date_from": "2025-01-20", "date_to": "2025-01-20"}, []),
        ({"recipient": "b" * 32}, []),
    ],
)
def test_one_aid_a_person_and_festival(other: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in check_festival(FEAST, [{**FEAST, **other}])] == wanted


TITLED = {
    "family": "a" * 32, "family_name": "王某", "campaign_honor": "most_beautiful_family",
    "campaign_year": 2026,
    "campaign_unit": "140702101000",
}


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        ({}, ["title-again"]),
        ({"campaign_year": 2025}, []),
        ({"campaign_honor": "green_family"}, []),
        ({"family": "b" * 32}, []),
        ({"family": None, "person": None}, []),
    ],
)
def test_the_same_family_and_title_in_a_year_once(other: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in check_title_once(TITLED, [{**TITLED, **other}])] == wanted


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ({"held_level": "county"}, ["higher-level-held"]),
        ({"held_level": "national"}, ["higher-level-held"]),
        ({"held_level": "township"}, []),
        ({"held_level": "village"}, []),
        ({"held_level": "county", "family": "b" * 32}, []),
        ({"held_level": "county", "campaign_honor": "green_family"}, []),
        ({}, []),
    ],
)
def test_a_higher_level_already_held_warns(held: dict[str, Any], wanted: list[str]) -> None:
    assert [p.code for p in check_higher_level(TITLED, [{**TITLED, "campaign_year": 2020, **held}])] == wanted

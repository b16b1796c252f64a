"""Stages of a nomination, derived from its facts (DESIGN §4, DOMAIN §2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.stages import (
    STAGE_LABELS,
    NominationStage,
    Stage,
    nomination_stage,
    resolve_level_names,
    stage_of,
    with_level_names,
)
from fulian_desktop.domain.units import Level

TODAY = date(2026, 3, 20)
TOWN, VILLAGE = "140702101000", "140702101201"
NOMINATION = kind_of("nomination")

SUBMITTED = {"submitted_date": "2026-03-01"}
REVIEWED = {**SUBMITTED, "review_township_result": "passed", "review_township_date": "2026-03-02"}
IN_NOTICE = {**REVIEWED, "notice_township_from": "2026-03-18", "notice_township_to": "2026-03-22"}
ENDED = {**REVIEWED, "notice_township_from": "2026-03-05", "notice_township_to": "2026-03-09"}
APPROVED = {**ENDED, "approval_township_result": "passed", "approval_township_date": "2026-03-10"}
AWARDED = {**APPROVED, "award_township_date": "2026-03-12", "award_township_certificate_no": "2026-001"}
REVOKED = {**AWARDED, "revoked_township_date": "2026-03-15"}


def stage(flat: dict[str, Any], conflicts: tuple[str, ...] = (), deciding: Level = Level.TOWNSHIP) -> Stage:
    return nomination_stage(flat, deciding, set(conflicts), TODAY).stage


@pytest.mark.parametrize(
    ("flat", "wanted"),
    [
        ({}, Stage.DRAFT),
        (SUBMITTED, Stage.SUBMITTED),
        (REVIEWED, Stage.REVIEW_PASSED),
        ({**REVIEWED, "review_township_result": "rejected"}, Stage.REVIEW_FAILED),
        ({**REVIEWED, "review_township_result": "returned"}, Stage.RETURNED),
        (IN_NOTICE, Stage.IN_NOTICE),
        ({**REVIEWED, "notice_township_from": "2026-03-20"}, Stage.IN_NOTICE),
        ({**IN_NOTICE, "notice_township_from": "2026-03-21"}, Stage.REVIEW_PASSED),
        ({**IN_NOTICE, "notice_township_to": "2026-03-20"}, Stage.IN_NOTICE),
        ({**IN_NOTICE, "notice_township_to": "2026-03-19"}, Stage.NOTICE_ENDED),
        (ENDED, Stage.NOTICE_ENDED),
        ({**ENDED, "notice_township_objection": "有人反映"}, Stage.OBJECTION),
        (
            {**ENDED, "notice_township_objection": "有人反映", "notice_township_finding": "不属实"},
            Stage.NOTICE_ENDED,
        ),
        (APPROVED, Stage.APPROVED),
        ({**APPROVED, "approval_township_result": "rejected"}, Stage.REJECTED),
        ({**APPROVED, "approval_township_result": "returned"}, Stage.RETURNED),
        (AWARDED, Stage.AWARDED),
        ({**AWARDED, "award_township_date": "2026-03-10"}, Stage.AWARDED),  # on the day of its approval
        (REVOKED, Stage.REVOKED),
        ({**SUBMITTED, "withdrawn_date": "2026-03-01"}, Stage.WITHDRAWN),
        ({**AWARDED, "revoked_township_reason": "弄虚作假"}, Stage.REVOKED),
        ({**SUBMITTED, "withdrawn_date": "2026-03-02"}, Stage.WITHDRAWN),
    ],
)
def test_the_facts_of_the_deciding_level_make_the_stage(flat: dict[str, Any], wanted: Stage) -> None:
    assert stage(flat) is wanted


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2026-03-08", Stage.NOTICE_ENDED),
        ("2026-03-09", Stage.NOTICE_ENDED),
        ("2026-03-10", Stage.APPROVED),
        (None, Stage.APPROVED),
    ],
)
def test_an_approval_dated_before_its_notice_ended_does_not_count(day: str | None, wanted: Stage) -> None:
    assert stage({**APPROVED, "approval_township_date": day}) is wanted


def test_an_undated_approval_does_not_count_while_the_notice_runs() -> None:
    assert stage({**IN_NOTICE, "approval_township_result": "passed"}) is Stage.IN_NOTICE


def test_an_approval_does_not_count_while_an_objection_has_no_finding() -> None:
    assert stage({**APPROVED, "notice_township_objection": "有人反映"}) is Stage.OBJECTION


def test_an_approval_without_a_notice_counts() -> None:
    flat = {"approval_township_result": "passed", "approval_township_date": "2026-03-10"}
    assert stage(flat) is Stage.APPROVED


@pytest.mark.parametrize(
    ("flat", "conflict", "wanted"),
    [
        (APPROVED, "approval_township", Stage.NOTICE_ENDED),
        (APPROVED, "notice_township", Stage.REVIEW_PASSED),
        (AWARDED, "award_township", Stage.APPROVED),
        (AWARDED, "approval_township", Stage.NOTICE_ENDED),
        (REVOKED, "revoked_township", Stage.AWARDED),
        (REVIEWED, "review_township", Stage.SUBMITTED),
        (SUBMITTED, "submitted_date", Stage.DRAFT),
        ({**SUBMITTED, "withdrawn_date": "2026-03-02"}, "withdrawn_date", Stage.SUBMITTED),
        (APPROVED, "deeds", Stage.APPROVED),
    ],
)
def test_a_field_in_conflict_never_counts(flat: dict[str, Any], conflict: str, wanted: Stage) -> None:
    assert stage(flat, (conflict,)) is wanted


def test_while_the_campaign_is_in_conflict_nothing_is_approved() -> None:
    assert stage(APPROVED, ("campaign",)) is Stage.REVIEW_PASSED


def test_an_award_without_an_approval_that_counts_is_none() -> None:
    assert stage({**ENDED, "award_township_date": "2026-03-12"}) is Stage.NOTICE_ENDED


def test_an_award_dated_before_its_approval_does_not_count() -> None:
    assert stage({**AWARDED, "award_township_date": "2026-03-09"}) is Stage.APPROVED


def test_a_certificate_number_alone_is_no_award() -> None:
    assert stage({**APPROVED, "award_township_certificate_no": "2026-001"}) is Stage.APPROVED


def test_the_highest_lower_level_with_facts_shows_when_the_deciding_one_has_none() -> None:
    flat = {**SUBMITTED, "review_village_result": "passed"}
    assert nomination_stage(flat, Level.COUNTY, (), TODAY) == NominationStage(
        Stage.REVIEW_PASSED, Level.VILLAGE
    )
    flat["notice_township_from"] = "2026-03-20"
    assert nomination_stage(flat, Level.COUNTY, (), TODAY).level is Level.TOWNSHIP


@pytest.mark.parametrize("result", ["approval", "award", "revoked"])
def test_a_village_never_decides_a_campaign_of_its_township(result: str) -> None:
    flat = {
        **SUBMITTED, "approval_village_result": "passed", "approval_village_date": "2026-03-10",
        f"{result}_village_date": "2026-03-10",
    }
    assert nomination_stage(flat, Level.TOWNSHIP, (), TODAY) == NominationStage(
        Stage.REVIEW_PASSED, Level.VILLAGE
    )
    assert stage(flat, deciding=Level.VILLAGE) in (Stage.APPROVED, Stage.AWARDED, Stage.REVOKED)


def test_facts_above_the_deciding_level_have_no_bearing() -> None:
    flat = {**SUBMITTED, "approval_county_result": "passed", "review_county_result": "rejected"}
    assert stage(flat) is Stage.SUBMITTED


def test_a_campaign_known_by_name_only_decides_nothing() -> None:
    flat = {**APPROVED, "campaign_name": "最美家庭"}
    assert stage_of(NOMINATION, flat, (), TODAY) == NominationStage(Stage.REVIEW_PASSED, Level.TOWNSHIP)


@pytest.mark.parametrize("field", ["approval", "review"])
def test_a_return_is_over_once_it_is_submitted_again(field: str) -> None:
    flat = {f"{field}_township_result": "returned", f"{field}_township_date": "2026-03-10"}
    assert stage({**flat, "submitted_date": "2026-03-10"}) is Stage.RETURNED
    assert stage({**flat, "submitted_date": "2026-03-11"}) is Stage.SUBMITTED


def test_submitting_again_ends_a_withdrawal() -> None:
    assert stage({"withdrawn_date": "2026-03-02", "submitted_date": "2026-03-05"}) is Stage.SUBMITTED


def test_withdrawing_does_not_undo_an_approval() -> None:
    assert stage({**APPROVED, "withdrawn_date": "2026-03-15"}) is Stage.APPROVED


def test_withdrawing_ends_what_is_only_published() -> None:
    assert stage({**IN_NOTICE, "withdrawn_date": "2026-03-19"}) is Stage.WITHDRAWN


@pytest.mark.parametrize(
    ("unit", "wanted"),
    [(TOWN, Stage.APPROVED), (VILLAGE, Stage.DRAFT), ("140702000000", Stage.REVIEW_PASSED)]
)
def test_the_deciding_level_is_read_from_the_unit_of_the_campaign(unit: str, wanted: Stage) -> None:
    flat = {"approval_township_result": "passed", "campaign_unit": unit}
    found = stage_of(NOMINATION, flat, (), TODAY)
    assert found is not None
    assert found.stage is wanted


def test_kinds_without_stages_have_none() -> None:
    assert stage_of(kind_of("activity"), {}, (), TODAY) is None


def test_labels_say_stage_and_level() -> None:
    assert NominationStage(Stage.REVIEW_PASSED, Level.VILLAGE).label == "初评通过 村"
    assert NominationStage(Stage.DRAFT).label == "待提交"
    assert set(STAGE_LABELS) == set(Stage)
    assert len(set(STAGE_LABELS.values())) == len(Stage)


SHORT = {
    "review_result": "review_township_result", "review_date": "review_township_date",
    "public_from": "notice_township_from", "public_to": "notice_township_to",
    "objection": "notice_township_objection", "objection_finding": "notice_township_finding",
    "approval_result": "approval_township_result", "approval_date": "approval_township_date",
    "approver": "approval_township_person", "certificate_no": "award_township_certificate_no",
    "awarded_date": "award_township_date",
}


@pytest.mark.parametrize(("short", "full"), SHORT.items())
def test_a_name_without_a_level_means_the_deciding_level(short: str, full: str) -> None:
    assert full in NOMINATION.flat
    assert resolve_level_names(NOMINATION, {short: "x", "way": "self"}, Level.TOWNSHIP) == {
        full: "x", "way": "self",
    }
    assert with_level_names(NOMINATION, {full: "x"}, Level.TOWNSHIP) == {full: "x", short: "x"}


def test_a_written_out_name_wins_over_the_short_one() -> None:
    entries = {"approval_township_result": "passed", "approval_result": "rejected"}
    assert resolve_level_names(NOMINATION, entries, Level.TOWNSHIP) == {"approval_township_result": "passed"}


def test_short_names_stay_while_nothing_decides_and_in_other_kinds() -> None:
    assert resolve_level_names(NOMINATION, {"approver": "x"}, None) == {"approver": "x"}
    assert resolve_level_names(kind_of("aid"), {"approver": "x"}, Level.TOWNSHIP) == {"approver": "x"}

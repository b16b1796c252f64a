"""What can be done with a nomination where it stands (domain/steps.py)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fulian_desktop.domain.forms import cells_of
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.stages import NominationStage, Stage, stage_of
from fulian_desktop.domain.steps import Move, badge_of, moves_of, next_words, standing_of, steps_of, withdrawal_of
from fulian_desktop.domain.units import Level

KIND = kind_of("nomination")
TODAY = date(2026, 3, 9)
TOWN, VILLAGE = "140702101000", "140702101201"
IN_NOTICE = {"submitted_date": "2026-03-02", "review_village_result": "passed", "notice_village_from": "2026-03-05",
             "notice_village_to": "2026-03-11"}
ENDED = {**IN_NOTICE, "notice_village_to": "2026-03-08"}
SENT_ON = {**ENDED, "approval_village_result": "passed", "approval_village_date": "2026-03-09"}
REVIEWED = {"review_township_result": "passed", "review_township_date": "2026-03-09"}


def moves(flat: dict[str, Any], *, campaign: str = TOWN, office: Level = Level.VILLAGE, today: date = TODAY) -> tuple[Move, ...]:
    return moves_of(KIND, {"campaign_unit": campaign, **flat}, (), today, office=office)


@pytest.mark.parametrize(("flat", "campaign", "office", "labels"), [
    ({}, TOWN, Level.VILLAGE, ["送审"]),
    ({"submitted_date": "2026-03-02"}, TOWN, Level.VILLAGE, ["填初评"]),
    ({"submitted_date": "2026-03-02", "withdrawn_date": "2026-03-03"}, TOWN, Level.VILLAGE, ["送审"]),
    ({"review_village_result": "passed"}, TOWN, Level.VILLAGE, ["填公示"]),
    ({"review_village_result": "rejected"}, TOWN, Level.VILLAGE, []),
    (IN_NOTICE, TOWN, Level.VILLAGE, ["登记异议", "打印公示", "送乡镇审批"]),
    (IN_NOTICE, VILLAGE, Level.VILLAGE, ["登记异议", "打印公示", "填审批"]),
    ({**IN_NOTICE, "notice_village_objection": "收入不实"}, TOWN, Level.VILLAGE, ["填处理结果"]),
    (ENDED, TOWN, Level.VILLAGE, ["送乡镇审批"]),
    (ENDED, VILLAGE, Level.VILLAGE, ["填审批"]),
    (SENT_ON, TOWN, Level.VILLAGE, []),
    (SENT_ON, TOWN, Level.TOWNSHIP, ["填初评"]),
    (SENT_ON, TOWN, Level.COUNTY, ["填初评"]),
    ({**SENT_ON, **REVIEWED}, TOWN, Level.VILLAGE, []),
    ({**SENT_ON, **REVIEWED}, TOWN, Level.TOWNSHIP, ["填公示"]),
    ({**ENDED, "approval_village_result": "passed"}, VILLAGE, Level.VILLAGE, ["填表彰"]),
    ({**ENDED, "approval_village_result": "rejected"}, VILLAGE, Level.VILLAGE, []),
    ({**SENT_ON, "approval_township_result": "returned", "approval_township_date": "2026-03-08"}, TOWN, Level.VILLAGE, ["送审"]),
])
def test_each_stage_offers_its_next_step_to_the_office_whose_turn_it_is(flat, campaign, office, labels):
    assert [move.label for move in moves(flat, campaign=campaign, office=office)] == labels


def test_a_decision_waits_until_the_notice_has_run_and_says_from_when_on():
    (*others, last) = moves(IN_NOTICE)
    assert [move.wait for move in others] == ["", ""]
    assert last.wait == "3月12日起、没有未办结的异议，就可以送乡镇审批"
    assert moves(IN_NOTICE, campaign=VILLAGE)[-1].wait == "3月12日起、没有未办结的异议，就可以审批"
    endless = {name: value for name, value in IN_NOTICE.items() if name != "notice_village_to"}
    assert moves(endless)[-1].wait == "填上公示的最后一天，期满以后，就可以送乡镇审批"
    assert moves(IN_NOTICE, today=date(2026, 3, 12))[-1].wait == ""


def test_what_was_returned_today_can_be_handed_in_again_tomorrow():
    returned = {"submitted_date": "2026-03-02", "review_township_result": "returned", "review_township_date": "2026-03-09"}
    assert [(move.label, bool(move.wait)) for move in moves(returned)] == [("送审", True)]
    assert [(move.label, move.wait) for move in moves(returned, today=date(2026, 3, 10))] == [("送审", "")]


@pytest.mark.parametrize("flat", [
    {}, {"submitted_date": "2026-03-02"}, {"review_village_result": "passed"}, IN_NOTICE, ENDED,
    {**IN_NOTICE, "notice_village_objection": "收入不实"}, {**ENDED, "approval_village_result": "passed"},
])
@pytest.mark.parametrize("campaign", [TOWN, VILLAGE])
def test_every_move_leads_to_a_cell_of_the_form_that_this_level_writes(flat, campaign):
    cells = {cell.name: cell for cell in cells_of(KIND)}
    for move in moves(flat, campaign=campaign):
        for name in filter(None, (move.cell, *(name for name, _ in move.fills))):
            assert cells[name].field.written_by in (None, Level.VILLAGE)
        assert move.cell or move.fills or move.paper


@pytest.mark.parametrize("flat", [{}, ENDED])
def test_what_is_filled_in_at_once_brings_the_record_on(flat):
    (move,) = moves(flat)
    typed = {name: "2026-03-09" if name.endswith("date") else value for name, value in move.fills}
    before, after = (stage_of(KIND, {"campaign_unit": TOWN, **one}, (), TODAY) for one in (flat, {**flat, **typed}))
    assert before is not None
    assert after is not None
    assert after.stage is not before.stage
    assert [one.label for one in moves({**flat, **typed})] != ["送审"]


def test_a_kind_without_stages_offers_nothing():
    assert moves_of(kind_of("family"), {}, (), TODAY, office=Level.VILLAGE) == ()


# --- what is said of the step in hand ------------------------------------------------------------------------


def standing(flat: dict[str, Any], *, workdays: bool = True) -> Any:
    flat = {"campaign_unit": VILLAGE, **flat}
    stage = stage_of(KIND, flat, (), TODAY)
    assert stage is not None
    return standing_of(KIND, flat, stage, workdays=workdays, today=TODAY)


def test_a_notice_counts_the_days_that_are_left_with_today_and_without_weekends():
    found = standing(IN_NOTICE)
    assert (found.name, found.notice.left, found.notice.total, found.notice.last) == ("公示", 3, 5, date(2026, 3, 11))
    assert standing(IN_NOTICE, workdays=False).notice.total == 7
    long = standing({**IN_NOTICE, "notice_village_to": "2026-03-31"}).notice
    assert (long.days, long.left) == ((), 17)
    endless = standing({"notice_village_from": "2026-03-05"}).notice
    assert (endless.last, endless.total, endless.left) == (None, 0, 0)


def test_a_notice_that_ended_or_was_objected_to_is_told_at_its_own_step():
    assert standing(ENDED).notice.left == 0
    objected = standing({**IN_NOTICE, "notice_village_objection": "收入不实"})
    assert (objected.name, objected.notice.objection, objected.notice.finding) == ("公示", "收入不实", "")


def test_why_it_came_back_is_told_apart_from_the_facts():
    found = standing({**ENDED, "approval_village_result": "returned", "approval_village_opinion": "缺生活照"})
    assert (found.name, found.reason) == ("审批", "缺生活照")
    assert [(label, value) for label, _of, value in found.facts] == [("审批结果", "returned")]


@pytest.mark.parametrize(("flat", "offered"), [
    ({}, False), ({"submitted_date": "2026-03-02"}, True), (IN_NOTICE, True), (ENDED, True),
    ({"submitted_date": "2026-03-02", "withdrawn_date": "2026-03-03"}, False),
    ({**ENDED, "approval_village_result": "passed"}, False), ({**ENDED, "approval_village_result": "returned"}, False),
])
def test_only_what_was_handed_in_and_is_not_decided_can_be_taken_back(flat, offered):
    flat = {"campaign_unit": VILLAGE, **flat}
    move = withdrawal_of(KIND, flat, (), TODAY)
    assert (move is not None) == offered
    if move is not None:
        assert move.fills == (("withdrawn_date", "2026年3月9日"),)
        after = stage_of(KIND, {**flat, "withdrawn_date": "2026-03-09"}, (), TODAY)
        assert after is not None
        assert after.stage is Stage.WITHDRAWN


def test_handing_in_again_takes_the_withdrawal_away():
    (move,) = moves({"submitted_date": "2026-03-09", "withdrawn_date": "2026-03-09"})
    assert dict(move.fills) == {"submitted_date": "2026年3月9日", "withdrawn_date": ""}


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_says_what_comes_next_to_those_whose_turn_it_is_and_to_all_others(stage):
    for found in (NominationStage(stage), NominationStage(stage, Level.TOWNSHIP)):
        for moved in ((), (Move("送审", "export"),)):
            words = next_words(found, moved)
            assert words.endswith("。")
            assert "{" not in words


def test_the_steps_ahead_say_who_decides_and_the_review_its_points():
    flat: dict[str, Any] = {**IN_NOTICE, "campaign_unit": TOWN, "review_village_date": "2026-03-04"}
    flat["scores"] = [{"criterion": "家风", "points": 87}]
    found = steps_of(KIND, flat, (), TODAY)
    assert found is not None
    assert [step.about for step in found[1]] == ["3月2日", "3月4日 通过，87 分", "3月5日—3月11日", "乡镇妇联", "待定"]


UNITS = {Level.VILLAGE: "柳树湾村", Level.TOWNSHIP: "清溪镇"}


def test_units_whose_names_are_known_are_called_by_them():
    flat = {**IN_NOTICE, "campaign_unit": TOWN}
    found = steps_of(KIND, flat, (), TODAY, units=UNITS)
    assert found is not None
    assert [found[1][place].about for place in (0, 3)] == ["3月2日 柳树湾村", "清溪镇妇联"]
    last = moves_of(KIND, flat, (), TODAY, office=Level.VILLAGE, units=UNITS)[-1]
    assert (last.label, last.wait) == ("送清溪镇审批", "3月12日起、没有未办结的异议，就可以送清溪镇审批")
    assert next_words(found[0], (), UNITS) == "柳树湾村妇联正在公示，期满以后由柳树湾村妇联往下办。"
    unnamed = steps_of(KIND, {"campaign_unit": TOWN}, (), TODAY, units=UNITS)
    assert unnamed is not None
    assert unnamed[1][0].about == "", "nothing was handed in yet"


@pytest.mark.parametrize(("campaign", "badge"), [(VILLAGE, "公示中"), (TOWN, "公示中 村"), (None, "公示中 村")])
def test_a_badge_names_the_level_only_where_another_one_decides(campaign: str | None, badge: str):
    flat = {**IN_NOTICE, "campaign_unit": campaign}
    stage = stage_of(KIND, flat, (), TODAY)
    assert stage is not None
    assert badge_of(stage, flat) == badge

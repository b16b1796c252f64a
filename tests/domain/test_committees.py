"""Who has to lead a federation, and whose term runs out (DOMAIN §1 row 1)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from fulian_desktop.domain.committees import (
    Committee,
    body_of,
    check_committee,
    committee_of,
    required_of,
    terms_ending,
)
from fulian_desktop.domain.units import Level

DAY = datetime.date(2026, 3, 9)
TERM = {"date_from": "2021-03-31", "date_to": "2026-03-31"}


def holder(post: str, **more: Any) -> dict[str, Any]:
    return {"post": post, "name": "王桂芳", **TERM, **more}


@pytest.mark.parametrize(("level", "name", "body"), [
    (Level.VILLAGE, "柳树湾村妇联", "村"), (Level.VILLAGE, "迎宾社区妇联", "社区"), (Level.VILLAGE, "文苑居委会", "社区"),
    (Level.TOWNSHIP, "清溪镇妇联", "乡镇"), (Level.TOWNSHIP, "新华街道妇联", "街道"), (Level.COUNTY, "榆次区妇联", "县"),
])
def test_a_unit_is_called_what_its_name_says(level: Level, name: str, body: str) -> None:
    assert body_of(level, name) == body


def test_a_communitys_and_a_streets_required_numbers() -> None:
    assert required_of(Level.VILLAGE) == (2, 15)
    assert required_of(Level.TOWNSHIP) == (2, 30)
    assert required_of(Level.COUNTY) is None


def test_chair_and_vice_chairs_are_executives_and_a_row_may_stand_for_many() -> None:
    holders = [holder("chair"), holder("vice_chair"), holder("part_time_vice_chair", people=2), holder("executive", people=11)]
    committee = committee_of([*holders, holder("volunteer", people=80), holder("grid_member")], DAY)
    assert committee == Committee(1, 2, 15)
    assert check_committee(Level.VILLAGE, "柳树湾村", committee) == []
    assert [p.text for p in check_committee(Level.TOWNSHIP, "新华街道", committee)] == ["执委 15 人，街道至少 30 人，还差 15 人"]
    assert check_committee(Level.COUNTY, "榆次区", Committee(0, 0, 0)) == []


@pytest.mark.parametrize("gone", [
    {"left_date": "2025-12-31"}, {"date_from": "2026-04-01", "date_to": "2031-03-31"}, {"date_to": "2026-03-08"},
    {"organisation": "a" * 32},
])
def test_who_does_not_hold_the_post_on_the_day_is_not_counted(gone: dict[str, Any]) -> None:
    assert committee_of([holder("chair", **gone)], DAY) == Committee(0, 0, 0)


def test_an_empty_federation_lacks_everybody() -> None:
    found = check_committee(Level.VILLAGE, "迎宾社区", Committee(0, 0, 0))
    assert [p.code for p in found] == ["committee-chair", "committee-vice-chairs", "committee-executives"]
    assert found[1].text == "兼职副主席 0 人，社区至少 2 人，还差 2 人"


@pytest.mark.parametrize(("last", "named"), [
    ("2026-03-08", True), ("2026-03-09", True), ("2026-06-07", True), ("2026-06-08", False), ("2019-01-01", True), (None, False),
])
def test_a_term_is_named_ninety_days_before_its_end_and_after_it(last: str | None, named: bool) -> None:
    found = terms_ending([("140702101201", {**holder("chair"), "date_to": last})], DAY)
    assert [(one.post, str(one.last), one.names) for one in found] == ([("chair", last, ("王桂芳",))] if named else [])


def test_a_later_term_of_the_post_ends_the_matter_and_so_does_leaving_it() -> None:
    old, new = holder("chair"), holder("chair", name="李红", date_from="2026-04-01", date_to="2031-03-31")
    assert terms_ending([("a", old), ("a", new)], DAY) == []
    assert terms_ending([("a", holder("chair", left_date="2026-01-01"))], DAY) == []
    assert len(terms_ending([("a", old), ("b", new)], DAY)) == 1  # another unit's
    assert terms_ending([("a", holder("volunteer")), ("a", holder("chair", organisation="f" * 32))], DAY) == []


def test_the_earliest_stand_first_and_a_posts_holders_are_named_together() -> None:
    found = terms_ending([
        ("b", holder("executive", name="甲")), ("b", holder("executive", name="乙")), ("b", holder("chair", name="丙")),
        ("a", holder("chair", name="丁", date_to="2026-02-01")),
    ], DAY)
    assert [(one.unit, one.post, one.names) for one in found] == [
        ("a", "chair", ("丁",)), ("b", "chair", ("丙",)), ("b", "executive", ("甲", "乙")),
    ]

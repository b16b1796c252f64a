"""The first page's questions: what is to be done, figures of a year, one search over all kinds; all of it true."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import TOWN, VILLAGE, a_township, a_village, added
from tests.e2e.builders import a_campaign, a_county

from fulian_desktop.domain.counting_by import date_of, money_of, number_of
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.services.exchanging import export_package
from fulian_desktop.services.office import Office
from fulian_desktop.services.overview import (
    Figure,
    Matter,
    Task,
    find_everywhere,
    last_hand_in,
    overview,
)
from fulian_desktop.services.records import add_record, delete_records, edit_record
from fulian_desktop.services.upkeep import backup
from fulian_desktop.store.drafts import save_draft

DAY = datetime.date(2026, 3, 9)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Office]:
    """A village of its own, with the office above known by name only."""
    with a_village(tmp_path / "village") as office:
        yield office


def tasks(office: Office, what: Matter, day: datetime.date = DAY) -> list[Task]:
    return [task for task in overview(office, day).tasks if task.what is what]


def figure(office: Office, kind: str, day: datetime.date = DAY) -> Figure:
    return next(one for one in overview(office, day).figures if one.kind == kind)


def a_nominee(office: Office, **facts: str) -> str:
    """A nomination of a campaign that the office itself issued: its own level decides."""
    campaign = a_campaign(office, title="2026年最美家庭", year=2026)
    typed = {"campaign": campaign, "family_name": "赵素芳", "called": "赵素芳家庭", "way": "自荐", "submitted_date": "2026-03-02"}
    return add_record(office, "nomination", {**typed, **facts}).id


def a_holder(office: Office, name: str, post: str, unit: str | None = None, **more: str) -> str:
    return add_record(office, "post_holder", {
        "name": name, "post": post, "date_from": "2021-03-31", "date_to": "2026-03-31", **more}, unit=unit).id


# --- posts -------------------------------------------------------------------------------------------------


def test_a_federation_that_has_entered_no_committee_is_left_alone(village):
    a_holder(village, "周丽", "volunteer")
    assert tasks(village, Matter.COMMITTEE) == tasks(village, Matter.TERM) == []


def test_a_committee_that_is_too_small_and_a_term_that_runs_out_are_tasks(village):
    a_holder(village, "王桂芳", "chair")
    (committee,) = tasks(village, Matter.COMMITTEE)
    assert committee.note == "兼职副主席 0 人，村至少 2 人，还差 2 人，执委 1 人，村至少 15 人，还差 14 人"
    (term,) = tasks(village, Matter.TERM)
    assert (term.count, term.day, term.note) == (1, datetime.date(2026, 3, 31), "主席")
    a_holder(village, "李红", "part_time_vice_chair", people="2", date_to="2031-03-31")
    a_holder(village, "周丽", "executive", people="12", date_to="2031-03-31")
    assert tasks(village, Matter.COMMITTEE) == []
    a_holder(village, "王桂芳", "chair", date_from="2026-04-01", date_to="2031-03-31")
    assert tasks(village, Matter.TERM) == []


def test_a_township_sees_the_committees_below(tmp_path):
    with a_township(tmp_path / "town") as town:
        a_holder(town, "王桂芳", "chair", VILLAGE)
        a_holder(town, "李红", "chair", date_to="2031-03-31")
        (committee,), (term,) = tasks(town, Matter.COMMITTEE), tasks(town, Matter.TERM)
        assert (committee.count, term.count) == (2, 1)


# --- what is to be done ------------------------------------------------------------------------------------


def test_an_empty_workspace_has_nothing_to_do_and_no_figures(village):
    view = overview(village, DAY)
    assert (view.records, view.tasks, view.figures) == (0, (), ())


def test_what_was_entered_waits_until_it_is_handed_in_and_what_comes_after_waits_again(country):
    village = country[VILLAGE]
    export_package(village, "up", country.stick())
    assert tasks(village, Matter.HAND_IN) == []
    first = added(village, "activity")
    edit_record(village, first.id, {"place": "村委会"})
    (task,) = tasks(village, Matter.HAND_IN)
    assert (task.count, task.more) == (2, 0)
    assert task.at is not None
    export_package(village, "up", country.stick())
    assert tasks(village, Matter.HAND_IN) == []


def test_a_package_for_another_receiver_is_no_hand_in(country):
    village = country[VILLAGE]
    export_package(village, "up", country.stick())
    added(village, "activity")
    export_package(village, village.unit, country.stick())
    assert [task.count for task in tasks(village, Matter.HAND_IN)] == [1]


def test_what_a_township_received_is_to_be_handed_on(country):
    village, town = country[VILLAGE], country[TOWN]
    a_county(country)
    assert tasks(town, Matter.HAND_IN) == []
    added(village, "activity")
    added(village, "family")
    country.carry(village, town)
    assert tasks(town, Matter.HAND_IN)[0].more == 2


def test_an_office_with_none_above_is_never_told_to_hand_in(tmp_path):
    with a_township(tmp_path / "town") as town:
        town.workspace.set_setting("parent", "")
        added(town, "activity")
        assert tasks(town, Matter.HAND_IN) == []
        assert last_hand_in(town) is None


def test_drafts_are_counted_and_the_latest_is_the_one_to_go_on_with(village, monkeypatch):
    for minute, (name, kind, entries) in enumerate((("a", "family", {"head": "赵"}), ("b", "activity", {"title": "三八节普法"}))):
        monkeypatch.setenv("FULIAN_CLOCK", f"2026-03-08T10:{minute:02}:00")
        save_draft(village.workspace, name, kind, entries)
    (task,) = tasks(village, Matter.DRAFT)
    assert (task.count, task.kind, task.names, task.draft) == (2, "activity", ("三八节普法",), "b")


def test_records_with_gaps_are_counted_by_kind_the_most_first(village):
    added(village, "family")
    for name in ("李秀兰", "张凤英"):
        add_record(village, "family", {"head": name})
    add_record(village, "activity", {"title": "普法", "category": "law"})
    (task,) = tasks(village, Matter.INCOMPLETE)
    assert (task.count, task.kind, task.by_kind) == (3, "family", (("family", 2), ("activity", 1)))


def test_a_deleted_record_is_no_task_and_no_figure(village):
    saved = add_record(village, "activity", {"title": "普法", "date": "2026.3.1"})
    delete_records(village, [saved.id])
    view = overview(village, DAY)
    assert view.records == 0
    assert view.figures == ()
    assert Matter.INCOMPLETE not in {task.what for task in view.tasks}


@pytest.mark.parametrize(("ends", "told"), [
    ("2026-03-09", True), ("2026-03-13", True), ("2026-03-14", False),
])
def test_a_notice_is_announced_when_it_ends_soon(village, ends, told):
    record = a_nominee(village, notice_village_from="2026-03-05", notice_village_to=ends)
    found = tasks(village, Matter.IN_NOTICE)
    assert bool(found) is told
    if told:
        assert (found[0].record, found[0].names, found[0].day) == (record, ("赵素芳家庭",), datetime.date.fromisoformat(ends))
        assert found[0].about == "2026年最美家庭"


def test_a_notice_that_ended_is_recalled_until_the_approval(village):
    record = a_nominee(village, notice_village_from="2026-03-02", notice_village_to="2026-03-06")
    assert [task.record for task in tasks(village, Matter.NOTICE_ENDED)] == [record]
    edit_record(village, record, {"approval_village_result": "通过", "approval_village_date": "2026-03-09"})
    assert tasks(village, Matter.NOTICE_ENDED) == []


def test_an_objection_stays_until_there_is_a_finding(village):
    notice = {"notice_village_from": "2026-03-05", "notice_village_to": "2026-03-11"}
    record = a_nominee(village, **notice, notice_village_objection="有人反映")
    assert [task.record for task in tasks(village, Matter.OBJECTION)] == [record]
    edit_record(village, record, {"notice_village_finding": "查过，不属实"})
    assert tasks(village, Matter.OBJECTION) == []
    assert len(tasks(village, Matter.IN_NOTICE)) == 1


def test_what_the_township_returns_is_the_villages_to_mend_until_it_is_submitted_again(country):
    village, town = country[VILLAGE], country[TOWN]
    campaign = a_campaign(town)
    country.carry(town, village)
    record = add_record(village, "nomination", {
        "campaign": campaign, "family_name": "李秀兰", "called": "李秀兰家庭", "way": "自荐", "submitted_date": "2026-03-02",
    }).id
    country.carry(village, town)
    edit_record(town, record, {
        "approval_township_result": "退回", "approval_township_date": "2026-03-04", "approval_township_opinion": "缺生活照 1 张",
    })
    assert tasks(town, Matter.RETURNED) == []
    country.carry(town, village)
    (task,) = tasks(village, Matter.RETURNED)
    assert (task.record, task.names, task.note) == (record, ("李秀兰家庭",), "缺生活照 1 张")
    edit_record(village, record, {"submitted_date": "2026-03-05"})
    assert tasks(village, Matter.RETURNED) == []


def test_more_than_two_of_one_sort_stand_in_one_line(village):
    for _ in range(3):
        a_nominee(village, notice_village_from="2026-03-05", notice_village_to="2026-03-11")
    (task,) = tasks(village, Matter.IN_NOTICE)
    assert (task.count, task.record, len(task.names)) == (3, "", 3)


def test_conflicts_are_a_task_until_they_are_settled(country):
    from fulian_desktop.services.conflicts import settle

    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    country.carry(village, town)
    edit_record(village, record, {"place": "村委会"})
    edit_record(town, record, {"place": "文化站"})
    country.carry(village, town)
    (task,) = tasks(town, Matter.CONFLICT)
    assert (task.count, task.by_kind) == (1, (("activity", 1),))
    settle(town, record, {"place": "村委会"})
    assert tasks(town, Matter.CONFLICT) == []


def test_a_backup_of_a_week_ago_is_recalled_and_a_new_one_is_content(village, tmp_path, monkeypatch):
    added(village, "activity")
    assert [task.at for task in tasks(village, Matter.BACKUP)] == [None]
    monkeypatch.setenv("FULIAN_CLOCK", "2026-03-01T08:00:00")
    backup(village, tmp_path / "柳树湾.flbak")
    assert tasks(village, Matter.BACKUP, datetime.date(2026, 3, 7)) == []
    assert len(tasks(village, Matter.BACKUP, datetime.date(2026, 3, 8))) == 1


def test_the_most_urgent_stands_first(village):
    added(village, "activity")
    save_draft(village.workspace, "a", "family", {"head": "赵"})
    a_nominee(village, notice_village_from="2026-03-05", notice_village_to="2026-03-11")
    whats = [task.what for task in overview(village, DAY).tasks]
    assert whats == sorted(whats, key=list(Matter).index)
    assert whats[:2] == [Matter.HAND_IN, Matter.IN_NOTICE]


# --- figures -----------------------------------------------------------------------------------------------


def test_activities_count_by_their_date_month_by_month_and_beside_the_same_days_of_last_year(village):
    for day in ("2026.1.31", "2026.3.1", "2026.3.9", "2026.3.10", "2025.3.9", "2025.3.10", "2025.12.1", "2024.3.1"):
        added(village, "activity", date_from=day, participants="10")
    one = figure(village, "activity")
    assert one.months == (1, 0, 2, *[0] * 9)
    assert (one.total, one.before, one.unit, one.dated) == (3, 1, "场", True)
    people = [f for f in overview(village, DAY).figures if f.kind == "activity"][1]
    assert (people.label, people.unit, people.total, people.before) == ("参加", "人次", 30, 10)


def test_aids_are_added_up_in_fen(village):
    for day, amount in (("2026.2.6", "1000元"), ("2026.3.6", "1.2万"), ("2025.2.6", "7200元"), ("2025.4.6", "1元")):
        add_record(village, "aid", {"recipient_name": "张凤英", "program": "春蕾计划", "date": day, "amount": amount})
    one = figure(village, "aid")
    assert (one.total, one.before, one.money, one.money_before) == (2, 1, 1_300_000, 720_000)


def test_what_has_no_date_of_its_own_counts_by_the_day_it_was_entered(village, monkeypatch):
    before, now = ("2025-02-01T12:00",), ("2026-01-31T23:59", "2026-02-01T00:00", "2026-03-09T23:59", "2026-03-10T00:00")
    for clock in (*before, *now):
        monkeypatch.setenv("FULIAN_CLOCK", clock)
        added(village, "family")
    one = figure(village, "family")
    assert one.months == (1, 1, 1, *[0] * 9)
    assert (one.total, one.before, one.dated) == (3, 1, False)


def test_the_29th_of_february_is_compared_with_the_28th(village):
    added(village, "activity", date_from="2023.2.28")
    added(village, "activity", date_from="2023.3.1")
    assert figure(village, "activity", datetime.date(2024, 2, 29)).before == 1


def test_every_kind_counts_by_a_date_that_says_when_it_happened():
    dates = {kind.code: date_of(kind) for kind in all_kinds()}
    assert dates["activity"] == "date_from"
    assert dates["aid"] == "date_from"
    assert dates["nomination"] == "submitted_date"
    assert dates["family"] == dates["person"] == ""
    assert not any("birth" in date for date in dates.values())


def test_what_is_added_up_is_declared():
    number = number_of(kind_of("activity"))
    assert number is not None
    assert number.code == "participants"
    assert money_of(kind_of("aid")) == "amount"
    assert (number_of(kind_of("campaign")), money_of(kind_of("family"))) == (None, "")


# --- the last hand-in --------------------------------------------------------------------------------------


def test_the_last_hand_in_waits_for_its_receipt_and_gets_it(country):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    country.carry(village, town)
    waiting = last_hand_in(village)
    assert waiting is not None
    assert (waiting.linked, waiting.received, waiting.upper_name) == (True, False, "清溪镇")
    country.carry(town, village)
    received = last_hand_in(village)
    assert received is not None
    assert (received.number, received.received) == (waiting.number, True)


def test_an_office_that_was_not_let_in_yet_is_not_linked(village):
    found = last_hand_in(village)
    assert found is not None
    assert (found.linked, found.number) == (False, 0)


# --- one search over all kinds -----------------------------------------------------------------------------


def test_one_search_finds_in_every_kind_and_says_when_there_is_more(village):
    for i in range(4):
        add_record(village, "family", {"head": "赵素芳", "address": f"{i}组"})
    add_record(village, "person", {"name": "赵素芳"})
    add_record(village, "activity", {"title": "看望赵素芳", "date": "2026.3.8"})
    found = {hits.kind: hits for hits in find_everywhere(village, "赵素芳", each=3)}
    assert set(found) == {"family", "person", "activity"}
    assert (len(found["family"].hits), found["family"].more) == (3, True)
    assert (len(found["person"].hits), found["person"].more) == (1, False)
    assert found["activity"].hits[0].day == "2026-03-08"
    assert {hits.kind for hits in find_everywhere(village, "zsf")} >= {"family", "person"}


@pytest.mark.parametrize("typed", ["", "   ", "没有的人"])
def test_what_nobody_is_called_finds_nothing(village, typed):
    added(village, "family")
    assert find_everywhere(village, typed) == []

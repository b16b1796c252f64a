"""What an office issues is in force below without a new release: fields, codes, bounds (DESIGN §3, §4)."""

from __future__ import annotations

import datetime

import openpyxl
import pytest
from tests.builders import COUNTY, OTHER_TOWN, SIBLING, TOWN, VILLAGE, a_township, added, an_activity
from tests.e2e.builders import a_campaign, a_country, a_county, a_nomination, a_put, adds_up, crafted, digest, head_names, shown

from fulian_desktop.domain.extensible import is_extensible
from fulian_desktop.domain.forms import cells_of
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.services import records
from fulian_desktop.services.batch import add_many
from fulian_desktop.services.board import State, missing_list, roll_call_board
from fulian_desktop.services.browsing import Query, keys, rows
from fulian_desktop.services.conflicts import conflicts
from fulian_desktop.services.entering import history_of, start_form
from fulian_desktop.services.exchanging import imports, merge_packages, roll_call, undo_import
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import acts, add_record, delete_records, edit_record, undo_act
from fulian_desktop.services.settling import decide, dispute
from fulian_desktop.services.sheets import export_sheet, import_sheet, write_template
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import queries, search
from fulian_desktop.store.log import Log
from fulian_desktop.store.rebuild import rebuild_view
from fulian_desktop.store.workspace import Workspace, new_id

DANCE = {"label": "广场舞队", "kinds": "活动", "type": "文字", "column": "是", "searched": "是"}


@pytest.fixture
def district(tmp_path):
    """A county above a township above two villages, all enrolled."""
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        a_county(country)
        country.carry(country[COUNTY], country[TOWN])
        yield country


def down(country, *, to=VILLAGE):
    """What the county issued, through the township to a village."""
    country.carry(country[COUNTY], country[TOWN])
    return country.carry(country[TOWN], country[to])


def up(country, *, of=VILLAGE):
    country.carry(country[of], country[TOWN])
    return country.carry(country[TOWN], country[COUNTY])


def issue(office, kind="issued_field", **entries):
    return add_record(office, kind, {**(DANCE if kind == "issued_field" else {}), **entries})


def activity(office, **entries):
    return added(office, "activity", **entries).id


def texts_of(path):
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [[str(c.value or "") for c in row] for row in sheet.iter_rows()]


# --- the whole way down and up -----------------------------------------------------------------------------


def test_a_countys_own_field_and_code_go_down_are_filled_by_a_village_and_come_up_into_list_excel_and_search(
    district, fulian, tmp_path,
):
    county = district[COUNTY].workspace.folder
    made = fulian("add", county, "issued_field", "label=广场舞队", "kinds=活动", "type=文字", "column=是", "searched=是")
    assert made["problems"] == []
    assert fulian("show", county, made["id"])["values"]["code"] == "x_gcwd"
    made = fulian("add", county, "issued_code", "label=广场舞", "extends=activity__category")
    assert fulian("show", county, made["id"])["values"]["code"] == "gcw"
    for office in district.offices.values():
        office.workspace.forget_log()
    assert adds_up(down(district))
    village = district[VILLAGE].workspace.folder
    typed = ("title=秧歌赛", "category=广场舞", "date=2026-03-08", "participants=30", "x_gcwd=东风队")
    told = fulian("add", village, "activity", *typed)
    assert told["problems"] == []
    district[VILLAGE].workspace.forget_log()
    up(district)
    office = district[COUNTY]
    values = shown(office, told["id"])["values"]
    assert (values["x_gcwd"], values["category"]) == ("东风队", f"{COUNTY}:gcw")
    for where in ("x_gcwd=东风队", "category=广场舞"):
        assert [r["id"] for r in fulian("list", county, "activity", "--where", where)["records"]] == [told["id"]]
    assert [r["id"] for r in fulian("list", county, "activity", "--search", "东风")["records"]] == [told["id"]]
    out = tmp_path / "名册.xlsx"
    export_sheet(office, "activity", out)
    lines = texts_of(out)
    head = next(line for line in lines if "广场舞队" in line)
    row = next(line for line in lines if "秧歌赛" in line)
    assert row[head.index("广场舞队")] == "东风队"
    assert row[head.index("类别")] == "广场舞"
    report = tmp_path / "台账.xlsx"
    fulian("report", county, "activity-ledger", "--year", 2026, "-o", report)
    lines = texts_of(report)
    head = next(line for line in lines if "广场舞队" in line)
    row = next(line for line in lines if "秧歌赛" in line)
    assert (row[head.index("广场舞队")], row[head.index("类别")]) == ("东风队", "广场舞")
    assert digest(office, VILLAGE) == digest(district[VILLAGE], VILLAGE)


def test_values_that_arrive_before_their_definition_lose_nothing_and_appear_once_it_arrives(district):
    town, village = district[TOWN], district[VILLAGE]
    record = new_id()
    values = {"title": "秧歌赛", "x_gcwd": "东风队", "x_ren": 30, "x_ok": True, "x_many": ["a", "b"]}
    report = merge_packages(town, [crafted(village, district.stick(), [a_put("activity", record, values)])])
    assert (report["total"]["added"], report["total"]["refused"]) == (1, 0)
    assert queries.findings(town.workspace.db) == []
    assert shown(town, record)["values"] == values
    with pytest.raises(InputProblem, match="没有“x_gcwd”"):
        list_records(town, "activity", where={"x_gcwd": "东风队"})
    issue(district[COUNTY])
    district.carry(district[COUNTY], town)
    (row,) = list_records(town, "activity", where={"x_gcwd": "东风队"})
    assert row["values"] == values
    assert [r["id"] for r in list_records(town, "activity", search="东风队")] == [record]
    assert check(town)["ok"]
    rebuild_view(town.workspace)
    assert [r["id"] for r in list_records(town, "activity", where={"x_gcwd": "东风队"})] == [record]


def test_an_issued_code_that_has_not_come_is_kept_is_no_gap_and_says_so(district):
    town, village = district[TOWN], district[VILLAGE]
    record = new_id()
    values = {"title": "秧歌赛", "category": f"{COUNTY}:gcw", "participants": {"number": 30},
              "date": {"from": "2026-03-08", "to": "2026-03-08", "precision": "day"}}
    merge_packages(town, [crafted(village, district.stick(), [a_put("activity", record, values)])])
    assert shown(town, record)["marks"] == []
    start = start_form(town, "activity", record=record, day=today())
    assert start.kind.flat["category"].type.codes.label(start.flat["category"]) == "还没收到的选项"
    issue(district[COUNTY], "issued_code", label="广场舞", extends="activity__category")
    district.carry(district[COUNTY], town)
    assert [r["id"] for r in list_records(town, "activity", where={"category": "广场舞"})] == [record]


# --- in history, conflicts, undo ---------------------------------------------------------------------------


def test_an_issued_field_conflicts_and_is_settled_and_taken_back_like_any_other(district):
    county, town, village = (district[unit] for unit in (COUNTY, TOWN, VILLAGE))
    issue(county)
    down(district)
    record = activity(village, x_gcwd="东风队")
    district.carry(village, town)
    edit_record(village, record, {"x_gcwd": "西风队"})
    edit_record(town, record, {"x_gcwd": "南风队"})
    assert district.carry(village, town)["total"]["conflicts"] == 1
    (one,) = conflicts(town)
    assert (one["field"], one["label"]) == ("x_gcwd", "广场舞队")
    assert {v["value"] for v in one["values"]} == {"西风队", "南风队"}
    edit_record(town, record, {"x_gcwd": "西风队"}, settle=["x_gcwd"])
    assert conflicts(town) == []
    assert ("广场舞队", "南风队", "西风队") in [c for step in history_of(town, record) for c in step.changes]
    undo_act(town, acts(town)[0]["act"])
    assert shown(town, record)["values"]["x_gcwd"] == "南风队"


def test_a_conflict_of_a_field_whose_definition_has_not_come_is_settled_by_choosing(district):
    town, village = district[TOWN], district[VILLAGE]
    record = activity(village)
    district.carry(village, town)
    parents = head_names(town, record)
    for number, value in enumerate((["a", "b"], "东风队")):
        line = a_put("activity", record, {"x_gcwd": value}, parents=parents)
        merge_packages(town, [crafted(village, district.stick(), [line], seq=900 + number)])
    found = dispute(town, record)
    (field,) = found.fields
    assert (field.label, field.can_type) == ("还没收到说明的栏目", False)
    assert {choice.text for choice in field.choices} == {"a、b", "东风队"}
    place = next(i for i, choice in enumerate(field.choices) if choice.text == "东风队")
    decide(town, record, VILLAGE, chosen={"x_gcwd": place}, typed={}, seen=found.seen)
    assert conflicts(town) == []
    assert shown(town, record)["values"]["x_gcwd"] == "东风队"


def test_undoing_the_import_of_a_definition_takes_the_field_away_and_leaves_the_values(district):
    county, town = district[COUNTY], district[TOWN]
    issue(county)
    report = district.carry(county, town)
    assert "x_gcwd" in town.kinds.of("activity").flat
    record = activity(town, x_gcwd="东风队")
    undo_import(town, imports(town)[0]["package"])
    assert "x_gcwd" not in town.kinds.of("activity").flat
    assert shown(town, record)["values"]["x_gcwd"] == "东风队"
    assert report["total"]["added"]


def test_a_definition_that_is_deleted_or_withdrawn_is_offered_no_more_and_its_values_are_shown(district):
    county = district[COUNTY]
    made = issue(county)
    record = activity(county, x_gcwd="东风队")
    edit_record(county, made.id, {"withdrawn": True})
    (field,) = [f for f in county.kinds.of("activity").fields if f.code == "x_gcwd"]
    assert field.withdrawn
    assert "x_gcwd" not in [cell.name for cell in cells_of(county.kinds.of("activity"))]
    assert shown(county, record)["values"]["x_gcwd"] == "东风队"
    delete_records(county, [made.id])
    assert county.kinds.of("activity") is kind_of("activity")


def test_a_kind_without_a_search_of_its_own_may_have_a_field_that_is_to_be_found(district):
    county = district[COUNTY]
    unsearched = next(kind for kind in all_kinds() if not any(f.search for f in kind.fields) and is_extensible(kind))
    issue(county, kinds=unsearched.code, label="说明", code="x_sm", searched=True)
    assert list_records(county, unsearched.code, search="东风") == []


def test_the_kinds_in_force_follow_another_process_and_a_save_that_was_rolled_back(district, monkeypatch):
    county = district[COUNTY]
    before = county.kinds
    assert before is county.kinds
    folder, key, person = (getattr(county.workspace, name) for name in ("folder", "key", "person"))
    with Office(Workspace.open_with_key(folder, key, person)) as other:
        made = issue(other)
    now = county.kinds
    assert "x_gcwd" in now.of("activity").flat
    assert "x_gcwd" not in before.of("activity").flat
    seen = []

    def refuse(*_args, **_more):
        seen.append(county.kinds.of("activity").flat["x_gcwd"].label)
        raise InputProblem("没有保存。", "test")

    monkeypatch.setattr(records, "_refuse_what_has_no_effect", lambda *_args: None)
    monkeypatch.setattr(Log, "keep_together", refuse)
    with pytest.raises(InputProblem, match="没有保存"):
        edit_record(county, made.id, {"label": "别的名称"})
    assert seen == ["别的名称"]
    assert county.kinds.of("activity").flat["x_gcwd"].label == "广场舞队"


# --- types, lists, ranks -----------------------------------------------------------------------------------


def test_each_type_is_typed_as_people_write_it_and_filtered(district):
    county = district[COUNTY]
    for label, kind, code in (("队员", "数字", "x_dy"), ("服装费", "金额", "x_fz"), ("比赛日", "日期", "x_bs"),
                              ("获奖", "是或否", "x_hj"), ("说明情况", "多行文字", "x_sm")):
        issue(county, label=label, type=kind, code=code)
    rows_ = [{"row": "0123456789ab", "label": "秧歌"}, {"row": "0123456789ac", "label": "腰鼓"}]
    issue(county, label="舞种", type="选几项", code="x_wz", choices=rows_)
    record = activity(county, x_dy="1600", x_fz="1.2万", x_bs="2026年3月8日", x_hj="是", x_sm="一\n二", x_wz="秧歌、腰鼓")
    values = shown(county, record)["values"]
    assert {n: v for n, v in values.items() if n.startswith("x_")} == {
        "x_dy": 1600, "x_fz": 1_200_000, "x_bs": "2026-03-08", "x_hj": True, "x_sm": "一\n二",
        "x_wz": [f"{COUNTY}:o0123456789ab", f"{COUNTY}:o0123456789ac"],
    }
    for where in ({"x_dy": "1600"}, {"x_hj": "是"}, {"x_hj": "1"}, {"x_wz": f"{COUNTY}:o0123456789ab"}, {"x_bs": "2026-03-08"}):
        assert [r["id"] for r in list_records(county, "activity", where=where)] == [record], where
    assert list_records(county, "activity", where={"x_dy": "5"}) == []
    found = keys(county, Query("activity", sort="x_dy"), limit=10, sums=["x_fz"])
    assert found.sums == {"x_fz": 1_200_000}
    (row,) = rows(county, "activity", found.numbers)
    assert row.flat["x_dy"] == 1600
    assert check(county)["ok"]


def test_a_value_that_is_not_of_the_defined_type_is_shown_as_typed_and_marked(district, tmp_path):
    town, village = district[TOWN], district[VILLAGE]
    record = new_id()
    values = {"title": "秧歌赛", "category": "meeting", "x_dy": "三十来个", "x_wz": 5, "participants": {"number": 30},
              "date": {"from": "2026-03-08", "to": "2026-03-08", "precision": "day"}}
    merge_packages(town, [crafted(village, district.stick(), [a_put("activity", record, values)])])
    assert shown(town, record)["marks"] == []
    issue(town, label="队员", type="数字", code="x_dy", column=True)
    issue(town, label="舞种", type="选几项", code="x_wz", choices=[{"row": "0123456789ab", "label": "秧歌"}])
    town.workspace.catch_up()
    assert shown(town, record)["marks"] == ["incomplete"]
    assert shown(town, record)["values"]["x_dy"] == "三十来个"
    problems = edit_record(town, record, {"place": "村委会"}).problems
    assert [(p.field, p.code) for p in problems] == [("x_dy", "unfit"), ("x_wz", "unfit")]
    out = tmp_path / "名册.xlsx"
    export_sheet(town, "activity", out)
    assert any("三十来个" in line for line in texts_of(out))
    edit_record(town, record, {"x_dy": "30", "x_wz": "秧歌"})
    assert shown(town, record)["marks"] == []


def test_of_two_definitions_of_one_field_that_of_the_highest_office_holds(district):
    county, village = district[COUNTY], district[VILLAGE]
    issue(village, label="村里的队", type="数字", code="x_gcwd")
    assert village.kinds.of("activity").flat["x_gcwd"].label == "村里的队"
    issue(county)
    down(district)
    assert village.kinds.of("activity").flat["x_gcwd"].label == "广场舞队"
    up(district)
    assert county.kinds.of("activity").flat["x_gcwd"].label == "广场舞队"


def test_what_a_village_issues_is_for_its_own_records_alone(district):
    village, town, sibling = district[VILLAGE], district[TOWN], district[SIBLING]
    issue(village, label="村里的队", code="x_cd")
    record = activity(village, x_cd="东风队")
    district.carry(village, town)
    assert shown(town, record)["values"]["x_cd"] == "东风队"
    assert "x_cd" in start_form(town, "activity", record=record, unit=VILLAGE, day=today()).kind.flat
    assert "x_cd" not in start_form(town, "activity", day=today()).kind.flat
    district.carry(town, sibling)
    assert "x_cd" not in start_form(sibling, "activity", day=today()).kind.flat


def test_what_one_township_asks_for_does_not_mark_the_records_of_another(tmp_path):
    with a_country(tmp_path) as country:
        county = a_county(country)
        town, other = country[TOWN], country.offices.setdefault(OTHER_TOWN, a_township(tmp_path / "other", OTHER_TOWN))
        country.enrol(other, county)
        issue(town, asked=True)
        add_record(town, "amount_bound", {"bounds": "activity__participants", "number": "100"})
        records = [activity(town, x_gcwd="东风队", participants="90"), activity(town), activity(other), activity(county)]
        for sender in (town, other):
            country.carry(sender, county)
        assert [bool(shown(county, record)["marks"]) for record in records] == [False, True, False, False]
        rebuild_view(county.workspace)
        assert [bool(shown(county, record)["marks"]) for record in records] == [False, True, False, False]
        problems = add_record(county, "activity", an_activity(), unit=OTHER_TOWN).problems
        assert problems == []
        problems = add_record(county, "activity", an_activity(), unit=VILLAGE).problems
        assert sorted((p.field, p.code) for p in problems) == [("participants", "absurd"), ("x_gcwd", "missing")]


def test_no_save_waits_for_what_is_looked_at_again(district, monkeypatch):
    county = district[COUNTY]
    records = [activity(county) for _ in range(5)]
    county.workspace.catch_up()
    monkeypatch.setattr(search, "PENDING", 3)
    issue(county, asked=True)
    add_many(county, "activity", [an_activity(x_gcwd="东风队"), an_activity(x_gcwd="西风队")])
    assert [shown(county, record)["marks"] for record in records] == [[]] * 5
    assert len(list_records(county, "activity", search="东风")) == 1
    county.workspace.catch_up()
    assert [shown(county, record)["marks"] for record in records] == [["incomplete"]] * 5
    assert len(list_records(county, "activity", search="三八")) == 7


def test_a_field_that_is_asked_marks_records_without_it_and_a_code_taken_back_is_offered_no_more(district):
    county = district[COUNTY]
    record = activity(county)
    assert shown(county, record)["marks"] == []
    issue(county, asked=True)
    county.workspace.catch_up()
    assert shown(county, record)["marks"] == ["incomplete"]
    edit_record(county, record, {"x_gcwd": "东风队"})
    assert shown(county, record)["marks"] == []
    made = issue(county, "issued_code", label="广场舞", extends="activity__category")
    edit_record(county, record, {"category": "广场舞"})
    edit_record(county, made.id, {"withdrawn": True})
    codes = county.kinds.of("activity").flat["category"].type.codes
    assert codes.label(f"{COUNTY}:gcw") == "广场舞"
    assert f"{COUNTY}:gcw" not in list(codes)
    assert [r["id"] for r in list_records(county, "activity", where={"category": "广场舞"})] == [record]


def test_the_template_has_issued_fields_and_what_is_filled_in_there_is_imported(district, tmp_path):
    county = district[COUNTY]
    issue(county)
    issue(county, "issued_code", label="广场舞", extends="activity__category")
    path = tmp_path / "模板.xlsx"
    write_template("activity", path, county)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    head = {str(cell.value or "").strip("*"): cell.column for cell in page[3]}
    typed = {"主题": "秧歌赛", "类别": "广场舞", "日期": "2026年3月8日", "参加人次": "30", "广场舞队": "东风队"}
    for label, value in typed.items():
        page.cell(4, head[label], value)
    book.save(path)
    told = import_sheet(county, "activity", path)
    assert told["total"]["new"] == 1
    assert told["rows"][0]["problems"] == []
    (row,) = list_records(county, "activity")
    assert (row["values"]["x_gcwd"], row["values"]["category"]) == ("东风队", f"{COUNTY}:gcw")


# --- holidays and reporting requirements -------------------------------------------------------------------


def test_the_notice_of_a_village_runs_by_the_holidays_that_the_county_issued(district):
    county, village = district[COUNTY], district[VILLAGE]
    campaign = a_campaign(village, public_days=4, workdays="是", year=2026)
    nomination = a_nomination(village, campaign)
    told = {"review_village_result": "通过", "review_village_date": "2026-09-29", "notice_village_from": "2026-09-30",
            "notice_village_to": "2026-10-06"}
    codes = [p.code for p in edit_record(village, nomination, told).problems]
    assert "no-holiday-table" in codes
    assert "notice-short" not in codes
    off = [{"from": "2026-10-01", "to": "2026-10-07", "name": "国庆节"}]
    made = add_record(county, "holiday_table", {"year": 2026, "off": off, "worked": [{"from": "2026-10-10"}]})
    assert made.problems == []
    down(district)
    (short,) = [p for p in edit_record(village, nomination, {"deeds_short": "和睦"}).problems if p.code.startswith("no")]
    assert short.code == "notice-short"
    assert "2026-10-10" in short.text
    joined = start_form(village, "nomination", record=nomination, day=today()).joined
    assert joined["campaign_holidays"].years == {2026}


def test_the_roll_call_judges_by_what_the_county_asks_for(district, monkeypatch, fulian):
    county, town, village = district[COUNTY], district[TOWN], district[VILLAGE]
    typed = {"title": "每月活动", "cycle": "按月", "due_day": "5", "wanted": "活动、帮扶救助"}
    assert add_record(county, "report_period", typed).problems == []
    district.carry(county, town)
    monkeypatch.setenv("FULIAN_CLOCK", "2030-04-03T09:00")
    board = {unit["unit"]: unit for unit in roll_call(town)}
    assert {unit["state"] for unit in board.values()} == {"missing"}, "a package of before March says nothing of March"
    assert (board[VILLAGE]["due"], board[VILLAGE]["late"]) == ("2030-04-05", 0)
    added(village, "activity", date_from="2030-03-08")
    monkeypatch.setenv("FULIAN_CLOCK", "2030-04-07T09:00")
    district.carry(village, town)
    monkeypatch.setenv("FULIAN_CLOCK", "2030-04-20T09:00")
    board = {unit["unit"]: unit for unit in roll_call(town)}
    assert (board[VILLAGE]["state"], board[VILLAGE]["late"], board[VILLAGE]["lacking"]) == ("reported", 2, ["帮扶救助"])
    assert (board[SIBLING]["state"], board[SIBLING]["late"]) == ("missing", 15)
    told = fulian("roll-call", town.workspace.folder)["units"]
    assert {unit["unit"]: unit["late"] for unit in told} == {VILLAGE: 2, SIBLING: 15}
    cards = {card.unit: card for card in roll_call_board(town, datetime.date(2030, 4, 20))}
    assert (cards[VILLAGE].state, cards[SIBLING].state) == (State.REPORTED, State.MISSING)
    assert cards[VILLAGE].lacking == ("帮扶救助",)
    assert [row[-1] for row in missing_list(town, datetime.date(2030, 4, 20)).rows] == [15]


# --- bounds ------------------------------------------------------------------------------------------------


def test_an_amount_above_the_bound_that_an_office_set_warns_and_is_saved(district):
    county, village = district[COUNTY], district[VILLAGE]
    made = add_record(county, "amount_bound", {"bounds": "activity__participants", "number": "5000"})
    assert made.problems == []
    down(district)
    over = added(village, "activity", participants="6000")
    assert [p.code for p in over.problems] == ["absurd"]
    assert shown(village, over.id)["marks"] == ["incomplete"]
    assert added(village, "activity", participants="5000").problems == []
    generous = added(village, "aid", program="慰问金", recipient="王秀英", date="2026-02-01", amount="20亿元")
    assert [p.code for p in generous.problems] == ["absurd"]


def test_a_village_cannot_change_what_the_county_issued(district, fulian):
    made = issue(district[COUNTY])
    down(district)
    told = fulian("edit", district[VILLAGE].workspace.folder, made.id, "label=别的", code=1)
    assert "不归本单位管" in told["error"]["text"]

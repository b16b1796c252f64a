"""年度工作统计表: every figure's records add up to it, on paper and in a sheet as in JSON, kept until something is written."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, a_township, a_village, an_office
from tests.e2e.builders import Country, a_declared_kind
from tests.e2e.fixtures import Fulian
from tests.services.test_reviews import LINES, elections, processing_points, typed, volunteer_teams

from fulian_desktop.domain import indicators as declared
from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import QUANTITY, Code, Day, Field, Money, Text
from fulian_desktop.domain.indicator import Dated, Indicator, Split, Sum
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.services import demo
from fulian_desktop.services import yearly as made
from fulian_desktop.services.conflicts import join_records
from fulian_desktop.services.indicators import readable
from fulian_desktop.services.office import Office, open_office
from fulian_desktop.services.records import add_record, delete_records, edit_record, undo_act
from fulian_desktop.services.reports import REPORTS, make_report, write_report
from fulian_desktop.services.units_below import register_units
from fulian_desktop.services.yearly import yearly_values
from fulian_desktop.store import queries

Line = dict[str, Any]


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "town") as office:
        register_units(office, [(VILLAGE, "柳树湾村"), (SIBLING, "杏花村")])
        yield office


def line(values: dict[str, Any], indicator: str, category: str | None = None) -> Line:
    return next(one for one in values["lines"] if (one["indicator"], one["category"]) == (indicator, category))


def activity(office: Office, unit: str, day: str, people: str = "10", **more: Any) -> str:
    typed = {"title": f"活动{day}", "category": "law", "date_from": day, "participants": people, **more}
    return add_record(office, "activity", typed, unit=unit).id


# --- every figure's records add up to it -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The township that a demo leaves, with the published sentences typed in as well."""
    folder = tmp_path_factory.mktemp("demo")
    demo.run_demo(folder, villages=2, records=40)
    passphrase = re.search(r"口令都是：(\S+)", (folder / "README.txt").read_text("utf-8-sig"))
    assert passphrase is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FULIAN_DATA", str(folder / ".data"))
        with open_office(folder / "township", passphrase[1]) as office:
            for write, _ in LINES.values():
                write(office)
            yield office


def added_up(office: Office, told: Line, ids: list[str]) -> int:
    """What records come to, looked up one by one and added up by what the report says of how."""
    rows = [queries.find_by_id(office.workspace.db, record) for record in ids]
    assert None not in rows
    found = [(row.unit, row.flat) for row in rows if row is not None]
    how = told["how"]
    if "sum" in how:
        return sum(next((flat[name] for name in how["sum"] if name in flat), how["otherwise"]) for _, flat in found)
    if "distinct" in how:
        return len({(unit, flat.get(how["distinct"])) for unit, flat in found})
    if "rows" in how:
        rows_of = [row for _, flat in found for row in flat[how["rows"]]]
        if how["by"] and told["category"] is not None:
            rows_of = [row for row in rows_of if "|".join(str(row.get(name, "")) for name in how["by"]) == told["category"]]
        return sum(row.get(how["column"], 0) for row in rows_of)
    return len(found)


@pytest.mark.parametrize("year", [2011, demo.YEAR])
def test_the_ids_of_every_figure_looked_up_one_by_one_add_up_to_it(played: Office, year: int) -> None:
    values = yearly_values(played, year, ids=True)
    lines = [one for one in values["lines"] if one["kind"] and one["value"] is not None]
    assert len(lines) > 20
    assert {one["label"]: added_up(played, one, one["ids"]) for one in lines} == {one["label"]: one["value"] for one in lines}
    for one in lines:
        assert len(set(one["ids"])) == len(one["ids"]) == one["records"]
        for cell in one["cells"]:
            assert added_up(played, one, cell["ids"]) == cell["value"], (one["label"], cell)


def test_months_quarters_and_units_add_up_to_the_year_of_what_happens(played: Office) -> None:
    values = yearly_values(played, demo.YEAR, ids=True)
    for one in values["lines"]:
        if one["stands"] or one["share"] or not one["kind"] or one["value"] is None or "distinct" in one["how"]:
            continue
        assert sum(value for value, _ in one["units"]) == one["value"], one["label"]
        known = sum(cell["value"] for cell in one["cells"] if len(cell["month"]) == 7)
        if one["cells"]:
            assert sum(cell["value"] for cell in one["cells"]) == one["value"]
            assert sum(value or 0 for value in one["months"]) == known
        assert sum(value or 0 for value in one["quarters"]) == sum(value or 0 for value in one["months"])


# --- what counts when --------------------------------------------------------------------------------------------------


def test_a_record_counts_in_the_month_of_its_last_day_and_one_that_spans_years_is_named(town: Office) -> None:
    spanning = activity(town, VILLAGE, "2025-12-28", date_to="2026-01-03", title="送温暖")
    activity(town, VILLAGE, "2026-03-08")
    activity(town, SIBLING, "2025-03-08")
    values = yearly_values(town, 2026, ids=True)
    sessions = line(values, "sessions")
    assert (sessions["value"], sessions["before"], sessions["months"][:3], sessions["quarters"][0]) == (2, 1, [1, 0, 1], 2)
    assert [one["id"] for one in values["spanning"]] == [spanning]
    assert any("送温暖（2025年12月28日—2026年1月3日）" in note for note in values["notes"])
    assert [[u["name"], *figures] for u, figures in zip(values["units"], sessions["units"], strict=True)] == [
        ["清溪镇", 0, 0], ["柳树湾村", 2, 0], ["杏花村", 0, 1],
    ]


def test_a_record_known_to_the_year_only_counts_in_the_year_and_in_no_month(town: Office) -> None:
    activity(town, VILLAGE, "2025年")
    sessions = line(yearly_values(town, 2025, ids=True), "sessions")
    assert (sessions["value"], sum(sessions["months"])) == (1, 0)
    assert [cell["month"] for cell in line(yearly_values(town, 2025, ids=True), "sessions", "law")["cells"]] == ["2025"]


def test_a_record_without_a_date_is_in_no_year_and_the_report_says_so(town: Office) -> None:
    add_record(town, "activity", {"title": "没写日期", "category": "law", "participants": "10"})
    activity(town, VILLAGE, "2026-03-08")
    values = yearly_values(town, 2026)
    assert line(values, "sessions")["value"] == 1
    assert any(note.startswith("没有日期，没有计入任何一年：活动 1 条") for note in values["notes"])


def test_what_is_about_and_what_is_to_be_completed_counts_and_is_said(town: Office) -> None:
    activity(town, VILLAGE, "2026-03-08", "40多人")
    add_record(town, "activity", {"title": "缺人次", "category": "law", "date_from": "2026-03-09"})
    people = line(yearly_values(town, 2026), "participants")
    assert (people["value"], people["records"], people["about"], people["incomplete"]) == (40, 2, 1, 1)


def test_what_stands_is_looked_at_on_the_last_day_of_each_month(town: Office) -> None:
    site = {"type": "妇女之家"}
    add_record(town, "site", {"name": "老的", "opened_date": "2019-05-01", "closed_date": "2025-03-31", **site}, unit=VILLAGE)
    add_record(town, "site", {"name": "新的", "opened_date": "2025-02-10", **site}, unit=VILLAGE)
    add_record(town, "site", {"name": "不知何时", **site}, unit=SIBLING)
    homes = line(yearly_values(town, 2025), "womens_homes")
    assert (homes["value"], homes["before"], homes["months"]) == (2, 2, [2, 3, *[2] * 10])
    share = line(yearly_values(town, 2025), "womens_home_share")
    assert (share["value"], share["part"], share["whole"]) == (10_000, 2, 2)


def test_a_term_ends_by_itself_and_a_month_only_says_when_it_began(town: Office) -> None:
    def chair(name: str, **when: str) -> None:
        add_record(town, "post_holder", {"name": name, "post": "主席", **when}, unit=VILLAGE)

    chair("上一届", date_from="2019-06-01", date_to="2024-05-31")
    chair("这一届", date_from="2024年6月")
    chair("中途离任", date_from="2024-06-01", date_to="2029-05-31", left_date="2024-09-01")
    chairs = line(yearly_values(town, 2024), "chairs")
    assert (chairs["value"], chairs["months"]) == (1, [*[1] * 5, *[2] * 3, *[1] * 4])


def test_a_share_of_nothing_is_none_and_units_with_too_few_are_named(town: Office) -> None:
    profile = {"population": "900", "women": "400", "children": "100"}
    add_record(town, "unit_profile", {"year": "2026", "households": "0", **profile}, unit=VILLAGE)
    elections(town)
    member = {"name": "王芳", "post": "执委", "date_from": "2026-01-01", "political": "党员"}
    add_record(town, "post_holder", member, unit=VILLAGE)
    values = yearly_values(town, 2026)
    assert line(values, "party_share")["value"] == 10_000
    assert not [one for one in values["lines"] if one["indicator"] == "families_share"]
    assert any("执委不足 15 人的村（社区） 2 个：柳树湾村、杏花村。" in note for note in values["notes"])


def test_a_joined_record_counts_once_and_again_when_it_stands_alone(town: Office) -> None:
    keep, other = activity(town, VILLAGE, "2026-03-08"), activity(town, SIBLING, "2026-03-08")
    assert line(yearly_values(town, 2026), "sessions")["value"] == 2
    join_records(town, keep, other)
    assert line(yearly_values(town, 2026, ids=True), "sessions")["ids"] == [keep]
    delete_records(town, [keep])
    assert line(yearly_values(town, 2026, ids=True), "sessions")["ids"] == [other]


def test_of_records_joined_in_a_circle_one_counts(town: Office) -> None:
    first, second = activity(town, VILLAGE, "2026-03-08"), activity(town, VILLAGE, "2026-03-09")
    edit_record(town, first, {"same_as": second})
    edit_record(town, second, {"same_as": first})
    assert line(yearly_values(town, 2026, ids=True), "sessions")["ids"] == [min(first, second)]


def test_a_person_in_two_categories_is_one_person(town: Office) -> None:
    add_record(town, "person", {"name": "李秀英", "tags": "单亲母亲、低收入"})
    values = yearly_values(town, 2026)
    assert line(values, "people_in_care")["value"] == 1
    assert [line(values, "people_in_care", tag)["value"] for tag in ("single_mother", "low_income")] == [1, 1]


def test_a_negative_amount_counts_as_it_is(town: Office) -> None:
    add_record(town, "donation", {"donor": "退款", "date_from": "2026-03-08", "amount": -2000})
    add_record(town, "donation", {"donor": "王", "date_from": "2026-03-08", "amount": "100元"})
    assert line(yearly_values(town, 2026), "donation_money")["value"] == 8_000


def test_a_county_sees_its_townships_and_a_village_only_itself(tmp_path: Path) -> None:
    with an_office(tmp_path / "county", "140702000000") as county:
        activity(county, VILLAGE, "2026-03-08")
        activity(county, "140702102201", "2026-03-08")
        values = yearly_values(county, 2026)
        assert [unit["unit"] for unit in values["units"]] == ["140702000000", TOWN, "140702102000"]
        assert [now for now, _ in line(values, "sessions")["units"]] == [0, 1, 1]
        assert line(yearly_values(county, 2026, unit=TOWN), "sessions")["value"] == 1
    with a_village(tmp_path / "village") as village:
        activity(village, VILLAGE, "2026-03-08")
        assert "各单位" not in [table.title for table in make_report(village, "yearly", 2026).tables]


def test_an_empty_office_has_an_empty_report_that_can_be_written(town: Office, tmp_path: Path) -> None:
    report = make_report(town, "yearly", 2020)
    for name in ("空.pdf", "空.xlsx"):
        write_report(town, report, tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1_000


def test_grids_led_by_women_are_a_share_of_the_grids(town: Office) -> None:
    profile = {"population": "900", "women": "400", "children": "100", "households": "300", "grids": "4"}
    add_record(town, "unit_profile", {"year": "2026", **profile}, unit=VILLAGE)
    leaders = (("王芳", "女", "第一网格"), ("李红", "女", "第一网格"), ("赵强", "男", "第二网格"), ("孙梅", "女", "第三网格"))
    for name, sex, grid in leaders:
        leader = {"name": name, "sex": sex, "post": "网格长", "grid": grid, "date_from": "2026-01-01"}
        add_record(town, "post_holder", leader, unit=VILLAGE)
    values = yearly_values(town, 2026)
    assert (line(values, "grids")["value"], line(values, "grids_led_by_women")["value"]) == (4, 2)
    assert line(values, "grids_led_by_women_share")["value"] == 5_000
    assert line(values, "grid_leaders")["value"] == 4


def test_honors_are_counted_by_title_and_level_and_a_revoked_one_is_not(town: Office) -> None:
    def honor(title: str, level: str, **more: str) -> None:
        given = {"holder": "王芳", "holder_type": "个人", "title": title, "level": level, "date": "2026-03-08"}
        add_record(town, "honor", {**given, **more})

    honor("三八红旗手", "市级", number="3")
    honor("巾帼文明岗", "县级")
    honor("三八红旗手", "市级", revoked_date="2026-09-01")
    honor("先进妇联", "省级", holder_type="本妇联")
    values = yearly_values(town, 2026)
    assert (line(values, "honors")["value"], line(values, "march_8_bearers")["value"]) == (5, 3)
    assert [line(values, "honors_by_level", level)["value"] for level in ("province", "city", "county")] == [1, 3, 1]
    assert line(values, "own_honors", "province")["value"] == 1


def test_pairs_stand_until_they_end_and_their_visits_are_counted(town: Office) -> None:
    pair = {"helper": "王芳", "recipient": "小明", "way": "爱心妈妈", "date_from": "2025-03-01", "date_to": "2028-02-28"}
    add_record(town, "pairing", pair)
    ended = add_record(town, "pairing", {**pair, "ended_date": "2026-06-30"}).id
    visit = {"visitors": "王芳", "recipient": "小明", "date_from": "2026-05-01"}
    add_record(town, "visit", {**visit, "purpose": "入户走访", "pairing": ended})
    add_record(town, "visit", {**visit, "purpose": "结对走访", "times": "3"})
    values = yearly_values(town, 2026)
    pairs = line(values, "pairs")
    assert (pairs["value"], pairs["before"], pairs["months"][:7]) == (1, 2, [2, 2, 2, 2, 2, 1, 1])
    assert (line(values, "pairing_visits")["value"], line(values, "visits")["value"]) == (4, 4)
    assert line(yearly_values(town, 2025), "pairs_new")["value"] == 2


def test_problems_found_handed_on_and_settled_are_counted_with_their_share(town: Office) -> None:
    issue = {"source": "走访", "found_date": "2026-04-01"}
    add_record(town, "issue", {"title": "甲", **issue})
    add_record(town, "issue", {"title": "乙", **issue, "handed_to": "民政办", "handed_date": "2026-04-03"})
    add_record(town, "issue", {"title": "丙", **issue, "settled_date": "2026-05-01", "result": "已解决"})
    values = yearly_values(town, 2026)
    assert [line(values, code)["value"] for code in ("issues", "issues_handed_on", "issues_settled")] == [3, 1, 1]
    assert (line(values, "issues_settled_share")["value"], line(values, "issues_settled_share")["months"][3]) == (3_333, 3_333)


def test_publicity_is_counted_by_medium_and_level(town: Office) -> None:
    for medium, level, number in (("微信公众号", "县级", "6"), ("报纸", "省级", ""), ("报纸", "县级", "")):
        item = {"title": "活动", "medium": medium, "medium_name": "妇联", "level": level, "date": "2026-03-09"}
        add_record(town, "publicity", {**item, **({"number": number} if number else {})})
    values = yearly_values(town, 2026)
    assert line(values, "publicity")["value"] == 8
    assert [line(values, "publicity", medium)["value"] for medium in ("newspaper", "wechat")] == [2, 6]
    assert [line(values, "publicity_by_level", level)["value"] for level in ("province", "county")] == [1, 7]


def test_cases_are_counted_while_their_room_is_open_and_absent_otherwise(town: Office) -> None:
    assert 13 not in {one.system for one in readable(town)}
    assert (find_kind("rights_case") is None) == (declared.find_indicator("cases_settled_share") is None)
    if find_kind("rights_case") is None:  # this program has no rights room
        return
    from fulian_desktop.services import rights

    rights.create_room(town, "rights-room-1")
    case = {"date": "2026-05-01", "category": "婚姻家庭"}
    room = rights.opened(town)
    add_record(room, "rights_case", {**case, "appeal": "家暴", "channel": "来访", "handling": "调解", "subcategory": "家庭暴力",
                                     "order_asked_date": "2026-05-02", "settled_date": "2026-06-01", "result": "已签发",
                                     "order_issued_date": "2026-05-05"})
    calls = {**case, "appeal": "来电", "channel": "来电", "handling": "咨询", "people": "13", "cases": "7"}
    add_record(room, "rights_case", calls)
    values = yearly_values(town, 2026, ids=True)
    assert (line(values, "cases")["value"], line(values, "case_people")["value"]) == (8, 14)
    assert [line(values, code)["value"] for code in ("cases_violence", "orders", "cases_settled_share")] == [1, 1, 1_250]
    assert line(values, "cases_by_handling", "mediation")["value"] == 1
    kept = b"".join(bytes(body) for (body,) in town.workspace.db.execute("SELECT body FROM kept"))
    assert kept
    assert not any(record.encode() in kept for record in line(values, "cases")["ids"])
    assert b"rights_case" not in kept
    rights.close_room(town)
    assert 13 not in {one["system"] for one in yearly_values(town, 2026)["lines"]}


def test_schemes_scores_and_plan_values_are_counted_where_they_are_known(town: Office) -> None:
    known = find_kind("indicator_value") is not None
    assert (declared.find_indicator("plan_targets_met_share") is not None) is known
    if known:
        plan = {"plan": "妇女发展规划", "year": "2026"}
        add_record(town, "indicator_value", {**plan, "indicator": "孕产妇死亡率", "target": "12", "value": "9"})
        add_record(town, "indicator_value", {**plan, "indicator": "妇女就业率", "target": "60", "value": "61.5"})
        values = yearly_values(town, 2026)
        assert line(values, "plan_indicators")["value"] == 2
        assert line(values, "plan_targets_met_share")["value"] == 5_000


# --- kept until something is written -----------------------------------------------------------------------------------


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The years that were worked out, not read."""
    found: list[int] = []
    work_out = made._work_out

    def counted(office: Office, year: int, *more: Any, **named: Any) -> Any:
        found.append(year)
        return work_out(office, year, *more, **named)

    monkeypatch.setattr(made, "_work_out", counted)
    return found


def test_what_was_worked_out_is_kept_for_the_next_start(tmp_path: Path, worked_out: list[int]) -> None:
    with a_township(tmp_path / "town") as office:
        activity(office, VILLAGE, "2026-03-08")
        first = yearly_values(office, 2026, ids=True)
        office.workspace.tidy()
        assert yearly_values(office, 2026, ids=True) == first
        assert worked_out == [2026]


def test_any_change_lets_it_be_worked_out_anew(town: Office, worked_out: list[int]) -> None:
    def sessions() -> int:
        return int(line(yearly_values(town, 2026), "sessions")["value"])

    record = activity(town, VILLAGE, "2026-03-08")
    assert (sessions(), sessions()) == (1, 1)
    saved = edit_record(town, record, {"sessions": "3"})
    assert (sessions(), sessions()) == (3, 3)
    undo_act(town, saved.act)
    assert (sessions(), sessions()) == (1, 1)
    other = activity(town, SIBLING, "2026-04-08")
    assert sessions() == 2
    delete_records(town, [other])
    assert (sessions(), sessions()) == (1, 1)
    assert worked_out == [2026] * 5


def test_a_merge_and_its_undoing_let_it_be_worked_out_anew(country: Country) -> None:
    from fulian_desktop.services.exchanging import undo_import

    village, office = country[VILLAGE], country[TOWN]
    activity(village, VILLAGE, "2026-03-08")
    assert yearly_values(office, 2026)["lines"] == yearly_values(office, 2026)["lines"]
    report = country.carry(village, office)
    assert line(yearly_values(office, 2026), "sessions")["value"] == 1
    undo_import(office, report["packages"][0]["package"])
    assert not [one for one in yearly_values(office, 2026)["lines"] if one["indicator"] == "sessions"]


def test_another_day_and_other_declarations_let_it_be_worked_out_anew(
    town: Office, worked_out: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    activity(town, VILLAGE, "2026-03-08")
    for clock in ("2026-11-22T09:00:00", "2026-11-22T17:00:00", "2026-11-23T09:00:00"):
        monkeypatch.setenv("FULIAN_CLOCK", clock)
        yearly_values(town, 2026)
    assert worked_out == [2026, 2026]
    further = Indicator("further", "又一项", 5, "activity", "场")
    declared.register(further)
    try:
        assert line(yearly_values(town, 2026), "further")["value"] == 1
    finally:
        declared.unregister("further")
    assert len(worked_out) == 3


def test_only_the_latest_few_are_kept_and_none_where_the_database_is_held_by_another(
    town: Office, worked_out: list[int]
) -> None:
    activity(town, VILLAGE, "2026-03-08")
    for year in (2022, 2023, 2024, 2025, 2026):
        yearly_values(town, year)
    kept = town.workspace.db.execute("SELECT count(*) FROM kept").fetchone()[0]
    assert 0 < kept <= 3


# --- the same on paper, in a sheet, on the command line ----------------------------------------------------------------


def test_paper_and_sheet_say_what_the_values_say(town: Office, tmp_path: Path) -> None:
    for write in (volunteer_teams, processing_points):
        write(town)
    typed(town, "donation", donor="王", date_from="2011-03-08", amount="5555.3元")
    report = make_report(town, "yearly", 2011)
    write_report(town, report, tmp_path / "表.xlsx")
    write_report(town, report, tmp_path / "表.pdf")
    book = openpyxl.load_workbook(tmp_path / "表.xlsx")
    assert book.sheetnames == ["全年", "上半年各月", "下半年各月", "各单位"]
    cells = {row[1]: row[2:6] for row in book["全年"].iter_rows(min_row=4, values_only=True)}
    assert cells["募捐资金"] == ("元", 5555.3, 0, 5555.3)
    assert cells["志愿队员"] == ("人", 1000, 0, 1000)
    paper = subprocess.run(["pdftotext", "-layout", tmp_path / "表.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"募捐资金\s+元\s+5,555\.30\s+0\.00\s+5,555\.30", paper)
    assert "各单位：志愿服务" in paper


def test_the_command_line_prints_every_cell_with_its_records(fulian: Fulian, country: Country) -> None:
    office = country[TOWN]
    record = activity(office, VILLAGE, "2026-03-08", "12")
    ws = office.workspace.folder
    told = fulian("report", ws, "yearly", "--year", 2026)
    assert (told["report"], told["title"], told["year"]) == ("yearly", "2026年度工作统计表", 2026)
    cells = line(told, "participants", "law")["cells"]
    marks = {"records": 1, "about": 0, "incomplete": 0}
    assert cells == [{"unit": VILLAGE, "month": "2026-03", "value": 12, **marks, "ids": [record]}]
    assert fulian("report", ws, "yearly", "--year", 2026) == told
    assert "yearly" in [one["name"] for one in fulian("reports", ws)["reports"]]


# --- a nineteenth system -----------------------------------------------------------------------------------------------

ORCHARD = Kind(
    code="orchard", label="巾帼果园", cls="ordinary", nav="care", order=95, icon="site", verb="登记果园", title=("name",),
    fields=(
        Field("name", "果园名称", Text(100), asked=True, column=True),
        Field("fruit", "果树", Code(codes=CodeList.of(("apple", "苹果"), ("jujube", "红枣"))), asked=True),
        Field("trees", "棵数", QUANTITY, asked=True), Field("planted", "栽种日期", Day(), asked=True),
        Field("invested", "投资", Money()),
    ),
)


@pytest.fixture
def nineteenth() -> Iterator[Indicator]:
    one = Indicator("orchard_trees", "果园果树", 19, "orchard", "棵", Sum(("trees",)), Dated("planted"), split=Split("fruit"))
    with a_declared_kind(ORCHARD):
        declared.register(one)
        try:
            yield one
        finally:
            declared.unregister(one.code)


def test_a_nineteenth_system_takes_one_declaration_and_one_indicator(
    nineteenth: Indicator, tmp_path: Path, fulian: Fulian
) -> None:
    with a_township(tmp_path / "town") as office:
        for name, fruit, trees in (("东山", "苹果", "120余棵"), ("西山", "红枣", "80棵")):
            add_record(office, "orchard", {"name": name, "fruit": fruit, "trees": trees, "planted": "2026-03-12"})
        told = fulian("report", office.workspace.folder, "yearly", "--year", 2026)
        trees = line(told, nineteenth.code)
        assert (trees["value"], trees["about"], trees["system_label"], trees["months"][2]) == (200, 1, "巾帼果园", 200)
        assert line(told, nineteenth.code, "apple")["label"] == "苹果"
        report = make_report(office, "yearly", 2026)
        assert ["巾帼果园", "果园果树", "棵", "200", "0", "200"] in report.tables[0].text_rows()
        write_report(office, report, tmp_path / "表.xlsx")
        rows = [row[:4] for row in openpyxl.load_workbook(tmp_path / "表.xlsx")["全年"].iter_rows(values_only=True)]
        assert ("巾帼果园", "果园果树", "棵", 200) in rows
        assert "yearly" in REPORTS

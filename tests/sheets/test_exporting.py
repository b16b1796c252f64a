"""Rosters: what they show, what they mask, and that they read back the same (DESIGN §9, §10)."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.texts import clean_text
from fulian_desktop.domain.words import HIDDEN
from fulian_desktop.sheets.book import Stated
from fulian_desktop.sheets.columns import columns_of
from fulian_desktop.sheets.exporting import RosterRow, cell_of, write_roster
from fulian_desktop.sheets.importing import read_sheet

REAL = Path(__file__).parent.parent / "data" / "real"
TODAY = dt.date(2026, 11, 21)
CODE = "530381108000"


def plain(values):
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(("name", "kind"), [("东山镇妇联2009年活动台账.xlsx", "activity"), ("包扶村帮扶台账.xlsx", "aid")])
def test_what_was_exported_reads_back_the_same(tmp_path, name, kind):
    kind = kind_of(kind)
    first = read_sheet(REAL / name, kind, year=2009, units={}, today=TODAY).rows
    path = tmp_path / "册.xlsx"
    write_roster(path, kind, [RosterRow("东山镇妇联", row.values) for row in first], title="台账", subtitle="2026年", reveal=True)
    again = read_sheet(path, kind, year=1999, units={"东山镇妇联": CODE}, today=TODAY)
    assert [plain(row.values) for row in again.rows] == [plain(row.values) for row in first]
    assert {row.unit for row in again.rows} == {CODE}
    assert not [problem for row in again.rows for problem in row.problems]
    assert not again.unmatched


def test_families_with_what_is_sensitive_read_back_the_same_when_revealed(tmp_path):
    flat = {
        "head": "阿依古丽·买买提", "address": "3组12号", "head_id_number": "11010519491231002X", "phone": "13812345678",
        "size": 4,
        "tags": ["low_income_allowance", "single_parent"], "remarks": "=1+1\n第二行",
    }
    path = tmp_path / "册.xlsx"
    write_roster(path, kind_of("family"), [RosterRow("甲村", flat)], title="家庭", reveal=True)
    [row] = read_sheet(path, kind_of("family"), year=2026, units={}, today=TODAY).rows
    assert plain(row.values) == flat


def test_sensitive_values_are_masked_unless_asked_for(tmp_path):
    flat = {"head": "王桂英", "address": "3组12号", "head_id_number": "11010519491231002X", "phone": "13812345678"}
    path = tmp_path / "册.xlsx"
    write_roster(path, kind_of("family"), [RosterRow("甲村", flat)], title="家庭")
    [row] = list(openpyxl.load_workbook(path).worksheets[0].iter_rows(min_row=3, values_only=True))
    assert "1****************X" in row
    assert "138****5678" in row
    assert HIDDEN in row
    assert not {"3组12号", "11010519491231002X", "13812345678"} & set(row)


def test_health_and_hardship_are_masked_too():
    [column] = [c for c in columns_of(kind_of("aid")) if c.name == "recipient_category"]
    assert cell_of(column, {"recipient_category": "two_cancers"}, reveal=False) == HIDDEN
    assert cell_of(column, {"recipient_category": "two_cancers"}, reveal=True) == "两癌患者"


@pytest.mark.parametrize(("kind", "name", "flat", "shown"), [
    ("activity", "participants", {"participants": 1600, "participants_about": True}, Stated(1600, "余")),
    ("activity", "participants", {"participants": 68}, 68), ("activity", "participants", {"participants": 0}, 0),
    ("activity", "cost", {"cost": 590_005, "fund_source": "自筹"}, Decimal("5900.05")),
    ("activity", "fund_source", {"cost": 1, "fund_source": "自筹"}, "自筹"),
    ("aid", "people", {"people": 8, "people_unit": "household"}, Stated(8, "户")),
    ("aid", "people", {"people": 20, "people_about": True, "people_unit": "person"}, Stated(20, "余人")),
    ("aid", "amount", {"amount": 10_000_000, "amount_about": True}, Stated(Decimal(100_000), "余")),
    ("aid", "recipient", {"recipient": "0" * 32, "recipient_name": "于某某"}, "于某某"),
    ("aid", "program", {"program": "two_cancers"}, "两癌救助"),
    ("aid", "goods", {"goods": [{"name": "衣物", "quantity": 500, "unit": "件"}, {"name": "大米"}]}, "衣物500件、大米"),
    ("activity", "highlight", {"highlight": True}, "是"), ("activity", "title", {}, None),
    ("activity", "measures", {"measures": []}, None),
    ("aid", "paid_date", {"paid_date": "2026-03-08"}, dt.date(2026, 3, 8)),
    ("activity", "category", {"category": "530381108000:dance"}, "还没收到的选项"),
])
def test_each_type_is_shown_as_people_write_it(kind, name, flat, shown):
    [column] = [c for c in columns_of(kind_of(kind)) if c.name == name and not c.end]
    assert cell_of(column, flat, reveal=True) == shown


@pytest.mark.parametrize(("first", "last", "precision", "shown"), [
    ("2009-05-06", "2009-05-06", "day", dt.date(2009, 5, 6)), ("2009-08-21", "2009-08-25", "day", "2009年8月21日—25日"),
    ("2009-08-21", "2009-09-02", "day", "2009年8月21日—9月2日"),
    ("2008-12-28", "2009-01-03", "day", "2008年12月28日—2009年1月3日"),
    ("2009-06-01", "2009-06-30", "month", "2009年6月"), ("2009-01-01", "2009-06-30", "month", "2009年1月—6月"),
    ("2009-01-01", "2009-12-31", "year", "2009年"), ("2008-01-01", "2009-12-31", "year", "2008年—2009年"),
])
def test_a_period_is_written_so_that_it_reads_back(tmp_path, first, last, precision, shown):
    [column] = [c for c in columns_of(kind_of("activity")) if c.name == "date" and not c.end]
    flat = {"title": "甲", "date_from": first, "date_to": last, "date_precision": precision}
    assert cell_of(column, flat, reveal=False) == shown
    path = tmp_path / "册.xlsx"
    write_roster(path, kind_of("activity"), [RosterRow("", flat)], title="活动")
    [row] = read_sheet(path, kind_of("activity"), year=1999, units={}, today=TODAY).rows
    assert plain(row.values) == flat


def test_columns_are_those_asked_for_listed_or_filled_and_no_others(tmp_path):
    path = tmp_path / "册.xlsx"
    write_roster(path, kind_of("activity"), [RosterRow("", {"title": "甲", "speaker": "王某"})], title="活动")
    head = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][2]]
    assert head[:2] == ["序号", "主题"]
    assert "主讲人" in head
    assert "创业人数" not in head
    write_roster(path, kind_of("activity"), [RosterRow("", {"title": "甲"})], title="活动", columns=["title", "date"])
    assert [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][2]] == ["序号", "主题", "日期"]


def test_an_empty_roster_is_a_head_without_rows(tmp_path):
    path = tmp_path / "册.xlsx"
    assert write_roster(path, kind_of("activity"), [], title="活动").rows == 0
    assert openpyxl.load_workbook(path).worksheets[0].max_row == 2


SIGNS = st.characters(exclude_categories=("Cs", "Cn", "Cc"), include_characters="=+-@_x0D\n\t")
NUMBERS = st.integers(0, 10**9)


@st.composite
def an_activity(draw):
    flat = {"title": draw(st.text(SIGNS, min_size=1, max_size=30)), "content": draw(st.text(SIGNS, max_size=60))}
    flat["content"] = clean_text(flat["content"], max_code_points=60)[0]
    flat["title"] = " ".join((clean_text(flat["title"], max_code_points=60)[0] or "").split("\n")).strip() or "甲"
    if draw(st.booleans()):
        flat |= {"participants": draw(NUMBERS), "participants_about": draw(st.booleans()), "women": draw(NUMBERS)}
    if draw(st.booleans()):
        flat |= {"cost": draw(st.integers(0, 10**13)), "cost_about": draw(st.booleans()), "fund_source": "自筹"}
    first = draw(st.dates(dt.date(1950, 1, 1), dt.date(2090, 12, 31)))
    last = first + dt.timedelta(days=draw(st.integers(0, 500)))
    flat |= {"date_from": first.isoformat(), "date_to": last.isoformat(), "date_precision": "day"}
    return {name: value for name, value in flat.items() if value not in (None, "") and value is not False}


@given(st.lists(an_activity(), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_activity_reads_back_the_same(tmp_path_factory, flats):
    path = tmp_path_factory.mktemp("册") / "册.xlsx"
    write_roster(path, kind_of("activity"), [RosterRow("甲村", flat) for flat in flats], title="活动")
    result = read_sheet(path, kind_of("activity"), year=2026, units={"甲村": CODE}, today=TODAY)
    assert [plain(row.values) for row in result.rows] == flats


def test_a_number_with_decimals_goes_into_a_sheet_and_comes_back_the_same(tmp_path):
    kind = kind_of("indicator_value")
    flat = {"indicator": "管理率", "plan": "women", "year": 2026, "target": 9550, "value": -350}
    path = tmp_path / "监测.xlsx"
    write_roster(path, kind, [RosterRow("甲村", flat), RosterRow("甲村", {**flat, "value": 800})], title="监测")
    shown = [cell.value for row in openpyxl.load_workbook(path).worksheets[0].iter_rows() for cell in row]
    assert {95.5, -3.5, 8} <= set(shown)
    rows = read_sheet(path, kind, year=2026, units={}, today=TODAY).rows
    assert [plain(row.values) for row in rows] == [flat, {**flat, "value": 800}]
    assert not [problem for row in rows for problem in row.problems if problem.field in flat]

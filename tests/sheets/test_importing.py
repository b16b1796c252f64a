"""From a sheet to records (FAULTS 70, DOMAIN §3): the real ledgers, and what village tables look like."""

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.sheets.sheet_builders import a_book, a_raw_book

from fulian_desktop.domain.entry import to_values
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import Refused
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.sheets import importing
from fulian_desktop.sheets.importing import read_pasted, read_sheet, unread_as_remarks

REAL = Path(__file__).parent.parent / "data" / "real"
EXPECTED = json.loads((REAL / "expected.json").read_text(encoding="utf-8"))
TODAY = dt.date(2026, 11, 21)
ACTIVITIES, AIDS = "东山镇妇联2009年活动台账.xlsx", "包扶村帮扶台账.xlsx"


def read(path, kind="activity", *, year=2026, units=None, progress=None):
    return read_sheet(path, kind_of(kind), year=year, units=units or {}, today=TODAY, progress=progress)


def from_rows(tmp_path, *rows, kind="activity", year=2026, units=None, **more):
    return read(a_book(tmp_path / "表.xlsx", ("表", rows), **more), kind, year=year, units=units)


def codes(row):
    return [(problem.field, problem.cell, problem.code) for problem in row.problems]


# --- the real ledgers --------------------------------------------------------------------------------------


def test_every_row_of_the_real_activity_ledger_is_read_as_expected():
    result = read(REAL / ACTIVITIES, year=None)
    assert result.year == EXPECTED[ACTIVITIES]["year"]
    got = [
        [v["date_from"], v["date_to"], v["date_precision"], v.get("participants"), None if v.get("participants") is None
         else bool(v.get("participants_about"))]
        for v in (row.values for row in result.rows)
    ]
    assert got == EXPECTED[ACTIVITIES]["rows"]
    assert [s.reason for s in result.skipped] == ["total"]
    assert not result.unmatched


def test_only_what_nobody_could_read_in_the_real_activity_ledger_is_a_problem():
    result = read(REAL / ACTIVITIES)
    assert [codes(row) for row in result.rows if row.problems] == [[("category", "D18", "unknown-code")]]
    [row] = [row for row in result.rows if row.problems]
    assert row.unread == {"category": "学习教育"}
    assert unread_as_remarks(kind_of("activity"), row) == "类别：学习教育"
    assert "category" not in row.values


def test_every_row_of_the_real_aid_ledger_is_read_as_expected():
    result = read(REAL / AIDS, "aid", year=2012)
    values = [row.values for row in result.rows]
    assert [[v.get("people"), v.get("standard"), v.get("amount")] for v in values] == EXPECTED[AIDS]["rows"]
    assert sum(v["amount"] for v in values) == EXPECTED[AIDS]["total_fen"]
    assert values[2]["goods"] == [{"name": "衣物", "quantity": 500, "unit": "件"}]
    assert [v["people_unit"] for v in values if v.get("people")] == ["person", "person", "household"]


def test_a_row_without_a_readable_date_takes_the_year_and_its_cell_is_named():
    result = read(REAL / AIDS, "aid", year=2012)
    taken = [(v["date_from"], v["date_to"], v["date_precision"]) for v in (row.values for row in result.rows)]
    assert taken == [("2012-05-01", "2012-05-31", "month")] + [("2012-01-01", "2012-12-31", "year")] * 3
    assert [codes(row) for row in result.rows] == [
        [], [("date_from", "B4", "date-unreadable")], [("date_from", "B5", "date-missing")],
        [("date_from", "B6", "date-festival")]]
    assert all("先记作 2012 年" in row.problems[0].text for row in result.rows[1:])
    assert [row.unread for row in result.rows] == [{}, {"date_from": "截至目前"}, {}, {"date_from": "春节后"}]


@pytest.mark.parametrize(("name", "kind"), [(ACTIVITIES, "activity"), (AIDS, "aid")])
def test_what_is_read_from_the_real_ledgers_is_what_the_ledger_takes(name, kind):
    for row in read(REAL / name, kind).rows:
        values, problems = to_values(kind_of(kind), row.values, {}, new_row_id=lambda: "0" * 12)
        assert values
        assert not problems


# --- rows that are no records ------------------------------------------------------------------------------


@pytest.mark.parametrize(("first", "reason"), [
    ("合计", "total"), ("总计", "total"), ("小计", "total"), ("合 计", "total"), ("合计：", "total"), ("全年合计", "total"),
    ("本页小计", "total"),
    ("合计(人次)", "total"), ("合计20场", "total"), ("3月小计", "total"), ("2026年合计", "total"),
        ("填表人：王桂英", "foot"), ("注：以上为初步统计", "foot"), ("说明:数据截至6月", "foot"),
    ("单位（盖章）", "foot"),
    ("审核人:李某", "foot"),
])
def test_total_rows_and_foot_lines_are_no_records(tmp_path, first, reason):
    rows = [["序号", "主题", "日期", "参加人数"], [1, "宣讲", "3月6日", 68], [first, None, None, 68]]
    result = from_rows(tmp_path, *rows)
    assert [row.row for row in result.rows] == [2]
    assert [(s.row, s.reason, s.text) for s in result.skipped] == [(3, reason, first)]


def test_empty_rows_sections_and_repeated_heads_are_no_records(tmp_path):
    head = ["序号", "主题", "日期", "参加人数"]
    rows = [head, [1, "宣讲", "3月6日", 68], [None] * 4, [2, None, None, None], ["二、培训类", None, None, None], head,
            [3, "培训", "4月", 20], ["  ", " ", None, None]]
    result = from_rows(tmp_path, *rows, merged=["A5:D5"])
    assert [(row.row, row.values["title"]) for row in result.rows] == [(2, "宣讲"), (7, "培训")]
    assert [(s.row, s.reason) for s in result.skipped] == [(5, "section"), (6, "head")]


def test_a_word_where_only_numbers_stand_is_a_section_and_a_number_alone_an_empty_line(tmp_path):
    rows = [["序号", "主题", "日期"], ["二、培训类", None, None], [1, "培训", "4月"], [2, None, None]]
    result = from_rows(tmp_path, *rows)
    assert [row.row for row in result.rows] == [3]
    assert [(s.row, s.reason, s.text) for s in result.skipped] == [(2, "section", "二、培训类")]


def test_a_record_whose_title_begins_like_a_foot_line_is_still_a_record(tmp_path):
    result = from_rows(tmp_path, ["主题", "日期"], ["合计划生育宣传", "3.8"], ["注意安全讲座", "3.9"])
    assert [row.values["title"] for row in result.rows] == ["合计划生育宣传", "注意安全讲座"]


# --- cells -------------------------------------------------------------------------------------------------


def test_numbers_of_a_sheet_are_yuan_and_persons(tmp_path):
    rows = [
        ["帮扶项目", "日期", "受助对象", "人数", "标准", "金额"],
        ["慰问金", "3.8", "王某", 8, 200.5, 1604],
        ["慰问金", "3.8", "李某", 1, "350元/人", 0.07],
    ]
    first, second = from_rows(tmp_path, *rows, kind="aid").rows
    assert (first.values["people"], first.values["standard"], first.values["amount"]) == (8, 20_050, 160_400)
    assert (second.values["standard"], second.values["amount"]) == (35_000, 7)


def test_a_head_in_ten_thousands_counts_for_its_bare_numbers(tmp_path):
    amounts = (1.59, "0.3余", "5000元", "1.2万")
    rows = [["帮扶项目", "日期", "金额(万元)"], *(["慰问金", "3.8", amount] for amount in amounts)]
    got = [(row.values["amount"], row.values.get("amount_about")) for row in from_rows(tmp_path, *rows, kind="aid").rows]
    assert got == [(1_590_000, None), (300_000, True), (500_000, None), (1_200_000, None)]


def test_persons_in_ten_thousands_too(tmp_path):
    rows = [["主题", "日期", "参加人次(万人次)"], ["宣讲", "3.8", 2.4], ["宣讲", "3.8", "0.5余"], ["宣讲", "3.8", "300人"]]
    got = [(row.values["participants"], row.values.get("participants_about")) for row in from_rows(tmp_path, *rows).rows]
    assert got == [(24_000, None), (5000, True), (300, None)]


@pytest.mark.parametrize(("cell", "first", "last"), [
    (dt.datetime(2026, 3, 8), "2026-03-08", "2026-03-08"), (46089, "2026-03-08", "2026-03-08"),
    ("8月21日—25日", "2026-08-21", "2026-08-25"),
    (20260308, "2026-03-08", "2026-03-08"), ("3.8", "2026-03-08", "2026-03-08"), (3.8, "2026-03-08", "2026-03-08"),
    ("5月份", "2026-05-01", "2026-05-31"),
])
def test_dates_come_as_dates_serials_digits_and_words(tmp_path, cell, first, last):
    [row] = from_rows(tmp_path, ["主题", "时间"], ["宣讲", cell]).rows
    assert (row.values["date_from"], row.values["date_to"]) == (first, last)
    assert not row.problems


def test_a_date_in_two_columns_is_one_period(tmp_path):
    [row] = from_rows(tmp_path, ["主题", "开始日期", "结束日期"], ["培训", "8月21日", "8月25日"]).rows
    assert (row.values["date_from"], row.values["date_to"], row.values["date_precision"]) == ("2026-08-21", "2026-08-25", "day")


def test_a_sheet_without_a_date_column_takes_the_year_for_every_row(tmp_path):
    [row] = from_rows(tmp_path, ["主题", "参加人数"], ["培训", 30], year=2024).rows
    assert (row.values["date_from"], row.values["date_precision"]) == ("2024-01-01", "year")
    assert codes(row) == [("date_from", "", "date-missing")]


@pytest.mark.parametrize(("cell", "code"), [
    ("30-40人", "number-range"), ("若干", "number-vague"), ("50人(妇女30人)", "number-several"), ("12户", "number-unit"),
    ("-3人", "number-negative"),
    (12.5, "number-fraction"), (dt.datetime(2026, 3, 8), "number-range"),
])
def test_what_is_no_number_stays_as_typed_beside_its_cell(tmp_path, cell, code):
    [row] = from_rows(tmp_path, ["主题", "日期", "参加人数"], ["宣讲", "3.8", cell]).rows
    assert codes(row) == [("participants", "C2", code)]
    assert row.values.get("participants") is None
    assert row.unread["participants"] == str(cell).removesuffix(" 00:00:00")


def test_the_word_behind_a_number_is_kept_beside_it(tmp_path):
    [row] = from_rows(tmp_path, ["主题", "日期", "参加人数"], ["宣讲", "3.8", "40多名妇女"]).rows
    assert (row.values["participants"], row.values["participants_about"]) == (40, True)
    assert row.unread == {"participants": "40多名妇女"}
    assert not row.problems


def test_a_broken_formula_is_named_and_no_value(tmp_path):
    data = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>主题</t></is></c><c r="B1" t="inlineStr"><is><t>日期</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>参加人数</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>宣讲</t></is></c>'
        '<c r="B2" t="inlineStr"><is><t>3.8</t></is></c><c r="C2"><f>SUM(D1:D9)</f></c></row>'
    )
    [row] = read(a_raw_book(tmp_path / "式.xlsx", data)).rows
    assert codes(row) == [("participants", "C2", "broken-cell")]
    assert row.unread == {"participants": "公式"}


def test_an_id_number_that_excel_damaged_is_kept_and_one_that_is_right_fills_the_rest(tmp_path):
    rows = [
        ["姓名", "身份证号", "电话"],
        ["王桂英", "11010519491231002x", 13812345678.0],
        ["李某", 110105194912310000, "1381234567"],
    ]
    first, second = from_rows(tmp_path, *rows, kind="person").rows
    assert first.values["id_number"] == "11010519491231002X"
    assert (first.values["sex"], first.values["birth_date"]) == ("female", "1949-12-31")
    assert first.values["phone"] == "13812345678"
    assert second.values["id_number"] == "110105194912310000"
    assert "sex" not in second.values
    assert second.values["phone"] == "1381234567"


@pytest.mark.parametrize(("cell", "found"), [
    ("普法维权", "law"), ("普法宣传", "law"), (" 宣传 宣讲 ", "publicity"), ("law", "law"), ("“健康讲座”", "health"),
])
def test_a_code_is_found_by_label_alias_and_code(tmp_path, cell, found):
    [row] = from_rows(tmp_path, ["主题", "日期", "类别"], ["宣讲", "3.8", cell]).rows
    assert row.values["category"] == found


def test_cells_of_columns_nobody_knows_stay_beside_the_record(tmp_path):
    result = from_rows(tmp_path, ["主题", "日期", "天气", None], ["宣讲", "3.8", "晴", "多写的"], ["培训", "3.9", None, None])
    assert result.unmatched == ["天气"]
    assert result.rows[0].unread == {"天气": "晴", "D2格": "多写的"}
    assert unread_as_remarks(kind_of("activity"), result.rows[0]) == "天气：晴\nD2格：多写的"
    assert result.rows[1].unread == {}


def test_markup_formulas_and_strange_characters_in_cells_are_plain_text(tmp_path):
    data = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>主题</t></is></c><c r="B1" t="inlineStr"><is><t>日期</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>=1+1 &lt;b&gt;&amp;𬱖</t></is></c><c r="B2"><v>46089</v></c></row>'
    )
    [row] = read(a_raw_book(tmp_path / "字.xlsx", data)).rows
    assert row.values["title"] == "=1+1 <b>&𬱖"


def test_each_value_says_from_which_cell_it_came(tmp_path):
    rows = [["帮扶项目", "时间", "人数", "金额", "资金来源"], ["慰问金", "3.8", "8户", 1600, "县妇联"]]
    [row] = from_rows(tmp_path, *rows, kind="aid").rows
    assert row.cells["program"] == "A2"
    assert row.cells["date_from"] == row.cells["date_to"] == "B2"
    assert row.cells["people"] == row.cells["people_unit"] == "C2"
    assert (row.cells["amount"], row.cells["fund_source"]) == ("D2", "E2")


def test_a_list_of_gifts_as_villages_keep_it_is_read(tmp_path):
    rows = [
        ["慰问困难妇女儿童花名册"], ["序号", "姓名", "慰问金（元）", "慰问品", "慰问时间", "签字"],
        [1, "张某", 500, "大米1袋、油2桶", "2026年1月20日", "张某"], ["合计", None, 500, None, None, None],
    ]
    [row] = from_rows(tmp_path, *rows, kind="aid", merged=["A1:F1"]).rows
    values = row.values
    assert (values["recipient_name"], values["amount"], values["date_from"], values["signed_by"]) == (
        "张某", 50_000, "2026-01-20", "张某")
    assert values["goods"] == [{"name": "大米", "quantity": 1, "unit": "袋"}, {"name": "油", "quantity": 2, "unit": "桶"}]


# --- merged cells ------------------------------------------------------------------------------------------


def test_a_cell_merged_downwards_holds_for_each_row_but_a_number_counts_once(tmp_path):
    rows = [
        ["日期", "帮扶项目", "受助对象", "金额"],
        ["3月8日", "慰问金", "王某", 600],
        [None, None, "李某", None],
        [None, "助学", "张某", 500],
    ]
    result = from_rows(tmp_path, *rows, kind="aid", merged=["A2:A4", "B2:B3", "D2:D3"])
    assert [row.values["date_from"] for row in result.rows] == ["2026-03-08"] * 3
    assert [row.values["program"] for row in result.rows] == ["consolation_money", "consolation_money", "study_aid"]
    assert [row.values.get("amount") for row in result.rows] == [60_000, None, 50_000]
    assert codes(result.rows[0]) == [("amount", "D2", "merged-number")]


# --- units -------------------------------------------------------------------------------------------------

UNITS = {"河邱家大村妇联": "530381108201", "芙蓉村": "530381108202", "安迪村委会": "530381108203", "城东社区": "530381108204"}


@pytest.mark.parametrize(("written", "code"), [
    ("河邱家大村", "530381108201"), ("河邱家大村妇联", "530381108201"), ("芙蓉村", "530381108202"), ("芙蓉", "530381108202"),
    ("芙蓉村委会", "530381108202"),
    ("安迪村", "530381108203"), ("东山镇芙蓉村", "530381108202"), ("城东社区居委会", "530381108204"),
    ("530381108204", "530381108204"),
])
def test_a_village_column_sets_the_unit_row_by_row(tmp_path, written, code):
    [row] = from_rows(tmp_path, ["村", "主题", "日期"], [written, "宣讲", "3.8"], units=UNITS).rows
    assert row.unit == code
    assert not row.problems


def test_a_village_nobody_knows_is_named_and_not_guessed(tmp_path):
    [row] = from_rows(tmp_path, ["村", "主题", "日期"], ["别处村", "宣讲", "3.8"], units=UNITS).rows
    assert row.unit is None
    assert codes(row) == [("", "A2", "unknown-unit")]
    assert row.unread == {"单位": "别处村"}


def test_a_name_that_two_villages_share_is_not_guessed(tmp_path):
    units = {"东山镇芙蓉村": "530381108202", "西泽乡芙蓉村": "530381109202"}
    [row] = from_rows(tmp_path, ["村", "主题", "日期"], ["芙蓉村", "宣讲", "3.8"], units=units).rows
    assert row.unit is None
    assert [problem.code for problem in row.problems] == ["unknown-unit"]


def test_without_units_to_look_up_the_column_is_kept_beside_the_record(tmp_path):
    [row] = from_rows(tmp_path, ["村", "主题", "日期"], ["芙蓉村", "宣讲", "3.8"]).rows
    assert row.unit is None
    assert row.unread == {"村": "芙蓉村"}


def test_a_merged_village_cell_holds_for_each_of_its_rows(tmp_path):
    rows = [["村", "主题", "日期"], ["芙蓉村", "宣讲", "3.8"], [None, "培训", "3.9"]]
    assert [row.unit for row in from_rows(tmp_path, *rows, units=UNITS, merged=["A2:A3"]).rows] == ["530381108202"] * 2


# --- the whole ---------------------------------------------------------------------------------------------


def test_every_visible_sheet_with_a_head_is_read_and_the_others_are_named(tmp_path):
    head = ["主题", "日期"]
    sheets = [("一月", [head, ["甲", "1.8"]]), ("二月", [head, ["乙", "若干"]]), ("旧", [head, ["丙", "1.9"]])]
    path = a_book(tmp_path / "多页.xlsx", *sheets, ("图", [["无关"]]), hidden=["旧"])
    result = read(path)
    assert [(row.sheet, row.values["title"]) for row in result.rows] == [("一月", "甲"), ("二月", "乙")]
    assert result.rows[1].problems[0].cell == "二月!B2"
    assert any("“旧”" in note and "隐藏" in note for note in result.notes)
    assert any("“图”" in note for note in result.notes)


@pytest.mark.parametrize(("file", "sheet", "title", "year"), [
    ("台账.xlsx", "表", "2019年活动台账", 2019), ("台账.xlsx", "2018年", "活动台账", 2018),
    ("2017活动.xlsx", "表", "活动台账", 2017), ("台账.xlsx", "表", "台账", 2026),
    ("20190308.xlsx", "表", "台账", 2026),
])
def test_the_year_comes_from_title_sheet_or_file_and_it_is_said(tmp_path, file, sheet, title, year):
    path = a_book(tmp_path / file, (sheet, [[title], ["主题", "日期"], ["宣讲", "3.8"]]))
    result = read(path, year=None)
    assert result.year == year
    assert result.rows[0].values["date_from"] == f"{year}-03-08"
    assert any(str(year) in note for note in result.notes)


def test_a_sheet_for_another_kind_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(Refused) as caught:
        from_rows(tmp_path, ["树种", "株距"], ["杨树", 3])
    assert caught.value.code == "no-head"
    assert "模板" in caught.value.text


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "MAX_ROWS", 2)
    with pytest.raises(Refused) as caught:
        from_rows(tmp_path, ["主题", "日期"], *[["宣讲", "3.8"]] * 3)
    assert caught.value.code == "too-large"


def test_reading_can_be_cancelled(tmp_path):
    path = a_book(tmp_path / "长.xlsx", ("表", [["主题", "日期"], *[["宣讲", "3.8"]] * 50]))
    seen = []
    with pytest.raises(Cancelled):
        read(path, progress=Progress(lambda done, total, what: seen.append((done, total)), lambda: len(seen) >= 10))
    assert seen[-1] == (10, 50)


def test_pasted_cells_are_read_like_a_sheet():
    text = "活动名称\t时间\t参加人数\r\n宣讲\t3月6日\t1600余人\r\n合计\t\t1600\r\n"
    result = read_pasted(text, kind_of("activity"), year=2026, units={}, today=TODAY)
    [row] = result.rows
    assert (row.row, row.values["title"]) == (2, "宣讲")
    assert (row.values["participants"], row.values["participants_about"]) == (1600, True)
    assert [s.reason for s in result.skipped] == ["total"]


def test_pasted_cells_without_a_head_are_refused():
    with pytest.raises(Refused):
        read_pasted("宣讲\t3月6日\n", kind_of("activity"), year=2026, units={}, today=TODAY)

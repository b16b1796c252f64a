"""Workbooks that are written: inert, whole, fit to print (FAULTS 3, 5, 59, 60, 61)."""

import datetime as dt
import errno
from decimal import Decimal

import openpyxl
import pytest
from tests.sheets.sheet_builders import the_parts

from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.sheets import book
from fulian_desktop.sheets.book import BookColumn, BookSheet, Stated, display_width, write_book
from fulian_desktop.sheets.reader import read_workbook

LIVE = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", "＋1", "－1", "＠A", "=HYPERLINK(\"http://x\")"]


def a_sheet(*rows, columns=None, **more):
    columns = columns or [BookColumn("名称"), BookColumn("数量", "number")]
    return BookSheet("表", "标题", columns, list(rows), **more)


def opened(path):
    return openpyxl.load_workbook(path).worksheets[0]


@pytest.mark.parametrize("text", LIVE)
def test_what_begins_like_a_formula_is_written_as_text(tmp_path, text):
    path = tmp_path / "出.xlsx"
    write_book(path, [a_sheet([text, 1], notes=[text])])
    cell = opened(path)["A3"]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
    assert not any("<f>" in part or "<f " in part for part in the_parts(path).values())


@pytest.mark.parametrize("text", LIVE)
def test_titles_and_heads_are_inert_too(tmp_path, text):
    path = tmp_path / "出.xlsx"
    columns = [BookColumn(text), BookColumn(text, group=text)]
    write_book(path, [BookSheet(text, text, columns, [["a", text]], subtitle=text, totals=[text, text])])
    assert not any("<f>" in part or "<f " in part for part in the_parts(path).values())


def test_a_text_over_the_limit_of_a_cell_is_said_and_not_cut(tmp_path):
    path = tmp_path / "长.xlsx"
    written = write_book(path, [a_sheet(["字" * 32_767, 1], ["字" * 32_768, 2], ["𡛕" * 16_384, 3])])
    page = opened(path)
    assert page["A3"].value == "字" * 32_767
    assert page["A4"].value == "（共 32768 字，一格放不下，请在程序里查看）"
    assert page["A5"].value == "（共 16384 字，一格放不下，请在程序里查看）"  # Excel counts UTF-16 units
    assert written.too_long == ["表第 4 行", "表第 5 行"]


@pytest.mark.parametrize("text", ["_x000D_", "a_x0041_b", "<b>&\"'", "一\n二", "𬱖䶮𡛕", "\u202e王", " 前后 ", "x005F", "_"])
def test_texts_come_back_as_they_were(tmp_path, text):
    path = tmp_path / "字.xlsx"
    write_book(path, [a_sheet([text, 1])])
    assert read_workbook(path)[0].at(3, 1) == text


def test_an_escape_that_somebody_typed_is_escaped_itself(tmp_path):
    path = tmp_path / "逃.xlsx"
    write_book(path, [a_sheet(["_x000D_", 1])])
    assert "_x005F_x000D_" in the_parts(path)["xl/worksheets/sheet1.xml"]


def test_what_xml_cannot_hold_is_left_out_and_the_rest_written(tmp_path):
    path = tmp_path / "控.xlsx"
    write_book(path, [a_sheet(["王\x07桂\ufffe英\ud842", 1])])
    assert opened(path)["A3"].value == "王桂英"


def test_numbers_dates_and_amounts_keep_their_types(tmp_path):
    columns = [BookColumn("列", kind) for kind in ("number", "money", "date", "text", "number")]
    row = [68, Decimal("15900.05"), dt.date(2026, 3, 8), "11010519491231002X", Stated(1600, "余")]
    path = tmp_path / "型.xlsx"
    write_book(path, [a_sheet(row, columns=columns)])
    page = opened(path)
    assert [page[f"{c}3"].value for c in "ABCDE"] == [68, 15900.05, dt.datetime(2026, 3, 8), "11010519491231002X", 1600]
    assert [page[f"{c}3"].number_format for c in "ABCDE"] == ["0", "#,##0.00", "yyyy-mm-dd", "@", '0"余"']


@pytest.mark.parametrize("count", [0, 1, 299, 300, 301, 1000])
def test_every_row_is_written_once_and_in_order(tmp_path, count):
    path = tmp_path / "全.xlsx"
    rows = ([f"第{n}", n] for n in range(count))
    assert write_book(path, [BookSheet("表", "标题", [BookColumn("名称"), BookColumn("数量", "number")], rows)]).rows == count
    assert [row[1] for row in opened(path).iter_rows(min_row=3, values_only=True)] == list(range(count))


def test_the_page_is_set_up_for_printing_and_reading(tmp_path):
    path = tmp_path / "印.xlsx"
    write_book(path, [a_sheet(["甲", 1], subtitle="单位：元", totals=["合计", 1], notes=["注：含约数 1 条"])])
    page = opened(path)
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == "$3:$3"
    assert page.freeze_panes == "B4"
    assert {str(r) for r in page.merged_cells.ranges} == {"A1:B1", "A2:B2", "A6:B6"}
    assert [page[f"A{n}"].value for n in range(1, 7)] == ["标题", "单位：元", "名称", "甲", "合计", "注：含约数 1 条"]
    assert "&P" in page.oddFooter.center.text


def test_groups_stand_above_their_columns(tmp_path):
    columns = [BookColumn("村"), BookColumn("场次", "number", "活动"), BookColumn("人次", "number", "活动"), BookColumn("备注")]
    path = tmp_path / "组.xlsx"
    write_book(path, [BookSheet("表", "标题", columns, [["甲村", 1, 2, ""]])])
    page = opened(path)
    assert {str(r) for r in page.merged_cells.ranges} == {"A1:D1", "A2:A3", "B2:C2", "D2:D3"}
    assert [page["A2"].value, page["B2"].value, page["B3"].value, page["C3"].value] == ["村", "活动", "场次", "人次"]
    assert page.freeze_panes == "C4"


def test_columns_are_wide_enough_for_their_chinese_and_rows_high_enough(tmp_path):
    path = tmp_path / "宽.xlsx"
    write_book(path, [a_sheet(["二十个汉字的地名二十个汉字的地名二十个字", 1], ["很长" * 100, 2])])
    page = opened(path)
    assert page.column_dimensions["A"].width == 46
    assert page.row_dimensions[3].height == 20
    assert page.row_dimensions[4].height > 120
    write_book(path, [a_sheet(["东山镇芙蓉村", 1])])
    assert opened(path).column_dimensions["A"].width >= 12


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("王桂英", 6), ("", 0), ("一\n三个字", 6), ("a王", 3)])
def test_a_chinese_character_is_twice_as_wide(text, width):
    assert display_width(text) == width


def test_tab_names_are_made_fit_and_different(tmp_path):
    path = tmp_path / "名.xlsx"
    sheets = [BookSheet(name, "标题", [BookColumn("a")], [["x"]]) for name in ("a/b:c", "很长" * 20, "很长" * 20, "", "'引'")]
    write_book(path, sheets)
    names = openpyxl.load_workbook(path).sheetnames
    assert names == ["a b c", "很长" * 15 + "很", ("很长" * 14)[:27] + "(2)", "表", "引"]
    assert all(len(name) <= 31 for name in names)


def test_more_rows_than_a_sheet_has_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(book, "MAX_SHEET_ROWS", 5)
    with pytest.raises(InputProblem) as caught:
        write_book(tmp_path / "多.xlsx", [a_sheet(*[["a", 1]] * 10)])
    assert caught.value.code == "too-many-rows"
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_and_no_part(tmp_path, monkeypatch):
    path = tmp_path / "旧.xlsx"
    write_book(path, [a_sheet(["旧", 1])])
    before = path.read_bytes()

    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(book.os, "fsync", full)
    with pytest.raises(MachineProblem) as caught:
        write_book(path, [a_sheet(["新", 2])])
    assert "磁盘" in caught.value.text
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["旧.xlsx"]

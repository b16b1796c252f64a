"""Templates: what people fill in reads back without a word (DESIGN §9)."""

import datetime as dt

import openpyxl
import pytest

from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.sheets.columns import HELP_SHEET, LISTS_SHEET, columns_of
from fulian_desktop.sheets.importing import read_sheet
from fulian_desktop.sheets.template import write_template

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_an_empty_template_is_read_without_records_and_without_complaints(tmp_path, kind):
    path = tmp_path / "模板.xlsx"
    write_template(path, kind, unit_column=True)
    result = read_sheet(path, kind, year=2026, units={}, today=TODAY)
    assert (result.rows, result.unmatched, result.notes, result.skipped) == ([], [], [], [])
    assert len(result.matched) == len([c for c in columns_of(kind) if not c.end])


def test_a_filled_template_is_read_without_complaints(tmp_path):
    path = tmp_path / "模板.xlsx"
    write_template(path, kind_of("activity"), unit_column=True)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    places = {cell.value: cell.column for cell in page[3]}
    typed = {
        "村(社区)": "芙蓉村", "主题*": "宣讲", "类别*": "宣传宣讲", "日期*": "8月21日—25日", "参加人次*": "1600余人",
        "写进总结": "是",
    }
    for head, value in typed.items():
        page.cell(4, places[head], value)
    book.save(path)
    [row] = read_sheet(path, kind_of("activity"), year=2026, units={"芙蓉村": "530381108202"}, today=TODAY).rows
    assert not row.problems
    assert row.unit == "530381108202"
    values = {name: value for name, value in row.values.items() if value is not None}
    assert values == {
        "title": "宣讲", "category": "publicity", "date_from": "2026-08-21", "date_to": "2026-08-25", "date_precision": "day",
        "participants": 1600, "participants_about": True, "highlight": True,
    }


def test_lists_notes_marks_and_text_cells_are_there(tmp_path):
    path = tmp_path / "模板.xlsx"
    write_template(path, kind_of("person"))
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["重点对象", HELP_SHEET, LISTS_SHEET]
    assert book[LISTS_SHEET].sheet_state == "hidden"
    page = book.worksheets[0]
    heads = {cell.value: cell for cell in page[3]}
    assert "姓名*" in heads
    assert all(cell.comment for head, cell in heads.items() if head != "序号")
    assert page.cell(4, heads["身份证号"].column).number_format == "@"
    assert page.cell(4, heads["出生日期"].column).number_format == "@"
    offered = {str(v.sqref).split(":")[0].rstrip("0123456789"): v for v in page.data_validations.dataValidation}
    sexes = offered[heads["性别"].column_letter]
    assert sexes.formula1.startswith(f"'{LISTS_SHEET}'!")
    assert not sexes.showErrorMessage  # another word may be typed: it is named at import
    column = sexes.formula1.split("$")[1]
    assert [cell.value for cell in book[LISTS_SHEET][column][:2]] == ["女", "男"]


def test_what_each_column_takes_is_explained(tmp_path):
    path = tmp_path / "模板.xlsx"
    write_template(path, kind_of("aid"))
    rows = {row[0]: row for row in openpyxl.load_workbook(path)[HELP_SHEET].iter_rows(min_row=3, values_only=True)}
    assert set(rows) == {column.label for column in columns_of(kind_of("aid")) if not column.end}
    assert "两癌救助" in rows["项目"][4]
    assert "1.2万" in rows["金额(元)"][3]

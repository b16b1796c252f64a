"""Cells out of a workbook and out of the clipboard (FAULTS 70)."""

import datetime as dt

import pytest
from tests.sheets.sheet_builders import a_book, a_raw_book

from fulian_desktop.errors import Refused
from fulian_desktop.sheets import reader
from fulian_desktop.sheets.reader import Broken, cell_name, pasted_grid, read_workbook


def test_cells_keep_their_types(tmp_path):
    row = ["文字", 3, 2.5, 4.0, True, dt.datetime(2026, 3, 8), dt.time(14, 30), None]
    [grid] = read_workbook(a_book(tmp_path / "型.xlsx", ("表", [[*row, "末"]])))
    assert grid.rows == [["文字", 3, 2.5, 4, True, dt.datetime(2026, 3, 8), dt.time(14, 30), None, "末"]]
    assert [type(v) for v in grid.rows[0][1:4]] == [int, float, int]


def test_the_escapes_of_the_standard_are_undone(tmp_path):
    data = '<row r="1"><c r="A1" t="inlineStr"><is><t>一_x000D_\n二_x0009_三_x0007_四_x4E00_</t></is></c></row>'
    [grid] = read_workbook(a_raw_book(tmp_path / "逃.xlsx", data))
    assert grid.rows == [["一\n二\t三四_x4E00_"]]


def test_sheets_come_in_order_with_the_hidden_ones_marked(tmp_path):
    path = a_book(tmp_path / "页.xlsx", ("一月", [["a"]]), ("旧", [["b"]]), ("空", []), hidden=["旧"])
    assert [(g.name, g.hidden, g.rows) for g in read_workbook(path)] == [
        ("一月", False, [["a"]]), ("旧", True, [["b"]]), ("空", False, [])]


def test_rows_that_a_file_leaves_out_are_there_as_empty_ones(tmp_path):
    data = '<row r="2"><c r="B2"><v>1</v></c></row><row r="5"><c r="D5"><v>2</v></c></row>'
    [grid] = read_workbook(a_raw_book(tmp_path / "隔.xlsx", data))
    assert len(grid.rows) == 5
    assert (grid.at(2, 2), grid.at(5, 4), grid.at(1, 1), grid.at(9, 9)) == (1, 2, None, None)


def test_a_formula_stands_for_its_result_and_one_without_is_broken(tmp_path):
    data = (
        '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>SUM(A1)</f></c>'
        '<c r="C1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="D1" t="str"><f>A1</f><v>文</v></c></row>'
    )
    [grid] = read_workbook(a_raw_book(tmp_path / "式.xlsx", data))
    assert (grid.at(1, 1), grid.at(1, 4)) == (2, "文")
    assert isinstance(grid.at(1, 2), Broken)
    assert "没有算出的结果" in grid.at(1, 2).text
    assert isinstance(grid.at(1, 3), Broken)
    assert "出错的公式" in grid.at(1, 3).text


@pytest.mark.parametrize(("number_format", "value", "shown"), [
    ('0"人"', 18, "18人"), ('0"余人"', 1600, "1600余人"), ('"¥"#,##0.00', 350, "¥350"), ('0.0"万元"', 1.5, "1.5万元"),
    ("General", 18, 18), ("#,##0.00", 18, 18), ('0!.0,"万"', 12000, 12000), ("0%", 0.5, 0.5), ('#,##0"元"', 3000, "3000元"),
    ('_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ', 20, "¥20"), ('"第"0"期"', 3, "第3期"), ('0.00_);[Red]\\(0.00\\)', 2.5, 2.5),
])
def test_a_number_that_is_shown_with_a_word_is_what_people_see(tmp_path, number_format, value, shown):
    path = a_book(tmp_path / "样.xlsx", ("表", [[value]]), formats=[("A1", number_format)])
    assert read_workbook(path)[0].rows == [[shown]]


@pytest.mark.parametrize(("text", "rows"), [
    ("主题\t日期\na\t3.8\n", [["主题", "日期"], ["a", "3.8"]]), ("a\tb\r\nc\td", [["a", "b"], ["c", "d"]]),
    ("a\t\t\nb", [["a", None, None], ["b", None, None]]),
    ('"一\n二"\tb\n', [["一\n二", "b"]]), ('"他说""好"""\tb', [['他说"好"', "b"]]), ('"没有结束\tb', [['"没有结束', "b"]]),
    ("", []), ("a\tb\t", [["a", "b", None]]), ("\n\na", [[None], [None], ["a"]]),
    ('"一\r\n二"\r\nb', [["一\r\n二"], ["b"]]), ('半"角"\tb', [['半"角"', "b"]]),
])
def test_what_is_pasted_becomes_rows_and_columns(text, rows):
    assert pasted_grid(text).rows == rows


def test_too_much_pasted_is_refused(monkeypatch):
    monkeypatch.setattr(reader, "MAX_PASTED", 10)
    with pytest.raises(Refused):
        pasted_grid("a" * 11)
    monkeypatch.setattr(reader, "MAX_PASTED", 10_000)
    with pytest.raises(Refused):
        pasted_grid("\t" * 600)


def test_cells_are_named_as_people_name_them():
    assert [cell_name(5, 2), cell_name(12, 27)] == ["B5", "AA12"]


@pytest.mark.parametrize(("cell", "broken"), [
    ('<c r="B1"><f>1+1</f><v></v></c>', True),
    ('<c r="B1"><f>1+1</f></c>', True),
    ('<c r="B1" t="str"><f>""</f><v></v></c>', False),
    ('<c r="B1"><f>1+1</f><v>2</v></c>', False),
])
def test_a_formula_with_an_empty_result_is_broken_unless_the_result_is_an_empty_text(tmp_path, cell, broken):
    book = a_raw_book(tmp_path / "a.xlsx", f'<row r="1"><c r="A1"><v>1</v></c>{cell}</row>')
    (grid,) = read_workbook(book)
    assert isinstance(grid.at(1, 2), Broken) is broken

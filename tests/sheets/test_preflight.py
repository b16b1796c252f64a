"""What is refused before openpyxl sees a file (FAULTS 69): each within bounds, each with a sentence."""

import struct
import time
import tracemalloc
import zipfile

import pytest
from tests.sheets.sheet_builders import a_book, a_raw_book

from fulian_desktop.errors import MachineProblem, Refused
from fulian_desktop.sheets import preflight
from fulian_desktop.sheets.preflight import check_workbook, column_letters, column_number
from fulian_desktop.sheets.reader import read_workbook

DTD = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def refused(path):
    with pytest.raises(Refused) as caught:
        check_workbook(path)
    assert "请" in caught.value.text
    assert path.name in caught.value.text
    return caught.value.code


def test_a_plain_workbook_passes_and_says_its_shape(tmp_path):
    rows = [["a", "b"], [1, None], ["c", 2]]
    path = a_book(tmp_path / "好.xlsx", ("活动", rows), ("藏", [["x"]]), merged=["A1:B1"], hidden=["藏"])
    first, second = check_workbook(path)
    assert (first.name, first.hidden, first.last_row, first.last_column) == ("活动", False, 3, 2)
    assert first.merged == [(1, 1, 1, 2)]
    assert (second.name, second.hidden, second.last_row) == ("藏", True, 1)


def test_a_document_type_is_refused_wherever_it_stands(tmp_path):
    assert refused(a_raw_book(tmp_path / "一.xlsx", doctype=DTD)) == "unsafe"
    assert refused(a_raw_book(tmp_path / "二.xlsx", extra=[("xl/styles.xml", f"{DTD}<x>&b;</x>")])) == "unsafe"
    assert refused(a_raw_book(tmp_path / "三.xlsx", extra=[("docProps/app.xml", f"{DTD}<x/>".encode("utf-16"))])) == "unsafe"
    external = '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'
    assert refused(a_raw_book(tmp_path / "四.xlsx", extra=[("xl/comments.xml", external)])) == "unsafe"


def test_a_file_that_inflates_to_gigabytes_is_refused_at_once(tmp_path):
    path = tmp_path / "炸弹.xlsx"
    a_raw_book(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive, archive.open(
        "xl/sharedStrings.xml", "w", force_zip64=True,
    ) as part:
        for _ in range(301):
            part.write(b"\0" * (1 << 20))
    started = time.perf_counter()
    tracemalloc.start()
    assert refused(path) == "too-large"
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()
    assert time.perf_counter() - started < 2


def test_parts_that_are_too_much_together_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "MAX_INFLATED", 2_000)
    assert refused(a_raw_book(tmp_path / "合.xlsx", extra=[("docProps/a.bin", bytes(range(250)) * 8)])) == "too-large"


def test_a_file_with_a_password_is_refused(tmp_path):
    path = a_raw_book(tmp_path / "密.xlsx")
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1  # the flag that says: encrypted
            at = data.find(mark, at + 4)
    path.write_bytes(data)
    assert refused(path) == "not-a-sheet"


def test_a_small_part_that_inflates_out_of_all_proportion_is_refused(tmp_path):
    path = a_raw_book(tmp_path / "大.xlsx", extra=[("xl/media.xml", b"<x>" + b" " * (8 << 20) + b"</x>")])
    assert refused(path) == "too-large"


def test_a_file_that_lies_about_its_size_is_refused(tmp_path):
    path = a_raw_book(tmp_path / "谎.xlsx", extra=[("xl/styles.xml", b"<x>" + b"abcdef" * 50_000 + b"</x>")])
    data = bytearray(path.read_bytes())
    directory = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 10)  # the size after inflating, as the directory has it
    path.write_bytes(data)
    assert refused(path) == "damaged"


def test_a_cell_at_the_end_of_the_world_is_refused_and_named(tmp_path):
    data = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = a_raw_book(tmp_path / "远.xlsx", data)
    assert refused(path) == "too-large"
    with pytest.raises(Refused, match="XFD1048576"):
        check_workbook(path)


def test_a_blank_cell_at_the_end_of_the_world_is_passed_over(tmp_path):
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    path = a_raw_book(tmp_path / "格式.xlsx", data)
    assert check_workbook(path)[0].last_row == 1
    assert read_workbook(path)[0].rows == [[1]]


def test_too_many_cells_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "MAX_CELLS", 50)
    assert refused(a_book(tmp_path / "多.xlsx", ("表", [list(range(10))] * 6))) == "too-large"


def test_too_many_parts_and_doubled_parts_are_refused(tmp_path, monkeypatch):
    with pytest.warns(UserWarning, match="Duplicate name"):
        doubled = a_raw_book(tmp_path / "重.xlsx", extra=[("xl/workbook.xml", "<x/>")])
    assert refused(doubled) == "unsafe"
    monkeypatch.setattr(preflight, "MAX_PARTS", 3)
    assert refused(a_raw_book(tmp_path / "碎.xlsx")) == "too-large"


def test_a_file_too_large_to_be_a_table_is_refused_unopened(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "MAX_FILE", 100)
    assert refused(a_raw_book(tmp_path / "胖.xlsx")) == "too-large"


@pytest.mark.parametrize(("content", "code"), [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old-sheet"), (b"", "not-a-sheet"), (b"a,b\n1,2\n", "not-a-sheet"),
    (b"<html><table>", "not-a-sheet"), (b"PK\x03\x04" + b"\0" * 50, "damaged"), (b"%PDF-1.4", "not-a-sheet"),
])
def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path, content, code):
    path = tmp_path / "别的.xlsx"
    path.write_bytes(content)
    assert refused(path) == code


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "压缩包.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "x")
    assert refused(path) == "not-a-sheet"


def test_every_truncation_is_refused_and_never_a_crash(tmp_path):
    whole = a_book(tmp_path / "整.xlsx", ("表", [["主题", "日期"], ["a", "3月8日"]])).read_bytes()
    path = tmp_path / "半.xlsx"
    for length in range(0, len(whole) - 1, 97):
        path.write_bytes(whole[:length])
        assert refused(path) in ("damaged", "not-a-sheet")


def test_broken_xml_is_damage(tmp_path):
    assert refused(a_raw_book(tmp_path / "破.xlsx", "<row><c>")) == "damaged"


def test_what_only_openpyxl_finds_wrong_is_refused_too(tmp_path):
    path = a_raw_book(tmp_path / "怪.xlsx", '<row r="1"><c r="A1" t="s"><v>99</v></c></row>')
    with pytest.raises(Refused) as caught:
        read_workbook(path)
    assert caught.value.code == "damaged"


def test_a_file_that_is_gone_is_a_problem_of_the_machine(tmp_path):
    with pytest.raises(MachineProblem) as caught:
        check_workbook(tmp_path / "没有.xlsx")
    assert not isinstance(caught.value, Refused)


def test_columns_are_lettered_as_in_excel():
    assert [column_letters(n) for n in (1, 26, 27, 702, 703, 16384)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert all(column_number(column_letters(n)) == n for n in range(1, 16385))

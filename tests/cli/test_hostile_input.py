"""Hostile or clumsy input through the command line (FAULTS 59 to 70): inert, said, refused within bounds; never a traceback."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.builders import TOWN, VILLAGE, a_township
from tests.sheets.sheet_builders import a_book, a_raw_book

HEAD = ["户主", "住址", "备注"]


@pytest.fixture
def ws(tmp_path):
    folder = tmp_path / "town"
    a_township(folder).close()
    return folder


def _added(fulian, ws, **values):
    made = fulian("add", ws, "family", *(f"{k}={v}" for k, v in {"head": "王秀英", "address": "3组", **values}.items()))
    return made, fulian("show", ws, made["id"])["values"]


def _codes(made):
    return {(p["field"], p["code"]) for p in made["problems"]}


# 59 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [
    "=cmd|'/c calc'!A0", "+1+1", "-2+3", "@SUM(1,1)", "＝1+1", "=HYPERLINK(\"http://x\",\"y\")",
])
def test_a_formula_in_a_text_stays_a_text_in_excel(fulian, ws, tmp_path, text):
    _, values = _added(fulian, ws, remarks=text, head=text)
    assert values["remarks"] == text
    out = tmp_path / "out.xlsx"
    fulian("export-sheet", ws, "family", "-o", out)
    page = openpyxl.load_workbook(out).worksheets[0]
    cells = [c for row in page.iter_rows() for c in row if isinstance(c.value, str) and text in c.value]
    assert len(cells) == 2
    assert all(c.data_type == "s" for c in cells), "forced text, never a formula"
    with zipfile.ZipFile(out) as archive:
        sheets = b"".join(archive.read(n) for n in archive.namelist() if n.startswith("xl/worksheets/"))
    assert b"<f>" not in sheets


def test_a_formula_without_a_result_in_a_ledger_is_named_and_no_value(fulian, ws, tmp_path):
    text = '<c r="{0}" t="inlineStr"><is><t>{1}</t></is></c>'
    data = f'<row r="1">{text.format("A1", "户主")}{text.format("B1", "住址")}</row>'
    data += f'<row r="2">{text.format("A2", "王秀英")}<c r="B2"><f>HYPERLINK("http://x")</f></c></row>'
    told = fulian("import-sheet", ws, "family", a_raw_book(tmp_path / "a.xlsx", data))
    assert told["rows"][0]["state"] == "new"
    assert "B2" in {p["cell"] for p in told["rows"][0]["problems"]}
    assert "address" not in told["rows"][0]["values"]


# 60, 65, 66, 67 ------------------------------------------------------------------------------------------------


def test_control_characters_are_removed_and_it_is_said(fulian, ws):
    made, values = _added(fulian, ws, head="王\x07秀\x1b英")
    assert values["head"] == "王秀英"
    assert ("head", "control") in _codes(made)


def test_invisible_characters_stay_visible_to_nobody_and_do_not_hide_a_record_from_search(fulian, ws):
    _, values = _added(fulian, ws, head="王\u200b秀\u202e英")
    assert values["head"] == "王\u200b秀\u202e英", "shown as typed"
    assert len(fulian("list", ws, "family", "--search", "王秀英")["records"]) == 1


def test_a_nul_in_a_text_is_refused(fulian, ws, tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"head": "王\\u0000秀英", "address": "3组"}', "utf-8")
    refused = fulian("add", ws, "family", "--from-json", file, code=1)
    assert "户主" in refused["error"]["text"] or "空字符" in refused["error"]["text"]
    file.write_text('{"head": "王秀英", "address": "3组\\u0000"}', "utf-8")
    made = fulian("add", ws, "family", "--from-json", file)
    assert ("address", "nul") in _codes(made)
    assert "address" not in fulian("show", ws, made["id"])["values"]


@pytest.mark.parametrize("text", ["\\ud800", "王\\udc00秀英"])
def test_half_a_character_is_refused_and_never_kept(fulian, ws, tmp_path, text):
    file = tmp_path / "a.json"
    file.write_text(f'{{"head": "王秀英", "remarks": "{text}", "address": "{text}"}}', "utf-8")
    made = fulian("add", ws, "family", "--from-json", file)
    assert ("address", "surrogate") in _codes(made)
    values = fulian("show", ws, made["id"])["values"]
    assert "address" not in values
    assert fulian("check", ws)["ok"]


def test_an_argument_that_is_no_utf_8_is_refused_with_a_sentence(ws):
    run = subprocess.run(
        [sys.executable, "-m", "fulian_desktop", "add", str(ws), "family", b"head=\xff\xfe"],
        env={"FULIAN_PASSPHRASE": "secret1", "PATH": "", "FULIAN_DATA": str(ws.parent)}, capture_output=True, check=False,
    )
    assert run.returncode == 1
    assert b"Traceback" not in run.stderr
    assert "户主" in run.stderr.decode("utf-8") or "字符" in run.stderr.decode("utf-8")


def test_full_width_digits_are_read_as_digits(fulian, ws):
    digits = "１１０１０１１９９００３０７４５１５"
    made, values = _added(fulian, ws, phone="１３９１２３４５６７８", size="４", head_id_number=digits)
    assert values["phone"] == "13912345678"
    assert values["size"] == 4
    assert values["head_id_number"] == "110101199003074515"
    assert not {code for field, code in _codes(made) if field in {"phone", "size"}}


@pytest.mark.parametrize("digits", ["١٢٣", "१२३", "𝟏𝟐𝟑", "①②"])
def test_digits_of_other_scripts_are_not_taken_for_numbers_without_a_word(fulian, ws, digits):
    made, values = _added(fulian, ws, size=digits)
    assert "size" not in values
    assert "size" in {field for field, _ in _codes(made)}
    assert digits in values["remarks"], "nothing typed is lost"


# 61, 63 ----------------------------------------------------------------------------------------------------------


def test_a_text_over_its_limit_is_said_and_not_cut(fulian, ws):
    made, values = _added(fulian, ws, address="长" * 201)
    assert ("address", "too-long") in _codes(made)
    assert values.get("address") in (None, "长" * 201)
    assert "address" not in values


def test_a_cell_over_what_excel_holds_is_named_on_export(fulian, ws, tmp_path, monkeypatch):
    from fulian_desktop.sheets import book

    longest = next(n for n in vars(book) if n.isupper() and vars(book)[n] == 32_767)
    monkeypatch.setattr(book, longest, 100)
    _added(fulian, ws, remarks="长" * 150)
    told = fulian("export-sheet", ws, "family", "-o", tmp_path / "out.xlsx")
    assert told["too_long"], "openpyxl would have cut it without a word"


def test_two_hundred_thousand_characters_without_a_break_are_refused_at_once(fulian, ws, tmp_path):
    file = tmp_path / "a.json"
    file.write_text('{"head": "王秀英", "address": "3组", "remarks": "' + "长" * 200_000 + '"}', "utf-8")
    made = fulian("add", ws, "family", "--from-json", file)
    assert ("remarks", "too-long") in _codes(made)
    fulian("print", ws, "roster", "--kind", "family", "-o", tmp_path / "roster.pdf")
    assert (tmp_path / "roster.pdf").stat().st_size < 5_000_000


# 62 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["<b>王</b>", "A & B", "<img src=x>", "<font color=red>", "]]>", "&lt;"])
def test_markup_in_a_name_is_printed_as_it_stands(fulian, ws, tmp_path, text):
    import pypdfium2

    _added(fulian, ws, head=text)
    out = tmp_path / "roster.pdf"
    fulian("print", ws, "roster", "--kind", "family", "-o", out)
    document = pypdfium2.PdfDocument(out)
    pages = [document[i] for i in range(len(document))]
    texts = [page.get_textpage() for page in pages]
    printed = "".join(t.get_text_range() for t in texts)
    for opened in (*texts, *pages, document):
        opened.close()
    assert text.replace(" ", "") in printed.replace(" ", "").replace("\r\n", "")


# 68 ------------------------------------------------------------------------------------------------------------


def test_an_id_number_with_a_wrong_check_digit_warns_and_a_reason_overrides(fulian, ws):
    made, values = _added(fulian, ws, head_id_number="110101199003074513")
    assert values["head_id_number"] == "110101199003074513", "kept as typed"
    warned = {p["code"] for p in made["problems"] if p["field"] == "head_id_number"}
    assert warned
    reasoned = fulian("edit", ws, made["id"], "override_reason=户口本上就是这样")
    assert not {p["code"] for p in reasoned["problems"] if p["field"] == "head_id_number"} & warned


# 69, 70 ------------------------------------------------------------------------------------------------------------


def _bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (40 << 20))
    return out.getvalue()


@pytest.mark.parametrize(("name", "make"), [
    ("empty", lambda p: p.write_bytes(b"")),
    ("text", lambda p: p.write_text("户主,住址\n王,3组", "utf-8")),
    ("old xls", lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))),
    ("bare zip", lambda p: p.write_bytes(b"PK\x05\x06" + bytes(18))),
    ("dtd", lambda p: a_raw_book(p, doctype='<!DOCTYPE x [<!ENTITY a "b">]>')),
    ("far cell", lambda p: a_raw_book(p, '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')),
    ("bomb", lambda p: p.write_bytes(_bomb())),
    ("no head", lambda p: a_book(p, ("一", [["甲", "乙"], [1, 2]]))),
    ("folder", lambda p: p.mkdir()),
])
def test_a_sheet_that_is_none_is_refused_with_a_sentence_and_nothing_is_written(fulian, ws, tmp_path, name, make):
    path = tmp_path / "a.xlsx"
    make(path)
    refused = fulian("import-sheet", ws, "family", path, code=1)
    assert len(refused["error"]["text"]) > 8, name
    assert fulian("list", ws, "family")["records"] == []


# packages 24, 25, 38 ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "data", "state"), [
    ("a zip", b"PK\x03\x04" + bytes(300), "damaged"),
    ("nothing", b"", "damaged"),
    ("zeros", bytes(100_000), "damaged"),
    ("a text", "户主,住址".encode() * 100, "damaged"),
])
def test_a_file_that_is_no_package_is_refused_by_merge_inspect_and_join(fulian, ws, tmp_path, name, data, state):
    file = tmp_path / "x.flpkg"
    file.write_bytes(data)
    merged = fulian("merge", ws, file, code=1)
    assert [p["state"] for p in merged["packages"]] == [state], name
    assert merged["packages"][0]["reason"]
    assert fulian("inspect", file, code=1)["error"]["text"]
    refused = fulian("join", tmp_path / "new", file, "--unit", VILLAGE, "--person", "王桂芳", code=1)
    assert refused["error"]["text"]
    assert not (tmp_path / "new").exists(), "nothing is begun"


def test_an_invitation_for_another_township_makes_no_office(fulian, ws, tmp_path):
    fulian("invite", ws, "-o", tmp_path / "i.flpkg")
    refused = fulian("join", tmp_path / "new", tmp_path / "i.flpkg", "--unit", "140702102201", "--person", "王", code=1)
    assert refused["error"]["code"] == "not-for-us"
    assert not (tmp_path / "new").exists()
    assert Path(ws).name == "town"
    assert TOWN.startswith("140702101")


def test_a_character_without_a_typeface_is_printed_in_words_on_request(fulian, ws, tmp_path):
    import pypdfium2

    _added(fulian, ws, head="赵\U0001f339素芳")
    out = tmp_path / "roster.pdf"
    fulian("print", ws, "roster", "-o", out, code=1)
    assert not out.exists()
    assert fulian("print", ws, "roster", "-o", out, "--spell-out") == {"file": str(out), "spelled_out": 1}
    document = pypdfium2.PdfDocument(out)
    page = document[0]
    text = page.get_textpage()
    printed = text.get_text_range()
    for opened in (text, page, document):
        opened.close()
    assert "赵〔表情〕素芳" in printed
    told = fulian("print", ws, "roster", "--kind", "activity", "-o", out, "--spell-out")
    assert told["pages"] == 1, "nothing is missing: printed as ever"

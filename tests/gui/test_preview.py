"""Looking at paper, printing and saving it: real PDFs, real keys, a printer that writes a file."""

from __future__ import annotations

import io
from functools import partial
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPageLayout, QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel
from tests.gui import walk
from tests.gui.conftest import wait_until_idle
from tests.printing.helpers import text_of

from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.printing.documents import Column, Table, write_table
from fulian_desktop.services.browsing import Query
from fulian_desktop.services.keeping import activity
from fulian_desktop.services.list_output import paper_of
from fulian_desktop.services.papers import in_memory
from fulian_desktop.services.receiving import COUNTS, Line, Received, print_report
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.ui import page_images, preview, printout
from fulian_desktop.ui.page_images import Piece
from fulian_desktop.ui.preview import PreviewPage, paper_name
from fulian_desktop.ui.printout import OVERLAP, chosen_pages, plan_sheets, set_up

A4, A3 = (595.28, 841.89), (841.89, 1190.55)


def a_pdf(rows: int) -> bytes:
    buffer = io.BytesIO()
    columns = (Column("序号", 1, "center"), Column("户主", 3))
    write_table(Table("花名册", columns, [[str(i), f"王㛃{i}"] for i in range(rows)]), buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Some pages of a roster."""
    return a_pdf(150)


@pytest.fixture
def page(qtbot, desk) -> PreviewPage:
    made = PreviewPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.may_leave()


@pytest.fixture
def opened(qtbot, page, pdf, tmp_path) -> PreviewPage:
    (tmp_path / "册.pdf").write_bytes(pdf)
    page.opened({"pdf": tmp_path / "册.pdf", "title": "花名册", "subtitle": "全部"})
    wait_until_idle(qtbot, page.desk)
    page.first_focus().setFocus()
    return page


@pytest.fixture
def printer(monkeypatch, tmp_path) -> QPrinter:
    """What is printed lands in 印.pdf."""
    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    made.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    made.setOutputFileName(str(tmp_path / "印.pdf"))
    made.setResolution(150)

    def choose(_parent, title, size, _count):
        set_up(made, title, size)
        return made

    monkeypatch.setattr(preview, "choose_printer", choose)
    return made


def printed(tmp_path: Path) -> list[tuple[int, int]]:
    """The sheets that came out, in mm."""
    document = pypdfium2.PdfDocument((tmp_path / "印.pdf").read_bytes())
    sizes = [tuple(round(side / 72 * 25.4) for side in document.get_page_size(number)) for number in range(len(document))]
    document.close()
    return sizes


def test_the_pages_are_shown_with_their_number_and_paper(opened):
    count = len(opened.made.sizes)
    assert count > 2
    assert opened.number.text() == f"第 1 页，共 {count} 页"
    assert opened.size_words.text().startswith("A4 竖")
    assert opened.list.model().rowCount() == count
    assert opened.print.isEnabled()


def test_only_pages_in_sight_are_drawn(qtbot, opened):
    opened.paper.fit_width()
    wait_until_idle(qtbot, opened.desk)
    last = len(opened.made.sizes) - 1
    width = opened.paper.viewport().width() - 32
    drawn = {page for page in range(last + 1) if (found := opened.images.find(Piece(page, width))) and found.width() > 400}
    assert drawn
    assert last not in drawn


def test_page_keys_go_through_the_paper(qtbot, opened):
    last = len(opened.made.sizes)
    for key, number in (
        (Qt.Key.Key_PageDown, 2), (Qt.Key.Key_PageDown, 3), (Qt.Key.Key_PageUp, 2), (Qt.Key.Key_End, last), (Qt.Key.Key_Home, 1),
    ):
        qtbot.keyClick(opened.paper, key)
        assert opened.number.text() == f"第 {number} 页，共 {last} 页"
    assert not opened.before.isEnabled()
    wait_until_idle(qtbot, opened.desk)


def test_keys_zoom_and_fit(qtbot, opened):
    whole = opened.zoom.text()
    qtbot.keyClick(opened, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    larger = opened.zoom.text()
    assert int(larger.split()[0]) > int(whole.split()[0])
    qtbot.keyClick(opened, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert int(opened.zoom.text().split()[0]) < int(larger.split()[0])
    qtbot.keyClick(opened, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert opened.paper.horizontalScrollBar().maximum() == 0
    qtbot.keyClick(opened, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert opened.zoom.text() == whole
    wait_until_idle(qtbot, opened.desk)


def test_what_was_drawn_is_bounded(qtbot, opened, monkeypatch):
    monkeypatch.setattr(page_images, "KEPT_BYTES", 3_000_000)
    for _ in range(len(opened.made.sizes)):
        qtbot.keyClick(opened.paper, Qt.Key.Key_PageDown)
        wait_until_idle(qtbot, opened.desk)
    assert 0 < opened.images.kept_bytes <= 3_000_000


def test_a_small_page_is_clicked(qtbot, opened):
    index = opened.list.model().index(1, 0)
    qtbot.mouseClick(opened.list.viewport(), Qt.MouseButton.LeftButton, pos=opened.list.visualRect(index).center())
    assert opened.number.text().startswith("第 2 页")
    wait_until_idle(qtbot, opened.desk)


def test_ctrl_s_saves_the_same_bytes(qtbot, opened, pdf, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "存"), ""))
    said = []
    opened.desk.said.connect(said.append)
    qtbot.keyClick(opened, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, opened.desk)
    assert (tmp_path / "存.pdf").read_bytes() == pdf
    assert said[-1].text == f"存好了：{tmp_path / '存.pdf'}"
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_is_gone_is_a_sentence(qtbot, opened, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "没有" / "存.pdf"), ""))
    said = []
    opened.desk.said.connect(said.append)
    qtbot.keyClick(opened, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, opened.desk)
    assert said[-1].tone == "error"


def test_ctrl_p_prints_every_page_in_its_size(qtbot, opened, printer, tmp_path):
    said = []
    opened.desk.said.connect(said.append)
    qtbot.keyClick(opened, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    count = len(opened.made.sizes)
    assert said[-1].text == f"{count} 张都送到打印机了。"
    assert printed(tmp_path) == [(210, 297)] * count
    assert opened.print.isEnabled()


def test_what_is_printed_is_what_is_seen(qtbot, opened, printer, pdf, tmp_path):
    said = []
    opened.desk.said.connect(said.append)
    printer.setFromTo(2, 2)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    qtbot.keyClick(opened, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(said), timeout=20_000)
    assert printed(tmp_path) == [(210, 297)]
    seen, out = (pypdfium2.PdfDocument(data) for data in (pdf, (tmp_path / "印.pdf").read_bytes()))
    wanted, got = (document[number].render(scale=1).to_pil().convert("L") for document, number in ((seen, 1), (out, 0)))
    seen.close()
    out.close()
    differences = sum(abs(a - b) > 96 for a, b in zip(wanted.tobytes(), got.resize(wanted.size).tobytes(), strict=True))
    assert differences < 0.01 * wanted.width * wanted.height
    assert min(got.tobytes()) < 80


def test_a_computer_without_a_printer_says_what_to_do(qtbot, opened, monkeypatch):
    def none(*_args):
        raise MachineProblem("这台电脑还没有装打印机。下一步：存为 PDF。", "no-printer")

    monkeypatch.setattr(preview, "choose_printer", none)
    said = []
    opened.desk.said.connect(said.append)
    qtbot.keyClick(opened, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert "存为 PDF" in said[-1].text


def test_no_printer_at_all_is_found_out_before_the_dialog(qtbot, page, monkeypatch):
    monkeypatch.setattr(printout.QPrinterInfo, "availablePrinterNames", list)
    with pytest.raises(MachineProblem, match="还没有装打印机"):
        printout.choose_printer(page, "花名册", A4, 3)


@pytest.mark.parametrize(("answer", "chosen"), [(QDialog.DialogCode.Accepted, True), (QDialog.DialogCode.Rejected, False)])
def test_the_dialog_offers_the_paper_of_the_pages(qtbot, page, monkeypatch, answer, chosen):
    asked = []
    monkeypatch.setattr(printout.QPrinterInfo, "availablePrinterNames", lambda: ["针式打印机"])

    def answered(dialog):
        asked.append((dialog.minPage(), dialog.maxPage()))
        return answer

    monkeypatch.setattr(printout.QPrintDialog, "exec", answered)
    printer = printout.choose_printer(page, "证书", A4[::-1], 3)
    assert asked == [(1, 3)]
    assert (printer is not None) == chosen
    if printer is not None:
        assert printer.fullPage()
        assert printer.pageLayout().pageSize().id() == QPageSize.PageSizeId.A4
        assert printer.pageLayout().orientation() == QPageLayout.Orientation.Landscape
        assert printer.docName() == "证书"


def test_printing_is_stopped_between_bands(qtbot, opened, printer, monkeypatch):
    monkeypatch.setattr("fulian_desktop.ui.printout.BAND_DOTS", 100_000)
    said = []
    opened.desk.said.connect(said.append)
    opened.print.click()
    assert not opened.may_leave()
    opened._printout.progressed.connect(lambda *_: opened.progress.cancel.click())
    qtbot.waitUntil(lambda: any("停下" in one.text for one in said), timeout=20_000)
    assert opened._printout is None
    assert opened.may_leave()


def test_what_stands_in_the_way_is_said_before_printing(qtbot, page):
    def make(_office, _progress):
        raise InputProblem("字库里没有这些字，还没有打印：“X”（见“王某”）。请核对是否输错。", "missing-glyphs")

    page.opened({"make": make, "title": "光荣榜"})
    wait_until_idle(qtbot, page.desk)
    assert "王某" in page.banner.words.text()
    assert page.nothing.isVisible()
    assert not page.room.isVisible()
    assert not page.print.isEnabled()
    assert not page.save.isEnabled()


# --- characters that no typeface has -------------------------------------------------------------------------


ROSE = "三八节\U0001f339\U0001f339活动"


@pytest.fixture
def with_an_emoji(qtbot, page, village):
    """The roster of activities, one of which has a rose in its title, asked for in the preview."""
    record = add_record(village, "activity", {"title": ROSE, "date": "2026.3.6"}).id
    make = partial(_roster, Query("activity"))
    page.opened({"make": make, "title": "活动花名册", "nav": "activity"})
    wait_until_idle(qtbot, page.desk)
    return record


def _roster(query, office, progress):
    return paper_of(office, query, progress)


def test_the_record_with_a_character_that_cannot_be_printed_is_named_and_opened(qtbot, page, with_an_emoji):
    places = []
    page.desk.went.connect(lambda place, about: places.append((place, about)))
    assert "还没有打印" in page.banner.words.text()
    assert page.unprintable.isVisible()
    assert page.nothing.isHidden()
    (button,) = page.unprintable.rows
    assert button.hasFocus()
    assert button.accessibleName() == "打开活动“三八节〔表情〕活动”"
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert places == [("form", {"nav": "activity", "kind": "activity", "record": with_an_emoji, "unit": page.desk.unit})]
    walk.settle()
    assert walk.without_a_name(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.cut(page) == []


def test_a_roster_is_printed_all_the_same_with_the_character_in_words_and_noted(qtbot, page, village, with_an_emoji, tmp_path):
    qtbot.mouseClick(page.unprintable.spell_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert page.print.isEnabled()
    assert page.unprintable.isHidden()
    text = text_of(page.made.pdf, tmp_path)
    assert "三八节〔表情〕活动" in "".join(text.split())
    assert "印不出来的字" in text
    assert "反家暴普法讲座" in text, "every other record stands there too"
    assert activity(village)[0].words == "打印名册 3 条"


def test_what_stands_in_no_record_is_named_and_the_paper_had_with_it_in_words(qtbot, page, tmp_path):
    line = Line("", "照片\U0001f4f7.flpkg", "damaged", ("照片\U0001f4f7.flpkg",), dict.fromkeys(COUNTS, 0), "文件损坏。")

    def make(office, _progress):
        return in_memory(lambda file: print_report(office, Received((line,)), file, states={"damaged": "损坏"}, done=True))

    page.opened({"make": make, "title": "合并报告"})
    wait_until_idle(qtbot, page.desk)
    assert page.unprintable.isVisible()
    assert page.unprintable.rows == []
    assert page.unprintable.spell_button.hasFocus()
    assert "没有可以打开的" in page.unprintable.words.text()
    walk.settle()
    assert walk.cut(page) == []
    assert "照片〔表情〕.flpkg" in [label.text() for label in page.unprintable.findChildren(QLabel)]
    qtbot.keyClick(page.unprintable.spell_button, Qt.Key.Key_Space)
    wait_until_idle(qtbot, page.desk)
    assert page.print.isEnabled()
    assert "照片〔表情〕.flpkg" in "".join(text_of(page.made.pdf, tmp_path).split())


def test_once_the_record_is_put_right_the_paper_is_made(qtbot, page, village, with_an_emoji):
    edit_record(village, with_an_emoji, {"title": "三八节活动"})
    page.opened({"make": partial(_roster, Query("activity")), "title": "活动花名册"})
    wait_until_idle(qtbot, page.desk)
    assert page.unprintable.isHidden()
    assert page.room.isVisible()


def test_a_file_that_is_no_pdf_is_a_sentence(qtbot, page, tmp_path):
    (tmp_path / "假.pdf").write_bytes(b"not a pdf")
    page.opened({"pdf": tmp_path / "假.pdf", "title": "假"})
    wait_until_idle(qtbot, page.desk)
    assert "打不开" in page.banner.words.text()


@pytest.mark.parametrize(("size", "paper", "sheets"), [
    (A4, A4, 1), (A4[::-1], A4, 1), (A4, A3, 1), (A3, A4, 3), (A3[::-1], A4, 3), ((A4[0] + 2, A4[1]), A4, 1),
])
def test_a_page_takes_as_many_sheets_as_it_needs(size, paper, sheets):
    planned = plan_sheets(0, size, paper)
    assert len(planned) in (sheets, sheets + 1) if sheets > 1 else len(planned) == sheets
    assert max(one.left + one.width for one in planned) >= size[0] - 0.01
    assert max(one.top + one.height for one in planned) >= size[1] - 0.01


def test_sheets_of_a_larger_page_overlap():
    planned = plan_sheets(0, A3, A4)
    lefts = sorted({one.left for one in planned})
    assert all(after < before + A4[1] - OVERLAP + 0.01 for before, after in pairwise(lefts))


def test_pages_that_were_chosen_are_printed():
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    assert chosen_pages(printer, 3) == [0, 1, 2]
    printer.setFromTo(2, 3)
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    assert chosen_pages(printer, 3) == [1, 2]


@pytest.mark.parametrize(("size", "name"), [
    (A4, "A4 竖"), (A3[::-1], "A3 横"), ((737, 524.4), "16 开 横"), ((100, 100), "35×35 毫米"),
])
def test_paper_is_called_as_people_call_it(size, name):
    assert paper_name(size) == name

"""Importing in the window: a real ledger, a pasted one, real keys."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid
from tests.gui.conftest import wait_until_idle

from fulian_desktop.ui.sheet import SheetPage
from fulian_desktop.ui.sheet_table import FIRST_CELL, RESULT
from fulian_desktop.ui.shell import Shell

REAL = Path(__file__).parents[1] / "data" / "real"
LEDGER = REAL / "东山镇妇联2009年活动台账.xlsx"
PASTED = "户主\t电话\t住址\t家里情况\n王秀英\t1380013572\t3组\t\"两口人\n低保\"\n李桂芳\t13800135722\t5组\t好\n\t\t7组\t\n"


@pytest.fixture
def page(qtbot, desk) -> SheetPage:
    made = SheetPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def opened(qtbot, page: SheetPage, **about) -> SheetPage:
    page.opened({"kind": "family", **about})
    wait_until_idle(qtbot, page.desk)
    page.first_focus().setFocus()
    return page


def column(page: SheetPage, number: int) -> list[str]:
    rows = page.table.rows
    return [rows.index(row, number).data() for row in range(rows.rowCount())]


def families(desk) -> int:
    return desk._office.counts()["family"]


def test_a_real_ledger_is_shown_before_anything_is_written(qtbot, page, village):
    before = village.counts()["activity"]
    opened(qtbot, page, kind="activity", path=LEDGER)
    assert page.subtitle.text() == LEDGER.name
    assert page.take.text() == "导入 20 行"
    assert column(page, RESULT).count("新增") == 20
    assert page.year.currentText() == "2009 年"
    assert village.counts()["activity"] == before


def test_ctrl_enter_takes_the_rows_in_and_ctrl_z_takes_them_back(qtbot, page, village):
    before = village.counts()["activity"]
    opened(qtbot, page, kind="activity", path=LEDGER)
    changed: list[frozenset[str]] = []
    page.desk.changed.connect(changed.append)
    qtbot.keyClick(page.table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert village.counts()["activity"] == before + 20
    assert changed == [frozenset({"activity"})]
    assert "新增 20 条" in page.banner.words.text()
    assert not page.take.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert village.counts()["activity"] == before
    assert page.take.text() == "导入 20 行"


def test_a_second_ctrl_enter_writes_nothing_further(qtbot, page, village):
    opened(qtbot, page, text=PASTED)
    for _ in range(2):
        qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert village.counts()["family"] == 3 + 2


def test_what_is_wrong_stands_in_the_cell_in_the_tooltip_and_in_the_pane(qtbot, page):
    opened(qtbot, page, text=PASTED)
    phone = page.table.rows.index(0, FIRST_CELL + 1)
    assert phone.data() == "1380013572"
    assert "11 位" in phone.data(Qt.ItemDataRole.ToolTipRole)
    assert phone.data(Qt.ItemDataRole.AccessibleDescriptionRole) == phone.data(Qt.ItemDataRole.ToolTipRole)
    assert page.rows.troubles.title.text() == "第 2 行"
    assert "电话（B2）" in page.rows.troubles.sentences[0]


def test_f8_goes_from_one_trouble_to_the_next(qtbot, page):
    opened(qtbot, page, text=PASTED)
    qtbot.keyClick(page.table, Qt.Key.Key_F8)
    assert page.table.currentIndex().row() == 2
    assert page.rows.troubles.title.text() == "第 4 行"
    qtbot.keyClick(page.table, Qt.Key.Key_F8)
    assert (page.table.currentIndex().row(), page.table.currentIndex().column()) == (0, FIRST_CELL + 1)


def test_a_chip_shows_only_the_rows_it_counts(qtbot, page):
    opened(qtbot, page, text=PASTED)
    qtbot.mouseClick(page.rows.chips["invalid"], Qt.MouseButton.LeftButton)
    assert column(page, RESULT) == ["不能导入"]
    assert not page.rows.chips[""].isChecked()
    qtbot.mouseClick(page.rows.chips[""], Qt.MouseButton.LeftButton)
    assert len(column(page, RESULT)) == 3


def test_a_column_is_told_by_keys_to_be_another_field(qtbot, page):
    opened(qtbot, page, text="户主\t住址\t叫什么\n王秀英\t3组\t李桂芳\n")
    box = page.columns.boxes["叫什么"]
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    while box.currentText() != "户主":
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        wait_until_idle(qtbot, page.desk)
        assert box.currentIndex() != before
        qtbot.waitUntil(box.isEnabled)
        box.setFocus()
    assert page.preview.heads == [("户主", ""), ("住址", "address"), ("叫什么", "head")]
    assert page.columns.boxes["户主"].currentText() == "记在备注里"


def test_a_year_that_is_chosen_reads_the_dates_again(qtbot, page):
    opened(qtbot, page, kind="activity", path=LEDGER)
    page.year.setFocus()
    qtbot.keyClick(page.year, Qt.Key.Key_Up)
    wait_until_idle(qtbot, page.desk)
    assert page.preview.year == 2017
    assert page.year.currentText() == "2017 年"


def test_ctrl_v_takes_what_was_copied_in_wps(qtbot, page):
    opened(qtbot, page)
    QGuiApplication.clipboard().setText(PASTED)
    qtbot.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert page.take.text() == "导入 2 行"


def test_ctrl_o_asks_for_a_file(qtbot, page, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(LEDGER), ""))
    opened(qtbot, page, kind="activity")
    qtbot.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert page.take.isVisible()


@pytest.mark.parametrize(("name", "data"), [("旧.xls", b"\xd0\xcf\x11\xe0old"), ("坏.xlsx", b"PK\x03\x04no"), ("空.xlsx", b"")])
def test_a_wrong_file_is_a_sentence_and_leaves_the_way_to_another(qtbot, page, tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    opened(qtbot, page, path=tmp_path / name)
    assert page.banner.isVisible()
    assert len(page.banner.words.text()) > 8
    assert page.start.choose.isVisible()
    assert not page.take.isVisible()


def test_an_empty_clipboard_is_a_sentence(qtbot, page):
    opened(qtbot, page, text=" ")
    assert "复制" in page.banner.words.text()


def test_a_template_is_saved(qtbot, page, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "模板"), ""))
    opened(qtbot, page)
    qtbot.mouseClick(page.start.template, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert (tmp_path / "模板.xlsx").exists()


def test_esc_stops_an_import_before_anything_is_written(qtbot, page, village):
    opened(qtbot, page, text=PASTED)
    hold = threading.Event()
    page.desk.ask(page, lambda _office, _progress: hold.wait(10), lambda _: None)
    said = []
    page.desk.said.connect(said.append)
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert not page.may_leave()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    hold.set()
    wait_until_idle(qtbot, page.desk)
    assert said[-1].text == "停下了，一行也没有导入。"
    assert village.counts()["family"] == 3
    assert page.may_leave()
    assert page.take.isEnabled()


def test_a_file_that_is_dropped_is_looked_into(qtbot, page):
    opened(qtbot, page, kind="activity")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(LEDGER))])
    spot, buttons, keys = QPointF(50, 50), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(spot, Qt.DropAction.CopyAction, data, buttons, keys))
    wait_until_idle(qtbot, page.desk)
    assert page.take.text() == "导入 20 行"


def test_the_next_file_is_looked_for_beside_the_last(qtbot, page, monkeypatch):
    asked = []
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: asked.append(args[2]) or (str(LEDGER), ""))
    opened(qtbot, page, kind="activity")
    for _ in range(2):
        qtbot.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
        wait_until_idle(qtbot, page.desk)
    assert asked[1] == str(LEDGER.parent)


def test_what_was_imported_is_taken_back_from_another_page(qtbot, desk, village):
    shell = Shell(desk)
    qtbot.addWidget(shell)
    shell.resize(1366, 696)
    shell.show()
    desk.go("sheet", {"nav": "family", "kind": "family", "text": PASTED})
    wait_until_idle(qtbot, desk)
    page, said = shell.page, []
    desk.said.connect(said.append)
    page.take.click()
    wait_until_idle(qtbot, desk)
    assert village.counts()["family"] == 5
    desk.go("reports", {"nav": "reports"})
    qtbot.waitUntil(lambda: not isValid(page))
    next(one for one in said if one.action == "撤销").run()
    wait_until_idle(qtbot, desk)
    assert village.counts()["family"] == 3
    assert said[-1].text == "撤销了这次导入。"


def test_a_narrow_window_shows_the_columns_when_they_are_asked_for(qtbot, page):
    opened(qtbot, page, text=PASTED)
    page.resize(700, 500)
    qtbot.waitUntil(lambda: page.rows.right.isHidden())
    qtbot.keyClick(page, Qt.Key.Key_F6)
    assert page.rows.right.isVisible()
    assert page.rows.left.isHidden()
    qtbot.keyClick(page, Qt.Key.Key_F6)
    assert page.rows.left.isVisible()
    page.resize(1182, 696)
    qtbot.waitUntil(lambda: page.rows.right.isVisible() and page.rows.left.isVisible())


def test_esc_goes_back(qtbot, page):
    opened(qtbot, page)
    with qtbot.waitSignal(page.desk.went_back):
        qtbot.keyClick(page, Qt.Key.Key_Escape)


def test_markup_in_a_cell_stays_text(qtbot, page):
    opened(qtbot, page, text="户主\t住址\n<b>王</b>\t<img src=x>\n")
    assert page.table.rows.index(0, FIRST_CELL).data() == "<b>王</b>"

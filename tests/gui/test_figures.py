"""年度统计 in the window: the figures of a year, and from each the list of its records; real keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from tests.gui.conftest import wait_until_idle

from fulian_desktop.services.records import add_record
from fulian_desktop.ui.figure_table import BEFORE, LABEL, MORE, SYSTEM, YEAR
from fulian_desktop.ui.figures import FiguresPage
from fulian_desktop.ui.listing import ListPage

OF, BEFORE_IT = 2025, 2024


@pytest.fixture
def page(qtbot, village, desk) -> FiguresPage:
    law = ((f"{OF}-03-08", "40余人"), (f"{OF}-04-08", "20"), (f"{BEFORE_IT}-04-08", "9"))
    for day, people in law:
        add_record(village, "activity", {"title": f"活动{day}", "category": "law", "date_from": day, "participants": people})
    add_record(village, "activity", {"title": "培训", "category": "training", "date_from": f"{OF}-05-08", "participants": "30"})
    add_record(village, "donation", {"donor": "王", "date_from": f"{OF}-03-08", "amount": "5555.3元"})
    made = FiguresPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    made.opened({"year": OF})
    wait_until_idle(qtbot, desk)
    made.first_focus().setFocus()
    return made


@pytest.fixture
def went(desk) -> list[tuple[str, dict]]:
    gone: list[tuple[str, dict]] = []
    desk.went.connect(lambda place, about: gone.append((place, about)))
    return gone


def texts(page: FiguresPage, label: str) -> dict[int, str]:
    model = page.table.figures
    row = next(r for r in range(model.rowCount()) if model.index(r, LABEL).data() == label)
    return {column: model.index(row, column).data() for column in (SYSTEM, YEAR, BEFORE, MORE)}


def at(page: FiguresPage, label: str) -> None:
    model = page.table.figures
    page.table.selectRow(next(r for r in range(model.rowCount()) if model.index(r, LABEL).data() == label))


def test_figures_stand_beside_last_years_with_the_difference(page):
    assert texts(page, "活动场次") == {SYSTEM: "活动", YEAR: "3", BEFORE: "1", MORE: "+2"}
    assert texts(page, "募捐资金") == {SYSTEM: "", YEAR: "5,555.30", BEFORE: "0.00", MORE: "+5,555.30"}
    assert page.table.figures.data(page.table.figures.index(0, 0), Qt.ItemDataRole.AccessibleTextRole).count("，") >= 2


def test_enter_opens_the_list_of_the_records_behind_a_figure(qtbot, page, desk, went):
    at(page, "　普法维权")
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    place, about = went[-1]
    assert (place, about["nav"], about["kind"]) == ("list", "activity", "activity")
    listing = ListPage(desk)
    qtbot.addWidget(listing)
    listing.resize(1182, 696)
    listing.show()
    listing.opened(about)
    wait_until_idle(qtbot, desk)
    assert listing.shown.reader.count == 2
    chip = listing.shown.filters.behind
    assert (chip.isVisible(), chip.text()) == (True, f"{OF}年活动场次：普法维权")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert listing.shown.reader.count == 6
    assert not chip.isVisible()


def test_the_button_does_the_same_and_another_year_shows_other_figures(qtbot, page, desk, went):
    page.year.setCurrentIndex(page.year.findData(BEFORE_IT))
    wait_until_idle(qtbot, desk)
    assert texts(page, "活动场次")[YEAR] == "1"
    at(page, "活动场次")
    qtbot.mouseClick(page.open_records, Qt.MouseButton.LeftButton)
    assert went[-1][1]["behind"].year == BEFORE_IT


def test_a_year_without_records_says_what_to_do(qtbot, page, desk):
    page.year.setCurrentIndex(page.year.findData(2019))
    wait_until_idle(qtbot, desk)
    assert not page.open_records.isEnabled()
    shown = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert any("下一步：换一个年度，或先登记。" in text for text in shown)


def test_a_line_without_a_record_this_year_leads_nowhere_and_says_so(qtbot, page, went, desk):
    said: list[str] = []
    desk.said.connect(lambda text: said.append(text.text))
    page.table.figures.lines[0]["records"] = 0
    page.table.selectRow(0)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert (went, said) == ([], ["这一年没有这样的记录。"])

"""The page 考核: points typed into the table of a township, the sheet of a village, what is printed of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from tests.builders import SIBLING, THIRD, TOWN, VILLAGE, a_township, added
from tests.e2e.builders import a_country
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.progress import Progress
from fulian_desktop.services import assessment, enrol
from fulian_desktop.services.assessment import Mark, give_points, load_board
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.store import queries
from fulian_desktop.ui.assessment import AssessmentPage
from fulian_desktop.ui.evidence import EvidenceDialog
from fulian_desktop.ui.score_models import OTHERS, TOTALS

CLASSES = {
    "code": "1", "section": "培训", "text": "自办培训班 2 期", "points": "10", "source": "computed", "indicator": "classes",
    "target": "2", "way": "per_piece", "order": 1,
}
SLOGANS = {"code": "2", "section": "宣传", "text": "永久性标语两条以上", "points": "20", "source": "judged", "order": 2}
SCHEME = {
    "title": "2026年考核方案", "year": 2026, "items": [CLASSES, SLOGANS],
    "deductions": [{"code": "k1", "text": "迟报", "points": "1"}], "vetoes": [{"code": "f1", "text": "弄虚作假"}],
}
TRAINED = {"title": "育婴知识培训", "category": "training", "date_from": "2026-03-08", "participants": 20}
TRAINING, SLOGAN_PART = "0", "1"


@pytest.fixture
def town(tmp_path):
    """A township with a scheme and three villages, of which the first held a class."""
    with a_township(tmp_path / "town") as office:
        for code, name in ((VILLAGE, "柳树湾村"), (SIBLING, "杏花村"), (THIRD, "东沟村")):
            enrol.add_unit(office, code, name)
        add_record(office, "activity", TRAINED, unit=VILLAGE)
        add_record(office, "scheme", SCHEME)
        yield office


@pytest.fixture
def open_page(qtbot, make_desk):
    def open_one(office, size: tuple[int, int] = (1182, 696)) -> AssessmentPage:
        page = AssessmentPage(make_desk(office))
        page.desk.changed.connect(page.refresh)
        page.resize(*size)
        qtbot.addWidget(page)
        page.show()
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({})
        wait_until_idle(qtbot, page.desk)
        page.first_focus().setFocus()
        return page

    return open_one


def cells(page, table=None):
    """What the shown table says, row by row."""
    model = (table or page.shown_table).model()
    return [[str(model.index(r, c).data()) for c in range(model.columnCount())] for r in range(model.rowCount())]


def choose(qtbot, page, part):
    qtbot.mouseClick(page.parts[part], Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)


def typed(qtbot, page, text):
    """Type into the current cell and press Enter, as one does."""
    table = page.shown_table
    first, rest = text[0], text[1:]
    QTest.keyClicks(table, first)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, rest)
    QTest.keyClick(line, Qt.Key.Key_Return)


def saved(qtbot, page):
    wait_until_idle(qtbot, page.desk)
    walk.settle()
    wait_until_idle(qtbot, page.desk)


def counted(office, unit, code, check="half", entry=""):
    score = load_board(office).score(unit, check, entry, code)
    return score.counted if score is not None else None


# --- the township ----------------------------------------------------------------------------------------------------


def test_figures_and_enter_go_down_the_villages_and_on_with_the_next_item(qtbot, town, open_page):
    page = open_page(town)
    choose(qtbot, page, SLOGAN_PART)
    assert page.units_table.hasFocus()
    for figure in ("18", "19.5", "17"):
        typed(qtbot, page, figure)
    saved(qtbot, page)
    assert [counted(town, unit, "2") for unit in (VILLAGE, SIBLING, THIRD)] == [1800, 1950, 1700]
    assert [row[:2] for row in cells(page)] == [["柳树湾村", "18"], ["杏花村", "19.5"], ["东沟村", "17"]]
    assert [row[-2:] for row in cells(page)] == [["18.0", "2"], ["19.5", "1"], ["17.0", "3"]]


def test_what_follows_from_the_records_is_offered_and_two_enters_take_it_over(qtbot, town, open_page):
    page = open_page(town)
    choose(qtbot, page, TRAINING)
    assert [row[1] for row in cells(page)] == ["算出 5", "算出 0", "算出 0"]
    QTest.keyClick(page.units_table, Qt.Key.Key_Return)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    assert line.text() == "5"
    assert "柳树湾村" in line.accessibleName()
    QTest.keyClick(line, Qt.Key.Key_Return)
    saved(qtbot, page)
    assert counted(town, VILLAGE, "1") == 500
    assert cells(page)[0][1] == "5"


def test_all_villages_are_worked_out_by_one_key_and_taken_back_by_one(qtbot, town, open_page):
    page = open_page(town)
    said = []
    page.desk.said.connect(said.append)
    QTest.keyClick(page, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    saved(qtbot, page)
    assert [counted(town, unit, "1") for unit in (VILLAGE, SIBLING, THIRD)] == [500, 0, 0]
    assert said[-1].key == "Ctrl+Z"
    QTest.keyClick(page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    saved(qtbot, page)
    assert counted(town, VILLAGE, "1") is None


def test_points_above_the_items_are_refused_in_words_and_the_cell_is_as_before(qtbot, town, open_page):
    page = open_page(town)
    choose(qtbot, page, SLOGAN_PART)
    said = []
    page.desk.said.connect(said.append)
    typed(qtbot, page, "25")
    saved(qtbot, page)
    assert "满分 20 分" in said[-1].text
    assert cells(page)[0][1] == ""
    assert not load_board(town).scores


def test_a_veto_is_typed_as_its_reason_and_a_deduction_as_its_points(qtbot, town, open_page):
    give_points(town, assessment.find_scheme(town).id, "half", [Mark(unit, "", "2", "10") for unit in (VILLAGE, SIBLING, THIRD)])
    page = open_page(town)
    choose(qtbot, page, OTHERS)
    typed(qtbot, page, "1.5")
    saved(qtbot, page)
    page.units_table.begin(2, 2)
    typed(qtbot, page, "jia")
    saved(qtbot, page)
    assert cells(page)[0][1:6] == ["1.5", "", "", "-1.5", "8.5"]
    assert cells(page)[2][2] == "否决"
    assert cells(page)[2][-1] == "不参评"
    page.units_table.begin(2, 2)
    QTest.keyClick(page.units_table, Qt.Key.Key_Delete)
    saved(qtbot, page)
    assert cells(page)[2][2] == ""


def test_scores_of_a_changed_scheme_say_that_they_are_of_the_old_one(qtbot, town, open_page):
    scheme = assessment.find_scheme(town).id
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "18")])
    rows = queries.find_by_id(town.workspace.db, scheme).flat["items"]
    edit_record(town, scheme, {"items": [{**row, "points": 1000} if row["code"] == "2" else row for row in rows]})
    page = open_page(town)
    choose(qtbot, page, SLOGAN_PART)
    assert cells(page)[0][1] == "18  按旧方案评的"
    assert "方案改过，有 1 项得分按旧方案评的。" in page.notes.text()


def test_enter_on_a_village_opens_its_sheet_and_esc_leads_back(qtbot, town, open_page):
    page = open_page(town)
    page.units_table.begin(1, 1)
    QTest.keyClick(page.units_table, Qt.Key.Key_Return)
    assert page.name.text() == "杏花村"
    assert page.sheet_table.hasFocus()
    page.sheet_table.begin(1, 8)
    typed(qtbot, page, "16")
    saved(qtbot, page)
    page.sheet_table.begin(1, 9)
    typed(qtbot, page, "ok")
    saved(qtbot, page)
    (score,) = load_board(town).scores[SIBLING]
    assert (score.counted, score.review.note) == (1600, "ok")
    assert "半年得分 16.0，还有 1 项没评" in page.notes.text()
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.units_table.hasFocus()
    assert cells(page)[0][:2] == ["1", "杏花村"]


def test_a_closed_check_is_said_to_be_closed_and_takes_nothing(qtbot, town, open_page):
    page = open_page(town)
    qtbot.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
    saved(qtbot, page)
    assert page.closed.accessibleName() == "半年考核已结束"
    assert page.close_button.text() == "重新打开半年考核"
    assert not page.compute.isEnabled()
    choose(qtbot, page, SLOGAN_PART)
    assert not page.units_model.index(0, 1).flags() & Qt.ItemFlag.ItemIsEditable
    qtbot.mouseClick(page.checks["year"], Qt.MouseButton.LeftButton)
    saved(qtbot, page)
    assert page.units_model.index(0, 1).flags() & Qt.ItemFlag.ItemIsEditable
    qtbot.mouseClick(page.checks["half"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.close_button, Qt.MouseButton.LeftButton)
    saved(qtbot, page)
    assert page.close_button.text() == "结束半年考核"


def test_without_a_scheme_the_default_one_is_one_button_away(qtbot, tmp_path, open_page):
    with a_township(tmp_path / "t") as office:
        enrol.add_unit(office, VILLAGE, "柳树湾村")
        page = open_page(office)
        assert page.begin.hasFocus()
        assert not page.print.isEnabled()
        QTest.keyClick(page.begin, Qt.Key.Key_Space)
        saved(qtbot, page)
        assert page.subtitle.text().endswith("满分 100 分")
        assert list(page.parts) == [TOTALS, *"01234567", OTHERS]


def test_the_ranking_and_a_sheet_are_printed_and_saved(qtbot, town, open_page, monkeypatch, tmp_path):
    page = open_page(town)
    went = []
    page.desk.went.connect(lambda place, about: went.append((place, about)))
    QTest.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    page.units_table.begin(0, 1)
    QTest.keyClick(page.units_table, Qt.Key.Key_Return)
    qtbot.mouseClick(page.print, Qt.MouseButton.LeftButton)
    assert [place for place, _ in went] == ["preview", "preview"]
    assert [about["title"] for _, about in went] == ["2026年考核得分排名", "2026年柳树湾村考核得分表"]
    for _, about in went:
        assert about["make"](town, Progress()).pdf.startswith(b"%PDF")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.xlsx"), ""))
    QTest.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    saved(qtbot, page)
    assert (tmp_path / "a.xlsx").read_bytes().startswith(b"PK")


def test_another_year_is_chosen_by_its_chip(qtbot, town, open_page):
    page = open_page(town)
    assert page.scheme_chip.isHidden()
    add_record(town, "scheme", {**SCHEME, "title": "去年的方案", "year": 2025})
    page.refresh(frozenset({"scheme"}))
    saved(qtbot, page)
    page.scheme_chip.click()
    chooser = QApplication.focusWidget()
    QTest.keyClick(chooser, Qt.Key.Key_Down)
    QTest.keyClick(chooser, Qt.Key.Key_Return)
    saved(qtbot, page)
    assert page.subtitle.text().startswith("去年的方案")


# --- the village -----------------------------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path):
    """A township and a village that has its scheme and a class of its own."""
    with a_country(tmp_path, VILLAGE) as country:
        add_record(country[TOWN], "scheme", SCHEME)
        country.carry(country[TOWN], country[VILLAGE])
        yield country


def test_a_village_types_what_it_says_of_itself_and_nothing_else(qtbot, pair, open_page):
    village = pair[VILLAGE]
    page = open_page(village)
    assert page.name.text() == "柳树湾村"
    assert page.compute.isHidden()
    assert page.close_button.isHidden()
    page.sheet_table.begin(1, 5)
    typed(qtbot, page, "19")
    saved(qtbot, page)
    page.sheet_table.begin(1, 6)
    typed(qtbot, page, "3")
    saved(qtbot, page)
    (score,) = load_board(village).scores[VILLAGE]
    assert (score.own.points, score.own.note, score.counted) == (1900, "3", None)
    assert not page.sheet_model.index(1, 8).flags() & Qt.ItemFlag.ItemIsEditable
    pair.carry(village, pair[TOWN])
    assert assessment.adopt_own(pair[TOWN], page._scheme, "half")


def test_a_village_ticks_its_records_as_evidence(qtbot, pair, open_page):
    village = pair[VILLAGE]
    added(village, "family", head="王秀英")
    add_record(village, "activity", TRAINED)
    page = open_page(village)
    page.sheet_table.begin(0, 5)
    QTest.keyClick(page, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    saved(qtbot, page)
    dialog = page.findChild(EvidenceDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.list.count() == 2)
    assert dialog.list.item(0).text() == "育婴知识培训（活动 2026-03-08）", "of the kind that the item counts first"
    assert walk.without_a_name(dialog) == []
    QTest.keyClicks(dialog.line, "yy")
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    QTest.keyClick(dialog.list, Qt.Key.Key_Space)
    assert dialog.note.text() == "选了 1 条"
    QTest.keyClick(dialog.list, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved(qtbot, page)
    assert cells(page)[0][7] == "1 条"
    assert load_board(village).scores[VILLAGE][0].evidence == 1


def test_a_village_without_a_scheme_is_told_where_it_comes_from(qtbot, desk):
    page = AssessmentPage(desk)
    qtbot.addWidget(page)
    page.show()
    page.opened({})
    wait_until_idle(qtbot, desk)
    assert page.begin.isHidden()
    assert page.foot.isHidden()


@pytest.mark.parametrize("size", [(1182, 696), (820, 560)])
def test_everything_is_reached_by_keys_named_and_in_chinese(qtbot, town, open_page, size):
    page = open_page(town, size)
    for part in (TOTALS, SLOGAN_PART, OTHERS):
        choose(qtbot, page, part)
        assert walk.without_a_name(page) == []
        assert walk.backwards(page) == []
        assert walk.foreign(page) == []
        assert walk.marked_up(page) == []
        assert walk.cut(page) == []
        assert page.width() <= size[0]

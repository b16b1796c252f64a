"""The page of suspected duplicates over a real township that holds the same woman from two villages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_country, shown
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.services import pairing
from fulian_desktop.services.conflicts import duplicates
from fulian_desktop.services.pairing import part_records
from fulian_desktop.ui.duplicates import DuplicatesPage

ID = "110101199003074514"


@pytest.fixture
def twice(tmp_path: Path) -> Iterator[tuple[Country, str, str]]:
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        first = added(country[VILLAGE], "person", name="李秀英", id_number=ID, phone="13800135721").id
        second = added(country[SIBLING], "person", name="李秀瑛", id_number=ID, phone="13800135722").id
        for code in (VILLAGE, SIBLING):
            country.carry(country[code], country[TOWN])
        yield country, first, second


@pytest.fixture
def open_page(qtbot, make_desk):
    def open_one(office) -> DuplicatesPage:
        page = DuplicatesPage(make_desk(office))
        page.resize(1182, 696)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({})
        wait_until_idle(qtbot, page.desk)
        return page

    return open_one


def _press(qtbot, page: DuplicatesPage, key: Qt.Key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget() or page, key, modifier)
    wait_until_idle(qtbot, page.desk)


def test_a_pair_stands_side_by_side_with_what_differs_marked_and_nothing_chosen(twice, open_page):
    country, _, _ = twice
    page = open_page(country[TOWN])
    assert page.badge.accessibleName() == "身份证号一样"
    assert [card.under[0] for card in page.choices.cards] == ["柳树湾村", "杏花村"]
    assert page.choices.chosen is None
    assert not page.join.isEnabled()
    lines = {line.label: line for line in page._pair.lines}
    assert lines["身份证号"].same
    assert not lines["姓名"].same
    assert (lines["电话"].left, lines["电话"].right) == ("138****5721", "138****5722")
    assert ID not in str(page._pair)


def test_the_chosen_record_stands_for_both_and_the_other_keeps_what_it_says(qtbot, twice, open_page):
    country, first, second = twice
    page = open_page(country[TOWN])
    kept = page._pair.sides[1].record
    other = ({first, second} - {kept}).pop()
    before = shown(country[TOWN], other)["values"]
    _press(qtbot, page, Qt.Key.Key_2)
    _press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    after = shown(country[TOWN], other)["values"]
    assert after["same_as"] == kept
    assert {name: after[name] for name in before} == before
    assert duplicates(country[TOWN]) == []
    assert "没有疑似重复" in page.empty.words.text()


def test_joining_is_taken_back_by_one_key(qtbot, twice, open_page):
    country, _, _ = twice
    page = open_page(country[TOWN])
    said = []
    page.desk.said.connect(said.append)
    _press(qtbot, page, Qt.Key.Key_Left)
    _press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (said[-1].action, said[-1].key) == ("撤销", "Ctrl+Z")
    _press(qtbot, page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(duplicates(country[TOWN])) == 1
    assert page.choices.chosen is None
    assert page.empty.isHidden()


def test_what_is_left_for_later_stays_suspected(qtbot, twice, open_page):
    country, _, _ = twice
    village = country[VILLAGE]
    for _ in range(2):
        added(village, "person", name="王秀兰", birth_date="1990-03-07")
    country.carry(village, country[TOWN])
    page = open_page(country[TOWN])
    assert [item.title for item in page.queue.model.items] == ["李秀英、李秀瑛", "王秀兰"]
    _press(qtbot, page, Qt.Key.Key_Escape)
    assert page.title.text() == "王秀兰"
    assert page.badge.accessibleName() == "名字读音相近，住址或生日一样"
    _press(qtbot, page, Qt.Key.Key_1)
    _press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.title.text() == "李秀英、李秀瑛"
    assert [pair["certainty"] for pair in duplicates(country[TOWN])] == ["firm"]


def test_a_pair_that_is_not_the_same_goes_for_good_and_comes_back_by_one_key(qtbot, twice, open_page):
    country, _, _ = twice
    page = open_page(country[TOWN])
    said = []
    page.desk.said.connect(said.append)
    _press(qtbot, page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert "以后不再问" in said[-1].text
    assert duplicates(country[TOWN]) == []
    assert "没有疑似重复" in page.empty.words.text()
    page.opened({})
    wait_until_idle(qtbot, page.desk)
    assert page.queue.model.items == []
    _press(qtbot, page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(duplicates(country[TOWN])) == 1
    assert page.empty.isHidden()


def test_what_was_judged_can_be_seen_and_put_back(qtbot, twice, open_page):
    country, first, second = twice
    part_records(country[TOWN], first, second)
    page = open_page(country[TOWN])
    qtbot.mouseClick(page.judged_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert [item.title for item in page.queue.model.items] == ["李秀英、李秀瑛"]
    assert page.badge.accessibleName() == "判过：不是同一个"
    assert page.join.isHidden()
    assert page.part.hasFocus()
    assert (page.part.text(), page.judged_button.text()) == ("重新核对", "回到要核对的")
    walk.settle()
    assert walk.without_a_name(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.cut(page) == []
    _press(qtbot, page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert page.empty.words.text() == "没有判过的。"
    qtbot.mouseClick(page.judged_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert [item.title for item in page.queue.model.items] == ["李秀英、李秀瑛"]
    assert page.join.isVisible()
    assert len(duplicates(country[TOWN])) == 1


BIRTHDAYS = ("1931-01-05", "1942-11-28", "1957-03-16", "1968-09-02", "1979-06-24", "1983-12-11", "1996-08-30")
"""Seven women of one name, whose birthdays are no slip of each other."""


@pytest.fixture
def pages_of_three(monkeypatch):
    for read in (pairing.suspected_pairs, pairing.parted_pairs):
        monkeypatch.setattr(read, "__kwdefaults__", {"limit": 3})


def test_pairs_are_read_a_page_at_a_time_and_none_is_left_out(qtbot, twice, open_page, pages_of_three):
    country, _, _ = twice
    village = country[VILLAGE]
    for birth in BIRTHDAYS:
        for _ in range(2):
            added(village, "person", name="王秀兰", birth_date=birth)
    page = open_page(village)
    assert len(page.queue.model.items) == 3
    assert page.queue.note.text() == "还有 3 多对"
    for _ in range(3):  # left for later: the next ones are those not read yet, not the first again
        _press(qtbot, page, Qt.Key.Key_Escape)
    assert page._place == 3
    assert len(page.queue.model.items) == 6
    for _ in range(7):
        _press(qtbot, page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert duplicates(village) == []
    assert "没有疑似重复" in page.empty.words.text()


def test_what_was_judged_is_read_a_page_at_a_time_too_and_none_is_left_out(qtbot, twice, open_page, pages_of_three):
    country, _, _ = twice
    village = country[VILLAGE]
    for birth in BIRTHDAYS:
        pair = [added(village, "person", name="王秀兰", birth_date=birth).id for _ in range(2)]
        part_records(village, *pair)
    page = open_page(village)
    qtbot.mouseClick(page.judged_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert len(page.queue.model.items) == 3
    assert page.queue.note.text() == "还有 3 多对"
    for _ in range(3):
        _press(qtbot, page, Qt.Key.Key_Escape)
    assert page._place == 3
    assert len(page.queue.model.items) == 6
    for _ in range(7):
        _press(qtbot, page, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert page.empty.words.text() == "没有判过的。"
    assert len(duplicates(village)) == 7


def test_showing_what_is_masked_is_logged(qtbot, twice, open_page):
    country, first, second = twice
    page = open_page(country[TOWN])
    qtbot.mouseClick(page.show_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert {line.left for line in page._pair.lines} >= {ID}
    logged = country[TOWN].workspace.db.execute("SELECT about FROM log WHERE what = 'reveal'").fetchall()
    assert [any(record in about for (about,) in logged) for record in (first, second)] == [True, True]


def test_the_page_is_worked_by_keyboard_named_and_not_cut(qtbot, twice, open_page):
    country, _, _ = twice
    page = open_page(country[TOWN])
    walk.settle()
    assert walk.without_a_name(page) == []
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.foreign(page) == []
    assert walk.cut(page) == []

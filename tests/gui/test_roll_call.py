"""The roll call over a real township: one village reported, one has a conflict, one never came."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from tests.builders import SIBLING, THIRD, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_country
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.progress import Progress
from fulian_desktop.services import enrol, exchanging
from fulian_desktop.services.board import State, roll_call_board
from fulian_desktop.services.records import edit_record
from fulian_desktop.ui.roll_board import last_words, state_words
from fulian_desktop.ui.roll_call import RollCallPage
from fulian_desktop.ui.roll_pane import reminder_words

MARCH, JANUARY = "2026-03-09T10:42:00", "2026-01-08T09:00:00"
NEVER = "140702101204"


@pytest.fixture
def country(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Country]:
    """杏花村 came in January, 柳树湾村 and 东沟村 in March (东沟村 with a conflict), 西坡村 never."""
    monkeypatch.setenv("FULIAN_CLOCK", JANUARY)
    with a_country(tmp_path, VILLAGE, SIBLING, THIRD) as made:
        record = added(made[THIRD], "activity").id
        for unit in (VILLAGE, SIBLING, THIRD):
            added(made[unit], "family")
            made.carry(made[unit], made[TOWN])
        enrol.add_unit(made[TOWN], NEVER, "西坡村")
        monkeypatch.setenv("FULIAN_CLOCK", MARCH)
        edit_record(made[THIRD], record, {"place": "村委会"})
        edit_record(made[TOWN], record, {"place": "文化广场"})
        added(made[VILLAGE], "family", head="李秀兰")
        for unit in (VILLAGE, THIRD):
            made.carry(made[unit], made[TOWN])
        yield made


@pytest.fixture
def open_page(qtbot, make_desk):
    def open_one(office, size: tuple[int, int] = (1182, 696)) -> RollCallPage:
        page = RollCallPage(make_desk(office))
        page.resize(*size)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({})
        wait_until_idle(qtbot, page.desk)
        page.first_focus().setFocus()
        return page

    return open_one


def _names(page: RollCallPage) -> list[str]:
    return [card.name for card in page.model.cards]


def test_the_units_that_have_not_reported_come_first_and_the_longest_silent_before_them(country, open_page):
    page = open_page(country[TOWN])
    assert _names(page) == ["杏花村", "西坡村", "东沟村", "柳树湾村"]
    assert [state_words(card) for card in page.model.cards] == ["未报 60 天", "还没开通", "已报，1 条冲突", "已报"]
    assert page.summary.words.text() == "4 个单位，已收到 2 个"
    assert page.summary.bar.accessibleName() == "已报 1，有冲突 1，未报 2"
    assert page.subtitle.text() == "2026年3月"


def test_a_chip_shows_only_its_state_and_a_second_press_all_again(qtbot, country, open_page):
    page = open_page(country[TOWN])
    chip = page.chips[State.MISSING]
    assert chip.accessibleName() == "未报 2"
    assert page.chips[State.WAITING].isHidden()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert _names(page) == ["杏花村", "西坡村"]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert len(_names(page)) == 4
    assert page.chips[None].isChecked()


def test_the_missing_units_are_copied_as_one_line_for_wechat(qtbot, country, open_page):
    page = open_page(country[TOWN])
    qtbot.mouseClick(page.copy_missing, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "还没上报：杏花村、西坡村。"


def test_arrows_go_through_the_cards_and_the_pane_follows(qtbot, country, open_page):
    page = open_page(country[TOWN])
    assert page.pane.name.text() == "杏花村"
    qtbot.keyClick(page.board, Qt.Key.Key_Right)
    assert page.pane.name.text() == "西坡村"
    assert "拿 U 盘开通" in page.pane.reminder.text()
    qtbot.keyClick(page.board, Qt.Key.Key_Left)
    assert page.pane.facts["上次上报"].text() == "1月8日，60 天前"
    assert page.pane.months.accessibleName() == "10月没报，11月没报，12月没报，1月报了，2月没报，3月没报"
    qtbot.keyClick(page.board, Qt.Key.Key_Return)
    assert page.pane.copy.hasFocus()
    qtbot.mouseClick(page.pane.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "杏花村您好：2月、3月的上报还没收到，请把 U 盘送到清溪镇。"


def test_the_pane_lists_the_packages_of_the_unit(qtbot, country, open_page):
    page = open_page(country[TOWN])
    place = _names(page).index("东沟村")
    page.board.setCurrentIndex(page.model.index(place))
    came = [one for one in exchanging.imports(country[TOWN]) if one["unit"] == THIRD]
    assert page.pane.facts["收到的包"].text() == f"{len(came)} 个"
    assert len(page.pane._lines) == len(came)
    went = []
    page.desk.went.connect(lambda place, about: went.append((place, about)))
    qtbot.mouseClick(page.pane.to_conflicts, Qt.MouseButton.LeftButton)
    assert went == [("conflicts", {"nav": "exchange"})]


def test_where_there_is_little_room_the_pane_comes_with_enter(qtbot, country, open_page):
    page = open_page(country[TOWN], (760, 560))
    assert page.pane.isHidden()
    qtbot.keyClick(page.board, Qt.Key.Key_Return)
    assert not page.pane.isHidden()


def test_the_missing_units_can_be_printed(qtbot, country, open_page):
    page = open_page(country[TOWN])
    went = []
    page.desk.went.connect(lambda place, about: went.append((place, about)))
    qtbot.mouseClick(page.print_missing, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    ((place, about),) = went
    assert place == "preview"
    assert about["make"](country[TOWN], Progress()).pdf.startswith(b"%PDF")
    assert about["title"] == "2026年3月未上报单位名单"


def test_a_new_package_is_seen_when_it_is_told(qtbot, country, open_page):
    page = open_page(country[TOWN])
    added(country[SIBLING], "family", head="赵素芳")
    country.carry(country[SIBLING], country[TOWN])
    page.refresh(frozenset())
    wait_until_idle(qtbot, page.desk)
    assert page.chips[State.MISSING].accessibleName() == "未报 1"


def test_a_village_has_nobody_below_it_and_is_told_so(country, open_page):
    page = open_page(country[VILLAGE])
    assert page._bodies.currentIndex() == 1
    assert not page.copy_missing.isEnabled()


def test_the_next_month_begins_with_nobody_reported(country):
    cards = roll_call_board(country[TOWN], datetime.date(2026, 4, 1))
    assert {card.state for card in cards} == {State.MISSING}
    assert reminder_words(next(c for c in cards if c.name == "柳树湾村"), datetime.date(2026, 4, 1), "清溪镇").startswith(
        "柳树湾村您好：4月的上报还没收到"
    )


def test_every_card_is_painted_within_the_board(qtbot, country, open_page):
    page = open_page(country[TOWN])
    for row in range(4):
        rect = page.board.visualRect(page.model.index(row))
        assert page.board.viewport().rect().contains(rect.topLeft() + QPoint(2, 2))
        assert rect.right() <= page.board.viewport().width()


def test_the_page_is_worked_by_keyboard_named_and_not_cut(qtbot, country, open_page):
    page = open_page(country[TOWN])
    walk.settle()
    assert walk.without_a_name(page) == []
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.foreign(page) == []
    assert walk.cut(page) == []


def test_a_card_has_shorter_words_for_where_it_is_narrow():
    day = datetime.date
    card = SimpleNamespace(state=State.REPORTED, last=day(2026, 3, 4), through=day(2025, 11, 30))
    assert last_words(card, 2026) == ("3月4日・到 2025.11.30", "报到 2025.11.30")
    card.state = State.MISSING
    assert last_words(card, 2027) == ("上次 2026.3.4",)

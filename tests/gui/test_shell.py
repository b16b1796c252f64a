"""What stands around the pages: going, coming back, leaving, saying, finding, helping; with pages of the test's own."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from fulian_desktop.domain.kind import Kind
from fulian_desktop.ui import finder, places, shell
from fulian_desktop.ui.finder import Finder
from fulian_desktop.ui.help import Help
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.shell import Shell


class Plain(Page):
    """A page with one line to type in."""

    help_text = "这一页只用来试。"
    keys = (Key("Ctrl+S", "保存"),)
    stays = False

    def __init__(self, desk):
        super().__init__(desk, "试")
        self.line = QLineEdit()
        self.line.setAccessibleName("试")
        self.body.addWidget(self.line)
        self.about = {}
        self.seen = []

    def opened(self, about):
        self.about = dict(about)

    def refresh(self, kinds):
        self.seen.append(kinds)

    def first_focus(self):
        return self.line

    def search_box(self):
        return self.line

    def may_leave(self):
        return not self.stays


@pytest.fixture
def window(qtbot, desk, monkeypatch) -> Shell:
    monkeypatch.setattr(shell, "make_page", lambda desk, _place: Plain(desk))
    made = Shell(desk)
    qtbot.addWidget(made)
    made.resize(1366, 696)
    made.show()
    desk.go("home")
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_every_place_of_the_navigation_has_a_page():
    assert {item.place for item in places.NAV} <= set(places._PAGES)


def test_every_kind_stands_under_an_item_of_the_navigation():
    from fulian_desktop.domain.kinds import all_kinds

    assert {kind.nav for kind in all_kinds()} <= {item.code for item in places.NAV}


EMPTY = places.NavItem("nobody", "还没有类别", "family", "list")


def test_an_item_without_kinds_is_not_shown(window: Shell):
    assert "family" in [item.code for item in window.nav.model.items]
    assert not shell._is_used(EMPTY)


def test_a_declared_kind_brings_its_item_into_the_navigation():
    from fulian_desktop.domain.fields import Field, Text
    from fulian_desktop.domain.kinds import register, unregister

    register(Kind(code="gui_test", label="试用", cls="ordinary", nav=EMPTY.code, order=99, icon="flag", verb="登记试用",
                  fields=(Field("title", "标题", Text(), asked=True),)))
    try:
        assert shell._is_used(EMPTY)
    finally:
        unregister("gui_test")


@pytest.mark.parametrize("scale", [1.0, 1.5, 1.75])
def test_no_item_of_the_navigation_has_to_be_scrolled_to(qtbot, window: Shell, scale: float):
    window.desk.theme.scale = scale
    window.nav.resize(window.nav.width(), 696)
    view = window.nav.view
    last = view.model().index(view.model().rowCount() - 1, 0)
    qtbot.waitUntil(lambda: view.visualRect(last).isValid() and view.visualRect(last).bottom() <= view.viewport().height())
    assert not view.verticalScrollBar().isVisible()


def test_the_navigation_is_worked_by_arrows_and_enter(qtbot, window: Shell):
    view = window.nav.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert window.page.about["nav"] == window.nav.model.items[1].code


def test_the_way_back_leads_to_the_page_before(qtbot, window: Shell):
    window.desk.go("list", {"nav": "family"})
    window.desk.go("form", {"nav": "family", "kind": "family"})
    assert window.page.about["kind"] == "family"
    qtbot.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.page.about == {"nav": "family"}


def test_a_list_stays_as_it_was_left_and_a_form_is_made_anew(window: Shell):
    window.desk.go("list", {"nav": "family"})
    kept = window.page
    kept.line.setText("打了一半")
    window.desk.go("form", {"nav": "family"})
    form = window.page
    window.desk.go("list", {"nav": "family"})
    assert window.page is kept
    assert kept.line.text() == "打了一半"
    window.desk.go("form", {"nav": "family"})
    assert window.page is not form


def test_a_page_that_may_not_be_left_stays(window: Shell):
    page = window.page
    page.stays = True
    window.desk.go("list", {"nav": "family"})
    assert window.page is page
    page.stays = False


def test_typing_begins_where_the_page_says(window: Shell):
    window.desk.go("list", {"nav": "care"})
    assert window.page.line.hasFocus()


def test_what_was_written_is_told_to_open_pages(window: Shell):
    window.desk.go("list", {"nav": "family"})
    window.desk.tell_changed({"family"})
    assert window.page.seen == [frozenset({"family"})]


def test_a_sentence_goes_away_and_an_error_stays(qtbot, window: Shell, monkeypatch):
    window.line._timer.setInterval(30)
    window.desk.say("已保存。")
    assert window.line.isVisible()
    qtbot.waitUntil(window.line.isHidden)
    window.desk.problem(OSError(28, "No space left on device"))
    assert not window.line._timer.isActive()
    assert "磁盘" in window.line.words.text()


def test_the_button_of_a_sentence_does_what_it_says(qtbot, window: Shell):
    undone = []
    window.desk.say("已删除 1 条。", action="撤销", run=lambda: undone.append(True), key="Ctrl+Z")
    qtbot.mouseClick(window.line._action, Qt.MouseButton.LeftButton)
    assert undone == [True]
    assert window.line.isHidden()


def test_markup_in_a_sentence_is_shown_as_it_is(window: Shell):
    window.desk.say("<b>王桂芳</b> 已保存。")
    assert window.line.words.text() == "<b>王桂芳</b> 已保存。"
    assert window.line.words.textFormat() == Qt.TextFormat.PlainText


def test_ctrl_k_goes_anywhere_by_pinyin(qtbot, window: Shell):
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(Finder)
    qtbot.keyClicks(dialog.line, "djjt")
    assert [dialog.list.item(i).text() for i in range(dialog.list.count())] == ["登记家庭"]
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    assert window.page.about["kind"] == "family"


@pytest.mark.parametrize(("typed", "words", "found"), [
    ("sb", "上报与合并", True), ("合并", "上报与合并", True), ("HB", "上报与合并", True), ("xx", "上报与合并", False),
    ("", "首页", True),
])
def test_words_are_found_by_characters_and_initials(typed: str, words: str, found: bool):
    assert finder.matches(words, typed) is found


def test_f1_explains_the_page_with_its_keys(qtbot, window: Shell):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(Help)
    assert dialog.words.text() == Plain.help_text
    dialog.accept()


def test_ctrl_f_goes_to_the_search_box(qtbot, window: Shell):
    window.nav.view.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.page.line.hasFocus()


def test_a_narrow_window_has_a_rail_with_tooltips(window: Shell):
    wide = window.nav.width()
    window.resize(1100, 696)
    assert window.nav.width() < wide
    assert window.nav.unit_name.isHidden()
    index = window.nav.model.index(0)
    assert window.nav.model.data(index, Qt.ItemDataRole.ToolTipRole) == "首页"


def test_pills_and_foot_say_what_waits(window: Shell):
    window.nav.show_counts({"family": 3})
    row = next(i for i, item in enumerate(window.nav.model.items) if item.code == "family")
    assert window.nav.model.data(window.nav.model.index(row), Qt.ItemDataRole.AccessibleTextRole) == "家庭，3 件"
    window.nav.show_foot([("ok", "ok", "已备份 今天 8:05"), ("usb", "text2", "未上报 14 条")])
    assert window.nav.foot.count() == 2

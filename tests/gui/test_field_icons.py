"""Icons at the end of a line: as large as the window's letters, clickable, and away where nothing may be typed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from fulian_desktop.ui.field_icons import FieldIcon
from fulian_desktop.ui.lines import TypedLine
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.unlock import SecretLine, UnlockPage


def icons_of(line) -> list[FieldIcon]:
    return [icon for icon in line.findChildren(FieldIcon) if not icon.isHidden()]


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_an_icon_grows_with_the_letters_and_stands_inside_the_line(qtbot, scale):
    line = SecretLine(Theme(scale=scale))
    qtbot.addWidget(line)
    line.resize(300, round(36 * scale))
    line.show()
    (eye,) = icons_of(line)
    assert eye.width() == round(24 * scale)
    assert line.rect().contains(eye.geometry())
    qtbot.mouseClick(eye, Qt.MouseButton.LeftButton)
    assert (line.reveal.isChecked(), eye.name, eye.accessibleName()) == (True, "eye-off", "遮住密码")


def test_the_first_icon_stands_outermost_and_text_ends_before_them(qtbot, theme: Theme):
    line = TypedLine(theme)
    qtbot.addWidget(line)
    line.put_icon("打开可选项", "chevron-down")
    line.put_icon("找一找", "search")
    line.resize(300, 36)
    line.show()
    first, second = icons_of(line)
    assert second.geometry().right() < first.geometry().left()
    assert line.textMargins().right() + 10 >= line.width() - second.x()


def test_a_line_that_may_only_be_read_has_no_icons(qtbot, theme: Theme):
    line = TypedLine(theme)
    qtbot.addWidget(line)
    line.put_icon("找一找", "search")
    line.resize(300, 36)
    line.show()
    line.setReadOnly(True)
    assert (icons_of(line), line.textMargins().right()) == ([], 0)
    line.setReadOnly(False)
    assert len(icons_of(line)) == 1


def test_where_the_page_is_low_the_button_that_opens_is_seen_whole(qtbot, tmp_path):
    theme = Theme(scale=1.5)
    page = UnlockPage(theme, folder=tmp_path, version="0.1.0")
    qtbot.addWidget(page)
    page.show_persons(["王桂芳"])
    page.resize(1366, 696)
    page.show()
    qtbot.waitUntil(lambda: page.open_button.visibleRegion().boundingRect().size() == page.open_button.size())

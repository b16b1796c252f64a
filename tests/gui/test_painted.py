"""The reader of painted words: what is cut, shortened, one over the other or a box is found, however it was painted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QStringListModel, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QLabel, QListView, QScrollArea, QVBoxLayout, QWidget
from tools.painted import faults, missing, painted

from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import ElidedLabel, plain_label


class Painting(QWidget):
    """Paints a text into a place of its own."""

    def __init__(self, text: str, place: QRect, parent: QWidget) -> None:
        super().__init__(parent)
        self.text, self.place = text, place
        self.setGeometry(0, 0, 300, 40)

    def paintEvent(self, _event) -> None:
        QPainter(self).drawText(self.place, Qt.AlignmentFlag.AlignLeft, self.text)


@pytest.fixture
def page(qtbot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(400, 200)
    return made


def shown(page: QWidget) -> QWidget:
    page.show()
    return page


def test_the_words_of_labels_and_of_paintings_are_read(page):
    label = plain_label("按 Ctrl+S 保存", parent=page)
    label.setGeometry(0, 60, 300, 40)
    Painting("画出来的字", QRect(0, 0, 300, 40), page)
    assert [words.text for words in painted(shown(page))] == ["按 Ctrl+S 保存", "画出来的字"]
    assert faults(page) == []


def test_a_painted_word_that_does_not_fit_is_found(page):
    Painting("这句话比它站的地方长得多", QRect(0, 0, 60, 40), page)
    assert faults(shown(page)) == ["clipped: 这句话比它站的地方长得多"]


def test_a_word_lower_than_its_line_is_found(page):
    plain_label("矮得只剩半截", parent=page).setGeometry(0, 0, 300, 9)
    assert faults(shown(page)) == ["clipped: 矮得只剩半截"]


def test_a_shortened_word_needs_its_tooltip(page):
    label = ElidedLabel("一个很长很长的活动名称，写不下")
    label.setParent(page)
    label.setGeometry(0, 0, 90, 30)
    assert faults(shown(page)) == []
    label.setToolTip("")
    assert [fault[:10] for fault in faults(page)] == ["shortened:"]


def test_words_over_each_other_are_found(page):
    Painting("上面一句", QRect(0, 0, 300, 40), page)
    Painting("下面另一句", QRect(10, 4, 300, 40), page)
    assert faults(shown(page)) == ["over each other: 上面一句 / 下面另一句"]


def test_what_a_filled_card_covers_does_not_count(page):
    Painting("被盖住的一句", QRect(0, 0, 300, 40), page)
    card = QFrame(page)
    card.setAutoFillBackground(True)
    card.setGeometry(0, 0, 390, 100)
    plain_label("卡片上的一句", parent=card).setGeometry(0, 4, 300, 30)
    assert faults(shown(page)) == []


def test_what_can_be_scrolled_to_is_not_cut(page):
    view = QListView(page)
    view.setModel(QStringListModel([f"第 {n} 行" for n in range(60)], view))
    view.setGeometry(0, 0, 200, 101)
    area = QScrollArea(page)
    area.setGeometry(200, 0, 200, 100)
    inside = QWidget()
    column = QVBoxLayout(inside)
    for n in range(30):
        column.addWidget(plain_label(f"第 {n} 句"))
    area.setWidget(inside)
    assert faults(shown(page)) == []


def test_a_character_that_no_font_has_is_found(page):
    label = QLabel("\U0010fffd 私用字", page)
    label.setGeometry(0, 0, 300, 40)
    assert missing("王㛃李䶮", label.font()) == ""
    assert [fault for fault in faults(shown(page)) if fault.startswith("box")] == ["box: \U0010fffd 私用字 (\U0010fffd)"]

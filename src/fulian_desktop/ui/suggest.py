"""A list under a field from which one chooses while typing on: no window of its own, so the input method keeps its place.

Rules:

* The keys stay with the field: ↑ ↓ choose, Enter takes, Esc puts the list away. The list never has the focus.
* It lies within the window, under the field, or above it when there is more room.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

MOST_ROWS = 8

Index = QModelIndex | QPersistentModelIndex


class Suggestion(NamedTuple):
    """One line: its words, what stands grey behind them, and what it means."""

    words: str
    about: str
    means: Any


class Suggestions(QListWidget):
    """The list of one field."""

    chosen = Signal(object)
    """What the chosen line means."""

    def __init__(self, theme: Theme, field: QWidget) -> None:
        super().__init__(field)
        self._theme, self._field = theme, field
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Lines(theme, self))
        self.setAccessibleName("可选的")
        self.itemEntered.connect(self.setCurrentItem)
        self.itemClicked.connect(lambda _item: self.take())
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return not self.isHidden()

    def offer(self, lines: Sequence[Suggestion], *, current: int = 0) -> None:
        """Show these lines with one chosen (-1: none); no lines: put it away."""
        self.clear()
        for line in lines:
            item = QListWidgetItem(line.words)
            item.setData(Qt.ItemDataRole.UserRole, line)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{line.words} {line.about}".strip())
            self.addItem(item)
        if not lines:
            self.hide()
            return
        self.setCurrentRow(current)
        self._place(len(lines))
        self.show()
        self.raise_()
        if current >= 0:
            self.scrollToItem(self.item(current))

    def move_by(self, step: int) -> None:
        """Choose the line below or above."""
        if self.count():
            self.setCurrentRow((self.currentRow() + step) % self.count())

    def take(self) -> bool:
        """Take the current line; whether there was one."""
        item = self.currentItem()
        if item is None or not self.is_open:
            return False
        self.hide()
        line: Suggestion = item.data(Qt.ItemDataRole.UserRole)
        self.chosen.emit(line.means)
        return True

    def _place(self, rows: int) -> None:
        """Into the window, under the field or above it, never over it; it goes when the page is scrolled."""
        window = self._field.window()
        if self.parentWidget() is not window:
            self.setParent(window)
            above: QWidget | None = self._field
            while above is not None:
                if isinstance(above, QScrollArea):
                    above.verticalScrollBar().valueChanged.connect(self.hide)
                above = above.parentWidget()
        px = self._theme.px
        height = min(rows, MOST_ROWS) * px(t.CONTROL) + 2
        under = self._field.mapTo(window, QPoint(0, self._field.height() + px(2)))
        below, above_it = window.height() - under.y(), under.y() - self._field.height() - px(4)
        fits_below = height <= below or below >= above_it
        height = min(height, below if fits_below else above_it)  # it scrolls rather than cover what is typed
        top = under.y() if fits_below else above_it - height
        width = max(self._field.width(), px(200))
        left = max(0, min(under.x(), window.width() - width))
        self.setGeometry(left, top, width, height)


class _Lines(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: Suggestions) -> None:
        super().__init__(view)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.px(t.CONTROL))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        place = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(place, QColor(c.soft if chosen else c.surface))
        if chosen:
            painter.fillRect(QRect(place.left(), place.top(), px(3), place.height()), QColor(c.accent))
        line: Suggestion = index.data(Qt.ItemDataRole.UserRole)
        room = place.adjusted(px(12), 0, -px(10), 0)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.setFont(theme.font())
        words = painter.fontMetrics().elidedText(line.words, Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(QColor(c.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | middle, words)
        room.setLeft(room.left() + painter.fontMetrics().horizontalAdvance(words) + px(12))
        if line.about and room.width() > px(40):
            painter.setFont(theme.font(t.HINT))
            painter.setPen(QColor(c.text2))
            about = painter.fontMetrics().elidedText(line.about, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | middle, about)
        painter.restore()

"""A list of what was done before: what, when, and a badge for its state; the latest first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import badge_width, paint_badge
from fulian_desktop.ui.theme import Theme, set_role

Index = QModelIndex | QPersistentModelIndex
ROW = 62
PAD = 8


@dataclass(frozen=True)
class Past:
    """One line: title, what stands under it, the badge's word and tone, and what it is about."""

    title: str
    under: str
    badge: str
    tone: str
    about: Any = None


def moment(ms: int, today: datetime.date) -> str:
    """A moment (ms) as people say it: ``今天 10:42``, ``2月5日 9:05``, ``2025年12月4日``."""
    at = datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC).astimezone()
    clock = f"{at.hour}:{at.minute:02d}"
    if at.date() == today:
        return f"今天 {clock}"
    day = f"{at.month}月{at.day}日"
    return f"{day} {clock}" if at.year == today.year else f"{at.year}年{day}"


class PastList(QListView):
    """Lines painted by a delegate; ``current`` is what the chosen one is about."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.lines = _PastModel()
        self.setModel(self.lines)
        self.setItemDelegate(_PastDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        set_role(self, "plain")
        theme.changed.connect(self.viewport().update)

    def show_lines(self, lines: Sequence[Past]) -> None:
        """Show other lines; nothing is chosen."""
        self.lines.show_lines(lines)

    @property
    def current(self) -> Any:  # noqa: ANN401 - what the lines were given
        """What the chosen line is about, None while none is chosen."""
        index = self.currentIndex()
        return self.lines.lines[index.row()].about if index.isValid() else None


class _PastModel(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Past] = ()

    def show_lines(self, lines: Sequence[Past]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.title}\n{line.under}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.title}，{line.under}，{line.badge}"
        return None


class _PastDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: PastList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        line = self._view.lines.lines[index.row()]
        place = QRect(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(c.soft))
            painter.fillRect(QRect(place.left(), place.top(), px(3), place.height()), QColor(c.accent))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, QColor(c.hover))
        painter.setPen(QPen(QColor(c.line), 1))
        painter.drawLine(place.left(), place.bottom(), place.right(), place.bottom())
        width = badge_width(theme, line.badge, line.tone) if line.badge else 0
        words = place.adjusted(px(PAD), px(8), -px(PAD) - width, -px(8))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for text, font, colour, top in (
            (line.title, theme.font(bold=True), c.text, 0), (line.under, theme.font(t.HINT), c.text2, words.height() // 2),
        ):
            painter.setFont(font)
            painter.setPen(QColor(colour))
            wide = words.width() if top == 0 else place.width() - 2 * px(PAD)
            room = QRect(words.left(), words.top() + top, wide, words.height() // 2)
            painter.drawText(room, middle, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width()))
        if line.badge:
            at = QRect(words.right(), words.top(), width + 1, words.height() // 2)
            paint_badge(painter, theme, at, line.badge, line.tone, self._view.devicePixelRatioF())
        painter.restore()

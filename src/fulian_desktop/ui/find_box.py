"""The search box of the first page: looks into every kind while one types and lists what it found beneath.

Up and down choose, Enter opens what is chosen; with nothing chosen Enter opens the list of the first kind with a hit.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services.overview import Hits, find_everywhere
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.places import place_of
from fulian_desktop.ui.task_row import day_words
from fulian_desktop.ui.theme import Theme

LOOK_AFTER_MS = 200
"""One looks when nothing was typed for so long: pinyin comes in several strokes."""

WIDTH, MOST_ROWS = 320, 9
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class Choice:
    """One line of the list: its words, the grey ones behind, its icon, and where it leads (``place`` "": nowhere)."""

    words: str
    behind: str
    icon: str
    place: str
    about: dict[str, Any]


def choices(found: Sequence[Hits], typed: str, today: datetime.date) -> list[Choice]:
    """The lines for what was found: the hits of each kind, then a line that opens its list when there are more."""
    lines: list[Choice] = []
    for hits in found:
        kind = kind_of(hits.kind)
        for hit in hits.hits:
            behind = "，".join(part for part in (kind.label, hit.unit_name, _day(hit.day, today)) if part)
            about = {"nav": kind.nav, "kind": kind.code, "record": hit.record, "unit": hit.unit}
            lines.append(Choice(hit.name or "没有名称", behind, kind.icon, place_of(kind.code), about))
        if hits.more:
            about = {"nav": kind.nav, "kind": kind.code, "search": typed}
            lines.append(Choice(f"{kind.label}里还有，全部列出", "", "more", "list", about))
    return lines or [Choice("没有找到。换个字，或只打姓名的拼音首字母。", "", "info", "", {})]


def _day(iso: str, today: datetime.date) -> str:
    return day_words(datetime.date.fromisoformat(iso), today) if iso else ""


class FindBox(QLineEdit):
    """The box; its list is laid over ``over``, the page."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__()
        self._desk, self._theme, self._over = desk, desk.theme, over
        px = desk.theme.px
        self.setFixedWidth(px(WIDTH))
        self.setPlaceholderText("找人、找事、找活动")
        self.setAccessibleName("找人、找事、找活动")
        self.setTextMargins(px(26), 0, px(4), 0)
        self.list = QListWidget(over)
        self.list.setAccessibleName("找到的")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(_ChoiceDelegate(desk.theme, self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(self._open_item)
        self.list.hide()
        self._found: Sequence[Hits] = ()
        self._answered = ""
        self._entered = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_AFTER_MS)
        self._wait.timeout.connect(self._look)
        self.textChanged.connect(self._typed)
        self.installEventFilter(self)
        desk.theme.changed.connect(self.update)

    def _typed(self, text: str) -> None:
        self._entered = False
        if text.strip():
            self._wait.start()
        else:
            self._wait.stop()
            self._found, self._answered = (), ""
            self.list.hide()

    def _look(self) -> None:
        typed = self.text()
        if not typed.strip():
            return
        self._wait.stop()
        self._desk.ask(self, lambda office, _progress: find_everywhere(office, typed), lambda found: self._answer(typed, found))

    def _answer(self, typed: str, found: list[Hits]) -> None:
        if typed != self.text():
            return  # typed on meanwhile: another answer follows
        self._found, self._answered = found, typed
        if self._entered:
            self._open_list()
        elif self.hasFocus():
            self._show(choices(found, typed, self._desk.today()))

    def _show(self, lines: list[Choice]) -> None:
        px = self._theme.px
        self.list.clear()
        for line in lines:
            item = QListWidgetItem(f"{line.words} {line.behind}".strip())
            item.setData(Qt.ItemDataRole.UserRole, line)
            if not line.place:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
        over = self._over
        wide = max(self.width(), px(440))
        right = self.mapTo(over, QPoint(self.width(), 0)).x()
        top = self.mapTo(over, QPoint(0, self.height())).y() + px(4)
        high = min(len(lines), MOST_ROWS) * px(t.CONTROL + 4) + px(4)
        self.list.setGeometry(QRect(max(0, right - wide), top, wide, high))
        self.list.setCurrentRow(-1)
        self.list.show()
        self.list.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down choose, Enter opens, Esc closes the list, and empties the box the next time."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
            if step is not None and self.list.isVisible():
                row = self.list.currentRow()
                before = row if row >= 0 else -1 if step > 0 else 0
                self.list.setCurrentRow((before + step) % self.list.count())
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._enter()
                return True
            if key == Qt.Key.Key_Escape and (self.list.isVisible() or self.text()):
                self._close()
                return True
        return super().eventFilter(watched, event)

    def _enter(self) -> None:
        item = self.list.currentItem() if self.list.isVisible() and self.list.currentRow() >= 0 else None
        if item is not None:
            self._open_item(item)
        elif self.text().strip() and self._answered == self.text():
            self._open_list()
        elif self.text().strip():
            self._entered = True
            self._look()

    def _open_list(self) -> None:
        """The list of the first kind with a hit; without one the box says so."""
        self._entered = False
        if not self._found:
            self._show(choices((), self.text(), self._desk.today()))
            return
        kind = kind_of(self._found[0].kind)
        self._go("list", {"nav": kind.nav, "kind": kind.code, "search": self.text().strip()})

    def _open_item(self, item: QListWidgetItem) -> None:
        line: Choice = item.data(Qt.ItemDataRole.UserRole)
        if line.place:
            self._go(line.place, line.about)

    def _go(self, place: str, about: dict[str, Any]) -> None:
        self.list.hide()
        self.clear()
        self._desk.go(place, about)

    def _close(self) -> None:
        if self.list.isVisible():
            self.list.hide()
        else:
            self.clear()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming back shows what was found."""
        super().focusInEvent(event)
        if self._answered and self._answered == self.text():
            self._show(choices(self._found, self._answered, self._desk.today()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere closes the list."""
        super().focusOutEvent(event)
        self.list.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A glass before the words, and the key behind them while there are none."""
        super().paintEvent(event)
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        size = px(t.ICON_BUTTON)
        painter.drawPixmap(px(10), (self.height() - size) // 2, icons.pixmap("search", size, c.text2, self.devicePixelRatioF()))
        if not self.text():
            painter.setFont(theme.font(t.HINT))
            painter.setPen(QColor(c.text3))
            painter.drawText(self.rect().adjusted(0, 0, -px(12), 0), _RIGHT, "Ctrl+F")


class _ChoiceDelegate(QStyledItemDelegate):
    """Icon, words, and right of them in grey of what kind and whose."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self._theme.px(t.CONTROL + 4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        line: Choice = index.data(Qt.ItemDataRole.UserRole)
        place = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver) and bool(line.place)
        painter.save()
        painter.fillRect(place, QColor(c.soft if chosen else c.hover if over else c.surface))
        size = px(t.ICON_BUTTON)
        painter.drawPixmap(place.left() + px(12), place.center().y() - size // 2 + 1, icons.pixmap(line.icon, size, c.text2))
        room = place.adjusted(px(40), 0, -px(14), 0)
        painter.setFont(theme.font(t.HINT))
        behind = painter.fontMetrics().horizontalAdvance(line.behind)
        painter.setPen(QColor(c.text3))
        painter.drawText(room, _RIGHT, line.behind)
        painter.setFont(theme.font(t.BODY))
        painter.setPen(QColor(c.text if line.place else c.text2))
        room.setRight(room.right() - behind - px(12) * bool(line.behind))
        painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(line.words, Qt.TextElideMode.ElideRight, room.width()))
        painter.restore()

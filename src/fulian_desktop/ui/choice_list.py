"""A list to choose from, opened by a chip or a button, and a layout that puts widgets on as many lines as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.texts import search_key
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role

MOST_UNSEARCHED = 12
"""A list of more than so many has a line to type in above it."""


class ChoiceList(QFrame):
    """A list to choose one from (or several, with ticks), over the page and under what opened it.

    It goes away when something is taken, with Esc, and when one clicks or goes elsewhere.

    Args:
        parent: What opens it; the list lies over its window.
        options: (value, word) in order.
        chosen: The value that holds now; with ``many`` the set of them.
        many: Whether several may be ticked; it stays open then.
    """

    picked = Signal(object)

    def __init__(
        self, theme: Theme, parent: QWidget, options: Sequence[tuple[object, str]], chosen: object, *, many: bool = False
    ) -> None:
        super().__init__(parent.window())
        self._came_from = parent
        self._theme, self._options, self._many = theme, options, many
        self._chosen = set(chosen) if many and isinstance(chosen, set | frozenset) else {chosen}
        set_role(self, "card")
        px = theme.px
        self.line = QLineEdit()
        self.line.setPlaceholderText("打几个字或拼音首字母")
        self.line.setAccessibleName("在下面的项目里查找")
        self.list = QListWidget()
        self.list.setAccessibleName("选一项" if not many else "选几项，空格勾选")
        self.list.setUniformItemSizes(True)
        self.list.setStyleSheet("QListWidget { border: none; }")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(8), px(8), px(8), px(8))
        layout.setSpacing(px(8))
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.line.setVisible(len(options) > MOST_UNSEARCHED)
        self.line.textChanged.connect(self._fill)
        self.list.itemClicked.connect(self._take)
        self._fill("")
        rows = min(len(options), MOST_UNSEARCHED)
        words = max((self.fontMetrics().horizontalAdvance(word) for _, word in options), default=0)
        self.setFixedWidth(min(max(words + px(72), px(220 if len(options) > MOST_UNSEARCHED else 180)), px(360)))
        searched = px(t.CONTROL + 8) if len(options) > MOST_UNSEARCHED else 0
        self.setFixedHeight(rows * px(t.CONTROL) + px(20) + searched)

    def open_under(self, widget: QWidget) -> None:
        """Show it under a chip or a button, within the window."""
        window = widget.window()
        room = window.rect()
        self.setFixedHeight(min(self.height(), room.height() - self._theme.px(8)))  # a low window has the list scroll
        corner = widget.mapTo(window, QPoint(0, widget.height() + self._theme.px(4)))
        left = max(0, min(corner.x(), room.right() - self.width()))
        self.move(left, max(0, min(corner.y(), room.bottom() - self.height())))
        self._came_from = widget
        self.show()
        self.raise_()
        (self.line if len(self._options) > MOST_UNSEARCHED else self.list).setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.installEventFilter(self)
            app.focusChanged.connect(self._focus_moved)

    def leave(self) -> None:
        """Go away; the focus goes back to what opened it."""
        if self.isHidden():
            return
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.removeEventFilter(self)
            app.focusChanged.disconnect(self._focus_moved)
        inside = self.isAncestorOf(QApplication.focusWidget() or self._came_from)
        self.hide()
        if inside:
            self._came_from.setFocus(Qt.FocusReason.PopupFocusReason)
        self.deleteLater()

    def _focus_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and not self.isAncestorOf(now):
            self.leave()

    def _fill(self, typed: str) -> None:
        self.list.clear()
        key = search_key(typed).replace(" ", "")
        for value, word in self._options:
            plain = search_key(word).replace(" ", "")
            if key and key not in plain and not any(key in whole for whole in initials(word)):
                continue
            item = QListWidgetItem(word)
            item.setData(Qt.ItemDataRole.UserRole, (value,))
            self._mark(item, value in self._chosen)
            self.list.addItem(item)
            if value in self._chosen and not self._many:
                self.list.setCurrentItem(item)
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)

    def _mark(self, item: QListWidgetItem, on: bool) -> None:
        size = self._theme.px(t.ICON_BUTTON)
        item.setIcon(icons.icon("tick", self._theme.tokens.accent if on else "none", size))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{item.text()}，已选" if on else item.text())

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        (value,) = item.data(Qt.ItemDataRole.UserRole)
        if not self._many:
            self.leave()
            self.picked.emit(value)
            return
        self._chosen ^= {value}
        self._mark(item, value in self._chosen)
        self.picked.emit(frozenset(self._chosen))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """↑↓ choose while one types; Enter takes, 空格 ticks, Esc and a click elsewhere close."""
        if event.type() == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if watched is not self and not self.isAncestorOf(watched) and watched.window() is self.window():
                self.leave()
            return False
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress or watched not in (self.line, self.list):
            return False
        return self._take_key(Qt.Key(event.key()), typing=watched is self.line)

    def _take_key(self, key: Qt.Key, *, typing: bool) -> bool:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        if step is not None and typing and self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
            return True
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key == Qt.Key.Key_Escape or (enter and self._many):
            self.leave()
            return True
        if enter or (key == Qt.Key.Key_Space and not typing):
            self._take(self.list.currentItem())
            return True
        return False

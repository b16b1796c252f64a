"""Ctrl+K: go anywhere by name or pinyin initials: pages of the navigation, lists of kinds, and beginning a new record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.texts import search_key
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.places import NAV
from fulian_desktop.ui.theme import set_role


@dataclass(frozen=True)
class Target:
    """Somewhere to go: its words, icon, page and what about."""

    words: str
    icon: str
    place: str
    about: dict[str, Any] = field(default_factory=dict)


def targets() -> list[Target]:
    """Everywhere one can go: pages, lists of kinds, and new records."""
    kinds = all_kinds()
    found = [Target(item.label, item.icon, item.place, {"nav": item.code}) for item in NAV if item.place != "list"]
    found += [Target(kind.label, kind.icon, "list", {"nav": kind.nav, "kind": kind.code}) for kind in kinds]
    found += [Target(kind.verb, "plus", "form", {"nav": kind.nav, "kind": kind.code}) for kind in kinds]
    return found


def matches(words: str, typed: str) -> bool:
    """Whether what was typed stands in the words, or is their pinyin initials from anywhere on."""
    key = search_key(typed).replace(" ", "")
    return key in search_key(words).replace(" ", "") or any(key in whole for whole in initials(words))


class Finder(QDialog):
    """A line to type in and what it matches; Enter goes there."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        px = desk.theme.px
        self.setWindowTitle("去哪里")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        self.line = QLineEdit()
        self.line.setPlaceholderText("打名称或拼音首字母，如 djjt")
        self.line.setAccessibleName("去哪里")
        self.line.textChanged.connect(self._show)
        self.line.returnPressed.connect(self._go)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName("可以去的地方")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setIconSize(QSize(px(t.ICON_BUTTON), px(t.ICON_BUTTON)))
        self.list.itemClicked.connect(lambda _item: self._go())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(16), px(16), px(16))
        layout.setSpacing(px(12))
        layout.addWidget(self.line)
        layout.addWidget(self.list)
        self.resize(px(460), px(420))
        self._all = targets()
        self._show("")

    def _show(self, typed: str) -> None:
        self.list.clear()
        for target in self._all:
            if not typed or matches(target.words, typed):
                size = self._desk.theme.px(t.ICON_BUTTON)
                item = QListWidgetItem(icons.icon(target.icon, self._desk.theme.tokens.text2, size), target.words)
                item.setData(Qt.ItemDataRole.UserRole, target)
                self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _go(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            target: Target = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            self._desk.go(target.place, target.about)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down choose in the list while one types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
            if step is not None and self.list.count():
                self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
                return True
        return super().eventFilter(watched, event)

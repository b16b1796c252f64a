"""A working day at the keyboard: real windows of real offices, one after the other, typed and clicked as people do."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from tests.gui.walk import KNOWN_WORDS, settle

from fulian_desktop.domain.id_numbers import check_digit
from fulian_desktop.ui.desk import Said
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.ports import services
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.window import MainWindow

DAY = date(2026, 3, 9)
CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
ENTER = Qt.Key.Key_Return
PATIENCE_MS = 20_000

NAMES = (
    "王秀英", "李桂兰", "张凤英", "刘淑珍", "陈玉梅", "杨春花", "赵素芳", "黄丽华", "周爱莲", "吴翠萍",
    "徐红霞", "孙桂芝", "胡月娥", "朱巧云", "高金凤", "林淑贤", "何彩霞", "郭银环", "马㛃", "欧阳娜仁花",
)
"""Twenty heads of households; one with a rare character, one with a long name."""


@dataclass
class Heard:
    """What the window said in its message line, each with the moment."""

    said: list[Said] = field(default_factory=list)
    at: list[float] = field(default_factory=list)

    def hear(self, said: Said) -> None:
        """Keep one."""
        self.said.append(said)
        self.at.append(time.perf_counter())

    def has(self, words: str) -> bool:
        """Whether something was said that has these words."""
        return any(words in said.text for said in self.said)

    def when(self, words: str) -> float:
        """When these words were said last."""
        return max(at for said, at in zip(self.said, self.at, strict=True) if words in said.text)

    def errors(self) -> list[str]:
        """What went wrong."""
        return [said.text for said in self.said if said.tone == "error"]

    def foreign(self) -> list[str]:
        """Sentences with a word of another language than those of the keys and files, or with what a program says."""
        found = []
        for said in self.said:
            words = re.findall("[A-Za-z]{3,}", re.sub(r"：/\S+", "", said.text))
            if any(word.lower() not in KNOWN_WORDS for word in words) or not said.text.strip():
                found.append(said.text)
        return found


class Presses(QObject):
    """Counts the mouse buttons that are pressed anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Count one."""
        self.count += event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)
        return False


@contextmanager
def no_mouse(app: QApplication) -> Iterator[None]:
    """Until it ends nobody presses a button of the mouse."""
    presses = Presses()
    app.installEventFilter(presses)
    yield
    app.removeEventFilter(presses)
    assert presses.count == 0


class Seat:
    """Somebody at the computer of one office: its window, and hands for keys and mouse.

    Args:
        memory: What this computer remembers between two starts.
    """

    def __init__(self, qtbot: Any, theme: Theme, memory: Path) -> None:
        self.bot, self.heard = qtbot, Heard()
        self.window = MainWindow(theme, services(), Memory(memory), version="0.1.0", today=lambda: DAY)
        self._listens: QObject | None = None
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.settle()

    @property
    def page(self) -> Any:
        """The page shown."""
        assert self.window.shell is not None
        return self.window.shell.page

    def form(self) -> Any:
        """The page, once it is a form and its first field waits to be typed into."""
        def begun() -> bool:
            fields = getattr(self.page, "fields", None)
            return fields is not None and fields.first() is not None and fields.first().hasFocus()

        self.until(begun)
        return self.page

    def settle(self) -> None:
        """Wait until everything that was asked for has answered; the first time there is a desk, begin to listen."""
        settle()  # what a layout takes in is shown a turn later
        self.bot.waitUntil(lambda: not self.window.runner.busy, timeout=PATIENCE_MS)
        settle()
        if self.window.desk is not None and self._listens is not self.window.desk:
            self._listens = self.window.desk
            self.window.desk.said.connect(self.heard.hear)

    def until(self, holds: Any) -> None:
        """Wait until something holds."""
        self.bot.waitUntil(holds, timeout=PATIENCE_MS)

    # --- keys ------------------------------------------------------------------------------------------------

    def focus(self) -> QWidget:
        """Where typing goes."""
        if QApplication.activeWindow() is None:
            self.window.activateWindow()
        self.until(lambda: QApplication.focusWidget() is not None)
        found = QApplication.focusWidget()
        assert found is not None
        return found

    def type(self, text: str) -> None:
        """Type: plain letters as keys, everything else as an input method commits it."""
        if text.isascii():
            self.bot.keyClicks(self.focus(), text)
            return
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(self.focus(), event)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        """Press a key, and wait for what comes of it."""
        self.bot.keyClick(self.focus(), key, held)
        self.settle()

    def timed(self, key: Qt.Key, held: Qt.KeyboardModifier, words: str) -> float:
        """Press a key; seconds until these words are said."""
        begun = time.perf_counter()
        self.bot.keyClick(self.focus(), key, held)
        self.until(lambda: self.heard.has(words))
        return self.heard.when(words) - begun

    def enter(self, *texts: str) -> None:
        """Type into one field after the other, Enter after each."""
        for text in texts:
            self.type(text)
            self.press(ENTER)

    def go_to(self, initials: str, place: str) -> None:
        """Ctrl+K, the initials of a place, Enter."""
        from fulian_desktop.ui.finder import Finder

        assert self.window.shell is not None
        self.bot.keyClick(self.focus(), Qt.Key.Key_K, CTRL)
        (finder,) = (found for found in self.window.shell.findChildren(Finder) if found.isVisible())
        self.until(finder.line.hasFocus)
        self.type(initials)
        item = finder.list.currentItem()
        assert item is not None
        assert item.text() == place
        self.bot.keyClick(finder.line, ENTER)
        self.window.activateWindow()  # what a window manager does when a dialog goes
        self.until(self.window.isActiveWindow)
        self.settle()

    def tab_to(self, field: QWidget) -> None:
        """Tab until a field has the focus."""
        for _ in range(60):
            if self.focus() is field:
                return
            self.press(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not lead to {field.accessibleName()}")

    def choose(self, name: str, initials: str = "") -> None:
        """In a field that names a record: type initials, or none and open the list, and take what is offered first."""
        line: Any = self.focus()
        if initials:
            self.type(initials)
        else:
            self.press(Qt.Key.Key_Down)
        self.until(lambda: line.list.is_open)
        assert line.list.currentItem().text() == name
        self.press(ENTER)

    # --- mouse -----------------------------------------------------------------------------------------------

    def named(self, name: str) -> QAbstractButton:
        """The one visible button that a screen reader calls so."""
        found = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible() and b.accessibleName() == name]
        assert len(found) == 1, f"{len(found)} × {name}"
        return found[0]

    def button(self, text: str) -> QAbstractButton:
        """The one visible button with these words."""
        found = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible() and b.text() == text]
        assert len(found) == 1, f"{len(found)} × {text}"
        return found[0]

    def click(self, what: str | QWidget) -> None:
        """Click a button, by its words, or something that is seen, and wait for what comes of it."""
        widget = self.button(what) if isinstance(what, str) else what
        self.until(lambda: widget.isVisible() and widget.isEnabled())
        self.bot.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    # --- the computer ----------------------------------------------------------------------------------------

    def unlock(self, passphrase: str) -> None:
        """Open the records that were opened last."""
        self.until(self.window.unlock.passphrase_edit.hasFocus)
        self.enter(passphrase)
        self.until(lambda: self.window.shell is not None)
        self.settle()

    def leave(self) -> None:
        """Close the window."""
        self.settle()
        assert self.window.close()
        assert not self.window.isVisible()


def families() -> list[dict[str, str]]:
    """Twenty families as a person types them: what the form's fields get, in their order; some are left blank."""
    made = []
    for i, name in enumerate(NAMES):
        number = f"140702{1950 + 2 * i}0{1 + i % 9}1{i % 10}{200 + 2 * i}"
        made.append({
            "head": name, "address": f"{i % 5 + 1}组 {i + 3} 号", "head_id_number": number + check_digit(number) if i % 3 else "",
            "phone": f"138{i:02}35{i:02}21" if i % 4 else "", "ethnicity": "汉族" if i != 19 else "蒙古族", "political": "",
            "education": "", "occupation": "务农" if i % 2 else "", "size": str(1 + i % 7),
        })
    return made


def damage(package: Path) -> None:
    """Turn one bit in the midst of a file."""
    data = bytearray(package.read_bytes())
    data[len(data) // 2] ^= 1
    package.write_bytes(data)

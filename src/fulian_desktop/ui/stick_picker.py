"""Which stick: the one that is plugged in stands there by itself; another place is chosen by hand.

Rules:

* While it is seen it looks every three seconds for sticks, beside the window; what a person chose stays chosen.
* It writes and reads nothing of a stick but its free room.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSizePolicy, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.widgets import ChoiceBox, IconLabel, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.sticks import Stick

LOOK_EVERY_MS = 3_000
NONE_THERE = "没有找到 U 盘。插上后这里会自己出现，也可以选文件夹。"
_LAST_FOLDER = "exchange/folder"


def choose_folder(parent: QWidget, desk: Desk, title: str) -> Path | None:
    """Ask for a folder; remembers where it was."""
    chosen = QFileDialog.getExistingDirectory(parent, title, desk.memory.get(_LAST_FOLDER, ""))
    if chosen:
        desk.memory.set(_LAST_FOLDER, chosen)
    return Path(chosen) if chosen else None


def choose_files(parent: QWidget, desk: Desk, title: str) -> list[Path]:
    """Ask for package files; remembers where they were."""
    last = desk.memory.get(_LAST_FOLDER, "")
    chosen, _ = QFileDialog.getOpenFileNames(parent, title, last, "上报包 (*.flpkg);;所有文件 (*)")
    if chosen:
        desk.memory.set(_LAST_FOLDER, str(Path(chosen[0]).parent))
    return [Path(one) for one in chosen]


class StickPicker(QWidget):
    """A line: the stick with its free room, or a choice of several, and a button for a folder."""

    changed = Signal()

    def __init__(self, desk: Desk, *, look_every: int = LOOK_EVERY_MS) -> None:
        super().__init__()
        self._desk = desk
        theme, px = desk.theme, desk.theme.px
        self._plugged: Sequence[Stick] = ()
        self._by_hand: Path | None = None
        self._asked = self._shown = False
        self.box = ChoiceBox(theme)
        self.box.setAccessibleName("U 盘或文件夹")
        self.box.setMinimumWidth(px(150))
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.words = plain_label(NONE_THERE, role="label")
        self.words.setWordWrap(True)
        self.folder_button = KeyButton(theme, "选文件夹", icon="folder")
        self.folder_button.clicked.connect(self._choose)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(10))
        line.addWidget(IconLabel(theme, "usb", "text2", t.ICON_NAV))
        line.addWidget(self.words, 1)
        line.addWidget(self.box, 1)
        line.addWidget(self.folder_button)
        self.box.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.box.hide()
        self._timer = QTimer(self)
        self._timer.setInterval(look_every)
        self._timer.timeout.connect(self._look_again)

    @property
    def folder(self) -> Path | None:
        """The root of the stick or the folder that is chosen; None while there is none."""
        found = self.box.currentData()
        return Path(found) if found else None

    @property
    def stick(self) -> Stick | None:
        """The stick that is chosen; None for a folder that lies on none."""
        from fulian_desktop.services.sticks import stick_of

        return stick_of(self.folder, list(self._plugged)) if self.folder is not None else None

    @property
    def place_name(self) -> str:
        """What the place is called: ``U 盘（E 盘）``, or the folder's name."""
        stick = self.stick
        if stick is not None:
            return f" U 盘（{stick.name}）"
        return f"文件夹“{self.folder.name or self.folder}”" if self.folder is not None else ""

    def look(self) -> None:
        """Look which sticks are plugged in now."""
        if self._asked:
            return

        def work(_office: Any, _progress: Any) -> list[Stick]:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.sticks import sticks

            return sticks()

        self._asked = True
        self._desk.ask(self, work, self.show_sticks, failed=self._not_said)

    def _look_again(self) -> None:
        """As :meth:`look`, but not while something else is done: it would only wait in line."""
        if not self._desk.runner.busy:
            self.look()

    def show_sticks(self, plugged: Sequence[Stick]) -> None:
        """Show these; a single stick is chosen by itself."""
        self._asked = False
        if self._shown and list(plugged) == list(self._plugged):
            return
        self._shown = True
        before = self.folder
        self._plugged = plugged
        places = [(f"{stick.name}，{stick.room}", stick.folder) for stick in plugged]
        if self._by_hand is not None:
            places.append((f"文件夹：{self._by_hand}", self._by_hand))
        self.box.blockSignals(True)
        self.box.clear()
        for name, folder in places:
            self.box.addItem(name, str(folder))
        kept = next((i for i, (_, folder) in enumerate(places) if folder == (before or self._by_hand)), 0)
        self.box.setCurrentIndex(kept if places else -1)
        self.box.blockSignals(False)
        self.box.setVisible(bool(places))
        self.words.setVisible(not places)
        self.changed.emit()

    def take_folder(self, folder: Path) -> None:
        """A person chose this folder; it stands chosen from now on."""
        self._by_hand = folder
        self._shown = False
        self.show_sticks(self._plugged)
        self.box.setCurrentIndex(self.box.findData(str(folder)))

    def _choose(self) -> None:
        folder = choose_folder(self, self._desk, "选 U 盘或文件夹")
        if folder is not None:
            self.take_folder(folder)

    def _not_said(self, error: Exception) -> None:
        self._asked = False
        self._timer.stop()
        self._desk.problem(error)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look."""
        super().showEvent(event)
        self._timer.start()
        QTimer.singleShot(0, self, self.look)

    def hideEvent(self, event: QHideEvent) -> None:
        """Look no more."""
        super().hideEvent(event)
        self._timer.stop()

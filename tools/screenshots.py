"""Pictures of every page and dialog of the real window, over made-up records: light and dark, at 100 % and 150 %.

    python -m tools.screenshots [FOLDER] [--only NAME] [--look light-100]

Each page is looked at as well: a word that is cut, that lies over another, that ends in … and is nowhere whole, or that has a
box for a character no font has (tools/painted.py, whoever painted it); a widget outside its parent or over its neighbour; a
pane that scrolls sideways; a word in Latin letters that is no key and no kind of file; text that would be read as markup. All
are said at the end, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QPoint, QRect, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListWidget, QMenu, QScrollArea, QWidget
from tests.gui import walk
from tools import painted
from tools.made_up import PASSPHRASE, TODAY, MadeUp, make_up
from tools.scenes import Step, begun_steps, first_steps, in_chains, township_steps, unlock_steps, village_steps

from fulian_desktop.ui.app import speak_chinese
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.fonts import load_fonts
from fulian_desktop.ui.memory import Look, Memory
from fulian_desktop.ui.ports import services
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.window import MainWindow

SCREEN, USABLE = (1365, 767), (1366, 696)
"""The last pixel of the smallest screen, and what is left of it between title bar and task bar."""

LOOKS = {f"{'dark' if dark else 'light'}-{round(scale * 100)}": (dark, scale) for dark in (False, True) for scale in (1.0, 1.5)}
_INITIALS = re.compile("拼音首字母，如 [a-z]+$")
_CODE = re.compile(r"\b[0-9A-Z]{4}\b")
"""A group of a recovery code, of a package's number or a fingerprint."""

CROSSING = 3
"""Pixels by which two neighbours may lie over each other."""

OVERLAYS = (ChoiceList, QListWidget)
"""Lists that open over a page on purpose."""

LONGEST = 15_000
"""Milliseconds that a page may take to be read."""

AT_WORK = 1_800
"""Milliseconds after which what is being done shows how far it has come."""


# --- waiting -----------------------------------------------------------------------------------------------


def rest(milliseconds: int) -> None:
    """Let the window and its worker work; a nested loop gives the interpreter away, qWait would not."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def settle(window: MainWindow) -> None:
    """Until nothing is being read and the page has been laid out; timers of up to a quarter of a second have run."""
    quiet, waited = 0, 0
    while quiet < 4 and waited < LONGEST:
        rest(80)
        waited += 80
        quiet = quiet + 1 if not window.runner.busy else 0


# --- looking -----------------------------------------------------------------------------------------------


def faults(root: QWidget) -> list[str]:
    """What is wrong with what is seen."""
    found = [f"cut: {text}" for text in (*walk.cut(root), *_cut_fields(root))]
    words = dict.fromkeys([*walk.foreign(root), *(words.text.strip() for words in painted.painted(root))])
    found += [f"foreign: {text}" for text in words if walk.is_foreign(_CODE.sub("", text)) and not _INITIALS.search(text)]
    found += [f"markup: {text}" for text in walk.marked_up(root)]
    found += [f"sideways: {type(area.parentWidget()).__name__}" for area in walk.shown(root) if _scrolls_sideways(area)]
    found += [f"crossing: {pair}" for pair in crossing(root)]
    return [*found, *(f"outside: {text}" for text in outside(root)), *painted.faults(root)]


def _scrolls_sideways(widget: QWidget) -> bool:
    """Whether a page or a pane is too narrow for what stands in it; tables may scroll sideways."""
    return isinstance(widget, QScrollArea) and widget.horizontalScrollBar().isVisible()


def _cut_fields(root: QWidget) -> list[str]:
    """Fields whose hint does not fit, and buttons narrower than they have to be."""
    found = []
    for widget in walk.shown(root):
        if isinstance(widget, QLineEdit) and not widget.text() and widget.placeholderText():
            margins = widget.textMargins()
            room = widget.width() - margins.left() - margins.right() - 16
            if widget.fontMetrics().horizontalAdvance(widget.placeholderText()) > room:
                found.append(widget.placeholderText())
        if isinstance(widget, KeyButton) and widget.width() < widget.minimumSizeHint().width():
            found.append(widget.text() or widget.accessibleName())
    return found


def outside(root: QWidget) -> list[str]:
    """Visible words and buttons outside their parent, where no scrolling reaches them; lists that opened in a wrong place."""
    found = []
    for widget in walk.shown(root):
        parent = widget.parentWidget()
        if parent is not None and isinstance(widget, OVERLAYS):
            found += _misplaced(root, widget)
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if parent is None or not words or widget.isWindow() or isinstance(parent.parentWidget(), QScrollArea):
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(QRect(QPoint(widget.x(), widget.y()), widget.size())):
            found.append(words)
    return found


def _misplaced(root: QWidget, over: QWidget) -> list[str]:
    """Whether a list that opened reaches out of the window, or hides what is being typed."""
    place, typed = _place_in(root, over), QApplication.focusWidget()
    hides = isinstance(typed, QLineEdit) and not over.isAncestorOf(typed) and root.isAncestorOf(typed) \
        and place.intersects(_place_in(root, typed))
    return [_called(over)] if hides or not root.rect().contains(place) else []


def _place_in(root: QWidget, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def crossing(root: QWidget) -> list[str]:
    """Parts of one layout that lie over each other: what was squeezed keeps its size and runs into the next."""
    found = []
    for parent in walk.shown(root):
        if parent.layout() is None:
            continue
        children = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        parts = [part for part in children if part.isVisible() and not part.isWindow() and not isinstance(part, OVERLAYS)]
        for one, other in combinations(parts, 2):
            both = one.geometry().intersected(other.geometry())
            if both.width() > CROSSING and both.height() > CROSSING:
                found.append(f"{_called(one)} / {_called(other)} in {_called(parent)}")
    return found


def _called(widget: QWidget) -> str:
    return type(widget).__name__


# --- taking pictures ---------------------------------------------------------------------------------------


class Camera:
    """Goes through the window and keeps the pictures and what was wrong with them."""

    def __init__(self, folder: Path, only: str) -> None:
        self.folder, self.only = folder, only
        self.wrong: list[str] = []
        self.taken = 0

    def take(self, widget: QWidget, name: str, look: str) -> None:
        """One picture, with the dialog over it when there is one."""
        picture = widget.grab()
        over = QApplication.activeModalWidget() or QApplication.activePopupWidget() or next(
            (w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not widget and w.isWindow() and w.layout()), None
        )
        if over is not None:
            painter = QPainter(picture)
            at = QPoint((widget.width() - over.width()) // 2, max(0, (widget.height() - over.height()) // 2))
            if isinstance(over, QMenu):
                at = widget.mapFromGlobal(over.pos())
            painter.drawPixmap(at, over.grab())
            if not isinstance(over, QMenu):
                painter.drawRect(QRect(at, over.size()))  # the system's frame is not in the picture
            painter.end()
        save(picture, self.folder / f"{name}-{look}.png")
        self.taken += 1
        self.wrong += [f"{name}-{look}: {fault}" for fault in faults(over or widget)]
        if over is not None and not over.close():
            over.close()  # what was typed is given up when asked twice
        for chooser in widget.findChildren(ChoiceList):
            chooser.leave()

    def wants(self, steps: Iterable[Step]) -> bool:
        """Whether one of these is asked for."""
        return any(self.only in step.name for step in steps)

    def walk(self, window: MainWindow, steps: Iterator[Step], look: str) -> None:
        """Every step that is wanted, with those that lead to it."""
        for chain in in_chains(steps):
            if not self.wants(chain):
                continue
            for step in chain:
                try:
                    self._go(window, step)
                except Exception:
                    traceback.print_exc()
                    self.wrong.append(f"{step.name}-{look}: could not be shown")
                    break
                self.take(window, step.name, look)
                for act in step.after:
                    act(window)
                    settle(window)

    @staticmethod
    def _go(window: MainWindow, step: Step) -> None:
        window.activateWindow()  # what a window manager does when a dialog goes
        if step.place:
            window.desk.go(step.place, step.about)
            window.shell.line.hide()  # what was said of the picture before
        settle(window)
        for act in step.then:
            act(window)
            if step.at_work:
                rest(AT_WORK)
            else:
                settle(window)


def save(picture: Any, path: Path) -> None:
    """A PNG of 256 colours: a third of the size, and pages have fewer."""
    from io import BytesIO

    from PIL import Image

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    with Image.open(BytesIO(bytes(buffer.data()))) as image:
        image.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)


def a_window(theme: Theme, memory: Memory) -> MainWindow:
    """The real window, as large as the smallest screen leaves it."""
    day = datetime.datetime.fromisoformat(TODAY).date()
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: day)
    window.resize(*USABLE)
    window.show()
    window.activateWindow()
    QCursor.setPos(*SCREEN)  # or something would look as if it were pointed at
    return window


def photograph(camera: Camera, made: MadeUp, look: str, app: QApplication, settings: Path) -> None:
    """One look of everything."""
    dark, scale = LOOKS[look]
    theme = Theme(dark=dark, scale=scale)
    theme.apply(app)
    if camera.wants(first_steps(made)):
        window = a_window(theme, Memory(settings / f"first-{look}.ini"))
        camera.walk(window, first_steps(made), look)
        window.close()
    for folder, before, steps in (
        (made.village, unlock_steps(made.village), village_steps(made)), (made.township, iter(()), township_steps(made)),
        (made.begun, iter(()), begun_steps()),
    ):
        wanted = list(steps)
        if not camera.wants(wanted) and not camera.wants(unlock_steps(folder)):
            continue
        memory = Memory(settings / f"{folder.name}-{look}.ini")
        memory.folder = folder
        memory.scale, memory.look = scale, Look.DARK if dark else Look.LIGHT
        window = a_window(theme, memory)
        settle(window)
        camera.walk(window, before, look)
        window.unlock.asked.emit(folder, PASSPHRASE, None)
        settle(window)
        if window.desk is None:
            raise RuntimeError("the made-up workspace does not open")
        camera.walk(window, iter(wanted), look)
        window.close()
        rest(50)


def main() -> int:
    """Take all pictures; 1 when something is wrong with what they show."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=Path("docs/screenshots"))
    parser.add_argument("--only", default="")
    parser.add_argument("--look", choices=LOOKS, action="append")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    camera = Camera(arguments.folder, arguments.only)
    qInstallMessageHandler(lambda kind, _where, text: _heard(camera, kind, text))
    app = QApplication(sys.argv[:1])
    load_fonts(services().window_fonts)
    speak_chinese(app)
    folder = Path(tempfile.gettempdir()) / "fulian-screenshots"  # always the same: the settings page shows it
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    os.environ["FULIAN_DATA"] = str(folder / "data")
    made = make_up(folder)
    os.environ["FULIAN_CLOCK"] = TODAY
    pristine = folder.with_name("fulian-screenshots-pristine")
    shutil.rmtree(pristine, ignore_errors=True)
    folder.rename(pristine)
    for look in arguments.look or LOOKS:
        shutil.copytree(pristine, folder)  # every look begins with the same records, whatever the one before did to them
        photograph(camera, made, look, app, folder)
        shutil.rmtree(folder)
    shutil.rmtree(pristine)
    for wrong in dict.fromkeys(camera.wrong):
        print(wrong)
    print(f"{camera.taken} 张，放在 {arguments.folder}；{len(camera.wrong)} 处要改")
    return 1 if camera.wrong else 0


def _heard(camera: Camera, kind: QtMsgType, text: str) -> None:
    if kind is not QtMsgType.QtDebugMsg and "This plugin does not support" not in text:  # said without a screen
        camera.wrong.append(f"Qt: {text}")


if __name__ == "__main__":
    sys.exit(main())

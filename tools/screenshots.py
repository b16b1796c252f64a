"""Pictures of every page and dialog of the real window, over made-up records: light and dark, at 100 % and 150 %.

    python -m tools.screenshots [FOLDER] [--only NAME] [--look light-100]

Each page is looked at as well: a word that is cut, a widget outside its parent, a pane that scrolls sideways, a word in
Latin letters that is no key and no kind of file, and text that would be read as markup are said at the end, and the exit
code is 1.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QEventLoop, QIODevice, QPoint, QRect, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QCursor, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QScrollArea, QWidget
from tests.gui import walk
from tools.made_up import PASSPHRASE, TODAY, MadeUp, make_up

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.ui.app import speak_chinese
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.fonts import load_fonts
from fulian_desktop.ui.memory import Look, Memory
from fulian_desktop.ui.places import NAV
from fulian_desktop.ui.ports import services
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.window import MainWindow

SCREEN, USABLE = (1365, 767), (1366, 696)
"""The last pixel of the smallest screen, and what is left of it between title bar and task bar."""

LOOKS = {f"{'dark' if dark else 'light'}-{round(scale * 100)}": (dark, scale) for dark in (False, True) for scale in (1.0, 1.5)}
FAMILIES = "户主姓名\t联系电话\t家庭住址\n赵素芳\t15400135721\t二组 18 号\n李秀兰\t1540013572\t一组 3 号\n王㛃\t\t\n"
_INITIALS = re.compile("拼音首字母，如 [a-z]+$")
LONGEST = 15_000
"""Milliseconds that a page may take to be read."""


@dataclass(frozen=True)
class Step:
    """One picture: where to go, and what to do there before it is taken."""

    name: str
    place: str
    about: dict[str, Any]
    then: Callable[[MainWindow], object] | None = None


def village_steps() -> Iterator[Step]:
    """What a village's office sees."""
    yield Step("home", "home", {})
    for kind in all_kinds():
        about = {"nav": kind.nav, "kind": kind.code}
        if kind.nav in {item.code for item in NAV if item.place == "list"}:
            yield Step(f"list-{kind.code}", "list", about)
            yield Step(f"form-{kind.code}", "form", about)
    yield Step("record-returned", "home", {}, lambda window: _open_task(window, "去修改"))
    yield Step("record", "list", {"nav": "family", "kind": "nomination"}, lambda window: window.shell.page.open_row(1))
    yield Step("form-draft", "home", {}, lambda window: _open_task(window, "接着填"))
    yield Step("sheet", "sheet", {"nav": "family", "kind": "family", "text": FAMILIES})
    yield Step("duplicates", "duplicates", {})
    yield Step("hand-in", "exchange", {"do": "up"})
    yield Step("reports", "reports", {})
    yield Step("settings", "settings", {})
    yield Step("find", "home", {}, lambda window: _type(window, "赵素芳"))
    families = {"nav": "family", "kind": "family", "text": FAMILIES}
    yield Step("sheet-problem", "sheet", families, lambda window: _press(window, "F8"))
    yield Step("preview", "list", {"nav": "activity", "kind": "activity"}, lambda window: _press(window, "Ctrl+P"))
    yield Step("batch", "list", {"nav": "family", "kind": "family"}, _choose_many)
    yield Step("menu", "list", {"nav": "activity", "kind": "activity"}, _open_menu)
    yield Step("finder", "home", {}, lambda window: _press(window, "Ctrl+K"))
    yield Step("help", "home", {}, lambda window: _press(window, "F1"))
    yield Step("message", "list", {"nav": "activity", "kind": "activity"}, _say)


def township_steps(made: MadeUp) -> Iterator[Step]:
    """What a township's office sees."""
    yield Step("town-home", "home", {})
    yield Step("town-exchange", "exchange", {})
    yield Step("merge", "merge", {"paths": [made.stick]})
    yield Step("conflicts", "conflicts", {"record": None})
    yield Step("roll-call", "roll-call", {})
    yield Step("town-list-family", "list", {"nav": "family", "kind": "family"})
    yield Step("town-reports", "reports", {})


def _open_task(window: MainWindow, verb: str) -> None:
    button = next((b for b in window.shell.page.findChildren(QAbstractButton) if b.text() == verb and b.isVisible()), None)
    if button is None:
        raise LookupError(f"no button {verb}")
    button.click()


def _press(window: MainWindow, key: str) -> None:
    """What a key does; without a window manager no key arrives."""
    shortcut = next(
        s for s in window.shell.findChildren(QShortcut)
        if s.key() == QKeySequence(key) and isinstance(s.parent(), QWidget) and s.parent().isVisible()
    )
    shortcut.activated.emit()


def _choose_many(window: MainWindow) -> None:
    """Choose some rows and what to do with them."""
    page = window.shell.page
    page.shown.view.choose(range(4), ticking=True)
    page.acts.do_many()
    chooser = page.window().findChildren(ChoiceList)[-1]
    chooser.list.itemClicked.emit(chooser.list.item(0))


def _open_menu(window: MainWindow) -> None:
    shown = window.shell.page.shown
    menu = shown.details.menu(shown.current_row(), revealed=False)
    menu.popup(shown.view.viewport().mapToGlobal(shown.view.viewport().rect().center()))


def _say(window: MainWindow) -> None:
    """What is said after deleting; nothing is deleted, or the next look would have less to show."""
    window.desk.say("已删除“三八节普法宣传进村”。", "ok", action="撤销", run=lambda: None, key="Ctrl+Z")


def _type(window: MainWindow, text: str) -> None:
    box = window.shell.page.search_box()
    box.setFocus()
    box.insert(text)


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
    found += [f"foreign: {text}" for text in walk.foreign(root) if not _INITIALS.search(text)]
    found += [f"markup: {text}" for text in walk.marked_up(root)]
    found += [f"sideways: {type(area.parentWidget()).__name__}" for area in walk.shown(root) if _scrolls_sideways(area)]
    return [*found, *(f"outside: {text}" for text in outside(root))]


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
    """Visible words and buttons that lie outside their parent, where no scrolling reaches them."""
    found = []
    for widget in walk.shown(root):
        parent = widget.parentWidget()
        words = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        if parent is None or not words or widget.isWindow() or isinstance(parent.parentWidget(), QScrollArea):
            continue
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(QRect(QPoint(widget.x(), widget.y()), widget.size())):
            found.append(words)
    return found


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
        if over is not None:
            over.close()

    def walk(self, window: MainWindow, steps: Iterator[Step], look: str) -> None:
        """Every step; a page that is not there yet is named and passed over."""
        for step in steps:
            if self.only and self.only not in step.name:
                continue
            try:
                window.desk.go(step.place, step.about)
                settle(window)
                if step.then is not None:
                    step.then(window)
                    settle(window)
            except ModuleNotFoundError as missing:
                print(f"没有这一页：{step.name}（{missing.name}）")
                continue
            except Exception:
                traceback.print_exc()
                self.wrong.append(f"{step.name}-{look}: could not be shown")
                continue
            self.take(window, step.name, look)


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
    if not camera.only or camera.only in "first-start":
        window = a_window(theme, Memory(settings / f"first-{look}.ini"))
        settle(window)
        camera.take(window, "first-start", look)
        for way, name in enumerate(("join", "found", "restore")):
            window.first.choices.chosen.emit(way)
            settle(window)
            camera.take(window, f"first-start-{name}", look)
            window.first.step.back_button.click()
        window.close()
    for folder, steps, first in ((made.village, village_steps(), "unlock"), (made.township, township_steps(made), "")):
        memory = Memory(settings / f"{folder.name}-{look}.ini")
        memory.folder = folder
        memory.scale, memory.look = scale, Look.DARK if dark else Look.LIGHT
        window = a_window(theme, memory)
        settle(window)
        if first and (not camera.only or camera.only in first):
            camera.take(window, first, look)
        window.unlock.asked.emit(folder, PASSPHRASE, None)
        settle(window)
        if window.desk is None:
            raise RuntimeError("the made-up workspace does not open")
        camera.walk(window, steps, look)
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
    for look in arguments.look or LOOKS:
        photograph(camera, made, look, app, folder)
    shutil.rmtree(folder)
    for wrong in dict.fromkeys(camera.wrong):
        print(wrong)
    print(f"{camera.taken} 张，放在 {arguments.folder}；{len(camera.wrong)} 处要改")
    return 1 if camera.wrong else 0


def _heard(camera: Camera, kind: QtMsgType, text: str) -> None:
    if kind is not QtMsgType.QtDebugMsg and "propagateSizeHints" not in text:
        camera.wrong.append(f"Qt: {text}")


if __name__ == "__main__":
    sys.exit(main())

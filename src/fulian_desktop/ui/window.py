"""The main window: first the first start or the unlock page, then the shell with its pages.

Rules:

* The window holds the one :class:`~fulian_desktop.ui.jobs.JobRunner` for all works; whatever takes time goes there.
  A second one only compares a passphrase with the key file, so that a long merge does not keep a locked window shut.
* The opened office lives on the runner's thread: it is opened, asked and closed there.
* Until an office is open only the unlock page is needed. The first page is imported while a person types the passphrase, at
  the latest while the key is derived.
* One window a workspace: what another one has open is not opened here (ui/instance.py).
* When nobody is there for a while, what single saves left is tidied; after a longer while the window locks. Locked,
  the pages stay as they are behind the unlock page: nothing typed is lost.
* Another scale builds all pages anew; nothing typed is in them then, for the settings page is the one shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QMainWindow, QStackedWidget, QWidget

from fulian_desktop.progress import Progress
from fulian_desktop.ui import icons
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.idle import IdleWatch
from fulian_desktop.ui.instance import Instance, summon
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.memory import LARGEST_SCALE, SMALLEST_SCALE, Memory
from fulian_desktop.ui.ports import Entered, Ports, entered
from fulian_desktop.ui.problems import Sentence, sentence_for
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.tokens import SCALES
from fulian_desktop.ui.unlock import UnlockPage

if TYPE_CHECKING:
    from fulian_desktop.services.starting import Foot
    from fulian_desktop.ui.first_start import FirstStart
    from fulian_desktop.ui.shell import Shell

TITLE = "妇联工作台"
USUAL_SIZE = (1366, 696)
SMALLEST = (760, 480)
FOOT_AFTER_MS = 300
FETCH_AFTER_MS = 150
BACKUP_WARNS_AFTER = timedelta(days=7)

IN_USE = Sentence("这些记录已经在另一个窗口打开了。请到任务栏找那个窗口；找不到，重新启动电脑再打开。", "in-use")
UNSAVED = Sentence("还有没保存的内容。请先填密码回去保存，再换别人用。", "unsaved")
COPY = "这份数据是拷贝或恢复来的，本机换了新编号。下一步：原来那台电脑上的请停用。"


class MainWindow(QMainWindow):
    """The program's one window.

    Args:
        ports: The use cases by which an office is opened and looked after.
        memory: Where the last folder and what a person chose for the window are kept.
        version: Of the program.
        today: Gives the day.
        instance: The claim on the workspace opened last, when it was made before the window.
    """

    def __init__(
        self, theme: Theme, ports: Ports, memory: Memory, *, version: str, today: Callable[[], date],
        instance: Instance | None = None,
    ) -> None:
        super().__init__()
        self._theme, self._ports, self._memory, self._today, self._version = theme, ports, memory, today, version
        self._who: Entered | None = None
        self._focus: QWidget | None = None
        self.desk: Desk | None = None
        self.shell: Shell | None = None
        self.first: FirstStart | None = None
        self.runner = JobRunner(self)
        self.door = JobRunner(self)
        self.instance = instance or Instance(self)
        self.idle = IdleWatch(lambda: memory.idle_minutes, self)
        self.pages = QStackedWidget()
        self.setCentralWidget(self.pages)
        self.setWindowTitle(TITLE)
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(*SMALLEST)
        self.resize(self._usual_size())
        self._foot_timer = QTimer(self)
        self._foot_timer.setSingleShot(True)
        self._foot_timer.setInterval(FOOT_AFTER_MS)
        self._foot_timer.timeout.connect(self._ask_foot)
        self._fetch_timer = QTimer(self)
        self._fetch_timer.setSingleShot(True)
        self._fetch_timer.timeout.connect(_fetch)
        self.instance.summoned.connect(self.come_forward)
        self.idle.rested.connect(self._tidy)
        self.idle.expired.connect(self.lock)
        theme.rescaled.connect(self._build_anew)
        QShortcut(QKeySequence("Ctrl+L"), self).activated.connect(self.lock)
        self._make_unlock()
        self.idle.start()
        self._fetch_timer.start(FETCH_AFTER_MS)
        if memory.folder is None:
            self.show_first_start()
        elif not self.instance.claim(memory.folder):
            self.unlock.show_problem(IN_USE)

    def _usual_size(self) -> QSize:
        """Larger letters want a larger window, as far as the screen goes."""
        usual, room = QSize(*USUAL_SIZE), self.screen().availableSize()
        return (usual * self._theme.scale).boundedTo(room.expandedTo(usual))

    # --- before an office is open --------------------------------------------------------------------------------

    def _make_unlock(self) -> None:
        self.unlock = UnlockPage(self._theme, folder=self._memory.folder, version=self._version)
        self.pages.addWidget(self.unlock)
        self.unlock.asked.connect(self._open)
        self.unlock.folder_named.connect(self._ask_persons)
        self.unlock.first_wanted.connect(self.show_first_start)
        self.unlock.other_wanted.connect(self._let_go)
        self.unlock.start()

    def show_first_start(self) -> None:
        """Show the ways to begin."""
        from fulian_desktop.ui.first_start import FirstStart

        self._drop(self.first)
        self.first = FirstStart(
            self._theme, self.runner, version=self._version, today=self._today, last_folder=self._memory.folder
        )
        self.pages.addWidget(self.first)
        self.pages.setCurrentWidget(self.first)
        self.first.open_wanted.connect(self.show_unlock)
        self.first.larger_wanted.connect(self._larger)
        self.first.made.connect(self._made)
        self.first.finished.connect(self._enter)
        self.first.choices.buttons[0].setFocus()

    def show_unlock(self) -> None:
        """Show the page that opens a folder."""
        self.pages.setCurrentWidget(self.unlock)
        self.unlock.start()

    def _ask_persons(self, folder: Path) -> None:
        persons, unlock = self._ports.persons, self.unlock
        self.runner.start(
            unlock,
            lambda _progress: tuple(persons(folder)),
            done=unlock.show_persons,
            failed=lambda error: unlock.show_problem(sentence_for(error)),
        )

    def _open(self, folder: Path, passphrase: str, person: str | None) -> None:
        if self._who is not None:
            self._open_again(self._who, passphrase)
        elif not self.instance.claim(folder):
            summon(folder)
            self.unlock.show_problem(IN_USE)
        else:
            self.runner.start(
                self, _opening(self._ports, folder, passphrase, person), done=self._opened,
                failed=lambda error: self.unlock.show_problem(sentence_for(error)),
            )
            self._fetch_timer.start(0)  # the key is being derived, which lets other threads run

    def _opened(self, who: Entered) -> None:
        self._made(who)
        self.unlock.opened()
        self._enter(COPY if who.is_copy else "", "warn")

    def _made(self, who: Entered) -> None:
        """An office is open; whatever happens next, it is closed with the window."""
        self._who = who
        self.instance.claim(who.folder)
        if not who.is_demo:
            self._memory.folder = who.folder

    # --- the opened office ---------------------------------------------------------------------------------------

    def _enter(self, told: str = "", tone: str = "ok") -> None:
        self._make_shell("home")
        self._drop(self.first)
        self.first = None
        if told and self.desk is not None:
            self.desk.say(told, tone)

    def _make_shell(self, place: str) -> None:
        who = self._who
        assert who is not None  # noqa: S101 - an office is open
        # Qt takes [*] in a title for the mark of unsaved work; doubled, it stands for itself.
        mark = "（演示数据，都是编的）" if who.is_demo else ""
        self.setWindowTitle(f"{TITLE} — {who.unit_name}{mark}".replace("[*]", "[*][*]"))
        self.desk = Desk(
            self._theme, self.runner, self._memory, who.office, unit=who.unit, unit_name=who.unit_name, person=who.person,
            today=self._today, kinds=who.kinds, parent=self,
        )
        from fulian_desktop.ui.shell import Shell

        self.shell = Shell(self.desk)
        self.pages.addWidget(self.shell)
        self.pages.setCurrentWidget(self.shell)
        self.desk.handed_over.connect(self._handed_over)
        self.desk.changed.connect(lambda _kinds: self._foot_timer.start())
        self.desk.go(place, {"nav": place})
        self._ask_foot()

    def _ask_foot(self) -> None:
        foot, shell = self._ports.foot, self.shell
        if shell is not None and self.desk is not None:
            self.desk.ask(shell, lambda office, _progress: foot(office), lambda read: show_foot(shell, read, self._today()))

    def _tidy(self) -> None:
        who, tidy = self._who, self._ports.tidy
        if who is None or self.runner.busy:
            return

        def failed(error: Exception) -> None:
            sentence_for(error)  # into the log; nobody is there to read it, and the next save says what is wrong
            self.idle.all_tidy()

        self.runner.start(
            self, lambda _progress: tidy(who.office), done=lambda left: None if left else self.idle.all_tidy(), failed=failed,
        )

    def lock(self) -> None:
        """Show the unlock page; the pages stay behind it as they are."""
        if self._who is None or self.shell is None or self.pages.currentWidget() is not self.shell:
            return
        if self._who.is_demo:  # nothing in it is anybody's, and nobody chose its passphrase
            return
        self.shell.lock_room()
        self._focus = QApplication.focusWidget()
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog) and window.isVisible():
                window.reject()
        self.unlock.lock(self._who.folder, self._who.person, self._who.unit_name)
        self.pages.setCurrentWidget(self.unlock)
        self.unlock.passphrase_edit.setFocus()

    def _open_again(self, who: Entered, passphrase: str) -> None:
        fits = self._ports.fits
        self.door.start(
            self, lambda _progress: fits(who.folder, passphrase, who.person), done=lambda _name: self._unlocked(),
            failed=lambda error: self.unlock.show_problem(sentence_for(error)),
        )

    def _unlocked(self) -> None:
        self.unlock.unlocked()
        if self.shell is not None:
            self.pages.setCurrentWidget(self.shell)
        if self._focus is not None and shiboken6.isValid(self._focus):
            self._focus.setFocus()

    def _let_go(self) -> None:
        """Another person wants to work: close the office where it lives; what was not saved stands in its draft."""
        who, shell, desk = self._who, self.shell, self.desk
        if who is None or shell is None or desk is None:
            return
        if shell.page is not None and not shell.page.may_leave():
            self.unlock.show_problem(UNSAVED)
            return
        self._who = self.shell = self.desk = None
        self._foot_timer.stop()
        self.setWindowTitle(TITLE)
        self._drop(shell)
        desk.deleteLater()
        self.runner.start(
            self.unlock, lambda _progress: who.office.close(), done=lambda _none: self.unlock.start(),
            failed=lambda error: self.unlock.show_problem(sentence_for(error)),
        )
        self.unlock.unlocked()

    # --- the window itself ---------------------------------------------------------------------------------------

    def come_forward(self) -> None:
        """Another start asked for this window: show it in front."""
        if self.isMinimized():
            self.showNormal()
        self.show()
        self.raise_()
        self.activateWindow()

    def _larger(self) -> None:
        app = QApplication.instance()
        scale = next((s for s in SCALES if s > self._theme.scale), SMALLEST_SCALE)
        self._memory.scale = min(scale, LARGEST_SCALE)
        if isinstance(app, QApplication):
            self._theme.set_scale(app, self._memory.scale)

    def _build_anew(self) -> None:
        """Every page at the new scale; the settings page or the first start is shown again."""
        old_unlock, shell, desk = self.unlock, self.shell, self.desk
        self._make_unlock()
        self._drop(old_unlock)
        if shell is not None and desk is not None:
            shell.lock_room()
            self._make_shell("settings")
            self._drop(shell)
            desk.deleteLater()
        elif self.first is not None:
            self.show_first_start()

    def _handed_over(self, person: str) -> None:
        """Another person works here from now on: every page is made for that person."""
        if self._who is not None:
            self._who = replace(self._who, person=person)
            self._build_anew()

    def _drop(self, page: QWidget | None) -> None:
        if page is not None:
            self.pages.removeWidget(page)
            page.deleteLater()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the office where it lives, then end the thread; a page that may not be left keeps the window open."""
        locked = self.shell is not None and self.pages.currentWidget() is not self.shell
        if not locked and self.shell is not None and self.shell.page is not None and not self.shell.page.may_leave():
            event.ignore()
            return
        who, self._who = self._who, None
        self.idle.stop()
        self._foot_timer.stop()
        self.door.close()
        self.runner.close(last=who.office.close if who is not None else None)
        self.instance.release()
        super().closeEvent(event)


def _opening(ports: Ports, folder: Path, passphrase: str, person: str | None) -> Callable[[Progress], Entered]:
    """Return the work that opens an office and reads whose it is."""
    return lambda _progress: entered(ports.open_office(folder, passphrase, person), folder)


def _fetch() -> None:
    """Import the first page and what it asks; made of what is there already, a page stands in 15 ms."""
    for name in ("ui.shell", "ui.home", "services.starting"):
        import_module(f"fulian_desktop.{name}")


def show_foot(shell: Shell, foot: Foot, day: date) -> None:
    """Put at the navigation's foot when the last backup was, what waits to be handed in, and what is odd about the clock."""
    lines = [("ok", "ok", f"已备份 {_when(foot.backed_up_at, day)}")] if foot.backed_up_at else []
    if foot.backed_up_at is None:
        lines = [("warn", "warn", "还没有备份过")]
    elif day - foot.backed_up_at.date() > BACKUP_WARNS_AFTER:
        lines = [("warn", "warn", f"上次备份 {_when(foot.backed_up_at, day)}")]
    if foot.unsent:
        lines.append(("exchange", "text2", f"未上报 {foot.unsent:,} 条"))
    if foot.clock:
        lines.append(("clock", "warn", foot.clock))
    shell.nav.show_foot(lines)
    shell.nav.show_counts({"exchange": foot.unsent or 0})


def _when(at: datetime, day: date) -> str:
    days = {0: "今天", 1: "昨天"}.get((day - at.date()).days, f"{at.month}月{at.day}日")
    return f"{days} {at.hour}:{at.minute:02d}"

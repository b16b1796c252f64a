"""The main window: first the unlock page, then the home page.

Rules:

* The window holds the one :class:`~fulian_desktop.ui.jobs.JobRunner`; whatever takes time goes there.
* The opened office lives on the runner's thread: it is opened, asked and closed there.
* The title names the unit once it is known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from fulian_desktop.progress import Progress
from fulian_desktop.ui import icons
from fulian_desktop.ui.home import HomePage, KindCount, OfficeView
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.ports import Office, Ports
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.unlock import UnlockPage

TITLE = "妇联工作台"
USUAL_SIZE = (1180, 696)
SMALLEST = (760, 480)


class MainWindow(QMainWindow):
    """The program's one window.

    Args:
        ports: The use cases it calls.
        memory: Where the last folder is kept.
        version: Of the program.
        today: For the date line.
    """

    def __init__(self, theme: Theme, ports: Ports, memory: Memory, *, version: str, today: date) -> None:
        super().__init__()
        self._ports, self._memory = ports, memory
        self._office: Office | None = None
        self.runner = JobRunner(self)
        self.unlock = UnlockPage(theme, folder=memory.folder, version=version)
        self.home = HomePage(theme, today=today)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.unlock)
        self.pages.addWidget(self.home)
        self.setCentralWidget(self.pages)
        self.setWindowTitle(TITLE)
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(*SMALLEST)
        self.resize(*(theme.px(side) for side in USUAL_SIZE))
        self.unlock.asked.connect(self._open)
        self.unlock.folder_named.connect(self._ask_persons)
        self.unlock.start()

    def _ask_persons(self, folder: Path) -> None:
        persons = self._ports.persons
        self.runner.start(
            self.unlock,
            lambda _progress: tuple(persons(folder)),
            done=self.unlock.show_persons,
            failed=lambda error: self.unlock.show_problem(sentence_for(error)),
        )

    def _open(self, folder: Path, passphrase: str, person: str | None) -> None:
        self.runner.start(
            self,
            _opening(self._ports, folder, passphrase, person),
            done=lambda opened: self._opened(folder, *opened),
            failed=lambda error: self.unlock.show_problem(sentence_for(error)),
        )

    def _opened(self, folder: Path, office: Office, view: OfficeView) -> None:
        self._office = office
        self._memory.folder = folder
        self.unlock.opened()
        self.home.show_office(view)
        # Qt takes [*] in a title for the mark of unsaved work; doubled, it stands for itself.
        self.setWindowTitle(f"{TITLE} — {view.unit_name}".replace("[*]", "[*][*]"))
        self.pages.setCurrentWidget(self.home)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close the office where it lives, then end the thread."""
        office, self._office = self._office, None
        self.runner.close(last=office.close if office is not None else None)
        super().closeEvent(event)


def _opening(
    ports: Ports, folder: Path, passphrase: str, person: str | None
) -> Callable[[Progress], tuple[Office, OfficeView]]:
    """Return the work that opens an office and reads its figures; an office that cannot be read is closed."""

    def work(_progress: Progress) -> tuple[Office, OfficeView]:
        office = ports.open_office(folder, passphrase, person)
        try:
            return office, _view(ports, office)
        except BaseException:
            office.close()
            raise

    return work


def _view(ports: Ports, office: Office) -> OfficeView:
    counts = office.counts()
    kinds = tuple(
        KindCount(kind.code, kind.label, kind.icon, kind.measure_word, counts.get(kind.code, 0))
        for kind in ports.all_kinds()
    )
    return OfficeView(office.unit, office.unit_name, office.person, kinds)

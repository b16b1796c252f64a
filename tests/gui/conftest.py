"""Windows under test: real widgets without a screen, real keys, other services handed in.

A warning of Qt's that nobody expected fails the test, and so does a window that is left open.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget
from tests.gui.fakes import PASSPHRASE, PERSON, FakeServices, unexpected

from fulian_desktop.services.office import Office, create_office, open_office
from fulian_desktop.services.records import add_record
from fulian_desktop.services.typefaces import window_fonts
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.fonts import load_fonts
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

VILLAGE, TOWN = "140702101201", "140702101000"
RECORDS = (
    ("family", {"head": "赵素芳", "phone": "13800135721", "address": "二组 18 号"}),
    ("family", {"head": "李秀兰", "address": "一组 3 号"}),
    ("family", {"head": "王㛃"}),
    ("activity", {"title": "三八节普法宣传进村", "date": "2026.3.8", "category": "普法维权", "participants": "86"}),
    ("activity", {"title": "反家暴普法讲座", "date": "2026.3.7"}),
    ("person", {"name": "张凤英", "phone": "13800135722"}),
    ("aid", {"recipient_name": "张凤英", "program": "春蕾计划", "date": "2026.2.6", "amount": "1000元"}),
)


@pytest.fixture(autouse=True)
def _qt_is_content(qtlog) -> Iterator[None]:
    yield
    assert unexpected(qtlog.records) == []
    left = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    for window in left:
        window.close()
    assert left == []


@pytest.fixture(scope="session", autouse=True)
def _fonts(qapp: QApplication, cache_folder: Path) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FULIAN_CACHE", str(cache_folder))
        return load_fonts(window_fonts)


class _Activating(QObject):
    """On a bare X screen nobody gives a new window the keyboard: there is no window manager."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            watched.activateWindow()
        return False


@pytest.fixture(scope="session", autouse=True)
def _active_windows(qapp: QApplication) -> Iterator[None]:
    if qapp.platformName() != "xcb":
        yield
        return
    activating = _Activating()
    qapp.installEventFilter(activating)
    yield
    qapp.removeEventFilter(activating)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme()
    made.apply(qapp)
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "记录"
    folder.mkdir()
    (folder / "keystore.json").write_text("{}", "utf-8")
    return folder


@pytest.fixture
def services() -> FakeServices:
    return FakeServices()


@pytest.fixture
def open_window(qtbot, theme: Theme, services: FakeServices, tmp_path: Path) -> Iterator[Callable[..., MainWindow]]:
    """A function that opens the window; ``folder`` is the workspace opened last."""
    opened: list[MainWindow] = []

    def open_one(folder: Path | None = None) -> MainWindow:
        memory = Memory(tmp_path / "window.ini")
        if folder is not None:
            memory.folder = folder
        window = MainWindow(theme, services.ports(), memory, version="0.1.0", today=lambda: date(2026, 3, 9))
        qtbot.addWidget(window)
        opened.append(window)
        window.show()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.waitUntil(lambda: not window.runner.busy)
        return window

    yield open_one
    for window in opened:
        window.close()


@pytest.fixture(scope="session")
def made_village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A village's workspace with three families, two activities, a person and an aid, made once a run."""
    folder = tmp_path_factory.mktemp("made") / "柳树湾"
    office, _recovery = create_office(
        folder, unit=VILLAGE, unit_name="柳树湾村妇联", person=PERSON, passphrase=PASSPHRASE,
        parent=TOWN, parent_name="清溪镇妇联",
    )
    with office:
        for kind, entries in RECORDS:
            add_record(office, kind, entries)
    return folder


@pytest.fixture
def village(made_village: Path, tmp_path: Path) -> Iterator[Office]:
    """That workspace, copied and opened; closed at the end."""
    folder = tmp_path / "village"
    shutil.copytree(made_village, folder)
    office = open_office(folder, PASSPHRASE)
    yield office
    office.close()


@pytest.fixture
def make_desk(theme: Theme, tmp_path: Path) -> Iterator[Callable[[Office], Desk]]:
    """A function that gives a :class:`Desk` over an opened office, with a runner of its own."""
    runners: list[JobRunner] = []

    def make(office: Office) -> Desk:
        runner = JobRunner()
        runners.append(runner)
        return Desk(
            theme, runner, Memory(tmp_path / "window.ini"), office, unit=office.unit, unit_name=office.unit_name,
            person=office.person, today=lambda: date(2026, 3, 9),
        )

    yield make
    for runner in runners:
        assert runner.close()


@pytest.fixture
def desk(village: Office, make_desk: Callable[[Office], Desk]) -> Desk:
    """The desk of the village."""
    return make_desk(village)


def wait_until_idle(qtbot, desk: Desk) -> None:
    """Until every work that was asked for has answered. QTest.qWait would keep the interpreter and starve the worker."""
    qtbot.waitUntil(lambda: not desk.runner.busy, timeout=15_000)

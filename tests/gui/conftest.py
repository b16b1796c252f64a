"""Windows under test: real widgets without a screen, real keys, other services handed in.

A warning of Qt's that nobody expected fails the test, and so does a window that is left open.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from tests.gui.fakes import FakeServices, unexpected

from fulian_desktop.services.typefaces import window_fonts
from fulian_desktop.ui.fonts import load_fonts
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.window import MainWindow

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

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
        window = MainWindow(theme, services.ports(), memory, version="0.1.0", today=date(2026, 3, 9))
        qtbot.addWidget(window)
        opened.append(window)
        window.show()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.waitUntil(lambda: not window.runner.busy)
        return window

    yield open_one
    for window in opened:
        window.close()

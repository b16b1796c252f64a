"""The window over the real services: a workspace made by them opens with its passphrase and no other."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from tests.gui.fakes import PASSPHRASE

from fulian_desktop.services.office import create_office
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.ports import services
from fulian_desktop.ui.window import MainWindow


def test_a_real_workspace_opens_in_the_window(qtbot, theme, tmp_path: Path):
    folder = tmp_path / "记录"
    office, _recovery = create_office(
        folder, unit="140702101201", unit_name="上丁里村妇联", person="王桂芳", passphrase="hunter-2026"
    )
    office.close()
    memory = Memory(tmp_path / "window.ini")
    memory.folder = folder
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: date(2026, 3, 9))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.unlock.person_box.currentText() == "王桂芳", timeout=10_000)
    edit = window.unlock.passphrase_edit
    qtbot.keyClicks(edit, "wrong")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.unlock.passphrase.problem.words.text() != "", timeout=10_000)
    assert window.pages.currentWidget() is window.unlock
    edit.clear()
    qtbot.keyClicks(edit, "hunter-2026")
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.shell, timeout=10_000)
    assert window.shell.nav.unit_name.text() == "上丁里村妇联"
    assert window.shell.nav.person.text() == "王桂芳"
    assert window.shell.page.title.text() == "首页"
    qtbot.waitUntil(lambda: not window.runner.busy, timeout=10_000)
    foot = [line.text() for line in window.shell.nav.findChildren(QLabel) if line.isVisible()]
    assert "还没有备份过" in foot
    window.close()


def test_what_stands_in_a_real_form_is_there_again_after_the_window_was_locked(qtbot, theme, made_village, tmp_path: Path):
    folder = tmp_path / "village"
    shutil.copytree(made_village, folder)
    memory = Memory(tmp_path / "window.ini")
    memory.folder = folder
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: date(2026, 3, 9))
    qtbot.addWidget(window)
    window.show()

    def unlock() -> None:
        window.unlock.passphrase_edit.insert(PASSPHRASE)
        qtbot.keyClick(window.unlock.passphrase_edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.shell is not None and window.pages.currentWidget() is window.shell, timeout=10_000)
        qtbot.waitUntil(lambda: not window.runner.busy, timeout=10_000)

    unlock()
    window.desk.go("form", {"nav": "family", "kind": "family"})
    qtbot.waitUntil(lambda: not window.runner.busy, timeout=10_000)
    page, head = window.shell.page, window.shell.page.first_focus()
    qtbot.keyClicks(head, "zhao")
    window.lock()
    assert not page.isVisible()
    unlock()
    assert window.shell.page is page
    assert head.text() == "zhao"
    window.close()

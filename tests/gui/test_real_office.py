"""The window over the real services: a workspace made by them opens with its passphrase and no other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt

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
    window = MainWindow(theme, services(), memory, version="0.1.0", today=date(2026, 3, 9))
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
    qtbot.waitUntil(lambda: window.pages.currentWidget() is window.home, timeout=10_000)
    assert window.home.unit_name.text() == "上丁里村妇联"
    assert window.home.person.text() == "王桂芳"
    window.close()

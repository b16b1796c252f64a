"""The window: locking and unlocking, tidying while nobody is there, one window a workspace, the foot, another scale."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QMenu
from tests.gui.fakes import PASSPHRASE, PlainPage

from fulian_desktop.services.starting import Foot
from fulian_desktop.ui import shell, window
from fulian_desktop.ui.idle import REST_SECONDS, IdleWatch
from fulian_desktop.ui.instance import Instance, summon
from fulian_desktop.ui.memory import Look, Memory


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch) -> None:
    monkeypatch.setattr(shell, "make_page", PlainPage)


def settle(qtbot, opened) -> None:
    qtbot.waitUntil(lambda: not opened.runner.busy and not opened.door.busy)


def unlock(qtbot, opened, text: str = PASSPHRASE) -> None:
    edit = opened.unlock.passphrase_edit
    edit.clear()
    edit.insert(text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    settle(qtbot, opened)


@pytest.fixture
def opened(qtbot, open_window, workspace):
    made = open_window(workspace)
    unlock(qtbot, made)
    return made


def foot_lines(opened) -> list[str]:
    layout = opened.shell.nav.foot
    lines = [layout.itemAt(at).widget() for at in range(layout.count())]
    return [label.text() for line in lines for label in line.findChildren(QLabel) if label.text()]


# --- locking ---------------------------------------------------------------------------------------------------------


def test_ctrl_l_locks_and_what_was_typed_is_there_again_after_the_passphrase(qtbot, opened, services):
    page = opened.shell.page
    qtbot.keyClicks(page.edit, "half a sentence")
    qtbot.keyClick(opened, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert opened.pages.currentWidget() is opened.unlock
    assert not page.isVisible()
    assert opened.unlock.passphrase_edit.hasFocus()
    assert opened.unlock.folder.isHidden()
    assert opened.unlock.person.isHidden()
    unlock(qtbot, opened)
    assert opened.pages.currentWidget() is opened.shell
    assert opened.shell.page is page
    assert page.edit.text() == "half a sentence"
    assert page.edit.hasFocus()
    assert not services.office.closed


def test_locked_a_wrong_passphrase_opens_nothing_and_is_said_at_the_field(qtbot, opened):
    opened.lock()
    unlock(qtbot, opened, "guess")
    assert opened.pages.currentWidget() is opened.unlock
    assert opened.unlock.passphrase.problem.words.text() != ""
    unlock(qtbot, opened)
    assert opened.pages.currentWidget() is opened.shell
    assert opened.unlock.passphrase_edit.text() == ""


def test_a_long_work_does_not_keep_a_locked_window_shut(qtbot, opened):
    go = threading.Event()
    opened.runner.start(opened, lambda _progress: go.wait(20), done=lambda _ok: None, failed=lambda _error: None)
    opened.lock()
    opened.unlock.passphrase_edit.insert(PASSPHRASE)
    qtbot.keyClick(opened.unlock.passphrase_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: opened.pages.currentWidget() is opened.shell)
    assert opened.runner.busy
    go.set()
    settle(qtbot, opened)


def test_locked_no_key_reaches_the_pages(qtbot, opened):
    opened.lock()
    for key in (Qt.Key.Key_K, Qt.Key.Key_F, Qt.Key.Key_L):
        qtbot.keyClick(opened, key, Qt.KeyboardModifier.ControlModifier)
    assert opened.pages.currentWidget() is opened.unlock
    assert opened.findChildren(QDialog) == []


def test_locked_another_person_can_take_the_computer_over_with_her_own_passphrase(qtbot, opened, services):
    opened.lock()
    assert opened.unlock.other_button.isVisible()
    qtbot.mouseClick(opened.unlock.other_button, Qt.MouseButton.LeftButton)
    settle(qtbot, opened)
    assert services.office.closed
    assert opened.shell is None
    assert opened.windowTitle() == "妇联工作台"
    assert not opened.unlock.person.isHidden()
    assert not opened.unlock.other_button.isVisible()
    services.office.closed = False
    unlock(qtbot, opened)
    assert opened.pages.currentWidget() is opened.shell


def test_locked_a_page_that_may_not_be_left_keeps_the_office_open(qtbot, opened, services, monkeypatch):
    monkeypatch.setattr(opened.shell.page, "may_leave", lambda: False)
    opened.lock()
    qtbot.mouseClick(opened.unlock.other_button, Qt.MouseButton.LeftButton)
    settle(qtbot, opened)
    assert not services.office.closed
    assert opened.unlock.title.text() == "已经锁上"
    assert opened.unlock.general.words.text() == window.UNSAVED.text


def test_locking_puts_open_dialogs_away(qtbot, opened):
    qtbot.keyClick(opened, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    (finder,) = opened.findChildren(QDialog)
    assert finder.isVisible()
    opened.lock()
    assert not finder.isVisible()


def test_locking_puts_an_open_menu_away(qtbot, opened):
    menu = QMenu(opened)
    menu.addAction("复制")
    menu.popup(opened.mapToGlobal(opened.rect().center()))
    assert menu.isVisible()
    opened.lock()
    assert not menu.isVisible()


def test_before_an_office_is_open_there_is_nothing_to_lock(qtbot, open_window, workspace):
    made = open_window(workspace)
    made.lock()
    assert made.unlock.title.text() == "打开本机的记录"
    assert not made.unlock.folder.isHidden()


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_nobody_there_for_the_minutes_chosen_locks_and_a_key_puts_it_off(qtbot, opened):
    clock = Clock()
    watch = IdleWatch(lambda: 2, opened, clock=clock)
    heard: list[str] = []
    watch.expired.connect(lambda: heard.append("lock"))
    watch.expired.connect(opened.lock)
    watch.start()
    clock.now = 119.0
    watch.look()
    qtbot.keyClicks(opened.shell.page.edit, "x")
    clock.now = 238.0
    watch.look()
    assert heard == []
    assert opened.pages.currentWidget() is opened.shell
    clock.now = 239.0
    watch.look()
    watch.stop()
    assert heard == ["lock"]
    assert opened.pages.currentWidget() is opened.unlock


def test_the_mouse_is_a_sign_of_a_person_too(qtbot, opened):
    clock = Clock()
    watch = IdleWatch(lambda: 1, opened, clock=clock)
    heard: list[str] = []
    watch.expired.connect(lambda: heard.append("lock"))
    watch.start()
    clock.now = 59.0
    qtbot.mouseClick(opened.shell.page.edit, Qt.MouseButton.LeftButton)
    clock.now = 61.0
    watch.look()
    watch.stop()
    assert heard == []


# --- tidying ---------------------------------------------------------------------------------------------------------


def test_when_nobody_types_what_saves_left_is_tidied_until_nothing_is_left(qtbot, opened, services):
    clock = opened.idle._clock = Clock()
    opened.idle._last = 0.0
    services.left_to_tidy = 3
    clock.now = REST_SECONDS - 1.0
    opened.idle.look()
    assert services.tidied == []
    for _ in range(5):
        clock.now += 1.0
        opened.idle.look()
        settle(qtbot, opened)
    assert len(services.tidied) == 3
    qtbot.keyClicks(opened.shell.page.edit, "x")
    clock.now += REST_SECONDS
    opened.idle.look()
    settle(qtbot, opened)
    assert len(services.tidied) == 4


def test_tidying_that_fails_is_in_the_log_and_is_not_tried_all_night(qtbot, opened, services, caplog):
    def fails(_office):
        services.tidied.append(_office)
        raise ZeroDivisionError("ours")

    object.__setattr__(opened._ports, "tidy", fails)
    clock = opened.idle._clock = Clock()
    opened.idle._last = 0.0
    for _ in range(3):
        clock.now += REST_SECONDS
        opened.idle.look()
        settle(qtbot, opened)
    assert len(services.tidied) == 1
    assert "ZeroDivisionError" in caplog.text


# --- the foot of the navigation ---------------------------------------------------------------------------------------


def test_the_foot_says_when_the_last_backup_was_and_what_is_not_handed_in(opened):
    assert foot_lines(opened) == ["已备份 今天 8:05", "未上报 14 条"]
    assert opened.shell.nav.model.counts == {"exchange": 14}


def test_the_foot_is_read_again_after_records_were_written(qtbot, opened, services):
    services.at_foot = Foot(datetime(2026, 3, 8, 17, 30), 15)
    opened.desk.tell_changed({"family"})
    qtbot.waitUntil(lambda: foot_lines(opened) == ["已备份 昨天 17:30", "未上报 15 条"])


@pytest.mark.parametrize(
    ("foot", "lines"),
    [
        (Foot(None, None), ["还没有备份过"]),
        (Foot(datetime(2026, 2, 1, 9, 0), 0), ["上次备份 2月1日 9:00"]),
        (Foot(datetime(2026, 3, 9, 9, 0), 0, "电脑日期可能不对。"), ["已备份 今天 9:00", "电脑日期可能不对。"]),
    ],
)
def test_what_is_odd_is_said_at_the_foot(qtbot, opened, services, foot, lines):
    services.at_foot = foot
    opened.desk.tell_changed()
    qtbot.waitUntil(lambda: foot_lines(opened) == lines)


def test_a_copy_of_the_records_is_said_when_it_is_opened(qtbot, open_window, workspace, services):
    services.office.is_copy = True
    made = open_window(workspace)
    unlock(qtbot, made)
    assert made.shell.line.words.text() == window.COPY


# --- one window a workspace -------------------------------------------------------------------------------------------

SECOND = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from fulian_desktop.ui.instance import Instance, summon
app = QApplication([])
folder = Path(sys.argv[1])
instance = Instance()
print("claimed" if instance.claim(folder) else ("answered" if summon(folder) else "alone"))
"""


def second_start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", SECOND, str(folder)], stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2] / "src",
    )


def test_a_second_start_brings_the_first_window_forward_and_gets_no_claim(qtbot, opened, workspace, monkeypatch):
    heard: list[str] = []
    opened.instance.summoned.connect(lambda: heard.append("forward"))
    opened.showMinimized()
    second = second_start(workspace)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert second.stdout.read() == "answered\n"
    second.stdout.close()
    qtbot.waitUntil(lambda: heard == ["forward"])
    assert not opened.isMinimized()
    assert opened.isVisible()


def test_after_the_window_is_closed_the_next_start_has_the_workspace(qtbot, opened, workspace):
    opened.close()
    second = second_start(workspace)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=20_000)
    assert second.stdout.read() == "claimed\n"
    second.stdout.close()


def test_what_another_window_has_open_is_not_opened_here_and_it_is_said(qtbot, open_window, workspace, services):
    other = Instance()
    assert other.claim(workspace)
    made = open_window(workspace)
    assert made.unlock.general.words.text() == window.IN_USE.text
    unlock(qtbot, made)
    assert services.asked == []
    assert made.unlock.general.words.text() == window.IN_USE.text
    other.release()
    unlock(qtbot, made)
    assert made.pages.currentWidget() is made.shell


def test_where_nobody_listens_nobody_answers(qapp, tmp_path: Path):
    assert summon(tmp_path) is False


# --- looks and memory -------------------------------------------------------------------------------------------------


def test_another_scale_builds_the_pages_anew_and_comes_back_to_the_settings(qtbot, qapp, opened, theme):
    before, width = opened.shell, opened.shell.nav.width()
    theme.set_scale(qapp, 1.5)
    assert opened.shell is not before
    assert opened.shell.page.place == "settings"
    assert opened.shell.nav.unit_name.font().pointSizeF() == pytest.approx(16.5)
    assert opened.pages.currentWidget() is opened.shell
    assert opened.shell.nav.width() != width
    settle(qtbot, opened)
    opened.lock()
    unlock(qtbot, opened)
    assert opened.pages.currentWidget() is opened.shell
    theme.set_scale(qapp, 1.0)


def test_who_takes_over_is_named_everywhere_at_once(qtbot, opened):
    opened.desk.handed_over.emit("李秀兰")
    settle(qtbot, opened)
    assert opened.shell.nav.person.text() == "李秀兰"
    assert opened.desk.person == "李秀兰"
    opened.lock()
    assert "李秀兰" in opened.unlock.below.text()


def test_a_page_that_may_not_be_left_keeps_the_window_open(qtbot, opened, services, monkeypatch):
    monkeypatch.setattr(opened.shell.page, "may_leave", lambda: False)
    assert not opened.close()
    assert not services.office.closed
    monkeypatch.setattr(opened.shell.page, "may_leave", lambda: True)
    assert opened.close()
    assert services.office.closed


def test_what_was_chosen_is_remembered_with_its_type(tmp_path: Path):
    memory = Memory(tmp_path / "window.ini")
    assert (memory.folder, memory.scale, memory.look, memory.idle_minutes) == (None, 1.0, Look.LIGHT, 15)
    memory.scale, memory.look, memory.idle_minutes = 1.25, Look.SYSTEM, 30
    memory.folder = tmp_path / "记录，一"
    memory.set("list/family/pinned", True)
    memory.set("list/family/width", 120)
    again = Memory(tmp_path / "window.ini")
    assert (again.scale, again.look, again.idle_minutes) == (1.25, Look.SYSTEM, 30)
    assert again.folder == tmp_path / "记录，一"
    assert again.get("list/family/pinned", False) is True
    assert again.get("list/family/width", 0) == 120
    assert again.get("list/family/order", "name") == "name"


@pytest.mark.parametrize(("name", "odd"), [("display/scale", "huge"), ("lock/idle-minutes", "x"), ("display/look", "pink")])
def test_a_settings_file_that_was_mended_by_hand_stops_nothing(tmp_path: Path, name: str, odd: str):
    memory = Memory(tmp_path / "window.ini")
    memory.set(name, odd)
    assert (memory.scale, memory.look, memory.idle_minutes) == (1.0, Look.LIGHT, 15)

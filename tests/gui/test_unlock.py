"""Unlocking with real keys: what a person types, and what the window answers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit
from tests.gui.fakes import PASSPHRASE, PERSON, FakeOffice, PlainPage

from fulian_desktop.errors import Damaged, InputProblem, machine_sentence
from fulian_desktop.ui import problems, shell, unlock
from fulian_desktop.ui.memory import Memory


@pytest.fixture(autouse=True)
def _plain_pages(monkeypatch) -> None:
    monkeypatch.setattr(shell, "make_page", PlainPage)


def settle(qtbot, window) -> None:
    qtbot.waitUntil(lambda: not window.runner.busy)


def type_passphrase(qtbot, window, text: str) -> None:
    # Chinese comes from an input method as one piece; Latin keys are pressed one by one.
    edit = window.unlock.passphrase_edit
    edit.clear()
    edit.insert(text) if not text.isascii() else qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    settle(qtbot, window)


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def test_a_wrong_passphrase_is_answered_under_the_field_and_nothing_opens(qtbot, open_window, workspace):
    window = open_window(workspace)
    type_passphrase(qtbot, window, "guess")
    assert window.pages.currentWidget() is window.unlock
    assert texts(window.unlock.passphrase) == ["密码", "密码不对。请再输一次；忘记了可以用恢复码打开。"]
    assert window.unlock.passphrase_edit.property("state") == "error"
    assert window.unlock.passphrase_edit.hasFocus()
    assert window.unlock.passphrase_edit.selectedText() != ""


def test_the_right_passphrase_opens_the_pages_of_the_office(qtbot, open_window, workspace, services):
    window = open_window(workspace)
    type_passphrase(qtbot, window, "guess")
    type_passphrase(qtbot, window, PASSPHRASE)
    assert window.pages.currentWidget() is window.shell
    assert window.shell.page.place == "home"
    assert {"柳树湾村妇联", PERSON} <= set(texts(window.shell.nav))
    assert window.windowTitle() == "妇联工作台 — 柳树湾村妇联"
    assert services.asked[-1] == (workspace, PASSPHRASE, PERSON)


def test_typing_takes_the_problem_away(qtbot, open_window, workspace):
    window = open_window(workspace)
    type_passphrase(qtbot, window, "guess")
    qtbot.keyClicks(window.unlock.passphrase_edit, "x")
    assert texts(window.unlock.passphrase) == ["密码"]
    assert window.unlock.passphrase_edit.property("state") == ""


def test_the_passphrase_is_forgotten_once_the_office_is_open(qtbot, open_window, workspace):
    window = open_window(workspace)
    type_passphrase(qtbot, window, PASSPHRASE)
    assert window.unlock.passphrase_edit.text() == ""


def test_enter_leads_from_the_folder_to_the_person_to_the_passphrase(qtbot, open_window, workspace):
    window = open_window()
    window.show_unlock()
    assert window.unlock.folder_edit.hasFocus()
    assert window.unlock.person.isHidden()
    window.unlock.folder_edit.insert(str(workspace))
    qtbot.keyClick(window.unlock.folder_edit, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert window.unlock.passphrase_edit.hasFocus()
    window.unlock.folder_edit.setFocus()
    qtbot.keyClick(window.unlock.folder_edit, Qt.Key.Key_Return)
    assert window.unlock.person_box.hasFocus()
    qtbot.keyClick(window.unlock.person_box, Qt.Key.Key_Return)
    assert window.unlock.passphrase_edit.hasFocus()


def test_the_persons_of_the_folder_can_be_chosen_with_the_keyboard(qtbot, open_window, workspace, services):
    window = open_window(workspace)
    box = window.unlock.person_box
    assert [box.itemText(row) for row in range(box.count())] == services.names
    qtbot.keyClick(box, Qt.Key.Key_Down)
    type_passphrase(qtbot, window, PASSPHRASE)
    assert services.asked[-1][2] == "赵素芳"
    assert window.pages.currentWidget() is window.unlock


def test_where_nobody_is_named_the_passphrase_alone_decides(qtbot, open_window, workspace, services):
    services.names = []
    window = open_window(workspace)
    assert window.unlock.person.isHidden()
    type_passphrase(qtbot, window, PASSPHRASE)
    assert services.asked[-1][2] is None
    assert window.pages.currentWidget() is window.shell


def test_a_folder_without_records_is_said_at_the_folder(qtbot, open_window, tmp_path):
    window = open_window(tmp_path)
    assert "这个文件夹里没有妇联工作台的数据。请换一个文件夹。" in texts(window.unlock.folder)


@pytest.mark.parametrize(
    ("folder", "passphrase", "field", "sentence"),
    [
        ("", "x", "folder", unlock.ASK_FOLDER),
        ("   ", "x", "folder", unlock.ASK_FOLDER),
        ("/no/such/folder", "x", "folder", unlock.NO_SUCH_FOLDER),
        (None, "", "passphrase", unlock.ASK_PASSPHRASE),
    ],
)
def test_what_is_not_filled_in_is_said_at_its_field(
    qtbot, open_window, workspace, services, folder, passphrase, field, sentence
):
    window = open_window(workspace)
    if folder is not None:
        window.unlock.folder_edit.setText(folder)
    type_passphrase(qtbot, window, passphrase)
    assert sentence in texts(getattr(window.unlock, field))
    assert services.asked == []


@pytest.mark.parametrize(
    ("error", "where", "sentence"),
    [
        (Damaged("钥匙文件损坏。下一步：用最近的备份恢复。"), "general", "钥匙文件损坏。下一步：用最近的备份恢复。"),
        (InputProblem("换一个文件夹。", "no-workspace"), "folder", "换一个文件夹。"),
        (PermissionError(13, "denied"), "general", machine_sentence(PermissionError(13, "denied"))),
        (OSError(9999, "odd"), "general", machine_sentence(OSError(9999, "odd"))),
        (ZeroDivisionError("ours"), "general", problems.OURS),
    ],
)
def test_each_family_of_errors_has_its_place_and_its_sentence(
    qtbot, open_window, workspace, services, caplog, error, where, sentence
):
    services.error = error
    window = open_window(workspace)
    type_passphrase(qtbot, window, PASSPHRASE)
    assert sentence in texts(getattr(window.unlock, where))
    assert window.unlock.open_button.isEnabled()
    assert ("ZeroDivisionError" in caplog.text) == isinstance(error, ZeroDivisionError)


def test_markup_in_names_and_sentences_is_shown_as_it_is(qtbot, open_window, workspace, services):
    services.office.unit_name = "<b>柳树湾</b> & [*]"
    services.names = ["<i>王</i>"]
    services.error = Damaged("<h1>大</h1>")
    window = open_window(workspace)
    type_passphrase(qtbot, window, PASSPHRASE)
    assert "<h1>大</h1>" in texts(window.unlock.general)
    services.error = None
    window.unlock.show_persons([])
    type_passphrase(qtbot, window, PASSPHRASE)
    assert "<b>柳树湾</b> & [*]" in texts(window.shell)
    labels = [*window.unlock.findChildren(QLabel), *window.shell.nav.findChildren(QLabel)]
    assert {label.textFormat() for label in labels if label.text()} == {Qt.TextFormat.PlainText}


def test_the_passphrase_is_hidden_until_asked_for(qtbot, open_window, workspace):
    window = open_window(workspace)
    edit = window.unlock.passphrase_edit
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    window.unlock.passphrase_edit.reveal.trigger()
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    window.unlock.passphrase_edit.reveal.trigger()
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_while_opening_the_fields_rest(qtbot, open_window, workspace, services, monkeypatch):
    window = open_window(workspace)
    go = threading.Event()
    monkeypatch.setattr(services, "open_office", lambda *_: go.wait(5) and services.office)
    object.__setattr__(window._ports, "open_office", services.open_office)
    window.unlock.passphrase_edit.insert(PASSPHRASE)
    qtbot.mouseClick(window.unlock.open_button, Qt.MouseButton.LeftButton)
    assert window.unlock.open_button.text() == unlock.OPENING
    assert not window.unlock.passphrase_edit.isEnabled()
    go.set()
    settle(qtbot, window)
    assert window.pages.currentWidget() is window.shell


def test_a_folder_can_be_chosen_in_a_dialog(qtbot, open_window, workspace, monkeypatch):
    window = open_window()
    window.show_unlock()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(workspace))
    qtbot.mouseClick(window.unlock.choose_button, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert window.unlock.folder_edit.text() == str(workspace)
    assert window.unlock.person_box.currentText() == PERSON
    assert window.unlock.passphrase_edit.hasFocus()


def test_the_folder_is_remembered_after_it_opened_and_not_before(qtbot, open_window, workspace, tmp_path):
    window = open_window()
    window.show_unlock()
    window.unlock.folder_edit.setText(str(workspace))
    type_passphrase(qtbot, window, "guess")
    assert Memory(tmp_path / "window.ini").folder is None
    type_passphrase(qtbot, window, PASSPHRASE)
    assert Memory(tmp_path / "window.ini").folder == Path(workspace)


def test_closing_the_window_closes_the_office_on_the_thread_that_opened_it(
    qtbot, open_window, workspace, services, monkeypatch
):
    threads: list[str] = []
    monkeypatch.setattr(services, "foot", lambda _office: threads.append(threading.current_thread().name) or services.at_foot)
    monkeypatch.setattr(services.office, "close", lambda: threads.append(threading.current_thread().name))
    window = open_window(workspace)
    type_passphrase(qtbot, window, PASSPHRASE)
    window.close()
    assert threads == ["jobs", "jobs"]


class BrokenOffice(FakeOffice):
    @property
    def unit_name(self) -> str:
        raise ZeroDivisionError

    @unit_name.setter
    def unit_name(self, name: str) -> None:
        self.called = name


def test_an_office_that_opens_but_cannot_be_read_is_closed(qtbot, open_window, workspace, services):
    services.office = BrokenOffice()
    window = open_window(workspace)
    type_passphrase(qtbot, window, PASSPHRASE)
    assert services.office.closed
    assert window.pages.currentWidget() is window.unlock
    assert problems.OURS in texts(window.unlock.general)

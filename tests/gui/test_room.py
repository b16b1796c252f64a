"""The rights room in the window: its door, its lists and forms, its lock; and what of a case is left behind: nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from tests.gui.conftest import wait_until_idle
from tests.gui.fakes import PASSPHRASE

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.services import rights
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record
from fulian_desktop.store import queries
from fulian_desktop.store.drafts import drafts
from fulian_desktop.ui import places
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form import FormPage
from fulian_desktop.ui.listing import ListPage
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.passphrases import PassphraseDialog
from fulian_desktop.ui.ports import services
from fulian_desktop.ui.preview import PreviewPage
from fulian_desktop.ui.room import DEEDS, RoomDoor
from fulian_desktop.ui.shell import Shell
from fulian_desktop.ui.window import MainWindow

SECOND = "second-secret"
CASE = {"appeal": "丈夫酗酒后多次殴打", "party": "赵某兰", "date": "2026-03-02", "channel": "来访", "category": "婚姻家庭",
        "handling": "调解", "number": "2026-01", "phone": "13903548761"}


@pytest.fixture
def with_room(village: Office) -> Office:
    """The village with a closed room that has a case."""
    rights.create_room(village, SECOND)
    assert village.room is not None
    add_record(village.room, "rights_case", CASE)
    rights.close_room(village)
    return village


@pytest.fixture
def make_shell(qtbot, desk: Desk) -> Iterator[Shell]:
    def make() -> Shell:
        shell = Shell(desk)
        qtbot.addWidget(shell)
        shell.resize(1366, 696)
        shell.show()
        qtbot.waitUntil(shell.isActiveWindow)
        return shell

    return make


def go(qtbot, shell: Shell, place: str, **about: object) -> None:
    shell.desk.go(place, about)
    wait_until_idle(qtbot, shell.desk)


def type_into(qtbot, widget: QWidget, text: str) -> None:
    widget.setFocus()
    qtbot.keyClicks(widget, text)


def open_door(qtbot, shell: Shell) -> ListPage:
    """Type the second passphrase; the list is there."""
    go(qtbot, shell, "list", nav="rights")
    door = shell.page
    assert isinstance(door, RoomDoor)
    type_into(qtbot, door.passphrase_edit, SECOND)
    qtbot.keyClick(door.passphrase_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: isinstance(shell.page, ListPage))
    wait_until_idle(qtbot, shell.desk)
    page = shell.page
    assert isinstance(page, ListPage)
    return page


def words_of(shell: Shell) -> str:
    """Everything that can be read in the window, seen or not."""
    labels = [label.text() for label in shell.findChildren(QLabel)]
    names = [widget.accessibleName() + widget.toolTip() for widget in shell.findChildren(QWidget)]
    return "\n".join([*labels, *names, shell.window().windowTitle()])


def test_the_navigation_has_rights_and_shows_a_door_while_the_room_is_closed(qtbot, with_room, make_shell):
    shell = make_shell()
    go(qtbot, shell, "list", nav="rights")
    door = shell.page
    assert isinstance(door, RoomDoor)
    assert door.title_words.text() == "维权档案室锁着"
    assert door.passphrase_edit.hasFocus()
    assert "赵某兰" not in words_of(shell)


def test_a_wrong_second_passphrase_is_said_at_its_field(qtbot, with_room, make_shell):
    shell = make_shell()
    go(qtbot, shell, "list", nav="rights")
    door = shell.page
    door.passphrase_edit.setText(PASSPHRASE)
    qtbot.keyClick(door.passphrase_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(door.passphrase_edit.accessibleDescription()))
    assert "第二密码不对" in door.passphrase_edit.accessibleDescription()
    assert door.passphrase_edit.hasFocus()
    assert door.open_button.isEnabled()
    assert shell.desk.room is None


def test_nothing_typed_is_said_at_the_field_too(qtbot, with_room, make_shell):
    shell = make_shell()
    go(qtbot, shell, "list", nav="rights")
    qtbot.keyClick(shell.page.passphrase_edit, Qt.Key.Key_Return)
    assert "还没有填第二密码" in shell.page.passphrase_edit.accessibleDescription()


def test_the_other_lists_of_the_item_stay_reachable_while_the_room_is_closed(qtbot, with_room, make_shell):
    shell = make_shell()
    go(qtbot, shell, "list", nav="rights", kind="issue")
    page = shell.page
    assert isinstance(page, ListPage)
    assert [kind.code for kind in page.kinds] == ["issue"]
    assert page.strip is None
    page.chips["rights_case"].click()
    wait_until_idle(qtbot, shell.desk)
    assert isinstance(shell.page, RoomDoor)


def test_behind_the_door_are_the_cases_as_in_any_list(qtbot, with_room, make_shell):
    shell = make_shell()
    page = open_door(qtbot, shell)
    assert page.shown.kind.code == "rights_case"
    assert page.shown.model.rowCount() == 1
    assert page.strip.isVisible()
    page.chips["issue"].click()
    wait_until_idle(qtbot, shell.desk)
    assert page.shown.kind.code == "issue"
    assert not page.strip.isVisible()
    assert page.desk is shell.desk


def test_a_case_is_entered_by_its_form_into_the_room_alone(qtbot, with_room, make_shell):
    shell = make_shell()
    page = open_door(qtbot, shell)
    page.begin()
    wait_until_idle(qtbot, shell.desk)
    form = shell.page
    assert isinstance(form, FormPage)
    assert form.desk is shell.desk.room
    assert form.photos is None
    form.fields.put({"appeal": "要求离婚", "party": "钱某英", "date": "2026.3.5", "channel": "call"})
    form.drafts.typed()
    form.drafts._keep()
    wait_until_idle(qtbot, shell.desk)
    assert drafts(with_room.workspace) == []
    assert [one["kind"] for one in drafts(with_room.room.workspace)] == ["rights_case"]
    form.save()
    qtbot.waitUntil(lambda: isinstance(shell.page, ListPage))
    wait_until_idle(qtbot, shell.desk)
    found = list(queries.list_rows(with_room.room.workspace.db, kind_of("rights_case")))
    assert {row.flat["party"] for row in found} == {"赵某兰", "钱某英"}
    assert drafts(with_room.room.workspace) == []
    assert "钱某英" not in shell.line.words.text()
    assert shell.line.words.text().startswith("已保存：维权案件")


def test_locking_throws_the_pages_of_the_room_away_and_leaves_nothing_of_a_case(qtbot, with_room, make_shell, tmp_path):
    shell = make_shell()
    page = open_door(qtbot, shell)
    page.open_row(0)
    wait_until_idle(qtbot, shell.desk)
    assert isinstance(shell.page, FormPage)
    assert "赵某兰" in "".join(str(editor.value()) for editor in shell.page.editors.values())
    qtbot.keyClick(shell, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: with_room.room is None)
    wait_until_idle(qtbot, shell.desk)
    QApplication.sendPostedEvents(None, 0)
    QApplication.processEvents()
    assert isinstance(shell.page, RoomDoor)
    assert shell.desk.room is None
    assert "赵某兰" not in words_of(shell)
    shell.back()
    wait_until_idle(qtbot, shell.desk)
    assert not isinstance(shell.page, FormPage)
    for kept in tmp_path.glob("*.ini"):
        assert "赵某兰" not in kept.read_text("utf-8")
        assert "酗酒" not in kept.read_text("utf-8")


def test_what_is_typed_when_the_room_is_locked_is_a_draft_in_it(qtbot, with_room, make_shell):
    shell = make_shell()
    page = open_door(qtbot, shell)
    page.begin()
    wait_until_idle(qtbot, shell.desk)
    shell.page.fields.put({"party": "孙某"})
    shell.page.drafts.typed()
    shell.lock_room()
    wait_until_idle(qtbot, shell.desk)
    assert with_room.room is None
    assert drafts(with_room.workspace) == []
    inner = rights.open_room(with_room, SECOND)
    assert [one["entries"].get("party") for one in drafts(inner.workspace)] == ["孙某"]


def test_a_room_is_made_at_the_door_and_its_recovery_code_is_shown_once(qtbot, village, make_shell):
    shell = make_shell()
    go(qtbot, shell, "list", nav="rights")
    door = shell.page
    assert door.title_words.text() == "还没有维权档案室"
    for edit in (door.new.first_edit, door.new.again_edit):
        type_into(qtbot, edit, SECOND)
    qtbot.keyClick(door.new.again_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: door.code_card is not None)
    assert door.new.text == ""
    qtbot.keyClick(door.code_card, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(shell.page, ListPage))
    wait_until_idle(qtbot, shell.desk)
    assert shell.page.shown.kind.code == "rights_case"
    assert village.room is not None


def test_the_passphrase_of_the_workspace_is_refused_for_the_room(qtbot, village, make_shell):
    shell = make_shell()
    go(qtbot, shell, "list", nav="rights")
    door = shell.page
    for edit in (door.new.first_edit, door.new.again_edit):
        edit.setText(PASSPHRASE)
    door.make()
    qtbot.waitUntil(lambda: bool(door.new.first_edit.accessibleDescription()))
    assert "不能和打开工作台的密码一样" in door.new.first_edit.accessibleDescription()
    assert not rights.has_room(village)


def test_protection_orders_that_end_soon_are_a_task_of_the_room(qtbot, with_room, make_shell):
    inner = rights.open_room(with_room, SECOND)
    for number, end in (("2026-02", "2026-03-20"), ("2026-03", "2026-03-01"), ("2026-04", "2026-09-01")):
        add_record(inner, "rights_case", {**CASE, "number": number, "order_asked_date": "2025-10-01",
                                          "order_issued_date": "2025-10-03", "order_ends_date": end})
    rights.close_room(with_room)
    shell = make_shell()
    page = open_door(qtbot, shell)
    assert page.strip.words.text() == "1 件的保护令 30 天内到期，1 件的保护令刚过期。"
    page.strip._open_case(page.strip._ending[1])
    wait_until_idle(qtbot, shell.desk)
    assert isinstance(shell.page, FormPage)
    assert shell.page.start.flat["number"] == "2026-02"


def test_the_figures_of_the_room_are_looked_at_on_paper(qtbot, with_room, make_shell):
    shell = make_shell()
    page = open_door(qtbot, shell)
    page.strip.show_figures(2026)
    qtbot.waitUntil(lambda: isinstance(shell.page, PreviewPage) and shell.page.made is not None, timeout=15_000)
    assert shell.page.made.pdf.startswith(b"%PDF")
    assert shell.page.excel.isVisible()


def test_cases_go_up_only_when_the_box_is_ticked_and_there_is_one_only_while_the_room_is_open(qtbot, with_room, make_shell):
    shell = make_shell()
    go(qtbot, shell, "exchange")
    assert shell.page.writer.option.isHidden()
    open_door(qtbot, shell)
    go(qtbot, shell, "exchange")
    assert not shell.page.writer.option.isHidden()
    assert not shell.page.writer.option.isChecked()


def test_a_list_behind_the_door_is_asked_for_by_its_kind():
    assert places.is_behind_the_door({"nav": "rights"})
    assert places.is_behind_the_door({"nav": "rights", "kind": "rights_case"})
    assert not places.is_behind_the_door({"nav": "rights", "kind": "issue"})
    assert not places.is_behind_the_door({"nav": "activity"})


def test_the_door_fits_a_small_window(qtbot, with_room, make_shell, tmp_path: Path):
    shell = make_shell()
    shell.resize(760, 480)
    go(qtbot, shell, "list", nav="rights")
    assert shell.page.passphrase_edit.isVisible()


def test_the_room_is_locked_with_the_window(qtbot, theme, with_room, tmp_path):
    folder = with_room.workspace.folder
    with_room.close()
    memory = Memory(tmp_path / "window.ini")
    memory.folder = folder
    window = MainWindow(theme, services(), memory, version="0.1.0", today=lambda: date(2026, 3, 9))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.unlock.person_box.count() == 1, timeout=10_000)
    window.unlock.passphrase_edit.insert(PASSPHRASE)
    qtbot.keyClick(window.unlock.passphrase_edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.shell is not None, timeout=10_000)
    wait_until_idle(qtbot, window.desk)
    page = open_door(qtbot, window.shell)
    page.open_row(0)
    wait_until_idle(qtbot, window.desk)
    office = window._who.office
    assert office.room is not None
    window.lock()
    assert window.pages.currentWidget() is window.unlock
    qtbot.waitUntil(lambda: office.room is None and not window.runner.busy, timeout=10_000)
    assert window.desk.room is None
    assert isinstance(window.shell.page, RoomDoor)
    assert "2026-01" not in window.windowTitle()
    window.close()


def test_the_second_passphrase_is_changed_from_the_strip(qtbot, with_room, make_shell):
    shell = make_shell()
    page = open_door(qtbot, shell)
    page.strip._open_deed(DEEDS[0])
    dialog = shell.findChild(PassphraseDialog)
    dialog.present_edit.setText(SECOND)
    dialog.new.first_edit.setText("another-second")
    dialog.new.again_edit.setText("another-second")
    dialog.do_button.click()
    qtbot.waitUntil(lambda: shell.line.words.text().startswith("第二密码改好了"), timeout=10_000)
    wait_until_idle(qtbot, shell.desk)
    shell.lock_room()
    wait_until_idle(qtbot, shell.desk)
    rights.open_room(with_room, "another-second")

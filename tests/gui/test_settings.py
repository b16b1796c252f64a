"""The settings page over a real office: looks, passphrases, backups, the check, the log of what was done."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel
from shiboken6 import isValid
from tests.gui.conftest import wait_until_idle
from tests.gui.fakes import PASSPHRASE, PERSON

from fulian_desktop.errors import WrongPassphrase
from fulian_desktop.services.office import open_office
from fulian_desktop.ui.memory import Look
from fulian_desktop.ui.passphrases import PassphraseDialog
from fulian_desktop.ui.recovery import RecoverySheet
from fulian_desktop.ui.settings import SettingsPage
from fulian_desktop.ui.tokens import DARK, LIGHT

NEW = "new willow 27"


@pytest.fixture
def page(qtbot, desk) -> SettingsPage:
    made = SettingsPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    made.opened({})
    wait_until_idle(qtbot, desk)
    return made


@pytest.fixture
def said(desk) -> list[str]:
    heard: list[str] = []
    desk.said.connect(lambda one: heard.append(one.text))
    return heard


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible() and label.text()]


def log_of(page: SettingsPage) -> list[str]:
    return [page.log.item(row, 2).text() for row in range(page.log.rowCount())]


def dialog(qtbot, page: SettingsPage, title: str) -> PassphraseDialog:
    qtbot.mouseClick(page.deed_buttons[title], Qt.MouseButton.LeftButton)
    (opened,) = page.findChildren(QDialog)
    qtbot.waitUntil(opened.isActiveWindow)
    return opened


def fill(qtbot, opened: PassphraseDialog, *, present: str = PASSPHRASE, person: str = "", new: str = NEW) -> None:
    opened.present_edit.clear()
    opened.present_edit.insert(present)
    opened.person_edit.setText(person)
    opened.new.first_edit.setText(new)
    opened.new.again_edit.setText(new)
    qtbot.keyClick(opened.new.again_edit, Qt.Key.Key_Return)


# --- looks -----------------------------------------------------------------------------------------------------------


def test_a_scale_holds_at_once_and_is_remembered(qtbot, qapp, page, desk):
    with qtbot.waitSignal(desk.theme.rescaled):
        qtbot.mouseClick(page.scale_chips[1.25], Qt.MouseButton.LeftButton)
    assert desk.theme.scale == 1.25
    assert desk.memory.scale == 1.25
    assert qapp.font().pointSizeF() == pytest.approx(11 * 1.25)
    assert [scale for scale, chip in page.scale_chips.items() if chip.isChecked()] == [1.25]
    desk.theme.set_scale(qapp, 1.0)


def test_light_and_dark_change_at_once_and_the_system_is_followed_only_when_chosen(qtbot, qapp, page, desk):
    qtbot.keyClick(page.look_chips[Look.DARK], Qt.Key.Key_Space)
    assert desk.theme.tokens is DARK
    assert desk.memory.look is Look.DARK
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert desk.theme.tokens is DARK
    qtbot.keyClick(page.look_chips[Look.SYSTEM], Qt.Key.Key_Space)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert desk.theme.tokens is DARK
    qtbot.keyClick(page.look_chips[Look.LIGHT], Qt.Key.Key_Space)
    assert desk.theme.tokens is LIGHT
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert desk.theme.tokens is LIGHT


def test_after_how_long_to_lock_is_chosen_with_a_click(qtbot, page, desk, said):
    qtbot.mouseClick(page.idle_chips[30], Qt.MouseButton.LeftButton)
    assert desk.memory.idle_minutes == 30
    assert said == ["30 分钟没有动键盘和鼠标，就会锁上。"]


def test_every_control_says_what_it_is(page):
    assert page.scale_chips[1.5].accessibleName() == "字的大小 150%"
    assert page.first_focus() is page.scale_chips[1.0]
    assert {label.textFormat() for label in page.findChildren(QLabel) if label.text()} == {Qt.TextFormat.PlainText}


# --- who may open it -------------------------------------------------------------------------------------------------


def test_the_passphrase_is_changed_only_after_the_present_one(qtbot, page, desk, village, said):
    opened = dialog(qtbot, page, "修改密码")
    fill(qtbot, opened, present="guess")
    wait_until_idle(qtbot, desk)
    assert opened.present.problem.words.text().startswith("密码不对")
    fill(qtbot, opened)
    wait_until_idle(qtbot, desk)
    assert said[-1] == "密码改好了，下次打开用新密码。"
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert log_of(page)[0] == "修改密码"
    folder = village.workspace.folder
    with pytest.raises(WrongPassphrase):
        open_office(folder, PASSPHRASE)
    open_office(folder, NEW).close()


def test_a_new_passphrase_that_differs_the_second_time_changes_nothing(qtbot, page, desk, village):
    opened = dialog(qtbot, page, "修改密码")
    opened.present_edit.insert(PASSPHRASE)
    opened.new.first_edit.setText(NEW)
    opened.new.again_edit.setText(NEW + "x")
    qtbot.mouseClick(opened.do_button, Qt.MouseButton.LeftButton)
    assert opened.new.again.problem.words.text() == "两次填的密码不一样，请再填一次。"
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, desk)
    open_office(village.workspace.folder, PASSPHRASE).close()


def test_whoever_takes_over_gets_in_and_the_old_passphrase_opens_nothing(qtbot, page, desk, village):
    heard: list[str] = []
    desk.handed_over.connect(heard.append)
    opened = dialog(qtbot, page, "换人")
    fill(qtbot, opened, person="李秀兰")
    wait_until_idle(qtbot, desk)
    (sheet,) = opened.findChildren(RecoverySheet)
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert opened.isVisible()
    code = sheet.code
    qtbot.mouseClick(sheet.kept_button, Qt.MouseButton.LeftButton)
    assert heard == ["李秀兰"]
    folder = village.workspace.folder
    with pytest.raises(WrongPassphrase):
        open_office(folder, PASSPHRASE)
    for secret in (NEW, code):
        with open_office(folder, secret) as office:
            assert office.person == "李秀兰"


def test_another_person_is_let_in_with_a_passphrase_of_her_own(qtbot, page, desk, village):
    fill(qtbot, dialog(qtbot, page, "增加使用人"), person="李秀兰")
    wait_until_idle(qtbot, desk)
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert page.persons.text() == f"能打开的人：{'、'.join(sorted([PERSON, '李秀兰']))}"
    open_office(village.workspace.folder, NEW, "李秀兰").close()
    open_office(village.workspace.folder, PASSPHRASE, PERSON).close()


def test_a_new_recovery_code_is_shown_once_and_opens(qtbot, page, desk, village):
    opened = dialog(qtbot, page, "重新做恢复码")
    assert not opened.new.isVisible()
    opened.present_edit.insert(PASSPHRASE)
    qtbot.keyClick(opened.present_edit, Qt.Key.Key_Return)
    wait_until_idle(qtbot, desk)
    (sheet,) = opened.findChildren(RecoverySheet)
    code = sheet.code
    qtbot.waitUntil(lambda: sheet.height() >= sheet.layout().minimumHeightForWidth(sheet.width()))  # nothing is squeezed
    qtbot.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not isValid(opened))
    open_office(village.workspace.folder, code).close()


# --- backups and the check -------------------------------------------------------------------------------------------


def test_a_backup_is_made_with_one_key_and_stands_in_the_list(qtbot, page, desk, village, said):
    assert page.backups.text() == "还没有备份过。"
    qtbot.keyClick(page, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, desk)
    assert said[-1].startswith("备份好了")
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert "自己备份" in page.backups.text()
    assert log_of(page)[0].startswith("备份到")
    assert len(list((village.workspace.folder / "backups").glob("*.flbak"))) == 1
    assert page.back_up_button.isEnabled()


def test_a_backup_to_a_stick_is_written_where_it_was_asked_for_and_a_used_name_is_refused(
    qtbot, page, desk, said, monkeypatch, tmp_path: Path
):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "stick"), ""))
    qtbot.mouseClick(page.stick_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert (tmp_path / "stick.flbak").is_file()
    assert "可以拔出 U 盘" in said[-1]
    qtbot.mouseClick(page.stick_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert said[-1] == "这个文件名已经有了。请换一个名字。"
    assert page.stick_button.isEnabled()


def test_the_folder_of_the_backups_is_opened_or_it_is_said_that_there_is_none(qtbot, page, desk, village, said, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    qtbot.mouseClick(page.folder_button, Qt.MouseButton.LeftButton)
    assert opened == []
    assert said[-1] == "还没有备份过，没有文件夹可以打开。"
    page.back_up_button.click()
    wait_until_idle(qtbot, desk)
    qtbot.mouseClick(page.folder_button, Qt.MouseButton.LeftButton)
    assert opened == [str(village.workspace.folder / "backups")]


def test_a_check_of_sound_records_says_how_many_it_looked_at(qtbot, page, desk):
    qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert page.check_result.isVisible()
    assert page.check_result.words.text().startswith("核对过了，7 条记录、7 处改动都对")
    assert page.check_button.isEnabled()


def test_a_check_that_finds_something_says_what_to_do(qtbot, page, desk, monkeypatch):
    from fulian_desktop.services import upkeep

    problems = [{"code": "row-missing", "record": "", "text": "重建后会恢复。"}]
    found = {"ok": False, "records": 7, "changes": 7, "digest": "", "problems": problems}
    monkeypatch.setattr(upkeep, "check", lambda *_args, **_more: found)
    qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert page.check_result.words.text() == "有 1 处不对：\n重建后会恢复。"
    assert page.check_result.property("tone") == "error"


def test_the_unit_names_are_a_list_of_their_own(qtbot, page, desk):
    went: list[tuple[str, object]] = []
    desk.went.connect(lambda place, about: went.append((place, about)))
    qtbot.mouseClick(page.units_button, Qt.MouseButton.LeftButton)
    assert went == [("list", {"nav": "settings", "kind": "unit_name"})]


def test_the_page_says_where_the_records_lie_and_which_program_this_is(page, village):
    assert str(village.workspace.folder) in page.about.text()
    assert "柳树湾村妇联（140702101201）" in page.about.text()
    assert "版本" in page.about.text()


def test_records_in_a_synced_folder_are_warned_of(qtbot, page, desk, monkeypatch):
    from fulian_desktop.services import keeping

    assert not page.place_warning.isVisible()
    monkeypatch.setattr(keeping, "folder_warning", lambda _folder: "这个文件夹会被网盘同步。")
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert page.place_warning.isVisible()
    assert "这个文件夹会被网盘同步。" in texts(page)


def test_a_check_is_stopped_with_esc_and_says_so(qtbot, page, desk, monkeypatch):
    from fulian_desktop.services import upkeep

    def endless(_office, progress):
        step = 0
        while True:
            step += 1
            progress.step(step, step + 1, "核对")

    monkeypatch.setattr(upkeep, "check", endless)
    qtbot.mouseClick(page.check_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(page.check_pane.isVisible)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, desk)
    assert page.check_result.words.text() == "停下了，没有核对完。"
    assert page.check_button.isEnabled()
    assert page.check_pane.isHidden()


def test_in_a_narrow_window_the_cards_stand_one_under_the_other(qtbot, page):
    wide = page.stick_button.mapTo(page, page.stick_button.rect().topLeft()).x()
    page.resize(700, 696)
    qtbot.waitUntil(lambda: page.stick_button.mapTo(page, page.stick_button.rect().topLeft()).x() < wide)

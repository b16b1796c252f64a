"""What an office issues, in the window: made in 设置, in force in the lists and forms at once."""

from __future__ import annotations

import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from tests.builders import COUNTY, TOWN, VILLAGE
from tests.e2e.builders import a_country, a_county
from tests.gui.conftest import wait_until_idle

from fulian_desktop.services.listing import list_records, show_record
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form import FormPage
from fulian_desktop.ui.listing import ListPage
from fulian_desktop.ui.settings import SettingsPage
from fulian_desktop.ui.shell import Shell

DANCE = {"label": "广场舞队", "kinds": "活动", "type": "文字", "column": "是"}


@pytest.fixture
def shell(qtbot, desk: Desk) -> Shell:
    made = Shell(desk)
    qtbot.addWidget(made)
    made.resize(1366, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def go(qtbot, shell: Shell, place: str, **about: object) -> object:
    shell.desk.go(place, about)
    wait_until_idle(qtbot, shell.desk)
    return shell.page


def columns(shell: Shell) -> list[str]:
    page = shell.page
    assert isinstance(page, ListPage)
    return [column.name for column in page.shown.columns]


def test_a_field_made_in_the_settings_is_at_once_in_the_list_that_was_open_before(qtbot, shell: Shell, desk: Desk, village):
    go(qtbot, shell, "list", nav="activity", kind="activity")
    assert "x_gcwd" not in columns(shell)
    settings = go(qtbot, shell, "settings", nav="settings")
    assert isinstance(settings, SettingsPage)
    qtbot.mouseClick(settings.rule_buttons["issued_field"], Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    page = shell.page
    assert isinstance(page, ListPage)
    assert page.shown.kind.code == "issued_field"
    qtbot.keyClick(page.shown, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: isinstance(shell.page, FormPage) and shell.page.fields is not None)
    form = shell.page
    assert isinstance(form, FormPage)
    form.fields.put({"label": "广场舞队", "kinds": ["activity"], "type": "text", "column": True})
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "x_gcwd" in desk.kinds.of("activity").flat)
    wait_until_idle(qtbot, desk)
    assert village.kinds is desk.kinds
    go(qtbot, shell, "list", nav="activity", kind="activity")
    assert "x_gcwd" in columns(shell)


def test_the_form_asks_for_an_issued_field_and_the_list_and_details_show_what_was_typed(qtbot, shell: Shell, desk: Desk, village):
    add_record(village, "issued_field", DANCE)
    add_record(village, "issued_code", {"label": "广场舞", "extends": "activity__category"})
    desk.tell_changed({"issued_field"})
    wait_until_idle(qtbot, desk)
    form = go(qtbot, shell, "form", nav="activity", kind="activity")
    assert isinstance(form, FormPage)
    qtbot.waitUntil(lambda: form.fields is not None)
    line = form.fields.editors["x_gcwd"].targets()[0]
    assert isinstance(line, QLineEdit)
    assert line.accessibleName() == "广场舞队"
    form.fields.put({"title": "yangge", "category": f"{village.unit}:gcw", "date": "3.8"})
    line.setFocus()
    qtbot.keyClicks(line, "dongfeng")
    qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(list_records(village, "activity", where={"x_gcwd": "dongfeng"})))
    wait_until_idle(qtbot, desk)
    page = go(qtbot, shell, "list", nav="activity", kind="activity", search="yangge")
    assert isinstance(page, ListPage)
    qtbot.waitUntil(lambda: page.shown.model.rowCount() == 1)
    place = next(i for i, c in enumerate(page.shown.model.columns) if c.name == "x_gcwd")
    assert page.shown.model.index(0, place).data() == "dongfeng"
    offered = page.shown.kind.flat["category"].type.codes.offered
    assert offered[f"{village.unit}:gcw"] == "广场舞"


def test_a_code_that_has_not_come_or_was_taken_back_stays_when_the_form_is_saved(qtbot, shell: Shell, desk: Desk, village):
    made = add_record(village, "issued_code", {"label": "广场舞", "extends": "activity__category"})
    add_record(village, "issued_field", {**DANCE, "label": "舞种", "type": "选几项", "choices": [{"label": "秧歌"}]})
    (choice,) = village.kinds.of("activity").flat["x_wz"].type.codes
    kept = {"category": "140702000000:later", "x_wz": ["140702000000:other", choice]}
    record = add_record(village, "activity", {"title": "秧歌赛", "date": "3.8", **kept}).id
    edit_record(village, made.id, {"withdrawn": True})
    desk.tell_changed()
    wait_until_idle(qtbot, desk)
    for category in (kept["category"], f"{village.unit}:gcw"):
        edit_record(village, record, {"category": category})
        form = go(qtbot, shell, "form", nav="activity", record=record, unit=village.unit)
        assert isinstance(form, FormPage)
        qtbot.waitUntil(lambda form=form: form.fields is not None)
        assert form.entries() == {}
        form.fields.put({"place": "cunweihui"})
        qtbot.mouseClick(form.save_button, Qt.MouseButton.LeftButton)
        wait_until_idle(qtbot, desk)
        values = show_record(village, record)["values"]
        assert (values["category"], values["x_wz"]) == (category, sorted(kept["x_wz"]))
        assert "remarks" not in values


def test_a_list_that_is_shown_keeps_how_it_was_narrowed_when_a_field_arrives(qtbot, shell: Shell, desk: Desk, village):
    page = go(qtbot, shell, "list", nav="activity", kind="activity", search="普法")
    assert isinstance(page, ListPage)
    before = page.shown
    add_record(village, "issued_field", DANCE)
    desk.tell_changed()
    wait_until_idle(qtbot, desk)
    assert page.shown is not before
    assert page.shown.filters.search.text() == "普法"
    assert "x_gcwd" in columns(shell)
    assert page.shown.model.rowCount() == 2
    again = page.shown
    desk.tell_changed()
    wait_until_idle(qtbot, desk)
    assert page.shown is again


def test_a_village_sees_what_the_county_issued_and_cannot_write_it(qtbot, make_desk, tmp_path):
    with a_country(tmp_path) as country:
        county = a_county(country)
        made = add_record(county, "issued_field", DANCE)
        for sender, receiver in ((COUNTY, TOWN), (TOWN, VILLAGE)):
            country.carry(country[sender], country[receiver])
        desk = make_desk(country[VILLAGE])
        shell = Shell(desk)
        qtbot.addWidget(shell)
        shell.show()
        form = go(qtbot, shell, "form", nav="settings", kind="issued_field", record=made.id, unit=COUNTY)
        assert isinstance(form, FormPage)
        assert form.start is not None
        assert form.start.whole
        assert not form.save_button.isVisible()
        shell.close()


@pytest.mark.parametrize(("late", "due", "words"), [
    (3, datetime.date(2026, 3, 5), "逾期 3 天"), (0, datetime.date(2026, 3, 15), "待报，3月15日截止"), (0, None, "从没报过"),
])
def test_the_roll_call_says_by_when_and_how_late(late, due, words):
    from fulian_desktop.services.board import State, UnitCard
    from fulian_desktop.ui.roll_board import state_words

    card = UnitCard(COUNTY, "", State.MISSING, None, None, None, True, 0, (), due, late)
    assert state_words(card) == words

"""转到别的单位, from the list of a township: chosen under ⋯, done as one act, taken back by one key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from tests.builders import SIBLING, VILLAGE, a_township
from tests.gui.conftest import wait_until_idle

from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.listing import ListPage

WORD = "转到别的单位"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "town") as office:
        for code, name in ((VILLAGE, "柳树湾村妇联"), (SIBLING, "杏花村妇联")):
            add_unit(office, code, name)
        for head in ("王芳", "李秀兰"):
            add_record(office, "family", {"head": head, "address": "1组"}, unit=VILLAGE)
        yield office


@pytest.fixture
def show(qtbot, make_desk) -> Callable[..., tuple[Desk, ListPage]]:
    def show_one(office: Office, **about: Any) -> tuple[Desk, ListPage]:
        desk: Desk = make_desk(office)
        page = ListPage(desk)
        qtbot.addWidget(page)
        desk.changed.connect(page.refresh)
        page.resize(1182, 696)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({"nav": "family", "kind": "family", **about})
        wait_until_idle(qtbot, desk)
        qtbot.waitUntil(lambda: page.shown.details.row is not None or not page.shown.model.rowCount())
        return desk, page

    return show_one


def action(page: ListPage) -> QAction | None:
    pane = page.shown.details
    return next((one for one in pane.menu(pane.row, revealed=False).actions() if one.text() == WORD), None)


def units(office: Office) -> list[str]:
    return sorted(row["unit"] for row in list_records(office, "family"))


def test_a_record_goes_where_one_chooses_and_comes_back_by_one_key(qtbot, town: Office, show) -> None:
    desk, page = show(town)
    said: list[str] = []
    desk.said.connect(lambda one: said.append(one.text))
    page.shown.view.go_to(0)
    chosen = action(page)
    assert chosen is not None
    chosen.trigger()
    chooser = page.findChild(ChoiceList)
    qtbot.waitUntil(chooser.list.hasFocus)
    words = [chooser.list.item(row).text() for row in range(chooser.list.count())]
    assert "柳树湾村" not in words
    chooser.list.setCurrentRow(words.index("杏花村"))
    qtbot.keyClick(chooser.list, Qt.Key.Key_Return)
    wait_until_idle(qtbot, desk)
    assert said == ["已把 1 户转到杏花村。"]
    assert units(town) == [VILLAGE, SIBLING]
    page.shown.view.setFocus()
    qtbot.keyClick(page.shown.view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, desk)
    assert units(town) == [VILLAGE, VILLAGE]


def test_escape_leaves_everything_where_it_is(qtbot, town: Office, show) -> None:
    _desk, page = show(town)
    page.shown.view.go_to(0)
    action(page).trigger()
    chooser = page.findChild(ChoiceList)
    qtbot.waitUntil(chooser.list.hasFocus)
    qtbot.keyClick(chooser.list, Qt.Key.Key_Escape)
    assert chooser.isHidden()
    assert units(town) == [VILLAGE, VILLAGE]


def test_a_village_has_nowhere_to_send_a_record(qtbot, village: Office, show) -> None:
    _desk, page = show(village)
    page.shown.view.go_to(0)
    assert action(page) is None


def test_what_a_unit_has_one_of_stays_there(qtbot, town: Office, show) -> None:
    add_record(town, "unit_profile", {"year": 2025, "population": 1200}, unit=VILLAGE)
    _desk, page = show(town, nav="organisation", kind="unit_profile")
    page.shown.view.go_to(0)
    assert action(page) is None

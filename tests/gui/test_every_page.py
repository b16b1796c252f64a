"""What holds of every page of the window, over a real workspace: worked by keyboard alone, named, in Chinese, not cut."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import QWidget
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.ui.shell import Shell

PAGES = [
    ("home", {}), *[("list", {"nav": kind.nav, "kind": kind.code}) for kind in all_kinds()],
    *[("form", {"nav": kind.nav, "kind": kind.code}) for kind in all_kinds()],
    ("exchange", {}), ("roll-call", {}), ("conflicts", {}), ("duplicates", {}), ("reports", {}), ("assessment", {}),
    ("figures", {"nav": "reports"}), ("settings", {}),
    ("sheet", {"kind": "family", "text": "户主姓名\t联系电话\n赵素芳\t13800135721\n"}),
]
NAMES = [f"{place} {about.get('kind', '')}".strip() for place, about in PAGES]


@pytest.fixture
def window(qtbot, desk) -> Shell:
    made = Shell(desk)
    qtbot.addWidget(made)
    made.resize(1366, 696)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def _open(qtbot, window: Shell, place: str, about: dict) -> QWidget:
    window.desk.go(place, about)
    wait_until_idle(qtbot, window.desk)
    walk.settle()
    wait_until_idle(qtbot, window.desk)
    assert window.page is not None
    return window.page


class _Watch(QObject):
    """Remembers every widget that was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.flashed: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.flashed.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.mark.parametrize(("place", "about"), PAGES, ids=NAMES)
def test_no_part_of_a_page_flashes_as_a_window_of_its_own(qtbot, qapp, window, place, about):
    watch = _Watch()
    qapp.installEventFilter(watch)
    _open(qtbot, window, place, about)
    qapp.removeEventFilter(watch)
    assert watch.flashed == []


@pytest.mark.parametrize(("place", "about"), PAGES, ids=NAMES)
def test_every_input_has_a_name(qtbot, window, place, about):
    page = _open(qtbot, window, place, about)
    assert walk.inputs(page)
    assert walk.without_a_name(page) == []


@pytest.mark.parametrize(("place", "about"), PAGES, ids=NAMES)
def test_tab_goes_as_one_reads_and_reaches_everything(qtbot, window, place, about):
    page = _open(qtbot, window, place, about)
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))


@pytest.mark.parametrize(("place", "about"), PAGES, ids=NAMES)
def test_all_words_are_chinese_and_shown_as_they_are(qtbot, window, place, about):
    page = _open(qtbot, window, place, about)
    assert walk.foreign(page) == []
    assert walk.marked_up(page) == []


@pytest.mark.parametrize(("place", "about"), PAGES, ids=NAMES)
def test_nothing_is_cut(qtbot, window, place, about):
    page = _open(qtbot, window, place, about)
    assert walk.cut(page) == []


def test_two_hundred_forms_opened_and_closed_leave_nothing_behind(qtbot, window):
    def living() -> int:
        gc.collect()
        walk.settle()
        return len(window.findChildren(QWidget))

    for _ in range(3):
        _open(qtbot, window, "form", {"nav": "family", "kind": "family"})
        _open(qtbot, window, "list", {"nav": "family", "kind": "family"})
    before = living()
    for _ in range(200):
        window.desk.go("form", {"nav": "family", "kind": "family"})
        window.desk.go("list", {"nav": "family", "kind": "family"})
        wait_until_idle(qtbot, window.desk)
    assert living() <= before + 5


def test_a_hundred_thousand_emits_leave_python_whole(qapp):
    class Teller(QObject):
        told = Signal(bool)
        said = Signal(object)

    teller, heard = Teller(), []
    teller.told.connect(lambda value: heard.append(value is True))
    teller.said.connect(lambda value: heard.append(value is None))
    for _ in range(50_000):
        teller.told.emit(True)
        teller.said.emit(None)
    assert len(heard) == 100_000
    assert all(heard)

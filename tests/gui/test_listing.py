"""The list page: finding, filtering, choosing, and what is done with rows, by keyboard as by mouse."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import openpyxl
import pytest
from PIL import Image
from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QWidget
from tests.builders import SIBLING, VILLAGE, a_township, an_activity
from tests.gui.conftest import wait_until_idle

from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.stages import Stage
from fulian_desktop.errors import NotAllowed
from fulian_desktop.services import browsing
from fulian_desktop.services.browsing import Listed, Query, keys, rows, usual_sort
from fulian_desktop.services.office import Office
from fulian_desktop.services.photos import attach
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.ui import batch, list_acts
from fulian_desktop.ui.cell_editing import CellNote
from fulian_desktop.ui.cells import hits, photos_text
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.columns import columns_of
from fulian_desktop.ui.desk import Desk, Said
from fulian_desktop.ui.export_dialog import ExportDialog
from fulian_desktop.ui.filters import Narrowed
from fulian_desktop.ui.list_memory import ListMemory
from fulian_desktop.ui.listing import ListPage
from fulian_desktop.ui.places import NAV
from fulian_desktop.ui.shell import Shell
from fulian_desktop.ui.table import KEPT, PAGE, ListModel
from fulian_desktop.ui.table_view import ListView
from fulian_desktop.ui.theme import Theme

Key, Ctrl = Qt.Key, Qt.KeyboardModifier.ControlModifier
MILLION = 1_000_000


class Seen:
    """What a desk was told: where to go, what to say, which kinds were written."""

    def __init__(self, desk: Desk) -> None:
        self.went: list[tuple[str, dict[str, Any]]] = []
        self.said: list[Said] = []
        desk.went.connect(lambda place, about: self.went.append((place, about)))
        desk.said.connect(self.said.append)


@pytest.fixture
def seen(desk: Desk) -> Seen:
    return Seen(desk)


@pytest.fixture
def show(qtbot) -> Callable[..., ListPage]:
    """A function that shows a list page over a desk, as the shell does."""

    def show_one(desk: Desk, nav: str = "family", width: int = 1182, **about: Any) -> ListPage:
        page = ListPage(desk)
        qtbot.addWidget(page)
        desk.changed.connect(page.refresh)
        page.resize(width, 696)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({"nav": nav, **about})
        page.first_focus().setFocus()
        settle(qtbot, desk, page)
        return page

    return show_one


def settle(qtbot, desk: Desk, page: ListPage) -> None:
    """Until nothing is asked for and the pane has followed."""
    timers = (page.shown.filters.search._wait, page.shown._follow, page.shown._fit, page.shown.view._look)
    qtbot.waitUntil(lambda: not desk.runner.busy and not any(timer.isActive() for timer in timers), timeout=15_000)


def type_in(qtbot, box: QLineEdit, text: str) -> None:
    """By keys as far as a keyboard has them; 汉字 come from an input method."""
    if text.isascii():
        qtbot.keyClicks(box, text)
    else:
        box.insert(text)


def names(page: ListPage) -> list[str]:
    model = page.shown.model
    place = next(i for i, c in enumerate(model.columns) if c.title)
    return [model.index(row, place).data() for row in range(model.rowCount())]


def column(page: ListPage, name: str) -> int:
    return next(i for i, c in enumerate(page.shown.model.columns) if c.name == name)


def log_of(office: Office) -> list[tuple[str, dict[str, Any]]]:
    lines = office.workspace.db.execute("SELECT what, about FROM log ORDER BY rowid")
    return [(what, json.loads(about)) for what, about in lines]


# --- a million rows ----------------------------------------------------------------------------------------


class Fetcher:
    """Answers at once, or when told; remembers what was asked."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.asked: list[Sequence[int]] = []
        self.open: list[Callable[[Iterable[Listed]], None]] = []
        self.taken_back = 0
        self.at_once = at_once

    def __call__(self, numbers: Sequence[int], answer: Callable[[Iterable[Listed]], None]) -> Fetcher:
        self.asked.append(numbers)
        self.open.append(lambda _rows: answer([a_row(no) for no in numbers]))
        return self

    def answer_all(self) -> None:
        waiting, self.open = self.open, []
        for answer in waiting:
            answer([])

    def cancel(self) -> None:
        self.taken_back += 1


def a_row(no: int) -> Listed:
    flat = {"head": f"户主{no}", "size": 4}
    return Listed(no, f"{no:032x}", VILLAGE, "family", flat, (), frozenset(), None, "", "王桂芳", 1, "王桂芳", 1)


@pytest.fixture
def million(qtbot, theme: Theme) -> Iterator[tuple[ListView, Fetcher]]:
    fetcher = Fetcher()
    model = ListModel(fetcher)
    view = ListView(theme, model)
    qtbot.addWidget(view)
    model.show_columns([c for c in columns_of(kind_of("family"), units=False) if c.usual])
    model.begin(range(1, 201))
    for first in range(201, MILLION, 20_000):
        model.add(list(range(first, min(first + 20_000, MILLION + 1))))
    view.resize(900, 600)
    view.show()
    yield view, fetcher
    view.close()


@pytest.mark.parametrize("row", [0, 123_456, MILLION // 2, MILLION - 1])
def test_of_a_million_rows_only_the_pages_that_are_seen_are_asked_for(qtbot, million: tuple[ListView, Fetcher], row: int):
    view, fetcher = million
    assert view.rows.rowCount() == MILLION
    qtbot.waitUntil(lambda: not view._look.isActive())
    fetcher.asked.clear()
    view.rows.begin(range(1, MILLION + 1))
    view.scrollTo(view.rows.index(row, 1))
    view.look()
    fetcher.answer_all()
    first, last = view.visible_rows()
    assert first <= row <= last
    asked = {no - 1 for numbers in fetcher.asked for no in numbers}
    assert asked >= set(range(first, last + 1))
    assert asked <= set(range(first // PAGE * PAGE, (last // PAGE + 1) * PAGE))
    assert view.rows.index(row, 1).data() == f"户主{row + 1}"
    fetcher.asked.clear()
    view.look()
    assert fetcher.asked == []


def test_scrolling_through_a_million_rows_never_waits_and_holds_few_of_them(qtbot, million: tuple[ListView, Fetcher]):
    view, fetcher = million
    slowest = 0.0
    for step in range(60):
        began = time.perf_counter()
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() * step // 59)
        view.look()
        view.viewport().repaint()
        fetcher.answer_all()
        slowest = max(slowest, time.perf_counter() - began)
    assert view.visible_rows()[1] == MILLION - 1
    assert len(view.rows._rows) <= KEPT
    assert slowest < 0.25  # measured 5 to 15 ms; the bound only catches work that grows with the list


def test_what_is_no_longer_seen_is_asked_for_no_more(qtbot, million: tuple[ListView, Fetcher]):
    view, fetcher = million
    fetcher.answer_all()
    view.rows.want(500, 510)
    late = fetcher.open[-1]
    view.rows.want(90_000, 90_010)
    assert fetcher.taken_back >= 1
    late([])
    assert view.rows.row_at(505) is None
    fetcher.answer_all()
    assert view.rows.row_at(90_005) == a_row(90_006)


def test_choosing_all_of_a_million_rows_is_one_range(million: tuple[ListView, Fetcher]):
    view, _ = million
    view.selectAll()
    assert list(view.chosen_ranges()) == [(0, MILLION - 1)]
    assert view.chosen_count() == MILLION


# --- opening, columns, masking -----------------------------------------------------------------------------


LISTS = [item for item in NAV if any(kind.nav == item.code for kind in all_kinds())]


@pytest.mark.parametrize("item", LISTS, ids=lambda item: item.code)
def test_every_kind_has_a_list_derived_from_its_declaration(qtbot, desk: Desk, seen: Seen, show, item):
    page = show(desk, item.code)
    for kind in page.kinds:
        page.chips[kind.code].click()
        settle(qtbot, desk, page)
        assert page.shown.kind is kind
        assert page.new_button.text() == kind.verb
        assert page.shown.columns[0].name == "tick"
        assert {c.name for c in page.shown.columns} <= {"tick", "unit", "stage", "marks", *kind.flat}
        assert page.shown.reader.count == page.shown.model.rowCount()
    assert seen.said == []


def test_the_list_shows_what_there_is_with_its_count_and_masks_sensitive_values(desk: Desk, show):
    page = show(desk)
    assert sorted(names(page)) == sorted(["赵素芳", "李秀兰", "王㛃"])
    assert page.subtitle.text() == "3 户"
    assert page.shown.count.text() == "共 3 户"
    phone = column(page, "phone")
    shown = {page.shown.model.index(row, phone).data() for row in range(3)}
    assert shown == {"138****5721", ""}
    assert "address" not in {c.name for c in page.shown.model.columns}


def test_activities_begin_with_this_year_and_sum_their_figures(qtbot, desk: Desk, village: Office, show):
    add_record(village, "activity", an_activity(title="去年的", date_from="2025-03-08"))
    page = show(desk, "activity")
    assert page.shown.filters.narrowed.year == 2026
    assert names(page) == ["三八节普法宣传进村", "反家暴普法讲座"]
    assert page.subtitle.text() == "2026年・2 场"
    assert "参加人次 86" in page.shown.sums.text()
    page.shown.filters.clear.click()
    settle(qtbot, desk, page)
    assert "去年的" in names(page)


def test_an_empty_list_offers_to_enter_the_first_record(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk, kind="campaign")
    assert page.shown.bodies.currentIndex() == 1
    assert not page.shown.hints.isVisible()
    page.shown._begin.click()
    assert seen.went == [("form", {"nav": "family", "kind": "campaign", "record": None, "unit": None})]


def test_columns_are_chosen_and_remembered(qtbot, desk: Desk, show):
    page = show(desk)
    page.columns_button.click()
    chooser = page.window().findChild(ChoiceList)
    words = [chooser.list.item(i).text() for i in range(chooser.list.count())]
    chooser.list.setCurrentRow(words.index("职业"))
    qtbot.keyClick(chooser.list, Key.Key_Space)
    assert "occupation" in {c.name for c in page.shown.model.columns}
    qtbot.keyClick(chooser.list, Key.Key_Return)
    again = show(desk)
    assert "occupation" in {c.name for c in again.shown.model.columns}


def test_conflict_photos_stage_and_what_is_missing_are_seen_in_a_row(qtbot, theme: Theme):
    fetcher = Fetcher()
    model = ListModel(fetcher)
    view = ListView(theme, model)
    qtbot.addWidget(view)
    model.show_columns([c for c in columns_of(kind_of("nomination"), units=True) if c.usual])
    view.resize(1100, 300)
    view.show()
    plain = Listed(1, "1" * 32, VILLAGE, "nomination", {"family_name": "赵"}, (), frozenset(), None, "", "王", 1, "王", 1)
    drawn = []
    for row in (
        plain, replace(plain, conflicts=("grade",)), replace(plain, stage=Stage.IN_NOTICE, stage_label="公示中 村"),
        replace(plain, flat={**plain.flat, "photos": [{"row": "a", "hash": "0" * 64}]}),
        replace(plain, flat={**plain.flat, "photos": [{"row": a, "hash": "0" * 64} for a in "ab"]}),
        replace(plain, flat={**plain.flat, "grade": "model"}),
    ):
        model.begin([1], [row])
        drawn.append(view.viewport().grab().toImage())
    assert all(drawn[i] != drawn[j] for i in range(len(drawn)) for j in range(i))


# --- finding and filtering ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"), [("素芳", ["赵素芳"]), ("zsf", ["赵素芳"]), ("5721", ["赵素芳"]), ("13800135721", ["赵素芳"]),
                         ("lxl", ["李秀兰"]), ("㛃", ["王㛃"]), ("不在", [])],
)
def test_typing_finds_by_characters_initials_and_last_digits(qtbot, desk: Desk, show, typed: str, found: list[str]):
    page = show(desk)
    box = page.search_box()
    box.setFocus()
    type_in(qtbot, box, typed)
    settle(qtbot, desk, page)
    assert names(page) == found
    assert page.shown.bodies.currentIndex() == (0 if found else 2)
    assert page.shown.hints.isVisible() == bool(found), "of rows that are not there nothing can be said"


def test_each_key_asks_again_and_only_the_last_answer_is_shown(qtbot, desk: Desk, show):
    page = show(desk)
    box = page.search_box()
    for letters in ("王", "赵", "李"):
        box.setText(letters)
        box.asked.emit(letters)
    settle(qtbot, desk, page)
    assert names(page) == ["李秀兰"]
    assert page.shown.reader.query.search == "李"


def test_from_the_search_box_down_goes_to_the_hits_and_letters_typed_there_come_back(qtbot, desk: Desk, show):
    page = show(desk)
    box = page.search_box()
    box.setFocus()
    type_in(qtbot, box, "李")
    qtbot.keyClick(box, Key.Key_Down)
    settle(qtbot, desk, page)
    assert page.shown.view.hasFocus()
    qtbot.keyClick(page.shown.view, Key.Key_X)
    assert box.hasFocus()
    assert box.text() == "李x"
    qtbot.keyClick(box, Key.Key_Escape)
    assert box.text() == ""
    settle(qtbot, desk, page)


@pytest.mark.parametrize(
    ("text", "typed", "by_initials", "found"),
    [("三八节普法宣传", "普法", False, ((3, 2),)), ("赵素芳", "zsf", True, ((0, 3),)), ("赵素芳", "sf", True, ((1, 2),)),
     ("赵素芳", "sf", False, ()), ("138****5721", "5721", False, ((7, 4),)), ("ＡＢ普法", "ab", False, ((0, 2),)),
     ("<b>普法</b>", "普 法", False, ((3, 1), (4, 1)))],
)
def test_a_hit_is_marked_where_it_stands(text: str, typed: str, by_initials: bool, found: tuple[tuple[int, int], ...]):
    assert hits(text, typed, by_initials=by_initials) == found


def test_chips_are_chosen_from_by_keyboard(qtbot, desk: Desk, show):
    page = show(desk, "activity")
    bar = page.shown.filters
    bar.codes["category"].setFocus()
    qtbot.keyClick(bar.codes["category"], Key.Key_Space)
    chooser = page.window().findChild(ChoiceList)
    assert chooser.line.isVisible()
    qtbot.keyClicks(chooser.line, "pfwq")
    qtbot.keyClick(chooser.line, Key.Key_Return)
    settle(qtbot, desk, page)
    assert names(page) == ["三八节普法宣传进村"]
    assert bar.codes["category"].text() == "普法维权"
    assert bar.clear.isVisible()


def test_a_long_list_of_choices_stays_within_a_low_window(qtbot, desk: Desk, show):
    page = show(desk, "activity")
    page.resize(1182, 320)
    qtbot.mouseClick(page.shown.filters.codes["category"], Qt.MouseButton.LeftButton)
    chooser = page.window().findChild(ChoiceList)
    assert page.window().rect().contains(chooser.geometry())
    qtbot.keyClick(chooser.line, Key.Key_Escape)


def test_a_list_of_choices_goes_away_with_esc_and_with_a_click_elsewhere(qtbot, desk: Desk, show):
    page = show(desk, "activity")
    chip = page.shown.filters.year
    chip.click()
    first = page.window().findChild(ChoiceList)
    qtbot.keyClick(first.list, Key.Key_Escape)
    assert first.isHidden()
    assert chip.hasFocus()
    chip.click()
    second = next(one for one in page.window().findChildren(ChoiceList) if one.isVisible())
    qtbot.mouseClick(page.shown.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 60))
    assert second.isHidden()
    assert page.shown.filters.narrowed.year == 2026


def test_the_chip_of_what_is_missing_counts_and_filters(qtbot, desk: Desk, show):
    page = show(desk, "activity")
    chip = page.shown.filters.flags["incomplete"]
    assert chip.accessibleName() == "待补全 1"
    chip.click()
    settle(qtbot, desk, page)
    assert names(page) == ["反家暴普法讲座"]
    chip.click()
    settle(qtbot, desk, page)
    assert page.shown.model.rowCount() == 2


def test_records_that_lack_photos_are_marked_counted_and_filtered(qtbot, desk: Desk, village: Office, show):
    found = rows(village, "activity", keys(village, Query("activity", search="三八"), limit=1).numbers)
    held = BytesIO()
    Image.new("RGB", (640, 400), (40, 90, 120)).save(held, "JPEG")
    attach(village, found[0].id, held.getvalue())
    page = show(desk, "activity")
    texts = [page.shown.model.index(row, column(page, "marks")).data() for row in range(2)]
    assert dict(zip(names(page), texts, strict=True)) == {"三八节普法宣传进村": "1", "反家暴普法讲座": "缺照片"}
    chip = page.shown.filters.flags["no-photos"]
    assert chip.accessibleName() == "缺照片 1"
    chip.click()
    settle(qtbot, desk, page)
    assert names(page) == ["反家暴普法讲座"]
    assert show(desk).shown.filters.flags["no-photos"].isHidden()


@pytest.mark.parametrize(("count", "wanted", "text"), [(0, 0, ""), (3, 0, "3"), (0, 1, "缺照片"), (1, 2, "缺 1 张"), (2, 2, "2")])
def test_what_is_said_of_photos(count: int, wanted: int, text: str):
    assert photos_text(count, wanted) == text


def test_a_page_that_leads_here_says_what_the_list_is_narrowed_to(qtbot, desk: Desk, show):
    page = show(desk, "activity", kind="activity", incomplete=True, year=2026)
    assert page.shown.filters.narrowed == Narrowed(year=2026, flag="incomplete")
    assert names(page) == ["反家暴普法讲座"]
    page.opened({"nav": "activity", "kind": "activity", "search": "三八"})
    settle(qtbot, desk, page)
    assert names(page) == ["三八节普法宣传进村"]
    page.opened({"nav": "activity"})
    settle(qtbot, desk, page)
    assert names(page) == ["三八节普法宣传进村"]


def test_an_office_above_sees_and_filters_by_its_units(qtbot, tmp_path: Path, make_desk, show):
    with a_township(tmp_path / "town") as town:
        for code, name in ((VILLAGE, "柳树湾村妇联"), (SIBLING, "杏花村妇联")):
            add_record(town, "unit_name", {"code": code, "name": name})
            add_record(town, "family", {"head": f"户主{name}", "address": "一组"}, unit=code)
        desk = make_desk(town)
        page = show(desk)
        place = column(page, "unit")
        assert {page.shown.model.index(row, place).data() for row in range(2)} == {"柳树湾村", "杏花村"}
        page.shown.filters.unit.click()
        chooser = page.window().findChild(ChoiceList)
        chooser.list.itemClicked.emit(chooser.list.item(2))
        settle(qtbot, desk, page)
        assert names(page) == ["户主柳树湾村妇联"]
        seen = Seen(desk)
        page.new_button.click()
        assert seen.went[0][1]["unit"] == VILLAGE
        assert desk.runner.close(last=lambda: None)


# --- sorting, choosing, opening ----------------------------------------------------------------------------


def test_heads_sort_by_mouse_and_by_keyboard(qtbot, desk: Desk, show):
    page = show(desk)
    head = page.shown.view.horizontalHeader()
    place = column(page, "head")
    point = QPoint(head.sectionViewportPosition(place) + 10, 10)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=point)
    settle(qtbot, desk, page)
    assert names(page) == sorted(names(page))
    page.shown.view.setFocus()
    qtbot.keyClick(page.shown.view, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    settle(qtbot, desk, page)
    assert names(page) == sorted(names(page), reverse=True)
    assert page.shown.view.sorted_by == ("head", True)


def test_what_a_list_is_sorted_by_is_remembered_for_each_kind(qtbot, desk: Desk, show):
    page = show(desk)
    page.shown.view.sort_asked.emit(column(page, "head"), True)
    settle(qtbot, desk, page)
    again = show(desk)
    assert names(again) == sorted(names(again), reverse=True)
    assert again.shown.view.sorted_by == ("head", True)
    again.chips["campaign"].click()
    settle(qtbot, desk, again)
    assert again.shown.reader.query.sort == usual_sort(kind_of("campaign"))[0]


@pytest.mark.parametrize("kept", ["", "-", "gone", "-gone", "head,phone"])
def test_a_remembered_order_that_there_is_no_more_is_as_if_nobody_chose(desk: Desk, kept: str):
    desk.memory.set("list/family/sort", kept)
    assert ListMemory(desk.memory, kind_of("family")).sort == usual_sort(kind_of("family"))


def test_a_remembered_order_that_has_become_too_long_to_sort_is_left_for_the_usual_one(
    qtbot, desk: Desk, show, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(browsing, "SORTED_WHOLE", 2)
    ListMemory(desk.memory, kind_of("family")).keep_sort("size", descending=False)
    page = show(desk)
    assert page.shown.view.sorted_by == usual_sort(kind_of("family"))
    assert len(names(page)) == 3


def test_a_long_list_is_sorted_by_indexed_columns_only_and_says_so(desk: Desk, seen: Seen, show):
    page = show(desk)
    page.shown.reader.count = 20_001
    head, size = (page.shown.model.columns[column(page, name)] for name in ("head", "size"))
    assert page.shown.can_sort(head)
    assert not page.shown.can_sort(size)
    page.shown.view.sort_asked.emit(column(page, "size"), None)
    assert "不能按“家庭人口”排序" in seen.said[-1].text


def test_enter_and_a_double_click_open_the_record(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk)
    view = page.shown.view
    qtbot.keyClick(view, Key.Key_Down)
    qtbot.keyClick(view, Key.Key_Return)
    row = page.shown.model.row_at(1)
    expected = ("form", {"nav": "family", "kind": "family", "record": row.id, "unit": row.unit, "walk": ANY})
    assert seen.went == [expected]
    box = view.visualRect(page.shown.model.index(1, column(page, "head")))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert seen.went == [expected, expected]


def test_rows_are_ticked_with_the_space_bar_and_moving_leaves_the_ticks(qtbot, desk: Desk, show):
    page = show(desk)
    view = page.shown.view
    for key in (Key.Key_Space, Key.Key_Down, Key.Key_Down, Key.Key_Space):
        qtbot.keyClick(view, key)
    assert [view.is_chosen(row) for row in range(3)] == [True, False, True]
    assert page.shown.chosen.text() == "已选 2 户"
    qtbot.keyClick(view, Key.Key_Space)
    assert [view.is_chosen(row) for row in range(3)] == [True, False, False]
    qtbot.keyClick(view, Key.Key_Escape)
    assert view.chosen_count() == 1
    assert page.shown.chosen.text() == ""


def test_a_click_on_the_box_ticks_and_a_click_on_a_row_begins_anew(qtbot, desk: Desk, show):
    page = show(desk)
    view = page.shown.view
    for row in (1, 2):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(page.shown.model.index(row, 0)).center())
    assert [view.is_chosen(row) for row in range(3)] == [False, True, True]
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(page.shown.model.index(0, 1)).center())
    assert [view.is_chosen(row) for row in range(3)] == [True, False, False]


# --- the details pane --------------------------------------------------------------------------------------


def test_the_pane_follows_the_current_row_and_f4_opens_and_closes_it(qtbot, desk: Desk, show):
    page = show(desk)
    pane = page.shown.details
    assert pane.isVisible()
    assert pane.title.text() == page.shown.current_row().flat["head"]
    qtbot.keyClick(page.shown.view, Key.Key_Down)
    settle(qtbot, desk, page)
    assert pane.title.text() == page.shown.model.row_at(1).flat["head"]
    qtbot.keyClick(page.shown.view, Key.Key_F4)
    assert pane.isHidden()
    again = show(desk).shown
    assert again.details.isHidden()
    qtbot.keyClick(again.view, Key.Key_F4)
    assert again.details.isVisible()


def test_the_pane_shows_a_units_code_and_not_its_name_once_more(qtbot, tmp_path: Path, make_desk, show):
    with a_township(tmp_path / "town") as town:
        add_record(town, "unit_name", {"code": VILLAGE, "name": "柳树湾村"})
        desk = make_desk(town)
        pane = show(desk, "settings", kind="unit_name").shown.details
        assert pane.title.text() == "柳树湾村"
        assert VILLAGE in [label.text() for label in labels(pane)]
        assert desk.runner.close(last=lambda: None)


def test_the_pane_shows_the_first_photos_and_the_row_counts_them(qtbot, desk: Desk, village: Office, show):
    found = rows(village, "activity", keys(village, Query("activity", search="三八"), limit=1).numbers)
    for shade in (40, 90, 140, 190):
        held = BytesIO()
        Image.new("RGB", (640, 400), (shade, 90, 120)).save(held, "JPEG")
        attach(village, found[0].id, held.getvalue())
    page = show(desk, "activity", search="三八")
    qtbot.waitUntil(lambda: sum(label.accessibleName() == "照片" for label in labels(page.shown.details)) == 3)
    pictures = [label for label in labels(page.shown.details) if label.accessibleName() == "照片"]
    assert {label.pixmap().size().toTuple() for label in pictures} == {(98, 72)}
    assert page.shown.model.index(0, column(page, "marks")).data() == "4"
    page.shown.details.show_photos([b"no picture"])
    assert not any(label.accessibleName() == "照片" for label in labels(page.shown.details))


def test_in_a_narrow_window_the_pane_is_folded_away_and_buttons_have_icons_only(qtbot, desk: Desk, show):
    page = show(desk, width=860)
    assert page.shown.details.isHidden()
    page.resize(696, 480)
    assert page.width() == 696
    assert [button.accessibleName() for button in (page.paste_button, page.print_button)] == ["粘贴表格", "打印"]
    page.resize(1182, 696)
    qtbot.waitUntil(page.shown.details.isVisible)
    assert page.print_button.text() == "打印"


def test_sensitive_values_are_shown_on_request_and_that_is_logged(qtbot, desk: Desk, village: Office, show):
    page = show(desk)
    page.shown.view.go_to(names(page).index("赵素芳"))
    settle(qtbot, desk, page)
    pane = page.shown.details
    assert not any("13800135721" in label.text() for label in labels(pane))
    actions = {action.text(): action for action in pane.menu(pane.row, revealed=False).actions()}
    assert list(actions) == ["打开\t回车", "显示敏感信息（会记入日志）", "复制这一行\tCtrl+C", "删除\tDel"]
    actions["显示敏感信息（会记入日志）"].trigger()
    settle(qtbot, desk, page)
    assert any(label.text() == "13800135721" for label in labels(pane))
    assert log_of(village)[-1][0] == "reveal"
    phone = page.shown.model.index(page.shown.view.currentIndex().row(), column(page, "phone"))
    assert phone.data() == "13800135721"
    pane.reveal_asked.emit(False)
    assert phone.data() == "138****5721"


def labels(widget: QWidget) -> list[QLabel]:
    return [label for label in widget.findChildren(QLabel) if not label.isHidden()]


def test_what_people_typed_is_never_read_as_markup(qtbot, desk: Desk, village: Office, show):
    add_record(village, "family", {"head": "<b>粗</b>&amp;", "address": "<img src=x>"})
    page = show(desk)
    page.shown.view.go_to(names(page).index("<b>粗</b>&amp;"))
    settle(qtbot, desk, page)
    assert page.shown.details.title.text() == "<b>粗</b>&amp;"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels(page) if label.text())


# --- deleting, restoring, editing, undoing -----------------------------------------------------------------


def test_deleting_is_taken_back_with_ctrl_z_and_the_place_is_kept(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk)
    before = names(page)
    view = page.shown.view
    qtbot.keyClick(view, Key.Key_Down)
    qtbot.keyClick(view, Key.Key_Delete)
    settle(qtbot, desk, page)
    assert names(page) == [before[0], before[2]]
    assert seen.said[-1].text == f"已删除“{before[1]}”。"
    assert view.currentIndex().row() == 1
    qtbot.keyClick(view, Key.Key_Z, Ctrl)
    settle(qtbot, desk, page)
    assert names(page) == before
    assert seen.said[-1].text == "已撤销。"


def test_ticked_rows_are_deleted_together_and_restored_from_the_deleted(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk)
    view = page.shown.view
    for key in (Key.Key_Space, Key.Key_Down, Key.Key_Space, Key.Key_Delete):
        qtbot.keyClick(view, key)
    settle(qtbot, desk, page)
    assert seen.said[-1].text == "已删除 2 户。"
    assert page.shown.model.rowCount() == 1
    page.shown.filters.deleted.click()
    settle(qtbot, desk, page)
    assert page.shown.model.rowCount() == 2
    qtbot.keyClick(view, Key.Key_Delete)
    assert "Ctrl+R" in seen.said[-1].text
    view.setFocus()
    qtbot.keyClick(view, Key.Key_A, Ctrl)
    qtbot.keyClick(view, Key.Key_R, Ctrl)
    settle(qtbot, desk, page)
    assert seen.said[-1].text == "已恢复 2 户。"
    page.shown.filters.deleted.click()
    settle(qtbot, desk, page)
    assert page.shown.model.rowCount() == 3


def test_ticked_rows_are_handed_to_what_is_done_with_many(qtbot, desk: Desk, seen: Seen, show, monkeypatch: pytest.MonkeyPatch):
    opened: list[tuple[Any, ...]] = []
    monkeypatch.setattr(batch, "open_batch", lambda _desk, _window, *chosen: opened.append(chosen))
    page = show(desk)
    view = page.shown.view
    qtbot.keyClick(view, Key.Key_B, Ctrl)
    assert "先选几行" in seen.said[-1].text
    for key in (Key.Key_Space, Key.Key_Down, Key.Key_Space):
        qtbot.keyClick(view, key)
    qtbot.keyClick(view, Key.Key_B, Ctrl)
    chooser = page.window().findChild(ChoiceList)
    qtbot.keyClicks(chooser.line, "plsb")
    qtbot.keyClick(chooser.line, Key.Key_Return)
    settle(qtbot, desk, page)
    ids = [page.shown.model.row_at(row).id for row in range(2)]
    assert opened == [("family", ids, "add:nomination")]


def editor(page: ListPage) -> QLineEdit:
    return page.shown.view.viewport().findChild(QLineEdit)


def enter(qtbot, desk: Desk, page: ListPage, line: QLineEdit) -> None:
    """Enter in a cell, until it was taken or refused; Qt ends the edit a turn later."""
    qtbot.keyClick(line, Key.Key_Return)
    qtbot.waitUntil(lambda: editor(page) is not line)
    settle(qtbot, desk, page)


def test_f2_changes_one_cell_in_place(qtbot, desk: Desk, village: Office, seen: Seen, show):
    page = show(desk)
    view = page.shown.view
    row = names(page).index("李秀兰")
    view.setCurrentIndex(page.shown.model.index(row, column(page, "size")))
    qtbot.keyClick(view, Key.Key_F2)
    qtbot.keyClicks(editor(page), "5")
    enter(qtbot, desk, page, editor(page))
    assert seen.said[-1].text == "已改。"
    assert seen.went == []
    [now] = rows(village, "family", [page.shown.model.number_at(row)])
    assert now.flat["size"] == 5
    assert page.shown.model.index(row, column(page, "size")).data() == "5"


def edit(qtbot, page: ListPage, row: int, name: str) -> QLineEdit:
    view = page.shown.view
    view.setFocus()
    view.setCurrentIndex(page.shown.model.index(row, column(page, name)))
    qtbot.keyClick(view, Key.Key_F2)
    return editor(page)


def with_columns(page: ListPage, *names: str) -> ListPage:
    page.shown.choose_columns(names)
    return page


def test_what_cannot_be_read_stays_in_the_cell_with_a_sentence_beside_it_and_esc_keeps_the_old(
    qtbot, desk: Desk, seen: Seen, show
):
    page = show(desk)
    note = page.shown.view.note
    line = edit(qtbot, page, 0, "size")
    type_in(qtbot, line, "好几个")
    enter(qtbot, desk, page, line)
    line = editor(page)
    assert line.text() == "好几个"
    assert note.isVisible()
    assert note.words.text().startswith("没有改")
    assert line.accessibleDescription() == note.words.text()
    assert not note.geometry().intersects(line.geometry())
    qtbot.keyClick(line, Key.Key_4)
    assert note.isHidden()
    qtbot.keyClick(line, Key.Key_Escape)
    qtbot.waitUntil(lambda: editor(page) is None)
    assert page.shown.model.index(0, column(page, "size")).data() == ""
    assert seen.said == []


def test_what_is_said_of_a_cell_at_the_foot_of_the_table_stands_above_it(qtbot, theme: Theme):
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(600, 200)
    note = CellNote(theme, over)
    over.show()
    note.say("没有改：读不出人数，请填数字，如 86。")
    for top, above in ((20, False), (160, True)):
        line = QRect(500, top, 100, 38)
        note.place(line)
        assert (note.geometry().bottom() < line.top()) is above
        assert over.rect().contains(note.geometry())
        assert not note.geometry().intersects(line)


CELLS = [
    ("date_from", "2026年3月8日", "3.8-3.10", {"date_from": "2026-03-08", "date_to": "2026-03-10", "date_precision": "day"}),
    ("date_from", "2026年3月8日", "2025年6月", {"date_from": "2025-06-01", "date_to": "2025-06-30", "date_precision": "month"}),
    ("participants", "86", "约600", {"participants": 600, "participants_about": True}),
    ("cost", "", "1.2万", {"cost": 1_200_000}),
    ("category", "普法维权", "家庭教育", {"category": "parenting"}),
    ("highlight", "", "是", {"highlight": True}),
    ("sessions", "", "近3场", {"sessions": 3, "sessions_about": True}),
]


@pytest.mark.parametrize(("name", "stands", "typed", "flat"), CELLS)
def test_a_cell_of_any_kind_is_changed_by_the_text_that_the_form_takes(
    qtbot, desk: Desk, village: Office, show, name: str, stands: str, typed: str, flat: dict[str, Any]
):
    page = with_columns(show(desk, "activity", search="三八"), name)
    page.shown.filters.clear_all()
    settle(qtbot, desk, page)
    row = names(page).index("三八节普法宣传进村")
    number = page.shown.model.number_at(row)
    line = edit(qtbot, page, row, name)
    assert line.text() == stands
    line.selectAll()
    line.insert(typed)
    enter(qtbot, desk, page, line)
    [now] = rows(village, "activity", [number])
    assert {key: now.flat.get(key) for key in flat} == flat


def test_several_codes_are_typed_with_a_comma_between_and_an_unknown_one_is_named(
    qtbot, desk: Desk, village: Office, show
):
    page = show(desk)
    line = edit(qtbot, page, 0, "tags")
    assert "顿号" in line.placeholderText()
    line.insert("低保、外星人")
    enter(qtbot, desk, page, line)
    assert "外星人" in page.shown.view.note.words.text()
    line = editor(page)
    line.selectAll()
    line.insert("低保、单亲")
    enter(qtbot, desk, page, line)
    assert page.shown.model.index(0, column(page, "tags")).data() in ("低保、单亲", "单亲、低保")


def test_a_code_is_chosen_from_its_list_by_initials_and_esc_puts_only_the_list_away(qtbot, desk: Desk, village: Office, show):
    page = show(desk, "activity", search="反家暴")
    line = edit(qtbot, page, 0, "category")
    qtbot.keyClicks(line, "pf")
    assert line.list.is_open
    qtbot.keyClick(line, Key.Key_Escape)
    assert not line.list.is_open
    assert editor(page) is line
    qtbot.keyClicks(line, "w")
    enter(qtbot, desk, page, line)
    assert page.shown.model.index(0, column(page, "category")).data() == "普法维权"
    qtbot.waitUntil(lambda: editor(page) is None)


@pytest.mark.parametrize(
    ("nav", "kind", "name", "field"),
    [("care", "aid", "recipient_name", "recipient"), ("activity", "activity", "content", "content"),
     ("family", "family", "marks", "photos")],
)
def test_what_does_not_fit_into_a_line_opens_the_form_at_its_field(
    qtbot, desk: Desk, seen: Seen, show, nav: str, kind: str, name: str, field: str
):
    page = with_columns(show(desk, nav, kind=kind), name)
    row = page.shown.model.row_at(0)
    assert edit(qtbot, page, 0, name) is None
    (place, about), = seen.went
    assert place == "form"
    assert about.pop("walk").kind == kind
    assert about == {"nav": nav, "kind": kind, "record": row.id, "unit": row.unit, "field": field}


def test_what_another_office_has_to_fill_in_is_refused_beside_the_cell(qtbot, desk: Desk, village: Office, show, monkeypatch):
    page = show(desk)

    def refuse(*_args: object) -> None:
        raise NotAllowed("这条记录不归本单位管，不能改。", "refused-author")

    monkeypatch.setattr(list_acts, "edit_cell", refuse)
    line = edit(qtbot, page, 0, "size")
    qtbot.keyClicks(line, "5")
    enter(qtbot, desk, page, line)
    assert page.shown.view.note.words.text() == "这条记录不归本单位管，不能改。"
    qtbot.keyClick(editor(page), Key.Key_Escape)


def test_tab_goes_on_to_the_next_cell_but_never_shows_a_masked_one(qtbot, desk: Desk, show):
    page = with_columns(show(desk), "head", "phone", "size")
    row = names(page).index("赵素芳")
    places = [column(page, name) for name in ("head", "phone", "size")]
    assert places == sorted(places)
    line = edit(qtbot, page, row, "head")
    qtbot.keyClick(line, Key.Key_Tab)
    assert page.shown.view.currentIndex().column() == places[1]
    assert all("13800135721" not in box.text() for box in page.shown.view.findChildren(QLineEdit))


def test_a_masked_cell_is_not_edited_blindly(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk)
    view = page.shown.view
    view.setCurrentIndex(page.shown.model.index(names(page).index("赵素芳"), column(page, "phone")))
    qtbot.keyClick(view, Key.Key_F2)
    assert "隐去" in seen.said[-1].text
    assert editor(page) is None


def test_a_change_made_elsewhere_is_shown_and_the_place_is_kept(qtbot, desk: Desk, village: Office, show):
    page = show(desk)
    qtbot.keyClick(page.shown.view, Key.Key_Down)
    row = page.shown.current_row()

    def work(office: Office, _progress: object) -> None:
        edit_record(office, row.id, {"head": "改过名"})
        add_record(office, "family", {"head": "新来的", "address": "五组"})

    desk.ask(page, work, lambda _none: desk.tell_changed({"family"}))
    wait_until_idle(qtbot, desk)
    settle(qtbot, desk, page)
    assert names(page)[0] == "新来的"
    assert page.shown.current_row().id == row.id
    assert page.shown.current_row().flat["head"] == "改过名"


# --- what leaves the list ----------------------------------------------------------------------------------


def test_copied_rows_have_heads_and_are_masked(qtbot, desk: Desk, village: Office, seen: Seen, show):
    add_record(village, "family", {"head": "=1+1", "address": "二组"})
    page = show(desk)
    qtbot.keyClick(page.shown.view, Key.Key_A, Ctrl)
    qtbot.keyClick(page.shown.view, Key.Key_C, Ctrl)
    settle(qtbot, desk, page)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert lines[0][:1] == ["户主"]
    assert len(lines) == 5
    copied = {cell for line in lines for cell in line}
    assert "'=1+1" in copied
    assert "138****5721" in copied
    assert "13800135721" not in copied
    assert seen.said[-1].text.startswith("已复制 4 行")


def export_dialog(qtbot, desk: Desk, page: ListPage) -> ExportDialog:
    page.export_button.click()
    wait_until_idle(qtbot, desk)
    dialog = page.window().findChild(ExportDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def heads_of(path: Path) -> list[str]:
    return [str(cell.value) for cell in openpyxl.load_workbook(path).worksheets[0][2]]


@pytest.fixture
def saved_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where whatever is exported goes."""
    path = tmp_path / "名册.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (str(path.with_suffix("")), ""))
    return path


@pytest.mark.parametrize("whole", [False, True])
def test_what_is_listed_is_exported_masked_or_whole(
    qtbot, desk: Desk, village: Office, seen: Seen, show, saved_as: Path, whole: bool
):
    page = show(desk, search="素芳")
    dialog = export_dialog(qtbot, desk, page)
    assert dialog.list.hasFocus()
    marks = {dialog.list.mark_of(dialog.list.item(row)) for row in range(dialog.list.count())}
    assert marks == {"", "敏感，隐去"}
    if whole:
        dialog.whole.setFocus()
        qtbot.keyClick(dialog.whole, Key.Key_Space)
        assert "记入日志" in dialog.note.words.text()
        dialog.list.setFocus()
    qtbot.keyClick(dialog.list, Key.Key_Return)
    settle(qtbot, desk, page)
    cells = {cell.value for row in openpyxl.load_workbook(saved_as).worksheets[0] for cell in row}
    assert ("13800135721" in cells) is whole
    assert "李秀兰" not in cells
    assert seen.said[-1].text == "已导出 1 户，在“名册.xlsx”里。"
    assert log_of(village)[-1] == ("export-sheet", {"kind": "family", "rows": 1, "sensitive": whole})


def test_the_columns_of_an_export_are_chosen_ordered_and_remembered_apart_from_those_of_the_list(
    qtbot, desk: Desk, show, saved_as: Path
):
    page = show(desk)
    shown = [c.name for c in page.shown.model.columns]
    dialog = export_dialog(qtbot, desk, page)
    box, names = dialog.list, [dialog.list.item(row).text() for row in range(dialog.list.count())]
    assert names[:2] == ["单位", "户主"]
    qtbot.keyClick(box, Key.Key_Space)
    qtbot.keyClick(box, Key.Key_Down)
    qtbot.keyClick(box, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert box.currentItem().text() == "户主"
    box.setCurrentRow(names.index("职业"))
    qtbot.mouseClick(box.viewport(), Qt.MouseButton.LeftButton, pos=box.visualItemRect(box.currentItem()).center())
    assert box.currentItem().data(Qt.ItemDataRole.AccessibleTextRole) == "职业，已选"
    qtbot.keyClick(box, Key.Key_Return)
    settle(qtbot, desk, page)
    assert heads_of(saved_as) == ["序号", "住址", "户主", "电话", "职业", "家庭人口", "标签"]
    again = export_dialog(qtbot, desk, show(desk))
    assert [again.list.item(row).text() for row in range(3)] == ["住址", "户主", "电话"]
    assert not again.whole.isChecked()
    assert [c.name for c in page.shown.model.columns] == shown
    again.usual.click()
    assert [again.list.item(row).text() for row in range(2)] == ["单位", "户主"]
    qtbot.keyClick(again, Key.Key_Escape)


def test_tab_goes_through_the_export_dialog_as_one_reads(qtbot, desk: Desk, show):
    dialog = export_dialog(qtbot, desk, show(desk))
    order = []
    for _ in range(8):
        order.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
    assert order == [dialog.list, dialog.up, dialog.down, dialog.all, dialog.usual, dialog.whole, dialog.cancel, dialog.export]
    assert all(widget.accessibleName() or widget.text() for widget in order)
    qtbot.keyClick(dialog, Key.Key_Escape)


def test_an_export_without_a_column_says_what_to_do_and_esc_writes_nothing(qtbot, desk: Desk, show, saved_as: Path):
    page = show(desk, "activity")
    dialog = export_dialog(qtbot, desk, page)
    assert dialog.whole.isHidden()
    for row in range(dialog.list.count()):
        if dialog.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole).endswith("已选"):
            dialog.list.setCurrentRow(row)
            qtbot.keyClick(dialog.list, Key.Key_Space)
    assert not dialog.export.isEnabled()
    assert dialog.reason.text() == "先勾一列，再导出"
    dialog.all.click()
    assert len(dialog.list.chosen()) == dialog.list.count()
    qtbot.keyClick(dialog, Key.Key_Escape)
    wait_until_idle(qtbot, desk)
    assert not saved_as.exists()


def test_printing_leads_to_a_preview_of_what_is_listed(qtbot, desk: Desk, village: Office, seen: Seen, show):
    page = show(desk, search="素芳")
    qtbot.keyClick(page.shown.view, Key.Key_P, Ctrl)
    [(place, about)] = seen.went
    assert (place, about["title"], about["subtitle"]) == ("preview", "家庭档案花名册", "1 户")
    made: list[Any] = []
    desk.ask(page, about["make"], made.append)
    wait_until_idle(qtbot, desk)
    assert made[0].pdf.startswith(b"%PDF")
    assert made[0].names == 1


def test_a_copied_table_goes_to_the_sheet_page_and_an_empty_clipboard_says_what_to_do(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk)
    QGuiApplication.clipboard().setText("户主\t电话\n张三\t13800000000")
    qtbot.keyClick(page.shown.view, Key.Key_V, Ctrl)
    assert seen.went == [("sheet", {"nav": "family", "kind": "family", "text": "户主\t电话\n张三\t13800000000"})]
    QGuiApplication.clipboard().clear()
    page.paste_button.click()
    assert len(seen.went) == 1
    assert "Ctrl+C" in seen.said[-1].text


def test_who_comes_back_from_a_record_finds_the_list_as_it_was_left(qtbot, desk: Desk, show):
    about = {"nav": "activity", "kind": "activity", "year": 2026}
    page = show(desk, **about)
    box = page.search_box()
    box.insert("三八")
    qtbot.keyClick(box, Key.Key_Return)
    settle(qtbot, desk, page)
    qtbot.keyClick(page.shown.view, Key.Key_Return)
    page.opened(about)
    settle(qtbot, desk, page)
    assert names(page) == ["三八节普法宣传进村"]
    page.opened(about)
    settle(qtbot, desk, page)
    assert page.shown.model.rowCount() == 2


def test_in_the_shell_the_focus_is_where_one_goes_on(qtbot, desk: Desk):
    shell = Shell(desk)
    qtbot.addWidget(shell)
    shell.resize(1366, 696)
    shell.show()
    qtbot.waitUntil(shell.isActiveWindow)
    desk.go("list", {"nav": "family"})
    settle(qtbot, desk, shell.page)
    assert shell.page.shown.view.hasFocus()
    qtbot.keyClick(shell.page.shown.view, Key.Key_F, Ctrl)
    assert shell.page.search_box().hasFocus()
    desk.go("list", {"nav": "family", "kind": "campaign"})
    settle(qtbot, desk, shell.page)
    assert shell.page.shown._begin.hasFocus()
    assert shell.page.shown.details.isHidden()


def test_ctrl_n_begins_a_new_record(qtbot, desk: Desk, seen: Seen, show):
    page = show(desk, "care", kind="aid")
    qtbot.keyClick(page.shown.view, Key.Key_N, Ctrl)
    assert seen.went == [("form", {"nav": "care", "kind": "aid", "record": None, "unit": None})]


# --- reading order, looks ----------------------------------------------------------------------------------


def test_tab_goes_in_reading_order(qtbot, desk: Desk, show):
    page = show(desk)
    page.new_button.setFocus()
    order = []
    for _ in range(14):
        qtbot.keyClick(QApplication.focusWidget(), Key.Key_Tab)
        order.append(QApplication.focusWidget())
    flag = page.shown.filters.flags["incomplete"]
    wanted = [page.chips["family"], page.search_box(), flag, page.shown.view, page.shown.details.open]
    places = [order.index(widget) for widget in wanted if widget in order]
    assert len(places) >= 4
    assert places == sorted(places)


def test_everything_that_can_be_focused_has_a_name(desk: Desk, show):
    page = show(desk)
    nameless = [
        widget for widget in page.findChildren(object)
        if getattr(widget, "focusPolicy", None) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible()
        and not (widget.accessibleName() or getattr(widget, "text", str)())
    ]
    assert nameless == []


def test_the_accessible_text_of_a_cell_says_its_column(desk: Desk, show):
    page = show(desk)
    index = page.shown.model.index(names(page).index("李秀兰"), column(page, "phone"))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "电话 没有"
    assert page.shown.model.rowCount(QModelIndex(index)) == 0


def test_a_list_read_in_the_midst_of_another_is_the_one_that_stays(qtbot, desk: Desk, village: Office, show):
    page = show(desk)
    reader = page.shown.reader
    for search in ("王", "李", "赵"):
        reader.ask(Query("family", search=search))
    wait_until_idle(qtbot, desk)
    assert names(page) == ["赵素芳"]
    assert reader.count == len(keys(village, Query("family", search="赵"), limit=10).numbers)

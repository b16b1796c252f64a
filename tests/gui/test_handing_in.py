"""上报与合并, over real offices: a village hands in, a township receives, writes receipts, lets others in."""

from __future__ import annotations

import datetime
import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea
from tests.builders import SIBLING, THIRD, TOWN, VILLAGE, a_village, added, an_office
from tests.e2e.builders import Country, a_country, digest
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.progress import Progress
from fulian_desktop.services import handing_in, sticks, units_below
from fulian_desktop.services.exchanging import export_package, merge_packages
from fulian_desktop.services.sticks import Stick
from fulian_desktop.ui import exchange, exchange_cards, stick_picker
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.exchange import NO_UPPER, NOT_LINKED, ExchangePage
from fulian_desktop.ui.past_list import moment
from fulian_desktop.ui.stick_picker import NONE_THERE, StickPicker

GIB = 1 << 30


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    """A township and two villages that know each other."""
    with a_country(tmp_path / "country", VILLAGE, SIBLING) as made:
        yield made


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> list[Stick]:
    """The sticks that are plugged in; none at first."""
    there: list[Stick] = []
    monkeypatch.setattr(sticks, "sticks", lambda: list(there))
    return there


@pytest.fixture
def stick(country: Country, plugged: list[Stick]) -> Path:
    """A stick that is plugged in."""
    folder = country.stick()
    plugged.append(Stick(folder, "E 盘", 12 * GIB))
    return folder


@pytest.fixture
def open_page(qtbot, make_desk: Callable[..., Desk]) -> Callable[..., ExchangePage]:
    """A function that shows the page of an office."""
    def show(office, **about) -> ExchangePage:
        page = ExchangePage(make_desk(office))
        qtbot.addWidget(page)
        page.resize(1182, 696)
        page.show()
        page.opened(about)
        qtbot.wait_idle(page)
        return page

    qtbot.wait_idle = lambda page: (qtbot.waitUntil(lambda: page.standing is not None), wait_until_idle(qtbot, page.desk))
    return show


def has_stick(qtbot, page: ExchangePage, picker: StickPicker | None = None) -> None:
    one = picker or page.writer.picker
    qtbot.waitUntil(lambda: one.folder is not None)
    wait_until_idle(qtbot, page.desk)


def past(page: ExchangePage) -> list[tuple[str, str]]:
    return [(line.title, line.badge) for line in page.hand_ins.list.lines.lines]


def went(desk: Desk) -> list[tuple[str, dict]]:
    places: list[tuple[str, dict]] = []
    desk.went.connect(lambda place, about: places.append((place, about)))
    return places


def test_a_village_hands_in_with_one_key_and_is_told_to_pull_out_the_stick(qtbot, open_page, country, stick):
    added(country[VILLAGE], "activity")
    added(country[VILLAGE], "family")
    page = open_page(country[VILLAGE])
    has_stick(qtbot, page)
    qtbot.keyClick(page.writer.button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, page.desk)
    assert page.writer.headline.text() == "写好了，可以拔出 U 盘"
    assert "E 盘" in page.writer.detail.text()
    assert page.writer.next_step.words.text().startswith("下一步：把 U 盘交给清溪镇")
    assert page.offer.file.text().startswith("文件名 140702101201-")
    assert past(page)[0] == ("第 2 次", "等回执")
    merge_packages(country[TOWN], [stick])
    assert digest(country[TOWN], VILLAGE) == digest(country[VILLAGE], VILLAGE)
    assert page.writer.done_button.hasFocus()
    qtbot.keyClick(page.writer.done_button, Qt.Key.Key_Return)
    assert page.writer.stack.currentIndex() == 0


def test_after_writing_the_slip_of_this_hand_in_is_one_key_away(qtbot, open_page, country, stick):
    added(country[VILLAGE], "activity")
    page = open_page(country[VILLAGE])
    places = went(page.desk)
    has_stick(qtbot, page)
    page.writer.write()
    qtbot.waitUntil(lambda: page.writer.done)
    wait_until_idle(qtbot, page.desk)
    assert page.writer.slip_button.isVisible()
    qtbot.keyClick(page.writer.done_button, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    ((place, about),) = places
    assert (place, about["title"]) == ("preview", "上报交接单")
    made = about["make"](country[VILLAGE], Progress())
    assert made.pdf.startswith(b"%PDF")
    assert len(made.sizes) == 1


def test_the_slip_of_an_earlier_hand_in_is_printed_from_the_list(qtbot, open_page, country, stick):
    for _ in range(2):
        added(country[VILLAGE], "activity")
        handing_in.hand_in(country[VILLAGE], stick)
    page = open_page(country[VILLAGE])
    places = went(page.desk)
    qtbot.mouseClick(page.hand_ins.slip_button, Qt.MouseButton.LeftButton)
    assert places[-1][1]["subtitle"] == page.hand_ins.list.lines.lines[0].about.file
    page.hand_ins.list.setCurrentIndex(page.hand_ins.list.lines.index(1))
    qtbot.mouseClick(page.hand_ins.slip_button, Qt.MouseButton.LeftButton)
    assert places[-1][1]["subtitle"] == page.hand_ins.list.lines.lines[1].about.file


def test_receipts_and_invitations_have_no_slip(qtbot, open_page, country, stick):
    page = open_page(country[TOWN], do="invite")
    has_stick(qtbot, page)
    page.writer.write()
    qtbot.waitUntil(lambda: page.writer.done)
    wait_until_idle(qtbot, page.desk)
    assert page.writer.slip_button.isHidden()


def test_what_will_be_reported_stands_there_before(qtbot, open_page, country, stick):
    for title in "一二三":
        added(country[VILLAGE], "activity", title=title)
    page = open_page(country[VILLAGE])
    qtbot.waitUntil(lambda: bool(page.offer._cells))
    assert [cell.accessibleName() for cell in page.offer._cells] == ["活动 3 场"]


def test_without_a_stick_it_says_so_and_a_stick_appears_by_itself(qtbot, open_page, country, plugged):
    page = open_page(country[VILLAGE])
    assert page.writer.picker.words.text() == NONE_THERE
    assert not page.writer.button.isEnabled()
    assert page.writer.why.text()
    plugged.append(Stick(country.stick(), "F 盘", 3 * GIB))
    page.writer.picker._timer.setInterval(20)
    has_stick(qtbot, page)
    assert page.writer.picker.box.currentText() == "F 盘，还剩 3.0 GB"
    assert page.writer.button.isEnabled()
    plugged.clear()
    qtbot.waitUntil(lambda: page.writer.picker.folder is None)
    assert not page.writer.button.isEnabled()


def test_a_folder_chosen_by_hand_is_written_and_is_not_called_a_stick(qtbot, open_page, country, plugged, monkeypatch):
    folder = country.stick()
    monkeypatch.setattr(stick_picker, "choose_folder", lambda *_: folder)
    page = open_page(country[VILLAGE])
    qtbot.mouseClick(page.writer.picker.folder_button, Qt.MouseButton.LeftButton)
    assert page.writer.picker.folder == folder
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, page.desk)
    assert page.writer.headline.text() == "写好了"
    assert "拷进 U 盘" in page.writer.next_step.words.text()
    assert len(list(folder.glob("*-up-*"))) == 1


def test_a_folder_chosen_by_hand_stays_chosen_when_a_stick_comes(qtbot, open_page, country, plugged):
    page = open_page(country[VILLAGE])
    folder = country.stick()
    page.writer.picker.take_folder(folder)
    plugged.append(Stick(country.stick(), "F 盘", GIB))
    page.writer.picker.look()
    wait_until_idle(qtbot, page.desk)
    assert page.writer.picker.box.count() == 2
    assert page.writer.picker.folder == folder


@pytest.mark.parametrize(
    ("error", "said"), [(errno.ENOSPC, "空间不够"), (errno.EROFS, "不能写入"), (errno.ENODEV, "重新插好")],
    ids=["full", "read-only", "pulled out"],
)
def test_what_goes_wrong_on_the_stick_is_a_sentence_and_nothing_counts_as_sent(
    qtbot, open_page, country, stick, monkeypatch, error, said,
):
    added(country[VILLAGE], "activity")
    page = open_page(country[VILLAGE])
    has_stick(qtbot, page)
    before = past(page)
    real = os.replace

    def fail(source, target):
        if str(target).endswith(".flpkg"):
            raise OSError(error, "stick")
        return real(source, target)

    monkeypatch.setattr(os, "replace", fail)
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.problem.isVisible())
    wait_until_idle(qtbot, page.desk)
    assert said in page.writer.problem.words.text()
    assert list(stick.iterdir()) == []
    monkeypatch.setattr(os, "replace", real)
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, page.desk)
    assert len(past(page)) == len(before) + 1, "the one that failed was never sent"


def test_a_stick_that_is_gone_when_the_button_is_pressed_is_a_sentence(qtbot, open_page, country, stick):
    page = open_page(country[VILLAGE])
    has_stick(qtbot, page)
    stick.rmdir()
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.problem.isVisible())
    assert "找不到这个 U 盘" in page.writer.problem.words.text()


def test_the_receipt_comes_back_on_the_stick_and_the_hand_in_is_marked(qtbot, open_page, country, stick):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    handing_in.hand_in(village, stick)
    merge_packages(town, [stick])
    export_package(town, "all-below", stick)
    page = open_page(village)
    has_stick(qtbot, page)
    assert [badge for _, badge in past(page)] == ["等回执", "等回执"]
    places = went(page.desk)
    qtbot.mouseClick(page.receive_button, Qt.MouseButton.LeftButton)
    ((place, about),) = places
    assert (place, about["paths"]) == ("merge", [stick])
    merge_packages(village, about["paths"])
    page.opened({})
    qtbot.waitUntil(lambda: [badge for _, badge in past(page)] == ["已回执", "已回执"])


def test_a_village_that_no_office_invited_is_told_what_to_do_and_joins_here(qtbot, open_page, country, plugged, tmp_path):
    folder = country.stick()
    handing_in.invite(country[TOWN], folder)
    with a_village(tmp_path / "new", THIRD) as village:
        page = open_page(village)
        assert page.link_banner.words.text() == NOT_LINKED
        assert not page.writer.button.isEnabled()
        plugged.append(Stick(folder, "E 盘", GIB))
        page.writer.picker.look()
        has_stick(qtbot, page)
        assert not page.writer.button.isEnabled(), "there is a stick, but nobody to write to"
        qtbot.mouseClick(page.invitation_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.link_strip.isVisible)
        assert "清溪镇" in page.link_strip.words.text()
        qtbot.keyClick(page.link_strip.yes, Qt.Key.Key_Escape)
        assert not page.link_strip.isVisible()
        assert not handing_in.standing(village).linked
        qtbot.mouseClick(page.invitation_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.link_strip.isVisible)
        qtbot.mouseClick(page.link_strip.yes, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(page.writer.button.isEnabled)
        qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
        wait_until_idle(qtbot, page.desk)
        assert "加入申请在里面" in page.writer.next_step.words.text()
        assert (folder / f"request-{THIRD}.flpkg").exists()


def test_an_office_without_one_above_says_so(qtbot, open_page, plugged, tmp_path):
    with an_office(tmp_path / "alone", VILLAGE, parent="") as office:
        page = open_page(office)
        assert page.link_banner.words.text() == NO_UPPER


# --- the township --------------------------------------------------------------------------------------------


def test_a_township_receives_what_lies_on_the_stick(qtbot, open_page, country, stick):
    page = open_page(country[TOWN])
    has_stick(qtbot, page, page.receive.picker)
    places = went(page.desk)
    qtbot.keyClick(page.receive.button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    ((place, about),) = places
    assert (place, about["paths"], about["nav"]) == ("merge", [stick], "exchange")


def test_a_township_receives_files_too(qtbot, open_page, country, plugged, monkeypatch):
    files = [country.packed(country[VILLAGE], TOWN)]
    monkeypatch.setattr(exchange_cards, "choose_files", lambda *_: files)
    page = open_page(country[TOWN])
    places = went(page.desk)
    qtbot.mouseClick(page.receive.files_button, Qt.MouseButton.LeftButton)
    assert places[0][1]["paths"] == files


def test_an_import_is_taken_back_after_one_question(qtbot, open_page, country, plugged):
    town = country[TOWN]
    before = digest(town)
    added(country[VILLAGE], "activity")
    country.carry(country[VILLAGE], town)
    page = open_page(town)
    card = page.imports
    assert not card.undo_button.isEnabled()
    card.list.setCurrentIndex(card.list.model().index(0, 0))
    qtbot.mouseClick(card.undo_button, Qt.MouseButton.LeftButton)
    assert "柳树湾村" in card.ask_strip.words.text()
    assert digest(town) != before
    qtbot.mouseClick(card.ask_strip.yes, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert digest(town) == before
    page.opened({})
    qtbot.waitUntil(lambda: card.list.lines.lines[0].badge == "已撤销")
    card.list.setCurrentIndex(card.list.model().index(0, 0))
    assert not card.undo_button.isEnabled()


def test_receipts_go_to_all_below_or_to_one(qtbot, open_page, country, stick):
    page = open_page(country[TOWN], do="receipts")
    has_stick(qtbot, page)
    assert page.to_whom.count() == 3
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, page.desk)
    assert len(list(stick.glob("*-down-*"))) == 2
    qtbot.mouseClick(page.writer.again_button, Qt.MouseButton.LeftButton)
    page.to_whom.setCurrentIndex(1)
    assert "柳树湾村" in page.writer.lead.text()
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, page.desk)
    assert len(list(stick.glob(f"*-down-{VILLAGE}*"))) == 2
    assert len(list(stick.glob(f"*-down-{SIBLING}*"))) == 1


def test_letting_a_village_in_from_invitation_to_approval(qtbot, open_page, country, stick, tmp_path):
    town = country[TOWN]
    page = open_page(town, do="invite")
    has_stick(qtbot, page)
    qtbot.mouseClick(page.writer.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, page.desk)
    assert "识别码" in page.writer.next_step.words.text()
    with a_village(tmp_path / "new", THIRD) as village:
        handing_in.accept_invitation(village, stick / f"invitation-{TOWN}.flpkg")
        added(village, "activity")
        handing_in.hand_in(village, stick)
        page.show_mode("approve")
        has_stick(qtbot, page, page.approve.source.picker)
        qtbot.keyClick(page.approve.source.button, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until_idle(qtbot, page.desk)
        ((box, asking),) = page.approve.boxes
        assert asking.fingerprint in box.accessibleName()
        assert not page.approve.approve_button.isEnabled(), "nothing is approved unseen"
        qtbot.keyClick(box, Qt.Key.Key_Space)
        qtbot.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        wait_until_idle(qtbot, page.desk)
        assert "批准了 1 个单位" in page.approve.banner.words.text()
        assert "新增 1 条" in page.approve.banner.words.text()
        assert digest(town, THIRD) == digest(village, THIRD)
    qtbot.mouseClick(page.approve.receipts_button, Qt.MouseButton.LeftButton)
    assert page.mode == "receipts"
    wait_until_idle(qtbot, page.desk)
    assert page.to_whom.count() == 4
    page.show_mode("approve")
    page.approve.look([stick])
    wait_until_idle(qtbot, page.desk)
    assert page.approve.boxes == [], "who is approved is not asked about again"
    assert page.approve.card.isVisible()


def test_a_stick_without_requests_says_so(qtbot, open_page, country, stick):
    page = open_page(country[TOWN], do="approve")
    has_stick(qtbot, page, page.approve.source.picker)
    qtbot.mouseClick(page.approve.source.button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert page.approve.banner.words.text().startswith("没有找到加入申请")


def test_escape_goes_back_to_where_one_begins(qtbot, open_page, country, plugged):
    page = open_page(country[TOWN], do="up")
    assert page.title.text() == "上报到 U 盘"
    qtbot.keyClick(page.back_button, Qt.Key.Key_Escape)
    assert (page.mode, page.title.text()) == ("hub", "上报与合并")


def test_another_thing_to_do_begins_at_the_top_of_the_page(qtbot, open_page, country, plugged):
    page = open_page(country[TOWN])
    page.resize(800, 300)
    (bar,) = (area.verticalScrollBar() for area in page.findChildren(QScrollArea) if area.isAncestorOf(page.views))
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    page.show_mode("units")
    assert bar.value() == 0


def test_a_view_out_of_sight_takes_no_room_from_the_one_that_is_shown(qtbot, open_page, country, plugged):
    page = open_page(country[TOWN])
    page.resize(1200, 500)
    heights = {}
    for mode in ("units", "hub", "invite", "approve"):
        page.show_mode(mode)
        heights[mode] = page.views.sizeHint().height()
    assert heights["invite"] < heights["units"] or heights["invite"] < heights["hub"]
    assert len(set(heights.values())) > 2


def test_links_lead_to_conflicts_duplicates_and_the_roll_call(qtbot, open_page, country, plugged):
    page = open_page(country[TOWN])
    places = went(page.desk)
    for word, _, _ in exchange.LINKS:
        (button,) = [b for b in page.findChildren(exchange.KeyButton) if b.text() == word]
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [place for place, _ in places] == ["roll-call", "conflicts", "duplicates"]


def test_the_page_is_not_left_while_a_stick_is_written(qtbot, open_page, country, stick):
    page = open_page(country[VILLAGE])
    has_stick(qtbot, page)
    said = []
    page.desk.said.connect(said.append)
    page.writer.write()
    assert not page.may_leave()
    assert "现在不要拔" in said[0].text
    wait_until_idle(qtbot, page.desk)
    assert page.may_leave()


def test_a_narrow_window_has_one_column(qtbot, open_page, country, plugged):
    page = open_page(country[VILLAGE])
    assert page.right.x() > page.writer.x() + page.writer.width() - 1
    page.resize(800, 600)
    qtbot.waitUntil(lambda: page.right.y() > 0)


@pytest.mark.parametrize(
    ("iso", "words"),
    [("2026-03-09T10:42", "今天 10:42"), ("2026-02-05T09:05", "2月5日 9:05"), ("2025-12-04T08:00", "2025年12月4日")],
)
def test_moments_are_said_as_people_say_them(iso, words):
    at = datetime.datetime.fromisoformat(iso).astimezone()
    assert moment(int(at.timestamp() * 1000), datetime.date(2026, 3, 9)) == words


@pytest.mark.parametrize("mode", ["hub", "up", "receipts", "invite", "approve", "units"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_side_of_the_page_is_worked_by_keyboard_named_and_not_cut(qtbot, open_page, country, stick, theme, mode, scale):
    theme.scale = scale
    page = open_page(country[TOWN], do="" if mode == "hub" else mode)
    wait_until_idle(qtbot, page.desk)
    walk.settle()
    assert page.mode == mode
    assert walk.without_a_name(page) == []
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.foreign(page) == []
    assert walk.marked_up(page) == []
    assert walk.cut(page) == []


# --- naming units below --------------------------------------------------------------------------------------


def test_a_unit_below_is_named_with_its_code_and_stands_in_the_list(qtbot, open_page, country, stick):
    page = open_page(country[TOWN], do="units")
    pane = page.units
    assert pane.code_edit.text() == TOWN[:9]
    pane.name_edit.insert("清河村")
    qtbot.keyClick(pane.name_edit, Qt.Key.Key_Return)
    assert pane.code_edit.hasFocus()
    qtbot.keyClick(pane.code_edit, Qt.Key.Key_Return)
    assert pane.problem.words.text() == "代码要 12 位数字，现在是 9 位。"
    pane.code_edit.setText("140702102209")
    qtbot.keyClick(pane.code_edit, Qt.Key.Key_Return)
    assert "不在本单位下面" in pane.problem.words.text()
    pane.code_edit.setText("140702101299")
    qtbot.keyClick(pane.code_edit, Qt.Key.Key_Return)
    wait_until_idle(qtbot, page.desk)
    listed = [(line.title, line.under, line.badge) for line in pane.list.lines.lines]
    assert ("清河村", "140702101299", "还没加入") in listed
    assert ("柳树湾村", VILLAGE, "已加入") in listed
    assert country[TOWN].workspace.unit_names()["140702101299"] == "清河村"
    assert pane.name_edit.text() == "", "the next one can be typed at once"


def test_a_unit_without_a_name_is_not_taken(qtbot, open_page, country, stick):
    page = open_page(country[TOWN], do="units")
    page.units.code_edit.setText("140702101299")
    qtbot.keyClick(page.units.code_edit, Qt.Key.Key_Return)
    assert page.units.problem.words.text() == "还没有填单位名称。"
    assert page.units.name_edit.hasFocus()


def test_the_official_list_names_the_rest_at_once_and_names_that_stand_stay(qtbot, open_page, country, stick, monkeypatch):
    official = [(VILLAGE, "别的名字"), ("140702101298", "甲村"), ("140702101299", "乙村"), ("140702102201", "外镇的村")]
    monkeypatch.setattr(units_below.divisions, "children", lambda code: official if code == TOWN else [])
    page = open_page(country[TOWN], do="units")
    assert page.units.all_button.text() == "照行政区划登记其余 2 个"
    qtbot.mouseClick(page.units.all_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    names = country[TOWN].workspace.unit_names()
    assert (names["140702101298"], names["140702101299"], names[VILLAGE]) == ("甲村", "乙村", "柳树湾村")
    assert "140702102201" not in names
    assert not page.units.all_button.isVisible()

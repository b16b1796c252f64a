"""What takes the pictures of the window: it finds what is wrong with a page, and what it photographs is worth looking at."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QScrollArea, QVBoxLayout, QWidget
from tests.gui.test_every_page import PAGES
from tools import made_up, screenshots
from tools.scenes import Step, begun_steps, first_steps, in_chains, township_steps, unlock_steps, village_steps

from fulian_desktop.services.conflicts import conflicts, duplicates
from fulian_desktop.services.exchanging import merge_packages
from fulian_desktop.services.office import open_office
from fulian_desktop.services.overview import Matter, overview
from fulian_desktop.services.printing import find_campaign, honored
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import plain_label


def a_page(qtbot, *parts: QWidget, width: int = 300) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    for part in parts:
        layout.addWidget(part)
    page.resize(width, 200)
    page.show()
    return page


def test_a_sound_page_has_no_faults(qtbot, theme: Theme):
    box = QLineEdit()
    box.setPlaceholderText("找人")
    assert screenshots.faults(a_page(qtbot, plain_label("按 Ctrl+S 保存"), box, KeyButton(theme, "保存"))) == []


def test_a_word_that_is_cut_is_found(qtbot):
    label = plain_label("这句话比它站的地方长")
    label.setFixedWidth(40)
    assert screenshots.faults(a_page(qtbot, label)) == ["cut: 这句话比它站的地方长", "clipped: 这句话比它站的地方长"]


def test_a_hint_that_does_not_fit_is_found(qtbot):
    box = QLineEdit()
    box.setPlaceholderText("查姓名、身份证号后四位、电话、住址")
    box.setFixedWidth(100)
    assert "cut: 查姓名、身份证号后四位、电话、住址" in screenshots.faults(a_page(qtbot, box))


def test_a_button_narrower_than_its_word_is_found(qtbot, theme: Theme):
    button = KeyButton(theme, "保存并登记下一户")
    button.setMaximumWidth(60)
    button.setMinimumWidth(60)
    assert "cut: 保存并登记下一户" in screenshots.faults(a_page(qtbot, button))


def test_what_lies_outside_its_parent_is_found(qtbot):
    page = a_page(qtbot)
    label = QLabel("看不见", page)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.move(280, 10)
    label.show()
    assert "outside: 看不见" in screenshots.faults(page)


def test_a_list_that_hides_what_is_typed_or_leaves_the_window_is_found(qtbot):
    box = QLineEdit()
    page = a_page(qtbot, box)
    lines = QListWidget(page)
    lines.setGeometry(0, box.geometry().bottom() + 3, 200, 60)
    lines.show()
    page.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert screenshots.outside(page) == []
    lines.move(0, box.y())
    assert screenshots.outside(page) == ["QListWidget"]
    lines.move(0, 180)
    assert screenshots.outside(page) == ["QListWidget"]


def test_parts_that_lie_over_each_other_are_found(qtbot, theme: Theme):
    page = a_page(qtbot, plain_label("上面"), plain_label("下面"))
    upper, lower = page.findChildren(QLabel)
    lower.setGeometry(upper.geometry().translated(0, 8))
    assert "over each other: 上面 / 下面" in screenshots.faults(page)
    assert screenshots.crossing(page) == ["QLabel / QLabel in QWidget"]


def test_a_pane_too_narrow_for_what_stands_in_it_is_found(qtbot, theme: Theme):
    area = QScrollArea()
    area.setWidgetResizable(True)
    wide = QWidget()
    wide.setMinimumWidth(400)
    area.setWidget(wide)
    page = a_page(qtbot, area)
    qtbot.waitUntil(lambda: screenshots.faults(page) == ["sideways: QWidget"])
    page.resize(600, 200)
    qtbot.waitUntil(lambda: screenshots.faults(page) == [])


@pytest.mark.parametrize("text", ["Error 5", "保存failed", "unknown"])
def test_a_word_in_latin_letters_is_found(qtbot, text):
    assert screenshots.faults(a_page(qtbot, plain_label(text))) == [f"foreign: {text}"]


@pytest.mark.parametrize("text", ["选 Excel 文件", "存为 PDF", "可打拼音首字母，如 wgy"])
def test_names_of_files_and_initials_are_allowed(qtbot, text):
    assert screenshots.faults(a_page(qtbot, plain_label(text))) == []


def test_text_that_would_be_read_as_markup_is_found(qtbot):
    assert screenshots.faults(a_page(qtbot, QLabel("<b>粗</b>"))) == ["markup: <b>粗</b>"]


def test_steps_that_follow_from_each_other_stay_together():
    first, second, third = Step("a", "home"), Step("b"), Step("c", "list")
    assert in_chains(iter((first, second, third))) == [[first, second], [third]]


def test_every_picture_has_a_name_of_its_own(tmp_path: Path):
    made = made_up.MadeUp(*[tmp_path] * 6, *[""] * 5)
    steps = [*first_steps(made), *unlock_steps(tmp_path), *village_steps(made), *township_steps(made), *begun_steps()]
    assert len({step.name for step in steps}) == len(steps)


def test_every_page_of_the_window_is_photographed(tmp_path: Path):
    made = made_up.MadeUp(*[tmp_path] * 6, *[""] * 5)
    led_to = {step.place for step in (*village_steps(made), *township_steps(made))}
    assert {place for place, _about in PAGES} <= led_to


def test_what_is_made_up_has_something_for_every_page(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("FULIAN_DATA", str(tmp_path / "data"))
    made = made_up.make_up(tmp_path)
    monkeypatch.setenv("FULIAN_CLOCK", made_up.TODAY)
    with open_office(made.village, made_up.PASSPHRASE) as village:
        view = overview(village, datetime.datetime.fromisoformat(made_up.TODAY).date())
        assert [task.what for task in view.tasks] == [
            Matter.RETURNED, Matter.HAND_IN, Matter.IN_NOTICE, Matter.DRAFT, Matter.INCOMPLETE,
        ]
        assert duplicates(village)
    with open_office(made.township, made_up.PASSPHRASE) as township:
        assert conflicts(township)
        report = merge_packages(township, [made.stick], dry_run=True)
        assert "damaged" in {one["state"] for one in report["packages"]}
        families = honored(township, find_campaign(township, made.honoured))
        assert len(families) > 15
        assert all(family.flat["award_township_certificate_no"] for family in families)
        assert find_campaign(township, made.running).flat["year"] == 2026

"""The form of every kind: real keys on a real workspace."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from tests.builders import SIBLING, a_township
from tests.e2e.builders import a_country
from tests.gui.conftest import TOWN, VILLAGE, wait_until_idle
from tests.gui.fakes import PASSPHRASE

from fulian_desktop.domain.forms import cells_of
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.errors import MachineProblem
from fulian_desktop.services import entering
from fulian_desktop.services.browsing import Query, keys, rows
from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.listing import list_records, show_record
from fulian_desktop.services.office import Office, open_office
from fulian_desktop.services.records import add_record, delete_records
from fulian_desktop.store.drafts import drafts
from fulian_desktop.ui.buttons import IconButton
from fulian_desktop.ui.desk import Desk, Said
from fulian_desktop.ui.form import FormPage
from fulian_desktop.ui.history import HistoryDialog
from fulian_desktop.ui.shell import Shell

ENTER, SHIFT, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_form(qtbot, desk: Desk) -> Callable[..., FormPage]:
    """A function that shows a form and waits until it is built."""

    def show(kind: str = "family", **about: Any) -> FormPage:
        page = FormPage(desk)
        qtbot.addWidget(page)
        page.resize(1182, 696)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({"nav": "family", "kind": kind, "record": None, **about})
        page.setFocus()
        qtbot.waitUntil(lambda: page.start is not None, timeout=10_000)
        wait_until_idle(qtbot, desk)
        return page

    return show


@pytest.fixture
def said(desk: Desk) -> list[Said]:
    sentences: list[Said] = []
    desk.said.connect(sentences.append)
    return sentences


def ask(qtbot, desk: Desk, work: Callable[[Office], Any]) -> Any:
    """What a service says, asked on the thread where the office lives."""
    answers: list[Any] = []
    desk.ask(desk, lambda office, _progress: work(office), answers.append)
    qtbot.waitUntil(lambda: answers != [], timeout=10_000)
    return answers[0]


def records(qtbot, desk: Desk, kind: str = "family") -> list[dict[str, Any]]:
    return ask(qtbot, desk, lambda office: [row["values"] for row in list_records(office, kind)])


def typed(qtbot, widget: QWidget, text: str) -> None:
    """Type: plain letters as keys, everything else as an input method commits it."""
    if text.isascii():
        qtbot.keyClicks(widget, text)
        return
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(widget, event)


def type_into(qtbot, page: FormPage, name: str, text: str) -> QWidget:
    edit = page.editors[name].edit
    edit.setFocus()
    typed(qtbot, edit, text)
    return edit


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


# --- going through -----------------------------------------------------------------------------------------


def test_a_family_is_entered_with_the_keyboard_alone(qtbot, desk: Desk, open_form, said):
    page = open_form()
    back = []
    desk.went_back.connect(lambda: back.append(True))
    for text in ("孙桂兰", "三组 7 号", "140702198311170022", "13800135999"):
        typed(qtbot, focused(), text)
        qtbot.keyClick(focused(), ENTER)
    assert focused() is page.editors["ethnicity"].edit
    typed(qtbot, focused(), "hz")
    qtbot.keyClick(focused(), ENTER)
    assert page.editors["ethnicity"].value() == "han"
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: back == [True])
    saved = next(row for row in records(qtbot, desk) if row["head"] == "孙桂兰")
    assert (saved["address"], saved["head_id_number"], saved["phone"], saved["ethnicity"]) == (
        "三组 7 号", "140702198311170022", "13800135999", "han")
    assert said[-1].text.startswith("已保存：孙桂兰")
    assert (said[-1].action, said[-1].key) == ("撤销", "Ctrl+Z")


def test_enter_goes_on_shift_enter_back_and_the_last_field_leads_to_the_save_button(qtbot, open_form):
    page = open_form()
    first = page.editors["head"].edit
    assert focused() is first
    qtbot.keyClick(first, ENTER)
    assert focused() is page.editors["address"].edit
    qtbot.keyClick(focused(), ENTER, SHIFT)
    assert focused() is first
    page.editors["head"].went_back.emit()
    assert focused() is first
    page.photos.entered.emit()
    assert focused() is page.save_button


def test_enter_that_commits_an_input_method_stays_in_the_field(qtbot, open_form):
    page = open_form()
    edit = page.editors["head"].edit
    QApplication.sendEvent(edit, QInputMethodEvent("sungui", []))
    qtbot.keyClick(edit, ENTER)
    assert focused() is edit
    commit = QInputMethodEvent("", [])
    commit.setCommitString("孙桂兰")
    QApplication.sendEvent(edit, commit)
    assert (edit.text(), focused()) == ("孙桂兰", edit)
    qtbot.keyClick(edit, ENTER)
    assert focused() is page.editors["address"].edit


def test_in_several_lines_enter_makes_a_line_and_tab_goes_on(qtbot, open_form):
    page = open_form("activity")
    edit = type_into(qtbot, page, "content", "第一行")
    qtbot.keyClick(edit, ENTER)
    typed(qtbot, edit, "第二行")
    assert page.editors["content"].value() == "第一行\n第二行"
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    assert focused() is page.editors["outcome"].edit
    qtbot.keyClick(focused(), ENTER, SHIFT)
    assert focused() is edit


@pytest.mark.parametrize("kind", [kind.code for kind in all_kinds()])
def test_every_kind_has_its_form_and_every_field_a_name(open_form, kind: str):
    page = open_form(kind)
    for card in page.fields.cards:
        card.unfold()
    there = {cell.name for cell in cells_of(kind_of(kind)) if cell.field.code not in page.start.locked}
    assert there <= page.editors.keys()
    assert [name for name, editor in page.editors.items() if not editor.edit.accessibleName()] == []
    assert [label.text() for label in page.findChildren(QLabel) if label.textFormat() is not Qt.TextFormat.PlainText
            and label.text()] == []


# --- what is said beside a field ---------------------------------------------------------------------------


def test_an_id_number_says_whose_it_is_and_fills_sex_and_birth_date(qtbot, desk: Desk, open_form):
    page = open_form("person")
    type_into(qtbot, page, "id_number", "140702198311170022")
    qtbot.waitUntil(lambda: page.editors["id_number"].note.tone == "ok" and page.editors["sex"].value() == "female")
    assert page.editors["id_number"].note.words.text() == "已填好：女，1983年11月17日生，42 岁"
    assert page.editors["birth_date"].value() == "1983年11月17日"
    page.editors["id_number"].edit.clear()
    page.editors["id_number"].changed.emit()
    qtbot.waitUntil(lambda: page.editors["sex"].value() is None)


def test_a_date_and_a_number_say_what_they_were_read_as(qtbot, open_form):
    page = open_form("activity")
    type_into(qtbot, page, "date", "3.8")
    type_into(qtbot, page, "participants", "1.2万")
    qtbot.waitUntil(lambda: page.editors["participants"].note.words.text() != "")
    assert page.editors["date"].note.words.text() == "已填好：2026年3月8日"
    assert page.editors["participants"].note.words.text() == "已填好：12,000"


def test_a_doubt_is_said_when_the_field_is_left_and_a_click_in_the_bar_leads_there(qtbot, open_form):
    page = open_form()
    edit = type_into(qtbot, page, "phone", "1380013572")
    page.fields.look_now()
    assert page.editors["phone"].note.tone == ""
    qtbot.keyClick(edit, ENTER)
    qtbot.waitUntil(lambda: page.editors["phone"].note.tone == "error")
    assert page.editors["phone"].note.words.text().startswith("少一位：手机号要 11 位，现在是 10 位")
    assert edit.property("state") == "error"
    assert page.wrong.text() == "还有 1 处要改"
    qtbot.mouseClick(page.wrong, Qt.MouseButton.LeftButton)
    assert focused() is edit
    qtbot.keyClick(edit, Qt.Key.Key_End)
    typed(qtbot, edit, "1")
    qtbot.waitUntil(lambda: not page.wrong.isVisible())


def test_only_the_first_asked_field_stops_a_save(qtbot, desk: Desk, open_form, said):
    page = open_form()
    type_into(qtbot, page, "address", "五组 1 号")
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    assert focused() is page.editors["head"].edit
    assert page.editors["head"].note.words.text() == "“户主”还没填，填上才能保存"
    assert (page.wrong.text(), page.wrong.isVisible()) == ("还有 1 处要改", True)
    typed(qtbot, focused(), "周玉梅")
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: bool(said))
    assert said[-1].text.startswith("已保存：周玉梅")


def test_what_other_records_say_is_said_while_typing(qtbot, desk: Desk, open_form):
    entries = {"program": "两癌救助", "recipient_name": "何秀珍", "date": "2025.5.6", "amount": "10000"}
    ask(qtbot, desk, lambda office: add_record(office, "aid", entries))
    page = open_form("aid", entries={"program": "two_cancers", "recipient": "何秀珍", "date": "3.8"})
    page.editors["amount"].edit.setFocus()
    page.editors["date"].edit.setFocus()
    qtbot.waitUntil(lambda: "何秀珍领过两癌救助" in page.editors["recipient"].note.words.text())


# --- saving ------------------------------------------------------------------------------------------------


def test_an_edit_sends_only_what_was_changed(qtbot, desk: Desk, open_form, said):
    row = ask(qtbot, desk, lambda office: list_records(office, "family", search="赵素芳")[0])
    page = open_form(record=row["id"])
    assert (page.title.text(), page.editors["head"].value()) == ("赵素芳", "赵素芳")
    type_into(qtbot, page, "occupation", "种大棚菜")
    assert page.entries() == {"occupation": "种大棚菜"}
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: bool(said))
    steps = ask(qtbot, desk, lambda office: entering.history_of(office, row["id"]))
    assert [change[0] for change in steps[0].changes] == ["职业"]
    said[-1].run()
    qtbot.waitUntil(lambda: said[-1].text == "已撤销。")
    assert "occupation" not in ask(qtbot, desk, lambda office: show_record(office, row["id"]))["values"]


def test_a_record_that_was_opened_and_left_alone_is_not_written(qtbot, desk: Desk, open_form, said):
    for kind in ("family", "activity", "aid", "person"):
        row = ask(qtbot, desk, lambda office, kind=kind: list_records(office, kind)[0])
        page = open_form(kind, record=row["id"])
        assert page.entries() == {}
        page.save()
        wait_until_idle(qtbot, desk)
        assert said[-1].text == "没有改动，还是原来的样子。"


def test_save_and_next_keeps_what_is_pinned_and_begins_with_the_first_field(qtbot, desk: Desk, open_form, said):
    page = open_form("activity")
    type_into(qtbot, page, "title", "插花培训")
    place = type_into(qtbot, page, "place", "村委会")
    qtbot.keyClick(place, Qt.Key.Key_T, CTRL)
    assert place.property("pinned") is True
    qtbot.keyClick(place, ENTER, CTRL)
    qtbot.waitUntil(lambda: bool(said) and page.editors["title"].value() is None)
    wait_until_idle(qtbot, desk)
    assert said[-1].text.startswith("已保存：插花培训")
    assert page.editors["place"].value() == "村委会"
    assert page.editors["place"].edit.pin.isChecked()
    assert focused() is page.editors["title"].edit
    again = open_form("activity")
    assert again.editors["place"].value() == "村委会"
    assert not again.drafts.is_dirty


def test_what_is_typed_while_the_next_form_comes_goes_into_it(qtbot, desk: Desk, open_form, said):
    page = open_form("family")
    head = type_into(qtbot, page, "head", "赵素芳")
    qtbot.keyClick(head, ENTER, CTRL)
    typed(qtbot, head, "马秀云")  # at once, as a quick typist does
    qtbot.keyClick(head, ENTER)
    qtbot.keyClicks(focused(), "12")
    qtbot.waitUntil(lambda: bool(said) and page.editors["head"].value() == "马秀云", timeout=10_000)
    wait_until_idle(qtbot, desk)
    assert [row["head"] for row in records(qtbot, desk)].count("赵素芳") == 2  # one was there before
    assert focused() is page.editors["address"].edit
    assert page.editors["address"].value() == "12"


def test_what_is_typed_while_a_save_is_refused_stays_in_the_form(qtbot, desk: Desk, open_form, monkeypatch):
    def full(*_args: Any, **_named: Any) -> None:
        raise MachineProblem("磁盘满了，没有保存。您填的内容还在。下一步：删掉一些不用的文件，再保存。", "disk-full")

    page = open_form("family")
    head = type_into(qtbot, page, "head", "赵素")
    monkeypatch.setattr(entering, "save_form", full)
    qtbot.keyClick(head, ENTER, CTRL)
    typed(qtbot, head, "芳")
    qtbot.waitUntil(lambda: "磁盘满了" in page.foot.note.text(), timeout=10_000)
    assert page.editors["head"].value() == "赵素芳"


def test_ctrl_d_copies_a_field_and_the_button_all_but_names_and_numbers(qtbot, desk: Desk, open_form):
    last = {"head": "马秀云", "address": "四组 2 号", "phone": "13800135555", "head_id_number": "140702198311170022",
            "occupation": "务农", "size": "3", "tags": "低保", "members": [{"name": "马秀云", "sex": "女"}]}
    ask(qtbot, desk, lambda office: add_record(office, "family", last))
    page = open_form()
    edit = page.editors["occupation"].edit
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_D, CTRL)
    assert page.editors["occupation"].value() == "务农"
    qtbot.mouseClick(page.head.copy, Qt.MouseButton.LeftButton)
    values = {name: editor.value() for name, editor in page.editors.items()}
    assert (values["address"], values["size"], values["tags"]) == ("四组 2 号", "3", ["low_income_allowance"])
    assert [values[name] for name in ("head", "head_id_number", "phone")] == [None, None, None]
    assert (values["members"], values["photos"]) == ([], [])


def cell_line(page: FormPage, name: str) -> QLineEdit:
    """The line that is open in a table of the form."""
    found = focused()
    assert isinstance(found, QLineEdit)
    assert page.editors[name].isAncestorOf(found)
    return found


def test_ctrl_d_in_a_cell_copies_from_the_row_above_and_in_the_first_row_from_the_record_before(
    qtbot, desk: Desk, open_form,
):
    last = {"head": "马秀云", "address": "四组", "members": [{"name": "马秀云", "sex": "女", "occupation": "务农"}]}
    ask(qtbot, desk, lambda office: add_record(office, "family", last))
    page = open_form()
    members = page.editors["members"]
    members.begin()
    qtbot.keyClicks(cell_line(page, "members"), "Zhao")
    members.edit.go_to(0, 4)
    qtbot.keyClick(cell_line(page, "members"), Qt.Key.Key_D, CTRL)
    assert members.value() == [{"name": "Zhao", "occupation": "务农"}]
    assert cell_line(page, "members").text() == "务农"
    qtbot.keyClick(cell_line(page, "members"), ENTER)
    qtbot.keyClicks(cell_line(page, "members"), "Qian")
    members.edit.go_to(1, 4)
    qtbot.keyClick(cell_line(page, "members"), Qt.Key.Key_D, CTRL)
    assert members.value()[1] == {"name": "Qian", "occupation": "务农"}
    members.edit.go_to(1, 3)
    qtbot.keyClick(cell_line(page, "members"), Qt.Key.Key_D, CTRL)
    assert members.note.words.text() == "上一行这一格没有填"
    assert [row.keys() & {"row"} for row in members.value()] == [set(), set()], "a copied cell brings no row with it"
    assert page.drafts.is_dirty
    wait_until_idle(qtbot, desk)


def test_cells_pasted_into_a_table_are_saved_with_the_form(qtbot, desk: Desk, open_form):
    page = open_form()
    type_into(qtbot, page, "head", "马秀云")
    page.editors["members"].begin()
    QGuiApplication.clipboard().setText("马秀云\t户主\t女\n刘建军\t丈夫\t男\n")
    qtbot.keyClick(cell_line(page, "members"), Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()
    page.fields.look_now()
    assert page.editors["members"].note.words.text() == "粘贴了 2 行"
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    wait_until_idle(qtbot, desk)
    saved = next(row for row in records(qtbot, desk) if row["head"] == "马秀云")
    assert [(row["name"], row["relation"], row["sex"]) for row in saved["members"]] == [
        ("马秀云", "head", "female"), ("刘建军", "spouse", "male")]


def test_a_picture_pasted_in_a_cell_is_a_photo_of_the_record(qtbot, desk: Desk, open_form, tmp_path: Path):
    page = open_form()
    page.editors["members"].begin()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(a_picture(tmp_path)))])
    QGuiApplication.clipboard().setMimeData(mime)
    qtbot.keyClick(cell_line(page, "members"), Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: len(page.photos.tiles) == 1, timeout=10_000)
    QGuiApplication.clipboard().clear()
    assert page.editors["members"].value() == []
    wait_until_idle(qtbot, desk)


def test_enter_leaves_a_table_from_its_empty_last_row_and_shift_enter_comes_back(qtbot, open_form):
    page = open_form()
    chain = page.fields.chain()
    place = chain.index(page.editors["members"])
    page.fields.focus(chain[place - 1])
    chain[place - 1].entered.emit()
    qtbot.keyClicks(cell_line(page, "members"), "Li")
    page.editors["members"].edit.go_to(0, 4)
    qtbot.keyClick(cell_line(page, "members"), ENTER)
    assert page.editors["members"].model.rowCount() == 2
    qtbot.keyClick(cell_line(page, "members"), ENTER)
    assert chain[place + 1].is_in_use()
    qtbot.keyClick(focused(), ENTER, SHIFT)
    assert page.editors["members"].edit.currentIndex().row() == 1
    qtbot.keyClick(cell_line(page, "members"), ENTER, SHIFT)
    assert chain[place - 1].is_in_use()
    assert page.editors["members"].value() == [{"name": "Li"}]


def test_a_refused_save_leaves_everything_and_says_why_in_the_bar(qtbot, desk: Desk, open_form, monkeypatch):
    page = open_form()
    type_into(qtbot, page, "head", "吴彩霞")

    def full(*_: Any, **__: Any) -> None:
        raise MachineProblem("磁盘满了，没有保存。请腾出一些空间再保存。")

    with monkeypatch.context() as patch:
        patch.setattr(entering, "add_record", full)
        qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
        qtbot.waitUntil(lambda: page.foot.note.text() == "磁盘满了，没有保存。请腾出一些空间再保存。")
        wait_until_idle(qtbot, desk)
    assert page.editors["head"].value() == "吴彩霞"
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    wait_until_idle(qtbot, desk)
    assert "吴彩霞" in [row["head"] for row in records(qtbot, desk)]


def test_a_save_shows_within_fifty_milliseconds(qtbot, desk: Desk, open_form):
    page = open_form()
    begun, shown = [], []
    desk.said.connect(lambda _said: shown.append(time.perf_counter()))
    for number in range(1, 7):
        page.editors["head"].set_value(f"张凤兰{number}")
        begun.append(time.perf_counter())
        qtbot.keyClick(page.editors["head"].edit, Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: page.start.last.get("head") == f"张凤兰{len(begun)}")
        wait_until_idle(qtbot, desk)
    took = sorted(after - before for before, after in zip(begun, shown, strict=True))
    assert took[len(took) // 2] < 0.05


# --- drafts ------------------------------------------------------------------------------------------------


def test_what_is_typed_is_a_draft_within_two_seconds_and_goes_with_the_save(qtbot, desk: Desk, open_form):
    page = open_form()
    type_into(qtbot, page, "head", "郑桂英")
    qtbot.waitUntil(lambda: page.head.draft_note.text().startswith("草稿已存 "), timeout=2_000)
    kept = ask(qtbot, desk, lambda office: drafts(office.workspace))
    assert [draft["entries"] for draft in kept] == [{"head": "郑桂英"}]
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    wait_until_idle(qtbot, desk)
    assert ask(qtbot, desk, lambda office: drafts(office.workspace)) == []


def test_leaving_keeps_the_draft_and_the_next_form_offers_it(qtbot, desk: Desk, open_form, said):
    page = open_form()
    type_into(qtbot, page, "head", "郑桂英")
    assert page.may_leave()
    kept = ask(qtbot, desk, lambda office: drafts(office.workspace))
    assert [draft["entries"] for draft in kept] == [{"head": "郑桂英"}]
    page = open_form()
    assert "郑桂英" in page.banner.words.text()
    qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
    assert page.editors["head"].value() == "郑桂英"
    qtbot.keyClick(page.editors["head"].edit, Qt.Key.Key_S, CTRL)
    wait_until_idle(qtbot, desk)
    assert ask(qtbot, desk, lambda office: drafts(office.workspace)) == []


def test_a_draft_that_nobody_wants_goes(qtbot, desk: Desk, open_form):
    ask(qtbot, desk, lambda office: entering.keep_draft(office, "one", "family", {"head": "郑桂英"}))
    page = open_form()
    type_into(qtbot, page, "head", "别的人")
    qtbot.mouseClick(page.banner.drop_button, Qt.MouseButton.LeftButton)
    assert not page.banner.isVisible()
    wait_until_idle(qtbot, desk)
    assert "one" not in [draft["id"] for draft in ask(qtbot, desk, lambda office: drafts(office.workspace))]
    assert page.editors["head"].value() == "别的人"


def test_going_on_with_a_draft_leaves_one_draft_and_what_was_typed_meanwhile(qtbot, desk: Desk, open_form):
    ask(qtbot, desk, lambda office: entering.keep_draft(office, "one", "family", {"head": "郑桂英"}))
    page = open_form()
    type_into(qtbot, page, "phone", "13800135999")
    qtbot.waitUntil(lambda: page.head.draft_note.text() != "")
    qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
    type_into(qtbot, page, "address", "三组")
    page.may_leave()
    wait_until_idle(qtbot, desk)
    (draft,) = ask(qtbot, desk, lambda office: drafts(office.workspace))
    assert (draft["id"], draft["entries"]) == ("one", {"head": "郑桂英", "address": "三组", "phone": "13800135999"})


def test_a_changed_record_that_was_left_opens_with_what_was_typed(qtbot, desk: Desk, open_form):
    row = ask(qtbot, desk, lambda office: list_records(office, "family", search="赵素芳")[0])
    page = open_form(record=row["id"])
    type_into(qtbot, page, "occupation", "种菜")
    page.may_leave()
    wait_until_idle(qtbot, desk)
    page = open_form(record=row["id"])
    assert page.editors["occupation"].value() == "种菜"
    qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.editors["occupation"].value() is None)
    wait_until_idle(qtbot, desk)


def test_a_draft_that_could_not_be_kept_is_said_and_tried_again(qtbot, desk: Desk, open_form, monkeypatch):
    page = open_form()

    def full(*_: Any) -> None:
        raise MachineProblem("磁盘满了。请腾出一些空间。")

    with monkeypatch.context() as patch:
        patch.setattr(entering, "keep_draft", full)
        type_into(qtbot, page, "head", "郑桂英")
        qtbot.waitUntil(lambda: page.foot.note.text() == "草稿没有存上。磁盘满了。请腾出一些空间。")
    typed(qtbot, focused(), "二")
    qtbot.waitUntil(lambda: page.head.draft_note.text() != "")
    assert page.foot.note.text() == ""
    assert page.editors["head"].value() == "郑桂英二"


def test_typing_on_does_not_put_the_draft_off(qtbot, desk: Desk, open_form):
    page = open_form()
    begun = time.monotonic()
    while not page.head.draft_note.text() and time.monotonic() - begun < 4:
        typed(qtbot, page.editors["head"].edit, "x")
        qtbot.wait_signal(page.drafts.said, timeout=100, raising=False).wait()
    assert time.monotonic() - begun < 2
    wait_until_idle(qtbot, desk)


KILLED = """
import datetime, json, os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from fulian_desktop.services.office import open_office
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form import FormPage
from fulian_desktop.ui.history import HistoryDialog
from fulian_desktop.ui.shell import Shell
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.theme import Theme

app = QApplication([])
folder = Path(sys.argv[1])
office = open_office(folder, sys.argv[2])
desk = Desk(Theme(), JobRunner(), Memory(folder / "window.ini"), office, unit=office.unit, unit_name="", person="",
            today=lambda: datetime.date(2026, 3, 9))
page = FormPage(desk)
page.opened({"kind": "family", "record": None})
page.show()

def type_when_built():
    if "head" not in page.editors:
        QTimer.singleShot(20, type_when_built)
        return
    QTest.keyClicks(page.editors["head"].edit, "wang xiuying")
    QTest.keyClicks(page.editors["address"].edit, "3 zu")

page.drafts.said.connect(lambda text: text and os.kill(os.getpid(), signal.SIGKILL))
QTimer.singleShot(0, type_when_built)
app.exec()
"""


def test_after_a_killed_process_the_draft_is_there(qtbot, village: Office, make_desk, tmp_path: Path):
    folder = village.workspace.folder
    village.workspace.db.execute("PRAGMA wal_checkpoint")
    script = tmp_path / "type.py"
    script.write_text(KILLED, "utf-8")
    env = {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path(entering.__file__).parents[2])}
    run = subprocess.run([sys.executable, str(script), str(folder), PASSPHRASE], env=env, timeout=60, check=False)
    assert run.returncode == -9
    with open_office(folder, PASSPHRASE) as office:
        (draft,) = drafts(office.workspace)
    assert json.dumps(draft["entries"]) == json.dumps({"head": "wang xiuying", "address": "3 zu"})


# --- rights, conflicts, history ----------------------------------------------------------------------------


def a_nomination(office: Office) -> str:
    campaign = add_record(office, "campaign", {"title": "2026年度最美家庭", "honor": "最美家庭", "year": 2026})
    family = list_records(office, "family")[0]["id"]
    entries = {"campaign": campaign.id, "family": family, "way": "组织推荐", "submitted_date": "2026-03-02",
               "review_result": "passed", "review_date": "2026-03-04", "public_from": "2026-03-05", "public_to": "2026-03-11"}
    return add_record(office, "nomination", entries).id


def test_a_nomination_shows_its_stage_and_what_may_not_be_changed(qtbot, desk: Desk, open_form):
    record = ask(qtbot, desk, a_nomination)
    page = open_form("nomination", record=record)
    assert page.head.state.accessibleName() == "公示中 村"
    assert page.editors["campaign"].locked
    assert page.editors["campaign"].note.words.text().startswith("登记后不能改")
    assert "approval_village_result" in page.editors
    assert "approval_township_result" not in page.editors


def test_a_record_that_is_changed_elsewhere_is_read_again_only_where_nothing_is_typed(qtbot, desk: Desk, open_form):
    row = ask(qtbot, desk, lambda office: list_records(office, "family", search="赵素芳")[0])
    page = open_form(record=row["id"])
    edited = {"phone": "13800135888"}
    ask(qtbot, desk, lambda office: entering.save_form(office, "family", edited, draft="d", record=row["id"]))
    page.refresh(frozenset({"activity"}))
    wait_until_idle(qtbot, desk)
    assert page.editors["phone"].value() == "13800135721"
    page.refresh(frozenset({"family"}))
    qtbot.waitUntil(lambda: page.editors["phone"].value() == "13800135888")
    wait_until_idle(qtbot, desk)
    type_into(qtbot, page, "occupation", "种菜")
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert page.entries() == {"occupation": "种菜"}


def test_a_record_of_a_level_above_may_only_be_looked_at(qtbot, theme, make_desk, tmp_path: Path):
    with a_country(tmp_path, VILLAGE) as country:
        village, town = country[VILLAGE], country[TOWN]
        record = add_record(town, "campaign", {"title": "最美家庭", "honor": "最美家庭", "year": 2026}).id
        country.carry(town, village)
        desk = make_desk(village)
        page = FormPage(desk)
        qtbot.addWidget(page)
        page.show()
        page.opened({"kind": "campaign", "record": record})
        qtbot.waitUntil(lambda: page.fields is not None)
        assert page.start.whole
        wait_until_idle(qtbot, desk)


def test_what_a_level_above_fills_is_shown_with_the_reason(qtbot, desk: Desk, open_form):
    page = open_form("aid", record=ask(qtbot, desk, lambda office: list_records(office, "aid")[0]["id"]))
    for card in page.fields.cards:
        card.unfold()
    words = [label.text() for label in page.findChildren(QLabel)]
    assert any("乡镇级审批由乡镇及以上妇联填写，本单位只能看。" in word for word in words)
    assert "approval_township_result" not in page.editors
    assert "approval_village_result" in page.editors


def test_a_record_of_another_unit_is_only_shown(qtbot, desk: Desk, open_form):
    page = open_form("unit_name", unit=TOWN)
    assert page.editors["name"].edit.isReadOnly()
    assert page.banner.words.text() == "这条记录归别的单位管，本单位只能看。"
    assert not page.save_button.isVisible()


def test_a_deleted_record_says_so_and_can_be_restored(qtbot, desk: Desk, open_form):
    row = ask(qtbot, desk, lambda office: list_records(office, "family")[0])
    ask(qtbot, desk, lambda office: delete_records(office, [row["id"]]))
    page = open_form(record=row["id"])
    assert page.editors["head"].edit.isReadOnly()
    qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "head" in page.editors and not page.editors["head"].edit.isReadOnly())
    wait_until_idle(qtbot, desk)


def test_the_history_tells_who_changed_what(qtbot, desk: Desk, open_form):
    row = ask(qtbot, desk, lambda office: list_records(office, "family", search="赵素芳")[0])
    ask(qtbot, desk, lambda office: entering.save_form(office, "family", {"phone": "13800135888"}, draft="d", record=row["id"]))
    page = open_form(record=row["id"])
    assert page.fields.history.note.text() == "2 次"
    qtbot.mouseClick(page.fields.history.all_button, Qt.MouseButton.LeftButton)
    dialog = page.fields.history.findChild(HistoryDialog)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "13800135721 → 13800135888" in words
    assert any("王桂芳" in word and "柳树湾村妇联" in word for word in words)
    dialog.close()


def test_markup_rare_characters_and_very_long_names_show_as_they_are(qtbot, desk: Desk, open_form):
    odd = "<b>𡛕</b>\u202e王😀" + "长" * 150
    row = ask(qtbot, desk, lambda office: add_record(office, "activity", {"title": odd}))
    page = open_form("activity", record=row.id)
    assert page.editors["title"].value() == odd
    assert page.title.textFormat() is Qt.TextFormat.PlainText
    assert page.title.width() < page.width() // 2
    assert page.save_button.visibleRegion().boundingRect().right() > 0
    assert page.save_button.mapTo(page, page.save_button.rect().topRight()).x() <= page.width()


# --- photos, width -----------------------------------------------------------------------------------------


def a_picture(folder: Path) -> Path:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.darkGreen)
    path = folder / "合影.png"
    image.save(str(path))
    return path


def test_photos_are_pasted_captioned_saved_with_the_record_and_removed(qtbot, desk: Desk, open_form, tmp_path: Path):
    page = open_form()
    edit = type_into(qtbot, page, "head", "冯秀莲")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(a_picture(tmp_path)))])
    QGuiApplication.clipboard().setMimeData(mime)
    qtbot.keyClick(edit, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: len(page.photos.tiles) == 1, timeout=10_000)
    assert edit.text() == "冯秀莲"
    typed(qtbot, page.photos.tiles[0].caption, "全家合影")
    page.save()
    wait_until_idle(qtbot, desk)
    row = ask(qtbot, desk, lambda office: list_records(office, "family", search="冯秀莲")[0])
    (photo,) = row["values"]["photos"]
    assert (photo["caption"], photo["order"]) == ("全家合影", 0)
    page = open_form(record=row["id"])
    assert page.entries() == {}
    qtbot.mouseClick(page.photos.tiles[0].remove, Qt.MouseButton.LeftButton)
    page.save()
    wait_until_idle(qtbot, desk)
    assert "photos" not in ask(qtbot, desk, lambda office: show_record(office, row["id"]))["values"]
    QGuiApplication.clipboard().clear()


def test_a_file_that_is_no_photo_is_said_and_nothing_else_happens(qtbot, desk: Desk, open_form, said, tmp_path: Path):
    page = open_form()
    broken = tmp_path / "不是照片.jpg"
    broken.write_bytes(b"hello")
    page.photos.take([broken])
    qtbot.waitUntil(lambda: bool(said))
    assert said[-1].text.startswith("不是照片.jpg：")
    assert page.photos.tiles == []


def test_a_narrow_window_has_one_column(qtbot, open_form):
    page = open_form()
    page.resize(760, 600)
    qtbot.waitUntil(lambda: page.fields.cards[0]._columns == 1)
    head, address = page.editors["head"], page.editors["address"]
    qtbot.waitUntil(lambda: head.mapTo(page, head.rect().topLeft()).x() == address.mapTo(page, address.rect().topLeft()).x())
    page.resize(1182, 696)
    qtbot.waitUntil(lambda: page.fields.cards[0]._columns == 2)


def test_a_field_never_takes_text_silently_cut(qtbot, open_form):
    page = open_form()
    edit = page.editors["head"].edit
    assert isinstance(edit, QLineEdit)
    QGuiApplication.clipboard().setText("长" * 50_000)
    edit.setFocus()
    edit.paste()
    assert "粘贴的文字太长" in page.editors["head"].note.words.text()
    QGuiApplication.clipboard().clear()




# --- in the window -----------------------------------------------------------------------------------------


@pytest.fixture
def shell(qtbot, desk: Desk) -> Shell:
    made = Shell(desk)
    qtbot.addWidget(made)
    made.resize(1366, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    made.go("list", {"nav": "family", "kind": "family"})
    wait_until_idle(qtbot, desk)
    return made


def test_saving_leads_back_to_the_list_and_ctrl_z_there_takes_it_back(qtbot, desk: Desk, shell: Shell):
    shell.go("form", {"nav": "family", "kind": "family", "record": None})
    page = shell.page
    assert isinstance(page, FormPage)
    qtbot.waitUntil(lambda: focused() is page.first_focus() and page.fields is not None)
    typed(qtbot, focused(), "孙桂兰")
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not isinstance(shell.page, FormPage))
    assert "已保存：孙桂兰" in shell.line.words.text()
    wait_until_idle(qtbot, desk)
    assert "孙桂兰" in [row["head"] for row in records(qtbot, desk)]
    qtbot.keyClick(focused(), Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: shell.line.words.text() == "已撤销。")
    assert "孙桂兰" not in [row["head"] for row in records(qtbot, desk)]
    wait_until_idle(qtbot, desk)


def test_leaving_by_the_navigation_keeps_a_draft_and_says_so(qtbot, desk: Desk, shell: Shell):
    shell.go("form", {"nav": "family", "kind": "family", "record": None})
    page = shell.page
    assert isinstance(page, FormPage)
    qtbot.waitUntil(lambda: focused() is page.first_focus() and page.fields is not None)
    typed(qtbot, focused(), "孙桂兰")
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isinstance(shell.page, FormPage))
    assert shell.line.words.text() == "没有保存的内容存成了草稿，下次打开可以接着填。"
    kept = ask(qtbot, desk, lambda office: drafts(office.workspace))
    assert [draft["entries"] for draft in kept] == [{"head": "孙桂兰"}]
    wait_until_idle(qtbot, desk)


def open_first(qtbot, desk: Desk, shell: Shell) -> FormPage:
    """The form of the first record of the list, opened with Enter."""
    qtbot.waitUntil(lambda: shell.page.shown.model.rowCount() == 3)
    wait_until_idle(qtbot, desk)
    shell.page.shown.view.setFocus()
    shell.page.shown.view.go_to(0)
    qtbot.keyClick(shell.page.shown.view, ENTER)
    page = shell.page
    assert isinstance(page, FormPage)
    qtbot.waitUntil(lambda: page.fields is not None)
    wait_until_idle(qtbot, desk)
    return page


def test_the_list_is_walked_from_the_form_and_what_was_typed_stays_a_draft(qtbot, desk: Desk, shell: Shell):
    listed = [row.id for row in ask(qtbot, desk, lambda office: rows(office, "family", shell.page.shown.model.numbers(0, 9)))]
    page = open_first(qtbot, desk, shell)
    assert page.start.record == listed[0]
    assert (page.head.walk.before.text(), page.head.walk.after.text()) == ("上一户", "下一户")
    type_into(qtbot, page, "occupation", "种菜")
    qtbot.keyClick(focused(), Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: page.start.record == listed[1])
    wait_until_idle(qtbot, desk)
    assert page.editors["occupation"].value() is None
    qtbot.mouseClick(page.head.walk.after, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.start.record == listed[2])
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(focused(), Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: shell.line.words.text() == "已经是清单里的最后一户。")
    qtbot.keyClick(focused(), Qt.Key.Key_PageUp, CTRL)
    qtbot.waitUntil(lambda: page.start.record == listed[1])
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(focused(), Qt.Key.Key_PageUp, CTRL)
    qtbot.waitUntil(lambda: page.start.record == listed[0])
    wait_until_idle(qtbot, desk)
    assert page.editors["occupation"].value() == "种菜"
    assert page.banner.words.text() == "上次没有保存的内容，已经放回来了。"
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isinstance(shell.page, FormPage))
    wait_until_idle(qtbot, desk)


def test_a_record_deleted_meanwhile_is_passed_over_and_the_way_back_leads_to_the_one_shown(qtbot, desk: Desk, shell: Shell):
    listed = [row.id for row in ask(qtbot, desk, lambda office: rows(office, "family", shell.page.shown.model.numbers(0, 9)))]
    page = open_first(qtbot, desk, shell)
    ask(qtbot, desk, lambda office: delete_records(office, [listed[1]]))
    qtbot.keyClick(focused(), Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: page.start.record == listed[2])
    wait_until_idle(qtbot, desk)
    shell.go("settings", {})
    shell.back()
    qtbot.waitUntil(lambda: isinstance(shell.page, FormPage) and shell.page.start is not None)
    assert shell.page.start.record == listed[2]
    wait_until_idle(qtbot, desk)


def test_a_form_that_no_list_led_to_has_no_way_through_one(qtbot, desk: Desk, open_form):
    page = open_form(record=ask(qtbot, desk, lambda office: list_records(office, "family")[0]["id"]))
    assert not page.head.walk.isVisible()


def test_where_there_is_little_room_the_way_through_the_list_is_signs_with_names(qtbot, desk: Desk, shell: Shell):
    page = open_first(qtbot, desk, shell)

    def drawn_narrow() -> bool:  # as a hand draws it, step by step: what has no room goes, and leaves room to go on
        shell.resize(760, 600)
        return not page.head.walk.after.isVisible()

    qtbot.waitUntil(drawn_narrow)
    signs = [button for button in page.head.walk.findChildren(IconButton) if button.isVisible()]
    assert [(sign.accessibleName(), sign.toolTip()) for sign in signs] == [
        ("上一户", "上一户（Ctrl+PgUp）"), ("下一户", "下一户（Ctrl+PgDn）")]
    wait_until_idle(qtbot, desk)


def test_tab_goes_through_the_form_in_the_order_in_which_one_reads(qtbot, open_form):
    page = open_form()
    seen = []
    for _ in range(30):
        seen.append(focused())
        qtbot.keyClick(focused(), Qt.Key.Key_Tab)
        if focused() is page.save_button:
            break
    names = [name for widget in seen for name, editor in page.editors.items() if editor.isAncestorOf(widget)]
    expected = [cell.name for cell in cells_of(kind_of("family"))]
    assert [name for name in expected if name in names and name != "photos"] == [
        name for name in dict.fromkeys(names) if name != "photos"]
    assert {"head", "occupation", "tags", "remarks", "photos"} <= set(names)
    assert focused() is page.save_button


def test_a_township_fills_its_own_level_of_a_village_record(qtbot, theme, make_desk, tmp_path: Path):
    office = a_township(tmp_path / "town")
    campaign = add_record(office, "campaign", {"title": "最美家庭", "honor": "最美家庭", "year": 2026}).id
    family = add_record(office, "family", {"head": "赵素芳"}, unit=VILLAGE).id
    record = add_record(office, "nomination", {"campaign": campaign, "family": family, "way": "self"}, unit=VILLAGE).id
    desk = make_desk(office)
    page = FormPage(desk)
    qtbot.addWidget(page)
    page.resize(1182, 696)
    page.show()
    page.opened({"kind": "nomination", "record": record})
    qtbot.waitUntil(lambda: page.fields is not None)
    for card in page.fields.cards:
        card.unfold()
    result = page.editors["approval_township_result"].edit
    result.setFocus()
    qtbot.keyClicks(result, "tg")
    qtbot.keyClick(result, ENTER)
    type_into(qtbot, page, "approval_township_date", "3.9")
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    wait_until_idle(qtbot, desk)
    values = ask(qtbot, desk, lambda office: show_record(office, record))["values"]
    assert (values["approval_township_result"], values["approval_township_date"]) == ("passed", "2026-03-09")
    assert "approval_county_result" not in page.editors
    office.close()


# --- for which unit ----------------------------------------------------------------------------------------


@pytest.fixture
def town_form(qtbot, make_desk, tmp_path: Path) -> Iterator[Callable[..., FormPage]]:
    """A function that shows the form of a new record at a township with two villages."""
    office = a_township(tmp_path / "town")
    for code, name in ((VILLAGE, "柳树湾村"), (SIBLING, "杏花村")):
        add_unit(office, code, name)
    add_record(office, "family", {"head": "周玉兰", "occupation": "教书"}, unit=SIBLING)
    desk = make_desk(office)

    def show(kind: str = "family", **about: Any) -> FormPage:
        page = FormPage(desk)
        qtbot.addWidget(page)
        page.resize(1182, 696)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened({"nav": "family", "kind": kind, "record": None, **about})
        page.setFocus()
        qtbot.waitUntil(lambda: page.start is not None, timeout=10_000)
        wait_until_idle(qtbot, desk)
        return page

    yield show
    wait_until_idle(qtbot, desk)
    office.close()


def choose_unit(qtbot, page: FormPage, typed_letters: str) -> None:
    line = page.unit_line.edit
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, typed_letters)
    qtbot.waitUntil(lambda: line.list.is_open)
    qtbot.keyClick(line, ENTER)
    wait_until_idle(qtbot, page.desk)


def test_a_township_chooses_the_village_by_pinyin_and_what_was_typed_stays(qtbot, town_form, said):
    page = town_form()
    assert page.unit_line.isVisible()
    assert (page.unit_line.unit.code, focused()) == (TOWN, page.editors["head"].edit)
    type_into(qtbot, page, "head", "孙桂兰")
    qtbot.keyClick(focused(), ENTER, SHIFT)
    assert focused() is page.unit_line.edit
    choose_unit(qtbot, page, "xhc")
    assert (page.unit_line.edit.text(), page.unit_line.note.words.text()) == ("杏花村", "下一户也登记给这里")
    assert (focused(), page.editors["head"].value()) == (page.editors["head"].edit, "孙桂兰")
    page.editors["occupation"].edit.setFocus()
    qtbot.keyClick(focused(), Qt.Key.Key_D, CTRL)
    assert page.editors["occupation"].value() == "教书", "the record before is that of the chosen unit"
    qtbot.keyClick(focused(), ENTER, CTRL)
    qtbot.waitUntil(lambda: page.start.last.get("head") == "孙桂兰")
    wait_until_idle(qtbot, page.desk)
    assert page.unit_line.unit.code == SIBLING
    saved = ask(qtbot, page.desk, lambda office: list_records(office, "family", search="孙桂兰")[0])
    assert saved["unit"] == SIBLING
    assert town_form().unit_line.unit.code == SIBLING, "kept for the next record, as a pin is"
    assert town_form("person").unit_line.unit.code == TOWN


def test_a_unit_that_is_not_there_cannot_stand_in_the_line(qtbot, town_form):
    page = town_form()
    line = page.unit_line.edit
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "qqq")
    qtbot.waitUntil(lambda: page.unit_line.note.words.text() == "没有这个单位，或者不归本单位管")
    qtbot.keyClick(line, ENTER)
    assert focused() is page.editors["head"].edit
    assert (line.text(), page.start.unit) == (page.unit_line.unit.name, TOWN)
    assert page.unit_line.unit.code == TOWN


def test_the_units_are_offered_with_the_own_first(qtbot, town_form):
    page = town_form()
    line = page.unit_line.edit
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: line.list.is_open)
    offered = [line.list.item(row).text() for row in range(line.list.count())]
    assert offered == [page.unit_line.unit.name, "柳树湾村", "杏花村"]


def test_a_draft_for_a_village_goes_on_for_that_village(qtbot, town_form):
    page = town_form()
    choose_unit(qtbot, page, "lswc")
    type_into(qtbot, page, "head", "郑桂英")
    assert page.may_leave()
    wait_until_idle(qtbot, page.desk)
    choose_unit(qtbot, page, "xhc")
    page = town_form()
    assert page.unit_line.unit.code == SIBLING
    qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
    assert (page.unit_line.unit.code, page.editors["head"].value()) == (VILLAGE, "郑桂英")
    qtbot.keyClick(page.editors["head"].edit, Qt.Key.Key_S, CTRL)
    wait_until_idle(qtbot, page.desk)
    saved = ask(qtbot, page.desk, lambda office: list_records(office, "family", search="郑桂英")[0])
    assert saved["unit"] == VILLAGE
    assert ask(qtbot, page.desk, lambda office: drafts(office.workspace)) == []


def test_what_is_published_and_what_is_there_already_have_no_unit_to_choose(qtbot, town_form, open_form):
    assert not town_form("campaign").unit_line.isVisible()
    page = town_form()
    record = ask(qtbot, page.desk, lambda office: list_records(office, "family")[0]["id"])
    assert not town_form(record=record).unit_line.isVisible()
    assert not open_form().unit_line.isVisible(), "a village has only itself"


def test_a_list_of_one_village_leads_to_a_form_for_that_village(town_form):
    page = town_form(unit=VILLAGE)
    assert page.unit_line.unit.name == "柳树湾村"
    assert town_form().unit_line.unit.code == TOWN


def test_pictures_may_be_dropped_anywhere_on_the_form(qtbot, desk: Desk, open_form, tmp_path: Path):
    page = open_form()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(a_picture(tmp_path))), QUrl.fromLocalFile(str(tmp_path / "说明.docx"))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(QPoint(200, 200), copy, mime, left, Qt.KeyboardModifier.NoModifier)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    page.dropEvent(QDropEvent(QPointF(200, 200), copy, mime, left, Qt.KeyboardModifier.NoModifier))
    qtbot.waitUntil(lambda: len(page.photos.tiles) == 1, timeout=10_000)
    assert page.drafts.is_dirty
    assert list(page.entries()) == ["photos"]
    wait_until_idle(qtbot, desk)


def test_a_picture_on_the_clipboard_is_taken_and_text_is_pasted_as_text(qtbot, desk: Desk, open_form):
    page = open_form()
    edit = page.editors["head"].edit
    edit.setFocus()
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    QGuiApplication.clipboard().setImage(image)
    qtbot.keyClick(edit, Qt.Key.Key_V, CTRL)
    qtbot.waitUntil(lambda: len(page.photos.tiles) == 1, timeout=10_000)
    QGuiApplication.clipboard().setText("赵素芳")
    qtbot.keyClick(edit, Qt.Key.Key_V, CTRL)
    assert edit.text() == "赵素芳"
    assert len(page.photos.tiles) == 1
    QGuiApplication.clipboard().clear()
    wait_until_idle(qtbot, desk)


def test_the_form_does_not_widen_a_small_window(qtbot, desk: Desk):
    small = Shell(desk)
    qtbot.addWidget(small)
    small.resize(760, 480)
    small.show()
    qtbot.waitUntil(small.isActiveWindow)
    small.go("form", {"nav": "family", "kind": "family", "record": None})
    page = small.page
    assert isinstance(page, FormPage)
    qtbot.waitUntil(lambda: page.fields is not None)
    wait_until_idle(qtbot, desk)
    assert small.width() == 760


def test_a_record_in_conflict_says_so_and_leads_to_where_it_is_settled(qtbot, theme, make_desk, tmp_path: Path):
    with a_country(tmp_path, VILLAGE) as country:
        village, town = country[VILLAGE], country[TOWN]
        record = add_record(village, "family", {"head": "赵素芳", "phone": "13800135721"}).id
        country.carry(village, town)
        for office, phone in ((town, "13800135722"), (village, "13800135723")):
            entering.save_form(office, "family", {"phone": phone}, draft="d", record=record)
        country.carry(village, town)
        desk = make_desk(town)
        page = FormPage(desk)
        qtbot.addWidget(page)
        page.resize(1182, 696)
        page.show()
        gone = []
        desk.went.connect(lambda place, about: gone.append((place, about)))
        page.opened({"kind": "family", "record": record})
        qtbot.waitUntil(lambda: page.fields is not None)
        assert page.banner.words.text() == "有 1 项两边填得不一样，要选一个。"
        qtbot.mouseClick(page.banner.button, Qt.MouseButton.LeftButton)
        assert gone == [("conflicts", {"record": record})]
        assert page.subtitle.text() == "家庭档案 · 柳树湾村"
        qtbot.mouseClick(page.fields.history.all_button, Qt.MouseButton.LeftButton)
        dialog = page.fields.history.findChild(HistoryDialog)
        words = [label.text() for label in dialog.findChildren(QLabel)]
        assert any(word.startswith("从柳树湾村的包里来，") for word in words)
        dialog.close()
        wait_until_idle(qtbot, desk)


@pytest.mark.parametrize("name", ["content", "photos", "skill", "participants"])
def test_a_form_that_was_asked_for_at_a_field_begins_there_also_where_it_is_folded_away(
    qtbot, desk: Desk, open_form, village: Office, name: str
):
    found = rows(village, "activity", keys(village, Query("activity"), limit=1).numbers)[0]
    page = open_form("activity", record=found.id, unit=found.unit, field=name)
    editor = page.editors[name]
    assert page.first_focus() in editor.targets()
    qtbot.waitUntil(editor.is_in_use)
    qtbot.waitUntil(lambda: not editor.visibleRegion().isEmpty())

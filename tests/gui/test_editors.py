"""The editors of a form one by one: codes, chips, references, sub-tables, lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from tests.gui.conftest import wait_until_idle

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.forms import Cell, Note, cells_of
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.people import ETHNICITIES, POLITICAL
from fulian_desktop.services.listing import list_records
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import CodeEditor, CodesEditor, Editor, FlagEditor, LinesEditor, make_editor
from fulian_desktop.ui.lines import CodeLine, TypedLine, matching_codes
from fulian_desktop.ui.picker import QuickAdd, ReferenceEditor
from fulian_desktop.ui.subtable import SubTable
from fulian_desktop.ui.suggest import Suggestion, Suggestions
from fulian_desktop.ui.theme import Theme

ENTER, SHIFT, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def cell(kind: str, name: str) -> Cell:
    return next(cell for cell in cells_of(kind_of(kind)) if cell.name == name)


@pytest.fixture
def shown(qtbot) -> Callable[..., Any]:
    """A function that shows an editor in a window with room for its list, and puts the cursor into it."""

    windows: list[QWidget] = []

    def show(editor: Editor) -> Editor:
        window = QWidget()
        windows.append(window)  # qtbot holds it weakly
        window.resize(700, 600)
        editor.setParent(window)
        editor.setGeometry(20, 20, 600, 300)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(window.isActiveWindow)
        editor.edit.setFocus()
        return editor

    return show


def counted(signal: Any) -> list[bool]:
    heard: list[bool] = []
    signal.connect(lambda *_: heard.append(True))
    return heard


# --- codes -------------------------------------------------------------------------------------------------


def test_typing_initials_finds_a_word_and_enter_takes_it(qtbot, theme: Theme, shown):
    editor = shown(CodeEditor(theme, cell("family", "political")))
    entered = counted(editor.entered)
    qtbot.keyClicks(editor.edit, "qz")
    assert [editor.edit.list.item(i).text() for i in range(editor.edit.list.count())] == ["群众"]
    qtbot.keyClick(editor.edit, ENTER)
    assert (editor.value(), editor.edit.text(), entered) == ("masses", "群众", [True])
    assert not editor.edit.list.is_open


def test_the_list_opens_with_the_arrow_keys_and_esc_puts_it_away(qtbot, theme: Theme, shown):
    editor = shown(CodeEditor(theme, cell("family", "education")))
    editor.set_value("college")
    qtbot.keyClick(editor.edit, Qt.Key.Key_Down)
    assert editor.edit.list.currentItem().text() == "大专"
    qtbot.keyClick(editor.edit, Qt.Key.Key_Down)
    qtbot.keyClick(editor.edit, Qt.Key.Key_Escape)
    assert (editor.edit.list.is_open, editor.value()) == (False, "college")
    qtbot.mouseClick(editor.edit, Qt.MouseButton.LeftButton)
    assert editor.edit.list.count() == 6
    place = editor.edit.list.visualItemRect(editor.edit.list.item(0)).center()
    qtbot.mouseClick(editor.edit.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert editor.value() == "primary"


def test_a_word_that_is_no_choice_stays_as_typed(qtbot, theme: Theme, shown):
    editor = shown(CodeEditor(theme, cell("family", "education")))
    qtbot.keyClicks(editor.edit, "abc")
    qtbot.keyClick(editor.edit, ENTER)
    assert editor.value() == "abc"
    editor.edit.clear()
    assert editor.value() is None


def test_a_beginning_that_means_one_word_is_taken_when_one_tabs_on(qtbot, theme: Theme, shown):
    editor = shown(CodeEditor(theme, cell("family", "political")))
    qtbot.keyClicks(editor.edit, "zgy")
    editor.edit.clearFocus()
    assert editor.value() == "probationary"
    editor.edit.setFocus()
    editor.edit.clear()
    qtbot.keyClicks(editor.edit, "zg")
    assert editor.edit.list.count() == 2
    editor.edit.clearFocus()
    assert editor.value() == "zg"


@pytest.mark.parametrize(
    ("codes", "typed", "first"),
    [(ETHNICITIES, "hz", "han"), (ETHNICITIES, "回", "hui"), (POLITICAL, "党员", "party_member"),
     (POLITICAL, "gqty", "league_member"), (CodeList.of(("a", "甲"), ("b", "甲乙")), "甲乙", "b")],
)
def test_words_match_by_their_characters_initials_and_other_names(codes: CodeList, typed: str, first: str):
    assert matching_codes(codes, typed)[0] == first


def test_chips_are_chosen_with_the_keyboard(qtbot, theme: Theme, shown):
    editor = shown(CodesEditor(theme, cell("family", "tags")))
    entered = counted(editor.entered)
    editor.begin()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    qtbot.keyClick(QApplication.focusWidget(), ENTER)
    assert (editor.value(), entered) == (["low_income_allowance", "out_of_poverty"], [True])
    editor.set_value(["140702101000:x_own"])
    assert editor.value() == ["140702101000:x_own"]


def test_a_flag_is_yes_or_nothing(qtbot, theme: Theme, shown):
    editor = shown(FlagEditor(theme, cell("activity", "highlight")))
    editor.begin()
    qtbot.keyClick(editor.chip, Qt.Key.Key_Space)
    assert editor.value() is True
    qtbot.keyClick(editor.chip, Qt.Key.Key_Space)
    assert editor.value() is None


def test_several_lines_say_how_much_room_is_taken(theme: Theme, shown):
    editor = shown(LinesEditor(theme, cell("nomination", "deeds_short")))
    editor.set_value("事" * 200)
    editor.say(None)
    assert editor.note.words.text() == "200 / 300 字"
    editor.say(Note("最多 300 字", "error"))
    assert (editor.note.words.text(), editor.edit.property("state")) == ("最多 300 字", "error")


def test_a_locked_editor_shows_what_is_there_and_why(qtbot, theme: Theme, shown):
    editor = shown(make_editor(theme, cell("family", "head")))
    editor.set_value("赵素芳")
    editor.lock("登记后不能改。")
    qtbot.keyClicks(editor.edit, "x")
    editor.say(None)
    assert (editor.value(), editor.note.words.text()) == ("赵素芳", "登记后不能改。")


def test_every_editor_gives_back_what_it_was_given(theme: Theme, desk: Desk):
    values = {"head": "赵素芳", "phone": "13800135721", "education": "senior", "tags": ["disabled"], "size": "4",
              "remarks": "一\n二", "members": [{"row": "0" * 12, "name": "王", "relation": "son"}]}
    for name, value in values.items():
        found = cell("family", name)
        editor = SubTable(theme, found) if name == "members" else make_editor(theme, found)
        editor.set_value(value)
        assert editor.value() == value
        editor.set_value(None)
        assert not editor.value()
        editor.deleteLater()


# --- references --------------------------------------------------------------------------------------------


@pytest.fixture
def picker(desk: Desk, shown) -> ReferenceEditor:
    return shown(ReferenceEditor(desk, cell("aid", "recipient"), desk.unit))


def test_a_reference_is_found_by_pinyin_and_shows_whose_it_is(qtbot, desk: Desk, picker: ReferenceEditor):
    entered = counted(picker.entered)
    qtbot.keyClicks(picker.edit, "zfy")
    qtbot.waitUntil(lambda: picker.edit.list.is_open)
    assert picker.edit.list.item(0).text() == "张凤英"
    qtbot.keyClick(picker.edit, ENTER)
    value = picker.value()
    assert (value["name"], value["kind"], value["unit"]) == ("张凤英", "person", desk.unit)
    assert "柳树湾村妇联" in picker.note.words.text()
    assert entered == [True]
    wait_until_idle(qtbot, desk)


def test_an_unknown_name_stays_a_plain_name(qtbot, desk: Desk, picker: ReferenceEditor):
    entered = counted(picker.entered)
    qtbot.keyClicks(picker.edit, "qqq")
    qtbot.waitUntil(lambda: picker.edit.list.is_open)
    qtbot.keyClick(picker.edit, ENTER)
    assert (picker.value(), entered) == ("qqq", [True])
    picker.edit.clearFocus()
    picker.say(None)
    assert picker.note.words.text() == "没有选档案，只记名字"
    qtbot.keyClicks(picker.edit, "x")
    assert picker.value() == "qqqx"
    wait_until_idle(qtbot, desk)


def test_a_longer_name_is_not_taken_for_the_one_that_was_typed(qtbot, desk: Desk, picker: ReferenceEditor):
    picker.edit.setText("张凤")
    picker.edit.textEdited.emit("张凤")
    qtbot.waitUntil(lambda: picker.edit.list.is_open)
    assert picker.edit.list.item(0).text() == "张凤英"
    qtbot.keyClick(picker.edit, ENTER)
    assert picker.value() == "张凤"
    qtbot.keyClick(picker.edit, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: picker.edit.list.is_open)
    qtbot.keyClick(picker.edit, Qt.Key.Key_Down)
    qtbot.keyClick(picker.edit, ENTER)
    assert picker.value()["name"] == "张凤英"
    wait_until_idle(qtbot, desk)


def test_a_record_that_is_missing_is_entered_on_the_spot(qtbot, desk: Desk, picker: ReferenceEditor):
    qtbot.keyClicks(picker.edit, "Qian Li")
    qtbot.waitUntil(lambda: picker.edit.list.count() == 2)
    texts = [picker.edit.list.item(i).text() for i in range(2)]
    assert texts == ["＋ 给“Qian Li”建重点对象", "＋ 给“Qian Li”建家庭档案"]
    picker.edit.list.setCurrentRow(0)
    picker.edit.list.take()
    dialog = picker.findChild(QuickAdd)
    assert [editor.value() for editor in dialog.editors] == ["Qian Li"]
    save = next(button for button in dialog.findChildren(KeyButton) if button is dialog.save)
    qtbot.mouseClick(save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(picker.value(), dict))
    assert picker.value()["name"] == "Qian Li"
    names: list[Any] = []
    desk.ask(desk, lambda office, _p: [row["values"]["name"] for row in list_records(office, "person")], names.append)
    wait_until_idle(qtbot, desk)
    assert "Qian Li" in names[0]


# --- sub-tables --------------------------------------------------------------------------------------------


@pytest.fixture
def members(theme: Theme, shown) -> SubTable:
    return shown(SubTable(theme, cell("family", "members")))


def line(table: SubTable) -> TypedLine:
    found = QApplication.focusWidget()
    assert isinstance(found, TypedLine)
    assert table.isAncestorOf(found)
    return found


def test_rows_are_typed_straight_through_and_an_empty_last_row_leaves_the_table(qtbot, members: SubTable):
    entered = counted(members.entered)
    members.begin()
    for text in ("Zhao", "hz", "nv", "1983.11.17", "farmer"):
        qtbot.keyClicks(line(members), text)
        qtbot.keyClick(line(members), ENTER)
    assert members.value() == [
        {"name": "Zhao", "relation": "head", "sex": "nv", "birth_date": "1983.11.17", "occupation": "farmer"},
    ]
    assert members.model.rowCount() == 2
    assert entered == []
    qtbot.keyClick(line(members), ENTER)
    assert (entered, members.model.rowCount()) == ([True], 1)


def test_what_is_typed_in_a_cell_is_in_the_rows_at_once(qtbot, members: SubTable):
    changed = counted(members.changed)
    members.begin()
    qtbot.keyClicks(line(members), "Li")
    assert members.value() == [{"name": "Li"}]
    assert len(changed) >= 2


def test_rows_are_taken_away_by_key_and_shift_enter_goes_back(qtbot, members: SubTable):
    members.set_value([{"row": "0" * 12, "name": "A"}, {"row": "1" * 12, "name": "B"}])
    back = counted(members.went_back)
    members.edit.go_to(1, 0)
    qtbot.keyClick(line(members), ENTER, SHIFT)
    assert (members.edit.currentIndex().row(), members.edit.currentIndex().column()) == (0, 4)
    members.edit.go_to(0, 0)
    qtbot.keyClick(line(members), Qt.Key.Key_Delete, CTRL)
    assert members.value() == [{"row": "1" * 12, "name": "B"}]
    qtbot.keyClick(line(members), ENTER, SHIFT)
    assert back == [True]


def test_tab_goes_through_the_cells(qtbot, members: SubTable):
    members.begin()
    qtbot.keyClicks(line(members), "A")
    qtbot.keyClick(line(members), Qt.Key.Key_Tab)
    assert members.edit.currentIndex().column() == 1
    assert isinstance(line(members), CodeLine)


def test_a_flag_in_a_table_is_switched_by_space(qtbot, theme: Theme, shown):
    table = shown(SubTable(theme, cell("aid", "documents")))
    table.set_value([{"item": "id_card"}])
    table.edit.go_to(0, 1)
    qtbot.keyClick(table.edit, Qt.Key.Key_Space)
    assert table.value() == [{"item": "id_card", "present": True}]


def test_a_table_takes_no_more_rows_than_it_may(theme: Theme, shown):
    table = shown(SubTable(theme, cell("family", "members")))
    table.set_value([{"name": str(number)} for number in range(table.most)])
    table.add_row()
    assert table.model.rowCount() == table.most
    assert table.note.words.text() == "最多 40 行，放不下了"


def paste(qtbot, widget: QWidget, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    qtbot.keyClick(widget, Qt.Key.Key_V, CTRL)
    QGuiApplication.clipboard().clear()


def test_cells_copied_in_wps_fill_rows_and_columns_from_where_one_stands(qtbot, members: SubTable):
    members.set_value([{"row": "0" * 12, "name": "A", "occupation": "farmer"}])
    changed = counted(members.changed)
    members.edit.go_to(0, 1)
    paste(qtbot, line(members), "户主\t女\r\n丈夫\t男\r\n")
    assert members.value() == [
        {"row": "0" * 12, "name": "A", "relation": "head", "sex": "female", "occupation": "farmer"},
        {"relation": "spouse", "sex": "male"},
    ]
    assert line(members).text() == "户主", "the open line shows what was pasted into it"
    assert (members.note.words.text(), members.note.tone, changed) == ("粘贴了 2 行", "ok", [True])


def test_a_text_without_cells_is_pasted_into_the_line_and_one_cell_replaces_the_cell(qtbot, members: SubTable):
    members.begin()
    qtbot.keyClicks(line(members), "A")
    paste(qtbot, line(members), "BC")
    assert members.value() == [{"name": "ABC"}]
    paste(qtbot, line(members), "Wang\r\n")
    assert members.value() == [{"name": "Wang"}]


def test_the_heads_that_were_copied_along_are_no_row(qtbot, members: SubTable):
    members.begin()
    labels = [column.label for column in members.model.columns[:2]]
    paste(qtbot, line(members), "\t".join(labels) + "\nB\t丈夫\n")
    assert members.value() == [{"name": "B", "relation": "spouse"}]


def test_what_has_no_place_in_a_table_is_said_in_one_line_until_one_types_on(qtbot, members: SubTable):
    members.set_value([{"name": str(number)} for number in range(members.most - 1)])
    members.edit.go_to(members.most - 2, 3)
    sentences: list[str] = []
    members.said.connect(sentences.append)
    paste(qtbot, line(members), "1983\tfarmer\tmore\tand more\n1984\tcook\n1985\tclerk\n1986\t\n")
    assert members.model.rowCount() == members.most
    assert [row.get("birth_date") for row in members.value()[-2:]] == ["1983", "1984"]
    said = "粘贴了 2 行；右边 2 列表里没有，没有放；最多 40 行，后面 2 行没有放"
    members.say(None)
    assert (members.note.words.text(), members.note.tone, sentences) == (said, "warn", [f"{said}。"])
    qtbot.keyClicks(line(members), "5")
    members.say(None)
    assert members.note.words.text() == ""


def test_a_flag_takes_yes_and_no_and_says_what_it_cannot_read(qtbot, theme: Theme, shown):
    table = shown(SubTable(theme, cell("aid", "documents")))
    table.set_value([{"item": "id_card", "present": True}])
    table.edit.go_to(0, 1)
    paste(qtbot, table.edit, "否\n√\n也许\n")
    flags = [row.get("present") for row in table.model.rows]
    assert flags == [None, True, None]
    label = table.model.columns[1].label
    assert table.note.words.text() == f"粘贴了 3 行；“{label}”要写是或否，看不出的没有放"


@pytest.mark.parametrize("text", ["a\t" * 300_000, "\t" * 20_000 + "\n"], ids=["much text", "many columns"])
def test_a_paste_beyond_all_bounds_is_refused_with_a_sentence(qtbot, members: SubTable, text: str):
    members.begin()
    paste(qtbot, line(members), text)
    assert "请分几次粘贴" in members.note.words.text()
    assert members.value() == []


def test_a_table_that_is_only_looked_at_takes_no_cells(qtbot, members: SubTable):
    members.set_value([{"row": "0" * 12, "name": "A"}])
    members.lock("本单位只能看。")
    members.edit.setCurrentIndex(members.model.index(0, 0))
    paste(qtbot, members.edit, "B\tC\n")
    assert not members.copy_cell([{"name": "B"}])
    assert members.value() == [{"row": "0" * 12, "name": "A"}]


def test_shift_enter_in_an_empty_last_row_leaves_the_table_backwards(qtbot, members: SubTable):
    members.set_value([{"row": "0" * 12, "name": "A"}])
    back = counted(members.went_back)
    members.begin()
    assert members.model.rowCount() == 2
    qtbot.keyClick(line(members), ENTER, SHIFT)
    assert (back, members.model.rowCount()) == ([True], 1)


@pytest.mark.parametrize("top", [10, 90, 130, 250])
def test_a_list_never_covers_the_field_it_belongs_to(qtbot, theme: Theme, top):
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 300)
    field = QLineEdit(page)
    field.setGeometry(20, top, 300, 36)
    page.show()
    lines = Suggestions(theme, field)
    lines.offer([Suggestion(f"第 {n} 户", "柳树湾村", n) for n in range(20)])
    assert not lines.geometry().intersects(field.geometry())
    assert page.rect().contains(lines.geometry())

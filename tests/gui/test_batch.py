"""Many at once over real offices: the township's steps for all nominations, new records for people, one field for all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_campaign, a_country, a_nomination, shown
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import Level
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import acts
from fulian_desktop.services.tasks import tasks_of
from fulian_desktop.store import queries
from fulian_desktop.ui.batch import BatchDialog, batch_actions, open_batch
from fulian_desktop.ui.batch_rows import numbered_from
from fulian_desktop.ui.form_cards import FormLabel

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path, VILLAGE, SIBLING) as made:
        yield made


@pytest.fixture
def nominations(country: Country) -> list[str]:
    """Three nominations of one campaign, from two villages, at the township."""
    campaign = a_campaign(country[TOWN])
    found = []
    for unit, heads in ((VILLAGE, ("赵素芳", "李秀兰")), (SIBLING, ("周玉兰",))):
        country.carry(country[TOWN], country[unit])
        found += [a_nomination(country[unit], campaign, head=head, address=f"{i}号") for i, head in enumerate(heads)]
        country.carry(country[unit], country[TOWN])
    return found


@pytest.fixture
def open_dialog(qtbot, make_desk) -> Iterator[Callable[..., BatchDialog]]:
    opened: list[BatchDialog] = []

    def open_one(office: Office, kind: str, ids: list[str], mode: str = "") -> BatchDialog:
        dialog = BatchDialog(make_desk(office), kind, ids, mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        opened.append(dialog)
        dialog.show()
        qtbot.waitUntil(dialog.isActiveWindow)
        wait_until_idle(qtbot, dialog.desk)
        return dialog

    yield open_one
    for dialog in opened:
        dialog.done(0)


def _save(qtbot, dialog: BatchDialog) -> None:
    qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    wait_until_idle(qtbot, dialog.desk)


def _column(dialog: BatchDialog, head: str) -> list[str]:
    place = dialog.model.heads.index(head)
    return [dialog.model.index(row, place).data() for row in range(dialog.model.rowCount())]


def _type(qtbot, dialog: BatchDialog, name: str, text: str) -> None:
    editor = dialog.editors[name]
    editor.set_value(text)
    editor.changed.emit()


def _rows_of(office: Office, kind: str) -> list[dict[str, Any]]:
    return [{"unit": row.unit, **row.flat} for row in queries.list_rows(office.workspace.db, kind_of(kind))]


# --- what is offered ---------------------------------------------------------------------------------------


def test_each_level_is_offered_its_own_steps_and_no_others():
    assert [task.label for task in tasks_of("nomination", Level.TOWNSHIP) if task.how.value == "step"] == [
        "批量初评", "批量公示", "批量审批", "批量表彰", "批量撤销",
    ]
    assert {task.field for task in tasks_of("nomination", Level.VILLAGE) if task.how.value == "step"} == {
        f"{step}_village" for step in ("review", "notice", "approval", "award", "revoked")
    }
    assert [task.code for task in tasks_of("family", Level.TOWNSHIP) if task.how.value == "step"] == []


def test_new_records_are_offered_where_a_kind_asks_for_the_chosen_one():
    modes = dict(batch_actions("person", TOWN))
    assert modes["add:aid"] == f"批量{kind_of('aid').verb}"
    assert {mode.removeprefix("add:") for mode, _ in batch_actions("family", TOWN) if mode.startswith("add:")} == {
        "aid", "nomination", "honor", "pairing", "visit", "loan",
    }
    assert [mode for mode, _ in batch_actions("campaign", TOWN) if mode.startswith("add:")] == []


def test_fields_that_are_set_once_or_are_tables_are_not_changed_for_many():
    fields = {task.field for task in tasks_of("nomination", Level.TOWNSHIP)}
    assert not fields & {"campaign", "family", "scores", "vetoes", "photos", "same_as"}
    assert "grade" in fields


def test_what_is_asked_for_bears_the_mark_that_forms_have(country, open_dialog):
    person = added(country[VILLAGE], "person").id
    dialog = open_dialog(country[VILLAGE], "person", [person], "add:aid")
    marked = {
        label.word.buddy().accessibleName() for label in dialog.findChildren(FormLabel)
        if any(part.text() == "*" for part in label.findChildren(QLabel))
    }
    asked = [cell for cell in (*dialog.task.cells, *dialog.task.more) if cell.asked]
    assert len(asked) > 1
    assert marked == {f"{cell.full}，要填" for cell in asked}
    unmarked = [name for name, editor in dialog.editors.items() if name not in {cell.name for cell in asked}]
    assert [name for name in unmarked if dialog.editors[name].edit.accessibleName().endswith("要填")] == []


# --- steps -------------------------------------------------------------------------------------------------


def test_a_step_is_filled_in_once_for_all_and_is_one_act(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:review_township")
    assert _column(dialog, "名称") == ["赵素芳家庭", "李秀兰家庭", "周玉兰家庭"]
    assert set(_column(dialog, "单位")) == {"柳树湾村", "杏花村"}
    assert set(_column(dialog, "现在")) == {"待提交"}
    assert (dialog.title.text(), dialog.save.text()) == ("一起办 3 户", "保存 3 户")
    assert not dialog.save.isEnabled()
    _type(qtbot, dialog, "review_township_result", "passed")
    _type(qtbot, dialog, "review_township_date", "2026.3.8")
    assert set(_column(dialog, "初评结果")) == {"通过"}
    _save(qtbot, dialog)
    assert "批量初评：3 户写好了" in dialog.banner.words.text()
    values = [shown(town, record)["values"] for record in nominations]
    assert {(v["review_township_result"], v["review_township_date"]) for v in values} == {("passed", "2026-03-08")}
    (latest, *_) = acts(town)
    assert (latest["label"], latest["records"]) == ("批量初评", 3)


def test_a_row_that_differs_keeps_its_own(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:approval_township")
    _type(qtbot, dialog, "approval_township_result", "passed")
    place = dialog.model.heads.index("审批结果")
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(dialog.model.index(1, place))
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    line = QApplication.focusWidget()
    assert isinstance(line, QLineEdit)
    line.setText("退回")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: _column(dialog, "审批结果") == ["通过", "退回", "通过"])
    _save(qtbot, dialog)
    results = [shown(town, record)["values"]["approval_township_result"] for record in nominations]
    assert results == ["passed", "returned", "passed"]
    assert len({one["act"] for one in acts(town) if one["label"] == "批量审批"}) == 1


def test_certificate_numbers_go_on_from_one_cell(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:award_township")
    index = dialog.model.index(0, dialog.model.heads.index("表彰证书编号"))
    dialog.table.setCurrentIndex(index)
    assert dialog.number.isHidden()
    dialog.model.setData(index, "清溪2026-009")
    assert not dialog.number.isHidden()
    qtbot.mouseClick(dialog.number, Qt.MouseButton.LeftButton)
    _save(qtbot, dialog)
    numbers = [shown(town, record)["values"]["award_township_certificate_no"] for record in nominations]
    assert numbers == ["清溪2026-009", "清溪2026-010", "清溪2026-011"]


@pytest.mark.parametrize(("text", "numbers"), [
    ("7", ["7", "8", "9"]), ("099", ["099", "100", "101"]), ("第１号", []), ("", []), ("甲", []),
])
def test_numbers_keep_their_width(text, numbers):
    assert numbered_from(text, 3) == numbers


def test_delete_takes_a_row_back_to_what_stands_above(qtbot, country, nominations, open_dialog):
    dialog = open_dialog(country[TOWN], "nomination", nominations, "step:approval_township")
    _type(qtbot, dialog, "approval_township_person", "李红")
    place = dialog.model.heads.index("审批人")
    index = dialog.model.index(2, place)
    dialog.model.setData(index, "周敏")
    assert _column(dialog, "审批人") == ["李红", "李红", "周敏"]
    dialog.table.setFocus()
    dialog.table.setCurrentIndex(index)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    assert _column(dialog, "审批人") == ["李红"] * 3
    assert not dialog.model.has_own


def test_what_cannot_be_read_is_said_at_its_field_and_nothing_is_written(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:review_township")
    before = acts(town)
    _type(qtbot, dialog, "review_township_date", "someday")
    _save(qtbot, dialog)
    assert "没有保存" in dialog.banner.words.text()
    assert dialog.editors["review_township_date"].note.tone == "error"
    assert acts(town) == before
    _type(qtbot, dialog, "review_township_date", "3.8")
    _save(qtbot, dialog)
    assert "3 户写好了" in dialog.banner.words.text()


def test_the_key_saves_from_within_a_text_of_several_lines(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:approval_township")
    lines = dialog.editors["approval_township_opinion"].edit
    lines.setFocus()
    qtbot.keyClicks(lines, "ok")
    qtbot.keyClick(lines, Qt.Key.Key_Return, CTRL)
    wait_until_idle(qtbot, dialog.desk)
    assert {shown(town, r)["values"].get("approval_township_opinion") for r in nominations} == {"ok"}


def test_one_undo_takes_all_of_it_back(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:review_township")
    told = []
    dialog.desk.changed.connect(told.append)
    _type(qtbot, dialog, "review_township_result", "passed")
    _save(qtbot, dialog)
    assert not dialog.undo.isHidden()
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CTRL)
    wait_until_idle(qtbot, dialog.desk)
    assert [shown(town, r)["values"].get("review_township_result") for r in nominations] == [None] * 3
    assert told == [frozenset({"nomination"})] * 2
    assert dialog.save.isEnabled()
    _save(qtbot, dialog)
    assert shown(town, nominations[0])["values"]["review_township_result"] == "passed"


def test_it_can_still_be_undone_when_the_dialog_is_closed(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    dialog = open_dialog(town, "nomination", nominations, "step:review_township")
    said = []
    dialog.desk.said.connect(said.append)
    _type(qtbot, dialog, "review_township_result", "passed")
    _save(qtbot, dialog)
    assert set(_column(dialog, "现在")) == {"初评通过 乡镇"}, "the rows say how they stand now"
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert (said[-1].text, said[-1].action) == ("批量初评：3 户写好了。", "撤销")
    said[-1].run()
    wait_until_idle(qtbot, dialog.desk)
    assert [shown(town, r)["values"].get("review_township_result") for r in nominations] == [None] * 3


def test_what_is_there_already_is_said_and_not_written_again(qtbot, country, nominations, open_dialog):
    town = country[TOWN]
    for expected in ("3 户写好了", "每一户都已经是这样"):
        dialog = open_dialog(town, "nomination", nominations, "step:review_township")
        _type(qtbot, dialog, "review_township_result", "passed")
        _save(qtbot, dialog)
        assert expected in dialog.banner.words.text()
    assert sum(one["label"] == "批量初评" for one in acts(town)) == 1


# --- one field ---------------------------------------------------------------------------------------------


def test_one_field_is_changed_for_all_that_were_chosen(qtbot, country, open_dialog):
    village = country[VILLAGE]
    ids = [added(village, "activity", title=f"讲座{i}", place="老地方").id for i in range(3)]
    dialog = open_dialog(village, "activity", ids, "change:place")
    assert _column(dialog, "现在") == ["老地方"] * 3
    _type(qtbot, dialog, "place", "文化广场")
    _save(qtbot, dialog)
    assert {shown(village, record)["values"]["place"] for record in ids} == {"文化广场"}
    assert _column(dialog, "办得怎么样") == ["写好了"] * 3


def test_another_task_begins_with_empty_fields(qtbot, country, open_dialog):
    village = country[VILLAGE]
    dialog = open_dialog(village, "activity", [added(village, "activity").id], "change:place")
    _type(qtbot, dialog, "place", "文化广场")
    dialog.what.setCurrentIndex(dialog.what.findData("change:speaker"))
    assert dialog.shared() == {}
    assert list(dialog.editors) == ["speaker"]
    assert not dialog.save.isEnabled()


# --- new records -------------------------------------------------------------------------------------------


def test_new_records_are_entered_for_chosen_people_each_in_its_own_village(qtbot, country, open_dialog):
    town = country[TOWN]
    people = []
    for unit, name in ((VILLAGE, "张凤英"), (SIBLING, "刘桂花")):
        people.append(added(country[unit], "person", name=name).id)
        country.carry(country[unit], town)
    dialog = open_dialog(town, "person", people, "add:aid")
    _type(qtbot, dialog, "program", "春蕾计划")
    _type(qtbot, dialog, "date", "2026.2.6")
    _type(qtbot, dialog, "amount", "1000元")
    place = next(i for i in range(dialog.model.columnCount()) if (c := dialog.model.cell_at(i)) and c.name == "amount")
    dialog.model.setData(dialog.model.index(1, place), "1.2万")
    _save(qtbot, dialog)
    aids = sorted(_rows_of(town, "aid"), key=lambda aid: aid["amount"])
    assert [(a["unit"], a["recipient"], a["recipient_name"], a["amount"]) for a in aids] == [
        (VILLAGE, people[0], "张凤英", 100_000), (SIBLING, people[1], "刘桂花", 1_200_000),
    ]
    assert len({one["act"] for one in acts(town) if one["records"] == 2}) == 1
    qtbot.keyClick(dialog, Qt.Key.Key_Z, CTRL)
    wait_until_idle(qtbot, dialog.desk)
    assert _rows_of(town, "aid") == []


def test_more_can_be_filled_in_and_what_was_typed_stays(qtbot, country, open_dialog):
    village = country[VILLAGE]
    dialog = open_dialog(village, "person", [added(village, "person").id], "add:aid")
    _type(qtbot, dialog, "amount", "500元")
    assert "operator" not in dialog.editors
    qtbot.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    _type(qtbot, dialog, "operator", "王桂芳")
    assert dialog.shared() == {"amount": "500元", "operator": "王桂芳"}


def test_a_row_that_stops_all_is_named(qtbot, country, open_dialog):
    village = country[VILLAGE]
    dialog = open_dialog(village, "person", [added(village, "person").id], "add:aid")
    _type(qtbot, dialog, "amount", "500元")
    _save(qtbot, dialog)
    assert dialog.banner.words.text().startswith("第 1 条：")
    assert _rows_of(village, "aid") == []


# --- leaving -----------------------------------------------------------------------------------------------


def test_what_was_filled_in_is_not_lost_by_one_escape(qtbot, country, open_dialog):
    village = country[VILLAGE]
    dialog = open_dialog(village, "activity", [added(village, "activity").id], "change:place")
    _type(qtbot, dialog, "place", "文化广场")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "还没保存" in dialog.banner.words.text()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_list_page_opens_it_over_its_window(qtbot, desk, village):
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    ids = [row.id for row in queries.list_rows(village.workspace.db, kind_of("family"))]
    dialog = open_batch(desk, parent, "family", ids)
    wait_until_idle(qtbot, desk)
    assert dialog.model.rowCount() == len(ids)
    assert dialog.isModal()
    dialog.reject()
    parent.close()


def test_the_dialog_is_worked_by_keyboard_named_and_not_cut(qtbot, country, nominations, open_dialog):
    dialog = open_dialog(country[TOWN], "nomination", nominations, "step:approval_township")
    walk.settle()
    assert walk.without_a_name(dialog) == []
    assert walk.backwards(dialog) == []
    assert set(walk.tab_walk(dialog)) == set(walk.inputs(dialog))
    assert walk.foreign(dialog) == []
    assert walk.cut(dialog) == []


def test_enter_goes_through_the_fields_and_then_to_the_rows(qtbot, country, nominations, open_dialog):
    dialog = open_dialog(country[TOWN], "nomination", nominations, "step:review_township")
    first, second, third = dialog.editors.values()
    assert first.edit.hasFocus()
    qtbot.keyClicks(first.edit, "tg")
    qtbot.keyClick(first.edit, Qt.Key.Key_Return)
    assert first.value() == "passed"
    for editor in (second, third):
        assert editor.edit.hasFocus()
        qtbot.keyClick(editor.edit, Qt.Key.Key_Return)
    assert dialog.table.hasFocus()

"""The page of conflicts over a real township and a real village that changed the same fields of the same records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests.builders import TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_campaign, a_country, a_county, a_nomination, shown
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.services.conflicts import conflicts
from fulian_desktop.services.records import edit_record, history
from fulian_desktop.services.settling import conflict_queue, decide, dispute
from fulian_desktop.ui.conflicts import ConflictsPage
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.shell import Shell

LECTURE = {
    "title": "反家暴普法讲座", "category": "law", "date": "2026.3.7", "participants": "80余人", "place": "党群服务中心",
    "speaker": "郭律师", "materials": "150",
}
TELLS = {
    VILLAGE: {"participants": "120", "cost": "800元", "outcome": "咨询 14 人，转办 2 件"},
    TOWN: {"participants": "86", "cost": "1200元", "outcome": "现场咨询 14 人"},
}
ID = "110101199003074514"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    with a_country(tmp_path) as made:
        yield made


def _both_change(country: Country, records: dict[str, dict[str, dict[str, str]]]) -> None:
    country.carry(country[VILLAGE], country[TOWN])
    for record, tells in records.items():
        for unit, entries in tells.items():
            edit_record(country[unit], record, entries)
    country.carry(country[VILLAGE], country[TOWN])


@pytest.fixture
def lecture(country: Country) -> str:
    """An activity of which village and township say three things differently."""
    record = added(country[VILLAGE], "activity", **LECTURE).id
    _both_change(country, {record: TELLS})
    return record


@pytest.fixture
def open_page(qtbot, make_desk):
    """A function that shows the page of an office."""
    def open_one(office, about=None) -> ConflictsPage:
        desk: Desk = make_desk(office)
        page = ConflictsPage(desk)
        page.resize(1182, 696)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(page.isActiveWindow)
        page.opened(about or {})
        wait_until_idle(qtbot, desk)
        return page

    return open_one


def _press(qtbot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def _undo(qtbot, page: ConflictsPage) -> None:
    qtbot.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)


def _save(qtbot, page: ConflictsPage) -> None:
    qtbot.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)


def test_each_field_shows_its_old_value_and_who_set_what_and_nothing_is_chosen(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    by_label = {row.disputed.label: row for row in page.rows}
    assert list(by_label) == ["参加人次", "成效", "经费(元)"]
    people = by_label["参加人次"]
    assert people.disputed.old == "约80"
    assert {card.words for card in people.choices.cards} == {"120", "86"}
    assert {card.words for card in by_label["经费(元)"].choices.cards} == {"800.00 元", "1,200.00 元"}
    told = {card.words: card.under[0] for card in people.choices.cards}
    assert told["120"].startswith("柳树湾村 王桂芳・")
    assert told["86"].startswith("清溪镇 李红・")
    assert [row.result for row in page.rows] == [None] * 3
    assert not page.save.isEnabled()
    assert page.title.text() == "反家暴普法讲座"
    assert page.subtitle.text() == "柳树湾村・活动"


def test_arrows_and_figures_choose_and_the_fields_follow_each_other(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    assert page.first_focus().hasFocus()
    _press(qtbot, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_1, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert [row.choices.chosen for row in page.rows] == [1, 0, 0]
    _press(qtbot, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_2)
    assert [row.choices.chosen for row in page.rows] == [1, 1, 1]
    wanted = [row.choices.cards[1].words for row in page.rows]
    assert all(text in page.result.words.text() for text in wanted)
    assert page.result.left.text() == ""


def test_what_was_chosen_is_saved_travels_and_ends_the_conflict(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    for row in page.rows:
        row.choices.choose(next(i for i, card in enumerate(row.choices.cards) if "120" in card.words or "800" in card.words
                                or "转办" in card.words))
    _save(qtbot, page)
    assert conflicts(country[TOWN]) == []
    values = shown(country[TOWN], lecture)["values"]
    assert (values["participants"], values["cost"], values["outcome"]) == (120, 80_000, "咨询 14 人，转办 2 件")
    assert not page.empty.isHidden()
    assert page.empty.words.text() == "冲突都定好了。"
    country.carry(country[TOWN], country[VILLAGE])
    assert conflicts(country[VILLAGE]) == []
    assert shown(country[VILLAGE], lecture)["values"]["cost"] == 80_000
    kept = [one["values"].get("cost", {}).get("fen") for one in history(country[TOWN], lecture)]
    assert 120_000 in kept, "what was not chosen stays in the history"


def test_the_value_that_shows_anyway_can_be_chosen_and_settles(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    before = shown(country[TOWN], lecture)["values"]["participants"]
    page.rows[0].choices.choose(1)
    _save(qtbot, page)
    assert shown(country[TOWN], lecture)["values"]["participants"] == before
    assert {one["field"] for one in conflicts(country[TOWN])} == {"cost", "outcome"}


def test_another_value_can_be_typed_and_what_cannot_be_read_is_said_at_the_field(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    row = page.rows[0]
    qtbot.mouseClick(row.other, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(row.line, "many")
    _save(qtbot, page)
    assert row.problem.words.text() != ""
    assert len(conflicts(country[TOWN])) == 3
    row.line.clear()
    qtbot.keyClicks(row.line, "100+")
    assert row.problem.words.text() == ""
    _save(qtbot, page)
    values = shown(country[TOWN], lecture)["values"]
    assert (values["participants"], values["participants_about"]) == (100, True)
    assert "remarks" not in values


def test_escape_gives_up_typing_before_it_leaves_the_record_for_later(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    row = page.rows[0]
    qtbot.mouseClick(row.other, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(row.line, "100")
    assert row.result == "100"
    qtbot.keyClick(row.line, Qt.Key.Key_Escape)
    assert row.line.isHidden()
    assert row.result is None
    assert row.choices.cards[0].hasFocus()


def test_what_is_left_for_later_stays_and_the_next_record_follows(qtbot, country, open_page):
    first = added(country[VILLAGE], "activity", **LECTURE).id
    second = added(country[VILLAGE], "activity", **{**LECTURE, "title": "亲子阅读"}).id
    tells = {VILLAGE: {"place": "村委会"}, TOWN: {"place": "文化广场"}}
    _both_change(country, {first: tells, second: tells})
    page = open_page(country[TOWN], {"record": second})
    assert page.title.text() == "亲子阅读"
    assert page.queue.note.text() == "第 2 条，共 2 条"
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    wait_until_idle(qtbot, page.desk)
    assert page.title.text() == "反家暴普法讲座"
    page.rows[0].choices.choose(0)
    _save(qtbot, page)
    assert page.title.text() == "亲子阅读"
    assert [item.done for item in page.queue.model.items] == [True, False]
    assert [one["record"] for one in conflicts(country[TOWN])] == [second]


def test_a_decision_about_what_has_changed_meanwhile_is_not_written(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    said = []
    page.desk.said.connect(said.append)
    page.rows[0].choices.choose(0)
    edit_record(country[VILLAGE], lecture, {"participants": "130"})
    country.carry(country[VILLAGE], country[TOWN])
    _save(qtbot, page)
    assert "又有改动" in said[-1].text
    assert {card.words for card in page.rows[0].choices.cards} == {"130", "86"}
    assert [row.result for row in page.rows] == [None] * 3
    assert len(conflicts(country[TOWN])) == 3


def test_sensitive_values_are_masked_until_they_are_asked_for(qtbot, country, open_page):
    person = added(country[VILLAGE], "person", name="李秀英", phone="13800135721", birth_date="1990-03-07").id
    _both_change(country, {person: {VILLAGE: {"phone": "13800135722", "id_number": ID}, TOWN: {"phone": "13800135723"}}})
    page = open_page(country[TOWN])
    (row,) = page.rows
    assert {card.words for card in row.choices.cards} == {"138****5722", "138****5723"}
    assert row.disputed.old == "138****5721"
    assert ID not in str(page._dispute)
    row.choices.choose(1)
    qtbot.mouseClick(page.show_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert {card.words for card in page.rows[0].choices.cards} == {"13800135722", "13800135723"}
    assert page.rows[0].choices.chosen == 1
    assert page.show_button.isHidden()
    logged = country[TOWN].workspace.db.execute("SELECT about FROM log WHERE what = 'reveal'").fetchall()
    assert [person in about for (about,) in logged] == [True]


def test_without_conflicts_the_page_says_so(qtbot, desk, open_page, village):
    page = open_page(village)
    assert "没有冲突" in page.empty.words.text()
    assert page.foot.isHidden()


def test_a_village_cannot_settle_what_only_the_township_may_write(country, open_page):
    village, town = country[VILLAGE], country[TOWN]
    county = a_county(country)
    campaign = a_campaign(county)
    country.carry(county, town)
    country.carry(town, village)
    record = a_nomination(village, campaign)
    country.carry(village, town)
    country.carry(town, county)
    edit_record(town, record, {"review_township_result": "通过"})
    edit_record(county, record, {"review_township_result": "退回"})
    country.carry(town, county)
    country.carry(county, town)
    country.carry(town, village)
    (field,) = dispute(village, record).fields
    assert field.blocked == "这一项要由乡镇及以上妇联来定。"
    page = open_page(village)
    (row,) = page.rows
    row.choices.choose(0)
    assert row.result is None
    assert not page.save.isEnabled()
    assert dispute(town, record).fields[0].blocked == ""


def test_the_page_is_worked_by_keyboard_named_and_not_cut(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    walk.settle()
    assert walk.without_a_name(page) == []
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.foreign(page) == []
    assert walk.cut(page) == []


def test_a_long_queue_is_read_in_part_and_the_wanted_record_is_in_it(country):
    ids = [added(country[VILLAGE], "activity", **{**LECTURE, "title": f"讲座{i}"}).id for i in range(3)]
    _both_change(country, {record: {VILLAGE: {"place": "村委会"}, TOWN: {"place": "文化广场"}} for record in ids})
    total, found = conflict_queue(country[TOWN], limit=1)
    assert (total, [one.record for one in found]) == (3, ids[:1])
    total, found = conflict_queue(country[TOWN], first=ids[2], limit=1)
    assert [one.record for one in found] == [ids[2], ids[0]]


def test_what_is_typed_for_a_reference_is_another_name_and_no_longer_the_record(country):
    family = added(country[VILLAGE], "family").id
    person = added(country[VILLAGE], "person", family=family).id
    country.carry(country[VILLAGE], country[TOWN])
    for unit, name in ((VILLAGE, "赵家"), (TOWN, "钱家")):
        edit_record(country[unit], person, {"family": name})
    country.carry(country[VILLAGE], country[TOWN])
    found = dispute(country[TOWN], person)
    (field,) = found.fields
    assert (field.old, {one.text for one in field.choices}) == ("王秀英", {"赵家", "钱家"})
    decide(country[TOWN], person, VILLAGE, chosen={}, typed={"family": "孙家"}, seen=found.seen)
    values = shown(country[TOWN], person)["values"]
    assert (values["family_name"], values.get("family")) == ("孙家", None)


def test_a_blank_takes_the_value_away(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    row = next(row for row in page.rows if row.disputed.code == "cost")
    qtbot.mouseClick(row.other, Qt.MouseButton.LeftButton)
    assert row.result == "不填"
    _save(qtbot, page)
    assert "cost" not in shown(country[TOWN], lecture)["values"]
    assert {one["field"] for one in conflicts(country[TOWN])} == {"participants", "outcome"}


def test_a_row_of_a_sub_table_is_settled_like_a_field(country):
    family = added(country[VILLAGE], "family", members=[{"name": "王小明", "relation": "儿子"}]).id
    country.carry(country[VILLAGE], country[TOWN])
    (row,) = shown(country[VILLAGE], family)["values"]["members"]
    for unit, job in ((VILLAGE, "教师"), (TOWN, "医生")):
        edit_record(country[unit], family, {"members": [{**row, "occupation": job}]})
    country.carry(country[VILLAGE], country[TOWN])
    found = dispute(country[TOWN], family)
    (field,) = found.fields
    assert not field.can_type
    wanted = next(i for i, one in enumerate(field.choices) if "教师" in one.text)
    decide(country[TOWN], family, VILLAGE, chosen={field.code: wanted}, typed={}, seen=found.seen)
    assert conflict_queue(country[TOWN]) == (0, [])
    assert shown(country[TOWN], family)["values"]["members"][0]["occupation"] == "教师"


def test_what_looks_like_markup_is_shown_as_it_is(qtbot, country, open_page):
    record = added(country[VILLAGE], "activity", **{**LECTURE, "title": "<b>讲座</b>"}).id
    _both_change(country, {record: {VILLAGE: {"place": "<i>村委会</i>"}, TOWN: {"place": "文化广场"}}})
    page = open_page(country[TOWN])
    assert page.title.text() == "<b>讲座</b>"
    assert page.title.toolTip() == "<p>&lt;b>讲座&lt;/b></p>"
    assert "<i>村委会</i>" in {card.words for card in page.rows[0].choices.cards}
    assert all("<i>" not in card.toolTip() for card in page.rows[0].choices.cards)
    assert walk.marked_up(page) == []


def test_in_the_window_a_conflict_is_settled_by_keys_alone(qtbot, country, lecture, make_desk):
    desk = make_desk(country[TOWN])
    window = Shell(desk)
    qtbot.addWidget(window)
    window.resize(1366, 696)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    desk.go("conflicts", {"nav": "exchange", "record": lecture})
    wait_until_idle(qtbot, desk)
    _press(qtbot, Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_2, Qt.Key.Key_Down, Qt.Key.Key_Right)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, desk)
    assert conflicts(country[TOWN]) == []
    assert "定好了" in window.line.words.text()
    assert isinstance(window.page, ConflictsPage)
    assert not window.page.empty.isHidden()


def test_a_settlement_that_is_taken_back_by_one_key_is_to_be_decided_again(qtbot, country, lecture, open_page):
    page = open_page(country[TOWN])
    before = [(row.disputed.label, [choice.text for choice in row.disputed.choices]) for row in page.rows]
    for row in page.rows:
        row.choices.choose(0)
    _save(qtbot, page)
    assert page._bodies.currentIndex() == 1
    _undo(qtbot, page)
    assert page._bodies.currentIndex() == 0
    assert [(row.disputed.label, [choice.text for choice in row.disputed.choices]) for row in page.rows] == before
    assert all(row.choices.chosen is None for row in page.rows)
    assert page.foot.isVisible()
    assert page.badge.accessibleName() == "3 处不一样"
    for row in page.rows:
        row.choices.choose(1)
    _save(qtbot, page)
    assert conflict_queue(country[TOWN]) == (0, [])
    assert page._bodies.currentIndex() == 1

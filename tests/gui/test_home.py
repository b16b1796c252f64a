"""首页: tasks lead where they say, tiles begin records, figures open their lists, and one box finds everything."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel
from tests.builders import TOWN, VILLAGE, a_township, a_village, added
from tests.e2e.fixtures import country
from tests.gui.conftest import wait_until_idle

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.domain.units import Level
from fulian_desktop.services.office import Office
from fulian_desktop.services.overview import Figure, Matter, Task
from fulian_desktop.services.records import add_record, delete_records
from fulian_desktop.store import queries
from fulian_desktop.store.drafts import save_draft
from fulian_desktop.ui import stat_card, task_row
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.home import MOST_STATS, MOST_TASKS, HomePage, in_order, quick_kinds, stat_of
from fulian_desktop.ui.stat_card import bar_heights, change_words
from fulian_desktop.ui.task_row import task_words
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import ElidedLabel

__all__ = ["country"]
TODAY = datetime.date(2026, 3, 9)


@pytest.fixture
def went(desk: Desk) -> list[tuple[str, dict]]:
    """Where the page wanted to go."""
    gone: list[tuple[str, dict]] = []
    desk.went.connect(lambda place, about: gone.append((place, about)))
    return gone


@pytest.fixture
def shown(qtbot) -> Iterator[Callable[..., HomePage]]:
    """A function that shows the page over a desk, read and laid out."""
    def show(desk: Desk, width: int = 1182, height: int = 696) -> HomePage:
        page = HomePage(desk)
        qtbot.addWidget(page)
        page.resize(width, height)
        page.show()
        page.opened({})
        wait_until_idle(qtbot, desk)
        return page

    return show


@pytest.fixture
def page(shown, desk: Desk) -> HomePage:
    return shown(desk)


def titles(page: HomePage) -> list[str]:
    return [row.title.text() for row in page.rows]


# --- what to do next ---------------------------------------------------------------------------------------


def test_the_page_says_the_day_and_what_is_to_be_done(page):
    assert page.subtitle.text() == "2026年3月9日 星期一"
    assert titles(page) == ["有 7 次登记、修改还没上报", "有 2 条记录待补全", "还没有备份过"]
    assert page.tasks.note.text() == "3 件"
    assert not page.nothing.isVisible()


def test_only_the_first_task_has_the_filled_button(page):
    assert [row.button._style for row in page.rows] == ["primary", "secondary", "secondary"]


def test_a_tasks_button_leads_to_where_it_is_done(qtbot, page, went):
    page.rows[0].button.setFocus()
    qtbot.keyClick(page.rows[0].button, Qt.Key.Key_Space)
    qtbot.mouseClick(page.rows[1].button, Qt.MouseButton.LeftButton)
    assert went == [
        ("exchange", {"nav": "exchange", "do": "up"}), ("list", {"nav": "activity", "kind": "activity", "flag": "incomplete"}),
    ]


def test_a_draft_is_gone_on_with(qtbot, shown, desk, village, went):
    save_draft(village.workspace, "entwurf", "activity", {"title": "三八节普法"})
    page = shown(desk)
    row = next(row for row in page.rows if row.button.text() == "接着填")
    assert "“三八节普法”活动" in row.line.text()
    qtbot.mouseClick(row.button, Qt.MouseButton.LeftButton)
    assert went[-1] == ("form", {"nav": "activity", "kind": "activity", "record": None, "unit": "", "draft": "entwurf"})


def test_without_anything_to_do_the_page_says_so(qtbot, shown, desk, village, monkeypatch):
    from fulian_desktop.services import overview

    whole = overview.overview

    def quiet(office: Office, day: datetime.date) -> overview.Overview:
        found = whole(office, day)
        return overview.Overview(found.records, (), found.figures)

    monkeypatch.setattr("fulian_desktop.ui.home.overview", quiet)
    page = shown(desk)
    assert page.nothing.isVisible()
    assert page.nothing.text() == "今天没有要办的事。"
    assert page.rows == []


def test_more_tasks_than_there_is_room_for_are_shown_on_request(qtbot, shown, desk, village):
    save_draft(village.workspace, "a", "family", {"head": "赵"})
    for name, start, end, objection in (
        ("甲", "2026-03-05", "2026-03-11", ""),
        ("乙", "2026-03-02", "2026-03-06", ""),
        ("丙", "2026-03-05", "2026-03-11", "有人反映"),
    ):
        campaign = add_record(village, "campaign", {"title": "2026年最美家庭", "honor": "最美家庭", "year": 2026}).id
        add_record(village, "nomination", {
            "campaign": campaign, "family_name": name, "way": "自荐", "submitted_date": "2026-03-01",
            "notice_village_from": start, "notice_village_to": end, "notice_village_objection": objection,
        })
    page = shown(desk)
    assert len(page.rows) == MOST_TASKS
    assert page.more.text() == "还有 2 件，全部列出"
    qtbot.mouseClick(page.more, Qt.MouseButton.LeftButton)
    assert len(page.rows) == MOST_TASKS + 2
    assert not page.more.isVisible()


def test_what_was_written_meanwhile_is_read_again(qtbot, page, desk, village):
    desk.ask(page, lambda office, _p: add_record(office, "activity", {"title": "新的", "date": "2026.3.9"}), lambda _: None)
    wait_until_idle(qtbot, desk)
    page.refresh(frozenset({"activity"}))
    wait_until_idle(qtbot, desk)
    assert titles(page)[0] == "有 8 次登记、修改还没上报"
    assert page.stats[0].stat.total == 3


def test_a_page_that_is_not_seen_reads_when_it_is_shown(qtbot, page, desk, village):
    page.hide()
    add_record(village, "activity", {"title": "新的", "date": "2026.3.9"})
    page.refresh(frozenset({"activity"}))
    assert not desk.runner.busy
    page.show()
    page.opened({})
    wait_until_idle(qtbot, desk)
    assert page.stats[0].stat.total == 3


def test_reading_again_leaves_the_focus_where_it_was(qtbot, page, desk):
    page.rows[1].button.setFocus()
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert page.rows[1].button.hasFocus()


# --- quick entry -------------------------------------------------------------------------------------------


def test_there_is_a_tile_for_each_kind_that_people_enter_day_by_day():
    assert [kind.code for kind in quick_kinds()] == ["activity", "family", "person", "aid"]


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_alt_and_a_figure_begin_a_record(qtbot, page, went, number):
    kind = quick_kinds()[number - 1]
    page.setFocus()
    qtbot.waitUntil(page.hasFocus)
    qtbot.keyClick(page, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.AltModifier)
    assert went == [("form", {"nav": kind.nav, "kind": kind.code})]
    assert page.tiles[number - 1].accessibleName() == f"{kind.verb} Alt+{number}"


def test_a_click_on_a_tile_begins_a_record(qtbot, page, went):
    qtbot.mouseClick(page.tiles[1], Qt.MouseButton.LeftButton)
    assert went == [("form", {"nav": "family", "kind": "family"})]


# --- the last hand-in --------------------------------------------------------------------------------------


def test_an_office_that_is_not_let_in_yet_is_told_how(page):
    assert page.sent.isVisible()
    assert page.sent_words.text().startswith("还没有和清溪镇妇联接上。")


def test_the_last_hand_in_and_its_receipt_are_shown(qtbot, shown, make_desk, country):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    country.carry(village, town)
    desk = make_desk(village)
    page = shown(desk)
    assert (page.sent_which.text(), page.receipt.accessibleName()) == ("第 2 次", "等回执")
    assert page.sent_count.text() == "1 条"  # what of the office above's own goes back is not counted
    country.carry(town, village)
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert page.receipt.accessibleName() == "已回执"


# --- figures -----------------------------------------------------------------------------------------------


def test_figures_stand_in_the_order_of_the_navigation_what_has_a_date_first(page):
    assert [card.stat.label for card in page.stats] == ["活动", "参加", "帮扶救助", "新增家庭档案", "新增重点对象"]
    assert [card.stat.total for card in page.stats[:3]] == [2, 86, 1]
    assert page.stats[2].stat.notes[0] == "共 1,000 元，去年同期 0 元"


def test_a_figure_opens_its_records_of_this_year(qtbot, page, went):
    page.stats[0].setFocus()
    qtbot.keyClick(page.stats[0], Qt.Key.Key_Space)
    assert went == [("list", {"nav": "activity", "kind": "activity", "year": 2026})]


def test_a_screen_reader_hears_the_figure_its_change_and_its_months(page):
    said = page.stats[0].accessibleName()
    assert said.startswith("活动今年 2 场，比去年多 2 场。")
    assert said.endswith("1月 0，2月 0，3月 2")


@pytest.mark.parametrize(("total", "before", "first"), [
    (9, 6, "比去年多 3 场"), (6, 9, "比去年少 3 场"), (6, 6, "和去年一样"), (12_345, 0, "比去年多 12,345 场"),
])
def test_the_change_is_said_in_words(total, before, first):
    assert change_words(total, before, "场")[0] == first


def test_a_month_with_one_is_seen_beside_a_month_with_a_million():
    heights = bar_heights((1_000_000, 1, *[0] * 10), 38, 3)
    assert heights[:3] == [38, 6, 3]


def test_at_most_one_row_of_figures_is_shown():
    many = tuple(Figure(kind.code, kind.label, "条", (0,) * 12, 0, 0) for kind in all_kinds())
    assert len(in_order(many)) == MOST_STATS
    assert stat_of(many[0], TODAY).month == 3


@pytest.mark.parametrize(("width", "scale", "columns", "beside"), [
    (1182, 1.0, 5, True), (936, 1.0, 4, True), (660, 1.0, 2, False), (1270, 1.5, 3, False),
])
def test_the_page_goes_into_less_room(qtbot, qapp, shown, desk, width, scale, columns, beside):
    desk.theme = Theme(scale=scale)
    desk.theme.apply(qapp)
    page = shown(desk, width)
    assert sum(card.y() == page.stats[0].y() for card in page.stats) == columns
    side = page.tiles[0].mapTo(page, QPoint(0, 0)).x()
    assert (side > width / 2) is beside
    assert all(card.width() >= card.minimumSizeHint().width() for card in page.stats)
    Theme().apply(qapp)


def test_all_fits_on_the_smallest_screen(shown, desk):
    page = shown(desk)
    for widget in (*page.rows, *page.tiles, *page.stats):
        at = widget.mapTo(page, QPoint(0, 0))
        assert 0 <= at.x() <= page.width() - widget.width()
        assert at.y() + widget.height() <= page.height()


# --- an empty workspace ------------------------------------------------------------------------------------


def test_an_empty_village_begins_with_its_first_record(qtbot, shown, make_desk, tmp_path):
    with a_village(tmp_path / "neu") as office:
        desk = make_desk(office)
        gone: list[tuple[str, dict]] = []
        desk.went.connect(lambda place, about: gone.append((place, about)))
        page = shown(desk)
        assert page.begin.isVisible()
        assert not page.tiles[0].isVisible()
        qtbot.mouseClick(page.begin, Qt.MouseButton.LeftButton)
        assert gone == [("form", {"nav": "activity", "kind": "activity"})]


def test_an_empty_township_begins_with_a_merge(qtbot, shown, make_desk, tmp_path):
    with a_township(tmp_path / "neu") as office:
        desk = make_desk(office)
        gone: list[tuple[str, dict]] = []
        desk.went.connect(lambda place, about: gone.append((place, about)))
        page = shown(desk)
        assert page.begin.text() == "去合并"
        qtbot.mouseClick(page.begin, Qt.MouseButton.LeftButton)
        assert gone == [("exchange", {})]


def test_when_the_last_record_goes_the_page_is_empty_again(qtbot, page, desk, village):
    def delete(office: Office, _progress: object) -> None:
        for kind in all_kinds():
            delete_records(office, [row.id for row in queries.list_rows(office.workspace.db, kind)])

    desk.ask(page, delete, lambda _: None)
    wait_until_idle(qtbot, desk)
    page.refresh(frozenset())
    wait_until_idle(qtbot, desk)
    assert page.stats == []
    assert page.rows  # what was deleted is still to be handed in


# --- finding -----------------------------------------------------------------------------------------------


def typed(qtbot, page: HomePage, desk: Desk, text: str) -> list[str]:
    page.box.setFocus()
    page.box.insert(text)  # as an input method does
    qtbot.waitUntil(lambda: page.box.list.isVisible(), timeout=5_000)
    wait_until_idle(qtbot, desk)
    return [page.box.list.item(i).text() for i in range(page.box.list.count())]


def test_the_box_is_what_ctrl_f_goes_to(page):
    assert page.search_box() is page.box
    assert page.box.placeholderText() == "找人、找事、找活动"


def test_typing_finds_across_kinds_and_enter_opens_the_chosen_one(qtbot, page, desk, went, village):
    lines = typed(qtbot, page, desk, "张凤英")
    assert lines == ["张凤英 重点对象", "张凤英 帮扶救助，2月6日"]
    qtbot.keyClick(page.box, Qt.Key.Key_Down)
    qtbot.keyClick(page.box, Qt.Key.Key_Return)
    person = next(iter(queries.list_rows(village.workspace.db, next(k for k in all_kinds() if k.code == "person"))))
    assert went == [("form", {"nav": "care", "kind": "person", "record": person.id, "unit": person.unit})]
    assert not page.box.list.isVisible()
    assert page.box.text() == ""


def test_pinyin_initials_find_and_enter_alone_opens_the_first_list(qtbot, page, desk, went):
    page.box.setFocus()
    qtbot.keyClicks(page.box, "zsf")
    qtbot.waitUntil(page.box.list.isVisible, timeout=5_000)
    qtbot.keyClick(page.box, Qt.Key.Key_Return)
    assert went == [("list", {"nav": "family", "kind": "family", "search": "zsf"})]


def test_enter_before_the_answer_waits_for_it(qtbot, page, desk, went):
    page.box.setFocus()
    page.box.insert("普法")
    qtbot.keyClick(page.box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(went), timeout=5_000)
    assert went == [("list", {"nav": "activity", "kind": "activity", "search": "普法"})]


def test_what_is_not_found_is_said_and_leads_nowhere(qtbot, page, desk, went):
    assert typed(qtbot, page, desk, "没有这个人") == ["没有找到。换个字，或只打姓名的拼音首字母。"]
    qtbot.keyClick(page.box, Qt.Key.Key_Down)
    qtbot.keyClick(page.box, Qt.Key.Key_Return)
    assert went == []


def test_escape_closes_the_list_and_then_empties_the_box(qtbot, page, desk):
    typed(qtbot, page, desk, "赵")
    qtbot.keyClick(page.box, Qt.Key.Key_Escape)
    assert not page.box.list.isVisible()
    assert page.box.text() == "赵"
    qtbot.keyClick(page.box, Qt.Key.Key_Escape)
    assert page.box.text() == ""


def test_a_name_with_markup_is_shown_as_it_is(qtbot, shown, desk, village):
    save_draft(village.workspace, "a", "activity", {"title": "<b>普法</b><img src=x>"})
    page = shown(desk)
    row = next(row for row in page.rows if row.button.text() == "接着填")
    assert "<b>普法</b>" in row.line.text()
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.findChildren(QLabel) if label.text())


# --- the words of each sort --------------------------------------------------------------------------------

ONE = {"kind": "nomination", "names": ("赵素芳家庭",), "record": "r" * 32, "unit": "140702101201", "about": "最美家庭"}


@pytest.mark.parametrize(("task", "title", "line", "verb", "place"), [
    (Task(Matter.HAND_IN, 14, more=26, at=None), "有 14 次登记、修改和收到的 26 条记录还没上报",
     "还没有上报过。写到 U 盘里，交给上级妇联。", "去上报", "exchange"),
    (Task(Matter.HAND_IN, 0, more=26), "收到的 26 条记录还没上报",
     "还没有上报过。写到 U 盘里，交给上级妇联。", "去上报", "exchange"),
    (Task(Matter.RETURNED, level=Level.TOWNSHIP, note="缺生活照 1 张", **ONE), "镇里退回：赵素芳家庭（最美家庭）",
     "退回原因：缺生活照 1 张", "去修改", "record"),
    (Task(Matter.RETURNED, 3, kind="nomination", names=("甲", "乙", "丙"), level=Level.COUNTY), "县里退回 3 户：甲、乙、丙",
     "改好以后再送审。", "查看", "list"),
    (Task(Matter.IN_NOTICE, day=datetime.date(2026, 3, 11), **ONE), "公示后天期满：赵素芳家庭（最美家庭）",
     "公示到3月11日（星期三），目前没有未办结的异议。", "查看", "record"),
    (Task(Matter.IN_NOTICE, day=datetime.date(2026, 3, 13), **ONE), "公示3月13日期满：赵素芳家庭（最美家庭）",
     "公示到3月13日（星期五），目前没有未办结的异议。", "查看", "record"),
    (Task(Matter.IN_NOTICE, 5, kind="nomination", names=("甲", "乙", "丙"), day=datetime.date(2026, 3, 10)),
     "5 户公示快期满了：甲、乙、丙 等", "最早的明天期满，目前没有未办结的异议。", "查看", "list"),
    (Task(Matter.CONFLICT, 3, by_kind=(("family", 2), ("activity", 1))), "有 3 条记录两边写得不一样",
     "家庭档案 2 户，活动 1 场，要选定用哪一个。", "去处理", "conflicts"),
    (Task(Matter.FINDING, 5, by_kind=(("waiting", 3), ("refused", 2))), "合并进来的有 5 处没有生效", "等待 3 处，拒收 2 处。",
     "查看", "roll-call"),
    (Task(Matter.DRAFT, 1, kind="family", draft="d"), "有 1 条没填完的草稿", "最近一条：还没起名的家庭档案", "接着填", "form"),
    (Task(Matter.TWICE, 1, kind="aid", names=("于某某",), about="two_cancers"), "两癌救助有 1 人登记了不止一次：于某某",
     "一生只能救助一次。核对以后删去多的；确实要登记的，写明原因。", "查看", "list"),
    (Task(Matter.TERM, 1, kind="post_holder", names=("柳树湾村妇联",), day=datetime.date(2026, 3, 31), note="主席、执委"),
     "主席、执委的任期3月31日到期", "换届或连任以后，登记新一届的任期。", "查看", "list"),
    (Task(Matter.TERM, 2, kind="post_holder", names=("甲村", "乙村"), day=datetime.date(2026, 3, 1), note="主席"),
     "主席的任期最早3月1日已到期，甲村、乙村", "换届或连任以后，登记新一届的任期。", "查看", "list"),
    (Task(Matter.COMMITTEE, 1, kind="post_holder", names=("柳树湾村妇联",), note="还没有主席"), "柳树湾村妇联的班子没有配齐",
     "还没有主席。", "查看", "list"),
    (Task(Matter.COMMITTEE, 12, kind="post_holder", names=("甲村", "乙村", "丙村"), note="还没有主席"),
     "有 12 个单位的班子没有配齐：甲村、乙村、丙村 等", "主席、副主席、执委还不够数。", "查看", "list"),
])
def test_a_task_is_said_in_plain_words(task, title, line, verb, place):
    words = task_words(task, TODAY)
    assert (words.title, words.line, words.verb, words.place) == (title, line, verb, place)


def test_every_sort_of_task_has_words():
    assert set(task_row._SAID) == set(Matter)


def test_a_long_title_ends_in_dots_and_is_whole_in_its_tooltip(qtbot, theme):
    long = ElidedLabel("公示后天期满：" + "很长的名字" * 20)
    short = ElidedLabel("公示后天期满：很长的名字")
    for label in (long, short):
        qtbot.addWidget(label)
        label.resize(400, 24)
        label.show()
    assert long.toolTip() == f"<p>{long.text()}</p>"
    assert long.grab().toImage() != short.grab().toImage()
    assert long.minimumSizeHint().width() == 0
    long.resize(4_000, 24)
    assert long.toolTip() == short.toolTip() == ""


def test_a_card_keeps_its_least_width(theme):
    assert stat_card.LEAST_WIDTH * 5 + 4 * 12 <= 1366 - 184 - 48

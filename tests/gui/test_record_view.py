"""The page of a nomination: where it stands, what comes next, what is done there, and the ways in and out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from tests.e2e.builders import a_campaign, a_country, a_nomination
from tests.gui import walk
from tests.gui.conftest import TOWN, VILLAGE, wait_until_idle
from tests.gui.test_form import ask, typed

from fulian_desktop.domain.honors import VETOES
from fulian_desktop.services import entering
from fulian_desktop.services.listing import list_records, show_record
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, delete_records, edit_record
from fulian_desktop.ui.conflicts import ConflictsPage
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form import FormPage
from fulian_desktop.ui.listing import ListPage
from fulian_desktop.ui.preview import PreviewPage
from fulian_desktop.ui.record_view import RecordPage
from fulian_desktop.ui.shell import Shell
from fulian_desktop.ui.stage_cards import NoticeCard
from fulian_desktop.ui.theme import Theme

ENTER, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
CRITERIA = (("爱国守法", 18), ("夫妻和睦", 17), ("孝老爱亲", 20))
IN_NOTICE = {
    "submitted_date": "2026-03-02", "review_result": "passed", "review_date": "2026-03-04", "public_from": "2026-03-05",
    "public_to": "2026-03-11",
}
FILLED = {
    "recommender": "柳树湾村妇联", "motto": "勤俭持家", "deeds_short": "照料婆婆十二年。",
    "vetoes": [{"item": item, "clear": True, "checked_by": "派出所"} for item in VETOES],
    "scores": [{"criterion": text, "points": str(points)} for text, points in CRITERIA],
}


def a_record(office: Office, head: str = "赵素芳", **more: Any) -> str:
    """A nomination of a family of the village, in a campaign of its own that counts workdays."""
    campaign = add_record(office, "campaign", {
        "title": "2026年度最美家庭", "honor": "最美家庭", "year": 2026, "public_days": 5, "workdays": True,
        "criteria": [{"text": text, "points": "20"} for text, _ in CRITERIA],
    })
    family = list_records(office, "family", search=head)[0]["id"]
    entries = {"campaign": campaign.id, "family": family, "called": f"{head}家庭", "way": "组织推荐", **more}
    return add_record(office, "nomination", entries).id


@pytest.fixture
def shell(qtbot, desk: Desk) -> Shell:
    made = Shell(desk)
    qtbot.addWidget(made)
    made.resize(1366, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def open_record(qtbot, desk: Desk, shell: Shell) -> Callable[..., RecordPage]:
    """A function that makes a nomination, changes it, and shows it."""

    def show(edits: dict[str, Any] | None = None, record: str = "", **more: Any) -> RecordPage:
        record = record or ask(qtbot, desk, lambda office: a_record(office, **more))
        if edits:
            ask(qtbot, desk, lambda office: edit_record(office, record, edits))
        shell.go("record", {"nav": "family", "kind": "nomination", "record": record})
        return shown(qtbot, shell)

    return show


def shown(qtbot, shell: Shell) -> RecordPage:
    """The page, once it shows its record."""
    page = shell.page
    assert isinstance(page, RecordPage)
    qtbot.waitUntil(lambda: page.view is not None)
    wait_until_idle(qtbot, shell.desk)
    walk.settle()
    return page


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def words(root: QWidget) -> list[str]:
    """What stands in the labels that are seen."""
    return [label.text() for label in root.findChildren(QLabel) if label.isVisible() and label.text()]


# --- what it shows -----------------------------------------------------------------------------------------


def test_it_names_the_record_its_campaign_and_its_stage(open_record):
    page = open_record(**FILLED, **IN_NOTICE)
    assert page.title.text() == "赵素芳家庭"
    assert page.campaign.text() == "2026年度最美家庭"
    assert page.state.accessibleName() == "公示中"
    assert page.view.stepper.accessibleName().startswith(
        "申报已完成 3月2日 柳树湾村，初评已完成 3月4日 通过，55 分，公示正在这一步",
    )


def test_a_running_notice_says_how_many_workdays_are_left_and_when_it_ends(open_record):
    page = open_record(**IN_NOTICE)
    card = page.view.step
    assert isinstance(card, NoticeCard)
    assert card.figure == "还有3个工作日"
    assert {"含今天，3月11日（星期三）期满", "公示 5 个工作日，周末不算。"} <= set(words(card))
    assert list(card.buttons_of) == ["登记异议", "打印公示"]
    assert page.record_foot.said == "3月12日起、没有未办结的异议，就可以审批。"
    assert (page.record_foot.main.text(), page.record_foot.main.isEnabled()) == ("填审批", False)
    assert page.record_foot.main.accessibleDescription() == "3月12日起、没有未办结的异议，就可以审批"


def test_what_was_checked_is_told_with_who_looked_and_what_is_open_in_words(open_record):
    page = open_record(**FILLED, **IN_NOTICE)
    assert page.view.checks.note.text().startswith("8 项都已核查，")
    assert words(page.view.checks).count("派出所") == 8
    page = open_record(vetoes=[{"item": "crime", "clear": True}, {"item": "illegal_building", "checked_by": "村委会"}])
    assert page.view.checks.note.text() == "还有 6 项没核查，1 项没有排除"
    assert {"没有违法犯罪", "家庭暴力", "还没核查", "违规搭建", "没有排除 村委会"} <= set(words(page.view.checks))


def test_scores_stand_beside_what_the_campaign_gives_and_what_is_told_beside_its_length(open_record):
    page = open_record(**FILLED)
    assert page.view.scores.note.text() == "合计 55 分"
    assert {"爱国守法", "18 / 20", "20 / 20"} <= set(words(page.view.scores))
    assert page.view.told.note.text() == "事迹简介 8 / 300 字"
    assert {"组织推荐（柳树湾村妇联）", "勤俭持家", "照料婆婆十二年。", "缺照片，要 2 张"} <= set(words(page.view.told))


def test_a_bare_application_says_what_is_missing_and_offers_to_hand_it_in(open_record):
    page = open_record()
    assert page.view.checks.note.text() == "还有 8 项没核查"
    assert page.view.scores.note.text() == "还没有打分"
    assert words(page.view.told).count("还没有填") == 2
    assert (page.record_foot.main.text(), page.record_foot.withdraw.isVisible()) == ("送审", False)


def test_a_returned_one_says_why(open_record):
    returned = {"approval_result": "退回", "approval_date": "2026-03-04", "approval_village_opinion": "缺生活照"}
    page = open_record(returned, **IN_NOTICE)
    assert page.state.accessibleName() == "退回"
    assert "退回原因：缺生活照" in words(page.view.step)
    assert page.record_foot.said == "按退回原因改好，再送审。"
    assert not page.record_foot.withdraw.isVisible()


def test_an_objection_is_shown_until_somebody_writes_what_came_of_it(open_record):
    page = open_record(objection="收入不实", **IN_NOTICE)
    assert {"收入不实", "还没有填"} <= set(words(page.view.step))
    assert (page.record_foot.main.text(), page.record_foot.said) == (
        "填处理结果", "公示有异议。查清楚，写明处理结果，才能往下办。")


def test_a_deleted_one_can_be_restored(qtbot, desk: Desk, open_record):
    record = ask(qtbot, desk, lambda office: a_record(office, **IN_NOTICE))
    ask(qtbot, desk, lambda office: delete_records(office, [record]))
    page = open_record(record=record)
    assert page.state.accessibleName() == "已删除"
    assert (page.record_foot.main.isVisible(), page.record_foot.edit.text()) == (False, "看全部内容")
    assert page.view.step.buttons_of == {}
    qtbot.mouseClick(page.view.banners[0].button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "公示中")
    wait_until_idle(qtbot, desk)


def test_what_was_typed_and_not_saved_is_offered_again(qtbot, desk: Desk, shell: Shell, open_record):
    record = ask(qtbot, desk, a_record)
    ask(qtbot, desk, lambda office: entering.keep_draft(office, "d", "nomination", {"motto": "勤俭"}, record))
    page = open_record(record=record)
    (banner,) = page.view.banners
    assert banner.words.text() == "上次改到一半的内容还在，没有保存。"
    qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(shell.page, FormPage) and shell.page.fields is not None)
    wait_until_idle(qtbot, desk)
    assert shell.page.editors["motto"].value() == "勤俭"
    shell.page.drafts.end()


@pytest.fixture
def far(qtbot, make_desk: Callable[[Office], Desk], tmp_path: Path) -> Iterator[Callable[..., RecordPage]]:
    """A village and its township that share a campaign and a nomination; a function that shows it at one of them."""
    with a_country(tmp_path, VILLAGE) as country:
        town, village = country[TOWN], country[VILLAGE]
        campaign = a_campaign(town)
        country.carry(town, village)
        record = a_nomination(village, campaign)

        def show(unit: str, *, carried: bool = True) -> RecordPage:
            if carried:
                country.carry(village, town)
            desk = make_desk(country[unit])
            shell = Shell(desk)
            qtbot.addWidget(shell)
            shell.resize(1366, 696)
            shell.show()
            shell.go("record", {"nav": "family", "kind": "nomination", "record": record})
            return shown(qtbot, shell)

        yield show


def test_the_township_sees_whose_it_is_and_cannot_take_it_back(far):
    page = far(TOWN)
    assert page.subtitle.text()
    assert not page.record_foot.withdraw.isVisible()


def test_a_campaign_that_has_not_arrived_is_said_and_the_rest_is_shown(qtbot, desk: Desk, open_record):
    def work(office: Office) -> str:
        far_away = {"id": "f" * 32, "name": "最美家庭", "unit": TOWN, "kind": "campaign"}
        return add_record(office, "nomination", {"campaign": far_away, "family_name": "赵素芳", "way": "自荐"}).id

    page = open_record(record=ask(qtbot, desk, work))
    (banner,) = page.view.banners
    assert banner.words.text() == "评选活动“最美家庭”还没收到，合并了上级的数据就有。"
    assert page.view.checks.note.text() == "还有 8 项没核查"
    assert page.record_foot.main.text() == "送审"


def test_who_applied_and_who_decides_are_called_by_their_names(qtbot, desk: Desk, open_record):
    def work(office: Office) -> str:
        far_away = {"id": "f" * 32, "name": "最美家庭", "unit": TOWN, "kind": "campaign"}
        facts = {"submitted_date": "2026-03-02", "review_village_result": "通过", "notice_village_from": "2026-03-05",
                 "notice_village_to": "2026-03-11"}
        return add_record(office, "nomination", {"campaign": far_away, "family_name": "赵素芳", "way": "自荐", **facts}).id

    page = open_record(record=ask(qtbot, desk, work))
    assert page.state.accessibleName() == "公示中 村", "the township decides"
    assert [step.about for step in page.view.stepper.steps][::3] == ["3月2日 柳树湾村", "清溪镇妇联"]
    assert page.record_foot.main.text() == "送清溪镇审批"
    assert page.record_foot.said == "3月12日起、没有未办结的异议，就可以送清溪镇审批。"


def test_what_two_offices_wrote_differently_leads_to_where_it_is_settled(qtbot, make_desk, tmp_path: Path):
    with a_country(tmp_path, VILLAGE) as country:
        town, village = country[TOWN], country[VILLAGE]
        campaign = a_campaign(town)
        country.carry(town, village)
        record = a_nomination(village, campaign)
        country.carry(village, town)
        edit_record(village, record, {"motto": "勤俭持家"})
        edit_record(town, record, {"motto": "孝老爱亲"})
        country.carry(village, town)
        desk = make_desk(town)
        shell = Shell(desk)
        qtbot.addWidget(shell)
        shell.show()
        shell.go("record", {"nav": "family", "kind": "nomination", "record": record})
        page = shown(qtbot, shell)
        (banner,) = page.view.banners
        assert banner.words.text() == "有 1 项两边填得不一样，要选一个。"
        qtbot.mouseClick(banner.button, Qt.MouseButton.LeftButton)
        wait_until_idle(qtbot, desk)
        assert isinstance(shell.page, ConflictsPage)


# --- what is done there ------------------------------------------------------------------------------------


def test_it_is_handed_in_taken_back_and_that_undone_by_keys_alone(qtbot, desk: Desk, shell: Shell, open_record):
    page = open_record()
    assert focused() is page.record_foot.edit
    qtbot.keyClick(focused(), Qt.Key.Key_Tab)
    assert focused() is page.record_foot.main
    qtbot.keyClick(focused(), ENTER)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "已申报")
    assert shell.line.words.text().startswith("已送审：赵素芳家庭")
    wait_until_idle(qtbot, desk)
    assert page.record_foot.main.text() == "填初评"
    page.record_foot.withdraw.setFocus()
    qtbot.keyClick(focused(), ENTER)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "已撤回")
    assert shell.line.words.text().startswith("已撤回申报：赵素芳家庭")
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(focused(), Qt.Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "已申报")
    wait_until_idle(qtbot, desk)
    values = ask(qtbot, desk, lambda office: show_record(office, page.start.record))["values"]
    assert "withdrawn_date" not in values


def test_what_was_taken_back_today_can_be_handed_in_again_today(qtbot, desk: Desk, open_record):
    page = open_record({"withdrawn_date": "2026-03-09"}, submitted_date="2026-03-09")
    assert page.state.accessibleName() == "已撤回"
    qtbot.mouseClick(page.record_foot.main, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.state.accessibleName() == "已申报")
    wait_until_idle(qtbot, desk)


def test_an_objection_is_written_in_the_form_and_saving_leads_back_here(qtbot, desk: Desk, shell: Shell, open_record):
    page = open_record(**IN_NOTICE)
    qtbot.mouseClick(page.view.step.buttons_of["登记异议"], Qt.MouseButton.LeftButton)
    form = shell.page
    assert isinstance(form, FormPage)
    qtbot.waitUntil(lambda: "notice_village_objection" in form.editors)
    qtbot.waitUntil(lambda: focused() is form.editors["notice_village_objection"].edit)
    typed(qtbot, focused(), "收入不实")
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: isinstance(shell.page, RecordPage))
    page = shown(qtbot, shell)
    assert page.state.accessibleName() == "有异议"
    assert "收入不实" in words(page.view.step)


def test_a_notice_is_printed_by_way_of_the_preview_and_back_leads_here(qtbot, desk: Desk, shell: Shell, open_record):
    page = open_record(**IN_NOTICE)
    record = page.start.record
    qtbot.mouseClick(page.view.step.buttons_of["打印公示"], Qt.MouseButton.LeftButton)
    preview = shell.page
    assert isinstance(preview, PreviewPage)
    qtbot.waitUntil(lambda: preview.made is not None, timeout=20_000)
    assert (preview.title.text(), preview.made.names) == ("公示", 1)
    wait_until_idle(qtbot, desk)
    shell.back()
    assert shown(qtbot, shell).start.record == record


# --- the ways in and out -----------------------------------------------------------------------------------


def open_list(qtbot, desk: Desk, shell: Shell) -> ListPage:
    """The list of three nominations."""
    for head in ("赵素芳", "李秀兰", "王㛃"):
        ask(qtbot, desk, lambda office, head=head: a_record(office, head, **IN_NOTICE))
    shell.go("list", {"nav": "family", "kind": "nomination"})
    page = shell.page
    assert isinstance(page, ListPage)
    qtbot.waitUntil(lambda: page.shown.model.rowCount() == 3)
    wait_until_idle(qtbot, desk)
    page.shown.view.setFocus()
    page.shown.view.go_to(1)
    return page


def test_enter_opens_it_from_the_list_and_esc_leads_back_to_the_same_row(qtbot, desk: Desk, shell: Shell):
    listed = open_list(qtbot, desk, shell)
    row = listed.shown.model.row_at(1)
    qtbot.keyClick(focused(), ENTER)
    page = shown(qtbot, shell)
    assert page.start.record == row.id
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    assert shell.page is listed
    wait_until_idle(qtbot, desk)
    assert listed.shown.current_row().id == row.id
    assert focused() is listed.shown.view


def test_a_double_click_opens_it_too_and_the_pane_offers_both_ways(qtbot, desk: Desk, shell: Shell):
    listed = open_list(qtbot, desk, shell)
    view = listed.shown.view
    box = view.visualRect(listed.shown.model.index(2, 2))
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    shown(qtbot, shell)
    shell.back()
    wait_until_idle(qtbot, desk)
    listed.shown.details.edit_asked.emit()
    qtbot.waitUntil(lambda: isinstance(shell.page, FormPage) and shell.page.fields is not None)
    wait_until_idle(qtbot, desk)


def test_the_list_is_walked_and_the_form_saves_back_to_the_record_gone_to(qtbot, desk: Desk, shell: Shell):
    listed = open_list(qtbot, desk, shell)
    ids = [listed.shown.model.row_at(place).id for place in range(3)]
    qtbot.keyClick(focused(), ENTER)
    page = shown(qtbot, shell)
    assert (page.walk.before.text(), page.walk.after.text()) == ("上一户", "下一户")
    qtbot.keyClick(focused(), Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: page.start.record == ids[2])
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(focused(), Qt.Key.Key_PageDown, CTRL)
    qtbot.waitUntil(lambda: shell.line.words.text() == "已经是清单里的最后一户。")
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(focused(), Qt.Key.Key_F2)
    form = shell.page
    assert isinstance(form, FormPage)
    qtbot.waitUntil(lambda: form.fields is not None)
    wait_until_idle(qtbot, desk)
    assert form.start.record == ids[2]
    form.editors["motto"].edit.setFocus()
    typed(qtbot, focused(), "勤俭")
    qtbot.keyClick(focused(), Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: isinstance(shell.page, RecordPage))
    page = shown(qtbot, shell)
    assert page.start.record == ids[2]
    assert "勤俭" in words(page.view.told)
    qtbot.keyClick(focused(), Qt.Key.Key_Escape)
    wait_until_idle(qtbot, desk)
    assert listed.shown.current_row().id == ids[2]


# --- how it stands in the window ---------------------------------------------------------------------------


class _Watch(QObject):
    """Remembers every widget that was shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.flashed: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.flashed.append(f"{type(watched).__name__} {watched.accessibleName()}")
        return False


@pytest.mark.parametrize(
    "more", [{**FILLED, **IN_NOTICE}, {"objection": "收入不实", **IN_NOTICE}, {}], ids=["notice", "objected", "draft"]
)
def test_it_is_named_read_in_order_in_chinese_whole_and_flashes_nothing(qtbot, qapp, open_record, more):
    watch = _Watch()
    qapp.installEventFilter(watch)
    page = open_record(**more)
    qapp.removeEventFilter(watch)
    assert watch.flashed == []
    assert walk.without_a_name(page) == []
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.foreign(page) == []
    assert walk.marked_up(page) == []
    assert walk.cut(page) == []


@pytest.mark.parametrize(("scale", "width"), [(1.25, 1366), (1.5, 1366), (1.75, 1366), (1.0, 760)])
def test_letters_of_any_size_have_room(qtbot, qapp, village: Office, make_desk, scale: float, width: int, theme: Theme):
    theme.scale = scale
    theme.apply(qapp)
    desk = make_desk(village)
    record = ask(qtbot, desk, lambda office: a_record(office, **{**FILLED, **IN_NOTICE}, objection="收入不实"))
    shell = Shell(desk)
    qtbot.addWidget(shell)
    shell.resize(width, 696)
    shell.show()
    shell.go("record", {"nav": "family", "kind": "nomination", "record": record})
    page = shown(qtbot, shell)
    assert walk.cut(page) == []
    assert not page._scroll.horizontalScrollBar().isVisible()
    assert shell.width() == width
    bar = page._scroll.verticalScrollBar()
    qtbot.keyClick(focused(), Qt.Key.Key_PageDown)
    assert bar.value() > 0
    theme.scale = 1.0
    theme.apply(qapp)


@pytest.mark.parametrize("width", [760, 1000, 1064, 1280, 1366])
def test_long_names_and_words_without_a_break_do_not_widen_the_page(qtbot, shell: Shell, open_record, width: int):
    shell.resize(width, 696)
    long = {"called": "阿依努尔·买买提和古丽·依明家庭以及全家老小", "motto": "w" * 200, "deeds_short": "很长的事迹" * 60}
    page = open_record(**{**IN_NOTICE, **long}, objection="x" * 600)
    assert shell.width() == width
    assert not page._scroll.horizontalScrollBar().isVisible()
    assert walk.cut(page) == []
    right = page.walk.mapTo(page, page.walk.rect().topRight()).x() if page.walk.isVisible() else 0
    assert max(right, page.state.mapTo(page, page.state.rect().topRight()).x()) <= page.width()


def test_on_a_common_screen_everything_stands_on_one_page(open_record):
    page = open_record(**FILLED, **IN_NOTICE)
    assert page.desk.today() == date(2026, 3, 9)
    assert page._scroll.verticalScrollBar().maximum() == 0


def test_going_in_and_out_and_reading_again_leaves_nothing_behind(qtbot, desk: Desk, shell: Shell, open_record):
    def living() -> int:
        gc.collect()
        walk.settle()
        return len(shell.findChildren(QWidget))

    page = open_record(**{**FILLED, **IN_NOTICE})
    about = {"nav": "family", "kind": "nomination", "record": page.start.record}
    shell.go("list", {"nav": "family", "kind": "nomination"})
    wait_until_idle(qtbot, desk)
    before = living()
    for _ in range(30):
        shell.go("record", about)
        shown(qtbot, shell).refresh(frozenset())
        shell.back()
        wait_until_idle(qtbot, desk)
    assert living() <= before + 5

"""合并, over real packages of real offices: the plan, the merge, cancelling, undoing, and what goes wrong on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from tests.builders import SIBLING, THIRD, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_country, digest, whole_database
from tests.gui import walk
from tests.gui.conftest import wait_until_idle

from fulian_desktop.errors import MachineProblem
from fulian_desktop.services import exchanging, receiving, sticks
from fulian_desktop.services.handing_in import hand_ins
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.sticks import Stick
from fulian_desktop.store.workspace import Workspace
from fulian_desktop.ui import merging
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.merge_steps import Steps
from fulian_desktop.ui.merge_table import CHECK, STATE, words_of
from fulian_desktop.ui.merging import NOTHING_NEW, STOPPABLE, UNTOUCHED, MergePage, Phase
from fulian_desktop.ui.shell import Shell


@pytest.fixture
def three(tmp_path: Path) -> Iterator[Country]:
    """A township and three villages that know each other."""
    with a_country(tmp_path / "country", VILLAGE, SIBLING, THIRD) as country:
        yield country


@pytest.fixture
def stick(three: Country) -> Path:
    """One stick with a package of each village: 2, 1 and 1 new activities."""
    folder = three.stick()
    for unit, titles in ((VILLAGE, ("一月", "二月")), (SIBLING, ("三月",)), (THIRD, ("四月",))):
        for title in titles:
            added(three[unit], "activity", title=title)
        shutil.copy(three.packed(three[unit], TOWN), folder)
    return folder


@pytest.fixture
def desk(three: Country, make_desk: Callable[..., Desk]) -> Desk:
    return make_desk(three[TOWN])


@pytest.fixture
def page(qtbot, desk: Desk) -> MergePage:
    made = MergePage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 696)
    made.show()
    return made


def opened(qtbot, page: MergePage, *paths: Path, **about: object) -> MergePage:
    page.opened({"paths": list(paths), **about})
    wait_until_idle(qtbot, page.desk)
    return page


def went(qtbot, desk: Desk) -> list[tuple[str, dict]]:
    places: list[tuple[str, dict]] = []
    desk.went.connect(lambda place, about: places.append((place, about)))
    return places


def lines(page: MergePage) -> list[tuple[str, str]]:
    model = page.table.lines
    return [(line.name, model.badge(line)[0]) for line in model.shown]


def press(qtbot, page: MergePage, key: Qt.Key, *keys: Qt.KeyboardModifier) -> None:
    qtbot.keyClick(page.table, key, *keys)


def test_the_plan_names_every_unit_and_touches_nothing(qtbot, page, three, stick):
    before = whole_database(three[TOWN])
    opened(qtbot, page, stick)
    assert page.phase is Phase.PLAN
    assert lines(page) == [("柳树湾村", "可合并"), ("杏花村", "可合并"), ("东沟村", "可合并")]
    assert "新增 4 条" in page.sum.accessibleName()
    assert page.merge_button.text() == "合并 3 个单位"
    assert page.foot.note.text() == UNTOUCHED
    assert whole_database(three[TOWN]) == before


def test_ctrl_enter_merges_and_the_result_has_the_same_counts(qtbot, page, three, stick):
    opened(qtbot, page, stick)
    planned = page.sum.accessibleName()
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert page.phase is Phase.DONE
    assert page.sum.accessibleName() == planned
    assert [badge for _, badge in lines(page)] == ["已合并"] * 3
    assert "写回执" in page.banner.words.text()
    for unit in (VILLAGE, SIBLING, THIRD):
        assert digest(three[TOWN], unit) == digest(three[unit], unit)


def test_space_leaves_a_unit_out_and_only_the_others_are_merged(qtbot, page, three, stick):
    opened(qtbot, page, stick)
    press(qtbot, page, Qt.Key.Key_Space)
    assert page.merge_button.text() == "合并 2 个单位"
    assert "新增 2 条" in page.sum.accessibleName()
    qtbot.mouseClick(page.merge_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert [name for name, _ in lines(page)] == ["杏花村", "东沟村"]
    assert digest(three[TOWN], SIBLING) == digest(three[SIBLING], SIBLING)
    assert digest(three[TOWN], VILLAGE) != digest(three[VILLAGE], VILLAGE)


def test_a_click_on_the_box_chooses_and_with_nothing_chosen_there_is_nothing_to_merge(qtbot, page, stick):
    opened(qtbot, page, stick)
    for row in range(3):
        place = page.table.visualRect(page.table.model().index(row, CHECK)).center()
        qtbot.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not page.merge_button.isEnabled()
    assert page.foot.note.text() == "先选上要合并的单位。"
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.phase is Phase.PLAN


def test_problems_stand_first_with_their_sentence_and_the_chips_filter(qtbot, page, three, stick):
    town = three[TOWN]
    record = added(three[VILLAGE], "activity", title="同一条").id
    three.carry(three[VILLAGE], town)
    three.carry(town, three[VILLAGE])
    edit_record(town, record, {"title": "镇里改的"})
    edit_record(three[VILLAGE], record, {"title": "村里改的"})
    shutil.copy(three.packed(three[VILLAGE], TOWN), stick)
    (bad,) = stick.glob(f"{THIRD}*")
    data = bytearray(bad.read_bytes())
    data[-50] ^= 1
    bad.write_bytes(data)
    (stick / "readme.flpkg").write_bytes(b"hello")
    opened(qtbot, page, stick)
    assert lines(page) == [("柳树湾村", "有冲突"), ("readme.flpkg", "损坏"), ("东沟村", "损坏"), ("杏花村", "可合并")]
    assert "共 2 个文件" in words_of(page.table.lines.shown[0])
    assert all("请" in words_of(line) for line in page.table.lines.shown[1:3])
    qtbot.mouseClick(page.chip_row.chips["attention"], Qt.MouseButton.LeftButton)
    assert [badge for _, badge in lines(page)] == ["有冲突", "损坏", "损坏"]
    qtbot.mouseClick(page.chip_row.chips["good"], Qt.MouseButton.LeftButton)
    assert [name for name, _ in lines(page)] == ["柳树湾村", "杏花村"]
    qtbot.mouseClick(page.merge_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert page.next_button.text() == "去看冲突"
    assert "东沟村" in [name for name, _ in lines(page)], "the report names what was refused too"
    places = went(qtbot, page.desk)
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert places[0][0] == "conflicts"


def test_what_was_merged_before_is_no_change_and_cannot_be_chosen(qtbot, page, three, stick):
    exchanging.merge_packages(three[TOWN], [stick])
    opened(qtbot, page, stick)
    assert [badge for _, badge in lines(page)] == ["没变化"] * 3
    assert not page.merge_button.isEnabled()
    assert page.foot.note.text() == NOTHING_NEW


def test_a_merge_of_several_packages_cancelled_in_its_midst_leaves_every_record_as_it_was(qtbot, page, three, stick, monkeypatch):
    opened(qtbot, page, stick)
    before, rows = digest(three[TOWN]), whole_database(three[TOWN])
    real_step, seen = exchanging.Progress.step, []

    def step(progress, done, total, what):
        if page.phase is Phase.MERGING and done == 2 and not seen:
            seen.append(what)  # two of three files are read: now the person presses Esc
            page._job.cancel()
        real_step(progress, done, total, what)

    monkeypatch.setattr(exchanging.Progress, "step", step)
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert page.phase is Phase.MERGING
    assert page.foot.note.text() == STOPPABLE
    wait_until_idle(qtbot, page.desk)
    assert seen
    assert page.phase is Phase.PLAN
    assert page.banner.words.text() == "已经取消，和没合并过一样。"
    assert digest(three[TOWN]) == before
    assert whole_database(three[TOWN]) == rows
    monkeypatch.undo()
    press(qtbot, page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert page.phase is Phase.DONE, "and it can be merged all the same"


def test_escape_asks_the_running_merge_to_stop_and_the_page_is_not_left_meanwhile(qtbot, page, stick, desk):
    opened(qtbot, page, stick)
    said = []
    desk.said.connect(said.append)
    page.merge_chosen()
    assert not page.may_leave()
    assert "正在合并" in said[0].text
    press(qtbot, page, Qt.Key.Key_Escape)
    assert not page.cancel_button.isEnabled()
    wait_until_idle(qtbot, desk)
    assert page.phase in (Phase.PLAN, Phase.DONE)
    assert page.may_leave()


def test_a_cancel_that_comes_too_late_is_said_and_the_result_stands(qtbot, page, three, stick, desk, monkeypatch):
    opened(qtbot, page, stick)
    said = []
    desk.said.connect(said.append)
    real = receiving.merge_packages

    def merged(*args, **more):
        report = real(*args, **more)
        if not more.get("dry_run"):
            page._job.cancel()
        return report

    monkeypatch.setattr(receiving, "merge_packages", merged)
    page.merge_chosen()
    wait_until_idle(qtbot, desk)
    assert page.phase is Phase.DONE
    assert said[-1].text.startswith("取消得晚了一步")
    assert digest(three[TOWN], VILLAGE) == digest(three[VILLAGE], VILLAGE)


def test_a_full_disk_while_the_index_is_tidied_is_said_and_the_merge_stands(qtbot, page, three, stick, desk, monkeypatch):
    opened(qtbot, page, stick)
    said = []
    desk.said.connect(said.append)

    def full(*_: object) -> None:
        raise MachineProblem("记录都已保存，只是查找目录没有整理完。", "disk-full")

    monkeypatch.setattr(Workspace, "catch_up", full)
    page.merge_chosen()
    wait_until_idle(qtbot, desk)
    assert page.phase is Phase.DONE
    assert said[-1].text.startswith("记录都已保存")


def test_a_full_disk_in_a_merge_is_a_sentence_and_nothing_is_lost(qtbot, page, three, stick, monkeypatch):
    opened(qtbot, page, stick)
    before = digest(three[TOWN])

    def full(*_: object) -> None:
        raise MachineProblem("磁盘满了，没有合并。请腾出空间再合并。", "disk-full")

    monkeypatch.setattr(Workspace, "backup_before", full)
    qtbot.mouseClick(page.merge_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert page.phase is Phase.PLAN
    assert page.banner.words.text().startswith("磁盘满了")
    assert digest(three[TOWN]) == before


def test_a_stick_pulled_out_between_plan_and_merge_is_a_sentence(qtbot, page, three, stick):
    opened(qtbot, page, stick)
    before = digest(three[TOWN])
    shutil.rmtree(stick)
    qtbot.mouseClick(page.merge_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert page.phase is Phase.PLAN
    assert "U 盘" in page.banner.words.text()
    assert digest(three[TOWN]) == before


def test_a_folder_without_packages_says_so_and_offers_another(qtbot, page, stick, tmp_path, monkeypatch):
    (tmp_path / "空文件夹").mkdir()
    opened(qtbot, page, tmp_path / "空文件夹")
    assert page.phase is Phase.NOTHING
    assert page.nothing.words.text().startswith("没有找到上报包")
    monkeypatch.setattr(merging, "choose_folder", lambda *_: stick)
    (button,) = page.nothing.findChildren(merging.KeyButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert page.phase is Phase.PLAN


def test_the_whole_merge_is_taken_back_after_one_question(qtbot, page, three, stick, desk):
    before = digest(three[TOWN])
    opened(qtbot, page, stick)
    page.merge_chosen()
    wait_until_idle(qtbot, desk)
    assert digest(three[TOWN]) != before
    qtbot.mouseClick(page.undo_button, Qt.MouseButton.LeftButton)
    assert page.ask_strip.isVisible()
    assert not page.banner.isVisible(), "its room belongs to the table"
    qtbot.keyClick(page.ask_strip.no, Qt.Key.Key_Escape)
    assert not page.ask_strip.isVisible()
    assert page.banner.isVisible()
    assert page.phase is Phase.DONE
    qtbot.mouseClick(page.undo_button, Qt.MouseButton.LeftButton)
    places = went(qtbot, desk)
    qtbot.mouseClick(page.ask_strip.yes, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    assert digest(three[TOWN]) == before
    assert places == [("exchange", {"nav": "exchange", "do": ""})]


def test_an_undo_takes_back_this_merge_and_not_an_earlier_one(qtbot, page, three, stick, desk):
    exchanging.merge_packages(three[TOWN], list(stick.glob(f"{SIBLING}*")))
    before = digest(three[TOWN])
    opened(qtbot, page, stick)
    page.merge_chosen()
    wait_until_idle(qtbot, desk)
    assert len(page._result.packages) == 2
    page._undo()
    wait_until_idle(qtbot, desk)
    assert digest(three[TOWN]) == before


def test_the_result_stands_there_again_when_one_comes_back_to_it(qtbot, page, stick, desk):
    kept: dict[str, object] = {}
    opened(qtbot, page, stick, kept=kept)
    page.merge_chosen()
    wait_until_idle(qtbot, desk)
    again = MergePage(desk)
    qtbot.addWidget(again)
    opened(qtbot, again, stick, kept=kept)
    assert again.phase is Phase.DONE
    assert [badge for _, badge in lines(again)] == ["已合并"] * 3


def test_the_plan_is_printed_as_a_table(qtbot, page, stick, desk):
    opened(qtbot, page, stick)
    places = went(qtbot, desk)
    qtbot.mouseClick(page.print_button, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, desk)
    ((place, about),) = places
    assert (place, about["title"]) == ("preview", "合并预览")
    made = []
    desk.ask(desk, about["make"], made.append)
    wait_until_idle(qtbot, desk)
    assert made[0].pdf.startswith(b"%PDF")


def test_a_line_is_read_aloud_as_one_sentence(qtbot, page, stick):
    opened(qtbot, page, stick)
    index = page.table.model().index(0, STATE)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "柳树湾村，已选，可合并，新增 2，没变化 1"


def test_progress_counts_four_stages_as_one_and_never_goes_back():
    steps = Steps({"a.flpkg": 0, "b.flpkg": 1})
    said = []
    for done, total, what in (
        (0, 2, "a.flpkg"), (1, 2, "b.flpkg"), (0, 2, "a.flpkg"), (1, 2, "b.flpkg"), (0, 900, "核对记录"), (500, 900, "核对记录"),
        (0, 900, "整理查找目录"), (900, 900, "整理查找目录"),
    ):
        steps.take(done, total, what)
        said.append(steps.percent)
    assert said == sorted(said)
    assert said[-1] == 99, "a hundred is said when it is saved"
    assert steps.words(lambda place: "ab"[place]) == "正在整理查找目录：第 900 条，共 900 条"


def test_while_files_are_read_each_unit_says_how_far_it_is():
    steps = Steps({"a.flpkg": 0, "b.flpkg": 1, "c.flpkg": 2})
    steps.take(0, 3, "a.flpkg")
    steps.take(1, 3, "b.flpkg")
    assert [word for word, _ in steps.going().values()] == ["读好了", "正在读取", "排队"]
    assert steps.words(lambda place: "甲乙丙"[place]) == "乙：正在读取第 2 个文件，共 3 个"


def test_a_unit_whose_files_were_passed_without_a_report_is_read():
    steps = Steps({"a.flpkg": 0, "b.flpkg": 1, "b2.flpkg": 1, "c.flpkg": 2, "d.flpkg": 3})
    assert [word for word, _ in steps.going().values()] == ["排队"] * 4
    steps.take(0, 5, "a.flpkg")
    steps.take(3, 5, "c.flpkg")
    assert [word for word, _ in steps.going().values()] == ["读好了", "读好了", "正在读取", "排队"]


@pytest.mark.parametrize("merged", [False, True])
def test_plan_and_result_are_worked_by_keyboard_named_and_not_cut(qtbot, page, stick, merged):
    opened(qtbot, page, stick)
    if merged:
        page.merge_chosen()
        wait_until_idle(qtbot, page.desk)
    walk.settle()
    assert walk.without_a_name(page) == []
    assert walk.backwards(page) == []
    assert set(walk.tab_walk(page)) == set(walk.inputs(page))
    assert walk.foreign(page) == []
    assert walk.marked_up(page) == []
    assert walk.cut(page) == []


def test_a_morning_at_the_township_goes_by_keys_alone_from_the_stick_to_the_receipts(qtbot, three, stick, desk, monkeypatch):
    monkeypatch.setattr(sticks, "sticks", lambda: [Stick(stick, "E 盘", 1 << 30)])
    shell = Shell(desk)
    qtbot.addWidget(shell)
    shell.resize(1366, 696)
    shell.show()
    qtbot.waitUntil(shell.isVisible)
    desk.go("exchange", {"nav": "exchange"})
    hub = shell.page
    qtbot.waitUntil(hub.receive.button.isEnabled)
    wait_until_idle(qtbot, desk)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(hub.receive.button, Qt.Key.Key_Return, control)
    page = shell.page
    assert isinstance(page, MergePage)
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(page.table, Qt.Key.Key_Return, control)
    assert shell.page is page
    shell.go("home", {})
    assert shell.page is page, "a merge that runs is not left behind"
    wait_until_idle(qtbot, desk)
    assert page.phase is Phase.DONE
    qtbot.keyClick(page.table, Qt.Key.Key_Return, control)
    assert shell.page is hub
    assert hub.mode == "receipts"
    wait_until_idle(qtbot, desk)
    qtbot.keyClick(hub.writer.button, Qt.Key.Key_Return, control)
    qtbot.waitUntil(lambda: hub.writer.stack.currentIndex() == 2)
    wait_until_idle(qtbot, desk)
    assert len(list(stick.glob("*-down-*"))) == 3
    exchanging.merge_packages(three[VILLAGE], [stick])
    assert hand_ins(three[VILLAGE])[0].received
    shell.back()
    wait_until_idle(qtbot, desk)
    assert shell.page.phase is Phase.DONE, "the result stands there again"
    assert shell.page.sum.accessibleName().startswith("收到")

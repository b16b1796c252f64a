"""Which pictures there are, and how one gets to each: every page and dialog, with and without something in it.

Rules:

* What a person does is done by the page's own buttons and keys; what is written goes through the services behind them.
* A step without a place goes on from the picture before it, so one way through several pages is several steps.
* What writes stands behind what only looks; every look of the window begins with the same records.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtGui import QInputMethodEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QScrollArea, QWidget
from tools.made_up import PASSPHRASE, MadeUp

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.progress import Progress
from fulian_desktop.services import receiving, sticks
from fulian_desktop.services.office import Office
from fulian_desktop.ui.buttons import Chip
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.picker import QuickAdd
from fulian_desktop.ui.places import NAV
from fulian_desktop.ui.window import MainWindow

FAMILIES = "户主姓名\t联系电话\t家庭住址\n赵素芳\t15400135721\t二组 18 号\n李秀兰\t1540013572\t一组 3 号\n王㛃\t\t\n"
IN_EXCHANGE = {"nav": "exchange"}
ROOM_ON_STICK = int(12.6 * (1 << 30))

PAUSE_AT, A_MOMENT, LONGEST_PAUSE = 2, 0.3, 20.0
"""After which file a merge pauses; seconds."""

Act = Callable[[MainWindow], object]


@dataclass(frozen=True)
class Step:
    """One picture.

    Attributes:
        place, about: Where to go; no place for on from the last picture.
        then: What to do there, one after the other. after: What to do when the picture is taken.
        at_work: Whether it is taken while something is being done, rather than afterwards.
    """

    name: str
    place: str = ""
    about: dict[str, Any] = field(default_factory=dict)
    then: tuple[Act, ...] = ()
    after: tuple[Act, ...] = ()
    at_work: bool = False


def in_chains(steps: Iterator[Step]) -> list[list[Step]]:
    """Steps in groups that follow from each other."""
    chains: list[list[Step]] = []
    for step in steps:
        if step.place or not chains:
            chains.append([])
        chains[-1].append(step)
    return chains


# --- the pictures ------------------------------------------------------------------------------------------


def first_steps(made: MadeUp) -> Iterator[Step]:
    """The first start, the three ways in and the made-up data."""
    yield Step("first-start")
    yield Step("first-start-join", then=(_way(0),))
    yield Step("first-start-invitation", then=(lambda window: window.first.step.read(made.invitation),))
    yield Step("first-start-unit", then=(_compared,))
    yield Step("first-start-person", then=(_unit_taken, _person_named))
    yield Step("first-start-found", then=(_to_the_cards, _way(1)))
    yield Step("first-start-place", then=(lambda window: type_into(window.first.step.picker.line, "乌金山镇"),))
    yield Step("first-start-restore", then=(_to_the_cards, _way(2)))
    yield Step("first-start-demo", then=(_to_the_cards, lambda window: window.first.choices.demo_button.click()))


def unlock_steps(folder: Path) -> Iterator[Step]:
    """Before the records are open."""
    yield Step("unlock")
    yield Step("unlock-wrong", then=(lambda window: window.unlock.asked.emit(folder, "不是这个密码", None),))


def village_steps(made: MadeUp) -> Iterator[Step]:
    """What a village's office sees."""
    yield Step("home", "home")
    for kind in all_kinds():
        about = {"nav": kind.nav, "kind": kind.code}
        if kind.nav in {item.code for item in NAV if item.place == "list"}:
            yield Step(f"list-{kind.code}", "list", about)
            yield Step(f"form-{kind.code}", "form", about)
    yield Step("record-returned", "home", then=(_task("去修改"),))
    yield Step("record", "list", {"nav": "family", "kind": "nomination"}, then=(_open_row(1),))
    yield Step("form-draft", "home", then=(_task("接着填"),))
    yield Step("duplicates", "duplicates", IN_EXCHANGE)
    yield Step("duplicates-judged", "duplicates", IN_EXCHANGE, then=(lambda window: window.shell.page.judged_button.click(),))
    yield Step("reports", "reports")
    yield Step("assessment", "assessment")
    yield Step("rights-door", "list", {"nav": "rights", "kind": "rights_case"})
    yield Step("settings", "settings")
    for kind in ("issued_field", "issued_code", "holiday_table", "report_period", "amount_bound"):
        yield Step(f"list-{kind}", "list", {"nav": "settings", "kind": kind})
    yield from _village_lists()
    yield from _village_forms(made)
    yield from _village_sheets()
    yield from _village_exchange(made)
    yield from _village_settings()
    yield Step("duplicates-parted", "duplicates", IN_EXCHANGE, then=(lambda window: window.shell.page.part.click(),))
    yield Step("finder", "home", then=(_key("Ctrl+K"),))
    yield Step("help", "home", then=(_key("F1"),))
    yield Step("locked", "home", then=(lambda window: window.lock(),))


def _village_lists() -> Iterator[Step]:
    activities, families = {"nav": "activity", "kind": "activity"}, {"nav": "family", "kind": "family"}
    nominations = {"nav": "family", "kind": "nomination"}
    yield Step("find", "home", then=(_find("赵素芳"),))
    yield Step("preview", "list", activities, (_key("Ctrl+P"),))
    yield Step("export-columns", "list", families, (_key("Ctrl+E"),))
    yield Step("list-columns", "list", activities, (lambda window: window.shell.page.choose_columns(),))
    yield Step("list-years", "list", activities, (_open_chip(0),))
    yield Step("menu", "list", activities, (_open_menu,))
    yield Step("batch-menu", "list", nominations, (_tick, _together()))
    for name, about, label in (
        ("batch", families, "批量登记帮扶"), ("batch-nominate", families, "批量申报评选"),
        ("batch-change", families, "批量改标签"),
        ("batch-review", {**nominations, "stage": "submitted"}, "批量初评"),
        ("batch-notice", {**nominations, "stage": "submitted"}, "批量公示"),
    ):
        yield Step(name, "list", about, (_tick_from(0 if "stage" in about else 8), _together(label)))
    yield Step("message", "list", activities, (_say_deleted,))
    yield Step("list-deleted", "list", {**activities, "deleted": True})
    yield Step("list-nothing", "list", {**activities, "search": "广场舞比赛"})
    yield Step("message-error", "list", activities, (_say_error,))


def _village_forms(made: MadeUp) -> Iterator[Step]:
    activity = {"nav": "activity", "kind": "activity", "record": made.activity}
    family = {"nav": "family", "kind": "family"}
    yield Step("form-photos", "form", activity)
    yield Step("photo", then=(lambda window: window.shell.page.photos.tiles[0].picture.click(),))
    yield Step("history", "form", activity, (lambda window: window.shell.page.fields.history.all_button.click(),))
    yield Step("quick-add", "form", {"nav": "care", "kind": "aid"}, (_quick_add,))
    yield Step("form-suggestions", "form", {"nav": "care", "kind": "aid"}, (_type_reference("recipient", "李"),))
    yield Step("form-wrong", "form", family, (
        _fill_form({"phone": "1540013572"}), lambda window: window.shell.page.save(),
    ))


def _village_sheets() -> Iterator[Step]:
    about = {"nav": "family", "kind": "family", "text": FAMILIES}
    yield Step("sheet", "sheet", about)
    yield Step("sheet-problem", "sheet", about, (_key("F8"),))


def _village_exchange(made: MadeUp) -> Iterator[Step]:
    yield Step("hand-in", "exchange", {"do": "up"})
    yield Step("slip", then=(_key("Ctrl+P"),))
    yield Step("hand-in-stick", "exchange", {"do": "up"}, (_plug(made.stick.parent / "E盘"),))
    yield Step("hand-in-written", then=(lambda window: window.shell.page.writer.write(),))
    yield Step("preview-notice", "reports", {"paper": "notice", "campaign": made.running}, (_preview,))
    yield Step("preview-nothing", "reports", {"paper": "honor-roll", "campaign": made.running}, (_preview,))


def _village_settings() -> Iterator[Step]:
    yield Step("settings-check", "settings", then=(lambda window: window.shell.page.check_button.click(), _to_the_check))
    for name, title in (("passphrase", "修改密码"), ("hand-over", "换人"), ("add-person", "增加使用人")):
        yield Step(name, "settings", then=(_deed(title),))
    yield Step("passphrase-wrong", "settings", then=(_deed("修改密码"), _do_deed("不是这个密码", "柳树湾 2027 春")))
    yield Step("recovery", "settings", then=(_deed("重新做恢复码"), _do_deed(PASSPHRASE)))


def township_steps(made: MadeUp) -> Iterator[Step]:
    """What a township's office sees."""
    yield Step("town-home", "home")
    yield Step("town-exchange", "exchange", {"do": ""}, (_unplug,))
    yield Step("merge", "merge", {**IN_EXCHANGE, "paths": [made.stick]})
    yield Step("merge-nothing", "merge", {**IN_EXCHANGE, "paths": [made.invitation.parent]})
    yield Step("conflicts", "conflicts", IN_EXCHANGE)
    yield Step("conflicts-chosen", then=(lambda window: window.shell.page.rows[0].choices.choose(0),))
    yield Step("conflicts-typed", then=(_type_other("村里和镇里都核对过"),))
    yield Step("roll-call", "roll-call", IN_EXCHANGE)
    yield Step("roll-call-list", then=(lambda window: window.shell.page.print_missing.click(),))
    yield Step("town-list-family", "list", {"nav": "family", "kind": "family"})
    yield Step("town-list-units", then=(_open_chip(0),))
    yield Step("town-list-unit-names", "list", {"nav": "settings", "kind": "unit_name"})
    yield Step("town-form-unit", "form", {"nav": "family", "kind": "family"}, (_type_unit("石桥"),))
    yield Step("town-reports", "reports")
    yield Step("figures", "figures", {"nav": "reports", "year": 2025})
    yield Step("town-assessment", "assessment")
    yield Step("form-scheme", "form", {"nav": "assessment", "kind": "scheme"})
    yield Step("form-issued-field", "form", {"nav": "settings", "kind": "issued_field"})
    yield from _papers(made)
    yield from _below(made)
    nominations = {"nav": "family", "kind": "nomination"}
    waiting = {**nominations, "stage": "notice_ended"}
    yield Step("batch-approval", "list", waiting, (
        _tick, _together("批量审批"), _fill_batch({"approval_township_result": "passed"}),
    ))
    yield Step("batch-award", "list", {**nominations, "stage": "approved"}, (_tick, _together("批量表彰")))
    yield Step("batch-done", "list", waiting, (
        _tick, _together("批量审批"), _fill_batch({"approval_township_result": "passed", "approval_township_date": "2026-03-09"}),
        lambda _window: _top_dialog().save.click(),
    ))
    yield from _merging(made)


def _papers(made: MadeUp) -> Iterator[Step]:
    for name, paper, campaign in (
        ("preview-honor-roll", "honor-roll", made.honoured), ("preview-certificate", "certificates", made.honoured),
    ):
        yield Step(name, "reports", {"paper": paper, "campaign": campaign}, (_preview,))
    yield Step("preview-report", "reports", {"paper": "report:family-summary"}, (_choose_year(2025), _preview))
    yield Step("reports-wrong", "reports", {"paper": "honor-roll", "campaign": made.honoured}, (_write_date("2月30日"), _preview))
    yield Step("unprintable", "list", {"nav": "activity", "kind": "activity", "search": "她力量"}, (_key("Ctrl+P"),))


def _below(made: MadeUp) -> Iterator[Step]:
    for name, do in (("receipts", "receipts"), ("invite", "invite"), ("units", "units"), ("approve", "approve")):
        yield Step(name, "exchange", {"do": do})
    yield Step("approve-asking", then=(lambda window: window.shell.page.approve.look([made.asking]),))


def _merging(made: MadeUp) -> Iterator[Step]:
    pause = Pause()
    yield Step(
        "merge-progress", "merge", {**IN_EXCHANGE, "paths": [made.stick], "kept": {}},
        (pause.begin, lambda window: window.shell.page.go_on()), after=(pause.end,), at_work=True,
    )
    yield Step("merge-done")
    yield Step("merge-undo", then=(lambda window: window.shell.page.undo_button.click(),))
    yield Step("merge-report", then=(
        lambda window: window.shell.page.ask_strip.no.click(), lambda window: window.shell.page.print_button.click(),
    ))
    yield Step("merge-undone", then=(
        lambda window: window.desk.back(), lambda window: window.shell.page.undo_button.click(),
        lambda window: window.shell.page.ask_strip.yes.click(),
    ))


def begun_steps() -> Iterator[Step]:
    """What an office sees that has nothing yet."""
    yield Step("empty-home", "home")
    for kind in ("activity", "family", "nomination"):
        nav = next(one.nav for one in all_kinds() if one.code == kind)
        yield Step(f"empty-list-{kind}", "list", {"nav": nav, "kind": kind})
    for place in ("exchange", "roll-call", "conflicts", "duplicates", "reports"):
        yield Step(f"empty-{place}", place, {"nav": "reports"} if place == "reports" else IN_EXCHANGE)
    yield Step("empty-units", "exchange", {"do": "units"})


class Pause:
    """Has a merge stand still after its second file, until its picture is taken; here it would be over in no time."""

    def __init__(self) -> None:
        self._merge, self._go_on = receiving.merge, threading.Event()

    def begin(self, _window: MainWindow) -> None:
        receiving.merge = self._merge_slowly

    def end(self, _window: MainWindow) -> None:
        receiving.merge = self._merge
        self._go_on.set()

    def _merge_slowly(self, office: Office, files: Sequence[Path], progress: Progress) -> receiving.Received:
        def step(done: int, total: int, what: str) -> None:
            if done == PAUSE_AT:
                time.sleep(A_MOMENT)  # the window hears of a step only now and then
            progress.step(done, total, what)
            if done == PAUSE_AT:
                self._go_on.wait(LONGEST_PAUSE)

        return self._merge(office, files, Progress(step))


# --- what a person does ------------------------------------------------------------------------------------


def type_into(edit: QWidget, text: str) -> None:
    """Type, as an input method commits it."""
    edit.setFocus()
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QApplication.sendEvent(edit, event)


def _key(key: str) -> Act:
    """What a key does; without a window manager no key arrives."""
    def run(window: MainWindow) -> None:
        shortcut = next(
            s for s in window.shell.findChildren(QShortcut)
            if s.key() == QKeySequence(key) and isinstance(s.parent(), QWidget) and s.parent().isVisible()
        )
        shortcut.activated.emit()

    return run


def _top_dialog() -> Any:
    dialog = QApplication.activeModalWidget()
    if dialog is None:
        raise LookupError("no dialog is open")
    return dialog


def _open_row(row: int) -> Act:
    return lambda window: window.shell.page.open_row(row)


def _task(verb: str) -> Act:
    def run(window: MainWindow) -> None:
        buttons = window.shell.page.findChildren(QAbstractButton)
        next(b for b in buttons if b.text() == verb and b.isVisible()).click()

    return run


def _way(number: int) -> Act:
    return lambda window: window.first.choices.chosen.emit(number)


def _to_the_cards(window: MainWindow) -> None:
    while window.first.step is not window.first.choices:
        window.first.step.back_button.click()


def _compared(window: MainWindow) -> None:
    window.first.step.compared.click()
    window.first.step.go_on()


def _unit_taken(window: MainWindow) -> None:
    type_into(window.first.step.picker.line, "河西")
    window.first.step.go_on()


def _person_named(window: MainWindow) -> None:
    step = window.first.step
    step.person_edit.setText("张秀兰")
    for edit in (step.passphrase.first_edit, step.passphrase.again_edit):
        edit.setText("河西村 春耕 2026")


def _find(text: str) -> Act:
    return lambda window: type_into(window.shell.page.search_box(), text)


def _open_chip(place: int) -> Act:
    """Open the list of a chip that narrows the list."""
    def run(window: MainWindow) -> None:
        chips = [chip for chip in window.shell.page.shown.filters.findChildren(Chip) if chip.isVisible()]
        chips[place].click()

    return run


def _tick_from(first: int) -> Act:
    """Tick some rows, from one on."""
    def run(window: MainWindow) -> None:
        view = window.shell.page.shown.view
        view.choose(range(first, min(first + 4, view.rows.rowCount())), ticking=True)

    return run


_tick = _tick_from(0)


def _together(label: str = "") -> Act:
    """Ask what is to be done with the chosen rows; with a label, take that."""
    def run(window: MainWindow) -> None:
        page = window.shell.page
        page.acts.do_many()
        chooser = window.findChildren(ChoiceList)[-1]
        if label:
            items = [chooser.list.item(i) for i in range(chooser.list.count())]
            chooser.list.itemClicked.emit(next(item for item in items if item.text() == label))

    return run


def _fill_batch(values: dict[str, str]) -> Act:
    def run(_window: MainWindow) -> None:
        for name, value in values.items():
            editor = _top_dialog().editors[name]
            editor.set_value(value)
            editor.changed.emit()

    return run


def _open_menu(window: MainWindow) -> None:
    shown = window.shell.page.shown
    menu = shown.details.menu(shown.current_row(), revealed=False)
    menu.popup(shown.view.viewport().mapToGlobal(shown.view.viewport().rect().center()))


def _say_deleted(window: MainWindow) -> None:
    """What is said after deleting; nothing is deleted, or the next picture would have less to show."""
    window.desk.say("已删除“三八节普法宣传进村”。", "ok", action="撤销", run=lambda: None, key="Ctrl+Z")


def _say_error(window: MainWindow) -> None:
    window.desk.say("U 盘写满了，没有写完。下一步：删掉 U 盘里不用的文件，再写一次。", "error")


def _type_reference(name: str, text: str) -> Act:
    def run(window: MainWindow) -> None:
        editor = window.shell.page.editors[name]
        editor.begin()
        type_into(editor.edit, text)

    return run


def _type_unit(text: str) -> Act:
    def run(window: MainWindow) -> None:
        edit = window.shell.page.unit_line.edit
        edit.setFocus()
        edit.selectAll()
        type_into(edit, text)

    return run


def _quick_add(window: MainWindow) -> None:
    QuickAdd(window.desk, window.shell.page, "person", window.desk.unit, "陈改花", lambda _found: None).open()


def _fill_form(entries: dict[str, str]) -> Act:
    def run(window: MainWindow) -> None:
        for name, text in entries.items():
            type_into(window.shell.page.editors[name].edit, text)

    return run


def _plug(folder: Path) -> Act:
    """A stick is plugged in; the system has none to show."""
    def run(window: MainWindow) -> None:
        folder.mkdir(exist_ok=True)
        sticks.sticks = lambda: [sticks.Stick(folder, "E 盘", ROOM_ON_STICK)]
        window.shell.page.writer.picker.look()

    return run


def _unplug(window: MainWindow) -> None:
    sticks.sticks = list
    window.shell.page.receive.picker.look()


def _preview(window: MainWindow) -> None:
    window.shell.page.options.preview.click()


def _choose_year(year: int) -> Act:
    def run(window: MainWindow) -> None:
        box = window.shell.page.options.year
        box.setCurrentIndex(box.findData(year))

    return run


def _write_date(text: str) -> Act:
    return lambda window: window.shell.page.options.date.setText(text)


def _to_the_check(window: MainWindow) -> None:
    page = window.shell.page
    for area in page.findChildren(QScrollArea):
        if area.isAncestorOf(page.check_result):
            area.ensureWidgetVisible(page.check_result)


def _deed(title: str) -> Act:
    return lambda window: window.shell.page.deed_buttons[title].click()


def _do_deed(present: str, new: str = "") -> Act:
    def run(_window: MainWindow) -> None:
        dialog = _top_dialog()
        dialog.present_edit.setText(present)
        dialog.new.first_edit.setText(new)
        dialog.new.again_edit.setText(new)
        dialog.do_button.click()

    return run


def _type_other(text: str) -> Act:
    def run(window: MainWindow) -> None:
        row = window.shell.page.rows[0]
        row.other.click()
        row.line.setText(text)

    return run

"""合并: first what would happen, then the merge, then what came of it; and the whole of it taken back (DESIGN §8).

Rules:

* Looking changes nothing, and the page says so; a merge that is cancelled leaves everything as it was.
* A merge that runs is not left behind: the page stays until it is through or cancelled.
* Taking back is asked once, in the page, with what it means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.ui.ask_strip import AskStrip
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, EmptyState
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.jobs import Job
from fulian_desktop.ui.merge_lines import LineChips, LinesCard
from fulian_desktop.ui.merge_progress import MergeProgress
from fulian_desktop.ui.merge_table import STATES
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.step_line import StepLine
from fulian_desktop.ui.stick_picker import choose_folder
from fulian_desktop.ui.sum_line import PARTS, SumLine, sum_words

if TYPE_CHECKING:
    from fulian_desktop.services.papers import Made
    from fulian_desktop.services.receiving import Line, Received

STEPS = ("选文件", "核对", "预览", "合并", "写回执")
ROOM_FOR_STEPS = 1000
UNTOUCHED = "现在还没有动任何数据。合并前自动备份，合并后可以整次撤销。"
STOPPABLE = "现在取消，就和没合并过一样。"
NOTHING_NEW = "这些都已经导入过，没有新内容要合并。"


class Phase(Enum):
    """Where the page stands."""

    LOOKING = 1
    PLAN = 2
    MERGING = 3
    DONE = 4
    NOTHING = 5


class MergePage(Page):
    """``opened({"paths": [...]})``: files and folders to be merged; ``kept``, a dict, has the page come back as it was left."""

    keys = (Key("Ctrl+回车", "合并选中的单位"), Key("空格", "选上或去掉这个单位"), Key("Esc", "取消"))
    help_text = (
        "这里先看清楚每个单位报来了什么，再一次合并进来。看的时候不动任何数据。"
        "有问题的单位排在最前，说明里写着怎么办。合并前自动备份，合并后可以整次撤销。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "合并预览", back=True)
        self.phase = Phase.LOOKING
        self._job: Job | None = None
        self._paths: list[Path] = []
        self._looked: Received | None = None
        self._result: Received | None = None
        self._kept: dict[str, Any] = {}
        self._build_body()
        self._build_foot()
        for key, run in (("Ctrl+Return", self.go_on), ("Ctrl+Enter", self.go_on), ("Esc", self._escape)):
            self.on_key(key, run)
        self._show_phase(Phase.LOOKING)

    # --- building --------------------------------------------------------------------------------------------

    def _build_body(self) -> None:
        theme = self.theme
        self.step_line = StepLine(theme, STEPS if level_of(self.desk.unit) is not Level.VILLAGE else STEPS[:-1])
        self.step_line.hide()  # until it is known that there is room
        self.buttons.addWidget(self.step_line)
        self.sum = SumLine(theme)
        self.ask_strip = AskStrip(theme)
        self.banner = Banner(theme)
        self.ask_strip.ended.connect(lambda: self.banner.setVisible(bool(self.banner.words.text())))
        self.progress = MergeProgress(theme)
        self.chip_row = LineChips(theme)
        self.chip_row.chosen.connect(self.show_only)
        self.card = LinesCard(theme)
        self.table = self.card.table
        self.table.lines.chosen_changed.connect(self._chosen_changed)
        again = KeyButton(theme, "另选 U 盘或文件夹")
        again.clicked.connect(self._look_elsewhere)
        self.nothing = EmptyState(theme, "usb", "", again)
        for widget in (self.sum, self.ask_strip, self.banner, self.progress, self.chip_row):
            self.body.addWidget(widget)
        self.body.addWidget(self.card, 1)
        self.body.addWidget(self.nothing, 1)

    def _build_foot(self) -> None:
        theme, foot = self.theme, self.foot
        foot.note.setWordWrap(True)
        self.print_button = KeyButton(theme, "打印预览表", icon="print")
        self.undo_button = KeyButton(theme, "撤销本次合并", icon="undo")
        self.cancel_button = KeyButton(theme, "取消", "Esc")
        self.receipts_button = KeyButton(theme, "写回执", icon="usb")
        self.done_button = KeyButton(theme, "完成", "Esc")
        self.next_button = KeyButton(theme, "完成", "Ctrl+回车", primary=True)
        self.merge_button = KeyButton(theme, "合并", "Ctrl+回车", primary=True)
        for button, run in (
            (self.print_button, self.print_lines), (self.undo_button, self._ask_undo), (self.cancel_button, self._escape),
            (self.done_button, self._escape), (self.receipts_button, lambda: desk_go(self.desk, "receipts")),
            (self.next_button, self.go_on), (self.merge_button, self.merge_chosen),
        ):
            button.clicked.connect(run)
            button.hide()  # all of them together would make the page wider than the window
            foot.buttons.addWidget(button)
        foot.show()

    # --- what the shell asks ---------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Look at what lies in ``about["paths"]``, or show again what was left."""
        kept = about.get("kept")
        self._kept = kept if isinstance(kept, dict) else {}
        self._paths = [Path(path) for path in about.get("paths", ())]
        left = self._kept.get("result")
        if left is None:
            self._look()
        else:
            self._show_result(left)

    def first_focus(self) -> QWidget:
        """The table: arrows and space work at once."""
        return self.table

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has no room for the steps."""
        super().resizeEvent(event)
        self.step_line.setVisible(self.width() / self.theme.scale >= ROOM_FOR_STEPS)

    def may_leave(self) -> bool:
        """Not while a merge runs; looking is given up."""
        if self.phase is Phase.MERGING:
            self.desk.say("正在合并。等它做完再走，或者先取消。", "warn")
            return False
        if self._job is not None:
            self._job.cancel()
        return True

    # --- looking ---------------------------------------------------------------------------------------------

    def _look(self) -> None:
        paths = list(self._paths)

        def work(office: Any, progress: Any) -> Received:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.receiving import look

            return look(office, paths, progress)

        self._show_phase(Phase.LOOKING)
        self.progress.begin("正在核对上报包")
        self._watch(self.desk.ask(
            self, work, self._show_plan, failed=self._nothing_there, progressed=self._progressed,
        ))

    def _show_plan(self, looked: Received) -> None:
        self._over()
        self._looked = looked
        self.table.lines.show_lines(looked.lines, may_choose=True)
        self._show_phase(Phase.PLAN)
        self.show_only("all")
        units = len({line.unit or line.name for line in looked.lines})
        self.subtitle.setText(f"收到 {units} 个单位的上报包")
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _nothing_there(self, error: Exception) -> None:
        self._over()
        self.nothing.words.setText(sentence_for(error).text)
        self._show_phase(Phase.NOTHING)

    def _look_elsewhere(self) -> None:
        folder = choose_folder(self, self.desk, "选 U 盘或文件夹")
        if folder is not None:
            self.opened({"paths": [folder], "kept": self._kept})

    def show_only(self, which: str) -> None:
        """Show all lines, those that can be merged, or those that need attention (``all``, ``good``, ``attention``)."""
        from fulian_desktop.services.receiving import ATTENTION

        lines = self.table.lines.lines
        groups: dict[str, Sequence[Line]] = {
            "all": lines, "good": [line for line in lines if line.may_be_chosen],
            "attention": [line for line in lines if line.state in ATTENTION],
        }
        self.chip_row.show_counts(which, {name: len(group) for name, group in groups.items()})
        self.table.lines.show_only(groups[which])
        self._focus_first()

    def _focus_first(self) -> None:
        if self.table.lines.shown:
            self.table.selectRow(0)

    def _chosen_changed(self) -> None:
        from fulian_desktop.services.receiving import add_up

        if self._looked is None or self.table.lines.merged:
            return
        chosen = self.table.lines.chosen_lines()
        self.sum.show_counts(add_up(self._taking_part()))
        may = any(line.may_be_chosen for line in self._looked.lines)
        self.merge_button.setEnabled(bool(chosen))
        self.merge_button.setText(f"合并 {len(chosen)} 个单位")
        self.foot.note.setText(UNTOUCHED if chosen else "先选上要合并的单位。" if may else NOTHING_NEW)

    def _taking_part(self) -> list[Line]:
        """The chosen lines and those that cannot be chosen: so the report names them too, and its counts are these."""
        chosen = self.table.lines.chosen
        lines = self._looked.lines if self._looked is not None else ()
        return [line for line in lines if id(line) in chosen or not line.may_be_chosen]

    # --- merging ---------------------------------------------------------------------------------------------

    def go_on(self) -> None:
        """What comes next: merge; afterwards the conflicts, the receipts, or back."""
        if self.phase is Phase.PLAN:
            self.merge_chosen()
        elif self.phase is Phase.DONE and self._has_conflicts():
            self.desk.go("conflicts", {"nav": "exchange"})
        elif self.phase is Phase.DONE:
            desk_go(self.desk, "receipts" if self._has_below() else "")

    def merge_chosen(self) -> None:
        """Merge the chosen units, as one action."""
        if self.phase is not Phase.PLAN or self._looked is None or not self.table.lines.chosen_lines():
            return
        chosen = self.table.lines.chosen_lines()
        part = self._taking_part()
        files = self._looked.files_of(part)

        def work(office: Any, progress: Any) -> Received:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.receiving import merge

            return merge(office, files, progress)

        self.banner.say("")
        places = {name: place for place, line in enumerate(self._looked.lines) for name in line.files if line in part}
        self.progress.begin(f"正在合并 {len(chosen)} 个单位", places)
        self._show_phase(Phase.MERGING)
        self._watch(self.desk.ask(
            self, work, self._merged, failed=self._failed, progressed=self._progressed, cancelled=self._cancelled,
        ))

    def _merged(self, result: Received) -> None:
        late = self._job is not None and self._job.asked_to_stop
        self._over()
        self._kept["result"] = result
        self._show_result(result)
        self.desk.tell_changed()
        if late:
            self.desk.say("取消得晚了一步，已经合并完。要撤回，按“撤销本次合并”。", "warn")
        for warning in result.warnings:
            self.desk.say(warning, "warn")

    def _show_result(self, result: Received) -> None:
        self._result = result
        self.table.lines.show_lines(result.lines, may_choose=False, merged=True)
        self.show_only("all")
        self.sum.show_counts(result.counts)
        self._show_phase(Phase.DONE)
        self.subtitle.setText("")
        self.banner.say(*result_words(result.counts, has_below=self._has_below()))

    def _failed(self, error: Exception) -> None:
        self._over()
        self._show_phase(Phase.PLAN)
        self.banner.say(sentence_for(error).text, "error")

    def _cancelled(self) -> None:
        self._over()
        self._show_phase(Phase.PLAN)
        self.banner.say("已经取消，和没合并过一样。", "info")

    # --- progress --------------------------------------------------------------------------------------------

    def _watch(self, job: Job) -> None:
        self._job = job
        self.progress.watch(job)

    def _progressed(self, done: int, total: int, what: str) -> None:
        self.progress.take(done, total, what, self._name_of_file)
        if self.phase is Phase.MERGING:
            lines = self.table.lines.lines
            going = self.progress.steps.going()
            self.table.lines.show_going({place: badge for place, badge in going.items() if lines[place].may_be_chosen})

    def _name_of_file(self, place: int) -> str:
        return self._looked.lines[place].name if self._looked is not None else ""

    def _over(self) -> None:
        self._job = None
        self.progress.end()

    def _escape(self) -> None:
        if self.ask_strip.isVisible():
            self.ask_strip.hide()
        elif self.phase is Phase.MERGING and self._job is not None:
            self._job.cancel()
            self.cancel_button.setEnabled(False)
            self.foot.note.setText("正在停下。")
        elif self.phase is Phase.DONE:
            desk_go(self.desk, "")
        else:
            self.desk.back()

    # --- afterwards ------------------------------------------------------------------------------------------

    def _ask_undo(self) -> None:
        if self._result is not None:
            self.banner.hide()  # with large letters both would leave the table a sliver
            self.ask_strip.ask(
                "撤销后，这次合并进来的内容就和没合并过一样；之后再合并同样的上报包，会恢复。撤销前自动备份。",
                "撤销本次合并", self._undo,
            )

    def _undo(self) -> None:
        packages = self._result.packages if self._result is not None else ()

        def work(office: Any, progress: Any) -> dict[str, Any]:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.receiving import undo_merge

            return undo_merge(office, packages, progress)

        self.undo_button.setEnabled(False)
        self.desk.ask(self, work, self._undone, failed=self._undo_failed)

    def _undone(self, undone: dict[str, Any]) -> None:
        self._kept.clear()
        self.desk.tell_changed()
        told = "、".join(undone["forwarded"])
        words = f"已经撤销，{undone['records']:,} 条记录和没合并过一样。"
        self.desk.say(words + (f"这期间已经报送给{told}，请另外告诉一声。" if told else ""), "warn" if told else "ok")
        desk_go(self.desk, "")

    def _undo_failed(self, error: Exception) -> None:
        self.undo_button.setEnabled(True)
        self.desk.problem(error)

    def print_lines(self) -> None:
        """Write the lines as a table on paper and show it."""
        shown, done = (self._result, True) if self.phase is Phase.DONE else (self._looked, False)
        if shown is None:
            return

        def make(office: Any, _progress: Any) -> Made:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.papers import in_memory
            from fulian_desktop.services.receiving import print_report

            words = {state: word for state, (word, _) in STATES.items()}
            return in_memory(lambda file: print_report(office, shown, file, states=words, done=done))

        self.desk.go("preview", {"nav": "exchange", "make": make, "title": "合并报告" if done else "合并预览"})

    # --- what is seen when -----------------------------------------------------------------------------------

    def _has_below(self) -> bool:
        return level_of(self.desk.unit) is not Level.VILLAGE

    def _has_conflicts(self) -> bool:
        return self._result is not None and bool(self._result.counts["conflicts"])

    def _show_phase(self, phase: Phase) -> None:
        self.phase = phase
        plan, merging, done = (phase is one for one in (Phase.PLAN, Phase.MERGING, Phase.DONE))
        self.title.setText("正在合并" if merging else "合并结果" if done else "合并预览")
        self.step_line.show_step({Phase.LOOKING: 1, Phase.NOTHING: 0, Phase.MERGING: 3, Phase.DONE: 4}.get(phase, 2))
        self.sum.setVisible(plan or merging or done)
        self.card.setVisible(plan or merging or done)
        self.chip_row.setVisible(plan or done)
        self.nothing.setVisible(phase is Phase.NOTHING)
        self.ask_strip.hide()
        if not (plan or done):
            self.banner.say("")
        self.table.lines.may_choose = plan
        self.table.lines.going = {}
        self.table.viewport().update()
        self.print_button.setVisible(plan or done)
        self.print_button.setText("打印合并报告" if done else "打印预览表")
        self.undo_button.setVisible(done and self._result is not None and bool(self._result.packages))
        self.undo_button.setEnabled(True)
        self.cancel_button.setVisible(not done)
        self.cancel_button.setEnabled(True)
        self.cancel_button.setText("取消合并" if merging else "取消")
        self.receipts_button.setVisible(done and self._has_below() and self._has_conflicts())
        self.done_button.setVisible(done and (self._has_below() or self._has_conflicts()))
        self.next_button.setVisible(done)
        self.next_button.setText("去看冲突" if self._has_conflicts() else "写回执" if self._has_below() else "完成")
        self.merge_button.setVisible(plan)
        self.foot.note.setText(STOPPABLE if merging else "")
        if plan:
            self._chosen_changed()
        if done and self._result is not None:
            self.setAccessibleName(f"合并结果，{sum_words(self._result.counts)}")


def desk_go(desk: Desk, do: str) -> None:
    """Show the page from which sticks are read and written, at something to do there."""
    desk.go("exchange", {"nav": "exchange", "do": do})


def result_words(counts: Mapping[str, int], *, has_below: bool) -> tuple[str, str]:
    """What is said of a merge that is through, what to do next, and its tone."""
    news = "，".join(f"{word} {counts[name]:,} 条" for name, word, _ in PARTS[:2] if counts[name])
    done = f"合并好了：{news}。" if news else "合并好了。"
    if counts["conflicts"]:
        return f"{done}下一步：去看冲突，{counts['conflicts']:,} 条记录两边填的不一样。", "conflict"
    if counts["refused"] or counts["waiting"]:
        return f"{done}有内容没有收进来，下面逐个单位写着怎么办。", "warn"
    return done + ("下一步：写回执，把结果带回去。" if has_below else "记录已经是最新的。"), "ok"

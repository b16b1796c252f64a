"""考核: who stands where under a year's scheme; points typed into a table, a unit's own sheet, what is printed of it.

Rules:

* The township sees all villages: the totals, or the items of one part of the scheme, where it types points. Enter on a village
  opens its sheet. A village sees its own sheet and types what it says of itself.
* What is typed into a cell is saved at once, as an act of its own, and Ctrl+Z takes the last one back.
* What follows from the records is read beside the table and offered in it; it counts when it is taken over, all units as
  one act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.domain.assessment import CHECKS, EXTRA, ITEM, VETO
from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.kinds.score import CHECKS as CHECK_NAMES
from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.errors import NotFound
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, Chip, KeyButton
from fulian_desktop.ui.cards import EmptyState, ProgressPane
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.evidence import EvidenceDialog
from fulian_desktop.ui.flow import FlowLayout
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.saving import ask_where, save_with_progress
from fulian_desktop.ui.score_models import OTHERS, TOTALS, ScoreModel, SheetModel, Typed, UnitsModel
from fulian_desktop.ui.score_table import ScoreTable
from fulian_desktop.ui.widgets import ElidedLabel, plain_label

if TYPE_CHECKING:
    from pathlib import Path

    from fulian_desktop.progress import Progress
    from fulian_desktop.services.assessment import Board, Evidence, Proposal
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.papers import Made

_KINDS = frozenset({"scheme", "score"})


class AssessmentPage(Page):
    """The scheme of a year with all its scores."""

    keys = (
        Key("回车", "填这一格，再回车到下一格"), Key("单位名上回车", "打开这个单位的得分表"),
        Key("Ctrl+G", "按数据算分，得分表里是选依据"), Key("Ctrl+P", "打印"), Key("Ctrl+E", "导出 Excel"),
        Key("Ctrl+Z", "撤销刚才填的"), Key("Esc", "从得分表回到总表"),
    )
    help_text = (
        "上面选半年还是全年，再选方案里的一部分，在格子里直接打分，回车到下一个村。\n"
        "灰色的“算出”是按登记的记录算的分，“自评”是村里自己打的分，按两次回车就照着记下。\n"
        "“总表”里是各村的名次，打印出来就是考核得分排名。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "考核")
        theme, px = self.theme, self.theme.px
        self.board: Board | None = None
        self._scheme, self._check, self._part, self._unit = "", "", TOTALS, ""
        self._proposals: dict[tuple[str, str, str], dict[tuple[str, str], Proposal]] = {}
        self._totals: dict[str, Any] = {}
        self._notes: list[str] = []
        self._saving = 0
        self._last = ""
        village = level_of(desk.unit) is Level.VILLAGE
        self._make_buttons(village=village)
        self.closed = Badge(theme, "", "mute")
        self.beside_title.addWidget(self.closed)
        self.units_model, self.sheet_model = UnitsModel(theme), SheetModel(theme, writes_own=village)
        self.units_table = ScoreTable(theme, self.units_model, "各单位得分")
        self.sheet_table = ScoreTable(theme, self.sheet_model, "得分表")
        for model in (self.units_model, self.sheet_model):
            model.typed.connect(partial(self._typed, model))
        self.units_table.entered.connect(self._enter_unit)
        self.tables = QStackedWidget()
        self.tables.addWidget(self.units_table)
        self.tables.addWidget(self.sheet_table)
        self.notes = ElidedLabel(role="hint")
        self.notes.setFont(theme.font(t.HINT))
        self.progress = ProgressPane(theme)
        work = QWidget()
        inside = QVBoxLayout(work)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(px(10))
        inside.addLayout(self._chip_line())
        inside.addWidget(self.progress)
        inside.addWidget(self.tables, 1)
        inside.addWidget(self.notes)
        self.begin = KeyButton(theme, "用默认方案", primary=True, icon="plus")
        self.begin.clicked.connect(self._make_default)
        self.begin.setHidden(village)
        words = (
            "上级的考核方案还没收到。下一步：拿 U 盘去接收下发的包。" if village
            else "今年还没有考核方案。用默认方案（100 分，八个部分）开始，里面都可以改；也可以自己制定。"
        )
        self._bodies = QStackedWidget()
        self._bodies.addWidget(work)
        self._bodies.addWidget(EmptyState(theme, "assessment", words, self.begin))
        self.body.addWidget(self._bodies)
        for key, run in (
            ("Ctrl+P", self._print), ("Ctrl+E", self._export), ("Ctrl+G", self._main), ("Ctrl+Z", self._undo),
            ("Esc", self._back),
        ):
            self.on_key(key, run)

    def _make_buttons(self, *, village: bool) -> None:
        theme = self.theme
        self.to_plans = KeyButton(theme, "规划监测", style="ghost")
        self.to_schemes = KeyButton(theme, "考核方案", style="ghost")
        self.export = KeyButton(theme, "导出", "Ctrl+E", icon="export")
        self.print = KeyButton(theme, "打印", "Ctrl+P", icon="print")
        self.back_button = KeyButton(theme, "回总表", "Esc", icon="arrow-left")
        self.close_button = KeyButton(theme, "结束考核")
        self.adopt = KeyButton(theme, "照自评给分")
        self.compute = KeyButton(theme, "按数据算分", "Ctrl+G", primary=True)
        self.evidence = KeyButton(theme, "选依据", "Ctrl+G", primary=village)
        runs: tuple[tuple[KeyButton, Callable[[], None]], ...] = (
            (self.to_plans, lambda: self._list("indicator_value")), (self.to_schemes, lambda: self._list("scheme")),
            (self.export, self._export), (self.print, self._print), (self.back_button, self._back),
            (self.close_button, self._close), (self.adopt, self._adopt), (self.compute, self._compute),
            (self.evidence, self._choose_evidence),
        )
        for place, (button, run) in enumerate(runs):
            button.clicked.connect(run)
            (self.buttons if place < 4 else self.foot.buttons).addWidget(button)
            button.setHidden(place >= 4)  # until it is known what is shown: all at once would make the window wider
        self.foot.add_hint("回车", "填这一格，到下一格" if village else "打分，单位名上看得分表")

    def _chip_line(self) -> FlowLayout:
        """Which scheme, which check, and which part of it or whose sheet; on two lines where there is little room."""
        line = FlowLayout(self.theme.px(8))
        self._part_line = line
        self.scheme_chip = Chip(self.theme, "方案", menu=True)
        self.scheme_chip.clicked.connect(self._choose_scheme)
        line.addWidget(self.scheme_chip)
        self._check_group, self._part_group = QButtonGroup(self), QButtonGroup(self)
        self.checks: dict[str, Chip] = {}
        for check in CHECKS:
            chip = Chip(self.theme, CHECK_NAMES.label(check))
            chip.clicked.connect(lambda _on=False, check=check: self._show_check(check))
            self._check_group.addButton(chip)
            self.checks[check] = chip
            line.addWidget(chip)
        self.name = plain_label()
        self.name.setFont(self.theme.font(t.CARD_TITLE, bold=True))
        self.name.setContentsMargins(self.theme.px(8), 0, 0, 0)
        line.addWidget(self.name)
        self.parts: dict[str, Chip] = {}
        return line

    # --- reading ---------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Show the latest scheme, or the one that ``about`` names as ``scheme``."""
        self._scheme = str(about.get("scheme") or self._scheme)
        self._load()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Scores were written, or records from which points follow."""
        if not kinds or kinds - _KINDS:
            self._proposals = {}
        if self.isVisible() or not kinds or kinds & _KINDS:
            self._load()

    def first_focus(self) -> QWidget:
        """The table, or what there is to begin with."""
        if self._bodies.currentIndex():
            return self.begin if not self.begin.isHidden() else self.to_schemes
        return self.shown_table

    @property
    def shown_table(self) -> ScoreTable:
        """The table that is seen."""
        return self.sheet_table if self._unit else self.units_table

    def _load(self) -> None:
        scheme = self._scheme

        def work(office: Office, _progress: Progress) -> tuple[Board, dict[str, Any], list[str]] | None:
            from fulian_desktop.services.assessment import load_board
            from fulian_desktop.services.assessment_report import notes_of, totals_of

            try:
                board = load_board(office, scheme)
            except NotFound:
                return None
            return board, {check: totals_of(board, check) for check in CHECKS}, list(notes_of(board))

        self.desk.ask(self, work, self._show)

    def _show(self, found: tuple[Board, dict[str, Any], list[str]] | None) -> None:
        """Show a board; while points are still being saved the next one follows anyway."""
        for button in (self.export, self.print):
            button.setEnabled(found is not None)
        was_empty = self._bodies.currentIndex() == 1
        self._bodies.setCurrentIndex(0 if found else 1)
        self.foot.setVisible(found is not None)
        if found is None:
            self.board = None
            self.subtitle.setText("")
            self.closed.show_state("", "mute")
            return
        if self._saving:
            return
        self.board, self._totals, self._notes = found
        scheme = self.board.scheme
        self._scheme = scheme.id
        if not self._check:
            first = next((c for c in CHECKS if not scheme.closed.get(c)), CHECKS[-1])
            self._check = self.board.ranking.checks[-1] if self.board.ranking.checks else first
        if len(self.board.units) == 1 and not self.board.sees_all:
            self._unit = self.board.units[0][0]
        self._make_parts()
        self._show_part()
        if was_empty or self.begin.hasFocus():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self._propose()

    def _make_parts(self) -> None:
        """A chip for the totals, for each section, and for what is extra and taken off."""
        assert self.board is not None  # noqa: S101 - it was just read
        scheme = self.board.scheme
        wanted = [(TOTALS, "总表"), *((str(n), name or "项目") for n, name in enumerate(scheme.sections))]
        if scheme.others:
            wanted.append((OTHERS, "加分扣分"))
        if [(part, chip.text()) for part, chip in self.parts.items()] == wanted:
            return
        for chip in self.parts.values():
            self._part_group.removeButton(chip)
            self._part_line.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.parts = {}
        for part, name in wanted:
            chip = Chip(self.theme, name)
            chip.clicked.connect(lambda _on=False, part=part: self._choose_part(part))
            self._part_group.addButton(chip)
            self._part_line.addWidget(chip)
            self.parts[part] = chip
        if self._part not in self.parts:
            self._part = TOTALS

    def _show_part(self) -> None:
        board = self.board
        if board is None:
            return
        scheme, check = board.scheme, self._check
        heads, rows = self._totals[check]
        proposals = self._proposals.get((scheme.id, check, ""), {})
        self.checks[check].setChecked(True)
        self.parts[self._part].setChecked(True)
        for chip in (*self.checks.values(), *self.parts.values()):
            chip.updateGeometry()
            chip.setVisible(chip in self.checks.values() or not self._unit)
        self.units_model.show_part(board, check, self._part, proposals, rows, [head.head for head in heads])
        if self._unit:
            self.sheet_model.show_unit(board, check, self._unit, proposals)
        self.tables.setCurrentIndex(int(bool(self._unit)))
        self.name.setText(dict(board.units).get(self._unit, ""))
        self.name.setVisible(bool(self._unit))
        self.subtitle.setText(f"{scheme.title}，满分 {format_hundredths(scheme.full)} 分")
        self.scheme_chip.show_text(f"{scheme.year} 年")
        self.scheme_chip.setVisible(len(board.schemes) > 1)
        self._say_closed()
        self._say_notes()
        self._enable()

    def _say_closed(self) -> None:
        assert self.board is not None  # noqa: S101 - who calls has looked
        day = self.board.scheme.closed.get(self._check)
        self.closed.show_state(f"{CHECK_NAMES.label(self._check)}考核已结束" if day else "", "mute")

    def _say_notes(self) -> None:
        """Under the totals what the paper says too; under a sheet how much of it is done."""
        board = self.board
        assert board is not None  # noqa: S101 - who calls has looked
        if not self._unit:
            self.notes.setText("　".join(self._notes))
            return
        standing = next((s for s in board.ranking.standings if s.unit == self._unit), None)
        if standing is None:
            return
        of = standing.checks[self._check]
        said = [f"{CHECK_NAMES.label(self._check)}得分 {format_hundredths(of.total, 1)}" if of.scored else "还没有考评"]
        if of.scored and of.missing:
            said.append(f"还有 {of.missing} 项没评")
        if standing.rank:
            said.append(f"总分 {format_hundredths(standing.total or 0, 2)}，第 {standing.rank} 名")
        if of.old:
            said.append(f"有 {of.old} 项是按旧方案评的")
        self.notes.setText("，".join(filter(None, said)))

    def _enable(self) -> None:
        board = self.board
        assert board is not None  # noqa: S101 - who calls has looked
        closed = bool(board.scheme.closed.get(self._check))
        for button in (self.close_button, self.adopt, self.compute):
            button.setVisible(board.reviews and not self._unit)
        self.evidence.setVisible(bool(self._unit))
        self.evidence.setText("选依据" if self.sheet_model.writes_own and not closed else "看依据")
        self.back_button.setVisible(bool(self._unit) and len(board.units) > 1)
        self.close_button.setText(f"{'重新打开' if closed else '结束'}{CHECK_NAMES.label(self._check)}考核")
        for button in (self.adopt, self.compute):
            button.setEnabled(not closed)

    def _propose(self) -> None:
        """Read what follows from the records, once for each check until other records are written."""
        assert self.board is not None  # noqa: S101 - it was just read
        key = (self._scheme, self._check, "")
        if key in self._proposals or not any(item.computed for item in self.board.scheme.items):
            return
        scheme, check = self._scheme, self._check

        def work(office: Office, progress: Progress) -> list[Proposal]:
            from fulian_desktop.services.assessment import proposals

            return proposals(office, scheme, check, progress)

        def done(found: list[Proposal]) -> None:
            self._proposals[key] = {(p.unit, p.item.code): p for p in found}
            self._show_part()

        self.desk.ask(self, work, done)

    # --- choosing --------------------------------------------------------------------------------------------

    def _choose_scheme(self) -> None:
        if self.board is None:
            return
        options = [(one.id, f"{one.year} {one.title}") for one in self.board.schemes]
        chooser = ChoiceList(self.theme, self.scheme_chip, options, self._scheme)
        chooser.picked.connect(self._take_scheme)
        chooser.open_under(self.scheme_chip)

    def _take_scheme(self, scheme: object) -> None:
        self._scheme, self._check, self._part, self._unit = str(scheme), "", TOTALS, ""
        self._load()

    def _show_check(self, check: str) -> None:
        self._check = check
        self._show_part()
        if self.board is not None:
            self._propose()

    def _choose_part(self, part: str) -> None:
        self._part = part
        self._show_part()
        self.units_table.begin()
        self.units_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter_unit(self, row: int) -> None:
        self._unit = self.units_model.units[row].unit
        self._show_part()
        self.sheet_table.begin(*self.sheet_model.first_cell())
        self.sheet_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _back(self) -> None:
        if self._unit and self.board is not None and len(self.board.units) > 1:
            row = next((n for n, s in enumerate(self.units_model.units) if s.unit == self._unit), 0)
            self._unit = ""
            self._show_part()
            self.units_table.begin(row)
            self.units_table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _list(self, kind: str) -> None:
        self.desk.go("list", {"nav": "assessment", "kind": kind})

    # --- giving points ---------------------------------------------------------------------------------------

    def _typed(self, model: ScoreModel, typed: Typed) -> None:
        """Save what was typed into a cell."""
        from fulian_desktop.services.assessment import Mark

        board = self.board
        if board is None:
            return
        own = self.sheet_model.writes_own
        score = board.score(typed.unit, self._check, typed.item.entry, typed.item.code)
        standing = None if score is None else score.own if own else score.review
        points: int | str | None = typed.text
        note: str | None = None
        if typed.note:
            points, note = standing.points if standing is not None else None, typed.text
        elif typed.item.entry == VETO:
            points, note = (100, typed.text) if typed.text else (None, "")
        mark = Mark(typed.unit, typed.item.entry, typed.item.code, points, note, item=typed.item.text)
        scheme, check = self._scheme, self._check

        def work(office: Office, _progress: Progress) -> str:
            from fulian_desktop.services.assessment import give_points

            return give_points(office, scheme, check, [mark], own=own)

        def failed(error: Exception) -> None:
            self._saving -= 1
            model.forget_pending()
            self.desk.problem(error)

        self._saving += 1
        self.desk.ask(self, work, self._saved, failed=failed)

    def _saved(self, act: str) -> None:
        self._saving -= 1
        self._last = act or self._last
        if not self._saving:
            self.desk.tell_changed({"score"})

    def _act(self, work: Callable[[Office, Progress], str], said: str, nothing: str) -> None:
        """Do something for all units as one act, and say so."""

        def done(act: str) -> None:
            self.progress.end()
            if not act:
                self.desk.say(nothing, "info")
                return
            self._last = act
            self.desk.say(said, action="撤销", run=self._undo, key="Ctrl+Z")
            self.desk.tell_changed(_KINDS)

        def failed(error: Exception) -> None:
            self.progress.end()
            self.desk.problem(error)

        self.progress.watch(self.desk.ask(self, work, done, failed=failed, progressed=self.progress.report,
                                          cancelled=self.progress.end))

    def _main(self) -> None:
        """Ctrl+G: what the filled button of the foot does."""
        button = self.evidence if self._unit else self.compute
        if button.isVisible() and button.isEnabled():
            button.click()

    def _compute(self) -> None:
        scheme, check = self._scheme, self._check

        def work(office: Office, progress: Progress) -> str:
            from fulian_desktop.services.assessment import accept_proposals, proposals

            return accept_proposals(office, scheme, check, proposals(office, scheme, check, progress))

        self._act(work, "按数据算好了，各村一次记下。手工打过的分没有动。", "没有要改的：算出的分都记过了，或手工打过分。")

    def _adopt(self) -> None:
        scheme, check = self._scheme, self._check

        def work(office: Office, progress: Progress) -> str:
            from fulian_desktop.services.assessment import adopt_own

            return adopt_own(office, scheme, check, progress)

        self._act(work, "没评的项目都照自评记下了。", "没有可以照记的自评：没评的项目还没有收到自评。")

    def _close(self) -> None:
        board = self.board
        if board is None:
            return
        scheme, check, day = self._scheme, self._check, self.desk.today()
        closed, name = bool(board.scheme.closed.get(check)), CHECK_NAMES.label(check)

        def work(office: Office, _progress: Progress) -> str:
            from fulian_desktop.services.assessment import close_check, open_check

            return (open_check(office, scheme, check) if closed else close_check(office, scheme, check, day)).act

        said = f"{name}考核重新打开了，可以改分。" if closed else f"{name}考核结束了，得分不再改；要改再重新打开。"
        self._act(work, said, "没有变化。")

    def _make_default(self) -> None:
        year = self.desk.today().year

        def work(office: Office, _progress: Progress) -> str:
            from fulian_desktop.services.assessment import make_default_scheme

            return make_default_scheme(office, year).act

        self._act(work, f"{year} 年的方案建好了。要改分值和项目，点“考核方案”打开它。", "没有变化。")

    def _undo(self) -> None:
        act, self._last = self._last, ""
        if not act:
            if not self.desk.press("Ctrl+Z"):
                self.desk.say("这里没有可以撤销的操作。", "info")
            return

        def work(office: Office, _progress: Progress) -> dict[str, Any]:
            from fulian_desktop.services.records import undo_act

            return undo_act(office, act)

        def done(undone: dict[str, Any]) -> None:
            kept = len(undone["kept"])
            self.desk.say("已撤销。" if not kept else f"已撤销；有 {kept} 项后来又改过，没有动。", "ok" if not kept else "warn")
            self.desk.tell_changed(_KINDS)

        self.desk.ask(self, work, done)

    # --- evidence --------------------------------------------------------------------------------------------

    def _choose_evidence(self) -> None:
        row = self.sheet_table.currentIndex().row()
        if self.board is None or not self._unit or row < 0:
            return
        item, score = self.sheet_model.rows[row], self.sheet_model.score_at(row)
        if item.entry not in (ITEM, EXTRA):
            self.desk.say("扣分和否决由上级登记，不用选依据。", "info")
            return
        record = score.record if score is not None else ""
        closed = bool(self.board.scheme.closed.get(self._check))
        unit, locked = self._unit, closed or not self.sheet_model.writes_own

        def work(office: Office, _progress: Progress) -> tuple[Evidence, ...]:
            from fulian_desktop.services.assessment import evidence_of

            return evidence_of(office, record)

        def show(chosen: tuple[Evidence, ...]) -> None:
            dialog = EvidenceDialog(
                self.desk, self, unit=unit, item=item.text, indicator=item.indicator, chosen=chosen, locked=locked,
            )
            dialog.taken.connect(lambda records: self._take_evidence(unit, item.entry, item.code, records))
            dialog.open()

        self.desk.ask(self, work, show)

    def _take_evidence(self, unit: str, entry: str, code: str, records: tuple[Evidence, ...]) -> None:
        scheme, check = self._scheme, self._check

        def work(office: Office, _progress: Progress) -> str:
            from fulian_desktop.services.assessment import set_evidence

            return set_evidence(office, scheme, check, unit, code, [(r.unit, r.kind, r.id) for r in records], entry=entry)

        self._act(work, f"依据记下了，{len(records)} 条。", "依据没有变化。")

    # --- paper -----------------------------------------------------------------------------------------------

    def _print(self) -> None:
        board, unit = self.board, self._unit
        if board is None:
            return

        def make(office: Office, progress: Progress) -> Made:
            from fulian_desktop.services.assessment_report import pdf_of
            from fulian_desktop.services.papers import in_memory

            return in_memory(lambda file: file.write(pdf_of(office, board, unit=unit, progress=progress)))

        self.desk.go("preview", {"nav": "assessment", "make": make, "title": self._paper_name()})

    def _paper_name(self) -> str:
        board = self.board
        assert board is not None  # noqa: S101 - who calls has looked
        name = dict(board.units).get(self._unit, "")
        return f"{board.scheme.year}年{name}考核得分表" if self._unit else f"{board.scheme.year}年考核得分排名"

    def _export(self) -> None:
        board = self.board
        if board is None:
            return
        path = ask_where(self, "存为 Excel", self._paper_name(), ".xlsx")
        if path is None:
            return

        def save(office: Office, path: Path, progress: Progress) -> None:
            from fulian_desktop.services.assessment_report import report_of, write_assessment

            write_assessment(office, report_of(office, board), path, progress=progress)

        save_with_progress(self, self.desk, self.progress, save, path)

"""登记下级单位: name and code of one, or all that the official list names; the invitation then carries them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from fulian_desktop.domain.units import stem
from fulian_desktop.errors import InputProblem
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Card, ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.past_list import Past, PastList
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.theme import set_state
from fulian_desktop.ui.widgets import ProblemLine, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.units_below import Below


class UnitsPane(QWidget):
    """A line to type in, and under it the units that are named already."""

    registered = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._official: Sequence[tuple[str, str]] = ()
        theme, px = desk.theme, desk.theme.px
        self.name_edit, self.code_edit = QLineEdit(), QLineEdit()
        self.name_edit.setAccessibleName("单位名称")
        self.name_edit.setPlaceholderText("如 柳树湾村")
        self.code_edit.setAccessibleName("单位代码")
        self.code_edit.setPlaceholderText("12 位数字")
        self.button = KeyButton(theme, "登记", "回车", primary=True, icon="plus")
        self.all_button = KeyButton(theme, "照行政区划全部登记")
        self.problem = ProblemLine(theme)
        self.pane = ProgressPane(theme)
        self.list = PastList(theme, "下级单位")
        self.empty = plain_label("还没有登记下级单位。", role="label")
        for edit, run in ((self.name_edit, self.code_edit.setFocus), (self.code_edit, self.register)):
            edit.returnPressed.connect(run)
        self.button.clicked.connect(self.register)
        self.all_button.clicked.connect(self.register_all)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._take_chosen())
        form = Card(theme, "登记下级单位", "同一个代码再登记一次，就是改名")
        line = QHBoxLayout()
        line.setSpacing(px(10))
        for widget, stretch in (
            (plain_label("名称", role="label"), 0), (self.name_edit, 2), (plain_label("代码", role="label"), 0),
            (self.code_edit, 2), (self.button, 0),
        ):
            line.addWidget(widget, stretch)
        form.body.addLayout(line)
        form.body.addWidget(self.problem)
        form.body.addWidget(self.all_button, 0, Qt.AlignmentFlag.AlignLeft)
        form.body.addWidget(self.pane)
        known = Card(theme, "已登记")
        known.body.addWidget(self.empty)
        known.body.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(t.CARD_GAP))
        layout.addWidget(form)
        layout.addWidget(known, 1)

    def begin(self) -> None:
        """Read what is named, and begin with an empty line."""
        self.name_edit.clear()
        self.code_edit.setText(stem(self._desk.unit))
        self._say("")
        self._read()
        self.name_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _read(self) -> None:
        def work(office: Any, _progress: Any) -> Below:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.units_below import units_below

            return units_below(office)

        self._desk.ask(self, work, self.show_units)

    def show_units(self, below: Below) -> None:
        """Show these."""
        self._official = below.official
        states = {True: ("已加入", "ok"), False: ("还没加入", "mute")}
        self.list.show_lines([Past(unit.name, unit.code, *states[unit.joined], about=unit) for unit in below.units])
        self.empty.setVisible(not below.units)
        self.list.setVisible(bool(below.units))
        self.all_button.setVisible(bool(below.official))
        self.all_button.setText(f"照行政区划登记其余 {len(below.official):,} 个")

    def _take_chosen(self) -> None:
        unit = self.list.current
        if unit is not None:
            self.name_edit.setText(unit.name)
            self.code_edit.setText(unit.code)

    def register(self) -> None:
        """Name the unit that was typed."""
        from fulian_desktop.services.units_below import check_unit

        try:
            checked = check_unit(self._desk.unit, self.code_edit.text(), self.name_edit.text())
        except InputProblem as problem:
            self._say(problem.text, problem.code)
            return
        self._say("")
        self._write([checked], f"已登记{checked[1]}。")

    def register_all(self) -> None:
        """Name all that the official list has besides."""
        self._write(list(self._official), f"已登记 {len(self._official):,} 个单位。")

    def _write(self, units: Sequence[tuple[str, str]], said: str) -> None:
        def work(office: Any, progress: Any) -> int:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.units_below import register_units

            return register_units(office, units, progress)

        self.pane.watch(self._desk.ask(
            self, work, lambda _count: self._written(said), failed=self._failed, progressed=self.pane.report,
            cancelled=self._stopped,
        ))

    def _written(self, said: str) -> None:
        self.pane.end()
        self._desk.say(said)
        self._desk.tell_changed({"unit_name"})
        self.registered.emit()
        self.begin()

    def _stopped(self) -> None:
        self.pane.end()
        self._desk.say("停下了，已经登记的留着。", "info")
        self.registered.emit()
        self._read()

    def _failed(self, error: Exception) -> None:
        self.pane.end()
        self._say(sentence_for(error).text)

    def _say(self, text: str, code: str = "") -> None:
        self.problem.say(text)
        self.problem.setVisible(bool(text))
        for edit, of in ((self.name_edit, "unit-name"), (self.code_edit, "unit-code")):
            set_state(edit, "error" if code == of else "")
            if code == of:
                edit.setFocus(Qt.FocusReason.OtherFocusReason)

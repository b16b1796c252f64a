"""For which unit a new record is entered: an office above villages chooses among those it may write for.

Rules:

* Found by name, pinyin initials or code, the own unit first; only one of them can stand here.
* The choice is kept for the next record of the kind, as a pin is (ui/form_pins.py).
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from fulian_desktop.progress import Progress
from fulian_desktop.services.entering import Start, start_form
from fulian_desktop.services.office import Office
from fulian_desktop.services.serving import Unit, find_units
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import NoteLine
from fulian_desktop.ui.form_cards import LABEL
from fulian_desktop.ui.picker import LOOK_AFTER_MS, PickLine
from fulian_desktop.ui.suggest import Suggestion
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import plain_label

WIDTH = 300


class UnitLine(QFrame):
    """The line in which the unit is chosen, and what that means for the next record."""

    served = Signal(object)
    """The :class:`Start` of the form for another unit: at once, and again when that unit's record before is known."""

    entered = Signal()
    """Enter: on to the first field."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme, px = desk.theme, desk.theme.px
        self._desk = desk
        self._start: Start | None = None
        self._kept = ""
        self._asked = 0
        set_role(self, "card")
        label = plain_label("登记给", role="label")
        label.setFixedWidth(px(LABEL))
        self.edit = PickLine(desk)
        self.edit.setAccessibleName("登记给哪个单位")
        self.edit.setPlaceholderText("打单位名称或拼音首字母找")
        self.edit.setMaximumWidth(px(WIDTH))
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        label.setBuddy(self.edit)
        self.note = NoteLine(theme)
        line = QHBoxLayout(self)
        line.setContentsMargins(px(t.CARD_PAD_X), px(8), px(t.CARD_PAD_X), px(8))
        line.setSpacing(0)
        line.addWidget(label)
        line.addWidget(self.edit, 2)
        line.addSpacing(px(12))
        line.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(0)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_AFTER_MS)
        self._wait.timeout.connect(self._look)
        self.edit.textEdited.connect(lambda _text: self._wait.start())
        self.edit.opened.connect(lambda: self._look(everything=True))
        self.edit.list.chosen.connect(self._take)
        self.edit.entered.connect(self.entered)
        self.edit.came.connect(lambda: QTimer.singleShot(0, self.edit, self.edit.selectAll))
        self.edit.left.connect(self._settle)
        self.hide()

    def begin(self) -> None:
        """Take the focus, where there is a choice."""
        if self.isVisible():
            self.edit.setFocus(Qt.FocusReason.BacktabFocusReason)

    @property
    def unit(self) -> Unit:
        """For which unit the record is."""
        return Unit(self._start.unit, self._start.unit_name) if self._start is not None else Unit("", "")

    def show_for(self, start: Start) -> None:
        """Show for which unit a form is, where there is a choice."""
        self._start = start
        own = start.unit == self._desk.unit
        self.edit.setProperty("pinned", not own)
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)
        self._kept = "" if own else f"下一{start.kind.measure_word}也登记给这里"
        self._settle()
        self.setVisible(start.chooses_unit)

    def choose(self, unit: Unit) -> None:
        """The record is for another unit from now on: whoever saves at once saves it there."""
        if self._start is None:
            return
        self.served.emit(replace(self._start, unit=unit.code, unit_name=unit.name, last={}))
        code, day = self._start.kind.code, self._desk.today()

        def work(office: Office, _progress: Progress) -> Start:
            return start_form(office, code, unit=unit.code, day=day)

        def done(found: Start) -> None:
            start = self._start
            if start is not None and (start.kind, start.unit, start.record) == (found.kind, found.unit, None):
                self.served.emit(replace(start, last=found.last))

        self._desk.ask(self, work, done)

    def _settle(self) -> None:
        """What was typed and not chosen goes: some unit stands here always."""
        self._wait.stop()
        self._asked += 1
        self.edit.setText(self.unit.name)
        self.edit.setCursorPosition(0)
        self.note.say(self._kept, "hint")

    def _look(self, *, everything: bool = False) -> None:
        typed = "" if everything else self.edit.text().strip()
        self._asked += 1
        number = self._asked

        def work(office: Office, _progress: Progress) -> list[Unit]:
            return find_units(office, typed)

        self._desk.ask(self, work, lambda found: self._offer(number, found))

    def _offer(self, number: int, found: list[Unit]) -> None:
        if number != self._asked or not self.edit.hasFocus():
            return
        here = next((place for place, unit in enumerate(found) if unit.code == self.unit.code), 0)
        self.edit.list.offer([Suggestion(unit.name, unit.about, unit) for unit in found], current=here)
        self.note.say("" if found else "没有这个单位，或者不归本单位管", "warn")

    def _take(self, unit: object) -> None:
        if isinstance(unit, Unit):
            if unit.code != self.unit.code:
                self.choose(unit)
            self.entered.emit()

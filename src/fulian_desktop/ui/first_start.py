"""The first start: three ways in as cards, each a few steps, then the recovery code, then the window.

Rules:

* A way is chosen with 1, 2, 3 or a click; Esc goes a step back, down to the cards.
* What an invitation, a passphrase or a backup does is decided by services; here is only the order of the steps.
* An office made on the way is handed to the window at once (``made``), which closes it whatever happens next.
* The made-up data says that it is made up, before and after.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.progress import Progress
from fulian_desktop.ui.first_steps import InvitationStep, PersonStep, PlaceStep, RestoreStep, UnitStep
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.ports import Entered, entered
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.recovery import RecoverySheet
from fulian_desktop.ui.steps import Step
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.way_cards import Choices
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.starting import Begun


class FirstStart(QWidget):
    """Everything before there is a workspace.

    Args:
        runner: Where the work is done.
        version: Shown at the foot.
        today: Gives the day.
        last_folder: Of the records opened last, when they do not open any more.
    """

    made = Signal(object)
    """An office was made or opened here: an :class:`Entered`."""

    finished = Signal(str)
    """The office may be shown now; the sentence says what to do next, "" for none."""

    open_wanted = Signal()
    """There are records on this computer already: open them."""

    larger_wanted = Signal()

    def __init__(
        self, theme: Theme, runner: JobRunner, *, version: str, today: Callable[[], date], last_folder: Path | None = None
    ) -> None:
        super().__init__()
        self._last_folder = last_folder
        self.theme, self._runner, self._today = theme, runner, today
        set_role(self, "page")
        self.choices = Choices(theme, version)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.choices)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.choices.chosen.connect(lambda no: (self._join, self._found, self._restore)[no]())
        self.choices.demo_button.clicked.connect(self._demo)
        self.choices.open_button.clicked.connect(self.open_wanted)
        self.choices.larger_button.clicked.connect(self.larger_wanted)

    @property
    def step(self) -> QWidget | None:
        """What is shown: the cards or a step."""
        return self.stack.currentWidget()

    def _show(self, step: Step) -> None:
        step.went_back.connect(self._back)
        self.stack.addWidget(step)
        self.stack.setCurrentWidget(step)
        step.first_focus().setFocus()

    def _back(self) -> None:
        step, before = self.step, self.stack.widget(self.stack.currentIndex() - 1)
        if step is None or before is None:
            return
        self.stack.setCurrentWidget(before)
        self.stack.removeWidget(step)
        step.deleteLater()
        (before.first_focus() if isinstance(before, Step) else self.choices.buttons[0]).setFocus()

    # --- the three ways ------------------------------------------------------------------------------------------

    def _join(self) -> None:
        invitation = InvitationStep(self.theme, self._runner)

        def compared() -> None:
            assert invitation.invited is not None  # noqa: S101 - the step is ready only then
            unit = UnitStep(self.theme, invitation.invited)
            unit.ready.connect(lambda: self._ask_person(unit.unit[0], self._joining(invitation.path, unit)))
            self._show(unit)

        invitation.ready.connect(compared)
        self._show(invitation)

    def _joining(self, file: Path, step: UnitStep) -> Callable[[Path, str, str], Begun]:
        code, name = step.unit

        def join(folder: Path, person: str, passphrase: str) -> Begun:
            from fulian_desktop.services.starting import join_here

            return join_here(folder, file, unit=code, unit_name=name, person=person, passphrase=passphrase)

        return join

    def _found(self) -> None:
        place = PlaceStep(self.theme, self._runner)

        def chosen() -> None:
            assert place.division is not None  # noqa: S101 - the step is ready only then
            code, name = place.division.code, place.name_edit.text().strip()

            def found(folder: Path, person: str, passphrase: str) -> Begun:
                from fulian_desktop.services.starting import found_here

                return found_here(folder, unit=code, unit_name=name, person=person, passphrase=passphrase)

            self._ask_person(code, found)

        place.ready.connect(chosen)
        self._show(place)

    def _ask_person(self, code: str, begin: Callable[[Path, str, str], Begun]) -> None:
        step = PersonStep(self.theme)
        step.folder.propose(code)

        def go() -> None:
            folder, person, passphrase = step.folder.folder, step.person_edit.text().strip(), step.passphrase.text
            assert folder is not None  # noqa: S101 - the step is ready only then
            self._begin(step, lambda _progress: begin(folder, person, passphrase), "正在开通")

        step.ready.connect(go)
        self._show(step)

    def _restore(self) -> None:
        step = RestoreStep(self.theme, self._last_folder)

        def go() -> None:
            file, folder, passphrase = Path(step.file_edit.text().strip()), step.folder.folder, step.passphrase_edit.text()
            assert folder is not None  # noqa: S101 - the step is ready only then

            def restore(_progress: Progress) -> Begun:
                from fulian_desktop.services.starting import restore_here

                return restore_here(file, folder, passphrase)

            self._begin(step, restore, "正在恢复")

        step.ready.connect(go)
        self._show(step)

    def _demo(self) -> None:
        step = Step(
            self.theme, "看看演示数据", "造一个镇和两个村的数据给您看。人名、家庭、电话都是编的，和真人无关。", verb="开始",
        )
        told = plain_label("要几秒到半分钟。看完关掉窗口就行，下次打开还是从这里开始。演示里改了什么，下次都会重新造。")
        told.setWordWrap(True)
        step.body.addWidget(told)

        def make(progress: Progress) -> Begun:
            from fulian_desktop.services.starting import demo_here

            return demo_here(progress)

        step.ready.connect(lambda: self._begin(step, make, "正在造数据", cancellable=True))
        self._show(step)

    # --- and then ------------------------------------------------------------------------------------------------

    def _begin(self, step: Step, make: Callable[[Progress], Begun], what: str, *, cancellable: bool = False) -> None:
        def work(progress: Progress) -> tuple[Begun, Entered]:
            begun = make(progress)
            return begun, entered(begun.office, begun.folder, is_demo=begun.is_demo)

        def failed(error: Exception) -> None:
            step.show_problem(sentence_for(error))

        step.rest(what, cancellable=cancellable)
        step.progress.watch(self._runner.start(
            self, work, done=lambda both: self._made(*both), failed=failed,
            progressed=step.progress.report, cancelled=lambda: step.rest(""),
        ))

    def _made(self, begun: Begun, who: Entered) -> None:
        self.made.emit(who)
        if begun.recovery:
            self._show_recovery(begun, who)
        elif who.is_demo:
            self.finished.emit("这是演示数据：人名、家庭、电话都是编的。")
        else:
            self.finished.emit(f"恢复好了，一共 {begun.records:,} 条记录。原来那台电脑请停用；本机换了新编号。")

    def _show_recovery(self, begun: Begun, who: Entered) -> None:
        step = Step(self.theme, "把恢复码记下来", f"{who.unit_name}已经开通。")
        for widget in (step.next_button, step.back_button, step.general):
            widget.hide()
            widget.setEnabled(False)  # nor by Esc: a code is shown once
        sheet = RecoverySheet(
            self.theme, begun.recovery, unit_name=who.unit_name, person=who.person, day=self._today()
        )
        step.body.addWidget(sheet)
        told = ""
        if begun.request is not None:
            told = "申请写到 U 盘了。下一步：把 U 盘交回上级妇联批准，批准后就能上报；现在就可以登记。"
        sheet.kept.connect(lambda: self.finished.emit(told))
        self._show(step)
        sheet.kept_button.setFocus()

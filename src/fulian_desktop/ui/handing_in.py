"""Writing to a stick: it is found, written, read back, and a sentence says that it may be pulled out.

Rules:

* "写好了" is said only after what was written has been read back whole; until then nothing counts as sent.
* What goes wrong is a sentence where the stick is chosen, and the button is there again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, Card, ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.jobs import Job
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.stick_picker import StickPicker
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import IconLabel, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.handing_in import Offer

DRAWN = "写好了，可以拔出 U 盘"
IN_FOLDER = "写好了"
SLIP = "打印交接单"


@dataclass(frozen=True)
class Told:
    """What is said when it is written: how much (``14 条记录，9 张照片``), what to do next, and the file's line."""

    packed: str
    next_step: str
    file: str = ""


@dataclass(frozen=True)
class Task:
    """Something to be written to a stick.

    Attributes:
        verb: The button. lead: The sentence over it.
        work: Writes into a folder, on the worker thread; whatever it gives goes to ``told``.
        told: What to say of it; its second argument says whether it lies on a stick.
        may: Why it cannot be done now, "" when it can.
        slip: Whether a hand-over slip can be printed of it.
        option: Words of a box under the place, "" for none; ``ticked`` writes in place of ``work`` when it is ticked.
    """

    verb: str
    lead: str
    work: Callable[[Any, Path, Any], Any]
    told: Callable[[Any, bool], Told]
    may: str = ""
    slip: bool = False
    option: str = ""
    ticked: Callable[[Any, Path, Any], Any] | None = None


class WritePane(QWidget):
    """Steps, the place, the button; then progress; then what was written and what to do next."""

    written = Signal(object)
    """What the work gave."""

    finished = Signal()
    slip_wanted = Signal(object)
    """The slip of what was written is to be printed: what the work gave."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._result: Any = None
        self._job: Job | None = None
        self._task = Task("写到 U 盘", "", lambda *_: None, lambda *_: Told("", ""))
        theme, px = desk.theme, desk.theme.px
        self.steps = StepRow(theme)
        self.picker = StickPicker(desk)
        self.stack = QStackedWidget()
        for page in (self._ready(theme), self._working(theme), self._done(theme)):
            self.stack.addWidget(page)
        steps = Card(theme)
        steps.body.addWidget(self.steps)
        card = Card(theme)
        card.body.addWidget(self.stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(t.CARD_GAP))
        layout.addWidget(steps)
        layout.addWidget(card, 1)
        self.picker.changed.connect(self._place_changed)
        self._place_changed()

    # --- building --------------------------------------------------------------------------------------------

    def _ready(self, theme: Theme) -> QWidget:
        page = QWidget()
        px = theme.px
        self.lead = plain_label(role="label")
        self.lead.setWordWrap(True)
        self.lead.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.option = QCheckBox()
        self.option.hide()
        self.problem = Banner(theme)
        self.button = KeyButton(theme, "写到 U 盘", "Ctrl+回车", primary=True, icon="usb")
        self.button.clicked.connect(self.write)
        self.why = plain_label(role="hint")
        self.why.setFont(theme.font(t.HINT))
        self.why.setWordWrap(True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(px(32), px(12), px(32), px(12))
        layout.setSpacing(px(14))
        layout.addStretch(2)
        layout.addWidget(IconLabel(theme, "usb", "accent", 32, ground="soft"), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.lead)
        layout.addWidget(self.picker)
        layout.addWidget(self.option, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.problem)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.why)
        layout.addStretch(3)
        return page

    def _working(self, theme: Theme) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(theme.px(32), 0, theme.px(32), 0)
        layout.addStretch(1)
        self.pane = ProgressPane(theme)
        layout.addWidget(self.pane)
        layout.addStretch(1)
        return page

    def _done(self, theme: Theme) -> QWidget:
        page = QWidget()
        px = theme.px
        self.headline = plain_label(DRAWN)
        self.headline.setFont(theme.font(t.FIGURE, bold=True))
        self.headline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.detail = plain_label(role="label")
        self.detail.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.detail.setWordWrap(True)
        self.next_step = Banner(theme)
        self.done_button = KeyButton(theme, "完成", "回车", primary=True)
        self.slip_button = KeyButton(theme, SLIP, "Ctrl+P", icon="print")
        self.again_button = KeyButton(theme, "再写一个 U 盘", icon="usb")
        self.done_button.clicked.connect(self._finish)
        self.slip_button.clicked.connect(self.print_slip)
        self.again_button.clicked.connect(self.show_ready)
        self.done_button.setAutoDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(10))
        buttons.addStretch(1)
        buttons.addWidget(self.done_button)
        buttons.addWidget(self.slip_button)
        buttons.addWidget(self.again_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(px(32), px(8), px(32), px(8))
        layout.setSpacing(px(12))
        layout.addStretch(2)
        layout.addWidget(BigTick(theme), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.headline)
        layout.addWidget(self.detail)
        layout.addWidget(self.next_step)
        layout.addLayout(buttons)
        layout.addStretch(3)
        return page

    # --- acting ----------------------------------------------------------------------------------------------

    def take(self, task: Task) -> None:
        """Make ready for something to be written; what is being written or was just written stays."""
        self._task = task
        self.lead.setText(task.lead)
        self.button.setText(task.verb)
        self.option.setText(task.option)
        self.option.setVisible(bool(task.option))
        if not task.option:
            self.option.setChecked(False)
        self._place_changed()

    def show_ready(self) -> None:
        """Show place and button again."""
        self.problem.say("")
        self.stack.setCurrentIndex(0)
        self._place_changed()
        (self.button if self.button.isEnabled() else self.picker.folder_button).setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def done(self) -> bool:
        """Whether what was written is shown."""
        return self.stack.currentIndex() == 2

    def print_slip(self) -> None:
        """Ask for the slip of what was written."""
        if self.done and self._task.slip:
            self.slip_wanted.emit(self._result)

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._job is not None

    def write(self) -> None:
        """Write to the chosen place; when it is written, Enter is 完成."""
        folder, task = self.picker.folder, self._task
        if folder is None or task.may or self._job is not None or self.stack.currentIndex() == 1:
            return
        self.problem.say("")
        work = task.ticked if task.ticked is not None and task.option and self.option.isChecked() else task.work
        name, on_stick = self.picker.place_name, self.picker.stick is not None
        self.steps.show_step(1, "正在打包、写入")
        self.stack.setCurrentIndex(1)
        self._job = self._desk.ask(
            self, lambda office, progress: work(office, folder, progress),
            lambda result: self._written(result, task.told(result, on_stick), name, on_stick),
            failed=self._failed, progressed=self.pane.report, cancelled=self._cancelled,
        )
        self.pane.watch(self._job)

    def cancel(self) -> None:
        """Stop what is being written."""
        if self._job is not None:
            self._job.cancel()

    def _written(self, result: Any, told: Told, place: str, on_stick: bool) -> None:  # noqa: ANN401 - the task's own
        self._over()
        self._result = result
        self.option.setChecked(False)  # asked anew each time
        self.slip_button.setVisible(self._task.slip)
        self.headline.setText(DRAWN if on_stick else IN_FOLDER)
        self.detail.setText(f"已写进{place}，并重新读出来核对过。")
        self.next_step.say(told.next_step, "ok")
        self.steps.show_step(3, told.packed)
        self.stack.setCurrentIndex(2)
        self.done_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.written.emit(result)

    def _failed(self, error: Exception) -> None:
        self._over()
        self.show_ready()
        self.problem.say(sentence_for(error).text, "error")

    def _cancelled(self) -> None:
        self._over()
        self.show_ready()
        self.problem.say("已经取消，没有写完的不算数。", "info")

    def _over(self) -> None:
        self._job = None
        self.pane.end()

    def _finish(self) -> None:
        self.show_ready()
        self.finished.emit()

    def _place_changed(self) -> None:
        folder, stick = self.picker.folder, self.picker.stick
        self.button.setEnabled(folder is not None and not self._task.may)
        if self.button.isEnabled() and self.picker.folder_button.hasFocus():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)  # the stick has come: what comes next is to write
        self.why.setText(self._task.may or ("" if folder is not None else "先插好 U 盘，或者选一个文件夹。"))
        if self.stack.currentIndex() == 0:
            place = f"{stick.name}，{stick.room}" if stick else self.picker.place_name
            self.steps.show_step(0 if folder is None else 1, "", place or "还没有找到")


class StepRow(QWidget):
    """插好 U 盘 · 打包、写入 · 重新读回核对: what is done is ticked."""

    STEPS = ("插好 U 盘", "打包、写入", "重新读回核对")

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._done, self._under = 0, ["", "", ""]
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_step(self, done: int, packed: str, place: str | None = None) -> None:
        """How many steps are done, what stands under the second, and (when it changed) under the first."""
        self._done = done
        self._under = [self._under[0] if place is None else place, packed, "内容一字不差" if done > 2 else ""]
        said = [f"{step}{'，好了' if i < done else ''}" for i, step in enumerate(self.STEPS)]
        self.setAccessibleName("；".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room of two lines of words."""
        return QSize(self._theme.px(480), self._theme.px(40))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a circle, a word and a small line for each."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = self.width() // 3
        left_middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for i, step in enumerate(self.STEPS):
            left, done = i * room, i < self._done
            circle = QRect(left + 1, self.height() // 2 - px(12), px(24), px(24))
            painter.setPen(Qt.PenStyle.NoPen if done else QPen(QColor(c.edge), 1))
            painter.setBrush(QColor(c.ok) if done else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle)
            if done:
                size = px(14)
                tick = icons.pixmap("tick", size, c.surface, self.devicePixelRatioF())
                painter.drawPixmap(circle.center().x() - size // 2 + 1, circle.center().y() - size // 2 + 1, tick)
            else:
                painter.setPen(QColor(c.text2))
                painter.setFont(theme.font(t.HINT, bold=True))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(i + 1))
            words = QRect(left + px(34), 0, room - px(44), self.height())
            under = self._under[i]
            painter.setFont(theme.font(bold=done))
            painter.setPen(QColor(c.text if done else c.text2))
            top = QRect(words.left(), 0, words.width(), px(21)) if under else words
            painter.drawText(top, left_middle, step)
            painter.setFont(theme.font(t.HINT))
            painter.setPen(QColor(c.text2))
            low = QRect(words.left(), px(21), words.width(), px(19))
            painter.drawText(low, left_middle, painter.fontMetrics().elidedText(under, Qt.TextElideMode.ElideMiddle, low.width()))


class BigTick(QWidget):
    """A large tick in a green circle: it is done."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(theme.px(72), theme.px(72))
        self.setAccessibleName("写好了")
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        c, size = self._theme.tokens, self._theme.px(36)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.ok))
        painter.drawEllipse(self.rect())
        tick = icons.pixmap("tick", size, c.surface, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, (self.height() - size) // 2 + 1, tick)


class OfferCard(Card):
    """What a hand-in carries: records by kind and photos, in three columns; under a line the file, once there is one."""

    COLUMNS = 3

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "这次要报什么", "上级还没有回执过的都在里面，多报一次也不会重复入册")
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(theme.px(32))
        self._grid.setVerticalSpacing(theme.px(4))
        self._cells: list[QWidget] = []
        self.empty = plain_label(role="label")
        self.file = plain_label(role="hint")
        self.file.setFont(theme.font(t.HINT))
        self.file.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.body.addLayout(self._grid)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.file)
        self.show_file("")

    def show_offer(self, offer: Offer, nothing: str) -> None:
        """Show the counts; ``nothing``: the sentence when there are none."""
        rows = [(kind.label, f"{kind.count:,} {kind.measure_word}") for kind in offer.kinds]
        rows += [("照片", f"{offer.photos:,} 张")] if offer.photos else []
        for cell in self._cells:
            self._grid.removeWidget(cell)
            cell.deleteLater()
        self._cells = []
        for i, (label, count) in enumerate(rows):
            cell = self._cell(label, count)
            self._cells.append(cell)
            self._grid.addWidget(cell, i // self.COLUMNS, i % self.COLUMNS)
        for column in range(self.COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self.empty.setText("" if rows else nothing)
        self.empty.setVisible(not rows)

    def _cell(self, label: str, count: str) -> QWidget:
        cell = QWidget()
        cell.setAccessibleName(f"{label} {count}")
        line = QHBoxLayout(cell)
        line.setContentsMargins(0, 0, 0, 0)
        number = plain_label(count)
        number.setFont(self.theme.font(bold=True))
        line.addWidget(plain_label(label, role="label"))
        line.addStretch(1)
        line.addWidget(number)
        return cell

    def show_file(self, words: str) -> None:
        """The line of the file that was written; none: it goes away."""
        self.file.setText(words)
        self.file.setVisible(bool(words))


def packed_words(records: int, photos: int, left: int, sealed: int = 0) -> str:
    """``14 条记录，9 张照片``, what went for rights rooms, and how many photos wait for the next package."""
    parts = [f"{records:,} 条记录" if records else "没有新内容"] if records or not sealed else []
    parts += [f"{photos:,} 张照片"] if photos else []
    parts += [f"加密的维权变更 {sealed:,} 条"] if sealed else []
    return "，".join([*parts, f"{left:,} 张照片下次再带"] if left else parts)

"""What stands on the page 上报与合并: receiving, what was merged, who asks to be let in, what was handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.words import package_number
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.ask_strip import AskStrip
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, Card
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.merge_table import MERGED, STATES
from fulian_desktop.ui.past_list import Past, PastList, moment
from fulian_desktop.ui.stick_picker import StickPicker, choose_files
from fulian_desktop.ui.sum_line import PARTS
from fulian_desktop.ui.widgets import IconLabel, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.handing_in import Asking, HandIn
    from fulian_desktop.services.receiving import PastImport

LOST = "U 盘丢了也不要紧：文件加了密，别人打不开；重新写一个就行。"


class ReceiveCard(Card):
    """A stick, a folder or files, and the button that looks what lies there."""

    chosen = Signal(list)
    """The paths to look into."""

    def __init__(self, desk: Desk, title: str, note: str, verb: str) -> None:
        super().__init__(desk.theme, title, note)
        self._desk = desk
        self.picker = StickPicker(desk)
        self.button = KeyButton(desk.theme, verb, "Ctrl+回车", primary=True, icon="import")
        self.files_button = KeyButton(desk.theme, "选文件", icon="document")
        self.button.clicked.connect(self.go)
        self.files_button.clicked.connect(self._choose)
        self.picker.changed.connect(self._place_changed)
        line = QHBoxLayout()
        line.setSpacing(desk.theme.px(10))
        line.addWidget(self.picker, 1)
        line.addWidget(self.files_button)
        line.addWidget(self.button)
        self.body.addLayout(line)
        self._place_changed()

    def go(self) -> None:
        """Look into what is chosen."""
        if self.picker.folder is not None:
            self.chosen.emit([self.picker.folder])

    def _choose(self) -> None:
        files = choose_files(self, self._desk, "选上报包")
        if files:
            self.chosen.emit(files)

    def _place_changed(self) -> None:
        self.button.setEnabled(self.picker.folder is not None)
        if self.button.isEnabled() and self.picker.folder_button.hasFocus():
            self.button.setFocus(Qt.FocusReason.OtherFocusReason)


class ImportsCard(Card):
    """What was merged before, the latest first; the chosen one can be taken back, after one question."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, "合并记录")
        self._desk = desk
        self.ask_strip = AskStrip(desk.theme)
        self.list = PastList(desk.theme, "合并记录")
        self.list.setMinimumHeight(desk.theme.px(130))
        self.empty = plain_label("还没有合并过。", role="label")
        self.undo_button = KeyButton(desk.theme, "撤销本次导入", icon="undo")
        self.undo_button.clicked.connect(self.ask_undo)
        self.reason = plain_label(role="hint")
        self.reason.setFont(desk.theme.font(t.HINT))
        self.buttons.addWidget(self.undo_button)
        self.body.addWidget(self.reason)
        self.body.addWidget(self.ask_strip)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.list, 1)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._chosen())
        self._chosen()

    def show_imports(self, past: Sequence[PastImport]) -> None:
        """Show these."""
        today = self._desk.today()
        lines = []
        for one in past:
            undone = one.undone_at is not None
            counts = "，".join(f"{word} {one.counts[name]:,}" for name, word, _ in PARTS if one.counts[name])
            under = f"{moment(one.at, today)} · 包号 {package_number(one.package)} · {counts}"
            badge, tone = MERGED if one.state in ("mergeable", "receipt") else STATES[one.state]
            lines.append(Past(one.name, under, *(("已撤销", "mute") if undone else (badge, tone)), about=one))
        self.list.show_lines(lines)
        self.empty.setVisible(not lines)
        self.list.setVisible(bool(lines))
        self._chosen()

    def _chosen(self) -> None:
        one = self.list.current
        self.undo_button.setEnabled(one is not None and one.undone_at is None)
        self.reason.setText("选一条，可以撤销那次导入。" if one is None else "这一次已经撤销过了。")
        self.reason.setVisible(self.list.model().rowCount() > 0 and not self.undo_button.isEnabled())

    def ask_undo(self) -> None:
        """Ask once, in the page, whether the chosen import is to be taken back."""
        one: PastImport | None = self.list.current
        if one is None or one.undone_at is not None:
            return
        touched = sum(one.counts.values())
        self.ask_strip.ask(
            f"撤销后，{one.name}这次报来的 {touched:,} 条就和没导入过一样；之后再合并同一个上报包，会恢复。撤销前自动备份。",
            "撤销本次导入", lambda: self._undo(one),
        )

    def _undo(self, one: PastImport) -> None:
        def work(office: Any, progress: Any) -> dict[str, Any]:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.receiving import undo_merge

            return undo_merge(office, [one.package], progress)

        self.undo_button.setEnabled(False)
        self._desk.ask(self, work, lambda undone: self._undone(one, undone), failed=self._failed)

    def _undone(self, one: PastImport, undone: dict[str, Any]) -> None:
        self._desk.tell_changed()
        told = "、".join(undone["forwarded"])
        words = f"已经撤销{one.name}的这次导入。"
        self._desk.say(words + (f"这期间已经报送给{told}，请另外告诉一声。" if told else ""), "warn" if told else "ok")

    def _failed(self, error: Exception) -> None:
        self._chosen()
        self._desk.problem(error)


class HandInsCard(Card):
    """The hand-ins so far and whether each was acknowledged; of the chosen one, else the last, a slip can be printed."""

    slip_wanted = Signal(object)
    """The :class:`HandIn` whose slip is to be printed."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.theme, "上报记录")
        self._desk = desk
        theme, px = desk.theme, desk.theme.px
        self.list = PastList(theme, "上报记录")
        self.list.setMinimumHeight(px(130))
        self.empty = plain_label("还没有上报过。", role="label")
        self.slip_button = KeyButton(theme, "交接单", style="ghost", icon="print")
        self.slip_button.setAccessibleName("打印选中这次的交接单")
        self.slip_button.clicked.connect(self.print_slip)
        self.buttons.addWidget(self.slip_button)
        self.body.addWidget(self.empty)
        self.body.addWidget(self.list, 1)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        words = plain_label(LOST, role="label")
        words.setFont(theme.font(t.HINT))
        words.setWordWrap(True)
        line.addWidget(IconLabel(theme, "lock", "text2", t.ICON_BADGE + 2), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self.body.addStretch(0)
        self.body.addLayout(line)

    def show_hand_ins(self, hand_ins: Sequence[HandIn]) -> None:
        """Show these."""
        today = self._desk.today()
        lines = [
            Past(f"第 {one.number} 次", f"{moment(one.at, today)} · {one.records:,} 条记录",
                 *(("已回执", "ok") if one.received else ("等回执", "info")), about=one)
            for one in hand_ins
        ]
        self.list.show_lines(lines)
        self.empty.setVisible(not lines)
        self.list.setVisible(bool(lines))
        self.slip_button.setVisible(bool(lines))

    def print_slip(self) -> None:
        """Ask for the slip of the chosen hand-in, of the last one where none is chosen."""
        lines = self.list.lines.lines
        if lines:
            self.slip_wanted.emit(self.list.current or lines[0].about)


class ApprovePane(QWidget):
    """Who asks to be let in: a box each, with the fingerprint to be compared; approving merges their first packages too."""

    approved = Signal()

    def __init__(self, desk: Desk, receipts: Callable[[], None]) -> None:
        super().__init__()
        self._desk = desk
        theme, px = desk.theme, desk.theme.px
        self.boxes: list[tuple[QCheckBox, Asking]] = []
        self.source = ReceiveCard(desk, "找加入申请", "村里交来的 U 盘里有申请文件", "找申请")
        self.source.chosen.connect(self.look)
        self.banner = Banner(theme)
        self.card = Card(theme, "加入申请", "打电话和对方核对识别码，六组都一样再批准")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(px(6))
        self.approve_button = KeyButton(theme, "批准", "Ctrl+回车", primary=True, icon="tick")
        self.approve_button.clicked.connect(self.approve)
        self.receipts_button = KeyButton(theme, "写回执", icon="usb")
        self.receipts_button.clicked.connect(receipts)
        self.card.body.addLayout(self._rows)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.approve_button)
        self.card.body.addLayout(line)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(t.CARD_GAP))
        layout.addWidget(self.source)
        layout.addWidget(self.banner)
        layout.addWidget(self.receipts_button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.card)
        layout.addStretch(1)
        self.card.hide()
        self.receipts_button.hide()

    def go_on(self) -> None:
        """What comes next: look for requests, or approve the chosen ones."""
        if self.boxes:
            self.approve()
        else:
            self.source.go()

    def begin(self) -> None:
        """Begin anew: nothing is found or chosen yet."""
        self.banner.say("")
        self.receipts_button.hide()
        self.show_requests(())

    def look(self, paths: Sequence[Path]) -> None:
        """Read the requests that lie there."""
        def work(office: Any, progress: Any) -> list[Asking]:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.handing_in import requests_in

            return requests_in(office, list(paths), progress)

        self.banner.say("")
        self.receipts_button.hide()
        self._desk.ask(self, work, self.show_requests, failed=self._failed)

    def show_requests(self, asking: Sequence[Asking]) -> None:
        """Show these; none is chosen: each is to be compared first."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = []
        for one in asking:
            self._rows.addWidget(self._row(one))
        self.card.setVisible(bool(asking))
        self.source.setVisible(not asking)
        self._count()
        if self.boxes:
            self.boxes[0][0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _row(self, one: Asking) -> QWidget:
        theme, px = self._desk.theme, self._desk.theme.px
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, px(4), 0, px(4))
        line.setSpacing(px(16))
        if one.reason or one.known:
            icon = IconLabel(theme, "stop", "error", t.ICON_BUTTON) if one.reason else IconLabel(theme, "ok", "ok", t.ICON_BUTTON)
            line.addWidget(icon)
            words = plain_label(f"{one.file.name}：{one.reason}" if one.reason else f"{one.name}：已经批准过，不用再批")
            words.setWordWrap(True)
            line.addWidget(words, 1)
            return row
        box = QCheckBox(" · ".join(filter(None, [one.name, one.person])))
        box.setFont(theme.font(bold=True))
        box.setAccessibleName(f"{box.text()}，识别码 {one.fingerprint}")
        box.toggled.connect(lambda _on: self._count())
        self.boxes.append((box, one))
        line.addWidget(box)
        line.addWidget(plain_label(f"识别码 {one.fingerprint}"))
        again = f"这个单位已经批准过 {one.again} 台电脑，批准后这台也能上报" if one.again else ""
        hint = plain_label(again, role="label")
        hint.setFont(theme.font(t.HINT))
        hint.setWordWrap(True)
        line.addWidget(hint, 1)
        return row

    def _count(self) -> None:
        chosen = sum(box.isChecked() for box, _ in self.boxes)
        self.approve_button.setEnabled(chosen > 0)
        self.approve_button.setText(f"批准 {chosen} 个" if chosen else "批准")

    def approve(self) -> None:
        """Certify the chosen ones and merge the first packages beside their requests."""
        files = [one.file for box, one in self.boxes if box.isChecked()]
        if not files:
            return

        def work(office: Any, _progress: Any) -> dict[str, Any]:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.enrol import approve

            return approve(office, files)

        self.approve_button.setEnabled(False)
        self._desk.ask(self, work, self._approved, failed=self._failed)

    def _approved(self, result: dict[str, Any]) -> None:
        good = [one for one in result["approved"] if not one["reason"]]
        bad = [one["reason"] for one in result["approved"] if one["reason"]]
        merged = result["merge"]
        words = f"批准了 {len(good)} 个单位。"
        if merged is not None:
            words = f"批准了 {len(good)} 个单位，一并合并了它们的首次上报：新增 {merged['total']['added']:,} 条。"
        self.show_requests(())
        self.banner.say(words + "下一步：写回执，把证书带回去。" + "".join(bad), "warn" if bad else "ok")
        self.receipts_button.setVisible(bool(good))
        self.receipts_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._desk.tell_changed()
        self.approved.emit()

    def _failed(self, error: Exception) -> None:
        from fulian_desktop.ui.problems import sentence_for

        self._count()
        self.banner.say(sentence_for(error).text, "error")

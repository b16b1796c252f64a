"""选依据: the records that prove what a unit scored itself, ticked in a list that one types to find."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.assessment import Evidence

SIZE = (620, 560)
LOOK_AFTER_MS = 150
_EVIDENCE = Qt.ItemDataRole.UserRole


class EvidenceDialog(QDialog):
    """Records to tick; what is ticked stays in sight whatever one looks for.

    Args:
        unit: Whose records. item: What they are to prove, in words. indicator: What a computed item counts.
        chosen: Those that are named already.
        locked: Only to be looked at.
    """

    taken = Signal(object)
    """The records that are ticked, as a tuple."""

    def __init__(
        self, desk: Desk, parent: QWidget, *, unit: str, item: str, indicator: str, chosen: Sequence[Evidence], locked: bool,
    ) -> None:
        super().__init__(parent)
        self._desk, self._unit, self._indicator, self._locked = desk, unit, indicator, locked
        self._chosen: dict[str, Evidence] = {one.id: one for one in chosen}
        self._asked = 0
        theme, px = desk.theme, desk.theme.px
        self.setWindowTitle("依据")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        title = plain_label(item)
        title.setFont(theme.font(t.CARD_TITLE, bold=True))
        title.setWordWrap(True)
        self.note = plain_label(role="label")
        self.line = QLineEdit()
        self.line.setPlaceholderText("打名称或拼音首字母找")
        self.line.setAccessibleName("找记录")
        self.line.setVisible(not locked)
        self.list = QListWidget()
        self.list.setAccessibleName("记录，空格勾选" if not locked else "依据")
        self.list.setUniformItemSizes(True)
        self.take = KeyButton(theme, "选好了", "Ctrl+S", primary=True)
        self.leave = KeyButton(theme, "关上" if locked else "取消", "Esc", primary=locked)
        self.take.setVisible(not locked)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.leave)
        foot.addWidget(self.take)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(20), px(24), px(20))
        layout.setSpacing(px(12))
        for widget in (title, self.line, self.list):
            layout.addWidget(widget)
        layout.addLayout(foot)
        self.resize(px(SIZE[0]), px(SIZE[1]))
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_AFTER_MS)
        self._wait.timeout.connect(self._look)
        self.line.textEdited.connect(lambda _text: self._wait.start())
        self.list.itemChanged.connect(self._ticked)
        self.take.clicked.connect(self._take)
        self.leave.clicked.connect(self.reject)
        self._fill([])
        if not locked:
            self._look()
        (self.list if locked else self.line).setFocus()

    def _look(self) -> None:
        self._asked += 1
        asked, typed, unit, indicator = self._asked, self.line.text().strip(), self._unit, self._indicator

        def work(office: object, _progress: object) -> list[Evidence]:
            from fulian_desktop.services.assessment import evidence_choices

            return evidence_choices(office, unit, typed, indicator)  # type: ignore[arg-type]

        self._desk.ask(self, work, lambda found: self._fill(found) if asked == self._asked else None)

    def _fill(self, found: Sequence[Evidence]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for one in (*self._chosen.values(), *(f for f in found if f.id not in self._chosen)):
            item = QListWidgetItem(f"{one.name}（{one.about}）")
            item.setData(_EVIDENCE, one)
            if not self._locked:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if one.id in self._chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.blockSignals(False)
        self._say()

    def _ticked(self, item: QListWidgetItem) -> None:
        one = item.data(_EVIDENCE)
        if item.checkState() == Qt.CheckState.Checked:
            self._chosen[one.id] = one
        else:
            self._chosen.pop(one.id, None)
        self._say()

    def _say(self) -> None:
        count = len(self._chosen)
        self.note.setText(f"选了 {count} 条" if count else "还没有选" if not self._locked else "没有选依据")

    def _take(self) -> None:
        self.taken.emit(tuple(self._chosen.values()))
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes from the line into the list and back; Ctrl+S takes, Esc leaves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.list if self.line.hasFocus() else self.line).setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_S and event.modifiers() == Qt.KeyboardModifier.ControlModifier and not self._locked:
            self._take()
        else:
            super().keyPressEvent(event)

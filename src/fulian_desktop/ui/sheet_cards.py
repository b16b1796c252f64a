"""Beside the rows of a ledger: what each column was read as, and what is wrong with the row one stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.sheet_table import NOT_TAKEN, REASONS, STATES
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import ChoiceBox, IconLabel, plain_label, scrolled, tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.pasting import Preview, PreviewRow


class ColumnBox(ChoiceBox):
    """What a column is; the wheel scrolls the card and changes nothing."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the card scroll."""
        event.ignore()


class ColumnsCard(Card):
    """Every head with the field it was read as, to be chosen otherwise."""

    chosen = Signal(str, str)
    """A head, and the name of the column it shall be."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "各列读成了什么", "不对就改")
        self.boxes: dict[str, ColumnBox] = {}
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, theme.px(6), 0)
        self._grid.setSpacing(theme.px(6))
        self._grid.setColumnStretch(1, 1)
        self.area = scrolled(self._inside)
        self._inside.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        self.body.addWidget(self.area)

    def forget(self) -> None:
        """Other columns come."""
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.boxes = {}

    def show_preview(self, preview: Preview) -> None:
        """Show what the columns were read as; the boxes stay, so the focus does too."""
        if list(self.boxes) != [head for head, _ in preview.heads]:
            self._build(preview)
        for head, name in preview.heads:
            self.boxes[head].setCurrentIndex(max(0, self.boxes[head].findData(name)))

    def _build(self, preview: Preview) -> None:
        self.forget()
        px = self.theme.px
        for row, (head, _) in enumerate(preview.heads):
            word = plain_label(head, role="label")
            word.setFont(self.theme.font(t.DENSE))
            word.setFixedWidth(px(108))
            word.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
            word.setToolTip(tip_of(head))
            word.setText(word.fontMetrics().elidedText(head, Qt.TextElideMode.ElideRight, px(108)))
            box = ColumnBox(self.theme)
            box.setAccessibleName(f"“{head}”这一列读成")
            box.setMinimumContentsLength(6)
            box.addItem(NOT_TAKEN, "")
            for name, label in preview.offered:
                box.addItem(label, name)
            box.activated.connect(lambda _index, head=head: self._changed(head))
            self._grid.addWidget(word, row, 0)
            self._grid.addWidget(box, row, 1)
            self.boxes[head] = box
        self._grid.setRowStretch(len(preview.heads), 1)

    def _changed(self, head: str) -> None:
        self.chosen.emit(head, str(self.boxes[head].currentData()))

    def begin_at(self, number: int) -> None:
        """Go to the box of a column."""
        boxes = list(self.boxes.values())
        if 0 <= number < len(boxes):
            self.area.ensureWidgetVisible(boxes[number])
            boxes[number].setFocus(Qt.FocusReason.OtherFocusReason)


class TroublesCard(Card):
    """What is wrong with the row one stands on, sentence by sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "这一行")
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, theme.px(6), 0)
        self._lines.setSpacing(theme.px(8))
        scroll = scrolled(inside, sideways=False)
        inside.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        self.body.addWidget(scroll)
        self.sentences: list[str] = []

    def show_row(self, row: PreviewRow | None) -> None:
        """Say of a row what becomes of it and what is wrong."""
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.title.setText("这一行" if row is None else f"第 {row.place} 行")
        self.sentences = [] if row is None else [_sentence(trouble.head, trouble.cell, trouble.text) for trouble in row.troubles]
        tone = "error" if row is not None and row.state == "invalid" else "warn"
        if tone == "error" and self.sentences:
            self._add("这一行不能导入，在原表里改好再导一次。", "mute")
        for text in self.sentences:
            self._add(text, tone)
        if row is not None and not self.sentences:
            self._add(REASONS.get(row.reason) or f"{STATES[row.state][0]}，没有问题。", "mute")
        self._lines.addStretch(1)
        self.setAccessibleDescription("".join(self.sentences))

    def _add(self, text: str, tone: str) -> None:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.theme.px(8))
        if tone != "mute":
            icon = IconLabel(self.theme, "error" if tone == "error" else "warn", tone, t.ICON_BADGE + 2)
            layout.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        words = plain_label(text, role="label" if tone == "mute" else "")
        words.setFont(self.theme.font(t.DENSE))
        words.setWordWrap(True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(words, 1)
        self._lines.addWidget(line)


def _sentence(head: str, cell: str, text: str) -> str:
    where = f"{head}（{cell}）：" if head and cell else f"{head}：" if head else ""
    return f"{where}{text}" if text.endswith(("。", "？")) else f"{where}{text}。"

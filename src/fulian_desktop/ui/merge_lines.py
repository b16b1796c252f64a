"""The lines of a merge, unit by unit: which of them are shown, their table, and in full what the current one says."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.merge_table import MergeTable, words_of
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import plain_label

CHIPS = (("all", "全部"), ("good", "可合并"), ("attention", "要留意"))


class LineChips(QWidget):
    """Which lines are shown: all, those that can be merged, those that need attention."""

    chosen = Signal(str)
    """``all``, ``good`` or ``attention``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.chips = {name: Chip(theme, word) for name, word in CHIPS}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        for name, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, name=name: self.chosen.emit(name))
            row.addWidget(chip)
        row.addStretch(1)
        order = plain_label("有问题的排在最前", role="hint")
        order.setFont(theme.font(t.HINT))
        row.addWidget(order)

    def show_counts(self, which: str, counts: Mapping[str, int]) -> None:
        """Which of them is on, and how many lines each stands for."""
        for name, chip in self.chips.items():
            chip.setChecked(name == which)
            chip.show_text(chip.text(), counts[name])


class LinesCard(Card):
    """The table, and below it the sentence of the current line where its row cuts it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        px = theme.px
        self.table = MergeTable(theme)
        self.layout().setContentsMargins(1, px(2), 1, px(6))  # type: ignore[union-attr]
        self.body.addWidget(self.table)
        self.detail = plain_label(role="label")
        self.detail.setFont(theme.font(t.DENSE))
        self.detail.setWordWrap(True)
        self.detail.setContentsMargins(px(14), 0, px(14), px(4))
        self.body.addWidget(self.detail)
        self.table.selectionModel().currentRowChanged.connect(self.show_detail)
        self.table.lines.modelReset.connect(self.show_detail)

    def show_detail(self, *_: object) -> None:
        """The whole sentence of the current line, which its row may have cut."""
        row = self.table.currentIndex().row()
        shown = self.table.lines.shown
        words = words_of(shown[row]) if 0 <= row < len(shown) else ""
        cut = bool(words) and self.table.cuts(words)
        self.detail.setText(f"{shown[row].name}：{words}" if cut else "")
        self.detail.setVisible(cut)

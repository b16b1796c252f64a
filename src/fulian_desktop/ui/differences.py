"""Two records field by field, what differs first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.dispute import LABEL_WIDTH
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import IconLabel, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.pairing import Pair


class Differences(Card):
    """Two records field by field; where they differ an icon stands before the label."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "对着看", "有标记的地方不一样")
        self._table = QWidget()
        self.body.addWidget(self._table)

    def fill(self, pair: Pair) -> None:
        """Show another pair, what differs first."""
        self.body.removeWidget(self._table)
        self._table.hide()
        self._table.deleteLater()
        self._table = QWidget()
        px = self.theme.px
        grid = QGridLayout(self._table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(8))
        for i, line in enumerate(sorted(pair.lines, key=lambda line: line.same)):
            if not line.same:
                mark = IconLabel(self.theme, "conflict", "conflict", t.ICON_BADGE + 2)
                mark.setAccessibleName("不一样")
                grid.addWidget(mark, i, 0, Qt.AlignmentFlag.AlignTop)
            label = plain_label(line.label, role="label")
            label.setFixedWidth(px(LABEL_WIDTH - 30))
            label.setWordWrap(True)
            grid.addWidget(label, i, 1, Qt.AlignmentFlag.AlignTop)
            for column, text in ((2, line.left), (3, line.right)):
                value = plain_label(text)
                value.setFont(self.theme.font(bold=not line.same))
                value.setWordWrap(True)
                value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                grid.addWidget(value, i, column, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        grid.setColumnStretch(3, 1)
        grid.setColumnMinimumWidth(0, px(t.ICON_BADGE + 2))
        self.body.addWidget(self._table)

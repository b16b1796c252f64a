"""What was read out of a sheet: its rows, what the columns are, and what is wrong with the row that is chosen.

Rules: nothing is written here. Where there is no room beside the table the pane takes its place when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip, KeyButton
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.flow import FlowLayout
from fulian_desktop.ui.sheet_cards import ColumnsCard, TroublesCard
from fulian_desktop.ui.sheet_table import STATES, SheetTable, troubled
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import ChoiceBox, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.pasting import Preview

PANE_WIDTH = 330
QWIDGETSIZE_MAX = 16_777_215
_CHIPS = ("", "new", "changed", "unchanged", "troubled", "invalid", "skipped")
_CHIP_WORDS = {"": "全部", "troubled": "有问题"} | {state: word for state, (word, _) in STATES.items()}


class SheetRows(QWidget):
    """Filter chips and the rows at the left; what the columns are and what is wrong with a row at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._narrow: bool | None = None
        self.table, self.chips = SheetTable(theme), {state: Chip(theme, _CHIP_WORDS[state]) for state in _CHIPS}
        self.year = ChoiceBox(theme)
        self.year.setAccessibleName("没写年份的日期算哪一年")
        self.columns, self.troubles = ColumnsCard(theme), TroublesCard(theme)
        self._lay_out()
        for state, chip in self.chips.items():
            chip.clicked.connect(lambda _on=False, state=state: self.filter(state))
        self.table.row_changed.connect(lambda row: self.troubles.show_row(self.table.rows.row_at(row)))
        self.table.head_chosen.connect(self._begin_at)
        self.next_trouble.clicked.connect(self.table.go_to_trouble)
        self.unfold.clicked.connect(self.switch)

    def _lay_out(self) -> None:
        px = self.theme.px
        chips = FlowLayout(px(8))
        for chip in self.chips.values():
            chips.addWidget(chip)
        tools = QHBoxLayout()
        tools.setSpacing(px(8))
        tools.addLayout(chips, 1)
        self.year_word = plain_label("没写年份的算", role="label")
        self.next_trouble = KeyButton(self.theme, "下一处问题", "F8", style="ghost")
        self.year.setFixedWidth(px(110))
        self.unfold = KeyButton(self.theme, "看各列", "F6", style="ghost")
        self.year_word.setFixedHeight(px(t.CONTROL))
        for widget in (self.unfold, self.next_trouble, self.year_word, self.year):
            tools.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        self.left, self.right = Card(self.theme), QWidget()
        self.left.body.addWidget(self.table)
        layout = self.left.layout()
        if layout is not None:
            layout.setContentsMargins(px(4), px(4), px(4), px(6))
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(px(t.CARD_GAP))
        right.addWidget(self.columns, 3)
        right.addWidget(self.troubles, 2)
        panes = QHBoxLayout()
        panes.setSpacing(px(t.CARD_GAP))
        panes.addWidget(self.left, 1)
        panes.addWidget(self.right)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(px(t.CARD_GAP))
        inside.addLayout(tools)
        inside.addLayout(panes, 1)

    # --- a narrow window: the pane takes the place of the table when it is asked for ---

    def fold(self, narrow: bool) -> None:
        """Say whether there is no room for the pane beside the table; when that changes the table is shown."""
        if narrow == self._narrow:
            return
        self._narrow = narrow
        self.unfold.setVisible(narrow)
        self.right.setMinimumWidth(0 if narrow else self.theme.px(PANE_WIDTH))
        self.right.setMaximumWidth(QWIDGETSIZE_MAX if narrow else self.theme.px(PANE_WIDTH))
        self._show_pane(not narrow)

    def switch(self) -> None:
        """Show the pane in the table's place, or the table again."""
        if self._narrow:
            self._show_pane(self.right.isHidden())
            if self.right.isHidden():
                self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
            else:
                self.columns.begin_at(0)

    def _show_pane(self, shown: bool) -> None:
        self.right.setVisible(shown)
        self.left.setVisible(not (shown and self._narrow))
        self.unfold.setText("回到表格" if shown else "看各列")

    def _begin_at(self, number: int) -> None:
        self._show_pane(True)
        self.columns.begin_at(number)

    # --- what was read ---

    def show_preview(self, preview: Preview, this: int) -> None:
        """Show all rows; ``this`` is the year of today."""
        self.table.show_preview(preview)
        self.columns.show_preview(preview)
        self._show_years(preview, this)
        counts: dict[str, int] = {"": len(preview.rows), "troubled": sum(map(troubled, preview.rows)), **preview.total}
        for state, chip in self.chips.items():
            chip.show_text(_CHIP_WORDS[state], counts[state])
            chip.setVisible(not state or counts[state] > 0)
        self.next_trouble.setVisible(counts["troubled"] > 0)
        self.filter("")

    def filter(self, state: str) -> None:
        """Show only the rows of a state; "" for all."""
        for other, chip in self.chips.items():
            chip.setChecked(other == state)
            chip.updateGeometry()
        self.table.rows.show_only(state)

    def _show_years(self, preview: Preview, this: int) -> None:
        years = sorted({*range(this - 9, this + 1), preview.year}, reverse=True)
        self.year.clear()
        for year in years:
            self.year.addItem(f"{year} 年", year)
        self.year.setCurrentIndex(years.index(preview.year))
        for widget in (self.year, self.year_word):
            widget.setVisible(preview.dated and not preview.act)

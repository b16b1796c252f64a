"""A sub-table in a form: rows in a small table, typed straight through.

Rules:

* Enter goes to the next cell, at the end of a row to the next row; in an empty last row it leaves the table, and Shift+Enter
  leaves it backwards.
* Ctrl+D copies a cell from the row above it, in the first row from the first row of the record before.
* Several cells copied in WPS or Excel fill rows and columns from the cell where one stands; rows are added as far as the
  table goes, and one line says what had no place.
* Ctrl+Del takes the row away; a row without anything in it counts as no row.
* What is typed is in the rows at once, so that a draft has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QWidget

from fulian_desktop.domain.entry import flag_of
from fulian_desktop.domain.fields import Code, Flag, Part, Table
from fulian_desktop.domain.forms import Cell, Note
from fulian_desktop.errors import Refused
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.editors import Editor
from fulian_desktop.ui.lines import MOST, TypedLine
from fulian_desktop.ui.subtable_view import RowsModel, RowsView
from fulian_desktop.ui.theme import Theme

_MOST_PASTED = 400_000  # characters; more take a moment to read, and no table has room for them


class SubTable(Editor):
    """The table of one cell, with its buttons in ``buttons`` (they stand in the card's head)."""

    edit: RowsView
    said = Signal(str)
    """A sentence about pasted cells that had no place: the line under a long table may be out of sight."""

    def __init__(self, theme: Theme, cell: Cell) -> None:
        assert isinstance(cell.type, Table)  # noqa: S101 - chosen by its type
        self.model = RowsModel(cell.type.columns)
        super().__init__(theme, cell, RowsView(theme, self.model))
        self.most = cell.type.most
        self._told: Note | None = None
        self._pasting = False
        self.add_button = KeyButton(theme, "加一行", style="ghost", icon="plus")
        self.remove_button = KeyButton(theme, "删这一行", "Ctrl+Del", style="ghost")
        self.buttons = (self.remove_button, self.add_button)
        self.add_button.clicked.connect(self.add_row)
        self.remove_button.clicked.connect(self.remove_row)
        key = QShortcut(QKeySequence("Ctrl+Del"), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(self.remove_row)
        self.edit.fit()
        self.edit.moved.connect(self._move)
        self.edit.pasted.connect(self.take_cells)
        self.edit.selectionModel().currentChanged.connect(lambda *_: self._show_buttons())
        for signal in (self.model.dataChanged, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(lambda *_: self._rows_changed())
        self._show_buttons()

    def _rows_changed(self) -> None:
        if not self._pasting:
            self._told = None
            self.changed.emit()

    def say(self, note: Note | None) -> None:
        """Without anything else to say, what had no place stays said until one types on."""
        super().say(note or self._told)

    def _tell(self, text: str, tone: str = "warn") -> None:
        self._told = Note(text, tone)
        self.say(None)

    def value(self) -> list[dict[str, Any]]:
        """The rows that hold anything."""
        rows = [{n: v for n, v in row.items() if v not in (None, "", False)} for row in self.model.rows]
        return [row for row in rows if row.keys() - {"row"}]

    def set_value(self, value: Any) -> None:  # noqa: ANN401
        """Show rows."""
        self.model.show_rows([dict(row) for row in value or () if isinstance(row, Mapping)])
        self.edit.fit()
        self._show_buttons()

    def targets(self) -> list[QWidget]:
        """The table, and the line that is open in it."""
        return [self.edit, *self.edit.findChildren(TypedLine)]

    def begin(self) -> None:
        """Coming from the field before, one goes on in a new row."""
        self.add_row()

    def lock(self, reason: str) -> None:
        """Show the rows only."""
        super().lock(reason)
        self.edit.setEnabled(True)
        self.edit.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for button in self.buttons:
            button.hide()

    def add_row(self) -> None:
        """Begin a row; a blank one that is there is taken."""
        if self.locked:
            return
        rows = self.model.rowCount()
        last = rows - 1 if rows and self.model.is_blank(rows - 1) else -1
        if last < 0 and rows >= self.most:
            self._tell(f"最多 {self.most} 行，放不下了")
            return
        self.edit.go_to(last if last >= 0 else self.model.add(), 0)

    def remove_row(self) -> None:
        """Take the current row away."""
        row = self.edit.currentIndex().row()
        if row < 0 or self.locked:
            return
        self.model.remove(row)
        self.edit.fit()
        if self.model.rowCount():
            self.edit.go_to(min(row, self.model.rowCount() - 1), 0)
        else:
            self.add_button.setFocus(Qt.FocusReason.TabFocusReason)
        self._show_buttons()

    def _move(self, step: int) -> None:
        """Enter in a cell: to the next one, a new row, or out of the table."""
        index = self.edit.currentIndex()
        row, column = index.row(), index.column()
        last = self.model.columnCount() - 1
        if step > 0 and row == self.model.rowCount() - 1 and self.model.is_blank(row):
            self._leave(row, on=True)
        elif step > 0 and column == last and row == self.model.rowCount() - 1:
            self.add_row()
        elif step > 0:
            self.edit.go_to(row + (column == last), 0 if column == last else column + 1)
        elif column == 0 and (row == 0 or self.model.is_blank(row)):
            self._leave(row, on=False)
        else:
            self.edit.go_to(row - (column == 0), last if column == 0 else column - 1)

    def _leave(self, row: int, *, on: bool) -> None:
        if self.model.is_blank(row):
            self.model.remove(row)
        self.edit.fit()
        (self.entered if on else self.went_back).emit()

    # --- copying and pasting ---------------------------------------------------------------------------------

    def copy_cell(self, before: Sequence[Mapping[str, Any]]) -> bool:
        """Copy the current cell from the row above; whether there is a current cell.

        Args:
            before: The rows of the record before: the first of them stands above the first row.
        """
        index = self.edit.currentIndex()
        if not index.isValid() or self.locked:
            return False
        row, name = index.row(), self.model.columns[index.column()].name
        above = self.model.rows[row - 1] if row else next(iter(before), {})
        if above.get(name) in (None, "", False):
            self._tell("上一行这一格没有填" if row else "上一条的第一行这一格没有填")
        else:
            self.model.setData(index, above[name])
        return True

    def take_cells(self, text: str) -> None:
        """Fill rows and columns from the current cell on with cells copied in WPS or Excel."""
        from fulian_desktop.services.pasting import pasted_cells

        index = self.edit.currentIndex()
        if not index.isValid() or self.locked:
            return
        if len(text) > _MOST_PASTED:
            self._tell("粘贴的内容太多，没有放进来，请分几次粘贴")
            return
        try:
            lines = pasted_cells(text)
        except Refused as refused:
            self._tell(refused.text)
            return
        first, columns = index.row(), self.model.columns[index.column():]
        if lines and _is_head(lines[0], columns):
            lines = lines[1:]
        room = lines[:self.most - first]
        lost = []
        self._pasting = True
        for place, line in enumerate(room, first):
            if place == self.model.rowCount():
                self.model.add()
            lost += self._take_line(place, index.column(), line)
        wide = max((sum(map(bool, line[len(columns):])) for line in room), default=0)
        self._pasting = False
        self._rows_changed()
        beyond = len(lines) - len(room)
        lost += [f"右边 {wide} 列表里没有，没有放"] if wide else []
        lost += [f"最多 {self.most} 行，后面 {beyond} 行没有放"] if beyond else []
        words = "；".join([f"粘贴了 {len(room)} 行", *dict.fromkeys(lost)])
        self._tell(words, "warn" if lost else "ok")
        if lost:
            self.said.emit(f"{words}。")

    def _take_line(self, row: int, first: int, line: Sequence[str]) -> list[str]:
        """Put the cells of one row in; what could not be taken, in words."""
        lost = []
        for place, (column, text) in enumerate(zip(self.model.columns[first:], line, strict=False), first):
            if isinstance(column.type, Flag) and text and flag_of(text) is None:
                lost.append(f"“{column.label}”要写是或否，看不出的没有放")
            elif len(text) > MOST:
                lost.append(f"“{column.label}”有一格太长，没有放")
            else:
                self.model.setData(self.model.index(row, place), _typed(column, text))
        return lost

    def _show_buttons(self) -> None:
        wanted = self.edit.currentIndex().isValid() and not self.locked
        self.remove_button.setVisible(wanted and self.remove_button.parent() is not None)


def _is_head(line: Sequence[str], columns: Sequence[Part]) -> bool:
    """Whether a pasted row is the heads of these columns."""
    there = [(text, column.label) for text, column in zip(line, columns, strict=False) if text]
    return bool(there) and all(text == label for text, label in there)


def _typed(column: Part, text: str) -> Any:  # noqa: ANN401 - an entry
    """A pasted cell as if it had been typed into a column."""
    if isinstance(column.type, Flag):
        return flag_of(text) or None
    return (column.type.codes.find(text) or text) or None if isinstance(column.type, Code) else text or None

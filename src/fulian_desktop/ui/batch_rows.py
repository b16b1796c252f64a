"""The rows of what is done for many at once: what each takes from above, what it has of its own, what came of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.forms import Cell
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.tasks import Chosen, Done, Task

_NUMBER, _NAME, _RESULT, _UNIT, _NOW = "序号", "名称", "办得怎么样", "单位", "现在"
_WIDTHS = {_NUMBER: 52, _NAME: 150, _RESULT: 260, _UNIT: 130, _NOW: 150}
_OWN_WIDTH = 130

Index = QModelIndex | QPersistentModelIndex


_COUNTED = re.compile(r"(.*?)([0-9]{1,15})", re.DOTALL | re.ASCII)


def numbered_from(text: str, count: int) -> list[str]:
    """``2026-009`` and the numbers after it, as wide as it: ``2026-010``, ``2026-011``; none when it ends in no figure."""
    found = _COUNTED.fullmatch(text.strip())
    if found is None:
        return []
    head, figures = found.groups()
    return [f"{head}{int(figures) + i:0{len(figures)}}" for i in range(count)]


class RowsModel(QAbstractTableModel):
    """The chosen records: number, name, unit, how it is now, what is filled in, and what came of it."""

    owned = Signal()
    """A row has something of its own, or no longer."""

    def __init__(self, theme: Theme, task: Task) -> None:
        super().__init__()
        self._theme, self._task = theme, task
        self.rows: list[Chosen] = []
        self.cells: tuple[Cell, ...] = ()
        self.locked = False
        self._shared: Mapping[str, str] = {}
        self._own: dict[tuple[int, str], str] = {}
        self._results: dict[int, tuple[str, str]] = {}
        self.heads: tuple[str, ...] = ()
        self._find_heads()

    # --- what is shown ---

    def show_task(self, task: Task, cells: Sequence[Cell]) -> None:
        """Other cells; what rows had of their own in cells that stay is kept."""
        self.beginResetModel()
        if self._task.code != task.code:
            self._own = {}
        self._task, self.cells, self._results = task, tuple(cells), {}
        self._find_heads()
        self.endResetModel()

    def show_rows(self, rows: Sequence[Chosen]) -> None:
        """Other records."""
        self.beginResetModel()
        self.rows, self._own, self._results = list(rows), {}, {}
        self._find_heads()
        self.endResetModel()

    def show_now(self, rows: Sequence[Chosen]) -> None:
        """How the same records stand by now."""
        if len(rows) == len(self.rows):
            self.rows = list(rows)
            self._all_changed()

    def show_shared(self, shared: Mapping[str, str]) -> None:
        """What the rows take from above."""
        self._shared = shared
        self._all_changed()

    def show_results(self, done: Done) -> None:
        """What came of each row."""
        found: dict[int, tuple[str, str]] = {}
        for i, row in enumerate(done.rows):
            words = "写好了" if row.written else "没有变化"
            tone = "ok" if row.written else "text2"
            if row.doubts:
                words, tone = f"{words}，请核对：{'；'.join(row.doubts)}", "warn"
            found[i] = (words, tone)
        self._show_said(found)

    def show_unread(self, unread: Mapping[tuple[int, str], str]) -> None:
        """What rows have of their own and cannot be read."""
        self._show_said({row: (text, "error") for (row, name), text in unread.items() if self.is_own(row, name)})

    def forget_results(self) -> None:
        """Something is filled in otherwise: what was said of the rows is over."""
        if self._results and not self.locked:
            self._show_said({})

    def _show_said(self, results: dict[int, tuple[str, str]]) -> None:
        """Say something else of the rows; the column for it comes and goes."""
        self.beginResetModel()
        self._results = results
        self._find_heads()
        self.endResetModel()

    def _all_changed(self) -> None:
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, self.columnCount() - 1))

    # --- what rows have of their own ---

    @property
    def has_own(self) -> bool:
        """Whether some row has something of its own."""
        return bool(self._own)

    def is_own(self, row: int, name: str) -> bool:
        """Whether a row has an entry of its own in a cell."""
        return (row, name) in self._own

    def own_entries(self) -> list[dict[str, str]]:
        """For each row, cell → what it has of its own."""
        found: list[dict[str, str]] = [{} for _ in self.rows]
        for (row, name), text in self._own.items():
            found[row][name] = text
        return found

    def can_number(self, index: Index) -> bool:
        """Whether the rows below can go on counting from this one."""
        if not index.isValid() or self.locked or index.row() + 1 >= len(self.rows) or self.cell_at(index.column()) is None:
            return False
        return bool(numbered_from(self._text(index.row(), index.column()), 1))

    def number_down(self, index: Index) -> None:
        """Have the rows below go on counting from this one."""
        texts = numbered_from(self._text(index.row(), index.column()), len(self.rows) - index.row())
        for row, text in enumerate(texts, index.row()):
            self.setData(self.index(row, index.column()), text)

    # --- as Qt asks ---

    def _find_heads(self) -> None:
        """The heads of the columns; what came of a row stands beside its name once there is something to say."""
        result = (_RESULT,) if self._results else ()
        now = () if self._task.how.value == "add" else (_NOW,)
        self.heads = (_NUMBER, _NAME, *result, _UNIT, *now, *(self._task.label_of(cell) for cell in self.cells))

    def cell_at(self, column: int) -> Cell | None:
        """The cell that a column fills."""
        place = column - (len(self.heads) - len(self.cells))
        return self.cells[place] if 0 <= place < len(self.cells) else None

    def rowCount(self, _parent: Index | None = None) -> int:
        """As Qt asks."""
        return len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        """As Qt asks."""
        return len(self.heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """As Qt asks."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """As Qt asks."""
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(self._text(index.row(), index.column()))
        if role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor(getattr(self._theme.tokens, self._colour(index.row(), index.column()))))
        return None

    def _text(self, row: int, column: int) -> str:
        one = self.rows[row]
        cell = self.cell_at(column)
        if cell is not None:
            return self._own.get((row, cell.name), self._shared.get(cell.name, ""))
        return {
            _NUMBER: str(row + 1), _NAME: one.name, _UNIT: one.unit_name, _RESULT: self._results.get(row, ("", ""))[0],
            _NOW: one.stage or one.now.get(self._task.field, "没填"),
        }[self.heads[column]]

    def _colour(self, row: int, column: int) -> str:
        cell = self.cell_at(column)
        if cell is not None:
            return "text" if (row, cell.name) in self._own else "text3"
        head = self.heads[column]
        if head == _RESULT:
            return self._results.get(row, ("", "text2"))[1]
        return "text" if head == _NAME else "text2"

    def flags(self, index: Index) -> Qt.ItemFlag:
        """As Qt asks."""
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = self.cell_at(index.column()) is not None and not self.locked
        return usual | Qt.ItemFlag.ItemIsEditable if editable else usual

    def setData(self, index: Index, value: Any, _role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """What a row has of its own; a blank takes what stands above again."""
        cell = self.cell_at(index.column())
        if cell is None or self.locked:
            return False
        text = str(value).strip()
        key = (index.row(), cell.name)
        if not text or text == self._shared.get(cell.name):
            self._own.pop(key, None)
        else:
            self._own[key] = text
        self.dataChanged.emit(index, index)
        self.owned.emit()
        return True


class _RowDelegate(QStyledItemDelegate):
    """One line in a row: typed as in the form; a list of words is offered where there is one."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(view)
        self._theme = theme

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        model = index.model()
        assert isinstance(model, RowsModel)  # noqa: S101 - the only model it is given
        cell = model.cell_at(index.column())
        assert cell is not None  # noqa: S101 - nothing else can be edited
        line = QLineEdit(parent)
        if isinstance(cell.type, Code):
            completer = QCompleter(list(cell.type.codes.offered.values()), line)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
            line.setCompleter(completer)
        line.setAccessibleName(f"第 {index.row() + 1} 条，{cell.label}")
        set_role(line, "cell")
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index) -> None:  # noqa: ANN401 - as Qt asks
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())


class _RowsTable(QTableView):
    """The rows; Delete takes away what a row has of its own, Enter and typing begin to edit."""

    def __init__(self, theme: Theme, model: RowsModel) -> None:
        super().__init__()
        self._theme, self._rows = theme, model
        px = theme.px
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setAccessibleName("选中的记录")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(px(t.ROW))
        heads.setFixedHeight(px(t.TABLE_HEAD))
        heads.setHighlightSections(False)
        heads.setStretchLastSection(True)
        heads.setFont(theme.font(t.HINT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        model.modelReset.connect(self._set_widths)
        theme.changed.connect(self._paint_anew)
        self._paint_anew()

    def _paint_anew(self) -> None:
        c, px = self._theme.tokens, self._theme.px
        self.setStyleSheet(
            f"QTableView {{ border: 1px solid {c.line}; border-radius: {px(t.RADIUS_CONTROL)}px;"
            f" alternate-background-color: {c.surface2}; }}"
            f"QHeaderView {{ background: {c.surface2}; border: none; }}"
            f"QHeaderView::section {{ background: {c.surface2}; color: {c.text2}; border: none;"
            f" border-bottom: 1px solid {c.line}; padding: 0 {px(10)}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )

    def _set_widths(self) -> None:
        for place, head in enumerate(self._rows.heads):
            fixed = self._rows.cell_at(place) is None
            self.setColumnWidth(place, self._theme.px(_WIDTHS[head] if fixed else _OWN_WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits; Delete goes back to what stands above."""
        here = self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:
            return  # a line hands on the Enter that ends it
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() and here.isValid():
            if here.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(here)
        elif event.key() == Qt.Key.Key_Delete and here.isValid():
            self.model().setData(here, "")
        else:
            super().keyPressEvent(event)


def rows_table(theme: Theme, model: RowsModel) -> QTableView:
    """The table over the rows."""
    return _RowsTable(theme, model)

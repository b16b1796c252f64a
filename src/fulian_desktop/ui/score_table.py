"""The table in which points are typed: a figure and Enter, a figure and Enter, down one item and on with the next."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.score_models import Index, ScoreModel
from fulian_desktop.ui.theme import Theme, set_role

HEAD = 62
"""Height of the heads at 100 %: three lines of an item's words and its points."""

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Delegate(QStyledItemDelegate):
    """One line in a cell; Enter keeps what was typed and goes on."""

    went_on = Signal()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        line = QLineEdit(parent)
        line.setAccessibleName(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        set_role(line, "cell")
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: object, index: Index) -> None:
        if isinstance(editor, QLineEdit) and isinstance(model, ScoreModel):
            model.setData(index, editor.text())

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _ENTERS:
            if isinstance(editor, QWidget):
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                self.went_on.emit()
            return True
        return super().eventFilter(editor, event)


class ScoreTable(QTableView):
    """Shows a :class:`ScoreModel`; typing begins to edit, Enter goes down and then to the next column, Delete empties a cell.

    ``entered`` is said for Enter on a cell that is not typed into: its row.
    """

    entered = Signal(int)

    def __init__(self, theme: Theme, model: ScoreModel, name: str) -> None:
        super().__init__()
        self._theme, self._scores = theme, model
        px = theme.px
        self.setModel(model)
        delegate = _Delegate(self)
        delegate.went_on.connect(self._go_on)
        self.setItemDelegate(delegate)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setShowGrid(True)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(px(t.ROW_DENSE))
        heads.setFixedHeight(px(HEAD))
        heads.setHighlightSections(False)
        heads.setSectionsClickable(False)
        heads.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        heads.setFont(theme.font(t.HINT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.doubleClicked.connect(self._clicked_twice)
        model.modelReset.connect(self._shown_anew)
        theme.changed.connect(self._paint_anew)
        self._paint_anew()

    def _paint_anew(self) -> None:
        c, px = self._theme.tokens, self._theme.px
        self.setStyleSheet(
            f"QTableView {{ border: 1px solid {c.line}; border-radius: {px(t.RADIUS_CONTROL)}px; gridline-color: {c.line};"
            f" alternate-background-color: {c.surface2}; }}"
            f"QTableView::item {{ padding: 0 {px(6)}px; min-height: 0; }}"
            f"QTableView::item:focus {{ border: 2px solid {c.focus}; }}"
            f"QHeaderView {{ background: {c.surface2}; border: none; }}"
            f"QHeaderView::section {{ background: {c.surface2}; color: {c.text2}; border: none;"
            f" border-bottom: 1px solid {c.line}; border-right: 1px solid {c.line}; padding: 0 {px(6)}px; }}"
            "QAbstractScrollArea::corner { background: transparent; border: none; }"
        )

    def _shown_anew(self) -> None:
        """Other rows or columns: widths that fit them, and the first cell that is typed into."""
        self.fit()
        self.begin()

    def fit(self) -> None:
        """Give the columns their widths, and what room is left to those that stretch."""
        heads, px = self._scores.heads, self._theme.px
        least = [px(head.width) for head in heads]
        spare = max(0, self.viewport().width() - sum(least))
        many = sum(head.stretches for head in heads)
        for place, head in enumerate(heads):
            self.setColumnWidth(place, least[place] + (spare // many if head.stretches and many else 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns fill the table."""
        super().resizeEvent(event)
        self.fit()

    def begin(self, row: int = 0, column: int = -1) -> None:
        """Stand on the first cell that is typed into, or on a given one."""
        model = self._scores
        if not model.rowCount():
            return
        if column < 0:
            columns = range(model.columnCount())
            column = next((c for c in columns if model.editing(row, c) is not None), 0)
        self.setCurrentIndex(model.index(row, column))

    def _go_on(self) -> None:
        """The cell below; from the last one the first of the next column that is typed into."""
        here, model = self.currentIndex(), self._scores
        below = next((r for r in range(here.row() + 1, model.rowCount()) if model.editing(r, here.column()) is not None), None)
        if below is not None:
            self.setCurrentIndex(model.index(below, here.column()))
            return
        for column in range(here.column() + 1, model.columnCount()):
            top = next((r for r in range(model.rowCount()) if model.editing(r, column) is not None), None)
            if top is not None:
                self.setCurrentIndex(model.index(top, column))
                return

    def _clicked_twice(self, index: Index) -> None:
        if self._scores.editing(index.row(), index.column()) is None:
            self.entered.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits a cell or enters its row; Delete takes away what stands in it."""
        here = self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:
            return  # a line hands on the Enter that ends it
        if not here.isValid() or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() in _ENTERS:
            if here.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(here)
            else:
                self.entered.emit(here.row())
        elif event.key() == Qt.Key.Key_Delete:
            self._scores.setData(here, "")
        else:
            super().keyPressEvent(event)

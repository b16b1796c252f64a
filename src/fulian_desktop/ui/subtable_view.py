"""The rows of a sub-table: what stands in them, and the small table in which they are typed.

Rules:

* Each cell is typed in a line of its own that opens when one comes to it; a flag is switched by Space or a click.
* What is typed is in the rows at once.
* Enter, Tab and several cells copied in WPS are handed on (:class:`~fulian_desktop.ui.subtable.SubTable` decides); the keys
  of the form around it work in a cell as in any field.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fulian_desktop.domain.fields import Code, Flag, Integer, Part, Text
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.form_keys import is_for_the_form, is_picture_copied
from fulian_desktop.ui.lines import CodeLine, TypedLine
from fulian_desktop.ui.theme import Theme, set_role

MOST_SHOWN = 8
"""Rows that are seen at once; more are scrolled."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class RowsModel(QAbstractTableModel):
    """The rows as they are typed: text, codes and flags by the column's name; ``row`` is a row's id."""

    def __init__(self, columns: tuple[Part, ...]) -> None:
        super().__init__()
        self.columns = columns
        self.rows: list[dict[str, Any]] = []

    def rowCount(self, _parent: Index = _ROOT) -> int:
        """As Qt asks."""
        return len(self.rows)

    def columnCount(self, _parent: Index = _ROOT) -> int:
        """As Qt asks."""
        return len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The columns' labels."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].label
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_alignment(self.columns[section]) | Qt.AlignmentFlag.AlignVCenter)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All may be typed into, but a flag is switched."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags if isinstance(self.columns[index.column()].type, Flag) else flags | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """What is typed there, a code's word for the eye."""
        column = self.columns[index.column()]
        value = self.rows[index.row()].get(column.name)
        if role == Qt.ItemDataRole.EditRole:
            return value
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if isinstance(column.type, Flag):
            return column.label if value else ""
        return column.type.codes.label(str(value)) if isinstance(column.type, Code) and value else str(value or "")

    def setData(self, index: Index, value: Any, _role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """Take what was typed."""
        row, name = self.rows[index.row()], self.columns[index.column()].name
        if (row.get(name) or None) == (value or None):
            return False
        row[name] = value
        self.dataChanged.emit(index, index)
        return True

    def is_blank(self, row: int) -> bool:
        """Whether nothing stands in a row."""
        return not any(value for name, value in self.rows[row].items() if name != "row")

    def add(self) -> int:
        """A blank row at the end; its number."""
        at = len(self.rows)
        self.beginInsertRows(_ROOT, at, at)
        self.rows.append({})
        self.endInsertRows()
        return at

    def remove(self, row: int) -> None:
        """Take a row away."""
        self.beginRemoveRows(_ROOT, row, row)
        del self.rows[row]
        self.endRemoveRows()

    def show_rows(self, rows: list[dict[str, Any]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = [dict(row) for row in rows]
        self.endResetModel()


MANY_COLUMNS = 6
"""More than so many columns are not all as wide."""


def _share(column: Part) -> float:
    """How much of the width a column takes: a long text more than two short ones, a number half of one."""
    if isinstance(column.type, Text):
        return 2.5 if column.type.most >= 200 else 0.6 if column.type.most <= 10 else 1.15
    return 0.65 if isinstance(column.type, Integer) else 1.25


def _alignment(column: Part) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if isinstance(column.type, Integer) else Qt.AlignmentFlag.AlignLeft


class RowsView(QTableView):
    """The table itself: as high as its rows, no grid but lines."""

    moved = Signal(int)
    """Enter or Tab in a cell: 1 on, -1 back."""

    pasted = Signal(str)
    """Cells copied in WPS or Excel are to be put here: the text on the clipboard."""

    def __init__(self, theme: Theme, model: RowsModel) -> None:
        super().__init__()
        self._theme, self.rows = theme, model
        set_role(self, "plain")
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.CurrentChanged | QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setFixedHeight(theme.px(t.ROW_DENSE))
        head.setHighlightSections(False)
        head.setFont(theme.font(t.HINT, bold=True))
        head.setSectionsClickable(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(theme.px(t.ROW))
        model.rowsInserted.connect(self.fit)
        theme.changed.connect(self._colour)
        self._colour()
        self.fit()

    def _colour(self) -> None:
        c = self._theme.tokens
        self.horizontalHeader().setStyleSheet(
            f"QHeaderView {{ background: transparent; border: none; }}"
            f"QHeaderView::section {{ background: transparent; color: {c.text2}; border: none;"
            f" border-bottom: 1px solid {c.line}; padding: 0 {self._theme.px(8)}px; }}"
        )

    def fit(self) -> None:
        """As high as its rows, or as the most that are shown at once."""
        rows = min(self.rows.rowCount(), MOST_SHOWN)
        if self.parent() is not None or not rows:  # shown without a parent it would be a window
            self.setVisible(bool(rows))
        self.setFixedHeight(self._theme.px(t.ROW_DENSE) + rows * self._theme.px(t.ROW) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Of many columns those of long texts are wider, those of numbers narrower."""
        super().resizeEvent(event)
        if len(self.rows.columns) <= MANY_COLUMNS:
            return
        shares = [_share(column) for column in self.rows.columns]
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for place, share in enumerate(shares):
            self.setColumnWidth(place, int(self.viewport().width() * share / sum(shares)))

    def go_to(self, row: int, column: int) -> None:
        """Put the cursor into a cell."""
        self.setFocus(Qt.FocusReason.TabFocusReason)
        index = self.rows.index(row, column)
        self.setCurrentIndex(index)
        self.scrollTo(index)
        is_open = self.state() == QAbstractItemView.State.EditingState  # a change of the current cell opens it
        if index.flags() & Qt.ItemFlag.ItemIsEditable and not is_open:
            self.edit(index)

        QTimer.singleShot(20, self, self._show_row)  # by then the page knows that the table has grown

    def _show_row(self) -> None:
        """Scroll the page to the row that is typed in."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        body = above.widget() if above is not None else None
        if above is not None and body is not None:
            row = self.visualRect(self.currentIndex()).translated(0, self.horizontalHeader().height())
            bottom = self.mapTo(body, row.bottomLeft())
            above.ensureVisible(bottom.x(), bottom.y(), 0, self._theme.px(24))

    @property
    def may_type(self) -> bool:
        """Whether the rows may be changed."""
        return self.editTriggers() != QAbstractItemView.EditTrigger.NoEditTriggers

    def paste(self) -> bool:
        """Hand on what was copied, if it is text; whether it was."""
        text = QGuiApplication.clipboard().text()
        if not text or is_picture_copied() or not self.may_type:
            return False
        self.pasted.emit(text)
        return True

    def event(self, event: QEvent) -> bool:
        """Where no line is open, the paste of a text is the table's own and not the form's."""
        is_paste = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) \
            and event.matches(QKeySequence.StandardKey.Paste)
        if is_paste and self.may_type and QGuiApplication.clipboard().text() and not is_picture_copied():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space switches a flag; Enter goes on where no line is open."""
        index = self.currentIndex()
        is_flag = index.isValid() and isinstance(self.rows.columns[index.column()].type, Flag)
        if is_flag and event.key() == Qt.Key.Key_Space and self.may_type:
            self._switch(index)
        elif event.matches(QKeySequence.StandardKey.Paste) and self.paste():
            event.accept()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            self.moved.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click switches a flag."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if self.may_type and index.isValid() and isinstance(self.rows.columns[index.column()].type, Flag):
            self._switch(index)

    def _switch(self, index: QModelIndex) -> None:
        self.rows.setData(index, None if index.data(Qt.ItemDataRole.EditRole) else True)


class _CellDelegate(QStyledItemDelegate):
    """Paints a cell, and opens a line in it to type."""

    def __init__(self, theme: Theme, view: RowsView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        place = QRect(option.rect)
        painter.save()
        painter.setPen(QColor(c.line))
        painter.drawLine(place.bottomLeft(), place.bottomRight())
        column = self._view.rows.columns[index.column()]
        if isinstance(column.type, Flag):
            self._paint_flag(painter, place, bool(index.data(Qt.ItemDataRole.EditRole)), option)
        else:
            painter.setFont(theme.font())
            painter.setPen(QColor(c.text))
            room = place.adjusted(px(8), 0, -px(8), 0)
            text = str(index.data(Qt.ItemDataRole.DisplayRole)).replace("\n", " ")
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            way = Qt.AlignmentFlag.AlignVCenter | _alignment(column) | Qt.TextFlag.TextSingleLine
            painter.drawText(room, int(way), shown)
        painter.restore()

    def _paint_flag(self, painter: QPainter, place: QRect, on: bool, option: QStyleOptionViewItem) -> None:
        c, px = self._theme.tokens, self._theme.px
        edge = px(20)
        box = QRect(place.left() + px(8), place.center().y() - edge // 2 + 1, edge, edge)
        here = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.focus if here else c.accent if on else c.edge), 2 if here else 1))
        painter.setBrush(QColor(c.soft if on else c.surface))
        painter.drawRoundedRect(box, px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
        if on:
            size = px(t.ICON_BADGE)
            at = box.adjusted((edge - size) // 2, (edge - size) // 2, 0, 0).topLeft()
            painter.drawPixmap(at, icons.pixmap("tick", size, c.accent, self._view.devicePixelRatioF()))

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._view.rows.columns[index.column()]
        kind = column.type
        line = CodeLine(self._theme, kind.codes) if isinstance(kind, Code) else TypedLine(self._theme)
        line.setParent(parent)
        set_role(line, "cell")
        line.setAccessibleName(f"{column.label}，第 {index.row() + 1} 行")
        line.textEdited.connect(lambda _text: self.commitData.emit(line))
        line.entered.connect(lambda: self._view.moved.emit(1))
        line.went_back.connect(lambda: self._view.moved.emit(-1))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        value = index.data(Qt.ItemDataRole.EditRole)
        if isinstance(editor, CodeLine):
            if editor.code() != value:
                editor.set_code(value)
        elif isinstance(editor, TypedLine) and (editor.text() or None) != (value or None):
            editor.setText(value or "")

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, CodeLine):
            model.setData(index, editor.code())
        elif isinstance(editor, TypedLine):
            model.setData(index, editor.text() or None)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter is the line's own; Tab goes through the cells as Enter does, and out at the end; cells are pasted as cells."""
        if isinstance(event, QKeyEvent) and is_for_the_form(watched, event):
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.matches(QKeySequence.StandardKey.Paste) and _are_cells(QGuiApplication.clipboard().text()):
                return self._view.paste()
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return False
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                self._view.moved.emit(1 if event.key() == Qt.Key.Key_Tab else -1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                return False
        return super().eventFilter(watched, event)


def _are_cells(text: str) -> bool:
    """Whether a text on the clipboard is of cells: WPS and Excel end each row with a line end."""
    return "\t" in text or "\n" in text

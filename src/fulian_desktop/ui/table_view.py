"""The table itself: heads, cells painted from the theme, choosing rows by mouse and keyboard.

Rules:

* Rows have one height and columns fixed widths, so a million rows cost what twenty do.
* ↑↓ moves, Shift and Ctrl choose as everywhere; 空格 ticks rows one by one, and then ↑↓ leaves the ticks alone.
* Typing a letter in the table goes on in the search box.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.cell_editing import CellNote
from fulian_desktop.ui.columns import Column, Look
from fulian_desktop.ui.table import Index, ListModel
from fulian_desktop.ui.table_cells import PAD, CellDelegate
from fulian_desktop.ui.theme import Theme

_LOOK_AGAIN_MS = 25
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_ELIDE = Qt.TextElideMode.ElideRight


class ListView(QTableView):
    """A table over a :class:`ListModel`."""

    opened = Signal(int)
    """Enter or a double click on a row."""

    sort_asked = Signal(int, object)
    """A column, and whether descending; None: the other way than now."""

    moved = Signal()
    """Another row is the current one, or other rows are chosen."""

    typed_on = Signal(str)
    """A letter typed in the table."""

    delete_asked = Signal()
    resized = Signal()
    edited = Signal(int, int, str)
    """Row, column, what was typed."""

    def __init__(self, theme: Theme, model: ListModel) -> None:
        super().__init__()
        self._theme, self.rows = theme, model
        self.ticking = False
        self.refused: tuple[str, str] | None = None
        self.note = CellNote(theme, self.viewport())
        self.hovered = -1
        self.can_sort: Callable[[Column], bool] = lambda _column: False
        self.sorted_by: tuple[str, bool] = ("", False)
        self.setHorizontalHeader(_Head(theme, self))
        self.setModel(model)
        delegate = CellDelegate(theme, self)
        delegate.closeEditor.connect(lambda *_: self.note.say(""))
        model.modelReset.connect(lambda: self.note.say(""))
        self.setItemDelegate(delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTableView { border: none; background: transparent; }")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setAccessibleName("记录")
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(theme.px(t.ROW_DENSE))
        rows.setDefaultSectionSize(theme.px(t.ROW))
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(_LOOK_AGAIN_MS)
        self._look.timeout.connect(self.look)
        self.verticalScrollBar().valueChanged.connect(self._look_soon)
        model.modelReset.connect(self._look_soon)
        model.rowsInserted.connect(self._look_soon)
        theme.changed.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(lambda _now, _before: self.moved.emit())
        self.selectionModel().currentChanged.connect(lambda _now, _before: self.moved.emit())

    # --- what is seen ---

    def _look_soon(self) -> None:
        if not self._look.isActive():
            self._look.start()

    def visible_rows(self) -> tuple[int, int]:
        """The first and the last row that are seen; (0, -1) when there is none."""
        count = self.rows.rowCount()
        first = self.rowAt(0)
        if count == 0 or first < 0:
            return 0, -1
        last = self.rowAt(self.viewport().height() - 1)
        return first, last if last >= 0 else count - 1

    def look(self) -> None:
        """Ask for the rows that are seen."""
        self.rows.want(*self.visible_rows())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the room that is left to the column that names the records."""
        super().resizeEvent(event)
        self.share_room()
        self._look_soon()
        self.resized.emit()

    def share_room(self) -> None:
        """Set the widths of the columns."""
        px, columns = self._theme.px, self.rows.columns
        room = self.viewport().width() - sum(px(c.width) for c in columns if not c.title)
        for place, column in enumerate(columns):
            self.setColumnWidth(place, max(px(column.width), room) if column.title else px(column.width))

    # --- choosing ---

    def chosen_ranges(self) -> Iterator[tuple[int, int]]:
        """(first, last) of the rows that are chosen, from the top."""
        selection = self.selectionModel().selection()
        ranges = (selection.at(place) for place in range(selection.count()))
        found = {(one.top(), one.bottom()) for one in ranges}
        yield from sorted(found)

    def chosen_count(self) -> int:
        """How many rows are chosen."""
        return sum(last - first + 1 for first, last in self.chosen_ranges())

    def is_chosen(self, row: int) -> bool:
        """Whether a row is chosen."""
        return self.selectionModel().isRowSelected(row, QModelIndex())

    def go_to(self, row: int) -> None:
        """Make a row the current and only chosen one, without scrolling more than is needed."""
        self.ticking = False
        index = self.rows.index(row, max(self.currentIndex().column(), 1))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def tick(self, row: int) -> None:
        """Tick a row, or take its tick away; other ticks stay, a row that was only the current one is not ticked with it."""
        flag = QItemSelectionModel.SelectionFlag
        begins = not self.ticking and self.chosen_count() <= 1
        self.ticking = True
        model = self.selectionModel()
        model.select(self.rows.index(row, 0), flag.Rows | (flag.ClearAndSelect if begins else flag.Toggle))
        model.setCurrentIndex(self.rows.index(row, max(self.currentIndex().column(), 1)), flag.NoUpdate)
        self.viewport().update()
        self.moved.emit()

    def choose(self, rows: Sequence[int], *, ticking: bool) -> None:
        """Choose these rows; with ``ticking`` as if ticked one by one."""
        if not ticking and len(rows) < 2:
            return
        found = QItemSelection()
        for row in rows:
            found.select(self.rows.index(row, 0), self.rows.index(row, self.rows.columnCount() - 1))
        self.ticking = ticking
        self.selectionModel().select(found, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def stop_ticking(self) -> None:
        """Take all ticks away; the current row stays."""
        if self.currentIndex().isValid():
            self.go_to(self.currentIndex().row())
        self.viewport().update()

    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """While rows are ticked, moving about leaves the ticks alone."""
        plain = isinstance(event, QKeyEvent) and not event.modifiers() & (
            Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
        )
        if self.ticking and plain:
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The row under the mouse stands out."""
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the mouse any more."""
        super().leaveEvent(event)
        self._hover(-1)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the box ticks; a click elsewhere begins anew."""
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            if self.rows.columns[index.column()].look is Look.TICK and not event.modifiers():
                self.tick(index.row())
                return
            if not event.modifiers():
                self.ticking = False
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Letting go over a box changes nothing more."""
        index = self.indexAt(event.position().toPoint())
        if not (self.ticking and index.isValid() and self.rows.columns[index.column()].look is Look.TICK):
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the record; on its box it is one more click."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self.rows.columns[index.column()].look is Look.TICK:
            self.tick(index.row())
        elif index.isValid():
            self.opened.emit(index.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, 空格 ticks, F2 edits, Alt+↑↓ sorts by the column, Esc takes ticks away."""
        if self.state() == QAbstractItemView.State.EditingState:  # the Enter that ends an edit comes here too
            super().keyPressEvent(event)
            return
        key, current = event.key(), self.currentIndex()
        alone = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and alone and current.isValid():
            self.opened.emit(current.row())
        elif key == Qt.Key.Key_Space and alone and current.isValid():
            self.tick(current.row())
        elif key == Qt.Key.Key_Delete and alone:
            self.delete_asked.emit()
        elif key == Qt.Key.Key_Escape and (self.ticking or self.chosen_count() > 1):
            self.stop_ticking()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            self.sort_asked.emit(current.column(), key == Qt.Key.Key_Down)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and alone and self.rows.rowCount():
            self._jump(0 if key == Qt.Key.Key_Home else self.rows.rowCount() - 1)
        else:
            super().keyPressEvent(event)

    def _jump(self, row: int) -> None:
        """To the first or the last row of the list, as a list has it, not to an end of the line."""
        index = self.rows.index(row, max(self.currentIndex().column(), 1))
        if self.ticking:
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        else:
            self.go_to(row)
        self.scrollTo(index)

    def keyboardSearch(self, search: str) -> None:
        """A letter typed here goes on in the search box; looking through a million rows for it would not."""
        self.typed_on.emit(search)

    # --- one cell in place ---

    def edit_cell(self, index: Index, refused: tuple[str, str] | None = None) -> bool:
        """Open the editor of a cell.

        Args:
            index: Which.
            refused: What was typed there before and why it was not taken; None: its value.

        Returns:
            Whether it can be typed into.
        """
        if not index.isValid() or not index.flags() & Qt.ItemFlag.ItemIsEditable:
            return False
        self.refused = refused
        self.edit(index)
        return True


class _Head(QHeaderView):
    """Heads on the card itself: the word, an arrow where the list is sorted, a line under all."""

    def __init__(self, theme: Theme, view: ListView) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._theme, self._view = theme, view
        self.setFixedHeight(theme.px(t.TABLE_HEAD))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(theme.px(24))
        self.setStyleSheet("QHeaderView { border: none; background: transparent; }")
        self.setMouseTracking(True)
        self.setHighlightSections(False)
        theme.changed.connect(self.viewport().update)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Sort by the head that was clicked."""
        place = self.logicalIndexAt(event.position().toPoint())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self._view.sort_asked.emit(place, None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over heads that can be clicked; the others say why not."""
        place = self.logicalIndexAt(event.position().toPoint())
        column = self._view.rows.columns[place] if 0 <= place < len(self._view.rows.columns) else None
        can = column is not None and self._view.can_sort(column)
        self.setCursor(Qt.CursorShape.PointingHandCursor if can else Qt.CursorShape.ArrowCursor)
        named = column is not None and bool(column.label)
        self.setToolTip("" if not named else "点一下排序" if can else "记录很多，不能按这一列排序；先筛选")

    def paintSection(self, painter: QPainter, rect: QRect, place: int) -> None:
        """Paint a head."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        column = self._view.rows.columns[place]
        painter.save()
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(c.line))
        painter.setFont(theme.font(t.HINT, bold=True))
        painter.setPen(QColor(c.text2))
        room = rect.adjusted(px(PAD), 0, -px(PAD), -1)
        name, descending = self._view.sorted_by
        size = px(t.ICON_BADGE) if column.name == name else 0
        text = painter.fontMetrics().elidedText(column.label, _ELIDE, room.width() - size)
        width = painter.fontMetrics().horizontalAdvance(text)
        left = room.right() - width - size + 1 if column.is_right else room.left()
        painter.drawText(QRect(left, room.top(), width + 2, room.height()), _LEFT, text)
        if size:
            arrow = icons.pixmap("sort-down" if descending else "sort-up", size, c.text2, self.devicePixelRatioF())
            painter.drawPixmap(left + width + px(3), room.center().y() - size // 2 + 1, arrow)
        painter.restore()

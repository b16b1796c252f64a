"""The table of a year's figures: a line an indicator or one of its categories, this year, last year, the difference.

A system's name stands at its first line; Enter or a double click opens the records of a line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fulian_desktop.services.reports.table import How, shown
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role

Index = QModelIndex | QPersistentModelIndex
Line = Mapping[str, Any]

SYSTEM, LABEL, WORD, YEAR, BEFORE, MORE, RECORDS = range(7)
WIDTHS = (112, 0, 64, 136, 136, 124, 96)
NARROW = (104, 0, 52, 116, 112, 104, 0)
"""The same where there is little room: how many records there are is said by their list."""

LEAST_LABEL = 240


def value_text(line: Line, value: int | None) -> str:
    """A figure in words: yuan, percent, a number; — for none."""
    how: How = "money" if line["money"] else "percent" if line["share"] else "number"
    return shown(value, how)


def difference_text(line: Line) -> str:
    """How much more than last year, with its sign; 持平 for as much, "" where there is nothing to compare."""
    if line["value"] is None or line["before"] is None:
        return ""
    more = line["value"] - line["before"]
    return f"+{value_text(line, more)}" if more > 0 else value_text(line, more).replace("-", "−") if more else "持平"


class FigureModel(QAbstractTableModel):
    """The lines of a year."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self.year = 0

    def show_lines(self, year: int, lines: Sequence[Line]) -> None:
        """Show the lines of another year."""
        self.beginResetModel()
        self.year, self.lines = year, lines
        self.endResetModel()

    def begins_system(self, row: int) -> bool:
        """Whether a system begins with this line."""
        return row == 0 or self.lines[row - 1]["system"] != self.lines[row]["system"]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(WIDTHS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a column's head."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return ("类别", "指标", "单位", f"{self.year}年", f"{self.year - 1}年", "增减", "记录")[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a cell's text, or the whole line for screen readers."""
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), line, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            marks = [f"{word} {line[name]} 条" for name, word in (("about", "含约数"), ("incomplete", "待补全")) if line[name]]
            return "，".join([line["label"], *marks])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            value, before = (value_text(line, line[name]) for name in ("value", "before"))
            return f"{line['system_label']}，{line['label']}，{self.year}年 {value}{line['unit_word']}，上年 {before}"
        return None

    def _text(self, row: int, line: Line, column: int) -> str:
        if column == SYSTEM:
            return str(line["system_label"]) if self.begins_system(row) else ""
        if column == LABEL:
            return f"　{line['label']}" if line["category"] is not None else str(line["label"])
        if column == WORD:
            return str(line["unit_word"])
        if column == MORE:
            return difference_text(line)
        if column == RECORDS:
            return f"{line['records']:,}" if line["records"] else ""
        return value_text(line, line["value" if column == YEAR else "before"])


class FigureTable(QTableView):
    """The view: lines of one height, a rule between them, figures at the right."""

    opened = Signal(int)
    """A line's records are asked for."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.figures = FigureModel()
        self.setModel(self.figures)
        self.setItemDelegate(_Delegate(theme, self))
        self.setHorizontalHeader(_Head(theme, self))
        set_role(self, "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(theme.px(t.ROW_DENSE))
        self.verticalHeader().setDefaultSectionSize(theme.px(t.ROW_DENSE))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAccessibleName("全年的数")
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The label takes what the figures leave."""
        super().resizeEvent(event)
        px, room = self._theme.px, self.viewport().width()
        narrow = room - px(sum(WIDTHS)) < px(LEAST_LABEL)
        widths = NARROW if narrow else WIDTHS
        self.setColumnHidden(RECORDS, narrow)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, px(width) if column != LABEL else max(px(120), room - px(sum(widths))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the records of the line."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


class _Head(QHeaderView):
    """The heads, small and bold, over a line; figures to the right."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._theme = theme
        set_role(self, "plain")
        self.setFixedHeight(theme.px(t.TABLE_HEAD))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint a head."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter.save()
        painter.setFont(theme.font(t.HINT, bold=True))
        painter.setPen(QColor(c.text2))
        head = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        room = rect.adjusted(px(8 if section else 14), 0, -px(8), 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | _side(section), head)
        painter.setPen(QPen(QColor(c.line), 1))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        painter.restore()


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column >= YEAR else Qt.AlignmentFlag.AlignLeft


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: FigureTable) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of a line."""
        return QSize(0, self._theme.px(t.ROW_DENSE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        place, column, model = QRect(option.rect), index.column(), self._view.figures
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(place, QColor(c.soft))
            if column == SYSTEM:
                painter.fillRect(QRect(place.left(), place.top(), px(3), place.height()), QColor(c.accent))
        ends = index.row() + 1 == model.rowCount() or model.begins_system(index.row() + 1)
        if ends or column != SYSTEM:
            painter.setPen(QPen(QColor(c.line), 1))
            painter.drawLine(place.left(), place.bottom(), place.right(), place.bottom())
        strong = column in (SYSTEM, YEAR)
        painter.setFont(theme.font(t.BODY if column != WORD else t.DENSE, bold=strong))
        painter.setPen(QColor(c.text if strong or column == LABEL else c.text2))
        room = place.adjusted(px(8 if column else 14), 0, -px(8), -1)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | _side(column), text)
        painter.restore()

"""The rows of a ledger that is being imported: what stands in each cell, what is wrong with it, what becomes of the row.

Rules:

* What is wrong is said three ways: a soft ground, an icon in the cell, the sentence (tooltip, screen reader, pane).
* Rows are data of one list; a filter is a list of row numbers, so a hundred thousand rows are no matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import badge_width, paint_badge
from fulian_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from fulian_desktop.services.pasting import Preview, PreviewRow, Trouble

Index = QModelIndex | QPersistentModelIndex

STATES = {
    "new": ("新增", "ok"), "changed": ("更新", "info"), "unchanged": ("没变化", "mute"), "skipped": ("跳过", "mute"),
    "invalid": ("不能导入", "error"),
}
REASONS = {
    "total": "这是合计行，不是一条记录。", "section": "这是小标题，不是一条记录。", "head": "这是重复的表头。",
    "foot": "这是表尾的话，不是一条记录。",
}
ROW, RESULT, FIRST_CELL = 0, 1, 2
NOT_TAKEN = "记在备注里"
_MEASURED = 60
_NARROWEST, _WIDEST = 84, 260


def troubled(row: PreviewRow) -> bool:
    """Whether something is wrong with a row; a row that is skipped is not."""
    return bool(row.troubles) or row.state == "invalid"


class SheetModel(QAbstractTableModel):
    """The rows of a preview, or those of them that a filter lets through."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: Sequence[tuple[str, str]] = ()
        self.labels: dict[str, str] = {}
        self._rows: Sequence[PreviewRow] = ()
        self._shown: Sequence[int] = ()

    def show_preview(self, preview: Preview) -> None:
        """Take other rows."""
        self.beginResetModel()
        self.heads, self.labels = preview.heads, dict(preview.offered)
        self._rows, self._shown = preview.rows, range(len(preview.rows))
        self.endResetModel()

    def show_only(self, state: str) -> None:
        """Show the rows of one state; ``troubled`` those with something wrong, "" all."""
        self.beginResetModel()
        self._shown = [
            number for number, row in enumerate(self._rows)
            if not state or row.state == state or (state == "troubled" and troubled(row))
        ]
        self.endResetModel()

    def row_at(self, row: int) -> PreviewRow | None:
        """The row shown there."""
        return self._rows[self._shown[row]] if 0 <= row < len(self._shown) else None

    def next_trouble(self, row: int) -> int:
        """The next row below with something wrong, beginning again at the top; -1 for none."""
        count = len(self._shown)
        around = [(row + 1 + step) % count for step in range(count)] if count else []
        return next((at for at in around if troubled(self._rows[self._shown[at]])), -1)

    def troubles_at(self, index: Index) -> list[Trouble]:
        """What is wrong in a cell; at the result, what is wrong with the row as a whole."""
        row = self.row_at(index.row())
        if row is None or index.column() == ROW:
            return []
        head = "" if index.column() == RESULT else self.heads[index.column() - FIRST_CELL][0]
        return [trouble for trouble in row.troubles if trouble.head == head]

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """How many rows are shown."""
        return len(self._shown)

    def columnCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Row number, result, and the columns of the sheet."""
        return FIRST_CELL + len(self.heads)

    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """The head as written; as tooltip, also what it was read as."""
        if way != Qt.Orientation.Horizontal or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if section < FIRST_CELL:
            return ("行", "结果")[section]
        head, name = self.heads[section - FIRST_CELL]
        return head if role == Qt.ItemDataRole.DisplayRole else f"{head}：{self.labels.get(name, NOT_TAKEN)}"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """What a cell shows, and what is wrong with it."""
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            words = [trouble.text for trouble in self.troubles_at(index)]
            if index.column() == RESULT and row.reason:
                words.append(REASONS[row.reason])
            return "\n".join(words) or None
        return None

    def _text(self, row: PreviewRow, column: int) -> str:
        if column == ROW:
            return row.place
        return STATES[row.state][0] if column == RESULT else row.cells.get(self.heads[column - FIRST_CELL][0], "")


class SheetTable(QTableView):
    """The table, its heads saying what each column was read as."""

    row_changed = Signal(int)
    head_chosen = Signal(int)
    """A head was clicked: the number of the sheet's column among those shown."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows = SheetModel()
        self.rows.setParent(self)
        head = _Head(theme, self)
        self.setHorizontalHeader(head)
        self.setModel(self.rows)
        self.setItemDelegate(_CellDelegate(theme, self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(t.ROW_DENSE))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTableView, QAbstractScrollArea::corner { border: none; background: transparent; }")
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("要导入的行")
        head.sectionClicked.connect(lambda section: self.head_chosen.emit(section - FIRST_CELL))
        self.selectionModel().currentChanged.connect(self._moved)
        self.rows.modelReset.connect(self._begin)
        theme.changed.connect(self.viewport().update)

    def show_preview(self, preview: Preview) -> None:
        """Show other rows; columns are as wide as their first rows want."""
        self.rows.show_preview(preview)
        px = self._theme.px
        measure = QFontMetrics(self._theme.font(t.DENSE))
        small = QFontMetrics(self._theme.font(t.HINT))
        widest = max((badge_width(self._theme, *state) for state in STATES.values()), default=0)
        self.setColumnWidth(ROW, max(px(52), measure.horizontalAdvance(preview.rows[-1].place if preview.rows else "") + px(28)))
        self.setColumnWidth(RESULT, widest + px(20))
        for number, (head, name) in enumerate(preview.heads):
            texts = [row.cells.get(head, "").partition("\n")[0][:40] for row in preview.rows[:_MEASURED]]
            wanted = max(
                small.horizontalAdvance(self.rows.labels.get(name, NOT_TAKEN)) + px(24), measure.horizontalAdvance(head) + px(16),
                *(measure.horizontalAdvance(text) + px(42) for text in texts),  # room for an icon
            )
            self.setColumnWidth(FIRST_CELL + number, min(max(wanted, px(_NARROWEST)), px(_WIDEST)))

    def go_to_trouble(self) -> None:
        """The next row with something wrong, at the cell where it stands."""
        at = self.rows.next_trouble(self.currentIndex().row())
        row = self.rows.row_at(at)
        if row is None:
            return
        heads = [head for head, _ in self.rows.heads]
        places = [FIRST_CELL + heads.index(trouble.head) for trouble in row.troubles if trouble.head in heads]
        self.setCurrentIndex(self.rows.index(at, min(places, default=RESULT)))

    def _begin(self) -> None:
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, RESULT))
        self.row_changed.emit(0 if self.rows.rowCount() else -1)

    def _moved(self, index: Index, before: Index) -> None:
        if index.row() != before.row():
            self.row_changed.emit(index.row())


class _Head(QHeaderView):
    """Two lines: the head as written, and below it what it was read as."""

    def __init__(self, theme: Theme, table: SheetTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._theme, self._table = theme, table
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setStyleSheet("QHeaderView { border: none; background: transparent; }")
        self.setFixedHeight(theme.px(52))

    def paintSection(self, painter: QPainter, place: QRect, section: int) -> None:
        theme, c, px, rows = self._theme, self._theme.tokens, self._theme.px, self._table.rows
        painter.save()
        painter.fillRect(place, QColor(c.surface))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(c.line))
        room = place.adjusted(px(10), px(6), -px(6), -px(6))
        text = str(rows.headerData(section, Qt.Orientation.Horizontal))
        painter.setFont(theme.font(t.HINT, bold=True))
        painter.setPen(QColor(c.text2))
        if section < FIRST_CELL:
            painter.drawText(room, Qt.AlignmentFlag.AlignBottom, text)
        else:
            name = rows.heads[section - FIRST_CELL][1]
            self._line(painter, room, Qt.AlignmentFlag.AlignTop, text)
            painter.setFont(theme.font(t.HINT))
            painter.setPen(QColor(c.text3 if name else c.warn))
            self._line(painter, room, Qt.AlignmentFlag.AlignBottom, rows.labels.get(name, NOT_TAKEN))
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, room: QRect, where: Qt.AlignmentFlag, text: str) -> None:
        painter.drawText(room, where, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width()))


class _CellDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, table: SheetTable) -> None:
        super().__init__(table)
        self._theme, self._table = theme, table

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.px(t.ROW_DENSE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, px, rows = self._theme.tokens, self._theme.px, self._table.rows
        row = rows.row_at(index.row())
        if row is None:
            return
        place = QRect(option.rect)
        painter.save()
        chosen = index.row() == self._table.currentIndex().row()
        painter.fillRect(place, QColor(c.soft if chosen else c.surface2 if index.row() % 2 else c.surface))
        wrong = rows.troubles_at(index) if index.column() != RESULT else []
        tone = "error" if row.state == "invalid" else "warn"
        if wrong:
            painter.fillRect(place.adjusted(1, 1, -1, -1), QColor(getattr(c, f"{tone}_soft")))
        room = place.adjusted(px(10), 0, -px(6), 0)
        if index.column() == RESULT:
            word, look = STATES[row.state]
            paint_badge(painter, self._theme, room, word, look, self._table.devicePixelRatioF())
        else:
            self._paint_text(painter, room, index, row, tone if wrong else "")
        if index == self._table.currentIndex() and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(c.focus))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
        painter.restore()

    def _paint_text(self, painter: QPainter, room: QRect, index: Index, row: PreviewRow, tone: str) -> None:
        theme, c = self._theme, self._theme.tokens
        if tone:
            size = theme.px(t.ICON_BADGE)
            drawn = icons.pixmap("error" if tone == "error" else "warn", size, getattr(c, tone), self._table.devicePixelRatioF())
            painter.drawPixmap(room.left(), room.center().y() - size // 2 + 1, drawn)
            room = room.adjusted(size + theme.px(5), 0, 0, 0)
        text = str(index.data() or "")
        quiet = row.state == "skipped" or index.column() == ROW or not text
        painter.setFont(theme.font(t.DENSE))
        painter.setPen(QColor(c.text3 if quiet else c.text))
        shown = " ".join((text or ("" if row.state == "skipped" else "—")).split())
        elided = painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)

"""The table of a merge: a line a unit, with its check box, its state as a badge, six counts and a sentence.

Rules:

* It shows what ``services.receiving`` says, problems first, and decides nothing.
* Space or a click on the box chooses a unit or leaves it out; lines that merging could not use have no box.
* A screen reader hears a line as one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import badge_width, paint_badge
from fulian_desktop.ui.line_head import LineHead
from fulian_desktop.ui.sum_line import PARTS
from fulian_desktop.ui.theme import Theme, set_role

if TYPE_CHECKING:
    from fulian_desktop.services.receiving import Line

Index = QModelIndex | QPersistentModelIndex

STATES = {
    "conflicts": ("有冲突", "conflict"), "refused": ("有拒收", "error"), "damaged": ("损坏", "error"),
    "unknown-signer": ("不认识的签名", "error"), "revoked": ("已作废", "error"), "not-for-us": ("不是给本单位的", "error"),
    "out-of-scope": ("超出范围", "error"), "too-new": ("程序旧", "info"),
    "fork": ("两台电脑同号", "warn"), "waiting": ("等待", "warn"),
    "mergeable": ("可合并", "ok"), "receipt": ("可合并", "ok"), "unchanged": ("没变化", "mute"),
    "others": ("给别的单位", "mute"),
}
"""State of a line → its badge before the merge: word and tone."""

MERGED = ("已合并", "ok")

CHECK, UNIT, STATE, FIRST_COUNT = 0, 1, 2, 3
WORDS = FIRST_COUNT + len(PARTS)
HEADS = ("", "单位", "结果", *(word for _, word, _ in PARTS), "说明")
WIDTHS = (44, 150, 132, *(62,) * len(PARTS))


def badge_of(line: Line, *, merged: bool) -> tuple[str, str]:
    """The word and the tone of a line's badge, before the merge and after it."""
    return MERGED if merged and line.state in ("mergeable", "receipt") else STATES[line.state]


def words_of(line: Line) -> str:
    """The sentence of a line: what is the matter, photos, how many files it came in."""
    parts = [line.reason] if line.reason else []
    if line.photos:
        parts.append(f"含照片 {line.photos} 张")
    if line.photos_missing:
        parts.append(f"还缺 {line.photos_missing} 张照片，下次上报会补")
    if len(line.files) > 1:
        parts.append(f"共 {len(line.files)} 个文件")
    return "；".join(part.rstrip("。") for part in parts)


class MergeModel(QAbstractTableModel):
    """Lines, which of them are chosen, and how far each has come while they are merged."""

    chosen_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[Line] = ()
        self.shown: Sequence[Line] = ()
        self.chosen: set[int] = set()
        self.may_choose = False
        self.merged = False
        self.going: Mapping[int, tuple[str, str]] = {}

    def show_lines(self, lines: Sequence[Line], *, may_choose: bool, merged: bool = False) -> None:
        """Show lines; all that may be chosen are."""
        self.beginResetModel()
        self.lines = self.shown = lines
        self.may_choose, self.merged, self.going = may_choose, merged, {}
        self.chosen = {id(line) for line in lines if line.may_be_chosen}
        self.endResetModel()
        self.chosen_changed.emit()

    def show_only(self, lines: Sequence[Line]) -> None:
        """Show some of the lines; what is chosen stays chosen."""
        self.beginResetModel()
        self.shown = lines
        self.endResetModel()

    def show_going(self, going: Mapping[int, tuple[str, str]]) -> None:
        """While merging: the badge of each line by its place among all lines."""
        self.going = {id(self.lines[place]): badge for place, badge in going.items()}
        self.dataChanged.emit(self.index(0, STATE), self.index(len(self.shown) - 1, STATE))

    def chosen_lines(self) -> list[Line]:
        """The lines that are to be merged."""
        return [line for line in self.lines if id(line) in self.chosen]

    def toggle(self, row: int) -> None:
        """Choose a line or leave it out."""
        line = self.shown[row]
        if self.may_choose and line.may_be_chosen:
            self.chosen ^= {id(line)}
            self.dataChanged.emit(self.index(row, 0), self.index(row, WORDS))
            self.chosen_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many lines are shown."""
        return 0 if parent.isValid() else len(self.shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of columns."""
        return 0 if parent.isValid() else len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a column's head."""
        head = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return HEADS[section] if head else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a cell's text, its tooltip, or the whole line for screen readers."""
        line = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join([self._text(line, WORDS), *line.files][:12]) if index.column() in (UNIT, WORDS) else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(line)
        return None

    def badge(self, line: Line) -> tuple[str, str]:
        """Word and tone of a line's badge as things stand."""
        return self.going.get(id(line)) or badge_of(line, merged=self.merged)

    def spoken(self, line: Line) -> str:
        """A line as one sentence."""
        chosen = "" if not (self.may_choose and line.may_be_chosen) else "，已选" if id(line) in self.chosen else "，没选"
        counts = "，".join(f"{word} {line.counts[name]:,}" for name, word, _ in PARTS if line.counts[name])
        return "，".join(filter(None, [f"{line.name}{chosen}", self.badge(line)[0], counts, words_of(line)]))

    def _text(self, line: Line, column: int) -> str:
        if column == UNIT:
            return line.name
        if column == STATE:
            return self.badge(line)[0]
        if FIRST_COUNT <= column < WORDS:
            count = line.counts[PARTS[column - FIRST_COUNT][0]]
            return f"{count:,}" if count else ""
        return words_of(line) if column == WORDS else ""


class MergeTable(QTableView):
    """The view: fixed row height, lines between rows, the box and the badge painted."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.lines = MergeModel()
        self.setModel(self.lines)
        self.setItemDelegate(_MergeDelegate(theme, self))
        head = LineHead(theme, self, range(FIRST_COUNT, WORDS))
        self.setHorizontalHeader(head)
        set_role(self, "plain")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(t.ROW_DENSE))
        self.verticalHeader().setMinimumSectionSize(theme.px(t.ROW_DENSE))
        for column, width in enumerate(WIDTHS):
            self.setColumnWidth(column, theme.px(width))
        head.setStretchLastSection(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.under_mouse = -1
        self.entered.connect(self._hover)
        self.setAccessibleName("各单位的上报")
        self.setWordWrap(False)
        theme.changed.connect(self.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the counts and the name give way to the sentence."""
        super().resizeEvent(event)
        px = self._theme.px
        spare = self.viewport().width() - sum(px(width) for width in WIDTHS)
        narrow = spare < px(200)
        for column in range(FIRST_COUNT, WORDS):
            self.setColumnWidth(column, px(56 if narrow else WIDTHS[column]))
        self.setColumnWidth(UNIT, px(118 if narrow else WIDTHS[UNIT]))

    def cuts(self, words: str) -> bool:
        """Whether a sentence is longer than its column."""
        room = self.columnWidth(WORDS) - 2 * self._theme.px(8)
        return QFontMetrics(self._theme.font(t.DENSE)).horizontalAdvance(words) > room

    def _hover(self, index: QModelIndex) -> None:
        self.under_mouse = index.row()
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """No line is under the mouse any more."""
        super().leaveEvent(event)
        self.under_mouse = -1
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space chooses the line or leaves it out; Tab goes on."""
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.lines.toggle(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the box does the same."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == CHECK:
            self.lines.toggle(index.row())


class _MergeDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: MergeTable) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.px(t.ROW_DENSE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        model, place, column = self._view.lines, QRect(option.rect), index.column()
        line = model.shown[index.row()]
        painter.save()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or self._view.under_mouse == index.row():
            painter.fillRect(place, QColor(c.soft if selected else c.hover))
        if selected and column == CHECK:
            painter.fillRect(QRect(place.left(), place.top(), px(3), place.height()), QColor(c.accent))
        painter.setPen(QPen(QColor(c.line), 1))
        painter.drawLine(place.left(), place.bottom(), place.right(), place.bottom())
        if column == CHECK:
            if model.may_choose and line.may_be_chosen:
                self._paint_box(painter, place, on=id(line) in model.chosen)
        elif column == STATE:
            word, tone = model.badge(line)
            room = place.adjusted(px(8), 0, -px(4), -1)
            room.setWidth(min(room.width(), badge_width(theme, word, tone)))
            paint_badge(painter, theme, room, word, tone, self._view.devicePixelRatioF())
        else:
            self._paint_text(painter, place, index, dim=model.may_choose and line.may_be_chosen and id(line) not in model.chosen)
        painter.restore()

    def _paint_text(self, painter: QPainter, place: QRect, index: Index, *, dim: bool) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        column = index.column()
        counted = FIRST_COUNT <= column < WORDS
        tone = PARTS[column - FIRST_COUNT][2] if counted else ""
        loud = tone in ("conflict", "error", "warn")
        colour = c.text3 if dim else getattr(c, tone) if loud else c.text2 if column == WORDS else c.text
        painter.setFont(theme.font(t.DENSE if column == WORDS else t.BODY, bold=loud))
        painter.setPen(QColor(colour))
        room = place.adjusted(px(8), 0, -px(8), -1)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if counted else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | side, text)

    def _paint_box(self, painter: QPainter, place: QRect, *, on: bool) -> None:
        c, px = self._theme.tokens, self._theme.px
        edge = px(18)
        box = QRect(place.left() + px(14), place.center().y() - edge // 2, edge, edge)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen if on else QPen(QColor(c.edge), 1))
        painter.setBrush(QColor(c.fill if on else c.surface))
        painter.drawRoundedRect(box, px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
        if on:
            size = px(t.ICON_BADGE)
            tick = icons.pixmap("tick", size, c.on_fill, self._view.devicePixelRatioF())
            painter.drawPixmap(box.center().x() - size // 2 + 1, box.center().y() - size // 2 + 1, tick)


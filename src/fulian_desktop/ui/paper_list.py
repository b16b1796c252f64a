"""The list of what can be put on paper, under its headings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from fulian_desktop.services.papers import Paper

Index = QModelIndex | QPersistentModelIndex


class PaperList(QListView):
    """The papers under their headings."""

    chosen = Signal(object)
    """Another :class:`~fulian_desktop.services.papers.Paper` is the current one."""

    entered_row = Signal()
    """Enter or a double click: on to the options."""

    def __init__(self, theme: Theme, papers: Sequence[Paper]) -> None:
        super().__init__()
        self._model = _PaperModel(papers)
        self._model.setParent(self)
        self.setModel(self._model)
        self.setItemDelegate(_PaperDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setAccessibleName("可以打印的")
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.selectionModel().currentChanged.connect(self._moved)
        self.doubleClicked.connect(lambda _index: self.entered_row.emit())

    def begin(self) -> None:
        """Choose the first paper."""
        self.setCurrentIndex(self._model.index(self._model.first_paper()))

    def choose(self, code: str) -> None:
        """Choose a paper by its code."""
        for row, item in enumerate(self._model.rows):
            if not isinstance(item, str) and item.code == code:
                self.setCurrentIndex(self._model.index(row))

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many records a roster would list: kind's code → number."""
        self._model.counts = {f"roster:{kind}": count for kind, count in counts.items()}
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the options; headings are passed over."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered_row.emit()
        else:
            super().keyPressEvent(event)

    def _moved(self, index: Index) -> None:
        item = self._model.rows[index.row()] if index.isValid() else ""
        if not isinstance(item, str):
            self.chosen.emit(item)


class _PaperModel(QAbstractListModel):
    """Headings (texts) and papers in one list."""

    def __init__(self, papers: Sequence[Paper]) -> None:
        super().__init__()
        self.rows: list[str | Paper] = []
        self.counts: Mapping[str, int] = {}
        group = ""
        for paper in papers:
            if paper.group != group:
                group = paper.group
                self.rows.append(group)
            self.rows.append(paper)

    def first_paper(self) -> int:
        return next(row for row, item in enumerate(self.rows) if not isinstance(item, str))

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return len(self.rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or isinstance(self.rows[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        item = self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return None if isinstance(item, str) else item.about
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return item if isinstance(item, str) else item.label
        return None


class _PaperDelegate(QStyledItemDelegate):
    """Icon, name and what it is; headings small and grey."""

    def __init__(self, theme: Theme, view: PaperList) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        model = index.model()
        heading = isinstance(model, _PaperModel) and isinstance(model.rows[index.row()], str)
        return QSize(0, self._theme.px(34 if heading else 56))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, _PaperModel):
            return
        item, place = model.rows[index.row()], QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(item, str):
            painter.setFont(self._theme.font(t.HINT, bold=True))
            painter.setPen(QColor(self._theme.tokens.text3))
            painter.drawText(place.adjusted(self._theme.px(14), self._theme.px(8), 0, 0), Qt.AlignmentFlag.AlignVCenter, item)
        else:
            self._paint_ground(painter, option, place, index)
            self._paint_paper(painter, item, place, model.counts.get(item.code))
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, place: QRect, index: Index) -> None:
        c, px = self._theme.tokens, self._theme.px
        current = index == self._view.currentIndex()
        if not current and not option.state & QStyle.StateFlag.State_MouseOver:
            return
        box = place.adjusted(px(4), px(2), -px(4), -px(2))
        painter.setPen(QColor(c.focus) if current and self._view.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.soft if current else c.hover))
        painter.drawRoundedRect(box, px(t.RADIUS_CONTROL), px(t.RADIUS_CONTROL))
        if current:
            painter.fillRect(QRect(box.left(), box.top() + px(12), px(3), box.height() - px(24)), QColor(c.accent))

    def _paint_paper(self, painter: QPainter, paper: Paper, place: QRect, count: int | None) -> None:
        c, px, theme = self._theme.tokens, self._theme.px, self._theme
        size, left = px(t.ICON_NAV), place.left() + px(20)
        drawn = icons.pixmap(paper.icon, size, c.accent, self._view.devicePixelRatioF())
        painter.drawPixmap(left, place.center().y() - size // 2, drawn)
        left += size + px(14)
        room = QRect(left, place.top() + px(7), place.right() - left - px(16), px(22))
        if count is not None:
            painter.setFont(theme.font(t.DENSE))
            painter.setPen(QColor(c.text2))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{count:,} 条")
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(c.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, paper.label)
        painter.setFont(theme.font(t.HINT))
        painter.setPen(QColor(c.text2))
        room.translate(0, px(21))
        about = painter.fontMetrics().elidedText(paper.about, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, about)

"""The pages of a paper small, one under the other, beside the paper itself."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.page_images import PageImages, Piece, height_of
from fulian_desktop.ui.theme import Theme

Index = QModelIndex | QPersistentModelIndex


class PageList(QListView):
    """The pages small, one under the other; the one shown is marked."""

    chosen = Signal(int)

    WIDTH, LABEL = 108, 24

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.images: PageImages | None = None
        self.setModel(_PageModel(0))
        self.setItemDelegate(_PageDelegate(theme, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("各页")
        self.verticalScrollBar().valueChanged.connect(self.ask)
        self.clicked.connect(lambda index: self.chosen.emit(index.row()))

    def show_images(self, images: PageImages) -> None:
        """Show another paper."""
        self.images = images
        images.came.connect(lambda _page: self.viewport().update())
        model = _PageModel(len(images.sizes))
        model.setParent(self)
        self.setModel(model)
        self.selectionModel().currentChanged.connect(self._moved)
        self.mark(0)
        self.ask()

    def mark(self, page: int) -> None:
        """Mark the page that is shown, without asking to show it."""
        selection = self.selectionModel()
        before = selection.blockSignals(True)
        self.setCurrentIndex(self.model().index(page, 0))
        selection.blockSignals(before)
        self.scrollTo(self.currentIndex())
        self.viewport().update()

    def _moved(self, index: Index) -> None:
        if self.hasFocus():
            self.chosen.emit(index.row())

    def piece(self, page: int) -> Piece:
        """The small picture of a page."""
        return Piece(page, round(self._theme.px(self.WIDTH) * self.devicePixelRatioF()))

    def ask(self) -> None:
        """Ask for the pictures in sight."""
        if self.images is None or not self.images.sizes:
            return
        first = max(0, self.indexAt(self.viewport().rect().topLeft()).row())
        last = self.indexAt(self.viewport().rect().bottomLeft()).row()
        last = len(self.images.sizes) - 1 if last < 0 else last
        self.images.want("list", [self.piece(page) for page in range(first, min(last, first + 20) + 1)])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer pages are in sight."""
        super().resizeEvent(event)
        self.ask()


class _PageModel(QAbstractListModel):
    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"第 {index.row() + 1} 页"
        return None


class _PageDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, pages: PageList) -> None:
        super().__init__(pages)
        self._theme, self._pages = theme, pages

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        images, px = self._pages.images, self._theme.px
        if images is None:
            return QSize(0, 0)
        width = px(PageList.WIDTH)
        return QSize(width + px(24), height_of(images.sizes[index.row()], width) + px(PageList.LABEL + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, px, images = self._theme.tokens, self._theme.px, self._pages.images
        if images is None:
            return
        page = index.row()
        width = px(PageList.WIDTH)
        place = QRect(option.rect)
        sheet = QRect(place.center().x() - width // 2, place.top() + px(8), width, height_of(images.sizes[page], width))
        current = index == self._pages.currentIndex()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if current or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place.adjusted(px(2), px(2), -px(2), -px(2)), QColor(c.soft if current else c.hover))
        painter.fillRect(sheet, Qt.GlobalColor.white)
        drawn = images.find(self._pages.piece(page))
        if drawn is not None:
            painter.drawPixmap(QRectF(sheet), drawn, QRectF(drawn.rect()))
        ring = c.focus if current and self._pages.hasFocus() else c.accent if current else c.line
        painter.setPen(QPen(QColor(ring), px(2) if current else 1))
        painter.drawRect(sheet)
        painter.setFont(self._theme.font(t.HINT, bold=current))
        painter.setPen(QColor(c.accent if current else c.text2))
        label = QRect(place.left(), sheet.bottom() + 1, place.width(), px(PageList.LABEL))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(page + 1))
        painter.restore()

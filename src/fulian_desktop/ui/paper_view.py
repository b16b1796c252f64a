"""The pages of a paper on the screen: one under the other, and small in a list beside it.

Rules:

* Only pages in sight are drawn, one after another on the worker; what is no longer in sight is not asked for.
* What was drawn is kept up to a bound of bytes, so a thousand certificates do not fill the memory.
* Until a page has come, an older picture of it in another size stands there, else white paper.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

KEPT_BYTES = 96_000_000
WIDEST = 3_000
"""Dots across a drawn page; beyond that the picture is stretched."""

SCREEN_DPI = 96.0
ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
GAP = 16
"""Pixels at 100 % between pages and round them."""

Index = QModelIndex | QPersistentModelIndex
Size = tuple[float, float]


@dataclass(frozen=True)
class Piece:
    """A page in a width of so many dots."""

    page: int
    width: int


def height_of(size: Size, width: int) -> int:
    """How high a page of this size is at this width."""
    return max(1, round(size[1] * width / size[0]))


class PageImages(QObject):
    """The drawn pages of one PDF.

    Args:
        pdf: The file; ``sizes`` its pages in points.
    """

    came = Signal(int)
    """A page was drawn."""

    failed = Signal(object)

    def __init__(self, desk: Desk, pdf: bytes, sizes: Sequence[Size], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._pdf, self.sizes = desk, pdf, sizes
        self._kept: OrderedDict[Piece, QPixmap] = OrderedDict()
        self._bytes = 0
        self._wanted: dict[str, list[Piece]] = {}
        self._asked: Piece | None = None
        self._broken = False

    @property
    def kept_bytes(self) -> int:
        """How much memory the pictures take."""
        return self._bytes

    def find(self, piece: Piece) -> QPixmap | None:
        """The picture of a page in a width, or the best other one of that page."""
        found = self._kept.get(piece)
        if found is not None:
            self._kept.move_to_end(piece)
            return found
        others = [other for other in self._kept if other.page == piece.page]
        return self._kept[max(others, key=lambda other: other.width)] if others else None

    def want(self, who: str, pieces: Sequence[Piece]) -> None:
        """Say what ``who`` shows now; what it wanted before and did not get is forgotten."""
        self._wanted[who] = list(pieces)
        self._ask_next()

    def rest(self) -> None:
        """The page is left: the document is put away, and opened again should anything be drawn after all."""
        self._wanted.clear()
        self._desk.ask(self._desk, _put_away, lambda _: None)

    def _ask_next(self) -> None:
        if self._asked is not None or self._broken:
            return
        piece = next((p for pieces in self._wanted.values() for p in pieces if p not in self._kept), None)
        if piece is None:
            return
        self._asked = piece
        pdf, size = self._pdf, self.sizes[piece.page]
        dpi, height = piece.width / size[0] * 72, height_of(size, piece.width)

        def work(_office: Office, _progress: Progress) -> bytes:
            from fulian_desktop.services.papers import draw_piece

            return draw_piece(pdf, piece.page, dpi, 0, 0, piece.width, height)

        self._desk.ask(self, work, lambda dots: self._take(piece, height, dots), failed=self._fail)

    def _take(self, piece: Piece, height: int, dots: bytes) -> None:
        self._asked = None
        # The pixmap is a copy: the bytes may go.
        self._kept[piece] = QPixmap.fromImage(QImage(dots, piece.width, height, piece.width * 4, QImage.Format.Format_RGB32))
        self._bytes += len(dots)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            old, _ = self._kept.popitem(last=False)
            self._bytes -= old.width * height_of(self.sizes[old.page], old.width) * 4
        self.came.emit(piece.page)
        self._ask_next()

    def _fail(self, error: Exception) -> None:
        self._asked, self._broken = None, True
        self.failed.emit(error)


def _put_away(_office: Office, _progress: Progress) -> None:
    from fulian_desktop.services.papers import put_away

    put_away()


class PaperView(QAbstractScrollArea):
    """The pages one under the other on grey ground, as they come out of the printer."""

    page_changed = Signal(int)
    zoomed = Signal(str)
    """The zoom in words: ``120 %``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._images: PageImages | None = None
        self._places: list[QRect] = []
        self._fit, self._zoom, self._page = "page", 1.0, 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("纸面")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self.viewport().update)

    @property
    def page(self) -> int:
        """The page in the middle of the view, from 0."""
        return self._page

    def show_images(self, images: PageImages) -> None:
        """Show another paper from its first page."""
        self._images = images
        images.came.connect(lambda _page: self.viewport().update())
        self._page = 0
        self._lay_out()
        self.verticalScrollBar().setValue(0)

    # --- zoom ---

    def fit_page(self) -> None:
        """A whole page at a time."""
        self._set_zoom("page", self._zoom)

    def fit_width(self) -> None:
        """As wide as the view."""
        self._set_zoom("width", self._zoom)

    def zoom_by(self, step: int) -> None:
        """One step larger or smaller."""
        now = self._scale_of(self._page)
        if step > 0:
            self._set_zoom("", next((zoom for zoom in ZOOMS if zoom > now * 1.02), ZOOMS[-1]))
        else:
            self._set_zoom("", next((zoom for zoom in reversed(ZOOMS) if zoom < now * 0.98), ZOOMS[0]))

    def _set_zoom(self, fit: str, zoom: float) -> None:
        self._fit, self._zoom = fit, zoom
        page = self._page
        self._lay_out()
        self.go_to(page)

    def zoom_name(self) -> str:
        """The zoom of the page that is shown, in words."""
        return f"{round(self._scale_of(self._page) * 100)} %"

    def _scale_of(self, page: int) -> float:
        """The zoom at which a page is shown."""
        if self._images is None or not self._images.sizes:
            return 1.0
        width, height = (side / 72 * SCREEN_DPI for side in self._images.sizes[page])
        room = self.viewport().size()
        gap = self._theme.px(GAP)
        across, down = (room.width() - 2 * gap) / width, (room.height() - 2 * gap) / height
        if self._fit == "width":
            return max(ZOOMS[0], min(across, ZOOMS[-1]))
        return max(0.1, min(across, down, ZOOMS[-1])) if self._fit == "page" else self._zoom

    def _lay_out(self) -> None:
        self._places = []
        if self._images is None:
            return
        gap, top, widest = self._theme.px(GAP), self._theme.px(GAP), 0
        room = self.viewport().size()
        for page, size in enumerate(self._images.sizes):
            scale = self._scale_of(page) * SCREEN_DPI / 72
            width = max(1, round(size[0] * scale))
            height = height_of(size, width)
            self._places.append(QRect(max(gap, (room.width() - width) // 2), top, width, height))
            widest = max(widest, width)
            top += height + gap
        down, across = self.verticalScrollBar(), self.horizontalScrollBar()
        down.setRange(0, max(0, top - room.height()))
        down.setPageStep(room.height())
        down.setSingleStep(self._theme.px(48))
        across.setRange(0, max(0, widest + 2 * gap - room.width()))
        across.setPageStep(room.width())
        self.zoomed.emit(self.zoom_name())
        self._scrolled()

    # --- pages ---

    def go_to(self, page: int) -> None:
        """Show a page from its upper edge."""
        if self._places:
            place = self._places[max(0, min(page, len(self._places) - 1))]
            self.verticalScrollBar().setValue(place.top() - self._theme.px(GAP))

    def _in_sight(self) -> list[int]:
        """The pages in sight; the places are in order, so the first one is found by halving."""
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        low, high = 0, len(self._places)
        while low < high:
            middle = (low + high) // 2
            if self._places[middle].bottom() < top:
                low = middle + 1
            else:
                high = middle
        found = []
        while low < len(self._places) and self._places[low].top() <= bottom:
            found.append(low)
            low += 1
        return found

    def _scrolled(self) -> None:
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        seen = self._in_sight()
        if seen:
            now = min(seen, key=lambda page: abs(self._places[page].center().y() - middle))
            if self.verticalScrollBar().value() == 0:
                now = seen[0]
            if now != self._page:
                self._page = now
                self.page_changed.emit(now)
        if self._images is not None:
            self._images.want("paper", [self._piece(page) for page in seen])
        self.viewport().update()

    def _piece(self, page: int) -> Piece:
        return Piece(page, min(WIDEST, round(self._places[page].width() * self.devicePixelRatioF())))

    # --- what Qt asks ---

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, shadows and the pages in sight."""
        c, px = self._theme.tokens, self._theme.px
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.viewport().rect(), QColor(c.line))
        if self._images is None:
            return
        painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        for page in self._in_sight():
            place = self._places[page]
            for spread in range(px(4), 0, -1):
                shade = QColor(c.edge)
                shade.setAlpha(24)
                painter.fillRect(place.adjusted(-spread, -spread + px(2), spread, spread + px(2)), shade)
            painter.fillRect(place, Qt.GlobalColor.white)
            drawn = self._images.find(self._piece(page))
            if drawn is not None:
                painter.drawPixmap(QRectF(place), drawn, QRectF(drawn.rect()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        page = self._page
        self._lay_out()
        if self._fit:
            self.go_to(page)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel zoom; the wheel alone scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """PgUp, PgDn a page, Home and End the first and last, arrows scroll."""
        last = len(self._places) - 1
        where = {
            Qt.Key.Key_PageDown: self._page + 1, Qt.Key.Key_PageUp: self._page - 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }.get(Qt.Key(event.key()))
        bar = self.verticalScrollBar()
        if where is not None:
            self.go_to(where)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            bar.setValue(bar.value() + bar.singleStep() * (1 if event.key() == Qt.Key.Key_Down else -1))
        else:
            super().keyPressEvent(event)


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

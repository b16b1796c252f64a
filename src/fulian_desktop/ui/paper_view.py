"""The pages of a paper on the screen, one under the other, as they come out of the printer.

Rule: only pages in sight are asked for (``page_images``).
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from fulian_desktop.ui.page_images import PageImages, Piece, height_of
from fulian_desktop.ui.theme import Theme

WIDEST = 3_000
"""Dots across a drawn page; beyond that the picture is stretched."""

SCREEN_DPI = 96.0
ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
GAP = 16
"""Pixels at 100 % between pages and round them."""


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

"""The drawn pages of a paper, kept up to a bound of bytes; one at a time is drawn on the worker.

Rules:

* Only pages that somebody shows are drawn; what is no longer wanted is not asked for.
* What was drawn is kept up to a bound of bytes, so a thousand certificates do not fill the memory.
* Until a page has come, an older picture of it in another size stands there, else white paper.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from fulian_desktop.ui.desk import Desk

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

KEPT_BYTES = 96_000_000

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

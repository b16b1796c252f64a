"""Pages of a finished PDF as pixels, for looking at before printing and for printing itself.

Rules:

* PDFium is not made for two threads: whatever touches it holds one lock, and nothing is left to be closed by a collector.
* One document stays open, the one asked for last, so that its typefaces are read once and not for every page.
* A page is drawn in pieces as large as the caller says: a page at 600 dpi is 140 MB, a band of it is not.
"""

from __future__ import annotations

import atexit
import ctypes
import threading
from typing import Any

from fulian_desktop.errors import Damaged

POINTS_PER_INCH = 72.0
MOST_PIXELS = 40_000_000
"""Of one piece: 160 MB."""

_lock = threading.Lock()
_held: list[tuple[bytes, Any]] = []


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of every page in points.

    Raises:
        Damaged: It is no PDF, or PDFium cannot read it.
    """
    with _lock:
        document = _document(pdf)
        return [document.get_page_size(number) for number in range(len(document))]


def draw_piece(pdf: bytes, page: int, dpi: float, left: int, top: int, width: int, height: int) -> bytes:
    """A piece of a page as it comes out of the printer, on white.

    Args:
        pdf: The document.
        page: Its page, from 0.
        dpi: Dots an inch.
        left: Where the piece begins, in dots from the page's left edge.
        top: The same from its upper edge.
        width: How many dots across.
        height: How many dots down.

    Returns:
        Rows from the top, four bytes a dot: blue, green, red, unused.

    Raises:
        Damaged: The page cannot be read.
        ValueError: The piece is larger than :data:`MOST_PIXELS`.
    """
    if width < 1 or height < 1 or width * height > MOST_PIXELS:
        raise ValueError(f"a piece of {width} x {height} dots")
    import pypdfium2  # type: ignore[import-untyped]
    import pypdfium2.raw as raw  # type: ignore[import-untyped]

    with _lock:
        document = _document(pdf)
        try:
            opened = document[page]
        except pypdfium2.PdfiumError as error:
            raise _damaged() from error
        wide, high = (max(1, round(side * dpi / POINTS_PER_INCH)) for side in opened.get_size())
        dots = (ctypes.c_ubyte * (width * height * 4))()
        bitmap = raw.FPDFBitmap_CreateEx(width, height, raw.FPDFBitmap_BGRx, dots, width * 4)
        try:
            raw.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, 0xFFFFFFFF)
            raw.FPDF_RenderPageBitmap(bitmap, opened, -left, -top, wide, high, 0, raw.FPDF_ANNOT)
        finally:
            raw.FPDFBitmap_Destroy(bitmap)
            opened.close()
        return bytes(dots)


def put_away() -> None:
    """Close the document that is still open."""
    with _lock:
        _close()


def _document(pdf: bytes) -> Any:  # noqa: ANN401 - pypdfium2 has no types
    import pypdfium2

    if _held and _held[0][0] is pdf:
        return _held[0][1]
    _close()
    atexit.unregister(put_away)
    atexit.register(put_away)  # behind pypdfium2's own: it complains of what is still open
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        raise _damaged() from error
    _held.append((pdf, document))
    return document


def _close() -> None:
    for _, document in _held:
        document.close()
    _held.clear()


def _damaged() -> Damaged:
    return Damaged("这个 PDF 打不开，文件可能损坏了。下一步：重新生成一份，或换一个文件。", "damaged")

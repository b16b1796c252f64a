"""Sending pages to a printer: at 100 %, band by band, with counting and a way to stop (DESIGN §9).

Rules:

* A page is printed in its own size, never fitted; a page larger than the paper goes over several sheets that overlap.
* Bands are drawn on the worker and painted here: a page at 600 dots an inch would be 140 MB at once.
* Stopping leaves the sheets that are already out and says how many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QWidget

from fulian_desktop.errors import MachineProblem
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.jobs import Job

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

MOST_DPI = 600
BAND_DOTS = 2_000_000
OVERLAP = 10 / 25.4 * 72
"""Points by which sheets overlap (10 mm)."""
TOLERANCE = 3 / 25.4 * 72
"""Points by which a page may be larger than the paper and still counts as that paper (3 mm)."""

NO_PRINTER = "这台电脑还没有装打印机。下一步：存为 PDF，拷到有打印机的电脑上打印。"
NOT_READY = "打印机没有准备好，一张也没有打印。下一步：看看打印机电源和连线，再打印一次。"

Size = tuple[float, float]


@dataclass(frozen=True)
class Sheet:
    """One sheet of paper: the part of a page that stands on it, in points from the page's upper left corner."""

    page: int
    left: float
    top: float
    width: float
    height: float


def plan_sheets(page: int, size: Size, paper: Size) -> list[Sheet]:
    """The sheets that a page takes on this paper, which is turned where that saves sheets."""
    if _fits(size, paper):
        return [Sheet(page, 0.0, 0.0, *size)]
    wide, high = min((paper, paper[::-1]), key=lambda turned: len(_steps(size[0], turned[0])) * len(_steps(size[1], turned[1])))
    return [
        Sheet(page, left, top, min(wide, size[0] - left), min(high, size[1] - top))
        for top in _steps(size[1], high) for left in _steps(size[0], wide)
    ]


def _fits(size: Size, paper: Size) -> bool:
    return any(size[0] <= p[0] + TOLERANCE and size[1] <= p[1] + TOLERANCE for p in (paper, paper[::-1]))


def _steps(length: float, paper: float) -> list[float]:
    """Where sheets of this length begin, so that they cover it and overlap."""
    if length <= paper + TOLERANCE:
        return [0.0]
    count = ceil((length - OVERLAP) / (paper - OVERLAP))
    return [number * (paper - OVERLAP) for number in range(count)]


def chosen_pages(printer: QPrinter, count: int) -> list[int]:
    """The pages that were chosen in the dialog, from 0, in order."""
    ranges = printer.pageRanges()
    pages = [page for page in range(count) if ranges.isEmpty() or ranges.contains(page + 1)]
    if printer.printRange() == QPrinter.PrintRange.PageRange and printer.fromPage() > 0 and ranges.isEmpty():
        pages = [page for page in pages if printer.fromPage() <= page + 1 <= printer.toPage()]
    copies = 1 if printer.supportsMultipleCopies() else printer.copyCount()
    return pages * copies


def choose_printer(parent: QWidget, title: str, size: Size, count: int) -> QPrinter | None:
    """Ask for printer, pages and copies; None when nothing is to be printed.

    Raises:
        MachineProblem: This computer has no printer.
    """
    if not QPrinterInfo.availablePrinterNames():
        raise MachineProblem(NO_PRINTER, "no-printer")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    set_up(printer, title, size)
    dialog = QPrintDialog(printer, parent)
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange, count > 1)
    dialog.setMinMax(1, max(1, count))
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    printer.setFullPage(True)  # another printer may have been chosen, with margins of its own
    return printer


def set_up(printer: QPrinter, title: str, size: Size) -> None:
    """Give a printer the name of what is printed and paper in the size of the pages, to the very edge."""
    printer.setDocName(title)
    upright = QPageSize(QSizeF(min(size), max(size)), QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.FuzzyMatch)
    layout = QPageLayout(upright, _orientation(size), QMarginsF(), QPageLayout.Unit.Point)
    layout.setMode(QPageLayout.Mode.FullPageMode)
    printer.setPageLayout(layout)
    printer.setFullPage(True)


def _orientation(size: Size) -> QPageLayout.Orientation:
    return QPageLayout.Orientation.Landscape if size[0] > size[1] else QPageLayout.Orientation.Portrait


class Printout(QObject):
    """Prints pages, one band after another.

    Args:
        pdf: The file; ``sizes`` its pages in points.
        printer: Set up and chosen.
        pages: Which pages, from 0, in order.
    """

    progressed = Signal(int, int, str)
    """Bands through, bands in all, and at which sheet."""

    ended = Signal(int, bool)
    """Sheets that went out, and whether it was stopped."""

    failed = Signal(object)

    def __init__(
        self, desk: Desk, pdf: bytes, sizes: Sequence[Size], printer: QPrinter, pages: Sequence[int], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk, self._pdf, self._printer = desk, pdf, printer
        self._dpi = float(min(MOST_DPI, printer.resolution()))
        paper = printer.pageLayout().fullRectPoints()
        self._sheets = [sheet for page in pages for sheet in plan_sheets(page, sizes[page], (paper.width(), paper.height()))]
        self._painter = QPainter()
        self._at, self._row, self._through, self._stopped = 0, 0, 0, False
        self._total = sum(ceil(self._dots(sheet.height) / self._band(sheet)) for sheet in self._sheets)

    @property
    def sheets(self) -> int:
        """How many sheets of paper it takes."""
        return len(self._sheets)

    def start(self) -> Job | None:
        """Begin; None when the printer would not."""
        self._turn()
        if not self._sheets or not self._painter.begin(self._printer):
            self.failed.emit(MachineProblem(NOT_READY, "printer"))
            return None
        return self._next_band()

    def stop(self) -> None:
        """Print nothing further."""
        self._stopped = True

    def _dots(self, points: float) -> int:
        return max(1, round(points / 72 * self._dpi))

    def _band(self, sheet: Sheet) -> int:
        """How many rows a band of this sheet has."""
        return max(64, BAND_DOTS // self._dots(sheet.width))

    def _turn(self) -> None:
        """Turn the paper for the sheet that comes; without effect where the printer cannot."""
        if self._at < len(self._sheets):
            sheet = self._sheets[self._at]
            self._printer.setPageOrientation(_orientation((sheet.width, sheet.height)))

    def _next_band(self) -> Job:
        sheet = self._sheets[self._at]
        left, top = (round(part / 72 * self._dpi) for part in (sheet.left, sheet.top))
        width, rows = self._dots(sheet.width), min(self._band(sheet), self._dots(sheet.height) - self._row)
        pdf, dpi, row = self._pdf, self._dpi, self._row

        def work(_office: Office, progress: Progress) -> bytes:
            from fulian_desktop.services.papers import draw_piece

            progress.step(0, 1, "")
            return draw_piece(pdf, sheet.page, dpi, left, top + row, width, rows)

        return self._desk.ask(
            self, work, lambda dots: self._paint(dots, width, rows), failed=self._fail, cancelled=lambda: self._end(stopped=True)
        )

    def _paint(self, dots: bytes, width: int, rows: int) -> None:
        factor = self._printer.resolution() / self._dpi
        image = QImage(dots, width, rows, width * 4, QImage.Format.Format_RGB32)
        self._painter.drawImage(QRectF(0, self._row * factor, width * factor, rows * factor), image)
        self._row += rows
        self._through += 1
        self.progressed.emit(self._through, self._total, f"第 {self._at + 1} 张，共 {len(self._sheets)} 张")
        sheet = self._sheets[self._at]
        if self._row >= self._dots(sheet.height):
            self._at, self._row = self._at + 1, 0
            self._turn()
        if self._stopped or self._at >= len(self._sheets):
            self._end(stopped=self._stopped and self._at < len(self._sheets))
        elif self._row == 0 and not self._printer.newPage():
            self._fail(MachineProblem(f"印完第 {self._at} 张停下了。下一步：看看打印机有没有纸，再打印后面的。", "printer"))
        else:
            self._next_band()

    def _end(self, *, stopped: bool) -> None:
        if stopped:
            self._printer.abort()
        self._painter.end()
        self.ended.emit(self._at, stopped)

    def _fail(self, error: Exception) -> None:
        self._printer.abort()
        self._painter.end()
        self.failed.emit(error)

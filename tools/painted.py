"""What a window paints, read as words: each with the place it stands in, whoever painted it, Qt or our own code.

Rules:

* The window is painted once more onto a device that keeps no colours but every word, with the clip in force there: what
  is cut, what lies over another word and what the fonts lack follows from that, for labels and for painted cells alike.
* What a later filled shape covers is not seen and does not count; nor does what can be scrolled to.
* A word that ends in … is whole somewhere else: in the tooltip that the pointer finds there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QHelpEvent,
    QPaintDevice,
    QPaintEngine,
    QPaintEngineState,
    QPainterPath,
    QPixmap,
    QTextItem,
    QTextLayout,
    QTransform,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QToolTip,
    QWidget,
)

ABOVE, BELOW = 0.86, 0.1
"""How far the strokes of a 汉字 reach above and below its base line, in parts of its size."""

SLACK = 2.5
"""Pixels that may be missing, or lie over each other, before anybody sees it."""

_WITHOUT_INK = frozenset({"Cc", "Cf", "Mn", "Me", "Zs", "Zl", "Zp"})
"""Categories of characters that are no more than a mark, a break or a blank."""


@dataclass(frozen=True)
class Words:
    """One run of words in one line.

    Attributes:
        text: As painted.
        ink: Where its strokes are. seen: How much of that place is not clipped away, bare: nor painted over.
        font: In which font.
    """

    text: str
    ink: QRectF
    seen: QRectF
    bare: QRectF
    font: QFont

    @property
    def is_seen(self) -> bool:
        """Whether any of it is."""
        return self.bare.width() > 1 and self.bare.height() > 1


class _Reader(QPaintEngine):
    """Keeps the words that are painted."""

    def __init__(self, dpi: int) -> None:
        super().__init__(QPaintEngine.PaintEngineFeature.AllFeatures)
        self._dpi = dpi
        self._at = QTransform()
        self._covers = False
        self.words: list[Words] = []

    def begin(self, _device: QPaintDevice) -> bool:
        self.setActive(True)
        return True

    def end(self) -> bool:
        self.setActive(False)
        return True

    def type(self) -> QPaintEngine.Type:
        return QPaintEngine.Type.User

    def updateState(self, state: QPaintEngineState) -> None:
        self._at = state.transform()
        self._covers = state.brush().isOpaque() and state.opacity() > 0.99

    def _clip(self) -> QRectF:
        """What of the device is painted on at the moment."""
        clip = QRectF(self.systemClip().boundingRect()) if not self.systemClip().isEmpty() else QRectF(0, 0, 1e6, 1e6)
        if self.painter().hasClipping():
            clip = clip.intersected(self._at.mapRect(QRectF(self.painter().clipRegion().boundingRect())))
        return clip

    def drawTextItem(self, at: QPointF, item: QTextItem) -> None:
        font = item.font()
        size = font.pixelSize() if font.pixelSize() > 0 else font.pointSizeF() * self._dpi / 72
        text, width = item.text(), item.width()
        place = self._at.map(at)
        ink = QRectF(place.x(), place.y() - ABOVE * size, width, (ABOVE + BELOW) * size)
        before = self.words[-1] if self.words else None
        clip = self._clip()
        if before and abs(before.ink.bottom() - ink.bottom()) < 1 and abs(before.ink.right() - ink.left()) < 1:
            self.words.pop()  # 中文 and Latin letters come one after the other
            text, ink = before.text + text, before.ink.united(ink)
        self.words.append(Words(text, ink, ink.intersected(clip), ink.intersected(clip), font))

    def drawPath(self, path: QPainterPath) -> None:
        if self._covers and self.words:
            shape = self._at.mapRect(path.boundingRect()).intersected(self._clip()).adjusted(-1, -1, 1, 1)
            self.words = [replace(words, bare=_left_of(words.bare, shape)) for words in self.words]

    def drawPolygon(self, *_shape: object) -> None:
        """Icons and lines; no word lies under them."""

    def drawPixmap(self, _place: QRectF, _pixmap: QPixmap, _part: QRectF) -> None:
        """Icons and photos; no word lies under them."""


def _left_of(place: QRectF, shape: QRectF) -> QRectF:
    """What is left of a line of words when a shape is painted over it: the longer end."""
    if not shape.intersects(place) or shape.top() > place.top() + SLACK or shape.bottom() < place.bottom() - SLACK:
        return place
    before, behind = QRectF(place), QRectF(place)
    before.setRight(min(place.right(), max(place.left(), shape.left())))
    behind.setLeft(max(place.left(), min(place.right(), shape.right())))
    return max(before, behind, key=QRectF.width)


class _Paper(QPaintDevice):
    """Something to paint on as large as a widget."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._widget = widget
        self.reader = _Reader(widget.logicalDpiY())

    def paintEngine(self) -> QPaintEngine:
        return self.reader

    def devType(self) -> int:
        return 0

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        of, widget = QPaintDevice.PaintDeviceMetric, self._widget
        known = {
            of.PdmWidth: widget.width(), of.PdmHeight: widget.height(), of.PdmWidthMM: widget.widthMM(),
            of.PdmHeightMM: widget.heightMM(), of.PdmDpiX: widget.logicalDpiX(), of.PdmDpiY: widget.logicalDpiY(),
            of.PdmPhysicalDpiX: widget.physicalDpiX(), of.PdmPhysicalDpiY: widget.physicalDpiY(), of.PdmDepth: 32,
            of.PdmNumColors: 1 << 24,
        }
        scaled = getattr(of, "PdmDevicePixelRatioScaled", None)
        return 0x10000 if metric == scaled else known.get(metric, 1)


def painted(root: QWidget) -> list[Words]:
    """All words that a widget and everything in it paint, and that are seen."""
    paper = _Paper(root)
    root.render(paper, QPoint(0, 0))
    return [words for words in paper.reader.words if words.is_seen and words.text.strip()]


# --- what is wrong with it ---------------------------------------------------------------------------------


def faults(root: QWidget) -> list[str]:
    """What is wrong with the words that a widget paints: cut, shortened and nowhere whole, one over the other, boxes."""
    every = painted(root)
    found = [f"clipped: {words.text.strip()}" for words in every if _is_clipped(words, root)]
    found += [f"shortened: {words.text.strip()}" for words in every if _is_lost(words, root)]
    found += [f"over each other: {a} / {b}" for a, b in _overlapping(every)]
    return found + [f"box: {words.text.strip()} ({lacking})" for words in every if (lacking := missing(words.text, words.font))]


def _owner(words: Words, root: QWidget) -> QWidget:
    """The innermost widget where they are seen."""
    return root.childAt(words.bare.center().toPoint()) or root


def _is_clipped(words: Words, root: QWidget) -> bool:
    """Whether strokes are cut off that no scrolling brings back."""
    tail = len(words.text) - len(words.text.rstrip())
    right = words.ink.right() - tail * words.ink.height() / 2
    wide = words.ink.left() < words.seen.left() - SLACK or right > words.seen.right() + SLACK
    high = words.ink.top() < words.seen.top() - SLACK or words.ink.bottom() > words.seen.bottom() + SLACK
    if not wide and not high:
        return False
    widget: QWidget | None = _owner(words, root)
    if isinstance(widget, QLineEdit) and widget.text():
        return False  # what was typed scrolls under the caret
    while widget is not None and widget is not root.parentWidget():
        if isinstance(widget, QAbstractScrollArea):
            high = high and widget.verticalScrollBar().maximum() == 0
            wide = wide and (widget.horizontalScrollBar().maximum() == 0 or not isinstance(widget, QAbstractItemView))
        widget = widget.parentWidget()
    return wide or high


def _is_lost(words: Words, root: QWidget) -> bool:
    """Whether they end in … and are nowhere whole."""
    text = words.text.strip()
    if not text.endswith("…") or text.endswith("……"):
        return False
    widget = _owner(words, root)
    own = widget.text() if isinstance(widget, QLabel | QAbstractButton | QLineEdit) else ""
    if text.removesuffix("…") and own.strip().endswith(text):
        return False  # they say so themselves
    return not _tip(widget, root, words.bare.center().toPoint())


def _tip(widget: QWidget, root: QWidget, at: QPoint) -> str:
    """The tooltip that the pointer finds at a place."""
    while widget is not None:
        if widget.toolTip():
            return widget.toolTip()
        view = widget.parentWidget()
        if isinstance(view, QAbstractItemView) and widget is view.viewport():
            inside = view.viewport().mapFrom(root, at)
            data = view.indexAt(inside).data(Qt.ItemDataRole.ToolTipRole)
            if data:
                return str(data)
            QToolTip.hideText()
            QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, inside, widget.mapToGlobal(inside)))
            shown = QToolTip.text() if QToolTip.isVisible() else ""
            for tip in QApplication.topLevelWidgets():
                if isinstance(tip, QWidget) and tip.windowType() == Qt.WindowType.ToolTip:
                    tip.close()  # by itself it goes after a while, and would be in the next picture
            return shown
        if widget is root or widget.isWindow():
            break
        widget = widget.parentWidget()
    return ""


def _overlapping(every: list[Words]) -> Iterator[tuple[str, str]]:
    for one, other in combinations(every, 2):
        both = one.bare.intersected(other.bare)
        if both.width() > SLACK and both.height() > SLACK and one.text.strip() != other.text.strip():
            yield one.text.strip(), other.text.strip()


def missing(text: str, font: QFont) -> str:
    """The characters that would be boxes: no font that is there has them."""
    return "".join(dict.fromkeys(c for c in text if unicodedata.category(c) not in _WITHOUT_INK and _is_box(c, font.key())))


@cache
def _is_box(character: str, font_key: str) -> bool:
    font = QFont()
    font.fromString(font_key)
    layout = QTextLayout(character, font)
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return any(0 in run.glyphIndexes() for run in layout.glyphRuns())


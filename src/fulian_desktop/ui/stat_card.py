"""A figure of this year as a card: word, figure, change against last year, twelve bars; a click opens the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
HEIGHT, LEAST_WIDTH = 158, 208
_BARS, _STUB = 38, 3
"""Height of the highest bar and of a month without anything, in pixels at 100 %."""


@dataclass(frozen=True)
class Stat:
    """What a card shows.

    Attributes:
        label: The word. unit: The measure word, "" for none.
        months: Twelve figures. total: This year's. before: Last year's through the same day.
        month: The current one, 1 to 12.
        notes: The line at the foot, the longest wording first; a card takes the first that fits.
    """

    label: str
    unit: str
    months: tuple[int, ...]
    total: int
    before: int
    month: int
    notes: tuple[str, ...]


def change_words(total: int, before: int, unit: str) -> tuple[str, ...]:
    """How this year stands to last year, the longest wording first; a card takes the first that fits."""
    if total == before:
        return ("和去年一样", "持平")
    much = f"{abs(total - before):,}"
    word = "多" if total > before else "少"
    behind = f" {unit}" if unit else ""
    return (f"比去年{word} {much}{behind}", f"比去年{word} {much}", f"{word} {much}", "")


def bar_heights(months: Sequence[int], most: int, least: int) -> list[int]:
    """Heights of twelve bars: the highest ``most`` pixels, anything above zero at least ``least`` more than a stub."""
    top = max([*months, 1])
    return [max(2 * least, round(value * most / top)) if value > 0 else least for value in months]


class StatCard(QAbstractButton):
    """One figure, painted; Enter, space or a click opens its records."""

    def __init__(self, theme: Theme, stat: Stat) -> None:
        super().__init__()
        self._theme, self.stat = theme, stat
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self._spoken())
        self.setToolTip("打开这些记录")
        theme.changed.connect(self.update)

    def _spoken(self) -> str:
        one = self.stat
        months = "，".join(f"{month}月 {value:,}" for month, value in enumerate(one.months[: one.month], 1))
        change = change_words(one.total, one.before, one.unit)[0]
        return f"{one.label}今年 {one.total:,} {one.unit}，{change}。{one.notes[0]}。{months}"

    def sizeHint(self) -> QSize:
        """Return the room of a card."""
        return QSize(self._theme.px(LEAST_WIDTH), self._theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Never narrower: twelve bars and a figure have to fit."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card, its words and its bars."""
        c, px = self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(c.focus), 2) if self.hasFocus() else QPen(QColor(c.line), 1)
        inset = pen.widthF() / 2
        painter.setPen(pen)
        painter.setBrush(QColor(c.hover if self.underMouse() else c.surface))
        box = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, px(t.RADIUS_CARD), px(t.RADIUS_CARD))
        room = self.rect().adjusted(px(16), 0, -px(16), 0)
        self._words(painter, QRect(room.left(), px(12), room.width(), px(24)), self.stat.label, c.text2, t.BODY)
        self._paint_figure(painter, QRect(room.left(), px(37), room.width(), px(38)))
        self._paint_bars(painter, QRect(room.left(), px(82), room.width(), px(_BARS)))
        painter.setFont(self._theme.font(t.HINT))
        fits = (note for note in self.stat.notes if painter.fontMetrics().horizontalAdvance(note) <= room.width())
        note = next(fits, self.stat.notes[-1])
        self._words(painter, QRect(room.left(), px(126), room.width(), px(24)), note, c.text2, t.HINT)

    def _words(self, painter: QPainter, place: QRect, text: str, colour: str, points: float) -> None:
        painter.setFont(self._theme.font(points))
        painter.setPen(QColor(colour))
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, _LEFT, elided)

    def _paint_figure(self, painter: QPainter, place: QRect) -> None:
        """Figure and unit on one base line; at the right the change, in the longest wording that has room."""
        theme, c, px, one = self._theme, self._theme.tokens, self._theme.px, self.stat
        large, small = theme.font(t.FIGURE, bold=True), theme.font(t.BODY)
        figure = f"{one.total:,}"
        wide = QFontMetrics(large).horizontalAdvance(figure)
        base = place.top() + (place.height() + QFontMetrics(large).ascent() - QFontMetrics(large).descent()) // 2
        painter.setFont(large)
        painter.setPen(QColor(c.text))
        painter.drawText(place.left(), base, figure)
        painter.setFont(small)
        painter.setPen(QColor(c.text2))
        left = place.left() + wide + px(7)
        painter.drawText(left, base, one.unit)
        left += painter.fontMetrics().horizontalAdvance(one.unit) + px(10)
        painter.setFont(theme.font(t.HINT))
        measure = painter.fontMetrics()
        for words in change_words(one.total, one.before, one.unit):
            if measure.horizontalAdvance(words) <= place.right() - left:
                painter.setPen(QColor(c.ok if one.total > one.before else c.text2))
                painter.drawText(place.right() - measure.horizontalAdvance(words), base, words)
                return

    def _paint_bars(self, painter: QPainter, place: QRect) -> None:
        """Past months pale, the current one in the accent, months to come as dashes."""
        c, px, one = self._theme.tokens, self._theme.px, self.stat
        step = place.width() / 12
        width = max(2.0, step - px(3))
        heights = bar_heights(one.months, place.height(), px(_STUB))
        painter.setPen(Qt.PenStyle.NoPen)
        for i, height in enumerate(heights):
            month = i + 1
            painter.setBrush(QColor(c.line if month > one.month else c.accent if month == one.month else c.bar))
            shown = height if month <= one.month else px(_STUB)
            bar = QRectF(place.left() + i * step, place.bottom() + 1 - shown, width, shown)
            painter.drawRoundedRect(bar, px(1), px(1))

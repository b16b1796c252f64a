"""The days of a notice in a row: past ones with a tick, days that do not count, today, and the last."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fulian_desktop.domain.steps import Day
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

WEEKDAYS = "一二三四五六日"
LEAST_WIDTH, HEIGHT, GAP = 76, 76, 8
_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter


class DayStrip(QWidget):
    """The days, each in a box; where a row has no room for all, they stand in several."""

    def __init__(self, theme: Theme, days: Sequence[Day]) -> None:
        super().__init__()
        self._theme, self._days = theme, tuple(days)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("，".join(
            " ".join(filter(None, (_date(day), _weekday(day), _mark(day, day is self._days[-1]) or _SPOKEN[day.when])))
            for day in self._days
        ))
        theme.changed.connect(self.update)

    def _in_a_row(self, width: int) -> int:
        gap = self._theme.px(GAP)
        return max(1, min(len(self._days), (width + gap) // (self._theme.px(LEAST_WIDTH) + gap)))

    def heightForWidth(self, width: int) -> int:
        """As many rows as the days need."""
        rows = -(-len(self._days) // self._in_a_row(width))
        return rows * self._theme.px(HEIGHT + GAP) - self._theme.px(GAP)

    def sizeHint(self) -> QSize:
        """All days in one row."""
        return QSize(len(self._days) * self._theme.px(LEAST_WIDTH + GAP), self._theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Room for one day."""
        return QSize(self._theme.px(LEAST_WIDTH), self._theme.px(HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the boxes."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        px, count = self._theme.px, self._in_a_row(self.width())
        gap = px(GAP)
        each = (self.width() - gap * (count - 1)) / count
        for place, day in enumerate(self._days):
            left, top = place % count * (each + gap), place // count * px(HEIGHT + GAP)
            self._paint_day(painter, QRectF(left, top, each, px(HEIGHT)), day, place == len(self._days) - 1)

    def _paint_day(self, painter: QPainter, place: QRectF, day: Day, is_last: bool) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        today, past = day.when == "today", day.when == "past" and day.counts
        painter.setPen(QPen(QColor(c.accent), 2) if today else Qt.PenStyle.NoPen if past else QPen(QColor(c.line), 1))
        painter.setBrush(QColor(c.soft if today else c.ok_soft if past else c.surface if day.counts else c.surface2))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), px(t.RADIUS_CONTROL), px(t.RADIUS_CONTROL))
        painter.setPen(QColor(c.accent if today else c.ok if past else c.text if day.counts else c.text3))
        for points, words, top in (
            (t.BODY, _date(day), 8), (t.HINT, _weekday(day), 28), (t.HINT, _mark(day, is_last), 48),
        ):
            painter.setFont(theme.font(points, bold=today and top != px(28)))
            painter.drawText(QRectF(place.left(), place.top() + px(top), place.width(), px(22)), int(_MIDDLE), words)
        if past:
            size = px(t.ICON_BADGE)
            tick = icons.pixmap("tick", size, c.ok, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(place.center().x() - size / 2, place.top() + px(52)), tick)


_SPOKEN = {"past": "已过", "today": "今天", "ahead": ""}


def _date(day: Day) -> str:
    return f"{day.date.month}月{day.date.day}日"


def _weekday(day: Day) -> str:
    return f"周{WEEKDAYS[day.date.weekday()]}"


def _mark(day: Day, is_last: bool) -> str:
    if day.when == "today":
        return "今天"
    if not day.counts:
        return "休息"
    return "期满" if is_last and day.when != "past" else ""

"""The steps of a longer way, in one line of a header: done ones ticked, the present one filled, later ones outlined."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme


class StepLine(QWidget):
    """Paints the steps; a screen reader hears which one it is."""

    def __init__(self, theme: Theme, steps: Sequence[str]) -> None:
        super().__init__()
        self._theme, self._steps, self._now = theme, tuple(steps), 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_step(0)

    def show_step(self, now: int) -> None:
        """The step at hand, from 0; one past the last: all are done."""
        self._now = now
        shown = min(now, len(self._steps) - 1)
        self.setAccessibleName(f"共 {len(self._steps)} 步，现在第 {shown + 1} 步：{self._steps[shown]}")
        self.update()

    def _width(self, step: str) -> int:
        px = self._theme.px
        return px(22) + px(6) + QFontMetrics(self._theme.font(t.DENSE, bold=True)).horizontalAdvance(step)

    def sizeHint(self) -> QSize:
        """Return the room for all steps and the lines between."""
        px = self._theme.px
        return QSize(sum(map(self._width, self._steps)) + px(30) * (len(self._steps) - 1) + 2, px(28))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint circles, words and lines."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, middle, size = 1, self.height() // 2, px(20)
        for i, step in enumerate(self._steps):
            done, here = i < self._now, i == self._now
            circle = QRect(left, middle - size // 2, size, size)
            painter.setPen(Qt.PenStyle.NoPen if done or here else QPen(QColor(c.edge), 1))
            painter.setBrush(QColor(c.ok if done else c.fill if here else c.bg))
            painter.drawEllipse(circle)
            if done:
                icon = px(12)
                tick = icons.pixmap("tick", icon, c.surface, self.devicePixelRatioF())
                painter.drawPixmap(circle.center().x() - icon // 2 + 1, circle.center().y() - icon // 2 + 1, tick)
            else:
                painter.setFont(theme.font(t.HINT, bold=True))
                painter.setPen(QColor(c.on_fill if here else c.text2))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(i + 1))
            painter.setFont(theme.font(t.DENSE, bold=here))
            painter.setPen(QColor(c.text if done or here else c.text2))
            width = self._width(step)
            word = QRect(left + px(26), 0, width, self.height())
            painter.drawText(word, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, step)
            left += width
            if i < len(self._steps) - 1:
                painter.setPen(QPen(QColor(c.edge), 1))
                painter.drawLine(left + px(6), middle, left + px(22), middle)
                left += px(30)

"""The way of a nomination: 申报, 初评, 公示, 审批, 表彰 in a row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fulian_desktop.domain.steps import Step
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
_SPOKEN = {"done": "已完成", "now": "正在这一步", "ahead": "还没到", "bad": "没有通过", "warn": "要处理"}


class StageStepper(QWidget):
    """Steps as circles on a line: done with a tick, the one in hand filled with a halo, what lies ahead dashed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.steps: Sequence[Step] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self.steps = steps
        self.setAccessibleName("，".join(f"{s.name}{_SPOKEN[s.state]} {s.about}".strip() for s in steps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for circles, names, and what is known."""
        return QSize(self._theme.px(600), self._theme.px(84))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint lines, circles and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.steps:
            return
        each = self.width() / len(self.steps)
        for place, step in enumerate(self.steps):
            middle = QPointF(each * (place + 0.5), self._theme.px(22))
            if place + 1 < len(self.steps):
                self._paint_line(painter, middle, each, step.state == "done")
            self._paint_step(painter, middle, each, place, step)

    def _paint_line(self, painter: QPainter, middle: QPointF, each: float, done: bool) -> None:
        c, px = self._theme.tokens, self._theme.px
        pen = QPen(QColor(c.ok if done else c.edge), 2 if done else 1.5)
        if not done:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        gap = px(24)
        painter.drawLine(QPointF(middle.x() + gap, middle.y()), QPointF(middle.x() + each - gap, middle.y()))

    def _paint_step(self, painter: QPainter, middle: QPointF, each: float, place: int, step: Step) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        colour = {"done": c.ok, "now": c.fill, "bad": c.error, "warn": c.warn, "ahead": c.surface}[step.state]
        word = {"now": c.accent, "bad": c.error, "warn": c.warn, "ahead": c.text2}.get(step.state, c.text)
        radius = px(16)
        if step.state == "now":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.soft))
            painter.drawEllipse(middle, radius + px(4), radius + px(4))
        painter.setPen(QPen(QColor(c.edge), 1.5) if step.state == "ahead" else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(middle, radius, radius)
        inside = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        sign = {"done": "tick", "bad": "close", "warn": "return"}.get(step.state)
        if sign:
            size = px(t.ICON_BUTTON)
            drawn = icons.pixmap(sign, size, c.surface, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(middle.x() - size / 2, middle.y() - size / 2), drawn)
        else:
            painter.setFont(theme.font(bold=step.state == "now"))
            painter.setPen(QColor(c.on_fill if step.state == "now" else c.text2))
            painter.drawText(inside, int(_MIDDLE), str(place + 1))
        left = round(middle.x() - each / 2)
        painter.setFont(theme.font(bold=step.state != "ahead"))
        painter.setPen(QColor(word))
        painter.drawText(QRect(left, px(44), round(each), px(22)), int(_MIDDLE), step.name)
        painter.setFont(theme.font(t.HINT))
        painter.setPen(QColor(word if step.state in ("bad", "warn") else c.text2))
        about = painter.fontMetrics().elidedText(step.about, Qt.TextElideMode.ElideRight, round(each) - px(8))
        painter.drawText(QRect(left, px(64), round(each), px(20)), int(_MIDDLE), about)

"""A tile that begins a new record of a kind: icon, verb, key."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
HEIGHT = 68


class QuickTile(QAbstractButton):
    """A button as wide as its column, painted from the theme."""

    def __init__(self, theme: Theme, icon: str, verb: str, key: str) -> None:
        super().__init__()
        self._theme, self._icon, self._key = theme, icon, key
        self.setText(verb)
        self.setAccessibleName(f"{verb} {key}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the room of a tile."""
        return QSize(self._theme.px(150), self._theme.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Icon and verb have to fit."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint edge or focus ring, the icon on its ground, verb and key."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(c.focus), 2) if self.hasFocus() else QPen(QColor(c.line), 1)
        inset = pen.widthF() / 2
        painter.setPen(pen)
        painter.setBrush(QColor(c.hover if self.underMouse() else c.surface))
        box = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, px(t.RADIUS_CARD), px(t.RADIUS_CARD))
        ground = QRect(px(13), (self.height() - px(40)) // 2, px(40), px(40))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.soft))
        painter.drawRoundedRect(ground, px(t.RADIUS_CONTROL), px(t.RADIUS_CONTROL))
        size = px(t.ICON_NAV)
        drawn = icons.pixmap(self._icon, size, c.accent, self.devicePixelRatioF())
        painter.drawPixmap(ground.center().x() - size // 2 + 1, ground.center().y() - size // 2 + 1, drawn)
        left = ground.right() + px(12)
        room = QRect(left, self.height() // 2 - px(22), self.width() - left - px(8), px(24))
        painter.setFont(theme.font(bold=True))
        painter.setPen(QColor(c.text))
        painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width()))
        painter.setFont(theme.font(t.HINT))
        painter.setPen(QColor(c.text3))
        painter.drawText(room.translated(0, px(21)), _LEFT, self._key)

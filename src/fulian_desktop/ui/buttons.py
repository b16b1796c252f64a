"""Buttons, chips and badges; each paints itself from the theme, since a style sheet gives a button one colour of text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class KeyButton(QPushButton):
    """A button with its key in grey beside the word.

    Args:
        text: The verb.
        key: What stands beside it, e.g. ``回车``; "" for none.
        primary: Whether it is the one filled button of the page.
        style: ``secondary`` (edge), ``ghost`` (accent word, no edge) or ``danger`` (error word and edge).
        icon: An icon before the word; "" for none.
    """

    def __init__(
        self, theme: Theme, text: str, key: str = "", *, primary: bool = False, style: str = "secondary", icon: str = ""
    ) -> None:
        super().__init__(text)
        self._theme, self._key, self._style, self._icon = theme, key, "primary" if primary else style, icon
        self.setFont(theme.font(bold=primary))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        self.setAutoDefault(False)
        theme.changed.connect(self.update)

    def setText(self, text: str) -> None:
        """Change the verb, for the eye and for screen readers."""
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room for icon, word, key and padding."""
        px = self._theme.px
        side = 12 if self._style == "ghost" else 16
        return QSize(sum(self._widths()) + 2 * px(side), px(t.CONTROL))

    def minimumSizeHint(self) -> QSize:
        """Never smaller than its word."""
        return self.sizeHint()

    def _widths(self) -> tuple[int, int, int]:
        """Icon with the gap behind it, word, key with the gap before it."""
        px = self._theme.px
        word = QFontMetrics(self.font()).horizontalAdvance(self.text())
        key = QFontMetrics(self._theme.font(t.HINT)).horizontalAdvance(self._key) + px(10) if self._key else 0
        return px(t.ICON_BUTTON) + (px(8) if self.text() else 0) if self._icon else 0, word, key

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, edge or focus ring, icon, word and key."""
        theme, c = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, word, key = self._colours()
        painter.setPen(QPen(QColor(edge), 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
        radius = theme.px(t.RADIUS_CONTROL)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if self.hasFocus():
            primary = self._style == "primary"
            painter.setPen(QPen(QColor(c.on_fill if primary else c.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = 3.5 if primary else 1.0
            painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), radius - 2, radius - 2)
        self._paint_words(painter, word, key)

    def _colours(self) -> tuple[str, str, str, str]:
        """Ground, edge, word, key."""
        c = self._theme.tokens
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            return c.mute_soft, "", c.text3, c.text3
        if self._style == "primary":
            return c.fill_hover if over else c.fill, "", c.on_fill, c.on_fill
        if self._style == "ghost":
            return c.hover if over else "", "", c.accent, c.text3
        if self._style == "danger":
            return c.error_soft if over else c.surface, c.error, c.error, c.text3
        return c.hover if over else c.surface, c.edge, c.text, c.text3

    def _paint_words(self, painter: QPainter, word: str, key: str) -> None:
        theme = self._theme
        before, width, behind = self._widths()
        left = (self.width() - before - width - behind) // 2
        if self._icon:
            size = theme.px(t.ICON_BUTTON)
            drawn = icons.pixmap(self._icon, size, word, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - size) // 2 + 1, drawn)
        painter.setFont(self.font())
        painter.setPen(QColor(word))
        painter.drawText(QRect(left + before, 0, width + 2, self.height()), _MIDDLE, self.text())
        if self._key:
            painter.setFont(theme.font(t.HINT))
            painter.setPen(QColor(key))
            place = QRect(left + before + width + theme.px(10), 0, behind, self.height())
            painter.drawText(place, _MIDDLE, self._key)


class IconButton(QAbstractButton):
    """A square button with an icon alone; what it does is its accessible name and its tooltip."""

    def __init__(self, theme: Theme, icon: str, does: str) -> None:
        super().__init__()
        self._theme, self._icon = theme, icon
        self.setToolTip(does)
        self.setAccessibleName(does)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the room of a control."""
        edge = self._theme.px(32)
        return QSize(edge, edge)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint hover, focus ring and icon."""
        theme, c = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.focus), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(c.hover) if self.underMouse() and self.isEnabled() else Qt.BrushStyle.NoBrush)
        radius = theme.px(t.RADIUS_CONTROL)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(1, 1, -1, -1), radius, radius)
        size = theme.px(t.ICON_BUTTON)
        drawn = icons.pixmap(self._icon, size, c.text2 if self.isEnabled() else c.edge, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - size) // 2, (self.height() - size) // 2, drawn)


class Chip(QAbstractButton):
    """A filter chip: outline when off; when on soft ground, accent edge and word; a count in bold; perhaps an arrow.

    Args:
        menu: Whether it opens a menu (an arrow down), rather than being switched on and off (a tick).
    """

    def __init__(self, theme: Theme, text: str, *, count: int | None = None, menu: bool = False) -> None:
        super().__init__()
        self._theme, self._count, self._menu = theme, count, menu
        self.setText(text)
        self.setAccessibleName(text if count is None else f"{text} {count}")
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)

    def show_text(self, text: str, count: int | None = None) -> None:
        """Change word and count."""
        self.setText(text)
        self._count = count
        self.setAccessibleName(text if count is None else f"{text} {count}")
        self.updateGeometry()
        self.update()

    def _figure(self) -> str:
        return "" if self._count is None else f"{self._count:,}"

    def sizeHint(self) -> QSize:
        """Return the room for mark, word and count."""
        theme, px = self._theme, self._theme.px
        width = QFontMetrics(theme.font(t.DENSE)).horizontalAdvance(self.text()) + px(26)
        if self._count is not None:
            width += QFontMetrics(theme.font(t.DENSE, bold=True)).horizontalAdvance(self._figure()) + px(6)
        return QSize(width + (px(20) if self._menu or self.isChecked() else 0), px(t.CHIP))

    def nextCheckState(self) -> None:
        """A chip with a menu is switched by what is chosen in it, not by the click."""
        if not self._menu:
            super().nextCheckState()
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, edge or ring, tick or arrow, word and count."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        on = self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(c.focus), 2) if self.hasFocus() else QPen(QColor(c.accent if on else c.edge), 1)
        painter.setPen(pen)
        painter.setBrush(QColor(c.soft if on else c.hover if self.underMouse() else c.surface))
        inset = pen.widthF() / 2
        box = self.rect().toRectF().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        colour = c.accent if on else c.text
        left = px(13)
        size = px(t.ICON_BADGE)
        if on and not self._menu:
            tick = icons.pixmap("tick", size, colour, self.devicePixelRatioF())
            painter.drawPixmap(left - px(2), (self.height() - size) // 2, tick)
            left += px(18)
        painter.setPen(QColor(colour))
        for text, bold in ((self.text(), False), (self._figure(), True)):
            painter.setFont(theme.font(t.DENSE, bold=bold))
            width = painter.fontMetrics().horizontalAdvance(text)
            painter.drawText(QRect(left, 0, width + 2, self.height()), _MIDDLE, text)
            left += width + px(6)
        if self._menu:
            arrow = icons.pixmap("chevron-down", size, colour, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - size) // 2 + 1, arrow)


@dataclass(frozen=True)
class Tone:
    """The colour and the icon of a state: the word's token, the ground's token, the icon ("" for none)."""

    word: str
    ground: str
    icon: str


TONES = {
    "ok": Tone("ok", "ok_soft", "tick"),
    "info": Tone("info", "info_soft", "clock"),
    "warn": Tone("warn", "warn_soft", "clock"),
    "error": Tone("error", "error_soft", "stop"),
    "conflict": Tone("conflict", "conflict_soft", "conflict"),
    "mute": Tone("text2", "mute_soft", ""),
    "accent": Tone("accent", "soft", ""),
    "running": Tone("accent", "soft", "clock"),
    "hidden": Tone("text2", "mute_soft", "eye-off"),
    "bare": Tone("warn", "warn_soft", "eye"),
}


class Badge(QWidget):
    """A small word on its soft ground, with the icon of its tone."""

    def __init__(self, theme: Theme, text: str = "", tone: str = "mute") -> None:
        super().__init__()
        self._theme, self._text, self._tone = theme, text, tone
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme.changed.connect(self.update)

    def show_state(self, text: str, tone: str) -> None:
        """Say another state; no text: the badge goes away."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for icon and word."""
        return QSize(badge_width(self._theme, self._text, self._tone), self._theme.px(t.BADGE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        paint_badge(painter, self._theme, self.rect(), self._text, self._tone, self.devicePixelRatioF())


def badge_width(theme: Theme, text: str, tone: str) -> int:
    """The width of a badge in pixels."""
    width = QFontMetrics(theme.font(t.HINT)).horizontalAdvance(text) + theme.px(16)
    return width + theme.px(t.ICON_BADGE + 4) if TONES[tone].icon else width


def paint_badge(painter: QPainter, theme: Theme, place: QRect, text: str, tone: str, ratio: float = 1.0) -> None:
    """Paint a badge into a place of a table cell or a widget, left and in the middle of its height."""
    look, c, px = TONES[tone], theme.tokens, theme.px
    height = px(t.BADGE)
    box = QRect(place.left(), place.center().y() - height // 2 + 1, min(badge_width(theme, text, tone), place.width()), height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(getattr(c, look.ground)))
    painter.drawRoundedRect(QRectF(box), px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
    left = box.left() + px(8)
    colour = getattr(c, look.word)
    if look.icon:
        size = px(t.ICON_BADGE)
        painter.drawPixmap(left, box.center().y() - size // 2 + 1, icons.pixmap(look.icon, size, colour, ratio))
        left += size + px(4)
    painter.setFont(theme.font(t.HINT))
    painter.setPen(QColor(colour))
    room = QRect(left, box.top(), box.right() - left - px(4), height)
    painter.drawText(room, _MIDDLE, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width() + px(4)))
    painter.restore()

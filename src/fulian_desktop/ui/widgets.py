"""Small parts that pages are made of; each shows plain text only and paints itself from the theme."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role


def plain_label(text: str = "", *, role: str = "", parent: QWidget | None = None) -> QLabel:
    """Return a label that shows its text as it is and never as markup."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if role:
        set_role(label, role)
    return label


def on_one_line(*labels: QLabel, spacing: int) -> QHBoxLayout:
    """Return labels of several sizes standing on one base line (Qt's own alignment centres them)."""
    line = QHBoxLayout()
    line.setSpacing(spacing)
    deepest = max(QFontMetrics(label.font()).descent() for label in labels)
    for label in labels:
        label.setContentsMargins(0, 0, 0, deepest - QFontMetrics(label.font()).descent())
        line.addWidget(label, 0, Qt.AlignmentFlag.AlignBottom)
    line.addStretch(1)
    return line


class IconLabel(QLabel):
    """An icon in a token's colour that follows the theme.

    Args:
        colour: The name of a token, e.g. ``accent``.
        ground: The name of the token behind it, drawn as a rounded square with room around; "" for none.
    """

    def __init__(self, theme: Theme, name: str, colour: str, size: int, *, ground: str = "") -> None:
        super().__init__()
        self._theme, self._name, self._colour, self._size, self._ground = theme, name, colour, size, ground
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        theme = self._theme
        size = theme.px(self._size)
        colour = getattr(theme.tokens, self._colour)
        self.setPixmap(icons.pixmap(self._name, size, colour, self.devicePixelRatioF()))
        edge = theme.px(self._size + 20) if self._ground else size
        self.setFixedSize(edge, edge)
        if self._ground:
            ground = getattr(theme.tokens, self._ground)
            self.setStyleSheet(f"background: {ground}; border-radius: {theme.px(t.RADIUS_CONTROL)}px;")


class KeyButton(QPushButton):
    """A button with its key in grey beside the word.

    Args:
        text: The verb.
        key: What stands beside it, e.g. ``回车``; "" for none.
        primary: Whether it is the one filled button of the page.
    """

    def __init__(self, theme: Theme, text: str, key: str = "", *, primary: bool = False) -> None:
        super().__init__(text)
        self._theme, self._key, self._primary = theme, key, primary
        self.setFont(theme.font(bold=primary))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the room for word, key and padding."""
        theme = self._theme
        width = QFontMetrics(self.font()).horizontalAdvance(self.text()) + theme.px(36)
        if self._key:
            width += QFontMetrics(theme.font(t.HINT)).horizontalAdvance(self._key) + theme.px(10)
        return QSize(width, theme.px(t.CONTROL))

    def minimumSizeHint(self) -> QSize:
        """Never smaller than its word."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, edge or focus ring, word and key."""
        theme, c = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground, edge, word, key = self._colours()
        painter.setPen(QPen(QColor(edge), 1) if edge else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        radius = theme.px(t.RADIUS_CONTROL)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        if self.hasFocus():
            painter.setPen(QPen(QColor(c.on_fill if self._primary else c.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            inset = 3.5 if self._primary else 1.0
            painter.drawRoundedRect(
                self.rect().toRectF().adjusted(inset, inset, -inset, -inset), radius - 2, radius - 2
            )
        self._paint_words(painter, word, key)

    def _colours(self) -> tuple[str, str, str, str]:
        c = self._theme.tokens
        over = self.isEnabled() and (self.underMouse() or self.isDown())
        if not self.isEnabled():
            return c.mute_soft, "", c.text3, c.text3
        if self._primary:
            return c.fill_hover if over else c.fill, "", c.on_fill, c.on_fill
        return c.hover if over else c.surface, c.edge, c.text, c.text3

    def _paint_words(self, painter: QPainter, word: str, key: str) -> None:
        theme = self._theme
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(self.text())
        small = theme.font(t.HINT)
        key_width = QFontMetrics(small).horizontalAdvance(self._key) + theme.px(10) if self._key else 0
        left = (self.width() - width - key_width) // 2
        painter.setFont(self.font())
        painter.setPen(QColor(word))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRect(left, 0, width + 2, self.height()), middle, self.text())
        if self._key:
            painter.setFont(small)
            painter.setPen(QColor(key))
            place = QRect(left + width + theme.px(10), 0, key_width, self.height())
            painter.drawText(place, middle, self._key)


class ChoiceBox(QComboBox):
    """One of a few names, in the look of the fields; Enter goes on."""

    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.px(t.CONTROL))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field; all other keys as usual."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, edge or focus ring, the name and an arrow."""
        theme, c = self._theme, self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(QColor(c.focus), 2) if self.hasFocus() else QPen(QColor(c.edge), 1)
        inset = pen.widthF() / 2
        painter.setPen(pen)
        painter.setBrush(QColor(c.surface if self.isEnabled() else c.mute_soft))
        radius = theme.px(t.RADIUS_CONTROL)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), radius, radius)
        size, side = theme.px(t.ICON_BUTTON), theme.px(11)
        arrow = icons.pixmap("chevron-down", size, c.text2, self.devicePixelRatioF())
        painter.drawPixmap(self.width() - size - side, (self.height() - size) // 2, arrow)
        painter.setPen(QColor(c.text if self.isEnabled() else c.text3))
        room = self.rect().adjusted(side, 0, -size - 2 * side, 0)
        name = QFontMetrics(self.font()).elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)


class CountCard(QFrame):
    """How many records of one kind there are: icon, word, figure and unit."""

    def __init__(self, theme: Theme, *, icon: str, label: str, count: int, unit: str) -> None:
        super().__init__()
        set_role(self, "card")
        figure = f"{count:,}"
        self.setAccessibleName(f"{label} {figure} {unit}")
        word = plain_label(label, role="label")
        number = plain_label(figure)
        number.setFont(theme.font(t.FIGURE, bold=True))
        behind = plain_label(unit, role="label")

        figures = on_one_line(number, behind, spacing=theme.px(6))
        words = QVBoxLayout()
        words.setSpacing(theme.px(2))
        words.addWidget(word)
        words.addLayout(figures)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(*(theme.px(side) for side in (t.CARD_PAD_X, 14, t.CARD_PAD_X, 14)))
        layout.setSpacing(theme.px(14))
        picture = IconLabel(theme, icon, "accent", t.ICON_NAV, ground="soft")
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)


class ProblemLine(QWidget):
    """An icon and a sentence in the colour of errors; keeps its room when it says nothing."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._icon = IconLabel(theme, "error", "error", t.ICON_BADGE + 2)
        self.words = plain_label(role="error")
        self.words.setFont(theme.font(t.DENSE))
        self.words.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        # Beside Chinese text an icon looks level a little below the middle of the line.
        lowered = QVBoxLayout()
        lowered.setContentsMargins(0, theme.px(3), 0, 0)
        lowered.addWidget(self._icon)
        lowered.addStretch(1)
        layout.addLayout(lowered)
        layout.addWidget(self.words, 1)
        self.say("")

    def say(self, text: str) -> None:
        """Show a sentence, or nothing."""
        self.words.setText(text)
        self._icon.setVisible(bool(text))
        self.words.setVisible(bool(text))

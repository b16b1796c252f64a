"""Small parts that pages are made of; each shows plain text only and paints itself from the theme."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
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


def tip_of(text: str) -> str:
    """A text as a tooltip shows it as it is: Qt would read one that looks like markup as such, and wraps no other."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<p>{escaped}</p>" if text else ""


class ElidedLabel(QLabel):
    """A line of plain text that takes any width: it ends in … where there is no room, and is whole in its tooltip.

    One that is set to wrap is a label like any other.
    """

    def __init__(self, text: str = "", *, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            set_role(self, role)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text; line ends become blanks."""
        super().setText(" ".join(text.split()))
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The tooltip says the whole where it does not fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        cut = not self.wordWrap() and self.fontMetrics().horizontalAdvance(self.text()) > self.width()
        self.setToolTip(tip_of(self.text()) if cut else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        if self.wordWrap():
            super().paintEvent(event)
            return
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(room, self.alignment(), shown)


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


def scrolled(inside: QWidget, *, sideways: bool = True, by_keys: bool = False) -> QScrollArea:
    """A widget in an area that scrolls when there is less room than it wants.

    Args:
        inside: What scrolls.
        sideways: Whether it scrolls sideways too; otherwise what stands inside wraps or is cut with ….
        by_keys: Whether Tab stops at the area itself, so that arrows scroll it: where nothing inside takes the focus.
    """
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    if not sideways:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    if not by_keys:
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inside)
    return area


def centred(column: QLayout, most: int) -> QScrollArea:
    """A column in the middle of a page, at most so many pixels wide; scrolls on a low screen."""
    middle = QWidget()
    middle.setMaximumWidth(most)
    middle.setLayout(column)
    body = QWidget()
    set_role(body, "page")
    line = QHBoxLayout(body)
    line.setContentsMargins(0, 0, 0, 0)
    line.addStretch(1)
    line.addWidget(middle, 1000)
    line.addStretch(1)
    return scrolled(body)


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


class ChoiceBox(QComboBox):
    """One of a few names, in the look of the fields; Enter goes on."""

    entered = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedHeight(theme.px(t.CONTROL))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)

    def minimumSizeHint(self) -> QSize:
        """A long name is cut with … in the box and whole in its list: it does not make the page wider."""
        return QSize(self._theme.px(120), self._theme.px(t.CONTROL))

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


class OneOf(QWidget):
    """One of several views, as high as that one: a QStackedWidget is as high as the highest of them, out of sight or not."""

    def __init__(self, *views: QWidget) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._views = views
        for place, view in enumerate(views):
            column.addWidget(view)
            view.setVisible(place == 0)

    def show_view(self, wanted: QWidget) -> None:
        """Show this one."""
        for view in self._views:
            if view is not wanted:
                view.hide()
        wanted.show()


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

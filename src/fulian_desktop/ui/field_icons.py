"""Icons at the end of a line to type in: painted at the window's scale, which Qt's own (16 pixels at any scale) are not.

Rules:

* Each belongs to a ``QAction`` of the line: it is seen while the action is, and a click triggers it.
* The first one stands outermost; none is seen in a line that may only be read.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

_WIDE, _INDENT, _PADDING = 24, 8, 10


class FieldIcon(QAbstractButton):
    """One icon; it takes no focus, for what it does has a key as well."""

    def __init__(self, theme: Theme, line: QLineEdit, action: QAction) -> None:
        super().__init__(line)
        self._theme, self.action_of = theme, action
        self.name, self.colour = "", "text2"
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFixedSize(theme.px(_WIDE), theme.px(t.CONTROL - 8))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not action.text())
        self.clicked.connect(action.trigger)

    def sizeHint(self) -> QSize:
        """Return the fixed size."""
        return self.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        size = self._theme.px(t.ICON_BUTTON)
        colour = getattr(self._theme.tokens, self.colour)
        drawn = icons.pixmap(self.name, size, colour, self.devicePixelRatioF())
        QPainter(self).drawPixmap((self.width() - size) // 2, (self.height() - size) // 2, drawn)


class FieldIcons:
    """The icons of one line; the line calls :meth:`place` when it is resized or may no longer be written."""

    def __init__(self, theme: Theme, line: QLineEdit) -> None:
        self._theme, self._line = theme, line
        self._buttons: list[FieldIcon] = []
        self.room = 0
        """What the icons that are seen take, from the line's end."""

    def add(self, action: QAction, name: str, colour: str = "text2") -> None:
        """Give an action its icon, in a token's colour."""
        button = FieldIcon(self._theme, self._line, action)
        self._buttons.append(button)
        self.show_as(action, name, colour)
        action.changed.connect(self.place)
        self.place()

    def show_as(self, action: QAction, name: str, colour: str = "text2") -> None:
        """Show another icon for an action."""
        for button in self._buttons:
            if button.action_of is action:
                button.name, button.colour = name, colour
                button.update()

    def place(self) -> None:
        """Stand at the line's end, and keep the text away from there."""
        px, line = self._theme.px, self._line
        right = line.width() - px(_INDENT)
        for button in self._buttons:
            words = button.action_of.text()
            button.setAccessibleName(words or "有要改的地方")
            button.setToolTip(words)
            seen = button.action_of.isVisible() and not line.isReadOnly()
            button.setVisible(seen)
            if seen:
                right -= button.width()
                button.move(right, (line.height() - button.height()) // 2)
        shown = any(not button.isHidden() for button in self._buttons)
        self.room = line.width() - right if shown else 0
        behind = max(0, self.room - px(_PADDING)) + px(4) if shown else 0
        if line.textMargins().right() != behind:
            line.setTextMargins(0, 0, behind, 0)

    def repaint(self) -> None:
        """The theme is another."""
        for button in self._buttons:
            button.update()

"""What the tokens look like in Qt: palette, one short style sheet, fonts and icons by role.

Rules:

* Widgets are given a :class:`Theme`; none reads a global. On ``changed`` they paint again.
* The style sheet styles by role (a dynamic property), so a widget says what it is, not how it looks.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.fonts import body_font

ROLE = "role"
STATE = "state"


class Theme(QObject):
    """The chosen tokens and scale.

    Args:
        dark: Whether the dark table is used.
        scale: 1.0 to 1.75; every pixel and point is multiplied by it.
    """

    changed = Signal()

    def __init__(self, *, dark: bool = False, scale: float = 1.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dark = dark
        self.scale = scale

    @property
    def tokens(self) -> t.Tokens:
        """The colours in force."""
        return t.DARK if self._dark else t.LIGHT

    def px(self, length: int) -> int:
        """Return a length of the visual standard in pixels of this scale."""
        return round(length * self.scale)

    def font(self, points: float = t.BODY, *, bold: bool = False) -> QFont:
        """Return the window's font in a size of the visual standard."""
        font = body_font(self.scale)
        font.setPointSizeF(points * self.scale)
        font.setBold(bold)
        return font

    def apply(self, app: QApplication) -> None:
        """Give the application palette, font and style sheet of this theme."""
        app.setStyle("Fusion")
        app.setPalette(self._palette())
        app.setFont(self.font())
        app.setStyleSheet(self._sheet())

    def set_dark(self, app: QApplication, dark: bool) -> None:
        """Change between light and dark while the window is open."""
        if dark != self._dark:
            self._dark = dark
            self.apply(app)
            self.changed.emit()

    def follow_system(self, app: QApplication) -> None:
        """Take light or dark from the system, now and whenever it changes."""
        hints = app.styleHints()
        self.set_dark(app, hints.colorScheme() == Qt.ColorScheme.Dark)
        hints.colorSchemeChanged.connect(lambda scheme: self.set_dark(app, scheme == Qt.ColorScheme.Dark))

    def _palette(self) -> QPalette:
        c = self.tokens
        roles = {
            QPalette.ColorRole.Window: c.bg,
            QPalette.ColorRole.WindowText: c.text,
            QPalette.ColorRole.Base: c.surface,
            QPalette.ColorRole.AlternateBase: c.surface2,
            QPalette.ColorRole.Text: c.text,
            QPalette.ColorRole.PlaceholderText: c.text3,
            QPalette.ColorRole.Button: c.surface,
            QPalette.ColorRole.ButtonText: c.text,
            QPalette.ColorRole.BrightText: c.on_fill,
            QPalette.ColorRole.Highlight: c.fill,
            QPalette.ColorRole.HighlightedText: c.on_fill,
            QPalette.ColorRole.ToolTipBase: c.surface,
            QPalette.ColorRole.ToolTipText: c.text,
            QPalette.ColorRole.Link: c.accent,
            QPalette.ColorRole.Mid: c.line,
        }
        palette = QPalette()
        for role, colour in roles.items():
            palette.setColor(role, QColor(colour))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.text3))
        return palette

    def _sheet(self) -> str:
        c, px = self.tokens, self.px
        return f"""
        QWidget[role="page"] {{ background: {c.bg}; }}
        QWidget[role="nav"] {{ background: {c.nav}; }}
        QFrame[role="card"] {{ background: {c.surface}; border: 1px solid {c.line};
            border-radius: {px(t.RADIUS_CARD)}px; }}
        QLabel {{ background: transparent; color: {c.text}; }}
        QLabel[role="label"] {{ color: {c.text2}; }}
        QLabel[role="hint"] {{ color: {c.text3}; }}
        QFrame[role="here"] {{ background: {c.surface}; border: none; border-left: {px(3)}px solid {c.accent};
            border-top-right-radius: {px(6)}px; border-bottom-right-radius: {px(6)}px; }}
        QLabel[role="accent"] {{ color: {c.accent}; }}
        QLabel[role="error"] {{ color: {c.error}; }}
        QLineEdit {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge};
            border-radius: {px(t.RADIUS_CONTROL)}px; padding: 0 {px(10)}px;
            min-height: {px(t.CONTROL) - 2}px; selection-background-color: {c.fill};
            selection-color: {c.on_fill}; }}
        QLineEdit:focus {{ border: 2px solid {c.focus}; padding: 0 {px(10) - 1}px;
            min-height: {px(t.CONTROL) - 4}px; }}
        QLineEdit[state="error"] {{ border: 2px solid {c.error}; padding: 0 {px(10) - 1}px;
            min-height: {px(t.CONTROL) - 4}px; }}
        QLineEdit:disabled {{ background: {c.mute_soft}; color: {c.text3}; }}
        QScrollBar:vertical {{ background: transparent; width: {px(12)}px; margin: 0; }}
        QScrollBar::handle:vertical {{ background: {c.edge}; border-radius: {px(4)}px; min-height: {px(32)}px;
            margin: {px(2)}px; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QAbstractItemView {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge};
            selection-background-color: {c.soft}; selection-color: {c.text}; outline: none; }}
        QAbstractItemView::item {{ min-height: {px(t.CONTROL)}px; padding: 0 {px(10)}px; }}
        QScrollArea {{ background: transparent; border: none; }}
        QToolTip {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge};
            padding: {px(4)}px; }}
        """


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is; the style sheet does the rest."""
    widget.setProperty(ROLE, role)


def set_state(widget: QWidget, state: str) -> None:
    """Change a widget's state (``error`` or nothing) and have the style sheet look again."""
    if widget.property(STATE) != state:
        widget.setProperty(STATE, state)
        widget.style().unpolish(widget)
        widget.style().polish(widget)

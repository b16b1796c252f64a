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
_OUTLINE = 127  # per cent: Fusion draws a box in the ground made darker by 140 and lighter by 110


class Theme(QObject):
    """The chosen tokens and scale.

    Args:
        dark: Whether the dark table is used.
        scale: 1.0 to 1.75; every pixel and point is multiplied by it.
    """

    changed = Signal()
    rescaled = Signal()

    def __init__(self, *, dark: bool = False, scale: float = 1.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dark = dark
        self._follows = False
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
        palette = self._palette()
        app.setPalette(palette)
        # Fusion outlines a box in the window's colour made darker, which nobody sees on a dark ground: give it the edge.
        palette.setColor(QPalette.ColorRole.Window, QColor(self.tokens.edge).lighter(_OUTLINE))
        app.setPalette(palette, "QCheckBox")  # type: ignore[arg-type]  # only the stub says bytes
        app.setFont(self.font())
        app.setStyleSheet(self._sheet())

    def set_dark(self, app: QApplication, dark: bool) -> None:
        """Change between light and dark while the window is open."""
        if dark != self._dark:
            self._dark = dark
            self.apply(app)
            self.changed.emit()

    def set_scale(self, app: QApplication, scale: float) -> None:
        """Change the size of everything; who has built pages at the old size builds them anew on ``rescaled``."""
        if scale != self.scale:
            self.scale = scale
            self.apply(app)
            self.rescaled.emit()

    def follow_system(self, app: QApplication, follow: bool = True) -> None:
        """Take light or dark from the system, now and whenever it changes; ``follow`` False: no longer."""
        hints = app.styleHints()
        if follow:
            self.set_dark(app, hints.colorScheme() == Qt.ColorScheme.Dark)
        if follow and not self._follows:
            hints.colorSchemeChanged.connect(self._system_changed)
        elif self._follows and not follow:
            hints.colorSchemeChanged.disconnect(self._system_changed)
        self._follows = follow

    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.set_dark(app, scheme == Qt.ColorScheme.Dark)

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
        QWidget[role="nav"] {{ background: {c.nav}; border: none; }}
        QFrame[role="card"] {{ background: {c.surface}; border: 1px solid {c.line};
            border-radius: {px(t.RADIUS_CARD)}px; }}
        QLabel {{ background: transparent; color: {c.text}; }}
        QLabel[role="label"] {{ color: {c.text2}; }}
        QLabel[role="hint"] {{ color: {c.text3}; }}
        QFrame[role="here"] {{ background: {c.surface}; border: none; border-left: {px(3)}px solid {c.accent};
            border-top-right-radius: {px(6)}px; border-bottom-right-radius: {px(6)}px; }}
        QFrame[role="foot"] {{ background: {c.surface}; border: none; border-top: 1px solid {c.line}; }}
        QLabel[role="keycap"] {{ background: {c.surface}; color: {c.text2}; border: 1px solid {c.line};
            border-radius: {px(t.RADIUS_BADGE)}px; padding: 0 {px(6)}px; }}
        QFrame[role="banner"] {{ border: none; border-radius: {px(t.RADIUS_CONTROL)}px; background: {c.info_soft}; }}
        QFrame[role="banner"][tone="ok"] {{ background: {c.ok_soft}; }}
        QFrame[role="banner"][tone="warn"] {{ background: {c.warn_soft}; }}
        QFrame[role="banner"][tone="error"] {{ background: {c.error_soft}; }}
        QFrame[role="banner"][tone="conflict"] {{ background: {c.conflict_soft}; }}
        QFrame[role="line"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
        QProgressBar {{ background: {c.mute_soft}; border: none; border-radius: {px(6)}px; }}
        QProgressBar::chunk {{ background: {c.fill}; border-radius: {px(6)}px; }}
        QLabel[role="accent"] {{ color: {c.accent}; }}
        QLabel[role="error"] {{ color: {c.error}; }}
        QLabel[role="warn"] {{ color: {c.warn}; }}
        QLineEdit {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge};
            border-radius: {px(t.RADIUS_CONTROL)}px; padding: 0 {px(10)}px;
            min-height: {px(t.CONTROL) - 2}px; selection-background-color: {c.fill};
            selection-color: {c.on_fill}; }}
        QLineEdit:focus {{ border: 2px solid {c.focus}; padding: 0 {px(10) - 1}px;
            min-height: {px(t.CONTROL) - 4}px; }}
        QLineEdit[state="error"] {{ border: 2px solid {c.error}; padding: 0 {px(10) - 1}px;
            min-height: {px(t.CONTROL) - 4}px; }}
        QPlainTextEdit[role="lines"] {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge};
            border-radius: {px(t.RADIUS_CONTROL)}px; padding: 0 {px(6)}px; selection-background-color: {c.fill};
            selection-color: {c.on_fill}; }}
        QPlainTextEdit[role="lines"]:focus {{ border: 2px solid {c.focus}; padding: 0 {px(6) - 1}px; }}
        QPlainTextEdit[role="lines"][state="error"] {{ border: 2px solid {c.error}; padding: 0 {px(6) - 1}px; }}
        QLineEdit[pinned="true"] {{ background: {c.soft}; }}
        QLineEdit:read-only, QPlainTextEdit[role="lines"]:read-only {{ background: {c.mute_soft}; }}
        QLineEdit[role="cell"] {{ border-radius: 0; }}
        QLineEdit:disabled {{ background: {c.mute_soft}; color: {c.text3}; }}
        QCheckBox {{ spacing: {px(8)}px; }}
        QCheckBox::indicator {{ width: {px(t.ICON_BUTTON)}px; height: {px(t.ICON_BUTTON)}px; }}
        QScrollBar:vertical {{ background: transparent; width: {px(t.SCROLL_BAR)}px; margin: 0; }}
        QScrollBar::handle:vertical {{ background: {c.edge}; border-radius: {px(4)}px; min-height: {px(32)}px;
            margin: {px(2)}px; }}
        QScrollBar:horizontal {{ background: transparent; height: {px(12)}px; margin: 0; }}
        QScrollBar::handle:horizontal {{ background: {c.edge}; border-radius: {px(4)}px; min-width: {px(32)}px;
            margin: {px(2)}px; }}
        QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
        QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
        QAbstractItemView {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge};
            selection-background-color: {c.soft}; selection-color: {c.text}; outline: none; }}
        QAbstractItemView::item {{ min-height: {px(t.CONTROL)}px; padding: 0 {px(10)}px; }}
        QAbstractItemView[role="plain"] {{ background: transparent; border: none; }}
        QScrollArea {{ background: transparent; border: none; }}
        QMenu {{ background: {c.surface}; color: {c.text}; border: 1px solid {c.edge}; padding: {px(4)}px 0;
            icon-size: {px(t.ICON_BUTTON)}px; }}
        QMenu::item {{ min-height: {px(t.CHIP)}px; padding: 0 {px(20)}px 0 {px(12)}px; }}
        QMenu::item:selected {{ background: {c.soft}; color: {c.text}; }}
        QMenu::item:disabled {{ color: {c.text3}; }}
        QMenu::icon {{ padding-left: {px(12)}px; }}
        QMenu::separator {{ background: {c.line}; height: 1px; margin: {px(4)}px {px(12)}px; }}
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

"""What all pages have: a header with title, subtitle and actions, a body, perhaps a bar at the foot, and keys.

Rules:

* A page decides nothing: it shows what services say and hands on what was chosen.
* Tab goes in the order in which one reads; the page says where the focus begins (:meth:`Page.first_focus`).
* Actions stand right in the header, the filled one last; keys of the page are listed for F1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import IconButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.reading_order import step
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import ElidedLabel, plain_label, scrolled


@dataclass(frozen=True)
class Key:
    """A key of a page as help shows it: what stands on the key (``Ctrl+S``) and what it does (``保存``)."""

    name: str
    does: str


class Page(QWidget):
    """One page. Subclasses fill ``self.body`` (a QVBoxLayout) and the header, and override what they need.

    Args:
        title: The page's title.
        back: Whether an arrow leads back to the page before.
        scrolls: Whether the body scrolls when it is higher than the window (a page whose table scrolls itself does not).
    """

    keys: Sequence[Key] = ()
    help_text: str = ""
    """A few plain sentences for F1: what this page is for and what to do first."""

    def __init__(self, desk: Desk, title: str, *, back: bool = False, scrolls: bool = False) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        set_role(self, "page")
        px = self.theme.px
        self.title = plain_label(title)
        self.title.setFont(self.theme.font(t.PAGE_TITLE, bold=True))
        self.subtitle = ElidedLabel(role="label")
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(px(8))
        self.beside_title = QHBoxLayout()
        self.beside_title.setSpacing(px(8))
        self.body = QVBoxLayout()
        self.body.setContentsMargins(px(t.PAGE_MARGIN), 0, px(t.PAGE_MARGIN), px(16))
        self.body.setSpacing(px(t.CARD_GAP))
        self.foot = Foot(self.theme)
        self.foot.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header(back))
        self._area: QScrollArea | None = None
        layout.addWidget(self._scrolling() if scrolls else self._still(), 1)
        layout.addWidget(self.foot)

    def _header(self, back: bool) -> QWidget:
        px = self.theme.px
        bar = QWidget()
        bar.setFixedHeight(px(t.HEADER))
        line = QHBoxLayout(bar)
        line.setContentsMargins(px(t.PAGE_MARGIN), 0, px(t.PAGE_MARGIN), 0)
        line.setSpacing(px(12))
        if back:
            arrow = IconButton(self.theme, "arrow-left", "返回")
            arrow.clicked.connect(self.desk.back)
            line.addWidget(arrow)
        line.addWidget(self.title)
        line.addLayout(self.beside_title)
        line.addWidget(self.subtitle, 1)
        line.addLayout(self.buttons)
        return bar

    def _still(self) -> QWidget:
        body = QWidget()
        body.setLayout(self.body)
        return body

    def _scrolling(self) -> QScrollArea:
        body = self._still()
        set_role(body, "page")
        self._area = scroll = scrolled(body)
        scroll.verticalScrollBar().rangeChanged.connect(self._stand_beside_bar)
        return scroll

    def scroll_to_top(self) -> None:
        """Show the page from its beginning: what stands on it now is something else."""
        if self._area is not None:
            self._area.verticalScrollBar().setValue(0)

    def _stand_beside_bar(self, _least: int, most: int) -> None:
        """The scroll bar stands in the page's margin: what scrolls ends where header and foot end."""
        px = self.theme.px
        bar = px(t.SCROLL_BAR) if most > 0 else 0
        self.body.setContentsMargins(px(t.PAGE_MARGIN), 0, px(t.PAGE_MARGIN) - bar, px(16))

    def on_key(self, key: str, run: Callable[[], None]) -> QShortcut:
        """Have a key do something while this page is shown, e.g. ``Ctrl+S``."""
        shortcut = QShortcut(QKeySequence(key), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(run)
        return shortcut

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as one reads, whatever was made when."""
        return step(self, forward=forward)

    # --- what the shell asks ---------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """The page is shown; ``about`` says of what, as given to :meth:`Desk.go`."""

    def refresh(self, kinds: frozenset[str]) -> None:
        """Records of these kinds (empty: any) were written: read again what is shown."""

    def first_focus(self) -> QWidget:
        """Where typing begins."""
        return self

    def search_box(self) -> QWidget | None:
        """What Ctrl+F goes to, or None."""
        return None

    def may_leave(self) -> bool:
        """Whether the page may be left now; a page that says no tells why itself."""
        return True


class Foot(QFrame):
    """The bar at a page's foot: keycaps left, a note, buttons right, the filled one last."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        set_role(self, "foot")
        px = theme.px
        self.setFixedHeight(px(t.FOOT))
        self.hints = QHBoxLayout()
        self.hints.setSpacing(px(16))
        self.note = ElidedLabel(role="label")
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(px(8))
        line = QHBoxLayout(self)
        line.setContentsMargins(px(t.PAGE_MARGIN), 0, px(t.PAGE_MARGIN), 0)
        line.setSpacing(px(16))
        line.addLayout(self.hints)
        line.addWidget(self.note, 1)
        line.addLayout(self.buttons)

    def add_hint(self, key: str, does: str) -> None:
        """Show a keycap and what it does; at most three (ui/UI.md)."""
        cap = KeyCap(self._theme, key)
        words = plain_label(does, role="hint")
        words.setFont(self._theme.font(t.HINT))
        pair = QHBoxLayout()
        pair.setSpacing(self._theme.px(6))
        pair.addWidget(cap)
        pair.addWidget(words)
        self.hints.addLayout(pair)


class KeyCap(QLabel):
    """A key's name as it stands on the key."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(name)
        self.setFont(theme.font(t.HINT))
        self.setFixedHeight(theme.px(t.BADGE))
        set_role(self, "keycap")

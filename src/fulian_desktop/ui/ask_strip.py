"""A question asked in the page: what will happen, the verb that does it, and the way back. No box over the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import IconLabel, plain_label


class AskStrip(QFrame):
    """Hidden until :meth:`ask`; hides again when it is answered. Esc is the way back."""

    ended = Signal()
    """The question is gone, whatever was answered."""

    def __init__(self, theme: Theme, *, back: str = "不撤销") -> None:
        super().__init__()
        set_role(self, "banner")
        self.setProperty("tone", "warn")
        px = theme.px
        self.words = plain_label()
        self.words.setWordWrap(True)
        self.yes = KeyButton(theme, "", style="danger")
        self.no = KeyButton(theme, back, "Esc")
        self._run: Callable[[], None] | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(px(16), px(10), px(12), px(10))
        line.setSpacing(px(12))
        line.addWidget(IconLabel(theme, "warn", "warn", t.ICON_BUTTON))
        line.addWidget(self.words, 1)
        line.addWidget(self.yes)
        line.addWidget(self.no)
        self.yes.clicked.connect(self._answer)
        self.no.clicked.connect(self.hide)
        self.hide()

    def ask(self, text: str, verb: str, run: Callable[[], None]) -> None:
        """Say what will happen; ``verb`` does it."""
        self.words.setText(text)
        self.setAccessibleName(text)
        self.yes.setText(verb)
        self._run = run
        self.show()
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        """Esc is ours while the focus is here, whatever the page does with it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc: the way back."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell the page; the strip that only went out of sight with it still asks."""
        super().hideEvent(event)
        if self.isHidden():
            self.ended.emit()

    def _answer(self) -> None:
        run, self._run = self._run, None
        self.hide()
        if run is not None:
            run()

"""The foot of a record's page: what comes next in a sentence, and the buttons to take it back, to change it, to go on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fulian_desktop.domain.steps import Move
from fulian_desktop.services.entering import Start
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.page import Foot
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import IconLabel


class RecordFoot(QObject):
    """The foot of one page.

    Args:
        foot: The page's bar, which it fills.
    """

    chosen = Signal(object)
    """A :class:`Move`."""

    def __init__(self, theme: Theme, foot: Foot) -> None:
        super().__init__(foot)
        self._foot = foot
        self._moves: dict[KeyButton, Move] = {}
        foot.hints.addWidget(IconLabel(theme, "info", "info", t.ICON_BUTTON))
        foot.note.setFont(theme.font(t.DENSE))
        foot.note.setWordWrap(True)
        self.withdraw = KeyButton(theme, "撤回", style="danger")
        self.edit = KeyButton(theme, "修改", "F2", icon="edit")
        self.main = KeyButton(theme, "送审", primary=True)
        for button in (self.withdraw, self.edit, self.main):
            button.setAutoDefault(True)
            foot.buttons.addWidget(button)
        foot.buttons.insertSpacing(1, theme.px(8))  # what takes back stands apart from what goes on
        for button in (self.withdraw, self.main):
            button.hide()
            button.clicked.connect(lambda _on=False, which=button: self._press(which))
        foot.show()

    @property
    def said(self) -> str:
        """What comes next."""
        return self._foot.note.text()

    def show_moves(self, start: Start, withdrawal: Move | None, main: Move | None, words: str) -> None:
        """Say what comes next, and offer it; what must wait is greyed, and the sentence says why."""
        self._moves = {}
        for button, move in ((self.withdraw, withdrawal), (self.main, main)):
            button.setVisible(move is not None)
            if move is not None:
                self._moves[button] = move
                button.setText(move.label)
                button.setEnabled(not move.wait)
                button.setAccessibleDescription(move.wait)
        self.edit.setText("看全部内容" if start.whole else "修改")
        self._foot.note.setText(words)
        self._foot.note.setAccessibleName(words)

    def _press(self, button: KeyButton) -> None:
        move = self._moves.get(button)
        if move is not None:
            self.chosen.emit(move)

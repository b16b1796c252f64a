"""From a record to the one before or after it in the list that the form was opened from.

Rules:

* The order is that which the list had when the form was opened: saving one does not move the others.
* A record that was deleted meanwhile is passed over.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QWidget

from fulian_desktop.progress import Progress
from fulian_desktop.services.browsing import Listed, rows
from fulian_desktop.services.office import Office
from fulian_desktop.ui.buttons import IconButton, KeyButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Key
from fulian_desktop.ui.theme import Theme

KEYS = (Key("Ctrl+PgUp", "清单里的上一条"), Key("Ctrl+PgDn", "清单里的下一条"))
SHORTCUTS = (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1))
"""The same keys as Qt spells them, and the way that each goes."""

_AROUND = 2_000  # rows of the list each way: nobody steps further
_AT_ONCE = 50


class Walk:
    """The rows around the one that was opened, and where the form stands by now.

    Attributes:
        record: Id of the record that was gone to, "" for the one that was opened; ``unit``: whose it is.
    """

    def __init__(self, kind: str, numbers: list[int], place: int) -> None:
        self.kind, self.record, self.unit = kind, "", ""
        self._numbers, self._place = numbers, place

    @classmethod
    def around(cls, kind: str, row: int, numbers: Callable[[int, int], list[int]]) -> Walk:
        """From a row of a list; ``numbers`` gives those of its rows from one to another."""
        first = max(0, row - _AROUND)
        return cls(kind, numbers(first, row + _AROUND), row - first)

    @property
    def number(self) -> int:
        """The number of the record where one stands."""
        return self._numbers[self._place]

    def beside(self, step: int) -> list[int]:
        """The numbers that follow in a direction, the nearest first."""
        here = self._place
        return self._numbers[here + 1 : here + 1 + _AT_ONCE] if step > 0 else self._numbers[:here][::-1][:_AT_ONCE]

    def stand_at(self, row: Listed) -> None:
        """The form goes to this record."""
        self._place, self.record, self.unit = self._numbers.index(row.no), row.id, row.unit


class WalkButtons(QWidget):
    """Before and after; where there is little room they are signs."""

    asked = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._word = ""
        self._wide = [
            KeyButton(theme, "", key.name, style="ghost", icon=icon)
            for key, icon in zip(KEYS, ("chevron-left", "chevron-right"), strict=True)
        ]
        self._narrow = [IconButton(theme, "chevron-left", ""), IconButton(theme, "chevron-right", "")]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(4))
        line.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # a window that grows narrow is not held by the words
        self.setMinimumWidth(theme.px(72))
        for buttons in (self._wide, self._narrow):
            for step, button in zip((-1, 1), buttons, strict=True):
                button.clicked.connect(lambda _on=False, way=step: self.asked.emit(way))
                line.addWidget(button)
        self.before, self.after = self._wide
        self.hide()

    def show_for(self, word: str) -> None:
        """Name the records by their measure word: 上一户, 下一户."""
        self._word = word
        for words, wide, narrow, key in zip((f"上一{word}", f"下一{word}"), self._wide, self._narrow, KEYS, strict=True):
            wide.setText(words)
            narrow.setToolTip(f"{words}（{key.name}）")
            narrow.setAccessibleName(words)
        self.show()

    def fold(self, narrow: bool) -> None:
        """Show signs, or words with their keys."""
        for button in self._wide:
            button.setVisible(not narrow)
        for sign in self._narrow:
            sign.setVisible(narrow)


def find_beside(desk: Desk, owner: QWidget, walk: Walk, step: int, word: str, go: Callable[[Listed], None]) -> None:
    """Look for the next living record in a direction and hand it to ``go``; at the end of the list, say so."""
    numbers = walk.beside(step)

    def work(office: Office, _progress: Progress) -> Listed | None:
        return next((row for row in rows(office, walk.kind, numbers) if "deleted" not in row.marks), None)

    def done(found: Listed | None) -> None:
        if found is None:
            desk.say(f"已经是清单里的{'最后' if step > 0 else '第'}一{word}。", "info")
        else:
            go(found)

    desk.ask(owner, work, done)

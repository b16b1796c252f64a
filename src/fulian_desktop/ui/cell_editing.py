"""One cell of a list changed in place: what is typed there, in what, and what is said beside it.

Rules:

* What is typed is what the form takes in that field, read in the same way: ``约600``, ``1.2万``, ``3月8日—10日``, ``低保、军属``.
* A code list offers its words while one types, as in the form.
* Several lines and other records do not fit into a line: F2 opens the form at that field. A name typed over a reference would
  take its link away, unseen.
* What was refused stays in the cell with a sentence beside it; Esc keeps what was there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Codes, Flag, Period, Scalar, Text
from fulian_desktop.domain.forms import Cell, shown
from fulian_desktop.domain.words import coded
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.editors import placeholder_of
from fulian_desktop.ui.lines import CodeLine, TypedLine
from fulian_desktop.ui.theme import Theme, set_role, set_state
from fulian_desktop.ui.widgets import IconLabel, plain_label

_WIDE = 200
"""Pixels at 100 % that an editor takes where words or a stretch of days are typed; a column may be narrower."""

_NOTE = 360
_YES = CodeList.of(("yes", "是"))


def fits_a_line(cell: Cell | None) -> bool:
    """Whether what a cell takes can be typed in one line."""
    if cell is None or not isinstance(cell.type, Scalar | Period):
        return False
    return not (isinstance(cell.type, Text) and cell.type.lines)


def line_text(cell: Cell, flat: Mapping[str, Any]) -> str:
    """What stands in a cell, as one would type it."""
    value = shown(cell, flat)
    if value in (None, [], False):
        return ""
    return coded(cell.type, value) or str(value)


def make_line(theme: Theme, cell: Cell) -> TypedLine:
    """The line in which a cell is typed."""
    line: TypedLine
    if isinstance(cell.type, Code) and not isinstance(cell.type, Codes):
        line = CodeLine(theme, cell.type.codes)
    elif isinstance(cell.type, Flag):
        line = CodeLine(theme, _YES)
    else:
        line = TypedLine(theme)
    set_role(line, "cell")
    line.setPlaceholderText("几个之间用顿号隔开" if isinstance(cell.type, Codes) else placeholder_of(cell))
    line.setAccessibleName(cell.full)
    return line


def place_of_line(theme: Theme, cell: Cell, place: QRect, room: QRect) -> QRect:
    """Where the line lies: over its cell, wider where more is typed than is shown, and within the table."""
    wide = isinstance(cell.type, Period | Code | Flag)
    width = min(max(place.width(), theme.px(_WIDE) if wide else 0), room.width())
    left = max(room.left(), min(place.left(), room.right() - width + 1))
    return QRect(left, place.top(), width, place.height())


class CellNote(QFrame):
    """The sentence beside a cell that was refused: under it, or above it where there is no room."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._theme, self._over = theme, over
        set_role(self, "banner")
        self.setProperty("tone", "error")
        px = theme.px
        self.words = plain_label(role="error")
        self.words.setFont(theme.font(t.DENSE))
        self.words.setWordWrap(True)
        line = QHBoxLayout(self)
        line.setContentsMargins(px(10), px(7), px(12), px(7))
        line.setSpacing(px(8))
        line.addWidget(IconLabel(theme, "error", "error", t.ICON_BADGE + 2))
        line.addWidget(self.words, 1)
        self.hide()

    def say(self, text: str) -> None:
        """Show a sentence at the next :meth:`place`, or nothing."""
        self.words.setText(text)
        self.setVisible(bool(text))

    def place(self, line: QRect) -> None:
        """Lie beside the line that one types in."""
        px, room = self._theme.px, self._over.rect()
        wanted, gap = self.words.fontMetrics().horizontalAdvance(self.words.text()) + 2, px(4)
        self.words.setFixedWidth(min(wanted, px(_NOTE), room.width() - px(52)))
        self.adjustSize()
        below = line.bottom() + gap
        top = below if below + self.height() <= room.height() else line.top() - gap - self.height()
        self.move(max(0, min(line.left(), room.width() - self.width())), max(0, top))
        self.raise_()


def say_beside(line: TypedLine, note: CellNote, text: str) -> None:
    """Mark a line as refused and say why, or take both back."""
    set_state(line, "error" if text else "")
    line.mark_error(bool(text))
    line.setAccessibleDescription(text)
    note.say(text)

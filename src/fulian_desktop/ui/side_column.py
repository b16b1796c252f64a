"""A page's main things with a narrow column beside them, or under them where there is no room."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

RIGHT = 340
"""Pixels at 100 % that the column has."""


class Columns(QWidget):
    """The main things on the left, the rest in a narrow column on the right; under them where there is no room."""

    def __init__(self, theme: Theme, left: QVBoxLayout, right: QWidget) -> None:
        super().__init__()
        self._theme, self.right = theme, right
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(theme.px(t.CARD_GAP))
        self._line.addLayout(left, 1)
        self._line.addWidget(right)
        self.stand(beside=True)

    def stand(self, *, beside: bool) -> None:
        """Put the column beside or under."""
        self._line.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        width = self._theme.px(RIGHT)
        self.right.setMinimumWidth(width if beside else 0)
        self.right.setMaximumWidth(width if beside else 10 * width)

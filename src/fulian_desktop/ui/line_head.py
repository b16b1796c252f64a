"""The head of a table of lines: small bold words over a line, those of figures to the right."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QTableView

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role


class LineHead(QHeaderView):
    """The head; ``right`` are the columns of figures, ``indent`` the room before the first word, in pixels at 100 %."""

    def __init__(self, theme: Theme, view: QTableView, right: Container[int], indent: int = 8) -> None:
        super().__init__(Qt.Orientation.Horizontal, view)
        self._theme, self._right, self._indent = theme, right, indent
        set_role(self, "plain")
        self.setFixedHeight(theme.px(t.TABLE_HEAD))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(theme.px(30))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint a head."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        side = Qt.AlignmentFlag.AlignRight if section in self._right else Qt.AlignmentFlag.AlignLeft
        head = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        painter.save()
        painter.setFont(theme.font(t.HINT, bold=True))
        painter.setPen(QColor(c.text2))
        room = rect.adjusted(px(8 if section else self._indent), 0, -px(8), 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | side, head)
        painter.setPen(QPen(QColor(c.line), 1))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        painter.restore()

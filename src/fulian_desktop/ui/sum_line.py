"""The sum line: 收到 = 新增 + 修改 + 没变化 + 冲突 + 拒收 + 等待, painted in one line, read aloud as one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme

_CENTRE = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter

PARTS = (
    ("added", "新增", "ok"), ("changed", "修改", "info"), ("unchanged", "没变化", "text2"), ("conflicts", "冲突", "conflict"),
    ("refused", "拒收", "error"), ("waiting", "等待", "warn"),
)
"""The parts of the sum: what a count is named by, its word, the token of its figure."""


def sum_words(counts: Mapping[str, int], whole: str = "收到") -> str:
    """The sum line as one sentence, for screen readers and paper."""
    parts = "，".join(f"{word} {counts.get(name, 0):,} 条" for name, word, _ in PARTS)
    return f"{whole} {counts.get('in', 0):,} 条：{parts}"


class SumLine(QWidget):
    """A card with the whole on the left and its parts, a figure over a word each, with = and + between."""

    def __init__(self, theme: Theme, whole: str = "收到（条）") -> None:
        super().__init__()
        self._theme, self._whole = theme, whole
        self._counts: Mapping[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_counts({})

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Show other counts: ``in`` and the parts."""
        self._counts = counts
        self.setAccessibleName(sum_words(counts))
        self.setToolTip(sum_words(counts))
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a card with a figure and a word."""
        return QSize(self._theme.px(560), self._theme.px(62))

    def minimumSizeHint(self) -> QSize:
        """Narrower, the figures would run into each other."""
        return QSize(self._theme.px(420), self._theme.px(62))

    def _cells(self) -> Sequence[tuple[str, str, str]]:
        """(figure, word, token) from left to right."""
        c = self._counts
        first = (f"{c.get('in', 0):,}", self._whole, "text")
        # a part that is nothing is said quietly
        return [first, *((f"{c.get(n, 0):,}", word, colour if c.get(n, 0) else "text3") for n, word, colour in PARTS)]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card, the figures, the words and the signs."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.line), 1))
        painter.setBrush(QColor(c.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), px(t.RADIUS_CARD), px(t.RADIUS_CARD))
        cells = self._cells()
        room = (self.width() - 2 * px(8)) / len(cells)
        figure, word = self._figure_font(room), theme.font(t.HINT)
        for i, (number, name, colour) in enumerate(cells):
            left = px(8) + round(i * room)
            above = QRect(left, px(6), round(room), px(28))
            painter.setFont(figure)
            painter.setPen(QColor(getattr(c, colour)))
            painter.drawText(above, _CENTRE, number)
            painter.setFont(word)
            painter.setPen(QColor(c.text2))
            painter.drawText(QRect(left, px(34), round(room), px(22)), _CENTRE, name)
            if i:
                painter.setFont(theme.font(t.CARD_TITLE))
                painter.setPen(QColor(c.text3))
                painter.drawText(QRect(left - px(10), above.top(), px(20), above.height()), _CENTRE, "=" if i == 1 else "+")

    def _figure_font(self, room: float) -> QFont:
        """The largest size in which every figure leaves its signs room."""
        theme = self._theme
        longest = max((number for number, _, _ in self._cells()), key=len)
        for points in (16.0, t.PAGE_TITLE, t.CARD_TITLE):
            if QFontMetrics(theme.font(points, bold=True)).horizontalAdvance(longest) < room - theme.px(22):
                break
        return theme.font(points, bold=True)

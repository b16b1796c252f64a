"""The board of the roll call: how many have reported, and a card for every unit below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fulian_desktop.services.board import STATE_LABELS, State, day_text
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import TONES
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import plain_label, tip_of

if TYPE_CHECKING:
    import datetime

    from fulian_desktop.services.board import UnitCard

CARD_LEAST, CARD_HEIGHT = 150, 100

STATE_TONES = {
    State.MISSING: "mute", State.WAITING: "warn", State.REFUSED: "error", State.CONFLICT: "conflict", State.REPORTED: "ok",
}
_STATE_COLOURS = {
    State.MISSING: "edge", State.WAITING: "warn", State.REFUSED: "error", State.CONFLICT: "conflict", State.REPORTED: "ok",
}
_STATE_ICONS = {
    State.MISSING: "clock", State.WAITING: "clock", State.REFUSED: "stop", State.CONFLICT: "conflict", State.REPORTED: "ok",
}

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def state_words(card: UnitCard) -> str:
    """What a card says of its unit: the state, with how many or for how long."""
    label = STATE_LABELS[card.state]
    if card.state is State.MISSING:
        if not card.enrolled:
            return "还没开通"
        if card.late:
            return f"逾期 {card.late} 天"
        if card.due is not None:
            return f"待报，{card.due.month}月{card.due.day}日截止"
        return "从没报过" if card.days is None else f"{label} {card.days} 天"
    if card.state is State.CONFLICT:
        return f"{STATE_LABELS[State.REPORTED]}，{card.conflicts} 条冲突"
    if card.state is State.REFUSED:
        return f"{STATE_LABELS[State.REPORTED]}，{card.refused} 条拒收"
    if card.state is State.WAITING:
        return "等前面的包"
    return f"{label}，晚 {card.late} 天" if card.late else label


def last_words(card: UnitCard, year: int) -> tuple[str, ...]:
    """The line at a card's foot: when the last package came, and through which day; then said shorter."""
    if card.last is None:
        return ("没有收到过",)
    last = _short_day(card.last, year)
    if card.state is State.MISSING or card.through is None:
        return (f"上次 {last}",)
    through = _short_day(card.through, year)
    return f"{last}・到 {through}", f"报到 {through}"


def _short_day(day: datetime.date, year: int) -> str:
    return day_text(day, year) if day.year == year else f"{day.year}.{day.month}.{day.day}"


class SummaryCard(Card):
    """How many of how many have reported, and a bar of the states with their words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.words = plain_label()
        self.words.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.bar = _Bar(theme)
        self.body.addWidget(self.words)
        self.body.addWidget(self.bar)

    def show_counts(self, counts: Mapping[State, int]) -> None:
        """Show other counts."""
        total = sum(counts.values())
        self.words.setText(f"{total} 个单位，已收到 {total - counts[State.MISSING]} 个")
        self.bar.show_counts(counts)


class _Bar(QWidget):
    """One stacked bar, and under it a square, word and count a state."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.counts: dict[State, int] = {}
        self.setFixedHeight(theme.px(40))
        theme.changed.connect(self.update)

    def show_counts(self, counts: Mapping[State, int]) -> None:
        """Show other counts, what went well first."""
        self.counts = {state: counts[state] for state in reversed(State) if counts[state]}
        self.setAccessibleName("，".join(f"{STATE_LABELS[state]} {count}" for state, count in self.counts.items()))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bar and its words."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        total = sum(self.counts.values())
        left, right = 0.0, px(0)
        painter.setFont(theme.font(t.HINT))
        for state, count in self.counts.items():
            width = self.width() * count / total
            colour = QColor(c.mute_soft if state is State.MISSING else getattr(c, _STATE_COLOURS[state]))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(left, 0, max(width - 2, 2), px(10)), px(3), px(3))
            left += width
            painter.setBrush(QColor(getattr(c, _STATE_COLOURS[state])))
            painter.drawRoundedRect(QRectF(right, px(23), px(10), px(10)), 2, 2)
            words = f"{STATE_LABELS[state]} {count}"
            room = QRect(right + px(16), px(16), painter.fontMetrics().horizontalAdvance(words) + 2, px(24))
            painter.setPen(QColor(c.text2))
            painter.drawText(room, _LEFT, words)
            right = room.right() + px(18)


class BoardModel(QAbstractListModel):
    """The cards that are shown."""

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[UnitCard] = []
        self.year = 0

    def fill(self, cards: Sequence[UnitCard], year: int) -> None:
        """Show other cards; days of another year bear it."""
        self.beginResetModel()
        self.cards, self.year = list(cards), year
        self.endResetModel()

    def rowCount(self, _parent: Index | None = None) -> int:
        """As Qt asks."""
        return len(self.cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """As Qt asks."""
        card = self.cards[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return card.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(card.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{card.name}，{state_words(card)}，{last_words(card, self.year)[0]}"
        return None


class BoardView(QListView):
    """Cards in as many columns as fit, all of one size."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among the columns."""
        px = self._theme.px
        room = self.viewport().width() - px(14)  # Qt keeps the room of a scroll bar
        columns = max(1, room // px(CARD_LEAST))
        self.setGridSize(QSize(room // columns, px(CARD_HEIGHT + 10)))
        super().resizeEvent(event)


def board_view(theme: Theme, model: BoardModel) -> BoardView:
    """The view over the cards."""
    view = BoardView(theme)
    view.setModel(model)
    view.setItemDelegate(_CardDelegate(theme, view))
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setMovement(QListView.Movement.Static)
    view.setUniformItemSizes(True)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setStyleSheet("QListView { background: transparent; border: none; }")
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setMouseTracking(True)
    view.setAccessibleName("下级单位")
    return view


class _CardDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme, self._view = theme, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return self._view.gridSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        c, px = self._theme.tokens, self._theme.px
        model = index.model()
        assert isinstance(model, BoardModel)  # noqa: S101 - the only model it is given
        card = model.cards[index.row()]
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        place = QRect(option.rect.topLeft(), self._view.gridSize()).adjusted(0, 0, -px(10), -px(10))
        pen = QPen(QColor(c.accent if on else c.edge if card.state is State.MISSING else c.line), 2 if on else 1)
        if card.state is State.MISSING and not on:
            pen.setDashPattern([4.0, 3.0])
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        painter.setBrush(QColor(c.hover if over else c.surface))
        painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), px(t.RADIUS_CARD), px(t.RADIUS_CARD))
        if on and bool(option.state & QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(place).adjusted(4, 4, -4, -4), px(t.RADIUS_CARD - 3), px(t.RADIUS_CARD - 3))
        room = place.adjusted(px(14), px(10), -px(10), -px(10))
        line = room.height() // 3
        self._text(painter, QRect(room.left(), room.top(), room.width(), line), card.name, c.text, bold=True)
        colour = getattr(c, TONES[STATE_TONES[card.state]].word)
        size = px(t.ICON_BADGE + 2)
        middle = QRect(room.left(), room.top() + line, room.width(), line)
        mark = icons.pixmap(_STATE_ICONS[card.state], size, colour)
        painter.drawPixmap(middle.left(), middle.center().y() - size // 2 + 1, mark)
        state = state_words(card)
        self._text(painter, middle.adjusted(size + px(6), 0, 0, 0), state, colour, shorter=state.rpartition("，")[2])
        below = QRect(room.left(), room.top() + 2 * line, room.width(), line)
        whole, *shorter = last_words(card, model.year)
        self._text(painter, below, whole, c.text2, points=t.HINT, shorter="".join(shorter))
        painter.restore()

    def _text(
        self, painter: QPainter, place: QRect, text: str, colour: str, *, bold: bool = False, points: float = t.BODY,
        shorter: str = "",
    ) -> None:
        painter.setFont(self._theme.font(points, bold=bold))
        painter.setPen(QColor(colour))
        if shorter and painter.fontMetrics().horizontalAdvance(text) > place.width():
            text = shorter
        painter.drawText(place, _LEFT, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width()))

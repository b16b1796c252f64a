"""Parts of the pages on which something is decided: a queue on the left, and cards of which one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QGridLayout,
    QListView,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import on_one_line, plain_label, tip_of

QUEUE_WIDTH, QUEUE_ROW = 250, 66
MOST_LINES = 8
"""A longer text is cut in its card and stands whole in the tooltip."""

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere


@dataclass(frozen=True)
class Waiting:
    """One thing to be decided: its name and what stands under it; ``done`` once it was."""

    title: str
    under: str
    done: bool = False


class QueueCard(QFrame):
    """What is to be decided, one after another.

    Args:
        title: Above the list. hint: A few plain sentences below it.
    """

    chosen = Signal(int)
    """The place of what was chosen."""

    entered = Signal()
    """It was clicked, or Enter was pressed on it."""

    end_near = Signal()
    """It is scrolled to its last things: if there are more, they are wanted."""

    def __init__(self, theme: Theme, title: str, hint: str) -> None:
        super().__init__()
        set_role(self, "card")
        px = theme.px
        self.setFixedWidth(px(QUEUE_WIDTH))
        self.head, self.note = plain_label(title), plain_label(role="hint")
        self.head.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.note.setFont(theme.font(t.HINT))
        self.model = _QueueModel(theme)
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_QueueDelegate(theme, self.view))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setStyleSheet("QListView { border: none; background: transparent; }")
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName(title)
        self.view.clicked.connect(lambda _index: self.entered.emit())
        self.view.activated.connect(lambda _index: self.entered.emit())
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.hint = plain_label(hint, role="label")
        self.hint.setFont(theme.font(t.HINT))
        self.hint.setWordWrap(True)
        top = on_one_line(self.head, self.note, spacing=px(8))
        top.setContentsMargins(px(16), px(12), px(16), px(8))
        foot = QVBoxLayout()
        foot.setContentsMargins(px(16), px(8), px(16), px(14))
        foot.addWidget(self.hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)
        layout.addLayout(foot)

    def fill(self, items: Sequence[Waiting]) -> None:
        """Show other things; none is chosen."""
        self.model.fill(items)

    def append(self, items: Sequence[Waiting]) -> None:
        """Show more things below; what is chosen stays chosen."""
        self.model.append(items)

    def _scrolled(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        if bar.maximum() - value < bar.pageStep():
            self.end_near.emit()

    def choose(self, place: int) -> None:
        """Choose one of them, without saying so by the signal."""
        with _Silent(self):
            self.view.setCurrentIndex(self.model.index(place))
        self.view.scrollTo(self.model.index(place))

    def mark_done(self, place: int, under: str) -> None:
        """Say of one that it was decided."""
        self.model.mark_done(place, under)

    def _current_changed(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            self.chosen.emit(now.row())


class _Silent:
    """While this lasts a widget sends no signals of its own."""

    def __init__(self, widget: QWidget) -> None:
        self._widget = widget

    def __enter__(self) -> None:
        self._before = self._widget.blockSignals(True)

    def __exit__(self, *_: object) -> None:
        self._widget.blockSignals(self._before)


class _QueueModel(QAbstractListModel):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.items: list[Waiting] = []

    def fill(self, items: Sequence[Waiting]) -> None:
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    def append(self, items: Sequence[Waiting]) -> None:
        if items:
            self.beginInsertRows(QModelIndex(), len(self.items), len(self.items) + len(items) - 1)
            self.items += items
            self.endInsertRows()

    def mark_done(self, place: int, under: str) -> None:
        self.items[place] = replace(self.items[place], under=under, done=True)
        self.dataChanged.emit(self.index(place), self.index(place))

    def rowCount(self, _parent: Index | None = None) -> int:
        return len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(item.title)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{item.title}，{item.under}"
        return None


class _QueueDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(10, self._theme.px(QUEUE_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        model = index.model()
        assert isinstance(model, _QueueModel)  # noqa: S101 - the only model it is given
        item, place = model.items[index.row()], option.rect
        on = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(place, QColor(c.soft if on else c.hover if over else c.surface))
        painter.fillRect(QRect(place.left(), place.bottom(), place.width(), 1), QColor(c.line))
        if on:
            painter.fillRect(QRect(place.left(), place.top(), px(3), place.height()), QColor(c.accent))
        if bool(option.state & QStyle.StateFlag.State_HasFocus):
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.drawRect(place.adjusted(1, 1, -1, -1))
        size = px(t.ICON_BUTTON)
        name, colour = ("ok", c.ok) if item.done else ("conflict", c.conflict)
        painter.drawPixmap(place.left() + px(16), place.top() + px(14), icons.pixmap(name, size, colour))
        room = place.adjusted(px(44), px(9), -px(12), 0)
        painter.setFont(theme.font(t.BODY, bold=on))
        painter.setPen(QColor(c.text))
        first = QRect(room.left(), room.top(), room.width(), px(26))
        painter.drawText(first, _LEFT, painter.fontMetrics().elidedText(item.title, Qt.TextElideMode.ElideRight, room.width()))
        painter.setFont(theme.font(t.HINT))
        painter.setPen(QColor(c.text2))
        second = QRect(room.left(), first.bottom() - px(2), room.width(), px(22))
        painter.drawText(second, _LEFT, painter.fontMetrics().elidedText(item.under, Qt.TextElideMode.ElideRight, room.width()))
        painter.restore()


class ChoiceCard(QRadioButton):
    """A card of which one is chosen: a value in bold, who and when below it.

    Args:
        text: The value. under: One line or more below it.
    """

    def __init__(self, theme: Theme, text: str, under: Sequence[str]) -> None:
        super().__init__()
        self._theme, self._under = theme, tuple(under)
        self._text = text
        self.setAccessibleName("，".join([text, *under]))
        self.setToolTip(tip_of(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def words(self) -> str:
        """The value shown."""
        return self._text

    @property
    def under(self) -> tuple[str, ...]:
        """What stands below it."""
        return self._under

    def _left(self) -> int:
        return self._theme.px(46)

    def _value_height(self, width: int) -> int:
        metrics = QFontMetrics(self._theme.font(t.CARD_TITLE, bold=True))
        room = QRect(0, 0, max(width - self._left() - self._theme.px(14), 40), 10_000)
        return min(metrics.boundingRect(room, int(_WRAPPED), self._text).height(), MOST_LINES * metrics.lineSpacing())

    def _line(self) -> int:
        return QFontMetrics(self._theme.font(t.HINT)).lineSpacing()

    def heightForWidth(self, width: int) -> int:
        """High enough for the value, within bounds, and what stands below it."""
        px = self._theme.px
        return max(px(64), self._value_height(width) + len(self._under) * self._line() + px(22))

    def sizeHint(self) -> QSize:
        """Its usual room."""
        width = self._theme.px(320)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """As narrow as a word."""
        return QSize(self._theme.px(140), self._theme.px(64))

    def hitButton(self, _place: object) -> bool:
        """All of the card can be clicked."""
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, edge or focus ring, the radio's circle, value and what stands below it."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        on, able = self.isChecked(), self.isEnabled()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = c.focus if self.hasFocus() else c.accent if on else c.edge
        pen = QPen(QColor(edge), 2 if on or self.hasFocus() else 1)
        inset = pen.widthF() / 2
        painter.setPen(pen)
        ground = c.mute_soft if not able else c.soft if on else c.hover if self.underMouse() else c.surface
        painter.setBrush(QColor(ground))
        radius = px(t.RADIUS_CARD)
        painter.drawRoundedRect(self.rect().toRectF().adjusted(inset, inset, -inset, -inset), radius, radius)
        self._paint_circle(painter, c.accent if on else c.edge)
        height = self._value_height(self.width())
        whole = height + len(self._under) * self._line()
        top = max((self.height() - whole) // 2, px(8))
        room = QRect(self._left(), top, self.width() - self._left() - px(14), height)
        painter.setFont(theme.font(t.CARD_TITLE, bold=True))
        painter.setPen(QColor(c.text if able else c.text3))
        painter.drawText(room, int(_WRAPPED), self._text)
        painter.setFont(theme.font(t.HINT))
        painter.setPen(QColor(c.text2))
        for i, line in enumerate(self._under):
            place = QRect(room.left(), room.bottom() + 1 + i * self._line(), room.width(), self._line())
            painter.drawText(place, _LEFT, painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, room.width()))

    def _paint_circle(self, painter: QPainter, colour: str) -> None:
        px = self._theme.px
        edge = px(18)
        circle = QRectF(px(15), (self.height() - edge) / 2, edge, edge)
        painter.setPen(QPen(QColor(colour), 1.5))
        painter.setBrush(QColor(self._theme.tokens.surface))
        painter.drawEllipse(circle)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            inset = px(4)
            painter.drawEllipse(circle.adjusted(inset, inset, -inset, -inset))


class Choices(QWidget):
    """Cards side by side of which one or none is chosen: ← → and 1 2 choose, ↑ ↓ and Enter go elsewhere."""

    changed = Signal()
    left = Signal(int)
    """-1 or +1: the keys ask for the choice before or after this one."""

    def __init__(self, cards: Sequence[ChoiceCard], theme: Theme, name: str) -> None:
        super().__init__()
        self.cards = list(cards)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(theme.px(12))
        for i, card in enumerate(self.cards):
            self._group.addButton(card, i)
            card.installEventFilter(self)
            grid.addWidget(card, i // 2, i % 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self._group.idToggled.connect(lambda _place, on: self.changed.emit() if on else None)

    @property
    def chosen(self) -> int | None:
        """The place of the chosen card."""
        place = self._group.checkedId()
        return None if place < 0 else place

    def choose(self, place: int) -> None:
        """Choose a card, by its place."""
        if 0 <= place < len(self.cards) and self.cards[place].isEnabled():
            self.cards[place].setChecked(True)
            self.cards[place].setFocus(Qt.FocusReason.OtherFocusReason)

    def clear(self) -> None:
        """Choose none."""
        self._group.setExclusive(False)
        for card in self.cards:
            card.setChecked(False)
        self._group.setExclusive(True)

    def enter(self) -> None:
        """Put the focus on the chosen card, else on the first."""
        self.cards[self.chosen or 0].setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, _watched: object, event: object) -> bool:
        """Take the keys that choose, before the radio buttons go by their own."""
        if not isinstance(event, QKeyEvent) or event.type() != QKeyEvent.Type.KeyPress:
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        key = event.key()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1}
        if key in steps:
            self.left.emit(steps[Qt.Key(key)])
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            here = self.chosen
            forth = 1 if key == Qt.Key.Key_Right else -1
            self.choose(max(0, forth) if here is None else min(max(here + forth, 0), len(self.cards) - 1))
        elif Qt.Key.Key_1 <= key <= Qt.Key.Key_9:
            self.choose(key - Qt.Key.Key_1)
        else:
            return False
        return True

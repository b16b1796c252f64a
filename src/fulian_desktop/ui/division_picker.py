"""Choosing one of many places: a line to type in, what it matches under it, and going down the official list.

Rules:

* Typing filters: part of the name, the first digits of the code, or pinyin initials; ↑ ↓ choose while one types.
* → goes to what lies below the chosen place, ← back up, when nothing is typed; Enter takes the chosen one.
* The country is asked for beside the window: the first question unpacks the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.texts import search_key
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.starting import Division

ASK_AFTER_MS = 200
Index = QModelIndex | QPersistentModelIndex
_NOTE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True)
class Choice:
    """Something to choose: its name, a grey note beside it, and what it stands for."""

    name: str
    note: str
    value: Any


class PickList(QWidget):
    """A line and a list under it; everything in the list can be chosen.

    Args:
        asks: The accessible name of the line.
        hint: The grey words in it.
    """

    moved = Signal()
    """Another entry is the chosen one, or none."""

    taken = Signal()
    """Enter, or a double click, on the chosen one."""

    def __init__(self, theme: Theme, asks: str, hint: str) -> None:
        super().__init__()
        self._theme = theme
        self.line = QLineEdit()
        self.line.setPlaceholderText(hint)
        self.line.setAccessibleName(asks)
        self.list = QListWidget()
        self.list.setAccessibleName(f"{asks}：可以选的")
        set_role(self.list, "card")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMinimumHeight(theme.px(3 * t.ROW_DENSE + 2))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)  # takes what is left
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_TwoWords(theme, self.list))
        self.line.installEventFilter(self)
        self.line.textEdited.connect(self._typed)
        self.line.returnPressed.connect(self._take)
        self.list.currentRowChanged.connect(lambda _row: self.moved.emit())
        self.list.itemDoubleClicked.connect(lambda _item: self.open_chosen())
        self._choices: Sequence[Choice] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addWidget(self.line)
        layout.addWidget(self.list, 1)

    def offer(self, choices: Sequence[Choice]) -> None:
        """Offer these; what is typed filters them."""
        self._choices = choices
        self._typed(self.line.text())

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Put these into the list, the first of them chosen."""
        self.list.clear()
        for one in choices:
            item = QListWidgetItem(one.name)
            item.setData(Qt.ItemDataRole.UserRole, one.value)
            item.setData(_NOTE, one.note)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{one.name}，{one.note}")
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.moved.emit()

    @property
    def value(self) -> Any:  # noqa: ANN401 - what the choices stand for
        """What the chosen one stands for, None when there is none."""
        item = self.list.currentItem()
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def open_chosen(self) -> None:
        """What a double click does."""
        self._take()

    def _take(self) -> None:
        if self.value is not None:
            self.taken.emit()

    def _typed(self, text: str) -> None:
        key = search_key(text).replace(" ", "")
        self.show_choices([one for one in self._choices if _matches(one.name, key) or key in search_key(one.note)])

    def on_key(self, event: QKeyEvent) -> bool:
        """Whether a key in the line was one for the list."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None or not self.list.count():
            return False
        self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down choose in the list while one types."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.on_key(event):
            return True
        return super().eventFilter(watched, event)


def _matches(name: str, key: str) -> bool:
    return not key or key in search_key(name).replace(" ", "") or any(key in whole for whole in initials(name))


class DivisionPicker(PickList):
    """A place of the official list, from the provinces down or by typing."""

    def __init__(self, theme: Theme, runner: JobRunner) -> None:
        super().__init__(theme, "单位所在地", "打地名、拼音首字母或区划代码，如 清溪镇、qxz、140702")
        self._runner = runner
        self._trail: list[Division] = []
        self.where = plain_label(role="label")
        self.where.setFont(theme.font(t.HINT))
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made above
        layout.insertWidget(1, self.where)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(ASK_AFTER_MS)
        self._wait.timeout.connect(self._ask)
        self._ask()

    def _typed(self, _text: str) -> None:
        self._wait.start()

    def _ask(self) -> None:
        typed, under = self.line.text(), self._trail[-1].code if self._trail else None

        def work(_progress: object) -> list[Division]:
            from fulian_desktop.services.starting import find_divisions

            return find_divisions(typed, under)

        self._runner.start(
            self, work, done=lambda found: self._show(typed, under, found),
            failed=lambda error: self.where.setText(sentence_for(error).text),
        )

    def _show(self, typed: str, under: str | None, found: list[Division]) -> None:
        if typed != self.line.text() or under != (self._trail[-1].code if self._trail else None):
            return  # an answer to an earlier question
        place = self._trail[-1].path if self._trail else "全国"
        self.where.setText(f"{place}：没有找到，换几个字试试" if not found else f"{place}（按 → 看下级，按 ← 回上级）")
        self.show_choices([Choice(one.name, " › ".join(one.above) or one.code, one) for one in found])

    def _take(self) -> None:
        # What was typed last may still be on its way: the chosen one would be of an older question.
        if not self._wait.isActive():
            super()._take()

    def open_chosen(self) -> None:
        """A double click goes down; at the lowest level it takes."""
        if not self._go_down():
            self._take()

    def _go_down(self) -> bool:
        chosen: Division | None = self.value
        if chosen is None or not chosen.has_below:
            return False
        self._trail.append(chosen)
        self.line.clear()
        self._ask()
        return True

    def on_key(self, event: QKeyEvent) -> bool:
        """→ goes down and ← up when nothing is typed, besides choosing."""
        if event.key() == Qt.Key.Key_Right and self.line.cursorPosition() == len(self.line.text()):
            return self._go_down()
        if event.key() == Qt.Key.Key_Left and not self.line.text() and self._trail:
            self._trail.pop()
            self._ask()
            return True
        return super().on_key(event)


class _TwoWords(QStyledItemDelegate):
    """A name, and a grey note at the right; the chosen one on soft ground with a bar at its left."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.px(t.ROW_DENSE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        place = QRect(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(place, QColor(c.soft if chosen else c.hover))
        if chosen:
            painter.fillRect(QRect(place.left(), place.top(), px(3), place.height()), QColor(c.accent))
        room = place.adjusted(px(14), 0, -px(14), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font())
        painter.setPen(QColor(c.text))
        name = str(index.data())
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, name)
        taken = painter.fontMetrics().horizontalAdvance(name) + px(16)
        painter.setFont(theme.font(t.HINT))
        painter.setPen(QColor(c.text2 if chosen else c.text3))
        note = painter.fontMetrics().elidedText(
            str(index.data(_NOTE) or ""), Qt.TextElideMode.ElideLeft, max(0, room.width() - taken)
        )
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, note)
        painter.restore()

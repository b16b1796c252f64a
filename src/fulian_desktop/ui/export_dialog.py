"""Which columns of a list go into an Excel sheet, in what order, and whether sensitive values are written whole.

Rules:

* What there is to choose from follows from the kind's declaration (services/list_output.py); no field is named here.
* The choice is kept for each kind, apart from the columns that its list shows; that sensitive values are written whole is
  asked each time anew, in plain words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.domain.kind import Kind
from fulian_desktop.services.list_output import OutColumn
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip, KeyButton, badge_width, paint_badge
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import NoteLine
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import on_one_line, plain_label

SIZE = (600, 600)
Index = QModelIndex | QPersistentModelIndex

_NAME, _TICKED, _SENSITIVE = (Qt.ItemDataRole.UserRole + place for place in range(3))
_MASKED = "标“敏感”的列隐去，只留号码的头尾，如 138****5721。"
_WHOLE = "号码、住址等全部写出，会记入日志。用完请删掉表格。"


def ordered(columns: Sequence[OutColumn], kept: Sequence[str]) -> tuple[list[OutColumn], frozenset[str]]:
    """The columns in the order they are offered in, and the names of those that are ticked.

    Args:
        columns: All, in the order of the form.
        kept: The names chosen last time, in their order; none: the usual ones are ticked.
    """
    place = {name: number for number, name in enumerate(kept)}
    if not any(column.name in place for column in columns):
        return list(columns), frozenset(column.name for column in columns if column.usual)
    return sorted(columns, key=lambda column: place.get(column.name, len(place))), frozenset(kept)


class ColumnList(QListWidget):
    """The columns, ticked by 空格 or a click and moved by Alt+↑ Alt+↓."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.whole = False
        set_role(self, "plain")
        self.setItemDelegate(_Rows(theme, self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("要导出的列，空格勾选")
        self.itemClicked.connect(self.toggle)
        theme.changed.connect(self.viewport().update)

    def show_columns(self, columns: Iterable[OutColumn], ticked: frozenset[str]) -> None:
        """Show these columns, the first one current."""
        self.clear()
        for column in columns:
            item = QListWidgetItem(column.label)
            for role, value in ((_NAME, column.name), (_TICKED, column.name in ticked), (_SENSITIVE, column.sensitive)):
                item.setData(role, value)
            self.addItem(item)
        self.setCurrentRow(0)
        self._tell()

    def chosen(self) -> list[str]:
        """The names of the ticked columns, in order."""
        items = (self.item(row) for row in range(self.count()))
        return [str(item.data(_NAME)) for item in items if item.data(_TICKED)]

    def toggle(self, item: QListWidgetItem | None) -> None:
        """Tick a column, or take its tick away."""
        if item is not None:
            item.setData(_TICKED, not item.data(_TICKED))
            self._tell()

    def tick_all(self) -> None:
        """Tick every column."""
        for row in range(self.count()):
            self.item(row).setData(_TICKED, True)
        self._tell()

    def move_by(self, step: int) -> None:
        """Move the current column up (-1) or down (1)."""
        row = self.currentRow()
        if row >= 0 and 0 <= row + step < self.count():
            item = self.takeItem(row)
            self.insertItem(row + step, item)
            self.setCurrentRow(row + step)
            self._tell()

    def show_whole(self, whole: bool) -> None:
        """Say of the sensitive columns that they are written whole, or masked."""
        self.whole = whole
        self._tell()

    def _tell(self) -> None:
        """Let screen readers and the dialog know."""
        for row in range(self.count()):
            item = self.item(row)
            words = [item.text(), "已选" if item.data(_TICKED) else "没选", *filter(None, [self.mark_of(item)])]
            item.setData(Qt.ItemDataRole.AccessibleTextRole, "，".join(words))
        self.viewport().update()
        self.changed.emit()

    def mark_of(self, item: QListWidgetItem) -> str:
        """What stands behind a sensitive column."""
        if not item.data(_SENSITIVE):
            return ""
        return "敏感，全部写出" if self.whole else "敏感，隐去"

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """空格 ticks, Alt+↑ Alt+↓ move; Enter is the dialog's."""
        step = {int(Qt.Key.Key_Up): -1, int(Qt.Key.Key_Down): 1}.get(event.key())
        if step is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.move_by(step)
        elif event.key() == Qt.Key.Key_Space:
            self.toggle(self.currentItem())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class _Rows(QStyledItemDelegate):
    """Paints a column: its box, its head, and what becomes of it when it is sensitive."""

    def __init__(self, theme: Theme, of: ColumnList) -> None:
        super().__init__(of)
        self._theme, self._of = theme, of

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One height for all."""
        return QSize(0, self._theme.px(t.ROW_DENSE))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        item, rect = self._of.item(index.row()), QRect(option.rect)
        current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if current:
            painter.fillRect(rect, QColor(c.soft))
        if current and self._of.hasFocus():
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        self._paint_box(painter, rect, ticked=bool(item.data(_TICKED)))
        mark, room = self._of.mark_of(item), rect.adjusted(px(38), 0, -px(12), 0)
        if mark:
            tone = "bare" if self._of.whole else "hidden"
            width = badge_width(theme, mark, tone)
            place = QRect(room.right() - width, room.top(), width, room.height())
            paint_badge(painter, theme, place, mark, tone, self._of.devicePixelRatioF())
            room.setRight(place.left() - px(8))
        painter.setFont(theme.font(t.BODY))
        painter.setPen(QColor(c.text if item.data(_TICKED) else c.text2))
        shown = painter.fontMetrics().elidedText(item.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _paint_box(self, painter: QPainter, rect: QRect, *, ticked: bool) -> None:
        c, px = self._theme.tokens, self._theme.px
        size = px(16)
        box = QRect(rect.left() + px(12), rect.center().y() - size // 2 + 1, size, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.fill if ticked else c.edge), 1))
        painter.setBrush(QColor(c.fill if ticked else c.surface))
        painter.drawRoundedRect(box.toRectF().adjusted(0.5, 0.5, -0.5, -0.5), px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
        if ticked:
            drawn = icons.pixmap("tick", size - px(2), c.on_fill, self._of.devicePixelRatioF())
            painter.drawPixmap(box.left() + px(1), box.top() + px(1), drawn)


class ExportDialog(QDialog):
    """The columns of one kind's sheet.

    Args:
        about: What is exported, e.g. ``2026年・17 场``.
        columns: What there is to choose from.
    """

    chosen = Signal(object, bool)
    """The names of the columns in their order, and whether sensitive values are written whole."""

    def __init__(self, desk: Desk, parent: QWidget, kind: Kind, about: str, columns: Sequence[OutColumn]) -> None:
        super().__init__(parent)
        self.desk, self.theme = desk, desk.theme
        self._columns, self._key = list(columns), f"list/{kind.code}/export"
        theme, px = self.theme, self.theme.px
        self.setWindowTitle(f"导出{kind.label}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        title, subtitle = plain_label(f"导出{kind.label}"), plain_label(about, role="label")
        title.setFont(theme.font(t.PAGE_TITLE, bold=True))
        self.list = ColumnList(theme)
        self.whole = Chip(theme, "敏感内容全部写出")
        self.note = NoteLine(theme)
        self.reason = plain_label(role="label")
        self.export = KeyButton(theme, "导出", "回车", primary=True, icon="export")
        self._lay_out(on_one_line(title, subtitle, spacing=px(12)))
        self.whole.toggled.connect(self._show_whole)
        self.list.changed.connect(self._count)
        self.export.clicked.connect(self._take)
        self.list.show_columns(*ordered(self._columns, [name for name in desk.memory.get(self._key, "").split(",") if name]))
        has_sensitive = any(column.sensitive for column in columns)
        self.whole.setVisible(has_sensitive)
        self._show_whole(False)
        self.note.setVisible(has_sensitive)
        room = parent.window().size()
        self.resize(min(px(SIZE[0]), room.width()), min(px(SIZE[1]), room.height()))
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, head: QHBoxLayout) -> None:
        theme, px = self.theme, self.theme.px
        hint = plain_label("按空格勾选要写进表格的列，排好先后；下次导出还是这样。", role="label")
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(px(4), px(4), px(4), px(4))
        inside.addWidget(self.list)
        side = QVBoxLayout()
        side.setSpacing(px(8))
        self.up, self.down = KeyButton(theme, "上移", "Alt+↑"), KeyButton(theme, "下移", "Alt+↓")
        self.all, self.usual = KeyButton(theme, "全部勾选"), KeyButton(theme, "恢复常用")
        for button, run in (
            (self.up, lambda: self.list.move_by(-1)), (self.down, lambda: self.list.move_by(1)),
            (self.all, self.list.tick_all), (self.usual, self._restore),
        ):
            button.clicked.connect(lambda _checked=False, run=run: run())
            button.setFixedWidth(self.down.sizeHint().width())
            side.addWidget(button)
        side.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(px(14))
        middle.addWidget(card, 1)
        middle.addLayout(side)
        asked = QHBoxLayout()
        asked.setSpacing(px(10))
        asked.addWidget(self.whole)
        asked.addWidget(self.note, 1, Qt.AlignmentFlag.AlignVCenter)
        self.cancel = KeyButton(theme, "取消", "Esc")
        self.cancel.clicked.connect(self.reject)
        self.export.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self.reason, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.export)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(18), px(24), px(18))
        layout.setSpacing(px(12))
        layout.addLayout(head)
        layout.addWidget(hint)
        layout.addLayout(middle, 1)
        layout.addLayout(asked)
        layout.addLayout(foot)

    def _show_whole(self, whole: bool) -> None:
        self.list.show_whole(whole)
        self.note.say(_WHOLE if whole else _MASKED, "warn" if whole else "hint")

    def _count(self) -> None:
        count = len(self.list.chosen())
        self.export.setEnabled(count > 0)
        self.reason.setText(f"{count} 列" if count else "先勾一列，再导出")

    def _restore(self) -> None:
        """As it was before anybody chose."""
        self.list.show_columns(*ordered(self._columns, ()))

    def _take(self) -> None:
        names = self.list.chosen()
        usual = [column.name for column in self._columns if column.usual]
        self.desk.memory.set(self._key, "" if names == usual else ",".join(names))
        whole = self.whole.isChecked()
        self.accept()
        self.chosen.emit(names, whole)

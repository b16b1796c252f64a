"""The pane beside a list: one record at a glance, and what can be done with it.

Sensitive values are masked until they are asked for; the page has that noted in the activity log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QByteArray, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.units import covers
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, IconButton, KeyButton
from fulian_desktop.ui.cells import badges_of, has_sensitive, pairs_of, short_unit, source_text
from fulian_desktop.ui.flow import FlowLayout
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import plain_label, scrolled

if TYPE_CHECKING:
    from fulian_desktop.services.browsing import Listed

WIDTH, LABEL = 344, 88
PHOTOS = 3
"""So many pictures stand in the pane; the rest is seen in the record."""


class DetailsPane(QFrame):
    """Badges, name, pictures, label–value pairs, who entered it, and buttons at the foot."""

    closed = Signal()
    open_asked = Signal()
    edit_asked = Signal()
    reveal_asked = Signal(bool)
    delete_asked = Signal()
    restore_asked = Signal()
    copy_asked = Signal()
    transfer_asked = Signal()
    conflicts_asked = Signal()

    def __init__(self, theme: Theme, kind: Kind) -> None:
        super().__init__()
        self._theme, self._kind = theme, kind
        self.row: Listed | None = None
        self.revealed = False
        self.can_transfer = False
        set_role(self, "card")
        px = theme.px
        self.setFixedWidth(px(WIDTH))
        self._close = IconButton(theme, "close", "收起详情 F4")
        self._close.clicked.connect(self.closed)
        self._badges = FlowLayout(px(6))
        holder = QWidget()
        holder.setLayout(self._badges)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        head = QHBoxLayout()
        head.addWidget(holder, 1)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.title = plain_label()
        self.title.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.title.setWordWrap(True)
        self.place = plain_label(role="label")
        self.place.setFont(theme.font(t.DENSE))
        self.place.setWordWrap(True)
        self._photos = QHBoxLayout()
        self._photos.setSpacing(px(8))
        self._body = QVBoxLayout()
        self._body.setContentsMargins(0, 0, px(4), 0)
        self._body.setSpacing(px(8))
        self._pairs: QWidget | None = None
        inner = QWidget()
        inner.setLayout(self._body)
        self._scroll = scrolled(inner, sideways=False, by_keys=True)
        self._scroll.setAccessibleName("详情")
        inner.setAutoFillBackground(False)
        self._scroll.viewport().setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(16), px(12), px(12), px(14))
        layout.setSpacing(px(8))
        layout.addLayout(head)
        layout.addWidget(self.title)
        layout.addWidget(self.place)
        layout.addLayout(self._photos)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        theme = self._theme
        self.open = KeyButton(theme, "打开", "回车")
        self.open.clicked.connect(self.open_asked)
        self.edit = KeyButton(theme, "编辑", icon="edit")
        self.edit.clicked.connect(self.edit_asked)
        self.restore = KeyButton(theme, "恢复", "Ctrl+R", icon="undo")
        self.restore.clicked.connect(self.restore_asked)
        self.more = IconButton(theme, "more", "还可以做什么")
        self.more.clicked.connect(self._open_menu)
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        for button in (self.open, self.edit, self.restore, self.more):
            line.addWidget(button)
        line.addStretch(1)
        return line

    def show_row(self, row: Listed | None, units: Mapping[str, str], year: int, *, revealed: bool) -> None:
        """Show a record; None: the pane is empty until one is chosen."""
        changed = row is None or self.row is None or row.id != self.row.id
        self.row, self.revealed = row, revealed
        for button in (self.open, self.edit, self.restore, self.more):
            button.setVisible(row is not None)
        self._clear()
        if row is None:
            self.title.setText("")
            self.place.setText("在表里选一行，这里就显示它的内容。")
            return
        deleted = "deleted" in row.marks
        self.edit.setVisible(not deleted)
        self.restore.setVisible(deleted or "delete-marked" in row.marks)
        self.open.setVisible(not deleted)
        for word, tone in badges_of(self._kind, row):
            self._badges.addWidget(Badge(self._theme, word, tone))
        self.title.setText(self._kind.name_of(row.flat)[:200] or "（没有名称）")
        above = any(covers(row.unit, code) for code in units)  # a unit above has no name in this list
        self.place.setText(short_unit(units.get(row.unit) or ("上级单位" if above else row.unit)))
        self._pairs = self._made_pairs(pairs_of(self._kind, row, year, reveal=revealed), source_text(row, year))
        self._body.addWidget(self._pairs)
        self._body.addStretch(1)
        if changed:
            self._scroll.verticalScrollBar().setValue(0)

    def _clear(self) -> None:
        while (item := self._badges.takeAt(0)) is not None:
            if (badge := item.widget()) is not None:
                badge.hide()
                badge.deleteLater()
        while self._body.count():
            taken = self._body.takeAt(0)
            if taken is not None and (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.show_photos([])

    def _made_pairs(self, pairs: list[tuple[str, str]], source: str) -> QWidget:
        theme, px = self._theme, self._theme.px
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, px(4), 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(8))
        grid.setColumnMinimumWidth(0, px(LABEL))
        grid.setColumnStretch(1, 1)
        for place, (label, text) in enumerate(pairs):
            for column, words in enumerate((plain_label(label, role="label"), plain_label(text[:2_000]))):
                words.setFont(theme.font(t.DENSE))
                words.setWordWrap(True)
                words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                if column == 0:
                    words.setFixedWidth(px(LABEL))
                grid.addWidget(words, place, column)
        line = QFrame()
        set_role(line, "line")
        said = plain_label(source, role="hint")
        said.setFont(theme.font(t.HINT))
        said.setWordWrap(True)
        grid.addWidget(line, len(pairs), 0, 1, 2)
        grid.addWidget(said, len(pairs) + 1, 0, 1, 2)
        return holder

    def show_photos(self, pictures: list[bytes]) -> None:
        """Show a record's first pictures."""
        while self._photos.count():
            taken = self._photos.takeAt(0)
            if taken is not None and (widget := taken.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        px = self._theme.px
        size = QSize(px(98), px(72))
        for data in pictures[:PHOTOS]:
            drawn = _thumbnail(data, size, self.devicePixelRatioF())
            if drawn is not None:
                picture = QLabel()
                picture.setPixmap(drawn)
                picture.setFixedSize(size)
                picture.setAccessibleName("照片")
                self._photos.addWidget(picture)
        if pictures:
            filler = QWidget()
            self._photos.addWidget(filler, 1)

    def menu(self, row: Listed | None, *, revealed: bool) -> QMenu:
        """What can be done with a record: under ⋯ here, and under the right button of the mouse in the table."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tokens = self._theme.tokens

        def add(word: str, icon: str, run: Callable[[], None], *, key: str = "") -> None:
            text = f"{word}\t{key}" if key else word
            action = menu.addAction(icons.icon(icon, tokens.text2, self._theme.px(t.ICON_BUTTON)), text)
            action.triggered.connect(lambda _checked=False: run())

        if row is None:
            return menu
        if "deleted" in row.marks:
            add("恢复", "undo", self.restore_asked.emit, key="Ctrl+R")
        else:
            add("打开", "edit", self.open_asked.emit, key="回车")
        if row.conflicts:
            add("处理冲突", "conflict", self.conflicts_asked.emit)
        if has_sensitive(self._kind, row):
            if revealed:
                add("隐去敏感信息", "eye-off", lambda: self.reveal_asked.emit(False))
            else:
                add("显示敏感信息（会记入日志）", "eye", lambda: self.reveal_asked.emit(True))
        add("复制这一行", "copy", self.copy_asked.emit, key="Ctrl+C")
        if "deleted" not in row.marks:
            if self.can_transfer:
                add("转到别的单位", "exchange", self.transfer_asked.emit)
            add("删除", "trash", self.delete_asked.emit, key="Del")
        return menu

    def _open_menu(self) -> None:
        menu = self.menu(self.row, revealed=self.revealed)
        menu.popup(self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))


def _thumbnail(data: bytes, size: QSize, ratio: float) -> QPixmap | None:
    """A picture cut to fill its place; None when it cannot be read. It is decoded small, a large one in a few ms."""
    held = QBuffer()
    held.setData(QByteArray(data))
    held.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(held)
    wanted = size * ratio
    whole = reader.size()
    if whole.isValid():
        reader.setScaledSize(whole.scaled(wanted, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        return None
    left, top = (image.width() - wanted.width()) // 2, (image.height() - wanted.height()) // 2
    drawn = QPixmap.fromImage(image.copy(left, top, wanted.width(), wanted.height()))
    drawn.setDevicePixelRatio(ratio)
    return drawn

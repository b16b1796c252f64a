"""What stands at the foot of a form: its keys or why a save was refused, what is still to be mended, and its buttons."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLabel, QSizePolicy, QWidget

from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.page import Foot
from fulian_desktop.ui.theme import Theme, set_role


class FormFoot:
    """The foot of one form.

    Args:
        foot: The page's bar, which it fills.
    """

    def __init__(self, theme: Theme, foot: Foot) -> None:
        self._theme, self._foot = theme, foot
        for key, does in (("回车", "下一项"), ("Shift+回车", "上一项"), ("Ctrl+D", "同上一条")):
            foot.add_hint(key, does)
        self.show_keys(False)  # until it is known that there is room: a window never shrinks again
        self.wrong = WrongNote(theme)
        self.cancel = KeyButton(theme, "取消", "Esc")
        self.next = KeyButton(theme, "保存并登记下一条", "Ctrl+回车")
        self.save = KeyButton(theme, "保存", "Ctrl+S", primary=True)
        for button in (self.cancel, self.next, self.save):
            button.setAutoDefault(True)  # Enter presses it, as Enter goes through all else
        for widget in self.stops:
            foot.buttons.addWidget(widget)
        foot.show()

    @property
    def stops(self) -> tuple[QWidget, ...]:
        """What Tab goes through."""
        return (self.wrong, self.cancel, self.next, self.save)

    def show_form(self, word: str, *, whole: bool) -> None:
        """Name the records by their measure word; nothing can be saved where the whole may only be looked at."""
        self.next.setText(f"保存并登记下一{word}")
        for button in (self.next, self.save):
            button.setVisible(not whole)
        self.cancel.setText("返回" if whole else "取消")

    def show_keys(self, has_room: bool) -> None:
        """Show the keys of the form where there is room, and nothing else is said."""
        for label in self._foot.findChildren(QLabel):
            if label is not self._foot.note:
                label.setVisible(has_room and not self._foot.note.text())

    @property
    def said(self) -> str:
        """What is said."""
        return self._foot.note.text()

    def say(self, text: str) -> None:
        """Say why a save was refused; nothing: as before."""
        label = self._foot.note
        label.setFont(self._theme.font(t.DENSE))
        label.setWordWrap(True)
        set_role(label, "error" if text else "label")
        label.style().unpolish(label)
        label.style().polish(label)
        label.setText(text)
        label.setAccessibleName(text)


class WrongNote(QAbstractButton):
    """How many places are to be mended; a click goes to the next one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()
        theme.changed.connect(self.update)

    def count(self, places: int) -> None:
        """Show the number; none: nothing."""
        self.setText(f"还有 {places} 处要改")
        self.setAccessibleName(f"{self.text()}，按空格去改")
        self.setVisible(places > 0)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for icon and words."""
        px = self._theme.px
        width = QFontMetrics(self._theme.font(t.DENSE)).horizontalAdvance(self.text())
        return QSize(width + px(t.ICON_BADGE + 26), px(t.CHIP))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon, words and the ring of the focus."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QColor(c.focus) if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.error_soft))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), px(t.RADIUS_CONTROL), px(t.RADIUS_CONTROL))
        size = px(t.ICON_BADGE + 2)
        icon = icons.pixmap("warn", size, c.error, self.devicePixelRatioF())
        painter.drawPixmap(px(8), (self.height() - size) // 2 + 1, icon)
        painter.setFont(theme.font(t.DENSE))
        painter.setPen(QColor(c.error))
        left = px(8) + size + px(6)
        room = QRect(left, 0, self.width() - left, self.height())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), self.text())

"""The three ways to begin as cards, and below them what else one can do.

Rules:

* 1, 2, 3, a click anywhere on a card, or Enter on its button choose a way; the most usual one is filled.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import IconLabel, centred, plain_label

ROW_FROM = 1000
"""Effective width from which the three cards stand side by side."""

CARD_HEIGHT = 316


@dataclass(frozen=True)
class Way:
    """A card: its icon and the tokens of its colours, the words, the verb of its button."""

    icon: str
    colour: str
    ground: str
    title: str
    text: str
    points: tuple[str, ...]
    verb: str
    often: bool = False


WAYS = (
    Way("usb", "accent", "soft", "用镇里给的 U 盘开通",
        "镇妇联给过一个 U 盘，里面有邀请文件。多数村、社区选这个。",
        ("自动带来本镇的村名和评选活动", "选自己的村名就能用"), "插好 U 盘，打开邀请", often=True),
    Way("organisation", "info", "info_soft", "作为上级单位开始",
        "上级还没有用这个程序。乡镇、县的妇联自己先用起来，以后上级用了再接上。",
        ("选单位所在地，填单位名称", "可以给下面的村发邀请"), "新建"),
    Way("history", "text2", "mute_soft", "从备份恢复",
        "换了电脑，或者重装了系统。用备份文件或 U 盘上的备份找回全部记录。",
        ("要用到密码或恢复码", "恢复后原来的电脑请停用"), "选备份文件"),
)


class Choices(QWidget):
    """The three cards, and below them what else one can do."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, version: str) -> None:
        super().__init__()
        self._theme = theme
        px = theme.px
        set_role(self, "page")
        self.cards = [WayCard(theme, way, no) for no, way in enumerate(WAYS)]
        self.buttons = [card.button for card in self.cards]
        for no, card in enumerate(self.cards):
            card.button.clicked.connect(lambda _on=False, no=no: self.chosen.emit(no))
            QShortcut(QKeySequence(str(no + 1)), self).activated.connect(card.button.click)
        self.demo_button = KeyButton(theme, "看看演示数据", style="ghost")
        self.open_button = KeyButton(theme, "打开本机已有的记录", style="ghost")
        self.larger_button = KeyButton(theme, "字大一点", style="ghost")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(px(20))
        for card in self.cards:
            self._row.addWidget(card, 1)
        column = QVBoxLayout()
        column.setContentsMargins(px(40), px(20), px(40), px(8))
        column.setSpacing(0)
        column.addStretch(1)
        column.addLayout(self._heading())
        column.addSpacing(px(22))
        column.addLayout(self._row)
        column.addSpacing(px(14))
        column.addLayout(self._below())
        column.addStretch(2)
        scroll = centred(column, px(1236))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(self._foot(version))

    def _heading(self) -> QVBoxLayout:
        theme = self._theme
        title = plain_label("您好，先把这台电脑设置好")
        title.setFont(theme.font(t.FIGURE, bold=True))
        heading = QVBoxLayout()
        heading.setSpacing(theme.px(4))
        centre = Qt.AlignmentFlag.AlignHCenter
        heading.addWidget(IconLabel(theme, "app", "accent", 56), 0, centre)
        heading.addSpacing(theme.px(8))
        heading.addWidget(title, 0, centre)
        heading.addWidget(plain_label("三种办法选一种，大约两分钟。全程不用联网。", role="label"), 0, centre)
        return heading

    def _below(self) -> QHBoxLayout:
        theme = self._theme
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addStretch(1)
        for icon, text in (("lock", "记录只存在这台电脑上，并且加了密。"), ("phone", "拿不准选哪个，问镇妇联。")):
            words = plain_label(text, role="label")
            words.setFont(theme.font(t.DENSE))
            line.addWidget(IconLabel(theme, icon, "text2", t.ICON_BUTTON))
            line.addWidget(words)
            line.addSpacing(theme.px(16))
        line.addStretch(1)
        return line

    def _foot(self, version: str) -> QHBoxLayout:
        theme = self._theme
        words = plain_label(f"版本 {version}", role="hint")
        words.setFont(theme.font(t.HINT))
        line = QHBoxLayout()
        line.setContentsMargins(theme.px(40), theme.px(4), theme.px(28), theme.px(12))
        line.setSpacing(theme.px(4))
        line.addWidget(words)
        line.addStretch(1)
        for button in (self.demo_button, self.open_button, self.larger_button):
            line.addWidget(button)
        return line

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus."""
        at = QApplication.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(at, KeyButton):
            at.click()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else one under the other."""
        super().resizeEvent(event)
        wide = self.width() / self._theme.scale >= ROW_FROM
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        for card in self.cards:
            card.stand(wide)


class WayCard(QFrame):
    """One way in: icon, words, what it brings, and its button."""

    def __init__(self, theme: Theme, way: Way, no: int) -> None:
        super().__init__()
        self._theme, self._way = theme, way
        px = theme.px
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self.update)
        self.button = KeyButton(theme, way.verb, f"按 {no + 1}", primary=way.often)
        title, text = plain_label(way.title), plain_label(way.text, role="label")
        title.setFont(theme.font(t.CARD_TITLE, bold=True))
        text.setWordWrap(True)
        head = QHBoxLayout()
        self._more: list[QWidget] = [IconLabel(theme, way.icon, way.colour, 32, ground=way.ground)]
        head.addWidget(self._more[0])
        head.addStretch(1)
        if way.often:
            self._more.append(Badge(theme, "多数人选这个", "accent"))
            head.addWidget(self._more[-1], 0, Qt.AlignmentFlag.AlignVCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(20), px(24), px(20))
        layout.setSpacing(px(8))
        layout.addLayout(head)
        layout.addSpacing(px(8))
        layout.addWidget(title)
        layout.addWidget(text)
        layout.addSpacing(px(4))
        for point in way.points:
            line = plain_label(f"•  {point}")
            line.setFont(theme.font(t.DENSE))
            layout.addWidget(line)
            self._more.append(line)
        layout.addStretch(1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)

    def stand(self, wide: bool) -> None:
        """Beside the others as high as they; one under the other in as few lines as can be."""
        self.setMinimumHeight(self._theme.px(CARD_HEIGHT) if wide else 0)
        for part in self._more:
            part.setVisible(wide)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The whole card is its button."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.button.click()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and edge; the way that most people take has an accent edge."""
        c = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.accent if self._way.often else c.line), 1))
        painter.setBrush(QColor(c.surface))
        radius = self._theme.px(t.RADIUS_CARD)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

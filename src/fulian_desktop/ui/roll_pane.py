"""What stands beside the board of the roll call: one unit, a reminder to be copied, and every package that came from it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFormLayout, QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.services.board import STATE_LABELS, State, day_text
from fulian_desktop.ui import icons
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.roll_board import STATE_TONES
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import plain_label, scrolled, tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.board import Package, UnitCard

PANE_WIDTH = 286
MOST_PACKAGES = 12

_PACKAGE_STATES = {
    "merged": "已合并", "unchanged": "没变化", "waiting": "等前面的包", "fork": "两台电脑同号", "not-for-us": "不是给本单位的",
    "out-of-scope": "超出范围", "too-new": "程序比本机新", "damaged": "文件损坏", "unknown-signer": "不认识的签名",
    "revoked": "签名已作废",
}


def reminder_words(card: UnitCard, day: datetime.date, to: str) -> str:
    """What one writes to a unit that has not reported: which months are missing, and what to do."""
    if not card.enrolled:
        return f"{card.name}您好：你们的上报还没开通，请到{to}拿 U 盘开通。"
    silent: list[str] = []
    for month, came in reversed(card.months(day)):
        if came:
            break
        silent.insert(0, f"{month}月")
    months = "、".join(silent[-3:]) if card.packages else f"{day.month}月"
    return f"{card.name}您好：{months}的上报还没收到，请把 U 盘送到{to}。"


def due_words(card: UnitCard, year: int) -> str:
    """By when its report is asked for, and by how much it is or was too late."""
    if card.due is None:
        return "没有定"
    return day_text(card.due, year) + (f"，晚 {card.late} 天" if card.late else "")


class UnitPane(QFrame):
    """One unit: how it stands, its last six months, a reminder to be copied, and every package that came from it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._theme = desk, desk.theme
        self.card: UnitCard | None = None
        theme, px = self._theme, self._theme.px
        set_role(self, "card")
        self.setFixedWidth(px(PANE_WIDTH))
        self.name = plain_label()
        self.name.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.name.setWordWrap(True)
        self.badge = Badge(theme)
        self.facts = {label: plain_label() for label in ("上次上报", "报到哪天", "截止", "还缺", "收到的包", "冲突")}
        self.months = _Months(theme)
        self.reminder = plain_label()
        self.reminder.setWordWrap(True)
        self.reminder.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = KeyButton(theme, "复制这段话", icon="copy")
        self.copy.clicked.connect(self._copy)
        self.to_conflicts = KeyButton(theme, "去处理冲突", icon="conflict")
        self.to_conflicts.clicked.connect(lambda: desk.go("conflicts", {"nav": "exchange"}))
        self.packages = QVBoxLayout()
        self.packages.setSpacing(px(8))
        self._lines: list[QWidget] = []
        inside = QWidget()
        inside.setStyleSheet("background: transparent;")
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(16), px(14), px(16), px(14))
        column.setSpacing(px(10))
        self._fill(column)
        self.area = scrolled(inside, sideways=False, by_keys=True)
        self.area.setAccessibleName("这个单位的上报")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(self.area)

    def _fill(self, column: QVBoxLayout) -> None:
        px = self._theme.px
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        pairs = QFormLayout()
        pairs.setHorizontalSpacing(px(14))
        pairs.setVerticalSpacing(px(6))
        for label, value in self.facts.items():
            pairs.addRow(plain_label(label, role="label"), value)
        column.addLayout(pairs)
        column.addWidget(plain_label("近 6 个月", role="label"))
        column.addWidget(self.months)
        self._reminder_title = plain_label("催报的话（可发微信）", role="hint")
        for part in (self._reminder_title, self.reminder, self.copy, self.to_conflicts):
            column.addWidget(part)
        self._packages_title = plain_label("报来的包")
        self._packages_title.setFont(self._theme.font(bold=True))
        column.addWidget(self._packages_title)
        column.addLayout(self.packages)
        column.addStretch(1)

    def show_unit(self, card: UnitCard) -> None:
        """Show another unit."""
        self.card = card
        day = self._desk.today()
        self.name.setText(card.name)
        self.badge.show_state(STATE_LABELS[card.state], STATE_TONES[card.state])
        last = day_text(card.last, day.year)
        for label, text in (
            ("上次上报", last if card.days is None else f"{last}，{card.days} 天前" if card.days else f"{last}，今天"),
            ("报到哪天", day_text(card.through, day.year)),
            ("截止", due_words(card, day.year)),
            ("还缺", "、".join(card.lacking) or ("—" if card.due is None else "不缺")), ("收到的包", f"{len(card.packages)} 个"),
            ("冲突", f"{card.conflicts} 条" if card.conflicts else "没有"),
        ):
            self.facts[label].setText(text)
        self.months.show_months(card.months(day))
        missing = card.state is State.MISSING
        self.reminder.setText(reminder_words(card, day, self._desk.unit_name) if missing else "")
        for part in (self._reminder_title, self.reminder, self.copy):
            part.setVisible(missing)
        self.to_conflicts.setVisible(card.conflicts > 0)
        self._show_packages(card.packages, day.year)

    def _show_packages(self, packages: Sequence[Package], year: int) -> None:
        for line in self._lines:
            self.packages.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = []
        for package in packages[:MOST_PACKAGES]:
            self._lines.append(_package_line(self._theme, package, year))
        if len(packages) > MOST_PACKAGES:
            self._lines.append(plain_label(f"更早的还有 {len(packages) - MOST_PACKAGES} 个", role="hint"))
        for line in self._lines:
            self.packages.addWidget(line)
        self._packages_title.setVisible(bool(packages))

    def enter(self) -> None:
        """Put the focus into the pane."""
        target: QWidget = self.area if self.copy.isHidden() else self.copy
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.reminder.text())
        self._desk.say("复制好了，到微信里粘贴就行。")


def package_words(package: Package) -> str:
    """What came of a package, in a line."""
    counts = [
        f"{word} {count}"
        for word, count in (
            ("新增", package.added), ("修改", package.changed), ("冲突", package.conflicts), ("拒收", package.refused),
            ("等待", package.waiting),
        ) if count
    ]
    words = "，".join(counts) or "没有新内容"
    return f"{words}（已撤销）" if package.undone else words


def _package_line(theme: Theme, package: Package, year: int) -> QWidget:
    when = plain_label(f"{day_text(package.at.date(), year)} {package.at:%H:%M}・{_PACKAGE_STATES.get(package.state, '已收到')}")
    when.setFont(theme.font(t.DENSE))
    words = plain_label(package_words(package), role="label")
    words.setFont(theme.font(t.HINT))
    words.setWordWrap(True)
    block = QWidget()
    block.setToolTip(tip_of(package.file))
    layout = QVBoxLayout(block)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(when)
    layout.addWidget(words)
    return block


class _Months(QWidget):
    """Six small boxes: a tick for a month in which a package came, dashed for one without."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._months: list[tuple[int, bool]] = []
        self.setFixedHeight(theme.px(46))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_months(self, months: Sequence[tuple[int, bool]]) -> None:
        """Show other months."""
        self._months = list(months)
        self.setAccessibleName("，".join(f"{month}月{'报了' if came else '没报'}" for month, came in months))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the boxes and the months under them."""
        theme, c, px = self._theme, self._theme.tokens, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(t.HINT))
        width = self.width() / max(len(self._months), 1)
        for i, (month, came) in enumerate(self._months):
            box = QRectF(i * width + 1, 1, width - px(5), px(21))
            pen = QPen(QColor(c.edge), 1)
            pen.setDashPattern([3.0, 2.0])
            painter.setPen(Qt.PenStyle.NoPen if came else pen)
            painter.setBrush(QColor(c.ok_soft) if came else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, px(t.RADIUS_BADGE), px(t.RADIUS_BADGE))
            size = px(t.ICON_BADGE)
            mark = icons.pixmap("tick" if came else "minus", size, c.ok if came else c.text3)
            painter.drawPixmap(round(box.center().x() - size / 2), round(box.center().y() - size / 2), mark)
            painter.setPen(QColor(c.text2))
            below = QRect(round(box.left()), px(23), round(box.width()), px(22))
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, f"{month}月")

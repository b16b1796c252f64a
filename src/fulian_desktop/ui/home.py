"""The page after unlocking: how many records of each kind this office holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import CountCard, IconLabel, on_one_line, plain_label

MOST_COLUMNS = 4
LEAST_CARD = 236
"""Pixels at 100 %: narrower cards would cut a figure of seven digits, so there are fewer a row instead."""

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True)
class KindCount:
    """One card: a kind's words and how many records of it there are."""

    code: str
    label: str
    icon: str
    measure_word: str
    count: int


@dataclass(frozen=True)
class OfficeView:
    """What the page shows of an opened office."""

    unit: str
    unit_name: str
    person: str
    kinds: tuple[KindCount, ...]

    @property
    def total(self) -> int:
        """Records of all kinds."""
        return sum(kind.count for kind in self.kinds)


class HomePage(QWidget):
    """Navigation on the left, figures on the right."""

    def __init__(self, theme: Theme, *, today: date) -> None:
        super().__init__()
        self._theme, self._today = theme, today
        set_role(self, "page")
        self.unit_name = plain_label()
        self.person = plain_label(role="label")
        self.total = plain_label(role="label")
        self.cards: list[CountCard] = []
        self._columns = 0
        self._grid = QGridLayout()
        self._bodies = QStackedWidget()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._nav())
        layout.addLayout(self._right(), 1)

    def show_office(self, view: OfficeView) -> None:
        """Show an office's figures in place of those before."""
        self.unit_name.setText(view.unit_name)
        self.person.setText(view.person)
        self.total.setText(f"共 {view.total:,} 条")
        self._fill(view.kinds)
        self._bodies.setCurrentIndex(0 if view.total else 1)

    def _fill(self, kinds: Sequence[KindCount]) -> None:
        for card in self.cards:
            self._grid.removeWidget(card)
            card.deleteLater()
        self.cards = [
            CountCard(self._theme, icon=kind.icon, label=kind.label, count=kind.count, unit=kind.measure_word)
            for kind in kinds
        ]
        self._columns = 0
        self._place_cards()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many cards in a row as there is room for."""
        super().resizeEvent(event)
        self._place_cards()

    def _place_cards(self) -> None:
        px = self._theme.px
        room = self.width() - px(t.NAV_WIDTH) - 2 * px(t.PAGE_MARGIN)
        fit = (room + px(t.CARD_GAP)) // (px(LEAST_CARD) + px(t.CARD_GAP))
        columns = max(1, min(MOST_COLUMNS, fit))
        if columns == self._columns:
            return
        self._columns = columns
        for column in range(MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, card in enumerate(self.cards):
            self._grid.addWidget(card, place // columns, place % columns)

    def _nav(self) -> QWidget:
        theme, px = self._theme, self._theme.px
        nav = QWidget()
        set_role(nav, "nav")
        nav.setFixedWidth(px(t.NAV_WIDTH))
        self.unit_name.setFont(theme.font(t.BODY, bold=True))
        self.unit_name.setWordWrap(True)
        self.person.setFont(theme.font(t.HINT))
        names = QVBoxLayout()
        names.setSpacing(px(2))
        names.addWidget(self.unit_name)
        names.addWidget(self.person)
        head = QHBoxLayout()
        head.setContentsMargins(px(6), 0, 0, 0)
        head.setSpacing(px(10))
        head.addWidget(IconLabel(theme, "app", "accent", 36), 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(names, 1)
        layout = QVBoxLayout(nav)
        layout.setContentsMargins(px(10), px(12), px(10), px(12))
        layout.setSpacing(px(16))
        layout.addLayout(head)
        layout.addWidget(self._here())
        layout.addStretch(1)
        return nav

    def _here(self) -> QFrame:
        """The one item there is: this page, marked as the current one."""
        theme, px = self._theme, self._theme.px
        item = QFrame()
        set_role(item, "here")
        item.setFixedHeight(px(t.NAV_ITEM))
        layout = QHBoxLayout(item)
        layout.setContentsMargins(px(11), 0, px(8), 0)
        layout.setSpacing(px(10))
        layout.addWidget(IconLabel(theme, "home", "accent", t.ICON_NAV))
        layout.addWidget(plain_label("首页", role="accent"), 1)
        return item

    def _right(self) -> QVBoxLayout:
        theme, px = self._theme, self._theme.px
        title = plain_label("首页")
        title.setFont(theme.font(t.PAGE_TITLE, bold=True))
        day = self._today
        weekday = _WEEKDAYS[day.weekday()]
        date_line = plain_label(f"{day.year}年{day.month}月{day.day}日 星期{weekday}", role="label")
        header = QVBoxLayout()
        header.setContentsMargins(px(t.PAGE_MARGIN), 0, px(t.PAGE_MARGIN), 0)
        header.addStretch(1)
        header.addLayout(on_one_line(title, date_line, spacing=px(12)))
        header.addStretch(1)
        bar = QWidget()
        bar.setFixedHeight(px(t.HEADER))
        bar.setLayout(header)
        self._bodies.addWidget(self._figures())
        self._bodies.addWidget(self._nothing())
        right = QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        right.addWidget(bar)
        right.addWidget(self._bodies, 1)
        return right

    def _figures(self) -> QScrollArea:
        theme, px = self._theme, self._theme.px
        heading = plain_label("现有记录")
        heading.setFont(theme.font(t.CARD_TITLE, bold=True))
        line = on_one_line(heading, self.total, spacing=px(8))
        self._grid.setSpacing(px(t.CARD_GAP))
        body = QWidget()
        set_role(body, "page")
        layout = QVBoxLayout(body)
        layout.setContentsMargins(px(t.PAGE_MARGIN), px(4), px(t.PAGE_MARGIN), px(t.PAGE_MARGIN))
        layout.setSpacing(px(12))
        layout.addLayout(line)
        layout.addLayout(self._grid)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(body)
        return scroll

    def _nothing(self) -> QWidget:
        theme, px = self._theme, self._theme.px
        page = QWidget()
        words = plain_label("这个单位还没有记录。", role="label")
        layout = QVBoxLayout(page)
        layout.setSpacing(px(12))
        layout.addStretch(2)
        layout.addWidget(IconLabel(theme, "record", "text3", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        return page

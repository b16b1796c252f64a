"""首页: what to do next, quick entry, the last hand-in, this year's figures (DESIGN §9).

Rules:

* Everything is read again whenever the page is shown and whenever records were written.
* What comes fast is asked first; what needs the packages' side (the last hand-in) is asked after it.
* Nothing is listed here by kind: tiles, tasks and figures come from the declared kinds and from services/overview.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QLayout, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.domain.yuan import format_yuan
from fulian_desktop.services.overview import Figure, LastHandIn, Overview, days_since, last_hand_in, overview
from fulian_desktop.ui import stat_card
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.cards import Card, EmptyState
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.find_box import FindBox
from fulian_desktop.ui.jobs import Job
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.places import NAV
from fulian_desktop.ui.quick_tile import QuickTile
from fulian_desktop.ui.stat_card import Stat, StatCard
from fulian_desktop.ui.task_row import TaskRow, day_words, small_label, task_words, weekday_words
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import on_one_line, plain_label

MOST_TASKS, MOST_TILES, MOST_STATS = 5, 4, 5
SIDE, BESIDE = 372, 860
"""Width of the side column, and of the page from which on it stands beside; pixels at 100 %."""


def quick_kinds() -> list[Kind]:
    """The kinds with a tile, in the order of the navigation: those that people enter day by day."""
    places = {item.code: place for place, item in enumerate(NAV) if not item.below_line}
    kinds = [kind for kind in all_kinds() if kind.nav in places and kind.daily]
    return sorted(kinds, key=lambda kind: (places[kind.nav], kind.order))[:MOST_TILES]


def stat_of(figure: Figure, day: datetime.date) -> Stat:
    """A figure as its card shows it."""
    if figure.money is not None:
        now, before = f"共 {yuan(figure.money)} 元", f"{yuan(figure.money_before)} 元"
        notes: tuple[str, ...] = (f"{now}，去年同期 {before}", f"{now}，去年 {before}", now)
    else:
        notes = (f"去年同期 {figure.before:,} {figure.unit}".rstrip(),)
    label = figure.label if figure.dated else f"新增{figure.label}"
    return Stat(label, figure.unit, figure.months, figure.total, figure.before, day.month, notes)


def yuan(fen: int) -> str:
    """``860000`` → ``8,600``; a part of a yuan is shown, nought is not."""
    return format_yuan(fen).removesuffix(".00")


def in_order(figures: tuple[Figure, ...]) -> list[Figure]:
    """The figures that have a card: of what is entered day by day, then those that are not nought; dated kinds first.

    Each group in the order of the navigation.
    """
    places = {item.code: place for place, item in enumerate(NAV)}
    kinds = {kind.code: kind for kind in all_kinds()}

    def rank(figure: Figure) -> tuple[bool, bool, bool, int]:
        kind = kinds[figure.kind]
        return not kind.daily, not figure.total, not figure.dated, places.get(kind.nav, len(places))

    return sorted(figures, key=rank)[:MOST_STATS]


class HomePage(Page):
    """The first page of an opened office."""

    help_text = (
        "首页告诉您接下来要做什么。左边是待办事项，按一下右边的按钮就去办；右上角可以找人、找事、找活动，"
        "打汉字、拼音首字母、电话或身份证号后几位都行；下面是今年的数字，点一下就打开那些记录。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "首页", scrolls=True)
        self.day = desk.today()
        self.rows: list[TaskRow] = []
        self.tiles: list[QuickTile] = []
        self.stats: list[StatCard] = []
        self._all_tasks = False
        self._view: Overview | None = None
        self._jobs: list[Job] = []
        self._read()  # before anything is made: the page is made while its figures are counted
        self._is_new = True
        self.help = KeyButton(self.theme, "帮助", "F1", style="ghost")
        self.help.clicked.connect(self._help)
        self.box = FindBox(desk, self)
        self.buttons.addWidget(self.help)
        self.buttons.addWidget(self.box)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._grid = QGridLayout()
        self._stack = QStackedWidget()
        for part in (QWidget(), self._contents(), self._empty()):
            self._stack.addWidget(part)
        self.body.addWidget(self._stack)
        self.keys = [*(Key(f"Alt+{i}", kind.verb) for i, kind in enumerate(quick_kinds(), 1))]

    # --- what the page is made of ------------------------------------------------------------------------------

    def _contents(self) -> QWidget:
        px = self.theme.px
        self._top.setSpacing(px(16))
        self._top.addWidget(self._tasks_card(), 1)
        self._side = QWidget()
        column = QVBoxLayout(self._side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(self._quick_card())
        column.addWidget(self._sent_card())
        column.addStretch(1)
        self._top.addWidget(self._side)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(t.CARD_GAP))
        layout.addLayout(self._top)
        layout.addLayout(self._figures_head())
        self._grid.setSpacing(px(t.CARD_GAP))
        layout.addLayout(self._grid)
        layout.addStretch(1)
        return whole

    def _tasks_card(self) -> Card:
        px = self.theme.px
        self.tasks = Card(self.theme, "待办事项", " ")
        frame = self.tasks.layout()
        assert frame is not None  # noqa: S101 - a card lays itself out
        frame.setContentsMargins(0, px(t.CARD_PAD_Y), 0, px(4))  # rows reach from edge to edge
        self.tasks.title.setIndent(px(t.CARD_PAD_X))
        self.more = KeyButton(self.theme, "全部列出", style="ghost")
        self.more.clicked.connect(self._show_all_tasks)
        self.nothing = plain_label("今天没有要办的事。", role="label")
        self.nothing.setIndent(px(t.CARD_PAD_X))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self.tasks.body.setSpacing(0)
        self.tasks.body.addLayout(self._rows)
        self.tasks.body.addWidget(self.nothing)
        self.tasks.body.addWidget(self.more)
        self.tasks.body.addStretch(1)
        return self.tasks

    def _quick_card(self) -> Card:
        card = Card(self.theme, "快速登记", "其他的按 Ctrl+K")
        grid = QGridLayout()
        grid.setSpacing(self.theme.px(10))
        for place, kind in enumerate(quick_kinds()):
            key = f"Alt+{place + 1}"
            tile = QuickTile(self.theme, kind.icon, kind.verb, key)
            tile.clicked.connect(lambda _checked=False, kind=kind: self._begin(kind))
            self.on_key(key, tile.click)
            grid.addWidget(tile, place // 2, place % 2)
            self.tiles.append(tile)
        card.body.addLayout(grid)
        return card

    def _sent_card(self) -> Card:
        self.sent = Card(self.theme, "上次上报")
        self.sent_words = plain_label(role="label")
        self.sent_words.setWordWrap(True)
        self.sent_which, self.sent_when = plain_label(role="label"), plain_label()
        self.sent_count = plain_label()
        self.receipt = Badge(self.theme)
        self._sent_lines = QWidget()
        lines = QVBoxLayout(self._sent_lines)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(self.theme.px(8))
        for left, right in (
            (self.sent_which, self.sent_when), (plain_label("上级收到", role="label"), self.receipt),
            (plain_label("报了", role="label"), self.sent_count),
        ):
            line = QHBoxLayout()
            line.addWidget(left)
            line.addStretch(1)
            line.addWidget(right)
            lines.addLayout(line)
        self.sent.body.addWidget(self.sent_words)
        self.sent.body.addWidget(self._sent_lines)
        self.sent.hide()
        return self.sent

    def _figures_head(self) -> QHBoxLayout:
        title = plain_label("今年的数字")
        title.setFont(self.theme.font(t.CARD_TITLE, bold=True))
        self.stretch_words = small_label(self.theme)
        self.reports = KeyButton(self.theme, "看报表", style="ghost")
        self.reports.clicked.connect(lambda: self.desk.go("reports"))
        words = QVBoxLayout()
        words.addStretch(1)
        words.addLayout(on_one_line(title, self.stretch_words, spacing=self.theme.px(8)))
        words.addStretch(1)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(self.reports)
        return line

    def _empty(self) -> EmptyState:
        kinds = quick_kinds()
        if level_of(self.desk.unit) is Level.VILLAGE and kinds:
            text, button = "还没有记录。从第一条开始吧。", KeyButton(self.theme, kinds[0].verb, "Alt+1", primary=True)
            button.clicked.connect(lambda: self._begin(kinds[0]))
        else:
            text, button = "还没有记录。收到下级的 U 盘，就可以合并了。", KeyButton(self.theme, "去合并", primary=True)
            button.clicked.connect(lambda: self.desk.go("exchange"))
        self.begin = button
        return EmptyState(self.theme, "home", text, button)

    # --- reading -----------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read everything again."""
        self.day = self.desk.today()
        self.subtitle.setText(f"{self.day.year}年{day_words(self.day, self.day)} {weekday_words(self.day)}")
        self._all_tasks = False
        self.box.clear()
        if not self._is_new:
            self._read()
        self._is_new = False

    def refresh(self, kinds: frozenset[str]) -> None:
        """Records were written: read again; a page that is not seen does so when it is shown."""
        if self.isVisible():
            self._read()

    def search_box(self) -> QWidget:
        """Ctrl+F."""
        return self.box

    def _read(self) -> None:
        for job in self._jobs:
            job.cancel()
        day = self.day
        self._jobs = [
            self.desk.ask(self, lambda office, _progress: overview(office, day), self._show),
            self.desk.ask(self, lambda office, _progress: last_hand_in(office), self._show_hand_in),
        ]

    def _show(self, view: Overview) -> None:
        self._view = view
        self._show_tasks(view)
        self._show_figures(view)
        self._stack.setCurrentIndex(1 if view.records or view.tasks else 2)

    def _show_tasks(self, view: Overview) -> None:
        had = next((i for i, row in enumerate(self.rows) if row.button.hasFocus()), None)
        _clear(self._rows)
        self.rows = []
        shown = view.tasks if self._all_tasks else view.tasks[:MOST_TASKS]
        for place, task in enumerate(shown):
            words = task_words(task, self.day)
            row = TaskRow(self.theme, words, primary=place == 0)
            row.button.clicked.connect(lambda _checked=False, words=words: self.desk.go(words.place, words.about))
            line = QFrame()
            set_role(line, "line")
            self._rows.addWidget(line)
            self._rows.addWidget(row)
            self.rows.append(row)
        if had is not None and self.rows:
            self.rows[min(had, len(self.rows) - 1)].button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.tasks.note.setText(f"{len(view.tasks)} 件" if view.tasks else "")
        self.nothing.setVisible(not view.tasks)
        self.more.setVisible(len(shown) < len(view.tasks))
        self.more.setText(f"还有 {len(view.tasks) - len(shown)} 件，全部列出")

    def _show_all_tasks(self) -> None:
        self._all_tasks = True
        if self._view is not None:
            self._show_tasks(self._view)

    def _show_figures(self, view: Overview) -> None:
        self.stretch_words.setText(f"1月1日—{self.day.month}月{self.day.day}日，小柱子是各月")
        had = next((i for i, card in enumerate(self.stats) if card.hasFocus()), None)
        for card in self.stats:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.stats = []
        navs = {kind.code: kind.nav for kind in all_kinds()}
        for figure in in_order(view.figures):
            card = StatCard(self.theme, stat_of(figure, self.day))
            about = {"nav": navs[figure.kind], "kind": figure.kind, "year": self.day.year}
            card.clicked.connect(lambda _checked=False, about=about: self.desk.go("list", about))
            self.stats.append(card)
        self._place()
        if had is not None and self.stats:
            self.stats[min(had, len(self.stats) - 1)].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_hand_in(self, found: LastHandIn | None) -> None:
        self.sent.setVisible(found is not None)
        if found is None:
            return
        upper = found.upper_name or "上级妇联"
        join = f"还没有和{upper}接上。请{upper}把邀请写到 U 盘里，再到“上报与合并”里接收。"
        self.sent_words.setText("还没有上报过。" if found.linked else join)
        self.sent_words.setVisible(not found.number)
        self._sent_lines.setVisible(bool(found.number))
        if found.number:
            gone = days_since(found.at, self.day)
            self.sent_which.setText(f"第 {found.number} 次")
            when = day_words(datetime.date.fromtimestamp(found.at / 1000), self.day)
            self.sent_when.setText(f"{when}，已过 {gone} 天" if gone else f"{when}，今天")
            self.receipt.show_state("已回执" if found.received else "等回执", "ok" if found.received else "info")
            self.sent_count.setText(f"{found.records:,} 条")

    # --- room --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        px = self.theme.px
        room = self.width() - 2 * px(t.PAGE_MARGIN)
        beside = room >= px(BESIDE)
        self._top.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._side.setMinimumWidth(px(SIDE) if beside else 0)
        self._side.setMaximumWidth(px(SIDE) if beside else _ANY)
        columns = max(1, min(len(self.stats) or 1, (room + px(t.CARD_GAP)) // px(stat_card.LEAST_WIDTH + t.CARD_GAP)))
        for place, card in enumerate(self.stats):
            self._grid.addWidget(card, place // columns, place % columns)
        for column in range(MOST_STATS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    # --- where it leads ----------------------------------------------------------------------------------------

    def _begin(self, kind: Kind) -> None:
        self.desk.go("form", {"nav": kind.nav, "kind": kind.code})

    def _help(self) -> None:
        from fulian_desktop.ui.help import Help

        Help(self.theme, self, self).open()


_ANY = (1 << 24) - 1  # Qt's QWIDGETSIZE_MAX


def _clear(layout: QLayout) -> None:
    """Take every widget out of a layout, at once for the eye."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

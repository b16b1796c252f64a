"""上报情况: a card for every unit below, the worst first, and beside it what came from the chosen one.

Rules:

* A unit that has not reported this month is drawn dashed and says for how many days; state is icon and word, never
  colour alone.
* What can be done stands here: copy the list for WeChat, print it, copy a reminder, go to the conflicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.services.board import STATE_LABELS, State
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip, KeyButton
from fulian_desktop.ui.cards import EmptyState
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.roll_board import BoardModel, SummaryCard, board_view
from fulian_desktop.ui.roll_pane import UnitPane

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.board import UnitCard
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.papers import Made

PANE_FROM = 840
"""Effective width of the page (pixels ÷ scale) from which the pane stands beside the board."""


def missing_words(cards: Sequence[UnitCard]) -> str:
    """The units that have not reported, as one pastes it into WeChat; "" when all have."""
    names = [card.name for card in cards if card.state is State.MISSING]
    return f"还没上报：{'、'.join(names)}。" if names else ""


class RollCallPage(Page):
    """Who has reported this month and who has not."""

    keys = (Key("方向键", "看别的单位"), Key("回车", "看这个单位报来的包"), Key("Ctrl+U", "接收上报"))
    help_text = (
        "每张卡片是一个下级单位，没报的排在最前面，虚线框就是本月还没报。\n"
        "点一个单位，右边是它报过来的每一次。\n"
        "“复制未报名单”可以直接粘到微信群里；“打印未报名单”打印一张表。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "上报情况", back=True)
        theme, px = self.theme, self.theme.px
        self._cards: list[UnitCard] = []
        self._only: State | None = None
        self._pane_asked = False
        self.copy_missing = KeyButton(theme, "复制未报名单", icon="copy")
        self.print_missing = KeyButton(theme, "打印未报名单", icon="print")
        self.receive = KeyButton(theme, "接收上报", "Ctrl+U", primary=True, icon="usb")
        for button, run in (
            (self.copy_missing, self._copy_missing), (self.print_missing, self._print_missing), (self.receive, self._receive),
        ):
            button.clicked.connect(run)
            self.buttons.addWidget(button)
        self.on_key("Ctrl+U", self._receive)
        self.summary = SummaryCard(theme)
        self._chip_line = QHBoxLayout()
        self._chip_line.setSpacing(px(8))
        self.chips: dict[State | None, Chip] = {}
        for state in (None, *State):
            chip = Chip(theme, "全部" if state is None else STATE_LABELS[state])
            chip.clicked.connect(lambda _on=False, state=state: self._filter(state))
            self.chips[state] = chip
            self._chip_line.addWidget(chip)
        self._chip_line.addStretch(1)
        self.model = BoardModel()
        self.board = board_view(theme, self.model)
        self.board.selectionModel().currentChanged.connect(lambda now, _before: self._show_unit(now))
        self.board.activated.connect(self._enter_unit)
        self.pane = UnitPane(desk)
        self._bodies = QStackedWidget()
        self._bodies.addWidget(self._work())
        self._bodies.addWidget(EmptyState(theme, "exchange", "下面还没有单位。下一步：到“上报与合并”里登记下级单位，再发邀请。"))
        self.body.addWidget(self._bodies)

    def _work(self) -> QWidget:
        px = self.theme.px
        left = QVBoxLayout()
        left.setSpacing(px(t.CARD_GAP))
        left.addWidget(self.summary)
        left.addLayout(self._chip_line)
        left.addWidget(self.board, 1)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(14))
        line.addLayout(left, 1)
        line.addWidget(self.pane)
        return work

    # --- reading and showing ---------------------------------------------------------------------------------

    def opened(self, _about: Mapping[str, Any]) -> None:
        """Read the board anew."""
        self._load()

    def refresh(self, _kinds: frozenset[str]) -> None:
        """Records were written, so conflicts or packages may be others."""
        self._load()

    def first_focus(self) -> QWidget:
        """The board."""
        return self.board

    def _load(self) -> None:
        from fulian_desktop.services.board import roll_call_board

        day = self.desk.today()
        self.desk.ask(self, lambda office, _progress: roll_call_board(office, day), self._show)

    def _show(self, cards: list[UnitCard]) -> None:
        self._cards = cards
        day = self.desk.today()
        self.subtitle.setText(f"{day.year}年{day.month}月")
        self._bodies.setCurrentIndex(0 if cards else 1)
        counts = {state: sum(card.state is state for card in cards) for state in State}
        self.summary.show_counts(counts)
        for state, chip in self.chips.items():
            count = len(cards) if state is None else counts[state]
            chip.show_text(chip.text(), count)
            chip.setVisible(state is None or count > 0)
        missing = counts[State.MISSING] > 0
        self.copy_missing.setEnabled(missing)
        self.print_missing.setEnabled(missing)
        if self._only is not None and not counts[self._only]:
            self._only = None
        self._fill()

    def _filter(self, state: State | None) -> None:
        self._only = None if state is self._only else state
        self._fill()

    def _fill(self) -> None:
        for state, chip in self.chips.items():
            chip.setChecked(state is self._only)
            chip.updateGeometry()
        before = self.unit
        cards = [card for card in self._cards if self._only in (None, card.state)]
        self.model.fill(cards, self.desk.today().year)
        place = next((i for i, card in enumerate(cards) if before is not None and card.unit == before.unit), 0)
        self.board.setCurrentIndex(self.model.index(place))
        self._show_unit(self.board.currentIndex())

    @property
    def unit(self) -> UnitCard | None:
        """The chosen unit's card."""
        here = self.board.currentIndex()
        return self.model.cards[here.row()] if here.isValid() and here.row() < len(self.model.cards) else None

    def _show_unit(self, index: QModelIndex) -> None:
        card = self.model.cards[index.row()] if index.isValid() else None
        if card is not None:
            self.pane.show_unit(card)
        self._place_pane()

    def _enter_unit(self, index: QModelIndex) -> None:
        self._pane_asked = True
        self._show_unit(index)
        self.pane.enter()

    def _place_pane(self) -> None:
        wide = self.width() / self.theme.scale >= PANE_FROM
        self.pane.setHidden(self.unit is None or not (wide or self._pane_asked))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the pane is shown only when a unit is entered."""
        super().resizeEvent(event)
        self._place_pane()

    # --- doing -----------------------------------------------------------------------------------------------

    def _copy_missing(self) -> None:
        words = missing_words(self._cards)
        if words:
            QGuiApplication.clipboard().setText(words)
            count = sum(card.state is State.MISSING for card in self._cards)
            self.desk.say(f"复制好了，{count} 个单位。到微信里粘贴就行。")

    def _print_missing(self) -> None:
        day = self.desk.today()

        def make(office: Office, progress: Progress) -> Made:
            from fulian_desktop.services.board import missing_list
            from fulian_desktop.services.papers import in_memory
            from fulian_desktop.services.reports import write_report_pdf

            return in_memory(lambda file: write_report_pdf(office, missing_list(office, day), file, progress))

        self.desk.go("preview", {"nav": "exchange", "make": make, "title": f"{day.year}年{day.month}月未上报单位名单"})

    def _receive(self) -> None:
        self.desk.go("exchange", {"nav": "exchange"})

"""What stands on the page of a record with stages: what is odd about it, its steps, and the cards in two columns."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.stages import NominationStage, Stage
from fulian_desktop.domain.steps import (
    TONES,
    Move,
    Standing,
    Step,
    badge_of,
    moves_of,
    next_words,
    standing_of,
    withdrawal_of,
)
from fulian_desktop.domain.telling import checked_table, points_of, scored_table, scores_of, told_lines, told_text
from fulian_desktop.domain.texts import closed
from fulian_desktop.domain.units import level_of
from fulian_desktop.services.entering import Start
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form_banner import FormBanner
from fulian_desktop.ui.form_unfinished import restore
from fulian_desktop.ui.record_cards import ChecksCard, ScoresCard, ToldCard
from fulian_desktop.ui.stage_cards import FactsCard, NoticeCard, StepCard
from fulian_desktop.ui.stepper import StageStepper

ASIDE = 380
"""Width of the right column."""

# Stage → how its reason is said, and what stands there when nobody wrote one.
_REASONS = {
    Stage.RETURNED: ("退回原因：", "没有写退回原因，打电话问一问。改好以后再送审。"),
    Stage.REJECTED: ("没有通过的原因：", ""),
    Stage.REVOKED: ("撤销原因：", "没有写撤销原因。"),
}
_EMPTY, _NOT_HANDED_IN = "这一步还没有填。", "还没有送审。"


class RecordBody(QWidget):
    """The body of one record's page.

    Args:
        start: The record, as a form would open it.
        stage: Where it stands. steps: Its steps.
    """

    chosen = Signal(object)
    """A :class:`Move` of the card of the step."""

    wanted = Signal(str, object)
    """Another page: its name, and what is to be said to it besides the record."""

    anew = Signal()
    """The record is to be read again."""

    def __init__(self, desk: Desk, start: Start, stage: NominationStage, steps: Sequence[Step]) -> None:
        super().__init__()
        self.desk, self.theme, self.start, self.stage = desk, desk.theme, start, stage
        today = desk.today()
        moves = () if start.whole else moves_of(
            start.kind, start.flat, start.conflicts, today, office=level_of(desk.unit), units=start.units
        )
        own = not start.whole and start.unit == desk.unit
        self.withdrawal = withdrawal_of(start.kind, start.flat, start.conflicts, today) if own else None
        self.main: Move | None = moves[-1] if moves else None
        self.next_words = start.whole or next_words(stage, moves, start.units)
        self.banners: list[FormBanner] = []
        self.stepper = StageStepper(self.theme)
        self.stepper.show_steps(steps)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(self.theme.px(t.CARD_GAP))
        self._add_banners()
        way = Card(self.theme)
        way.body.addWidget(self.stepper)
        self._layout.addWidget(way)
        self._add_columns(moves[:-1])

    # --- what is odd -----------------------------------------------------------------------------------------

    def _add_banners(self) -> None:
        start = self.start
        if start.deleted:
            self._banner().offer(start.whole, "恢复", lambda: restore(self.desk, self, start, self.anew.emit), "warn")
        elif start.whole:
            self._banner().tell(start.whole)
        if start.conflicts:
            words = f"有 {len(start.conflicts)} 项两边填得不一样，要选一个。"
            self._banner().offer(words, "去选", lambda: self.wanted.emit("conflicts", {}), "conflict")
        if start.drafts and not start.whole:
            self._banner().offer("上次改到一半的内容还在，没有保存。", "接着改", lambda: self.wanted.emit("form", {}))
        for code in start.absent:
            declared = start.kind.declared(code)
            name = str(start.flat.get(declared.flat[1]) or "")
            called = f"“{closed(name)}”" if name else ""
            self._banner().tell(f"{declared.label}{called}还没收到，合并了上级的数据就有。", "warn")

    def _banner(self) -> FormBanner:
        banner = FormBanner(self.theme)
        self._layout.addWidget(banner)
        self.banners.append(banner)
        return banner

    # --- the cards -------------------------------------------------------------------------------------------

    def _add_columns(self, moves: Sequence[Move]) -> None:
        start, year, px = self.start, self.desk.today().year, self.theme.px
        left, self._aside = QWidget(), QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._sides.setSpacing(px(t.CARD_GAP + 2))
        self._layout.addLayout(self._sides, 1)
        for column, stretch in ((left, 1), (self._aside, 0)):
            box = QVBoxLayout(column)
            box.setContentsMargins(0, 0, 0, 0)
            box.setSpacing(px(t.CARD_GAP))
            self._sides.addWidget(column, stretch)
        self.step = self._step_card(moves)
        self.step.chosen.connect(self.chosen)
        self.told = ToldCard(self.desk, start.kind, start.flat, told_lines(start.kind, start.flat), told_text(start.kind), year)
        self.checks = self._checks_card()
        self.scores = self._scores_card()
        for column, cards in ((left, (self.step, self.checks)), (self._aside, (self.told, self.scores))):
            made = [card for card in cards if card is not None]
            layout = column.layout()
            assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made above
            for card in made:
                layout.addWidget(card, 1 if card is made[-1] else 0)

    def _step_card(self, moves: Sequence[Move]) -> StepCard:
        start, today = self.start, self.desk.today()
        workdays = bool(start.joined.get("campaign_workdays"))
        holidays = start.joined.get("campaign_holidays")
        standing = standing_of(start.kind, start.flat, self.stage, workdays=workdays, today=today, holidays=holidays)
        if standing.notice is not None:
            return NoticeCard(self.theme, standing, standing.notice, moves)
        badge = (badge_of(self.stage, start.flat), TONES[self.stage.stage])
        empty = _NOT_HANDED_IN if self.stage.stage is Stage.DRAFT else _EMPTY
        return FactsCard(
            self.theme, standing, moves, badge=badge, reason=self._reason(standing), empty=empty, year=today.year,
        )

    def _reason(self, standing: Standing) -> str:
        before, without = _REASONS.get(self.stage.stage, ("", ""))
        return f"{before}{standing.reason}" if standing.reason else without

    def _checks_card(self) -> ChecksCard | None:
        start = self.start
        field = checked_table(start.kind)
        if field is None:
            return None
        points = points_of(field, start.flat, start.answered.get(field.code) or ())
        return ChecksCard(self.theme, field.label, points, self._last_change(field.label))

    def _last_change(self, label: str) -> str:
        """When something of a field was written last, and by whom: ``3月3日 王桂芳``."""
        step = next((one for one in self.start.steps if any(what == label for what, _, _ in one.changes)), None)
        if step is None:
            return ""
        day = datetime.datetime.fromtimestamp(step.at / 1000)
        return f"{day.month}月{day.day}日 {step.who}"

    def _scores_card(self) -> ScoresCard | None:
        start = self.start
        field = scored_table(start.kind)
        if field is None:
            return None
        return ScoresCard(self.theme, field.label, scores_of(field, start.flat, start.answered.get(field.code) or ()))

    def arrange(self, columns: int) -> None:
        """Stand in two columns, or in one with all under each other."""
        px = self.theme.px
        way = QBoxLayout.Direction.LeftToRight if columns == 2 else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(way)
        self._aside.setMinimumWidth(px(ASIDE) if columns == 2 else 0)
        self._aside.setMaximumWidth(px(ASIDE) if columns == 2 else 16_777_215)

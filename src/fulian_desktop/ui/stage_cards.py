"""The card of the step that a record stands at: its notice with the days, or the facts of any other step."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from fulian_desktop.domain.steps import Move, Notice, Standing
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.cards import Banner, Card
from fulian_desktop.ui.cells import scalar_text
from fulian_desktop.ui.day_strip import WEEKDAYS, DayStrip
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import on_one_line, plain_label

LABEL, LEAST_TEXT = 64, 80


def look_at(paper_code: str, flat: Mapping[str, Any]) -> dict[str, Any]:
    """What the preview page is told to show a paper that a move leads to."""
    from fulian_desktop.services.papers import make_paper, paper_about

    paper, wanted, about = paper_about(paper_code, flat)
    return {
        "title": paper.label, "subtitle": about, "file": f"{paper.label} {about}".strip(),
        "make": lambda office, progress: make_paper(office, paper.code, wanted, progress),
    }


class Pairs(QWidget):
    """Label and text, one line each; a text that is empty says so in grey."""

    def __init__(self, theme: Theme, pairs: Sequence[tuple[str, str]], *, label_width: int = LABEL) -> None:
        super().__init__()
        px = theme.px
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        for row, (label, text) in enumerate(pairs):
            before = plain_label(label, role="label")
            before.setFixedWidth(px(label_width))
            words = plain_label(text or "还没有填", role="" if text else "hint")
            words.setMinimumWidth(px(LEAST_TEXT))  # one word without a break does not make the page wider
            for column, part in enumerate((before, words)):
                part.setFont(theme.font(t.DENSE))
                part.setWordWrap(True)
                part.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
                grid.addWidget(part, row, column)


class StepCard(Card):
    """A step's card: its badge in the head, and at its foot a note and what can be done besides going on."""

    chosen = Signal(object)
    """A :class:`Move`."""

    def __init__(self, theme: Theme, standing: Standing, badge: tuple[str, str]) -> None:
        super().__init__(theme, standing.name)
        self.buttons.addWidget(Badge(theme, *badge))
        self.buttons_of: dict[str, KeyButton] = {}

    def end_with(self, note: str, moves: Sequence[Move]) -> None:
        """Put the note and the buttons under what stands in the card."""
        self.body.addStretch(1)
        if not note and not moves:
            return
        line = QHBoxLayout()
        line.setSpacing(self.theme.px(8))
        self.body.addLayout(line)
        words = plain_label(note, role="hint")
        words.setFont(self.theme.font(t.HINT))
        words.setWordWrap(True)
        line.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        for move in moves:
            button = KeyButton(self.theme, move.label, icon=move.icon)
            button.setAutoDefault(True)
            button.clicked.connect(lambda _on=False, which=move: self.chosen.emit(which))
            self.buttons_of[move.label] = button
            line.addWidget(button)


class NoticeCard(StepCard):
    """How long a notice still runs, its days, and whether anything was objected."""

    def __init__(self, theme: Theme, standing: Standing, notice: Notice, moves: Sequence[Move]) -> None:
        super().__init__(theme, standing, _objection_badge(notice))
        unit = "个工作日" if notice.workdays else "天"
        until = f"{_day(notice.last)}期满" if notice.last is not None else ""
        behind = plain_label(role="label")
        behind.setFont(theme.font(t.DENSE))
        if notice.left:
            parts = [plain_label("还有"), plain_label(f"{notice.left}", role="accent"), plain_label(unit)]
            behind.setText(f"含今天，{until}" if any(day.when == "today" and day.counts for day in notice.days) else until)
        else:
            parts = [plain_label("公示期满" if until else "还没有填公示的最后一天")]
            behind.setText(until)
        for part in parts:
            part.setFont(theme.font(t.FIGURE if len(parts) > 1 and part is parts[1] else t.BODY, bold=True))
        self.figure = "".join(part.text() for part in parts)
        self.body.addLayout(on_one_line(*parts, behind, spacing=theme.px(8)))
        if notice.days:
            self.body.addWidget(DayStrip(theme, notice.days))
        if notice.objection:
            self.body.addWidget(Pairs(theme, [("异议", notice.objection), ("处理结果", notice.finding)]))
        weekends = "，周末不算" if notice.workdays else ""
        self.end_with(f"公示 {notice.total} {unit}{weekends}。" if notice.total else "", moves)


class FactsCard(StepCard):
    """The facts of any other step, and why it came back where it did."""

    def __init__(
        self, theme: Theme, standing: Standing, moves: Sequence[Move], *, badge: tuple[str, str], reason: str, empty: str,
        year: int,
    ) -> None:
        super().__init__(theme, standing, badge)
        if reason:
            banner = Banner(theme)
            self.body.addWidget(banner)
            banner.words.setMinimumWidth(theme.px(LEAST_TEXT))
            banner.say(reason, "error" if badge[1] == "error" else "warn")
        pairs = [(label, scalar_text(of, value, year)) for label, of, value in standing.facts]
        if pairs:
            self.body.addWidget(Pairs(theme, pairs))
        self.end_with("" if pairs else empty, moves)


def _objection_badge(notice: Notice) -> tuple[str, str]:
    if not notice.objection:
        return "没有异议", "ok"
    return ("异议已办结", "ok") if notice.finding else ("有异议", "warn")


def _day(day: datetime.date) -> str:
    return f"{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"

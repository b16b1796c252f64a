"""Where a nomination stands, and the buttons of what can be done there (domain/steps.py)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from fulian_desktop.domain.steps import Day, Move, Step
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.editors import NoteLine
from fulian_desktop.ui.stepper import StageStepper
from fulian_desktop.ui.theme import Theme


def look_at(paper_code: str, flat: Mapping[str, Any]) -> dict[str, Any]:
    """What the preview page is told to show a paper that a move leads to."""
    from fulian_desktop.services.papers import make_paper, paper_about

    paper, wanted, about = paper_about(paper_code, flat)
    return {
        "title": paper.label, "subtitle": about, "file": f"{paper.label} {about}".strip(),
        "make": lambda office, progress: make_paper(office, paper.code, wanted, progress),
    }


class StageCard(Card):
    """The steps with the days of a notice, and under them what comes next; what must wait says from when on it can be."""

    chosen = Signal(object)
    """A :class:`Move` that can be done."""

    def __init__(self, theme: Theme, steps: Sequence[Step], days: Sequence[Day], moves: Sequence[Move]) -> None:
        super().__init__(theme)
        self.stepper = StageStepper(theme)
        self.stepper.show_steps(steps, days)
        self.body.addWidget(self.stepper)
        self.why = NoteLine(theme)
        self.buttons_of: dict[str, KeyButton] = {}
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(self.why, 1, Qt.AlignmentFlag.AlignVCenter)
        if moves:
            self.body.addLayout(line)
        for move in moves:
            button = KeyButton(theme, move.label, icon=move.icon)
            button.setAutoDefault(True)
            button.setEnabled(not move.wait)
            button.setAccessibleDescription(move.wait)
            button.clicked.connect(lambda _on=False, which=move: self.chosen.emit(which))
            self.buttons_of[move.label] = button
            line.addWidget(button)
        waits = [move.wait for move in moves if move.wait]
        if waits:
            self.why.say(f"{waits[0]}。", "hint")

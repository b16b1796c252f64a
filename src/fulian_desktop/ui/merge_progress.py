"""How far a looking or a merge has come: a headline, the hundredth part, what is being done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.cards import Card, ProgressPane
from fulian_desktop.ui.jobs import Job
from fulian_desktop.ui.merge_steps import Steps
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import plain_label


class MergeProgress(Card):
    """The card; it shows itself when the work takes longer than a moment."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.steps = Steps(())
        self.headline = plain_label()
        self.headline.setFont(theme.font(t.PAGE_TITLE, bold=True))
        self.percent = plain_label(role="accent")
        self.percent.setFont(theme.font(t.FIGURE, bold=True))
        self.pane = ProgressPane(theme)
        self.pane.cancel.hide()  # the bar at the foot has it
        self.pane.count.hide()
        self.pane.shown.connect(self.show)
        line = QHBoxLayout()
        line.addWidget(self.headline, 1)
        line.addWidget(self.percent)
        box = QVBoxLayout()
        box.addLayout(line)
        box.addWidget(self.pane)
        self.body.addLayout(box)
        self.hide()

    def begin(self, headline: str, files: Mapping[str, int] | Sequence[str] = ()) -> None:
        """Begin anew; ``files`` as :class:`Steps` takes them."""
        self.steps = Steps(files)
        self.headline.setText(headline)

    def watch(self, job: Job) -> None:
        """Show this work."""
        self.pane.watch(job)

    def take(self, done: int, total: int, what: str, name: Callable[[int], str]) -> None:
        """Hear what the work says of itself; ``name`` gives what the line at a place is called."""
        self.steps.take(done, total, what)
        self.pane.report(self.steps.percent, 100, self.steps.words(name))
        self.percent.setText(f"{self.steps.percent}%")

    def end(self) -> None:
        """It is over."""
        self.pane.end()
        self.hide()

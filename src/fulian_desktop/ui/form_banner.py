"""What stands above a form: what was left unfinished, why it may not be changed, and the button that does something about it."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from fulian_desktop.domain.texts import closed
from fulian_desktop.services.entering import Draft
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner
from fulian_desktop.ui.theme import Theme

_LONGEST = 18


def shortened(name: str) -> str:
    """A record's name for a title or a sentence: one line of at most eighteen characters."""
    one_line = " ".join(name.split())
    return closed(one_line if len(one_line) <= _LONGEST else f"{one_line[:_LONGEST]}…")


class FormBanner(Banner):
    """A sentence with one button, and a second one where something may be thrown away."""

    def __init__(self, theme: Theme) -> None:
        self.button, self.drop_button = KeyButton(theme, ""), KeyButton(theme, "不要了")
        super().__init__(theme, button=self.button)
        self._line.addWidget(self.drop_button)
        self._run: Callable[[], None] | None = None
        self._drop: Callable[[], None] | None = None
        for button in (self.button, self.drop_button):
            button.setAutoDefault(True)
        self.button.clicked.connect(lambda: _do(self._run))
        self.drop_button.clicked.connect(lambda: _do(self._drop))

    def clear(self) -> None:
        """Say nothing."""
        self.tell("")

    def tell(self, words: str, tone: str = "info") -> None:
        """A sentence without a button."""
        self._offer(words, tone, "", None, None)

    def offer(self, words: str, verb: str, run: Callable[[], None], tone: str = "info") -> None:
        """A sentence and what can be done about it."""
        self._offer(words, tone, verb, run, None)

    def offer_draft(self, draft: Draft, count: int, go_on: Callable[[], None], drop: Callable[[], None]) -> None:
        """An unfinished form, the latest of so many."""
        at = datetime.datetime.fromtimestamp(draft.at / 1000)
        what = f"“{shortened(draft.name)}”" if draft.name else "一份"
        more = f"（共 {count} 份）" if count > 1 else ""
        self._offer(f"{at.month}月{at.day}日 {at:%H:%M} 没填完的{what}还在{more}。", "info", "接着填", go_on, drop)

    def _offer(
        self, words: str, tone: str, verb: str, run: Callable[[], None] | None, drop: Callable[[], None] | None
    ) -> None:
        self._run, self._drop = run, drop
        self.say(words, tone)
        self.button.setText(verb)
        self.button.setVisible(run is not None)
        self.drop_button.setVisible(drop is not None)


def _do(what: Callable[[], None] | None) -> None:
    if what is not None:
        what()

"""What stands at the head of a form: whose record it is, how it stands, when its draft was kept, and where to go on."""

from __future__ import annotations

import datetime

from fulian_desktop.domain.steps import TONES, steps_of
from fulian_desktop.services.entering import Start
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.form_banner import shortened
from fulian_desktop.ui.form_walk import WalkButtons
from fulian_desktop.ui.page import Page
from fulian_desktop.ui.widgets import IconLabel, plain_label


class FormHead:
    """The head of one form.

    Args:
        page: The page whose header it fills.
    """

    def __init__(self, page: Page) -> None:
        theme = page.theme
        self._page = page
        self.state = Badge(theme)
        self.draft_icon = IconLabel(theme, "import", "text2", t.ICON_BUTTON)
        self.draft_note = plain_label(role="label")
        self.copy = KeyButton(theme, "复制上一条", style="ghost", icon="copy")
        self.walk = WalkButtons(theme)
        for hidden in (self.state, self.draft_icon, self.copy):
            hidden.hide()
        page.beside_title.addWidget(self.state)
        for widget in (self.draft_icon, self.draft_note, self.copy, self.walk):
            page.buttons.addWidget(widget)

    def say_draft(self, text: str) -> None:
        """Say when the draft was kept; nothing: there is none."""
        self.draft_note.setText(text)
        self.draft_icon.setVisible(bool(text))

    def show_form(self, start: Start, today: datetime.date, *, walks: bool) -> None:
        """Name the record and say how it stands; ``walks``: it was opened from a list."""
        kind, word, new = start.kind, start.kind.measure_word, start.record is None
        page = self._page
        foreign = start.unit_name if start.unit != page.desk.unit and not start.chooses_unit else ""
        page.title.setText(kind.verb if new else shortened(kind.name_of(start.flat)) or kind.label)
        page.subtitle.setText(foreign if new else f"{kind.label} · {start.unit_name}")
        self.copy.setText(f"复制上一{word}")
        self.copy.setVisible(new and bool(start.last))
        if walks and not new:
            self.walk.show_for(word)
        staged = None if new else steps_of(kind, start.flat, start.conflicts, today)
        if staged is not None:
            self.state.show_state(staged[0].label, TONES[staged[0].stage])
        else:
            self.state.show_state("新登记" if new else "已删除" if start.deleted else "", "info" if new else "error")

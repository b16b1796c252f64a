"""The page of a record that has stages: where it stands, what that rests on, and what comes next.

Rules:

* It only shows; what is changed is changed in the form, and what a stage offers is one save with its way back.
* What stands here follows from the kind's declarations (domain/steps.py, domain/telling.py); everything else of a record is
  in its form.
* Whoever opens it begins at the button that changes nothing by itself: a second Enter hands nothing in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QScrollBar, QVBoxLayout, QWidget

from fulian_desktop.domain.steps import TONES, Move, badge_of, steps_of
from fulian_desktop.domain.telling import subject_of
from fulian_desktop.progress import Progress
from fulian_desktop.services import entering
from fulian_desktop.services.browsing import Listed
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved, edit_record
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form_banner import shortened
from fulian_desktop.ui.form_saved import say_saved
from fulian_desktop.ui.form_walk import KEYS, SHORTCUTS, Walk, WalkButtons, find_beside
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.record_body import RecordBody
from fulian_desktop.ui.record_foot import RecordFoot
from fulian_desktop.ui.stage_cards import look_at
from fulian_desktop.ui.widgets import plain_label

ONE_COLUMN = 1000
"""Effective width of the window under which the cards stand under each other."""

HEAD_GAPS = 120
"""What the arrow back and the gaps between the parts of the header take."""


class RecordPage(Page):
    """One record and its way.

    ``about``: nav, kind, record, unit, walk (the list it is opened from).
    """

    keys = (
        Key("F2", "修改"), *KEYS, Key("PgUp PgDn", "往上、往下翻"), Key("Ctrl+Z", "撤销刚才的操作"), Key("Esc", "返回清单"),
    )
    help_text = (
        "这里看一户评选走到哪一步、还差什么。下面写着接下来办什么，右下角是要办的事；要改内容，按 F2。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "", back=True, scrolls=True)
        self.start: entering.Start | None = None
        self.view: RecordBody | None = None
        self._about: Mapping[str, Any] = {}
        self._busy = False
        self.campaign = plain_label(role="label")
        self.state = Badge(self.theme)
        self.state.hide()
        self.beside_title.addWidget(self.campaign)
        self.beside_title.addWidget(self.state)
        self.walk = WalkButtons(self.theme)
        self.buttons.addWidget(self.walk)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place, 1)
        self.record_foot = RecordFoot(self.theme, self.foot)
        scroll = self.findChild(QScrollArea)
        assert scroll is not None  # noqa: S101 - the page scrolls
        self._scroll: QScrollArea = scroll
        self._connect()

    def _connect(self) -> None:
        self.walk.asked.connect(self._walk_on)
        self.record_foot.edit.clicked.connect(self.edit)
        self.record_foot.chosen.connect(self.do)
        bar = self._scroll.verticalScrollBar()
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("F2", self.edit), ("Esc", self.desk.back), ("Ctrl+Z", self._undo),
            ("PgUp", partial(bar.triggerAction, QScrollBar.SliderAction.SliderPageStepSub)),
            ("PgDown", partial(bar.triggerAction, QScrollBar.SliderAction.SliderPageStepAdd)),
            *((key, partial(self._walk_on, step)) for key, step in SHORTCUTS),
        )
        for key, does in keys:
            self.on_key(key, does)

    # --- opening ---------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read the record, then show it."""
        self._about = about
        self._read()

    def _read(self) -> None:
        about, day, walk = self._about, self.desk.today(), self._walk
        record, unit = about.get("record"), about.get("unit")
        if walk is not None and walk.record:
            record, unit = walk.record, walk.unit
        code = str(about.get("kind") or "")

        def work(office: Office, _progress: Progress) -> entering.Start:
            return entering.start_form(office, code, record=record, unit=unit, day=day)

        self.desk.ask(self, work, self._show)

    def _show(self, start: entering.Start) -> None:
        same = self.start is not None and self.start.record == start.record
        self.start, self._busy = start, False
        staged = steps_of(start.kind, start.flat, start.conflicts, self.desk.today(), units=start.units)
        assert staged is not None  # noqa: S101 - only records with stages are opened here (ui/places.py)
        stage, steps = staged
        self.title.setText(shortened(start.kind.name_of(start.flat)) or start.kind.label)
        self.state.show_state(*(("已删除", "error") if start.deleted else (badge_of(stage, start.flat), TONES[stage.stage])))
        if self._walk is not None:
            self.walk.show_for(start.kind.measure_word)
        view = RecordBody(self.desk, start, stage, steps)
        view.chosen.connect(self.do)
        view.wanted.connect(self._go)
        view.anew.connect(self._read)
        self._put(view, keep_place=same)
        self.record_foot.show_moves(start, view.withdrawal, view.main, view.next_words)
        self._arrange()

    def _put(self, view: RecordBody, *, keep_place: bool) -> None:
        """The cards in place of those before; who worked in one of them goes on at the foot."""
        before, bar = self.view, self._scroll.verticalScrollBar()
        at = bar.value() if keep_place else 0
        if before is not None:
            focus = QApplication.focusWidget()
            if focus is not None and before.isAncestorOf(focus):
                self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
            self._place.removeWidget(before)
            before.hide()
            before.deleteLater()
        self.view = view
        self._place.addWidget(view)
        view.show()
        QTimer.singleShot(0, view, lambda: bar.setValue(at))  # once the cards are laid out

    def refresh(self, kinds: frozenset[str]) -> None:
        """The record may have been changed, or one that it names: read it again."""
        start = self.start
        if start is not None and (not kinds or start.kind.code in kinds):
            self._read()

    def _arrange(self) -> None:
        narrow = self.window().width() / self.theme.scale < ONE_COLUMN
        if self.view is not None:
            self.view.arrange(1 if narrow else 2)
        self.walk.fold(narrow)
        subject = shortened(subject_of(self.start.kind, self.start.flat)) if self.start is not None else ""
        self.campaign.setText(subject)
        beside = bool(subject) and self._has_room()
        self.campaign.setVisible(beside)
        self.subtitle.setText("　".join(filter(None, ("" if beside else subject, self._whose()))))

    def _has_room(self) -> bool:
        """Whether what the record is about has room between its name and its badge; else it is cut behind them."""
        px = self.theme.px
        parts = (self.title, self.campaign, self.state, self.walk)
        return sum(part.sizeHint().width() for part in parts) + 2 * px(t.PAGE_MARGIN) + px(HEAD_GAPS) <= self.width()

    def _whose(self) -> str:
        """Whose record it is, where it is another unit's."""
        start = self.start
        return start.unit_name if start is not None and start.unit != self.desk.unit else ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where there is no room for two."""
        super().resizeEvent(event)
        self._arrange()

    def first_focus(self) -> QWidget:
        """The button that opens the form."""
        return self.record_foot.edit

    @property
    def _walk(self) -> Walk | None:
        return self._about.get("walk")

    # --- what is done ----------------------------------------------------------------------------------------

    def edit(self) -> None:
        """Open the form."""
        self._go("form", {})

    def _go(self, place: str, about: Mapping[str, Any]) -> None:
        start = self.start
        if start is None:
            return
        here = {"nav": self._about.get("nav"), "kind": start.kind.code, "record": start.record, "unit": start.unit}
        if self._walk is not None:
            here["walk"] = self._walk
        self.desk.go(place, {**here, **about})

    def do(self, move: Move) -> None:
        """Do what the record's stage offers."""
        start = self.start
        if start is None or self._busy or move.wait:
            return
        if move.paper:
            self._go("preview", look_at(move.paper, start.flat))
        elif move.fills:
            self._save(start, move)
        else:
            self._go("form", {"field": move.cell})

    def _save(self, start: entering.Start, move: Move) -> None:
        self._busy = True
        name = start.kind.name_of(start.flat)

        def work(office: Office, _progress: Progress) -> Saved:
            return edit_record(office, str(start.record), dict(move.fills), unit=start.unit)

        def failed(error: Exception) -> None:
            self._busy = False
            self.desk.problem(error)

        def done(saved: Saved) -> None:
            self._busy = False
            say_saved(self.desk, start.kind, saved, name, verb=move.label)

        self.desk.ask(self, work, done, failed=failed)

    def _undo(self) -> None:
        if not self.desk.press("Ctrl+Z"):
            self.desk.say("这里没有可以撤销的操作。", "info")

    def _walk_on(self, step: int) -> None:
        walk, start = self._walk, self.start
        if walk is None or start is None:
            return

        def go(row: Listed) -> None:
            walk.stand_at(row)
            self._read()

        find_beside(self.desk, self, walk, step, start.kind.measure_word, go)

"""Conflicts side by side: a queue of records, for each field what each side says, and what it is to be.

Rules:

* Nothing is chosen beforehand; a field may be left for later, the others are settled all the same.
* Only one record is folded at a time, when it is looked at, so that a long queue opens at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.errors import FulianError
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.cards import EmptyState
from fulian_desktop.ui.choosing import QueueCard, Waiting
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.dispute import AgreedCard, FieldRow, ResultCard, shortened
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.places import place_of
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import scrolled, tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.settling import Decided, Dispute, InQueue

FOLDED = 900
"""Effective width of the page (pixels ÷ scale) under which the queue goes away."""
_HINT = "两边都没看到对方的改动，所以要您来定。没选的那个值也会留在修改记录里。"


class ConflictsPage(Page):
    """Settles fields in conflict, record by record."""

    keys = (
        Key("←  →", "选左边、选右边"), Key("1  2", "选第一个、第二个"), Key("↑  ↓", "上一处、下一处"),
        Key("Ctrl+回车", "保存并看下一条"), Key("Ctrl+Z", "撤销刚才定的"), Key("Esc", "以后再定"),
    )
    help_text = (
        "同一条记录，两边各改各的，改得不一样，就是冲突。\n"
        "每一处并排列出两边填的内容、谁填的、什么时候填的。选一个，或者另填一个。\n"
        "拿不准的点“以后再定”；没选的内容不会丢，留在修改记录里。\n"
        "定错了按 Ctrl+Z，两边的内容重新列出来再定。已经交给别的单位的，要等他们收到下一个包才跟着改。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "冲突", back=True)
        theme, px = self.theme, self.theme.px
        self._items: list[InQueue] = []
        self._total = 0
        self._place = -1
        self._turn = 0
        self._wanted = ""
        self._settling = False
        self._last: tuple[str, Dispute] | None = None
        self._enters = True
        self._dispute: Dispute | None = None
        self.rows: list[FieldRow] = []
        self.badge = Badge(theme)
        self.badge.hide()
        self.beside_title.addWidget(self.badge)
        self.show_button = KeyButton(theme, "显示", icon="eye", style="ghost")
        self.show_button.setAccessibleName("显示遮住的内容")
        self.open_button = KeyButton(theme, "打开记录", icon="history", style="ghost")
        for button in (self.show_button, self.open_button):
            button.hide()
            self.buttons.addWidget(button)
        self.queue = QueueCard(theme, "要定的", _HINT)
        self.result = ResultCard(theme)
        self.agreed = AgreedCard(theme)
        self.columns = QVBoxLayout()
        self.columns.setSpacing(px(t.CARD_GAP))
        self._bodies = QStackedWidget()
        self._bodies.addWidget(self._work())
        self.empty = EmptyState(theme, "ok", "")
        self._bodies.addWidget(self.empty)
        self.body.addWidget(self._bodies)
        self._fill_foot()
        self.queue.chosen.connect(self._look_at)
        self.queue.entered.connect(self._enter)
        self.show_button.clicked.connect(lambda: self._ask(reveal=True))
        self.open_button.clicked.connect(self._open_record)

    def _work(self) -> QWidget:
        px = self.theme.px
        inside = QWidget()
        set_role(inside, "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, px(4), 0)
        column.setSpacing(px(t.CARD_GAP))
        column.addLayout(self.columns)
        column.addWidget(self.result)
        column.addWidget(self.agreed)
        column.addStretch(1)
        self.area = scrolled(inside, sideways=False)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(16))
        line.addWidget(self.queue)
        line.addWidget(self.area, 1)
        return work

    def _fill_foot(self) -> None:
        for key, does in (("←", "选左边"), ("→", "选右边"), ("↓", "下一处")):
            self.foot.add_hint(key, does)
        self.later = KeyButton(self.theme, "以后再定", "Esc")
        self.save = KeyButton(self.theme, "保存并看下一条", "Ctrl+回车", primary=True)
        for button, run in ((self.later, self._leave_for_later), (self.save, self._save)):
            button.clicked.connect(run)
            self.foot.buttons.addWidget(button)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            self.on_key(key, self._save)
        self.on_key("Ctrl+Z", self._undo)
        self.on_key("Esc", self._leave_for_later)
        self.foot.show()

    # --- the queue -------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read the queue; ``record`` says which one to begin with."""
        self._wanted = str(about.get("record") or "")
        self._load()

    def refresh(self, _kinds: frozenset[str]) -> None:
        """Records changed elsewhere: read the queue again, and stay where one is."""
        if not self._settling and self._dispute is not None:
            self._wanted = self._dispute.record
            self._load()

    def first_focus(self) -> QWidget:
        """The first field's first value."""
        return self.rows[0].choices.cards[0] if self.rows else self.queue.view

    def _load(self) -> None:
        from fulian_desktop.services.settling import conflict_queue

        wanted = self._wanted
        self.desk.ask(self, lambda office, _progress: conflict_queue(office, first=wanted), self._show_queue)

    def _show_queue(self, found: tuple[int, list[InQueue]]) -> None:
        self._total, self._items = found
        self.queue.fill([Waiting(one.name, _under(one, f"{one.fields} 处")) for one in self._items])
        if not self._items:
            self._nothing_left("没有冲突。两边改得不一样的时候，会列在这里。")
            return
        self._bodies.setCurrentIndex(0)
        self.foot.show()
        place = next((i for i, one in enumerate(self._items) if one.record == self._wanted), 0)
        self.queue.choose(place)
        self._open(place)

    def _nothing_left(self, words: str) -> None:
        self._dispute = None
        self.title.setText("冲突")
        self.subtitle.setText("")
        self.empty.words.setText(words)
        for part in (self.badge, self.show_button, self.open_button):
            part.hide()
        self.foot.hide()
        self._bodies.setCurrentIndex(1)
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # Ctrl+Z takes the last one back

    def _look_at(self, place: int) -> None:
        """The keys go through the queue: show the record, and leave the focus where it is."""
        self._open(place)
        self._enters = False

    def _enter(self) -> None:
        self._enters = True
        if self.rows:
            self.rows[0].choices.enter()

    def _open(self, place: int) -> None:
        self._place, self._enters = place, True
        self._ask(reveal=False)

    def _ask(self, *, reveal: bool) -> None:
        from fulian_desktop.services.settling import dispute

        one = self._items[self._place]
        self._turn += 1
        turn = self._turn
        self.save.setEnabled(False)
        self.desk.ask(
            self, lambda office, _progress: dispute(office, one.record, one.unit, reveal=reveal),
            lambda found: self._show(found) if turn == self._turn else None,
        )

    # --- one record ------------------------------------------------------------------------------------------

    def _show(self, found: Dispute) -> None:
        before = {row.disputed.code: row.answer for row in self.rows} if self._is_the_same(found) else {}
        self._dispute = found
        self._clear_rows()
        for one in found.fields:
            row = FieldRow(self.theme, one)
            row.restore(before.get(one.code))
            row.changed.connect(self._chosen)
            row.left.connect(self._go_on)
            self.rows.append(row)
            self.columns.addWidget(row)
            row.show()  # what a layout takes in is shown a turn later, and until then takes no focus
        for earlier, later in zip(self.rows, self.rows[1:], strict=False):
            QWidget.setTabOrder(earlier.last_stop, later.choices.cards[0])
        self.title.setText(shortened(found.name))
        self.title.setToolTip(tip_of(found.name))
        self._say_where()
        self.badge.show_state(f"{len(found.fields)} 处不一样", "conflict")
        self.show_button.setVisible(found.hidden)
        self.open_button.show()
        self.agreed.fill(found.agreed)
        self.area.verticalScrollBar().setValue(0)
        self._chosen()
        if not found.fields:
            self._done_with("已经定了")
        elif self._enters:
            self.rows[0].choices.enter()

    def _say_where(self) -> None:
        if self._dispute is None:
            return
        place = f"第 {self._place + 1} 条，共 {self._total} 条"
        self.queue.note.setText(place)
        words = f"{self._dispute.unit_name}・{self._dispute.kind_label}"
        self.subtitle.setText(f"{words}　{place}" if self.queue.isHidden() else words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the queue goes away, and the place in it stands beside the title."""
        super().resizeEvent(event)
        self.queue.setHidden(self.width() / self.theme.scale < FOLDED)
        self._say_where()

    def _is_the_same(self, found: Dispute) -> bool:
        return self._dispute is not None and self._dispute.record == found.record and self._dispute.seen == found.seen

    def _clear_rows(self) -> None:
        for row in self.rows:
            self.columns.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = []

    def _chosen(self) -> None:
        texts = [f"{row.disputed.label} {row.result}" for row in self.rows if row.result is not None]
        left = sum(row.result is None and not row.disputed.blocked for row in self.rows)
        self.result.say(texts, left)
        self.save.setEnabled(bool(texts))
        note = "" if texts or not self.rows else "选好一处就能保存"
        self.foot.note.setText(note)

    def _go_on(self, row: FieldRow, step: int) -> None:
        place = self.rows.index(row) + step
        if place >= len(self.rows):
            (self.save if self.save.isEnabled() else row.choices.cards[0]).setFocus(Qt.FocusReason.TabFocusReason)
        elif place >= 0:
            self.rows[place].choices.enter()
            self.area.ensureWidgetVisible(self.rows[place])

    def _open_record(self) -> None:
        from fulian_desktop.domain.kinds import kind_of

        if self._dispute is not None:
            one = self._dispute
            about = {"nav": kind_of(one.kind).nav, "kind": one.kind, "record": one.record, "unit": one.unit}
            self.desk.go(place_of(one.kind), about)

    # --- deciding --------------------------------------------------------------------------------------------

    def _leave_for_later(self) -> None:
        if self._items:
            self._next(say_end=True)

    def _save(self) -> None:
        from fulian_desktop.services.settling import decide

        one = self._dispute
        if one is None or not self.save.isEnabled():
            return
        chosen = {row.disputed.code: row.choices.chosen for row in self.rows if row.choices.chosen is not None}
        typed = {row.disputed.code: row.line.text() for row in self.rows if row.is_typed}
        self.save.setEnabled(False)
        self.desk.ask(
            self,
            lambda office, _progress: decide(office, one.record, one.unit, chosen=chosen, typed=typed, seen=one.seen),
            self._decided, failed=self._not_saved,
        )

    def _decided(self, decided: Decided) -> None:
        if decided.problems:
            for row in self.rows:
                row.say(decided.problems.get(row.disputed.code, ""))
            wrong = next(row for row in self.rows if row.disputed.code in decided.problems)
            wrong.line.setFocus(Qt.FocusReason.OtherFocusReason)
            self.save.setEnabled(True)
            return
        assert self._dispute is not None  # noqa: S101 - it was decided
        settled = sum(row.result is not None for row in self.rows)
        left = len(self.rows) - settled
        name = shortened(self._dispute.name)
        self._last = (decided.act, self._dispute)
        words = f"“{name}”定好了，下次上报和下发会带给对方。"
        if left:
            words = f"保存了“{name}”的 {settled} 处，还有 {left} 处以后再定。"
        self.desk.say(words, action="撤销", run=self._undo, key="Ctrl+Z")
        self._settling = True
        self.desk.tell_changed({self._dispute.kind})
        self._settling = False
        self._done_with("已定好" if not left else f"还有 {left} 处", is_done=not left)

    def _undo(self) -> None:
        """Take the last decision back: the record is to be decided again."""
        from fulian_desktop.services.records import undo_act

        if self._last is None:
            return
        (act, one), self._last = self._last, None
        self.desk.ask(self, lambda office, _progress: undo_act(office, act), lambda _result: self._undone(one))

    def _undone(self, one: Dispute) -> None:
        self.desk.say(f"撤销了，“{shortened(one.name)}”要重新定。")
        self._settling = True
        self.desk.tell_changed({one.kind})
        self._settling = False
        self._wanted = one.record
        self._load()

    def _not_saved(self, error: Exception) -> None:
        self.desk.problem(error)
        if isinstance(error, FulianError) and error.code == "changed-meanwhile":
            self._ask(reveal=False)
        else:
            self._chosen()

    def _done_with(self, words: str, *, is_done: bool = True) -> None:
        if is_done:
            self.queue.mark_done(self._place, _under(self._items[self._place], words))
        self._next(say_end=False)

    def _next(self, *, say_end: bool) -> None:
        """Go to the next record that is still to be decided, from here on and then from the top."""
        items = self.queue.model.items
        order = [*range(self._place + 1, len(items)), *range(self._place)]
        place = next((i for i in order if not items[i].done), None)
        if place is not None:
            self.queue.choose(place)
            self._open(place)
        elif say_end and not items[self._place].done:
            self.desk.say("只剩这一条了，先留着，随时可以再来定。", "info")
        elif not items[self._place].done:
            self._ask(reveal=False)
        elif self._total > len(items):
            self._wanted = ""
            self._load()
        else:
            self._nothing_left("冲突都定好了。")


def _under(one: InQueue, words: str) -> str:
    return f"{one.unit_name}・{one.kind_label}・{words}"

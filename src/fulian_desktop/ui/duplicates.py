"""Suspected duplicates: pairs side by side, what differs between them, and which of the two stands for both.

Rules:

* Joining loses nothing: the other record stays as it is and is only taken for the same; it can be undone at once.
* Two that are not the same do not come back; what was judged so can be seen, and put back into the queue.
* Nothing is chosen beforehand; a pair that is left alone stays in the queue.
* Pairs are read a page at a time: the first is there at once however many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.cards import EmptyState
from fulian_desktop.ui.choosing import ChoiceCard, Choices, QueueCard, Waiting
from fulian_desktop.ui.conflicts import FOLDED
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.differences import Differences
from fulian_desktop.ui.dispute import LABEL_WIDTH, shortened
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import scrolled

if TYPE_CHECKING:
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.pairing import Pair, Pairs, Place, Suspected
    from fulian_desktop.services.records import Saved

_HINT = "身份证号一样的排在前面。合成一个不会删掉内容：另一条还在，只是算作同一个；合错了按 Ctrl+Z。"
_JUDGED_HINT = "这些判过不是同一个，不再列出来问。判错了，按“重新核对”放回去。"
_CERTAINTY = {"firm": "身份证号一样", "soft": "名字读音相近，住址或生日一样", "parted": "判过：不是同一个"}
_TONES = {"firm": "conflict", "soft": "info", "parted": "mute"}
QUEUE, JUDGED = "疑似重复", "判过不是同一个的"


class DuplicatesPage(Page):
    """Joins records that are one and the same."""

    keys = (
        Key("←  →", "留左边、留右边"), Key("1  2", "留第一条、留第二条"), Key("Ctrl+回车", "合成一个并看下一对"),
        Key("Ctrl+0", "不是同一个；在判过的里面是重新核对"), Key("Ctrl+Z", "撤销刚才定的"), Key("Esc", "以后再定"),
    )
    help_text = (
        "同一个人或同一户被登记了两次，会列在这里。\n"
        "左右对着看：不一样的地方有标记。确实是同一个，就选留哪一条，再合成一个。\n"
        "合成以后另一条不会丢，只是算作同一个；合错了按 Ctrl+Z。\n"
        "其实是两个人、两户，按“不是同一个”，以后不再问。判过的可以点“看判过的”，随时重新核对。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "疑似重复", back=True)
        theme = self.theme
        self._items: list[Suspected] = []
        self._place = -1
        self._turn = 0
        self._deciding = False
        self._judged = False
        self._more: Place | None = None
        self._reading_more = self._goes_on = False
        self._enters = True
        self._pair: Pair | None = None
        self._last_act = ""
        self.choices: Choices | None = None
        self.badge = Badge(theme)
        self.badge.hide()
        self.beside_title.addWidget(self.badge)
        self.show_button = KeyButton(theme, "显示", icon="eye", style="ghost")
        self.show_button.setAccessibleName("显示遮住的内容")
        self.show_button.hide()
        self.judged_button = KeyButton(theme, "看判过的", icon="history", style="ghost")
        self.judged_button.clicked.connect(self._turn_over)
        for button in (self.show_button, self.judged_button):
            self.buttons.addWidget(button)
        self.queue = QueueCard(theme, QUEUE, _HINT)
        self._sides = QVBoxLayout()
        self.differences = Differences(theme)
        self._bodies = QStackedWidget()
        self._bodies.addWidget(self._work())
        self.empty = EmptyState(theme, "ok", "")
        self._bodies.addWidget(self.empty)
        self.body.addWidget(self._bodies)
        self._fill_foot()
        self.queue.chosen.connect(self._look_at)
        self.queue.entered.connect(self._enter)
        self.queue.end_near.connect(self._read_more)
        self.show_button.clicked.connect(lambda: self._ask(reveal=True))

    def _work(self) -> QWidget:
        px = self.theme.px
        inside = QWidget()
        set_role(inside, "page")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, px(4), 0)
        column.setSpacing(px(t.CARD_GAP))
        column.addLayout(self._sides)
        column.addWidget(self.differences)
        column.addStretch(1)
        scroll = scrolled(inside, sideways=False)
        work = QWidget()
        line = QHBoxLayout(work)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(16))
        line.addWidget(self.queue)
        line.addWidget(scroll, 1)
        return work

    def _fill_foot(self) -> None:
        for key, does in (("←", "留左边"), ("→", "留右边")):
            self.foot.add_hint(key, does)
        self._hints = [word for word in self.foot.findChildren(QLabel) if word is not self.foot.note]
        self.later = KeyButton(self.theme, "以后再定", "Esc")
        self.part = KeyButton(self.theme, "不是同一个", "Ctrl+0")
        self.join = KeyButton(self.theme, "是同一个，合成一个", "Ctrl+回车", primary=True)
        for button, run in ((self.later, self._leave_for_later), (self.part, self._part), (self.join, self._join)):
            button.clicked.connect(run)
            self.foot.buttons.addWidget(button)
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            self.on_key(key, self._join)
        self.on_key("Ctrl+0", self._part)
        self.on_key("Esc", self._leave_for_later)
        self.on_key("Ctrl+Z", self._undo)
        self.foot.show()

    # --- the queue -------------------------------------------------------------------------------------------

    def opened(self, _about: Mapping[str, Any]) -> None:
        """Read the suggestions."""
        self._load()

    def refresh(self, _kinds: frozenset[str]) -> None:
        """Records changed elsewhere: the suggestions may be others now."""
        if not self._deciding:
            self._load()

    def first_focus(self) -> QWidget:
        """The first of the two; the button, where there is nothing to choose."""
        if self._judged:
            return self.part
        return self.choices.cards[0] if self.choices is not None else self.queue.view

    def _turn_over(self) -> None:
        """Show what was judged to be two, or again what is suspected."""
        self._judged = not self._judged
        self._place, self._more = -1, None
        self.judged_button.setText("回到要核对的" if self._judged else "看判过的")
        self.queue.head.setText(JUDGED if self._judged else QUEUE)
        self.part.setText("重新核对" if self._judged else "不是同一个")
        self.later.setText("下一对" if self._judged else "以后再定")
        self.queue.hint.setText(_JUDGED_HINT if self._judged else _HINT)
        for choosing in (self.join, *self._hints):
            choosing.setVisible(not self._judged)
        self._load()

    def _load(self) -> None:
        self.subtitle.setText("正在找")
        self.join.setEnabled(False)
        self.part.setEnabled(False)
        read = self._reader()
        self.desk.ask(self, lambda office, _progress: read(office, None), self._show_queue)

    def _reader(self) -> Callable[[Office, Place | None], Pairs]:
        """What reads a page of the pairs that are shown."""
        from fulian_desktop.services.pairing import parted_pairs, suspected_pairs

        return parted_pairs if self._judged else suspected_pairs

    def _show_queue(self, found: Pairs) -> None:
        before = self._items[self._place].records if 0 <= self._place < len(self._items) else None
        self._items, self._more = list(found.pairs), found.next
        self.queue.fill([_waiting(one) for one in self._items])
        if not self._items:
            self._nothing_left("没有判过的。" if self._judged else "没有疑似重复的人或家庭。")
            return
        self._bodies.setCurrentIndex(0)
        self.foot.show()
        place = next((i for i, one in enumerate(self._items) if one.records == before), 0)
        self.queue.choose(place)
        self._open(place)

    def _read_more(self) -> None:
        """The next page of pairs, below those that are there."""
        after, read = self._more, self._reader()
        if after is None or self._reading_more:
            return
        self._reading_more = True
        self.desk.ask(
            self, lambda office, _progress: read(office, after), lambda found: self._add(after, found),
            failed=self._not_added,
        )

    def _add(self, after: Place, found: Pairs) -> None:
        self._reading_more = False
        if after != self._more:
            return  # the queue was read anew meanwhile
        self._more = found.next
        self._items += found.pairs
        self.queue.append([_waiting(one) for one in found.pairs])
        self._say_where()
        if self._goes_on and not self._next():
            self._load()

    def _not_added(self, error: Exception) -> None:
        self._reading_more = self._goes_on = False
        self.desk.problem(error)

    def _nothing_left(self, words: str) -> None:
        self._pair = None
        self._place = -1
        self.title.setText(JUDGED if self._judged else QUEUE)
        self.subtitle.setText("")
        self.badge.hide()
        self.show_button.hide()
        self.empty.words.setText(words)
        self.foot.hide()
        self._bodies.setCurrentIndex(1)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_at(self, place: int) -> None:
        self._open(place)
        self._enters = False

    def _enter(self) -> None:
        self._enters = True
        if self.choices is not None:
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self, place: int) -> None:
        self._place, self._enters = place, True
        self._ask(reveal=False)

    def _ask(self, *, reveal: bool) -> None:
        from fulian_desktop.services.pairing import compare

        records = self._items[self._place].records
        self._turn += 1
        turn = self._turn
        self.join.setEnabled(False)
        self.desk.ask(
            self, lambda office, _progress: compare(office, records, reveal=reveal),
            lambda found: self._show(found) if turn == self._turn else None,
        )

    # --- one pair --------------------------------------------------------------------------------------------

    def _show(self, pair: Pair) -> None:
        same = self._pair is not None and self._pair.sides == pair.sides
        kept = self.choices.chosen if same and not self._judged and self.choices is not None else None
        self._pair = pair
        if self.choices is not None:
            self._sides.removeWidget(self.choices)
            self.choices.hide()
            self.choices.deleteLater()
        self.part.setEnabled(True)
        head = "" if self._judged else "留这一条："
        cards = [
            ChoiceCard(self.theme, f"{head}{side.name}", [side.unit_name, f"登记：{side.entered}", f"最后改：{side.changed}"])
            for side in pair.sides
        ]
        self.choices = Choices(cards, self.theme, "合成一个以后留哪一条")
        self._sides.addWidget(self.choices)
        self.choices.setContentsMargins(self.theme.px(LABEL_WIDTH), 0, 0, 0)
        self.choices.show()
        self.choices.changed.connect(self._chosen)
        self.choices.left.connect(lambda _step: self.join.setFocus(Qt.FocusReason.TabFocusReason))
        self.differences.fill(pair)
        one = self._items[self._place]
        self.title.setText(shortened(_name(one)))
        self.badge.show_state(_CERTAINTY[one.certainty], _TONES[one.certainty])
        self._say_where()
        self.show_button.setVisible(pair.hidden)
        if kept is not None:
            self.choices.choose(kept)
        elif self._judged:
            self.choices.setEnabled(False)  # there is nothing to choose: both stay
            if self._enters:
                self.part.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self._enters:
            self.choices.enter()
        self._chosen()

    def _say_where(self) -> None:
        if self._pair is not None:
            more = "多" if self._more is not None else ""
            self.queue.note.setText(f"还有 {sum(not item.done for item in self.queue.model.items)} {more}对")
            place = f"第 {self._place + 1} 对，共 {len(self._items)} {more}对"
            words = self._items[self._place].kind_label
            self.subtitle.setText(f"{words}　{place}" if self.queue.isHidden() else words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the queue goes away."""
        super().resizeEvent(event)
        self.queue.setHidden(self.width() / self.theme.scale < FOLDED)
        self._say_where()

    def _chosen(self) -> None:
        chosen = self.choices is not None and self.choices.chosen is not None
        self.join.setEnabled(chosen)
        self.foot.note.setText("判过不是同一个，两条都留着" if self._judged else "" if chosen else "先选要留的一条")

    # --- deciding --------------------------------------------------------------------------------------------

    def _leave_for_later(self) -> None:
        if self._pair is not None and not self._next():
            self.desk.say("只剩这一对了，先留着，随时可以再来定。", "info")

    def _join(self) -> None:
        from fulian_desktop.services.conflicts import join_records

        if self._pair is None or not self.join.isEnabled() or self.choices is None or self.choices.chosen is None:
            return
        kept, other = self._pair.sides[self.choices.chosen], self._pair.sides[1 - self.choices.chosen]
        self.join.setEnabled(False)
        self.part.setEnabled(False)
        words = f"合成一个了，留下“{shortened(kept.name)}”（{kept.unit_name}）。"
        self.desk.ask(
            self, lambda office, _progress: join_records(office, kept.record, other.record),
            lambda saved: self._decided(saved, words, "已合成一个"), failed=self._not_decided,
        )

    def _part(self) -> None:
        """Say that the two are not the same; of a pair that was judged so, take it back."""
        from fulian_desktop.services.pairing import part_records, unpart_records

        if self._pair is None or not self.part.isEnabled():
            return
        first, second = (side.record for side in self._pair.sides)
        decide = unpart_records if self._judged else part_records
        words = "放回要核对的里面了。" if self._judged else "记下了：不是同一个，以后不再问。"
        done = "重新核对" if self._judged else "不是同一个"
        self.part.setEnabled(False)
        self.join.setEnabled(False)
        self.desk.ask(
            self, lambda office, _progress: decide(office, first, second),
            lambda saved: self._decided(saved, words, done), failed=self._not_decided,
        )

    def _not_decided(self, error: Exception) -> None:
        self.desk.problem(error)
        self.part.setEnabled(True)
        self._chosen()

    def _decided(self, saved: Saved, words: str, done: str) -> None:
        self._last_act = saved.act
        self.desk.say(words, action="撤销", run=self._undo, key="Ctrl+Z")
        self._tell()
        self.queue.mark_done(self._place, done)
        if not self._next():
            self._load()

    def _tell(self) -> None:
        if self._pair is not None:
            self._deciding = True
            self.desk.tell_changed({self._pair.kind})
            self._deciding = False

    def _undo(self) -> None:
        from fulian_desktop.services.records import undo_act

        act, self._last_act = self._last_act, ""
        if act:
            self.desk.ask(self, lambda office, _progress: undo_act(office, act), lambda _result: self._undone())

    def _undone(self) -> None:
        self.desk.say("撤销了，两条又在要核对的里面。")
        self._tell()
        self._load()

    def _next(self) -> bool:
        """Go to the next pair that is not decided, and from the last one to the first; False when all are."""
        items = self.queue.model.items
        place = next((i for i in range(self._place + 1, len(items)) if not items[i].done), None)
        self._goes_on = place is None and self._more is not None
        if self._goes_on:
            self._read_more()
            return True
        if place is None:
            place = next((i for i in range(self._place) if not items[i].done), None)
        if place is None:
            return False
        self.queue.choose(place)
        self._open(place)
        return True


def _waiting(one: Suspected) -> Waiting:
    return Waiting(_name(one), _under(one))


def _name(one: Suspected) -> str:
    return one.names[0] if one.names[0] == one.names[1] else "、".join(one.names)


def _under(one: Suspected) -> str:
    units = one.unit_names[0] if one.unit_names[0] == one.unit_names[1] else "、".join(one.unit_names)
    return f"{one.kind_label}・{units}"

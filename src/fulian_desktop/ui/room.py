"""The rights room in the window: its door while it is closed, and the strip over its lists while it is open.

Rules:

* Closed, the page says why there is nothing to see and asks for the second passphrase; the rest of 维权 stays reachable.
* The passphrase is dropped from the field once it is asked; a wrong one is said at the field.
* A recovery code that was made is shown once; 我记下来了 goes on.
* The room is locked by hand, with the window, and when the window is built anew; each time its pages are thrown away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.errors import FulianError
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.passphrases import Deed, PassphraseDialog
from fulian_desktop.ui.places import kinds_under
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.recovery import RecoverySheet
from fulian_desktop.ui.steps import NewPassphrase
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.unlock import Field, SecretLine
from fulian_desktop.ui.widgets import ChoiceBox, IconLabel, plain_label

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.rights import Standing
    from fulian_desktop.services.rights_figures import Ending

CARD_WIDTH = 560
LEAST_WORDY = 900
"""Effective width under which the buttons of the strip have no words."""

DUE, FIGURES, KEYS, LOCK = "看快到期的", "维权统计", "密码", "锁上"
CLOSED, WHY_CLOSED = "维权档案室锁着", "案件单独加密。锁着的时候，列表、查找、报表、上报和导出里都没有它们。"
NONE, WHY_NONE = "还没有维权档案室", (
    "维权案件不和别的记录放在一起。建一间档案室，另定一个密码，只有管维权的人知道；平时锁着，谁也看不到、查不到、报不出。"
)
ONCE, LOST = "收好档案室的恢复码", "第二密码和恢复码都丢了，案件就再也打不开了，谁也帮不上忙。"
ASK_SECOND = "还没有填第二密码：请填建档案室时定的那一个。"
OPENING, OPEN = "正在打开", "打开档案室"


def _change(office: Office, present: str, _person: str, new: str) -> str:
    from fulian_desktop.services.rights import change_passphrase

    change_passphrase(office, present, new)
    return ""


def _add(office: Office, present: str, person: str, new: str) -> str:
    from fulian_desktop.services.rights import add_person

    add_person(office, present, person, new)
    return ""


def _hand_over(office: Office, present: str, person: str, new: str) -> str:
    from fulian_desktop.services.rights import hand_over

    return hand_over(office, present, person, new)


def _renew(office: Office, present: str, _person: str, _new: str) -> str:
    from fulian_desktop.services.rights import renew_recovery_code

    return renew_recovery_code(office, present)


DEEDS = (
    Deed("修改第二密码", "改的是您自己的第二密码，档案室的恢复码不变。", "修改", "第二密码改好了，下次用新的。", _change),
    Deed("增加能打开档案室的人", "各用各的第二密码。", "增加", "加好了，打开档案室时选自己的名字。", _add, person=True),
    Deed("档案室换人", "新的人进来，您的第二密码和档案室的旧恢复码随即作废。", "交给新人",
         "交接好了。旧的第二密码和恢复码已经作废。", _hand_over, person=True),
    Deed("重新做档案室的恢复码", "旧的随即作废。", "重新做", "档案室的恢复码换好了，旧的已经作废。", _renew, new=False),
)


class RoomDoor(Page):
    """What is shown in place of the lists of the rights room while it is closed, or is not there yet."""

    keys = (Key("回车", "打开档案室"),)
    help_text = (
        "维权案件涉及个人隐私，单独加密，放在档案室里。填第二密码打开；用完按 Ctrl+Shift+L 锁上，锁屏和关机时自动锁上。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "维权", scrolls=True)
        theme = desk.theme
        self._about: Mapping[str, Any] = {}
        self.persons = ChoiceBox(theme)
        self.person = Field(theme, "使用人", self.persons)
        self.person.hide()
        self.passphrase_edit = SecretLine(theme)
        self.passphrase = Field(theme, "第二密码", self.passphrase_edit)
        self.open_button = KeyButton(theme, OPEN, "回车", primary=True)
        self.new = NewPassphrase(theme, "第二密码")
        self.make_button = KeyButton(theme, "建档案室", "回车", primary=True)
        self.title_words, self.why = plain_label(), plain_label(role="label")
        self.closed_card = self._card(self.person, self.passphrase, self.open_button)
        self.new_card = self._card(self.new, self.make_button)
        self.code_card: QFrame | None = None
        self._build()
        self.persons.entered.connect(self.passphrase_edit.setFocus)
        self.passphrase_edit.returnPressed.connect(self.open)
        self.open_button.clicked.connect(self.open)
        self.new.entered.connect(self.make)
        self.make_button.clicked.connect(self.make)

    def _build(self) -> None:
        theme, px = self.theme, self.theme.px
        self.title_words.setFont(theme.font(t.FIGURE, bold=True))
        self.title_words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.why.setWordWrap(True)
        self.why.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.others = QHBoxLayout()
        self.others.setSpacing(px(8))
        column = QWidget()
        column.setFixedWidth(px(CARD_WIDTH))
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(px(8))
        self._column.addWidget(IconLabel(theme, "lock", "accent", 32, ground="soft"), 0, Qt.AlignmentFlag.AlignHCenter)
        for widget in (self.title_words, self.why, self.closed_card, self.new_card):
            self._column.addWidget(widget)
        self._column.addLayout(self.others)
        for card in (self.closed_card, self.new_card):
            card.hide()
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(column)
        middle.addStretch(1)
        self.body.addStretch(2)
        self.body.addLayout(middle)
        self.body.addStretch(3)

    def _card(self, *widgets: QWidget) -> QFrame:
        """A card with these below each other; a button that ends it stands at the left."""
        px = self.theme.px
        card = QFrame()
        set_role(card, "card")
        layout = QVBoxLayout(card)
        layout.setContentsMargins(px(24), px(20), px(24), px(24))
        layout.setSpacing(px(16))
        for widget in widgets:
            left = Qt.AlignmentFlag.AlignLeft if isinstance(widget, KeyButton) else Qt.AlignmentFlag(0)
            layout.addWidget(widget, 0, left)
        return card

    # --- what the shell asks ---------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Ask whether there is a room; ``about`` is what is shown behind the door."""
        self._about = {name: value for name, value in about.items() if name != "room"}
        self._offer_others(str(about.get("nav") or ""))

        def work(office: Office, _progress: Progress) -> Standing:
            from fulian_desktop.services.rights import standing

            return standing(office)

        self.desk.ask(self, work, self._show)

    def _offer_others(self, nav: str) -> None:
        """What stands beside the room under this item is not behind the door."""
        self.others.addStretch(1)
        for kind in kinds_under(nav, room=False):
            button = KeyButton(self.theme, f"看{kind.label}", style="ghost", icon=kind.icon)
            button.clicked.connect(lambda _on=False, kind=kind: self.desk.go("list", {"nav": kind.nav, "kind": kind.code}))
            self.others.addWidget(button)
        self.others.addStretch(1)

    def _show(self, at: Standing) -> None:
        self.title_words.setText(CLOSED if at.there else NONE)
        self.why.setText(WHY_CLOSED if at.there else WHY_NONE)
        self.persons.clear()
        self.persons.addItems(list(at.persons))
        self.person.setVisible(len(at.persons) > 1)
        here = self.persons.findText(self.desk.person)
        self.persons.setCurrentIndex(max(here, 0))
        self.new.person = self.desk.person
        self.closed_card.setVisible(at.there)
        self.new_card.setVisible(not at.there)
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def first_focus(self) -> QWidget:
        """Where the passphrase is typed."""
        if not self.closed_card.isHidden():
            return self.passphrase_edit
        return self if self.new_card.isHidden() else self.new.first_edit

    # --- opening, making --------------------------------------------------------------------------------------

    def open(self) -> None:
        """Open the room with what was typed."""
        typed = self.passphrase_edit.text()
        if not typed:
            self._refuse(ASK_SECOND)
            return
        person = self.persons.currentText() if not self.person.isHidden() else None
        self._rest(True)

        def work(office: Office, _progress: Progress) -> None:
            from fulian_desktop.services.rights import open_room

            open_room(office, typed, person)

        self.desk.ask(self, work, lambda _none: self._go_in(), failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._rest(False)
        self._refuse(error.text if isinstance(error, FulianError) else sentence_for(error).text)
        self.passphrase_edit.selectAll()

    def _refuse(self, text: str) -> None:
        self.passphrase.say(text)
        self.passphrase_edit.setFocus()

    def _rest(self, resting: bool) -> None:
        for widget in (self.persons, self.passphrase_edit, self.open_button, self.make_button, self.new):
            widget.setEnabled(not resting)
        self.open_button.setText(OPENING if resting else OPEN)

    def make(self) -> None:
        """Make the room with the new passphrase, and show its recovery code."""
        if not self.new.check():
            return
        typed = self.new.text
        self._rest(True)

        def work(office: Office, _progress: Progress) -> str:
            from fulian_desktop.services.rights import create_room

            return create_room(office, typed)

        self.desk.ask(self, work, self._show_code, failed=self._not_made)

    def _not_made(self, error: Exception) -> None:
        self._rest(False)
        self.new.first.say(error.text if isinstance(error, FulianError) else sentence_for(error).text)
        self.new.first_edit.setFocus()

    def _show_code(self, code: str) -> None:
        self.new.forget()
        self.title_words.setText(ONCE)
        self.why.setText(LOST)
        sheet = RecoverySheet(
            self.theme, code, unit_name=f"{self.desk.unit_name}（维权档案室）", person=self.desk.person, day=self.desk.today(),
            hint="这是档案室的恢复码，和打开工作台的那一个不是同一个。",
        )
        sheet.kept.connect(self._go_in)
        self.code_card = self._card(sheet)
        self.new_card.hide()
        self._column.insertWidget(self._column.count() - 1, self.code_card)
        sheet.kept_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_in(self) -> None:
        self.passphrase_edit.clear()
        self._rest(False)
        about = self._about
        self.desk.enter_room()
        self.desk.go("list", about)


class RoomStrip(QFrame):
    """Over the lists of the open room: that it is open, which protection orders end soon, its figures, its lock.

    Args:
        desk: The desk in the room. nav: Under which item of the navigation.
    """

    def __init__(self, desk: Desk, nav: str) -> None:
        super().__init__()
        self._desk, self._nav = desk, nav
        self._ending: Sequence[Ending] = ()
        theme, px = desk.theme, desk.theme.px
        set_role(self, "banner")
        self.setProperty("tone", "info")
        self.words = plain_label()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.due_button = KeyButton(theme, DUE, icon="clock")
        self.figures_button = KeyButton(theme, FIGURES, icon="assessment")
        self.keys_button = KeyButton(theme, KEYS, icon="key")
        self.lock_button = KeyButton(theme, LOCK, "Ctrl+Shift+L", icon="lock")
        self.due_button.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(px(16), px(6), px(12), px(6))
        line.setSpacing(px(10))
        line.addWidget(IconLabel(theme, "lock", "info", t.ICON_BUTTON))
        line.addWidget(self.words, 1)
        for button in (self.due_button, self.figures_button, self.keys_button, self.lock_button):
            line.addWidget(button)
        self.due_button.clicked.connect(self._choose_due)
        self.figures_button.clicked.connect(self._choose_year)
        self.keys_button.clicked.connect(self._choose_deed)
        self.lock_button.clicked.connect(desk.lock_wanted)
        self._say()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room the words of the strip come before those of its buttons."""
        super().resizeEvent(event)
        narrow = self.width() / self._desk.theme.scale < LEAST_WORDY
        for button, word in (
            (self.due_button, DUE), (self.figures_button, FIGURES), (self.keys_button, KEYS), (self.lock_button, LOCK),
        ):
            button.setText("" if narrow else word)
            button.setAccessibleName(word)
            button.setToolTip(word if narrow else "")

    def read(self) -> None:
        """Ask what is due."""
        day = self._desk.today()

        def work(office: Office, _progress: Progress) -> tuple[Ending, ...]:
            from fulian_desktop.services.rights_figures import orders_ending

            return orders_ending(office, day)

        self._desk.ask(self, work, self._take, failed=lambda _error: self._take(()))

    def _take(self, ending: Sequence[Ending]) -> None:
        self._ending = ending
        self._say()

    def _say(self) -> None:
        soon, over = sum(one.days >= 0 for one in self._ending), sum(one.days < 0 for one in self._ending)
        parts = [f"{soon} 件的保护令 30 天内到期"] if soon else []
        parts += [f"{over} 件的保护令刚过期"] if over else []
        self.words.setText("，".join(parts) + "。" if parts else "档案室开着，用完请锁上。")
        self.setProperty("tone", "warn" if parts else "info")
        self.style().unpolish(self)
        self.style().polish(self)
        self.due_button.setVisible(bool(parts))

    def _choose_due(self) -> None:
        options = [(one, f"{one.name or '没有编号'}　{days_words(one.days)}") for one in self._ending]
        chooser = ChoiceList(self._desk.theme, self, options, None)
        chooser.picked.connect(self._open_case)
        chooser.open_under(self.due_button)

    def _open_case(self, one: Ending) -> None:
        kind = kinds_under(self._nav, room=True)[0]
        self._desk.go("form", {"nav": self._nav, "kind": kind.code, "record": one.record, "unit": one.unit})

    def _choose_deed(self) -> None:
        chooser = ChoiceList(self._desk.theme, self, [(deed, deed.title) for deed in DEEDS], None)
        chooser.picked.connect(self._open_deed)
        chooser.open_under(self.keys_button)

    def _open_deed(self, deed: Deed) -> None:
        desk = self._desk.parent()
        assert isinstance(desk, Desk)  # noqa: S101 - the desk outside, whose office has the key files
        PassphraseDialog(desk, deed, self.window()).open()

    def _choose_year(self) -> None:
        this = self._desk.today().year
        options: list[tuple[object, str]] = [(year, f"{year} 年") for year in range(this, this - 5, -1)]
        chooser = ChoiceList(self._desk.theme, self, [*options, (0, "全部年份")], None)
        chooser.picked.connect(lambda year: self.show_figures(int(str(year)) or None))
        chooser.open_under(self.figures_button)

    def show_figures(self, year: int | None) -> None:
        """Look at the figures of a year on paper; they name nobody."""
        def make(office: Any, progress: Any) -> Any:  # noqa: ANN401 - Office, Progress, Made
            from fulian_desktop.services.rights_figures import statistics_made

            return statistics_made(office, year, progress)

        def excel(office: Any, path: Any, _progress: Any) -> None:  # noqa: ANN401 - Office, Path, Progress
            from fulian_desktop.services.reports import write_report
            from fulian_desktop.services.rights_figures import statistics

            write_report(office, statistics(office, year), path)

        title = f"{year}年维权统计表" if year else "维权统计表"
        self._desk.go("preview", {
            "nav": self._nav, "title": "维权统计", "subtitle": "只有数，没有姓名", "file": title, "make": make, "excel": excel,
        })



def days_words(days: int) -> str:
    """In how many days, in words."""
    return "今天到期" if days == 0 else f"还有 {days} 天" if days > 0 else f"已过期 {-days} 天"


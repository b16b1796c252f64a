"""Who may open the records: another passphrase, another person, another recovery code; each after the present one.

Rules:

* The present passphrase (or the recovery code) is asked for each time: an unattended window gives nothing away.
* A recovery code that was made is shown once; Esc does not close it, 我记下来了 does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.errors import WrongPassphrase
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.recovery import RecoverySheet
from fulian_desktop.ui.steps import NO_PERSON, NewPassphrase
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.unlock import ASK_PASSPHRASE, Field, SecretLine
from fulian_desktop.ui.widgets import ProblemLine, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.office import Office


@dataclass(frozen=True)
class Deed:
    """What is to be done.

    Attributes:
        title: Of the dialog, ``hint`` under it, ``verb`` on the button, ``done`` said afterwards.
        run: Does it: office, present passphrase, person, new passphrase; returns a recovery code or "".
        person: Whether a name is asked for, ``new`` whether a new passphrase is.
        hands_over: Whether the named person works here afterwards.
    """

    title: str
    hint: str
    verb: str
    done: str
    run: Callable[[Office, str, str, str], str]
    person: bool = False
    new: bool = True
    hands_over: bool = False


def _change(office: Office, present: str, _person: str, new: str) -> str:
    from fulian_desktop.services.keeping import change_passphrase

    change_passphrase(office, present, new)
    return ""


def _add(office: Office, present: str, person: str, new: str) -> str:
    from fulian_desktop.services.keeping import add_person

    add_person(office, present, person, new)
    return ""


def _hand_over(office: Office, present: str, person: str, new: str) -> str:
    from fulian_desktop.services.keeping import hand_over

    return hand_over(office, present, person, new)


def _renew(office: Office, present: str, _person: str, _new: str) -> str:
    from fulian_desktop.services.keeping import renew_recovery_code

    return renew_recovery_code(office, present)


CHANGE = Deed("修改密码", "改的是您自己的密码，恢复码不变。", "修改", "密码改好了，下次打开用新密码。", _change)
ADD = Deed(
    "增加使用人", "两个人轮着用一台电脑时，各用各的密码。", "增加", "加好了，打开时选自己的名字。", _add, person=True,
)
HAND_OVER = Deed(
    "换人", "新的人进来，您的密码和旧恢复码随即作废。", "交给新人", "交接好了。旧密码和旧恢复码已经作废。", _hand_over,
    person=True, hands_over=True,
)
RENEW = Deed(
    "重新做恢复码", "旧恢复码随即作废。", "重新做", "恢复码换好了，旧的已经作废。", _renew, new=False,
)


class PassphraseDialog(QDialog):
    """Asks for the present passphrase and what else a deed wants, does it, and shows a recovery code when there is one."""

    def __init__(self, desk: Desk, deed: Deed, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._deed = desk, deed
        self._person = ""
        theme = desk.theme
        px = theme.px
        self.setWindowTitle(deed.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(px(560))
        set_role(self, "page")
        title = plain_label(deed.title)
        title.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.present_edit = SecretLine(theme)
        self.present = Field(theme, "现在的密码，或恢复码", self.present_edit)
        self.person_edit = QLineEdit()
        self.person_edit.setMaxLength(60)
        self.person = Field(theme, "新使用人的姓名", self.person_edit)
        self.new = NewPassphrase(theme, "新密码")
        self.general = ProblemLine(theme)
        self.cancel_button = KeyButton(theme, "取消", "Esc")
        self.do_button = KeyButton(theme, deed.verb, "回车", primary=True)
        self.cancel_button.clicked.connect(self.reject)
        self.do_button.clicked.connect(self._do)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self.general, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.do_button)
        form = QWidget()
        inner = QVBoxLayout(form)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(px(12))
        for widget in (title, plain_label(deed.hint, role="label"), self.present, self.person, self.new):
            inner.addWidget(widget)
        inner.addLayout(foot)
        self.person.setVisible(deed.person)
        self.new.setVisible(deed.new)
        self.stack = QStackedWidget()
        self.stack.addWidget(form)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(20), px(24), px(20))
        layout.addWidget(self.stack)
        self._order = [self.present_edit, *([self.person_edit] if deed.person else []),
                       *([self.new.first_edit] if deed.new else [])]
        for edit, after in zip(self._order, self._order[1:], strict=False):
            edit.returnPressed.connect(after.setFocus)
        if not deed.new:
            self._order[-1].returnPressed.connect(self._do)
        self.person_edit.textChanged.connect(self._named)
        self.new.entered.connect(self._do)
        self.present_edit.setFocus()

    def _named(self, name: str) -> None:
        self.new.person = name.strip()

    def _do(self) -> None:
        self.general.say("")
        if not self.present_edit.text():
            self._refuse(self.present, ASK_PASSPHRASE)
        elif self._deed.person and not self.person_edit.text().strip():
            self._refuse(self.person, NO_PERSON)
        elif not self._deed.new or self.new.check():
            self._ask()

    def _ask(self) -> None:
        run, given = self._deed.run, (self.present_edit.text(), self.person_edit.text().strip(), self.new.text)
        self._person = given[1]
        self.do_button.setEnabled(False)
        self._desk.ask(self, lambda office, _progress: run(office, *given), self._done, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self.do_button.setEnabled(True)
        words = sentence_for(error).text
        if isinstance(error, WrongPassphrase):
            self._refuse(self.present, words)
            self.present_edit.selectAll()
        else:
            self.general.say(words)

    def _refuse(self, field: Field, text: str) -> None:
        field.say(text)
        field.edit.setFocus()

    def _done(self, recovery: str) -> None:
        desk, deed, person = self._desk, self._deed, self._person

        def over() -> None:
            desk.say(deed.done)
            desk.tell_changed({"settings"})
            if deed.hands_over:
                desk.handed_over.emit(person)

        self.finished.connect(over)
        self.present_edit.clear()
        self.new.forget()
        if not recovery:
            self.accept()
            return
        sheet = RecoverySheet(
            desk.theme, recovery, unit_name=desk.unit_name, person=person or desk.person, day=desk.today()
        )
        sheet.kept.connect(self.accept)
        self.stack.addWidget(sheet)
        self.stack.setCurrentWidget(sheet)
        self.adjustSize()  # the code wants more room than the form had
        sheet.kept_button.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the form, never a code that was shown once."""
        if event.key() != Qt.Key.Key_Escape or self.stack.currentIndex() == 0:
            super().keyPressEvent(event)

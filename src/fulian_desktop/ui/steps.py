"""What the steps of a first start are made of: a card with a heading, what to fill in, 上一步 and 下一步; and its larger fields.

Rules:

* A step says what is missing at its field, and is done only when nothing is.
* Esc goes a step back; Enter in the last field goes on. Nothing typed is lost by going back.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, ProgressPane
from fulian_desktop.ui.problems import Sentence
from fulian_desktop.ui.strength import LEAST, StrengthLine
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.unlock import LOW, Field, SecretLine
from fulian_desktop.ui.widgets import ProblemLine, centred, plain_label

CARD_WIDTH = 680

NO_PERSON = "还没有填使用人：请填您的姓名。"
NOT_SAME = "两次填的密码不一样，请再填一次。"


class Step(QWidget):
    """One step. Subclasses fill ``self.body`` and override :meth:`check`.

    Args:
        title: What is done here.
        hint: A grey sentence under it.
        verb: What the filled button says.
        fills: Whether the card takes all the room there is (a list in it grows).
    """

    ready = Signal()
    """Everything is filled in and the person wants to go on."""

    went_back = Signal()

    def __init__(self, theme: Theme, title: str, hint: str, *, verb: str = "下一步", fills: bool = False) -> None:
        super().__init__()
        self.theme, self._verb = theme, verb
        set_role(self, "page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        px = theme.px
        self.title, self.hint = plain_label(title), plain_label(hint, role="label")
        self.title.setFont(theme.font(t.FIGURE, bold=True))
        self.hint.setWordWrap(True)
        self.body = QVBoxLayout()
        self.body.setSpacing(px(14))
        self.general = ProblemLine(theme)
        self.progress = ProgressPane(theme)
        self.back_button = KeyButton(theme, "上一步", "Esc")
        self.next_button = KeyButton(theme, verb, "回车", primary=True)
        self.back_button.clicked.connect(self.went_back)
        self.next_button.clicked.connect(self.go_on)
        escape = QShortcut(QKeySequence("Esc"), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self._escape)
        self._lay_out(fills)

    def _lay_out(self, fills: bool) -> None:
        px = self.theme.px
        self.foot = QHBoxLayout()
        self.foot.setSpacing(px(8))
        self.foot.addWidget(self.general, 1)
        self.foot.addWidget(self.back_button)
        self.foot.addWidget(self.next_button)
        self.card = QFrame()
        set_role(self.card, "card")
        self.card.setMaximumWidth(px(CARD_WIDTH))
        self._inner = inner = QVBoxLayout(self.card)
        inner.setSpacing(px(14))
        inner.addLayout(self.body, int(fills))
        inner.addWidget(self.progress)
        inner.addLayout(self.foot)
        self._column = column = QVBoxLayout()
        column.setSpacing(px(6))
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addSpacing(px(8))
        column.addWidget(self.card, int(fills))
        column.addStretch(int(not fills))
        scroll = centred(column, px(CARD_WIDTH + 2 * t.PAGE_MARGIN))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window, or large letters in it, leaves less air around the card."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        px, low = self.theme.px, self.height() < self.theme.px(LOW)
        around, within = (px(12), px(10)) if low else (px(24), px(18))
        self.title.setFont(self.theme.font(t.PAGE_TITLE if low else t.FIGURE, bold=True))
        self._column.setContentsMargins(px(t.PAGE_MARGIN), around, px(t.PAGE_MARGIN), around)
        self._inner.setContentsMargins(px(24), within, px(24), within)
        self.body.setSpacing(px(8 if low else 14))

    def first_focus(self) -> QWidget:
        """Where typing begins."""
        return self.next_button

    def check(self) -> bool:
        """Whether nothing is missing; says at its field what is."""
        return True

    def go_on(self) -> None:
        """Go on, if nothing is missing."""
        self.general.say("")
        if self.next_button.isEnabled() and self.check():
            self.ready.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the button that has the focus; elsewhere but in a line of text it goes on."""
        at = QApplication.focusWidget()
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or isinstance(at, QLineEdit):
            super().keyPressEvent(event)
        elif isinstance(at, QPushButton):
            at.click()
        else:
            self.go_on()

    def _escape(self) -> None:
        """Esc cancels what is being done, else goes back."""
        (self.progress.cancel if self.progress.isVisible() else self.back_button).click()

    def rest(self, what: str, *, cancellable: bool = False) -> None:
        """Take no more input while something is done; ``what`` stands on the button then, "" when it is over."""
        self.next_button.setText(what or self._verb)
        for widget in (self.next_button, self.back_button):
            widget.setEnabled(not what)
        self.progress.cancel.setVisible(cancellable)
        if what:
            self.setFocus()  # a button that rests lets the focus go anywhere, and Esc with it
        else:
            self.progress.end()
            self.next_button.setFocus()

    def refuse(self, field: Field, text: str) -> bool:
        """Say a problem at a field and go there; always False."""
        field.say(text)
        field.edit.setFocus()
        return False

    def show_problem(self, sentence: Sentence) -> None:
        """Say why the step did not succeed."""
        self.rest("")
        self.general.say(sentence.text)


class FolderField(Field):
    """Where the records shall lie: proposed, shown, to be changed; says when a place is a bad one."""

    def __init__(self, theme: Theme) -> None:
        self.line = QLineEdit()
        choose = KeyButton(theme, "换一个文件夹")
        super().__init__(theme, "记录放在", self.line, choose)
        self.warning = Banner(theme, "", "warn")
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - a Field has one
        layout.addWidget(self.warning)
        choose.clicked.connect(self._choose)
        self.line.textChanged.connect(self._warn)

    @property
    def folder(self) -> Path | None:
        """The folder, None when nothing stands there."""
        text = self.line.text().strip()
        return Path(text) if text else None

    def propose(self, name: str) -> None:
        """Propose a free folder of the user's own, unless one was chosen already."""
        from fulian_desktop.services.starting import free_folder

        if not self.line.isModified():
            self.line.setText(str(free_folder(name)))

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "选放记录的文件夹", self.line.text())
        if chosen:
            self.line.setText(chosen)
            self.line.setModified(True)

    def _warn(self, text: str) -> None:
        from fulian_desktop.services.starting import folder_warning

        self.warning.say(folder_warning(Path(text)) if text else "", "warn")


class NewPassphrase(QWidget):
    """A new passphrase twice, and how good it is."""

    entered = Signal()

    def __init__(self, theme: Theme, label: str = "密码") -> None:
        super().__init__()
        self.first_edit, self.again_edit = SecretLine(theme), SecretLine(theme)
        self.first, self.again = Field(theme, label, self.first_edit), Field(theme, "再填一次", self.again_edit)
        self.strength = StrengthLine(theme)
        self.person = ""
        self.first_edit.textChanged.connect(self._typed)
        self.first_edit.returnPressed.connect(self.again_edit.setFocus)
        self.again_edit.returnPressed.connect(self.entered)
        pair = QHBoxLayout()
        pair.setSpacing(theme.px(16))
        pair.addWidget(self.first, 1, Qt.AlignmentFlag.AlignTop)
        pair.addWidget(self.again, 1, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        layout.addLayout(pair)
        layout.addWidget(self.strength)

    @property
    def text(self) -> str:
        """What was typed."""
        return self.first_edit.text()

    def check(self) -> bool:
        """Whether it is long enough and twice the same; says at its field what is not."""
        if len(self.text) < LEAST:
            field, words = self.first, self.strength.judged.words
        elif self.again_edit.text() != self.text:
            field, words = self.again, NOT_SAME
        else:
            return True
        field.say(words)
        field.edit.setFocus()
        return False

    def forget(self) -> None:
        """Drop what was typed: the page may stay in memory, the secret should not."""
        self.first_edit.clear()
        self.again_edit.clear()

    def _typed(self) -> None:
        self.strength.show_of(self.text, self.person)

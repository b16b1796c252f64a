"""The first page: choose where the records lie and who one is, say the passphrase, open.

Rules:

* The page decides nothing: it hands folder, person and passphrase on and shows what comes back.
* Who may unlock is asked once the folder is known; until somebody is named, the row is not shown.
* A problem stands under the field it concerns, with icon and words; typing there takes it away.
* While opening, the fields rest and the button says so; the passphrase is dropped from the field afterwards.
* Locked, it asks the person of this session for the passphrase alone; everything behind it stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.field_icons import FieldIcons
from fulian_desktop.ui.problems import Sentence
from fulian_desktop.ui.theme import Theme, set_role, set_state
from fulian_desktop.ui.widgets import ChoiceBox, IconLabel, ProblemLine, plain_label, scrolled

CARD_WIDTH, LOW = 520, 560

ASK_FOLDER = "还没有选文件夹：请选放记录的那个文件夹。"
ASK_PASSPHRASE = "还没有填密码：请填开通时定的密码。"  # noqa: S105 - a sentence
NO_SUCH_FOLDER = "找不到这个文件夹。请看看 U 盘是不是拔掉了，再选一次。"
OPENING = "正在打开"
OPEN = "打开"
TITLE, HINT = "打开本机的记录", "填好密码就能用。全程不用联网。"
LOCKED, LOCKED_HINT = "已经锁上", "填密码接着用，没填完的都还在。"

_AT_FOLDER = {"not-found", "no-workspace", "resource-missing"}
_AT_PASSPHRASE = {"wrong-passphrase"}


class Field(QWidget):
    """A label, a line to type in with what stands beside it, and room for a problem under it."""

    def __init__(self, theme: Theme, label: str, edit: QLineEdit | ChoiceBox, *beside: QWidget) -> None:
        super().__init__()
        self.edit = edit
        self.problem = ProblemLine(theme)
        word: QLabel = plain_label(label, role="label")
        word.setBuddy(edit)
        edit.setAccessibleName(label)
        if isinstance(edit, QLineEdit):
            edit.textEdited.connect(lambda _text: self.say(""))
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addWidget(edit, 1)
        for widget in beside:
            line.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(6))
        layout.addWidget(word)
        layout.addLayout(line)
        layout.addWidget(self.problem)

    def say(self, text: str) -> None:
        """Show a problem at this field, or take it away."""
        self.problem.say(text)
        set_state(self.edit, "error" if text else "")
        self.edit.setAccessibleDescription(text)


class SecretLine(QLineEdit):
    """A line whose text is not shown until its eye is pressed, and never offered to input methods."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText)
        self.reveal = QAction("显示密码", self, checkable=True)
        self._icons = FieldIcons(theme, self)
        self._icons.add(self.reveal, "eye", "text2")
        self.reveal.toggled.connect(self._show_text)
        theme.changed.connect(self._icons.repaint)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the eye at the end."""
        super().resizeEvent(event)
        self._icons.place()

    def _show_text(self, shown: bool) -> None:
        self.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._draw_icon()

    def _draw_icon(self) -> None:
        shown = self.reveal.isChecked()
        self._icons.show_as(self.reveal, "eye-off" if shown else "eye", "text2")
        self.reveal.setText("遮住密码" if shown else "显示密码")


class UnlockPage(QWidget):
    """The page that opens a workspace.

    Args:
        folder: The workspace opened last; the passphrase is asked for at once then.
        version: Shown at the foot.
    """

    folder_named = Signal(object)
    """A folder that was chosen or typed to its end, as a ``Path``."""

    asked = Signal(object, str, object)
    """Folder, passphrase and person (None when nobody was to choose), when all are filled in."""

    first_wanted = Signal()
    """There are no records here yet: begin."""

    other_wanted = Signal()
    """Locked for one person, but another wants to work."""

    def __init__(self, theme: Theme, *, folder: Path | None, version: str) -> None:
        super().__init__()
        self._theme = theme
        self._named = ""
        self._locked_for = ""
        set_role(self, "page")
        self.folder_edit = QLineEdit(str(folder) if folder else "")
        self.folder_edit.setPlaceholderText("放记录的文件夹")
        self.choose_button = KeyButton(theme, "选文件夹")
        self.passphrase_edit = SecretLine(theme)
        self.person_box = ChoiceBox(theme)
        self.folder = Field(theme, "记录放在", self.folder_edit, self.choose_button)
        self.person = Field(theme, "使用人", self.person_box)
        self.person.hide()
        self.passphrase = Field(theme, "密码", self.passphrase_edit)
        self.general = ProblemLine(theme)
        self.open_button = KeyButton(theme, OPEN, "回车", primary=True)
        self.first_button = KeyButton(theme, "第一次用，或从备份恢复", style="ghost")
        self.other_button = KeyButton(theme, "换别人用", style="ghost")
        self.other_button.hide()
        self.title, self.below = plain_label(TITLE), plain_label(HINT, role="label")
        self._lay_out(version)
        self._connect()

    def _lay_out(self, version: str) -> None:
        px = self._theme.px
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(2)
        column.addLayout(self._heading())
        column.addSpacing(px(24))
        column.addWidget(self._card(), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(px(20))
        column.addLayout(self._promise())
        column.addStretch(3)
        body = QWidget()
        set_role(body, "page")
        body.setLayout(column)
        scroll = scrolled(body)
        foot = plain_label(f"版本 {version}", role="hint")
        foot.setFont(self._theme.font(t.HINT))
        line = QHBoxLayout()
        line.setContentsMargins(px(40), px(4), px(28), px(12))
        line.addWidget(foot, 1)
        line.addWidget(self.other_button)
        line.addWidget(self.first_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(line)

    def _heading(self) -> QVBoxLayout:
        theme = self._theme
        self.title.setFont(theme.font(t.FIGURE, bold=True))
        heading = QVBoxLayout()
        heading.setSpacing(0)
        self._sign = IconLabel(theme, "app", "accent", 56)
        heading.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignHCenter)
        heading.addSpacing(theme.px(14))
        heading.addWidget(self.title, 0, Qt.AlignmentFlag.AlignHCenter)
        heading.addSpacing(theme.px(4))
        heading.addWidget(self.below, 0, Qt.AlignmentFlag.AlignHCenter)
        return heading

    def _card(self) -> QFrame:
        px = self._theme.px
        card = QFrame()
        set_role(card, "card")
        card.setFixedWidth(px(CARD_WIDTH))
        buttons = QHBoxLayout()
        buttons.setSpacing(px(12))
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.general, 1)
        self._inside = layout = QVBoxLayout(card)
        layout.setContentsMargins(px(24), px(20), px(24), px(24))
        layout.setSpacing(px(16))
        layout.addWidget(self.folder)
        layout.addWidget(self.person)
        layout.addWidget(self.passphrase)
        layout.addSpacing(px(4))
        layout.addLayout(buttons)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the page is low, what is typed into comes before the sign and the sentence under the title."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        low = self.height() / self._theme.scale < LOW
        self._sign.setHidden(low)
        self._inside.setSpacing(self._theme.px(6 if low else 16))
        self.below.setHidden(low and not self._locked_for)

    def _promise(self) -> QHBoxLayout:
        theme = self._theme
        words = plain_label("记录只存在这台电脑上，并且加了密。", role="label")
        words.setFont(theme.font(t.DENSE))
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addStretch(1)
        line.addWidget(IconLabel(theme, "lock", "text2", t.ICON_BUTTON))
        line.addWidget(words)
        line.addStretch(1)
        return line

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self._choose)
        self.open_button.clicked.connect(self._submit)
        self.folder_edit.editingFinished.connect(self._name_folder)
        self.folder_edit.returnPressed.connect(self._after_folder)
        self.person_box.entered.connect(self.passphrase_edit.setFocus)
        self.passphrase_edit.returnPressed.connect(self._submit)
        self.other_button.clicked.connect(self.other_wanted)
        self.first_button.clicked.connect(self.first_wanted)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "选放记录的文件夹", self.folder_edit.text())
        if chosen:
            self.folder_edit.setText(chosen)
            self.folder.say("")
            self._name_folder()
            self.passphrase_edit.setFocus()

    def _after_folder(self) -> None:
        (self.passphrase_edit if self.person.isHidden() else self.person_box).setFocus()

    def _name_folder(self) -> None:
        folder = self.folder_edit.text().strip()
        if folder and folder != self._named and Path(folder).is_dir():
            self._named = folder
            self.show_persons([])
            self.folder_named.emit(Path(folder))

    def show_persons(self, names: Sequence[str]) -> None:
        """Let one of these names be chosen; none: the row is not shown."""
        self.person_box.clear()
        self.person_box.addItems(list(names))
        self.person.setVisible(bool(names))

    def start(self) -> None:
        """Ask about the folder opened last; called once, when the page stands in its window."""
        (self.passphrase_edit if self.folder_edit.text() else self.folder_edit).setFocus()
        self._name_folder()

    def lock(self, folder: Path, person: str, unit_name: str) -> None:
        """Ask this person for the passphrase before the window is shown again; other folders are not to be opened."""
        self._clear()
        self.folder_edit.setText(str(folder))
        self._locked_for = person
        self._show_lock(f"{unit_name}，{person}")
        self.passphrase_edit.clear()
        self.passphrase_edit.setFocus()

    def unlocked(self) -> None:
        """Locked no longer: forget the passphrase, and be the page that opens a folder once more."""
        self._locked_for = ""
        self.opened()
        self._show_lock("")

    def _show_lock(self, whose: str) -> None:
        self.title.setText(LOCKED if whose else TITLE)
        self.below.setText(f"{whose}。{LOCKED_HINT}" if whose else HINT)
        for widget in (self.folder, self.first_button):
            widget.setVisible(not whose)
        self.other_button.setVisible(bool(whose))
        self._fit()
        self.person.setVisible(not whose and self.person_box.count() > 0)

    def _submit(self) -> None:
        self._clear()
        folder, passphrase = self.folder_edit.text().strip(), self.passphrase_edit.text()
        if not folder:
            self._refuse(self.folder, ASK_FOLDER)
        elif not self._locked_for and not Path(folder).is_dir():
            self._refuse(self.folder, NO_SUCH_FOLDER)
        elif not passphrase:
            self._refuse(self.passphrase, ASK_PASSPHRASE)
        else:
            self._rest(True)
            person = self._locked_for or (None if self.person.isHidden() else self.person_box.currentText())
            self.asked.emit(Path(folder), passphrase, person)

    def show_problem(self, sentence: Sentence) -> None:
        """Show why the workspace did not open, at the field concerned."""
        self._rest(False)
        if sentence.code in _AT_PASSPHRASE:
            self._refuse(self.passphrase, sentence.text)
            self.passphrase_edit.selectAll()
        elif sentence.code in _AT_FOLDER:
            self._refuse(self.folder, sentence.text)
        else:
            self.general.say(sentence.text)
            self.passphrase_edit.setFocus()

    def opened(self) -> None:
        """Forget the passphrase: the page stays in memory, the secret should not."""
        self._rest(False)
        self.passphrase_edit.clear()

    def _rest(self, resting: bool) -> None:
        for widget in self._inputs():
            widget.setEnabled(not resting)
        self.open_button.setText(OPENING if resting else OPEN)

    def _inputs(self) -> tuple[QWidget, ...]:
        return (
            self.folder_edit,
            self.choose_button,
            self.person_box,
            self.passphrase_edit,
            self.open_button,
            self.first_button,
        )

    def _clear(self) -> None:
        self.folder.say("")
        self.passphrase.say("")
        self.general.say("")

    def _refuse(self, field: Field, text: str) -> None:
        field.say(text)
        field.edit.setFocus()

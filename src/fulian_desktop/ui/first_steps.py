"""The steps of a first start: the invitation, the unit, the place, the person, the backup.

Rules:

* A step decides nothing: it hands on what was chosen; what is made of it stands in ui/first_start.py.
* What an invitation says is shown, and believed only after its fingerprint was compared by telephone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip, KeyButton
from fulian_desktop.ui.division_picker import Choice, DivisionPicker, PickList
from fulian_desktop.ui.jobs import JobRunner
from fulian_desktop.ui.problems import Sentence, sentence_for
from fulian_desktop.ui.steps import NO_PERSON, FolderField, NewPassphrase, Step
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.unlock import Field, SecretLine
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.starting import Division, Invited

NOT_COMPARED = "还没有核对。请打电话把 6 组数对一遍，一样再打勾。"
NO_UNIT = "还没有选单位：打几个字，再从下面选。"
NO_UNIT_NAME = "还没有填单位名称。"
NO_INVITATION = "还没有选邀请文件：请插好 U 盘再选。"
NO_BACKUP = "还没有选备份文件。"
NO_FOLDER = "还没有选放记录的文件夹。"
ASK_PASSPHRASE = "还没有填密码：请填做备份那天的密码，或恢复码。"  # noqa: S105 - a sentence


class PersonStep(Step):
    """Who works here, with which passphrase, and where the records lie."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "谁来用，定个密码", "以后每次打开都要填这个密码。全程不用联网。", verb="开通")
        self.person_edit = QLineEdit()
        self.person_edit.setPlaceholderText("您的姓名")
        self.person_edit.setMaxLength(60)
        self.person = Field(theme, "使用人", self.person_edit)
        self.passphrase = NewPassphrase(theme)
        self.folder = FolderField(theme)
        self.body.addWidget(self.person)
        self.body.addWidget(self.passphrase)
        self.body.addWidget(self.folder)
        self.person_edit.textChanged.connect(self._named)
        self.person_edit.returnPressed.connect(self.passphrase.first_edit.setFocus)
        self.passphrase.entered.connect(self.go_on)
        self.folder.line.returnPressed.connect(self.go_on)

    def first_focus(self) -> QWidget:
        """The name."""
        return self.person_edit

    def _named(self, name: str) -> None:
        self.passphrase.person = name.strip()

    def check(self) -> bool:
        """Name, passphrase twice, folder."""
        if not self.person_edit.text().strip():
            return self.refuse(self.person, NO_PERSON)
        if not self.passphrase.check():
            return False
        return self.folder.folder is not None or self.refuse(self.folder, NO_FOLDER)

    def show_problem(self, sentence: Sentence) -> None:
        """A used folder is said at the folder."""
        super().show_problem(sentence)
        if sentence.code in ("workspace-exists", "other-unit"):
            self.general.say("")
            self.refuse(self.folder, sentence.text)


class PlaceStep(Step):
    """Which place of the official list the office stands for, and what it is called."""

    def __init__(self, theme: Theme, runner: JobRunner) -> None:
        super().__init__(theme, "选单位所在地", "选到本单位这一级：县妇联选到县，镇妇联选到镇。", fills=True)
        self.picker = DivisionPicker(theme, runner)
        self.name_edit = QLineEdit()
        self.name_edit.setMaxLength(60)
        self.name = Field(theme, "单位名称", self.name_edit)
        self.chosen = plain_label(role="label")
        self.chosen.setWordWrap(True)
        self.body.addWidget(self.picker, 1)
        self.body.addWidget(self.chosen)
        self.body.addWidget(self.name)
        self.picker.moved.connect(self._show_chosen)
        self.picker.taken.connect(self.name_edit.setFocus)
        self.name_edit.returnPressed.connect(self.go_on)

    def first_focus(self) -> QWidget:
        """The line to type a place in."""
        return self.picker.line

    @property
    def division(self) -> Division | None:
        """The chosen place."""
        place: Division | None = self.picker.value
        return place

    def _show_chosen(self) -> None:
        place = self.division
        self.chosen.setText(f"{place.path}，{place.level.label}级，代码 {place.code}" if place else "")
        if not self.name_edit.isModified():
            self.name_edit.setText(f"{place.name}妇联" if place and not place.name.isdecimal() else "")

    def check(self) -> bool:
        """A place and a name."""
        if self.division is None:
            self.general.say(NO_UNIT)
            self.picker.line.setFocus()
            return False
        return bool(self.name_edit.text().strip()) or self.refuse(self.name, NO_UNIT_NAME)


class InvitationStep(Step):
    """The invitation file, the office that gave it, and its fingerprint to compare by telephone."""

    def __init__(self, theme: Theme, runner: JobRunner) -> None:
        super().__init__(theme, "打开镇里给的邀请", "插好镇妇联给的 U 盘，里面有邀请文件（名字以 .flpkg 结尾）。")
        self._runner = runner
        self.invited: Invited | None = None
        self.file_edit = QLineEdit()
        self.file_edit.setPlaceholderText("邀请文件")
        self.choose_button = KeyButton(theme, "选邀请文件", icon="usb")
        self.file = Field(theme, "邀请文件", self.file_edit, self.choose_button)
        self.from_whom = plain_label()
        self.from_whom.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.how = plain_label("打电话给上级妇联，请她念这 6 组数，和下面的对一遍：", role="label")
        self.fingerprint = plain_label()
        self.fingerprint.setFont(theme.font(t.PAGE_TITLE, bold=True))
        self.fingerprint.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.compared = Chip(theme, "核对过了，6 组都一样")
        self.about = QWidget()
        inner = QVBoxLayout(self.about)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(theme.px(10))
        for widget in (self.from_whom, self.how, self.fingerprint, self.compared):
            inner.addWidget(widget)
        self.about.hide()
        self.body.addWidget(self.file)
        self.body.addWidget(self.about)
        self.choose_button.clicked.connect(self._choose)
        self.file_edit.textEdited.connect(lambda _text: self._forget())
        self.file_edit.returnPressed.connect(self._read)
        self._look_on_sticks()

    def first_focus(self) -> QWidget:
        """The button that chooses, or the box to tick."""
        return self.choose_button if self.invited is None else self.compared

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.file_edit.text().strip())

    def _look_on_sticks(self) -> None:
        def work(_progress: object) -> list[Path]:
            from fulian_desktop.services.starting import find_invitations

            return find_invitations()

        self._runner.start(
            self, work, done=self._found, failed=lambda error: self.file.say(sentence_for(error).text)
        )

    def _found(self, files: list[Path]) -> None:
        if len(files) == 1 and not self.file_edit.text():
            self.read(files[0])

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选邀请文件", self.file_edit.text(), "邀请文件 (*.flpkg);;所有文件 (*)")
        if chosen:
            self.read(Path(chosen))

    def _forget(self) -> None:
        self.invited = None
        self.compared.setChecked(False)
        self.about.hide()

    def read(self, file: Path) -> None:
        """Read an invitation and show whose it is."""
        self.file_edit.setText(str(file))
        self._read()

    def _read(self) -> None:
        self._forget()
        self.file.say("")
        if not self.file_edit.text().strip():
            self.file.say(NO_INVITATION)
            return
        path = self.path

        def work(_progress: object) -> Invited:
            from fulian_desktop.services.starting import read_invited

            return read_invited(path)

        self._runner.start(
            self, work, done=self._show, failed=lambda error: self.file.say(sentence_for(error).text)
        )

    def _show(self, invited: Invited) -> None:
        self.invited = invited
        self.from_whom.setText(f"来自：{invited.unit_name}（{invited.unit}）")
        self.fingerprint.setText("   ".join(invited.fingerprint.split()))
        self.about.show()
        self.compared.setFocus()

    def check(self) -> bool:
        """An invitation, and compared."""
        if self.invited is None:
            self._read()
            return False
        if not self.compared.isChecked():
            self.general.say(NOT_COMPARED)
            self.compared.setFocus()
            return False
        return True


class UnitStep(Step):
    """Which of the units that the invitation names this one is."""

    def __init__(self, theme: Theme, invited: Invited) -> None:
        hint = f"{invited.unit_name}的邀请里有 {len(invited.units):,} 个单位，选自己的。"
        super().__init__(theme, "选本单位", hint, fills=True)
        self.picker = PickList(theme, "本单位", "打几个字或拼音首字母")
        self.picker.offer([Choice(name, code, (code, name)) for code, name in invited.units])
        self.missing = plain_label("这里没有自己的单位？请上级在“设置 → 单位名称”里加上，再给一份邀请。", role="hint")
        self.missing.setWordWrap(True)
        self.body.addWidget(self.picker, 1)
        self.body.addWidget(self.missing)
        self.picker.taken.connect(self.go_on)

    def first_focus(self) -> QWidget:
        """The line to type a name in."""
        return self.picker.line

    @property
    def unit(self) -> tuple[str, str]:
        """Code and name."""
        code, name = self.picker.value
        return code, name

    def check(self) -> bool:
        """A unit."""
        if self.picker.value is None:
            self.general.say(NO_UNIT)
            return False
        return True


def _backup_of(folder: Path | None) -> str:
    from fulian_desktop.services.starting import newest_backup

    return str(newest_backup(folder) or "") if folder is not None else ""


class RestoreStep(Step):
    """A backup file, that day's passphrase or the recovery code, and where the records shall lie.

    Args:
        last_folder: Of the records opened last: the latest backup beside them is proposed.
    """

    def __init__(self, theme: Theme, last_folder: Path | None = None) -> None:
        super().__init__(
            theme, "从备份恢复", "恢复以后，原来那台电脑上的记录请停用：两边一起登记，会对不上。", verb="恢复",
        )
        self.file_edit = QLineEdit(_backup_of(last_folder))
        self.file_edit.setPlaceholderText("备份文件（名字以 .flbak 结尾）")
        self.choose_button = KeyButton(theme, "选备份文件", icon="history")
        self.file = Field(theme, "备份文件", self.file_edit, self.choose_button)
        self.passphrase_edit = SecretLine(theme)
        self.passphrase = Field(theme, "做备份那天的密码，或恢复码", self.passphrase_edit)
        self.folder = FolderField(theme)
        self.folder.propose("restored")
        for widget in (self.file, self.passphrase, self.folder):
            self.body.addWidget(widget)
        self.choose_button.clicked.connect(self._choose)
        self.file_edit.returnPressed.connect(self.passphrase_edit.setFocus)
        self.passphrase_edit.returnPressed.connect(self.go_on)
        self.folder.line.returnPressed.connect(self.go_on)

    def first_focus(self) -> QWidget:
        """The button that chooses."""
        return self.choose_button

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "选备份文件", self.file_edit.text(), "备份文件 (*.flbak);;所有文件 (*)")
        if chosen:
            self.file_edit.setText(chosen)
            self.file.say("")
            self.passphrase_edit.setFocus()

    def check(self) -> bool:
        """File, passphrase, folder."""
        if not self.file_edit.text().strip():
            return self.refuse(self.file, NO_BACKUP)
        if not self.passphrase_edit.text():
            return self.refuse(self.passphrase, ASK_PASSPHRASE)
        return self.folder.folder is not None or self.refuse(self.folder, NO_FOLDER)

    def show_problem(self, sentence: Sentence) -> None:
        """Each problem at the field it concerns; a damaged backup offers the one before it by its sentence."""
        self.rest("")
        at = {"wrong-passphrase": self.passphrase, "workspace-exists": self.folder}.get(sentence.code, self.file)
        self.refuse(at, sentence.text)

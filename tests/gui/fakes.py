"""Services for windows under test: one made-up office, one person, one passphrase."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QtMsgType
from PySide6.QtWidgets import QLineEdit

from fulian_desktop.domain.in_force import DECLARED, Kinds
from fulian_desktop.errors import InputProblem, WrongPassphrase
from fulian_desktop.services.starting import Foot
from fulian_desktop.services.typefaces import window_fonts
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Page
from fulian_desktop.ui.ports import Ports

PASSPHRASE = "柳树湾 2026"
PERSON = "王桂芳"
LOUD = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)

SCREENLESS = {
    f"This plugin does not support {what}" for what in ("propagateSizeHints()", "raise()", "grabbing the keyboard")
}
"""What the offscreen platform says of bare pages shown as windows, of windows called forward and of menus."""


@dataclass
class FakeOffice:
    unit: str = "140702101201"
    unit_name: str = "柳树湾村妇联"
    person: str = PERSON
    figures: dict[str, int] = field(default_factory=lambda: {"activity": 9, "family": 1234})
    is_copy: bool = False
    closed: bool = False
    kinds: Kinds = DECLARED

    def counts(self) -> dict[str, int]:
        return self.figures

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeServices:
    """Opens one workspace for one person; remembers what it was asked."""

    office: FakeOffice = field(default_factory=FakeOffice)
    names: list[str] = field(default_factory=lambda: [PERSON, "赵素芳"])
    error: Exception | None = None
    asked: list[tuple[Path, str, str | None]] = field(default_factory=list)
    tidied: list[FakeOffice] = field(default_factory=list)
    left_to_tidy: int = 0
    at_foot: Foot = field(default_factory=lambda: Foot(datetime(2026, 3, 9, 8, 5), 14))

    def open_office(self, folder: Path, passphrase: str, person: str | None) -> FakeOffice:
        self.asked.append((folder, passphrase, person))
        if self.error is not None:
            raise self.error
        if passphrase != PASSPHRASE or person not in (PERSON, None):
            raise WrongPassphrase("密码不对。请再输一次；忘记了可以用恢复码打开。")
        return self.office

    def persons(self, folder: Path) -> list[str]:
        if not (folder / "keystore.json").exists():
            raise InputProblem("这个文件夹里没有妇联工作台的数据。请换一个文件夹。", "no-workspace")
        return self.names

    def ports(self) -> Ports:
        return Ports(
            open_office=self.open_office, persons=self.persons, window_fonts=window_fonts, fits=self.fits, foot=self.foot,
            tidy=self.tidy,
        )

    def fits(self, folder: Path, passphrase: str, person: str) -> str:
        self.asked.append((folder, passphrase, person))
        if passphrase != PASSPHRASE:
            raise WrongPassphrase("密码不对。请再输一次；忘记了可以用恢复码打开。")
        return person

    def foot(self, _office: FakeOffice) -> Foot:
        return self.at_foot

    def tidy(self, office: FakeOffice) -> bool:
        self.tidied.append(office)
        self.left_to_tidy -= 1
        return self.left_to_tidy > 0


class PlainPage(Page):
    """A page with a line to type in, in place of the real ones, which ask real services."""

    def __init__(self, desk: Desk, place: str) -> None:
        super().__init__(desk, place)
        self.place = place
        self.edit = QLineEdit()
        self.body.addWidget(self.edit)

    def first_focus(self) -> QLineEdit:
        return self.edit


def unexpected(records) -> list[str]:
    """The messages of Qt's that nobody should have caused."""
    return [record.message for record in records if record.type in LOUD and record.message not in SCREENLESS]

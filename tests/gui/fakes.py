"""Services for windows under test: one made-up office, one person, one passphrase."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QtMsgType

from fulian_desktop.errors import InputProblem, WrongPassphrase
from fulian_desktop.services.typefaces import window_fonts
from fulian_desktop.ui.ports import Ports

PASSPHRASE = "柳树湾 2026"
PERSON = "王桂芳"
LOUD = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)

SCREENLESS = "This plugin does not support propagateSizeHints()"
"""What the offscreen platform says of every bare page shown as a window; a real screen does not."""


@dataclass(frozen=True)
class FakeKind:
    code: str
    label: str
    icon: str
    measure_word: str


KINDS = (
    FakeKind("activity", "活动", "flag", "场"),
    FakeKind("family", "家庭档案", "family", "户"),
    FakeKind("aid", "帮扶救助", "aid", "条"),
)


@dataclass
class FakeOffice:
    unit: str = "140702101201"
    unit_name: str = "柳树湾村妇联"
    person: str = PERSON
    figures: dict[str, int] = field(default_factory=lambda: {"activity": 9, "family": 1234})
    closed: bool = False

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
        return Ports(open_office=self.open_office, persons=self.persons, all_kinds=lambda: KINDS, window_fonts=window_fonts)


def unexpected(records) -> list[str]:
    """The messages of Qt's that nobody should have caused."""
    return [record.message for record in records if record.type in LOUD and record.message != SCREENLESS]

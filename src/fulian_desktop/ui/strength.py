"""How good a passphrase is, in words: told while it is typed, never by colour alone.

Rules:

* The least length is the key file's own (six); everything beyond is advice and stops nobody.
* What is easily guessed here: one character again and again, runs (123456, abcdef), a telephone number, a date,
  the person's own name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import plain_label

LEAST = 6
_GOOD, _STRONG = 10, 14
_DIGITS_LIKE_DATES = re.compile(r"(19|20)\d{2}[-./]?\d{1,2}[-./]?\d{1,2}|\d{6}|1\d{10}", re.ASCII)


class Grade(Enum):
    """From nothing typed to strong."""

    NONE = 0
    SHORT = 1
    WEAK = 2
    FAIR = 3
    STRONG = 4


@dataclass(frozen=True)
class Judged:
    """A passphrase's grade and the sentence about it."""

    grade: Grade
    words: str


def judge(passphrase: str, person: str = "") -> Judged:
    """Say how good a passphrase is.

    Args:
        passphrase: As typed.
        person: Whose; the own name is no secret.
    """
    length = len(passphrase)
    if not passphrase:
        return Judged(Grade.NONE, f"至少 {LEAST} 位。几个词连起来最好记，别人又猜不着。")
    if length < LEAST:
        return Judged(Grade.SHORT, f"太短：至少 {LEAST} 位，现在是 {length} 位")
    if len(set(passphrase)) <= 2 or _is_run(passphrase):
        return Judged(Grade.WEAK, "容易猜：都是一样的或连着的字符，请换一个")
    if _DIGITS_LIKE_DATES.fullmatch(passphrase):
        return Judged(Grade.WEAK, "容易猜：像生日或电话，请再加几个字")
    if person and passphrase.replace(person, "").strip("0123456789 ") == "":
        return Judged(Grade.WEAK, "容易猜：只有姓名和数字，请再加几个字")
    worth = _worth(passphrase)
    if worth >= _STRONG:
        return Judged(Grade.STRONG, "很好")
    if worth >= _GOOD:
        return Judged(Grade.FAIR, "够用")
    return Judged(Grade.WEAK, "能用，再长一些更好")


def _worth(passphrase: str) -> int:
    """Characters counted by what they are worth: a Chinese one twice, digits alone two thirds."""
    worth = sum(1 if ch.isascii() else 2 for ch in passphrase)
    return worth * 2 // 3 if passphrase.isdecimal() else worth


def _is_run(text: str) -> bool:
    steps = {ord(second) - ord(first) for first, second in pairwise(text)}
    return steps in ({1}, {-1})


_LOOK = {
    Grade.NONE: "line", Grade.SHORT: "error", Grade.WEAK: "warn", Grade.FAIR: "ok", Grade.STRONG: "ok",
}


class StrengthLine(QWidget):
    """Four short bars and the sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.judged = judge("")
        self.bars = _Bars(theme)
        self.words = plain_label(self.judged.words, role="hint")
        self.words.setFont(theme.font(t.HINT))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(10))
        line.addWidget(self.bars)
        line.addWidget(self.words, 1)

    def show_of(self, passphrase: str, person: str = "") -> None:
        """Judge what stands in the field now."""
        self.judged = judge(passphrase, person)
        self.words.setText(self.judged.words)
        self.setAccessibleName(self.judged.words)
        self.bars.show_grade(self.judged.grade)


class _Bars(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._grade = theme, Grade.NONE
        self.setFixedSize(theme.px(96), theme.px(20))
        theme.changed.connect(self.update)

    def show_grade(self, grade: Grade) -> None:
        self._grade = grade
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, px = self._theme, self._theme.px
        colour = getattr(theme.tokens, _LOOK[self._grade])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        for no in range(4):
            painter.setBrush(QColor(colour if no < self._grade.value else theme.tokens.line))
            painter.drawRoundedRect(QRect(no * px(24), (self.height() - px(6)) // 2 + 1, px(20), px(6)), px(3), px(3))

"""Cards, banners, empty states and the pane of a long work: what pages stand their contents in."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.jobs import Job
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import IconLabel, on_one_line, plain_label

SHOWN_AFTER_MS = 600
"""A work that is through before this shows no progress (DESIGN §9)."""


_BANNER_ICONS = {"ok": "ok", "error": "error", "warn": "error", "conflict": "conflict"}


class Card(QFrame):
    """A bordered card with a title, a grey note beside it, actions right and a body (``self.body``)."""

    def __init__(self, theme: Theme, title: str = "", note: str = "") -> None:
        super().__init__()
        self.theme = theme
        set_role(self, "card")
        px = theme.px
        self.title, self.note = plain_label(title), plain_label(note, role="label")
        self.title.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.note.setFont(theme.font(t.HINT))
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(px(8))
        self.body = QVBoxLayout()
        self.body.setSpacing(px(8))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(t.CARD_PAD_X), px(t.CARD_PAD_Y), px(t.CARD_PAD_X), px(t.CARD_PAD_Y))
        layout.setSpacing(px(8))
        if title:
            head = QHBoxLayout()
            words = on_one_line(self.title, self.note, spacing=px(8))
            head.addLayout(words, 1)
            head.setAlignment(words, Qt.AlignmentFlag.AlignVCenter)  # level with the buttons beside it
            head.addLayout(self.buttons)
            layout.addLayout(head)
        layout.addLayout(self.body, 1)


class Banner(QFrame):
    """A soft strip: icon, sentence, perhaps one button."""

    def __init__(self, theme: Theme, text: str = "", tone: str = "info", *, button: KeyButton | None = None) -> None:
        super().__init__()
        self._theme = theme
        set_role(self, "banner")
        px = theme.px
        self.words = plain_label(text)
        self.words.setWordWrap(True)
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(px(16), px(8), px(12), px(8))
        self._line.setSpacing(px(12))
        self._icon: IconLabel | None = None
        self._line.addWidget(self.words, 1)
        if button is not None:
            self._line.addWidget(button)
        self.say(text, tone)

    def say(self, text: str, tone: str = "info") -> None:
        """Show another sentence; none: the banner goes away."""
        self.words.setText(text)
        if not text or self.parentWidget() is not None:  # shown without a parent it would be a window for a moment
            self.setVisible(bool(text))
        self.setProperty("tone", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        if self._icon is not None:
            self._line.removeWidget(self._icon)
            self._icon.hide()
            self._icon.deleteLater()
        self._icon = IconLabel(self._theme, _BANNER_ICONS.get(tone, "info"), tone, t.ICON_BUTTON)
        self._line.insertWidget(0, self._icon)


class EmptyState(QWidget):
    """What stands where there is nothing yet: an icon, one sentence, one button."""

    def __init__(self, theme: Theme, icon: str, text: str, button: KeyButton | None = None) -> None:
        super().__init__()
        self.words = plain_label(text, role="label")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.px(12))
        layout.addStretch(2)
        layout.addWidget(IconLabel(theme, icon, "text3", 40), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(self.words)
        if button is not None:
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)


class ProgressPane(QWidget):
    """A long work: count in words, a bar, time gone and left, 取消. Nothing is seen of it before 0.6 s.

    ``watch(job)`` when it begins, ``report`` as its progress, ``end`` when it is over.
    """

    shown = Signal()

    def __init__(self, theme: Theme, *, on_cancel: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._job: Job | None = None
        self._began = 0.0
        self.what = plain_label(role="label")
        self.what.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.count = plain_label()
        self.left = plain_label(role="hint")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(theme.px(12))
        self.bar.setAccessibleName("进度")
        self.cancel = KeyButton(theme, "取消", "Esc")
        self.cancel.clicked.connect(self._cancel)
        self._on_cancel = on_cancel
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SHOWN_AFTER_MS)
        self._wait.timeout.connect(self._show)
        line = QHBoxLayout()
        line.addWidget(self.count)
        line.addWidget(self.what, 1)
        line.addWidget(self.left)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(8))
        layout.addLayout(line)
        layout.addWidget(self.bar)
        self.hide()

    def watch(self, job: Job) -> None:
        """A work has begun."""
        self._job, self._began = job, time.monotonic()
        self.bar.setRange(0, 0)
        for label in (self.count, self.what, self.left):
            label.setText("")
        self.cancel.setEnabled(True)
        self._wait.start()

    def _show(self) -> None:
        self.show()
        self.shown.emit()

    def report(self, done: int, total: int, what: str) -> None:
        """What the work says of itself."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.count.setText(f"{done:,} / {total:,}")
        self.what.setText(what)
        gone = time.monotonic() - self._began
        if done > 0 and gone > 2:
            self.left.setText(f"已用 {gone:.0f} 秒，还要约 {gone * (total - done) / done:.0f} 秒")

    def end(self) -> None:
        """The work is over, one way or the other."""
        self._wait.stop()
        self._job = None
        self.hide()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self.cancel.setEnabled(False)
            self.what.setText("正在停下")
        if self._on_cancel is not None:
            self._on_cancel()

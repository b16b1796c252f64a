"""What happened to a record: who, when, from which unit, and what changed."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.texts import closed
from fulian_desktop.services.entering import Step
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.editors import NoteLine
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import plain_label, scrolled

_LONGEST = 300
_DOUBTFUL = "那台电脑的日期不对"


def when(at: int) -> str:
    """``2026年3月8日 10:41`` of a time in ms."""
    moment = datetime.datetime.fromtimestamp(at / 1000)
    return f"{moment.year}年{moment.month}月{moment.day}日 {moment:%H:%M}"


def short(step: Step) -> str:
    """A step in one line: what, and by whom."""
    labels = list(dict.fromkeys(label for label, _, _ in step.changes))
    what = "、".join(labels[:3]) + (f"等 {len(labels)} 项" if len(labels) > 3 else "")
    return f"{step.what}：{what}" if any(before for _, before, _ in step.changes) else step.what


class HistoryCard(Card):
    """The latest steps, and a button that shows all of them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "改动记录")
        self._steps: Sequence[Step] = ()
        self.all_button = KeyButton(theme, "全部", style="ghost")
        self.all_button.clicked.connect(self._open)
        self.all_button.setFixedHeight(theme.px(28))
        self.buttons.addWidget(self.all_button)

    def show_steps(self, steps: Sequence[Step], most: int = 3) -> None:
        """Show the latest of these."""
        self._steps = steps
        self.note.setText(f"{len(steps)} 次")
        while (item := self.body.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for step in steps[:most]:
            words = plain_label(short(step))
            words.setFont(self.theme.font(t.DENSE))
            words.setWordWrap(True)
            by = plain_label(f"{when(step.at)} {step.who}", role="hint")
            by.setFont(self.theme.font(t.HINT))
            by.setWordWrap(True)
            self.body.addWidget(words)
            self.body.addWidget(by)
        self.setVisible(bool(steps))

    def _open(self) -> None:
        HistoryDialog(self.theme, self, self._steps).open()


class HistoryDialog(QDialog):
    """All steps, the latest first; each with what stood before and what stands since."""

    def __init__(self, theme: Theme, parent: QWidget, steps: Sequence[Step]) -> None:
        super().__init__(parent)
        self._theme = theme
        px = theme.px
        self.setWindowTitle("改动记录")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        column = QVBoxLayout()
        column.setSpacing(px(t.CARD_GAP))
        self.cards = [self._card(step) for step in steps]
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        body = QWidget()
        set_role(body, "page")
        body.setLayout(column)
        scroll = scrolled(body, by_keys=True)
        done = KeyButton(theme, "关上", "Esc", primary=True)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(16), px(20), px(16))
        layout.setSpacing(px(12))
        layout.addWidget(scroll, 1)
        layout.addLayout(foot)
        self.resize(px(640), px(520))

    def _card(self, step: Step) -> Card:
        theme = self._theme
        by = f"{when(step.at)}  {step.who}，{step.where}"
        card = Card(theme, step.what, by)
        came = f"从{step.came}的包里来，{when(step.came_at)} 收到" if step.came else ""
        said = ((step.state, "warn"), (_DOUBTFUL if step.doubtful else "", "warn"), (step.note, "hint"), (came, "hint"))
        for text, tone in said:
            if text:
                line = NoteLine(theme)
                line.say(text, tone)
                card.body.addWidget(line)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(12))
        grid.setColumnStretch(1, 1)
        for row, (label, before, after) in enumerate(step.changes):
            word = plain_label(label, role="label")
            word.setFixedWidth(theme.px(110))
            word.setWordWrap(True)
            words = plain_label(_change(before, after))
            words.setWordWrap(True)
            grid.addWidget(word, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(words, row, 1)
        card.body.addLayout(grid)
        return card


def _change(before: str, after: str) -> str:
    before, after = (closed(text if len(text) <= _LONGEST else text[:_LONGEST] + "……") for text in (before, after))
    if not before:
        return after or "（空）"
    return f"{before} → {after or '（去掉了）'}"

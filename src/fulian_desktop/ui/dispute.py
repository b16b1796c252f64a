"""What one record in conflict is shown with: a row of cards a field, the result in a sentence, and what is not disputed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.domain.texts import closed
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.choosing import ChoiceCard, Choices
from fulian_desktop.ui.theme import Theme, set_state
from fulian_desktop.ui.widgets import IconLabel, ProblemLine, plain_label, tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.settling import Disputed

LABEL_WIDTH = 108
LONGEST_TITLE = 22


def shortened(text: str, most: int = LONGEST_TITLE) -> str:
    """A text cut to a number of characters."""
    return closed(text if len(text) <= most else f"{text[: most - 1]}…")


class FieldRow(QWidget):
    """One field in conflict: label and old value left, the competing values as cards, another value to be typed."""

    changed = Signal()
    left = Signal(object, int)

    def __init__(self, theme: Theme, disputed: Disputed) -> None:
        super().__init__()
        self.disputed = disputed
        px = theme.px
        cards = [
            ChoiceCard(theme, one.text, [f"{who.unit_name} {who.actor}・{who.when}" for who in one.tellers])
            for one in disputed.choices
        ]
        self.choices = Choices(cards, theme, f"{disputed.label}，原来：{disputed.old}")
        self.line = QLineEdit()
        self.line.setAccessibleName(f"{disputed.label}，另填一个值")
        self.line.setPlaceholderText("另填一个值；空着就是去掉这一项")
        self.line.hide()
        self.line.installEventFilter(self)
        self.problem = ProblemLine(theme)
        self.problem.hide()
        self.other = KeyButton(theme, "另填", icon="edit", style="ghost")
        self.other.setAccessibleName(f"{disputed.label}，另填一个值")
        if disputed.blocked or not disputed.can_type:
            self.other.hide()
        beside = QHBoxLayout()
        beside.setSpacing(px(4))
        beside.addWidget(self.choices, 1)
        beside.addWidget(self.other)
        right = QVBoxLayout()
        right.setSpacing(px(6))
        right.addLayout(beside)
        for part in (self.line, self.problem):
            right.addWidget(part)
        if disputed.blocked:
            right.addWidget(plain_label(disputed.blocked, role="hint"))
            for card in cards:
                card.setEnabled(False)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(8))
        layout.addWidget(self._words(theme))
        layout.addLayout(right, 1)
        self.choices.changed.connect(self._card_chosen)
        self.choices.left.connect(lambda step: self.left.emit(self, step))
        self.other.clicked.connect(self._type)
        self.line.textChanged.connect(self._typed)
        self.line.returnPressed.connect(lambda: self.left.emit(self, 1))

    def _words(self, theme: Theme) -> QWidget:
        column = QWidget()
        column.setFixedWidth(theme.px(LABEL_WIDTH))
        label = plain_label(self.disputed.label)
        label.setFont(theme.font(bold=True))
        label.setWordWrap(True)
        before = plain_label("原来", role="hint")
        old = plain_label(shortened(self.disputed.old, 40), role="label")
        old.setToolTip(tip_of(self.disputed.old))
        old.setWordWrap(True)
        for words in (before, old):
            words.setFont(theme.font(t.HINT))
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, theme.px(4), 0, 0)
        layout.setSpacing(theme.px(2))
        for part in (label, before, old):
            layout.addWidget(part)
        layout.addStretch(1)
        return column

    @property
    def is_typed(self) -> bool:
        """Whether another value is being typed, which counts before the cards."""
        return not self.line.isHidden()

    @property
    def result(self) -> str | None:
        """What the field is to be, None while that is open."""
        if self.is_typed:
            return self.line.text().strip() or "不填"
        return None if self.choices.chosen is None else self.disputed.choices[self.choices.chosen].text

    @property
    def answer(self) -> tuple[int | None, str | None]:
        """What was chosen or typed, to be restored when the row is made anew."""
        return self.choices.chosen, self.line.text() if self.is_typed else None

    def restore(self, answer: tuple[int | None, str | None] | None) -> None:
        """Choose or type again what was."""
        if answer is None:
            return
        if answer[1] is not None:
            self._type()
            self.line.setText(answer[1])
        elif answer[0] is not None:
            self.choices.choose(answer[0])

    @property
    def last_stop(self) -> QWidget:
        """What Tab comes to last in this row."""
        return self.line if self.is_typed else self.other if not self.other.isHidden() else self.choices.cards[-1]

    def say(self, problem: str) -> None:
        """Say what is wrong with what was typed, or nothing."""
        self.problem.say(problem)
        self.problem.setVisible(bool(problem))
        set_state(self.line, "error" if problem else "")

    def _type(self) -> None:
        self.choices.clear()
        self.line.show()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _typed(self) -> None:
        self.say("")
        self.changed.emit()

    def _card_chosen(self) -> None:
        self.line.hide()
        self.say("")
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc gives up typing; ↑ and ↓ go to the fields around."""
        if watched is self.line and isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress
        ):
            pressed = event.type() == QEvent.Type.KeyPress
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                if pressed:
                    self.line.hide()
                    self.say("")
                    self.choices.enter()
                    self.changed.emit()
                return True
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if pressed and event.key() in steps:
                self.left.emit(self, steps[Qt.Key(event.key())])
                return True
        return False


class ResultCard(Card):
    """What it is to be, in a sentence."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        px = theme.px
        self.words = plain_label()
        self.words.setFont(theme.font(bold=True))
        self.words.setWordWrap(True)
        self.left = plain_label(role="hint")
        line = QHBoxLayout()
        line.setSpacing(px(10))
        line.addWidget(IconLabel(theme, "chevron-right", "accent", t.ICON_BUTTON))
        line.addWidget(plain_label("定下来是：", role="label"))
        line.addWidget(self.words, 1)
        line.addWidget(self.left)
        self.body.addLayout(line)

    def say(self, texts: list[str], left: int) -> None:
        """Say what was chosen, and how many places are open."""
        self.words.setText("；".join(shortened(text, 60) for text in texts) or "还没选")
        self.left.setText(f"还有 {left} 处没选" if left else "")


class AgreedCard(Card):
    """What both sides agree on, for looking it up; can be folded away."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "其余几项", "不用管")
        self.fold = KeyButton(theme, "收起", style="ghost")
        self.fold.setFixedHeight(theme.px(28))
        self.fold.clicked.connect(self._fold)
        self.buttons.addWidget(self.fold)
        self._pairs = QWidget()
        self.body.addWidget(self._pairs)

    def fill(self, pairs: tuple[tuple[str, str], ...]) -> None:
        """Show other labels and values, in two columns."""
        self.title.setText(f"其余 {len(pairs)} 项没有冲突")
        self.setVisible(bool(pairs))
        folded = self._pairs.isHidden()
        self.body.removeWidget(self._pairs)
        self._pairs.hide()
        self._pairs.deleteLater()
        self._pairs = QWidget()
        grid = QGridLayout(self._pairs)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self.theme.px(12))
        grid.setVerticalSpacing(self.theme.px(6))
        for i, (label, value) in enumerate(pairs):
            words, text = plain_label(label, role="label"), plain_label(shortened(value.replace("\n", " "), 60))
            for part in (words, text):
                part.setFont(self.theme.font(t.DENSE))
            text.setToolTip(tip_of(value))
            text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(words, i // 2, 2 * (i % 2))
            grid.addWidget(text, i // 2, 2 * (i % 2) + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.body.addWidget(self._pairs)
        if folded:
            self._pairs.hide()

    def _fold(self) -> None:
        self._pairs.setVisible(self._pairs.isHidden())
        self.fold.setText("展开" if self._pairs.isHidden() else "收起")

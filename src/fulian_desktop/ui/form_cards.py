"""The cards of a form: one a group, in two columns of equal width or one; one a table; one for the photos."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from fulian_desktop.domain.forms import Cell
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.editors import Editor, NoteLine
from fulian_desktop.ui.photo_strip import PhotoStrip
from fulian_desktop.ui.subtable import SubTable
from fulian_desktop.ui.theme import Theme
from fulian_desktop.ui.widgets import plain_label

LABEL, HEAD_BUTTON = 92, 28

Maker = Callable[[Cell], Editor]


class FormLabel(QWidget):
    """The word beside a field, with a mark when it is asked for; screen readers hear that too.

    Args:
        word: What stands there; the cell's own label by default.
    """

    def __init__(self, theme: Theme, editor: Editor, word: str = "") -> None:
        super().__init__()
        cell = editor.cell
        text = word or cell.label
        self.word = plain_label(text, role="label")
        self.word.setWordWrap(True)
        self.word.setBuddy(editor.edit)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, theme.px(7), theme.px(4), theme.px(4))
        layout.setHorizontalSpacing(theme.px(4))
        layout.addWidget(self.word, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.setColumnStretch(0, 1)
        if cell.asked:
            star = plain_label("*", role="error")
            star.setFont(theme.font(bold=True))
            layout.addWidget(star, 0, 1, Qt.AlignmentFlag.AlignTop)
            editor.edit.setAccessibleName(f"{cell.full}，要填")
        if QFontMetrics(theme.font()).horizontalAdvance(text) > theme.px(LABEL - 10):
            self.word.setFont(theme.font(t.HINT))
            self.word.setContentsMargins(0, theme.px(2), 0, 0)
        width = QFontMetrics(self.word.font()).horizontalAdvance(text)
        if width <= theme.px(LABEL - (18 if cell.asked else 6)):
            self.word.setFixedWidth(width + 2)
            layout.setColumnStretch(0, 0)
            layout.setColumnStretch(2, 1)
        self.setFixedWidth(theme.px(LABEL))


class GroupCard(Card):
    """The cells of one group.

    Args:
        make: Makes the editor of a cell.
        said: Sentences about what may not be filled here.
        folded: Whether it begins as its head alone; its editors are made when it is unfolded.
    """

    unfolded = Signal()

    def __init__(
        self, theme: Theme, title: str, cells: Sequence[Cell], make: Maker, *, said: Sequence[str] = (), folded: bool = False,
        narrow: bool = False,
    ) -> None:
        super().__init__(theme, title)
        self.cells, self._make, self._narrow = cells, make, narrow
        self.editors: list[Editor] = []
        self._labels: dict[Editor, FormLabel] = {}
        self._columns = 0
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(0)
        self.grid.setVerticalSpacing(theme.px(9))
        self.body.addLayout(self.grid)
        self.open_button: KeyButton | None = None
        for sentence in said:
            line = NoteLine(theme)
            self.body.addWidget(line)  # before it shows itself: else it is a window for a moment
            line.say(sentence, "hint")
        if folded:
            self.note.setText("没有填")
            self.open_button = KeyButton(theme, "展开", style="ghost", icon="chevron-down")
            self.open_button.setAccessibleName(f"展开{title}")
            self.open_button.clicked.connect(self.unfold)
            self.open_button.setFixedHeight(theme.px(HEAD_BUTTON))
            self.open_button.setAutoDefault(True)
            self.buttons.addWidget(self.open_button)
        else:
            self._build()

    @property
    def is_folded(self) -> bool:
        """Whether only its head is shown."""
        return self.open_button is not None

    def unfold(self) -> None:
        """Make and show its editors."""
        if self.open_button is None:
            return
        self.open_button.hide()
        self.open_button.deleteLater()
        self.open_button = None
        self.note.setText("")
        self._build()
        self.unfolded.emit()

    def _build(self) -> None:
        for cell in self.cells:
            editor = self._make(cell)
            self.editors.append(editor)
            self._labels[editor] = FormLabel(self.theme, editor)
        columns, self._columns = max(self._columns, 1), 0
        self.arrange(columns)

    def arrange(self, columns: int) -> None:
        """Place the editors in one or two columns of equal width; what is wide takes the whole."""
        if columns == self._columns:
            return
        self._columns = columns
        px = self.theme.px
        while self.grid.takeAt(0) is not None:
            pass
        for column in range(6):
            self.grid.setColumnStretch(column, 1 if column in ((1,) if columns == 1 else (1, 4)) else 0)
        for column, width in ((0, 0 if self._narrow else LABEL), (2, 28 * (columns == 2)), (3, LABEL * (columns == 2))):
            self.grid.setColumnMinimumWidth(column, px(width))
        row, right = 0, False
        for editor in self.editors:
            wide = columns == 1 or editor.cell.is_wide
            if wide and right:
                row, right = row + 1, False
            at = 3 if right else 0
            if self._narrow:  # beside the form: the word above its field
                if editor.cell.label == self.title.text():
                    self._labels[editor].hide()
                self.grid.addWidget(self._labels[editor], row, 0, 1, 2)
                row += 1
                self.grid.addWidget(editor, row, 0, 1, 2, Qt.AlignmentFlag.AlignTop)
            else:
                self.grid.addWidget(self._labels[editor], row, at, Qt.AlignmentFlag.AlignTop)
                self.grid.addWidget(editor, row, at + 1, 1, 4 if wide and columns == 2 else 1, Qt.AlignmentFlag.AlignTop)
            if wide or right:
                row, right = row + 1, False
            else:
                right = True
        self.updateGeometry()


class TableCard(Card):
    """A sub-table in a card of its own, its buttons in the head."""

    def __init__(self, theme: Theme, editor: SubTable) -> None:
        super().__init__(theme, editor.cell.label)
        self._editor = editor
        for button in editor.buttons:
            button.setFixedHeight(theme.px(HEAD_BUTTON))
            button.setAutoDefault(True)
            self.buttons.addWidget(button)
        self.body.addWidget(editor)
        editor.changed.connect(self.count)
        self.count()

    def count(self) -> None:
        """Say how many rows there are."""
        rows = len(self._editor.value())
        self.note.setText(f"{rows} 行" if rows else "还没有")


def photo_card(theme: Theme, strip: PhotoStrip) -> Card:
    """The photos in a card of their own that says how many there are."""
    card = Card(theme, strip.cell.label, "0 张")
    strip.counted.connect(lambda count: card.note.setText(f"{count} 张"))
    card.body.addWidget(strip)
    return card


class GatheredCard(Card):
    """What other records say of this one, gathered by the program: titles it was given, aid, pairs, visits."""

    def __init__(self, theme: Theme, heading: str, lines: Sequence[tuple[str, str]]) -> None:
        super().__init__(theme, heading, "自动汇总")
        for title, about in lines:
            words = plain_label(title)
            words.setWordWrap(True)
            behind = plain_label(about, role="hint")
            behind.setFont(theme.font(t.HINT))
            box = QVBoxLayout()
            box.setSpacing(0)
            box.addWidget(words)
            box.addWidget(behind)
            self.body.addLayout(box)


def sentences_for(cells: Sequence[Cell], locked: Mapping[str, str]) -> list[str]:
    """What is said of cells that this office may not fill and that are empty: one sentence a reason."""
    by_reason: dict[str, list[str]] = {}
    for cell in cells:
        labels = by_reason.setdefault(locked[cell.field.code], [])
        if cell.field.label not in labels:
            labels.append(cell.field.label)
    return [f"{'、'.join(labels)}{reason}" for reason, labels in by_reason.items()]

"""What stands in the preview's place when some characters cannot be printed: in which records, and what can be done.

Rules: each record can be opened from here; coming back makes the paper anew. What stands in no record (who handed over, a
file's name) is named without a button. 照样打印 is offered only where a paper may say
〔表情〕 instead (``services.unprintable``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Card
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import IconLabel, plain_label, scrolled, tip_of

if TYPE_CHECKING:
    from fulian_desktop.services.unprintable import Culprit, Unprintable

_WAYS = "打开记录，把这些字删掉或换成别的字，再回来就能打印。"
_NO_RECORD = "这些字不在登记的记录里，没有可以打开的。"
_SPELLED = "急用的话，也可以照样打印：印不出来的字用文字说明代替。"
_WHOLE = "上墙、发证的名字要一字不差，所以先不能打印。"
LONGEST = 30
"""Characters of a name; a longer one is cut here and stands whole in the tooltip."""


class UnprintablePane(Card):
    """The records with such characters, each with a button that opens it; below them the ways out."""

    opened = Signal(object)
    """The :class:`Culprit` to open."""

    spelled = Signal()
    """The paper is wanted with the characters in words."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "这些地方有印不出来的字")
        self.words = plain_label(role="label")
        self.words.setWordWrap(True)
        self.rows: list[KeyButton] = []
        self._shown: list[QWidget] = []
        self._lines = QWidget()
        self._column = QVBoxLayout(self._lines)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(4))
        self._column.addStretch(1)
        set_role(self._lines, "bare")
        area = scrolled(self._lines, sideways=False)
        area.viewport().setAutoFillBackground(False)
        self._lines.setAutoFillBackground(False)
        self.more = plain_label(role="hint")
        self.more.setFont(theme.font(t.HINT))
        self.spell_button = KeyButton(theme, "用文字代替，照样打印", icon="print")
        self.spell_button.clicked.connect(self.spelled)
        self.back_button = KeyButton(theme, "返回", "Esc", icon="arrow-left")
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(10))
        foot.addWidget(self.spell_button)
        foot.addWidget(self.back_button)
        foot.addStretch(1)
        self.body.addWidget(self.words)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.more)
        self.body.addLayout(foot)

    def show_error(self, error: Unprintable) -> None:
        """Show the records of an error, and what may be done."""
        for line in self._shown:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self.rows, self._shown = [], []
        for i, one in enumerate(error.culprits):
            self._shown.append(self._line(one))
            self._column.insertWidget(i, self._shown[-1])
            self._shown[-1].show()  # what a layout takes in is shown a turn later, and until then takes no focus
        left = error.count - len(error.culprits)
        self.more.setText(f"还有 {left:,} 处也有这样的字。")
        self.more.setVisible(left > 0)
        self.spell_button.setVisible(error.spelled is not None)
        self.words.setText((_WAYS if self.rows else _NO_RECORD) + (_SPELLED if error.spelled is not None else _WHOLE))

    @property
    def first(self) -> QWidget:
        """What takes the focus: the first record to open, else what can be done besides."""
        return self.rows[0] if self.rows else self.back_button if self.spell_button.isHidden() else self.spell_button

    def _line(self, one: Culprit) -> QWidget:
        theme = self.theme
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(12))
        name = plain_label(one.name if len(one.name) <= LONGEST else one.name[:LONGEST] + "…")
        name.setFont(theme.font(bold=True))
        name.setToolTip(tip_of(one.name))
        about = plain_label("・".join(filter(None, (one.label, one.unit_name, one.characters))), role="hint")
        about.setFont(theme.font(t.HINT))
        layout.addWidget(IconLabel(theme, "warn", "warn", t.ICON_BUTTON), 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(name)
        layout.addWidget(about, 1)
        if one.record:
            button = KeyButton(theme, "打开记录", icon="edit")
            button.setAccessibleName(f"打开{one.label}“{one.name}”")
            button.clicked.connect(lambda: self.opened.emit(one))
            self.rows.append(button)
            layout.addWidget(button)
        return line

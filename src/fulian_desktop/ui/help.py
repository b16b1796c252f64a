"""F1: what the page is for, and its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.page import Key, KeyCap, Page
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.widgets import plain_label

EVERYWHERE = (
    Key("Ctrl+K", "去别的地方"), Key("Ctrl+F", "在这一页找"), Key("Alt+←", "回到上一页"), Key("F1", "这份说明"),
)


class Help(QDialog):
    """The page's own sentences and keys, then the keys that hold everywhere."""

    def __init__(self, theme: Theme, page: Page, parent: QWidget) -> None:
        super().__init__(parent)
        px = theme.px
        self.setWindowTitle(f"{page.title.text()}怎么用")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        set_role(self, "page")
        title = plain_label(page.title.text())
        title.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.words = plain_label(page.help_text)
        self.words.setWordWrap(True)
        self.words.setVisible(bool(page.help_text))
        grid = QGridLayout()
        grid.setVerticalSpacing(px(8))
        grid.setHorizontalSpacing(px(16))
        grid.setColumnStretch(1, 1)
        for row, key in enumerate((*page.keys, *EVERYWHERE)):
            grid.addWidget(KeyCap(theme, key.name), row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.setRowMinimumHeight(row, px(t.BADGE))
            grid.addWidget(plain_label(key.does), row, 1)
        done = KeyButton(theme, "知道了", "Esc", primary=True)
        done.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(done)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(20), px(24), px(20))
        layout.setSpacing(px(14))
        layout.addWidget(title)
        layout.addWidget(self.words)
        layout.addLayout(grid)
        layout.addLayout(foot)
        wide = max(px(460), self.sizeHint().width())
        self.setMinimumWidth(px(460))
        self.resize(wide, layout.heightForWidth(wide))  # Qt alone forgets that the sentences wrap

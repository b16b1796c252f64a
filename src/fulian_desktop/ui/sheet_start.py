"""What stands on the page of an import before there are rows: how to get some; and the file that is dropped there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import EmptyState
from fulian_desktop.ui.theme import Theme


class SheetStart(QWidget):
    """A sentence and three buttons: a file, the clipboard, an empty template."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.choose = KeyButton(theme, "选 Excel 文件", "Ctrl+O", icon="folder")
        self.paste = KeyButton(theme, "粘贴表格", "Ctrl+V", icon="paste")
        self.template = KeyButton(theme, "存一份空白模板", style="ghost")
        self.empty = EmptyState(theme, "import", "选一个 Excel 表格（.xlsx），或者在 WPS 里连表头一起复制，到这里粘贴。")
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        line.addStretch(1)
        for button in (self.choose, self.paste, self.template):
            line.addWidget(button)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        layout.addWidget(self.empty)
        layout.addLayout(line)
        layout.addStretch(2)


def dropped_file(data: QMimeData) -> Path | None:
    """The one file that is dragged, or None."""
    files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return Path(files[0]) if len(files) == 1 else None

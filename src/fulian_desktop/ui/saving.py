"""Saving files from the window: which folder is offered, the question for a name, and what is said once it is there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from fulian_desktop.ui.cards import ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Page

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

_FILES = "files/folder"


def usual_folder(desk: Desk) -> Path:
    """Where files were read and written last, else the documents folder of this person."""
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    last = Path(desk.memory.get(_FILES, documents))
    return last if last.is_dir() else Path(documents)


def note_folder(desk: Desk, path: Path) -> None:
    """The next file is looked for beside this one."""
    desk.memory.set(_FILES, str(path.parent))


def ask_where(page: Page, does: str, title: str, suffix: str) -> Path | None:
    """Ask under which name to save; None when it is not to be saved after all."""
    from fulian_desktop.services.papers import file_name

    kinds = {".pdf": "PDF 文件 (*.pdf)", ".xlsx": "Excel 表格 (*.xlsx)", ".docx": "Word 文档 (*.docx)"}
    proposed = str(usual_folder(page.desk) / file_name(title, suffix))
    chosen, _ = QFileDialog.getSaveFileName(page, does, proposed, kinds[suffix])
    if not chosen:
        return None
    path = Path(chosen)
    note_folder(page.desk, path)
    return path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)


def save_with_progress(
    owner: QWidget, desk: Desk, pane: ProgressPane, save: Callable[[Office, Path, Progress], None], path: Path
) -> None:
    """Write a file beside the window and say where it is."""

    def done(_: None) -> None:
        pane.end()
        say_saved(desk, path)

    def failed(error: Exception) -> None:
        pane.end()
        desk.problem(error)

    def cancelled() -> None:
        pane.end()
        desk.say("停下了，没有存。", "info")

    pane.watch(desk.ask(
        owner, lambda office, progress: save(office, path, progress), done, failed=failed, progressed=pane.report,
        cancelled=cancelled,
    ))


def say_saved(desk: Desk, path: Path) -> None:
    """Say that a file is there, with a way to its folder."""
    folder = QUrl.fromLocalFile(str(path.parent))
    desk.say(f"存好了：{path}", action="打开文件夹", run=lambda: _open_folder(folder))


def _open_folder(folder: QUrl) -> None:
    QDesktopServices.openUrl(folder)

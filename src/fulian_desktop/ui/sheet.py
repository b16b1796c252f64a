"""Importing a ledger: an Excel file or cells pasted from WPS are looked at first, then taken in as one act.

Rules:

* Nothing is written before 导入 is pressed; what was written is taken back as one act.
* Every column says what it was read as and can be told otherwise; the rows are then read again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget
from shiboken6 import isValid

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.saving import ask_where, note_folder, save_with_progress, usual_folder
from fulian_desktop.ui.sheet_rows import SheetRows
from fulian_desktop.ui.sheet_start import SheetStart, dropped_file

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.pasting import Choice, Preview, Source

FOLDED = 860
"""Pixels at 100 %: a narrower page has no room for the pane beside the table."""

_WRITTEN = {"new": "新增", "changed": "更新"}


class SheetPage(Page):
    """Where the rows come from, or what was read out of it (``sheet_rows``); the buttons that write it and take it back."""

    keys = (
        Key("Ctrl+回车", "导入"), Key("F8", "到下一处问题"), Key("Ctrl+O", "选 Excel 文件"), Key("Ctrl+V", "粘贴表格"),
        Key("F6", "窗口窄时：看各列，再按回到表格"), Key("Ctrl+Z", "撤销刚才的导入"),
    )
    help_text = (
        "先看清每一列读成了什么，不对就在右边改。有问题的格子有底色和图标，点一下，右边写着怎么改。"
        "没有问题的行和只有小问题的行都会导入，不能导入的行留在原表里，改好再导一次，不会重复。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "导入表格", back=True)
        self.kind = ""
        self.preview: Preview | None = None
        self._source: Source | None = None
        self._year: int | None = None
        self._columns: dict[str, str] = {}
        self._busy = self._writing = False
        theme = self.theme
        self.undo = KeyButton(theme, "撤销这次导入", "Ctrl+Z", icon="undo")
        self.file = KeyButton(theme, "选 Excel 文件", "Ctrl+O", icon="folder")
        self.take = KeyButton(theme, "导入", "Ctrl+回车", primary=True, icon="import")
        self.look = KeyButton(theme, "看导入的记录", primary=True)
        for button in (self.undo, self.file, self.take, self.look):
            self.buttons.addWidget(button)
        self.banner, self.progress = Banner(theme), ProgressPane(theme)
        self.rows = SheetRows(theme)
        self.table, self.columns, self.year = self.rows.table, self.rows.columns, self.rows.year
        self.pages = QStackedWidget()
        self.start = SheetStart(theme)
        self.pages.addWidget(self.start)
        self.pages.addWidget(self.rows)
        for widget in (self.banner, self.progress):
            self.body.addWidget(widget)
        self.body.addWidget(self.pages, 1)
        self.setAcceptDrops(True)
        self._connect()
        self._show_buttons()
        self._fold()

    def _connect(self) -> None:
        for button, run in (
            (self.start.choose, self._ask_file), (self.file, self._ask_file), (self.start.paste, self._paste),
            (self.start.template, self._save_template), (self.take, self._take_in), (self.undo, self._take_back),
            (self.look, lambda: self.desk.go("list", {"nav": kind_of(self.kind).nav, "kind": self.kind})),
        ):
            button.clicked.connect(run)
        self.columns.chosen.connect(self._choose_column)
        self.year.activated.connect(lambda _index: self._choose_year())
        for key, run in (
            ("Ctrl+Return", self.take.click), ("Ctrl+Enter", self.take.click), ("Ctrl+O", self._ask_file),
            ("Ctrl+V", self._paste), ("F8", self.table.go_to_trouble), ("F6", self._unfold),
            ("Ctrl+Z", self.undo.click), ("Esc", self._escape),
        ):
            self.on_key(key, run)

    # --- a narrow window: the pane takes the place of the table when it is asked for ---

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pane folds away where there is no room beside the table."""
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        self.rows.fold(self.width() / self.theme.scale < FOLDED)

    def _unfold(self) -> None:
        if self.preview is not None:
            self.rows.switch()

    # --- where the rows come from ---

    def opened(self, about: Mapping[str, Any]) -> None:
        """Look into ``path``, else into ``text`` from the clipboard; with neither, ask. ``kind`` is the kind's code."""
        self.kind = str(about["kind"])
        self.title.setText(f"导入{kind_of(self.kind).label}")
        if about.get("path"):
            self._open(path=Path(str(about["path"])))
        elif about.get("text"):
            self._open(text=str(about["text"]))

    def first_focus(self) -> QWidget:
        """The rows, or how to get some."""
        return self.table if self.pages.currentIndex() else self.start.choose

    def _ask_file(self) -> None:
        if self._busy:
            return
        chosen, _ = QFileDialog.getOpenFileName(self, "选 Excel 文件", str(usual_folder(self.desk)), "Excel 表格 (*.xlsx)")
        if chosen:
            note_folder(self.desk, Path(chosen))
            self._open(path=Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped here."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Look into the file that was dropped."""
        path = dropped_file(event.mimeData())
        if path is not None:
            self._open(path=path)

    def _paste(self) -> None:
        self._open(text=QGuiApplication.clipboard().text())

    def _open(self, *, path: Path | None = None, text: str = "") -> None:
        from fulian_desktop.services.pasting import Source

        if self._busy:
            return
        self._source = Source(path, text)
        self._year, self._columns, self.preview = None, {}, None
        self.subtitle.setText(path.name if path is not None else "粘贴的表格")
        self.columns.forget()
        self._look()

    def _choice(self) -> Choice:
        from fulian_desktop.services.pasting import Choice

        return Choice(self._year, tuple(self._columns.items()))

    def _look(self) -> None:
        self._run(write=False)

    def _take_in(self) -> None:
        if self.preview is not None and not self.preview.act and self._count():
            self._run(write=True)

    def _run(self, *, write: bool) -> None:
        source, choice, kind = self._source, self._choice(), self.kind
        if source is None or self._busy:
            return

        def work(office: Office, progress: Progress) -> Preview:
            from fulian_desktop.services.pasting import look_into, take_in

            return (take_in if write else look_into)(office, kind, source, choice, progress=progress)

        self._busy, self._writing = True, write
        self._show_buttons()
        self.progress.watch(self.desk.ask(
            self, work, self._taken if write else self._looked, failed=self._failed, progressed=self.progress.report,
            cancelled=self._stopped,
        ))

    def _over(self) -> None:
        self._busy = self._writing = False
        self.progress.end()

    def _failed(self, error: Exception) -> None:
        self._over()
        self.banner.say(sentence_for(error).text, "error")
        if self.preview is None:
            self.pages.setCurrentIndex(0)
        self._show_buttons()

    def _stopped(self) -> None:
        writing = self._writing
        self._over()
        self._show_buttons()
        self.desk.say("停下了，一行也没有导入。" if writing else "停下了。", "info")

    # --- what was read ---

    def _looked(self, preview: Preview) -> None:
        self._over()
        self._show(preview)
        self.banner.say("\n".join(preview.notes), "info")
        self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, preview: Preview) -> None:
        self.preview = preview
        self.pages.setCurrentIndex(1)
        self.rows.show_preview(preview, self.desk.today().year)
        self._show_buttons()

    def _choose_year(self) -> None:
        self._year = self.year.currentData()
        self._look()

    def _choose_column(self, head: str, name: str) -> None:
        """A column is said to be another field; whoever had it lets go."""
        for other in [other for other, had in self._columns.items() if name and had == name]:
            self._columns[other] = ""
        self._columns[head] = name
        self._look()

    def _count(self) -> int:
        return sum(self.preview.total[state] for state in _WRITTEN) if self.preview is not None else 0

    def _show_buttons(self) -> None:
        preview, count = self.preview, self._count()
        done = preview is not None and bool(preview.act)
        self.take.setVisible(preview is not None and not done)
        self.take.setText(f"导入 {count:,} 行" if count else "没有可导入的行")
        self.take.setEnabled(bool(count) and not self._busy)
        self.file.setVisible(preview is not None)
        self.file.setEnabled(not self._busy)
        self.undo.setVisible(done)
        self.undo.setEnabled(not self._busy)
        self.look.setVisible(done)
        self.columns.setEnabled(not done and not self._busy)
        self.year.setEnabled(not self._busy)

    # --- written, and taken back ---

    def _taken(self, preview: Preview) -> None:
        self._over()
        self._show(preview)
        parts = [f"{word} {preview.total[state]:,} 条" for state, word in _WRITTEN.items() if preview.total[state]]
        left = preview.total["invalid"]
        more = f"还有 {left:,} 行没有导入，在原表里改好再导一次，不会重复。" if left else ""
        self.banner.say(f"{'，'.join(parts)}。{more}", "warn" if left else "ok")
        self.desk.tell_changed({self.kind})
        self.desk.say(f"导入好了：{'，'.join(parts)}。", action="撤销", run=self._undo_from_line(preview.act), key="Ctrl+Z")
        self.look.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo_from_line(self, act: str) -> Callable[[], None]:
        """What 撤销 in the message line does: the page may have been left by then, and another look is not needed."""
        desk, kind = self.desk, self.kind

        def run() -> None:
            if isValid(self):
                self._take_back()
            else:
                desk.ask(desk, _undoing(act), lambda kept: _say_taken_back(desk, kind, kept))

        return run

    def _take_back(self) -> None:
        preview = self.preview
        if preview is None or not preview.act or self._busy:
            return
        self._busy = True
        self._show_buttons()
        self.desk.ask(self, _undoing(preview.act), self._taken_back, failed=self._failed)

    def _taken_back(self, kept: int) -> None:
        self._over()
        _say_taken_back(self.desk, self.kind, kept)
        self._look()

    def _save_template(self) -> None:
        kind = self.kind
        path = ask_where(self, "存一份空白模板", f"{kind_of(kind).label}模板", ".xlsx")

        def save(office: Office, target: Path, _progress: Progress) -> None:
            from fulian_desktop.services.sheets import write_template

            write_template(kind, target, office)

        if path is not None:
            save_with_progress(self, self.desk, self.progress, save, path)

    def may_leave(self) -> bool:
        """Not while rows are being written."""
        if self._writing:
            self.desk.say("正在导入。等导完，或先按“取消”。", "warn")
        return not self._writing

    def _escape(self) -> None:
        if self._busy:
            self.progress.cancel.click()
        else:
            self.desk.back()


def _undoing(act: str) -> Callable[[Office, Progress], int]:
    """The work that takes an import back; it gives how many fields were left because someone changed them since."""

    def work(office: Office, _progress: Progress) -> int:
        from fulian_desktop.services.records import undo_act

        return len(undo_act(office, act)["kept"])

    return work


def _say_taken_back(desk: Desk, kind: str, kept: int) -> None:
    desk.tell_changed({kind})
    desk.say("撤销了这次导入。" + (f"其中 {kept} 处后来改过，没有动。" if kept else ""))

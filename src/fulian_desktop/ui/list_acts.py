"""What is done with the records of a list: deleted, restored, changed in place, copied, exported, many at once.

Rules:

* Everything goes through services, beside the window, and is said in the message line with its way back.
* What leaves the list (copy, export) is what is listed: filtered and sorted as it is seen, masked unless asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from fulian_desktop.domain.texts import closed
from fulian_desktop.services.browsing import Listed, edit_cell, reveal, rows
from fulian_desktop.services.list_output import OutColumn, as_clipboard, columns_out, export_listed
from fulian_desktop.ui.cell_editing import fits_a_line
from fulian_desktop.ui.cells import short_unit
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.columns import Look
from fulian_desktop.ui.kind_list import KindList
from fulian_desktop.ui.problems import sentence_for

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.records import Saved
    from fulian_desktop.services.transferring import Transferred
    from fulian_desktop.ui.desk import Desk
    from fulian_desktop.ui.listing import ListPage

MOST_AT_ONCE = 500
"""So many records are deleted or restored in one act."""

MOST_COPIED = 5_000
PHOTOS = "photos"
"""The cell of the form that every kind has for its pictures."""


class ListActs:
    """What can be done with the list that a page shows.

    Args:
        page: Whose list; its buttons open what is to be chosen.
    """

    def __init__(self, page: ListPage) -> None:
        self.page, self.theme = page, page.theme
        self._last: tuple[str, str] | None = None

    @property
    def desk(self) -> Desk:
        """The desk of the list that is seen."""
        return self.page.desk

    @property
    def shown(self) -> KindList:
        """The list that is seen."""
        return self.page.shown

    def _chosen(self, most: int, verb: str) -> list[int]:
        """The numbers of the chosen records; says so when there are none, or too many."""
        found = self.shown.chosen_numbers(most)
        if len(found) > most:
            self.desk.say(f"一次最多{verb} {most:,} {self.shown.kind.measure_word}。先筛选，或者少选一些。", "warn")
            return []
        if not found:
            self.desk.say("还没有选记录。先在表里选一行。", "info")
        return found

    def delete(self) -> None:
        """Delete the chosen records; the message line takes it back."""
        if self.shown.filters.narrowed.deleted:
            self.desk.say("这里的记录都已经删除。要用回来，按 Ctrl+R 恢复。", "info")
            return
        self._mark(self._chosen(MOST_AT_ONCE, "删除"), "删除")

    def restore(self) -> None:
        """Bring the chosen records back."""
        row = self.shown.current_row()
        if self.shown.filters.narrowed.deleted or (row is not None and row.marks & {"deleted", "delete-marked"}):
            self._mark(self._chosen(MOST_AT_ONCE, "恢复"), "恢复", back=True)
        else:
            self.desk.say("选中的记录没有删除，不用恢复。", "info")

    def _mark(self, numbers: Sequence[int], verb: str, *, back: bool = False) -> None:
        if not numbers:
            return
        one = self.shown

        def work(office: Office, _progress: Progress) -> tuple[str, list[Listed]]:
            from fulian_desktop.services.records import delete_records, restore_records

            found = rows(office, one.kind.code, numbers)
            ids = [row.id for row in found]
            return (restore_records if back else delete_records)(office, ids), found

        def done(answer: tuple[str, list[Listed]]) -> None:
            act, found = answer
            self._last = (act, one.kind.code)
            called = f"“{closed(one.kind.name_of(found[0].flat)[:30])}”"
            if one.kind.cls == "restricted":  # no name of a case in the message line
                called = f"这{one.kind.measure_word}{one.kind.label}"
            name = called if len(found) == 1 else f" {len(found):,} {one.kind.measure_word}"
            one.view.ticking = False
            search = one.filters.search
            search.show_text(search.text())  # typing there lies before this: Ctrl+Z takes this back, wherever the focus went
            self.desk.say(f"已{verb}{name}。", "ok", action="撤销", run=self.undo, key="Ctrl+Z")
            self.desk.tell_changed({one.kind.code})

        self.desk.ask(self.page, work, done)

    def transfer(self) -> None:
        """Choose the unit to which the chosen records go."""
        numbers = self._chosen(MOST_AT_ONCE, "转")
        one = self.shown
        row, units = one.current_row(), one.choices.units if one.choices is not None else {}
        if not numbers or row is None:
            return
        others = [(code, short_unit(name)) for code, name in units.items() if len(numbers) > 1 or code != row.unit]
        others.sort(key=lambda one: one[0] == self.desk.unit)  # seldom the office itself
        chooser = ChoiceList(self.theme, self.page, others, None)
        chooser.picked.connect(lambda to: self._transfer_to(numbers, str(to), short_unit(units[str(to)])))
        chooser.open_under(one.details.more if one.details.more.isVisible() else self.page.many_button)

    def _transfer_to(self, numbers: Sequence[int], to: str, name: str) -> None:
        one = self.shown

        def work(office: Office, progress: Progress) -> Transferred:
            from fulian_desktop.services.transferring import transfer_records

            return transfer_records(office, [row.id for row in rows(office, one.kind.code, numbers)], to, progress=progress)

        def done(found: Transferred) -> None:
            self._last = (found.act, one.kind.code)
            one.view.ticking = False
            count = f"{len(found.records):,} {one.kind.measure_word}"
            self.desk.say(f"已把 {count}转到{name}。", "ok", action="撤销", run=self.undo, key="Ctrl+Z")
            self.desk.tell_changed({one.kind.code})

        self.desk.ask(self.page, work, done)

    def do_many(self) -> None:
        """Choose what is to be done with all chosen records at once."""
        from fulian_desktop.ui.batch import batch_actions

        one = self.shown
        if one.view.chosen_count() < 2 and not one.view.ticking:
            self.desk.say("先选几行：按空格勾选，或者按住 Ctrl 点。选好了再按“批量”。", "info")
            return
        chooser = ChoiceList(self.theme, self.page, batch_actions(one.kind.code, self.desk.unit, self.desk.kinds), None)
        chooser.picked.connect(lambda mode: self._open_batch(str(mode)))
        chooser.open_under(self.page.many_button)

    def _open_batch(self, mode: str) -> None:
        numbers = self._chosen(MOST_AT_ONCE, "办理")
        one = self.shown
        if not numbers:
            return

        def done(found: Sequence[Listed]) -> None:
            from fulian_desktop.ui.batch import open_batch

            open_batch(self.desk, self.page.window(), one.kind.code, [row.id for row in found], mode)

        self.desk.ask(self.page, lambda office, _progress: rows(office, one.kind.code, numbers), done)

    def undo(self) -> None:
        """Take back what was done here last."""
        last, self._last = self._last, None
        if last is None:
            if not self.desk.press("Ctrl+Z"):  # what a form did that led back here
                self.desk.say("这里没有可以撤销的操作。", "info")
            return
        act, kind = last

        def work(office: Office, _progress: Progress) -> dict[str, Any]:
            from fulian_desktop.services.records import undo_act

            return undo_act(office, act)

        def done(undone: dict[str, Any]) -> None:
            kept = len(undone["kept"])
            self.desk.say("已撤销。" if not kept else f"已撤销；有 {kept} 项后来又改过，没有动。", "ok" if not kept else "warn")
            self.desk.tell_changed({kind})

        self.desk.ask(self.page, work, done)

    def edit_here(self) -> None:
        """Type into the current cell; what does not fit into a line is typed in the form."""
        one = self.shown
        index, row = one.view.currentIndex(), one.current_row()
        if row is None or not index.isValid():
            return
        column = one.model.columns[index.column()]
        if "deleted" in row.marks:
            self.page.open_row(index.row())  # says that it is deleted, and offers to bring it back
        elif one.model.is_masked(column, row):
            self.desk.say("这一格现在是隐去的。先在右边的“…”里显示敏感信息，再来改。", "info")
        elif fits_a_line(column.cell):
            one.view.edit_cell(index)
        elif column.cell is not None or column.look is Look.MARKS:
            self.page.open_row(index.row(), column.cell.name if column.cell is not None else PHOTOS)
        else:
            self.desk.say("这一格不能就地改，按回车打开记录来改。", "info")

    def edited(self, place: int, column: int, typed: str) -> None:
        """Save what was typed into a cell; what cannot be read stays in it."""
        one = self.shown
        row, cell = one.model.row_at(place), one.model.columns[column].cell
        if row is None or cell is None:
            return

        def work(office: Office, _progress: Progress) -> Saved:
            return edit_cell(office, row.id, row.unit, cell.name, typed)

        def done(saved: Saved) -> None:
            self._last = (saved.act, one.kind.code) if saved.act else self._last
            problem = next((p.text for p in saved.problems if p.field in cell.flats), "")
            if problem:
                self.desk.say(f"已改。请看一下：{problem}。", "warn", action="撤销", run=self.undo, key="Ctrl+Z")
            elif saved.act:
                self.desk.say("已改。", "ok", action="撤销", run=self.undo, key="Ctrl+Z")
            self.desk.tell_changed({one.kind.code})

        def failed(error: Exception) -> None:
            text = sentence_for(error).text
            if one.model.row_at(place) != row or not one.view.edit_cell(one.model.index(place, column), (typed, text)):
                self.desk.say(text, "error")  # the list was read anew meanwhile: the cell is no longer there

        self.desk.ask(self.page, work, done, failed=failed)

    def reveal(self, shown: bool) -> None:
        """Show or mask a record's sensitive values; showing is noted in the activity log first."""
        one = self.shown
        row = one.current_row()
        if row is None:
            return
        if not shown:
            one.model.revealed.discard(row.id)
            self._show_again(one)
            return

        def done(_noted: None) -> None:
            one.model.revealed.add(row.id)
            self._show_again(one)

        self.desk.ask(self.page, lambda office, _progress: reveal(office, row.id, row.unit), done)

    @staticmethod
    def _show_again(one: KindList) -> None:
        one.view.viewport().update()
        one.show_details()

    # --- what leaves the list --------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the chosen rows on the clipboard, with heads, as WPS takes them."""
        numbers = self._chosen(MOST_COPIED, "复制")
        if not numbers:
            return
        one = self.shown
        columns = [c for c in one.model.columns if c.look is not Look.TICK]
        revealed = frozenset(one.model.revealed)
        text = one.model.text

        def work(office: Office, _progress: Progress) -> tuple[int, str]:
            found = rows(office, one.kind.code, numbers)
            lines = [[c.label for c in columns], *([text(c, row) for c in columns] for row in found)]
            return len(found), as_clipboard(office, lines, [row.id for row in found if row.id in revealed])

        def done(answer: tuple[int, str]) -> None:
            count, copied = answer
            QGuiApplication.clipboard().setText(copied)
            masked = "" if revealed or not any(f.sensitive for f in one.kind.fields) else "，电话等敏感信息已隐去"
            self.desk.say(f"已复制 {count:,} 行{masked}，可以粘贴到 WPS。")

        self.desk.ask(self.page, work, done)

    def export(self) -> None:
        """Ask which columns of what is listed go into an .xlsx, and whether sensitive values are written whole."""
        one = self.shown
        code = one.kind.code

        def done(columns: list[OutColumn]) -> None:
            from fulian_desktop.ui.export_dialog import ExportDialog

            dialog = ExportDialog(self.desk, self.page.window(), one.kind, one.subtitle(), columns)
            dialog.chosen.connect(lambda names, whole: self.export_to(show_sensitive=whole, columns=names))
            dialog.open()

        self.desk.ask(self.page, lambda office, _progress: columns_out(office, code), done)

    def export_to(self, *, show_sensitive: bool, columns: Sequence[str] | None = None) -> None:
        """Ask for a file and write it, with these columns (None: the usual ones)."""
        one = self.shown
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        usual = Path(folder) / f"{one.kind.label}名册 {self.desk.today():%Y-%m-%d}.xlsx"
        name, _chosen = QFileDialog.getSaveFileName(self.page, f"导出{one.kind.label}", str(usual), "Excel 表格 (*.xlsx)")
        if not name:
            return
        path = Path(name) if name.lower().endswith(".xlsx") else Path(f"{name}.xlsx")
        query = one.reader.query

        def work(office: Office, progress: Progress) -> dict[str, Any]:
            return export_listed(office, query, path, show_sensitive=show_sensitive, columns=columns, progress=progress)

        def done(told: dict[str, Any]) -> None:
            self.page.progress.end()
            self.desk.say(f"已导出 {told['rows']:,} {one.kind.measure_word}，在“{path.name}”里。")

        def failed(error: Exception) -> None:
            self.page.progress.end()
            self.desk.say(sentence_for(error).text, "error")

        def cancelled() -> None:
            self.page.progress.end()
            self.desk.say("没有导出，原来的文件没有动。", "info")

        self.page.progress.watch(self.desk.ask(
            self.page, work, done, failed=failed, progressed=self.page.progress.report, cancelled=cancelled
        ))

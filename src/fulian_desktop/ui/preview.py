"""How a paper will look: its pages, printing, saving as PDF or Excel.

Rules:

* The paper is made here, so that what stands in its way (a character that no typeface has) is said before printing.
* Nothing is fitted or scaled on the way to the printer: what is seen is what comes out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from fulian_desktop.errors import MachineProblem
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import IconButton, KeyButton
from fulian_desktop.ui.cards import Banner, EmptyState, ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.page_images import PageImages
from fulian_desktop.ui.page_list import PageList
from fulian_desktop.ui.paper_view import PaperView
from fulian_desktop.ui.printout import Printout, choose_printer, chosen_pages
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.saving import ask_where, save_with_progress, say_saved
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.unprintable_pane import UnprintablePane
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.papers import Made
    from fulian_desktop.services.unprintable import Culprit, Unprintable

LIST_WIDTH = 164
ROOMY, NARROW = 960, 760
"""Pixels at 100 % from which the paper is described in full, and from which small pages stand beside it."""

_SIZES = {(210, 297): "A4", (297, 420): "A3", (185, 260): "16 开"}


class PreviewPage(Page):
    """Pages small at the left, large at the right; printing and saving in the header."""

    keys = (
        Key("Ctrl+P", "打印"), Key("Ctrl+S", "存为 PDF"), Key("Ctrl+＋", "放大"), Key("Ctrl+－", "缩小"),
        Key("Ctrl+0", "看整页"), Key("Ctrl+1", "适合宽度"), Key("PgUp PgDn", "上一页、下一页"),
        Key("Home End", "第一页、最后一页"),
    )
    help_text = "这里看到的就是打印出来的样子，按原大小打印，不会缩放。先看看名字和日期对不对，再打印，或存为 PDF 拷走。"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "打印预览", back=True)
        self.made: Made | None = None
        self.images: PageImages | None = None
        self._printout: Printout | None = None
        self._file = ""
        self._excel: Callable[[Office, Path, Progress], None] | None = None
        self._unprintable: Unprintable | None = None
        theme = self.theme
        self.excel = KeyButton(theme, "存为 Excel", "Ctrl+E", icon="table")
        self.save = KeyButton(theme, "存为 PDF", "Ctrl+S", icon="export")
        self.print = KeyButton(theme, "打印", "Ctrl+P", primary=True, icon="print")
        for button in (self.excel, self.save, self.print):
            self.buttons.addWidget(button)
            button.setEnabled(False)
        self.excel.hide()
        self.banner = Banner(theme)
        self.progress = ProgressPane(theme, on_cancel=self._stop_printing)
        self.list = PageList(theme)
        self.paper = PaperView(theme)
        self._build()
        self._connect()

    def _build(self) -> None:
        px = self.theme.px
        self.side = _card()
        self.side.setFixedWidth(px(LIST_WIDTH))
        inside = QVBoxLayout(self.side)
        inside.setContentsMargins(px(4), px(8), px(4), px(8))
        set_role(self.list, "bare")
        self.list.setStyleSheet("QListView { background: transparent; border: none; }")
        inside.addWidget(self.list)
        self.room = room = _card()
        inside = QVBoxLayout(room)
        inside.setContentsMargins(1, 0, 1, px(8))
        inside.setSpacing(0)
        inside.addWidget(self._tools())
        inside.addWidget(self.paper, 1)
        panes = QHBoxLayout()
        panes.setSpacing(px(t.CARD_GAP))
        panes.addWidget(self.side)
        panes.addWidget(room, 1)
        self.body.addWidget(self.banner)
        self.body.addWidget(self.progress)
        again = KeyButton(self.theme, "返回", "Esc", icon="arrow-left")
        again.clicked.connect(self.desk.back)
        self.nothing = EmptyState(self.theme, "document", "这份还预览不了。改好以后，再来预览。", again)
        self.unprintable = UnprintablePane(self.theme)
        self.unprintable.back_button.clicked.connect(self.desk.back)
        self.unprintable.opened.connect(self._open_record)
        self.unprintable.spelled.connect(self._make_spelled)
        for instead in (self.nothing, self.unprintable):
            panes.addWidget(instead, 1)
            instead.hide()
        self.body.addLayout(panes, 1)

    def _tools(self) -> QWidget:
        theme, px = self.theme, self.theme.px
        bar = QWidget()
        bar.setFixedHeight(px(44))
        self.smaller, self.larger = IconButton(theme, "zoom-out", "缩小"), IconButton(theme, "zoom-in", "放大")
        self.whole, self.wide = KeyButton(theme, "整页", style="ghost"), KeyButton(theme, "适合宽度", style="ghost")
        self.before, self.after = IconButton(theme, "chevron-left", "上一页"), IconButton(theme, "chevron-right", "下一页")
        self.zoom, self.number, self.size_words = plain_label(role="label"), plain_label(role="label"), plain_label(role="hint")
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom.setMinimumWidth(px(72))
        self.size_words.setFont(theme.font(t.HINT))
        self.size_words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.size_words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout(bar)
        line.setContentsMargins(px(12), 0, px(14), 0)
        line.setSpacing(px(4))
        for widget in (self.smaller, self.zoom, self.larger, self.whole, self.wide):
            line.addWidget(widget)
        line.addStretch(1)
        for widget in (self.before, self.number, self.after):
            line.addWidget(widget)
        line.addWidget(self.size_words, 2)
        return bar

    def _connect(self) -> None:
        self.paper.zoomed.connect(self.zoom.setText)
        self.paper.page_changed.connect(self._page_changed)
        self.list.chosen.connect(self.paper.go_to)
        for button, run in (
            (self.smaller, lambda: self.paper.zoom_by(-1)), (self.larger, lambda: self.paper.zoom_by(1)),
            (self.whole, self.paper.fit_page), (self.wide, self.paper.fit_width),
            (self.before, lambda: self.paper.go_to(self.paper.page - 1)),
            (self.after, lambda: self.paper.go_to(self.paper.page + 1)),
            (self.save, self._save), (self.print, self._print), (self.excel, self._save_excel),
        ):
            button.clicked.connect(run)
        for key, run in (
            ("Ctrl+P", self.print.click), ("Ctrl+S", self.save.click), ("Ctrl+E", self.excel.click),
            ("Ctrl++", self.larger.click), ("Ctrl+=", self.larger.click), ("Ctrl+-", self.smaller.click),
            ("Ctrl+0", self.whole.click), ("Ctrl+1", self.wide.click), ("Esc", self._escape),
        ):
            self.on_key(key, run)

    # --- what is shown ---

    def opened(self, about: Mapping[str, Any]) -> None:
        """Show a paper.

        ``about`` has ``title``, ``subtitle`` and ``file``, the name to save under; ``pdf``, the path of a file, or
        ``make``, a function of office and progress that returns a ``services.papers.Made``; and perhaps ``excel``, a
        function of office, path and progress.
        """
        self.title.setText(str(about.get("title") or "打印预览"))
        self.subtitle.setText(str(about.get("subtitle") or ""))
        self._file = str(about.get("file") or self.title.text())
        self._excel = about.get("excel")
        self.excel.setVisible(self._excel is not None)
        self.banner.say("")
        make, path = about.get("make"), about.get("pdf")

        def work(office: Office, progress: Progress) -> Made:
            from fulian_desktop.services.papers import open_pdf

            if make is not None:
                made: Made = make(office, progress)
                return made
            return open_pdf(Path(str(path)))

        self._make(work)

    def _make(self, work: Callable[[Office, Progress], Made]) -> None:
        job = self.desk.ask(
            self, work, self._show, failed=self._not_made, progressed=self.progress.report, cancelled=self.desk.back
        )
        self.progress.watch(job)

    def _show(self, made: Made) -> None:
        self.progress.end()
        self.made = made
        if made.changed:
            self.desk.tell_changed(made.changed)
        self.images = PageImages(self.desk, made.pdf, made.sizes, self)
        self.images.failed.connect(self._not_made)
        self.nothing.hide()
        self.unprintable.hide()
        self.room.show()
        self.side.setVisible(self._has_side())
        self.paper.show_images(self.images)
        self.list.show_images(self.images)
        self._page_changed(0)
        for button in (self.excel, self.save, self.print):
            button.setEnabled(True)
        if made.warnings:
            self.banner.say("\n".join(made.warnings), "warn")
        elif made.names is not None:
            self.banner.say(f"{made.names:,} {made.unit}都在上面，名字都能印出来。", "ok")

    def _not_made(self, error: Exception) -> None:
        from fulian_desktop.services.unprintable import Unprintable

        self.progress.end()
        self.side.hide()
        self.room.hide()
        self._unprintable = error if isinstance(error, Unprintable) else None
        self.nothing.setVisible(self._unprintable is None)
        self.unprintable.setVisible(self._unprintable is not None)
        if self._unprintable is not None:
            self.unprintable.show_error(self._unprintable)
            self.banner.say("还没有打印，有的字字库里没有。下一步：看下面是哪几处。", "warn")
            self.unprintable.first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.banner.say(sentence_for(error).text, "error")
        for button in (self.excel, self.save, self.print):
            button.setEnabled(False)

    def _make_spelled(self) -> None:
        """Make the same paper with what cannot be printed put into words."""
        error = self._unprintable
        if error is None or error.spelled is None:
            return
        write = error.spelled

        def work(_office: Office, _progress: Progress) -> Made:
            from fulian_desktop.services.papers import in_memory

            return in_memory(write)

        self.banner.say("")
        self._make(work)

    def _open_record(self, one: Culprit) -> None:
        from fulian_desktop.domain.kinds import kind_of

        self.desk.go("form", {"nav": kind_of(one.kind).nav, "kind": one.kind, "record": one.record, "unit": one.unit})

    def _page_changed(self, page: int) -> None:
        if self.made is None:
            return
        count = len(self.made.sizes)
        self.number.setText(f"第 {page + 1} 页，共 {count} 页")
        self.paper.setAccessibleDescription(self.number.text())
        self.before.setEnabled(page > 0)
        self.after.setEnabled(page + 1 < count)
        self.list.mark(page)
        self._show_size()

    def _show_size(self) -> None:
        """Which paper, and where there is room, that it is shown as it comes out."""
        if self.made is not None:
            name = paper_name(self.made.sizes[self.paper.page])
            roomy = self.width() / self.theme.scale >= ROOMY
            self.size_words.setText(f"{name} · 按实际印出来的样子" if roomy else name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window says less, and shows no small pages."""
        super().resizeEvent(event)
        self._show_size()
        self.side.setVisible(self._has_side())

    def _has_side(self) -> bool:
        roomy = self.width() / self.theme.scale >= NARROW
        return roomy and self.room.isVisibleTo(self) and self.made is not None and len(self.made.sizes) > 1

    def first_focus(self) -> QWidget:
        """PgUp and PgDn work at once."""
        return self.paper

    def showEvent(self, event: QShowEvent) -> None:
        """Small pictures are asked for once it is known which are in sight."""
        super().showEvent(event)
        self.list.ask()

    def may_leave(self) -> bool:
        """Not while it is printing."""
        if self._printout is not None:
            self.desk.say("正在打印。等打完，或先按“取消”。", "warn")
            return False
        if self.images is not None:
            self.images.rest()
        return True

    def _escape(self) -> None:
        if self._printout is not None or self.progress.isVisible():
            self.progress.cancel.click()
        else:
            self.desk.back()

    # --- printing ---

    def _print(self) -> None:
        made = self.made
        if made is None or self._printout is not None:
            return
        try:
            printer = choose_printer(self, self.title.text(), made.sizes[self.paper.page], len(made.sizes))
        except MachineProblem as error:
            self.desk.problem(error)
            return
        if printer is None:
            return
        pages = chosen_pages(printer, len(made.sizes))
        if not pages:
            self.desk.say("选的页数里没有一页。下一步：再按“打印”，看看页码。", "warn")
            return
        self._printout = Printout(self.desk, made.pdf, made.sizes, printer, pages, self)
        self._printout.progressed.connect(self.progress.report)
        self._printout.ended.connect(self._printed)
        self._printout.failed.connect(self._not_printed)
        self.print.setEnabled(False)
        job = self._printout.start()
        if job is not None:
            self.progress.watch(job)

    def _stop_printing(self) -> None:
        if self._printout is not None:
            self._printout.stop()

    def _printed(self, sheets: int, stopped: bool) -> None:
        self._print_over()
        if stopped:
            self.desk.say(f"停下了，前面 {sheets} 张已经送到打印机。", "warn")
        else:
            self.desk.say(f"{sheets} 张都送到打印机了。")

    def _not_printed(self, error: Exception) -> None:
        self._print_over()
        self.desk.problem(error)

    def _print_over(self) -> None:
        self.progress.end()
        self.print.setEnabled(True)
        if self._printout is not None:
            self._printout.deleteLater()
            self._printout = None

    # --- saving ---

    def _save(self) -> None:
        made = self.made
        path = None if made is None else ask_where(self, "存为 PDF", self._file, ".pdf")
        if made is None or path is None:
            return
        pdf = made.pdf

        def work(_office: Office, _progress: Progress) -> None:
            from fulian_desktop.services.papers import save_pdf

            save_pdf(pdf, path)

        self.desk.ask(self, work, lambda _: say_saved(self.desk, path))

    def _save_excel(self) -> None:
        excel = self._excel
        path = None if excel is None else ask_where(self, "存为 Excel", self._file, ".xlsx")
        if excel is None or path is None:
            return
        save_with_progress(self, self.desk, self.progress, excel, path)


def _card() -> QFrame:
    card = QFrame()
    set_role(card, "card")
    return card


def paper_name(size: tuple[float, float]) -> str:
    """What paper of this size in points is called: ``A4 横``."""
    width, height = (round(side / 72 * 25.4) for side in size)
    name = _SIZES.get((min(width, height), max(width, height)))
    return f"{name} {'横' if width > height else '竖'}" if name else f"{width}×{height} 毫米"

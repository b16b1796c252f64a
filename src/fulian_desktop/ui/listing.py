"""The list page of a navigation item: one list a kind, chosen from above; it leads to records, sheets and paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.domain.kind import Kind
from fulian_desktop.services.list_output import export_listed, paper_of
from fulian_desktop.ui.buttons import Chip, IconButton, KeyButton
from fulian_desktop.ui.cards import ProgressPane
from fulian_desktop.ui.choice_list import ChoiceList
from fulian_desktop.ui.columns import Look
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form_walk import Walk
from fulian_desktop.ui.kind_list import KindList, narrowed_by
from fulian_desktop.ui.list_acts import ListActs
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.places import NAV, kinds_under, place_of

if TYPE_CHECKING:
    from fulian_desktop.ui.room import RoomStrip

LEAST_WORDY = 900
"""Effective width under which the buttons of the header have no words."""


class ListPage(Page):
    """The lists of the kinds that stand under one item of the navigation."""

    keys = (
        Key("Ctrl+N", "登记一条"), Key("回车", "打开这一行"), Key("空格", "勾选这一行"), Key("F2", "改这一格"),
        Key("Del", "删除选中的行"), Key("Ctrl+Z", "撤销刚才的操作"), Key("Ctrl+C", "复制选中的行，可以粘贴到 WPS"),
        Key("Ctrl+V", "把 WPS 里复制的表格粘贴进来"), Key("Ctrl+A", "全选"), Key("Ctrl+B", "选中的行一起办"),
        Key("Alt+↑ Alt+↓", "按这一列排序"),
        Key("Home End", "第一行、最后一行"), Key("F4", "打开或收起右边的详情"), Key("Ctrl+E", "导出表格"),
        Key("Ctrl+P", "打印名册"), Key("Ctrl+R", "恢复已删除的行"),
    )
    help_text = (
        "这里列出全部记录。上面可以打字查找，也可以点年份、单位、类别来筛选；点列名排序。"
        "选一行，右边就显示详情，按回车打开。要登记新的，按 Ctrl+N；已有表格的，在 WPS 里复制，到这里按 Ctrl+V。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "")
        self._outside = desk
        self.nav = ""
        self.lists: dict[str, KindList] = {}
        self.acts = ListActs(self)
        self._went_on = False
        self._walk: Walk | None = None
        self._about: dict[str, Any] = {}
        self.stack = QStackedWidget()
        self.tabs = QWidget()
        self._tab_line = QHBoxLayout(self.tabs)
        self._tab_line.setContentsMargins(0, 0, 0, 0)
        self._tab_line.setSpacing(self.theme.px(8))
        self._group = QButtonGroup(self)
        self.chips: dict[str, Chip] = {}
        self.strip: RoomStrip | None = None
        self._above = QVBoxLayout()
        self.progress = ProgressPane(self.theme)
        self._make_buttons()
        self.body.addWidget(self.tabs)
        self.body.addLayout(self._above)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.stack, 1)
        for key, run in (
            ("Ctrl+N", self.begin), ("Ctrl+V", self.paste), ("Ctrl+C", self.acts.copy), ("Ctrl+Z", self.acts.undo),
            ("F2", self.acts.edit_here), ("F4", self._toggle_pane), ("Ctrl+R", self.acts.restore), ("Ctrl+E", self.acts.export),
            ("Ctrl+P", self.to_paper), ("Ctrl+B", self.acts.do_many),
        ):
            self.on_key(key, run)

    def _make_buttons(self) -> None:
        theme = self.theme
        self.columns_button = IconButton(theme, "columns", "选要显示的列")
        self.pane_button = IconButton(theme, "pane", "打开或收起详情 F4")
        self.many_button = KeyButton(theme, "批量", icon="assessment")
        self.paste_button = KeyButton(theme, "粘贴表格", icon="paste")
        self.export_button = KeyButton(theme, "导出", icon="export")
        self.print_button = KeyButton(theme, "打印", icon="print")
        self.new_button = KeyButton(theme, "登记", "Ctrl+N", primary=True, icon="plus")
        for button, run in (
            (self.pane_button, self._toggle_pane), (self.columns_button, self.choose_columns),
            (self.many_button, self.acts.do_many), (self.paste_button, self.paste), (self.export_button, self.acts.export),
            (self.print_button, self.to_paper), (self.new_button, self.begin),
        ):
            self.buttons.addWidget(button)
            button.clicked.connect(lambda _checked=False, run=run: run())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the buttons show their icons only."""
        super().resizeEvent(event)
        narrow = self.width() / self.theme.scale < LEAST_WORDY
        for button, word in (
            (self.many_button, "批量"), (self.paste_button, "粘贴表格"), (self.export_button, "导出"),
            (self.print_button, "打印"),
        ):
            button.setText("" if narrow else word)
            button.setAccessibleName(word)
            button.setToolTip(word if narrow else "")

    # --- what the shell asks ---------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Show the list of a kind.

        ``about`` has ``nav`` and perhaps ``kind``, and what the list is to be narrowed to: ``search``, ``year``, ``unit``,
        ``equal`` (flat name → code), ``flag`` (``incomplete``, ``conflict``) or one of these as true, ``stage``, ``deleted``.
        Who comes back from a page that this one led to finds the list as it was left, at the record gone to from there.
        """
        if not self.nav:
            self._take_nav(str(about.get("nav") or ""))
        comes_back = self._went_on and about == self._about
        self._went_on, self._about = False, dict(about)
        walk, self._walk = self._walk, None
        code = str(about.get("kind") or "")
        shown = self.shown.kind.code if self.stack.count() else ""
        kind = next((k for k in self.kinds if k.code in (code or shown,)), self.kinds[0])
        self._show(kind)
        if comes_back and walk is not None and walk.kind == kind.code:
            self.shown.go_to_number(walk.number)
        self.shown.open(None if comes_back else narrowed_by(kind, about), str(about.get("search") or ""))

    def _take_nav(self, nav: str) -> None:
        self.nav = nav
        self.title.setText(next((item.label for item in NAV if item.code == nav), ""))
        for kind in kinds_under(nav, room=True):
            chip = Chip(self.theme, kind.label)
            chip.clicked.connect(lambda _on=False, kind=kind: self._choose(kind))
            self._group.addButton(chip)
            self._tab_line.addWidget(chip)
            self.chips[kind.code] = chip
        self._tab_line.addStretch(1)
        self.tabs.setVisible(len(self.chips) > 1)

    def _choose(self, kind: Kind) -> None:
        if kind in self.kinds:
            self.opened({"kind": kind.code})
        else:  # behind a closed door
            self._outside.go("list", {"nav": self.nav, "kind": kind.code})

    def refresh(self, kinds: frozenset[str]) -> None:
        """Read again the list that is seen; the others when they are shown next."""
        if self.strip is not None:
            self.strip.read()
        for code, one in list(self.lists.items()):
            if one.kind is not self._outside.kinds.find(code):
                self._make_anew(one)
            elif not kinds or code in kinds:
                if self.isVisible() and one is self.shown:
                    one.refresh()
                else:
                    one.stale = True

    def first_focus(self) -> QWidget:
        """The table, or what stands in its place."""
        return self.shown.where_to_begin()

    def search_box(self) -> QWidget | None:
        """The search box of the list that is seen."""
        return self.shown.filters.search

    @property
    def kinds(self) -> list[Kind]:
        """The kinds that stand under this item; those of the rights room while it is open."""
        return kinds_under(self.nav, room=self._outside.room is not None, kinds=self._outside.kinds)

    @property
    def shown(self) -> KindList:
        """The list that is seen."""
        shown = self.stack.currentWidget()
        assert isinstance(shown, KindList)  # noqa: S101 - nothing else is put there
        return shown

    def _show(self, kind: Kind) -> None:
        inside = self._outside.room if kind.cls == "restricted" else None
        self.desk = inside or self._outside
        self._show_strip(inside)
        found = self.lists.get(kind.code)
        if found is None:
            found = self.lists[kind.code] = KindList(self.desk, kind)
            self._connect(found)
            self.stack.addWidget(found)
        self.stack.setCurrentWidget(found)
        self.chips[kind.code].setChecked(True)
        for chip in self.chips.values():
            chip.updateGeometry()
        self.new_button.setText(kind.verb)
        self._show_count()

    def _show_strip(self, inside: Desk | None) -> None:
        """Over a list of the rights room stands that it is open, what is due there, and how it is locked."""
        if inside is not None and self.strip is None:
            from fulian_desktop.ui.room import RoomStrip

            self.strip = RoomStrip(inside, self.nav)
            self._above.addWidget(self.strip)
        if self.strip is not None:
            self.strip.setVisible(inside is not None)
            self.strip.read()

    def _make_anew(self, old: KindList) -> None:
        """Another list in the place of one whose kind has other fields or codes now; narrowed as that was."""
        del self.lists[old.kind.code]
        kind = next((k for k in self.kinds if k.code == old.kind.code), None)
        if old is self.stack.currentWidget() and kind is not None:
            had_focus = self.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
            self._show(kind)
            self.shown.open(old.filters.narrowed, old.filters.search.text())
            if had_focus:
                self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self.stack.removeWidget(old)
        old.deleteLater()

    def _connect(self, one: KindList) -> None:
        one.counted.connect(self._show_count)
        one.new_asked.connect(self.begin)
        one.view.opened.connect(self.open_row)
        one.view.delete_asked.connect(self.acts.delete)
        one.view.edited.connect(self.acts.edited)
        one.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        one.view.customContextMenuRequested.connect(self._open_menu)
        pane = one.details
        pane.open_asked.connect(lambda: self.open_row(one.view.currentIndex().row()))
        pane.edit_asked.connect(lambda: self.open_row(one.view.currentIndex().row(), edit=True))
        pane.reveal_asked.connect(self.acts.reveal)
        pane.delete_asked.connect(self.acts.delete)
        pane.restore_asked.connect(self.acts.restore)
        pane.copy_asked.connect(self.acts.copy)
        pane.transfer_asked.connect(self.acts.transfer)
        pane.conflicts_asked.connect(self._go_to_conflicts)

    def _show_count(self) -> None:
        self.subtitle.setText(self.shown.subtitle())

    # --- going on to other pages -----------------------------------------------------------------------------

    def _go(self, place: str, about: dict[str, Any]) -> None:
        self._went_on = True
        self.desk.go(place, {"nav": self.nav, **about})

    def begin(self) -> None:
        """Enter a new record, of the unit that is filtered by."""
        one = self.shown
        self._go("form", {"kind": one.kind.code, "record": None, "unit": one.filters.narrowed.unit})

    def open_row(self, row: int, field: str = "", *, edit: bool = False) -> None:
        """Open a record: in its page, or in the form to change it, at the field whose cell is named."""
        found = self.shown.model.row_at(row)
        if found is not None and "deleted" in found.marks:
            self.desk.say("这条已经删除。要改它，先恢复。", "info", action="恢复", run=self.acts.restore, key="Ctrl+R")
        elif found is not None:
            at = {"field": field} if field else {}
            walk = self._walk = Walk.around(found.kind, row, self.shown.model.numbers)
            place = "form" if edit or field else place_of(found.kind)
            self._go(place, {"kind": found.kind, "record": found.id, "unit": found.unit, "walk": walk, **at})

    def paste(self) -> None:
        """Take the table that was copied in WPS."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._go("sheet", {"kind": self.shown.kind.code, "text": text})
        else:
            self.desk.say("还没有复制表格。先在 WPS 里选中要用的行和表头，按 Ctrl+C，再来这里按 Ctrl+V。", "info")

    def to_paper(self) -> None:
        """Look at the list as a roster on paper."""
        one = self.shown
        query, kind = one.reader.query, one.kind
        self._go("preview", {
            "title": f"{kind.label}花名册", "subtitle": one.subtitle(), "file": f"{kind.label}花名册",
            "make": lambda office, progress: paper_of(office, query, progress),
            "excel": lambda office, path, progress: export_listed(office, query, path, show_sensitive=False, progress=progress),
        })

    def _open_menu(self, at: QPoint) -> None:
        """What can be done with the row under the mouse; it becomes the current one unless it is among the chosen."""
        one = self.shown
        place = one.view.rowAt(at.y())
        if place >= 0 and not one.view.is_chosen(place):
            one.view.go_to(place)
        row = one.current_row()
        if row is not None:
            menu = one.details.menu(row, revealed=row.id in one.model.revealed)
            menu.popup(one.view.viewport().mapToGlobal(at))

    def _go_to_conflicts(self) -> None:
        row = self.shown.current_row()
        if row is not None:
            self._go("conflicts", {"record": row.id})

    def _toggle_pane(self) -> None:
        self.shown.toggle_pane()

    # --- columns ---------------------------------------------------------------------------------------------

    def choose_columns(self) -> None:
        """Choose what the table shows."""
        one = self.shown
        own = [c for c in one.columns if not c.title and c.look not in (Look.TICK, Look.MARKS)]
        options = [(c.name, c.label) for c in own]
        shown = {c.name for c in one.model.columns}
        chooser = ChoiceList(self.theme, self, options, frozenset(c.name for c in own if c.name in shown), many=True)
        chooser.picked.connect(one.choose_columns)
        chooser.open_under(self.columns_button)

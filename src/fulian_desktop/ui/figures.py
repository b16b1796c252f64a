"""年度统计: the figures of a year on the screen, last year's beside them; each leads to the list of its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import EmptyState
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.figure_table import FigureTable
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.theme import set_role
from fulian_desktop.ui.widgets import ChoiceBox

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

YEARS = 10


class FiguresPage(Page):
    """The figures of a year, line by line."""

    keys = (Key("↑ ↓", "看别的数"), Key("回车", "看这个数的记录"))
    help_text = (
        "这里是全年各项工作的数，去年的数在旁边。\n选中一个数按回车，就打开它背后的记录；右上角可以换年度。\n"
        "要打印或存成 Excel，回“报表与打印”选“年度工作统计表”。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "年度统计", back=True)
        theme, px = self.theme, self.theme.px
        self._unit = ""
        self.year = ChoiceBox(theme)
        self.year.setAccessibleName("年度")
        self.year.setFixedWidth(px(120))
        this = desk.today().year
        for number in range(this, this - YEARS, -1):
            self.year.addItem(f"{number} 年", number)
        self.open_records = KeyButton(theme, "看记录", "回车", primary=True)
        self.buttons.addWidget(self.year)
        self.buttons.addWidget(self.open_records)
        self.table = FigureTable(theme)
        self.table.opened.connect(self._open)
        self.year.entered.connect(self.table.setFocus)
        self.open_records.clicked.connect(lambda: self._open(self.table.currentIndex().row()))
        card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(1, 1, 1, 1)
        self._bodies = QStackedWidget()
        self._bodies.addWidget(self.table)
        self._bodies.addWidget(EmptyState(theme, "assessment", "这一年和上一年都还没有登记记录。下一步：换一个年度，或先登记。"))
        inside.addWidget(self._bodies)
        self.body.addWidget(card, 1)
        self.year.currentIndexChanged.connect(lambda _place: self._read())

    def opened(self, about: Mapping[str, Any]) -> None:
        """Show a year (``year``), perhaps of one unit (``unit``)."""
        self._unit = str(about.get("unit") or "")
        place = self.year.findData(about.get("year"))
        if place >= 0 and place != self.year.currentIndex():
            self.year.setCurrentIndex(place)  # which reads
        else:
            self._read()

    def refresh(self, _kinds: frozenset[str]) -> None:
        """Other records, other figures."""
        self._read()

    def first_focus(self) -> QWidget:
        """The table."""
        return self.table

    def _read(self) -> None:
        year, unit = int(self.year.currentData()), self._unit

        def work(office: Office, _progress: Progress) -> dict[str, Any]:
            from fulian_desktop.services.yearly import yearly_values

            return yearly_values(office, year, unit=unit or None)

        self.desk.ask(self, work, self._show)

    def _show(self, found: dict[str, Any]) -> None:
        row = self.table.currentIndex().row()
        lines = [line for line in found["lines"] if line["kind"] or line["share"]]
        self.table.figures.show_lines(found["year"], lines)
        self.subtitle.setText(f"{found['unit_name']}・{len(lines)} 项")
        self._bodies.setCurrentIndex(0 if lines else 1)
        self.open_records.setEnabled(bool(lines))
        if lines:
            self.table.selectRow(min(max(row, 0), len(lines) - 1))

    def _open(self, row: int) -> None:
        """Go to the list of the records behind a line."""
        from fulian_desktop.services.indicators import Behind, kind_behind

        if not 0 <= row < self.table.figures.rowCount():
            return
        line = self.table.figures.lines[row]
        if not line["records"]:
            self.desk.say("这一年没有这样的记录。", "info")
            return
        kind = kind_of(kind_behind(line["indicator"]))
        figure = Behind(line["indicator"], int(self.year.currentData()), self._unit, line["category"])
        self.desk.go("list", {"nav": kind.nav, "kind": kind.code, "behind": figure})

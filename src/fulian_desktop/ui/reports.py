"""What can be put on paper: choose it, say what it needs, look at it, print or save.

Rules:

* The list comes from the services; the options are those that a paper says it needs.
* What was chosen stays while the program runs, so that the same paper can be made again after a correction.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.paper_list import PaperList
from fulian_desktop.ui.saving import ask_where, save_with_progress
from fulian_desktop.ui.theme import set_role, set_state
from fulian_desktop.ui.widgets import ChoiceBox, ProblemLine, plain_label, scrolled

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.papers import Choices, Paper, Wanted

OPTIONS_WIDTH, NARROW_OPTIONS = 380, 330

DATE_HINT = "今天；可以写 3.8、昨天"


class ReportsPage(Page):
    """The papers at the left, the options of the chosen one at the right."""

    keys = (
        Key("↑ ↓", "换一样"), Key("回车", "到右边选；在右边是预览"), Key("Ctrl+P", "预览和打印"), Key("Ctrl+S", "存为 PDF"),
        Key("Ctrl+E", "存为 Excel"), Key("Ctrl+W", "存为 Word"), Key("Ctrl+G", "看数字和记录"),
    )
    help_text = "左边选要打印什么，右边选年度、日期、纸张，然后按“预览”。看好了再打印，或存为 PDF、Excel、Word 拷走。"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "报表与打印")
        from fulian_desktop.services.papers import papers

        theme, px = self.theme, self.theme.px
        self.subtitle.setText("选一样，看好了再打印")
        self.list = PaperList(theme, papers())
        self.options = Options(desk)
        self.progress = ProgressPane(theme)
        left = QFrame()
        set_role(left, "card")
        inside = QVBoxLayout(left)
        inside.setContentsMargins(px(6), px(8), px(6), px(8))
        inside.addWidget(self.list)
        panes = QHBoxLayout()
        panes.setSpacing(px(t.CARD_GAP))
        panes.addWidget(left, 1)
        panes.addWidget(self.options)
        self.body.addWidget(self.progress)
        self.body.addLayout(panes, 1)
        self.list.chosen.connect(self._choose)
        self.list.entered_row.connect(self.options.begin)
        self.options.preview.clicked.connect(self._preview)
        self.options.pdf.clicked.connect(self._save_pdf)
        self.options.excel.clicked.connect(self._save_excel)
        self.options.word.clicked.connect(self._save_word)
        self.options.figures.clicked.connect(self._show_figures)
        self.options.entered.connect(self.options.preview.click)
        for key, button in (
            ("Ctrl+P", self.options.preview), ("Ctrl+S", self.options.pdf), ("Ctrl+E", self.options.excel),
            ("Ctrl+W", self.options.word), ("Ctrl+G", self.options.figures),
        ):
            self.on_key(key, button.click)
        self.on_key("Esc", self._escape)
        self.list.begin()

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read what can be chosen; ``about`` may name a ``paper`` by its code and a ``campaign`` by its id."""
        self._read(str(about.get("campaign") or ""))
        if about.get("paper"):
            self.list.choose(str(about["paper"]))

    def refresh(self, _kinds: frozenset[str]) -> None:
        """A further campaign may be there, and other counts."""
        self._read("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The options are narrower where there is less room."""
        super().resizeEvent(event)
        room = self.width() / self.theme.scale
        self.options.setFixedWidth(self.theme.px(OPTIONS_WIDTH if room > 860 else NARROW_OPTIONS))

    def first_focus(self) -> QWidget:
        """The arrows choose at once."""
        return self.list

    def _read(self, campaign: str) -> None:
        def work(office: Office, _progress: Progress) -> Choices:
            from fulian_desktop.services.papers import choices

            return choices(office)

        self.desk.ask(self, work, lambda found: self._show(found, campaign))

    def _show(self, found: Choices, campaign: str) -> None:
        self.list.show_counts(found.counts)
        self.options.show_choices(found, campaign)

    def _choose(self, paper: Paper) -> None:
        self.options.show_paper(paper)

    def _escape(self) -> None:
        if self.progress.isVisible():
            self.progress.cancel.click()
        else:
            self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- what is done with it ---

    def _preview(self) -> None:
        paper, wanted = self.options.paper, self.options.wanted()
        if paper is None or wanted is None:
            return
        about: dict[str, Any] = {
            "nav": "reports", "title": paper.label, "subtitle": self.options.choice_words(), "file": self.options.file_words(),
            "make": partial(_make, paper.code, wanted),
        }
        if paper.excel:
            about["excel"] = partial(_excel, paper.code, wanted)
        self.desk.go("preview", about)

    def _save_pdf(self) -> None:
        paper, wanted = self.options.paper, self.options.wanted()
        path = None if paper is None or wanted is None else ask_where(self, "存为 PDF", self.options.file_words(), ".pdf")
        if paper is not None and wanted is not None and path is not None:
            save_with_progress(self, self.desk, self.progress, partial(_pdf, paper.code, wanted), path)

    def _save_excel(self) -> None:
        paper, wanted = self.options.paper, self.options.wanted()
        if paper is None or wanted is None or not paper.excel:
            return
        path = ask_where(self, "存为 Excel", self.options.file_words(), ".xlsx")
        if path is not None:
            save_with_progress(self, self.desk, self.progress, partial(_excel, paper.code, wanted), path)


    def _show_figures(self) -> None:
        paper, wanted = self.options.paper, self.options.wanted()
        if paper is not None and wanted is not None and paper.page:
            self.desk.go(paper.page, {"nav": "reports", "year": wanted.year or self.desk.today().year, "unit": wanted.unit})

    def _save_word(self) -> None:
        paper, wanted = self.options.paper, self.options.wanted()
        if paper is None or wanted is None or not paper.word:
            return
        path = ask_where(self, "存为 Word", self.options.file_words(), ".docx")
        if path is not None:
            save_with_progress(self, self.desk, self.progress, partial(_word, paper.code, wanted), path)


def _make(code: str, wanted: Wanted, office: Office, progress: Progress) -> Any:  # noqa: ANN401 - services.papers.Made
    from fulian_desktop.services.papers import make_paper

    return make_paper(office, code, wanted, progress)


def _pdf(code: str, wanted: Wanted, office: Office, path: Path, progress: Progress) -> None:
    from fulian_desktop.services.papers import make_paper, save_pdf

    save_pdf(make_paper(office, code, wanted, progress).pdf, path)


def _excel(code: str, wanted: Wanted, office: Office, path: Path, progress: Progress) -> None:
    from fulian_desktop.services.papers import save_excel

    save_excel(office, code, wanted, path, progress)


def _word(code: str, wanted: Wanted, office: Office, path: Path, _progress: Progress) -> None:
    from fulian_desktop.services.papers import save_word

    save_word(office, code, wanted, path)


class Options(QFrame):
    """What the chosen paper has to be told, and what can be done with it."""

    entered = Signal()
    """Enter in the last field that is shown."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        self.paper: Paper | None = None
        set_role(self, "card")
        theme = self.theme
        self.title, self.about = plain_label(), plain_label(role="label")
        self.title.setFont(theme.font(t.CARD_TITLE, bold=True))
        self.about.setWordWrap(True)
        self.campaign, self.year, self.unit = ChoiceBox(theme), ChoiceBox(theme), ChoiceBox(theme)
        self.palette_box, self.size_box = ChoiceBox(theme), ChoiceBox(theme)
        self.date, self.contact = QLineEdit(), QLineEdit()
        self.date.setPlaceholderText(DATE_HINT)
        self.contact.setPlaceholderText("公示上写的电话，可以不填")
        self.heading, self.issuer = QLineEdit(), QLineEdit()
        self.heading.setPlaceholderText("光荣榜")
        for line in (self.contact, self.heading, self.issuer):
            line.setMaxLength(60)
        self._signs: dict[str, str] = {}
        self.campaign.currentIndexChanged.connect(self._show_issuer)
        self.preprinted = QCheckBox("套打（证书上已有边框和题字）")
        self.sensitive = QCheckBox("写全证件号和电话（会记入日志）")
        self.problem = ProblemLine(theme)
        self.date.textEdited.connect(lambda _text: self._say(""))
        self.preview = KeyButton(theme, "预览", "Ctrl+P", primary=True, icon="print")
        self.pdf = KeyButton(theme, "存为 PDF", "Ctrl+S")
        self.excel = KeyButton(theme, "存为 Excel", "Ctrl+E")
        self.word = KeyButton(theme, "存为 Word", "Ctrl+W")
        self.figures = KeyButton(theme, "看数字", "Ctrl+G", icon="table")
        self._rows: dict[str, QWidget] = {}
        self._build()
        self._fill_fixed()

    def _build(self) -> None:
        px = self.theme.px
        inside = QWidget()
        form = QVBoxLayout(inside)
        form.setContentsMargins(0, 0, px(4), 0)
        form.setSpacing(px(12))
        for need, label, field in self._all_fields():
            row = self._row(label, field)
            if field is self.date:
                row.layout().addWidget(self.problem)  # type: ignore[union-attr] # it was given one
            self._rows[need] = row
            form.addWidget(row)
        form.addStretch(1)
        self._scroll = scroll = scrolled(inside)
        scroll.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        files = QHBoxLayout()
        files.setSpacing(px(8))
        for button in (self.pdf, self.excel):
            files.addWidget(button)
        files.addStretch(1)
        foot.addWidget(self.word)
        foot.addWidget(self.figures)
        foot.addStretch(1)
        foot.addWidget(self.preview)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(px(side) for side in (t.CARD_PAD_X, 14, t.CARD_PAD_X, 16)))
        layout.setSpacing(px(10))
        layout.addWidget(self.title)
        layout.addWidget(self.about)
        layout.addWidget(scroll, 1)
        layout.addLayout(files)
        layout.addLayout(foot)

    def _row(self, label: str, field: QWidget) -> QWidget:
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(self.theme.px(6))
        if label:
            word = plain_label(label, role="label")
            word.setBuddy(field)
            field.setAccessibleName(label)
            layout.addWidget(word)
        layout.addWidget(field)
        if isinstance(field, ChoiceBox):
            field.entered.connect(lambda: self._next(field))
        elif isinstance(field, QLineEdit):
            field.returnPressed.connect(lambda: self._next(field))
        return row

    def _fill_fixed(self) -> None:
        from fulian_desktop.services.papers import PALETTES, SIZES

        for box, choices in ((self.palette_box, PALETTES), (self.size_box, SIZES)):
            for code, label in choices:
                box.addItem(label, code)

    def show_choices(self, found: Choices, campaign: str) -> None:
        """Offer campaigns and years; what was chosen stays chosen where it is still there."""
        chosen = campaign or self.campaign.currentData()
        self.campaign.clear()
        self._signs = {id_: signs for id_, _, signs in found.campaigns}
        for id_, name, _ in found.campaigns:
            self.campaign.addItem(name, id_)
        self.campaign.setCurrentIndex(max(0, self.campaign.findData(chosen)))
        year = self.year.currentData() if self.year.count() else found.years[0]
        self.year.clear()
        for number in found.years:
            self.year.addItem(f"{number} 年", number)
        self.year.addItem("全部年份", None)
        self.year.setCurrentIndex(self.year.count() - 1 if year is None else max(0, self.year.findData(year)))
        unit = self.unit.currentData()
        self.unit.clear()
        self.unit.addItem(f"{self.desk.unit_name}和全部下级", "")
        for code, name in found.units:
            self.unit.addItem(name, code)
        self.unit.setCurrentIndex(max(0, self.unit.findData(unit)))
        self._show_needed()
        self._enable()

    def show_paper(self, paper: Paper) -> None:
        """Show the options of a paper."""
        self.paper = paper
        self.title.setText(paper.label)
        self.about.setText(paper.about)
        self._show_needed()
        self.excel.setVisible(paper.excel)
        self.word.setVisible(paper.word)
        self.figures.setVisible(bool(paper.page))
        self._say("")
        self._enable()

    def _show_needed(self) -> None:
        for name, row in self._rows.items():
            row.setVisible(self._needs(name))

    def _needs(self, name: str) -> bool:
        """Whether the paper has to be told this, and there is something to choose: who has no unit below has no scope."""
        if name == "unit" and self.unit.count() < 2:
            return False
        return self.paper is not None and name in {need.value for need in self.paper.needs}

    def _enable(self) -> None:
        """Without a campaign there is nothing to print: the reason stands where one would be chosen."""
        missing = self._needs("campaign") and not self.campaign.count()
        self.campaign.setPlaceholderText("还没有评选活动，先在“家庭”里发起评选")
        self.campaign.setEnabled(not missing)
        for button in (self.preview, self.pdf, self.excel, self.word):
            button.setEnabled(not missing)
        if missing and self.paper is not None:
            self.about.setText("还没有评选活动。下一步：先在“家庭”里发起评选。")
        elif self.paper is not None:
            self.about.setText(self.paper.about)

    def begin(self) -> None:
        """Go to the first option that is shown, or to the button."""
        for field in self._fields():
            field.setFocus(Qt.FocusReason.TabFocusReason)
            return
        self.preview.setFocus(Qt.FocusReason.TabFocusReason)

    def _fields(self) -> list[QWidget]:
        return [field for name, _, field in self._all_fields() if self._needs(name)]

    def _all_fields(self) -> tuple[tuple[str, str, QWidget], ...]:
        """Need's value, label, field; in the order in which they stand."""
        return (
            ("campaign", "哪个评选", self.campaign), ("year", "年度", self.year), ("unit", "统计范围", self.unit),
            ("title", "标题", self.heading), ("issuer", "落款单位", self.issuer), ("date", "落款日期", self.date),
            ("size", "纸张", self.size_box), ("palette", "颜色", self.palette_box), ("contact", "受理电话", self.contact),
            ("preprinted", "", self.preprinted), ("sensitive", "", self.sensitive),
        )

    def _show_issuer(self) -> None:
        """Who signs where nobody is named stands in the empty field."""
        self.issuer.setPlaceholderText(self._signs.get(str(self.campaign.currentData()), ""))

    def _next(self, field: QWidget) -> None:
        fields = self._fields()
        at = fields.index(field)
        if at + 1 < len(fields):
            fields[at + 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.entered.emit()

    def wanted(self) -> Wanted | None:
        """What was chosen; None when something typed cannot be read, which is then said at its field."""
        from fulian_desktop.services.papers import Wanted, read_day

        day = read_day(self.date.text(), self.desk.today())
        if self._needs("date") and day.problem is not None:
            self._say(day.problem.text)
            self.date.setFocus(Qt.FocusReason.OtherFocusReason)
            self._scroll.ensureWidgetVisible(self._rows["date"])
            return None
        return Wanted(
            campaign=str(self.campaign.currentData() or ""), year=self.year.currentData(), unit=self.unit.currentData() or "",
            date=day.value or self.desk.today(),
            palette=str(self.palette_box.currentData()), size=str(self.size_box.currentData()),
            title=self.heading.text().strip(), issuer=self.issuer.text().strip(),
            preprinted=self.preprinted.isChecked(), contact=self.contact.text().strip(), sensitive=self.sensitive.isChecked(),
        )

    def file_words(self) -> str:
        """What a file of it is called, with campaign or year."""
        label = self.paper.label if self.paper else ""
        if self._needs("campaign"):
            return f"{self.campaign.currentText()}{label}"
        scope = self.unit.currentText() if self._needs("unit") and self.unit.currentData() else ""
        year = f"{self.year.currentData()}年" if self._needs("year") and self.year.currentData() else ""
        return f"{scope}{year}{label}"

    def choice_words(self) -> str:
        """What was chosen, for the subtitle."""
        boxes = (
            ("campaign", self.campaign), ("year", self.year), ("unit", self.unit), ("palette", self.palette_box),
            ("size", self.size_box),
        )
        words = [box.currentText() for name, box in boxes if self._needs(name)]
        if self._needs("preprinted") and self.preprinted.isChecked():
            words.append("套打")
        return "，".join(words)

    def _say(self, text: str) -> None:
        self.problem.say(text)
        set_state(self.date, "error" if text else "")
        self.date.setAccessibleDescription(text)

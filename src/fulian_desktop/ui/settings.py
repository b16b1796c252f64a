"""Settings: how the window looks, who may open the records, backups, unit names, and what was done with the records.

Rules:

* What is chosen here holds at once; nothing waits for a button that saves.
* Another scale builds every page anew and comes back here.
* A backup counts only after it was re-opened and checked; a check says each thing that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QBoxLayout,
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from fulian_desktop import __version__
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Chip, KeyButton
from fulian_desktop.ui.cards import Banner, Card, ProgressPane
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.flow import FlowLayout
from fulian_desktop.ui.memory import Look
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.passphrases import ADD, CHANGE, HAND_OVER, RENEW, Deed, PassphraseDialog
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.widgets import plain_label

if TYPE_CHECKING:
    import datetime

    from fulian_desktop.progress import Progress
    from fulian_desktop.services.keeping import BackupFile, Overview
    from fulian_desktop.services.office import Office

TWO_COLUMNS_FROM = 900
IDLE_CHOICES = (5, 15, 30, 60)
SHOWN_BACKUPS, SHOWN_PROBLEMS = 6, 8
LOOKS = {Look.LIGHT: "浅色", Look.DARK: "深色", Look.SYSTEM: "跟随系统"}


class SettingsPage(Page):
    """Everything that is chosen once, and what keeps the records safe."""

    keys = (Key("Ctrl+B", "现在备份"), Key("Ctrl+L", "锁上窗口"))
    help_text = (
        "字的大小、颜色在这里换，马上就变。备份会自动做：每次合并、撤销、升级之前都有一份。"
        "每月再备份一次到 U 盘，电脑坏了也找得回。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "设置", scrolls=True)
        self._folder: Path | None = None
        self.about = plain_label(role="label")
        self.about.setWordWrap(True)
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(self.theme.px(t.CARD_GAP))
        left.addWidget(self._display_card())
        left.addWidget(self._safety_card())
        left.addWidget(self._units_card())
        left.addStretch(1)
        right.addWidget(self._backup_card())
        right.addWidget(self._check_card())
        right.addWidget(self._rules_card())
        right.addStretch(1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(self.theme.px(t.CARD_GAP))
        self._columns.addLayout(left, 1)
        self._columns.addLayout(right, 1)
        self.body.addLayout(self._columns)
        self.body.addWidget(self._log_card())
        self.on_key("Ctrl+B", self.back_up_button.click)
        self.on_key("Esc", self.check_pane.cancel.click)

    # --- the cards -----------------------------------------------------------------------------------------------

    def _display_card(self) -> Card:
        card = Card(self.theme, "显示", "选了马上就变，各页会重新打开")
        memory = self.desk.memory
        self.scale_chips = self._choices(
            card, "字的大小", {scale: f"{scale:.0%}" for scale in t.SCALES}, memory.scale, self._set_scale
        )
        self.look_chips = self._choices(card, "颜色", LOOKS, memory.look, self._set_look)
        return card

    def _safety_card(self) -> Card:
        card = Card(self.theme, "锁定与密码", "按 Ctrl+L 马上锁上")
        self.idle_chips = self._choices(
            card, "没人用多久就锁", {n: f"{n} 分钟" for n in IDLE_CHOICES}, self.desk.memory.idle_minutes, self._set_idle
        )
        self.persons = plain_label(role="label")
        self.persons.setWordWrap(True)
        card.body.addWidget(self.persons)
        line = self._line()
        self.deed_buttons: dict[str, KeyButton] = {}
        for deed in (CHANGE, HAND_OVER, ADD, RENEW):
            button = KeyButton(self.theme, deed.title)
            button.clicked.connect(lambda _on=False, deed=deed: self._ask(deed))
            self.deed_buttons[deed.title] = button
            line.addWidget(button)
        line.addStretch(1)
        card.body.addLayout(line)
        return card

    def _units_card(self) -> Card:
        card = Card(self.theme, "本单位和程序")
        self.units_button = KeyButton(self.theme, "单位名称", icon="unit")
        self.units_button.clicked.connect(lambda: self.desk.go("list", {"nav": "settings", "kind": "unit_name"}))
        self.place_warning = Banner(self.theme, "", "warn")
        card.body.addWidget(self.about)
        card.body.addWidget(self.place_warning)
        card.buttons.addWidget(self.units_button)
        return card

    def _rules_card(self) -> Card:
        """What this office and those above it issued; a way to each list."""
        card = Card(self.theme, "本级和上级的规定")
        told = plain_label("在这里定的，导出下发包、下级合并以后就用上，不用等新版程序。", role="label")
        told.setWordWrap(True)
        place = QWidget()
        flow = FlowLayout(self.theme.px(8))
        place.setLayout(flow)
        self.rule_buttons: dict[str, KeyButton] = {}
        for kind in self.desk.kinds.all():
            if kind.governs:
                button = self.rule_buttons[kind.code] = KeyButton(self.theme, kind.label, icon=kind.icon)
                about = {"nav": kind.nav, "kind": kind.code}
                button.clicked.connect(lambda _on=False, about=about: self.desk.go("list", about))
                flow.addWidget(button)
        card.body.addWidget(told)
        card.body.addWidget(place)
        return card

    def _backup_card(self) -> Card:
        theme = self.theme
        card = Card(theme, "备份")
        self.back_up_button = KeyButton(theme, "现在备份", "Ctrl+B", primary=True)
        self.stick_button = KeyButton(theme, "备份到 U 盘", icon="usb")
        self.folder_button = KeyButton(theme, "打开文件夹", icon="folder")
        self.back_up_button.clicked.connect(self._back_up)
        self.stick_button.clicked.connect(self._back_up_to_stick)
        self.folder_button.clicked.connect(self._open_folder)
        self.backups = plain_label(role="label")
        self.backup_pane = ProgressPane(theme)
        self.backup_pane.cancel.hide()  # one copy, read back at once: there is no half of it to keep
        line = self._line()
        for button in (self.folder_button, self.stick_button, self.back_up_button):
            line.addWidget(button)
        line.addStretch(1)
        card.body.addWidget(self.backups)
        card.body.addWidget(self.backup_pane)
        card.body.addLayout(line)
        return card

    def _check_card(self) -> Card:
        theme = self.theme
        card = Card(theme, "核对数据")
        told = plain_label("把每一条记录、每一张照片从头核对一遍。数据多时要几分钟，这时别的页要等；按 Esc 停下。", role="label")
        told.setWordWrap(True)
        self.check_button = KeyButton(theme, "核对")
        self.check_button.clicked.connect(self._check)
        self.check_pane = ProgressPane(theme)
        self.check_result = Banner(theme)
        card.buttons.addWidget(self.check_button)
        for widget in (told, self.check_pane, self.check_result):
            card.body.addWidget(widget)
        return card

    def _log_card(self) -> Card:
        theme = self.theme
        card = Card(theme, "操作记录", "谁在什么时候导出、合并、打印、看过身份证号")
        self.log = QTableWidget(0, 3)
        self.log.setHorizontalHeaderLabels(["时间", "谁", "做了什么"])
        self.log.setAccessibleName("操作记录")
        self.log.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.log.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.log.setShowGrid(False)
        self.log.verticalHeader().hide()
        self.log.horizontalHeader().hide()
        self.log.setStyleSheet("QTableWidget { border: none; }")
        self.log.verticalHeader().setDefaultSectionSize(theme.px(t.ROW_DENSE))
        header = self.log.horizontalHeader()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.log.setColumnWidth(0, theme.px(170))
        self.log.setColumnWidth(1, theme.px(130))
        self.log.setMinimumHeight(theme.px(260))
        card.body.addWidget(self.log)
        return card

    def _line(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(self.theme.px(8))
        return line

    def _choices(
        self, card: Card, label: str, words: Mapping[Any, str], now: object, run: Callable[[Any], None]
    ) -> dict[Any, Chip]:
        """A row of chips of which one is on."""
        group = QButtonGroup(card)
        line = self._line()
        word = plain_label(label, role="label")
        word.setMinimumWidth(self.theme.px(112))
        line.addWidget(word)
        chips = {}
        for value, text in words.items():
            chip = chips[value] = Chip(self.theme, text)
            chip.setAccessibleName(f"{label} {text}")
            chip.setChecked(value == now)
            chip.clicked.connect(lambda _on=False, value=value: run(value))
            group.addButton(chip)
            line.addWidget(chip)
        line.addStretch(1)
        card.body.addLayout(line)
        return chips

    # --- what is shown -------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read what is shown."""
        self.refresh(frozenset())

    def refresh(self, kinds: frozenset[str]) -> None:
        """Read again: backups and the log grow by what other pages do."""

        def read(office: Office, _progress: Progress) -> Overview:
            from fulian_desktop.services.keeping import overview

            return overview(office)

        self.desk.ask(self, read, self._show)

    def first_focus(self) -> QWidget:
        """The chip of the scale in force."""
        return next((chip for chip in self.scale_chips.values() if chip.isChecked()), self.scale_chips[1.0])

    def _show(self, found: Overview) -> None:
        desk = self.desk
        self._folder = found.folder
        self.about.setText(
            f"{desk.unit_name}（{desk.unit}）\n记录放在 {found.folder}\n妇联工作台 版本 {__version__}"
        )
        self.place_warning.say(found.warning, "warn")
        self.persons.setText(f"能打开的人：{'、'.join(found.persons)}")
        day = desk.today()
        lines = [f"{_moment(one.at, day)}　{one.why}　{_size(one.size)}" for one in found.backups[:SHOWN_BACKUPS]]
        more = len(found.backups) - len(lines)
        self.backups.setText("\n".join([*lines, *([f"还有 {more} 份更早的"] if more > 0 else [])]) or "还没有备份过。")
        self.log.setRowCount(len(found.done))
        for row, done in enumerate(found.done):
            for column, text in enumerate((_moment(done.at, day), done.who, done.words)):
                item = QTableWidgetItem(text)
                item.setToolTip("")
                self.log.setItem(row, column, item)

    # --- what is chosen ------------------------------------------------------------------------------------------

    def _set_scale(self, scale: float) -> None:
        self.desk.memory.scale = scale
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.theme.set_scale(app, scale)

    def _set_look(self, look: Look) -> None:
        self.desk.memory.look = look
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.theme.follow_system(app, look is Look.SYSTEM)
            if look is not Look.SYSTEM:
                self.theme.set_dark(app, look is Look.DARK)

    def _set_idle(self, minutes: int) -> None:
        self.desk.memory.idle_minutes = minutes
        self.desk.say(f"{minutes} 分钟没有动键盘和鼠标，就会锁上。")

    def _ask(self, deed: Deed) -> None:
        PassphraseDialog(self.desk, deed, self).open()

    # --- backups and the check -----------------------------------------------------------------------------------

    def _back_up(self) -> None:
        def work(office: Office, _progress: Progress) -> BackupFile:
            from fulian_desktop.services.keeping import back_up_here

            return back_up_here(office)

        self._start_backup(work, lambda one: f"备份好了，{_size(one.size)}，读回来核对过。")

    def _back_up_to_stick(self) -> None:
        proposed = f"{self.desk.unit}-{self.desk.today():%Y%m%d}.flbak"
        chosen, _ = QFileDialog.getSaveFileName(self, "备份到 U 盘", proposed, "备份文件 (*.flbak)")
        if not chosen:
            return
        target = Path(chosen if chosen.endswith(".flbak") else f"{chosen}.flbak")

        def work(office: Office, _progress: Progress) -> dict[str, Any]:
            from fulian_desktop.services.upkeep import backup

            return backup(office, target)

        self._start_backup(work, lambda one: f"写好了，{_size(int(one['bytes']))}，读回来核对过，可以拔出 U 盘。")

    def _start_backup(self, work: Callable[[Office, Progress], Any], words: Callable[[Any], str]) -> None:
        self._rest(True)

        def done(result: object) -> None:
            self._rest(False)
            self.desk.say(words(result))
            self.desk.tell_changed({"settings"})

        def failed(error: Exception) -> None:
            self._rest(False)
            self.desk.problem(error)

        self.backup_pane.watch(self.desk.ask(self, work, done, failed=failed, cancelled=lambda: self._rest(False)))
        self.backup_pane.what.setText("正在备份，写完还要读回来核对")

    def _rest(self, resting: bool) -> None:
        for button in (self.back_up_button, self.stick_button):
            button.setEnabled(not resting)
        if not resting:
            self.backup_pane.end()

    def _open_folder(self) -> None:
        if self._folder is None:
            return
        folder = self._folder / "backups"
        if not folder.is_dir():
            self.desk.say("还没有备份过，没有文件夹可以打开。", "info")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self.desk.say(f"打不开文件夹，备份在 {folder}", "warn")

    def _check(self) -> None:
        self.check_button.setEnabled(False)
        self.check_result.say("")

        def work(office: Office, progress: Progress) -> dict[str, Any]:
            from fulian_desktop.services.upkeep import check

            return check(office, progress=progress)

        def over(text: str, tone: str) -> None:
            self.check_pane.end()
            self.check_button.setEnabled(True)
            self.check_result.say(text, tone)

        self.check_pane.watch(self.desk.ask(
            self, work, lambda found: over(*_verdict(found)), failed=lambda error: over(sentence_for(error).text, "error"),
            progressed=self.check_pane.report, cancelled=lambda: over("停下了，没有核对完。", "info"),
        ))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns where there is room, else one."""
        super().resizeEvent(event)
        wide = self.width() / self.theme.scale >= TWO_COLUMNS_FROM
        self._columns.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def _verdict(found: Mapping[str, Any]) -> tuple[str, str]:
    """The sentence about a check, and its tone."""
    if found["ok"]:
        lacking = len(found.get("missing_photos", ()))
        photos = f"；还有 {lacking} 张照片没有送到" if lacking else ""
        return f"核对过了，{found['records']:,} 条记录、{found['changes']:,} 处改动都对{photos}。", "ok"
    problems = [problem["text"] for problem in found["problems"]]
    words = "\n".join(dict.fromkeys(problems[:SHOWN_PROBLEMS]))
    return f"有 {len(problems):,} 处不对：\n{words}", "error"


def _moment(at: datetime.datetime, day: datetime.date) -> str:
    days = {0: "今天", 1: "昨天"}.get((day - at.date()).days)
    year = f"{at.year}年" if at.year != day.year else ""
    return f"{days or f'{year}{at.month}月{at.day}日'} {at.hour}:{at.minute:02d}"


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB"

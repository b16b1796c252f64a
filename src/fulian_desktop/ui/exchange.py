"""上报与合并: what this office hands in, what it receives from below, who may join; one page for every level.

Rules:

* A village sees one thing to do: 上报到 U 盘. An office with others below sees first what they bring.
* What is written to a stick is written by one pane (``handing_in.WritePane``), whatever it is.
* ``opened({"do": ...})`` begins something at once: ``up``, ``receipts``, ``invite``, ``approve``, ``units``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.ask_strip import AskStrip
from fulian_desktop.ui.buttons import KeyButton
from fulian_desktop.ui.cards import Banner, Card
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.exchange_cards import ApprovePane, HandInsCard, ImportsCard, ReceiveCard
from fulian_desktop.ui.exchange_tasks import ALL_BELOW, hand_in_task, invite_task, receipts_task, slip_to_preview
from fulian_desktop.ui.handing_in import OfferCard, WritePane
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.side_column import Columns
from fulian_desktop.ui.stick_picker import choose_folder
from fulian_desktop.ui.units_pane import UnitsPane
from fulian_desktop.ui.widgets import ChoiceBox, OneOf, plain_label

if TYPE_CHECKING:
    from fulian_desktop.services.handing_in import HandIn, Invited, Offer, Standing, Written
    from fulian_desktop.services.receiving import PastImport

NOT_LINKED = "还没有用上级的邀请开通，不知道上报包写给谁。下一步：插上上级给的 U 盘，打开邀请。"
NO_UPPER = "本单位还没有上级。县里用上后，打开县里的邀请就能上报。"
FIRST_TIME = "还没有经上级批准：这次会把加入申请一起写进 U 盘，镇里批准时一并收下。"
TITLES = {
    "hub": "上报与合并", "up": "上报到 U 盘", "receipts": "写回执", "invite": "写邀请", "approve": "批准加入申请",
    "units": "登记下级单位",
}
LINKS = (("上报情况", "calendar", "roll-call"), ("冲突", "conflict", "conflicts"), ("重复", "copy", "duplicates"))
BESIDE = 1050
"""Effective width from which the right column stands beside the rest."""


class ExchangePage(Page):
    """The page; what it shows follows from the office's level and from what it knows of the others."""

    keys = (Key("Ctrl+回车", "上报到 U 盘，或接收上报"), Key("Ctrl+P", "打印交接单"), Key("Esc", "回到上报与合并"))
    help_text = (
        "把本单位的记录写进 U 盘交给上级，或者把下级交来的 U 盘合并进来。"
        "写好后会重新读出来核对，提示写好了再拔。上级合并后把回执写回 U 盘，拿回来插上，按“接收回执”就行。"
        "多报一次不会重复，丢了 U 盘重新写一个就行。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "上报与合并", scrolls=True)
        self.has_below = level_of(desk.unit) is not Level.VILLAGE
        self.mode = ""
        self.standing: Standing | None = None
        self._build()
        for key, run in (
            ("Ctrl+Return", self._go), ("Ctrl+Enter", self._go), ("Ctrl+P", self._print_slip), ("Esc", self._escape),
            ("F5", self._read),
        ):
            self.on_key(key, run)
        self.show_mode(self._home)

    # --- building --------------------------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.theme
        self.receive_button = KeyButton(theme, "接收回执", icon="import")
        self.receive_button.clicked.connect(self.receive_from_above)
        self.back_button = KeyButton(theme, "返回", "Esc", icon="arrow-left")
        self.back_button.clicked.connect(lambda: self.show_mode(self._home))
        self.buttons.addWidget(self.back_button)
        self.buttons.addWidget(self.receive_button)
        self.link_strip = AskStrip(theme, back="不接受")
        self.invitation_button = KeyButton(theme, "打开邀请", icon="folder")
        self.invitation_button.clicked.connect(self._find_invitation)
        self.link_banner = Banner(theme, button=self.invitation_button)
        self.link_banner.say("")
        self.write_view, self.approve = self._write_view(), ApprovePane(self.desk, lambda: self.show_mode("receipts"))
        self.approve.approved.connect(self._read)
        self.units = UnitsPane(self.desk)
        self.units.registered.connect(self._read)
        self.hub_view = self._hub_view()
        self.views = OneOf(self.write_view, self.hub_view, self.approve, self.units)
        self.body.addWidget(self.link_banner)
        self.body.addWidget(self.link_strip)
        self.body.addWidget(self.views, 1)

    def _write_view(self) -> QWidget:
        theme, px = self.theme, self.theme.px
        self.writer = WritePane(self.desk)
        self.writer.written.connect(self._written)
        self.writer.finished.connect(lambda: self.show_mode(self._home))
        self.offer = OfferCard(theme)
        self.writer.slip_wanted.connect(lambda written: self._show_slip(written.package, written.file.name))
        self.hand_ins = HandInsCard(self.desk)
        self.hand_ins.slip_wanted.connect(lambda one: self._show_slip(one.package, one.file))
        self.to_whom = ChoiceBox(theme)
        self.to_whom.setAccessibleName("写给谁")
        self.to_whom.setMinimumWidth(px(240))
        self.to_whom.currentIndexChanged.connect(lambda _: self._take_task())
        self.to_whom_card = Card(theme)
        line = QHBoxLayout()
        line.setSpacing(px(12))
        line.addWidget(plain_label("写给", role="label"))
        line.addWidget(self.to_whom, 1)
        self.to_whom_card.body.addLayout(line)
        left = QVBoxLayout()
        left.setSpacing(px(t.CARD_GAP))
        left.addWidget(self.to_whom_card)
        left.addWidget(self.writer, 1)
        left.addWidget(self.offer)
        self.right = QWidget()
        right = QVBoxLayout(self.right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(px(t.CARD_GAP))
        right.addWidget(self.hand_ins, 1)
        if not self.has_below:
            self.imports = ImportsCard(self.desk)
            right.addWidget(self.imports, 1)
        return Columns(theme, left, self.right)

    def _hub_view(self) -> QWidget:
        px = self.theme.px
        left = QVBoxLayout()
        if not self.has_below:
            return QWidget()
        self.receive = ReceiveCard(self.desk, "接收上报", "下级交来的 U 盘、文件夹或文件，一次合并", "接收上报")
        self.receive.chosen.connect(self._merge)
        self.imports = ImportsCard(self.desk)
        left.setSpacing(px(t.CARD_GAP))
        left.addWidget(self.receive)
        left.addWidget(self._links())
        left.addWidget(self.imports, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(t.CARD_GAP))
        self.up_words = self._words("")
        for title, words, does in (
            ("写回执", self._words("把审批结果、回执和证书带回下级。"), (("写回执", "usb", "receipts"),)),
            ("上报给上级", self.up_words, (("去上报", "export", "up"),)),
            ("让下级加入", self._words("先登记下级单位，再写邀请给它们开通；对方交来申请后，核对识别码再批准。"),
             (("登记下级单位", "plus", "units"), ("写邀请", "usb", "invite"), ("批准加入申请", "tick", "approve"))),
        ):
            column.addWidget(self._do_card(title, words, does))
        column.addStretch(1)
        return Columns(self.theme, left, right)

    def _links(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(self.theme.px(8))
        for word, icon, place in LINKS:
            button = KeyButton(self.theme, word, icon=icon)
            button.clicked.connect(lambda _=False, place=place: self.desk.go(place, {"nav": "exchange"}))
            line.addWidget(button)
        line.addStretch(1)
        return row

    def _words(self, text: str) -> QLabel:
        label = plain_label(text, role="label")
        label.setFont(self.theme.font(t.DENSE))
        label.setWordWrap(True)
        return label

    def _do_card(self, title: str, words: QLabel, does: Sequence[tuple[str, str, str]]) -> Card:
        card = Card(self.theme, title)
        card.body.addWidget(words)
        for verb, icon, mode in does:
            button = KeyButton(self.theme, verb, icon=icon)
            button.clicked.connect(lambda _=False, mode=mode: self.show_mode(mode))
            card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    # --- what the shell asks ---------------------------------------------------------------------------------

    @property
    def _home(self) -> str:
        return "hub" if self.has_below else "up"

    def opened(self, about: Mapping[str, Any]) -> None:
        """Begin what is wanted, or show where one can begin; what was just written stays to be read."""
        do = str(about.get("do", ""))
        if do and not self.writer.busy:
            self.show_mode(do if do in TITLES and do != "hub" else self._home)
        self._read()

    def refresh(self, kinds: frozenset[str]) -> None:
        """Something was written somewhere: read again."""
        del kinds
        if self.isVisible():
            self._read()

    def first_focus(self) -> QWidget:
        """The button of what is done here most, once there is a stick; else the one that chooses a folder."""
        if self.mode == "hub":
            return self.receive.button if self.receive.button.isEnabled() else self.receive.picker.folder_button
        if self.mode == "units":
            return self.units.name_edit
        return self.writer.button if self.writer.button.isEnabled() else self.writer.picker.folder_button

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has one column."""
        super().resizeEvent(event)
        for view in (self.write_view, self.hub_view):
            if isinstance(view, Columns):
                view.stand(beside=self.width() / self.theme.scale >= BESIDE)

    def may_leave(self) -> bool:
        """Not while a stick is being written."""
        if self.writer.busy:
            self.desk.say("正在写 U 盘。等它写好再走，现在不要拔。", "warn")
            return False
        return True

    # --- reading ---------------------------------------------------------------------------------------------

    def _read(self) -> None:
        def work(office: Any, _progress: Any) -> tuple[Standing, list[HandIn], list[PastImport]]:  # noqa: ANN401
            from fulian_desktop.services.handing_in import hand_ins, standing
            from fulian_desktop.services.receiving import past_imports

            return standing(office), hand_ins(office), past_imports(office)

        def count(office: Any, progress: Any) -> Offer:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.handing_in import offer

            return offer(office, progress)

        self.desk.ask(self, work, lambda found: self._show(*found))
        if self.mode == "up":
            self.desk.ask(self, count, self._show_offer)

    def _show(self, standing: Standing, hand_ins: Sequence[HandIn], past: Sequence[PastImport]) -> None:
        self.standing = standing
        self.hand_ins.show_hand_ins(hand_ins)
        self.imports.show_imports(past)
        if not self.has_below:
            self.imports.setVisible(bool(past))
        else:
            self.up_words.setText(f"报给{standing.upper_name}。" if standing.linked else NO_UPPER)
        self._fill_receivers(standing)
        self._show_link()
        self._show_receive()
        self._take_task()

    def _show_receive(self) -> None:
        linked = self.standing is not None and self.standing.linked
        self.receive_button.setVisible(linked and self.mode in ("up", "hub"))

    def _show_link(self) -> None:
        standing = self.standing
        if standing is None or standing.linked or self.mode not in ("up", "hub") or (self.has_below and self.mode == "hub"):
            self.link_banner.say("")
        else:
            self.link_banner.say(NOT_LINKED if standing.upper else NO_UPPER, "warn")

    def _fill_receivers(self, standing: Standing) -> None:
        chosen = self.to_whom.currentData()
        self.to_whom.blockSignals(True)
        self.to_whom.clear()
        self.to_whom.addItem(f"下级全部（{len(standing.below)} 个单位）", ALL_BELOW)
        for code, name in standing.below:
            self.to_whom.addItem(name, code)
        self.to_whom.setCurrentIndex(max(0, self.to_whom.findData(chosen)))
        self.to_whom.blockSignals(False)

    def _show_offer(self, offer: Offer) -> None:
        self.offer.show_offer(offer, "没有新内容。也可以照样报一次，上级就知道没有变化。")

    # --- doing -----------------------------------------------------------------------------------------------

    def show_mode(self, mode: str) -> None:
        """Show where one begins (``hub``), or one thing to do: ``up``, ``receipts``, ``invite``, ``approve``."""
        if self.writer.busy:
            return
        before, self.mode = self.mode, mode
        write = mode in ("up", "receipts", "invite")
        views = {"approve": self.approve, "units": self.units, "hub": self.hub_view}
        self.views.show_view(views.get(mode, self.write_view))
        day = self.desk.today()
        self.title.setText(TITLES[mode])
        self.subtitle.setText(f"{day.year}年{day.month}月" if mode == "up" else "")
        self.back_button.setVisible(mode != self._home)
        self._show_receive()
        self.right.setVisible(mode == "up")
        self.offer.setVisible(mode == "up")
        self.to_whom_card.setVisible(mode == "receipts")
        if write and before != mode:
            self.writer.show_ready()
            self.offer.show_file("")
        self._take_task()
        self._show_link()
        if before != mode:
            self.scroll_to_top()
        if mode == "approve" and before != mode:
            self.approve.begin()
        if mode == "units":
            self.units.begin()
        if mode == "up" and before not in ("", "up"):
            self._read()

    def _take_task(self) -> None:
        standing = self.standing
        if standing is None:
            return
        if self.mode == "up":
            why = "" if standing.linked else NOT_LINKED if standing.upper else NO_UPPER
            more = "" if standing.certified else FIRST_TIME
            self.writer.take(hand_in_task(standing, why=why, more=more, room=self.desk.room is not None))
            day = self.desk.today()
            self.subtitle.setText(f"{day.year}年{day.month}月" + (f" · 交{standing.upper_name}" if standing.upper else ""))
        elif self.mode == "receipts":
            to = str(self.to_whom.currentData() or ALL_BELOW)
            self.writer.take(receipts_task(standing, to, self.to_whom.currentText()))
        elif self.mode == "invite":
            self.writer.take(invite_task())

    def _written(self, result: Any) -> None:  # noqa: ANN401 - what the task gave
        if self.mode == "up":
            self._show_file(result)
        self.desk.tell_changed()  # what waits to be handed in is counted beside every page
        self._read()

    def _show_file(self, written: Written) -> None:
        from fulian_desktop.services.sticks import size_words

        self.offer.show_file(f"文件名 {written.file.name}，{size_words(written.size)}")

    def _print_slip(self) -> None:
        if self.mode == "up":
            (self.writer if self.writer.done else self.hand_ins).print_slip()

    def _show_slip(self, package: str, file: str) -> None:
        self.desk.go("preview", slip_to_preview(package, file))

    def receive_from_above(self) -> None:
        """Merge what the office above has written back: from the stick that is there, else a folder is asked for."""
        folder = (self.receive if self.mode == "hub" else self.writer).picker.folder
        if folder is None:
            folder = choose_folder(self, self.desk, "选上级交回的 U 盘或文件夹")
        if folder is not None:
            self._merge([folder])

    def _merge(self, paths: Sequence[Path]) -> None:
        self.desk.go("merge", {"nav": "exchange", "paths": list(paths), "kept": {}})

    def _go(self) -> None:
        if self.mode == "hub":
            self.receive.go()
        elif self.mode == "approve":
            self.approve.go_on()
        elif self.mode == "units":
            self.units.register()
        else:
            self.writer.write()

    def _escape(self) -> None:
        asked = next((strip for strip in (self.link_strip, self.imports.ask_strip) if strip.isVisible()), None)
        if asked is not None:
            asked.hide()
        elif self.writer.busy:
            self.writer.cancel()
        elif self.mode != self._home:
            self.show_mode(self._home)

    # --- being let in ----------------------------------------------------------------------------------------

    def _find_invitation(self) -> None:
        folder = self.writer.picker.folder or choose_folder(self, self.desk, "选上级给的 U 盘或文件夹")
        if folder is None:
            return

        def work(_office: Any, _progress: Any) -> Invited:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.handing_in import invitation_in

            return invitation_in([folder])

        self.desk.ask(self, work, self._ask_to_accept)

    def _ask_to_accept(self, invited: Invited) -> None:
        self.link_strip.ask(
            f"{invited.name}邀请本单位加入。识别码 {invited.fingerprint}。打电话和对方核对，六组都一样再接受。",
            "接受邀请", lambda: self._accept(invited.file),
        )
        self.link_strip.yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _accept(self, file: Path) -> None:
        def work(office: Any, _progress: Any) -> Invited:  # noqa: ANN401 - Office and Progress
            from fulian_desktop.services.handing_in import accept_invitation

            return accept_invitation(office, file)

        self.desk.ask(self, work, self._accepted)

    def _accepted(self, invited: Invited) -> None:
        self.desk.say(f"已经接受{invited.name}的邀请。下一步：上报到 U 盘，加入申请会一起写进去。")
        self.desk.tell_changed()
        self._read()

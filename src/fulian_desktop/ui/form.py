"""The form of any kind: a new record or one that is changed, derived from the kind's declaration.

Rules:

* Enter goes on, Shift+Enter back; Ctrl+S saves and returns, Ctrl+Enter saves and begins the next.
* What is typed is a draft within two seconds and is never lost: not by leaving, a refused save, a full disk, or a kill.
* Only the kind's first asked field stops a save; everything else is said beside its field and can be mended later.
* An edit sends only what was changed; what this office may not write is shown and says why.
* What is pinned is kept for the next record of the kind until the window is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from fulian_desktop.domain.kind import Kind
from fulian_desktop.progress import Progress
from fulian_desktop.services import entering
from fulian_desktop.services.browsing import Listed
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor
from fulian_desktop.ui.form_banner import FormBanner
from fulian_desktop.ui.form_draft import DraftKeeper
from fulian_desktop.ui.form_fields import FormFields
from fulian_desktop.ui.form_foot import FormFoot
from fulian_desktop.ui.form_head import FormHead
from fulian_desktop.ui.form_keys import FormKeys
from fulian_desktop.ui.form_pins import Pins, pins_of, toggle_pin
from fulian_desktop.ui.form_saved import say_saved
from fulian_desktop.ui.form_unfinished import Unfinished
from fulian_desktop.ui.form_walk import KEYS, SHORTCUTS, Walk, find_beside
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.photo_strip import PhotoStrip, holds_pictures, pictures_in
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.type_ahead import TypeAhead
from fulian_desktop.ui.unit_line import UnitLine

ONE_COLUMN = 1000
"""Effective width of the window under which a form has one column."""

ROOM_FOR_KEYS = 1070
"""From which on the foot has room for keys beside its buttons; with them the window could not grow narrower than this."""

_WOULD_BE_LOST = "草稿没有存上，离开就没有了。请先腾出空间再保存；不要了就再离开一次。"


class FormPage(Page):
    """One form.

    ``about``: nav, kind, record (None: new), unit, draft, entries, field (the cell to begin at), walk (the list it is opened
    from).
    """

    keys = (
        Key("回车", "下一项"), Key("Shift+回车", "上一项"), Key("Ctrl+S", "保存"), Key("Ctrl+回车", "保存并登记下一条"),
        Key("Ctrl+D", "这一项和上一条相同，表里和上一行相同"), Key("Ctrl+T", "这一项下一条沿用"),
        Key("Ctrl+V", "粘贴照片，表里粘贴从 WPS 复制的几格"),
        Key("Ctrl+Del", "删去表里的这一行"), *KEYS, Key("Esc", "返回，没保存的存成草稿"),
    )
    help_text = (
        "带 * 的要填，只有第一项不填不能保存，其余的可以先保存，以后补。"
        "日期可以写 3.8 或 昨天，数可以写 1.2万 或 约600。随时会存草稿，关机、停电也不会丢。"
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "登记", back=True, scrolls=True)
        self.setAcceptDrops(True)
        self.start: entering.Start | None = None
        self.fields: FormFields | None = None
        self._about: Mapping[str, Any] = {}
        self._saving = False
        self.ahead = TypeAhead(self)
        self.form_keys = FormKeys(self)
        self.head = FormHead(self)
        self.banner = FormBanner(self.theme)
        self.unit_line = UnitLine(desk)
        self._place = QVBoxLayout()
        self.body.addWidget(self.banner)
        self.body.addWidget(self.unit_line)
        self.body.addLayout(self._place)
        self.body.addStretch(1)
        self.form_foot = FormFoot(self.theme, self.foot)
        self.wrong, self.save_button, self.next_button = self.form_foot.wrong, self.form_foot.save, self.form_foot.next
        self.cancel_button = self.form_foot.cancel
        scroll = self.findChild(QScrollArea)
        assert scroll is not None  # noqa: S101 - the page scrolls
        self._scroll: QScrollArea = scroll
        self.drafts = DraftKeeper(desk, self, self.entries)
        self.unfinished = Unfinished(desk, self, self.banner, self.drafts)
        self._connect()

    def _connect(self) -> None:
        for button, run in (
            (self.head.copy, self.copy_last), (self.wrong, self._go_to_wrong), (self.cancel_button, self.desk.back),
            (self.next_button, self.save_and_next), (self.save_button, self.save),
        ):
            button.clicked.connect(run)
        self.head.walk.asked.connect(self._walk_on)
        self.unit_line.served.connect(self._serve)
        self.unit_line.entered.connect(self._begin_typing)
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        self.drafts.said.connect(self.head.say_draft)
        self.drafts.refused.connect(self._say_refusal)
        self.unfinished.put_back.connect(self._continue)
        self.unfinished.gone_on.connect(self._begin_typing)
        self.unfinished.begins_anew.connect(self._start_over)
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Ctrl+S", self.save), ("Ctrl+Return", self.save_and_next), ("Ctrl+Enter", self.save_and_next),
            *((key, partial(self._walk_on, step)) for key, step in SHORTCUTS),
            ("Ctrl+D", self._copy_field), ("Ctrl+T", self._toggle_pin), ("Ctrl+V", self._paste), ("Esc", self.desk.back),
        )
        for key, does in keys:
            self.on_key(key, does)

    @property
    def kind(self) -> Kind | None:
        """The kind of the record."""
        return self.start.kind if self.start is not None else None

    @property
    def editors(self) -> Mapping[str, Editor]:
        """The editors by their cell's name."""
        return self.fields.editors if self.fields is not None else {}

    @property
    def photos(self) -> PhotoStrip | None:
        """The photos."""
        return self.fields.photos if self.fields is not None else None

    @property
    def _walk(self) -> Walk | None:
        return self._about.get("walk")

    def entries(self) -> dict[str, Any]:
        """What differs from the record: cell → what was typed."""
        return self.fields.entries() if self.fields is not None else {}

    # --- opening ---------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read what the form begins with, then build it."""
        self._about = about
        code, record, unit, day = about.get("kind") or "", about.get("record"), about.get("unit"), self.desk.today()
        walk = self._walk
        if walk is not None and walk.record:
            record, unit = walk.record, walk.unit
        if record is None:
            code = code or next((k.code for k in self.desk.kinds.all() if k.nav == about.get("nav")), "")
            unit = unit or pins_of(self.desk, code).unit or None
        kind = self.desk.kinds.find(code)
        if kind is not None:
            self.title.setText(kind.verb)

        def work(office: Office, _progress: Progress) -> entering.Start:
            return entering.start_form(office, code, record=record, unit=unit, day=day)

        self.desk.ask(self, work, self._begin)

    def _begin(self, start: entering.Start) -> None:
        self.start, self._saving = start, False
        self._say_refusal("")
        if self.fields is not None:
            self._place.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
        self.fields = fields = FormFields(self.desk, start, self._column_count())
        self._place.addWidget(fields)
        fields.made.connect(self._made)
        fields.typed.connect(self._typed)
        fields.wrong.connect(self.wrong.count)
        fields.before.connect(self.unit_line.begin)
        fields.through.connect(lambda: self.save_button.setFocus(Qt.FocusReason.TabFocusReason))
        fields.build()
        self._show_start(start)
        given = dict(self._about.get("entries") or {})
        if start.record is None:
            given = {**self._pins().entries(), **given}
        fields.put(given)
        self.unfinished.begin(start, self._about.get("draft"))
        fields.look_now()
        self._arrange()
        fields.show()  # what a layout takes in is shown a turn later, and until then keeps no focus
        here = self.window().focusWidget()  # also while another window is in front, such as that which led here
        if here is self or (isinstance(here, QWidget) and self.isAncestorOf(here)):
            self._begin_typing()
        self.ahead.end()

    def refresh(self, kinds: frozenset[str]) -> None:
        """The record may have been changed (a save taken back): read it again, unless something is typed here."""
        start = self.start
        if start is not None and start.record is not None and (not kinds or start.kind.code in kinds) \
                and not self._saving and not self.entries():
            self._start_over()

    def _serve(self, start: entering.Start) -> None:
        """The new record is for another unit; what is typed stays."""
        self.start = start
        self._pins().unit = start.unit
        self._show_start(start)
        self.drafts.serve(start.unit)
        if self.fields is not None:
            self.fields.serve(start)

    def _show_start(self, start: entering.Start) -> None:
        self.head.show_form(start, self.desk.today(), walks=self._walk is not None)
        self.unit_line.show_for(start)
        self.form_foot.show_form(start.kind.measure_word, whole=bool(start.whole))

    def _made(self, editor: Editor) -> None:
        """An editor was made: the form's keys work in it, and it gets its pin."""
        self.form_keys.watch(editor)
        if self.start is not None and self.start.record is None:
            self._pins().offer(editor, self.start.kind)

    def _typed(self) -> None:
        self.drafts.typed()
        self._say_refusal("")

    def _column_count(self) -> int:
        return 1 if self.window().width() / self.theme.scale < ONE_COLUMN else 2

    def _arrange(self) -> None:
        columns = self._column_count()
        if self.fields is not None:
            self.fields.arrange(columns)
        self.form_foot.show_keys(self.window().width() / self.theme.scale >= ROOM_FOR_KEYS)
        self.head.walk.fold(columns == 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column where there is no room for two."""
        super().resizeEvent(event)
        self._arrange()

    def _keep_in_sight(self) -> None:
        """What is said beside other fields makes the form longer; where one types stays in sight."""
        here = QApplication.focusWidget()
        if here is not None and self._scroll.isAncestorOf(here):
            self._scroll.ensureWidgetVisible(here, 0, self.theme.px(24))

    def first_focus(self) -> QWidget:
        """The field that was asked for, else the first."""
        first = self.fields.first(str(self._about.get("field") or "")) if self.fields is not None else None
        return first or self

    def _begin_typing(self) -> None:
        self.first_focus().setFocus(Qt.FocusReason.TabFocusReason)

    # --- keys, paste, drop -----------------------------------------------------------------------------------

    def _paste(self) -> None:
        self._take_pictures(pictures_in(QGuiApplication.clipboard().mimeData()))

    def _take_pictures(self, pictures: list[Any]) -> None:
        if self.photos is not None:
            self.photos.take(pictures)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped anywhere on the form."""
        if self.photos is not None and not self.photos.locked and holds_pictures(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the pictures in."""
        self._take_pictures(pictures_in(event.mimeData()))
        event.acceptProposedAction()

    def _go_to_wrong(self) -> None:
        if self.fields is not None:
            self.fields.go_to_wrong()

    # --- the record before, pins -----------------------------------------------------------------------------

    def _in_use(self) -> Editor | None:
        return self.fields.in_use() if self.fields is not None else None

    def _copy_field(self) -> None:
        editor = self._in_use()
        if editor is not None and self.fields is not None:
            self.fields.copy_field(editor)

    def copy_last(self) -> None:
        """Copy all but name, ID and telephone numbers and photos from the record entered before."""
        if self.fields is None or self.start is None:
            return
        self.fields.copy_all()
        self.desk.say(f"已复制上一{self.start.kind.measure_word}；姓名、证件号、电话和照片没有复制。", "info")
        self._begin_typing()

    def _pins(self) -> Pins:
        return pins_of(self.desk, self.kind.code if self.kind is not None else "")

    def _toggle_pin(self) -> None:
        editor = self._in_use()
        if editor is not None:
            toggle_pin(editor)

    # --- saving ----------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Save and return to where one came from."""
        self._save(self._saved_and_back)

    def save_and_next(self) -> None:
        """Save and begin the next one; what is typed before that is there goes into it."""
        if self._save(self._saved_and_next):
            self.ahead.begin()

    def _save(self, done: Callable[[Saved, str], None]) -> bool:
        """Hand the form in; whether it was, rather than stopped by a gap."""
        start, fields = self.start, self.fields
        if start is None or fields is None or start.whole or self._saving:
            return False
        QGuiApplication.inputMethod().commit()  # what the input method still has in hand is part of it
        fields.tried = True
        look = fields.look_now()
        if look.stop:
            fields.editors[look.stop].say(look.notes.get(look.stop))  # also while one is still typing there
            fields.look_now()
            fields.focus(fields.editors[look.stop])
            return False
        self._saving = True
        self._pins().keep(fields.editors)
        draft = self.drafts.end()
        kind, record, unit, entries, day = start.kind, start.record, start.unit, fields.entries(), self.desk.today()
        name = kind.name_of(look.flat)

        def work(office: Office, _progress: Progress) -> Saved:
            return entering.save_form(office, kind.code, entries, draft=draft, record=record, unit=unit, day=day)

        self.desk.ask(self, work, lambda saved: done(saved, name), failed=self._refused)
        return True

    def _refused(self, error: Exception) -> None:
        """Nothing was saved: everything stays as it was typed, and the bar says why."""
        self._saving = False
        self.ahead.end()
        self.drafts.typed()
        self._say_refusal(sentence_for(error).text)

    def _say_refusal(self, text: str) -> None:
        if self.form_foot.said != text:
            self.form_foot.say(text)
            self._arrange()

    def _saved_and_back(self, saved: Saved, name: str) -> None:
        self._say_saved(saved, name)
        self.desk.back()

    def _saved_and_next(self, saved: Saved, name: str) -> None:
        self._say_saved(saved, name)
        assert self.start is not None  # noqa: S101 - it was saved
        unit = self.start.unit if self.start.record is None else self._about.get("unit")
        self.opened({"nav": self._about.get("nav"), "unit": unit, "kind": self.start.kind.code})

    def _say_saved(self, saved: Saved, name: str, verb: str = "保存") -> None:
        kind = self.kind
        assert kind is not None  # noqa: S101 - it was saved
        self.drafts.done()
        say_saved(self.desk, kind, saved, name, verb=verb)

    # --- going on to another ------------------------------------------------------

    def _walk_on(self, step: int) -> None:
        walk, start = self._walk, self.start
        if walk is None or start is None:
            return

        def go(row: Listed) -> None:
            if self.may_leave():  # what is typed here is a draft by then
                walk.stand_at(row)
                self._start_over()

        find_beside(self.desk, self, walk, step, start.kind.measure_word, go)

    # --- leaving ---------------------------------------------------------------------------------------------

    def _continue(self, draft: entering.Draft) -> None:
        if self.fields is None or self.start is None:
            return
        self.fields.put(draft.entries)
        self.fields.look_now()
        if self.start.record is None and draft.unit.code != self.start.unit:
            self.unit_line.choose(draft.unit)

    def _start_over(self) -> None:
        """Open the same form again, without what it was given to begin with."""
        self.opened({key: value for key, value in self._about.items() if key not in ("draft", "entries")})

    def may_leave(self) -> bool:
        """Yes: what is not saved is a draft, on disk before the form goes; where the disk takes none, when asked twice."""
        self.ahead.drop()
        if not self._saving and self.drafts.keep_now():
            self.desk.say("没有保存的内容存成了草稿，下次打开可以接着填。", "info")
        if self.drafts.is_lost and self.form_foot.said != _WOULD_BE_LOST:
            self._say_refusal(_WOULD_BE_LOST)
            return False
        return True

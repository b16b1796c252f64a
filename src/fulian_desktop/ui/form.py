"""The form of any kind: a new record or one that is changed, derived from the kind's declaration.

Rules:

* Enter goes on, Shift+Enter back; Ctrl+S saves and returns, Ctrl+Enter saves and begins the next.
* What is typed is a draft within two seconds and is never lost: not by leaving, a refused save, a full disk, or a kill.
* Only the kind's first asked field stops a save; everything else is said beside its field and can be mended later.
* An edit sends only what was changed; what this office may not write is shown and says why.
* What is pinned is kept for the next record of the kind until the window is closed.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any
from weakref import WeakKeyDictionary

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from fulian_desktop.domain.checks import MISSING
from fulian_desktop.domain.forms import copied_cells
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, find_kind
from fulian_desktop.domain.steps import TONES, steps_of
from fulian_desktop.domain.texts import closed
from fulian_desktop.progress import Progress
from fulian_desktop.services import entering
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.buttons import Badge, KeyButton
from fulian_desktop.ui.cards import Banner
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor
from fulian_desktop.ui.form_cards import WrongNote, foot_sentence
from fulian_desktop.ui.form_draft import DraftKeeper
from fulian_desktop.ui.form_fields import FormFields
from fulian_desktop.ui.lines import TypedLine
from fulian_desktop.ui.page import Key, Page
from fulian_desktop.ui.photo_strip import PhotoStrip, holds_pictures, pictures_in
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.type_ahead import TypeAhead
from fulian_desktop.ui.widgets import IconLabel, plain_label

ONE_COLUMN = 1000
"""Effective width of the window under which a form has one column."""

_LONGEST_TITLE = 18
_WOULD_BE_LOST = "草稿没有存上，离开就没有了。请先腾出空间再保存；不要了就再离开一次。"

_pins: WeakKeyDictionary[Desk, dict[tuple[str, str], Any]] = WeakKeyDictionary()
"""What is kept for the next record, as long as the window is open: (kind, cell) → entry."""


class FormPage(Page):
    """One form. ``about``: nav, kind, record (None: new), unit, draft, entries, field (the cell to begin at)."""

    keys = (
        Key("回车", "下一项"), Key("Shift+回车", "上一项"), Key("Ctrl+S", "保存"), Key("Ctrl+回车", "保存并登记下一条"),
        Key("Ctrl+D", "这一项和上一条相同"), Key("Ctrl+T", "这一项下一条沿用"), Key("Ctrl+V", "粘贴照片"),
        Key("Ctrl+Del", "删去表里的这一行"), Key("Esc", "返回，没保存的存成草稿"),
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
        self._make_head()
        self._make_foot()
        scroll = self.findChild(QScrollArea)
        assert scroll is not None  # noqa: S101 - the page scrolls
        self._scroll: QScrollArea = scroll
        self._scroll.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        self.drafts = DraftKeeper(desk, self, self.entries)
        self.drafts.said.connect(self.draft_note.setText)
        self.drafts.said.connect(lambda text: self.draft_icon.setVisible(bool(text)))
        self.drafts.refused.connect(self._say_refusal)
        for key, run in (
            ("Ctrl+S", self.save), ("Ctrl+Return", self.save_and_next), ("Ctrl+Enter", self.save_and_next),
            ("Ctrl+D", self._copy_field), ("Ctrl+T", self._toggle_pin), ("Ctrl+V", self._paste), ("Esc", self._cancel),
        ):
            self.on_key(key, run)

    def _make_head(self) -> None:
        theme = self.theme
        self.state = Badge(theme)
        self.state.hide()
        self.beside_title.addWidget(self.state)
        self.draft_icon = IconLabel(theme, "import", "text2", t.ICON_BUTTON)
        self.draft_icon.hide()
        self.draft_note = plain_label(role="label")
        self.copy_button = KeyButton(theme, "复制上一条", style="ghost", icon="copy")
        self.copy_button.clicked.connect(self.copy_last)
        self.copy_button.hide()
        self.buttons.addWidget(self.draft_icon)
        self.buttons.addWidget(self.draft_note)
        self.buttons.addWidget(self.copy_button)
        self.banner_button = KeyButton(theme, "")
        self.drop_button = KeyButton(theme, "不要了")
        self.banner = Banner(theme, button=self.banner_button)
        strip = self.banner.layout()
        assert strip is not None  # noqa: S101 - a banner has one
        strip.addWidget(self.drop_button)
        self.body.addWidget(self.banner)
        self._place = QVBoxLayout()
        self.body.addLayout(self._place)
        self.body.addStretch(1)

    def _make_foot(self) -> None:
        theme = self.theme
        for key, does in (("回车", "下一项"), ("Shift+回车", "上一项"), ("Ctrl+D", "同上一条")):
            self.foot.add_hint(key, does)
        for label in self.foot.findChildren(QLabel):  # until it is known that there is room: a window never shrinks again
            label.setHidden(label is not self.foot.note)
        self.wrong = WrongNote(theme)
        self.wrong.clicked.connect(self._go_to_wrong)
        self.cancel_button = KeyButton(theme, "取消", "Esc")
        self.next_button = KeyButton(theme, "保存并登记下一条", "Ctrl+回车")
        self.save_button = KeyButton(theme, "保存", "Ctrl+S", primary=True)
        for button in (self.cancel_button, self.next_button, self.save_button, self.banner_button, self.drop_button):
            button.setAutoDefault(True)  # Enter presses it, as Enter goes through all else
        self.cancel_button.clicked.connect(self._cancel)
        self.next_button.clicked.connect(self.save_and_next)
        self.save_button.clicked.connect(self.save)
        for widget in (self.wrong, self.cancel_button, self.next_button, self.save_button):
            self.foot.buttons.addWidget(widget)
        self.foot.show()

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

    def entries(self) -> dict[str, Any]:
        """What differs from the record: cell → what was typed."""
        return self.fields.entries() if self.fields is not None else {}

    # --- opening ---------------------------------------------------------------------------------------------

    def opened(self, about: Mapping[str, Any]) -> None:
        """Read what the form begins with, then build it."""
        self._about = about
        code, record, unit, day = about.get("kind") or "", about.get("record"), about.get("unit"), self.desk.today()
        if not code and record is None:
            code = next((k.code for k in all_kinds() if k.nav == about.get("nav")), "")
        kind = find_kind(code)
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
        fields.through.connect(lambda: self.save_button.setFocus(Qt.FocusReason.TabFocusReason))
        fields.build()
        fields.grown.connect(self._order_tabs)
        self._order_tabs()
        self._show_head(start)
        given = dict(self._about.get("entries") or {})
        if start.record is None:
            given = {**{cell: v for (kind, cell), v in self._pinned().items() if kind == start.kind.code}, **given}
        fields.put(given)
        self._show_drafts(start)
        fields.look_now()
        self._arrange()
        fields.show()  # what a layout takes in is shown a turn later, and until then keeps no focus
        here = self.window().focusWidget()  # also while another window is in front, such as that which led here
        if here is self or (isinstance(here, QWidget) and self.isAncestorOf(here)):
            self.first_focus().setFocus(Qt.FocusReason.TabFocusReason)
        self.ahead.end()

    def _show_head(self, start: entering.Start) -> None:
        kind, word = start.kind, start.kind.measure_word
        new = start.record is None
        foreign = start.unit_name if start.unit != self.desk.unit else ""
        self.title.setText(kind.verb if new else _shortened(kind.name_of(start.flat)) or kind.label)
        self.subtitle.setText(foreign if new else f"{kind.label} · {start.unit_name}")
        self.copy_button.setText(f"复制上一{word}")
        self.copy_button.setVisible(new and bool(start.last))
        self.next_button.setText(f"保存并登记下一{word}")
        for button in (self.next_button, self.save_button):
            button.setVisible(not start.whole)
        self.cancel_button.setText("返回" if start.whole else "取消")
        staged = None if new else steps_of(kind, start.flat, start.conflicts, self.desk.today())
        if staged is not None:
            self.state.show_state(staged[0].label, TONES[staged[0].stage])
        else:
            self.state.show_state("新登记" if new else "已删除" if start.deleted else "", "info" if new else "error")

    def _made(self, editor: Editor) -> None:
        """An editor was made: the form's keys work in it, and it gets its pin."""
        for target in editor.targets():
            target.installEventFilter(self)
        start, name = self.start, editor.cell.name
        if start is None or start.record is not None or editor.locked or not isinstance(editor.edit, TypedLine):
            return
        if name in copied_cells(start.kind):
            pin = editor.edit.add_pin(f"下一{start.kind.measure_word}沿用")
            pin.setChecked((start.kind.code, name) in self._pinned())
            pin.toggled.connect(lambda on: self._pin(editor, on))

    def _order_tabs(self) -> None:
        """Tab goes in the order in which one reads: what is made later would come after the foot."""
        stops = self.fields.tab_stops() if self.fields is not None else []
        for before, after in pairwise([*stops, self.wrong, self.cancel_button, self.next_button, self.save_button]):
            QWidget.setTabOrder(before, after)

    def _typed(self) -> None:
        self.drafts.typed()
        self._say_refusal("")

    def _column_count(self) -> int:
        return 1 if self.window().width() / self.theme.scale < ONE_COLUMN else 2

    def _arrange(self) -> None:
        columns = self._column_count()
        if self.fields is not None:
            self.fields.arrange(columns)
        for label in self.foot.findChildren(QLabel):
            if label is not self.foot.note:
                label.setVisible(columns == 2 and not self.foot.note.text())

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

    # --- keys, paste, drop -----------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the form that a line of text would take for itself: Ctrl+D, and Ctrl+V of a picture."""
        if isinstance(event, QKeyEvent) and not watched.property("readOnly"):
            typed = QKeySequence(event.keyCombination())
            if event.type() == QEvent.Type.ShortcutOverride and typed in (QKeySequence("Ctrl+D"), QKeySequence("Ctrl+T")):
                event.ignore()
                return True
            is_paste = event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) and typed == QKeySequence("Ctrl+V")
            if is_paste and isinstance(watched, QLineEdit | QPlainTextEdit) and self._is_picture_pasted():
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _is_picture_pasted(self) -> bool:
        mime = QGuiApplication.clipboard().mimeData()
        return holds_pictures(mime) and (mime.hasUrls() or not mime.hasText())

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
        self.first_focus().setFocus(Qt.FocusReason.TabFocusReason)

    def _pinned(self) -> dict[tuple[str, str], Any]:
        return _pins.setdefault(self.desk, {})

    def _pin(self, editor: Editor, on: bool) -> None:
        key = (self.kind.code if self.kind else "", editor.cell.name)
        if on:
            self._pinned()[key] = editor.value()
        else:
            self._pinned().pop(key, None)

    def _toggle_pin(self) -> None:
        editor = self._in_use()
        if editor is not None and isinstance(editor.edit, TypedLine) and editor.edit.pin is not None:
            editor.edit.pin.toggle()

    def _keep_pins(self) -> None:
        for kind, name in list(self._pinned()):
            if self.kind is not None and kind == self.kind.code and name in self.editors:
                self._pinned()[kind, name] = self.editors[name].value()

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
        self._keep_pins()
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
        if self.foot.note.text() != text:
            foot_sentence(self.theme, self.foot.note, text)
            self._arrange()

    def _saved_and_back(self, saved: Saved, name: str) -> None:
        self._say_saved(saved, name)
        self.desk.back()

    def _saved_and_next(self, saved: Saved, name: str) -> None:
        self._say_saved(saved, name)
        about = {key: value for key, value in self._about.items() if key in ("nav", "unit")}
        self.opened({**about, "kind": self.kind.code if self.kind else ""})

    def _say_saved(self, saved: Saved, name: str) -> None:
        kind = self.kind
        assert kind is not None  # noqa: S101 - it was saved
        self.drafts.done()
        if not saved.act:
            self.desk.say("没有改动，还是原来的样子。", "info")
            return
        later = sum(1 for problem in saved.problems if problem.code == MISSING)
        more = f"，还有 {later} 项可以以后补" if later else ""
        run = _undoing(self.desk, saved.act, kind)
        self.desk.say(f"已保存：{_shortened(name) or kind.label}{more}。", action="撤销", run=run, key="Ctrl+Z")
        self.desk.tell_changed({kind.code})

    # --- drafts and leaving ----------------------------------------------------------------------------------

    def _show_drafts(self, start: entering.Start) -> None:
        """Go on with what was left unfinished: at once where it was asked for or is this record's, else on request."""
        self.banner.say("")
        self.drop_button.hide()
        self.drafts.begin(start.kind.code, start.record)
        if start.whole:
            self._say_whole(start)
            return
        wanted = self._about.get("draft")
        found = next((d for d in start.drafts if d.id == wanted or start.record is not None), None)
        if found is not None:
            self._go_on_with(found)
            words = "上次没有保存的内容，已经放回来了。"
            self._say_in_banner(words, "这些不要了", lambda: self._start_over(found))
        elif start.conflicts:
            words = f"有 {len(start.conflicts)} 项两边填得不一样，要选一个。"
            self._say_in_banner(words, "去选", lambda: self.desk.go("conflicts", {"record": start.record}), "conflict")
        elif start.drafts:
            self._offer(start.drafts[0], len(start.drafts))

    def _say_whole(self, start: entering.Start) -> None:
        if start.deleted:
            self._say_in_banner(start.whole, "恢复", self._restore, "warn")
        else:
            self.banner.say(start.whole, "info")
            self.banner_button.hide()

    def _offer(self, draft: entering.Draft, count: int) -> None:
        at = datetime.datetime.fromtimestamp(draft.at / 1000)
        what = f"“{_shortened(draft.name)}”" if draft.name else "一份"
        more = f"（共 {count} 份）" if count > 1 else ""
        words = f"{at.month}月{at.day}日 {at:%H:%M} 没填完的{what}还在{more}。"
        self._say_in_banner(words, "接着填", lambda: self._continue(draft))
        self.drop_button.show()
        _connect_only(self.drop_button, lambda: self._drop(draft))

    def _say_in_banner(self, words: str, verb: str, run: Callable[[], None], tone: str = "info") -> None:
        self.banner.say(words, tone)
        self.banner_button.setText(verb)
        self.banner_button.show()
        _connect_only(self.banner_button, run)

    def _continue(self, draft: entering.Draft) -> None:
        self._go_on_with(draft)
        self.banner.say("")
        self.drop_button.hide()
        if self.fields is not None:
            self.fields.look_now()
        self.first_focus().setFocus(Qt.FocusReason.TabFocusReason)

    def _go_on_with(self, draft: entering.Draft) -> None:
        if self.fields is not None:
            self.fields.put(draft.entries)
        if self.drafts.is_kept:  # what was typed before goes on in this one
            self._throw_away(self.drafts.id, lambda: None)
        self.drafts.go_on(draft.id, draft.at)

    def _drop(self, draft: entering.Draft) -> None:
        """The offered draft is not wanted; what is typed here meanwhile stays."""
        self.banner.say("")
        self.drop_button.hide()
        self._throw_away(draft.id, lambda: None)

    def _start_over(self, draft: entering.Draft) -> None:
        """What the draft put back is not wanted: the form as it is without it."""
        self.drafts.end()
        self.drafts.done()
        about = {key: value for key, value in self._about.items() if key != "draft"}
        self._throw_away(draft.id, lambda: self.opened(about))

    def _throw_away(self, draft: str, then: Callable[[], None]) -> None:
        def work(office: Office, _progress: Progress) -> None:
            entering.drop_draft(office, draft)

        self.desk.ask(self, work, lambda _none: then())

    def _restore(self) -> None:
        record = self.start.record if self.start else None

        def work(office: Office, _progress: Progress) -> str:
            from fulian_desktop.services.records import restore_records

            return restore_records(office, [record] if record else [])

        def done(_act: str) -> None:
            self.desk.say("已恢复。")
            self.desk.tell_changed({self.kind.code} if self.kind else ())
            self.opened(self._about)

        self.desk.ask(self, work, done)

    def _cancel(self) -> None:
        self.desk.back()

    def may_leave(self) -> bool:
        """Yes: what is not saved is a draft, on disk before the form goes; where the disk takes none, when asked twice."""
        self.ahead.drop()
        if not self._saving and self.drafts.keep_now():
            self.desk.say("没有保存的内容存成了草稿，下次打开可以接着填。", "info")
        if self.drafts.is_lost and self.foot.note.text() != _WOULD_BE_LOST:
            self._say_refusal(_WOULD_BE_LOST)
            return False
        return True


def _shortened(name: str) -> str:
    one_line = " ".join(name.split())
    return closed(one_line if len(one_line) <= _LONGEST_TITLE else f"{one_line[:_LONGEST_TITLE]}…")


def _connect_only(button: KeyButton, run: Callable[[], None]) -> None:
    if button.property("connected"):
        button.clicked.disconnect()
    button.setProperty("connected", True)
    button.clicked.connect(run)


def _undoing(desk: Desk, act: str, kind: Kind) -> Callable[[], None]:
    """What takes a save back by new changes; the page that made it may be gone by then."""

    def work(office: Office, _progress: Progress) -> dict[str, Any]:
        from fulian_desktop.services.records import undo_act

        return undo_act(office, act)

    def done(undone: dict[str, Any]) -> None:
        kept = len(undone["kept"])
        desk.say("已撤销。" if not kept else f"已撤销；其中 {kept} 项后来又改过，没有动。", "info")
        desk.tell_changed({kind.code})

    def run() -> None:
        desk.ask(desk, work, done)

    return run

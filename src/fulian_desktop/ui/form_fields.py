"""The fields of a form: its cards and editors, what stands in them, and what is said beside them.

Rules:

* What differs from the record is what was typed; what follows from an ID number follows again when it is saved.
* A doubt is said when a field is left, not while somebody types there for the first time; that something is missing, once
  the field was visited.
* Enter goes through the fields in reading order, past those that are locked or folded away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from fulian_desktop.domain.checks import MISSING
from fulian_desktop.domain.fields import Reference, Table
from fulian_desktop.domain.forms import Cell, Look, Note, cells_of, copied_cells, look_over, shown
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.stages import deciding_level
from fulian_desktop.progress import Progress
from fulian_desktop.services import entering
from fulian_desktop.services.office import Office
from fulian_desktop.ui import tokens as t
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.editors import Editor, make_editor
from fulian_desktop.ui.form_cards import GatheredCard, GroupCard, TableCard, photo_card, sentences_for
from fulian_desktop.ui.history import HistoryCard
from fulian_desktop.ui.photo_strip import PhotoStrip
from fulian_desktop.ui.picker import ReferenceEditor
from fulian_desktop.ui.subtable import SubTable
from fulian_desktop.ui.widgets import tip_of

ASIDE = 290
LOOK_AFTER_MS = 200


class FormFields(QWidget):
    """The cards of one form and the editors in them.

    Args:
        start: What the form begins with; a form that begins anew makes its fields anew.
    """

    typed = Signal()
    """Something was changed by hand."""

    made = Signal(object)
    """An editor was made: :class:`Editor`."""

    wrong = Signal(int)
    """In how many places something is to be mended."""

    before = Signal()
    """Shift+Enter in the first field."""

    through = Signal()
    """Enter in the last field."""

    def __init__(self, desk: Desk, start: entering.Start, columns: int) -> None:
        super().__init__()
        self.desk, self.theme, self.start = desk, desk.theme, start
        self.editors: dict[str, Editor] = {}
        self.cards: list[GroupCard] = []
        self.photos: PhotoStrip | None = None
        self.look: Look | None = None
        self.tried = False
        self._order: list[GroupCard | Editor] = []
        self._cells = cells_of(start.kind)
        self._initial = {cell.name: shown(cell, start.flat) for cell in self._cells}
        self._filled: dict[str, Any] = {}
        self._visited: set[str] = set()
        self._said: set[str] = set()
        self._others: list[Problem] = []
        self._checked: Mapping[str, Any] = {}
        self._columns = columns
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(LOOK_AFTER_MS)
        self._wait.timeout.connect(self.look_now)

    # --- building --------------------------------------------------------------------------------------------

    def build(self) -> None:
        """Make the cards; who listens is connected by now."""
        start, cells = self.start, self._cells
        left, right = QWidget(), QWidget()
        self._left, self._right = QVBoxLayout(left), QVBoxLayout(right)
        for column in (self._left, self._right):
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(self.theme.px(t.CARD_GAP))
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(self.theme.px(t.CARD_GAP + 2))
        self._sides.addWidget(left, 1, Qt.AlignmentFlag.AlignTop)
        self._sides.addWidget(right, 0, Qt.AlignmentFlag.AlignTop)
        self._aside = right
        groups = list(dict.fromkeys(cell.field.group for cell in cells if not cell.aside))
        for number, group in enumerate(groups):
            self._add_group(start, group, [c for c in cells if c.field.group == group and not c.aside], first=number == 0)
        self._add_aside(start, [c for c in cells if c.aside])
        self.arrange(self._columns)

    def _add_group(self, start: entering.Start, group: str, cells: list[Cell], *, first: bool) -> None:
        locked = [c for c in cells if c.field.code in start.locked and not self._is_there(c)]
        if locked and len(locked) == len(cells) and not self._level_matters(start, locked):
            return
        open_cells = [c for c in cells if c not in locked]
        plain = [c for c in open_cells if not isinstance(c.type, Table)]
        if plain or locked:
            folded = bool(plain) and not first and not any(_is_main(c) or self._is_there(c) for c in plain)
            title = group or start.kind.label
            said = sentences_for(locked, start.locked) if start.record is not None else ()
            card = GroupCard(self.theme, title, plain, self._make_editor, said=said, folded=folded)
            card.unfolded.connect(lambda: self._unfolded(card))
            self.cards.append(card)
            self._order.append(card)
            self._left.addWidget(card)
        for cell in open_cells:
            if isinstance(cell.type, Table):
                table = self._make_editor(cell)
                assert isinstance(table, SubTable)  # noqa: S101 - made for a table
                self._order.append(table)
                self._left.addWidget(TableCard(self.theme, table))

    def _is_there(self, cell: Cell) -> bool:
        return self._initial.get(cell.name) not in (None, [])

    def _level_matters(self, start: entering.Start, cells: list[Cell]) -> bool:
        """Whether levels that this office may not write have a part in the record: those up to the deciding one."""
        if start.record is None:
            return False
        deciding = deciding_level(start.flat) if start.kind.stages else None
        return deciding is None or any(c.field.written_by is not None and c.field.written_by >= deciding for c in cells)

    def _add_aside(self, start: entering.Start, cells: list[Cell]) -> None:
        for cell in cells:
            if cell.is_photos:
                strip = PhotoStrip(self.desk, cell)
                strip.said.connect(lambda text: self.desk.say(text, "warn"))
                card = photo_card(self.theme, strip)
                self._connect(strip)
                self.photos = strip
                self._right.addWidget(card)
        if start.honors:
            self._right.addWidget(GatheredCard(self.theme, "历次荣誉", [(one.title, one.about) for one in start.honors]))
        if start.mentions:
            self._right.addWidget(GatheredCard(self.theme, "相关记录", [(one.title, one.about) for one in start.mentions]))
        plain = [c for c in cells if not c.is_photos]
        card = GroupCard(self.theme, plain[0].label if plain else "", plain, self._make_editor, narrow=True)
        self._order.append(card)
        self._right.addWidget(card)
        self.history = HistoryCard(self.theme)
        self._right.addWidget(self.history)
        self.history.show_steps(start.steps)
        if self.photos is not None:
            self._order.append(self.photos)
        self._right.addStretch(1)

    def _make_editor(self, cell: Cell) -> Editor:
        editor: Editor
        if isinstance(cell.type, Reference):
            editor = ReferenceEditor(self.desk, cell, self.start.unit)
        elif isinstance(cell.type, Table):
            editor = SubTable(self.theme, cell)
            editor.said.connect(lambda text: self.desk.say(text, "warn"))
        else:
            editor = make_editor(self.theme, cell)
        self._connect(editor)
        return editor

    def _connect(self, editor: Editor) -> None:
        start, name = self.start, editor.cell.name
        self.editors[name] = editor
        editor.set_value(self._initial.get(name))
        editor.changed.connect(lambda: self._changed(editor))
        editor.entered.connect(lambda: self.go_on(editor, 1))
        editor.went_back.connect(lambda: self.go_on(editor, -1))
        editor.left.connect(lambda: self._left_field(editor))
        reason = start.locked.get(editor.cell.field.code, "")
        if start.whole or reason:
            editor.lock("" if start.whole else reason)
            if reason in self._said:
                editor.note.say("")  # the field before says it; this one in its tooltip
                editor.edit.setToolTip(tip_of(reason))
            self._said.add(reason)
        self.made.emit(editor)

    def _unfolded(self, card: GroupCard) -> None:
        card.arrange(self._columns)
        if card.editors:
            card.editors[0].begin()

    def arrange(self, columns: int) -> None:
        """Stand in two columns with the photos beside them, or in one with all under each other."""
        self._columns = columns
        way = QBoxLayout.Direction.LeftToRight if columns == 2 else QBoxLayout.Direction.TopToBottom
        self._sides.setDirection(way)
        self._aside.setMinimumWidth(self.theme.px(ASIDE))
        self._aside.setMaximumWidth(self.theme.px(ASIDE) if columns == 2 else 16_777_215)
        for card in self.cards:
            card.arrange(columns)

    # --- what stands in it -----------------------------------------------------------------------------------

    def entries(self) -> dict[str, Any]:
        """What differs from the record: cell → what was typed. What follows from an ID number is left to follow."""
        found = {}
        for name, editor in self.editors.items():
            value = editor.value()
            same = _or_none(value) == _or_none(self._initial.get(name))
            if not same and not (name in self._filled and value == self._filled[name]):
                found[name] = _key_only(value)
        return found

    def put(self, entries: Mapping[str, Any]) -> None:
        """Show entries as if they had been typed."""
        for name, value in entries.items():
            editor = self._unfolded_to(name)
            if editor is not None and not editor.locked:
                editor.set_value(value)

    def _unfolded_to(self, name: str) -> Editor | None:
        """The editor of a cell, its card unfolded."""
        for card in self.cards:
            if card.is_folded and any(cell.name == name for cell in card.cells):
                card.unfold()
        return self.editors.get(name)

    def serve(self, start: entering.Start) -> None:
        """The new record is for another unit; what is typed stays."""
        self.start = start
        for editor in self.editors.values():
            if isinstance(editor, ReferenceEditor):
                editor.serve(start.unit)

    def _changed(self, editor: Editor) -> None:
        self._filled.pop(editor.cell.name, None)
        self.typed.emit()
        self._wait.start()

    def _left_field(self, editor: Editor) -> None:
        self._visited.add(editor.cell.name)
        QTimer.singleShot(0, self, self.look_now)

    def look_now(self) -> Look:
        """Say beside each field what was read, what is missing, what is doubtful."""
        start = self.start
        self._wait.stop()
        base = {**start.flat, **start.joined}
        look = look_over(start.kind, self.entries(), base=base, today=self.desk.today(), others=self._others)
        self._fill(look.fills)
        self.look = look
        wrong = 0
        for name, editor in self.editors.items():
            note = look.notes.get(name)
            if note is not None and not self._is_time_for(note, editor):
                note = None
            editor.say(note)
            wrong += note is not None and note.tone == "error"
        self.wrong.emit(wrong)
        self._check_others(look)
        return look

    def _is_time_for(self, note: Note, editor: Editor) -> bool:
        """Not while somebody is typing there for the first time, nor that a new form is empty."""
        start, name = self.start, editor.cell.name
        if note.tone != "ok" and start.whole:
            return False
        if note.tone == "ok":
            return True
        if note.code == MISSING and note.tone == "error":  # what stops a save is said by saving
            return self.tried
        if editor.is_in_use() and editor.note.tone not in ("error", "warn"):
            return False
        return note.code != MISSING or name in self._visited or start.record is not None or self.tried

    def _fill(self, fills: Mapping[str, Any]) -> None:
        for name in [name for name in self._filled if name not in fills]:
            self.editors[name].set_value(None)
            del self._filled[name]
        for name, value in fills.items():
            editor = self.editors.get(name)
            if editor is not None and (editor.value() in (None, []) or name in self._filled):
                editor.set_value(value)
                self._filled[name] = value

    def _check_others(self, look: Look) -> None:
        """Ask whether other records say something against this one, once a field was left."""
        start = self.start
        if start.whole or look.flat == self._checked or not self._visited or not self.isVisible():
            return
        self._checked = look.flat
        kind, flat, record = start.kind.code, dict(look.flat), start.record

        def work(office: Office, _progress: Progress) -> list[Problem]:
            return entering.check_others(office, kind, flat, record)

        def done(problems: list[Problem]) -> None:
            if problems != self._others:
                self._others = problems
                self.look_now()

        self.desk.ask(self, work, done)

    # --- going from field to field ---------------------------------------------------------------------------

    def chain(self) -> list[Editor]:
        """The editors in reading order; those that are locked or folded away are left out."""
        found: list[Editor] = []
        for part in self._order:
            found += part.editors if isinstance(part, GroupCard) else [part]
        return [editor for editor in found if not editor.locked]

    def go_on(self, editor: Editor, step: int) -> None:
        """From one field to the next or the one before."""
        chain = self.chain()
        place = chain.index(editor) + step
        if place >= len(chain):
            self.through.emit()
        elif place < 0:
            self.before.emit()
        else:
            self.focus(chain[place])

    def focus(self, editor: Editor) -> None:
        """Go to a field, and scroll there."""
        editor.begin()
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if above is not None:
            above.ensureWidgetVisible(editor, 0, self.theme.px(24))

    def first(self, name: str = "") -> QWidget | None:
        """Where typing begins: in the cell of that name, or the first that is not locked."""
        asked = self._unfolded_to(name)
        if asked is not None and not asked.locked:
            return asked.targets()[0]
        chain = self.chain()
        return chain[0].targets()[0] if chain else None

    def go_to_wrong(self) -> None:
        """Go to the next field that has something to be mended."""
        wrong = [e for e in self.editors.values() if e.note.tone == "error" and e.note.words.text()]
        if wrong:
            here = next((i for i, e in enumerate(wrong) if e.is_in_use()), -1)
            self.focus(wrong[(here + 1) % len(wrong)])

    def in_use(self) -> Editor | None:
        """The editor that somebody is typing in."""
        return next((e for e in self.editors.values() if e.is_in_use()), None)

    # --- the record before ---------------------------------------------------------------------------------------

    def copy_field(self, editor: Editor) -> None:
        """Copy one field from the record entered before; in a table, the cell where one types."""
        value = _without_rows(shown(editor.cell, self.start.last))
        if editor.locked or (isinstance(editor, SubTable) and editor.copy_cell(value or ())):
            return
        if value in (None, []):
            editor.say(Note("上一条这里没有填。", "warn"))
            return
        editor.set_value(value)
        self._changed(editor)

    def copy_all(self) -> None:
        """Copy all but names, numbers and photos from it into the fields that are empty."""
        wanted = copied_cells(self.start.kind)
        values = {cell.name: _without_rows(shown(cell, self.start.last)) for cell in self._cells if cell.name in wanted}
        here = {name for name, editor in self.editors.items() if editor.value() not in (None, [])}
        self.put({name: value for name, value in values.items() if value not in (None, []) and name not in here})
        self.typed.emit()
        self.look_now()


def _is_main(cell: Cell) -> bool:
    """Whether a group that holds this cell stands open from the beginning."""
    if cell.field.written_by is not None:
        return False
    return cell.field.asked or cell.field.column or (cell.is_wide and cell.type is cell.field.type)


def _or_none(value: Any) -> Any:  # noqa: ANN401 - an entry
    return None if value in ("", [], {}, False) else _key_only(value)


def _key_only(value: Any) -> Any:  # noqa: ANN401 - an entry
    return {k: v for k, v in value.items() if k != "about"} if isinstance(value, dict) else value


def _without_rows(value: Any) -> Any:  # noqa: ANN401 - an entry
    """Rows of another record become rows of this one: without their ids."""
    return [{k: v for k, v in row.items() if k != "row"} for row in value] if isinstance(value, list) and value \
        and isinstance(value[0], dict) else value

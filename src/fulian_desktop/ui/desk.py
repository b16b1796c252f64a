"""What every page is given: the opened office, the background, the way to other pages and to the message line.

Rules:

* The office lives on the runner's thread: a page never calls a service itself, it hands work to :meth:`Desk.ask`.
* Errors that a page does not place itself become a sentence in the message line, in one way (ui/problems.py).
* Whoever has changed records says so (:meth:`Desk.tell_changed`); open pages then read theirs again.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Signal

from fulian_desktop.domain.in_force import DECLARED, Kinds
from fulian_desktop.progress import Progress
from fulian_desktop.ui.jobs import Job, JobRunner
from fulian_desktop.ui.memory import Memory
from fulian_desktop.ui.problems import sentence_for
from fulian_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from fulian_desktop.services.office import Office

T = TypeVar("T")


@dataclass(frozen=True)
class Said:
    """One thing in the message line.

    Attributes:
        text: The sentence.
        tone: ``ok``, ``info``, ``warn`` or ``error``; errors stay until they are closed, the rest goes after four seconds.
        action: The verb of a button beside it, "" for none.
        run: What the button does.
        key: The key of that button, e.g. ``Ctrl+Z``.
    """

    text: str
    tone: str = "ok"
    action: str = ""
    run: Callable[[], None] | None = None
    key: str = ""


class Desk(QObject):
    """The shared surroundings of all pages of an opened office.

    Args:
        office: The opened office; only works handed to :meth:`ask` touch it.
        unit: Its 12-digit code, ``unit_name`` what it is called, ``person`` for whom it is open.
        today: Gives the day.
        enter: Gives, on the runner's thread, the office that works are handed: of a desk in the rights room the room's.
        kinds: The kinds in force when it was opened; read again when something that governs was written.

    Attributes:
        room: The desk in the opened rights room, None while it is closed.
    """

    went = Signal(str, object)
    """A page is wanted: its name and what about, a mapping."""

    went_back = Signal()
    said = Signal(object)
    """A :class:`Said`."""

    changed = Signal(object)
    """Records were written: the frozenset of their kinds' codes; empty means any."""

    room_changed = Signal(bool)
    """The rights room was opened (True) or closed."""

    lock_wanted = Signal()
    """The rights room is to be closed."""

    handed_over = Signal(str)
    """Another person works here from now on: the name."""

    def __init__(
        self, theme: Theme, runner: JobRunner, memory: Memory, office: Office, *, unit: str, unit_name: str, person: str,
        today: Callable[[], datetime.date], kinds: Kinds = DECLARED, parent: QObject | None = None,
        enter: Callable[[Office], Office] | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme, self.runner, self.memory = theme, runner, memory
        self.unit, self.unit_name, self.person, self.today = unit, unit_name, person, today
        self.kinds = kinds
        self._office = office
        self._enter = enter
        self._said: Said | None = None
        self.room: Desk | None = None

    def ask(
        self, owner: QObject, work: Callable[[Office, Progress], T], done: Callable[[T], None], *,
        failed: Callable[[Exception], None] | None = None, progressed: Callable[[int, int, str], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Have something done beside the window, one after another in the order asked.

        Args:
            owner: Dead when the answer comes: the answer is dropped.
            work: Gets the office and a progress that may cancel it; makes no widget, touches none.
            done: Gets the result, on the main thread.
            failed: Gets the error; left out: it is said in the message line.
            progressed: Gets done, total and at what, at most a few times a second.
            cancelled: Called when the job was cancelled before it was through.
        """
        office, enter = self._office, self._enter
        return self.runner.start(
            owner, lambda progress: work(enter(office) if enter is not None else office, progress), done=done,
            failed=failed or self.problem, progressed=progressed, cancelled=cancelled,
        )

    def go(self, place: str, about: Mapping[str, Any] | None = None) -> None:
        """Show another page (ui/places.py names them)."""
        self.went.emit(place, dict(about or {}))

    def back(self) -> None:
        """Show the page before this one."""
        self.went_back.emit()

    def say(
        self, text: str, tone: str = "ok", *, action: str = "", run: Callable[[], None] | None = None, key: str = ""
    ) -> None:
        """Put a sentence into the message line."""
        self._said = Said(text, tone, action, run, key)
        self.said.emit(self._said)

    def press(self, key: str) -> bool:
        """Do what the latest sentence offers under this key, once; whether it offered anything (a page left may have)."""
        said, self._said = self._said, None
        if said is None or said.key != key or said.run is None:
            return False
        said.run()
        return True

    def problem(self, error: Exception) -> None:
        """Put into the message line what an error means for the person at the keyboard."""
        self.say(sentence_for(error).text, "error")

    def tell_changed(self, kinds: Iterable[str] = ()) -> None:
        """Say that records of these kinds were written; none named: any may have been."""
        named = frozenset(kinds)
        self.changed.emit(named)
        if not named or any(kind.governs for kind in map(self.kinds.find, named) if kind is not None):
            self.ask(self, lambda office, _progress: office.kinds, self._take_kinds)

    def _take_kinds(self, kinds: Kinds) -> None:
        if kinds is not self.kinds:
            self.kinds = kinds
            self.changed.emit(frozenset())

    # --- the rights room -------------------------------------------------------------------------------------

    def enter_room(self) -> None:
        """The rights room was opened: from now on there is a desk in it, whose works are done in the room.

        Where one goes from there is marked ``room``, so that the page there gets that desk too.
        """
        inner = Desk(
            self.theme, self.runner, self.memory, self._office, unit=self.unit, unit_name=self.unit_name, person=self.person,
            today=self.today, kinds=self.kinds, parent=self, enter=_opened_room,
        )
        inner.went.connect(lambda place, about: self.went.emit(place, {**about, "room": True}))
        inner.went_back.connect(self.went_back)
        inner.said.connect(self.said)
        inner.changed.connect(self.changed)
        inner.lock_wanted.connect(self.lock_wanted)
        self.room = inner
        self.room_changed.emit(True)

    def leave_room(self) -> None:
        """The rights room is closed: what pages of it still ask is refused, and what they pinned is forgotten."""
        inner, self.room = self.room, None
        if inner is not None:
            inner.deleteLater()
            self.room_changed.emit(False)


def _opened_room(office: Office) -> Office:
    from fulian_desktop.services.rights import opened

    return opened(office)

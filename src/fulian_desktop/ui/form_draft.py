"""Keeps what stands in a form as a draft: within two seconds of typing, and before the form goes.

Rules:

* The first key after a save of the draft starts a clock of a second; what stands there then is kept. Typing on does not
  put it off.
* A draft that could not be kept is said in the bar and tried again with the next key.
* When the window closes the last second is kept too: the form waits for it, a second at most.
"""

from __future__ import annotations

import datetime
import secrets
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from fulian_desktop.errors import MachineProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services import entering
from fulian_desktop.services.office import Office
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.problems import sentence_for

KEEP_AFTER_MS = 1_000
WAIT_AT_CLOSE = 1.0  # seconds


class DraftKeeper(QObject):
    """The draft of one form.

    Args:
        entries: Gives what stands in the form.
    """

    said = Signal(str)
    """What the header says: ``草稿已存 10:41``."""

    refused = Signal(str)
    """Why it could not be kept."""

    def __init__(self, desk: Desk, parent: QObject, entries: Callable[[], dict[str, Any]]) -> None:
        super().__init__(parent)
        self._desk, self._entries = desk, entries
        self.id, self._kind = secrets.token_hex(16), ""
        self._record: str | None = None
        self._unit = ""
        self.is_dirty = False
        self.is_kept = False
        self.is_lost = False
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(KEEP_AFTER_MS)
        self._wait.timeout.connect(self._keep)

    def begin(self, kind: str, record: str | None, unit: str) -> None:
        """A form begins that has no draft yet."""
        self._wait.stop()
        self.id, self._kind, self._record, self._unit = secrets.token_hex(16), kind, record, unit
        self.is_dirty = self.is_kept = False
        self.said.emit("")

    def go_on(self, draft: entering.Draft) -> None:
        """The form goes on with a draft that was kept before; what was typed until now goes on in that one."""
        if self.is_kept:
            self.throw_away(self.id)
        self.id, self.is_kept = draft.id, True
        self.said.emit(_kept_at(datetime.datetime.fromtimestamp(draft.at / 1000)))

    def throw_away(self, draft: str, *, then: Callable[[], None] | None = None) -> None:
        """Nobody wants a draft any more."""
        def work(office: Office, _progress: Progress) -> None:
            entering.drop_draft(office, draft)

        self._desk.ask(self, work, lambda _none: then() if then is not None else None)

    def serve(self, unit: str) -> None:
        """The new record is for another unit."""
        self._unit = unit
        if self.is_kept:
            self.typed()

    def typed(self) -> None:
        """Something was typed."""
        self.is_dirty = True
        if not self._wait.isActive():
            self._wait.start()

    def end(self) -> str:
        """A save begins, which takes the draft along; its id."""
        self._wait.stop()
        return self.id

    def done(self) -> None:
        """The record is saved, or the draft is not wanted any more."""
        self.is_dirty = self.is_kept = False
        self.said.emit("")

    def keep_now(self) -> bool:
        """Keep what is not kept yet before the form goes; whether a draft of it is left behind.

        Where the disk takes none, ``is_lost`` says so, and it is still to be kept.
        """
        self._wait.stop()
        self.is_lost = False
        if not self.is_dirty:
            return False
        through, failed = threading.Event(), threading.Event()
        work, leaves_one = self._work(), bool(self._entries())

        def and_say(office: Office, progress: Progress) -> None:
            try:
                work(office, progress)
            except MachineProblem:
                failed.set()
                raise
            finally:
                through.set()

        self._desk.ask(self._desk, and_say, lambda _none: None)
        through.wait(WAIT_AT_CLOSE)
        self.is_dirty = self.is_lost = failed.is_set()
        return leaves_one and not self.is_lost

    def _work(self) -> Callable[[Office, Progress], None]:
        draft, kind, record, unit, entries = self.id, self._kind, self._record, self._unit, self._entries()

        def work(office: Office, _progress: Progress) -> None:
            if entries:
                entering.keep_draft(office, draft, kind, entries, record, unit)
            else:  # all of it was taken out again
                entering.drop_draft(office, draft)

        return work

    def _keep(self) -> None:
        number = self.id
        self._desk.ask(self, self._work(), lambda _none: self._kept(number), failed=self._failed)

    def _kept(self, number: str) -> None:
        if number == self.id and self.is_dirty:
            self.is_kept = True
            self.said.emit(_kept_at(datetime.datetime.now()))

    def _failed(self, error: Exception) -> None:
        self.refused.emit(f"草稿没有存上。{sentence_for(error).text}")


def _kept_at(at: datetime.datetime) -> str:
    return f"草稿已存 {at:%H:%M}"

"""What a form is opened with besides its record: a draft put back or offered, conflicts, and why it may not be changed.

Rules:

* A draft of this record, or one that was asked for, is put back at once; one of a new record is offered.
* A draft that is not wanted goes; what is typed meanwhile stays.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from fulian_desktop.progress import Progress
from fulian_desktop.services.entering import Draft, Start
from fulian_desktop.services.office import Office
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form_banner import FormBanner
from fulian_desktop.ui.form_draft import DraftKeeper


class Unfinished(QObject):
    """Says in the banner of a form what there is, and does what was chosen."""

    put_back = Signal(object)
    """What stands in a :class:`Draft` belongs into the form."""

    gone_on = Signal()
    """A draft that was offered is taken: typing goes on."""

    begins_anew = Signal()
    """The form is to be opened again."""

    def __init__(self, desk: Desk, parent: QObject, banner: FormBanner, drafts: DraftKeeper) -> None:
        super().__init__(parent)
        self._desk, self._banner, self._drafts = desk, banner, drafts

    def begin(self, start: Start, wanted: str | None) -> None:
        """A form begins; ``wanted`` is the draft that was asked for."""
        self._banner.clear()
        self._drafts.begin(start.kind.code, start.record, start.unit)
        if start.whole:
            self._say_whole(start)
            return
        found = next((d for d in start.drafts if d.id == wanted or start.record is not None), None)
        if found is not None:
            self._go_on_with(found)
            self._banner.offer("上次没有保存的内容，已经放回来了。", "这些不要了", lambda: self._start_over(found))
        elif start.conflicts:
            words = f"有 {len(start.conflicts)} 项两边填得不一样，要选一个。"
            self._banner.offer(words, "去选", lambda: self._desk.go("conflicts", {"record": start.record}), "conflict")
        elif start.drafts:
            latest = start.drafts[0]
            self._banner.offer_draft(latest, len(start.drafts), lambda: self._continue(latest), lambda: self._drop(latest))

    def _say_whole(self, start: Start) -> None:
        if start.deleted:
            self._banner.offer(start.whole, "恢复", lambda: self._restore(start), "warn")
        else:
            self._banner.tell(start.whole)

    def _go_on_with(self, draft: Draft) -> None:
        self.put_back.emit(draft)
        self._drafts.go_on(draft)

    def _continue(self, draft: Draft) -> None:
        self._go_on_with(draft)
        self._banner.clear()
        self.gone_on.emit()

    def _drop(self, draft: Draft) -> None:
        self._banner.clear()
        self._drafts.throw_away(draft.id)

    def _start_over(self, draft: Draft) -> None:
        self._drafts.end()
        self._drafts.done()
        self._drafts.throw_away(draft.id, then=self.begins_anew.emit)

    def _restore(self, start: Start) -> None:
        restore(self._desk, self, start, self.begins_anew.emit)


def restore(desk: Desk, owner: QObject, start: Start, then: Callable[[], None]) -> None:
    """Bring a deleted record back, say so, and go on with ``then``."""

    def work(office: Office, _progress: Progress) -> str:
        from fulian_desktop.services.records import restore_records

        return restore_records(office, [start.record] if start.record else [])

    def done(_act: str) -> None:
        desk.say("已恢复。")
        desk.tell_changed({start.kind.code})
        then()

    desk.ask(owner, work, done)

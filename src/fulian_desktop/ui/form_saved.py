"""How a save is said, with its way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fulian_desktop.domain.checks import MISSING
from fulian_desktop.domain.kind import Kind
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import Saved
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.form_banner import shortened


def say_saved(desk: Desk, kind: Kind, saved: Saved, name: str, *, verb: str = "保存") -> None:
    """Say in the message line what was saved and how many gaps it has; tell the pages whose records these are.

    ``name`` is what the record is called, ``verb`` what was done.
    """
    if not saved.act:
        desk.say("没有改动，还是原来的样子。", "info")
        return
    later = sum(1 for problem in saved.problems if problem.code == MISSING)
    more = f"，还有 {later} 项可以以后补" if later else ""
    named = "" if kind.cls == "restricted" else shortened(name)  # no name of a case in the message line
    words = f"已{verb}：{named or kind.label}{more}。"
    desk.say(words, action="撤销", run=_undoing(desk, saved.act, kind), key="Ctrl+Z")
    desk.tell_changed({kind.code})


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

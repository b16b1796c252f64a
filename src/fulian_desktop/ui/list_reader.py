"""Reads a list beside the window: its numbers step by step, what they come to, and the rows that are seen.

Rules:

* A newer question takes the earlier one back, and an answer to an earlier one is dropped.
* The first step is small, so that something is seen at once; the rest comes in steps of about :data:`SECONDS`, so that
  others get their turn on the one worker (a page of rows that is scrolled to takes 2 ms).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fulian_desktop.services.browsing import Keys, Listed, Query, keys, rows
from fulian_desktop.ui.desk import Desk
from fulian_desktop.ui.jobs import Job
from fulian_desktop.ui.table import PAGE, ListModel

if TYPE_CHECKING:
    from fulian_desktop.progress import Progress
    from fulian_desktop.services.office import Office

FIRST, STEP = 200, 20_000
"""Numbers of the first step, and of the longest."""

SECONDS = 0.08


class ListReader(QObject):
    """Keeps a :class:`ListModel` filled with one list.

    Attributes:
        query: The list that was asked for last.
        total: How many there are so far, how many of them bear each flag (待补全 …), and the sums.
        ended: Whether that is all.
    """

    begun = Signal()
    """The list asked for last is shown, though not yet to its end."""

    counted = Signal()
    """More of it is known."""

    def __init__(self, desk: Desk, kind: str, sums: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._sums = desk, tuple(sums)
        self.query = Query(kind)
        self.model = ListModel(self._fetch, self)
        self.total = Keys([], self.query)
        self.count = 0
        self.ended = True
        self._turn = 0
        self._job: Job | None = None
        self._gathered: list[int] = []
        self._rows: list[Listed] = []
        self._shown = False
        self._size = STEP // 10

    def ask(self, query: Query, *, at_least: int = FIRST) -> None:
        """Read another list, or the same anew.

        Args:
            query: Which.
            at_least: So many of it are read before it is shown in place of what is shown now.
        """
        self._turn += 1
        if self._job is not None:
            self._job.cancel()
        self.query = query
        self._gathered, self._rows, self._shown = [], [], False
        self.ended = False
        self._step(Keys([], query), first=True, at_least=at_least)

    def _step(self, before: Keys, *, first: bool, at_least: int) -> None:
        turn, query, sums, after = self._turn, before.query, self._sums, before.after
        limit = FIRST if first else self._size

        def work(office: Office, progress: Progress) -> tuple[Keys, list[Listed], float]:
            began = time.perf_counter()
            found = keys(office, query, after=after, limit=limit, sums=sums, progress=progress)
            took = time.perf_counter() - began
            return found, rows(office, query.kind, found.numbers[:PAGE]) if first else [], took

        def done(answer: tuple[Keys, list[Listed], float]) -> None:
            found, known, took = answer
            if turn == self._turn:
                if not first:
                    self._size = min(max(int(limit * SECONDS / max(took, 0.001)), FIRST), STEP)
                self._take(found, known, first=first, at_least=at_least)

        def failed(error: Exception) -> None:
            if turn == self._turn:
                self.ended = True
                self._desk.problem(error)

        self._job = self._desk.ask(self, work, done, failed=failed)

    def _take(self, found: Keys, known: list[Listed], *, first: bool, at_least: int) -> None:
        self.query = found.query
        self._add_up(found, first=first)
        self.ended = found.after is None
        self._rows += known
        if self._shown:
            self.model.add(found.numbers)
        else:
            self._gathered += found.numbers
            if self.ended or len(self._gathered) >= at_least:
                self._shown = True
                self.model.typed = self.query.search
                self.model.begin(self._gathered, self._rows)
                self.begun.emit()
        self.counted.emit()
        if not self.ended:
            self._step(found, first=False, at_least=at_least)

    def _add_up(self, found: Keys, *, first: bool) -> None:
        if first:
            self.count, self.total = 0, Keys([], found.query, sums=dict.fromkeys(self._sums, 0))
        before = self.total
        self.count += len(found.numbers)
        self.total = replace(
            before, flagged={name: before.flagged.get(name, 0) + count for name, count in found.flagged.items()},
            sums={name: before.sums[name] + found.sums[name] for name in self._sums}, about=before.about | found.about,
        )

    def _fetch(self, numbers: Sequence[int], answer: Callable[[Iterable[Listed]], None]) -> Job:
        kind = self.query.kind

        def failed(error: Exception) -> None:
            answer([])
            self._desk.problem(error)

        return self._desk.ask(self, lambda office, _progress: rows(office, kind, numbers), answer, failed=failed)

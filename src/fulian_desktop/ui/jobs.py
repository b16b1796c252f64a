"""Background work: one runner on the main thread, one worker thread, results by a queued signal (DESIGN §9).

Rules:

* Work is a function that takes a :class:`~fulian_desktop.progress.Progress`, works on frozen inputs, makes no
  QObject and opens what it needs itself. Works run one after another, in the order given, in one thread for
  the runner's whole life, so a database connection opened by one may be used by the next.
* Nothing of the window is touched by the worker: it posts messages, and the callbacks run on the main thread.
* A callback is dropped when its owner is gone: a page that was closed needs no answer.
* Progress is thinned to what an eye can follow; the first and the last step always arrive.
* Each job ends in exactly one of done, failed, cancelled; handed in after the end it is never begun: a timer of a window
  that is closing may still ask, and nobody is there for the answer.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from fulian_desktop.progress import Cancelled, Progress

T = TypeVar("T")

PROGRESS_EVERY = 0.05
"""Seconds between two reports of one job."""


class _What(Enum):
    PROGRESS = "progress"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(eq=False)
class Job:
    """A piece of work that was handed in.

    Attributes:
        owner: The object the callbacks belong to; none is called after it is gone.
    """

    owner: QObject
    work: Callable[[Progress], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]
    progressed: Callable[[int, int, str], None] | None
    cancelled: Callable[[], None] | None
    _stop: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    @property
    def asked_to_stop(self) -> bool:
        """Whether someone asked."""
        return self._stop.is_set()


@dataclass(frozen=True)
class _Message:
    job: Job
    what: _What
    payload: Any = None


class JobRunner(QObject):
    """Runs jobs one after another beside the window.

    Args:
        progress_every: Seconds between two progress reports; 0 lets every step through.
    """

    busy_changed = Signal(bool)
    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None, *, progress_every: float = PROGRESS_EVERY) -> None:
        super().__init__(parent)
        self._every = progress_every
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._open: list[Job] = []
        self._closed = False
        self._last: Callable[[], object] | None = None
        self._posted.connect(self._receive, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether a job is running or waiting."""
        return bool(self._open)

    def start(
        self,
        owner: QObject,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
        progressed: Callable[[int, int, str], None] | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Hand in a piece of work; one of done, failed, cancelled is called later, on the main thread."""
        job = Job(owner, work, done, failed, progressed, cancelled)
        if self._closed:
            job.cancel()
            return job
        self._open.append(job)
        if len(self._open) == 1:
            self.busy_changed.emit(True)
        self._waiting.put(job)
        return job

    def close(self, *, last: Callable[[], object] | None = None, seconds: float = 5.0) -> bool:
        """Cancel what runs and waits, and end the thread.

        A work that does not stop in time dies with the process; its transaction rolls back at the next start.

        Args:
            last: Called on the worker thread after all else, to close what was opened there.
            seconds: How long to wait for the thread.

        Returns:
            Whether the thread ended in time.
        """
        self._closed, self._last = True, last
        for job in self._open:
            job.cancel()
        self._waiting.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (job := self._waiting.get()) is not None:
            self._posted.emit(self._carry_out(job))
        if self._last is not None:
            self._last()

    def _carry_out(self, job: Job) -> _Message:
        try:
            if job.asked_to_stop:
                return _Message(job, _What.CANCELLED)
            return _Message(job, _What.DONE, job.work(self._progress(job)))
        except Cancelled:
            return _Message(job, _What.CANCELLED)
        except Exception as error:
            # Every failure goes to the owner, on the main thread; nothing ends here.
            return _Message(job, _What.FAILED, error)

    def _progress(self, job: Job) -> Progress:
        last = float("-inf")

        def report(done: int, total: int, what: str) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= self._every or done >= total:
                last = now
                self._posted.emit(_Message(job, _What.PROGRESS, (done, total, what)))

        return Progress(report, lambda: job.asked_to_stop)

    @Slot(object)
    def _receive(self, message: _Message) -> None:
        job = message.job
        ended = message.what is not _What.PROGRESS
        if ended:
            self._open.remove(job)
        if shiboken6.isValid(job.owner):
            self._tell(message)
        if ended and not self._open:
            self.busy_changed.emit(False)

    def _tell(self, message: _Message) -> None:
        job = message.job
        if message.what is _What.DONE:
            job.done(message.payload)
        elif message.what is _What.FAILED:
            job.failed(message.payload)
        elif message.what is _What.CANCELLED and job.cancelled is not None:
            job.cancelled()
        elif message.what is _What.PROGRESS and job.progressed is not None and not job.asked_to_stop:
            job.progressed(*message.payload)

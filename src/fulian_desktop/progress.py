"""Progress and cancelling, without Qt.

Long work takes a :class:`Progress`, calls :meth:`Progress.step` often, and lets :class:`Cancelled` pass
through: a transaction around the work rolls back, so a cancelled job leaves everything as before.
"""

from __future__ import annotations

from collections.abc import Callable


class Cancelled(Exception):  # no Error in its name: the person asked for it
    """The person asked to stop; nothing was changed."""


class Progress:
    """Counts work and says whether to go on. The default one is silent.

    Args:
        report: Called with (done, total, what), ``what`` being a short 中文 phrase.
        cancelled: Called at each step; returns True when the person asked to stop.
    """

    def __init__(
        self,
        report: Callable[[int, int, str], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._report = report
        self._cancelled = cancelled

    def step(self, done: int, total: int, what: str) -> None:
        """Report ``done`` of ``total``; raise :class:`Cancelled` when asked to stop."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if self._report is not None:
            self._report(done, total, what)

    def without_cancel(self) -> Progress:
        """The same counting for work that must not be given up any more, because what it follows is saved."""
        return Progress(self._report)

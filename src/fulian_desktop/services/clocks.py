"""Whether a computer's clock can be right. Imports little: the first page asks."""

from __future__ import annotations

from fulian_desktop.store.workspace import now_ms

_PROGRAM_BEGAN = 1_735_689_600_000  # 2025-01-01T00:00Z in ms: no change was written before there was a program
_DAY = 86_400_000


def is_doubtful(at: int) -> bool:
    """Whether a change's clock cannot have been right: before the program existed, or a day ahead of this clock.

    Clocks decide nothing but ties (DESIGN §4); the date is shown as doubtful (FAULTS 57). ``at`` in ms.
    """
    return at < _PROGRAM_BEGAN or at > now_ms() + _DAY

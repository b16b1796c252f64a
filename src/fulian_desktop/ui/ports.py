"""What the window asks of the services, by name; tests hand in others.

The window knows these functions and no module below ``services``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class Office(Protocol):
    """An opened workspace. All its methods are called on the job runner's thread."""

    @property
    def unit(self) -> str:
        """The 12-digit code of the office's unit."""

    @property
    def unit_name(self) -> str:
        """What the unit is called."""

    @property
    def person(self) -> str:
        """For whom it was unlocked."""

    def counts(self) -> Mapping[str, int]:
        """Living records by kind code."""

    def close(self) -> None:
        """Close the files."""


class KindWords(Protocol):
    """What the window shows of a declared kind."""

    @property
    def code(self) -> str:
        """The stable English code."""

    @property
    def label(self) -> str:
        """What people call it."""

    @property
    def icon(self) -> str:
        """An icon's name."""

    @property
    def measure_word(self) -> str:
        """What stands behind a count of it, as 条 or 户."""


@dataclass(frozen=True)
class Ports:
    """The use cases of the first window.

    Attributes:
        open_office: Opens a workspace folder with a passphrase and the person whose it is (None: whoever it
            fits); raises the errors of ``errors.py``.
        persons: Names who may unlock a workspace folder; raises the errors of ``errors.py``.
        all_kinds: The declared kinds in the order of the window.
        window_fonts: The files of the window's typefaces; raises :class:`MachineProblem` when there are none.
    """

    open_office: Callable[[Path, str, str | None], Office]
    persons: Callable[[Path], Sequence[str]]
    all_kinds: Callable[[], Iterable[KindWords]]
    window_fonts: Callable[[], Sequence[Path]]


def services() -> Ports:
    """Return the real ones."""
    from fulian_desktop.domain.kinds import all_kinds
    from fulian_desktop.services import office, typefaces

    return Ports(
        open_office=office.open_office, persons=office.persons, all_kinds=all_kinds, window_fonts=typefaces.window_fonts
    )

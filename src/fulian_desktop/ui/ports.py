"""What the window asks of the services by name, so that a test can hand in others.

All pages of an opened office call services through :meth:`fulian_desktop.ui.desk.Desk.ask`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fulian_desktop.domain.in_force import DECLARED, Kinds

if TYPE_CHECKING:
    from fulian_desktop.services.office import Office
    from fulian_desktop.services.starting import Foot


@dataclass(frozen=True)
class Entered:
    """An opened office and whose it is, read on the thread where it lives."""

    office: Office
    unit: str
    unit_name: str
    person: str
    folder: Path
    is_copy: bool = False
    is_demo: bool = False
    kinds: Kinds = DECLARED


def entered(office: Office, folder: Path, *, is_demo: bool = False) -> Entered:
    """Read whose an opened office is; one that cannot be read is closed."""
    try:
        return Entered(office, office.unit, office.unit_name, office.person, folder, office.is_copy, is_demo, office.kinds)
    except BaseException:
        office.close()
        raise


@dataclass(frozen=True)
class Ports:
    """The use cases of the window itself.

    Attributes:
        open_office: Opens a workspace folder with a passphrase and the person whose it is (None: whoever it
            fits); raises the errors of ``errors.py``.
        persons: Names who may unlock a workspace folder; raises the errors of ``errors.py``.
        window_fonts: The files of the window's typefaces; raises :class:`MachineProblem` when there are none.
        fits: Checks a passphrase against a folder and a person without opening anything.
        foot: What stands at the navigation's foot.
        tidy: Does a short piece of idle work; whether some is left.
    """

    open_office: Callable[[Path, str, str | None], Office]
    persons: Callable[[Path], Sequence[str]]
    window_fonts: Callable[[], Sequence[Path]]
    fits: Callable[[Path, str, str], str]
    foot: Callable[[Office], Foot]
    tidy: Callable[[Office], bool]


def services() -> Ports:
    """Return the real ones, each imported when it is first called: the window is there before anything is opened."""
    return Ports(
        open_office=_open_office, persons=_persons, window_fonts=_window_fonts, fits=_fits, foot=_foot, tidy=_tidy,
    )


def _open_office(folder: Path, passphrase: str, person: str | None = None) -> Office:
    from fulian_desktop.services.office import open_office
    from fulian_desktop.services.unlocking import Unlocking

    return open_office(folder, passphrase, person, Unlocking(folder, passphrase, person))


def _persons(folder: Path) -> Sequence[str]:
    from fulian_desktop.services.office import persons

    return persons(folder)


def _window_fonts() -> Sequence[Path]:
    from fulian_desktop.services.typefaces import window_fonts

    return window_fonts()


def _fits(folder: Path, passphrase: str, person: str) -> str:
    from fulian_desktop.services.starting import fits

    return fits(folder, passphrase, person)


def _foot(office: Office) -> Foot:
    from fulian_desktop.services.starting import foot

    return foot(office)


def _tidy(office: Office) -> bool:
    from fulian_desktop.services.starting import tidy

    return tidy(office)

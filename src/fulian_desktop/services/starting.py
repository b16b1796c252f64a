"""Beginning: where the records may lie, the first start in its three ways, and what the window shows of an office's state.

Rules:

* A folder that a sync program or another computer may write to is warned of, never refused (FAULTS 19).
* Whoever begins gets a recovery code; one that was lost on the way is made anew, for none is shown twice.
* An office that was opened here is handed on open; when a later step goes wrong it is closed before the error leaves.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePath

from fulian_desktop.domain import divisions
from fulian_desktop.domain.units import Level, is_above, is_code, level_of
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, create_office, open_office
from fulian_desktop.store import books
from fulian_desktop.store.installation import data_folder
from fulian_desktop.store.workspace import now_ms

_DAY = 86_400_000
_MOMENTS = 9
_SYNCED = re.compile(
    "onedrive|dropbox|nutstore|坚果云|icloud|google ?drive|baidusync|百度网盘|百度云|wpsdrive|wps云盘|wps ?cloud|微云|"
    "阿里云盘|天翼云盘",
    re.IGNORECASE,
)
_REMOTE_TYPES = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "davfs", "9p"}


# --- where -------------------------------------------------------------------------------------------------


def free_folder(name: str) -> Path:
    """A folder of the user's data folder in which nothing lies yet, named after a unit's code or another short word.

    Not the documents: these are often synced to somewhere else, and a folder in sight is a folder tidied away.
    """
    base = data_folder() / "workspaces"
    for no in range(1, 1_000):
        folder = base / (name if no == 1 else f"{name}-{no}")
        if not folder.exists() or not any(folder.iterdir()):
            return folder
    return base / f"{name}-{now_ms()}"


def folder_warning(folder: Path, mounts: Iterable[str] | None = None) -> str:
    """A sentence when a folder is likely to be synced or to lie on another computer, else "".

    Args:
        folder: Where the records shall lie.
        mounts: Lines as of ``/proc/mounts``; None: this computer's.
    """
    if any(_SYNCED.search(part) for part in PurePath(folder).parts):
        return "这个文件夹会被网盘同步，记录可能被改坏。请换一个只在本机的文件夹。"
    if _is_remote(folder, _mounts() if mounts is None else mounts):
        return "这个文件夹在别的电脑上，断网时记录可能写坏。请换一个只在本机的文件夹。"
    return ""


def _mounts() -> Sequence[str]:
    table = Path("/proc/mounts")
    return table.read_text("utf-8", errors="replace").splitlines() if table.exists() else ()


def _is_remote(folder: Path, mounts: Iterable[str]) -> bool:
    text = str(folder)
    if text.startswith(("\\\\", "//")):
        return True
    best, remote = -1, False
    for line in mounts:
        parts = line.split()
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        if (text == point or text.startswith(point.rstrip("/") + "/")) and len(point) > best:
            best, remote = len(point), parts[2] in _REMOTE_TYPES
    return remote


# --- the divisions ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    """A place of the official list: its code, name, the names above it, and whether there are places below."""

    code: str
    name: str
    above: tuple[str, ...]
    has_below: bool

    @property
    def level(self) -> Level:
        """Province to village."""
        return level_of(self.code)

    @property
    def path(self) -> str:
        """The names from the province down, its own last."""
        return " › ".join((*self.above, self.name))


def divisions_below(code: str | None) -> list[Division]:
    """What lies directly below a place (None: the provinces), in order of code."""
    above = tuple(name for _, name in divisions.shipped().path_of(code)) if code else ()
    return [Division(c, n, above, level_of(c) is not Level.VILLAGE) for c, n in divisions.children(code)]


def find_divisions(typed: str, under: str | None = None, limit: int = 60) -> list[Division]:
    """Places by part of the name, the first digits of the code, or pinyin initials.

    Initials are looked for directly below ``under`` first, then down to the townships: the initials of 620,000 villages
    would match every word. By name and code villages are found too, after all others.

    Args:
        typed: What was typed; several words narrow down (清溪 柳树).
        under: Below which place; None: in the country.
        limit: At most so many.
    """
    text = typed.strip()
    if not text:
        return divisions_below(under)
    if text.isascii() and text.isalpha():
        key = text.lower()
        near = [one for one in divisions_below(under) if any(i.startswith(key) for i in _initials(one.name))]
        codes = {one.code for one in near}
        far = (row for i, row in _townships_by_initials() if i.startswith(key) and row[0] not in codes)
        rows = [row for row in far if under is None or is_above(under, row[0])]
        rows.sort(key=lambda row: (level_of(row[0]), row[0]))
        return [*near, *map(_shown, rows[: max(0, limit - len(near))])][:limit]
    found: list[tuple[str, str]] = []
    for level in Level:  # the higher first: who begins by herself is seldom a village, and villages are many
        if len(found) < limit:
            found += divisions.search(text, level, under, limit - len(found))
    if not found and is_code(text):
        found = [(text, text)]
    return [_shown(row) for row in found]


def _shown(row: tuple[str, str]) -> Division:
    code, name = row
    above = tuple(n for c, n in divisions.shipped().path_of(code) if c != code)
    return Division(code, name, above, level_of(code) is not Level.VILLAGE)


@lru_cache(maxsize=4096)
def _initials(name: str) -> tuple[str, ...]:
    from fulian_desktop.domain.pinyin import initials

    return initials(name)


@lru_cache(maxsize=1)
def _townships_by_initials() -> list[tuple[str, tuple[str, str]]]:
    """(initials, (code, name)) of every place down to the township."""
    from fulian_desktop.domain.pinyin import initials

    rows: list[tuple[str, tuple[str, str]]] = []
    waiting: list[str | None] = [None]
    while waiting:
        for row in divisions.children(waiting.pop()):
            rows += [(one, row) for one in initials(row[1])[:1]]
            if level_of(row[0]) < Level.TOWNSHIP:
                waiting.append(row[0])
    return rows


# --- the three ways in ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Invited:
    """What an invitation says before anybody believes it."""

    unit: str
    unit_name: str
    fingerprint: str
    units: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Begun:
    """An office that was made or restored here, open; ``recovery`` is shown once ("" when the old one still holds)."""

    office: Office
    recovery: str
    request: Path | None = None
    records: int = 0
    is_demo: bool = False

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.office.workspace.folder


def read_invited(file: Path) -> Invited:
    """Read an invitation; nothing is believed yet. Raises what reading a package raises."""
    from fulian_desktop.exchange.enrol import read_invitation

    invitation = read_invitation(file)
    profile = invitation.contents.profile
    units = [(str(one.get("code", "")), str(one.get("name", ""))) for one in profile.get("units", []) if isinstance(one, dict)]
    named = sorted((code, name) for code, name in units if is_code(code) and is_above(invitation.unit, code))
    return Invited(
        invitation.unit, str(profile.get("name", "")) or invitation.unit, invitation.fingerprint, tuple(dict(named).items()),
    )


def find_invitations() -> list[Path]:
    """The invitations on the sticks that are plugged in now."""
    from fulian_desktop.exchange.envelope import inspect
    from fulian_desktop.exchange.refusals import PackageRefused
    from fulian_desktop.exchange.stick import find_packages
    from fulian_desktop.services.sticks import sticks

    found = []
    for file in find_packages([stick.folder for stick in sticks()]):
        try:
            if inspect(file).kind == "invitation":
                found.append(file)
        except PackageRefused:
            continue  # another file on the stick is none of this start's business; a chosen one is answered
    return found


def join_here(
    folder: Path, invitation: Path, *, unit: str, unit_name: str, person: str, passphrase: str,
) -> Begun:
    """Begin as a lower office from an invitation whose fingerprint a person has compared; writes the request beside it."""
    from fulian_desktop.services import enrol
    from fulian_desktop.services.keeping import new_recovery_code

    office, recovery, _ = enrol.join(
        folder, invitation, unit=unit, unit_name=unit_name, person=person, passphrase=passphrase,
    )
    try:
        if not recovery:  # an earlier try ended between making the workspace and accepting the invitation
            recovery = new_recovery_code(office)
        request = invitation.parent / f"{unit}-request.flpkg"
        enrol.request(office, request)
    except BaseException:
        office.close()
        raise
    return Begun(office, recovery, request)


def found_here(folder: Path, *, unit: str, unit_name: str, person: str, passphrase: str) -> Begun:
    """Begin as the topmost office in use."""
    office, recovery = create_office(folder, unit=unit, unit_name=unit_name, person=person, passphrase=passphrase)
    return Begun(office, recovery)


def newest_backup(folder: Path) -> Path | None:
    """The latest backup beside a workspace that may not open any more, by its name; None when there is none."""
    found = sorted((folder / "backups").glob("*.flbak"), key=lambda path: path.name)
    return found[-1] if found else None


def restore_here(backup: Path, folder: Path, passphrase: str) -> Begun:
    """Begin from a backup with that day's passphrase or recovery code."""
    from fulian_desktop.services import upkeep

    report = upkeep.restore(backup, folder, passphrase)
    return Begun(open_office(folder, passphrase), "", records=int(report["records"]))


def demo_here(progress: Progress) -> Begun:
    """Make the small demo anew in the user's data folder and open its township."""
    from fulian_desktop.services import demo

    folder = data_folder() / "demo"
    demo.run_demo(folder, villages=4, records=160, progress=progress)
    return Begun(open_office(folder / "township", demo.PASSPHRASE), "", is_demo=True)


# --- what the window shows of an office ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Foot:
    """What stands at the navigation's foot.

    Attributes:
        backed_up_at: When a backup was last written, None when never.
        unsent: Own changes that wait to be handed in; None where there is nobody to hand them to.
        clock: What is odd about this computer's clock, "" when nothing is.
    """

    backed_up_at: datetime.datetime | None
    unsent: int | None
    clock: str = ""


def foot(office: Office) -> Foot:
    """Read what stands at the navigation's foot."""
    from fulian_desktop.services.keeping import list_backups
    from fulian_desktop.services.unsent import unsent_changes

    backups = list_backups(office)
    return Foot(backups[0].at if backups else None, unsent_changes(office), clock_problem(office))


def clock_problem(office: Office) -> str:
    """A sentence when this computer's clock stands before the work it holds, or before the program existed (FAULTS 57).

    The middle one of the latest moments counts: a single day at a wrong clock far ahead must not speak for ever.
    """
    from fulian_desktop.services.clocks import is_doubtful

    now = now_ms()
    moments = [int(act["at"]) for act in books.latest_acts(office.workspace.db, _MOMENTS)]
    middle = moments[len(moments) // 2] if moments else now
    if middle <= now + _DAY and not is_doubtful(now):
        return ""
    return f"电脑日期可能不对，现在是 {_day(now)}。下一步：先把日期调对，再登记。"


def _day(ms: int) -> str:
    day = datetime.datetime.fromtimestamp(ms / 1000)
    return f"{day.year}年{day.month}月{day.day}日"


def tidy(office: Office) -> bool:
    """A short piece of what single saves leave for idle time; returns whether something is left to do."""
    db = office.workspace.db
    before = db.total_changes
    office.workspace.tidy()
    # Asking an index to merge counts as one change even when there is nothing to merge.
    return bool(db.total_changes - before > len(office.kinds.all()))


def fits(folder: Path, passphrase: str, person: str) -> str:
    """Check a passphrase, or the recovery code, against a workspace; raises :class:`WrongPassphrase`.

    Returns:
        For whom it fits.
    """
    from fulian_desktop.store.keystore import unlock

    return unlock(folder, passphrase, person)[1]

"""Which sticks are plugged in, and how much room is left on each. Nothing is written, nothing on them is read.

Rules:

* A stick is a mounted file system on a device that can be taken out: Windows says so of a drive letter; Linux of a
  block device that is removable or hangs on USB (``/sys``), mounted somewhere (``/proc/mounts``).
* A reader without a card, a stick pulled out while it is asked: passed over, never an error.
* Nothing is guessed: where a system does not say, there are no sticks and a person chooses a folder.
"""

from __future__ import annotations

import ctypes
import re
import shutil
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_REMOVABLE = 2
"""What ``GetDriveTypeW`` says of a drive whose medium can be taken out."""

_NO_BOXES = 0x0001 | 0x8000
"""``SetErrorMode``: an empty card reader answers with an error instead of asking the person for a disk."""

_ESCAPE = re.compile(r"\\([0-7]{3})", re.ASCII)
_PASSED_OVER = {"/", "/boot", "/boot/efi"}


@dataclass(frozen=True)
class Stick:
    """A stick that is plugged in.

    Attributes:
        folder: Its root.
        name: What people call it: ``E 盘`` on Windows, the mount folder's name on Linux.
        free: Bytes left.
    """

    folder: Path
    name: str
    free: int

    @property
    def room(self) -> str:
        """``还剩 12.6 GB``."""
        return f"还剩 {size_words(self.free)}"


def size_words(size: int) -> str:
    """A size in bytes as people read it: ``4.2 MB``."""
    for unit, bytes_ in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size} B"


def sticks() -> list[Stick]:
    """The sticks that are plugged in now, in the order of their names."""
    roots = _on_windows(_windows_calls()) if sys.platform == "win32" else _on_linux(Path("/proc/mounts"), Path("/sys"))
    found = [Stick(folder, name, free) for folder, name in roots if (free := _free(folder)) is not None]
    return sorted(found, key=lambda stick: (stick.name, stick.folder))


def stick_of(folder: Path, plugged: list[Stick]) -> Stick | None:
    """The stick on which a folder lies, or None."""
    return next((stick for stick in plugged if folder.is_relative_to(stick.folder)), None)


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:  # pulled out, or no card in the reader
        return None


# --- Windows -----------------------------------------------------------------------------------------------


def _windows_calls() -> Any:  # noqa: ANN401 - ctypes.WinDLL exists on Windows alone
    return ctypes.windll.kernel32  # type: ignore[attr-defined,unused-ignore]


def _on_windows(kernel: Any) -> Iterator[tuple[Path, str]]:  # noqa: ANN401 - kernel32, or a test's stand-in
    """Drive letters whose medium can be taken out: (root, ``E 盘``)."""
    before = kernel.SetErrorMode(_NO_BOXES)
    try:
        present = kernel.GetLogicalDrives()
        for i, letter in enumerate(string.ascii_uppercase):
            if present >> i & 1 and kernel.GetDriveTypeW(f"{letter}:\\") == _REMOVABLE:
                yield Path(f"{letter}:\\"), f"{letter} 盘"
    finally:
        kernel.SetErrorMode(before)


# --- Linux -------------------------------------------------------------------------------------------------


def _on_linux(mounts: Path, sys_folder: Path) -> Iterator[tuple[Path, str]]:
    """Mounted file systems on devices that can be taken out: (folder, its name)."""
    try:
        lines = mounts.read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:  # not a Linux that says: a person chooses a folder
        return
    seen: set[str] = set()
    for line in lines:
        device, _, rest = line.partition(" ")
        folder = _unescaped(rest.split(" ", 1)[0])
        plain = device.startswith("/dev/") and device not in seen and folder not in _PASSED_OVER
        if plain and _can_be_taken_out(sys_folder / "class" / "block" / _unescaped(device).rsplit("/", 1)[-1]):
            seen.add(device)
            yield Path(folder), Path(folder).name


def _can_be_taken_out(block: Path) -> bool:
    """Whether a block device, or the disk whose part it is, is removable or hangs on USB."""
    if not block.exists():
        return False
    device = block.resolve()
    disk = device.parent if (device / "partition").exists() else device
    if any(part.startswith("usb") for part in device.parts):
        return True
    try:
        return (disk / "removable").read_text("ascii").strip() == "1"
    except OSError:  # gone meanwhile
        return False


def _unescaped(text: str) -> str:
    r"""A path of /proc/mounts: ``\040`` stands for a space, byte by byte."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 8)), text)

"""Files on sticks: written so that a final name means a whole file, found and read within bounds.

Writing goes: ``.part`` in the target folder → fsync → read back and verify → rename → fsync of the folder;
only then is it done (DESIGN §5). Every failure removes the ``.part``, leaves an older file of that name as
it was, and becomes a :class:`MachineProblem` whose sentence says what to do (FAULTS 5, 7, 8, 15, 16).
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem, NotFound

SUFFIX = ".flpkg"
PART = ".part"
MAX_NAME = 60
MAX_FOUND = 5_000
MAX_LOOKED_AT = 50_000
WAITS = (0.1, 0.2, 0.4, 0.8, 1.0)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]", re.ASCII)
_CHUNK = 1 << 20

PROBLEMS: dict[str, str] = {
    "disk-full": "U 盘或磁盘空间不够，没有写成，原有文件没有动。请腾出空间或换一个 U 盘再导出。",
    "read-only": "这个 U 盘或文件夹不能写入，没有写成。请检查 U 盘的写保护开关，或换一个位置。",
    "gone": "找不到这个 U 盘或文件夹，可能已经拔出，没有写成。请重新插好再导出；在提示完成之前不要拔出。",
    "locked": "文件正被其他程序占用（常见的是杀毒软件），等了几秒仍不行。请稍候再试，或关掉占用它的程序。",
    "unwritten": "写到 U 盘上的内容读回来不一致，没有写成。这个 U 盘可能有问题，请换一个 U 盘再导出。",
    "vanished": "文件写好后又不见了，可能被杀毒软件隔离。请在杀毒软件里放行后再导出一次。",
    "unreadable": "读不出这个文件。请把 U 盘重新插一次再试；仍不行请让对方重新导出。",
    "io": "读写 U 盘时出错，没有写成。请把 U 盘重新插一次再试；仍不行请换一个 U 盘。",
}
_CODES = {
    errno.ENOSPC: "disk-full", errno.EDQUOT: "disk-full", errno.EFBIG: "disk-full", errno.EROFS: "read-only",
    errno.ENOENT: "gone", errno.ENODEV: "gone", errno.ENXIO: "gone", errno.ENOTDIR: "gone",
    errno.EACCES: "read-only", errno.EPERM: "read-only", errno.EBUSY: "locked",
}
_LOCKED_WINERRORS = {32, 33}


def package_name(unit: str, seq: int, day: date, kind: str, to: str = "") -> str:
    """An ASCII name of at most 60 characters: ``140702101201-00007-20250308-up-140702101000.flpkg``."""
    name = "-".join(filter(None, [unit, f"{seq:05d}", f"{day:%Y%m%d}", kind, to])) + SUFFIX
    if not _is_name(name):
        raise ValueError(f"not a file name for a stick: {name!r}")
    return name


def _is_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and len(name) <= MAX_NAME


def check_name(name: str) -> None:
    """Refuse a file name that may not survive a stick: FAT in another language, an old archive program, a phone.

    Raises:
        InputProblem: Not of ASCII letters, digits and ``._-`` within, or longer than 60.
    """
    if not _is_name(name):
        shown = name if len(name) <= MAX_NAME else name[:MAX_NAME] + "…"
        raise InputProblem(
            f"“{shown}”不能作文件名：只能用英文字母、数字和 . - _，最多 {MAX_NAME} 个字符，"
            f"这样在哪台电脑上都认得。请换一个，如 invitation{SUFFIX}。", "file-name",
        )


def write_to_folder(
    folder: Path, name: str, data: bytes, *, verify: Callable[[bytes], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Write ``data`` as ``folder/name``; return its path only when it lies there, whole.

    Args:
        folder: The target, which must exist.
        name: From :func:`package_name`, or chosen by a person.
        data: The whole file.
        verify: Called with the bytes read back; raises when they are not what they should be.
        sleep: Waits between tries while a file is locked (at most 2.5 s together).

    Raises:
        InputProblem: No name for a file on a stick (:func:`check_name`), or a folder bears it.
        MachineProblem: Disk full, read-only, pulled out, locked, or read back differently.
    """
    check_name(name)
    part, final = folder / (name + PART), folder / name
    try:
        if final.is_dir():
            raise InputProblem(f"“{name}”是一个文件夹，不能写成文件。请换一个文件名。", "is-folder")
        _write_part(part, data)
        _retry(lambda: _verify_part(part, data, verify), sleep)
        _retry(lambda: os.replace(part, final), sleep)  # noqa: PTH105 - replaces on Windows too, and tests inject it
        _sync_folder(folder)
        if not final.is_file() or final.stat().st_size != len(data):
            raise MachineProblem(PROBLEMS["vanished"], "vanished")
    except OSError as error:
        raise _problem(error) from error
    finally:
        # On a stick that is gone this fails too; the first failure is the one to tell. See sweep_parts.
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return final


def _write_part(part: Path, data: bytes) -> None:
    with part.open("wb") as out:
        for at in range(0, len(data), _CHUNK):
            out.write(data[at : at + _CHUNK])
        out.flush()
        os.fsync(out.fileno())


def _verify_part(part: Path, data: bytes, verify: Callable[[bytes], None]) -> None:
    with part.open("rb") as again:
        if hasattr(os, "posix_fadvise"):
            # Asks for the device's bytes, not the cache's; a fake stick may still answer from a cache of its
            # own.
            os.posix_fadvise(again.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        back = again.read(len(data) + 1)
    if back != data:
        raise Damaged(PROBLEMS["unwritten"], "unwritten")
    verify(back)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable; Windows has no such call and writes names through."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:  # some file systems of sticks cannot sync a folder
            raise
    finally:
        os.close(handle)


def _is_locked(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _LOCKED_WINERRORS or error.errno == errno.EBUSY


def _retry(act: Callable[[], object], sleep: Callable[[float], None]) -> None:
    for wait in (*WAITS, None):
        try:
            act()
        except OSError as error:
            busy = _is_locked(error) or error.errno in (errno.EACCES, errno.EPERM)
            if not busy:
                raise
            if wait is None:
                raise MachineProblem(PROBLEMS["locked"], "locked") from error
            sleep(wait)
        else:
            return


def _problem(error: OSError) -> MachineProblem:
    code = "locked" if _is_locked(error) else _CODES.get(error.errno or 0, "io")
    return MachineProblem(PROBLEMS[code], code)


def check_writable(folder: Path, size: int = 0) -> None:
    """Say before work starts that a stick is read-only, gone or too full for ``size`` bytes (FAULTS 8)."""
    probe = folder / f"fulian-probe{PART}"
    try:
        probe.write_bytes(b"")
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise _problem(error) from error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    if free < size:
        raise MachineProblem(PROBLEMS["disk-full"], "disk-full")


def sweep_parts(folder: Path) -> list[Path]:
    """Remove what a killed export left (``*.flpkg.part``, probes); returns what was removed (FAULTS 6)."""
    swept = []
    try:
        entries = sorted(_entries(folder))
    except OSError as error:
        raise _problem(error) from error
    for path in entries:
        ours = path.name.endswith((SUFFIX + PART, f"fulian-probe{PART}"))
        if ours and path.is_file() and not path.is_symlink():
            with contextlib.suppress(OSError):
                path.unlink()
                swept.append(path)
    return swept


def find_packages(paths: Iterable[Path], *, depth: int = 2) -> list[Path]:
    """The package files of ``paths``: files as named, folders searched ``depth`` levels down for ``*.flpkg``.

    Each file once, in the order of its name. Links and hidden files are passed over; at most 5,000 files.

    Raises:
        NotFound: A path does not exist.
        MachineProblem: More files than that, or an unreadable stick.
    """
    try:
        return _find(paths, depth)
    except OSError as error:
        raise MachineProblem(PROBLEMS["unreadable"], "unreadable") from error


def _find(paths: Iterable[Path], depth: int) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            matches = [p for p in _walk(path, depth) if p.suffix.lower() == SUFFIX]
            found |= dict.fromkeys(sorted(matches, key=lambda p: (p.name, p)))
        elif path.exists():
            found[path] = None
        else:
            raise NotFound(f"找不到 {path}。请检查 U 盘是否插好。")
        if len(found) > MAX_FOUND:
            raise MachineProblem("一次找到的上报包太多（超过 5000 个）。请分几个文件夹读入。", "too-many")
    return list(found)


def _walk(folder: Path, depth: int) -> Iterator[Path]:
    looked_at = 0
    todo = [(folder, depth)]
    while todo:
        here, left = todo.pop()
        for path in sorted(_entries(here)):
            looked_at += 1
            if looked_at > MAX_LOOKED_AT:
                raise MachineProblem("这个文件夹里的文件太多。请只选放上报包的文件夹。", "too-many")
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_dir():
                if left > 0:
                    todo.append((path, left - 1))
            else:
                yield path


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; a folder that may not be read (a stick's system folder) holds nothing for us."""
    try:
        return list(folder.iterdir())
    except PermissionError:
        return []


def file_size(path: Path) -> int:
    """The length of a file in bytes; :class:`MachineProblem` when it cannot be asked."""
    try:
        return path.stat().st_size
    except OSError as error:
        raise MachineProblem(PROBLEMS["unreadable"], "unreadable") from error


def read_bounded(
    path: Path, limit: int, *, whole: bool = True, sleep: Callable[[float], None] = time.sleep,
) -> bytes:
    """At most ``limit`` bytes of a file: all of it when ``whole``, else just its beginning.

    Raises:
        MachineProblem: Unreadable, gone, or locked for more than 2.5 s.
    """
    data = b""

    def read() -> None:
        nonlocal data
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = file.read(min(limit, size + 1) if whole else limit)

    try:
        _retry(read, sleep)
    except OSError as error:
        raise MachineProblem(PROBLEMS["unreadable"], "unreadable") from error
    return data

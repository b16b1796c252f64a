"""Writing files so that a crash leaves the old one or the new one: temp file, fsync, replace, fsync folder."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path

from fulian_desktop.errors import MachineProblem

_SENTENCES = {
    errno.ENOSPC: "磁盘满了，没有写成。下一步：删掉一些不用的文件，再做一次。",
    errno.EROFS: "这个位置不能写。下一步：换一个文件夹或 U 盘。",
    errno.EACCES: "没有权限写到这里。下一步：换一个文件夹。",
    errno.EPERM: "没有权限写到这里。下一步：换一个文件夹。",
    errno.ENOENT: "文件夹不见了，U 盘可能已拔出。下一步：插好后再做一次。",
    errno.ENOTDIR: "路径中间有一个是文件，不是文件夹。下一步：核对路径，再做一次。",
    errno.ENAMETOOLONG: "文件名或路径太长。下一步：换一个短一些的，再做一次。",
    errno.EIO: "磁盘读写出错，没有写成。下一步：换一个 U 盘或磁盘再做一次。",
}


def machine_problem(error: OSError) -> MachineProblem:
    """The sentence for what the machine could not do."""
    text = _SENTENCES.get(error.errno or 0, "文件没有写成。下一步：检查磁盘或 U 盘，再做一次。")
    return MachineProblem(text, "disk-full" if error.errno == errno.ENOSPC else "machine")


def fsync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _replace(part: Path, path: Path) -> None:
    """Rename, trying again for 2.5 s: an antivirus program looks into new files and holds them meanwhile."""
    for wait in (0.1, 0.2, 0.4, 0.8, 1.0):
        try:
            part.replace(path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    part.replace(path)


def remove_part(part: Path) -> None:
    """Take away an unfinished file; where the stick is gone this fails too, and the first failure is the one to tell."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def replace_file(path: Path, data: bytes) -> None:
    """Write ``data`` under ``path``: the old file stays until the new one is whole on disk."""
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _replace(part, path)
        fsync_folder(path.parent)
    except OSError as error:
        remove_part(part)
        raise machine_problem(error) from error

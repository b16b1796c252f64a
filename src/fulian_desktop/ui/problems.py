"""The one way in which an error becomes words in the window (DESIGN §9).

Three families (errors.py): what the person typed goes to the field it concerns; what the machine did is a
sentence with a next step; anything else is a defect of ours, is logged with its traceback, and the window
says so without showing the traceback.
"""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass

from fulian_desktop.errors import FulianError

_log = logging.getLogger("fulian_desktop")

OURS = (
    "程序自己出了问题，这一步没有做成，已有的记录不受影响。"
    "请再试一次；还是这样，就把程序日志交给上级妇联。"
)
_MACHINE = {
    errno.ENOSPC: "磁盘满了，这一步没有做成。请腾出一些空间再试。",
    errno.EACCES: "没有读写这个位置的权限。请换一个文件夹，或请管理员开放权限。",
    errno.EPERM: "没有读写这个位置的权限。请换一个文件夹，或请管理员开放权限。",
    errno.EROFS: "这个位置只能读不能写。请看看 U 盘的写保护开关，或换一个文件夹。",
    errno.ENOENT: "找不到这个文件或文件夹。请看看 U 盘是不是拔掉了，再选一次。",
    errno.EIO: "磁盘或 U 盘读写出错。请换一个 USB 口再试；还是这样，就换一个 U 盘。",
}
_MACHINE_OTHER = "电脑没能读写文件，这一步没有做成。请关掉占用它的程序再试。"


@dataclass(frozen=True)
class Sentence:
    """What people read. ``code`` is the stable English code that says where it belongs."""

    text: str
    code: str


def sentence_for(error: Exception) -> Sentence:
    """Return what to say about an error; defects of ours are logged here with their traceback."""
    if isinstance(error, FulianError):
        return Sentence(error.text, error.code)
    if isinstance(error, OSError):
        _log.warning("the machine could not: %r", error)
        return Sentence(_MACHINE.get(error.errno or 0, _MACHINE_OTHER), "machine")
    _log.error("a defect of ours", exc_info=error)
    return Sentence(OURS, "ours")

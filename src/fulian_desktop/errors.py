"""What can go wrong, by name.

Three families (the person, the machine, ourselves):

* ``InputProblem``: something a person typed or chose. Shown at the field, carries a 中文 sentence.
* ``MachineProblem``: the disk, the stick, another program. A 中文 sentence and a next step.
* anything else is a defect of ours and is logged with its traceback, never shown raw.

Every sentence says what happened and what to do next. Conflicts and bad rows are data, not exceptions.
"""

from __future__ import annotations

import errno


class FulianError(Exception):
    """Base of all errors that carry a sentence for people.

    Args:
        text: 中文: what happened, then what to do next.
        code: Stable English code for scripts.
    """

    code = "error"

    def __init__(self, text: str, code: str | None = None) -> None:
        super().__init__(text)
        self.text = text
        if code is not None:
            self.code = code


class InputProblem(FulianError):
    """A person typed or chose something that cannot be done."""

    code = "input"


class NotAllowed(InputProblem):
    """The office of this computer may not do that (DESIGN §4, authority)."""

    code = "not-allowed"


class NotFound(InputProblem):
    """No such record, unit, package or act."""

    code = "not-found"


class MachineProblem(FulianError):
    """The computer could not do it: disk full, read-only stick, locked file."""

    code = "machine"


class WrongPassphrase(InputProblem):
    """Neither a person's passphrase nor the recovery code opens this workspace."""

    code = "wrong-passphrase"


class Damaged(MachineProblem):
    """A file is not what it was when it was written."""

    code = "damaged"


class TooNew(MachineProblem):
    """A file or database was written by a newer program."""

    code = "too-new"


class Refused(MachineProblem):
    """A file from outside was refused before anything was written; ``code`` is the state (DESIGN §11)."""

    code = "damaged"


_MACHINE = {
    errno.ENOSPC: "磁盘满了，这一步没有做成。请腾出一些空间再试。",
    errno.EACCES: "没有读写这个位置的权限。请换一个文件夹，或请管理员开放权限。",
    errno.EPERM: "没有读写这个位置的权限。请换一个文件夹，或请管理员开放权限。",
    errno.EROFS: "这个位置只能读不能写。请看看 U 盘的写保护开关，或换一个文件夹。",
    errno.ENOENT: "找不到这个文件或文件夹。请看看 U 盘是不是拔掉了，再选一次。",
    errno.ENOTDIR: "要放在文件夹里，可是路径中间有一个是文件。请核对路径，再选一次。",
    errno.EISDIR: "这是一个文件夹，不是文件。请核对路径，再选一次。",
    errno.ENAMETOOLONG: "文件名或路径太长。请换一个短一些的。",
    errno.EIO: "磁盘或 U 盘读写出错。请换一个 USB 口再试；还是这样，就换一个 U 盘。",
}
_MACHINE_OTHER = "电脑没能读写文件，这一步没有做成。请关掉占用它的程序再试。"


def machine_sentence(error: OSError) -> str:
    """What to say of an operating system's error that nobody nearer to it has put into words."""
    return _MACHINE.get(error.errno or 0, _MACHINE_OTHER)

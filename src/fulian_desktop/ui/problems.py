"""The one way in which an error becomes words in the window (DESIGN §9).

Three families (errors.py): what the person typed goes to the field it concerns; what the machine did is a
sentence with a next step; anything else is a defect of ours, is logged with its traceback, and the window
says so without showing the traceback.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from fulian_desktop.errors import FulianError, machine_sentence

_log = logging.getLogger("fulian_desktop")

OURS = (
    "程序自己出了问题，这一步没有做成，已有的记录不受影响。"
    "请再试一次；还是这样，就把程序日志交给上级妇联。"
)


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
        return Sentence(machine_sentence(error), "machine")
    _log.error("a defect of ours", exc_info=error)
    return Sentence(OURS, "ours")

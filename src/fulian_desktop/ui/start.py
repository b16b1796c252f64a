"""The first steps of the window's process: what pays while Qt is not there yet.

Rules:

* The typefaces are checked (21 MB read and hashed, which lets other threads run) beside the import of Qt, which takes as long.
* PySide puts an import of its own in place of the one before. It reads the source of every module that comes after it, to see
  whether it mentions PySide; only ``from __feature__ import`` asks for that, and nothing here does. The one before comes back:
  else some 20 ms of a start go by, and all that text stays in memory.
* What a start makes stays: the cycle collector looks through it in vain, and seldom.
"""

from __future__ import annotations

import builtins
import gc
from concurrent.futures import ThreadPoolExecutor

from fulian_desktop.ui.ports import services

COLLECT_AFTER = 50_000
"""So many new objects between two looks of the cycle collector."""


def start() -> int:
    """Open the window and stay until it is closed; returns the exit code."""
    gc.set_threshold(COLLECT_AFTER)
    ports = services()
    beside = ThreadPoolExecutor(1)
    fonts = beside.submit(ports.window_fonts)
    beside.shutdown(wait=False)
    import_qt()
    from fulian_desktop.ui.app import run

    return run(ports, fonts=fonts.result)


def import_qt() -> None:
    """Import Qt, and have the import as it was before Qt's features came into it."""
    import PySide6.QtCore  # noqa: F401 - for what it does to the import

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)

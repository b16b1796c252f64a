"""The typefaces of the window: the shipped Noto Sans SC, or what the system has when they are not shipped.

Why shipped: old Windows and bare Linux lack parts of GB 18030, and a box in a name is a false name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

from fulian_desktop.errors import MachineProblem
from fulian_desktop.ui.tokens import BODY

FAMILY = "Noto Sans SC"
STAND_INS = ["Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "SimSun"]

_log = logging.getLogger(__name__)


def load_fonts(window_fonts: Callable[[], Sequence[Path]]) -> list[str]:
    """Load the shipped faces into the running application.

    Args:
        window_fonts: Gives the files, from :class:`~fulian_desktop.ui.ports.Ports`.

    Returns:
        The families loaded; empty when the installation has no sound fonts, and then the system's are used.
    """
    try:
        files = window_fonts()
    except MachineProblem as problem:
        _log.warning("fonts: %s", problem.text)
        return []
    families: list[str] = []
    for file in files:
        number = QFontDatabase.addApplicationFont(str(file))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families


def body_font(scale: float) -> QFont:
    """Return the font of running text, 11 pt at 100 %, with stand-ins where the shipped one is not."""
    font = QFont([FAMILY, *STAND_INS])
    font.setPointSizeF(BODY * scale)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font

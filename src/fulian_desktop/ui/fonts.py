"""The typefaces of the window: the shipped Noto Sans SC, or what the system has when they are not shipped.

Why shipped: old Windows and bare Linux lack parts of GB 18030, and a box in a name is a false name.
"""

from __future__ import annotations

import json
import logging
import lzma
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase

from fulian_desktop.errors import MachineProblem
from fulian_desktop.resources import resource
from fulian_desktop.ui.tokens import BODY

FACES = ("hei-400", "hei-700")
FAMILY = "Noto Sans SC"
STAND_INS = ["Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "SimSun"]

_log = logging.getLogger(__name__)


def load_fonts() -> list[str]:
    """Load the shipped faces into the running application.

    Returns:
        The families loaded; empty when the installation has no fonts, and then the system's are used.
    """
    try:
        manifest = json.loads(resource("fonts/manifest.json").read_text("utf-8"))
        packed = {face["face"]: resource(f"fonts/{face['packed']}") for face in manifest["faces"]}
    except MachineProblem as problem:
        _log.warning("fonts: %s", problem.text)
        return []
    # Unpacking takes a third of a second a face and lets other threads run: both at once.
    with ThreadPoolExecutor(len(FACES)) as pool:
        files = list(pool.map(lambda face: lzma.decompress(packed[face].read_bytes()), FACES))
    families: list[str] = []
    for data in files:
        number = QFontDatabase.addApplicationFontFromData(QByteArray(data))
        families += QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    return families


def body_font(scale: float) -> QFont:
    """Return the font of running text, 11 pt at 100 %, with stand-ins where the shipped one is not."""
    font = QFont([FAMILY, *STAND_INS])
    font.setPointSizeF(BODY * scale)
    font.setStyleHint(QFont.StyleHint.SansSerif)
    return font

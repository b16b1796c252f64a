"""Starts the window: one application, fonts, theme, and the hook that writes our defects to the log.

A start imports what the unlock page needs; the rest comes while the passphrase is typed and the key derived (ui/window.py).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import date
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from fulian_desktop import __version__
from fulian_desktop.ui import icons
from fulian_desktop.ui.fonts import load_fonts
from fulian_desktop.ui.instance import Instance, summon
from fulian_desktop.ui.memory import Look, Memory
from fulian_desktop.ui.ports import Ports
from fulian_desktop.ui.theme import Theme


def run(ports: Ports, memory: Memory | None = None, fonts: Callable[[], Sequence[Path]] | None = None) -> int:
    """Open the window and stay until it is closed.

    Args:
        ports: The use cases by which an office is opened and looked after.
        memory: Another settings file than the user's (tests).
        fonts: Gives the files of the window's typefaces when their check was begun before; else ``ports`` does.

    Returns:
        The exit code.
    """
    app = QApplication(sys.argv[:1])
    app.setApplicationName("fulian-desktop")
    app.setDesktopFileName("fulian-desktop")
    app.setWindowIcon(icons.app_icon())
    keep_log(Path(platformdirs.user_log_dir("fulian-desktop", appauthor=False)) / "window.log")
    sys.excepthook = log_defect
    memory = memory or Memory()
    instance = Instance(app)
    if memory.folder is not None and not instance.claim(memory.folder) and summon(memory.folder):
        return 0  # the window that has these records comes forward instead
    from fulian_desktop.ui.window import TITLE, MainWindow

    app.setApplicationDisplayName(TITLE)
    speak_chinese(app)
    theme = Theme(dark=memory.look is Look.DARK, scale=memory.scale, parent=app)
    theme.apply(app)
    theme.follow_system(app, memory.look is Look.SYSTEM)
    load_fonts(fonts or ports.window_fonts)
    window = MainWindow(theme, ports, memory, version=__version__, today=date.today, instance=instance)
    window.show()
    return app.exec()


def speak_chinese(app: QApplication) -> bool:
    """Have Qt's own dialogs and menus (choose a folder, copy, paste) in Chinese whatever the system speaks.

    Returns:
        Whether Qt's translation was found.
    """
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    return translator.load("qtbase_zh_CN", folder) and app.installTranslator(translator)


def keep_log(path: Path) -> None:
    """Write warnings and defects to a file of at most 1 MB and one before it; without a place, to nothing."""
    root = logging.getLogger()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    except OSError as error:
        root.warning("no log file: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.WARNING)


def log_defect(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write an error that nobody caught to the log; the window stays open, since what is saved is saved."""
    logging.getLogger("fulian_desktop").critical("a defect of ours", exc_info=(kind, error, trace))

"""The typefaces of the window, as files: the ones that paper uses, unpacked once (``printing.fonts``)."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.printing.fonts import font_bytes, font_file

FACES = ("hei-400", "hei-700")


def window_fonts() -> list[Path]:
    """The files of the window's two faces, regular and bold, checked.

    Where the cache folder cannot be written they lie in a temporary folder until the program ends.

    Raises:
        MachineProblem: The installation has no fonts, or there is no place at all to unpack them.
        Damaged: A shipped file is not what the manifest says.
    """
    # Unpacking and hashing let other threads run: both faces at once halve the wait of the first start.
    with ThreadPoolExecutor(len(FACES)) as pool:
        return list(pool.map(_file, FACES))


def _file(face: str) -> Path:
    try:
        return font_file(face)
    except Damaged:
        raise
    except MachineProblem as problem:
        if problem.code != "font-cache":
            raise
        data = font_bytes(face)
        try:
            path = _temporary_folder() / f"{face}.ttf"
            path.write_bytes(data)
        except OSError as error:
            raise problem from error
        return path


@functools.cache
def _temporary_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="fulian-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder

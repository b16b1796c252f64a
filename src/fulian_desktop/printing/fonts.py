"""The typefaces: where they lie, which characters they have, and who stands in for whom.

Rules:

* The faces are shipped packed (xz) with a manifest of size and SHA-256. They are unpacked once into the
  user's cache folder (``FULIAN_CACHE`` or the system's), through a temporary file, and checked each time they
  are read; where that folder cannot be written they are unpacked in memory.
* A style names a *stack* by its first face. Every character is taken from the first face of the stack that
  has it, so a rare character of a name changes face and nothing else (PAPER §2).
* Kai and the heavy title face are all or nothing: a text with one character they lack is set in Song wholly,
  because a name in two hands looks like a mistake.
* What no face has is named before anything is printed (:func:`missing_characters`,
  :class:`MissingGlyphs`), never printed as a box.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import lzma
import os
import tempfile
import threading
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from fulian_desktop.errors import Damaged, InputProblem, MachineProblem
from fulian_desktop.resources import resource

if TYPE_CHECKING:
    from reportlab.pdfbase.ttfonts import TTFontFile  # type: ignore[import-untyped]

RARE = "rare-400"
STROKE = 0.042  # em: what HanaMinB is thickened by to stand beside a bold face (PAPER §2)

STACKS: dict[str, tuple[str, ...]] = {
    "hei-400": ("hei-400", "song-400", RARE, "kai-400"),
    "hei-700": ("hei-700", "song-700", RARE, "kai-400"),
    "song-400": ("song-400", "hei-400", RARE, "kai-400"),
    "song-700": ("song-700", "hei-700", RARE, "kai-400"),
    "song-900": ("song-900",),
    "kai-400": ("kai-400",),
}
WHOLE = {"song-900": "song-700", "kai-400": "song-400"}
# Kai's curly quotes are a third of an em wide; Chinese text needs them full (PAPER §5).
BORROWED = {"kai-400": {ch: "song-400" for ch in "“”‘’"}}


class MissingGlyphs(InputProblem):
    """No typeface has some characters; nothing was printed.

    Attributes:
        missing: Each character with the texts it stands in.
        spelled: Writes the same document with these characters spelled out (:func:`spell_out`); None where a paper hangs
            on a wall or names people as they are called, which it must do whole.
    """

    code = "missing-glyphs"

    def __init__(self, missing: dict[str, list[str]]) -> None:
        self.missing = missing
        self.spelled: Callable[[Path | BinaryIO], object] | None = None
        named = "；".join(f"“{ch}”（U+{ord(ch):04X}，见“{texts[0][:20]}”）" for ch, texts in list(missing.items())[:5])
        more = f"等 {len(missing)} 个字" if len(missing) > 5 else ""
        super().__init__(f"字库里没有这些字，还没有打印：{named}{more}。请核对是否输错，或改用正式登记的写法。")


class Glyph(NamedTuple):
    """A character's face and advance width in thousandths of an em."""

    face: str
    width: float


class Face:
    """One typeface file, read.

    Args:
        name: A face of the manifest, e.g. ``song-700``.
    """

    def __init__(self, name: str) -> None:
        from reportlab.pdfbase.ttfonts import TTFontFile

        self.name = name
        self._lock = threading.Lock()
        self.file: TTFontFile = TTFontFile(io.BytesIO(font_bytes(name)))
        self.widths: dict[int, float] = self.file.charWidths
        self.glyphs: dict[int, int] = self.file.charToGlyph

    def has(self, ch: str) -> bool:
        """Say whether the face draws this character."""
        return self.glyphs.get(ord(ch), 0) != 0

    def width(self, ch: str) -> float:
        """Return the advance width in thousandths of an em."""
        return float(self.widths.get(ord(ch), self.file.defaultWidth))

    def subset(self, characters: Iterable[str]) -> bytes:
        """Return a TrueType file with these characters (the reader keeps a position, hence the lock)."""
        with self._lock:
            data: bytes = self.file.makeSubset([ord(ch) for ch in characters])
            return data


class Stack(dict[str, Glyph]):
    """Maps each character to its face and width, found once. Characters no face has raise ``KeyError``."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.bold = name.endswith(("-700", "-900"))

    def __missing__(self, ch: str) -> Glyph:
        borrowed = BORROWED.get(self.name, {}).get(ch)
        for name in (borrowed,) if borrowed else STACKS[self.name]:
            found = face(name)
            if found.has(ch):
                glyph = self[ch] = Glyph(name, found.width(ch))
                return glyph
        raise KeyError(ch)

    def has_all(self, text: str) -> bool:
        """Say whether every character of the text can be drawn by this stack."""
        try:
            for ch in text:
                self[ch]
        except KeyError:
            return False
        return True

    def width(self, text: str) -> float:
        """Return the plain advance width of a text in thousandths of an em."""
        return sum([self[ch][1] for ch in text])


_face_lock = threading.RLock()
_faces: dict[str, Face] = {}


def face(name: str) -> Face:
    """Return a face, read once a process; safe from several threads."""
    found = _faces.get(name)
    if found is None:
        with _face_lock:
            found = _faces.get(name)
            if found is None:
                found = _faces[name] = Face(name)
    return found


@functools.cache
def _stack(name: str) -> Stack:
    return Stack(name)


def stack_for(name: str, text: str) -> Stack:
    """Return a text's stack: the named one, or Song when Kai or the title face lacks a character."""
    stack = _stack(name)
    if name in WHOLE and not stack.has_all(text):
        return _stack(WHOLE[name])
    return stack


def clean(text: str) -> str:
    """Return a text as it can be drawn: one line, without characters that show nothing.

    Line breaks and tabs become a space. Control characters, direction marks and variation selectors go: they
    have no shape of their own, and a direction mark could make a name read backwards.
    """
    if text.isascii() and text.isprintable():
        return text
    out = []
    for ch in text:
        if ch in "\n\r\t\v\f\u2028\u2029" or ch in "\u00a0\u2002\u2003\u2009\u202f":
            out.append(" ")
        elif 0xFE00 <= ord(ch) <= 0xFE0F or 0xE0100 <= ord(ch) <= 0xE01EF or unicodedata.category(ch) in ("Cc", "Cf"):
            continue
        else:
            out.append(ch)
    return "".join(out)


def missing_characters(texts: Iterable[str]) -> dict[str, list[str]]:
    """Find characters that no typeface has.

    Args:
        texts: What is to be printed.

    Returns:
        Each such character with the texts it stands in (each once); empty when everything prints.
    """
    song = _stack("song-400")
    missing: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        for ch in dict.fromkeys(clean(text)):
            try:
                song[ch]
            except KeyError:
                missing.setdefault(ch, []).append(text)
    return missing


def require_glyphs(texts: Iterable[str]) -> None:
    """Raise :class:`MissingGlyphs` unless every character of every text can be printed."""
    missing = missing_characters(texts)
    if missing:
        raise MissingGlyphs(missing)


# Pictographs, and the older signs that telephones show as such (❤, ☀).
_EMOJI = frozenset({*range(0x2600, 0x27C0), *range(0x1F000, 0x1FB00)})


def character_name(ch: str) -> str:
    """What sort of character it is that cannot be drawn: ``表情``, ``符号`` or ``字``."""
    if ord(ch) in _EMOJI:
        return "表情"
    return "符号" if unicodedata.category(ch).startswith("S") else "字"


def number_of(ch: str) -> str:
    """A character's number: ``U+1F339``."""
    return f"U+{ord(ch):04X}"


def spell_out(text: str) -> str:
    """A text with characters that no typeface has put into words: ``三八节〔表情〕``, ``王〔字 U+31350〕``.

    Emoji that follow one another stand as one.
    """
    song = _stack("song-400")
    parts: list[str] = []
    for ch in clean(text):
        try:
            song[ch]
        except KeyError:
            named = f"〔{character_name(ch)}〕" if ord(ch) in _EMOJI else f"〔{character_name(ch)} {number_of(ch)}〕"
            if not parts or parts[-1] != named:
                parts.append(named)
        else:
            parts.append(ch)
    return "".join(parts)


# Files.


def font_file(name: str) -> Path:
    """Return the path of an unpacked typeface file, for programs that load fonts by path (the window).

    Args:
        name: A face of the manifest: ``hei-400``, ``hei-700``, ``song-400`` …

    Raises:
        MachineProblem: The cache folder cannot be written.
        Damaged: The shipped file is not what the manifest says.
    """
    entry = _manifest()[name]
    path = cache_folder() / f"{entry['sha256'][:12]}-{entry['file']}"
    if _is_sound(path, entry):
        return path
    data = _unpack(entry)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".font-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            # Another process may hold the finished file open (Windows): then it is there and sound.
            if not _is_sound(path, entry):
                raise
    except OSError as error:
        raise MachineProblem(
            f"不能把字体存入“{path.parent}”。请检查磁盘空间和权限后再试。", "font-cache"
        ) from error
    return path


def font_bytes(name: str) -> bytes:
    """Return a typeface file, from the cache folder when there is one, otherwise unpacked in memory."""
    try:
        return font_file(name).read_bytes()
    except (MachineProblem, OSError) as error:
        if isinstance(error, Damaged):
            raise
        return _unpack(_manifest()[name])


def cache_folder() -> Path:
    """Return the folder for unpacked typefaces."""
    named = os.environ.get("FULIAN_CACHE")
    if named:
        return Path(named) / "fonts"
    import platformdirs

    return Path(platformdirs.user_cache_dir("fulian-desktop")) / "fonts"


@functools.cache
def _manifest() -> dict[str, dict[str, Any]]:
    text = resource("fonts/manifest.json").read_text(encoding="utf-8")
    return {entry["face"]: entry for entry in json.loads(text)["faces"]}


def _is_sound(path: Path, entry: dict[str, Any]) -> bool:
    try:
        if path.stat().st_size != entry["size"]:
            return False
        return bool(hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"])
    except OSError:
        return False


def _unpack(entry: dict[str, Any]) -> bytes:
    try:
        data = lzma.decompress(resource(f"fonts/{entry['packed']}").read_bytes())
    except (lzma.LZMAError, EOFError) as error:
        raise _damaged(entry) from error
    if len(data) != entry["size"] or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise _damaged(entry)
    return data


def _damaged(entry: dict[str, Any]) -> Damaged:
    return Damaged(f"字体文件“{entry['packed']}”已损坏。请重新安装本程序，已有的数据不受影响。", "font-damaged")

"""Text as people type it: what a reading returns, cleaning, and the form that is searched.

Rules:

* What was typed is kept as typed. No NFC, no NFKC: both replace characters of people's names (NFC alone
  already turns the compatibility ideographs of older fonts into others). Only the *search key* is normalised.
* One thing is put right: a character that an old program wrote in the private use area is kept under the code
  point it has today. It looks the same where it was typed, and here it can be searched, sorted and printed.
* Length is counted in code points; Qt counts UTF-16 units and cuts 𡛕 in half (DOMAIN §3).
* Control characters are removed and it is said (FAULTS 60); NUL, lone surrogates and over-long text are
  refused (FAULTS 66, 39, 63): the caller keeps what was typed in the form and shows the problem beside it.
* Zero-width and right-to-left controls stay in the text and are stripped from keys (FAULTS 65).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Generic, TypeVar

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.problems import Problem

T = TypeVar("T")


class Reading(Immutable, Generic[T]):
    """What was read, or why not. Neither value nor problem: nothing was typed."""

    value: T | None = None
    problem: Problem | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was typed (a blank, 无, a dash)."""
        return self.value is None and self.problem is None


# C0 and C1 controls but tab and newline, and the two noncharacters that no XML (so no sheet) can hold.
_CONTROLS = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_SHOWN = 24
# Where GBK and GB 18030 kept characters in the private use area until Unicode had them: the Han characters and
# radicals of FE50 to FEA0 (U+E815 to U+E864; 66 moved with GB 18030-2000, 䶮 U+E863 among them, 14 more became
# free of private use with GB 18030-2022) and the vertical punctuation of A6D9 to A6F3 (U+E78D to U+E796, 2022).
# Source: GB 18030-2022; the ICU and glibc tables of that edition say the same.
_MOVED = {0xE815 + i: char for i, char in enumerate(
    "⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱"
    "䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻"
)} | {0xE78D + i: char for i, char in enumerate("\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19")}


def clean_text(text: str, *, max_code_points: int) -> tuple[str | None, tuple[Problem, ...]]:
    r"""The text as it may be kept, and what was wrong with it.

    Args:
        text: As typed, pasted or read from a sheet.
        max_code_points: The field's limit, in code points.

    Returns:
        The text without control characters and outer blanks (line ends as ``\n``), private code points of old
        programs as today's, or None when it is refused; and the problems: ``nul``, ``surrogate``, ``too-long``
        (refused), ``control`` (removed).
    """
    problems: tuple[Problem, ...] = ()
    if not text.isprintable():  # most texts are, and then nothing of this is in them
        found = _without_controls(text)
        if isinstance(found, Problem):
            return None, (found,)
        text, removed = found
        if removed:
            problems = (Problem("control", f"去掉了 {removed} 个看不见的控制字符，请看一眼文字是否完整"),)
    text = text.strip()
    if len(text) > max_code_points:
        over = len(text) - max_code_points
        return None, (
            *problems,
            Problem("too-long", f"最多 {max_code_points} 字，现在是 {len(text)} 字，请删去 {over} 字"),
        )
    return text, problems


def _without_controls(text: str) -> tuple[str, int] | Problem:
    """The text with plain line ends and today's code points, and how many controls were taken out."""
    if "\x00" in text:
        return Problem("nul", "文字里有空字符（NUL），可能来自损坏的文件，没有保存，请重新输入")
    if _SURROGATES.search(text):
        return Problem("surrogate", "文字里有半个字符，可能是被别的程序截断了，请重新输入这个字")
    return _CONTROLS.subn("", _LINE_ENDS.sub("\n", text).translate(_MOVED))


# The punctuation that moved is itself folded in a key: ︐ is found as a comma.
_MOVED_KEYS = {point: unicodedata.normalize("NFKC", char) for point, char in _MOVED.items()}
_MAY_BE_INVISIBLE = re.compile("[\u0300-\u036f\ufe00-\U0010ffff]")  # of what str.isprintable calls printable


def search_key(text: str) -> str:
    """The form of a text that is compared and searched: NFKC, lower case, nothing invisible in it.

    Full-width letters and digits become plain ones; zero-width characters, bidi controls and variation
    selectors go (FAULTS 65); runs of white space become one blank. For keys only, never shown or kept.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).lower()
    if not folded.isprintable() or _MAY_BE_INVISIBLE.search(folded):
        folded = "".join(c for c in folded.translate(_MOVED_KEYS) if not _is_invisible(c))
    return " ".join(folded.split())


def _is_invisible(char: str) -> bool:
    return (
        unicodedata.category(char) == "Cf"
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
        or (unicodedata.category(char) == "Cc" and char not in "\t\n\r")
    )


# Full-width ASCII, and signs that look alike on a Chinese keyboard. Not NFKC: it would make 130 of ①30.
_HALF_WIDTH = {0xFF01 + i: chr(0x21 + i) for i in range(94)} | {
    ord(c): plain
    for plain, alike in {
        "-": "−‐‑‒﹣", "—": "–―─━ー", "~": "〜∼", ",": "，﹐", "'": "’‘", "〇": "○◯", "¥": "￥",
    }.items()
    for c in alike
}
_BLANK = re.compile(r"(?<=[0-9])\s+(?=[0-9])|(\s+)")


def folded(text: str) -> str:
    """Numbers and dates as typed, in one form to read them from: half width, dashes alike, no blanks.

    A blank between two digits stays, one wide: ``30 40`` is no 3040. For reading only, never kept.
    """
    plain = text.translate(_HALF_WIDTH)
    if not plain.isascii():
        plain = "".join(c for c in plain if not _is_invisible(c))
    return _BLANK.sub(lambda m: "" if m[1] else " ", plain.strip())


def quoted(text: str) -> str:
    """What was typed, in quotation marks, short enough for a message."""
    one_line = " ".join(text.split())
    return f"“{closed(one_line if len(one_line) <= _SHOWN else one_line[:_SHOWN] + '…')}”"


_TURNS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")


def closed(text: str) -> str:
    """A text that may stand within a sentence: what it turns of the direction of writing ends with it.

    For showing only; without it one override in a name would turn round the rest of the sentence (FAULTS 65).
    """
    if text.isprintable():
        return text
    ends: list[str] = []
    for char in text:
        if char in _TURNS:
            ends.append(_TURNS[char])
        elif ends and char == ends[-1]:
            ends.pop()
    return text + "".join(reversed(ends))

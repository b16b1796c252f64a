"""Pinyin initials of names, and the tokens under which text, names and numbers are found.

Rules:

* A surname is read as a surname (单 shan, 仇 qiu, 曾 zeng), first; other readings follow, at most four
  strings in all.
* Tokens hold only ASCII letters and digits and the Han characters that SQLite's ``unicode61`` knows; every
  other character stands as ``x`` + its code point in hexadecimal + ``y``. So ``tokenize="unicode61
  remove_diacritics 0"`` parts tokens at blanks only (its tables are of Unicode 6.1: 𬱖 would be a separator).
* The first letter of a token says what it is: ``c`` two characters of the text, ``p`` two pinyin initials,
  ``t`` the last four digits of a number. The last character and the last initial also stand alone, so that one
  character is found as a prefix of something. The index can be ``detail=none``: no phrases are needed.
* Three of which the last is as the first are a token too: nothing else parts ``yhy`` from ``hyh``, ``sss`` from
  ``ss`` or 111号 from 11号, whose pairs are the same.
* A hit may still be false (王明小王 for 小王明): the caller compares search keys where that matters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache
from itertools import pairwise, product

from fulian_desktop.domain.texts import search_key
from fulian_desktop.resources import resource

MAX_READINGS = 4
_MAX_QUERY = 64  # code points of a query that are looked up
# The Han characters that unicode61's tables know: of the first block and of extension A, as of Unicode 6.1.
_KNOWN_HAN = re.compile("[\u3400-\u4db5\u4e00-\u9fcb]")

# Characters that people read in two ways today, the likelier first. The dictionary's other readings are of
# old books (王 yù, 红 gōng) and would only bring false hits.
_TWO_WAYS = {entry[0]: entry[1:] for entry in re.findall(r"\S+", """
    乐ly 行xh 长cz 重zc 朝cz 会hk 传cz 茜xq 筠yj 盛sc 晟sc 翟zd 覃qt 单ds 仇cq 曾zc 解jx
    查cz 区qo 尉wy 隗kw 郇xh 折zs 种zc 调dt 弹dt 降jx 藏cz 参cs 校xj 给gj 厦sx 圩xw 峒dt
    侗dt 莘xs 祭jz 乜nm 句jg 郗xc 谌cs 秘mb 泊bp 堡bp 番fp 繁fp 召zs 畜cx 率ls 卡kq 属sz
    粘nz 弄nl 蔓mw 炅jg 禅cs 圈qj 石sd 车cj 系xj 万wm 俟sq 盖gh 强qj 俞ys 叶yx
""")}
# Where a surname is read otherwise than the same character elsewhere.
_SURNAMES = {entry[0]: entry[1] for entry in re.findall(r"\S+", """
    单s 仇q 曾z 解x 查z 区o 乐y 翟z 覃q 召s 祭z 种c 折s 秘b 繁p 句g 隗w
    郇x 莘s 藏z 行x 长z 朝c 重z 晟c 茜x 谌c 番p 弹d 盖g 校j 石s 车c 系x
    万w 强q 俞y 叶y 盛s 尉w
""")}
_COMPOUND = {
    "尉迟": "yc", "万俟": "mq", "单于": "cy", "长孙": "zs", "澹台": "tt",
    "欧阳": "oy", "上官": "sg", "司马": "sm", "诸葛": "zg",
}
_CORRECTED = {"阚": "k", "佴": "n", "〇": "l", "澹": "d"}


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[int, str | None]]:
    """Character → its initials; and a translation table for names without a character of two readings."""
    readings: dict[str, str] = {}
    for line in resource("initials.txt").read_text("utf-8").splitlines():  # tools/build_initials.py
        readings |= dict.fromkeys(line[1:], line[0])
    readings |= _CORRECTED | _TWO_WAYS
    readings |= {c: c for c in "abcdefghijklmnopqrstuvwxyz0123456789"}
    plain: dict[int, str | None] = {ord(char): found[0] for char, found in readings.items()}
    plain |= {ord(c.upper()): c for c in "abcdefghijklmnopqrstuvwxyz"}
    plain |= {ord(c): None for c in " ·•・‧∙.-—()（）《》“”、，。"}
    return readings, plain


def initials(name: str) -> tuple[str, ...]:
    """The plausible strings of pinyin initials of a name, the likeliest first, at most four.

    Args:
        name: A name as typed; Latin letters and digits stay, in lower case; ``·`` and other signs are passed
            over.

    Returns:
        ``("wgy",)`` for 王桂英; empty when nothing has a reading. Source: DOMAIN §3 (surname readings).
    """
    readings, plain = _tables()
    if _TWO_WAYS.keys().isdisjoint(name) and name[:2] not in _COMPOUND:
        quick = name.translate(plain)
        if quick.isascii() and quick.isalnum():
            return (quick,)
    name = search_key(name)
    if name.isascii():
        return (found,) if (found := "".join(filter(str.isalnum, name))) else ()
    options = _options(name, readings)
    found_in_order = dict.fromkeys("".join(letters) for letters in product(*options))
    return tuple(found_in_order)[:MAX_READINGS] if options else ()


def _options(name: str, readings: dict[str, str]) -> list[str]:
    """The initials of each character that has any, those of the surname first."""
    start = _COMPOUND.get(name[:2], "")
    options: list[str] = list(start)
    for place, char in enumerate(name[len(start):]):
        found = readings.get(char)
        if found is None:
            continue
        if place == 0 and not start and char in _SURNAMES:
            found = _SURNAMES[char] + found.replace(_SURNAMES[char], "")
        options.append(found)
    return options


# --- tokens of the search index ----------------------------------------------------------------------------


class Kind(Enum):
    """What a query was taken for."""

    NOTHING = "nothing"
    TEXT = "text"
    INITIALS = "initials"
    TAIL = "tail"


def _is_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char) in ("Mn", "Mc", "Co")


@lru_cache(maxsize=16384)
def _atom(char: str) -> str:
    """A character as it stands in a token."""
    if (char.isascii() and char.isalnum()) or _KNOWN_HAN.match(char):
        return char
    return f"x{ord(char):x}y"


def _grams(places: Sequence[Sequence[str]], marker: str) -> list[str]:
    """Two that follow one another, and three of which the last is as the first; a place may be read in several ways."""
    tokens = [f"{marker}{a}{b}" for first, second in pairwise(places) for a in first for b in second]
    for first, second, third in zip(places, places[1:], places[2:], strict=False):
        for a in first:
            if a in third:
                tokens += [f"{marker}{a}{b}{a}" for b in second]
    return tokens


def search_tokens(text: str, *, with_initials: bool = True) -> list[str]:
    """The tokens under which a name or a text is found, each once: two or three characters, two or three initials.

    Args:
        text: A name, title, address … as kept.
        with_initials: Also by pinyin initials (names); long texts are found by their characters.
    """
    chars = [c for c in search_key(text) if _is_word(c)]
    if not chars:
        return []
    atoms = [(_atom(c),) for c in chars]
    tokens = [*_grams(atoms, "c"), f"c{atoms[-1][0]}"]
    if with_initials:
        readings, _plain = _tables()
        options = _options("".join(chars), readings)
        tokens += [*_grams(options, "p"), *(f"p{x}" for x in (options[-1] if options else ""))]
    return list(dict.fromkeys(tokens))


def tail_tokens(number: str) -> list[str]:
    """The token under which a telephone or ID number is found: its last four digits.

    Four are enough to leave a hundred of a million, which are then compared with what was typed; whole numbers
    as tokens made the index of a million persons 54 MB larger (measured: 85 instead of 31).
    """
    digits = "".join(c for c in search_key(number) if c.isascii() and c.isalnum())
    return [f"t{digits[-4:]}"] if len(digits) >= 4 else []


_TAIL = re.compile(r"[0-9]{4,}|[0-9]{3,}x", re.ASCII)
_NUMBER_SIGNS = re.compile(r"[-—()]")


def query_tokens(query: str) -> tuple[list[str], Kind]:
    """What to look up, all of it together, for what a person typed into the search box.

    Args:
        query: 汉字, pinyin initials (``wgy``), last digits of a number, or several of these with blanks
            between.

    Returns:
        Tokens, those ending in ``*`` to be looked up as prefixes, and what the query was taken for.
        :func:`match_expression` makes an FTS5 query of the same.
    """
    terms = search_key(query[:_MAX_QUERY]).split()
    read = [_term(term) for term in terms]
    tokens = list(dict.fromkeys(token for found, _ in read for token in found))
    kinds = {kind for found, kind in read if found}
    if not kinds:
        return [], Kind.NOTHING
    return tokens, kinds.pop() if len(kinds) == 1 else Kind.TEXT


def _term(term: str) -> tuple[list[str], Kind]:
    number = _NUMBER_SIGNS.sub("", term)
    if _TAIL.fullmatch(number):
        return [f"t{number[-4:]}"], Kind.TAIL
    chars = [c for c in term if _is_word(c)]
    word = "".join(chars)
    if word.isascii():
        if not word or word.isdigit():
            return _text(chars), Kind.TEXT
        return _wanted(word, "p"), Kind.INITIALS
    tokens: list[str] = []
    for run in re.findall(r"[a-z]+|[^a-z]+", word):  # 王gy: a character and two initials
        tokens += _wanted(run, "p") if run.isascii() and run.isalpha() else _text(run)
    return tokens, Kind.TEXT


def _text(chars: Iterable[str]) -> list[str]:
    return _wanted([_atom(c) for c in chars], "c")


def _wanted(atoms: Sequence[str], marker: str) -> list[str]:
    """The tokens that a text has when these stand in it one after the other; a single one is looked up as a prefix."""
    if len(atoms) < 2:
        return [f"{marker}{a}*" for a in atoms]
    return list(dict.fromkeys(_grams([(a,) for a in atoms], marker)))


def match_expression(query: str) -> str | None:
    """The FTS5 expression for a query against a table of :func:`search_tokens` and :func:`tail_tokens`.

    Digits are looked up as the end of a number or a part of a text (2026). None when the query holds nothing
    that can be looked up. Only quoted tokens stand in it, so nothing typed is taken for
    syntax.
    """
    terms = []
    for term in search_key(query[:_MAX_QUERY]).split():
        tokens, kind = _term(term)
        if not tokens:
            continue
        found = " AND ".join(map(_quoted, tokens))
        if kind is Kind.TAIL:
            inside = " AND ".join(map(_quoted, _text(_NUMBER_SIGNS.sub("", term))))
            found = f"({found} OR ({inside}))"
        terms.append(found)
    return " AND ".join(terms) or None


def _quoted(token: str) -> str:
    return f'"{token[:-1]}"*' if token.endswith("*") else f'"{token}"'

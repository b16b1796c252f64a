"""Divisions: the official codes and names of every province, city, county, township and village (2023).

Rules:

* The shipped list is a help for typing, never an authority: offices may add units and give them other names
  (DESIGN §2, unit), so nothing here says that a code is wrong.
* The list is opened at the first question and read in parts: one block holds all levels down to the township,
  then there is one block a province with its villages (tools/build_divisions.py). To answer about one
  township, one province is unpacked; the two last used stay in memory, as text, never as 620,000 objects.
* Codes have 12 digits (domain.units). A county row never repeats the code of a city without counties (东莞).
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

from fulian_desktop.domain.units import Level, covers, is_code, level_of, parent_of
from fulian_desktop.errors import Damaged
from fulian_desktop.resources import resource

Row = tuple[str, str]

_SHIPPED = "divisions.csv.xz"
_READ_AT_ONCE = 1 << 16
_MOST_CANDIDATES = 2000
_LONGEST_SEARCH = 60


class Divisions:
    """The division codes in one file, opened when first asked.

    Args:
        path: The file made by tools/build_divisions.py.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._villages = lru_cache(maxsize=2)(self._read_villages)

    def children(self, code: str | None = None) -> list[Row]:
        """List what lies directly below a unit, in order of code.

        Args:
            code: 12 digits; None for the provinces.

        Returns:
            (code, name) pairs; empty below a village and for a code that is not in the list.
        """
        if code in self._names and level_of(code) is Level.TOWNSHIP:
            return list(self._village_rows(code))
        return list(self._children.get(code, []))

    def name_of(self, code: str) -> str | None:
        """Return the official name of a unit, or None when the list does not have it."""
        if not is_code(code):
            return None
        if level_of(code) is not Level.VILLAGE:
            return self._names.get(code)
        township = parent_of(code)
        return dict(self._village_rows(township)).get(code) if township in self._names else None

    def path_of(self, code: str) -> list[Row]:
        """Return a unit and all above it that the list has, the province first."""
        rows: list[Row] = []
        step: str | None = code if is_code(code) else None
        while step is not None:
            name = self.name_of(step)
            if name is not None:
                rows.append((step, name))
            step = parent_of(step)
        return rows[::-1]

    def search(
        self, text: str, level: Level | None = None, under: str | None = None, limit: int = 50
    ) -> list[Row]:
        """Find units by part of their name, or by the first digits of their code.

        Of several words the last must be in the name itself and the others in a name above it, so that
        ``清溪 柳树`` finds 柳树湾村 in 清溪镇. Names that begin with the word come first, then shorter names.

        Args:
            text: What was typed; at most 60 characters count.
            level: Only units of this level; None: any.
            under: Only units of this subtree, the unit itself included; None: the whole country.
            limit: The most rows returned.
        """
        words = text[:_LONGEST_SEARCH].split()
        if not words or (under is not None and not is_code(under)):
            return []
        word = words[-1]
        found = [
            row
            for row in islice(self._candidates(word, level, under), _MOST_CANDIDATES)
            if len(words) == 1 or self._lies_in(row[0], words[:-1])
        ]
        found.sort(key=lambda row: (not row[1].startswith(word), len(row[1]), row[0]))
        return found[:limit]

    def _lies_in(self, code: str, words: list[str]) -> bool:
        above = parent_of(code)
        names = [] if above is None else [name for _, name in self.path_of(above)]
        return all(any(word in name for name in names) for word in words)

    def _candidates(self, word: str, level: Level | None, under: str | None) -> Iterator[Row]:
        if level is not Level.VILLAGE:
            for code, name in self._names.items():
                if (
                    (word in name or code.startswith(word))
                    and (level is None or level_of(code) is level)
                    and (under is None or covers(under, code))
                ):
                    yield code, name
        if level is None or level is Level.VILLAGE:
            for province in self._places:
                if _may_lie_in(province, word) and (under is None or under.startswith(province)):
                    yield from self._village_candidates(province, word, under)

    def _village_candidates(self, province: str, word: str, under: str | None) -> Iterator[Row]:
        block = self._villages(province)
        # A word is looked for in the raw text first: most blocks do not contain it and cost nothing more.
        needle = word.encode()
        at = block.find(needle)
        while at >= 0:
            start = block.rfind(b"\n", 0, at) + 1
            end = block.find(b"\n", at)
            code, _, name = block[start:end].decode().partition(",")
            if (word in name or code.startswith(word)) and (under is None or covers(under, code)):
                yield code, name
            at = block.find(needle, end)

    def _village_rows(self, township: str) -> Iterator[Row]:
        block = self._villages(township[:2])
        for line in re.finditer(rb"^" + township[:9].encode() + rb"\d{3},.*$", block, re.MULTILINE):
            code, _, name = line[0].decode().partition(",")
            yield code, name

    @cached_property
    def _head(self) -> tuple[dict[str, str], dict[str, tuple[int, int]]]:
        names: dict[str, str] = {}
        places: dict[str, tuple[int, int]] = {}
        text, end = self._read_first_stream()
        for line in text.splitlines():
            key, _, rest = line.partition(",")
            if key == "#":
                province, offset, length = rest.split(",")
                places[province] = end + int(offset), int(length)
            else:
                names[key] = rest
        return names, places

    @property
    def _names(self) -> dict[str, str]:
        return self._head[0]

    @property
    def _places(self) -> dict[str, tuple[int, int]]:
        return self._head[1]

    @cached_property
    def _children(self) -> dict[str | None, list[Row]]:
        below: dict[str | None, list[Row]] = {}
        for code, name in self._names.items():
            below.setdefault(parent_of(code), []).append((code, name))
        return below

    def _read_first_stream(self) -> tuple[str, int]:
        """Return the text of the first stream and where it ends in the file, in bytes."""
        unpacker = lzma.LZMADecompressor(format=lzma.FORMAT_XZ)
        parts, taken = [], 0
        try:
            with self._path.open("rb") as file:
                while not unpacker.eof:
                    chunk = file.read(_READ_AT_ONCE)
                    parts.append(unpacker.decompress(chunk))
                    taken += len(chunk)
                    if not chunk:
                        raise EOFError
        except (lzma.LZMAError, EOFError) as problem:
            raise self._damaged() from problem
        return b"".join(parts).decode(), taken - len(unpacker.unused_data)

    def _read_villages(self, province: str) -> bytes:
        if province not in self._places:
            return b""
        offset, length = self._places[province]
        with self._path.open("rb") as file:
            file.seek(offset)
            packed = file.read(length)
        try:
            return lzma.decompress(packed, format=lzma.FORMAT_XZ)
        except lzma.LZMAError as problem:
            raise self._damaged() from problem

    def _damaged(self) -> Damaged:
        text = "程序自带的行政区划文件已损坏。请重新安装本程序，已有的数据不受影响。"
        return Damaged(text, "resource-damaged")


def _may_lie_in(province: str, word: str) -> bool:
    """Whether a block can hold ``word``: of a word of digits, which may be a code, its start decides.

    Without this, ``9`` would be tried against every line of the country: digits stand in every code.
    """
    return not word.isdecimal() or province.startswith(word[:2])


@lru_cache(maxsize=1)
def shipped() -> Divisions:
    """Return the list that comes with the program, opened once."""
    return Divisions(resource(_SHIPPED))


def children(code: str | None = None) -> list[Row]:
    """See :meth:`Divisions.children`; asks the shipped list."""
    return shipped().children(code)


def name_of(code: str) -> str | None:
    """See :meth:`Divisions.name_of`; asks the shipped list."""
    return shipped().name_of(code)


def search(text: str, level: Level | None = None, under: str | None = None, limit: int = 50) -> list[Row]:
    """See :meth:`Divisions.search`; asks the shipped list."""
    return shipped().search(text, level, under, limit)

"""Characters that no typeface has: in which records they stand, and what can be done about it (DESIGN §10).

Rules:

* Nothing is printed before it is said, and never as a box.
* Each record is named and can be opened. A working paper (roster, report) can be had with the character in words, as
  ``〔表情〕``; what hangs on a wall or names a family cannot: there the record is put right first.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fulian_desktop.errors import InputProblem
from fulian_desktop.printing.fonts import MissingGlyphs, character_name, number_of, spell_out
from fulian_desktop.services.office import Office
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.store import queries
from fulian_desktop.store.view import Row

Printed = tuple[str, str | None, Sequence[str]]

NAMED = 20
"""So many records are named; more are counted."""


@dataclass(frozen=True)
class Culprit:
    """A record with characters that cannot be printed.

    Attributes:
        kind, record, unit: Which one. label: What its kind is called. unit_name: Whose it is.
        name: Its name with such characters in words. characters: What they are, ``表情 U+1F339``.
    """

    kind: str
    record: str
    unit: str
    label: str
    unit_name: str
    name: str
    characters: str


class Unprintable(InputProblem):
    """Some records hold characters that no typeface has; nothing was printed.

    Attributes:
        culprits: The first of them. count: How many there are.
        spelled: Writes the paper with these characters in words, and notes it; None where that may not be.
    """

    code = "missing-glyphs"

    def __init__(self, culprits: Sequence[Culprit], count: int, spelled: Callable[[BinaryIO], object] | None) -> None:
        self.culprits, self.count, self.spelled = tuple(culprits), count, spelled
        named = "、".join(f"{one.label}“{one.name}”（{one.characters}）" for one in culprits[:3])
        more = f"等 {count} 条记录" if count > 3 else ""
        super().__init__(f"有的字字库里没有，还没有打印：{named}{more}。下一步：打开记录，把这些字改掉，再打印。")


@contextmanager
def naming(office: Office, printed: Iterable[Printed], noted: tuple[str, int] | None = None) -> Iterator[None]:
    """Say of whatever no typeface has in which record it stands.

    Where no record holds it (a unit's name, what was typed for this paper) the error stays as the document raised it.

    Args:
        office: Who prints.
        printed: Id and unit of each record, and what is printed of it.
        noted: What the activity log says is printed, and how many, when it is printed with the characters in words.
    """
    try:
        yield
    except MissingGlyphs as error:
        culprits, count = find_culprits(office, error.missing, printed)
        if not culprits:
            raise
        write = error.spelled

        def spelled(target: BinaryIO) -> None:
            assert write is not None  # noqa: S101 - else this is not handed on
            write(target)
            if noted is not None:
                with office.workspace.transaction():
                    office.workspace.record("print", {"what": noted[0], "count": noted[1]})

        raise Unprintable(culprits, count, spelled if write is not None else None) from error


def find_culprits(office: Office, missing: Container[str], printed: Iterable[Printed]) -> tuple[list[Culprit], int]:
    """The first :data:`NAMED` records of which something that is printed holds such characters, and how many there are."""
    found: list[Culprit] = []
    seen: set[str] = set()
    for record, unit, texts in printed:
        held = dict.fromkeys(ch for text in texts for ch in text if ch in missing)
        if held and record not in seen:
            seen.add(record)
            row = queries.find_by_id(office.workspace.db, record, unit) if len(found) < NAMED else None
            if row is not None:
                found.append(_culprit(office, row, list(held)))
    return found, len(seen)


def _culprit(office: Office, row: Row, held: Sequence[str]) -> Culprit:
    kind = kind_in_force(office, row.kind)
    names = office.workspace.unit_names()
    words = "、".join(f"{character_name(ch)} {number_of(ch)}" for ch in held[:3])
    name = spell_out(kind.name_of(row.flat))
    return Culprit(kind.code, row.id, row.unit, kind.label, names.get(row.unit, row.unit), name, words)

"""Characters that no typeface has: in which records they stand, and what can be done about it (DESIGN §10).

Rules:

* Nothing is printed before it is said, and never as a box.
* Each record is named and can be opened. A unit's name is a record too, and stands for all lines that show it; where it lies
  in no record, as a person's name, it is named all the same.
* A working paper (roster, report, merge report, hand-over slip) can be had with the character in words, as ``〔表情〕``; what
  hangs on a wall or names a family cannot: there the record is put right first.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.units import covers
from fulian_desktop.errors import InputProblem
from fulian_desktop.printing.fonts import MissingGlyphs, character_name, clean, number_of, spell_out
from fulian_desktop.services.office import Office
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.store import queries
from fulian_desktop.store.view import Row

Printed = tuple[str, str | None, Sequence[str]]
Said = tuple[str, str]
UNIT_NAME = "unit_name"

NAMED = 20
"""So many places are named; more are counted."""


@dataclass(frozen=True)
class Culprit:
    """A record, or what stands in none, with characters that cannot be printed.

    Attributes:
        kind, record, unit: Which one; ``record`` is "" where there is none to open.
        label: What its kind is called. unit_name: Whose it is, or "".
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
    """Characters that no typeface has were to be printed; nothing was printed.

    Attributes:
        culprits: The first places where they stand. count: How many there are.
        spelled: Writes the paper with these characters in words, and notes it; None where that may not be.
    """

    code = "missing-glyphs"

    def __init__(self, culprits: Sequence[Culprit], count: int, spelled: Callable[[Path | BinaryIO], object] | None) -> None:
        self.culprits, self.count, self.spelled = tuple(culprits), count, spelled
        named = "、".join(f"{one.label}“{one.name}”（{one.characters}）" for one in culprits[:3])
        more = f"等 {count} 处" if count > 3 else ""
        step = "打开记录，把这些字改掉，再打印" if any(one.record for one in culprits) else "换成字库里有的字，再打印"
        super().__init__(f"有的字字库里没有，还没有打印：{named}{more}。下一步：{step}。")


def print_spelled(print_to: Callable[[Path], dict[str, Any]], target: Path) -> dict[str, Any]:
    """Print, and where characters are missing print once more with these in words.

    Returns:
        What printing told; where it was the second time, the file and in how many places there are such characters.

    Raises:
        InputProblem: As printing does; also of missing characters, on a paper that must not have them in words.
    """
    try:
        return print_to(target)
    except (Unprintable, MissingGlyphs) as error:
        if error.spelled is None:
            raise
        error.spelled(target)
        places = error.count if isinstance(error, Unprintable) else len(error.missing)
        return {"file": str(target), "spelled_out": places}


@contextmanager
def naming(
    office: Office, printed: Iterable[Printed], noted: tuple[str, int] | None = None, *, said: Iterable[Said] = (),
) -> Iterator[None]:
    """Say of whatever no typeface has in which record it stands.

    Units are looked through besides. What stands nowhere else (what was typed for this paper) leaves the error as the
    document raised it.

    Args:
        office: Who prints.
        printed: Id and unit of each record, and what is printed of it.
        noted: What the activity log says is printed, and how many, when it is printed with the characters in words.
        said: What is printed of no record: what it is called (经手人), and the text.
    """
    try:
        yield
    except MissingGlyphs as error:
        culprits, count = find_culprits(office, error.missing, printed, said)
        if not culprits:
            raise
        write = error.spelled

        def spelled(target: Path | BinaryIO) -> None:
            assert write is not None  # noqa: S101 - else this is not handed on
            write(target)
            if noted is not None:
                with office.workspace.transaction():
                    office.workspace.record("print", {"what": noted[0], "count": noted[1]})

        raise Unprintable(culprits, count, spelled if write is not None else None) from error


def find_culprits(
    office: Office, missing: Mapping[str, Sequence[str]], printed: Iterable[Printed], said: Iterable[Said] = (),
) -> tuple[list[Culprit], int]:
    """The first :data:`NAMED` places where such characters stand, and how many there are: units, records, the rest.

    Args:
        office: Who prints.
        missing: Each character with the texts of the paper in which it stands.
        printed: Of records, as :func:`naming` takes it.
        said: Of none, as :func:`naming` takes it.
    """
    units = _units_at_fault(office, missing)
    found = [_unit_culprit(office, code, name, missing) for code, name in units.items()]
    names = frozenset(units.values())  # these stand in many records, and are put right in one
    seen: set[str] = set()
    for record, unit, texts in printed:
        held = _held((text for text in texts if text not in names), missing)
        if held and record not in seen:
            seen.add(record)
            row = queries.find_by_id(office.workspace.db, record, unit) if len(found) < NAMED else None
            if row is not None:
                found.append(_culprit(office, row, held))
    rest = [
        Culprit("", "", "", label, "", spell_out(text), _words(held)) for label, text in dict.fromkeys(said)
        if (held := _held([text], missing)) and not any(name in text for name in names)
    ]
    return (found + rest)[:NAMED], len(units) + len(seen) + len(rest)


def _held(texts: Iterable[str], missing: Container[str]) -> list[str]:
    return list(dict.fromkeys(ch for text in texts for ch in text if ch in missing))


def _units_at_fault(office: Office, missing: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Code and name of the units whose names hold such a character and stand on the paper."""
    texts = {text for found in missing.values() for text in found}
    return {
        code: name for code, name in office.workspace.unit_names().items()
        if _held([name], missing) and any(clean(name).strip() in text for text in texts)
    }


def _unit_culprit(office: Office, code: str, name: str, missing: Container[str]) -> Culprit:
    """The record that gives a unit its name; there is none for what an office is called since it was set up."""
    kind = kind_of(UNIT_NAME)
    held = _held([name], missing)
    rows = [
        row for row in queries.list_rows(office.workspace.db, kind, where_equal={"code": code, "name": name})
        if covers(row.unit, code)
    ]
    if not rows:
        return Culprit("", "", code, kind.label, "", spell_out(name), _words(held))
    return _culprit(office, min(rows, key=lambda row: row.unit), held)


def _culprit(office: Office, row: Row, held: Sequence[str]) -> Culprit:
    kind = kind_in_force(office, row.kind)
    whose = spell_out(office.workspace.unit_names().get(row.unit, row.unit))
    return Culprit(kind.code, row.id, row.unit, kind.label, whose, spell_out(kind.name_of(row.flat)), _words(held))


def _words(held: Sequence[str]) -> str:
    return "、".join(f"{character_name(ch)} {number_of(ch)}" for ch in held[:3])

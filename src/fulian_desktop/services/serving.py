"""For which units an office may enter records: itself and those below it."""

from __future__ import annotations

from dataclasses import dataclass

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.pinyin import initials
from fulian_desktop.domain.texts import search_key
from fulian_desktop.domain.units import is_above, parent_of
from fulian_desktop.ledger.fold import may_write
from fulian_desktop.services.office import Office


@dataclass(frozen=True)
class Unit:
    """A unit that a new record may be entered for: its code, its name, and the office above it."""

    code: str
    name: str
    about: str = ""


def chooses_unit(office: Office, kind: Kind) -> bool:
    """Whether a new record may be of a unit below, and there is one; what is published is the office's own."""
    return kind.cls != "published" and any(is_above(office.unit, code) for code in office.workspace.unit_names())


def find_units(office: Office, typed: str, limit: int = 12) -> list[Unit]:
    """The units that this office may enter records for, by name, pinyin initials or code; its own first.

    Args:
        office: Who enters.
        typed: What was typed; blank: all of them.
        limit: At most so many.
    """
    key = search_key(typed).replace(" ", "")
    names = office.workspace.unit_names()
    ours = sorted((code for code in names if may_write(office.unit, code)), key=lambda code: (code != office.unit, code))
    found = [code for code in ours if key in code or any(key in word for word in _words(names[code]))]
    return [Unit(code, names[code], names.get(parent_of(code) or "", "")) for code in found[:limit]]


def _words(name: str) -> tuple[str, ...]:
    return (search_key(name).replace(" ", ""), *initials(name))

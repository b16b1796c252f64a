"""登记下级单位: which units lie below this office, which the official list names besides, and naming them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fulian_desktop.domain import divisions
from fulian_desktop.domain.texts import clean_text
from fulian_desktop.domain.units import Level, is_above, is_code, level_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.enrol import add_unit, list_units
from fulian_desktop.services.office import Office

LONGEST_NAME = 40


@dataclass(frozen=True)
class UnitBelow:
    """A unit below: its code, its name, and whether it has joined."""

    code: str
    name: str
    joined: bool


@dataclass(frozen=True)
class Below:
    """The units that are named, in order of code, and those of the official list that are not: (code, name)."""

    units: tuple[UnitBelow, ...]
    official: tuple[tuple[str, str], ...]


def units_below(office: Office) -> Below:
    """What lies one level below this office."""
    if office.level is Level.VILLAGE:
        return Below((), ())
    named = tuple(
        UnitBelow(unit["code"], unit["name"], unit["enrolled"]) for unit in list_units(office) if _next(office, unit["code"])
    )
    known = {unit.code for unit in named}
    official = tuple((code, name) for code, name in divisions.children(office.unit) if code not in known and _next(office, code))
    return Below(named, official)


def _next(office: Office, code: str) -> bool:
    return is_above(office.unit, code) and level_of(code) == level_of(office.unit) + 1


def check_unit(unit: str, code: str, name: str) -> tuple[str, str]:
    """The code and the name as they may be kept, or :class:`InputProblem`; its code says ``unit-code`` or ``unit-name``.

    Args:
        unit: The office that names it.
        code: 12 digits.
        name: What the unit is called.
    """
    digits = code.strip()
    if not is_code(digits):
        raise InputProblem(f"代码要 12 位数字，现在是 {len(digits)} 位。", "unit-code")
    if not is_above(unit, digits):
        raise InputProblem("这个代码不在本单位下面，请核对前几位。", "unit-code")
    cleaned, problems = clean_text(name, max_code_points=LONGEST_NAME)
    if cleaned is None:
        raise InputProblem(problems[-1].text, "unit-name")
    if not cleaned:
        raise InputProblem("还没有填单位名称。", "unit-name")
    return digits, cleaned


def register_units(office: Office, units: Sequence[tuple[str, str]], progress: Progress | None = None) -> int:
    """Name units below this office, or rename them; returns how many. All are checked before the first is written."""
    progress = progress or Progress()
    checked = [check_unit(office.unit, code, name) for code, name in units]
    for done, (code, name) in enumerate(checked):
        progress.step(done, len(checked), name)
        add_unit(office, code, name)
    return len(checked)

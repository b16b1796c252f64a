"""The declared kinds. Each module here that has a ``KIND`` declares one, of the module's name; nothing else lists them.

A kind is imported when it is asked for: who lists families needs no aid. Only who asks for all of them, or for one that
no module is named after, has all of them imported.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from fulian_desktop.domain.kind import Kind

_kinds: dict[str, Kind] = {}
_by_hand: set[str] = set()
_seen_all: list[bool] = []


def register(kind: Kind) -> Kind:
    """Add a declared kind; its code must be new. Modules of this package are registered by themselves."""
    if find_kind(kind.code) is not None:
        raise ValueError(f"kind {kind.code} declared twice")
    _kinds[kind.code] = kind
    _by_hand.add(kind.code)
    return kind


def unregister(code: str) -> None:
    """Take a kind out again (for tests that declare one)."""
    _kinds.pop(code)
    _by_hand.discard(code)


def _names() -> list[str]:
    # as files, else (in a bundle) as what the importer knows; pkgutil imports inspect, 5 ms of each start
    modules = [f.stem for f in Path(__path__[0]).glob("*.py") if f.stem != "__init__"]
    return sorted(modules or (m.name for m in pkgutil.iter_modules(__path__)))


def _read(module: str) -> None:
    declared = getattr(importlib.import_module(f"{__name__}.{module}"), "KIND", None)
    if declared is not None:
        _kinds.setdefault(declared.code, declared)


def _read_all() -> None:
    if not _seen_all:
        for module in _names():
            _read(module)
        _seen_all.append(True)


def all_kinds() -> list[Kind]:
    """All declared kinds whose records lie in the workspace, in the order of the window.

    Restricted ones are not among them: whatever goes through all records (lists, search, figures, reports, exports,
    packages, checks) thereby does as if there were none (DESIGN §4). See :func:`restricted_kinds`.
    """
    return [kind for kind in _in_order() if kind.cls != "restricted"]


def restricted_kinds() -> list[Kind]:
    """The declared kinds whose records lie in the rights room and nowhere else."""
    return [kind for kind in _in_order() if kind.cls == "restricted"]


def _in_order() -> list[Kind]:
    _read_all()
    return sorted(_kinds.values(), key=lambda kind: (kind.nav, kind.order, kind.code))


def find_kind(code: str) -> Kind | None:
    """The kind of that code, or None when this program does not know it."""
    found = _kinds.get(code)
    if found is None and not _seen_all:
        if code.isidentifier() and (Path(__path__[0]) / f"{code}.py").is_file():
            _read(code)
        if code not in _kinds:
            _read_all()
        found = _kinds.get(code)
    return found


def kind_of(code: str) -> Kind:
    """The kind of that code; KeyError when this program does not know it."""
    found = find_kind(code)
    if found is None:
        raise KeyError(code)
    return found


def any_by_hand() -> bool:
    """Whether a kind was registered that no module here declares."""
    return bool(_by_hand)

"""The declared kinds. Each module here that has a ``KIND`` declares one; nothing else lists them."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from fulian_desktop.domain.kind import Kind

_kinds: dict[str, Kind] = {}
_discovering: list[bool] = []


def register(kind: Kind) -> Kind:
    """Add a declared kind; its code must be new. Modules of this package are registered by themselves."""
    if not _kinds and not _discovering:
        _discover()  # else the first one registered by hand would hide those that ship
    if kind.code in _kinds:
        raise ValueError(f"kind {kind.code} declared twice")
    _kinds[kind.code] = kind
    return kind


def unregister(code: str) -> None:
    """Take a kind out again (for tests that declare one)."""
    _kinds.pop(code)


def _discover() -> None:
    _discovering.append(True)
    # as files, else (in a bundle) as what the importer knows; pkgutil imports inspect, 5 ms of each start
    modules = [f.stem for f in Path(__path__[0]).glob("*.py") if f.stem != "__init__"]
    for module in sorted(modules or (m.name for m in pkgutil.iter_modules(__path__))):
        declared = getattr(importlib.import_module(f"{__name__}.{module}"), "KIND", None)
        if declared is not None and declared.code not in _kinds:
            register(declared)


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
    if not _kinds:
        _discover()
    return sorted(_kinds.values(), key=lambda kind: (kind.nav, kind.order, kind.code))


def find_kind(code: str) -> Kind | None:
    """The kind of that code, or None when this program does not know it."""
    if not _kinds:
        _discover()
    return _kinds.get(code)


def kind_of(code: str) -> Kind:
    """The kind of that code; KeyError when this program does not know it."""
    found = find_kind(code)
    if found is None:
        raise KeyError(code)
    return found

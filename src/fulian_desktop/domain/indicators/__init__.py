"""The declared indicators. Each module here has ``INDICATORS`` of one group of systems; nothing else lists them."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

from fulian_desktop.domain.indicator import Indicator, Share
from fulian_desktop.domain.kinds import find_kind

_indicators: dict[str, Indicator] = {}
_discovering: list[bool] = []


def register(indicator: Indicator) -> Indicator:
    """Add a declared indicator; its code must be new. Modules of this package are registered by themselves."""
    _discover()  # else the first one registered by hand would hide those that ship
    if indicator.code in _indicators:
        raise ValueError(f"indicator {indicator.code} declared twice")
    _indicators[indicator.code] = indicator
    return indicator


def unregister(code: str) -> None:
    """Take an indicator out again (for tests that declare one)."""
    _indicators.pop(code)


def _discover() -> None:
    if _discovering:
        return
    _discovering.append(True)
    # as files, else (in a bundle) as what the importer knows
    modules = [f.stem for f in Path(__path__[0]).glob("*.py") if f.stem != "__init__"]
    for module in sorted(modules or (m.name for m in pkgutil.iter_modules(__path__))):
        for indicator in getattr(importlib.import_module(f"{__name__}.{module}"), "INDICATORS", ()):
            register(indicator)


def all_indicators() -> list[Indicator]:
    """All declared indicators, by system and in the order of their declaration; those of a kind unknown here left out."""
    _discover()
    known = [one for one in _indicators.values() if not one.kind or find_kind(one.kind) is not None]
    codes = {one.code for one in known}
    there = [one for one in known if not isinstance(one.how, Share) or {one.how.part, one.how.whole} <= codes]
    return sorted(there, key=lambda one: one.system)


def find_indicator(code: str) -> Indicator | None:
    """The indicator of that code, or None when there is none, or when its kind is not known here."""
    return next((one for one in all_indicators() if one.code == code), None)


def indicator_of(code: str) -> Indicator:
    """The indicator of that code; KeyError when there is none."""
    found = find_indicator(code)
    if found is None:
        raise KeyError(code)
    return found

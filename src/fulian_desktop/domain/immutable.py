"""Declarations and small values: told apart by what they hold, never changed.

As a frozen dataclass, but without generating code for every class: the 26 classes that each start of the program
needs took 11 ms as dataclasses, and importing ``dataclasses`` 6 ms more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self, dataclass_transform

_REQUIRED = object()


@dataclass_transform(frozen_default=True)
class Immutable:
    """Members are the class's annotated names, its bases' first; a name with a value may be left out.

    A subclass may define ``_prepare``, called when all members are there.
    """

    _defaults: ClassVar[Mapping[str, Any]] = {}
    _without_default: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        own = {name: cls.__dict__.get(name, _REQUIRED) for name in cls.__dict__.get("__annotations__", ())}  # noqa: RUF063 - inspect takes 5 ms
        cls._defaults = {**cls._defaults, **own}
        cls._without_default = frozenset(name for name, value in cls._defaults.items() if value is _REQUIRED)

    def __init__(self, *values: Any, **named: Any) -> None:  # noqa: ANN401 - mypy knows each subclass's members
        defaults = self._defaults
        given = dict(zip(defaults, values, strict=False))
        if len(given) < len(values) or not given.keys().isdisjoint(named) or not named.keys() <= defaults.keys():
            raise TypeError(f"{type(self).__name__}: {len(values)} values and {sorted(named)} are no {list(defaults)}")
        given.update(named)
        if not self._without_default <= given.keys():
            raise TypeError(f"{type(self).__name__}: {sorted(self._without_default - given.keys())} are missing")
        members = self.__dict__
        members.update(defaults)
        members.update(given)
        self._prepare()

    def _prepare(self) -> None:
        """Work out what follows from the members."""

    def but(self, **changed: Any) -> Self:  # noqa: ANN401
        """The same with other members."""
        return type(self)(**{**{name: self.__dict__[name] for name in self._defaults}, **changed})

    def _held(self) -> tuple[Any, ...]:
        members = self.__dict__
        return tuple(members[name] for name in self._defaults)

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or self._held() == other._held()

    def __hash__(self) -> int:
        return hash(self._held())

    def __repr__(self) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{n}={self.__dict__[n]!r}' for n in self._defaults)})"

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} does not change: {name}")

"""How a person likes the list of one kind: which columns it shows and what it is sorted by. Kept between two starts.

Rules:

* What was never chosen follows from the declaration, and goes on following it.
* What was chosen and is no more (a column that a newer version lacks) counts as not chosen.
"""

from __future__ import annotations

from collections.abc import Iterable

from fulian_desktop.domain.kind import Kind
from fulian_desktop.services.browsing import usual_sort
from fulian_desktop.ui.memory import Memory

_OWN = frozenset({"no", "unit"})
"""What a list can be sorted by besides its fields."""


class ListMemory:
    """The choices for one kind.

    Args:
        memory: Where they are kept.
        kind: Of which kind the list is.
    """

    def __init__(self, memory: Memory, kind: Kind) -> None:
        self._memory, self._kind = memory, kind
        self._columns, self._sort = (f"list/{kind.code}/{what}" for what in ("columns", "sort"))

    @property
    def columns(self) -> frozenset[str]:
        """The names of the columns that were chosen; none: nobody chose."""
        return frozenset(filter(None, self._memory.get(self._columns, "").split(",")))

    def keep_columns(self, names: Iterable[str]) -> None:
        """Keep which columns are shown."""
        self._memory.set(self._columns, ",".join(names))

    @property
    def sort(self) -> tuple[str, bool]:
        """(flat name, descending) the list begins with."""
        kept = self._memory.get(self._sort, "")
        name = kept.removeprefix("-")
        return (name, kept != name) if name in _OWN or name in self._kind.flat else usual_sort(self._kind)

    def keep_sort(self, name: str, *, descending: bool) -> None:
        """Keep what the list is sorted by."""
        self._memory.set(self._sort, f"-{name}" if descending else name)

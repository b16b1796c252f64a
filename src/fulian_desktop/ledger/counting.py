"""Which changes of one record count, wait or are invalid (DESIGN §4 "Parents").

A change counts when its chain is held back to the stream's start and all its parents count. Parents are of
the same record, so this is decided record by record. What lies beyond a limit is not given to this module at
all: it is as if not held.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import msgspec

from fulian_desktop.domain.kind import Kind
from fulian_desktop.ledger.changes import ACTIONS, MAX_DEPTH, MAX_PARENTS, Change


class Held(msgspec.Struct, eq=False):
    """A change that is held and within every limit.

    Attributes:
        name: 32 bytes. author: unit of the certificate that signed it. cls: class of its stream.
        complete: Whether its chain is held back to the stream's start.
        previous: Name of the stream's own previous change of this record, or None.
        depth: Filled by :func:`count_changes`: 1 without parents, else 1 + the deepest parent's.
    """

    name: bytes
    author: str
    cls: str
    change: Change
    complete: bool = True
    previous: bytes | None = None
    depth: int = 0
    parents: tuple[bytes, ...] = ()


class Counted(msgspec.Struct, eq=False):
    """The changes of one record, sorted out. ``order`` is by depth, ``at``, name."""

    order: Sequence[Held] = ()
    waiting: Sequence[Held] = ()
    invalid: Sequence[Held] = ()
    missing: frozenset[bytes] = frozenset()


def is_invalid_alone(held: Held, kind: Kind | None) -> bool:
    """Whether a change is invalid whatever else is held: action, class, too many parents, a delete with values."""
    change = held.change
    return (
        change.action not in ACTIONS
        or len(change.parents) > MAX_PARENTS
        or (kind is not None and kind.cls != held.cls)
        or (change.action != "put" and bool(change.values))
    )


def count_changes(held: Sequence[Held], kind: Kind | None, held_elsewhere: Callable[[bytes], bool]) -> Counted:
    """Sort the held changes of one record into counting, waiting and invalid.

    Args:
        held: All its changes within limits, each name once, in any order.
        kind: Its declaration, None when this program does not know the kind.
        held_elsewhere: Whether a name is held, within limits, as a change of another record.
    """
    if len(held) == 1 and not held[0].change.parents and held[0].complete and not is_invalid_alone(held[0], kind):
        held[0].depth = 1
        return Counted(held)
    invalid: list[Held] = []
    missing: set[bytes] = set()
    by_name = {h.name: h for h in held}
    children: dict[bytes, list[Held]] = {}
    open_parents: dict[bytes, int] = {}
    ready: list[Held] = []
    for h in held:
        h.parents = _all_parents(h)
        absent = [p for p in h.parents if p not in by_name]
        if is_invalid_alone(h, kind) or any(held_elsewhere(p) for p in absent):
            invalid.append(h)
            continue
        missing.update(absent)
        open_parents[h.name] = len(h.parents)
        for parent in h.parents:
            children.setdefault(parent, []).append(h)
        if h.complete and not h.parents:
            ready.append(h)
    counting = _spread(ready, children, open_parents, by_name, invalid)
    done = {h.name for h in counting} | {h.name for h in invalid}
    return Counted(
        sorted(counting, key=lambda h: (h.depth, h.change.at, h.name)),
        [h for h in held if h.name not in done], invalid, frozenset(missing),
    )


def _all_parents(h: Held) -> tuple[bytes, ...]:
    written = [bytes.fromhex(p) for p in h.change.parents]
    if h.previous is not None and h.previous not in written:
        written.append(h.previous)
    return tuple(written)


def _spread(
    ready: list[Held], children: dict[bytes, list[Held]], open_parents: dict[bytes, int],
    by_name: dict[bytes, Held], invalid: list[Held],
) -> list[Held]:
    """The least fixed point, walking from parents to children without recursion."""
    counting: list[Held] = []
    while ready:
        h = ready.pop()
        h.depth = 1 + max((by_name[p].depth for p in h.parents), default=0)
        if h.depth > MAX_DEPTH:
            invalid.append(h)
            continue
        counting.append(h)
        for child in children.get(h.name, ()):
            open_parents[child.name] -= 1
            if open_parents[child.name] == 0 and child.complete:
                ready.append(child)
    return counting


def heads(order: Iterable[Held]) -> list[bytes]:
    """The names of the counting changes that no other counting change has as a parent, ascending."""
    order = list(order)
    inner = {p for h in order for p in h.parents}
    return sorted(h.name for h in order if h.name not in inner)

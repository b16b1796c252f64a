"""Where the product's fold and the reference merger are set against each other.

The product comes in through ``adapter.py`` as a ``ProductFold``: it takes a world's segments, limits and test
kinds (``worlds.KIND_DATA`` says what they are) and gives what every record shows, in the reference's form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.property.reference_merger import Key, KindSpec, Outcome, canonical, merge_reference
from tests.property.worlds import World

Segments = list[dict[str, Any]]
Limits = list[dict[str, Any]]
ProductFold = Callable[[Segments, Limits, Mapping[str, KindSpec]], Mapping[Key, Outcome]]


def plain(outcome: Outcome | None) -> dict[str, Any]:
    """An outcome as values that compare without surprises (``1`` is not ``True``)."""
    if outcome is None:
        return {}
    return {
        "fields": {name: canonical(value) for name, value in sorted(outcome.fields.items())},
        "conflicts": {name: list(values) for name, values in sorted(outcome.conflicts.items())},
        "exists": outcome.exists,
        "deleted": outcome.deleted,
        "delete_marked": outcome.delete_marked,
        "changed_after_approval": outcome.changed_after_approval,
        "refused": sorted(outcome.refused),
        "unknown": sorted(outcome.unknown, key=lambda entry: (entry[0], entry[1] or "")),
        "waiting": sorted(outcome.waiting),
        "invalid": sorted(outcome.invalid),
    }


def differences(world: World, product_fold: ProductFold) -> list[str]:
    """One line for each point in which product and reference differ."""
    expected = merge_reference(world.segments, world.limits, world.kinds)
    got = product_fold(world.segments, world.limits, world.kinds)
    found = []
    for key in sorted(set(expected) | set(got)):
        theirs, ours = plain(expected.get(key)), plain(got.get(key))
        if not theirs or not ours:
            found.append(f"{key}: only the {'reference' if theirs else 'product'} has this record")
            continue
        found += [
            f"{key} {point}: reference {theirs[point]!r}, product {ours[point]!r}"
            for point in theirs
            if theirs[point] != ours[point]
        ]
    return found


def compare(world: World, product_fold: ProductFold) -> None:
    """Fail, readably, unless the product folds this world as the reference does.

    Args:
        world: What arrived.
        product_fold: The product, through its adapter.

    Raises:
        AssertionError: They differ; the message lists where, then the world.
    """
    found = differences(world, product_fold)
    assert not found, "\n".join([*found, repr(world)])

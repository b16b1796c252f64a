"""The product's ledger and the reference merger, written from DESIGN §4 alone, agree on every world."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from tests.property.adapter import product_fold
from tests.property.comparison import compare, differences
from tests.property.worlds import World, deep_world, random_world, recut, relabelled, resigned, wide_world, worlds


@pytest.mark.parametrize("block", range(10))
def test_random_worlds_fold_alike(block: int) -> None:
    for seed in range(block * 200, block * 200 + 200):
        compare(random_world(seed), product_fold)


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_drawn_worlds_fold_alike(world: World) -> None:
    compare(world, product_fold)


@pytest.mark.parametrize("seed", range(100))
def test_another_cutting_changes_nothing(seed: int) -> None:
    compare(recut(random_world(seed), Random(seed)), product_fold)


@pytest.mark.parametrize("parents", [64, 65])
def test_sixty_four_parents_may_be_written_and_no_more(parents: int) -> None:
    compare(wide_world(parents), product_fold)


@pytest.mark.parametrize("depth", [10_000, 10_001])
def test_a_change_deeper_than_ten_thousand_is_invalid(depth: int) -> None:
    compare(deep_world(depth), product_fold)


@pytest.mark.parametrize("seed", range(60))
def test_of_two_signers_the_highest_writer_is_the_author_in_any_order(seed: int) -> None:
    for author in ("140702101201", "140702101000", "140702000000", "140702102000"):
        world = resigned(random_world(seed), author, seed)
        compare(world, product_fold)
        compare(World(world.segments[::-1], world.limits), product_fold)


@pytest.mark.parametrize("header", [{"epoch": "f" * 32}, {"unit": "140702101202"}, {"cls": "published"}])
def test_a_segment_sent_again_under_another_stream_counts_nowhere(header: dict[str, str]) -> None:
    compared = 0
    for seed in range(60):
        world = random_world(seed)
        later = [i for i, s in enumerate(world.segments) if s["first"] > 1]  # the first of a stream is refused by its chain
        for which in later[:2]:
            # the lists of what waits may name a change once or twice; what records show may not differ
            shown = [line for line in differences(relabelled(world, which, **header), product_fold)
                     if " waiting: " not in line and " invalid: " not in line and "only the reference" not in line]
            assert shown == []
            compared += 1
    assert compared > 30

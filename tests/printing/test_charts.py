"""Charts: round scales, hatching and dashes that stay where they belong."""

from __future__ import annotations

from itertools import pairwise
from math import hypot

import pytest

from fulian_desktop.printing.charts import DASH, dashes, hatching, scale_of


@pytest.mark.parametrize(("most", "step", "count"), [
    (58, 20, 3), (21_400, 10_000, 3), (1, 1, 1), (4, 1, 4), (5, 2, 3), (400, 100, 4), (401, 200, 3), (0, 1, 1),
])
def test_a_scale_has_at_most_four_round_steps_and_reaches_the_greatest(most: int, step: int, count: int) -> None:
    assert scale_of(most) == (step, count)
    assert count <= 4
    assert step * count >= most


@pytest.mark.parametrize(("width", "height"), [(4.5, 60.0), (100.0, 3.5), (0.5, 0.5)])
def test_hatching_lies_within_its_bar_at_an_angle_of_45_degrees(width: float, height: float) -> None:
    for (x1, y1), (x2, y2) in hatching(width, height):
        assert min(x1, x2, y1, y2) >= -1e-9
        assert max(x1, x2) <= width + 1e-9
        assert max(y1, y2) <= height + 1e-9
        assert x2 - x1 == pytest.approx(y1 - y2)


def test_dashes_go_on_round_corners_and_are_none_of_them_longer_than_a_dash() -> None:
    points = [(0.0, 0.0), (10.0, 0.0), (10.0, 7.0), (30.0, 9.0)]
    drawn = list(dashes(points))
    lengths = [hypot(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in drawn]
    assert max(lengths) <= DASH + 1e-9
    whole = sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points))
    assert 0.5 * whole < sum(lengths) < 0.75 * whole

"""Declarations: what a frozen dataclass promises, promised by :class:`Immutable`."""

from __future__ import annotations

import copy
import pickle

import pytest

from fulian_desktop.domain.immutable import Immutable


class Point(Immutable):
    """Two numbers."""

    x: int
    y: int = 2


class Named(Point):
    """A point with a name and a sum."""

    name: str = "甲"

    def _prepare(self) -> None:
        self.__dict__["sum"] = self.x + self.y


class Other(Immutable):
    """The same members under another class."""

    x: int
    y: int = 2


def test_members_are_given_by_place_or_by_name():
    assert Point(1) == Point(x=1, y=2) == Point(1, y=2)
    assert (Named(1, 5).x, Named(1, 5).y, Named(1, 5).name) == (1, 5, "甲")


@pytest.mark.parametrize(("values", "named"), [((), {}), ((1, 2, 3), {}), ((1,), {"x": 1}), ((1,), {"z": 1})])
def test_missing_doubled_and_unknown_members_are_refused(values, named):
    with pytest.raises(TypeError):
        Point(*values, **named)


def test_values_are_told_apart_by_class_and_content():
    assert Point(1) != Point(2)
    assert Point(1) != Other(1)
    assert len({Point(1), Point(1), Point(2), Other(1)}) == 3


def test_nothing_changes():
    with pytest.raises(AttributeError):
        Point(1).x = 3
    with pytest.raises(AttributeError):
        del Point(1).x


def test_what_follows_from_the_members_is_worked_out_again_in_a_changed_copy():
    changed = Named(1).but(y=7)
    assert (changed.sum, changed, Named(1).sum) == (8, Named(1, 7), 3)


def test_copies_and_pickles_are_equal():
    assert copy.deepcopy(Named(3)) == pickle.loads(pickle.dumps(Named(3))) == Named(3)


def test_it_shows_its_members():
    assert repr(Named(1)) == "Named(x=1, y=2, name='甲')"

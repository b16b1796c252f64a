"""What names, numbers and days say of two records that may be one (DESIGN §8)."""

from __future__ import annotations

import pytest

from fulian_desktop.domain.likeness import contradict, names_alike, nearly_same, sounds_of


@pytest.mark.parametrize(("first", "second", "alike"), [
    ("李秀英", "李秀英", True), ("李 秀英", "李秀英", True), ("李秀英", "李秀瑛", True), ("李淑芬", "李叔芬", True),
    ("李秀英", "季秀英", True), ("王梅", "王海", False), ("王芳", "王方", True), ("李秀英", "李秀", False),
    ("李秀英", "张桂兰", False), ("曾乐", "曾勒", True), ("李秀英", "李桂兰", False), ("", "李秀英", False), (None, None, False),
    ("㛃㛃㛃", "㛃㛃㛃", True), ("A·B", "a·b", True),
])
def test_names_that_are_heard_or_misread_as_one_another_are_alike(first: str | None, second: str | None, alike: bool) -> None:
    assert names_alike(first, second) is alike
    assert names_alike(second, first) is alike


@pytest.mark.parametrize(("first", "second", "near"), [
    ("13800135721", "13800135721", True), ("13800135721", "13800135771", True), ("13800135721", "13800153721", True),
    ("13800135721", "1380013572", True), ("13800135721", "3800135721", True), ("13800135721", "13900135771", False),
    ("13800135721", "138001357", False), ("1990-03-07", "1990-07-03", True), ("1990-03-07", "1991-03-07", True),
    ("1990-03-07", "1990-03-17", True), ("1990-03-07", "1991-04-07", False), ("12", "21", True), ("1", "2", True), ("", "", True),
])
def test_a_number_or_day_with_one_slip_is_nearly_the_same(first: str, second: str, near: bool) -> None:
    assert nearly_same(first, second) is near
    assert nearly_same(second, first) is near


@pytest.mark.parametrize(("first", "second", "against"), [
    (None, "1990-03-07", False), ("", "", False), ("1990-03-07", "1990-03-07", False), ("1990-03-07", "1956-11-20", True),
    ("11010119900307451x", "11010119900307451X", False),
])
def test_only_what_both_have_speaks_against_it(first: str | None, second: str | None, against: bool) -> None:
    assert contradict(first, second) is against


def test_a_name_is_looked_for_under_all_its_readings() -> None:
    assert set(sounds_of("曾乐")) >= {"zl", "zy"}
    assert sounds_of("") == sounds_of(None) == ()

"""Whether a text is what was typed: against a table of cases, and against every way to write drawn names."""

from __future__ import annotations

import random
from itertools import product

import pytest

from fulian_desktop.domain.matching import Term, holds_all, terms_of
from fulian_desktop.domain.pinyin import initials

PERSON = [("单秀英", "name"), ("槐树巷2号", "text"), ("138-1234-5678", "tail"), ("14070219650308122X", "tail")]


@pytest.mark.parametrize(("typed", "terms"), [
    ("", ()), (" · ", ()),
    ("王 秀英", (Term("王", False, False), Term("秀英", False, False))),
    ("ＷＸＹ", (Term("wxy", False, True),)),
    ("王gy", (Term("王gy", False, True),)),
    ("123", (Term("123", False, False),)),
    ("0354-2620123", (Term("03542620123", True, False),)),
    ("122X", (Term("122x", True, True),)),
])
def test_what_is_typed_is_read_term_by_term(typed: str, terms: tuple[Term, ...]) -> None:
    assert terms_of(typed) == terms


@pytest.mark.parametrize(("typed", "held"), [
    ("秀英", True), ("英秀", False), ("单英", False), ("sxy", True), ("dxy", True), ("xy", True), ("sy", False),
    ("单xy", True), ("s秀y", True), ("秀dy", False), ("槐树", True), ("巷2", True), ("hs", False),
    ("5678", True), ("12345678", True), ("1234", False), ("678", False), ("122x", True), ("22X", False), ("5678 122x", True),
    ("sxy 槐树 5678", True), ("sxy 槐树 5679", False), ("·", True),
])
def test_a_record_holds_these_terms_and_no_others(typed: str, held: bool) -> None:
    assert holds_all(PERSON, terms_of(typed)) is held


def test_a_record_without_texts_holds_nothing_but_what_asks_for_nothing() -> None:
    assert not holds_all([], terms_of("王"))
    assert holds_all([], terms_of("·"))


@pytest.mark.parametrize("how", ["name", "text"])
def test_a_name_holds_what_some_way_to_write_it_holds(how: str) -> None:
    """Each place of a name is its character or one of that character's initials; other texts are their characters."""
    rng = random.Random(41)
    held = 0
    for _ in range(3_000):
        name = "".join(rng.choices("王李小明石盛曾仇乐英m7", k=rng.randrange(1, 6)))
        places = [{c, *(initials(c) if how == "name" else ())} for c in name]
        written = ["".join(way) for way in product(*places)]
        typed = "".join(rng.choices(sorted(set().union(*places)), k=rng.randrange(1, 5)))
        expected = any(typed in way for way in written)
        assert holds_all([(name, how)], terms_of(typed)) is expected, (name, typed)
        held += expected
    assert 200 < held < 2_800

"""The declared indicators: each of the eighteen systems has some, and each asks only what its kind has."""

from __future__ import annotations

import pytest

from fulian_desktop.domain.fields import Code, Codes, Reference
from fulian_desktop.domain.indicator import (
    SYSTEMS,
    Between,
    Filled,
    Indicator,
    Is,
    Not,
    OfYear,
    Records,
    Share,
    Standing,
    Sum,
    Units,
    asked_names,
    names_of,
)
from fulian_desktop.domain.indicators import all_indicators, find_indicator, indicator_of, register, unregister
from fulian_desktop.domain.kinds import find_kind, kind_of
from fulian_desktop.domain.stages import is_level_name
from fulian_desktop.domain.units import Level

LATER = {16, 17}  # their kinds come with the assessment; until then their indicators are absent
INDICATORS = [one for one in all_indicators() if one.kind]


def test_every_system_of_the_reviews_has_an_indicator() -> None:
    found = {one.system for one in all_indicators()}
    missing = {system for system in SYSTEMS if system not in found}
    assert missing <= {system for system in LATER | {13} if not any(one.system == system for one in INDICATORS)}


def test_codes_and_the_labels_within_a_system_are_there_once() -> None:
    codes = [one.code for one in all_indicators()]
    assert len(set(codes)) == len(codes)
    labels = [(one.system, one.label) for one in all_indicators()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.code)
def test_an_indicator_asks_only_what_its_kind_has(one: Indicator) -> None:
    kind = kind_of(one.kind)
    tables = {declared.code for declared in kind.tables}
    known = {*kind.flat, *tables, "unit", "deciding_level"}
    assert [name for name in names_of(one) if name not in known and not is_level_name(kind, name)] == []


@pytest.mark.parametrize("one", INDICATORS, ids=lambda one: one.code)
def test_codes_in_conditions_stand_in_the_lists_of_their_fields(one: Indicator) -> None:
    kind = kind_of(one.kind)
    for condition in one.where:
        for name in asked_names(condition):
            part = kind.flat.get(name)
            values = getattr(condition, "values", None) or [getattr(condition, "value", None)]
            if part is not None and isinstance(part.type, Code) and values != [None]:
                assert set(values) <= set(part.type.codes), (one.code, name)


@pytest.mark.parametrize("one", [one for one in INDICATORS if one.split], ids=lambda one: one.code)
def test_a_split_by_several_codes_is_declared_as_one_and_one_through_a_reference_names_a_record(one: Indicator) -> None:
    assert one.split is not None
    part = kind_of(one.kind).flat.get(one.split.name)
    assert (part is not None and isinstance(part.type, Codes)) is one.split.several
    if one.split.through:
        assert part is not None
        assert isinstance(part.field.type, Reference)
        assert one.split.through in kind_of(part.field.type.kinds[0]).flat


def test_a_share_is_absent_where_its_parts_are() -> None:
    assert (find_indicator("cases") is None) == (find_kind("rights_case") is None)
    for one in all_indicators():
        if isinstance(one.how, Share):
            assert find_indicator(one.how.part) is not None
            assert find_indicator(one.how.whole) is not None
    with pytest.raises(KeyError):
        indicator_of("no_such_indicator")


def test_an_indicator_of_a_kind_that_is_not_known_here_is_absent() -> None:
    register(Indicator("strange", "外来的", 5, "no_such_kind", "个"))
    try:
        assert find_indicator("strange") is None
        with pytest.raises(ValueError, match="twice"):
            register(Indicator("strange", "再来一次", 5, "no_such_kind", "个"))
    finally:
        unregister("strange")


def test_an_indicator_counts_records_or_is_made_of_others() -> None:
    with pytest.raises(ValueError, match="made of others"):
        Indicator("wrong", "错", 1, "", "个", Records())
    with pytest.raises(ValueError, match="made of others"):
        Indicator("wrong", "错", 1, "activity", "%", Share("a", "b"))


def test_what_stands_is_known_from_the_declaration() -> None:
    assert Indicator("a", "甲", 1, "site", "个", when=Standing()).stands
    assert Indicator("a", "甲", 1, "unit_profile", "个", Sum(("women",)), OfYear()).stands
    assert Indicator("a", "甲", 1, "", "个", Units(Level.VILLAGE)).stands
    assert not Indicator("a", "甲", 1, "activity", "场").stands
    where = (Not(Filled("place")), Between("women", 1), Is("category", "law"))
    asked = names_of(Indicator("a", "甲", 1, "activity", "场", where=where))
    assert asked == ("place", "women", "category", "date_to", "date_precision", "date_from")

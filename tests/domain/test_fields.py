"""The form and the bounds of values, by which the fold judges (DESIGN §4)."""

from __future__ import annotations

from typing import Any

import pytest

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Codes,
    Composite,
    Day,
    Field,
    Flag,
    IdNumber,
    Integer,
    Money,
    Part,
    Period,
    Phone,
    PhotoHash,
    Reference,
    Table,
    Text,
    UnitCode,
    is_day,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, kind_of

COLOURS = CodeList.of(("red", "红"), ("green", "绿"), aliases={"红色": "red"})
FAMILY = Reference(kinds=("family",))
KEY = {"unit": "140702101201", "kind": "family", "id": "0" * 32}

GOOD: list[tuple[Any, Any]] = [
    (Text(3), "䶮𬱖𡛕"), (Text(), "a\nb\tc"), (Text(), "王\u200b某"),
    (Integer(), 0), (Integer(1, 3), 3), (Money(), -100), (Money(), 10**15), (Flag(), True),
    (Day(), "2024-02-29"), (Day(), "1900-01-01"), (Day(), "2100-12-31"),
    (Code(COLOURS), "red"), (Code(COLOURS), "blue"), (Code(COLOURS), "140702101000:blue"),
    (Codes(COLOURS), ["green", "red"]), (IdNumber(), "11010519491231002X"), (Phone(), "0874-7123456"),
    (UnitCode(), "140702101201"), (PhotoHash(), "a" * 64),
    (QUANTITY, {"number": 5}), (QUANTITY, {"number": 0, "about": True}),
    (Period(), {"from": "2026-01-01", "to": "2026-01-01", "precision": "day"}),
    (FAMILY, KEY), (FAMILY, {**KEY, "name": "王某"}), (FAMILY, {"name": "王某"}),
    (Table((Part("name", Text()),)), {"name": "x"}),
]
BAD: list[tuple[Any, Any]] = [
    (Text(2), "三个字"), (Text(), ""), (Text(), "a\x00b"), (Text(), "a\x07b"), (Text(), "\x85"),
    (Text(), "\ud842"),
    (Text(), 5), (Text(), None),
    (Integer(), -1), (Integer(1, 3), 4), (Integer(), True), (Integer(), 1.0), (Integer(), "1"),
    (Money(), 10**15 + 1), (Money(), 1.5), (Flag(), False), (Flag(), 1),
    (Day(), "2026-02-29"), (Day(), "2026-2-1"), (Day(), "1899-12-31"), (Day(), "2101-01-01"),
    (Day(), "２０２６-01-01"),
    (Day(), "20260101"), (Day(), 20260101), (Day(), "2026-01-01\n"),
    (Code(COLOURS), "Blue"), (Code(COLOURS), "红"), (Code(COLOURS), "1x"), (Code(COLOURS), "a" * 61),
    (Code(COLOURS), 1),
    (Codes(COLOURS), []), (Codes(COLOURS), ["red", "green"]), (Codes(COLOURS), ["red", "red"]),
    (Codes(COLOURS), "red"),
    (UnitCode(), "1407021012"), (UnitCode(), "040702101201"), (UnitCode(), 140702101201),
    (PhotoHash(), "A" * 64), (PhotoHash(), "a" * 63),
    (QUANTITY, {"about": True}), (QUANTITY, {"number": 5, "about": False}),
    (QUANTITY, {"number": 5, "unit": "x"}),
    (QUANTITY, {}), (QUANTITY, 5), (QUANTITY, {"number": None}),
    (Period(), {"from": "2026-01-02", "to": "2026-01-01", "precision": "day"}),
    (Period(), {"from": "2026-01-02", "to": "2026-01-03"}),
    (Period(), {"from": "2026-01-02", "to": "2026-01-03", "precision": "week"}),
    (FAMILY, {}), (FAMILY, {"unit": "140702101201"}), (FAMILY, {**KEY, "kind": "person"}),
    (FAMILY, {**KEY, "unit": "x"}), (FAMILY, {**KEY, "id": "0" * 31}), (FAMILY, {**KEY, "more": 1}),
    (FAMILY, {"kind": "family", "name": "x"}), (FAMILY, {"name": ""}), (FAMILY, {"name": "长" * 201}),
    (Table((Part("name", Text()),)), {"row": "0" * 12, "name": "x"}), (Table((Part("name", Text()),)), []),
]


@pytest.mark.parametrize(("kind", "value"), GOOD)
def test_a_value_of_the_declared_form_passes(kind: Any, value: Any) -> None:
    assert kind.check(value)


@pytest.mark.parametrize(("kind", "value"), BAD)
def test_a_value_of_another_form_or_out_of_bounds_does_not(kind: Any, value: Any) -> None:
    assert not kind.check(value)


def test_a_day_is_judged_alike_the_second_time() -> None:
    assert [is_day("2026-02-28"), is_day("2026-02-28"), is_day("2026-02-30"), is_day("2026-02-30")] == [
        True, True, False, False,
    ]


@pytest.mark.parametrize(
    ("field", "names"),
    [
        (Field("head", "", Text()), ("head",)),
        (Field("women", "", QUANTITY), ("women", "women_about")),
        (Field("when", "", Period()), ("when_from", "when_to", "when_precision")),
        (Field("family", "", FAMILY), ("family", "family_name", "family_unit", "family_kind")),
        (Field("visit", "", Composite((Part("date", Day()), Part("note", Text())))),
         ("visit_date", "visit_note")),
    ],
)
def test_flat_names_are_derived(field: Field, names: tuple[str, ...]) -> None:
    assert field.flat == names
    assert tuple(p.flat for p in field.flat_parts) == names


def test_a_composite_with_too_few_names_is_caught() -> None:
    field = Field("women", "", QUANTITY, flat=("women",))
    with pytest.raises(ValueError, match="2 parts, 1 names"):
        _ = field.flat_parts


@pytest.mark.parametrize(
    ("name", "flat", "value"),
    [
        ("participants", {"participants": 0}, {"number": 0}),
        ("participants", {"participants": 5, "participants_about": True}, {"number": 5, "about": True}),
        ("participants", {"participants": 5, "participants_about": False}, {"number": 5}),
        ("participants", {"participants": None, "participants_about": None}, None),
        ("title", {"title": ""}, None),
        ("highlight", {"highlight": False}, None),
        ("highlight", {"highlight": True}, True),
        (
            "date", {"date_from": "2026-01-01", "date_to": "2026-01-02", "date_precision": "day"},
            {"from": "2026-01-01", "to": "2026-01-02", "precision": "day"},
        ),
    ],
)
def test_flat_values_are_assembled_and_zero_is_a_value(name: str, flat: dict[str, Any], value: Any) -> None:
    assert kind_of("activity").declared(name).assemble(flat) == value


@pytest.mark.parametrize(("name", "value"), [("size", 0), ("size", 4)])
def test_a_whole_number_of_zero_stays(name: str, value: int) -> None:
    field = kind_of("family").declared(name)
    assert field.flatten(field.assemble({name: value})) == {name: value}


def test_no_value_flattens_to_nothing() -> None:
    assert kind_of("activity").declared("participants").flatten(None) == {}


@pytest.mark.parametrize(
    ("word", "code"), [("red", "red"), ("绿", "green"), ("红色", "red"), ("蓝", None), ("", None)]
)
def test_a_code_is_found_by_code_label_or_alias(word: str, code: str | None) -> None:
    assert COLOURS.find(word) == code


def test_an_unknown_code_shows_as_it_stands() -> None:
    assert [COLOURS.label("red"), COLOURS.label("blue")] == ["红", "blue"]


def test_a_group_is_given_to_all_its_fields() -> None:
    assert [f.group for f in with_group("户主", Field("a", "", Text()),
                                        Field("b", "", Text()))] == ["户主"] * 2


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_no_type_takes_null_which_the_fold_judges_by_itself(kind: Kind) -> None:
    types = [field.type.row if field.is_table else field.type for field in kind.fields]
    assert not any(declared.check(None) for declared in types)

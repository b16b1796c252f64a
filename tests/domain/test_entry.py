"""From typed text to flat values and to a change's values (DOMAIN §3)."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fulian_desktop.domain.entry import Entry, missing_units, read_entry, to_values
from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Composite,
    Day,
    Flag,
    IdNumber,
    Integer,
    Money,
    Period,
    Phone,
    PhotoHash,
    RecordId,
    Reference,
    Scalar,
    Table,
    Text,
    UnitCode,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, kind_of

TODAY = date(2026, 11, 21)
GOOD_ID = "11010519491231002X"
KEY = {"unit": "140702101201", "kind": "family", "id": "0" * 31 + "a"}


def read(kind: str, entries: dict[str, Any], **more: Any) -> Entry:
    return read_entry(kind_of(kind), entries, year=more.pop("year", None), today=TODAY, **more)


def row_ids() -> Callable[[], str]:
    count = itertools.count(1)
    return lambda: f"{next(count):012x}"


def values(kind: str, flat: dict[str, Any], base: dict[str, Any] | None = None) -> dict[str, Any]:
    found, problems = to_values(kind_of(kind), flat, base or {}, new_row_id=row_ids())
    assert problems == []
    return found


# --- what people type ---


@pytest.mark.parametrize(
    ("kind", "typed", "flat"),
    [
        ("activity", {"title": " 三八节 "}, {"title": "三八节"}),
        ("activity", {"title": "第一行\n第二行"}, {"title": "第一行 第二行"}),
        ("activity", {"content": "第一行\r\n第二行"}, {"content": "第一行\n第二行"}),
        ("activity", {"title": 2026}, {"title": "2026"}),
        ("activity", {"category": "training"}, {"category": "training"}),
        ("activity", {"category": "技能培训"}, {"category": "training"}),
        ("activity", {"category": "健康讲座"}, {"category": "health"}),
        ("activity", {"category": " 技能 培训"}, {"category": "training"}),
        ("activity", {"category": "140702101000:dancing"}, {"category": "140702101000:dancing"}),
        ("aid", {"program": "两癌救助资金"}, {"program": "two_cancers"}),
        ("activity", {"participants": "1600余人"}, {"participants": 1600, "participants_about": True}),
        ("activity", {"participants": "６８人"}, {"participants": 68, "participants_about": None}),
        ("activity", {"participants": 68}, {"participants": 68, "participants_about": None}),
        (
            "activity", {"participants_about": True, "participants": 68},
            {"participants": 68, "participants_about": True},
        ),
        ("activity", {"participants": {"number": 68}}, {"participants": 68, "participants_about": None}),
        ("activity", {"sessions": "12期"}, {"sessions": 12, "sessions_about": None}),
        ("aid", {"people": "8户"}, {"people": 8, "people_about": None, "people_unit": "household"}),
        ("aid", {"people": "18名"}, {"people": 18, "people_about": None, "people_unit": "person"}),
        ("aid", {"people": 8}, {"people": 8, "people_about": None}),
        ("aid", {"people": "8户", "people_unit": "人"},
         {"people": 8, "people_about": None, "people_unit": "person"}),
        ("aid", {"amount": "6300元"}, {"amount": 630000, "amount_about": None}),
        ("aid", {"amount": "350"}, {"amount": 35000, "amount_about": None}),
        ("aid", {"amount": 350}, {"amount": 350, "amount_about": None}),
        ("aid", {"amount": "10万余元"}, {"amount": 10000000, "amount_about": True}),
        ("aid", {"amount": "折合人民币3000元"}, {"amount": 300000, "amount_about": None}),
        ("aid", {"standard": "350元/人"}, {"standard": 35000, "standard_about": None}),
        ("activity", {"cost": "1.2万", "fund_source": "自筹"},
         {"cost": 1200000, "cost_about": None, "fund_source": "自筹"}),
        ("person", {"income": "1.2万"}, {"income": 1200000}),
        ("family", {"size": "5人"}, {"size": 5}),
        ("campaign", {"year": "2026年"}, {"year": 2026}),
        ("activity", {"highlight": "是"}, {"highlight": True}),
        ("activity", {"highlight": "√"}, {"highlight": True}),
        ("activity", {"highlight": 1}, {"highlight": True}),
        ("activity", {"highlight": "否"}, {"highlight": None}),
        ("activity", {"highlight": False}, {"highlight": None}),
        ("family", {"tags": "低保、残疾"}, {"tags": ["disabled", "low_income_allowance"]}),
        ("family", {"tags": "残疾 低保户,残疾"}, {"tags": ["disabled", "low_income_allowance"]}),
        ("family", {"tags": ["disabled", "低保"]}, {"tags": ["disabled", "low_income_allowance"]}),
        ("person", {"phone": "138 1234 5678"}, {"phone": "13812345678"}),
        ("person", {"phone": 13812345678}, {"phone": "13812345678"}),
        ("family", {"head_id_number": "１１010519491231002x"}, {"head_id_number": GOOD_ID}),
        ("person", {"id_number": "1101"}, {"id_number": "1101"}),
        ("person", {"birth_date": "1949年12月31日"}, {"birth_date": "1949-12-31"}),
        ("nomination", {"family": "王某"},
         {"family": None, "family_name": "王某", "family_unit": None, "family_kind": None}),
        (
            "nomination", {"family": KEY["id"]},
            {"family": KEY["id"], "family_name": None, "family_unit": None, "family_kind": "family"},
        ),
        (
            "nomination", {"family_unit": KEY["unit"], "family": KEY["id"], "family_name": "王某"},
            {"family": KEY["id"], "family_name": "王某", "family_unit": KEY["unit"], "family_kind": "family"},
        ),
        (
            "nomination", {"approval_township": {"result": "同意", "date": "3月8日"}},
            {
                "approval_township_result": "passed", "approval_township_date": "2026-03-08",
                "approval_township_person": None, "approval_township_opinion": None,
            },
        ),
        ("unit_name", {"code": " 140702101201"}, {"code": "140702101201"}),
    ],
)
def test_typed_text_is_read_as_people_write_it(kind: str, typed: dict[str, Any],
                                               flat: dict[str, Any]) -> None:
    entry = read(kind, typed)
    assert entry.problems == []
    assert entry.unread == {}
    assert entry.flat == flat


@pytest.mark.parametrize(
    ("typed", "period"),
    [
        ({"date": "3月6日"}, ("2026-03-06", "2026-03-06", "day")),
        ({"date": "8月21日—25日"}, ("2026-08-21", "2026-08-25", "day")),
        ({"date": "9月份"}, ("2026-09-01", "2026-09-30", "month")),
        ({"date": "全年"}, ("2026-01-01", "2026-12-31", "year")),
        ({"date_from": "2024-03-08"}, ("2024-03-08", "2024-03-08", "day")),
        ({"date_from": "3月8日", "date_to": "3月10日"}, ("2026-03-08", "2026-03-10", "day")),
        ({"date_from": "3月", "date_to": "5月"}, ("2026-03-01", "2026-05-31", "month")),
        ({"date_from": "3月"}, ("2026-03-01", "2026-03-31", "month")),
        ({"date_from": "2026-03-01", "date_precision": "month"}, ("2026-03-01", "2026-03-31", "month")),
        ({"date_from": "2026-01-01", "date_precision": "年"}, ("2026-01-01", "2026-12-31", "year")),
        ({"date": "3月8日", "date_to": "3月10日"}, ("2026-03-08", "2026-03-10", "day")),
        (
            {"date_from": "2026-03-01", "date_to": "2026-03-31", "date_precision": "month"},
            ("2026-03-01", "2026-03-31", "month"),
        ),
        ({"date": {"from": "2026-03-01", "to": "2026-03-31", "precision": "month"}},
         ("2026-03-01", "2026-03-31", "month")),
    ],
)
def test_a_period_is_read_whole_or_by_its_ends(typed: dict[str, Any], period: tuple[str, ...]) -> None:
    entry = read("activity", typed)
    assert entry.problems == []
    found = values("activity", entry.flat)["date"]
    assert (found["from"], found["to"], found["precision"]) == period


def test_a_date_without_a_year_takes_the_sheets_year() -> None:
    assert read("activity", {"date": "3月6日"}, year=2009).flat["date_from"] == "2009-03-06"


@pytest.mark.parametrize(
    ("base", "typed", "period"),
    [
        (("2026-03-06", "2026-03-06", "day"), {"date_from": "2026-03-08"},
         ("2026-03-08", "2026-03-08", "day")),
        (("2026-03-06", "2026-03-06", "day"), {"date_to": "2026-03-08"}, ("2026-03-06", "2026-03-08", "day")),
        (("2026-03-06", "2026-03-10", "day"), {"date_from": "2026-03-08"},
         ("2026-03-08", "2026-03-10", "day")),
        (("2026-03-06", "2026-03-10", "day"), {"date_from": "2026-03-12"},
         ("2026-03-12", "2026-03-12", "day")),
        (("2026-03-01", "2026-03-31", "month"), {"date_from": "2026-03-08"},
         ("2026-03-08", "2026-03-08", "day")),
        (("2026-03-06", "2026-03-06", "day"), {"date": "9月份"}, ("2026-09-01", "2026-09-30", "month")),
    ],
)
def test_the_start_of_a_period_can_be_corrected(
    base: tuple[str, str, str], typed: dict[str, Any], period: tuple[str, ...]
) -> None:
    ledger = {"date": dict(zip(("from", "to", "precision"), base, strict=True))}
    entry = read("activity", typed, base=kind_of("activity").flatten(ledger))
    found = values("activity", entry.flat, ledger)["date"]
    assert (found["from"], found["to"], found["precision"]) == period


@pytest.mark.parametrize(
    ("kind", "name", "typed", "code"),
    [
        ("activity", "category", "跳广场舞", "unknown-code"),
        ("activity", "participants", "30-40人", "number-range"),
        ("activity", "participants", "若干", "number-vague"),
        ("activity", "participants", "20户", "number-unit"),
        ("activity", "participants", True, "type"),
        ("activity", "participants", -5, "bounds"),
        ("activity", "date_from", "春节后", "date-festival"),
        ("activity", "date", "2月30日", "date-impossible"),
        ("activity", "date", ["3月8日"], "type"),
        ("activity", "cost", "100美元", "money-currency"),
        ("activity", "cost", "350元/人", "money-rate"),
        ("activity", "cost", 350.5, "type"),
        ("activity", "cost", 10**16, "bounds"),
        ("activity", "highlight", "也许", "flag"),
        ("activity", "title", "长" * 201, "too-long"),
        ("activity", "title", "a\x00b", "nul"),
        ("activity", "title", ["x"], "type"),
        ("activity", "measures", "很多", "rows"),
        ("activity", "measures", "[{", "rows"),
        ("activity", "measures", [1], "rows"),
        ("activity", "colour", "红", "unknown-field"),
        ("activity", "标题", "x", "unknown-field"),
        ("family", "size", "100人", "bounds"),
        ("family", "size", "5人左右", "about"),
        ("family", "members", "张三、李四", "rows"),
        ("family", "members", [{"name": "x"}] * 41, "too-many-rows"),
        ("person", "birth_date", "1985年3月", "date-not-a-day"),
        ("person", "birth_date", "—", "date-unreadable"),
        ("person", "id_number", "1" * 30, "too-long"),
        ("unit_name", "code", "1407", "form"),
        ("nomination", "approval_result", "passed", "unknown-field"),
        ("nomination", "review_village", "通过", "parts"),
        ("nomination", "review_village", {"outcome": "passed"}, "unknown-part"),
    ],
)
def test_what_cannot_be_read_stays_as_typed_with_the_reason(
    kind: str, name: str, typed: Any, code: str
) -> None:
    entry = read(kind, {name: typed})
    assert [p.code for p in entry.problems] == [code]
    at = entry.problems[0].field
    assert entry.unread == {at: typed if isinstance(typed, str) else str(typed)}
    assert at not in entry.flat
    assert len(entry.problems[0].text) > 5


def test_what_is_known_of_several_codes_is_kept_and_the_rest_stays_as_typed() -> None:
    entry = read("family", {"tags": "低保、住楼房、残疾、有车"})
    assert entry.flat == {"tags": ["disabled", "low_income_allowance"]}
    assert entry.unread == {"tags": "住楼房、有车"}


def test_an_unknown_unit_of_people_is_said_and_the_number_kept() -> None:
    entry = read("aid", {"people": "8件"})
    assert entry.flat == {"people": 8, "people_about": None}
    assert [(p.code, p.field) for p in entry.problems] == [("unit", "people_unit")]


def test_removed_control_characters_are_said() -> None:
    entry = read("activity", {"title": "三八\x07节"})
    assert entry.flat == {"title": "三八节"}
    assert [(p.code, p.field) for p in entry.problems] == [("control", "title")]


@pytest.mark.parametrize("empty", [None, "", "  "])
@pytest.mark.parametrize("name", ["title", "category", "highlight", "women", "cost", "date", "measures"])
def test_an_empty_value_clears(name: str, empty: str | None) -> None:
    kind = kind_of("activity")
    entry = read("activity", {name: empty})
    assert entry.problems == []
    full = {
        "title": "x", "category": "law", "highlight": True, "women": {"number": 5, "about": True},
        "cost": {"fen": 5, "source": "自筹"},
        "date": {"from": "2026-01-01", "to": "2026-01-01", "precision": "day"},
        "measures:00000000000a": {"name": "植树", "number": 3},
    }
    found, problems = to_values(kind, entry.flat, full, new_row_id=row_ids())
    assert problems == []
    assert found == {code: None for code in full if code.partition(":")[0] == name}


# --- ID numbers fill ---


@pytest.mark.parametrize(
    ("typed", "base", "filled"),
    [
        ({}, {}, {"sex": "female", "birth_date": "1949-12-31"}),
        ({"sex": "男"}, {}, {"sex": "male", "birth_date": "1949-12-31"}),
        ({"sex": ""}, {}, {"sex": "female", "birth_date": "1949-12-31"}),
        ({}, {"birth_date": "1950-01-01"}, {"sex": "female"}),
        ({"birth_date": "不知道"}, {}, {"sex": "female"}),
    ],
)
def test_an_id_number_fills_what_is_empty(
    typed: dict[str, Any], base: dict[str, Any], filled: dict[str, str]
) -> None:
    entry = read("person", {"id_number": GOOD_ID, **typed}, base=base)
    assert entry.flat == {"id_number": GOOD_ID, **filled}


def test_a_wrong_id_number_fills_nothing_and_is_kept() -> None:
    assert read("person", {"id_number": GOOD_ID[:-1] + "1"}).flat == {"id_number": GOOD_ID[:-1] + "1"}


def test_an_id_number_fills_nothing_in_a_kind_without_sex() -> None:
    assert read("family", {"head_id_number": GOOD_ID}).flat == {"head_id_number": GOOD_ID}


# --- sub-tables ---


@pytest.mark.parametrize(
    ("kind", "name", "typed", "rows"),
    [
        ("activity", "measures", "植树 300 棵", [{"name": "植树", "number": 300, "unit": "棵"}]),
        (
            "activity", "measures", "植树300余棵、清运垃圾 5 吨；发放1,600份",
            [
                {"name": "植树", "number": 300, "about": True, "unit": "棵"},
                {"name": "清运垃圾", "number": 5, "unit": "吨"},
                {"name": "发放", "number": 1600, "unit": "份"},
            ],
        ),
        ("activity", "measures", "植树：３００棵", [{"name": "植树", "number": 300, "unit": "棵"}]),
        ("activity", "measures", '[{"name": "植树", "number": "约300"}]',
         [{"name": "植树", "number": 300, "about": True}]),
        (
            "activity", "measures", [{"about": None, "name": "植树", "number": "300余棵", "unit": None}],
            [{"about": True, "name": "植树", "number": 300, "unit": "棵"}],
        ),
        (
            "activity", "measures", [{"row": "00000000000a", "about": True, "number": 300}],
            [{"row": "00000000000a", "about": True, "number": 300}],
        ),
        ("aid", "goods", "大米 10 袋，食用油5桶", [
            {"name": "大米", "quantity": 10, "unit": "袋"}, {"name": "食用油", "quantity": 5, "unit": "桶"},
        ]),
        ("aid", "goods", [{"name": "大米", "value": "500元"}], [{"name": "大米", "value": 50000}]),
        ("nomination", "scores", "爱国守法 18分、夫妻和睦20", [
            {"criterion": "爱国守法", "points": 18}, {"criterion": "夫妻和睦", "points": 20},
        ]),
        (
            "family", "members",
            [{"name": "李某", "relation": "妻子", "sex": "女", "birth_date": "1990.3.8"}, {"name": ""}],
            [{"name": "李某", "relation": "spouse", "sex": "female", "birth_date": "1990-03-08"}],
        ),
        (
            "activity", "measures", [{"unit": "株", "about": True, "name": "植树", "number": "300棵"}],
            [{"unit": "株", "about": True, "name": "植树", "number": 300}],
        ),
        ("activity", "measures", [], []),
    ],
)
def test_a_sub_table_is_read_from_rows_or_text(
    kind: str, name: str, typed: Any, rows: list[dict[str, Any]]
) -> None:
    entry = read(kind, {name: typed})
    assert entry.problems == []
    assert entry.flat == {name: rows}


def test_a_cell_that_cannot_be_read_leaves_the_rest_of_its_row() -> None:
    entry = read("family", {"members": [{"name": "李某", "sex": "?"}, {"name": "张某", "colour": "红"}]})
    assert entry.flat == {"members": [{"name": "李某"}, {"name": "张某"}]}
    assert [p.code for p in entry.problems] == ["unknown-code", "unknown-part"]
    assert "第 1 行" in entry.problems[0].text
    assert "性别：?" in entry.unread["members"]
    assert "colour：红" in entry.unread["members"]


def test_a_cell_that_cannot_be_read_keeps_what_its_row_had() -> None:
    old = {"row": "00000000000a", "name": "李某", "sex": "female"}
    entry = read("family", {"members": [{**old, "sex": "?"}]}, base={"members": [old]})
    assert entry.flat == {"members": [old]}
    assert [p.code for p in entry.problems] == ["unknown-code"]


ROWS = {
    "measures:00000000000a": {"name": "植树", "number": 300},
    "measures:00000000000b": {"name": "发放", "number": 5},
}


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        ([{"row": "00000000000a", "name": "植树", "number": 300},
          {"row": "00000000000b", "name": "发放", "number": 5}], {}),
        ([{"name": "发放", "number": 5}, {"name": "植树", "number": 300}], {}),
        ([{"row": "00000000000b", "name": "发放", "number": 6}], {
            "measures:00000000000a": None, "measures:00000000000b": {"name": "发放", "number": 6},
        }),
        ([{"name": "植树", "number": 300}, {"name": "植树", "number": 300}], {
            "measures:000000000001": {"name": "植树", "number": 300}, "measures:00000000000b": None,
        }),
        ([], {"measures:00000000000a": None, "measures:00000000000b": None}),
        ([{"row": "00000000000a", "name": "", "number": None},
          {"row": "00000000000b", "name": "发放", "number": 5}], {
            "measures:00000000000a": None,
        }),
    ],
)
def test_only_rows_that_differ_are_changed(rows: list[dict[str, Any]], change: dict[str, Any]) -> None:
    assert values("activity", {"measures": rows}, ROWS) == change


def test_a_row_of_another_form_is_left_as_it_was_and_named() -> None:
    rows = [{"row": "00000000000a", "name": "植树", "number": -1},
            {"row": "00000000000b", "name": "发放", "number": 5}]
    found, problems = to_values(kind_of("activity"), {"measures": rows}, ROWS, new_row_id=row_ids())
    assert found == {}
    assert [(p.code, p.field) for p in problems] == [("form", "measures")]


# --- to values ---


def test_only_fields_that_differ_are_changed() -> None:
    base = {"title": "x", "participants": {"number": 5, "about": True}}
    assert values("activity", {"title": "x", "participants": 5, "participants_about": True}, base) == {}
    assert values("activity", {"title": "y", "participants": 5}, base) == {"title": "y"}


def test_parts_that_are_not_given_are_kept() -> None:
    base = {"amount": {"fen": 500, "source": "county"}}
    assert values("aid", {"amount": 600}, base) == {"amount": {"fen": 600, "source": "county"}}
    assert values("aid", {"fund_source": "city"}, base) == {"amount": {"fen": 500, "source": "city"}}
    assert values("aid", {"amount": None}, base) == {"amount": {"source": "county"}}


def test_an_exact_number_is_no_longer_about() -> None:
    base = {"participants": {"number": 1600, "about": True}}
    entry = read("activity", {"participants": "1655人"}, base=kind_of("activity").flatten(base))
    assert values("activity", entry.flat, base) == {"participants": {"number": 1655}}


def test_a_unit_without_a_number_says_nothing() -> None:
    assert values("aid", {"people": None, "people_unit": "person"}) == {}
    assert values("aid", {"people": None}, {"people": {"number": 3, "unit": "person"}}) == {"people": None}


@pytest.mark.parametrize(
    ("kind", "flat", "code"),
    [
        ("activity", {"date_from": "2026-03-08", "date_to": "2026-03-06"}, "date-order"),
        ("nomination", {"family": KEY["id"], "family_kind": "family"}, "reference"),
        ("nomination", {"family": KEY["id"], "family_kind": "person", "family_unit": KEY["unit"]},
         "reference"),
        ("activity", {"title": "长" * 201}, "form"),
        ("activity", {"participants": -1}, "form"),
    ],
)
def test_a_value_of_another_form_is_left_out_and_named(kind: str, flat: dict[str, Any], code: str) -> None:
    found, problems = to_values(kind_of(kind), flat, {}, new_row_id=row_ids())
    assert found == {}
    assert [(p.code, p.field) for p in problems] == [(code, next(iter(flat)))]


def test_clearing_the_start_of_a_period_clears_the_period() -> None:
    base = {"date": {"from": "2026-01-01", "to": "2026-01-02", "precision": "day"}}
    assert values("activity", {"date_from": None}, base) == {"date": None}
    assert values("activity", {"date_to": None}, base) == {
        "date": {"from": "2026-01-01", "to": "2026-01-01", "precision": "day"}
    }


def test_a_reference_by_id_alone_is_named_for_who_calls() -> None:
    kind = kind_of("nomination")
    found = missing_units(kind, {"family": KEY["id"], "campaign": "1" * 32, "campaign_unit": KEY["unit"],
                                 "campaign_kind": "campaign", "person_name": "王某"})
    assert [(f.code, record) for f, record in found] == [("family", KEY["id"])]


def test_another_record_does_not_keep_the_printed_name_of_the_first() -> None:
    base = {"family": {**KEY, "name": "王某"}}
    flat = kind_of("nomination").flatten(base)
    same = read("nomination", {"family": KEY["id"]}, base=flat)
    assert values("nomination", same.flat, base) == {}
    other = read("nomination", {"family": "0" * 31 + "b", "family_unit": KEY["unit"]}, base=flat)
    assert values("nomination", other.flat, base) == {"family": {**KEY, "id": "0" * 31 + "b"}}


# --- every kind and field: there and back ---

_WORD = st.text(st.sampled_from("王李春𡛕𬱖·<&=abcX19"), min_size=1, max_size=12)
_DAYS = st.integers(0, 58_000).map(lambda n: date(1940, 1, 1) + timedelta(days=n))


def scalar(kind: Scalar) -> st.SearchStrategy[Any]:
    """Ledger values of a scalar type that reading leaves as they are."""
    if isinstance(kind, IdNumber):
        return st.just(GOOD_ID)
    if isinstance(kind, Phone):
        return st.integers(13000000000, 19999999999).map(str)
    if isinstance(kind, Codes):
        return st.sets(st.sampled_from(list(kind.codes)), min_size=1).map(sorted)
    if isinstance(kind, Code):
        return st.sampled_from(list(kind.codes))
    if isinstance(kind, Money):
        return st.integers(0, kind.most)
    if isinstance(kind, Integer):
        return st.integers(kind.least, kind.most)
    plain: dict[type, st.SearchStrategy[Any]] = {
        Text: _WORD, Flag: st.just(True), Day: _DAYS.map(date.isoformat),
        UnitCode: st.just("140702101201"), PhotoHash: st.just("a" * 64), RecordId: st.just("b" * 32),
    }
    return plain[type(kind)]


def composite(kind: Composite) -> st.SearchStrategy[dict[str, Any]]:
    if isinstance(kind, Period):
        return st.tuples(_DAYS, _DAYS, st.sampled_from(["day", "month", "year"])).map(
            lambda t: {"from": min(t[:2]).isoformat(), "to": max(t[:2]).isoformat(), "precision": t[2]}
        )
    if isinstance(kind, Reference):
        key = st.fixed_dictionaries(
            {"unit": st.just("140702101201"), "kind": st.sampled_from(kind.kinds),
             "id": st.just("0" * 31 + "f")},
            optional={"name": _WORD},
        )
        return st.one_of(key, st.fixed_dictionaries({"name": _WORD}))
    parts = {p.name: scalar(p.type) for p in kind.parts}
    needed = {n: s for n, s in parts.items() if n in kind.required}
    return st.fixed_dictionaries(needed,
                                 optional={n: s for n, s in parts.items() if n not in needed}).filter(bool)


@st.composite
def ledger_values(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in draw(st.lists(st.sampled_from(kind.fields), unique_by=lambda f: f.code, max_size=8)):
        if isinstance(field.type, Table):
            rows = draw(st.lists(composite(field.type.row), max_size=3))
            found |= {f"{field.code}:{n:012x}": row for n, row in enumerate(rows)}
        elif isinstance(field.type, Composite):
            found[field.code] = draw(composite(field.type))
        else:
            found[field.code] = draw(scalar(field.type))
    return found


KINDS = st.sampled_from([k.code for k in all_kinds()])


@settings(max_examples=150, deadline=None)
@given(data=st.data(), code=KINDS)
def test_values_flattened_read_and_assembled_again_are_the_same(data: st.DataObject, code: str) -> None:
    kind = kind_of(code)
    ledger = data.draw(ledger_values(kind))
    flat = kind.flatten(ledger)
    assert values(code, flat) == ledger
    assert values(code, flat, ledger) == {}
    entry = read(code, json.loads(json.dumps(flat)), base=flat)
    assert entry.problems == []
    filled = {"sex", "birth_date"} if "id_number" in ledger else set()
    assert values(code, entry.flat, ledger).keys() <= filled
    for name, value in ledger.items():
        declared = kind.field(name)
        assert declared is not None
        assert declared.type.check(value)


@settings(max_examples=100, deadline=None)
@given(data=st.data(), code=KINDS)
def test_a_change_between_any_two_versions_leads_from_one_to_the_other(data: st.DataObject,
                                                                       code: str) -> None:
    kind = kind_of(code)
    before, after = data.draw(ledger_values(kind)), data.draw(ledger_values(kind))
    everything = {n: None for f in kind.fields for n in (f.flat if not f.is_table else (f.code,))}
    change = values(code, {**everything, **kind.flatten(after)}, before)
    result = {k: v for k, v in {**before, **change}.items() if v is not None}
    assert result == after
    assert all(before.get(k) != v for k, v in change.items())


_ROWS = st.dictionaries(st.sampled_from(["row", "name", "number"]), st.text(max_size=5))


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(), code=KINDS,
    typed=st.one_of(
        st.text(max_size=40), st.integers(), st.floats(), st.booleans(), st.none(),
        st.lists(st.one_of(st.text(max_size=5), _ROWS), max_size=3),
        st.dictionaries(st.sampled_from(["from", "number", "fen", "id", "name"]), st.text(max_size=8)),
    ),
)
def test_whatever_is_typed_is_read_or_named_and_never_lost(
    data: st.DataObject, code: str, typed: Any
) -> None:
    kind = kind_of(code)
    names = sorted({*kind.flat, *(f.code for f in kind.fields)})
    name = data.draw(st.sampled_from(names))
    entry = read(code, {name: typed})
    assert {p.field for p in entry.problems} >= set(entry.unread)
    change, problems = to_values(kind, entry.flat, {}, new_row_id=row_ids())
    for field, value in change.items():
        declared = kind.field(field)
        assert declared is not None
        assert value is None or declared.type.check(value)
    if isinstance(typed, str) and typed.strip() and not entry.problems and not problems:
        assert entry.flat

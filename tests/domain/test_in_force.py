"""What is in force: declared kinds with what offices issued; requirements, holidays and bounds (domain/in_force.py)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from tests.builders import COUNTY, OTHER_TOWN, TOWN, VILLAGE

from fulian_desktop.domain.checks import check_record
from fulian_desktop.domain.extensible import AMOUNTS, KINDS, LISTS
from fulian_desktop.domain.fields import Code, Codes, Integer, Text
from fulian_desktop.domain.forms import cells_of, shown, value_text
from fulian_desktop.domain.in_force import DECLARED, Issue, Kinds
from fulian_desktop.domain.issued import ANY, Unfit, is_issued
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.kinds.issued_code import code_from_label as code_of_code
from fulian_desktop.domain.kinds.issued_field import code_from_label, field_rules
from fulian_desktop.domain.reporting import period_of, standing
from fulian_desktop.domain.telling import told_lines
from fulian_desktop.domain.workdays import notice_last_day


def a_field(code: str = "x_dance", unit: str = COUNTY, **more: Any) -> Issue:
    return Issue(unit, "issued_field", f"{unit}{code}", {
        "code": code, "label": "广场舞队", "kinds": ["activity"], "type": "text", **more,
    })


def a_code(code: str, extends: str = "activity__category", unit: str = COUNTY, **more: Any) -> Issue:
    return Issue(unit, "issued_code", f"{unit}{code}", {"code": code, "extends": extends, "label": code.upper(), **more})


def a_bound(most: int, bounds: str, unit: str = COUNTY) -> Issue:
    return Issue(unit, "amount_bound", unit + bounds, {"bounds": bounds, "number": most})


def test_without_anything_issued_the_declared_kinds_stand_as_they_are():
    assert DECLARED.all() == all_kinds()
    assert all(DECLARED.of(kind.code) is kind for kind in all_kinds())
    assert DECLARED.holidays is None


def test_a_kind_that_nothing_was_issued_for_is_the_declared_one_and_an_extended_one_is_made_once():
    kinds = Kinds([a_field()])
    assert kinds.of("family") is kind_of("family")
    assert kinds.of("activity") is kinds.of("activity")
    assert kinds.of("activity").origin is kind_of("activity")
    with pytest.raises(KeyError):
        kinds.of("nothing")


@pytest.mark.parametrize(("code", "is_one"), [
    ("x_a", True), ("x_dance_2", True), ("x_" + "a" * 30, True), ("x_" + "a" * 31, False), ("x_", False), ("x_A", False),
    ("x_2", False), ("x_舞", False), ("title", False), ("x_a:0123456789ab", False),
])
def test_the_form_of_an_issued_fields_code(code, is_one):
    assert is_issued(code) is is_one
    assert (kind_of("activity").field(code) is not None) is (is_one or code == "title")


@pytest.mark.parametrize(("value", "fits"), [
    ("东风队", True), ("一\n二", True), ("", False), ("a\x07", False), ("a" * 20_000, True), ("a" * 20_001, False),
    (0, True), (-(10**15), True), (10**15 + 1, False), (True, True), (False, False), (None, False), (1.5, False),
    (["a", "b"], True), ([], False), (["b", "a"], False), (["舞"], False), ({"a": 1}, False),
])
def test_the_one_form_of_issued_values(value, fits):
    assert ANY.check(value) is fits


def test_no_declared_field_may_be_called_like_an_issued_one():
    with pytest.raises(ValueError, match="x_"):
        kind_of("activity").but(fields=(kind_of("activity").fields[0].but(code="x_a"),))


def test_a_new_field_stands_behind_its_group_or_before_the_remarks():
    kinds = Kinds([a_field(), a_field("x_in", group=kind_of("activity").fields[0].group)])
    fields = kinds.of("activity").fields
    groups = [f.group for f in fields]
    at = {f.code: i for i, f in enumerate(fields)}
    assert groups[at["x_in"]] == groups[0]
    assert groups[at["x_in"] + 1] != groups[0]
    assert at["x_dance"] == at["remarks"] - 1
    assert [cell.label for cell in cells_of(kinds.of("activity")) if cell.name == "x_dance"] == ["广场舞队"]


def test_the_highest_office_is_heard_and_of_two_of_one_level_the_smaller_code():
    for first, second, holds in ((TOWN, COUNTY, COUNTY), (OTHER_TOWN, TOWN, TOWN), (VILLAGE, TOWN, TOWN)):
        kinds = Kinds([a_field(unit=first, label=first), a_field(unit=second, label=second)])
        assert kinds.of("activity").flat["x_dance"].label == holds


def test_a_unit_has_what_it_and_the_offices_above_it_issued():
    kinds = Kinds([a_field("x_town", TOWN), a_field("x_county", COUNTY)])
    assert {"x_town", "x_county"} <= kinds.for_unit(VILLAGE).of("activity").flat.keys()
    assert "x_town" not in kinds.for_unit(OTHER_TOWN).of("activity").flat
    assert kinds.for_unit(OTHER_TOWN) is kinds.for_unit(OTHER_TOWN)


def test_a_code_is_read_by_every_field_that_has_the_list_and_by_columns_of_tables():
    kinds = Kinds([a_code("dance", aliases="广场舞、坝坝舞"), a_code("gone", withdrawn=True)])
    codes = kinds.of("activity").flat["category"].type.codes
    assert codes.label(f"{COUNTY}:dance") == "DANCE"
    assert {codes.find(word) for word in ("DANCE", "坝坝舞")} == {f"{COUNTY}:dance"}
    assert codes.find("GONE") == f"{COUNTY}:gone"
    assert f"{COUNTY}:gone" not in list(codes)
    assert kind_of("activity").flat["category"].type.codes.label(f"{COUNTY}:dance") == "还没收到的选项"


def test_an_issued_field_has_its_own_choices_those_of_another_list_and_what_was_added_since():
    own = {"row": "0123456789ab", "label": "秧歌"}, {"row": "0123456789ac", "label": "腰鼓", "withdrawn": True}
    kinds = Kinds([
        a_field(type="codes", choices=list(own), list="activity__category"), a_code("fan", "activity__x_dance"),
    ])
    codes = kinds.of("activity").flat["x_dance"].type.codes
    assert isinstance(kinds.of("activity").flat["x_dance"].type, Codes)
    assert codes.label(f"{COUNTY}:o0123456789ab") == "秧歌"
    assert codes.label(f"{COUNTY}:fan") == "FAN"
    assert "meeting" in codes.labels
    assert f"{COUNTY}:o0123456789ac" not in list(codes)
    assert kinds.of("issued_code").flat["extends"].type.codes.find("活动的广场舞队") == "activity__x_dance"


def test_a_definition_of_no_known_type_or_code_is_a_text_or_nothing():
    assert isinstance(Kinds([a_field(type="code")]).of("activity").flat["x_dance"].type, Code)
    assert Kinds([a_field("dance")]).of("activity") is kind_of("activity")
    assert isinstance(Kinds([a_field(type="later_version")]).of("activity").flat["x_dance"].type, Text | Code)


@pytest.mark.parametrize(("named", "value", "words"), [
    ("number", "三十", "三十"), ("money", ["a", "b"], "a、b"), ("day", 20260308, "20260308"), ("flag", "有", "有"),
    ("codes", 5, "5"), ("code", True, "是"), ("text", 12, "12"),
])
def test_a_value_that_the_definition_does_not_allow_is_an_unfit_text_everywhere(named, value, words):
    kind = Kinds([a_field(type=named)]).of("activity")
    flat = kind.flatten({"x_dance": value})
    assert isinstance(flat["x_dance"], Unfit)
    assert flat["x_dance"] == words
    assert value_text(kind.declared("x_dance"), value) == words
    (cell,) = [cell for cell in cells_of(kind) if cell.name == "x_dance"]
    assert shown(cell, flat) in (words, None)
    assert "unfit" in [p.code for p in check_record(kind, flat)]


def test_the_page_of_a_record_tells_of_an_issued_field_that_is_filled():
    kind = Kinds([a_field(kinds=["nomination"])]).of("nomination")
    lines = [line.label for line in told_lines(kind, {"x_dance": "东风队"})]
    assert lines[-1] == "广场舞队"
    assert "广场舞队" not in [line.label for line in told_lines(kind, {})]


# --- bounds ------------------------------------------------------------------------------------------------


def test_a_number_above_its_bound_is_named_and_below_it_not():
    kind = Kinds([a_bound(5000, "activity__participants"), a_bound(1, "activity__participants", TOWN)]).of("activity")
    codes = {most: [p.code for p in check_record(kind, {"participants": most})] for most in (5000, 5001)}
    assert "absurd" in codes[5001]
    assert "absurd" not in codes[5000]
    assert "absurd" in [p.code for p in check_record(kind_of("activity"), {"participants": 100_000_001})]
    assert "absurd" not in [p.code for p in check_record(kind_of("activity"), {"participants": 100_000_000})]


def test_every_amount_and_list_of_a_kind_can_be_named_and_no_year():
    assert {"activity__participants", "aid__amount", "loan__amount"} <= set(AMOUNTS.labels)
    assert not [name for name in AMOUNTS.labels if name.endswith("__year")]
    assert {"activity__category", "honor__title", "aid__fund_source"} & set(LISTS.labels)
    assert "issued_field" not in KINDS.labels
    assert all(Code().check(name) for name in (*AMOUNTS.labels, *LISTS.labels, *KINDS.labels))


# --- codes from names --------------------------------------------------------------------------------------


def test_a_code_is_made_of_the_names_initials_and_one_that_was_typed_is_kept():
    assert code_from_label({"label": "广场舞队"}) == {"code": "x_gcwd"}
    assert code_from_label({"label": "3月"}) == {"code": "x_f3y"}
    assert code_from_label({"label": "广场舞队", "code": "Dance"}) == {"code": "x_dance"}
    assert code_of_code({"label": "广场舞"}) == {"code": "gcw"}
    assert code_of_code({"label": "广场舞", "code": "dance"}) == {}
    assert [p.code for p in field_rules({"code": "x-1"})] == ["issued-code"]
    assert [p.code for p in field_rules({"type": "code"})] == ["no-choices"]


# --- holidays ----------------------------------------------------------------------------------------------


def a_holiday(unit: str, first: str, last: str, worked: str = "") -> Issue:
    rows = [{"row": "0123456789ab", "from": first, **({"to": last} if last else {})}]
    more = {"worked": [{"row": "0123456789ab", "from": worked}]} if worked else {}
    return Issue(unit, "holiday_table", unit, {"year": 2026, "off": rows, **more})


def test_the_days_of_an_issued_table_are_no_workdays_and_those_worked_are():
    table = Kinds([a_holiday(COUNTY, "2026-10-01", "2026-10-07", "2026-10-10")]).holidays
    assert table is not None
    assert table.years == {2026}
    last, problems = notice_last_day(datetime.date(2026, 9, 30), 4, True, table)
    assert (last, problems) == (datetime.date(2026, 10, 10), ())
    assert notice_last_day(datetime.date(2026, 9, 30), 4, True, None)[1][0].code == "no-holiday-table"


def test_of_two_tables_of_a_year_that_of_the_highest_office_holds():
    table = Kinds([a_holiday(TOWN, "2026-10-01", ""), a_holiday(COUNTY, "2026-10-08", "")]).holidays
    assert table is not None
    assert table.off == {datetime.date(2026, 10, 8)}


# --- reporting ---------------------------------------------------------------------------------------------


def on(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(("cycle", "due_day", "day", "first", "last", "due"), [
    ("monthly", 5, "2026-04-01", "2026-03-01", "2026-03-31", "2026-04-05"),
    ("monthly", 31, "2026-03-15", "2026-02-01", "2026-02-28", "2026-03-31"),
    ("monthly", 5, "2026-01-31", "2025-12-01", "2025-12-31", "2026-01-05"),
    ("quarterly", 10, "2026-06-30", "2026-01-01", "2026-03-31", "2026-04-10"),
    ("half_yearly", 10, "2026-07-01", "2026-01-01", "2026-06-30", "2026-07-10"),
    ("yearly", 15, "2026-03-09", "2025-01-01", "2025-12-31", "2026-01-15"),
])
def test_what_is_asked_for_is_the_last_period_that_ended(cycle, due_day, day, first, last, due):
    found = period_of({"cycle": cycle, "due_day": due_day}, on(day))
    assert found is not None
    assert (found.first, found.last, found.due) == (on(first), on(last), on(due))


@pytest.mark.parametrize("more", [
    {"withdrawn": True}, {"from_day": "2026-04-01"}, {"to_day": "2026-02-28"}, {"cycle": "later_version"}, {"due_day": None},
])
def test_nothing_is_asked_for_outside_of_what_was_issued(more):
    assert period_of({"cycle": "monthly", "due_day": 5, **more}, on("2026-04-03")) is None


@pytest.mark.parametrize(("came", "day", "reported", "late"), [
    ([], "2026-04-03", False, 0), ([], "2026-04-08", False, 3), (["2026-04-02"], "2026-04-20", True, 0),
    (["2026-04-07"], "2026-04-20", True, 2), (["2026-03-31"], "2026-04-20", True, 0), (["2026-03-30"], "2026-04-06", False, 1),
    (["2026-04-09", "2026-04-02"], "2026-04-20", True, 0),
])
def test_missing_and_late_are_judged_against_the_day_it_was_due(came, day, reported, late):
    period = period_of({"cycle": "monthly", "due_day": 5}, on(day))
    assert period is not None
    found = standing([period], map(on, came), on(day))
    assert found is not None
    assert (found.reported, found.late) == (reported, late)


def test_of_several_requirements_the_worst_is_told():
    periods = [period_of({"cycle": cycle, "due_day": 5}, on("2026-04-08")) for cycle in ("yearly", "monthly")]
    found = standing([p for p in periods if p], [on("2026-01-03")], on("2026-04-08"))
    assert found is not None
    assert (found.period.last, found.reported, found.late) == (on("2026-03-31"), False, 3)
    assert standing([], [], on("2026-04-08")) is None


def test_an_issued_number_takes_any_whole_number():
    of = Kinds([a_field(type="number")]).of("activity").flat["x_dance"].type
    assert isinstance(of, Integer)
    assert of.check(-5)

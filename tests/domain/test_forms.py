"""Forms derived from declarations: cells, what stands in them, and what is said beside them."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from fulian_desktop.domain.entry import read_entry
from fulian_desktop.domain.fields import Table
from fulian_desktop.domain.forms import cells_of, change_words, copied_cells, look_over, shown, value_text
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.steps import notice_days, steps_of
from fulian_desktop.domain.units import Level

TODAY = datetime.date(2026, 3, 9)
ID = "140702198311170022"


def look(kind: str, entries: dict[str, Any], base: dict[str, Any] | None = None, others: tuple[Problem, ...] = ()):
    return look_over(kind_of(kind), entries, base=base or {}, today=TODAY, others=others)


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_each_field_of_a_kind_is_in_exactly_one_cell_and_each_cell_can_be_read(kind):
    cells = cells_of(kind)
    names = [cell.name for cell in cells]
    assert len(names) == len(set(names))
    assert {cell.field.code for cell in cells} == {field.code for field in kind.fields} - {"same_as", "not_same"}
    assert read_entry(kind, dict.fromkeys(names), year=None, today=TODAY).problems == []


FLATS = {
    "activity": {"title": "三八", "date_from": "2026-03-08", "date_to": "2026-03-10", "date_precision": "day",
                 "participants": 600, "participants_about": True, "cost": 123450, "fund_source": "村集体", "highlight": True,
                 "measures": [{"row": "0" * 12, "name": "植树", "number": 300, "unit": "棵"}]},
    "aid": {"program": "loving_lunch", "recipient_name": "一批人", "people": 8, "people_unit": "household", "amount": 1200000,
            "amount_about": True, "applied_date": "2026-01-02"},
    "family": {"head": "赵", "tags": ["disabled", "military"],
               "members": [{"row": "1" * 12, "name": "王", "birth_date": "2009-08-09"}]},
}


@pytest.mark.parametrize("kind", FLATS)
def test_what_a_cell_shows_reads_back_as_the_value(kind: str):
    flat = FLATS[kind]
    entries = {cell.name: value for cell in cells_of(kind_of(kind)) if (value := shown(cell, flat)) not in (None, [])}
    read = read_entry(kind_of(kind), entries, year=None, today=TODAY)
    assert read.problems == []
    assert {name: value for name, value in read.flat.items() if value is not None} == flat


def test_an_id_number_fills_what_is_empty_and_says_who_it_is():
    found = look("person", {"name": "赵", "id_number": ID})
    assert found.fills == {"sex": "female", "birth_date": "1983年11月17日"}
    assert (found.notes["id_number"].text, found.notes["id_number"].tone) == ("已填好：女，1983年11月17日生，42 岁", "ok")
    assert "sex" not in look("person", {"name": "赵", "id_number": ID, "sex": "male"}).fills


@pytest.mark.parametrize(
    ("kind", "name", "typed", "said"),
    [("activity", "date", "昨天", "已填好：2026年3月8日"), ("activity", "date", "2026年3月8日", ""),
     ("activity", "participants", "1600余人", "已填好：1,600，约数"), ("activity", "participants", "86", ""),
     ("activity", "cost", "1.2万", "已填好：12,000.00 元"), ("family", "phone", "138 0013 5721", "已填好：13800135721")],
)
def test_what_was_read_is_said_when_it_is_not_plain(kind: str, name: str, typed: str, said: str):
    note = look(kind, {name: typed}).notes.get(name)
    assert (note.text if note is not None and note.tone == "ok" else "") == said


def test_a_gap_is_said_softly_a_doubt_as_an_error_and_only_the_first_asked_field_stops():
    found = look("family", {"phone": "1380013572"})
    assert found.stop == "head"
    assert (found.notes["head"].tone, found.notes["address"].tone, found.notes["phone"].tone) == ("error", "warn", "error")
    assert look("family", {"head": "赵"}).stop == ""


def test_what_cannot_be_read_is_said_rather_than_that_it_is_missing():
    found = look("activity", {"title": "三八", "date": "上上个月某天"})
    assert found.notes["date"].tone == "error"
    assert found.notes["date"].code != "missing"


def test_problems_of_parts_stand_at_the_cell_they_are_typed_into():
    found = look("activity", {"title": "三八", "date": "2026-03-08", "participants": "20", "women": "30"})
    assert "比参加人次" in found.notes["women"].text
    others = (Problem("title-again", "已申报过", "family"),)
    assert look("nomination", {"family": "赵"}, others=others).notes["family"].text == "已申报过"


def test_copying_leaves_out_names_numbers_photos_persons_and_decisions():
    family, person, nomination = (copied_cells(kind_of(code)) for code in ("family", "person", "nomination"))
    assert {"address", "tags", "size", "education"} <= family
    assert family.isdisjoint({"head", "head_id_number", "phone", "members", "photos"})
    assert person.isdisjoint({"name", "id_number", "sex", "birth_date", "phone", "guardian_phone"})
    assert {"campaign", "way"} <= nomination
    assert nomination.isdisjoint({"family", "person", "approval_village_result"})


def test_a_history_says_values_in_words():
    activity, nomination = kind_of("activity"), kind_of("nomination")
    assert value_text(activity.declared("participants"), {"number": 600, "about": True}) == "约600"
    assert value_text(activity.declared("category"), "law") == "普法维权"
    review = {"result": "passed", "date": "2026-03-04", "person": "王桂芳"}
    assert value_text(nomination.declared("review_village"), review) == "通过，2026年3月4日，王桂芳"
    assert value_text(activity.declared("title"), None) == ""
    for kind in all_kinds():
        for field in kind.tables:
            assert isinstance(field.type, Table)
            assert value_text(field, {}) == ""


NOMINATION = {"campaign_unit": "140702101201", "submitted_date": "2026-03-02", "review_village_result": "passed",
              "review_village_date": "2026-03-04", "notice_village_from": "2026-03-05", "notice_village_to": "2026-03-11"}


PICTURE = {"hash": "a" * 64, "caption": "解答问题", "order": 1}


@pytest.mark.parametrize(("before", "after", "told"), [
    (None, PICTURE, ("", "加了照片“解答问题”")),
    (None, {"hash": "a" * 64, "order": 2}, ("", "加了照片")),
    (PICTURE, None, ("", "拿掉了照片“解答问题”")),
    (PICTURE, {**PICTURE, "order": 3}, ("", "挪了照片“解答问题”的位置")),
    (PICTURE, {**PICTURE, "caption": "讲座"}, ("照片“解答问题”", "照片“讲座”")),
])
def test_a_history_tells_of_a_picture_by_its_caption_and_never_by_its_number(before, after, told):
    assert change_words(kind_of("activity").declared("photos"), before, after) == ("照片", *told)


@pytest.mark.parametrize(
    ("more", "states"),
    [({}, "done done now ahead ahead"), ({"notice_village_objection": "有人说"}, "done done warn ahead ahead"),
     ({"approval_village_result": "rejected"}, "done done done bad ahead"),
     ({"approval_village_result": "returned"}, "done done done warn ahead"),
     ({"approval_village_result": "passed", "approval_village_date": "2026-03-12"}, "done done done done now"),
     ({"approval_village_result": "passed", "approval_village_date": "2026-03-12", "award_village_date": "2026-03-20"},
      "done done done done done"),
     ({"withdrawn_date": "2026-03-08"}, "warn ahead ahead ahead ahead")],
)
def test_the_steps_follow_from_the_facts(more: dict[str, str], states: str):
    found = steps_of(kind_of("nomination"), {**NOMINATION, **more}, (), TODAY)
    assert found is not None
    assert " ".join(step.state for step in found[1]) == states


def test_what_came_of_a_step_is_said_once():
    returned = {"approval_village_result": "returned", "approval_village_date": "2026-03-04"}
    found = steps_of(kind_of("nomination"), {**NOMINATION, **returned}, (), TODAY)
    assert found is not None
    assert found[1][3].about == "3月4日 退回"


def test_the_days_of_a_notice_say_which_count():
    days = notice_days(NOMINATION, Level.VILLAGE, workdays=True, today=TODAY)
    assert [day.when for day in days] == ["past"] * 4 + ["today"] + ["ahead"] * 2
    assert [day.counts for day in days] == [True, True, False, False, True, True, True]
    assert notice_days({}, Level.VILLAGE, workdays=True, today=TODAY) == ()
    assert steps_of(kind_of("family"), {}, (), TODAY) is None

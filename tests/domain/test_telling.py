"""What the page of a record tells follows from the declarations (domain/telling.py)."""

from __future__ import annotations

import pytest

from fulian_desktop.domain.honors import VETOES
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.telling import (
    Check,
    Point,
    Score,
    checked_table,
    points_of,
    scored_table,
    scores_of,
    subject_of,
    told_lines,
    told_text,
)

KIND = kind_of("nomination")
CHECKED, SCORED = checked_table(KIND), scored_table(KIND)


def test_the_tables_are_found_by_what_they_answer_and_the_types_of_their_columns():
    assert CHECKED is not None
    assert SCORED is not None
    assert (CHECKED.code, SCORED.code) == ("vetoes", "scores")
    assert [kind.code for kind in all_kinds() if checked_table(kind) or scored_table(kind)] == ["nomination"]


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_what_a_kind_declares_to_tell_and_to_answer_is_there(kind):
    assert all(name in kind.flat for names in kind.told for name in names)
    assert bool(kind.told) == kind.stages
    assert not any(kind.flat[name].field.sensitive for names in kind.told for name in names)  # shown without asking
    for table in kind.tables:
        if table.answers:
            reference, _, name = table.answers.partition(".")
            assert all(kind_of(code).declared(name) for code in kind.declared(reference).type.kinds)


def test_a_point_is_clear_found_or_open():
    rows = [{"row": "0" * 12, "item": "crime", "clear": True, "checked_by": "派出所"},
            {"row": "1" * 12, "item": "lavish_banquets", "checked_by": "村委会"}, {"row": "2" * 12, "item": "illegal_building"}]
    points = points_of(CHECKED, {"vetoes": rows})
    assert len(points) == len(list(VETOES))
    assert points[0] == Point("没有违法犯罪", Check.CLEAR, "派出所")
    assert Point("大操大办", Check.FOUND, "村委会") in points
    assert {point.words for point in points if point.state is Check.OPEN} >= {"违规搭建", "家庭暴力"}


def test_only_what_the_campaign_asks_is_open_and_a_row_that_nobody_asked_for_is_told_too():
    points = points_of(CHECKED, {"vetoes": [{"item": "crime", "clear": True}]}, ["lavish_banquets"])
    assert points == (Point("大操大办", Check.OPEN), Point("没有违法犯罪", Check.CLEAR))


def test_scores_stand_in_the_order_of_the_campaign_with_what_it_gives():
    asked = [{"row": "0" * 12, "text": "爱国守法", "points": 20}, {"row": "1" * 12, "text": "夫妻和睦"}]
    rows = [{"row": "2" * 12, "criterion": "邻里互助", "points": 9}, {"row": "3" * 12, "criterion": "爱国守法", "points": 18}]
    assert scores_of(SCORED, {"scores": rows}, asked) == (
        Score("爱国守法", 18, 20), Score("夫妻和睦", None, None), Score("邻里互助", 9, None))
    assert scores_of(SCORED, {}) == ()


def test_the_main_lines_are_told_also_when_they_are_empty_and_the_others_are_not():
    assert [(line.label, len(line.values)) for line in told_lines(KIND, {"way": "self", "deeds": "照料婆婆"})] == [
        ("推荐方式", 1), ("家风家训", 0), ("事迹简介", 0), ("主要事迹", 1)]
    (way, *_others) = told_lines(KIND, {"way": "organization", "recommender": "村妇联"})
    assert [value for _part, value in way.values] == ["organization", "村妇联"]


def test_what_is_counted_and_what_a_record_is_about_follow_from_its_fields():
    counted = told_text(KIND)
    assert counted is not None
    assert counted.flat == "deeds_short"
    assert subject_of(KIND, {"family_name": "赵素芳", "campaign_name": "最美家庭"}) == "最美家庭"
    assert subject_of(KIND, {"family_name": "赵素芳"}) == ""

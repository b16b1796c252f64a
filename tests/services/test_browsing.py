"""Lists as the window shows them: by key, with counts and sums; what is done with a row is logged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, a_township, an_activity

from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.services import browsing
from fulian_desktop.services.browsing import Query
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, delete_records, edit_record
from fulian_desktop.store import queries
from fulian_desktop.store.queries import Page


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    office = a_township(tmp_path / "town")
    for code, name in ((VILLAGE, "柳树湾村"), (SIBLING, "杏花村")):
        add_record(office, "unit_name", {"code": code, "name": name})
    for day, unit, came in (("2025-12-30", VILLAGE, "40"), ("2026-03-08", VILLAGE, "约600"), ("2026-03-07", SIBLING, "86")):
        held = an_activity(title=f"普法{day}", date_from=day, participants=came, category="law")
        add_record(office, "activity", held, unit=unit)
    add_record(office, "activity", an_activity(title="清扫", date_from="2026-05-01", category="environment"))
    for head in ("王秀英", "李兰"):
        a_family(office, head=head, phone="13800135721")
    with office:
        yield office


def a_family(office: Office, **entries: Any) -> None:
    add_record(office, "family", {"address": "一组 3 号", **entries}, unit=VILLAGE)


def titles(office: Office, query: Query, **more: Any) -> list[str]:
    found = browsing.keys(office, query, limit=100, **more)
    return [str(row.flat["title"]) for row in browsing.rows(office, query.kind, found.numbers)]


def log_of(office: Office) -> list[tuple[str, dict[str, Any]]]:
    lines = office.workspace.db.execute("SELECT what, about FROM log ORDER BY rowid")
    return [(what, json.loads(about)) for what, about in lines]


def test_a_list_is_filtered_by_year_unit_code_and_search_and_sorted(town: Office):
    by_day = {"sort": "date_from", "descending": True}
    assert titles(town, Query("activity", **by_day))[0] == "清扫"
    assert titles(town, Query("activity", year=2025)) == ["普法2025-12-30"]
    assert titles(town, Query("activity", unit=VILLAGE, **by_day)) == ["普法2026-03-08", "普法2025-12-30"]
    assert titles(town, Query("activity", equal=(("category", "environment"),))) == ["清扫"]
    assert titles(town, Query("activity", search="普法 0307")) == ["普法2026-03-07"]
    assert titles(town, Query("activity", search="普法2026", year=2026, unit=SIBLING)) == ["普法2026-03-07"]
    assert titles(town, Query("activity", sort="participants", descending=True))[0] == "普法2026-03-08"


@pytest.mark.parametrize("search", ["", "普法"])
def test_numbers_come_in_steps_by_key_and_none_twice(town: Office, search: str):
    query = Query("activity", search=search, sort="date_from", descending=True)
    whole = browsing.keys(town, query, limit=100)
    found: list[int] = []
    after = None
    while True:
        step = browsing.keys(town, query, after=after, limit=1)
        found += step.numbers
        after = step.after
        if after is None:
            break
    assert found == whole.numbers
    assert len(found) == (3 if search else 4)


def test_too_many_hits_to_be_sorted_come_by_number_the_latest_first(town: Office, monkeypatch: pytest.MonkeyPatch):
    town.workspace.tidy()
    query = Query("activity", search="普法", sort="date_from", descending=False)
    assert titles(town, query) == ["普法2025-12-30", "普法2026-03-07", "普法2026-03-08"]
    monkeypatch.setattr(browsing, "SORTED_WHOLE", 2)
    first = browsing.keys(town, query, limit=2)
    assert (first.query.sort, first.query.descending) == ("no", True)
    rest = browsing.keys(town, first.query, after=first.after, limit=2)
    assert first.numbers + rest.numbers == sorted(first.numbers + rest.numbers, reverse=True)
    assert len(first.numbers + rest.numbers) == 3
    assert browsing.keys(town, Query("activity", search="清扫", sort="date_from"), limit=2).query.sort == "date_from"


def test_a_long_list_that_no_index_has_in_order_comes_as_it_usually_does(town: Office, monkeypatch: pytest.MonkeyPatch):
    by_place, by_day = Query("activity", sort="place"), Query("activity", sort="date_from", descending=False)
    assert browsing.keys(town, by_place, limit=10).query == by_place
    monkeypatch.setattr(browsing, "SORTED_WHOLE", 2)
    found = browsing.keys(town, by_place, limit=10)
    assert (found.query.sort, found.query.descending) == browsing.usual_sort(kind_of("activity"))
    assert browsing.keys(town, by_day, limit=10).query == by_day
    short = Query("activity", unit=SIBLING, sort="place")
    assert browsing.keys(town, short, limit=10).query == short


LONG = [(kind, name) for kind in all_kinds() for name in ("no", *kind.flat, "unit") if browsing.sortable(kind, name, 10**6)]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("kind", "name"), LONG, ids=lambda of: getattr(of, "code", of))
def test_each_step_of_a_long_list_walks_an_index_from_where_the_step_before_ended(
    town: Office, kind: Kind, name: str, descending: bool
):
    asked: list[str] = []
    db = town.workspace.db
    db.set_trace_callback(asked.append)
    query = Query(kind.code, sort=name, descending=descending)
    browsing.keys(town, query, limit=1)
    browsing.keys(town, query, after=Page("2026-01-01", 1), limit=1)
    browsing.rows(town, kind.code, [1])
    db.set_trace_callback(None)
    lists = [sql for sql in asked if f"k_{kind.code}" in sql]
    assert len(lists) >= 3
    for sql in lists:
        assert " OFFSET " not in sql.upper()
        plan = " ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))
        assert "TEMP B-TREE" not in plan


def test_counts_and_sums_are_those_of_the_list_as_it_is_filtered(town: Office):
    everything = browsing.keys(town, Query("activity"), limit=100, sums=("participants",))
    assert everything.sums == {"participants": 40 + 600 + 86 + 120}
    assert everything.about == {"participants"}
    one = browsing.keys(town, Query("activity", year=2025), limit=100, sums=("participants",))
    assert (one.sums, one.about) == ({"participants": 40}, frozenset())
    missing = browsing.keys(town, Query("activity", flag="incomplete"), limit=100)
    assert everything.flagged["incomplete"] == len(missing.numbers)


def flagged(office: Office, query: Query) -> int:
    return browsing.keys(office, query, limit=100).flagged["no-photos"]


def test_records_with_fewer_photos_than_their_kind_wants_are_counted_and_found(town: Office):
    add_record(town, "campaign", {"title": "2026年最美家庭", "honor": "最美家庭", "year": "2026"})
    saved = add_record(town, "nomination", {"campaign": "2026年最美家庭", "family": "王秀英", "way": "自荐"}, unit=VILLAGE)
    query = Query("nomination", flag="no-photos")
    photos = [{"hash": f"{number}" * 64, "order": number} for number in range(2)]
    for there, lacking in (([], 1), (photos[:1], 1), (photos, 0), ([], 1)):
        edit_record(town, saved.id, {"photos": there}, unit=VILLAGE)
        assert len(browsing.keys(town, query, limit=10).numbers) == lacking
        for asked in (Query("nomination"), Query("nomination", search="王秀英"), Query("nomination", stage="draft")):
            assert flagged(town, asked) == lacking
    assert flagged(town, Query("family")) == 0
    assert flagged(town, Query("activity")) == 4


def test_that_photos_are_lacking_is_known_with_the_list_and_asks_nothing_more_for_a_row(town: Office):
    def asked(limit: int) -> int:
        found: list[str] = []
        town.workspace.db.set_trace_callback(found.append)
        step = browsing.keys(town, Query("activity"), limit=limit)
        browsing.rows(town, "activity", step.numbers)
        town.workspace.db.set_trace_callback(None)
        return len(found)

    assert asked(1) == asked(4)


def test_of_a_field_with_several_codes_one_of_them_finds_the_record(town: Office):
    kind = kind_of("family")
    code, other = list(kind.flat["tags"].type.codes.labels)[:2]
    a_family(town, head="赵多", tags=sorted([code, other]))
    found = browsing.keys(town, Query("family", equal=(("tags", code),)), limit=10)
    assert [row.flat["head"] for row in browsing.rows(town, "family", found.numbers)] == ["赵多"]
    assert browsing.keys(town, Query("family", equal=(("tags", "nothing_of_this"),)), limit=10).numbers == []


def test_the_deleted_are_a_list_of_their_own(town: Office):
    found = browsing.keys(town, Query("family"), limit=10)
    gone = browsing.rows(town, "family", found.numbers[:1])
    delete_records(town, [gone[0].id])
    deleted = browsing.rows(town, "family", browsing.keys(town, Query("family", deleted=True), limit=10).numbers)
    assert [row.id for row in deleted] == [gone[0].id]
    assert "deleted" in deleted[0].marks
    assert len(browsing.keys(town, Query("family"), limit=10).numbers) == 1


def test_a_stage_is_a_filter_although_it_is_derived(town: Office):
    add_record(town, "campaign", {"title": "2026年最美家庭", "honor": "最美家庭", "year": "2026"})
    for head, day in (("王秀英", "2026.3.1"), ("李兰", "")):
        entries = {"campaign": "2026年最美家庭", "family": head, "way": "组织推荐", "submitted_date": day}
        add_record(town, "nomination", entries, unit=VILLAGE)
    for stage, names in (("submitted", ["王秀英"]), ("draft", ["李兰"]), ("awarded", [])):
        found = browsing.keys(town, Query("nomination", stage=stage), limit=1)
        rows = browsing.rows(town, "nomination", found.numbers)
        assert [row.flat["family_name"] for row in rows] == names
        assert all(row.stage is not None and row.stage.value == stage for row in rows)


def test_units_and_years_to_choose_from_are_those_that_there_are(town: Office):
    found = browsing.choices(town, "activity")
    assert list(found.units) == [TOWN, VILLAGE, SIBLING]
    assert found.years == (2026, 2025)
    assert browsing.choices(town, "family").years == ()
    assert browsing.choices(town, "campaign").years == ()


def test_every_kind_says_what_its_list_is_filtered_sorted_and_summed_by(town: Office):
    for kind in all_kinds():
        assert browsing.year_name(kind) in {"", *kind.flat}
        assert set(browsing.summed_names(kind)) <= set(kind.flat)
        name, _ = browsing.usual_sort(kind)
        assert name == "no" or browsing.sortable(kind, name, 10**6)
        browsing.keys(town, Query(kind.code, year=2026, sort=name), limit=5, sums=browsing.summed_names(kind))
    activity = kind_of("activity")
    assert browsing.year_name(activity) == "date_from"
    assert {"participants", "cost"} <= set(browsing.summed_names(activity))
    assert browsing.sortable(activity, "place", 20_000)
    assert not browsing.sortable(activity, "place", 20_001)


def test_a_question_that_takes_long_is_given_up_within_the_database(town: Office):
    query = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) SELECT count(*) FROM n"
    db = town.workspace.db
    with pytest.raises(Cancelled), queries.stoppable(db, Progress(cancelled=lambda: True)):
        db.execute(query).fetchone()
    assert len(browsing.keys(town, Query("activity"), limit=10).numbers) == 4


def test_showing_a_sensitive_value_is_written_into_the_activity_log(town: Office):
    [row, _] = browsing.rows(town, "family", browsing.keys(town, Query("family"), limit=10).numbers)
    browsing.reveal(town, row.id, row.unit)
    assert log_of(town)[-1] == ("reveal", {"record": row.id, "kind": "family", "unit": VILLAGE})


def test_a_cell_is_changed_as_typed_and_what_cannot_be_read_changes_nothing(town: Office):
    [row, _] = browsing.rows(town, "family", browsing.keys(town, Query("family"), limit=10).numbers)
    assert browsing.edit_cell(town, row.id, row.unit, "size", "四").act
    [after] = browsing.rows(town, "family", [row.no])
    assert after.flat["size"] == 4
    with pytest.raises(InputProblem, match="没有改"):
        browsing.edit_cell(town, row.id, row.unit, "size", "好几个")
    [same] = browsing.rows(town, "family", [row.no])
    assert same.flat == after.flat

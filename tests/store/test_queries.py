"""Lists: pages by key, filters, scopes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import COUNTY, SIBLING, TOWN, VILLAGE, a_township, a_village, added

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.ledger.fold import fold_record
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import delete_records, edit_record, restore_records
from fulian_desktop.store.queries import Page, count_rows, find_by_id, findings, list_rows
from fulian_desktop.store.view import CONFLICT, INCOMPLETE, Row, layout

FAMILY = kind_of("family")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = a_village(tmp_path_factory.mktemp("queries") / "v")
    yield opened
    opened.close()


def _fill(office: Office, rows: list[dict[str, Any]]) -> None:
    """Rows as the view holds them, written straight into its table."""
    db, where = office.workspace.db, layout(FAMILY)
    db.execute(f"DELETE FROM {where.table}")
    for no, flat in enumerate(rows, 1):
        row: list[Any] = [None] * len(where.columns)
        row[:9] = [no, no.to_bytes(16, "big"), flat.pop("unit", VILLAGE), flat.pop("flags", 0), None, 1, "", 1, ""]
        for name, value in flat.items():
            row[where.at[name]] = value
        db.execute(where.insert, row)


def _walk(office: Office, sort: str, limit: int, **more: Any) -> list[Row]:
    found: list[Row] = []
    after = None
    while True:
        page = list(list_rows(office.workspace.db, FAMILY, sort=sort, limit=limit, after=after, **more))
        found += page
        if len(page) < limit:
            return found
        after = Page(getattr(page[-1], sort, None) if sort not in FAMILY.flat else page[-1].flat.get(sort), page[-1].no)


def _order(row: Row, sort: str) -> tuple[Any, ...]:
    value = row.flat.get(sort)
    return (value is not None, "" if value is None and sort != "size" else 0 if value is None else value, row.no)


heads = st.none() | st.sampled_from(["王", "王秀英", "李", "𡛕", "a", "B"])
family_rows = st.lists(
    st.fixed_dictionaries({"head": heads, "size": st.none() | st.integers(0, 3), "flags": st.sampled_from([0, 0, 0, 1, 8, 32])}),
    max_size=25,
)


@settings(max_examples=120, deadline=None)
@given(family_rows, st.sampled_from(["head", "size"]), st.booleans(), st.integers(1, 7))
def test_pages_by_key_give_every_row_once_and_in_order(
    office: Office, rows: list[dict[str, Any]], sort: str, descending: bool, limit: int
) -> None:
    expected = {no for no, row in enumerate(rows, 1) if not row["flags"] & 33}
    _fill(office, rows)
    walked = _walk(office, sort, limit, descending=descending)
    living = list(list_rows(office.workspace.db, FAMILY))
    assert [r.no for r in walked] == [r.no for r in sorted(living, key=lambda r: _order(r, sort), reverse=descending)]
    assert {r.no for r in living} == expected


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), max_size=20), st.booleans(), st.integers(1, 5))
def test_pages_in_the_order_of_entry_give_every_living_row_once(
    office: Office, flags: list[int], descending: bool, limit: int
) -> None:
    _fill(office, [{"head": "王", "flags": flag} for flag in flags])
    expected = [no for no, flag in enumerate(flags, 1) if not flag & 1]
    assert [r.no for r in _walk(office, "no", limit, descending=descending)] == (expected[::-1] if descending else expected)


def test_a_page_after_a_row_that_was_deleted_meanwhile_goes_on_behind_it(office: Office) -> None:
    _fill(office, [{"head": str(i), "flags": 0} for i in range(6)])
    first = list(list_rows(office.workspace.db, FAMILY, sort="head", limit=3))
    office.workspace.db.execute("UPDATE k_family SET flags = 1 WHERE no = ?", [first[-1].no])
    rest = list(list_rows(office.workspace.db, FAMILY, sort="head", limit=3, after=Page("2", first[-1].no)))
    assert [r.flat["head"] for r in rest] == ["3", "4", "5"]


@pytest.mark.parametrize("sort", ["members", "nothing", "head; DROP TABLE k_family", 'head" --'])
def test_only_a_declared_name_can_be_sorted_by(office: Office, sort: str) -> None:
    with pytest.raises(KeyError):
        list(list_rows(office.workspace.db, FAMILY, sort=sort))


TWO_TAGS = ["disabled", "single_parent"]


@pytest.mark.parametrize(
    ("entries", "where", "found"),
    [
        ({"head": "王秀英"}, {"head": "王秀英"}, 1), ({"head": "王秀英"}, {"head": "王秀"}, 0), ({"size": "3"}, {"size": 3}, 1),
        ({"size": "3"}, {"size": 4}, 0), ({}, {"size": None}, 1), ({"size": "3"}, {"size": None}, 0),
        ({"tags": ["单亲", "残疾"]}, {"tags": TWO_TAGS}, 1),
        ({"tags": ["单亲", "残疾"]}, {"tags": TWO_TAGS[:1]}, 0), ({"head": "a' OR 1=1 --"}, {"head": "a"}, 0),
    ],
)
def test_a_filter_compares_for_equality(tmp_path: Path, entries: Any, where: Any, found: int) -> None:
    with a_village(tmp_path / "v") as office:
        added(office, "family", entries)
        assert len(list(list_rows(office.workspace.db, FAMILY, where_equal=where))) == found


@pytest.mark.parametrize(
    ("unit", "titles"),
    [
        (None, {"镇", "柳", "杏"}),
        (TOWN, {"镇", "柳", "杏"}),
        (VILLAGE, {"柳"}),
        (SIBLING, {"杏"}),
        (COUNTY, {"镇", "柳", "杏"}),
        ("140702102000", set()),
    ],
)
def test_a_unit_means_it_and_those_below(tmp_path: Path, unit: str | None, titles: set[str]) -> None:
    from fulian_desktop.services.records import add_record

    with a_township(tmp_path / "t") as office:
        for title, where in (("镇", TOWN), ("柳", VILLAGE), ("杏", SIBLING)):
            add_record(office, "family", {"head": title, "address": "1"}, unit=where)
        assert {r.flat["head"] for r in list_rows(office.workspace.db, FAMILY, unit=unit)} == titles


def test_deleted_records_stand_in_a_list_of_their_own(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        kept, gone = added(office, "family").id, added(office, "family", head="李四").id
        delete_records(office, [gone])
        db = office.workspace.db
        assert [r.id for r in list_rows(db, FAMILY)] == [kept]
        assert [r.id for r in list_rows(db, FAMILY, deleted=True)] == [gone]
        assert find_by_id(db, gone) is not None
        assert count_rows(db, FAMILY) == 1
        restore_records(office, [gone])
        assert count_rows(db, FAMILY) == 2


def test_what_is_incomplete_can_be_listed_and_leaves_the_list_when_filled_in(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family", address="").id
        added(office, "family")
        db = office.workspace.db
        assert [r.id for r in list_rows(db, FAMILY, flag=INCOMPLETE)] == [record]
        assert count_rows(db, FAMILY, flag=INCOMPLETE) == 1
        edit_record(office, record, {"address": "2组"})
        assert count_rows(db, FAMILY, flag=INCOMPLETE) == count_rows(db, FAMILY, flag=CONFLICT) == 0


@pytest.mark.parametrize(("year", "found"), [(2023, 1), (2024, 2), (2025, 0)])
def test_a_year_takes_its_first_and_its_last_day(tmp_path: Path, year: int, found: int) -> None:
    with a_village(tmp_path / "v") as office:
        for day in ("2023-12-31", "2024-01-01", "2024-12-31"):
            added(office, "activity", date_from=day)
        assert len(list(list_rows(office.workspace.db, kind_of("activity"), year=("date_from", year)))) == found


@pytest.mark.parametrize("record", ["", "zz", "00" * 16, "王", "0" * 31, "%"])
def test_no_record_has_an_id_that_is_none(tmp_path: Path, record: str) -> None:
    with a_village(tmp_path / "v") as office:
        added(office, "family")
        assert find_by_id(office.workspace.db, record) is None
        assert findings(office.workspace.db) == []


def test_a_row_says_what_the_fold_says(tmp_path: Path) -> None:
    from fulian_desktop.services.records import load_folded

    with a_village(tmp_path / "v") as office:
        record = added(office, "family", size="3", members=[{"name": "李强", "relation": "spouse"}]).id
        row, kind, folded = load_folded(office, record)
        again = fold_record(row.unit, kind, folded.order)
        assert row.flat == kind.flatten(again.values)
        assert row.flat["members"][0]["name"] == "李强"

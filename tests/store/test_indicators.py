"""Conditions compiled to SQL say what their declarations say."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.builders import COUNTY, TOWN, VILLAGE, a_village

from fulian_desktop.domain.indicator import (
    AnyOf,
    AtLeast,
    AtStage,
    Between,
    Condition,
    Dated,
    Filled,
    HasRow,
    In,
    Indicator,
    Is,
    Not,
    NotOlder,
    OfLevel,
    Records,
    Standing,
)
from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.domain.stages import Stage, stage_of
from fulian_desktop.domain.units import Level
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record
from fulian_desktop.store.indicators import Moment, groups
from fulian_desktop.store.view import layout

DECIDED = (Stage.APPROVED, Stage.AWARDED, Stage.REVOKED)
DAYS = (None, "2026-03-01", "2026-03-08", "2026-03-20", "2026-04-01")
TODAY = "2026-03-15"
YEAR = [Moment("2026-12", "2026-01-01", "2026-12-31")]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with a_village(tmp_path_factory.mktemp("office") / "village") as made:
        yield made


@st.composite
def nominations(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """The flat values of a nomination, and its fields in conflict."""
    unit, level = draw(st.sampled_from([(VILLAGE, "village"), (TOWN, "township"), (COUNTY, "county"), (None, "township")]))
    flat: dict[str, Any] = {"campaign_unit": unit, "submitted_date": draw(st.sampled_from(DAYS))}
    facts = {
        "notice_{}_from": DAYS, "notice_{}_to": DAYS,
        "notice_{}_objection": (None, "有意见"), "notice_{}_finding": (None, "不成立"),
        "approval_{}_result": (None, "passed", "passed", "rejected", "returned"), "approval_{}_date": DAYS,
        "award_{}_date": DAYS, "revoked_{}_date": (None, None, "2026-05-01"), "revoked_{}_reason": (None, None, "造假"),
        "review_{}_result": (None, "passed"),
    }
    for name, choices in facts.items():
        flat[name.format(level)] = draw(st.sampled_from(choices))
    fields = [f"{name}_{level}" for name in ("approval", "notice", "award", "revoked")]
    conflicts = draw(st.lists(st.sampled_from(["campaign", *fields]), max_size=2, unique=True))
    return {name: value for name, value in flat.items() if value is not None}, sorted(conflicts)


@settings(deadline=None, max_examples=40)
@given(made=st.lists(nominations(), min_size=20, max_size=40))
def test_a_stage_in_sql_is_the_stage_that_the_facts_say(office: Office, made: list[tuple[dict[str, Any], list[str]]]) -> None:
    db, table = office.workspace.db, layout(kind_of("nomination")).table
    db.execute("BEGIN")
    try:
        for no, (flat, conflicts) in enumerate(made, 1):
            row = {
                "no": no, "id": bytearray(no.to_bytes(16, "big")), "unit": VILLAGE, "flags": 0, "created_at": 0, "created_by": "",
                "changed_at": 0, "changed_by": "", "conflicts": json.dumps(conflicts) if conflicts else None, **flat,
            }
            names = ", ".join(f'"{name}"' for name in row)
            db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
        for stage in DECIDED:
            one = Indicator("x", "甲", 7, "nomination", "户", Records(), Standing(), (AtStage((stage,)),))
            ids = "".join(group.ids for group in groups(db, [one], VILLAGE, YEAR, TODAY))
            found = {ids[i : i + 32] for i in range(0, len(ids), 32)}
            wanted = set()
            for no, (flat, conflicts) in enumerate(made, 1):
                told = stage_of(kind_of("nomination"), flat, conflicts, datetime.date.fromisoformat(TODAY))
                if told is not None and told.stage is stage:
                    wanted.add(no.to_bytes(16, "big").hex())
            assert found == wanted, stage
    finally:
        db.execute("ROLLBACK")


def test_a_stage_that_is_not_compiled_is_refused(office: Office) -> None:
    one = Indicator("x", "甲", 7, "nomination", "户", Records(), Standing(), (AtStage((Stage.DRAFT,)),))
    with pytest.raises(ValueError, match="compiled"):
        list(groups(office.workspace.db, [one], VILLAGE, YEAR, TODAY))


@pytest.fixture(scope="module")
def held(office: Office) -> str:
    """One activity with something in each sort of field."""
    return add_record(office, "activity", {
        "title": "植树节'植树", "category": "environment", "date_from": "2026-03-12", "participants": "30", "women": "20",
        "measures": [{"name": "植树", "number": 300, "unit": "棵"}], "highlight": True,
    }).id


CONDITIONS: list[tuple[Condition, bool]] = [
    (Is("category", "environment"), True), (Is("category", "law"), False), (Is("highlight", True), True),
    (Is("title", "植树节'植树"), True),
    (In("category", ("law", "environment")), True), (In("category", ("law", "health")), False),
    (Not(Is("category", "law")), True), (Not(Filled("place")), True), (Filled("place"), False), (Filled("women"), True),
    (Between("participants", 30, 30), True), (Between("participants", 31), False), (Between("participants", None, 29), False),
    (AtLeast("participants", "women"), True), (AtLeast("women", "participants"), False), (AtLeast("women", "children"), False),
    (HasRow("measures", "unit", ("棵", "株")), True), (HasRow("measures", "unit", ("米",)), False),
    (OfLevel(Level.VILLAGE), True), (OfLevel(Level.TOWNSHIP), False),
    (AnyOf((Is("category", "law"), Filled("women"))), True), (AnyOf((Is("category", "law"), Filled("place"))), False),
]


@pytest.mark.parametrize(("condition", "holds"), CONDITIONS, ids=str)
def test_a_condition_holds_as_declared(office: Office, held: str, condition: Condition, holds: bool) -> None:
    one = Indicator("x", "甲", 5, "activity", "场", where=(condition,))
    assert [group.ids for group in groups(office.workspace.db, [one], VILLAGE, YEAR, TODAY)] == ([held] if holds else [])


@pytest.mark.parametrize(("birth", "counts"), [("1990-12-31", False), ("1991-01-01", True), ("1991-06-01", True)])
def test_at_most_35_years_old_is_reckoned_on_the_day_that_is_looked_at(
    tmp_path: Path, birth: str, counts: bool
) -> None:
    with a_village(tmp_path / "village") as office:
        add_record(office, "post_holder", {"name": "王芳", "post": "执委", "date_from": "2021-06-01", "birth_date": birth})
        one = Indicator("x", "甲", 1, "post_holder", "人", Records(), Standing("date_from"), (NotOlder("birth_date", 35),))
        found = list(groups(office.workspace.db, [one], VILLAGE, YEAR, TODAY))
        assert [group.value for group in found] == ([1] if counts else [])


def test_without_ids_figures_are_the_same(office: Office, held: str) -> None:
    one = Indicator("x", "甲", 5, "activity", "场", Records(), Dated("date_to", "date_precision"))
    named, bare = (list(groups(office.workspace.db, [one], VILLAGE, YEAR, TODAY, ids=ids)) for ids in (True, False))
    assert [group._replace(ids="") for group in named] == bare
    assert [group.ids for group in named] == [held]

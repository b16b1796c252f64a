"""Lines of a merge: one a unit, problems first, sums that add up; a merge taken back as one; its report on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.builders import SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import a_country, a_county, digest, whole_database
from tests.printing.helpers import text_of

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.services import rights
from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.exchanging import export_package, merge_packages
from fulian_desktop.services.receiving import (
    ATTENTION,
    COUNTS,
    ORDER,
    WORDS,
    Received,
    add_up,
    look,
    merge,
    past_imports,
    plan_lines,
    print_report,
    undo_merge,
)
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.unprintable import Unprintable
from fulian_desktop.store import queries


@pytest.fixture
def two(tmp_path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        yield country


def a_package(state: str = "merged", unit: str = VILLAGE, file: str = "a.flpkg", **more: Any) -> dict[str, Any]:
    """A package of a merge's report."""
    return {"file": file, "package": file, "unit": unit, "state": state, "reason": "", "problems": [], **dict.fromkeys(COUNTS, 0),
            **more}


@pytest.mark.parametrize(
    ("package", "state"),
    [
        (a_package(added=1), "mergeable"),
        (a_package(changed=1, unchanged=5), "mergeable"),
        (a_package(added=3, conflicts=1, refused=1, waiting=1), "conflicts"),
        (a_package(added=3, refused=1), "refused"),
        (a_package("waiting", waiting=2), "waiting"),
        (a_package("waiting"), "waiting"),
        (a_package("fork", added=2), "fork"),
        (a_package("unchanged", unchanged=4), "unchanged"),
        (a_package("merged", unchanged=4), "unchanged"),
        (a_package("merged"), "receipt"),
        (a_package("damaged", reason="坏了"), "damaged"),
        (a_package("not-for-us", reason="不是"), "not-for-us"),
    ],
)
def test_a_line_says_the_worst_that_there_is(package, state):
    (line,) = plan_lines([package], {VILLAGE: "柳树湾村"})
    assert line.state == state
    assert line.name == "柳树湾村"


def test_packages_of_a_unit_are_one_line_a_refused_file_is_its_own_and_problems_come_first():
    lines = plan_lines([
        a_package("unchanged", file="1", unchanged=3), a_package(file="2", added=2),
        a_package("damaged", file="3", reason="坏了"),
        a_package("damaged", unit="", file="4", reason="坏了"), a_package(unit=SIBLING, file="5", added=1, conflicts=1),
    ], {VILLAGE: "柳树湾村", SIBLING: "杏花村"})
    assert [(line.name, line.state, line.files) for line in lines] == [
        ("杏花村", "conflicts", ("5",)), ("4", "damaged", ("4",)), ("柳树湾村", "damaged", ("3",)),
        ("柳树湾村", "mergeable", ("1", "2")),
    ]
    assert add_up(lines) == {"in": 7, "added": 3, "changed": 0, "unchanged": 3, "conflicts": 1, "refused": 0, "waiting": 0}
    assert [line.may_be_chosen for line in lines] == [True, False, False, True]


def test_on_a_stick_that_villages_share_what_is_for_others_comes_last_and_is_no_trouble():
    ours, theirs = a_package(added=2), a_package("not-for-us", unit=SIBLING, file="b.flpkg", reason="不是给本单位的。")
    lines = plan_lines([theirs, ours], {})
    assert [(line.state, line.may_be_chosen) for line in lines] == [("mergeable", True), ("others", False)]
    assert "others" not in ATTENTION
    assert [line.state for line in plan_lines([theirs], {})] == ["not-for-us"]


def test_every_state_of_a_package_has_its_place_in_the_order():
    for state in ("damaged", "unknown-signer", "revoked", "not-for-us", "out-of-scope", "too-new"):
        assert plan_lines([a_package(state)], {})[0].state in ORDER
    assert list(WORDS) == list(COUNTS)


def test_looking_writes_nothing_and_says_what_the_merge_then_does(two):
    town, stick = two[TOWN], two.stick()
    for unit in (VILLAGE, SIBLING):
        added(two[unit], "activity", title=unit)
        export_package(two[unit], "up", stick)
    before = whole_database(town)
    looked = look(town, [stick])
    assert whole_database(town) == before
    merged = merge(town, looked.files_of(looked.lines))
    assert merged.counts == looked.counts
    assert len(merged.packages) == 2
    assert digest(town, VILLAGE) == digest(two[VILLAGE], VILLAGE)


def test_files_of_one_name_in_two_folders_are_both_taken(two):
    village, stick = two[VILLAGE], two.stick()
    (stick / "a").mkdir()
    (stick / "b").mkdir()
    added(village, "activity", title="一")
    (first,) = export_package(village, "up", stick / "a")
    added(village, "activity", title="二")
    (second,) = export_package(village, "up", stick / "b")
    Path(second["file"]).rename(stick / "b" / Path(first["file"]).name)
    looked = look(two[TOWN], [stick])
    assert len(looked.files_of(looked.lines)) == 2
    merge(two[TOWN], looked.files_of(looked.lines))
    assert digest(two[TOWN], VILLAGE) == digest(village, VILLAGE)


@pytest.mark.parametrize("at", range(1, 9))
def test_a_merge_cancelled_at_any_step_leaves_everything_as_it_was(two, at):
    town, stick = two[TOWN], two.stick()
    for unit in (VILLAGE, SIBLING):
        added(two[unit], "activity", title=unit)
        export_package(two[unit], "up", stick)
    before, told = whole_database(town), []
    progress = Progress(lambda *step: told.append(step), lambda: len(told) >= at)
    try:
        merge(town, [stick], progress)
    except Cancelled:
        assert whole_database(town) == before
    else:
        assert {what for _, _, what in told[at:]} <= {"整理查找目录"}, "only what is saved can no longer be cancelled"
        assert digest(town, VILLAGE) == digest(two[VILLAGE], VILLAGE)


def test_a_merge_is_taken_back_as_one_and_only_it(two):
    town = two[TOWN]
    added(two[VILLAGE], "activity", title="早先的")
    two.carry(two[VILLAGE], town)
    before = digest(town)
    stick = two.stick()
    for unit in (VILLAGE, SIBLING):
        added(two[unit], "activity", title=unit)
        export_package(two[unit], "up", stick)
    merged = merge(town, [stick])
    undone = undo_merge(town, merged.packages)
    assert undone == {"packages": 2, "records": 2, "forwarded": []}
    assert digest(town) == before
    with pytest.raises(InputProblem, match="已经撤销过"):
        undo_merge(town, merged.packages)
    with pytest.raises(NotFound):
        undo_merge(town, ["f" * 32])
    again = merge(town, [stick])
    assert set(again.packages) == set(merged.packages), "the same packages bring it back"
    assert digest(town, SIBLING) == digest(two[SIBLING], SIBLING)


def test_an_undo_names_those_who_were_told_already(two):
    county = a_county(two)
    added(two[VILLAGE], "activity")
    merged = merge(two[TOWN], [two.packed(two[VILLAGE], TOWN)])
    two.packed(two[TOWN], county.unit)
    assert undo_merge(two[TOWN], merged.packages)["forwarded"] == ["榆次区"]


def test_past_imports_are_those_that_brought_something(two):
    village, town = two[VILLAGE], two[TOWN]
    count = len(past_imports(town))
    record = added(village, "activity").id
    two.carry(village, town)
    two.carry(village, town)
    assert len(past_imports(town)) == count + 1
    edit_record(village, record, {"title": "改过"})
    two.carry(village, town)
    latest = past_imports(town)[0]
    assert (latest.name, latest.state, latest.counts["changed"], latest.undone_at) == ("柳树湾村", "mergeable", 1, None)
    undo_merge(town, [latest.package])
    assert past_imports(town)[0].undone_at is not None


def test_a_report_goes_on_paper(two, tmp_path):
    added(two[VILLAGE], "activity")
    merge_packages(two[TOWN], [two.packed(two[SIBLING], TOWN)])
    looked = look(two[TOWN], [two.packed(two[VILLAGE], TOWN)])
    states = dict.fromkeys(ORDER, "可合并")
    written = tmp_path / "r.pdf"
    print_report(two[TOWN], looked, written, states=states, done=False)
    assert written.read_bytes().startswith(b"%PDF")


def test_a_merge_report_names_the_unit_and_what_lies_in_no_record_and_may_be_had_in_words(two, tmp_path):
    town = two[TOWN]
    unit = add_unit(town, SIBLING, "杏花\U0001f339村")
    received = Received(plan_lines([
        a_package(unit=SIBLING, file="1", added=1), a_package(unit=SIBLING, file="2", state="damaged", reason="坏了"),
        a_package("damaged", unit="", file="照片\U0001f4f7.flpkg", reason="坏了"),
    ], town.workspace.unit_names()))
    states = dict.fromkeys(ORDER, "可合并")
    with pytest.raises(Unprintable) as refused:
        print_report(town, received, tmp_path / "r.pdf", states=states, done=True)
    assert [(one.label, one.name, one.record) for one in refused.value.culprits] == [
        ("单位名称", "杏花〔表情〕村", unit), ("文件", "照片〔表情〕.flpkg", ""),
    ]
    assert (refused.value.count, (tmp_path / "r.pdf").exists()) == (2, False)
    with (tmp_path / "r.pdf").open("wb") as file:
        refused.value.spelled(file)
    assert "杏花〔表情〕村" in "".join(text_of((tmp_path / "r.pdf").read_bytes(), tmp_path).split())
    edit_record(town, unit, {"name": "杏花村"})
    with pytest.raises(Unprintable) as refused:
        print_report(town, received, tmp_path / "r.pdf", states=states, done=True)
    assert [one.label for one in refused.value.culprits] == ["文件"], "the unit is put right"
def test_what_came_for_the_rights_room_alone_is_news_that_can_be_merged_and_taken_back(two):
    village, town = two[VILLAGE], two[TOWN]
    rights.create_room(town, "second-of-town")
    two.carry(town, village)
    rights.create_room(village, "second-of-village")
    added(village.room, "rights_case", appeal="要求离婚", date="2026-03-02")
    (written,) = export_package(village, "up", two.stick(), rights=True)
    stick = Path(written["file"]).parent
    (line,) = look(town, [stick]).lines
    assert line.may_be_chosen
    assert line.total == 0
    assert line.reason == "有 1 条加密的维权变更，只有档案室打得开"
    done = merge(town, [Path(written["file"])])
    assert [row.flat["appeal"] for row in queries.list_rows(town.room.workspace.db, kind_of("rights_case"))] == ["要求离婚"]
    assert past_imports(town)[0].package == written["package"]
    undo_merge(town, done.packages)
    assert list(queries.list_rows(town.room.workspace.db, kind_of("rights_case"))) == []

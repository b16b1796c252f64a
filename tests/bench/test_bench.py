"""The bench runs each case on a small scale, and a quick wrong result is no result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools.bench import doubles, merging, printing, raw, reporting, saving, searching, starting, township
from tools.bench.harness import Case, WrongResult, in_turn, line, percentile, ratio, write_json

from fulian_desktop.store import queries

SMALL = township.Scale(villages=2, records=60, edited=20, shared=8)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> township.Made:
    return township.make(tmp_path_factory.mktemp("bench"), SMALL)


def names(cases: list[Case]) -> list[str]:
    return [case.name for case in cases]


def test_merging_is_measured_against_raw_inserts_and_upserts(made, tmp_path):
    cases, merged = merging.new_records(made, tmp_path, rounds=2)
    assert names(cases) == [
        "merge_vs_raw", "merge_indexed_vs_raw", "merge_vs_lean_raw", "merge_vs_sqlite_utils", "merge_vs_lean_sqlite_utils",
        "backup_s",
    ]
    assert merged > 0
    assert all(case.value > 0 for case in cases)


def test_edits_are_measured_and_make_exactly_the_conflicts_they_should(made, tmp_path):
    assert township.conflicting(SMALL) == 8
    cases = merging.edits(made, tmp_path, rounds=1)
    assert names(cases) == ["edits_vs_raw_update", "edits_vs_lean_update"]


def test_saves_are_measured_against_bare_inserts(made, tmp_path):
    assert names(saving.measure(made, tmp_path, saves=5)) == ["save_p50", "save_p99", "save_longest"]


def test_searches_and_pages_are_measured(tmp_path):
    cases = searching.measure(tmp_path, count=300, queries_each=10)
    assert {"search_two_chars_p99_ms", "search_initials_p99_ms", "search_index_mb", "page_ms"} <= set(names(cases))
    folder = searching.make(tmp_path, 300)
    before = folder.stat().st_mtime_ns
    assert searching.make(tmp_path, 300) == folder
    assert folder.stat().st_mtime_ns == before  # what is made is kept


def test_certificates_are_measured_against_a_bare_canvas():
    assert names(printing.measure(pages=3, rounds=1)) == ["certificates_vs_bare"]


def test_suggestions_of_duplicates_are_held_against_doubles_that_were_made(tmp_path):
    cases = doubles.measure(tmp_path, villages=8, households=50, towns=("a small town",))
    assert names(cases) == [
        "duplicates_person_recall", "duplicates_person_precision", "duplicates_family_recall", "duplicates_family_precision",
        "duplicates_s",
    ]
    assert all(0.85 <= case.value <= 1 for case in cases[:4])


def test_the_doubles_are_the_same_every_time_and_made_without_the_program():
    first, second = (doubles.Population("a town", ["140702101201", "140702101202"], 20) for _ in range(2))
    assert first.typed(first.people) == second.typed(second.people)
    imported = {line.split()[1] for line in Path(doubles.__file__).read_text("utf-8").splitlines() if line.startswith("from ")}
    assert not {name for name in imported if name.startswith("fulian_desktop")}


def test_the_yearly_report_is_measured_in_a_program_that_runs_and_with_its_start(made, tmp_path):
    assert names(reporting.measure(made, tmp_path, rounds=1)) == [
        "report_first_s", "report_again_s", "report_command_first_s", "report_command_again_s",
    ]


def test_the_start_is_measured_with_a_cold_process(made):
    assert names(starting.measure(made, runs=1)) == ["start_s"]


def test_the_same_seed_makes_the_same_people():
    assert township.People("a", township.TOWN).values("family", []) == township.People("a", township.TOWN).values("family", [])


def test_a_merge_that_loses_a_record_is_noticed(made, tmp_path):
    (tmp_path / "packages").mkdir()
    first = min(made.packages.glob("*.flpkg"))
    (tmp_path / "packages" / first.name).write_bytes(first.read_bytes())
    with township.open_copy(made.empty, tmp_path / "copy") as office:
        plan = merging.merge(office, tmp_path / "packages")
        with pytest.raises(WrongResult, match="in is 60, should be 120"):
            merging.check_merge("merge", plan, {"in": 120, "added": 120})


def test_a_damaged_package_is_noticed(made, tmp_path):
    (tmp_path / "packages").mkdir()
    first = min(made.packages.glob("*.flpkg"))
    data = bytearray(first.read_bytes())
    data[-1] ^= 1
    (tmp_path / "packages" / first.name).write_bytes(data)
    with township.open_copy(made.empty, tmp_path / "copy") as office:
        plan = merging.merge(office, tmp_path / "packages")
        with pytest.raises(WrongResult, match="should be 'merged'"):
            merging.check_merge("merge", plan, {"in": 60, "added": 60})


def test_rows_that_a_comparator_leaves_out_are_noticed(made, tmp_path):
    with township.open_copy(made.merged, tmp_path / "copy") as office:
        rows = raw.fetch_rows(office.workspace.db)
    db = raw.new_database(tmp_path / "raw")
    raw.insert_all(db, {**rows, "family": rows["family"][1:]})
    with pytest.raises(WrongResult, match="rows of family"):
        raw.check_counts("raw", db, rows)
    db.close()


def test_a_search_that_misses_a_row_is_noticed(tmp_path, monkeypatch):
    searching.make(tmp_path, 300)
    whole = queries.list_rows
    monkeypatch.setattr(searching, "list_rows", lambda *args, **options: list(whole(*args, **options))[1:])
    with pytest.raises(WrongResult, match="rows for"):
        searching.measure(tmp_path, count=300, queries_each=10)


def test_a_ratio_is_the_median_of_the_rounds_own_ratios():
    assert ratio([1, 20, 3], [2, 10, 3]) == 1
    with pytest.raises(ValueError, match="longer"):
        ratio([1], [1, 2])


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 50), (0.99, 99), (1.0, 100), (0.001, 1)])
def test_a_percentile_is_one_of_the_samples(share, wanted):
    assert percentile([float(n) for n in range(100, 0, -1)], share) == wanted


def test_rounds_take_turns_in_changing_order():
    order: list[str] = []
    timers = {name: lambda name=name: order.append(name) or 1.0 for name in "ab"}
    assert in_turn(timers, 3) == {"a": [1.0] * 3, "b": [1.0] * 3}
    assert "".join(order) == "abbaab"


@pytest.mark.parametrize(
    ("case", "held", "shown"),
    [
        (Case("x", 0.5, 0.35, 0.6), True, "yes"),
        (Case("x", 0.3, 0.35, 0.6), False, "NO"),
        (Case("x", 6.5, 6, at_least=False), False, "NO"),
        (Case("x", 5.5, 6, at_least=False), True, "yes"),
        (Case("x", None, 5, note="left out: no node here"), None, "left out"),
        (Case("x", 1.2, unit="s"), None, "1.20 s"),
    ],
)
def test_a_limit_is_held_or_it_is_said_that_it_is_not(case, held, shown, tmp_path):
    assert case.held is held
    assert shown in line(case)
    write_json(tmp_path / "bench.json", [case], {"cores": 2})
    assert json.loads((tmp_path / "bench.json").read_text("utf-8"))["cases"][0]["held"] is held

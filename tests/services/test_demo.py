"""The whole story on made-up data: what it proves, what it leaves, and that its proofs can fail."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fulian_desktop.domain.checks import check_record
from fulian_desktop.domain.committees import check_committee, committee_of
from fulian_desktop.domain.default_scheme import default_scheme
from fulian_desktop.domain.id_numbers import check_id_number
from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.domain.units import level_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.services import demo, exchanging, reports, rights, sheets, upkeep
from fulian_desktop.services.assessment import load_board
from fulian_desktop.services.demo_data import MIXED, NIGHT_SCHOOL, TOWNSHIP, VOLUNTEERS, Inventor, Village, village_name
from fulian_desktop.services.demo_year import village_of
from fulian_desktop.services.listing import list_records
from fulian_desktop.services.lookups import other_record_problems
from fulian_desktop.services.office import open_office
from fulian_desktop.services.yearly import yearly_values
from fulian_desktop.store import queries

VILLAGES, RECORDS = 2, 40
CAMPAIGNS = {"most_beautiful_family": "a" * 32, "beautiful_courtyard": "b" * 32}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A demo of two villages, played once for all tests that only look."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo.run_demo(folder, villages=VILLAGES, records=RECORDS)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The township of a demo that has room for the whole year of its villages."""
    folder = tmp_path_factory.mktemp("year")
    with pytest.MonkeyPatch.context() as patch:
        demo.run_demo(folder, villages=3, records=160)
        patch.setenv("FULIAN_DATA", str(folder / ".data"))
        with open_office(folder / "township", demo.PASSPHRASE) as office:
            yield office


@pytest.fixture
def township(played: tuple[Path, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The township that the demo left, opened with the passphrase that its README names."""
    folder, _ = played
    monkeypatch.setenv("FULIAN_DATA", str(folder / ".data"))
    passphrase = re.search(r"口令都是：(\S+)", (folder / "README.txt").read_text("utf-8-sig"))
    assert passphrase is not None
    with open_office(folder / "township", passphrase[1]) as office:
        yield office


def test_every_figure_of_the_story_adds_up(played: tuple[Path, dict[str, Any]]) -> None:
    _, result = played
    first, second = result["merges"]
    entered = VILLAGES * RECORDS
    assert (result["villages"], result["records"]) == (VILLAGES, entered)
    assert first["added"] == entered
    assert second["conflicts"] == result["conflicts_made"] == result["conflicts_found"] == VILLAGES * RECORDS // 20
    assert second["changed"] == VILLAGES * RECORDS // 5 - second["conflicts"]
    for total in (first, second):
        assert total["in"] == sum(count for name, count in total.items() if name != "in")
    json.dumps(result)


def test_the_township_that_it_leaves_opens_and_has_the_digest_that_was_told(
    played: tuple[Path, dict[str, Any]], township: Any,
) -> None:
    checked = upkeep.check(township)
    assert checked["ok"]
    assert checked["digest"] == played[1]["digest"]
    assert not township.is_copy


def test_each_village_holds_what_the_township_holds_of_it_and_nothing_of_the_others(
    played: tuple[Path, dict[str, Any]], township: Any,
) -> None:
    codes = [village_name(number)[0] for number in range(VILLAGES)]
    for code in codes:
        with open_office(played[0] / "villages" / code, demo.PASSPHRASE) as village:
            lines = demo.unit_lines(village, code)
            assert lines.count(b"\n") == RECORDS
            assert lines == demo.unit_lines(township, code)
            issued = demo.unit_lines(village, TOWNSHIP).splitlines()
            assert {b"campaign", b"scheme", b"issued_field"} <= {json.loads(line)[1].encode() for line in issued}
            assert set(issued) <= set(demo.unit_lines(township, TOWNSHIP).splitlines())
            assert all(kind_of(json.loads(line)[1]).cls == "published" for line in issued)
            assert [demo.unit_lines(village, other) for other in codes if other != code] == [b""] * (VILLAGES - 1)
            assert upkeep.check(village, unit=code)["digest"] == hashlib.sha256(lines).hexdigest()


def test_no_record_of_the_demo_is_doubtful_but_one_that_is_left_to_be_completed(year: Any) -> None:
    doubts = [
        (row.unit, row.flat.get("title"), problem.code)
        for kind in all_kinds() for row in queries.list_rows(year.workspace.db, kind)
        for problem in (
            *check_record(year.kinds.of(kind.code), row.flat), *other_record_problems(year, kind, row.flat, row.id, row.unit),
        )
    ]
    assert doubts == [(village_name(1)[0], "重阳节茶话会", "missing")]


def test_every_file_that_is_named_exists_and_all_sorts_are_there(played: tuple[Path, dict[str, Any]]) -> None:
    folder, result = played
    assert all((folder / name).stat().st_size > 0 for name in result["files"])
    assert len(set(result["files"])) == len(result["files"])
    tops = {name.partition("/")[0] for name in result["files"]}
    assert tops == {"README.txt", "paper", "sheets", "sticks", "township", "villages"}
    assert sum(name.startswith("paper/honor-roll") for name in result["files"]) >= 1
    assert sum(name.startswith("paper/certificates") for name in result["files"]) >= 1
    assert {f"paper/{name}" for name in (*demo._PAPERS, "womens-home.pdf", "rights.pdf")} <= set(result["files"])
    assert {f"sheets/{name}.xlsx" for name in (*reports.REPORTS, "family")} <= set(result["files"])
    assert sum("-up-" in name for name in result["files"]) == 2 * VILLAGES + 1  # and the cases of one village
    assert sum("-down-" in name for name in result["files"]) == 2 * VILLAGES


def test_the_same_numbers_give_the_same_records_on_every_run(tmp_path: Path) -> None:
    runs = [demo.run_demo(tmp_path / name, villages=1, records=20) for name in ("first", "second")]
    assert runs[0]["digest"] == runs[1]["digest"]
    assert [run["merges"] for run in runs] == [runs[0]["merges"]] * 2


@pytest.mark.parametrize("before", [None, "/somewhere/else"])
def test_the_users_own_data_folder_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str | None) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "data"))
    if before is None:
        monkeypatch.delenv("FULIAN_DATA", raising=False)
    else:
        monkeypatch.setenv("FULIAN_DATA", before)
    seen: list[str | None] = []
    with pytest.raises(Cancelled):
        demo.run_demo(tmp_path / "demo", villages=1, records=20, progress=_stopping_at(5, seen))
    assert set(seen) == {str(tmp_path / "demo" / ".data")}
    assert os.environ.get("FULIAN_DATA") == before
    assert not (tmp_path / "home").exists()


def _stopping_at(step: int, seen: list[str | None]) -> Progress:
    def cancelled() -> bool:
        seen.append(os.environ.get("FULIAN_DATA"))
        return len(seen) > step

    return Progress(cancelled=cancelled)


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("keep me")
    with pytest.raises(InputProblem) as refused:
        demo.run_demo(tmp_path, villages=1, records=20)
    assert refused.value.code == "folder-in-use"
    assert [p.name for p in tmp_path.iterdir()] == ["letters.txt"]


def test_what_an_earlier_demo_left_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / demo.MARK).write_text("")
    (folder / "paper").mkdir()
    (folder / "paper" / "old.pdf").write_text("old")
    with pytest.raises(Cancelled):
        demo.run_demo(folder, villages=1, records=20, progress=_stopping_at(0, []))
    assert [p.name for p in folder.iterdir()] == [demo.MARK]


@pytest.mark.parametrize(("villages", "records"), [(0, 60), (201, 60), (1, 19)])
def test_numbers_out_of_reach_are_refused_before_anything_is_written(tmp_path: Path, villages: int, records: int) -> None:
    with pytest.raises(InputProblem) as refused:
        demo.run_demo(tmp_path / "demo", villages=villages, records=records)
    assert refused.value.code == "demo-size"
    assert not (tmp_path / "demo").exists()


# --- a year in every kind ----------------------------------------------------------------------------------


def test_the_township_and_its_villages_have_a_year_in_every_kind(year: Any) -> None:
    of = {kind.code: [row.unit for row in queries.list_rows(year.workspace.db, kind)] for kind in all_kinds()}
    assert [code for code, units in of.items() if not units] == []
    villages = {village_name(number)[0] for number in range(3)}
    for code in ("unit_profile", "post_holder", "organisation", "site", "team", "honor", "publicity", "issue", "pairing", "visit",
                 "donation", "loan", "aid", "activity", "score"):
        assert villages <= set(of[code]), code


def test_in_a_small_demo_each_kind_comes_once_before_any_comes_twice() -> None:
    village = village_of(Inventor(4), 34, CAMPAIGNS, "c" * 32)
    further = {kind: len(entries) for kind, entries in village.records.items() if kind not in MIXED}
    assert sum(len(entries) for entries in village.records.values()) == 34
    assert len(further) >= 11
    assert set(further.values()) <= {1, 2}


@pytest.mark.parametrize("records", [20, 21, 60, 100, 119, 120, 150, 400])
def test_a_village_has_as_many_records_as_were_asked_for_whatever_fits(records: int) -> None:
    village = village_of(Inventor(3), records, CAMPAIGNS, "c" * 32)
    ids = [entry.id for entries in village.records.values() for entry in entries]
    assert len(ids) == len(set(ids)) == records
    items = len(default_scheme(demo.YEAR, "")["items"])
    assert len(village.records.get("score", [])) in (0, 2 * items + 1)


def test_the_year_before_stands_beside_the_year_in_every_system_that_happens(year: Any) -> None:
    values = yearly_values(year, demo.YEAR)
    told = {one["indicator"]: (one["value"], one["before"]) for one in values["lines"] if one["category"] is None}
    for code in ("sessions", "participants", "trained", "families_honored", "honors", "aid_people", "aid_money", "donations",
                 "pairs", "pairing_visits", "loans", "visits", "issues", "publicity", "executives",
                 "plan_indicators", "materials"):
        assert all(told[code]), (code, told[code])


def test_most_committees_are_complete_and_one_lacks_executives(year: Any) -> None:
    day = datetime.date(demo.YEAR, 12, 31)
    lacking = {}
    for unit, name in year.workspace.unit_names().items():
        holders = [row.flat for row in queries.list_rows(year.workspace.db, kind_of("post_holder")) if row.unit == unit]
        lacking[unit] = [p.code for p in check_committee(level_of(unit), name, committee_of(holders, day))]
    small = village_name(2)[0]
    assert lacking.pop(small) == ["committee-executives"]
    assert set(map(tuple, lacking.values())) == {()}


def test_every_village_is_scored_at_both_checks_and_ranked(year: Any) -> None:
    board = load_board(year)
    assert [one.rank for one in board.ranking.standings] == [1, 2, 3]
    assert board.scheme.closed["half"]
    totals = [one.checks[check] for one in board.ranking.standings for check in ("half", "year")]
    assert {(total.missing, total.old) for total in totals} == {(0, 0)}


def test_donations_are_spent_on_aid_and_not_twice(year: Any) -> None:
    paid = [row.flat for row in queries.list_rows(year.workspace.db, kind_of("aid")) if row.flat.get("donation")]
    rows = queries.list_rows(year.workspace.db, kind_of("donation"))
    gifts = {row.id: row.flat["amount"] for row in rows if "amount" in row.flat}
    assert len(paid) == 6
    assert all(sum(one["amount"] for one in paid if one["donation"] == gift) <= amount for gift, amount in gifts.items())


def test_a_village_fills_the_field_and_the_category_that_the_township_issued(year: Any) -> None:
    (row,) = list_records(year, "activity", where={"category": NIGHT_SCHOOL})
    assert (row["unit"], row["values"][VOLUNTEERS]) == (village_name(0)[0], 6)


def test_cases_are_read_in_the_rights_room_alone(year: Any) -> None:
    with pytest.raises(InputProblem):
        rights.holder_of_kind(year, "rights_case")
    room = rights.open_room(year, demo.RIGHTS_PASSPHRASE)
    cases = list_records(room, "rights_case")
    assert {case["unit"] for case in cases} == {TOWNSHIP, village_name(0)[0]}
    assert all(check_record(kind_of("rights_case"), case["values"]) == [] for case in cases)
    rights.close_room(year)


# --- the proofs can fail -----------------------------------------------------------------------------------


def _lose_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.add_many

    def add_many(office: Any, kind: str, rows: Any, *, records: Any, **more: Any) -> Any:
        keep = len(rows) - (kind == "aid")
        return real(office, kind, rows[:keep], records=records[:keep], **more)

    monkeypatch.setattr(demo, "add_many", add_many)


def _double_a_record(monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.add_many

    def add_many(office: Any, kind: str, rows: Any, *, records: Any, **more: Any) -> Any:
        again = [row for row in rows[:1] if kind == "family"]
        return real(office, kind, [*rows, *again], records=[*records, *("0" * 32 for _ in again)], **more)

    monkeypatch.setattr(demo, "add_many", add_many)


def _change_the_report(**differ: int) -> Callable[[pytest.MonkeyPatch], None]:
    def sabotage(monkeypatch: pytest.MonkeyPatch) -> None:
        real = exchanging.merge_packages

        def merge(*args: Any, **more: Any) -> dict[str, Any]:
            report = real(*args, **more)
            for name, by in differ.items():
                report["packages"][0][name] += by
            return report

        monkeypatch.setattr(exchanging, "merge_packages", merge)

    return sabotage


def _make_a_conflict_more(monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.edit_many

    def edit_many(office: Any, changes: Any, *, label: str, **more: Any) -> Any:
        if label == "年中更新":  # what the township set the last time is set to something else by the village too
            extra = {record: {**fields, "remarks": "村里写的"} for record, fields in changes.items()}
            return real(office, extra, label=label, **more)
        if label.startswith("核对"):
            extra = {record: {**fields, "remarks": "镇里写的"} for record, fields in changes.items()}
            return real(office, extra, label=label, **more)
        return real(office, changes, label=label, **more)

    monkeypatch.setattr(demo, "edit_many", edit_many)


def _miss_a_conflict(monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo.edit_many

    def edit_many(office: Any, changes: Any, *, label: str, **more: Any) -> Any:
        return [] if label.startswith("核对") else real(office, changes, label=label, **more)

    monkeypatch.setattr(demo, "edit_many", edit_many)


def _miss_a_row_of_the_roster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "export_sheet", lambda *_, **__: {"rows": 0})


def _keep_the_results_from_a_village(monkeypatch: pytest.MonkeyPatch) -> None:
    real = demo._Story.send_down

    def send_down(story: Any, stick: str) -> None:
        if stick != "results":
            real(story, stick)

    monkeypatch.setattr(demo._Story, "send_down", send_down)


@pytest.mark.parametrize(("sabotage", "says"), [
    (_lose_a_record, "records added"),
    (_double_a_record, "records added"),
    (_change_the_report(**{"in": 1}), "records in"),
    (_change_the_report(**{"in": 1, "unchanged": 1}), "in in all"),
    (_make_a_conflict_more, "conflicts that were not made"),
    (_miss_a_conflict, "conflicts that were not made, or were missed"),
    (_miss_a_row_of_the_roster, "rows of"),
    (_keep_the_results_from_a_village, "digest of what the villages hold"),
], ids=["lost", "doubled", "sum", "total", "conflict-more", "conflict-less", "roster", "village-differs"])
def test_what_does_not_add_up_stops_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sabotage: Callable[[pytest.MonkeyPatch], None], says: str,
) -> None:
    sabotage(monkeypatch)
    with pytest.raises(demo.ProofFailed, match=re.escape(says)):
        demo.run_demo(tmp_path / "demo", villages=1, records=20)


# --- made-up data ------------------------------------------------------------------------------------------


def _village(number: int, records: int = 300) -> Village:
    return Inventor(number).village(records, CAMPAIGNS)


def test_id_numbers_are_right_are_nobodys_and_never_come_twice() -> None:
    numbers = [
        entry.values.get("head_id_number") or entry.values["id_number"]
        for number in (0, 1, 10, 199) for kind in ("family", "person") for entry in _village(number).records[kind]
    ]
    assert all(check_id_number(number).valid and not check_id_number(number).problems for number in numbers)
    assert all("140790" <= number[:6] <= "140799" for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_telephone_numbers_lie_in_a_range_that_nobody_was_given() -> None:
    phones = [e.values[n] for e in _all(_village(3)) for n in ("phone", "guardian_phone") if n in e.values]
    assert phones
    assert all(re.fullmatch("154[0-9]{8}", phone) for phone in phones)


def _all(village: Village) -> list[Any]:
    return [entry for entries in village.records.values() for entry in entries]


@pytest.mark.parametrize("records", [20, 21, 60, 300])
def test_a_village_has_exactly_the_records_that_were_asked_for_each_with_its_own_id(records: int) -> None:
    entries = _all(_village(5, records))
    assert len(entries) == len({entry.id for entry in entries}) == records


def test_names_that_other_programs_lose_are_nominated_in_the_smallest_demo_too() -> None:
    called = {n.values["called"] for number in range(3) for n in _village(number, 20).records["nomination"]}
    for name in ("王㛃", "李䶮", "张𡛕", "赵𬱖", "买买提·阿不都拉"):
        assert any(text.startswith(name) for text in called), name


def test_villages_have_names_and_codes_of_their_own_under_the_township() -> None:
    villages = [village_name(number) for number in range(200)]
    assert len({code for code, _ in villages}) == len({name for _, name in villages}) == 200
    assert all(code.startswith("140702101") and code[9:] != "000" for code, _ in villages)


def test_second_round_edits_differ_from_what_is_there_and_from_each_other() -> None:
    village = _village(7)
    values = {entry.id: entry.values for entry in _all(village)}
    edits = Inventor(7).edits(village, 60, 15)
    assert len({edit.record for edit in edits}) == 60
    assert sum(edit.township is not None for edit in edits) == 15
    assert all(e.village not in (values[e.record].get(e.name), e.township) for e in edits)
    assert all(e.township != values[e.record].get(e.name) for e in edits if e.township is not None)

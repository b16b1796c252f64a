"""What single saves leave to idle time: seen by everything at once, put away without a change, never lost."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.builders import PASSPHRASE, a_village, added, reopened

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import InputProblem, MachineProblem
from fulian_desktop.ledger.chains import Tip
from fulian_desktop.services.exchanging import cut_tails
from fulian_desktop.services.office import Office, open_office
from fulian_desktop.services.records import acts, edit_record, history, undo_act
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import books, queries
from fulian_desktop.store.log import Log, Placed, RecordKey
from fulian_desktop.store.rebuild import rebuild_view
from fulian_desktop.store.search import pending_numbers
from fulian_desktop.store.vault import OperationalError
from fulian_desktop.store.workspace import Workspace

FAMILY = kind_of("family")


def _count(office: Office, table: str) -> int:
    return int(office.workspace.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _found(office: Office, search: str) -> list[str]:
    return [str(row.flat["head"]) for row in queries.list_rows(office.workspace.db, FAMILY, search=search)]


def _seen(office: Office, record: str) -> dict[str, Any]:
    """All that anybody is told of what was saved."""
    return {
        "found": _found(office, "王"), "initials": _found(office, "wx"), "history": history(office, record),
        "acts": acts(office), "check": check(office), "tips": office.tips(), "uncut": books.uncut_changes(office.workspace.db),
        "streams": office.workspace.log.streams(),
    }


def _three_saves(office: Office) -> str:
    record = added(office, "family", head="王秀英").id
    edit_record(office, record, {"phone": "13800000001"})
    added(office, "family", head="李四")
    return record


def test_a_save_writes_one_row_beside_the_records_own(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        _three_saves(office)
        assert _count(office, "fresh") == 3
        assert [_count(office, table) for table in ("tail", "change", "act", "todo")] == [0, 0, 0, 0]


def test_a_save_writes_five_pages_and_a_few_when_one_is_full(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        wal = tmp_path / "v" / "workspace.db-wal"
        sizes = []
        for i in range(60):
            added(office, "family", head=f"王{i}")
            sizes.append(wal.stat().st_size)
        pages = sorted((after - before) // (4096 + 24) for before, after in pairwise(sizes))
        assert pages[len(pages) // 2] == 5  # its row, by id, by head, as it is counted, and `fresh`
        assert sum(pages) / len(pages) < 6


def test_what_is_fresh_is_seen_as_what_was_put_away(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = _three_saves(office)
        fresh = _seen(office, record)
        assert fresh["found"] == fresh["initials"] == ["王秀英"]
        assert [h["values"].get("phone") for h in fresh["history"]][-1] == "13800000001"
        assert [act["records"] for act in fresh["acts"]] == [1, 1, 1]
        assert fresh["check"]["ok"]
        assert fresh["check"]["changes"] == fresh["uncut"] == next(iter(fresh["tips"].values())) == 3
        office.workspace.put_away()
        assert [_count(office, table) for table in ("fresh", "tail", "change", "act")] == [0, 3, 3, 3]
        assert pending_numbers(office.workspace.db, FAMILY) == [1, 2]
        assert _seen(office, record) == fresh
        added(office, "activity")
        office.workspace.tidy()
        assert office.workspace.log.fresh == 0
        undo_act(office, acts(office)[0]["act"])
        office.workspace.tidy()
        assert pending_numbers(office.workspace.db, FAMILY) == []
        assert _found(office, "王") == fresh["found"]
        edit_record(office, record, {"phone": "13800000002"})
        assert check(reopened(office))["ok"]


def test_what_was_saved_is_there_after_a_kill(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = _three_saves(office)
        fresh = _seen(office, record)
        shutil.copytree(tmp_path / "v", tmp_path / "killed")  # never closed: all of it lies in the -wal
    with Office(Workspace.open_with_key(tmp_path / "killed", office.workspace.key, "王芳")) as killed:
        assert _count(killed, "fresh") == 3
        assert _seen(killed, record) == fresh
        added(killed, "family", head="王五")
        assert check(killed)["ok"]
    with open_office(tmp_path / "killed", PASSPHRASE) as again:
        assert _count(again, "fresh") == 0
        assert _found(again, "王") == ["王秀英", "王五"]
        assert check(again)["ok"]
        assert undo_act(again, acts(again)[0]["act"])["records"] == 1


def test_an_act_that_is_fresh_is_taken_back_once(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family", head="王秀英").id
        edit = edit_record(office, record, {"phone": "13800000001"})
        undone = undo_act(office, edit.act)
        row = queries.find_by_id(office.workspace.db, record)
        assert row is not None
        assert "phone" not in row.flat
        assert {a["act"]: a["undone"] for a in acts(office)}[edit.act] == undone["act"]
        with pytest.raises(InputProblem) as said:
            undo_act(office, edit.act)
        assert said.value.code == "undone"


def test_what_is_fresh_is_cut_with_what_lies_in_the_tail(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        _three_saves(office)
        office.workspace.put_away()
        _three_saves(office)
        assert cut_tails(office) == 6
        assert [_count(office, table) for table in ("fresh", "tail", "change")] == [0, 0, 6]
        assert books.uncut_changes(office.workspace.db) == 0
        _three_saves(office)
        assert check(office)["ok"]
        assert cut_tails(office) == 3
        assert check(office)["problems"] == []


def test_a_log_that_had_it_in_memory_does_not_count_it_twice(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as one:
        record = _three_saves(one)
        plan = Log(one.workspace.db, one.unit)
        with Office(Workspace.open_with_key(tmp_path / "v", one.workspace.key, "李红")) as two:
            two.workspace.tidy()
            key = RecordKey(one.unit, "family", bytes.fromhex(record))
            places = plan.find([key.id])[key.id]
            assert sorted(place.seq for place in places) == [1, 2]
            assert [held.change.values.get("head") for held in plan.held(key, places)] == ["王秀英", None]
            edit_record(one, record, {"phone": "13800000003"})
            edit_record(two, record, {"address": "九组"})
        assert [h["action"] for h in history(one, record)] == ["put"] * 4
        assert check(one)["ok"]


def test_a_fresh_change_is_found_by_its_name(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = _three_saves(office)
        log = office.workspace.log
        (number,) = log.streams().values()
        names = {seq: bytes.fromhex(h["change"]) for seq, h in enumerate(history(office, record), 1)}
        run = next(iter(log.chain(number).runs))
        assert log.locate(set(names.values())) == {name: Placed(run, seq) for seq, name in names.items()}
        assert [log.find_tip(number, Tip(names[seq], seq)) for seq in (1, 2)] == [(run, 1), (run, 2)]


def test_a_view_is_rebuilt_with_what_is_fresh(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = _three_saves(office)
        before = _seen(office, record)
        rebuild_view(office.workspace)
        after = _seen(office, record)
        assert sorted(after.pop("found")) == sorted(before.pop("found"))
        assert after == before


def test_no_more_than_so_many_saves_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fulian_desktop.store.workspace.PENDING", 5)
    with a_village(tmp_path / "v") as office:
        waiting = []
        for i in range(8):
            added(office, "family", head=f"王{i}")
            waiting.append(len(pending_numbers(office.workspace.db, FAMILY)))
        assert waiting == [1, 2, 3, 4, 5, 0, 1, 2]
        assert len(_found(office, "王")) == 8
        assert check(office)["ok"]


def test_putting_away_that_fails_leaves_all_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OperationalError("database or disk is full")

    with a_village(tmp_path / "v") as office:
        record = _three_saves(office)
        fresh = _seen(office, record)
        with monkeypatch.context() as patch:
            patch.setattr("fulian_desktop.store.fresh.mark_todo", full)  # when the log and the acts are written
            with pytest.raises(MachineProblem):
                office.workspace.put_away()
            with pytest.raises(MachineProblem, match="都已保存"):
                office.workspace.tidy()
        assert _count(office, "fresh") == 3
        assert _seen(office, record) == fresh
        added(office, "family", head="王五")
        assert check(office)["ok"]

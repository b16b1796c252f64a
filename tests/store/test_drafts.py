"""Drafts: what was typed, before it is a record."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.builders import a_family, a_village, added, reopened

from fulian_desktop.errors import InputProblem
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.services.upkeep import check
from fulian_desktop.store.drafts import drafts, drop_draft, save_draft
from fulian_desktop.store.workspace import Workspace

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
from fulian_desktop.store.drafts import save_draft
from fulian_desktop.store.workspace import Workspace
workspace = Workspace.open_with_key(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), "王桂芳")
save_draft(workspace, "form-1", "family", {"head": "王秀", "address": "半句话，𡛕"})
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_draft_survives_a_kill(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        key = office.workspace.key
    arguments = [sys.executable, "-c", KILLED, str(tmp_path / "v"), key.hex()]
    assert subprocess.run(arguments, env={"PYTHONPATH": str(ROOT / "src")}, check=False).returncode == -9
    with Workspace.open_with_key(tmp_path / "v", key, "王桂芳") as workspace:
        (draft,) = drafts(workspace)
        assert draft["entries"] == {"head": "王秀", "address": "半句话，𡛕"}
        assert (draft["id"], draft["kind"], draft["record"]) == ("form-1", "family", None)


def test_a_draft_is_replaced_by_what_is_typed_next_and_the_latest_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_village(tmp_path / "v") as office:
        for minute, (name, head) in enumerate([("a", "王"), ("b", "李"), ("a", "王秀"), ("c", "赵"), ("a", "王秀英")]):
            monkeypatch.setenv("FULIAN_CLOCK", f"2026-03-08T10:{minute:02}:00+08:00")
            save_draft(office.workspace, name, "family", {"head": head})
        assert [(d["id"], d["entries"]["head"]) for d in drafts(office.workspace)] == [("a", "王秀英"), ("c", "赵"), ("b", "李")]


def test_a_draft_goes_with_the_save_of_its_record_and_only_with_it(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        save_draft(office.workspace, "new", "family", a_family())
        save_draft(office.workspace, "other", "family", {"head": "别的"})
        with pytest.raises(InputProblem):
            add_record(office, "family", {"address": "没有户主"}, draft="new")
        assert {d["id"] for d in drafts(office.workspace)} == {"new", "other"}
        record = add_record(office, "family", a_family(), draft="new").id
        assert [d["id"] for d in drafts(office.workspace)] == ["other"]
        save_draft(office.workspace, "edit", "family", {"size": "4"}, record)
        edit_record(office, record, {"size": "4"}, draft="edit")
        assert [d["id"] for d in drafts(office.workspace)] == ["other"]


def test_drafts_lie_outside_the_ledger(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        added(office, "family")
        before = check(office)
        save_draft(office.workspace, "a", "family", {"head": "王"})
        assert check(office) == before
        assert len(drafts(reopened(office).workspace)) == 1


def test_what_was_typed_is_kept_byte_for_byte(tmp_path: Path) -> None:
    odd = {
        "head": "'; DROP TABLE draft; --",
        "remarks": '一行\n二行\t"引号" \\ 𬱖\u200b',
        "members": [{"name": "李", "row": "0" * 12}],
        "size": None,
    }
    with a_village(tmp_path / "v") as office:
        save_draft(office.workspace, "a", "family", odd)
        assert drafts(office.workspace)[0]["entries"] == odd
        with office.workspace.transaction():
            drop_draft(office.workspace, "a")
        assert drafts(office.workspace) == []

"""The main job from end to end through the command line: a village and its township, from the first start on."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.builders import NAMES, PASSPHRASE, SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import COUNTS
from tests.e2e.fixtures import Fulian

from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.exchanging import export_package, merge_packages, roll_call

NOTHING = dict.fromkeys(("in", *COUNTS), 0)


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    stick = tmp_path / "stick"
    stick.mkdir()
    return tmp_path / "town", tmp_path / "village", stick


def _enrolled(fulian: Fulian, town: Path, village: Path, stick: Path) -> str:
    """Everything up to the approved request; returns the township's campaign."""
    fulian("init", town, "--unit", TOWN, "--unit-name", "清溪镇", "--person", "李红")
    fulian("units", town, "add", VILLAGE, NAMES[VILLAGE])
    campaign = fulian("add", town, "campaign", "title=2024年最美家庭", "honor=最美家庭", "year=2024", "public_days=5")["id"]
    invited = fulian("invite", town, "-o", stick / "invitation.flpkg")
    joined = fulian("join", village, stick / "invitation.flpkg", "--unit", VILLAGE, "--person", "王桂芳")
    assert joined["fingerprint"] == invited["fingerprint"]
    assert joined["unit_name"] == NAMES[VILLAGE]
    assert joined["parent"] == TOWN
    return str(campaign)


def test_a_village_reports_and_its_township_merges_settles_approves_and_answers(fulian, places):
    town, village, stick = places
    campaign = _enrolled(fulian, town, village, stick)

    # the village has what the township issued, enters its own, and asks to be let in, its first package beside it
    assert [r["id"] for r in fulian("list", village, "campaign")["records"]] == [campaign]
    family = fulian("add", village, "family", "head=王秀英", "address=3组12号")["id"]
    nomination = fulian(
        "add", village, "nomination", f"campaign={campaign}", f"family={family}", "called=王秀英家庭", "way=自荐"
    )["id"]
    activity = fulian("add", village, "activity", "title=三八节普法宣传", "date=2024-03-08", "participants=40余人")["id"]
    asked = fulian("request", village, "-o", stick / "request.flpkg")
    exported = fulian("export", village, "--to", "up", "-o", stick)
    assert exported["changes"] == 5, "three records, and the township's campaign and unit name: it never said it holds those"

    # the township sees name and fingerprint, approves, and has the first package merged in the same action
    approved = fulian("approve", town, stick / "request.flpkg")
    (line,) = approved["approved"]
    assert (line["state"], line["unit"], line["name"]) == ("approved", VILLAGE, NAMES[VILLAGE])
    assert line["fingerprint"] == asked["fingerprint"]
    assert approved["merge"]["total"]["added"] == 3
    assert fulian("show", town, activity)["values"]["participants"] == 40

    # the same stick again: nothing new
    again = fulian("merge", town, stick)
    assert [p["state"] for p in again["packages"]] == ["unchanged"]
    assert again["total"] == {**NOTHING, "in": 5, "unchanged": 5}

    # both levels change the same field, and different ones
    fulian("edit", village, activity, "place=村委会", "title=三八节普法宣传活动")
    fulian("edit", town, activity, "place=文化广场", "organizer=镇妇联")
    fulian("export", village, "--to", "up", "-o", stick)
    merged = fulian("merge", town, stick)
    assert merged["total"]["conflicts"] == 1
    (conflict,) = fulian("conflicts", town)
    assert (conflict["record"], conflict["field"]) == (activity, "place")
    assert {(v["value"], v["unit"]) for v in conflict["values"]} == {("村委会", VILLAGE), ("文化广场", TOWN)}
    both = fulian("show", town, activity)["values"]
    assert (both["title"], both["organizer"]) == ("三八节普法宣传活动", "镇妇联")
    fulian("settle", town, activity, "place=村委会")
    assert fulian("conflicts", town) == []

    # the township approves, and everything goes back on the same stick
    fulian("edit", town, nomination, "approval_result=通过", "approval_date=2024-05-01")
    assert fulian("show", town, nomination)["stage"] == "approved"
    down = fulian("export", town, "--to", "all-below", "-o", stick)
    assert [p["to"] for p in down["packages"]] == [VILLAGE]
    fulian("merge", village, down["packages"][0]["file"])
    assert fulian("show", village, nomination)["stage"] == "approved"
    assert fulian("show", village, activity)["values"]["place"] == "村委会"
    assert fulian("conflicts", village) == []

    # and both offices have the same records
    here, there = fulian("check", village, "--unit", VILLAGE), fulian("check", town, "--unit", VILLAGE)
    assert here["ok"]
    assert there["ok"]
    assert (here["digest"], here["records"]) == (there["digest"], there["records"])


def test_receipts_let_the_next_package_carry_only_what_is_new(country):
    village, town = country[VILLAGE], country[TOWN]
    for day in range(1, 6):
        added(village, "activity", title=f"活动{day}", date_from=f"2024-05-0{day}")
    (first,) = export_package(village, "up", country.stick())
    (unanswered,) = export_package(village, "up", country.stick())
    assert unanswered["changes"] == first["changes"], "no receipt came: a lost stick costs nothing"
    merge_packages(town, [Path(unanswered["file"])])
    country.carry(town, village)
    assert export_package(village, "up", country.stick())[0]["changes"] == 0
    added(village, "activity", title="活动6", date_from="2024-05-06")
    (answered,) = export_package(village, "up", country.stick())
    assert answered["changes"] == 1
    assert merge_packages(town, [Path(answered["file"])])["total"] == {**NOTHING, "in": 1, "added": 1}
    assert export_package(village, "up", country.stick(), full=True)[0]["changes"] == first["changes"] + 1


def test_a_lost_stick_costs_nothing_because_the_next_package_carries_it_again(country):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity", title="活动一")
    country.packed(village, "up").unlink()
    added(village, "activity", title="活动二")
    assert country.carry(village, town)["total"]["added"] == 2


def test_the_roll_call_shows_who_reported_and_who_did_not(country):
    town = country[TOWN]
    add_unit(town, SIBLING, "杏花村")
    units = {u["unit"]: u for u in roll_call(town)}
    assert units.keys() == {VILLAGE, SIBLING}
    assert (units[VILLAGE]["state"], units[VILLAGE]["days"], units[VILLAGE]["enrolled"]) == ("reported", 0, True)
    assert (units[SIBLING]["state"], units[SIBLING]["days"], units[SIBLING]["enrolled"]) == ("missing", None, False)


def test_the_roll_call_counts_days_by_this_offices_clock(country, monkeypatch):
    later = datetime.datetime.now(tz=datetime.UTC) + datetime.timedelta(days=40)
    monkeypatch.setenv("FULIAN_CLOCK", later.isoformat())
    (line,) = roll_call(country[TOWN])
    assert line["days"] == 40


def test_the_installed_command_runs_by_itself_and_prints_rare_names_wherever_it_is_piped(tmp_path):
    env = {**os.environ, "FULIAN_PASSPHRASE": PASSPHRASE, "PYTHONIOENCODING": "gbk"}  # a pipe on a Chinese Windows
    ws = tmp_path / "town"

    def run(*argv: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "fulian_desktop", *map(str, argv)]
        return subprocess.run(command, env=env, capture_output=True, check=False)

    made = run("init", ws, "--unit", TOWN, "--unit-name", "清溪镇", "--person", "李红", "--json")
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout.decode("utf-8"))["unit_name"] == "清溪镇"
    added = run("add", ws, "family", "head=赵𬱖", "address=3组", "--json")
    record = json.loads(added.stdout)["id"]
    assert json.loads(run("show", ws, record, "--json").stdout.decode("utf-8"))["values"]["head"] == "赵𬱖"
    missing = run("show", ws, "0" * 32)
    assert missing.returncode == 1
    assert missing.stdout == b""
    assert "找不到这条记录" in missing.stderr.decode("utf-8")
    assert run("add", ws).returncode == 2


def test_a_wrong_passphrase_and_a_missing_one_are_refused_with_a_sentence(fulian, tmp_path, monkeypatch):
    ws = tmp_path / "town"
    fulian("init", ws, "--unit", TOWN, "--unit-name", "清溪镇", "--person", "李红")
    monkeypatch.setenv("FULIAN_PASSPHRASE", "nothing like it")
    assert fulian("list", ws, "family", code=1)["error"]["code"] == "wrong-passphrase"
    monkeypatch.delenv("FULIAN_PASSPHRASE")
    assert fulian("list", ws, "family", code=1)["error"]["code"] == "no-passphrase"
    file = tmp_path / "passphrase.txt"
    file.write_text(PASSPHRASE + "\n", "utf-8")
    assert fulian("list", ws, "family", "--passphrase-file", file) == {"records": []}

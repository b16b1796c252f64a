"""Merging is union of sets: order, repetition, gaps, forks and accidents change nothing but what is waiting (DESIGN §4, §8)."""

from __future__ import annotations

import itertools
import shutil

import pytest
from tests.builders import FAR_VILLAGE, NAMES, SIBLING, THIRD, TOWN, VILLAGE, a_township, added, an_office
from tests.e2e.builders import (
    a_campaign,
    a_country,
    a_nomination,
    a_put,
    adds_up,
    all_rows,
    crafted,
    digest,
    shown,
    states,
    whole_database,
)

from fulian_desktop.errors import MachineProblem
from fulian_desktop.merge.apply import StalePlan, apply_merge
from fulian_desktop.merge.plan import plan_merge
from fulian_desktop.progress import Cancelled, Progress
from fulian_desktop.services import exchanging
from fulian_desktop.services.conflicts import conflicts, settle
from fulian_desktop.services.exchanging import export_package, merge_packages
from fulian_desktop.services.office import notice_copy, open_office
from fulian_desktop.services.records import delete_records, edit_record
from fulian_desktop.store import queries

THREE = (VILLAGE, SIBLING, THIRD)


@pytest.fixture
def three(tmp_path):
    with a_country(tmp_path, *THREE) as country:
        yield country


def _a_copy_of_the_township(country, n):
    """The township as it was when its villages were enrolled, in a folder of its own."""
    source, target = country[TOWN].workspace, country.folder / f"town-{n}"
    with source.transaction():
        pass  # nothing is pending in the write-ahead log that the copy would miss
    source.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copytree(source.folder, target)
    return open_office(target, "secret1")


# --- any order, any repetition ---------------------------------------------------------------------------------


def test_packages_in_any_order_give_the_same_township(three):
    campaign = a_campaign(three[TOWN])
    packages = []
    for code in THREE:
        village = three[code]
        three.carry(three[TOWN], village)
        nomination = a_nomination(village, campaign)
        activity = added(village, "activity", participants="40余人").id
        packages.append(three.packed(village, TOWN))
        edit_record(village, activity, {"title": f"{NAMES[code]}的三八节", "participants": "50人"})
        edit_record(village, nomination, {"called": "王秀英、李强家庭"})
        packages.append(three.packed(village, TOWN))
    start = _a_copy_of_the_township(three, "start")
    start.workspace.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    start.close()
    digests = set()
    for n, order in enumerate(_orders(packages)):
        folder = three.folder / f"order{n}"
        shutil.copytree(three.folder / "town-start", folder)
        with open_office(folder, "secret1") as town:
            for package in order:
                report = merge_packages(town, [package])
                assert states(report)[0] in {"merged", "unchanged"}
                assert adds_up(report)
            digests.add(digest(town))
    assert len(digests) == 1


def _orders(packages):
    """All orders of the three villages, first the older of each and then the newer, and the other way round."""
    pairs = [packages[i : i + 2] for i in range(0, len(packages), 2)]
    for n, villages in enumerate(itertools.permutations(pairs)):
        older, newer = [p[0] for p in villages], [p[1] for p in villages]
        yield [*older, *newer] if n % 2 else [*newer, *older]


def test_two_packages_of_one_village_give_the_same_records_in_either_order(three):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity", title="第一次").id
    first = three.packed(village, TOWN)
    edit_record(village, record, {"title": "第二次"})
    second = three.packed(village, TOWN)
    other = _a_copy_of_the_township(three, "other")
    with other:
        assert states(merge_packages(town, [first])) == ["merged"]
        assert states(merge_packages(town, [second])) == ["merged"]
        assert states(merge_packages(other, [second])) == ["merged"]
        older = merge_packages(other, [first])
        assert states(older) == ["unchanged"], "older after newer never rolls back"
        assert older["total"]["unchanged"] == older["total"]["in"]
        assert digest(town) == digest(other)
        assert shown(other, record)["values"]["title"] == "第二次"


def test_the_same_package_twice_changes_not_one_row_of_any_record(three):
    village, town = three[VILLAGE], three[TOWN]
    added(village, "activity")
    added(village, "family")
    package = three.packed(village, TOWN)
    assert states(merge_packages(town, [package])) == ["merged"]
    rows, before = all_rows(town), whole_database(town)
    report = merge_packages(town, [package])
    assert states(report) == ["unchanged"]
    assert "已导入过" in report["packages"][0]["reason"]
    assert report["total"]["unchanged"] == report["total"]["in"] > 0
    assert all_rows(town) == rows
    after = whole_database(town)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"log", "sqlite_sequence"}, "only the activity log has a line more"


def test_a_stick_with_the_same_package_under_two_names_counts_it_once(three):
    village, town = three[VILLAGE], three[TOWN]
    added(village, "activity")
    package = three.packed(village, TOWN)
    shutil.copy(package, package.with_name("copy.flpkg"))
    report = merge_packages(town, [package.parent])
    assert sorted(states(report)) == ["merged", "unchanged"]
    assert report["total"]["added"] == 1
    assert adds_up(report)
    assert queries.count_rows(town.workspace.db, _kind("activity")) == 1


def _kind(code):
    from fulian_desktop.domain.kinds import kind_of

    return kind_of(code)


def test_a_dry_run_writes_nothing_and_says_what_would_be(three):
    village, town = three[VILLAGE], three[TOWN]
    added(village, "activity")
    package = three.packed(village, TOWN)
    before = whole_database(town)
    told = merge_packages(town, [package], dry_run=True)
    assert whole_database(town) == before
    done = merge_packages(town, [package])
    assert told["total"] == done["total"]
    assert done["total"]["added"] == 1


# --- gaps and forks -------------------------------------------------------------------------------------------


def _gapped(country):
    """Three packages of one village, each with its own month only, because the township's receipts came in between."""
    village, town = country[VILLAGE], country[TOWN]
    months = []
    record = added(village, "activity", title="一月").id
    for month in ("一月", "二月", "三月"):
        edit_record(village, record, {"title": f"{month}的活动"})
        added(village, "activity", title=month)
        months.append(country.packed(village, TOWN))
        merge_packages(town, [months[-1]])
        country.carry(town, village)
    return record, months


def test_a_package_missing_in_the_middle_waits_naming_it_and_applies_when_complete(three):
    before = _a_copy_of_the_township(three, "before")
    with before:
        record, (first, second, third) = _gapped(three)
        assert states(merge_packages(before, [first])) == ["merged"]
        waiting = merge_packages(before, [third])
        (line,) = waiting["packages"]
        assert line["state"] == "waiting"
        assert line["waiting"] == line["in"] == 2
        assert "缺" in line["reason"]
        assert "第 " in line["reason"], "the missing one is named"
        assert shown(before, record)["values"]["title"] == "一月的活动"
        assert {f["state"] for f in queries.findings(before.workspace.db)} == {"waiting"}
        assert adds_up(waiting)

        filled = merge_packages(before, [second])
        assert states(filled) == ["merged"]
        assert shown(before, record)["values"]["title"] == "三月的活动"
        assert queries.findings(before.workspace.db) == []
        assert digest(before, VILLAGE) == digest(three[TOWN], VILLAGE)


def test_three_packages_out_of_order_in_one_action_apply_at_once(three):
    before = _a_copy_of_the_township(three, "before")
    with before:
        _, (first, second, third) = _gapped(three)
        report = merge_packages(before, [third, first, second])
        assert states(report) == ["merged"] * 3
        assert report["total"]["waiting"] == 0
        assert adds_up(report)
        assert digest(before, VILLAGE) == digest(three[TOWN], VILLAGE)


def test_what_waits_is_not_passed_up_as_held(three):
    before = _a_copy_of_the_township(three, "before")
    with before:
        _, (first, _, third) = _gapped(three)
        merge_packages(before, [first, third])
        stream = next(h for h in exchanging.holdings_for(before, VILLAGE) if h.stream.epoch == three[VILLAGE].workspace.epoch)
        full = next(h for h in exchanging.holdings_for(three[TOWN], VILLAGE) if h.stream == stream.stream)
        assert max(seq for _, seq in stream.tips) < max(seq for _, seq in full.tips)


def test_a_workspace_copied_with_its_data_folder_forks_and_both_branches_count(three, monkeypatch, tmp_path):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity", title="原来的").id
    merge_packages(town, [three.packed(village, TOWN)])
    village.workspace.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    twin_folder = tmp_path / "twin"
    shutil.copytree(village.workspace.folder, twin_folder)
    with open_office(twin_folder, "secret1") as twin:
        # a cloned disk: the same path and data folder on both machines, so neither notices
        with twin.workspace.transaction():
            twin.workspace.set_setting("epoch", village.workspace.epoch)
        twin.workspace.epoch = village.workspace.epoch
        added(village, "activity", title="第一台电脑")
        edit_record(village, record, {"place": "村委会"})
        added(twin, "activity", title="第二台电脑")
        edit_record(twin, record, {"place": "文化广场"})
        one = three.packed(village, TOWN)
        two = three.packed(twin, TOWN)
        assert states(merge_packages(town, [one])) == ["merged"]
        forked = merge_packages(town, [two])
        (line,) = forked["packages"]
        assert line["state"] == "fork"
        assert "两台电脑" in line["reason"]
        assert adds_up(forked)
        titles = {r.flat["title"] for r in queries.list_rows(town.workspace.db, _kind("activity"))}
        assert titles == {"原来的", "第一台电脑", "第二台电脑"}
        (conflict,) = conflicts(town)
        assert {v["value"] for v in conflict["values"]} == {"村委会", "文化广场"}
        assert digest(town)


def test_an_installation_that_meets_another_branch_of_its_stream_mints_a_new_epoch(three, tmp_path):
    village, town = three[VILLAGE], three[TOWN]
    added(village, "activity", title="原来的")
    merge_packages(town, [three.packed(village, TOWN)])
    village.workspace.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copytree(village.workspace.folder, tmp_path / "twin")
    with open_office(tmp_path / "twin", "secret1") as twin:
        with twin.workspace.transaction():
            twin.workspace.set_setting("epoch", village.workspace.epoch)
        twin.workspace.epoch = village.workspace.epoch
        added(village, "activity", title="第一台电脑")
        added(twin, "activity", title="第二台电脑")
        merge_packages(town, [three.packed(village, TOWN), three.packed(twin, TOWN)])
    old = village.workspace.epoch
    three.carry(town, village)
    assert village.workspace.epoch != old
    added(village, "activity", title="以后的")
    merge_packages(town, [three.packed(village, TOWN)])
    titles = {r.flat["title"] for r in queries.list_rows(town.workspace.db, _kind("activity"))}
    assert titles == {"原来的", "第一台电脑", "第二台电脑", "以后的"}


def test_a_moved_workspace_is_taken_for_a_copy_and_nothing_is_lost(three, tmp_path):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity", title="原来的").id
    merge_packages(town, [three.packed(village, TOWN)])
    village.workspace.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    shutil.copytree(village.workspace.folder, tmp_path / "moved")
    with open_office(tmp_path / "moved", "secret1") as moved:
        assert moved.is_copy
        assert moved.workspace.epoch != village.workspace.epoch
        minted = moved.workspace.epoch
        notice_copy(moved)
        assert moved.workspace.epoch == minted, "once is enough"
        edit_record(moved, record, {"title": "搬家以后"})
        report = merge_packages(town, [three.packed(moved, TOWN)])
    assert states(report) == ["merged"]
    assert shown(town, record)["values"]["title"] == "搬家以后"


# --- conflicts --------------------------------------------------------------------------------------------------


def test_the_same_field_at_two_levels_is_a_conflict_and_other_fields_are_both_kept(three):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity").id
    three.carry(village, town)
    edit_record(village, record, {"place": "村委会", "speaker": "张老师"})
    edit_record(town, record, {"place": "文化广场", "organizer": "镇妇联"})
    report = three.carry(village, town)
    assert report["total"]["conflicts"] == 1
    three.carry(town, village)
    for office in (village, town):
        values = shown(office, record)["values"]
        assert (values["speaker"], values["organizer"]) == ("张老师", "镇妇联")
        (conflict,) = conflicts(office)
        assert conflict["field"] == "place"
        assert conflict["values"][-1]["value"] == values["place"], "the latest in order shows meanwhile"
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_settling_to_the_value_that_shows_travels_and_ends_the_conflict_everywhere(three):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity").id
    three.carry(village, town)
    edit_record(village, record, {"place": "村委会"})
    edit_record(town, record, {"place": "文化广场"})
    three.carry(village, town)
    showing = shown(town, record)["values"]["place"]
    settle(town, record, {"place": showing})
    assert conflicts(town) == []
    three.carry(town, village)
    assert conflicts(village) == []
    assert shown(village, record)["values"]["place"] == showing
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_both_levels_setting_the_same_value_is_no_conflict(three):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity").id
    three.carry(village, town)
    edit_record(village, record, {"place": "村委会"})
    edit_record(town, record, {"place": "村委会"})
    assert three.carry(village, town)["total"]["conflicts"] == 0


def test_a_deletion_against_an_edit_leaves_the_edit_and_marks_the_record(three):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity", title="要删的").id
    three.carry(village, town)
    delete_records(town, [record])
    edit_record(village, record, {"place": "村委会"})
    report = three.carry(village, town)
    assert adds_up(report)
    there = shown(town, record)
    assert there["values"]["place"] == "村委会"
    assert "delete-marked" in there["marks"]
    assert "deleted" not in there["marks"]
    three.carry(town, village)
    assert "delete-marked" in shown(village, record)["marks"]
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_a_deletion_that_nobody_contradicts_travels(three):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity").id
    three.carry(village, town)
    delete_records(village, [record])
    report = three.carry(village, town)
    assert adds_up(report)
    assert report["total"]["changed"] == 1
    assert "deleted" in shown(town, record)["marks"]
    assert list(queries.list_rows(town.workspace.db, _kind("activity"))) == []


# --- accidents ------------------------------------------------------------------------------------------------------


def test_one_bad_file_among_others_never_stops_them(three):
    village, town = three[VILLAGE], three[TOWN]
    stick = three.stick()
    for code in THREE:
        added(three[code], "activity")
        export_package(three[code], "up", stick)
    good = sorted(stick.glob("*.flpkg"))
    damaged = bytearray(good[0].read_bytes())
    damaged[-200] ^= 1
    (stick / "a-damaged.flpkg").write_bytes(damaged)
    (stick / "b-truncated.flpkg").write_bytes(good[0].read_bytes()[:-100])
    (stick / "c-empty.flpkg").write_bytes(b"")
    (stick / "d-zip.flpkg").write_bytes(b"PK\x03\x04" + bytes(200))
    with an_office(three.folder / "stranger", FAR_VILLAGE) as stranger:
        with stranger.workspace.transaction():
            stranger.keep_pins([*stranger.trust.pins, *three[TOWN].trust.pins])
            stranger.workspace.set_setting("parent", TOWN)
        line = a_put("activity", "1" * 32, {"title": "x"})
        crafted(stranger, three.stick(), [line]).rename(stick / "e-stranger.flpkg")
    report = merge_packages(town, [stick])
    by_file = {p["file"]: p for p in report["packages"]}
    assert [by_file[g.name]["state"] for g in good] == ["merged"] * 3
    assert {n: p["state"] for n, p in by_file.items() if n[1] == "-"} == {
        "a-damaged.flpkg": "damaged", "b-truncated.flpkg": "damaged", "c-empty.flpkg": "damaged", "d-zip.flpkg": "damaged",
        "e-stranger.flpkg": "unknown-signer",
    }
    assert all(p["reason"] for p in by_file.values() if p["state"] != "merged")
    assert "不是上报包" in by_file["d-zip.flpkg"]["reason"]
    assert report["total"]["added"] == 3
    assert adds_up(report)
    assert village.unit == VILLAGE


def test_a_package_for_another_township_is_said_to_be_for_somebody_else(three, tmp_path):
    added(three[VILLAGE], "activity")
    package = three.packed(three[VILLAGE], TOWN)
    with a_township(tmp_path / "other-town", "140702102000") as other:
        before = whole_database(other)
        (line,) = merge_packages(other, [package])["packages"]
        assert line["state"] == "not-for-us"
        assert "不是给本单位的" in line["reason"]
        assert whole_database(other) == before


@pytest.mark.parametrize("at", [0, 20, 400, -2000, -500, -1])
def test_any_byte_changed_is_refused_and_nothing_is_written(three, at):
    for n in range(30):
        added(three[VILLAGE], "activity", title=f"活动{n}")
    package = three.packed(three[VILLAGE], TOWN)
    data = bytearray(package.read_bytes())
    data[at] ^= 0x40
    package.write_bytes(data)
    before = whole_database(three[TOWN])
    report = merge_packages(three[TOWN], [package])
    assert states(report)[0] in {"damaged", "too-new", "not-for-us", "unknown-signer", "out-of-scope"}
    assert report["total"]["in"] == 0
    assert whole_database(three[TOWN]) == before


def test_cancelling_in_the_midst_leaves_everything_as_it_was(three):
    town = three[TOWN]
    stick = three.stick()
    for code in THREE:
        added(three[code], "activity")
        export_package(three[code], "up", stick)
    before = whole_database(town)
    steps = []
    merge_packages(town, [stick], dry_run=True, progress=Progress(lambda *step: steps.append(step)))
    assert len(steps) >= 6
    for stop in range(len(steps)):
        progress = _CancelAfter(stop)
        with pytest.raises(Cancelled):
            merge_packages(town, [stick], progress=progress)
        assert whole_database(town) == before, f"stopped at step {stop}"
    assert merge_packages(town, [stick])["total"]["added"] == 3


class _CancelAfter(Progress):
    """Cancelled at a step."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps

    def step(self, done: int, total: int, what: str = "") -> None:
        if self.left == 0:
            raise Cancelled
        self.left -= 1
        super().step(done, total, what)


def test_a_full_disk_in_the_midst_of_a_merge_rolls_everything_back(three):
    town, village = three[TOWN], three[VILLAGE]
    for n in range(300):
        added(village, "activity", title=f"活动{n}", content="很长的内容" * 200)
    package = three.packed(village, TOWN)
    before = whole_database(town)
    pages = town.workspace.db.execute("PRAGMA page_count").fetchone()[0]
    town.workspace.db.execute(f"PRAGMA max_page_count = {pages + 5}").fetchall()
    with pytest.raises(MachineProblem) as told:
        merge_packages(town, [package])
    assert told.value.code == "disk-full"
    assert "磁盘满了" in told.value.text
    assert whole_database(town) == before
    town.workspace.db.execute("PRAGMA max_page_count = 1000000").fetchall()
    assert merge_packages(town, [package])["total"]["added"] == 300
    digest(town)


def test_a_plan_made_before_something_was_written_is_refused(three):
    town, village = three[TOWN], three[VILLAGE]
    added(village, "activity")
    incoming, trust = exchanging.open_files(town, [three.packed(village, TOWN)])
    workspace = town.workspace
    plan = plan_merge(workspace.db, incoming, own_unit=TOWN, trust=trust, undone={}, version=workspace.version())
    added(town, "activity", title="插进来的")
    before = whole_database(town)
    with pytest.raises(StalePlan):
        apply_merge(workspace, plan, town.keep_trust)
    assert whole_database(town) == before


def test_a_backup_is_made_before_every_merge_that_brings_something(three):
    town, village = three[TOWN], three[VILLAGE]
    added(village, "activity")
    package = three.packed(village, TOWN)

    def backups():
        return set((town.workspace.folder / "backups").glob("*"))

    before = backups()
    merge_packages(town, [package])
    assert len(backups() - before) == 1
    before = backups()
    merge_packages(town, [package])
    assert backups() == before


@pytest.mark.parametrize("clock", ["1980-01-01T08:00:00+08:00", "2099-12-31T08:00:00+08:00"])
def test_a_clock_in_another_century_changes_no_order(three, monkeypatch, clock):
    village, town = three[VILLAGE], three[TOWN]
    record = added(village, "activity", title="先").id
    monkeypatch.setenv("FULIAN_CLOCK", clock)
    edit_record(village, record, {"title": "后"})
    package = three.packed(village, TOWN)
    monkeypatch.delenv("FULIAN_CLOCK")
    assert states(merge_packages(town, [package])) == ["merged"]
    assert shown(town, record)["values"]["title"] == "后"
    edit_record(town, record, {"title": "镇里改的"})
    three.carry(town, village)
    for office in (village, town):
        assert shown(office, record)["values"]["title"] == "镇里改的"
        assert conflicts(office) == []
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_a_package_written_by_a_clock_in_2099_does_not_hold_back_later_ones(three, monkeypatch):
    village, town = three[VILLAGE], three[TOWN]
    monkeypatch.setenv("FULIAN_CLOCK", "2099-01-01T08:00:00+08:00")
    added(village, "activity", title="来自未来")
    three.carry(village, town)
    monkeypatch.delenv("FULIAN_CLOCK")
    three.carry(town, village)
    added(village, "activity", title="今天的")
    report = three.carry(village, town)
    assert states(report) == ["merged"]
    assert report["total"]["added"] == 1

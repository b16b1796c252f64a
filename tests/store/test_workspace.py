"""Opening, transactions, two processes, newer and older databases."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database
from tests.builders import PASSPHRASE, PERSON, VILLAGE, a_village, added, reopened

from fulian_desktop.domain.kinds import kind_of
from fulian_desktop.errors import Damaged, InputProblem, MachineProblem, TooNew
from fulian_desktop.services.exchanging import cut_tails
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import edit_record
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import books, keystore, migrations, queries, vault
from fulian_desktop.store.bodies import pack
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import mark_todo
from fulian_desktop.store.workspace import Workspace, new_id, now_ms

ROOT = Path(__file__).parents[2]
SETTINGS = {"unit": VILLAGE, "unit_name": "柳树湾村"}


def _schema(workspace: Workspace, number: str) -> None:
    with workspace.transaction():
        workspace.set_setting("schema", number)


# --- making and opening ----------------------------------------------------------------------------------------


def test_a_new_workspace_is_there_when_it_is_opened_again(tmp_path: Path) -> None:
    made, _ = Workspace.create(tmp_path / "新", person=PERSON, passphrase=PASSPHRASE, settings=SETTINGS)
    epoch = made.epoch
    made.close()
    with Workspace.open(tmp_path / "新", PASSPHRASE) as again:
        assert (again.unit, again.epoch, again.person) == (VILLAGE, epoch, PERSON)
        assert again.unit_names() == {VILLAGE: "柳树湾村"}


@pytest.mark.parametrize("there", [keystore.KEYSTORE, vault.DATABASE])
def test_a_folder_with_data_is_never_written_over(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_bytes(b"something of value")
    with pytest.raises(InputProblem) as said:
        Workspace.create(tmp_path, person=PERSON, passphrase=PASSPHRASE, settings=SETTINGS)
    assert said.value.code == "workspace-exists"
    assert [p.name for p in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_bytes() == b"something of value"


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(MachineProblem, match="下一步"):
        Workspace.create(tmp_path / "file" / "ws", person=PERSON, passphrase=PASSPHRASE, settings=SETTINGS)


def test_half_a_workspace_is_taken_away_so_that_it_can_be_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise vault.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("fulian_desktop.store.workspace.apply_upgrades", full)
        with pytest.raises(MachineProblem) as said:
            Workspace.create(tmp_path / "ws", person=PERSON, passphrase=PASSPHRASE, settings=SETTINGS)
    assert said.value.code == "disk-full"
    assert list((tmp_path / "ws").glob("*")) == []
    Workspace.create(tmp_path / "ws", person=PERSON, passphrase=PASSPHRASE, settings=SETTINGS)[0].close()


def test_every_table_is_strict_and_the_safeguards_are_on(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        db = office.workspace.db
        loose = [
            name
            for name, sql in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
            if "STRICT" not in sql
            and not sql.startswith("CREATE VIRTUAL TABLE")
            and not name.startswith(("s_", "_sqlite", "sqlite_"))
        ]
        assert loose == []
        pragmas = {
            p: db.execute(f"PRAGMA {p}").fetchone()[0] for p in ("journal_mode", "synchronous", "trusted_schema", "temp_store")
        }
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "trusted_schema": 0, "temp_store": 2}
        added(office, "family")
        with pytest.raises(vault.DatabaseError, match="cannot store TEXT"):
            db.execute("UPDATE k_family SET flags = 'x'")


def test_ids_are_ordered_by_the_time_they_were_made() -> None:
    ids = [new_id() for _ in range(200)]
    assert len(set(ids)) == 200
    assert all(i[12] == "7" and i[16] in "89ab" for i in ids)
    assert [i[:12] for i in ids] == sorted(i[:12] for i in ids)


@pytest.mark.parametrize(
    ("clock", "ms"), [("1980-01-01T00:00:00+00:00", 315_532_800_000), ("2099-12-31T00:00:00+08:00", 4_102_329_600_000)]
)
def test_the_clock_can_be_fixed(monkeypatch: pytest.MonkeyPatch, clock: str, ms: int) -> None:
    monkeypatch.setenv("FULIAN_CLOCK", clock)
    assert now_ms() == ms


# --- transactions -----------------------------------------------------------------------------------------------


def test_what_fails_inside_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        workspace, epoch = office.workspace, office.workspace.epoch

        def fails() -> None:
            with workspace.transaction():
                workspace.set_setting("x", "1")
                workspace.mint_epoch()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fails()
        assert workspace.setting("x") == ""
        assert workspace.epoch == workspace.setting("epoch") == epoch
        with workspace.transaction():
            workspace.set_setting("x", "2")
        assert workspace.setting("x") == "2"


def test_a_transaction_in_a_transaction_is_our_own_mistake_and_harms_nothing(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        workspace = office.workspace
        with workspace.transaction():
            workspace.set_setting("x", "1")
            with pytest.raises(AssertionError), workspace.transaction():
                pass
        assert workspace.setting("x") == "1"


def test_a_save_that_the_fold_would_refuse_writes_nothing(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        campaign = added(office, "campaign", title="村里评", honor="最美家庭", year="2024", public_days="5")
        family, other = added(office, "family"), added(office, "family", head="李四")
        nomination = added(office, "nomination", campaign=campaign.id, family=family.id, called="王秀英家庭", way="自荐")

        def written() -> list[Any]:
            tables = ("fresh", "tail", "change", "act", "run", "stream", "finding")
            return [office.workspace.db.execute(f"SELECT count(*) FROM {t}").fetchone() for t in tables]

        before = written()
        for entries in ({"approval_township": {"result": "passed"}}, {"family": other.id}, {"nothing": "x"}):
            with pytest.raises(InputProblem):
                edit_record(office, nomination.id, entries)
        assert written() == before
        assert check(office)["ok"]


# --- two at once ------------------------------------------------------------------------------------------------


def _other(office: Office) -> Office:
    """A second connection to the same workspace, as another process or a worker thread has."""
    return Office(Workspace.open_with_key(office.workspace.folder, office.workspace.key, "李红"))


def test_the_second_writer_gets_a_kind_sentence_and_loses_nothing(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as one, _other(one) as two:
        two.workspace.db.execute("PRAGMA busy_timeout = 10")
        with one.workspace.transaction():
            with pytest.raises(MachineProblem) as said:
                added(two, "family")
            assert said.value.code == "locked"
            assert "另一个窗口" in said.value.text
        added(two, "family")
        assert one.counts()["family"] == 1


def test_two_that_write_in_turn_continue_one_chain(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as one, _other(one) as two:
        record = added(one, "family").id
        for i in range(3):
            edit_record(two, record, {"phone": f"1380000000{i}"})
            edit_record(one, record, {"address": f"{i}组"})
            added(two, "family", head=f"二{i}")
            added(one, "family", head=f"一{i}")
        log = two.workspace.log
        (number,) = log.streams().values()
        assert [(run.first, run.last) for run in log.chain(number).runs.values()] == [(1, 13)]
        assert not log.chain(number).forked
        assert one.counts() == two.counts()
        assert one.counts()["family"] == 7
        assert check(one) == check(two)
        assert check(one)["ok"]


def test_two_that_export_and_write_in_turn_continue_one_chain(tmp_path: Path) -> None:
    from fulian_desktop.services.exchanging import cut_tails

    with a_village(tmp_path / "v") as one, _other(one) as two:
        for i in range(4):
            added(one, "family", head=f"一{i}")
            added(two, "family", head=f"二{i}")
            assert cut_tails(two if i % 2 else one) == 2
        log = one.workspace.log
        (number,) = log.streams().values()
        assert sorted((run.first, run.last) for run in log.chain(number).runs.values()) == [(1, 2), (3, 4), (5, 6), (7, 8)]
        assert check(one)["problems"] == check(two)["problems"] == []


def test_a_new_epoch_of_one_is_seen_by_the_other(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as one, _other(one) as two:
        added(two, "family")
        with one.workspace.transaction():
            fresh = one.workspace.mint_epoch()
        added(two, "family", head="李四")
        assert two.workspace.epoch == fresh
        assert {stream.epoch for stream in two.workspace.log.streams()} >= {fresh}


SECOND = """
import sys
from pathlib import Path
from fulian_desktop.errors import FulianError
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record
from fulian_desktop.store.workspace import Workspace
with Office(Workspace.open_with_key(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), "李红")) as office:
    office.workspace.db.execute("PRAGMA busy_timeout = 10")
    try:
        add_record(office, "family", {"head": "李四", "address": "1组"})
        print("saved", office.counts()["family"])
    except FulianError as error:
        print(error.code)
"""


def test_a_second_process_waits_its_turn_and_both_see_the_same(tmp_path: Path) -> None:
    """FAULTS 17: no second writer."""

    def second() -> list[str]:
        arguments = [sys.executable, "-c", SECOND, str(office.workspace.folder), office.workspace.key.hex()]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(ROOT / "src")})
        return done.stdout.split()

    with a_village(tmp_path / "v") as office:
        added(office, "family")
        with office.workspace.transaction():
            assert second() == ["locked"]
        assert second() == ["saved", "2"]
        assert office.counts()["family"] == 2
        added(office, "family", head="赵五")
        assert check(office)["ok"]


# --- newer and older --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newer", [str(migrations.SCHEMA + 1), "99"])
def test_a_database_from_a_newer_program_is_refused_kindly_and_stays_as_it_is(tmp_path: Path, newer: str) -> None:
    with a_village(tmp_path / "v") as office:
        _schema(office.workspace, newer)
        office.workspace.db.execute("CREATE TABLE of_a_later_day (a)")
    before = {p.name: p.read_bytes() for p in (tmp_path / "v").iterdir() if p.is_file()}
    with pytest.raises(TooNew, match="升级程序") as said:
        Workspace.open(tmp_path / "v", PASSPHRASE)
    assert newer in said.value.text
    assert {p.name: p.read_bytes() for p in (tmp_path / "v").iterdir() if p.is_file()} == before


def test_a_database_without_its_tables_is_damaged(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        office.workspace.db.execute("DROP TABLE meta")
    with pytest.raises(Damaged):
        Workspace.open(tmp_path / "v", PASSPHRASE)


def upgrade_of_a_test_adds_a_table(db: Database) -> None:
    db.execute("CREATE TABLE of_the_test (a INTEGER) STRICT")


def upgrade_of_a_test_that_fails_halfway(db: Database) -> None:
    db.execute("CREATE TABLE half (a INTEGER) STRICT")
    raise vault.OperationalError("database or disk is full")


def test_an_older_database_is_upgraded_after_a_backup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family").id
    monkeypatch.setattr(migrations, "UPGRADES", (*migrations.UPGRADES, upgrade_of_a_test_adds_a_table))
    for module in (migrations, sys.modules["fulian_desktop.store.workspace"]):
        monkeypatch.setattr(module, "SCHEMA", migrations.SCHEMA + 1 if module is migrations else migrations.SCHEMA)
    with Workspace.open(tmp_path / "v", PASSPHRASE) as workspace:
        assert workspace.setting("schema") == str(migrations.SCHEMA)
        assert workspace.db.execute("SELECT count(*) FROM of_the_test").fetchone() == (0,)
        assert queries.find_by_id(workspace.db, record) is not None
        backups = list((tmp_path / "v" / "backups").glob("*-upgrade.flbak"))
        assert len(backups) == 1
    with Workspace.open(tmp_path / "v", PASSPHRASE):
        assert list((tmp_path / "v" / "backups").glob("*.flbak")) == backups


def test_an_upgrade_that_fails_leaves_the_old_database_which_still_upgrades_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_village(tmp_path / "v") as office:
        added(office, "family")
    old, workspace_module = migrations.SCHEMA, sys.modules["fulian_desktop.store.workspace"]
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "UPGRADES", (*migrations.UPGRADES, upgrade_of_a_test_that_fails_halfway))
        patch.setattr(migrations, "SCHEMA", old + 1)
        patch.setattr(workspace_module, "SCHEMA", old + 1)
        with pytest.raises(MachineProblem) as said:
            Workspace.open(tmp_path / "v", PASSPHRASE)
        assert said.value.code == "disk-full"
    with Workspace.open(tmp_path / "v", PASSPHRASE) as workspace:
        assert workspace.setting("schema") == str(old)
        assert workspace.db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)


def test_bodies_stored_plain_are_packed_by_the_upgrade_and_read_as_signed(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        for _ in range(3):
            added(office, "family")
            cut_tails(office)
        db = office.workspace.db
        signed = list(books.all_segments(db))
        for no, segment in signed:
            db.execute("UPDATE body SET body = ? WHERE segment = ?", [segment.body, no])
        migrations.upgrade_2026_11_22_packed_bodies(vault.as_database(db))
        assert list(books.all_segments(db)) == signed
        stored = [bytes(body) for (body,) in db.execute("SELECT body FROM body ORDER BY segment")]
        assert stored == [pack(segment.body) for _, segment in signed]
        assert sum(map(len, stored)) < sum(len(segment.body) for _, segment in signed)
        assert check(office)["ok"]


def test_settlements_taken_back_move_out_of_the_settings(tmp_path: Path) -> None:
    connection = vault.connect(tmp_path / "alone.db", bytes(32), create=True)
    connection.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID")
    settled, undone = bytes(range(32)), bytes(range(32, 64))
    key = RecordKey("140702101201", "activity", bytes(range(16)))
    for name, value in (
        (f"reopened:activity:140702101201:{key.id.hex()}", json.dumps([settled.hex(), undone.hex(), ["place", "members:0a"]])),
        ("unit", "140702101201"),
    ):
        connection.execute("INSERT INTO meta VALUES (?,?)", [name, value])
    migrations.upgrade_2026_11_22_reopened_conflicts(vault.as_database(connection))
    assert books.reopened(connection) == [books.Reopened(key, settled, undone, ("place", "members:0a"))]
    assert connection.execute("SELECT key FROM meta").fetchall() == [("unit",)]
    connection.close()


@pytest.mark.parametrize("number", range(len(migrations.UPGRADES)), ids=lambda n: migrations.UPGRADES[n].__name__)
def test_each_upgrade_runs_alone_on_what_the_ones_before_it_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    connection = vault.connect(tmp_path / "alone.db", bytes(32), create=True)
    database = vault.as_database(connection)
    found = []
    for count in (number, number + 1, number + 1):
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "UPGRADES", migrations.UPGRADES[:count] or migrations.UPGRADES[:1])
            migrations.apply_upgrades(database)
        found.append(connection.execute("SELECT sql FROM sqlite_master ORDER BY name").fetchall())
    assert found[1] == found[2], "what was done is not done again"
    migrations.apply_upgrades(database)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"meta", "stream", "segment", "body", "run", "tail", "change", "draft", "reopened"} <= tables
    connection.close()


def test_upgrades_are_dated_in_order_and_as_many_as_the_schema_says() -> None:
    names = [upgrade.__name__ for upgrade in migrations.UPGRADES]
    assert names == sorted(names)
    assert len(names) == migrations.SCHEMA
    assert all(
        name.startswith("upgrade_20") and upgrade.__doc__ for name, upgrade in zip(names, migrations.UPGRADES, strict=True)
    )


# --- rebuilt and caught up --------------------------------------------------------------------------------------


def test_a_folder_moved_elsewhere_opens_there(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        record = added(office, "family").id
    shutil.move(tmp_path / "v", tmp_path / "搬过来")
    with Workspace.open(tmp_path / "搬过来", PASSPHRASE) as workspace:
        assert queries.find_by_id(workspace.db, record) is not None


def test_what_a_kill_left_to_be_indexed_is_found_after_the_next_start(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        added(office, "family", head="欧阳娜娜", address="")
        office.workspace.db.execute("DELETE FROM s_family WHERE rowid = 1")
        office.workspace.db.execute("UPDATE k_family SET flags = 0")
        mark_todo(office.workspace.db, kind_of("family"), [1])
    with Workspace.open(tmp_path / "v", PASSPHRASE) as workspace:
        family = kind_of("family")
        assert [r.flat["head"] for r in queries.list_rows(workspace.db, family, search="oynn")] == ["欧阳娜娜"]
        assert queries.count_rows(workspace.db, family, flag=8) == 1


def test_an_idle_moment_of_tidying_changes_no_record(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as office:
        for i in range(30):
            added(office, "family", head=f"王{i}")
        before = check(office)
        office.workspace.tidy()
        assert check(office) == before
        office = reopened(office)
        assert len(list(queries.list_rows(office.workspace.db, kind_of("family"), search="王1"))) == 11

"""What ``--json`` prints, exactly as DESIGN §11 lays it down for scripts to rely on; what is printed beyond it is listed here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.builders import TOWN, VILLAGE, added
from tests.e2e.builders import a_campaign, a_nomination
from tests.sheets.sheet_builders import a_book

from fulian_desktop.services.records import edit_record

COUNTS = {"in", "added", "changed", "unchanged", "conflicts", "refused", "waiting"}
RECORD = {"id", "kind", "unit", "values", "stage", "conflicts"}
RECORD_MORE = {"stage_label", "marks", "entered_by", "entered_at"}
HEX32, HEX64 = re.compile("[0-9a-f]{32}"), re.compile("[0-9a-f]{64}")


@pytest.fixture
def folders(country):
    return country[TOWN].workspace.folder, country[VILLAGE].workspace.folder


def test_add_and_edit_give_the_id_and_the_problems(fulian, folders):
    _, village = folders
    made = fulian("add", village, "family", "head=王秀英", "head_id_number=110101199003074513", "phone=123")
    assert made.keys() == {"id", "problems"}
    assert HEX32.fullmatch(made["id"])
    assert made["problems"]
    for problem in made["problems"]:
        assert problem.keys() == {"field", "code", "text"}
        assert all(isinstance(v, str) for v in problem.values())
    edited = fulian("edit", village, made["id"], "address=3组12号")
    assert {"id", "problems"} <= edited.keys() <= {"id", "problems", "act"}
    assert edited["id"] == made["id"]


def test_add_from_a_json_file_gives_one_answer_a_record(fulian, folders, tmp_path):
    _, village = folders
    file = tmp_path / "records.json"
    file.write_text('[{"head": "王秀英", "address": "1组"}, {"head": "李秀英", "address": "2组"}]', "utf-8")
    many = fulian("add", village, "family", "--from-json", file)["records"]
    assert [m.keys() for m in many] == [{"id", "problems"}] * 2
    file.write_text('{"head": "张秀英", "address": "3组"}', "utf-8")
    assert fulian("add", village, "family", "--from-json", file).keys() == {"id", "problems"}
    assert len(fulian("list", village, "family")["records"]) == 3


@pytest.mark.parametrize("text", ["", "[", '"x"', "[1]", "null", '{"head": {"a": 1}}', '[["head"]]'])
def test_a_json_file_that_is_no_record_is_refused(fulian, folders, tmp_path, text):
    _, village = folders
    file = tmp_path / "records.json"
    file.write_text(text, "utf-8")
    refused = fulian("add", village, "family", "--from-json", file, code=1)
    assert refused["error"]["text"]
    assert fulian("list", village, "family")["records"] == []


def test_of_several_records_in_a_json_file_all_are_written_or_none(fulian, folders, tmp_path):
    _, village = folders
    file = tmp_path / "records.json"
    file.write_text('[{"head": "王秀英"}, {"address": "2组"}]', "utf-8")
    refused = fulian("add", village, "family", "--from-json", file, code=1)
    assert "第 2 条" in refused["error"]["text"]
    assert fulian("list", village, "family")["records"] == []


def test_show_and_list_give_dates_iso_money_in_fen_and_codes_in_english(fulian, folders):
    _, village = folders
    typed = ["program=两癌救助", "recipient_name=于某某", "date=2024年3月8日", "amount=1.2万", "fund_source=省妇联"]
    made = fulian("add", village, "aid", *typed)
    record = fulian("show", village, made["id"])
    assert RECORD <= record.keys() <= RECORD | RECORD_MORE
    assert record["kind"] == "aid"
    assert record["unit"] == VILLAGE
    values = record["values"]
    assert values["program"] == "two_cancers"
    assert (values["date_from"], values["date_to"], values["date_precision"]) == ("2024-03-08", "2024-03-08", "day")
    assert values["amount"] == 1_200_000
    assert values["fund_source"] == "province"
    assert record["stage"] is None
    assert record["conflicts"] == []
    assert fulian("list", village, "aid")["records"] == [record]
    assert fulian("list", village, "aid", "--where", "program=两癌救助")["records"] == [record]
    assert fulian("list", village, "aid", "--where", "program=two_cancers", "--search", "于某")["records"] == [record]
    assert fulian("list", village, "aid", "--where", "amount=1")["records"] == []


def test_merge_gives_every_package_its_counts_and_the_total(fulian, country, folders):
    town, _ = folders
    added(country[VILLAGE], "activity")
    package = country.packed(country[VILLAGE], TOWN)
    broken = package.with_name("broken.flpkg")
    broken.write_bytes(package.read_bytes()[:-9])
    merged = fulian("merge", town, package.parent, code=1)
    assert merged.keys() == {"packages", "total"}
    assert merged["total"].keys() == COUNTS
    designed = {"file", "package", "unit", "state", "reason"} | COUNTS
    for line in merged["packages"]:
        assert designed <= line.keys() <= designed | {"problems"}
        assert line["in"] == sum(line[c] for c in COUNTS - {"in"})
    by_file = {line["file"]: line for line in merged["packages"]}
    good, bad = by_file[package.name], by_file["broken.flpkg"]
    assert (good["state"], good["unit"], good["reason"]) == ("merged", VILLAGE, "")
    assert HEX32.fullmatch(good["package"])
    assert bad["state"] == "damaged"
    assert bad["in"] == 0
    assert bad["reason"]
    assert fulian("merge", town, package)["packages"][0]["state"] == "unchanged"


def test_conflicts_is_a_list_of_fields_with_who_set_what_when(fulian, country, folders):
    town, _ = folders
    record = added(country[VILLAGE], "activity").id
    country.carry(country[VILLAGE], country[TOWN])
    edit_record(country[VILLAGE], record, {"place": "村委会"})
    edit_record(country[TOWN], record, {"place": "文化广场"})
    country.carry(country[VILLAGE], country[TOWN])
    listed = fulian("conflicts", town)
    assert isinstance(listed, list)
    (conflict,) = listed
    designed = {"record", "kind", "field", "values"}
    assert designed <= conflict.keys() <= designed | {"unit", "name", "label"}
    assert (conflict["record"], conflict["kind"], conflict["field"]) == (record, "activity", "place")
    for value in conflict["values"]:
        assert value.keys() == {"value", "unit", "actor", "at"}
        assert isinstance(value["at"], int)
    assert fulian("show", town, record)["conflicts"] == ["place"]


def test_check_gives_records_changes_and_a_digest(fulian, country, folders):
    town, _ = folders
    added(country[TOWN], "activity")
    checked = fulian("check", town)
    assert checked.keys() == {"ok", "records", "changes", "digest", "problems"}
    assert checked["ok"] is True
    assert checked["problems"] == []
    assert HEX64.fullmatch(checked["digest"])
    assert checked["records"] == 2, "the activity and the village's name"
    assert checked["changes"] == 2


def test_check_ends_with_1_when_the_view_is_not_what_the_log_says(fulian, country, folders):
    town, _ = folders
    record = added(country[TOWN], "activity", title="真的").id
    db = country[TOWN].workspace.db
    db.execute("UPDATE k_activity SET title = '假的'")
    db.commit()
    checked = fulian("check", town, code=1)
    assert checked["ok"] is False
    assert [(p["code"], p["record"]) for p in checked["problems"]] == [("row-differs", record)]


def test_export_gives_file_package_and_changes(fulian, country, folders):
    town, village = folders
    added(country[VILLAGE], "activity")
    stick = country.stick()
    written = fulian("export", village, "--to", "up", "-o", stick)
    assert written.keys() == {"file", "package", "changes", "records", "to"}
    assert written["records"] == 1  # of the changes one may be the office above's own, on its way back
    assert Path(written["file"]).parent == stick
    assert isinstance(written["changes"], int)
    name = Path(written["file"]).name
    assert name.isascii()
    assert len(name) <= 60
    both = fulian("export", town, "--to", "all-below", "-o", stick)
    assert [p["to"] for p in both["packages"]] == [VILLAGE]


def test_inspect_says_without_a_key_what_a_package_says_of_itself(fulian, country, monkeypatch):
    added(country[VILLAGE], "activity")
    package = country.packed(country[VILLAGE], TOWN)
    monkeypatch.delenv("FULIAN_PASSPHRASE")
    told = fulian("inspect", package)
    assert (told["kind"], told["unit"], told["verified"]) == ("up", VILLAGE, False)
    assert told["changes"] >= 1
    assert told["segments"] >= 1
    assert "王桂芳" not in str(told)


def test_import_sheet_gives_every_row_its_state_and_every_unreadable_cell(fulian, folders, tmp_path):
    _, village = folders
    book = a_book(tmp_path / "家庭.xlsx", ("家庭", [
        ["户主", "住址", "电话", "家庭人口"],
        ["王秀英", "3组", "13912345678", 4], ["李秀英", "5组", "没有电话", "很多"], [None, "7组", None, None],
        ["合计", None, None, None],
    ]))
    told = fulian("import-sheet", village, "family", book, code=1)
    assert {"rows", "total"} <= told.keys() <= {"rows", "total", "notes", "unmatched", "year", "act"}
    designed = {"row", "state", "id", "values", "problems"}
    for row in told["rows"]:
        assert designed <= row.keys() <= designed | {"sheet", "reason", "text"}
        assert row["state"] in {"new", "changed", "unchanged", "skipped", "invalid"}
        assert all(p.keys() == {"field", "cell", "code", "text"} for p in row["problems"])
    assert [(r["row"], r["state"]) for r in told["rows"]] == [(2, "new"), (3, "new"), (4, "invalid"), (5, "skipped")]
    cells = {p["cell"] for p in told["rows"][1]["problems"] if p["cell"]}
    assert cells == {"C3", "D3"}
    assert {"new", "changed", "unchanged", "skipped", "invalid"} <= told["total"].keys()
    assert told["total"]["rows"] == 4
    assert fulian("list", village, "family", "--search", "李秀")["records"][0]["values"]["remarks"].count("很多") == 1


def test_a_stage_is_a_stable_english_code(fulian, country, folders):
    town, _ = folders
    campaign = a_campaign(country[TOWN])
    country.carry(country[TOWN], country[VILLAGE])
    nomination = a_nomination(country[VILLAGE], campaign)
    country.carry(country[VILLAGE], country[TOWN])
    assert fulian("show", town, nomination)["stage"] == "draft"
    fulian("edit", town, nomination, "approval_result=通过", "approval_date=2024-05-01")
    record = fulian("show", town, nomination)
    assert record["stage"] == "approved"
    assert record["values"]["approval_result"] == "passed"

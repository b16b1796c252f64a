"""Both real ledgers through the command line: every row as expected, every unreadable cell named, nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.builders import NAMES, SIBLING, TOWN, VILLAGE, a_township, an_office
from tests.e2e.builders import whole_database
from tests.sheets.sheet_builders import a_book

from fulian_desktop.services.enrol import add_unit
from fulian_desktop.services.office import open_office

REAL = Path(__file__).parents[1] / "data" / "real"
EXPECTED = json.loads((REAL / "expected.json").read_text("utf-8"))
ACTIVITIES, AIDS = "东山镇妇联2009年活动台账.xlsx", "包扶村帮扶台账.xlsx"


@pytest.fixture
def ws(tmp_path):
    folder = tmp_path / "town"
    a_township(folder).close()
    return folder


def _rows(told, *states):
    return [r for r in told["rows"] if r["state"] in states]


def test_every_row_of_the_activity_ledger_is_imported_as_expected(fulian, ws):
    told = fulian("import-sheet", ws, "activity", REAL / ACTIVITIES)
    assert told["year"] == EXPECTED[ACTIVITIES]["year"]
    rows = _rows(told, "new")
    got = [
        [v["date_from"], v["date_to"], v["date_precision"], v.get("participants"),
         None if v.get("participants") is None else bool(v.get("participants_about"))]
        for v in (r["values"] for r in rows)
    ]
    assert got == EXPECTED[ACTIVITIES]["rows"]
    assert [r["row"] for r in told["rows"]] == list(range(3, 24)), "every row of the sheet, in its order"
    assert [(r["row"], r["reason"]) for r in _rows(told, "skipped")] == [(23, "total")]
    kept = {r["id"]: r["values"] for r in fulian("list", ws, "activity")["records"]}
    assert kept == {r["id"]: r["values"] for r in rows}, "what was said is what is there"


def test_of_every_cell_that_could_not_be_read_it_is_said_what_and_why(fulian, ws):
    activities = fulian("import-sheet", ws, "activity", REAL / ACTIVITIES)
    aids = fulian("import-sheet", ws, "aid", REAL / AIDS, "--year", "2024")
    problems = [p for told in (activities, aids) for r in told["rows"] for p in r["problems"]]
    unread = {(p["cell"], p["code"]) for p in problems if p["code"] != "missing"}
    assert unread == {("D18", "unknown-code"), ("B4", "date-unreadable"), ("B5", "date-missing"), ("B6", "date-festival")}
    for told in (activities, aids):
        for row in told["rows"]:
            for problem in row["problems"]:
                assert problem["text"]
                assert problem["field"]
    by_row = {r["row"]: r for r in aids["rows"]}
    assert "截至目前" in by_row[4]["values"]["remarks"], "nothing typed is lost"
    assert "春节后" in by_row[6]["values"]["remarks"]
    assert "学习教育" in {r["row"]: r for r in activities["rows"]}[18]["values"]["remarks"]


def test_every_row_of_the_aid_ledger_is_imported_and_the_sum_is_the_published_one(fulian, ws, tmp_path):
    told = fulian("import-sheet", ws, "aid", REAL / AIDS, "--year", "2024")
    got = [[r["values"].get(n) for n in ("people", "standard", "amount")] for r in _rows(told, "new")]
    assert got == EXPECTED[AIDS]["rows"]
    assert [r["row"] for r in _rows(told, "skipped")] == [7]
    report = fulian("report", ws, "aid-summary", "-o", tmp_path / "aid.xlsx")
    assert report["total"]["amount"] == EXPECTED[AIDS]["total_fen"] == 1_590_000
    assert "金额合计 15,900.00 元" in report["notes"]
    assert "15,900.00" in report["rows"][-1]
    assert sorted(i for ids in report["ids"] for i in ids) == sorted(r["id"] for r in _rows(told, "new")), "traceable"
    assert (tmp_path / "aid.xlsx").stat().st_size > 1000
    assert fulian("report", ws, "aid-summary", "--year", "2023")["total"]["amount"] == 0


@pytest.mark.parametrize(("kind", "file"), [("activity", ACTIVITIES), ("aid", AIDS)])
def test_a_second_import_of_the_same_ledger_changes_nothing(fulian, ws, kind, file):
    first = fulian("import-sheet", ws, kind, REAL / file)
    with open_office(ws, "secret1") as office:
        before = whole_database(office)
        again = fulian("import-sheet", ws, kind, REAL / file)
        assert whole_database(office) == before
    assert {r["state"] for r in again["rows"]} == {"unchanged", "skipped"}
    assert [r["id"] for r in again["rows"]] == [r["id"] for r in first["rows"]]


def _without_row_ids(values):
    def bare(value):
        return [{k: v for k, v in row.items() if k != "row"} for row in value] if isinstance(value, list) else value

    return {name: bare(value) for name, value in values.items()}


@pytest.mark.parametrize(("kind", "file"), [("activity", ACTIVITIES), ("aid", AIDS)])
def test_a_dry_run_says_the_same_and_writes_nothing(fulian, ws, kind, file):
    with open_office(ws, "secret1") as office:
        before = whole_database(office)
        told = fulian("import-sheet", ws, kind, REAL / file, "--dry-run")
        assert whole_database(office) == before
    done = fulian("import-sheet", ws, kind, REAL / file)
    assert told["total"] == done["total"]
    assert [_without_row_ids(r["values"]) for r in told["rows"]] == [_without_row_ids(r["values"]) for r in done["rows"]]


def test_a_changed_cell_changes_that_record_and_no_other(fulian, ws, tmp_path):
    head = ["户主", "住址", "家庭人口"]
    fulian("import-sheet", ws, "family", a_book(tmp_path / "a.xlsx", ("一", [head, ["王秀英", "3组", 4], ["李秀英", "5组", 3]])))
    changed = a_book(tmp_path / "b.xlsx", ("一", [head, ["王秀英", "3组", 5], ["李秀英", "5组", 3]]))
    told = fulian("import-sheet", ws, "family", changed)
    assert [r["state"] for r in told["rows"]] == ["changed", "unchanged"]
    assert fulian("show", ws, told["rows"][0]["id"])["values"]["size"] == 5
    assert len(fulian("list", ws, "family")["records"]) == 2


def test_an_import_is_one_act_and_is_undone_as_one(fulian, ws):
    told = fulian("import-sheet", ws, "activity", REAL / ACTIVITIES)
    assert fulian("acts", ws)["acts"][0]["records"] == 20
    fulian("undo", ws, told["act"])
    assert fulian("list", ws, "activity")["records"] == []


def test_an_exported_roster_comes_back_unchanged(fulian, ws, tmp_path):
    fulian("import-sheet", ws, "activity", REAL / ACTIVITIES)
    out = tmp_path / "名册.xlsx"
    assert fulian("export-sheet", ws, "activity", "-o", out)["rows"] == 20
    again = fulian("import-sheet", ws, "activity", out)
    assert again["total"]["new"] == 0
    assert again["total"]["invalid"] == 0
    assert len(fulian("list", ws, "activity")["records"]) == 20


def test_a_village_column_sets_the_unit_row_by_row(fulian, tmp_path):
    with a_township(tmp_path / "town") as town:
        for code in (VILLAGE, SIBLING):
            add_unit(town, code, NAMES[code])
    rows = [["村", "户主", "住址"], ["柳树湾村", "王秀英", "3组"], ["杏花", "李秀英", "5组"], ["天边村", "赵", "1组"]]
    book = a_book(tmp_path / "全镇.xlsx", ("全镇", rows))
    told = fulian("import-sheet", tmp_path / "town", "family", book, code=1)
    units = {r["values"]["head"]: r["unit"] for r in fulian("list", tmp_path / "town", "family")["records"]}
    assert units["王秀英"] == VILLAGE
    assert units["李秀英"] == SIBLING
    assert told["rows"][2]["state"] == "invalid", "a village that nobody knows is not guessed"
    assert "A4" in {p["cell"] for p in told["rows"][2]["problems"]}
    assert "赵" not in units


def test_two_villages_of_one_name_are_not_guessed(fulian, tmp_path):
    with an_office(tmp_path / "county", "140702000000") as county:
        for code in ("140702101201", "140702102201"):
            add_unit(county, code, "东沟村")
        add_unit(county, TOWN, "清溪镇")
    head = ["村", "户主", "住址"]
    book = a_book(tmp_path / "县.xlsx", ("县", [head, ["东沟村", "王秀英", "3组"], ["140702102201", "李秀英", "5组"]]))
    told = fulian("import-sheet", tmp_path / "county", "family", book, code=1)
    assert [r["state"] for r in told["rows"]] == ["invalid", "new"]
    (record,) = fulian("list", tmp_path / "county", "family")["records"]
    assert record["unit"] == "140702102201"


def test_every_report_is_had_by_name_year_and_unit(fulian, ws, tmp_path):
    fulian("import-sheet", ws, "activity", REAL / ACTIVITIES)
    fulian("import-sheet", ws, "aid", REAL / AIDS, "--year", "2024")
    unit = fulian("list", ws, "aid")["records"][0]["unit"]
    listed = fulian("reports", ws)["reports"]
    assert {"aid-ledger", "two-cancers", "cadres", "womens-home", "summary", "loans"} <= {one["name"] for one in listed}
    for one in listed:
        for suffix in (".xlsx", ".pdf"):
            told = fulian("report", ws, one["name"], "--year", "2024", "--unit", unit, "-o", tmp_path / f"a{suffix}")
            assert (tmp_path / f"a{suffix}").stat().st_size > 1000
        assert {len(row) for row in told["rows"]} <= {len(told["columns"])}
    told = fulian("report", ws, "summary", "--year", "2024", "-o", tmp_path / "a.docx")
    assert told["paragraphs"][0].startswith("2024年")
    assert "发放资金1.59万元" in told["paragraphs"][0]
    assert (tmp_path / "a.docx").read_bytes().startswith(b"PK")

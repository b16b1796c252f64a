"""A further kind needs one declaration and nothing else: table, command line, template, import, search, merge (DESIGN §3)."""

from __future__ import annotations

import pytest
from tests.builders import TOWN, VILLAGE
from tests.e2e.builders import a_country, a_declared_kind, digest, shown
from tests.sheets.sheet_builders import a_book

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import Code, Day, Field, Integer, Money, Text
from fulian_desktop.domain.kind import Kind
from fulian_desktop.services.conflicts import conflicts
from fulian_desktop.services.records import edit_record
from fulian_desktop.store.workspace import Workspace

ORCHARD = Kind(
    code="orchard", label="巾帼果园", cls="ordinary", nav="care", order=95, icon="site", verb="登记果园",
    title=("name",), identity=("name",), measure_word="处",
    fields=(
        Field("name", "果园名称", Text(100), asked=True, column=True, search="text", aliases=("名称",)),
        Field("fruit", "果树", Code(codes=CodeList.of(("apple", "苹果"), ("jujube", "红枣"))), column=True, asked=True),
        Field("trees", "棵数", Integer(0, 10**6), column=True),
        Field("planted", "栽种日期", Day()),
        Field("invested", "投资", Money()),
    ),
)


@pytest.fixture
def declared():
    with a_declared_kind(ORCHARD):
        yield


@pytest.fixture
def grown(declared, tmp_path):
    with a_country(tmp_path) as country:
        yield country


def test_it_has_a_table_of_its_own(grown):
    columns = {row[1] for row in grown[VILLAGE].workspace.db.execute("PRAGMA table_info(k_orchard)")}
    assert {"id", "unit", "name", "fruit", "trees", "planted", "invested", "remarks", "photos", "same_as"} <= columns


def test_it_is_entered_listed_shown_edited_deleted_and_found_by_the_command_line(fulian, grown):
    ws = grown[VILLAGE].workspace.folder
    made = fulian("add", ws, "orchard", "name=东山果园", "fruit=红枣", "trees=１２０", "planted=2024年3月12日", "invested=1.2万")
    assert made["problems"] == []
    record = fulian("show", ws, made["id"])
    assert record["values"] == {
        "name": "东山果园", "fruit": "jujube", "trees": 120, "planted": "2024-03-12", "invested": 1_200_000,
    }
    fulian("add", ws, "orchard", "name=西山果园", "fruit=苹果")
    assert [r["id"] for r in fulian("list", ws, "orchard", "--where", "fruit=红枣")["records"]] == [made["id"]]
    assert [r["id"] for r in fulian("list", ws, "orchard", "--search", "东山")["records"]] == [made["id"]]
    fulian("edit", ws, made["id"], "trees=130")
    assert fulian("show", ws, made["id"])["values"]["trees"] == 130
    assert fulian("add", ws, "orchard", "trees=3", code=1)["error"]["text"].startswith("“果园名称”")
    fulian("delete", ws, made["id"])
    assert len(fulian("list", ws, "orchard")["records"]) == 1
    assert fulian("check", ws)["ok"]


def test_its_template_is_filled_in_and_imported_and_its_roster_exported(fulian, grown, tmp_path):
    import openpyxl

    ws = grown[VILLAGE].workspace.folder
    template = tmp_path / "果园.xlsx"
    fulian("template", "orchard", "-o", template)
    book = openpyxl.load_workbook(template)
    page = book.worksheets[0]
    head = next(row for row in page.iter_rows() if any("果园名称" in str(c.value or "") for c in row))
    at = {str(c.value).strip("* ＊"): c.column for c in head if c.value}
    for label, value in (("果园名称", "东山果园"), ("果树", "红枣"), ("棵数", 120)):
        page.cell(head[0].row + 1, next(col for text, col in at.items() if label in text), value)
    book.save(template)
    told = fulian("import-sheet", ws, "orchard", template)
    assert told["total"]["new"] == 1
    (record,) = fulian("list", ws, "orchard")["records"]
    assert (record["values"]["name"], record["values"]["fruit"], record["values"]["trees"]) == ("东山果园", "jujube", 120)
    rows = [["名称", "果树", "棵数"], ["东山果园", "红枣", 150], ["西山果园", "苹果", "几十"]]
    ledger = a_book(tmp_path / "台账.xlsx", ("台账", rows))
    told = fulian("import-sheet", ws, "orchard", ledger)
    assert [r["state"] for r in told["rows"]] == ["changed", "new"]
    assert {p["cell"] for p in told["rows"][1]["problems"] if p["field"] == "trees"} == {"C3"}
    out = tmp_path / "名册.xlsx"
    assert fulian("export-sheet", ws, "orchard", "-o", out)["rows"] == 2
    assert "巾帼果园" in str([c.value for row in openpyxl.load_workbook(out).worksheets[0].iter_rows() for c in row])


def test_it_travels_merges_conflicts_and_is_counted_in_the_digest(grown, fulian):
    village, town = grown[VILLAGE], grown[TOWN]
    made = fulian("add", village.workspace.folder, "orchard", "name=东山果园", "fruit=红枣")["id"]
    village.workspace.forget_log()
    report = grown.carry(village, town)
    assert report["total"]["added"] == 1
    edit_record(village, made, {"trees": "120"})
    edit_record(town, made, {"trees": "130", "invested": "500元"})
    assert grown.carry(village, town)["total"]["conflicts"] == 1
    (conflict,) = conflicts(town)
    assert (conflict["kind"], conflict["field"], conflict["label"]) == ("orchard", "trees", "棵数")
    grown.carry(town, village)
    assert shown(village, made)["values"]["invested"] == 50_000
    assert digest(village, VILLAGE) == digest(town, VILLAGE)


def test_an_office_that_does_not_know_it_keeps_it_passes_it_on_and_shows_it_after_an_upgrade(tmp_path):
    """FAULTS 36: unknown kinds are kept without effect and named; the declaration alone brings them out."""
    from fulian_desktop.services.exchanging import merge_packages
    from fulian_desktop.services.records import add_record
    from fulian_desktop.store import queries

    with a_country(tmp_path) as country:
        village, town = country[VILLAGE], country[TOWN]
        folder, key, person = (getattr(village.workspace, n) for n in ("folder", "key", "person"))
        with a_declared_kind(ORCHARD), Workspace.open_with_key(folder, key, person) as upgraded:
            from fulian_desktop.services.office import Office

            made = add_record(Office(upgraded), "orchard", {"name": "东山果园", "fruit": "红枣"}).id
        village.workspace.forget_log()
        package = country.packed(village, TOWN)
        report = merge_packages(town, [package])
        assert report["total"]["refused"] == 0
        assert [f["kind"] for f in queries.findings(town.workspace.db, "unknown")] == ["orchard"]
        folder, key, person = (getattr(town.workspace, n) for n in ("folder", "key", "person"))
        with a_declared_kind(ORCHARD), Workspace.open_with_key(folder, key, person) as upgraded:
            row = queries.find_by_id(upgraded.db, made)
            assert row is not None
            assert row.flat["name"] == "东山果园"
            assert queries.findings(upgraded.db, "unknown") == []

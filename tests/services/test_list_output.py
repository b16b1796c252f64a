"""What leaves a list: sheets, paper and the clipboard, masked unless asked for, and logged."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from tests.builders import SIBLING, VILLAGE, a_township, an_activity
from tests.services.test_browsing import a_family, log_of

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.errors import InputProblem
from fulian_desktop.services import list_output
from fulian_desktop.services.browsing import Query
from fulian_desktop.services.list_output import columns_out, export_listed
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, delete_records
from fulian_desktop.sheets.exporting import UNIT


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    office = a_township(tmp_path / "town")
    for day, unit in (("2025-12-30", VILLAGE), ("2026-03-08", VILLAGE), ("2026-03-07", SIBLING)):
        add_record(office, "activity", an_activity(title=f"普法{day}", date_from=day, category="law"), unit=unit)
    add_record(office, "activity", an_activity(title="清扫", date_from="2026-05-01", category="environment"))
    for head in ("王秀英", "李兰"):
        a_family(office, head=head, phone="13800135721")
    with office:
        yield office


def heads_of(path: Path) -> list[str]:
    return [str(cell.value) for cell in openpyxl.load_workbook(path).worksheets[0][2]]


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_the_columns_of_a_sheet_follow_from_the_declaration_and_none_is_named_twice(town: Office, kind):
    columns = columns_out(town, kind.code)
    names = [column.name for column in columns]
    assert names[0] == UNIT
    assert len(set(names)) == len(names)
    fields = {f.code: f for f in kind.fields}
    assert all(column.sensitive == bool(fields[column.name].sensitive) for column in columns if column.name in fields)


def test_a_column_is_usual_that_is_listed_or_filled_in_some_living_record(town: Office):
    def usual() -> set[str]:
        return {column.name for column in columns_out(town, "family") if column.usual}

    assert {UNIT, "head", "phone", "address"} <= usual()
    assert "ethnicity" not in usual()
    saved = add_record(town, "family", {"head": "赵", "ethnicity": "汉族"}, unit=VILLAGE)
    assert "ethnicity" in usual()
    delete_records(town, [saved.id])
    assert "ethnicity" not in usual()


def test_a_sheet_has_the_columns_that_were_chosen_in_their_order_and_no_others(town: Office, tmp_path: Path):
    path = tmp_path / "册.xlsx"
    export_listed(town, Query("family"), path, show_sensitive=False, columns=["phone", UNIT, "gone", "head"])
    assert heads_of(path) == ["序号", "电话", "单位", "户主"]
    export_listed(town, Query("family"), path, show_sensitive=False, columns=["head"])
    assert heads_of(path) == ["序号", "户主"]


def test_what_was_chosen_in_full_is_what_is_taken_when_nobody_chose(town: Office, tmp_path: Path):
    paths = tmp_path / "一.xlsx", tmp_path / "二.xlsx"
    usual = [column.name for column in columns_out(town, "family") if column.usual]
    for path, columns in zip(paths, (None, usual), strict=True):
        export_listed(town, Query("family"), path, show_sensitive=False, columns=columns)
    assert heads_of(paths[0]) == heads_of(paths[1])


@pytest.mark.parametrize(("columns", "logged"), [(["head"], False), (["head", "phone"], True), (None, True)])
def test_the_log_says_whether_sensitive_values_were_carried_out(
    town: Office, tmp_path: Path, columns: list[str] | None, logged: bool
):
    export_listed(town, Query("family"), tmp_path / "册.xlsx", show_sensitive=True, columns=columns)
    assert log_of(town)[-1] == ("export-sheet", {"kind": "family", "rows": 2, "sensitive": logged})


@pytest.mark.parametrize("shown", [False, True])
def test_what_is_exported_is_the_list_as_it_is_filtered(town: Office, tmp_path: Path, shown: bool):
    path = tmp_path / "册.xlsx"
    told = export_listed(town, Query("family", search="王秀英"), path, show_sensitive=shown)
    assert told["rows"] == 1
    cells = {cell.value for row in openpyxl.load_workbook(path).worksheets[0] for cell in row}
    assert "王秀英" in cells
    assert "李兰" not in cells
    assert ("13800135721" in cells) is shown
    assert log_of(town)[-1] == ("export-sheet", {"kind": "family", "rows": 1, "sensitive": shown})


def test_paper_shows_the_list_as_it_is_filtered_or_says_why_not(town: Office, monkeypatch: pytest.MonkeyPatch):
    made = list_output.paper_of(town, Query("activity", year=2026))
    assert made.pdf.startswith(b"%PDF")
    assert (made.names, len(made.sizes)) == (3, 1)
    with pytest.raises(InputProblem, match="没有可以打印"):
        list_output.paper_of(town, Query("activity", year=2019))
    monkeypatch.setattr(list_output, "MOST_PRINTED", 2)
    with pytest.raises(InputProblem, match="超过 2 条"):
        list_output.paper_of(town, Query("activity", year=2026))


@pytest.mark.parametrize("typed", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1"])
def test_no_copied_cell_becomes_a_formula(town: Office, typed: str):
    text = list_output.as_clipboard(town, [["户主", "备注"], [typed, "一\t二\n三"]])
    assert text == f"户主\t备注\n'{typed}\t一 二 三"


def test_copying_revealed_values_is_written_into_the_activity_log(town: Office):
    before = len(log_of(town))
    list_output.as_clipboard(town, [["甲"]])
    assert len(log_of(town)) == before
    list_output.as_clipboard(town, [["甲"]], ["ab" * 16])
    assert log_of(town)[-1] == ("copy", {"records": ["ab" * 16], "sensitive": True})

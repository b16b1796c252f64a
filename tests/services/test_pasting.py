"""A ledger looked at before it is taken in: from a file or the clipboard, column by column, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import SIBLING, a_family, a_village, added
from tests.sheets.sheet_builders import a_book

from fulian_desktop.errors import InputProblem, Refused
from fulian_desktop.services.office import Office
from fulian_desktop.services.pasting import Choice, Source, look_into, take_in
from fulian_desktop.services.records import undo_act

REAL = Path(__file__).parents[1] / "data" / "real"
LEDGER = Source(REAL / "东山镇妇联2009年活动台账.xlsx")
PASTED = "户主\t电话\t住址\t家里情况\n王秀英\t1380013572\t3组\t\"两口人\n有\"\"低保\"\"\"\n李桂芳\t13800135722\t5组\t好\n"


@pytest.fixture
def village(tmp_path: Path) -> Iterator[Office]:
    with a_village(tmp_path / "v") as office:
        yield office


def states(preview) -> list[str]:
    return [row.state for row in preview.rows]


def test_looking_writes_nothing(village: Office):
    preview = look_into(village, "activity", LEDGER)
    assert preview.total["new"] == 20
    assert preview.act == ""
    assert village.counts()["activity"] == 0


def test_taking_in_is_one_act_that_can_be_taken_back(village: Office):
    taken = take_in(village, "activity", LEDGER)
    assert village.counts()["activity"] == taken.total["new"] == 20
    undo_act(village, taken.act)
    assert village.counts()["activity"] == 0


def test_the_same_ledger_again_says_nothing_new(village: Office):
    take_in(village, "activity", LEDGER)
    again = take_in(village, "activity", LEDGER)
    assert again.total["new"] == again.total["changed"] == 0
    assert again.act == ""


def test_every_head_says_what_it_was_read_as(village: Office):
    heads = dict(look_into(village, "activity", LEDGER).heads)
    assert heads["活动名称"] == "title"
    assert set(heads.values()) <= {name for name, _ in look_into(village, "activity", LEDGER).offered} | {""}


def test_pasted_cells_with_line_ends_and_quotes_are_rows(village: Office):
    preview = look_into(village, "family", Source(text=PASTED))
    assert states(preview) == ["new", "new"]
    assert preview.rows[0].cells["家里情况"] == '两口人\n有"低保"'
    assert preview.heads[-1] == ("家里情况", "")


def test_what_is_wrong_is_named_at_its_head(village: Office):
    [first, second] = look_into(village, "family", Source(text=PASTED)).rows
    assert [(one.head, one.cell) for one in first.troubles] == [("电话", "B2")]
    assert second.troubles == ()


def test_what_is_missing_is_named_at_the_head_it_would_stand_under(village: Office):
    [row] = look_into(village, "family", Source(text="户主\t住址\n王秀英\t\n")).rows
    assert [one.head for one in row.troubles] == ["住址"]


def test_a_column_is_taken_for_what_a_person_says(village: Office):
    text = "户主\t住址\t叫什么\n王秀英\t3组\t李桂芳\n"
    assert look_into(village, "family", Source(text=text)).heads == [("户主", "head"), ("住址", "address"), ("叫什么", "")]
    chosen = Choice(columns=(("叫什么", "head"),))
    preview = look_into(village, "family", Source(text=text), chosen)
    assert preview.heads == [("户主", ""), ("住址", "address"), ("叫什么", "head")]
    take_in(village, "family", Source(text=text), chosen)
    again = look_into(village, "family", Source(text="户主\t住址\n李桂芳\t3组\n"))
    assert states(again) == ["unchanged"]


def test_a_column_that_is_let_go_is_kept_in_the_remarks(village: Office):
    chosen = Choice(columns=(("电话", ""),))
    preview = look_into(village, "family", Source(text=PASTED), chosen)
    assert dict(preview.heads)["电话"] == ""
    assert preview.rows[0].troubles == ()


def test_two_columns_of_one_head_are_told_apart(village: Office):
    preview = look_into(village, "family", Source(text="户主\t住址\t说法\t说法\n王秀英\t3组\t一\t二\n"))
    assert [head for head, _ in preview.heads] == ["户主", "住址", "说法", "说法（D 列）"]
    assert preview.rows[0].cells["说法（D 列）"] == "二"


def test_a_year_that_is_chosen_counts_for_dates_without_one(village: Office):
    text = "主题\t日期\n普法宣传\t3月8日\n"
    assert look_into(village, "activity", Source(text=text), Choice(year=2021)).year == 2021
    take_in(village, "activity", Source(text=text), Choice(year=2021))
    again = look_into(village, "activity", Source(text=text), Choice(year=2020))
    assert states(again) == ["new"]  # another day: another activity


def test_a_list_without_dates_does_not_speak_of_years(village: Office):
    preview = look_into(village, "family", Source(text=PASTED))
    assert not preview.dated
    assert preview.notes == ()


def test_a_row_without_a_name_cannot_be_taken_in_and_the_others_are(village: Office):
    preview = take_in(village, "family", Source(text="户主\t住址\n王秀英\t3组\n\t5组\n合计\t2\n"))
    assert states(preview) == ["new", "invalid", "skipped"]
    assert preview.rows[2].reason == "total"
    assert village.counts()["family"] == 1


def test_a_record_that_is_there_is_changed_not_doubled(village: Office):
    added(village, "family", a_family(head="王秀英"))
    preview = take_in(village, "family", Source(text="户主\t住址\t电话\n王秀英\t3组12号\t13800135721\n"))
    assert states(preview) == ["changed"]
    assert village.counts()["family"] == 1


def test_rows_of_several_sheets_say_of_which(village: Office, tmp_path: Path):
    rows = [["户主", "住址"], ["王秀英", "3组"]]
    book = a_book(tmp_path / "两张.xlsx", ("一月", rows), ("二月", [["户主", "电话"], ["李桂芳", "12"]]))
    preview = look_into(village, "family", Source(book))
    assert [row.place for row in preview.rows] == ["一月 2", "二月 2"]
    assert [one.head for one in preview.rows[1].troubles if one.cell] == ["电话"]


@pytest.mark.parametrize(("text", "words"), [("", "剪贴板"), (" \n", "剪贴板"), ("随便一句话", "表头"), ("甲\t乙\n1\t2", "表头")])
def test_what_is_no_table_is_refused_with_a_sentence(village: Office, text: str, words: str):
    with pytest.raises((InputProblem, Refused), match=words):
        look_into(village, "family", Source(text=text))


def test_a_unit_that_is_not_ours_stops_its_row(village: Office):
    preview = look_into(village, "family", Source(text=f"户主\t住址\t所在村\n王秀英\t3组\t{SIBLING}\n"))
    assert states(preview) == ["invalid"]
    assert [one.head for one in preview.rows[0].troubles] == ["所在村"]

"""Assessment: from a scheme to ranks, on the screen, in Excel and on paper (DOMAIN §2, PAPER §6)."""

from __future__ import annotations

import datetime
import re
import subprocess
from decimal import Decimal

import openpyxl
import pytest
from tests.builders import COUNTY, SIBLING, THIRD, TOWN, VILLAGE, a_township, an_office
from tests.e2e.builders import a_country, shown

from fulian_desktop.errors import InputProblem, NotAllowed, NotFound
from fulian_desktop.services import assessment, enrol
from fulian_desktop.services.assessment import Mark, give_points, load_board, make_default_scheme, set_evidence
from fulian_desktop.services.assessment_report import pdf_of, sheet_rows
from fulian_desktop.services.indicators import figure_of
from fulian_desktop.services.records import add_record, edit_record, undo_act
from fulian_desktop.services.reports import make_report, write_report

CLASSES = {
    "code": "1", "section": "培训", "text": "自办培训班 2 期", "points": "10", "source": "computed", "indicator": "classes",
    "target": "2", "way": "per_piece", "order": 1,
}
SLOGANS = {"code": "2", "section": "宣传", "text": "永久性标语两条以上", "points": "20", "source": "judged", "order": 2}


@pytest.fixture
def town(tmp_path):
    with a_township(tmp_path / "town") as office:
        for code, name in ((VILLAGE, "柳树湾村"), (SIBLING, "杏花村"), (THIRD, "东沟村")):
            enrol.add_unit(office, code, name)
        yield office


def a_scheme(office, *items, **more):
    """A scheme of this office; returns its id."""
    return add_record(office, "scheme", {"title": "考核方案", "year": 2026, "items": items or [CLASSES, SLOGANS], **more}).id


def held(office, unit, day="2026-03-08", **more):
    """A training class that a unit held."""
    entries = {"title": "培训", "category": "training", "date_from": day, "participants": 20, **more}
    return add_record(office, "activity", entries, unit=unit)


def computed(office, scheme, check="year"):
    return assessment.accept_proposals(office, scheme, check, assessment.proposals(office, scheme, check))


def ranks(office, scheme=""):
    return [(s.name, s.rank, s.total) for s in load_board(office, scheme).ranking.standings]


# --- thirty villages -------------------------------------------------------------------------------------------------


@pytest.fixture
def thirty(tmp_path):
    """Thirty villages: village n held n % 3 classes by June and one more in autumn where n is even, and is judged by hand."""
    units = [f"1407021012{n:02d}" for n in range(1, 31)]
    with a_township(tmp_path / "town") as office:
        for n, unit in enumerate(units):
            enrol.add_unit(office, unit, f"第{n + 1}村")
            for _ in range(n % 3):
                held(office, unit)
            if n % 2 == 0:
                held(office, unit, "2026-10-10")
        scheme = a_scheme(office)
        for check in ("half", "year"):
            computed(office, scheme, check)
            give_points(office, scheme, check, [Mark(unit, "", "2", f"{20 - n // 5 * 0.5}") for n, unit in enumerate(units)])
        yield office, scheme, units


def by_hand(n):
    """Half, year and total of village n, in hundredths, worked out from what it did."""
    judged = 2000 - n // 5 * 50
    half = min(n % 3, 2) * 500 + judged
    year = min(n % 3 + (n % 2 == 0), 2) * 500 + judged
    return half, year, (half * 40 + year * 60 + 50) // 100


def test_thirty_villages_stand_where_they_stand_by_hand_and_ties_share_their_rank(thirty):
    office, scheme, units = thirty
    board = load_board(office, scheme)
    totals = {unit: by_hand(n)[2] for n, unit in enumerate(units)}
    wanted = {unit: 1 + sum(other > totals[unit] for other in totals.values()) for unit in units}
    assert {s.unit: s.rank for s in board.ranking.standings} == wanted
    assert {s.unit: s.total for s in board.ranking.standings} == totals
    assert len(set(wanted.values())) < 30, "there are ties"
    for n, unit in enumerate(units):
        checks = next(s.checks for s in board.ranking.standings if s.unit == unit)
        assert (checks["half"].total, checks["year"].total) == by_hand(n)[:2]


def test_paper_and_excel_say_what_the_ranking_says(thirty, tmp_path):
    office, *_ = thirty
    report = make_report(office, "assessment", 2026)
    pdf, book = tmp_path / "a.pdf", tmp_path / "a.xlsx"
    write_report(office, report, pdf)
    write_report(office, report, book)
    wanted = [(s.rank, s.name, s.checks["half"].total, s.checks["year"].total, s.total) for s in report.board.ranking.standings]
    assert [row[1] for row in report.text_rows()][:30] == [name for _, name, *_ in wanted]

    text = subprocess.run(["pdftotext", "-layout", "-l", "2", pdf, "-"], capture_output=True, check=True).stdout.decode()
    lines = re.findall(r"^ *(\d+) +(第\d+村)((?: +[\d.—-]+)+)$", text, re.MULTILINE)
    on_paper = [(int(rank), name, *(int(Decimal(f) * 100) for f in figures.split()[-3:])) for rank, name, figures in lines]
    assert on_paper == wanted

    sheet = openpyxl.load_workbook(book)["排名"]
    rows = [row for row in sheet.iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [(row[0], row[1], *(round(Decimal(str(f)) * 100) for f in row[-3:])) for row in rows] == wanted
    average = next(row for row in sheet.iter_rows(values_only=True) if row[1] == "全乡平均")
    assert round(Decimal(str(average[-1])) * 100) == report.total["average"]
    assert f"{Decimal(report.total['average']) / 100:.2f}" in text


def test_each_village_has_its_sheet_in_the_book_and_on_paper(thirty, tmp_path):
    office, *_ = thirty
    report = make_report(office, "assessment", 2026)
    write_report(office, report, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert len(book.sheetnames) == 31
    (row,) = [r for r in book["第2村"].iter_rows(values_only=True) if r[1] == CLASSES["text"]]
    assert row[2:8] == (10, 2, None, 5, None, 5)
    assert row[8] == "半年、全年完成 1"
    (total,) = [r for r in book["第2村"].iter_rows(values_only=True) if r[1] == "合计"]
    assert (total[5], total[7]) == (25, 25)
    write_report(office, report, tmp_path / "a.pdf")
    text = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], capture_output=True, check=True).stdout.decode()
    assert text.count("年度妇联工作考核得分表") == 30


def test_the_records_behind_a_row_are_the_units_scores(thirty):
    office, *_ = thirty
    report = make_report(office, "assessment", 2026)
    for standing, ids in zip(report.board.ranking.standings, report.ids, strict=True):
        records = [shown(office, record) for record in ids]
        assert {(r["kind"], r["unit"]) for r in records} == {("score", standing.unit)}
        assert len(records) == 4


# --- computed items --------------------------------------------------------------------------------------------------


def test_points_follow_from_the_records_of_the_half_year_and_of_the_year(town):
    scheme = a_scheme(town)
    held(town, VILLAGE, "2026-03-08")
    held(town, VILLAGE, "2026-11-08")
    held(town, VILLAGE, "2025-11-08")
    for check, figure, points in (("half", 100, 500), ("year", 200, 1000)):
        first = assessment.proposals(town, scheme, check)[0]
        assert (first.unit, first.figure, first.points.points) == (VILLAGE, figure, points)


def test_an_empty_village_gets_nothing_and_it_is_said(town):
    scheme = a_scheme(town)
    proposal = assessment.proposals(town, scheme, "half", units=[SIBLING])[0]
    assert (proposal.figure, proposal.points.points, proposal.points.said) == (0, 0, "没有登记过，得 0 分")
    computed(town, scheme, "half")
    assert sheet_rows(load_board(town), SIBLING)[0][-1] == "半年没有登记"


def test_a_target_of_zero_gives_everybody_full_points_and_says_so(town):
    scheme = a_scheme(town, {**CLASSES, "target": "0"})
    computed(town, scheme)
    assert {total for _, _, total in ranks(town)} == {1000}
    assert {rank for _, rank, _ in ranks(town)} == {1}
    assert sheet_rows(load_board(town), VILLAGE)[0][-1] == "全年没有定目标，按满分计"


def test_points_that_a_person_gave_are_not_worked_out_again(town):
    scheme = a_scheme(town)
    give_points(town, scheme, "year", [Mark(VILLAGE, "", "1", "9", "外请了老师")])
    computed(town, scheme)
    board = load_board(town)
    assert board.score(VILLAGE, "year", "", "1").counted == 900
    assert board.score(SIBLING, "year", "", "1").counted == 0
    held(town, SIBLING)
    computed(town, scheme)
    assert load_board(town).score(SIBLING, "year", "", "1").counted == 500
    assert computed(town, scheme) == "", "nothing new: nothing written"


def test_an_indicator_that_is_not_known_here_gives_nobody_anything(town):
    scheme = a_scheme(town, {**CLASSES, "indicator": "no_such_thing"})
    found = assessment.proposals(town, scheme, "half")
    assert not any(p.known for p in found)
    assert assessment.accept_proposals(town, scheme, "half", found) == ""


# --- giving points ---------------------------------------------------------------------------------------------------


def test_a_review_keeps_the_item_as_it_was_and_who_gave_it(town):
    scheme = a_scheme(town)
    act = give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "18.5", "一条褪色了")])
    record = load_board(town).score(VILLAGE, "half", "", "2").record
    values = shown(town, record)["values"]
    assert values["review_township_points"] == 1850
    assert (values["review_township_item"], values["review_township_full"]) == (SLOGANS["text"], 2000)
    assert (values["review_township_person"], values["review_township_note"]) == ("李红", "一条褪色了")
    undo_act(town, act)
    assert load_board(town).score(VILLAGE, "half", "", "2") is None


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        (Mark(VILLAGE, "", "2", "20.5"), "points-over-full"), (Mark(VILLAGE, "", "2", "约8"), "points-about"),
        (Mark(VILLAGE, "", "2", "8.555"), "points-decimals"), (Mark(VILLAGE, "", "2", "良好"), "points-unreadable"),
        (Mark(VILLAGE, "deduction", "k1", "-2"), "points-negative"), (Mark(VILLAGE, "", "2", -100), "points-negative"),
    ],
)
def test_points_that_cannot_be_are_refused_whole(town, mark, code):
    scheme = a_scheme(town)
    with pytest.raises(InputProblem) as refused:
        give_points(town, scheme, "half", [Mark(SIBLING, "", "2", "10"), mark])
    assert refused.value.code == code
    assert not load_board(town).scores


def test_points_taken_away_are_gone_and_the_record_stays(town):
    scheme = a_scheme(town)
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "18")])
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "")])
    assert load_board(town).score(VILLAGE, "half", "", "2").counted is None


def test_deductions_and_extra_points_count_and_a_veto_leaves_a_village_out(town):
    scheme = a_scheme(town, extra_most="3", deductions=[{"code": "k1", "text": "迟报", "points": "1"}],
                      vetoes=[{"code": "f1", "text": "弄虚作假"}], extras=[{"code": "j1", "text": "受表彰", "points": "2"}])
    give_points(town, scheme, "year", [Mark(unit, "", "2", "10") for unit in (VILLAGE, SIBLING, THIRD)])
    give_points(town, scheme, "year", [
        Mark(VILLAGE, "deduction", "k1", "1.5"), Mark(VILLAGE, "extra", "j1", "2"),
        Mark(VILLAGE, "extra", "own", "2", item="经验推广"),
        Mark(THIRD, "veto", "f1", 100, "台账造假"),
    ])
    assert ranks(town) == [("柳树湾村", 1, 1150), ("杏花村", 2, 1000), ("东沟村", None, 1000)]
    notes = make_report(town, "assessment", 2026).notes
    assert "东沟村一票否决，不参评，不计入平均：台账造假。" in notes
    rows = {row[1]: row for row in sheet_rows(load_board(town), VILLAGE)}
    assert rows["迟报"][0] == "扣分"
    assert rows["迟报"][7] == -150
    assert rows["经验推广"][:2] == ["加分", "经验推广"]


def test_a_scheme_changed_in_the_middle_of_the_year_leaves_given_points_and_says_so(town):
    scheme = a_scheme(town)
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "18")])
    rows = shown(town, scheme)["values"]["items"]
    edit_record(town, scheme, {"items": [{**row, "points": 1000} if row["code"] == "2" else row for row in rows]})
    board = load_board(town)
    assert board.score(VILLAGE, "half", "", "2").counted == 1800
    assert board.ranking.standings[0].checks["half"].old == 1
    report = make_report(town, "assessment", 2026)
    assert "方案改过，有 1 项得分按旧方案评的。" in report.notes
    (row,) = [r for r in sheet_rows(board, VILLAGE) if r[1] == SLOGANS["text"]]
    assert row[-1] == "半年按旧方案评的（当时 20 分）"
    with pytest.raises(InputProblem):
        give_points(town, scheme, "half", [Mark(SIBLING, "", "2", "18")])
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "9")])
    assert load_board(town).ranking.standings[0].checks["half"].old == 0


def test_a_closed_check_takes_no_more_points_until_it_is_opened(town):
    scheme = a_scheme(town)
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "18")])
    assessment.close_check(town, scheme, "half", datetime.date(2026, 7, 10))
    with pytest.raises(InputProblem, match="半年考核 2026-07-10 已经结束"):
        give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "10")])
    give_points(town, scheme, "year", [Mark(VILLAGE, "", "2", "10")])
    assessment.open_check(town, scheme, "half")
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "10")])


def test_a_village_merged_away_keeps_its_scores_and_its_place(town):
    scheme = a_scheme(town)
    give_points(town, scheme, "half", [Mark("140702101299", "", "2", "20")])
    assert ranks(town)[0] == ("140702101299", 1, 2000)


def test_without_a_scheme_it_is_said_what_to_do(town, tmp_path):
    with pytest.raises(NotFound, match="下一步"):
        load_board(town)
    report = make_report(town, "assessment", 2026)
    assert (report.rows, report.total["units"]) == ([], 0)
    assert "下一步" in report.notes[0]
    for name in ("a.pdf", "a.xlsx"):
        write_report(town, report, tmp_path / name)


def test_nothing_scored_yet_can_be_printed_too(town):
    make_default_scheme(town, 2026)
    board = load_board(town)
    assert ranks(town) == [(name, None, None) for name in ("柳树湾村", "杏花村", "东沟村")]
    assert pdf_of(town, board).startswith(b"%PDF")
    assert pdf_of(town, board, unit=VILLAGE).startswith(b"%PDF")


def test_a_village_makes_no_scheme(tmp_path):
    with an_office(tmp_path / "v", VILLAGE) as office, pytest.raises(NotAllowed):
        make_default_scheme(office, 2026)


# --- village and township --------------------------------------------------------------------------------------------


@pytest.fixture
def pair(tmp_path):
    """A township with a scheme and two villages that have it."""
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        scheme = a_scheme(country[TOWN])
        for village in (VILLAGE, SIBLING):
            country.carry(country[TOWN], country[village])
        yield country, scheme


def test_self_score_and_review_land_in_one_record_whoever_was_first(pair):
    country, scheme = pair
    village, town = country[VILLAGE], country[TOWN]
    give_points(village, scheme, "half", [Mark(VILLAGE, "", "2", "19", "三条")], own=True)
    give_points(town, scheme, "half", [Mark(VILLAGE, "", "2", "17")])
    country.carry(village, town)
    country.carry(town, village)
    for office in (village, town):
        board = load_board(office, scheme)
        (score,) = board.scores[VILLAGE]
        assert (score.own.points, score.own.note, score.counted) == (1900, "三条", 1700)
        assert not shown(office, score.record)["conflicts"]
    board = load_board(village, scheme)
    assert [code for code, _ in board.units] == [VILLAGE], "a village sees its own sheet"
    assert [(s.total, s.rank) for s in board.ranking.standings] == [(1700, None)], "and no rank: it does not have the others"
    assert load_board(town, scheme).ranking.standings[0].rank == 1


def test_a_village_scores_itself_and_nobody_else_and_reviews_nothing(pair):
    country, scheme = pair
    village = country[VILLAGE]
    with pytest.raises(NotAllowed):
        give_points(village, scheme, "half", [Mark(SIBLING, "", "2", "19")], own=True)
    with pytest.raises(NotAllowed):
        give_points(village, scheme, "half", [Mark(VILLAGE, "", "2", "19")])
    assert not load_board(village, scheme).reviews


def test_what_villages_say_of_themselves_is_taken_over_as_one_act(pair):
    country, scheme = pair
    town = country[TOWN]
    for unit, points in ((VILLAGE, "19"), (SIBLING, "18")):
        give_points(country[unit], scheme, "half", [Mark(unit, "", "2", points)], own=True)
        country.carry(country[unit], town)
    give_points(town, scheme, "half", [Mark(SIBLING, "", "2", "10")])
    act = assessment.adopt_own(town, scheme, "half")
    board = load_board(town, scheme)
    assert [board.score(unit, "half", "", "2").counted for unit in (VILLAGE, SIBLING)] == [1900, 1000]
    undo_act(town, act)
    assert load_board(town, scheme).score(VILLAGE, "half", "", "2").counted is None


def test_a_village_names_its_records_as_evidence(pair):
    country, scheme = pair
    village = country[VILLAGE]
    one = held(village, VILLAGE)
    set_evidence(village, scheme, "half", VILLAGE, "1", [(VILLAGE, "activity", one.id)])
    (score,) = load_board(village, scheme).scores[VILLAGE]
    assert score.evidence == 1
    assert shown(village, score.record)["values"]["evidence"][0]["name"] == "培训"
    assert set_evidence(village, scheme, "half", VILLAGE, "1", [(VILLAGE, "activity", one.id)]) == ""
    country.carry(village, country[TOWN])
    assert load_board(country[TOWN], scheme).evidence[score.record] == (("activity", one.id),)
    set_evidence(village, scheme, "half", VILLAGE, "1", [])
    assert load_board(village, scheme).scores[VILLAGE][0].evidence == 0


def test_a_countys_scheme_is_for_the_townships_and_no_village_is_assessed_by_it(pair):
    country, scheme = pair
    county = an_office(country.folder / COUNTY, COUNTY, person="赵敏")
    country.offices[COUNTY] = county
    country.enrol(country[TOWN], county)
    theirs = a_scheme(county, title="县里考核乡镇")
    country.carry(county, country[TOWN])
    country.carry(country[TOWN], country[VILLAGE])
    assert [one.id for one in assessment.schemes(country[VILLAGE])] == [scheme]
    assert [one.id for one in assessment.schemes(country[TOWN])] == [scheme, theirs], "its own first"
    assert [code for code, _ in load_board(country[TOWN], theirs).units] == [TOWN]
    assert [one.id for one in assessment.schemes(county)] == [theirs, scheme]
    assert [code for code, _ in load_board(county, theirs).units] == [TOWN]


def test_a_county_sees_the_ranking_of_a_township(pair):
    country, scheme = pair
    give_points(country[TOWN], scheme, "half", [Mark(VILLAGE, "", "2", "17")])
    county = an_office(country.folder / COUNTY, COUNTY, person="赵敏")
    country.offices[COUNTY] = county
    country.enrol(country[TOWN], county)
    board = load_board(county, scheme)
    assert board.ranking.standings[0].total == 1700
    assert not board.reviews


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_command_line_prints_the_ranking_and_writes_it(fulian, town, tmp_path):
    scheme = a_scheme(town)
    give_points(town, scheme, "year", [Mark(VILLAGE, "", "2", "17"), Mark(SIBLING, "", "2", "17"), Mark(THIRD, "", "2", "12.5")])
    folder = town.workspace.folder
    printed = fulian("report", folder, "assessment", "--year", 2026, "-o", tmp_path / "a.xlsx")
    shown_rows = [(row[0], row[1], row[-1]) for row in printed["rows"]][:3]
    assert shown_rows == [("1", "柳树湾村", "17.00"), ("1", "杏花村", "17.00"), ("3", "东沟村", "12.50")]
    assert printed["total"] == {"units": 3, "ranked": 3, "average": 1550}
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["排名", "柳树湾村", "杏花村", "东沟村"]
    fulian("report", folder, "assessment", "--year", 2026, "-o", tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert fulian("report", folder, "assessment", "--year", 2025)["rows"] == []
    narrowed = fulian("report", folder, "assessment", "--year", 2026, "--unit", THIRD)
    assert [row[:2] for row in narrowed["rows"]][:1] == [["3", "东沟村"]]


def test_the_command_line_makes_a_scheme_works_points_out_and_closes_a_check(fulian, town):
    folder = town.workspace.folder
    held(town, VILLAGE)
    made = fulian("assess", folder, "default", "--year", 2026)
    assert made["problems"] == []
    done = fulian("assess", folder, "compute", "--year", 2026, "--check", "half")
    assert done["scheme"] == made["scheme"]
    assert done["act"]
    rows = fulian("report", folder, "assessment", "--year", 2026)["rows"]
    assert [row[-1] for row in rows[:3]] == ["2.50", "0.00", "0.00"]
    fulian("assess", folder, "close", "--check", "half")
    fulian("assess", folder, "compute", "--check", "half", code=1)
    fulian("assess", folder, "open", "--check", "half")
    assert fulian("assess", folder, "compute", "--check", "half")["act"] == "", "nothing new"
    assert fulian("assess", folder, "adopt")["act"] == ""


def test_points_are_typed_and_shown_on_the_command_line_as_hundredths(fulian, town):
    folder = town.workspace.folder
    made = fulian("add", folder, "indicator_value", "plan=妇女发展规划", "indicator=管理率", "year=2026", "value=９８．５")
    assert fulian("show", folder, made["id"])["values"]["value"] == 9850


@pytest.mark.parametrize(
    ("lower", "value", "met"),
    [(None, "9", 0), (None, "12", 1), ("是", "9", 1), ("是", "12", 1), ("是", "12.01", 0), ("是", None, 0)],
)
def test_a_plans_target_is_met_from_the_side_on_which_it_is_better(town, lower, value, met):
    entries = {"plan": "妇女发展规划", "indicator": "孕产妇死亡率", "year": "2026", "target": "12", "value": value}
    add_record(town, "indicator_value", {**entries, "lower_is_better": lower})
    assert figure_of(town, "plan_targets_met", 2026, TOWN).value == met

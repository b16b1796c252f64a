"""Choosing what to print: every paper, its options, real keys."""

from __future__ import annotations

import itertools
import subprocess
from pathlib import Path

import docx
import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from tests.builders import SIBLING, VILLAGE, a_township
from tests.gui.conftest import wait_until_idle

from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.papers import Wanted, file_name, make_paper, papers, read_day
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.services.reports import REPORTS
from fulian_desktop.services.units_below import register_units
from fulian_desktop.ui.reports import ReportsPage


def a_campaign(office, *names: str) -> str:
    entries = {"title": "2026年度最美家庭", "honor": "most_beautiful_family", "year": 2026, "public_days": 5}
    campaign = add_record(office, "campaign", entries).id
    for name in names:
        family = add_record(office, "family", {"head": name, "address": "3组"}).id
        entries = {"campaign": campaign, "family": family, "way": "organization", "submitted_date": "2026-01-05"}
        nomination = add_record(office, "nomination", entries).id
        edit_record(office, nomination, {"approval_village_result": "通过", "approval_village_date": "2026-02-01"})
    return campaign


@pytest.fixture
def page(qtbot, desk) -> ReportsPage:
    made = ReportsPage(desk)
    qtbot.addWidget(made)
    made.resize(1182, 696)
    made.show()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def went(desk) -> list[tuple[str, dict]]:
    gone: list[tuple[str, dict]] = []
    desk.went.connect(lambda place, about: gone.append((place, about)))
    return gone


def opened(qtbot, page: ReportsPage, **about) -> ReportsPage:
    page.opened(about)
    wait_until_idle(qtbot, page.desk)
    page.first_focus().setFocus()
    return page


def test_everything_the_services_make_is_offered():
    codes = {paper.code for paper in papers()}
    assert {f"report:{name}" for name in REPORTS} < codes
    assert {"honor-roll", "certificates", "notice", "roster:family", "roster:activity"} < codes
    assert "roster:unit_name" not in codes


def test_arrows_choose_and_pass_over_headings(qtbot, page):
    opened(qtbot, page)
    seen = [page.options.paper.code]
    for _ in range(len(papers()) - 1):
        qtbot.keyClick(page.list, Qt.Key.Key_Down)
        seen.append(page.options.paper.code)
    assert seen == [paper.code for paper in papers()]


def test_each_paper_asks_for_what_it_needs_and_no_more(qtbot, page):
    opened(qtbot, page)
    for paper in papers():
        page.list.choose(paper.code)
        shown = {name for name, row in page.options._rows.items() if row.isVisibleTo(page)}
        assert shown == {need.value for need in paper.needs} - {"unit"}, "a village has no unit below to choose"
        assert page.options.excel.isVisibleTo(page) == paper.excel
        assert page.options.word.isVisibleTo(page) == paper.word


def test_a_township_narrows_a_report_to_a_village(qtbot, make_desk, tmp_path):
    with a_township(tmp_path / "town") as town:
        register_units(town, [(VILLAGE, "柳树湾村"), (SIBLING, "杏花村")])
        for unit, title in ((VILLAGE, "柳树湾的"), (SIBLING, "杏花的")):
            add_record(town, "activity", {"title": title, "date": "2026-03-08"}, unit=unit)
        page = ReportsPage(make_desk(town))
        qtbot.addWidget(page)
        page.resize(1182, 696)
        page.show()
        gone = []
        page.desk.went.connect(lambda _place, about: gone.append(about))
        opened(qtbot, page, paper="report:activity-ledger")
        unit = page.options.unit
        assert [unit.itemText(i) for i in range(unit.count())] == ["清溪镇和全部下级", "柳树湾村", "杏花村"]
        unit.setFocus()
        qtbot.keyClick(unit, Qt.Key.Key_Down)
        qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        assert (gone[0]["subtitle"], gone[0]["file"]) == ("2026 年，柳树湾村", "柳树湾村2026年活动台账")
        (tmp_path / "a.pdf").write_bytes(gone[0]["make"](town, Progress()).pdf)
        page.close()
    run = ["pdftotext", str(tmp_path / "a.pdf"), "-"]
    text = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert "柳树湾的" in text
    assert "杏花的" not in text


def test_reports_stand_in_their_groups():
    groups = [paper.group for paper in papers()]
    assert len(dict.fromkeys(groups)) == sum(a != b for a, b in itertools.pairwise(["", *groups])), "no heading comes twice"
    assert {plan.group for plan in REPORTS.values()} <= set(groups)


def test_without_a_campaign_the_reason_stands_where_one_is_chosen(qtbot, page):
    opened(qtbot, page, paper="honor-roll")
    assert not page.options.preview.isEnabled()
    assert "发起评选" in page.options.about.text()
    page.list.choose("roster:family")
    assert page.options.preview.isEnabled()


def test_enter_goes_to_the_options_and_through_them_to_the_preview(qtbot, page, went):
    opened(qtbot, page, paper="report:activity-ledger")
    qtbot.keyClick(page.list, Qt.Key.Key_Return)
    assert page.options.year.hasFocus()
    qtbot.keyClick(page.options.year, Qt.Key.Key_Return)
    [(place, about)] = went
    assert place == "preview"
    assert (about["title"], about["subtitle"]) == ("活动台账", "2026 年")


def test_the_preview_makes_what_was_chosen(qtbot, page, went, village):
    a_campaign(village, "王秀英", "李䶮")
    opened(qtbot, page, paper="honor-roll")
    page.options.date.setFocus()
    qtbot.keyClicks(page.options.date, "3.8")
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    made = went[0][1]["make"](village, Progress())
    assert made.pdf.startswith(b"%PDF")
    assert (made.names, made.unit, len(made.sizes)) == (2, "户", 1)
    assert went[0][1]["subtitle"] == "2026年度最美家庭，彩色"


def test_title_and_issuer_can_be_told(qtbot, page, went, village, tmp_path):
    a_campaign(village, "王秀英")
    opened(qtbot, page, paper="honor-roll")
    assert page.options.issuer.placeholderText() == "柳树湾村妇联"
    page.options.heading.insert("红榜")
    page.options.issuer.insert("柳树湾村党支部、柳树湾村妇联")
    page.options.preview.click()
    made = went[0][1]["make"](village, Progress())
    (tmp_path / "榜.pdf").write_bytes(made.pdf)
    text = subprocess.run(["pdftotext", str(tmp_path / "榜.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    assert "红榜" in text.replace(" ", "")
    assert "柳树湾村党支部" in text
    assert "光荣榜" not in text.replace(" ", "")


def test_a_day_that_cannot_be_read_stands_at_its_field(qtbot, page, went, village):
    a_campaign(village, "王秀英")
    opened(qtbot, page, paper="notice")
    page.options.date.setFocus()
    page.options.date.insert("春节后")
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert went == []
    assert page.options.problem.words.text()
    assert page.options.date.hasFocus()
    qtbot.keyClick(page.options.date, Qt.Key.Key_Backspace)
    assert not page.options.problem.words.text()


@pytest.mark.parametrize(("typed", "day"), [
    ("", None), ("3.8", "2026-03-08"), ("昨天", "2026-03-08"), ("2025年12月1日", "2025-12-01"),
])
def test_a_day_is_read_as_people_write_it(desk, typed, day):
    read = read_day(typed, desk.today())
    assert read.problem is None
    assert (read.value.isoformat() if read.value else None) == day


def test_a_month_is_no_day(desk):
    assert read_day("3月", desk.today()).problem is not None


def test_ctrl_s_saves_a_pdf(qtbot, page, monkeypatch, tmp_path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "名册.pdf"), ""))
    opened(qtbot, page, paper="roster:family")
    qtbot.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    assert (tmp_path / "名册.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(("tick", "phone"), [(False, "13800135721"), (True, "13800135721")])
def test_excel_hides_telephones_unless_asked(qtbot, page, monkeypatch, tmp_path, tick, phone):
    path = tmp_path / "名册.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    opened(qtbot, page, paper="roster:family")
    page.options.sensitive.setFocus()
    if tick:
        qtbot.keyClick(page.options.sensitive, Qt.Key.Key_Space)
    qtbot.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    cells = [str(cell) for row in openpyxl.load_workbook(path).active.iter_rows(values_only=True) for cell in row]
    assert (phone in cells) == tick


def test_certificates_say_that_records_were_changed(village):
    a_campaign(village, "王秀英")
    made = make_paper(village, "certificates", Wanted())
    assert made.changed == frozenset({"nomination"})


def test_nobody_to_print_is_a_sentence_in_the_preview(qtbot, page, went, village):
    a_campaign(village)
    opened(qtbot, page, paper="honor-roll")
    page.options.preview.click()
    with pytest.raises(Exception, match="还没有审批通过的家庭"):
        went[0][1]["make"](village, Progress())


def test_a_character_that_no_typeface_has_is_named_with_its_record(village):
    a_campaign(village, "王秀英", "李\U000323AF")
    with pytest.raises(InputProblem, match="李〔字 U\\+323AF〕") as raised:
        make_paper(village, "honor-roll", Wanted())
    assert raised.value.code == "missing-glyphs"


def test_what_was_chosen_stays_when_records_change(qtbot, page):
    opened(qtbot, page, paper="report:aid-summary")
    page.options.year.setFocus()
    qtbot.keyClick(page.options.year, Qt.Key.Key_Down)
    page.refresh(frozenset({"family"}))
    wait_until_idle(qtbot, page.desk)
    assert page.options.year.currentText() == "2025 年"
    assert page.options.paper.code == "report:aid-summary"


@pytest.mark.parametrize(("title", "name"), [
    ("光荣榜", "光荣榜.pdf"), ('a/b:c"?', "a b c.pdf"), ("", "未命名.pdf"), ("..", "未命名.pdf"),
])
def test_a_title_becomes_a_name_that_file_systems_take(title, name):
    assert file_name(title, ".pdf") == name


def test_every_paper_is_made_of_real_records(village):
    a_campaign(village, "王秀英")
    for paper in papers():
        if paper.code == "notice":
            continue
        assert make_paper(village, paper.code, Wanted()).sizes, paper.code


def test_a_report_is_written_as_excel(qtbot, page, monkeypatch, tmp_path: Path):
    path = tmp_path / "台账.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    opened(qtbot, page, paper="report:activity-ledger")
    qtbot.mouseClick(page.options.excel, Qt.MouseButton.LeftButton)
    wait_until_idle(qtbot, page.desk)
    assert "反家暴普法讲座" in str(list(openpyxl.load_workbook(path).active.values))


def test_the_summary_is_written_as_a_word_document(qtbot, page, monkeypatch, tmp_path: Path):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "工作总结"), ""))
    opened(qtbot, page, paper="report:summary")
    qtbot.keyClick(page, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    wait_until_idle(qtbot, page.desk)
    said = "".join(paragraph.text for paragraph in docx.Document(tmp_path / "工作总结.docx").paragraphs)
    assert "2026年，柳树湾村妇联开展各类活动2场" in said


def test_a_table_has_no_word_document(qtbot, page, monkeypatch):
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: asked.append(1) or ("", ""))
    opened(qtbot, page, paper="report:loans")
    qtbot.keyClick(page, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    assert asked == []

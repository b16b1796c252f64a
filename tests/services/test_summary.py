"""工作总结: what it says of a year, that every number has its source, as .docx and on paper."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from tests.builders import SIBLING, VILLAGE, a_township

from fulian_desktop.errors import InputProblem
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record
from fulian_desktop.services.reports import Report, make_report, write_report
from fulian_desktop.services.reports.pages import change_of
from fulian_desktop.services.reports.summary import number_words
from fulian_desktop.services.units_below import register_units
from fulian_desktop.services.unprintable import Unprintable


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULIAN_CLOCK", "2026-11-22T09:00:00")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "t") as office:
        register_units(office, [(VILLAGE, "柳树湾村"), (SIBLING, "杏花村")])
        yield office


def add(town: Office, kind: str, entries: dict[str, Any], unit: str = VILLAGE) -> str:
    return add_record(town, kind, entries, unit=unit).id


def a_year(town: Office) -> None:
    for title, day, category, people, more in (
        ("三八节宣传", "2026-03-08", "publicity", "86", {"place": "村委会", "outcome": "发放资料，群众欢迎。"}),
        ("宣讲", "2026-05-08", "publicity", "1万余人次", {"sessions": "近400场", "highlight": True}),
        ("送戏下乡", "2026-06-08", "culture", "300", {}),
        ("去年的", "2025-03-08", "publicity", "100", {}),
    ):
        add(town, "activity", {"title": title, "date": day, "category": category, "participants": people, **more})
    add(town, "aid", {"program": "spring_bud", "recipient_name": "小明", "date": "2026-05-02", "amount": "5555.3元"})
    add(town, "loan", {"applicant_name": "王秀英", "bank": "农行", "lent_date": "2026-05-06", "amount": "90万元"}, SIBLING)


def paragraphs(report: Report) -> list[str]:
    assert report.draft is not None
    return [text for _, text in report.draft.paragraphs]


def test_the_year_is_told_in_sections_that_have_something_to_say(town: Office) -> None:
    a_year(town)
    report = make_report(town, "summary", 2026)
    assert report.draft is not None
    said = paragraphs(report)
    assert said[0] == (
        "2026年，清溪镇妇女联合会开展各类活动约402场（比上年增加401场），参加约10386人次（比上年增加10286人次）。"
        "帮扶救助1人，发放资金5555.3元。"
    )
    heads = [text for style, text in report.draft.paragraphs if style == "head"]
    assert heads == ["一、建强组织阵地", "二、加强思想引领", "三、做实关爱帮扶", "四、服务创业就业"]
    assert "发放创业贷款1笔，金额90万元。" in said
    assert not [text for text in said if "维护合法权益" in text or "志愿" in text]


def test_activities_marked_for_the_summary_are_told_first_and_alone(town: Office) -> None:
    a_year(town)
    told = next(text for text in paragraphs(make_report(town, "summary", 2026)) if "“宣讲”" in text)
    assert told.endswith("5月8日，柳树湾村开展“宣讲”，共约400场，参加约1万人次。")
    assert "三八节宣传" not in told


def test_without_marked_ones_the_largest_are_told_in_order_of_their_days(town: Office) -> None:
    for number in range(5):
        entries = {"title": f"讲座{number}", "date": f"2026-0{9 - number}-01", "participants": str(10 + number)}
        add(town, "activity", {**entries, "category": "law"})
    told = next(text for text in paragraphs(make_report(town, "summary", 2026)) if "讲座" in text)
    assert re.findall("讲座[0-9]", told) == ["讲座4", "讲座3", "讲座2"]


def test_activities_of_a_category_that_an_office_issued_are_told_with_the_others(town: Office) -> None:
    entries = {"title": "采摘节", "date": "2026-09-01", "category": "140702000000:harvest", "participants": "30"}
    add(town, "activity", entries)
    assert "9月1日，柳树湾村开展“采摘节”，参加30人次。" in paragraphs(make_report(town, "summary", 2026))


def test_a_village_is_summed_up_alone(town: Office) -> None:
    a_year(town)
    report = make_report(town, "summary", 2026, SIBLING)
    assert paragraphs(report)[0] == "2026年，杏花村妇女联合会还没有登记的工作。"
    assert any("发放创业贷款1笔" in text for text in paragraphs(report))
    assert not any("宣讲" in text for text in paragraphs(report))


def test_every_number_of_the_text_is_in_the_table_with_its_records(town: Office) -> None:
    a_year(town)
    report = make_report(town, "summary", 2026)
    sources = {row[1] for row in report.rows}
    text = re.sub("“[^”]*”", "", "".join(paragraphs(report)[1:]))
    text = re.sub(r"[0-9]+月[0-9]+日|35岁以下", "", text)
    said = re.findall(r"[0-9][0-9.]*(?:万|%)?[^0-9，。、（）约比“”\s]{0,2}", text)
    assert said
    for number in said:
        assert any(source.startswith(number) or number.startswith(source) for source in sources), number
    assert len(report.rows) == len(report.ids)
    by_words = {row[1]: ids for row, ids in zip(report.rows, report.ids, strict=True)}
    assert len(by_words["402场"]) == 3
    assert len(by_words["90万元"]) == 1


def test_an_empty_year_says_so_and_nothing_else(town: Office, tmp_path: Path) -> None:
    report = make_report(town, "summary", 2024)
    said = paragraphs(report)
    assert said[0] == "2024年，清溪镇妇女联合会还没有登记的工作。"
    assert said[1:] == ["一、建强组织阵地", "现有村(社区)2个。"]
    for suffix in (".docx", ".pdf", ".xlsx"):
        write_report(town, report, tmp_path / f"a{suffix}")
        assert (tmp_path / f"a{suffix}").stat().st_size > 1000


@pytest.mark.parametrize(("value", "unit", "how", "words"), [
    (386, "场", {}, "386场"), (21_400, "人次", {}, "2.14万人次"), (10_386, "人次", {}, "10386人次"), (10_000, "户", {}, "1万户"),
    (18_640_000, "元", {"money": True}, "18.64万元"), (555_530, "元", {"money": True}, "5555.3元"),
    (1_000_001, "元", {"money": True}, "10000.01元"), (9480, "%", {"share": True}, "94.8%"),
    (10_000, "%", {"share": True}, "100%"),
])
def test_numbers_in_running_text_are_exact(value: int, unit: str, how: dict[str, bool], words: str) -> None:
    assert number_words(value, unit, **how) == words


@pytest.mark.parametrize(("value", "last", "how", "words"), [
    (386, 339, "number", "+47"), (6, 7, "number", "−1"), (93, 93, "number", "持平"), (9480, 9220, "percent", "+2.6"),
    (None, 1, "number", "—"), (18_640_000, 17_250_000, "money", "+13,900.00"),
])
def test_changes_in_the_table(value: Any, last: Any, how: Any, words: str) -> None:
    assert change_of(value, last, how) == words


# --- .docx -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def written(town: Office, tmp_path: Path) -> tuple[Report, Any]:
    a_year(town)
    add(town, "activity", {"title": "<b>&amp;=1+1", "date": "2026-03-08", "category": "law", "participants": "9"})
    report = make_report(town, "summary", 2026)
    write_report(town, report, tmp_path / "a.docx")
    return report, docx.Document(tmp_path / "a.docx")


def test_the_document_has_the_page_of_the_standard(written: tuple[Report, Any]) -> None:
    section = written[1].sections[0]
    assert [round(side / Mm(1)) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side / 36000) for side in (section.top_margin, section.left_margin)] == [37, 28]
    assert round((section.page_width - section.left_margin - section.right_margin) / 36000) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / 36000) == 225
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:linePitch")) == "579", "22 lines of 28.95 pt"
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        assert footer.paragraphs[0].text == "—  —"
        assert "PAGE" in footer.paragraphs[0]._p.xml
        assert side in footer.paragraphs[0]._p.xml
        assert {run.font.size for run in footer.paragraphs[0].runs} == {Pt(14)}


def test_the_document_says_what_the_draft_says_in_the_faces_of_the_standard(written: tuple[Report, Any]) -> None:
    report, document = written
    assert report.draft is not None
    by_text = {paragraph.text: paragraph for paragraph in document.paragraphs if paragraph.text}
    title = by_text["清溪镇妇女联合会2026年工作总结"]
    assert _face(title) == ("方正小标宋简体", Pt(22))
    for style, text in report.draft.paragraphs:
        wanted = {"head": "黑体", "subhead": "楷体_GB2312", "body": "仿宋_GB2312"}[style]
        assert _face(by_text[text]) == (wanted, Pt(16))
        assert by_text[text].paragraph_format.line_spacing == Pt(28.95)
        assert by_text[text]._p.pPr.find(qn("w:ind")).get(qn("w:firstLineChars")) == "200"
    assert "2026年11月22日" in by_text
    assert any("“<b>&amp;=1+1”" in text for text in by_text), "what people typed is never markup"


def _face(paragraph: Any) -> tuple[str, int]:
    (run,) = paragraph.runs
    return run._r.rPr.rFonts.get(qn("w:eastAsia")), run.font.size


def test_the_table_at_its_end_is_that_of_the_sheet_and_of_the_paper(
    written: tuple[Report, Any], town: Office, tmp_path: Path
) -> None:
    report, document = written
    (table,) = document.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows == [[head for head, _ in report.columns], *report.text_rows()]
    write_report(town, report, tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert [cell.value for cell in sheet["B"]][3:] == [row[1] for row in report.rows]
    write_report(town, report, tmp_path / "a.pdf")
    run = ["pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"]
    told = "".join(subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())
    assert report.draft is not None
    for text in [*(text for _, text in report.draft.paragraphs), *(cell for row in rows for cell in row)]:
        assert _without_page_ends("".join(text.split())) in _without_page_ends(told)


def _without_page_ends(text: str) -> str:
    """Without what stands between two pages: the number below, the running head above."""
    return re.sub(r"—[0-9]+—(\f)?(清溪镇妇女联合会·2026年工作总结)?", "", text)


def test_the_paper_has_the_figures_the_table_and_the_charts(town: Office, tmp_path: Path) -> None:
    a_year(town)
    report = make_report(town, "summary", 2026)
    assert report.draft is not None
    assert [(one.label, one.value, one.unit, one.change) for one in report.draft.key_figures] == [
        ("活动", "402", "场", "较上年 +401"), ("参加", "1.04", "万人次", "较上年 +10,286"),
        ("评出家庭", "0", "户", ""), ("帮扶", "1", "人", ""),
    ]
    lines = {line.label: (line.value, line.before, line.change) for line in report.draft.lines}
    assert lines["活动场次"] == ("402", "1", "+401")
    assert [chart.title for chart in report.draft.charts] == ["各月活动场次", "累计参加人次"]
    sessions = report.draft.charts[0]
    assert sessions.series == ((0, 0, 1, 0, 400, 1, 0, 0, 0, 0, 0), (0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)), "up to this month"
    write_report(town, report, tmp_path / "a.pdf")
    run = ["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"]
    told = subprocess.run(run, capture_output=True, text=True, check=True).stdout.replace(" ", "")
    assert "图一" in told
    assert "图二" in told


def test_a_table_is_no_text(town: Office, tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=r"要存成 \.xlsx 或 \.pdf"):
        write_report(town, make_report(town, "loans", 2026), tmp_path / "a.docx")


def test_a_character_that_no_typeface_has_is_named_with_its_activity(town: Office, tmp_path: Path) -> None:
    record = add(town, "activity", {"title": "献花\U0001f339", "date": "2026.3.8", "category": "law", "participants": "9"})
    with pytest.raises(Unprintable) as refused:
        write_report(town, make_report(town, "summary", 2026), tmp_path / "a.pdf")
    assert [one.record for one in refused.value.culprits] == [record]
    with (tmp_path / "a.pdf").open("wb") as file:
        assert refused.value.spelled is not None
        refused.value.spelled(file)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")

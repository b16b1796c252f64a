"""The ranking and the sheet of each unit, as a report: on the screen, in Excel, on paper (PAPER §6).

Rules: the three say the same, because all are made of one :class:`~fulian_desktop.domain.assessment.Ranking`. A unit that is
vetoed or was never scored stands behind the ranked, without a rank, and the notes say why.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.domain.assessment import (
    CHECKS,
    DEDUCTION,
    EXTRA,
    ITEM,
    VETO,
    CheckTotal,
    Given,
    Item,
    Ranking,
    Score,
    Standing,
    is_of_old,
)
from fulian_desktop.domain.hundredths import format_hundredths
from fulian_desktop.domain.kinds.score import CHECKS as CHECK_NAMES
from fulian_desktop.domain.kinds.score import ENTRIES
from fulian_desktop.domain.units import Level, covers, level_of
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.progress import Progress
from fulian_desktop.services.assessment import Board, load_board
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.printing import federation_name
from fulian_desktop.services.reports.table import How, Report
from fulian_desktop.services.unprintable import naming

NOT_RANKED = "不参评"
NOTHING = "—"
OF_OLD = "按旧方案评的"
_MOST_NAMED = 8
_DIGITS = "〇一二三四五六七八九"
_ASSESSED = {Level.VILLAGE: "村级", Level.TOWNSHIP: "乡镇", Level.COUNTY: "县级", Level.CITY: "市级"}
_AVERAGE = {Level.TOWNSHIP: "全乡平均", Level.COUNTY: "全县平均", Level.CITY: "全市平均", Level.PROVINCE: "全省平均"}
SHEET_HEADS = ("部分", "考核内容", "分值", "目标", "半年自评", "半年考评", "全年自评", "全年考评", "说明")


@dataclass(frozen=True)
class Head:
    """A column of the ranking: its head, the points it has in words, and how its figures of a standing are found."""

    name: str
    head: str
    small: str = ""
    weight: float = 1.0


@dataclass
class AssessmentReport(Report):
    """The ranking as a report; writes itself with the sheets of its units."""

    board: Board | None = None
    heads: tuple[Head, ...] = ()
    figures: list[tuple[int | None, ...]] = field(default_factory=list)


# --- the ranking -------------------------------------------------------------------------------------------


def assessment_report(office: Office, year: int | None, *, unit: str | None = None) -> Report:
    """The ranking of a year (the latest scheme's without one); of a unit and those below it only where one is named.

    Without a scheme it is an empty table that says what to do.
    """
    try:
        board = load_board(office, "", year)
    except NotFound as missing:
        heads: list[tuple[str, How]] = [("名次", "number"), ("单位", "text"), ("总分", "text")]
        return Report("assessment", "考核得分排名", heads, total={"units": 0, "ranked": 0, "average": 0}, notes=[missing.text])
    if unit is not None:
        standings = tuple(s for s in board.ranking.standings if covers(unit, s.unit))
        board = replace(board, ranking=replace(board.ranking, standings=standings))
    return report_of(office, board)


def report_of(office: Office, board: Board) -> AssessmentReport:
    """The ranking of a board."""
    ranking = board.ranking
    heads = heads_of(ranking)
    report = AssessmentReport(
        "assessment", "".join(title_of(office, board)),
        [("名次", "number"), ("单位", "text"), *((h.head, "text") for h in heads)], board=board, heads=heads,
    )
    for standing in ranking.standings:
        figures = figures_of(ranking, standing, heads)
        report.figures.append(figures)
        report.rows.append([standing.rank or NOTHING, standing.name, *texts_of(figures, standing)])
        report.ids.append([s.record for s in board.scores.get(standing.unit, ())])
    if ranking.averages:
        averages = tuple(ranking.averages[h.name] for h in heads)
        report.total_row = [NOTHING, average_name(board), *texts_of(averages)]
    report.total = {
        "units": len(ranking.standings), "ranked": len(ranking.ranked), "average": ranking.averages.get("total", 0),
    }
    report.notes = list(notes_of(board))
    report.writer = lambda target, progress: write_assessment(office, report, target, progress=progress)
    return report


def title_of(office: Office, board: Board) -> tuple[str, str]:
    """The title in two lines: ``清溪乡二〇二六年度村级妇联工作`` ``考核得分排名``."""
    scheme = board.scheme
    names = office.workspace.unit_names()
    year = "".join(_DIGITS[int(digit)] for digit in str(scheme.year))
    level = level_of(scheme.unit)
    assessed = _ASSESSED.get(Level(level + 1), "") if level < Level.VILLAGE else ""
    return f"{names.get(scheme.unit, '')}{year}年度{assessed}妇联工作", "考核得分排名"


def average_name(board: Board) -> str:
    """What the row of averages is called."""
    return _AVERAGE.get(level_of(board.scheme.unit), "平均")


def heads_of(ranking: Ranking, check: str = "") -> tuple[Head, ...]:
    """The columns of figures: sections, extra points, deductions where there are any, the checks, the total.

    ``check``: whose sections are shown; the latest that counts by default.
    """
    scheme, check = ranking.scheme, check or ranking.shown
    points = {section: sum(i.points for i in scheme.items if i.section == section) for section in scheme.sections}
    heads = [
        Head(f"section {n}", section or "项目", format_hundredths(points[section])) for n, section in enumerate(scheme.sections)
    ]
    heads.append(Head("extra", "加分", format_hundredths(scheme.extra_most)))
    if any(s.checks[check].deducted for s in ranking.standings):
        heads.append(Head("deducted", "扣分"))
    for each, weight in zip(CHECKS, scheme.weights, strict=True):
        if each in ranking.checks:
            heads.append(Head(each, CHECK_NAMES.label(each), f"{weight}%" if len(ranking.checks) > 1 else "", 1.4))
    return (*heads, Head("total", "总分"))


def figures_of(ranking: Ranking, standing: Standing, heads: Sequence[Head], check: str = "") -> tuple[int | None, ...]:
    """A standing's figures in hundredths; None where there is nothing."""
    shown = standing.checks[check or ranking.shown]
    return tuple(_figure(standing, shown, head.name) for head in heads)


def _figure(standing: Standing, shown: CheckTotal, name: str) -> int | None:
    if name == "total":
        return standing.total
    if name in CHECKS:
        return standing.checks[name].total if standing.checks[name].scored else None
    if not shown.scored:
        return None
    if name in ("extra", "deducted"):
        return (shown.extra if name == "extra" else shown.deducted) or None
    return shown.sections[int(name.removeprefix("section "))]


def texts_of(figures: Sequence[int | None], standing: Standing | None = None) -> tuple[str, ...]:
    """Figures as they are shown: one decimal at least, the total with two."""
    texts = [NOTHING if f is None else format_hundredths(f, 1) for f in figures[:-1]]
    total = figures[-1]
    if standing is not None and standing.vetoes:
        return (*texts, NOT_RANKED)
    return (*texts, "未评" if total is None else format_hundredths(total, 2))


def totals_of(board: Board, check: str) -> tuple[tuple[Head, ...], list[tuple[str, ...]]]:
    """The totals as the window shows them, with the sections of one check: heads, and a row a standing."""
    heads = heads_of(board.ranking, check)
    rows = [texts_of(figures_of(board.ranking, s, heads, check), s) for s in board.ranking.standings]
    return heads, rows


def notes_of(board: Board) -> Iterator[str]:
    """How the total is made, and what somebody who reads the ranking has to know."""
    ranking, scheme = board.ranking, board.scheme
    half, year = scheme.weights
    if len(ranking.checks) > 1:
        formula = f"总分=半年得分×{half}%+全年得分×{year}%"
    else:
        other = "全年" if ranking.shown == "half" else "半年"
        formula = f"{other}还没有评，总分是{CHECK_NAMES.label(ranking.shown)}得分"
    yield f"注：{formula}；总分相同的名次并列，其后名次顺延。" if ranking.checks else "注：还没有评分。"
    if not board.sees_all:
        yield "名次由制定方案的妇联公布：这里只有本单位的得分。"
    for standing in ranking.standings:
        if standing.vetoes:
            yield f"{standing.name}一票否决，不参评，不计入平均：{'；'.join(standing.vetoes)}。"
    yield from _gaps(ranking)
    old = sum(c.old for s in ranking.standings for c in s.checks.values())
    if old:
        yield f"方案改过，有 {old} 项得分{OF_OLD}。"
    if board.conflicts:
        yield f"有 {board.conflicts} 项得分两人给的不一样，还没有处理，现在按后给的计。"


def _gaps(ranking: Ranking) -> Iterator[str]:
    """Who was not scored at one of the checks, at all, or not at every item."""
    for check in ranking.checks if len(ranking.checks) > 1 else ():
        lacking = [s.name for s in ranking.standings if s.total is not None and not s.checks[check].scored]
        if lacking:
            yield f"{CHECK_NAMES.label(check)}没有评分、按 0 分计：{'、'.join(lacking)}。"
    never = [s.name for s in ranking.standings if s.total is None and not s.vetoes]
    if never and ranking.checks:
        yield f"还没有评分、不排名：{'、'.join(never)}。"
    missing = [
        f"{s.name} {s.checks[ranking.shown].missing} 项" for s in ranking.standings
        if s.checks[ranking.shown].scored and s.checks[ranking.shown].missing
    ]
    if missing:
        more = " 等" if len(missing) > _MOST_NAMED else ""
        yield f"{CHECK_NAMES.label(ranking.shown)}还没评完、没评的按 0 分计：{'、'.join(missing[:_MOST_NAMED])}{more}。"


# --- the sheet of one unit ---------------------------------------------------------------------------------


def sheet_rows(board: Board, unit: str) -> list[list[Any]]:
    """A unit's rows under :data:`SHEET_HEADS`: texts, and figures in hundredths (None for nothing)."""
    mine = {(s.check, s.entry, s.code): s for s in board.scores.get(unit, ())}
    rows = [_item_row(board, item, mine) for item in board.scheme.items]
    known = {(item.entry, item.code) for item in board.scheme.items}
    for _, entry, code in mine:
        if (entry, code) not in known:
            known.add((entry, code))
            item = board.scheme.find(entry, code) or Item(code, _words(mine, entry, code), entry=entry)
            rows.append(_item_row(board, item, mine))
    standing = next((s for s in board.ranking.standings if s.unit == unit), None)
    if standing is not None:
        totals = {check: standing.checks[check].total if standing.checks[check].scored else None for check in CHECKS}
        rank = NOT_RANKED if standing.vetoes else f"第 {standing.rank} 名" if standing.rank else ""
        total = "未评" if standing.total is None else f"总分 {format_hundredths(standing.total, 2)}"
        said = "，".join(filter(None, (total, rank)))
        rows.append(["", "合计", board.scheme.full, None, None, totals["half"], None, totals["year"], said])
    return rows


def _words(mine: dict[tuple[str, str, str], Score], entry: str, code: str) -> str:
    """What an entry that stands in no scheme is about."""
    found = (g.item for check in CHECKS if (s := mine.get((check, entry, code))) for g in (s.review, s.own) if g and g.item)
    return next(found, code)


def _item_row(board: Board, item: Item, mine: dict[tuple[str, str, str], Score]) -> list[Any]:
    figures: list[int | None] = []
    said: dict[str, list[str]] = {}
    sign = -1 if item.entry == DEDUCTION else 1
    for check in CHECKS:
        score = mine.get((check, item.entry, item.code))
        own = score.own.points if score is not None and score.own is not None else None
        counted = score.counted if score is not None else None
        figures += [own if own is None else sign * own, counted if counted is None else sign * counted]
        if score is not None:
            for text in _said(item, score):
                said.setdefault(text, []).append(CHECK_NAMES.label(check))
    section = item.section if item.entry == ITEM else ENTRIES.label(item.entry)
    if item.entry == VETO:
        figures = [None] * len(figures)
    return [section, item.text, item.points if item.entry in (ITEM, EXTRA) else None, item.target, *figures,
            "；".join(f"{'、'.join(checks)}{text}" for text, checks in said.items())]


def _said(item: Item, score: Score) -> Iterator[str]:
    """What is to be said of a score, behind the name of its check."""
    given = score.review
    if given is None:
        return
    if given.figure is not None and item.target:
        yield f"完成 {format_hundredths(given.figure)}" if given.figure else "没有登记"
    elif given.figure is not None:
        yield "没有定目标，按满分计"
    if item.entry == VETO and given.points != 0:
        yield "否决"
    if given.note:
        yield f"：{given.note}"
    if item.entry == ITEM and is_of_old(item, given):
        yield f"{OF_OLD}{_as_it_was(given)}"


def _as_it_was(given: Given | None) -> str:
    if given is None or given.full is None:
        return ""
    target = f"，目标 {format_hundredths(given.target)}" if given.target is not None else ""
    return f"（当时 {format_hundredths(given.full)} 分{target}）"


# --- writing -----------------------------------------------------------------------------------------------


def write_assessment(
    office: Office, report: AssessmentReport, target: Path | BinaryIO, *, sheets: bool = True, progress: Progress | None = None,
) -> int:
    """Write the ranking and, behind it, the sheet of every unit.

    Args:
        office: Whose name it bears.
        report: What :func:`report_of` made.
        target: A path that ends in .xlsx or .pdf, or an open file for a PDF.
        sheets: Whether the sheets of the units stand behind the ranking.
        progress: Counts pages or rows.

    Returns:
        The number of pages, or of sheets.
    """
    suffix = target.suffix.lower() if isinstance(target, Path) else ".pdf"
    if suffix == ".xlsx" and isinstance(target, Path):
        return _write_book(office, report, target, sheets=sheets, progress=progress)
    if suffix == ".pdf":
        return _write_pdf(office, report, target, sheets=sheets, progress=progress)
    raise InputProblem("报表要存成 .xlsx 或 .pdf 文件。", "suffix")


def _board(report: AssessmentReport) -> Board:
    assert report.board is not None  # noqa: S101 - report_of sets it
    return report.board


def _write_book(office: Office, report: AssessmentReport, path: Path, *, sheets: bool, progress: Progress | None) -> int:
    from fulian_desktop.sheets.book import BookColumn, BookSheet, write_book

    board = _board(report)
    figures = [BookColumn(_with_points(h), "money" if h.name == "total" else "number") for h in report.heads]
    columns = [BookColumn("名次", "index"), BookColumn("单位"), *figures]
    rows = [
        [standing.rank or NOTHING, standing.name, *map(_decimal, got[:-1]),
         texts_of(got, standing)[-1] if standing.vetoes or got[-1] is None else _decimal(got[-1])]
        for standing, got in zip(board.ranking.standings, report.figures, strict=True)
    ]
    averages = board.ranking.averages
    totals = [None, average_name(board), *(_decimal(averages[h.name]) for h in report.heads)] if averages else None
    federation = federation_name(office, board.scheme.unit)
    title = "".join(title_of(office, board))
    book = [BookSheet("排名", title, columns, rows, subtitle=f"考核单位：{federation}", notes=report.notes, totals=totals)]
    if sheets:
        for standing in board.ranking.standings:
            book.append(_unit_sheet(office, board, standing))
    write_book(path, book, progress=progress)
    return len(book)


def _with_points(head: Head) -> str:
    return f"{head.head}（{head.small}）" if head.small else head.head


def _unit_sheet(office: Office, board: Board, standing: Standing) -> Any:  # noqa: ANN401 - a BookSheet, imported late
    from fulian_desktop.sheets.book import BookColumn, BookSheet

    *rows, last = sheet_rows(board, standing.unit)
    columns = [BookColumn(head, "number" if 2 <= n <= 7 else "text") for n, head in enumerate(SHEET_HEADS)]
    numbers = [[_decimal(v) if 2 <= n <= 7 else v for n, v in enumerate(row)] for row in (*rows, last)]
    return BookSheet(
        standing.name, unit_title(office, board, standing), columns, numbers[:-1], totals=numbers[-1],
        subtitle=f"考核单位：{federation_name(office, board.scheme.unit)}",
    )


def unit_title(office: Office, board: Board, standing: Standing) -> str:
    """The title of a unit's sheet."""
    return f"{standing.name}{board.scheme.year}年度妇联工作考核得分表"


def _decimal(number: int | None) -> Decimal | None:
    """A figure as a sheet shows it: with one decimal, or two where it has them."""
    if number is None:
        return None
    return (Decimal(number) / 100).quantize(Decimal("0.1") if number % 10 == 0 else Decimal("0.01"))


def _write_pdf(
    office: Office, report: AssessmentReport, target: Path | BinaryIO, *, sheets: bool, progress: Progress | None
) -> int:
    from fulian_desktop.printing.scores import ScoreColumn, ScoreRow, ScoreTable, write_scores

    board = _board(report)
    scheme, averages = board.scheme, board.ranking.averages
    federation = federation_name(office, scheme.unit)
    rows = [
        ScoreRow(standing.rank, standing.name, texts_of(figures, standing))
        for standing, figures in zip(board.ranking.standings, report.figures, strict=True)
    ]
    average = ScoreRow(None, average_name(board), texts_of(tuple(averages[h.name] for h in report.heads))) if averages else None
    doc = ScoreTable(
        title_of(office, board), f"考核单位：{federation}",
        f"满分 {format_hundredths(scheme.full)} 分，加分不超过 {format_hundredths(scheme.extra_most)} 分",
        tuple(ScoreColumn(h.head, h.small, h.weight) for h in report.heads), rows, average, tuple(report.notes),
        federation, today(),
    )
    behind = [_unit_table(office, board, standing) for standing in board.ranking.standings] if sheets else []
    texts = ((scheme.id, scheme.unit, [text for table in behind for row in table.rows for text in row]),)
    with naming(office, texts):
        return write_scores(doc, behind, target, progress=progress).pages


def _unit_table(office: Office, board: Board, standing: Standing) -> Any:  # noqa: ANN401 - a Table, imported late
    from fulian_desktop.printing.documents import Column, Table

    shares = (1.55, 3.3, 0.75, 0.75, 0.8, 0.8, 0.8, 0.8, 2.9)
    left = {"考核内容", "说明"}
    columns = tuple(
        Column(head, share, "left" if head in left else "center") for head, share in zip(SHEET_HEADS, shares, strict=True)
    )
    rows = [[_text(n, v) for n, v in enumerate(row)] for row in sheet_rows(board, standing.unit)]
    return Table(
        unit_title(office, board, standing), columns, rows, subtitle=f"考核单位：{federation_name(office, board.scheme.unit)}",
        aside=f"满分 {format_hundredths(board.scheme.full)} 分", signatures=("考核人", "被考核单位"),
    )


def _text(column: int, value: Any) -> str:  # noqa: ANN401 - a text or hundredths
    if isinstance(value, int):
        return format_hundredths(value, 1 if column > 3 else 0)
    return value or ""


def pdf_of(office: Office, board: Board, *, sheets: bool = False, unit: str = "", progress: Progress | None = None) -> bytes:
    """The ranking as a PDF in memory, with sheets if asked; of one unit its sheet alone."""
    target = io.BytesIO()
    if not unit:
        write_assessment(office, report_of(office, board), target, sheets=sheets, progress=progress)
        return target.getvalue()
    from fulian_desktop.printing.documents import write_table

    standing = next(s for s in board.ranking.standings if s.unit == unit)
    table = _unit_table(office, board, standing)
    with naming(office, ((board.scheme.id, board.scheme.unit, [text for row in table.rows for text in row]),)):
        write_table(table, target, progress=progress)
    return target.getvalue()

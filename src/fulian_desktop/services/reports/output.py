"""Reports as .xlsx (a sheet a table) and .pdf (the tables one after another)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.column_widths import LANDSCAPE, PORTRAIT, columns_for
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports.drafted import write_draft_docx, write_draft_pdf
from fulian_desktop.services.reports.table import Report
from fulian_desktop.services.unprintable import Printed, naming

if TYPE_CHECKING:
    from fulian_desktop.sheets.book import BookColumn, Kind

MOST_PRINTED = 12_000
"""Rows on paper: five hundred pages, five seconds."""


def write_report(office: Office, report: Report, path: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Write a report to .xlsx or .pdf, one that is a text to .docx too."""
    suffix = path.suffix.lower()
    if suffix == ".docx" and report.draft is not None:
        write_draft_docx(report, path)
    elif report.writer is not None and suffix in (".pdf", ".xlsx"):
        report.writer(path, progress)
    elif suffix == ".pdf":
        write_report_pdf(office, report, path, progress)
    elif suffix == ".xlsx":
        _write_xlsx(office, report, path, progress)
    else:
        kinds = ".docx、.xlsx 或 .pdf" if report.draft else ".xlsx 或 .pdf"
        raise InputProblem(f"“{report.title}”要存成 {kinds} 文件。", "suffix")
    return {"file": str(path)}


def _subtitle(office: Office, report: Report) -> str:
    scope = f"　统计范围：{report.scope}" if report.scope else ""
    return f"填报单位：{office.unit_name}{scope}"


def _head_of(report: Report, table: Report) -> str:
    """What stands above a table: the report's title, and its own among several."""
    return report.title if table is report else f"{report.title}　{table.title}"


def _write_xlsx(office: Office, report: Report, path: Path, progress: Progress | None) -> None:
    from fulian_desktop.sheets.book import BookSheet, write_book

    kinds: dict[str, Kind] = {"text": "text", "number": "number", "money": "money", "percent": "number", "points": "number"}
    sheets = [
        BookSheet(
            table.title[:31], _head_of(report, table), [_book_column(head, kinds[how]) for head, how in table.columns],
            map(table.exact_row, table.rows), subtitle=_subtitle(office, report), notes=table.notes,
            totals=table.exact_row(table.total_row) if table.total_row else None, portrait=not report.landscape,
        )
        for table in report.tables_on("sheet")
    ]
    write_book(path, sheets, progress=progress)


def _book_column(head: str, kind: Kind) -> BookColumn:
    """A column of a sheet; a head of two lines is a group's and its own."""
    from fulian_desktop.sheets.book import BookColumn

    group, _, label = head.rpartition("\n")
    return BookColumn(label, kind, group)


def write_report_pdf(office: Office, report: Report, target: Path | BinaryIO, progress: Progress | None = None) -> int:
    """Write a report as a PDF to a path or an open file; returns the number of pages.

    Raises:
        InputProblem: More rows than anybody would print.
    """
    if report.draft is not None:
        return write_draft_pdf(office, report, target, progress)
    if report.writer is not None:
        return report.writer(target, progress)
    from fulian_desktop.printing.table_sets import Section, TableSet, write_tables

    tables = report.tables_on("paper")
    count = sum(len(table.rows) for table in tables)
    if count > MOST_PRINTED:
        raise InputProblem(f"有 {count:,} 行，打印要用很多纸。下一步：选一个年度或一个单位，或者存成 Excel。", "too-many")
    texts = [table.text_rows() for table in tables]
    room = LANDSCAPE if report.landscape else PORTRAIT
    sections = tuple(
        Section("" if table is report else table.title, columns_for(table.columns, rows, room, dense=table.grouped), rows,
                tuple(table.notes), total=bool(table.total_row), dense=table.grouped)
        for table, rows in zip(tables, texts, strict=True)
    )
    doc = TableSet(
        report.title, sections, subtitle=_subtitle(office, report), landscape=report.landscape, paged=report.paged
    )
    with naming(office, _behind(tables, texts)):
        return write_tables(doc, target, progress=progress).pages


def _behind(tables: Sequence[Report], texts: Sequence[Sequence[Sequence[str]]]) -> Iterator[Printed]:
    """Of each row of one record what is printed of it; a row of several is sums and codes, nothing that people typed."""
    for table, rows in zip(tables, texts, strict=True):
        yield from ((ids[0], None, row) for ids, row in zip(table.ids, rows, strict=False) if len(ids) == 1)

"""Reports as .xlsx and .pdf."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.errors import InputProblem
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports.table import Report
from fulian_desktop.services.unprintable import naming


def write_report(office: Office, report: Report, path: Path) -> dict[str, Any]:
    """Write a report to .xlsx or .pdf."""
    suffix = path.suffix.lower()
    if suffix == ".pdf":
        write_report_pdf(office, report, path)
    elif suffix == ".xlsx":
        from fulian_desktop.sheets.book import BookColumn, BookSheet, write_book

        heads = [BookColumn(head, how) for head, how in report.columns]
        rows = [_in_yuan(report, row) for row in report.rows]
        totals = _in_yuan(report, report.total_row) if report.total_row else None
        write_book(path, [BookSheet(report.title[:31], report.title, heads, rows, subtitle=f"填报单位：{office.unit_name}",
                                    notes=report.notes, totals=totals, portrait=not report.landscape)])
    else:
        raise InputProblem("报表要存成 .xlsx 或 .pdf 文件。", "suffix")
    return {"file": str(path)}


def write_report_pdf(office: Office, report: Report, target: Path | BinaryIO, progress: Progress | None = None) -> int:
    """Write a report as a PDF to a path or an open file; returns the number of pages."""
    from fulian_desktop.printing.documents import Column, Table, write_table

    shares = {"text": 2.0, "number": 1.0, "money": 1.5}
    columns = tuple(Column(head, shares[how], "left" if how == "text" else "right") for head, how in report.columns)
    table = Table(
        report.title, columns, report.text_rows(), subtitle=f"填报单位：{office.unit_name}", notes=tuple(report.notes),
        landscape=report.landscape,
    )
    # a row of several records is sums and codes: what people typed stands in rows of one
    behind = ((ids[0], None, texts) for ids, texts in zip(report.ids, report.text_rows(), strict=False) if len(ids) == 1)
    with naming(office, behind):
        return write_table(table, target, progress=progress).pages


def _in_yuan(report: Report, row: list[Any]) -> list[Any]:
    """A row with money as yuan for a sheet, exactly: fen never become a float."""
    return [Decimal(v) / 100 if how == "money" and v not in (None, "") else (v or None if v == "" else v)
            for v, (_, how) in zip(row, report.columns, strict=True)]

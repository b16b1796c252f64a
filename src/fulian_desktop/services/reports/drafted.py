"""Reports that are a text: as .docx to be worked on, as .pdf with figures, table and charts."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office
from fulian_desktop.services.reports.table import Draft, Report
from fulian_desktop.services.unprintable import naming

SOURCES = "文中数字的出处"
_SHARES = (1.0, 2.4, 5.2, 1.5, 3.0)
"""Of the width, of the columns of the sources."""


def _draft(report: Report) -> Draft:
    assert report.draft is not None  # noqa: S101 - asked for such reports only
    return report.draft


def write_draft_docx(report: Report, target: Path | BinaryIO) -> None:
    """Write a report that is a text as .docx in the layout of GB/T 9704, its sources in a table at the end."""
    from fulian_desktop.printing.word import Essay, write_docx

    draft = _draft(report)
    write_docx(Essay(
        title=report.title, paragraphs=draft.paragraphs, issuer=draft.issuer, date=draft.date, table_title=SOURCES,
        heads=tuple(head for head, _ in report.columns), rows=report.text_rows(), shares=_SHARES, notes=report.notes,
    ), target)


def write_draft_pdf(office: Office, report: Report, target: Path | BinaryIO, progress: Progress | None) -> int:
    """Write a report that is a text as .pdf: figures, table, text, charts, and its numbers' sources at the end."""
    from fulian_desktop.printing.statistics import Statistics, write_statistics
    from fulian_desktop.printing.table_sets import Section
    from fulian_desktop.printing.tables import Column

    draft, rows = _draft(report), report.text_rows()
    columns = tuple(
        Column(head, share, "left" if how == "text" else "right")
        for (head, how), share in zip(report.columns, _SHARES, strict=True)
    )
    doc = Statistics(
        issuer=draft.issuer, title=report.title, period=f"统计期间：{draft.period}", date=draft.date,
        key_figures=draft.key_figures, lines=draft.lines, notes=draft.notes, paragraphs=draft.paragraphs, charts=draft.charts,
        sources=Section(SOURCES, columns, rows, tuple(report.notes)),
    )
    behind = ((ids[0], None, row) for ids, row in zip(report.ids, rows, strict=True) if len(ids) == 1)
    with naming(office, behind):
        return write_statistics(doc, target, progress=progress).pages

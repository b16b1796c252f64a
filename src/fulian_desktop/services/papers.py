"""What can be put on paper, as the window offers it: honor roll, certificates, notice, reports, rosters (DESIGN §10).

Rules:

* What can be made is read from what is declared: a report from ``reports.REPORTS``, a roster from each kind.
* A paper to be looked at is kept in memory, never in a folder of the system: it names people.
* A file that is asked for appears under its name only when it is whole.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.domain.dates import read_date
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import all_kinds, find_kind
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.texts import Reading
from fulian_desktop.domain.units import is_above, level_of
from fulian_desktop.errors import InputProblem, MachineProblem, machine_sentence
from fulian_desktop.printing import pages
from fulian_desktop.progress import Progress
from fulian_desktop.services import printing, reports, sheets
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.reports.declared import Listing, Summary
from fulian_desktop.store import queries
from fulian_desktop.store.files import replace_file

MOST_BYTES = 300_000_000
"""Of a PDF that is opened to be looked at."""

MM_PER_POINT = 25.4 / 72
_NOT_IN_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


class Need(Enum):
    """What a paper has to be told."""

    CAMPAIGN = "campaign"
    YEAR = "year"
    UNIT = "unit"
    DATE = "date"
    PALETTE = "palette"
    SIZE = "size"
    PREPRINTED = "preprinted"
    CONTACT = "contact"
    TITLE = "title"
    ISSUER = "issuer"
    SENSITIVE = "sensitive"


PALETTES = (("color", "彩色"), ("mono", "黑白"))  # as printing.palette names them
SIZES = (
    ("A4-landscape", "A4 横"), ("16K", "16 开（260×185）"), ("16K-260x184", "16 开（260×184）"),
    ("16K-270x195", "16 开（270×195）"), ("16K-273x197", "16 开（273×197）"),
)
"""The papers of certificates (``printing.layouts.CERTIFICATE_PAPERS``) as people call them."""


@dataclass(frozen=True)
class Paper:
    """One thing that can be made.

    Attributes:
        code: Its name, e.g. ``honor-roll``, ``report:aid-summary``, ``roster:family``.
        label: What people call it. about: One sentence. icon: An icon's name.
        group: 中文 heading it stands under.
        needs: What it has to be told.
        excel: Whether it can be had as .xlsx too. word: Whether as .docx.
        page: The page of the window that shows its figures with their records, "" for none.
    """

    code: str
    label: str
    about: str
    icon: str
    group: str
    needs: tuple[Need, ...]
    excel: bool = False
    word: bool = False
    page: str = ""


@dataclass(frozen=True)
class Wanted:
    """What was chosen for a paper; what it does not need is passed over.

    Attributes:
        campaign: Id of the campaign, "" for the latest.
        year: None for all years.
        unit: Only of this unit and those below it, "" for all.
        date: Of the signature; None for today.
        palette, size: Codes of :data:`PALETTES` and :data:`SIZES`.
        preprinted: 套打 on a bought form.
        contact: Whom to telephone.
        title: Large words above; "" for the usual ones.
        issuer: Who signs, several separated by 、; "" for the federation that issued the campaign.
        sensitive: Whether an .xlsx shows ID and telephone numbers whole; that is logged.
    """

    campaign: str = ""
    year: int | None = None
    unit: str = ""
    date: datetime.date | None = None
    palette: str = "color"
    size: str = "A4-landscape"
    preprinted: bool = False
    contact: str = ""
    title: str = ""
    issuer: str = ""
    sensitive: bool = False


@dataclass(frozen=True)
class Made:
    """A finished paper.

    Attributes:
        pdf: The file.
        sizes: Width and height of each page in points.
        names: How many families stand on it; None for a table, which says so itself.
        unit: What is counted (户).
        warnings: 中文 sentences about what the reader should look at.
        changed: Codes of the kinds that were written on the way (certificate numbers).
    """

    pdf: bytes
    sizes: Sequence[tuple[float, float]]
    names: int | None = None
    unit: str = ""
    warnings: tuple[str, ...] = ()
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choices:
    """What can be chosen.

    Attributes:
        campaigns: Id, name, who signs; the latest first. years: The latest first. counts: Records a kind.
        units: Code and name of the units one level below, none for a village.
    """

    campaigns: tuple[tuple[str, str, str], ...]
    years: tuple[int, ...]
    counts: dict[str, int]
    units: tuple[tuple[str, str], ...] = ()


def papers() -> list[Paper]:
    """Everything that can be made, in the order of the window."""
    need = Need
    found = [
        Paper("honor-roll", "光荣榜", "审批通过的家庭，按级别排好，张榜用。", "campaign", "评选",
              (need.CAMPAIGN, need.TITLE, need.ISSUER, need.DATE, need.PALETTE)),
        Paper("certificates", "荣誉证书", "一户一张；没有编号的先编上号，以后一直用这个号。", "nomination", "评选",
              (need.CAMPAIGN, need.ISSUER, need.DATE, need.SIZE, need.PREPRINTED)),
        Paper("notice", "公示", "在公示期的家庭名单，不写身份证号、电话和住址。", "document", "评选",
              (need.CAMPAIGN, need.ISSUER, need.DATE, need.CONTACT)),
    ]
    found += [
        Paper(f"report:{plan.name}", plan.title, plan.about, _icon_of(plan), plan.group, (need.YEAR, need.UNIT), excel=True,
              word=plan.word, page=plan.page)
        for plan in reports.REPORTS.values()
    ]
    found += [
        Paper(f"roster:{kind.code}", f"{kind.label}花名册", f"登记的全部{kind.label}；身份证号和电话遮住中间几位。", kind.icon,
              "花名册", (need.SENSITIVE,), excel=True)
        for kind in all_kinds() if has_roster(kind)
    ]
    return found


def _icon_of(plan: reports.Plan) -> str:
    """A report's own icon, else that of the first kind it tells of."""
    kinds = (find_kind(table.kind) for table in plan.tables if isinstance(table, Listing | Summary))
    return plan.icon or next((kind.icon for kind in kinds if kind is not None), "assessment")


def paper_about(code: str, flat: Mapping[str, Any]) -> tuple[Paper, Wanted, str]:
    """A paper of the campaign that a nomination takes part in: which, what it is told, and what the campaign is called."""
    paper = next(paper for paper in papers() if paper.code == code)
    return paper, Wanted(campaign=str(flat.get("campaign") or "")), str(flat.get("campaign_name") or "")


def has_roster(kind: Kind) -> bool:
    """Whether a list of this kind is of use on paper: it stands in the navigation and has columns."""
    return bool(kind.nav) and kind.nav != "settings" and any(field.column and not field.is_table for field in kind.fields)


def choices(office: Office) -> Choices:
    """What the options offer."""
    listed = queries.list_rows(office.workspace.db, office.kinds.of("campaign"))
    rows = sorted(listed, key=lambda row: (row.flat.get("year", 0), row.no), reverse=True)
    this = today().year
    return Choices(
        campaigns=tuple(
            (row.id, office.kinds.of("campaign").name_of(row.flat), printing.federation_name(office, row.unit)) for row in rows
        ),
        years=tuple(range(this, this - 10, -1)), counts=office.counts(), units=tuple(_units_below(office)),
    )


def _units_below(office: Office) -> Iterable[tuple[str, str]]:
    """Code and name of the units one level below, by code."""
    names = sorted(office.workspace.unit_names().items())
    return ((code, name) for code, name in names if is_above(office.unit, code) and level_of(code) == office.level + 1)



def read_day(typed: str, day: datetime.date) -> Reading[datetime.date]:
    """A day as typed (``3.8``, ``今天``), reckoned from ``day``; empty for nothing typed, a problem for more than a day."""
    read = read_date(typed, year=None, today=day)
    if read.value is None:
        return Reading(problem=read.problem)
    if read.value.date_from != read.value.date_to:
        return Reading(problem=Problem("day", "这里要写到哪一天，如 2026年3月8日"))
    return Reading(read.value.date_from)


def make_paper(office: Office, code: str, wanted: Wanted, progress: Progress | None = None) -> Made:
    """Make a paper in memory.

    Raises:
        InputProblem: Nobody to put on it, a character that no typeface has (it names the records), a text with no room.
    """
    buffer = io.BytesIO()
    told = _write(office, code, wanted, buffer, progress)
    pdf = buffer.getvalue()
    unit, count = next(((word, told[name]) for name, word in _COUNTED.items() if name in told), ("", None))
    # Certificates give the numbers that are missing: a change of their records.
    changed = frozenset({"nomination"}) if "certificates" in told else frozenset()
    return Made(pdf, pages.page_sizes(pdf), count, unit, tuple(told.get("warnings", ())), changed)


_COUNTED = {"families": "户", "certificates": "户"}


def _write(office: Office, code: str, wanted: Wanted, target: BinaryIO, progress: Progress | None) -> dict[str, Any]:
    campaign = wanted.campaign or None
    what, _, name = code.partition(":")
    if what == "report":
        report = reports.make_report(office, name, wanted.year, wanted.unit or None)
        reports.write_report_pdf(office, report, target, progress)
        return {}
    if what == "roster":
        return printing.print_roster(office, target, kind_code=name, progress=progress)
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "honor-roll": lambda: printing.print_honor_roll(
            office, target, campaign=campaign, date=wanted.date, palette=wanted.palette, title=wanted.title,
            issuer=wanted.issuer, progress=progress),
        "certificates": lambda: printing.print_certificates(
            office, target, campaign=campaign, date=wanted.date, paper=wanted.size, preprinted_only=wanted.preprinted,
            issuer=wanted.issuer, progress=progress),
        "notice": lambda: printing.print_notice(
            office, target, campaign=campaign, contact=wanted.contact, date=wanted.date, issuer=wanted.issuer,
            progress=progress),
    }
    if what not in makers:
        raise InputProblem("没有这种可以打印的东西。", "unknown-paper")
    return makers[what]()


def in_memory(write: Callable[[BinaryIO], object]) -> Made:
    """A table on paper that something else writes, kept in memory: nothing of it lies on the disk unencrypted."""
    buffer = io.BytesIO()
    write(buffer)
    pdf = buffer.getvalue()
    return Made(pdf, pages.page_sizes(pdf))


def save_excel(office: Office, code: str, wanted: Wanted, path: Path, progress: Progress | None = None) -> None:
    """Write a report or a roster as .xlsx.

    Raises:
        InputProblem: This paper has no table form. MachineProblem: The file could not be written.
    """
    what, _, name = code.partition(":")
    if what == "report":
        reports.write_report(office, reports.make_report(office, name, wanted.year, wanted.unit or None), path, progress)
    elif what == "roster":
        sheets.export_sheet(office, name, path, show_sensitive=wanted.sensitive, progress=progress)
    else:
        raise InputProblem("这一种只能存成 PDF。", "no-table")


def save_word(office: Office, code: str, wanted: Wanted, path: Path) -> None:
    """Write a report that is a text as .docx.

    Raises:
        InputProblem: This paper is no text. MachineProblem: The file could not be written.
    """
    what, _, name = code.partition(":")
    if what != "report":
        raise InputProblem("这一种只能存成 PDF。", "no-text")
    reports.write_report(office, reports.make_report(office, name, wanted.year, wanted.unit or None), path)


def save_pdf(pdf: bytes, path: Path) -> None:
    """Write a finished paper under a name, whole or not at all."""
    replace_file(path, pdf)


def open_pdf(path: Path) -> Made:
    """Read a PDF to be looked at.

    Raises:
        MachineProblem: It cannot be read, is too large, or is no PDF.
    """
    try:
        with path.open("rb") as file:
            pdf = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MachineProblem(machine_sentence(error)) from error
    if len(pdf) > MOST_BYTES:
        raise MachineProblem(f"“{path.name}”太大，预览不了。下一步：用电脑上的 PDF 软件打开。", "too-large")
    return Made(pdf, pages.page_sizes(pdf))


def draw_piece(pdf: bytes, page: int, dpi: float, left: int, top: int, width: int, height: int) -> bytes:
    """A piece of a page as pixels (``printing.pages.draw_piece``)."""
    return pages.draw_piece(pdf, page, dpi, left, top, width, height)


def put_away() -> None:
    """Let go of the document that was looked at last."""
    pages.put_away()


def file_name(title: str, suffix: str) -> str:
    """A name for a file out of a title: what file systems do not allow is taken out, and it is not overlong."""
    return f"{_NOT_IN_NAME.sub(' ', title).strip(' .')[:60] or '未命名'}{suffix}"

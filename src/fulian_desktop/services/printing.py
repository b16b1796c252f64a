"""What goes on paper: honor roll, certificates, notice, roster (DESIGN §10, DOMAIN §5).

Decides what is printed; ``printing`` decides how it looks. Illness, hardship, ID numbers, phones and addresses
below the village never stand on anything meant for a wall.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.domain.day_words import period_text
from fulian_desktop.domain.fields import Code
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import HONORED, Stage, stage_of
from fulian_desktop.domain.units import LEVELS, Level, level_of, stem
from fulian_desktop.domain.words import coded, masked
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import Planned, write_act
from fulian_desktop.services.showing import kind_in_force
from fulian_desktop.services.unprintable import naming
from fulian_desktop.store import queries
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.view import Row

_LEVEL_WORDS = {Level.PROVINCE: "省级", Level.CITY: "市级", Level.COUNTY: "县级", Level.TOWNSHIP: "乡级", Level.VILLAGE: "村级"}


def federation_name(office: Office, unit: str) -> str:
    """The federation of a unit as it signs: 清溪镇妇女联合会."""
    name = office.workspace.unit_names().get(unit, unit)
    return name if name.endswith(("妇联", "妇女联合会")) else f"{name}妇女联合会"


def find_campaign(office: Office, campaign: str | None) -> Row:
    """The campaign by id; without one the latest by year."""
    if campaign:
        row = queries.find_by_id(office.workspace.db, campaign)
        if row is None or row.kind != "campaign":
            raise NotFound("找不到这个评选活动。", "not-found")
        return row
    issued = queries.list_rows(office.workspace.db, office.kinds.of("campaign"))
    rows = sorted(issued, key=lambda r: (r.flat.get("year", 0), r.no))
    if not rows:
        raise NotFound("还没有评选活动。下一步：先发起评选。", "no-campaign")
    return rows[-1]


def honored(office: Office, campaign: Row) -> list[Row]:
    """The nominations of a campaign that were approved or awarded and not taken back, by unit and entry."""
    kind = office.kinds.of("nomination")
    rows = queries.list_rows(office.workspace.db, kind, where_equal={"campaign": campaign.id})
    return sorted((r for r in rows if _stage(kind, r) in HONORED), key=lambda r: (r.unit, r.no))


def _stage(kind: Kind, row: Row) -> Stage | None:
    found = stage_of(kind, row.flat, row.conflicts, today())
    return found.stage if found else None


def _name(row: Row) -> str:
    return str(row.flat.get("family_name") or row.flat.get("person_name") or row.flat.get("called") or "")


def print_honor_roll(
    office: Office, target: Path | BinaryIO, *, campaign: str | None = None, date: datetime.date | None = None,
    palette: str = "color", title: str = "", issuer: str = "", progress: Progress | None = None,
) -> dict[str, Any]:
    """The honor roll of a campaign, grouped by title and level; never an ID number, phone or address.

    ``title`` and ``issuer`` stand in place of 光荣榜 and of the federation that issued the campaign; several issuers are
    separated by 、.
    """
    from fulian_desktop.printing.documents import HonorRoll, HonorRollEntry, grouped, write_honor_roll

    issued = find_campaign(office, campaign)
    rows = honored(office, issued)
    if not rows:
        raise InputProblem("这个评选还没有审批通过的家庭，打不出光荣榜。", "nobody")
    names = office.workspace.unit_names()
    honor = _honor(office, issued)
    level = level_of(issued.unit)
    entries = [
        HonorRollEntry(name=_name(r), unit=names.get(r.unit, r.unit), level=_level_word(r, level), title=honor) for r in rows
    ]
    issuers = _issuers(office, issued, issuer)
    year = _year_words(issued.flat.get("year"))
    doc = HonorRoll(
        issuer=issuers[0], campaign=f"{year}“{honor}”", groups=grouped(entries),
        issuers=issuers, date=date or today(), title=title or "光荣榜",
        intro=f"经群众推荐、妇联初评、张榜公示和逐级审定，下列家庭荣获{year}“{honor}”称号。特此公布，予以褒扬。",
    )
    with naming(office, ((r.id, r.unit, [_name(r)]) for r in rows)):
        report = write_honor_roll(doc, target, palette=palette, progress=progress)
    _log_print(office, "honor-roll", len(rows))
    return {"file": str(target), "families": len(rows), "pages": report.pages, "warnings": report.warnings}


def _issuers(office: Office, campaign: Row, typed: str) -> tuple[str, ...]:
    """Who signs: as typed, else the federation that issued the campaign."""
    return tuple(filter(None, (part.strip() for part in typed.split("、")))) or (federation_name(office, campaign.unit),)


def _level_word(row: Row, level: Level) -> str:
    """The award's own level where it names one (a certificate says it), else the campaign's."""
    declared = row.flat.get(f"award_{level.code}_honor_level")
    return _LEVEL_WORDS[LEVELS[declared]] if declared in LEVELS else _LEVEL_WORDS[level]


def _honor(office: Office, campaign: Row) -> str:
    type_ = office.kinds.of("campaign").flat["honor"].type
    code = str(campaign.flat.get("honor", ""))
    return type_.codes.label(code) if isinstance(type_, Code) else code


def _year_words(year: int | None) -> str:
    return "".join("〇一二三四五六七八九"[int(d)] for d in str(year)) + "年度" if year else ""


def print_certificates(
    office: Office, target: Path | BinaryIO, *, campaign: str | None = None, date: datetime.date | None = None,
    paper: str = "A4-landscape", preprinted_only: bool = False, issuer: str = "", progress: Progress | None = None,
) -> dict[str, Any]:
    """One certificate a family; a missing certificate number is given first, as one act, and kept ever after."""
    from fulian_desktop.printing.documents import Certificate, write_certificates

    issued = find_campaign(office, campaign)
    rows = honored(office, issued)
    if not rows:
        raise InputProblem("这个评选还没有审批通过的家庭，打不出证书。", "nobody")
    day = date or today()
    serials = _give_numbers(office, issued, rows, day)
    issuers = _issuers(office, issued, issuer)
    honor = _honor(office, issued)
    text = issued.flat.get("certificate_text") or "在{year}“{honor}”评选活动中，荣获“{honor}”称号。"
    body = text.replace("{year}", _year_words(issued.flat.get("year"))).replace("{honor}", honor)
    items = [Certificate(name=_called(row), body=body, issuers=issuers, date=day, serial=serials[row.id]) for row in rows]
    with naming(office, [(issued.id, issued.unit, [body]), *((r.id, r.unit, [_called(r)]) for r in rows)]):
        report = write_certificates(items, target, paper=paper, preprinted_only=preprinted_only, progress=progress)
    _log_print(office, "certificates", len(rows))
    return {"file": str(target), "certificates": len(items), "pages": report.pages, "warnings": report.warnings}


def _called(row: Row) -> str:
    """Whom the certificate names: as called, else the family's head with 家庭 behind."""
    if row.flat.get("called"):
        return str(row.flat["called"])
    return f"{row.flat['family_name']}家庭" if row.flat.get("family_name") else str(row.flat.get("person_name", ""))


def _give_numbers(office: Office, campaign: Row, rows: list[Row], day: datetime.date) -> dict[str, str]:
    """Certificate numbers by record: those given stay; new ones count on from the highest of campaign and year."""
    level = level_of(campaign.unit)
    name = f"award_{level.code}_certificate_no"
    head = f"{stem(campaign.unit)}-{campaign.flat.get('year', day.year)}-{campaign.id[-4:].upper()}-"
    given = {r.id: str(r.flat[name]) for r in rows if r.flat.get(name)}
    last = max((int(no[len(head):]) for no in given.values() if no.startswith(head) and no[len(head):].isdigit()), default=0)
    planned: list[Planned] = []
    award = office.kinds.of("nomination").declared(f"award_{level.code}")
    for row in rows:
        if row.id not in given:
            last += 1
            given[row.id] = f"{head}{last:04d}"
            flat = {p.flat: row.flat[p.flat] for p in award.flat_parts if p.flat in row.flat}
            flat |= {
                name: given[row.id], f"award_{level.code}_called": _called(row), f"award_{level.code}_honor_level": level.code,
                f"award_{level.code}_date": row.flat.get(f"award_{level.code}_date") or day.isoformat(),
            }
            key = RecordKey(row.unit, row.kind, bytes.fromhex(row.id))
            planned.append(Planned(key, values={award.code: award.assemble(flat)}))
    if planned:
        write_act(office, planned, "证书编号")
    return given


# Whom a notice names: a notice of the deciding level is set, and nothing is decided yet.
_IN_NOTICE = frozenset({Stage.REVIEW_PASSED, Stage.SUBMITTED, Stage.IN_NOTICE, Stage.NOTICE_ENDED})


def print_notice(
    office: Office, target: Path | BinaryIO, *, campaign: str | None = None, contact: str = "",
    date: datetime.date | None = None, issuer: str = "", progress: Progress | None = None,
) -> dict[str, Any]:
    """公示 of a campaign's nominations in notice: masked; who, which title, period, where to object.

    The notice of the level that decides; where it has none yet, that of this office's own level, which recommends.
    """
    from fulian_desktop.printing.notices import Column, Notice, write_notice

    issued = find_campaign(office, campaign)
    kind = office.kinds.of("nomination")
    deciding = level_of(issued.unit)
    nominations = [
        r for r in queries.list_rows(office.workspace.db, kind, where_equal={"campaign": issued.id})
        if _stage(kind, r) in _IN_NOTICE
    ]
    by_level = {
        level: sorted((r for r in nominations if r.flat.get(f"notice_{level.code}_from")), key=lambda r: (r.unit, r.no))
        for level in (deciding, max(deciding, office.level))
    }
    at = next((level for level, found in by_level.items() if found), deciding)
    level, rows = at.code, by_level[at]
    if not rows:
        raise InputProblem("这个评选没有要公示的家庭。下一步：先完成初评，填上公示起止。", "nobody")
    names = office.workspace.unit_names()
    issuer = issuer.strip() or federation_name(office, issued.unit if at is deciding else office.unit)
    honor, year = _honor(office, issued), issued.flat.get("year", "")
    said = f"经各村推荐、妇联初评，拟授予下列 {len(rows)} 户家庭{year}年度“{honor}”称号，现予公示。"
    if at is not deciding:
        said = f"经初评，拟推荐下列 {len(rows)} 户家庭参评{year}年度“{honor}”，现予公示。"
    periods = {(r.flat.get(f"notice_{level}_from"), r.flat.get(f"notice_{level}_to")) for r in rows}
    period = ""
    if len(periods) == 1:
        first, last = periods.pop()
        period = period_text(first, last, "day") if first and last else ""
    doc = Notice(
        title=f"关于{year}年度“{honor}”候选家庭的公示",
        paragraphs=(said,),
        columns=(Column("序号", 1, "center"), Column("户主", 2, "center"), Column("单位", 3, "center")),
        rows=[[str(i), _name(r), names.get(r.unit, r.unit)] for i, r in enumerate(rows, 1)],
        issuer=issuer, date=date or today(), period=period,
        objections=("如有异议，请在公示期内向本妇联反映。",), contact=f"受理电话：{contact}" if contact else "",
    )
    with naming(office, ((r.id, r.unit, [_name(r)]) for r in rows)):
        report = write_notice(doc, target, progress=progress)
    _log_print(office, "notice", len(rows))
    return {"file": str(target), "families": len(rows), "pages": report.pages, "warnings": report.warnings}


def print_roster(
    office: Office, target: Path | BinaryIO, *, kind_code: str = "family", progress: Progress | None = None,
    listed: Iterable[Row] | None = None,
) -> dict[str, Any]:
    """A roster of a kind's list columns, of all living records or of those given; sensitive values masked."""
    from fulian_desktop.domain.fields import Integer
    from fulian_desktop.printing.documents import Table, write_table
    from fulian_desktop.services.column_widths import LANDSCAPE, columns_for

    kind = kind_in_force(office, kind_code)
    parts = [f.flat_parts[1 if len(f.flat) == 4 else 0] for f in kind.fields if f.column and not f.is_table]
    names = office.workspace.unit_names()
    found = list(queries.list_rows(office.workspace.db, kind) if listed is None else listed)
    rows = [[str(i), names.get(r.unit, r.unit), *_cells(kind, parts, r)] for i, r in enumerate(found, 1)]
    heads = [(p.field.label, "number" if isinstance(p.type, Integer) and not p.field.sensitive else "text") for p in parts]
    columns = columns_for([("序号", "text"), ("单位", "text"), *heads], rows, LANDSCAPE)
    table = Table(f"{office.unit_name}{kind.label}花名册", columns, rows, subtitle=f"填报单位：{office.unit_name}",
                  aside=f"填报日期：{today():%Y年%m月%d日}", landscape=True)
    with naming(office, ((r.id, r.unit, texts) for r, texts in zip(found, rows, strict=True)), ("roster", len(rows))):
        report = write_table(table, target, progress=progress)
    _log_print(office, "roster", len(rows))
    return {"file": str(target), "rows": len(rows), "pages": report.pages, "warnings": report.warnings}


def _cells(kind: Kind, parts: list[Any], row: Row) -> Iterator[str]:
    for part in parts:
        value = row.flat.get(part.flat)
        yield "—" if value is None else _shown(part, value)


def _shown(part: Any, value: Any) -> str:  # noqa: ANN401 - any flat value
    from fulian_desktop.domain.fields import Hundredths, Money
    from fulian_desktop.domain.hundredths import format_hundredths
    from fulian_desktop.domain.yuan import format_yuan

    if part.field.sensitive:
        return masked(part.type, value)
    if (words := coded(part.type, value)) is not None:
        return words
    if isinstance(part.type, Money):
        return format_yuan(value)
    return format_hundredths(value) if isinstance(part.type, Hundredths) else str(value)


def _log_print(office: Office, what: str, count: int) -> None:
    with office.workspace.transaction():
        office.workspace.record("print", {"what": what, "count": count})

"""Offices that know each other, sticks that are carried between them, and packages that no honest program would write."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.builders import COUNTY, NAMES, PERSON, TOWN, VILLAGE, a_township, a_village, an_office

from fulian_desktop.domain.kinds import all_kinds, register, unregister
from fulian_desktop.exchange.contents import Contents
from fulian_desktop.exchange.enrol import read_invitation
from fulian_desktop.exchange.package import Package, open_package, sign_segment, write_package
from fulian_desktop.ledger.changes import Change, change_bytes
from fulian_desktop.ledger.counting import heads
from fulian_desktop.ledger.segments import Segment, header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.services import enrol, exchanging
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, load_folded
from fulian_desktop.services.showing import show_row
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import queries
from fulian_desktop.store.view import layout
from fulian_desktop.store.workspace import new_id, now_ms

COUNTS = ("added", "changed", "unchanged", "conflicts", "refused", "waiting")
_number = itertools.count(1)


@dataclass
class Country:
    """Open offices by unit code, and a folder for their sticks. Closed by :func:`a_country`."""

    folder: Path
    offices: dict[str, Office] = field(default_factory=dict)

    def __getitem__(self, unit: str) -> Office:
        return self.offices[unit]

    def stick(self) -> Path:
        """An empty stick."""
        made = self.folder / f"stick{next(_number)}"
        made.mkdir()
        return made

    def enrol(self, village: Office, town: Office) -> dict[str, Any]:
        """The one trip of DESIGN §6: invitation down, request and first package up, approved."""
        stick = self.stick()
        enrol.add_unit(town, village.unit, NAMES.get(village.unit, village.unit))
        enrol.invite(town, stick / "invitation.flpkg")
        enrol.accept(village, read_invitation(stick / "invitation.flpkg"), town.unit_name)
        enrol.request(village, stick / "request.flpkg")
        exchanging.export_package(village, "up", stick)
        return enrol.approve(town, [stick])

    def carry(self, sender: Office, receiver: Office, *, full: bool = False) -> dict[str, Any]:
        """Export from one office and merge at the other; returns the merge's report."""
        return exchanging.merge_packages(receiver, [self.packed(sender, receiver.unit, full=full)])

    def packed(self, sender: Office, to: str, *, full: bool = False) -> Path:
        """One package on a stick of its own."""
        (written,) = exchanging.export_package(sender, to, self.stick(), full=full)
        return Path(written["file"])


@contextmanager
def a_country(folder: Path, *villages: str, town: str = TOWN) -> Iterator[Country]:
    """A township and its villages, all enrolled (``VILLAGE`` alone when none is named)."""
    country = Country(folder)
    try:
        country.offices[town] = a_township(folder / town, town)
        for code in villages or (VILLAGE,):
            country.offices[code] = a_village(folder / code, code)
            country.enrol(country[code], country[town])
        yield country
    finally:
        for office in country.offices.values():
            office.close()


def a_county(country: Country) -> Office:
    """A county that joins above the township that is there already."""
    county = an_office(country.folder / COUNTY, COUNTY, person="赵敏")
    country.offices[COUNTY] = county
    country.enrol(country[TOWN], county)
    return county


def a_campaign(office: Office, **entries: Any) -> str:
    """A selection of this office; returns its id."""
    typed = {"title": "2024年最美家庭", "honor": "最美家庭", "year": 2024, "public_days": 5, **entries}
    return add_record(office, "campaign", typed).id


def a_nomination(village: Office, campaign: str, *, head: str = "王秀英", address: str = "3组12号") -> str:
    """A family of the village and its nomination; returns the nomination's id."""
    family = add_record(village, "family", {"head": head, "address": address})
    typed = {"campaign": campaign, "family": family.id, "called": f"{head}家庭", "way": "自荐"}
    return add_record(village, "nomination", typed).id


def shown(office: Office, record: str) -> dict[str, Any]:
    """A record as scripts read it."""
    row = queries.find_by_id(office.workspace.db, record)
    assert row is not None, f"{office.unit} does not have {record}"
    return show_row(row)


def digest(office: Office, unit: str | None = None) -> str:
    """The digest of all records; the view must agree with the log."""
    result = check(office, unit=unit)
    assert result["ok"], result["problems"]
    return str(result["digest"])


def all_rows(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """The tables of all records as they stand, row by row."""
    return {
        kind.code: office.workspace.db.execute(f"SELECT * FROM {layout(kind).table} ORDER BY no").fetchall()
        for kind in all_kinds()
    }


def whole_database(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every plain table."""
    db = office.workspace.db
    names = [n for (n,) in db.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 's\\_%' ESCAPE '\\' ORDER BY name"
    )]
    return {name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"').fetchall())) for name in names}


def adds_up(report: Mapping[str, Any]) -> bool:
    """``in`` is the sum of the six counts, for every package and in all."""
    lines = [*report["packages"], report["total"]]
    each = all(line["in"] == sum(line[name] for name in COUNTS) for line in lines)
    return each and all(report["total"][name] == sum(p[name] for p in report["packages"]) for name in ("in", *COUNTS))


def states(report: Mapping[str, Any]) -> list[str]:
    """The states of the packages of a report, in its order."""
    return [package["state"] for package in report["packages"]]


def opened(office: Office, path: Path) -> Package:
    """A package as this office reads it."""
    return open_package(path, trust=office.trust, keys=[office.keys], own_unit=office.unit)


def head_names(office: Office, record: str) -> list[str]:
    """The names (hex) of the record's heads, as an author would see them here."""
    _, _, folded = load_folded(office, record)
    return sorted(name.hex() for name in heads(folded.order))


def a_put(kind: str, record: str, values: Mapping[str, Any], *, parents: Sequence[str] = (), at: int | None = None) -> bytes:
    """The bytes of a put with ledger values, unchecked."""
    change = Change(act=new_id(), action="put", actor=PERSON, at=now_ms() if at is None else at, kind=kind, record=record,
                    parents=list(parents), values=dict(values))
    return change_bytes(change)


def crafted(
    sender: Office, folder: Path, lines: Sequence[bytes], *, unit: str | None = None, cls: str = "ordinary", seq: int = 900,
) -> Path:
    """A package up, rightly signed and addressed, whose changes no service of ours would have written."""
    stream = Stream(secrets.token_hex(16), unit or sender.unit, cls)
    header, body = make_header(stream, 1, start_name(stream), list(lines), key=sender.keys.key, made=now_ms())
    return packed_segments(sender, folder, [sign_segment(sender.keys, header_bytes(header), body)], seq=seq)


def packed_segments(sender: Office, folder: Path, segments: Sequence[Segment], *, seq: int = 900) -> Path:
    """A package up that carries exactly these segments."""
    statements = tuple(sender.trust.chain(sender.keys.key))
    data = write_package(
        keys=sender.keys, kind="up", unit=sender.unit, epoch=sender.workspace.epoch, seq=seq, made=now_ms(),
        recipients=sender.trust.boxes_for(sender.parent), segments=segments, contents=Contents(statements=statements),
        chain=sender.trust.chain(sender.keys.key), package=new_id(),
    )
    path = folder / f"{sender.unit}-{seq:05d}-crafted.flpkg"
    path.write_bytes(data)
    return path


@contextmanager
def a_declared_kind(kind: Any) -> Iterator[None]:
    """A kind that exists while the test runs."""
    all_kinds()  # the shipped ones are looked for only while none is known
    register(kind)
    try:
        yield
    finally:
        unregister(kind.code)

"""A township, its villages and their packages, made by product code and kept under ``build/bench/``.

What is kept is named by a digest of the package format, the declared kinds and the bench's own makers: another
one of these makes everything anew.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tools.bench.people import SHARES, YEAR_START_MS, People

from fulian_desktop.exchange.contents import Contents
from fulian_desktop.exchange.keys import OfficeKeys
from fulian_desktop.exchange.package import sign_segment, write_package
from fulian_desktop.exchange.statements import issue_certificate, make_claim
from fulian_desktop.ledger.changes import Change, change_bytes
from fulian_desktop.ledger.segments import Segment, header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, start_name
from fulian_desktop.services.exchanging import CUT, merge_packages
from fulian_desktop.services.office import Office, create_office
from fulian_desktop.services.records import Planned, write_act
from fulian_desktop.store import migrations, view
from fulian_desktop.store.log import RecordKey
from fulian_desktop.store.workspace import Workspace

TOWN = "140702101000"
PASSPHRASE = "bench-passphrase"
PERSON = "李秀英"
MARK = "complete"


@dataclass(frozen=True)
class Scale:
    """How much: ``villages`` of ``records`` each; ``edited`` of them edited per village, ``shared`` of those concurrently."""

    villages: int = 30
    records: int = 3_000
    edited: int = 600
    shared: int = 150


@dataclass(frozen=True)
class Made:
    """What was made: folders of township workspaces before and after the merge, and of the packages."""

    folder: Path
    scale: Scale

    @property
    def empty(self) -> Path:
        """The township that has certified its villages and holds no record."""
        return self.folder / "empty"

    @property
    def packages(self) -> Path:
        """One package of new records a village."""
        return self.folder / "packages"

    @property
    def merged(self) -> Path:
        """The township after the merge, with its own edits of ``shared`` records a village."""
        return self.folder / "merged"

    @property
    def edits(self) -> Path:
        """One package of edits a village."""
        return self.folder / "edits"


def digest(scale: Scale) -> str:
    """What the made files depend on."""
    page = Path(__file__).parents[2] / "docs" / "package-format.md"
    sources = [page.read_bytes(), view.shape().encode(), repr(scale).encode(), str(CUT).encode()]
    sources += [Path(str(m.__file__)).read_bytes() for m in (view, migrations)]  # the view and the log as tables
    sources += [(Path(__file__).parent / name).read_bytes() for name in ("people.py", "township.py")]
    return hashlib.sha256(b"\0".join(hashlib.sha256(s).digest() for s in sources)).hexdigest()[:16]


def village_units(count: int) -> list[str]:
    """The codes of the villages."""
    return [f"{TOWN[:9]}{200 + i:03d}" for i in range(1, count + 1)]


def village_keys(unit: str) -> OfficeKeys:
    """A village's keys, the same every time."""
    parts = iter(hashlib.sha256(f"bench {unit} {n}".encode()).digest() for n in range(8))
    return OfficeKeys.generate(lambda length: next(parts)[:length])


def open_copy(source: Path, target: Path) -> Office:
    """A workspace copied and opened without unlocking: Argon2 is not what is measured here."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    return open_made(target)


def open_made(folder: Path) -> Office:
    """A made workspace, opened with the key that lies beside it."""
    key = bytes.fromhex((folder / "bench-key").read_text("ascii"))
    return Office(Workspace.open_with_key(folder, key, PERSON))


def create(folder: Path, unit: str, name: str) -> Office:
    """A new workspace whose key is kept beside it."""
    office, _ = create_office(folder, unit=unit, unit_name=name, person=PERSON, passphrase=PASSPHRASE)
    (folder / "bench-key").write_text(office.workspace.key.hex(), "ascii")
    return office


def make(root: Path, scale: Scale) -> Made:
    """The township and packages of that scale, made when they are not there yet."""
    made = Made(root / f"township-{scale.villages}x{scale.records}-{digest(scale)}", scale)
    if (made.folder / MARK).exists():
        return made
    forget_older(root, f"township-{scale.villages}x{scale.records}-*")
    made.folder.mkdir(parents=True)
    with create(made.empty, TOWN, "清溪乡妇女联合会") as office:
        _certify(office, scale)
        _checkpoint(office)
        villages = {unit: _Village(unit, office) for unit in village_units(scale.villages)}
    for folder in (made.packages, made.edits):
        folder.mkdir()
    for unit, village in villages.items():
        _write(made.packages / f"{unit}.flpkg", village.first_package(scale.records))
    with open_copy(made.empty, made.merged) as office:
        report = merge_packages(office, [made.packages])
        if report["total"]["added"] != scale.villages * scale.records:
            raise AssertionError(f"the made packages do not merge: {report['total']}")
        for unit, village in villages.items():
            _edit_at_township(office, unit, village.shared(scale))
        shutil.rmtree(made.merged / "backups", ignore_errors=True)
        _checkpoint(office)
    for unit, village in villages.items():
        _write(made.edits / f"{unit}.flpkg", village.second_package(scale))
    (made.folder / MARK).write_text(json.dumps({"scale": repr(scale)}), "utf-8")
    return made


def forget_older(root: Path, pattern: str) -> None:
    """Throw away what was made for another state of the program: it takes hundreds of MB."""
    for folder in root.glob(pattern):
        shutil.rmtree(folder)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _checkpoint(office: Office) -> None:
    office.workspace.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _certify(office: Office, scale: Scale) -> None:
    texts = [
        issue_certificate(office.keys, issuer=TOWN, claim=make_claim(village_keys(unit), unit), serial=i)
        for i, unit in enumerate(village_units(scale.villages), 1)
    ]
    trust, problems = office.trust.add(texts)
    if problems:
        raise AssertionError(problems)
    with office.workspace.transaction():
        office.keep_trust(trust)


def _edit_at_township(office: Office, unit: str, records: Sequence[tuple[str, str, dict[str, Any]]]) -> None:
    """The township changes records while the village changes them too: one act."""
    planned = [Planned(RecordKey(unit, kind, bytes.fromhex(record)), values=values) for kind, record, values in records]
    write_act(office, planned, "修改")


def conflicting(scale: Scale) -> int:
    """How many conflicts the edits make: every second shared record is set differently in the same field."""
    return scale.villages * ((scale.shared + 1) // 2)


class _Village:
    """One village's stream, as its own computer would have written it."""

    def __init__(self, unit: str, office: Office) -> None:
        self.unit = unit
        self.people = People(unit, unit)
        self.random = Random(f"fulian-bench-ids-1 {unit}")
        self.keys = village_keys(unit)
        self.stream = Stream(hashlib.sha256(f"epoch {unit}".encode()).hexdigest()[:32], unit, "ordinary")
        self.box = office.keys.box_public
        self.chain = office.trust.chain(self.keys.key)
        self.actor = self.people.name()
        self.name = start_name(self.stream)
        self.seq = 1
        self.number = 1
        self.records: list[tuple[str, str]] = []

    def _change(self, at: int, kind: str, record: str, values: dict[str, Any]) -> bytes:
        act = f"{self.random.getrandbits(128):032x}"
        return change_bytes(Change(act=act, action="put", actor=self.actor, at=at, kind=kind, record=record, values=values))

    def _record_id(self, at: int) -> str:
        r = self.random
        return f"{at << 80 | 0x7 << 76 | r.getrandbits(12) << 64 | 0b10 << 62 | r.getrandbits(62):032x}"

    def first_package(self, count: int) -> bytes:
        """New records, typed over a month."""
        families: list[tuple[str, str]] = []
        lines: list[bytes] = []
        kinds, weights = zip(*SHARES, strict=True)
        at = YEAR_START_MS
        for _ in range(count):
            at += self.random.randrange(1, 2 * 30 * 86_400_000 // count)
            kind = self.random.choices(kinds, weights)[0]
            record = self._record_id(at)
            values = self.people.values(kind, families)
            if kind == "family":
                families.append((record, values["head"]))
            self.records.append((kind, record))
            lines.append(self._change(at, kind, record, values))
        return self._package(lines, at)

    def shared(self, scale: Scale) -> list[tuple[str, str, dict[str, Any]]]:
        """What the township sets in records that the village edits too: (kind, record, values)."""
        people = People(f"township {self.unit}", self.unit)
        chosen = []
        for i, (kind, record) in enumerate(self._edited(scale)[: scale.shared]):
            field = _SAME[kind] if i % 2 == 0 else _OTHER[kind]
            chosen.append((kind, record, {field: _value(people, field)}))
        return chosen

    def second_package(self, scale: Scale) -> bytes:
        """Edits of earlier records; the first ``shared`` of them, every second in the field that the township set."""
        at = YEAR_START_MS + 40 * 86_400_000
        lines = []
        for i, (kind, record) in enumerate(self._edited(scale)):
            at += 60_000
            if i < scale.shared:
                field = _SAME[kind]
                values = {field: _value(self.people, field)}
            else:
                values = self.people.edit(kind)
            lines.append(self._change(at, kind, record, values))
        return self._package(lines, at)

    def _edited(self, scale: Scale) -> list[tuple[str, str]]:
        return Random(f"fulian-bench-edits-1 {self.unit}").sample(self.records, scale.edited)

    def _package(self, lines: list[bytes], made: int) -> bytes:
        segments = list(self._segments(lines, made))
        package = hashlib.sha256(f"package {self.unit} {self.number}".encode()).hexdigest()[:32]
        data = write_package(
            keys=self.keys, kind="up", unit=self.unit, epoch=self.stream.epoch, seq=self.number, made=made, recipients=[self.box],
            segments=segments, contents=Contents(statements=self.chain), chain=self.chain, package=package,
        )
        self.number += 1
        return data

    def _segments(self, lines: list[bytes], made: int) -> Iterator[Segment]:
        for start in range(0, len(lines), CUT):
            chunk = lines[start : start + CUT]
            header, body = make_header(self.stream, self.seq, self.name, chunk, key=self.keys.key, made=made)
            yield sign_segment(self.keys, header_bytes(header), body)
            self.seq, self.name = self.seq + len(chunk), bytes.fromhex(header.last)


_SAME = {"family": "phone", "person": "needs", "activity": "outcome", "aid": "operator", "nomination": "motto"}
_OTHER = {"family": "occupation", "person": "contact", "activity": "speaker", "aid": "batch", "nomination": "deeds_short"}


def _value(people: People, field: str) -> str:
    """A value that nobody else sets, so that concurrent settings differ."""
    return people.phone() if field == "phone" else f"{people.name()}{people.random.randrange(10**6)}"



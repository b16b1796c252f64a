"""Small offices and records to test with, made quickly.

Making an office costs two key derivations of 80 ms; here one is made a run and copied: the copy gets its own
unit, keys, epoch and workspace id, and opens with the same passphrase.
"""

from __future__ import annotations

import functools
import json
import secrets
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fulian_desktop.domain.units import parent_of
from fulian_desktop.exchange.keys import OfficeKeys
from fulian_desktop.exchange.statements import make_claim
from fulian_desktop.services.office import Office, create_office
from fulian_desktop.services.records import Saved, add_record
from fulian_desktop.store import vault
from fulian_desktop.store.workspace import Workspace

COUNTY, TOWN, OTHER_TOWN = "140702000000", "140702101000", "140702102000"
VILLAGE, SIBLING, THIRD, FAR_VILLAGE = "140702101201", "140702101202", "140702101203", "140702102201"
NAMES = {
    COUNTY: "榆次区", TOWN: "清溪镇", OTHER_TOWN: "石桥镇",
    VILLAGE: "柳树湾村", SIBLING: "杏花村", THIRD: "东沟村", FAR_VILLAGE: "桥头村",
}
PERSON, PASSPHRASE = "王桂芳", "secret1"


@functools.cache
def _template() -> tuple[tempfile.TemporaryDirectory[str], Path, bytes, str]:
    holder = tempfile.TemporaryDirectory(prefix="fulian-template-")
    folder = Path(holder.name) / "office"
    office, recovery = create_office(folder, unit=VILLAGE, unit_name=NAMES[VILLAGE], person=PERSON, passphrase=PASSPHRASE)
    key = office.workspace.key
    office.close()
    return holder, folder, key, recovery


def recovery_code() -> str:
    """The recovery code of every office made here."""
    return _template()[3]


def an_office(folder: Path, unit: str = VILLAGE, *, name: str = "", parent: str | None = None, person: str = PERSON) -> Office:
    """An open office in a new folder, its own root, unlocked with :data:`PASSPHRASE` (``person`` signs what it does)."""
    _, source, key, _ = _template()
    shutil.copytree(source, folder)
    keys = OfficeKeys.generate()
    above = parent_of(unit) if parent is None else parent
    settings = {
        "unit": unit, "unit_name": name or NAMES.get(unit, unit), "keys": json.dumps(keys.to_json()),
        "pins": json.dumps([make_claim(keys, unit).text]), "epoch": secrets.token_hex(16), "workspace": secrets.token_hex(16),
        "parent": above or "", "parent_name": NAMES.get(above or "", ""),
    }
    connection = vault.connect(folder / vault.DATABASE, key)
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?,?)", settings.items())
    connection.close()
    return Office(Workspace.open_with_key(folder, key, person))


def reopened(office: Office) -> Office:
    """The same office closed and opened again, without the cost of the passphrase."""
    folder, key, person = office.workspace.folder, office.workspace.key, office.person
    office.close()
    return Office(Workspace.open_with_key(folder, key, person))


def a_village(folder: Path, unit: str = VILLAGE) -> Office:
    """An open village office."""
    return an_office(folder, unit)


def a_township(folder: Path, unit: str = TOWN) -> Office:
    """An open township office."""
    return an_office(folder, unit, person="李红")


def an_activity(**entries: Any) -> dict[str, Any]:
    """What is typed into the form of an activity; keywords replace or add."""
    return {"title": "三八节表彰", "category": "festival", "date_from": "2024-03-08", "participants": "120", **entries}


def a_family(**entries: Any) -> dict[str, Any]:
    """What is typed into the form of a family."""
    return {"head": "王秀英", "address": "3组12号", **entries}


def a_person(**entries: Any) -> dict[str, Any]:
    """What is typed into the form of a person."""
    return {"name": "李秀英", **entries}


def added(office: Office, kind: str, entries: Mapping[str, Any] | None = None, **more: Any) -> Saved:
    """Enter a record as typed; the builder of its kind fills what is not given."""
    makers = {"activity": an_activity, "family": a_family, "person": a_person}
    typed = {**(entries or {}), **more}
    return add_record(office, kind, makers[kind](**typed) if kind in makers else typed)

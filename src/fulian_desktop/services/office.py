"""The office that an installation belongs to: opening it, its keys, what it knows of itself.

Every service takes an :class:`Office`. The command line and the window open one and call services; neither
sees SQL or keys.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.store import keystore, queries, vault
from fulian_desktop.store.installation import is_behind, is_copy, own_tips
from fulian_desktop.store.workspace import Workspace, now_ms

if TYPE_CHECKING:
    from fulian_desktop.domain.in_force import Kinds
    from fulian_desktop.exchange.keys import OfficeKeys
    from fulian_desktop.exchange.trust import Trust
    from fulian_desktop.ledger.streams import Stream
    from fulian_desktop.services.rights import RoomOffice
    from fulian_desktop.services.unlocking import Unlocking


class Office:
    """An opened workspace with its office's identity. A context manager."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._keys: OfficeKeys | None = None
        self._trust: Trust | None = None
        self.is_copy = False
        self.room: RoomOffice | None = None

    @property
    def unit(self) -> str:
        """The 12-digit code of this office."""
        return self.workspace.unit

    @property
    def unit_name(self) -> str:
        """What this office is called."""
        return self.workspace.unit_names().get(self.unit, self.workspace.setting("unit_name"))

    @property
    def level(self) -> Level:
        """The office's level, read from its code."""
        return level_of(self.unit)

    @property
    def person(self) -> str:
        """For whom the workspace was unlocked."""
        return self.workspace.person

    @property
    def parent(self) -> str:
        """The code of the office above as far as known, or ""."""
        return self.workspace.setting("parent")

    @property
    def kinds(self) -> Kinds:
        """The kinds in force here: those declared, and the fields and codes that offices issued."""
        return self.workspace.kinds

    @property
    def keys(self) -> OfficeKeys:
        """This installation's keys."""
        if self._keys is None:
            from fulian_desktop.exchange.keys import OfficeKeys

            self._keys = OfficeKeys.from_json(json.loads(self.workspace.setting("keys")))
        return self._keys

    @property
    def trust(self) -> Trust:
        """Whose signatures this office knows."""
        if self._trust is None:
            from fulian_desktop.exchange.trust import Trust

            pins = json.loads(self.workspace.setting("pins", "[]"))
            from fulian_desktop.store import books

            self._trust = Trust(self.unit, pins, books.statements(self.workspace.db))
        return self._trust

    def keep_trust(self, trust: Trust) -> None:
        """Store new statements, inside the current transaction."""
        from fulian_desktop.exchange.statements import statement_name
        from fulian_desktop.store import books

        named = [(statement_name(text), text) for text in trust.statements]
        books.keep_statements(self.workspace.db, named, now_ms())
        self._trust = trust

    def keep_pins(self, pins: list[str]) -> None:
        """Store the claims that this office trusts of itself, inside the current transaction."""
        self.workspace.set_setting("pins", json.dumps(pins))
        self._trust = None

    def counts(self) -> dict[str, int]:
        """Kind code → how many living records."""
        return {kind.code: queries.count_rows(self.workspace.db, kind) for kind in self.workspace.tables()}

    def close(self) -> None:
        """Close the workspace, and its rights room if it is open."""
        self.room = None
        self.workspace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Close; what the database itself could not do becomes a sentence (a page that rotted while it was open)."""
        self.close()
        if isinstance(error, vault.DatabaseError):
            raise vault.database_problem(error) from error

    def tips(self) -> dict[str, int]:
        """Stream text → last seq, of this installation's own streams (to notice copies)."""
        return own_tips(self.workspace.db, self.workspace.epoch)

    def all_tips(self) -> dict[str, int]:
        """Stream text → last seq, of what this installation wrote in any of its epochs (to know what has been sent)."""
        before = json.loads(self.workspace.setting("epochs_before", "[]"))
        found: dict[str, int] = {}
        for epoch in (*before, self.workspace.epoch):
            found |= own_tips(self.workspace.db, epoch)
        return found


def today() -> datetime.date:
    """The day by this computer's clock (``FULIAN_CLOCK`` fixes it)."""
    return datetime.date.fromtimestamp(now_ms() / 1000)


def create_office(
    folder: Path, *, unit: str, unit_name: str, person: str, passphrase: str, parent: str = "", parent_name: str = "",
) -> tuple[Office, str]:
    """A new workspace for a unit; its own root until an upper office certifies it.

    Returns:
        The office and the recovery code, to be printed and kept.
    """
    from fulian_desktop.domain.units import is_above, is_code
    from fulian_desktop.exchange.keys import OfficeKeys
    from fulian_desktop.exchange.statements import make_claim

    unit_name, person, parent_name = _name(unit_name, "单位名称"), _name(person, "使用人姓名"), _name(parent_name, "")
    if not is_code(unit):
        raise InputProblem("单位代码是 12 位数字，请核对。", "unit-code")
    if parent and not (is_code(parent) and is_above(parent, unit)):
        raise InputProblem("上级单位的代码不包含本单位，请核对。", "parent-code")
    keys = OfficeKeys.generate()
    settings = {
        "unit": unit, "unit_name": unit_name, "parent": parent, "parent_name": parent_name,
        "keys": json.dumps(keys.to_json()), "pins": json.dumps([make_claim(keys, unit).text]),
    }
    workspace, recovery = Workspace.create(folder, person=person, passphrase=passphrase, settings=settings)
    return Office(workspace), recovery


def _name(text: str, asked: str) -> str:
    """A name as it may be kept; ``asked`` (中文) when it may not be empty."""
    from fulian_desktop.domain.texts import clean_text

    cleaned, problems = clean_text(text, max_code_points=60)
    if cleaned is None:
        raise InputProblem(problems[-1].text, problems[-1].code)
    if asked and not cleaned:
        raise InputProblem(f"还没有填{asked}。", "no-name")
    return cleaned


def open_office(folder: Path, passphrase: str, person: str | None = None, unlocking: Unlocking | None = None) -> Office:
    """Unlock an office's workspace; says by ``Office.is_copy`` when it had to mint a new epoch as a copy.

    Args:
        folder: The workspace.
        passphrase: A person's, or the recovery code.
        person: Whose; None tries all.
        unlocking: The same, begun earlier.
    """
    workspace = Workspace.open_unlocked(folder, unlocking.result) if unlocking else Workspace.open(folder, passphrase, person)
    office = Office(workspace)
    notice_copy(office)
    return office


def persons(folder: Path) -> list[str]:
    """Who may unlock a workspace folder."""
    return keystore.persons(folder)


def notice_copy(office: Office) -> bool:
    """Mint a new epoch when this workspace is a copy of the one that exported (DESIGN §6)."""
    workspace = office.workspace
    name, epoch, tips = workspace.setting("workspace"), workspace.epoch, office.tips()
    if workspace.setting("exported"):
        before = json.loads(workspace.setting("epochs_before", "[]"))
        copied = is_copy(name, workspace.folder, epoch, tips, before)
    else:  # even that it exported may have stood in a write-ahead log that was not copied along
        copied = is_behind(name, epoch, tips)
    if copied:
        with workspace.transaction():
            workspace.mint_epoch()
            workspace.set_setting("exported", "")
            workspace.record("copy", {"epoch": workspace.epoch})
        office.is_copy = True
    return office.is_copy


def own_stream(office: Office, unit: str, cls: str) -> Stream:
    """The stream into which this installation writes about a unit's records of a class."""
    from fulian_desktop.ledger.streams import Stream

    return Stream(office.workspace.epoch, unit, cls)


def about(office: Office) -> dict[str, Any]:
    """What the first page shows: unit, person, counts."""
    return {"unit": office.unit, "unit_name": office.unit_name, "person": office.person, "counts": office.counts()}

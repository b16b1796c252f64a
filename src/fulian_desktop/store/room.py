"""The rights room: ``rights.db`` beside the workspace, encrypted by a key of its own (DESIGN §7).

Made, kept and rebuilt by the same code as the workspace; its key lies in a key file of its own, wrapped by passphrases
of their own. It holds the log of the restricted streams in the clear, their view, the drafts of cases, and the secret
of the X25519 key to which others encrypt cases.

Rules:

* Opening the workspace gives nothing of it: neither key file nor database share anything with the workspace's.
* Unit, names and epoch are the workspace's. An epoch that is replaced there (a copy, a restore, an undo) is replaced here.
* Whatever saves the workspace saves the room: it makes no backups of its own.
* What was shown, copied, printed or written out there is told to the workspace's activity log, without the case.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fulian_desktop.domain.in_force import Kinds
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import restricted_kinds
from fulian_desktop.ledger.segments import Segment, split_body
from fulian_desktop.store import keystore
from fulian_desktop.store.bodies import unpack
from fulian_desktop.store.vault import Connection
from fulian_desktop.store.workspace import Workspace

NOTED = "rights"
"""What the workspace's activity log calls whatever was done in the room."""

ROOM = "rights.db"
ROOM_KEYS = "rights-keystore.json"
_OF_THE_OFFICE = frozenset({"unit", "unit_name", "parent", "parent_name", "epoch", "epochs_before"})


class _RoomKinds(Kinds):
    def all(self) -> list[Kind]:
        """All kinds of the room, in the order of the window."""
        return restricted_kinds()


_IN_ROOM = _RoomKinds()


class Room(Workspace):
    """The opened room of a workspace; :meth:`stand_in` says of which before anything is written."""

    FILE = ROOM
    KEYS = ROOM_KEYS

    _outer: Workspace | None = None

    def stand_in(self, outer: Workspace) -> None:
        """Belong to an opened workspace: its unit, its names, its epoch; closed with it."""
        self._outer = outer
        self.unit, self.epoch, self.person = outer.unit, outer.epoch, outer.person
        self.forget_log()
        outer.room = self

    @classmethod
    def tables(cls) -> list[Kind]:
        """The restricted kinds."""
        return restricted_kinds()

    @property
    def kinds(self) -> Kinds:
        """The restricted kinds as declared: what offices issue is about the others."""
        return _IN_ROOM

    def setting(self, key: str, default: str = "") -> str:
        """A stored setting; what the office is, the workspace says."""
        if self._outer is not None and key in _OF_THE_OFFICE:
            return self._outer.setting(key, default)
        return super().setting(key, default)

    def record(self, what: str, about: dict[str, Any]) -> None:
        """Add a line to the room's activity log, and one that names no case to that of the workspace."""
        super().record(what, about)
        if self._outer is not None:
            with self._outer.transaction():
                self._outer.record(NOTED, {"what": what})

    def unit_names(self) -> dict[str, str]:
        """As the workspace knows them."""
        return self._outer.unit_names() if self._outer is not None else {}

    def backup_before(self, what: str) -> Path:
        """A backup of the workspace, which takes the room along."""
        if self._outer is None:  # brought up to date while it is being opened: what is there was written by the program before
            return self.folder
        return self._outer.backup_before(what)

    def close(self) -> None:
        """Close the room: everything goes into its one file first, so that it can be copied without its key."""
        if self._outer is not None:
            self._outer.room = None
        self.checkpoint()
        super().close()


def is_there(folder: Path) -> bool:
    """Whether a workspace folder has a room."""
    return (folder / ROOM_KEYS).exists()


def persons(folder: Path) -> list[str]:
    """Who may open the room."""
    return keystore.persons(folder, ROOM_KEYS)


def own_segment(db: Connection, header: bytes) -> tuple[int, list[bytes]] | None:
    """(number, changes) of a segment of the room's log, by its header; None when it is not one of the room's."""
    row = db.execute("SELECT s.no, b.body FROM segment s JOIN body b ON b.segment = s.no WHERE s.header = ?", [header]).fetchone()
    return None if row is None else (row[0], split_body(unpack(row[1])))


def note_sealed_again(db: Connection, no: int, segment: Segment) -> None:
    """A segment of the room's log goes out under another header from now on, inside the current transaction."""
    db.execute("UPDATE segment SET header = ?, signature = ? WHERE no = ?", [segment.header, segment.signature, no])


def segment_headers(db: Connection) -> set[bytes]:
    """The headers of the segments that the room's log has in the clear."""
    return {bytes(header) for (header,) in db.execute("SELECT header FROM segment")}

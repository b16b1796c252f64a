"""The rights room (DESIGN §4, §7): made on request, opened by a second passphrase, closed with the workspace.

Rules:

* A closed room is as none: no list, search, figure, report, export or check knows of a case.
* The opened room is an office of its own (:class:`RoomOffice`): what enters, lists, changes or prints records does so with
  it as with the workspace, and finds the restricted kinds and no others there.
* What travels is sealed when it is cut, to the rooms of the record's unit and of the offices above it that are known then.
* The activity log of the workspace says that the room was made, opened or written out, and names no case.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.errors import InputProblem, WrongPassphrase
from fulian_desktop.services.keeping import person_name
from fulian_desktop.services.office import Office
from fulian_desktop.store import keystore, queries, room
from fulian_desktop.store.room import NOTED, ROOM_KEYS, Room

if TYPE_CHECKING:
    from fulian_desktop.exchange.keys import OfficeKeys
    from fulian_desktop.exchange.trust import Trust
    from fulian_desktop.ledger.segments import Segment, SegmentHeader
    from fulian_desktop.merge.rooms import TakenIn
    from fulian_desktop.store.log import Log

_WRONG = "第二密码不对。请再输一次；忘记了就填档案室的恢复码。"
_CLOSED = "维权档案室没有打开。下一步：输入第二密码打开它。"


class RoomOffice(Office):
    """The office as it stands in its opened room: same unit, person and signature, other records."""

    def __init__(self, outer: Office, workspace: Room) -> None:
        super().__init__(workspace)
        self.outer = outer
        self.taken: TakenIn | None = None

    @property
    def keys(self) -> OfficeKeys:
        """The office's signing key with the room's box key."""
        if self._keys is None:
            from fulian_desktop.exchange.keys import OfficeKeys

            self._keys = OfficeKeys(self.outer.keys.sign_seed, self.workspace.setting("box"))
        return self._keys

    @property
    def trust(self) -> Trust:
        """Whose signatures the office knows."""
        return self.outer.trust

    def tips(self) -> dict[str, int]:
        """Of the office: copies are noticed by the workspace."""
        return self.outer.tips()


@dataclass(frozen=True)
class Standing:
    """Whether a workspace has a room, whether it is open, who may open it, and whose rooms are known: (unit, name)."""

    there: bool
    is_open: bool
    persons: tuple[str, ...]
    known: tuple[tuple[str, str], ...]


def has_room(office: Office) -> bool:
    """Whether a workspace has a room, open or not."""
    return room.is_there(office.workspace.folder)


def standing(office: Office) -> Standing:
    """How it stands with the room of a workspace."""
    folder, names = office.workspace.folder, office.workspace.unit_names()
    there = room.is_there(folder)
    units = sorted({key.unit for key in office.trust.rooms()})
    return Standing(
        there, office.room is not None, tuple(room.persons(folder)) if there else (),
        tuple((unit, names.get(unit, unit)) for unit in units),
    )


# --- making, opening, closing --------------------------------------------------------------------------------------


def create_room(office: Office, passphrase: str, person: str | None = None) -> str:
    """Make the room of a workspace and leave it open; returns its recovery code, to be printed and locked away.

    Args:
        office: Whose.
        passphrase: The second passphrase, another one than that of the workspace.
        person: For whom; the person of this session by default.

    Raises:
        InputProblem: There is one already, or the passphrase is too short or the workspace's.
    """
    from fulian_desktop.exchange.keys import OfficeKeys

    folder = office.workspace.folder
    if room.is_there(folder):
        raise InputProblem("维权档案室已经建好了。下一步：用第二密码打开它。", "room-exists")
    keystore.check_passphrase(passphrase)
    _refuse_the_first_passphrase(folder, passphrase)
    (folder / room.ROOM).unlink(missing_ok=True)  # of an attempt that was cut off: without its key file nothing opens it
    box = OfficeKeys.generate().box_secret
    made, recovery = Room.create(
        folder, person=person or office.person, passphrase=passphrase, settings={"room": "1", "box": box, "unit": office.unit},
    )
    _enter(office, made)
    _note(office, "room")
    return recovery


def _refuse_the_first_passphrase(folder: Path, passphrase: str) -> None:
    try:
        keystore.unlock(folder, passphrase)
    except WrongPassphrase:
        return
    raise InputProblem("第二密码不能和打开工作台的密码一样。下一步：另想一个。", "passphrase-same")


def open_room(office: Office, passphrase: str, person: str | None = None) -> RoomOffice:
    """Open the room for this session and take in what came since; one that is open stays so.

    Raises:
        WrongPassphrase: Neither a person's second passphrase nor the room's recovery code.
        InputProblem: There is no room.
    """
    if office.room is not None:
        return office.room
    folder = office.workspace.folder
    if not room.is_there(folder):
        raise InputProblem("还没有维权档案室。下一步：先建一个。", "no-room")

    def unlock() -> tuple[bytes, str]:
        try:
            return keystore.unlock(folder, passphrase, person, name=ROOM_KEYS)
        except WrongPassphrase as wrong:
            raise WrongPassphrase(_WRONG) from wrong

    entered = _enter(office, Room.open_unlocked(folder, unlock))
    _note(office, "open")
    return entered


def _enter(office: Office, opened: Room) -> RoomOffice:
    opened.stand_in(office.workspace)
    office.room = entered = RoomOffice(office, opened)
    try:
        _announce(office, entered)
        entered.taken = take_in(office)
    except BaseException:
        close_room(office)
        raise
    return entered


def _announce(office: Office, entered: RoomOffice) -> None:
    """Say by a signed statement which key the room has, unless that is said already; it travels like certificates."""
    from fulian_desktop.exchange.statements import issue_room

    workspace, box = office.workspace, entered.keys.box_public
    if any(key.box == box and key.issuer_key == office.keys.key for key in office.trust.rooms()):
        return
    serial = int(workspace.setting("serial", "0")) + 1
    trust, _ = office.trust.add([issue_room(office.keys, unit=office.unit, box=box, serial=serial)])
    with workspace.transaction():
        workspace.set_setting("serial", str(serial))
        office.keep_trust(trust)


def close_room(office: Office) -> None:
    """Close the room; nothing of it stays in memory that a page could ask for."""
    entered, office.room = office.room, None
    if entered is not None:
        entered.close()


def take_in(office: Office) -> TakenIn | None:
    """Bring the opened room up to date with what lies sealed in the workspace; None while it is closed."""
    if office.room is None:
        return None
    from fulian_desktop.merge import rooms

    inner = office.room
    assert isinstance(inner.workspace, Room)  # noqa: S101 - made here
    return rooms.take_in(office.workspace, inner.workspace, keys=[inner.keys], trust=office.trust, own=office.keys)


# --- who may open it -----------------------------------------------------------------------------------------------


def change_passphrase(office: Office, present: str, new: str) -> None:
    """Give the person whose second passphrase ``present`` is another one; the recovery code stays."""
    person = _prove(office, present)
    _refuse_the_first_passphrase(office.workspace.folder, new)
    keystore.add_person(office.workspace.folder, opened(office).workspace.key, person, new, name=ROOM_KEYS)
    _note(office, "passphrase")


def add_person(office: Office, present: str, person: str, new: str) -> None:
    """Let one more person open the room."""
    _prove(office, present)
    folder, name = office.workspace.folder, person_name(person)
    if name in room.persons(folder):
        raise InputProblem("这个人已经能打开档案室了。", "person-exists")
    _refuse_the_first_passphrase(folder, new)
    keystore.add_person(folder, opened(office).workspace.key, name, new, name=ROOM_KEYS)
    _note(office, "person-added")


def hand_over(office: Office, present: str, person: str, new: str) -> str:
    """换人: let a new person in, whoever's second passphrase ``present`` is and the recovery code out; returns the new one."""
    old, folder, name = _prove(office, present), office.workspace.folder, person_name(person)
    if name != old and name in room.persons(folder):
        raise InputProblem("这个人已经能打开档案室了。", "person-exists")
    _refuse_the_first_passphrase(folder, new)
    recovery = keystore.replace_person(folder, opened(office).workspace.key, old, name, new, name=ROOM_KEYS)
    _note(office, "hand-over")
    return recovery


def renew_recovery_code(office: Office, present: str) -> str:
    """Make another recovery code of the room; the old one opens nothing any more."""
    _prove(office, present)
    recovery = keystore.replace_recovery(office.workspace.folder, opened(office).workspace.key, name=ROOM_KEYS)
    _note(office, "recovery-code")
    return recovery


def _prove(office: Office, present: str) -> str:
    try:
        return keystore.unlock(office.workspace.folder, present, name=ROOM_KEYS)[1]
    except WrongPassphrase as wrong:
        raise WrongPassphrase(_WRONG) from wrong


def _note(office: Office, what: str) -> None:
    with office.workspace.transaction():
        office.workspace.record(NOTED, {"what": what})


# --- whose records -------------------------------------------------------------------------------------------------


def opened(office: Office) -> RoomOffice:
    """The opened room; :class:`InputProblem` while it is closed."""
    if office.room is None:
        raise InputProblem(_CLOSED, "room-closed")
    return office.room


def holder_of_kind(office: Office, kind: str) -> Office:
    """Where records of a kind lie: the workspace, or the opened room. While it is closed there is no such kind."""
    declared = find_kind(kind)
    if declared is None or declared.cls != "restricted":
        return office
    if office.room is None:
        raise InputProblem(f"没有“{kind}”这一类记录。", "unknown-kind")
    return office.room


def holder_of_record(office: Office, record: str) -> Office:
    """Where a record lies, by its id; the workspace where it is nowhere."""
    inner = office.room
    if inner is None or queries.find_by_id(office.workspace.db, record) is not None:
        return office
    return inner if queries.find_by_id(inner.workspace.db, record) is not None else office


def holder_of_act(office: Office, act: str) -> Office:
    """Where an act was done."""
    inner = office.room
    if inner is None:
        return office
    from fulian_desktop.store import books

    inner.workspace.put_away()
    return inner if books.find_act(inner.workspace.db, act)[0] else office


# --- out -----------------------------------------------------------------------------------------------------------


def seal_own(office: Office, *, anew: bool = False) -> set[bytes]:
    """Cut and seal the room's own uncut changes for the rooms that may read them, into the workspace.

    What was sealed before a room became known is sealed again for it: same changes, same names, another ciphertext.

    Args:
        office: Whose; its room is open, or it has none and only passes on.
        anew: Seal all own segments again (``export --full``).

    Returns:
        The headers of what was sealed again: whoever holds the earlier one is to get this too.
    """
    from fulian_desktop.ledger.streams import Stream
    from fulian_desktop.store import books, sealed

    if office.room is None and not room.is_there(office.workspace.folder):
        if not sealed.all_sealed(office.workspace.db):
            raise InputProblem("本单位还没有维权档案室，没有案件可报。下一步：先建维权档案室。", "no-room")
        return set()  # what others sent goes on all the same
    inner = opened(office)
    inside = inner.workspace
    now_known = {key: office.trust.rooms_for(key) for key in {s.unit for s in inside.log.streams()}}
    before: dict[str, list[str]] = json.loads(inside.setting("sealed_to", "{}"))
    again = {unit for unit, boxes in now_known.items() if anew or set(boxes) - set(before.get(unit, boxes))}
    made: list[tuple[Segment, SegmentHeader]] = []
    renewed: set[bytes] = set()
    with inside.transaction(put_away=True) as log:
        for stream, members in sealed.all_sealed(office.workspace.db).items():
            for one in members if stream.unit in again else ():
                plain = room.own_segment(inside.db, one.header) if one.package is None else None
                if plain is not None:
                    segment, header = _sealed(inner, stream, one.first, one.before, plain[1], now_known[stream.unit])
                    room.note_sealed_again(inside.db, plain[0], segment)
                    made.append((segment, header))
                    renewed.add(segment.header)
        for number in books.tail_streams(inside.db):
            made += _cut(inner, log, number, now_known)
        with office.workspace.transaction():  # first: what is cut here must lie there
            sealed.replace_own(office.workspace.db, [Stream(s.epoch, s.unit, s.cls) for s in log.streams() if s.unit in again])
            for segment, header in made:
                sealed.keep(office.workspace.db, segment, header, None)
        inside.set_setting("sealed_to", json.dumps({**before, **now_known}))
    inside.forget_log()
    return renewed


def _cut(inner: RoomOffice, log: Log, number: int, rooms: dict[str, list[str]]) -> list[tuple[Segment, SegmentHeader]]:
    from fulian_desktop.ledger.segments import Segment
    from fulian_desktop.services.exchanging import CUT
    from fulian_desktop.store import books

    lines = books.tail_lines(inner.workspace.db, number)
    stream = log.stream(number)
    run = next(r for r in log.chain(number).runs.values() if r.last >= 1 and log.is_tail(r.no))
    first, prev = run.first, run.prev
    made = []
    for start in range(0, len(lines), CUT):
        chunk = lines[start : start + CUT]
        segment, header = _sealed(inner, stream, first, prev, chunk, rooms[stream.unit])
        from fulian_desktop.ledger.segments import check_chain

        plain = b"\n".join(chunk) + b"\n"
        names = check_chain(header, segment.body, chunk)
        log.cut_tail(number, Segment(segment.header, segment.signature, plain), header, names)
        made.append((segment, header))
        first, prev = first + len(chunk), bytes.fromhex(header.last)
    return made


def _sealed(
    inner: RoomOffice, stream: Any, first: int, prev: bytes, lines: list[bytes], boxes: list[str],  # noqa: ANN401 - a Stream
) -> tuple[Segment, SegmentHeader]:
    from fulian_desktop.exchange.package import sign_segment
    from fulian_desktop.exchange.sealed import encrypt
    from fulian_desktop.ledger.segments import header_bytes, make_header
    from fulian_desktop.store.workspace import now_ms

    recipients = sorted({*boxes, inner.keys.box_public})
    seal: Callable[[bytes], bytes] = lambda body: encrypt(body, recipients)  # noqa: E731 - one line, one use
    header, body = make_header(stream, first, prev, lines, key=inner.keys.key, made=now_ms(), seal=seal)
    return sign_segment(inner.keys, header_bytes(header), body), header

"""上报: what a hand-in would carry, writing it, which hand-ins were acknowledged; and who asks to be let in (DESIGN §5, §6).

Rules:

* A hand-in carries everything that the office above is not known to hold; one that is written twice enters nothing twice.
* Acknowledged is what a package of the office above said it holds; nothing else counts as delivered (FAULTS 9).
* An office that is not certified yet writes its request beside its package: one trip is enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.units import Level, covers, is_above, level_of
from fulian_desktop.errors import InputProblem
from fulian_desktop.exchange import stick
from fulian_desktop.exchange.addressing import may_receive
from fulian_desktop.exchange.envelope import inspect
from fulian_desktop.exchange.refusals import PackageRefused
from fulian_desktop.ledger.chains import Tip
from fulian_desktop.ledger.changes import Change
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.progress import Progress
from fulian_desktop.services.carried import KindCount, by_kind, news_of, records_of
from fulian_desktop.services.office import Office
from fulian_desktop.store import books, diary
from fulian_desktop.store.photos import has

if TYPE_CHECKING:
    from fulian_desktop.exchange.enrol import Invitation


@dataclass(frozen=True)
class Standing:
    """Where this office stands among the others.

    Attributes:
        upper: The code of the office above, "" when none is known; ``upper_name`` what it is called.
        linked: Whether the upper office's keys are here, so that something can be written for it.
        certified: Whether the upper office has approved this installation.
        has_below: Whether offices of this level have others below.
        below: Units below that may be written to: (code, name).
    """

    upper: str
    upper_name: str
    linked: bool
    certified: bool
    has_below: bool
    below: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Offer:
    """What a hand-in would carry now: records by kind, photos."""

    kinds: tuple[KindCount, ...]
    photos: int

    @property
    def records(self) -> int:
        """Records of all kinds."""
        return sum(kind.count for kind in self.kinds)


@dataclass(frozen=True)
class HandIn:
    """One hand-in of the past.

    Attributes:
        number: Which one it was, from 1.
        package: Its id.
        at: When (ms). file: Its name. records: How many records it carried.
        received: Whether the office above has said that it holds all of it.
    """

    number: int
    package: str
    at: int
    file: str
    records: int
    received: bool


@dataclass(frozen=True)
class Written:
    """What was written, read back and found whole.

    Attributes:
        file: Where. package: Its id. size: Its bytes. records: How many.
        photos: How many went; photos_left: how many wait for the next.
        request: Whether the request to be let in lies beside it.
        sealed: How many changes went for rights rooms.
    """

    file: Path
    package: str
    size: int
    records: int
    photos: int
    photos_left: int
    request: bool
    sealed: int = 0


@dataclass(frozen=True)
class Asking:
    """A request to be let in, opened but not approved.

    Attributes:
        file: The file. unit, name, person: Who asks. fingerprint: Six groups, to be compared by telephone.
        again: How many other computers of that unit are approved already. known: Whether this one is.
        reason: Why it cannot be approved, "" when it can.
    """

    file: Path
    unit: str = ""
    name: str = ""
    person: str = ""
    fingerprint: str = ""
    again: int = 0
    known: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Invited:
    """An invitation, opened but not accepted: who invites, and the fingerprint to be compared."""

    file: Path
    unit: str
    name: str
    fingerprint: str


def standing(office: Office) -> Standing:
    """Where this office stands: whom it reports to, whether that one knows it, who lies below."""
    names, trust, upper = office.workspace.unit_names(), office.trust, office.parent
    return Standing(
        upper=upper, upper_name=names.get(upper, upper), linked=bool(upper and trust.boxes_for(upper)),
        certified=bool(trust.chain(office.keys.key)), has_below=office.level is not Level.VILLAGE,
        below=tuple(
            (code, name) for code, name in sorted(names.items())
            if code != office.unit and level_of(code) > office.level and trust.boxes_for(code)
        ),
    )


# --- what a hand-in would carry ----------------------------------------------------------------------------


def offer(office: Office, progress: Progress | None = None) -> Offer:
    """Count what a hand-in to the office above would carry now. Nothing is cut or written."""
    progress = progress or Progress()
    if not office.parent:
        return Offer((), 0)
    counted, hashes = records_of(_told(_unheard(office, office.parent), progress))
    return Offer(by_kind(counted), len(has(office.workspace, hashes)) if hashes else 0)


def _told(changes: Iterator[Change], progress: Progress) -> Iterator[Change]:
    for done, change in enumerate(changes):
        if done % 500 == 0:
            progress.step(done, done + 1, "数一数要上报的")
        yield change


def _unheard(office: Office, receiver: str) -> Iterator[Change]:
    """What happened here and below that the receiver is not known to hold: of segments, then what is not yet cut into one.

    What came from above goes back too until it is acknowledged; that is no news to anybody.
    """
    from fulian_desktop.services.exchanging import select_segments

    segments, _, _ = select_segments(office, receiver)
    yield from news_of(segments, office.unit)
    log = office.workspace.log
    for stream, number in sorted(log.streams().items()):
        if may_receive(receiver, stream) and covers(office.unit, stream.unit):
            for run, of in log.runs_with_segments(number):
                if of is None:
                    yield from (log.change_at(run.no, seq) for seq in range(run.first, log.last_of(run.no) + 1))


# --- writing it, and what became of it ---------------------------------------------------------------------


def hand_in(office: Office, folder: Path, progress: Progress | None = None, *, rights: bool = False) -> Written:
    """Write a package for the office above into a folder, and the request beside it when it is not approved yet.

    ``rights``: with the cases of the opened rights room.

    Raises:
        InputProblem: No office above is known, or its keys are not here.
        MachineProblem: The stick is full, read-only, gone; nothing bears a final name then.
    """
    from fulian_desktop.services import enrol
    from fulian_desktop.services.exchanging import export_package

    where = standing(office)
    if where.linked:
        stick.check_writable(folder)
        stick.sweep_parts(folder)  # what a killed export left there (FAULTS 6)
    (written,) = export_package(office, "up", folder, rights=rights, progress=progress)
    if not where.certified:
        enrol.request(office, folder / f"request-{office.unit}{stick.SUFFIX}")
    path = Path(written["file"])
    return Written(path, written["package"], stick.file_size(path), written["records"], written.get("photos", 0),
                   written.get("photos_left", 0), not where.certified, written.get("sealed", 0))


def hand_ins(office: Office, receiver: str | None = None) -> list[HandIn]:
    """The packages written for the office above (or another receiver), the latest first."""
    to = office.parent if receiver is None else receiver
    workspace, log = office.workspace, office.workspace.log
    heard = books.last_word(workspace.db, to)
    held = [_reach(office, computer) for computer in books.holdings_of(workspace.db, to)]
    carried = diary.carried(workspace.db)
    found = []
    for number, one in enumerate(books.exports_to(workspace.db, to), 1):
        sent = {_stream(text): seq for text, seq in one.tips.items()}
        wanted = {stream: seq for stream, seq in sent.items() if may_receive(to, stream) and stream in log.streams()}
        received = heard >= one.at and any(
            all(reach.get(stream, 0) >= seq for stream, seq in wanted.items()) for reach in held
        )
        found.append(HandIn(number, one.package, one.at, one.file, carried.get(one.package, one.changes), received))
    return found[::-1]


def _reach(office: Office, held: dict[Stream, list[Tip]]) -> dict[Stream, int]:
    """Stream → up to which seq a computer holds it; nothing where it knows fewer branches than there are."""
    log = office.workspace.log
    reach: dict[Stream, int] = {}
    for stream, tips in held.items():
        if stream not in log.streams():
            continue
        number = log.number(stream)
        chain = log.chain(number)
        known = [tip.seq for tip in tips if log.find_tip(number, tip) is not None]
        if known and not (chain.forked and len(tips) < len(chain.tips())):
            reach[stream] = max(known)
    return reach


def _stream(text: str) -> Stream:
    epoch, unit, cls = text.split("/")
    return Stream(epoch, unit, cls)


# --- letting others in, being let in -----------------------------------------------------------------------


def invite(office: Office, folder: Path) -> dict[str, Any]:
    """Write the invitation for the offices below into a folder; returns its file and this office's fingerprint."""
    from fulian_desktop.services import enrol

    stick.check_writable(folder)
    return enrol.invite(office, folder / f"invitation-{office.unit}{stick.SUFFIX}")


def requests_in(office: Office, paths: Sequence[Path], progress: Progress | None = None) -> list[Asking]:
    """The requests that lie in files and folders, opened and not approved.

    Raises:
        InputProblem: There is none.
    """
    from fulian_desktop.exchange.enrol import read_request

    progress = progress or Progress()
    files = stick.find_packages(paths)
    names = office.workspace.unit_names()
    found: list[Asking] = []
    for done, file in enumerate(files):
        progress.step(done, len(files), file.name)
        try:
            if inspect(file).kind != "request":
                continue
            asked = read_request(file, keys=[office.keys], own_unit=office.unit)
        except PackageRefused as refusal:
            if file in paths or file.name.startswith("request"):
                found.append(Asking(file, reason=refusal.text))
            continue
        name = str(asked.profile.get("name", "")) or names.get(asked.unit, asked.unit)
        keys = {signer.key for signer in office.trust.signers_of(asked.unit) if not signer.revoked}
        found.append(Asking(
            file, asked.unit, name, str(asked.profile.get("person", "")), asked.fingerprint, len(keys - {asked.claim.key}),
            asked.claim.key in keys,
        ))
    if not found:
        raise InputProblem("没有找到加入申请。下一步：选村里交来的 U 盘或申请文件。", "no-request")
    return found


def invitation_in(paths: Sequence[Path]) -> Invited:
    """The newest invitation that lies in files and folders, opened and not accepted.

    Raises:
        InputProblem: There is none.
    """
    from fulian_desktop.exchange.enrol import read_invitation

    opened: list[tuple[Path, Invitation]] = []
    for file in stick.find_packages(paths):
        try:
            if inspect(file).kind == "invitation":
                opened.append((file, read_invitation(file)))
        except PackageRefused:
            if file in paths:
                raise
    if not opened:
        raise InputProblem("没有找到上级的邀请。下一步：选上级给的 U 盘或邀请文件。", "no-invitation")
    file, invitation = max(opened, key=lambda one: one[1].header.made)
    return _invited(file, invitation)


def accept_invitation(office: Office, file: Path) -> Invited:
    """Trust the inviting office and take in what it has issued; a person has compared the fingerprint before."""
    from fulian_desktop.exchange.enrol import read_invitation
    from fulian_desktop.services import enrol

    invitation = read_invitation(file)
    if not is_above(invitation.unit, office.unit):
        raise InputProblem("这份邀请不是给本单位的。下一步：核对是哪个单位给的，向上级要对的邀请。", "not-for-us")
    invited = _invited(file, invitation)
    enrol.accept(office, invitation, invited.name)
    return invited


def _invited(file: Path, invitation: Invitation) -> Invited:
    name = str(invitation.contents.profile.get("name", ""))
    return Invited(file, invitation.unit, name or invitation.unit, invitation.fingerprint)

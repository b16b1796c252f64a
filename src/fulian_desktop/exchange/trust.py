"""Whom this office believes: a pure function of its pins and of a set of signed statements (DESIGN §6).

Rules:

* A **pin** is a root that a person accepted: the own office's key when it stands on top, else the key from
  the invitation. A later pin comes after a fingerprint was compared, and outranks an earlier one of its unit.
* A certificate holds when its issuer's key is known and of the unit it says. A certificate for the issuer's
  own unit (a further computer) holds unless the issuer is a village that is not pinned: a village certifies
  nobody.
* A superior statement holds only from the own office or an office above it: those below cannot put anyone
  over us.
* Who may revoke a key: an office above its unit; in the same unit, a pinned key or the one that certified it,
  when it ranks before. Rank: level, pinned (later first), steps from a pin. So no two keys can revoke each
  other, and revocations are decided from the highest rank down, in one pass.
* A room's key holds when a known key of the very unit says so.
* What a revoked key signed holds where a standing revocation of it says so: statements by name, changes up to
  the cut of their stream; in a stream that none names, nothing.
* Statements only accumulate. Neither their order nor how they were grouped has any influence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from fulian_desktop.domain.units import Level, covers, is_above, level_of
from fulian_desktop.exchange.keys import box_id
from fulian_desktop.exchange.statements import (
    MAX_CHAIN,
    BadStatement,
    Claim,
    Cut,
    Revocation,
    RoomKey,
    Vouching,
    read_statement,
)
from fulian_desktop.ledger.streams import Stream, start_name


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that is known: whose it is, and whether it is a pinned root or revoked."""

    unit: str
    key: str
    sign_public: bytes
    box_public: str
    root: bool = False
    revoked: bool = False

    @property
    def box(self) -> str:
        """The box key's id."""
        return box_id(self.box_public)


@dataclass(frozen=True, slots=True)
class StatementProblem:
    """A statement that was not taken: ``code`` is ``statement`` (form, signature) or ``statement-scope``."""

    code: str
    why: str
    unit: str = ""


@dataclass(slots=True)
class _Entry:
    """A key while authority is worked out; ``depth`` is its number of steps from a pin."""

    unit: str
    sign: bytes
    box: str
    depth: int
    pin: int | None


@dataclass(frozen=True, slots=True)
class _Verdict:
    signers: dict[str, Signer]
    standing: dict[str, tuple[Revocation, ...]]


class Trust:
    """An immutable state; :meth:`add` and :meth:`pin` give a new one.

    Args:
        own_unit: This office's unit code.
        pins: Claim texts of the accepted roots, the latest last.
        statements: Texts as :attr:`statements` gave them; raises ``BadStatement`` when one is off.
    """

    def __init__(self, own_unit: str, pins: Sequence[str], statements: Iterable[str] = ()) -> None:
        self.own_unit = own_unit
        self.pins = tuple(dict.fromkeys(pins))
        self._roots = [_claim(text) for text in self.pins]
        self._parsed: dict[str, Vouching | Revocation | RoomKey] = {}
        for text in statements:
            statement = read_statement(text)
            if not isinstance(statement, Claim):
                self._parsed[text] = statement

    @property
    def statements(self) -> tuple[str, ...]:
        """The texts of all statements held, in a fixed order, to be stored and sent on."""
        return tuple(sorted(self._parsed))

    def add(self, statements: Iterable[str]) -> tuple[Trust, list[StatementProblem]]:
        """This state with further statements; bad ones are left out and listed, the rest stand."""
        problems: list[StatementProblem] = []
        fresh: dict[str, Vouching | Revocation | RoomKey] = {}
        for text in statements:
            if text in self._parsed or text in fresh:
                continue
            try:
                statement = read_statement(text)
            except BadStatement as error:
                code = "statement-scope" if error.why == "scope" else "statement"
                problems.append(StatementProblem(code, str(error), error.unit))
                continue
            if not isinstance(statement, Claim):
                fresh[text] = statement
        if not fresh:
            return self, problems
        grown = Trust(self.own_unit, self.pins)
        grown._parsed = self._parsed | fresh
        return grown, problems

    def pin(self, claim: str) -> Trust:
        """This state with a further root, which a person accepted after comparing the fingerprint."""
        pinned = Trust(self.own_unit, (*(p for p in self.pins if p != claim), claim))
        pinned._parsed = self._parsed
        return pinned

    # --- answers

    def signer(self, key: str) -> Signer | None:
        """Whose key this is; None when it is not known (:meth:`missing_issuer` may say why)."""
        return self._verdict.signers.get(key)

    def missing_issuer(self, key: str) -> str | None:
        """The unit whose certificate is missing for ``key`` to be known; None when nothing points to it."""
        seen: set[str] = set()
        found: str | None = None
        todo = [key]
        while todo:
            wanted = todo.pop()
            if wanted in seen or wanted in self._verdict.signers:
                continue
            seen.add(wanted)
            for statement in self._by_subject.get(wanted, ()):
                found = statement.issuer
                todo.append(statement.issuer_key)
        return found

    def signers_of(self, unit: str) -> list[Signer]:
        """All known keys of a unit, revoked ones included, in a fixed order."""
        return [s for _, s in sorted(self._verdict.signers.items()) if s.unit == unit]

    def boxes_for(self, unit: str) -> list[str]:
        """The ``age1…`` keys of every certified, unrevoked computer of a unit."""
        return sorted({s.box_public for s in self.signers_of(unit) if not s.revoked})

    def rooms(self) -> list[RoomKey]:
        """The keys of all rights rooms that are known, in a fixed order; of those that revoked keys named, what was kept."""
        holds = _holder(self._verdict.standing, set())
        found = []
        for text in self.statements:
            room = self._parsed[text]
            if isinstance(room, RoomKey) and holds(room):
                signer = self.signer(room.issuer_key)
                if signer is not None and signer.unit == room.unit:
                    found.append(room)
        return found

    def rooms_for(self, unit: str) -> list[str]:
        """The ``age1…`` keys of the rooms that may read a unit's cases: its own and those of the offices above it."""
        return sorted({room.box for room in self.rooms() if covers(room.unit, unit)})

    def chain(self, key: str) -> tuple[str, ...]:
        """The certificates and superior statements through which ``key`` is known, for a package's header.

        The nearest to ``key`` first, at most as many as a header takes.
        """
        found: list[str] = []
        seen, here = {key}, [key]
        while here:
            step = [
                s for wanted in here for s in self._by_subject.get(wanted, ())
                if s.issuer_key in self._verdict.signers
            ]
            found += (s.text for s in step)
            here = sorted({s.issuer_key for s in step} - seen)
            seen.update(here)
        return tuple(found[:MAX_CHAIN])

    def issued_by(self, key: str) -> frozenset[str]:
        """Names of the statements that ``key`` signed and that are held: what a revocation of it may keep."""
        return frozenset(s.name for s in self._parsed.values() if s.issuer_key == key)

    def revoked_keys(self) -> frozenset[str]:
        """The ids of all keys that a standing revocation names."""
        return frozenset(self._verdict.standing)

    def cuts(self) -> list[Cut]:
        """All cuts of all standing revocations, in a fixed order; the ledger takes every one as a limit."""
        found = {cut for several in self._verdict.standing.values() for r in several for cut in r.cuts}
        return sorted(found, key=lambda cut: (cut.stream, cut.seq, cut.name))

    def limits(self, key: str, stream: Stream) -> list[Cut]:
        """The limits on what ``key`` signed in ``stream``: none unless revoked; h_0 when none names it."""
        standing = self._verdict.standing.get(key)
        if standing is None:
            return []
        named = {cut for r in standing for cut in r.cuts if cut.stream == stream}
        if not named:
            return [Cut(stream, start_name(stream).hex(), 0)]
        return sorted(named, key=lambda cut: (cut.seq, cut.name))

    # --- working it out

    @cached_property
    def _by_subject(self) -> dict[str, list[Vouching]]:
        """Who vouches for which key, in a fixed order."""
        found: dict[str, list[Vouching]] = defaultdict(list)
        for text in self.statements:
            statement = self._parsed[text]
            if isinstance(statement, Vouching):
                found[statement.key].append(statement)
        return found

    @cached_property
    def _verdict(self) -> _Verdict:
        vouchings: dict[str, list[Vouching]] = defaultdict(list)
        revocations: dict[str, list[Revocation]] = defaultdict(list)
        for text in self.statements:
            statement = self._parsed[text]
            if isinstance(statement, Vouching):
                vouchings[statement.issuer_key].append(statement)
            elif isinstance(statement, Revocation):
                revocations[statement.key].append(statement)
        dropped: set[str] = set()
        while True:
            entries = self._derive(vouchings, lambda v, d=frozenset(dropped): v.name not in d)  # type: ignore[misc]
            standing = _decide(entries, vouchings, revocations, dropped)
            holds = _holder(standing, dropped)
            more = {
                v.name for several in vouchings.values() for v in several if v.upwards and not holds(v)
            } - dropped
            if not more:
                break
            dropped |= more
        final = self._derive(vouchings, holds)
        signers = {
            key: Signer(e.unit, key, e.sign, e.box, root=e.pin is not None, revoked=key in standing)
            for key, e in final.items()
        }
        return _Verdict(signers, {key: several for key, several in standing.items() if key in signers})

    def _derive(
        self, vouchings: dict[str, list[Vouching]], holds: Callable[[Vouching], bool],
    ) -> dict[str, _Entry]:
        """All keys reached from the pins, nearest first; of two units for one key the nearer one stands."""
        entries = {
            claim.key: _Entry(claim.unit, claim.sign, claim.box, 0, index)
            for index, claim in enumerate(self._roots)
        }
        depth, frontier = 0, sorted(entries)
        while frontier:
            depth += 1
            reached: dict[str, _Entry] = {}
            for issuer in frontier:
                for v in vouchings.get(issuer, ()):
                    known = v.key in entries or v.key in reached
                    if not known and holds(v) and self._allows(entries[issuer], v):
                        reached[v.key] = _Entry(v.unit, v.sign, v.box, depth, None)
            entries |= reached
            frontier = sorted(reached)
        return entries

    def _allows(self, issuer: _Entry, vouching: Vouching) -> bool:
        """Whether an issuer that is known may say this (codes alone were judged when it was read)."""
        if issuer.unit != vouching.issuer:
            return False
        if vouching.upwards:
            return covers(issuer.unit, self.own_unit)
        if vouching.unit == issuer.unit:
            return issuer.pin is not None or level_of(issuer.unit) < Level.VILLAGE
        return True


def _claim(text: str) -> Claim:
    claim = read_statement(text)
    if not isinstance(claim, Claim):
        raise BadStatement("form", "a pin is a claim")
    return claim


def _rank(entry: _Entry, key: str) -> tuple[int, int, int, str]:
    pinned = 0 if entry.pin is None else -1 - entry.pin
    return (level_of(entry.unit), pinned, entry.depth, key)


def _holder(
    standing: dict[str, tuple[Revocation, ...]], dropped: set[str],
) -> Callable[[Vouching | Revocation | RoomKey], bool]:
    """Whether a statement stands as far as its issuer's revocation is concerned."""
    def holds(statement: Vouching | Revocation | RoomKey) -> bool:
        if statement.name in dropped:
            return False
        against = standing.get(statement.issuer_key)
        return against is None or any(statement.name in revocation.keeps for revocation in against)
    return holds


def _decide(
    entries: dict[str, _Entry], vouchings: dict[str, list[Vouching]],
    revocations: dict[str, list[Revocation]], dropped: set[str],
) -> dict[str, tuple[Revocation, ...]]:
    """Which keys are revoked, by which standing revocations; highest rank (so each issuer) first."""
    ranks = {key: _rank(entry, key) for key, entry in entries.items()}
    certified: dict[str, list[Vouching]] = defaultdict(list)
    for issuer, several in vouchings.items():
        for vouching in several:
            if issuer in ranks and entries[issuer].unit == vouching.issuer:
                certified[vouching.key].append(vouching)
    standing: dict[str, tuple[Revocation, ...]] = {}
    grounded: set[str] = set()
    holds = _holder(standing, dropped)
    for key in sorted(ranks, key=lambda k: ranks[k]):
        entry = entries[key]
        if entry.pin is not None or any(
            holds(v) and (v.upwards or (v.issuer_key in grounded and ranks[v.issuer_key] < ranks[key]))
            for v in certified[key]
        ):
            grounded.add(key)
        certifiers = {v.issuer_key for v in certified[key]}
        found = tuple(
            r for r in revocations.get(key, ())
            if r.issuer_key in grounded and holds(r) and r.unit == entry.unit
            and entries[r.issuer_key].unit == r.issuer
            and _may_revoke(entries[r.issuer_key], entry, certified=r.issuer_key in certifiers)
        )
        if found:
            standing[key] = found
    return standing


def _may_revoke(upper: _Entry, lower: _Entry, *, certified: bool) -> bool:
    """Whether one key may revoke another that ranks after it (only those are decided, so grounded, before)."""
    if is_above(upper.unit, lower.unit):
        return True
    return upper.unit == lower.unit and (upper.pin is not None or certified)

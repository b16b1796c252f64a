"""The reference merger: DESIGN §4 written down once more, slowly and plainly, to judge the ledger by.

Independent of ``fulian_desktop.ledger``: nothing of the product is imported, nothing is fast. Where §4 leaves
something open, the reading taken stands in a comment marked ``Reading``.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

LEVELS = ("village", "township", "county", "city", "province")
SIGNIFICANT = {"village": 12, "township": 9, "county": 6, "city": 4, "province": 2}
Key = tuple[str, str, str]  # unit, kind, record id
Stream = tuple[str, str, str]  # epoch, unit, class


@dataclass(frozen=True)
class FieldSpec:
    """One declared field; ``check`` judges a value that is not null."""

    check: Callable[[Any], bool]
    written_by: str = "unit"
    set_once: bool = False
    approval: bool = False
    covered: bool = False
    table: bool = False


def is_issued_value(value: Any) -> bool:
    """What a field ``x_…`` may hold, whatever its definition says."""
    if isinstance(value, list):
        codes = all(isinstance(c, str) and re.fullmatch("([0-9]{12}:)?[a-z][a-z0-9_]{0,59}", c) for c in value)
        return 0 < len(value) <= 64 and codes and value == sorted(set(value))
    if isinstance(value, str):
        clean = all(c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs") for c in value)
        return 0 < len(value) <= 20_000 and clean
    return value is True or (type(value) is int and abs(value) <= 10**15)


@dataclass(frozen=True)
class KindSpec:
    """One declared kind."""

    cls: str
    fields: Mapping[str, FieldSpec]
    approving: frozenset[str] = frozenset()


@dataclass
class Outcome:
    """What one record shows."""

    fields: dict[str, Any] = field(default_factory=dict)
    conflicts: dict[str, list[str]] = field(default_factory=dict)
    exists: bool = False
    deleted: bool = False
    delete_marked: bool = False
    changed_after_approval: bool = False
    refused: set[tuple[str, str, str]] = field(default_factory=set)
    unknown: set[tuple[str, str | None]] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    invalid: set[str] = field(default_factory=set)


@dataclass(eq=False)
class Change:
    """One change where it stands in a stream; equal only to itself."""

    name: str
    stream: Stream
    prev: str
    seq: int
    body: dict[str, Any]
    authors: set[str] = field(default_factory=set)
    rooted: bool = False  # its chain is held back to the stream's start
    parents: set[str] = field(default_factory=set)
    depth: int = 0

    @property
    def key(self) -> Key:
        return self.stream[1], self.body["kind"], self.body["record"]


def level(unit: str) -> int:
    """Index into LEVELS, read from a code of 2-2-2-3-3 digits."""
    if unit[9:] != "000":
        return 0
    return 1 if unit[6:9] != "000" else 2 if unit[4:6] != "00" else 3 if unit[2:4] != "00" else 4


def is_above(office: str, unit: str) -> bool:
    digits = SIGNIFICANT[LEVELS[level(office)]]
    return level(office) > level(unit) and office[:digits] == unit[:digits]


def is_writer(office: str, unit: str) -> bool:
    return office == unit or is_above(office, unit)


def canonical(value: Any) -> str:
    return rfc8785.dumps(value).decode()


def start_name(stream: Stream) -> str:
    return hashlib.sha256(b"fulian-stream-1\n" + "".join(f"{part}\n" for part in stream).encode()).hexdigest()


def next_name(prev: str, line: bytes) -> str:
    return hashlib.sha256(bytes.fromhex(prev) + line).hexdigest()


def read_changes(segments: Iterable[Mapping[str, Any]]) -> dict[tuple[Stream, str], Change]:
    """All changes stored, each once, with every author that signed it."""
    stored: dict[tuple[Stream, str], Change] = {}
    children: dict[tuple[Stream, str], list[Change]] = {}
    for segment in segments:
        stream, prev = (segment["epoch"], segment["unit"], segment["cls"]), segment["prev"]
        for offset, line in enumerate(segment["lines"]):
            name = next_name(prev, line)
            if (stream, name) not in stored:
                change = Change(name, stream, prev, segment["first"] + offset, json.loads(line))
                stored[stream, name] = change
                children.setdefault((stream, prev), []).append(change)
            change = stored[stream, name]
            change.authors.add(segment["author"])
            # Reading: of several numbers claimed for a change the least, until its place in the chain tells.
            change.seq = min(change.seq, segment["first"] + offset)
            prev = name
    frontier = [((stream, start_name(stream)), 1) for stream in {change.stream for change in stored.values()}]
    while frontier:
        place, seq = frontier.pop()
        for change in children.get(place, []):
            change.rooted, change.seq = True, seq
            frontier.append(((change.stream, change.name), seq + 1))
    return stored


def within_limits(
    stored: dict[tuple[Stream, str], Change], limits: Iterable[Mapping[str, Any]]
) -> list[Change]:
    """The changes held: those that every limit on their stream lets pass."""
    held = list(stored.values())
    for limit in limits:
        stream = (limit["epoch"], limit["unit"], limit["cls"])
        # Reading: a tip held back to the start goes by its name alone, whatever seq the limit says; another
        # lets pass smaller seqs on any branch, gapped or not, never itself. No tips: nothing passes.
        allowed: set[str] = set()
        for name, seq in limit["tips"]:
            tip = stored.get((stream, name))
            if tip is not None and tip.rooted:
                while tip is not None:
                    allowed.add(tip.name)
                    tip = stored.get((stream, tip.prev))
            else:
                allowed |= {change.name for change in held if change.stream == stream and change.seq < seq}
        held = [change for change in held if change.stream != stream or change.name in allowed]
    return held


def find_parents(held: list[Change]) -> None:
    """Written parents, and the nearest earlier change of the record along the chain."""
    at = {(change.stream, change.name): change for change in held}
    for change in held:
        change.parents = set(change.body.get("parents", ()))
        earlier = at.get((change.stream, change.prev))
        while earlier is not None and earlier.key != change.key:
            earlier = at.get((earlier.stream, earlier.prev))
        if earlier is not None:
            change.parents.add(earlier.name)


def shown_invalid(change: Change, kinds: Mapping[str, KindSpec], by_name: Mapping[str, list[Change]]) -> bool:
    # Reading: "held" is stored and within limits; a parent that waits or is invalid shows its record too.
    action, kind = change.body["action"], kinds.get(change.body["kind"])
    return (
        action not in ("put", "delete", "restore")
        or (action != "put" and "values" in change.body)
        or len(change.body.get("parents", ())) > 64
        or (kind is not None and kind.cls != change.stream[2])
        or any(name in by_name and all(p.key != change.key for p in by_name[name]) for name in change.parents)
    )


def find_counting(left: list[Change], invalid: set[Change], max_depth: int) -> dict[tuple[Key, str], Change]:
    """The least fixed point of "all its parents count"; what is too deep joins ``invalid``."""
    counting: dict[tuple[Key, str], Change] = {}
    progress = True
    while progress:
        progress, rest = False, []
        for change in left:
            if not all((change.key, name) in counting for name in change.parents):
                rest.append(change)
                continue
            progress = True
            # Reading: depth is judged once the chain is held too; before that the parents are not all known.
            change.depth = 1 + max((counting[change.key, name].depth for name in change.parents), default=0)
            if change.depth > max_depth:
                invalid.add(change)
            else:
                counting[change.key, change.name] = change
        left = rest
    return counting


class Fold:
    """One record from its counting changes."""

    def __init__(self, kind: KindSpec, counting: Iterable[Change], out: Outcome) -> None:
        self.kind, self.out = kind, out
        self.order = sorted(counting, key=self.place)
        self.named = {change.name: change for change in self.order}
        self.seen: dict[Change, set[Change]] = {}
        self.settings: dict[str, list[tuple[Change, Any]]] = {}  # effective ones, by field
        self.deletes: list[Change] = []
        self.restores: list[Change] = []

    @staticmethod
    def place(change: Change) -> tuple[int, int, str]:
        return change.depth, change.body["at"], change.name

    def ancestors(self, change: Change) -> set[Change]:
        if change not in self.seen:
            found: set[Change] = set()
            todo = [self.named[name] for name in change.parents]
            while todo:
                one = todo.pop()
                if one not in found:
                    found.add(one)
                    todo.extend(self.named[name] for name in one.parents)
            self.seen[change] = found
        return self.seen[change]

    def author(self, change: Change) -> str:
        # Reading: of several signers of one change the highest writer is its author, whichever came first.
        return max(change.authors, key=lambda a: (is_writer(a, change.stream[1]), level(a), a))

    def rank(self, change: Change) -> int:
        return level(self.author(change))

    def heads(self, name: str, among: set[Change] | None = None) -> list[tuple[Change, Any]]:
        """Effective settings of a field (those in ``among``) that no other one has as an ancestor."""
        live = [(c, value) for c, value in self.settings.get(name, []) if among is None or c in among]
        return [(c, value) for c, value in live if not any(c in self.ancestors(other) for other, _ in live)]

    def standing(self, name: str, among: set[Change] | None = None) -> list[Change]:
        """Changes whose approval in this field stands."""
        return [c for c, v in self.heads(name, among) if v is not None and v["result"] in self.kind.approving]

    def approvals(self) -> list[str]:
        return [name for name, spec in self.kind.fields.items() if spec.approval]

    def declared(self, name: str) -> FieldSpec | None:
        # Reading: a table without a row, and a row of no table or not of 12 hex, name an unknown field.
        if re.fullmatch("x_[a-z][a-z0-9_]{0,29}", name):
            return FieldSpec(is_issued_value)
        base, colon, row = name.partition(":")
        spec = self.kind.fields.get(base)
        if spec is None or spec.table != bool(colon) or (colon and not re.fullmatch("[0-9a-f]{12}", row)):
            return None
        return spec

    def why_refused(self, change: Change, name: str, value: Any, spec: FieldSpec) -> str | None:
        author, unit = self.author(change), change.stream[1]
        if not is_writer(author, unit):
            return "author"
        if value is not None and not spec.check(value):
            return "form"
        if spec.set_once and change.parents and not is_above(author, unit):
            return "set-once"
        if spec.written_by != "unit" and level(author) < LEVELS.index(spec.written_by):
            return "written-by"
        # Reading: standing as seen from the change's own ancestry, not standing today.
        if spec.approval and any(
            self.rank(a) > level(author) for a in self.standing(name, self.ancestors(change))
        ):
            return "approval-level"
        return None

    def apply(self, change: Change) -> None:
        """Take one change; everything in its ancestry has been taken before, for it has a smaller depth."""
        action = change.body["action"]
        if action == "put":
            for name, value in change.body.get("values", {}).items():
                spec = self.declared(name)
                if spec is None:
                    # Reading: never refused, not even from an author who may write nothing.
                    self.out.unknown.add((change.name, name))
                elif reason := self.why_refused(change, name, value, spec):
                    self.out.refused.add((change.name, name, reason))
                else:
                    self.settings.setdefault(name, []).append((change, value))
        elif not is_writer(self.author(change), change.stream[1]):
            self.out.refused.add((change.name, action, "author"))
        elif action == "restore":
            self.restores.append(change)
        else:
            past = self.ancestors(change)
            if any(
                self.rank(a) > self.rank(change)
                for name in self.approvals()
                for a in self.standing(name, past)
            ):
                self.out.refused.add((change.name, action, "delete-level"))
            else:
                self.deletes.append(change)

    def is_changed_after_approval(self) -> bool:
        stand = [
            a for name in self.approvals() if name not in self.out.conflicts for a in self.standing(name)
        ]
        for name, settings in self.settings.items():
            if name.startswith("x_"):
                continue  # no approval covers an issued field
            for change, _ in settings if self.kind.fields[name.partition(":")[0]].covered else ():
                higher = [a for a in stand if self.rank(a) > self.rank(change)]
                # Reading: "none of them" are the approvals above that author; one that covers is enough.
                if higher and not any(change is a or change in self.ancestors(a) for a in higher):
                    return True
        return False

    def run(self) -> None:
        for change in self.order:
            self.apply(change)
        for name in self.settings:
            heads = self.heads(name)
            values = {canonical(value) for _, value in heads}
            if len(values) > 1:
                self.out.conflicts[name] = sorted(values)
            shown = max(heads, key=lambda head: self.place(head[0]))[1]
            if shown is not None:
                self.out.fields[name] = shown
        # Reading: a put whose only effect is a null, or a value that shows already, has some effect.
        puts = {change for settings in self.settings.values() for change, _ in settings}
        gone = set().union(*(self.ancestors(d) for d in self.deletes))
        undone = set().union(*(self.ancestors(r) for r in self.restores))
        self.out.exists = bool(puts)
        # Reading: a record of deletes alone is deleted, though it does not exist.
        self.out.deleted = bool(self.deletes) and puts | set(self.restores) <= gone
        self.out.delete_marked = not self.out.deleted and any(d not in undone for d in self.deletes)
        self.out.changed_after_approval = self.is_changed_after_approval()


def merge_reference(
    segments: Iterable[Mapping[str, Any]],
    limits: Iterable[Mapping[str, Any]],
    kinds: Mapping[str, KindSpec],
    max_depth: int = 10_000,
) -> dict[Key, Outcome]:
    """Every record of which a change is held, folded."""
    held = within_limits(read_changes(segments), limits)
    find_parents(held)
    by_name: dict[str, list[Change]] = {}
    for change in held:
        by_name.setdefault(change.name, []).append(change)
    invalid = {change for change in held if shown_invalid(change, kinds, by_name)}
    counting = find_counting([c for c in held if c.rooted and c not in invalid], invalid, max_depth)
    outcomes = {change.key: Outcome() for change in held}
    for change in held:
        if change in invalid:
            outcomes[change.key].invalid.add(change.name)
        elif (change.key, change.name) not in counting:
            outcomes[change.key].waiting.add(change.name)
    for key, out in outcomes.items():
        mine = [change for change in counting.values() if change.key == key]
        if key[1] in kinds:
            Fold(kinds[key[1]], mine, out).run()
        else:
            # Reading: once a change, deletes and restores too; none of it deletes, and no author is refused.
            out.unknown = {(change.name, None) for change in mine}
    return outcomes

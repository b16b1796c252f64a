"""Made-up worlds for the ledger: offices, streams and changes, good and bad, as they would arrive.

A world is what ``merge_reference`` and the product's fold both take: segments and limits. One builder serves
``worlds()``, for Hypothesis, and ``random_world(seed)``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from hypothesis import strategies as st
from tests.property.reference_merger import (
    LEVELS,
    FieldSpec,
    KindSpec,
    canonical,
    level,
    next_name,
    start_name,
)

VILLAGE, NEIGHBOUR = "140702101201", "140702101202"
TOWNSHIP, OUTSIDER, COUNTY = "140702101000", "140702102000", "140702000000"
OFFICES = (VILLAGE, TOWNSHIP, COUNTY, NEIGHBOUR, OUTSIDER)
ABOVE = {
    VILLAGE: (TOWNSHIP, COUNTY),
    NEIGHBOUR: (TOWNSHIP, COUNTY),
    TOWNSHIP: (COUNTY,),
    OUTSIDER: (COUNTY,),
    COUNTY: (),
}
CLASSES = ("ordinary", "published", "restricted")
YEAR = 31_557_600_000  # milliseconds
CLOCKS = tuple(year * YEAR for year in (55, 56, 10, 129, 55))  # since 1970: about 2025, 2026, 1980, 2099

# The test kinds as plain data, for the product's adapter to declare the same. Forms:
#   text      1 to 8 code points
#   number    an integer from 0 to 1000
#   amount    {"number": number, "about": true | false}; "about" may be left out
#   row       {"name": text}
#   approval  {"result": one of RESULTS, "person": text}; "person" may be left out
RESULTS = ("passed", "rejected", "returned")
APPROVING = frozenset({"passed"})
UNKNOWN_KIND = "later"
KIND_DATA: dict[str, dict[str, Any]] = {
    "thing": {
        "cls": "ordinary",
        "fields": {
            "a": {"form": "text", "covered": True},
            "b": {"form": "number", "covered": True},
            "c": {"form": "amount"},
            "t": {"form": "row", "table": True, "covered": True},
            "s": {"form": "text", "set_once": True},
            "w": {"form": "text", "written_by": "township"},
            "result_village": {"form": "approval", "approval": True, "written_by": "village"},
            "result_township": {"form": "approval", "approval": True, "written_by": "township"},
            "result_county": {"form": "approval", "approval": True, "written_by": "county"},
        },
    },
    "rule": {
        "cls": "published",
        "fields": {
            "a": {"form": "text"},
            "s": {"form": "text", "set_once": True, "written_by": "township"},
            "w": {"form": "text", "written_by": "township"},
        },
    },
    "case": {
        "cls": "restricted",
        "fields": {
            "a": {"form": "text", "covered": True},
            "t": {"form": "row", "table": True},
            "result": {"form": "approval", "approval": True},
        },
    },
}


def is_text(value: Any) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 8


def is_number(value: Any) -> bool:
    return type(value) is int and 0 <= value <= 1000


def is_amount(value: Any) -> bool:
    if not isinstance(value, dict) or not is_number(value.get("number")) or set(value) - {"number", "about"}:
        return False
    return type(value.get("about", False)) is bool


def is_row(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"name"} and is_text(value["name"])


def is_approval(value: Any) -> bool:
    if not isinstance(value, dict) or value.get("result") not in RESULTS or set(value) - {"result", "person"}:
        return False
    return "person" not in value or is_text(value["person"])


FORMS: dict[str, Callable[[Any], bool]] = {
    "text": is_text, "number": is_number, "amount": is_amount, "row": is_row, "approval": is_approval,
}  # fmt: skip
GOOD: dict[str, tuple[Any, ...]] = {
    "text": ("甲", "乙", "丙", "𡛕"),
    "number": (1, 2, 0, 1000),
    "amount": ({"number": 1}, {"number": 1, "about": True}, {"number": 2}),
    "row": ({"name": "甲"}, {"name": "乙"}),
    "approval": ({"result": "passed"}, {"result": "returned"}, {"result": "passed", "person": "甲"}),
    "issued": ("甲", "二\n行", 0, -(10**15), True, ["140702000000:song", "a"], None),
}
BAD: dict[str, tuple[Any, ...]] = {
    "text": (7, "九个字太长了不能要啊", {"name": "甲"}, True),
    "number": ("1", -1, 1001, True),
    "amount": (1, {"about": True}, {"number": 2000}),
    "row": ("甲", {"name": 1}),
    "approval": ("passed", {"result": "perhaps"}, {"person": "甲"}),
    "issued": ("", "甲\x07", 10**15 + 1, False, [], ["b", "a"], ["甲"], {"text": "甲"}),
}
ROWS = ("00000000000a", "00000000000b")


def kind_specs() -> dict[str, KindSpec]:
    """KIND_DATA as the reference merger takes it."""
    specs = {}
    for code, kind in KIND_DATA.items():
        fields = {
            name: FieldSpec(FORMS[data["form"]], **{k: v for k, v in data.items() if k != "form"})
            for name, data in kind["fields"].items()
        }
        specs[code] = KindSpec(kind["cls"], fields, APPROVING)
    return specs


@dataclass(frozen=True)
class World:
    """What arrived somewhere, and the limits known there."""

    segments: list[dict[str, Any]]
    limits: list[dict[str, Any]]
    kinds: Mapping[str, KindSpec] = field(default_factory=kind_specs)

    def __repr__(self) -> str:
        """Short enough to read in a failing example: one change a line."""
        lines = []
        for segment in self.segments:
            head = f"{segment['epoch'][-4:]} {segment['unit']} {segment['cls']} by {segment['author']}"
            lines.append(f"{head} from {segment['first']} after {segment['prev'][:8]}")
            name = segment["prev"]
            for raw in segment["lines"]:
                name, body = next_name(name, raw), json.loads(raw)
                parents = [parent[:8] for parent in body.get("parents", ())]
                what = f"{body['kind']}/{body['record'][-2:]} {body['action']}"
                values = canonical(body.get("values", {}))
                lines.append(f"  {name[:8]} {what} {values} parents={parents} at={body['at']}")
        lines += [
            f"limit {limit['epoch'][-4:]} {limit['unit']} {limit['cls']} {limit['tips']}"
            for limit in self.limits
        ]
        return "\n".join(["World:", *lines])


def record_id(number: int) -> str:
    """A well-formed UUIDv7 without hyphens."""
    return f"{0x019000000000 + number:012x}70008000{number:012x}"


def change_line(
    kind: str,
    record: int,
    values: Mapping[str, Any] | None = None,
    *,
    action: str = "put",
    parents: Iterable[str] = (),
    at: int = CLOCKS[0],
    act: int = 1,
    actor: str = "甲",
) -> bytes:
    """The bytes of one change (docs/package-format.md §2)."""
    body: dict[str, Any] = {"act": f"{act:032x}", "action": action, "actor": actor, "at": at, "kind": kind}
    body["record"] = record_id(record)
    if parents := sorted(set(parents)):
        body["parents"] = parents
    if values:
        body["values"] = dict(values)
    return canonical(body).encode()


@dataclass(eq=False)
class Made:
    """One change that somebody in the world made."""

    stream: tuple[str, str, str]
    author: str
    prev: str
    seq: int
    line: bytes
    kind: str
    record: int

    @property
    def name(self) -> str:
        return next_name(self.prev, self.line)

    @property
    def key(self) -> tuple[str, str, int]:
        return self.stream[1], self.kind, self.record


@dataclass
class Installation:
    """One PC: its office, its epoch, the end of each of its streams, and what it has seen."""

    office: str
    epoch: str
    tips: dict[tuple[str, str], Made] = field(default_factory=dict)
    seen: list[Made] = field(default_factory=list)


def segment_of(run: Sequence[Made], author: str | None = None) -> dict[str, Any]:
    """A signed run of changes that follow one another."""
    epoch, unit, cls = run[0].stream
    return {
        "epoch": epoch,
        "unit": unit,
        "cls": cls,
        "prev": run[0].prev,
        "first": run[0].seq,
        "author": author or run[0].author,
        "lines": [made.line for made in run],
    }


class Builder:
    """Makes one world, step by step.

    Each step has a seed of its own, so that a step taken out leaves the others as they were: that is how
    Hypothesis shrinks a failing world.
    """

    def __init__(self, seed: int) -> None:
        self.rnd = rnd = Random(seed)
        self.made: list[Made] = []
        self.epochs = 0
        count = rnd.randint(2, 4)
        self.offices = [VILLAGE, *rnd.sample(OFFICES[1:], count - 1)]
        self.units = (
            [office for office in self.offices if office != COUNTY] if self.rare(0.9) else self.offices
        )
        self.pcs = [self.install(office) for office in self.offices]
        self.gossip = rnd.choice([0.9, 0.5, 0.1])  # how often a PC has everything before it writes
        self.mess = rnd.choice(
            [0.0, 0.3, 1.0, 1.0]
        )  # tidy worlds grow long histories, messy ones show every fault

    def rare(self, odds: float) -> bool:
        """True with these odds."""
        return self.rnd.randrange(1000) >= 1000 - round(odds * 1000)

    def bad(self, odds: float) -> bool:
        """True with these odds in a messy world, never in a tidy one."""
        return self.rare(odds * self.mess)

    def install(self, office: str) -> Installation:
        self.epochs += 1
        return Installation(office, f"{self.epochs:032x}")

    def run(self, steps: Iterable[int], journey: int) -> World:
        for step in steps:
            self.rnd = Random(step)
            pc = self.rnd.choice(self.pcs)
            what = self.rnd.randrange(20)
            if what < 13:
                self.write(pc)
            elif what < 18:
                self.meet(pc, self.rnd.choice(self.pcs))
            elif what == 18:
                self.copy(pc)
            else:
                self.pcs.append(self.install(pc.office))
        self.rnd = Random(journey)
        return World(self.cut(), self.limits())

    def meet(self, pc: Installation, other: Installation) -> None:
        """One PC gets what another has seen."""
        pc.seen += [made for made in other.seen if made not in pc.seen]

    def copy(self, pc: Installation) -> None:
        """A disk image: two PCs go on with the same streams, unknown to one another."""
        clone = Installation(pc.office, pc.epoch, dict(pc.tips), list(pc.seen))
        self.pcs.append(clone)

    # -- one change

    def write(self, pc: Installation) -> None:
        rnd = self.rnd
        for other in self.pcs if self.rare(self.gossip) else ():
            self.meet(pc, other)
        mine = [unit for unit in self.units if unit == pc.office or pc.office in ABOVE[unit]]
        if self.bad(0.3 if pc.office in (OUTSIDER, NEIGHBOUR) else 0.05) or not mine:
            mine = self.units
        unit = VILLAGE if VILLAGE in mine and self.rare(0.7) else rnd.choice(mine)
        kind = "thing" if not self.rare(0.2) else rnd.choice(["rule", "case", UNKNOWN_KIND])
        cls = KIND_DATA[kind]["cls"] if kind in KIND_DATA else rnd.choice(CLASSES)
        if self.bad(0.02):
            cls = rnd.choice(CLASSES)
        record = 1 if not self.rare(0.2) else 2
        action = "put"
        if self.rare(0.25):
            action = rnd.choice(["delete", "restore", "delete", "put" if not self.bad(0.3) else "merge"])
        tip = pc.tips.get((unit, cls))
        stream = (pc.epoch, unit, cls)
        line = change_line(
            kind,
            record,
            self.values(kind, pc.office) if action == "put" or self.bad(0.03) else None,
            action=action,
            parents=self.parents(pc, (unit, kind, record), tip),
            at=rnd.choice(CLOCKS) + rnd.choice([0, 0, 0, 1]),
            act=len(self.made) // 2 + 1,
        )
        made = Made(
            stream,
            pc.office,
            tip.name if tip else start_name(stream),
            tip.seq + 1 if tip else 1,
            line,
            kind,
            record,
        )
        pc.tips[unit, cls] = made
        pc.seen.append(made)
        self.made.append(made)

    def parents(self, pc: Installation, key: tuple[str, str, int], tip: Made | None) -> set[str]:
        """The heads this PC has seen; now and then fewer, more, or what is no parent."""
        seen = [made for made in pc.seen if made.key == key]
        covered = {parent for made in seen for parent in json.loads(made.line).get("parents", ())}
        covered |= {made.prev for made in seen}
        heads = {made.name for made in seen if made.name not in covered}
        if not self.rare(0.2) and tip is not None:
            heads.discard(tip.name)  # the stream's own previous change goes unwritten
        if heads and self.rare(0.1):
            heads.discard(self.rnd.choice(sorted(heads)))
        if self.made and self.rare(0.1):  # something it may not have seen, of this record
            heads |= {made.name for made in [self.rnd.choice(self.made)] if made.key == key}
        if self.made and self.bad(0.04):  # of another record, most likely
            heads.add(self.rnd.choice(self.made).name)
        if self.bad(0.01):
            heads.add(f"{self.rnd.randint(1, 3):064x}")
        if self.bad(0.004):
            heads |= {f"{number:064x}" for number in range(self.rnd.choice([64, 65]))}
        return heads

    def values(self, kind: str, office: str) -> dict[str, Any]:
        fields = KIND_DATA.get(kind, KIND_DATA["thing"])["fields"]
        values: dict[str, Any] = {}
        for _ in range(self.rnd.choice([1, 2, 1, 3, 0])):
            name = self.rnd.choice([*sorted(fields), *["a"] * (len(fields) // 2)])
            approvals = [f"result_{one}" for one in LEVELS[: level(office) + 1] if f"result_{one}" in fields]
            if approvals and self.rare(0.3):
                name = self.rnd.choice(approvals)
            form, table = fields[name]["form"], fields[name].get("table")
            value = self.rnd.choice((BAD if self.bad(0.06) else GOOD)[form])
            if self.rare(0.1):
                value = None
            if bool(table) != self.bad(0.02):
                name = f"{name}:{self.rnd.choice(ROWS)}"
            if self.bad(0.05):
                name = self.rnd.choice(["z", f"z:{ROWS[0]}", "x_", "x_New", f"x_new:{ROWS[0]}"])
            if self.rare(0.12):
                name = self.rnd.choice(["x_new", "x_song_1"])
                value = self.rnd.choice((BAD if self.bad(0.1) else GOOD)["issued"])
            values[name] = value
        return values

    # -- on the way

    def branches(self) -> list[list[Made]]:
        """Each branch of each stream from its start."""
        by_name = {made.name: made for made in self.made}
        followed = {made.prev for made in self.made}
        ends = [made for made in by_name.values() if made.name not in followed]
        # A PC that stopped where its copy went on has sent a shorter branch too.
        ends += [made for made in by_name.values() if made.name in followed and self.rare(0.1)]
        paths = []
        for end in ends:
            path = [end]
            while path[-1].prev in by_name:
                path.append(by_name[path[-1].prev])
            paths.append(path[::-1])
        return paths

    def cut(self) -> list[dict[str, Any]]:
        """Segments as they arrive: cut anywhere, some twice, some never, in any order."""
        segments = []
        for path in self.branches():
            start = 0
            while start < len(path):
                end = start + self.rnd.choice([len(path), 1, 2, 3])
                if not self.bad(0.09):
                    segments.append(segment_of(path[start:end]))
                if self.rare(0.1):
                    segments.append(segment_of(path[max(0, start - 1) : end]))
                start = end
        self.rnd.shuffle(segments)
        return segments

    def limits(self) -> list[dict[str, Any]]:
        limits: list[dict[str, Any]] = []
        while self.made and len(limits) < 4 and self.rare(0.2):
            epoch, unit, cls = stream = self.rnd.choice(self.made).stream
            there = [made for made in self.made if made.stream == stream]
            tips = []
            for _ in range(self.rnd.choice([1, 1, 1, 2, 0])):
                tip = self.rnd.choice(there)
                tips.append((tip.name, tip.seq))
                if self.rare(0.1):
                    tips[-1] = (start_name(stream), 0)
                elif self.rare(0.1):
                    tips[-1] = (f"{1:064x}", self.rnd.randint(1, 5))
                elif self.rare(0.05):
                    tips[-1] = (tip.name, tip.seq + self.rnd.choice([1, -1]))
            limits.append({"epoch": epoch, "unit": unit, "cls": cls, "tips": tips})
        return limits


def random_world(seed: int, steps: int = 30) -> World:
    """The same world for the same seed."""
    rnd = Random(seed)
    return Builder(rnd.getrandbits(32)).run([rnd.getrandbits(32) for _ in range(steps)], rnd.getrandbits(32))


@st.composite
def worlds(draw: st.DrawFn, max_steps: int = 30) -> World:
    """Worlds that Hypothesis can shrink."""
    seeds = st.integers(0, 2**32 - 1)
    return Builder(draw(seeds)).run(draw(st.lists(seeds, min_size=1, max_size=max_steps)), draw(seeds))


def wide_world(parents: int) -> World:
    """One put that joins so many concurrent ones (64 parents may be written)."""
    made = []
    for number in range(parents):
        stream = (f"{number + 1:032x}", VILLAGE, "ordinary")
        line = change_line("thing", 1, {"b": number}, at=CLOCKS[0] + number)
        made.append(Made(stream, VILLAGE, start_name(stream), 1, line, "thing", 1))
    stream = (f"{parents + 1:032x}", VILLAGE, "ordinary")
    line = change_line("thing", 1, {"b": 999}, parents=[one.name for one in made])
    last = Made(stream, VILLAGE, start_name(stream), 1, line, "thing", 1)
    return World([segment_of([one]) for one in [*made, last]], [])


def deep_world(depth: int) -> World:
    """One stream with so many changes of one record; the first and the last set a value."""
    stream = (f"{1:032x}", VILLAGE, "ordinary")
    run: list[Made] = []
    prev = start_name(stream)
    for seq in range(1, depth + 1):
        values = {"b": 1} if seq == 1 else {"b": 2} if seq == depth else None
        run.append(Made(stream, VILLAGE, prev, seq, change_line("thing", 1, values), "thing", 1))
        prev = run[-1].name
    return World([segment_of(run)], [])


def resigned(world: World, author: str, which: int) -> World:
    """The world with one segment signed once more, by another office."""
    segment = world.segments[which % len(world.segments)]
    return World([*world.segments, {**segment, "author": author}], world.limits)


def relabelled(world: World, which: int, **header: str) -> World:
    """The world with one segment sent once more under another epoch, unit or class, its hashes kept."""
    segment = world.segments[which % len(world.segments)]
    return World([*world.segments, {**segment, **header}], world.limits)


def recut(world: World, rnd: Random) -> World:
    """The same changes in other segments."""
    segments = []
    for segment in world.segments:
        name, seq, lines = segment["prev"], segment["first"], list(segment["lines"])
        while lines:
            count = rnd.randint(1, len(lines))
            segments.append({**segment, "prev": name, "first": seq, "lines": lines[:count]})
            for line in lines[:count]:
                name = next_name(name, line)
            seq, lines = seq + count, lines[count:]
    rnd.shuffle(segments)
    return World(segments, world.limits)

"""The product as the comparison with the reference merger wants it: worlds in, outcomes out.

Worlds go through the real log in a real (in-memory) database: each segment is staged and written on its own, in
the order given, then every record is folded from what is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlcipher3
from tests.property.reference_merger import Key, KindSpec, Outcome
from tests.property.worlds import FORMS, KIND_DATA

from fulian_desktop.domain import kinds as registry
from fulian_desktop.domain.fields import Field, Scalar, Table
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.units import LEVELS
from fulian_desktop.ledger.chains import Limit, Tip
from fulian_desktop.ledger.changes import read_body
from fulian_desktop.ledger.json import canonical
from fulian_desktop.ledger.segments import Segment, check_chain, header_bytes, make_header
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.store.log import Log
from fulian_desktop.store.migrations import _FIRST
from fulian_desktop.store.rebuild import all_results


@dataclass(frozen=True)
class Form(Scalar):
    """A test form as a field type."""

    name: str = ""

    def check(self, value: Any) -> bool:
        return FORMS[self.name](value)


class Rows(Table):
    """A sub-table whose rows have a test form."""

    def check(self, value: Any) -> bool:
        return FORMS["row"](value)


def product_kind(code: str, data: Mapping[str, Any]) -> Kind:
    """A declared kind from the plain data of the worlds."""
    fields = []
    for name, spec in data["fields"].items():
        level = LEVELS.get(spec.get("written_by", ""))
        fields.append(Field(
            name, name, Rows(()) if spec.get("table") else Form(spec["form"]), flat=() if spec.get("table") else (name,),
            written_by=level, set_once=spec.get("set_once", False), covered=spec.get("covered", False),
            approves=(level or LEVELS["village"]) if spec.get("approval") else None,
        ))
    kind = Kind(code=code, label=code, cls=data["cls"], nav="", order=0, icon="", verb="", fields=tuple(fields))
    # the fields that every real kind has (remarks, photos, same_as) are not part of these worlds
    object.__setattr__(kind, "fields", tuple(fields))
    object.__setattr__(kind, "_by_code", {f.code: f for f in fields})
    return kind


@contextmanager
def test_kinds() -> Iterator[None]:
    """The kinds of the worlds are declared meanwhile."""
    registry.all_kinds()
    for code, data in KIND_DATA.items():
        registry.register(product_kind(code, data))
    try:
        yield
    finally:
        for code in KIND_DATA:
            registry.unregister(code)


def product_fold(
    segments: list[dict[str, Any]], limits: list[dict[str, Any]], _kinds: Mapping[str, KindSpec]
) -> dict[Key, Outcome]:
    """What the product makes of a world."""
    connection = sqlcipher3.connect(":memory:", isolation_level=None)
    for statement in _FIRST:
        connection.execute(statement)
    log = Log(connection, "140702109999")
    half = len(limits) // 2
    for i, limit in enumerate(limits[:half]):
        stage_limit(log, limit, i)
    for number, raw in enumerate(segments):
        stage(log, raw)
        if number % 2:
            log.flush(0)
            log = Log(connection, "140702109999")
    for i, limit in enumerate(limits[half:], half):
        stage_limit(log, limit, i)
    log.flush(0)
    with test_kinds():
        outcomes = {
            (key.unit, key.kind, key.id.hex()): outcome(result)
            for results in all_results(Log(connection, "140702109999")) for key, result in results.items()
            if result.counted.order or result.counted.waiting or result.counted.invalid
        }
    connection.close()
    return outcomes


def stage(log: Log, raw: dict[str, Any]) -> None:
    stream = Stream(raw["epoch"], raw["unit"], raw["cls"])
    header, body = make_header(stream, raw["first"], bytes.fromhex(raw["prev"]), raw["lines"], key="0" * 32, made=0)
    changes = read_body(body)
    names = check_chain(header, body, raw["lines"])
    log.stage_segment(Segment(header_bytes(header), b"", body), header, names, changes, raw["author"], "p")


def stage_limit(log: Log, raw: dict[str, Any], number: int) -> None:
    stream = Stream(raw["epoch"], raw["unit"], raw["cls"])
    log.stage_limit(stream, f"limit:{number}", Limit(tuple(Tip(bytes.fromhex(n), s) for n, s in raw["tips"])))


def outcome(result: Any) -> Outcome:
    folded, counted = result.folded, result.counted
    return Outcome(
        fields=folded.values,
        conflicts={f: sorted({canonical(s.value).decode() for s in settings}) for f, settings in folded.conflicts.items()},
        exists=folded.exists, deleted=folded.deleted, delete_marked=folded.delete_marked,
        changed_after_approval=folded.changed_after_approval,
        refused={(r.change.hex(), r.what, r.reason) for r in folded.refused},
        unknown={(name.hex(), code) for name, code in folded.unknown},
        waiting={h.name.hex() for h in counted.waiting}, invalid={h.name.hex() for h in counted.invalid},
    )

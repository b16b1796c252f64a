"""Small offices with fixed keys: a county, two townships, their villages."""

from __future__ import annotations

from hashlib import sha256

from fulian_desktop.exchange.contents import Contents
from fulian_desktop.exchange.keys import OfficeKeys
from fulian_desktop.exchange.package import sign_segment, write_package
from fulian_desktop.exchange.statements import issue_certificate, make_claim
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.changes import Change, change_bytes
from fulian_desktop.ledger.segments import Segment, header_bytes, make_header
from fulian_desktop.ledger.streams import Stream, start_name

CITY, COUNTY, OTHER_COUNTY = "140700000000", "140702000000", "140721000000"
TOWN, OTHER_TOWN = "140702101000", "140702102000"
VILLAGE, SIBLING, FAR_VILLAGE = "140702101201", "140702101202", "140702102201"
EPOCH = "ab" * 16
MADE = 1_741_392_000_000


def fixed(seed: str):
    """A source of bytes that always gives the same ones."""
    count = 0

    def random(length: int) -> bytes:
        nonlocal count
        count += 1
        return sha256(f"{seed} {count}".encode()).digest()[:length]

    return random


def keys_of(name: str) -> OfficeKeys:
    return OfficeKeys.generate(fixed(f"keys of {name}"))


def claim_of(name: str, unit: str):
    return make_claim(keys_of(name), unit)


def certified(name: str, unit: str, *, by: str, issuer: str, serial: int = 1) -> str:
    return issue_certificate(keys_of(by), issuer=issuer, claim=claim_of(name, unit), serial=serial)


def rooted(name: str, unit: str, *statements: str, own: str | None = None) -> Trust:
    """The trust of an office that pinned ``name`` as the root of ``unit``."""
    return Trust(own or unit, (claim_of(name, unit).text,), statements)


def a_change(n: int = 1, **values: object) -> bytes:
    return change_bytes(
        Change(
            act=f"{n:032x}",
            action="put",
            actor="李秀英",
            at=MADE + n,
            kind="activity",
            record=f"{n:032x}",
            values=values or {"title": f"三八节活动 {n}"},
        )
    )


def a_stream(unit: str = VILLAGE, cls: str = "ordinary", epoch: str = EPOCH) -> Stream:
    return Stream(epoch, unit, cls)


def a_segment(
    name: str = "village",
    stream: Stream | None = None,
    lines: list[bytes] | None = None,
    *,
    first: int = 1,
    prev: bytes | None = None,
) -> Segment:
    stream = stream or a_stream()
    keys = keys_of(name)
    header, body = make_header(
        stream,
        first,
        prev or start_name(stream),
        lines or [a_change(1), a_change(2)],
        key=keys.key,
        made=MADE,
    )
    return sign_segment(keys, header_bytes(header), body)


TOWN_TRUST = rooted("town", TOWN, certified("village", VILLAGE, by="town", issuer=TOWN))
VILLAGE_TRUST = rooted("town", TOWN, certified("village", VILLAGE, by="town", issuer=TOWN), own=VILLAGE)


def a_package(name: str = "village", **changed: object) -> bytes:
    """A village's package for its township, small; every argument of ``write_package`` can be changed."""
    arguments: dict = {
        "keys": keys_of(name),
        "kind": "up",
        "unit": VILLAGE,
        "epoch": EPOCH,
        "seq": 7,
        "made": MADE,
        "recipients": [keys_of("town").box_public],
        "segments": [a_segment()],
        "photos": [b"\xff\xd8jpeg"],
        "contents": Contents(missing=("0" * 64,), profile={"through": "2025-03-08"}),
        "package": "c" * 32,
    }
    return write_package(**(arguments | changed))

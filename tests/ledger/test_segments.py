"""Segment headers, bodies and chains (docs/package-format.md §3, §4)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest

from fulian_desktop.ledger.chains import Chain, Limit, Run, Tip
from fulian_desktop.ledger.json import canonical
from fulian_desktop.ledger.segments import (
    BadSegment,
    SegmentHeader,
    check_chain,
    header_bytes,
    make_header,
    read_header,
    split_body,
)
from fulian_desktop.ledger.streams import Stream, next_name, start_name

STREAM = Stream("00112233445566778899aabbccddeeff", "140702101201", "ordinary")
KEY = "56475aa75463474c0285df5dbf2bcab7"
LINE = (
    '{"act":"00000000000000000000000000000001","action":"put","actor":"王芳","at":1741392000000,"kind":"activity",'
    '"record":"0195739d5c007000800000000000000a","values":{"category":"festival","title":"三八节表彰"}}'
).encode()
# frozen: the header of the format page's worked example (§9)
GOLDEN = (
    b'{"body":"5f5477f88d457a04c6afc0879be3aa01854df3acd6e3f916322e0b93586cd875","class":"ordinary","count":1,'
    b'"epoch":"00112233445566778899aabbccddeeff","first":1,"key":"56475aa75463474c0285df5dbf2bcab7",'
    b'"last":"23f890607445f0f27eb0dfd4b652330be803d70264c0eb76653b15a0ceeee525","made":1741392000000,'
    b'"prev":"488767bbedfce28ffc64ebda30055c398f094e00f2524efee315294aceba7eca","unit":"140702101201"}'
)


def a_header(**more: Any) -> dict[str, Any]:
    return {
        "body": "5f5477f88d457a04c6afc0879be3aa01854df3acd6e3f916322e0b93586cd875", "class": "ordinary", "count": 1,
        "epoch": STREAM.epoch, "first": 1, "key": KEY, "made": 1741392000000, "unit": STREAM.unit,
        "last": "23f890607445f0f27eb0dfd4b652330be803d70264c0eb76653b15a0ceeee525", "prev": start_name(STREAM).hex(), **more,
    }


def test_the_header_of_the_worked_example_is_frozen() -> None:
    header, body = make_header(STREAM, 1, start_name(STREAM), [LINE], key=KEY, made=1741392000000)
    assert body == LINE + b"\n"
    assert header_bytes(header) == GOLDEN
    assert read_header(GOLDEN) == header
    assert check_chain(header, body, [LINE]).hex() == header.last


BROKEN_HEADERS: dict[str, bytes] = {
    "empty": b"",
    "a list": b"[]",
    "members in another order": b'{"class":"ordinary",' + GOLDEN[1:].replace(b'"class":"ordinary",', b""),
    "a blank": GOLDEN.replace(b'"count":1', b'"count": 1'),
    "a name twice": GOLDEN.replace(b'"count":1', b'"count":1,"count":1'),
    "more than 2,048 bytes": canonical(a_header(epoch="0" * 2_048)),
    **{f"no {name}": canonical({k: v for k, v in a_header().items() if k != name}) for name in a_header()},
    **{
        f"{name} {value!r}"[:60]: canonical(a_header(**{name: value}))
        for name, value in [
            ("extra", 1), ("class", "secret"), ("class", None), ("class", ["ordinary"]),
            ("epoch", "0" * 31), ("epoch", "A" * 32), ("epoch", 1),
            ("unit", "14070210120"), ("unit", "14070210120x"), ("unit", "１４０７０２１０１２０１"), ("unit", 140702101201),
            ("count", 0), ("count", -1), ("count", 200_001), ("count", True), ("count", "1"), ("first", 0), ("first", True),
            ("first", -5), ("first", 2**53), ("key", "0" * 64), ("key", "X" * 32), ("key", None), ("made", "now"), ("made", None),
            ("made", True), ("prev", "0" * 63), ("prev", "G" * 64), ("last", "A" * 64), ("last", None), ("body", ""), ("body", 0),
            ("body", "0" * 64 + "\n"),
        ]
    },
    "made as a float": GOLDEN.replace(b'"made":1741392000000', b'"made":1741392000000.0'),
}


@pytest.mark.parametrize("data", BROKEN_HEADERS.values(), ids=BROKEN_HEADERS)
def test_a_header_that_is_off_by_a_byte_is_refused(data: bytes) -> None:
    with pytest.raises(BadSegment) as refused:
        read_header(data)
    assert refused.value.why == "form"


@pytest.mark.parametrize(
    "more", [{"count": 200_000}, {"first": 2**53 - 1}, {"made": -1}, {"class": "restricted"}, {"class": "published"}]
)
def test_a_header_at_its_bounds_is_taken(more: dict[str, Any]) -> None:
    assert header_bytes(read_header(canonical(a_header(**more)))) == canonical(a_header(**more))


def _three() -> tuple[SegmentHeader, bytes, list[bytes]]:
    lines = [LINE, LINE.replace(b"put", b"delete"), LINE.replace(b"put", b"restore")]
    header, body = make_header(STREAM, 1, start_name(STREAM), lines, key=KEY, made=0)
    return header, body, lines


def test_names_are_a_running_hash_from_the_streams_start() -> None:
    header, body, lines = _three()
    names = check_chain(header, body, lines)
    name = sha256(f"fulian-stream-1\n{STREAM.epoch}\n{STREAM.unit}\n{STREAM.cls}\n".encode()).digest()
    for i, line in enumerate(lines):
        name = sha256(name + line).digest()
        assert names[i * 32 : i * 32 + 32] == name
    assert next_name(names[32:64], lines[2]) == name


@pytest.mark.parametrize("sizes", [[1] * 5, [5], [2, 3], [3, 1, 1], [4, 1]])
def test_names_are_the_same_however_a_stream_is_cut(sizes: list[int]) -> None:
    lines = [LINE.replace(b"1741392000000", str(i).encode()) for i in range(5)]
    whole = check_chain(*make_header(STREAM, 1, start_name(STREAM), lines, key=KEY, made=0), lines)
    names, at, prev = b"", 0, start_name(STREAM)
    for size in sizes:
        chunk = lines[at : at + size]
        header, body = make_header(STREAM, at + 1, prev, chunk, key=KEY, made=0)
        names += check_chain(header, body, chunk)
        at, prev = at + size, bytes.fromhex(header.last)
    assert names == whole


CHAIN_BREAKS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "a body of other bytes": ({}, lambda body, lines: (body.replace(b"put", b"puT"), lines), "chain"),
    "a change less than counted": ({"count": 4}, None, "form"),
    "changes in another order": ({}, lambda body, lines: (body, lines[::-1]), "chain"),
    "an end that is not reached": ({"last": "0" * 64}, None, "chain"),
    "a start of another stream": ({"unit": "140702101202"}, None, "chain"),
    "first 1 but not at the start": ({"prev": "0" * 64}, None, "chain"),
    "the start but not first": ({"first": 2}, None, "chain"),
}


@pytest.mark.parametrize(("more", "spoil", "why"), CHAIN_BREAKS.values(), ids=CHAIN_BREAKS)
def test_a_chain_that_does_not_hold_is_refused(more: dict[str, Any], spoil: Any, why: str) -> None:
    header, body, lines = _three()
    raw = {name: getattr(header, name) for name in header.__dataclass_fields__} | more
    if spoil is not None:
        body, lines = spoil(body, lines)
    with pytest.raises(BadSegment) as refused:
        check_chain(SegmentHeader(**raw), body, lines)
    assert refused.value.why == why


@pytest.mark.parametrize("body", [b"", b"a", b"\n", b"a\n\n", b"\na\n", b"a\n\nb\n", b"a\nb"])
def test_a_body_is_lines_each_with_its_newline(body: bytes) -> None:
    with pytest.raises(BadSegment):
        split_body(body)


# --- how runs hang together --------------------------------------------------------------------------------

START = start_name(STREAM)


def a_chain(
    runs: list[tuple[int, int, int, int | None]], *limits: Limit, where: dict[Tip, tuple[int, int]] | None = None
) -> Chain:
    """Runs as (number, first, last, parent)."""
    return Chain(STREAM, [Run(no, first, last, b"", parent) for no, first, last, parent in runs], limits, (where or {}).get)


LINEAR = [(1, 1, 3, None), (2, 4, 6, 1), (3, 7, 9, 2)]
GAP = [(1, 1, 3, None), (3, 7, 9, None)]
FORK = [(1, 1, 5, None), (2, 6, 8, 1), (3, 4, 7, 1)]
TWO_STARTS = [(1, 1, 2, None), (2, 1, 4, None)]


@pytest.mark.parametrize(
    ("runs", "tips", "gaps", "forked"),
    [
        (LINEAR, {(3, 9)}, [], False), (FORK, {(2, 8), (3, 7)}, [], True),
        (TWO_STARTS, {(1, 2), (2, 4)}, [], True), ([], set(), [], False), ([(3, 7, 9, None)], set(), [3], False),
    ],
    ids=["a line", "a fork inside a run", "two starts", "nothing", "only a loose piece"],
)
def test_tips_gaps_and_forks_of_a_stream(runs: Any, tips: Any, gaps: Any, forked: bool) -> None:
    chain = a_chain(runs)
    assert set(chain.tips()) == tips
    assert [run.no for run in chain.gaps()] == gaps
    assert chain.forked is forked


def test_a_chain_that_grows_is_the_chain_made_anew() -> None:
    chain = a_chain(LINEAR)
    assert chain.complete(3)
    assert chain.grow(Run(3, 7, 12, b"", 2))
    anew = a_chain([*LINEAR[:2], (3, 7, 12, 2)])
    assert (chain.runs, chain.tips(), chain.path(3, 12)) == (anew.runs, anew.tips(), anew.path(3, 12))


@pytest.mark.parametrize("chain", [a_chain(FORK), a_chain(LINEAR, Limit((Tip(START, 0),)))], ids=["forked", "limited"])
def test_a_chain_with_a_fork_or_a_limit_does_not_grow(chain: Chain) -> None:
    before = dict(chain.runs)
    assert not chain.grow(Run(2, 6, 9, b"", 1))
    assert chain.runs == before


def test_a_path_leaves_out_what_lies_behind_a_fork() -> None:
    chain = a_chain(FORK)
    assert chain.path(3, 7) == {3: 7, 1: 3}
    assert chain.path(2, 6) == {2: 6, 1: 5}


WHERE = {Tip(b"five", 5): (2, 5), Tip(b"loose", 8): (3, 8)}


@pytest.mark.parametrize(
    ("runs", "limits", "within"),
    [
        (LINEAR, [Limit((Tip(b"five", 5),))], {(1, 1), (1, 3), (2, 4), (2, 5)}),
        (LINEAR, [Limit((Tip(START, 0),))], set()),
        (LINEAR, [Limit((Tip(b"not held", 5),))], {(1, 1), (1, 3), (2, 4)}),
        (LINEAR, [Limit((Tip(b"five", 5),)), Limit((Tip(b"not held", 3),))], {(1, 1)}),
        (GAP, [Limit((Tip(b"loose", 8),))], {(1, 1), (1, 3), (3, 7)}),
        (LINEAR, [Limit(())], set()),
        (LINEAR, [], {(1, 1), (1, 3), (2, 4), (2, 5), (2, 6), (3, 7), (3, 8), (3, 9)}),
    ],
    ids=["named", "none at all", "not held: by seq", "two limits", "named but loose: by seq", "no tips", "none"],
)
def test_a_limit_lets_count_what_lies_on_the_chain_of_the_change_it_names(runs: Any, limits: Any, within: Any) -> None:
    chain = a_chain(runs, *limits, where=WHERE)
    places = [(1, 1), (1, 3), (2, 4), (2, 5), (2, 6), (3, 7), (3, 8), (3, 9)]
    held = {no for no, *_ in runs}
    assert {place for place in places if place[0] in held and chain.within(*place)} == within

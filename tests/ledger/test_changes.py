"""The bytes of changes, as docs/package-format.md §1 to §3 say, and everything that is not those bytes."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from fulian_desktop.ledger.changes import Change, change_bytes, read_body, read_change
from fulian_desktop.ledger.json import NotCanonical, canonical, check_value, strict
from fulian_desktop.ledger.segments import BadSegment
from fulian_desktop.ledger.streams import Stream, next_name, start_name

STREAM = Stream("00112233445566778899aabbccddeeff", "140702101201", "ordinary")
# frozen: what the format page works through by hand (§9)
GOLDEN = (
    '{"act":"00000000000000000000000000000001","action":"put","actor":"王芳","at":1741392000000,"kind":"activity",'
    '"record":"0195739d5c007000800000000000000a","values":{"category":"festival","title":"三八节表彰"}}'
).encode()
GOLDEN_START = "488767bbedfce28ffc64ebda30055c398f094e00f2524efee315294aceba7eca"
GOLDEN_NAME = "23f890607445f0f27eb0dfd4b652330be803d70264c0eb76653b15a0ceeee525"
A, B = "a" * 64, "b" * 64


def a_change(**more: Any) -> Change:
    return Change(**{
        "act": "00000000000000000000000000000001", "action": "put", "actor": "王芳", "at": 1741392000000, "kind": "activity",
        "record": "0195739d5c007000800000000000000a", "values": {"title": "三八节表彰", "category": "festival"}, **more,
    })


names = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=80)
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts
# six levels: a change is the first, `values` the second
trees = st.recursive(
    scalars, lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3), max_leaves=12
)
hexes = st.text("0123456789abcdef", min_size=32, max_size=32)


def _depth(value: Any) -> int:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_depth, inside), default=0)


changes = st.builds(
    Change, act=hexes, action=st.sampled_from(["put", "delete", "restore", "later"]), actor=texts,
    at=st.integers(-(2**53) + 1, 2**53 - 1), kind=texts, record=hexes, note=texts,
    parents=st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), max_size=4, unique=True).map(sorted),
    values=st.dictionaries(names, trees.filter(lambda v: _depth(v) <= 6), max_size=5),
)


def _plain(change: Change) -> dict[str, Any]:
    """The object that the format page describes: empty members are left out."""
    every = {f: getattr(change, f) for f in change.__struct_fields__}
    return {name: value for name, value in every.items() if value or name not in ("note", "parents", "values")}


@settings(max_examples=300, deadline=None)
@given(changes)
def test_the_bytes_of_a_change_are_those_of_rfc_8785(change: Change) -> None:
    assert change_bytes(change) == rfc8785.dumps(_plain(change))


@settings(max_examples=150, deadline=None)
@given(st.lists(changes, min_size=1, max_size=4))
def test_a_body_read_and_written_again_is_the_same(many: list[Change]) -> None:
    body = b"".join(change_bytes(change) + b"\n" for change in many)
    assert read_body(body) == many
    assert [read_change(line) for line in body[:-1].split(b"\n")] == many


@settings(max_examples=200, deadline=None)
@given(trees)
def test_any_value_is_written_as_rfc_8785_writes_it(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_bytes_and_names_of_the_worked_example_are_frozen() -> None:
    assert change_bytes(a_change()) == GOLDEN
    assert read_body(GOLDEN + b"\n") == [a_change()]
    assert start_name(STREAM).hex() == GOLDEN_START
    assert next_name(start_name(STREAM), GOLDEN).hex() == GOLDEN_NAME


def test_a_change_with_everything_has_its_members_in_order() -> None:
    change = a_change(note="改错字", parents=[A, B], values={"members:0123456789ab": None, "a": [{"b": True, "A": -1}]})
    assert change_bytes(change).decode() == (
        '{"act":"00000000000000000000000000000001","action":"put","actor":"王芳","at":1741392000000,"kind":"activity",'
        f'"note":"改错字","parents":["{A}","{B}"],"record":"0195739d5c007000800000000000000a",'
        '"values":{"a":[{"A":-1,"b":true}],"members:0123456789ab":null}}'
    )
    assert read_body(change_bytes(change) + b"\n") == [change]


def _with(old: str, new: str) -> bytes:
    text = GOLDEN.decode()
    assert old in text
    return text.replace(old, new).encode("utf-8", "surrogatepass") + b"\n"


def _values(inside: str) -> bytes:
    return _with('{"category":"festival","title":"三八节表彰"}', inside)


def _nested(depth: int) -> str:
    """``values`` whose deepest scalar has depth ``depth`` within the whole change."""
    return '{"a":' + "[" * (depth - 3) + "1" + "]" * (depth - 3) + "}"


BROKEN_BODIES: dict[str, bytes] = {
    "empty": b"",
    "no final newline": GOLDEN,
    "a blank line at the end": GOLDEN + b"\n\n",
    "a blank line at the start": b"\n" + GOLDEN + b"\n",
    "a blank line between": GOLDEN + b"\n\n" + GOLDEN + b"\n",
    "a byte order mark": b"\xef\xbb\xbf" + GOLDEN + b"\n",
    "carriage returns": GOLDEN + b"\r\n",
    "a blank after the comma": _with('","action"', '", "action"'),
    "a blank before": b" " + GOLDEN + b"\n",
    "a blank after": GOLDEN + b" \n",
    "two on one line": GOLDEN + GOLDEN + b"\n",
    "an array": b"[]\n",
    "a scalar": b"1\n",
    "null": b"null\n",
    "not JSON": b"PK\x03\x04\n",
    "cut off": GOLDEN[:-5] + b"\n",
    "members in another order": _with(
        '"act":"00000000000000000000000000000001","action":"put"', '"action":"put","act":"00000000000000000000000000000001"'
    ),
    "a name twice with equal values": _with('"action":"put"', '"action":"put","action":"put"'),
    "a name twice with other values": _with('"action":"put"', '"action":"put","action":"delete"'),
    "a name twice in values": _values('{"title":"a","title":"b"}'),
    "a name twice deep inside": _values('{"a":{"b":1,"b":2}}'),
    "values out of order": _values('{"title":"a","category":"b"}'),
    "NaN": _values('{"a":NaN}'),
    "Infinity": _values('{"a":Infinity}'),
    "1e400": _values('{"a":1e400}'),
    "a float": _values('{"a":1.5}'),
    "a whole float": _values('{"a":1.0}'),
    "an exponent": _values('{"a":1e2}'),
    "minus zero": _values('{"a":-0}'),
    "a leading zero": _values('{"a":01}'),
    "2^53": _values('{"a":9007199254740992}'),
    "-2^53": _values('{"a":-9007199254740992}'),
    "2^53 deep inside": _values('{"a":[{"b":9007199254740992}]}'),
    "a number of twenty digits": _values('{"a":18446744073709551616}'),
    "at as a text": _with("1741392000000", '"1741392000000"'),
    "at as a float": _with("1741392000000", "1741392000000.0"),
    "at beyond 2^53": _with("1741392000000", "9007199254740992"),
    "at as true": _with("1741392000000", "true"),
    "a lone surrogate escaped": _values('{"a":"\\ud800"}'),
    "a lone surrogate in UTF-8": _values('{"a":"\ud800"}'),
    "a surrogate pair escaped": _values('{"a":"\\ud83d\\ude00"}'),
    "an escape that needs none": _values('{"a":"\\u738b"}'),
    "an escaped solidus": _values('{"a":"\\/"}'),
    "upper-case in an escape": _values('{"a":"\\u001F"}'),
    "a raw control character": _values('{"a":"\x01"}'),
    "a raw tab": _values('{"a":"\t"}'),
    "bytes that are no UTF-8": _values('{"a":"x"}').replace(b'"x"', b'"\xff"'),
    "overlong UTF-8": _values('{"a":"x"}').replace(b'"x"', b'"\xc0\x80"'),
    "depth nine": _values(_nested(9)),
    "depth nine of objects": _values('{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}'),
    "depth ten thousand": _values('{"a":' + "[" * 10_000 + "]" * 10_000 + "}"),
    "a member name that is not ASCII": _values('{"名":1}'),
    "a member name that is not ASCII deep inside": _values('{"a":[{"名":1}]}'),
    "an empty member name": _values('{"":1}'),
    "a blank in a member name": _values('{"a b":1}'),
    "a member name of 81 characters": _values('{"' + "a" * 81 + '":1}'),
    "a control character in a member name": _values('{"a\\u007f":1}'),
    "a newline at the end of a member name": _values('{"a\\n":1}'),
    "a text of 65,537 bytes": _values('{"a":"' + "x" * 65_537 + '"}'),
    "a text of 21,846 characters": _values('{"a":"' + "王" * 21_846 + '"}'),
    "a long actor": _with("王芳", "x" * 65_537),
    "a long text deep inside": _values('{"a":[["' + "x" * 65_537 + '"]]}'),
    "upper-case hex in act": _with("0000000001", "000000000A"),
    "upper-case hex in record": _with("00000000a", "00000000A"),
    "act too short": _with('"00000000000000000000000000000001"', '"0000000000000000000000000000001"'),
    "act with a newline": _with('"00000000000000000000000000000001"', '"00000000000000000000000000000001\\n"'),
    "record too long": _with("00000000a", "00000000ab"),
    "record with hyphens": _with("0195739d5c007000800000000000000a", "0195739d-5c00-7000-8000-00000000000a"),
    "full-width digits in act": _with("00000000000000000000000000000001", "０" * 32),
    "an upper-case parent": _with(',"record"', f',"parents":["{"A" * 64}"],"record"'),
    "a parent too short": _with(',"record"', f',"parents":["{"a" * 63}"],"record"'),
    "parents not ascending": _with(',"record"', f',"parents":["{B}","{A}"],"record"'),
    "a parent twice": _with(',"record"', f',"parents":["{A}","{A}"],"record"'),
    "parents of null": _with(',"record"', ',"parents":[null],"record"'),
    "parents null": _with(',"record"', ',"parents":null,"record"'),
    "empty parents written": _with(',"record"', ',"parents":[],"record"'),
    "an empty note written": _with(',"record"', ',"note":"","record"'),
    "empty values written": _values("{}"),
    "values an array": _values("[]"),
    "values null": _values("null"),
    "an extra member": _with('"kind"', '"extra":1,"kind"'),
    "an action that is no text": _with('"put"', "1"),
    **{
        f"no {name}": _with(member, "")
        for name, member in {
            "act": '"act":"00000000000000000000000000000001",', "action": '"action":"put",', "actor": '"actor":"王芳",',
            "at": '"at":1741392000000,', "kind": '"kind":"activity",', "record": '"record":"0195739d5c007000800000000000000a",',
        }.items()
    },
}


@pytest.mark.parametrize("body", BROKEN_BODIES.values(), ids=BROKEN_BODIES)
def test_a_body_that_is_not_canonical_is_refused(body: bytes) -> None:
    with pytest.raises(BadSegment) as refused:
        read_body(body)
    assert refused.value.why == "form"


@pytest.mark.parametrize("case", [name for name in BROKEN_BODIES if name not in ("empty", "no final newline")])
def test_one_bad_line_between_good_ones_refuses_the_body(case: str) -> None:
    good = GOLDEN + b"\n"
    with pytest.raises(BadSegment):
        read_body(good + BROKEN_BODIES[case] + good)


EDGES: dict[str, bytes] = {
    "depth eight": _values(_nested(8)),
    "depth eight of objects": _values('{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}'),
    "the largest numbers": _values('{"a":9007199254740991,"b":-9007199254740991}'),
    "a text of 65,536 bytes": _values('{"a":"' + "x" * 65_536 + '"}'),
    "a member name of 80 characters": _values('{"' + "a" * 80 + '":1}'),
    "an unknown action": _with('"put"', '"later"'),
    "a delete with values, which is invalid but well formed": _with('"put"', '"delete"'),
    "a rare character": _values('{"a":"𡛕𬱖"}'),
    "an escaped control character": _values('{"a":"\\u0001\\b\\n"}'),
    "a clock of 1960": _with("1741392000000", "-300000000000"),
}


@pytest.mark.parametrize("body", EDGES.values(), ids=EDGES)
def test_what_lies_just_within_the_bounds_is_taken(body: bytes) -> None:
    assert b"".join(change_bytes(change) + b"\n" for change in read_body(body)) == body


@pytest.mark.parametrize("value", [1.0, float("nan"), b"x", {1: 2}, {"名": 1}, (1,), 2**53, "x" * 65_537, [[[[[[[[1]]]]]]]]])
def test_a_value_that_is_no_canonical_json_is_named_before_it_is_written(value: Any) -> None:
    with pytest.raises((NotCanonical, TypeError)):
        check_value(value)


@pytest.mark.parametrize(
    "data", [b'{"a":1,"a":1}', b'{"a":1.0}', b'{"b":1,"a":2}', b'"\\ud800"', b"[NaN]", b"1 ", b"", b'{"a":1}x', b"[" * 200_000]
)
def test_strict_json_takes_no_second_spelling(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        strict(data, 300_000)


def test_strict_json_looks_at_the_length_first() -> None:
    with pytest.raises(NotCanonical, match="longer"):
        strict(b"[1,2,3]", 6)
    assert strict(b"[1,2,3]", 7) == [1, 2, 3]

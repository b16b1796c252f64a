"""Bits that flip, files that end early, bytes that are appended: always refused, never anything else."""

from __future__ import annotations

import contextlib
import random

import pytest
from tests.exchange.builders import (
    EPOCH,
    MADE,
    TOWN,
    TOWN_TRUST,
    VILLAGE,
    VILLAGE_TRUST,
    a_package,
    a_segment,
    a_stream,
    certified,
    keys_of,
)
from tests.exchange.test_enrol import a_request, an_invitation

from fulian_desktop.exchange.enrol import read_invitation, read_request
from fulian_desktop.exchange.envelope import inspect
from fulian_desktop.exchange.package import open_package
from fulian_desktop.exchange.refusals import SENTENCES, PackageRefused
from fulian_desktop.exchange.statements import BadStatement, read_statement


def at_the_town(data: bytes) -> object:
    return open_package(data, trust=TOWN_TRUST, keys=[keys_of("town")], own_unit=TOWN)


def in_the_village(data: bytes) -> object:
    return open_package(data, trust=VILLAGE_TRUST, keys=[keys_of("village")], own_unit=VILLAGE)


def request_at_the_town(data: bytes) -> object:
    return read_request(data, keys=[keys_of("town")], own_unit=TOWN)


def downwards(kind: str) -> bytes:
    return a_package(
        "town",
        kind=kind,
        unit=TOWN,
        recipients=[keys_of("village").box_public],
        segments=[a_segment("town", a_stream(TOWN, "published"))],
    )


FILES = {
    "up": (a_package(), at_the_town),
    "down": (downwards("down"), in_the_village),
    "certificate": (downwards("certificate"), in_the_village),
    "peer": (a_package(kind="peer", recipients=[keys_of("village").box_public]), in_the_village),
    "request": (a_request(), request_at_the_town),
    "invitation": (an_invitation(segments=[]), read_invitation),
}
KINDS = pytest.mark.parametrize("kind", FILES)


def refused(read, data: bytes, where: object) -> str:
    try:
        read(data)
    except PackageRefused as error:
        return SENTENCES[error.code] and error.code
    pytest.fail(f"taken although changed: {where}")


@KINDS
def test_the_file_itself_is_taken(kind):
    data, read = FILES[kind]
    assert read(data)


@KINDS
def test_any_byte_that_changes_is_noticed(kind):
    data, read = FILES[kind]
    dice = random.Random(kind)
    for at in range(len(data)):
        spoiled = bytearray(data)
        spoiled[at] ^= 1 << dice.randrange(8)
        refused(read, bytes(spoiled), at)


@KINDS
def test_any_truncation_is_noticed(kind):
    data, read = FILES[kind]
    for length in range(len(data)):
        assert refused(read, data[:length], length) in ("truncated", "not-a-package")


@KINDS
def test_anything_appended_is_noticed(kind):
    data, read = FILES[kind]
    for more in range(1, 200):
        assert refused(read, data + bytes(more), more) == "truncated"


@KINDS
def test_bytes_dropped_or_doubled_within_are_noticed(kind):
    data, read = FILES[kind]
    dice = random.Random(kind)
    for _ in range(200):
        at, length = dice.randrange(len(data)), dice.randint(1, 40)
        refused(read, data[:at] + data[at + length :], (at, length))
        refused(read, data[:at] + data[at : at + length] + data[at:], (at, length))


@KINDS
def test_inspecting_a_spoiled_file_refuses_or_reads_and_never_fails_otherwise(kind):
    data, _ = FILES[kind]
    for at in range(0, len(data), 3):
        spoiled = data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :]
        with contextlib.suppress(PackageRefused):
            assert inspect(spoiled).needs == 1


def test_any_byte_of_a_statement_that_changes_is_noticed():
    text = certified("village", VILLAGE, by="town", issuer=TOWN)
    for at in range(len(text)):
        for other in "0a":
            if text[at] != other:
                with pytest.raises(BadStatement):
                    read_statement(text[:at] + other + text[at + 1 :])


def test_any_byte_of_a_segment_that_changes_refuses_that_segment():
    good = a_segment()
    for part in range(3):
        for at in range(len(good[part])):
            spoiled = list(good)
            spoiled[part] = good[part][:at] + bytes([good[part][at] ^ 1]) + good[part][at + 1 :]
            assert _problem_of(type(good)(*spoiled)).startswith("segment-")


def _problem_of(segment) -> str:
    from fulian_desktop.exchange.package import SegmentRefused, verify_segment

    with pytest.raises(SegmentRefused) as caught:
        verify_segment(segment, trust=TOWN_TRUST, own_unit=TOWN)
    return caught.value.problem.code


def test_the_headers_tell_when_and_from_which_epoch():
    header = inspect(a_package())
    assert (header.epoch, header.made, header.seq, header.kind) == (EPOCH, MADE, 7, "up")

"""Opening: each check of the verify order has a test that fails when that check is removed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import tracemalloc
import zlib
from dataclasses import replace
from hashlib import sha256

import pytest
from tests.exchange.builders import (
    COUNTY,
    EPOCH,
    FAR_VILLAGE,
    MADE,
    OTHER_TOWN,
    SIBLING,
    TOWN,
    TOWN_TRUST,
    VILLAGE,
    VILLAGE_TRUST,
    a_change,
    a_package,
    a_segment,
    a_stream,
    certified,
    claim_of,
    fixed,
    keys_of,
    rooted,
)

from fulian_desktop.exchange import package as package_module
from fulian_desktop.exchange import sealed
from fulian_desktop.exchange.contents import Contents, Holding, read_plain, write_plain
from fulian_desktop.exchange.envelope import (
    CONTEXT,
    MAGIC,
    header_bytes,
    inspect,
    seal,
    unseal,
    verify_written,
)
from fulian_desktop.exchange.keys import fingerprint
from fulian_desktop.exchange.package import decipher, open_package, sign_segment, write_package
from fulian_desktop.exchange.refusals import SENTENCES, STATES, PackageRefused, PackageTooLarge
from fulian_desktop.exchange.sealed import decrypt, deflate, encrypt, inflate
from fulian_desktop.exchange.statements import Cut, issue_revocation
from fulian_desktop.exchange.trust import Signer, Trust
from fulian_desktop.ledger.segments import Segment, make_header, read_header
from fulian_desktop.ledger.segments import header_bytes as segment_header_bytes
from fulian_desktop.ledger.streams import start_name


def opened(data, trust=TOWN_TRUST, name="town", unit=TOWN, **more):
    return open_package(data, trust=trust, keys=[keys_of(name)], own_unit=unit, **more)


def refusal(data, **more):
    with pytest.raises(PackageRefused) as caught:
        opened(data, **more)
    assert caught.value.text
    assert "{" not in caught.value.text
    return caught.value


def resealed(data: bytes, *, by: str = "village", payload: bytes | None = None, **header: object) -> bytes:
    """The same package with another header, signed anew: what its sender could have written."""
    envelope = unseal(data)
    payload = bytes(envelope.payload) if payload is None else payload
    changed = replace(envelope.header, payload=len(payload), hash=sha256(payload).hexdigest())
    return seal(keys_of(by), replace(changed, **header), payload)


def with_contents(change, *, bodies=b"", **header: object) -> bytes:
    """A package, soundly signed and encrypted, whose contents were changed by ``change(object)``."""
    data = a_package(segments=[], photos=[])
    envelope = unseal(data)
    plain = inflate(decrypt(bytes(envelope.payload), [keys_of("town")]), envelope.header.plain)
    raw = change(json.loads(plain[4:]))
    text = (
        raw
        if isinstance(raw, bytes)
        else json.dumps(raw, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    )
    packed, size = deflate([len(text).to_bytes(4, "big"), text, bodies])
    payload = encrypt(packed, [keys_of("town").box_public, keys_of("village").box_public])
    return resealed(data, payload=payload, plain=size, **header)


# --- what arrives is what was sent


def test_a_package_brings_everything_back():
    holding = Holding(a_stream(TOWN, "published"), (("1" * 64, 3), ("2" * 64, 5)))
    contents = Contents(
        statements=TOWN_TRUST.statements,
        holdings=(holding,),
        missing=("3" * 64,),
        before=("d" * 32,),
        profile={"through": "2025-03-08"},
    )
    data = a_package(contents=contents, photos=[b"one", b"two", b"one"])
    package = opened(data)
    assert package.problems == ()
    assert package.contents == contents
    assert [v.segment for v in package.segments] == [a_segment()]
    assert package.segments[0].signer.unit == VILLAGE
    assert [c.values["title"] for c in package.segments[0].changes] == ["三八节活动 1", "三八节活动 2"]
    assert package.segments[0].names[-32:].hex() == package.segments[0].header.last
    assert package.photos == tuple((sha256(p).hexdigest(), p) for p in (b"one", b"two"))
    assert (package.header.changes, package.header.segments, package.header.photos) == (2, 1, 2)
    assert package.signer.unit == VILLAGE
    assert not package.revoked


def test_a_package_can_be_opened_from_its_path(tmp_path):
    path = tmp_path / "a.flpkg"
    path.write_bytes(a_package())
    assert opened(path).header == inspect(path) == inspect(a_package_bytes := path.read_bytes())
    assert opened(a_package_bytes).header.seq == 7


def test_an_empty_package_is_a_package():
    assert opened(a_package(segments=[], photos=[], contents=None)).segments == ()


def test_the_sender_can_open_its_own_package_again():
    package = opened(a_package(), trust=VILLAGE_TRUST, name="village", unit=VILLAGE)
    assert len(package.segments) == 1


def test_what_compresses_very_well_still_goes_out():
    segment = a_segment(lines=[a_change(n, deeds="a" * 60_000) for n in range(1, 31)])
    data = a_package(segments=[segment])
    assert len(data) > 1_800_000
    assert opened(data).segments[0].segment == segment


def test_the_header_names_no_person_and_no_place():
    head = unseal(a_package(chain=TOWN_TRUST.chain(keys_of("village").key))).header_bytes
    assert head.isascii()
    assert "李秀英".encode() not in a_package()


def test_the_same_package_id_comes_from_the_source_of_randomness():
    one = inspect(a_package(package=None, random=fixed("p")))
    assert one.package == fixed("p")(16).hex()


# --- size, magic, header


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-package"),
        (b"PK\x03\x04" + b"0" * 500, "not-a-package"),
        (b"%PDF-1.7" * 99, "not-a-package"),
        (MAGIC[:5], "truncated"),
        (MAGIC, "truncated"),
        (MAGIC + b"\0\0", "truncated"),
        (MAGIC + b"\xff\xff\xff\xff" + b"0" * 500, "damaged"),
        (MAGIC + b"\0\1\0\1" + b"0" * 70_000, "damaged"),
        (MAGIC + b"\0\0\0\2{}" + b"0" * 64, "damaged"),
        (MAGIC[:-1] + b"\x02" + b"0" * 500, "too-new"),
        (MAGIC[:-1] + b"\x00" + b"0" * 500, "damaged"),
        (MAGIC + b"\0\0\0\2[]" + b"0" * 64, "damaged"),
    ],
)
def test_what_is_no_package_is_said_at_once(data, code):
    assert refusal(data).code == code
    with pytest.raises(PackageRefused) as caught:
        inspect(data)
    assert caught.value.code == code


def test_a_file_beyond_the_bound_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("fulian_desktop.exchange.envelope.MAX_PACKAGE", 1000)
    path = tmp_path / "big.flpkg"
    path.write_bytes(MAGIC + b"0" * 5000)
    assert refusal(path).code == "too-large"
    with pytest.raises(PackageRefused):
        inspect(path)


def raw_header(**changed: object) -> dict:
    return json.loads(unseal(a_package()).header_bytes) | changed


@pytest.mark.parametrize(
    "head",
    [
        b'{"a":1,"a":1}',
        b'{"a":NaN}',
        b'{"a":1e400}',
        b'{"a":1.5}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 9 + b"1" + b"}" * 9,
        b'{"a":9007199254740992}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"\xc3\xa9":1}',
        b"nonsense",
        b"",
    ],
)
def test_a_header_that_is_not_canonical_is_damaged(head):
    data = MAGIC + len(head).to_bytes(4, "big") + head + b"0" * 200
    assert refusal(data).code == "damaged"


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "sideways"},
        {"kind": "invitation"},
        {"package": "C" * 32},
        {"package": "c" * 31},
        {"unit": "14070210120"},
        {"unit": 1},
        {"seq": 0},
        {"seq": True},
        {"seq": "1"},
        {"plain": 3},
        {"plain": 2**31 + 1},
        {"payload": 0},
        {"changes": -1},
        {"recipients": ["f" * 32, "a" * 32]},
        {"recipients": ["a" * 32, "a" * 32]},
        {"recipients": ["x"]},
        {"recipients": []},
        {"recipients": "a"},
        {"hash": "0" * 63},
        {"chain": [1]},
        {"chain": ["a"] * 17},
        {"chain": ["a" * 2049]},
        {"extra": 1},
        {"needs": "1"},
        {"needs": True},
        {"critical": {}},
        {"suite": 1},
        {"made": None},
        {"key": []},
        {"epoch": {}},
        {"kind": []},
        {"recipients": [[]]},
    ],
)
def test_a_header_of_another_form_is_damaged_even_when_signed(changed):
    head = json.dumps(raw_header(**changed), sort_keys=True, separators=(",", ":")).encode()
    data = MAGIC + len(head).to_bytes(4, "big") + head + keys_of("village").sign(CONTEXT, head)
    assert refusal(data + bytes(unseal(a_package()).payload)).code == "damaged"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"needs": 2, "novel": 1}, "too-new"),
        ({"critical": ["time-travel"]}, "unknown-capability"),
        ({"suite": "sm-1"}, "unknown-capability"),
        ({"critical": [3], "needs": 9}, "unknown-capability"),
    ],
)
def test_a_newer_package_is_refused_kindly_naming_what_it_needs(changed, code):
    head = json.dumps(raw_header(**changed), sort_keys=True, separators=(",", ":")).encode()
    data = MAGIC + len(head).to_bytes(4, "big") + head + bytes(64)
    refused = refusal(data)
    assert (refused.code, refused.state) == (code, "too-new")
    assert str(raw_header(**changed)["needs"]) in refused.text
    if changed.get("critical") == ["time-travel"]:
        assert "time-travel" in refused.text


# --- the sender


def test_an_unknown_signer_is_refused_with_its_fingerprint():
    refused = refusal(a_package("stranger", segments=[]))
    assert (refused.code, refused.state) == ("unknown-signer", "unknown-signer")
    assert fingerprint(keys_of("stranger").sign_public) in refused.text


def test_a_missing_certificate_is_said_with_the_office_that_can_give_it():
    trust = rooted("county", COUNTY)
    chain = [certified("village", VILLAGE, by="town", issuer=TOWN)]
    data = a_package(chain=chain, recipients=[keys_of("county").box_public])
    refused = refusal(data, trust=trust, name="county", unit=COUNTY)
    assert (refused.code, refused.state) == ("missing-certificate", "unknown-signer")
    assert TOWN in refused.text


def test_a_new_computer_of_a_known_office_is_known_by_the_chain_in_the_header():
    second = certified("town-2", TOWN, by="town", issuer=TOWN)
    data = a_package(
        "town-2", kind="down", unit=TOWN, recipients=[keys_of("village").box_public], segments=[]
    )
    assert refusal(data, trust=VILLAGE_TRUST, name="village", unit=VILLAGE).code == "unknown-signer"
    data = a_package(
        "town-2",
        kind="down",
        unit=TOWN,
        recipients=[keys_of("village").box_public],
        chain=[second],
        segments=[a_segment("town-2", a_stream(TOWN, "published"))],
    )
    package = opened(data, trust=VILLAGE_TRUST, name="village", unit=VILLAGE)
    assert package.statements == (second,)
    assert len(package.segments) == 1


def test_a_requesters_first_package_opens_beside_its_request():
    keys = keys_of("village")
    signer = Signer(VILLAGE, keys.key, keys.sign_public, keys.box_public)
    assert refusal(a_package(), trust=rooted("town", TOWN)).code == "unknown-signer"
    package = opened(a_package(), trust=rooted("town", TOWN), extra_signers={keys.key: signer})
    assert package.signer == signer
    assert package.segments[0].signer == signer


@pytest.mark.parametrize(
    ("changed", "trust", "name", "unit"),
    [
        ({"unit": SIBLING}, TOWN_TRUST, "town", TOWN),
        ({"kind": "down"}, TOWN_TRUST, "town", TOWN),
        ({"kind": "peer"}, TOWN_TRUST, "town", TOWN),
        ({"kind": "certificate"}, TOWN_TRUST, "town", TOWN),
    ],
)
def test_a_member_can_send_only_what_its_unit_may(changed, trust, name, unit):
    assert refusal(a_package(**changed), trust=trust, name=name, unit=unit).code == "out-of-scope"


def test_a_township_cannot_send_upwards_to_its_village():
    data = a_package("town", unit=TOWN, recipients=[keys_of("village").box_public], segments=[])
    assert refusal(data, trust=VILLAGE_TRUST, name="village", unit=VILLAGE).code == "out-of-scope"


def test_a_request_is_not_opened_as_a_package():
    data = a_package("stranger", kind="request", segments=[])
    refused = refusal(data)
    assert refused.code == "wrong-kind"
    assert "加入申请" in refused.text


def test_a_signature_by_another_key_is_forged():
    data = a_package()
    envelope = unseal(data)
    forged = keys_of("stranger").sign(CONTEXT, envelope.header_bytes)
    assert refusal(data.replace(envelope.signature, forged)).code == "forged"


def test_a_signature_made_for_something_else_does_not_fit():
    data = a_package()
    envelope = unseal(data)
    other = keys_of("village").sign(b"fulian-segment-1\n", envelope.header_bytes)
    assert refusal(data.replace(envelope.signature, other)).code == "forged"


# --- the payload


def test_the_header_of_one_with_the_payload_of_another_is_refused():
    one, two = a_package(package="1" * 32), a_package(package="2" * 32)
    first, second = unseal(one), unseal(two)
    head = one[: -len(first.payload)]
    payload = bytes(second.payload)
    assert opened(two)
    assert refusal(head + payload).code in ("damaged", "truncated")
    assert refusal(head + payload[: len(first.payload)].ljust(len(first.payload), b"\0")).code == "damaged"


def test_a_package_for_another_township_is_not_for_us():
    data = a_package(recipients=[keys_of("other-town").box_public])
    assert refusal(data).code == "not-for-us"


def test_a_stick_of_another_townships_village_is_not_for_us_rather_than_unknown():
    data = a_package("far", unit=FAR_VILLAGE, recipients=[keys_of("other-town").box_public], segments=[])
    assert refusal(data).code == "not-for-us"


def test_a_siblings_package_is_not_for_us():
    trust = rooted("town", TOWN, certified("village", VILLAGE, by="town", issuer=TOWN), own=SIBLING)
    assert refusal(a_package(), trust=trust, name="sibling", unit=SIBLING).code == "not-for-us"


def test_a_payload_that_nobody_can_decrypt_is_damaged():
    assert refusal(resealed(a_package(), payload=b"age-encryption.org/v1\n" + b"x" * 300)).code == "damaged"


@pytest.mark.parametrize("stanza", [b"-> X a\n\n", b"-> X " + b"a" * 300 + b"\n\n"])
def test_an_age_header_made_to_keep_us_busy_is_refused_at_once(stanza):
    """The age library needs time by the square of its header; this one would take it minutes."""
    start = time.perf_counter()
    assert (
        refusal(resealed(a_package(), payload=b"age-encryption.org/v1\n" + stanza * 16_000)).code == "damaged"
    )
    assert (
        refusal(
            resealed(a_package(), payload=b"age-encryption.org/v1" + (b"\n" + stanza) * 1_800 + b"\n--- x")
        ).code
        == "damaged"
    )
    assert time.perf_counter() - start < 1


def test_as_many_recipients_as_a_header_takes_can_open_a_package():
    boxes = [keys_of(f"computer {n}").box_public for n in range(62)]
    assert opened(a_package(recipients=[keys_of("town").box_public, *boxes])).segments
    with pytest.raises(ValueError, match="header"):
        a_package(recipients=[keys_of("town").box_public, *boxes, keys_of("one more").box_public])


def test_ciphertext_for_others_under_a_header_that_names_us_is_damaged():
    other = encrypt(b"x" * 300, [keys_of("stranger").box_public])
    assert refusal(resealed(a_package(), payload=other)).code == "damaged"


def bomb(size: int) -> tuple[bytes, int]:
    return zlib.compress(b"\0" * size, 9), size


def sealed_payload(packed: bytes) -> bytes:
    return encrypt(packed, [keys_of("town").box_public])


def test_a_bomb_that_says_its_size_is_refused_before_inflating():
    packed, size = bomb(50_000_000)
    assert refusal(resealed(a_package(), payload=sealed_payload(packed), plain=size)).code == "bomb"


def test_a_bomb_that_hides_its_size_stops_at_the_declared_length():
    packed, _ = bomb(50_000_000)
    assert refusal(resealed(a_package(), payload=sealed_payload(packed), plain=1000)).code == "bomb"
    tracemalloc.start()
    with pytest.raises(PackageRefused):
        inflate(packed, 1000)
    assert tracemalloc.get_traced_memory()[1] < 200_000
    tracemalloc.stop()


def test_the_ratio_is_judged_by_the_compressed_text():
    text = b"\0" * 100_000
    with pytest.raises(PackageRefused) as caught:
        inflate(zlib.compress(text, 9), len(text))
    assert caught.value.code == "bomb"
    assert inflate(zlib.compress(text, 0), len(text)) == text


def test_the_absolute_bound_holds_whatever_the_ratio(monkeypatch):
    monkeypatch.setattr(sealed, "MAX_PLAIN", 1000)
    packed, size = deflate([b"a" * 10, bytes(range(256)) * 3])
    assert inflate(packed, size)
    monkeypatch.setattr(sealed, "MAX_PLAIN", 100)
    with pytest.raises(PackageRefused):
        inflate(packed, size)
    with pytest.raises(PackageTooLarge):
        deflate([b"a" * 101])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda packed: packed + b"\0",
        lambda packed: packed + packed,
        lambda packed: packed[:-1],
        lambda packed: packed[:-4],
        lambda packed: b"\0" + packed,
        lambda packed: b"",
    ],
)
def test_a_compressed_text_ends_exactly_where_it_says(spoil):
    packed, size = deflate([b"some text ", b"and more " * 9])
    assert inflate(packed, size)
    with pytest.raises(PackageRefused):
        inflate(spoil(packed), size)
    with pytest.raises(PackageRefused):
        inflate(packed, size - 1)
    with pytest.raises(PackageRefused):
        inflate(packed, size + 1)


def test_a_payload_that_opens_but_is_not_the_one_signed_for_is_refused():
    """The same text encrypted once more by somebody else: it would open, but the header names another."""
    data = a_package()
    envelope = unseal(data)
    packed = decrypt(bytes(envelope.payload), [keys_of("town")])
    other = b""
    while len(other) != len(envelope.payload):  # age pads its header by chance
        other = encrypt(packed, [keys_of("town").box_public, keys_of("village").box_public])
    assert refusal(data[: -len(other)] + other).code == "damaged"


# --- the contents


def test_a_package_that_is_only_written_differently_is_sound():
    assert opened(with_contents(lambda raw: raw)).contents.profile == {"through": "2025-03-08"}


@pytest.mark.parametrize("member", ["package", "unit", "key", "kind", "recipients"])
def test_an_inside_that_belongs_to_another_header_is_refused(member):
    other = {"package": "e" * 32, "unit": SIBLING, "key": "e" * 32, "kind": "peer", "recipients": ["e" * 32]}
    assert refusal(with_contents(lambda raw: raw | {member: other[member]})).code == "inner-disagrees"


def test_another_member_that_signs_anothers_ciphertext_is_refused():
    """A sibling takes the village's ciphertext, puts its own header before it and signs (FAULTS 33)."""
    trust, _ = TOWN_TRUST.add([certified("sibling", SIBLING, by="town", issuer=TOWN)])
    stolen = resealed(a_package(), by="sibling", key=keys_of("sibling").key, unit=SIBLING)
    assert refusal(stolen, trust=trust).code == "inner-disagrees"


def test_a_second_computer_that_signs_the_firsts_ciphertext_is_refused():
    trust, _ = TOWN_TRUST.add([certified("village-2", VILLAGE, by="town", issuer=TOWN)])
    stolen = resealed(a_package(), by="village-2", key=keys_of("village-2").key)
    assert refusal(stolen, trust=trust).code == "inner-disagrees"


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw | {"extra": 1},
        lambda raw: {k: v for k, v in raw.items() if k != "missing"},
        lambda raw: raw | {"missing": ["x"]},
        lambda raw: raw | {"missing": [1]},
        lambda raw: raw | {"missing": {}},
        lambda raw: raw | {"before": ["x"]},
        lambda raw: raw | {"profile": []},
        lambda raw: raw | {"segments": [1]},
        lambda raw: raw | {"segments": [{"header": "{}", "signature": "0" * 127, "length": 0}]},
        lambda raw: raw | {"segments": [{"header": "é", "signature": "0" * 128, "length": 0}]},
        lambda raw: raw | {"segments": [{"header": "{}", "signature": "0" * 128, "length": -1}]},
        lambda raw: raw | {"segments": [{"header": "{}", "signature": "0" * 128, "length": True}]},
        lambda raw: raw | {"segments": [{"header": "{}", "signature": "0" * 128, "length": 5}]},
        lambda raw: raw | {"photos": [{"hash": "0" * 64, "length": 2**53 - 1}]},
        lambda raw: raw | {"photos": [{"hash": "0", "length": 0}]},
        lambda raw: raw | {"photos": None},
        lambda raw: (
            raw | {"holdings": [{"epoch": EPOCH, "unit": VILLAGE, "class": "ordinary", "tips": [], "x": 1}]}
        ),
        lambda raw: raw | {"certificates": [1]},
        lambda raw: raw | {"holdings": [{}]},
        lambda raw: raw | {"holdings": [{"epoch": EPOCH, "unit": VILLAGE, "class": "x", "tips": []}]},
        lambda raw: (
            raw | {"holdings": [{"epoch": EPOCH, "unit": VILLAGE, "class": "ordinary", "tips": [["0" * 64]]}]}
        ),
        lambda raw: raw | {"holdings": [{"epoch": EPOCH, "unit": VILLAGE, "class": [], "tips": []}]},
        lambda raw: [],
        lambda raw: b"{",
        lambda raw: b'{"a":NaN}',
        lambda raw: b'{"a":1e400}',
        lambda raw: b'{"a":1,"a":1}',
        lambda raw: b'{"a":"\\udc00"}',
        lambda raw: b"[" * 9 + b"]" * 9,
        lambda raw: b"",
        lambda raw: raw | {"profile": {"a": [[[[[[[[1]]]]]]]]}},
        lambda raw: raw | {"profile": {"a": 0.5}},
    ],
)
def test_contents_of_another_form_are_refused(change):
    assert refusal(with_contents(change)).code == "form"


def test_lengths_add_up_to_the_last_byte():
    assert refusal(with_contents(lambda raw: raw, bodies=b"x")).code == "form"
    photo = {"hash": sha256(b"ab").hexdigest(), "length": 2}
    good = with_contents(lambda raw: raw | {"photos": [photo]}, bodies=b"ab", photos=1)
    assert opened(good).photos == ((photo["hash"], b"ab"),)
    assert refusal(with_contents(lambda raw: raw | {"photos": [photo]}, bodies=b"a", photos=1)).code == "form"


def test_contents_longer_than_the_text_are_refused():
    header = inspect(a_package())
    with pytest.raises(PackageRefused):
        read_plain(b"\xff\xff\xff\xff{}", header)


@pytest.mark.parametrize("counts", [{"segments": 2}, {"photos": 0}, {"changes": 3}])
def test_the_counts_of_the_header_are_those_of_the_contents(counts):
    assert refusal(resealed(a_package(), **counts)).code == "form"


# --- segments: one is refused alone, the rest stand


def mixed(bad: Segment, *, trust: Trust = TOWN_TRUST, **changed: object):
    """A package with a bad segment between two good ones; gives the one problem."""
    second = a_segment(stream=a_stream(epoch="cd" * 16))
    package = opened(a_package(segments=[a_segment(), bad, second], **changed), trust=trust)
    assert [v.segment for v in package.segments] == [a_segment(), second]
    assert len(package.problems) == 1
    assert package.problems[0].text
    return package.problems[0]


def test_a_segment_that_does_not_verify_is_refused_alone():
    good = a_segment(stream=a_stream(epoch="ee" * 16))
    bad = good._replace(signature=bytes([good.signature[0] ^ 1]) + good.signature[1:])
    problem = mixed(bad)
    assert (problem.code, problem.stream) == ("segment-forged", a_stream(epoch="ee" * 16))


def test_a_segment_of_an_unknown_signer_is_refused_alone():
    problem = mixed(a_segment("stranger", a_stream(SIBLING)))
    assert (problem.code, problem.unit) == ("segment-unknown", SIBLING)


def test_a_segment_for_another_villages_stream_is_refused_alone():
    """FAULTS 45: a valid village, another village's records."""
    assert mixed(a_segment("village", a_stream(SIBLING))).code == "segment-scope"


def test_a_code_that_only_begins_alike_is_out_of_scope():
    trust = rooted("county", COUNTY, certified("town", TOWN, by="county", issuer=COUNTY))
    stream = a_stream("140702102201")
    data = a_package(
        "town", unit=TOWN, recipients=[keys_of("county").box_public], segments=[a_segment("town", stream)]
    )
    package = opened(data, trust=trust, name="county", unit=COUNTY)
    assert [p.code for p in package.problems] == ["segment-scope"]


def test_a_segment_whose_body_was_changed_is_refused_alone():
    good = a_segment(stream=a_stream(epoch="ee" * 16))
    assert (
        mixed(good._replace(body=good.body.replace(b"\xe4\xb8\x89", b"\xe4\xb8\x83"))).code == "segment-chain"
    )


@pytest.mark.parametrize(
    "spoil",
    [
        lambda lines: [lines[1], lines[0]],
        lambda lines: lines[:1],
        lambda lines: [lines[0], lines[0]],
    ],
)
def test_changes_reordered_dropped_or_doubled_are_refused(spoil):
    """FAULTS 30: even when the body's hash is made to fit, the chain of names does not."""
    stream = a_stream(epoch="ee" * 16)
    good, body = make_header(
        stream, 1, start_name(stream), [a_change(1), a_change(2)], key=keys_of("village").key, made=MADE
    )
    lines = spoil(body[:-1].split(b"\n"))
    body = b"\n".join(lines) + b"\n"
    header = replace(good, body=sha256(body).hexdigest(), count=len(lines))
    problem = mixed(sign_segment(keys_of("village"), segment_header_bytes(header), body))
    assert problem.code == "segment-chain"


def test_a_first_segment_begins_at_the_streams_start():
    stream = a_stream(epoch="ee" * 16)
    assert mixed(a_segment(stream=stream, prev=b"\1" * 32)).code == "segment-chain"
    later = a_segment(stream=stream, prev=b"\1" * 32, first=5)
    assert opened(a_package(segments=[later])).segments[0].header.first == 5


@pytest.mark.parametrize(
    "line",
    [
        b'{"a":1}',
        a_change(1)[:-1] + b',"zz":1}',
        a_change(1).replace(b'"at":', b'"at": '),
        b"[]",
        b"\xff",
        a_change(1, x=1).replace(b'"x":1', b'"x":1,"x":1'),
        a_change(1, x=1).replace(b'"x":1', b'"x":1e400'),
        a_change(1, x=1).replace(b'"x":1', b'"x":NaN'),
        a_change(1, x=1).replace(b'"x":1', b'"x":"\\ud800"'),
        a_change(1, x=1).replace(b'"x":1', b'"x":' + b"[" * 9 + b"]" * 9),
        a_change(1, x="a" * 65_537),
    ],
)
def test_a_change_of_another_form_refuses_its_segment(line):
    assert mixed(a_segment(stream=a_stream(epoch="ee" * 16), lines=[line])).code == "segment-form"


def test_a_segment_whose_header_is_not_canonical_is_refused_alone():
    good = a_segment(stream=a_stream(epoch="ee" * 16))
    header = good.header.replace(b'"count":2', b'"count": 2')
    bad = Segment(header, keys_of("village").sign(b"fulian-segment-1\n", header), good.body)
    data = _package_of_raw_segments([a_segment(), bad])
    package = opened(data)
    assert [p.code for p in package.problems] == ["segment-form"]
    assert len(package.segments) == 1


def _package_of_raw_segments(segments: list[Segment]) -> bytes:
    """A package whose segments' headers are not asked for their counts when it is written."""
    header = replace(inspect(a_package(photos=[])), segments=len(segments), changes=2)
    packed, plain = deflate(write_plain(header, Contents(), segments, []))
    payload = encrypt(packed, [keys_of("town").box_public])
    return seal(
        keys_of("village"),
        replace(header, plain=plain, payload=len(payload), hash=sha256(payload).hexdigest()),
        payload,
    )


def test_ordinary_records_of_an_office_above_are_not_for_those_below():
    data = a_package(
        "town",
        kind="down",
        unit=TOWN,
        recipients=[keys_of("village").box_public],
        segments=[
            a_segment("town", a_stream(TOWN, "ordinary")),
            a_segment("town", a_stream(TOWN, "published")),
            a_segment("town", a_stream(VILLAGE, "ordinary")),
        ],
    )
    package = opened(data, trust=VILLAGE_TRUST, name="village", unit=VILLAGE)
    assert [p.code for p in package.problems] == ["segment-scope"]
    assert [v.header.cls for v in package.segments] == ["published", "ordinary"]


def test_a_restricted_segment_stays_opaque():
    stream = a_stream(cls="restricted")
    body = encrypt(b"nobody here can read this", [keys_of("room").box_public])
    header, _ = make_header(
        stream, 1, start_name(stream), [a_change(1)], key=keys_of("village").key, made=MADE
    )
    header = replace(header, body=sha256(body).hexdigest())
    segment = sign_segment(keys_of("village"), segment_header_bytes(header), body)
    package = opened(a_package(segments=[segment]))
    assert (package.segments[0].changes, package.segments[0].names) == ([], b"")
    spoiled = segment._replace(body=body[:-1] + bytes([body[-1] ^ 1]))
    assert [p.code for p in opened(a_package(segments=[spoiled])).problems] == ["segment-chain"]


def test_the_county_verifies_the_villages_own_signature_in_the_townships_package():
    trust = rooted("county", COUNTY, certified("town", TOWN, by="county", issuer=COUNTY))
    village = certified("village", VILLAGE, by="town", issuer=TOWN)
    data = a_package(
        "town",
        unit=TOWN,
        recipients=[keys_of("county").box_public],
        contents=Contents(statements=(village,)),
        segments=[a_segment("village")],
    )
    package = opened(data, trust=trust, name="county", unit=COUNTY)
    assert package.segments[0].signer.unit == VILLAGE
    assert package.statements == (village,)
    assert package.trust.signer(keys_of("village").key).unit == VILLAGE
    without = a_package("town", unit=TOWN, recipients=[keys_of("county").box_public])
    assert [p.code for p in opened(without, trust=trust, name="county", unit=COUNTY).problems] == [
        "segment-unknown"
    ]


def test_a_bad_statement_is_refused_alone():
    good = certified("sibling", SIBLING, by="town", issuer=TOWN)
    bad = certified("far", VILLAGE, by="town", issuer=TOWN)
    spoiled = ("0" if bad[0] != "0" else "1") + bad[1:]
    package = opened(with_contents(lambda raw: raw | {"certificates": sorted([good, spoiled])}))
    assert [p.code for p in package.problems] == ["statement"]
    assert package.statements == (good,)


def test_a_photo_that_is_not_what_its_hash_says_is_refused_alone():
    photos = [{"hash": sha256(b"ab").hexdigest(), "length": 2}, {"hash": "0" * 64, "length": 1}]
    package = opened(with_contents(lambda raw: raw | {"photos": photos}, bodies=b"abc", photos=2))
    assert [p.code for p in package.problems] == ["photo"]
    assert [photo for _, photo in package.photos] == [b"ab"]


# --- revoked senders


def revoked_trust(*cuts: Cut) -> Trust:
    texts = issue_revocation(
        keys_of("town"), issuer=TOWN, unit=VILLAGE, key=keys_of("village").key, cuts=cuts, keeps=(), serial=5
    )
    return TOWN_TRUST.add(texts)[0]


def test_a_package_of_a_revoked_key_is_refused_as_such():
    refused = refusal(a_package(), trust=revoked_trust())
    assert (refused.code, refused.state) == ("revoked", "revoked")


def test_what_a_revoked_key_sent_is_not_even_decrypted():
    data = resealed(a_package(), payload=b"not to be decrypted")
    assert refusal(data, trust=revoked_trust()).code == "revoked"
    assert refusal(data).code == "damaged"


def test_a_forger_does_not_learn_that_a_key_is_revoked():
    data = a_package()
    envelope = unseal(data)
    forged = data.replace(envelope.signature, bytes(64))
    assert refusal(forged, trust=revoked_trust()).code == "forged"


def test_what_lies_before_the_cut_can_still_be_taken_from_a_revoked_keys_package():
    last = read_header(a_segment().header).last
    trust = revoked_trust(Cut(a_stream(), last, 2))
    package = opened(a_package(), trust=trust, allow_revoked=True)
    assert package.revoked
    assert len(package.segments) == 1
    assert package.contents.holdings == ()
    assert package.contents.profile == {}
    assert package.trust.limits(keys_of("village").key, a_stream()) == [Cut(a_stream(), last, 2)]


def test_a_revocation_that_comes_in_the_very_package_counts_for_it():
    texts = issue_revocation(
        keys_of("town"), issuer=TOWN, unit=VILLAGE, key=keys_of("village").key, cuts=(), keeps=(), serial=5
    )
    data = a_package(contents=Contents(statements=tuple(texts)))
    assert refusal(data).code == "revoked"
    assert opened(data, allow_revoked=True).revoked


def test_what_was_deciphered_under_an_earlier_trust_is_judged_by_the_one_of_now():
    asked = {"keys": [keys_of("town")], "own_unit": TOWN}
    first_half = decipher(a_package(), trust=TOWN_TRUST, **asked)
    package = open_package(first_half, trust=TOWN_TRUST, **asked)
    assert package.segments == opened(a_package()).segments != ()
    with pytest.raises(PackageRefused) as refused:
        open_package(first_half, trust=revoked_trust(), **asked)
    assert refused.value.code == "revoked"
    with pytest.raises(PackageRefused) as refused:
        decipher(a_package(), trust=revoked_trust(), **asked)
    assert refused.value.code == "revoked"


def test_a_first_half_that_another_key_signed_is_forged():
    asked = {"trust": TOWN_TRUST, "keys": [keys_of("town")], "own_unit": TOWN}
    first_half = replace(decipher(a_package(), **asked), sign_public=keys_of("stranger").sign_public)
    with pytest.raises(PackageRefused) as refused:
        open_package(first_half, **asked)
    assert refused.value.code == "forged"


# --- writing


def test_a_package_beyond_the_bound_is_not_written(monkeypatch):
    monkeypatch.setattr(sealed, "MAX_PACKAGE", 10_000)
    with pytest.raises(PackageTooLarge):
        a_package(photos=[fixed(str(i))(32) for i in range(400)])


def test_a_file_just_beyond_the_bound_is_not_written_either(monkeypatch):
    envelope = unseal(a_package())
    payload = bytes(envelope.payload)
    monkeypatch.setattr("fulian_desktop.exchange.envelope.MAX_PACKAGE", len(payload))
    with pytest.raises(PackageTooLarge):
        seal(keys_of("village"), envelope.header, payload)


@pytest.mark.parametrize(
    "changed",
    [
        {"unit": "1"},
        {"epoch": "x"},
        {"seq": 0},
        {"kind": "sideways"},
        {"recipients": []},
        {"package": "x"},
        {"chain": [f"x{i}" for i in range(17)]},
    ],
)
def test_an_argument_that_no_reader_would_take_is_our_own_mistake(changed):
    with pytest.raises(ValueError, match="header"):
        a_package(**changed)


def test_a_segment_is_signed_only_by_the_key_it_names():
    good = a_segment()
    with pytest.raises(ValueError, match="another key"):
        sign_segment(keys_of("town"), good.header, good.body)


def test_what_was_written_can_be_checked_by_its_writer():
    data = a_package()
    verify_written(data, keys_of("village"))
    for spoiled in (data[:-1], data[:-1] + bytes([data[-1] ^ 1]), data + b"0"):
        with pytest.raises(PackageRefused):
            verify_written(spoiled, keys_of("village"))
    with pytest.raises(PackageRefused):
        verify_written(data, keys_of("town"))


def test_a_header_survives_being_written_and_read():
    data = a_package()
    assert header_bytes(inspect(data)) == unseal(data).header_bytes


def test_every_refusal_has_a_sentence_with_a_next_step_and_a_state():
    states = {"damaged", "too-new", "unknown-signer", "revoked", "out-of-scope", "not-for-us"}
    for code, sentence in SENTENCES.items():
        assert sentence.count("。") + sentence.count("；") >= 2, code
        if not code.startswith(("segment-", "photo", "statement")):
            assert STATES[code] in states


def test_importing_the_modules_loads_no_cryptography():
    code = (
        "import sys; import fulian_desktop.exchange.package, fulian_desktop.exchange.enrol;"
        "print([m for m in ('cryptography', 'pyrage') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "src"},
        cwd=package_module.__file__.rsplit("/src/", 1)[0],
    )
    assert done.stdout.strip() == "[]"


def test_a_package_of_an_office_out_of_the_subtree_is_out_of_scope_even_when_known():
    trust = rooted("county", COUNTY, certified("far", OTHER_TOWN, by="county", issuer=COUNTY), own=TOWN)
    data = a_package("far", unit=OTHER_TOWN, segments=[])
    assert refusal(data, trust=trust).code == "out-of-scope"


def test_a_claim_does_not_travel_in_the_contents():
    with pytest.raises(TypeError):
        write_package(
            keys=keys_of("village"),
            kind="up",
            unit=VILLAGE,
            epoch=EPOCH,
            seq=1,
            made=MADE,
            recipients=[keys_of("town").box_public],
            contents=Contents(statements=(claim_of("village", VILLAGE).text,)),
        )

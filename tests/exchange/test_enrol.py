"""Joining: an invitation down, a request up, and what an attacker can do with either."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest
from tests.exchange.builders import (
    COUNTY,
    EPOCH,
    FAR_VILLAGE,
    MADE,
    SIBLING,
    TOWN,
    TOWN_TRUST,
    VILLAGE,
    a_package,
    a_segment,
    a_stream,
    certified,
    claim_of,
    keys_of,
    rooted,
)

from fulian_desktop.errors import NotAllowed
from fulian_desktop.exchange.enrol import read_invitation, read_request, write_invitation, write_request
from fulian_desktop.exchange.envelope import seal, unseal
from fulian_desktop.exchange.keys import fingerprint
from fulian_desktop.exchange.package import Contents, open_package, write_package
from fulian_desktop.exchange.refusals import PackageRefused
from fulian_desktop.exchange.sealed import decrypt, encrypt
from fulian_desktop.exchange.statements import issue_certificate, issue_revocation, issue_superior
from fulian_desktop.exchange.trust import Trust

PROFILE = {
    "name": "郭家堡乡妇联",
    "units": [{"code": VILLAGE, "name": "东阳村"}, {"code": SIBLING, "name": "西阳村"}],
}


def an_invitation(name: str = "town", trust=TOWN_TRUST, **changed):
    arguments = {
        "keys": keys_of(name),
        "trust": trust,
        "epoch": EPOCH,
        "seq": 1,
        "made": MADE,
        "profile": PROFILE,
        "segments": [a_segment("town", a_stream(TOWN, "published"))],
        "package": "a" * 32,
    }
    return write_invitation(**(arguments | changed))


def a_request(name: str = "sibling", unit: str = SIBLING, **changed):
    arguments = {
        "keys": keys_of(name),
        "unit": unit,
        "epoch": "cd" * 16,
        "made": MADE,
        "package": "b" * 32,
        "recipients": [keys_of("town").box_public],
        "profile": {"name": "西阳村妇联", "person": "王桂芳"},
    }
    return write_request(**(arguments | changed))


def received(data, name="town", unit=TOWN):
    return read_request(data, keys=[keys_of(name)], own_unit=unit)


def code_of(act) -> str:
    with pytest.raises(PackageRefused) as caught:
        act()
    assert "{" not in caught.value.text
    return caught.value.code


def test_the_whole_trip_from_invitation_to_first_report():
    invitation = read_invitation(an_invitation())
    assert invitation.unit == TOWN
    assert invitation.contents.profile == PROFILE
    assert invitation.fingerprint == fingerprint(keys_of("town").sign_public)
    assert len(invitation.segments) == 1

    village = invitation.trust_for(SIBLING)
    data = a_request(recipients=invitation.trust.boxes_for(invitation.unit))
    request = received(data)
    assert (request.unit, request.profile["person"]) == (SIBLING, "王桂芳")
    assert request.fingerprint == fingerprint(keys_of("sibling").sign_public)

    first = a_package("sibling", unit=SIBLING, segments=[a_segment("sibling", a_stream(SIBLING))])
    package = open_package(
        first,
        trust=TOWN_TRUST,
        keys=[keys_of("town")],
        own_unit=TOWN,
        extra_signers={request.claim.key: request.signer},
    )
    assert len(package.segments) == 1

    certificate = issue_certificate(keys_of("town"), issuer=TOWN, claim=request.claim, serial=2)
    answer = write_package(
        keys=keys_of("town"),
        kind="certificate",
        unit=TOWN,
        epoch=EPOCH,
        seq=2,
        made=MADE,
        recipients=[request.claim.box],
        contents=Contents(statements=(certificate,)),
    )
    home = open_package(answer, trust=village, keys=[keys_of("sibling")], own_unit=SIBLING)
    assert home.statements == (*TOWN_TRUST.statements[:0], certificate)
    assert home.trust.signer(keys_of("sibling").key).unit == SIBLING


def test_a_request_is_ciphertext_to_whoever_finds_the_stick():
    assert "王桂芳".encode() not in a_request()
    assert code_of(lambda: received(a_request(), name="stranger")) == "not-for-us"


def test_a_request_to_an_unknown_office_names_nobody():
    with pytest.raises(ValueError, match="names nobody"):
        a_request(recipients=())
    assert received(a_request(recipients=(), profile={})).profile == {}


def test_a_request_from_elsewhere_is_refused():
    assert code_of(lambda: received(a_request("far", FAR_VILLAGE))) == "out-of-scope"
    elsewhere = a_request("far", FAR_VILLAGE, recipients=[keys_of("other").box_public])
    assert code_of(lambda: received(elsewhere)) == "not-for-us"


def test_a_second_computer_of_the_same_office_may_ask():
    assert received(a_request("town-2", TOWN)).unit == TOWN


def resigned(data: bytes, by: str, **header: object) -> bytes:
    envelope = unseal(data)
    return seal(keys_of(by), replace(envelope.header, **header), bytes(envelope.payload))


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"chain": (claim_of("stranger", SIBLING).text,)}, "forged"),
        ({"chain": (claim_of("sibling", VILLAGE).text,)}, "forged"),
        ({"chain": (certified("sibling", SIBLING, by="town", issuer=TOWN),)}, "forged"),
        ({"chain": ()}, "damaged"),
        ({"chain": (claim_of("sibling", SIBLING).text,) * 2}, "damaged"),
        ({"chain": ("x",)}, "forged"),
        ({"unit": VILLAGE}, "forged"),
        ({"key": keys_of("stranger").key}, "forged"),
    ],
)
def test_a_request_speaks_for_the_key_that_signed_it_and_no_other(header, code):
    assert code_of(lambda: received(resigned(a_request(), "sibling", **header))) == code


def test_a_request_under_anothers_claim_is_forged():
    assert code_of(lambda: received(resigned(a_request(), "stranger"))) == "forged"


def test_anothers_ciphertext_under_ones_own_request_is_refused():
    data = resigned(
        a_request(), "stranger", key=keys_of("stranger").key, chain=(claim_of("stranger", SIBLING).text,)
    )
    assert code_of(lambda: received(data)) == "inner-disagrees"


def test_a_request_whose_payload_was_exchanged_is_damaged():
    data = a_request()
    assert code_of(lambda: received(data[:-1] + bytes([data[-1] ^ 1]))) == "damaged"


def test_a_request_whose_payload_was_encrypted_anew_is_damaged():
    data = a_request()
    envelope = unseal(data)
    packed = decrypt(bytes(envelope.payload), [keys_of("town")])
    other = b""
    while len(other) != len(envelope.payload):  # age pads its header by chance
        other = encrypt(packed, [keys_of("town").box_public, keys_of("sibling").box_public])
    assert code_of(lambda: received(data[: -len(other)] + other)) == "damaged"


def test_a_request_that_carries_records_is_refused():
    data = write_package(
        keys=keys_of("sibling"),
        kind="request",
        unit=SIBLING,
        epoch=EPOCH,
        seq=1,
        made=MADE,
        recipients=[keys_of("town").box_public],
        segments=[a_segment("sibling", a_stream(SIBLING))],
        chain=[claim_of("sibling", SIBLING).text],
    )
    assert code_of(lambda: received(data)) == "form"


@pytest.mark.parametrize("read", [read_invitation, received])
def test_a_report_is_neither_an_invitation_nor_a_request(read):
    assert code_of(lambda: read(a_package())) == "wrong-kind"


def test_an_invitation_by_the_second_computer_pins_the_first():
    trust, _ = TOWN_TRUST.add([certified("town-2", TOWN, by="town", issuer=TOWN)])
    invitation = read_invitation(an_invitation("town-2", trust))
    assert invitation.fingerprint == fingerprint(keys_of("town").sign_public)
    assert invitation.trust.signer(keys_of("town-2").key).unit == TOWN
    assert len(invitation.trust.boxes_for(TOWN)) == 2


def test_an_invitation_by_an_office_under_a_county_pins_the_township_and_knows_the_county():
    vouched = issue_superior(keys_of("town"), issuer=TOWN, claim=claim_of("county", COUNTY), serial=1)
    trust, _ = TOWN_TRUST.add([vouched])
    invitation = read_invitation(an_invitation(trust=trust))
    assert invitation.trust_for(VILLAGE).signer(keys_of("county").key).unit == COUNTY


def test_an_office_whose_root_is_above_pins_itself_below():
    """A township that enrolled at its county is known by the county's certificate, and still invites."""
    trust = rooted("county", COUNTY, certified("town", TOWN, by="county", issuer=COUNTY), own=TOWN)
    invitation = read_invitation(an_invitation(trust=trust))
    assert invitation.fingerprint == fingerprint(keys_of("town").sign_public)


def test_an_office_that_is_not_certified_cannot_invite():
    with pytest.raises(NotAllowed):
        an_invitation("stranger")


def test_a_computer_that_was_its_own_root_before_it_joined_invites_for_the_root_it_joined():
    own = claim_of("town-2", TOWN).text
    joined = Trust(TOWN, (own, claim_of("town", TOWN).text))
    with pytest.raises(NotAllowed):
        an_invitation("town-2", joined)
    certified_there, _ = joined.add([certified("town-2", TOWN, by="town", issuer=TOWN)])
    invitation = read_invitation(an_invitation("town-2", certified_there))
    assert invitation.fingerprint == fingerprint(keys_of("town").sign_public)


@pytest.mark.parametrize(
    ("by", "header", "code"),
    [
        ("stranger", {}, "forged"),
        ("stranger", {"key": keys_of("stranger").key}, "forged"),
        ("town", {"chain": ()}, "damaged"),
        ("town", {"unit": SIBLING}, "forged"),
        ("town", {"chain": (claim_of("stranger", TOWN).text, claim_of("town", TOWN).text)}, "forged"),
        ("town", {"chain": (claim_of("town", TOWN).text[:-2] + '0"}',)}, "forged"),
    ],
)
def test_an_invitation_stands_or_falls_with_its_root(by, header, code):
    assert code_of(lambda: read_invitation(resigned(an_invitation(), by, **header))) == code


def test_an_invitation_whose_payload_was_exchanged_is_damaged():
    data = an_invitation()
    assert code_of(lambda: read_invitation(data[:-1] + bytes([data[-1] ^ 1]))) == "damaged"


def test_a_revoked_computer_cannot_invite():
    trust, _ = TOWN_TRUST.add([certified("town-2", TOWN, by="town", issuer=TOWN)])
    revocation = issue_revocation(
        keys_of("town"), issuer=TOWN, unit=TOWN, key=keys_of("town-2").key, cuts=(), keeps=(), serial=3
    )
    with pytest.raises(NotAllowed):
        an_invitation("town-2", trust.add(revocation)[0])
    data = write_package(
        keys=keys_of("town-2"),
        kind="invitation",
        unit=TOWN,
        epoch=EPOCH,
        seq=1,
        made=MADE,
        recipients=(),
        contents=Contents(statements=revocation),
        chain=[claim_of("town", TOWN).text, *trust.chain(keys_of("town-2").key)],
    )
    assert code_of(lambda: read_invitation(data)) == "revoked"


def test_a_foreign_segment_in_an_invitation_is_refused_alone():
    segments = [
        a_segment("stranger", a_stream(TOWN, "published")),
        a_segment("town", a_stream(TOWN, "published")),
    ]
    invitation = read_invitation(an_invitation(segments=segments))
    assert [p.code for p in invitation.problems] == ["segment-unknown"]
    assert len(invitation.segments) == 1


def test_an_invitation_reads_the_same_from_its_path(tmp_path):
    path = tmp_path / "a.flpkg"
    path.write_bytes(an_invitation())
    assert sha256(read_invitation(path).header.hash.encode()).digest()
    assert read_invitation(path).header == read_invitation(an_invitation()).header

"""Statements one by one, then what a set of them means."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest
from tests.exchange.builders import (
    CITY,
    COUNTY,
    EPOCH,
    FAR_VILLAGE,
    OTHER_COUNTY,
    OTHER_TOWN,
    SIBLING,
    TOWN,
    TOWN_TRUST,
    VILLAGE,
    VILLAGE_TRUST,
    a_stream,
    certified,
    claim_of,
    keys_of,
    rooted,
)

from fulian_desktop.errors import NotAllowed
from fulian_desktop.exchange.statements import (
    CONTEXT,
    MAX_CHAIN,
    BadStatement,
    Claim,
    Cut,
    Revocation,
    Vouching,
    issue_certificate,
    issue_revocation,
    issue_superior,
    make_claim,
    read_statement,
    statement_name,
)
from fulian_desktop.exchange.trust import Trust
from fulian_desktop.ledger.streams import start_name


def key(name: str) -> str:
    return keys_of(name).key


def units(trust: Trust, *names: str) -> list[str | None]:
    signers = [trust.signer(key(name)) for name in names]
    return [signer.unit if signer else None for signer in signers]


def superior(name: str, unit: str, *, by: str, issuer: str, serial: int = 1) -> str:
    return issue_superior(keys_of(by), issuer=issuer, claim=claim_of(name, unit), serial=serial)


def revoked(name: str, unit: str, *, by: str, issuer: str, cuts=(), keeps=(), serial: int = 9) -> list[str]:
    return issue_revocation(
        keys_of(by), issuer=issuer, unit=unit, key=key(name), cuts=cuts, keeps=keeps, serial=serial
    )


def signed_anew(text: str, by: str, **changed: object) -> str:
    """The same statement with other values, soundly signed by ``by``."""
    raw = json.loads(text[128:]) | changed
    raw = {name: value for name, value in raw.items() if value is not ...}
    data = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return keys_of(by).sign(CONTEXT, data).hex() + data.decode()


# --- statements


def test_each_statement_comes_back_as_it_was_issued():
    claim = claim_of("village", VILLAGE)
    assert read_statement(claim.text) == claim
    certificate = read_statement(certified("village", VILLAGE, by="town", issuer=TOWN, serial=3))
    assert isinstance(certificate, Vouching)
    assert (certificate.unit, certificate.issuer, certificate.serial, certificate.upwards) == (
        VILLAGE,
        TOWN,
        3,
        False,
    )
    assert (certificate.key, certificate.issuer_key, certificate.box) == (
        key("village"),
        key("town"),
        claim.box,
    )
    vouched = read_statement(superior("county", COUNTY, by="town", issuer=TOWN))
    assert isinstance(vouched, Vouching)
    assert vouched.upwards
    cut = Cut(a_stream(), "1" * 64, 4)
    (text,) = revoked("village", VILLAGE, by="town", issuer=TOWN, cuts=[cut], keeps=["2" * 64])
    revocation = read_statement(text)
    assert isinstance(revocation, Revocation)
    assert (revocation.key, revocation.cuts, revocation.keeps) == (key("village"), (cut,), {"2" * 64})


def test_statements_name_no_person():
    assert set(json.loads(certified("village", VILLAGE, by="town", issuer=TOWN)[128:])) == {
        "box",
        "issuer",
        "issuer_key",
        "level",
        "proof",
        "serial",
        "sign",
        "type",
        "unit",
    }


CERTIFICATE = certified("village", VILLAGE, by="town", issuer=TOWN)
REVOCATION = revoked(
    "village", VILLAGE, by="town", issuer=TOWN, cuts=[Cut(a_stream(), "1" * 64, 4)], keeps=["2" * 64]
)[0]
START = start_name(a_stream()).hex()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "form"),
        ("0" * 128, "form"),
        (CERTIFICATE[1:], "form"),
        (CERTIFICATE + " ", "form"),
        ("é" * 200, "form"),
        (CERTIFICATE[:128].upper() + CERTIFICATE[128:], "form"),
        ("0" * 128 + '{"type":[]}', "form"),
        ("0" * 128 + CERTIFICATE[128:], "signature"),
        (CERTIFICATE[:128] + claim_of("village", VILLAGE).text[128:], "signature"),
        (CERTIFICATE.replace('"serial":1', '"serial":2'), "signature"),
        (signed_anew(CERTIFICATE, "stranger"), "signature"),
        (signed_anew(CERTIFICATE, "town", level="township"), "form"),
        (signed_anew(CERTIFICATE, "town", serial=0), "form"),
        (signed_anew(CERTIFICATE, "town", serial=True), "form"),
        (signed_anew(CERTIFICATE, "town", extra=1), "form"),
        (signed_anew(CERTIFICATE, "town", serial=...), "form"),
        (signed_anew(CERTIFICATE, "town", box="age1x"), "form"),
        (signed_anew(CERTIFICATE, "town", box=[]), "form"),
        (signed_anew(CERTIFICATE, "town", sign="0" * 63), "form"),
        (signed_anew(CERTIFICATE, "town", proof="0"), "form"),
        (signed_anew(CERTIFICATE, "town", unit="14070210120", level="village"), "form"),
        (signed_anew(CERTIFICATE, "town", type="diploma"), "form"),
        (signed_anew(CERTIFICATE, "town", proof="0" * 128), "signature"),
        (signed_anew(CERTIFICATE, "town", unit=SIBLING), "signature"),
        (signed_anew(CERTIFICATE, "town", box=keys_of("stranger").box_public), "signature"),
        (signed_anew(CERTIFICATE, "town", unit=FAR_VILLAGE), "scope"),
        (signed_anew(CERTIFICATE, "town", issuer=OTHER_TOWN), "scope"),
        (signed_anew(CERTIFICATE, "town", type="superior"), "scope"),
        (signed_anew(REVOCATION, "town", key="x"), "form"),
        (signed_anew(REVOCATION, "town", cuts=1), "form"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "ordinary", 4]]), "form"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "ordinary", -1, "1" * 64]]), "form"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "ordinary", 0, "1" * 64]]), "form"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "secret", 4, "1" * 64]]), "form"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "ordinary", 4, "1"]]), "form"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "ordinary", 4, "1" * 64]] * 2), "form"),
        (signed_anew(REVOCATION, "town", statements=["2" * 64, "1" * 64]), "form"),
        (signed_anew(REVOCATION, "town", statements=[1]), "form"),
        (signed_anew(REVOCATION, "town", key=key("town")), "form"),
        (signed_anew(REVOCATION, "town", unit=FAR_VILLAGE), "scope"),
        (signed_anew(REVOCATION, "town", unit=FAR_VILLAGE, cuts=[]), "scope"),
        (signed_anew(REVOCATION, "town", cuts=[[EPOCH, SIBLING, "ordinary", 4, "1" * 64]]), "scope"),
    ],
)
def test_a_statement_with_a_flaw_is_not_read(text, why):
    with pytest.raises(BadStatement) as caught:
        read_statement(text)
    assert caught.value.why == why


def test_a_cut_at_the_start_of_a_stream_is_sound():
    text = signed_anew(REVOCATION, "town", cuts=[[EPOCH, VILLAGE, "ordinary", 0, START]])
    assert read_statement(text).cuts == (Cut(a_stream(), START, 0),)


def test_scope_goes_by_segments_of_the_code_never_by_a_bare_prefix():
    """A county's code minus zeros is a prefix of the other township's villages; a township's is not."""
    near = "140702100000"
    with pytest.raises(NotAllowed):
        certified("x", "140702101000", by="town", issuer=near)
    assert certified("x", "140702100201", by="town", issuer=near)


@pytest.mark.parametrize(
    ("unit", "issuer"),
    [
        (TOWN, VILLAGE),
        (FAR_VILLAGE, TOWN),
        (OTHER_TOWN, TOWN),
        (OTHER_COUNTY, COUNTY),
        (SIBLING, VILLAGE),
    ],
)
def test_nobody_certifies_beyond_its_subtree(unit, issuer):
    with pytest.raises(NotAllowed):
        certified("x", unit, by="y", issuer=issuer)


def test_nobody_vouches_for_a_superior_that_is_none():
    for unit in (OTHER_COUNTY, VILLAGE, TOWN):
        with pytest.raises(NotAllowed):
            superior("x", unit, by="town", issuer=TOWN)


def test_nobody_revokes_itself_or_beyond_its_subtree():
    with pytest.raises(NotAllowed):
        revoked("town", TOWN, by="town", issuer=TOWN)
    with pytest.raises(NotAllowed):
        revoked("x", FAR_VILLAGE, by="town", issuer=TOWN)


def test_nobody_certifies_its_own_key():
    with pytest.raises(NotAllowed):
        issue_certificate(keys_of("town"), issuer=TOWN, claim=make_claim(keys_of("town"), VILLAGE), serial=1)


# --- who is known


def test_a_root_knows_itself_and_those_it_certified():
    assert units(TOWN_TRUST, "town", "village", "stranger") == [TOWN, VILLAGE, None]
    assert TOWN_TRUST.signer(key("town")).root
    assert not TOWN_TRUST.signer(key("village")).root


def test_a_chain_goes_down_step_by_step():
    trust = rooted("county", COUNTY, certified("town", TOWN, by="county", issuer=COUNTY), CERTIFICATE)
    assert units(trust, "county", "town", "village") == [COUNTY, TOWN, VILLAGE]


def test_a_missing_link_is_named():
    trust = rooted("county", COUNTY, CERTIFICATE)
    assert trust.signer(key("village")) is None
    assert trust.missing_issuer(key("village")) == TOWN
    assert trust.missing_issuer(key("stranger")) is None
    assert trust.missing_issuer(key("county")) is None


def test_an_issuer_that_says_another_unit_than_its_own_certifies_nobody():
    """The village's key, known as the village's, signs as if it were the township."""
    forged = certified("stranger", SIBLING, by="village", issuer=TOWN)
    assert units(TOWN_TRUST.add([forged])[0], "stranger") == [None]


def test_a_village_certifies_nobody_not_even_its_second_computer():
    trust, problems = TOWN_TRUST.add([certified("village-2", VILLAGE, by="village", issuer=VILLAGE)])
    assert units(trust, "village-2") == [None]
    assert problems == []
    by_town, _ = trust.add([certified("village-2", VILLAGE, by="town", issuer=TOWN)])
    assert units(by_town, "village-2") == [VILLAGE]


def test_a_village_on_its_own_may_have_a_second_computer():
    trust = rooted("village", VILLAGE, certified("village-2", VILLAGE, by="village", issuer=VILLAGE))
    assert units(trust, "village-2") == [VILLAGE]


def test_a_township_certifies_its_second_computer_and_that_one_its_villages():
    trust, _ = VILLAGE_TRUST.add(
        [
            certified("town-2", TOWN, by="town", issuer=TOWN),
            certified("sibling", SIBLING, by="town-2", issuer=TOWN),
        ]
    )
    assert units(trust, "town-2", "sibling") == [TOWN, SIBLING]


def test_a_county_that_joins_later_is_known_below_by_the_townships_word():
    vouched = superior("county", COUNTY, by="town", issuer=TOWN)
    trust, _ = VILLAGE_TRUST.add([vouched])
    assert units(trust, "county", "town", "village") == [COUNTY, TOWN, VILLAGE]
    other = certified("far", OTHER_TOWN, by="county", issuer=COUNTY)
    city = superior("city", CITY, by="county", issuer=COUNTY)
    assert units(trust.add([other, city])[0], "far", "city") == [OTHER_TOWN, CITY]


def test_nobody_below_puts_a_superior_over_us():
    trust, _ = TOWN_TRUST.add([superior("false-county", COUNTY, by="village", issuer=VILLAGE)])
    assert units(trust, "false-county") == [None]
    county = rooted(
        "county",
        COUNTY,
        certified("town", TOWN, by="county", issuer=COUNTY),
        superior("false-county", COUNTY, by="town", issuer=TOWN),
        superior("false-city", CITY, by="town", issuer=TOWN),
    )
    assert units(county, "false-county", "false-city") == [None, None]


def test_a_sibling_puts_no_superior_over_us():
    trust, _ = VILLAGE_TRUST.add(
        [
            certified("sibling", SIBLING, by="town", issuer=TOWN),
            superior("false", COUNTY, by="sibling", issuer=SIBLING),
        ]
    )
    assert units(trust, "false") == [None]


def test_a_new_root_is_pinned_beside_the_lost_one():
    trust = VILLAGE_TRUST.pin(claim_of("new-town", TOWN).text)
    assert units(trust, "town", "new-town", "village") == [TOWN, TOWN, VILLAGE]
    assert trust.pins[-1] == claim_of("new-town", TOWN).text
    assert trust.boxes_for(TOWN) == sorted(keys_of(name).box_public for name in ("town", "new-town"))


def test_a_pin_is_a_claim():
    with pytest.raises(BadStatement):
        Trust(TOWN, [CERTIFICATE])


def test_boxes_are_those_of_every_certified_unrevoked_computer():
    trust, _ = TOWN_TRUST.add([certified("village-2", VILLAGE, by="town", issuer=TOWN)])
    assert trust.boxes_for(VILLAGE) == sorted(keys_of(n).box_public for n in ("village", "village-2"))
    without, _ = trust.add(revoked("village", VILLAGE, by="town", issuer=TOWN))
    assert without.boxes_for(VILLAGE) == [keys_of("village-2").box_public]
    assert trust.boxes_for(SIBLING) == []


def test_a_bad_statement_is_listed_and_the_rest_stand():
    trust, problems = rooted("town", TOWN).add(
        ["x", signed_anew(CERTIFICATE, "town", unit=FAR_VILLAGE), CERTIFICATE]
    )
    assert units(trust, "village") == [VILLAGE]
    assert [(p.code, p.unit) for p in problems] == [("statement", ""), ("statement-scope", TOWN)]


def test_nothing_new_gives_the_same_state():
    assert TOWN_TRUST.add([CERTIFICATE])[0] is TOWN_TRUST
    assert TOWN_TRUST.add([claim_of("village", VILLAGE).text])[0] is TOWN_TRUST


def test_a_state_can_be_stored_and_made_again():
    again = Trust(TOWN_TRUST.own_unit, TOWN_TRUST.pins, TOWN_TRUST.statements)
    assert units(again, "town", "village") == [TOWN, VILLAGE]


def test_the_chain_of_a_key_is_enough_for_one_who_knows_its_root():
    second = certified("town-2", TOWN, by="town", issuer=TOWN)
    sibling = certified("sibling", SIBLING, by="town-2", issuer=TOWN)
    trust, _ = TOWN_TRUST.add([second, sibling])
    assert trust.chain(key("sibling")) == (sibling, second)
    assert trust.chain(key("town")) == ()
    assert units(rooted("town", TOWN, *trust.chain(key("sibling"))), "sibling") == [SIBLING]


def test_a_key_certified_over_and_over_still_has_a_chain_that_fits_a_header():
    texts = [certified("village", VILLAGE, by="town", issuer=TOWN, serial=n) for n in range(1, 40)]
    assert len(TOWN_TRUST.add(texts)[0].chain(key("village"))) == MAX_CHAIN


# --- revoking


def test_a_revoked_key_is_still_known_but_marked():
    trust, _ = TOWN_TRUST.add(revoked("village", VILLAGE, by="town", issuer=TOWN))
    assert trust.signer(key("village")).revoked
    assert trust.revoked_keys() == {key("village")}
    assert not trust.signer(key("town")).revoked


def test_all_cuts_are_given_so_that_the_ledger_can_take_the_earlier():
    early, late = Cut(a_stream(), "1" * 64, 3), Cut(a_stream(), "2" * 64, 8)
    trust, _ = TOWN_TRUST.add(
        [
            *revoked("village", VILLAGE, by="town", issuer=TOWN, cuts=[late], serial=1),
            *revoked("village", VILLAGE, by="town", issuer=TOWN, cuts=[early], serial=2),
        ]
    )
    assert trust.cuts() == [early, late]
    assert trust.limits(key("village"), a_stream()) == [early, late]


def test_in_a_stream_that_no_revocation_names_nothing_counts():
    cut = Cut(a_stream(), "1" * 64, 3)
    trust, _ = TOWN_TRUST.add(revoked("village", VILLAGE, by="town", issuer=TOWN, cuts=[cut]))
    other = a_stream(epoch="cd" * 16)
    assert trust.limits(key("village"), other) == [Cut(other, start_name(other).hex(), 0)]
    assert trust.limits(key("town"), other) == []


def test_a_sibling_or_a_stranger_cannot_revoke():
    texts = [
        signed_anew(REVOCATION, "sibling", issuer_key=keys_of("sibling").sign_public.hex()),
        signed_anew(REVOCATION, "stranger", issuer_key=keys_of("stranger").sign_public.hex()),
        *revoked("village", VILLAGE, by="village-2", issuer=VILLAGE),
    ]
    trust, _ = TOWN_TRUST.add(
        [
            *texts,
            certified("sibling", SIBLING, by="town", issuer=TOWN),
            certified("village-2", VILLAGE, by="town", issuer=TOWN),
        ]
    )
    assert trust.revoked_keys() == frozenset()
    assert trust.cuts() == []


def test_a_key_below_cannot_revoke_the_one_above():
    text = signed_anew(
        REVOCATION,
        "village",
        issuer=TOWN,
        unit=TOWN,
        key=key("town"),
        cuts=[],
        issuer_key=keys_of("village").sign_public.hex(),
    )
    assert TOWN_TRUST.add([text])[0].revoked_keys() == frozenset()


def test_the_first_computer_revokes_the_second_and_never_the_other_way():
    second = certified("town-2", TOWN, by="town", issuer=TOWN)
    trust, _ = TOWN_TRUST.add([second, *revoked("town", TOWN, by="town-2", issuer=TOWN)])
    assert trust.revoked_keys() == frozenset()
    trust, _ = trust.add(revoked("town-2", TOWN, by="town", issuer=TOWN))
    assert trust.revoked_keys() == {key("town-2")}


def test_a_later_pin_revokes_an_earlier_one_of_its_unit_and_never_the_other_way():
    trust = VILLAGE_TRUST.pin(claim_of("new-town", TOWN).text)
    attacked, _ = trust.add(revoked("new-town", TOWN, by="town", issuer=TOWN))
    assert attacked.revoked_keys() == frozenset()
    healed, _ = attacked.add(revoked("town", TOWN, by="new-town", issuer=TOWN))
    assert healed.revoked_keys() == {key("town")}


def test_what_a_revoked_key_certified_holds_only_if_it_is_named():
    second = certified("town-2", TOWN, by="town", issuer=TOWN)
    kept = certified("village", VILLAGE, by="town-2", issuer=TOWN)
    forged = certified("sibling", SIBLING, by="town-2", issuer=TOWN)
    trust = rooted("town", TOWN, second, kept)
    assert trust.issued_by(key("town-2")) == {statement_name(kept)}
    trust, _ = trust.add(
        revoked("town-2", TOWN, by="town", issuer=TOWN, keeps=trust.issued_by(key("town-2")))
    )
    trust, _ = trust.add([forged])
    assert units(trust, "village", "sibling", "town-2") == [VILLAGE, None, TOWN]


def test_a_revocation_by_a_key_that_is_itself_revoked_holds_only_if_it_is_named():
    second = certified("town-2", TOWN, by="town", issuer=TOWN)
    malice = revoked("village", VILLAGE, by="town-2", issuer=TOWN)
    trust = rooted("town", TOWN, second, CERTIFICATE, *malice)
    assert trust.revoked_keys() == {key("village")}
    gone, _ = trust.add(revoked("town-2", TOWN, by="town", issuer=TOWN))
    assert gone.revoked_keys() == {key("town-2")}
    kept, _ = trust.add(revoked("town-2", TOWN, by="town", issuer=TOWN, keeps=[statement_name(malice[0])]))
    assert kept.revoked_keys() == {key("town-2"), key("village")}


def test_the_county_replaces_a_stolen_township_key_and_the_villages_follow():
    vouched = superior("county", COUNTY, by="town", issuer=TOWN)
    trust, _ = VILLAGE_TRUST.add(
        [
            vouched,
            certified("town-new", TOWN, by="county", issuer=COUNTY),
            *revoked(
                "town",
                TOWN,
                by="county",
                issuer=COUNTY,
                keeps=[statement_name(vouched), statement_name(CERTIFICATE)],
            ),
        ]
    )
    assert units(trust, "county", "town-new", "village") == [COUNTY, TOWN, VILLAGE]
    assert trust.revoked_keys() == {key("town")}
    assert trust.boxes_for(TOWN) == [keys_of("town-new").box_public]


def test_a_superior_that_a_revoked_key_made_up_afterwards_falls():
    vouched = superior("county", COUNTY, by="town", issuer=TOWN)
    trust, _ = VILLAGE_TRUST.add(
        [
            vouched,
            *revoked(
                "town",
                TOWN,
                by="county",
                issuer=COUNTY,
                keeps=[statement_name(vouched), statement_name(CERTIFICATE)],
            ),
            superior("false-county", COUNTY, by="town", issuer=TOWN, serial=2),
            *revoked("village", VILLAGE, by="false-county", issuer=COUNTY),
        ]
    )
    assert units(trust, "county", "false-county") == [COUNTY, None]
    assert trust.revoked_keys() == {key("town")}


def test_a_township_revokes_its_second_computer_at_the_county_too():
    trust = rooted(
        "county",
        COUNTY,
        certified("town", TOWN, by="county", issuer=COUNTY),
        certified("town-2", TOWN, by="town", issuer=TOWN),
        certified("town-3", TOWN, by="county", issuer=COUNTY),
    )
    by_second, _ = trust.add(revoked("town", TOWN, by="town-2", issuer=TOWN))
    assert by_second.revoked_keys() == frozenset()
    trust, _ = trust.add(revoked("town-2", TOWN, by="town", issuer=TOWN))
    trust, _ = trust.add(revoked("town-3", TOWN, by="town", issuer=TOWN))
    assert trust.revoked_keys() == {key("town-2")}


def test_a_revocation_by_a_key_whose_own_certificate_fell_does_not_stand():
    """The thief of the second computer certifies a third, and lets that one revoke."""
    trust, _ = TOWN_TRUST.add(
        [
            certified("town-2", TOWN, by="town", issuer=TOWN),
            *revoked("town-2", TOWN, by="town", issuer=TOWN),
            certified("town-3", TOWN, by="town-2", issuer=TOWN),
            *revoked("village", VILLAGE, by="town-3", issuer=TOWN),
        ]
    )
    assert trust.revoked_keys() == {key("town-2")}


def test_a_revocation_names_the_right_units():
    wrong_unit = signed_anew(REVOCATION, "town", unit=SIBLING, cuts=[])
    assert TOWN_TRUST.add([wrong_unit])[0].revoked_keys() == frozenset()
    trust = rooted("county", COUNTY, certified("town", TOWN, by="county", issuer=COUNTY), CERTIFICATE)
    wrong_issuer = signed_anew(REVOCATION, "county", issuer_key=keys_of("county").sign_public.hex())
    assert trust.add([wrong_issuer])[0].revoked_keys() == frozenset()
    right = signed_anew(REVOCATION, "county", issuer=COUNTY, issuer_key=keys_of("county").sign_public.hex())
    assert trust.add([right])[0].revoked_keys() == {key("village")}


def test_a_long_revocation_becomes_several_that_count_together():
    cuts = [Cut(a_stream(epoch=f"{n:032x}"), "1" * 64, n) for n in range(1, 400)]
    keeps = [f"{n:064x}" for n in range(1000)]
    texts = revoked("village", VILLAGE, by="town", issuer=TOWN, cuts=cuts, keeps=keeps)
    assert len(texts) == 3
    assert all(len(text) <= 65_536 for text in texts)
    for half in (texts, texts[::-1]):
        trust, problems = TOWN_TRUST.add(half)
        assert problems == []
        assert trust.cuts() == sorted(cuts, key=lambda c: c.stream)
        assert trust.limits(key("village"), cuts[7].stream) == [cuts[7]]


def everything() -> list[str]:
    """A world with every kind of statement, good and bad, some cutting others down."""
    vouched = superior("county", COUNTY, by="town", issuer=TOWN)
    return [
        CERTIFICATE,
        vouched,
        certified("town-2", TOWN, by="town", issuer=TOWN),
        certified("sibling", SIBLING, by="town-2", issuer=TOWN),
        certified("far", OTHER_TOWN, by="county", issuer=COUNTY),
        certified("far-village", FAR_VILLAGE, by="far", issuer=OTHER_TOWN),
        certified("town-new", TOWN, by="county", issuer=COUNTY),
        superior("city", CITY, by="county", issuer=COUNTY),
        superior("false", COUNTY, by="town-2", issuer=TOWN),
        *revoked("county", COUNTY, by="false", issuer=COUNTY),
        *revoked("town", TOWN, by="county", issuer=COUNTY, keeps=[statement_name(vouched)]),
        *revoked("town-2", TOWN, by="town", issuer=TOWN, cuts=[Cut(a_stream(TOWN), "1" * 64, 3)]),
        *revoked("far", OTHER_TOWN, by="city", issuer=CITY, cuts=[Cut(a_stream(OTHER_TOWN), "1" * 64, 3)]),
        certified("village", VILLAGE, by="town-new", issuer=TOWN),
    ]


def picture(trust: Trust) -> object:
    names = [
        "town",
        "town-2",
        "town-new",
        "village",
        "sibling",
        "county",
        "city",
        "far",
        "far-village",
        "false",
    ]
    return [trust.signer(key(name)) for name in names], trust.cuts(), trust.revoked_keys(), trust.statements


def test_neither_order_nor_grouping_nor_repetition_has_any_influence():
    whole = everything()
    expected = picture(VILLAGE_TRUST.add(whole)[0])
    dice = random.Random(7)
    for _ in range(60):
        shuffled = whole + dice.sample(whole, 4)
        dice.shuffle(shuffled)
        trust = VILLAGE_TRUST
        while shuffled:
            size = dice.randint(1, 5)
            trust, _ = trust.add(shuffled[:size])
            shuffled = shuffled[size:]
            trust.cuts()
        assert picture(trust) == expected


def test_a_key_with_two_units_is_taken_the_same_way_whatever_the_order():
    one = certified("double", VILLAGE, by="town", issuer=TOWN)
    two = certified("double", SIBLING, by="town", issuer=TOWN)
    assert units(rooted("town", TOWN, one, two), "double") == units(rooted("town", TOWN, two, one), "double")


def test_three_thousand_villages_are_worked_out_quickly():
    import time

    trust = TOWN_TRUST
    sample = read_statement(CERTIFICATE)
    many = Trust(trust.own_unit, trust.pins)
    many._parsed = {
        f"{n:06d}": replace(sample, text=f"{n:06d}", name=f"{n:064x}", sign=n.to_bytes(32, "big"))
        for n in range(3000)
    }
    start = time.perf_counter()
    assert many.boxes_for(VILLAGE)
    assert time.perf_counter() - start < 1.0


def test_a_claim_cannot_stand_in_for_a_certificate():
    assert isinstance(read_statement(claim_of("village", VILLAGE).text), Claim)
    assert units(rooted("town", TOWN, claim_of("village", VILLAGE).text), "village") == [None]

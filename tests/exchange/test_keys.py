import re

import pyrage
import pytest
from tests.exchange.builders import fixed, keys_of

from fulian_desktop.exchange.keys import (
    OfficeKeys,
    box_id,
    fingerprint,
    is_box_public,
    key_id,
    spoken,
    verify,
)


def test_keys_from_fixed_bytes_are_always_the_same():
    assert OfficeKeys.generate(fixed("a")).to_json() == OfficeKeys.generate(fixed("a")).to_json()


def test_keys_from_the_system_differ():
    assert OfficeKeys.generate().key != OfficeKeys.generate().key


def test_keys_survive_being_stored():
    keys = keys_of("village")
    again = OfficeKeys.from_json(keys.to_json())
    assert (again.key, again.box) == (keys.key, keys.box)


def test_the_box_secret_is_one_that_age_reads():
    keys = keys_of("village")
    assert keys.box_secret.startswith("AGE-SECRET-KEY-1")
    sealed = pyrage.encrypt(b"x", [pyrage.x25519.Recipient.from_str(keys.box_public)])
    assert pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(keys.box_secret)]) == b"x"


def test_our_bech32_of_a_secret_is_the_one_of_age():
    for seed in "abcdefgh":
        keys = OfficeKeys.generate(fixed(seed))
        assert str(pyrage.x25519.Identity.from_str(keys.box_secret)) == keys.box_secret


@pytest.mark.parametrize(
    "raw",
    [
        {"sign": "00", "box": keys_of("a").box_secret},
        {"sign": "00" * 32, "box": "AGE-SECRET-KEY-1XX"},
        {"sign": "zz" * 32, "box": keys_of("a").box_secret},
    ],
)
def test_what_is_not_a_pair_of_keys_is_said(raw):
    with pytest.raises(ValueError, match=r".+"):
        OfficeKeys.from_json(raw)


def test_a_signature_fits_its_purpose_and_its_bytes_only():
    keys = keys_of("village")
    signature = keys.sign(b"one\n", b"data")
    assert verify(keys.sign_public, b"one\n", b"data", signature)
    assert not verify(keys.sign_public, b"two\n", b"data", signature)
    assert not verify(keys.sign_public, b"one\n", b"date", signature)
    assert not verify(keys_of("town").sign_public, b"one\n", b"data", signature)
    assert not verify(keys.sign_public, b"one\n", b"data", signature[:-1])
    assert not verify(keys.sign_public[:-1], b"one\n", b"data", signature)
    assert not verify(b"\xff" * 32, b"one\n", b"data", signature)


def test_a_fingerprint_is_six_groups_of_four_digits_and_that_of_the_id():
    keys = keys_of("village")
    assert re.fullmatch(r"\d{4}( \d{4}){5}", fingerprint(keys.sign_public))
    assert fingerprint(keys.sign_public) == spoken(key_id(keys.sign_public))
    assert fingerprint(keys.sign_public) != fingerprint(keys_of("town").sign_public)


def test_ids_are_thirty_two_hex_digits():
    keys = keys_of("village")
    for text in (keys.key, keys.box, key_id(keys.sign_public), box_id(keys.box_public)):
        assert re.fullmatch(r"[0-9a-f]{32}", text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        3,
        [],
        "",
        "age1",
        keys_of("a").box_public[:-1],
        keys_of("a").box_public.upper(),
        keys_of("a").box_public[:-1] + "q",
    ],
)
def test_what_nobody_can_encrypt_to_is_no_box_key(text):
    assert not is_box_public(text)
    assert is_box_public(keys_of("a").box_public)


def test_secrets_do_not_show_in_a_log():
    keys = keys_of("village")
    assert keys.box_secret not in repr(keys)
    assert keys.sign_seed.hex() not in repr(keys)

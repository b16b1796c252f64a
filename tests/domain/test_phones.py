"""Telephone numbers as people write them (DOMAIN §2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.phones import check_phone, mask_phone


@pytest.mark.parametrize(("typed", "normalised", "kind"), [
    ("13812345678", "13812345678", "mobile"), ("138 1234 5678", "13812345678", "mobile"),
    ("138-1234-5678", "13812345678", "mobile"),
    ("+86 13812345678", "13812345678", "mobile"), ("008613812345678", "13812345678", "mobile"),
    ("8613812345678", "13812345678", "mobile"),
    ("１３８１２３４５６７８", "13812345678", "mobile"), (13812345678, "13812345678", "mobile"),
    (13812345678.0, "13812345678", "mobile"),
    ("'13812345678", "13812345678", "mobile"), ("0874-7123456", "0874-7123456", "landline"),
    ("08747123456", "0874-7123456", "landline"),
    ("(0874)7123456", "0874-7123456", "landline"), ("（０８７４）７１２３４５６", "0874-7123456", "landline"),
    ("010-62345678", "010-62345678", "landline"),
    ("+86-10-62345678", "+86-10-62345678", None), ("0874—7123456", "0874-7123456", "landline"),
    ("0874-7123456-801", "0874-7123456转801", "landline"),
    ("0874-7123456转801", "0874-7123456转801", "landline"), ("12338", "12338", "service"),
    ("110", "110", "service"),
    ("400-123-4567", "4001234567", "service"), ("95588", "95588", "service"),
])
def test_a_number_is_brought_to_one_form(typed, normalised, kind):
    reading = check_phone(typed)
    assert (reading.normalised, reading.kind) == (normalised, kind)
    assert reading.valid == (reading.problem is None)


@pytest.mark.parametrize(("typed", "code", "says"), [
    ("1381234567", "length", "少一位：手机号要 11 位，现在是 10 位"),
    ("138123456789", "length", "多一位：手机号要 11 位，现在是 12 位"),
    ("138123456", "length", "少两位"), ("7123456", "area-code", "区号"),
    ("087471234", "length", "座机"),
    ("12812345678", "prefix", "13 到 19"), ("13812345678、13912345678", "several", "2 个号码"),
    ("13812345678/0874-7123456", "several", "2 个号码"),
    ("无电话", "characters", "号码"), ("1.38E+10", "excel-damage", "Excel"),
    ("138123456ab", "characters", "号码"), ("667788", "length", "手机号要 11 位"),
])
def test_a_doubtful_number_is_kept_as_typed_with_a_sentence(typed, code, says):
    reading = check_phone(typed)
    assert reading.problem.code == code
    assert says in reading.problem.text
    assert not reading.valid


def test_a_blank_is_no_problem():
    assert check_phone(" ").problem is None


@pytest.mark.parametrize(("number", "masked"), [
    ("13812345678", "138****5678"), ("0874-7123456", "0874-****456"), ("12338", "*****"),
    ("1381234567", "*******567"), ("", ""),
])
def test_a_masked_number_shows_too_little_to_dial(number, masked):
    assert mask_phone(number) == masked


@given(st.text(max_size=40))
def test_no_text_makes_the_check_fail(typed):
    assert check_phone(typed).valid in (True, False)

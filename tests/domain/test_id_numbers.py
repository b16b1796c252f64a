"""Resident ID numbers: GB 11643, and what Excel does to them (DOMAIN §3, FAULTS 67 and 68)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.id_numbers import age_on, check_digit, check_id_number, mask_id

# The specimen of GB 11643-1999 itself.
SPECIMEN = "11010519491231002X"


def codes(typed, **more):
    return [problem.code for problem in check_id_number(typed, **more).problems]


def test_the_specimen_of_the_standard_is_valid_and_says_who_it_is():
    reading = check_id_number(SPECIMEN)
    assert reading.valid
    assert reading.problems == ()
    assert (reading.sex, reading.birth_date, reading.region) == ("female", dt.date(1949, 12, 31), "110105")


def test_the_second_specimen_of_the_standard_ends_in_a_digit_and_is_of_a_time_out_of_bounds():
    assert check_id_number("440524188001010014").problems[0].code == "birth-date"
    assert check_digit("44052418800101001") == "4"


@pytest.mark.parametrize("typed", [
    "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231 002X",
    " 110105-19491231-002x ", "'11010519491231002X",
    "11010519491231002×", "1101051949\u200b1231002X", "110105　19491231　002ｘ",
])
def test_width_case_and_blanks_do_not_matter(typed):
    assert check_id_number(typed).normalised == SPECIMEN
    assert check_id_number(typed).valid


@given(
    st.sampled_from(["110105", "532201", "441900", "830000"]),
    st.dates(dt.date(1900, 1, 1), dt.date(2025, 12, 31)), st.integers(1, 999),
)
def test_a_built_number_is_valid_exactly_with_its_own_check_digit(region, birth, serial):
    first = f"{region}{birth:%Y%m%d}{serial:03}"
    right = check_digit(first)
    for digit in "0123456789X":
        reading = check_id_number(first + digit)
        assert reading.valid == (digit == right and region != "830000")
        assert reading.birth_date == birth
        assert reading.sex == ("male" if serial % 2 else "female")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_anywhere_is_always_noticed(place, shift):
    wrong = SPECIMEN[:place] + str((int(SPECIMEN[place]) + shift) % 10) + SPECIMEN[place + 1:]
    assert not check_id_number(wrong).valid


@given(st.integers(0, 15))
def test_two_digits_changed_about_are_always_noticed(place):
    swapped = SPECIMEN[:place] + SPECIMEN[place + 1] + SPECIMEN[place] + SPECIMEN[place + 2:]
    assert check_id_number(swapped).valid == (swapped == SPECIMEN)


@pytest.mark.parametrize(("typed", "expected"), [
    ("110105194912310021", ["check-digit"]), ("990105194912310021", ["check-digit"]),
    ("160105194912310028", ["region", "check-digit"]),
    ("110005194912310028", ["region", "check-digit"]), ("11010519491331002X", ["birth-date", "check-digit"]),
    ("110105190002290029", ["birth-date", "check-digit"]), ("1101051949123100", ["length"]),
    ("1101051949123100211", ["length"]),
    ("11010519491231002A", ["characters"]), ("身份证", ["characters"]),
    ("110105194X12310021", ["characters"]), ("123456789012345", ["length"]),
])
def test_each_thing_that_is_wrong_is_named(typed, expected):
    assert codes(typed) == expected
    assert not check_id_number(typed).valid


def test_the_length_problem_says_how_many_are_missing():
    assert "少 1 位" in check_id_number("11010519491231002").problems[0].text
    assert "多 1 位" in check_id_number("1101051949123100211").problems[0].text


@pytest.mark.parametrize("typed", [
    "110105194912310000", 1.10105194912310e17, 110105194912310000, "1.10105E+17", "1.10105194912310E+17",
])
def test_what_excel_did_to_a_number_is_recognised_and_named(typed):
    reading = check_id_number(typed)
    assert [p.code for p in reading.problems] == ["excel-damage"]
    assert "Excel" in reading.problems[0].text
    assert "文本" in reading.problems[0].text
    assert not reading.valid


def test_a_sound_number_that_happens_to_end_in_000_is_only_asked_about():
    firsts = (f"1101051985{day:04}{serial}00" for day in range(101, 129) for serial in range(1, 10))
    number = next(first + "0" for first in firsts if check_digit(first) == "0")
    assert check_id_number(number).valid
    assert codes(number) == ["excel-maybe"]


def test_an_old_number_of_15_digits_is_recognised_and_its_new_form_offered():
    reading = check_id_number("110105491231002")
    assert [p.code for p in reading.problems] == ["old-15"]
    assert SPECIMEN in reading.problems[0].text
    assert (reading.sex, reading.birth_date) == ("female", dt.date(1949, 12, 31))
    assert not reading.valid


def test_a_birth_date_to_come_is_a_problem_when_today_is_known():
    future = "11010520301231002"
    number = future + check_digit(future)
    assert codes(number) == []
    assert codes(number, today=dt.date(2026, 11, 21)) == ["future"]
    assert not check_id_number(number, today=dt.date(2026, 11, 21)).valid


def test_a_blank_is_no_problem():
    assert check_id_number("  ").problems == ()
    assert not check_id_number("").valid


@pytest.mark.parametrize("value", [3.5, float("nan"), True])
def test_a_cell_that_holds_no_number_of_a_card_is_a_problem(value):
    assert check_id_number(value).problems


@pytest.mark.parametrize(("birth", "day", "age"), [
    ("2000-03-08", "2026-03-07", 25), ("2000-03-08", "2026-03-08", 26), ("2000-02-29", "2026-02-28", 25),
    ("2000-02-29", "2026-03-01", 26),
    ("2026-01-01", "2026-11-21", 0), ("2026-12-01", "2026-11-21", 0),
])
def test_age_is_counted_in_completed_years(birth, day, age):
    assert age_on(dt.date.fromisoformat(birth), dt.date.fromisoformat(day)) == age


@pytest.mark.parametrize(("typed", "masked"), [
    (SPECIMEN, "1****************X"), ("110105491231002", "1*************2"), ("12", "**"), ("", ""),
])
def test_a_masked_number_shows_its_ends_only(typed, masked):
    assert mask_id(typed) == masked


@given(st.text(max_size=30))
def test_no_text_makes_the_check_fail(typed):
    assert not check_id_number(typed).valid or len(check_id_number(typed).normalised) == 18

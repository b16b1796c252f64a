"""Cleaning of text and the key that is searched (FAULTS 60, 65, 66, 67)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulian_desktop.domain.fields import Text
from fulian_desktop.domain.texts import clean_text, folded, quoted, search_key


def test_control_characters_are_removed_and_it_is_said():
    text, problems = clean_text("慰问\x07困难\x1b妇女\x85", max_code_points=20)
    assert text == "慰问困难妇女"
    assert [p.code for p in problems] == ["control"]
    assert "3 个" in problems[0].text


def test_line_ends_and_tabs_are_kept_in_one_form():
    assert clean_text(" 一\r\n二\r三\u2028四\t五 ", max_code_points=20) == ("一\n二\n三\n四\t五", ())


@pytest.mark.parametrize(("typed", "code"), [
    ("王\x00桂英", "nul"), ("王\ud842桂英", "surrogate"), ("王桂英" * 7, "too-long"),
])
def test_what_cannot_be_kept_is_refused_with_a_sentence(typed, code):
    text, problems = clean_text(typed, max_code_points=20)
    assert text is None
    assert problems[-1].code == code
    assert "请" in problems[-1].text


def test_length_is_counted_in_code_points():
    assert clean_text("𡛕" * 20, max_code_points=20) == ("𡛕" * 20, ())
    text, problems = clean_text("𡛕" * 21, max_code_points=20)
    assert text is None
    assert "删去 1 字" in problems[0].text


@pytest.mark.parametrize("name", [
    "阿依古丽·买买提", "𬱖䶮", "凞", "Ａ王", "e\u0301", "王\u200b英", "\u202e英桂王",
])
def test_names_stay_as_typed(name):
    assert clean_text(name, max_code_points=20) == (name, ())


@pytest.mark.parametrize(("old", "now"), [
    ("\ue863", "䶮"), ("\ue815", "⺁"), ("\ue819", "⺄"), ("\ue85c", "䴓"),  # moved with GB 18030-2000
    ("\ue816", "\U00020087"), ("\ue817", "\U00020089"), ("\ue818", "\U000200cc"),  # with GB 18030-2022, as all below
    ("\ue831", "\U000215d7"), ("\ue83b", "\U0002298f"), ("\ue855", "\U000241fe"),
    ("\ue81e", "\u9fb4"), ("\ue826", "\u9fb5"), ("\ue82b", "\u9fb6"), ("\ue82c", "\u9fb7"),
    ("\ue832", "\u9fb8"), ("\ue843", "\u9fb9"), ("\ue854", "\u9fba"), ("\ue864", "\u9fbb"),
    ("\ue78d", "\ufe10"), ("\ue78e", "\ufe12"), ("\ue78f", "\ufe11"), ("\ue790", "\ufe13"), ("\ue791", "\ufe14"),
    ("\ue792", "\ufe15"), ("\ue793", "\ufe16"), ("\ue794", "\ufe17"), ("\ue795", "\ufe18"), ("\ue796", "\ufe19"),
])
def test_a_private_code_point_of_an_old_program_is_kept_as_todays(old, now):
    assert clean_text(f"上{old}村", max_code_points=3) == (f"上{now}村", ())
    assert search_key(f"上{old}村") == search_key(f"上{now}村")


def test_the_moved_characters_are_those_of_the_older_standard_where_it_had_moved_them_already():
    codes = [bytes((0xFE, low)) for low in range(0x50, 0xA1) if low != 0x7F]
    agreed = 0
    for i, code in enumerate(codes):
        older = code.decode("gb18030")  # of the edition of 2000
        now, _ = clean_text(chr(0xE815 + i), max_code_points=1)
        assert now is not None
        assert not "\ue000" <= now <= "\uf8ff"
        agreed += now == older
        assert now == older or "\ue000" <= older <= "\uf8ff"
    assert agreed == 66


@pytest.mark.parametrize("char", ["\ue000", "\ue78c", "\ue797", "\ue814", "\ue865", "\uf8ff"])
def test_other_private_code_points_stay_as_typed(char):
    assert clean_text(f"上{char}村", max_code_points=3) == (f"上{char}村", ())


@pytest.mark.parametrize(("typed", "key"), [
    ("ＡＢＣ１２３", "abc123"), ("王\u200b桂\u2060英", "王桂英"), ("\u202e王桂英\u202c", "王桂英"),
    ("  王  桂英 ", "王 桂英"), ("WPS", "wps"),
    ("葛\U000e0100", "葛"), ("凞\ufe00", search_key("凞")), ("\ufeff王", "王"), ("王\u3000英", "王 英"),
    ("王\x07英", "王英"), ("㎡", "m2"),
])
def test_the_key_is_free_of_width_case_and_what_is_invisible(typed, key):
    assert search_key(typed) == key


@given(st.text(max_size=60))
def test_the_key_of_a_key_is_itself(typed):
    assert search_key(search_key(typed)) == search_key(typed)


@given(st.text(st.characters(), max_size=60))
def test_what_is_kept_is_always_what_the_ledger_takes(typed):
    text, problems = clean_text(typed, max_code_points=50)
    if text is None:
        assert problems
    else:
        assert text == "" or Text(50).check(text)


def test_a_blank_between_digits_is_no_thousands_separator():
    assert folded(" 30  40 人 ") == "30 40人"
    assert folded("３０\u3000人") == "30人"


def test_what_is_quoted_in_a_message_is_short():
    assert quoted("很长" * 40) == "“" + "很长" * 12 + "…”"
    assert quoted("一\n二") == "“一 二”"

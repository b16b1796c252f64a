"""Pinyin initials and search tokens, the latter against a real FTS5 table (DOMAIN §3, DESIGN §9)."""

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlite

from fulian_desktop.domain.pinyin import (
    Kind,
    initials,
    match_expression,
    query_tokens,
    search_tokens,
    tail_tokens,
)


@pytest.mark.parametrize(("name", "first"), [
    ("王桂英", "wgy"), ("单雄信", "sxx"), ("仇英", "qy"), ("曾国藩", "zgf"), ("解晓东", "xxd"),
    ("查良镛", "zly"), ("朴树", "ps"),
    ("区志强", "ozq"), ("盖文英", "gwy"), ("乐嘉", "yj"), ("欧阳修", "oyx"), ("尉迟恭", "ycg"),
    ("万俟卨", "mqx"), ("单于丹", "cyd"),
    ("长孙无忌", "zswj"), ("澹台明", "ttm"), ("万玉兰", "wyl"), ("翟秀英", "zxy"), ("覃秋菊", "qqj"),
    ("召红", "sh"), ("阚玉", "ky"),
    ("佴梅", "nm"), ("石秀", "sx"), ("叶芳", "yf"), ("强丽", "ql"), ("繁星", "px"), ("种玉", "cy"),
    ("折秀英", "sxy"), ("阿依古丽·买买提", "ayglmmt"),
    ("Mary·李", "maryl"), ("李2", "l2"), ("ABC", "abc"), ("诸葛亮", "zgl"), ("员晓丽", "yxl"),
])
def test_the_likeliest_initials_come_first(name, first):
    assert initials(name)[0] == first


@pytest.mark.parametrize(("name", "also"), [
    ("单雄信", "dxx"), ("覃秀", "tx"), ("李乐", "ly"), ("李乐", "ll"), ("王晟", "wc"), ("王晟", "ws"),
    ("刘长英", "lzy"), ("刘长英", "lcy"),
    ("隗丽", "kl"), ("尉丽", "yl"),
])
def test_other_plausible_initials_follow(name, also):
    assert also in initials(name)


@pytest.mark.parametrize("name", ["乐行长重朝会传茜", "单长乐", "覃乐行"])
def test_there_are_never_more_than_four(name):
    found = initials(name)
    assert 1 < len(found) <= 4
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("name", ["", "···", "，。", "\u200b"])
def test_what_has_no_reading_has_no_initials(name):
    assert initials(name) == ()


def test_names_are_read_by_the_hundred_thousand_a_second():
    parts = ("王李张刘陈杨单曾赵吴", "玉桂秀春建晓国志明丽", "英兰芳梅华强军平敏乐")
    names = ["".join(name) for name in product(*parts)] * 30
    initials("王")
    started = time.perf_counter()
    for name in names:
        initials(name)
    assert len(names) / (time.perf_counter() - started) > 50_000  # measured: 600,000 a second


# --- the index ---------------------------------------------------------------------------------------------

PEOPLE = {
    1: ("王桂英", "13812345678", "11010519491231002X"), 2: ("王桂兰", "13900001234", ""),
    3: ("单雄信", "", "532201198503080011"),
    4: ("阿依古丽·买买提", "", ""), 5: ("𬱖䶮", "", ""), 6: ("朱𡛕", "", ""),
    7: ("2026年最美家庭评选", "", ""), 8: ("WPS 表格培训", "", ""),
    9: ("李英", "0874-7125678", ""), 10: ("ＡＢＣ公司", "", ""), 11: ("桂英王", "", ""), 12: ("鿏鿕", "", ""),
    13: ("王e英", "", ""),
}


TABLE = (
    "CREATE VIRTUAL TABLE found USING fts5(tokens, content='', detail=none, "
    "tokenize='unicode61 remove_diacritics 0')"
)
INSERT = "INSERT INTO found(rowid, tokens) VALUES (?, ?)"
FIND = "SELECT rowid FROM found WHERE found MATCH ?"


def tokens_of(name, *numbers):
    return search_tokens(name) + [token for number in numbers for token in tail_tokens(number)]


@pytest.fixture(scope="module")
def index():
    connection = sqlite.connect(":memory:")
    connection.execute(TABLE)
    for key, row in PEOPLE.items():
        connection.execute(INSERT, (key, " ".join(tokens_of(*row))))
    yield connection
    connection.close()


def look_up(index, query):
    expression = match_expression(query)
    if expression is None:
        return set()
    return {key for (key,) in index.execute(FIND, (expression,))}


@pytest.mark.parametrize(("query", "expected"), [
    ("王桂英", {1}), ("桂英", {1, 11}), ("王", {1, 2, 11, 13}), ("英", {1, 9, 11, 13}), ("wgy", {1}),
    ("WGY", {1}), ("ｗｇｙ", {1}), ("wgl", {2}),
    ("wg", {1, 2}), ("sxx", {3}), ("dxx", {3}), ("5678", {1, 9}), ("345678", {1, 9}), ("13812345678", {1, 9}),
    ("1381", set()), ("002X", {1}), ("002x", {1}),
    ("0011", {3}), ("阿依古丽·买买提", {4}), ("阿依古丽买买提", {4}), ("古丽 买买提", {4}), ("ayglmmt", {4}),
    ("𬱖䶮", {5}), ("𬱖", {5}), ("䶮", {5}),
    ("𡛕", {6}), ("朱𡛕", {6}), ("2026", {7}), ("最美家庭", {7}), ("zmjt", {7}), ("wps", {8}), ("WPS", {8}),
    ("表格", {8}), ("abc", {10}), ("公司", {10}),
    ("王 1234", {2}), ("王gy", {1, 11}), ("王\u200b桂英", {1}), ("李兰", set()), ("9999", set()),
    ("鿏鿕", {12}), ("鿕", {12}), ("", set()), ('"', set()),
    ("王' OR 1", set()), ("* AND", set()), ("7125678", {1, 9}), ("08747125678", {1, 9}), ("0874-7125678", {1, 9}),
])
def test_what_people_type_finds_whom_they_mean(index, query, expected):
    """Numbers are in the index by their last four digits; the caller compares the rest."""
    assert look_up(index, query) == expected


def test_every_token_stays_whole_in_the_tokenizer(index):
    """Each of our tokens is one term of the index: nothing in it parts it or is folded."""
    index.execute("CREATE VIRTUAL TABLE IF NOT EXISTS terms USING fts5vocab('found', 'row')")
    terms = {term for (term,) in index.execute("SELECT term FROM terms")}
    assert terms == {token for row in PEOPLE.values() for token in tokens_of(*row)}


@given(st.text(max_size=12))
@settings(max_examples=300)
def test_any_text_is_found_by_itself_and_no_query_is_a_syntax_error(typed):
    connection = sqlite.connect(":memory:")
    try:
        connection.execute(TABLE)
        connection.execute(INSERT, (1, " ".join(search_tokens(typed))))
        expression = match_expression(typed)
        if expression is not None:
            assert connection.execute(FIND, (expression,)).fetchall() == [(1,)]
    finally:
        connection.close()


@pytest.mark.parametrize(("query", "tokens", "kind"), [
    ("wgy", ["pwg", "pgy"], Kind.INITIALS), ("w", ["pw*"], Kind.INITIALS), ("桂英", ["c桂英"], Kind.TEXT),
    ("王", ["c王*"], Kind.TEXT),
    ("5678", ["t5678"], Kind.TAIL), ("002X", ["t002x"], Kind.TAIL), ("12", ["c12"], Kind.TEXT),
    ("王 5678", ["c王*", "t5678"], Kind.TEXT),
    ("", [], Kind.NOTHING), ("·", [], Kind.NOTHING),
])
def test_a_query_is_taken_for_what_it_is(query, tokens, kind):
    assert query_tokens(query) == (tokens, kind)


@pytest.mark.parametrize(("query", "meant", "alike"), [
    ("yhy", "杨红英", "胡玉红"), ("sss", "宋珊珊", "宋珊"), ("dxdx", "单小单小", "小单小"), ("szs", "石章盛", "章石章"),
    ("111", "三组111号", "三组11号"), ("王小王", "王小王", "小王小"), ("𡛕梅𡛕", "𡛕梅𡛕", "梅𡛕梅"),
])
def test_the_index_alone_parts_those_of_the_same_pairs(query, meant, alike):
    connection = sqlite.connect(":memory:")
    connection.execute(TABLE)
    connection.executemany(INSERT, [(key, " ".join(search_tokens(text))) for key, text in enumerate((meant, alike))])
    assert look_up(connection, query) == {0}
    connection.close()


def test_other_tokens_need_another_number_in_the_view():
    """Whoever changes what comes here raises ``_TOKENS`` in store/view.py too, so that old indices are made anew."""
    assert search_tokens("单于晓于2") == [
        "c单于", "c于晓", "c晓于", "c于2", "c于晓于", "c2", "pcy", "pyx", "pxy", "py2", "pyxy", "p2",
    ]
    assert search_tokens("石章·盛", with_initials=False) == ["c石章", "c章盛", "c盛"]
    assert search_tokens("石章盛")[3:] == ["psz", "pdz", "pzs", "pzc", "pszs", "ps", "pc"]
    assert tail_tokens("138-1234-567X") == ["t567x"]


def test_short_numbers_are_not_indexed_by_their_tails():
    assert tail_tokens("123") == []
    assert tail_tokens("1381-234") == ["t1234"]


def test_the_table_of_initials_is_the_one_that_its_tool_makes():
    from tools.build_initials import table

    from fulian_desktop.resources import resource

    assert resource("initials.txt").read_text("utf-8") == table()

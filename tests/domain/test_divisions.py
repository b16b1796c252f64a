"""The shipped division codes: complete, in order, quick and small in memory."""

from __future__ import annotations

import lzma
import tracemalloc
from pathlib import Path

import pytest

from fulian_desktop.domain import divisions
from fulian_desktop.domain.divisions import Divisions
from fulian_desktop.domain.units import Level, covers, is_code, level_of
from fulian_desktop.errors import Damaged
from fulian_desktop.resources import resource


@pytest.fixture(scope="module")
def shipped() -> Divisions:
    return Divisions(resource("divisions.csv.xz"))


def test_every_line_of_the_shipped_file_is_a_code_and_a_name_and_no_code_comes_twice():
    text = lzma.decompress(resource("divisions.csv.xz").read_bytes()).decode()
    rows = [line.split(",") for line in text.splitlines() if not line.startswith("#")]
    assert all(len(row) == 2 and is_code(row[0]) and row[1].strip() == row[1] != "" for row in rows)
    counted = {level: 0 for level in Level}
    for code, _ in rows:
        counted[level_of(code)] += 1
    assert counted == {
        Level.PROVINCE: 31,
        Level.CITY: 342,
        Level.COUNTY: 2975,
        Level.TOWNSHIP: 41_351,
        Level.VILLAGE: 620_572,
    }
    assert len({code for code, _ in rows}) == len(rows)


def test_walking_down_from_every_county_reaches_every_township(shipped: Divisions):
    seen = 0
    for province, _ in shipped.children():
        for city, _ in shipped.children(province):
            for code, _ in shipped.children(city):
                # A city without counties has its townships right below it.
                seen += 1 if level_of(code) is Level.TOWNSHIP else len(shipped.children(code))
    assert seen == 41_351


@pytest.mark.parametrize(
    ("code", "first", "count"),
    [
        (None, ("110000000000", "北京市"), 31),
        ("140000000000", ("140100000000", "太原市"), 11),
        ("140700000000", ("140702000000", "榆次区"), 11),
        ("140702000000", ("140702001000", "北关街道"), 20),
        ("140702101000", ("140702101200", "东阳村委会"), 21),
        ("441900000000", ("441900003000", "东城街道"), 36),
    ],
)
def test_children_are_what_lies_directly_below(shipped: Divisions, code, first, count):
    rows = shipped.children(code)
    assert rows[0] == first
    assert len(rows) == count
    assert rows == sorted(rows)
    assert code is None or all(covers(code, child) for child, _ in rows)


@pytest.mark.parametrize("code", ["140702101200", "999999999999", "140702999000", "", "14", "村", "1" * 13])
def test_below_a_village_or_an_unknown_code_there_is_nothing(shipped: Divisions, code):
    assert shipped.children(code) == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("140000000000", "山西省"),
        ("441900000000", "东莞市"),
        ("350527000000", "金门县"),
        ("140702101000", "东阳镇"),
        ("140702101201", "上丁里村委会"),
        ("140702101999", None),
        ("140702999001", None),
        ("990000000001", None),
        ("not a code", None),
    ],
)
def test_a_code_has_its_official_name_or_none(shipped: Divisions, code, name):
    assert shipped.name_of(code) == name


def test_the_path_names_every_level_above(shipped: Divisions):
    names = [name for _, name in shipped.path_of("140702101201")]
    assert names == ["山西省", "晋中市", "榆次区", "东阳镇", "上丁里村委会"]
    assert [name for _, name in shipped.path_of("441900003000")] == ["广东省", "东莞市", "东城街道"]
    assert shipped.path_of("not a code") == []


@pytest.mark.parametrize(
    ("text", "level", "under", "expected"),
    [
        ("东阳", Level.TOWNSHIP, "140700000000", "140702101000"),
        ("东阳", Level.VILLAGE, "140702101000", "140702101200"),
        ("榆次", None, None, "140702000000"),
        ("东阳 上丁", None, "140000000000", "140702101201"),
        ("140702101201", None, None, "140702101201"),
        ("14070210120", Level.VILLAGE, None, "140702101200"),
    ],
)
def test_a_search_puts_the_best_first(shipped: Divisions, text, level, under, expected):
    assert shipped.search(text, level, under)[0][0] == expected


@pytest.mark.parametrize("text", ["", "   ", "9", ",", "\n", "没有这个村", "榆次 没有这个村", "x" * 100_000])
def test_a_search_for_nothing_finds_nothing(shipped: Divisions, text):
    assert shipped.search(text) == []


def test_a_search_stays_under_the_given_unit_and_within_the_limit(shipped: Divisions):
    rows = shipped.search("新", Level.VILLAGE, "140700000000", limit=7)
    assert len(rows) == 7
    assert all(covers("140700000000", code) and level_of(code) is Level.VILLAGE for code, _ in rows)
    assert len(shipped.search("村", limit=5)) == 5


def test_the_villages_of_one_township_are_answered_without_loading_the_country():
    tracemalloc.start()
    try:
        assert len(Divisions(resource("divisions.csv.xz")).children("140702101000")) == 21
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # 47,000 upper rows and one province; all 620,000 villages as objects would take some 90 MB.
    assert peak < 32_000_000


@pytest.mark.parametrize("where", [0, 40, 200_000, -200_000])
def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path, where: int):
    data = bytearray(resource("divisions.csv.xz").read_bytes())
    data[where] ^= 0x41
    path = tmp_path / "damaged.xz"
    path.write_bytes(data)
    with pytest.raises(Damaged):
        Divisions(path).search("没有这个村")


def test_a_file_cut_short_is_said_to_be_damaged(tmp_path: Path):
    path = tmp_path / "short.xz"
    path.write_bytes(resource("divisions.csv.xz").read_bytes()[:5000])
    with pytest.raises(Damaged):
        Divisions(path).children()


def test_the_module_asks_the_shipped_list():
    assert divisions.children("140702101000")[0] == ("140702101200", "东阳村委会")
    assert divisions.name_of("140702101000") == "东阳镇"
    assert divisions.search("东阳", under="140702000000")[0] == ("140702101000", "东阳镇")

"""Finding the head of a table and what its columns are (FAULTS 70)."""

import pytest

from fulian_desktop.domain.kinds import all_kinds, kind_of
from fulian_desktop.sheets.columns import columns_of
from fulian_desktop.sheets.matching import find_head
from fulian_desktop.sheets.reader import Grid


def a_grid(*rows, merged=()):
    width = max(map(len, rows))
    return Grid("表", [[*row, *[None] * (width - len(row))] for row in rows], merged=list(merged))


def names_of(head):
    return {number: found.column.name for number, found in head.matched.items()}


@pytest.mark.parametrize(("written", "name"), [
    ("主题", "title"), ("活动名称", "title"), ("活动主题", "title"), ("主题*", "title"), ("主 题", "title"),
    ("活动\n名称", "title"), ("名称：", "title"),
    ("时间", "date"), ("活动时间", "date"), ("日期", "date"), ("日  期", "date"), ("开始日期", "date_from"),
    ("结束日期", "date_to"),
    ("参加人数", "participants"), ("参加人次", "participants"), ("人数", "participants"), ("参加人次(人次)", "participants"),
    ("参加人数（人）", "participants"),
    ("参加人次/万人次", "participants"), ("其中妇女", "women"), ("发放资料(份)", "materials"), ("发放资料（份）", "materials"),
    ("发放资料", "materials"),
    ("经费", "cost"), ("经费(元)", "cost"), ("经费（万元）", "cost"), ("经费来源", "fund_source"), ("备注", "remarks"),
    ("备 注", "remarks"),
])
def test_a_column_is_known_under_its_many_names(written, name):
    head = find_head(a_grid(["类别", written, "地点"], ["会议", "x", "y"]), kind_of("activity"))
    assert names_of(head)[2] == name


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_every_label_finds_its_own_column(kind):
    columns = columns_of(kind)
    head = find_head(a_grid([column.label for column in columns], ["x"]), kind)
    assert names_of(head) == {number: column.name for number, column in enumerate(columns, 1)}
    assert not head.unmatched


@pytest.mark.parametrize("kind", all_kinds(), ids=lambda kind: kind.code)
def test_no_two_columns_of_a_kind_have_the_same_label(kind):
    labels = [column.label for column in columns_of(kind)]
    assert sorted(set(labels)) == sorted(labels)


@pytest.mark.parametrize("above", [
    [], [["东山镇妇联2009年活动台账"]], [["东山镇妇联活动台账"], ["填报单位：东山镇"], [None]],
    [[None], [None], ["2009年度", None, "单位：人"]],
])
def test_the_head_is_found_below_titles(above):
    rows = [*above, ["序号", "时间", "活动名称", "参加人数"], [1, "3月6日", "宣讲", "68人"]]
    head = find_head(a_grid(*rows), kind_of("activity"))
    assert (head.first, head.last) == (len(above) + 1, len(above) + 1)
    assert names_of(head) == {2: "date", 3: "title", 4: "participants"}
    assert not head.unmatched  # 序号 is no column that anybody misses


def test_a_head_of_two_rows_is_read_as_one():
    rows = [
        ["活动台账", None, None, None, None, None],
        ["序号", "时间", "主题", "参加人数", None, None],
        [None, None, None, "合计", "妇女", "儿童"],
        [1, "3月6日", "宣讲", 68, 50, 10],
    ]
    merged = [(1, 1, 1, 6), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 2, 6)]
    head = find_head(a_grid(*rows, merged=merged), kind_of("activity"))
    assert (head.first, head.last) == (2, 3)
    assert names_of(head) == {2: "date", 3: "title", 4: "participants", 5: "women", 6: "children"}


def test_cells_merged_with_those_below_say_that_the_head_has_two_rows():
    rows = [["序号", "受助人", "金额(万元)", None, "时间"], [None, None, "中央", "省", None], [1, "甲", 1, 0.5, "3月"]]
    merged = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 2, 5)]
    head = find_head(a_grid(*rows, merged=merged), kind_of("aid"))
    assert head.last == 2
    assert names_of(head) == {2: "recipient", 5: "date"}
    assert head.unmatched == {3: "金额(万元) 中央", 4: "金额(万元) 省"}  # two columns for one field


def test_a_form_for_one_record_is_no_table():
    rows = [["活动记录"], ["活动时间", "2026年3月8日", "活动地点", "妇女之家"], ["活动主题", "三八节", "参加人数", "50人"]]
    assert find_head(a_grid(*rows), kind_of("activity")) is None


def test_groups_over_the_fields_are_no_head_of_their_own():
    rows = [["基本情况", None, "人数", None], ["主题", "日期", "参加人次", "其中妇女"], ["宣讲", "3月6日", 68, 50]]
    head = find_head(a_grid(*rows, merged=[(1, 1, 1, 2), (1, 3, 1, 4)]), kind_of("activity"))
    assert head.last == 2
    assert names_of(head) == {1: "title", 2: "date", 3: "participants", 4: "women"}


@pytest.mark.parametrize(("head", "title", "factor"), [
    ("金额(万元)", "", 10_000), ("金额（万元）", "", 10_000), ("金额/万元", "", 10_000), ("金额", "", 1), ("金额(元)", "", 1),
    ("金额", "单位：万元", 10_000),
    ("金额(元)", "单位：万元", 1), ("金额万元", "", 10_000), ("金额(千元)", "", 1000),
])
def test_a_unit_in_the_head_or_above_says_what_numbers_count(head, title, factor):
    rows = [["帮扶台账", title], ["帮扶项目", head], ["慰问金", 3]]
    found = find_head(a_grid(*rows), kind_of("aid"))
    assert found.matched[2].column.name == "amount"
    assert found.matched[2].factor == factor


@pytest.mark.parametrize("written", ["村", "村(社区)", "村（社区）", "单位", "所在村", "填报单位", "村委会"])
def test_a_column_may_name_the_unit(written):
    head = find_head(a_grid([written, "主题", "日期"], ["河邱家大村", "宣讲", "3.8"]), kind_of("activity"))
    assert head.unit == 1


def test_a_column_nobody_knows_is_named_and_not_dropped():
    head = find_head(a_grid(["主题", "日期", "天气", None], ["宣讲", "3.8", "晴", "别的"]), kind_of("activity"))
    assert head.unmatched == {3: "天气", 4: ""}


def test_the_second_column_of_a_name_is_not_taken_for_the_first():
    head = find_head(a_grid(["主题", "日期", "时间"], ["宣讲", "3.8", "上午"]), kind_of("activity"))
    assert names_of(head) == {1: "title", 2: "date"}
    assert head.unmatched == {3: "时间"}


def test_a_list_of_names_alone_is_enough():
    assert names_of(find_head(a_grid(["序号", "户主"], [1, "王桂英"]), kind_of("family"))) == {2: "head"}


@pytest.mark.parametrize("rows", [
    [["a", "b"], [1, 2]], [["姓名", "年龄", "身高", "体重"], ["王", 3, 4, 5]], [[None]], [[1, 2, 3]],
])
def test_a_sheet_without_a_head_has_none(rows):
    assert find_head(a_grid(*rows), kind_of("activity")) is None


def test_a_head_far_down_is_not_looked_for():
    rows = [*[[f"说明{n}"] for n in range(30)], ["主题", "日期"], ["宣讲", "3.8"]]
    assert find_head(a_grid(*rows), kind_of("activity")) is None


def test_judgements_of_a_level_are_no_columns():
    names = {(kind.code, column.name) for kind in all_kinds() for column in columns_of(kind)}
    judged = {
        (kind.code, part.flat)
        for kind in all_kinds() for declared in kind.fields if declared.written_by is not None for part in declared.flat_parts
    }
    assert ("nomination", "approval_village_result") in judged
    assert not names & judged

"""Every report on a small township: rows and totals as reckoned by hand, a sheet equal to the records, a PDF to the sheet."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.builders import FAR_VILLAGE, SIBLING, TOWN, VILLAGE, a_township, a_village

from fulian_desktop.domain.kinds import find_kind
from fulian_desktop.errors import InputProblem
from fulian_desktop.services import rights
from fulian_desktop.services.indicators import figure_of
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.services.reports import REPORTS, Report, make_report, write_report
from fulian_desktop.services.reports.table import share_of, shown
from fulian_desktop.services.units_below import register_units
from fulian_desktop.store import queries


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FULIAN_CLOCK", "2026-11-22T09:00:00")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "t") as office:
        register_units(office, [(VILLAGE, "柳树湾村"), (SIBLING, "杏花村")])
        yield office


def add(town: Office, kind: str, entries: dict[str, Any], unit: str = VILLAGE) -> str:
    return add_record(town, kind, entries, unit=unit).id


def table(report: Report, title: str) -> Report:
    return next(one for one in report.tables if one.title == title)


def cells(report: Report, *heads: str) -> list[list[Any]]:
    """These columns of a table, row by row."""
    at = [[head for head, _ in report.columns].index(head) for head in heads]
    return [[row[i] for i in at] for row in report.rows]


def totals(report: Report) -> dict[str, Any]:
    return {head: value for (head, _), value in zip(report.columns, report.total_row, strict=True) if value != ""}


# --- what was done ---------------------------------------------------------------------------------------------------


def test_the_ledger_of_a_year_has_its_activities_in_order_and_says_what_spans_years(town: Office) -> None:
    last = add(town, "activity", {"title": "亲子阅读", "date": "2026-08", "participants": "40多名", "category": "reading"})
    first = add(town, "activity", {"title": "送温暖", "date_from": "2025-12-28", "date_to": "2026-01-05", "participants": "30"})
    add(town, "activity", {"title": "去年的", "date": "2025-03-08", "participants": "9"})
    many = add(town, "activity", {"title": "宣讲", "date": "2026-03-08", "sessions": "近400场", "participants": "1万余人次"})
    add(town, "activity", {"title": "没写日期"})
    report = make_report(town, "activity-ledger", 2026)
    assert report.ids == [[first], [many], [last]]
    assert cells(report, "序号", "主题", "场次", "参加人次") == [
        [1, "送温暖", 1, 30], [2, "宣讲", 400, 10_000], [3, "亲子阅读", 1, 40],
    ]
    assert cells(report, "日期") == [["2025年12月28日—2026年1月5日"], ["3月8日"], ["8月"]]
    assert report.total == {"records": 3, "sessions": 402, "participants": 10_070}
    assert "含约数 2 条" in report.notes
    assert "跨年记录按最后一天计入：“送温暖” 1 条" in report.notes
    assert "另有 1 条没有日期，没有计入" in report.notes
    assert make_report(town, "activity-ledger").total["records"] == 5


def test_a_record_that_was_joined_to_another_counts_once(town: Office) -> None:
    keep = add(town, "activity", {"title": "义诊", "date": "2026-03-08", "participants": "30"})
    other = add(town, "activity", {"title": "义诊活动", "date": "2026-03-08", "participants": "30"})
    edit_record(town, other, {"same_as": keep})
    report = make_report(town, "activity-ledger", 2026)
    assert report.ids == [[keep]]
    assert report.total["participants"] == 30


def test_a_report_can_be_narrowed_to_a_unit(town: Office) -> None:
    mine = add(town, "activity", {"title": "村里的", "date": "2026-03-08"})
    add(town, "activity", {"title": "邻村的", "date": "2026-03-08"}, SIBLING)
    report = make_report(town, "activity-ledger", 2026, VILLAGE)
    assert report.ids == [[mine]]
    assert report.scope == "柳树湾村"
    with pytest.raises(InputProblem, match="下级单位"):
        make_report(town, "activity-ledger", 2026, FAR_VILLAGE)


def test_publicity_is_counted_by_medium_and_level_a_row_standing_for_many(town: Office) -> None:
    for medium, level, number in (("newspaper", "city", ""), ("newspaper", "city", "3"), ("wechat", "county", "10余篇")):
        entries = {"title": "报道", "medium": medium, "medium_name": "某报", "level": level, "number": number}
        add(town, "publicity", {**entries, "date": "2026-03-10"})
    report = make_report(town, "publicity", 2026)
    counted = table(report, "按媒体和级别")
    assert counted.rows == [["报纸杂志", "市级", 4], ["微信公众号", "县级", 10]]
    assert [len(ids) for ids in counted.ids] == [2, 1]
    assert totals(counted) == {"媒体类型": "合计", "篇数": 14}
    assert counted.notes == ["含约数 1 条"]
    assert report.total == counted.total


def test_issues_are_counted_by_unit_and_the_overdue_ones_stand_first(town: Office) -> None:
    issue = {"source": "visit", "found_date": "2026-04-03", "handed_to": "村委会", "handed_date": "2026-04-04"}
    add(town, "issue", {**issue, "title": "挂牌", "settled_date": "2026-04-20", "result": "已挂"})
    late = add(town, "issue", {**issue, "title": "旧书", "due_date": "2026-06-01"})
    waits = add(town, "issue", {**issue, "title": "线索", "due_date": "2026-12-31"})
    add(town, "issue", {"title": "路灯", "source": "visit", "found_date": "2026-05-03"}, SIBLING)
    report = make_report(town, "issues", 2026)
    assert table(report, "办理情况").rows == [["柳树湾村", 3, 3, 1, 1, 3333], ["杏花村", 1, 0, 0, 0, 0]]
    assert table(report, "办理情况").total_row == ["合计", 4, 3, 1, 1, 2500]
    open_ones = table(report, "还没办结的")
    assert open_ones.ids[:2] == [[late], [waits]]
    assert [row[-1] for row in open_ones.rows] == ["逾期", "办理中", "办理中"]
    assert cells(table(report, "已办结的"), "问题", "办理结果") == [["挂牌", "已挂"]]


# --- what was given --------------------------------------------------------------------------------------------------


def a_year_of_aid(town: Office) -> str:
    """Aid of four sorts; returns the donation that one of them was paid from."""
    given = add(town, "donation", {"donor": "全体妇女干部", "date": "2026-04-01", "amount": "2750元", "donors": "50"})
    ill = {"program": "two_cancers", "recipient_name": "张凤英", "date": "2026-05-01", "amount": "10000元",
           "fund_source": "lottery", "cancer_category": "allowance", "disease": "breast", "payment": "transfer"}
    add(town, "aid", ill)
    bud = {"program": "spring_bud", "recipient_name": "小明", "date": "2026-05-02", "amount": "1000元", "people": "1",
           "fund_source": "donation", "donation": given}
    add(town, "aid", bud, SIBLING)
    add(town, "aid", {"program": "consolation_money", "recipient_name": "困难家庭", "date": "2026-02-01", "amount": "10万余元",
                      "people": "120", "people_unit": "household", "fund_source": "donation"})
    add(town, "aid", {"program": "goods", "recipient_name": "儿童", "date": "2026-06-01", "people": "30",
                      "goods": [{"name": "书包", "quantity": 30, "unit": "个", "value": 300_000}]})
    return given


def test_aid_counts_people_and_households_apart(town: Office) -> None:
    a_year_of_aid(town)
    summary = make_report(town, "aid-summary", 2026)
    assert summary.rows == [
        ["两癌救助", "中央彩票公益金", 1, 1, 0, 1_000_000, 0], ["春蕾计划", "社会捐赠", 1, 1, 0, 100_000, 0],
        ["慰问金", "社会捐赠", 1, 0, 120, 10_000_000, 0], ["物资捐赠", "", 1, 30, 0, 0, 300_000],
    ]
    total = {"records": 4, "people": 32, "households": 120, "amount": 11_100_000, "goods_value": 300_000}
    assert summary.total == total
    assert summary.notes[:2] == ["金额合计 111,000.00 元", "含约数 1 条"]
    ledger = make_report(town, "aid-ledger", 2026)
    assert ledger.total == total
    assert cells(ledger, "受助对象", "物资", "资金来源") == [
        ["困难家庭", "", "社会捐赠"], ["张凤英", "", "中央彩票公益金"], ["小明", "", "社会捐赠"], ["儿童", "书包 30 个", ""],
    ]


def test_aid_to_a_family_that_says_no_number_is_one_household(town: Office) -> None:
    family = add(town, "family", {"head": "王秀英", "address": "3组"})
    add(town, "aid", {"program": "consolation_money", "recipient": family, "date": "2026-02-01", "amount": "500元"})
    assert make_report(town, "aid-summary", 2026).total["households"] == 1


def test_of_the_two_cancers_no_name_and_no_disease_is_told(town: Office) -> None:
    a_year_of_aid(town)
    report = make_report(town, "two-cancers", 2026)
    assert table(report, "各单位").rows == [["柳树湾村", 1, 1_000_000, 1, 0, 0, 0, 0, 1]]
    assert cells(table(report, "名册"), "姓名", "金额(元)", "发放方式") == [["张**", 1_000_000, "银行转账"]]
    said = "".join(map(str, table(report, "名册").rows[0]))
    assert "凤英" not in said
    assert "癌" not in said


def test_a_donation_says_what_it_was_spent_on_and_what_is_left(town: Office) -> None:
    a_year_of_aid(town)
    goods = [{"name": "大米", "quantity": 10, "unit": "袋", "value": 50_000}]
    add(town, "donation", {"donor": "爱心企业", "date": "2026-04-11", "amount": "5555.3元", "goods": goods})
    report = make_report(town, "donations", 2026)
    assert cells(table(report, "收到的捐赠"), "捐赠人", "捐赠人数", "金额(元)", "物资折价(元)", "已用(元)", "结余(元)") == [
        ["全体妇女干部", 50, 275_000, None, 100_000, 175_000], ["爱心企业", 1, 555_530, 50_000, 0, 555_530],
    ]
    assert report.total["amount"] == 830_530
    spent = table(report, "捐赠的使用")
    assert cells(spent, "捐赠人", "单位", "受助对象", "金额(元)") == [["全体妇女干部", "杏花村", "小明", 100_000]]
    assert spent.total["amount"] == report.total["used"]
    assert "另有 1 条帮扶写了资金来源是社会捐赠，没写是哪笔捐款" in spent.notes


def test_loans_are_added_up_by_year_and_bank(town: Office) -> None:
    for name, bank, day, amount in (
        ("王秀英", "农业银行", "2026-05-06", "5万"), ("李秀兰", "邮储银行", "2026-05-06", "10万"),
        ("张桂芳", "农业银行", "2025-05-06", "8万"), ("刘玉梅", "农业银行", "2026-07-06", "2万"),
    ):
        entries = {"applicant_name": name, "bank": bank, "lent_date": day, "amount": amount, "jobs": "3", "months": "24"}
        add(town, "loan", entries)
    every = table(make_report(town, "loans"), "按年度和银行")
    assert [row[:5] for row in every.rows] == [
        ["2025", "农业银行", 1, 1, 8_000_000], ["2026", "农业银行", 2, 2, 7_000_000], ["2026", "邮储银行", 1, 1, 10_000_000],
    ]
    assert make_report(town, "loans", 2026).total["amount"] == 17_000_000


def test_pairs_that_still_stand_and_this_years_visits(town: Office) -> None:
    pair = {"helper": "李红", "recipient_name": "小明", "way": "loving_mother"}
    add(town, "pairing", {**pair, "period": "2024年3月", "money": "2000元"})
    add(town, "pairing", {**pair, "recipient_name": "小红", "period": "2024年3月", "ended_date": "2025-12-31"})
    add(town, "pairing", {**pair, "recipient_name": "母亲一批", "period": "2026年", "pairs": "30"})
    add(town, "pairing", {**pair, "recipient_name": "小刚", "period": "2026年", "ended_date": "2026-06-01"})
    add(town, "visit", {"visitors": "李红", "date": "2026-07-03", "purpose": "inspection", "place": "杏花村", "times": "3"})
    add(town, "visit", {"visitors": "李红", "date": "2025-07-03", "purpose": "inspection", "place": "杏花村"})
    report = make_report(town, "pairing", 2026)
    assert table(report, "各单位结对").rows == [["柳树湾村", 31, 200_000]]
    assert cells(table(report, "结对"), "结对对象") == [["小明"], ["母亲一批"]]
    assert table(report, "各单位走访").rows == [["柳树湾村", 3, 0, 0, 0]]


# --- families and honors -----------------------------------------------------------------------------------------------


def test_the_honor_roll_and_its_counts_name_the_approved_and_nothing_private(town: Office) -> None:
    entries = {"title": "2026年度最美家庭", "honor": "most_beautiful_family", "year": 2026, "public_days": 5}
    campaign = add_record(town, "campaign", entries).id
    for name, unit, result in (("王秀英", SIBLING, "passed"), ("李秀兰", VILLAGE, "passed"), ("张桂芳", VILLAGE, "rejected")):
        family = add(town, "family", {"head": name, "address": "3组12号"}, unit)
        entries = {"campaign": campaign, "family": family, "way": "organization", "submitted_date": "2026-01-05"}
        record = add(town, "nomination", entries, unit)
        edit_record(town, record, {"approval_result": result, "approval_date": "2026-02-01"})
    report = make_report(town, "honor-list", 2026)
    assert table(report, "各称号户数").rows == [["最美家庭", "乡级", 2]]
    roll = table(report, "名册")
    assert cells(roll, "序号", "家庭(个人)", "单位") == [[1, "李秀兰", "柳树湾村"], [2, "王秀英", "杏花村"]]
    assert "12号" not in str(roll.rows)
    assert make_report(town, "family-summary", 2026).total == {"records": 2}
    assert make_report(town, "honor-list", 2025).total == {"records": 0}


def test_honors_that_were_taken_back_are_not_counted(town: Office) -> None:
    honor = {"holder_name": "王秀英", "holder_type": "person", "title": "march_8_bearer", "level": "city", "date": "2026-03-08"}
    add(town, "honor", honor)
    add(town, "honor", {**honor, "holder_name": "李秀兰", "revoked_date": "2026-05-01"})
    add(town, "honor", {**honor, "holder_name": "一批", "number": "12"})
    report = make_report(town, "honors", 2026)
    assert table(report, "按称号和级别").rows == [["三八红旗手", "市级", 13]]


# --- who and what there is ---------------------------------------------------------------------------------------------


def a_federation(town: Office, unit: str, members: int, **more: Any) -> None:
    """A chair, a vice chair, two part-time ones and members up to so many on the executive."""
    posts = ["chair", "vice_chair", "part_time_vice_chair", "part_time_vice_chair", *["executive"] * members][:members]
    for i, post in enumerate(posts):
        entries = {
            "name": f"王秀{i}", "post": post, "date_from": "2024-03-01", "date_to": "2029-02-28",
            "birth_date": f"{1970 + 2 * i}-05-10", "political": "party_member" if i < 2 else "masses",
            "education": "college" if i < 5 else "junior", "phone": "13800135722",
            **({"committee_posts": "村委委员"} if post == "chair" else {}), **more,
        }
        add(town, "post_holder", entries, unit)


def test_cadres_are_held_against_the_required_numbers(town: Office) -> None:
    a_federation(town, VILLAGE, 15)
    a_federation(town, SIBLING, 3)
    add(town, "post_holder", {"name": "已离任", "post": "executive", "period": "2019年", "left_date": "2024-01-01"}, SIBLING)
    add(town, "post_holder", {"name": "外单位", "post": "chair", "period": "2024年", "organisation_name": "小学妇委会"}, SIBLING)
    add(town, "organisation", {"name": "小学妇委会", "type": "institution", "required": True, "built": True})
    add(town, "organisation", {"name": "食品厂妇联", "type": "enterprise", "required": True})
    report = make_report(town, "cadres", 2026)
    terms = table(report, "换届情况")
    assert terms.rows == [
        ["清溪镇", 0, 0, 0, 0, "主席缺 1 人、兼职副主席缺 2 人、执委缺 30 人", None, None, None, None],
        # fifteen: two in the party; four born from 1992 on, so at most 35; five with a degree; the chair on the committee
        ["柳树湾村", 1, 1, 2, 15, "达标", share_of(2, 15), share_of(4, 15), share_of(5, 15), share_of(1, 15)],
        ["杏花村", 1, 1, 1, 3, "兼职副主席缺 1 人、执委缺 12 人", share_of(2, 3), 0, 10_000, share_of(1, 3)],
    ]
    assert terms.total_row[1:5] == [2, 2, 3, 18]
    assert "3 个单位中 1 个达标" in terms.notes[0]
    assert [len(ids) for ids in terms.ids] == [0, 15, 3]
    assert table(report, "组建情况").rows == [
        ["村(社区)妇联", 2, 2, 10_000], ["机关事业单位妇委会", 1, 1, 10_000], ["企业妇联", 1, 0, 0],
    ]
    roster = table(report, "花名册")
    assert len(roster.rows) == 18
    assert cells(roster, "单位", "姓名", "职务", "任期", "出生年月", "进两委职务", "电话")[0] == [
        "柳树湾村", "王秀0", "主席", "2024.03—2029.02", "1970.05", "村(居)委会委员", "138****5722",
    ]


def test_a_term_that_has_run_out_counts_no_longer(town: Office) -> None:
    a_federation(town, VILLAGE, 1)
    assert make_report(town, "cadres", 2028).total["members"] == 1
    assert make_report(town, "cadres", 2029).total["members"] == 0
    assert make_report(town, "cadres", 2023).total["members"] == 0


def test_grids_are_counted_once_and_women_who_lead_them_by_share(town: Office) -> None:
    for name, post, grid, sex in (("甲", "grid_leader", "一网格", "female"), ("乙", "grid_leader", "二网格", "male"),
                                  ("丙", "grid_member", "二网格", "female")):
        add(town, "post_holder", {"name": name, "post": post, "grid": grid, "sex": sex, "period": "2025年", "households": "35"})
    assert table(make_report(town, "grids", 2026), "各单位网格").rows == [["柳树湾村", 2, 2, 1, 1, 105, 5000]]


def test_sites_by_unit_and_type_with_their_coverage(town: Office) -> None:
    add(town, "site", {"name": "妇女之家", "type": "womens_home", "stars": "5", "demonstration": True, "fund": "2万",
                       "opened_date": "2015-01-01"})
    add(town, "site", {"name": "示范家长学校", "type": "parents_school", "number": "10"}, SIBLING)
    add(town, "site", {"name": "旧儿童之家", "type": "childrens_home", "closed_date": "2025-05-01"})
    report = make_report(town, "sites", 2026)
    by_unit = table(report, "各单位阵地")
    assert by_unit.rows == [
        ["清溪镇", 0, 0, 0, 0, 0, 0, 0], ["柳树湾村", 1, 0, 0, 0, 0, 1, 2_000_000], ["杏花村", 0, 0, 0, 10, 0, 10, 0],
    ]
    assert by_unit.notes[0] == "妇女之家覆盖 2 个单位中的 1 个，覆盖率 50.0%"
    assert table(report, "各类阵地").rows == [["妇女之家", 1, 1, 1, 2_000_000], ["家长学校", 10, 0, 0, 0]]


def test_teams_and_what_they_did(town: Office) -> None:
    add(town, "team", {"name": "志愿队", "type": "volunteers", "number": "8", "members": "1000余名"})
    add(town, "activity", {"title": "清洁", "category": "volunteering", "date": "2026-06-01", "sessions": "20余次",
                           "participants": "1000余名"})
    add(town, "activity", {"title": "讲座", "category": "law", "date": "2026-06-01", "participants": "9"})
    report = make_report(town, "teams", 2026)
    assert table(report, "各类队伍").rows == [["巾帼志愿服务队", 8, 1000, 0]]
    assert table(report, "志愿服务活动").rows == [["柳树湾村", 20, 1000, 0]]


BOOKS = ["工作活动记录簿", "妇女培训登记簿", "表彰登记簿", "重点帮扶对象登记簿", "妇联干部名册", "妇女代表名册", "先进人物名册",
         "代表联系群众名册", "结对帮扶名册", "巾帼志愿者名册", "巾帼志愿队伍名册"]


def test_the_books_of_a_womens_home_are_sheets_of_one_workbook(town: Office, tmp_path: Path) -> None:
    add(town, "activity", {"title": "编织班", "category": "training", "date": "2026-05-10", "certified": "20"})
    add(town, "activity", {"title": "讲座", "category": "law", "date": "2026-05-10", "participants": "9"})
    add(town, "person", {"name": "张凤英", "tags": ["two_cancers"], "phone": "13800135722", "address": "3组12号"})
    report = make_report(town, "womens-home", 2026)
    titles = [one.title for one in report.tables]
    assert [title for title in titles if title in BOOKS] == BOOKS
    assert cells(table(report, "妇女培训登记簿"), "主题", "取得证书人数") == [["编织班", 20]]
    assert cells(table(report, "工作活动记录簿"), "主题") == [["讲座"]]
    wards = table(report, "重点帮扶对象登记簿")
    assert "138****5722" in str(wards.rows)
    assert "癌" not in str(wards.rows)
    assert "12号" not in str(wards.rows)
    write_report(town, report, tmp_path / "books.xlsx")
    assert openpyxl.load_workbook(tmp_path / "books.xlsx").sheetnames == titles


def test_letters_and_visits_are_a_book_only_while_the_rights_room_is_open_and_without_names(tmp_path: Path) -> None:
    with a_village(tmp_path / "v") as village:
        rights.create_room(village, "another-secret-2")
        room = rights.open_room(village, "another-secret-2")
        case = {"appeal": "丈夫动手", "date": "2026-03-01", "channel": "visit", "category": "marriage", "handling": ["mediation"],
                "party": "张小花", "phone": "13800135722"}
        record = add_record(room, "rights_case", case).id
        book = table(make_report(village, "womens-home", 2026), "来信来访登记簿")
        assert book.ids == [[record]]
        assert cells(book, "日期", "渠道", "类别", "办理方式") == [["3月1日", "来访", "婚姻家庭", "调解"]]
        assert not [secret for secret in ("张小花", "动手", "5722") if secret in str(book.rows)]
        rights.close_room(village)
        assert "来信来访登记簿" not in [one.title for one in make_report(village, "womens-home", 2026).tables]


def test_the_roll_call_names_who_has_not_reported(town: Office) -> None:
    report = make_report(town, "roll-call", 2026)
    assert cells(report, "单位", "状态") == [["柳树湾村", "未报"], ["杏花村", "未报"]]
    assert report.total["missing"] == 2


FIGURES = [
    ("activity-ledger", "sessions", "sessions"), ("activity-ledger", "participants", "participants"),
    ("aid-summary", "people", "aid_people"), ("aid-summary", "households", "aid_households"),
    ("aid-summary", "amount", "aid_money"), ("aid-summary", "goods_value", "aid_goods_value"),
    ("two-cancers", "people", "two_cancers_people"), ("donations", "amount", "donation_money"), ("donations", "donors", "donors"),
    ("loans", "amount", "loan_money"), ("loans", "people", "borrowers"), ("pairing", "pairs", "pairs"),
    ("publicity", "number", "publicity"), ("honors", "number", "honors"), ("cadres", "members", "executives"),
    ("cadres", "young", "young"), ("cadres", "party", "party_members"), ("cadres", "college", "educated"),
    ("grids", "leaders", "grid_leaders"), ("sites", "sites", "sites"), ("sites", "womens_home", "womens_homes"),
    ("teams", "members", "team_members"),
]


@pytest.mark.parametrize(("name", "key", "indicator"), FIGURES)
def test_a_report_comes_to_the_figure_of_the_year(full: Office, name: str, key: str, indicator: str) -> None:
    figure = figure_of(full, indicator, 2026, full.unit)
    assert figure.value == make_report(full, name, 2026).total[key]
    assert figure.value


def test_the_plans_are_watched_by_year_and_their_targets_counted(town: Office) -> None:
    for plan, indicator, year, target, value in (
        ("women", "妇女就业比例", 2026, "45", "46.5"), ("women", "两癌筛查率", 2026, "80", "79.99"),
        ("children", "入园率", 2026, "", "93"), ("women", "妇女就业比例", 2025, "45", "44"),
    ):
        entries = {"plan": plan, "indicator": indicator, "year": year, "target": target, "value": value, "unit_word": "%"}
        add(town, "indicator_value", entries)
    add(town, "indicator_value", {"plan": "children", "indicator": "死亡率", "year": 2026, "target": "5", "value": "4.2",
                                  "lower_is_better": True})
    report = make_report(town, "monitoring", 2026)
    assert table(report, "各规划").rows == [["妇女发展规划", 2, 2, 1, 5000], ["儿童发展规划", 2, 1, 1, 10_000]]
    listed = table(report, "各项指标")
    assert [row[3:9] for row in listed.text_rows()] == [
        ["两癌筛查率", "2026", "%", "80", "79.99", "未达到"], ["妇女就业比例", "2026", "%", "45", "46.5", "达到"],
        ["入园率", "2026", "%", "—", "93", "—"], ["死亡率", "2026", "—", "5", "4.2", "达到"],
    ]
    assert report.total["reached"] == figure_of(town, "plan_targets_met", 2026, town.unit).value == 2
    assert make_report(town, "monitoring").total["records"] == 5


# --- all of them -------------------------------------------------------------------------------------------------------


@pytest.fixture
def full(town: Office) -> Office:
    """A township in which every report has something to say."""
    a_year_of_aid(town)
    a_federation(town, VILLAGE, 15)
    for kind, entries in (
        ("activity", {"title": "三八节宣传", "date": "2026-03-08", "participants": "86", "sessions": "2"}),
        ("publicity", {"title": "报道", "medium": "wechat", "medium_name": "某号", "level": "county", "date": "2026-03-10"}),
        ("issue", {"title": "挂牌", "source": "visit", "found_date": "2026-04-03"}),
        ("loan", {"applicant_name": "王秀英", "bank": "农业银行", "lent_date": "2026-05-06", "amount": "5万"}),
        ("pairing", {"helper": "李红", "recipient_name": "小明", "way": "loving_mother", "period": "2026年3月", "money": "20元"}),
        ("visit", {"visitors": "李红", "date": "2026-07-03", "purpose": "home", "recipient_name": "小明", "money": "30元"}),
        ("honor", {"holder_name": "王秀英", "holder_type": "person", "title": "march_8_bearer", "level": "city",
                   "date": "2026-03-08"}),
        ("site", {"name": "妇女之家", "type": "womens_home", "fund": "2万"}),
        ("team", {"name": "志愿队", "type": "volunteers", "members": "45"}),
        ("post_holder", {"name": "甲", "post": "grid_leader", "grid": "一网格", "period": "2025年", "households": "35"}),
    ):
        add(town, kind, entries)
    return town


@pytest.mark.parametrize("name", REPORTS)
def test_sums_are_the_sums_of_the_rows_and_each_row_has_its_records(full: Office, name: str) -> None:
    for one in make_report(full, name, 2026).tables:
        assert len(one.rows) == len(one.ids)
        for i, (_, how) in enumerate(one.columns):
            if one.total_row and how in ("number", "money") and isinstance(one.total_row[i], int):
                assert one.total_row[i] == sum(row[i] or 0 for row in one.rows)
        for record in {record for ids in one.ids for record in ids}:
            row = queries.find_by_id(full.workspace.db, record)
            assert row is not None
            assert find_kind(row.kind) is not None


def _numbers(path: Path, tables: int) -> list[list[list[Any]]]:
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == tables
    return [list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets]


@pytest.mark.parametrize("name", REPORTS)
def test_the_sheet_holds_the_rows_and_the_sums_as_numbers(full: Office, tmp_path: Path, name: str) -> None:
    report = make_report(full, name, 2026)
    write_report(full, report, tmp_path / "a.xlsx")
    tables = report.tables_on("sheet")
    for one, lines in zip(tables, _numbers(tmp_path / "a.xlsx", len(tables)), strict=True):
        parted = [head.rpartition("\n") for head, _ in one.columns]
        heads = [label if group or not any(g for g, _, _ in parted) else None for group, _, label in parted]
        head = next(i for i, line in enumerate(lines) if list(line) == heads)
        wanted = [one.exact_row(row) for row in [*one.rows, *([one.total_row] if one.total_row else [])]]
        found = lines[head + 1 : head + 1 + len(wanted)]
        for line, row in zip(found, wanted, strict=True):
            pairs = zip(line, row, strict=True)
            assert [Decimal(str(cell)) if isinstance(value, Decimal) else cell for cell, value in pairs] == row
        notes = [line[0] for line in lines[head + 1 + len(wanted) :]]
        assert notes == one.notes


@pytest.mark.parametrize("name", REPORTS)
def test_the_paper_says_what_the_sheet_says(full: Office, tmp_path: Path, name: str) -> None:
    report = make_report(full, name, 2026)
    write_report(full, report, tmp_path / "a.pdf")
    told = subprocess.run(["pdftotext", "-raw", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True).stdout
    paper = "".join(told.split())
    for one in report.tables_on("paper"):
        for text in [report.title, *one.notes, *(cell for row in one.text_rows() for cell in row)]:
            assert "".join(text.split()) in paper


@pytest.mark.parametrize("suffix", [".xlsx", ".pdf"])
def test_what_people_typed_is_never_markup(town: Office, tmp_path: Path, suffix: str) -> None:
    typed = ["<b>粗</b>", "=1+1", "&amp;", "@SUM(A1)", "{0}"]
    for text in typed:
        add(town, "activity", {"title": text, "date": "2026-03-08", "place": text})
    write_report(town, make_report(town, "activity-ledger", 2026), tmp_path / f"a{suffix}")
    if suffix == ".xlsx":
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value in typed]
        assert len(cells) == 2 * len(typed)
        assert {cell.data_type for cell in cells} == {"s"}
    else:
        run = ["pdftotext", str(tmp_path / "a.pdf"), "-"]
        told = subprocess.run(run, capture_output=True, text=True, check=True).stdout
        assert [text for text in typed if text not in told] == []


def test_more_rows_than_anybody_prints_are_refused_with_what_to_do(town: Office, tmp_path: Path) -> None:
    report = make_report(town, "activity-ledger", 2026)
    report.rows = [["", *[""] * 7]] * 20_000
    with pytest.raises(InputProblem, match="存成 Excel"):
        write_report(town, report, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize(("value", "how", "words"), [
    (9480, "percent", "94.8"), (3333, "percent", "33.3"), (6667, "percent", "66.7"), (9999, "percent", "100.0"),
    (0, "percent", "0.0"), (1_590_000, "money", "15,900.00"), (1026, "number", "1,026"), (None, "number", "—"),
    ("", "text", "—"), (0, "number", "0"),
])
def test_values_in_words(value: Any, how: Any, words: str) -> None:
    assert shown(value, how) == words


def test_a_share_of_nothing_is_none() -> None:
    assert share_of(0, 0) is None
    assert share_of(1, 3) == 3333


def test_the_units_own_records_of_the_office_are_in_its_report(town: Office) -> None:
    own = add(town, "activity", {"title": "镇里的", "date": "2026-03-08"}, TOWN)
    assert make_report(town, "activity-ledger", 2026).ids == [[own]]

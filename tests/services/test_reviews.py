"""Sentences of published year reviews, typed in as records: the figures come out as published (tests/data/real/reviews.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.builders import TOWN, VILLAGE, a_township

from fulian_desktop.services.indicators import Figure, figures
from fulian_desktop.services.office import Office
from fulian_desktop.services.records import add_record, edit_record
from fulian_desktop.services.reports import make_report
from fulian_desktop.services.units_below import register_units
from fulian_desktop.services.yearly import yearly_values

YEAR = 2011
PUBLISHED = Path(__file__).parents[1] / "data" / "real" / "reviews.md"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with a_township(tmp_path / "town") as office:
        register_units(office, [(VILLAGE, "柳树湾村")])
        yield office


def typed(office: Office, kind: str, **entries: Any) -> str:
    return add_record(office, kind, entries).id


def measure(name: str, number: int, unit: str, *, about: bool = False) -> dict[str, Any]:
    return {"name": name, "number": number, "unit": unit, **({"about": True} if about else {})}


# --- what is typed, line by line ---------------------------------------------------------------------------------------


def small_loans(office: Office) -> None:
    for number in range(18):
        typed(office, "loan", applicant=f"贷款户{number}", amount="5万元", lent_date="2011-05-06")


def job_fair(office: Office) -> None:
    measures = [measure("企业", 80, "家", about=True), measure("岗位", 164, "个")]
    typed(office, "activity", title="“春风送岗位”专场招聘会", category="招聘就业", date_from="2011年3月", measures=measures)


def infant_care(office: Office) -> None:
    typed(office, "activity", title="育婴知识培训班", category="技能培训", date_from="2011年", participants="40多名")


def environment(office: Office) -> None:
    typed(office, "activity", title="环境整治", category="环境整治", date_from="2011年", measures=[
        measure("栽植苗木", 125_000, "棵"), measure("巾帼路", 22, "条"), measure("巾帼路长度", 7_330, "米"),
        measure("巾帼林", 12, "处"), measure("巾帼林植树", 19_058, "棵"),
    ])


def honored_families(office: Office, honor: str, grades: dict[str, int], day: str) -> None:
    campaign = typed(office, "campaign", title="评选", honor=honor, year="2011")
    for grade, count in grades.items():
        for number in range(count):
            record = typed(office, "nomination", campaign=campaign, family=f"{grade}{number}", way="self", grade=grade)
            edit_record(office, record, {"approval_result": "通过", "approval_date": day, "awarded_date": day})


def special_families(office: Office) -> None:
    honored_families(office, "五好家庭", {"fine": 98, "model": 30}, "2011-05-15")


def volunteer_teams(office: Office) -> None:
    typed(office, "team", name="巾帼志愿者服务队", type="volunteers", number="8", members="1000余名", founded_date="2011-03-01")


def volunteering(office: Office) -> None:
    typed(office, "activity", title="志愿服务", category="志愿服务", date_from="2011年", sessions="20余次",
          participants="1000余名")


def films(office: Office) -> None:
    typed(office, "activity", title="观看爱国影片", category="文体活动", date_from="2011年", sessions="5",
          participants="5000余人")


def parents_schools(office: Office) -> None:
    typed(office, "site", name="示范家长学校", type="家长学校", number="10", level="市级", opened_date="2011-09-01")


def elections(office: Office) -> None:
    def elected(name: str, people: int, posts: list[str]) -> None:
        typed(office, "post_holder", name=name, post="committee_only", date_from="2011-06-01", people=str(people), sex="女",
              committee_posts=posts)

    elected("女书记、主任、负责人", 10, ["person_in_charge"])
    elected("交叉任职", 72, ["party_member", "women_member"])
    elected("妇女委员", 124 - 72, ["women_member"])
    elected("支部女委员", 84 - 72, ["party_member"])


def rights_stations(office: Office) -> None:
    typed(office, "site", name="村（居）维权服务站", type="维权站", number="218", opened_date="2011-01-01")


def pairs(office: Office) -> None:
    typed(office, "pairing", helper="女企业家", recipient="贫困母亲、贫困儿童", way="sponsor", pairs="30", date_from="2011年3月")
    typed(office, "aid", program="study_aid", recipient="贫困母亲、贫困儿童", date_from="2011年", amount="10万余元",
          people="30人")


def cadres(office: Office) -> None:
    typed(office, "activity", title="妇女干部培训班", category="技能培训", date_from="2011-04-11", date_to="2011-04-13",
          participants="70余人")


def checks_and_insurance(office: Office) -> None:
    typed(office, "aid", program="health_check", recipient="60岁妇女", date_from="2011年", people="114人", amount="0")
    for name, people in (("惠农保险", "778户"), ("四癌保险", "463人"), ("老龄险", "157人")):
        typed(office, "aid", program="insurance", recipient=name, date_from="2011年", people=people, amount="0")


def twelve_families(office: Office) -> None:
    honored_families(office, "五好家庭", {"": 12}, "2011-03-08")


def processing_points(office: Office) -> None:
    typed(office, "activity", title="志愿服务活动", category="志愿服务", date_from="2011年", sessions="6",
          measures=[measure("带动低收入农户", 45, "户")])
    typed(office, "site", name="来料加工点", type="来料加工点", number="8", staff="8名", households="45户",
          opened_date="2010-01-01")


def condolences(office: Office) -> None:
    typed(office, "aid", program="慰问金", recipient="离任妇代会主任、困难妇女儿童", date_from="2011年", amount="10万余元")


def childrens_home(office: Office) -> None:
    typed(office, "activity", title="儿童之家活动", category="亲子阅读", date_from="2011年", sessions="226场次",
          participants="2万余人次")


def handicraft(office: Office) -> None:
    typed(office, "activity", title="巧手培训班", category="技能培训", date_from="2011年", sessions="5期", participants="263人次")


def healthy_families(office: Office) -> None:
    campaign = typed(office, "campaign", title="评选", honor="健康家庭", year="2011")
    for number in range(3):
        typed(office, "nomination", campaign=campaign, family=f"户{number}", way="organization", submitted_date="2011-10-12")


def school_donation(office: Office) -> None:
    typed(office, "donation", donor="教师一天工资、学生零花钱", donor_type="师生", date_from="2011年", amount="5555.3元")


def cadre_donation(office: Office) -> None:
    typed(office, "donation", donor="全体妇女干部、妇女主任", donor_type="干部职工", date_from="2011年", amount="2750元")


# Begin of the published sentence → what is typed, and (indicator, category or None) → value, how many are 约.
Wanted = dict[tuple[str, str | None], tuple[int, int]]
LINES: dict[str, tuple[Callable[[Office], None], Wanted]] = {
    "成功办理妇女小额担保贷款": (small_loans, {("borrowers", None): (18, 0), ("loan_money", None): (90_000_000, 0)}),
    "\"春风送岗位\"专场招聘会": (job_fair, {
        ("job_fairs", None): (1, 0), ("measures", "岗位|个"): (164, 0), ("measures", "企业|家"): (80, 1)}),
    "育婴知识培训班": (infant_care, {("trained", None): (40, 1), ("classes", None): (1, 0)}),
    "27个村环境整治": (environment, {
        ("measures", "栽植苗木|棵"): (125_000, 0), ("measures", "巾帼路|条"): (22, 0), ("measures", "巾帼路长度|米"): (7_330, 0),
        ("measures", "巾帼林|处"): (12, 0), ("measures", "巾帼林植树|棵"): (19_058, 0)}),
    "首届\"五好文明特色家庭\"98户": (special_families, {
        ("families_by_grade", "fine"): (98, 0), ("model_families", None): (30, 0)}),
    "八支巾帼志愿者服务队": (volunteer_teams, {("teams", "volunteers"): (8, 0), ("team_members", "volunteers"): (1_000, 1)}),
    "志愿服务活动20余次": (volunteering, {
        ("volunteering_sessions", None): (20, 1), ("volunteering_participants", None): (1_000, 1)}),
    "观看爱国影片5场次": (films, {("sessions", "culture"): (5, 0), ("participants", "culture"): (5_000, 1)}),
    "新增市级示范家长学校10所": (parents_schools, {
        ("sites_opened", "parents_school"): (10, 0), ("sites_by_level", "city"): (10, 0)}),
    "130个村换届": (elections, {
        ("women_leaders", None): (10, 0), ("women_committee_members", None): (124, 0), ("women_party_members", None): (84, 0),
        ("women_in_both", None): (72, 0)}),
    "接待来访、来电14人次": (rights_stations, {("rights_stations", None): (218, 0)}),
    "与30名贫困母亲": (pairs, {("pairs", None): (30, 0), ("aid_money", "study_aid"): (10_000_000, 1)}),
    "妇女干部培训班3天": (cadres, {("trained", None): (70, 1)}),
    "114人60岁妇女免费检查": (checks_and_insurance, {("aid_people", None): (734, 0), ("aid_households", None): (778, 0)}),
    "表彰\"五好文明家庭\"12户": (twelve_families, {("families_honored", "five_good_family"): (12, 0)}),
    "志愿服务活动6次": (processing_points, {
        ("volunteering_sessions", None): (6, 0), ("processing_points", None): (8, 0), ("site_staff", "processing_point"): (8, 0),
        ("site_households", "processing_point"): (45, 0), ("measures", "带动低收入农户|户"): (45, 0)}),
    "慰问资金10万余元": (condolences, {("aid_money", "consolation_money"): (10_000_000, 1)}),
    "儿童之家活动226场次": (childrens_home, {("sessions", None): (226, 0), ("participants", None): (20_000, 1)}),
    "巧手培训班5期263人次": (handicraft, {("classes", None): (5, 0), ("trained", None): (263, 0)}),
    "推荐\"健康家庭\"3户": (healthy_families, {("families_sent_up", "healthy_family"): (3, 0)}),
    "募捐:教师一天工资": (school_donation, {("donation_money", "pupils"): (555_530, 0)}),
    "全体妇女干部、妇女主任捐款2750元": (cadre_donation, {("donation_money", "staff"): (275_000, 0)}),
}
# Sentences about the assessment (tests/services/test_assessment.py) and about cases, which lie in the rights room.
ELSEWHERE = ("接待群众来访8件", "自办培训班", "每村粉刷永久性标语", "半年和全年两次验收")


def published() -> list[str]:
    rows = [line.split("|") for line in PUBLISHED.read_text("utf-8").splitlines() if line.startswith("|")]
    return [row[1].strip() for row in rows[2:]]


def test_every_published_sentence_is_typed_in_here_or_named_as_the_matter_of_another_test() -> None:
    known = (*LINES, *ELSEWHERE)
    assert [line for line in published() if not line.startswith(known)] == []
    assert [begin for begin in known if not any(line.startswith(begin) for line in published())] == []


@pytest.mark.parametrize("sentence", LINES)
def test_what_a_review_says_comes_out_as_published(town: Office, sentence: str) -> None:
    write, wanted = LINES[sentence]
    write(town)
    found = figures(town, YEAR)
    got: dict[tuple[str, str | None], Figure] = {key: found.figure(key[0], category=key[1]) for key in wanted}
    assert {key: (figure.value, figure.about) for key, figure in got.items()} == wanted
    assert all(figure.ids for figure in got.values())
    lines = {(line["indicator"], line["category"]): line for line in yearly_values(town, YEAR, ids=True)["lines"]}
    assert {key: (lines[key]["value"], lines[key]["about"]) for key in wanted} == wanted
    assert {key: set(lines[key]["ids"]) for key in wanted} == {key: set(figure.ids) for key, figure in got.items()}


def test_all_sentences_together_stand_in_one_report(town: Office) -> None:
    for write, _ in LINES.values():
        write(town)
    report = make_report(town, "yearly", YEAR)
    shown = {row[1]: row[3:5] for row in report.tables[0].text_rows() if row[1] != "其中：未填"}
    assert shown["贷款金额"] == ["900,000.00", "0.00"]
    assert shown["募捐资金"] == ["8,305.30", "0.00"]
    assert shown["培训班"] == ["7", "0"]
    assert any(note.startswith("约数按所写的数计入") for note in report.tables[0].notes)
    assert report.title == "2011年度工作统计表"
    assert town.unit == TOWN

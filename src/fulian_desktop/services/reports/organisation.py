"""Reports of who and what there is: cadres, grids, sites, teams, the books of a 妇女之家."""

from __future__ import annotations

from collections.abc import Mapping

from fulian_desktop.domain.committees import ELECTED, required_of
from fulian_desktop.domain.indicator import Standing
from fulian_desktop.domain.units import Level, level_of
from fulian_desktop.services.reports.care import PAIRED, PAIRS
from fulian_desktop.services.reports.declared import (
    ALWAYS,
    NUMBER,
    UNIT,
    Column,
    Derived,
    Listing,
    Plan,
    Summary,
    Test,
    both,
    filled,
    none_of,
    one_of,
    share,
)
from fulian_desktop.services.reports.engine import Asked, codes_of, levels_below, notes_of
from fulian_desktop.services.reports.families import HONOR_COLUMNS, HONORS_HELD
from fulian_desktop.services.reports.table import TOTAL, Report, share_of, shown
from fulian_desktop.store.view import Row

IN_OFFICE = Standing("date_from", "left_date", ("date_from", "date_to"))
OPEN = Standing("opened_date", "closed_date")
FORMED = Standing("founded_date", "disbanded_date")
FOUNDED = Standing("founded_date")

YOUNG = 35
"""At most so many years old counts as young."""

ON_EXECUTIVE = both(
    one_of("post", *ELECTED),
    none_of(filled("organisation", "organisation_name")),
)


def _people(head: str, key: str, where: Test | None = None) -> Column:
    """How many persons: a row may stand for several."""
    return Column("people", head, adds=True, otherwise=1, where=where, key=key)


def _young(row: Row, asked: Asked) -> int:
    """How many persons of a record are young on the day on which what stands is looked at."""
    born, day = row.flat.get("birth_date"), asked.end.isoformat()
    limit = f"{asked.end.year - YOUNG - 1}{day[4:]}"
    return row.flat.get("people", 1) if born and born > limit else 0


def _lacking(sums: Mapping[str, int], unit: str) -> str:
    """Whether a federation has as many as it is to have, else what it lacks."""
    required = required_of(level_of(unit)) if unit else None
    if required is None:
        return ""
    have = (("主席", sums["chairs"], 1), ("兼职副主席", sums["part_time"], required.part_time),
            ("执委", sums["members"], required.executives))
    return "、".join(f"{what}缺 {least - there} 人" for what, there, least in have if there < least) or MET


def _met(report: Report, _asked: Asked) -> str:
    """How many federations have as many as they are to have."""
    at = [head for head, _ in report.columns].index(_REQUIREMENT)
    judged = [row[at] for row in report.rows if row[at]]
    wanted = "；".join(
        f"{word}兼职副主席不少于 {required.part_time} 人、执委(含主席、副主席)不少于 {required.executives} 人"
        for level, word in ((Level.VILLAGE, "村(社区)"), (Level.TOWNSHIP, "乡镇(街道)")) if (required := required_of(level))
    )
    return f"要求：{wanted}。{len(judged)} 个单位中 {judged.count(MET)} 个达标。" if judged else ""


MET = "达标"
_REQUIREMENT = "配备要求"


_IS_BUILT = filled("built")
_IS_DUE = filled("required")


def _add_founded(report: Report, label: str, due: int, built: int, ids: list[str]) -> None:
    report.rows.append([label, due, built, share_of(built, due)])
    report.ids.append(ids)


def _founding(asked: Asked) -> Report:
    """组建率: federations of villages that have officers, and organisations outside the code tree that are to be founded."""
    report = Report("", "组建情况", [("类型", "text"), ("应建", "number"), ("已建", "number"), ("组建率(%)", "percent")])
    cadres = [row for row in asked.rows(asked.kind("post_holder"), IN_OFFICE) if ON_EXECUTIVE(row.flat)]
    staffed = {row.unit for row in cadres}
    units = levels_below(asked)
    found = [unit for unit in units if unit in staffed]
    line = "村(社区)妇联" if asked.office.level < Level.VILLAGE else "本单位妇联"
    _add_founded(report, line, len(units), len(found), [row.id for row in cadres if row.unit in set(found)])
    organisations = asked.rows(asked.kind("organisation"), FOUNDED)
    for code, label in codes_of(asked.kind("organisation"), "type").labels.items():
        rows = [row for row in organisations if row.flat.get("type") == code and _IS_DUE(row.flat)]
        built = sum(_IS_BUILT(row.flat) for row in rows)
        if rows:
            _add_founded(report, label, len(rows), built, [row.id for row in rows])
    due, built = (sum(row[i] for row in report.rows) for i in (1, 2))
    report.total = {"required": due, "built": built}
    report.total_row = [TOTAL, due, built, share_of(built, due)]
    report.notes = notes_of(asked.kind("organisation"), FOUNDED, organisations, (), asked)
    return report


def _month(day: str | None) -> str:
    return f"{day[:4]}.{day[5:7]}" if day else ""


def _term(row: Row, _asked: Asked) -> str:
    """A term by its months, as rosters write it: 2024.03—2029.02."""
    first, last = row.flat.get("date_from"), row.flat.get("date_to")
    return _month(first) if first == last else f"{_month(first)}—{_month(last)}"


BORN = Column(head="出生年月", read=lambda row, _asked: _month(row.flat.get("birth_date")))
_ROSTER = (
    NUMBER, UNIT, "name", "post", "term", Column(head="任期", read=_term), "sex", BORN, "political", "education",
    "committee_posts", "phone",
)
_SHARES = (
    _people("主席", "chairs", one_of("post", "chair")), _people("副主席", "vice_chairs", one_of("post", "vice_chair")),
    _people("兼职副主席", "part_time", one_of("post", "part_time_vice_chair")), _people("执委会人数", "members"),
    Derived(_REQUIREMENT, _lacking, "text"),
    _people("党员", "party", one_of("political", "party_member", "probationary")).but(hidden=True),
    Column(head=f"{YOUNG}岁以下", read=_young, how="number", key="young", hidden=True),
    _people("大专以上", "college", one_of("education", "college", "bachelor", "postgraduate")).but(hidden=True),
    _people("进两委", "committee", filled("committee_posts")).but(hidden=True),
    share("党员(%)", "party", "members"), share(f"{YOUNG}岁以下(%)", "young", "members"),
    share("大专以上(%)", "college", "members"), share("进两委(%)", "committee", "members"),
)


def _coverage(report: Report, asked: Asked) -> str:
    """What share of the villages has a 妇女之家."""
    villages = {asked.names.get(unit, unit) for unit in levels_below(asked)}
    having = sum(1 for row in report.rows if row[0] in villages and row[1])
    if not villages:
        return ""
    return f"妇女之家覆盖 {len(villages)} 个单位中的 {having} 个，覆盖率 {shown(share_of(having, len(villages)), 'percent')}%"


def _sites(head: str, *types: str) -> Column:
    return Column("number", head, otherwise=1, where=one_of("type", *types), key=types[0])


_MAIN_SITES = ("womens_home", "childrens_home", "rights_station", "parents_school")
_NAMED_VOLUNTEERS = one_of("post", "volunteer")

PLANS = (
    Plan(
        "cadres", "妇联干部花名册", "组织和阵地", "各单位的主席、副主席、执委，换届的配备和比例，组建率。", landscape=True,
        tables=(
            Summary("post_holder", (UNIT,), _SHARES, "换届情况", when=IN_OFFICE, where=ON_EXECUTIVE, every_unit=True,
                    note=_met),
            _founding,
            Listing("post_holder", _ROSTER, "花名册", when=IN_OFFICE, where=ON_EXECUTIVE, order=(UNIT, "post")),
        ),
    ),
    Plan(
        "grids", "网格台账", "组织和阵地", "网格长、网格员，各单位的网格数和女性比例。", landscape=True,
        tables=(
            Summary("post_holder", (UNIT,), (
                Column("grid", "网格数", distinct=True), _people("网格长", "leaders", one_of("post", "grid_leader")),
                _people("其中女性", "women_leading", both(one_of("post", "grid_leader"), one_of("sex", "female"))),
                _people("网格员", "members", one_of("post", "grid_member")), Column("households", adds=True),
                share("女网格长(%)", "women_leading", "leaders"),
            ), "各单位网格", when=IN_OFFICE, where=one_of("post", "grid_leader", "grid_member")),
            Listing("post_holder", (
                NUMBER, UNIT, "grid", "name", "post", "sex", "grid_role",
                Column("households", adds=True), "phone",
            ), "名册", when=IN_OFFICE, where=one_of("post", "grid_leader", "grid_member"), order=(UNIT, "grid", "post")),
        ),
    ),
    Plan(
        "sites", "阵地台账", "组织和阵地", "妇女之家、儿童之家等阵地，各类个数、示范、资金和覆盖率。", landscape=True,
        tables=(
            Summary("site", (UNIT,), (
                _sites("妇女之家", "womens_home"), _sites("儿童之家", "childrens_home"), _sites("维权站", "rights_station"),
                _sites("家长学校", "parents_school"),
                Column("number", "其他", otherwise=1, where=none_of(one_of("type", *_MAIN_SITES)), key="others"),
                Column("number", "合计", otherwise=1, key="sites"), "fund",
            ), "各单位阵地", when=OPEN, every_unit=True, note=_coverage),
            Summary("site", ("type",), (
                Column("number", otherwise=1),
                Column("number", "其中示范", otherwise=1, where=filled("demonstration"), key="demonstration"),
                Column("number", "其中评星", otherwise=1, where=filled("stars"), key="starred"), "fund",
            ), "各类阵地", when=OPEN),
            Listing("site", (
                NUMBER, UNIT, "name", "type", Column("number", adds=True, otherwise=1), "level",
                "demonstration", "stars", "opened_date", "place", "manager",
                Column("fund", adds=True),
            ), "台账", when=OPEN, order=(UNIT, "type", "opened_date")),
        ),
    ),
    Plan(
        "teams", "志愿队伍台账", "组织和阵地", "志愿队伍、人数、募集，和当年的志愿服务活动。", landscape=True,
        tables=(
            Summary("team", ("type",), (Column("number", otherwise=1), "members", "raised"), "各类队伍", when=FORMED),
            Summary("activity", (UNIT,), (
                Column("sessions", otherwise=1), "participants", "hours",
            ), "志愿服务活动", where=one_of("category", "volunteering")),
            Listing("team", (
                NUMBER, UNIT, "name", "type", Column("number", adds=True, otherwise=1),
                Column("members", adds=True), "founded_date", "leader", "service", Column("raised", adds=True),
            ), "队伍", when=FORMED, order=(UNIT, "type", "founded_date")),
        ),
    ),
    Plan(
        "womens-home", "妇女之家台账", "组织和阵地", "五簿五册：活动、培训、表彰、帮扶对象，干部、代表、联系、结对、志愿者。",
        landscape=True, paged=True,
        tables=(
            Listing("activity", (
                NUMBER, UNIT, "date", "title", "category", "place", "speaker",
                Column("sessions", adds=True, otherwise=1), Column("participants", adds=True),
            ), "工作活动记录簿", where=none_of(one_of("category", "training"))),
            Listing("activity", (
                NUMBER, UNIT, "date", "title", "skill", "speaker",
                Column("participants", adds=True), Column("hours", adds=True), Column("certified", adds=True),
                Column("employed", adds=True),
            ), "妇女培训登记簿", where=one_of("category", "training")),
            Listing("honor", HONOR_COLUMNS, "表彰登记簿", where=HONORS_HELD),
            Listing("rights_case", (
                NUMBER, UNIT, "date", "channel", "category", "subcategory", "handling", "handed_to", "settled_date",
            ), "来信来访登记簿"),
            Listing("person", (
                NUMBER, UNIT, "name", "sex", BORN, "school", "guardian",
                "needs", "contact", "phone",
            ), "重点帮扶对象登记簿", when=ALWAYS, order=(UNIT, "name")),
            Listing("post_holder", _ROSTER, "妇联干部名册", when=IN_OFFICE, where=ON_EXECUTIVE, order=(UNIT, "post")),
            Listing("post_holder", (
                NUMBER, UNIT, "name", "sex", BORN, "political", "education",
                "occupation", "phone",
            ), "妇女代表名册", when=IN_OFFICE, where=one_of("post", "representative"), order=(UNIT, "name")),
            Listing("honor", (
                NUMBER, UNIT, "holder", "title", "called", "level", "date",
                "deeds",
            ), "先进人物名册", when=ALWAYS, where=both(HONORS_HELD, one_of("holder_type", "person")), order=(UNIT, "date")),
            Listing("post_holder", (
                NUMBER, UNIT, "name", "post", "grid", Column("households", adds=True),
            ), "代表联系群众名册", when=IN_OFFICE, where=filled("households", "contacts"), order=(UNIT, "post")),
            Listing("pairing", (
                NUMBER, UNIT, "helper", "recipient", "way", PAIRS, "period",
                "agreement",
            ), "结对帮扶名册", when=PAIRED),
            Listing("post_holder", (
                NUMBER, UNIT, "name", "sex", BORN, "occupation",
                Column("people", adds=True, otherwise=1), "phone",
            ), "巾帼志愿者名册", when=IN_OFFICE, where=_NAMED_VOLUNTEERS, order=(UNIT, "name")),
            Listing("team", (
                NUMBER, UNIT, "name", "type", Column("members", adds=True), "leader",
                "service",
            ), "巾帼志愿队伍名册", when=FORMED, order=(UNIT, "type")),
        ),
    ),
)

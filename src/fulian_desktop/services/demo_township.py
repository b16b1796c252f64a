"""What the demo's township makes up for itself: what it issues, its own work of two years, and cases of the rights room.

Nothing here counts among the villages' records. Holidays are those that the State Council published.
"""

from __future__ import annotations

from typing import Any

from fulian_desktop.domain.default_scheme import default_scheme
from fulian_desktop.services.demo_data import LAST, NIGHT_SCHOOL, TOWNSHIP_NAME, VOLUNTEERS, YEAR, Inventor
from fulian_desktop.services.demo_year import TERM

CHAIR, DEPUTY = "李红梅", "赵国华"
Rows = list[dict[str, Any]]

_HOLIDAYS = {
    YEAR: (
        (
            ("01-01", "01-01", "元旦"), ("01-28", "02-04", "春节"), ("04-04", "04-06", "清明节"), ("05-01", "05-05", "劳动节"),
            ("05-31", "06-02", "端午节"), ("10-01", "10-08", "国庆节、中秋节"),
        ),
        (("01-26", "春节"), ("02-08", "春节"), ("04-27", "劳动节"), ("09-28", "国庆节"), ("10-11", "国庆节")),
    ),
    LAST: (
        (
            ("01-01", "01-01", "元旦"), ("02-10", "02-17", "春节"), ("04-04", "04-06", "清明节"), ("05-01", "05-05", "劳动节"),
            ("06-08", "06-10", "端午节"), ("09-15", "09-17", "中秋节"), ("10-01", "10-07", "国庆节"),
        ),
        (
            ("02-04", "春节"), ("02-18", "春节"), ("04-07", "清明节"), ("04-28", "劳动节"), ("05-11", "劳动节"),
            ("09-14", "中秋节"), ("09-29", "国庆节"), ("10-12", "国庆节"),
        ),
    ),
}
# Plan, indicator, unit, target, then the value of the year before and of this one; the last mark: lower is better.
_MONITORED = (
    ("women", "妇女常见病筛查率", "%", "80", "71.5", "82.3", False),
    ("women", "村两委中女性比例", "%", "30", "29.6", "33.4", False),
    ("women", "孕产妇系统管理率", "%", "90", "94.1", "95.2", False),
    ("women", "妇女参加城乡居民养老保险人数", "人", "3000", "2870", "2946", False),
    ("children", "学前三年毛入园率", "%", "90", "92.4", "93.8", False),
    ("children", "5岁以下儿童死亡率", "‰", "6", "4.1", "3.9", True),
    ("children", "儿童之家覆盖率", "%", "90", "78.6", "85.7", False),
)


def issued(inventor: Inventor) -> dict[str, Rows]:
    """What goes down to the villages beside names and campaigns, by kind."""

    def days(rows: tuple[tuple[str, ...], ...], year: int) -> Rows:
        return [
            {
                "row": inventor.row_id(), "from": f"{year}-{row[0]}", "name": row[-1],
                **({"to": f"{year}-{row[1]}"} if len(row) > 2 else {}),
            }
            for row in rows
        ]

    return {
        "holiday_table": [
            {"year": year, "off": days(off, year), "worked": days(worked, year)} for year, (off, worked) in _HOLIDAYS.items()
        ],
        "report_period": [
            {"title": "年度工作统计", "cycle": "yearly", "due_day": 90, "from_day": f"{YEAR}-01-01", "to_day": f"{YEAR}-12-31"}
        ],
        "amount_bound": [{"bounds": "aid__amount", "amount": 2_000_000}, {"bounds": "activity__participants", "number": 10_000}],
        "issued_code": [{"label": NIGHT_SCHOOL, "extends": "activity__category", "aliases": "妇女夜校、夜校"}],
        "issued_field": [
            {
                "label": "志愿者人数", "code": VOLUNTEERS, "kinds": ["activity"], "type": "number", "column": True,
                "group": "参加情况",
            }
        ],
        "scheme": [default_scheme(YEAR, f"{TOWNSHIP_NAME}{YEAR}年度妇联工作考核方案")],
    }


def own_work(inventor: Inventor, villages: int) -> dict[str, Rows]:
    """Two years of the township's own federation, by kind."""
    return {
        "post_holder": _committee(inventor), "organisation": _organisations(inventor), "site": _sites(),
        "team": _teams(inventor), "activity": _activities(), "honor": _honors(), "publicity": _stories(),
        "visit": _visits(villages), "donation": _donations(inventor), "indicator_value": _values(),
    }


def _committee(inventor: Inventor) -> Rows:
    """Thirty executives, as a township needs: chair, vice chair, two part-time ones, and the others."""
    posts = ["chair", "vice_chair", "part_time_vice_chair", "part_time_vice_chair", *["executive"] * 26]
    people = [inventor.person("female", 28, 54) for _ in posts]
    names = [CHAIR, DEPUTY, *(person.name for person in people[2:])]
    return [
        {
            "name": name, "post": post, **TERM, "sex": "female", "birth_date": person.birth.isoformat(),
            "phone": inventor.phone(), "political": "party_member" if place % 3 == 0 else "masses",
            "education": "bachelor" if place % 2 else "college",
        }
        for place, (name, post, person) in enumerate(zip(names, posts, people, strict=True))
    ]


def _organisations(inventor: Inventor) -> Rows:
    bodies = (
        ("镇机关妇委会", "institution", "镇政府", 38), ("中心小学妇委会", "institution", "镇中心小学", 42),
        ("卫生院妇委会", "institution", "镇卫生院", 27), ("恒丰果业妇联", "enterprise", "恒丰果业合作社", 65),
        ("电商协会妇联", "industry", "镇电商协会", 31),
    )
    made: Rows = [
        {
            "name": f"{TOWNSHIP_NAME}{name}", "type": sort, "belongs_to": body, "required": True, "built": True, "women": women,
            "founded_date": "2023-06-15", "leader": inventor.person("female", 32, 52).name, "demonstration": place == 0,
        }
        for place, (name, sort, body, women) in enumerate(bodies)
    ]
    return [*made, {"name": f"{TOWNSHIP_NAME}养殖协会妇联", "type": "industry", "belongs_to": "镇养殖协会", "required": True}]


def _sites() -> Rows:
    return [
        {
            "name": f"{TOWNSHIP_NAME}家风馆", "type": "family_hall", "opened_date": f"{YEAR}-05-15", "area": 180, "fund": "5万",
            "fund_source": "县妇联",
        },
        {"name": f"{TOWNSHIP_NAME}反家暴联调室", "type": "anti_violence", "opened_date": f"{LAST}-11-25", "place": "镇派出所"},
        {
            "name": f"{TOWNSHIP_NAME}巾帼示范基地", "type": "base", "level": "city", "demonstration": True, "staff": 36,
            "households": 120, "opened_date": "2023-09-01",
        },
    ]


def _teams(inventor: Inventor) -> Rows:
    return [
        {"name": f"{TOWNSHIP_NAME}巾帼宣讲队", "type": "speakers", "members": 12, "founded_date": "2022-03-01", "leader": CHAIR},
        {
            "name": f"{TOWNSHIP_NAME}巾帼调解队", "type": "mediators", "members": 9, "founded_date": f"{YEAR}-04-10",
            "leader": inventor.person("female", 35, 52).name,
        },
    ]


def _activities() -> Rows:
    return [
        {
            "title": "春风送岗位专场招聘会", "category": "job_fair", "date": f"{YEAR}-02-22", "place": "镇文化广场",
            "participants": "460余人", "employed": 38, "highlight": True,
            "outcome": "三十多家企业带来岗位164个，当场签约38人。",
            "measures": _measured(("企业", 32, "家"), ("岗位", 164, "个")),
        },
        {
            "title": "妇女干部培训班", "category": "training", "date": f"{YEAR}-07-08", "date_to": f"{YEAR}-07-10",
            "participants": "70余人", "classes": 1, "skill": "妇联业务", "place": "镇党校", "highlight": True,
        },
        {"title": "庆“三八”表彰大会", "category": "culture", "date": f"{YEAR}-03-07", "participants": 260, "place": "镇文化广场"},
        {
            "title": "观看爱国影片", "category": "culture", "date": f"{YEAR}-09", "sessions": 5, "participants": "1200余人次",
            "place": "各村文化广场",
        },
        {
            "title": "春风送岗位专场招聘会", "category": "job_fair", "date": f"{LAST}-02-25", "place": "镇文化广场",
            "participants": "350余人", "employed": 29,
        },
        {
            "title": "妇女干部培训班", "category": "training", "date": f"{LAST}-07-09", "participants": "60余人", "classes": 1,
            "place": "镇党校",
        },
    ]


def _measured(*rows: tuple[str, int, str]) -> Rows:
    return [
        {"row": f"{place:012x}", "name": name, "number": number, "unit": unit}
        for place, (name, number, unit) in enumerate(rows, 1)
    ]


def _honors() -> Rows:
    own = f"{TOWNSHIP_NAME}妇联"
    return [
        {
            "holder": own, "holder_type": "unit", "title": "advanced_federation", "called": "全县先进妇联", "level": "county",
            "date": f"{YEAR}-03-06", "given_by": "县妇联",
        },
        {
            "holder": own, "holder_type": "unit", "title": "other_title", "called": "家庭工作先进集体", "level": "city",
            "date": f"{YEAR}-11-20", "given_by": "市妇联",
        },
        {
            "holder": f"{TOWNSHIP_NAME}卫生院护理组", "holder_type": "group", "title": "womens_post", "called": "巾帼文明岗",
            "level": "county", "date": f"{YEAR}-03-06", "given_by": "县妇联",
        },
        {
            "holder": own, "holder_type": "unit", "title": "advanced_federation", "called": "全县先进妇联", "level": "county",
            "date": f"{LAST}-03-07", "given_by": "县妇联",
        },
    ]


def _stories() -> Rows:
    told = (
        (YEAR, "清溪镇：家门口的招聘会送来164个岗位", "newspaper", "晋中日报", "city", "02-26"),
        (YEAR, "清溪妇联把课堂搬到果园", "broadcast", "县电视台", "county", "07-12"),
        (YEAR, "一面镜子照家风——清溪家风馆开馆", "wechat", "山西女性", "province", "05-20"),
        (LAST, "清溪镇反家暴联调室挂牌", "website", "市妇联网站", "city", "11-28"),
    )
    return [
        {
            "title": title, "medium": medium, "medium_name": name, "level": level, "date": f"{year}-{day}",
            "author": f"{TOWNSHIP_NAME}妇联",
        }
        for year, title, medium, name, level, day in told
    ]


def _visits(villages: int) -> Rows:
    """Two rounds of inspection through all villages, as the scheme has it, and a survey; one round the year before."""
    of = {"visitors": f"{CHAIR}、{DEPUTY}", "villages": villages}
    return [
        {
            **of, "date": f"{YEAR}-07-01", "date_to": f"{YEAR}-07-06", "purpose": "inspection", "place": "各村",
            "times": villages, "situation": "半年考核，看阵地、查台账、问群众。",
        },
        {
            **of, "date": f"{YEAR}-12-08", "date_to": f"{YEAR}-12-14", "purpose": "inspection", "place": "各村",
            "times": villages, "situation": "全年考核。",
        },
        {
            **of, "date": f"{YEAR}-04-16", "purpose": "survey", "place": "恒丰果业合作社", "villages": 1,
            "situation": "了解妇女就近就业情况。",
        },
        {**of, "date": f"{LAST}-12-09", "date_to": f"{LAST}-12-14", "purpose": "inspection", "place": "各村", "times": villages},
    ]


def _donations(inventor: Inventor) -> Rows:
    return [
        {
            "donor": "镇中心小学师生（教师一天工资、学生零花钱）", "donor_type": "pupils", "donors": "300余",
            "date": f"{YEAR}-05-28", "amount": "5555.3", "purpose": "困境儿童",
        },
        {"donor": "全体妇女干部、妇女主任", "donor_type": "staff", "donors": 42, "date": f"{YEAR}-09-10", "amount": "2750"},
        {
            "donor": "恒丰果业合作社", "donor_type": "enterprise", "date": f"{YEAR}-01-12", "amount": "2万",
            "phone": inventor.phone(),
        },
        {"donor": "全体妇女干部、妇女主任", "donor_type": "staff", "donors": 38, "date": f"{LAST}-09-10", "amount": "2380"},
    ]


def _values() -> Rows:
    return [
        {
            "plan": plan, "indicator": name, "unit_word": unit, "year": year, "target": target, "value": value,
            "lower_is_better": lower, "source": "镇统计站、卫生院、中心小学",
        }
        for plan, name, unit, target, before, now, lower in _MONITORED
        for year, value in ((YEAR, now), (LAST, before))
    ]


def cases(inventor: Inventor, village: bool) -> Rows:
    """Cases of the rights room of the township, or of a village.

    Settled ones, one with a written warning and a protection order, one still open.
    """

    def party() -> str:
        return inventor.person("female", 24, 60).name

    made: Rows = [
        {
            "number": f"{YEAR}-01", "appeal": "丈夫酒后多次动手，要求制止", "date": f"{YEAR}-03-12", "channel": "来访",
            "party": party(), "category": "marriage", "subcategory": "violence", "risk": "high",
            "handling": ["mediation", "referral"], "handed_to": "镇派出所", "warning_asked_date": f"{YEAR}-03-13",
            "warning_no": f"清派告字〔{YEAR}〕3号", "warning_date": f"{YEAR}-03-14", "order_asked_date": f"{YEAR}-03-20",
            "order_issued_date": f"{YEAR}-03-22", "order_ends_date": f"{YEAR}-09-21", "settled_date": f"{YEAR}-04-02",
            "result": "出具告诫书，法院签发保护令，回访未再发生。", "return_date": f"{YEAR}-05-06",
        },
        {
            "number": f"{YEAR}-02", "appeal": "离婚后孩子的抚养费拖欠半年", "date": f"{YEAR}-05-18", "channel": "来电",
            "party": party(), "category": "marriage", "subcategory": "custody", "risk": "low", "handling": ["mediation"],
            "settled_date": f"{YEAR}-06-09", "result": "调解后分两次付清。",
        },
        {
            "number": f"{YEAR}-03", "appeal": "外嫁女土地承包权益咨询", "date": f"{YEAR}-08-21", "channel": "来访",
            "party": party(), "category": "property", "subcategory": "land", "risk": "low", "handling": ["advice"],
            "settled_date": f"{YEAR}-08-21", "result": "讲明政策，转村委会核实后确认承包份额。",
        },
        {
            "number": f"{YEAR}-04", "appeal": "务工工资拖欠三个月", "date": f"{YEAR}-12-03", "channel": "12338",
            "party": party(), "category": "labour", "subcategory": "wages", "risk": "medium", "handling": ["legal_aid"],
        },
        {
            "number": f"{LAST}-01", "appeal": "老人赡养费用分担不清", "date": f"{LAST}-10-15", "channel": "来访",
            "party": party(), "category": "marriage", "subcategory": "support", "risk": "low", "handling": ["mediation"],
            "settled_date": f"{LAST}-10-22", "result": "三个子女签了赡养协议。",
        },
    ]
    return made[1:3] if village else [made[0], *made[3:]]

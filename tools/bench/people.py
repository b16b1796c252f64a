"""Made-up records as villages type them: families, people, activities, aid, nominations; 8 to 20 fields filled.

Everything comes from one seed, so two runs, and two machines, measure the same bytes.
"""

from __future__ import annotations

import datetime
from random import Random
from typing import Any

from fulian_desktop.domain.fields import Composite
from fulian_desktop.domain.kinds import kind_of

YEAR_START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
YEAR_START_MS = int(YEAR_START.timestamp() * 1000)
SHARES = (("family", 30), ("person", 20), ("activity", 15), ("aid", 20), ("nomination", 15))
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
FIRST = "秀桂玉春淑丽建志海文晓小国美红兰翠凤金银永德明振俊雪艳云素爱"
SECOND = "英兰梅芳霞敏静华珍琴荣强军平红艳玲萍燕生林涛波鹏洁娟莲菊香云花枝仙"
GROUPS = ("一组", "二组", "三组", "四组", "五组", "六组", "七组", "八组")
TITLES = ("三八节表彰大会", "两癌防治知识宣讲", "手工编织技能培训", "亲子阅读分享会", "反家暴普法宣传", "重阳节慰问老人",
          "美丽庭院清洁日", "暑期儿童防溺水教育", "家政服务培训班", "巾帼志愿服务进家门", "家庭教育公益讲座", "广场舞联欢")
PLACES = ("村委会会议室", "文化广场", "妇女之家", "村小学", "老年活动中心", "乡政府礼堂")
DEEDS = ("婆媳和睦，孝敬老人，邻里有事主动帮忙，院子收拾得干干净净，两个孩子学习勤奋，常年参加村里的志愿服务。",
         "丈夫在外打工，她一人照料卧床的公公六年，从无怨言，还带动六户姐妹做手工，户均增收三千元。",
         "一家四代同堂，家风淳朴，热心公益，多次为困难家庭捐款捐物，是村里有口皆碑的好人家。")
CONTENT = ("活动讲解了政策和办法，现场答疑，发放资料，村里的妇女姐妹踊跃参加，会后还登记了意见。",
           "请县里的老师来授课，理论和实际操作结合，学员反映听得懂、用得上。")


class People:
    """A source of made-up people and records for one village."""

    def __init__(self, seed: str, unit: str) -> None:
        self.random = Random(f"fulian-bench-1 {seed}")
        self.unit = unit

    def name(self) -> str:
        """Two or three characters."""
        r = self.random
        return r.choice(SURNAMES) + r.choice(FIRST) + (r.choice(SECOND) if r.random() < 0.8 else "")

    def day(self, first_year: int = 2026, years: int = 1) -> str:
        """An ISO day."""
        start = datetime.date(first_year, 1, 1)
        return (start + datetime.timedelta(days=self.random.randrange(360 * years))).isoformat()

    def phone(self) -> str:
        """A mobile number."""
        return self.random.choice(("138", "139", "150", "151", "158", "187", "189")) + f"{self.random.randrange(10**8):08d}"

    def id_number(self) -> str:
        """An ID number with a right check digit."""
        r = self.random
        digits = f"{self.unit[:6]}{self.day(1935, 85).replace('-', '')}{r.randrange(1000):03d}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        check = "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11]
        return digits + check

    def address(self) -> str:
        """组 and 门牌."""
        return f"{self.random.choice(GROUPS)}{self.random.randrange(1, 240)}号"

    def code(self, kind: str, field: str, part: str = "") -> str:
        """A code out of a declared list."""
        declared = kind_of(kind).declared(field).type
        found: Any = next(p.type for p in declared.parts if p.name == part) if isinstance(declared, Composite) else declared
        return str(self.random.choice(list(found.codes)))

    def values(self, kind: str, families: list[tuple[str, str]]) -> dict[str, Any]:
        """The ledger values of a new record; ``families`` are (id, head) of families entered before."""
        made: dict[str, Any] = getattr(self, f"_{kind}")(families)
        if self.random.random() < 0.25:
            made["remarks"] = "资料已核对，见纸质台账第" + str(self.random.randrange(1, 90)) + "页"
        return made

    def _family(self, _: list[tuple[str, str]]) -> dict[str, Any]:
        r = self.random
        values: dict[str, Any] = {
            "head": self.name(), "address": self.address(), "head_id_number": self.id_number(), "phone": self.phone(),
            "ethnicity": "han" if r.random() < 0.9 else self.code("family", "ethnicity"),
            "political": self.code("family", "political"), "education": self.code("family", "education"),
            "occupation": r.choice(("务农", "外出务工", "个体经营", "村干部", "教师")), "size": r.randrange(2, 7),
        }
        for relation in r.sample(("spouse", "son", "daughter", "mother", "father", "granddaughter"), r.randrange(1, 5)):
            values[f"members:{r.randrange(16**12):012x}"] = {
                "name": self.name(), "relation": relation, "birth_date": self.day(1940, 80), "sex": r.choice(("female", "male")),
            }
        if r.random() < 0.3:
            values["tags"] = sorted({self.code("family", "tags"), self.code("family", "tags")})
        return values

    def _person(self, families: list[tuple[str, str]]) -> dict[str, Any]:
        r = self.random
        values: dict[str, Any] = {
            "name": self.name(), "sex": r.choice(("female", "female", "male")), "id_number": self.id_number(),
            "birth_date": self.day(1935, 85), "phone": self.phone(), "address": self.address(),
            "tags": [self.code("person", "tags")], "health": r.choice(("良好", "慢性病，长期服药", "肢体残疾二级")),
            "contact": self.name(), "needs": r.choice(("就业帮扶", "医疗救助", "助学金", "心理疏导")),
        }
        if families and r.random() < 0.6:
            values["family"] = self._family_reference(families)
        if r.random() < 0.3:
            values |= {"guardian": self.name(), "guardian_phone": self.phone(), "school": "清溪乡中心小学", "grade": "三年级"}
        if r.random() < 0.4:
            values["income"] = r.randrange(3000, 40_000) * 100
        return values

    def _family_reference(self, families: list[tuple[str, str]]) -> dict[str, Any]:
        record, head = self.random.choice(families)
        return {"id": record, "kind": "family", "name": head, "unit": self.unit}

    def _activity(self, _: list[tuple[str, str]]) -> dict[str, Any]:
        r = self.random
        day, people = self.day(), r.randrange(12, 160)
        values: dict[str, Any] = {
            "title": r.choice(TITLES), "category": self.code("activity", "category"),
            "date": {"from": day, "to": day, "precision": "day"}, "place": r.choice(PLACES),
            "organizer": "清溪乡柳树湾村妇女联合会", "speaker": self.name(), "sessions": {"number": 1},
            "participants": {"number": people}, "women": {"number": people * 2 // 3}, "content": r.choice(CONTENT),
            "outcome": "增强了法治意识，受到姐妹们欢迎。",
        }
        if r.random() < 0.5:
            values |= {"materials": {"number": r.randrange(20, 300)}, "children": {"number": people // 10},
                       "cost": {"fen": r.randrange(50, 3000) * 100, "source": "村集体"}}
        return values

    def _aid(self, families: list[tuple[str, str]]) -> dict[str, Any]:
        r = self.random
        day, person = self.day(), self.name()
        recipient = self._family_reference(families) if families and r.random() < 0.6 else {"name": person}
        values: dict[str, Any] = {
            "program": self.code("aid", "program"), "recipient": recipient,
            "recipient_category": self.code("aid", "recipient_category"),
            "date": {"from": day, "to": day, "precision": "day"}, "people": {"number": r.randrange(1, 5), "unit": "person"},
            "amount": {"fen": r.randrange(2, 100) * 10_000, "source": self.code("aid", "amount", "source")},
            "batch": f"2026年第{r.randrange(1, 5)}批", "applied_date": self.day(), "payment": self.code("aid", "payment"),
            "operator": self.name(), "signed_by": person,
        }
        if r.random() < 0.3:
            values[f"goods:{r.randrange(16**12):012x}"] = {"name": "大米", "quantity": 2, "unit": "袋", "value": 12_000}
        return values

    def _nomination(self, families: list[tuple[str, str]]) -> dict[str, Any]:
        r = self.random
        values: dict[str, Any] = {
            "campaign": {"id": "019b7e5d4c007000800000000000000a", "kind": "campaign", "name": "二〇二六年度最美家庭",
                         "unit": f"{self.unit[:9]}000"},
            "way": self.code("nomination", "way"), "recommender": "柳树湾村村民小组",
            "motto": "百善孝为先，勤俭能持家", "deeds_short": r.choice(DEEDS), "submitted_date": self.day(),
            "review_village": {"result": "passed", "date": self.day(), "person": self.name()},
            "notice_village": {"from": "2026-03-01", "to": "2026-03-07"},
        }
        if families:
            values["family"] = self._family_reference(families)
            values["called"] = f"{values['family']['name']}家庭"
        else:
            values["called"] = f"{self.name()}家庭"
        for item in r.sample(("crime", "domestic_violence", "gambling_superstition", "lavish_banquets"), 2):
            values[f"vetoes:{r.randrange(16**12):012x}"] = {"item": item, "clear": True, "checked_by": self.name()}
        return values

    def edit(self, kind: str) -> dict[str, Any]:
        """What a village sets when it corrects a record: one to three fields."""
        r = self.random
        choice: dict[str, dict[str, Any]] = {
            "family": {"phone": self.phone(), "size": r.randrange(2, 9), "address": self.address()},
            "person": {"phone": self.phone(), "needs": r.choice(("助学", "就业", "医疗")) + "，已走访", "contact": self.name()},
            "activity": {"participants": {"number": r.randrange(160, 300)}, "outcome": r.choice(CONTENT),
                         "place": r.choice(PLACES)},
            "aid": {"operator": self.name(), "paid_date": self.day(), "batch": f"2026年第{r.randrange(5, 9)}批"},
            "nomination": {"motto": "与人为善，和气致祥", "deeds_short": r.choice(DEEDS) + "（修改）",
                           "submitted_date": self.day()},
        }
        fields = choice[kind]
        return {name: fields[name] for name in r.sample(sorted(fields), r.randrange(1, 4))}

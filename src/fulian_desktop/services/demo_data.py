"""Made-up people and work for the demo: the same for the same numbers, and nobody's.

Rules:

* Everything comes from one seeded generator: the same villages and records on every computer.
* Nobody can be meant. ID numbers have a right check digit and a county that does not exist (140790 to 140799); telephone
  numbers begin with 154, a range that no company was given.
* Names follow the country: surnames by how often they occur (Ministry of Public Security, 2020), given names by
  sex and age, compound surnames, names of four characters, names with a middle dot, and the characters that other
  programs lose (䶮, 𬱖, 𡛕, 㛃).
* Rows are what a person types: flat name → text or typed value, ready for ``services.batch``.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fulian_desktop.domain.id_numbers import check_digit

YEAR = 2025
LAST = YEAR - 1
TOWNSHIP = "140702101000"
TOWNSHIP_NAME = "清溪镇"
MOST_VILLAGES = 200  # all are open at once, three files each
LEAST_RECORDS = 20
LAST_YEARS_HONOR = "five_good_family"  # its campaign was the year before
NIGHT_SCHOOL, VOLUNTEERS = "巾帼夜校", "x_zyzrs"  # what the township issues: a category of activities, and a field of them
MIXED = ("family", "person", "activity", "nomination", "aid")  # the kinds of which a village has as many as are asked for
_REGION = "1407"

_SURNAMES = (
    "王 7.1 李 7.0 张 6.7 刘 5.1 陈 4.6 杨 3.2 黄 2.3 赵 2.2 吴 2.0 周 1.9 徐 1.4 孙 1.4 马 1.3 朱 1.2 胡 1.1 郭 1.1 何 1.1 "
    "高 1.0 林 1.0 罗 0.9 郑 0.9 梁 0.8 谢 0.7 宋 0.7 唐 0.6 许 0.6 韩 0.6 冯 0.6 邓 0.6 曹 0.6 彭 0.5 曾 0.5 肖 0.5 田 0.5 "
    "董 0.5 袁 0.5 潘 0.5 于 0.5 蒋 0.4 蔡 0.4 余 0.4 杜 0.4 叶 0.4 程 0.4 苏 0.4 魏 0.4 吕 0.4 丁 0.4 任 0.4 沈 0.4 姚 0.3 "
    "卢 0.3 姜 0.3 崔 0.3 钟 0.3 谭 0.3 陆 0.3 汪 0.3 范 0.3 金 0.3 石 0.3 廖 0.3 贾 0.3 夏 0.3 韦 0.3 付 0.3 方 0.3 白 0.2 "
    "邹 0.2 孟 0.2 熊 0.2 秦 0.2 邱 0.2 江 0.2 尹 0.2 薛 0.2 闫 0.2 段 0.2 雷 0.2 侯 0.2 龙 0.2 史 0.2 陶 0.2 黎 0.2 贺 0.2 "
    "顾 0.2 毛 0.2 郝 0.2 龚 0.2 邵 0.2 万 0.2 钱 0.2 严 0.2 覃 0.2 武 0.2 戴 0.2 莫 0.2 孔 0.2 向 0.2 汤 0.2 单 0.05 仇 0.05 "
    "解 0.05 查 0.05 盖 0.02 欧阳 0.1 诸葛 0.02 上官 0.03 司马 0.01 令狐 0.01"
)
# Given names by sex and age: some whole ones, and the characters that are put together to others.
_GIVEN = {
    ("male", "old"): ("明 勇 刚 军 林 海 全 有才 满仓 根旺 喜顺 银柱", "建国志德福金长玉永文", "国强明胜生贵根山军华平"),
    ("male", "young"): ("浩 鹏 伟 磊 洋 超 凯 旭 睿 一鸣 亮 波", "俊子浩宇泽志文嘉天晓", "杰轩然航豪博辉强东峰"),
    ("female", "old"): ("英 兰 芳 梅 琴 娥 珍 翠花 粉桃 改花 巧云", "秀桂玉凤淑素爱月香春", "英兰珍芳花娥莲云梅琴"),
    ("female", "young"): ("静 丽 敏 艳 娟 婷 雪 倩 颖 蕊 梓涵 雨桐", "晓雨佳诗思雅欣丽海春", "燕婷怡涵琪静妍娜霞梅"),
}
_OFTEN_HUI = frozenset({"马"})
# Whole names: with a middle dot, and with the characters that other programs lose.
_DOTTED = (
    ("买买提·阿不都拉", "uyghur", "male"), ("阿依古丽·吐尔逊", "uyghur", "female"), ("古丽娜尔·买合木提", "uyghur", "female"),
    ("叶尔肯·努尔兰", "kazakh", "male"), ("阿米娜·热合曼", "uyghur", "female"), ("巴特尔·孟和", "mongol", "male"),
)
_RARE = (
    ("王㛃", "han", "female"), ("李䶮", "han", "male"), ("张𡛕", "han", "female"), ("赵𬱖", "han", "female"),
)
# Whom the first villages nominate first, by the family's place: so the smallest demo shows what others lose.
_SHOWN = {
    0: {2: _RARE[0], 4: _DOTTED[0]}, 1: {2: _RARE[1], 4: _DOTTED[1]}, 2: {2: _RARE[2], 4: _RARE[3]}, 3: {2: _DOTTED[2]},
}
_VILLAGE_HEADS = (
    "柳树湾", "石桥", "东沟", "杏花岭", "南坡", "北营", "榆树坪", "河西", "上庄", "下庄", "槐荫", "双井", "红崖", "青石", "白马",
    "枣林", "梨园", "桃源", "龙泉", "凤鸣", "大槐树", "小河", "西岭", "平川",
)
_VILLAGE_TAILS = (
    "村", "堡村", "庄村", "口村", "寨村", "坪村", "头村", "洼村", "坡村", "店村", "铺村", "屯村", "沟村", "源村", "台村", "峪村",
    "桥村", "岭村", "湾村", "塔村", "嘴村", "掌村", "底村", "坳村", "塬村",
)
# By age: young, middle, old.
_OCCUPATIONS = (
    ("外出务工", "外出务工", "务农", "个体经营", "教师", "快递员", "村医", "直播销售"),
    ("务农", "务农", "外出务工", "养殖", "个体经营", "护林员", "合作社社员"),
    ("务农", "务农", "务农", "养殖", "退休", "在家"),
)
_EDUCATION = (
    ("junior", "senior", "senior", "college", "bachelor"), ("primary", "junior", "junior", "senior"),
    ("primary", "primary", "junior"),
)
_FAMILY_TAGS = ("low_income_allowance", "out_of_poverty", "single_parent", "left_behind", "disabled", "military", "party_family",
                "two_daughters", "risk_of_poverty")
_MOTTOES = ("勤俭持家，诚信待人", "百善孝为先", "耕读传家", "与人为善，和睦邻里", "清清白白做人，踏踏实实做事", "家和万事兴",
            "一粥一饭，当思来处不易", "尊老爱幼，宽厚待人")
_DEEDS = (
    "{head}夫妻结婚多年，孝敬老人，教育子女，多年照顾卧床的老人从无怨言，邻里有事总是第一个到。",
    "{head}一家勤劳肯干，带动周边农户发展大棚蔬菜，闲时组织妇女跳广场舞，是村里有名的热心人。",
    "{head}家院里院外整洁有序，垃圾分类做得细，主动担任村里的卫生监督员，每周带头清扫巷道。",
    "{head}是村里的老党员，退休后义务调解邻里纠纷二十多起，子女在外工作，逢年过节都回来看望老人。",
    "{head}家重视读书，家里藏书六百多册，办起了农家书屋，假期义务辅导留守儿童写作业。",
    "{head}一家自强不息，靠养羊脱贫后又帮助三户乡亲搞起养殖，无偿提供种羊和技术。",
)
_OUTCOMES = (
    "大家积极参与，现场解答问题二十多个。", "参加妇女普遍反映内容实用，希望多办。", "增进了邻里感情，大家盼着再办。",
    "照片发到了村里的微信群，反响很好。", "现场建立了微信群，后续问题随时解答。",
)


@dataclass(frozen=True)
class _Template:
    """A sort of activity: category, titles with their months, who came (least, most), places, organizer."""

    category: str
    titles: dict[str, tuple[int, ...]]
    people: tuple[int, int]
    places: tuple[str, ...] = ("村委会", "妇女之家", "文化广场")
    organizer: str = "{village}妇联"


_ACTIVITIES = (
    _Template(
        "publicity", {"“三八”维权周宣传": (3,), "反诈宣传进农家": (4, 9), "移风易俗宣讲": (5, 10, 11)},
        (40, 160),
    ),
    _Template(
        "law", {"反家庭暴力法宣传": (3, 11), "民法典婚姻家庭编讲座": (5, 12), "妇女权益保障法进村": (3, 6)},
        (30, 120),
    ),
    _Template(
        "training", {"家政服务培训": (4, 10), "手工编织培训": (1, 7, 11), "直播带货培训": (6, 9), "果树修剪培训": (2, 3)},
        (20, 60), ("妇女之家", "合作社"),
    ),
    _Template(
        "parenting", {"家庭教育讲座": (3, 9, 11), "隔代教育课堂": (4, 10), "暑期安全家长课": (6, 7)},
        (25, 80), ("儿童之家", "村小学"),
    ),
    _Template(
        "reading", {"亲子阅读": (4, 7, 8), "世界读书日活动": (4,), "农家书屋读书会": (1, 8, 10)},
        (15, 50), ("农家书屋", "儿童之家"),
    ),
    _Template(
        "culture", {"“三八”广场舞展演": (3,), "端午包粽子比赛": (5,), "重阳节文艺演出": (10,), "巾帼健步走": (4, 9)},
        (60, 300), ("文化广场",),
    ),
    _Template(
        "festival", {"“六一”慰问留守儿童": (6,), "重阳节慰问老人": (10,), "春节慰问困难妇女": (1,)},
        (10, 60), ("各组农户家中",),
    ),
    _Template(
        "volunteering", {"巾帼志愿服务日": (3, 5, 12), "为独居老人包饺子": (2, 12), "爱心理发": (2, 6, 8)},
        (10, 40),
    ),
    _Template(
        "health", {"妇女病免费检查": (4, 9), "健康义诊": (5, 10), "妇女健康讲座": (3, 6, 8)},
        (40, 200), ("村卫生室", "村委会"), "镇卫生院",
    ),
    _Template(
        "environment", {"美丽庭院评比": (5, 8), "人居环境整治": (3, 4, 9), "清洁家园日": (2, 7, 11)},
        (20, 90), ("各组巷道",),
    ),
    _Template(
        "job_fair", {"春风行动招聘会": (2, 3)},
        (50, 400), ("镇政府广场",), "清溪镇妇联",
    ),
    _Template(
        "meeting", {"妇联执委会": (1, 4, 7, 10), "妇女议事会": (5, 8, 11), "半年工作会": (7, 12)},
        (8, 25), ("村委会会议室",),
    ),
)
_PROGRAMS = {
    "two_cancers": ("two_cancers", 1_000_000, "lottery"), "left_behind_child": ("spring_bud", 100_000, "donation"),
    "child_in_hardship": ("study_aid", 200_000, "county"), "single_mother": ("mothers_parcel", 20_000, "province"),
    "low_income": ("temporary_aid", 50_000, "township"), "elderly_alone": ("consolation_money", 30_000, "own"),
    "disabled_woman": ("medical_aid", 80_000, "city"), "left_behind_woman": ("consolation_goods", 15_000, "donation"),
}
_GOODS = {"mothers_parcel": ("母亲邮包", "个"), "consolation_goods": ("米面油", "份")}
# Whom the federation looks after, as they follow each other: one of each first; 两癌 is rare.
_CARE = (*_PROGRAMS, *(tag for tag, times in (
    ("left_behind_child", 7), ("low_income", 6), ("elderly_alone", 6), ("left_behind_woman", 4), ("child_in_hardship", 3),
    ("single_mother", 3), ("disabled_woman", 3),
) for _ in range(times)))
_NEEDS = ("希望有人定期看望", "盼望学一门手艺", "冬季取暖有困难", "需要协助就医", "想找离家近的活")
_CHILD_NEEDS = ("需要课后有人辅导", "希望父母常打电话", "需要书包和文具", "盼望有人周末陪伴")
_HEALTH = ("一般", "较好", "慢性病，长期服药", "术后恢复中", "行动不便")


@dataclass
class Entry:
    """One record to be entered: its id (32 hex digits) and what is typed."""

    id: str
    values: dict[str, Any]


@dataclass
class Person:
    """Somebody made up."""

    name: str
    sex: str
    birth: datetime.date
    ethnicity: str = "han"


@dataclass
class Village:
    """One village: code, name, its chair, and its records by kind, in the order in which they are entered."""

    code: str
    name: str
    leader: Person
    records: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def chair(self) -> str:
        """Who leads its federation."""
        return self.leader.name


@dataclass(frozen=True)
class Edit:
    """One second-round edit of a flat field: what the village sets, and what the township sets (None: nothing)."""

    record: str
    name: str
    village: str
    township: str | None


class Inventor:
    """Makes one village's data up: the same for the same number, whatever becomes of the others."""

    def __init__(self, number: int, seed: int = 20250308) -> None:
        self.random = random.Random(f"{seed}/{number}")  # noqa: S311 - no secret: the demo must be the same every time
        self.number = number
        words = _SURNAMES.split()
        self._surnames = words[::2]
        self._weights = [float(weight) for weight in words[1::2]]
        self._id_numbers: set[str] = set()
        self._made = 0
        self._given = {
            whose: [*3 * whole.split(), *(a + b for a in first for b in second if a != b)]
            for whose, (whole, first, second) in _GIVEN.items()
        }

    def village(self, records: int, campaigns: dict[str, str]) -> Village:
        """The village with its records.

        Args:
            records: How many, of all kinds together.
            campaigns: Honor code → id of the township's campaign.
        """
        code, name = village_name(self.number)
        village = Village(code, name, self.person("female", 30, 58))
        shares = {"family": 40, "person": 17, "nomination": 10, "activity": 15}
        counts = {kind: max(1, records * share // 100) for kind, share in shares.items()}
        counts["aid"] = records - sum(counts.values())
        families = [self._family(i) for i in range(counts["family"])]
        persons = [self._care_person(i, families[i % len(families)]) for i in range(counts["person"])]
        village.records = {
            "family": families,
            "person": persons,
            "activity": [self._activity(village, _year_of(i)) for i in range(counts["activity"])],
            "nomination": self._nominations(village, families, campaigns, counts["nomination"]),
            "aid": [self._aid(i, persons, families, village) for i in range(counts["aid"])],
        }
        return village

    def edits(self, village: Village, changed: int, both: int) -> list[Edit]:
        """The second round.

        Args:
            village: As it was made up.
            changed: How many of its records it edits.
            both: How many of these the township edits as well, the same field to another value.
        """
        every = [(kind, entry) for kind in MIXED for entry in village.records[kind]]
        return [self._edit(kind, entry, at < both) for at, (kind, entry) in enumerate(self.random.sample(every, changed))]

    # --- people ---

    def new_id(self) -> str:
        """A UUIDv7 of the demo's year, in the order in which records are made up."""
        self._made += 1
        ms = int(datetime.datetime(YEAR, 12, 20, tzinfo=datetime.UTC).timestamp() * 1000) + self._made
        value = ms << 80 | 0x7 << 76 | self.random.getrandbits(12) << 64 | 0b10 << 62 | self.random.getrandbits(62)
        return f"{value:032x}"

    def row_id(self) -> str:
        """The id of a row of a table."""
        return f"{self.random.getrandbits(48):012x}"

    def person(self, sex: str, least: int, most: int, surname: str = "") -> Person:
        """Somebody of that sex and of an age between least and most, of a surname where one is given."""
        age = self.random.randint(least, most)
        birth = datetime.date(YEAR - age, 1, 1) + datetime.timedelta(days=self.random.randrange(365))
        if not surname and self.random.random() < 0.006:
            name, ethnicity, known = self.random.choice([d for d in (*_DOTTED, *_RARE) if d[2] == sex])
            return Person(name, known, birth, ethnicity)
        surname = surname or self.random.choices(self._surnames, self._weights)[0]
        given = self.random.choice(self._given[sex, "old" if age >= 45 else "young"])
        return Person(surname + given, sex, birth, "hui" if surname in _OFTEN_HUI and self.random.random() < 0.3 else "han")

    def _id_number(self, person: Person) -> str:
        """A number that no other person of the demo has: villages differ in county and order digits (GB 11643)."""
        county, first = 90 + self.number % 10, 1 + self.number // 10 * 8
        while True:
            for order in range(first, first + 8):
                body = f"{_REGION}{county}{person.birth:%Y%m%d}{2 * order + (person.sex == 'male'):03d}"
                number = body + check_digit(body)
                if number not in self._id_numbers and not number.endswith("000"):
                    self._id_numbers.add(number)
                    return number
            person.birth -= datetime.timedelta(days=1)

    def phone(self) -> str:
        """A number in a range that nobody was given."""
        return f"154{self.random.randrange(10**8):08d}"

    def _surname_of(self, name: str) -> str:
        return name[:2] if name[:2] in self._surnames else name[:1]

    # --- families ---

    def _family(self, i: int) -> Entry:
        shown = _SHOWN.get(self.number, {}).get(i)
        if shown is not None:
            name, ethnicity, sex = shown
            head = Person(name, sex, self.person(sex, 30, 60).birth, ethnicity)
        else:
            head = self.person("male" if self.random.random() < 0.68 else "female", 28, 82)
        id_number = self._id_number(head)
        members = list(self._members(head))
        values: dict[str, Any] = {
            "head": head.name, "address": f"{1 + i % 9}组{1 + i // 9}号", "head_id_number": id_number,
            "ethnicity": head.ethnicity, "education": self.random.choice(_EDUCATION[_age_group(head)]),
            "occupation": members[0]["occupation"],
            "political": "party_member" if self.random.random() < 0.14 else "masses", "size": len(members), "members": members,
        }
        if self.random.random() < 0.86:
            values["phone"] = self.phone()
        if self.random.random() < 0.22:
            values["tags"] = sorted(self.random.sample(_FAMILY_TAGS, 1 if self.random.random() < 0.8 else 2))
        return Entry(self.new_id(), values)

    def _members(self, head: Person) -> Iterator[dict[str, Any]]:
        age = YEAR - head.birth.year
        yield self._member(head, "head")
        if self.random.random() < 0.87:
            spouse = self.person("female" if head.sex == "male" else "male", max(22, age - 5), age + 4)
            yield self._member(spouse, "spouse")
        surname = "" if "·" in head.name else self._surname_of(head.name)
        for _ in range(self.random.choices((0, 1, 2, 3), (22, 38, 32, 8))[0]):
            child = self.person(self.random.choice(("male", "female")), max(0, age - 34), max(0, age - 22), surname)
            yield self._member(child, "son" if child.sex == "male" else "daughter")
        if age < 62 and self.random.random() < 0.3:
            yield self._member(self.person("female", age + 21, age + 30), "mother")

    def _member(self, person: Person, relation: str) -> dict[str, Any]:
        row = {
            "row": self.row_id(), "name": person.name, "relation": relation, "sex": person.sex,
            "birth_date": person.birth.isoformat(),
        }
        age = YEAR - person.birth.year
        if age < 7:
            return row
        return {**row, "occupation": "学生" if age < 19 else self.random.choice(_OCCUPATIONS[_age_group(person)])}

    # --- what is recorded of them ---

    def _care_person(self, i: int, family: Entry) -> Entry:
        tag = _CARE[i % len(_CARE)]
        child, old = tag in ("left_behind_child", "child_in_hardship"), tag == "elderly_alone"
        surname = "" if "·" in family.values["head"] else self._surname_of(family.values["head"])
        sex = self.random.choice(("male", "female")) if child else "female"
        person = self.person(sex, *((7, 15) if child else (76, 93) if old else (31, 60)), surname if child else "")
        values: dict[str, Any] = {
            "name": person.name, "id_number": self._id_number(person), "address": family.values["address"], "family": family.id,
            "tags": [tag], "needs": self.random.choice(_CHILD_NEEDS if child else _NEEDS),
            "health": self.random.choice(_HEALTH[:2] if child else _HEALTH),
            "income": self.random.randrange(4, 30) * 100_000,
        }
        if child:
            values |= {"guardian": family.values["head"], "guardian_phone": self.phone(), "school": "清溪镇中心小学",
                       "grade": f"{'一二三四五六'[i % 6]}年级"}
        else:
            values["phone"] = self.phone()
        return Entry(self.new_id(), values)

    def _activity(self, village: Village, year: int) -> Entry:
        of = self.random.choice(_ACTIVITIES)
        title, months = self.random.choice(list(of.titles.items()))
        month = self.random.choice(months)
        least, most = of.people
        people = self.random.randint(least, most)
        day = datetime.date(year, month, self.random.randint(1, 27))
        typed = self.random.random()
        date = f"{month}月{day.day}日" if typed < 0.4 else f"{month}月份" if typed < 0.48 else day.isoformat()
        if year != YEAR:
            date = day.isoformat()
        elif of.category == "training":
            date = f"{month}月{min(day.day, 24)}日—{min(day.day, 24) + 3}日"
        values: dict[str, Any] = {
            "title": f"{village.name}{title}", "category": of.category, "date": date,
            "place": self.random.choice(of.places), "organizer": of.organizer.format(village=village.name),
            "participants": f"{people // 10 * 10}余人" if typed > 0.85 and people >= 20 else people,
            "women": people * self.random.randint(45, 85) // 100, "outcome": self.random.choice(_OUTCOMES),
        }
        if of.category in ("publicity", "law", "health"):
            values["materials"] = people * self.random.randint(1, 3)
        if of.category in ("reading", "parenting"):
            values["children"] = people // 3
        if of.category == "training":
            values |= {"classes": 1, "certified": people // 3, "skill": title.removesuffix("培训")}
        if of.category == "environment":
            carts = self.random.randint(1, 30)
            values["measures"] = [{"row": self.row_id(), "name": "清理垃圾", "number": carts, "unit": "车"}]
        if self.random.random() < 0.45:
            values |= {"cost": self.random.randrange(2, 90) * 10_000, "fund_source": "村集体"}
        return Entry(self.new_id(), values)

    def _nominations(self, village: Village, families: list[Entry], campaigns: dict[str, str], count: int) -> list[Entry]:
        """Some of the families, each in one campaign; those with names that other programs lose come first."""
        first = [families[i] for i in _SHOWN.get(self.number, {}) if i < len(families)][:count]
        others = [family for family in families if family not in first]
        chosen = [*first, *self.random.sample(others, count - len(first))]
        honors = list(campaigns)
        found = []
        for i, family in enumerate(chosen):
            honor = honors[0] if family in first else honors[i % len(honors)]
            spouse = next((m["name"] for m in family.values["members"] if m["relation"] == "spouse"), "")
            head = family.values["head"]
            couple = spouse and "·" not in head + spouse and self.random.random() < 0.3
            submitted = datetime.date(LAST if honor == LAST_YEARS_HONOR else YEAR, 9, self.random.randint(1, 26))
            values: dict[str, Any] = {
                "campaign": campaigns[honor], "family": family.id, "way": self.random.choice(("self", "others", "organization")),
                "called": f"{head}、{spouse}家庭" if couple else f"{head}家庭",
                "recommender": f"{village.name}妇联", "motto": self.random.choice(_MOTTOES),
                "deeds_short": self.random.choice(_DEEDS).format(head=head), "submitted_date": submitted.isoformat(),
                "review_village_result": "passed", "review_village_date": (submitted + datetime.timedelta(days=3)).isoformat(),
                "review_village_person": village.chair,
            }
            if honor == "beautiful_courtyard":
                values["grade"] = self.random.choice(("model", "fine"))
            found.append(Entry(self.new_id(), values))
        return found

    def _aid(self, i: int, persons: list[Entry], families: list[Entry], village: Village) -> Entry:
        """Each person of care is helped once; what is left goes to families as money in the Spring Festival."""
        day = datetime.date(_year_of(i), self.random.randint(2, 11), self.random.randint(1, 28))
        values: dict[str, Any] = {"operator": village.chair, "people": 1}
        if i < len(persons):
            person = persons[i].values
            tag = person["tags"][0]
            program, amount, source = _PROGRAMS[tag]
            values |= {"program": program, "recipient": persons[i].id, "recipient_category": tag, "date": day.isoformat(),
                       "people_unit": "person", "signed_by": person.get("guardian", person["name"])}
        else:
            family = families[i - len(persons)] if i - len(persons) < len(families) else families[-1]
            program, amount, source = "consolation_money", self.random.randrange(3, 9) * 10_000, "township"
            values |= {"program": program, "recipient": family.id, "date": f"{day.year}年1月{self.random.randint(15, 26)}日",
                       "people_unit": "household", "signed_by": family.values["head"]}
        values |= {"standard": amount, "amount": amount, "fund_source": source}
        if program in _GOODS:
            name, unit = _GOODS[program]
            values["goods"] = [{"row": self.row_id(), "name": name, "quantity": 1, "unit": unit, "value": amount}]
        if program == "two_cancers":
            values |= {"payment": "transfer", "bank": "农村信用社", "cancer_category": "poverty_risk", "disease": "breast"}
        return Entry(self.new_id(), values)

    # --- the second round ---

    def _edit(self, kind: str, entry: Entry, both: bool) -> Edit:
        if kind == "family":
            name, values = "phone", sorted({self.phone() for _ in range(4)} - {str(entry.values.get("phone"))})
        elif kind == "person":
            needs = _CHILD_NEEDS if "guardian" in entry.values else _NEEDS
            name, values = "needs", [n for n in needs if n != entry.values["needs"]]
        elif kind == "activity":
            name, values = "outcome", [o for o in _OUTCOMES if o != entry.values.get("outcome")]
        elif kind == "nomination":
            head = entry.values["called"].removesuffix("家庭").partition("、")[0]
            name, values = "deeds_short", [d for d in (t.format(head=head) for t in _DEEDS) if d != entry.values["deeds_short"]]
        else:
            name, values = "operator", [f"{c}（代）" for c in ("张会计", "李文书", "王会计")]
        first, second = self.random.sample(values, 2)
        return Edit(entry.id, name, first, second if both else None)


def village_name(number: int) -> tuple[str, str]:
    """Code and name of a village, counted from 0."""
    head, tail = _VILLAGE_HEADS[number % len(_VILLAGE_HEADS)], _VILLAGE_TAILS[number // len(_VILLAGE_HEADS)]
    return f"{TOWNSHIP[:9]}{201 + number:03d}", head + tail


def _year_of(place: int) -> int:
    """Of nine, four are of the year before: so that a year is compared with a leaner one."""
    return LAST if place % 9 in (1, 3, 5, 7) else YEAR


def _age_group(person: Person) -> int:
    age = YEAR - person.birth.year
    return 0 if age < 40 else 1 if age < 60 else 2

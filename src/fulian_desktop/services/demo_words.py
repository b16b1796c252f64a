"""The words of the demo's year: what villages hold, tell, find and are given, as published year reviews put it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fulian_desktop.services.demo_data import LAST, YEAR

GIVERS = ("恒丰果业合作社", "晋源养殖专业合作社", "福万家超市", "惠民医药连锁", "鑫源建材商行")
BANKS = ("农村信用社", "邮政储蓄银行", "农业银行")
PROJECTS = ("大棚草莓种植", "手工布鞋加工", "家禽养殖", "农家乐", "核桃初加工", "电商小店", "连翘茶加工")
STORIES = (
    ("{village}：小庭院里的大变化", "wechat", "清溪发布", "township"),
    ("巾帼志愿服务队进农家", "website", "县妇联网站", "county"),
    ("{village}妇女学手艺，家门口就业", "newspaper", "晋中日报", "city"),
    ("“三八”节前夕走访困难母亲", "briefing", "妇联工作简报", "county"),
    ("婆媳之间：{village}的好家风", "video", "清溪妇联视频号", "township"),
)
HELPED = (
    "家里老人常年吃药，孩子上学开支大，想找份离家近的活。",
    "孩子学习自觉，爷爷奶奶身体尚好，父母每周打两次电话。",
    "独居，儿女在外，冬季取暖的煤已备好，米面够吃。",
    "丈夫外出务工，一人照看两个孩子，种着三亩玉米。",
)
PROBLEMS = (
    ("入村道路照明损坏，妇女晚间出行不便", "inspection", "environment", "村委会", "更换路灯 6 盏，已恢复照明。"),
    ("留守儿童放学后无人照看", "visit", "children", "镇中心小学", "学校开设课后托管，4 名儿童已参加。"),
    ("低收入家庭医疗费用未报销", "visit", "health", "镇卫生院", "协助补齐材料，报销款已到账。"),
    ("婆媳因赡养费用发生争执", "reported", "family", "村调解委员会", "调解两次，双方签了协议。"),
)


@dataclass(frozen=True)
class Held:
    """An activity with a title that other villages use too: year, month, category, who came (least, most), what else is known."""

    year: int
    month: int
    category: str
    title: str
    people: tuple[int, int]
    more: dict[str, Any]


HELD = (
    Held(YEAR, 3, "training", "育婴知识培训班", (30, 48), {
        "classes": 1, "hours": 24, "certified": 27, "employed": 12, "skill": "育婴", "speaker": "县妇幼保健院讲师",
        "highlight": True, "outcome": "二十七名妇女取得证书，十二名到城里做了月嫂。"}),
    Held(YEAR, 5, "volunteering", "巾帼志愿服务", (80, 140), {
        "sessions": 6, "hours": 240, "highlight": True, "outcome": "为老人理发、洗衣、打扫院落，帮六户修好了漏雨的房顶。"}),
    Held(YEAR, 4, "environment", "环境整治月", (50, 110), {
        "highlight": True, "outcome": "栽下“巾帼林”一处，“巾帼路”三条通到家门口。",
        "measures": (("植树", 320, "棵"), ("巾帼路", 3, "条"), ("清理垃圾", 46, "车"))}),
    Held(YEAR, 9, "fundraising", "爱心一元捐", (90, 180), {"outcome": "善款全部用于困难母亲和留守儿童。"}),
    Held(YEAR, 11, "culture", "爱国影片巡映", (200, 420), {"sessions": 5, "place": "文化广场"}),
    Held(YEAR, 10, "study_visit", "外出参观学习", (16, 30), {
        "place": "邻县美丽庭院示范村", "cost": 360_000, "fund_source": "村集体"}),
    Held(YEAR, 6, "training", "手工编织培训班", (20, 36), {
        "classes": 1, "hours": 16, "certified": 15, "started_business": 2, "skill": "手工编织", "highlight": True,
        "outcome": "两名学员在家接单，月收入一千多元。"}),
    Held(LAST, 4, "training", "家政服务员培训班", (24, 38), {
        "classes": 1, "hours": 24, "certified": 18, "employed": 8, "skill": "家政服务", "highlight": True}),
    Held(LAST, 5, "volunteering", "巾帼志愿服务", (60, 110), {"sessions": 5, "hours": 190}),
    Held(LAST, 8, "environment", "美丽庭院集中整治", (40, 80), {"measures": (("植树", 180, "棵"),)}),
    Held(LAST, 9, "fundraising", "爱心一元捐", (70, 140), {}),
    Held(LAST, 11, "culture", "爱国影片巡映", (160, 380), {"sessions": 4, "place": "文化广场"}),
)

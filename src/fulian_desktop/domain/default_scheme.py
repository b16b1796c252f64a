"""The scheme to begin with (DOMAIN §2): 100 points in eight sections, up to 10 extra; everything in it can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fulian_desktop.domain.kinds.scheme import EXTRA_MOST, HALF_WEIGHT, YEAR_WEIGHT

# Section, then its items: words, points, and of a computed one its indicator, target and way.
_Item = tuple[str, int] | tuple[str, int, str, int, str]
_SECTIONS: tuple[tuple[str, tuple[_Item, ...]], ...] = (
    ("组织建设", (
        ("执委配备不少于 15 人", 5, "executives", 15, "proportion"),
        ("妇联主席进村（社区）两委", 5, "chairs_in_committees", 1, "all_or_nothing"),
        ("执委分工、例会和联系群众制度落实", 5),
    )),
    ("阵地建设", (("建有妇女之家", 5, "womens_homes", 1, "all_or_nothing"), ("妇女之家经常开放，作用发挥好", 5))),
    ("思想引领", (("全年宣传稿件 6 篇", 5, "publicity", 6, "per_piece"), ("宣传宣讲入户，粉刷永久性标语两条以上", 5))),
    ("家庭文明", (
        ("推荐最美家庭等 3 户", 6, "families_sent_up", 3, "per_piece"), ("评选程序规范，公示到位", 6),
        ("家庭教育、美丽庭院工作扎实", 8),
    )),
    ("关爱救助", (
        ("结对帮扶 5 对", 5, "pairs", 5, "proportion"), ("帮扶救助 10 人", 5, "aid_people", 10, "proportion"),
        ("重点对象底数清、有走访", 5),
    )),
    ("维护权益", (
        ("建有维权站", 5, "rights_stations", 1, "all_or_nothing"), ("家庭矛盾排查调处及时", 5), ("普法宣传和反家暴工作落实", 5),
    )),
    ("巾帼建功", (("自办培训班 2 期", 5, "classes", 2, "per_piece"), ("带动妇女就业创业有成效", 5))),
    ("信息档案", (("按时上报，台账和档案齐全", 5),)),
)
_DEDUCTIONS = (("不按时上报，每次", 100), ("台账数据不实", 300))
_VETOES = ("考核中弄虚作假", "发生侵害妇女儿童权益的重大案件瞒报、不报")
_EXTRAS = (("工作受到县级以上表彰", 200), ("经验做法在县级以上推广", 200), ("市级以上媒体报道，每篇", 100))


def default_scheme(year: int, title: str) -> dict[str, Any]:
    """The flat values of the scheme to begin with."""
    return {
        "title": title, "year": year, "half_weight": HALF_WEIGHT, "year_weight": YEAR_WEIGHT, "extra_most": EXTRA_MOST,
        "items": list(_items()),
        "deductions": [
            {"row": _row(n), "code": f"k{n}", "text": text, "points": points} for n, (text, points) in enumerate(_DEDUCTIONS, 1)
        ],
        "vetoes": [{"row": _row(n), "code": f"f{n}", "text": text} for n, text in enumerate(_VETOES, 1)],
        "extras": [
            {"row": _row(n), "code": f"j{n}", "text": text, "points": points} for n, (text, points) in enumerate(_EXTRAS, 1)
        ],
    }


def _row(number: int) -> str:
    """A row's id: forms show rows in the order of their ids, and those typed later come after these."""
    return f"{number:012x}"


def _items() -> Iterator[dict[str, Any]]:
    order = 0
    for number, (section, items) in enumerate(_SECTIONS, 1):
        for place, item in enumerate(items, 1):
            order += 1
            row: dict[str, Any] = {"row": _row(order), "code": f"{number}.{place}", "section": section, "text": item[0]}
            row |= {"points": item[1] * 100, "order": order}
            if len(item) == 2:
                yield {**row, "source": "judged"}
            else:
                yield {**row, "source": "computed", "indicator": item[2], "target": item[3] * 100, "way": item[4]}

"""post_holder 队伍 (DOMAIN §2): who holds which post in the federation and in the grids, for which term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Codes,
    Day,
    Field,
    Period,
    Phone,
    Reference,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import EDUCATION, ETHNICITIES, HOUSEHOLDS, PEOPLE, POLITICAL, SEXES
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.rules import Flat, days_between, overlap, phone_rule, text_of

POSTS = CodeList.of(
    ("chair", "主席"), ("vice_chair", "副主席"), ("part_time_vice_chair", "兼职副主席"), ("executive", "执委"),
    ("grid_leader", "网格长"), ("grid_member", "网格员"), ("representative", "妇女代表"), ("volunteer", "巾帼志愿者"),
    ("committee_only", "两委女干部"), ("other", "其他"),
    aliases={"妇联主席": "chair", "妇联副主席": "vice_chair", "执行委员": "executive", "妇联执委": "executive",
             "妇女小组长": "grid_member", "志愿者": "volunteer"},
)
COMMITTEE_POSTS = CodeList.of(
    ("party_secretary", "党组织书记"), ("village_director", "村(居)委会主任"), ("person_in_charge", "负责人"),
    ("party_member", "支部委员"), ("village_member", "村(居)委会委员"), ("women_member", "妇女委员"),
    aliases={"书记": "party_secretary", "支部书记": "party_secretary", "主任": "village_director", "村主任": "village_director",
             "支委": "party_member", "村委委员": "village_member", "村委": "village_member"},
)


LONGEST_TERM_DAYS = 11 * 366  # a term is five years; two in a row are entered as one now and then


def term_rules(flat: Flat) -> Iterator[Problem]:
    """A term in order and of a believable length, left within it, a birth before it; a grid post names its grid."""
    first, last, left = (text_of(flat, name) for name in ("date_from", "date_to", "left_date"))
    birth = text_of(flat, "birth_date")
    if first and left and left < first:
        yield Problem("left-early", f"离任日期 {left} 早于任期开始 {first}，请核对", "left_date")
    if first and last and (days_between(first, last) or 0) > LONGEST_TERM_DAYS:
        yield Problem("term-long", f"任期从 {first} 到 {last} 太长，请核对；连任的请分届登记", "date_to")
    if first and birth and not 16 * 365 <= (days_between(birth, first) or 0) <= 90 * 366:
        yield Problem("age-at-term", f"出生日期 {birth} 和任期开始 {first} 对不上，请核对", "birth_date")
    if flat.get("post") in ("grid_leader", "grid_member") and not flat.get("grid"):
        yield Problem("grid-missing", "网格长、网格员要写是哪个网格，请补上", "grid")


ONE_HOLDER = frozenset({"chair"})
"""Posts that one person at a time holds in a federation."""


def check_post_held(flat: Flat, others: Iterable[Flat]) -> list[Problem]:
    """A post that only one can hold is not held by two at one time.

    Args:
        flat: A holder.
        others: Other holders of the same post in the same unit.
    """
    if flat.get("post") not in ONE_HOLDER:
        return []
    for other in others:
        same = other.get("post") == flat.get("post") and other.get("organisation") == flat.get("organisation")
        if same and overlap(held(flat), held(other)):
            name, post = other.get("name") or "另一位", POSTS.label(str(flat["post"]))
            until = f"（任期到 {last}）" if (last := text_of(other, "date_to")) else ""
            return [Problem(
                "post-held-twice", f"{name}也登记为{post}{until}，同一时间只有一位，请核对；已离任的请填离任日期", "post")]
    return []


def held(flat: Flat) -> tuple[str, str]:
    """First and last day on which a holder holds the post; "" where it is not known."""
    ends = [day for name in ("date_to", "left_date") if (day := text_of(flat, name))]
    return text_of(flat, "date_from"), min(ends, default="")


KIND = Kind(
    code="post_holder", label="妇联队伍", cls="ordinary", nav="organisation", order=20, icon="post", verb="登记干部",
    identity=("name", "post"),
    title=("name",), rules=(phone_rule("phone"), term_rules), measure_word="人",
    fields=(
        *with_group(
            "职务",
            Field("name", "姓名", Text(60), asked=True, column=True, search="name", aliases=("干部姓名",)),
            Field("post", "职务", Code(codes=POSTS), asked=True, column=True, indexed=True, aliases=("妇联职务", "岗位")),
            Field("organisation", "所在组织", Reference(kinds=("organisation",)), aliases=("妇女组织",),
                  help="本村(社区)妇联不用填；在机关、企业等妇女组织任职的填"),
            Field("term", "届次", Text(40), column=True, aliases=("第几届",)),
            Field("period", "任期", Period(), flat=("date_from", "date_to", "date_precision"), asked=True, column=True,
                  aliases=("任职时间", "任期起止")),
            Field("left_date", "离任日期", Day(), aliases=("离任时间",)),
            Field("committee_posts", "进两委职务", Codes(codes=COMMITTEE_POSTS), column=True,
                  aliases=("两委职务", "进两委", "交叉任职")),
            Field("people", "人数", QUANTITY, counts=PEOPLE, help="一条代表多人时填，不填是 1 人"),
        ),
        *with_group(
            "本人",
            Field("sex", "性别", Code(codes=SEXES), column=True),
            Field("birth_date", "出生日期", Day(), column=True, aliases=("出生年月", "出生")),
            Field("ethnicity", "民族", Code(codes=ETHNICITIES)),
            Field("political", "政治面貌", Code(codes=POLITICAL), column=True),
            Field("education", "学历", Code(codes=EDUCATION), column=True, aliases=("文化程度",)),
            Field("occupation", "职业", Text(100), aliases=("工作单位", "单位及职务")),
            Field("phone", "电话", Phone(), sensitive="phone", search="tail", aliases=("手机号", "联系电话", "手机", "联系方式")),
        ),
        *with_group(
            "网格和联系",
            Field("grid", "网格", Text(60), column=True, aliases=("网格名称", "所在网格")),
            Field("grid_role", "网格职责", Text(200)),
            Field("households", "联系户数", QUANTITY, counts=HOUSEHOLDS, aliases=("联系户", "包联户数")),
            Field("contacts", "联系户", Text(2000, lines=True), sensitive="address", aliases=("联系户名单",)),
        ),
    ),
)

"""team 志愿队伍 (DOMAIN §2): volunteer teams, and 爱心妈妈 groups with what they raised."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import (
    QUANTITY,
    Code,
    Composite,
    Day,
    Field,
    Flag,
    Integer,
    Money,
    Part,
    Phone,
    Table,
    Text,
    with_group,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.people import PEOPLE
from fulian_desktop.domain.rules import in_order, phone_rule

TYPES = CodeList.of(
    ("volunteers", "巾帼志愿服务队"), ("loving_mothers", "爱心妈妈团"), ("speakers", "巾帼宣讲队"), ("mediators", "巾帼调解队"),
    ("artists", "巾帼文艺队"), ("other", "其他"),
    aliases={"志愿队": "volunteers", "志愿服务队": "volunteers", "巾帼志愿者服务队": "volunteers", "爱心妈妈": "loving_mothers",
             "宣讲队": "speakers", "文艺队": "artists"},
)

KIND = Kind(
    code="team", label="志愿队伍", cls="ordinary", nav="organisation", order=50, icon="team", verb="登记队伍",
    identity=("name",),
    title=("name",),
    rules=(phone_rule("phone"), in_order("disbanded-early", ("founded_date", "成立日期"), ("disbanded_date", "解散日期"))),
    measure_word="支",
    fields=(
        *with_group(
            "队伍",
            Field("name", "名称", Text(100), asked=True, column=True, search="name", aliases=("队伍名称", "志愿队名称")),
            Field("type", "类型", Code(codes=TYPES), asked=True, column=True, indexed=True, aliases=("队伍类型", "类别")),
            Field("number", "支数", QUANTITY, column=True, aliases=("队伍数",), help="一条代表多支时填，不填是 1 支"),
            Field("members", "队员人数", QUANTITY, counts=PEOPLE, asked=True, column=True,
                  aliases=("人数", "队员", "志愿者人数")),
            Field("founded_date", "成立日期", Day(), column=True, aliases=("成立时间",)),
            Field("disbanded_date", "解散日期", Day()),
            Field("leader", "队长", Text(60), column=True, search="name", aliases=("负责人",)),
            Field("phone", "电话", Phone(), sensitive="phone", search="tail", aliases=("联系电话",)),
            Field("service", "服务内容", Text(1000, lines=True), aliases=("服务项目",)),
        ),
        *with_group(
            "募集",
            Field("raised", "募集资金(元)", Composite((Part("fen", Money(), ""), Part("about", Flag(), "约"))),
                  flat=("raised", "raised_about"), aliases=("筹款", "募集金额")),
            Field("raised_goods", "募集物资", Table((
                Part("name", Text(60), "名称"), Part("quantity", Integer(0, 10**9), "数量"), Part("unit", Text(20), "单位"),
                Part("value", Money(), "价值(元)")))),
        ),
    ),
)

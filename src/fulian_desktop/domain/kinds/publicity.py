"""publicity 宣传稿件 (DOMAIN §2): what was published about the work, where, and how high that medium stands."""

from __future__ import annotations

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.fields import QUANTITY, Code, Day, Field, Reference, Text, with_group
from fulian_desktop.domain.honors import HONOR_LEVELS
from fulian_desktop.domain.kind import Kind

MEDIA = CodeList.of(
    ("newspaper", "报纸杂志"), ("broadcast", "广播电视"), ("website", "网站"), ("wechat", "微信公众号"), ("video", "短视频"),
    ("briefing", "简报信息"), ("other", "其他"),
    aliases={"报纸": "newspaper", "杂志": "newspaper", "电视": "broadcast", "电台": "broadcast", "公众号": "wechat",
             "微信": "wechat", "抖音": "video", "视频号": "video", "简报": "briefing", "信息": "briefing"},
)

KIND = Kind(
    code="publicity", label="宣传稿件", cls="ordinary", nav="activity", order=20, icon="publicity", verb="登记稿件",
    identity=("title", "date"),
    title=("title",), measure_word="篇",
    fields=(
        *with_group(
            "稿件",
            Field("title", "标题", Text(200), asked=True, column=True, search="name", aliases=("稿件标题", "题目", "稿件名称")),
            Field("medium", "媒体类型", Code(codes=MEDIA), asked=True, column=True, indexed=True, aliases=("媒体类别", "类型")),
            Field("medium_name", "媒体名称", Text(100), asked=True, column=True, search="text",
                  aliases=("媒体", "刊发媒体", "刊载媒体")),
            Field("level", "媒体级别", Code(codes=HONOR_LEVELS), asked=True, column=True, aliases=("级别",)),
            Field("date", "刊发日期", Day(), asked=True, column=True, aliases=("时间", "发表时间", "刊发时间")),
            Field("number", "篇数", QUANTITY, aliases=("条数", "件数"), help="一条代表多篇时填，不填是 1 篇"),
            Field("author", "作者", Text(60), column=True, aliases=("撰稿人", "供稿人")),
            Field("link", "链接或版面", Text(1000, lines=True), aliases=("链接", "网址", "版面")),
            Field("activity", "写的活动", Reference(kinds=("activity",)), aliases=("相关活动",)),
        ),
    ),
)

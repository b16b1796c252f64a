"""The words of the command line: every command, its arguments, and what is said when they are wrong (DESIGN §11)."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from fulian_desktop.cli import commands

# What argparse says in English, as it is said here. The first that fits.
_SAYINGS = (
    (r"the following arguments are required: (.+)", r"还缺：\1"),
    (r"unrecognized arguments: (.+)", r"不认识：\1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，只能是：\3"),
    (r"argument (.+?): invalid int value: (.+)", r"\1 要写整数，不能是 \2"),
    (r"argument (.+?): expected (?:one|at least one) argument", r"\1 后面要写内容"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 和 \2 不能一起用"),
    (r"ambiguous option: (.+?) could match (.+)", r"\1 可能是 \2，请写全"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:  # noqa: ANN401 - argparse's
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """An argument parser that speaks 中文."""

    def __init__(
        self, prog: str | None = None, description: str | None = None, parents: Sequence[argparse.ArgumentParser] = (),
    ) -> None:
        super().__init__(prog=prog, description=description, parents=parents, add_help=False, formatter_class=_Help)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how to see the help; exit code 2."""
        for pattern, saying in _SAYINGS:
            if found := re.fullmatch(pattern, message, re.DOTALL):
                message = found.expand(saying)
                break
        self.exit(2, f"用法不对：{message}\n{self.format_usage()}看说明：{self.prog} --help\n")


class _NotAsked:
    """Stands for the parser of a command that was not typed: building all forty costs a third of a start."""

    def add_argument(self, *_: object, **__: object) -> None:
        """Nothing."""


def parser_of(first: str = "") -> argparse.ArgumentParser:
    """The parser; when the first word names a command, only that command's."""
    common = argparse.ArgumentParser(add_help=False)  # its groups join those of each command by their English titles
    common.add_argument("--json", action="store_true", help="只打印一个 JSON 对象")
    common.add_argument("--passphrase-file", metavar="文件", help="密码所在的文件；也可用环境变量 FULIAN_PASSPHRASE")
    common.add_argument(
        "--rights-passphrase-file", metavar="文件", help="维权档案室的第二密码所在的文件；也可用环境变量 FULIAN_RIGHTS_PASSPHRASE"
    )
    parser = _Parser(prog="fulian", description="妇联工作台：登记、上报、合并、打印。每个命令用 --help 看说明。")
    named = parser.add_subparsers(title="命令", metavar="命令", required=True)
    names: set[str] = set()
    only = first if first and not first.startswith("-") else ""

    def command(
        name: str, run: Callable[[argparse.Namespace], commands.Outcome], about: str, *, ws: bool = True
    ) -> _Parser | _NotAsked:
        names.add(name)
        if only and name != only:
            return _NotAsked()
        made = named.add_parser(name, parents=[common], help=about, description=about)  # type: ignore[list-item]
        made.set_defaults(run=run)
        if ws:
            made.add_argument("ws", metavar="WS", help="工作区文件夹")
        return made

    c = command("init", commands.init_command, "新建工作区，作为自己的上级")
    c.add_argument("--unit", required=True, help="单位代码，12 位")
    c.add_argument("--unit-name", required=True, help="单位名称")
    c.add_argument("--parent", help="上级单位代码")
    c.add_argument("--parent-name", help="上级单位名称")
    c.add_argument("--person", required=True, help="使用人姓名")
    c = command("invite", commands.invite_command, "写一份邀请，给下级单位开通用")
    c.add_argument("-o", "--output", required=True, help="邀请文件 .flpkg")
    c = command("join", commands.join_command, "用上级的邀请开通")
    c.add_argument("invitation", metavar="邀请", help="邀请文件")
    c.add_argument("--unit", required=True, help="本单位代码")
    c.add_argument("--unit-name", help="本单位名称（邀请里没有时填）")
    c.add_argument("--person", help="使用人姓名")
    c = command("units", commands.units_command, "登记或列出单位名称")
    c.add_argument("what", choices=("add", "list"), help="add 登记，list 列出")
    c.add_argument("code", nargs="?", help="单位代码")
    c.add_argument("name", nargs="?", help="单位名称")
    c = command("request", commands.request_command, "写加入申请，和第一个上报包一起交给上级")
    c.add_argument("-o", "--output", required=True, help="申请文件 .flpkg")
    c = command("approve", commands.approve_command, "批准加入申请，并合并旁边的第一个上报包")
    c.add_argument("files", nargs="+", metavar="文件", help="申请文件或文件夹")
    c.add_argument("-o", "--output", help="把证书写到这个文件")
    _record_commands(command)
    _sheet_commands(command)
    _package_commands(command)
    _paper_commands(command)
    return parser if not only or only in names else parser_of()


def _record_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("add", commands.add_command, "登记一条记录")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("fields", nargs="*", metavar="字段=值", help="照平时的写法填")
    c.add_argument("--from-json", metavar="文件", help="从 JSON 文件读（- 为标准输入）")
    c.add_argument("--unit", help="记在哪个单位名下")
    c = command("edit", commands.edit_command, "修改一条记录")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("fields", nargs="+", metavar="字段=值", help="照平时的写法填")
    c.add_argument("--unit", help="记录所在单位")
    c = command("delete", commands.delete_command, "删除一条记录（可恢复）")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("--note", help="原因")
    c = command("undelete", commands.undelete_command, "恢复删除的记录")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c = command("transfer", commands.transfer_command, "把记录转到另一个单位（由两边共同的上级来转）")
    c.add_argument("ids", nargs="*", metavar="ID", help="记录的 ID（32 位十六进制），可写多个")
    c.add_argument("--unit", required=True, metavar="代码", help="转到哪个单位，12 位代码")
    c.add_argument("--all-of", metavar="代码", help="这个单位的记录全部转走（村并入别的村）")
    c = command("history", commands.history_command, "一条记录的来龙去脉")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c = command("show", commands.show_command, "显示一条记录")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("--unit", help="记录所在单位")
    c = command("list", commands.list_command, "列出记录")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("--search", help="汉字、拼音首字母、电话或身份证末四位")
    c.add_argument("--where", action="append", metavar="字段=值", help="只要这样的，可写多次")
    c.add_argument("--unit", help="只要这个单位及以下的")
    c.add_argument("--limit", type=int, help="最多几条")
    c.add_argument("--deleted", action="store_true", help="列出已删除的")
    command("acts", commands.acts_command, "最近的操作")
    c = command("undo", commands.undo_command, "撤销一次操作")
    c.add_argument("act", metavar="操作号", help="acts 列出的操作号")
    c = command("add-photo", commands.add_photo_command, "给一条记录加照片（JPG、PNG 等；会缩小，去掉拍摄地点）")
    c.add_argument("id", metavar="ID", help="记录的 ID（32 位十六进制）")
    c.add_argument("file", metavar="文件", help="照片文件")
    c.add_argument("--caption", help="照片说明")
    c.add_argument("--unit", help="记录所在单位")
    c = command("photo", commands.photo_command, "把一张照片存成文件")
    c.add_argument("hash", metavar="编号", help="照片编号：记录的 photos 里的 hash")
    c.add_argument("-o", "--output", required=True, help="文件.jpg")


def _sheet_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("import-sheet", commands.import_sheet_command, "从 Excel 台账导入")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("file", metavar="文件.xlsx", help="台账文件")
    c.add_argument("--year", type=int, help="没写年份的日期算哪一年")
    c.add_argument("--unit", help="记在哪个单位名下")
    c.add_argument("--dry-run", action="store_true", help="只看结果，不导入")
    c = command("export-sheet", commands.export_sheet_command, "导出 Excel 名册")
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("-o", "--output", required=True, help="文件.xlsx")
    c.add_argument("--masked", action="store_true", help="身份证号、电话等打星号")
    c = command("template", commands.template_command, "写一份空的 Excel 模板", ws=False)
    c.add_argument("kind", metavar="类别", help="记录类别：activity、family、person、aid、campaign、nomination …")
    c.add_argument("-o", "--output", required=True, help="文件.xlsx")
    c.add_argument("--with-issued", dest="ws", metavar="工作区", help="加上这个工作区里各级增加的栏目和选项")


def _package_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("export", commands.export_command, "写上报包、下发包或互传包")
    c.add_argument("--to", required=True, help="up（上级）、单位代码或 all-below（所有下级）")
    c.add_argument("-o", "--output", required=True, metavar="文件夹", help="写到哪个文件夹（U 盘）")
    c.add_argument("--full", action="store_true", help="全部内容都写")
    c.add_argument("--rights", action="store_true", help="本单位的维权案件也写（加密，只有维权档案室能看；要打开档案室）")
    c = command("inspect", commands.inspect_command, "看一个包自己说了什么（不用钥匙）", ws=False)
    c.add_argument("file", metavar="文件", help="包文件 .flpkg")
    c = command("merge", commands.merge_command, "合并上报包、下发包")
    c.add_argument("paths", nargs="+", metavar="文件或文件夹", help="包文件，或放包的文件夹（U 盘）")
    c.add_argument("--dry-run", action="store_true", help="只看结果，不合并")
    command("imports", commands.imports_command, "合并过的包")
    c = command("undo-import", commands.undo_import_command, "撤销一次合并")
    c.add_argument("package", metavar="包号", help="imports 列出的包号")
    command("conflicts", commands.conflicts_command, "有冲突的项")
    c = command("settle", commands.settle_command, "处理冲突")
    c.add_argument("record", metavar="记录", help="记录的 ID")
    c.add_argument("fields", nargs="+", metavar="字段=值", help="照平时的写法填")
    c = command("duplicates", commands.duplicates_command, "可能重复的记录")
    c.add_argument("--judged", action="store_true", help="只看判过不是同一个的")
    c = command("join-records", commands.join_records_command, "两条记录是同一个")
    c.add_argument("keep", metavar="保留", help="留下的那条的 ID")
    c.add_argument("other", metavar="另一条", help="另一条的 ID")
    c = command("not-same", commands.not_same_command, "两条记录不是同一个，以后不再提")
    c.add_argument("first", metavar="一条", help="一条的 ID")
    c.add_argument("second", metavar="另一条", help="另一条的 ID")
    c.add_argument("--take-back", action="store_true", help="收回：还要再核对")
    c = command("findings", commands.findings_command, "没有生效的内容：拒收、等待、不认识")
    c.add_argument("--state", choices=("refused", "waiting", "unknown", "invalid"), help="只要这一种：拒收、等待、不认识、无效")
    c = command("rights", commands.rights_command, "维权档案室：单独的密码，平时看不到、查不到、报不出")
    c.add_argument("what", choices=("create", "status", "add-person", "hand-over", "statistics"),
                   help="create 建，status 看有没有，add-person 增加能打开的人，hand-over 换人，statistics 维权统计（不含姓名）")
    c.add_argument("--person", help="谁的第二密码（默认本机使用人）")
    c.add_argument("--new-passphrase-file", metavar="文件", help="add-person、hand-over：这个人的第二密码所在的文件")
    c.add_argument("--year", type=int, help="统计：年度")
    c.add_argument("-o", "--output", help="统计：文件.xlsx 或 .pdf")
    command("roll-call", commands.roll_call_command, "各单位上报情况")


def _paper_commands(command: Callable[..., _Parser | _NotAsked]) -> None:
    c = command("report", commands.report_command, "做一张报表")
    c.add_argument("name", metavar="报表", help="报表名，见 fulian reports")
    c.add_argument("--year", type=int, help="年度")
    c.add_argument("--unit", metavar="代码", help="只算这个单位及以下")
    c.add_argument("-o", "--output", help="文件.xlsx 或 .pdf；工作总结也可以是 .docx")
    command("reports", commands.reports_command, "有哪些报表")
    c = command("assess", commands.assess_command, "考核：用默认方案、按数据算分、照自评给分、结束一次考核")
    c.add_argument("what", choices=("default", "compute", "adopt", "close", "open"),
                   help="default 用默认方案，compute 按数据算分，adopt 照自评给分，close 结束，open 重新打开")
    c.add_argument("--year", type=int, help="哪一年的方案（默认最近一年）")
    c.add_argument("--check", choices=("half", "year"), default="year", help="half 半年，year 全年（默认）")
    c = command("print", commands.print_paper_command, "打印成 PDF")
    c.add_argument("what", choices=("honor-roll", "certificates", "notice", "roster", "hand-over"),
                   help="光荣榜、证书、公示、花名册、上报交接单")
    c.add_argument("-o", "--output", required=True, help="文件.pdf")
    c.add_argument("--campaign", help="评选活动的 ID（默认最近一个）")
    c.add_argument("--date", help="落款日期 2026-03-08")
    c.add_argument("--palette", choices=("color", "mono"), default="color", help="彩色或黑白")
    c.add_argument("--paper", choices=("A4-landscape", "16K"), default="A4-landscape", help="证书纸张")
    c.add_argument("--kind", default="family", help="花名册的类别")
    c.add_argument("--contact", help="公示的受理电话")
    c.add_argument("--package", default="", metavar="包号", help="交接单：哪次上报（export 印出的 package，默认最近一次）")
    c.add_argument("--spell-out", action="store_true", help="花名册、交接单：字库里没有的字写成〔表情〕这样")
    c = command("check", commands.check_command, "核对：变更、表、签名是否一致")
    c.add_argument("--unit", help="只算这个单位及以下的记录")
    c = command("backup", commands.backup_command, "备份到一个文件")
    c.add_argument("-o", "--output", required=True, help="文件.flbak")
    c = command("restore", commands.restore_command, "从备份恢复成新的工作区", ws=False)
    c.add_argument("file", metavar="备份文件", help="备份文件 .flbak")
    c.add_argument("ws", metavar="WS", help="新工作区的文件夹")
    c = command("demo", commands.demo_command, "用编造的数据走一遍全过程", ws=False)
    c.add_argument("folder", metavar="文件夹", help="结果放在这里")
    c.add_argument("--villages", type=int, default=30, help="几个村（默认 30）")
    c.add_argument("--records", type=int, default=3000, help="每村几条记录（默认 3000）")

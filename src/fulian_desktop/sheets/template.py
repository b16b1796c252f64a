"""An empty table to be filled in with WPS or Excel and imported (DESIGN §9): the columns of a kind.

Rules:

* Heads are the field labels; what is asked for bears ``*``, which import passes over.
* Codes offer a drop-down list but take any text: what is not in the list is named at import, not lost.
* Dates, ID and telephone numbers are text cells: Excel would turn 3.8 into a number and round an ID number.
* What each column takes, with an example, stands on a sheet of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fulian_desktop.domain.fields import (
    Code,
    Codes,
    Day,
    Flag,
    Hundredths,
    IdNumber,
    Integer,
    Money,
    Period,
    Phone,
    Reference,
    Table,
    Text,
)
from fulian_desktop.domain.kind import Kind
from fulian_desktop.sheets.book import display_width, save_book
from fulian_desktop.sheets.columns import HELP_SHEET, LISTS_SHEET, SheetColumn, columns_of
from fulian_desktop.sheets.preflight import column_letters

_SERIAL_HEAD, _UNIT_HEAD = "序号", "村(社区)"
ROWS = 1000  # rows with lists and borders; more can be typed below


def write_template(path: Path, kind: Kind, *, unit_column: bool = False) -> None:
    """Write the template of a kind.

    Args:
        path: The .xlsx to write.
        kind: The kind.
        unit_column: Put a 村(社区) column first, for an office that enters for those below it.

    Raises:
        MachineProblem: The file could not be written.
    """
    import openpyxl  # type: ignore[import-untyped]

    book = openpyxl.Workbook()
    columns = [column for column in columns_of(kind) if not column.end and not column.field.withdrawn]
    heads = [(_SERIAL_HEAD, 8), *([(_UNIT_HEAD, 16)] if unit_column else [])]
    page = book.active
    page.title = kind.label
    width = len(heads) + len(columns)
    _title(page, kind, width)
    for number, (head, wide) in enumerate(heads, 1):
        _head(page, number, head, wide, asked=False)
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    for number, column in enumerate(columns, len(heads) + 1):
        _column(page, lists, number, column)
    page.freeze_panes = f"{column_letters(len(heads) + 2)}4"
    page.print_title_rows = "3:3"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    _help(book.create_sheet(HELP_SHEET, 1), kind, columns)
    save_book(book, path)


def _title(page: Any, kind: Kind, width: int) -> None:  # noqa: ANN401 - openpyxl has no types
    from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]

    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    page.merge_cells(start_row=2, start_column=1, end_row=2, end_column=width)
    page["A1"] = f"{kind.label}登记表"
    page["A1"].font = Font(name="黑体", size=18, bold=True)
    page["A1"].alignment = Alignment(horizontal="left", vertical="center")
    page["A2"] = (
        f"带 * 的请尽量填；一行登记一{kind.measure_word}；每列怎么填见“{HELP_SHEET}”，用不到的列可以删掉。"
        "填好保存，在程序里选“导入”。"
    )
    page["A2"].font = Font(name="宋体", size=10, color="7F7F7F")
    page.row_dimensions[1].height, page.row_dimensions[2].height, page.row_dimensions[3].height = 32, 20, 32


def _head(page: Any, number: int, label: str, width: float, *, asked: bool) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color="A6A6A6")
    cell = page.cell(3, number, label + ("*" if asked else ""))
    cell.font = Font(name="宋体", size=11, bold=True, color="C00000" if asked else "000000")
    cell.fill = PatternFill("solid", fgColor="FBE5E1")
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    page.column_dimensions[column_letters(number)].width = width


def _column(page: Any, lists: Any, number: int, column: SheetColumn) -> None:  # noqa: ANN401
    from openpyxl.comments import Comment  # type: ignore[import-untyped]

    letter = column_letters(number)
    _head(page, number, column.label, _width(column), asked=column.asked)
    how, example = _how(column)
    note = Comment(f"{how}\n例：{example}" if example else how, "妇联工作台", width=260, height=120)
    page.cell(3, number).comment = note
    if isinstance(column.type, Period | Day | IdNumber | Phone | Text | Reference):
        page.column_dimensions[letter].number_format = "@"
        for row in range(4, 4 + ROWS):  # a column's format alone is passed over by older WPS
            page.cell(row, number).number_format = "@"
    labels = list(column.type.codes.offered.values()) if isinstance(column.type, Code) else []
    if isinstance(column.type, Flag):
        labels = ["是", "否"]
    if labels:
        _offer(page, lists, letter, labels, only_one=not isinstance(column.type, Codes))


def _offer(page: Any, lists: Any, letter: str, labels: list[str], *, only_one: bool) -> None:  # noqa: ANN401
    """A drop-down list that takes other words too: they are named at import."""
    from openpyxl.worksheet.datavalidation import DataValidation  # type: ignore[import-untyped]

    number = lists.max_column + 1 if lists.cell(1, 1).value else 1
    for row, label in enumerate(labels, 1):
        lists.cell(row, number, label)
    place = column_letters(number)
    offered = DataValidation(
        type="list", formula1=f"'{LISTS_SHEET}'!${place}$1:${place}${len(labels)}", allow_blank=True,
        showErrorMessage=False,
        showInputMessage=not only_one, promptTitle="可填几个" if not only_one else None,
        prompt="几个之间用顿号隔开，如 低保、残疾" if not only_one else None,
    )
    page.add_data_validation(offered)
    offered.add(f"{letter}4:{letter}{3 + ROWS}")


def _width(column: SheetColumn) -> float:
    of = column.type
    least = display_width(column.label) + 4
    if isinstance(of, IdNumber):
        usual = 22
    elif isinstance(of, Text) and not isinstance(of, Phone):
        usual = 32 if of.lines or of.most >= 200 else 14
    else:
        usual = 18 if isinstance(of, Period | Phone | Table) else 12
    return float(max(usual, min(least, 20)))


def _how(column: SheetColumn) -> tuple[str, str]:
    """What a column takes, in a sentence, and an example."""
    of = column.type
    if column.field.help:
        return column.field.help, ""
    if isinstance(of, Money):
        return "填金额，可以写“万元”“余”", "350、1.2万、3000余元"
    if isinstance(of, Hundredths):
        return "填一个数，最多两位小数", "8.5"
    if isinstance(of, Integer):
        return "填一个数，说不准可加“余”", "68、1600余人"
    if isinstance(of, Codes):
        return "从列表里选，可以填几个，用顿号隔开", "、".join(list(of.codes.offered.values())[:2])
    if isinstance(of, Code):
        return "从列表里选", next(iter(of.codes.offered.values()), "")
    for types, how, example in (
        (Period, "填哪一天、从哪天到哪天，或只填月份", "3月8日、8月21日—25日、9月份"),
        (Day, "填哪一天", "2026年3月8日"), (Flag, "填“是”，不是就空着", "是"),
        (IdNumber, "18 位，最后一位可以是 X", "按身份证填写"),
        (Phone, "手机号 11 位，座机加区号", "0874-7123456"),
        (Reference, "填姓名或名称", "王某某"),
        (Table, "填名称和数量，几项之间用顿号隔开", "衣物500件、大米20袋"),
    ):
        if isinstance(of, types):
            return how, example
    return (f"填文字，最多 {of.most} 字" if isinstance(of, Text) else "填文字"), ""


def _help(page: Any, kind: Kind, columns: list[SheetColumn]) -> None:  # noqa: ANN401
    from openpyxl.styles import Alignment, Border, Font, Side
    from openpyxl.worksheet.properties import PageSetupProperties  # type: ignore[import-untyped]

    page.append([f"{kind.label}：每列怎么填"])
    page["A1"].font = Font(name="黑体", size=16, bold=True)
    page.append(["列名", "要不要填", "怎么填", "例子", "可选项"])
    for column in columns:
        how, example = _how(column)
        choices = "、".join(column.type.codes.offered.values()) if isinstance(column.type, Code) else ""
        page.append([column.label, "请尽量填" if column.asked else "可以不填", how, example, choices])
    for letter, width in zip("ABCDE", (20, 12, 40, 30, 60), strict=True):
        page.column_dimensions[letter].width = width
    thin = Side(style="thin", color="A6A6A6")
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.font = Font(name="宋体", size=11, bold=cell.row == 2)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    page.freeze_panes = "A3"
    page.print_title_rows = "2:2"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

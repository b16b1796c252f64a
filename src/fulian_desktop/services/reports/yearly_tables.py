"""年度工作统计表 as tables for paper and sheet, made of the values of :mod:`fulian_desktop.services.reports.yearly`.

On paper: the year with last year beside it, its two halves month by month, then a page a system with a row a unit. In a
sheet the units' figures stand side by side in one table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any

from fulian_desktop.services.reports.declared import Plan
from fulian_desktop.services.reports.engine import Asked
from fulian_desktop.services.reports.table import TOTAL, How, Report, Said
from fulian_desktop.services.yearly import NAME, TITLE, Values, yearly_values

SIDE_BY_SIDE = 4
"""So many indicators of a system stand side by side on paper, each with last year's."""

_QUARTERS = ("一季度", "二季度", "三季度", "四季度")


def _values(asked: Asked) -> Values:
    return asked.once("yearly", lambda a: yearly_values(a.office, a.year, unit=a.unit))


def _said(line: Values, value: int | None, *, paper: bool = False) -> Any:  # noqa: ANN401 - a cell
    """A figure of a line as a cell says it: in yuan (where there is little room in 万元), in percent, or as a number."""
    how: How = ("wan" if paper else "money") if line["money"] else "percent" if line["share"] else "number"
    return "" if value is None else Said(value, how)


def _word(line: Values, *, paper: bool = False) -> str:
    return "万元" if paper and line["money"] else str(line["unit_word"])


def _label(line: Values, above: str) -> str:
    """What a line is called: a category stands below its indicator, or names it where that has no line."""
    if line["category"] is None:
        return str(line["label"])
    return f"其中：{line['label']}" if above == line["indicator"] else str(line["label"])


def _named(lines: Sequence[Values]) -> Iterator[tuple[str, Values]]:
    above = ""
    for line in lines:
        if line["category"] is None:
            above = line["indicator"]
        elif above != line["indicator"]:
            yield line["of"], {}
            above = line["indicator"]
        yield _label(line, above), line


def _year_table(asked: Asked, *, paper: bool) -> Report:
    """类别, 指标, 单位, this year, last year, the difference; in a sheet how many records are behind it, 约 and 待补全."""
    values = _values(asked)
    year = values["year"]
    columns: list[tuple[str, How]] = [
        ("类别", "text"), ("指标", "text"), ("单位", "text"), (f"{year}年", "number"), (f"{year - 1}年", "number"),
        ("增减", "number"),
    ]
    marks = [] if paper else ["records", "about", "incomplete"]
    if marks:
        columns += [("记录", "number"), ("含约数", "number"), ("待补全", "number")]
    report = _table("全年", columns, paper=paper)
    for system, lines in groupby(values["lines"], key=lambda line: line["system_label"]):
        for label, line in _named(list(lines)):
            if line:
                more = None if None in (line["value"], line["before"]) else line["value"] - line["before"]
                figures = [_said(line, value) for value in (line["value"], line["before"], more)]
                cells = [_word(line), *figures, *(line[mark] or "" for mark in marks)]
            else:
                cells = [""] * (len(columns) - 2)
            _add(report, system, [label, *cells], line.get("ids", []))
    report.notes = list(values["notes"])
    return report


def _table(title: str, columns: list[tuple[str, How]], *, paper: bool) -> Report:
    return Report("", title, columns, medium="paper" if paper else "sheet", grouped=True)


def _add(report: Report, system: str, cells: list[Any], ids: list[str]) -> None:
    """A row; the system is said in the first of its rows."""
    said = any(row[0] == system for row in report.rows)
    report.rows.append(["" if said else system, *cells])
    report.ids.append(ids)


def _half_table(asked: Asked, *, half: int, paper: bool) -> Report:
    """Six months and two quarters; on paper without the categories."""
    values = _values(asked)
    months = range(half * 6, half * 6 + 6)
    columns: list[tuple[str, How]] = [("类别", "text"), ("指标", "text"), ("单位", "text")]
    for month in months:
        columns.append((f"{month + 1}月", "number"))
        if month % 3 == 2:
            columns.append((_QUARTERS[month // 3], "number"))
    report = _table(("上半年各月", "下半年各月")[half], columns, paper=paper)
    shown = [one for one in (_whole(values) if paper else values["lines"]) if any(one["months"][m] for m in months)]
    for system, lines in groupby(shown, key=lambda line: line["system_label"]):
        for label, line in _named(list(lines)):
            cells: list[Any] = [_word(line, paper=paper) if line else ""]
            for month in months:
                cells.append(_said(line, line["months"][month], paper=paper) if line else "")
                if month % 3 == 2:
                    cells.append(_said(line, line["quarters"][month // 3], paper=paper) if line else "")
            _add(report, system, [label, *cells], [])
    return report


def _unit_tables(asked: Asked) -> Report:
    """On paper, a system or a part of it a table: a row a unit, last year's beside each indicator."""
    values = _values(asked)
    report = Report("", "")
    if len(values["units"]) < 2:
        return report
    for system, found in groupby(_whole(values), key=lambda line: line["system_label"]):
        lines = list(found)
        for start in range(0, len(lines), SIDE_BY_SIDE):
            part = lines[start : start + SIDE_BY_SIDE]
            report.more.append(_units(values, part, f"各单位：{system}{'（续）' if start else ''}", paper=True))
    return report


def _unit_sheet(asked: Asked) -> Report:
    """In a sheet all indicators stand side by side."""
    values = _values(asked)
    return Report("", "", more=[_units(values, _whole(values), "各单位", paper=False)] if len(values["units"]) > 1 else [])


def _whole(values: Values) -> list[Values]:
    return [line for line in values["lines"] if line["category"] is None]


def _units(values: Values, lines: Sequence[Values], title: str, *, paper: bool) -> Report:
    """A row a unit, the last one the whole; a unit's own records stand apart from those of the units below."""
    year = values["year"]
    columns: list[tuple[str, How]] = [("单位", "text")]
    columns += [
        (f"{line['label']}({_word(line, paper=paper)})\n{of}年", "number") for line in lines for of in (year, year - 1)
    ]
    report = _table(title, columns, paper=paper)
    for place, unit in enumerate(values["units"]):
        figures = (_said(line, value, paper=paper) for line in lines for value in line["units"][place])
        report.rows.append(["本级" if unit["own"] else unit["name"], *figures])
        report.ids.append([])
    sums = (_said(line, line[when], paper=paper) for line in lines for when in ("value", "before"))
    report.total_row = [TOTAL, *sums]
    return report


PLANS = (
    Plan(
        NAME, TITLE, "总结和上报", "各项工作分月、分单位的数，去年的在旁边。",
        (
            partial(_year_table, paper=True), partial(_half_table, half=0, paper=True), partial(_half_table, half=1, paper=True),
            _unit_tables, partial(_year_table, paper=False), partial(_half_table, half=0, paper=False),
            partial(_half_table, half=1, paper=False), _unit_sheet,
        ),
        of_a_year=True, icon="assessment", page="figures",
    ),
)

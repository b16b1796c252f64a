"""Which column of a sheet is which field: finding the head below its titles, and reading it under many names (FAULTS 70).

Rules:

* The names are the declaration's: labels, ``aliases``, parts. Nothing here knows a field by its name.
* The head is the row, or the two rows, in the first twenty under which most fields are found; what stands above is title.
* Of two rows the upper one may span columns (参加人数 over 妇女 and 儿童); a name is looked for as both together, then the
  lower one alone.
* A unit in the head (万元, 万人次) or above the table (单位：万元) says what bare numbers count.
* A column nobody knows is not dropped: it is named, and its cells go beside the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from fulian_desktop.domain.fields import Money
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.texts import search_key
from fulian_desktop.sheets.columns import SheetColumn, columns_of
from fulian_desktop.sheets.preflight import column_letters
from fulian_desktop.sheets.reader import Grid

HEAD_WITHIN = 20
UNIT_COLUMN = "@unit"
"""What a person chooses for the column that names the unit; no field is called so."""
_SERIAL = re.compile(r"序号?|编号|顺序号?|no\.?|№|项次|行号")
_UNIT_HEADS = frozenset({
    "村", "村名", "村(社区)", "村/社区", "村社区", "社区", "单位", "所在村", "所属村", "村委会", "填报单位",
    "行政村", "所属单位", "单位名称",
    "村(居)", "村居", "所在单位", "乡镇", "镇村", "所在社区", "所属社区", "村别", "村(社区)名称", "上报单位",
})
_MEASURE = re.compile(
    r"[(/\[]?(?:单位:)?(?P<scale>[百千万亿]?)(?P<unit>元|人次|人|名|户|场次|场|期|份|次|个|件|天|年|岁|棵|米|学时|课时)[)\]]?$"
)
_TITLE_UNIT = re.compile(r"单位[:：]\s*(?P<scale>[百千万亿])(?:(?P<money>元)|人次|人|户|份)")
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_WHOLE = frozenset({"合计", "小计", "总数", "总计", "计", "人数", "数量", "总人数", "数"})


@dataclass(frozen=True)
class Matched:
    """A column of the sheet that is a column of the kind. ``factor`` is what a bare number counts (10,000 under 万元)."""

    column: SheetColumn
    factor: int
    head: str


@dataclass
class Head:
    """Where the table begins and what its columns are.

    Attributes:
        first, last: Its rows, from 1.
        matched: Column number → what it is.
        unmatched: Column number → its head, for columns nobody knows.
        unit: The column that names the unit (村, 单位), if there is one.
        unit_head: Its head as written.
        titles: The texts above the table.
    """

    first: int
    last: int
    matched: dict[int, Matched] = field(default_factory=dict)
    unmatched: dict[int, str] = field(default_factory=dict)
    unit: int | None = None
    unit_head: str = ""
    titles: list[str] = field(default_factory=list)


def head_key(text: str) -> str:
    """A head in the form that is compared: no blanks, no asked-for mark, half width."""
    return re.sub(r"[\s*＊:：]", "", search_key(text)).replace("〔", "(").replace("〕", ")")


def find_head(grid: Grid, kind: Kind) -> Head | None:
    """The head of the table for a kind, or None when the sheet has none.

    Args:
        grid: A sheet.
        kind: The kind whose records it should hold.
    """
    names = _Names(kind)
    best: Head | None = None
    for row in range(1, min(HEAD_WITHIN, len(grid.rows)) + 1):
        for head in _heads_at(grid, row, names):
            if best is None or len(head.matched) > len(best.matched):
                best = head
    if best is None or not _is_enough(best, kind) or _is_form(grid, best, names):
        return None
    best.titles = [str(v) for row in grid.rows[: best.first - 1] for v in row if isinstance(v, str) and v.strip()]
    _apply_title_unit(best)
    return best


def labels_of(head: Head) -> dict[int, str]:
    """Column number → its head as a person tells it from the others: by its letter where there is no word or a second one."""
    found: dict[int, str] = {}
    for number, text in sorted(_texts(head).items()):
        label = " ".join(text.split())
        found[number] = label if label and label not in found.values() else f"{label}（{column_letters(number)} 列）".lstrip()
    return found


def _texts(head: Head) -> dict[int, str]:
    texts = {number: matched.head for number, matched in head.matched.items()} | head.unmatched
    return texts if head.unit is None else {**texts, head.unit: head.unit_head}


def name_at(head: Head, number: int) -> str:
    """What a column was taken for: the name of a column of the kind, :data:`UNIT_COLUMN`, or "" for nothing."""
    if number in head.matched:
        return head.matched[number].column.name
    return UNIT_COLUMN if number == head.unit else ""


def choose_columns(head: Head, kind: Kind, chosen: Mapping[str, str]) -> None:
    """Take columns for what a person says they are.

    Args:
        head: The head; changed.
        kind: The kind of its records.
        chosen: A label of :func:`labels_of` → name of a column of the kind, :data:`UNIT_COLUMN`, or "" for no field. Who
            had a name that another column now takes keeps its cells beside the record.
    """
    columns = {column.name: column for column in columns_of(kind)}
    texts = _texts(head)
    for number, label in labels_of(head).items():
        if label not in chosen or chosen[label] == name_at(head, number):
            continue
        _let_go(head, number)
        head.unmatched.pop(number)
        name = chosen[label]
        for other in [n for n in texts if name and n != number and name_at(head, n) == name]:
            _let_go(head, other)
        if name == UNIT_COLUMN:
            head.unit, head.unit_head = number, texts[number]
        elif name in columns:
            scale = _without_measure(head_key(texts[number]))[1]
            head.matched[number] = Matched(columns[name], _SCALES[scale], texts[number])
        else:
            head.unmatched[number] = texts[number]
    head.matched = dict(sorted(head.matched.items()))
    _apply_title_unit(head)


def _let_go(head: Head, number: int) -> None:
    """A column is no longer taken for anything."""
    if number == head.unit:
        head.unmatched[number] = head.unit_head
        head.unit, head.unit_head = None, ""
    elif number in head.matched:
        head.unmatched[number] = head.matched.pop(number).head


def _is_enough(head: Head, kind: Kind) -> bool:
    """Two fields; or one alone in a list of names, when it is what a record cannot do without."""
    fields = {m.column.field.code for m in head.matched.values()}
    first = kind.first_asked
    return len(fields) >= 2 or (first is not None and fields == {first.code} and len(head.unmatched) <= 2)


def _is_form(grid: Grid, head: Head, names: _Names) -> bool:
    """Whether names stand below names: a form for one record (活动主题 | … | 参加人数 | …), which is no table."""
    below = grid.rows[head.last] if head.last < len(grid.rows) else []
    own = {head_key(label) for label in (*(m.head for m in head.matched.values()), *head.unmatched.values())}
    named = [value for value in below if isinstance(value, str) and value.strip() and names.find(value) is not None]
    return len([value for value in named if head_key(value) not in own]) > 1


class _Names:
    """Every name of every column of a kind, in the form that is compared."""

    def __init__(self, kind: Kind) -> None:
        self.columns = columns_of(kind)
        self._by_name: dict[str, SheetColumn] = {}
        for column in self.columns:
            self._by_name.setdefault(head_key(column.label), column)
        for column in self.columns:
            main = column.name == column.field.code and not column.end
            for name in (*(column.field.aliases if main else ()), _without_measure(head_key(column.label))[0]):
                self._by_name.setdefault(head_key(name), column)

    def find(self, text: str) -> Matched | None:
        """The column of that name, and what its head says a number counts."""
        key = head_key(text)
        plain, scale = _without_measure(key)
        column = self._by_name.get(key)
        if column is None:
            column = self._by_name.get(plain) or self._by_name.get(plain.replace("(", "").replace(")", ""))
        return None if column is None else Matched(column, _SCALES[scale], text)


def _without_measure(key: str) -> tuple[str, str]:
    """A head without the unit at its end, and that unit's scale: 金额(万元) → 金额, 万."""
    found = _MEASURE.search(key)
    if found is None or found.start() == 0 or not (found[0][0] in "(/[" or found["scale"]):
        return key, ""
    return key[: found.start()], found["scale"]


def _heads_at(grid: Grid, row: int, names: _Names) -> Iterator[Head]:
    upper = _labels(grid, row)
    if sum(bool(label) for label in upper) == 0:
        return
    if not _is_upper_half(grid, row):
        yield _head(row, row, [(label, "") for label in upper], names)
    if row < len(grid.rows) and _has_two_rows(grid, row):
        lower = ["" if _covered(grid, row + 1, c) else _text(grid, row + 1, c) for c in range(1, len(upper) + 1)]
        yield _head(row, row + 1, list(zip(upper, lower, strict=True)), names)


def _labels(grid: Grid, row: int) -> list[str]:
    """The texts of a row; a cell merged over some columns stands over each, one over the whole width is a title."""
    width = len(grid.rows[row - 1])
    labels = [_text(grid, row, column) for column in range(1, width + 1)]
    for top, left, _, right in grid.merged:
        if top == row and left < right and not (left == 1 and right >= width > 2):
            labels[left - 1: right] = [labels[left - 1]] * (min(right, width) - left + 1)
    return labels


def _has_two_rows(grid: Grid, row: int) -> bool:
    return any(
        top == row and (bottom == row + 1 or (bottom == row and left < right < left + len(grid.rows[row - 1]) - 1))
        for top, left, bottom, right in grid.merged
    )


def _is_upper_half(grid: Grid, row: int) -> bool:
    """Whether cells merged with those below say that the head has two rows: then it has not one."""
    return any(top == row and bottom == row + 1 and grid.at(top, left) is not None for top, left, bottom, _ in grid.merged)


def _covered(grid: Grid, row: int, column: int) -> bool:
    """Whether a cell belongs to one that begins above it."""
    return any(t < row <= b and left <= column <= right for t, left, b, right in grid.merged)


def _text(grid: Grid, row: int, column: int) -> str:
    value = grid.at(row, column)
    return value.strip() if isinstance(value, str) else ""


def _head(first: int, last: int, labels: list[tuple[str, str]], names: _Names) -> Head:
    head = Head(first, last)
    taken: set[str] = set()
    for number, (upper, lower) in enumerate(labels, 1):
        shown = " ".join(dict.fromkeys(label for label in (upper, lower) if label))
        found = next((m for label in _readings(upper, lower) if (m := names.find(label))), None)
        if found is not None and found.column.name not in taken:
            head.matched[number] = Matched(found.column, found.factor, shown)
            taken.add(found.column.name)
        elif found is None and _SERIAL.fullmatch(head_key(shown)):
            continue
        elif found is None and head.unit is None and head_key(shown) in _UNIT_HEADS:
            head.unit, head.unit_head = number, shown
        else:
            head.unmatched[number] = shown
    return head


def _readings(upper: str, lower: str) -> list[str]:
    """What a head of two rows may be called, the likeliest first."""
    if not upper or not lower:
        return [label for label in (upper, lower) if label]
    together = [upper + lower, lower, f"其中{lower}"]
    return [upper, *together] if head_key(lower) in _WHOLE else together


def _apply_title_unit(head: Head) -> None:
    """``单位：万元`` above the table counts for its amounts, ``单位：万人次`` for its numbers, where the head says nothing."""
    for title in head.titles:
        said = _TITLE_UNIT.search(title)
        if said is None:
            continue
        for number, found in head.matched.items():
            fits = isinstance(found.column.type, Money) if said["money"] else found.column.field.counts
            if fits and found.factor == 1 and not _MEASURE.search(head_key(found.head)):
                head.matched[number] = Matched(found.column, _SCALES[said["scale"]], found.head)

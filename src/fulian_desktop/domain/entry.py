"""From what a person typed (or a script passed) to flat values, and from flat values to a change's values.

Rules (DOMAIN §3):

* What cannot be read stays as typed, under ``Entry.unread``, with a problem that says why; nothing is
  guessed.
* Text is read as people write it; a value that has its type is taken as it is: money as a whole number is
  fen, money as text is yuan (``350``, ``1.2万``); so are hundredths (850 and ``8.5``).
* A composite may be typed under its head name (``date=8月21日—25日``, ``people=8户``) or part by part; a part
  named beside its head wins. An empty text or null clears.
* An ID number fills sex and birth date where these are empty (DESIGN §9). That it is wrong is for the kind's
  rules to say, and keeps nobody from saving.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fulian_desktop.domain.codes import is_issued_code
from fulian_desktop.domain.dates import Period as ReadPeriod
from fulian_desktop.domain.dates import month_period, read_date, year_period
from fulian_desktop.domain.fields import (
    ROW_ID,
    Code,
    Codes,
    Composite,
    Day,
    Field,
    Flag,
    FlatPart,
    Hundredths,
    IdNumber,
    Integer,
    Money,
    Part,
    Period,
    Phone,
    PhotoHash,
    RecordId,
    Reference,
    Scalar,
    Table,
    Text,
    UnitCode,
)
from fulian_desktop.domain.hundredths import format_hundredths, read_hundredths
from fulian_desktop.domain.id_numbers import check_id_number
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.money import read_money
from fulian_desktop.domain.phones import check_phone
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.quantities import read_quantity
from fulian_desktop.domain.stages import is_level_name
from fulian_desktop.domain.texts import Reading, clean_text, quoted, search_key

_RECORD_ID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_SEPARATORS = re.compile(r"[、，;；\n]|(?<![0-9]),|,(?![0-9])")
_YES = frozenset({"是", "有", "对", "真", "true", "yes", "y", "1", "✓", "√", "☑", "✔"})
_NO = frozenset({"否", "无", "没有", "不是", "假", "false", "no", "n", "0", "×", "✗", "☐", "□"})
_ITEM = re.compile(r"(?P<name>[^0-9０-９]*?[^0-9０-９\s:：])[\s:：]*(?P<count>(?:近|约|共)?[0-9０-９].*)",
                   re.DOTALL)
_PRECISIONS = ("day", "month", "year")


@dataclass
class Entry:
    """What was read.

    Attributes:
        flat: Flat name → value; None clears. Sub-tables as lists of rows. Only what was typed, or follows.
        problems: Why something could not be read, or was changed in reading.
        unread: Flat name → the text that could not be read, as typed.
    """

    flat: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)


def read_entry(
    kind: Kind,
    entries: Mapping[str, Any],
    *,
    year: int | None,
    today: datetime.date,
    base: Mapping[str, Any] | None = None,
) -> Entry:
    """Read typed or passed values.

    Args:
        kind: The record's kind.
        entries: Flat name or composite's head name → text as typed, or a value of the right type.
        year: The year of dates without one (a sheet's); None takes today's.
        today: The day on which it is typed.
        base: Flat values of the record being edited, so that an ID number fills only what is empty.

    Returns:
        The flat values, the problems, and what could not be read. Source: DOMAIN §3.
    """
    reader = _Reader(kind, entries, year, today, base or {})
    # Heads first: a part that is named beside its head wins.
    heads = [n for n in entries if reader.is_head(n)]
    for name in (*heads, *(n for n in entries if n not in heads)):
        reader.read(name, entries[name])
    reader.finish_periods()
    reader.fill_from_id_numbers()
    return reader.entry


def missing_units(kind: Kind, flat: Mapping[str, Any]) -> list[tuple[Field, str]]:
    """References given by id alone: (field, id). Who calls finds the record and fills its unit and kind."""
    return [
        (declared, str(flat[declared.flat[0]]))
        for declared in kind.references
        if flat.get(declared.flat[0]) and not (flat.get(declared.flat[2]) and flat.get(declared.flat[3]))
    ]


class _Reader:
    """Reads one entry; what cannot be read is raised as :class:`_Unread` and caught in :meth:`read`."""

    def __init__(
        self, kind: Kind, entries: Mapping[str, Any], year: int | None, today: datetime.date,
        base: Mapping[str, Any],
    ) -> None:
        self.kind, self.entries, self.year, self.today, self.base = kind, entries, year, today, base
        self.entry = Entry()
        self._ends: dict[str, ReadPeriod] = {}
        self._fields = {f.code: f for f in kind.fields}

    def is_head(self, name: str) -> bool:
        """Whether ``name`` names a whole composite (which may also be its first part's flat name)."""
        declared = self._fields.get(name)
        return declared is not None and isinstance(declared.type, Composite)

    def read(self, name: str, raw: Any) -> None:  # noqa: ANN401 - any JSON value
        """Read one entry into ``self.entry``."""
        declared = self._fields.get(name)
        part = self.kind.flat.get(name)
        if declared is None and part is None:
            text = f"没有“{name}”这一项，请核对名称"
            if is_level_name(self.kind, name):
                text = f"还不知道评选活动是哪一级发起的，“{name}”说不清是哪一级的，请先选评选活动"
            self._unread(name, raw, Problem("unknown-field", text, name))
            return
        try:
            if declared is not None and declared.is_table:
                self.entry.flat[name] = self._read_table(declared, raw)
            elif declared is not None and isinstance(declared.type, Composite):
                self._read_composite(declared, raw)
            elif part is not None:
                self.entry.flat[name] = self._read_scalar(part, raw)
        except _Unread as unread:
            at = name if part is not None or declared is None else declared.flat[0]
            self._unread(at, raw, Problem(unread.code, unread.text, at))

    def _unread(self, name: str, raw: object, problem: Problem) -> None:
        self.entry.problems.append(problem)
        self.entry.unread[name] = raw if isinstance(raw, str) else str(raw)

    # --- composites ---

    def _read_composite(self, declared: Field, raw: Any) -> None:  # noqa: ANN401
        flat = self.entry.flat
        if _is_empty(raw):
            flat.update(dict.fromkeys(declared.flat))
        elif isinstance(raw, Mapping):
            self._read_parts(declared, raw)
        elif isinstance(declared.type, Reference):
            self._read_reference(declared, raw)
        elif isinstance(declared.type, Period):
            self._read_period(declared, raw)
        else:
            self._read_head(declared, raw)

    def _read_parts(self, declared: Field, raw: Mapping[str, Any]) -> None:
        """An object of parts, as ledger values write them: what it leaves out is cleared."""
        by_member = {p.member: p for p in declared.flat_parts}
        unknown = [name for name in raw if name not in by_member]
        if unknown:
            raise _Unread("unknown-part", f"“{declared.label}”里没有“{unknown[0]}”这一部分，请核对名称")
        for member, part in by_member.items():
            self.entry.flat[part.flat] = self._read_scalar(part, raw.get(member))

    def _read_reference(self, declared: Field, raw: Any) -> None:  # noqa: ANN401
        head, name, unit, kind = declared.flat
        text = _as_text(raw, declared.label)
        if not _RECORD_ID.fullmatch(text.strip()):
            printed = self._read_text(Text(200), text, declared.flat[1])
            self.entry.flat.update({head: None, name: printed, unit: None, kind: None})
            return
        record = text.strip().replace("-", "").lower()
        kinds = declared.type.kinds if isinstance(declared.type, Reference) else ()
        self.entry.flat[head] = record
        if self.base.get(head) != record:  # what was printed of another record does not go with this one
            only = kinds[0] if len(kinds) == 1 else None
            self.entry.flat.update({name: None, unit: None, kind: only})

    def _read_period(self, declared: Field, raw: Any) -> None:  # noqa: ANN401
        found = self._period(raw)
        start, end, precision = declared.flat
        self.entry.flat.update({
            start: found.date_from.isoformat(), end: found.date_to.isoformat(), precision: found.precision,
        })

    def _read_head(self, declared: Field, raw: Any) -> None:  # noqa: ANN401
        """A composite of a number, whether it is about, its unit: ``1600余人``, ``8户``, ``1.2万``."""
        parts = {p.member: p for p in declared.flat_parts}
        first = declared.flat_parts[0]
        if not isinstance(first.type, Integer):
            raise _Unread("parts",
                          f"“{declared.label}”请分开填：{'、'.join(p.label for p in declared.flat_parts)}")
        value, about, unit = _number(first.type, raw, first.label, declared.counts)
        self.entry.flat[first.flat] = value
        if "about" in parts:
            self.entry.flat[parts["about"].flat] = about or None
        elif about:
            raise _about(raw, declared.label)
        units = parts.get("unit")
        if unit and units is not None and isinstance(units.type, Code):
            code = units.type.codes.find(unit)
            if code is None:
                self.entry.problems.append(Problem("unit", f"“{unit}”不在可选的单位里，请选单位", units.flat))
            else:
                self.entry.flat[units.flat] = code

    # --- scalars ---

    def _read_scalar(self, part: FlatPart, raw: Any) -> Any:  # noqa: ANN401
        if isinstance(part.field.type, Period) and isinstance(part.type, Day) and not _is_empty(raw):
            self._ends[part.flat] = found = self._period(raw)
            return (found.date_from if part.member == "from" else found.date_to).isoformat()
        return self._scalar(part.type, raw, part.label, part.flat)

    def _scalar(self, kind: Scalar, raw: Any, label: str, name: str) -> Any:  # noqa: ANN401
        """A value of one scalar type. Narrower types first: an ID number is a text, money a whole number."""
        if _is_empty(raw):
            return None
        if isinstance(kind, Codes):
            return self._codes(kind, raw, label, name)
        if isinstance(kind, Integer):
            value, about, _ = _number(kind, raw, label)
            if about:
                raise _about(raw, label)
            return value
        if isinstance(kind, Day):
            return self._day(raw)
        if isinstance(kind, Text) and not isinstance(kind, IdNumber | Phone):
            return self._read_text(kind, _as_text(raw, label), name)
        return _PLAIN[type(kind)](kind, raw, label)

    def _read_text(self, kind: Text, raw: str, name: str) -> str | None:
        text, problems = clean_text(raw, max_code_points=kind.most)
        if text is None:
            raise _Unread(problems[-1].code, problems[-1].text)
        self.entry.problems += [Problem(p.code, p.text, name) for p in problems]
        if not kind.lines:
            text = " ".join(text.split("\n"))
        return text or None

    def _period(self, raw: Any) -> ReadPeriod:  # noqa: ANN401
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise _Unread("type", "日期请写成文字，如 2026-03-08")
        found = read_date(raw, year=self.year, today=self.today)
        if found.problem is not None:
            raise _Unread(f"date-{found.problem.code}", found.problem.text)
        if found.value is None:
            raise _Unread("date-unreadable", f"{quoted(str(raw))}读不出日期，请填几月几日，如 3月8日")
        return found.value

    def _day(self, raw: Any) -> str:  # noqa: ANN401
        found = self._period(raw)
        if found.date_from != found.date_to:
            raise _Unread("date-not-a-day", f"{quoted(str(raw))}不是某一天，这里请填到日，如 2026年3月8日")
        return found.date_from.isoformat()

    def _codes(self, kind: Codes, raw: Any, label: str, name: str) -> list[str] | None:  # noqa: ANN401
        if isinstance(raw, str):
            words = [raw] if _find_code(kind, raw) else re.split(r"[、，,;；/\s]+", raw)
        elif isinstance(raw, Sequence):
            words = [_as_text(word, label) for word in raw]
        else:
            raise _Unread("type", f"“{label}”请填文字，几个之间用顿号隔开")
        codes = {word: _find_code(kind, word) for word in words if word.strip()}
        unknown = "、".join(word for word, code in codes.items() if code is None)
        if unknown:
            self._unread(name, unknown, Problem("unknown-code", _choices(kind, unknown, label), name))
        return sorted({code for code in codes.values() if code is not None}) or None

    # --- sub-tables ---

    def _read_table(self, declared: Field, raw: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        table = declared.type
        assert isinstance(table, Table)  # noqa: S101 - who calls has asked
        if _is_empty(raw):
            return []
        if isinstance(raw, str):
            raw = _json_rows(raw, declared.label) if raw.lstrip().startswith("[") else _items(table, raw,
                                                                                              declared.label)
        if not isinstance(raw, Sequence) or not all(isinstance(row, Mapping) for row in raw):
            raise _Unread("rows", f"“{declared.label}”要一行一行地填，每行写明各列")
        if len(raw) > table.most:
            raise _Unread("too-many-rows", f"“{declared.label}”最多 {table.most} 行，现在是 {len(raw)} 行")
        rows = [self._read_row(declared, table, row, number) for number, row in enumerate(raw, 1)]
        return [row for row in rows if row.keys() - {"row"}]

    def _read_row(self, declared: Field, table: Table, raw: Mapping[str, Any], number: int) -> dict[str, Any]:
        row: dict[str, Any] = {}
        row_id = raw.get("row")
        if isinstance(row_id, str) and ROW_ID.fullmatch(row_id):
            row["row"] = row_id
        columns = {column.name: column for column in table.columns}
        old: Sequence[Mapping[str, Any]] = self.base.get(declared.code) or ()
        before = next((r for r in old if r.get("row") == row_id), {})
        for name, value in raw.items():
            column = columns.get(name)
            try:
                if column is not None:
                    for cell, found in self._read_cell(declared, columns, column, value, raw).items():
                        row[cell] = row.get(cell) if found is None else found
                elif name != "row":
                    raise _Unread("unknown-part", f"没有“{name}”这一列，请核对名称")
            except _Unread as unread:
                if column is not None and row_id is not None:
                    row[name] = before.get(name)
                where = f"{declared.label}第 {number} 行"
                at = declared.code
                self.entry.problems.append(Problem(unread.code, f"{where}：{unread.text}", at))
                earlier = self.entry.unread.get(at)
                label = column.label if column is not None else name
                now = f"{where}{label}：{value}"
                self.entry.unread[at] = f"{earlier}；{now}" if earlier else now
        return {name: value for name, value in row.items() if value is not None}

    def _read_cell(
        self, declared: Field, columns: Mapping[str, Part], column: Part, value: Any,  # noqa: ANN401
        raw: Mapping[str, Any],
    ) -> dict[str, Any]:
        """One cell; what a number says beside itself (余, 棵) goes to its own columns, if empty."""
        if isinstance(column.type, Integer) and "about" in columns and not _is_empty(value):
            number, about, unit = _number(column.type, value, column.label)
            said = {"about": about or None, "unit": unit}
            extra = {name: v for name, v in said.items() if name in columns and _is_empty(raw.get(name))}
            return {column.name: number, **extra}
        return {column.name: self._scalar(column.type, value, column.label, declared.code)}

    # --- what follows from what was typed ---

    def finish_periods(self) -> None:
        """Complete a period of which only one end, or both without a precision, were typed."""
        for declared in self.kind.periods:
            start, end, precision = declared.flat
            first, last = self._ends.get(start), self._ends.get(end)
            if first is not None and last is not None:
                coarser = max(first.precision, last.precision, key=_PRECISIONS.index)
                self.entry.flat.setdefault(precision, coarser)
            elif first is not None and not self.is_typed(end):
                self._from_start(first, start, end, precision)

    def _from_start(self, first: ReadPeriod, start: str, end: str, precision: str) -> None:
        """Only the start was typed: it is the whole period, unless it moves that of one of several days."""
        flat, base = self.entry.flat, self.base
        wanted = flat.get(precision)
        if wanted in ("month", "year") and first.precision == "day":
            day = first.date_from
            whole = year_period(day.year) if wanted == "year" else month_period(day.year, day.month)
            flat.setdefault(end, whole.date_to.isoformat())
            return
        base_end = base.get(end)
        several_days = base.get(precision) == "day" and base_end != base.get(start)
        if several_days and first.precision == "day" and base_end and base_end >= first.date_from.isoformat():
            return
        flat.setdefault(end, first.date_to.isoformat())
        flat.setdefault(precision, first.precision)

    def is_typed(self, name: str) -> bool:
        """Whether a flat name was given with a value."""
        return name in self.entries and not _is_empty(self.entries[name])

    def fill_from_id_numbers(self) -> None:
        """Sex and birth date from an ID number, where they are empty (DESIGN §9)."""
        for part in self.kind.id_numbers:
            number = self.entry.flat.get(part.flat)
            if not number:
                continue
            read = check_id_number(number)
            head = part.flat.removesuffix("id_number")
            facts = {"sex": read.sex, "birth_date": read.birth_date and read.birth_date.isoformat()}
            for name, value in facts.items():
                flat = head + name
                empty = not (self.entry.flat.get(flat) or self.base.get(flat) or flat in self.entry.unread)
                if read.valid and value and flat in self.kind.flat and empty:
                    self.entry.flat[flat] = value


# --- readings of one value ---------------------------------------------------------------------------------


class _Unread(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


def _about(raw: object, label: str) -> _Unread:
    return _Unread("about", f"{quoted(str(raw))}是约数，“{label}”要填准确的数")


def _is_empty(raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not raw.strip()) or (isinstance(raw, list) and not raw)


def _as_text(raw: object, label: str) -> str:
    if isinstance(raw, str):
        return raw
    if type(raw) is int:
        return str(raw)
    raise _Unread("type", f"“{label}”要填文字")


def _number(
    kind: Integer, raw: Any, label: str, counts: frozenset[str] = frozenset(),  # noqa: ANN401
) -> tuple[int | None, bool, str | None]:
    """A whole number or fen, whether it is about, and the measure word it was typed with."""
    if isinstance(kind, Money):
        return _money(kind, raw, label)
    if isinstance(kind, Hundredths):
        return _hundredths(kind, raw, label), False, None
    if type(raw) is int:
        return _within(kind, raw, label), False, None
    if not isinstance(raw, str | float):
        raise _Unread("type", f"“{label}”要填数")
    found = read_quantity(raw, units=counts)
    if found.problem is not None:
        raise _Unread(f"number-{found.problem.code}", found.problem.text)
    if found.value is None:
        return None, False, None
    return _within(kind, found.value.number, label), found.value.about, found.value.unit


def _within(kind: Integer, number: int, label: str) -> int:
    if not kind.check(number):
        raise _Unread("bounds", f"“{label}”要在 {kind.least} 到 {kind.most} 之间，现在是 {number}，请核对")
    return number


def _money(kind: Money, raw: Any, label: str) -> tuple[int | None, bool, str | None]:  # noqa: ANN401
    """Text is yuan, a whole number fen; a number with a fraction could be either and is not guessed."""
    if type(raw) is int:
        return _within(kind, raw, label), False, None
    if not isinstance(raw, str):
        raise _Unread("type", f"“{label}”请写成文字（元），如 350.5，或整数（分），如 35050")
    found = read_money(raw, rate=kind.rate)
    if found.problem is not None:
        raise _Unread(f"money-{found.problem.code}", found.problem.text)
    return (None, False, None) if found.value is None else (found.value.fen, found.value.about, None)


def _hundredths(kind: Hundredths, raw: Any, label: str) -> int | None:  # noqa: ANN401
    """Text is the number itself, a whole number hundredths; one with a fraction could be either and is not guessed."""
    if type(raw) is not int and not isinstance(raw, str):
        raise _Unread("type", f"“{label}”请写成文字，如 8.5，或整数（百分之一），如 850")
    found = Reading(raw) if isinstance(raw, int) else read_hundredths(raw)
    if found.problem is not None:
        raise _Unread(f"number-{found.problem.code}", found.problem.text)
    if found.value is not None and not kind.check(found.value):
        least, most, now = map(format_hundredths, (kind.least, kind.most, found.value))
        raise _Unread("bounds", f"“{label}”要在 {least} 到 {most} 之间，现在是 {now}，请核对")
    return found.value


def flag_of(text: str) -> bool | None:
    """Whether a word says yes (是, 有, √) or no (否, 无, ×); None: neither."""
    word = search_key(text)
    return True if word in _YES else False if word in _NO else None


def _flag(_kind: Scalar, raw: object, _label: str) -> bool | None:
    said = raw if isinstance(raw, bool) else flag_of(str(raw))
    if said is not None:
        return said or None
    raise _Unread("flag", f"{quoted(str(raw))}看不出是不是，请填“是”或“否”")


def _code(kind: Scalar, raw: object, label: str) -> str:
    assert isinstance(kind, Code)  # noqa: S101 - looked up by its type
    word = _as_text(raw, label)
    found = _find_code(kind, word)
    if found is None:
        raise _Unread("unknown-code", _choices(kind, word, label))
    return found


def _form(kind: Scalar, raw: object, label: str) -> str:
    text = _as_text(raw, label).strip()
    if not kind.check(text):
        what = "12 位单位代码" if isinstance(kind, UnitCode) else "照片编号"
        raise _Unread("form", f"{quoted(text)}不是{what}，请核对")
    return text


def _find_code(kind: Code, raw: str) -> str | None:
    """The code for a code, label or alias; one that an office issued (``unit:code``) stands as it is."""
    word = raw.strip()
    found = kind.codes.find(word)
    if found is not None or is_issued_code(word):
        return found or word
    key = _bare(word)
    names = {**kind.codes.aliases, **{label: code for code, label in kind.codes.labels.items()}}
    return next((code for name, code in names.items() if _bare(name) == key), None)


def _bare(word: str) -> str:
    """A label without what people add or leave out: quotation marks, blanks, full-width forms."""
    return re.sub(r"[\s“”\"'‘’《》]", "", search_key(word))


def _choices(kind: Code, raw: str, label: str) -> str:
    labels = list(kind.codes.offered.values())
    shown = "、".join(labels[:6]) + ("……" if len(labels) > 6 else "")
    return f"“{label}”里没有{quoted(raw)}，请从可选项里选：{shown}"


def _id_number(_kind: Scalar, raw: object, _label: str) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise _Unread("type", "身份证号请写成文字")
    return _bounded(IdNumber(), check_id_number(raw).normalised)


def _phone(_kind: Scalar, raw: object, _label: str) -> str | None:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float):
        raise _Unread("type", "电话请写成文字")
    return _bounded(Phone(), check_phone(raw).normalised)


def _bounded(kind: Text, text: str) -> str | None:
    kept, problems = clean_text(text, max_code_points=kind.most)
    if kept is None:
        raise _Unread(problems[-1].code, problems[-1].text)
    return kept or None


_PLAIN: dict[type[Scalar], Callable[[Scalar, Any, str], Any]] = {
    Flag: _flag, Code: _code, IdNumber: _id_number, Phone: _phone, UnitCode: _form, PhotoHash: _form, RecordId: _form,
}


def _json_rows(raw: str, label: str) -> Any:  # noqa: ANN401
    try:
        return json.loads(raw)
    except ValueError:
        raise _Unread("rows", f"“{label}”不是正确的 JSON，请核对括号和引号") from None


def _items(table: Table, raw: str, label: str) -> list[dict[str, Any]]:
    """``植树 300 棵、发放 200份`` as rows of a table whose first two columns are a text and a number."""
    first, second = table.columns[0], table.columns[1]
    if not isinstance(first.type, Text) or not isinstance(second.type, Integer):
        raise _Unread("rows", f"“{label}”要一行一行地填，每行写明各列")
    has_unit = any(column.name == "unit" for column in table.columns)
    rows = []
    for item in (part.strip() for part in _SEPARATORS.split(raw)):
        if not item:
            continue
        found = _ITEM.fullmatch(item)
        count = read_quantity(found["count"]) if found else None
        if found is None or count is None or count.value is None:
            raise _Unread("rows", f"{quoted(item)}读不出名称和数量，请写成“植树 300 棵”，几项之间用顿号隔开")
        unit = {"unit": count.value.unit} if has_unit and count.value.unit else {}
        rows.append({first.name: found["name"], second.name: found["count"], **unit})
    return rows


# --- from flat values to a change --------------------------------------------------------------------------


def to_values(
    kind: Kind, flat: Mapping[str, Any], base: Mapping[str, Any], *, new_row_id: Callable[[], str]
) -> tuple[dict[str, Any], list[Problem]]:
    """The values of a change: fields that differ from what its author saw.

    Args:
        kind: The record's kind.
        flat: Flat values to set; None clears. Parts of a composite that are not given are kept from
            ``base``; a sub-table is given whole, so its missing rows are removed.
        base: The record's ledger values as its author saw them; empty for a new record.
        new_row_id: Makes a fresh row id of 12 hex digits.

    Returns:
        Field (or ``field:row``) → ledger value,
        None for "no value"; and the problems of fields left out because
        their value does not have the declared form.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    names = flat.keys()
    for declared in kind.fields:  # up to 130 names, of which some ten are typed
        if declared.is_table:
            if declared.code in names:
                _rows_that_differ(declared, flat[declared.code] or [], base, new_row_id, values, problems)
        elif not names.isdisjoint(declared.flat):
            before = base.get(declared.code)
            given = {name: flat[name] for name in declared.flat if name in flat}
            value = _assembled(declared, given, declared.flatten(before))
            if value is not None and not declared.type.check(value):
                problems.append(_wrong_form(declared, value))
            elif value != before:
                values[declared.code] = value
    return values, problems


def _assembled(declared: Field, given: Mapping[str, Any], before: Mapping[str, Any]) -> Any:  # noqa: ANN401
    value = declared.assemble({**before, **given})
    kind = declared.type
    if value is None or not isinstance(kind, Composite):
        return value
    if isinstance(kind, Period):
        start, end, _ = declared.flat
        if start in given and not given[start] and not given.get(end):
            return None  # the start was cleared: so is the period
        day = value.get("from") or value.get("to")
        return None if day is None else {"from": day, "to": day, "precision": "day", **value}
    if any(name not in value for name in kind.required):
        return None  # 约 or 人 without a number says nothing
    return value


def _wrong_form(declared: Field, value: Any) -> Problem:  # noqa: ANN401
    at = declared.flat[0]
    if isinstance(declared.type, Period) and value["from"] > value["to"]:
        return Problem("date-order", f"结束日期 {value['to']} 早于开始日期 {value['from']}，请核对", at)
    if isinstance(declared.type, Reference):
        return Problem("reference", f"“{declared.label}”指的记录没有找到，请重新选择，或只填名称", at)
    return Problem("form", f"“{declared.label}”的内容不合要求，没有保存，请重新填写", at)


def _rows_that_differ(
    declared: Field, rows: Sequence[Mapping[str, Any]], base: Mapping[str, Any],
    new_row_id: Callable[[], str],
    values: dict[str, Any], problems: list[Problem],
) -> None:
    """Rows by their id; a row without one that equals a row not given otherwise is that row."""
    head = f"{declared.code}:"
    left = {code: value for code, value in base.items() if code.startswith(head) and value is not None}
    wanted = []
    for row in rows:
        value = {n: v for n,
                 v in row.items() if n != "row" and v is not None and v is not False and v not in ("", [])}
        if value and not declared.type.check(value):
            problems.append(Problem("form", f"“{declared.label}”里有一行不合要求，没有保存，请重新填写",
                                    declared.code))
            left.pop(head + str(row.get("row")), None)
        elif value:
            wanted.append((row.get("row"), value))
    for row_id, value in [w for w in wanted if w[0]]:
        code = f"{head}{row_id}"
        if left.pop(code, None) != value:
            values[code] = value
    for value in [w[1] for w in wanted if not w[0]]:
        same = next((code for code, old in left.items() if old == value), None)
        if same is not None:
            del left[same]
        else:
            values[head + new_row_id()] = value
    values.update(dict.fromkeys(left))

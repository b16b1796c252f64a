"""Field types and the declaration of fields (DESIGN §3 "one declaration, everything derived", §4 "Fields").

A field has one **ledger value** (what a change carries: a scalar, an object of parts, or null for none) and
one or more **flat names** (what tables, forms, sheets, the command line and reports use). A composite is one
field with several flat names: it merges, conflicts and is undone as one. A sub-table is rows by id, each row
a field of its own named ``field:row``.

Here is decided what form and bounds a value must have. The fold judges by nothing else, equally at every
office (DESIGN §4 "Authority"), so tightening a bound here is a change of format.
"""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, TypeGuard

from fulian_desktop.domain.codes import CodeList
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.units import Level, is_code

MAX_INTEGER = 10**15
MAX_TEXT = 20_000
ROW_ID = re.compile(r"[0-9a-f]{12}", re.ASCII)
_RECORD_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_CODE = re.compile(r"(?:[0-9]{12}:)?[a-z][a-z0-9_]{0,59}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KIND = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)

Check = Callable[[Any], bool]


# --- scalar types ------------------------------------------------------------------------------------------


class Scalar(Immutable):
    """A type whose ledger value is one scalar. ``sql`` is its column type in a STRICT table."""

    sql = "TEXT"

    def check(self, value: Any) -> bool:  # noqa: ANN401 - judges any JSON value
        """Whether a ledger value has the form and the bounds of this type (null is judged elsewhere)."""
        raise AssertionError(f"{type(self).__name__} declares no form")  # pragma: no cover


class Text(Scalar):
    """Text of at most ``most`` code points, without control characters but line ends and tabs."""

    most: int = 200
    lines: bool = False

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        fits = type(value) is str and 0 < len(value) <= self.most
        return fits and (value.isprintable() or _is_clean(value))


def _is_clean(value: str) -> bool:
    """No C0 or C1 controls but tab and newline, no surrogates. Format characters are kept as typed."""
    return not any(
        (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in value
    )


class Integer(Scalar):
    """A whole number from ``least`` to ``most``."""

    sql = "INTEGER"
    least: int = 0
    most: int = 10**9

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return type(value) is int and self.least <= value <= self.most


class Hundredths(Integer):
    """A number with at most two decimals, kept as whole hundredths: ``8.5`` is 850 (``domain.hundredths``)."""

    most: int = 10**11


class Money(Hundredths):
    """Whole fen; negative amounts are kept and warned of, never refused within the bound (±10 trillion yuan).

    ``rate``: an amount a person or household may be typed there (``350元/人``).
    """

    least: int = -MAX_INTEGER
    most: int = MAX_INTEGER
    rate: bool = False


class Flag(Scalar):
    """True or absent; false is written as no value so that equal things have equal bytes."""

    sql = "INTEGER"

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return value is True


class Day(Scalar):
    """A date as ``YYYY-MM-DD`` between 1900 and 2100."""

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return is_day(value)


_known_days: set[str] = set()


def is_day(value: object) -> bool:
    """Whether ``value`` is an existing day between 1900 and 2100 in ISO form."""
    if type(value) is not str:
        return False
    if value in _known_days:  # a year has 366 days and a merge has a million dates
        return True
    if _DAY.fullmatch(value) is None:
        return False
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return False
    if not 1900 <= day.year <= 2100:
        return False
    if len(_known_days) < 100_000:
        _known_days.add(value)
    return True


class Code(Scalar):
    """One code of a list. Any code of the right form is kept: lists differ between offices (DESIGN §4)."""

    codes: CodeList = CodeList()

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return type(value) is str and (value in self.codes.labels or _CODE.fullmatch(value) is not None)


class Codes(Code):
    """Several codes of a list: an array, ascending, none twice. Flat and in its column: JSON text."""

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return (
            type(value) is list and 0 < len(value) <= 64
            and all(type(c) is str and _CODE.fullmatch(c) is not None for c in value)
            and all(a < b for a, b in itertools.pairwise(value))
        )


class IdNumber(Text):
    """A resident ID number as typed and normalised; a wrong one is kept and warned of (DOMAIN §3)."""

    most: int = 24


class Phone(Text):
    """A telephone number; a doubtful one is kept and warned of."""

    most: int = 40


class UnitCode(Scalar):
    """The 12-digit code of a unit."""

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return is_code(value)


class RecordId(Scalar):
    """The id of another record."""

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return is_record_id(value)


def is_record_id(value: object) -> TypeGuard[str]:
    """Whether ``value`` is a record's id: 32 hex digits."""
    return type(value) is str and _RECORD_ID.fullmatch(value) is not None


class PhotoHash(Scalar):
    """SHA-256 of a photo's bytes."""

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return type(value) is str and _HASH.fullmatch(value) is not None


# --- composites, references and sub-tables -----------------------------------------------------------------


class Part(Immutable):
    """One part of a composite: its member name in the ledger value, its type and label."""

    name: str
    type: Scalar
    label: str = ""


class Composite(Immutable):
    """Several parts that are one field. ``required``: a value must have these parts."""

    parts: tuple[Part, ...]
    required: tuple[str, ...] = ()

    def check(self, value: Any) -> bool:  # noqa: ANN401
        """Whether ``value`` is an object of known parts, each of its form, the required ones there."""
        if type(value) is not dict or not value:
            return False
        check_of = self.checks.get
        for name, item in value.items():
            check = check_of(name)
            if check is None or not check(item):
                return False
        return not self.required or value.keys() >= self._required

    @cached_property
    def checks(self) -> dict[str, Check]:
        """Part name → its form check."""
        return {part.name: part.type.check for part in self.parts}

    @cached_property
    def _required(self) -> frozenset[str]:
        return frozenset(self.required)


class Reference(Composite):
    """(unit, kind, id) of another record and its name as printed; either may stand alone.

    It is no foreign key: what it names may not have arrived yet (还没收到). A name alone is somebody who has
    no record here.
    """

    kinds: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        if type(value) is not dict or not value or not value.keys() <= {"unit", "kind", "id", "name"}:
            return False
        if "name" in value and not _PRINTED_NAME.check(value["name"]):
            return False
        if "id" in value:
            return (
                is_code(value.get("unit")) and value.get("kind") in self.kinds
                and type(value["id"]) is str and _RECORD_ID.fullmatch(value["id"]) is not None
            )
        return value.keys() == {"name"}


_PRINTED_NAME = Text(200)


class Period(Composite):
    """A date from/to with its precision: day, month or year (DOMAIN §2)."""

    parts: tuple[Part, ...] = ()

    def check(self, value: Any) -> bool:  # noqa: ANN401, D102
        return (
            type(value) is dict and len(value) == 3 and is_day(value.get("from")) and is_day(value.get("to"))
            and value["from"] <= value["to"] and value.get("precision") in ("day", "month", "year")
        )


class Table(Immutable):
    """A sub-table: rows by id. ``columns`` are parts; a row's ledger value is an object of them."""

    columns: tuple[Part, ...]
    most: int = 200

    @property
    def row(self) -> Composite:
        """The form of one row."""
        found: Composite | None = self.__dict__.get("_row")
        if found is None:
            found = Composite(self.columns)
            self.__dict__["_row"] = found
        return found

    def check(self, value: Any) -> bool:  # noqa: ANN401
        """Whether ``value`` is a row of this table."""
        return self.row.check(value)


FieldType = Scalar | Composite | Table

QUANTITY = Composite((Part("number", Integer()), Part("about", Flag(), "约")), required=("number",))
PRECISIONS = CodeList.of(("day", "日"), ("month", "月"), ("year", "年"))


# --- the declaration of a field ----------------------------------------------------------------------------


class Field(Immutable):
    """One declared field of a kind.

    Attributes:
        code: Stable English code; never renamed or reused.
        label: 中文 label.
        type: What form its value has.
        flat: Flat names of the parts, in order (derived when empty: the code, or ``code_part``).
        asked: Bold in DOMAIN §2: a gap is marked 待补全; the first asked field of a kind stops a save.
        unless: Another field that, when filled, makes the gap right (goods instead of an amount).
        group: Heading on the form.
        column: Shown in lists and rosters.
        sensitive: "" or what it is (``id``, ``phone``, ``address``, ``bank``, ``health``): masked,
            and showing is logged.
        search: "" or how it is found: ``name`` (with pinyin initials), ``text``, ``tail`` (last digits).
        written_by: None for the unit itself or any office above; else the lowest level that may write it.
        set_once: Takes effect only in a record's first change or from an office above (DESIGN §4).
        covered: An approval covers it: changing it afterwards is marked 审批后有改动.
        approves: For an approval field: the level it belongs to.
        aliases: Other heads under which ledgers have this column.
        indexed: Its first column gets an SQL index.
        joining: Joins or parts records that look like duplicates: set where those are judged, on no form, list or sheet.
        ahead: Its days may lie ahead of today: a due date, a notice put up beforehand.
        counts: Of a number: the only measure words it may be typed with (``8户`` is no number of people).
        answers: Of a sub-table: what its rows answer, as a reference of this kind and a field of the record that it
            names (``campaign.criteria``). It answers one code a row with a flag, or one text a row with a number.
        issuer: The 12-digit code of the office that issued it, "" for a declared field.
        withdrawn: Its issuer took it back: what it holds is shown, and it is asked for no more.
    """

    code: str
    label: str
    type: FieldType
    flat: tuple[str, ...] = ()
    asked: bool = False
    unless: str = ""
    group: str = ""
    column: bool = False
    sensitive: str = ""
    search: str = ""
    written_by: Level | None = None
    set_once: bool = False
    covered: bool = False
    approves: Level | None = None
    aliases: tuple[str, ...] = ()
    indexed: bool = False
    help: str = ""
    joining: bool = False
    ahead: bool = False
    counts: frozenset[str] = frozenset()
    answers: str = ""
    issuer: str = ""
    withdrawn: bool = False

    def _prepare(self) -> None:
        if not self.flat:
            self.__dict__["flat"] = _derived_names(self.code, self.type)

    @cached_property
    def is_table(self) -> bool:
        """Whether this is a sub-table."""
        return isinstance(self.type, Table)

    @property
    def flat_parts(self) -> tuple[FlatPart, ...]:
        """One entry a flat name, in order."""
        found: tuple[FlatPart, ...] | None = self.__dict__.get("_flat_parts")
        if found is None:
            found = _flat_parts(self)
            self.__dict__["_flat_parts"] = found
        return found

    def flatten(self, value: Any) -> dict[str, Any]:  # noqa: ANN401
        """Ledger value → flat values; absent parts are left out. Not for sub-tables."""
        if value is None:
            return {}
        if isinstance(self.type, Composite):
            return {p.flat: value[p.member] for p in self.flat_parts if p.member in value}
        return {self.code: value}

    def assemble(self, flat: Mapping[str, Any]) -> Any:  # noqa: ANN401
        """Flat values → ledger value, None when every part is empty. Not for sub-tables."""
        if isinstance(self.type, Composite):
            parts = {p.member: flat[p.flat] for p in self.flat_parts if not _is_absent(flat.get(p.flat))}
            return parts or None
        value = flat.get(self.code)
        return None if _is_absent(value) else value


def _is_absent(value: Any) -> bool:  # noqa: ANN401
    """Whether a flat value means no value. Zero is a value."""
    return value is None or value is False or value == "" or value == []


class FlatPart(Immutable):
    """A flat name: the field it belongs to, the member of the composite ("" for a scalar), type and label."""

    flat: str
    field: Field
    member: str
    type: Scalar
    label: str


_REFERENCE_PARTS = (
    Part("id", Text(32), ""), Part("name", Text(200), "名称"), Part("unit", UnitCode(), "单位"),
    Part("kind", Text(40), ""),
)
_PERIOD_PARTS = (
    Part("from", Day(), "起"), Part("to", Day(), "止"), Part("precision", Code(codes=PRECISIONS), "精确到"),
)


def parts_of(kind: Composite) -> tuple[Part, ...]:
    """The parts of a composite in the order of its flat names."""
    if isinstance(kind, Reference):
        return _REFERENCE_PARTS
    return _PERIOD_PARTS if isinstance(kind, Period) else kind.parts


def _derived_names(code: str, kind: FieldType) -> tuple[str, ...]:
    if isinstance(kind, Reference):
        return (code, f"{code}_name", f"{code}_unit", f"{code}_kind")
    if kind is QUANTITY:
        return (code, f"{code}_about")
    if isinstance(kind, Composite):
        return tuple(f"{code}_{part.name}" for part in parts_of(kind))
    return (code,)


def _flat_parts(declared: Field) -> tuple[FlatPart, ...]:
    if isinstance(declared.type, Table):
        return ()
    if isinstance(declared.type, Scalar):
        return (FlatPart(declared.code, declared, "", declared.type, declared.label),)
    parts = parts_of(declared.type)
    if len(parts) != len(declared.flat):
        raise ValueError(f"{declared.code}: {len(parts)} parts, {len(declared.flat)} names")
    return tuple(
        FlatPart(flat, declared, part.name, part.type,
                 declared.label if i == 0 or not part.label else f"{declared.label}{part.label}")
        for i, (flat, part) in enumerate(zip(declared.flat, parts, strict=True))
    )


def with_group(group: str, *fields: Field) -> tuple[Field, ...]:
    """The same fields, all under one heading of the form."""
    return tuple(f.but(group=group) for f in fields)

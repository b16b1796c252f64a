"""A kind: a declared type of record. From one declaration everything else is derived (DESIGN §3)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from fulian_desktop.domain.fields import (
    ROW_ID,
    Check,
    Field,
    FlatPart,
    IdNumber,
    Integer,
    Part,
    Period,
    PhotoHash,
    RecordId,
    Reference,
    Table,
    Text,
    UnitCode,
)
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.issued import fitted, is_issued, undefined_field
from fulian_desktop.domain.problems import Problem
from fulian_desktop.domain.units import Level

Flat = Mapping[str, Any]
Rule = Callable[[Flat], Iterable[Problem]]

APPROVING = frozenset({"passed"})


class Alike(Immutable):
    """When two records are suspected to be one and the same (DESIGN §8): all of these agree, and none is empty.

    Attributes:
        firm: Whether it is as good as certain (the same ID number).
        same: Flat names whose values are equal, or ``unit``.
        sounds: A flat name, ``name`` of a person, whose values are alike (``domain.likeness.names_alike``), "" for none.
        begins: A flat name whose values begin with the same character, "" for none: what is searched in a whole county
            has to be narrow.
        unlike: Flat names that speak against it where both records have a value and these are more than a slip apart.
    """

    firm: bool
    same: tuple[str, ...]
    sounds: str = ""
    begins: str = ""
    unlike: tuple[str, ...] = ()


class Kind(Immutable):
    """The declaration of a kind.

    Attributes:
        code: Stable English code. label: What people call it. verb: The button that starts one.
        cls: Stream class: published, ordinary or restricted (DESIGN §4).
        nav: Navigation item it stands under; order: its place there; icon: file name without ending.
        fields: Its fields in the order of the form; each also has ``remarks``, ``same_as``, unless restricted ``photos``.
        title: Flat names that name a record in lists, in order of preference.
        rules: Functions from flat values to problems; they warn, never refuse (DESIGN §4).
        identity: Flat names by which a row of a ledger is known to be a record that is there already.
        keyed: Flat names of which a unit has one record each (its year's profile); they are set once, and the record's id
            is made of them, so that two computers that enter the same one make one record.
        alike: By what two of its records are suspected to be one, the firmest first; its records have ``not_same`` then.
        stages: Whether its records have a derived stage (``domain.stages``).
        told: What the page of a record with stages tells of it besides its steps: flat names, one line each; what follows
            the first of a line stands behind it in brackets. A line that is empty is left out but the first three.
        daily: Whether people enter its records day by day: it has a tile on the first page.
        photos_wanted: How many photos a record is to have; one with fewer is marked 缺照片, and nothing more.
        governs: Its records say what is in force at the offices below: further fields and codes, holidays, bounds
            (``domain.in_force``).
        fills: From the flat values of a new record what follows for those left empty (a code from a name).
        origin: The declared kind of one that has issued fields and codes besides; None of the declared kind itself.
        bounds: Flat name → the amount (fen, or a number) above which it is named as absurd, where an office set one.
    """

    code: str
    label: str
    cls: str
    nav: str
    order: int
    icon: str
    verb: str
    fields: tuple[Field, ...]
    title: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    stages: bool = False
    measure_word: str = "条"
    identity: tuple[str, ...] = ()
    photos_wanted: int = 0
    told: tuple[tuple[str, ...], ...] = ()
    daily: bool = False
    keyed: tuple[str, ...] = ()
    alike: tuple[Alike, ...] = ()
    governs: bool = False
    fills: Callable[[Flat], Mapping[str, Any]] | None = None
    origin: Kind | None = None
    bounds: Mapping[str, int] = MappingProxyType({})

    # told apart by identity: caches ask a million times
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def _prepare(self) -> None:
        if self.origin is None:
            self.__dict__["fields"] = (*self.fields, *_common(self.code, self.cls), *(_NOT_SAME if self.alike else ()))
            if any(is_issued(f.code) for f in self.fields):
                raise ValueError(f"{self.code}: x_ is for fields that offices issue")
        if not self.identity and self.first_asked is not None:
            self.__dict__["identity"] = self.first_asked.flat[:1]
        flats = [p.flat for f in self.fields for p in f.flat_parts]
        flats += [f.code for f in self.fields if f.is_table]
        doubled = {name for name in flats if flats.count(name) > 1}
        if doubled:
            raise ValueError(f"{self.code}: flat names declared twice: {sorted(doubled)}")
        self.__dict__.update(_checks={}, _row_checks={})
        self.__dict__["_by_code"] = {f.code: f for f in self.fields}
        self.__dict__["_by_flat"] = {p.flat: p for f in self.fields for p in f.flat_parts}

    def field(self, code: str) -> Field | None:
        """The field of that code; a row's key ``members:0123456789ab`` finds its sub-table.

        An issued field (``x_…``) is one of every kind, whether its definition has arrived or not.
        """
        by_code: dict[str, Field] = self.__dict__["_by_code"]
        found = by_code.get(code)
        if found is not None:
            return None if found.is_table else found
        if is_issued(code):
            return undefined_field(code)
        head, colon, row = code.partition(":")
        table = by_code.get(head)
        return table if colon and table is not None and table.is_table and ROW_ID.fullmatch(row) else None

    def checks_at(self, level: Level) -> dict[str, Check]:
        """Field code → form check, of the fields that an author of this level may set in a record's first change.

        Tables are left out (their rows have keys of their own). This is :func:`ledger.fold.judge_value` prepared
        for the common case, a record with one change; a merge asks it a million times.
        """
        by_level: dict[Level, dict[str, Check]] = self.__dict__["_checks"]
        found = by_level.get(level)
        if found is None:
            found = by_level[level] = {f.code: f.type.check for f in self._set_at(level) if not f.is_table}
        return found

    def row_checks_at(self, level: Level) -> dict[str, Check]:
        """Sub-table's code → check of the form of its rows, as :meth:`checks_at`."""
        by_level: dict[Level, dict[str, Check]] = self.__dict__["_row_checks"]
        found = by_level.get(level)
        if found is None:
            found = by_level[level] = {f.code: f.type.row.check for f in self._set_at(level) if isinstance(f.type, Table)}
        return found

    def _set_at(self, level: Level) -> Iterable[Field]:
        """The fields that an author of this level may set."""
        return (f for f in self.fields if f.written_by is None or level <= f.written_by)

    def declared(self, code: str) -> Field:
        """The declared field of that code; KeyError when there is none."""
        found: Field = self.__dict__["_by_code"][code]
        return found

    @property
    def flat(self) -> dict[str, FlatPart]:
        """Flat name → its part, in order; without sub-tables."""
        found: dict[str, FlatPart] = self.__dict__["_by_flat"]
        return found

    @cached_property
    def tables(self) -> tuple[Field, ...]:
        """The sub-tables."""
        return tuple(f for f in self.fields if f.is_table)

    @cached_property
    def references(self) -> tuple[Field, ...]:
        """The fields that name another record."""
        return tuple(f for f in self.fields if isinstance(f.type, Reference))

    @cached_property
    def periods(self) -> tuple[Field, ...]:
        """The fields that are a stretch of days."""
        return tuple(f for f in self.fields if isinstance(f.type, Period))

    @cached_property
    def id_numbers(self) -> tuple[FlatPart, ...]:
        """The flat names that hold a resident ID number."""
        return tuple(p for p in self.flat.values() if isinstance(p.type, IdNumber))

    @cached_property
    def careful(self) -> frozenset[str]:
        """Codes of the fields about which more is asked than form and level: set-once and approvals."""
        return frozenset(f.code for f in self.fields if f.set_once or f.approves is not None)

    @cached_property
    def approvals(self) -> tuple[Field, ...]:
        """The approval fields, one a level."""
        return tuple(f for f in self.fields if f.approves is not None)

    @cached_property
    def first_asked(self) -> Field | None:
        """The field whose gap stops a save (DOMAIN §2)."""
        return next((f for f in self.fields if f.asked), None)

    def flatten(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Ledger values → flat values; a sub-table is a list of rows with ``row`` ids, ordered by them."""
        flat: dict[str, Any] = {}
        rows: dict[str, dict[str, Any]] = {}
        for code, value in values.items():
            if value is None:
                continue
            declared = self.field(code)
            if declared is None:
                continue
            if declared.is_table:
                rows.setdefault(declared.code, {})[code.partition(":")[2]] = value
            elif is_issued(code):
                flat[code] = self.fit(code, value)
            else:
                flat.update(declared.flatten(value))
        for code, by_id in rows.items():
            flat[code] = [{"row": row, **by_id[row]} for row in sorted(by_id)]
        return flat

    @property
    def transferable(self) -> bool:
        """Whether its records can go to another unit: not what an office issues, a room keeps, or a unit has one of."""
        return self.cls == "ordinary" and not self.keyed

    def fit(self, code: str, value: Any) -> Any:  # noqa: ANN401 - a ledger value
        """The flat value of an issued field's value; one that its definition does not allow is an ``Unfit`` text."""
        declared: Field | None = self.__dict__["_by_code"].get(code)
        return value if declared is None else fitted(declared, value)

    def fit_all(self, flat: Mapping[str, Any]) -> Mapping[str, Any]:
        """Flat values as this kind's definitions of issued fields see them."""
        if self.origin is None or not any(is_issued(name) for name in flat):
            return flat
        return {name: self.fit(name, value) if is_issued(name) else value for name, value in flat.items()}

    def keyed_id(self, unit: str, flat: Flat) -> str | None:
        """The id (32 hex digits) of the record that a unit has of these values; None where ids are given by chance."""
        if not self.keyed:
            return None
        key = "\n".join([self.code, unit, *(str(flat.get(name) or "") for name in self.keyed)])
        return hashlib.sha256(b"fulian keyed record\n" + key.encode()).hexdigest()[:32]

    def photos_lacking(self, flat: Flat) -> int:
        """How many of the photos that a record is to have are not there."""
        return max(0, self.photos_wanted - len(flat.get("photos") or ()))

    def name_of(self, flat: Flat) -> str:
        """What a record is called in a list."""
        for name in self.title or (self.fields[0].flat[0],):
            if flat.get(name):
                return str(flat[name])
        return ""


def _common(kind: str, cls: str) -> tuple[Field, ...]:
    """The fields that every record has (DOMAIN §2, DESIGN §4 "Joining").

    A restricted one has no photos: those lie and travel beside the records, where the office's key alone opens them.
    """
    photos = Field("photos", "照片", Table((Part("hash", PhotoHash(), "照片"), Part("caption", Text(100), "说明"),
                                           Part("order", Integer(0, 999), "顺序")), most=40), group="备注和照片")
    return (
        Field("remarks", "备注", Text(20_000, lines=True), group="备注和照片", aliases=("说明", "备  注")),
        *(() if cls == "restricted" else (photos,)),
        Field("same_as", "与此相同", Reference(kinds=(kind,)), group="备注和照片", joining=True),
    )


# A row a record that was judged to be another one. Its id is made of that record's key, so two offices that judge alike
# set the same row to the same value; a name beside it would make them disagree.
_NOT_SAME = (
    Field("not_same", "不是同一个", Table((Part("unit", UnitCode()), Part("id", RecordId()))), group="备注和照片", joining=True),
)


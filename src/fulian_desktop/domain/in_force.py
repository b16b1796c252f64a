"""What is in force at an office: the declared kinds, and the fields, codes, bounds and holidays that offices issued.

Rules:

* Made of the published records that have arrived (:class:`Issue`); nothing else is asked, so offices that hold the same
  records have the same kinds. Without any of them the declared kinds stand as they are.
* Where several offices issued the same field, code, bound or year, the word of the highest holds; of two of one level that
  of the smaller unit code.
* What was withdrawn is shown and understood where it stands, and offered no more.
* Ledger, fold and merge go by the declared kinds alone (``domain.issued``).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from fulian_desktop.domain.codes import CodeList, is_issued_code
from fulian_desktop.domain.extensible import AMOUNTS, LISTS, list_code, lists_of
from fulian_desktop.domain.fields import (
    MAX_INTEGER,
    MAX_TEXT,
    Code,
    Codes,
    Composite,
    Day,
    Field,
    FieldType,
    Flag,
    Integer,
    Money,
    Part,
    Period,
    Reference,
    Scalar,
    Table,
    Text,
)
from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.issued import is_issued
from fulian_desktop.domain.kind import Flat, Kind
from fulian_desktop.domain.kinds import all_kinds, find_kind
from fulian_desktop.domain.rules import day_of, text_of
from fulian_desktop.domain.units import covers, level_of
from fulian_desktop.domain.workdays import HolidayTable

ASIDE = "补充内容"
"""The heading of issued fields that name no other."""



class Issue(Immutable):
    """A published record that governs: whose it is, of which kind, its id, and its flat values."""

    unit: str
    kind: str
    id: str
    flat: Flat


class Kinds:
    """The kinds of an office, with what was issued; made anew when something of it changes.

    Args:
        issues: The living records of the kinds that govern.
    """

    def __init__(self, issues: Iterable[Issue] = ()) -> None:
        self._issues = tuple(sorted(issues, key=lambda one: (level_of(one.unit), one.unit, one.id)))
        self._made: dict[Kind, Kind] = {}
        self._lists: dict[int, CodeList] | None = None
        self._for: dict[frozenset[str], Kinds] = {}

    def all(self) -> list[Kind]:
        """All kinds, in the order of the window."""
        return [self._with(kind) for kind in all_kinds()]

    def find(self, code: str) -> Kind | None:
        """The kind of that code, or None when this program does not know it."""
        kind = find_kind(code)
        return None if kind is None else self._with(kind)

    def of(self, code: str) -> Kind:
        """The kind of that code; KeyError when this program does not know it."""
        found = self.find(code)
        if found is None:
            raise KeyError(code)
        return found

    def for_unit(self, unit: str) -> Kinds:
        """What is in force for records of a unit: issued by itself or by an office above it."""
        meant = tuple(one for one in self._issues if covers(one.unit, unit))
        if len(meant) == len(self._issues):
            return self
        issuers = frozenset(one.unit for one in meant)
        return self._for.get(issuers) or self._for.setdefault(issuers, Kinds(meant))

    @property
    def holidays(self) -> HolidayTable | None:
        """The issued holiday tables, None when there is none."""
        found: HolidayTable | None = None
        for one in self._first("holiday_table", "year"):
            table = HolidayTable.of(int(one.flat["year"]), _days(one.flat.get("off")), _days(one.flat.get("worked")))
            found = table if found is None else found | table
        return found

    # --- making a kind ----------------------------------------------------------------------------------

    def _with(self, kind: Kind) -> Kind:
        if not self._issues:
            return kind
        found = self._made.get(kind)
        if found is None:
            found = self._made.setdefault(kind, self._extended(kind))  # the window asks on a thread of its own
        return found

    def _extended(self, kind: Kind) -> Kind:
        """A declared kind with its issued fields, codes and bounds; itself when it has none."""
        added = tuple(self._fields(kind))
        fields = tuple(self._with_codes(declared) for declared in kind.fields)
        bounds = {name: most for name, most in self._bounds(kind) if name in kind.flat or name in {f.code for f in added}}
        if not added and not bounds and all(a is b for a, b in zip(fields, kind.fields, strict=True)):
            return kind
        told = (*kind.told, *((one.code,) for one in added)) if kind.told else ()
        return kind.but(fields=_placed(kind, fields, added), origin=kind, bounds=bounds, told=told)

    def _first(self, kind: str, *names: str) -> Iterator[Issue]:
        """The issues of a kind that hold: of several with the same values the first in rank."""
        seen: set[tuple[Any, ...]] = set()
        for one in self._issues:
            key = tuple(one.flat.get(name) for name in names)
            if one.kind == kind and None not in key and key not in seen:
                seen.add(key)
                yield one

    def _fields(self, kind: Kind) -> Iterator[Field]:
        meant = (one for one in self._issues if one.kind == "issued_field" and kind.code in (one.flat.get("kinds") or ()))
        seen: set[str] = set()
        for one in meant:
            code = text_of(one.flat, "code")
            if is_issued(code) and code not in seen:
                seen.add(code)
                yield self._field(kind, code, one)

    def _field(self, kind: Kind, code: str, one: Issue) -> Field:
        flat, withdrawn = one.flat, bool(one.flat.get("withdrawn"))
        return Field(
            code, text_of(flat, "label") or code, self._type(kind, code, one), asked=bool(flat.get("asked")) and not withdrawn,
            group=text_of(flat, "group") or ASIDE, column=bool(flat.get("column")) and not withdrawn,
            search="text" if flat.get("searched") else "", issuer=one.unit, withdrawn=withdrawn,
        )

    def _type(self, kind: Kind, code: str, one: Issue) -> Scalar:
        named = text_of(one.flat, "type")
        plain: Scalar | None = _TYPES.get(named)
        if plain is not None:
            return plain
        codes = self._choices(kind, code, one)
        return Codes(codes=codes) if named == "codes" else Code(codes=codes)

    # --- code lists ---------------------------------------------------------------------------------------

    def _choices(self, kind: Kind, code: str, one: Issue) -> CodeList:
        """The list of an issued field: a list that is there already, its own choices, and what was added to it since."""
        shared = self._named_list(text_of(one.flat, "list"))
        labels = dict(shared.labels)
        withdrawn = set(shared.withdrawn)
        for row in one.flat.get("choices") or ():
            if row.get("label"):
                choice = f"{one.unit}:o{row['row']}"
                labels[choice] = str(row["label"])
                withdrawn |= {choice} if row.get("withdrawn") else set()
        made = CodeList(labels, shared.aliases, frozenset(withdrawn))
        kinds = one.flat.get("kinds") or ()
        return _grown(made, [more for other in kinds for more in self._codes_of(list_code(other, code))])

    def _named_list(self, name: str) -> CodeList:
        for kind in all_kinds():
            for flat, _, codes in lists_of(kind):
                if list_code(kind.code, flat) == name:
                    return self._list(codes)
        return CodeList()

    def _codes_of(self, name: str) -> list[Issue]:
        found = (one for one in self._first("issued_code", "extends", "code") if one.flat["extends"] == name)
        return [one for one in found if is_issued_code(f"{one.unit}:{one.flat['code']}")]

    def _list(self, codes: CodeList) -> CodeList:
        """A declared list with the codes that were added to it under any of the fields that share it."""
        if self._lists is None:
            self._lists = self._grown_lists()
        return self._lists.get(id(codes), codes)

    def _grown_lists(self) -> dict[int, CodeList]:
        added: dict[int, tuple[CodeList, list[Issue]]] = {}
        for kind in all_kinds():
            for flat, _, codes in lists_of(kind):
                if found := self._codes_of(list_code(kind.code, flat)):
                    added.setdefault(id(codes), (codes, []))[1].extend(found)
        grown = {key: _grown(codes, found) for key, (codes, found) in added.items()}
        for offered, meant in ((LISTS, ("code", "codes")), (AMOUNTS, ("number", "money"))):
            if more := self._issued_names(meant):
                grown[id(offered)] = offered.but(labels={**offered.labels, **more})
        return grown

    def _issued_names(self, types: Sequence[str]) -> dict[str, str]:
        """``kind__x_field`` → label of the issued fields of these types: they too can be added to, and bounded."""
        return {
            list_code(kind.code, text_of(one.flat, "code")): f"{kind.label}的{text_of(one.flat, 'label')}"
            for one in self._issues if one.kind == "issued_field" and one.flat.get("type") in types
            for kind in all_kinds() if kind.code in (one.flat.get("kinds") or ())
        }

    def _with_codes(self, declared: Field) -> Field:
        if declared.withdrawn or isinstance(declared.type, Period | Reference):
            return declared
        type_ = self._grown_type(declared.type)
        return declared if type_ is declared.type else declared.but(type=type_)

    def _grown_type(self, of: FieldType) -> FieldType:
        if isinstance(of, Code):
            codes = self._list(of.codes)
            return of if codes is of.codes else of.but(codes=codes)
        if isinstance(of, Table):
            columns = self._grown_parts(of.columns)
            return of if columns is of.columns else of.but(columns=columns)
        if isinstance(of, Composite):
            parts = self._grown_parts(of.parts)
            return of if parts is of.parts else of.but(parts=parts)
        return of

    def _grown_parts(self, parts: tuple[Part, ...]) -> tuple[Part, ...]:
        made = []
        for part in parts:
            codes = part.type.codes if isinstance(part.type, Code) else None
            grown = self._list(codes) if codes is not None else None
            made.append(part if grown is codes else part.but(type=part.type.but(codes=grown)))
        return parts if all(a is b for a, b in zip(made, parts, strict=True)) else tuple(made)

    def _bounds(self, kind: Kind) -> Iterator[tuple[str, int]]:
        head = list_code(kind.code, "")
        for one in self._first("amount_bound", "bounds"):
            named = str(one.flat["bounds"])
            most = one.flat.get("amount") if one.flat.get("amount") is not None else one.flat.get("number")
            if named.startswith(head) and type(most) is int:
                yield named.removeprefix(head), most


DECLARED = Kinds()
"""The declared kinds, where nothing was issued."""

_TYPES: dict[str, Scalar] = {
    "text": Text(500), "lines": Text(MAX_TEXT, lines=True), "number": Integer(-MAX_INTEGER, MAX_INTEGER), "money": Money(),
    "day": Day(), "flag": Flag(),
}


def _grown(codes: CodeList, added: Sequence[Issue]) -> CodeList:
    """A list with further codes behind its own; of two with one label the list's own is found by it."""
    labels, aliases, withdrawn = dict(codes.labels), dict(codes.aliases), set(codes.withdrawn)
    for one in added:
        code = f"{one.unit}:{one.flat['code']}"
        labels[code] = text_of(one.flat, "label") or code
        for word in text_of(one.flat, "aliases").replace("，", "、").split("、"):
            if word.strip():
                aliases.setdefault(word.strip(), code)
        if one.flat.get("withdrawn"):
            withdrawn.add(code)
    return CodeList(labels, aliases, frozenset(withdrawn)) if added else codes


def _placed(kind: Kind, fields: tuple[Field, ...], added: tuple[Field, ...]) -> tuple[Field, ...]:
    """Issued fields behind the last field of their group; those of a new group before the remarks and photos."""
    made = list(fields)
    aside = kind.declared("remarks").group
    for one in added:
        group = one.group if one.group != aside else ASIDE
        same = [i for i, f in enumerate(made) if f.group == group]
        place = same[-1] + 1 if same else next(i for i, f in enumerate(made) if f.group == aside)
        made.insert(place, one.but(group=group))
    return tuple(made)


def _days(rows: Sequence[Mapping[str, Any]] | None) -> Iterator[datetime.date]:
    """The days of a holiday table's rows; at most a year of each."""
    for row in rows or ():
        first, last = day_of(text_of(row, "from")), day_of(text_of(row, "to") or text_of(row, "from"))
        if first is not None and last is not None:
            for past in range(min((last - first).days, 366) + 1):
                yield first + datetime.timedelta(days=past)

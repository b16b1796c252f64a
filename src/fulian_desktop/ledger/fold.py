"""A record is a pure function of its counting changes (DESIGN §4). This module is that function.

The rules, in the order in which they are applied to each change (ancestors always come before descendants):

1. The author must be the record's unit or an office above it; else every value, or the delete or restore, is
   refused.
2. A put's values one by one: unknown field (named, not refused); form and bounds (null always passes; of an
   issued field ``x_…`` the one form that all have, whatever its definition says); set-once; ``written_by``; and
   an approval is not set by a lower level than one standing in its ancestry.
3. A delete with an approval standing within its own ancestry needs the highest such level.

Then, over what had effect: the values shown and the conflicts, deletion and its mark, 审批后有改动.
Ancestry is kept as bit sets over positions in the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from fulian_desktop.domain.fields import ROW_ID, Field
from fulian_desktop.domain.issued import ANY, is_issued
from fulian_desktop.domain.kind import APPROVING, Kind
from fulian_desktop.domain.units import is_above, level_of
from fulian_desktop.ledger.counting import Held
from fulian_desktop.ledger.json import canonical

_NOTHING: dict[str, Any] = {}


class Refusal(NamedTuple):
    """One value, delete or restore that has no effect: ``what`` is a field's code, ``delete`` or ``restore``."""

    change: bytes
    what: str
    reason: str


class Setting(NamedTuple):
    """An effective setting of a field: position in the order and the value."""

    at: int
    value: Any


class Folded(msgspec.Struct, eq=False):
    """A record as its counting changes make it.

    Attributes:
        values: field (or ``table:row``) → ledger value shown; a field that shows null is absent.
        conflicts: field → the settings that compete, in order; null is a value like any other.
        exists, deleted, delete_marked, changed_after_approval: DESIGN §4.
        refused: Refusals. unknown: (change, field code or None for the whole kind).
        order: The counting changes, by depth, ``at``, name.
    """

    values: dict[str, Any] = {}
    conflicts: dict[str, list[Setting]] = {}
    exists: bool = False
    deleted: bool = False
    delete_marked: bool = False
    changed_after_approval: bool = False
    refused: list[Refusal] = []
    unknown: list[tuple[bytes, str | None]] = []
    order: Sequence[Held] = ()


def judge_value(declared: Field, value: Any, author: str, unit: str, *, first: bool) -> str | None:  # noqa: ANN401
    """Why a value has no effect, apart from approvals: ``form``, ``set-once``, ``written-by``; None when it has.

    Args:
        declared: The field.
        value: The ledger value.
        author: Unit of the author, a writer of the record.
        unit: The record's unit.
        first: Whether the change has no parents.
    """
    if value is not None and not declared.type.check(value):
        return "form"
    if declared.set_once and not first and not is_above(author, unit):
        return "set-once"
    if declared.written_by is not None and level_of(author) > declared.written_by:
        return "written-by"
    return None


def may_write(author: str, unit: str) -> bool:
    """A writer is the record's unit or an office above it."""
    return author == unit or is_above(author, unit)


def fold_record(unit: str, kind: Kind | None, order: Sequence[Held]) -> Folded:
    """Fold the counting changes of one record, given in order.

    Args:
        unit: The record's unit.
        kind: Its declaration, or None when unknown to this program.
        order: Counting changes by depth, ``at``, name (:func:`count_changes`).
    """
    folded = Folded(order=order)
    if kind is None:
        folded.unknown = [(h.name, None) for h in order]
        return folded
    if len(order) == 1 and order[0].change.action == "put":
        _fold_only(folded, unit, kind, order[0])
        return folded
    return _Fold(folded, unit, kind).run()


def _fold_only(folded: Folded, unit: str, kind: Kind, h: Held) -> None:
    """The common case: a record with one change. No ancestry, so no conflict and nothing stands before it."""
    author = h.author
    allowed = author == unit or is_above(author, unit)
    values = h.change.values
    if allowed:
        level = level_of(author)
        check_of = kind.checks_at(level).get
        row_check_of = kind.row_checks_at(level).get
        for code, value in values.items():
            check = check_of(code)
            if check is None:
                table, _, row = code.partition(":")
                check = ANY.check if is_issued(code) else row_check_of(table) if ROW_ID.fullmatch(row) else None
                if check is None:
                    break
            if not check(value):  # no check takes null
                break
        else:
            folded.exists = bool(values)
            folded.values = values
            return
    _judge_each(folded, unit, kind, h, allowed=allowed)


def _judge_each(folded: Folded, unit: str, kind: Kind, h: Held, *, allowed: bool) -> None:
    for code, value in h.change.values.items():
        declared = kind.field(code)
        if declared is None:
            folded.unknown.append((h.name, code))
        elif not allowed:
            folded.refused.append(Refusal(h.name, code, "author"))
        else:
            reason = judge_value(declared, value, h.author, unit, first=True)
            if reason is None:
                folded.exists = True
                if value is not None:
                    folded.values[code] = value
            else:
                folded.refused.append(Refusal(h.name, code, reason))


class _Fold:
    """One run of the fold over several changes."""

    def __init__(self, folded: Folded, unit: str, kind: Kind) -> None:
        self.folded = folded
        self.unit = unit
        self.kind = kind
        self.order = folded.order
        self.ancestors: list[int] = []
        self.settings: dict[str, list[Setting]] = {}
        self.effective_puts = 0
        self.deletes: list[int] = []
        self.restores: list[int] = []
        self.approvals = [f.code for f in kind.approvals]
        self._careful = kind.careful

    def run(self) -> Folded:
        position = {h.name: i for i, h in enumerate(self.order)}
        for i, h in enumerate(self.order):
            mask = 0
            for parent in h.parents:
                p = position[parent]
                mask |= self.ancestors[p] | (1 << p)
            self.ancestors.append(mask)
            self._apply(i, h)
        self._show()
        self._judge_deletion()
        self._mark_changes_after_approval()
        return self.folded

    # --- one change -----------------------------------------------------------------------------------

    def _apply(self, i: int, h: Held) -> None:
        action = h.change.action
        allowed = may_write(h.author, self.unit)
        if action == "put":
            check_of = self.kind.checks_at(level_of(h.author)).get if allowed else _NOTHING.get
            settings = self.settings
            for code, value in h.change.values.items():
                check = check_of(code)
                if check is None or code in self._careful or (value is not None and not check(value)):
                    self._set(i, h, code, value, allowed=allowed)
                else:  # no rule but form and level speaks about this field
                    self.effective_puts |= 1 << i
                    if code in settings:
                        settings[code].append(Setting(i, value))
                    else:
                        settings[code] = [Setting(i, value)]
        elif not allowed:
            self.folded.refused.append(Refusal(h.name, action, "author"))
        elif action == "restore":
            self.restores.append(i)
        else:
            standing = [
                level_of(self.order[s.at].author) for code in self.approvals for s in self._standing(code, self.ancestors[i])
            ]
            if standing and level_of(h.author) > min(standing):
                self.folded.refused.append(Refusal(h.name, action, "delete-level"))
            else:
                self.deletes.append(i)

    def _set(self, i: int, h: Held, code: str, value: Any, *, allowed: bool) -> None:  # noqa: ANN401
        declared = self.kind.field(code)
        if declared is None:  # named in a list of its own, never refused, whoever wrote it
            self.folded.unknown.append((h.name, code))
            return
        if not allowed:
            self.folded.refused.append(Refusal(h.name, code, "author"))
            return
        reason = judge_value(declared, value, h.author, self.unit, first=not h.parents)
        if reason is None and declared.approves is not None:
            level = level_of(h.author)
            if any(level > level_of(self.order[s.at].author) for s in self._standing(code, self.ancestors[i])):
                reason = "approval-level"
        if reason is not None:
            self.folded.refused.append(Refusal(h.name, code, reason))
            return
        self.effective_puts |= 1 << i
        self.settings.setdefault(code, []).append(Setting(i, value))

    def _standing(self, code: str, within: int | None = None) -> list[Setting]:
        """The standing approvals of a field, of all changes or of those in a set of positions."""
        settings = self.settings.get(code, ())
        if within is not None:
            settings = [s for s in settings if within >> s.at & 1]
        return [s for s in self._last(settings) if isinstance(s.value, dict) and s.value.get("result") in APPROVING]

    def _last(self, settings: Sequence[Setting]) -> list[Setting]:
        """Those settings that no other of them has as an ancestor."""
        overruled = 0
        for s in settings:
            overruled |= self.ancestors[s.at]
        return [s for s in settings if not overruled >> s.at & 1]

    # --- all changes ----------------------------------------------------------------------------------

    def _show(self) -> None:
        for code, settings in self.settings.items():
            last = self._last(settings) if len(settings) > 1 else settings
            shown = last[-1].value
            if shown is not None:
                self.folded.values[code] = shown
            if len(last) > 1 and len({canonical(s.value) for s in last}) > 1:
                self.folded.conflicts[code] = last

    def _judge_deletion(self) -> None:
        folded = self.folded
        folded.exists = self.effective_puts != 0
        if not self.deletes:
            return
        covered = restored = 0
        for d in self.deletes:
            covered |= self.ancestors[d]
        must = self.effective_puts
        for r in self.restores:
            must |= 1 << r
            restored |= self.ancestors[r]
        folded.deleted = must & ~covered == 0
        folded.delete_marked = not folded.deleted and any(not restored >> d & 1 for d in self.deletes)

    def _mark_changes_after_approval(self) -> None:
        approvals = [
            (level_of(self.order[s.at].author), self.ancestors[s.at] | 1 << s.at)
            for code in self.approvals if code not in self.folded.conflicts for s in self._standing(code)
        ]
        if not approvals:
            return
        for code, settings in self.settings.items():
            declared = self.kind.field(code)
            if declared is None or not declared.covered:
                continue
            for s in settings:
                level = level_of(self.order[s.at].author)
                above = [mask for approving, mask in approvals if approving < level]
                if above and not any(mask >> s.at & 1 for mask in above):
                    self.folded.changed_after_approval = True
                    return


__all__ = ["Folded", "Refusal", "Setting", "fold_record", "judge_value", "may_write"]

"""Stages: how far a nomination has come, derived from its facts, never stored (DESIGN §4, DOMAIN §2).

Rules:

* The level that issued the campaign decides; it is read from the reference's unit. Facts of levels above it
  have no bearing, whatever they say.
* A field in conflict never counts. While the notice itself is in conflict, nobody can tell when it ended, so
  no approval of that level counts either; while the campaign is in conflict, no level decides.
* An approval counts when it passed, is dated after the last day of its level's notice (undated: the notice is
  over), and any objection has a finding. An approval without any notice counts; ``rules`` warns of it.
* An award needs its date and an approval that counts and is not dated later. A revocation needs an approval.
* What a lower level did is a step on the way: its approval shows as 初评通过 of that level, not as approved.
* A review or approval that returned the nomination is over once it is submitted again on a later day.
* Withdrawing ends it unless it was submitted again later or approved.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from enum import Enum
from typing import Any

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.units import Level, is_code, level_of

Flat = Mapping[str, Any]


class Stage(Enum):
    """The stages; the value is the stable English code."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEW_PASSED = "review_passed"
    REVIEW_FAILED = "review_failed"
    IN_NOTICE = "in_notice"
    NOTICE_ENDED = "notice_ended"
    OBJECTION = "objection"
    APPROVED = "approved"
    REJECTED = "rejected"
    RETURNED = "returned"
    AWARDED = "awarded"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """What people call it."""
        return STAGE_LABELS[self]


STAGE_LABELS = {
    Stage.DRAFT: "待提交", Stage.SUBMITTED: "已申报", Stage.REVIEW_PASSED: "初评通过",
    Stage.REVIEW_FAILED: "初评未通过", Stage.IN_NOTICE: "公示中", Stage.NOTICE_ENDED: "公示期满",
    Stage.OBJECTION: "有异议", Stage.APPROVED: "审批通过", Stage.REJECTED: "审批未通过",
    Stage.RETURNED: "退回", Stage.AWARDED: "已表彰", Stage.WITHDRAWN: "已撤回", Stage.REVOKED: "已撤销",
}
# Whom an honor roll may name: decided in favour, and not taken back.
HONORED = frozenset({Stage.APPROVED, Stage.AWARDED})


class NominationStage(Immutable):
    """A stage and the level whose facts say so, None for 待提交, 已申报 and 已撤回."""

    stage: Stage
    level: Level | None = None

    @property
    def label(self) -> str:
        """What a list shows: ``初评通过 村``."""
        return self.stage.label if self.level is None else f"{self.stage.label} {self.level.label}"

    @property
    def code(self) -> str:
        """The stable English code of the stage."""
        return self.stage.value


def stage_of(
    kind: Kind, flat: Flat, conflicts: Collection[str], today: datetime.date
) -> NominationStage | None:
    """The stage of a record, None for kinds without stages.

    Args:
        kind: The record's kind.
        flat: Its flat values.
        conflicts: Field codes in conflict.
        today: For notices that are running.
    """
    if not kind.stages:
        return None
    return nomination_stage(flat, deciding_level(flat), conflicts, today)


def deciding_level(flat: Flat) -> Level | None:
    """The level that issued the campaign, from the reference's unit; None while that is not known."""
    unit = flat.get("campaign_unit")
    return level_of(str(unit)) if is_code(unit) else None


def nomination_stage(
    flat: Flat, deciding: Level | None, conflicts: Collection[str], today: datetime.date
) -> NominationStage:
    """The stage of a nomination.

    Args:
        flat: Flat values of a nomination.
        deciding: The level that issued its campaign. None (a campaign known by name only): nothing decides.
        conflicts: Field codes in conflict; such a field counts as absent.
        today: For notices that are running.

    Returns:
        What the deciding level's facts say; without any, what the highest level below it says; else submitted
        or draft. Source: DESIGN §4, DOMAIN §2 nomination.
    """
    submitted = "" if "submitted_date" in conflicts else _text(flat, "submitted_date")
    withdrawn = "" if "withdrawn_date" in conflicts else _text(flat, "withdrawn_date")
    if "campaign" in conflicts:
        deciding = None
    found: NominationStage | None = None
    for level in _levels_up_to(deciding):
        facts = _Facts(flat, level, conflicts, today, submitted)
        stage = facts.deciding() if level is deciding else facts.on_the_way()
        if stage is not None:
            found = NominationStage(stage, level)
            break
    if found is not None and found.stage in (Stage.APPROVED, Stage.AWARDED, Stage.REVOKED):
        return found
    if withdrawn and withdrawn >= submitted:
        return NominationStage(Stage.WITHDRAWN)
    return found or NominationStage(Stage.SUBMITTED if submitted else Stage.DRAFT)


def _levels_up_to(deciding: Level | None) -> Iterator[Level]:
    """From the deciding level down to the village."""
    return (level for level in sorted(Level) if deciding is None or level >= deciding)


class _Facts:
    """The facts of one level that count."""

    def __init__(
        self, flat: Flat, level: Level, conflicts: Collection[str], today: datetime.date, submitted: str
    ) -> None:
        self._flat, self._level, self._conflicts = flat, level, conflicts
        self._today, self._submitted = today.isoformat(), submitted

    def _get(self, field: str, part: str) -> str:
        code = f"{field}_{self._level.code}"
        return "" if code in self._conflicts else _text(self._flat, f"{code}_{part}")

    def _result(self, field: str) -> str:
        """The result of a review or approval; a return is over once it is submitted again on a later day."""
        result, day = self._get(field, "result"), self._get(field, "date")
        return "" if result == "returned" and day and day < self._submitted else result

    def deciding(self) -> Stage | None:
        """The stage when this level decides."""
        approval = self._result("approval")
        approved = approval == "passed" and self._approval_counts()
        if approved:
            if self._get("revoked", "date") or self._get("revoked", "reason"):
                return Stage.REVOKED
            awarded = self._get("award", "date")
            return Stage.AWARDED if awarded and awarded >= self._get("approval", "date") else Stage.APPROVED
        if approval == "rejected":
            return Stage.REJECTED
        return Stage.RETURNED if approval == "returned" else self._before_approval()

    def on_the_way(self) -> Stage | None:
        """The stage when a level above decides: an approval here is only a recommendation upwards."""
        approval = self._result("approval")
        if approval == "passed" and self._approval_counts():
            return Stage.REVIEW_PASSED
        if approval == "rejected":
            return Stage.REVIEW_FAILED
        return Stage.RETURNED if approval == "returned" else self._before_approval()

    def _approval_counts(self) -> bool:
        if f"notice_{self._level.code}" in self._conflicts:
            return False
        ends = self._get("notice", "to") or self._get("notice", "from")
        day = self._get("approval", "date") or self._today
        return day > ends and not self._objected()

    def _objected(self) -> bool:
        return bool(self._get("notice", "objection")) and not self._get("notice", "finding")

    def _before_approval(self) -> Stage | None:
        if self._objected():
            return Stage.OBJECTION
        first, last = self._get("notice", "from"), self._get("notice", "to")
        if last and last < self._today:
            return Stage.NOTICE_ENDED
        if first and first <= self._today:
            return Stage.IN_NOTICE
        review = self._result("review")
        return {
            "passed": Stage.REVIEW_PASSED, "rejected": Stage.REVIEW_FAILED, "returned": Stage.RETURNED,
        }.get(review)


def _text(flat: Flat, name: str) -> str:
    value = flat.get(name)
    return value if isinstance(value, str) else ""


# --- names without a level ---------------------------------------------------------------------------------

# Name without LEVEL → flat name at the deciding level ("{}" is its code); DOMAIN §2.
_UNLEVELLED = {
    "review_result": "review_{}_result", "review_date": "review_{}_date",
    "public_from": "notice_{}_from", "public_to": "notice_{}_to",
    "objection": "notice_{}_objection", "objection_finding": "notice_{}_finding",
    "approval_result": "approval_{}_result", "approval_date": "approval_{}_date",
    "approver": "approval_{}_person",
    "certificate_no": "award_{}_certificate_no", "awarded_date": "award_{}_date",
}


def level_names(kind: Kind, deciding: Level | None) -> dict[str, str]:
    """Name without a level → flat name at the deciding level; empty when nothing decides."""
    if not kind.stages or deciding is None:
        return {}
    return {name: flat.format(deciding.code) for name, flat in _UNLEVELLED.items()}


def is_level_name(kind: Kind, name: str) -> bool:
    """Whether ``name`` stands for a fact of the deciding level, whichever that is."""
    return kind.stages and name in _UNLEVELLED


def resolve_level_names(kind: Kind, entries: Mapping[str, Any], deciding: Level | None) -> dict[str, Any]:
    """Entries with names such as ``approval_result`` turned into the deciding level's flat names.

    A name that is written out (``approval_township_result``) wins over the short one. While nothing decides,
    short names stay as they are; :func:`~fulian_desktop.domain.entry.read_entry` names them.
    """
    names = level_names(kind, deciding)
    resolved = {names.get(name, name): value for name, value in entries.items() if name in names}
    return {**resolved, **{name: value for name, value in entries.items() if name not in names}}


def with_level_names(kind: Kind, flat: Flat, deciding: Level | None) -> dict[str, Any]:
    """Flat values with the deciding level's facts also under their names without a level, for showing."""
    names = level_names(kind, deciding)
    return {**flat, **{name: flat[full] for name, full in names.items() if full in flat}}

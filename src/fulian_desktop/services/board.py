"""Who has reported this month and who has not: the roll call as the window shows it (DESIGN §8).

A unit has reported when it gave what is asked for (services/reporting.py); where no office issued a requirement, when a
package of its own was merged in this month, by this computer's clock.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain import day_words
from fulian_desktop.domain.reporting import Standing
from fulian_desktop.domain.units import covers
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.reporting import lacking_of, standings
from fulian_desktop.store import queries
from fulian_desktop.store.view import CONFLICT

if TYPE_CHECKING:
    from fulian_desktop.services.reports import Report

MONTHS = 6
"""How many months of a unit are looked back upon."""


class State(Enum):
    """How a unit stands, the worst first."""

    MISSING = "missing"
    WAITING = "waiting"
    REFUSED = "refused"
    CONFLICT = "conflict"
    REPORTED = "reported"


STATE_LABELS = {
    State.MISSING: "未报", State.WAITING: "等待", State.REFUSED: "有拒收", State.CONFLICT: "有冲突", State.REPORTED: "已报",
}


@dataclass(frozen=True)
class Package:
    """One merged package of a unit: when, what came of it, whether it was taken back."""

    at: datetime.datetime
    file: str
    state: str
    records: int
    added: int
    changed: int
    conflicts: int
    refused: int
    waiting: int
    undone: bool


@dataclass(frozen=True)
class UnitCard:
    """One unit below.

    Attributes:
        last: The day of its last package, None when there never was one.
        through: The day of the newest entry in it.
        days: How many days ago the last one came.
        enrolled: Whether it has joined.
        due: The last day of the report that is asked for, None when none is; late: by how many days it is or was too late.
        lacking: The kinds that are asked for and of which nothing came.
        conflicts: Its records in conflict.
        packages: What came from it, the latest first.
    """

    unit: str
    name: str
    state: State
    last: datetime.date | None
    through: datetime.date | None
    days: int | None
    enrolled: bool
    conflicts: int
    packages: tuple[Package, ...]
    due: datetime.date | None = None
    late: int = 0
    lacking: tuple[str, ...] = ()

    @property
    def refused(self) -> int:
        """How many records of its last package were refused."""
        return self.packages[0].refused if self.packages else 0

    def months(self, day: datetime.date) -> list[tuple[int, bool]]:
        """The last six months up to ``day``: (month, whether a package came)."""
        came = {(one.at.year, one.at.month) for one in self.packages if not one.undone}
        found = []
        year, month = day.year, day.month
        for _ in range(MONTHS):
            found.append((month, (year, month) in came))
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        return found[::-1]


def roll_call_board(office: Office, day: datetime.date | None = None) -> list[UnitCard]:
    """Every unit one level below, the worst first; those that have not reported by how long they are silent.

    Who has not joined yet stands behind them: there is nothing to ask for.
    """
    from fulian_desktop.services import exchanging  # late: the window needs the states before it needs packages

    day = day or today()
    conflicts = _conflicts_by_unit(office)
    packages = _packages_by_unit(exchanging.imports(office))
    cards = []
    called = exchanging.roll_call(office)
    asked = standings(office, [one["unit"] for one in called], day)
    lacking = lacking_of(office, asked)
    for one in called:
        last = _date(one["last_at"]) if one["last_at"] is not None else None
        mine = tuple(packages.get(one["unit"], ()))
        waits = sum(count for unit, count in conflicts.items() if covers(one["unit"], unit))
        through = datetime.date.fromisoformat(one["through"]) if one["through"] else None
        cards.append(UnitCard(
            one["unit"], one["name"], _state(asked.get(one["unit"]), last, day, mine, waits), last, through,
            None if last is None else (day - last).days, one["enrolled"], waits, mine,
            *_asked(asked.get(one["unit"])), tuple(lacking.get(one["unit"], ())),
        ))
    order = list(State)
    return sorted(cards, key=lambda c: (order.index(c.state), not c.enrolled, c.last or datetime.date.min, c.unit))


def _asked(one: Standing | None) -> tuple[datetime.date | None, int]:
    return (None, 0) if one is None else (one.period.due, one.late)


def _state(
    asked: Standing | None, last: datetime.date | None, day: datetime.date, packages: Sequence[Package], conflicts: int
) -> State:
    reported = last is not None and (last.year, last.month) >= (day.year, day.month) if asked is None else asked.reported
    if not reported:
        return State.MISSING
    latest = next((one for one in packages if not one.undone), None)
    if latest is not None and (latest.waiting or latest.state == State.WAITING.value):
        return State.WAITING
    if latest is not None and latest.refused:
        return State.REFUSED
    return State.CONFLICT if conflicts else State.REPORTED


def _conflicts_by_unit(office: Office) -> dict[str, int]:
    found: dict[str, int] = {}
    for kind in office.kinds.all():
        for row in queries.list_rows(office.workspace.db, kind, flag=CONFLICT):
            found[row.unit] = found.get(row.unit, 0) + 1
    return found


def _packages_by_unit(imports: Sequence[Mapping[str, Any]]) -> dict[str, list[Package]]:
    found: dict[str, list[Package]] = {}
    for one in imports:
        count = {name: int(one.get(name, 0)) for name in ("in", "added", "changed", "conflicts", "refused", "waiting")}
        found.setdefault(one["unit"], []).append(Package(
            datetime.datetime.fromtimestamp(one["at"] / 1000, tz=datetime.UTC).astimezone(), one["file"], one["state"],
            count["in"], count["added"], count["changed"], count["conflicts"], count["refused"], count["waiting"],
            one["undone_at"] is not None,
        ))
    return found


def _date(ms: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(ms / 1000, tz=datetime.UTC).astimezone().date()


def day_text(day: datetime.date | None, year: int) -> str:
    """A day as people write it, with its year where that is another; ``—`` for none."""
    return "—" if day is None else day_words.day_text(day, year)


def missing_list(office: Office, day: datetime.date | None = None) -> Report:
    """The list of the units that have not reported, to be written as PDF or .xlsx (services/reports.py)."""
    from fulian_desktop.services.reports import Report

    day = day or today()
    missing = [card for card in roll_call_board(office, day) if card.state is State.MISSING]
    return Report(
        "missing-units", f"{day.year}年{day.month}月未上报单位名单", [("序号", "number"), ("单位", "text"), ("上次上报", "text"),
                                                         ("已过天数", "number"), ("截止日", "text"), ("逾期天数", "number")],
        rows=[[i, c.name, day_text(c.last, day.year), c.days, day_text(c.due, day.year), c.late or None]
              for i, c in enumerate(missing, 1)],
        notes=[f"截至{day.year}年{day.month}月{day.day}日，共 {len(missing)} 个单位未报。"],
    )

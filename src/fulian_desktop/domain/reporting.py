"""By when an office below is to have reported what: issued requirements (报送要求) against a day (DOMAIN §2, DESIGN §8).

Rules:

* A requirement counts whole periods of its cycle by the calendar. What is asked for on a day is the last period that has
  ended; its report is due so many days after its end, at the latest with the end of the period that follows.
* A unit has reported for a period when a package of its own came on the period's last day or later.
* Nothing is asked for a period that ended before the requirement began, or began after it ended.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable

from fulian_desktop.domain.immutable import Immutable
from fulian_desktop.domain.kind import Flat
from fulian_desktop.domain.rules import day_of, text_of, whole_of

_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
_DAY = datetime.timedelta(days=1)


class Period(Immutable):
    """A period that has ended: its first and last day, the day by which its report is due, and of which kinds.

    ``wanted`` is empty where all are.
    """

    title: str
    first: datetime.date
    last: datetime.date
    due: datetime.date
    wanted: tuple[str, ...] = ()


class Standing(Immutable):
    """How a unit stands against a period: whether it reported, and by how many days it is or was too late."""

    period: Period
    reported: bool
    late: int


def period_of(flat: Flat, day: datetime.date) -> Period | None:
    """The period that a requirement asks for on a day, None when it asks for none.

    Args:
        flat: Flat values of a ``report_period``.
        day: The day it is asked on.
    """
    months = _MONTHS.get(text_of(flat, "cycle"))
    due = whole_of(flat, "due_day")
    if months is None or due is None or flat.get("withdrawn"):
        return None
    next_first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    last = next_first - _DAY
    first = last.replace(month=(last.month - 1) // months * months + 1, day=1)
    begins, ends = day_of(text_of(flat, "from_day")), day_of(text_of(flat, "to_day"))
    if (begins is not None and last < begins) or (ends is not None and first > ends):
        return None
    latest = _last_of_month(next_first, months)
    wanted = flat.get("wanted")
    return Period(
        text_of(flat, "title"), first, last, min(last + datetime.timedelta(days=due), latest),
        tuple(wanted) if isinstance(wanted, list) else (),
    )


def _last_of_month(first: datetime.date, months: int) -> datetime.date:
    month = first.month + months - 1
    return first.replace(month=month, day=calendar.monthrange(first.year, month)[1])


def standing(periods: Iterable[Period], came: Iterable[datetime.date], day: datetime.date) -> Standing | None:
    """How a unit stands on a day: against the period for which it is worst; None when nothing is asked for.

    Args:
        periods: What is asked for (:func:`period_of`).
        came: The days on which packages of the unit came.
        day: The day it is asked on.
    """
    days = sorted(came)
    found = []
    for period in periods:
        answer = next((one for one in days if one >= period.last), None)
        late = ((answer or day) - period.due).days
        found.append(Standing(period, answer is not None, max(0, late)))
    return min(found, key=lambda one: (one.reported, -one.late, one.period.due), default=None)

"""What the offices below are to report, and how they stand: the issued requirements against the packages that came."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from fulian_desktop.domain.counting_by import date_of
from fulian_desktop.domain.reporting import Period, Standing, period_of, standing
from fulian_desktop.domain.units import covers
from fulian_desktop.services.office import Office
from fulian_desktop.store import books, queries
from fulian_desktop.store.figures import units_with_records


def periods_of(office: Office, unit: str, day: datetime.date) -> tuple[Period, ...]:
    """What is asked of a unit on a day, by itself or an office above it."""
    rows = queries.list_rows(office.workspace.db, office.kinds.of("report_period"))
    found = (period_of(row.flat, day) for row in rows if row.unit != unit and covers(row.unit, unit))
    return tuple(period for period in found if period is not None)


def standings(office: Office, units: Iterable[str], day: datetime.date) -> dict[str, Standing]:
    """How each of these units stands on a day; a unit of which nothing is asked is left out."""
    came: dict[str, list[datetime.date]] = {}
    for one in books.imports(office.workspace.db):
        if one.kind == "up" and one.undone_at is None:
            day_of = datetime.datetime.fromtimestamp(one.at / 1000, tz=datetime.UTC).astimezone().date()
            came.setdefault(one.unit, []).append(day_of)
    judged = ((unit, standing(periods_of(office, unit, day), came.get(unit, ()), day)) for unit in units)
    return {unit: found for unit, found in judged if found is not None}


def lacking_of(office: Office, found: Mapping[str, Standing]) -> dict[str, tuple[str, ...]]:
    """Unit → labels of the kinds that are asked of it and of which nothing from the period is here."""
    with_records: dict[tuple[str, Period], frozenset[str]] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    for unit, one in found.items():
        labels = []
        for code in one.period.wanted:
            kind = office.kinds.find(code)
            if kind is None:
                continue
            key = (code, one.period)
            if key not in with_records:
                days = (one.period.first, one.period.last)
                with_records[key] = units_with_records(office.workspace.db, kind, *days, date_of(kind))
            if not any(covers(unit, other) for other in with_records[key]):
                labels.append(kind.label)
        lacking[unit] = tuple(labels)
    return lacking

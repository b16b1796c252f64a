"""What a summary shows beside its text: four figures, a table of this year and last, charts (PAPER §6 report, §8)."""

from __future__ import annotations

from collections.abc import Sequence

from fulian_desktop.domain.indicator import SYSTEMS, Indicator
from fulian_desktop.printing.charts import Chart
from fulian_desktop.printing.statistics import KeyFigure, Line
from fulian_desktop.services.indicators import Figures
from fulian_desktop.services.office import today
from fulian_desktop.services.reports.engine import Asked, levels_below
from fulian_desktop.services.reports.table import NOTHING, How, shown

KEY = (("sessions", "活动"), ("participants", "参加"), ("families_honored", "评出家庭"), ("aid_people", "帮扶"))

LINES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, ("chairs", "vice_chairs", "executives", "organisations")),
    (2, ("womens_homes", "childrens_homes", "parents_schools")),
    (5, ("sessions", "participants", "materials")),
    (6, ("classes", "trained", "employed")),
    (7, ("families_sent_up", "families_honored")),
    (8, ("honors",)),
    (9, ("aid_people", "aid_households", "aid_money", "two_cancers_people")),
    (10, ("donations", "donation_money")),
    (11, ("pairs", "pairing_visits")),
    (12, ("loans", "loan_money")),
    (13, ("cases", "cases_mediated", "cases_settled_share")),
    (14, ("visits", "issues", "issues_settled_share")),
    (4, ("teams", "team_members", "volunteering_sessions")),
    (15, ("publicity",)),
)
"""The main indicators of each system, in the order of the page."""

MOST_UNITS = 12
"""More units than that: the first ones, and the others together."""

TOP_UNITS = 6


def _there(figures: Figures, code: str) -> Indicator | None:
    return next((one for one in figures.indicators if one.code == code), None)


def key_figures(now: Figures, before: Figures, unit: str) -> tuple[KeyFigure, ...]:
    """The four figures above everything else."""
    found = []
    for code, label in KEY:
        one = _there(now, code)
        if one is not None:
            value, last = (figures.figure(code, unit).value or 0 for figures in (now, before))
            many = value >= 10_000
            number = f"{value / 10_000:.2f}" if many else str(value)
            found.append(KeyFigure(label, number, f"万{one.unit}" if many else one.unit, _change_words(value, last)))
    return tuple(found)


def _change_words(value: int, last: int) -> str:
    if not last:
        return ""
    return f"较上年 {value - last:+,}".replace("-", "−") if value != last else "与上年持平"


def lines_of(now: Figures, before: Figures, unit: str) -> tuple[Line, ...]:
    """The main indicators with last year's beside; those that are nothing in both years are left out."""
    found = []
    for system, codes in LINES:
        for code in codes:
            one = _there(now, code)
            value, last = (None, None) if one is None else (now.figure(code, unit).value, before.figure(code, unit).value)
            if one is not None and (value or last):
                how: How = "money" if one.is_money else "percent" if one.is_share else "number"
                texts = shown(value, how), shown(last, how), change_of(value, last, how)
                found.append(Line(SYSTEMS[system], one.label, one.unit, *texts))
    return tuple(found)


def change_of(value: int | None, last: int | None, how: How) -> str:
    """How a figure changed: ``+47``, ``−1``, 持平; of a share in percentage points; — where one of them is not known."""
    if value is None or last is None:
        return NOTHING
    if value == last:
        return "持平"
    return f"{'+' if value > last else '−'}{shown(abs(value - last), how)}"


def charts_of(asked: Asked, now: Figures, before: Figures, unit: str) -> tuple[Chart, ...]:
    """Sessions by month, people adding up over the months, families by unit; each only where there is anything."""
    assert asked.year is not None  # noqa: S101 - a summary is of one year
    year = asked.year
    months = tuple(f"{month}月" for month in range(1, 13))
    names = (f"{year}年", f"{year - 1}年")
    found = []
    for form, code, title, word in (
        ("bars", "sessions", "各月活动场次", "场"), ("lines", "participants", "累计参加人次", "人次"),
    ):
        series = [_months(figures, code, unit, of) for figures, of in ((now, year), (before, year - 1))]
        if form == "lines":
            series = [_added_up(values) for values in series]
        shown_series = tuple(values for values in series if any(values))
        if any(series[0]):
            found.append(Chart(form, title, word, months, names[: len(shown_series)], shown_series))  # type: ignore[arg-type]
    by_unit = _by_unit(asked, now)
    if len(by_unit) > 1:
        labels, values = zip(*by_unit, strict=True)
        found.append(Chart("rows", "各单位评出家庭", "户", labels, names[:1], (values,), rest=len(by_unit) > TOP_UNITS))
    return tuple(found)


def _months(figures: Figures, code: str, unit: str, year: int) -> tuple[int, ...]:
    """A figure of each month; of this year's up to today's."""
    day = today()
    last = day.month if year == day.year else 12
    return tuple(figures.figure(code, unit, months=[f"{year}-{month:02}"]).value or 0 for month in range(1, last + 1))


def _added_up(values: Sequence[int]) -> tuple[int, ...]:
    return tuple(sum(values[: i + 1]) for i in range(len(values)))


def _by_unit(asked: Asked, now: Figures) -> list[tuple[str, int]]:
    """Families by unit, the most first; of many units the first ones and the others together."""
    found = [(unit, now.figure("families_honored", unit, own=True).value or 0) for unit in levels_below(asked)]
    ranked = sorted(((asked.names.get(unit, unit), value) for unit, value in found if value), key=lambda one: -one[1])
    if len(ranked) <= MOST_UNITS:
        return ranked
    rest = ranked[TOP_UNITS:]
    return [*ranked[:TOP_UNITS], (f"其余{len(rest)}村", sum(value for _, value in rest))]

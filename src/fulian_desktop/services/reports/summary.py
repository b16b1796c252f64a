"""工作总结: a year in words, made of figures and of the year's main activities (DOMAIN §1, system 18).

Rules:

* What is said stands in :mod:`wording`; here figures are put in. Where there is nothing to say, nothing is said.
* Every number in the text is a row of the table at its end, with what it was counted of and how many records are behind it.
* Numbers are exact: ``2.14万人次`` is 21,400, what does not come out even in hundredths of 万 is written out. 约 is said where a
  record said it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from fulian_desktop.domain.day_words import period_text
from fulian_desktop.domain.indicator import Indicator
from fulian_desktop.domain.indicators import find_indicator
from fulian_desktop.services.indicators import Figure, Figures, category_label, category_unit, figures, readable
from fulian_desktop.services.office import today
from fulian_desktop.services.printing import federation_name
from fulian_desktop.services.reports.declared import Dated, Plan
from fulian_desktop.services.reports.engine import Asked
from fulian_desktop.services.reports.pages import charts_of, key_figures, lines_of
from fulian_desktop.services.reports.table import Draft, Report, shown
from fulian_desktop.services.reports.wording import OPENING, OTHER, SECTIONS, Part, Sentence
from fulian_desktop.store.view import Row

MAIN = 3
"""So many activities of a part are told one by one."""

LONGEST_OUTCOME = 120
"""A longer outcome is left to the record."""

LISTED = 6
"""So many categories are named; the rest stand in the reports."""

_PLACE = re.compile(r"\{(\w+)([\^*]?)\}")
_ENDS = "。；;，,、.！!"
NUMERALS = "一二三四五六七八九十"


# --- numbers in words --------------------------------------------------------------------------------------------------


def number_words(value: int, unit: str, *, money: bool = False, share: bool = False) -> str:
    """A number as running text has it: ``2.14万人次``, ``18.64万元``, ``5555.3元``, ``94.8%``."""
    if share:
        return f"{shown(value, 'percent').removesuffix('.0')}%"
    if money:
        if abs(value) >= 1_000_000 and value % 10_000 == 0:
            return f"{_hundredths(value // 10_000)}万元"
        return f"{_hundredths(value)}元"
    if abs(value) >= 10_000 and value % 100 == 0:
        return f"{_hundredths(value // 100)}万{unit}"
    return f"{value}{unit}"


def _hundredths(value: int) -> str:
    whole, rest = divmod(abs(value), 100)
    return f"{'-' if value < 0 else ''}{whole}{f'.{rest:02}'.rstrip('0').rstrip('.')}"


@dataclass
class _Sources:
    """The numbers that the text has said, each once, with what they were counted of."""

    rows: list[list[Any]] = field(default_factory=list)
    ids: list[list[str]] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)

    def add(self, words: str, of: str, figure: Figure) -> None:
        """Note a number once."""
        if (words, of) in self.said:
            return
        self.said.add((words, of))
        marks = [f"含{what} {count} 条" for what, count in (("约数", figure.about), ("待补全", figure.incomplete)) if count]
        self.rows.append([len(self.rows) + 1, words, of, figure.records or None, "，".join(marks)])
        self.ids.append(list(figure.ids))


class Writer:
    """Puts figures into sentences, and notes where each came from."""

    def __init__(self, asked: Asked, year: int, now: Figures, before: Figures) -> None:
        self.asked, self.year, self.now, self.before = asked, year, now, before
        self.unit = asked.unit or asked.office.unit
        self.codes = {one.code for one in now.indicators}
        self.sources = _Sources()

    # --- figures ---

    def sentence(self, phrases: Sentence) -> str:
        """A sentence without its full stop, "" when there is nothing to say."""
        lead = "" if _PLACE.search(phrases[0]) else phrases[0]
        said = "，".join(filter(None, map(self._phrase, phrases[bool(lead):])))
        return f"{lead}{said}" if said else ""

    def sentences(self, many: Iterable[Sentence]) -> str:
        """Several sentences, each with its full stop."""
        return "".join(f"{said}。" for said in map(self.sentence, many) if said)

    def _phrase(self, phrase: str) -> str:
        found: list[str] = []
        for code, how in _PLACE.findall(phrase):
            words = self._words(code, how)
            if not words:
                return ""
            found.append(words)
        filled = iter(found)
        return _PLACE.sub(lambda _match: next(filled), phrase)

    def _words(self, code: str, how: str) -> str:
        one = find_indicator(code) if code in self.codes else None
        if one is None:
            return ""
        if how == "*":
            return self._categories(one)
        figure = self.now.figure(code, self.unit)
        if not figure.value:
            return ""
        return self._said(one, figure) + (self._change(one, figure) if how else "")

    def _said(self, one: Indicator, figure: Figure, category: str | None = None) -> str:
        assert figure.value is not None  # noqa: S101 - asked before
        unit = one.unit if category is None else category_unit(one, category)
        words = number_words(figure.value, unit, money=one.is_money, share=one.is_share)
        of = one.label if category is None else f"{one.label}：{category_label(one, category)}"
        self.sources.add(words, f"{self.year}年{of}", figure)
        return f"{'约' if figure.about else ''}{words}"

    def _categories(self, one: Indicator) -> str:
        found = ((name, self.now.figure(one.code, self.unit, category=name)) for name in self.now.categories(one.code))
        told = [(category, figure) for category, figure in found if figure.value and category]
        words = [f"{category_label(one, category)}{self._said(one, figure, category)}" for category, figure in told[:LISTED]]
        return "、".join(words) + ("等" if len(told) > LISTED else "")

    def _change(self, one: Indicator, figure: Figure) -> str:
        """What it was a year ago in words: （比上年增加47场）; "" where nothing was counted then."""
        before = self.before.figure(one.code, self.unit)
        if not before.value or figure.value is None:
            return ""
        change = figure.value - before.value
        if change == 0:
            return "（与上年持平）"
        values = (figure.value, before.value, abs(change))
        this, last, words = (number_words(value, one.unit, money=one.is_money) for value in values)
        words = f"{'增加' if change > 0 else '减少'}{words}"
        self.sources.add(words, f"{one.label}：{self.year}年{this}，{self.year - 1}年{last}", before)
        return f"（比上年{words}）"

    # --- activities ---

    def activities(self, categories: Sequence[str]) -> str:
        """The main activities of these categories, those marked 写进总结 first chosen, told in order of their days."""
        found = self.asked.rows(self.asked.kind("activity"), Dated())
        rows = [row for row in found if _told_with(row.flat.get("category")) in categories]
        rows.sort(key=lambda row: (not row.flat.get("highlight"), -row.flat.get("participants", 0), row.no))
        marked = [row for row in rows if row.flat.get("highlight")]
        chosen = marked or [row for row in rows if row.flat.get("participants")][:MAIN]
        chosen.sort(key=lambda row: (row.flat.get("date_from", ""), row.no))
        return "".join(map(self._activity, chosen))

    def _activity(self, row: Row) -> str:
        flat = row.flat
        first, last = flat.get("date_from"), flat.get("date_to")
        when = period_text(first, last, str(flat.get("date_precision")), self.year) if first and last else ""
        who = self.asked.names.get(row.unit, row.unit) if row.unit != self.unit else ""
        at = f"在{flat['place']}" if flat.get("place") else ""
        told = [f"{when}，" if when else "", who, at, f"开展“{flat.get('title', '')}”"]
        for name, unit, words in (("sessions", "场", "共"), ("participants", "人次", "参加")):
            number = flat.get(name)
            if number and not (name == "sessions" and number == 1):
                told.append(f"，{words}{self._of_record(row, number, unit, about=bool(flat.get(f'{name}_about')))}")
        outcome = " ".join(str(flat.get("outcome") or "").split()).strip(_ENDS)
        if outcome and len(outcome) <= LONGEST_OUTCOME:
            told.append(f"，{outcome}")
        return f"{''.join(told)}。"

    def _of_record(self, row: Row, number: int, unit: str, *, about: bool) -> str:
        words = number_words(number, unit)
        self.sources.add(words, f"活动“{row.flat.get('title', '')}”", Figure(number, 1, int(about), 0, row.id))
        return f"{'约' if about else ''}{words}"


_CATEGORIES = frozenset(category for section in SECTIONS for part in section.parts for category in part.categories)


def _told_with(category: object) -> object:
    """The category among whose activities one is told: those that an office issued, and none, with the others."""
    return category if category in _CATEGORIES else OTHER


def _paragraphs(writer: Writer) -> Iterator[tuple[str, str]]:
    """(style, text) of the whole draft: an opening, then sections and parts that have something to say, numbered."""
    name = federation_name(writer.asked.office, writer.unit)
    opening = writer.sentences(OPENING)
    yield "body", f"{writer.year}年，{name}{opening or '还没有登记的工作。'}"
    number = 0
    for section in SECTIONS:
        parts = [(part.head, text) for part in section.parts if (text := _part(writer, part))]
        if not parts:
            continue
        yield "head", f"{NUMERALS[number]}、{section.head}"
        number += 1
        for i, (head, text) in enumerate(parts):
            if len(parts) > 1:
                yield "subhead", f"（{NUMERALS[i]}）{head}"
            yield "body", text


def _part(writer: Writer, part: Part) -> str:
    return writer.sentences(part.sentences) + (writer.activities(part.categories) if part.categories else "")


def _through(year: int) -> str:
    """The last day that counts: the year's, or today while the year is not over."""
    day = min(today(), datetime.date(year, 12, 31))
    return f"{day.month}月{day.day}日"


def _summary(asked: Asked) -> Report:
    """The draft, and below it each number of it with its source."""
    year = asked.end.year
    indicators = readable(asked.office)
    now, before = (figures(asked.office, one, indicators=indicators) for one in (year, year - 1))
    writer = Writer(asked, year, now, before)
    text = tuple(_paragraphs(writer))
    report = Report("", "", [
        ("序号", "number"), ("文中的数", "text"), ("出处", "text"), ("记录(条)", "number"), ("说明", "text"),
    ])
    report.rows, report.ids = writer.sources.rows, writer.sources.ids
    report.total = {"records": len({record for ids in report.ids for record in ids}), "numbers": len(report.rows)}
    name = federation_name(asked.office, writer.unit)
    report.draft = Draft(
        issuer=name, year=year, date=today(), period=f"{year}年1月1日至{_through(year)}", paragraphs=text,
        key_figures=key_figures(now, before, writer.unit), lines=lines_of(now, before, writer.unit),
        charts=charts_of(asked, now, before, writer.unit),
        notes=("注：含约数的数前写“约”，按登记的数计入；每个数都可以按文末的出处查到登记的记录。",),
    )
    return report


PLANS = (
    Plan("summary", "工作总结", "总结和上报", "全年的数字和主要活动写成的初稿，可存成 Word。",
         (_summary,), of_a_year=True, icon="document", word=True),
)

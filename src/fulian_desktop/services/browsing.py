"""Lists as the window shows them: a list by its keys, the rows that are seen, and what is done with a row.

Rules:

* A list of any length is read by key: first its numbers, a step at a time, then the rows that are looked at.
* Counts and sums are those of the whole list as it is filtered, and come with its numbers.
* Showing a sensitive value is written into the activity log (DESIGN §9); so is carrying one out (services/list_output.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.entry import read_entry
from fulian_desktop.domain.fields import Composite, Day, Integer, Period
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.stages import Stage, stage_of
from fulian_desktop.domain.units import covers
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.progress import Progress
from fulian_desktop.services.office import Office, today
from fulian_desktop.services.records import Saved, edit_record
from fulian_desktop.services.showing import MARKS, kind_in_force
from fulian_desktop.store import photos, queries
from fulian_desktop.store.queries import Page, stoppable
from fulian_desktop.store.search import rows_numbered
from fulian_desktop.store.view import CONFLICT, INCOMPLETE, NO_PHOTOS, Row, indexed_columns

if TYPE_CHECKING:
    from fulian_desktop.services.indicators import Behind

SORTED_WHOLE = 20_000
"""Up to so many records a list is sorted by any column; a longer one by those that have an index."""

FLAGS = {"incomplete": INCOMPLETE, "conflict": CONFLICT, "no-photos": NO_PHOTOS}


@dataclass(frozen=True)
class Query:
    """What a list is asked for.

    Attributes:
        kind: Code of the kind. search: What was typed into the search box.
        equal: (flat name, code) of the code lists that were chosen from.
        unit: Only of this unit and those below it. year: Only of this year (of :func:`year_name`).
        flag: "" or one of :data:`FLAGS`. stage: "" or the code of a stage; it is derived, so each row is looked at.
        deleted: The deleted ones instead of the living ones.
        behind: Only the records that this figure counts.
        sort: A flat name or ``no``. descending: The other way round.
    """

    kind: str
    search: str = ""
    equal: tuple[tuple[str, str], ...] = ()
    unit: str | None = None
    year: int | None = None
    flag: str = ""
    stage: str = ""
    deleted: bool = False
    behind: Behind | None = None
    sort: str = "no"
    descending: bool = True


@dataclass(frozen=True)
class Listed:
    """One record as a list shows it; ``no`` is its number in the list's table."""

    no: int
    id: str
    unit: str
    kind: str
    flat: Mapping[str, Any]
    conflicts: tuple[str, ...]
    marks: frozenset[str]
    stage: Stage | None
    stage_label: str
    entered_by: str
    entered_at: int
    changed_by: str
    changed_at: int


@dataclass
class Keys:
    """The next numbers of a list and what they come to.

    Attributes:
        numbers: In the order of the list.
        after: Where the next step begins; None: that was all.
        flagged: How many of them bear each of :data:`FLAGS`.
        sums: Flat name → sum of its values.
        about: Flat names of sums in which some value is 约.
        query: The list as it was read: one of too many hits to be sorted comes by number, the latest entered first; one of
            too many rows as it begins usually (:func:`usual_sort`).
    """

    numbers: list[int]
    query: Query
    after: Page | None = None
    flagged: dict[str, int] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)
    about: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Choices:
    """What can be chosen from: unit code → name of this unit and those below, and the years, the latest first."""

    units: Mapping[str, str]
    years: tuple[int, ...]


# --- what follows from a kind ------------------------------------------------------------------------------


def year_name(kind: Kind) -> str:
    """The flat name whose year a list of this kind is filtered by, or "".

    A stretch of days first, else a year of its own, else a day that is listed; of people that would be their birthday.
    """
    for declared in kind.periods:
        return declared.flat[0]
    for declared in kind.fields:
        if isinstance(declared.type, Integer) and declared.type.least >= 1900 and declared.asked and not declared.issuer:
            return declared.flat[0]
    if kind.id_numbers:
        return ""
    return next((f.flat[0] for f in kind.fields if isinstance(f.type, Day) and f.column and not f.issuer), "")


def summed_names(kind: Kind) -> tuple[str, ...]:
    """The flat names whose sum says something: counted things and amounts with their source, and issued numbers."""
    return tuple(
        f.flat[0] for f in kind.fields
        if f.flat_parts and isinstance(f.flat_parts[0].type, Integer) and not f.sensitive and f.written_by is None
        and (f.issuer or (isinstance(f.type, Composite) and not isinstance(f.type, Period)))
    )


def usual_sort(kind: Kind) -> tuple[str, bool]:
    """(flat name, descending) a list begins with: the latest day first where a day has an index, else the latest entered."""
    name = year_name(kind)
    return (name, True) if name in indexed_columns(kind) else ("no", True)


def sortable(kind: Kind, name: str, count: int) -> bool:
    """Whether a list of so many records may be sorted by a column."""
    return name in indexed_columns(kind) or (count <= SORTED_WHOLE and (name in kind.flat or name == "unit"))


# --- reading -----------------------------------------------------------------------------------------------


def choices(office: Office, kind_code: str) -> Choices:
    """What a list of a kind can be filtered by."""
    kind = kind_in_force(office, kind_code)
    names = office.workspace.unit_names()
    below = {code: name for code, name in sorted(names.items()) if covers(office.unit, code)}
    found = queries.span(office.workspace.db, kind, name) if (name := year_name(kind)) else None
    if found is None:
        return Choices(below, ())
    first, last = (int(str(value)[:4]) for value in found)
    return Choices(below, tuple(range(last, first - 1, -1)))


def keys(
    office: Office, query: Query, *, after: Page | None = None, limit: int, sums: Sequence[str] = (),
    progress: Progress | None = None,
) -> Keys:
    """The next numbers of a list.

    Args:
        office: Whose records.
        query: Which list; of further steps the one that the first said.
        after: Where to begin, as the step before said.
        limit: How many at most.
        sums: Of which flat names the sum is wanted.
        progress: May cancel, also within a long question to the database.
    """
    kind = kind_in_force(office, query.kind)
    named = [*sums, *filter(None, (_about_name(kind, name) for name in sums))]
    with stoppable(office.workspace.db, progress or Progress()):
        if after is None and query.sort != "no" and _is_too_long_to_sort(office, kind, query):
            sort, descending = ("no", True) if query.search else usual_sort(kind)
            query = replace(query, sort=sort, descending=descending)
        if query.stage:
            rows = list(islice(_keys_in_stage(office, kind, query, named, after), limit))
        else:
            rows = list(queries.list_keys(
                office.workspace.db, kind, named, after=after, limit=limit, sort=query.sort, descending=query.descending,
                **_filters(office, kind, query),
            ))
    found = Keys([row[0] for row in rows], query)
    if len(rows) == limit:
        found.after = Page(rows[-1][2], rows[-1][0])
    found.flagged = {name: sum(1 for row in rows if row[1] & bit) for name, bit in FLAGS.items()}
    found.sums = {name: sum(row[place] for row in rows if type(row[place]) is int) for place, name in enumerate(sums, 3)}
    places = {name: named.index(other) + 3 for name in sums if (other := _about_name(kind, name))}
    found.about = frozenset(name for name, place in places.items() if any(row[place] for row in rows))
    return found


def _keys_in_stage(
    office: Office, kind: Kind, query: Query, names: Sequence[str], after: Page | None
) -> Iterator[tuple[Any, ...]]:
    """What :func:`fulian_desktop.store.queries.list_keys` gives, of the records that are in the stage that is asked for."""
    for row in rows_of(office, kind, query, after):
        value = row.flat.get(query.sort) if query.sort in kind.flat else getattr(row, query.sort)
        flags = row.flags | NO_PHOTOS if kind.photos_lacking(row.flat) else row.flags
        yield row.no, flags, value, *(row.flat.get(name) for name in names)


def rows_of(office: Office, kind: Kind, query: Query, after: Page | None = None) -> Iterator[Row]:
    """The rows of a list, whole and in its order, from the first or from where a page ended."""
    day = today()
    for row in queries.list_rows(
        office.workspace.db, kind, after=after, sort=query.sort, descending=query.descending, **_filters(office, kind, query)
    ):
        stage = stage_of(kind, row.flat, row.conflicts, day) if query.stage else None
        if not query.stage or (stage is not None and stage.code == query.stage):
            yield row


def _is_too_long_to_sort(office: Office, kind: Kind, query: Query) -> bool:
    """Whether sorting would take all of a long list: its hits, or its rows where no index has their order."""
    if query.search:
        return queries.has_more_hits(office.workspace.db, kind, query.search, SORTED_WHOLE)
    if query.sort in indexed_columns(kind):
        return False
    filters = {name: value for name, value in _filters(office, kind, query).items() if name != "search"}
    return queries.has_more_rows(office.workspace.db, kind, SORTED_WHOLE, **filters)


def _about_name(kind: Kind, name: str) -> str:
    parts = kind.flat[name].field.flat_parts
    return next((p.flat for p in parts if p.member == "about"), "")


def _filters(office: Office, kind: Kind, query: Query) -> dict[str, Any]:
    equal: dict[str, Any] = dict(query.equal)
    name = year_name(kind)
    year = None
    if query.year is not None and name:
        if isinstance(kind.flat[name].type, Integer):
            equal[name] = query.year
        else:
            year = (name, query.year)
    return {
        "search": query.search, "where_equal": equal, "unit": query.unit, "year": year, "deleted": query.deleted,
        "flag": FLAGS.get(query.flag, 0), "among": _records_behind(office, query.behind),
    }


def _records_behind(office: Office, figure: Behind | None) -> tuple[str, ...] | None:
    if figure is None:
        return None
    from fulian_desktop.services.indicators import records_behind  # late: a list begins without it

    return records_behind(office, figure)


def rows(office: Office, kind_code: str, numbers: Sequence[int]) -> list[Listed]:
    """The records of these numbers, in their order; one that is gone is left out."""
    kind = kind_in_force(office, kind_code)
    found = {row.no: listed(kind, row) for row in rows_numbered(office.workspace.db, kind, numbers)}
    return [found[no] for no in numbers if no in found]


def listed(kind: Kind, row: Row) -> Listed:
    """A row of the view as a list shows it."""
    stage = stage_of(kind, row.flat, row.conflicts, today())
    return Listed(
        row.no, row.id, row.unit, row.kind, row.flat, row.conflicts,
        frozenset(name for bit, name in MARKS.items() if row.flags & bit),
        stage.stage if stage else None, stage.label if stage else "",
        row.created_by, row.created_at, row.changed_by, row.changed_at,
    )


def pictures(office: Office, hashes: Sequence[str]) -> list[bytes]:
    """The photos of these names, those that are here."""
    found = (photos.get(office.workspace, name) for name in hashes)
    return [data for data in found if data is not None]


# --- what is done with a row -------------------------------------------------------------------------------


def reveal(office: Office, record: str, unit: str | None = None) -> None:
    """Note that a record's sensitive values are shown to the person at the keyboard."""
    row = queries.find_by_id(office.workspace.db, record, unit)
    if row is None:
        raise NotFound("找不到这条记录。", "not-found")
    with office.workspace.transaction():
        office.workspace.record("reveal", {"record": row.id, "kind": row.kind, "unit": row.unit})


def edit_cell(office: Office, record: str, unit: str, name: str, typed: str) -> Saved:
    """Change one value as typed in the table; what cannot be read is refused and nothing is written.

    Raises:
        InputProblem: It cannot be read; the sentence says what is expected. NotAllowed: Not this office's to write.
    """
    row = queries.find_by_id(office.workspace.db, record, unit)
    if row is None:
        raise NotFound("找不到这条记录。", "not-found")
    entry = read_entry(kind_in_force(office, row.kind), {name: typed}, year=None, today=today(), base=row.flat)
    if entry.unread:
        problem = entry.problems[-1]
        raise InputProblem(f"没有改：{problem.text}。", problem.code)
    return edit_record(office, record, {name: typed}, unit=unit)

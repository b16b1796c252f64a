"""A layout is data: a page, a palette's roles, and zones; this module turns it into pages (PAPER §1).

Rules:

* A zone is ``type · box · style · field``. Each zone type has one drawer, registered here by name; a new
  document is a new list of zones, never a drawing routine.
* A *fixed* zone draws into its box. A *flow* zone makes blocks; the blocks of all flow zones run, in the
  order of the list, through the body box of the first page and then through that of later pages.
* Whatever is the same on every page of its kind (first, later) or in every item of a run (certificates) is
  drawn once, into a form.
* A block that must not end a page (a head) is kept with the next. What is repeated on a new page (a table's
  head, a continued group's head) hangs on the block that follows it. The signature never stands alone: the
  pitch is tightened by up to 8 %, else rows are carried over to it.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fulian_desktop.printing.paint import Pen
from fulian_desktop.printing.palette import STYLES, Style
from fulian_desktop.printing.pdf import PdfFile

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fulian_desktop.progress import Progress

Box = tuple[float, float, float, float]
Value = Any  # what a field holds is between the document and the zone's drawer
Values = dict[str, Value]

TIGHTEN = (1.0, 0.98, 0.96, 0.94, 0.92)


@dataclass(frozen=True, slots=True)
class Zone:
    """One place of a layout.

    Attributes:
        type: A drawer's name.
        box: x, y, width, height in mm from the top left; for single lines ``y`` is the em box's centre.
        style: A text style, or the ornament's name.
        field: Name of the value, or, beginning with ``=``, the words themselves.
        align: left, center or right.
        pages: all, first, later or last.
        preprinted: Stands already on bought forms, left out in 套打.
        options: What this type of zone needs further.
    """

    type: str
    box: Box
    style: str = ""
    field: str = ""
    align: str = "left"
    pages: str = "all"
    preprinted: bool = False
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Layout:
    """A page and its zones.

    Attributes:
        width: mm.
        height: mm.
        body: Box of the flow on the first page.
        later: Box of the flow on later pages.
        zones: In drawing order.
        factor: What type sizes of the styles are multiplied by (16K is 0.876 of A4).
    """

    width: float
    height: float
    zones: tuple[Zone, ...]
    body: Box = (0.0, 0.0, 0.0, 0.0)
    later: Box = (0.0, 0.0, 0.0, 0.0)
    factor: float = 1.0

    def style(self, name: str) -> Style:
        """Return a style at this page's size."""
        style = STYLES[name]
        return style if self.factor == 1 else style.scaled(self.factor)


@dataclass(slots=True)
class Page:
    """What a drawer may know of the page it draws on."""

    layout: Layout
    values: Values
    number: int = 1
    count: int = 1
    flow_end: float = 0.0
    warnings: list[str] = dataclasses.field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A piece of the flow.

    Attributes:
        height: mm.
        draw: Called with the pen and the top in mm.
        keep_next: May not end a page.
        gap: mm before it, unless it begins a page.
        repeat: Drawn before it when it begins a page other than the first.
        spread: Spare height of a single page may go before it.
        row: Counts as a row that may accompany a signature.
        between: Drawn at its top when another block stands directly before it (a rule between units).
        close: Drawn at its bottom when no block with a ``close`` follows on the page (a table's last rule).
        begins_page: Stands at the top of a page.
    """

    height: float
    draw: Callable[[Pen, float], None]
    keep_next: bool = False
    gap: float = 0.0
    repeat: tuple[Block, ...] = ()
    spread: bool = False
    row: bool = True
    between: Callable[[Pen, float], None] | None = None
    close: Callable[[Pen, float], None] | None = None
    begins_page: bool = False


@dataclass(slots=True)
class Placed:
    """A block and its top, mm; ``follows`` when another block of the flow stands before it on the page."""

    y: float
    block: Block
    follows: bool


@dataclass(slots=True)
class Pagination:
    """Blocks on pages, and where the last page's flow ends (mm)."""

    pages: list[list[Placed]]
    end: float


class _Paginator:
    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.pages: list[list[Placed]] = [[]]
        self.y = layout.body[1]
        self.fresh = True

    @property
    def bottom(self) -> float:
        box = self.layout.body if len(self.pages) == 1 else self.layout.later
        return box[1] + box[3]

    def turn(self, repeat: Sequence[Block]) -> None:
        self.pages.append([])
        self.y = self.layout.later[1]
        for block in repeat:
            self.place(block)
        self.fresh = True

    def place(self, block: Block) -> None:
        if not self.fresh:
            self.y += block.gap
        self.pages[-1].append(Placed(self.y, block, not self.fresh))
        self.y += block.height
        self.fresh = False


def paginate(layout: Layout, blocks: Sequence[Block]) -> Pagination:
    """Run blocks through the pages of a layout."""
    paginator = _Paginator(layout)
    index = 0
    while index < len(blocks):
        last = index
        while last < len(blocks) - 1 and blocks[last].keep_next:
            last += 1
        together = blocks[index : last + 1]
        needed = sum(block.height + block.gap for block in together)
        full = together[0].begins_page or paginator.y + needed > paginator.bottom + 0.01
        if paginator.pages[-1] and full:
            paginator.turn(together[0].repeat)
        for block in together:
            paginator.place(block)
        index = last + 1
    return Pagination(paginator.pages, paginator.y)


def with_signature(layout: Layout, blocks: Sequence[Block], needed: float, floor: float) -> Pagination | None:
    """Paginate so that the signature follows rows on the last page; None when it does not fit behind them.

    Args:
        layout: The page.
        blocks: The flow.
        needed: Height of the signature with the room before it, mm.
        floor: What the signature's page may be used down to, mm.
    """
    result = paginate(layout, blocks)
    return result if result.end + needed <= floor + 0.01 else None


def carry_rows(layout: Layout, blocks: Sequence[Block], rows: int = 2) -> Pagination:
    """Paginate with the last rows carried over to a page of their own, for the signature's company."""
    first = len(blocks)
    counted = 0
    while first > 0 and counted < rows:
        first -= 1
        counted += blocks[first].row
    while first > 0 and blocks[first - 1].keep_next:
        first -= 1
    if first == 0:
        return paginate(layout, blocks)
    head = paginate(layout, blocks[:first])
    paginator = _Paginator(layout)
    paginator.pages = head.pages
    paginator.turn(blocks[first].repeat)
    for block in blocks[first:]:
        paginator.place(block)
    return Pagination(paginator.pages, paginator.y)


def spread_out(pagination: Pagination, floor: float, most: float) -> None:
    """Give spare height of a single page to the room before its groups, at most ``most`` mm each."""
    if len(pagination.pages) != 1:
        return
    placed = pagination.pages[0]
    places = sum(1 for item in placed if item.block.spread)
    spare = floor - pagination.end
    if not places or spare <= 0:
        return
    each, moved = min(most, spare / places), 0.0
    for item in placed:
        if item.block.spread:
            moved += each
        item.y += moved
    pagination.end += moved


DRAWERS: dict[str, Callable[[Pen, Zone, Page], None]] = {}
FLOWS: dict[str, Callable[[Pen, Zone, Page, float], list[Block]]] = {}


def drawer(name: str) -> Callable[[Callable[[Pen, Zone, Page], None]], Callable[[Pen, Zone, Page], None]]:
    """Register the drawer of a zone type."""

    def register(function: Callable[[Pen, Zone, Page], None]) -> Callable[[Pen, Zone, Page], None]:
        DRAWERS[name] = function
        return function

    return register


def flow(
    name: str,
) -> Callable[[Callable[[Pen, Zone, Page, float], list[Block]]], Callable[[Pen, Zone, Page, float], list[Block]]]:
    """Register the block maker of a flow zone type; its last argument is the tightening factor."""

    def register(
        function: Callable[[Pen, Zone, Page, float], list[Block]],
    ) -> Callable[[Pen, Zone, Page, float], list[Block]]:
        FLOWS[name] = function
        return function

    return register


def value_of(zone: Zone, values: Values) -> Value:
    """Return what a zone shows: its own words, or the value its field names."""
    return zone.field[1:] if zone.field.startswith("=") else values.get(zone.field, "")


def blocks_of(pen: Pen, layout: Layout, values: Values, tighten: float = 1.0) -> list[Block]:
    """Make the blocks of all flow zones in order."""
    page = Page(layout, values)
    blocks: list[Block] = []
    for zone in layout.zones:
        if zone.type in FLOWS:
            blocks += FLOWS[zone.type](pen, zone, page, tighten)
    return blocks


def draw_document(
    pdf: PdfFile, pen: Pen, layout: Layout, values: Values, pagination: Pagination, progress: Progress, *, form: str = "Page",
) -> None:
    """Draw all pages of one document; zones that are alike on first or later pages go into one form each.

    ``form`` begins the names of these forms: several documents in one file need different ones.
    """
    count = len(pagination.pages)
    fixed = [zone for zone in layout.zones if zone.type in DRAWERS]
    for kind in ("first", "later") if count > 1 else ("first",):
        page = Page(layout, values, 1 if kind == "first" else 2, count)
        for zone in fixed:
            if zone.pages in ("all", kind) and zone.type not in _PER_PAGE:
                DRAWERS[zone.type](pen, zone, page)
        pdf.add_form(f"{form}{kind}", pen.take())
    for number, placed in enumerate(pagination.pages, 1):
        progress.step(number - 1, count, "正在排版")
        pen.form(f"{form}first" if number == 1 else f"{form}later")
        _draw_blocks(pen, placed)
        page = Page(layout, values, number, count, pagination.end)
        for zone in fixed:
            last = zone.pages == "last" and number == count
            if zone.type in _PER_PAGE and (last or zone.pages in ("all", "first" if number == 1 else "later")):
                DRAWERS[zone.type](pen, zone, page)
        pdf.add_page(pen.take())
    progress.step(count, count, "正在排版")


def _draw_blocks(pen: Pen, placed: list[Placed]) -> None:
    following: list[Placed | None] = [*placed[1:], None]
    for item, after in zip(placed, following, strict=True):
        block = item.block
        if item.follows and block.between is not None:
            block.between(pen, item.y)
        block.draw(pen, item.y)
        if block.close is not None and (after is None or after.block.close is None):
            block.close(pen, item.y + block.height)


# Drawn on every page anew: they depend on the page's number or on where the flow ended.
_PER_PAGE = frozenset({"pageno", "sign"})


def draw_items(pdf: PdfFile, pen: Pen, layout: Layout, items: Sequence[Values], progress: Progress, what: str) -> list[str]:
    """Draw one page an item; zones whose value is the same in all items are drawn once, into a form.

    Returns:
        What the reader should look at, each once.
    """
    constant: list[Zone] = []
    varying: list[Zone] = []
    for zone in layout.zones:
        names = zone.options.get("fields", (zone.field,))
        same = all(
            name.startswith("=") or not name or all(item.get(name) == items[0].get(name) for item in items[1:]) for name in names
        )
        (constant if same else varying).append(zone)
    page = Page(layout, items[0] if items else {}, 1, 1)
    for zone in constant:
        DRAWERS[zone.type](pen, zone, page)
    pdf.add_form("Pagefirst", pen.take())
    count = len(items)
    for number, values in enumerate(items):
        if number % 50 == 0:
            progress.step(number, count, what)
        page.values = values
        pen.form("Pagefirst")
        for zone in varying:
            DRAWERS[zone.type](pen, zone, page)
        pdf.add_page(pen.take())
    progress.step(count, count, what)
    return list(dict.fromkeys(page.warnings))


def shifted(layout: Layout, dx: float, dy: float) -> Layout:
    """Return the layout with every zone moved, for printers that feed askew (套打)."""
    zones = tuple(replace(zone, box=(zone.box[0] + dx, zone.box[1] + dy, zone.box[2], zone.box[3])) for zone in layout.zones)
    return replace(layout, zones=zones)

"""How closely an honor roll's names are set (PAPER §5 to §7).

Rules: a density is data. The first whose rules the roll meets wins: at most so many families, at most so many
pages, nothing condensed where it says so. The last flows on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fulian_desktop.printing.layout import (
    TIGHTEN,
    Layout,
    Pagination,
    Zone,
    blocks_of,
    carry_rows,
    paginate,
    spread_out,
    value_of,
    with_signature,
)

if TYPE_CHECKING:
    from fulian_desktop.printing.layout import Values
    from fulian_desktop.printing.paint import Pen


@dataclass(frozen=True, slots=True)
class Density:
    """How closely names are set; lengths in mm, type in points.

    Attributes:
        size: Of names.
        columns: Names a row.
        pitch: Of rows with the unit below (or without side labels).
        plain_pitch: Of rows when no unit is said below.
        head: ``ribbon`` or ``lozenge``.
        head_height: Head with the room below it.
        unit: Where units stand: ``below`` or ``side``.
        side: Width of the side label.
        label_size: Type of the side label.
        gap: Before each group but the first.
        most_families: More go to the next density.
        most_pages: More go to the next density.
        centred: Rows stand round the page's middle (up to 12 families).
        condensed: Names may be condensed to fit; otherwise a wide one has a row to itself.
        intro: Style of the introduction.
        unit_size: Type of units below.
        unit_drop: From the name's centre to the unit's.
    """

    size: float
    columns: int
    pitch: float
    plain_pitch: float
    head: str
    head_height: float
    unit: str
    side: float = 0.0
    label_size: float = 12.5
    gap: float = 3.0
    most_families: int = 1_000_000
    most_pages: int = 1_000_000
    centred: bool = False
    condensed: bool = True
    intro: str = "intro"
    unit_size: float = 8.4
    unit_drop: float = 6.0


DENSITIES: dict[str, Density] = {
    "large": Density(
        29, 3, 22.0, 18.0, "ribbon", 14.2, "below", gap=6.0,
        most_families=12, most_pages=1, centred=True, condensed=False,
        intro="intro.large", unit_size=11, unit_drop=8.8,
    ),
    "medium": Density(
        22, 3, 16.6, 13.6, "ribbon", 13.6, "below", gap=4.6,
        most_families=12, most_pages=1, centred=True, unit_size=9.6, unit_drop=7.0,
    ),
    "village": Density(17, 5, 14.6, 11.4, "lozenge", 8.8, "below", most_pages=1),
    "label": Density(13.5, 5, 7.6, 7.6, "lozenge", 8.4, "side", 24.0, 12.5, gap=4.1, most_pages=6),
    "dense": Density(11, 6, 6.2, 6.2, "lozenge", 7.8, "side", 22.0, 10.5, gap=3.4),
}  # fmt: skip

SPREAD = 6.0  # mm of spare height before each group at most


def choose_density(
    pen: Pen, layout: Layout, values: Values, zone: Zone, sign_room: float, floor: float
) -> tuple[Layout, Pagination]:
    """Find the first density whose rules the roll meets, and its pages with the signature placed.

    Args:
        pen: For measuring; nothing is drawn.
        layout: The honor roll.
        values: Its values; ``density`` and the intro's style are set here.
        zone: The groups zone, whose options name the densities in order.
        sign_room: Height of the signature with the room before it, mm.
        floor: What the signature may reach down to, mm.

    Returns:
        The layout as the density wants it, and the pages.
    """
    families = sum(len(group.entries) for group in value_of(zone, values))
    result: tuple[Layout, Pagination] | None = None
    for name in zone.options["fit"]:
        density = DENSITIES[name]
        if families > density.most_families:
            continue
        values["density"] = name
        shaped = _with_intro(layout, density.intro)
        pagination = _with_sign(pen, shaped, values, sign_room, floor)
        result = (shaped, pagination)
        if len(pagination.pages) <= density.most_pages:
            break
    if result is None:
        raise AssertionError("the last density takes any number of families")
    spread_out(result[1], layout.body[1] + layout.body[3], SPREAD)
    return result


def _with_intro(layout: Layout, style: str) -> Layout:
    zones = tuple(replace(zone, style=style) if zone.field == "intro" else zone for zone in layout.zones)
    return replace(layout, zones=zones)


def _with_sign(pen: Pen, layout: Layout, values: Values, sign_room: float, floor: float) -> Pagination:
    single = paginate(layout, blocks_of(pen, layout, values))
    if len(single.pages) == 1 or not DENSITIES[values["density"]].condensed:
        return single
    tall = _later_body(layout)
    for tighten in TIGHTEN:
        placed = with_signature(tall, blocks_of(pen, tall, values, tighten), sign_room, floor)
        if placed is not None and (len(placed.pages) > 1 or placed.end <= layout.body[1] + layout.body[3] + 0.01):
            return placed
    return carry_rows(tall, blocks_of(pen, tall, values))


def _later_body(layout: Layout) -> Layout:
    """Without a signature on it, the first page's body reaches as far down as that of later pages."""
    x, y, width, _ = layout.body
    return replace(layout, body=(x, y, width, layout.later[1] + layout.later[3] - y))

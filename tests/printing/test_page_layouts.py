"""Layouts are data: what they name exists."""

from __future__ import annotations

import pytest

from fulian_desktop.printing import documents, layouts, slips, statistics
from fulian_desktop.printing.densities import DENSITIES
from fulian_desktop.printing.layout import DRAWERS, FLOWS, Block, Layout, carry_rows, paginate, spread_out
from fulian_desktop.printing.ornaments import ORNAMENTS
from fulian_desktop.printing.palette import PALETTES, STYLES

REGISTERED = (documents, slips, statistics)  # their imports register the zone types
ALL = {name: value for name, value in vars(layouts).items() if isinstance(value, Layout)}


@pytest.mark.parametrize("name", ALL)
def test_every_zone_names_a_type_a_style_and_a_box_on_the_page(name):
    layout = ALL[name]
    for zone in layout.zones:
        assert zone.type in DRAWERS or zone.type in FLOWS
        assert not zone.style or zone.style in (ORNAMENTS if zone.type == "ornament" else STYLES)
        x, y, width, height = zone.box
        assert x >= 10
        assert x + width <= layout.width - 10
        assert zone.type in FLOWS or 10 <= y <= y + height <= layout.height - 9


def test_every_colour_of_a_style_is_in_every_palette():
    for palette in PALETTES.values():
        assert {style.colour for style in STYLES.values()} <= set(palette)


def test_every_density_that_a_layout_names_exists_and_the_last_takes_any_roll():
    zone = next(zone for zone in layouts.HONOR_ROLL_LIST_A4.zones if zone.type == "groups")
    assert set(zone.options["fit"]) == set(DENSITIES)
    last = DENSITIES[zone.options["fit"][-1]]
    assert min(last.most_families, last.most_pages) > 100_000


# Flowing blocks through pages.

PAGE = Layout(100, 100, (), body=(10, 20, 80, 60), later=(10, 10, 80, 80))


def a_block(height: float, **options) -> Block:
    return Block(height, lambda pen, y: None, **options)


def heights(blocks: list[Block]) -> list[list[float]]:
    return [[item.block.height for item in page] for page in paginate(PAGE, blocks).pages]


def test_blocks_fill_the_first_body_then_the_later_ones():
    assert heights([a_block(20.0)] * 8) == [[20.0] * 3, [20.0] * 4, [20.0]]


def test_a_head_never_ends_a_page():
    blocks = [a_block(25.0), a_block(25.0), a_block(9.0, keep_next=True), a_block(20.0)]
    assert heights(blocks) == [[25.0, 25.0], [9.0, 20.0]]


def test_what_a_block_repeats_stands_above_it_on_a_new_page_only():
    head = a_block(5.0)
    blocks = [a_block(5.0, keep_next=True), *[a_block(20.0, repeat=(head,))] * 4]
    assert heights(blocks) == [[5.0, 20.0, 20.0], [5.0, 20.0, 20.0]]


def test_a_gap_is_left_out_at_the_top_of_a_page():
    result = paginate(PAGE, [a_block(50.0, gap=5), a_block(20.0, gap=5), a_block(20.0, gap=5)])
    assert [[item.y for item in page] for page in result.pages] == [[20], [10, 35]]


def test_rows_are_carried_over_with_their_repeated_head():
    head = a_block(5.0)
    result = carry_rows(PAGE, [a_block(10.0, repeat=(head,)) for _ in range(5)])
    assert [[item.block.height for item in page] for page in result.pages] == [[10.0] * 3, [5.0, 10.0, 10.0]]


def test_spare_height_goes_between_groups_up_to_its_bound():
    result = paginate(PAGE, [a_block(10.0), a_block(10.0, spread=True), a_block(10.0, spread=True)])
    spread_out(result, 80, 6)
    assert [item.y for item in result.pages[0]] == [20, 36, 52]
    assert result.end == 62

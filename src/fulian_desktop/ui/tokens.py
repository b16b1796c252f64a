"""The one table of colours, sizes and type; nothing else in the window names a colour.

Rules:

* Values are those of the visual standard; each pair of word and ground was measured there (at least 4.5 : 1).
* Colour says something or is absent; error always carries an icon and words as well.
* Lengths are pixels at 100 % and are multiplied by the scale (``Theme.px``); type is in points.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tokens:
    """The colours of one theme, as ``#RRGGBB``. A ``_soft`` is the ground for the word of that name."""

    bg: str
    nav: str
    surface: str
    surface2: str
    hover: str
    mute_soft: str
    line: str
    edge: str
    text: str
    text2: str
    text3: str
    accent: str
    fill: str
    fill_hover: str
    on_fill: str
    soft: str
    bar: str
    focus: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    error: str
    error_soft: str
    info: str
    info_soft: str
    conflict: str
    conflict_soft: str
    mark: str


LIGHT = Tokens(
    bg="#F7F5F4",
    nav="#EFEBE9",
    surface="#FFFFFF",
    surface2="#FAF8F7",
    hover="#F4EFEE",
    mute_soft="#EFEBEA",
    line="#E3DDDB",
    edge="#948A88",
    text="#211C1D",
    text2="#574E50",
    text3="#6C6364",
    accent="#A62B4D",
    fill="#A62B4D",
    fill_hover="#8E2340",
    on_fill="#FFFFFF",
    soft="#FAE9ED",
    bar="#E2B4C0",
    focus="#2B4C7E",
    ok="#1A6C41",
    ok_soft="#E3F3EA",
    warn="#835000",
    warn_soft="#FCF0D9",
    error="#B5300C",
    error_soft="#FDEBE4",
    info="#1D5B9E",
    info_soft="#E5EFF9",
    conflict="#6A3D9E",
    conflict_soft="#F0E9F9",
    mark="#FFE9A8",
)

DARK = Tokens(
    bg="#1A1718",
    nav="#131011",
    surface="#242021",
    surface2="#2A2526",
    hover="#322C2D",
    mute_soft="#332D2E",
    line="#3D3637",
    edge="#857A7B",
    text="#F1ECEC",
    text2="#C4BABB",
    text3="#A99E9F",
    accent="#F294AB",
    fill="#BE4164",
    fill_hover="#A93556",
    on_fill="#FFFFFF",
    soft="#40242D",
    bar="#7C4654",
    focus="#A9C8F5",
    ok="#72CF9A",
    ok_soft="#1C3527",
    warn="#EBB95A",
    warn_soft="#3B2D13",
    error="#FF9B80",
    error_soft="#45241B",
    info="#8BBBF2",
    info_soft="#1C3048",
    conflict="#CBB0F5",
    conflict_soft="#35284C",
    mark="#5C4A14",
)

# Points at 100 %.
FIGURE, PAGE_TITLE, CARD_TITLE, BODY, DENSE, HINT = 21.0, 15.0, 12.0, 11.0, 10.5, 10.0

# Pixels at 100 %, on a grid of 4.
PAGE_MARGIN, CARD_GAP, CARD_PAD_X, CARD_PAD_Y = 24, 12, 18, 12
HEADER, NAV_WIDTH, NAV_RAIL, NAV_ITEM, CONTROL = 60, 184, 64, 42, 36
FOOT, BADGE, CHIP, ROW, ROW_DENSE, TABLE_HEAD = 58, 24, 32, 38, 34, 36
RADIUS_BADGE, RADIUS_CONTROL, RADIUS_CARD = 4, 6, 10
ICON_NAV, ICON_BUTTON, ICON_BADGE = 20, 18, 14
SCROLL_BAR = 12

SCALES = (1.0, 1.25, 1.5, 1.75)
"""What a person can choose (DESIGN §9); anything between is allowed too."""

"""The icons: one set, drawn alike, each there and each visible at the size of a badge."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fulian_desktop.resources import resource
from fulian_desktop.ui import icons
from fulian_desktop.ui.buttons import TONES
from fulian_desktop.ui.places import NAV
from fulian_desktop.ui.tokens import LIGHT

COMMON = [
    "arrow-left", "tick", "close", "plus", "search", "chevron-down", "chevron-right", "chevron-left", "print", "export",
    "import", "paste", "edit", "trash", "undo", "pin", "pin-filled", "camera", "image", "usb", "exchange", "settings",
    "rights", "organisation", "assessment", "clock", "stop", "conflict", "info", "warn", "calendar", "history", "lock",
    "phone", "document", "refresh", "more", "filter", "columns", "zoom-in", "zoom-out", "copy", "flag", "return",
    "map-pin", "medal", "error", "ok", "eye", "eye-off",
]
DRAWN = sorted(path for path in resource("icons").glob("*.svg") if path.stem != "app")
UI = Path(icons.__file__).parent


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_an_icon_is_drawn_like_all_others(path: Path):
    root = ElementTree.fromstring(path.read_text("utf-8"))
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("fill"), root.get("stroke"), root.get("stroke-width")) == ("none", "currentColor", "1.75")
    assert (root.get("stroke-linecap"), root.get("stroke-linejoin")) == ("round", "round")
    filled = [part for part in root.iter() if part is not root and part.get("fill") is not None]
    assert bool(filled) == (path.stem == "pin-filled")


@pytest.mark.parametrize("name", COMMON)
def test_the_common_set_is_there(name: str):
    assert name in {path.stem for path in DRAWN}


def test_what_the_navigation_and_the_tones_ask_for_is_drawn():
    asked = {item.icon for item in NAV} | {tone.icon for tone in TONES.values() if tone.icon}
    assert asked - {path.stem for path in DRAWN} == set()


def test_what_pages_name_as_an_icon_is_drawn():
    drawn = {path.stem for path in DRAWN} | {"app"}
    named = re.compile(r'(?:icon=|icons\.(?:pixmap|icon)\(|IconLabel\([\w.]+, |IconButton\([\w.]+, )"([a-z-]+)"')
    asked = {name for path in UI.glob("*.py") for name in named.findall(path.read_text("utf-8"))}
    assert len(asked) > 5
    assert asked - drawn == set()


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_an_icon_keeps_inside_its_grid(qapp, path: Path):
    image = icons.pixmap(path.stem, 48, LIGHT.text).toImage()
    edge = [(i, j) for i in range(48) for j in (0, 47)] + [(j, i) for i in range(48) for j in (0, 47)]
    assert [at for at in edge if image.pixelColor(*at).alpha() > 60] == []


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_an_icon_can_be_seen_at_the_size_of_a_badge(qapp, path: Path):
    image = icons.pixmap(path.stem, 14, LIGHT.text).toImage()
    inked = [image.pixelColor(x, y).alpha() for x in range(14) for y in range(14)]
    assert sum(alpha > 120 for alpha in inked) >= 3


def test_an_unknown_icon_is_drawn_as_a_sheet_of_paper(qapp):
    assert icons.pixmap("no-such", 24, LIGHT.text).toImage() == icons.pixmap("record", 24, LIGHT.text).toImage()

"""Where one can go: the navigation's items and the pages by name. A further page is one line here.

Kinds say by their ``nav`` under which item they stand; an item that no kind and no page stands under is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.in_force import DECLARED, Kinds
from fulian_desktop.domain.kind import Kind
from fulian_desktop.domain.kinds import find_kind, restricted_kinds
from fulian_desktop.ui.desk import Desk

if TYPE_CHECKING:
    from fulian_desktop.ui.page import Page


@dataclass(frozen=True)
class NavItem:
    """An item of the navigation.

    Attributes:
        code: What kinds name as their ``nav``, or the name of the page it opens.
        label: The word.
        icon: The icon's name.
        place: The page it opens.
        below_line: Whether it stands below the line (work on everything, rather than records).
    """

    code: str
    label: str
    icon: str
    place: str
    below_line: bool = False


NAV = (
    NavItem("home", "首页", "home", "home"),
    NavItem("activity", "活动", "flag", "list"),
    NavItem("family", "家庭", "family", "list"),
    NavItem("care", "帮扶", "aid", "list"),
    NavItem("rights", "维权", "rights", "list"),
    NavItem("organisation", "组织", "organisation", "list"),
    NavItem("exchange", "上报与合并", "exchange", "exchange", below_line=True),
    NavItem("reports", "报表与打印", "print", "reports", below_line=True),
    NavItem("assessment", "考核", "assessment", "assessment", below_line=True),
    NavItem("settings", "设置", "settings", "settings", below_line=True),
)

_PAGES = {
    "home": ("home", "HomePage"),
    "list": ("listing", "ListPage"),
    "room": ("room", "RoomDoor"),
    "form": ("form", "FormPage"),
    "record": ("record_view", "RecordPage"),
    "sheet": ("sheet", "SheetPage"),
    "exchange": ("exchange", "ExchangePage"),
    "merge": ("merging", "MergePage"),
    "conflicts": ("conflicts", "ConflictsPage"),
    "duplicates": ("duplicates", "DuplicatesPage"),
    "roll-call": ("roll_call", "RollCallPage"),
    "reports": ("reports", "ReportsPage"),
    "preview": ("preview", "PreviewPage"),
    "assessment": ("assessment", "AssessmentPage"),
    "figures": ("figures", "FiguresPage"),
    "settings": ("settings", "SettingsPage"),
}
"""Name → module of this package and class, imported when first asked for."""

KEPT = {"home", "list", "exchange", "roll-call", "reports", "assessment", "settings"}
"""Pages that stay as they were left; the others are made anew each time."""


def kinds_under(nav: str, *, room: bool, kinds: Kinds = DECLARED) -> list[Kind]:
    """The kinds that stand under an item, in order; ``room``: those of the rights room too."""
    found = [*(restricted_kinds() if room else []), *kinds.all()]
    return sorted((kind for kind in found if kind.nav == nav), key=lambda kind: (kind.order, kind.code))


def room_navs() -> list[str]:
    """The items under which kinds of the rights room stand."""
    return sorted({kind.nav for kind in restricted_kinds()})


def is_behind_the_door(about: Mapping[str, Any]) -> bool:
    """Whether a list that is asked for lies in the rights room: the kind that is named, or the item's first."""
    nav, code = str(about.get("nav") or ""), str(about.get("kind") or "")
    kinds = kinds_under(nav, room=True)
    kind = next((one for one in kinds if one.code == code), kinds[0] if kinds else None)
    return kind is not None and kind.cls == "restricted"


def place_of(kind_code: str) -> str:
    """The page that a record of a kind opens in: one with stages shows where it stands, any other its form."""
    kind = find_kind(kind_code)
    return "record" if kind is not None and kind.stages else "form"


def make_page(desk: Desk, place: str) -> Page:
    """A page by its name; KeyError when there is none of that name."""
    module, name = _PAGES[place]
    made: Callable[[Desk], Page] = getattr(import_module(f"fulian_desktop.ui.{module}"), name)
    return made(desk)

"""The layouts: pages as data (PAPER §1, §6). A new document is a new list of zones here."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from fulian_desktop.printing.layout import Layout, Zone

HONOR_ROLL_LIST_A4 = Layout(
    210,
    297,
    (
        Zone("ornament", (11, 11, 188, 275), "frame.double"),
        Zone("ornament", (22.9, 42, 164.2, 20), "cloud.pair", pages="first"),
        Zone("text", (25, 27, 160, 0), "kicker", "issuer", "center", "first"),
        Zone("text", (52, 47, 106, 0), "display", "title", "center", "first"),
        Zone("ornament", (41, 61, 128, 10), "divider.ruyi", pages="first"),
        Zone("text", (25, 78, 160, 0), "campaign", "campaign", "center", "first"),
        Zone("runhead", (25, 25.5, 160, 0), "runhead", pages="later", options={"fields": ("title", "campaign")}),
        Zone("paras", (25, 0, 160, 0), "intro", "intro", options={"after": 4.0}),
        Zone(
            "groups",
            (25, 0, 160, 0),
            "",
            "groups",
            options={"fit": ("large", "medium", "village", "label", "dense")},
        ),
        Zone(
            "sign",
            (60, 258, 121, 0),
            "sign",
            pages="last",
            options={"fields": ("issuers", "date"), "date": "date", "drop": 9.2},
        ),
        Zone("pageno", (25, 277.5, 160, 0), "pageno", options={"pattern": "第 {number} 页 · 共 {count} 页"}),
    ),
    body=(25, 85.4, 160, 161.6),
    later=(25, 37.6, 160, 231),
)

CERTIFICATE_A4 = Layout(
    297,
    210,
    (
        Zone("ornament", (93.88, 59.38, 109.24, 109.24), "watermark", preprinted=True),
        Zone("ornament", (11, 11, 275, 188), "frame.fret", preprinted=True),
        Zone("text", (60, 46, 177, 0), "display.certificate", "=荣誉证书", "center", preprinted=True),
        Zone("ornament", (83.5, 57, 130, 10), "divider.ruyi", preprinted=True),
        Zone("call", (42, 84, 213, 0), "certificate.name", "call", options={"rest": "certificate.body"}),
        Zone("para", (42, 99.2, 213, 46), "certificate.body", "body", options={"ragged": True}),
        Zone(
            "sign",
            (42, 153, 215, 0),
            "certificate.sign",
            options={
                "fields": ("issuers", "date"),
                "date": "certificate.date",
                "abreast": True,
                "gap": 12.0,
                "drop": 11.5,
            },
        ),
        Zone("code", (42, 163, 15, 15), "", "code"),
        Zone("text", (42, 181.5, 100, 0), "serial", "serial"),
    ),
)

# name: width, height in mm
CERTIFICATE_PAPERS = MappingProxyType(
    {
        "A4-landscape": (297.0, 210.0),
        "16K": (260.0, 185.0),
        "16K-260x184": (260.0, 184.0),
        "16K-270x195": (270.0, 195.0),
        "16K-273x197": (273.0, 197.0),
    }
)

NOTICE_A4 = Layout(
    210,
    297,
    (
        Zone("title", (28, 0, 156, 0), "title", "title", options={"ornament": "rule.red", "after": 7.8}),
        Zone("paras", (28, 0, 156, 0), "notice.body", "paragraphs"),
        Zone("heading", (28, 0, 156, 0), "notice.body", "period"),
        Zone("heading", (28, 0, 156, 0), "notice.body", "list_head"),
        Zone(
            "table",
            (28, 0, 156, 0),
            "",
            "table",
            options={
                "ruled": False,
                "head": 7.55,
                "row": 7.15,
                "row_pad": 1.0,
                "sizes": {"cell": 12, "name": 12.5, "id": 10.2, "head": 11.5},
            },
        ),
        Zone("notes", (28, 0, 156, 0), "table.note", "notes", options={"after": 2.0}),
        Zone("heading", (28, 0, 156, 0), "notice.body", "objections_head"),
        Zone("paras", (28, 0, 156, 0), "notice.body", "objections"),
        Zone(
            "sign",
            (60, 252, 103, 0),
            "notice.sign",
            pages="last",
            options={"fields": ("issuers", "date"), "date": "notice.sign", "drop": 9.5, "follow": 11.5},
        ),
        Zone("pageno", (28, 278, 156, 0), "pageno.dash", options={"pattern": "— {number} —"}),
    ),
    body=(28, 36.2, 156, 225),
    later=(28, 36.2, 156, 225),
)

TABLE_A4_LANDSCAPE = Layout(
    297,
    210,
    (
        Zone("text", (20, 24, 257, 0), "title", "title", "center", "first"),
        Zone("text", (20, 36.5, 150, 0), "table.meta", "subtitle", "left", "first"),
        Zone("text", (177, 36.5, 100, 0), "table.meta", "aside", "right", "first"),
        Zone("table", (20, 0, 257, 0), "", "table"),
        Zone("notes", (20, 0, 257, 0), "table.note", "notes"),
        Zone("signatures", (20, 0, 257, 0), "table.meta", "signatures"),
        Zone("pageno", (20, 200.5, 257, 0), "pageno.dash", options={"pattern": "— {number} —", "always": True}),
    ),
    body=(20, 41, 257, 152),
    later=(20, 20, 257, 173),
)

TABLE_A4_PORTRAIT = Layout(
    210,
    297,
    (
        Zone("text", (20, 27, 170, 0), "title", "title", "center", "first"),
        Zone("text", (20, 39.5, 100, 0), "table.meta", "subtitle", "left", "first"),
        Zone("text", (125, 39.5, 65, 0), "table.meta", "aside", "right", "first"),
        Zone("table", (20, 0, 170, 0), "", "table", options={"row": 8.05, "head": 8.6}),
        Zone("notes", (20, 0, 170, 0), "table.note", "notes"),
        Zone("signatures", (20, 0, 170, 0), "table.meta", "signatures"),
        Zone("pageno", (20, 284, 170, 0), "pageno.dash", options={"pattern": "— {number} —", "always": True}),
    ),
    body=(20, 44, 170, 232),
    later=(20, 22, 170, 254),
)

# Several tables under one title: what is one table above is a run of them here.
TABLES_A4_LANDSCAPE, TABLES_A4_PORTRAIT = (
    replace(
        layout,
        zones=tuple(
            replace(zone, type="sections", field="sections") if zone.type == "table" else zone
            for zone in layout.zones
            if zone.type not in ("notes", "signatures")
        ),
    )
    for layout in (TABLE_A4_LANDSCAPE, TABLE_A4_PORTRAIT)
)

STATISTICS_A4 = Layout(
    210,
    297,
    (
        Zone("text", (27, 33, 156, 0), "title", "issuer", "center", "first"),
        Zone("text", (27, 44.6, 156, 0), "title", "title", "center", "first"),
        Zone("text", (27, 57.4, 90, 0), "table.meta", "period", "left", "first"),
        Zone("text", (117, 57.4, 66, 0), "table.meta", "made", "right", "first"),
        Zone("text", (27, 19.2, 156, 0), "runhead.right", "running", "left", "later"),
        Zone("ornament", (27, 22.6, 156, 0), "rule.hair", pages="later"),
        Zone("kpis", (27, 0, 156, 0), "", "kpis"),
        Zone("indicators", (27, 0, 156, 0), "", "lines"),
        Zone("notes", (27, 0, 156, 0), "table.note", "notes", options={"after": 2.0}),
        Zone("essay", (27, 0, 156, 0), "", "essay", options={"before": 4.0}),
        Zone("signed", (27, 0, 156, 0), "", "signed"),
        Zone("charts", (27, 0, 156, 0), "", "charts", options={"bars": 76.0, "lines": 80.0}),
        Zone("sections", (27, 0, 156, 0), "", "sections", options={"row": 6.6, "head": 7.7, "row_pad": 1.6}),
        Zone("pageno", (27, 281.5, 156, 0), "pageno.dash", options={"pattern": "— {number} —", "always": True}),
    ),
    body=(27, 63, 156, 208),
    later=(27, 27, 156, 244),
)

HAND_OVER_A4 = Layout(
    210,
    297,
    (
        Zone("text", (20, 27, 170, 0), "title", "title", "center", "first"),
        Zone("text", (20, 39.5, 100, 0), "table.meta", "words", "left", "first"),
        Zone("text", (125, 39.5, 65, 0), "table.meta", "date", "right", "first"),
        Zone("facts", (20, 0, 170, 0), "", "facts", options={"after": 6.0}),
        Zone("table", (20, 0, 170, 0), "", "table", options={"row": 8.05, "head": 8.6}),
        Zone("notes", (20, 0, 170, 0), "slip.note", "notes", options={"before": 3.0, "after": 2.0}),
        Zone("parties", (20, 0, 170, 50), "", "parties", options={"before": 6.0}),
        Zone("pageno", (20, 284, 170, 0), "pageno.dash", options={"pattern": "— {number} —"}),
    ),
    body=(20, 44, 170, 232),
    later=(20, 22, 170, 254),
)

_LENGTHS = ("gap", "drop", "follow")


def certificate_layout(paper: str) -> Layout:
    """Return the certificate for a paper: the A4 page scaled, its frame no nearer than 10 mm to the edge."""
    width, height = CERTIFICATE_PAPERS[paper]
    base = CERTIFICATE_A4
    if (width, height) == (base.width, base.height):
        return base
    factor = min(width / base.width, height / base.height)
    dx, dy = (width - base.width * factor) / 2, (height - base.height * factor) / 2
    zones = []
    for zone in base.zones:
        x, y, w, h = (part * factor for part in zone.box)
        box = (x + dx, y + dy, w, h)
        if zone.style == "frame.fret":
            box = (10.4, 10.4, width - 20.8, height - 20.8)
        options = {key: part * factor if key in _LENGTHS else part for key, part in zone.options.items()}
        zones.append(replace(zone, box=box, options=options))
    return replace(base, width=width, height=height, zones=tuple(zones), factor=factor)


def without_preprinted(layout: Layout) -> Layout:
    """Return the layout without what stands already on bought forms (套打)."""
    return replace(layout, zones=tuple(zone for zone in layout.zones if not zone.preprinted))

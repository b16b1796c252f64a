"""Tokens, fonts, icons: readable in light and dark, and all there."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from PySide6.QtGui import QFontMetrics, QRawFont
from PySide6.QtWidgets import QCheckBox, QFrame

from fulian_desktop.domain.kinds import all_kinds
from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.resources import resource
from fulian_desktop.services.typefaces import window_fonts
from fulian_desktop.ui import fonts, icons
from fulian_desktop.ui.theme import Theme, set_role
from fulian_desktop.ui.tokens import DARK, LIGHT, Tokens


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
def test_every_token_is_a_colour(tokens: Tokens):
    assert all(re.fullmatch("#[0-9A-F]{6}", getattr(tokens, field.name)) for field in fields(tokens))


@pytest.mark.parametrize("tokens", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("word", "ground", "least"),
    [
        ("text", "surface", 7.0),
        ("text", "bg", 7.0),
        ("text2", "surface", 7.0),
        ("text2", "nav", 6.5),
        ("text2", "soft", 6.5),
        ("text3", "surface", 4.5),
        ("text3", "bg", 4.5),
        ("accent", "surface", 4.5),
        ("accent", "soft", 4.5),
        ("on_fill", "fill", 4.5),
        ("on_fill", "fill_hover", 4.5),
        ("error", "surface", 4.5),
        ("error", "error_soft", 4.5),
        ("ok", "ok_soft", 4.5),
        ("warn", "warn_soft", 4.5),
        ("info", "info_soft", 4.5),
        ("conflict", "conflict_soft", 4.5),
        ("text", "mark", 4.5),
        ("edge", "surface", 3.0),
        ("edge", "bg", 3.0),
        ("focus", "bg", 3.0),
    ],
)
def test_each_word_can_be_read_on_its_ground(tokens: Tokens, word: str, ground: str, least: float):
    assert ratio(getattr(tokens, word), getattr(tokens, ground)) >= least


def test_the_shipped_face_is_the_one_that_draws(qapp, theme: Theme):
    assert fonts.FAMILY in fonts.load_fonts(window_fonts)
    drawn = QRawFont.fromFont(theme.font())
    assert drawn.familyName() == fonts.FAMILY
    assert all(drawn.supportsCharacter(ord(ch)) for ch in "妇联光荣榜，。：“”（）1234")
    assert QFontMetrics(theme.font()).horizontalAdvance("妇") > 8


@pytest.mark.parametrize("problem", [MachineProblem("缺少“fonts”。", "resource-missing"), Damaged("字体文件“hei”已损坏。")])
def test_without_sound_fonts_the_system_draws(qapp, caplog, problem):
    def missing():
        raise problem

    assert fonts.load_fonts(missing) == []
    assert problem.text in caplog.text


def test_every_kind_has_its_own_icon():
    drawn = {path.stem for path in resource("icons").glob("*.svg")}
    assert {kind.icon for kind in all_kinds()} - drawn == set()


@pytest.mark.parametrize("path", sorted(resource("icons").glob("*.svg")), ids=lambda path: path.stem)
def test_every_icon_draws_something_in_the_colour_asked_for(qapp, path):
    image = icons.pixmap(path.stem, 24, LIGHT.ok).toImage()
    inked = [image.pixelColor(x, y) for x in range(24) for y in range(24)]
    assert any(colour.alpha() > 200 for colour in inked)
    if path.stem != "app":
        strongest = max(inked, key=lambda colour: colour.alpha())
        assert strongest.name().upper() == LIGHT.ok


def test_changing_to_dark_repaints_from_the_dark_table(qapp, qtbot, theme: Theme):
    with qtbot.waitSignal(theme.changed):
        theme.set_dark(qapp, True)
    assert theme.tokens is DARK
    assert qapp.palette().window().color().name().upper() == DARK.bg
    theme.set_dark(qapp, False)
    assert qapp.palette().window().color().name().upper() == LIGHT.bg


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 1.75])
def test_lengths_and_type_grow_with_the_scale(qapp, scale: float):
    theme = Theme(scale=scale)
    assert theme.px(36) == round(36 * scale)
    assert theme.font().pointSizeF() == pytest.approx(11 * scale)
    assert theme.font(21, bold=True).pointSizeF() == pytest.approx(21 * scale)


@pytest.mark.parametrize("dark", [False, True])
def test_an_unticked_box_is_seen_on_a_card(qtbot, qapp, theme, dark: bool):
    try:
        theme.set_dark(qapp, dark)
        card = QFrame()
        set_role(card, "card")
        box = QCheckBox("套打", card)
        card.resize(200, 60)
        box.move(20, 20)
        qtbot.addWidget(card)
        card.show()
        picture = card.grab().toImage()
        seen = {picture.pixelColor(x, box.y() + box.height() // 2).name() for x in range(box.x(), box.x() + 8)}
        assert max(ratio(colour, theme.tokens.surface) for colour in seen) >= 3.0
    finally:
        theme.set_dark(qapp, False)

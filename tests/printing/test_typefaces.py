"""Typefaces: files, coverage, who stands in for whom."""

from __future__ import annotations

import hashlib
import json
import shutil

import pytest

from fulian_desktop.errors import Damaged, MachineProblem
from fulian_desktop.printing import fonts
from fulian_desktop.resources import resource

# GB 18030-2022, implementation level 3: its Han characters by block, 87,887 in all.
LEVEL_3 = (
    (0x4E00, 0x9FEF),
    (0x3400, 0x4DB5),
    (0x20000, 0x2A6D6),
    (0x2A700, 0x2B734),
    (0x2B740, 0x2B81D),
    (0x2B820, 0x2CEA1),
    (0x2CEB0, 0x2EBE0),
)
COMPATIBILITY = (0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F, 0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29)


def level_3() -> str:
    return "".join(chr(code) for low, high in LEVEL_3 for code in range(low, high + 1)) + "".join(map(chr, COMPATIBILITY))


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("FULIAN_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "fonts"


@pytest.mark.parametrize(("text", "words"), [
    ("三八节\U0001f339", "三八节〔表情〕"), ("\U0001f339\U0001f339好\U0001f44d\U0001f3fd", "〔表情〕好〔表情〕"),
    ("王㛃", "王㛃"), ("\u2764\ufe0f", "\u2764" if fonts.missing_characters(["\u2764"]) == {} else "〔表情〕"),
    ("王\U000323AF", "王〔字 U+323AF〕"),
])
def test_what_no_typeface_has_is_put_into_words(text, words):
    assert fonts.spell_out(text) == words
    assert fonts.missing_characters([fonts.spell_out(text)]) == {}


def test_every_han_character_of_gb_18030_2022_level_3_prints():
    characters = level_3()
    assert len(characters) == 87_887
    assert fonts.missing_characters([characters]) == {}


@pytest.mark.parametrize("name", ["hei-400", "hei-700", "song-400", "song-700"])
def test_every_stack_covers_the_whole_standard(name):
    assert fonts.stack_for(name, "").has_all(level_3())


def test_a_character_beyond_all_typefaces_is_named_with_the_text_it_stands_in():
    assert fonts.missing_characters(["王建国", "李\U000e0fff", "ᠮᠣ"]) == {
        "\U000e0fff": ["李\U000e0fff"],
        "ᠮ": ["ᠮᠣ"],
        "ᠣ": ["ᠮᠣ"],
    }


def test_the_refusal_names_character_code_point_and_text():
    with pytest.raises(fonts.MissingGlyphs) as caught:
        fonts.require_glyphs(["王建国", "阿ᠮ"])
    assert caught.value.missing == {"ᠮ": ["阿ᠮ"]}
    assert "U+182E" in caught.value.text
    assert "阿ᠮ" in caught.value.text


@pytest.mark.parametrize(
    ("stack", "ch", "face"),
    [
        ("song-700", "王", "song-700"),
        ("song-700", "𡛕", "rare-400"),
        ("hei-400", "鿰", "song-400"),
        ("hei-700", "𬱖", "hei-700"),
        ("kai-400", "“", "song-400"),
        ("kai-400", "王", "kai-400"),
    ],
)
def test_each_character_comes_from_the_first_face_that_has_it(stack, ch, face):
    assert fonts.stack_for(stack, ch)[ch].face == face


@pytest.mark.parametrize(
    ("asked", "text", "used"),
    [
        ("kai-400", "王建国", "kai-400"),
        ("kai-400", "张𡛕", "song-400"),
        ("song-900", "光荣榜", "song-900"),
        ("song-900", "荣誉证书", "song-900"),
        ("song-900", "龙虎榜", "song-700"),
    ],
)
def test_kai_and_the_title_face_are_all_or_nothing(asked, text, used):
    assert fonts.stack_for(asked, text).name == used


@pytest.mark.parametrize(
    ("typed", "drawn"),
    [
        ("王\u200b建\ufeff国", "王建国"),
        ("王\u202e建国", "王建国"),
        ("葛\U000e0101城", "葛城"),
        ("第一行\n第二行\t末", "第一行 第二行 末"),
        ("<b>&amp;=1+1", "<b>&amp;=1+1"),
        ("a\x00b", "ab"),
    ],
)
def test_what_shows_nothing_is_not_drawn(typed, drawn):
    assert fonts.clean(typed) == drawn


def test_a_face_is_unpacked_once_and_is_what_the_manifest_says(empty_cache):
    path = fonts.font_file("song-900")
    entry = next(e for e in json.loads(resource("fonts/manifest.json").read_text("utf-8"))["faces"] if e["face"] == "song-900")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"]
    before = path.stat().st_mtime_ns
    assert fonts.font_file("song-900") == path
    assert path.stat().st_mtime_ns == before
    assert [item.name for item in empty_cache.iterdir()] == [path.name]


def test_a_damaged_file_in_the_cache_is_replaced(empty_cache):
    path = fonts.font_file("song-900")
    sound = path.read_bytes()
    path.write_bytes(b"\0" * len(sound))
    assert fonts.font_file("song-900").read_bytes() == sound


def test_without_a_writable_cache_a_face_is_unpacked_in_memory(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("FULIAN_CACHE", str(blocked))
    with pytest.raises(MachineProblem) as caught:
        fonts.font_file("song-900")
    assert caught.value.code == "font-cache"
    assert len(fonts.font_bytes("song-900")) > 10_000


@pytest.mark.parametrize("damage", ["flip", "cut", "empty"])
def test_a_damaged_shipped_file_is_refused(tmp_path, monkeypatch, empty_cache, damage):
    copy = tmp_path / "resources" / "fonts"
    copy.mkdir(parents=True)
    shutil.copy(resource("fonts/manifest.json"), copy)
    packed = copy / "NotoSerifSC-Black-titles.ttf.xz"
    data = bytearray(resource("fonts/NotoSerifSC-Black-titles.ttf.xz").read_bytes())
    if damage == "flip":
        data[5000] ^= 1
    packed.write_bytes({"flip": bytes(data), "cut": bytes(data[:9000]), "empty": b""}[damage])
    monkeypatch.setenv("FULIAN_RESOURCES", str(tmp_path / "resources"))
    with pytest.raises(Damaged):
        fonts.font_bytes("song-900")


def test_all_typefaces_together_stay_within_the_bounds_of_the_repository():
    folder = resource("fonts")
    assert sum(path.stat().st_size for path in folder.iterdir()) < 60_000_000
    shipped = {path.name for path in folder.iterdir()}
    assert {"NotoSansSC-OFL.txt", "NotoSerifSC-OFL.txt", "LXGWWenKai-copyright.txt", "HanaMinB-copyright.txt"} <= shipped

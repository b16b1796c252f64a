"""Photos taken in, attached, carried between offices, asked for again, and kept from those they are not for."""

from __future__ import annotations

import hashlib
import io
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.Image import Exif
from tests.builders import COUNTY, SIBLING, TOWN, VILLAGE, added
from tests.e2e.builders import Country, a_country, a_county, digest, opened, packed_segments, shown
from tests.faults.disk import FULL, Disk, error, failing

from fulian_desktop.errors import InputProblem, MachineProblem, NotAllowed, NotFound
from fulian_desktop.exchange import sealed
from fulian_desktop.services import exchanging, photos
from fulian_desktop.services.office import Office
from fulian_desktop.services.photos import attach, is_kept_form, look, made_anew, take_in
from fulian_desktop.services.records import delete_records, edit_record
from fulian_desktop.services.upkeep import check
from fulian_desktop.store import photos as store

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 60), (40, 60, 200), (255, 255, 255)


def a_picture(colour: Any = RED, size: tuple[int, int] = (60, 40), form: str = "JPEG", mode: str = "RGB", **more: Any) -> bytes:
    """The bytes of a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form, **more)
    return out.getvalue()


def corners(size: tuple[int, int] = (400, 200)) -> Image.Image:
    """A picture whose upper left quarter is red, upper right green, lower left blue, lower right white."""
    image = Image.new("RGB", size, WHITE)
    w, h = size[0] // 2, size[1] // 2
    for colour, place in ((RED, (0, 0)), (GREEN, (w, 0)), (BLUE, (0, h))):
        image.paste(colour, (*place, place[0] + w, place[1] + h))
    return image


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def near(image: Image.Image, at: tuple[float, float], colour: tuple[int, ...]) -> bool:
    """Whether a picture has about this colour at a place given as parts of its width and height."""
    seen = image.getpixel((int(image.width * at[0]), int(image.height * at[1])))
    assert isinstance(seen, tuple)
    return all(abs(a - b) < 24 for a, b in zip(seen, colour, strict=True))


def hashes(office: Office, record: str) -> list[str]:
    return [row["hash"] for row in shown(office, record)["values"].get("photos", [])]


# --- taking in ------------------------------------------------------------------------------------------------


def test_a_large_picture_is_made_2048_pixels_wide_and_a_small_one_is_left_at_its_size():
    assert read(made_anew(a_picture(size=(4000, 3000)))).size == (2048, 1536)
    assert read(made_anew(a_picture(size=(3000, 4000)))).size == (1536, 2048)
    assert read(made_anew(a_picture(size=(60, 40)))).size == (60, 40)
    assert read(made_anew(a_picture(size=(30_000, 10)))).size == (2048, 1)


def test_place_time_and_telephone_are_gone_from_the_file():
    exif = Exif()
    exif[0x010F] = "HUAWEI"
    exif[0x9003] = "2024:03:08 09:30:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 41.0, 3.5), 3: "E", 4: (112.0, 44.0, 9.9)})
    told = a_picture(exif=exif, comment=b"by WeChat", xmp=b"<x:xmpmeta>secret place</x:xmpmeta>", dpi=(300, 300))
    for word in (b"HUAWEI", b"2024:03", b"by WeChat", b"secret place"):
        assert word in told
    kept = made_anew(told)
    image = read(kept)
    assert dict(image.getexif()) == {}
    assert image.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for word in (b"Exif", b"HUAWEI", b"2024:03", b"by WeChat", b"secret place", b"xmp"):
        assert word not in kept




@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_a_picture_is_turned_upright(orientation: int, form: str):
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Transpose that lays the upright picture as the camera had it
    image = corners()
    if orientation in undo:
        image = image.transpose(Image.Transpose(undo[orientation]))
    exif = Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, form, exif=exif)
    upright = read(made_anew(out.getvalue()))
    assert upright.size == (400, 200)
    for at, colour in (((0.25, 0.25), RED), ((0.75, 0.25), GREEN), ((0.25, 0.75), BLUE), ((0.75, 0.75), WHITE)):
        assert near(upright, at, colour), (orientation, form, at)


@pytest.mark.parametrize("size", [(60, 40), (3000, 2000)])
@pytest.mark.parametrize(("data", "colour"), [
    (lambda size: a_picture((0, 200, 200, 20), size, mode="CMYK"), (235, 51, 51)),
    (lambda size: a_picture((0, 200, 200, 20), size, "TIFF", mode="CMYK"), (235, 51, 51)),
    (lambda size: a_picture(RED, size, "PNG"), RED),
    (lambda size: a_picture((*RED, 0), size, "PNG", mode="RGBA"), WHITE),
    (lambda size: a_picture((*RED, 255), size, "PNG", mode="RGBA"), RED),
    (lambda size: a_picture((200, 0), size, "PNG", mode="LA"), WHITE),
    (lambda size: a_picture(128, size, "PNG", mode="L"), (128,) * 3),
    (lambda size: a_picture(32_896, size, "PNG", mode="I;16"), (128,) * 3),
    (lambda size: a_picture(0, size, "PNG", mode="1"), (0,) * 3),
    (lambda size: a_picture(RED, size, "PNG", mode="P"), RED),
    (lambda size: a_picture(RED, size, "GIF"), RED),
    (lambda size: a_picture(7, size, "GIF", mode="P", transparency=7), WHITE),
    (lambda size: a_picture(RED, size, "BMP"), RED),
    (lambda size: a_picture((*RED, 0), size, "WEBP", mode="RGBA"), WHITE),
    (lambda size: a_picture(RED, size, "MPO"), RED),
    (lambda size: a_picture(128, size, mode="L"), (128,) * 3),
], ids=["CMYK", "CMYK TIFF", "PNG", "clear", "opaque", "clear grey", "grey PNG", "16 bits", "black and white", "palette", "GIF",
        "clear GIF", "BMP", "clear WebP", "MPO", "grey"])
def test_whatever_the_colours_were_the_photo_is_rgb_on_white(data: Any, colour: tuple[int, ...], size: tuple[int, int]):
    image = read(made_anew(data(size)))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    assert near(image, (0.5, 0.5), colour), image.getpixel((9, 9))


def test_colours_follow_the_profile_in_the_file_and_a_broken_profile_does_no_harm():
    """The profile says that what the file calls red is green and the other way round."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profile = plain.replace(b"rXYZ", b"....").replace(b"gXYZ", b"rXYZ").replace(b"....", b"gXYZ")
    assert near(read(made_anew(a_picture(icc_profile=plain))), (0.5, 0.5), RED)
    assert near(read(made_anew(a_picture(icc_profile=profile))), (0.5, 0.5), (30, 200, 30))
    assert near(read(made_anew(a_picture(icc_profile=b"no profile at all"))), (0.5, 0.5), RED)
    assert b"ICC_PROFILE" not in made_anew(a_picture(icc_profile=profile))


def test_the_same_file_makes_the_same_bytes():
    data = a_picture(size=(3000, 2000))
    assert made_anew(data) == made_anew(data)


def _mended(data: bytes, at: int, to: bytes) -> bytes:
    return data[:at] + to + data[at + len(to) :]


def a_claim(side: int) -> bytes:
    """A JPEG of ten pixels whose header says that each side has so many."""
    data = a_picture(size=(10, 10))
    return _mended(data, data.index(b"\xff\xc0") + 5, side.to_bytes(2, "big") * 2)


def in_passes(size: tuple[int, int]) -> bytes:
    """A JPEG of one colour that is drawn in passes, each over the whole picture."""
    out = io.BytesIO()
    Image.new("L", size, 90).save(out, "JPEG", progressive=True)
    return out.getvalue()


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(200)


@pytest.mark.parametrize(("data", "code", "said"), [
    (HEIC, "photo-heic", "苹果手机.*下一步.*JPG"),
    (HEIC.replace(b"ftypheic", b"ftypmif1"), "photo-heic", "HEIC"),
    ("活动总结.txt 不是照片".encode(), "photo-form", "不是照片.*请选"),
    (b"", "photo-form", "不是照片"),
    (b"%PDF-1.7 ...", "photo-form", "不是照片"),
    (b"\xff\xd8\xff\xe0", "photo-form|photo-broken", "没有收"),
    (a_picture(size=(900, 900))[:3000], "photo-broken", "坏了.*再拷"),
    (a_picture(size=(900, 900), form="PNG")[:500], "photo-broken", "坏了"),
    (_mended(a_picture(form="PNG"), 60, b"\xff\xff\xff\xff"), "photo-broken", "坏了"),
    (a_picture(0, (12_000, 11_000), "PNG", "1"), "photo-too-large", "像素太多.*下一步"),
    (a_picture(0, (50_000, 50_000), "PNG", "1"), "photo-too-large", "像素太多"),
    (a_picture(0, (8_000, 7_000), "PNG", "1"), "photo-too-large", "像素太多"),
    (in_passes((7_000, 6_000)), "photo-too-large", "像素太多.*下一步"),
    (a_claim(10_000), "photo-broken", "坏了.*再拷"),
    (a_claim(900), "photo-broken", "坏了"),
    (a_claim(65_000), "photo-too-large", "像素太多"),
], ids=["HEIC", "HEIF", "text", "empty", "PDF", "only a head", "cut JPEG", "cut PNG", "spoilt PNG", "132 megapixels",
        "2500 megapixels", "56 megapixels that are no JPEG",
        "42 megapixels in passes", "a tiny JPEG that claims 100 megapixels", "a tiny JPEG that claims one",
        "a tiny JPEG that claims 4000 megapixels"])
def test_what_is_no_photo_or_too_much_is_refused_with_a_sentence(data: bytes, code: str, said: str):
    with pytest.raises(InputProblem, match=said) as refused:
        made_anew(data)
    assert refused.value.code in code.split("|")


@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_photo_that_says_as_little_as_a_jpeg_can_is_still_taken(mode: str):
    """One colour all over: the smallest file that such a picture can have is twice the bound."""
    out = io.BytesIO()
    Image.new(mode, (3_000, 2_000), 0).save(out, "JPEG", optimize=True, quality=1)
    assert read(made_anew(out.getvalue())).size == (2048, 1365)


_MEASURE = """
import re, sys
from pathlib import Path
from fulian_desktop.services.photos import made_anew

def peak():  # of this program alone: what getrusage says begins with its parent's
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

made_anew(Path(sys.argv[2]).read_bytes())
before = peak()
try:
    print(len(made_anew(Path(sys.argv[1]).read_bytes())))
except Exception as refused:
    print(refused.code)
print((peak() - before) // 1024)
"""


@pytest.mark.parametrize(("size", "megabytes"), [((10_000, 10_000), 90), ((12_000, 10_100), 20)])
def test_a_hundred_megapixels_are_taken_or_refused_within_bounded_memory(tmp_path: Path, size: tuple[int, int], megabytes: int):
    """FAULTS 71: decoded whole, they would be 100 MB (300 in colour)."""
    (tmp_path / "large.jpg").write_bytes(a_picture(90, size, mode="L"))
    (tmp_path / "small.jpg").write_bytes(a_picture())
    run = subprocess.run([sys.executable, "-c", _MEASURE, tmp_path / "large.jpg", tmp_path / "small.jpg"],
                         capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)})
    assert run.returncode == 0, run.stderr
    said, grown = run.stdout.split()
    assert said == "photo-too-large" if size[0] * size[1] > photos.MAX_PIXELS else int(said) > 10_000
    assert int(grown) < megabytes


def test_a_file_beyond_the_bound_is_not_read_whole(country: Country, tmp_path: Path):
    with (tmp_path / "film.jpg").open("wb") as file:
        file.truncate(photos.MAX_FILE + 1)
    with pytest.raises(InputProblem, match="128 MB"):
        take_in(country[VILLAGE], tmp_path / "film.jpg")


@pytest.mark.parametrize(("name", "said"), [("none.jpg", "找不到"), ("folder", "文件夹")])
def test_what_is_no_file_is_said(country: Country, tmp_path: Path, name: str, said: str):
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputProblem, match=said):
        take_in(country[VILLAGE], tmp_path / name)


def test_the_same_photo_twice_is_stored_once(country: Country, tmp_path: Path):
    village = country[VILLAGE]
    (tmp_path / "a.jpg").write_bytes(a_picture())
    first = take_in(village, tmp_path / "a.jpg")
    assert take_in(village, a_picture()) == first
    assert store.count(village.workspace) == 1
    assert first == hashlib.sha256(look(village, first)).hexdigest()


@pytest.mark.parametrize(("data", "good"), [
    (made_anew(a_picture(size=(5000, 100))), True), (a_picture(size=(2049, 10)), False), (a_picture(form="PNG"), False),
    (b"\xff\xd8\xff not a picture", False), (a_picture(0, (50_000, 50_000), "PNG", "1"), False),
    (made_anew(a_picture()) + bytes(photos.MAX_PHOTO), False),
])
def test_a_photo_from_outside_has_the_form_that_this_program_writes(data: bytes, good: bool):
    assert is_kept_form(data) is good


# --- at a record ----------------------------------------------------------------------------------------------


def test_photos_are_attached_in_order_with_their_captions_as_one_act_each(country: Country):
    village = country[VILLAGE]
    record = added(village, "activity").id
    first, one = attach(village, record, a_picture(RED), "会场")
    _, two = attach(village, record, a_picture(GREEN))
    assert first.act
    rows = sorted(shown(village, record)["values"]["photos"], key=lambda row: row["order"])
    assert [(r["hash"], r.get("caption"), r["order"]) for r in rows] == [(one, "会场", 0), (two, None, 1)]


def test_a_photo_that_the_record_has_already_gets_the_caption_and_no_second_row(country: Country):
    village = country[VILLAGE]
    record = added(village, "activity").id
    _, one = attach(village, record, a_picture())
    again, same = attach(village, record, a_picture())
    assert (again.act, same) == ("", one)
    attach(village, record, a_picture(), "合影")
    (row,) = shown(village, record)["values"]["photos"]
    assert (row["hash"], row["caption"]) == (one, "合影")


def test_the_forty_first_photo_is_refused_and_the_forty_stay(country: Country):
    village = country[VILLAGE]
    record = added(village, "activity", photos=[{"hash": f"{n:064x}", "order": n} for n in range(40)]).id
    with pytest.raises(InputProblem, match="最多放 40 张"):
        attach(village, record, a_picture())
    assert len(hashes(village, record)) == 40


def test_a_photo_is_attached_only_where_the_office_may_write_and_the_record_is_there(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    with pytest.raises(NotFound):
        attach(village, "0" * 32, a_picture())
    from tests.e2e.builders import a_campaign

    campaign = a_campaign(town)
    country.carry(town, village)
    with pytest.raises(NotAllowed):
        attach(village, campaign, a_picture())
    record = added(village, "activity").id
    delete_records(village, [record])
    with pytest.raises(InputProblem, match="已经删除"):
        attach(village, record, a_picture())


def test_a_photo_that_has_not_come_is_said_with_what_to_do(country: Country):
    with pytest.raises(NotFound, match=r"还没有收到.*下一步"):
        look(country[VILLAGE], "a" * 64)
    with pytest.raises(InputProblem, match="64 位"):
        look(country[VILLAGE], "../../etc")


def test_the_command_line_adds_a_photo_and_gives_it_back(fulian: Any, country: Country, tmp_path: Path):
    folder = country[VILLAGE].workspace.folder
    record = added(country[VILLAGE], "activity").id
    (tmp_path / "a.png").write_bytes(a_picture(GREEN, form="PNG"))
    done = fulian("add-photo", folder, record, tmp_path / "a.png", "--caption", "会场")
    assert done.keys() == {"id", "act", "hash", "problems"}
    assert fulian("show", folder, record)["values"]["photos"][0]["caption"] == "会场"
    written = fulian("photo", folder, done["hash"], "-o", tmp_path / "b.jpg")
    assert written["bytes"] == (tmp_path / "b.jpg").stat().st_size
    assert near(read((tmp_path / "b.jpg").read_bytes()), (0.5, 0.5), GREEN)
    assert fulian("photo", folder, "b" * 64, "-o", tmp_path / "c.jpg", code=1)["error"]["code"] == "photo-missing"
    (tmp_path / "t.txt").write_text("不是照片", "utf-8")
    assert fulian("add-photo", folder, record, tmp_path / "t.txt", code=1)["error"]["code"] == "photo-form"


# --- travelling -----------------------------------------------------------------------------------------------


def test_a_photo_travels_from_the_village_to_the_township_to_the_county(country: Country):
    village, town, county = country[VILLAGE], country[TOWN], a_county(country)
    record = added(village, "activity").id
    _, photo = attach(village, record, a_picture(), "会场")
    report = country.carry(village, town)
    (line,) = report["packages"]
    assert (line["photos"], line["photos_missing"]) == (1, 0)
    assert (report["total"]["photos"], report["total"]["photos_missing"]) == (1, 0)
    assert "missing_photos" not in report
    assert exchanging.imports(town)[0]["photos"] == 1
    assert country.carry(town, county)["packages"][0]["photos"] == 1
    assert look(county, photo) == look(village, photo)
    assert digest(county, VILLAGE) == digest(village, VILLAGE)


def test_photos_go_once_and_again_only_while_the_receiver_is_not_known_to_hold_the_change(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    attach(village, added(village, "activity").id, a_picture())
    assert exchanging.export_package(village, "up", country.stick())[0]["photos"] == 1
    country.carry(village, town)  # the first stick was lost
    country.carry(town, village)
    assert "photos" not in exchanging.export_package(village, "up", country.stick())[0]
    assert exchanging.export_package(village, "up", country.stick(), full=True)[0]["photos"] == 1


def _lose_photos(office: Office) -> None:
    store.photos_path(office.workspace).unlink()


def test_a_missing_photo_is_named_asked_for_again_and_sent(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    _, photo = attach(village, record, a_picture())
    country.carry(village, town)
    _lose_photos(town)
    assert check(town)["missing_photos"] == [{"record": record, "hash": photo}]
    assert opened(village, country.packed(town, VILLAGE)).contents.missing == (photo,)
    country.carry(town, village)
    sent = exchanging.export_package(village, "up", country.stick())[0]
    assert (sent["changes"], sent["photos"]) == (0, 1)
    report = country.carry(village, town)
    assert (report["total"]["photos"], report["total"]["photos_missing"]) == (1, 0)
    assert look(town, photo) == look(village, photo)
    country.carry(town, village)  # says that nothing is missing any more
    assert "photos" not in exchanging.export_package(village, "up", country.stick())[0]


def test_what_the_village_lost_comes_back_from_the_township(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    _, photo = attach(village, added(village, "activity").id, a_picture())
    country.carry(village, town)
    _lose_photos(village)
    country.carry(village, town)
    country.carry(town, village)
    assert look(village, photo)


def test_a_record_whose_photo_did_not_come_is_named_in_the_report(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    _, photo = attach(village, record, a_picture())
    _lose_photos(village)
    report = country.carry(village, town)
    assert report["missing_photos"] == [{"record": record, "hash": photo}]
    assert (report["packages"][0]["photos"], report["packages"][0]["photos_missing"]) == (0, 1)


def test_a_photo_that_was_taken_off_again_does_not_travel(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    attach(village, record, a_picture())
    edit_record(village, record, {"photos": []})
    assert "photos" not in country.carry(village, town)["total"]
    assert store.count(town.workspace) == 0


def test_a_village_gets_no_byte_of_another_villages_photo_even_when_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        village, sibling, town = country[VILLAGE], country[SIBLING], country[TOWN]
        _, private = attach(village, added(village, "activity").id, a_picture())
        country.carry(village, town)
        country.carry(town, sibling)
        monkeypatch.setattr(photos.Album, "missing", lambda *_: (private,))
        country.carry(sibling, town)
        monkeypatch.undo()
        package = opened(sibling, country.packed(town, SIBLING, full=True))
        assert package.photos == ()
        assert private not in str(package.contents)
        with pytest.raises(NotFound):
            look(sibling, private)
        country.carry(town, sibling, full=True)
        assert store.count(sibling.workspace) == 0


def test_each_village_is_asked_for_its_own_missing_photos_only(tmp_path: Path):
    with a_country(tmp_path, VILLAGE, SIBLING) as country:
        village, sibling, town = country[VILLAGE], country[SIBLING], country[TOWN]
        _, photo = attach(village, added(village, "activity").id, a_picture())
        country.carry(village, town)
        _lose_photos(town)
        assert opened(sibling, country.packed(town, SIBLING)).contents.missing == ()
        assert opened(village, country.packed(town, VILLAGE)).contents.missing == (photo,)


def test_a_photo_that_no_record_names_is_not_kept(country: Country, monkeypatch: pytest.MonkeyPatch):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    stray = made_anew(a_picture(BLUE))
    monkeypatch.setattr(photos.Album, "choose", lambda *_: photos.Chosen([stray], [store.photo_hash(stray)], []))
    path = country.packed(village, TOWN)
    monkeypatch.undo()
    assert len(opened(town, path).photos) == 1
    assert "photos" not in exchanging.merge_packages(town, [path])["total"]
    assert store.count(town.workspace) == 0


def test_a_photo_of_another_form_than_ours_is_not_kept_and_named_as_missing(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    (bomb,) = store.put(village.workspace, [a_picture(0, (30_000, 30_000), "PNG", "1")])
    edit_record(village, record, {"photos": [{"hash": bomb}]})
    report = country.carry(village, town)
    assert report["missing_photos"] == [{"record": record, "hash": bomb}]
    assert store.count(town.workspace) == 0


def test_a_dry_run_counts_the_photos_and_writes_none(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    attach(village, added(village, "activity").id, a_picture())
    path = country.packed(village, TOWN)
    dry = exchanging.merge_packages(town, [path], dry_run=True)
    assert (dry["total"]["photos"], dry["total"]["photos_missing"]) == (1, 0)
    assert not store.photos_path(town.workspace).exists()
    assert exchanging.merge_packages(town, [path])["total"] == dry["total"]


def test_photos_that_do_not_fit_stay_for_the_next_package_which_begins_with_them(
    country: Country, monkeypatch: pytest.MonkeyPatch
):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    names = {attach(village, record, a_picture((n * 20, 90, 90)))[1] for n in range(5)}
    monkeypatch.setattr(photos, "ROOM", 2 * max(store.sizes(village.workspace, names).values()))
    country.carry(country[TOWN], village)
    reports = [exchanging.export_package(village, "up", country.stick())[0] for _ in range(3)]
    assert [(r["photos"], r["photos_left"]) for r in reports] == [(2, 3)] * 3
    assert len({r["changes"] for r in reports}) == 1, "a lost stick costs nothing"
    seen: set[str] = set()
    for report in reports:
        seen |= {hash_ for hash_, _ in opened(town, Path(report["file"])).photos}
        exchanging.merge_packages(town, [Path(report["file"])])
    assert seen == names
    assert store.missing(town.workspace) == []


def test_changes_go_first_when_the_file_would_be_too_large(country: Country, monkeypatch: pytest.MonkeyPatch):
    village = country[VILLAGE]
    record = added(village, "activity").id
    for n in range(8):
        noise = io.BytesIO()
        Image.frombytes("RGB", (60, 60), random.Random(n).randbytes(10_800)).save(noise, "PNG")
        attach(village, record, noise.getvalue())
    monkeypatch.setattr(sealed, "MAX_PACKAGE", 15_000)
    sent = exchanging.export_package(village, "up", country.stick())[0]
    assert sent["changes"] > 0
    assert 0 < sent["photos"] < 8
    assert sent["photos"] + sent["photos_left"] == 8


def test_a_disk_that_fills_up_while_photos_come_leaves_the_records_as_they_were(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    record = added(village, "activity").id
    for n in range(6):
        attach(village, record, a_picture((n * 20, 90, 90), size=(900, 900)))
    path = country.packed(village, TOWN)
    before = digest(town)
    with failing(Disk(what=error(FULL), at=8)), pytest.raises(MachineProblem, match=r"磁盘满了.*下一步"):
        exchanging.merge_packages(town, [path])
    assert digest(town) == before
    assert exchanging.merge_packages(town, [path])["total"]["photos"] == 6
    assert store.missing(town.workspace) == []
    assert check(town)["ok"]


def test_a_photo_lost_on_the_way_is_asked_for_by_the_county_through_the_township(country: Country):
    village, town, county = country[VILLAGE], country[TOWN], a_county(country)
    _, photo = attach(village, added(village, "activity").id, a_picture())
    country.carry(village, town)
    _lose_photos(town)
    country.carry(town, county)
    country.carry(county, town)
    country.carry(town, village)
    country.carry(village, town)
    assert exchanging.export_package(town, COUNTY, country.stick())[0]["photos"] == 1
    country.carry(town, county)
    assert look(county, photo) == look(village, photo)


def test_packages_without_photos_say_nothing_of_them(country: Country):
    village, town = country[VILLAGE], country[TOWN]
    added(village, "activity")
    report = country.carry(village, town)
    assert not {"photos", "photos_missing"} & {*report["total"], *report["packages"][0]}
    assert "missing_photos" not in report
    assert opened(town, packed_segments(village, country.stick(), [])).photos == ()

"""Photos of records: taken in, attached, looked at; which go into a package and which of a package are kept.

* A photo is made anew on entry: upright, at most 2048 pixels a side, JPEG, without the EXIF and whatever else lay in
  the file (where and when it was taken, by which telephone). The same file makes the same bytes, hence one name.
* A photo goes only where a record that names it may go; being asked for is not enough (DESIGN §4, §5).
* Changes come first: photos that do not fit into a package stay for the next one, which begins with them.
* A photo that comes is kept when some record names it and it is what this program writes; any other is not looked at.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fulian_desktop.domain.fields import Table
from fulian_desktop.errors import InputProblem, NotFound
from fulian_desktop.ledger.streams import Stream
from fulian_desktop.services.office import Office
from fulian_desktop.store import books
from fulian_desktop.store import photos as store
from fulian_desktop.store.files import machine_problem, replace_file

if TYPE_CHECKING:
    from PIL.Image import Image

    from fulian_desktop.services.records import Saved

SIDE = 2048  # pixels
QUALITY = 85
MAX_FILE = 128 << 20  # bytes
MAX_PIXELS = 120_000_000
MAX_PIXELS_WHOLE = 40_000_000  # of formats that can only be read whole: 600 MB of memory with transparency, 300 without
# A JPEG spends at least one bit on each block of 8 × 8 pixels. One that is smaller claims pixels that are not in it: the
# decoder would make them up in grey, and a hundred megapixels of them at the cost of real ones.
PIXELS_A_BYTE = 8 * 8 * 8
MAX_PHOTO = 8 << 20  # bytes of a photo as it is kept; 2048 × 2048 pixels of noise come to 3.6 MB
# Photos a package, in bytes. A file may be larger, but writing and reading hold it four times (measured: 179 MB of
# photos, 650 MB of memory), and computers have 4 GB.
ROOM = 256 << 20
MAX_ASKED = 50_000  # photos asked for in one package; the rest is asked for in the next
MAX_NAMED = 200  # records with a missing photo that a report lists

_FORMATS = ("JPEG", "PNG", "BMP", "GIF", "WEBP", "TIFF")
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_ORIENTATION = 0x0112
_NAMES = re.compile(rb'"hash":"([0-9a-f]{64})"')  # within a text the quotes are escaped, so this is a member
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, LookupError, TypeError, ArithmeticError)


# --- taking in ---------------------------------------------------------------------------------------------


def take_in(office: Office, file: Path | bytes) -> str:
    """Make a photo of the form that is kept, and store it.

    Args:
        office: Where.
        file: A picture file (JPEG, PNG, BMP, GIF, WebP, TIFF), or its bytes.

    Returns:
        The photo's hash, 64 hex digits. The same file twice is one photo.

    Raises:
        InputProblem: Not a picture, a HEIC, broken, or beyond the bounds. MachineProblem: The disk is full.
    """
    return store.put(office.workspace, [made_anew(file if isinstance(file, bytes) else _read(file))])[0]


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise InputProblem("这是一个文件夹，不是照片。请选一个照片文件。", "is-folder")
    try:
        with path.open("rb") as source:
            data = source.read(MAX_FILE + 1)
    except FileNotFoundError as error:
        raise NotFound("找不到这个照片文件。请再选一次。", "not-found") from error
    except OSError as error:
        raise machine_problem(error) from error
    if len(data) > MAX_FILE:
        raise InputProblem("照片文件太大（超过 128 MB），没有收。下一步：用看图软件另存成小一些的 JPG。", "photo-too-large")
    return data


def made_anew(data: bytes) -> bytes:
    """A picture as it is kept: JPEG, upright, RGB, at most 2048 pixels a side, with nothing else in the file.

    The size is looked at before anything is decoded.
    """
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise InputProblem(
            "这是苹果手机的 HEIC 照片，本程序读不了。下一步：用微信发到电脑再存成 JPG；"
            "以后在手机“设置 - 相机 - 格式”里选“兼容性最佳”。",
            "photo-heic",
        )
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's own bound; ours follows, and it says what to do
        try:
            image: Image.Image = Image.open(io.BytesIO(data), formats=_FORMATS)
            _check_size(image, len(data))
            return _encoded(image)
        except Image.DecompressionBombError as error:
            raise _too_many_pixels() from error
        except UnidentifiedImageError as error:
            raise InputProblem("这个文件不是照片，没有收。请选 JPG、PNG 这样的图片文件。", "photo-form") from error
        except _UNREADABLE as error:
            raise _broken() from error


def _check_size(image: Image, size: int) -> None:
    """Refuse what would take too much memory, and a JPEG of ``size`` bytes that cannot hold the pixels it claims."""
    pixels = image.width * image.height
    is_jpeg = image.format in ("JPEG", "MPO")
    is_whole = not is_jpeg or "progressive" in image.info  # in passes: all pixels are held (measured: 600 MB of 100 million)
    if pixels > MAX_PIXELS or (is_whole and pixels > MAX_PIXELS_WHOLE):
        raise _too_many_pixels()
    if is_jpeg and pixels > size * PIXELS_A_BYTE:
        raise _broken()


def _broken() -> InputProblem:
    return InputProblem("这张照片的文件坏了，读不完整，没有收。下一步：从手机或相机再拷一次。", "photo-broken")


def _too_many_pixels() -> InputProblem:
    text = "这张照片的像素太多，没有收。下一步：用看图软件缩小（长边 4000 像素就够），另存成 JPG。"
    return InputProblem(text, "photo-too-large")


def _encoded(image: Image) -> bytes:
    from PIL import Image as pil

    fitting = min(1.0, SIDE / max(image.size))
    # of a JPEG: decode at a half, a quarter or an eighth, the smallest that is still large enough
    image.draft(None, (max(1, int(image.width * fitting)), max(1, int(image.height * fitting))))
    image.load()
    turn = _turn(image)  # after loading: a TIFF is turned by then
    profile = image.info.get("icc_profile")
    image = _plain_mode(image)
    _shrink(image)
    image = _srgb(image, profile)
    if turn is not None:
        image = image.transpose(turn)
    clean = pil.new("RGB", image.size, "white")  # a new image: saving writes comments of the old one
    clean.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def _shrink(image: Image) -> None:
    from PIL.Image import Resampling

    if max(image.size) > SIDE:
        image.thumbnail((SIDE, SIDE), Resampling.LANCZOS, reducing_gap=2.0)


def _turn(image: Image) -> Any:  # noqa: ANN401 - Pillow's Transpose or None
    """How to turn a picture upright, by its EXIF; one whose EXIF cannot be read is taken as upright."""
    from PIL.Image import Transpose

    try:
        orientation = image.getexif().get(_ORIENTATION)
    except _UNREADABLE:  # the picture itself is whole
        orientation = None
    return {
        2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
    }.get(orientation if isinstance(orientation, int) else 1)


def _plain_mode(image: Image) -> Image:
    """RGB, RGBA, L or CMYK, of which the first two are left as they are when colours are converted."""
    if image.mode.startswith("I;16"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("RGB", "L", "CMYK") else image.convert("RGB")


def _srgb(image: Image, profile: bytes | None) -> Image:
    """Colours as a screen shows them: by the file's own profile where it has one (telephones, print shops)."""
    if profile and image.mode in ("RGB", "CMYK"):
        from PIL import ImageCms

        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            turned = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):  # a profile that is none: as if there were none
            turned = None
        if turned is not None:
            return turned
    return image if image.mode == "RGBA" else image.convert("RGB")


def is_kept_form(data: bytes) -> bool:
    """Whether bytes from outside are a photo within our bounds; only the head is read, nothing is decoded."""
    from PIL import Image

    if len(data) > MAX_PHOTO:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=("JPEG",)) as image:
                return max(image.size) <= SIDE
        except (*_UNREADABLE, Image.DecompressionBombError):
            return False


# --- at a record -------------------------------------------------------------------------------------------


def attach(office: Office, record: str, file: Path | bytes, caption: str = "", *, unit: str | None = None) -> tuple[Saved, str]:
    """Add a photo to a record, as one act; one that it has already gets the caption.

    Args:
        office: Who adds it.
        record: The record's id.
        file: As for :func:`take_in`.
        caption: 说明, "" for none.
        unit: Whose record, where two share an id.

    Returns:
        What the save did (``act`` is "" when nothing changed), and the photo's hash.

    Raises:
        NotFound: No such record.
        NotAllowed: Not this office's to change.
        InputProblem: Not a photo, or one too many.
    """
    from fulian_desktop.services.records import edit_record, load_folded

    row, kind, _ = load_folded(office, record, unit)
    if all(f.code != "photos" for f in kind.tables):
        raise InputProblem(f"{kind.label}不放照片：照片不在档案室里，谁都打得开。下一步：把情况写成文字。", "no-photos")
    rows = [dict(one) for one in row.flat.get("photos", ())]
    hash_ = take_in(office, file)
    known = next((one for one in rows if one.get("hash") == hash_), None)
    if known is not None:
        if caption:
            known["caption"] = caption
    else:
        most = next((f.type.most for f in kind.tables if f.code == "photos" and isinstance(f.type, Table)), 0)
        if len(rows) >= most:
            raise InputProblem(f"一条记录最多放 {most} 张照片。下一步：先去掉几张。", "too-many-photos")
        order = max((one.get("order", 0) for one in rows), default=-1) + 1
        rows.append({"hash": hash_, "order": min(order, 999), **({"caption": caption} if caption else {})})
    return edit_record(office, record, {"photos": rows}, unit=row.unit), hash_


def look(office: Office, hash_: str) -> bytes:
    """A photo's bytes; :class:`NotFound` says what to do when it is not here."""
    if not re.fullmatch("[0-9a-f]{64}", hash_):
        raise InputProblem("照片编号是 64 位，用记录里 photos 的 hash。请核对。", "photo-hash")
    data = store.get(office.workspace, hash_)
    if data is None:
        raise NotFound("这张照片还没有收到。下一步：照常上报或下发一次，会向对方要；对方下次的包会带来。", "photo-missing")
    return data


def save_photo(office: Office, hash_: str, target: Path) -> dict[str, Any]:
    """Write a photo to a file of its own; an earlier file of that name is replaced when it is whole."""
    data = look(office, hash_)
    replace_file(target, data)
    return {"file": str(target), "hash": hash_, "bytes": len(data)}


# --- in packages -------------------------------------------------------------------------------------------


def hashes_in(bodies: Iterable[bytes]) -> set[str]:
    """The photos that changes name, read from their bytes without parsing them."""
    return {match.decode() for body in bodies for match in _NAMES.findall(body)}


class Album:
    """What the records of an office name, read once for all packages of one export.

    Args:
        may_receive: Who may receive a stream (``exchanging.may_receive``).
    """

    def __init__(self, office: Office, may_receive: Callable[[str, Stream], bool]) -> None:
        self._workspace = office.workspace
        self._may_receive = may_receive
        self._places: dict[str, set[tuple[str, str]]] = {}
        for one in store.named(office.workspace):
            self._places.setdefault(one.hash, set()).add((one.unit, office.kinds.of(one.kind).cls))
        self._sizes = store.sizes(office.workspace, self._places)

    def _allowed(self, receiver: str, hash_: str) -> bool:
        return any(self._may_receive(receiver, Stream("", unit, cls)) for unit, cls in self._places.get(hash_, ()))

    def missing(self, receiver: str) -> tuple[str, ...]:
        """The photos that this office lacks, of records that the receiver may hold."""
        lacked = sorted(h for h in self._places if h not in self._sizes and self._allowed(receiver, h))
        return tuple(lacked[:MAX_ASKED])

    def choose(self, receiver: str, bodies: Iterable[bytes]) -> Chosen:
        """The photos of the changes that go, and those that the receiver said it lacks.

        Those it asked for come first, then those that no package has taken to it yet.
        """
        asked = books.missing_photos_of(self._workspace.db, receiver)
        wanted = {h for h in asked | hashes_in(bodies) if h in self._sizes and self._allowed(receiver, h)}
        earlier = store.last_sent(self._workspace, receiver) if wanted else {}
        order = sorted(wanted, key=lambda h: (h not in asked, earlier.get(h, 0), h))
        going: list[str] = []
        room = ROOM
        for hash_ in order:
            if self._sizes[hash_] <= room:
                room -= self._sizes[hash_]
                going.append(hash_)
        chosen = set(going)
        return Chosen(store.get_many(self._workspace, going), going, [h for h in order if h not in chosen])


@dataclass
class Chosen:
    """The photos of one package: their bytes and names, and the names of those that did not fit."""

    photos: list[bytes]
    hashes: list[str]
    left: list[str]

    def halve(self) -> None:
        """Leave the latter half for the next package: with these, the file would be too large."""
        keep = len(self.hashes) // 2
        self.left = [*self.hashes[keep:], *self.left]
        self.hashes, self.photos = self.hashes[:keep], self.photos[:keep]


def keep_incoming(
    office: Office, photos: Sequence[tuple[str, bytes]], bodies: Iterable[bytes], *, write: bool,
) -> frozenset[str]:
    """Store the photos of an opened package that some record names; thirty sticks' photos would not fit in memory.

    Args:
        office: The receiver.
        photos: Hash and bytes, the hash verified.
        bodies: Of the package's verified segments.
        write: Store them; else only look which would be.

    Returns:
        The hashes of those that are (or would be) kept.
    """
    if not photos:
        return frozenset()
    wanted = hashes_in(bodies)
    if any(hash_ not in wanted for hash_, _ in photos):
        wanted |= set(store.missing(office.workspace))
    good = {hash_: data for hash_, data in photos if hash_ in wanted and is_kept_form(data)}
    if write and good:
        store.put(office.workspace, good.values())
    return frozenset(good)


"""Builders and readers for the printing tests."""

from __future__ import annotations

import datetime
import functools
import io
import re
import subprocess
from pathlib import Path

import pypdfium2
from PIL import Image

from fulian_desktop.printing.documents import Certificate, HonorRoll, HonorRollEntry, HonorRollGroup

DAY = datetime.date(2026, 3, 8)
RARE_NAMES = ("王㛃", "李䶮", "张𡛕", "赵𬱖", "买买提·阿不都拉")
INTRO = "经村民推荐、妇联初评、张榜公示和逐级审定，下列家庭荣获二〇二六年度“最美家庭”称号。特此公布，予以褒扬。"
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ("秀英", "桂兰", "丽", "敏", "静", "建国", "志强", "海霞", "小红")


def entries(count: int, units: int = 1) -> tuple[HonorRollEntry, ...]:
    """Families with plain names, evenly over units, in the order of units."""
    return tuple(HonorRollEntry(SURNAMES[i % 10] + GIVEN[i % 9], f"第{i * units // count + 1}村") for i in range(count))


def a_roll(*groups: HonorRollGroup, issuer: str = "安禾县清溪乡妇女联合会", intro: str = INTRO) -> HonorRoll:
    """An honor roll with the given groups."""
    return HonorRoll(
        issuer=issuer,
        campaign="二〇二六年度“最美家庭”",
        intro=intro,
        groups=groups,
        issuers=(issuer,),
        date=DAY,
    )


def named(*names: str, unit: str = "柳树湾村") -> HonorRollGroup:
    """A group of families of one unit."""
    return HonorRollGroup("县级最美家庭", tuple(HonorRollEntry(name, unit) for name in names))


def a_certificate(name: str = "王建国家庭", **changes: object) -> Certificate:
    """A certificate with the usual words."""
    values: dict[str, object] = {
        "name": name,
        "body": "在二〇二六年度“最美家庭”评选活动中，荣获“最美家庭”称号。",
        "issuers": ("安禾县妇女联合会", "安禾县清溪乡妇女联合会"),
        "date": DAY,
        "serial": "QX-2026-0017",
    }
    values.update(changes)
    return Certificate(**values)


def text_of(data: bytes, tmp_path: Path, *options: str) -> str:
    """What poppler reads out of a PDF."""
    path = tmp_path / "read.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", *options, str(path), "-"], capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """The PDF as PDFium reads it."""
    return pypdfium2.PdfDocument(io.BytesIO(data))


def page_sizes(data: bytes) -> list[tuple[float, float]]:
    """Page sizes in mm."""
    pdf = open_pdf(data)
    sizes = [tuple(round(side * 25.4 / 72, 1) for side in page.get_size()) for page in pdf]
    pdf.close()
    return sizes


@functools.lru_cache(maxsize=4)
def _picture(data: bytes, page: int) -> Image.Image:
    pdf = open_pdf(data)
    picture = pdf[page].render(scale=4).to_pil().convert("L")
    pdf.close()
    return picture


def ink(data: bytes, box: tuple[float, float, float, float], page: int = 0) -> float:
    """The share of dark pixels in a box (x, y, width, height in mm from the top left)."""
    picture = _picture(data, page)
    unit = 4 * 72 / 25.4
    x, y, w, h = (round(part * unit) for part in box)
    histogram = picture.crop((x, y, x + w, y + h)).histogram()
    return sum(histogram[:128]) / max(1, sum(histogram))


def box_of(data: bytes, text: str, tmp_path: Path) -> tuple[int, float, float, float, float]:
    """Where poppler finds a word: page index, x, y, width, height in mm."""
    path = tmp_path / "box.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-bbox", str(path), "-"], capture_output=True, check=True)
    page = -1
    for line in done.stdout.decode("utf-8").splitlines():
        if "<page " in line:
            page += 1
        found = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', line)
        if found and found.group(5) == text:
            x1, y1, x2, y2 = (float(part) * 25.4 / 72 for part in found.groups()[:4])
            return page, x1, y1, x2 - x1, y2 - y1
    raise AssertionError(f"{text} is not on any page")

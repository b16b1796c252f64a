"""Make resources/fonts from the public font packages; run by a maintainer, never by the program.

Needs ``fonttools`` (of the dev extra, not of the program), and for fetching ``npm`` and ``apt-get``, for
unpacking ``dpkg-deb``:

    python tools/build_fonts.py [--sources FOLDER]

Rules:

* Inputs are packages named with version and SHA-256; another byte in them stops the build.
* LXGW WenKai is shipped as it is: its name is reserved, a changed file could not bear it. Its file is only
  compressed.
* The rare font is HanaMinB less what Noto Sans SC has; the display font is the few characters of fixed words.
* The same inputs give the same bytes: no timestamps, fixed compression settings.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import lzma
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parents[1] / "resources" / "fonts"

# package: (how to fetch it, file name, sha256)
SOURCES = {
    "hei": (
        ["npm", "pack", "@expo-google-fonts/noto-sans-sc@0.4.3"],
        "expo-google-fonts-noto-sans-sc-0.4.3.tgz",
        "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
    ),
    "song": (
        ["npm", "pack", "@expo-google-fonts/noto-serif-sc@0.4.3"],
        "expo-google-fonts-noto-serif-sc-0.4.3.tgz",
        "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e",
    ),
    "kai": (
        ["apt-get", "download", "fonts-lxgw-wenkai=1.250+repack-1"],
        "fonts-lxgw-wenkai_1.250+repack-1_all.deb",
        "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318",
    ),
    "rare": (
        ["apt-get", "download", "fonts-hanazono=20170904-2.1"],
        "fonts-hanazono_20170904-2.1_all.deb",
        "a6943366b4f5a6cec34221f8b4eb22555a628f0ee6ef4e3d3401cabe9363aeae",
    ),
}

DEBIAN_FONTS = "usr/share/fonts/truetype"
# face: (source, path inside, file name in resources)
FACES = {
    "hei-400": ("hei", "package/400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf"),
    "hei-700": ("hei", "package/700Bold/NotoSansSC_700Bold.ttf", "NotoSansSC-Bold.ttf"),
    "song-400": ("song", "package/400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular.ttf"),
    "song-700": ("song", "package/700Bold/NotoSerifSC_700Bold.ttf", "NotoSerifSC-Bold.ttf"),
    "song-900": ("song", "package/900Black/NotoSerifSC_900Black.ttf", "NotoSerifSC-Black-titles.ttf"),
    "kai-400": ("kai", f"{DEBIAN_FONTS}/lxgw-wenkai/LXGWWenKai-Regular.ttf", "LXGWWenKai-Regular.ttf"),
    "rare-400": ("rare", f"{DEBIAN_FONTS}/hanazono/HanaMinB.ttf", "HanaMinB-rare.ttf"),
}
LICENCES = {
    "NotoSansSC-OFL.txt": ("hei", "package/LICENSE_FONT"),
    "NotoSerifSC-OFL.txt": ("song", "package/LICENSE_FONT"),
    "LXGWWenKai-copyright.txt": ("kai", "usr/share/doc/fonts-lxgw-wenkai/copyright"),
    "HanaMinB-copyright.txt": ("rare", "usr/share/doc/fonts-hanazono/copyright"),
}
# Words set in the heaviest weight; any other title is set in song-700.
TITLE_WORDS = (
    "光荣榜 荣誉证书 表彰决定 喜报 聘书 奖状 捐赠证书 感谢信 倡议书 公示 通报 最美家庭 "
    "五好家庭 三八红旗手 巾帼标兵 美丽庭院 先进集体 先进个人 优秀 示范户 年度"
)
XZ = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 25}]


def fetch(name: str, folder: Path) -> Path:
    """Return the package file of a source, fetched into ``folder`` when it is not there, and checked."""
    command, file_name, digest = SOURCES[name]
    path = folder / file_name
    if not path.exists():
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != digest:
        raise SystemExit(f"{path}: sha256 is {found}, expected {digest}")
    return path


def read_inside(package: Path, inner: str) -> bytes:
    """Return one file of an npm tarball or a Debian package."""
    if package.suffix == ".deb":
        data = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], check=True, capture_output=True).stdout
        inner = "./" + inner
    else:
        data = package.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        member = tar.extractfile(inner)
        assert member is not None, inner
        return member.read()


def cut(data: bytes, characters: set[int]) -> bytes:
    """Return the font with the given characters only, without layout tables and timestamps."""
    options = subset.Options()
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "FFTM", "vhea", "vmtx", "gasp"]
    options.hinting = False
    options.recalc_timestamp = False
    options.name_IDs = ["*"]
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    worker = subset.Subsetter(options)
    worker.populate(unicodes=characters)
    worker.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def characters_of(data: bytes) -> set[int]:
    """Return the code points a font maps."""
    return set(TTFont(io.BytesIO(data), lazy=True).getBestCmap())


def build(sources: Path) -> None:
    """Write every face, licence and the manifest into resources/fonts."""
    OUT.mkdir(parents=True, exist_ok=True)
    packages = {name: fetch(name, sources) for name in SOURCES}
    manifest = []
    hei: set[int] = set()
    for face, (source, inner, file_name) in FACES.items():
        data = read_inside(packages[source], inner)
        if face == "hei-400":
            hei = characters_of(data)
        elif face == "song-900":
            data = cut(data, {ord(ch) for ch in TITLE_WORDS if not ch.isspace()})
        elif face == "rare-400":
            data = cut(data, characters_of(data) - hei)
        packed = lzma.compress(data, format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, filters=XZ)
        (OUT / f"{file_name}.xz").write_bytes(packed)
        manifest.append(
            {
                "face": face,
                "file": file_name,
                "packed": f"{file_name}.xz",
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
        sys.stdout.write(f"{face}: {len(data):,} bytes, packed {len(packed):,}, {len(characters_of(data)):,} characters\n")
    for file_name, (source, inner) in LICENCES.items():
        (OUT / file_name).write_bytes(read_inside(packages[source], inner))
    text = json.dumps({"faces": manifest, "sources": {k: v[1:] for k, v in SOURCES.items()}}, indent=1)
    (OUT / "manifest.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    """Parse the arguments and build."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sources", type=Path, help="a folder that holds (or will hold) the packages")
    arguments = parser.parse_args()
    if arguments.sources:
        build(arguments.sources)
    else:
        with tempfile.TemporaryDirectory() as folder:
            build(Path(folder))


if __name__ == "__main__":
    main()

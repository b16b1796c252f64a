"""上报交接单: the slip that goes with the stick, for the two people who hand it over.

Rules:

* What it says of a package was noted when the package was written, so that a slip printed again says the same.
* The package's number stands on it in a short form that both sides see: the receiver's window shows the same one.
* Nothing personal stands on it but who hands over: a slip lies about on desks.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from fulian_desktop.domain.words import package_number
from fulian_desktop.errors import NotFound
from fulian_desktop.ledger.segments import Segment
from fulian_desktop.progress import Progress
from fulian_desktop.services.carried import by_kind, news_of, records_of
from fulian_desktop.services.office import Office
from fulian_desktop.services.sticks import size_words
from fulian_desktop.services.unprintable import naming
from fulian_desktop.store import books, diary, queries
from fulian_desktop.store.drafts import drafts
from fulian_desktop.store.view import INCOMPLETE

WAYS = ("一式两份，交、接双方各留一份。", "接收时核对：对方窗口里的包号和这里的一样，就是同一份。")


def about_carried(office: Office, segments: Sequence[Segment], way: str, photos: int, size: int) -> dict[str, Any]:
    """What the activity log notes of a package that goes ``up``, ``down`` or to a ``peer``: records by kind, photos, bytes."""
    counted, _ = records_of(news_of(segments, office.unit if way == "up" else ""))
    return {"kinds": dict(counted), "photos": photos, "size": size}


def left_behind(office: Office) -> dict[str, int]:
    """What a hand-in does not carry, or not whole: unfinished forms, and records with gaps (these go all the same)."""
    gaps = sum(queries.count_rows(office.workspace.db, kind, flag=INCOMPLETE) for kind in office.kinds.all())
    return {"drafts": len(drafts(office.workspace)), "incomplete": gaps}


def print_hand_over(
    office: Office, target: Path | BinaryIO, *, package: str = "", progress: Progress | None = None
) -> dict[str, Any]:
    """The hand-over slip of a package for the office above.

    Args:
        office: Who hands over.
        target: The PDF to write, or an open file.
        package: Its id; the last hand-in by default.
        progress: Counts pages.

    Raises:
        NotFound: Nothing was handed in yet, or no package of that number.
    """
    from fulian_desktop.printing.slips import HandOver, write_hand_over

    one = _export(office, package)
    line = diary.find_export(office.workspace.db, one.package)
    about: Mapping[str, Any] = line.about if line else {}
    day = datetime.datetime.fromtimestamp(one.at / 1000, tz=datetime.UTC).astimezone()
    names = office.workspace.unit_names()
    upper = names.get(office.parent, office.parent)
    number = next(i for i, sent in enumerate(books.exports_to(office.workspace.db, office.parent), 1) if sent == one)
    counts = [(kind.label, f"{kind.count:,} {kind.measure_word}") for kind in by_kind(about.get("kinds", {}))]
    counts += [("照片", f"{about['photos']:,} 张")] if about.get("photos") else []
    size = f"，{size_words(about['size'])}" if "size" in about else ""
    doc = HandOver(
        title="上报交接单", date=day.date(), words=f"第 {number} 次上报",
        facts=(
            ("交出单位", office.unit_name), ("经手人", line.actor if line else office.person), ("接收单位", upper),
            ("写入时间", f"{day.year}年{day.month}月{day.day}日 {day:%H:%M}"), ("文件名", f"{one.file}{size}"),
        ),
        number=package_number(one.package), counts=counts or [("没有新内容", "—")], total=_total(about, one.changes),
        notes=(*_left_words(about), *WAYS), parties=(("交", office.unit_name), ("接", upper)),
    )
    with naming(office, (), ("hand-over", 1), said=doc.facts):
        report = write_hand_over(doc, target, progress=progress)
    with office.workspace.transaction():
        office.workspace.record("print", {"what": "hand-over", "count": 1})
    return {"file": str(target), "package": one.package, "pages": report.pages, "warnings": report.warnings}


def _export(office: Office, package: str) -> books.Export:
    sent = books.exports_to(office.workspace.db, office.parent) if office.parent else []
    found = next((one for one in reversed(sent) if package in ("", one.package)), None)
    if found is None:
        none = "还没有上报过，没有交接单可打。下一步：先上报到 U 盘。"
        raise NotFound("没有写过这个包。" if package else none, "not-found")
    return found


def _total(about: Mapping[str, Any], changes: int) -> str:
    if "kinds" not in about:  # written by a program that did not note them
        return f"合计：{changes:,} 条变更。"
    photos = f"，照片 {about['photos']:,} 张" if about["photos"] else ""
    return f"合计：{sum(about['kinds'].values()):,} 条记录{photos}。"


def _left_words(about: Mapping[str, Any]) -> list[str]:
    """What stayed behind, in words; nothing of it: that too is said."""
    if "drafts" not in about:
        return []
    drafted, gaps = about["drafts"], about["incomplete"]
    if not drafted and not gaps:
        return ["留下没报的：没有。草稿 0 份，待补全 0 条。"]
    words = [f"没有保存的草稿 {drafted:,} 份，不在里面"] if drafted else []
    words += [f"待补全 {gaps:,} 条，已经报了，缺的以后补报"] if gaps else []
    return ["留下没报的：" + "；".join(words) + "。"]

"""The folder that the demo plays in: made anew, the data folder of its own, what stands in it, and its README."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fulian_desktop.errors import InputProblem
from fulian_desktop.services.demo_data import LAST, TOWNSHIP_NAME, YEAR

PASSPHRASE = "fulian-demo"  # noqa: S105 - of made-up data; README.txt says so
RIGHTS_PASSPHRASE = "fulian-rights"  # noqa: S105 - the same
MARK = ".fulian-demo"


def make_room(folder: Path) -> None:
    """An empty folder with the demo's mark; only what an earlier demo left is ever removed."""
    if folder.exists():
        if not folder.is_dir() or (any(folder.iterdir()) and not (folder / MARK).exists()):
            raise InputProblem("这个文件夹里有别的文件，没有动它。下一步：换一个空文件夹做演示。", "folder-in-use")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / MARK).write_text("", encoding="ascii")


@contextmanager
def own_data_folder(folder: Path) -> Iterator[None]:
    """``FULIAN_DATA`` lies there meanwhile: what the user has stays as it is."""
    before = os.environ.get("FULIAN_DATA")
    os.environ["FULIAN_DATA"] = os.fspath(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FULIAN_DATA"]
        else:
            os.environ["FULIAN_DATA"] = before


def files(folder: Path) -> Iterator[str]:
    """Every file that people may open, relative to the folder; what workspaces keep inside is theirs."""
    for path in sorted(folder.rglob("*")):
        at = path.relative_to(folder)
        if path.is_file() and not at.parts[0].startswith(".") and at.parts[0] not in ("villages", "township"):
            yield at.as_posix()
    for workspace in (folder / "township", *sorted((folder / "villages").iterdir())):
        yield (workspace / "workspace.db").relative_to(folder).as_posix()


def write_readme(folder: Path, villages: int, records: int) -> None:
    """What is what, and the passphrases, for whoever opens the folder."""
    lines = (
        "妇联工作台演示数据", "",
        "这里的人、家庭、电话和身份证号都是编出来的，和任何真人无关。", "",
        f"{TOWNSHIP_NAME}和 {villages} 个村，每村 {records} 条记录，{LAST} 年和 {YEAR} 年的工作。",
        f"所有演示数据的口令都是：{PASSPHRASE}",
        f"镇里和第一个村有维权档案室，第二密码是：{RIGHTS_PASSPHRASE}", "",
        "township            清溪镇的数据（合并以后的）",
        "villages/代码       各村的数据",
        "sticks              U 盘上来往的文件：邀请、申请、上报包、下发包",
        "paper               光荣榜、荣誉证书、年度工作统计表、考核排名、干部花名册、妇女之家台账（PDF），工作总结（Word）",
        "sheets              花名册、台账和统计表（Excel）", "",
        f"打开看看：fulian list township family --search 王  （先设口令：FULIAN_PASSPHRASE={PASSPHRASE}）", "",
        "这个文件夹可以整个删掉；再做一次演示，里面的东西会重新生成。", "",
    )
    (folder / "README.txt").write_text("\r\n".join(lines), encoding="utf-8-sig", newline="")

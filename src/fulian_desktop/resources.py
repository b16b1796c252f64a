"""Where the files beside the code lie: fonts, icons, templates, division codes.

Rules:

* There is one function that knows; nobody else joins paths to resources.
* ``FULIAN_RESOURCES`` wins (a distribution that installs them elsewhere), then the bundle of a frozen
  program, then the folder beside the source tree, then ``<prefix>/share/fulian-desktop``.
* What is missing is a broken installation and says so.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from fulian_desktop.errors import MachineProblem

_BESIDE_SOURCE = Path(__file__).resolve().parents[2] / "resources"


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder.

    Args:
        name: Relative to the resources folder with forward slashes, e.g. ``fonts/manifest.json``.

    Raises:
        MachineProblem: Code ``resource-missing``: the installation lacks it.
    """
    for root in _roots():
        found = root / name
        if found.exists():
            return found
    raise MachineProblem(f"程序文件不完整，缺少“{name}”。请重新安装本程序，已有的数据不受影响。", "resource-missing")


def _roots() -> list[Path]:
    roots = []
    named = os.environ.get("FULIAN_RESOURCES")
    if named:
        roots.append(Path(named))
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle:
        roots.append(Path(bundle) / "resources")
    roots.append(_BESIDE_SOURCE)
    roots.append(Path(sys.prefix) / "share" / "fulian-desktop")
    return roots

"""How a case is measured, judged and shown.

Machines are noisy, so a case and what it is held against run in turn, several rounds, the order changing from
round to round; what counts is the median of the rounds' own ratios. What was timed is checked after the clock
has stopped: a quick wrong result is no result (:class:`WrongResult`).
"""

from __future__ import annotations

import gc
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NoReturn

ROUNDS = 5


class WrongResult(AssertionError):
    """What was measured did not do what it should have done."""


def wrong(case: str, text: str) -> NoReturn:
    """Say what a case got wrong."""
    raise WrongResult(f"{case}: {text}")


def expect(case: str, what: str, found: object, wanted: object) -> None:
    """Raise :class:`WrongResult` unless both are equal."""
    if found != wanted:
        wrong(case, f"{what} is {found!r}, should be {wanted!r}")


@dataclass
class Case:
    """One figure and what it is held against.

    Attributes:
        name: As in the table. value: None when it could not be measured; ``note`` then says why.
        limit: What it must hold, None for a figure that is only told. goal: What it should reach.
        at_least: Whether more is better. unit: "" for a ratio. samples: name → what each round gave, in seconds or ``unit``.
    """

    name: str
    value: float | None
    limit: float | None = None
    goal: float | None = None
    at_least: bool = True
    unit: str = ""
    note: str = ""
    samples: dict[str, list[float]] = field(default_factory=dict)

    @property
    def held(self) -> bool | None:
        """Whether the limit is held; None when there is none or nothing was measured."""
        if self.value is None or self.limit is None:
            return None
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@contextmanager
def _quiet() -> Any:
    """Collect before and not during: the garbage of one round is not charged to another."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def seconds(work: Callable[[], Any]) -> float:
    """How long a piece of work takes."""
    with _quiet():
        start = time.perf_counter()
        work()
        return time.perf_counter() - start


def in_turn(timers: Mapping[str, Callable[[], float]], rounds: int = ROUNDS) -> dict[str, list[float]]:
    """Let timers, which return seconds, run in turn; every second round in the opposite order."""
    names = list(timers)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(timers[name]())
    return found


def ratio(over: Sequence[float], under: Sequence[float]) -> float:
    """The median of the rounds' own ratios."""
    return statistics.median(a / b for a, b in zip(over, under, strict=True))


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least ``share`` of all do not pass."""
    ordered = sorted(samples)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def median(samples: Sequence[float]) -> float:
    """The median."""
    return statistics.median(samples)


# --- showing -----------------------------------------------------------------------------------------------


def number(value: float | None, unit: str = "") -> str:
    """A figure as people read it."""
    if value is None:
        return "—"
    text = f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 20 else f"{value:.2f}"
    return f"{text} {unit}".strip()


def line(case: Case) -> str:
    """One row of the table."""
    sign = "≥" if case.at_least else "≤"
    limit = f"{sign} {number(case.limit)}" if case.limit is not None else ""
    goal = f"{sign} {number(case.goal)}" if case.goal is not None else ""
    held = {True: "yes", False: "NO", None: ""}[case.held]
    return f"{case.name:30} {number(case.value, case.unit):>12}  {limit:>9} {goal:>9}  {held:4} {case.note}".rstrip()


HEAD = f"{'case':30} {'value':>12}  {'limit':>9} {'goal':>9}  held"


def machine() -> dict[str, Any]:
    """Where it ran, and with what."""
    import reportlab
    import sqlcipher3

    db = sqlcipher3.connect(":memory:")
    versions = {"sqlite": db.execute("SELECT sqlite_version()").fetchone()[0],
                "sqlcipher": db.execute("PRAGMA cipher_version").fetchone()[0]}
    db.close()
    return {
        "cpu": _cpu(), "cores": os.cpu_count(), "memory_gb": _memory_gb(), "system": platform.platform(),
        "python": platform.python_version(), "reportlab": reportlab.Version, **versions,
    }


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.processor()
    return next((row.split(":", 1)[1].strip() for row in text.splitlines() if row.startswith("model name")), platform.machine())


def _memory_gb() -> float | None:
    if not hasattr(os, "sysconf"):
        return None
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)


def load() -> float | None:
    """How many processes wanted a core lately: well above the bench's own one, figures swing."""
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None


def write_json(path: Path, cases: Sequence[Case], about: Mapping[str, Any]) -> None:
    """Keep all figures of a run, those of each round too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    listed = [{**asdict(case), "held": case.held} for case in cases]
    path.write_text(json.dumps({"about": about, "cases": listed}, ensure_ascii=False, indent=1), "utf-8")

"""``python -m tools.bench [--only WORD…] [--rounds N]``: measure, print the table, write ``build/bench.json``.

Exit 0 when every limit is held, 1 when one is not, 2 when a case gave a wrong result.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [path for path in (str(ROOT / "src"), str(ROOT)) if path not in sys.path]

from tools.bench import (  # noqa: E402
    doubles,
    merging,
    pouch,
    printing,
    reporting,
    saving,
    searching,
    starting,
    township,
    windowing,
)
from tools.bench.harness import HEAD, ROUNDS, Case, WrongResult, line, load, machine, write_json  # noqa: E402


def cases(folder: Path, scale: township.Scale, rounds: int) -> dict[str, Callable[[], list[Case]]]:
    """Group → what measures it; whatever it needs is made when it is first asked for."""
    work = folder / "work"

    def made() -> township.Made:
        return township.make(folder, scale)

    return {
        "merge": lambda: merging.new_records(made(), work, rounds)[0],
        "edits": lambda: merging.edits(made(), work, rounds),
        "save": lambda: saving.measure(made(), work),
        "search": lambda: searching.measure(folder),
        "certificates": lambda: printing.measure(rounds=rounds),
        "duplicates": lambda: doubles.measure(work),
        "report": lambda: reporting.measure(made(), work, rounds),
        "start": lambda: starting.measure(made()),
        "window": lambda: [*windowing.measure(made(), work), *windowing.typing(folder, work, searching.PERSONS)],
        "pouchdb": lambda: pouch.measure(made(), work, folder / "node", rounds),
    }


def main(words: list[str] | None = None) -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="GROUP", help=" ".join(cases(ROOT, township.Scale(), 1)))
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="rounds of each case, 5 or more for a figure to keep")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench", help="where made workspaces are kept")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench.json", help="where the figures go")
    asked = parser.parse_args(words)
    groups = cases(asked.folder, township.Scale(), asked.rounds)
    unknown = set(asked.only or ()) - set(groups)
    if unknown:
        parser.error(f"no such group: {' '.join(sorted(unknown))}")
    start = time.monotonic()
    about = {**machine(), "at": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"), "rounds": asked.rounds}
    print(HEAD, flush=True)
    found: list[Case] = []
    failed: list[str] = []
    for name in asked.only or groups:
        try:
            measured = groups[name]()
        except WrongResult as error:
            failed.append(str(error))
            print(f"{name:30} WRONG RESULT: {error}", flush=True)
        else:
            found += measured
            for case in measured:
                print(line(case), flush=True)
        shutil.rmtree(asked.folder / "work", ignore_errors=True)
        about |= {"minutes": round((time.monotonic() - start) / 60, 1), "load": load(), "wrong": failed}
        write_json(asked.json, found, about)  # after each group: an interrupted run keeps what it has
    print(f"\n{', '.join(f'{key} {value}' for key, value in about.items() if value)}\n{asked.json}")
    if failed:
        return 2
    return 1 if any(case.held is False for case in found) else 0


if __name__ == "__main__":
    sys.exit(main())

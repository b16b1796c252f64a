"""From typing ``fulian list`` to its answer, a cold import included, on a workspace of 90,000 records."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tools.bench.harness import Case, expect, in_turn, median, ratio, seconds
from tools.bench.township import PASSPHRASE, Made

RUNS = 11
ROWS = "一组1号"  # a short answer: what is measured is the start, not the printing of a long list


def measure(made: Made, runs: int = RUNS) -> list[Case]:
    """``start_s``, in multiples of ``python -c "import sqlcipher3"``."""
    environment = {**os.environ, "FULIAN_PASSPHRASE": PASSPHRASE, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    program = "from fulian_desktop.cli import main; import sys; sys.exit(main())"
    command = [sys.executable, "-c", program, "list", str(made.merged), "family", "--search", ROWS, "--json"]
    answers: list[str] = []

    def run(words: list[str]) -> str:
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout  # noqa: S603

    found = in_turn({
        "list": lambda: seconds(lambda: answers.append(run(command))),
        "import": lambda: seconds(lambda: run([sys.executable, "-c", "import sqlcipher3"])),
    }, runs)
    expect("start", "answers that differ from the first", [a for a in answers if a != answers[0]], [])
    listed = json.loads(answers[0])
    rows = listed["records"] if isinstance(listed, dict) else listed
    for row in rows:
        expect("start", "address found", ROWS in row["values"]["address"], True)
    expect("start", "whether anything was listed", bool(rows), True)
    return [Case("start_s", ratio(found["list"], found["import"]), 6, at_least=False, samples=found,
                 note=f"{median(found['list']):.2f} s, import of sqlcipher3 {median(found['import']):.2f} s")]

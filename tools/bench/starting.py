"""From typing ``fulian list`` to its answer, a cold import included, on a workspace of 90,000 records."""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tools.bench.harness import Case, expect, in_turn, median, ratio, seconds
from tools.bench.township import PASSPHRASE, Made, open_made

RUNS = 11


def measure(made: Made, runs: int = RUNS) -> list[Case]:
    """``start_s``, in multiples of ``python -c "import sqlcipher3"``."""
    environment = {**os.environ, "FULIAN_PASSPHRASE": PASSPHRASE, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    # An installed program lies there compiled, as the library it is held against does; so does this one after a first run.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    program = "from fulian_desktop.cli import main; import sys; sys.exit(main())"
    with open_made(made.merged) as office:  # a short answer: what is measured is the start, not a long list
        record, head = office.workspace.db.execute("SELECT id, head FROM k_family WHERE no = 1").fetchone()
    command = [sys.executable, "-c", program, "list", str(made.merged), "family", "--search", head, "--json"]
    answers: list[str] = []

    def run(words: list[str]) -> str:
        return subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout

    run(command)
    found = in_turn({
        "list": lambda: seconds(lambda: answers.append(run(command))),
        "import": lambda: seconds(lambda: run([sys.executable, "-c", "import sqlcipher3"])),
    }, runs)
    expect("start", "answers that differ from the first", [a for a in answers if a != answers[0]], [])
    listed = json.loads(answers[0])
    rows = listed["records"] if isinstance(listed, dict) else listed
    expect("start", "whether what was looked for is listed", bytes(record).hex() in {row["id"] for row in rows}, True)
    return [Case("start_s", ratio(found["list"], found["import"]), 6, at_least=False, samples=found,
                 note=f"{median(found['list']):.2f} s, import of sqlcipher3 {median(found['import']):.2f} s")]

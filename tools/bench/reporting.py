"""The yearly report of a township with 90,000 records, each figure with its ids: worked out, and read again.

Measured as a user meets it, by ``fulian report … --json`` in a new process, passphrase and all, and by itself in one that
runs. A quick wrong report is no report: its figures are held against sums over the records themselves.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.bench.harness import ROUNDS, Case, expect, in_turn, median, seconds
from tools.bench.people import YEAR_START
from tools.bench.township import PASSPHRASE, Made, open_copy

from fulian_desktop.services.office import Office
from fulian_desktop.services.yearly import yearly_text

YEAR = YEAR_START.year


def measure(made: Made, work: Path, rounds: int = ROUNDS) -> list[Case]:
    """``report_first_s``, ``report_again_s`` in a running program; ``report_command_…_s`` with its start."""
    folder = work / "report"
    with open_copy(made.merged, folder) as office:
        office.workspace.tidy()
        texts: list[bytes] = []
        found = in_turn({
            "first": lambda: seconds(lambda: texts.append(_worked_out(office))),
            "again": lambda: seconds(lambda: texts.append(yearly_text(office, YEAR))),
        }, rounds)
        expect("report", "texts that differ", len(set(texts)), 1)
        _check(office, json.loads(texts[0]))
        _forget(office)
    environment = {**os.environ, "FULIAN_PASSPHRASE": PASSPHRASE, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    program = "from fulian_desktop.cli import main; import sys; sys.exit(main())"
    command = [sys.executable, "-c", program, "report", str(folder), "yearly", "--year", str(YEAR), "--json"]

    def run() -> None:
        answer = subprocess.run(command, env=environment, capture_output=True, check=True).stdout
        expect("report", "whether the command prints the same", answer.rstrip() == texts[0], True)

    started = {"first": [seconds(run)], "again": [seconds(run) for _ in range(rounds)]}
    shutil.rmtree(folder)
    note = f"{len(texts[0]) / 1e6:.0f} MB of JSON"
    return [
        Case("report_first_s", median(found["first"]), 2, at_least=False, unit="s", note=note, samples=found),
        Case("report_again_s", median(found["again"]), 0.2, at_least=False, unit="s"),
        Case("report_command_first_s", started["first"][0], 2, at_least=False, unit="s", samples=started),
        Case("report_command_again_s", median(started["again"]), None, at_least=False, unit="s", note="with the start"),
    ]


def _forget(office: Office) -> None:
    with office.workspace.transaction():
        office.workspace.db.execute("DELETE FROM kept")


def _worked_out(office: Office) -> bytes:
    _forget(office)
    return yearly_text(office, YEAR)


def _check(office: Office, told: dict[str, object]) -> None:
    """Some figures against sums over the table, and their ids against their number."""
    lines = {(line["indicator"], line["category"]): line for line in told["lines"]}  # type: ignore[attr-defined]
    db = office.workspace.db
    year = f"flags & 33 = 0 AND date_to BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31'"
    for code, question in (
        ("sessions", f"SELECT sum(sessions) FROM k_activity WHERE {year}"),
        ("participants", f"SELECT sum(participants) FROM k_activity WHERE {year}"),
        ("aid_money", f"SELECT sum(amount) FROM k_aid WHERE {year}"),
        ("people_in_care", "SELECT count(*) FROM k_person WHERE flags & 33 = 0"),
    ):
        line = lines[code, None]
        expect("report", code, line["value"], db.execute(question).fetchone()[0])
        expect("report", f"ids of {code}", len(set(line["ids"])), line["records"])

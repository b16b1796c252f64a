"""The same records replicated by PouchDB (leveldb), which is what one would reach for to merge offline databases.

PouchDB verifies no signature, decrypts nothing and keeps no view; each record is one document with its values. It runs
in turn with a merge of the program, round by round. Where there is no node or npm cannot install it, the case is left out.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tools.bench.harness import ROUNDS, Case, expect, in_turn, median, ratio, seconds
from tools.bench.merging import merge
from tools.bench.township import Made, open_copy

from fulian_desktop.services.exchanging import open_files

PACKAGE = "pouchdb@9.0.0"
NAME = "merge_vs_pouchdb"


def measure(made: Made, work: Path, node: Path, rounds: int = ROUNDS) -> list[Case]:
    """``merge_vs_pouchdb``."""
    why = install(node)
    if why:
        return [Case(NAME, None, 5, 12, note=f"left out: {why}")]
    folder = work / "pouchdb"
    shutil.rmtree(folder, ignore_errors=True)
    documents = folder / "documents"
    documents.mkdir(parents=True)
    total = write_documents(made, documents)
    found = in_turn({
        "pouchdb": lambda: replicate(node, documents, folder, total),
        "merge": lambda: _merge(made, work / "product", total),
    }, rounds)
    shutil.rmtree(folder)
    return [Case(NAME, ratio(found["pouchdb"], found["merge"]), 5, 12, samples=found,
                 note=f"{total} documents: PouchDB {median(found['pouchdb']):.1f} s, merge {median(found['merge']):.1f} s")]


def install(node: Path) -> str:
    """Install PouchDB with npm; "" when it is there, else why not."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "no node here"
    if (node / "node_modules" / "pouchdb").exists():
        return ""
    node.mkdir(parents=True, exist_ok=True)
    (node / "package.json").write_text('{"private": true}', "utf-8")
    done = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", PACKAGE], cwd=node, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"npm cannot install {PACKAGE}"


def write_documents(made: Made, documents: Path) -> int:
    """One JSON file a village, a document a record; returns how many there are."""
    total = 0
    with open_copy(made.empty, documents.parent / "reading") as office:
        incoming, _ = open_files(office, [made.packages])
    shutil.rmtree(documents.parent / "reading")
    for one in incoming:
        if one.package is None:
            continue
        changes = [change for segment in one.package.segments for change in segment.changes]
        docs = [_document(one.unit, change) for change in changes]
        (documents / f"{one.unit}.json").write_text(json.dumps(docs, ensure_ascii=False), "utf-8")
        total += len(docs)
    return total


def _document(unit: str, change: Any) -> dict[str, Any]:
    return {"_id": f"{unit}:{change.kind}:{change.record}", "unit": unit, "kind": change.kind, "by": change.actor,
            "at": change.at, "values": change.values}


def replicate(node: Path, documents: Path, work: Path, total: int) -> float:
    """Seconds of one replication of all villages into a new township."""
    script = node / "replicate.js"
    shutil.copyfile(Path(__file__).with_name("replicate.js"), script)
    done = subprocess.run(
        ["node", str(script.absolute()), str(documents.absolute()), str(work.absolute()), "1"],
        cwd=node, capture_output=True, text=True, check=True)
    said = json.loads(done.stdout)
    expect(NAME, "documents in the township", said["counts"], [total])
    return float(said["seconds"][0])


def _merge(made: Made, folder: Path, total: int) -> float:
    with open_copy(made.empty, folder) as office:
        taken = seconds(lambda: merge(office, made.packages))
        expect(NAME, "records merged", sum(office.counts().values()), total)
        return taken

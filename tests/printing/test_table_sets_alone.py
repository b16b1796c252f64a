"""A report on paper is whole whoever prints it first: in a process that has printed nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pypdfium2

SCRIPT = """
import sys
from pathlib import Path
from fulian_desktop.printing.table_sets import Section, TableSet, write_tables
from fulian_desktop.printing.tables import Column
section = Section("", (Column("项目", 2), Column("件数", 1, "right")), [["来访", "14"]])
write_tables(TableSet("维权统计表", (section,), subtitle="填报单位：清溪镇妇联"), Path(sys.argv[1]))
"""


def test_a_report_that_is_printed_first_has_its_title_and_its_unit(tmp_path: Path):
    target = tmp_path / "report.pdf"
    path = os.pathsep.join([str(Path(__file__).parents[2] / "src"), os.environ.get("PYTHONPATH", "")])
    subprocess.run([sys.executable, "-c", SCRIPT, str(target)], check=True, env={**os.environ, "PYTHONPATH": path})
    document = pypdfium2.PdfDocument(target.read_bytes())
    try:
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    assert "维权统计表" in text
    assert "填报单位：清溪镇妇联" in text

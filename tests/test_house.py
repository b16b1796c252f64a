"""The house around the code: commands, set-up, pins, licence, readme say the same thing and are true."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from fulian_desktop import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def pins() -> dict[str, str]:
    lines = [line for line in text("constraints.txt").splitlines() if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


def make(*words: str) -> str:
    run = subprocess.run(["make", "--no-print-directory", "-n", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return run.stdout


def test_constraints_are_names_and_versions_only():
    lines = [line for line in text("constraints.txt").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.!+]*", line)] == []
    assert not {"pip", "setuptools", "fulian-desktop"} & set(pins())
    assert lines == sorted(lines, key=str.lower)


def test_every_package_that_an_installation_pulls_in_is_pinned_to_what_is_installed():
    wanted, seen = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]], set()
    unpinned = []
    while wanted:
        requirement = Requirement(wanted.pop())
        name = canonicalize_name(requirement.name)
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen.add(name)
        if name in ("pip", "setuptools"):
            continue
        installed = distribution(name).version
        # On an old C library the set-up pins Qt lower; the test below covers that.
        if pins().get(name) != installed and not name.startswith(("pyside6", "shiboken6")):
            unpinned.append(f"{name}=={installed}")
        wanted += requires(name) or []
    assert unpinned == []
    assert {"pyside6-essentials", "sqlcipher3", "cffi", "et-xmlfile", "shiboken6"} <= seen


def test_qt_is_never_the_release_that_is_broken_on_python_3_11():
    assert Requirement("pyside6-essentials>=6.8,<6.12") in map(Requirement, PROJECT["dependencies"])
    assert pins()["pyside6-essentials"].startswith("6.11.")
    assert pins()["pyside6-essentials"] == pins()["shiboken6"]


@pytest.mark.parametrize(
    ("libc", "qt"), [("2.28", "6.9.3"), ("2.31", "6.9.3"), ("2.33", "6.9.3"), ("2.34", None), ("2.36", None), ("", None)]
)
def test_setup_pins_qt_by_the_age_of_the_c_library(tmp_path: Path, libc: str, qt: str | None):
    house = a_house(tmp_path)
    script = f'source tools/setup.sh; mkdir -p build; glibc() {{ echo "{libc}"; }}; write_constraints'
    subprocess.run(["bash", "-c", script], cwd=house, check=True)
    written = (house / "build" / "constraints.txt").read_text("utf-8")
    lower = {line.split("==")[0].lower(): line.split("==")[1] for line in written.splitlines() if "==" in line}
    expected = qt or pins()["pyside6-essentials"]
    assert lower["pyside6_essentials"] == lower["shiboken6"] == expected
    assert lower["reportlab"] == pins()["reportlab"]


def a_house(tmp_path: Path) -> Path:
    """A copy of what the set-up reads, with programs that only write down that they were called."""
    house = tmp_path / "house"
    (house / "tools").mkdir(parents=True)
    for name in ("pyproject.toml", "constraints.txt", "tools/setup.sh"):
        shutil.copy(ROOT / name, house / name)
    return house


def a_computer(tmp_path: Path, *, installed: bool, user: int) -> dict[str, str]:
    """An environment whose apt-get, dpkg-query and python are ours; calls.txt lists what was called."""
    bin_folder, calls = tmp_path / "bin", tmp_path / "calls.txt"
    bin_folder.mkdir()
    calls.touch()
    answer = "install ok installed" if installed else "unknown ok not-installed"
    make_venv = (
        'case "$*" in "-m venv .venv") mkdir -p .venv/bin; cp "$0" .venv/bin/python;; '
        '*"sys.version)"*) echo 3.11.2;; esac'
    )
    programs = {
        "apt-get": "",
        "dpkg-query": f'echo "{answer}"',
        "id": f"echo {user}",
        "python3.11": make_venv,
        "getconf": 'echo "glibc 2.36"',
    }
    for name, body in programs.items():
        path = bin_folder / name
        path.write_text(f'#!/bin/bash\necho "$(basename "$0") $*" >> "{calls}"\n{body}\n', "utf-8")
        path.chmod(0o755)
    return {**os.environ, "PATH": f"{bin_folder}:/usr/bin:/bin", "SYSTEM_PYTHON": str(bin_folder / "python3.11")}


def set_up(house: Path, env: dict[str, str]) -> tuple[subprocess.CompletedProcess, list[str]]:
    calls = Path(env["PATH"].split(":")[0]).parent / "calls.txt"
    calls.write_text("", "utf-8")
    run = subprocess.run(["bash", "tools/setup.sh"], cwd=house, env=env, capture_output=True, text=True)
    return run, calls.read_text("utf-8").splitlines()


def test_set_up_as_root_installs_libraries_a_venv_and_the_pinned_packages(tmp_path: Path):
    house, env = a_house(tmp_path), a_computer(tmp_path, installed=False, user=0)
    run, calls = set_up(house, env)
    assert run.returncode == 0, run.stderr
    apt = next(call for call in calls if call.startswith("apt-get install"))
    assert {"libegl1", "libxcb-cursor0", "xvfb", "poppler-utils"} <= set(apt.split())
    assert "python3.11 -m venv .venv" in calls
    pip = next(call for call in calls if call.startswith("python -m pip install"))
    assert "--constraint build/constraints.txt --editable .[dev]" in pip


def test_a_second_set_up_does_nothing(tmp_path: Path):
    house, env = a_house(tmp_path), a_computer(tmp_path, installed=True, user=0)
    assert set_up(house, env)[0].returncode == 0
    run, calls = set_up(house, env)
    assert run.returncode == 0
    assert [call for call in calls if call.startswith(("apt-get", "dpkg-query", "python -m"))] == []
    assert run.stdout + run.stderr == ""


@pytest.mark.parametrize("changed", ["pyproject.toml", "constraints.txt", "tools/setup.sh"])
def test_set_up_runs_again_when_what_it_depends_on_has_changed(tmp_path: Path, changed: str):
    house, env = a_house(tmp_path), a_computer(tmp_path, installed=True, user=0)
    set_up(house, env)
    with (house / changed).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    assert [call for call in set_up(house, env)[1] if call.startswith("python -m pip install")] != []


def test_without_root_the_exact_line_to_type_is_printed(tmp_path: Path):
    house, env = a_house(tmp_path), a_computer(tmp_path, installed=False, user=1000)
    run, calls = set_up(house, env)
    assert run.returncode == 1
    assert re.search(r"^sudo apt-get update && sudo apt-get install -y .*libegl1 .*$", run.stderr, re.MULTILINE)
    assert [call for call in calls if call.startswith(("apt-get", "python -m pip"))] == []


def test_without_root_nothing_is_asked_for_when_the_libraries_are_there(tmp_path: Path):
    house, env = a_house(tmp_path), a_computer(tmp_path, installed=True, user=1000)
    assert set_up(house, env)[0].returncode == 0


@pytest.mark.parametrize("target", ["run", "test", "lint", "bench", "bundle", "demo"])
def test_each_command_sets_up_first_and_stands_in_the_readme(target: str):
    commands = make(target).splitlines()
    assert commands[0].endswith("tools/setup.sh")
    assert len(commands) > 1
    assert f"`make {target}`" in text("README.md")


def test_ci_runs_the_test_command_of_the_readme_and_the_window_on_a_screen():
    script = text(".ci/run")
    assert "set -euo pipefail" in script
    assert script.splitlines()[-2:] == ["make test", "make test-screen"]
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "-m pytest" in make("test")
    assert "QT_QPA_PLATFORM=xcb xvfb-run" in make("test-screen")


def test_without_a_screen_make_run_says_so_and_shows_the_demo(tmp_path: Path):
    house = tmp_path / "house"
    (house / "tools").mkdir(parents=True)
    (house / ".venv" / "bin").mkdir(parents=True)
    (house / "tools" / "setup.sh").write_text("", "utf-8")
    shutil.copy(ROOT / "Makefile", house / "Makefile")
    for name in ("fulian", "python"):
        program = house / ".venv" / "bin" / name
        program.write_text(f'#!/bin/bash\necho "{name} $*"\n', "utf-8")
        program.chmod(0o755)
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    run = ["make", "--no-print-directory", "run"]
    without = subprocess.run(run, cwd=house, env=env, capture_output=True, text=True, check=True)
    assert without.stdout.splitlines()[-1] == "fulian demo build/demo"
    assert "没有屏幕" in without.stdout
    env["DISPLAY"] = ":1"
    with_screen = subprocess.run(run, cwd=house, env=env, capture_output=True, text=True, check=True)
    assert with_screen.stdout.splitlines() == ["python -m fulian_desktop"]


@pytest.mark.parametrize("script", ["tools/setup.sh", "tools/smoke_bundle.sh", ".ci/run"])
def test_shell_scripts_parse(script: str):
    assert subprocess.run(["bash", "-n", str(ROOT / script)]).returncode == 0


def test_version_licence_and_changelog_agree():
    assert f"\n## {__version__}" in text("CHANGELOG.md")
    assert PROJECT["license"]["text"] == "MulanPSL-2.0"
    assert text("LICENSE").startswith("木兰宽松许可证, 第2版")
    assert "Mulan Permissive Software License，Version 2" in text("LICENSE")


def test_the_tour_of_the_readme_runs_word_for_word(tmp_path: Path):
    block = re.search(r"```\n(\. \.venv/bin/activate\n.*?)```", text("README.md"), re.DOTALL)
    assert block is not None
    tour = block[1].replace(". .venv/bin/activate", f'PATH="{Path(sys.executable).parent}:$PATH"')
    # `fulian` of this interpreter, wherever it was installed from: the module itself.
    tour = f'fulian() {{ "{sys.executable}" -m fulian_desktop "$@"; }}\nset -e\n{tour}'
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "FULIAN_DATA": str(tmp_path / "data")}
    run = subprocess.run(["bash", "-c", tour], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert run.stderr == ""
    # The last command lists what the township now holds: the village's activity.
    assert "三八节普法宣传" in run.stdout.rsplit('"records"', 1)[-1]


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_links_between_pages_lead_somewhere(name: str):
    links = re.findall(r"\]\(([^)#:]+)\)", text(name))
    assert [link for link in links if not (ROOT / link).exists()] == []
    assert links != [] or name != "README.md"

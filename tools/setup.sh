#!/usr/bin/env bash
# Everything the Makefile needs, on a bare Debian 12: system libraries, .venv, the pinned packages.
#
# Usage: tools/setup.sh            (the Makefile calls it; a second run returns at once)
#
# Rules:
#   * build/.setup holds the hash of what this script depends on (pyproject, constraints, itself, the Python
#     and the C library found); while it agrees, nothing is done.
#   * System packages come from apt-get when we are root. Otherwise the exact line to type is printed and we
#     stop, because Qt without its libraries fails later with a message nobody can read.
#   * constraints.txt pins every package. One pin depends on the machine: PySide6 6.11 is built for
#     glibc >= 2.34; on 2.28 to 2.33 its three packages are pinned to 6.9.3, the last built for 2.28.
#     6.12 is never taken: it is broken on Python 3.11.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

QT_OLD_GLIBC=6.9.3

# Qt's xcb and offscreen plugins; then what only the tests use: a screen, PDF and sheet readers.
DEBIAN_PACKAGES=(
  python3-venv
  libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libglib2.0-0
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
  libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
  binutils
  xvfb xauth poppler-utils qpdf libreoffice-calc-nogui
)

say() { printf '\033[1m%s\033[0m\n' "$*" >&2; }

glibc() { getconf GNU_LIBC_VERSION 2>/dev/null | awk '{print $2}'; }

older_than() { [ "$1" != "$2" ] && [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

find_python() {
  local name
  # The system's own first: one that lies before it on the path may be built without optimisation (a tenth slower).
  for name in "${SYSTEM_PYTHON:-/usr/bin/python3.11}" python3.11 python3 python3.13 python3.12; do
    if command -v "$name" >/dev/null 2>&1 \
      && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return 0
    fi
  done
  return 1
}

version_of() { "$1" -c 'import sys; print(sys.version)' 2>/dev/null; }

fingerprint() {
  cat pyproject.toml constraints.txt tools/setup.sh | sha256sum | awk '{print $1}'
  version_of "$1"
  glibc
}

missing_system_packages() {
  local package
  for package in "${DEBIAN_PACKAGES[@]}"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed$' || printf '%s ' "$package"
  done
}

install_system_packages() {
  if ! command -v dpkg-query >/dev/null 2>&1; then
    say "这不是 Debian 系的系统，请自行装好相当于这些软件包的库：${DEBIAN_PACKAGES[*]}"
    return 0
  fi
  local wanted
  wanted=$(missing_system_packages)
  [ -n "$wanted" ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "还缺系统软件包。请先运行下面这一行，再重新运行刚才的命令："
    printf 'sudo apt-get update && sudo apt-get install -y --no-install-recommends %s\n' "$wanted" >&2
    exit 1
  fi
  say "安装系统软件包：$wanted"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >&2
  # shellcheck disable=SC2086  # one word a package
  apt-get install -y -q --no-install-recommends $wanted >&2
}

write_constraints() {
  local libc
  libc=$(glibc)
  if [ -n "$libc" ] && older_than "$libc" 2.34; then
    sed -E "s/^(pyside6[A-Za-z_-]*|shiboken6)==.*/\1==$QT_OLD_GLIBC/I" constraints.txt > build/constraints.txt
  else
    cp constraints.txt build/constraints.txt
  fi
}

main() {
  mkdir -p build
  local python
  if python=$(find_python) && [ -x .venv/bin/python ] && [ -f build/.setup ] \
    && [ "$(fingerprint "$python")" = "$(cat build/.setup)" ]; then
    return 0
  fi
  if ! command -v apt-get >/dev/null 2>&1 && [ -z "${python:-}" ]; then
    say "没有找到 Python 3.11 或更新的版本，请先安装 Python。"
    exit 1
  fi
  rm -f build/.setup
  install_system_packages
  python=$(find_python) || { say "没有找到 Python 3.11 或更新的版本，请先安装 Python。"; exit 1; }
  if [ "$(version_of .venv/bin/python)" != "$(version_of "$python")" ]; then
    say "建立 .venv"
    rm -rf .venv
    "$python" -m venv .venv
  fi
  write_constraints
  say "安装 Python 软件包"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --constraint build/constraints.txt --editable '.[dev]'
  fingerprint "$python" > build/.setup.part
  mv build/.setup.part build/.setup
}

# Sourced by a test, it only defines its functions.
if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  main "$@"
fi

#!/usr/bin/env bash
# Runs a built program as on a computer that has neither Python nor this source tree, and no screen.
#
# Usage: tools/smoke_bundle.sh dist/fulian-desktop
set -euo pipefail
bundle=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

alone() { env -i HOME="$work" PATH=/usr/bin:/bin LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen "$@"; }

alone "$bundle/fulian" --help > help.txt
grep -q demo help.txt
alone "$bundle/fulian" demo demo --villages 3 --records 60 --json > demo.json
grep -q '"digest"' demo.json
# The window stays open until it is closed: still running after ten seconds is what we want (exit 124).
window=0
timeout 10 env -i HOME="$work" PATH=/usr/bin:/bin LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen \
  "$bundle/fulian-desktop" 2> window.txt || window=$?
if [ "$window" -ne 124 ]; then
  cat window.txt >&2
  echo "打包好的窗口自己关了（$window）" >&2
  exit 1
fi
printf '打包好的程序可以运行：%s\n' "$bundle"

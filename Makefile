# Each command sets everything up first (tools/setup.sh); a second run starts at once.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test test-screen lint bench bundle demo screenshots clean

PYTHON := .venv/bin/python
FULIAN := .venv/bin/fulian
BUNDLE := dist/fulian-desktop

help: ## 列出全部命令
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: ## 只做准备：系统库、.venv、各软件包
	@bash tools/setup.sh

run: setup ## 打开程序；没有屏幕时演示一遍
	@if [ "$$(uname -s)" = Linux ] && [ -z "$${DISPLAY:-}" ] && [ -z "$${WAYLAND_DISPLAY:-}" ]; then \
	  echo "这里没有屏幕，打不开窗口，改为用命令行演示一遍，结果放在 build/demo。"; \
	  rm -rf build/demo; \
	  $(FULIAN) demo build/demo; \
	else \
	  $(PYTHON) -m fulian_desktop; \
	fi

demo: setup ## 命令行演示：村里登记、上报，镇里合并、打印
	@rm -rf build/demo
	@$(FULIAN) demo build/demo

test: setup ## 全部测试
	@QT_QPA_PLATFORM=offscreen $(PYTHON) -m pytest

test-screen: setup ## 窗口的测试，在一块真的（虚拟的）X 屏幕上
	@QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum --server-args "-screen 0 1366x768x24" $(PYTHON) -m pytest tests/gui

lint: setup ## ruff 和 mypy
	@.venv/bin/ruff check .
	@.venv/bin/mypy

bench: setup ## 测速度，打印与对照的比值
	@$(PYTHON) -m tools.bench

screenshots: setup ## 给窗口的每一页拍照，放在 docs/screenshots，并查有没有字被截断
	@if command -v xvfb-run >/dev/null; then \
	  QT_QPA_PLATFORM=xcb xvfb-run --auto-servernum --server-args "-screen 0 1366x768x24" $(PYTHON) -m tools.screenshots; \
	else \
	  QT_QPA_PLATFORM=offscreen $(PYTHON) -m tools.screenshots; \
	fi

bundle: setup ## 打成不用安装的程序，放在 dist/，并试运行
	@.venv/bin/pyinstaller --noconfirm --clean --log-level ERROR --distpath dist --workpath build/pyinstaller build.spec
	@bash tools/smoke_bundle.sh $(BUNDLE)

clean: ## 删掉 .venv、build、dist
	@rm -rf .venv build dist

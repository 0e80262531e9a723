# Needs Python 3.11 or later, make and the package registries; everything else is set up here, pinned by hash.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test lint bench soak

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
TOANKHOA_DATA ?= $(CURDIR)/data
export PORT TOANKHOA_DATA

BIN := .venv/bin
# Stamps live inside what they vouch for: deleting a folder makes its set-up run again.
STAMPS := .venv/stamps
VENDOR := src/toankhoa/web/static/vendor
UV := $(BIN)/uv pip
# Browsers are driven in a process of their own: one that hangs fails no other test.
PYTEST := $(BIN)/pytest -n 2 --dist worksteal -rs
CHECKED := src tests tools $(wildcard bench manage.py)

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 10

setup: $(STAMPS)/project $(VENDOR)/.stamp ## everything that running needs

run: setup ## serve on PORT (8000) from TOANKHOA_DATA (./data), filled with the demo when empty
	@test -e "$$TOANKHOA_DATA/installation.toml" || $(BIN)/toankhoa demo
	@exec $(BIN)/toankhoa serve

# Tests read no installation of anybody's: settings look at a folder of their own.
test soak: export TOANKHOA_DATA := $(CURDIR)/.state/test-data
# Compiled code is kept, whatever the machine's habit: each process and each run would compile the tests again.
test soak: export PYTHONDONTWRITEBYTECODE :=

test: setup lint ## lint, then all tests: on SQLite, then on PostgreSQL what touches a database
	@tools/debian.sh chromium=chromium "soffice=libreoffice-writer-nogui fonts-liberation2" pg_ctlcluster=postgresql
	$(PYTEST) tests/core -m "not soak" --cov=toankhoa.core --cov-branch --cov-report=term:skip-covered --cov-fail-under=96
	$(PYTEST) --ignore=tests/core -m "not soak and not browser"
	$(PYTEST) -m "browser and not soak"
	$(BIN)/python tools/postgres.py $(PYTEST) -m "not soak and not browser"
	$(BIN)/python tools/postgres.py $(PYTEST) -m "browser and not soak"

lint: setup ## style, types, layers, templates
	$(BIN)/ruff check $(CHECKED)
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint src/toankhoa/web --check

bench: setup ## the roll-up against other designs, on both databases; many writers at once
	@tools/debian.sh pg_ctlcluster=postgresql
	$(BIN)/python bench/rollup.py
	$(BIN)/python tools/postgres.py --durable $(BIN)/python bench/nation.py
	$(BIN)/python tools/postgres.py --durable $(BIN)/python bench/writers.py

soak: setup ## the laws of the arithmetic on thousands of random cases, and the long tests
	$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=soak -m "soak or law"

# Set-up says what it does, one line a step; the tools under it speak only of what goes wrong.
$(STAMPS)/uv: tools/requirements-uv.lock
	@test -n "$(PYTHON)" || { echo "Cần Python 3.11 trở lên." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Cần Python 3.11 trở lên.")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || tools/debian.sh ensurepip=python3-venv
	@echo "• Lập môi trường Python riêng trong .venv"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r $<
	@mkdir -p $(@D) && touch $@

# Compiled here, so that a start does not wait for it where Python may not keep what it compiles.
$(STAMPS)/packages: requirements.lock $(STAMPS)/uv
	@echo "• Cài các thư viện Python"
	@$(UV) sync -q --python $(BIN)/python --compile-bytecode --require-hashes $<
	@touch $@

$(STAMPS)/project: pyproject.toml $(STAMPS)/packages
	@echo "• Cài Toàn Khóa"
	@$(UV) install -q --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENDOR)/.stamp: package-lock.json tools/vendor.py | $(STAMPS)/uv
	@echo "• Tải phông chữ"
	@tools/npm.sh ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error || { \
	  echo "npm không tải được các gói của trang (lý do ở trên)." \
	    "Nếu máy không tới được kho gói npm, hãy nối mạng hoặc đặt npm_config_registry, rồi chạy lại." >&2; exit 1; }
	@$(BIN)/python tools/vendor.py
	@touch $@

# make demo: the tour of the main job.   make test: everything that is checked.
# Both need Python 3.11 or newer, and nothing else: the first run builds .venv. Tests open pages in Chromium or Chrome.

.DEFAULT_GOAL := help
.PHONY: help demo test laws faults fuzz bench bench-indicators replay-other setup browser screenshots lock clean

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The packages of this repository: kpicore itself, then its plugins.
PROJECTS := pyproject.toml $(sort $(wildcard plugins/*/pyproject.toml))
UV ?= uv

help:
	@sed -n '1,2s/^# //p' Makefile

demo: setup
	@$(BIN)/kpicore demo

test: setup browser
	@$(BIN)/pytest -n auto

# The browser that tests open pages in: the one that is here, else Debian's where it may be installed. Without one these
# tests fail and say what to install.
browser:
	@for name in $(KPICORE_CHROMIUM) chromium chromium-browser google-chrome google-chrome-stable chrome; do \
	  command -v "$$name" >/dev/null 2>&1 && exit 0; \
	done; \
	[ -d '/Applications/Google Chrome.app' ] || [ -d /Applications/Chromium.app ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
	  echo 'Installing Chromium for the tests of pages …'; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium; } >/dev/null 2>&1 \
	    || echo 'Chromium could not be installed; the tests of pages will say what they need' >&2; \
	fi

# The pictures of reports in the docs, from the tour's data; Chinese ones need a font such as fonts-noto-cjk.
screenshots: setup browser
	@$(BIN)/python -m tests.browser.screenshots docs/images

# The long campaigns: 2,000 histories of 50 steps for the history machine, where the suite runs 100 of 30, and 2,000 for the
# explanations, where it runs 8; and 100 generated ledgers for each plugin's laws, where the suite runs 2.
laws: setup
	@KPICORE_LAWS_EXAMPLES=2000 KPICORE_LAWS_STEPS=50 $(BIN)/pytest tests/laws
	@KPICORE_LAWS_LEDGERS=100 $(BIN)/pytest plugins/*/tests/test_laws.py

# Ratios to references that are timed in the same run. make bench FACTS=10000000 WRITE=--write keeps them in the docs;
# make bench ROWS="measure grow" times only these.
FACTS ?= 1000000
bench: setup
	@$(BIN)/python -m tests.benchmarks.table --facts $(FACTS) $(if $(ROWS),--rows $(ROWS)) $(WRITE)

# Every indicator of the plugins against a statement written by hand for it, over facts of every type. APART=--apart tells
# each by itself as well.
bench-indicators: setup
	@$(BIN)/python -m tests.benchmarks.every_indicator --facts $(FACTS) $(APART)

# The campaign of faults: 200 kills, 500 flipped and 500 cut files, a fault at every kilobyte that is written, 8 writers with
# 250 batches each. make faults KILLS=2000 is the long form; the suite runs a short one.
KILLS ?= 200
faults: setup
	@KPICORE_FAULTS_KILLS=$(KILLS) KPICORE_FAULTS_DAMAGES=500 KPICORE_FAULTS_STEPS=250 KPICORE_FAULTS_BATCHES=250 $(BIN)/pytest tests/faults

# Broken inputs: text, JSON Lines, Parquet and Arrow files, maps, definitions, SQL, scorecards. make fuzz CASES=1000 TARGETS="text map"
CASES ?= 50000
TARGETS ?=
fuzz: setup
	@$(BIN)/python -m tests.fuzz.campaign $(CASES) $(TARGETS)

# What this DuckDB sealed is replayed with another one: an environment with it over .venv, then the tour's ledger and the
# golden evaluations. make replay-other DUCKDB=1.4.0
DUCKDB ?= 1.4.0
OTHER := build/duckdb-$(DUCKDB)
replay-other: setup
	@rm -rf $(OTHER) build/replayed && $(BIN)/python -m venv $(OTHER)
	@$(OTHER)/bin/python -m pip install --quiet --disable-pip-version-check --no-input --no-deps duckdb==$(DUCKDB)
	@for folder in $(OTHER)/lib/python*/site-packages; do echo "import site; site.addsitedir('$$(echo $(CURDIR)/$(VENV)/lib/python*/site-packages)')" >$$folder/over.pth; done
	@$(BIN)/kpicore demo --keep build/replayed >build/replayed.txt
	@$(OTHER)/bin/python -m tests.golden.replay_all build/replayed/kpi.db
	@$(OTHER)/bin/python -m pytest -q tests/golden

setup: $(STAMP)

# Two steps: what others made comes by hash; then what is here, editable, without asking any index.
$(STAMP): requirements/dev.txt $(PROJECTS)
	@if ! [ -x $(BIN)/python ]; then \
	  for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python; do \
	    if $$python -c 'import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      $$python -m venv $(VENV) && break; \
	    fi; \
	  done; \
	fi; \
	[ -x $(BIN)/python ] || { echo 'kpicore needs Python 3.11 or newer with venv: install it, or name it with "make $(MAKECMDGOALS) PYTHON=/path/to/python"' >&2; exit 2; }
	@echo 'Setting up $(VENV) …'
	@PIP_USER=0 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --isolated --disable-pip-version-check --no-input --no-index --no-deps --no-build-isolation $(patsubst %pyproject.toml,-e ./%,$(PROJECTS))
	@touch $@

# The pinned requirements again, from pyproject.toml and requirements/dev.in; needs uv. Pins stay where they can:
# remove requirements/*.txt first to take what is newest.
lock:
	@command -v $(UV) >/dev/null || { echo 'make lock needs uv on the PATH, or UV=/path/to/uv' >&2; exit 2; }
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' \
	  -o requirements/run.txt pyproject.toml
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' \
	  -o requirements/dev.txt -c requirements/run.txt pyproject.toml requirements/dev.in

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

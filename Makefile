# make generate · make test · make check · make bench
#
# Each sets up .venv by itself. Needed: Python 3.11 or newer, make, a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# One thing after the other, whatever -j says: the last lines are those of the tests.
.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help:
	@echo 'make generate   write generated/hubspot_batch from spec/'
	@echo 'make test       run the tests'
	@echo 'make check      everything that has to pass: lint, types, drift, test'
	@echo 'make format     give the code the shape that lint wants'
	@echo 'make fuzz       specs changed at random, for ten minutes (ARGS="--minutes 60")'
	@echo 'make corpus     whole specs against mypy and pyright (ARGS="openapi.yaml specs/")'
	@echo 'make bench      what calls and generating cost; make bench-peers: and others'
	@echo 'make figures    those that README.md shows, measured anew'

.PHONY: generate
generate: $(READY)
	$(BIN)/batchwright generate

.PHONY: test
test: $(READY)
	$(BIN)/pytest --numprocesses auto --dist loadgroup

# By hand: the tests run a fixed number of its cases.
.PHONY: fuzz
fuzz: $(READY)
	PYTHONPATH=tests $(BIN)/python -m fuzz $(ARGS)

# By hand: large specs take minutes each.
.PHONY: corpus
corpus: $(READY)
	PYTHONPATH=tests $(BIN)/python -m corpus $(ARGS)

.PHONY: check
check: lint types drift test

.PHONY: lint
lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/black --check --quiet --diff .

.PHONY: types
types: $(READY)
	$(BIN)/mypy
	$(BIN)/pyright

.PHONY: drift
drift: $(READY)
	$(BIN)/batchwright generate --check

.PHONY: format
format: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/black --quiet .

# Figures for people to read: nothing here passes or fails.
.PHONY: bench
bench: $(READY)
	$(BIN)/python bench/run.py

# SPECS="a.json b.yaml" measures generating on those as well.
.PHONY: bench-peers
bench-peers: $(READY)
	$(BIN)/python bench/run.py --peers $(SPECS)

# The same, and writes what README.md shows: on a machine that does nothing else.
.PHONY: figures
figures: $(READY)
	$(BIN)/python bench/run.py --peers --keep $(SPECS)

# Made anew where a dependency may have changed; otherwise nothing is done here.
$(READY): pyproject.toml generated/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'Python 3.11 or newer is needed, and $(PYTHON) is not:' \
	         'name one with `make PYTHON=python3.12 …`' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
	    --editable '.[dev]' --editable ./generated
	@touch $@

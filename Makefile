# Two commands do everything on a fresh machine with Python 3.11+: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# the lock is given as constraints too: pip before 23.3 does not apply a pin to a package's extras
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test lint bench accuracy lock dictionary clean
.DEFAULT_GOAL := help

help:  ## Show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: $(VENV)/.run  ## Ingest a small news site on this machine, and show what SQL answers
	@$(BIN)/dateline demo

test: $(VENV)/.dev lint  ## Check style, types and layers, and run the tests
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev  ## Measure speed and memory, as ratios
	$(BIN)/python -m benchmarks --write docs/performance.md

accuracy: $(VENV)/.dev  ## Measure the extractors on the gold articles, for the quality report
	$(BIN)/python -m tests.golden.test_accuracy

dictionary: $(VENV)/.run  ## Write docs/data-dictionary.md and docs/sql.md
	$(BIN)/dateline dictionary > docs/data-dictionary.md
	$(BIN)/dateline dictionary --sql > docs/sql.md

lock:  ## Renew the locks (needs uv)
	uv pip compile pyproject.toml --extra build $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra build --extra dev --extra scale $(LOCK) -o requirements-dev.lock
LOCK := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --quiet

clean:  ## Remove the environment and what the demo wrote
	rm -rf $(VENV) build *.egg-info demo-warehouse

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dateline needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV); this takes a minute or two"
	$(INSTALL) --require-hashes -r requirements.lock -c requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV); this takes a minute or two"
	$(INSTALL) --require-hashes -r requirements-dev.lock -c requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

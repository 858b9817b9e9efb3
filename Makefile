# ozgflow: two commands on a fresh machine – `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK := requirements.lock
# tests/distribution.py decides on the order, and on what stays together.
ON_ALL_CORES := --numprocesses=auto --dist=loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.PHONY: help demo test test-all check format bench ui docs lock clean

help:  ## show what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

# The stamp is written last, so an installation that was killed is done again.
$(STAMP): $(LOCK) pyproject.toml
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installiere die festgeschriebenen Pakete nach $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(LOCK)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

demo: $(STAMP)  ## run the main job on invented evidence, with Prefect's own temporary server
	@$(BIN)/ozgflow demo

ui: $(STAMP)  ## start the Prefect UI with all runs so far
	@$(BIN)/ozgflow ui

test: $(STAMP)  ## run the tests, on all cores
	@$(BIN)/python -m pytest $(ON_ALL_CORES)

test-all: $(STAMP)  ## run the slow tests too
	@OZGFLOW_TEST_THOROUGH=1 $(BIN)/python -m pytest $(ON_ALL_CORES) -m ""

check: $(STAMP)  ## format, lint, types, layers, generated docs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/ozgflow docs check

format: $(STAMP)  ## format the code and mend what can be mended
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(STAMP)  ## print what is claimed about speed, as ratios measured side by side
	@$(BIN)/python -m benchmarks.validation
	@$(BIN)/python -m benchmarks.large
	@$(BIN)/python -m benchmarks.schematron
	@$(BIN)/python -m benchmarks.rollout

docs: $(STAMP)  ## write the generated pages of the documentation
	@$(BIN)/ozgflow docs write

lock: $(STAMP)  ## resolve the dependencies anew
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url \
	  --no-emit-find-links --group dev --extra postgres --output-file $(LOCK) pyproject.toml

clean:  ## remove the environment and everything the demo has made
	rm -rf $(VENV) .ozgflow .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

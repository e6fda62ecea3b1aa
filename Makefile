# Doudi. `make run` to look at it, `make test` and `make check` before a commit.
# The virtual environment is .venv, made on first use and renewed when a requirement changes.

PYTHON := .venv/bin/python
NEEDS := pyproject.toml requirements/build.txt requirements/runtime.txt scripts/setup.sh
WORKERS ?= 2

# An environment does not survive a move of the checkout: it is then made anew.
ifneq ($(shell cat .venv/place 2>/dev/null),$(CURDIR))
NEEDS += moved
endif

.DEFAULT_GOAL := help
.PHONY: help run gallery test test-deep test-nojit test-reversed check format bench bench-server coverage mutation faults crash race lock clean moved

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

.venv/runtime.installed: $(NEEDS)
	@bash scripts/setup.sh runtime

.venv/server.installed: $(NEEDS) requirements/server.txt
	@bash scripts/setup.sh server

.venv/dev.installed: $(NEEDS) requirements/dev.txt
	@bash scripts/setup.sh dev

.venv/bench.installed: $(NEEDS) requirements/bench.txt
	@bash scripts/setup.sh bench

# Three years of bills of a large county (PEOPLE=500000) are decided by the batch engine, which comes with `dev`.
run: .venv/$(if $(PEOPLE),dev,server).installed ## the server with its own database and a demo county; PEOPLE=1000
	@.venv/bin/doudi demo --serve $(if $(PEOPLE),--people $(PEOPLE))

gallery: .venv/runtime.installed ## settle the gallery of published bills; pages in var/gallery
	@.venv/bin/doudi gallery

test: .venv/dev.installed ## the tests: library, server on a real PostgreSQL, pages in a real browser
	@bash scripts/browser.sh
	$(PYTHON) -m pytest -n $(WORKERS) -m "not deep"

test-deep: .venv/dev.installed ## what is too long for every change: more random policies and bills, faults, benchmarks
	$(PYTHON) -m pytest -n $(WORKERS) -m deep

test-reversed: .venv/dev.installed ## the server's tests, each query without an order answered backwards
	PYTHONPATH=tests $(PYTHON) -m pytest -p support.reversed_rows -q -n $(WORKERS) -m "not browser and not deep" src/doudi/server tests/server

test-nojit: .venv/dev.installed ## the batch engine without its compiler
	DOUDI_NO_JIT=1 $(PYTHON) -m pytest -n $(WORKERS) tests/test_batch_differential.py tests/test_batch_files.py \
	    tests/test_batch_tables.py tests/test_cli_batch.py -k "not cutting_a_chunk and not warming_up"

check: .venv/dev.installed ## format, lint, types, layers, tidy tests, all policies
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PYTHON) -m pytest -q tests/tidy
	.venv/bin/doudi policy check --all

format: .venv/dev.installed ## format and mend what can be mended
	$(PYTHON) -m ruff check --fix --exit-zero
	$(PYTHON) -m ruff format

bench: .venv/bench.installed ## measure the engine side by side with others; SIZE=1e8 for more bills
	$(PYTHON) -m benchmarks $(if $(SIZE),--size $(SIZE))

bench-server: .venv/dev.installed ## measure pages, settling and slips with PEOPLE=500000 behind them
	$(PYTHON) -m benchmarks.server $(if $(PEOPLE),--people $(PEOPLE))

coverage: .venv/dev.installed ## which lines the tests reach
	$(PYTHON) -m coverage erase
	$(PYTHON) -m coverage run -m pytest -q -n $(WORKERS)
	$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report

mutation: .venv/dev.installed ## which small changes of the library the tests notice; about an hour
	nice -n 10 $(PYTHON) scripts/mutate.py --jobs $(WORKERS)

faults: .venv/dev.installed ## which drawn mistakes in the shipped policies their check notices; some minutes
	nice -n 10 $(PYTHON) scripts/faults.py --jobs $(WORKERS) --write

crash: .venv/dev.installed ## kill whatever settles, everywhere, and ask again; docs/evidence/crash.md
	PYTHONPATH=tests $(PYTHON) -m crash --write

race: .venv/dev.installed ## two at one person in every order, and storms; docs/evidence/race.md
	PYTHONPATH=tests $(PYTHON) -m race --write

lock: ## renew the hashed requirement files
	bash scripts/lock.sh

clean: ## remove all that is made
	rm -rf .venv var build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	    .import_linter_cache src/doudi.egg-info
	find src tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +

# Two commands matter: `make demo` and `make test`. Both set up .venv by themselves.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q
# Two workers: half of the tests' time is waiting. `PYTEST_ARGS='-n 0'` for one.
PYTEST_ARGS ?=
BENCH ?=

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help demo rush test lint bench vendor clean postgresql chromium

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: .venv/demo.stamp ## start the whole product with a simulated PowerSchool
	@$(BIN)/python -m vmps.demo

rush: .venv/demo.stamp ## send the running demo a morning rush of signed events
	@$(BIN)/python -m vmps.demo rush

test: .venv/dev.stamp postgresql chromium lint ## set up what the tests need, lint, run all tests
	$(BIN)/python -m pytest -rs -n 2 $(PYTEST_ARGS)

lint: .venv/dev.stamp ## check style, formatting and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/dev.stamp ## run the benchmarks
	$(BIN)/python -m benchmarks $(BENCH)

vendor: ## fetch the browser libraries anew (needs Node's npm)
	@sh static/vendor/vendor.sh

clean: ## forget the demo, .venv and every cache
	rm -rf .venv var build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 …"; exit 1; }
	@$(PYTHON) -m venv .venv || \
	  { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; \
	    rm -rf .venv; exit 1; }

.venv/demo.stamp: .venv/bin/pip pyproject.toml constraints.txt
	@echo "Installing what the demo needs into .venv."
	@$(PIP) -e '.[demo]' -c constraints.txt
	@touch $@

.venv/dev.stamp: .venv/bin/pip pyproject.toml constraints.txt
	@echo "Installing what the tests need into .venv."
	@$(PIP) -e '.[demo,dev]' -c constraints.txt
	@touch $@ .venv/demo.stamp

postgresql:
	@if command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then \
	  true; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing PostgreSQL, which the tests start for themselves."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends postgresql >/dev/null; \
	else \
	  echo "PostgreSQL is missing, so the tests that need it will be skipped."; \
	  echo "To run them too: sudo apt-get install postgresql"; \
	fi

chromium:
	@if command -v "$${CHROMIUM:-/usr/bin/chromium}" >/dev/null; then \
	  true; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing Chromium, in which the tests look at the pages."; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	    apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core \
	    >/dev/null; \
	else \
	  echo "Chromium is missing, so the tests in tests/browser will be skipped."; \
	  echo "To run them too: sudo apt-get install chromium fonts-dejavu-core"; \
	  echo "or let CHROMIUM name the program of another Chromium."; \
	fi

# Needs python3 (3.11 or later) and make, nothing else: everything lands in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WHEELS := $(VENV)/wheelhouse
STAMP := $(VENV)/.installed
# Tests share one set of servers, whatever the number of workers; they wait for them a third of their time.
WORKERS ?= 3
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: install demo test test-slow check format bench browser clean
.PHONY: instruments instruments-installed inspector conformance mcpscore ts-client claude-code

install: $(STAMP)

# The wheelhouse keeps every wheel, so that whatever comes later (a second install, the test of the built
# wheel in an empty environment) works without a network. -qq: pip warns of every index that lacks a package.
$(STAMP): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(WHEELS)
	@echo "install: fetching wheels into $(WHEELS)"
	@$(BIN)/pip download -qq --find-links $(WHEELS) -d $(WHEELS) -c constraints.txt -r constraints.txt
	@echo "install: installing into $(VENV)"
	@$(BIN)/pip install -qq --no-index --find-links $(WHEELS) -r constraints.txt
	@$(BIN)/pip install -qq --no-index --find-links $(WHEELS) --no-build-isolation --no-deps -e .
	@touch $(STAMP)

demo: install
	@$(BIN)/bravo-agent demo

check: install
	@$(BIN)/ruff format --check -q . || { echo "check: run make format"; exit 1; }
	@$(BIN)/ruff check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

# Tests of the review page need a Chromium. Debian's is installed where it is missing and that is allowed (root, or CI
# with sudo); elsewhere those tests are skipped, and say so.
browser:
	@if command -v chromium >/dev/null; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ]; then may=env; elif [ -n "$$CI" ] && sudo -n true 2>/dev/null; then may="sudo -n env"; fi; \
	if [ -z "$$may" ] || ! command -v apt-get >/dev/null; then echo "browser: no chromium, and no way to install it"; \
	else echo "browser: installing chromium"; \
	{ $$may timeout 120 apt-get update -qq && $$may DEBIAN_FRONTEND=noninteractive timeout 600 \
	apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 \
	|| echo "browser: chromium could not be installed"; fi

test: browser

test: check
	@$(BIN)/pytest -n $(WORKERS) -m "not slow and not instruments"

test-slow: install
	@$(BIN)/pytest -n $(WORKERS) -m slow

# What others wrote to try MCP servers with (docs/mcp.md). npm puts Node 22 among it: what is on the path may be older.
INSTRUMENTS := .instruments
KIT := tests/mcp/instruments

instruments-installed: $(INSTRUMENTS)/.installed

$(INSTRUMENTS)/.installed: $(KIT)/package.json $(KIT)/package-lock.json $(KIT)/requirements.txt
	@mkdir -p $(INSTRUMENTS)
	@echo "instruments: installing into $(INSTRUMENTS)"
	@cp $(KIT)/package.json $(KIT)/package-lock.json $(INSTRUMENTS)/
	@npm ci --prefix $(INSTRUMENTS) --ignore-scripts --no-audit --no-fund --loglevel=error
	@test -x $(INSTRUMENTS)/venv/bin/python || $(PYTHON) -m venv $(INSTRUMENTS)/venv
	@$(INSTRUMENTS)/venv/bin/pip install -qq --no-deps -r $(KIT)/requirements.txt
	@touch $@

instruments: install instruments-installed
	@$(BIN)/pytest -m instruments $(KIT)

inspector conformance mcpscore: install instruments-installed
	@$(BIN)/pytest -m instruments $(KIT)/test_$@.py

ts-client: install instruments-installed
	@$(BIN)/pytest -m instruments $(KIT)/test_ts_client.py

# Claude Code is not free software and 360 MB, so only whoever asks for it gets it. Its own updates are off in the test.
CLAUDE := $(INSTRUMENTS)/claude-code

$(CLAUDE)/.installed: $(KIT)/claude-code/package.json $(KIT)/claude-code/package-lock.json
	@mkdir -p $(CLAUDE)
	@echo "claude-code: installing into $(CLAUDE)"
	@cp $(KIT)/claude-code/package.json $(KIT)/claude-code/package-lock.json $(CLAUDE)/
	@npm ci --prefix $(CLAUDE) --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

claude-code: install $(CLAUDE)/.installed
	@$(BIN)/pytest -m instruments $(KIT)/test_claude_code.py

format: install
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix .

bench: install
	@$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) $(INSTRUMENTS) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

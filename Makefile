# Kopilka. `make run` starts it, `make test` proves it; everything lands in .venv, var and node_modules.
.DEFAULT_GOAL := run
.PHONY: run setup compiled lock check test screenshots bench audit clean

PY   ?= python3
V    := .venv
BIN  := $(V)/bin
JOBS ?= auto
export UV_PYTHON_DOWNLOADS = never

run: setup
	@$(BIN)/kopilka up

setup: $(V)/.ready node_modules/.ready $(V)/.translated

# Hash-pinned packages by uv when it is on PATH, else (or when it fails) by pip.
$(V)/.ready: pyproject.toml requirements/base.in requirements/dev.txt
	@command -v $(PY) >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed, this is $$($(PY) -V): run make PY=/path/to/python3.11" >&2; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "The Python module venv is missing: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || $(PY) -m venv $(V)
	@if command -v uv >/dev/null && uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.txt; \
	  then :; else $(BIN)/python -m pip install -q --require-hashes -r requirements/dev.txt; fi
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e .
	@touch $@

# The compiled form of the Russian sentences; without gettext.
$(V)/.translated: $(V)/.ready $(wildcard src/kopilka/*/locale/ru/LC_MESSAGES/django.po)
	@$(BIN)/python -m tools.messages --compile
	@touch $@

# The page of the API document, and what pages use in the browser. Without Node the document is still served, only without its page.
node_modules/.ready: package.json
	@mkdir -p node_modules
	@if ! command -v npm >/dev/null; then \
	  echo "npm is not installed: going on without the page of the API document (apt-get install npm)"; \
	elif npm install --no-package-lock --no-audit --no-fund --ignore-scripts --loglevel=error --fetch-retries=1; then touch $@; \
	else echo "npm could not fetch its packages: going on without the page of the API document"; fi

# After a change in requirements/*.in. Needs uv; writes no address of any registry.
lock:
	@command -v uv >/dev/null || { echo "uv is needed to write the pins: pip install uv" >&2; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  requirements/base.in -o requirements/base.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  -c requirements/base.txt requirements/dev.in -o requirements/dev.txt

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tools.migrations
	$(BIN)/python -m tools.messages --check
	@if [ -f tools/openapi.py ]; then $(BIN)/python -m tools.openapi --check; fi

test: setup
	@$(BIN)/python -m tools.suite -n $(JOBS)

# Pictures of every page into var/screenshots; ONLY=till-sale for one of them.
screenshots: setup
	@$(BIN)/python -m tools.screenshots $(if $(ONLY),--only $(ONLY))

# What a purchase passes as machine code: a fifth off what it costs, built in a minute or two. After an update build it anew.
compiled: setup
	@command -v gcc >/dev/null || { echo "A C compiler is needed: apt-get install gcc libc6-dev" >&2; exit 1; }
	@$(BIN)/python -m tools.compiled

bench: setup compiled
	@if [ -d tools/bench ] || [ -f tools/bench.py ]; then $(BIN)/python -m tools.pg --durable $(BIN)/python -m tools.bench; \
	  else echo "there is no benchmark yet" >&2; exit 1; fi

# Known holes in the pinned packages. Asks a service on the internet, so it is not part of any check.
audit: setup
	@test -x var/audit/bin/pip-audit || { $(PY) -m venv var/audit && var/audit/bin/python -m pip install -q pip-audit; }
	@var/audit/bin/pip-audit --require-hashes --disable-pip -r requirements/base.txt

clean:
	rm -rf $(V) node_modules build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

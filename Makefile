# One command does all set-up: it needs python3 (3.11 or later), make and git, and writes nothing outside this folder
# but uv's own cache. uv comes from the PATH, else from .tools (works where pip refuses to install system-wide).
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen
SANDBOX_PORT ?= 8765
BROWSER := chromium-headless-shell
# Two more than there are cores: many tests wait for a process of their own.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 2)')

# The Python that is here is the one that is used; uv fetches none.
export UV_PYTHON_DOWNLOADS ?= never
# By its own path: behind a name that only leads to it, uv would make the environment anew for each command.
export UV_PYTHON ?= $(shell $(PYTHON) -c 'import sys; print(getattr(sys, "_base_executable", "") or sys.executable)')
# A machine that has certificates of its own trusts what they say, such as a company's proxy.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt),)
export UV_SYSTEM_CERTS ?= true
endif
# An environment of the caller's is not ours to fill.
unexport VIRTUAL_ENV
# The tests start very many processes: what the first of them compiles, all others read.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help sandbox test collected test-long chaos audit bench lint format browser clean

help:
	@grep -E '^## ' Makefile | sed 's/^## //'

# Debian's python3 comes without pip: then pip's own wheel installs, which runs as it is.
PIP = $(shell $(PYTHON) -m pip --version >/dev/null 2>&1 && echo -m pip || echo .tools/pip.whl/pip)
PIP_WHEEL := import json; from urllib import parse, request; page = "https://pypi.org/pypi/pip/json"; \
	files = [each["url"] for each in json.load(request.urlopen(page))["urls"]]; \
	wheel = next(url for url in files if url.endswith(".whl")); \
	request.urlretrieve(parse.urljoin(page, wheel), ".tools/pip.whl")

.tools/pip.whl:
	@mkdir -p .tools
	@$(PYTHON) -c '$(PIP_WHEEL)'

.tools/bin/uv:
	@echo "Fetching uv into .tools"
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || $(MAKE) --no-print-directory .tools/pip.whl
	@$(PYTHON) $(PIP) install --quiet --disable-pip-version-check --root-user-action ignore --target .tools uv

.venv/.ready: $(if $(filter .tools/%,$(UV)),.tools/bin/uv) pyproject.toml uv.lock
	@echo "Installing what uv.lock names into .venv"
	@$(UV) sync --frozen --quiet
	@touch $@

## make sandbox     the bot on its local workspace, page at http://127.0.0.1:8765 (SANDBOX_PORT)
sandbox: .venv/.ready
	@$(RUN) bot sandbox --port $(SANDBOX_PORT)

## make lint        style, types and layers
lint: .venv/.ready
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports

## make test        style, types, layers and every test: SQLite, PostgreSQL and the browser
test: .venv/.ready
	@$(MAKE) --no-print-directory -j 3 lint browser collected
	$(RUN) pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# Compiles the tests while mypy has one core to itself; what is wrong with them, pytest says afterwards.
collected: .venv/.ready
	@$(RUN) pytest --collect-only -qq >/dev/null 2>&1 || true

## make test-long   the tests whose full counts take longer
test-long: .venv/.ready browser
	$(RUN) pytest -m long

## make chaos       10,000 intakes and 1,000 kills on each database, while Slack, disk and clock misbehave
chaos: .venv/.ready
	@$(RUN) python -m tests.chaos $(CHAOS)

## make bench       what is promised of speed, each a ratio against a named baseline run beside it
bench: .venv/.ready
	@$(RUN) --isolated --group bench python -m tests.bench $(BENCH)

## make audit       known weaknesses of the libraries in uv.lock; says so where the data cannot be reached
audit: .venv/.ready
	@mkdir -p .tools
	@$(UV) export --frozen --no-dev --all-extras --no-emit-project --quiet --output-file .tools/audited.txt
	@$(RUN) python -c 'import json; from urllib.request import urlopen; \
		name, _, version = next(line for line in open(".tools/audited.txt") if "==" in line).split()[0].partition("=="); \
		json.load(urlopen(f"https://pypi.org/pypi/{name}/{version}/json", timeout=20))["vulnerabilities"]' \
		2>/dev/null || { echo "the advisories cannot be reached: nothing was checked"; exit 0; }; \
	$(UV) tool run pip-audit --version >/dev/null 2>&1 || { echo "pip-audit cannot be had here: nothing was checked"; exit 0; }; \
	$(UV) tool run pip-audit --strict --disable-pip --require-hashes --requirement .tools/audited.txt

## make browser     finds the browser of the page's tests, or installs it where it may
browser: .venv/.ready
	@$(RUN) python -m tests.browser

## make format      put the code in house style
format: .venv/.ready
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

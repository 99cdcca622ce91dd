# One command does all set-up: it needs python3 (3.11 or later), make and git, and writes nothing outside this folder
# but uv's own cache. uv comes from the PATH, else from .tools (works where pip refuses to install system-wide).
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --frozen
SANDBOX_PORT ?= 8765

.PHONY: help sandbox test test-long chaos bench lint format clean

help:
	@grep -E '^## ' Makefile | sed 's/^## //'

.tools/bin/uv:
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv

.venv/.ready: $(if $(filter .tools/%,$(UV)),.tools/bin/uv) pyproject.toml uv.lock
	$(UV) sync --frozen --quiet
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
test: lint
	$(RUN) pytest

## make format      put the code in house style
format: .venv/.ready
	$(RUN) ruff check --fix .
	$(RUN) ruff format .

clean:
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

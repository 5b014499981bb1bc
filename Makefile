# Two commands for everybody: `make serve` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
UV     ?= $(firstword $(wildcard $(BIN)/uv) uv)

# Stamps: a step is done again only when what it depends on has changed.
VENV_MADE  := $(VENV)/.made
INSTALLED  := $(VENV)/.installed
TEST_READY := $(VENV)/.installed-for-tests
FRONTEND   := api/static/built/manifest.json
# One for each home, because what is built in one is not in another.
BUILT      := $(VENV)/.built$(subst /,_,$(PLANGRAPH_HOME))
# What a snapshot is made from: correct a table, and the next `make serve` builds again. (The folders too: a file
# taken away changes nothing but its folder.)
SHOWN_FROM := hatch_build.py $(shell find api/frontend -type f ! -path '*/node_modules/*' 2>/dev/null)
SOURCES    := $(shell find data ontology ! -path 'data/examples*' ! -name README.md 2>/dev/null; find kg -name '*.py' -o -name '*.rq')

# Whether the system has a Node that can build the front end; else the one on PyPI is installed into .venv.
NODE_READY := $(BIN)/python -c 'import sys, hatch_build; sys.exit(not hatch_build.node_is_here())'

SHELL       := /bin/sh
.SHELLFLAGS := -eu -c
.DELETE_ON_ERROR:
.PHONY: help install serve test bench notebooks lock clean

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s%s\n", $$1, $$2}'

install: $(BUILT) ## make .venv, install what the lock names, build the bundled plan

serve: install ## serve the plan on http://127.0.0.1:8000 (PLANGRAPH_PORT, PLANGRAPH_HOST change that)
	@$(BIN)/plangraph serve

test: install $(TEST_READY) ## style, types, the import contract, then every test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n auto --dist worksteal --durations=25

bench: install $(TEST_READY) ## print how long reading, building, loading and asking take
	@$(BIN)/python -m tests.bench

notebooks: install $(TEST_READY) ## run the notebooks and keep what they show
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.notebooks

lock: ## write requirements.lock and requirements-test.lock anew (needs uv)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv"; exit 2; }
	$(UV) pip compile pyproject.toml --upgrade --universal --generate-hashes --no-emit-index-url --quiet \
	  --custom-compile-command "make lock" --extra build -o requirements.lock
	$(UV) pip compile pyproject.toml --upgrade --universal --generate-hashes --no-emit-index-url --quiet \
	  --custom-compile-command "make lock" --extra build --extra test -c requirements.lock -o requirements-test.lock
	$(BIN)/python -c 'import hatch_build; print(hatch_build.NODE_WHEEL)' | $(UV) pip compile - --universal \
	  --generate-hashes --no-emit-index-url --quiet --custom-compile-command "make lock" -o requirements-node.lock

clean: ## take the environment, the built front end and the caches away (snapshots stay)
	rm -rf $(VENV) dist api/static/built api/frontend/node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV_MADE):
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
	  echo "Plangraph needs Python 3.11, 3.12 or 3.13; $(PYTHON) is $$($(PYTHON) --version 2>&1 || echo not there)."; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Editable, so that a corrected table is what the next build reads. Everything downloaded is checked by its hash;
# the build backend too, which is why nothing is fetched in isolation.
$(INSTALLED): $(VENV_MADE) requirements.lock pyproject.toml
	$(PIP) install --require-hashes -r requirements.lock
	@$(NODE_READY) || $(PIP) install --require-hashes -r requirements-node.lock
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP) install --no-build-isolation --no-deps -e .
	@touch $@ $(FRONTEND)

# The style sheet and the scripts, anew where their sources are newer.
$(FRONTEND): $(INSTALLED) $(SHOWN_FROM)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python hatch_build.py
	@touch $@

$(TEST_READY): $(INSTALLED) requirements-test.lock
	$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@

$(BUILT): $(INSTALLED) $(FRONTEND) $(SOURCES)
	$(BIN)/plangraph build
	@touch $@

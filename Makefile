# What one does with this project. Needs make and Python 3.11 or later; each target sets up the rest by itself.

VENV := .venv
BIN := $(VENV)/bin
SANDBOX := packages/activecampaign-sandbox
UV := $(BIN)/uv
SMOKE := $(VENV)/smoke
ALONE := $(VENV)/smoke-sandbox
DOCS := README.md CONTRIBUTING.md $(shell find docs packages -name '*.md' | LC_ALL=C sort)
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url

# The developers' lock holds every package of the other one. So once their packages are in, `demo` leaves them there
# instead of taking out what the next `make test` would have to bring back.
DEV := $(VENV)/.dev
READY := $(if $(wildcard $(DEV))$(filter-out demo web,$(MAKECMDGOALS)),$(DEV),$(VENV)/.runtime)

.DEFAULT_GOAL := help
.PHONY: help demo web test fuzz smoke lint fix docs bench pictures lock clean

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 14

demo: $(READY) ## read an imitated account and look at the result; no key needed
	@$(BIN)/acflow demo $(ARGS)

web: $(READY) ## serve the web page of the demo's folder until Ctrl-C; it begins with a made-up company
	@mkdir -p demo && cd demo && ../$(BIN)/acflow serve $(ARGS)

# One worker more than there are processors, since some tests wait: for pauses, for other processes to start.
WORKERS := $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2) + 1 )))

test: $(DEV) smoke ## run the tests; narrow them with ARGS="-k contacts"
	@$(BIN)/pytest -n $(WORKERS) --maxprocesses 5 $(ARGS)

fuzz: $(DEV) ## let properties look for new counterexamples, and run the long form of kills and months
	@HYPOTHESIS_PROFILE=fuzz $(BIN)/pytest -n $(WORKERS) --maxprocesses 5 -m "hypothesis or deep" $(ARGS)

# acflow is started without the sandbox, and the sandbox with nothing but what it asks for itself.
smoke: $(SMOKE)/.synced $(ALONE)/.synced ## start the built packages without any developers' package
	@$(UV) pip install --quiet --python $(SMOKE)/bin/python --no-deps --reinstall-package acflow .
	@$(SMOKE)/bin/acflow --help > /dev/null
	@$(UV) pip install --quiet --python $(ALONE)/bin/python --no-deps --reinstall-package activecampaign-sandbox ./$(SANDBOX)
	@$(ALONE)/bin/activecampaign-sandbox --help > /dev/null

lint: $(DEV) ## check format, rules, types, layers and the generated parts of the docs
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/cog --check --check-fail-msg="Run: make docs" --verbosity=1 $(DOCS)

fix: $(DEV) ## mend what the linter can mend by itself
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: $(DEV) ## write the generated parts of the docs anew
	@$(BIN)/cog -r --verbosity=1 $(DOCS)
	@$(BIN)/python -m acflow.flows.schema > docs/flow.schema.json

bench: $(DEV) ## measure acflow beside other tools; a short look with ARGS=--quick
	@$(BIN)/python bench/run.py $(ARGS)

pictures: $(DEV) ## take the pictures of the pages in docs/images anew
	@ACFLOW_PICTURES=$(CURDIR)/docs/images $(BIN)/pytest -q -p no:xdist tests/web/test_page_pictures.py

lock: $(UV) ## write both locks anew from pyproject.toml; ARGS=--upgrade takes newer versions
	$(COMPILE) $(ARGS) pyproject.toml $(SANDBOX)/pyproject.toml --output-file requirements.lock
	$(COMPILE) $(ARGS) pyproject.toml $(SANDBOX)/pyproject.toml --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove everything that make made
	rm -rf $(VENV) demo bench/.envs bench/.work dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src packages tests bench -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is written last, so whatever was cut off is done again; both go first, since either may no longer be true.
define sync
	@echo "Installing the packages of $(1) …"
	@rm -f $(VENV)/.runtime $(DEV)
	@$(UV) pip sync --quiet --require-hashes --python $(BIN)/python $(1)
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable . --editable ./$(SANDBOX)
	@touch $@
endef

$(VENV)/.runtime: requirements.lock pyproject.toml $(SANDBOX)/pyproject.toml | $(UV)
	$(call sync,requirements.lock)

$(DEV): requirements-dev.lock pyproject.toml $(SANDBOX)/pyproject.toml | $(UV)
	$(call sync,requirements-dev.lock)

$(SMOKE)/.synced: requirements.lock pyproject.toml | $(UV)
	@$(UV) venv --quiet --clear --python $(BIN)/python $(SMOKE)
	@$(UV) pip sync --quiet --require-hashes --python $(SMOKE)/bin/python requirements.lock
	@touch $@

$(ALONE)/.synced: requirements.lock $(SANDBOX)/pyproject.toml | $(UV)
	@$(UV) venv --quiet --clear --python $(BIN)/python $(ALONE)
	@$(UV) pip install --quiet --python $(ALONE)/bin/python --constraint requirements.lock --requirement $(SANDBOX)/pyproject.toml
	@touch $@

# Every candidate is started, not only looked up: a version manager leaves names on the path that do not run,
# and some systems ship Python without what makes an environment.
$(UV):
	@if ! $(BIN)/python -m pip --version > /dev/null 2>&1; then \
	  for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	    if "$$python" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then \
	      found="$$python"; break; \
	    fi; \
	  done; \
	  if [ -z "$$found" ]; then \
	    echo "acflow needs Python 3.11 or later with its venv module (Debian, Ubuntu: the package python3-venv)." >&2; \
	    echo "If you have one elsewhere, name it: make PYTHON=/where/it/is/python3" >&2; \
	    exit 1; \
	  fi; \
	  echo "Making an environment in $(VENV) with $$("$$found" --version) …"; \
	  "$$found" -m venv --clear $(VENV); \
	fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.7'

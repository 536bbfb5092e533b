# What a reader and a contributor type. Needs Python 3.11 or newer with venv, and make; everything else is installed
# into .venv from the lock file.

PYTHON ?= python3
PORT ?= 8000

VENV := .venv
INSTALLED := $(VENV)/.installed
RUN := $(VENV)/bin/python
MKDOCS := CHECKED=true NO_MKDOCS_2_WARNING=1 $(RUN) -m mkdocs # with what the last run of the tests left
# The repository's address, for links to it and for edit links: make build REPOSITORY=https://github.com/…
export REPOSITORY
unexport PYTHONDONTWRITEBYTECODE # the tests start hundreds of processes
export EDIT_URI := $(if $(REPOSITORY),edit/main/docs/)

.PHONY: help install serve build playground test browser canary mutate upstream matrix bench page example diagrams lint test-ydb lock clean

help: ## Show what there is.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv with the locked dependencies.

$(INSTALLED): requirements.lock emulator/pyproject.toml toolkit/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Installing what requirements.lock names into $(VENV), once: it takes one to two minutes."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --retries 1 --require-hashes -r requirements.lock 2>$(VENV)/pip.log || { \
		missing=$$(sed -n 's/^ERROR: No matching distribution found for \([^ ;]*\).*/\1/p' $(VENV)/pip.log); \
		echo "$${missing:-Something of requirements.lock} could not be installed. That needs a network, or a package index that" \
			"PIP_INDEX_URL names. What pip says: $(VENV)/pip.log" >&2; exit 1; }
	@$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable emulator --editable toolkit
	@touch $@

# The port is tried first: MkDocs builds the whole site before, and then ends in a traceback. --dirty builds a page in
# half a second instead of the site in three, and warns of itself, which a strict build would take for an error.
serve: $(INSTALLED) ## Serve the site, with each page checked as you edit it (PORT=8000).
	@$(RUN) -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || \
		{ echo "Port $(PORT) is in use or may not be used. Try: make serve PORT=8001" >&2; exit 1; }
	@echo "The site is built first: http://127.0.0.1:$(PORT)/ answers in half a minute. Ctrl-C ends it."
	@CHECKED=true NO_MKDOCS_2_WARNING=1 exec $(RUN) -m guide.site.serve $(PORT)

# What runs in the browser is made with npm and Node.js.
build: export PLAYGROUND ?= $(if $(and $(shell command -v npm),$(shell command -v node)),true,false)
build: $(INSTALLED) ## Build the site into site/, with what runs in the browser where npm is.
	@[ "$$PLAYGROUND" = true ] || echo "Without npm and Node.js, the page Try it has no button: nothing runs in the browser." >&2
	@$(RUN) -m guide.site.checked
	PUBLISHED=true $(MKDOCS) build --strict
	$(RUN) -m guide.site.publish site

playground: $(INSTALLED) ## Make what runs in the browser, into .cache (needs npm).
	$(RUN) -m guide.site.playground .cache/playground.made

test: $(INSTALLED) ## Follow every page and check every claim, on the embedded YDB.
	$(RUN) -m pytest --numprocesses auto

# With what the last run of the tests left, as make build has it.
browser: export CHECKED=true
browser: $(INSTALLED) ## Try the built site in a Chromium, which the machine must have (CHROMIUM=/path/to/it).
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r tests/browser/requirements.lock
	@$(RUN) -m guide.site.checked
	$(RUN) -m pytest tests/browser

canary: $(INSTALLED) ## Build the site with the newest Zensical, too, and compare what comes out.
	$(PYTHON) -m venv --clear .canary
	.canary/bin/python -m pip install --quiet --disable-pip-version-check zensical
	CHECKED=true .canary/bin/zensical build --clean
	$(MKDOCS) build --strict --site-dir .canary/site
	$(RUN) -m guide.site.canary .canary/site site

mutate: $(INSTALLED) ## Change pages bit by bit, and see that a test notices (MUTANTS="--page docs/…", MUTANTS=--emulator).
	$(RUN) -m guide.labs.mutate $(MUTANTS)

upstream: $(INSTALLED) ## Run upstream's own suites on the embedded YDB, with both drivers.
	$(RUN) -m guide.labs.upstream

matrix: $(INSTALLED) ## Run the tests on each Python here, with the oldest, the locked and the newest packages.
	$(RUN) -m guide.labs.matrix

bench: $(INSTALLED) ## Measure the embedded YDB beside SQLite.
	$(RUN) -m guide.labs.bench

page: $(INSTALLED) ## Make the skeleton of a new page (NAME=recipes/rename).
	@$(RUN) -m guide.site.new_page $(if $(NAME),"$$NAME",--help) $(if $(TITLE),"$$TITLE")

example: $(INSTALLED) ## Run the tutorial on the embedded YDB and show the tables that come out.
	@$(RUN) -m guide.reader docs/example.md

diagrams: $(INSTALLED) ## Draw the pictures anew from docs/images/*.mmd (needs npm and Chromium).
	$(RUN) -m guide.site.diagrams

lint: $(INSTALLED) ## Check style, spelling, workflows, the compose file.
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	@# In one of them a later block of the page uses what it imports.
	$(RUN) -m ruff check --quiet --isolated --select F401 --exclude d2d2d2d2d2d2_as_plain_text.py snippets example
	$(RUN) -m mypy --no-error-summary
	$(VENV)/bin/lint-imports --no-cache --no-logo
	$(VENV)/bin/rumdl check --quiet .
	$(VENV)/bin/typos
	$(RUN) -m guide.phrases
	$(VENV)/bin/zizmor --quiet --offline .github
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(VENV)/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

# A Compose project of its own: it stops what it started, never a YDB that someone works with.
test-ydb: COMPOSE := docker compose --project-name alembic-on-ydb-test
test-ydb: $(INSTALLED) ## Run the same tests on a real YDB in Docker, and keep what came of it in results/real.tsv.
	@trap '$(COMPOSE) down --volumes' EXIT; trap 'exit 130' INT TERM; \
		$(COMPOSE) up --detach --wait --wait-timeout 300 && \
		YDB_IMAGE=$$($(COMPOSE) config --images) $(RUN) -m pytest --ydb yql+ydb://localhost:2136/local

lock: $(INSTALLED) ## Write requirements.lock anew from pyproject.toml, with the newest versions.
	$(RUN) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--extra dev --output-file requirements.lock pyproject.toml
	$(RUN) -m uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
		--group browser --constraint requirements.lock --output-file tests/browser/requirements.lock

clean: ## Remove what was made.
	rm -rf $(VENV) .canary .cache site .ruff_cache

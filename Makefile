# Every target sets up what it needs (scripts/bootstrap).
.DEFAULT_GOAL := help
PYTHON_ENV := .venv/bin/python
DEMO_DATE ?= 2024-11-29

help: ## Say what can be done
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: ## Install everything for running, testing and linting
	@scripts/bootstrap dev
	@test -f .env || printf 'PROFILE=development\n' > .env

demo: ## Run the portal with demo cases on http://localhost:8000 (PORT=8100 to choose, HOST=0.0.0.0 to open it up)
	@scripts/bootstrap
	@PROFILE=demo DEMO_DATE=$(DEMO_DATE) $(PYTHON_ENV) manage.py demo $(if $(PORT),--port $(PORT)) $(if $(HOST),--host $(HOST))

test: ## Run the whole suite on SQLite and on PostgreSQL with Redis (ARGS="…" goes to pytest)
	@scripts/test $(ARGS)

crash: ## Kill everything with -9, 300 times, while 5,000 steps are taken; then count (ARGS="--kills 30 --steps 300")
	@scripts/bootstrap dev
	$(PYTHON_ENV) -m tests.crash.campaign $(ARGS)

bench: ## Measure beside named peers, e.g. make bench NAME=letters (ARGS="--json --scale 0.1")
	@scripts/bootstrap bench
	@PROFILE=test $(PYTHON_ENV) manage.py bench $(NAME) $(ARGS)

lint: ## Run every linter
	@scripts/lint

format: ## Put code and templates into their form
	@scripts/bootstrap dev
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .
	-find templates -name '*.html' -not -path 'templates/letters/*' -exec .venv/bin/djlint --quiet --reformat {} +

requirements: ## Compile requirements*.in into hashed requirements*.txt (UPGRADE=1 to take newer versions)
	@scripts/bootstrap dev
	.venv/bin/pip-compile $(COMPILE) --output-file requirements.txt requirements.in
	.venv/bin/pip-compile $(COMPILE) --output-file requirements-dev.txt requirements-dev.in
	.venv/bin/pip-compile $(COMPILE) --output-file requirements-bench.txt requirements-bench.in
COMPILE = --quiet --generate-hashes --allow-unsafe --strip-extras --no-header --no-emit-index-url \
  --no-emit-find-links --no-emit-trusted-host $(if $(UPGRADE),--upgrade)

assets: ## Rebuild the vendored front-end files from package.json (needs node 20)
	npm ci --ignore-scripts --no-audit --no-fund
	npm run --silent assets

messages: ## Collect what people read into locale/, compile it, and say what has no Indonesian yet
	@scripts/bootstrap
	@$(PYTHON_ENV) scripts/messages.py

docs: ## Write the pages that are generated from the code
	@scripts/bootstrap
	@PROFILE=development $(PYTHON_ENV) manage.py workflow --format markdown > docs/workflow.md

shots: ## Take the pictures of docs/shots anew (needs Chromium)
	@scripts/bootstrap dev
	@$(PYTHON_ENV) scripts/shots.py

clean: ## Throw away the demo's data and everything generated
	rm -rf var staticfiles .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache test-results

.PHONY: help setup demo test crash bench lint format requirements assets messages docs shots clean

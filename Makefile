# What can be done here: make help
.DEFAULT_GOAL := help
.PHONY: help run test test-long lint format bench lock translations screenshots

PYTHON ?= python3
export PYTHON
PYTEST_WORKERS ?= 2

help: ## Say what can be done here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 24

run: ## Set everything up and run the application (HOST, PORT)
	@scripts/prepare.sh requirements.txt
	@PYTHONPATH=. .venv/bin/python scripts/run_all.py

test: ## Set everything up and run the tests, pages on one database or the other, but those of test-long
	@scripts/prepare.sh requirements-dev.txt
	@scripts/test_services.sh
	.venv/bin/python -m pytest -n $(PYTEST_WORKERS) --dist loadgroup -m "not long"

test-long: ## Run every test on both databases, with those that take minutes: crowds, power cuts, random walks
	@scripts/prepare.sh requirements-dev.txt
	@scripts/test_services.sh
	.venv/bin/python -m pytest -n $(PYTEST_WORKERS) --dist loadgroup --database both

lint: ## Check style, types, import contracts and templates
	@scripts/prepare.sh requirements-dev.txt
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet

format: ## Rewrite what the linters can mend
	@scripts/prepare.sh requirements-dev.txt
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

bench: ## Measure, as ratios within one run
	@scripts/prepare.sh requirements-dev.txt
	.venv/bin/python -m bench

lock: ## Resolve the requirements again, pinned and hashed
	@scripts/prepare.sh requirements-dev.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.txt requirements.in
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt -o requirements-dev.txt requirements-dev.in

translations: ## Collect the texts to translate and compile the catalogues
	@scripts/prepare.sh requirements-dev.txt
	PYTHONPATH=. .venv/bin/python scripts/translations.py

screenshots: ## Take the pictures of docs/screenshots again
	@scripts/prepare.sh requirements-dev.txt
	@scripts/test_services.sh
	@PYTHONPATH=. .venv/bin/python scripts/take_screenshots.py

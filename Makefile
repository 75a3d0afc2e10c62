# `make` alone lists what can be made. Everything is installed below this folder: .venv, build, var.

.DEFAULT_GOAL := help
.PHONY: help run assets test check format lock bench clean
bin := .venv/bin
compile := $(bin)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate

help:  ## This list
	@echo "Songda 送达: one-stop service of process for courts and the post"
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1|/' | awk -F'|' '{printf "  make %-8s %s\n", $$1, $$2}'

run: .venv/for-running assets  ## Start everything on this machine with the demonstration; Ctrl-C stops it
	@$(bin)/songda run

test: .venv/for-testing assets  ## Run every test, browser tests included
	@.ci/debian-packages
	$(bin)/python -m pytest -n 2

check: .venv/for-testing assets  ## What has to hold before a change is taken in: style, types, walls, tests
	@.ci/debian-packages
	$(bin)/ruff check .
	$(bin)/ruff format --check .
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/python -m pytest -n 2

format: .venv/for-testing  ## Put the code into the house's shape
	$(bin)/ruff check --fix .
	$(bin)/ruff format .

bench: .venv/for-testing assets  ## Run the benchmarks, each against a named baseline
	@for file in bench/*.py; do echo "== $$file"; $(bin)/python $$file || exit 1; done

lock: .venv/for-testing  ## Write the locked lists of packages anew
	$(compile) --upgrade pyproject.toml -o requirements.txt
	$(compile) --upgrade pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	echo uv | $(compile) --upgrade - -o requirements-uv.txt
	$(bin)/python -c 'from songda.management.cli import assets; assets.lock()'

clean:  ## Remove what was installed and built; var/, which holds the data, stays
	rm -rf .venv build node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis *.egg-info

assets: .venv/for-running
	@$(bin)/songda assets

.venv/for-running: requirements.txt requirements-uv.txt pyproject.toml .ci/environment
	@.ci/environment requirements.txt
	@touch $@

# The test list holds the running list as well.
.venv/for-testing: requirements-dev.txt requirements.txt requirements-uv.txt pyproject.toml .ci/environment
	@.ci/environment requirements-dev.txt
	@touch .venv/for-running $@

# Every target stands alone: it makes .venv and installs what it needs, once. `make help` lists them.
# Needed before: python3 (3.11 or newer) with venv and pip. PYTHON=/path/to/python3.12 chooses another one.

VENV := .venv
BIN := $(VENV)/bin
PYTHONS := $(if $(PYTHON),$(PYTHON),python3.11 python3.12 python3.13 python3.14 python3 python)
INSTALL := $(BIN)/python -m pip --disable-pip-version-check install -q -c constraints.txt
PARTS := pyproject.toml constraints.txt
SMALL := --people 20000 --days 180 --replications 8

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow coverage proof mutants bench app screenshots lint constraints clean

help: ## these lines
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.base ## two plans compared, with the verdict in words; about a minute after the installation
	@$(BIN)/fenxiao compare three_tier $(SMALL) --out results/demo

test: $(VENV)/.test lint ## style, types and all quick tests
	@$(BIN)/python -c 'from sim.warm import compile_everything; compile_everything()'
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

test-slow: $(VENV)/.test ## the long proofs, and all examples of every property
	FENXIAO_EXAMPLES=all $(BIN)/pytest -m "slow or hypothesis"

lint: $(VENV)/.test ## style and types alone
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

coverage: $(VENV)/.test ## branches of rules/ that the tests reach: kernels as plain Python, then what compiles them
	@rm -f .coverage .coverage.*
	FENXIAO_PLAIN=1 FENXIAO_EXAMPLES=10 $(BIN)/coverage run -m pytest -n 0 tests/rules tests/scenarios
	$(BIN)/coverage run -m pytest -n 0 tests/rules/test_jit.py
	@$(BIN)/coverage combine -q && $(BIN)/coverage report

proof: $(VENV)/.test ## a million random events through both engines, every pair of knob values; some minutes
	$(BIN)/python tests/proof/engines.py

mutants: $(VENV)/.test ## 300 of the faults that can be put into the rules, one at a time: does a test notice? an hour
	$(BIN)/python tests/proof/mutants.py --sample 300

bench: $(VENV)/.test ## all benchmarks; writes docs/BENCHMARKS.md
	$(BIN)/python -m benchmarks.all

app: $(VENV)/.test ## the app in a browser, on this machine only
	@$(BIN)/fenxiao app

screenshots: $(VENV)/.test ## pictures of the app's pages for README and docs, by a browser that is installed
	@PYTHONPATH=.:tests/app $(BIN)/python tests/app/screenshots.py $(PAGES)

constraints: $(VENV)/.test ## note the installed versions as those to install
	@$(BIN)/python -m pip --disable-pip-version-check list --format=freeze --exclude-editable \
	  | grep -Ev '^(pip|setuptools|wheel)==' | LC_ALL=C sort -f > constraints.new
	@mv constraints.new constraints.txt

clean: ## remove what make made: .venv, caches, the demo's results (other results stay)
	rm -rf $(VENV) results/demo build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.base: $(PARTS) | $(BIN)/python
	@echo "Installing fenxiao into $(VENV), once …"
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.test: $(PARTS) | $(BIN)/python
	@echo "Installing fenxiao with its app, store and test tools into $(VENV), once …"
	@$(INSTALL) -e '.[app,store,http,test]'
	@touch $@ $(VENV)/.base

$(BIN)/python:
	@for python in $(PYTHONS); do \
	  if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$python ($$($$python -V)) …"; \
	    $$python -m venv $(VENV) && exit 0; rm -rf $(VENV); \
	  fi; \
	done; \
	echo "fenxiao needs Python 3.11 or newer with venv and pip; none of these is: $(PYTHONS)." >&2; \
	echo "On Debian or Ubuntu: apt-get install python3-venv python3-pip. Another one: make PYTHON=/path/to/python3" >&2; \
	exit 1

# make demo | demo-cms | test | wordpress | evaluate | quick | check | oracle | ranges | bench | clean | requirements
# Everything runs in .venv, which is made when it is missing or older than the pinned requirements.
# JOBS: test files at a time; three on two cores, as there is always one that waits.

PYTHON ?= python3
ARGS   ?=
JOBS   ?= 3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
ORACLE := .venv-oracle
RANGES := .venv-ranges
OLDEST := 3.11

# The rooms that decide: every line and branch of them is tested, by their own tests.
DECIDING := policy names

MAKEFLAGS += --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK = 1
unexport PYTHONDONTWRITEBYTECODE  # the tests start hundreds of processes: none should compile the sources again

.PHONY: demo demo-cms test wordpress evaluate quick check oracle ranges bench clean requirements models rebuild
.DEFAULT_GOAL := test

demo: models
	@$(BIN)/fotopoort demo $(ARGS)

# The gate for websites, step by step, with a WordPress where the machine has what that runs on. ARGS: --no-wordpress --lang en.
demo-cms: models
	@$(BIN)/python -m integrations.demo_cms $(ARGS)

# Apart, since coverage slows down all Python that runs beside it, whatever it counts. With ARGS only what they name runs.
test: models
ifeq ($(ARGS),)
	@$(BIN)/python -m pytest -q -n $(JOBS) -m "not thorough" $(DECIDING:%=--cov=fotopoort.%) $(DECIDING:%=tests/unit/%)
	@$(BIN)/python -m pytest -q -n $(JOBS) -m "not eval and not wordpress and (thorough or not deciding)"
else
	@$(BIN)/python -m pytest -q -n $(JOBS) -m "not eval and not wordpress" $(ARGS)
endif

# How well it sees and reads, on the evaluation photos: minutes of measuring, skipped where those are absent.
evaluate: models
	@$(BIN)/python -m pytest -q -n $(JOBS) -m eval $(ARGS)

# Every way into WordPress by everything that can become of a photo, in each version that Debian has. ARGS: stable trixie sid.
wordpress: $(READY)
	@for suite in $(or $(ARGS),stable trixie sid); do \
		FOTOPOORT_TEST_WORDPRESS=$$suite $(BIN)/python -m pytest -q -n $(JOBS) tests/cms || exit 1; done

# The inner loop: the pure rooms, and one photo through every door.
quick: models
	@$(BIN)/python -m pytest -q -n $(JOBS) -m quick --no-header $(ARGS)

check: $(READY)
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "Some files are not formatted: run $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

# Face Mesh on OpenVINO against MediaPipe's own runtime, which is a gigabyte with all that it brings.
oracle: models $(ORACLE)/.ready
	@$(BIN)/python -m pytest -q tests/oracle $(ARGS)

# models/ranges.json anew, by which models are calculated in integers; ARGS names models, none means all of them.
ranges: models $(RANGES)/.ready
	@$(RANGES)/bin/python models/quantize.py $(ARGS)

bench: models
	@$(BIN)/python -m benchmarks $(ARGS)

models: $(READY)
	@$(BIN)/fotopoort models pull --quiet

clean:
	@rm -rf $(VENV) $(ORACLE) $(RANGES) build dist demo-output .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find service tests benchmarks fixtures models -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv whose Python has moved or gone is made anew.
ifneq ($(shell $(BIN)/python -c "print('runs')" 2>/dev/null),runs)
$(READY): rebuild
endif

$(READY): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < tuple(map(int, "$(OLDEST)".split("."))))' 2>/dev/null || \
		{ echo "Fotopoort needs Python $(OLDEST) or newer as $(PYTHON); name another one: make PYTHON=python$(OLDEST)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) …"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation -e .
	@touch $@

GROUP = import sys, tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"][sys.argv[1]])

$(ORACLE)/.ready: pyproject.toml | $(READY)
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 12))' || \
		{ echo "There is no MediaPipe for this Python; name another one: make oracle PYTHON=python$(OLDEST)"; exit 1; }
	@echo "Setting up $(ORACLE) …"
	@$(PYTHON) -m venv --clear $(ORACLE)
	@$(ORACLE)/bin/python -m pip install -qq $$($(BIN)/python -c '$(GROUP)' oracle)
	@touch $@

$(RANGES)/.ready: requirements.txt pyproject.toml | $(READY)
	@echo "Setting up $(RANGES) …"
	@$(PYTHON) -m venv --clear $(RANGES)
	@$(RANGES)/bin/python -m pip install -qq --require-hashes -r requirements.txt
	@$(RANGES)/bin/python -m pip install -qq $$($(BIN)/python -c '$(GROUP)' ranges)
	@touch $@

# Compiled with the oldest Python, for every version and platform, from the public index alone (a machine's own extra
# indexes would leave their hashes behind). With their extras: pip takes coverage[toml] for another thing than coverage,
# and would look for its newest release beside the pinned one.
COMPILE = CUSTOM_COMPILE_COMMAND="make requirements" PIP_CONFIG_FILE=/dev/null PIP_EXTRA_INDEX_URL= PIP_FIND_LINKS= $(BIN)/pip-compile --quiet --no-config \
	--allow-unsafe --generate-hashes --no-strip-extras --no-emit-options

requirements: $(READY)
	@$(BIN)/python -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "$(OLDEST)")' || \
		{ echo "Compile with the oldest Python: make clean && make requirements PYTHON=python$(OLDEST)"; exit 1; }
	@$(COMPILE) --output-file requirements.txt pyproject.toml $(ARGS)
	@$(COMPILE) --extra dev --constraint requirements.txt --output-file requirements-dev.txt pyproject.toml $(ARGS)

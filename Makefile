# Engram: `make demo` and `make test` do all set-up themselves on Debian 12 with a Swift toolchain.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup model build demo test mcp-client test-mcp test-page test-openapi test-cold-start hrana-clients test-hrana test-remote test-slow test-kernels test-allocations test-thread test-sanitize bench bench-peers bench-micro bench-retrieval bench-smoke bench-micro-smoke lint format install uninstall clean

SWIFT ?= swift
PREFIX ?= /usr/local
# Where `make install` puts things before they are moved to PREFIX by a packager.
DESTDIR ?=
PACKAGES := libsqlite3-dev liblmdb-dev libzstd-dev libopenblas-dev pkg-config sqlite3 git python3 python3-pip
CROSS_PACKAGES := libc6-dev-arm64-cross libgcc-12-dev-arm64-cross qemu-user
SOURCES := Package.swift Sources Tests Benchmarks/Micro/Package.swift Benchmarks/Micro/Benchmarks Benchmarks/Micro/Checks
ENGRAM := .build/release/engram
DEMO_HOME := .demo/home
# For `make bench-peers`: a data set by name or a file of vectors (then QUERIES and METRIC may be given),
# and names of libraries, separated by commas.
DATASET ?= wordnet-384
QUERIES ?=
METRIC ?=
LIBRARIES ?=
# For `make bench-retrieval`: names of sets, such as 'agents wordnet-8000 wordnet debian'.
SETS ?=
# For `make bench-micro`: a regular expression of names.
FILTER ?=
# For `make test-thread` and `make test-sanitize`: a regular expression of names.
TESTS ?=
# For `make test-page`: a folder for a picture of each view.
SCREENSHOTS ?=
# For `make test-cold-start`: a home, of which a copy is asked; without, one of 1,000 episodes is made.
COLD_HOME ?=
# Tests that run at once. With all of them the machine's time is spent between them, and those that watch a clock
# or another process see a machine that stands still.
export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH ?= 6
# Debian's own interpreter: the packages python3-numpy and python3-venv are for it.
PYTHON ?= /usr/bin/python3

help: ## Say what there is to make.
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Install the Debian packages that are missing.
	@bash datasets/packages.sh $(PACKAGES)

model: setup ## Fetch the embedding model (pinned, checked) into the cache folder.
	@bash datasets/model.sh

build: setup ## Build the release binary.
	@$(SWIFT) build -c release --product engram

demo: build model ## Import, index, sync, ask five questions, print recall and latency.
	@bash datasets/demo.sh $(ENGRAM) $(DEMO_HOME)

test: setup model mcp-client ## Run every test but the slow ones.
	@SWIFT=$(SWIFT) bash Tests/run.sh

# The tests that use it are left out where it is missing.
mcp-client: ## Install the model context protocol's own client, for tests.
	@bash datasets/packages.sh python3-venv
	@PYTHON=$(PYTHON) bash Tests/python-environment.sh Tests/EngramServerTests/Client

test-mcp: build model mcp-client ## Test the MCP server with the protocol's own client.
	@Tests/EngramServerTests/Client/.venv/bin/python Tests/EngramServerTests/Client/client_test.py $(CURDIR)/$(ENGRAM)

test-page: build model ## Test the page of `engram serve` in a headless browser: make test-page SCREENSHOTS=folder
	@bash datasets/packages.sh python3-venv chromium
	@PYTHON=$(PYTHON) bash Tests/python-environment.sh Tests/EngramHTTPTests/Page
	@Tests/EngramHTTPTests/Page/.venv/bin/python Tests/EngramHTTPTests/Page/page_test.py $(CURDIR)/$(ENGRAM) \
	  $(if $(SCREENSHOTS),--screenshots '$(SCREENSHOTS)')

test-openapi: build model ## Test the HTTP API by requests made of its own document.
	@bash datasets/packages.sh python3-venv
	@PYTHON=$(PYTHON) bash Tests/python-environment.sh Tests/EngramHTTPTests/OpenAPI
	@Tests/EngramHTTPTests/OpenAPI/.venv/bin/python Tests/EngramHTTPTests/OpenAPI/openapi_test.py $(CURDIR)/$(ENGRAM)

test-cold-start: build model ## Measure how soon `engram mcp` answers: make test-cold-start COLD_HOME=folder
	@$(PYTHON) Benchmarks/cold_start.py $(CURDIR)/$(ENGRAM) $(COLD_HOME)

hrana-clients: ## Install clients of libSQL servers, for tests.
	@bash datasets/packages.sh python3-venv
	@PYTHON=$(PYTHON) bash Tests/python-environment.sh Tests/HranaTests/Client

test-hrana: build hrana-clients ## Test the libSQL server with libSQL's own clients.
	@Tests/HranaTests/Client/.venv/bin/python Tests/HranaTests/Client/client_test.py $(CURDIR)/$(ENGRAM)

test-remote: setup ## Run the tests of the durable store against a database behind our own libSQL server.
	@ENGRAM_TEST_STORE=remote SWIFT=$(SWIFT) bash Tests/run.sh --filter 'DurableStoreTests\.'

test-slow: setup model mcp-client ## Run every test, the slow ones too.
	@ENGRAM_SLOW_TESTS=1 SWIFT=$(SWIFT) bash Tests/run.sh

test-kernels: ## Compare the kernels of every instruction set with the scalar ones, AArch64 in an emulator.
	@bash datasets/packages.sh $(CROSS_PACKAGES)
	@bash Tests/CVectorKernelsTests/run.sh native
	@bash Tests/CVectorKernelsTests/run.sh aarch64

test-allocations: setup ## Check that searches allocate no memory once warm, in a release build.
	@$(SWIFT) run --package-path Benchmarks/Micro --configuration release AllocationCheck

# A build of its own under the sanitizer: minutes. TESTS names others: make test-thread TESTS=VamanaTests
test-thread: setup ## Run the tests of an index under threads with ThreadSanitizer.
	@bash Tests/ThreadSanitizer/run.sh $(if $(TESTS),'$(TESTS)')

# Two builds of their own, minutes each. TESTS names others: make test-sanitize TESTS=VamanaTests
test-sanitize: setup ## Run the tests of files, cache and syncs with AddressSanitizer and ThreadSanitizer.
	@bash Tests/AddressSanitizer/run.sh $(if $(TESTS),'$(TESTS)')
	@bash Tests/ThreadSanitizer/run.sh '$(or $(TESTS),PlatformTests|CacheTests|SyncTests)'

bench: build model ## Measure recall against speed on WordNet and on Gaussian clusters.
	@bash datasets/packages.sh $(PACKAGES) wordnet-base
	@bash Benchmarks/run.sh $(ENGRAM)

bench-peers: build model ## Measure against other libraries: make bench-peers DATASET=wordnet-384
	@bash datasets/packages.sh $(PACKAGES) wordnet-base python3-venv python3-dev g++
	@PYTHON=$(PYTHON) bash Benchmarks/Peers/setup.sh Benchmarks/.venv
	@Benchmarks/.venv/bin/python Benchmarks/Peers --engram $(ENGRAM) --dataset '$(DATASET)' \
	  $(if $(QUERIES),--queries '$(QUERIES)') $(if $(METRIC),--metric '$(METRIC)') \
	  $(if $(LIBRARIES),--libraries '$(LIBRARIES)')

bench-micro: setup ## Measure kernels, walk, build phases and searches one by one: make bench-micro FILTER='search.*'
	@$(SWIFT) package --package-path Benchmarks/Micro benchmark --no-progress --grouping metric \
	  $(if $(FILTER),--filter '$(FILTER)')

bench-retrieval: build model ## Ask questions with known answers by vector, words and both: make bench-retrieval SETS=agents
	@bash datasets/packages.sh $(PACKAGES) wordnet-base
	@bash Benchmarks/retrieval.sh $(ENGRAM) $(SETS)

bench-smoke: build model ## Run every benchmark on small sets, in seconds.
	@bash datasets/packages.sh $(PACKAGES) wordnet-base python3-numpy
	@$(PYTHON) -m unittest discover --start-directory Benchmarks/Peers --pattern 'test_*.py'
	@ENGRAM_BENCH_SMOKE=1 bash Benchmarks/run.sh $(ENGRAM)
	@ENGRAM_BENCH_SMOKE=1 bash Benchmarks/retrieval.sh $(ENGRAM)
	@ENGRAM_BENCH_SMOKE=1 $(PYTHON) Benchmarks/Peers --engram $(ENGRAM) --dataset gaussian-32
	@ENGRAM_BENCH_SMOKE=1 $(PYTHON) Benchmarks/Peers --engram $(ENGRAM) --dataset spectral-64

# Apart from bench-smoke: it is a package of its own, whose first build takes minutes.
bench-micro-smoke: setup ## Run every micro benchmark on the smallest sizes.
	@bash Benchmarks/Micro/smoke.sh

lint: ## Check the format of the sources.
	@$(SWIFT) format lint --strict --recursive $(SOURCES)

format: ## Format the sources.
	@$(SWIFT) format format --in-place --recursive $(SOURCES)

# A build of its own: the Swift standard library goes into the binary.
install: setup ## Install a self-contained binary and shell completions under PREFIX.
	@$(SWIFT) build -c release --product engram --static-swift-stdlib --scratch-path .build-static
	@install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/bash-completion/completions \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	@install -m 755 -s .build-static/release/engram $(DESTDIR)$(PREFIX)/bin/engram
	@$(DESTDIR)$(PREFIX)/bin/engram --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/engram
	@$(DESTDIR)$(PREFIX)/bin/engram --generate-completion-script zsh > $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_engram
	@$(DESTDIR)$(PREFIX)/bin/engram --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/engram.fish
	@echo "installed $(DESTDIR)$(PREFIX)/bin/engram"

uninstall: ## Remove what `make install` put under PREFIX.
	@rm -f $(DESTDIR)$(PREFIX)/bin/engram \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/engram \
	  $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_engram \
	  $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/engram.fish

clean: ## Remove builds and the demo's memory.
	@rm -rf .build .build-static .build-thread .build-address Benchmarks/Micro/.build .demo Tests/EngramServerTests/Client/.venv Tests/EngramHTTPTests/Page/.venv Tests/EngramHTTPTests/OpenAPI/.venv Tests/HranaTests/Client/.venv

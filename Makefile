# Engram: `make demo` and `make test` do all set-up themselves on Debian 12 with a Swift toolchain.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup model build demo test test-slow bench lint format install uninstall clean

SWIFT ?= swift
PREFIX ?= /usr/local
# Where `make install` puts things before they are moved to PREFIX by a packager.
DESTDIR ?=
PACKAGES := libsqlite3-dev liblmdb-dev libopenblas-dev pkg-config sqlite3 git python3 python3-pip
ENGRAM := .build/release/engram
DEMO_HOME := .demo/home

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

test: setup model ## Run every test but the slow ones.
	@$(SWIFT) test

test-slow: setup model ## Run every test, the slow ones too.
	@ENGRAM_SLOW_TESTS=1 $(SWIFT) test

bench: build model ## Measure recall against speed on WordNet and on Gaussian clusters.
	@bash datasets/packages.sh $(PACKAGES) wordnet-base
	@bash Benchmarks/run.sh $(ENGRAM)

lint: ## Check the format of the sources.
	@$(SWIFT) format lint --strict --recursive Package.swift Sources Tests

format: ## Format the sources.
	@$(SWIFT) format format --in-place --recursive Package.swift Sources Tests

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
	@rm -rf .build .build-static .demo

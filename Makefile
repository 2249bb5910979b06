# One word for each thing one does here. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run build test bench setup fmt lint web e2e fuzz clean

DATA ?= data
LISTEN ?= 127.0.0.1:8080

help: ## list what there is
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9]+):.*## /  make \1	/' | expand -t 16

run: ## build what has changed and serve the sample district (DATA, LISTEN, ANLAN_DEMO_PASSWORD)
	@scripts/setup run
	@scripts/portal
	@scripts/program
	@exec target/release/anlan serve --data '$(DATA)' --listen '$(LISTEN)' --demo

build: ## target/release/anlan, with the portal inside
	@scripts/setup run
	@scripts/portal
	@scripts/program
	@echo "build: target/release/anlan"

test: ## everything that must pass; CI runs exactly this
	@scripts/test

bench: ## the figures of docs/figures.md, measured on this machine
	@scripts/setup run
	@scripts/bench

setup: ## install what building and testing need, or say what to install
	@scripts/setup run test

fmt: ## format the Rust sources
	@cargo fmt

lint: ## formats, lints and tidy, without the long tests
	@scripts/test fmt portal-lint clippy tidy

web: ## the portal alone, served anew on every change; /api goes to a running `make run`
	@scripts/portal modules
	@cd web && npm run dev

e2e: ## the browser tests alone
	@scripts/setup run test
	@scripts/portal
	@scripts/test program e2e

fuzz: ## every fuzz target, one minute each (SECONDS_EACH)
	@fuzz/run $${SECONDS_EACH:-60}

clean: ## throw away what was built; data stays
	rm -rf target web/dist/app web/node_modules e2e/node_modules e2e/out fuzz/target

# The two commands of a newcomer: `make run` and `make test`. `make help` lists the others.

.DEFAULT_GOAL := help
.PHONY: help run cluster test check k8s-check observe web openapi asyncapi metrics bench load sellout waiting-room bench-micro sim model faults clean
MAKEFLAGS += --no-print-directory

NPM := npm --prefix web --no-fund --no-audit --loglevel=error
TIKETI := target/debug/tiketi

help: ## List the targets.
	@sed -n 's/^\([a-z0-9-]*\):.*## /  \1\t/p' Makefile | expand -t 12

run: ## Build everything and start with a demo event on sale; no service needed.
	@.ci/need cargo node cc
	@$(MAKE) -j2 web $(TIKETI)
	$(TIKETI) serve --demo

cluster: ## Build everything and start three nodes over Postgres, Redis and Kafka, with the demo on sale.
	@.ci/need cargo node cc postgres redis-server java mvn
	@$(MAKE) -j2 web nodes
	.ci/services with target/debug/tiketi-bench cluster

test: ## Run every test: Rust, cluster, web, browser; starts the services it needs, and stops them.
	@.ci/need cargo node cc chromium fonts postgres redis-server java mvn faketime python3
	@$(MAKE) web
	.ci/services with cargo test --workspace --quiet
	@$(MAKE) nodes
	.ci/services with target/debug/tiketi-bench faults --runs 1 --short --prove
	.ci/services with bench/smoke target/debug
	.ci/services with k8s/check/run --pods
	$(NPM) test
	.ci/services with env TIKETI_BIN=$(abspath $(TIKETI)) $(NPM) run e2e

check: web/node_modules/.package-lock.json ## Formatting, lints, docs, tidiness, freshness of generated files.
	@.ci/need cargo node cc
	cargo fmt --all -- --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps --document-private-items --quiet
	cargo test --quiet -p tiketi-engine --test tidy --test golden
	@cargo run --quiet -p tiketi -- openapi | diff -u web/openapi.json - \
		|| { echo "web/openapi.json is stale: run make openapi"; exit 1; }
	@cargo run --quiet -p tiketi -- asyncapi | diff -u api/asyncapi.json - \
		|| { echo "api/asyncapi.json is stale: run make asyncapi"; exit 1; }
	@cargo run --quiet -p tiketi -- metrics | diff -u k8s/monitoring/METRICS.md - \
		|| { echo "k8s/monitoring/METRICS.md is stale: run make metrics"; exit 1; }
	$(NPM) run check
	@$(MAKE) k8s-check
	@$(call optional,machete,unused dependencies)
	@$(call optional,deny,licences and advisories,check)

observe: ## The demo with a real Prometheus and Alertmanager beside it; what they would tell whom is printed.
	@.ci/need cargo node cc python3 promtool amtool
	@$(MAKE) -j2 web $(TIKETI)
	k8s/monitoring/observe.py $(TIKETI)

k8s-check: $(TIKETI) ## The Kubernetes manifests: schemas, policies, settings; monitoring and the edge, tried with the real ones.
	@.ci/need python3 promtool amtool nginx
	k8s/check/run

# Tools that cargo may not have here: their absence is said aloud.
define optional
if cargo $(1) --version >/dev/null 2>&1; then cargo $(1) $(3); \
else echo "SKIPPED: cargo-$(1) is not installed ($(2) were not checked)"; fi
endef

web: web/node_modules/.package-lock.json ## Build the web app into web/dist.
	$(NPM) run build

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	@.ci/need node
	$(NPM) ci
	@touch $@

.PHONY: $(TIKETI) nodes
$(TIKETI):
	cargo build --quiet -p tiketi

nodes:
	cargo build --quiet -p tiketi -p tiketi-bench

openapi: web/node_modules/.package-lock.json ## Write the description of the REST interface, and the types made of it.
	cargo run --quiet -p tiketi -- openapi > web/openapi.json
	$(NPM) run schema

asyncapi: ## Write the description of the record stream.
	cargo run --quiet -p tiketi -- asyncapi > api/asyncapi.json

metrics: ## Write the table of every metric.
	cargo run --quiet -p tiketi -- metrics > k8s/monitoring/METRICS.md

bench: ## Every figure, a sell-out and a waiting room, in a quarter of an hour: target/bench/report.html.
	@.ci/need cargo node cc postgres redis-server java mvn
	cargo build --quiet --release -p tiketi -p tiketi-bench
	.ci/services with target/release/tiketi-bench $(if $(ONLY),ratios,all) --rounds $(or $(ROUNDS),5) \
		$(foreach group,$(ONLY),--only $(group))

sellout: ## 20,000 seats to 50,000 fans, each audited: make sellout SEATS=2000 FANS=5000.
	@.ci/need cargo node cc postgres redis-server java mvn
	cargo build --quiet --release -p tiketi -p tiketi-bench
	.ci/services with target/release/tiketi-bench sellout $(if $(SEATS),--seats $(SEATS)) \
		$(if $(FANS),--fans $(FANS))

load: ## Load that a file describes: make load SCENARIO=hold, one of bench/scenarios.
	@.ci/need cargo node cc postgres redis-server java mvn
	cargo build --quiet --release -p tiketi -p tiketi-bench
	.ci/services with target/release/tiketi-bench run bench/scenarios/$(or $(SCENARIO),hold).toml

waiting-room: ## 100,000 fans wait, all connected at once and told the place: make waiting-room FANS=20000.
	@.ci/need cargo node cc postgres redis-server java mvn
	cargo build --quiet --release -p tiketi -p tiketi-bench
	.ci/services with target/release/tiketi-bench waiting-room $(if $(FANS),--fans $(FANS))

bench-micro: ## Micro benchmarks of the engine, without a disk.
	cargo bench -p tiketi-bench

sim: ## Many random histories of a sale: make sim RUNS=100000, or SEED=7 to repeat one.
	SIM_RUNS=$(or $(RUNS),20000) $(if $(SEED),SIM_SEED=$(SEED)) \
		cargo test --release -p tiketi-engine --test simulation -- --nocapture

model: ## Every state of lease, fence, take-over and append; broken variants are caught.
	cargo test --release -p tiketi-engine --test model -- --include-ignored --nocapture --test-threads 1

faults: ## Break a cluster in every way, ten times each: make faults RUNS=3, or ONLY=owner-killed.
	@.ci/need cargo node cc postgres redis-server java mvn faketime
	@$(MAKE) nodes
	.ci/services with target/debug/tiketi-bench faults --prove --runs $(or $(RUNS),10) \
		$(foreach fault,$(ONLY),--only $(fault))

clean: ## Remove what was built; data stays.
	cargo clean
	rm -rf web/dist web/node_modules

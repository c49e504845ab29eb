# What a user calls. Options are variables: make up NODES=5 PORT=8085 KUMA_DIR=/opt/uptime-kuma DATA=.cluster

.DEFAULT_GOAL := help
BENCH_PACKAGES := wrk haproxy caddy
.PHONY: $(shell awk -F ':.*## ' '/^[a-z-]+:.*## / { print $$1 }' $(MAKEFILE_LIST))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  options: NODES=3 LBS=1 PORT=8084 NODE_PORT=3001 DB_PORT=13306 DATA=.cluster KUMA_DIR=<an Uptime Kuma of your own>"

up: ## install what is missing, then start database, nodes and load balancer
	@node local/cli.mjs up

down: ## stop the cluster; its data stay
	@node local/cli.mjs down

status: ## what runs, and what the load balancer thinks of it
	@node local/cli.mjs status

logs: ## the end of every log (FOLLOW=1 keeps printing)
	@node local/cli.mjs logs

node-start: ## start node N again (N=2)
	@node local/cli.mjs node-start

node-stop: ## stop node N orderly (N=2), or as a crash with KILL=1
	@node local/cli.mjs node-stop

build: ## generate lua/, agent/dist/ and nginx/html/
	@node local/prepare.mjs mariadb-server
	@npm run --silent build

lint: ## eslint, prettier and all type checks
	@node local/prepare.mjs mariadb-server
	@npm run --silent lint

test: ## every check and every suite, compose where Docker answers
	@node test/run.mjs

test-unit: ## the Lua modules inside a real nginx worker
	@node test/run.mjs unit

test-agent: ## the agent in real Uptime Kuma processes
	@node test/run.mjs agent

test-system: ## the load balancer before light fake nodes
	@node test/run.mjs system

test-probes: ## real probes before a fake leader
	@node test/run.mjs probes

test-dashboard: ## the page at /lb/, in a browser before a real load balancer
	@node test/run.mjs dashboard

test-cluster: ## the whole: Uptime Kuma, load balancer and a browser
	@node test/run.mjs cluster

test-upgrade: ## rolling updates from the release before, and the import of a single Uptime Kuma
	@node test/run.mjs upgrade

test-chaos: ## the shortest scenarios of make chaos
	@node test/run.mjs chaos

test-kubernetes: ## the manifests of k8s/ and the Helm chart, by real kubectl and helm, without a cluster
	@node test/run.mjs kubernetes

test-compose: ## the compose files, by whatever Docker answers here
	@node test/run.mjs compose

chaos: ## break everything on a real cluster (SCENARIO=node-kill,... REPEAT=3 OUT=file.json)
	@node local/prepare.mjs wrk
	@node test/chaos/main.mjs

soak: ## disturb a real cluster at random and see what grows and what breaks (MINUTES=60 SEED=7 OUT=file.json KEEP=1)
	@node local/prepare.mjs mariadb-server
	@node test/chaos/soak/main.mjs

bench-failover: ## how fast monitors move after kill -9 and SIGTERM (KILLS=20 STOPS=5 MONITORS=60 OUT=file.json)
	@node local/prepare.mjs mariadb-server
	@node bench/failover.mjs

bench-takeover: ## how fast a follower takes over after kill -9 and SIGQUIT of the leader (RUNS=10 MONITORS=12 OUT=file.json)
	@node local/prepare.mjs mariadb-server
	@node bench/takeover.mjs

bench-agent: ## compare Uptime Kuma with and without the agent, and what nodes ask the database
	@node local/prepare.mjs mariadb-server
	@node bench/agent.mjs

bench-regions: ## what checks from several places cost (CHECKS=200 PROBES=3 MINUTES=5 OUT=file.json)
	@node local/prepare.mjs mariadb-server
	@node bench/regions.mjs

bench: ## the load balancer, the engine and the cluster against others: docs/benchmarks.md (ONLY=routing,engine OUT=file.json)
	@node local/prepare.mjs $(BENCH_PACKAGES)
	@node bench/main.mjs

bench-routing bench-engine: ## one section of make bench (OUT=file.json)
	@node local/prepare.mjs $(BENCH_PACKAGES)
	@ONLY=$(@:bench-%=%) node bench/main.mjs

flame: ## where a worker's time goes under load: files for flame graphs (OUT=folder NODES=3 WORKLOAD=bare SECONDS=10)
	@node local/prepare.mjs wrk linux-perf
	@node bench/flame.mjs

bench-metrics: ## compare the load balancer with and without the counting of requests
	@node local/prepare.mjs wrk
	@node bench/metrics.mjs

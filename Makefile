# What a user calls. Options are variables: make up NODES=5 PORT=8085 KUMA_DIR=/opt/uptime-kuma DATA=.cluster

.DEFAULT_GOAL := help
.PHONY: help up down status logs node-start node-stop build lint \
	test test-unit test-agent test-system test-probes test-dashboard test-cluster test-chaos test-compose chaos \
	bench-routing bench-metrics bench-agent bench-engine bench-failover bench-takeover bench-regions

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

test-chaos: ## the shortest scenarios of make chaos
	@node test/run.mjs chaos

test-compose: ## the compose files, by whatever Docker answers here
	@node test/run.mjs compose

chaos: ## break everything on a real cluster (SCENARIO=node-kill,... REPEAT=3 OUT=file.json)
	@node local/prepare.mjs wrk
	@node test/chaos/main.mjs

bench-failover: ## how fast monitors move after kill -9 and SIGTERM (KILLS=20 STOPS=5 MONITORS=60 OUT=file.json)
	@node local/prepare.mjs mariadb-server
	@node bench/failover.mjs

bench-takeover: ## how fast a follower takes over after kill -9 and SIGQUIT of the leader (RUNS=10 MONITORS=12 OUT=file.json)
	@node local/prepare.mjs mariadb-server
	@node bench/takeover.mjs

bench-engine: ## one node of many dies: placing and assigning its monitors (NODES=200 MONITORS=100000)
	@node local/prepare.mjs mariadb-server
	@node bench/engine.mjs

bench-agent: ## compare Uptime Kuma with and without the agent, and what nodes ask the database
	@node local/prepare.mjs mariadb-server
	@node bench/agent.mjs

bench-regions: ## what checks from several places cost (CHECKS=200 PROBES=3 MINUTES=5 OUT=file.json)
	@node local/prepare.mjs mariadb-server
	@node bench/regions.mjs

bench-routing: ## compare the load balancer with plain nginx and HAProxy
	@node local/prepare.mjs wrk haproxy
	@node bench/routing.mjs

bench-metrics: ## compare the load balancer with and without the counting of requests
	@node local/prepare.mjs wrk
	@node bench/metrics.mjs

-- A script for wrk. Says what came of a run in a line of JSON. By environment:
-- BENCH_THINK_MS: each connection waits between two requests, a random time with this mean.
-- BENCH_NODES: the requests are those of browsers that have chosen nodes 1 to so many, one after the other.
local think = tonumber(os.getenv("BENCH_THINK_MS"))
local nodes = tonumber(os.getenv("BENCH_NODES"))

if think then
  function delay()
    return math.floor(-math.log(1 - math.random()) * think + 0.5)
  end
end

if nodes then
  local requests, last = {}, 0
  function init()
    for node = 1, nodes do
      wrk.headers["Cookie"] = "KUMA_FIXED_NODE=node" .. node
      requests[node] = wrk.format()
    end
  end
  function request()
    last = last % nodes + 1
    return requests[last]
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    'JSON {"requests": %d, "seconds": %.6f, "errors": %d, "p50_ms": %.3f, "p99_ms": %.3f, "p999_ms": %.3f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000,
    latency:percentile(99) / 1000,
    latency:percentile(99.9) / 1000
  ))
end

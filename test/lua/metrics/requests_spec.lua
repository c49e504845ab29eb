local fresh = require("support.fresh")

describe("metrics.requests", function()
    local requests

    before_each(function()
        ngx.shared.cluster_metrics:flush_all()
        requests = fresh.require("metrics.requests")
    end)

    local function results(node_id)
        return (requests.read().nodes[node_id] or { results = {} }).results
    end

    it("counts by node and class of the answer, and adds it to the totals at once", function()
        for _, status in ipairs({ 200, 204, 101, 304, 404, 500, 503, 499, 0 }) do
            requests.count("node1", "load-balancer", status, 0)
        end
        requests.count("node2", "fixed-node", 200, 0)
        assert.same({}, results("node1"))
        requests.flush()
        assert.same(
            { ["1xx"] = 1, ["2xx"] = 2, ["3xx"] = 1, ["4xx"] = 1, ["5xx"] = 2, canceled = 2 },
            results("node1")
        )
        assert.same({ ["2xx"] = 1 }, results("node2"))
        assert.equal(9, requests.routed("load-balancer"))
        assert.equal(1, requests.routed("fixed-node"))
    end)

    it("adds nothing twice", function()
        requests.count("node1", "load-balancer", 200, 0.5)
        requests.flush()
        requests.flush()
        assert.same({ ["2xx"] = 1 }, results("node1"))
        assert.equal(0.5, requests.overhead().sum)
        requests.count("node1", "load-balancer", 200, 0.5)
        requests.flush()
        assert.same({ ["2xx"] = 2 }, results("node1"))
    end)

    it("adds to what other workers, and those before a reload, have counted", function()
        requests.count("node1", "load-balancer", 200, 0.003)
        requests.flush()
        requests = fresh.require("metrics.requests")
        requests.count("node1", "load-balancer", 200, 0.004)
        requests.flush()
        assert.same({ ["2xx"] = 2 }, results("node1"))
        local overhead = requests.overhead()
        assert.equal(0.007, overhead.sum)
        assert.equal(15, #overhead.counts)
        assert.equal(2, overhead.counts[7])
    end)

    it("tells requests that no node answered from those that were refused before any was asked", function()
        requests.count_unanswered("node1", 502)
        requests.count_unanswered("", 503)
        requests.count_unanswered("", 413)
        assert.same({ none = 1 }, results("node1"))
        assert.same({ none = 1, ["4xx"] = 1 }, results(""))
    end)

    it("takes any text for the id of a node", function()
        local ids = { "a:b", "sockets:1", 'quote"\n', "node:2xx:x", "%d+" }
        for _, id in ipairs(ids) do
            requests.count(id, "load-balancer", 200, 0)
            requests.count_retry(id)
        end
        requests.flush()
        for _, id in ipairs(ids) do
            assert.same({ ["2xx"] = 1 }, results(id), id)
            assert.equal(1, requests.read().nodes[id].retries, id)
        end
    end)

    it("sums up requests, errors and retries of each node", function()
        for _, status in ipairs({ 200, 301, 404, 500 }) do
            requests.count("node1", "load-balancer", status, 0)
        end
        requests.flush()
        requests.count_unanswered("node1", 504)
        requests.count_retry("node1")
        requests.count_retry("node2")
        assert.same(
            { node1 = { requests = 5, errors = 2, retries = 1 }, node2 = { requests = 0, errors = 0, retries = 1 } },
            requests.totals()
        )
    end)

    it("counts the sockets that are open in all workers", function()
        requests.count_socket(1)
        requests.count_socket(1)
        requests.flush()
        ngx.shared.cluster_metrics:set("sockets:another", 3)
        assert.equal(5, requests.read().open_sockets)
        requests.count_socket(-1)
        requests.count_socket(-1)
        requests.flush()
        assert.equal(3, requests.read().open_sockets)
    end)
end)

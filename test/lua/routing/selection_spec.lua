local fake_dns = require("support.fake_dns")
local fresh = require("support.fresh")

describe("routing.selection", function()
    local selection, dns

    before_each(function()
        fake_dns.clear()
        selection = fresh.require("routing.selection")
        dns = require("lib.dns")
        local peer = { node_id = "node1", name = "node1.test", port = 3001 }
        require("routing.snapshot").peek = function()
            return { nodes = { { node_id = "node1" } }, peers = { node1 = peer } }
        end
    end)

    it("knows a node by any address of its name, whichever is next", function()
        fake_dns.set("node1.test", "A", { "127.0.0.1", "127.0.0.2" }, 3600)
        assert.is_nil(selection.node_at("127.0.0.1:3001"))
        assert.is_not_nil(dns.resolve_host("node1.test"))
        for _ = 1, 3 do
            assert.equal("node1", selection.node_at("127.0.0.1:3001"))
            assert.equal("node1", selection.node_at("127.0.0.2:3001"))
        end
        assert.is_nil(selection.node_at("127.0.0.2:3002"))
        assert.is_nil(selection.node_at("127.0.0.3:3001"))
    end)
end)

--- The scripted DNS server of the run (fake-dns.mjs); config.dns.resolvers names it unless a spec changes that.
local control = require("support.control")

local _M = {}

--- Forgets all records, failures and counts.
function _M.clear()
    assert(control.call("dns_clear"))
end

--- Sets the records of a name: fake_dns.set("node1.test", "A", { "127.0.0.1" }, 30). Types: A, AAAA, CNAME; TTL in s.
function _M.set(name, kind, values, ttl)
    assert(control.call("dns_set", { name = name, type = kind, values = values, ttl = ttl or 60 }))
end

--- Removes the records of a name: from now on it does not exist.
function _M.remove(name)
    assert(control.call("dns_remove", { name = name }))
end

--- How every query is answered from now on: "servfail", "refused", "drop" (not at all), "truncate" (over UDP), or nil
--- to be well again.
function _M.fail(mode)
    assert(control.call("dns_fail", { mode = mode or "" }))
end

--- Number of queries for a name and type since the last clear().
function _M.count(name, kind)
    return assert(control.call("dns_count", { name = name, type = kind }))
end

return _M

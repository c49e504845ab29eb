local json = require("lib.json")
local read_check = require("regions.check_input").read_check
local sort_results = require("regions.incoming").sort_results

describe("regions.check_input", function()
    local function read(text)
        return read_check(assert(json.decode(text)))
    end

    it("fills in what is missing", function()
        local check = assert(read('{"name": "web", "kind": "http", "target": {"url": "https://example.com/x?y=1"}}'))
        assert.same({ 60, 10000, true }, { check.interval, check.timeout_ms, check.active })
        assert.is_nil(check.regions)
        assert.is_nil(check.strategy)
        assert.equal(4000, assert(read('{"name":"a","kind":"tcp","target":{"host":"h","port":1},"interval":5}')).timeout_ms)
        assert.same({ "eu" }, assert(read('{"name":"a","kind":"dns","target":{"name":"h"},"regions":["eu"]}')).regions)
        assert.is_nil(assert(read('{"name":"a","kind":"dns","target":{"name":"h"},"regions":[]}')).regions)
    end)

    it("refuses each wrong field by its name", function()
        local wrong = {
            ["name must"] = '{"kind":"tcp","target":{"host":"h","port":1}}',
            ["kind must"] = '{"name":"a","kind":"icmp","target":{}}',
            ["target must"] = '{"name":"a","kind":"tcp","target":"h:1"}',
            ["target.port must"] = '{"name":"a","kind":"tcp","target":{"host":"h","port":0}}',
            ["target.host must"] = '{"name":"a","kind":"tcp","target":{"host":"h\\u0000","port":1}}',
            ["target.url must"] = '{"name":"a","kind":"http","target":{"url":"ftp://x"}}',
            ["target.method must"] = '{"name":"a","kind":"http","target":{"url":"http://x","method":"get"}}',
            ["target.headers must"] = '{"name":"a","kind":"http","target":{"url":"http://x","headers":{"A b":"c"}}}',
            ["target.headers must be"] = '{"name":"a","kind":"http","target":{"url":"http://x","headers":{"A":"c\\r\\nX: y"}}}',
            ["target.expected_status must"] = '{"name":"a","kind":"http","target":{"url":"http://x","expected_status":"2xx"}}',
            ["target.type must"] = '{"name":"a","kind":"dns","target":{"name":"h","type":"ANY"}}',
            ["interval must"] = '{"name":"a","kind":"dns","target":{"name":"h"},"interval":4}',
            ["timeout_ms must"] = '{"name":"a","kind":"dns","target":{"name":"h"},"timeout_ms":99}',
            ["timeout_ms must not"] = '{"name":"a","kind":"dns","target":{"name":"h"},"interval":5,"timeout_ms":6000}',
            ["regions must"] = '{"name":"a","kind":"dns","target":{"name":"h"},"regions":"eu"}',
            ["regions must be"] = '{"name":"a","kind":"dns","target":{"name":"h"},"regions":["e u"]}',
            ["regions must be a list"] = '{"name":"a","kind":"dns","target":{"name":"h"},"regions":{"eu":true}}',
            ["strategy must"] = '{"name":"a","kind":"dns","target":{"name":"h"},"strategy":"some-down"}',
            ["quorum must"] = '{"name":"a","kind":"dns","target":{"name":"h"},"quorum":0}',
            ["active must"] = '{"name":"a","kind":"dns","target":{"name":"h"},"active":1}',
        }
        for begin, text in pairs(wrong) do
            local check, err = read(text)
            assert.is_nil(check, text)
            assert.equal(begin, err:sub(1, #begin), text)
        end
    end)

    it("knows lists of statuses", function()
        local function is_ok(list)
            return (read(('{"name":"a","kind":"http","target":{"url":"http://x","expected_status":"%s"}}'):format(list))) ~= nil
        end
        for _, list in ipairs({ "200", "200-299", "200-299,304", "100-599, 404" }) do
            assert.is_true(is_ok(list), list)
        end
        for _, list in ipairs({ "", "20", "200-", "200-29", "600", "-200", "200,,201", "a", "200-299-300" }) do
            assert.is_false(is_ok(list), list)
        end
    end)
end)

describe("regions.incoming", function()
    local function sort(text, seen)
        return sort_results(json.decode(text), seen or 0, {
            { revision = "a" },
            [5000000000] = { revision = "b", node_id = "node1" },
        })
    end
    local function result(seq, more)
        return ('{"seq":%d,"check_id":1,"status":"up","age_ms":5,"message":"ok"%s}'):format(seq, more or "")
    end

    it("takes each number once, and leaves out what is gone or too old", function()
        local sorted = assert(sort(("[%s,%s,%s]"):format(result(1), result(2, ',"ping_ms":1.6'), result(2)), 1))
        assert.same({ 1, 2, 2 }, { #sorted.results, sorted.last_seq, sorted.ignored })
        assert.equal(2, sorted.results[1].ping_ms)
        assert.equal(1, assert(sort('[{"seq":1,"check_id":99,"status":"up","age_ms":5,"message":""}]')).ignored)
        assert.equal(1, assert(sort('[{"seq":1,"check_id":1,"status":"up","age_ms":86400001,"message":""}]')).ignored)
        assert.same({}, assert(sort("[]")).results)
        local of_node = assert(sort('[{"seq":1,"check_id":5000000000,"status":"down","age_ms":5,"message":"timeout"}]'))
        assert.same({ { node_id = "node1", status = "down", age_ms = 5, message = "timeout" } }, of_node.of_nodes)
        assert.same({ {}, 0 }, { of_node.results, of_node.ignored })
        assert.equal(1, assert(sort("[" .. result(1, ',"revision":"0"') .. "]")).ignored)
        assert.equal(0, assert(sort("[" .. result(1, ',"revision":"a"') .. "]")).ignored)
        local lines = '[{"seq":1,"check_id":1,"status":"down","age_ms":5,"message":"no a\\n\\tb"}]'
        assert.equal("no a  b", assert(sort(lines)).results[1].message)
        local long = ('[{"seq":1,"check_id":1,"status":"up","age_ms":5,"message":"%s"}]'):format(("\195\169"):rep(200))
        assert.equal(("\195\169"):rep(148) .. "...", assert(sort(long)).results[1].message)
    end)

    it("refuses what is no result, the future too", function()
        for _, text in ipairs({
            "7",
            '{"a":1}',
            '"x"',
            "[7]",
            "[null]",
            "[[]]",
            '[{"seq":1,"check_id":1,"status":"up","age_ms":-1,"message":""}]',
            '[{"seq":0,"check_id":1,"status":"up","age_ms":1,"message":""}]',
            '[{"seq":1.5,"check_id":1,"status":"up","age_ms":1,"message":""}]',
            '[{"seq":1,"check_id":1,"status":"UP","age_ms":1,"message":""}]',
            '[{"seq":1,"check_id":1,"status":"up","age_ms":1}]',
            '[{"seq":1,"check_id":1,"status":"up","age_ms":1,"message":"","ping_ms":-1}]',
        }) do
            assert.is_nil((sort(text)), text)
        end
        local many = {}
        for seq = 1, 501 do
            table.insert(many, result(seq))
        end
        assert.is_nil((sort("[" .. table.concat(many, ",") .. "]")))
    end)
end)

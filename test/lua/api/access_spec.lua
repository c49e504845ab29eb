local fresh = require("support.fresh")

describe("api.access", function()
    local access

    before_each(function()
        access = fresh.require("api.access")
    end)

    --- Status and code of the refusal, or nothing; `caller` is a request from this machine but for what it says.
    local function judged(caller, secret, previous)
        caller.address = caller.address or "127.0.0.1"
        caller.host = caller.host or "kuma.example:8084"
        local answer = access.judge_caller(caller, "cluster", true, { current = secret or "", previous = previous or "" })
        if answer then
            return answer.status, answer.body.error
        end
    end

    it("lets in this machine and private networks while no secret is set, and nobody else", function()
        for _, address in ipairs({ "127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.7.7", "::1", "fd00::1", "::ffff:10.0.0.1" }) do
            assert.is_nil(judged({ address = address }), address)
        end
        for _, address in ipairs({ "8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "unix:", "" }) do
            assert.same({ 403, "forbidden" }, { judged({ address = address }) }, address)
        end
    end)

    it("looks through a proxy nearby at the client behind it", function()
        assert.is_nil(judged({ forwarded_for = "10.0.0.7, 192.168.1.1" }))
        assert.equal(403, (judged({ forwarded_for = "8.8.8.8, 192.168.1.1" })))
        assert.equal(403, (judged({ forwarded_for = "unknown" })))
        assert.is_nil(judged({ real_ip = "10.0.0.7" }))
        assert.equal(403, (judged({ real_ip = "8.8.8.8" })))
        assert.equal(403, (judged({ forwarded = "for=10.0.0.7" })))
    end)

    it("takes the secret in either header and from anywhere", function()
        assert.is_nil(judged({ address = "8.8.8.8", cluster_secret = "s3cret" }, "s3cret"))
        assert.is_nil(judged({ address = "8.8.8.8", authorization = "Bearer s3cret" }, "s3cret"))
        assert.is_nil(judged({ authorization = "bearer  s3cret" }, "s3cret"))
    end)

    it("asks for the secret and says when it is wrong", function()
        assert.same({ 401, "authentication_required" }, { judged({}, "s3cret") })
        assert.same({ 401, "authentication_required" }, { judged({ authorization = "Basic czNjcmV0" }, "s3cret") })
        for _, wrong in ipairs({ "", "s3cre", "s3cret ", "S3cret", "s3cret1" }) do
            assert.same({ 401, "invalid_credentials" }, { judged({ cluster_secret = wrong }, "s3cret") }, wrong)
        end
        local answer = access.judge_caller({ address = "127.0.0.1" }, "cluster", true, { current = "s3cret", previous = "" })
        assert.is_not_nil(answer.headers["WWW-Authenticate"])
    end)

    it("refuses what a page of another site sends, also with the secret", function()
        for _, caller in ipairs({
            { fetch_site = "cross-site" },
            { fetch_site = "same-site" },
            { fetch_site = "none" },
            { origin = "http://evil.example" },
            { origin = "http://kuma.example" },
            { origin = "null" },
            { origin = "https://kuma.example:8084.evil.example" },
        }) do
            caller.cluster_secret = "s3cret"
            assert.same({ 403, "foreign_origin" }, { judged(caller, "s3cret") })
            assert.same({ 403, "foreign_origin" }, { judged(caller, "") })
        end
        assert.is_nil(judged({ fetch_site = "same-origin", origin = "https://Kuma.example:8084" }))
    end)

    it("takes the secret before as well while one is changed, and never an empty one", function()
        assert.is_nil(judged({ cluster_secret = "old" }, "new", "old"))
        assert.is_nil(judged({ cluster_secret = "new" }, "new", "old"))
        assert.equal(401, (judged({ cluster_secret = "older" }, "new", "old")))
        assert.equal(401, (judged({ cluster_secret = "" }, "new", "")))
    end)

    it("lets everybody use an open route, but no page of another site change anything by it", function()
        local secrets = { current = "s3cret", previous = "" }
        assert.is_nil(access.judge_caller({ address = "8.8.8.8" }, "open", true, secrets))
        local refusal = access.judge_caller({ address = "8.8.8.8", fetch_site = "cross-site" }, "open", true, secrets)
        assert.equal("foreign_origin", refusal.body.error)
        assert.is_nil(access.judge_caller({ address = "8.8.8.8", fetch_site = "cross-site" }, "open", false, secrets))
    end)

    it("takes as long for every wrong secret of a length", function()
        assert.is_true(access.is_equal_secret("s3cret", "s3cret"))
        assert.is_false(access.is_equal_secret("S3cret", "s3cret"))
        assert.is_false(access.is_equal_secret("", "s3cret"))
    end)
end)

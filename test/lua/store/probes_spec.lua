local database = require("support.database")
local fresh = require("support.fresh")

describe("store: what probes say", function()
    local db, probes, votes

    before_each(function()
        database.clear()
        db = fresh.require("db")
        probes = require("store.probes")
        votes = require("store.votes")
        assert(require("store.schema").ensure())
        assert(probes.register("p1", "", "eu", "1", "s1"))
        database.root([[INSERT INTO probe_check (id, name, kind, target, seconds, timeout_ms, active) VALUES
            (1, 'a', 'tcp', '{"host":"h","port":1}', 30, 1000, 1), (2, 'b', 'tcp', '{"host":"h","port":1}', 30, 1000, 0)]])
    end)

    local function count(name)
        return tonumber(assert(db.query("SELECT COUNT(*) AS n FROM " .. name))[1].n)
    end

    local function result(check_id, age_ms, status)
        return { check_id = check_id, age_ms = age_ms, status = status, message = "" }
    end

    local function store(probe_id, session, seen, last, results, of_nodes)
        return votes.store(probe_id, session, seen, last, results, of_nodes or {})
    end

    it("takes each number of a session once, and keeps the newest as the vote", function()
        assert.is_true(store("p1", "s1", 0, 2, { result(1, 5000, "up"), result(1, 1000, "down") }))
        assert.is_false(store("p1", "s1", 0, 2, { result(1, 0, "up") }))
        assert.is_false(store("p1", "other", 2, 3, { result(1, 0, "up") }))
        assert.is_true(store("p1", "s1", 2, 3, { result(1, 60000, "up") }))
        local vote = assert(votes.votes())[1]
        assert.equal("down", vote.status)
        assert.is_true(vote.age >= 1 and vote.age < 10)
        assert.equal(3, count("probe_result"))
    end)

    it("has the next result in place of a vote from the future", function()
        assert(store("p1", "s1", 0, 1, { result(1, 0, "up") }))
        database.root("UPDATE probe_vote SET at = NOW(6) + INTERVAL 1 HOUR")
        assert(store("p1", "s1", 1, 2, { result(1, 1000, "down") }))
        local vote = assert(votes.votes())[1]
        assert.equal("down", vote.status)
        assert.is_true(vote.age >= 1 and vote.age < 10)
    end)

    it("keeps the newest word about a node, and since when it was reached", function()
        local node_votes = require("store.node_votes")
        local function of_node(age_ms, status)
            return { node_id = "n1", status = status, age_ms = age_ms, message = status }
        end
        assert(store("p1", "s1", 0, 1, {}, { of_node(9000, "down") }))
        assert.is_nil(assert(node_votes.list())[1].reached_age)
        assert(store("p1", "s1", 1, 4, {}, { of_node(8000, "up"), of_node(3000, "down"), of_node(5000, "up") }))
        local vote = assert(node_votes.of_probe("p1"))[1]
        assert.same({ "n1", "p1", "eu", "down", "down" }, { vote.node_id, vote.probe_id, vote.region, vote.vote, vote.message })
        assert.is_true(vote.age >= 3 and vote.age < 5 and vote.reached_age >= 5 and vote.reached_age < 8)
        assert(require("store.vote_pruning").prune())
        assert.same({}, assert(node_votes.list()))
    end)

    it("drops all results that are old, however many there are, and votes of probes and checks that are gone", function()
        database.root([[INSERT INTO probe_result (check_id, probe_id, received_at, status)
            SELECT 1, 'p1', NOW(6) - INTERVAL 181 MINUTE, 'up' FROM seq_1_to_12000;
            INSERT INTO probe_result (check_id, probe_id, received_at, status) VALUES
            (1, 'p1', NOW(6) - INTERVAL 179 MINUTE, 'up');
            INSERT INTO probe_vote (check_id, probe_id, status) VALUES (1, 'p1', 'up'), (9, 'p1', 'up'), (1, 'gone', 'up')]])
        assert(require("store.vote_pruning").prune())
        assert.equal(1, count("probe_result"))
        assert.equal(1, count("probe_vote"))
    end)

    it("knows since when the checks that are switched on are what they are", function()
        local revisions = require("store.revisions").revisions
        local before = assert(revisions())
        assert.is_nil(before[2])
        assert(require("store.checks").replace(1, { name = "c", kind = "tcp", target = {}, interval = 30, timeout_ms = 1, active = true }))
        assert.are_not.equal(before[1], assert(revisions())[1])
    end)

    describe("push monitors", function()
        local LEASE = { session = "s", epoch = 3 }

        before_each(function()
            database.root([[CREATE TABLE monitor (id INT UNSIGNED PRIMARY KEY AUTO_INCREMENT, name VARCHAR(150),
                active BOOLEAN NOT NULL DEFAULT 1, user_id INT, `interval` INT NOT NULL DEFAULT 20, push_token VARCHAR(32))]])
            for _, statement in ipairs(require("store.ddl").MONITOR_DDL) do
                assert(db.query(statement))
            end
            database.root([[INSERT INTO monitor (id, push_token, node_id) VALUES (7, 't7', 'n1'), (8, 't8', 'n2');
                INSERT INTO node (node_id, host, status, last_seen) VALUES ('n1', 'h:1', 'online', NOW()), ('n2', 'h:2', 'offline', NOW());
                INSERT INTO cluster_lease (name, session, epoch) VALUES ('leader', 's', 3);
                UPDATE probe_check SET monitor_id = 7, verdict = 'down' WHERE id = 1; UPDATE probe_check SET monitor_id = 8 WHERE id = 2]])
        end)

        local function targets(lease)
            return assert(require("store.push_monitors").push_targets({ 1, 2, 3 }, lease))
        end

        it("are found with the node that runs them", function()
            local found = targets(LEASE)
            assert.same({ verdict = "down", token = "t7", is_active = true, hosts = { "h:1" } }, found[1])
            assert.same({ verdict = "unknown", token = "t8", is_active = true, hosts = { "h:1" } }, found[2])
            assert.is_nil(found[3])
            database.root("UPDATE node SET status = 'draining' WHERE node_id = 'n2'")
            assert.same({ "h:2", "h:1" }, targets(LEASE)[2].hosts)
            require("store.suspects").report("n2")
            assert.same({ "h:1" }, targets(LEASE)[2].hosts)
            database.root("UPDATE node SET status = 'offline' WHERE node_id = 'n2'")
            database.root("DELETE FROM monitor WHERE id = 8; UPDATE monitor SET active = 0")
            found = targets(LEASE)
            assert.is_false(found[1].is_active)
            assert.same({ verdict = "unknown", is_active = false, hosts = { "h:1" } }, found[2])
        end)

        it("are nobody's once the lease is over", function()
            assert.same({}, targets({ session = "s", epoch = 2 }))
            assert.same({}, targets({ session = "other", epoch = 3 }))
        end)
    end)

    it("leaves out a check whose row cannot be read", function()
        local checks = require("store.checks")
        for _, column in ipairs({ "target = '{'", "target = '1'", "target = '{}'", "regions = '1'", "regions = '[1]'", "kind = 'odd'" }) do
            database.root("UPDATE probe_check SET " .. column .. " WHERE id = 1")
            assert.equal(1, #assert(checks.list()), column)
            assert.is_nil(checks.find(1))
            database.root([[UPDATE probe_check SET kind = 'tcp', target = '{"host":"h","port":1}', regions = NULL WHERE id = 1]])
            assert.equal(2, #assert(checks.list()))
        end
    end)

    it("takes an odd verdict for none, and notes the next one", function()
        local checks = require("store.checks")
        database.root("UPDATE probe_check SET verdict = 'odd', strategy = 'odd' WHERE id = 1")
        database.root("INSERT INTO cluster_lease (name, session, epoch) VALUES ('leader', 's', 1)")
        local check = assert(checks.find(1))
        assert.equal("unknown", check.verdict)
        assert.is_nil(check.strategy)
        assert.is_true(checks.set_verdict(check, "down", "", { session = "s", epoch = 1 }))
        assert.equal("down", checks.find(1).verdict)
    end)

    it("notes no verdict of a check that was changed meanwhile", function()
        local checks = require("store.checks")
        database.root("INSERT INTO cluster_lease (name, session, epoch) VALUES ('leader', 's', 3)")
        local lease = { session = "s", epoch = 3 }
        local check = assert(checks.find(1))
        assert(checks.replace(1, check))
        assert.is_false(checks.set_verdict(check, "down", "", lease))
        assert.is_true(checks.set_verdict(assert(checks.find(1)), "down", "", lease))
    end)
end)

-- Generated from src-ts/api/row.ts: edit that file, then run npm run build.
-- How rows of the table of routes are written: builders, and what several rows have in common.
local _M = {}
local DRY_RUN = {name = "dry_run", type = "flag", about = "1 lists what would be done, and does nothing."}
local SINCE = {
    name = "since",
    type = "integer",
    about = "The id of the last event that is known.",
    min = 0,
    default = 0
}
_M.LIMIT = {
    name = "limit",
    type = "integer",
    about = "How many at most.",
    min = 1,
    max = 1000,
    default = 100
}

--- What makes rows of a method.
local function rows_of(method)
    return function(guard, path, handler, answers, about, details)
        local ____temp_0 = details or ({})
        local takes = ____temp_0.takes
        local query = ____temp_0.query
        local deprecated = ____temp_0.deprecated
        local errors = ____temp_0.errors
        local by_status = type(answers) == "string" and ({["200"] = answers}) or answers
        return {
            method = method,
            guard = guard,
            path = path,
            handler = handler,
            answers = by_status,
            about = about,
            takes = takes,
            query = query,
            deprecated = deprecated,
            errors = errors
        }
    end
end
_M.get = rows_of("GET")
_M.post = rows_of("POST")
_M.put = rows_of("PUT")
_M.remove = rows_of("DELETE")
_M.PAGE = {["200"] = "text/html", ["400"] = "text/html"}
_M.MOVES = {["200"] = "DryRunBody", ["202"] = "AcceptedBody"}
_M.NOT_READY = {errors = {["503"] = {"not_ready"}}}
local LOST = {["503"] = {"database_lost"}}
_M.DATABASE_LOST = {errors = LOST}
_M.EVENTS = {query = {SINCE, _M.LIMIT}, errors = LOST}
_M.OLD = {query = {DRY_RUN}, deprecated = true, errors = LOST}
_M.DRY = {query = {DRY_RUN}, errors = LOST}
local NO_LOADS = {["503"] = {"database_lost", "not_ready"}}
_M.OLD_LOADS = {query = {DRY_RUN}, deprecated = true, errors = NO_LOADS}
_M.DRY_LOADS = {query = {DRY_RUN}, errors = NO_LOADS}
--- Who asks as a probe.
_M.PROBE = {{name = "probe", type = "text", about = "Its id."}, {name = "session", type = "text", about = "That of its registration."}}
_M.ASSIGNMENTS = {["200"] = "AssignmentsBody", ["304"] = "nothing"}
_M.CREATED = {["201"] = "ProbeCheckBody"}
_M.WRITTEN = {["400"] = {"invalid_parameter"}, ["503"] = {"database_lost"}}
_M.OF_SESSION = {["409"] = {"unknown_session"}, ["503"] = {"database_lost"}}
_M.NOT_TAKEN = {["502"] = {"not_taken"}}
_M.OF_CHECK = {errors = {["400"] = {"invalid_parameter"}, ["404"] = {"check_not_found"}, ["503"] = {"database_lost"}}}
_M.CHECK_NOT_TAKEN = {["400"] = {"invalid_parameter"}, ["404"] = {"check_not_found"}, ["502"] = {"not_taken"}, ["503"] = {"database_lost"}}
return _M

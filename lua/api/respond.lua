-- Generated from src-ts/api/respond.ts: edit that file, then run npm run build.
-- The one place that writes an answer of the API.
local _M = {}
local json = require("lib.json")
local ____utf8 = require("lib.utf8")
local to_utf8 = ____utf8.to_utf8

--- An answer with a JSON body.
function _M.ok(body)
    return {status = 200, body = body}
end

--- An error with its stable code and a sentence.
function _M.failure(status, code, message, headers)
    local body = {error = code, message = message}
    return headers == nil and ({status = status, body = body}) or ({status = status, body = body, headers = headers})
end

--- The answer when the database has to be asked and does not answer.
function _M.database_lost(reason)
    return _M.failure(503, "database_lost", ("The database does not answer: " .. reason) .. ".", {["Retry-After"] = "5"})
end

--- The same answer, and the client is to keep the cookie.
function _M.with_cookie(answer, cookie)
    answer.cookie = cookie
    return answer
end

--- Sends the answer.
function _M.send(answer)
    ngx.status = answer.status
    local header = ngx.header
    header["Content-Type"] = answer.content_type or "application/json"
    header["Cache-Control"] = "no-store"
    for name, value in pairs(answer.headers or ({})) do
        header[name] = value
    end
    if answer.cookie ~= nil then
        header["Set-Cookie"] = answer.cookie
    end
    local given = answer.content_type == nil and json.encode(answer.body) .. "\n" or tostring(answer.body)
    local text = to_utf8(given)
    header["Content-Length"] = #text
    if ngx.req.get_method() ~= "HEAD" then
        ngx.print(text)
    end
end
return _M

-- Generated from src-ts/lib/time_text.ts: edit that file, then run npm run build.
-- Times as the API writes them: ISO 8601 in UTC.
local _M = {}

--- "2026-11-21T10:00:00Z" of a Unix time in seconds; nil for 0, which stands for never.
function _M.iso_time(seconds)
    local ____temp_0
    if seconds == 0 then
        ____temp_0 = nil
    else
        ____temp_0 = os.date(
            "!%Y-%m-%dT%H:%M:%SZ",
            math.floor(seconds)
        )
    end
    return ____temp_0
end

--- "2026-11-21T10:00:00.123456Z" of "2026-11-21 10:00:00.123456", as the database writes a UTC time.
function _M.iso_from_sql(text)
    local ____temp_1
    if text == nil then
        ____temp_1 = nil
    else
        ____temp_1 = (string.gsub(text, " ", "T")) .. "Z"
    end
    return ____temp_1
end
return _M

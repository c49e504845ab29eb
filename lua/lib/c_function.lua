-- Generated from src-ts/lib/c_function.ts: edit that file, then run npm run build.
-- Functions of the libraries that nginx is linked with, each under a name of our own.
local _M = {}
local ffi = require("ffi")

--- A function by its declaration in C, with %s in place of its name; nil where this nginx has none of that name.
-- Another module may have declared the same function with types of its own, and C's names cannot be declared twice.
function _M.c_function(declaration, name)
    local alias = "kuma_" .. name
    local declared = pcall(
        ffi.cdef,
        string.format(declaration, alias) .. (" __asm__(\"" .. name) .. "\");"
    )
    local found, fn = pcall(function() return ffi.C[alias] end)
    local ____temp_0
    if declared and found then
        ____temp_0 = fn
    else
        ____temp_0 = nil
    end
    return ____temp_0
end
return _M

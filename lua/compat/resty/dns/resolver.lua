-- Generated from src-ts/compat/resty/dns/resolver.ts: edit that file, then run npm run build.
-- Debian packages lua-resty-dns under another name. Stands last on the package path, so the real name wins.
local _M = {}
do
    local ____nginx_2Edns_2Eresolver = require("nginx.dns.resolver")
    _M.TYPE_A = ____nginx_2Edns_2Eresolver.TYPE_A
    _M.TYPE_AAAA = ____nginx_2Edns_2Eresolver.TYPE_AAAA
    _M.TYPE_CNAME = ____nginx_2Edns_2Eresolver.TYPE_CNAME
    _M.TYPE_MX = ____nginx_2Edns_2Eresolver.TYPE_MX
    _M.TYPE_NS = ____nginx_2Edns_2Eresolver.TYPE_NS
    _M.TYPE_TXT = ____nginx_2Edns_2Eresolver.TYPE_TXT
    _M.new = ____nginx_2Edns_2Eresolver.new
end
return _M

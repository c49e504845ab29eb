-- Generated from src-ts/lib/identity.ts: edit that file, then run npm run build.
-- How a load balancer shows that it belongs to the cluster, without showing the secret.
local _M = {}
local ____text = require("lib.text")
local hex = ____text.hex

--- What only somebody who knows the secret can answer to a challenge; in hexadecimal digits.
function _M.identity_proof(secret, challenge, node_id)
    return hex(ngx.hmac_sha1(secret, (challenge .. " ") .. node_id))
end
return _M

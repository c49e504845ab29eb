-- Generated from src-ts/lib/identity.ts: edit that file, then run npm run build.
-- How a load balancer shows that it belongs to the cluster, without showing the secret.
local _M = {}

--- What only somebody who knows the secret can answer to a challenge; in hexadecimal digits.
function _M.identity_proof(secret, challenge, node_id)
    local digits = string.gsub(
        ngx.hmac_sha1(secret, (challenge .. " ") .. node_id),
        ".",
        function(byte) return string.format(
            "%02x",
            string.byte(byte)
        ) end
    )
    return digits
end
return _M

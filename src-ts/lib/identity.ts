/* How a load balancer shows that it belongs to the cluster, without showing the secret. */

/** What only somebody who knows the secret can answer to a challenge; in hexadecimal digits. */
export function identity_proof(secret: string, challenge: string, node_id: string): string {
    const [digits] = string.gsub(ngx.hmac_sha1(secret, `${challenge} ${node_id}`), ".", (byte: string) =>
        string.format("%02x", string.byte(byte)),
    );
    return digits;
}

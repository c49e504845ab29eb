/* How a load balancer shows that it belongs to the cluster, without showing the secret. */
import { hex } from "./text";

/** What only somebody who knows the secret can answer to a challenge; in hexadecimal digits. */
export function identity_proof(secret: string, challenge: string, node_id: string): string {
    return hex(ngx.hmac_sha1(secret, `${challenge} ${node_id}`));
}

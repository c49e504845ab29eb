import { createHash } from "node:crypto";

const MOST = 200;

/**
 * Secrets that fitted a stored hash. To compare the two takes tens of milliseconds in which the process does nothing
 * else, and takes from Kuma's limit of attempts: one that was right once is not compared again while the stored hash is
 * the same.
 */
export class VerifiedSecrets {
    /** The stored hashes by the fingerprints of the secrets. */
    private readonly hashes = new Map<string, string>();

    /** Whether this secret fitted this stored hash before. */
    has(secret: string, storedHash: string): boolean {
        return this.hashes.get(fingerprint(secret)) === storedHash;
    }

    /** Notes that a secret fits a stored hash; the oldest notes go when there are many. */
    add(secret: string, storedHash: string): void {
        if (this.hashes.size >= MOST) this.hashes.delete(this.hashes.keys().next().value ?? "");
        this.hashes.set(fingerprint(secret), storedHash);
    }
}

function fingerprint(secret: string): string {
    return createHash("sha256").update(secret).digest("base64");
}

/** Versions of Uptime Kuma that the hooks were written for: from `least` on, below `below`. */
const SUPPORTED_KUMA = { least: "2.0.0-dev.0", below: "3.0.0" };

/** The first MariaDB with INVISIBLE columns. */
const LEAST_MARIADB = [10, 3, 3];

/** Why the agent does not know this version of Uptime Kuma, or nothing when it does. */
export function kumaLimitation(version: string): string | undefined {
    if (/^2\.\d+\.\d+/.test(version)) return undefined;
    return `Uptime Kuma ${version} is not supported: it must be at least ${SUPPORTED_KUMA.least} and below ${SUPPORTED_KUMA.below}`;
}

/** Why the tables of the cluster cannot be made on this server, by what its VERSION() says, or nothing when they can. */
export function serverLimitation(version: string): string | undefined {
    if (!/mariadb/i.test(version)) {
        return `the database server is not MariaDB (its version is ${version}): the cluster needs MariaDB's INVISIBLE columns`;
    }
    // Servers of 10.x put "5.5.5-" before their version for old replicas.
    const numbers = version
        .replace(/^5\.5\.5-/, "")
        .split(/[.-]/)
        .slice(0, 3)
        .map(Number);
    for (const [index, least] of LEAST_MARIADB.entries()) {
        const number = numbers[index] ?? 0;
        if (number > least) return undefined;
        if (number < least)
            return `MariaDB ${version} has no INVISIBLE columns: ${LEAST_MARIADB.join(".")} or newer is needed`;
    }
    return undefined;
}

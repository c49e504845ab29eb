/* What the user asks for, and where the nodes' database is: pure but for the secret files that the environment names. */
import { readFileSync } from "node:fs";

import type { DatabaseConfig } from "../kuma";
import { Refusal } from "./refusal";

const USAGE = `usage: node import-sqlite.js [--without-history] <kuma.db, or the folder that has it>

Copies the database of a single Uptime Kuma 2.x (SQLite) into the empty database of this cluster. Run it in the place of a
node: in the folder of Uptime Kuma, with a node's environment, while all nodes are stopped.

  --without-history   leave heartbeats and statistics behind`;

export interface Wish {
    readonly path: string;
    readonly withHistory: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads the command line. Throws a refusal with the usage when it is wrong. */
export function readArguments(args: readonly string[]): Wish {
    const paths = args.filter((argument) => !argument.startsWith("-"));
    const options = args.filter((argument) => argument.startsWith("-"));
    const unknown = options.filter((option) => option !== "--without-history");
    const [path] = paths;
    if (path === undefined || paths.length > 1 || unknown.length > 0) throw new Refusal(USAGE);
    return { path, withHistory: options.length === 0 };
}

function valueOrFile(env: Variables, name: string): string | undefined {
    const file = env[`${name}_FILE`];
    return file === undefined || file === "" ? env[name] : readFileSync(file, "utf8").trim();
}

/** The nodes' database as the environment names it, in the way of Uptime Kuma; nothing when it does not. */
export function databaseFromEnvironment(env: Variables): DatabaseConfig | undefined {
    const text = (name: string): string => valueOrFile(env, `UPTIME_KUMA_DB_${name}`)?.trim() ?? "";
    const type = text("TYPE");
    if (type === "") return undefined;
    return {
        type,
        hostname: text("HOSTNAME"),
        port: text("PORT") === "" ? 3306 : text("PORT"),
        username: text("USERNAME"),
        // A password may end with a blank.
        password: valueOrFile(env, "UPTIME_KUMA_DB_PASSWORD") ?? "",
        dbName: text("NAME"),
        socketPath: text("SOCKET"),
        ssl: text("SSL").toLowerCase() === "true",
        ...(text("CA") === "" ? {} : { ca: text("CA") }),
    };
}

/** As a node reads it: the environment, else db-config.json in its data folder. Throws a refusal when there is neither. */
export function readDatabaseConfig(env: Variables): DatabaseConfig {
    const config = databaseFromEnvironment(env);
    if (config !== undefined) return config;
    const file = `${env["DATA_DIR"] ?? "./data/"}/db-config.json`;
    try {
        const found = JSON.parse(readFileSync(file, "utf8")) as DatabaseConfig;
        const name = found.dbName ?? found.database;
        return { ...found, ...(name === undefined ? {} : { dbName: name }) };
    } catch (thrown) {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        throw new Refusal(`the cluster's database is not known: set UPTIME_KUMA_DB_TYPE and its like (${why})`);
    }
}

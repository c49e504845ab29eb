import { now, type Moment, ageMs } from "./clock";
import { isDatabaseLost } from "./database-errors";
import type { DatabaseConfig } from "./kuma";
import * as log from "./log";

const CONNECT_TIMEOUT_MS = 5000;
const QUERY_TIMEOUT_MS = 5000;
const LOCK_TIMEOUT_S = 10;
const POOL_SIZE = 4;

interface Connection {
    query(statement: { sql: string; values?: readonly unknown[]; timeout?: number }): Promise<[unknown, unknown]>;
    release(): void;
    destroy(): void;
    end(): Promise<void>;
}

interface Pool {
    getConnection(): Promise<Connection>;
}

/** What the agent uses of mysql2/promise, which is taken from Kuma's own node_modules. */
export interface Mysql {
    createPool(options: object): Pool;
    createConnection(options: object): Promise<Connection>;
    escapeId(name: string, forbidQualified: boolean): string;
}

/** How mysql2 names the server of db-config.json. */
export function serverOptions(config: DatabaseConfig): object {
    return {
        ...(config.socketPath === undefined || config.socketPath === "" ? {} : { socketPath: config.socketPath }),
        host: config.hostname,
        port: Number(config.port ?? 3306),
        user: config.username,
        password: config.password,
        connectTimeout: CONNECT_TIMEOUT_MS,
        ...(config.ssl === true
            ? { ssl: { rejectUnauthorized: true, ...(config.ca === undefined ? {} : { ca: [config.ca] }) } }
            : {}),
    };
}

/** The agent's own connections to Kuma's database, in UTC. Says once when the database is lost and once when it is back. */
export class Database {
    private readonly pool: Pool;
    private readonly prepared = new WeakSet<Connection>();
    private lostSince: Moment | undefined;

    private constructor(pool: Pool) {
        this.pool = pool;
    }

    /** Creates the database if there is none, as Kuma does, and a pool for it. Throws what mysql2 throws. */
    static async open(mysql: Mysql, config: DatabaseConfig, name: string): Promise<Database> {
        const connection = await mysql.createConnection(serverOptions(config));
        try {
            const sql = `CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(name, true)} CHARACTER SET utf8mb4`;
            await connection.query({ sql });
        } finally {
            await connection.end();
        }
        const pool = mysql.createPool({
            ...serverOptions(config),
            database: name,
            charset: "utf8mb4",
            dateStrings: true,
            connectionLimit: POOL_SIZE,
        });
        return new Database(pool);
    }

    /** Whether the last statement failed because the database could not be reached. */
    get isLost(): boolean {
        return this.lostSince !== undefined;
    }

    /** Runs a statement that returns rows. Throws what mysql2 throws; a TIMESTAMP comes as a string in UTC. */
    async query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
        return (await this.run(sql, values, QUERY_TIMEOUT_MS)) as Row[];
    }

    /** Runs a statement that changes rows and returns how many it matched. Throws what mysql2 throws. */
    async change(sql: string, values: readonly unknown[] = []): Promise<number> {
        return ((await this.run(sql, values, QUERY_TIMEOUT_MS)) as { affectedRows: number }).affectedRows;
    }

    /** Runs a statement that may take long, like an ALTER TABLE. Throws what mysql2 throws. */
    async define(sql: string): Promise<void> {
        await this.run(sql, [], undefined);
    }

    private async run(sql: string, values: readonly unknown[], timeout: number | undefined): Promise<unknown> {
        try {
            const result = await this.runOnce(sql, values, timeout);
            this.noteBack();
            return result;
        } catch (thrown) {
            if (isDatabaseLost(thrown)) this.noteLost(thrown);
            throw thrown;
        }
    }

    private async runOnce(sql: string, values: readonly unknown[], timeout: number | undefined): Promise<unknown> {
        const connection = await this.lend();
        try {
            await this.prepare(connection);
            const [result] = await connection.query({ sql, values, ...(timeout === undefined ? {} : { timeout }) });
            connection.release();
            return result;
        } catch (thrown) {
            // After a timeout the answer may still come: nobody else may get it.
            if (isDatabaseLost(thrown)) connection.destroy();
            else connection.release();
            throw thrown;
        }
    }

    /** A connection of the pool, which itself sets no limit to the wait for one. */
    private async lend(): Promise<Connection> {
        const lent = this.pool.getConnection();
        let timer: NodeJS.Timeout | undefined;
        const late = new Promise<never>((_resolve, reject) => {
            timer = setTimeout(() => {
                lent.then(
                    (connection) => connection.release(),
                    () => undefined,
                );
                reject(Object.assign(new Error("no connection to the database in time"), { code: "ETIMEDOUT" }));
            }, CONNECT_TIMEOUT_MS + QUERY_TIMEOUT_MS);
        });
        return Promise.race([lent, late]).finally(() => clearTimeout(timer));
    }

    private async prepare(connection: Connection): Promise<void> {
        // mysql2 wraps the same raw connection anew each time it is lent.
        const raw = (connection as { connection?: Connection }).connection ?? connection;
        if (this.prepared.has(raw)) return;
        // A change of a table that waits for a lock makes everybody else wait for that table.
        const sql = `SET time_zone = '+00:00', lock_wait_timeout = ${LOCK_TIMEOUT_S}`;
        await connection.query({ sql, timeout: QUERY_TIMEOUT_MS });
        this.prepared.add(raw);
    }

    private noteLost(thrown: unknown): void {
        if (this.lostSince !== undefined) return;
        this.lostSince = now();
        log.error("database lost: %s", log.messageOf(thrown));
    }

    private noteBack(): void {
        if (this.lostSince === undefined) return;
        log.info("database is back after %d s", Math.round(ageMs(this.lostSince) / 1000));
        this.lostSince = undefined;
    }
}

import type { Database } from "../database";
import type { RedBean } from "../kuma";
import type { ApiKeyBean, UserBean } from "../kuma-modules";

/** The API key of this id. Throws what redbean throws, as do all of these. */
export async function findApiKey(redbean: RedBean, id: number): Promise<ApiKeyBean | null> {
    return (await redbean.findOne("api_key", " id = ? ", [id])) as ApiKeyBean | null;
}

/** The user of this name who may log in. */
export async function findActiveUser(redbean: RedBean, name: string): Promise<UserBean | null> {
    return (await redbean.findOne("user", " username = ? AND active = 1 ", [name])) as UserBean | null;
}

/** The user whom Kuma logs everybody in as when it asks for no login. */
export async function findFirstUser(redbean: RedBean): Promise<UserBean | null> {
    return (await redbean.findOne("user", " 1 = 1 ORDER BY id ")) as UserBean | null;
}

/** What is false to Kuma, which reads values as JSON. */
const OFF = new Set(["", "false", "0", "null"]);

/** Kuma's settings of who has to log in, and how. */
export interface LoginSettings {
    readonly disableAuth: boolean;
    readonly apiKeysEnabled: boolean;
}

/** Reads these settings. Kuma itself keeps them for a minute, in which another node may have changed them. */
export async function loginSettings(database: Database): Promise<LoginSettings> {
    const sql = "SELECT `key` AS name, value FROM setting WHERE `key` IN ('disableAuth', 'apiKeysEnabled')";
    const rows = await database.query<{ name: string; value: string | null }>(sql);
    const isOn = (name: string): boolean => rows.some((row) => row.name === name && !OFF.has(row.value ?? ""));
    return { disableAuth: isOn("disableAuth"), apiKeysEnabled: isOn("apiKeysEnabled") };
}

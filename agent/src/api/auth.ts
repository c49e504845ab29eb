/* Who asks: Kuma's own API keys, tokens and passwords, checked by Kuma's own modules. */
import { databaseOf, type Agent } from "../agent";
import { readCredentials } from "./credentials";
import type { Api, User } from "./http";
import type { Request } from "../kuma-web";
import { kumaModule, redbeanOf, type ApiKeyBean, type RateLimiter, type UserBean } from "../kuma-modules";
import { Problem } from "./problem";
import { findActiveUser, findApiKey, findFirstUser, loginSettings, type LoginSettings } from "./user-store";
import { VerifiedSecrets } from "./verified";

/** Kuma's limiters count the attempts of one minute. */
const RETRY_AFTER_S = 60;
const CHALLENGE = 'Basic realm="Uptime Kuma", Bearer';

const verified = new VerifiedSecrets();

function refuse(code: string, message: string): Problem {
    return new Problem(401, code, message, { headers: { "WWW-Authenticate": CHALLENGE } });
}

function wrong(): Problem {
    return refuse("invalid_credentials", "the credentials are wrong");
}

/**
 * Takes one attempt from Kuma's limiter. Kuma itself asks for none and is always let pass, which would be no limit.
 * Throws a Problem when there is none left.
 */
async function countAttempt(limiter: RateLimiter): Promise<void> {
    if (await limiter.pass(null, 1)) return;
    const headers = { "Retry-After": String(RETRY_AFTER_S) };
    throw new Problem(429, "rate_limited", "too many attempts to log in", { headers });
}

/** The key that this text is. Throws a Problem when it is none. */
async function findKey(agent: Agent, text: string): Promise<ApiKeyBean> {
    const [, id, secret] = /^uk(\d{1,9})_(.+)$/.exec(text) ?? [];
    const key = id === undefined ? null : await findApiKey(redbeanOf(agent), Number(id));
    if (key !== null && verified.has(text, key.key)) return key;
    await countAttempt(kumaModule(agent, "./rate-limiter").apiRateLimiter);
    if (key === null || secret === undefined) throw wrong();
    if (!kumaModule(agent, "./password-hash").verify(secret, key.key)) throw wrong();
    verified.add(text, key.key);
    return key;
}

async function userOfKey(agent: Agent, settings: LoginSettings, text: string): Promise<User> {
    if (!settings.apiKeysEnabled) {
        throw refuse("api_keys_not_enabled", "API keys are not enabled in Uptime Kuma's settings");
    }
    const key = await findKey(agent, text);
    // Only who has the key itself may know this of it.
    const status = key.getStatus();
    if (status === "expired") throw refuse("api_key_expired", "the API key is expired");
    if (status !== "active") throw refuse("api_key_disabled", "the API key is disabled");
    return { id: key.user_id };
}

async function userOfPassword(agent: Agent, name: string, password: string): Promise<User> {
    const known = await findActiveUser(redbeanOf(agent), name);
    const secret = `${name}\n${password}`;
    let user: UserBean | null = known;
    if (known === null || !verified.has(secret, known.password)) {
        await countAttempt(kumaModule(agent, "./rate-limiter").loginRateLimiter);
        user = await kumaModule(agent, "./auth").login(name, password);
        if (user !== null) verified.add(secret, user.password);
    }
    if (user === null) throw wrong();
    if (Number(user.twofa_status) === 1) {
        throw refuse("two_factor_required", "this user needs a second factor: use an API key");
    }
    return { id: user.id };
}

/** Kuma has no function for this: it is what its handler of loginByToken does. */
async function userOfToken({ agent, server }: Api, token: string): Promise<User> {
    let content: { username?: unknown; h?: unknown };
    try {
        content = kumaModule(agent, "jsonwebtoken").verify(token, server.jwtSecret, { algorithms: ["HS256"] });
    } catch {
        throw wrong();
    }
    const user = await findActiveUser(redbeanOf(agent), String(content.username));
    if (user === null) throw wrong();
    const { shake256, SHAKE256_LENGTH } = kumaModule(agent, "./util-server");
    const isOld = shake256 !== undefined && content.h !== shake256(user.password, SHAKE256_LENGTH ?? 16);
    if (isOld) throw refuse("invalid_credentials", "the token is from before a change of the password");
    return { id: user.id };
}

/** The user as whom Kuma itself acts when nobody has to log in. Throws a Problem while there is none. */
export async function firstUser(agent: Agent): Promise<User> {
    const first = await findFirstUser(redbeanOf(agent));
    if (first === null) throw wrong();
    return { id: first.id };
}

/** The user as whom a request is answered. Throws a Problem: 401 with the reason, or 429. */
export async function authenticate(api: Api, request: Request): Promise<User> {
    const { agent } = api;
    const settings = await loginSettings(databaseOf(agent));
    if (settings.disableAuth) return firstUser(agent);
    const credentials = readCredentials(request.headers.authorization);
    switch (credentials.kind) {
        case "key":
            return userOfKey(agent, settings, credentials.key);
        case "token":
            return userOfToken(api, credentials.token);
        case "basic":
            // As for /metrics.
            if (settings.apiKeysEnabled) return userOfKey(agent, settings, credentials.password);
            return userOfPassword(agent, credentials.name, credentials.password);
        case "none":
            throw refuse("authentication_required", "this needs an API key, a token or a password of Uptime Kuma");
        default:
            throw wrong();
    }
}

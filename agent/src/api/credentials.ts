/* What an Authorization header holds. Pure. */

export type Credentials =
    | { readonly kind: "none" }
    | { readonly kind: "unknown" }
    | { readonly kind: "key"; readonly key: string }
    | { readonly kind: "token"; readonly token: string }
    | { readonly kind: "basic"; readonly name: string; readonly password: string };

const API_KEY = /^uk\d+_\S+$/;

function readBasic(encoded: string): Credentials {
    const text = Buffer.from(encoded, "base64").toString("utf8");
    const colon = text.indexOf(":");
    if (colon < 0) return { kind: "unknown" };
    return { kind: "basic", name: text.slice(0, colon), password: text.slice(colon + 1) };
}

function readBearer(value: string): Credentials {
    return API_KEY.test(value) ? { kind: "key", key: value } : { kind: "token", token: value };
}

/** Reads an Authorization header: an API key of Kuma's by itself, or Bearer with a key or a token, or Basic. */
export function readCredentials(header: string | undefined): Credentials {
    const text = header?.trim() ?? "";
    if (text === "") return { kind: "none" };
    if (API_KEY.test(text)) return { kind: "key", key: text };
    const [, scheme = "", value = ""] = /^(\S+)\s+(\S+)$/.exec(text) ?? [];
    if (scheme.toLowerCase() === "basic") return readBasic(value);
    return scheme.toLowerCase() === "bearer" ? readBearer(value) : { kind: "unknown" };
}

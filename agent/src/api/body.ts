import type { Request, Response } from "../kuma-web";
import type { Api } from "./http";
import { kumaModule } from "../kuma-modules";
import { Problem } from "./problem";

const LIMIT = "1mb";

/** What body-parser calls its errors. */
function problemOfParser(thrown: unknown): Problem {
    const { type } = Object(thrown) as { type?: unknown };
    switch (type) {
        case "entity.too.large":
            return new Problem(413, "body_too_large", `the body may have ${LIMIT} at most`);
        case "encoding.unsupported":
        case "charset.unsupported":
            return new Problem(415, "unsupported_media_type", "the body must be JSON in UTF-8");
        default:
            return new Problem(400, "bad_json", "the body is no JSON");
    }
}

function hasBody({ headers }: Request): boolean {
    return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function parse(api: Api, request: Request, response: Response): Promise<void> {
    const parser = kumaModule(api.agent, "express").json({ limit: LIMIT });
    return new Promise((resolve, reject) => {
        parser(request, response, (thrown) => {
            if (thrown === undefined) resolve();
            else reject(problemOfParser(thrown));
        });
    });
}

/**
 * The JSON object that came with a request, empty when nothing came. Throws a Problem when something else came, or when
 * one is needed and did not.
 */
export async function readBody(
    api: Api,
    request: Request,
    response: Response,
    isNeeded: boolean,
): Promise<Record<string, unknown>> {
    if (!hasBody(request)) {
        if (isNeeded) throw new Problem(400, "bad_json", "a JSON object is needed");
        return {};
    }
    if (!/^application\/([\w.+-]+\+)?json\b/i.test(request.headers["content-type"] ?? "")) {
        throw new Problem(415, "unsupported_media_type", "the body must be application/json");
    }
    await parse(api, request, response);
    const { body } = request;
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
    throw new Problem(400, "bad_json", "the body must be a JSON object");
}

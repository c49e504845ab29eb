// Probes that say what a test wants them to say, in the words of the protocol.
import assert from "node:assert/strict";
import { request } from "../../support/http.mjs";

/** @typedef {Awaited<ReturnType<typeof registerProbe>>} SomeProbe */

/**
 * @param {string} url of the load balancer @param {string} secret
 * @param {{probe_id: string, region: string, name?: string, version?: string}} who
 */
export async function registerProbe(url, secret, { version = "0.1.0", ...who }) {
  const headers = { "X-Cluster-Secret": secret, "Content-Type": "application/json" };
  /** @param {string} path @param {object} body */
  const post = async (path, body) => {
    const answer = await request(`${url}/lb/probes/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    assert.equal(answer.status, 200, answer.text);
    return answer.json;
  };
  const { probe_id } = who;
  const { session } = await post("register", { ...who, version });
  let seq = 0;
  return {
    probe_id,
    /** @param {number} check_id @param {"up" | "down" | "abstain"} status @param {{message?: string, ping_ms?: number, age_ms?: number}} [more] */
    say: async (check_id, status, { message = "answered 200", age_ms = 100, ...more } = {}) => {
      seq += 1;
      const { accepted } = await post("results", {
        ...{ probe_id, session },
        results: [{ seq, check_id, status, age_ms, message, ...more }],
      });
      assert.equal(accepted, 1);
    },
  };
}

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

/**
 * A request to the load balancer itself whose body takes its time, over a connection of its own.
 * @param {string} url of the load balancer
 * @param {{secret: string, ms: number, node?: string, ca?: string}} how `node`: an online one that the request names; `ca`:
 *   who vouches for a server of https, in PEM
 * @returns {Promise<string>} all of the answer; what went wrong comes before it
 */
export function slowRequest(url, { secret, ms, node = "node1", ca }) {
  const { protocol, hostname, port } = new URL(url);
  const body = JSON.stringify({ node });
  const head = ["POST /lb/set-fixed-node HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
  const rest = [`X-Cluster-Secret: ${secret}`, `Content-Length: ${body.length}`, "Connection: close"];
  return new Promise((resolve) => {
    let answer = "";
    const send = async () => {
      socket.write(`${[...head, ...rest].join("\r\n")}\r\n\r\n`);
      for (const byte of body) {
        await sleep(ms / body.length);
        socket.write(byte);
      }
    };
    const place = { host: hostname, port: Number(port) };
    const socket =
      protocol === "https:" ? connectTls({ ...place, ca, servername: "localhost" }, send) : connect(place, send);
    socket.on("data", (data) => (answer += data));
    socket.on("error", (error) => resolve(`${error.message} ${answer}`));
    socket.on("close", () => resolve(answer));
  });
}

// What a probe checks in the tests: web servers with and without TLS, a port, a name server. All of it real.
import { createServer as createSecureServer } from "node:https";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { freePorts } from "../../local/ports.mjs";
import { startFakeDns } from "../lua/support/fake-dns.mjs";
import { makeAuthority } from "./certificates.mjs";

const KEYWORD_AT = 1 << 20;

/**
 * @param {string} dir for certificates
 */
export async function startTargets(dir) {
  const authority = makeAuthority(dir);
  const [http = 0, https = 0, ending = 0, expired = 0, wrongName = 0, raw = 0, dns = 0, closed = 0] =
    await freePorts(8);
  /** @type {{at: number, url: string, method: string, headers: import("node:http").IncomingHttpHeaders, body: string}[]} */
  const seen = [];
  const load = { now: 0, most: 0 };
  const answer = (/** @type {import("node:http").IncomingMessage} */ request, /** @type {any} */ response) =>
    void respond(request, response, { seen, load, https });
  const names = "DNS:localhost,IP:127.0.0.1";
  const servers = [
    { server: createServer(answer), port: http },
    ...[
      { port: https, pair: authority.issue("good", { names, days: 50 }) },
      { port: ending, pair: authority.issue("ending", { names, days: 3 }) },
      { port: expired, pair: authority.issue("expired", { names, days: -1 }) },
      { port: wrongName, pair: authority.issue("other", { names: "DNS:other.test", days: 50 }) },
    ].map(({ port, pair }) => ({ port, server: createSecureServer(pair, answer) })),
    { server: createTcpServer(rawAnswer), port: raw },
  ];
  await Promise.all(
    servers.map(({ server, port }) => new Promise((done) => server.listen(port, "127.0.0.1", () => done(undefined)))),
  );
  const nameServer = await startFakeDns(dns);
  return {
    ...{ seen, load, trusted: authority.trusted },
    ports: { http, https, ending, expired, wrongName, raw, dns, closed },
    dns: nameServer.commands,
    close() {
      nameServer.close();
      for (const { server } of servers) {
        server.close();
        if ("closeAllConnections" in server) server.closeAllConnections();
      }
    },
  };
}

/**
 * @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response
 * @param {{seen: object[], load: {now: number, most: number}, https: number}} context
 */
async function respond(request, response, { seen, load, https }) {
  const { url = "/", method, headers } = request;
  load.now += 1;
  load.most = Math.max(load.most, load.now);
  response.on("close", () => (load.now -= 1));
  let body = "";
  for await (const part of request) body += part;
  seen.push({ at: Date.now(), url, method, headers, body });
  const [, verb, value = ""] = /^\/(\w+)\/?([^?]*)/.exec(url) ?? [];
  const redirect = (/** @type {string} */ to, status = 302) => response.writeHead(status, { Location: to }).end();
  if (verb === "status") return response.writeHead(Number(value)).end(value);
  if (verb === "slow") return setTimeout(() => response.end("slow"), Number(value));
  if (verb === "hang") return undefined;
  if (verb === "hops") return redirect(value === "0" ? "/text/end" : `/hops/${Number(value) - 1}`);
  if (verb === "relative") return redirect("../text/relative");
  if (verb === "circle") return redirect("/circle");
  if (verb === "secure") return redirect(`https://localhost:${https}/text/secure`, 301);
  if (verb === "elsewhere") return redirect("ftp://localhost/");
  if (verb === "see") return redirect("/echo", 303);
  if (verb === "length") return response.writeHead(200, { "Content-Length": 5 }).end("hello");
  if (verb === "big") return response.end(`${"x".repeat(KEYWORD_AT)} keyword`);
  if (verb === "gzip") return response.writeHead(200, { "Content-Encoding": "gzip" }).end("hello");
  if (verb === "chunks") {
    for (const part of ["he", "l", "lo ", "wo", "rld"]) response.write(part);
    return response.end();
  }
  return response.end(verb === "echo" ? `${method} ${body}` : value);
}

/** What a server says that is none of HTTP, or none that is right: by the path of the request. */
const RAW = {
  garbage: "SSH-2.0-OpenSSH_9.2\r\n",
  close: "HTTP/1.0 200 OK\r\n\r\nhello until the end",
  early: "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhello",
  badchunk: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  hints: "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
};

/** @param {import("node:net").Socket} socket */
function rawAnswer(socket) {
  socket.on("error", () => socket.destroy());
  socket.once("data", (data) => {
    const [, name = ""] = /^GET \/(\w+) /.exec(data.toString()) ?? [];
    const text = /** @type {Record<string, string>} */ (RAW)[name];
    if (text === undefined) socket.destroy();
    else socket.end(text);
  });
}

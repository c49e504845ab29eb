// Nodes that accept every WebSocket and are silent afterwards, as Uptime Kuma is to a page that shows nothing new. A process
// of its own: the connections of both sides are more than one process may have. Argument: `address:port` of each, by comma.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

const KEY_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455, 1.3

const places = (process.argv[2] ?? "").split(",").map((text) => text.split(":"));
for (const [index, [address, port]] of places.entries()) {
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.statusCode = request.url === "/api/v1/watch" ? 404 : 200;
    response.end(JSON.stringify({ status: "ok", node_id: `node${index + 1}` }));
  });
  server.on("upgrade", (request, socket) => {
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${KEY_SUFFIX}`).digest("base64");
    const lines = ["Upgrade: websocket", "Connection: Upgrade", `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join("\r\n")}\r\n\r\n`);
    socket.on("error", () => undefined);
    socket.on("end", () => socket.end());
    socket.resume();
  });
  server.listen(Number(port), address);
}

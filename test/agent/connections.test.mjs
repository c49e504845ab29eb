// A connection to the database that is reset after its user has given it up.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { test } from "node:test";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ensureKuma } from "../../local/kuma.mjs";
import { load } from "./support/load.mjs";

const { connectionsHook } = await load("hooks/connections");
const mysql2 = createRequire(join(await ensureKuma(), "package.json"))("mysql2");

test("a reset after all listeners were taken away does not end the process", async (t) => {
  const server = createServer();
  t.after(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const { createConnection } = mysql2;
  assert.equal(connectionsHook.patch(mysql2), undefined);
  const connection = mysql2.createConnection({ host: "127.0.0.1", port, user: "a", password: "b" });
  const [socket] = await once(server, "connection");
  let told = 0;
  connection.on("error", () => (told += 1));
  connection.removeAllListeners();
  // An error that nobody listens to would end this process.
  socket.resetAndDestroy();
  await new Promise((resolve) => connection.stream.once("close", resolve));
  await sleep(50);
  assert.equal(told, 0, "whoever has gone hears nothing");
  connectionsHook.unpatch(mysql2);
  assert.equal(mysql2.createConnection, createConnection);
});

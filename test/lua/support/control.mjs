import { createServer } from "node:net";
import { createInterface } from "node:readline";

/**
 * @typedef {Record<string, (argument: any) => unknown>} Commands
 */

/**
 * Lets the specs act on what runs outside of nginx: one JSON object a line, `{"command", "argument"}` in, `{"value"}` or
 * `{"err"}` out. The Lua side is control.lua.
 * @param {number} port on 127.0.0.1
 * @param {Commands} commands
 */
export async function startControl(port, commands) {
  /** @type {Set<import("node:net").Socket>} */
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on("error", () => socket.destroy());
    lines.on("line", async (line) => {
      const answer = await obey(commands, line);
      if (socket.writable) socket.write(`${JSON.stringify(answer)}\n`);
    });
  });
  await new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(undefined)));
  return {
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** @param {Commands} commands @param {string} line */
async function obey(commands, line) {
  try {
    const { command, argument } = JSON.parse(line);
    const run = commands[command];
    if (run === undefined) throw new Error(`no such command: ${command}`);
    return { value: (await run(argument)) ?? null };
  } catch (error) {
    return { err: error instanceof Error ? error.message : String(error) };
  }
}

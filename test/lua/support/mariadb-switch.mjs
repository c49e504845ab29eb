import { startMariadb } from "../../../local/mariadb.mjs";

// Statements and rows of more than 16 MiB take several packets of the protocol: the specs send and read some.
const OPTIONS = ["--max-allowed-packet=128M"];
const ACCESS = { user: "kuma", password: "correct horse", name: "kuma" };

/**
 * A MariaDB that the specs can stop and start again, on the same port with the same data.
 * @param {{dir: string, port: number}} settings
 */
export async function startMariadbSwitch(settings) {
  const start = () => startMariadb({ ...settings, ...ACCESS, options: OPTIONS });
  let server = await start();
  const stop = async () => void (await server.stop());
  const restart = async () => {
    await stop();
    server = await start();
  };
  return {
    close: stop,
    env: {
      DB_HOST: "127.0.0.1",
      DB_PORT: String(settings.port),
      DB_USER: ACCESS.user,
      DB_PASSWORD: ACCESS.password,
      DB_NAME: ACCESS.name,
    },
    commands: {
      mariadb_stop: stop,
      mariadb_restart: restart,
      /** @param {{sql: string}} argument run as root */
      mariadb_sql: ({ sql }) => server.sql(sql),
      mariadb_socket: () => server.socket,
    },
  };
}

// A SQLite file, by the driver that Uptime Kuma has.
import { createRequire } from "node:module";

/**
 * @param {string} driver the folder of the module
 * @param {string} file
 * @returns {Promise<{all: (sql: string) => Promise<any[]>, close: () => Promise<void>}>}
 */
export async function openSqlite(driver, file) {
  const sqlite = createRequire(import.meta.url)(driver);
  const database = await new Promise((resolve, reject) => {
    const opened = new sqlite.Database(file, (/** @type {Error | null} */ problem) =>
      problem === null ? resolve(opened) : reject(problem),
    );
  });
  return {
    all: (sql) =>
      new Promise((resolve, reject) => {
        database.all(sql, (/** @type {Error | null} */ problem, /** @type {any[]} */ rows) =>
          problem === null ? resolve(rows) : reject(problem),
        );
      }),
    close: () => new Promise((resolve) => database.close(() => resolve())),
  };
}

// Preloaded into processes of an Uptime Kuma whose SQLite driver was never compiled: SQLITE_DRIVER has one that was.
"use strict";
/** @type {any} */
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = (/** @type {string} */ request, /** @type {unknown[]} */ ...more) =>
  resolve(request === "@louislam/sqlite3" ? process.env.SQLITE_DRIVER : request, ...more);

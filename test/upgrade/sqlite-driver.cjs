// Preloaded into processes of an Uptime Kuma whose SQLite driver was never compiled: SQLITE_DRIVER has one that was.
"use strict";
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...more) =>
  resolve(request === "@louislam/sqlite3" ? process.env.SQLITE_DRIVER : request, ...more);

// Preloaded into an Uptime Kuma without the agent by bench/cluster.mjs. At its start it waits 0.3 to 1 second between two
// monitors, half an hour for three thousand: here a hundredth of that. Nothing else is changed.
"use strict";
const Module = require("node:module");

const { require: load } = Module.prototype;
Module.prototype.require = function (/** @type {string} */ id) {
  const exported = load.call(this, id);
  if (!/[\\/]src[\\/]util$/.test(id) || typeof exported.getRandomInt !== "function") return exported;
  const { getRandomInt } = exported;
  const shorter = (/** @type {number} */ min, /** @type {number} */ max) =>
    min === 300 && max === 1000 ? getRandomInt(3, 10) : getRandomInt(min, max);
  Module.prototype.require = load;
  return { ...exported, getRandomInt: shorter };
};

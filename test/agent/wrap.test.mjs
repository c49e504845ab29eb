import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { wrap, unwrap, isWrapped, firstProblem } = await load("wrap");

const add = (/** @type {(n: number) => number} */ original) => (/** @type {number} */ n) => original(n) + 1;

test("a method is wrapped once, however often it is asked for, and comes back", () => {
  const target = { double: (/** @type {number} */ n) => 2 * n };
  const { double } = target;
  assert.equal(wrap(target, "double", add), undefined);
  assert.equal(wrap(target, "double", add), undefined);
  assert.equal(target.double(3), 7);
  assert.equal(isWrapped(target, "double"), true);
  unwrap(target, "double");
  assert.equal(target.double, double);
  unwrap(target, "double");
  assert.equal(target.double, double);
});

test("a method that is not there is told and nothing is made of it", () => {
  const target = {};
  assert.equal(wrap(target, "double", add), "double is not a function");
  assert.deepEqual(target, {});
});

test("the first problem is the one that is told", () => {
  assert.equal(firstProblem(undefined, "one", "two"), "one");
  assert.equal(firstProblem(undefined, undefined), undefined);
});

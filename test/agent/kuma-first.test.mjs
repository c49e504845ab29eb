import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { EditsUnderWay } = await load("sync/edits-under-way");
const { KumaFirst } = await load("kuma-first");

const POLL_MS = 500;

/** Looks at the due monitors, `everyMs` after the one before. @param {import("node:test").TestContext} t */
function looks(t) {
  t.mock.timers.enable({ apis: ["Date"], now: 1e12 });
  const edits = new EditsUnderWay();
  const kumaFirst = new KumaFirst(edits, { pollMs: POLL_MS });
  return {
    /** Begins an edit; the returned function ends it. */
    edit() {
      /** @type {(value?: unknown) => void} */
      let end = () => undefined;
      t.mock.timers.tick(1);
      const edit = edits.note(new Promise((resolve) => (end = resolve)));
      t.mock.timers.tick(1);
      return async () => {
        end();
        await edit;
      };
    },
    /** @param {number[]} due @param {number[]} [changed] @param {number} [everyMs] */
    look(due, changed = [], everyMs = POLL_MS) {
      t.mock.timers.tick(everyMs);
      return [...kumaFirst.among(due, new Set(changed))];
    },
  };
}

test("an edit that does not end is waited for five seconds", (t) => {
  const { edit, look } = looks(t);
  edit();
  assert.deepEqual(look([1, 2], [1, 2]), [1, 2]);
  for (let waited = POLL_MS; waited < 5000; waited += POLL_MS) assert.deepEqual(look([1]), [1]);
  assert.deepEqual(look([1]), []);
  // A start that fails then is tried at each look, and what changes now has five seconds of its own.
  assert.deepEqual(look([1, 3], [3]), [3]);
  assert.deepEqual(look([1, 3]), [3]);
});

test("a time without a database is not counted: the edit had none either", async (t) => {
  const { edit, look } = looks(t);
  const end = edit();
  assert.deepEqual(look([1], [1]), [1]);
  assert.deepEqual(look([1], [], 60_000), [1]);
  await end();
  assert.deepEqual(look([1]), []);
});

test("a monitor that is edited again before it was looked at is left to both edits", async (t) => {
  const { edit, look } = looks(t);
  const endFirst = edit();
  assert.deepEqual(look([1, 2], [1, 2]), [1, 2]);
  const endSecond = edit();
  assert.deepEqual(look([1, 2], [1]), [1, 2]);
  await endFirst();
  // The second edit had not begun when the other one changed.
  assert.deepEqual(look([1, 2]), [1]);
  await endSecond();
  assert.deepEqual(look([1]), []);
});

test("who edits the same monitor again and again has it done every five seconds", (t) => {
  const { edit, look } = looks(t);
  let done = 0;
  for (let round = 0; round < 30; round++) {
    edit();
    if (look([1], [1]).length === 0) done++;
  }
  assert.ok(done > 0);
});

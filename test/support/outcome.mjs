// Whether a test of this process has failed, for whoever then keeps the files that tell why.
import { afterEach } from "node:test";

let failed = false;
afterEach((context) => {
  failed ||= /** @type {{passed?: boolean}} */ (context).passed === false;
});

/** Has any test failed so far? */
export function anyFailed() {
  return failed;
}

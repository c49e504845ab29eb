const TEST_LIMIT_MS = 60000;

/**
 * Follows the run from outside: a spec that hangs, even in a loop that blocks the worker, is cut.
 * @returns the commands for the worker, and `problem`: empty once all specs have passed, else what is wrong
 */
export function watchRun() {
  let current = "before the first test";
  /** @type {(problem: string) => void} */
  let settle = () => {};
  /** @type {Promise<string>} */
  const problem = new Promise((resolve) => {
    settle = resolve;
  });
  const cut = () => settle(`no progress for ${TEST_LIMIT_MS / 1000} s: ${current}`);
  const timer = setTimeout(cut, TEST_LIMIT_MS);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => settle(`ended by ${signal}`));
  return {
    problem,
    close: () => clearTimeout(timer),
    commands: {
      /** @param {{test: string}} argument the test that starts */
      progress: ({ test }) => {
        current = test;
        timer.refresh();
      },
      /** @param {{problem: string}} argument */
      finished: ({ problem: text }) => settle(text),
    },
  };
}

// The commands of the documents, for tests that run them as somebody would who reads from top to bottom.
//
// A fenced block of language sh is run by the test that WALKS names for its section, or says in its fence why none runs it:
// ```sh no-test: asks a registry
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

const GUIDE = "CLUSTER_DEPLOYMENT_GUIDE.md";

/**
 * Which test runs the commands of which sections: all of them in order (openWalk), or `parts`, which it takes out by
 * their heading (commandBlocks, commandWith).
 * @type {{document: string, test: string, sections: string[], parts?: boolean}[]}
 */
export const WALKS = [
  {
    document: GUIDE,
    test: "test/compose/guide.test.mjs",
    sections: ["Docker Compose", "Settings", "One more node", "Two load balancers", "Logs", "Stop, and remove"],
  },
  {
    document: GUIDE,
    test: "test/compose/guide-upgrade.test.mjs",
    sections: ["Upgrade Uptime Kuma", "Upgrade the cluster"],
  },
  {
    document: GUIDE,
    test: "test/compose/guide-backup.test.mjs",
    sections: ["A probe in another region", "Backup and restore"],
  },
  {
    ...{ document: GUIDE, test: "test/compose/host.test.mjs", parts: true },
    sections: ["The database", "A node", "The load balancer on Debian's nginx"],
  },
  { document: GUIDE, test: "test/compose/host-nginx.test.mjs", parts: true, sections: ["OpenResty", "HTTPS"] },
  { document: GUIDE, test: "test/compose/import.test.mjs", parts: true, sections: ["From a single Uptime Kuma"] },
  { document: "README.md", test: "test/system/readme.test.mjs", sections: ["Try it"] },
  { document: "docs/regions.md", test: "test/compose/guide-backup.test.mjs", sections: ["Checks from several places"] },
  { document: "API_DOCUMENTATION.md", test: "test/compose/guide-backup.test.mjs", sections: ["Monitors"] },
];

/**
 * @typedef {object} Block
 * @property {number} line of its fence, from 1
 * @property {string} section the heading above it
 * @property {string} language
 * @property {string | undefined} untested why no test runs it
 * @property {string} text
 */

/** The fenced blocks of a document, in order. @param {string} document its path in the repository @returns {Block[]} */
export function blocksOf(document) {
  /** @type {Block[]} */
  const blocks = [];
  /** @type {{indent: string, lines: string[]} | undefined} */
  let open;
  let section = "";
  for (const [index, line] of readFileSync(join(root, document), "utf8").split("\n").entries()) {
    const fence = /^( *)```(\w*) *(?:no-test: (.*))?/.exec(line);
    if (fence && open === undefined) {
      const [, indent = "", language = "", untested] = fence;
      open = { indent, lines: [] };
      blocks.push({ line: index + 1, section, language, untested, text: "" });
    } else if (fence && open !== undefined) {
      Object.assign(/** @type {Block} */ (blocks.at(-1)), { text: `${open.lines.join("\n")}\n` });
      open = undefined;
    } else if (open !== undefined) {
      open.lines.push(line.replace(open.indent, ""));
    } else {
      section = /^#+ (.*)/.exec(line)?.[1] ?? section;
    }
  }
  return blocks;
}

/**
 * The blocks of commands of a section of the deployment guide.
 * @param {string} section @returns {string[]}
 * @throws when there is no such section, or nothing to run in it
 */
export function commandBlocks(section) {
  const blocks = blocksOf(GUIDE).filter((block) => block.section === section && isCommand(block));
  assert.ok(blocks.length > 0, `${GUIDE} has no commands under ${section}`);
  return blocks.map(({ text }) => text);
}

/**
 * The first command of a section of the deployment guide that has `part` in it, on one line.
 * @param {string} section @param {string} part @returns {string}
 */
export function commandWith(section, part) {
  const lines = commandBlocks(section).flatMap((text) => text.replace(/\\\n\s*/g, "").split("\n"));
  const found = lines.find((command) => command.includes(part));
  assert.ok(found, `${GUIDE} has no command with ${part} under ${section}`);
  return found;
}

/** @param {Block} block */
const isCommand = ({ language, untested }) => language === "sh" && untested === undefined;

/** The blocks of commands that have neither a test nor a reason. @param {string} document */
export function unrunBlocks(document) {
  const sections = WALKS.filter((walk) => walk.document === document).flatMap((walk) => walk.sections);
  return blocksOf(document).filter((block) => isCommand(block) && !sections.includes(block.section));
}

/**
 * A shell in which blocks are run one after the other: what one sets the next one finds.
 * @param {string} document
 * @param {string} test the file of the test, as WALKS has it
 * @param {object} options
 * @param {string} options.cwd
 * @param {Record<string, string>} options.env
 * @param {[from: string, to: string][]} [options.replacements] what is elsewhere on this machine, a port for example
 */
export function openWalk(document, test, { cwd, env, replacements = [] }) {
  const blocks = blocksOf(document);
  const sections = WALKS.find((walk) => walk.document === document && walk.test === test)?.sections ?? [];
  const done = new Set();
  const used = new Set();
  const variables = { ...env };
  const adapt = (/** @type {string} */ text) =>
    replacements.reduce((changed, [from, to]) => {
      if (changed.includes(from)) used.add(from);
      return changed.replaceAll(from, to);
    }, text);
  const chosen = (/** @type {string} */ section, /** @type {number | undefined} */ index) => {
    const found = blocks.filter((block) => isCommand(block) && block.section === section);
    const some = index === undefined ? found : found.slice(index, index + 1);
    assert.ok(some.length > 0, `${document} has no commands under ${section}`);
    return some;
  };
  /** @param {Block} block @param {string} [folder] @returns {Promise<string>} */
  const runBlock = async (block, folder = cwd) => {
    const place = `${document}:${block.line}`;
    try {
      const { stdout, state } = await runScript(adapt(block.text), folder, variables);
      Object.assign(variables, state);
      done.add(block);
      return stdout;
    } catch (error) {
      const { stdout = "", stderr = "", message } = /** @type {Error & {stdout?: string, stderr?: string}} */ (error);
      throw new Error(`${place} failed:\n${block.text}${stdout}${stderr.slice(-3000)}` || message, { cause: error });
    }
  };
  return {
    /** Sets a variable, as whoever reads would. @param {string} name @param {string} value */
    set: (name, value) => void (variables[name] = value),
    /** Runs a text that is not a block. @param {string} text @returns {Promise<string>} what it prints */
    script: async (text) => (await runScript(text, cwd, variables)).stdout,
    /**
     * Runs the commands of a section, or one block of them.
     * @param {string} section @param {number} [index] @param {string} [folder] another one than usual
     * @returns {Promise<string>} what they print to standard output
     */
    run: async (section, index, folder) => {
      let output = "";
      for (const block of chosen(section, index)) output += await runBlock(block, folder);
      return output;
    },
    /** The text of a block of commands. @param {string} section @param {number} index */
    commands: (section, index) => adapt(chosen(section, index)[0]?.text ?? ""),
    /** The text of a section's block of another language. @param {string} section @param {string} language */
    text: (section, language) => {
      const block = blocks.find((candidate) => candidate.section === section && candidate.language === language);
      assert.ok(block, `${document} has no ${language} under ${section}`);
      return adapt(block.text);
    },
    /** Fails unless all has been run that WALKS says, and each replacement was needed. */
    finish: () => {
      const left = blocks.filter((block) => isCommand(block) && sections.includes(block.section) && !done.has(block));
      assert.deepEqual(
        left.map(({ line, text }) => `${document}:${line} ${text}`),
        [],
      );
      assert.deepEqual(
        replacements.map(([from]) => from).filter((from) => !used.has(from)),
        [],
      );
    },
  };
}

/** What bash keeps for itself. */
const PRIVATE = new Set(["_", "SHLVL", "PWD", "OLDPWD"]);
const MARK = "--- variables\n";

/**
 * Runs a text as a shell script that ends with the first command that fails.
 * @param {string} text @param {string} cwd @param {Record<string, string>} variables
 * @returns {Promise<{stdout: string, state: Record<string, string>}>} what it printed, and the variables at its end
 */
async function runScript(text, cwd, variables) {
  const script = `set -aeuo pipefail\n${text}\nprintf '%s\n' '${MARK.trim()}'; env -0`;
  const options = { cwd, env: { ...process.env, ...variables }, maxBuffer: 64 << 20 };
  const { stdout } = await run("bash", ["-c", script], options);
  const cut = stdout.lastIndexOf(MARK);
  const pairs = stdout.slice(cut + MARK.length).split("\0");
  const state = pairs.map((pair) => [pair.split("=", 1)[0] ?? "", pair.slice(pair.indexOf("=") + 1)]);
  return {
    stdout: stdout.slice(0, cut),
    state: Object.fromEntries(state.filter(([name]) => name !== "" && !PRIVATE.has(String(name)))),
  };
}

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { WALKS, blocksOf, unrunBlocks } from "../support/markdown-commands.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** A translation, of whose commands the comments alone differ. */
const TRANSLATION = "README.zh-TW.md";

const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: root, encoding: "utf8" }).trim().split("\n");

test("every command of a document is run by a test, or says why it is not", () => {
  assert.ok(documents.includes("CLUSTER_DEPLOYMENT_GUIDE.md"));
  const left = documents
    .filter((document) => document !== TRANSLATION)
    .flatMap((document) =>
      unrunBlocks(document).map(({ line, text }) => `${document}:${line}: ${text.split("\n")[0]}`),
    );
  assert.deepEqual(left, []);
});

test("commands are in blocks of language sh, and reasons are reasons", () => {
  for (const document of documents) {
    for (const { line, language, untested } of blocksOf(document)) {
      assert.ok(!["bash", "shell", "console"].includes(language), `${document}:${line} is ${language}: write sh`);
      assert.ok(untested === undefined || untested.length > 10, `${document}:${line} says no reason`);
    }
  }
});

test("the tests that run commands are there, and so are the sections that they run", () => {
  for (const { document, test: file, sections, parts = false } of WALKS) {
    assert.ok(existsSync(`${root}${file}`), file);
    const source = readFileSync(`${root}${file}`, "utf8");
    const isWalk = source.includes(document) && source.includes(".finish()");
    assert.ok(
      parts ? sections.every((section) => source.includes(`"${section}"`)) : isWalk,
      `${file} runs ${document}`,
    );
    const headings = new Set(blocksOf(document).map(({ section }) => section));
    assert.deepEqual(
      sections.filter((section) => !headings.has(section)),
      [],
      document,
    );
  }
});

test("a translation has the commands of the original", () => {
  const commands = (/** @type {string} */ document) =>
    blocksOf(document).map(({ language, text }) => (language === "sh" ? text.replace(/ *#.*$/gm, "") : language));
  assert.deepEqual(commands(TRANSLATION), commands("README.md"));
});

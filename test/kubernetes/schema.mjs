/*
 * Checks objects against the API of Kubernetes, as strictly as an API server does with --validate=strict. The validators of
 * kubernetes-models are made of its JSON schemas, which take unknown fields; its types do not, so the TypeScript compiler
 * looks for those. 4.4.2 has the API of 1.31: what is valid there is valid in 1.32 and later, where v1 only gains fields.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import ts from "typescript";
import { keyOf } from "./objects.mjs";
import { repository } from "./tools.mjs";

/** @typedef {import("./objects.mjs").Item} Item */

const require = createRequire(import.meta.url);

/** The types that the compiler has read, by file. @type {Map<string, ts.SourceFile>} */
const models = new Map();

/** Where the models of APIs are that are not Kubernetes' own, by group. @type {Record<string, string>} */
const PACKAGES = {
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "keda.sh": "@kubernetes-models/keda",
};

/** @param {Item} item */
function modelOf({ apiVersion, kind }) {
  const [group = ""] = apiVersion.split("/");
  return `${PACKAGES[group] ?? "kubernetes-models"}/${apiVersion}/${kind}`;
}

/**
 * What is wrong with objects, a sentence for each, with the object's name before it. Empty when all is well.
 * @param {Item[]} items
 * @returns {string[]}
 */
export function problemsOf(items) {
  const known = items.filter(isKnown);
  const unknown = items.filter((item) => !isKnown(item));
  return [
    ...unknown.map((item) => `${keyOf(item)}: there is no ${item.kind} in ${item.apiVersion}`),
    ...known.flatMap(invalid),
    ...unexpected(known),
  ];
}

/** @param {Item} item */
function isKnown(item) {
  try {
    require.resolve(modelOf(item));
    return true;
  } catch {
    return false;
  }
}

/** Missing fields, wrong types and values. @param {Item} item */
function invalid(item) {
  const { [item.kind]: Model } = require(modelOf(item));
  try {
    new Model(item).validate();
    return [];
  } catch (error) {
    return [`${keyOf(item)}: ${error instanceof Error ? error.message : error}`];
  }
}

/** Unknown fields: each object is a literal of its type in a file that exists for the compiler alone. @param {Item[]} items */
function unexpected(items) {
  const file = join(repository, "test", "kubernetes", "objects.ts");
  const lines = items.map((item, index) => {
    const type = `import(${JSON.stringify(modelOf(item))}).I${item.kind}`;
    return `export const object${index}: ${type} = ${JSON.stringify(item)};`;
  });
  const options = { noEmit: true, strict: true, skipLibCheck: true, types: [] };
  const resolution = { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext };
  const host = ts.createCompilerHost({ ...options, ...resolution });
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => name === file || fileExists(name);
  host.getSourceFile = (name, target) => {
    if (name === file) return ts.createSourceFile(name, lines.join("\n"), target);
    const model = models.get(name) ?? getSourceFile(name, target);
    if (model !== undefined) models.set(name, model);
    return model;
  };
  const program = ts.createProgram([file], { ...options, ...resolution }, host);
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    if (diagnostic.file === undefined || diagnostic.start === undefined) return text;
    const item = items[diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line];
    return `${item === undefined ? diagnostic.file.fileName : keyOf(item)}: ${text}`;
  });
}

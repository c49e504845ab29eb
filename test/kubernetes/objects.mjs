// What kubectl and helm print, as objects.
import { parseAllDocuments } from "yaml";
import { helm, kubectl, read } from "./tools.mjs";

/**
 * As much of Kubernetes' objects as the tests look at; the rest is checked by schema.mjs.
 * @typedef {{apiVersion: string, kind: string, metadata: {name: string, namespace?: string, labels?: Record<string, string>,
 *   annotations?: Record<string, string>}, spec?: any, data?: Record<string, string>, stringData?: Record<string, string>}} Item
 */

export const CHART = "k8s-deployment-files/uptime-kuma";
export const RELEASE = "uptime-kuma";

/**
 * @param {string} text YAML documents
 * @returns {Item[]}
 * @throws with all that is wrong with the YAML, a key that is there twice among it
 */
export function parse(text) {
  const documents = parseAllDocuments(text, { merge: true });
  const errors = [...documents].flatMap((document) => document.errors.map(String));
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return [...documents].map((document) => document.toJS()).filter((object) => object !== null);
}

/** @param {string} folder of a kustomization */
export const kustomized = async (folder) => parse(await kubectl("kustomize", folder));

/**
 * The chart with the values of files in test/kubernetes/values and of --set.
 * @param {{files?: string[], set?: string[], namespace?: string}} [values]
 */
export async function templated({ files = [], set = [], namespace = "uptime-kuma" } = {}) {
  const options = [
    ...files.flatMap((file) => ["--values", `test/kubernetes/values/${file}.yaml`]),
    ...set.flatMap((value) => ["--set", value]),
  ];
  return parse(await helm("template", RELEASE, CHART, "--namespace", namespace, ...options));
}

/** @param {string} file of the repository */
export const fromFile = (file) => parse(read(file));

/** @param {Item} item */
export const keyOf = ({ kind, metadata }) => `${kind}/${metadata.name}`;

/** @param {Item[]} items @param {string} key `Kind/name` @returns {Item} */
export function find(items, key) {
  const item = items.find((candidate) => keyOf(candidate) === key);
  if (item === undefined) throw new Error(`no ${key} among ${items.map(keyOf).join(", ")}`);
  return item;
}

/**
 * What is started of an object, if anything.
 * @param {Item} item
 * @returns {{key: string, labels: Record<string, string>, spec: any, claims: string[]} | undefined}
 */
function podOf(item) {
  const key = keyOf(item);
  if (item.kind === "Pod") return { key, labels: item.metadata.labels ?? {}, spec: item.spec, claims: [] };
  if (!["Deployment", "StatefulSet"].includes(item.kind)) return undefined;
  const { template, volumeClaimTemplates = [] } = item.spec;
  const claims = volumeClaimTemplates.map((/** @type {Item} */ claim) => claim.metadata.name);
  return { key, labels: template.metadata.labels, spec: template.spec, claims };
}

/** @param {Item[]} items */
export const podsOf = (items) => items.map(podOf).filter((pod) => pod !== undefined);

/** All containers of a pod, those that run before the others among them. @param {any} spec @returns {any[]} */
export const containersOf = ({ initContainers = [], containers }) => [...initContainers, ...containers];

// What objects say of each other: each name that one uses is there in another.
import { containersOf, keyOf, podsOf } from "./objects.mjs";

/** @typedef {import("./objects.mjs").Item} Item */

/** @param {Record<string, string> | undefined} selector @param {Record<string, string>} labels */
const selects = (selector, labels) => Object.entries(selector ?? {}).every(([name, value]) => labels[name] === value);

/**
 * The names that lead nowhere, a sentence for each.
 * @param {Item[]} items
 * @param {{elsewhere?: string[]}} [options] `elsewhere`: `Kind/name` of what others make
 * @returns {string[]}
 */
export function loose(items, { elsewhere = [] } = {}) {
  const exists = (/** @type {string} */ key) => elsewhere.includes(key) || items.some((item) => keyOf(item) === key);
  const pods = podsOf(items);
  return [
    ...items.flatMap((item) => ofSelectors(item, pods)),
    ...items.flatMap((item) =>
      targetsOf(item)
        .filter((key) => !exists(key))
        .map((key) => `${keyOf(item)}: no ${key}`),
    ),
    ...pods.flatMap((pod) => ofPod(pod, items, exists)),
  ];
}

/** @param {Item} item @param {ReturnType<typeof podsOf>} pods */
function ofSelectors({ kind, metadata, spec }, pods) {
  if (kind === "StatefulSet" || kind === "Deployment") {
    return selects(spec.selector.matchLabels, spec.template.metadata.labels)
      ? []
      : [`${metadata.name}: not its own pods`];
  }
  const selector = {
    Service: spec?.selector,
    PodDisruptionBudget: spec?.selector?.matchLabels,
    NetworkPolicy: spec?.podSelector?.matchLabels,
  }[kind];
  if (selector === undefined) return [];
  const chosen = pods.filter(({ labels }) => selects(selector, labels));
  if (chosen.length === 0) return [`${kind}/${metadata.name}: it selects no pod`];
  const ports = kind === "Service" ? spec.ports : [];
  return ports
    .filter((/** @type {any} */ port) => !chosen.every((pod) => hasPort(pod.spec, port.targetPort)))
    .map((/** @type {any} */ port) => `Service/${metadata.name}: its pods have no port ${port.targetPort}`);
}

/** @param {any} spec @param {string | number} wanted */
const hasPort = (spec, wanted) =>
  containersOf(spec).some(({ ports = [] }) =>
    ports.some((/** @type {any} */ { name, containerPort }) => name === wanted || containerPort === wanted),
  );

/** @param {Item} item @returns {string[]} */
function targetsOf({ kind, spec }) {
  if (kind === "HorizontalPodAutoscaler" || kind === "ScaledObject") {
    return [`${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`];
  }
  if (kind === "StatefulSet") return [`Service/${spec.serviceName}`];
  if (kind !== "Ingress") return [];
  return spec.rules.flatMap((/** @type {any} */ { http }) =>
    http.paths.map((/** @type {any} */ { backend }) => `Service/${backend.service.name}`),
  );
}

/** @param {ReturnType<typeof podsOf>[number]} pod @param {Item[]} items @param {(key: string) => boolean} exists */
function ofPod({ key, spec, claims }, items, exists) {
  const volumes = [...claims, ...(spec.volumes ?? []).map((/** @type {any} */ { name }) => name)];
  const references = containersOf(spec).flatMap((container) => referencesOf(container));
  return [
    ...containersOf(spec).flatMap(({ name, volumeMounts = [] }) =>
      volumeMounts
        .filter((/** @type {any} */ mount) => !volumes.includes(mount.name))
        .map((/** @type {any} */ mount) => `${key}: ${name} mounts ${mount.name}, which is no volume`),
    ),
    ...references
      .filter(({ kind, name, entry }) => !exists(`${kind}/${name}`) || !hasEntry(items, kind, name, entry))
      .map(({ kind, name, entry }) => `${key}: no ${kind}/${name}${entry === undefined ? "" : ` with ${entry}`}`),
  ];
}

/** @param {Item[]} items @param {string} kind @param {string} name @param {string | undefined} entry */
function hasEntry(items, kind, name, entry) {
  const item = items.find((candidate) => keyOf(candidate) === `${kind}/${name}`);
  return item === undefined || entry === undefined || entry in { ...item.data, ...item.stringData };
}

/** @param {any} container @returns {{kind: string, name: string, entry?: string}[]} */
function referencesOf({ env = [], envFrom = [] }) {
  const entries = env.flatMap((/** @type {any} */ { valueFrom: { configMapKeyRef, secretKeyRef } = {} }) => [
    { kind: "ConfigMap", reference: configMapKeyRef },
    { kind: "Secret", reference: secretKeyRef },
  ]);
  return [
    ...envFrom.map((/** @type {any} */ { configMapRef }) => ({ kind: "ConfigMap", name: configMapRef.name })),
    ...entries
      .filter((/** @type {any} */ { reference }) => reference !== undefined && reference.optional !== true)
      .map((/** @type {any} */ { kind, reference }) => ({ kind, name: reference.name, entry: reference.key })),
  ];
}

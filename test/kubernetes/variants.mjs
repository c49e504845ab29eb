// Every way to get the objects: each must be valid, complete and safe.
import { fromFile, kustomized, templated } from "./objects.mjs";

const CONFIG = "k8s-deployment-files/configmaps/configmap.yaml";
const SECRET = "k8s-deployment-files/secrets/secret.yaml";

/** An overlay that has the component beside what overlays/prod has is in the folder of the test. @param {string} name */
const withComponent = (name) => kustomized(`test/kubernetes/overlays/${name}`);

/** What the two files and the chart make together. @param {Parameters<typeof templated>[0]} [values] */
const installed = async (values) => [...fromFile(SECRET), ...fromFile(CONFIG), ...(await templated(values))];

/** @type {Record<string, () => Promise<import("./objects.mjs").Item[]>>} */
export const VARIANTS = {
  k8s: () => kustomized("k8s"),
  "k8s/overlays/dev": () => kustomized("k8s/overlays/dev"),
  "k8s/overlays/prod": () => kustomized("k8s/overlays/prod"),
  "the component ingress": () => withComponent("ingress"),
  "the component monitoring": () => withComponent("monitoring"),
  "the component keda": () => withComponent("keda"),
  "the component checks-hpa": () => withComponent("checks-hpa"),
  "the chart": () => installed(),
  "the chart with an external database": () => installed({ files: ["external-database"] }),
  "the chart with settings of its own": () => templated({ files: ["own-settings"] }),
  "the chart with another's Secret": () => templated({ files: ["existing-secret"] }),
  "the chart with an Ingress and a ServiceMonitor": () => installed({ files: ["exposed"] }),
  "the chart with KEDA": () => installed({ files: ["keda"] }),
  "the chart of a fixed size": () => installed({ files: ["fixed-size"] }),
};

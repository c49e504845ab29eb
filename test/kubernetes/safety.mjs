// The restricted Pod Security Standard, as far as it speaks of fields that anybody may set.
import { containersOf } from "./objects.mjs";

const VOLUMES = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];
const SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
];

/**
 * What an API server that enforces the standard would refuse of a pod, a sentence for each.
 * @param {any} spec
 * @returns {string[]}
 */
export function violations(spec) {
  const pod = spec.securityContext ?? {};
  const ofPod = [
    [spec.hostNetwork ?? spec.hostPID ?? spec.hostIPC, "it uses namespaces of the host"],
    [(pod.sysctls ?? []).some((/** @type {any} */ { name }) => !SYSCTLS.includes(name)), "it sets an unsafe sysctl"],
    [
      (spec.volumes ?? []).some((/** @type {any} */ volume) => !VOLUMES.some((type) => type in volume)),
      "it has a volume of a type that is not allowed",
    ],
  ];
  const problems = ofPod.filter(([is]) => is === true).map(([, said]) => String(said));
  return [...problems, ...containersOf(spec).flatMap((container) => ofContainer(container, pod))];
}

/** @param {any} container @param {any} pod its pod's security context */
function ofContainer({ name, ports = [], securityContext: own = {} }, pod) {
  const { capabilities = {} } = own;
  const merged = { ...pod, ...own };
  const rules = [
    [merged.runAsNonRoot === true && merged.runAsUser !== 0, "may run as root"],
    [["RuntimeDefault", "Localhost"].includes(merged.seccompProfile?.type), "has no seccomp profile"],
    [own.allowPrivilegeEscalation === false && own.privileged !== true, "may get privileges"],
    [capabilities.drop?.includes("ALL") === true, "keeps capabilities"],
    [(capabilities.add ?? []).every((/** @type {string} */ one) => one === "NET_BIND_SERVICE"), "adds capabilities"],
    [ports.every((/** @type {any} */ { hostPort }) => hostPort === undefined), "takes a port of the host"],
  ];
  return rules.filter(([is]) => is !== true).map(([, said]) => `${name} ${said}`);
}

// How long the tests look, in milliseconds.

/** CLUSTER_ACCEPTANCE=1: as long as a release asks for, and under as much load as the machine makes. */
export const thorough = process.env.CLUSTER_ACCEPTANCE === "1";

/** Of undisturbed beats. */
export const STEADY_MS = thorough ? 180000 : 70000;

/** Of MariaDB being away. */
export const OUTAGE_MS = thorough ? 60000 : 20000;

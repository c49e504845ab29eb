// How long the tests look, in milliseconds. CLUSTER_ACCEPTANCE=1 looks as long as a release asks for.
const thorough = process.env.CLUSTER_ACCEPTANCE === "1";

/** Of undisturbed beats. */
export const STEADY_MS = thorough ? 180000 : 70000;

/** Of MariaDB being away. */
export const OUTAGE_MS = thorough ? 60000 : 20000;

/** The version of the agent's package, put in when it is bundled. */
declare const BUNDLED_VERSION: string;

export const AGENT_VERSION: string = BUNDLED_VERSION;

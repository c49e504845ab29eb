/* Checks from several places against the probes that make them: what stands in each cell. */

/** `expired`: it is too old to count; `none`: nothing was said yet; `unasked`: the check is not for that region. */
export type CellState = VoteBody["status"] | "expired" | "none" | "unasked";

export interface Cell {
    readonly probe: string;
    readonly state: CellState;
    readonly vote: VoteBody | undefined;
}

/** True when the check is for probes of that region. */
export function isAsked(check: ProbeCheckBody, region: string): boolean {
    return check.regions?.includes(region) ?? true;
}

function stateOf(vote: VoteBody | undefined): CellState {
    if (vote === undefined) return "none";
    return vote.counts || vote.status === "abstain" ? vote.status : "expired";
}

/** What each of the probes says of the check. */
export function cellsOf(check: ProbeCheckBody, probes: readonly ProbeBody[]): Cell[] {
    const votes = new Map(check.votes.map((vote) => [vote.probe_id, vote]));
    return probes.map(({ probe_id: probe, region }) => {
        if (!isAsked(check, region)) return { probe, state: "unasked", vote: undefined };
        const vote = votes.get(probe);
        return { probe, state: stateOf(vote), vote };
    });
}

/** How many checks the probe makes. */
export function checksOf(probe: ProbeBody, checks: readonly ProbeCheckBody[]): number {
    return checks.filter((check) => check.active && isAsked(check, probe.region)).length;
}

/** What a probe is called: its name for people, where it has one. */
export function probeName({ probe_id, name }: ProbeBody): string {
    return name === "" ? probe_id : name;
}

/** What is checked, in one line. */
export function targetText({ target }: ProbeCheckBody): string {
    if ("url" in target) return target.url;
    return "host" in target ? `${target.host}:${target.port}` : `${target.name} ${target.type ?? "A"}`;
}

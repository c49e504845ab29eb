// What was done to the cluster and when, and so what it excuses.

/**
 * @typedef {object} Deed
 * @property {string} what
 * @property {number} from seconds since 1970
 * @property {number} to
 * @property {string[]} balancers that refuse connections meanwhile
 * @property {number} late by so many seconds more a check may be late
 * @property {boolean} cuts connections of users may be cut
 * @property {boolean} outage no beat can be stored meanwhile
 */

/** What has just come back has to be found again. */
const AFTER_S = 3;

/** @typedef {ReturnType<typeof openJournal>} Journal */

/** @param {(line: string) => void} say */
export function openJournal(say) {
  /** @type {Deed[]} */
  const deeds = [];
  const began = Date.now();
  const now = () => Date.now() / 1000;
  return {
    deeds,
    /** Milliseconds since it began. */
    age: () => Date.now() - began,
    /**
     * Notes what is done while it is done.
     * @param {string} what @param {Partial<Deed>} excuses @param {() => Promise<unknown>} act
     */
    during: async (what, excuses, act) => {
      say(what);
      /** @type {Deed} */
      const deed = { what, from: now(), to: Infinity, balancers: [], late: 0, cuts: false, outage: false, ...excuses };
      deeds.push(deed);
      await act();
      deed.to = now();
    },
    /** May a request to this load balancer fail in that time? @param {string} balancer @param {number} from @param {number} to */
    excusesRefusal: (balancer, from, to) =>
      deeds.some((deed) => deed.balancers.includes(balancer) && overlaps(deed, from, to)),
    /** May an edit fail in that time? It is not sent again. @param {number} from @param {number} to */
    excusesEdit: (from, to) => deeds.some((deed) => deed.cuts && overlaps(deed, from, to)),
    /** Seconds by which a check may be late for what was done in that time. @param {number} from @param {number} to */
    lateness: (from, to) => deeds.filter((deed) => overlaps(deed, from, to)).reduce((sum, { late }) => sum + late, 0),
    /** When no beat could be stored. */
    outages: () => deeds.filter(({ outage }) => outage).map(({ from, to }) => ({ from, to: to + 1 })),
  };
}

/** @param {Deed} deed @param {number} from @param {number} to */
const overlaps = (deed, from, to) => deed.from < to && deed.to + AFTER_S > from;

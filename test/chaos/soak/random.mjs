// What happens by chance, the same again from the same seed.
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** @typedef {ReturnType<typeof chance>} Chance */

/** @param {number} seed a whole number */
export function chance(seed) {
  const generator = xoroshiro128plus(seed);
  /** A whole number, both ends included. @param {number} from @param {number} to */
  const whole = (from, to) => uniformInt(generator, from, to);
  return {
    whole,
    /** @template T @param {readonly T[]} list that has something @returns {T} */
    one: (list) => list[whole(0, list.length - 1)],
    /** @template {{weight: number}} T @param {readonly T[]} list @returns {T} the likelier, the greater its weight */
    weighted: (list) => {
      let left = whole(
        1,
        list.reduce((sum, { weight }) => sum + weight, 0),
      );
      const found = list.find(({ weight }) => (left -= weight) <= 0);
      return /** @type {T} */ (found);
    },
  };
}

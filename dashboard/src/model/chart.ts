/* The shapes of a chart: the values of each node, stacked, as paths of SVG. */
import type { Metric, Point } from "./samples";

/** Nodes with a colour of their own; all others share the last one. */
export const COLOURS = 7;

export interface Band {
    /** Nil for all nodes that have none of their own. */
    readonly node: string | undefined;
    readonly colour: number;
    readonly path: string;
    readonly latest: number;
}

export interface Chart {
    readonly bands: readonly Band[];
    /** The value at the upper edge. */
    readonly top: number;
    readonly from: number;
    readonly to: number;
    readonly total: number;
}

export const WIDTH = 600;
export const HEIGHT = 160;
const SHORTEST_MS = 10000;
const LONGEST_MS = 300000;
const OTHERS = "\0others";

const natural = new Intl.Collator("en", { numeric: true });

/** Those with the highest values when there are too many, in the order of their names. */
function ownBands(points: readonly Point[]): string[] {
    const peaks = new Map<string, number>();
    for (const { values } of points) {
        for (const [node, value] of Object.entries(values ?? {})) {
            peaks.set(node, Math.max(value, peaks.get(node) ?? 0));
        }
    }
    const latest = points.at(-1)?.values ?? {};
    const isThere = (node: string): boolean => Object.hasOwn(latest, node) || (peaks.get(node) ?? 0) > 0;
    const names = [...peaks.keys()].filter(isThere).sort(natural.compare);
    if (names.length <= COLOURS + 1) return names;
    const highest = [...names].sort((left, right) => (peaks.get(right) ?? 0) - (peaks.get(left) ?? 0));
    return highest.slice(0, COLOURS).sort(natural.compare);
}

/** A number that is easily halved, above the value. */
export function roundTop(value: number): number {
    if (value <= 0) return 1;
    const power = 10 ** Math.floor(Math.log10(value));
    const step = [1, 1.5, 2, 3, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10;
    return step * power;
}

function valueOf(point: Point, key: string, own: readonly string[]): number {
    if (key !== OTHERS) return point.values?.[key] ?? 0;
    const others = Object.entries(point.values ?? {}).filter(([node]) => !own.includes(node));
    return others.reduce((sum, [, value]) => sum + value, 0);
}

function sumOf(point: Point | undefined): number {
    return Object.values(point?.values ?? {}).reduce((sum, value) => sum + value, 0);
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

/** The band of a node at one moment, in the units of the picture. */
interface Slice {
    readonly x: number;
    readonly low: number;
    readonly high: number;
}

interface Drawing {
    readonly x: (at: number) => number;
    readonly y: (value: number) => number;
    readonly value: (point: Point) => number;
    readonly isStepped: boolean;
}

/** Along the upper edge and back along the lower one; a value that is counted, not measured, holds until the next one. */
function outline(slices: readonly Slice[], isStepped: boolean): string {
    const corners = slices.flatMap((slice, index) => {
        const before = slices[index - 1];
        return isStepped && before !== undefined ? [{ ...before, x: slice.x }, slice] : [slice];
    });
    const upper = corners.map(({ x, high }) => `${x},${high}`);
    const lower = corners.map(({ x, low }) => `${x},${low}`).reverse();
    return `M${[...upper, ...lower].join("L")}Z`;
}

/** The path of a band, with a gap where nothing is known; what it covers is added to `floors`. */
function drawBand(points: readonly Point[], floors: number[], draw: Drawing): string {
    const runs: Slice[][] = [[]];
    for (const [index, point] of points.entries()) {
        const floor = floors[index] ?? 0;
        const ceiling = floor + draw.value(point);
        floors[index] = ceiling;
        if (point.values === undefined) runs.push([]);
        else runs.at(-1)?.push({ x: draw.x(point.at), low: draw.y(floor), high: draw.y(ceiling) });
    }
    const known = runs.filter((run) => run.length > 0);
    return known.map((run) => outline(run, draw.isStepped)).join("");
}

/** The chart of the points up to `now`. */
export function drawChart(all: readonly Point[], metric: Metric, now: number): Chart {
    const from = Math.max(now - LONGEST_MS, Math.min(all[0]?.at ?? now, now - SHORTEST_MS));
    const points = all.filter((point) => point.at >= from);
    const own = ownBands(points);
    const hasOthers = points.some(({ values }) => Object.keys(values ?? {}).length > own.length);
    const keys = hasOthers ? [...own, OTHERS] : own;
    const top = roundTop(Math.max(0, ...points.map(sumOf)) * 1.05);
    const picture = {
        x: (at: number) => rounded(((at - from) / Math.max(1, now - from)) * WIDTH),
        y: (value: number) => rounded(HEIGHT - (value / top) * HEIGHT),
        isStepped: metric === "monitors",
    };
    const last = points.at(-1);
    const floors: number[] = [];
    const bands = keys.map((key, index) => {
        const value = (point: Point): number => valueOf(point, key, own);
        return {
            node: key === OTHERS ? undefined : key,
            colour: key === OTHERS ? COLOURS : index % (COLOURS + 1),
            path: drawBand(points, floors, { ...picture, value }),
            latest: last === undefined ? 0 : value(last),
        };
    });
    return { bands, top, from, to: now, total: sumOf(last) };
}

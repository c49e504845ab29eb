/* The shapes of a chart: the values of each node, stacked, as paths of SVG. */
import { area, curveLinear, curveStepAfter, stack } from "d3-shape";
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

/** The chart of the points up to `now`. */
export function drawChart(all: readonly Point[], metric: Metric, now: number): Chart {
    const from = Math.max(now - LONGEST_MS, Math.min(all[0]?.at ?? now, now - SHORTEST_MS));
    const points = all.filter((point) => point.at >= from);
    const own = ownBands(points);
    const hasOthers = points.some(({ values }) => Object.keys(values ?? {}).length > own.length);
    const keys = hasOthers ? [...own, OTHERS] : own;
    const top = roundTop(Math.max(0, ...points.map(sumOf)) * 1.05);
    const shape = area<{ 0: number; 1: number; data: Point }>()
        .defined(({ data }) => data.values !== undefined)
        .x(({ data }) => Math.round(((data.at - from) / Math.max(1, now - from)) * WIDTH * 10) / 10)
        .y0((edge) => HEIGHT - (edge[0] / top) * HEIGHT)
        .y1((edge) => HEIGHT - (edge[1] / top) * HEIGHT)
        .curve(metric === "monitors" ? curveStepAfter : curveLinear);
    const layers = stack<unknown, Point, string>()
        .keys(keys)
        .value((point, key) => valueOf(point, key, own))(points);
    const last = points.at(-1);
    const bands = layers.map((layer, index) => ({
        node: layer.key === OTHERS ? undefined : layer.key,
        colour: layer.key === OTHERS ? COLOURS : index % (COLOURS + 1),
        path: shape(layer) ?? "",
        latest: last === undefined ? 0 : valueOf(last, layer.key, own),
    }));
    return { bands, top, from, to: now, total: sumOf(last) };
}

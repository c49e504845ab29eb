// Pictures of pages are large because of their soft shadows: with 256 colours they have a fraction of the bytes.
import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const COLOURS = 256;

/** @param {Buffer} file @returns {{type: string, data: Buffer}[]} */
function chunksOf(file) {
  const chunks = [];
  for (let at = SIGNATURE.length; at < file.length;) {
    const length = file.readUInt32BE(at);
    chunks.push({ type: file.toString("latin1", at + 4, at + 8), data: file.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}

/** Undoes the filter of each line. @param {Buffer} raw @param {number} stride @param {number} step bytes of a pixel */
function unfilter(raw, stride, step) {
  const lines = raw.length / (stride + 1);
  const pixels = Buffer.alloc(lines * stride);
  for (let line = 0; line < lines; line += 1) {
    const filter = raw[line * (stride + 1)];
    for (let at = 0; at < stride; at += 1) {
      const here = line * stride + at;
      const left = at < step ? 0 : Number(pixels[here - step]);
      const up = line === 0 ? 0 : Number(pixels[here - stride]);
      const corner = at < step || line === 0 ? 0 : Number(pixels[here - stride - step]);
      const guesses = [0, left, up, (left + up) >> 1, paeth(left, up, corner)];
      pixels[here] = Number(raw[line * (stride + 1) + 1 + at]) + Number(guesses[Number(filter)]);
    }
  }
  return pixels;
}

/** Colours with the same upper bits in each channel are of one kind. @param {number} colour */
const kindOf = (colour) => colour & 0xf0f0f0;

/**
 * A quarter for the most frequent colours; then each kind gets its most frequent one before any gets a second.
 * @param {Map<number, number>} counts by 0xrrggbb
 */
function paletteOf(counts) {
  const sorted = [...counts].sort((left, right) => right[1] - left[1]).map(([colour]) => colour);
  const first = new Map([...sorted].reverse().map((colour) => [kindOf(colour), colour]));
  const kinds = sorted.filter((colour) => first.get(kindOf(colour)) === colour);
  const ordered = new Set([...sorted.slice(0, COLOURS / 4), ...kinds, ...sorted]);
  return [...ordered].slice(0, COLOURS);
}

/** @param {number} colour @param {number[]} palette */
function nearest(colour, palette) {
  let best = 0;
  let least = Infinity;
  for (const [index, other] of palette.entries()) {
    const red = (colour >> 16) - (other >> 16);
    const green = ((colour >> 8) & 255) - ((other >> 8) & 255);
    const blue = (colour & 255) - (other & 255);
    const distance = red * red + green * green + blue * blue;
    if (distance < least) [best, least] = [index, distance];
  }
  return best;
}

/**
 * The picture with its 256 most frequent colours.
 * @param {Buffer} file PNG of 8 bits a channel, as browsers write it
 */
export function smallPng(file) {
  const chunks = chunksOf(file);
  const header = Buffer.from(chunks[0]?.data ?? []);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const step = header[9] === 6 ? 4 : 3;
  const data = Buffer.concat(chunks.filter(({ type }) => type === "IDAT").map((one) => one.data));
  const pixels = unfilter(inflateSync(data), width * step, step);
  const colours = Array.from({ length: width * height }, (_, index) => pixels.readUIntBE(index * step, 3));
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(counts);
  const indexes = new Map([...counts.keys()].map((colour) => [colour, nearest(colour, palette)]));
  const lines = Buffer.alloc(height * (width + 1));
  colours.forEach((colour, index) => {
    lines[index + Math.floor(index / width) + 1] = Number(indexes.get(colour));
  });
  header.set([8, 3], 8);
  const table = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const body = deflateSync(lines, { level: 9 });
  const end = Buffer.alloc(0);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", table),
    chunk("IDAT", body),
    chunk("IEND", end),
  ]);
}

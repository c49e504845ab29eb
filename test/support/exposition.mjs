/**
 * Reads a text in the format of Prometheus, as our load balancer writes it.
 * @param {string} text
 */
export function parse(text) {
  /** Value by series, `name{labels}`. @type {Map<string, number>} */
  const values = new Map();
  /** @type {Map<string, {type: string, labels: Set<string>}>} */
  const families = new Map();
  /** Names of samples. @type {Set<string>} */
  const series = new Set();
  for (const line of text.split("\n")) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family !== undefined && type !== undefined) families.set(family, { type, labels: new Set() });
    if (line === "" || line.startsWith("#")) continue;
    const [, name, labels = "", value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (name === undefined) throw new Error(`no line of the format: ${line}`);
    const key = line.slice(0, line.lastIndexOf(" "));
    if (values.has(key)) throw new Error(`twice: ${key}`);
    values.set(key, Number(value));
    series.add(name);
    const known = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ""));
    if (known === undefined) throw new Error(`no TYPE before ${line}`);
    for (const [, label] of labels.matchAll(/(\w+)="(?:\\.|[^"\\])*"/g)) known.labels.add(String(label));
  }
  return { values, families, series };
}

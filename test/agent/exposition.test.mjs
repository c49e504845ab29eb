import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { keyOfValues, mergeMonitors, monitorOf, onlyMonitors, parseFamilies, renderFamilies } =
  await load("peers/exposition");

const status = (/** @type {string[]} */ ...samples) =>
  ["# HELP monitor_status Monitor Status", "# TYPE monitor_status gauge", ...samples, ""].join("\n");

/** @param {string} own @param {string[]} others */
const merge = (own, ...others) => renderFamilies(mergeMonitors(parseFamilies(own), others.map(parseFamilies)));

test("a text that is read and written again is the same", () => {
  const text = `${status('monitor_status{monitor_id="1"} 1')}
# HELP http_request_duration_seconds Duration
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.1"} 3
http_request_duration_seconds_sum 0.2
http_request_duration_seconds_count 3

# HELP monitor_count How many
# TYPE monitor_count gauge
monitor_count 2
`;
  assert.equal(renderFamilies(parseFamilies(text)), text);
  assert.equal(parseFamilies(text).length, 3);
});

test("samples without comments, and a metric that comes twice, stay together", () => {
  const families = parseFamilies('a 1\nb{x="1"} 2\n# EOF\na 3\n');
  assert.deepEqual(
    families.map((/** @type {{name: string, samples: string[]}} */ { name, samples }) => [name, samples]),
    [
      ["a", ["a 1", "a 3"]],
      ["b", ['b{x="1"} 2']],
    ],
  );
});

test("the samples of other nodes join those of the same metric, without a second HELP or TYPE", () => {
  const own = `${status('monitor_status{monitor_id="1"} 1')}\n# HELP up Up\n# TYPE up gauge\nup 1\n`;
  const other = `# HELP up Up\n# TYPE up gauge\nup 5\n\n${status('monitor_status{monitor_id="2"} 0')}
# HELP monitor_response_time Time
# TYPE monitor_response_time gauge
monitor_response_time{monitor_id="2"} 7
`;
  assert.equal(
    merge(own, other, status('monitor_status{monitor_id="3"} 2')),
    `${status('monitor_status{monitor_id="1"} 1', 'monitor_status{monitor_id="2"} 0', 'monitor_status{monitor_id="3"} 2')}
# HELP up Up
# TYPE up gauge
up 1

# HELP monitor_response_time Time
# TYPE monitor_response_time gauge
monitor_response_time{monitor_id="2"} 7
`,
  );
});

test("a monitor that two nodes have is taken from the first, whatever its other labels say", () => {
  const own = status('monitor_status{tag="a",monitor_id="1"} 1');
  const other = status('monitor_status{monitor_id="1"} 0', 'monitor_status{monitor_id="2"} 0');
  assert.equal(
    merge(own, other, other),
    status('monitor_status{tag="a",monitor_id="1"} 1', 'monitor_status{monitor_id="2"} 0'),
  );
});

test("a node without any metric of monitors gets those of the others", () => {
  assert.equal(merge("", status("monitor_status 1")), status("monitor_status 1"));
  assert.equal(merge("a 1\n", ""), "a 1\n");
});

test("a sample belongs to the monitor that its id names, else to the one with its labels", () => {
  assert.equal(monitorOf('monitor_status{monitor_name="monitor_id=\\"7\\",",monitor_id="12"} 1'), "12");
  const labels =
    'monitor_name="a \\"b\\" \\\\ \\n {c}",monitor_type="http",monitor_url="http://x/?a=1,b",monitor_hostname="null"';
  assert.equal(
    monitorOf(`monitor_status{${labels},monitor_port="null"} 1`),
    keyOfValues(['a "b" \\ \n {c}', "http", "http://x/?a=1,b", null, null]),
  );
});

test("samples of monitors that are not to be shown are left out, their metric stays", () => {
  const families = parseFamilies(
    `${status('monitor_status{monitor_id="1"} 1', 'monitor_status{monitor_id="2"} 1')}\nup 1\n`,
  );
  const kept = onlyMonitors(families, (/** @type {string} */ id) => id === "2");
  assert.equal(renderFamilies(kept), `${status('monitor_status{monitor_id="2"} 1')}\nup 1\n`);
  assert.match(renderFamilies(onlyMonitors(families, () => false)), /TYPE monitor_status gauge\n\nup 1/);
});

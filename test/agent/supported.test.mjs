import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./support/load.mjs";

const { kumaLimitation, serverLimitation } = await load("supported");

test("Kuma is supported from 2.0.0-dev.0 on and below 3", () => {
  for (const version of ["2.0.0-dev.0", "2.0.0-beta.1", "2.0.0", "2.5.3"])
    assert.equal(kumaLimitation(version), undefined);
  for (const version of ["1.23.16", "3.0.0", "3.0.0-beta.0", "undefined"]) {
    assert.match(kumaLimitation(version), /is not supported: it must be at least 2\.0\.0-dev\.0 and below 3\.0\.0/);
  }
});

test("the database server has to be a MariaDB with INVISIBLE columns", () => {
  for (const version of ["10.11.19-MariaDB-0+deb12u1", "5.5.5-10.6.4-MariaDB", "11.4.2-MariaDB", "10.3.3-MariaDB"]) {
    assert.equal(serverLimitation(version), undefined);
  }
  assert.match(serverLimitation("8.0.36"), /is not MariaDB \(its version is 8\.0\.36\)/);
  assert.match(serverLimitation("10.2.44-MariaDB"), /has no INVISIBLE columns: 10\.3\.3 or newer/);
  assert.match(serverLimitation("5.5.5-10.1.9-MariaDB"), /has no INVISIBLE columns/);
});

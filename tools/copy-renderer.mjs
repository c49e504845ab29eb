// Copies what renders /lb/docs from the package swagger-ui-dist to where nginx serves it: two megabytes of others' code,
// which is not committed.
import { copyFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../node_modules/swagger-ui-dist/", import.meta.url));
const target = fileURLToPath(new URL("../nginx/html/lb/docs/", import.meta.url));

copyFileSync(`${source}swagger-ui-bundle.js`, `${target}swagger-ui-bundle.js`);
copyFileSync(`${source}swagger-ui.css`, `${target}swagger-ui.css`);
copyFileSync(`${source}LICENSE`, `${target}swagger-ui-LICENSE`);
copyFileSync(`${source}NOTICE`, `${target}swagger-ui-NOTICE`);

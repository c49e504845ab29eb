import vue from "eslint-plugin-vue";
import tseslint from "typescript-eslint";
import vueParser from "vue-eslint-parser";

const root = import.meta.dirname;

/** What the files of one folder may not import, and the rule of the architecture that says so. */
const forbidden = (files, group, message, ignores = []) => ({
  files,
  ignores,
  rules: { "no-restricted-imports": ["error", { patterns: [{ group, message }] }] },
});
const FACADES = [
  "**/monitor_router",
  "**/health_check",
  "**/middleware",
  "**/api",
  "**/dynamic_upstream",
  "**/cluster_control",
  "**/probe_mode",
  "**/regional_checks",
];

const budgets = {
  "max-lines": ["error", { max: 150, skipBlankLines: true, skipComments: true }],
  "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
  complexity: ["error", 10],
};

const typed = {
  "@typescript-eslint/strict-boolean-expressions": [
    "error",
    { allowNumber: false, allowString: false, allowNullableBoolean: false },
  ],
  "@typescript-eslint/prefer-nullish-coalescing": "error",
  "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "separate-type-imports" }],
  "@typescript-eslint/no-use-before-define": ["error", { functions: false }],
  "@typescript-eslint/no-explicit-any": "error",
  "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
  "@typescript-eslint/no-unnecessary-condition": "error",
  eqeqeq: ["error", "always"],
  "prefer-const": "error",
  "no-else-return": "error",
};

export default tseslint.config(
  {
    ignores: [
      ...["lua/", "**/dist/", "**/node_modules/", ".cluster/", ".cache/", "nginx/html/"],
      ...["**/ddl.ts", "src-ts/api/schemas.ts"],
    ],
  },
  {
    files: ["src-ts/**/*.ts"],
    ignores: ["**/*.d.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./src-ts/tsconfig.json", tsconfigRootDir: root },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      ...budgets,
      ...typed,
      // Lua has no hoisting worth reading: declare before use.
      "@typescript-eslint/no-use-before-define": "error",
      "no-restricted-syntax": [
        "error",
        {
          selector: "TryStatement",
          message: "try/catch becomes closures in Lua: return a Result, pcall at boundaries.",
        },
        { selector: "ThrowStatement", message: "Return a Result; error(message, 0) is for bugs." },
        { selector: "ClassDeclaration", message: "Classes need lualib: use plain tables and functions." },
        {
          selector: ":matches(ArrayExpression, ObjectExpression) > SpreadElement",
          message: "Spread in a table needs lualib.",
        },
        { selector: "AwaitExpression", message: "Cosockets wait without blocking; async needs lualib." },
      ],
    },
  },
  // A table is as long as it is.
  { files: ["src-ts/api/routes.ts"], rules: { "max-lines": "off" } },
  {
    files: ["src-ts/**/*.ts"],
    ignores: ["src-ts/config.ts", "**/*.d.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "os", property: "getenv", message: "Only config reads the environment." },
      ],
    },
  },
  forbidden(
    ["src-ts/routing/**"],
    [...FACADES, "**/failover/*", "**/placement/*", "**/regions/*", "**/api/*", "**/metrics/*", "**/probe/*", "**/db"],
    "routing uses store, lib, config and logger only.",
  ),
  forbidden(
    ["src-ts/failover/**"],
    [...FACADES, "**/routing/*", "**/api/*", "**/metrics/*", "**/probe/*", "**/db"],
    "failover uses placement, regions, store and lib only; store/version is its signal to routing.",
  ),
  forbidden(
    ["src-ts/placement/**"],
    [...FACADES, "**/failover/*", "**/routing/*", "**/regions/*", "**/api/*", "**/metrics/*", "**/probe/*", "**/db"],
    "placement uses store and lib only.",
  ),
  forbidden(
    ["src-ts/regions/**"],
    [...FACADES, "**/failover/*", "**/routing/*", "**/placement/*", "**/api/*", "**/metrics/*", "**/probe/*", "**/db"],
    "regions uses store and lib only.",
  ),
  forbidden(
    ["src-ts/store/**"],
    [...FACADES, "**/failover/*", "**/routing/*", "**/placement/*", "**/api/*", "**/metrics/*", "**/probe/*"],
    "store uses db, lib, config and logger only.",
  ),
  forbidden(
    ["src-ts/lib/**", "src-ts/db.ts"],
    [
      ...FACADES,
      "**/failover/*",
      "**/routing/*",
      "**/placement/*",
      "**/api/*",
      "**/metrics/*",
      "**/store/*",
      "**/probe/*",
    ],
    "lib and db use logger and config only.",
  ),
  forbidden(
    ["src-ts/probe/**", "src-ts/probe_mode.ts"],
    [...FACADES, "**/failover/*", "**/routing/*", "**/placement/*", "**/api/*", "**/store/*", "**/db"],
    "a probe has no database and no nodes: it uses lib, config and logger only.",
  ),
  forbidden(
    ["src-ts/api/**"],
    ["**/failover/*", "**/routing/*", "**/placement/*", "**/probe/*", "**/store/*", "**/db"],
    "api talks to the facades and lib.",
  ),
  forbidden(
    ["src-ts/middleware.ts", "src-ts/attempts.ts", "src-ts/routing_headers.ts"],
    [
      ...["**/failover/*", "**/routing/*", "**/placement/*", "**/store/*", "**/probe/*", "**/api/*", "**/db"],
      ...["**/metrics/*", "!**/metrics/requests", "!**/metrics/log_phase"],
    ],
    "middleware talks to the facades, and to what counts requests.",
  ),
  forbidden(
    ["src-ts/metrics/**"],
    ["**/failover/*", "**/routing/*", "**/placement/*", "**/store/*", "**/api/*", "**/db", "**/middleware", "**/api"],
    "metrics reads the facades and lib.",
  ),
  forbidden(
    ["src-ts/metrics/{requests,overhead,exposition,family}.ts"],
    [...FACADES, "**/failover/*", "**/routing/*", "**/placement/*", "**/store/*", "**/api/*", "**/db"],
    "what counts requests and what writes the text uses lib only.",
  ),
  forbidden(
    [
      "src-ts/routing/choose.ts",
      "src-ts/placement/{plan,rebalance,stock,anew,imbalance}.ts",
      "src-ts/failover/verdict.ts",
      "src-ts/lib/{ip_range,http_message,fields,check_target}.ts",
      "src-ts/probe/{schedule,redirect,status_ranges,finding,read_assignments}.ts",
      "src-ts/metrics/{overhead,exposition,family}.ts",
      "src-ts/regions/{aggregate,check_input}.ts",
    ],
    ["**/store/*", "**/db", "**/logger", "**/config", "**/clock", "**/shared_dict"],
    "pure: takes values, returns values.",
  ),
  {
    files: ["agent/src/**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./agent/tsconfig.json", tsconfigRootDir: root },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      ...budgets,
      ...typed,
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
    },
  },
  {
    files: ["dashboard/badge/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./dashboard/badge/tsconfig.json", tsconfigRootDir: root },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      ...budgets,
      ...typed,
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
    },
  },
  ...vue.configs["flat/essential"].map((config) => ({ ...config, files: ["dashboard/src/**/*.vue"] })),
  {
    files: ["dashboard/src/**/*.ts", "dashboard/src/**/*.vue"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      ...budgets,
      ...typed,
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
    },
  },
  {
    files: ["dashboard/src/**/*.ts"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./dashboard/tsconfig.json", tsconfigRootDir: root, extraFileExtensions: [".vue"] },
    },
  },
  {
    files: ["dashboard/src/**/*.vue"],
    languageOptions: {
      parser: vueParser,
      parserOptions: {
        ...{ parser: tseslint.parser, project: "./dashboard/tsconfig.json", tsconfigRootDir: root },
        extraFileExtensions: [".vue"],
      },
    },
    // What the nodes say of themselves is text, never HTML.
    rules: { "vue/no-v-html": "error" },
  },
  {
    // A dictionary is as long as its language needs.
    files: ["dashboard/src/text/{en,zh-tw}.ts"],
    rules: { "max-lines": "off" },
  },
  forbidden(
    ["dashboard/src/{model,text,poll}/**"],
    ["vue", "**/state/*", "**/components/*", "**/api/{client,guarded,secret}"],
    "pure: takes values, returns values.",
  ),
  forbidden(
    ["dashboard/src/{api,state}/**"],
    ["**/components/*", "*.vue"],
    "components show the state, and nothing below knows them.",
  ),
  forbidden(
    ["agent/src/assignment.ts", "agent/src/schedule.ts", "agent/src/work.ts"],
    ["./*", "../*"],
    "pure: takes values, returns values.",
  ),
  {
    files: ["local/**/*.mjs", "tools/**/*.mjs", "bench/**/*.mjs", "test/**/*.mjs"],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: "./jsconfig.json", tsconfigRootDir: root },
    },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/no-floating-promises": [
        "error",
        // node:test reports what its tests throw.
        {
          allowForKnownSafeCalls: [
            { from: "package", package: "node:test", name: ["test", "it", "describe", "suite"] },
          ],
        },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: ["error", "always"],
      "prefer-const": "error",
    },
  },
);

// Generated from agent/src: edit the files there, then run npm run build.
"use strict";
var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __commonJS = (cb, mod) => function __require() {
  try {
    return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
  } catch (e) {
    throw mod = 0, e;
  }
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  // If the importer is in node compatibility mode or this is not an ESM
  // file that has been converted to a CommonJS file using a Babel-
  // compatible transform (i.e. "__esModule" has not been set), then set
  // "default" to the CommonJS "module.exports" for node compatibility.
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, "default", { value: mod, enumerable: true }) : target,
  mod
));

// ../node_modules/ms/index.js
var require_ms = __commonJS({
  "../node_modules/ms/index.js"(exports2, module2) {
    var s = 1e3;
    var m = s * 60;
    var h = m * 60;
    var d = h * 24;
    var w = d * 7;
    var y = d * 365.25;
    module2.exports = function(val, options) {
      options = options || {};
      var type = typeof val;
      if (type === "string" && val.length > 0) {
        return parse(val);
      } else if (type === "number" && isFinite(val)) {
        return options.long ? fmtLong(val) : fmtShort(val);
      }
      throw new Error(
        "val is not a non-empty string or a valid number. val=" + JSON.stringify(val)
      );
    };
    function parse(str) {
      str = String(str);
      if (str.length > 100) {
        return;
      }
      var match = /^(-?(?:\d+)?\.?\d+) *(milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|years?|yrs?|y)?$/i.exec(
        str
      );
      if (!match) {
        return;
      }
      var n = parseFloat(match[1]);
      var type = (match[2] || "ms").toLowerCase();
      switch (type) {
        case "years":
        case "year":
        case "yrs":
        case "yr":
        case "y":
          return n * y;
        case "weeks":
        case "week":
        case "w":
          return n * w;
        case "days":
        case "day":
        case "d":
          return n * d;
        case "hours":
        case "hour":
        case "hrs":
        case "hr":
        case "h":
          return n * h;
        case "minutes":
        case "minute":
        case "mins":
        case "min":
        case "m":
          return n * m;
        case "seconds":
        case "second":
        case "secs":
        case "sec":
        case "s":
          return n * s;
        case "milliseconds":
        case "millisecond":
        case "msecs":
        case "msec":
        case "ms":
          return n;
        default:
          return void 0;
      }
    }
    function fmtShort(ms) {
      var msAbs = Math.abs(ms);
      if (msAbs >= d) {
        return Math.round(ms / d) + "d";
      }
      if (msAbs >= h) {
        return Math.round(ms / h) + "h";
      }
      if (msAbs >= m) {
        return Math.round(ms / m) + "m";
      }
      if (msAbs >= s) {
        return Math.round(ms / s) + "s";
      }
      return ms + "ms";
    }
    function fmtLong(ms) {
      var msAbs = Math.abs(ms);
      if (msAbs >= d) {
        return plural(ms, msAbs, d, "day");
      }
      if (msAbs >= h) {
        return plural(ms, msAbs, h, "hour");
      }
      if (msAbs >= m) {
        return plural(ms, msAbs, m, "minute");
      }
      if (msAbs >= s) {
        return plural(ms, msAbs, s, "second");
      }
      return ms + " ms";
    }
    function plural(ms, msAbs, n, name) {
      var isPlural = msAbs >= n * 1.5;
      return Math.round(ms / n) + " " + name + (isPlural ? "s" : "");
    }
  }
});

// ../node_modules/debug/src/common.js
var require_common = __commonJS({
  "../node_modules/debug/src/common.js"(exports2, module2) {
    function setup2(env) {
      createDebug.debug = createDebug;
      createDebug.default = createDebug;
      createDebug.coerce = coerce;
      createDebug.disable = disable;
      createDebug.enable = enable;
      createDebug.enabled = enabled;
      createDebug.humanize = require_ms();
      createDebug.destroy = destroy;
      Object.keys(env).forEach((key) => {
        createDebug[key] = env[key];
      });
      createDebug.names = [];
      createDebug.skips = [];
      createDebug.formatters = {};
      function selectColor(namespace) {
        let hash = 0;
        for (let i = 0; i < namespace.length; i++) {
          hash = (hash << 5) - hash + namespace.charCodeAt(i);
          hash |= 0;
        }
        return createDebug.colors[Math.abs(hash) % createDebug.colors.length];
      }
      createDebug.selectColor = selectColor;
      function createDebug(namespace) {
        let prevTime;
        let enableOverride = null;
        let namespacesCache;
        let enabledCache;
        function debug(...args) {
          if (!debug.enabled) {
            return;
          }
          const self = debug;
          const curr = Number(/* @__PURE__ */ new Date());
          const ms = curr - (prevTime || curr);
          self.diff = ms;
          self.prev = prevTime;
          self.curr = curr;
          prevTime = curr;
          args[0] = createDebug.coerce(args[0]);
          if (typeof args[0] !== "string") {
            args.unshift("%O");
          }
          let index = 0;
          args[0] = args[0].replace(/%([a-zA-Z%])/g, (match, format2) => {
            if (match === "%%") {
              return "%";
            }
            index++;
            const formatter = createDebug.formatters[format2];
            if (typeof formatter === "function") {
              const val = args[index];
              match = formatter.call(self, val);
              args.splice(index, 1);
              index--;
            }
            return match;
          });
          createDebug.formatArgs.call(self, args);
          const logFn = self.log || createDebug.log;
          logFn.apply(self, args);
        }
        debug.namespace = namespace;
        debug.useColors = createDebug.useColors();
        debug.color = createDebug.selectColor(namespace);
        debug.extend = extend;
        debug.destroy = createDebug.destroy;
        Object.defineProperty(debug, "enabled", {
          enumerable: true,
          configurable: false,
          get: () => {
            if (enableOverride !== null) {
              return enableOverride;
            }
            if (namespacesCache !== createDebug.namespaces) {
              namespacesCache = createDebug.namespaces;
              enabledCache = createDebug.enabled(namespace);
            }
            return enabledCache;
          },
          set: (v) => {
            enableOverride = v;
          }
        });
        if (typeof createDebug.init === "function") {
          createDebug.init(debug);
        }
        return debug;
      }
      function extend(namespace, delimiter) {
        const newDebug = createDebug(this.namespace + (typeof delimiter === "undefined" ? ":" : delimiter) + namespace);
        newDebug.log = this.log;
        return newDebug;
      }
      function enable(namespaces) {
        createDebug.save(namespaces);
        createDebug.namespaces = namespaces;
        createDebug.names = [];
        createDebug.skips = [];
        const split = (typeof namespaces === "string" ? namespaces : "").trim().replace(/\s+/g, ",").split(",").filter(Boolean);
        for (const ns of split) {
          if (ns[0] === "-") {
            createDebug.skips.push(ns.slice(1));
          } else {
            createDebug.names.push(ns);
          }
        }
      }
      function matchesTemplate(search, template) {
        let searchIndex = 0;
        let templateIndex = 0;
        let starIndex = -1;
        let matchIndex = 0;
        while (searchIndex < search.length) {
          if (templateIndex < template.length && (template[templateIndex] === search[searchIndex] || template[templateIndex] === "*")) {
            if (template[templateIndex] === "*") {
              starIndex = templateIndex;
              matchIndex = searchIndex;
              templateIndex++;
            } else {
              searchIndex++;
              templateIndex++;
            }
          } else if (starIndex !== -1) {
            templateIndex = starIndex + 1;
            matchIndex++;
            searchIndex = matchIndex;
          } else {
            return false;
          }
        }
        while (templateIndex < template.length && template[templateIndex] === "*") {
          templateIndex++;
        }
        return templateIndex === template.length;
      }
      function disable() {
        const namespaces = [
          ...createDebug.names,
          ...createDebug.skips.map((namespace) => "-" + namespace)
        ].join(",");
        createDebug.enable("");
        return namespaces;
      }
      function enabled(name) {
        for (const skip of createDebug.skips) {
          if (matchesTemplate(name, skip)) {
            return false;
          }
        }
        for (const ns of createDebug.names) {
          if (matchesTemplate(name, ns)) {
            return true;
          }
        }
        return false;
      }
      function coerce(val) {
        if (val instanceof Error) {
          return val.stack || val.message;
        }
        return val;
      }
      function destroy() {
        console.warn("Instance method `debug.destroy()` is deprecated and no longer does anything. It will be removed in the next major version of `debug`.");
      }
      createDebug.enable(createDebug.load());
      return createDebug;
    }
    module2.exports = setup2;
  }
});

// ../node_modules/debug/src/browser.js
var require_browser = __commonJS({
  "../node_modules/debug/src/browser.js"(exports2, module2) {
    exports2.formatArgs = formatArgs;
    exports2.save = save;
    exports2.load = load;
    exports2.useColors = useColors;
    exports2.storage = localstorage();
    exports2.destroy = /* @__PURE__ */ (() => {
      let warned = false;
      return () => {
        if (!warned) {
          warned = true;
          console.warn("Instance method `debug.destroy()` is deprecated and no longer does anything. It will be removed in the next major version of `debug`.");
        }
      };
    })();
    exports2.colors = [
      "#0000CC",
      "#0000FF",
      "#0033CC",
      "#0033FF",
      "#0066CC",
      "#0066FF",
      "#0099CC",
      "#0099FF",
      "#00CC00",
      "#00CC33",
      "#00CC66",
      "#00CC99",
      "#00CCCC",
      "#00CCFF",
      "#3300CC",
      "#3300FF",
      "#3333CC",
      "#3333FF",
      "#3366CC",
      "#3366FF",
      "#3399CC",
      "#3399FF",
      "#33CC00",
      "#33CC33",
      "#33CC66",
      "#33CC99",
      "#33CCCC",
      "#33CCFF",
      "#6600CC",
      "#6600FF",
      "#6633CC",
      "#6633FF",
      "#66CC00",
      "#66CC33",
      "#9900CC",
      "#9900FF",
      "#9933CC",
      "#9933FF",
      "#99CC00",
      "#99CC33",
      "#CC0000",
      "#CC0033",
      "#CC0066",
      "#CC0099",
      "#CC00CC",
      "#CC00FF",
      "#CC3300",
      "#CC3333",
      "#CC3366",
      "#CC3399",
      "#CC33CC",
      "#CC33FF",
      "#CC6600",
      "#CC6633",
      "#CC9900",
      "#CC9933",
      "#CCCC00",
      "#CCCC33",
      "#FF0000",
      "#FF0033",
      "#FF0066",
      "#FF0099",
      "#FF00CC",
      "#FF00FF",
      "#FF3300",
      "#FF3333",
      "#FF3366",
      "#FF3399",
      "#FF33CC",
      "#FF33FF",
      "#FF6600",
      "#FF6633",
      "#FF9900",
      "#FF9933",
      "#FFCC00",
      "#FFCC33"
    ];
    function useColors() {
      if (typeof window !== "undefined" && window.process && (window.process.type === "renderer" || window.process.__nwjs)) {
        return true;
      }
      if (typeof navigator !== "undefined" && navigator.userAgent && navigator.userAgent.toLowerCase().match(/(edge|trident)\/(\d+)/)) {
        return false;
      }
      let m;
      return typeof document !== "undefined" && document.documentElement && document.documentElement.style && document.documentElement.style.WebkitAppearance || // Is firebug? http://stackoverflow.com/a/398120/376773
      typeof window !== "undefined" && window.console && (window.console.firebug || window.console.exception && window.console.table) || // Is firefox >= v31?
      // https://developer.mozilla.org/en-US/docs/Tools/Web_Console#Styling_messages
      typeof navigator !== "undefined" && navigator.userAgent && (m = navigator.userAgent.toLowerCase().match(/firefox\/(\d+)/)) && parseInt(m[1], 10) >= 31 || // Double check webkit in userAgent just in case we are in a worker
      typeof navigator !== "undefined" && navigator.userAgent && navigator.userAgent.toLowerCase().match(/applewebkit\/(\d+)/);
    }
    function formatArgs(args) {
      args[0] = (this.useColors ? "%c" : "") + this.namespace + (this.useColors ? " %c" : " ") + args[0] + (this.useColors ? "%c " : " ") + "+" + module2.exports.humanize(this.diff);
      if (!this.useColors) {
        return;
      }
      const c = "color: " + this.color;
      args.splice(1, 0, c, "color: inherit");
      let index = 0;
      let lastC = 0;
      args[0].replace(/%[a-zA-Z%]/g, (match) => {
        if (match === "%%") {
          return;
        }
        index++;
        if (match === "%c") {
          lastC = index;
        }
      });
      args.splice(lastC, 0, c);
    }
    exports2.log = console.debug || console.log || (() => {
    });
    function save(namespaces) {
      try {
        if (namespaces) {
          exports2.storage.setItem("debug", namespaces);
        } else {
          exports2.storage.removeItem("debug");
        }
      } catch (error2) {
      }
    }
    function load() {
      let r;
      try {
        r = exports2.storage.getItem("debug") || exports2.storage.getItem("DEBUG");
      } catch (error2) {
      }
      if (!r && typeof process !== "undefined" && "env" in process) {
        r = process.env.DEBUG;
      }
      return r;
    }
    function localstorage() {
      try {
        return localStorage;
      } catch (error2) {
      }
    }
    module2.exports = require_common()(exports2);
    var { formatters } = module2.exports;
    formatters.j = function(v) {
      try {
        return JSON.stringify(v);
      } catch (error2) {
        return "[UnexpectedJSONParseError]: " + error2.message;
      }
    };
  }
});

// ../node_modules/debug/src/node.js
var require_node = __commonJS({
  "../node_modules/debug/src/node.js"(exports2, module2) {
    var tty = require("tty");
    var util = require("util");
    exports2.init = init;
    exports2.log = log;
    exports2.formatArgs = formatArgs;
    exports2.save = save;
    exports2.load = load;
    exports2.useColors = useColors;
    exports2.destroy = util.deprecate(
      () => {
      },
      "Instance method `debug.destroy()` is deprecated and no longer does anything. It will be removed in the next major version of `debug`."
    );
    exports2.colors = [6, 2, 3, 4, 5, 1];
    try {
      const supportsColor = require("supports-color");
      if (supportsColor && (supportsColor.stderr || supportsColor).level >= 2) {
        exports2.colors = [
          20,
          21,
          26,
          27,
          32,
          33,
          38,
          39,
          40,
          41,
          42,
          43,
          44,
          45,
          56,
          57,
          62,
          63,
          68,
          69,
          74,
          75,
          76,
          77,
          78,
          79,
          80,
          81,
          92,
          93,
          98,
          99,
          112,
          113,
          128,
          129,
          134,
          135,
          148,
          149,
          160,
          161,
          162,
          163,
          164,
          165,
          166,
          167,
          168,
          169,
          170,
          171,
          172,
          173,
          178,
          179,
          184,
          185,
          196,
          197,
          198,
          199,
          200,
          201,
          202,
          203,
          204,
          205,
          206,
          207,
          208,
          209,
          214,
          215,
          220,
          221
        ];
      }
    } catch (error2) {
    }
    exports2.inspectOpts = Object.keys(process.env).filter((key) => {
      return /^debug_/i.test(key);
    }).reduce((obj, key) => {
      const prop = key.substring(6).toLowerCase().replace(/_([a-z])/g, (_, k) => {
        return k.toUpperCase();
      });
      let val = process.env[key];
      if (/^(yes|on|true|enabled)$/i.test(val)) {
        val = true;
      } else if (/^(no|off|false|disabled)$/i.test(val)) {
        val = false;
      } else if (val === "null") {
        val = null;
      } else {
        val = Number(val);
      }
      obj[prop] = val;
      return obj;
    }, {});
    function useColors() {
      return "colors" in exports2.inspectOpts ? Boolean(exports2.inspectOpts.colors) : tty.isatty(process.stderr.fd);
    }
    function formatArgs(args) {
      const { namespace: name, useColors: useColors2 } = this;
      if (useColors2) {
        const c = this.color;
        const colorCode = "\x1B[3" + (c < 8 ? c : "8;5;" + c);
        const prefix = `  ${colorCode};1m${name} \x1B[0m`;
        args[0] = prefix + args[0].split("\n").join("\n" + prefix);
        args.push(colorCode + "m+" + module2.exports.humanize(this.diff) + "\x1B[0m");
      } else {
        args[0] = getDate() + name + " " + args[0];
      }
    }
    function getDate() {
      if (exports2.inspectOpts.hideDate) {
        return "";
      }
      return (/* @__PURE__ */ new Date()).toISOString() + " ";
    }
    function log(...args) {
      return process.stderr.write(util.formatWithOptions(exports2.inspectOpts, ...args) + "\n");
    }
    function save(namespaces) {
      if (namespaces) {
        process.env.DEBUG = namespaces;
      } else {
        delete process.env.DEBUG;
      }
    }
    function load() {
      return process.env.DEBUG;
    }
    function init(debug) {
      debug.inspectOpts = {};
      const keys = Object.keys(exports2.inspectOpts);
      for (let i = 0; i < keys.length; i++) {
        debug.inspectOpts[keys[i]] = exports2.inspectOpts[keys[i]];
      }
    }
    module2.exports = require_common()(exports2);
    var { formatters } = module2.exports;
    formatters.o = function(v) {
      this.inspectOpts.colors = this.useColors;
      return util.inspect(v, this.inspectOpts).split("\n").map((str) => str.trim()).join(" ");
    };
    formatters.O = function(v) {
      this.inspectOpts.colors = this.useColors;
      return util.inspect(v, this.inspectOpts);
    };
  }
});

// ../node_modules/debug/src/index.js
var require_src = __commonJS({
  "../node_modules/debug/src/index.js"(exports2, module2) {
    if (typeof process === "undefined" || process.type === "renderer" || process.browser === true || process.__nwjs) {
      module2.exports = require_browser();
    } else {
      module2.exports = require_node();
    }
  }
});

// ../node_modules/module-details-from-path/index.js
var require_module_details_from_path = __commonJS({
  "../node_modules/module-details-from-path/index.js"(exports2, module2) {
    "use strict";
    var sep = require("path").sep;
    module2.exports = function(file) {
      var segments = file.split(sep);
      var index = segments.lastIndexOf("node_modules");
      if (index === -1) return;
      if (!segments[index + 1]) return;
      var scoped = segments[index + 1][0] === "@";
      var name = scoped ? segments[index + 1] + "/" + segments[index + 2] : segments[index + 1];
      var offset = scoped ? 3 : 2;
      var basedir = "";
      var lastBaseDirSegmentIndex = index + offset - 1;
      for (var i = 0; i <= lastBaseDirSegmentIndex; i++) {
        if (i === lastBaseDirSegmentIndex) {
          basedir += segments[i];
        } else {
          basedir += segments[i] + sep;
        }
      }
      var path = "";
      var lastSegmentIndex = segments.length - 1;
      for (var i2 = index + offset; i2 <= lastSegmentIndex; i2++) {
        if (i2 === lastSegmentIndex) {
          path += segments[i2];
        } else {
          path += segments[i2] + sep;
        }
      }
      return {
        name,
        basedir,
        path
      };
    };
  }
});

// ../node_modules/require-in-the-middle/index.js
var require_require_in_the_middle = __commonJS({
  "../node_modules/require-in-the-middle/index.js"(exports2, module2) {
    "use strict";
    var path = require("path");
    var Module = require("module");
    var debug = require_src()("require-in-the-middle");
    var moduleDetailsFromPath = require_module_details_from_path();
    module2.exports = Hook;
    module2.exports.Hook = Hook;
    var builtinModules;
    var isCore;
    if (Module.isBuiltin) {
      isCore = Module.isBuiltin;
    } else if (Module.builtinModules) {
      isCore = (moduleName) => {
        if (moduleName.startsWith("node:")) {
          return true;
        }
        if (builtinModules === void 0) {
          builtinModules = new Set(Module.builtinModules);
        }
        return builtinModules.has(moduleName);
      };
    } else {
      throw new Error("'require-in-the-middle' requires Node.js >=v9.3.0 or >=v8.10.0");
    }
    var normalize = /([/\\]index)?(\.js)?$/;
    var ExportsCache = class {
      constructor() {
        this._localCache = /* @__PURE__ */ new Map();
        this._kRitmExports = /* @__PURE__ */ Symbol("RitmExports");
      }
      has(filename, isBuiltin) {
        if (this._localCache.has(filename)) {
          return true;
        } else if (!isBuiltin) {
          const mod = require.cache[filename];
          return !!(mod && this._kRitmExports in mod);
        } else {
          return false;
        }
      }
      get(filename, isBuiltin) {
        const cachedExports = this._localCache.get(filename);
        if (cachedExports !== void 0) {
          return cachedExports;
        } else if (!isBuiltin) {
          const mod = require.cache[filename];
          return mod && mod[this._kRitmExports];
        }
      }
      set(filename, exports3, isBuiltin) {
        if (isBuiltin) {
          this._localCache.set(filename, exports3);
        } else if (filename in require.cache) {
          require.cache[filename][this._kRitmExports] = exports3;
        } else {
          debug('non-core module is unexpectedly not in require.cache: "%s"', filename);
          this._localCache.set(filename, exports3);
        }
      }
    };
    function Hook(modules, options, onrequire) {
      if (this instanceof Hook === false) return new Hook(modules, options, onrequire);
      if (typeof modules === "function") {
        onrequire = modules;
        modules = null;
        options = null;
      } else if (typeof options === "function") {
        onrequire = options;
        options = null;
      }
      if (typeof Module._resolveFilename !== "function") {
        console.error("Error: Expected Module._resolveFilename to be a function (was: %s) - aborting!", typeof Module._resolveFilename);
        console.error("Please report this error as an issue related to Node.js %s at https://github.com/nodejs/require-in-the-middle/issues", process.version);
        return;
      }
      this._cache = new ExportsCache();
      this._unhooked = false;
      this._origRequire = Module.prototype.require;
      const self = this;
      const patching = /* @__PURE__ */ new Set();
      const internals = options ? options.internals === true : false;
      const hasWhitelist = Array.isArray(modules);
      debug("registering require hook");
      this._require = Module.prototype.require = function(id) {
        if (self._unhooked === true) {
          debug("ignoring require call - module is soft-unhooked");
          return self._origRequire.apply(this, arguments);
        }
        return patchedRequire.call(this, arguments, false);
      };
      if (typeof process.getBuiltinModule === "function") {
        this._origGetBuiltinModule = process.getBuiltinModule;
        this._getBuiltinModule = process.getBuiltinModule = function(id) {
          if (self._unhooked === true) {
            debug("ignoring process.getBuiltinModule call - module is soft-unhooked");
            return self._origGetBuiltinModule.apply(this, arguments);
          }
          return patchedRequire.call(this, arguments, true);
        };
      }
      function patchedRequire(args, coreOnly) {
        const id = args[0];
        const core = isCore(id);
        let filename;
        if (core) {
          filename = id;
          if (id.startsWith("node:")) {
            const idWithoutPrefix = id.slice(5);
            if (isCore(idWithoutPrefix)) {
              filename = idWithoutPrefix;
            }
          }
        } else if (coreOnly) {
          debug("call to process.getBuiltinModule with unknown built-in id");
          return self._origGetBuiltinModule.apply(this, args);
        } else {
          try {
            filename = Module._resolveFilename(id, this);
          } catch (resolveErr) {
            debug('Module._resolveFilename("%s") threw %j, calling original Module.require', id, resolveErr.message);
            return self._origRequire.apply(this, args);
          }
        }
        let moduleName, basedir;
        debug("processing %s module require('%s'): %s", core === true ? "core" : "non-core", id, filename);
        if (self._cache.has(filename, core) === true) {
          debug("returning already patched cached module: %s", filename);
          return self._cache.get(filename, core);
        }
        const isPatching = patching.has(filename);
        if (isPatching === false) {
          patching.add(filename);
        }
        const exports3 = coreOnly ? self._origGetBuiltinModule.apply(this, args) : self._origRequire.apply(this, args);
        if (isPatching === true) {
          debug("module is in the process of being patched already - ignoring: %s", filename);
          return exports3;
        }
        patching.delete(filename);
        if (core === true) {
          if (hasWhitelist === true && modules.includes(filename) === false) {
            debug("ignoring core module not on whitelist: %s", filename);
            return exports3;
          }
          moduleName = filename;
        } else if (hasWhitelist === true && modules.includes(filename)) {
          const parsedPath = path.parse(filename);
          moduleName = parsedPath.name;
          basedir = parsedPath.dir;
        } else {
          const stat2 = moduleDetailsFromPath(filename);
          if (stat2 === void 0) {
            debug("could not parse filename: %s", filename);
            return exports3;
          }
          moduleName = stat2.name;
          basedir = stat2.basedir;
          const fullModuleName = resolveModuleName(stat2);
          debug("resolved filename to module: %s (id: %s, resolved: %s, basedir: %s)", moduleName, id, fullModuleName, basedir);
          let matchFound = false;
          if (hasWhitelist) {
            if (!id.startsWith(".") && modules.includes(id)) {
              moduleName = id;
              matchFound = true;
            }
            if (!modules.includes(moduleName) && !modules.includes(fullModuleName)) {
              return exports3;
            }
            if (modules.includes(fullModuleName) && fullModuleName !== moduleName) {
              moduleName = fullModuleName;
              matchFound = true;
            }
          }
          if (!matchFound) {
            let res;
            try {
              res = require.resolve(moduleName, { paths: [basedir] });
            } catch (e) {
              debug("could not resolve module: %s", moduleName);
              self._cache.set(filename, exports3, core);
              return exports3;
            }
            if (res !== filename) {
              if (internals === true) {
                moduleName = moduleName + path.sep + path.relative(basedir, filename);
                debug("preparing to process require of internal file: %s", moduleName);
              } else {
                debug("ignoring require of non-main module file: %s", res);
                self._cache.set(filename, exports3, core);
                return exports3;
              }
            }
          }
        }
        self._cache.set(filename, exports3, core);
        debug("calling require hook: %s", moduleName);
        const patchedExports = onrequire(exports3, moduleName, basedir);
        self._cache.set(filename, patchedExports, core);
        debug("returning module: %s", moduleName);
        return patchedExports;
      }
    }
    Hook.prototype.unhook = function() {
      this._unhooked = true;
      if (this._require === Module.prototype.require) {
        Module.prototype.require = this._origRequire;
        debug("require unhook successful");
      } else {
        debug("require unhook unsuccessful");
      }
      if (process.getBuiltinModule !== void 0) {
        if (this._getBuiltinModule === process.getBuiltinModule) {
          process.getBuiltinModule = this._origGetBuiltinModule;
          debug("process.getBuiltinModule unhook successful");
        } else {
          debug("process.getBuiltinModule unhook unsuccessful");
        }
      }
    };
    function resolveModuleName(stat2) {
      const normalizedPath = path.sep !== "/" ? stat2.path.split(path.sep).join("/") : stat2.path;
      return path.posix.join(stat2.name, normalizedPath).replace(normalize, "");
    }
  }
});

// src/register.ts
var import_node_fs2 = require("node:fs");
var import_node_module = require("node:module");
var import_node_path3 = require("node:path");
var import_node_worker_threads = require("node:worker_threads");

// src/agent.ts
var import_node_crypto2 = require("node:crypto");

// src/clock.ts
function now() {
  return { wallMs: Date.now(), monotonicMs: performance.now() };
}
function ageMs(moment) {
  if (moment === void 0) return Infinity;
  const present = now();
  return Math.max(present.wallMs - moment.wallMs, present.monotonicMs - moment.monotonicMs);
}
function sleep(ms) {
  return new Promise((resolve3) => {
    setTimeout(resolve3, ms);
  });
}
function every(intervalMs, round) {
  let stopped = false;
  let timer;
  async function run() {
    const begun = performance.now();
    await round();
    if (!stopped) schedule2(Math.max(intervalMs / 10, intervalMs - (performance.now() - begun)));
  }
  function schedule2(delayMs) {
    timer = setTimeout(() => void run(), delayMs).unref();
  }
  schedule2(intervalMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

// src/assignment.ts
function stopReason(row) {
  if (row === void 0) return "it was deleted";
  if (!row.active) return "it was paused";
  return row.owner === null ? "it belongs to no node" : `${row.owner} runs it now`;
}
function startOf(row, before, nodeId) {
  const moved = before !== void 0 && before.owner !== nodeId && before.active;
  return {
    id: row.id,
    from: moved ? before.owner ?? void 0 : void 0,
    resumed: before !== void 0 && !before.active
  };
}
function planAssignment(rows, before, running, nodeId) {
  const start2 = [];
  const check = [];
  for (const row of rows.values()) {
    if (!row.active || row.owner !== nodeId) continue;
    const known = before.get(row.id);
    if (!running.has(row.id)) start2.push(startOf(row, known, nodeId));
    else if (known?.mtime !== row.mtime) check.push(row.id);
  }
  const stop = [...running].flatMap((id) => {
    const row = rows.get(id);
    return row?.active === true && row.owner === nodeId ? [] : [{ id, reason: stopReason(row) }];
  });
  return { start: start2, stop, check };
}
function leastLoaded(nodes, counts) {
  const byLoad = (a, b) => (counts.get(a) ?? 0) - (counts.get(b) ?? 0);
  return [...nodes].sort().sort(byLoad)[0];
}

// src/log.ts
var import_node_util = require("node:util");
function write(level, text, args) {
  console.log(`${(/* @__PURE__ */ new Date()).toISOString()} [CLUSTER] ${level}: ${(0, import_node_util.format)(text, ...args)}`);
}
function info(text, ...args) {
  write("INFO", text, args);
}
function warn(text, ...args) {
  write("WARN", text, args);
}
function error(text, ...args) {
  write("ERROR", text, args);
}
function refuse(reason) {
  error("this node cannot be clustered: %s", reason);
  process.exit(1);
}
function messageOf(thrown) {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message !== "") return thrown.message;
  const { code } = thrown;
  return typeof code === "string" ? code : thrown.name;
}

// src/monitor-store.ts
var BATCH = 200;
var ROW = "SELECT id, active, COALESCE(assigned_node, node_id) AS owner, cluster_mtime AS mtime FROM monitor";
function toRow(raw) {
  return { id: raw.id, active: raw.active === 1, owner: raw.owner, mtime: raw.mtime };
}
async function allMonitors(database) {
  return (await database.query(ROW)).map(toRow);
}
async function changedMonitors(database, mtime) {
  const sql = `${ROW} WHERE cluster_mtime >= CAST(? AS DATETIME(6)) - INTERVAL 3 SECOND`;
  return (await database.query(sql, [mtime])).map(toRow);
}
async function oneMonitor(database, id) {
  const rows = await database.query(`${ROW} WHERE id = ?`, [id]);
  return rows[0] === void 0 ? void 0 : toRow(rows[0]);
}
async function nodeView(database, nodeId) {
  const rows = await database.query(
    `SELECT (SELECT boot_id FROM node WHERE node_id = ?) AS boot_id,
                (SELECT COUNT(*) FROM monitor WHERE owner_node = ? AND active = 1) AS assigned`,
    [nodeId, nodeId]
  );
  return { bootId: rows[0]?.boot_id ?? null, assigned: Number(rows[0]?.assigned ?? 0) };
}
async function activeCounts(database) {
  const rows = await database.query(
    "SELECT owner_node AS owner, COUNT(*) AS count FROM monitor WHERE active = 1 AND owner_node IS NOT NULL GROUP BY owner_node"
  );
  return new Map(rows.map((row) => [row.owner, Number(row.count)]));
}
async function setHome(database, id, nodeId) {
  const sql = "UPDATE monitor SET node_id = ? WHERE id = ? AND node_id IS NULL";
  return await database.change(sql, [nodeId, id]) === 1;
}
async function lastBeats(database, ids) {
  const beats = /* @__PURE__ */ new Map();
  for (let first = 0; first < ids.length; first += BATCH) {
    const rows = await database.query(
      `SELECT beat.monitor_id, beat.status, beat.time, beat.ping,
                    TIMESTAMPDIFF(MICROSECOND, beat.time, UTC_TIMESTAMP(6)) AS age_us
             FROM (SELECT monitor_id, MAX(time) AS time FROM heartbeat WHERE monitor_id IN (?) GROUP BY monitor_id) AS last
             JOIN heartbeat AS beat ON beat.monitor_id = last.monitor_id AND beat.time = last.time`,
      [ids.slice(first, first + BATCH)]
    );
    for (const row of rows) {
      const { time, status, ping } = row;
      beats.set(row.monitor_id, { time, status, ping, ageMs: Number(row.age_us) / 1e3 });
    }
  }
  return beats;
}

// src/ownership.ts
var Ownership = class {
  /** Carries out what a poll found; called after the monitors that are not ours any more are stopped. */
  onPlan = () => void 0;
  /** Called when the node's row is not this process's. */
  onStanding = () => void 0;
  config;
  runs;
  rows = /* @__PURE__ */ new Map();
  lastGood;
  lastFull;
  latestMtime = "";
  flight;
  assignedCount = 0;
  constructor(config, runs) {
    this.config = config;
    this.runs = runs;
  }
  /** Active monitors that this node owns. */
  get assigned() {
    return this.assignedCount;
  }
  /** Milliseconds since the last good poll was begun. */
  get ageMs() {
    return ageMs(this.lastGood);
  }
  /** Whether what is known may still be acted on. */
  get isFresh() {
    return this.ageMs <= this.config.leaseMs;
  }
  /**
   * Reads what changed, or everything when it is time for that, and stops at once what this node no longer owns.
   * Calls at the same time share one poll. Throws when the database does not answer.
   */
  poll(database, bootId) {
    this.flight ??= this.pollOnce(database, bootId).finally(() => {
      this.flight = void 0;
    });
    return this.flight;
  }
  async pollOnce(database, bootId) {
    const begun = now();
    const before = this.rows;
    const [rows, view] = await Promise.all([this.read(database, begun), nodeView(database, this.config.nodeId)]);
    if (view.bootId !== bootId) {
      this.onStanding(view.bootId === null ? "unregistered" : "superseded");
      if (view.bootId !== null) return;
    }
    this.rows = rows;
    this.assignedCount = view.assigned;
    if (this.countOwned() !== view.assigned) this.lastFull = void 0;
    this.apply(before);
    this.lastGood = begun;
  }
  async read(database, begun) {
    const full = ageMs(this.lastFull) >= this.config.fullScanMs || this.latestMtime === "";
    const read = full ? await allMonitors(database) : await changedMonitors(database, this.latestMtime);
    if (full) this.lastFull = begun;
    for (const row of read) if (row.mtime > this.latestMtime) this.latestMtime = row.mtime;
    const rows = full ? /* @__PURE__ */ new Map() : new Map(this.rows);
    for (const row of read) rows.set(row.id, row);
    return rows;
  }
  apply(before) {
    for (const run of this.runs.interrupted()) this.runs.stop(run.id);
    const plan = planAssignment(this.rows, before, this.runs.ids(), this.config.nodeId);
    for (const { id, reason } of plan.stop) {
      this.runs.stop(id);
      info("stopped monitor %d: %s", id, reason);
    }
    this.onPlan(plan);
  }
  countOwned() {
    let count = 0;
    for (const row of this.rows.values()) if (row.active && row.owner === this.config.nodeId) count++;
    return count;
  }
};

// src/runs.ts
var import_node_crypto = require("node:crypto");
var RESULT_COLUMNS = /* @__PURE__ */ new Set(["dns_last_result"]);
function settingsHash(bean) {
  const settings = Object.entries(bean.export(false)).filter(([column]) => !RESULT_COLUMNS.has(column)).sort(([a], [b]) => a < b ? -1 : 1);
  return (0, import_node_crypto.createHash)("sha1").update(JSON.stringify(settings)).digest("hex");
}
function newRun(bean) {
  return {
    id: bean.id,
    bean,
    hash: settingsHash(bean),
    stopped: false,
    interrupted: false,
    databaseError: void 0,
    timer: void 0,
    lastBeatTime: void 0,
    held: []
  };
}
var Runs = class {
  runs = /* @__PURE__ */ new Map();
  byBean = /* @__PURE__ */ new WeakMap();
  get size() {
    return this.runs.size;
  }
  ids() {
    return new Set(this.runs.keys());
  }
  get(id) {
    return this.runs.get(id);
  }
  interrupted() {
    return [...this.runs.values()].filter((run) => run.interrupted);
  }
  /** Adds a run; one of the same monitor that is there already is stopped. */
  add(run) {
    this.stop(run.id);
    this.runs.set(run.id, run);
    this.byBean.set(run.bean, run);
  }
  /** Stops a monitor here. Returns whether it ran. Never throws. */
  stop(id) {
    const run = this.runs.get(id);
    if (run === void 0) return false;
    this.release(run.bean);
    try {
      run.bean.stop();
    } catch (thrown) {
      warn("cannot stop monitor %d: %s", id, messageOf(thrown));
    }
    return true;
  }
  stopAll() {
    for (const id of [...this.runs.keys()]) this.stop(id);
  }
  /** Notes that a bean was stopped, whoever stopped it. */
  release(bean) {
    const run = this.byBean.get(bean);
    if (run === void 0) return;
    run.stopped = true;
    run.held = [];
    clearTimeout(run.timer);
    if (this.runs.get(run.id) === run) this.runs.delete(run.id);
  }
};

// src/agent.ts
function createAgent(config, kumaVersion, kumaRequire) {
  const runs = new Runs();
  return {
    config,
    kumaVersion,
    kumaRequire,
    bootId: (0, import_node_crypto2.randomBytes)(8).toString("hex"),
    begun: now(),
    kuma: {},
    runs,
    ownership: new Ownership(config, runs),
    starting: /* @__PURE__ */ new Set(),
    phase: "starting",
    fenced: 0,
    database: void 0
  };
}
function databaseOf(agent) {
  if (agent.database === void 0) throw new Error("the database is not connected yet");
  return agent.database;
}

// src/config.ts
var import_node_os = require("node:os");
var NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$/;
var HOST = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?$/;
var DEFAULT_PORT = 3001;
var Reader = class {
  mistakes = [];
  environment;
  constructor(environment) {
    this.environment = environment;
  }
  text(name) {
    const value = this.environment[name]?.trim();
    return value === "" ? void 0 : value;
  }
  number(name, fallback, least, most) {
    const value = this.text(name);
    if (value === void 0) return fallback;
    const number = Number(value);
    if (Number.isFinite(number) && number >= least && number <= most) return number;
    this.reject(name, value, `a number from ${least} to ${most}`);
    return fallback;
  }
  flag(name, fallback) {
    const value = this.text(name)?.toLowerCase();
    if (value === void 0) return fallback;
    if (value === "0" || value === "false") return false;
    if (value !== "1" && value !== "true") this.reject(name, value, "1, true, 0 or false");
    return true;
  }
  match(name, fallback, pattern, allowed) {
    const value = this.text(name) ?? fallback;
    if (!pattern.test(value)) this.reject(name, value, allowed);
    return value;
  }
  reject(name, value, allowed) {
    this.mistakes.push(`${name}="${value}" is not valid: allowed is ${allowed}`);
  }
};
function kumaPort(environment, args) {
  const flag = args.map((arg) => /^--port=(\d+)$/.exec(arg)?.[1]).find((port) => port !== void 0);
  const candidates = [flag, environment["UPTIME_KUMA_PORT"], environment["PORT"]];
  return candidates.map((port) => parseInt(port ?? "", 10)).find((port) => !Number.isNaN(port)) ?? DEFAULT_PORT;
}
function readConfig(environment, args, host = (0, import_node_os.hostname)()) {
  const reader = new Reader(environment);
  const nodeId = reader.match(
    "UPTIME_KUMA_NODE_ID",
    host,
    NODE_ID,
    "1 to 50 letters, digits, '_', '.' or '-', beginning with a letter or digit"
  );
  const port = kumaPort(environment, args);
  const nodeHost = reader.match("UPTIME_KUMA_NODE_HOST", `${host}:${port}`, HOST, "host or host:port");
  const config = {
    nodeId,
    nodeName: (reader.text("UPTIME_KUMA_NODE_NAME") ?? nodeId).slice(0, 100),
    nodeHost: /:\d+$/.test(nodeHost) ? nodeHost : `${nodeHost}:${port}`,
    isPrimary: reader.flag("UPTIME_KUMA_PRIMARY", false),
    heartbeatMs: reader.number("NODE_HEARTBEAT_INTERVAL", 30, 1, 3600) * 1e3,
    pollMs: reader.number("CLUSTER_POLL_MS", 1e3, 100, 1e4),
    fullScanMs: reader.number("CLUSTER_FULL_SCAN_MS", 15e3, 1e3, 6e5),
    leaseMs: reader.number("CLUSTER_LEASE_MS", 3e3, 500, 6e4),
    spreadPerSecond: reader.number("CLUSTER_SPREAD_PER_S", 50, 1, 1e4),
    maxSkewMs: reader.number("CLUSTER_MAX_SKEW_MS", 2e3, 200, 6e4),
    mergeMetrics: reader.flag("CLUSTER_METRICS_MERGE", true)
  };
  return reader.mistakes.length > 0 ? { mistakes: reader.mistakes } : { config };
}

// src/fence.ts
var import_node_async_hooks = require("node:async_hooks");

// src/database-errors.ts
var LOST = /* @__PURE__ */ new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
  "PROTOCOL_CONNECTION_LOST",
  "PROTOCOL_SEQUENCE_TIMEOUT",
  "PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR",
  "PROTOCOL_PACKETS_OUT_OF_ORDER",
  "ER_CON_COUNT_ERROR",
  "ER_TOO_MANY_USER_CONNECTIONS",
  "ER_USER_LIMIT_REACHED",
  "ER_SERVER_SHUTDOWN",
  "ER_CONNECTION_KILLED",
  "ER_QUERY_INTERRUPTED",
  "ER_UNKNOWN_COM_ERROR",
  "ER_LOCK_WAIT_TIMEOUT",
  "ER_LOCK_DEADLOCK",
  "ER_OPTION_PREVENTS_STATEMENT",
  "ER_HOST_IS_BLOCKED"
]);
var LOST_MESSAGE = /Timeout acquiring a connection|closed state|Connection lost|Pool is closed|Unable to acquire/i;
function isDatabaseLost(thrown) {
  if (!(thrown instanceof Error)) return false;
  const { code, fatal } = thrown;
  if (fatal === true) return true;
  return typeof code === "string" && LOST.has(code) || LOST_MESSAGE.test(thrown.message);
}
function isConflict(thrown) {
  const code = thrown?.code;
  return code === "ER_LOCK_DEADLOCK" || code === "ER_LOCK_WAIT_TIMEOUT";
}

// src/fence.ts
var context = new import_node_async_hooks.AsyncLocalStorage();
function insideRun(run, work) {
  return context.run(run, work);
}
function currentRun() {
  return context.getStore();
}
function park(agent) {
  agent.fenced++;
  return new Promise(() => void 0);
}
async function inquire(run, question) {
  try {
    return await context.run(void 0, question);
  } catch (thrown) {
    run.interrupted = true;
    throw thrown;
  }
}
async function passFence(agent, run) {
  if (!run.stopped && !agent.ownership.isFresh) {
    await inquire(run, () => agent.ownership.poll(databaseOf(agent), agent.bootId));
  }
  if (run.stopped) await park(agent);
}
async function passFenceForNotification(agent, run) {
  await passFence(agent, run);
  const row = await inquire(run, () => oneMonitor(databaseOf(agent), run.id));
  if (row?.active === true && row.owner === agent.config.nodeId) return;
  agent.runs.stop(run.id);
  await park(agent);
}
function fencedServer(run, io) {
  const fenced = Object.create(io);
  fenced.to = (room) => ({
    emit(event, ...args) {
      if (run.stopped) return true;
      const send2 = () => io.to(room).emit(event, ...args);
      if (event !== "heartbeat") return send2();
      run.held.push(send2);
      return true;
    }
  });
  return fenced;
}
function beginBeat(run) {
  run.held = [];
  run.databaseError = void 0;
}
function endBeat(run) {
  for (const send2 of run.held.splice(0)) send2();
}
function noteDatabaseError(run, thrown) {
  if (!isDatabaseLost(thrown)) return;
  run.interrupted = true;
  run.databaseError ??= messageOf(thrown);
}

// src/wrap.ts
var ORIGINAL = /* @__PURE__ */ Symbol("original");
function isWrapped(target, name) {
  const method = target[name];
  return typeof method === "function" && method[ORIGINAL] !== void 0;
}
function wrap(target, name, make) {
  const original = target[name];
  if (typeof original !== "function") return `${name} is not a function`;
  if (isWrapped(target, name)) return void 0;
  const wrapper = make(original);
  wrapper[ORIGINAL] = original;
  target[name] = wrapper;
  return void 0;
}
function unwrap(target, name) {
  const original = target[name]?.[ORIGINAL];
  if (original !== void 0) target[name] = original;
}
function firstProblem(...results) {
  return results.find((result) => result !== void 0);
}

// src/hooks/hook.ts
function member(exports2, name) {
  return exports2?.[name];
}

// src/hooks/calculator.ts
function shareInit(calculator) {
  const pending = /* @__PURE__ */ new Map();
  return wrap(calculator, "getUptimeCalculator", (original) => {
    return function(id) {
      const shared = pending.get(id);
      if (shared !== void 0) return shared;
      if (calculator.list[id] !== void 0) return original.call(calculator, id);
      const ready = original.call(calculator, id).catch((thrown) => {
        delete calculator.list[id];
        throw thrown;
      });
      pending.set(id, ready);
      const forget = () => void pending.delete(id);
      ready.then(forget, forget);
      return ready;
    };
  });
}
function fenceUpdate(calculator, agent) {
  const last = /* @__PURE__ */ new WeakMap();
  return wrap(calculator.prototype, "update", (original) => {
    return async function(...args) {
      const run = currentRun();
      if (run?.id === this.monitorID) await passFence(agent, run);
      const count = () => original.apply(this, args);
      const counted = (last.get(this) ?? Promise.resolve()).then(count, count);
      last.set(this, counted);
      try {
        return await counted;
      } catch (thrown) {
        await calculator.remove(this.monitorID);
        throw thrown;
      }
    };
  });
}
var calculatorHook = {
  module: "uptime-calculator.js",
  essential: false,
  patch(exports2, agent) {
    const calculator = member(exports2, "UptimeCalculator");
    if (calculator === void 0) return "it does not export UptimeCalculator";
    if (typeof calculator.remove !== "function") return "UptimeCalculator.remove is not a function";
    const problem = firstProblem(shareInit(calculator), fenceUpdate(calculator, agent));
    if (problem === void 0) agent.kuma.forgetStatistics = (id) => calculator.remove(id);
    return problem;
  },
  unpatch(exports2) {
    const calculator = member(exports2, "UptimeCalculator");
    if (calculator === void 0) return;
    unwrap(calculator, "getUptimeCalculator");
    unwrap(calculator.prototype, "update");
  }
};

// src/database.ts
var CONNECT_TIMEOUT_MS = 5e3;
var QUERY_TIMEOUT_MS = 5e3;
var LOCK_TIMEOUT_S = 10;
var POOL_SIZE = 4;
function serverOptions(config) {
  return {
    ...config.socketPath === void 0 || config.socketPath === "" ? {} : { socketPath: config.socketPath },
    host: config.hostname,
    port: Number(config.port ?? 3306),
    user: config.username,
    password: config.password,
    connectTimeout: CONNECT_TIMEOUT_MS,
    ...config.ssl === true ? { ssl: { rejectUnauthorized: true, ...config.ca === void 0 ? {} : { ca: [config.ca] } } } : {}
  };
}
var Database = class _Database {
  pool;
  prepared = /* @__PURE__ */ new WeakSet();
  lostSince;
  constructor(pool) {
    this.pool = pool;
  }
  /** Creates the database if there is none, as Kuma does, and a pool for it. Throws what mysql2 throws. */
  static async open(mysql, config, name) {
    const connection = await mysql.createConnection(serverOptions(config));
    try {
      const sql = `CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(name, true)} CHARACTER SET utf8mb4`;
      await connection.query({ sql });
    } finally {
      await connection.end();
    }
    const pool = mysql.createPool({
      ...serverOptions(config),
      database: name,
      charset: "utf8mb4",
      dateStrings: true,
      connectionLimit: POOL_SIZE
    });
    return new _Database(pool);
  }
  /** Whether the last statement failed because the database could not be reached. */
  get isLost() {
    return this.lostSince !== void 0;
  }
  /** Runs a statement that returns rows. Throws what mysql2 throws; a TIMESTAMP comes as a string in UTC. */
  async query(sql, values = []) {
    return await this.run(sql, values, QUERY_TIMEOUT_MS);
  }
  /** Runs a statement that changes rows and returns how many it matched. Throws what mysql2 throws. */
  async change(sql, values = []) {
    return (await this.run(sql, values, QUERY_TIMEOUT_MS)).affectedRows;
  }
  /** Runs a statement that may take long, like an ALTER TABLE. Throws what mysql2 throws. */
  async define(sql) {
    await this.run(sql, [], void 0);
  }
  async run(sql, values, timeout) {
    try {
      const result = await this.runOnce(sql, values, timeout);
      this.noteBack();
      return result;
    } catch (thrown) {
      if (isDatabaseLost(thrown)) this.noteLost(thrown);
      throw thrown;
    }
  }
  async runOnce(sql, values, timeout) {
    const connection = await this.lend();
    try {
      await this.prepare(connection);
      const [result] = await connection.query({ sql, values, ...timeout === void 0 ? {} : { timeout } });
      connection.release();
      return result;
    } catch (thrown) {
      if (isDatabaseLost(thrown)) connection.destroy();
      else connection.release();
      throw thrown;
    }
  }
  /** A connection of the pool, which itself sets no limit to the wait for one. */
  async lend() {
    const lent = this.pool.getConnection();
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => {
        lent.then(
          (connection) => connection.release(),
          () => void 0
        );
        reject(Object.assign(new Error("no connection to the database in time"), { code: "ETIMEDOUT" }));
      }, CONNECT_TIMEOUT_MS + QUERY_TIMEOUT_MS);
    });
    return Promise.race([lent, late]).finally(() => clearTimeout(timer));
  }
  async prepare(connection) {
    const raw = connection.connection ?? connection;
    if (this.prepared.has(raw)) return;
    const sql = `SET time_zone = '+00:00', lock_wait_timeout = ${LOCK_TIMEOUT_S}`;
    await connection.query({ sql, timeout: QUERY_TIMEOUT_MS });
    this.prepared.add(raw);
  }
  noteLost(thrown) {
    if (this.lostSince !== void 0) return;
    this.lostSince = now();
    error("database lost: %s", messageOf(thrown));
  }
  noteBack() {
    if (this.lostSince === void 0) return;
    info("database is back after %d s", Math.round(ageMs(this.lostSince) / 1e3));
    this.lostSince = void 0;
  }
};

// src/node-store.ts
async function readNode(database, nodeId) {
  const rows = await database.query(
    `SELECT node_id, host, boot_id, status, last_seen, TIMESTAMPDIFF(MICROSECOND, last_seen, NOW(6)) AS silent_us
         FROM node WHERE node_id = ?`,
    [nodeId]
  );
  const row = rows[0];
  if (row === void 0) return void 0;
  return {
    nodeId: row.node_id,
    host: row.host,
    bootId: row.boot_id,
    status: row.status,
    lastSeen: row.last_seen,
    silentMs: row.silent_us === null ? Infinity : Number(row.silent_us) / 1e3
  };
}
async function registerNode(database, node) {
  await database.change(
    `INSERT INTO node (node_id, node_name, host, status, is_primary, version, boot_id, last_seen, status_since)
         VALUES (?, ?, ?, 'recovering', ?, ?, ?, NOW(6), NOW(6))
         ON DUPLICATE KEY UPDATE node_name = VALUES(node_name), host = VALUES(host), status = 'recovering',
             is_primary = VALUES(is_primary), version = VALUES(version), boot_id = VALUES(boot_id),
             monitors_running = 0, last_seen = NOW(6), status_since = NOW(6)`,
    [node.nodeId, node.nodeName, node.nodeHost, node.isPrimary ? 1 : 0, node.kumaVersion, node.bootId]
  );
}
async function touchNode(database, nodeId, bootId, monitorsRunning) {
  await database.change(
    "UPDATE node SET last_seen = NOW(6), monitors_running = ? WHERE node_id = ? AND boot_id = ?",
    [monitorsRunning, nodeId, bootId]
  );
}
async function markOffline(database, nodeId, bootId) {
  await database.change(
    `UPDATE node SET status = 'offline', status_since = NOW(6), last_seen = NOW(6), monitors_running = 0
         WHERE node_id = ? AND boot_id = ?`,
    [nodeId, bootId]
  );
}
async function nodeStatuses(database) {
  const rows = await database.query("SELECT node_id, status FROM node");
  return new Map(rows.map((row) => [row.node_id, row.status]));
}
async function otherNodes(database, nodeId) {
  const sql = "SELECT node_id AS nodeId, host FROM node WHERE node_id <> ? AND status <> 'offline' ORDER BY node_id";
  return database.query(sql, [nodeId]);
}

// src/heartbeat.ts
function startHeartbeat(agent) {
  return every(agent.config.heartbeatMs, async () => {
    if (agent.phase === "leaving") return;
    try {
      await touchNode(databaseOf(agent), agent.config.nodeId, agent.bootId, agent.runs.size);
    } catch (thrown) {
      if (!isDatabaseLost(thrown)) error("cannot write the node's heartbeat: %s", messageOf(thrown));
    }
  });
}

// src/lease.ts
var import_node_crypto3 = require("node:crypto");

// src/lease-store.ts
async function createLeaseRow(database, name) {
  await database.change("INSERT IGNORE INTO cluster_lease (name) VALUES (?)", [name]);
}
async function takeLease(database, name, holder2, session, expirySeconds) {
  const taken = await database.change(
    `UPDATE cluster_lease SET holder = ?, session = ?, epoch = epoch + 1, renewed_at = NOW(6)
         WHERE name = ? AND (session = '' OR renewed_at < NOW(6) - INTERVAL ? SECOND)`,
    [holder2, session, name, expirySeconds]
  );
  return taken === 1;
}
async function renewLease(database, name, session) {
  const sql = "UPDATE cluster_lease SET renewed_at = NOW(6) WHERE name = ? AND session = ?";
  return await database.change(sql, [name, session]) === 1;
}
async function dropLease(database, name, session) {
  await database.change("UPDATE cluster_lease SET holder = '', session = '' WHERE name = ? AND session = ?", [
    name,
    session
  ]);
}
async function leaseHolder(database, name) {
  const rows = await database.query("SELECT holder FROM cluster_lease WHERE name = ?", [name]);
  return rows[0]?.holder ?? "";
}

// src/lease.ts
var EXPIRY_SECONDS = 15;
var RENEW_MS = 3e3;
var RETRY_MS = 500;
async function tryTake(database, name, holder2, session) {
  try {
    return await takeLease(database, name, holder2, session, EXPIRY_SECONDS);
  } catch (thrown) {
    if (isConflict(thrown)) return false;
    throw thrown;
  }
}
async function waitForLease(database, name, holder2, session) {
  await createLeaseRow(database, name);
  const begun = now();
  let announced = false;
  while (!await tryTake(database, name, holder2, session)) {
    if (!announced) info("waiting for the %s lease, held by %s", name, await leaseHolder(database, name));
    announced = true;
    await sleep(RETRY_MS * (0.5 + Math.random()));
  }
  if (announced) info("got the %s lease after %d s", name, Math.round(ageMs(begun) / 1e3));
}
async function acquireLease(database, name, holder2, onLost) {
  const session = (0, import_node_crypto3.randomBytes)(8).toString("hex");
  await waitForLease(database, name, holder2, session);
  let renewed = now();
  let done = false;
  const stop = every(RENEW_MS, async () => {
    const begun = now();
    try {
      if (!await renewLease(database, name, session)) lose("another node took it");
      renewed = begun;
    } catch (thrown) {
      if (ageMs(renewed) > EXPIRY_SECONDS * 1e3) lose(messageOf(thrown));
    }
  });
  function lose(reason) {
    if (done) return;
    stop();
    onLost(`the ${name} lease is lost: ${reason}`);
  }
  return {
    async release() {
      done = true;
      stop();
      await dropLease(database, name, session).catch(() => void 0);
    }
  };
}

// src/node-registration.ts
var import_node_http = require("node:http");
var PROBE_TIMEOUT_MS = 2e3;
var WAIT_STEP_MS = 1e3;
var MISSED_BEATS = 2;
function probe(host) {
  return new Promise((resolve3) => {
    const request = (0, import_node_http.get)(`http://${host}/api/v1/health`, { timeout: PROBE_TIMEOUT_MS, agent: false }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => body += chunk);
      response.on("end", () => resolve3(readBootId(body)));
    });
    request.on("timeout", () => request.destroy(new Error("timeout")));
    request.on("error", (error2) => {
      resolve3(error2.code === "ECONNREFUSED" ? "refused" : "unknown");
    });
  });
}
function readBootId(body) {
  try {
    const { boot_id: bootId } = JSON.parse(body);
    return typeof bootId === "string" ? { bootId } : "unknown";
  } catch {
    return "unknown";
  }
}
async function beatsAgain(agent, row) {
  const begun = now();
  while (ageMs(begun) < agent.config.heartbeatMs + MISSED_BEATS * WAIT_STEP_MS) {
    await sleep(WAIT_STEP_MS);
    const present = await readNode(databaseOf(agent), agent.config.nodeId);
    if (present !== void 0 && present.lastSeen !== row.lastSeen) return true;
  }
  return false;
}
async function lives(agent, row) {
  if (row.bootId === null || row.silentMs > MISSED_BEATS * agent.config.heartbeatMs) return false;
  const answer = await probe(row.host);
  if (answer === "refused") return false;
  if (answer !== "unknown") return answer.bootId === row.bootId;
  return row.status !== "offline" && await beatsAgain(agent, row);
}
async function identityConflict(agent) {
  const { nodeId } = agent.config;
  const row = await readNode(databaseOf(agent), nodeId);
  if (row === void 0) return void 0;
  if (row.nodeId !== nodeId) return `UPTIME_KUMA_NODE_ID is ${nodeId}, but there is a node ${row.nodeId} already`;
  if (!await lives(agent, row)) return void 0;
  return `a process at ${row.host} already runs as node ${nodeId}; every node needs its own UPTIME_KUMA_NODE_ID`;
}
function registerThisNode(agent) {
  const { nodeId, nodeName, nodeHost, isPrimary } = agent.config;
  return registerNode(databaseOf(agent), {
    nodeId,
    nodeName,
    nodeHost,
    isPrimary,
    kumaVersion: agent.kumaVersion,
    bootId: agent.bootId
  });
}

// src/ddl.ts
var CLUSTER_DDL = [
  "CREATE TABLE IF NOT EXISTS cluster_lease ( name VARCHAR(64) NOT NULL PRIMARY KEY, holder VARCHAR(100) NOT NULL DEFAULT '', session VARCHAR(64) NOT NULL DEFAULT '', epoch BIGINT UNSIGNED NOT NULL DEFAULT 0, renewed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS node ( node_id VARCHAR(50) NOT NULL PRIMARY KEY, node_name VARCHAR(100) NOT NULL DEFAULT '', host VARCHAR(255) NOT NULL DEFAULT '', status VARCHAR(16) NOT NULL DEFAULT 'recovering', is_primary TINYINT NOT NULL DEFAULT 0, region VARCHAR(64) NULL, weight SMALLINT UNSIGNED NOT NULL DEFAULT 100, version VARCHAR(64) NULL, last_seen TIMESTAMP(6) NULL DEFAULT NULL, last_error VARCHAR(500) NULL, status_since TIMESTAMP(6) NULL DEFAULT NULL, created_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), modified_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "ALTER TABLE node ADD COLUMN IF NOT EXISTS is_primary TINYINT NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS region VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS weight SMALLINT UNSIGNED NOT NULL DEFAULT 100, ADD COLUMN IF NOT EXISTS version VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS last_seen TIMESTAMP(6) NULL DEFAULT NULL, ADD COLUMN IF NOT EXISTS last_error VARCHAR(500) NULL, ADD COLUMN IF NOT EXISTS status_since TIMESTAMP(6) NULL DEFAULT NULL, ADD COLUMN IF NOT EXISTS boot_id VARCHAR(32) NULL, ADD COLUMN IF NOT EXISTS monitors_running INT UNSIGNED NOT NULL DEFAULT 0",
  "CREATE TABLE IF NOT EXISTS cluster_event ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), type VARCHAR(40) NOT NULL, node_id VARCHAR(50) NULL, monitor_id INT UNSIGNED NULL, epoch BIGINT UNSIGNED NULL, actor VARCHAR(100) NOT NULL DEFAULT '', detail LONGTEXT NULL, KEY at (at), KEY type_at (type, at) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_file ( name VARCHAR(191) NOT NULL PRIMARY KEY, mtime BIGINT UNSIGNED NOT NULL, data LONGBLOB NOT NULL ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
];
var MONITOR_DDL = [
  "ALTER TABLE monitor ADD COLUMN IF NOT EXISTS node_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL INVISIBLE, ADD COLUMN IF NOT EXISTS assigned_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL INVISIBLE, ADD COLUMN IF NOT EXISTS owner_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin AS (COALESCE(assigned_node, node_id)) STORED INVISIBLE, ADD COLUMN IF NOT EXISTS cluster_mtime TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) INVISIBLE, ADD INDEX IF NOT EXISTS cluster_owner (owner_node, active), ADD INDEX IF NOT EXISTS cluster_mtime (cluster_mtime)"
];

// src/schema-store.ts
async function tableNames(database) {
  const rows = await database.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()"
  );
  return new Set(rows.map((row) => row.name));
}
async function columnNames(database, table) {
  const rows = await database.query(
    `SELECT column_name AS name FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = ?`,
    [table]
  );
  return new Set(rows.map((row) => row.name));
}
async function indexNames(database, table) {
  const rows = await database.query(
    `SELECT DISTINCT index_name AS name FROM information_schema.statistics
         WHERE table_schema = DATABASE() AND table_name = ?`,
    [table]
  );
  return new Set(rows.map((row) => row.name));
}
async function serverVersion(database) {
  const rows = await database.query("SELECT VERSION() AS version");
  return rows[0]?.version ?? "";
}
async function databaseTimeMs(database) {
  const rows = await database.query("SELECT UNIX_TIMESTAMP(NOW(6)) AS seconds");
  return Number(rows[0]?.seconds) * 1e3;
}
async function freeMigrationLock(database) {
  return await database.change("UPDATE knex_migrations_lock SET is_locked = 0 WHERE is_locked = 1") > 0;
}

// src/supported.ts
var SUPPORTED_KUMA = { least: "2.0.0-dev.0", below: "3.0.0" };
var LEAST_MARIADB = [10, 3, 3];
function kumaLimitation(version) {
  if (/^2\.\d+\.\d+/.test(version)) return void 0;
  return `Uptime Kuma ${version} is not supported: it must be at least ${SUPPORTED_KUMA.least} and below ${SUPPORTED_KUMA.below}`;
}
function serverLimitation(version) {
  if (!/mariadb/i.test(version)) {
    return `the database server is not MariaDB (its version is ${version}): the cluster needs MariaDB's INVISIBLE columns`;
  }
  const numbers = version.replace(/^5\.5\.5-/, "").split(/[.-]/).slice(0, 3).map(Number);
  for (const [index, least] of LEAST_MARIADB.entries()) {
    const number = numbers[index] ?? 0;
    if (number > least) return void 0;
    if (number < least)
      return `MariaDB ${version} has no INVISIBLE columns: ${LEAST_MARIADB.join(".")} or newer is needed`;
  }
  return void 0;
}

// src/schema.ts
var WARN_SKEW_MS = 200;
var SKEW_SAMPLES = 3;
var DEFINE_ATTEMPTS = 5;
var DEFINE_PAUSE_MS = 200;
var KUMA_TABLES = [
  "docker_host",
  "group",
  "proxy",
  "user",
  "monitor",
  "heartbeat",
  "incident",
  "maintenance",
  "status_page",
  "monitor_group",
  "monitor_maintenance",
  "notification",
  "monitor_notification",
  "tag",
  "monitor_tag",
  "monitor_tls_info",
  "notification_sent_history",
  "setting",
  "api_key"
];
function names(sql, pattern) {
  return [...sql.matchAll(pattern)].map((match) => match[1] ?? "");
}
async function isNeeded(database, sql) {
  const table = /^ALTER TABLE (\w+)/.exec(sql)?.[1];
  if (table === void 0) return true;
  const columns = await columnNames(database, table);
  if (names(sql, /ADD COLUMN IF NOT EXISTS (\w+)/g).some((column) => !columns.has(column))) return true;
  const indexes = await indexNames(database, table);
  return names(sql, /ADD INDEX IF NOT EXISTS (\w+)/g).some((index) => !indexes.has(index));
}
async function define(database, sql) {
  for (let attempt = 1; await isNeeded(database, sql); attempt++) {
    try {
      return await database.define(sql);
    } catch (thrown) {
      if (!isConflict(thrown) || attempt === DEFINE_ATTEMPTS) throw thrown;
    }
    await sleep(attempt * DEFINE_PAUSE_MS);
  }
}
async function apply(database, statements) {
  for (const sql of statements) await define(database, sql);
}
function createClusterTables(database) {
  return apply(database, CLUSTER_DDL);
}
function extendMonitorTable(database) {
  return apply(database, MONITOR_DDL);
}
async function databaseLimitation(database) {
  return serverLimitation(await serverVersion(database));
}
async function halfMadeTables(database) {
  const tables = await tableNames(database);
  const missing = KUMA_TABLES.filter((table) => !tables.has(table));
  if (missing.length === 0 || missing.length === KUMA_TABLES.length) return void 0;
  return `the first start of a node did not finish: ${KUMA_TABLES.length - missing.length} of Uptime Kuma's tables are there, ${missing.length} are missing (${missing.slice(0, 3).join(", ")}${missing.length > 3 ? ", ..." : ""}). Drop the database, or restore a backup, then start again`;
}
async function freeMigrations(database) {
  if (!(await tableNames(database)).has("knex_migrations_lock")) return;
  if (await freeMigrationLock(database)) warn("freed the migrations from the lock of a node that was killed");
}
async function clockSkewMs(database) {
  let best = { roundTripMs: Infinity, skewMs: 0 };
  for (let sample = 0; sample < SKEW_SAMPLES; sample++) {
    const sent = now();
    const databaseMs = await databaseTimeMs(database);
    const roundTripMs = ageMs(sent);
    if (roundTripMs < best.roundTripMs) best = { roundTripMs, skewMs: sent.wallMs + roundTripMs / 2 - databaseMs };
  }
  return best.skewMs;
}
async function clockLimitation(database, maxSkewMs) {
  const skewMs = await clockSkewMs(database);
  const text = `this host's clock is ${Math.abs(Math.round(skewMs))} ms ${skewMs > 0 ? "ahead of" : "behind"} the database's`;
  if (Math.abs(skewMs) > maxSkewMs) return `${text}: set the clocks (NTP), ${maxSkewMs} ms are allowed`;
  if (Math.abs(skewMs) > WARN_SKEW_MS) warn("%s: set the clocks (NTP)", text);
  return void 0;
}

// src/boot.ts
var bootLease;
var PORT_TAKEN = /* @__PURE__ */ new Set(["EADDRINUSE", "EACCES", "EADDRNOTAVAIL"]);
function giveUp(thrown) {
  error("cannot start: %s", messageOf(thrown));
  process.exit(1);
}
function endOnFailure(thrown) {
  const { code, sqlState } = Object(thrown);
  const isFatal = isDatabaseLost(thrown) || typeof sqlState === "string" || PORT_TAKEN.has(String(code));
  if (isFatal) void abandonBoot().then(() => giveUp(thrown));
}
function watchFailures(on) {
  for (const event of ["unhandledRejection", "uncaughtException"]) {
    process.off(event, endOnFailure);
    if (on) process.on(event, endOnFailure);
  }
}
function configLimitation(config) {
  if (config.type !== "mariadb")
    return `its database is of the type "${config.type}", but all nodes must share one MariaDB`;
  if (config.dbName === void 0 || config.dbName === "") return "db-config.json does not name a database (dbName)";
  return void 0;
}
function refuseIf(reason) {
  if (reason !== void 0) refuse(reason);
}
async function beginBoot(agent, config) {
  refuseIf(configLimitation(config));
  watchFailures(true);
  const mysql = agent.kumaRequire("mysql2/promise");
  const database = await Database.open(mysql, config, config.dbName ?? "");
  agent.database = database;
  refuseIf(await databaseLimitation(database));
  refuseIf(await clockLimitation(database, agent.config.maxSkewMs));
  await createClusterTables(database);
  refuseIf(await identityConflict(agent));
  bootLease = await acquireLease(database, "boot", agent.config.nodeId, (reason) => refuse(reason));
  const unfinished = await halfMadeTables(database);
  if (unfinished === void 0) return freeMigrations(database);
  await abandonBoot();
  refuse(unfinished);
}
async function finishBoot(agent) {
  await extendMonitorTable(databaseOf(agent));
  await registerThisNode(agent);
  startHeartbeat(agent);
  await abandonBoot();
  watchFailures(false);
  info("node %s is registered at %s", agent.config.nodeId, agent.config.nodeHost);
}
async function abandonBoot() {
  await bootLease?.release();
  bootLease = void 0;
}

// src/shutdown.ts
async function leave(agent) {
  if (agent.phase === "leaving") return;
  agent.phase = "leaving";
  const monitors = agent.runs.size;
  agent.runs.stopAll();
  try {
    if (agent.database !== void 0) await markOffline(agent.database, agent.config.nodeId, agent.bootId);
    info("node %s leaves: %d monitors stopped", agent.config.nodeId, monitors);
  } catch (thrown) {
    warn("cannot say that node %s leaves: %s", agent.config.nodeId, messageOf(thrown));
  }
  agent.kuma.server?.io.engine?.close();
}
function leaveOnSignals(agent) {
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void leave(agent));
}

// src/hooks/database.ts
var connected = false;
var databaseHook = {
  module: "database.js",
  essential: true,
  patch(exports2, agent) {
    const database = exports2;
    return firstProblem(
      wrap(database, "readDBConfig", (original) => {
        return function() {
          const config = original.call(this);
          if (config.database !== void 0) config.dbName ??= config.database;
          return config;
        };
      }),
      wrap(database, "connect", (original) => {
        return async function(...args) {
          if (connected) return original.apply(this, args);
          connected = true;
          await beginBoot(agent, this.readDBConfig()).catch(giveUp);
          leaveOnSignals(agent);
          return original.apply(this, args).catch(endBoot);
        };
      }),
      wrap(database, "patch", (original) => {
        return function(...args) {
          return original.apply(this, args).catch(endBoot);
        };
      })
    );
  },
  unpatch(exports2) {
    const database = exports2;
    unwrap(database, "readDBConfig");
    unwrap(database, "connect");
    unwrap(database, "patch");
  }
};
async function endBoot(thrown) {
  const code = thrown.code;
  if (code === "ER_TABLE_EXISTS_ERROR" || code === "ER_DUP_FIELDNAME" || code === "ER_DUP_KEYNAME") {
    error(
      "a node was stopped in the middle of a migration, which has to be undone first: restore a backup, or drop the database if it is new (%s)",
      messageOf(thrown)
    );
  }
  await abandonBoot();
  giveUp(thrown);
}

// src/peers/uploads.ts
var import_promises = require("node:fs/promises");
var import_node_path = require("node:path");

// src/peers/file-store.ts
async function storeFile(database, name, file) {
  await database.change(
    `INSERT INTO cluster_file (name, mtime, data) VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE data = IF(VALUES(mtime) > mtime, VALUES(data), data),
             mtime = GREATEST(mtime, VALUES(mtime))`,
    [name, file.mtime, file.data]
  );
}
async function storeMissingFile(database, name, file) {
  const sql = "INSERT IGNORE INTO cluster_file (name, mtime, data) VALUES (?, ?, ?)";
  return await database.change(sql, [name, file.mtime, file.data]) === 1;
}
async function fileNames(database) {
  const rows = await database.query("SELECT name FROM cluster_file");
  return new Set(rows.map((row) => row.name));
}
async function youngerFile(database, name, mtime) {
  const sql = "SELECT mtime, data FROM cluster_file WHERE name = ? AND mtime > ?";
  const rows = await database.query(sql, [name, mtime]);
  return rows[0] === void 0 ? void 0 : { mtime: Number(rows[0].mtime), data: rows[0].data };
}
async function dropOrphanedIcons(database) {
  await database.change(
    `DELETE FROM cluster_file WHERE name REGEXP '^logo[0-9]+[.]png$'
         AND name NOT IN (SELECT CONCAT('logo', id, '.png') FROM status_page)`
  );
}

// src/peers/uploads.ts
var SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,190}$/;
var LARGEST_BYTES = 16 << 20;
var copying = /* @__PURE__ */ new Map();
function uploadFolder(agent) {
  const folder = agent.kumaRequire("./database").uploadDir;
  return folder === void 0 ? void 0 : (0, import_node_path.resolve)(folder);
}
async function changedAt(path) {
  return (0, import_promises.stat)(path).then(
    ({ mtimeMs }) => Math.round(mtimeMs),
    () => 0
  );
}
async function setChangedAt(path, mtime) {
  await (0, import_promises.utimes)(path, mtime / 1e3, mtime / 1e3);
}
async function copyHere(agent, path) {
  const file = await youngerFile(databaseOf(agent), (0, import_node_path.basename)(path), await changedAt(path));
  if (file === void 0) return;
  const part = (0, import_node_path.join)((0, import_node_path.dirname)(path), `.${(0, import_node_path.basename)(path)}.${process.pid}`);
  try {
    await (0, import_promises.writeFile)(part, file.data);
    await setChangedAt(part, file.mtime);
    await (0, import_promises.rename)(part, path);
  } catch (thrown) {
    await (0, import_promises.rm)(part, { force: true });
    throw thrown;
  }
}
async function refresh(agent, name) {
  const folder = uploadFolder(agent);
  if (folder === void 0 || !SAFE_NAME.test(name) || agent.database?.isLost === true) return;
  const copy = copying.get(name) ?? copyHere(agent, (0, import_node_path.join)(folder, name)).finally(() => copying.delete(name));
  copying.set(name, copy);
  try {
    await copy;
  } catch (thrown) {
    if (!isDatabaseLost(thrown)) warn("cannot copy the upload %s: %s", name, messageOf(thrown));
  }
}
function addUploadRoute(agent, app) {
  app.get("/upload/:name", (request, _response, next) => {
    void refresh(agent, request.params["name"] ?? "").then(() => next());
  });
}
async function shareUpload(agent, path) {
  const name = (0, import_node_path.basename)(path);
  if ((0, import_node_path.dirname)((0, import_node_path.resolve)(path)) !== uploadFolder(agent) || !SAFE_NAME.test(name)) return;
  try {
    const data = await (0, import_promises.readFile)(path);
    if (data.length > LARGEST_BYTES) throw new Error(`it is larger than ${LARGEST_BYTES >> 20} MB`);
    const mtime = Math.floor(await databaseTimeMs(databaseOf(agent)));
    await storeFile(databaseOf(agent), name, { mtime, data });
    await setChangedAt(path, mtime);
    await dropOrphanedIcons(databaseOf(agent));
  } catch (thrown) {
    warn("cannot share the upload %s, only this node has it: %s", name, messageOf(thrown));
  }
}
async function shareOld(agent, folder) {
  const database = databaseOf(agent);
  const stored = await fileNames(database);
  for (const name of await (0, import_promises.readdir)(folder)) {
    const path = (0, import_node_path.join)(folder, name);
    if (stored.has(name) || !SAFE_NAME.test(name)) continue;
    const state = await (0, import_promises.stat)(path);
    if (!state.isFile() || state.size > LARGEST_BYTES) continue;
    const mtime = Math.min(Math.round(state.mtimeMs), Math.floor(await databaseTimeMs(database)));
    if (await storeMissingFile(database, name, { mtime, data: await (0, import_promises.readFile)(path) }))
      await setChangedAt(path, mtime);
  }
  await dropOrphanedIcons(database);
}
async function shareOldUploads(agent) {
  try {
    const folder = uploadFolder(agent);
    if (folder !== void 0) await shareOld(agent, folder);
  } catch (thrown) {
    warn("cannot share the uploads of this node: %s", messageOf(thrown));
  }
}

// src/hooks/image-data-uri.ts
var imageDataUriHook = {
  module: "image-data-uri.js",
  essential: false,
  patch(exports2, agent) {
    return wrap(exports2, "outputFile", (original) => {
      return async function(dataUri, path) {
        const result = await original.call(this, dataUri, path);
        await shareUpload(agent, path);
        return result;
      };
    });
  },
  unpatch(exports2) {
    unwrap(exports2, "outputFile");
  }
};

// src/claim.ts
var queue = Promise.resolve();
async function giveHome(agent, id) {
  const database = databaseOf(agent);
  const row = await oneMonitor(database, id);
  if (row === void 0 || row.owner !== null) return row?.owner ?? null;
  const [statuses, counts] = await Promise.all([nodeStatuses(database), activeCounts(database)]);
  const online = [...statuses].filter(([, status]) => status === "online").map(([node]) => node);
  const home = leastLoaded(online, counts) ?? agent.config.nodeId;
  if (await setHome(database, id, home)) return home;
  return (await oneMonitor(database, id))?.owner ?? null;
}
function ownerOrClaim(agent, id) {
  const turn = queue.then(() => giveHome(agent, id));
  queue = turn.catch(() => void 0);
  return turn;
}

// src/gauges.ts
var LOOK_BACK_MS = 3e5;
var saidProblem = false;
function isRecent(run, beat) {
  return beat.ageMs <= Math.max(LOOK_BACK_MS, 2e3 * run.bean.interval);
}
async function show(gauges, run, { status, ping }) {
  const tags = gauges.length > 1 ? await run.bean.getTags() : [];
  if (run.stopped || run.bean.prometheus !== void 0) return;
  const shown = new gauges(run.bean, tags);
  run.bean.prometheus = shown;
  shown.update({ status, ping }, void 0);
}
async function showLastBeats(agent, runs, last) {
  try {
    const { Prometheus } = agent.kumaRequire("./prometheus");
    for (const run of runs) {
      const beat = last.get(run.id);
      if (beat !== void 0 && isRecent(run, beat)) await show(Prometheus, run, beat);
    }
  } catch (thrown) {
    if (saidProblem) return;
    saidProblem = true;
    warn("cannot show the last beats of monitors among the metrics: %s", messageOf(thrown));
  }
}

// src/schedule.ts
var PENDING = 2;
function currentIntervalMs(timing) {
  const retries = timing.last?.status === PENDING && timing.retryIntervalSeconds > 0;
  return Math.max(1, retries ? timing.retryIntervalSeconds : timing.intervalSeconds) * 1e3;
}
function startDelayMs(timing) {
  if (timing.type === "push") return 0;
  const intervalMs = currentIntervalMs(timing);
  const dueMs = timing.last === void 0 ? 0 : intervalMs - timing.last.ageMs;
  if (dueMs > 0) return Math.max(timing.graceMs, Math.min(dueMs, intervalMs));
  const spreadMs = Math.min(intervalMs / 2, timing.together / timing.perSecond * 1e3);
  return Math.max(timing.graceMs, timing.random * spreadMs);
}

// src/starter.ts
var BATCH2 = 100;
var GRACE_POLLS = 2;
function handlesOf(agent) {
  const { server, redbean, startMonitor } = agent.kuma;
  if (server === void 0 || redbean === void 0 || startMonitor === void 0)
    throw new Error("Kuma is not ready");
  return { server, redbean, startMonitor };
}
async function begin(agent, run, io, continued) {
  const { startMonitor } = handlesOf(agent);
  if (!continued) await agent.kuma.forgetStatistics?.(run.id);
  if (run.stopped) return;
  await insideRun(run, () => startMonitor.call(run.bean, fencedServer(run, io)));
}
async function startForKuma(agent, bean, io) {
  const id = bean.id;
  agent.starting.add(id);
  try {
    const owner = await ownerOrClaim(agent, id);
    if (owner !== agent.config.nodeId || bean.isStop === true || agent.phase === "leaving") return;
    const run = newRun(bean);
    agent.runs.add(run);
    await begin(agent, run, io, false);
  } catch (thrown) {
    warn("cannot start monitor %d yet: %s", id, messageOf(thrown));
  } finally {
    agent.starting.delete(id);
  }
}
function delayOf(agent, bean, last, together, graceMs) {
  return startDelayMs({
    type: bean.type,
    intervalSeconds: bean.interval,
    retryIntervalSeconds: bean.retryInterval,
    last,
    together,
    perSecond: agent.config.spreadPerSecond,
    graceMs,
    random: Math.random()
  });
}
function schedule(agent, run, delayMs) {
  run.timer = setTimeout(() => {
    startOnTime(agent, run).catch((thrown) => {
      agent.runs.stop(run.id);
      warn("cannot start monitor %d yet: %s", run.id, messageOf(thrown));
    });
  }, delayMs).unref();
}
async function startOnTime(agent, run) {
  if (run.stopped) return;
  const last = (await lastBeats(databaseOf(agent), [run.id])).get(run.id);
  if (last !== void 0 && last.time !== run.lastBeatTime) {
    run.lastBeatTime = last.time;
    schedule(agent, run, delayOf(agent, run.bean, last, 1, 0));
    return;
  }
  await begin(agent, run, handlesOf(agent).server.io, false);
}
async function loadOwned(agent, ids) {
  const clause = ` id IN (${ids.join(",")}) AND active = 1 AND owner_node = ? `;
  return await handlesOf(agent).redbean.find("monitor", clause, [agent.config.nodeId]);
}
function install(agent, bean) {
  const { server } = handlesOf(agent);
  const run = newRun(bean);
  agent.runs.add(run);
  server.monitorList[bean.id] = bean;
  return run;
}
async function graceByMonitor(agent, starts) {
  const moved = starts.filter((start2) => start2.from !== void 0);
  if (moved.length === 0) return /* @__PURE__ */ new Map();
  const statuses = await nodeStatuses(databaseOf(agent));
  const graceMs = GRACE_POLLS * agent.config.pollMs;
  return new Map(moved.map(({ id, from }) => [id, statuses.get(from ?? "") === "offline" ? 0 : graceMs]));
}
async function startBatch(agent, starts, together) {
  const ids = starts.map((start2) => start2.id);
  const [grace, last, beans] = await Promise.all([
    graceByMonitor(agent, starts),
    lastBeats(databaseOf(agent), ids),
    loadOwned(agent, ids)
  ]);
  const resumed = new Set(starts.filter((start2) => start2.resumed).map((start2) => start2.id));
  const installed = [];
  for (const bean of beans) {
    if (agent.runs.get(bean.id) !== void 0) continue;
    const run = install(agent, bean);
    run.lastBeatTime = last.get(bean.id)?.time;
    const delayMs = delayOf(agent, bean, last.get(bean.id), together, grace.get(bean.id) ?? 0);
    schedule(agent, run, resumed.has(bean.id) ? 0 : delayMs);
    installed.push(run);
  }
  void showLastBeats(agent, installed, last);
}
async function startOwned(agent, wanted) {
  const starts = wanted.filter(({ id }) => !agent.starting.has(id) && agent.runs.get(id) === void 0);
  for (const { id } of starts) agent.starting.add(id);
  for (let first = 0; first < starts.length; first += BATCH2) {
    const batch = starts.slice(first, first + BATCH2);
    try {
      await startBatch(agent, batch, starts.length);
    } catch (thrown) {
      warn("cannot start %d monitors yet: %s", batch.length, messageOf(thrown));
    } finally {
      for (const { id } of batch) agent.starting.delete(id);
    }
  }
  if (starts.length > 0) info("%d monitors start here", starts.length);
}
async function restartChanged(agent, ids) {
  const { server } = handlesOf(agent);
  for (const bean of await loadOwned(agent, ids)) {
    const run = agent.runs.get(bean.id);
    if (run === void 0 || run.hash === settingsHash(bean)) continue;
    info("restarting monitor %d: its settings changed", bean.id);
    await begin(agent, install(agent, bean), server.io, true);
  }
}

// src/hooks/monitor.ts
var monitorHook = {
  module: "model/monitor.js",
  essential: true,
  patch(exports2, agent) {
    const monitor = exports2;
    return firstProblem(
      wrap(monitor.prototype, "start", (original) => {
        agent.kuma.startMonitor = original;
        return function(io) {
          return startForKuma(agent, this, io);
        };
      }),
      wrap(monitor.prototype, "stop", (original) => {
        return function() {
          agent.runs.release(this);
          const result = original.call(this);
          this.prometheus = null;
          return result;
        };
      }),
      wrap(monitor, "sendNotification", (original) => {
        return async function(isFirstBeat, bean, beat) {
          const run = currentRun();
          if (run?.bean === bean) await passFenceForNotification(agent, run);
          return original.call(this, isFirstBeat, bean, beat);
        };
      }),
      wrap(monitor, "isImportantBeat", (original) => {
        return function(...args) {
          const problem = currentRun()?.databaseError;
          if (problem !== void 0) throw new Error(`the check is void, the database was lost: ${problem}`);
          return original.apply(this, args);
        };
      })
    );
  },
  unpatch(exports2) {
    const monitor = exports2;
    unwrap(monitor.prototype, "start");
    unwrap(monitor.prototype, "stop");
    unwrap(monitor, "sendNotification");
    unwrap(monitor, "isImportantBeat");
  }
};

// src/hooks/redbean.ts
var START_LIST = "active = 1";
var WATCHED = ["findAll", "normalizeRaw", "trash"];
async function watched(work) {
  try {
    return await work;
  } catch (thrown) {
    const run = currentRun();
    if (run !== void 0) noteDatabaseError(run, thrown);
    throw thrown;
  }
}
function watch(redbean, name) {
  return wrap(redbean, name, (original) => {
    const call = original;
    return function(...args) {
      return watched(call.apply(this, args));
    };
  });
}
function isStartList(type, clause, data) {
  const noData = data === void 0 || Array.isArray(data) && data.length === 0;
  return type === "monitor" && clause?.trim() === START_LIST && noData;
}
function patchReads(redbean, agent) {
  return firstProblem(
    ...WATCHED.map((name) => watch(redbean, name)),
    wrap(redbean, "find", (original) => {
      return function(type, clause, ...args) {
        if (isStartList(type, clause, args[0])) return Promise.resolve([]);
        return watched(original.call(this, type, clause, ...args));
      };
    }),
    wrap(redbean, "findOne", (original) => {
      return function(type, ...args) {
        if (type === "heartbeat" && currentRun()?.stopped === true) return park(agent);
        return watched(original.call(this, type, ...args));
      };
    })
  );
}
function patchBeats(redbean, agent) {
  return firstProblem(
    wrap(redbean, "dispense", (original) => {
      return function(type) {
        const run = currentRun();
        if (type === "heartbeat" && run !== void 0) beginBeat(run);
        return original.call(this, type);
      };
    }),
    wrap(redbean, "store", (original) => {
      return async function(bean, ...args) {
        const run = currentRun();
        const isBeat = run !== void 0 && bean.beanMeta.type === "heartbeat";
        if (isBeat) await passFence(agent, run);
        const id = await watched(original.call(this, bean, ...args));
        if (isBeat) endBeat(run);
        return id;
      };
    })
  );
}
function patchDirtyColumns(redbean) {
  return wrap(redbean, "convertToBean", (original) => {
    return function(type, row) {
      const bean = original.call(this, type, row);
      if (row["id"] !== void 0 && row["id"] !== null) bean.beanMeta.old = {};
      return bean;
    };
  });
}
var redbeanHook = {
  module: "redbean-node",
  essential: true,
  patch(exports2, agent) {
    const redbean = member(exports2, "R");
    if (redbean === void 0) return "it does not export R";
    agent.kuma.redbean = redbean;
    return firstProblem(patchReads(redbean, agent), patchBeats(redbean, agent), patchDirtyColumns(redbean));
  },
  unpatch(exports2) {
    const redbean = member(exports2, "R");
    if (redbean === void 0) return;
    for (const name of [...WATCHED, "find", "findOne", "dispense", "store", "convertToBean"]) {
      unwrap(redbean, name);
    }
  }
};

// src/health.ts
var STALE_AFTER_MS = 5e3;
var LAG_SAMPLE_MS = 500;
var LAG_SAMPLES = 10;
var EventLoopLag = class {
  samples = [];
  constructor() {
    let expected = performance.now() + LAG_SAMPLE_MS;
    setInterval(() => {
      const present = performance.now();
      this.samples.push(Math.max(0, present - expected));
      if (this.samples.length > LAG_SAMPLES) this.samples.shift();
      expected = present + LAG_SAMPLE_MS;
    }, LAG_SAMPLE_MS).unref();
  }
  get ms() {
    return Math.round(Math.max(0, ...this.samples));
  }
};
function healthVerdict(agent) {
  if (agent.phase === "leaving") return { status: "leaving", reason: "the node is shutting down" };
  if (agent.phase === "starting") return { status: "starting", reason: "the node has not started its monitors yet" };
  const staleMs = agent.ownership.ageMs;
  if (staleMs <= STALE_AFTER_MS) return { status: "ok" };
  const seconds = Math.round(staleMs / 1e3);
  if (agent.database?.isLost === true) {
    return { status: "database_lost", reason: `the database has not answered for ${seconds} s` };
  }
  return { status: "stalled", reason: `the node has not looked at its monitors for ${seconds} s` };
}
function sendHealth(agent, lag, response) {
  const verdict = healthVerdict(agent);
  response.setHeader("Cache-Control", "no-store");
  response.status(verdict.status === "ok" ? 200 : 503).json({
    ...verdict,
    node_id: agent.config.nodeId,
    version: agent.kumaVersion,
    monitors_running: agent.runs.size,
    monitors_assigned: agent.ownership.assigned,
    db: agent.database?.isLost === false ? "ok" : "lost",
    event_loop_lag_ms: lag.ms,
    boot_id: agent.bootId,
    uptime_seconds: Math.round(ageMs(agent.begun) / 1e3),
    checks_fenced: agent.fenced
  });
}

// src/peers/exposition.ts
var COMMENT = /^# (?:HELP|TYPE) (\S+)/;
var SAMPLE_NAME = /^[^\s{]+/;
var PART = /_(?:bucket|sum|count)$/;
var LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;
var LABELS_OF_MONITOR = ["monitor_name", "monitor_type", "monitor_url", "monitor_hostname", "monitor_port"];
function nameOf(line, current) {
  const commented = COMMENT.exec(line)?.[1];
  if (commented !== void 0 || line === "" || line.startsWith("#")) return commented;
  const name = SAMPLE_NAME.exec(line)?.[0];
  return name?.replace(PART, "") === current ? current : name;
}
function parseFamilies(text) {
  const families = /* @__PURE__ */ new Map();
  let current;
  for (const line of text.split("\n")) {
    const name = nameOf(line, current);
    if (name === void 0) continue;
    current = name;
    const family = families.get(name) ?? { name, comments: [], samples: [] };
    families.set(name, family);
    (line.startsWith("#") ? family.comments : family.samples).push(line);
  }
  return [...families.values()];
}
function renderFamilies(families) {
  return families.map(({ comments, samples }) => `${[...comments, ...samples].join("\n")}
`).join("\n");
}
function isOfMonitors({ name }) {
  return name.startsWith("monitor_");
}
function keyOfValues(values) {
  return JSON.stringify(values.map(String));
}
function monitorOf(sample) {
  const unescaped = (value) => value.replace(/\\(.)/g, (_all, char) => char === "n" ? "\n" : String(char));
  const labels = new Map([...sample.matchAll(LABEL)].map(([, name, value]) => [name, unescaped(value ?? "")]));
  return labels.get("monitor_id") ?? keyOfValues(LABELS_OF_MONITOR.map((name) => labels.get(name)));
}
function onlyMonitors(families, keep) {
  return families.map(
    (family) => isOfMonitors(family) ? { ...family, samples: family.samples.filter((sample) => keep(monitorOf(sample))) } : family
  );
}
function monitorsIn(families) {
  return new Set(families.filter(isOfMonitors).flatMap(({ samples }) => samples.map(monitorOf)));
}
function addMonitors(own, more) {
  const added = new Map(more.map((family) => [family.name, family]));
  const extended = own.map((family) => {
    const samples = added.get(family.name)?.samples ?? [];
    added.delete(family.name);
    return { ...family, samples: [...family.samples, ...samples] };
  });
  return [...extended, ...added.values()];
}
function mergeMonitors(own, others) {
  let merged = [...own];
  for (const other of others) {
    const seen = monitorsIn(merged);
    merged = addMonitors(
      merged,
      onlyMonitors(other.filter(isOfMonitors), (monitor) => !seen.has(monitor))
    );
  }
  return merged;
}

// src/peers/headers.ts
var HOP_HEADER = "x-cluster-hop";
var NOT_SENT_ON = /* @__PURE__ */ new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect"
]);
var BODY = /* @__PURE__ */ new Set(["content-length", "content-type", "content-encoding"]);
function sentOn(headers) {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_SENT_ON.has(name)));
}
function requestHeaders(headers, clientAddress, nodeId) {
  const sent = Object.entries(sentOn(headers)).filter(([name]) => !BODY.has(name));
  const client = clientAddress?.replace(/^::ffff:/, "");
  const chain = [headers["x-forwarded-for"], client].flat().filter((part) => part !== void 0 && part !== "");
  return {
    ...Object.fromEntries(sent),
    ...chain.length > 0 ? { "x-forwarded-for": chain.join(", ") } : {},
    [HOP_HEADER]: nodeId
  };
}
function answerHeaders(headers) {
  return sentOn(headers);
}

// src/peers/peer-request.ts
var import_node_http2 = require("node:http");
var import_promises2 = require("node:stream/promises");
var connections = new import_node_http2.Agent({ keepAlive: true });
var CLOSED = /* @__PURE__ */ new Set(["ECONNRESET", "EPIPE"]);
function send(call, agent) {
  return new Promise((resolve3, reject) => {
    const { hostname: hostname2, port } = new URL(`http://${call.host}`);
    const { method, path, headers, signal } = call;
    const address = { host: hostname2.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) };
    const request = (0, import_node_http2.request)({ ...address, method, path, headers, signal, agent }, resolve3);
    let taken = false;
    request.on("information", ({ statusCode }) => {
      if (statusCode !== 102) return;
      taken = true;
      call.onTaken?.();
    });
    request.on("error", (error2) => {
      const stale = request.reusedSocket && !taken && CLOSED.has(error2.code ?? "");
      if (stale && !signal.aborted) resolve3(send(call, false));
      else reject(error2);
    });
    request.end();
  });
}
function askPeer(call) {
  return send(call, connections);
}
async function readPeer(call) {
  const answer = await askPeer(call);
  answer.setEncoding("utf8");
  let text = "";
  for await (const chunk of answer) text += chunk;
  return { status: answer.statusCode ?? 0, text };
}
async function relay(answer, response) {
  response.removeHeader("X-Powered-By");
  response.writeHead(answer.statusCode ?? 502, answerHeaders(answer.headers));
  await (0, import_promises2.pipeline)(answer, response).catch(() => response.destroy());
}

// src/peers/metrics.ts
var ANSWER_MS = 2e3;
var PEER_UP = "kuma_cluster_scrape_peer_up";
var COLUMNS = ["name", "type", "url", "hostname", "port"];
var lastKnown = [];
function ownKeys(agent) {
  const keys = /* @__PURE__ */ new Set();
  for (const id of agent.runs.ids()) {
    const bean = agent.runs.get(id)?.bean;
    keys.add(String(id)).add(keyOfValues(COLUMNS.map((column) => bean?.[column])));
  }
  return keys;
}
async function findPeers(agent) {
  try {
    if (agent.database?.isLost !== true) lastKnown = await otherNodes(databaseOf(agent), agent.config.nodeId);
  } catch (thrown) {
    if (!isDatabaseLost(thrown)) throw thrown;
  }
  return lastKnown;
}
async function ask(agent, { nodeId, host }, authorization) {
  const headers = {
    [HOP_HEADER]: agent.config.nodeId,
    ...authorization === void 0 ? {} : { authorization }
  };
  const call = { host, method: "GET", path: "/metrics", headers, signal: AbortSignal.timeout(ANSWER_MS) };
  try {
    const { status, text } = await readPeer(call);
    return { nodeId, families: status === 200 ? parseFamilies(text) : void 0 };
  } catch {
    return { nodeId, families: void 0 };
  }
}
function peerUp(peers) {
  return {
    name: PEER_UP,
    comments: [
      `# HELP ${PEER_UP} Whether another node gave its monitors to this scrape (1 = yes, 0 = no)`,
      `# TYPE ${PEER_UP} gauge`
    ],
    samples: peers.map(({ nodeId, families }) => `${PEER_UP}{node="${nodeId}"} ${families === void 0 ? 0 : 1}`)
  };
}
async function compose(agent, request, text) {
  const keys = ownKeys(agent);
  const own = onlyMonitors(parseFamilies(text), (monitor) => keys.has(monitor));
  if (!agent.config.mergeMetrics || request.headers[HOP_HEADER] !== void 0) return renderFamilies(own);
  const { authorization } = request.headers;
  const peers = await Promise.all((await findPeers(agent)).map((peer) => ask(agent, peer, authorization)));
  const merged = mergeMonitors(
    own,
    peers.map(({ families }) => families ?? [])
  );
  return renderFamilies(peers.length > 0 ? [...merged, peerUp(peers)] : merged);
}
function isMetrics(response, body) {
  const type = String(response.getHeader("Content-Type"));
  return response.statusCode === 200 && type.startsWith("text/plain") && typeof body === "string";
}
function replaceAnswer(agent, request, response) {
  const target = response;
  const original = target.end;
  const answer = async (text) => {
    const composed = await compose(agent, request, text).catch((thrown) => {
      warn("cannot add the metrics of other nodes: %s", messageOf(thrown));
      return text;
    });
    response.removeHeader("Content-Length");
    original.call(response, composed);
  };
  target.end = (body, ...more) => {
    target.end = original;
    if (!isMetrics(response, body)) return original.call(response, body, ...more);
    void answer(body);
    return response;
  };
}
function addMetricsRoute(agent, app) {
  app.get("/metrics", (request, response, next) => {
    if (request.method === "GET") replaceAnswer(agent, request, response);
    next();
  });
}

// src/peers/deadline.ts
var Deadline = class {
  controller = new AbortController();
  timer;
  constructor(ms) {
    this.set(ms);
  }
  get signal() {
    return this.controller.signal;
  }
  /** Counts `ms` milliseconds from now on. */
  set(ms) {
    this.clear();
    this.timer = setTimeout(() => this.controller.abort(new Error(`no answer within ${ms} ms`)), ms).unref();
  }
  /** The time is not over any more. */
  clear() {
    clearTimeout(this.timer);
  }
};

// src/peers/push-store.ts
async function pushMonitor(database, token) {
  const rows = await database.query(
    `SELECT id, COALESCE(assigned_node, node_id) AS owner FROM monitor WHERE push_token = ? AND active = 1
         ORDER BY id LIMIT 1`,
    [token]
  );
  return rows[0];
}

// src/peers/push.ts
var TAKE_MS = 5e3;
var WORK_MS = 6e4;
var unreachable = /* @__PURE__ */ new Set();
var guests = /* @__PURE__ */ new Map();
function noteFailure(owner, thrown) {
  if (unreachable.has(owner)) return;
  unreachable.add(owner);
  warn("node %s takes no pushed beats, they are stored here: %s", owner, messageOf(thrown));
}
function noteSuccess(owner) {
  if (unreachable.delete(owner)) info("node %s takes pushed beats again", owner);
}
async function forward(agent, owner, { request, response }) {
  const node = await readNode(databaseOf(agent), owner);
  if (node === void 0 || node.status === "offline") return false;
  const deadline = new Deadline(TAKE_MS);
  const state = { taken: false };
  const onTaken = () => {
    state.taken = true;
    deadline.set(WORK_MS);
  };
  try {
    const headers = requestHeaders(request.headers, request.socket.remoteAddress, agent.config.nodeId);
    const { method = "GET", originalUrl: path } = request;
    const answer = await askPeer({ host: node.host, method, path, headers, signal: deadline.signal, onTaken });
    noteSuccess(owner);
    await relay(answer, response);
    return true;
  } catch (thrown) {
    noteFailure(owner, thrown);
    if (!state.taken || !deadline.signal.aborted) return false;
    response.status(504).json({ ok: false, msg: `node ${owner} does not answer` });
    return true;
  } finally {
    deadline.clear();
  }
}
async function storeAsGuest(agent, id, { response, next }) {
  const inWork = guests.get(id) ?? 0;
  guests.set(id, inWork + 1);
  response.once("close", () => {
    const left = (guests.get(id) ?? 1) - 1;
    if (left > 0) return void guests.set(id, left);
    guests.delete(id);
    if (agent.runs.get(id) === void 0) void agent.kuma.forgetStatistics?.(id);
  });
  if (inWork === 0) await agent.kuma.forgetStatistics?.(id);
  next();
}
function take({ request, response }) {
  const { socket } = request;
  if (response.destroyed || socket.destroyed || socket.readableEnded) return false;
  response.writeProcessing();
  return true;
}
async function receive(agent, monitor, exchange) {
  const { nodeId } = agent.config;
  const { owner } = monitor;
  if (exchange.request.headers[HOP_HEADER] !== void 0) {
    if (!take(exchange)) return;
  } else if (owner !== null && owner !== nodeId) {
    if (await forward(agent, owner, exchange)) return;
  }
  if (owner === nodeId && agent.runs.get(monitor.id) !== void 0) exchange.next();
  else await storeAsGuest(agent, monitor.id, exchange);
}
function addPushRoute(agent, app) {
  app.all("/api/push/:pushToken", (request, response, next) => {
    const find = async () => pushMonitor(databaseOf(agent), request.params["pushToken"] ?? "");
    find().then((monitor) => monitor === void 0 ? next() : receive(agent, monitor, { request, response, next })).catch(() => {
      if (!response.headersSent) next();
    });
  });
}

// src/peers/screenshots.ts
var ANSWER_MS2 = 5e3;
var SEND_MS = 3e4;
function screenshotMonitor(name) {
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+\.png$/.exec(name)?.[1] ?? "";
  const id = Buffer.from(payload, "base64url").toString("latin1");
  return /^[1-9]\d{0,9}$/.test(id) ? Number(id) : void 0;
}
async function holder(agent, name) {
  const id = screenshotMonitor(name);
  if (id === void 0 || agent.runs.get(id) !== void 0) return void 0;
  const owner = (await oneMonitor(databaseOf(agent), id))?.owner ?? agent.config.nodeId;
  if (owner === agent.config.nodeId) return void 0;
  const node = await readNode(databaseOf(agent), owner);
  return node === void 0 || node.status === "offline" ? void 0 : node.host;
}
async function fetchPicture(agent, request, response) {
  const host = await holder(agent, request.params["name"] ?? "");
  if (host === void 0) return false;
  const deadline = new Deadline(ANSWER_MS2);
  try {
    const headers = requestHeaders(request.headers, request.socket.remoteAddress, agent.config.nodeId);
    const { method = "GET", originalUrl: path } = request;
    const answer = await askPeer({ host, method, path, headers, signal: deadline.signal });
    const isPicture = answer.statusCode === 304 || answer.headers["content-type"]?.startsWith("image/") === true;
    if (!isPicture) {
      answer.resume();
      return false;
    }
    deadline.set(SEND_MS);
    await relay(answer, response);
    return true;
  } finally {
    deadline.clear();
  }
}
function addScreenshotRoute(agent, app) {
  app.get("/screenshots/:name", (request, response, next) => {
    if (request.headers[HOP_HEADER] !== void 0) return next();
    const serve = (sent) => {
      if (!sent && !response.headersSent) next();
    };
    fetchPicture(agent, request, response).then(serve, () => serve(false));
  });
}

// src/peers/routes.ts
function addPeerRoutes(agent, app) {
  addPushRoute(agent, app);
  addUploadRoute(agent, app);
  addScreenshotRoute(agent, app);
  addMetricsRoute(agent, app);
}

// src/reconcile.ts
function giveWay(agent) {
  agent.runs.stopAll();
  refuse(`another process started as node ${agent.config.nodeId}; every node needs its own UPTIME_KUMA_NODE_ID`);
}
function onStanding(agent, standing) {
  if (agent.phase === "leaving") return;
  if (standing === "superseded") giveWay(agent);
  warn("the row of node %s is gone: registering again", agent.config.nodeId);
  registerThisNode(agent).catch((thrown) => warn("cannot register: %s", messageOf(thrown)));
}
async function carryOut(agent, plan, unchecked) {
  if (agent.phase === "leaving") return;
  for (const id of plan.check) unchecked.add(id);
  const check = [...unchecked];
  if (check.length > 0) {
    await restartChanged(agent, check);
    for (const id of check) unchecked.delete(id);
  }
  if (plan.start.length > 0) await startOwned(agent, plan.start);
}
async function pollQuietly(agent) {
  if (agent.phase === "leaving") return;
  try {
    await agent.ownership.poll(databaseOf(agent), agent.bootId);
  } catch (thrown) {
    if (!isDatabaseLost(thrown)) error("cannot read who runs the monitors: %s", messageOf(thrown));
  }
}
function startReconciling(agent) {
  const unchecked = /* @__PURE__ */ new Set();
  agent.ownership.onPlan = (plan) => {
    if (agent.phase === "starting") agent.phase = "ready";
    carryOut(agent, plan, unchecked).catch((thrown) => {
      warn("cannot carry out a change of monitors yet: %s", messageOf(thrown));
    });
  };
  agent.ownership.onStanding = (standing) => onStanding(agent, standing);
  void pollQuietly(agent);
  return every(agent.config.pollMs, () => pollQuietly(agent));
}

// src/hooks/sockets.ts
var COOKIE = "kuma_node";
var setUp = false;
async function isSetUp(database) {
  if (setUp) return true;
  setUp = (await database.query("SELECT id FROM user LIMIT 1")).length > 0;
  return setUp;
}
function needSetup(agent, socket, original) {
  return async (...args) => {
    const [callback] = args;
    const done = await isSetUp(databaseOf(agent)).catch(() => false);
    if (done && typeof callback === "function") return callback(false);
    return original.apply(socket, args);
  };
}
function setup(agent, socket, original) {
  const onLost = (reason) => warn(reason);
  return async (...args) => {
    let lease;
    try {
      lease = await acquireLease(databaseOf(agent), "setup", agent.config.nodeId, onLost);
    } catch (thrown) {
      const callback = args.at(-1);
      if (typeof callback === "function") callback({ ok: false, msg: messageOf(thrown) });
      return void 0;
    }
    try {
      return await original.apply(socket, args);
    } finally {
      await lease.release();
    }
  };
}
async function prepare(agent, socket) {
  const done = await isSetUp(databaseOf(agent)).catch(() => false);
  wrap(socket, "emit", (original) => {
    return function(event, ...args) {
      if (event === "setup" && done) return true;
      return original.call(this, event, ...args);
    };
  });
  wrap(socket, "on", (original) => {
    return function(event, handler) {
      if (event === "needSetup") return original.call(this, event, needSetup(agent, socket, handler));
      if (event === "setup") return original.call(this, event, setup(agent, socket, handler));
      return original.call(this, event, handler);
    };
  });
}
function markSessions(io, nodeId) {
  const { engine } = io;
  if (engine === void 0) return "socket.io has no engine: sessions carry no node id";
  engine.on("initial_headers", (headers) => {
    headers["set-cookie"] = [`${COOKIE}=${nodeId}; Path=/; HttpOnly; SameSite=Lax`];
  });
  return wrap(engine, "generateId", (original) => {
    return function(request) {
      return `${nodeId}.${String(original.call(engine, request))}`;
    };
  });
}
function patchSockets(io, agent) {
  io.use((socket, next) => {
    prepare(agent, socket).catch((thrown) => warn("cannot prepare a socket: %s", messageOf(thrown))).finally(next);
  });
  return markSessions(io, agent.config.nodeId);
}

// src/hooks/server.ts
var serverHook = {
  module: "uptime-kuma-server.js",
  essential: true,
  patch(exports2, agent) {
    const server = member(exports2, "UptimeKumaServer");
    if (server === void 0) return "it does not export UptimeKumaServer";
    return firstProblem(
      wrap(server, "getInstance", (original) => {
        return function(...args) {
          const instance = original.apply(server, args);
          if (agent.kuma.server === void 0) adopt(agent, instance);
          return instance;
        };
      }),
      wrap(server.prototype, "initAfterDatabaseReady", (original) => {
        return async function(...args) {
          await finishBoot(agent).catch(async (thrown) => {
            await abandonBoot();
            giveUp(thrown);
          });
          return original.apply(this, args);
        };
      })
    );
  },
  unpatch(exports2) {
    const server = member(exports2, "UptimeKumaServer");
    if (server === void 0) return;
    unwrap(server, "getInstance");
    unwrap(server.prototype, "initAfterDatabaseReady");
  }
};
function adopt(agent, server) {
  agent.kuma.server = server;
  const lag = new EventLoopLag();
  server.app.get("/api/v1/health", (_request, response) => {
    sendHealth(agent, lag, response);
  });
  addPeerRoutes(agent, server.app);
  const onError = (thrown) => void leave(agent).then(() => giveUp(thrown));
  server.httpServer.once("error", onError);
  server.httpServer.once("listening", () => {
    server.httpServer.off("error", onError);
    startReconciling(agent);
    void shareOldUploads(agent);
  });
  const problem = patchSockets(server.io, agent);
  if (problem !== void 0) warn("Uptime Kuma %s: %s", agent.kumaVersion, problem);
}

// src/hooks/uptime-cache.ts
var uptimeCacheHook = {
  module: "uptime-cache-list.js",
  essential: false,
  patch(exports2, agent) {
    const cache = member(exports2, "UptimeCacheList");
    if (typeof cache?.clearCache !== "function") return "UptimeCacheList.clearCache is not a function";
    agent.kuma.forgetStatistics = (id) => Promise.resolve(cache.clearCache(id));
    return void 0;
  },
  unpatch() {
  }
};

// src/module-hook.ts
var import_node_fs = require("node:fs");
var import_node_path2 = require("node:path");
var import_require_in_the_middle = __toESM(require_require_in_the_middle());
var isFile = (hook) => hook.module.endsWith(".js");
var nameOf2 = (hook) => (0, import_node_path2.basename)(hook.module, ".js");
function fail(agent, hook, problem) {
  const text = `Uptime Kuma ${agent.kumaVersion}: the hook for ${hook.module} does not fit: ${problem}`;
  if (hook.essential) refuse(text);
  warn("%s; that module stays as it is", text);
}
function apply2(agent, hook, exports2) {
  let problem;
  try {
    problem = hook.patch(exports2, agent);
  } catch (thrown) {
    problem = messageOf(thrown);
  }
  if (problem === void 0) return;
  hook.unpatch(exports2);
  fail(agent, hook, problem);
}
function installHooks(agent, serverFolder, hooks) {
  const present = hooks.filter((hook) => !isFile(hook) || (0, import_node_fs.existsSync)((0, import_node_path2.join)(serverFolder, hook.module)));
  for (const hook of hooks) {
    if (hook.essential && !present.includes(hook)) fail(agent, hook, "there is no such file");
  }
  const byTarget = new Map(
    present.map((hook) => [isFile(hook) ? (0, import_node_path2.join)(serverFolder, hook.module) : hook.module, hook])
  );
  new import_require_in_the_middle.Hook([...byTarget.keys()], (exports2, name, folder) => {
    const hook = byTarget.get((0, import_node_path2.join)(folder ?? "", `${name}.js`)) ?? byTarget.get(name);
    if (hook !== void 0) apply2(agent, hook, exports2);
    return exports2;
  });
  info(
    "hooks for Uptime Kuma %s at %s: %s",
    agent.kumaVersion,
    (0, import_node_path2.dirname)(serverFolder),
    present.map(nameOf2).join(", ")
  );
}

// src/register.ts
var SERVER_FILE = /[\\/]server[\\/]server\.js$/;
var HOOKS = [databaseHook, serverHook, monitorHook, redbeanHook, calculatorHook, uptimeCacheHook, imageDataUriHook];
function kumaMain() {
  if (!import_node_worker_threads.isMainThread || process.env["CLUSTER_DISABLE"] === "1") return void 0;
  const script = (0, import_node_path3.resolve)(process.argv[1] ?? "");
  if (SERVER_FILE.test(script)) return (0, import_node_fs2.realpathSync)(script);
  if (process.env["CLUSTER_FORCE"] !== "1") return void 0;
  return (0, import_node_fs2.realpathSync)(process.env["pm_exec_path"] ?? (0, import_node_path3.resolve)("server/server.js"));
}
function readVersion(main2) {
  const text = (0, import_node_fs2.readFileSync)((0, import_node_path3.join)((0, import_node_path3.dirname)(main2), "..", "package.json"), "utf8");
  return String(JSON.parse(text).version);
}
function start(main2) {
  const settings = readConfig(process.env, process.argv.slice(2));
  if ("mistakes" in settings) {
    for (const mistake of settings.mistakes) error("%s", mistake);
    process.exit(1);
  }
  const version = readVersion(main2);
  const limitation = kumaLimitation(version);
  if (limitation !== void 0) refuse(limitation);
  installHooks(createAgent(settings.config, version, (0, import_node_module.createRequire)(main2)), (0, import_node_path3.dirname)(main2), HOOKS);
}
var main = kumaMain();
if (main !== void 0) start(main);

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
        return parse2(val);
      } else if (type === "number" && isFinite(val)) {
        return options.long ? fmtLong(val) : fmtShort(val);
      }
      throw new Error(
        "val is not a non-empty string or a valid number. val=" + JSON.stringify(val)
      );
    };
    function parse2(str) {
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
    function setup(env) {
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
    module2.exports = setup;
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
var import_node_fs4 = require("node:fs");
var import_node_module = require("node:module");
var import_node_os2 = require("node:os");
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
  async function run2() {
    const begun = performance.now();
    await round();
    if (!stopped) schedule2(Math.max(intervalMs / 10, intervalMs - (performance.now() - begun)));
  }
  function schedule2(delayMs) {
    timer = setTimeout(() => void run2(), delayMs).unref();
  }
  schedule2(intervalMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

// src/duties.ts
function timeoutOf({ interval, timeout }) {
  const filledIn = interval * 1e3 * 0.8;
  return timeout === void 0 || timeout === null || timeout === filledIn ? 0 : timeout;
}
function rhythmOf(bean) {
  return {
    type: bean.type,
    intervalSeconds: bean.interval,
    retryIntervalSeconds: bean.retryInterval,
    timeoutSeconds: timeoutOf(bean)
  };
}
var Duties = class {
  entries = /* @__PURE__ */ new Map();
  runs;
  constructor(runs) {
    this.runs = runs;
  }
  /** Forgets what was: after a time without the database, or in which this process stood still, nothing counts. */
  beginAnew() {
    this.entries.clear();
  }
  /** Takes what was found by a look at the database: the monitors that run, and those that have yet to start. */
  follow(running, waiting) {
    const present = now();
    for (const id of this.entries.keys()) if (!running.has(id) && !waiting.has(id)) this.entries.delete(id);
    for (const id of running) {
      const entry = this.entry(id, present);
      const hash = this.runs.get(id)?.hash;
      if (hash !== entry.hash) entry.beat = present;
      entry.hash = hash;
      entry.missing = void 0;
    }
    for (const id of waiting) this.entry(id, present).missing ??= present;
  }
  /** Notes that a beat of a monitor was stored. */
  noteBeat(id) {
    const entry = this.entries.get(id);
    if (entry !== void 0) entry.beat = now();
  }
  list() {
    return [...this.entries].map(([id, { beat, missing, hash }]) => {
      const run2 = this.runs.get(id);
      return {
        missingMs: missing === void 0 || run2 !== void 0 ? 0 : ageMs(missing),
        quietMs: run2 !== void 0 && run2.hash !== hash ? 0 : ageMs(beat),
        rhythm: run2 === void 0 ? void 0 : rhythmOf(run2.bean)
      };
    });
  }
  entry(id, present) {
    const known2 = this.entries.get(id);
    if (known2 !== void 0) return known2;
    const entry = { beat: present, missing: void 0, hash: void 0 };
    this.entries.set(id, entry);
    return entry;
  }
};

// src/handover.ts
var DRAIN_MS = 8e3;
var KEPT_MS = 3e4;
function hasNoticed(seen, movedAt) {
  return seen !== void 0 && movedAt !== void 0 && seen >= movedAt;
}
var Handover = class {
  released = /* @__PURE__ */ new Map();
  waiting = /* @__PURE__ */ new Map();
  /** Notes that a node is done with monitors that have moved away from it. */
  noteReleased(by, ids, seen) {
    this.forgetOld();
    for (const id of ids) {
      const waiting = this.waiting.get(id);
      if (waiting !== void 0 && hasNoticed(seen, waiting.origins.get(by)?.movedAt)) this.end(id, waiting, by);
      else {
        const words = this.released.get(id) ?? /* @__PURE__ */ new Map();
        this.released.set(id, words.set(by, { seen, at: now() }));
      }
    }
  }
  /**
   * Whether this node waits for one that had the monitor before it. Not for `asker`, which has the monitor again, if it
   * has noticed that it had lost it: nothing of then can leave it any more.
   */
  isWaiting(id, asker) {
    const origins2 = [...this.waiting.get(id)?.origins ?? []];
    return origins2.some(([node, { movedAt }]) => node !== asker?.node || !hasNoticed(asker.seen, movedAt));
  }
  /** Forgets what was said of a monitor before this node ran it. */
  forget(id) {
    this.released.delete(id);
  }
  /**
   * The monitors that have been waited for longer than `ms`, by their previous owners. A node that never noticed that
   * it was to run a monitor, because it lost it at once, does not say that it is done with it unless it is asked.
   */
  overdue(ms) {
    const owners = /* @__PURE__ */ new Map();
    for (const [id, { origins: origins2 }] of this.waiting) {
      for (const [owner, { since }] of origins2) {
        if (ageMs(since) > ms) owners.set(owner, [...owners.get(owner) ?? [], id]);
      }
    }
    return owners;
  }
  /**
   * Resolves when all the previous owners are done with a monitor; each is waited for `mostMs` at most. A monitor that
   * went away and is back while this node still waited has those to be waited for as well, for what is left of their
   * time: this takes the place of that wait, which ends.
   */
  wait(id, origins2, mostMs) {
    const words = this.released.get(id);
    this.released.delete(id);
    const earlier = this.waiting.get(id);
    const missing = new Map(earlier?.origins);
    for (const [node, movedAt] of origins2) {
      if (hasNoticed(words?.get(node)?.seen, movedAt)) missing.delete(node);
      else missing.set(node, this.expect(id, node, movedAt, mostMs));
    }
    const ended = new Promise((resolve3) => {
      if (missing.size > 0) this.waiting.set(id, { origins: missing, go: resolve3 });
      else {
        this.waiting.delete(id);
        resolve3();
      }
    });
    earlier?.go();
    return ended;
  }
  expect(id, node, movedAt, mostMs) {
    const origin = { movedAt, since: now() };
    const giveUp2 = () => {
      const waiting = this.waiting.get(id);
      if (waiting?.origins.get(node) === origin) this.end(id, waiting, node);
    };
    setTimeout(giveUp2, mostMs).unref();
    return origin;
  }
  end(id, waiting, node) {
    waiting.origins.delete(node);
    if (waiting.origins.size > 0) return;
    this.waiting.delete(id);
    waiting.go();
  }
  forgetOld() {
    for (const [id, words] of this.released) {
      for (const [by, { at }] of words) if (ageMs(at) > KEPT_MS) words.delete(by);
      if (words.size === 0) this.released.delete(id);
    }
  }
};

// src/assignment.ts
function stopReason(row) {
  if (row === void 0) return "it was deleted";
  if (!row.active) return "it was paused";
  return row.owner === null ? "it belongs to no node" : `${row.owner} runs it now`;
}
function runnerElsewhere(row, nodeId) {
  return row?.active === true && row.owner !== null && row.owner !== nodeId ? row.owner : void 0;
}
function startOf(row, before, nodeId) {
  return {
    id: row.id,
    from: runnerElsewhere(before, nodeId),
    mtime: row.mtime,
    knownAt: before?.mtime ?? "",
    resumed: before !== void 0 && !before.active,
    begins: before === void 0 || before.owner === null || !before.active
  };
}
function planAssignment(rows, before, running, nodeId) {
  const start2 = [];
  const check = [];
  for (const row of rows.values()) {
    if (!row.active || row.owner !== nodeId) continue;
    const known2 = before.get(row.id);
    if (!running.has(row.id)) start2.push(startOf(row, known2, nodeId));
    else if (known2?.mtime !== row.mtime) check.push(row.id);
  }
  const stop = [...running].flatMap((id) => {
    const row = rows.get(id);
    if (row?.active === true && row.owner === nodeId) return [];
    return [{ id, reason: stopReason(row), moved: row?.active === true && row.owner !== null }];
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
    `SELECT node.boot_id, node.status, owned.assigned
         FROM (SELECT COUNT(*) AS assigned FROM monitor WHERE owner_node = ? AND active = 1) AS owned
         LEFT JOIN node ON node.node_id = ?`,
    [nodeId, nodeId]
  );
  const [row] = rows;
  return { bootId: row?.boot_id ?? null, status: row?.status ?? null, assigned: Number(row?.assigned ?? 0) };
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
  /** Called with each monitor that was stopped: it is not this node's to run any more, or is started anew. */
  onStopped = () => void 0;
  /** Called with monitors of which nothing can leave this process any more, since they have moved. */
  onReleased = () => void 0;
  /** Called when the node's row is not this process's. */
  onStanding = () => void 0;
  config;
  runs;
  duties;
  rows = /* @__PURE__ */ new Map();
  lastGood;
  lastFull;
  latestMtime = "";
  flight;
  assignedCount = 0;
  ownStatus;
  constructor(config, runs, duties) {
    this.config = config;
    this.runs = runs;
    this.duties = duties;
  }
  /** Up to when changes of monitors are known here, by the database's clock. */
  get seen() {
    return this.latestMtime;
  }
  /** Active monitors that this node owns. */
  get assigned() {
    return this.assignedCount;
  }
  /** What load balancers take this node for; nothing while it is not registered. */
  get status() {
    return this.ownStatus;
  }
  /** The greatest id of a monitor that is known here, 0 when there is none. */
  get newest() {
    let newest = 0;
    for (const id of this.rows.keys()) newest = Math.max(newest, id);
    return newest;
  }
  /** Whether another node ran the monitor at the last look: a check of it may still be under way there. */
  isElsewhere(id) {
    return runnerElsewhere(this.rows.get(id), this.config.nodeId) !== void 0;
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
    this.flight ??= this.pollUntilCurrent(database, bootId).finally(() => {
      this.flight = void 0;
    });
    return this.flight;
  }
  async pollUntilCurrent(database, bootId) {
    let isOutdated = true;
    while (isOutdated) isOutdated = await this.pollOnce(database, bootId);
  }
  /** Returns whether the rows have to be read again, see apply. */
  async pollOnce(database, bootId) {
    const begun = now();
    const running = this.runs.all();
    const before = this.rows;
    const look2 = await this.look(database);
    const view = await nodeView(database, this.config.nodeId);
    if (view.bootId !== bootId) {
      this.onStanding(view.bootId === null ? "unregistered" : "superseded");
      if (view.bootId !== null) return false;
    }
    this.keep(look2, begun);
    this.assignedCount = view.assigned;
    this.ownStatus = view.status ?? void 0;
    if (!this.isFresh) this.duties.beginAnew();
    if (this.countOwned() !== view.assigned) this.lastFull = void 0;
    const mayDrain = this.isFresh && (view.status === "online" || view.status === "draining");
    const isOutdated = this.apply(before, running, mayDrain);
    if (!isOutdated) this.lastGood = begun;
    return isOutdated;
  }
  /** Changes nothing here: what was read does not count when the rest of the poll fails. */
  async look(database) {
    const isFull = ageMs(this.lastFull) >= this.config.fullScanMs || this.latestMtime === "";
    const read = isFull ? await allMonitors(database) : await changedMonitors(database, this.latestMtime);
    const rows = isFull ? /* @__PURE__ */ new Map() : new Map(this.rows);
    let { latestMtime } = this;
    for (const row of read) {
      rows.set(row.id, row);
      if (row.mtime > latestMtime) latestMtime = row.mtime;
    }
    return { rows, latestMtime, isFull };
  }
  keep({ rows, latestMtime, isFull }, begun) {
    this.rows = rows;
    this.latestMtime = latestMtime;
    if (isFull) this.lastFull = begun;
  }
  /**
   * `running` when the rows were read: what has begun since may have been begun by newer ones, and is not stopped.
   * Returns whether there is any that these rows would stop, so that they have to be read anew.
   */
  apply(before, running, mayDrain) {
    for (const run2 of this.runs.interrupted()) {
      this.runs.stop(run2.id);
      this.onStopped(run2.id);
    }
    const plan = planAssignment(this.rows, before, this.runs.ids(), this.config.nodeId);
    const stops = plan.stop.filter(({ id }) => running.get(id) === this.runs.get(id));
    this.stop(stops, mayDrain);
    this.duties.follow(this.runs.ids(), new Set(plan.start.map(({ id }) => id)));
    this.onPlan(plan);
    return stops.length < plan.stop.length;
  }
  stop(stops, mayDrain) {
    const released = [];
    let isLate = false;
    const release = (id) => {
      if (this.runs.get(id) !== void 0) return;
      if (isLate) this.onReleased([id]);
      else released.push(id);
    };
    for (const { id, reason, moved } of stops) {
      if (moved && mayDrain) this.runs.drain(id, () => release(id));
      else if (this.runs.stop(id) && moved) release(id);
      this.onStopped(id);
      info("stopped monitor %d: %s", id, reason);
    }
    isLate = true;
    if (released.length > 0) this.onReleased(released);
  }
  countOwned() {
    let count = 0;
    for (const row of this.rows.values()) if (row.active && row.owner === this.config.nodeId) count++;
    return count;
  }
};

// src/runs.ts
var import_node_crypto = require("node:crypto");
function isFenced(run2) {
  return run2.stopped && ageMs(run2.drainedSince) >= DRAIN_MS;
}
var WRITE_MS = 1e3;
var NO_SETTINGS = /* @__PURE__ */ new Set(["dns_last_result", "parent"]);
function fingerprint(value) {
  return (0, import_node_crypto.createHash)("sha1").update(JSON.stringify(value)).digest("hex");
}
function settingsHash(bean) {
  const settings = Object.entries(bean.export(false)).filter(([column]) => !NO_SETTINGS.has(column)).sort(([a], [b]) => a < b ? -1 : 1);
  return fingerprint(settings);
}
function newRun(bean) {
  return {
    id: bean.id,
    bean,
    hash: settingsHash(bean),
    stopped: false,
    interrupted: false,
    databaseError: void 0,
    checking: false,
    drainedSince: void 0,
    onDrained: () => void 0,
    timer: void 0,
    lastBeatTime: void 0,
    held: []
  };
}
var Runs = class {
  runs = /* @__PURE__ */ new Map();
  draining = /* @__PURE__ */ new Map();
  byBean = /* @__PURE__ */ new WeakMap();
  /** Whether anything of a monitor may still leave this process. */
  isBusy(id) {
    return this.runs.has(id) || this.draining.has(id);
  }
  get size() {
    return this.runs.size;
  }
  /** Those of now by their monitors' ids. */
  all() {
    return new Map(this.runs);
  }
  ids() {
    return new Set(this.runs.keys());
  }
  get(id) {
    return this.runs.get(id);
  }
  interrupted() {
    return [...this.runs.values()].filter((run2) => run2.interrupted);
  }
  /** Adds a run; one of the same monitor that is there already is stopped. */
  add(run2) {
    this.stop(run2.id);
    this.runs.set(run2.id, run2);
    this.byBean.set(run2.bean, run2);
    const draining = this.draining.get(run2.id);
    if (draining === void 0) return;
    draining.drainedSince = void 0;
    draining.onDrained();
  }
  /** Stops a monitor here. Returns whether it ran. Never throws. */
  stop(id) {
    const run2 = this.runs.get(id);
    if (run2 === void 0) return false;
    this.release(run2.bean);
    try {
      run2.bean.stop();
    } catch (thrown) {
      warn("cannot stop monitor %d: %s", id, messageOf(thrown));
    }
    return true;
  }
  /**
   * Stops a monitor that another node takes over, but lets a check that is under way come to its end. Calls `done`
   * when nothing of it can leave this process any more: at once when no check is under way. Never throws.
   */
  drain(id, done) {
    const run2 = this.runs.get(id);
    if (run2?.checking !== true) {
      this.stop(id);
      return done();
    }
    const { held } = run2;
    let isDone = false;
    this.draining.set(id, run2);
    run2.drainedSince = now();
    this.stop(id);
    run2.held = held;
    run2.onDrained = () => {
      if (isDone) return;
      isDone = true;
      if (this.draining.get(id) === run2) this.draining.delete(id);
      done();
    };
    setTimeout(run2.onDrained, DRAIN_MS + WRITE_MS).unref();
  }
  stopAll() {
    for (const id of [...this.runs.keys()]) this.stop(id);
  }
  /** Notes that a bean was stopped, whoever stopped it. */
  release(bean) {
    const run2 = this.byBean.get(bean);
    if (run2 === void 0) return;
    run2.stopped = true;
    run2.held = [];
    clearTimeout(run2.timer);
    if (this.runs.get(run2.id) === run2) this.runs.delete(run2.id);
  }
};

// src/stillness.ts
var TICK_MS = 250;
var Stillness = class {
  longMs;
  lastTick = now();
  wentOn;
  /** @param longMs from how many milliseconds on it counts */
  constructor(longMs) {
    this.longMs = longMs;
  }
  /** Begins to look. Returns the function that ends it. */
  watch() {
    this.lastTick = now();
    return every(TICK_MS, () => {
      this.tick();
      return Promise.resolve();
    });
  }
  /** Milliseconds since this process went on; Infinity when it has never stood still. */
  get sinceMs() {
    this.tick();
    return ageMs(this.wentOn);
  }
  tick() {
    if (ageMs(this.lastTick) > this.longMs) this.wentOn = now();
    this.lastTick = now();
  }
};

// src/sync/edits-under-way.ts
var LONGEST_MS = 6e4;
var EditsUnderWay = class {
  begun = /* @__PURE__ */ new Set();
  /** Notes that an edit is under way until it ends. Returns it, to be used in its place: it fails as the edit does. */
  note(edit2) {
    if (!(edit2 instanceof Promise)) return edit2;
    const moment = now();
    this.begun.add(moment);
    const forget = setTimeout(() => this.begun.delete(moment), LONGEST_MS).unref();
    return edit2.finally(() => {
      clearTimeout(forget);
      this.begun.delete(moment);
    });
  }
  /** Whether an edit is under way that had begun at `moment` already. */
  anySince(moment) {
    const age = ageMs(moment);
    return [...this.begun].some((begun) => ageMs(begun) >= age);
  }
};

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
var LOST_TEXT = /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|Too many connections|Deadlock found|Lock wait timeout|--read-only option|shutdown in progress|Query execution was interrupted/i;
function isDatabaseLost(thrown) {
  if (!(thrown instanceof Error)) return false;
  const { code, fatal } = thrown;
  if (fatal === true) return true;
  return typeof code === "string" && LOST.has(code) || LOST_MESSAGE.test(thrown.message);
}
function isLostText(text) {
  return LOST_MESSAGE.test(text) || LOST_TEXT.test(text);
}
function isParentGone(thrown) {
  return thrown?.code === "ER_NO_REFERENCED_ROW_2";
}
function isConflict(thrown) {
  const code = thrown?.code;
  return code === "ER_LOCK_DEADLOCK" || code === "ER_LOCK_WAIT_TIMEOUT";
}

// src/sync/event-store.ts
var MOST_ROWS = 1e3;
var ROW2 = "SELECT id, type, node_id AS nodeId, detail FROM cluster_event";
async function appendEvents(database, nodeId, events) {
  const rows = events.map(({ type, monitorId, actor, detail }) => [type, nodeId, monitorId, actor, detail]);
  await database.change("INSERT INTO cluster_event (type, node_id, monitor_id, actor, detail) VALUES ?", [rows]);
}
async function lastEventId(database) {
  const rows = await database.query("SELECT MAX(id) AS id FROM cluster_event");
  return Number(rows[0]?.id ?? 0);
}
async function eventsSince(database, last, holes) {
  const late = holes.length === 0 ? "" : ` OR id IN (${holes.join(",")})`;
  const rows = await database.query(`${ROW2} WHERE id > ?${late} ORDER BY id LIMIT ${MOST_ROWS}`, [last]);
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}
async function latestEvent(database, type) {
  return (await database.query(`${ROW2} WHERE type = ? ORDER BY id DESC LIMIT 1`, [type]))[0];
}

// src/sync/id-cursor.ts
var HOLE_MS = 1e4;
var WIDEST_GAP = 1e3;
var MOST_HOLES = 2e3;
var IdCursor = class {
  greatest;
  /** Each missing id and when it was first missed, the oldest first. */
  missing = /* @__PURE__ */ new Map();
  /** @param start the greatest id that is known already */
  constructor(start2) {
    this.greatest = start2;
  }
  /** The greatest id seen. */
  get last() {
    return this.greatest;
  }
  /** The ids below it that may still appear. `nowMs` is of a clock that does not jump. */
  holes(nowMs) {
    for (const [id, since] of this.missing) if (nowMs - since > HOLE_MS) this.missing.delete(id);
    return [...this.missing.keys()];
  }
  /** Notes the ids that a look has found. Returns them, in order, without those that were noted before. */
  note(ids, nowMs) {
    const fresh = [];
    for (const id of [...ids].sort((a, b) => a - b)) {
      if (id > this.greatest) this.advance(id, nowMs);
      else if (!this.missing.delete(id)) continue;
      fresh.push(id);
    }
    return fresh;
  }
  advance(id, nowMs) {
    const first = Math.max(this.greatest + 1, id - WIDEST_GAP);
    for (let hole = first; hole < id; hole++) this.missing.set(hole, nowMs);
    this.greatest = id;
    for (const hole of this.missing.keys()) {
      if (this.missing.size <= MOST_HOLES) return;
      this.missing.delete(hole);
    }
  }
};

// src/sync/events.ts
var PREFIX = "kuma.";
var COLLECT_MS = 20;
var MOST_WAITING = 5e3;
var EventLog = class {
  nodeId;
  receivers = /* @__PURE__ */ new Map();
  waiting = /* @__PURE__ */ new Map();
  timer;
  sending;
  cursor;
  database;
  constructor(nodeId) {
    this.nodeId = nodeId;
  }
  /** What was done before this is not heard: to be called before Kuma reads it. Throws what mysql2 throws. */
  async begin(database) {
    this.database = database;
    this.cursor = new IdCursor(await lastEventId(database));
  }
  /** Has `receiver` called with each event of a type that another node tells. */
  receive(type, receiver) {
    this.receivers.set(type, receiver);
  }
  /**
   * Tells the other nodes. Never throws: what cannot be written while the database is away is written when it is back,
   * up to 5000 events; what the database refuses is logged.
   */
  publish(type, detail, actor = "") {
    const { monitor } = detail;
    const event = { type, monitorId: monitor ?? null, actor, detail: JSON.stringify(detail) };
    const key = `${type} ${event.detail}`;
    this.waiting.delete(key);
    if (this.waiting.size >= MOST_WAITING) return;
    this.waiting.set(key, event);
    this.timer ??= setTimeout(() => void this.flush(), COLLECT_MS);
  }
  /** Writes what waits. Never throws. */
  flush() {
    clearTimeout(this.timer);
    this.timer = void 0;
    this.sending ??= this.send().finally(() => {
      this.sending = void 0;
    });
    return this.sending;
  }
  /** Hears what the other nodes have told since the last call. Throws when the database does not answer. */
  async poll() {
    if (this.database === void 0 || this.cursor === void 0) return;
    if (this.waiting.size > 0) await this.flush();
    const present = performance.now();
    const rows = await eventsSince(this.database, this.cursor.last, this.cursor.holes(present));
    const noted = this.cursor.note(
      rows.map((row) => row.id),
      present
    );
    const fresh = new Set(noted);
    for (const row of rows) {
      if (!fresh.has(row.id) || row.nodeId === this.nodeId || !row.type.startsWith(PREFIX)) continue;
      await this.hear(row);
    }
  }
  async hear(row) {
    const receiver = this.receivers.get(row.type);
    if (receiver === void 0) return;
    try {
      await receiver(JSON.parse(row.detail ?? "{}"));
    } catch (thrown) {
      warn("cannot follow what %s did (%s): %s", row.nodeId ?? "a node", row.type, messageOf(thrown));
    }
  }
  async send() {
    const batch = [...this.waiting];
    if (batch.length === 0 || this.database === void 0) return;
    const events = batch.map(([, event]) => event);
    for (const [key] of batch) this.waiting.delete(key);
    try {
      await appendEvents(this.database, this.nodeId, events);
    } catch (thrown) {
      if (!isDatabaseLost(thrown)) return error("cannot tell the other nodes: %s", messageOf(thrown));
      for (const [key, event] of batch) if (!this.waiting.has(key)) this.waiting.set(key, event);
    }
  }
};

// src/sync/recent-ids.ts
var RecentIds = class {
  ids = /* @__PURE__ */ new Set();
  most;
  /** @param most ids that are kept; the oldest go first. */
  constructor(most) {
    this.most = most;
  }
  /** Returns whether the id was not there yet. */
  add(id) {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    for (const oldest of this.ids) {
      if (this.ids.size <= this.most) break;
      this.ids.delete(oldest);
    }
    return true;
  }
  /** Returns whether the id was there. */
  delete(id) {
    return this.ids.delete(id);
  }
  clear() {
    this.ids.clear();
  }
};

// src/sync/audience.ts
var LOGIN_MS = 5e3;
var MOST_SHOWN = 5e3;
var Audience = class {
  visitors = /* @__PURE__ */ new WeakMap();
  shown = new RecentIds(MOST_SHOWN);
  /** Notes that a browser's user has logged in, and is about to get the lists of all monitors up to `newest`. */
  noteLogin(socket, newest) {
    this.visitors.set(socket, { loggedIn: now(), newest, listed: /* @__PURE__ */ new Map(), waiting: [] });
    setTimeout(() => this.release(socket, () => true), LOGIN_MS).unref();
  }
  /** Notes a list of stored beats that is sent to a browser in this moment. */
  noteList(socket, monitorId, rows) {
    const visitor = this.visitors.get(socket);
    if (visitor === void 0 || !Array.isArray(rows)) return;
    const id = Number(monitorId);
    const ids = rows.map((row) => Number(row.id)).filter(Number.isFinite);
    visitor.listed.set(id, Math.max(0, ...ids));
    setImmediate(() => this.release(socket, (beat) => beat.monitorId === id));
  }
  /** Sends a stored beat to every browser of a user that has not got it yet. */
  send(io, user, beat) {
    if (!this.shown.add(beat.id)) return;
    for (const id of io.sockets.adapter.rooms.get(user) ?? []) {
      const socket = io.sockets.sockets.get(id);
      if (socket === void 0) continue;
      const visitor = this.visitors.get(socket);
      if (visitor !== void 0 && waitsForList(visitor, beat.monitorId)) visitor.waiting.push(beat);
      else sendTo(socket, visitor, beat);
    }
  }
  release(socket, matches) {
    const visitor = this.visitors.get(socket);
    if (visitor === void 0) return;
    const ready = visitor.waiting.filter(matches);
    visitor.waiting = visitor.waiting.filter((beat) => !matches(beat));
    for (const beat of ready) sendTo(socket, visitor, beat);
  }
};
function waitsForList(visitor, monitorId) {
  if (visitor.listed.has(monitorId) || monitorId > visitor.newest) return false;
  return ageMs(visitor.loggedIn) < LOGIN_MS;
}
function sendTo(socket, visitor, beat) {
  if (beat.id > (visitor?.listed.get(beat.monitorId) ?? 0)) socket.emit("heartbeat", beat.json);
}
function viewers(io, user) {
  return io.sockets.adapter.rooms.get(user)?.size ?? 0;
}
function viewingUsers(io) {
  return [...io.sockets.adapter.rooms.keys()].filter((room) => typeof room === "number");
}

// src/sync/beat-store.ts
var MOST_ROWS2 = 2e3;
async function lastBeatId(database) {
  const rows = await database.query("SELECT MAX(id) AS id FROM heartbeat");
  return Number(rows[0]?.id ?? 0);
}
async function beatsSince(database, last, holes) {
  const late = holes.length === 0 ? "" : ` OR heartbeat.id IN (${holes.join(",")})`;
  const rows = await database.query(
    `SELECT heartbeat.*, monitor.user_id FROM heartbeat JOIN monitor ON monitor.id = heartbeat.monitor_id
         WHERE heartbeat.id > ?${late} ORDER BY heartbeat.id LIMIT ${MOST_ROWS2}`,
    [last]
  );
  return rows.map((row) => ({ ...row, id: Number(row.id) }));
}
async function userOfMonitor(database, id) {
  const rows = await database.query("SELECT user_id AS user FROM monitor WHERE id = ?", [
    id
  ]);
  return rows[0]?.user ?? void 0;
}

// src/kuma-modules.ts
function kumaModule(agent, name) {
  return agent.kumaRequire(name);
}
function redbeanOf(agent) {
  if (agent.kuma.redbean === void 0) throw new Error("Kuma is not ready");
  return agent.kuma.redbean;
}

// src/sync/origin.ts
var import_node_async_hooks = require("node:async_hooks");
var ENDS_AFTER_MS = 3e4;
var origins = new import_node_async_hooks.AsyncLocalStorage();
function run(kind, work) {
  return origins.run({ kind, begun: now() }, work);
}
function asEdit(work) {
  return run("edit", work);
}
function asRepeat(work) {
  return run("repeat", work);
}
function asMirror(work) {
  return run("mirror", work);
}
function afterEdit(work) {
  return run("none", work);
}
function isRecent(kind) {
  const origin = origins.getStore();
  return origin?.kind === kind && ageMs(origin.begun) < ENDS_AFTER_MS;
}
function isEdit() {
  return isRecent("edit");
}
function isRepeat() {
  return isRecent("repeat");
}
function isMirror() {
  return origins.getStore()?.kind === "mirror";
}

// src/sync/relayed-statistics.ts
var MOST_READ = 5;
var RelayedStatistics = class {
  agent;
  /** Monitors that have beaten and whose statistics are not in memory, in turn, and their users. */
  unread = /* @__PURE__ */ new Map();
  constructor(agent) {
    this.agent = agent;
  }
  /** Counts beats of other nodes and sends what follows from them, once for each monitor. Never throws. */
  async follow(beats) {
    const io = this.agent.kuma.server?.io;
    if (io === void 0) return;
    await this.count(beats).catch((thrown) => {
      warn("cannot count beats of other nodes: %s", messageOf(thrown));
    });
    for (const [id, user] of new Map(beats.map((beat) => [beat.monitor_id, beat.user_id]))) {
      if (user === null || viewers(io, user) === 0) continue;
      if (this.agent.kuma.foreignStatistics?.has(id) === true) await this.send(id, user);
      else if (!this.unread.has(id)) this.unread.set(id, user);
    }
    for (const [id, user] of [...this.unread].slice(0, MOST_READ)) {
      this.unread.delete(id);
      await this.send(id, user);
    }
  }
  /** Forgets who waits: nobody looks any more. */
  clear() {
    this.unread.clear();
  }
  async count(beats) {
    const statistics = this.agent.kuma.foreignStatistics;
    if (statistics === void 0) return;
    const dayjs = kumaModule(this.agent, "dayjs");
    for (const { monitor_id: id, status, ping, time } of beats) {
      await statistics.count(id, status, parseFloat(String(ping)), dayjs.utc(time));
    }
  }
  /** What Kuma sends after a beat of its own, without what it reads for that from the database each time. */
  async send(id, user) {
    const { server, monitorClass, forgetUptimes } = this.agent.kuma;
    if (server === void 0 || monitorClass === void 0) return;
    forgetUptimes?.(id);
    await asMirror(() => monitorClass.sendStats(server.io, id, user)).catch(() => void 0);
  }
};

// src/sync/relay.ts
var RESTS_AFTER_MS = 1e4;
var MOST_OWN_IDS = 2e4;
var Relay = class {
  audience = new Audience();
  agent;
  statistics;
  cursor;
  lastVisitor;
  waking;
  /** Beats that this process has stored, and shown by itself. */
  own = new RecentIds(MOST_OWN_IDS);
  relayed = 0;
  constructor(agent) {
    this.agent = agent;
    this.statistics = new RelayedStatistics(agent);
  }
  /** To be called when a browser connects, before it reads its lists. Throws when the database does not answer. */
  async wake() {
    this.lastVisitor = now();
    if (this.cursor === void 0) await this.beginOnce();
  }
  beginOnce() {
    this.waking ??= this.begin().finally(() => {
      this.waking = void 0;
    });
    return this.waking;
  }
  async begin() {
    this.cursor = new IdCursor(await lastBeatId(databaseOf(this.agent)));
    this.agent.kuma.foreignStatistics?.relayBegins();
  }
  rest() {
    if (this.cursor === void 0) return;
    this.cursor = void 0;
    this.own.clear();
    this.statistics.clear();
    this.agent.kuma.foreignStatistics?.relayEnds();
  }
  /** Notes a beat that this process has stored. */
  noteOwn(id) {
    if (this.cursor !== void 0) this.own.add(id);
  }
  /** Shows the beats that other nodes have stored since the last call. Throws when the database does not answer. */
  async poll() {
    if ((this.agent.kuma.server?.io.engine?.clientsCount ?? 0) > 0) this.lastVisitor = now();
    if (ageMs(this.lastVisitor) > RESTS_AFTER_MS) return this.rest();
    const { cursor } = this;
    if (cursor === void 0) return this.beginOnce();
    const begun = performance.now();
    const rows = await beatsSince(databaseOf(this.agent), cursor.last, cursor.holes(begun));
    await new Promise(setImmediate);
    const fresh = new Set(
      cursor.note(
        rows.map((row) => row.id),
        begun
      )
    );
    const foreign = rows.filter((row) => fresh.has(row.id) && !this.own.delete(row.id));
    for (const row of foreign) this.show(row);
    await this.statistics.follow(foreign);
  }
  show(row) {
    const { server, redbean } = this.agent.kuma;
    if (server === void 0 || redbean === void 0 || row.user_id === null) return;
    if (viewers(server.io, row.user_id) === 0) return;
    const { user_id: user, ...columns } = row;
    try {
      const json2 = redbean.convertToBean("heartbeat", columns).toJSON?.();
      this.audience.send(server.io, user, { id: row.id, monitorId: row.monitor_id, json: json2 });
      this.relayed++;
    } catch (thrown) {
      warn("cannot show a beat of monitor %d: %s", row.monitor_id, messageOf(thrown));
    }
  }
};

// src/version.ts
var AGENT_VERSION = "0.2.0";

// src/work.ts
var START_GRACE_MS = 6e4;
var BEAT_SLACK_MS = 3e4;
var CROWD_MS = 50;
var TIMEOUT_SHARE = 0.8;
var LEAST_TIMEOUT_S = 30;
var LEAST = 2;
function patienceMs(rhythm, crowd) {
  const { intervalSeconds, retryIntervalSeconds, timeoutSeconds } = rhythm;
  const interval = Math.max(intervalSeconds, retryIntervalSeconds, 1);
  const timeout = timeoutSeconds > 0 ? timeoutSeconds : TIMEOUT_SHARE * interval;
  return (2 * interval + Math.max(timeout, LEAST_TIMEOUT_S)) * 1e3 + BEAT_SLACK_MS + CROWD_MS * crowd;
}
function judgeWork(duties) {
  const crowd = duties.length;
  const missing = duties.filter(({ missingMs }) => missingMs > START_GRACE_MS + CROWD_MS * crowd).length;
  const beating = duties.flatMap(
    ({ rhythm, quietMs }) => rhythm === void 0 || rhythm.type === "push" ? [] : [quietMs > patienceMs(rhythm, crowd)]
  );
  const overdue = beating.filter(Boolean).length;
  const neglected = missing + overdue;
  const total = missing + beating.length;
  if (neglected < LEAST || neglected * 2 <= total) return { missing, overdue };
  const problem = missing >= overdue ? { status: "not_running", reason: `${missing} of ${crowd} monitors of this node do not run` } : { status: "overdue", reason: `${overdue} of ${total} monitors of this node do not beat` };
  return { missing, overdue, problem };
}

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
function standingVerdict(agent) {
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
function verdictOn(agent, work) {
  const standing = standingVerdict(agent);
  return standing.status === "ok" ? work.problem ?? standing : standing;
}
function healthVerdict(agent) {
  return verdictOn(agent, judgeWork(agent.duties.list()));
}
function sendHealth(agent, lag, response) {
  const work = judgeWork(agent.duties.list());
  const verdict = verdictOn(agent, work);
  response.setHeader("Cache-Control", "no-store");
  response.status(verdict.status === "ok" ? 200 : 503).json({
    ...verdict,
    node_id: agent.config.nodeId,
    version: agent.kumaVersion,
    agent_version: AGENT_VERSION,
    environment: agent.config.environment,
    monitors_running: agent.runs.size,
    monitors_assigned: agent.ownership.assigned,
    monitors_overdue: work.overdue,
    db: agent.database?.isLost === false ? "ok" : "lost",
    event_loop_lag_ms: lag.ms,
    boot_id: agent.bootId,
    uptime_seconds: Math.round(ageMs(agent.begun) / 1e3),
    checks_fenced: agent.fenced,
    beats_relayed: agent.relay.relayed,
    degraded: agent.degraded,
    version_skew: agent.versionSkew
  });
}
function readiness(agent) {
  const verdict = healthVerdict(agent);
  if (verdict.status !== "ok") return { ready: false, ...verdict };
  const status = agent.ownership.status ?? "unregistered";
  if (status === "online") return { ready: true, status };
  return { ready: false, status, reason: `the node is ${status}` };
}

// src/watchers.ts
var TICK_MS2 = 1e3;
var MOST = 32;
var MOST_UNREAD = 65536;
var Watchers = class {
  agent;
  responses = /* @__PURE__ */ new Set();
  timer;
  ticks = 0;
  constructor(agent) {
    this.agent = agent;
  }
  /** Begins to write to a response. False when there are enough watchers. */
  add(response) {
    if (this.responses.size >= MOST) return false;
    response.once("close", () => this.remove(response));
    for (const [name, value] of Object.entries({
      "Content-Type": "application/x-ndjson",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
      Connection: "close"
    })) {
      response.setHeader(name, value);
    }
    response.write(this.line());
    if (this.agent.phase === "leaving") {
      response.end();
      return true;
    }
    this.responses.add(response);
    this.timer ??= setInterval(() => this.tick(), TICK_MS2).unref();
    return true;
  }
  /** Says to all watchers what the node is in now, and ends their connections. */
  end() {
    this.ticks++;
    const line = this.line();
    for (const response of this.responses) {
      this.remove(response);
      response.end(line);
    }
  }
  tick() {
    this.ticks++;
    const line = this.line();
    for (const response of this.responses) {
      if (response.writableLength > MOST_UNREAD) response.destroy();
      else response.write(line);
    }
  }
  remove(response) {
    this.responses.delete(response);
    if (this.responses.size > 0) return;
    clearInterval(this.timer);
    this.timer = void 0;
  }
  line() {
    const { config, bootId } = this.agent;
    const standing = { node_id: config.nodeId, boot_id: bootId, ...healthVerdict(this.agent) };
    return `${JSON.stringify({ tick: this.ticks, ...standing })}
`;
  }
};

// src/agent.ts
function createAgent(config, kumaVersion, kumaRequire) {
  const runs = new Runs();
  const duties = new Duties(runs);
  const agent = {
    config,
    kumaVersion,
    kumaRequire,
    bootId: (0, import_node_crypto2.randomBytes)(8).toString("hex"),
    begun: now(),
    kuma: {},
    runs,
    duties,
    ownership: new Ownership(config, runs, duties),
    stillness: new Stillness(config.leaseMs),
    events: new EventLog(config.nodeId),
    handover: new Handover(),
    edits: new EditsUnderWay(),
    degraded: [],
    versionSkew: [],
    starting: /* @__PURE__ */ new Set(),
    phase: "starting",
    fenced: 0,
    database: void 0
  };
  return Object.assign(agent, { relay: new Relay(agent), watchers: new Watchers(agent) });
}
function databaseOf(agent) {
  if (agent.database === void 0) throw new Error("the database is not connected yet");
  return agent.database;
}

// src/config.ts
var import_node_fs2 = require("node:fs");
var import_node_os = require("node:os");

// src/environment.ts
var import_node_fs = require("node:fs");
function thisMachine() {
  let hosts = "";
  try {
    hosts = (0, import_node_fs.readFileSync)("/etc/hosts", "utf8");
  } catch {
  }
  return { isContainer: (0, import_node_fs.existsSync)("/.dockerenv") || (0, import_node_fs.existsSync)("/run/.containerenv"), hosts };
}
function environmentKind(variables, machine) {
  if ((variables["KUBERNETES_SERVICE_HOST"] ?? "") !== "") return "kubernetes";
  return machine.isContainer || variables["UPTIME_KUMA_IS_CONTAINER"] === "1" ? "docker" : "plain";
}
function reachableName(kind, host, machine) {
  if (kind !== "kubernetes") return host;
  for (const line of machine.hosts.split("\n")) {
    const [address, ...names2] = line.replace(/#.*/, "").trim().split(/\s+/);
    if (address === void 0 || !names2.includes(host)) continue;
    const full = names2.find((name) => name.startsWith(`${host}.`));
    return full ?? (address.includes(":") ? `[${address}]` : address);
  }
  return host;
}
function isContainerId(kind, host) {
  return kind === "docker" && /^[0-9a-f]{12}$/.test(host);
}

// src/config.ts
var NODE_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,49}$/;
var NODE_NAME = /^[^\p{Cc}]{1,100}$/u;
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
  /** A secret may also be in the file that the variable with _FILE behind its name tells of. */
  secret(name) {
    const path = this.text(`${name}_FILE`);
    const value = this.text(name);
    if (value !== void 0 || path === void 0) return value;
    try {
      const content = (0, import_node_fs2.readFileSync)(path, "utf8").trim();
      return content === "" ? void 0 : content;
    } catch {
      this.reject(`${name}_FILE`, path, "a file that can be read");
      return void 0;
    }
  }
  /** The secret in use, and the one that is accepted too while it is changed. */
  secrets(name, previousName) {
    const current = this.secret(name);
    const previous = this.secret(previousName);
    if (current === void 0 && previous !== void 0) {
      this.mistakes.push(`${previousName} is set without ${name}: set that one first`);
    }
    return [current, previous].filter((secret) => secret !== void 0);
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
  /** A look that is due only when the one before does not count any more would find a node in doubt all the time. */
  requireTwice(name, value, least, half) {
    if (value >= 2 * half) return;
    this.mistakes.push(`${name} is ${value}, but must be at least twice ${least}, which is ${half}`);
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
function readConfig(environment, args, host = (0, import_node_os.hostname)(), machine = { isContainer: false, hosts: "" }) {
  const reader = new Reader(environment);
  const kind = environmentKind(environment, machine);
  const nodeId = reader.match(
    "UPTIME_KUMA_NODE_ID",
    host,
    NODE_ID,
    "1 to 50 letters, digits, '_', '.' or '-', beginning with a letter or digit"
  );
  const port = kumaPort(environment, args);
  const name = reachableName(kind, host, machine);
  const nodeHost = reader.match("UPTIME_KUMA_NODE_HOST", `${name}:${port}`, HOST, "host or host:port");
  const config = {
    nodeId,
    nodeName: reader.match("UPTIME_KUMA_NODE_NAME", nodeId, NODE_NAME, "one line of up to 100 characters"),
    nodeHost: /:\d+$/.test(nodeHost) ? nodeHost : `${nodeHost}:${port}`,
    environment: kind,
    isPassingId: isContainerId(kind, nodeId),
    isPrimary: reader.flag("UPTIME_KUMA_PRIMARY", false),
    heartbeatMs: reader.number("NODE_HEARTBEAT_INTERVAL", 30, 1, 3600) * 1e3,
    pollMs: reader.number("CLUSTER_POLL_MS", 500, 100, 2e3),
    fullScanMs: reader.number("CLUSTER_FULL_SCAN_MS", 15e3, 1e3, 6e5),
    leaseMs: reader.number("CLUSTER_LEASE_MS", 3e3, 500, 6e4),
    spreadPerSecond: reader.number("CLUSTER_SPREAD_PER_S", 50, 1, 1e4),
    maxSkewMs: reader.number("CLUSTER_MAX_SKEW_MS", 2e3, 200, 6e4),
    foreignStatistics: reader.number("CLUSTER_STATISTICS_CACHE", 500, 10, 1e5),
    clusterSecrets: reader.secrets("CLUSTER_SECRET", "CLUSTER_SECRET_PREVIOUS"),
    mergeMetrics: reader.flag("CLUSTER_METRICS_MERGE", true)
  };
  reader.requireTwice("CLUSTER_LEASE_MS", config.leaseMs, "CLUSTER_POLL_MS", config.pollMs);
  return reader.mistakes.length > 0 ? { mistakes: reader.mistakes } : { config };
}

// src/fence.ts
var import_node_async_hooks2 = require("node:async_hooks");
var SETTLE_MS = 3e3;
var context = new import_node_async_hooks2.AsyncLocalStorage();
function insideRun(run2, work) {
  return context.run(run2, () => afterEdit(work));
}
function currentRun() {
  return context.getStore();
}
function park(agent) {
  agent.fenced++;
  return new Promise(() => void 0);
}
async function inquire(run2, question) {
  try {
    return await context.run(void 0, question);
  } catch (thrown) {
    run2.interrupted = true;
    throw thrown;
  }
}
async function settle(agent) {
  const leftMs = SETTLE_MS - agent.stillness.sinceMs;
  if (leftMs <= 0) return false;
  await sleep(leftMs);
  return true;
}
async function passFence(agent, run2) {
  const hasSettled = !run2.stopped && await settle(agent);
  for (let round = 0; round < 2 && !run2.stopped && (hasSettled || !agent.ownership.isFresh); round++) {
    await inquire(run2, () => agent.ownership.poll(databaseOf(agent), agent.bootId));
  }
  if (isFenced(run2)) await park(agent);
  if (run2.stopped || agent.ownership.isFresh) return;
  run2.interrupted = true;
  throw new Error("the database takes too long to say who runs the monitor");
}
async function passFenceForNotification(agent, run2) {
  await passFence(agent, run2);
  if (run2.stopped) {
    if (ageMs(run2.drainedSince) < DRAIN_MS / 2) return;
    await park(agent);
  }
  const row = await inquire(run2, () => oneMonitor(databaseOf(agent), run2.id));
  if (row?.active === true && row.owner === agent.config.nodeId) return;
  agent.runs.stop(run2.id);
  await park(agent);
}
function fencedServer(agent, run2, io) {
  const fenced = Object.create(io);
  fenced.to = (room) => ({
    emit(event, ...args) {
      if (isFenced(run2)) return true;
      if (event !== "heartbeat" || typeof room !== "number") return io.to(room).emit(event, ...args);
      run2.held.push((id) => agent.relay.audience.send(io, room, { id, monitorId: run2.id, json: args[0] }));
      return true;
    }
  });
  return fenced;
}
function beginBeat(run2) {
  run2.held = [];
  run2.databaseError = void 0;
  run2.checking = run2.bean.type !== "push";
}
function endBeat(run2, beatId) {
  for (const send3 of run2.held.splice(0)) send3(beatId);
  run2.checking = false;
  run2.onDrained();
}
function noteDatabaseError(run2, thrown) {
  if (!isDatabaseLost(thrown)) return;
  run2.interrupted = true;
  run2.databaseError ??= messageOf(thrown);
}

// src/serial.ts
var Serial = class {
  last = Promise.resolve();
  /** Resolves and throws as `work` does, when its turn has come. */
  run(work) {
    const turn = this.last.then(work);
    this.last = turn.catch(() => void 0);
    return turn;
  }
};

// src/sync/foreign-statistics.ts
var SETTLES_AFTER_MS = 2e3;
var KEPT_MS2 = 5e3;
var ForeignStatistics = class {
  calculators;
  isOurs;
  most;
  loaded = /* @__PURE__ */ new Map();
  uses = 0;
  /** Counts the times that the relay was begun; 0 while it rests. */
  period = 0;
  periods = 0;
  /** @param most calculators that are kept; one takes up to half a megabyte. */
  constructor(calculators, isOurs, most) {
    this.calculators = calculators;
    this.isOurs = isOurs;
    this.most = most;
  }
  /** From now on every beat of another node is given to count(). */
  relayBegins() {
    this.period = ++this.periods;
  }
  relayEnds() {
    this.period = 0;
  }
  /** To be called before Kuma takes a calculator: drops it when it is not current. */
  refresh(monitorId) {
    if (this.isOurs(monitorId)) {
      if (this.loaded.has(monitorId)) this.drop(monitorId);
      return;
    }
    const known2 = this.loaded.get(monitorId);
    const isCurrent = known2 !== void 0 && (this.isCounted(known2) || ageMs(known2.at) < KEPT_MS2);
    if (isCurrent && this.calculators.list[monitorId] !== void 0) {
      known2.used = ++this.uses;
      return;
    }
    this.drop(monitorId);
    this.loaded.set(monitorId, { at: now(), period: this.period, used: ++this.uses });
    this.evict();
  }
  /** Whether the statistics of a monitor are in memory and current. */
  has(monitorId) {
    const known2 = this.loaded.get(monitorId);
    return known2 !== void 0 && this.isCounted(known2) && this.calculators.list[monitorId] !== void 0;
  }
  /** Counts a beat of another node. Throws what Kuma throws. */
  async count(monitorId, status, ping, date) {
    const known2 = this.loaded.get(monitorId);
    if (known2 === void 0 || this.isOurs(monitorId)) return;
    const calculator = this.calculators.list[monitorId];
    if (calculator === void 0 || !this.isCounted(known2) || ageMs(known2.at) < SETTLES_AFTER_MS) {
      return this.drop(monitorId);
    }
    await asMirror(() => calculator.update(status, ping, date));
  }
  /** Drops what is in memory of a monitor. */
  drop(monitorId) {
    this.loaded.delete(monitorId);
    delete this.calculators.list[monitorId];
  }
  isCounted(known2) {
    return this.period !== 0 && known2.period === this.period;
  }
  evict() {
    if (this.loaded.size <= this.most) return;
    const oldest = [...this.loaded].sort(([, a], [, b]) => a.used - b.used);
    for (const [id] of oldest.slice(0, Math.ceil(this.most / 10))) this.drop(id);
  }
};

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
function shareInit(calculator, foreign) {
  const pending = /* @__PURE__ */ new Map();
  const problem = wrap(calculator, "getUptimeCalculator", (original) => {
    return function(anyId) {
      const id = Number(anyId);
      const shared = pending.get(id);
      if (shared !== void 0) return shared;
      foreign.refresh(id);
      if (calculator.list[id] !== void 0) return original.call(calculator, id);
      const reading = original.call(calculator, id);
      const made = calculator.list[id];
      const ready = reading.then(
        // It may have been dropped meanwhile, for those who come later.
        () => made,
        (thrown) => {
          if (calculator.list[id] === made) delete calculator.list[id];
          throw thrown;
        }
      );
      pending.set(id, ready);
      const forget = () => void (pending.get(id) === ready && pending.delete(id));
      ready.then(forget, forget);
      return ready;
    };
  });
  if (problem !== void 0) return problem;
  return wrap(calculator, "remove", (original) => {
    return function(id) {
      pending.delete(Number(id));
      return original.call(calculator, id);
    };
  });
}
function fenceUpdate(calculator, agent) {
  const serials2 = /* @__PURE__ */ new WeakMap();
  return wrap(calculator.prototype, "update", (original) => {
    return async function(...args) {
      if (isMirror()) return original.apply(this, args);
      const run2 = currentRun();
      if (run2?.id === this.monitorID) await passFence(agent, run2);
      const serial = serials2.get(this) ?? new Serial();
      serials2.set(this, serial);
      try {
        return await serial.run(() => original.apply(this, args));
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
    if (typeof calculator.removeAll !== "function") return "UptimeCalculator.removeAll is not a function";
    const isOurs = (id) => agent.runs.get(id) !== void 0;
    const foreign = new ForeignStatistics(calculator, isOurs, agent.config.foreignStatistics);
    const problem = firstProblem(shareInit(calculator, foreign), fenceUpdate(calculator, agent));
    if (problem !== void 0) return problem;
    agent.kuma.foreignStatistics = foreign;
    agent.kuma.forgetStatistics = (id) => calculator.remove(id);
    agent.kuma.forgetAllStatistics = () => calculator.removeAll();
    return void 0;
  },
  unpatch(exports2) {
    const calculator = member(exports2, "UptimeCalculator");
    if (calculator === void 0) return;
    unwrap(calculator, "getUptimeCalculator");
    unwrap(calculator, "remove");
    unwrap(calculator.prototype, "update");
  }
};

// src/jobs.ts
var import_node_crypto4 = require("node:crypto");

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

// src/jobs.ts
async function isOurTurn(agent, job, seconds) {
  const database = databaseOf(agent);
  const name = `job:${job}`;
  await createLeaseRow(database, name);
  return takeLease(database, name, agent.config.nodeId, (0, import_node_crypto4.randomBytes)(8).toString("hex"), seconds);
}
async function oneAtATime(agent, name, work) {
  const lease = await acquireLease(databaseOf(agent), name, agent.config.nodeId, (reason) => warn(reason));
  try {
    return await work();
  } finally {
    await lease.release();
  }
}

// src/hooks/check-version.ts
var TURN_SECONDS = 47 * 3600;
var LOOK_MS = 36e5;
var ANSWERED_AFTER_MS = 6e4;
var stopLooking = () => void 0;
function checkOnce(start2) {
  const { setInterval: original } = globalThis;
  globalThis.setInterval = (() => void 0);
  try {
    start2();
  } finally {
    globalThis.setInterval = original;
  }
}
async function look(agent, version, start2) {
  if (await isOurTurn(agent, "check-version", TURN_SECONDS)) {
    checkOnce(start2);
    setTimeout(() => tell(agent, version), ANSWERED_AFTER_MS).unref();
    return;
  }
  const event = await latestEvent(databaseOf(agent), "kuma.latest-version");
  const { version: latest } = JSON.parse(event?.detail ?? "{}");
  if (latest !== void 0) version.latestVersion = latest;
}
function tell(agent, version) {
  if (version.latestVersion !== null) {
    agent.events.publish("kuma.latest-version", { version: version.latestVersion });
  }
}
var checkVersionHook = {
  module: "check-version.js",
  essential: false,
  patch(exports2, agent) {
    const version = exports2;
    agent.events.receive("kuma.latest-version", ({ version: latest }) => {
      version.latestVersion = latest;
      return Promise.resolve();
    });
    return wrap(version, "startInterval", (original) => {
      return function() {
        const round = () => look(agent, version, original).catch((thrown) => {
          warn("cannot look for the latest version: %s", messageOf(thrown));
        });
        stopLooking();
        stopLooking = every(LOOK_MS, round);
        void round();
      };
    });
  },
  unpatch(exports2) {
    stopLooking();
    unwrap(exports2, "startInterval");
  }
};

// src/hooks/clear-old-data.ts
var TURN_SECONDS2 = 3600;
var clearOldDataHook = {
  module: "jobs/clear-old-data.js",
  essential: false,
  patch(exports2, agent) {
    return wrap(exports2, "clearOldData", (original) => {
      return async function() {
        if (!await isOurTurn(agent, "clear-old-data", TURN_SECONDS2)) {
          return info("another node clears old data");
        }
        info("this node clears old data");
        return original();
      };
    });
  },
  unpatch(exports2) {
    unwrap(exports2, "clearOldData");
  }
};

// src/hooks/cloudflared.ts
var AGAIN_MS = 5e3;
async function haveTunnel(agent, cloudflared, start2) {
  let onLost = () => void 0;
  const lost = new Promise((resolve3) => onLost = resolve3);
  const lease = await acquireLease(databaseOf(agent), "cloudflared", agent.config.nodeId, (reason) => onLost(reason));
  try {
    await start2();
    warn(await lost);
    await cloudflared.stop();
  } finally {
    await lease.release();
  }
}
async function takeTurns(agent, cloudflared, start2) {
  for (; ; ) {
    await haveTunnel(agent, cloudflared, start2).catch((thrown) => {
      warn("cannot start cloudflared: %s", messageOf(thrown));
    });
    await sleep(AGAIN_MS);
  }
}
var cloudflaredHook = {
  module: "socket-handlers/cloudflared-socket-handler.js",
  essential: false,
  patch(exports2, agent) {
    const cloudflared = exports2;
    return wrap(cloudflared, "autoStart", (original) => {
      return async function(token) {
        const { Settings: settings } = kumaModule(agent, "./settings");
        const stored2 = token ?? await settings.get("cloudflaredTunnelToken");
        if (typeof stored2 !== "string" || stored2 === "") return;
        const start2 = () => original.call(cloudflared, token);
        void takeTurns(agent, cloudflared, start2);
      };
    });
  },
  unpatch(exports2) {
    unwrap(exports2, "autoStart");
  }
};

// src/hooks/connections.ts
function ignore() {
}
function guarded(connection) {
  wrap(connection, "removeAllListeners", (original) => {
    return function(...args) {
      const result = original.apply(this, args);
      if (this.listenerCount("error") === 0) this.on("error", ignore);
      return result;
    };
  });
  return connection;
}
var connectionsHook = {
  module: "mysql2",
  essential: false,
  patch(exports2) {
    return wrap(exports2, "createConnection", (original) => {
      return function(...args) {
        return guarded(original.apply(this, args));
      };
    });
  },
  unpatch(exports2) {
    unwrap(exports2, "createConnection");
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

// src/node-registration.ts
var import_node_http = require("node:http");

// src/node-store.ts
var GOODBYE = "the node said that it leaves";
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
    `INSERT INTO node (node_id, node_name, host, is_primary, environment, version, agent_version, boot_id,
                           status, last_seen, status_since)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'recovering', NOW(6), NOW(6))
         ON DUPLICATE KEY UPDATE node_name = VALUES(node_name), host = VALUES(host), is_primary = VALUES(is_primary),
             environment = VALUES(environment), version = VALUES(version), agent_version = VALUES(agent_version),
             boot_id = VALUES(boot_id), monitors_running = 0,
             status = 'recovering', last_error = NULL, last_seen = NOW(6), status_since = NOW(6)`,
    [
      node.nodeId,
      node.nodeName,
      node.nodeHost,
      node.isPrimary ? 1 : 0,
      node.environment,
      node.kumaVersion,
      node.agentVersion,
      node.bootId
    ]
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
    `UPDATE node SET status = 'offline', last_error = ?, status_since = NOW(6), last_seen = NOW(6), monitors_running = 0
         WHERE node_id = ? AND boot_id = ?`,
    [GOODBYE, nodeId, bootId]
  );
}
async function nodeStatuses(database) {
  const rows = await database.query("SELECT node_id, status FROM node");
  return new Map(rows.map((row) => [row.node_id, row.status]));
}
async function otherNodes(database, nodeId) {
  return database.query(
    `SELECT node_id AS nodeId, host, version AS kumaVersion, agent_version AS agentVersion FROM node
         WHERE node_id <> ? AND status <> 'offline' ORDER BY node_id`,
    [nodeId]
  );
}

// src/node-registration.ts
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
  info("waiting for a sign of life of node %s at %s, which does not answer", row.nodeId, row.host);
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
  const answer2 = await probe(row.host);
  if (answer2 === "refused") return false;
  if (answer2 !== "unknown") return answer2.bootId === row.bootId;
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
  const { nodeId, nodeName, nodeHost, isPrimary, environment } = agent.config;
  return registerNode(databaseOf(agent), {
    nodeId,
    nodeName,
    nodeHost,
    isPrimary,
    environment,
    kumaVersion: agent.kumaVersion,
    agentVersion: AGENT_VERSION,
    bootId: agent.bootId
  });
}
async function compareVersions(agent) {
  const others = await otherNodes(databaseOf(agent), agent.config.nodeId);
  const skew = others.filter((node) => node.kumaVersion !== agent.kumaVersion || node.agentVersion !== AGENT_VERSION).map((node) => `${node.nodeId} runs Uptime Kuma ${node.kumaVersion} with agent ${node.agentVersion}`);
  for (const sentence of skew) {
    if (agent.versionSkew.includes(sentence)) continue;
    warn("%s, this node %s with %s: finish the upgrade soon", sentence, agent.kumaVersion, AGENT_VERSION);
  }
  agent.versionSkew = skew;
}

// src/quietly.ts
function quietly(agent, what, round) {
  return async () => {
    if (agent.phase === "leaving") return;
    try {
      await round();
    } catch (thrown) {
      if (!isDatabaseLost(thrown)) error("cannot %s: %s", what, messageOf(thrown));
    }
  };
}

// src/heartbeat.ts
function startHeartbeat(agent) {
  every(
    agent.config.heartbeatMs,
    quietly(agent, "write the node's heartbeat", async () => {
      await touchNode(databaseOf(agent), agent.config.nodeId, agent.bootId, agent.runs.size);
      await compareVersions(agent);
    })
  );
}

// src/ddl.ts
var CLUSTER_DDL = [
  "CREATE TABLE IF NOT EXISTS cluster_schema ( version INT UNSIGNED NOT NULL PRIMARY KEY, oldest_compatible INT UNSIGNED NOT NULL, applied_by VARCHAR(200) NOT NULL DEFAULT '', applied_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_lease ( name VARCHAR(64) NOT NULL PRIMARY KEY, holder VARCHAR(100) NOT NULL DEFAULT '', session VARCHAR(64) NOT NULL DEFAULT '', epoch BIGINT UNSIGNED NOT NULL DEFAULT 0, renewed_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS node ( node_id VARCHAR(50) NOT NULL PRIMARY KEY, node_name VARCHAR(100) NOT NULL DEFAULT '', host VARCHAR(255) NOT NULL DEFAULT '', status VARCHAR(16) NOT NULL DEFAULT 'recovering', is_primary TINYINT NOT NULL DEFAULT 0, region VARCHAR(64) NULL, weight SMALLINT UNSIGNED NOT NULL DEFAULT 100, version VARCHAR(64) NULL, last_seen TIMESTAMP(6) NULL DEFAULT NULL, last_error VARCHAR(500) NULL, status_since TIMESTAMP(6) NULL DEFAULT NULL, drained_at TIMESTAMP(6) NULL DEFAULT NULL, created_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), modified_date TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "ALTER TABLE node ADD COLUMN IF NOT EXISTS is_primary TINYINT NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS region VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS weight SMALLINT UNSIGNED NOT NULL DEFAULT 100, ADD COLUMN IF NOT EXISTS version VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS last_seen TIMESTAMP(6) NULL DEFAULT NULL, ADD COLUMN IF NOT EXISTS last_error VARCHAR(500) NULL, ADD COLUMN IF NOT EXISTS status_since TIMESTAMP(6) NULL DEFAULT NULL, ADD COLUMN IF NOT EXISTS boot_id VARCHAR(32) NULL, ADD COLUMN IF NOT EXISTS monitors_running INT UNSIGNED NOT NULL DEFAULT 0, ADD COLUMN IF NOT EXISTS agent_version VARCHAR(64) NULL, ADD COLUMN IF NOT EXISTS environment VARCHAR(16) NULL, ADD COLUMN IF NOT EXISTS drained_at TIMESTAMP(6) NULL DEFAULT NULL",
  "CREATE TABLE IF NOT EXISTS cluster_event ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), type VARCHAR(40) NOT NULL, node_id VARCHAR(50) NULL, monitor_id INT UNSIGNED NULL, epoch BIGINT UNSIGNED NULL, actor VARCHAR(100) NOT NULL DEFAULT '', detail LONGTEXT NULL, KEY at (at), KEY type_at (type, at) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_file ( name VARCHAR(191) NOT NULL PRIMARY KEY, mtime BIGINT UNSIGNED NOT NULL, data LONGBLOB NOT NULL ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_pin ( monitor_id INT UNSIGNED NOT NULL PRIMARY KEY, pinned_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_operation ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, type VARCHAR(16) NOT NULL, node_id VARCHAR(50) NULL, status VARCHAR(12) NOT NULL DEFAULT 'requested', epoch BIGINT UNSIGNED NULL, actor VARCHAR(100) NOT NULL DEFAULT '', reason VARCHAR(500) NOT NULL DEFAULT '', planned INT UNSIGNED NOT NULL DEFAULT 0, moved INT UNSIGNED NOT NULL DEFAULT 0, gap_ms BIGINT UNSIGNED NULL, requested_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), started_at TIMESTAMP(6) NULL DEFAULT NULL, finished_at TIMESTAMP(6) NULL DEFAULT NULL, KEY status (status) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin",
  "CREATE TABLE IF NOT EXISTS cluster_move ( id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, operation BIGINT UNSIGNED NOT NULL, monitor_id INT UNSIGNED NOT NULL, from_node VARCHAR(50) NULL, to_node VARCHAR(50) NOT NULL, epoch BIGINT UNSIGNED NOT NULL, seconds INT UNSIGNED NOT NULL, state VARCHAR(12) NOT NULL DEFAULT 'waiting', moved_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), beat_id BIGINT UNSIGNED NOT NULL DEFAULT 0, last_beat DATETIME NULL DEFAULT NULL, first_beat DATETIME NULL DEFAULT NULL, KEY operation_state (operation, state), KEY monitor (monitor_id, id) ) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin"
];
var MONITOR_DDL = [
  "ALTER TABLE monitor ADD COLUMN IF NOT EXISTS node_id VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL INVISIBLE, ADD COLUMN IF NOT EXISTS assigned_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NULL INVISIBLE, ADD COLUMN IF NOT EXISTS owner_node VARCHAR(50) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin AS (COALESCE(assigned_node, node_id)) STORED INVISIBLE, ADD COLUMN IF NOT EXISTS cluster_mtime TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) INVISIBLE, DROP INDEX IF EXISTS cluster_owner, ADD INDEX IF NOT EXISTS cluster_load (owner_node, active, `interval`), ADD INDEX IF NOT EXISTS cluster_mtime (cluster_mtime)"
];
var SCHEMA_VERSION = 2;
var OLDEST_COMPATIBLE_SCHEMA = 1;

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
async function newestSchema(database) {
  const rows = await database.query(
    `SELECT version, oldest_compatible AS oldestCompatible, applied_by AS appliedBy FROM cluster_schema
         ORDER BY version DESC LIMIT 1`
  );
  return rows[0];
}
async function noteSchema(database, row) {
  await database.change(
    "INSERT IGNORE INTO cluster_schema (version, oldest_compatible, applied_by) VALUES (?, ?, ?)",
    [row.version, row.oldestCompatible, row.appliedBy]
  );
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

// src/schema-version.ts
async function schemaLimitation(database) {
  if (!(await tableNames(database)).has("cluster_schema")) return void 0;
  const found = await newestSchema(database);
  if (found === void 0 || found.oldestCompatible <= SCHEMA_VERSION) return void 0;
  return `the agent ${AGENT_VERSION} knows schema ${SCHEMA_VERSION} of the cluster's tables, but these have schema ${found.version} (by ${found.appliedBy}), for which ${found.oldestCompatible} or newer is needed: upgrade it`;
}
function recordSchema(database, nodeId) {
  return noteSchema(database, {
    version: SCHEMA_VERSION,
    oldestCompatible: OLDEST_COMPATIBLE_SCHEMA,
    appliedBy: `agent ${AGENT_VERSION} of ${nodeId}`
  });
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
  const mysql = kumaModule(agent, "mysql2/promise");
  const database = await Database.open(mysql, config, config.dbName ?? "");
  agent.database = database;
  refuseIf(await databaseLimitation(database));
  refuseIf(await clockLimitation(database, agent.config.maxSkewMs));
  refuseIf(await schemaLimitation(database));
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
  await recordSchema(databaseOf(agent), agent.config.nodeId);
  await agent.events.begin(databaseOf(agent));
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
  agent.watchers.end();
  await agent.events.flush();
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

// src/hooks/domain-expiry.ts
var NOTIFY_DAYS = [7, 14, 21];
var notices = new Serial();
async function isDue(agent, domains, domain) {
  const { Settings: settings } = kumaModule(agent, "./settings");
  const stored2 = await settings.get("domainExpiryNotifyDays");
  const days = Array.isArray(stored2) ? stored2.map(Number) : NOTIFY_DAYS;
  const { expiry, daysRemaining, lastExpiryNotificationSent: last } = await domains.findByDomainNameOrCreate(domain);
  if (expiry === null || expiry === void 0) return false;
  const isSent = (target) => last !== null && last !== 0 && last <= target;
  return days.some((target) => daysRemaining <= target && !isSent(target));
}
var domainExpiryHook = {
  module: "model/domain_expiry.js",
  essential: false,
  patch(exports2, agent) {
    const domains = exports2;
    if (typeof domains.findByDomainNameOrCreate !== "function") return "findByDomainNameOrCreate is not a function";
    return wrap(domains, "sendNotifications", (original) => {
      return async function(domain, notifications2) {
        const isListed = Array.isArray(notifications2) && notifications2.length > 0;
        if (!isListed || !await isDue(agent, domains, domain)) return void 0;
        const work = () => original.call(domains, domain, notifications2);
        const notice = notices.run(() => oneAtATime(agent, "domain-expiry", work));
        return notice.catch((thrown) => {
          warn("no notice yet that %s expires: %s", domain, messageOf(thrown));
        });
      };
    });
  },
  unpatch(exports2) {
    unwrap(exports2, "sendNotifications");
  }
};

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

// src/peers/upload-rules.ts
var SAFE_UPLOAD_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,190}$/;
var LARGEST_UPLOAD_BYTES = 16 << 20;

// src/peers/uploads.ts
var copying = /* @__PURE__ */ new Map();
function uploadFolder(agent) {
  const folder = kumaModule(agent, "./database").uploadDir;
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
  const part2 = (0, import_node_path.join)((0, import_node_path.dirname)(path), `.${(0, import_node_path.basename)(path)}.${process.pid}`);
  try {
    await (0, import_promises.writeFile)(part2, file.data);
    await setChangedAt(part2, file.mtime);
    await (0, import_promises.rename)(part2, path);
  } catch (thrown) {
    await (0, import_promises.rm)(part2, { force: true });
    throw thrown;
  }
}
async function refresh(agent, name) {
  const folder = uploadFolder(agent);
  if (folder === void 0 || !SAFE_UPLOAD_NAME.test(name) || agent.database?.isLost === true) return;
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
  if ((0, import_node_path.dirname)((0, import_node_path.resolve)(path)) !== uploadFolder(agent) || !SAFE_UPLOAD_NAME.test(name)) return;
  try {
    const data = await (0, import_promises.readFile)(path);
    if (data.length > LARGEST_UPLOAD_BYTES) throw new Error(`it is larger than ${LARGEST_UPLOAD_BYTES >> 20} MB`);
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
  const stored2 = await fileNames(database);
  for (const name of await (0, import_promises.readdir)(folder)) {
    const path = (0, import_node_path.join)(folder, name);
    if (stored2.has(name) || !SAFE_UPLOAD_NAME.test(name)) continue;
    const state = await (0, import_promises.stat)(path);
    if (!state.isFile() || state.size > LARGEST_UPLOAD_BYTES) continue;
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
var claims = new Serial();
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
  return claims.run(() => giveHome(agent, id));
}

// src/gauges.ts
var LOOK_BACK_MS = 3e5;
var saidProblem = false;
function isRecent2(run2, beat) {
  return beat.ageMs <= Math.max(LOOK_BACK_MS, 2e3 * run2.bean.interval);
}
async function show(gauges, run2, { status, ping }) {
  const tags = gauges.length > 1 ? await run2.bean.getTags() : [];
  if (run2.stopped || run2.bean.prometheus !== void 0) return;
  const shown = new gauges(run2.bean, tags);
  run2.bean.prometheus = shown;
  shown.update({ status, ping }, void 0);
}
async function showLastBeats(agent, runs, last) {
  try {
    const { Prometheus } = kumaModule(agent, "./prometheus");
    for (const run2 of runs) {
      const beat = last.get(run2.id);
      if (beat !== void 0 && isRecent2(run2, beat)) await show(Prometheus, run2, beat);
    }
  } catch (thrown) {
    if (saidProblem) return;
    saidProblem = true;
    warn("cannot show the last beats of monitors among the metrics: %s", messageOf(thrown));
  }
}

// src/move-store.ts
var LATEST = 2e5;
async function recentMoves(database, ids, withinMs) {
  const rows = await database.query(
    `SELECT monitor_id, from_node, moved_at FROM cluster_move
         WHERE monitor_id IN (?) AND id > (SELECT GREATEST(MAX(id), ?) FROM cluster_move) - ?
           AND moved_at > NOW(6) - INTERVAL ? MICROSECOND AND from_node IS NOT NULL ORDER BY id`,
    [ids, LATEST, LATEST, withinMs * 1e3]
  );
  const moves = /* @__PURE__ */ new Map();
  for (const { monitor_id: id, from_node: from, moved_at: at } of rows) {
    moves.set(id, [...moves.get(id) ?? [], { from, at }]);
  }
  return moves;
}

// src/origins.ts
function originsOf({ from, mtime, knownAt }, moves, nodeId) {
  const origins2 = new Map(from === void 0 ? [] : [[from, mtime]]);
  for (const move of moves) if (move.at > knownAt) origins2.set(move.from, move.at);
  origins2.delete(nodeId);
  return origins2;
}
async function livingOrigins(agent, starts, withinMs) {
  const database = databaseOf(agent);
  const ids = starts.map(({ id }) => id);
  const [moves, statuses] = await Promise.all([recentMoves(database, ids, withinMs), nodeStatuses(database)]);
  const found = /* @__PURE__ */ new Map();
  for (const start2 of starts) {
    const origins2 = originsOf(start2, moves.get(start2.id) ?? [], agent.config.nodeId);
    const living = [...origins2].filter(([node]) => (statuses.get(node) ?? "offline") !== "offline");
    if (living.length > 0) found.set(start2.id, new Map(living));
  }
  return found;
}

// src/run-monitor.ts
function handlesOf(agent) {
  const { server, redbean, startMonitor } = agent.kuma;
  if (server === void 0 || redbean === void 0 || startMonitor === void 0)
    throw new Error("Kuma is not ready");
  return { server, redbean, startMonitor };
}
async function begin(agent, run2, io, continued) {
  const { startMonitor } = handlesOf(agent);
  if (!continued) await agent.kuma.forgetStatistics?.(run2.id);
  if (run2.stopped) return;
  await insideRun(run2, () => startMonitor.call(run2.bean, fencedServer(agent, run2, io)));
}
async function loadOwned(agent, ids) {
  const clause = ` id IN (${ids.join(",")}) AND active = 1 AND owner_node = ? `;
  return await handlesOf(agent).redbean.find("monitor", clause, [agent.config.nodeId]);
}
function install(agent, bean) {
  const { server } = handlesOf(agent);
  const run2 = newRun(bean);
  agent.runs.add(run2);
  server.monitorList[bean.id] = bean;
  return run2;
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
  if (dueMs > 0) return Math.min(dueMs, intervalMs);
  const spreadMs = Math.min(intervalMs / 2, timing.together / timing.perSecond * 1e3);
  return timing.random * spreadMs;
}

// src/sync/lists.ts
var MOST_SINGLE = 20;
var COLLECT_MS2 = 50;
function byClient(name) {
  return async (agent, _server, reader) => {
    const client = kumaModule(agent, "./client");
    await client[name]?.(reader);
  };
}
function ofMonitors(name) {
  return async (agent, _server, reader, ids) => {
    const client = kumaModule(agent, "./client");
    for (const id of ids) await client[name]?.(reader, id, true, true);
  };
}
async function updateMonitors(_agent, server, reader, ids) {
  if (server.sendUpdateMonitorIntoList === void 0 || ids.length > MOST_SINGLE) {
    return server.sendMonitorList(reader);
  }
  for (const id of ids) await server.sendUpdateMonitorIntoList(reader, id);
  return void 0;
}
async function deleteMonitors(agent, server, reader, ids) {
  for (const id of ids) {
    if (await oneMonitor(databaseOf(agent), id) !== void 0) continue;
    agent.runs.stop(id);
    delete server.monitorList[id];
    await agent.kuma.forgetStatistics?.(id);
    await server.sendDeleteMonitorFromList?.(reader, id);
  }
}
var LISTS = {
  monitorList: (_agent, server, reader) => server.sendMonitorList(reader),
  updateMonitorIntoList: updateMonitors,
  deleteMonitorFromList: deleteMonitors,
  maintenanceList: (_agent, server, reader) => server.sendMaintenanceListByUserID(reader.userID),
  notificationList: byClient("sendNotificationList"),
  proxyList: byClient("sendProxyList"),
  dockerHostList: byClient("sendDockerHostList"),
  apiKeyList: byClient("sendAPIKeyList"),
  remoteBrowserList: byClient("sendRemoteBrowserList"),
  heartbeatList: ofMonitors("sendHeartbeatList"),
  importantHeartbeatList: ofMonitors("sendImportantHeartbeatList"),
  statusPageList: (agent, server, reader) => kumaModule(agent, "./model/status_page").sendStatusPageList(server.io, reader)
};
var ALWAYS = /* @__PURE__ */ new Set(["deleteMonitorFromList"]);
function membersOf(list2, first) {
  if (list2 === "updateMonitorIntoList") return Object.keys(Object(first)).map(Number);
  return typeof first === "number" || typeof first === "string" ? [Number(first)] : [];
}
function publishList(agent, user, list2, ids) {
  agent.events.publish("kuma.list", { list: list2, user, ids }, `user ${user}`);
}
function tellLists(agent, io) {
  return wrap(io, "to", (original) => {
    return function(room) {
      const operator = original.call(this, room);
      if (typeof room !== "number" || !isEdit()) return operator;
      const emit = operator.emit.bind(operator);
      operator.emit = (event, ...args) => {
        if (event in LISTS) publishList(agent, room, event, membersOf(event, args[0]));
        return emit(event, ...args);
      };
      return operator;
    };
  });
}
async function send(agent, list2, user, ids) {
  const { server } = agent.kuma;
  const sender = LISTS[list2];
  if (server === void 0 || sender === void 0) return;
  if (viewers(server.io, user) === 0 && !ALWAYS.has(list2)) return;
  await asRepeat(() => sender(agent, server, { userID: user, emit: () => void 0 }, ids));
}
function followLists(agent) {
  const changed = /* @__PURE__ */ new Map();
  let timer;
  const sendAll = () => {
    timer = void 0;
    for (const { list: list2, user, ids } of changed.values()) {
      send(agent, list2, user, [...ids]).catch(
        (thrown) => warn("cannot send the %s: %s", list2, messageOf(thrown))
      );
    }
    changed.clear();
  };
  agent.events.receive("kuma.list", ({ list: list2, user, ids }) => {
    const entry = changed.get(`${list2} ${user}`) ?? { list: list2, user, ids: /* @__PURE__ */ new Set() };
    for (const id of ids) entry.ids.add(id);
    changed.set(`${list2} ${user}`, entry);
    timer ??= setTimeout(sendAll, COLLECT_MS2);
    return Promise.resolve();
  });
}

// src/sync/settings.ts
var FOLLOW = {
  entryPage: (agent, value) => {
    if (agent.kuma.server !== void 0) agent.kuma.server.entryPage = value;
  },
  serverTimezone: (agent, value) => {
    if (typeof value !== "string" || value === "") return;
    process.env["TZ"] = value;
    kumaModule(agent, "dayjs").tz.setDefault(value);
  },
  chromeExecutable: (agent) => {
    const browser = kumaModule(agent, "./monitor-types/real-browser-monitor-type");
    return browser.resetChrome?.();
  },
  nscd: (agent, value) => {
    const { server } = agent.kuma;
    return value === true ? server?.startNSCDServices?.() : server?.stopNSCDServices?.();
  },
  // Whoever came in while nobody had to log in is out, also who came since the log-out that Kuma does before it stores this.
  disableAuth: (agent, value) => {
    const { server } = agent.kuma;
    if (value === true || server === void 0) return;
    for (const user of viewingUsers(server.io)) server.disconnectAllSocketClients?.(user);
  },
  // 2.0.0-dev.0
  dnsCache: (agent) => {
    const { CacheableDnsHttpAgent: dns } = kumaModule(agent, "./cacheable-dns-http-agent");
    return dns?.update?.();
  }
};
async function followSettings(agent, keys) {
  const { Settings: settings } = kumaModule(agent, "./settings");
  settings.deleteCache(keys);
  for (const key of keys) {
    const follow = Object.hasOwn(FOLLOW, key) ? FOLLOW[key] : void 0;
    if (follow !== void 0) await follow(agent, await settings.get(key));
  }
  agent.kuma.clearCache?.();
  await sendInfo(agent);
}
async function sendInfo(agent) {
  const client = kumaModule(agent, "./client");
  for (const socket of agent.kuma.server?.io.sockets.sockets.values() ?? []) {
    if (socket.userID !== void 0) await client.sendInfo?.(socket);
  }
}

// src/sync/receivers.ts
function serverOf(agent) {
  const { server } = agent.kuma;
  if (server === void 0) throw new Error("Kuma is not ready");
  return server;
}
function stopMaintenance(bean) {
  clearTimeout(bean.beanMeta.durationTimeout);
  bean.stop();
}
async function reloadMaintenance(agent, id) {
  const server = serverOf(agent);
  const stored2 = await agent.kuma.redbean?.findOne("maintenance", " id = ? ", [id]);
  const present = server.maintenanceList[id];
  if (present !== void 0) stopMaintenance(present);
  delete server.maintenanceList[id];
  if (stored2 !== null) {
    server.maintenanceList[id] = stored2;
    await stored2.run();
  }
  agent.kuma.clearCache?.();
  for (const user of viewingUsers(server.io)) await server.sendMaintenanceListByUserID(user);
}
async function reloadStatusPages(agent) {
  await kumaModule(agent, "./model/status_page").loadDomainMappingList();
  agent.kuma.clearCache?.();
}
async function clearStatistics(agent, monitor) {
  const ids = monitor === 0 ? [...agent.runs.ids()] : [monitor];
  if (monitor === 0) await agent.kuma.forgetAllStatistics?.();
  else await agent.kuma.forgetStatistics?.(monitor);
  await restartHere(agent, ids);
}
function logOut(agent, user) {
  serverOf(agent).disconnectAllSocketClients?.(user);
}
function answerWanted(agent, { node, ids, asker }) {
  if (node !== agent.config.nodeId) return;
  const idle = ids.filter((id) => !agent.runs.isBusy(id) && !agent.starting.has(id));
  sayReleased(agent, idle, asker);
}
function sayReleased(agent, monitors, asker) {
  const ids = monitors.filter((id) => !agent.handover.isWaiting(id, asker));
  if (ids.length === 0) return;
  agent.events.publish("kuma.released", { node: agent.config.nodeId, ids, seen: agent.ownership.seen });
}
async function sendCertificate(agent, monitor) {
  const { io } = serverOf(agent);
  const user = await userOfMonitor(databaseOf(agent), monitor);
  if (user === void 0 || viewers(io, user) === 0) return;
  await agent.kuma.monitorClass?.sendCertInfo(io, monitor, user);
  await agent.kuma.monitorClass?.sendDomainInfo?.(io, monitor, user);
}
function followOtherNodes(agent) {
  const follow = (type, action) => {
    agent.events.receive(type, async (detail) => {
      await asRepeat(() => action(detail));
    });
  };
  followLists(agent);
  follow("kuma.settings", ({ keys }) => followSettings(agent, keys));
  follow("kuma.maintenance", ({ id }) => reloadMaintenance(agent, id));
  follow("kuma.status-pages", () => reloadStatusPages(agent));
  follow("kuma.cache", () => agent.kuma.clearCache?.());
  follow("kuma.statistics-cleared", ({ monitor }) => clearStatistics(agent, monitor));
  follow("kuma.released", (word) => agent.handover.noteReleased(word.node, word.ids, word.seen));
  follow("kuma.wanted", (question) => answerWanted(agent, question));
  follow("kuma.log-out", ({ user }) => logOut(agent, user));
  follow("kuma.certificate", ({ monitor }) => sendCertificate(agent, monitor));
}

// src/starter.ts
var BATCH2 = 100;
function leaveToOwner(agent, bean) {
  const list2 = agent.kuma.server?.monitorList;
  if (list2?.[bean.id] === bean) delete list2[bean.id];
}
function isComing(agent, id) {
  return agent.ownership.isElsewhere(id) || agent.handover.isWaiting(id);
}
async function startForKuma(agent, bean, io) {
  const id = bean.id;
  agent.starting.add(id);
  try {
    const owner = await ownerOrClaim(agent, id);
    if (owner !== agent.config.nodeId || isComing(agent, id)) return leaveToOwner(agent, bean);
    if (bean.isStop === true || agent.phase === "leaving") return;
    const run2 = newRun(bean);
    agent.runs.add(run2);
    await begin(agent, run2, io, false);
  } catch (thrown) {
    warn("cannot start monitor %d yet: %s", id, messageOf(thrown));
  } finally {
    agent.starting.delete(id);
  }
}
function delayOf(agent, bean, last, together) {
  return startDelayMs({
    type: bean.type,
    intervalSeconds: bean.interval,
    retryIntervalSeconds: bean.retryInterval,
    last,
    together,
    perSecond: agent.config.spreadPerSecond,
    random: Math.random()
  });
}
function schedule(agent, run2, delayMs) {
  run2.timer = setTimeout(() => {
    startOnTime(agent, run2).catch((thrown) => {
      agent.runs.stop(run2.id);
      warn("cannot start monitor %d yet: %s", run2.id, messageOf(thrown));
    });
  }, delayMs).unref();
}
async function startOnTime(agent, run2) {
  if (run2.stopped) return;
  const last = (await lastBeats(databaseOf(agent), [run2.id])).get(run2.id);
  if (last !== void 0 && last.time !== run2.lastBeatTime) {
    run2.lastBeatTime = last.time;
    schedule(agent, run2, delayOf(agent, run2.bean, last, 1));
    return;
  }
  await begin(agent, run2, handlesOf(agent).server.io, false);
}
async function startBatch(agent, starts, together) {
  const ids = starts.map((start2) => start2.id);
  const mostMs = DRAIN_MS + agent.config.leaseMs;
  const [origins2, last, beans] = await Promise.all([
    livingOrigins(agent, starts, mostMs),
    lastBeats(databaseOf(agent), ids),
    loadOwned(agent, ids)
  ]);
  const read = now();
  const byId = new Map(starts.map((start2) => [start2.id, start2]));
  const installed = [];
  for (const bean of beans) {
    if (agent.runs.get(bean.id) !== void 0) continue;
    const run2 = install(agent, bean);
    run2.lastBeatTime = last.get(bean.id)?.time;
    const go = () => {
      const beat = last.get(bean.id);
      const aged = beat && { ...beat, ageMs: beat.ageMs + ageMs(read) };
      const delayMs = byId.get(bean.id)?.resumed === true ? 0 : delayOf(agent, bean, aged, together);
      if (!run2.stopped) schedule(agent, run2, delayMs);
    };
    const living = origins2.get(bean.id) ?? /* @__PURE__ */ new Map();
    if (living.size === 0 && !agent.handover.isWaiting(bean.id)) go();
    else {
      void agent.handover.wait(bean.id, living, mostMs).then(() => {
        go();
        if (run2.stopped && !agent.runs.isBusy(bean.id)) sayReleased(agent, [bean.id]);
      });
    }
    installed.push(run2);
  }
  void showLastBeats(agent, installed, last);
}
async function startOwned(agent, wanted) {
  const starts = wanted.filter(({ id }) => !agent.starting.has(id) && agent.runs.get(id) === void 0);
  const failed = [];
  for (const { id } of starts) agent.starting.add(id);
  for (let first = 0; first < starts.length; first += BATCH2) {
    const batch = starts.slice(first, first + BATCH2);
    try {
      await startBatch(agent, batch, starts.length);
    } catch (thrown) {
      failed.push(...batch);
      warn("cannot start %d monitors yet: %s", batch.length, messageOf(thrown));
    } finally {
      for (const { id } of batch) agent.starting.delete(id);
    }
  }
  const begun = starts.length - failed.length;
  if (begun > 0) info("%d monitors start here", begun);
  return failed;
}
async function restartChanged(agent, ids) {
  const { server } = handlesOf(agent);
  for (const bean of await loadOwned(agent, ids)) {
    const run2 = agent.runs.get(bean.id);
    if (run2 === void 0 || run2.hash === settingsHash(bean)) continue;
    info("restarting monitor %d: its settings changed", bean.id);
    await begin(agent, install(agent, bean), server.io, true);
  }
}
async function restartHere(agent, ids) {
  const here = ids.filter((id) => agent.runs.get(id) !== void 0);
  if (here.length === 0) return;
  const { server } = handlesOf(agent);
  for (const bean of await loadOwned(agent, here)) {
    if (agent.runs.get(bean.id) !== void 0) await begin(agent, install(agent, bean), server.io, false);
  }
}

// src/hooks/monitor.ts
function sparesMirror(monitor, name) {
  wrap(monitor, name, (original) => {
    return function(...args) {
      return isMirror() ? Promise.resolve() : original.apply(this, args);
    };
  });
}
var monitorHook = {
  module: "model/monitor.js",
  essential: true,
  patch(exports2, agent) {
    const monitor = exports2;
    agent.kuma.monitorClass = monitor;
    for (const name of ["sendCertInfo", "sendDomainInfo"]) sparesMirror(monitor, name);
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
          const run2 = currentRun();
          if (run2?.bean === bean) await passFenceForNotification(agent, run2);
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
    unwrap(monitor, "sendCertInfo");
    unwrap(monitor, "sendDomainInfo");
  }
};

// src/hooks/page-cache.ts
var pageCacheHook = {
  module: "modules/apicache/index.js",
  essential: false,
  patch(exports2, agent) {
    const cache = exports2;
    const problem = wrap(cache, "clear", (original) => {
      return function(...args) {
        if (args.length === 0 && !isRepeat()) agent.events.publish("kuma.cache", {});
        return original.apply(this, args);
      };
    });
    if (problem === void 0) agent.kuma.clearCache = () => void cache.clear();
    return problem;
  },
  unpatch(exports2) {
    unwrap(exports2, "clear");
  }
};

// src/sync/check-results.ts
var SHOWN = /* @__PURE__ */ new Set(["monitor_tls_info", "domain_expiry"]);
var told = /* @__PURE__ */ new WeakMap();
function noteResult(agent, run2, bean) {
  const { type } = bean.beanMeta;
  if (!SHOWN.has(type)) return;
  const columns = { ...bean.export(false), last_check: void 0, lastCheck: void 0 };
  const print = fingerprint(columns);
  const known2 = told.get(run2) ?? /* @__PURE__ */ new Map();
  if (known2.get(type) === print) return;
  known2.set(type, print);
  told.set(run2, known2);
  agent.events.publish("kuma.certificate", { monitor: run2.id });
}

// src/hooks/redbean.ts
var START_LIST = "active = 1";
var WATCHED = ["findAll", "normalizeRaw", "trash"];
async function watched(work) {
  try {
    return await work;
  } catch (thrown) {
    const run2 = currentRun();
    if (run2 !== void 0) noteDatabaseError(run2, thrown);
    throw thrown;
  }
}
async function unlessDeleted(agent, run2, storing) {
  try {
    return await storing;
  } catch (thrown) {
    if (!isParentGone(thrown)) throw thrown;
    agent.runs.stop(run2.id);
    return park(agent);
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
function isStatistics(type) {
  return type.startsWith("stat_");
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
        if (isMirror() && isStatistics(type)) return Promise.resolve(null);
        const run2 = currentRun();
        if (type === "heartbeat" && run2 !== void 0 && isFenced(run2)) return park(agent);
        return watched(original.call(this, type, ...args));
      };
    })
  );
}
function patchBeats(redbean, agent) {
  return firstProblem(
    wrap(redbean, "dispense", (original) => {
      return function(type) {
        const run2 = currentRun();
        if (type === "heartbeat" && run2 !== void 0) beginBeat(run2);
        return original.call(this, type);
      };
    }),
    wrap(redbean, "store", (original) => {
      return async function(bean, ...args) {
        if (isMirror()) return 0;
        const run2 = currentRun();
        const isBeat = bean.beanMeta.type === "heartbeat";
        if (isBeat && run2 !== void 0) await passFence(agent, run2);
        const stored2 = watched(original.call(this, bean, ...args));
        const id = await (isBeat && run2 !== void 0 ? unlessDeleted(agent, run2, stored2) : stored2);
        if (isBeat) agent.relay.noteOwn(Number(id));
        if (isBeat && run2 !== void 0) {
          agent.duties.noteBeat(run2.id);
          endBeat(run2, Number(id));
        }
        if (run2 !== void 0) noteResult(agent, run2, bean);
        return id;
      };
    }),
    wrap(redbean, "exec", (original) => {
      return function(...args) {
        return isMirror() ? Promise.resolve() : original.apply(this, args);
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
    for (const name of [...WATCHED, "find", "findOne", "dispense", "store", "exec", "convertToBean"]) {
      unwrap(redbean, name);
    }
  }
};

// src/api/credentials.ts
var API_KEY = /^uk\d+_\S+$/;
function readBasic(encoded) {
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return { kind: "unknown" };
  return { kind: "basic", name: text.slice(0, colon), password: text.slice(colon + 1) };
}
function readBearer(value) {
  return API_KEY.test(value) ? { kind: "key", key: value } : { kind: "token", token: value };
}
function readCredentials(header) {
  const text = header?.trim() ?? "";
  if (text === "") return { kind: "none" };
  if (API_KEY.test(text)) return { kind: "key", key: text };
  const [, scheme = "", value = ""] = /^(\S+)\s+(\S+)$/.exec(text) ?? [];
  if (scheme.toLowerCase() === "basic") return readBasic(value);
  return scheme.toLowerCase() === "bearer" ? readBearer(value) : { kind: "unknown" };
}

// src/api/problem.ts
var Problem = class extends Error {
  status;
  /** One word that never changes, for programs. */
  code;
  headers;
  fields;
  constructor(status, code, message, { headers = {}, fields } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
    this.fields = fields;
  }
  /** The answer's body. */
  get body() {
    const fields = this.fields === void 0 ? {} : { fields: this.fields };
    return { error: this.code, message: this.message, ...fields };
  }
};
var RETRY_AFTER_LOSS_S = 5;
function databaseLost() {
  const headers = { "Retry-After": String(RETRY_AFTER_LOSS_S) };
  return new Problem(503, "database_lost", "the database does not answer", { headers });
}
function problemOf(thrown) {
  if (thrown instanceof Problem) return thrown;
  if (isDatabaseLost(thrown)) return databaseLost();
  error("a request of the API failed: %s", thrown instanceof Error ? thrown.stack ?? thrown.message : thrown);
  return new Problem(500, "internal_error", "the request failed; the node's log says why");
}
function noMonitor(id) {
  return new Problem(404, "monitor_not_found", `there is no monitor ${id}`);
}

// src/api/user-store.ts
async function findApiKey(redbean, id) {
  return await redbean.findOne("api_key", " id = ? ", [id]);
}
async function findActiveUser(redbean, name) {
  return await redbean.findOne("user", " username = ? AND active = 1 ", [name]);
}
async function findFirstUser(redbean) {
  return await redbean.findOne("user", " 1 = 1 ORDER BY id ");
}
var OFF = /* @__PURE__ */ new Set(["", "false", "0", "null"]);
async function loginSettings(database) {
  const sql = "SELECT `key` AS name, value FROM setting WHERE `key` IN ('disableAuth', 'apiKeysEnabled')";
  const rows = await database.query(sql);
  const isOn = (name) => rows.some((row) => row.name === name && !OFF.has(row.value ?? ""));
  return { disableAuth: isOn("disableAuth"), apiKeysEnabled: isOn("apiKeysEnabled") };
}

// src/api/verified.ts
var import_node_crypto5 = require("node:crypto");
var MOST2 = 200;
var VerifiedSecrets = class {
  /** The stored hashes by the fingerprints of the secrets. */
  hashes = /* @__PURE__ */ new Map();
  /** Whether this secret fitted this stored hash before. */
  has(secret, storedHash) {
    return this.hashes.get(fingerprint2(secret)) === storedHash;
  }
  /** Notes that a secret fits a stored hash; the oldest notes go when there are many. */
  add(secret, storedHash) {
    if (this.hashes.size >= MOST2) this.hashes.delete(this.hashes.keys().next().value ?? "");
    this.hashes.set(fingerprint2(secret), storedHash);
  }
};
function fingerprint2(secret) {
  return (0, import_node_crypto5.createHash)("sha256").update(secret).digest("base64");
}

// src/api/auth.ts
var RETRY_AFTER_S = 60;
var CHALLENGE = 'Basic realm="Uptime Kuma", Bearer';
var verified = new VerifiedSecrets();
function refuse2(code, message) {
  return new Problem(401, code, message, { headers: { "WWW-Authenticate": CHALLENGE } });
}
function wrong() {
  return refuse2("invalid_credentials", "the credentials are wrong");
}
async function countAttempt(limiter) {
  if (await limiter.pass(null, 1)) return;
  const headers = { "Retry-After": String(RETRY_AFTER_S) };
  throw new Problem(429, "rate_limited", "too many attempts to log in", { headers });
}
async function findKey(agent, text) {
  const [, id, secret] = /^uk(\d{1,9})_(.+)$/.exec(text) ?? [];
  const key = id === void 0 ? null : await findApiKey(redbeanOf(agent), Number(id));
  if (key !== null && verified.has(text, key.key)) return key;
  await countAttempt(kumaModule(agent, "./rate-limiter").apiRateLimiter);
  if (key === null || secret === void 0) throw wrong();
  if (!kumaModule(agent, "./password-hash").verify(secret, key.key)) throw wrong();
  verified.add(text, key.key);
  return key;
}
async function userOfKey(agent, settings, text) {
  if (!settings.apiKeysEnabled) {
    throw refuse2("api_keys_not_enabled", "API keys are not enabled in Uptime Kuma's settings");
  }
  const key = await findKey(agent, text);
  const status = key.getStatus();
  if (status === "expired") throw refuse2("api_key_expired", "the API key is expired");
  if (status !== "active") throw refuse2("api_key_disabled", "the API key is disabled");
  return { id: key.user_id };
}
async function userOfPassword(agent, name, password) {
  const known2 = await findActiveUser(redbeanOf(agent), name);
  const secret = `${name}
${password}`;
  let user = known2;
  if (known2 === null || !verified.has(secret, known2.password)) {
    await countAttempt(kumaModule(agent, "./rate-limiter").loginRateLimiter);
    user = await kumaModule(agent, "./auth").login(name, password);
    if (user !== null) verified.add(secret, user.password);
  }
  if (user === null) throw wrong();
  if (Number(user.twofa_status) === 1) {
    throw refuse2("two_factor_required", "this user needs a second factor: use an API key");
  }
  return { id: user.id };
}
async function userOfToken({ agent, server }, token) {
  let content;
  try {
    content = kumaModule(agent, "jsonwebtoken").verify(token, server.jwtSecret, { algorithms: ["HS256"] });
  } catch {
    throw wrong();
  }
  const user = await findActiveUser(redbeanOf(agent), String(content.username));
  if (user === null) throw wrong();
  const { shake256, SHAKE256_LENGTH } = kumaModule(agent, "./util-server");
  const isOld = shake256 !== void 0 && content.h !== shake256(user.password, SHAKE256_LENGTH ?? 16);
  if (isOld) throw refuse2("invalid_credentials", "the token is from before a change of the password");
  return { id: user.id };
}
async function firstUser(agent) {
  const first = await findFirstUser(redbeanOf(agent));
  if (first === null) throw wrong();
  return { id: first.id };
}
async function authenticate(api, request) {
  const { agent } = api;
  const settings = await loginSettings(databaseOf(agent));
  if (settings.disableAuth) return firstUser(agent);
  const credentials = readCredentials(request.headers.authorization);
  switch (credentials.kind) {
    case "key":
      return userOfKey(agent, settings, credentials.key);
    case "token":
      return userOfToken(api, credentials.token);
    case "basic":
      if (settings.apiKeysEnabled) return userOfKey(agent, settings, credentials.password);
      return userOfPassword(agent, credentials.name, credentials.password);
    case "none":
      throw refuse2("authentication_required", "this needs an API key, a token or a password of Uptime Kuma");
    default:
      throw wrong();
  }
}

// src/api/body.ts
var LIMIT = "1mb";
function problemOfParser(thrown) {
  const { type } = Object(thrown);
  switch (type) {
    case "entity.too.large":
      return new Problem(413, "body_too_large", `the body may have ${LIMIT} at most`);
    case "encoding.unsupported":
    case "charset.unsupported":
      return new Problem(415, "unsupported_media_type", "the body must be JSON in UTF-8");
    default:
      return new Problem(400, "bad_json", "the body is no JSON");
  }
}
function hasBody({ headers }) {
  return headers["transfer-encoding"] !== void 0 || Number(headers["content-length"] ?? 0) > 0;
}
function parse(api, request, response) {
  const parser = kumaModule(api.agent, "express").json({ limit: LIMIT });
  return new Promise((resolve3, reject) => {
    parser(request, response, (thrown) => {
      if (thrown === void 0) resolve3();
      else reject(problemOfParser(thrown));
    });
  });
}
async function readBody(api, request, response, isNeeded2) {
  if (!hasBody(request)) {
    if (isNeeded2) throw new Problem(400, "bad_json", "a JSON object is needed");
    return {};
  }
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new Problem(415, "unsupported_media_type", "the body must be application/json");
  }
  await parse(api, request, response);
  const { body } = request;
  if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  throw new Problem(400, "bad_json", "the body must be a JSON object");
}

// src/api/guard.ts
var import_node_crypto6 = require("node:crypto");
var LOOPBACK = /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/;
var FORWARDED = ["x-forwarded-for", "x-real-ip", "forwarded", "via"];
function isSame(given, expected) {
  const [a, b] = [given, expected].map((text) => (0, import_node_crypto6.createHash)("sha256").update(text).digest());
  return a !== void 0 && b !== void 0 && (0, import_node_crypto6.timingSafeEqual)(a, b);
}
function secretOf({ headers }) {
  const own = headers["x-cluster-secret"];
  if (typeof own === "string") return own;
  return /^Bearer\s+(\S+)\s*$/i.exec(headers.authorization ?? "")?.[1];
}
function isLocal({ headers, socket }) {
  const proxied = FORWARDED.some((name) => headers[name] !== void 0);
  return !proxied && LOOPBACK.test(socket.remoteAddress ?? "");
}
function hasClusterSecret({ headers }, clusterSecrets) {
  const given = headers["x-cluster-secret"];
  return typeof given === "string" && clusterSecrets.some((secret) => isSame(given, secret));
}
function guardCluster(request, clusterSecrets) {
  if (clusterSecrets.length === 0) {
    if (isLocal(request)) return;
    throw new Problem(403, "forbidden", "CLUSTER_SECRET is not set: only a client on this machine may do this");
  }
  const given = secretOf(request);
  if (given !== void 0 && clusterSecrets.some((secret) => isSame(given, secret))) return;
  throw new Problem(403, "forbidden", "this needs the cluster's secret, in the header X-Cluster-Secret or as Bearer");
}
function guardOrigin({ method, headers }) {
  const { origin, host } = headers;
  if (method === "GET" || method === "HEAD" || origin === void 0) return;
  const from = URL.canParse(origin) ? new URL(origin).host : origin;
  if (from === host || from === headers["x-forwarded-host"]) return;
  throw new Problem(403, "foreign_origin", "a page of another site may change nothing here");
}

// src/api/path.ts
var NUMBER = "([1-9][0-9]{0,9})";
function compilePath(path) {
  const names2 = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const source = path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, NUMBER);
  return { expression: new RegExp(`^${source}/?$`), names: names2 };
}
function matchPath(pattern, path) {
  const match = pattern.expression.exec(path);
  if (match === null) return void 0;
  return Object.fromEntries(pattern.names.map((name, index) => [name, Number(match[index + 1])]));
}

// src/api/catalog-store.ts
async function part(database, source, page) {
  const { columns, table, where, values } = source;
  const from = `FROM ${table} WHERE ${where}`;
  const paged = [...values, page.limit, page.offset];
  const [rows, counts] = await Promise.all([
    database.query(`SELECT ${columns} ${from} ORDER BY id LIMIT ? OFFSET ?`, paged),
    database.query(`SELECT COUNT(*) AS total ${from}`, values)
  ]);
  return { rows, total: Number(counts[0]?.total ?? 0) };
}
function notifications(database, user, page) {
  const type = "IF(JSON_VALID(config), JSON_VALUE(config, '$.type'), NULL) AS type";
  const columns = `id, name, ${type}, active, is_default`;
  return part(database, { columns, table: "notification", where: "user_id = ?", values: [user] }, page);
}
async function ownNotifications(database, user, ids) {
  if (ids.length === 0) return /* @__PURE__ */ new Set();
  const sql = "SELECT id FROM notification WHERE user_id = ? AND id IN (?)";
  return new Set((await database.query(sql, [user, ids])).map((row) => row.id));
}
async function preselected(database, user) {
  const [chosen, proxies] = await Promise.all([
    database.query("SELECT id FROM notification WHERE user_id = ? AND is_default = 1", [user]),
    database.query("SELECT id FROM proxy WHERE user_id = ? AND `default` = 1 LIMIT 1", [user])
  ]);
  return { notifications: chosen.map((row) => row.id), proxy: proxies[0]?.id };
}
function statusPages(database, page) {
  const columns = "id, slug, title, description, published";
  return part(database, { columns, table: "status_page", where: "1 = 1", values: [] }, page);
}
function groups(database, user, page) {
  const columns = "id, name, active, parent, node_id, assigned_node, COALESCE(assigned_node, node_id) AS owner_node";
  const where = "type = 'group' AND user_id = ?";
  return part(database, { columns, table: "monitor", where, values: [user] }, page);
}
async function children(database, ids) {
  const found = new Map(ids.map((id) => [id, []]));
  if (ids.length === 0) return found;
  const sql = "SELECT id, parent FROM monitor WHERE parent IN (?) ORDER BY id";
  const rows = await database.query(sql, [ids]);
  for (const row of rows) found.get(row.parent)?.push(row.id);
  return found;
}

// src/api/http.ts
function ok(body) {
  return { status: 200, body };
}

// src/api/node-list-store.ts
function allNodes(database) {
  return database.query(
    "SELECT node_id, node_name, host, status, is_primary, region, version, last_seen FROM node ORDER BY node_id"
  );
}
async function monitorCounts(database) {
  const rows = await database.query(
    `SELECT owner_node AS owner, COUNT(*) AS assigned, SUM(active = 1) AS active
         FROM monitor WHERE owner_node IS NOT NULL GROUP BY owner_node`
  );
  return new Map(rows.map((row) => [row.owner, { assigned: Number(row.assigned), active: Number(row.active) }]));
}

// src/api/query.ts
function invalid(name, allowed) {
  return new Problem(400, "invalid_parameter", `${name} must be ${allowed}`, { fields: [name] });
}
function textParameter(query, name) {
  const value = query[name];
  if (value === void 0 || value === "") return void 0;
  if (typeof value !== "string") throw invalid(name, "given once");
  return value;
}
function numberParameter(query, name, least, most) {
  const text = textParameter(query, name);
  if (text === void 0) return void 0;
  const number = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (number >= least && number <= most) return number;
  throw invalid(name, `a whole number from ${least} to ${most}`);
}
function flagParameter(query, name) {
  const text = textParameter(query, name)?.toLowerCase();
  if (text === void 0) return void 0;
  if (text === "1" || text === "true") return true;
  if (text === "0" || text === "false") return false;
  throw invalid(name, "1, true, 0 or false");
}
var DEFAULT_LIMIT = 100;
var MOST3 = 1e3;
var MOST_ROWS3 = 1e7;
function pageOf(query) {
  return { limit: limitOf(query), offset: numberParameter(query, "offset", 0, MOST_ROWS3) ?? 0 };
}
function limitOf(query) {
  return numberParameter(query, "limit", 1, MOST3) ?? DEFAULT_LIMIT;
}
function pageInfo(page, total) {
  const next = page.offset + page.limit;
  return { total, ...page, next_offset: next < total ? next : null };
}

// src/api/time.ts
function isoTime(text) {
  return `${text.replace(" ", "T")}Z`;
}

// src/api/catalog.ts
async function listNodes({ agent }) {
  const database = databaseOf(agent);
  const [rows, counts] = await Promise.all([allNodes(database), monitorCounts(database)]);
  const nodes = rows.map((row) => ({
    ...row,
    is_primary: row.is_primary === 1,
    last_seen: row.last_seen === null ? null : isoTime(row.last_seen),
    monitors_assigned: counts.get(row.node_id)?.assigned ?? 0,
    monitors_active: counts.get(row.node_id)?.active ?? 0,
    this: row.node_id === agent.config.nodeId
  }));
  return ok({ nodes });
}
async function listNotifications({ agent, query, user }) {
  const page = pageOf(query);
  const { rows, total } = await notifications(databaseOf(agent), user.id, page);
  const list2 = rows.map(({ id, name, type, active, is_default: isDefault }) => {
    return { id, name, type, active: active === 1, isDefault: isDefault === 1 };
  });
  return ok({ notifications: list2, ...pageInfo(page, total) });
}
async function listStatusPages({ agent, query }) {
  const page = pageOf(query);
  const { rows, total } = await statusPages(databaseOf(agent), page);
  const list2 = rows.map((row) => ({ ...row, published: row.published === 1 }));
  return ok({ status_pages: list2, ...pageInfo(page, total) });
}
async function listGroups({ agent, query, user }) {
  const page = pageOf(query);
  const database = databaseOf(agent);
  const { rows, total } = await groups(database, user.id, page);
  const members = await children(
    database,
    rows.map((row) => row.id)
  );
  const list2 = rows.map((row) => ({ ...row, active: row.active === 1, children: members.get(row.id) ?? [] }));
  return ok({ groups: list2, ...pageInfo(page, total) });
}

// src/api/cluster.ts
var WATCH_RETRY_S = 60;
function getHealth({ agent, lag, response }) {
  sendHealth(agent, lag, response);
  return Promise.resolve(void 0);
}
function getReady({ agent }) {
  const body = readiness(agent);
  return Promise.resolve({ status: body.ready ? 200 : 503, body });
}
function watchNode({ agent, request, response }) {
  if (request.method === "HEAD") return Promise.resolve(ok({}));
  if (agent.watchers.add(response)) return Promise.resolve(void 0);
  const headers = { "Retry-After": String(WATCH_RETRY_S) };
  throw new Problem(503, "too_many_watchers", "as many clients as may already watch this node", { headers });
}
async function reconcileMonitors({ agent }) {
  const before = agent.runs.ids();
  for (let round = 0; round < 2; round++) await agent.ownership.poll(databaseOf(agent), agent.bootId);
  const running = agent.runs.ids();
  return ok({
    node_id: agent.config.nodeId,
    monitors_assigned: agent.ownership.assigned,
    monitors_running: running.size,
    monitors_stopped: [...before].filter((id) => !running.has(id)).length,
    monitors_to_start: Math.max(0, agent.ownership.assigned - running.size)
  });
}

// src/api/heartbeat-store.ts
function heartbeats(database, monitorId, page) {
  const conditions2 = ["monitor_id = ?"];
  const values = [monitorId];
  if (page.before !== void 0) {
    conditions2.push("id < ?");
    values.push(page.before);
  }
  if (page.important !== void 0) {
    conditions2.push("important = ?");
    values.push(page.important ? 1 : 0);
  }
  return database.query(
    `SELECT id, status, msg, ping, important, duration, down_count, time FROM heartbeat
         WHERE ${conditions2.join(" AND ")} ORDER BY id DESC LIMIT ?`,
    [...values, page.limit]
  );
}

// src/api/kuma-answer.ts
var STATEMENT = /^(insert into|update|select|delete from) [\s\S]* - /i;
var BROKEN = /^Cannot (read|set) propert|is not (a function|iterable|defined|valid JSON)|^Unexpected token/;
var DUPLICATE = /^Duplicate entry/i;
var FOREIGN = /foreign key constraint fails.*FOREIGN KEY \(`(\w+)`\)/is;
var COLUMN = /for column (?:`[^`]*`\.`[^`]*`\.)?[`']([^`']+)[`']|[Cc]olumn '([^']+)'/;
function ofDatabase(text) {
  if (DUPLICATE.test(text)) return new Problem(409, "conflict", text);
  const reference = FOREIGN.exec(text)?.[1];
  if (reference !== void 0) {
    const message = `${reference} names something that does not exist`;
    return new Problem(400, "unknown_reference", message, { fields: [reference] });
  }
  const match = COLUMN.exec(text);
  const column = match?.[1] ?? match?.[2];
  const fields = column === void 0 ? {} : { fields: [column] };
  return new Problem(400, "invalid_value", text, fields);
}
function problemOfAnswer(message) {
  const text = message ?? "Uptime Kuma did not say why";
  const cause = text.replace(STATEMENT, "");
  if (isLostText(cause)) return databaseLost();
  if (cause !== text) return ofDatabase(cause);
  if (/^(You do not own this monitor|Permission denied)/.test(text)) {
    return new Problem(404, "monitor_not_found", "there is no such monitor");
  }
  return new Problem(400, "invalid_monitor", BROKEN.test(text) ? "Uptime Kuma cannot handle these fields" : text);
}

// src/api/monitor-query-store.ts
var PLACEMENT = `node_id, assigned_node, COALESCE(assigned_node, node_id) AS owner_node,
    EXISTS (SELECT 1 FROM cluster_pin WHERE monitor_id = monitor.id) AS pinned`;
function anywhere(text) {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
function conditions(filter) {
  const parts = [["user_id = ?", filter.user]];
  if (filter.type !== void 0) parts.push(["type = ?", filter.type]);
  if (filter.active !== void 0) parts.push(["active = ?", filter.active ? 1 : 0]);
  if (filter.node !== void 0) parts.push(["COALESCE(assigned_node, node_id) = ?", filter.node]);
  if (filter.name !== void 0) parts.push(["name LIKE ?", anywhere(filter.name)]);
  if (filter.tag !== void 0) {
    const sql = "SELECT monitor_id FROM monitor_tag JOIN tag ON tag.id = tag_id WHERE tag.name = ?";
    parts.push([`id IN (${sql})`, filter.tag]);
  }
  return { sql: parts.map(([sql]) => sql).join(" AND "), values: parts.map(([, value]) => value) };
}
async function monitorIds(database, filter, page) {
  const { sql, values } = conditions(filter);
  const [rows, counts] = await Promise.all([
    database.query(`SELECT id FROM monitor WHERE ${sql} ORDER BY id LIMIT ? OFFSET ?`, [
      ...values,
      page.limit,
      page.offset
    ]),
    database.query(`SELECT COUNT(*) AS total FROM monitor WHERE ${sql}`, values)
  ]);
  return { ids: rows.map((row) => row.id), total: Number(counts[0]?.total ?? 0) };
}
async function placements(database, ids) {
  if (ids.length === 0) return /* @__PURE__ */ new Map();
  const sql = `SELECT id, ${PLACEMENT} FROM monitor WHERE id IN (?)`;
  const rows = await database.query(sql, [ids]);
  return new Map(rows.map(({ id, pinned, ...nodes }) => [id, { ...nodes, pinned: pinned === 1 }]));
}
async function findMonitors(redbean, ids, user) {
  if (ids.length === 0) return [];
  const clause = ` id IN (${ids.map(Number).join(",")}) AND user_id = ? ORDER BY id `;
  return await redbean.find("monitor", clause, [user]);
}
async function monitorKind(database, id, user) {
  const sql = "SELECT type, active FROM monitor WHERE id = ? AND user_id = ?";
  const rows = await database.query(sql, [id, user]);
  return rows[0] === void 0 ? void 0 : { type: rows[0].type, active: rows[0].active === 1 };
}
async function setHomeNode(database, id, nodeId) {
  const sql = `UPDATE monitor SET node_id = ?, assigned_node = NULL
                 WHERE id = ? AND EXISTS (SELECT 1 FROM node WHERE node_id = ? AND status = 'online')`;
  return await database.change(sql, [nodeId, id, nodeId]) === 1;
}
async function setPinned(database, id, pinned) {
  const pin = "INSERT IGNORE INTO cluster_pin (monitor_id) VALUES (?)";
  await database.change(pinned ? pin : "DELETE FROM cluster_pin WHERE monitor_id = ?", [id]);
}

// src/api/virtual-socket.ts
var import_node_async_hooks3 = require("node:async_hooks");
var import_node_events = require("node:events");

// src/sync/edits.ts
var idOf = (value) => Number(Object(value) === value ? value.id : value);
var maintenance = ({ agent, user, args, answer: answer2 }) => {
  agent.events.publish("kuma.maintenance", { id: answer2.maintenanceID ?? idOf(args[0]) }, `user ${user}`);
};
var statusPages2 = ({ agent, user }) => {
  agent.events.publish("kuma.status-pages", {}, `user ${user}`);
  publishList(agent, user, "statusPageList", []);
};
var incident = ({ agent }) => agent.kuma.clearCache?.();
var tagOfMonitor = ({ agent, user, args }) => publishList(agent, user, "updateMonitorIntoList", [idOf(args[1])]);
var tag = ({ agent, user }) => publishList(agent, user, "monitorList", []);
var clearedEvents = ({ agent, user, args }) => {
  publishList(agent, user, "importantHeartbeatList", [idOf(args[0])]);
};
var EDITS = {
  addMaintenance: maintenance,
  editMaintenance: maintenance,
  pauseMaintenance: maintenance,
  resumeMaintenance: maintenance,
  deleteMaintenance: maintenance,
  addMonitorMaintenance: maintenance,
  addMaintenanceStatusPage: maintenance,
  addStatusPage: statusPages2,
  saveStatusPage: statusPages2,
  deleteStatusPage: statusPages2,
  postIncident: incident,
  unpinIncident: incident,
  editIncident: incident,
  deleteIncident: incident,
  resolveIncident: incident,
  addMonitorTag: tagOfMonitor,
  editMonitorTag: tagOfMonitor,
  deleteMonitorTag: tagOfMonitor,
  editTag: tag,
  deleteTag: tag,
  clearEvents: clearedEvents,
  clearHeartbeats: ({ agent, args }) => {
    agent.events.publish("kuma.statistics-cleared", { monitor: idOf(args[0]) });
  },
  clearStatistics: ({ agent }) => agent.events.publish("kuma.statistics-cleared", { monitor: 0 })
};
var READS = /^(get|login|logout|need|setup|test|check|prepare|verify|twoFA|monitorImportant)/;
function withTold(agent, socket, args, tell3) {
  const callback = args.at(-1);
  if (typeof callback !== "function") return [...args];
  const acknowledge = (...answers) => {
    const answer2 = Object(answers[0]);
    if (answer2.ok === true && socket.userID !== void 0) {
      tell3({ agent, user: socket.userID, args, answer: answer2 });
    }
    return callback(...answers);
  };
  return [...args.slice(0, -1), acknowledge];
}
function toldEdit(agent, socket, event, original) {
  if (READS.test(event)) return original;
  const tell3 = EDITS[event];
  return function(...args) {
    const told2 = tell3 === void 0 ? args : withTold(agent, socket, args, tell3);
    return agent.edits.note(asEdit(() => original.apply(this, told2)));
  };
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
var MADE_ONCE = {
  setup: [],
  getWebpushVapidPublicKey: ["webpushPublicVapidKey", "webpushPrivateVapidKey"]
};
function inTurn(agent, socket, event, original) {
  const keys = MADE_ONCE[event] ?? [];
  return async (...args) => {
    try {
      return await oneAtATime(agent, event, async () => {
        const { Settings: settings } = kumaModule(agent, "./settings");
        settings.deleteCache(keys);
        return original.apply(socket, args);
      });
    } catch (thrown) {
      const callback = args.at(-1);
      if (typeof callback === "function") callback({ ok: false, msg: messageOf(thrown) });
      return void 0;
    }
  };
}
async function prepareSocket(agent, socket) {
  await agent.relay.wake().catch((thrown) => {
    warn("a browser sees no beats of other nodes yet: %s", messageOf(thrown));
  });
  const done = await isSetUp(databaseOf(agent)).catch(() => false);
  wrap(socket, "emit", (original) => {
    return function(event, ...args) {
      if (event === "setup" && done) return true;
      if (event === "heartbeatList") agent.relay.audience.noteList(socket, args[0], args[1]);
      return original.call(this, event, ...args);
    };
  });
  wrap(socket, "join", (original) => {
    return function(room) {
      if (typeof room === "number") agent.relay.audience.noteLogin(socket, agent.ownership.newest);
      return original.call(this, room);
    };
  });
  wrap(socket, "on", (original) => {
    return function(event, handler) {
      if (event === "needSetup") return original.call(this, event, needSetup(agent, socket, handler));
      if (event in MADE_ONCE) return original.call(this, event, inTurn(agent, socket, event, handler));
      return original.call(this, event, toldEdit(agent, socket, event, handler));
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
    prepareSocket(agent, socket).catch((thrown) => warn("cannot prepare a socket: %s", messageOf(thrown))).finally(next);
  });
  return markSessions(io, agent.config.nodeId);
}

// src/api/virtual-socket.ts
var ANSWER_TIMEOUT_MS = 6e4;
var NOBODY = -1;
var connecting = new import_node_async_hooks3.AsyncLocalStorage();
var silent = { emit: () => true };
var VirtualSocket = class {
  id;
  data = {};
  rooms = /* @__PURE__ */ new Set();
  connected = true;
  request = { headers: {}, connection: { remoteAddress: "127.0.0.1" } };
  handshake = { headers: {}, address: "127.0.0.1", query: {}, auth: {} };
  conn = { remoteAddress: "127.0.0.1", request: this.request };
  client = { conn: this.conn, request: this.request };
  broadcast = silent;
  handlers = new import_node_events.EventEmitter();
  user;
  constructor(nodeId, user) {
    this.id = `${nodeId}.api-${user}`;
    this.user = user;
  }
  /**
   * Without logins Kuma logs every new client in as its first user and sends all its lists to that user's room, where
   * all the browsers are: while Kuma does that, this client is nobody.
   */
  get userID() {
    return connecting.getStore() === true ? NOBODY : this.user;
  }
  set userID(_user) {
  }
  on(event, handler) {
    this.handlers.on(event, handler);
    return this;
  }
  once(event, handler) {
    this.handlers.once(event, handler);
    return this;
  }
  handler(event) {
    return this.handlers.listeners(event)[0];
  }
  emit() {
    return true;
  }
  to() {
    return silent;
  }
  join() {
  }
  leave() {
  }
  disconnect() {
    return this;
  }
};
var sockets = /* @__PURE__ */ new Map();
async function open(agent, server, user) {
  const socket = new VirtualSocket(agent.config.nodeId, user);
  await prepareSocket(agent, socket);
  const listeners = server.io.sockets.listeners("connection");
  await connecting.run(true, () => Promise.all(listeners.map((listener) => listener(socket))));
  return socket;
}
function socketOf(agent, server, user) {
  let socket = sockets.get(user);
  if (socket === void 0) {
    socket = open(agent, server, user);
    sockets.set(user, socket);
    socket.catch(() => sockets.delete(user));
  }
  return socket;
}
async function callKuma(agent, server, user, event, ...args) {
  const socket = await socketOf(agent, server, user);
  const handler = socket.handler(event);
  if (handler === void 0) {
    throw new Problem(400, "not_supported", `Uptime Kuma ${agent.kumaVersion} does not know ${event}`);
  }
  let timer;
  const answer2 = new Promise((resolve3, reject) => {
    timer = setTimeout(() => {
      reject(
        new Problem(503, "timeout", "Uptime Kuma did not answer in time; whether it did the work is unknown")
      );
    }, ANSWER_TIMEOUT_MS);
    Promise.resolve(handler(...args, (given) => resolve3(given))).catch(reject);
  });
  return answer2.finally(() => clearTimeout(timer));
}

// src/api/monitor-commands.ts
async function command(context2, event, ...args) {
  const answer2 = await callKuma(context2.agent, context2.server, context2.user.id, event, ...args);
  if (!answer2.ok) throw problemOfAnswer(answer2.msg);
  return answer2;
}
async function setActive(context2, id, active) {
  const kind = await monitorKind(databaseOf(context2.agent), id, context2.user.id);
  if (kind === void 0) throw noMonitor(id);
  if (kind.active !== active) await command(context2, active ? "resumeMonitor" : "pauseMonitor", id);
}
async function setTags(context2, id, wanted, present) {
  const isIn = (list2, tag2) => list2.some((one) => one.tag_id === tag2.tag_id && one.value === tag2.value);
  for (const tag2 of present) {
    if (!isIn(wanted, tag2)) await command(context2, "deleteMonitorTag", tag2.tag_id, id, tag2.value);
  }
  for (const tag2 of wanted) {
    if (!isIn(present, tag2)) await command(context2, "addMonitorTag", tag2.tag_id, id, tag2.value);
  }
}
var LEASES = 16;
var serials = /* @__PURE__ */ new Map();
function inTurn2(agent, id, work) {
  const place = id % LEASES;
  const serial = serials.get(place) ?? new Serial();
  serials.set(place, serial);
  return serial.run(() => oneAtATime(agent, `edit:${place}`, work));
}

// src/api/monitor-view.ts
var NOWHERE = { node_id: null, assigned_node: null, owner_node: null, pinned: false };
async function show2({ agent }, beans) {
  const model = kumaModule(agent, "./model/monitor");
  const preloaded = await model.preparePreloadData?.(beans.map(({ id, active, name }) => ({ id, active, name })));
  const where = await placements(
    databaseOf(agent),
    beans.map((bean) => bean.id)
  );
  const shown = [];
  for (const bean of beans) shown.push({ ...await bean.toJSON(preloaded), ...where.get(bean.id) ?? NOWHERE });
  return shown;
}
async function showMonitors(api, ids, user) {
  return show2(api, await findMonitors(redbeanOf(api.agent), ids, user));
}
async function showMonitor(api, id, user) {
  const [monitor] = await showMonitors(api, [id], user);
  if (monitor === void 0) throw noMonitor(id);
  return monitor;
}
async function readMonitor(api, id, user) {
  const [bean] = await findMonitors(redbeanOf(api.agent), [id], user);
  if (bean === void 0) throw noMonitor(id);
  const row = bean.export(false);
  const [shown = {}] = await show2(api, [bean]);
  return { shown, row };
}

// src/api/monitor-actions.ts
var MOST_ID = 4294967295;
async function requireMonitor({ agent, params, user }) {
  const id = params["id"] ?? 0;
  if (await monitorKind(databaseOf(agent), id, user.id) === void 0) throw noMonitor(id);
  return id;
}
async function switchMonitor(context2, active) {
  const id = await requireMonitor(context2);
  await inTurn2(context2.agent, id, () => setActive(context2, id, active));
  return ok(await showMonitor(context2, id, context2.user.id));
}
function pauseMonitor(context2) {
  return switchMonitor(context2, false);
}
function resumeMonitor(context2) {
  return switchMonitor(context2, true);
}
async function settle2(context2, pinned) {
  const { agent, body, user } = context2;
  const id = await requireMonitor(context2);
  const node = body["node_id"];
  if (typeof node !== "string" || node === "") {
    throw new Problem(400, "missing_field", "node_id must be the id of a node", { fields: ["node_id"] });
  }
  const database = databaseOf(agent);
  const status = (await nodeStatuses(database)).get(node);
  if (status === void 0) throw new Problem(404, "node_not_found", `there is no node ${node}`);
  if (status !== "online" || !await setHomeNode(database, id, node)) {
    throw new Problem(409, "node_not_online", `node ${node} is not online`);
  }
  await setPinned(database, id, pinned);
  await agent.ownership.poll(database, agent.bootId);
  return ok(await showMonitor(context2, id, user.id));
}
function assignMonitor(context2) {
  return settle2(context2, false);
}
function pinMonitor(context2) {
  return settle2(context2, true);
}
async function unpinMonitor(context2) {
  const id = await requireMonitor(context2);
  await setPinned(databaseOf(context2.agent), id, false);
  return ok(await showMonitor(context2, id, context2.user.id));
}
function showBeat(monitorId, row) {
  const { important, time, ...rest } = row;
  return { ...rest, monitor_id: monitorId, important: important === 1, time: isoTime(time) };
}
async function listHeartbeats(context2) {
  const { agent, query } = context2;
  const page = {
    limit: limitOf(query),
    before: numberParameter(query, "before", 1, MOST_ID),
    important: flagParameter(query, "important")
  };
  const id = await requireMonitor(context2);
  const rows = await heartbeats(databaseOf(agent), id, { ...page, limit: page.limit + 1 });
  const shown = rows.slice(0, page.limit);
  const next = rows.length > page.limit ? shown.at(-1)?.id ?? null : null;
  return ok({ heartbeats: shown.map((row) => showBeat(id, row)), limit: page.limit, next_before: next });
}

// src/api/column-store.ts
function readDefault(text) {
  if (text === null || text.toUpperCase() === "NULL") return null;
  const quoted = /^'(.*)'$/s.exec(text)?.[1];
  if (quoted !== void 0) return quoted.replaceAll("''", "'");
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : void 0;
}
async function monitorColumns(database) {
  const rows = await database.query(
    `SELECT column_name AS name, column_default AS fallback, character_maximum_length AS longest
         FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = 'monitor' AND extra NOT LIKE '%INVISIBLE%'`
  );
  return new Map(
    rows.map(({ name, fallback, longest }) => {
      const column = {
        name,
        fallback: readDefault(fallback),
        longest: longest === null ? null : Number(longest)
      };
      return [name, column];
    })
  );
}

// src/api/monitor-fields.ts
var DERIVED = /* @__PURE__ */ new Set([
  "path",
  "pathName",
  "childrenIDs",
  "forceInactive",
  "maintenance",
  "screenshot",
  "includeSensitiveData",
  "dns_last_result"
]);
var OURS = /* @__PURE__ */ new Set([
  "id",
  "user_id",
  "created_date",
  "node_id",
  "assigned_node",
  "owner_node",
  "pinned",
  "cluster_mtime"
]);
var ONLY_AT_FIRST = "weight";
var ELSEWHERE = /* @__PURE__ */ new Set(["notificationIDList", "accepted_statuscodes", "tags"]);
function columnOf(field) {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
function refuse3(code, names2, sentence) {
  if (names2.length === 0) return;
  throw new Problem(400, code, `${sentence}: ${names2.join(", ")}`, { fields: names2 });
}
function isKnown(field, columns) {
  return ELSEWHERE.has(field) || DERIVED.has(field) || columns.has(columnOf(field)) || OURS.has(columnOf(field));
}
function isFixed(field, value, shown) {
  const column = columnOf(field);
  if (!OURS.has(column) && (shown === void 0 || column !== ONLY_AT_FIRST)) return false;
  return shown === void 0 || shown[column] !== value;
}
function readFields(body, columns, names2, shown) {
  const given = Object.keys(body);
  const unknown2 = given.filter((field) => !isKnown(field, columns));
  refuse3("unknown_field", unknown2, "this Uptime Kuma has no such fields in a monitor");
  const fixed = given.filter((field) => isFixed(field, body[field], shown));
  refuse3("read_only_field", fixed, "these fields cannot be set");
  const byColumn = new Map(names2.map((name) => [columnOf(name), name]));
  return Object.fromEntries(
    given.filter((field) => !DERIVED.has(field) && !OURS.has(columnOf(field))).map((field) => [byColumn.get(columnOf(field)) ?? field, checkedValue(field, body[field])])
  );
}
function invalid2(field, allowed) {
  return new Problem(400, "invalid_value", `${field} must be ${allowed}`, { fields: [field] });
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function notificationIds(value) {
  if (isRecord(value)) return value;
  if (!Array.isArray(value)) throw invalid2("notificationIDList", "a list of ids, or an object of ids with true");
  return Object.fromEntries(value.map((id) => [String(id), true]));
}
var LISTS2 = /* @__PURE__ */ new Set(["accepted_statuscodes", "conditions", "kafkaProducerBrokers", "rabbitmqNodes", "tags"]);
var STRUCTURES = /* @__PURE__ */ new Set([...LISTS2, "kafkaProducerSaslOptions"]);
var TEXTS = /* @__PURE__ */ new Set(["headers", "body"]);
function isSimple(value) {
  return value === null || typeof value !== "object";
}
function checkedValue(field, value) {
  if (field === "notificationIDList") return notificationIds(value);
  if (LISTS2.has(field) && !Array.isArray(value)) throw invalid2(field, "a list");
  if (field === "active" && typeof value !== "boolean") throw invalid2(field, "true or false");
  if (TEXTS.has(field) && isRecord(value)) return JSON.stringify(value, void 0, 4);
  if (isSimple(value) || STRUCTURES.has(field)) return value;
  throw invalid2(field, "a text, a number, true, false or null");
}
function checkBasics(fields, types) {
  const missing = ["type", "name"].filter((name) => typeof fields[name] !== "string" || fields[name].trim() === "");
  refuse3("missing_field", missing, "a monitor needs these fields as texts");
  const type = String(fields["type"]);
  if (types.size === 0 || types.has(type)) return;
  const known2 = [...types].sort().join(", ");
  throw new Problem(400, "unknown_type", `this Uptime Kuma has no monitors of the type "${type}", but: ${known2}`, {
    fields: ["type"]
  });
}
function blankFields(shown, columns) {
  const blank = {};
  for (const field of Object.keys(shown)) {
    const column = columns.get(columnOf(field));
    if (column !== void 0 && !DERIVED.has(field)) blank[field] = column.fallback;
  }
  return blank;
}

// src/api/monitor-defaults.ts
var DEFAULTS = {
  parent: null,
  wsSubprotocol: "",
  method: "GET",
  protocol: null,
  location: "world",
  ipFamily: null,
  interval: 60,
  resendInterval: 0,
  maxretries: 0,
  retryOnlyOnStatusCodeFailure: false,
  ignoreTls: false,
  upsideDown: false,
  expiryNotification: false,
  domainExpiryNotification: true,
  maxredirects: 10,
  accepted_statuscodes: ["200-299"],
  saveResponse: false,
  saveErrorResponse: true,
  responseMaxLength: 1024,
  dns_resolve_type: "A",
  dns_resolve_server: "",
  docker_container: "",
  docker_host: null,
  proxyId: null,
  basic_auth_user: "",
  basic_auth_pass: "",
  bearer_token: "",
  mqttUsername: "",
  mqttPassword: "",
  mqttTopic: "",
  mqttWebsocketPath: "",
  mqttSuccessMessage: "",
  mqttCheckType: "keyword",
  authMethod: null,
  oauth_auth_method: "client_secret_basic",
  httpBodyEncoding: null,
  kafkaProducerBrokers: [],
  kafkaProducerSaslOptions: { mechanism: "None" },
  cacheBust: false,
  kafkaProducerSsl: false,
  kafkaProducerAllowAutoTopicCreation: false,
  gamedigGivenPortOnly: true,
  gamedigToken: "",
  remote_browser: null,
  screenshot_delay: 0,
  rabbitmqNodes: [],
  rabbitmqUsername: "",
  rabbitmqPassword: "",
  conditions: [],
  system_service_name: "",
  ntpStratumThreshold: 5,
  ntpTimeOffsetThreshold: 1e3,
  ntpRootDispersionThreshold: 500,
  ping_count: 3,
  ping_numeric: true,
  packetSize: 56,
  ping_per_request_timeout: 2,
  snmpVersion: "2c",
  jsonPath: "$",
  jsonPathOperator: "==",
  port: null,
  timeout: 48
};
var HTTP = { httpBodyEncoding: "json" };
var BY_TYPE = {
  http: HTTP,
  keyword: HTTP,
  "json-query": HTTP,
  "websocket-upgrade": { accepted_statuscodes: ["1000"] },
  dns: { dns_resolve_server: "1.1.1.1", port: 53 },
  radius: { port: 1812 },
  snmp: { port: 161, timeout: 5 },
  ntp: { port: 123, interval: 300 },
  globalping: { subtype: "ping", protocol: "ICMP", port: 80 },
  ping: { timeout: 10 },
  "kafka-producer": { timeout: 1 }
};
var FIELD_NAMES = [...Object.keys(DEFAULTS), "retryInterval", "pushToken"];
function longestTimeout(intervalSeconds) {
  return Math.trunc(intervalSeconds * 8) / 10;
}
function defaultsFor(given, columns, newToken) {
  const type = String(given["type"]);
  const fields = { ...DEFAULTS, ...BY_TYPE[type] };
  const wanted = Number(given["interval"]);
  const interval = Number.isFinite(wanted) ? wanted : Number(fields["interval"]);
  fields["retryInterval"] = interval;
  if (type !== "ping") fields["timeout"] = Math.min(Number(fields["timeout"]), longestTimeout(interval));
  if (type === "push") fields["pushToken"] = newToken(Math.min(32, columns.get("push_token")?.longest ?? 32));
  const isMissing2 = (name) => given[name] === void 0;
  const isColumn = (name) => name === "accepted_statuscodes" || columns.has(columnOf(name));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => isMissing2(name) && isColumn(name)));
}

// src/api/tag-store.ts
function allTags(database) {
  return database.query("SELECT id, name FROM tag");
}

// src/api/monitor-references.ts
function unknown(field, message) {
  return new Problem(400, "unknown_reference", message, { fields: [field] });
}
async function checkNotifications({ agent, user }, fields) {
  const list2 = fields["notificationIDList"];
  if (list2 === void 0) return;
  const ids = Object.keys(list2);
  const numbers = ids.map(Number).filter(Number.isSafeInteger);
  const own = await ownNotifications(databaseOf(agent), user.id, numbers);
  const missing = ids.filter((id) => !own.has(Number(id)));
  if (missing.length > 0) throw unknown("notificationIDList", `there is no notification ${missing.join(", ")}`);
}
async function checkParent({ agent, user }, fields, id) {
  const { parent } = fields;
  if (parent === void 0 || parent === null) return;
  const group = Number.isSafeInteger(parent) ? await monitorKind(databaseOf(agent), Number(parent), user.id) : void 0;
  if (group?.type === "group" && parent !== id) return;
  throw unknown("parent", `there is no group ${String(parent)} that the monitor can be in`);
}
async function checkReferences(context2, fields, id) {
  await checkNotifications(context2, fields);
  await checkParent(context2, fields, id);
}
async function readTags({ agent }, wanted) {
  if (wanted === void 0) return void 0;
  const known2 = await allTags(databaseOf(agent));
  return wanted.map((entry) => {
    const { tag_id: id, name, value } = Object(entry);
    const tag2 = known2.find((one) => id === void 0 ? one.name === name : one.id === id);
    if (tag2 === void 0) throw unknown("tags", `there is no tag ${String(id ?? name)}`);
    return { tag_id: tag2.id, value: typeof value === "string" || value === null ? value : "" };
  });
}

// src/api/monitor-types.ts
var known;
function typesInSource(source) {
  return new Set([...source.matchAll(/this\.type === "([a-z0-9-]+)"/g)].map((match) => match[1] ?? ""));
}
function monitorTypes(agent) {
  if (known !== void 0) return known;
  const registered = Object.keys(kumaModule(agent, "./uptime-kuma-server").UptimeKumaServer.monitorTypeList);
  const asked = typesInSource(String(agent.kuma.startMonitor));
  known = asked.has("http") ? /* @__PURE__ */ new Set([...registered, ...asked]) : /* @__PURE__ */ new Set();
  return known;
}

// src/api/row.ts
function unshownColumns(shown, row, columns) {
  const visible = new Set(Object.keys(shown).map(columnOf));
  return Object.fromEntries(Object.entries(row).filter(([name]) => columns.has(name) && !visible.has(name)));
}
function stored(value) {
  if (value === void 0 || value === null) return "";
  if (typeof value === "object") return JSON.stringify(value);
  return String(typeof value === "boolean" ? Number(value) : value);
}
function unchangedFields(fields, before, after) {
  return Object.keys(fields).filter((field) => {
    const column = field === "accepted_statuscodes" ? "accepted_statuscodes_json" : columnOf(field);
    if (!(column in before)) return false;
    const was = stored(before[column]);
    return stored(fields[field]) !== was && stored(after[column]) === was;
  });
}

// src/api/monitor-edit.ts
function replaceMonitor(context2) {
  return edit(context2, (fields, shown, columns) => {
    const token = fields["type"] === shown["type"] ? { pushToken: shown["pushToken"] } : {};
    const base = { ...blankFields(shown, columns), ...withDefaults(context2.agent, fields, columns), ...token };
    return { ...base, notificationIDList: {}, ...fields };
  });
}
function patchMonitor(context2) {
  return edit(context2, (fields, shown, columns) => {
    const isOther = fields["type"] !== void 0 && fields["type"] !== shown["type"];
    const defaults = isOther ? withDefaults(context2.agent, fields, columns) : {};
    const isEmpty = ([field]) => (shown[field] ?? "") === "";
    const missing = Object.fromEntries(Object.entries(defaults).filter(isEmpty));
    return { ...shown, ...missing, ...fields };
  });
}
function withDefaults(agent, given, columns) {
  return defaultsFor(given, columns, (length) => kumaModule(agent, "../src/util").genSecret(length));
}
async function store(context2, before, merged, columns) {
  const id = Number(before.row["id"]);
  checkBasics(merged, monitorTypes(context2.agent));
  await checkReferences(context2, merged, id);
  await command(context2, "editMonitor", { ...unshownColumns(before.shown, before.row, columns), ...merged, id });
}
async function requireStored(context2, fields, before) {
  const after = await readMonitor(context2, Number(before.row["id"]), context2.user.id);
  const names2 = unchangedFields(fields, before.row, after.row);
  if (names2.length === 0) return;
  const message = `Uptime Kuma ${context2.agent.kumaVersion} left these fields as they were: ${names2.join(", ")}`;
  throw new Problem(400, "not_changed", message, { fields: names2 });
}
async function editNow(context2, id, merge) {
  const { agent, user } = context2;
  const columns = await monitorColumns(databaseOf(agent));
  const before = await readMonitor(context2, id, user.id);
  const { shown, row } = before;
  const { tags, active, ...fields } = readFields(context2.body, columns, Object.keys({ ...row, ...shown }), shown);
  const wanted = await readTags(context2, tags);
  const isStored = context2.request.method === "PUT" || Object.keys(fields).length > 0;
  if (isStored) await store(context2, before, merge(fields, shown, columns), columns);
  const isSwitched = active !== void 0 && active !== shown["active"];
  await setActive(context2, id, isSwitched ? Boolean(active) : Number(row["active"]) === 1);
  if (wanted !== void 0) await setTags(context2, id, wanted, shown["tags"] ?? []);
  if (isStored) await requireStored(context2, fields, before);
  return ok(await showMonitor(context2, id, user.id));
}
function edit(context2, merge) {
  const id = context2.params["id"] ?? 0;
  return inTurn2(context2.agent, id, () => editNow(context2, id, merge));
}

// src/api/monitors.ts
async function listMonitors(context2) {
  const { agent, query, user } = context2;
  const page = pageOf(query);
  const filter = {
    user: user.id,
    type: textParameter(query, "type"),
    active: flagParameter(query, "active"),
    node: textParameter(query, "node"),
    name: textParameter(query, "name"),
    tag: textParameter(query, "tag")
  };
  const { ids, total } = await monitorIds(databaseOf(agent), filter, page);
  return ok({ monitors: await showMonitors(context2, ids, user.id), ...pageInfo(page, total) });
}
async function getMonitor(context2) {
  return ok(await showMonitor(context2, idOf2(context2), context2.user.id));
}
async function createMonitor(context2) {
  const { agent, user } = context2;
  const database = databaseOf(agent);
  const columns = await monitorColumns(database);
  const { tags, ...given } = readFields(context2.body, columns, FIELD_NAMES, void 0);
  checkBasics(given, monitorTypes(agent));
  await checkReferences(context2, given);
  const wanted = await readTags(context2, tags);
  const chosen = await preselected(database, user.id);
  const notificationIDList = Object.fromEntries(chosen.notifications.map((id2) => [id2, true]));
  const monitor = {
    ...withDefaults(agent, given, columns),
    ...chosen.proxy === void 0 ? {} : { proxyId: chosen.proxy },
    notificationIDList,
    ...given
  };
  const id = Number((await command(context2, "add", monitor)).monitorID);
  if (given["active"] !== false) await ownerOrClaim(agent, id);
  if (wanted !== void 0) await setTags(context2, id, wanted, []);
  const body = await showMonitor(context2, id, user.id);
  return { status: 201, body, headers: { Location: `/api/v1/monitors/${id}` } };
}
async function deleteMonitor(context2) {
  const { agent, query, user } = context2;
  const id = idOf2(context2);
  const withChildren = flagParameter(query, "delete_children") ?? false;
  const canDeleteChildren = kumaModule(agent, "./model/monitor").deleteMonitorRecursively !== void 0;
  if (withChildren && !canDeleteChildren) {
    throw new Problem(
      400,
      "not_supported",
      `Uptime Kuma ${agent.kumaVersion} cannot delete a group's monitors with it`
    );
  }
  await inTurn2(context2.agent, id, async () => {
    if (await monitorKind(databaseOf(agent), id, user.id) === void 0) throw noMonitor(id);
    await command(context2, "deleteMonitor", id, ...canDeleteChildren ? [withChildren] : []);
  });
  return ok({ id, deleted: true });
}
function idOf2({ params }) {
  return params["id"] ?? 0;
}

// src/api/schemas.ts
var TEXT = { type: "string" };
var NUMBER2 = { type: "integer" };
var FLAG = { type: "boolean" };
var TEXT_OR_NULL = { type: ["string", "null"] };
var NUMBER_OR_NULL = { type: ["integer", "null"] };
var TIME = { type: "string", format: "date-time" };
var TIME_OR_NULL = { type: ["string", "null"], format: "date-time" };
var IDS = { type: "array", items: NUMBER2 };
function object(properties, required = Object.keys(properties)) {
  return { type: "object", properties, required };
}
function list(name, items, page) {
  return object({ [name]: { type: "array", items: { $ref: `#/components/schemas/${items}` } }, ...page });
}
var PAGE = { total: NUMBER2, limit: NUMBER2, offset: NUMBER2, next_offset: NUMBER_OR_NULL };
var PLACEMENT2 = { node_id: TEXT_OR_NULL, assigned_node: TEXT_OR_NULL, owner_node: TEXT_OR_NULL };
var PIN = { pinned: { ...FLAG, description: "it never leaves its home" } };
var PLACED = [...Object.keys(PLACEMENT2), ...Object.keys(PIN)];
var FIELDS = {
  type: TEXT,
  name: TEXT,
  description: TEXT_OR_NULL,
  parent: { ...NUMBER_OR_NULL, description: "the group that it is in" },
  active: FLAG,
  url: TEXT_OR_NULL,
  hostname: TEXT_OR_NULL,
  port: NUMBER_OR_NULL,
  interval: { ...NUMBER2, description: "seconds between two checks" },
  retryInterval: { ...NUMBER2, description: "seconds between two checks of one that fails" },
  maxretries: { ...NUMBER2, description: "failed checks before it counts as down" },
  timeout: { type: ["number", "null"], description: "seconds" },
  accepted_statuscodes: { type: "array", items: TEXT },
  notificationIDList: { description: "the ids of its notifications with true; a list of ids may be sent" },
  tags: {
    type: "array",
    items: object({ tag_id: NUMBER2, name: TEXT, value: TEXT_OR_NULL }, []),
    description: "a tag is named by tag_id or name"
  }
};
var MORE = { additionalProperties: true, description: "and whatever else Uptime Kuma has for the type" };
var SCHEMAS = {
  Error: object({ error: TEXT, message: TEXT, fields: { type: "array", items: TEXT } }, ["error", "message"]),
  Health: { ...object({ status: TEXT, node_id: TEXT, version: TEXT, db: TEXT }), additionalProperties: true },
  Readiness: object({ ready: FLAG, status: TEXT, reason: TEXT }, ["ready", "status"]),
  Tick: object({ tick: NUMBER2, node_id: TEXT, boot_id: TEXT, status: TEXT, reason: TEXT }, [
    "tick",
    "node_id",
    "status"
  ]),
  Monitor: { ...object({ id: NUMBER2, ...FIELDS, ...PLACEMENT2, ...PIN }, ["id", "type", ...PLACED]), ...MORE },
  NewMonitor: { ...object(FIELDS, ["type", "name"]), ...MORE },
  MonitorFields: { ...object(FIELDS, []), ...MORE },
  MonitorList: list("monitors", "Monitor", PAGE),
  Deleted: object({ id: NUMBER2, deleted: FLAG }),
  Heartbeat: object({
    ...{ id: NUMBER2, monitor_id: NUMBER2, msg: TEXT_OR_NULL, ping: NUMBER_OR_NULL, important: FLAG, time: TIME },
    status: { ...NUMBER2, description: "0 down, 1 up, 2 pending, 3 maintenance" },
    duration: { ...NUMBER2, description: "seconds since the one before" },
    down_count: NUMBER2
  }),
  HeartbeatList: list("heartbeats", "Heartbeat", { limit: NUMBER2, next_before: NUMBER_OR_NULL }),
  Assignment: object({ node_id: TEXT }),
  Node: object({
    ...{ node_id: TEXT, node_name: TEXT, host: TEXT, status: TEXT, is_primary: FLAG, region: TEXT_OR_NULL },
    ...{ version: TEXT_OR_NULL, last_seen: TIME_OR_NULL, monitors_assigned: NUMBER2, monitors_active: NUMBER2 },
    this: { ...FLAG, description: "this node has answered" }
  }),
  NodeList: list("nodes", "Node", {}),
  Notification: object({ id: NUMBER2, name: TEXT_OR_NULL, type: TEXT_OR_NULL, active: FLAG, isDefault: FLAG }),
  NotificationList: list("notifications", "Notification", PAGE),
  StatusPage: object({ id: NUMBER2, slug: TEXT, title: TEXT, description: TEXT_OR_NULL, published: FLAG }),
  StatusPageList: list("status_pages", "StatusPage", PAGE),
  Group: object({
    id: NUMBER2,
    name: TEXT_OR_NULL,
    active: FLAG,
    parent: NUMBER_OR_NULL,
    children: IDS,
    ...PLACEMENT2
  }),
  GroupList: list("groups", "Group", PAGE),
  Reconciliation: object({
    ...{ node_id: TEXT, monitors_assigned: NUMBER2, monitors_running: NUMBER2 },
    ...{ monitors_stopped: NUMBER2, monitors_to_start: NUMBER2 }
  })
};

// src/api/openapi.ts
var SECURITY = {
  none: [],
  user: [{ apiKey: [] }, { bearer: [] }, { basic: [] }],
  cluster: [{ clusterSecret: [] }, { bearer: [] }]
};
var SECURITY_SCHEMES = {
  apiKey: { type: "apiKey", in: "header", name: "Authorization", description: "an API key by itself: uk1_..." },
  bearer: { type: "http", scheme: "bearer", description: "an API key, a token of a login, or the cluster's secret" },
  basic: { type: "http", scheme: "basic", description: "as for /metrics: any name and an API key as the password" },
  clusterSecret: { type: "apiKey", in: "header", name: "X-Cluster-Secret" }
};
var USER_ERRORS = { 401: "the credentials are missing or wrong", 429: "too many attempts to log in" };
var BODY_ERRORS = { 413: "the body is too large", 415: "the body is no JSON" };
var READY_ERRORS = { 503: "the database is lost, or the node is not ready" };
function json(schema, type = "application/json") {
  return { content: { [type]: { schema: { $ref: `#/components/schemas/${schema}` } } } };
}
function errorsOf(route) {
  return {
    ...route.auth === "none" ? {} : READY_ERRORS,
    ...route.auth === "user" ? USER_ERRORS : {},
    ...route.body === void 0 ? {} : { ...BODY_ERRORS, 400: "the body is wrong; the message says where" },
    ...route.query === void 0 ? {} : { 400: "a parameter is wrong" },
    ...route.errors
  };
}
function responses(route) {
  const good = { description: "done", ...route.answer === void 0 ? {} : json(route.answer, route.type) };
  const errors = Object.entries(errorsOf(route)).map(([status, description]) => {
    return [status, { description, ...json("Error") }];
  });
  return { [route.status ?? 200]: good, ...Object.fromEntries(errors) };
}
function parameters(route) {
  const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => {
    return { name, in: "path", required: true, schema: { type: "integer", minimum: 1 } };
  });
  const inQuery = Object.entries(route.query ?? {}).map(([name, description]) => {
    return { name, in: "query", description, schema: { type: "string" } };
  });
  return [...inPath, ...inQuery];
}
function operationId({ method, path }) {
  const words = path.split(/\W+/).filter((word) => word !== "");
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}
function operation(route) {
  return {
    operationId: operationId(route),
    summary: route.summary,
    security: SECURITY[route.auth],
    parameters: parameters(route),
    ...route.body === void 0 ? {} : { requestBody: { required: true, ...json(route.body) } },
    responses: responses(route)
  };
}
function openapi(routes, kumaVersion) {
  const paths = {};
  for (const route of routes) {
    const path = paths[`/api/v1${route.path}`] ??= {};
    path[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Uptime Kuma Cluster, API of a node", version: "1", description: `Uptime Kuma ${kumaVersion}` },
    paths,
    components: { schemas: SCHEMAS, securitySchemes: SECURITY_SCHEMES }
  };
}

// src/api/routes.ts
var PAGE2 = {
  limit: "at most so many, 1 to 1000; 100 unless told",
  offset: "leave out so many"
};
var UNKNOWN_MONITOR = { 404: "there is no such monitor" };
var NOT_ASSIGNED = { 404: "there is no such monitor, or no such node", 409: "the node is not online" };
var ROUTES = [
  {
    ...{ method: "GET", path: "/health", auth: "none", handler: getHealth },
    ...{ summary: "Whether this node does its work", answer: "Health" },
    errors: { 503: "it does not; the body says why" }
  },
  {
    ...{ method: "GET", path: "/ready", auth: "none", handler: getReady },
    ...{ summary: "Whether this node does its work and is online", answer: "Readiness" },
    errors: { 503: "it does not, or is not; the body says why" }
  },
  {
    ...{ method: "GET", path: "/watch", auth: "none", handler: watchNode },
    ...{ summary: "A line at once and then each second, without end: how this node is", answer: "Tick" },
    ...{ type: "application/x-ndjson", errors: { 503: "too many clients watch this node" } }
  },
  {
    ...{ method: "GET", path: "/openapi.json", auth: "none", summary: "This document" },
    handler: ({ agent }) => Promise.resolve(ok(openapi(ROUTES, agent.kumaVersion)))
  },
  {
    ...{ method: "GET", path: "/monitors", auth: "user", handler: listMonitors },
    ...{ summary: "Monitors, by id", answer: "MonitorList" },
    query: {
      ...PAGE2,
      type: "only of this type",
      active: "only those that are switched on (1) or paused (0) themselves, whatever their groups are",
      node: "only those that this node runs",
      name: "only those with this in their name",
      tag: "only those with a tag of this name"
    }
  },
  {
    ...{ method: "POST", path: "/monitors", auth: "user", handler: createMonitor },
    ...{ summary: "Add a monitor; the node with the fewest runs it", body: "NewMonitor", answer: "Monitor" },
    status: 201
  },
  {
    ...{ method: "GET", path: "/monitors/{id}", auth: "user", handler: getMonitor },
    ...{ summary: "One monitor", answer: "Monitor", errors: UNKNOWN_MONITOR }
  },
  {
    ...{ method: "PUT", path: "/monitors/{id}", auth: "user", handler: replaceMonitor },
    ...{ summary: "Replace a monitor: what is not given gets its default", body: "NewMonitor", answer: "Monitor" },
    errors: UNKNOWN_MONITOR
  },
  {
    ...{ method: "PATCH", path: "/monitors/{id}", auth: "user", handler: patchMonitor },
    ...{ summary: "Change the fields that are given", body: "MonitorFields", answer: "Monitor" },
    errors: UNKNOWN_MONITOR
  },
  {
    ...{ method: "DELETE", path: "/monitors/{id}", auth: "user", handler: deleteMonitor },
    ...{ summary: "Delete a monitor and its heartbeats", answer: "Deleted", errors: UNKNOWN_MONITOR },
    query: { delete_children: "of a group: delete its monitors too, otherwise they leave it" }
  },
  {
    ...{ method: "POST", path: "/monitors/{id}/pause", auth: "user", handler: pauseMonitor },
    ...{ summary: "Pause a monitor", answer: "Monitor", errors: UNKNOWN_MONITOR }
  },
  {
    ...{ method: "POST", path: "/monitors/{id}/resume", auth: "user", handler: resumeMonitor },
    ...{ summary: "Resume a monitor", answer: "Monitor", errors: UNKNOWN_MONITOR }
  },
  {
    ...{ method: "GET", path: "/monitors/{id}/heartbeats", auth: "user", handler: listHeartbeats },
    ...{ summary: "Heartbeats of a monitor, the newest first", answer: "HeartbeatList", errors: UNKNOWN_MONITOR },
    query: {
      limit: PAGE2.limit,
      before: "only those older than the one of this id: next_before of the page before",
      important: "only those where the status changed (1), or only the others (0)"
    }
  },
  {
    ...{ method: "POST", path: "/monitors/{id}/assign", auth: "user", handler: assignMonitor },
    ...{ summary: "Make a node the home of a monitor", body: "Assignment", answer: "Monitor" },
    errors: NOT_ASSIGNED
  },
  {
    ...{ method: "POST", path: "/monitors/{id}/pin", auth: "user", handler: pinMonitor },
    ...{ summary: "Make a node the only one that ever runs a monitor", body: "Assignment", answer: "Monitor" },
    errors: NOT_ASSIGNED
  },
  {
    ...{ method: "DELETE", path: "/monitors/{id}/pin", auth: "user", handler: unpinMonitor },
    ...{ summary: "Let a monitor leave its home again", answer: "Monitor", errors: UNKNOWN_MONITOR }
  },
  {
    ...{ method: "GET", path: "/nodes", auth: "user", handler: listNodes },
    ...{ summary: "Every node of the cluster", answer: "NodeList" }
  },
  {
    ...{ method: "GET", path: "/notifications", auth: "user", handler: listNotifications },
    ...{ summary: "Notifications, without what they are configured with", answer: "NotificationList", query: PAGE2 }
  },
  {
    ...{ method: "GET", path: "/status-pages", auth: "user", handler: listStatusPages },
    ...{ summary: "Status pages", answer: "StatusPageList", query: PAGE2 }
  },
  {
    ...{ method: "GET", path: "/groups", auth: "user", handler: listGroups },
    ...{ summary: "Groups of monitors and what is directly in them", answer: "GroupList", query: PAGE2 }
  },
  {
    ...{ method: "POST", path: "/reconcile-monitors", auth: "cluster", handler: reconcileMonitors },
    ...{ summary: "Look at once which monitors this node has to run", answer: "Reconciliation" },
    errors: { 403: "without the cluster's secret" }
  }
];

// src/api/dispatch.ts
var NOBODY2 = { id: 0 };
var RETRY_AFTER_S2 = 5;
var compiled = ROUTES.map((route) => ({ route, pattern: compilePath(route.path) }));
function findRoute(method, path) {
  const wanted = method === "HEAD" ? "GET" : method;
  const allowed = [];
  for (const { route, pattern } of compiled) {
    const params = matchPath(pattern, path);
    if (params === void 0) continue;
    if (route.method === wanted) return { route, params };
    allowed.push(...route.method === "GET" ? ["GET", "HEAD"] : [route.method]);
  }
  if (allowed.length === 0) throw new Problem(404, "not_found", "there is no such path in the API");
  const headers = { Allow: allowed.join(", ") };
  throw new Problem(405, "method_not_allowed", `this path takes ${headers.Allow}`, { headers });
}
function requireReady({ agent }) {
  const { status, reason } = standingVerdict(agent);
  if (status === "database_lost" || agent.database?.isLost === true) throw databaseLost();
  if (status === "ok") return;
  const headers = { "Retry-After": String(RETRY_AFTER_S2) };
  throw new Problem(503, "not_ready", reason ?? "the node is not ready", { headers });
}
async function admit(api, route, request) {
  if (route.auth === "none") return NOBODY2;
  guardOrigin(request);
  if (route.auth === "cluster") guardCluster(request, api.agent.config.clusterSecrets);
  requireReady(api);
  if (route.auth !== "user") return NOBODY2;
  return hasClusterSecret(request, api.agent.config.clusterSecrets) ? firstUser(api.agent) : authenticate(api, request);
}
async function answer(api, request, response) {
  const { route, params } = findRoute(request.method, request.path);
  const user = await admit(api, route, request);
  const hasBody2 = route.method !== "GET" && route.method !== "DELETE";
  const body = hasBody2 ? await readBody(api, request, response, route.body !== void 0) : {};
  return route.handler({ ...api, request, response, params, query: request.query, body, user });
}
async function dispatch(api, request, response) {
  let given;
  response.removeHeader("X-Powered-By");
  try {
    given = await answer(api, request, response);
  } catch (thrown) {
    const { status, body, headers } = problemOf(thrown);
    given = { status, body, headers };
  }
  if (given === void 0) return;
  response.setHeader("Cache-Control", "no-store");
  for (const [name, value] of Object.entries(given.headers ?? {})) response.setHeader(name, value);
  response.status(given.status).json(given.body);
}

// src/api/install.ts
function installApi(agent, server) {
  const api = { agent, server, lag: new EventLoopLag() };
  server.app.use("/api/v1", (request, response) => void dispatch(api, request, response));
}

// src/missing-page.ts
var NEVER_ANSWERS = /^2\.0\.0-/;
async function isMissing(agent, slug) {
  const rows = await databaseOf(agent).query("SELECT id FROM status_page WHERE slug = ?", [slug]);
  return rows.length === 0;
}
function addMissingPageRoute(agent, app) {
  if (!NEVER_ANSWERS.test(agent.kumaVersion)) return;
  app.get("/api/status-page/:slug", (request, response, next) => {
    const answer2 = (missing) => {
      if (missing) response.status(404).json({ status: "fail", msg: "Status Page Not Found" });
      else next();
    };
    isMissing(agent, request.params["slug"] ?? "").then(answer2, () => next());
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
  const chain = [headers["x-forwarded-for"], client].flat().filter((part2) => part2 !== void 0 && part2 !== "");
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
function send2(call, agent) {
  return new Promise((resolve3, reject) => {
    const { hostname: hostname3, port } = new URL(`http://${call.host}`);
    const { method, path, headers, signal } = call;
    const address = { host: hostname3.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) };
    const request = (0, import_node_http2.request)({ ...address, method, path, headers, signal, agent }, resolve3);
    let taken = false;
    request.on("information", ({ statusCode }) => {
      if (statusCode !== 102) return;
      taken = true;
      call.onTaken?.();
    });
    request.on("error", (error2) => {
      const stale = request.reusedSocket && !taken && CLOSED.has(error2.code ?? "");
      if (stale && !signal.aborted) resolve3(send2(call, false));
      else reject(error2);
    });
    request.end();
  });
}
function askPeer(call) {
  return send2(call, connections);
}
async function readPeer(call) {
  const answer2 = await askPeer(call);
  answer2.setEncoding("utf8");
  let text = "";
  for await (const chunk of answer2) text += chunk;
  return { status: answer2.statusCode ?? 0, text };
}
async function relay(answer2, response) {
  response.removeHeader("X-Powered-By");
  response.writeHead(answer2.statusCode ?? 502, answerHeaders(answer2.headers));
  await (0, import_promises2.pipeline)(answer2, response).catch(() => response.destroy());
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
  const answer2 = async (text) => {
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
    void answer2(body);
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
    `SELECT id, COALESCE(assigned_node, node_id) AS owner, UNIX_TIMESTAMP(NOW(6)) AS seconds FROM monitor WHERE push_token = ? AND active = 1
         ORDER BY id LIMIT 1`,
    [token]
  );
  const [row] = rows;
  return row === void 0 ? void 0 : { id: row.id, owner: row.owner, readMs: Number(row.seconds) * 1e3 };
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
var SENT_HEADER = "x-cluster-sent";
var LATEST_MS = TAKE_MS - 500;
async function forward(agent, owner, monitor, { request, response }) {
  const node = await readNode(databaseOf(agent), owner);
  if (node === void 0 || node.status === "offline") return false;
  const deadline = new Deadline(TAKE_MS);
  const state = { taken: false };
  const onTaken = () => {
    state.taken = true;
    deadline.set(WORK_MS);
  };
  try {
    const headers = {
      ...requestHeaders(request.headers, request.socket.remoteAddress, agent.config.nodeId),
      [SENT_HEADER]: String(monitor.readMs)
    };
    const { method = "GET", originalUrl: path } = request;
    const answer2 = await askPeer({ host: node.host, method, path, headers, signal: deadline.signal, onTaken });
    noteSuccess(owner);
    await relay(answer2, response);
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
function take(monitor, { request, response }) {
  if (response.destroyed || request.socket.destroyed) return false;
  if (monitor.readMs - Number(request.headers[SENT_HEADER]) > LATEST_MS) {
    request.socket.destroy();
    return false;
  }
  response.writeProcessing();
  return true;
}
async function receive(agent, monitor, exchange) {
  const { nodeId } = agent.config;
  const { owner } = monitor;
  if (exchange.request.headers[HOP_HEADER] !== void 0) {
    if (!take(monitor, exchange)) return;
  } else if (owner !== null && owner !== nodeId) {
    if (await forward(agent, owner, monitor, exchange)) return;
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
    const answer2 = await askPeer({ host, method, path, headers, signal: deadline.signal });
    const isPicture = answer2.statusCode === 304 || answer2.headers["content-type"]?.startsWith("image/") === true;
    if (!isPicture) {
      answer2.resume();
      return false;
    }
    deadline.set(SEND_MS);
    await relay(answer2, response);
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

// src/kuma-first.ts
var LONGEST_WAIT_MS = 5e3;
var KumaFirst = class {
  edits;
  pollMs;
  waiting = /* @__PURE__ */ new Map();
  looked = now();
  constructor(edits, { pollMs }) {
    this.edits = edits;
    this.pollMs = pollMs;
  }
  /**
   * Of the monitors that are to be started or restarted, those that are left to Kuma until the next look: an edit on
   * this node that had begun when they were seen to have changed still goes on. Not for edits that began later: where
   * users never stop to edit, nothing would ever be done. `changed` has those that the look found. A monitor that is
   * not `due` is forgotten.
   */
  among(due, changed) {
    const passedMs = Math.min(ageMs(this.looked), this.pollMs);
    this.looked = now();
    this.waiting = new Map(due.map((id) => [id, this.next(id, changed.has(id), passedMs)]));
    const left = [...this.waiting].filter(([, waiting]) => this.isLeft(waiting));
    return new Set(left.map(([id]) => id));
  }
  next(id, hasChanged, passedMs) {
    const before = this.waiting.get(id);
    if (before === void 0) return { noticed: this.looked, waitedMs: 0 };
    return { noticed: hasChanged ? this.looked : before.noticed, waitedMs: before.waitedMs + passedMs };
  }
  isLeft({ noticed, waitedMs }) {
    return waitedMs < LONGEST_WAIT_MS && this.edits.anySince(noticed);
  }
};

// src/reconcile.ts
var ASK_AFTER_MS = 2e3;
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
function asFirstAsked(start2, before) {
  if (before === void 0) return start2;
  const { knownAt } = before;
  const begins = start2.begins || before.begins;
  return { ...start2, from: start2.from ?? before.from, knownAt, resumed: start2.resumed || before.resumed, begins };
}
function thoseOfEdits(starts, check) {
  return [...check, ...starts.filter(({ begins }) => begins).map(({ id }) => id)];
}
async function carryOut(agent, plan, left) {
  if (agent.phase === "leaving") return;
  for (const id of plan.check) left.unchecked.add(id);
  const starts = plan.start.map((start2) => asFirstAsked(start2, left.unstarted.get(start2.id)));
  left.unstarted = new Map(starts.map((start2) => [start2.id, start2]));
  const changed = new Set(thoseOfEdits(plan.start, plan.check));
  const atKuma = left.kumaFirst.among(thoseOfEdits(starts, left.unchecked), changed);
  const check = [...left.unchecked].filter((id) => !atKuma.has(id));
  if (check.length > 0) {
    await restartChanged(agent, check);
    for (const id of check) left.unchecked.delete(id);
  }
  const ours = starts.filter(({ id }) => !atKuma.has(id));
  const failed = await startOwned(agent, ours);
  const waiting = starts.filter(({ id }) => atKuma.has(id));
  left.unstarted = new Map([...failed, ...waiting].map((start2) => [start2.id, start2]));
}
function startReconciling(agent) {
  const kumaFirst = new KumaFirst(agent.edits, agent.config);
  const left = { unchecked: /* @__PURE__ */ new Set(), unstarted: /* @__PURE__ */ new Map(), kumaFirst };
  const plans = new Serial();
  agent.ownership.onPlan = (plan) => {
    if (agent.phase === "starting") agent.phase = "ready";
    plans.run(() => carryOut(agent, plan, left)).catch((thrown) => {
      warn("cannot carry out a change of monitors yet: %s", messageOf(thrown));
    });
  };
  agent.ownership.onStopped = (id) => {
    if (agent.kuma.server !== void 0) delete agent.kuma.server.monitorList[id];
    agent.kuma.foreignStatistics?.drop(id);
    agent.handover.forget(id);
  };
  agent.ownership.onReleased = (ids) => sayReleased(agent, ids);
  agent.ownership.onStanding = (standing) => onStanding(agent, standing);
  const ask2 = quietly(agent, "ask for monitors", () => {
    const asker = { node: agent.config.nodeId, seen: agent.ownership.seen };
    for (const [node, ids] of agent.handover.overdue(ASK_AFTER_MS)) {
      agent.events.publish("kuma.wanted", { node, ids, asker });
    }
    return Promise.resolve();
  });
  every(ASK_AFTER_MS, ask2);
  agent.stillness.watch();
  const look2 = quietly(
    agent,
    "read who runs the monitors",
    () => agent.ownership.poll(databaseOf(agent), agent.bootId)
  );
  void look2();
  every(agent.config.pollMs, look2);
}

// src/sync/loops.ts
function startSync(agent) {
  const { pollMs } = agent.config;
  every(
    pollMs,
    quietly(agent, "read what other nodes did", () => agent.events.poll())
  );
  every(
    pollMs,
    quietly(agent, "read the beats of other nodes", () => agent.relay.poll())
  );
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
      }),
      tellLogOuts(server, agent)
    );
  },
  unpatch(exports2) {
    const server = member(exports2, "UptimeKumaServer");
    if (server === void 0) return;
    unwrap(server, "getInstance");
    unwrap(server.prototype, "initAfterDatabaseReady");
    unwrap(server.prototype, "disconnectAllSocketClients");
  }
};
function tellLogOuts(server, agent) {
  if (server.prototype.disconnectAllSocketClients === void 0) return void 0;
  return wrap(server.prototype, "disconnectAllSocketClients", (original) => {
    return function(user, except) {
      if (!isRepeat()) agent.events.publish("kuma.log-out", { user });
      original.call(this, user, except);
    };
  });
}
function adopt(agent, server) {
  agent.kuma.server = server;
  installApi(agent, server);
  addPeerRoutes(agent, server.app);
  addMissingPageRoute(agent, server.app);
  const onError = (thrown) => void leave(agent).then(() => giveUp(thrown));
  server.httpServer.once("error", onError);
  server.httpServer.once("listening", () => {
    server.httpServer.off("error", onError);
    startReconciling(agent);
    startSync(agent);
    void shareOldUploads(agent);
  });
  followOtherNodes(agent);
  for (const problem of [patchSockets(server.io, agent), tellLists(agent, server.io)]) {
    if (problem === void 0) continue;
    warn("Uptime Kuma %s: %s", agent.kumaVersion, problem);
    agent.degraded.push(problem);
  }
}

// src/hooks/settings.ts
async function changedBy(settings, keys, change) {
  const read = () => Promise.all(keys.map(async (key) => JSON.stringify([await settings.get(key)])));
  settings.deleteCache(keys);
  const before = await read();
  await change();
  const after = await read();
  return keys.filter((_key, index) => before[index] !== after[index]);
}
async function tell2(agent, settings, keys, change) {
  if (isRepeat()) return change();
  const changed = await changedBy(settings, keys, change);
  if (changed.length > 0) agent.events.publish("kuma.settings", { keys: changed });
}
var settingsHook = {
  module: "settings.js",
  essential: false,
  patch(exports2, agent) {
    const settings = member(exports2, "Settings");
    if (settings === void 0) return "it does not export Settings";
    if (typeof settings.deleteCache !== "function") return "Settings.deleteCache is not a function";
    return firstProblem(
      wrap(settings, "set", (original) => {
        return function(key, ...args) {
          return tell2(agent, settings, [key], () => original.call(settings, key, ...args));
        };
      }),
      wrap(settings, "setSettings", (original) => {
        return function(type, data) {
          return tell2(agent, settings, Object.keys(data), () => original.call(settings, type, data));
        };
      })
    );
  },
  unpatch(exports2) {
    const settings = member(exports2, "Settings");
    if (settings === void 0) return;
    unwrap(settings, "set");
    unwrap(settings, "setSettings");
  }
};

// src/hooks/uptime-cache.ts
var uptimeCacheHook = {
  module: "uptime-cache-list.js",
  essential: false,
  patch(exports2, agent) {
    const cache = member(exports2, "UptimeCacheList");
    if (typeof cache?.clearCache !== "function") return "UptimeCacheList.clearCache is not a function";
    agent.kuma.forgetUptimes = (id) => cache.clearCache(id);
    agent.kuma.forgetStatistics = (id) => Promise.resolve(cache.clearCache(id));
    agent.kuma.forgetAllStatistics = () => {
      cache.list = {};
      return Promise.resolve();
    };
    return void 0;
  },
  unpatch() {
  }
};

// src/module-hook.ts
var import_node_fs3 = require("node:fs");
var import_node_path2 = require("node:path");
var import_require_in_the_middle = __toESM(require_require_in_the_middle());
var isFile = (hook) => hook.module.endsWith(".js");
var nameOf2 = (hook) => (0, import_node_path2.basename)(hook.module, ".js");
function fail(agent, hook, problem) {
  const text = `Uptime Kuma ${agent.kumaVersion}: the hook for ${hook.module} does not fit: ${problem}`;
  if (hook.essential) refuse(text);
  warn("%s; that module stays as it is", text);
  agent.degraded.push(`${hook.module}: ${problem}`);
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
  const present = hooks.filter((hook) => !isFile(hook) || (0, import_node_fs3.existsSync)((0, import_node_path2.join)(serverFolder, hook.module)));
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
var HOOKS = [
  databaseHook,
  serverHook,
  monitorHook,
  redbeanHook,
  connectionsHook,
  calculatorHook,
  uptimeCacheHook,
  settingsHook,
  pageCacheHook,
  clearOldDataHook,
  domainExpiryHook,
  checkVersionHook,
  cloudflaredHook,
  imageDataUriHook
];
function kumaMain() {
  if (!import_node_worker_threads.isMainThread || process.env["CLUSTER_DISABLE"] === "1") return void 0;
  const script = (0, import_node_path3.resolve)(process.argv[1] ?? "");
  if (SERVER_FILE.test(script)) return (0, import_node_fs4.realpathSync)(script);
  if (process.env["CLUSTER_FORCE"] !== "1") return void 0;
  return (0, import_node_fs4.realpathSync)(process.env["pm_exec_path"] ?? (0, import_node_path3.resolve)("server/server.js"));
}
function readVersion(main2) {
  const text = (0, import_node_fs4.readFileSync)((0, import_node_path3.join)((0, import_node_path3.dirname)(main2), "..", "package.json"), "utf8");
  return String(JSON.parse(text).version);
}
function start(main2) {
  const settings = readConfig(process.env, process.argv.slice(2), (0, import_node_os2.hostname)(), thisMachine());
  if ("mistakes" in settings) {
    for (const mistake of settings.mistakes) error("%s", mistake);
    process.exit(1);
  }
  if (settings.config.isPassingId) {
    warn("UPTIME_KUMA_NODE_ID is not set: a container in place of this one will be another node");
  }
  const version = readVersion(main2);
  const limitation = kumaLimitation(version);
  if (limitation !== void 0) refuse(limitation);
  installHooks(createAgent(settings.config, version, (0, import_node_module.createRequire)(main2)), (0, import_node_path3.dirname)(main2), HOOKS);
}
var main = kumaMain();
if (main !== void 0) start(main);

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

/** Where `vite` alone (for work on the page) finds a load balancer. */
const target = process.env.LB_URL ?? "http://127.0.0.1:8084";

export default defineConfig({
  base: "/lb/",
  plugins: [vue({ features: { optionsAPI: false } })],
  define: {
    __VUE_OPTIONS_API__: "false",
    __VUE_PROD_DEVTOOLS__: "false",
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
  },
  build: {
    outDir: "../nginx/html/lb",
    // The folder is shared with what other parts of the build put there.
    emptyOutDir: false,
    target: ["chrome123", "firefox121", "safari17.5"],
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    // Inlined files would need more of the Content-Security-Policy.
    assetsInlineLimit: 0,
    reportCompressedSize: true,
    rollupOptions: {
      output: { entryFileNames: "assets/dashboard.js", assetFileNames: "assets/dashboard[extname]" },
    },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/lb/(?!src/|@|node_modules/|$)": { target } },
  },
});

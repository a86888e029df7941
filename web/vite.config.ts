import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const WORDS = /(?:i18n|locale)\/(?:\w+\/)?([\w-]+)\.json$/;
const language = (path: string) => WORDS.exec(path)?.[1];

// Built into the Python package, from where the server serves it. `npm run dev` asks a server on 8080.
export default defineConfig({
  plugins: [react()],
  server: { proxy: { "/api": "http://127.0.0.1:8080" } },
  build: {
    outDir: "../src/desirepath/server/static",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600, // KB before compression; a test holds what a first load may weigh
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: language, debugName: "words", test: WORDS }] } }, // one file a language
    },
  },
});

import { defineConfig } from 'vite';

/** `npm run dev` talks to a server started by `scripts/serve` on its usual port. */
const server = { proxy: { '/api': 'http://localhost:8000' } };

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  server,
  build: {
    target: 'es2023',
    // The Content-Security-Policy allows no data: address.
    assetsInlineLimit: 0,
    // No polyfill and no preload links made at run time: the bundle is small enough without.
    modulePreload: false,
    // One stylesheet, linked by index.html: no screen waits for its own.
    cssCodeSplit: false,
  },
});

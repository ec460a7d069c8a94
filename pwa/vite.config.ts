import { defineConfig } from 'vite';
import { bareImports, finishBuild } from './scripts/finish-build.ts';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [bareImports(), finishBuild()],
  // `npm run dev` talks to a server that `scripts/serve` started on its usual port.
  server: { proxy: { '/api': 'http://localhost:8000' } },
  build: {
    target: 'es2023',
    // The Content-Security-Policy allows no data: address.
    assetsInlineLimit: 0,
    // No polyfill and no preload links made at run time: the bundle is small enough without.
    modulePreload: false,
    // One stylesheet, linked by index.html: no screen waits for its own.
    cssCodeSplit: false,
    // The plugin above says what matters: the first load.
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // The first load is one file: it compresses better, and nothing waits for a second one.
        codeSplitting: { groups: [{ name: 'main', tags: ['$initial'] }] },
      },
    },
  },
});

import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * A page of the app without its views, as one script that a simulation runs once for each page:
 * no part of the product. `tests/blind/` builds it, each time from the sources as they are.
 */
export default defineConfig({
  root: here('.'),
  publicDir: false,
  build: {
    outDir: here('.simulation'),
    target: 'es2023',
    minify: false,
    reportCompressedSize: false,
    lib: { entry: here('scripts/simulation/page.ts'), formats: ['iife'], name: 'page', fileName: () => 'page.js' },
  },
});

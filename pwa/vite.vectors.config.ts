import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The check of the vectors as a page that a browser can open: no part of the product. */
export default defineConfig({
  root: here('scripts/vectors'),
  base: './',
  publicDir: false,
  plugins: [
    {
      name: 'ajar:vectors',
      writeBundle: () => copyFileSync(here('../tests/vectors/ajar1.json'), here('.vectors/ajar1.json')),
    },
  ],
  build: { outDir: here('.vectors'), emptyOutDir: true, target: 'es2023', modulePreload: false },
});

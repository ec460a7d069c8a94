/**
 * What a build ends with: the service worker, the build's hash, and the limit on what the first load may weigh.
 *
 * The hash is taken over all files with the hash itself left out, so anyone can work it out from the files:
 * put `@BUILD@` back where the hash stands in `index.html` and `sw.js`, then SHA-256 over one line
 * `sha256  path` a file, sorted by path. `build.json` holds the hash and the sums of the files as they are served.
 */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Plugin, type Rolldown } from 'vite';

/** Bytes, gzip: the entry and all it imports without being asked. */
const FIRST_LOAD = 20_000;
const PLACE = '@BUILD@';
const SCREENSHOTS = /^screenshots\//;

const sum = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** All files below `root`, as paths with `/`, sorted. */
function filesOf(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .map((path) => path.split(sep).join(posix.sep))
    .toSorted();
}

/** The entry and every chunk it imports statically. */
function firstLoad(bundle: Rolldown.OutputBundle): string[] {
  const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
  const needed = new Set<string>();
  const visit = (name: string) => {
    if (needed.has(name)) return;
    needed.add(name);
    chunks.find((chunk) => chunk.fileName === name)?.imports.forEach(visit);
  };
  chunks.filter((chunk) => chunk.isEntry).forEach((chunk) => visit(chunk.fileName));
  return [...needed];
}

function weigh(out: string, names: readonly string[]) {
  const weight = names.reduce((total, name) => total + gzipSync(readFileSync(join(out, name)), { level: 9 }).length, 0);
  const said = `first load: ${weight} bytes of JavaScript, gzip (at most ${FIRST_LOAD}): ${names.join(', ')}`;
  if (weight > FIRST_LOAD) throw new Error(`${said}. Move something into a lazy chunk.`);
  console.log(said);
}

/** Builds the worker as one classic script, which every browser with service workers can run. */
async function buildWorker(root: string, out: string) {
  const shell = filesOf(out)
    .filter((path) => !SCREENSHOTS.test(path))
    .map((path) => (path === 'index.html' ? '/' : `/${path}`));
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { SHELL: JSON.stringify(shell), BUILD: JSON.stringify(PLACE) },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2023',
      rolldownOptions: {
        input: join(root, 'src/sw/sw.ts'),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  });
}

function stamp(out: string) {
  const files = filesOf(out);
  const hash = sum(files.map((path) => `${sum(readFileSync(join(out, path)))}  ${path}\n`).join(''));
  for (const path of ['index.html', 'sw.js']) {
    const text = readFileSync(join(out, path), 'utf8');
    if (!text.includes(PLACE)) throw new Error(`${path} has no place for the hash of the build`);
    writeFileSync(join(out, path), text.replaceAll(PLACE, hash));
  }
  const sums = Object.fromEntries(files.map((path) => [path, sum(readFileSync(join(out, path)))]));
  writeFileSync(join(out, 'build.json'), `${JSON.stringify({ build: hash, files: sums }, null, 2)}\n`);
  console.log(`build ${hash}`);
}

export function finishBuild(): Plugin {
  return {
    name: 'ajar:finish-build',
    apply: 'build',
    transformIndexHtml: () => [{ tag: 'meta', attrs: { name: 'build', content: PLACE }, injectTo: 'head' }],
    async writeBundle({ dir = '' }, bundle) {
      weigh(dir, firstLoad(bundle));
      await buildWorker(this.environment.config.root, dir);
      stamp(dir);
    },
  };
}

/**
 * Vite wraps every lazy import to preload its styles; here all styles are linked by the page, so the wrapper
 * only costs bytes of the first load. Without the wrapper's own file the import is all that is left.
 */
export function bareImports(): Plugin {
  return {
    name: 'ajar:bare-imports',
    apply: 'build',
    enforce: 'pre',
    load: (id) => (id === '\0vite/preload-helper.js' ? 'export const __vitePreload = (load) => load();' : null),
  };
}

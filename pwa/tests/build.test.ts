/** What a build must be: the same bytes each time, small at first, and nothing that the page's policy forbids. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'build-')));
let said = '';

function contents(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(folder, path))]));
}
const sum = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
const text = (path: string) => contents(folders[0]!).get(path)!.toString('utf8');
const manifest = () => JSON.parse(text('build.json')) as { build: string; files: Record<string, string> };

beforeAll(() => {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  // As from a shell: this test's own mode must not decide what is built.
  const env = { ...process.env, NODE_ENV: 'production' };
  for (const folder of folders) {
    const options = ['build', '--outDir', folder, '--emptyOutDir'];
    said = execFileSync(process.execPath, [vite, ...options], { cwd: root, env, encoding: 'utf8' });
  }
}, 60_000);
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

test('two builds are the same bytes', () => {
  const [one, other] = folders.map((folder) => [...contents(folder)].map(([path, content]) => [path, sum(content)]));
  expect(one).toEqual(other);
});

test('the weight of the first load is said', () => {
  expect(said).toMatch(/^first load: 1?\d{4} bytes of JavaScript, gzip \(at most 20000\)/m);
});

test('the manifest names every file with its sum, and the hash can be worked out again', () => {
  const { build: hash, files } = manifest();
  const served = [...contents(folders[0]!)].filter(([path]) => path !== 'build.json');
  expect(files).toEqual(Object.fromEntries(served.map(([path, content]) => [path, sum(content)])));
  const lines = served.map(([path, content]) => {
    const stamped = path === 'index.html' || path === 'sw.js';
    return `${sum(stamped ? content.toString('utf8').replaceAll(hash, '@BUILD@') : content)}  ${path}\n`;
  });
  expect(sum(lines.toSorted((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join(''))).toBe(hash);
});

test('the page and the worker know the hash', () => {
  const { build: hash } = manifest();
  expect(text('index.html')).toContain(`<meta name="build" content="${hash}">`);
  expect(text('sw.js')).toContain(`ajar-${hash}`);
});

test('the page has nothing inline, and the app makes nothing that the policy refuses', () => {
  const page = text('index.html');
  expect(page.match(/<script(?![^>]* src=)/g)).toBeNull();
  expect(page).not.toMatch(/<style|\sstyle=|\son\w+=|data:|javascript:/);
  for (const [path, content] of contents(folders[0]!)) {
    if (!path.endsWith('.js')) continue;
    const forbidden = /\beval\(|new Function|document\.write|modulepreload/.exec(content.toString('utf8'))?.[0];
    expect([path, forbidden]).toEqual([path, undefined]);
  }
});

test('every icon that is named is there', () => {
  for (const [path, content] of contents(folders[0]!)) {
    if (!/\.(js|html|webmanifest)$/.test(path)) continue;
    const named = content.toString('utf8').match(/\/(?:icons|screenshots)\/[\w.-]+/g) ?? [];
    for (const icon of named)
      expect([path, Object.keys(manifest().files)]).toEqual([path, expect.arrayContaining([icon.slice(1)])]);
  }
});

test('the worker keeps every file of the app, and nothing of the API', () => {
  const { files } = manifest();
  const worker = text('sw.js');
  for (const path of Object.keys(files)) {
    if (path.startsWith('assets/')) expect(worker).toContain(`/${path}`);
  }
  expect(worker).not.toContain('/api');
  expect(worker).not.toContain('build.json');
  // It is loaded beside the page, over whatever connection there is.
  expect(gzipSync(worker).length).toBeLessThanOrEqual(3_000);
});

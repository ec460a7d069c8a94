/** Each wall of `oxlint.config.ts` stands: what it forbids is reported, with the sentence that says where to go. */

import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const here = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const DOMAINS = 'The domains do not import one another';
const RUNNER = 'A view or flow does nothing itself';
const SHELL = 'A domain does not know the shell';
const KEYS = 'A view holds no keys';
const PURE = 'crypto/ is pure';
const WORDS = 'crypto/ imports nothing but its own files';
const WORKER = 'The service worker knows no key and no screen';
const API = 'Every request goes through src/api.ts';
const STORAGE = 'goes through src/keystore.ts';
const CACHES = 'Only the service worker';
const CRYPTO = 'WebCrypto goes through src/crypto/primitives.ts';
const CLOCK = 'Time goes through src/clock.ts';

/** Where, what stands there, and what the lint says; null for what is allowed. */
const cases: [string, string, string | null][] = [
  ['rounds/run.ts', `void fetch('/api/pair');`, API],
  ['rounds/run.ts', `void globalThis.fetch('/api/pair');`, API],
  ['app/start.ts', `void window.fetch('/api/pair');`, API],
  ['app/start.ts', `navigator.sendBeacon('/api/pair');`, API],
  ['ui/box.tsx', `void new WebSocket('wss://x.example');`, API],
  ['keystore.ts', `void fetch('/');`, API],
  ['api.ts', `void fetch('/api/pair');`, null],
  ['sw/sw.ts', `void fetch('/');`, null],
  ['app/start.ts', `localStorage.clear();`, STORAGE],
  ['app/start.ts', `globalThis.sessionStorage.clear();`, STORAGE],
  ['rounds/run.ts', `indexedDB.open('x');`, STORAGE],
  ['api.ts', `localStorage.clear();`, STORAGE],
  ['keystore.ts', `localStorage.clear();`, null],
  ['keystore/idb.ts', `indexedDB.open('x');`, null],
  ['app/start.ts', `void caches.keys();`, CACHES],
  ['keystore.ts', `void caches.keys();`, CACHES],
  ['sw/sw.ts', `void caches.keys();`, null],
  ['sw/sw.ts', `indexedDB.open('x');`, STORAGE],
  ['pairing/run.ts', `crypto.getRandomValues(new Uint8Array(1));`, CRYPTO],
  ['crypto/protocol.ts', `crypto.getRandomValues(new Uint8Array(1));`, CRYPTO],
  ['crypto/primitives.ts', `crypto.getRandomValues(new Uint8Array(1));`, null],
  ['rounds/run.ts', `setTimeout(() => undefined, 1);`, CLOCK],
  ['rounds/run.ts', `void Date.now();`, CLOCK],
  ['app/start.ts', `void performance.now();`, CLOCK],
  ['clock.ts', `void Date.now();`, null],
  ['crypto/protocol.ts', `void document.title;`, PURE],
  ['crypto/primitives.ts', `void location.href;`, PURE],
  ['rounds/flow-home.ts', `void document.title;`, PURE],
  ['crypto/protocol.ts', `export * from '../api';`, WORDS],
  ['crypto/protocol.ts', `import '../clock';`, WORDS],
  ['crypto/protocol.ts', `import '../rounds/flow-home';`, WORDS],
  ['crypto/protocol.ts', `import './encoding';`, null],
  ['crypto/protocol.ts', `import type { Side } from '../wire';`, null],
  ['rounds/run.ts', `import '../pairing/run';`, DOMAINS],
  ['safety/view.tsx', `import '../library/view';`, DOMAINS],
  ['reminders/flow.ts', `import type { X } from '../rounds/flow-home';`, DOMAINS],
  ['ui/box.tsx', `import '../rounds/view-home';`, DOMAINS],
  ['app/shell.tsx', `import '../rounds/view-home';`, null],
  ['rounds/view-home.tsx', `import '../api';`, RUNNER],
  ['rounds/view-home.tsx', `import '../keystore';`, RUNNER],
  ['rounds/view-home.tsx', `import './run-home';`, RUNNER],
  ['rounds/view-home.tsx', `import './settle';`, RUNNER],
  ['rounds/flow-home.ts', `import '../api';`, RUNNER],
  ['rounds/flow-home.ts', `import '../keystore';`, RUNNER],
  ['rounds/flow-home.ts', `import type { X } from '../keystore';`, null],
  ['rounds/view-home.tsx', `import '../crypto/protocol';`, KEYS],
  ['ui/box.tsx', `import '../crypto/protocol';`, KEYS],
  ['rounds/flow-home.ts', `import '../crypto/protocol';`, null],
  ['rounds/run.ts', `import '../app/session';`, SHELL],
  ['rounds/view-home.tsx', `import '../app/navigation';`, null],
  ['sw/sw.ts', `import '../crypto/protocol';`, WORKER],
  ['sw/sw.ts', `import '../api';`, WORKER],
  ['sw/sw.ts', `import '../keystore';`, WORKER],
  ['sw/sw.ts', `import '../keystore/local';`, WORKER],
  ['sw/sw.ts', `import '../keystore/idb';`, null],
];

interface Diagnostic {
  code: string;
  message: string;
  help?: string;
  filename: string;
  labels: { span: { line: number } }[];
}

let root: string;
let found: Diagnostic[];

/** All cases of one file stand in it, one a line. */
const linesOf = (path: string) => cases.filter(([where]) => where === path).map(([, code]) => code);

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'walls-'));
  for (const [path] of cases) {
    const file = join(root, 'src', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${linesOf(path).join('\n')}\n`);
  }
  copyFileSync(here('oxlint.config.ts'), join(root, 'oxlint.config.ts'));
  symlinkSync(here('node_modules'), join(root, 'node_modules'));
  const oxlint = here('node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '-f', 'json', 'src'], { cwd: root, encoding: 'utf8' });
  found = (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics;
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each(cases)('%s: %s', (path, code, message) => {
  const line = linesOf(path).indexOf(code) + 1;
  const said = found
    .filter((one) => one.filename === `src/${path}` && one.code.includes('no-restricted-'))
    .filter(({ labels }) => labels[0]?.span.line === line)
    .map((one) => `${one.message} ${one.help ?? ''}`);
  expect(said).toEqual(message === null ? [] : [expect.stringContaining(message)]);
});

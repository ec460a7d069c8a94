/** The service worker in a stand-in of its global scope: what it keeps, what it never touches, what it shows. */

import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';

const ORIGIN = 'https://ajar.example';
const SHELL = ['/', '/assets/main.js', '/icons/icon-192.png'];

/** A cache that keeps what it is told to, by path. */
function cacheStorage() {
  const all = new Map<string, Map<string, string>>();
  return {
    all,
    keys: () => Promise.resolve([...all.keys()]),
    delete: (name: string) => Promise.resolve(all.delete(name)),
    open: (name: string) => {
      const cache = all.get(name) ?? new Map<string, string>();
      all.set(name, cache);
      return Promise.resolve({
        addAll: (requests: Request[]) => {
          for (const { url, cache: mode } of requests) cache.set(new URL(url).pathname, mode);
          return Promise.resolve();
        },
        match: (path: string) => Promise.resolve(cache.has(path) ? new Response(`kept ${path}`) : undefined),
      });
    },
  };
}

/** The parts of ServiceWorkerGlobalScope that the worker uses. */
function workerScope() {
  const events = new EventTarget();
  const shown: { title: string; options: NotificationOptions }[] = [];
  const opened: string[] = [];
  const windows: { focus: () => Promise<void> }[] = [];
  return {
    shown,
    opened,
    windows,
    skipped: 0,
    addEventListener: events.addEventListener.bind(events),
    /** Dispatches an event and waits for what it keeps the worker alive for. */
    async send(type: string, fields: object = {}) {
      let pending: Promise<unknown> = Promise.resolve();
      let response: Promise<Response> | null = null;
      const event = Object.assign(new Event(type), fields, {
        waitUntil: (until: Promise<unknown>) => (pending = until),
        respondWith: (given: Promise<Response>) => (response = given),
      });
      events.dispatchEvent(event);
      await pending;
      return response as Promise<Response> | null;
    },
    skipWaiting() {
      this.skipped += 1;
      return Promise.resolve();
    },
    registration: {
      showNotification: (title: string, options: NotificationOptions) => {
        shown.push({ title, options });
        return Promise.resolve();
      },
    },
    clients: {
      matchAll: () => Promise.resolve(windows),
      openWindow: (url: string) => Promise.resolve(opened.push(url)),
    },
  };
}

let scope: ReturnType<typeof workerScope>;
let caches: ReturnType<typeof cacheStorage>;

beforeEach(async () => {
  vi.resetModules();
  scope = workerScope();
  caches = cacheStorage();
  vi.stubGlobal('self', scope);
  vi.stubGlobal('caches', caches);
  vi.stubGlobal('location', { origin: ORIGIN });
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('SHELL', SHELL);
  vi.stubGlobal('BUILD', 'now');
  // A worker resolves paths against its own address; node has none.
  vi.stubGlobal(
    'Request',
    class extends Request {
      constructor(input: string, init?: RequestInit) {
        super(new URL(input, ORIGIN), init);
      }
    },
  );
  // By its address: its types are those of a worker, which this test's realm does not know.
  const worker = '../../src/sw/sw.ts';
  await import(/* @vite-ignore */ worker);
});

const get = (path: string, method = 'GET') => scope.send('fetch', { request: new Request(path, { method }) });

test('installing keeps the shell, past the browser’s own cache, and does not take over', async () => {
  await scope.send('install');
  expect([...caches.all]).toEqual([['ajar-now', new Map(SHELL.map((path) => [path, 'reload']))]]);
  expect(scope.skipped).toBe(0);
});

test('taking over is what the person chose, and nothing else makes it', async () => {
  await scope.send('message', { data: 'hello' });
  expect(scope.skipped).toBe(0);
  await scope.send('message', { data: 'take_over' });
  expect(scope.skipped).toBe(1);
});

test('the shells of other versions go once this one is in force', async () => {
  await caches.open('ajar-before');
  await caches.open('somebody-else');
  await scope.send('install');
  await scope.send('activate');
  expect([...caches.all.keys()]).toEqual(['somebody-else', 'ajar-now']);
});

test('what is in the shell comes from it, offline too', async () => {
  await scope.send('install');
  for (const path of SHELL) expect(await (await get(path))?.text()).toBe(`kept ${path}`);
  expect(await (await get('/?from=home-screen'))?.text()).toBe('kept /');
});

test.each([
  ['/api/pair', 'GET'],
  ['/api/answers', 'PUT'],
  ['/api/config', 'GET'],
  ['/healthz', 'GET'],
  ['/', 'POST'],
  ['https://elsewhere.example/', 'GET'],
])('%s (%s) is left to the browser', async (path, method) => {
  await scope.send('install');
  expect(await get(path, method)).toBeNull();
});

const neutral = {
  title: 'Reminder',
  options: { body: 'You asked to be reminded.', tag: 'reminder', renotify: true, silent: true },
};

test.each([
  ['nothing', null],
  ['other words', { json: () => ({ title: 'Your partner answered' }), text: () => 'x' }],
])('a push that carries %s shows the same neutral reminder', async (_, data) => {
  await scope.send('push', { data });
  expect(scope.shown).toEqual([neutral]);
});

test('the phone’s own wording is used where there is one', async () => {
  const { idb } = await import('../../src/keystore/idb');
  await idb.change(() => ({ notification: { choice: 'own', title: 'Plants', body: 'Water them.' } }));
  await scope.send('push');
  await idb.change(() => ({ notification: { choice: 'own', title: 'Plants', body: '', sound: true } }));
  await scope.send('push');
  expect(scope.shown).toEqual([
    { ...neutral, title: 'Plants', options: { ...neutral.options, body: 'Water them.' } },
    { ...neutral, title: 'Plants', options: { ...neutral.options, body: '', silent: false } },
  ]);
});

test('storage that fails does not keep a reminder from being shown', async () => {
  vi.stubGlobal('indexedDB', undefined);
  await scope.send('push');
  expect(scope.shown).toEqual([neutral]);
});

test('a tap brings the app up: the window that is open, or a new one', async () => {
  const close = vi.fn<() => void>();
  await scope.send('notificationclick', { notification: { close } });
  expect([close.mock.calls.length, scope.opened]).toEqual([1, ['/']]);
  const focus = vi.fn<() => Promise<void>>();
  scope.windows.push({ focus });
  await scope.send('notificationclick', { notification: { close } });
  expect([focus.mock.calls.length, scope.opened]).toEqual([1, ['/']]);
});

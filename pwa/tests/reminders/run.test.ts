/** Reminders against a real server; the browser's push is stood in for, as node has none. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RemindersEffect, RemindersNews } from '../../src/reminders/flow';
import { openPage, type StandIn } from '../stand-ins/page';
import { seatOf } from '../stand-ins/pair';
import { startServer, type Reply, type TinyServer } from '../stand-ins/server';

const NOW = 1_800_000_000;
const DAY = 86_400;
const PUSH_KEY = Buffer.alloc(65, 4).toString('base64url');
const WHEN = { before: { kind: 'hours', hours: 2 }, after: null, quiet: null } as const;
const PLANTS = { choice: 'own', sound: false, title: 'Plants', body: 'Water; them' } as const;

let server: TinyServer;
let page: StandIn;
let reply: (path: string) => Reply | null;
/** What the browser's push manager holds. */
let subscribed: { endpoint: string; key: string; expirationTime?: number } | null;
let pushService: 'works' | 'away';
let notifications: { title: string; options: object }[];
let permission: NotificationPermission;

const config = {
  push_key: PUSH_KEY,
  operator: null,
  contact: null,
  support: { checked: '2026-11-22', lines: [] },
  leave_url: 'https://example.org/',
  version: '0',
  build: 'b',
  access_code: false,
  min_interval: 3600,
  trial: false,
};

function subscription() {
  if (subscribed === null) return null;
  const { endpoint, key, expirationTime = null } = subscribed;
  return {
    expirationTime,
    options: { applicationServerKey: Uint8Array.from(Buffer.from(key, 'base64url')).buffer },
    toJSON: () => ({ endpoint, keys: { p256dh: 'P', auth: 'A' } }),
    unsubscribe: () => {
      subscribed = null;
      return Promise.resolve(true);
    },
  };
}
const pushManager = {
  getSubscription: () => Promise.resolve(subscription()),
  subscribe: ({ applicationServerKey }: { applicationServerKey: Uint8Array }) => {
    if (pushService === 'away') return Promise.reject(new DOMException('push service error', 'AbortError'));
    subscribed = { endpoint: 'https://push.example/new', key: Buffer.from(applicationServerKey).toString('base64url') };
    return Promise.resolve(subscription());
  },
};

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] });
  vi.resetModules();
  subscribed = null;
  pushService = 'works';
  notifications = [];
  permission = 'granted';
  reply = () => null;
  server = await startServer(
    ({ path }) => reply(path) ?? (path === '/api/config' ? { status: 200, body: config } : { status: 204 }),
  );
  page = openPage(server.origin);
  const showNotification = (title: string, options: object) => Promise.resolve(notifications.push({ title, options }));
  const registration = { pushManager, showNotification };
  const serviceWorker = { getRegistration: () => Promise.resolve(registration), ready: Promise.resolve(registration) };
  vi.stubGlobal('navigator', { serviceWorker });
  vi.stubGlobal('PushManager', Object);
  vi.stubGlobal('Notification', {
    get permission() {
      return permission;
    },
    requestPermission: () => Promise.resolve(permission),
  });
  const keystore = await import('../../src/keystore');
  await keystore.openKeystore();
  const seat = await seatOf('a', [NOW + DAY, NOW + 8 * DAY]);
  await keystore.change(() => ({ seat }));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await server.close();
});

async function run(effect: RemindersEffect): Promise<RemindersNews[]> {
  const { runReminders } = await import('../../src/reminders/run');
  const news: RemindersNews[] = [];
  return new Promise((resolve) =>
    runReminders(effect, (event) => {
      news.push(event as RemindersNews);
      if (event.type === 'unknown') setImmediate(page.wake);
      else resolve(news);
    }),
  );
}
const turnOn: RemindersEffect = { type: 'turn_on', when: WHEN };
const asked = () =>
  server.asked.filter(({ path }) => path !== '/api/config').map(({ method, path, body }) => [method, path, body]);
const kept = async () => (await import('../../src/keystore')).kept('reminders');
const NEXT = [NOW + DAY - 7200, NOW + 8 * DAY - 7200];
const LIST = ['PUT', '/api/reminders', JSON.stringify({ at: NEXT })];
const TARGET = [
  'PUT',
  '/api/subscription',
  JSON.stringify({ endpoint: 'https://push.example/new', p256dh: 'P', auth: 'A' }),
];
const GONE = [
  ['PUT', '/api/reminders', '{"at":[]}'],
  ['DELETE', '/api/subscription', ''],
];

test('turning on subscribes for the server’s key and sends where to and when', async () => {
  expect(await run(turnOn)).toEqual([{ type: 'saved', next: NEXT }]);
  expect(asked()).toEqual([TARGET, LIST]);
  expect(subscribed?.key).toBe(PUSH_KEY);
  expect(await kept()).toEqual({ on: true, when: WHEN, settled: true });
});

test('each renewal says where to as well: the server may have been told that it was gone', async () => {
  await run(turnOn);
  await run(turnOn);
  expect(asked()).toEqual([TARGET, LIST, TARGET, LIST]);
  subscribed = { endpoint: 'https://push.example/moved', key: PUSH_KEY };
  await run(turnOn);
  expect(asked().slice(4)).toEqual([['PUT', '/api/subscription', expect.stringContaining('moved')], LIST]);
});

test.each([
  ['for another key', { key: Buffer.alloc(65, 5).toString('base64url') }],
  ['past its end', { key: PUSH_KEY, expirationTime: NOW * 1000 }],
])('a subscription %s is made anew', async (_, old) => {
  subscribed = { endpoint: 'https://push.example/old', ...old };
  await run(turnOn);
  expect(subscribed).toEqual({ endpoint: 'https://push.example/new', key: PUSH_KEY });
  expect(asked()).toEqual([TARGET, LIST]);
});

test('cut replies: the same is sent again until it is settled', async () => {
  const cut = new Set<string>();
  reply = (path) => {
    if (cut.has(path)) return null;
    cut.add(path);
    return 'cut';
  };
  const news = await run(turnOn);
  expect(news.map(({ type }) => type)).toEqual(['unknown', 'unknown', 'unknown', 'saved']);
  expect(asked()).toEqual([TARGET, TARGET, LIST, LIST]);
});

test('a no is said, and nothing is asked of the server', async () => {
  permission = 'denied';
  expect(await run(turnOn)).toEqual([{ type: 'not_allowed', permission }]);
  expect(server.asked).toEqual([]);
  expect(await kept()).toBeNull();
});

test('a no to what was on ends it on the server too', async () => {
  await run(turnOn);
  permission = 'denied';
  expect(await run(turnOn)).toEqual([{ type: 'not_allowed', permission }]);
  expect(asked().slice(2)).toEqual(GONE);
  expect([subscribed, await kept()]).toEqual([null, null]);
});

const REFUSAL: Reply = { status: 422, body: { error: { code: 'push_service', message: 'x' } } };

test.each([
  [
    'a push service that the server does not know',
    () => (reply = (path) => (path === '/api/subscription' ? REFUSAL : null)),
  ],
  ['a push service that does not answer the browser', () => (pushService = 'away')],
])('%s: refused, and not tried again unasked', async (_, happens) => {
  happens();
  expect(await run(turnOn)).toEqual([{ type: 'refused', on: false }]);
  expect([subscribed, await kept()]).toEqual([null, null]);
});

test('a renewal that is refused is tried again at the next start', async () => {
  await run(turnOn);
  [pushService, subscribed] = ['away', null];
  expect(await run(turnOn)).toEqual([{ type: 'refused', on: true }]);
  expect(await kept()).toMatchObject({ on: true, when: WHEN });
});

test('off empties the list, forgets the subscription, and leaves nothing here', async () => {
  await run(turnOn);
  expect(await run({ type: 'turn_off', forget: true })).toEqual([{ type: 'saved', next: [] }]);
  expect(asked().slice(2)).toEqual(GONE);
  expect([subscribed, await kept()]).toEqual([null, null]);
});

test('after answering for the rest the list is emptied, whether or not there were reminders', async () => {
  const { idb } = await import('../../src/keystore/idb');
  await run({ type: 'turn_off', forget: false });
  expect([asked(), await kept()]).toEqual([[['PUT', '/api/reminders', '{"at":[]}']], null]);
  await run(turnOn);
  await run({ type: 'turn_off', forget: false });
  expect(asked().at(-1)).toEqual(['PUT', '/api/reminders', '{"at":[]}']);
  const after = [subscribed, await idb.change(() => ({}))];
  await run(turnOn);
  await run({ type: 'turn_off', forget: true });
  // Nothing here tells one from the other.
  expect([subscribed, await idb.change(() => ({}))]).toEqual(after);
  expect([subscribed, await kept()]).toEqual([null, null]);
});

test('where there were none, nothing is kept of their end, not even while the server cannot be told', async () => {
  const { idb } = await import('../../src/keystore/idb');
  const { runReminders } = await import('../../src/reminders/run');
  const before = await idb.change(() => ({}));
  reply = () => 'cut';
  await new Promise<void>((resolve) =>
    runReminders({ type: 'turn_off', forget: false }, ({ type }) => type === 'unknown' && resolve()),
  );
  expect(await idb.change(() => ({}))).toEqual(before);
});

test('without a connection off is off at once here, and the server is told at the next start', async () => {
  await run(turnOn);
  const { runReminders, opening } = await import('../../src/reminders/run');
  reply = () => 'cut';
  await new Promise<void>((resolve) =>
    runReminders({ type: 'turn_off', forget: true }, ({ type }) => type === 'unknown' && resolve()),
  );
  expect([subscribed, await kept()]).toEqual([null, { on: false, when: WHEN, settled: false }]);
  expect(opening()).toMatchObject({ preference: { on: false }, settled: false });
  reply = () => null;
  server.asked.length = 0;
  await run({ type: 'turn_off', forget: true });
  expect(asked()).toEqual(GONE);
});

test('words are kept where the service worker reads them, the last ones last', async () => {
  const { runReminders, opening } = await import('../../src/reminders/run');
  for (const title of ['P', 'Pl', 'Plants'])
    runReminders({ type: 'keep_words', words: { ...PLANTS, title } }, () => {});
  const { idb } = await import('../../src/keystore/idb');
  await vi.waitFor(async () => expect((await idb.change(() => ({})))['notification']).toEqual(PLANTS));
  expect(opening().words).toEqual(PLANTS);
  expect(server.asked).toEqual([]);
});

test('one to look at is shown as the service worker would, and the server hears nothing', async () => {
  expect(await run({ type: 'show', words: PLANTS })).toEqual([{ type: 'shown', shown: true }]);
  const options = { body: 'Water; them', tag: 'reminder', renotify: true, silent: true };
  expect([notifications, server.asked]).toEqual([[{ title: 'Plants', options }], []]);
  permission = 'denied';
  expect(await run({ type: 'show', words: PLANTS })).toEqual([expect.objectContaining({ type: 'open', permission })]);
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration: () => Promise.resolve(undefined) } });
  permission = 'granted';
  expect(await run({ type: 'show', words: PLANTS })).toEqual([{ type: 'shown', shown: false }]);
});

test('the calendar file holds the same instants and words, under a name that says nothing', async () => {
  const offered: { name: string; url: string }[] = [];
  vi.stubGlobal('document', {
    visibilityState: 'visible',
    createElement: () => ({
      href: '',
      download: '',
      click() {
        offered.push({ name: this.download, url: this.href });
      },
    }),
  });
  expect(await run({ type: 'calendar', when: WHEN, words: PLANTS })).toEqual([{ type: 'file', entries: 2 }]);
  const [file] = offered;
  expect(file!.name).toBe('calendar.ics');
  const { resolveObjectURL } = await import('node:buffer');
  const blob = resolveObjectURL(file!.url)!;
  const text = await blob.text();
  expect([blob.type, text.match(/^DTSTART:.*$/gm)]).toEqual([
    'text/calendar',
    ['DTSTART:20270116T060000Z', 'DTSTART:20270123T060000Z'],
  ]);
  expect(text).toContain(String.raw`Water\; them`);
  expect(server.asked).toEqual([]);
  const none = { ...WHEN, before: { kind: 'hours', hours: 24 * 30 } } as const;
  expect(await run({ type: 'calendar', when: none, words: PLANTS })).toEqual([{ type: 'file', entries: 0 }]);
  expect(offered.length).toBe(1);
});

test('no reminders for rounds that this phone has seen closed, nor after the end', async () => {
  const keystore = await import('../../src/keystore');
  const { opening } = await import('../../src/reminders/run');
  await run(turnOn);
  expect(opening().next).toEqual(NEXT);
  await keystore.change(({ seat }) => ({ seat: { ...seat!, highestClosed: 0 } }));
  expect(opening().next).toEqual(NEXT.slice(1));
  await keystore.change(({ seat }) => ({ seat: { ...seat!, ended: 'finished' } }));
  expect(opening().next).toEqual([]);
});

test('what this browser can is known by what it has', async () => {
  const { support } = await import('../../src/reminders/push');
  expect(support()).toBe('supported');
  vi.stubGlobal('navigator', { standalone: false });
  expect(support()).toBe('not_installed');
  vi.stubGlobal('navigator', {});
  expect(support()).toBe('no_push');
});

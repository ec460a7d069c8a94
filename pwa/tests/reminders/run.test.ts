/** Reminders against a real server; the browser's push is stood in for, as node has none. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RemindersEffect, RemindersNews } from '../../src/reminders/flow';
import { openPage, type StandIn } from '../stand-ins/page';
import { seatOf } from '../stand-ins/pair';
import { startServer, type Reply, type TinyServer } from '../stand-ins/server';

const NOW = 1_800_000_000;
const DAY = 86_400;
const PUSH_KEY = Buffer.alloc(65, 4).toString('base64url');
const WHEN = { kind: 'hours', hours: 2 } as const;

let server: TinyServer;
let page: StandIn;
let reply: (path: string) => Reply | null;
/** What the browser's push manager holds. */
let subscribed: { endpoint: string; key: string } | null;
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
  const { endpoint, key } = subscribed;
  return {
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
    subscribed = { endpoint: 'https://push.example/new', key: Buffer.from(applicationServerKey).toString('base64url') };
    return Promise.resolve(subscription());
  },
};

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] });
  vi.resetModules();
  subscribed = null;
  permission = 'granted';
  reply = () => null;
  server = await startServer(
    ({ path }) => reply(path) ?? (path === '/api/config' ? { status: 200, body: config } : { status: 204 }),
  );
  page = openPage(server.origin);
  const registration = { pushManager };
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

test('turning on subscribes for the server’s key and sends where to and when', async () => {
  expect(await run(turnOn)).toEqual([{ type: 'saved', next: NEXT }]);
  expect(asked()).toEqual([TARGET, LIST]);
  expect(subscribed?.key).toBe(PUSH_KEY);
  expect(await kept()).toEqual({ on: true, when: WHEN, endpoint: 'https://push.example/new', settled: true });
});

test('a subscription that is the same is not sent again; one that changed is', async () => {
  await run(turnOn);
  await run(turnOn);
  expect(asked()).toEqual([TARGET, LIST, LIST]);
  subscribed = { endpoint: 'https://push.example/moved', key: PUSH_KEY };
  await run(turnOn);
  expect(asked().slice(3)).toEqual([['PUT', '/api/subscription', expect.stringContaining('moved')], LIST]);
});

test('a subscription for another key is made anew', async () => {
  subscribed = { endpoint: 'https://push.example/old', key: Buffer.alloc(65, 5).toString('base64url') };
  await run(turnOn);
  expect(subscribed).toEqual({ endpoint: 'https://push.example/new', key: PUSH_KEY });
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
  expect(await run(turnOn)).toEqual([{ type: 'denied' }]);
  expect(server.asked).toEqual([]);
});

test('a push service that the server does not know is refused', async () => {
  reply = (path) =>
    path === '/api/subscription' ? { status: 422, body: { error: { code: 'push_service', message: 'x' } } } : null;
  expect(await run(turnOn)).toEqual([{ type: 'refused' }]);
});

test('off empties the list, forgets the subscription, and leaves nothing here', async () => {
  await run(turnOn);
  expect(await run({ type: 'turn_off', forget: true })).toEqual([{ type: 'saved', next: [] }]);
  expect(asked().slice(2)).toEqual([
    ['PUT', '/api/reminders', '{"at":[]}'],
    ['DELETE', '/api/subscription', ''],
  ]);
  expect([subscribed, await kept()]).toEqual([null, null]);
});

test('after answering for the rest the list is emptied, whether or not there were reminders', async () => {
  await run({ type: 'turn_off', forget: false });
  expect([asked(), await kept()]).toEqual([[['PUT', '/api/reminders', '{"at":[]}']], null]);
  await run(turnOn);
  await run({ type: 'turn_off', forget: false });
  expect(asked().at(-1)).toEqual(['PUT', '/api/reminders', '{"at":[]}']);
  expect(await kept()).toMatchObject({ on: false, endpoint: 'https://push.example/new', settled: true });
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

/**
 * Many phones in one process: `node phones.ts PAGE ORIGIN [SEED]`.
 *
 * Reads a line of JSON for each visit to a phone, opens a page there (the script `PAGE`, evaluated anew, so that
 * nothing but the phone's storage and cookie outlives a page), does as told and writes a line. What node lacks of
 * a browser is stood in for here; no part of the app is. With a seed, chance and the time that passes are fixed.
 */

import { createECDH, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { compileFunction } from 'node:vm';
import type * as Page from './page.ts';

interface Visit {
  phone: string;
  /** Seconds since 1970. */
  now: number;
  do: Exclude<keyof typeof Page, 'open'> | 'look';
  with: unknown[];
  /** How many uploads are lost on their way, and how: with the request, or only the reply. */
  lost: ('request' | 'reply')[];
}

/** What outlives a page. */
interface Phone {
  cookie: string;
  stored: Map<string, string>;
  drawn: number;
}

const [script = '', origin = '', seed] = process.argv.slice(2);
const STAND_INS = ['localStorage', 'location', 'document', 'navigator', 'Notification', 'PushManager', 'fetch']
  .concat(['crypto', 'performance', 'Date', 'setTimeout', 'clearTimeout', 'addEventListener', 'removeEventListener'])
  .concat(['indexedDB', 'globalThis']);
const openPage = compileFunction(`${readFileSync(script, 'utf8')}\nreturn page;`, STAND_INS) as (
  ...standIns: unknown[]
) => typeof Page;

const phones = new Map<string, Phone>();

function fixedChance(name: string, phone: Phone) {
  return (bytes: Uint8Array) => {
    phone.drawn += 1;
    const drawn = createHash('shake256', { outputLength: bytes.length }).update(`${seed} ${name} ${phone.drawn}`);
    bytes.set(drawn.digest());
    return bytes;
  };
}

/** A subscription as a browser has it; its endpoint is one that the server knows, and nobody is ever reached. */
function pushManager(getRandomValues: (bytes: Uint8Array) => Uint8Array) {
  const some = (size: number) => Buffer.from(getRandomValues(new Uint8Array(size))).toString('base64url');
  const subscribe = () => {
    const point = createECDH('prime256v1');
    point.setPrivateKey(Buffer.from(some(31), 'base64url'));
    const keys = { p256dh: point.getPublicKey('base64url'), auth: some(16) };
    return { toJSON: () => ({ endpoint: `https://fcm.googleapis.com/fcm/send/${some(24)}`, keys }) };
  };
  return { getSubscription: async () => null, subscribe: async () => subscribe() };
}

function localStorage({ stored }: Phone) {
  return {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
  };
}

async function visit(asked: Visit): Promise<unknown> {
  const known = phones.get(asked.phone);
  const phone = known ?? { cookie: '', stored: new Map<string, string>(), drawn: 0 };
  phones.set(asked.phone, phone);

  const events = new EventTarget();
  const timers = new Set<NodeJS.Timeout>();
  let isOpen = true;
  const opened = performance.now();
  const elapsed = () => (seed === undefined ? performance.now() - opened : 0);
  const now = () => Math.floor(asked.now * 1000 + elapsed());
  class PageDate extends Date {
    static override now = now;
  }
  const lost = [...asked.lost];
  const send = async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    if (phone.cookie !== '') headers.set('cookie', phone.cookie);
    const how = path === '/api/answers' ? lost.shift() : undefined;
    // The network is back as soon as the page waits for it.
    if (how !== undefined) setImmediate(() => setImmediate(() => events.dispatchEvent(new Event('online'))));
    if (how === 'request') throw new TypeError('the request was lost');
    const reply = await fetch(origin + path, { ...init, headers });
    if (how === 'reply') {
      await reply.arrayBuffer();
      setImmediate(() => events.dispatchEvent(new Event('online')));
      throw new TypeError('the reply was lost');
    }
    phone.cookie = reply.headers.getSetCookie()[0]?.split(';')[0] ?? phone.cookie;
    return reply;
  };
  const getRandomValues = seed === undefined ? crypto.getRandomValues.bind(crypto) : fixedChance(asked.phone, phone);
  const registration = { pushManager: pushManager(getRandomValues as (bytes: Uint8Array) => Uint8Array) };
  const getRegistration = async () => registration;
  const standIns: Record<string, unknown> = {
    localStorage: localStorage(phone),
    location: { origin },
    document: { visibilityState: 'visible' },
    navigator: { serviceWorker: { getRegistration, ready: getRegistration() } },
    Notification: { permission: 'granted', requestPermission: async () => 'granted' },
    PushManager: {},
    fetch: send,
    crypto: { getRandomValues, subtle: crypto.subtle },
    performance: { now: elapsed },
    Date: PageDate,
    setTimeout: (wake: () => void, delay: number) => {
      const timer = setTimeout(wake, delay);
      if (isOpen) timers.add(timer);
      else clearTimeout(timer);
      return timer;
    },
    clearTimeout: (timer: NodeJS.Timeout) => {
      timers.delete(timer);
      clearTimeout(timer);
    },
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  };
  const page = openPage(...STAND_INS.map((name) => (name === 'globalThis' ? standIns : standIns[name])));
  try {
    await page.open();
    if (asked.do === 'look') return null;
    const act = page[asked.do] as (...given: unknown[]) => Promise<unknown>;
    return (await act(...asked.with)) ?? null;
  } finally {
    isOpen = false;
    for (const timer of timers) clearTimeout(timer);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const done = await visit(JSON.parse(line) as Visit).then(
    (result) => ({ result }),
    (error: unknown) => ({ error: String(error) }),
  );
  process.stdout.write(`${JSON.stringify(done)}\n`);
}
process.exit();

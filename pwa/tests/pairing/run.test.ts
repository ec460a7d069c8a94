/** Creating, joining and leaving against a real server that cuts replies: each ends once. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { InviteNews } from '../../src/pairing/flow-invite';
import type { JoinNews } from '../../src/pairing/flow-join';
import type { LeaveNews } from '../../src/pairing/flow-leave';
import type * as keystoreModule from '../../src/keystore';
import type { Seat } from '../../src/keystore';
import { openPage, type StandIn } from '../stand-ins/page';
import { startServer, type Asked, type Reply, type TinyServer } from '../stand-ins/server';

const NOW = 1_800_000_000;
const CLOSES = [NOW + 300_000, NOW + 900_000];
const CODE = Buffer.from(new Uint8Array(16).fill(5)).toString('base64url');
const refusal = (status: number, code: string): Reply => ({ status, body: { error: { code, message: code } } });

type Keystore = typeof keystoreModule;

let server: TinyServer;
let page: StandIn;
let reply: (asked: Asked, attempt: number) => Reply;
let seated: (Seat | null)[];

/** 201 with the view that the request asks for. */
function take({ path, body }: Asked): Reply {
  const asked = JSON.parse(body) as { pair_id?: string; closes?: number[] };
  const created = path === '/api/pairs';
  const pair_id = created ? asked.pair_id : path.split('/')[3];
  const closes = asked.closes ?? CLOSES;
  const seals = closes.map(() => null);
  const view = { pair_id, side: created ? 'a' : 'b', wording: 'marriage', closes, seals, lost: [], ended: null };
  return { status: 201, body: { ...view, now: NOW } };
}

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] });
  reply = take;
  seated = [];
  server = await startServer((asked) => reply(asked, server.asked.length));
  page = openPage(server.origin);
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await server.close();
});

const shell = { seated: (seat: Seat | null) => void seated.push(seat) };

/** A freshly loaded page on the same storage. */
async function loadPage() {
  vi.resetModules();
  const keystore = await import('../../src/keystore');
  await keystore.openKeystore();
  return { keystore, run: await import('../../src/pairing/run') };
}

/** Everything a flow is told until `last` says that it is over; whoever waits for a retry is woken at once. */
function hear<Event extends { type: string }>(
  start: (send: (event: { type: string }) => void) => void,
  patience = 99,
): Promise<Event[]> {
  const news: Event[] = [];
  return new Promise((resolve) =>
    start((event) => {
      news.push(event as Event);
      if (event.type === 'resumed') return;
      if (event.type !== 'unknown') resolve(news);
      else if (news.length < patience) setImmediate(page.wake);
      // The page is closed here: its next attempt is never made.
      else resolve(news);
    }),
  );
}

const create = { type: 'create', closes: CLOSES, wording: 'marriage', accessCode: null } as const;
const join = { type: 'join', code: CODE, closes: CLOSES, wording: 'marriage', expiresAt: NOW + 9999 } as const;
const stored = async (keystore: Keystore) => JSON.stringify(await keystore.change(() => ({})));

describe('creating', () => {
  test('makes a seat and an invitation that holds until the earlier of 72 hours and the last close', async () => {
    const { keystore, run } = await loadPage();
    const [created] = await hear<InviteNews>((send) => run.runInvite(shell)(create, send));
    const seat = keystore.kept('seat')!;
    const link = seat.invitation!.link;
    expect(created).toEqual({
      type: 'created',
      ready: {
        link: `${server.origin}/#join=${link}`,
        expiresAt: NOW + 72 * 3600,
        closes: CLOSES,
        wording: 'marriage',
      },
    });
    expect(seat).toMatchObject({ side: 'a', closes: CLOSES, told: false, outcomes: [null, null] });
    expect(seated).toEqual([seat]);
    expect(keystore.kept('pending')).toBeNull();
    const sent = JSON.parse(server.asked[0]!.body) as Record<string, unknown>;
    expect(Object.keys(sent)).toEqual(['pair_id', 'join_hash', 'closes', 'wording', 'claim']);
    // The link itself never reaches the server.
    expect(server.asked[0]!.body).not.toContain(link);
  });

  test('a cut reply: the same request with the same claim is sent again, and ends once', async () => {
    reply = (asked, attempt) => (attempt < 3 ? 'cut' : take(asked));
    const { run } = await loadPage();
    const news = await hear<InviteNews>((send) => run.runInvite(shell)(create, send));
    expect(news.map(({ type }) => type)).toEqual(['unknown', 'unknown', 'created']);
    expect(new Set(server.asked.map(({ body }) => body)).size).toBe(1);
    expect(seated).toHaveLength(1);
  });

  test('also when the page was closed meanwhile', async () => {
    reply = () => 'cut';
    const first = await loadPage();
    await hear<InviteNews>((send) => first.run.runInvite(shell)(create, send), 1);
    reply = take;
    const second = await loadPage();
    const news = await hear<InviteNews>((send) => expect(second.run.resume(shell, send, send)).toBe('invite'));
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'created']);
    expect(server.asked[1]!.body).toBe(server.asked[0]!.body);
    expect(second.keystore.kept('seat')).toMatchObject({ side: 'a' });
    expect(
      second.run.resume(
        shell,
        () => undefined,
        () => undefined,
      ),
    ).toBeNull();
  });

  test('a refusal leaves nothing behind', async () => {
    reply = () => refusal(403, 'access_code');
    const { keystore, run } = await loadPage();
    const before = await stored(keystore);
    const guarded = { ...create, accessCode: 'wrong' };
    const news = await hear<InviteNews>((send) => run.runInvite(shell)(guarded, send));
    expect(news).toEqual([{ type: 'refused', code: 'access_code' }]);
    expect(JSON.parse(server.asked[0]!.body)).toMatchObject({ access_code: 'wrong' });
    expect(await stored(keystore)).toBe(before);
    expect(seated).toEqual([]);
  });

  test('a phone that cannot write sends nothing', async () => {
    const { run } = await loadPage();
    vi.stubGlobal('indexedDB', undefined);
    const news = await hear<InviteNews>((send) => run.runInvite(shell)(create, send));
    expect(news).toEqual([{ type: 'refused', code: 'storage' }]);
    expect(server.asked).toEqual([]);
  });
});

describe('joining', () => {
  test('makes the other seat, and the invitation is erased at once', async () => {
    const { keystore, run } = await loadPage();
    const news = await hear<JoinNews>((send) => run.runJoin(shell)(join, send));
    expect(news).toEqual([{ type: 'joined' }]);
    expect(keystore.kept('seat')).toMatchObject({ side: 'b', closes: CLOSES, invitation: null });
    expect(await stored(keystore)).not.toContain(CODE);
  });

  test('a cut reply, then a reload: the same claim, one seat', async () => {
    reply = () => 'cut';
    const first = await loadPage();
    await hear<JoinNews>((send) => first.run.runJoin(shell)(join, send), 1);
    reply = take;
    const second = await loadPage();
    const news = await hear<JoinNews>((send) => expect(second.run.resume(shell, send, send)).toBe('join'));
    expect(news.map(({ type }) => type)).toEqual(['resumed', 'joined']);
    expect(server.asked[1]!.body).toBe(server.asked[0]!.body);
    expect(await stored(second.keystore)).not.toContain(CODE);
  });

  test('an invitation that is gone leaves nothing behind', async () => {
    reply = () => refusal(410, 'invitation_gone');
    const { keystore, run } = await loadPage();
    const news = await hear<JoinNews>((send) => run.runJoin(shell)(join, send));
    expect(news).toEqual([{ type: 'refused', code: 'invitation_gone' }]);
    expect(await stored(keystore)).not.toContain(CODE);
  });

  test('looking tells what the invitation says, and stores nothing', async () => {
    const invitation = { closes: CLOSES, wording: 'marriage', expires_at: NOW + 9 };
    reply = () => ({ status: 200, body: invitation });
    const { keystore, run } = await loadPage();
    const before = await stored(keystore);
    const look = { type: 'look', code: CODE } as const;
    expect(await hear<JoinNews>((send) => run.runJoin(shell)(look, send))).toEqual([{ type: 'found', invitation }]);
    reply = () => 'cut';
    expect(await hear<JoinNews>((send) => run.runJoin(shell)(look, send))).toEqual([{ type: 'unreachable' }]);
    reply = () => refusal(404, 'invitation_gone');
    expect(await hear<JoinNews>((send) => run.runJoin(shell)(look, send))).toEqual([
      { type: 'refused', code: 'invitation_gone' },
    ]);
    expect(await stored(keystore)).toBe(before);
    for (const { path } of server.asked) expect(path).not.toContain(CODE);
  });
});

describe('leaving', () => {
  async function seatedPage() {
    const loaded = await loadPage();
    const when = { before: { kind: 'hours', hours: 3 }, after: null, quiet: null } as const;
    const reminders = { on: true, when, settled: true };
    const notification = { choice: 'own', sound: false, title: 'Plants', body: 'Water them.' } as const;
    await hear<JoinNews>((send) => loaded.run.runJoin(shell)(join, send));
    await loaded.keystore.change(() => ({ reminders, notification, language: 'de' }));
    return loaded;
  }
  /** The server knows the seat; to leaving it replies these, one after the other. */
  const leaving = (...replies: Reply[]) => {
    const view = take({
      method: 'POST',
      path: '/api/pairs',
      headers: {},
      body: JSON.stringify({ pair_id: 'A'.repeat(22) }),
    });
    return ({ path }: Asked): Reply => (path === '/api/pair' ? view : replies.shift()!);
  };
  const nothing = async (keystore: Keystore) => {
    const { seat, pending, reminders, notification } = await keystore.change(() => ({}));
    return { seat, pending, reminders, notification };
  };

  test.each([
    ['quiet', false],
    ['tell', true],
  ] as const)('%s: everything of the seat is erased here, and only then it is done', async (way, tell_partner) => {
    const { keystore, run } = await seatedPage();
    reply = leaving({ status: 204 });
    expect(await hear<LeaveNews>((send) => run.runLeave(shell)({ type: 'leave', way }, send))).toEqual([
      { type: 'left' },
    ]);
    expect(server.asked.at(-1)).toMatchObject({ path: '/api/leave', body: JSON.stringify({ tell_partner }) });
    expect(await nothing(keystore)).toEqual({ seat: null, pending: null, reminders: null, notification: null });
    expect(keystore.kept('language')).toBe('de');
    expect(seated.at(-1)).toBeNull();
  });

  test('a cut reply: sent again, and finding no seat means that it is done', async () => {
    const { keystore, run } = await seatedPage();
    reply = leaving('cut', refusal(401, 'no_pair'));
    const news = await hear<LeaveNews>((send) => run.runLeave(shell)({ type: 'leave', way: 'tell' }, send));
    expect(news).toEqual([{ type: 'unknown' }, { type: 'left' }]);
    expect(keystore.kept('seat')).toBeNull();
  });

  test('the browser itself may have sent it again: a seat that was there and is gone means that it is done', async () => {
    const { keystore, run } = await seatedPage();
    reply = leaving(refusal(401, 'no_pair'));
    expect(await hear<LeaveNews>((send) => run.runLeave(shell)({ type: 'leave', way: 'tell' }, send))).toEqual([
      { type: 'left' },
    ]);
    expect(keystore.kept('seat')).toBeNull();
  });

  test('no seat beforehand is a refusal: nobody was told, and the keys stay', async () => {
    const { keystore, run } = await seatedPage();
    reply = () => refusal(401, 'no_pair');
    const news = await hear<LeaveNews>((send) => run.runLeave(shell)({ type: 'leave', way: 'tell' }, send));
    expect(news).toEqual([{ type: 'refused', code: 'no_pair' }]);
    expect(server.asked.some(({ path }) => path === '/api/leave')).toBe(false);
    expect(keystore.kept('seat')).not.toBeNull();
  });
});

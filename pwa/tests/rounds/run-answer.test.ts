/** Sending answers to a real server: cut replies, clocks, other phones. Storage is as the page left it. */

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Seat } from '../../src/keystore';
import type { AnswerEffect, AnswerNews, Choice } from '../../src/rounds/flow-answer';
import { openPage, type StandIn } from '../stand-ins/page';
import { seatOf, viewOf } from '../stand-ins/pair';
import { startServer, type Asked, type Reply, type TinyServer } from '../stand-ins/server';
import type { View } from '../../src/wire';

const NOW = 1_800_000_000;
const CLOSES = [NOW + 1000, NOW + 2000, NOW + 3000];
const refusal = (status: number, code: string): Reply => ({ status, body: { error: { code, message: code } } });

let seat: Seat;
let view: Partial<View>;
let answers: (attempt: number) => Reply;
let pair: (attempt: number) => Reply;
let server: TinyServer;
let page: StandIn;
let shell: { refresh: () => void; silence: () => void };

const gets = () => server.asked.filter(({ path }) => path === '/api/pair');
const puts = () => server.asked.filter(({ path }) => path === '/api/answers');
const sent = (index: number) =>
  JSON.parse(puts()[index]!.body) as { n: number; answers: { round: number; body: string }[] };

beforeEach(async () => {
  vi.useFakeTimers({ now: NOW * 1000, toFake: ['Date'] });
  vi.resetModules();
  view = { now: NOW };
  answers = () => ({ status: 204 });
  pair = () => ({ status: 200, body: viewOf(seat, view) });
  seat = await seatOf('a', CLOSES);
  server = await startServer((asked: Asked) =>
    asked.path === '/api/pair' ? pair(gets().length) : answers(puts().length),
  );
  page = openPage(server.origin);
  shell = { refresh: vi.fn<() => void>(), silence: vi.fn<() => void>() };
  const keystore = await import('../../src/keystore');
  await keystore.openKeystore();
  await keystore.change(() => ({ seat }));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  await server.close();
});

/** Sends, and resolves with everything the flow was told, the last being the end of it. */
async function send(choice: Choice = 'open', scope: 'round' | 'rest' = 'round', round = 0): Promise<AnswerNews[]> {
  const { runAnswer } = await import('../../src/rounds/run-answer');
  const news: AnswerNews[] = [];
  const effect: AnswerEffect = { type: 'send', round, scope, choice };
  return new Promise((resolve) => {
    runAnswer({ asked: () => null, ...shell })(effect, (event) => {
      const heard = event as AnswerNews;
      news.push(heard);
      // Whoever waits for the next attempt is woken at once, as by a network that is back.
      if (heard.type === 'unknown') setImmediate(page.wake);
      else resolve(news);
    });
  });
}

test('open and closed differ in the bytes of the body alone', async () => {
  const { decode } = await import('../../src/crypto/encoding');
  for (const scope of ['round', 'rest'] as const) {
    const shapes: unknown[] = [];
    for (const choice of ['open', 'closed'] as const) {
      const before = server.asked.length;
      expect(await send(choice, scope)).toEqual([{ type: 'arrived' }]);
      const { n, ...rest } = sent(puts().length - 1);
      expect(rest.answers.map(({ round, body }) => [round, decode(body, 64)?.length])).toEqual(
        scope === 'round' ? [[0, 64]] : [0, 1, 2].map((round) => [round, 64]),
      );
      const requests = server.asked.slice(before).filter(({ path }) => path !== '/api/pair');
      shapes.push(
        requests.map(({ method, path, headers, body }) => [method, path, headers, body.length]),
        String(n).length,
      );
    }
    expect(shapes.slice(0, 2)).toEqual(shapes.slice(2));
  }
});

test('a change of mind is the same two bodies again, with a higher n', async () => {
  for (const choice of ['open', 'closed', 'open', 'closed'] as const) await send(choice);
  const all = [0, 1, 2, 3].map(sent);
  expect(all[0]!.answers).toEqual(all[2]!.answers);
  expect(all[1]!.answers).toEqual(all[3]!.answers);
  expect(all[0]!.answers).not.toEqual(all[1]!.answers);
  const ns = all.map(({ n }) => n);
  expect(ns).toEqual(ns.toSorted((a, b) => a - b));
  expect(new Set(ns).size).toBe(4);
});

test('n is the server’s time, whatever this phone’s clock says', async () => {
  view = { now: NOW + 500 };
  await send();
  expect(sent(0).n - (NOW + 500) * 1000).toBeGreaterThanOrEqual(0);
  expect(sent(0).n - (NOW + 500) * 1000).toBeLessThan(60_000);
});

test('after a cut reply the same n and the same bytes are sent again, and it ends once', async () => {
  answers = (attempt) => (attempt < 3 ? 'cut' : { status: 204 });
  expect(await send()).toEqual([{ type: 'unknown' }, { type: 'unknown' }, { type: 'arrived' }]);
  expect(puts().map(({ body }) => body)).toEqual(Array(3).fill(puts()[0]!.body));
});

test('a busy server after a lost reply says nothing about the first attempt', async () => {
  answers = (attempt) => (attempt === 1 ? 'cut' : attempt === 2 ? refusal(429, 'too_many_requests') : { status: 204 });
  expect(await send()).toEqual([{ type: 'unknown' }, { type: 'unknown' }, { type: 'arrived' }]);
});

test('a view that does not come is asked for again before anything is sent', async () => {
  pair = (attempt) => (attempt === 1 ? 'cut' : { status: 200, body: viewOf(seat, view) });
  expect(await send()).toEqual([{ type: 'unknown' }, { type: 'arrived' }]);
});

describe('another page of this phone was ahead', () => {
  const behind = refusal(409, 'out_of_order');
  const raises = (from: number) => puts().map((_, index) => Math.round((sent(index).n - sent(from).n) / 1000));

  test('by no more than two seconds, which is what two readings of a clock may differ: n is raised', async () => {
    answers = (attempt) => (attempt === 1 ? behind : { status: 204 });
    expect(await send()).toEqual([{ type: 'arrived' }]);
    expect(sent(1).n - sent(0).n).toBe(2_000);
    expect(sent(1).answers).toEqual(sent(0).answers);
  });

  test('by more: what was said later stands, and the person is told', async () => {
    answers = () => behind;
    expect(await send()).toEqual([{ type: 'refused', code: 'out_of_order' }]);
    expect(raises(0)).toEqual([0, 2]);
  });

  test('after a lost reply: what was taken since was said later, and is not overruled', async () => {
    answers = (attempt) => (attempt === 1 ? 'cut' : behind);
    expect(await send()).toEqual([{ type: 'unknown' }, { type: 'refused', code: 'out_of_order' }]);
    expect(puts()).toHaveLength(2);
    expect(sent(1)).toEqual(sent(0));
  });

  test('told so, the person answers anew: n goes as far as it takes, within what a number can hold', async () => {
    answers = () => behind;
    await send();
    expect(await send()).toEqual([{ type: 'refused', code: 'out_of_order' }]);
    expect(raises(0).slice(2)).toEqual([2, 2, 2e3, 2e6, 2e9, 2e12]);
    expect(Number.isSafeInteger(sent(7).n)).toBe(true);
  });
});

describe('too late', () => {
  test('the server has closed the round: told in plain words, with the clock if it is off', async () => {
    view = { now: NOW + 1100, seals: ['A'.repeat(43), null, null] };
    answers = () => refusal(409, 'round_closed');
    expect(await send()).toEqual([{ type: 'late', why: 'closed', clock: -1100 }]);
    expect(shell.refresh).toHaveBeenCalledOnce();
  });

  test('the run is over', async () => {
    view = { now: NOW, ended: 'decided' };
    answers = () => refusal(409, 'round_closed');
    expect(await send()).toEqual([{ type: 'late', why: 'ended', clock: null }]);
  });

  test('by this phone’s own clock the round is over: nothing is sent, and why', async () => {
    vi.setSystemTime((CLOSES[0]! + 300) * 1000);
    view = { now: CLOSES[0]! - 300 };
    expect(await send()).toEqual([{ type: 'late', why: 'own_clock', clock: 600 }]);
    expect(puts()).toHaveLength(0);
  });

  test('a round at or below the highest seen closed is never answered', async () => {
    const keystore = await import('../../src/keystore');
    await keystore.changeSeat(seat.pairId, () => ({ highestClosed: 1 }));
    view = { now: NOW, seals: ['A'.repeat(43), 'A'.repeat(43), null] };
    expect(await send('open', 'round', 1)).toEqual([{ type: 'late', why: 'closed', clock: null }]);
    expect(puts()).toHaveLength(0);
  });

  test('it closed while no reply came: nobody knows, and that is what is said', async () => {
    answers = () => {
      vi.setSystemTime((CLOSES[0]! + 1) * 1000);
      return 'cut';
    };
    expect(await send()).toEqual([
      { type: 'unknown' },
      { type: 'late', why: 'closed_unknown', clock: expect.anything() },
    ]);
    expect(puts()).toHaveLength(1);
  });

  test('nor when the server says so after a lost reply', async () => {
    answers = (attempt) => (attempt === 1 ? 'cut' : refusal(409, 'round_closed'));
    expect(await send()).toEqual([{ type: 'unknown' }, { type: 'late', why: 'closed_unknown', clock: null }]);
  });
});

test('other refusals are told by their code, and home looks again', async () => {
  answers = () => refusal(401, 'no_pair');
  expect(await send()).toEqual([{ type: 'refused', code: 'no_pair' }]);
  expect(shell.refresh).toHaveBeenCalledOnce();
});

test('keys that are missing are said', async () => {
  const keystore = await import('../../src/keystore');
  await keystore.changeSeat(seat.pairId, () => ({ chain: { round: 0, key: '' } }));
  expect(await send()).toEqual([{ type: 'refused', code: 'keys_missing' }]);
  expect(puts()).toHaveLength(0);
});

test('sending leaves nothing in storage: before, open, closed and the rest are alike', async () => {
  const keystore = await import('../../src/keystore');
  const before = JSON.stringify(await keystore.change(() => ({})));
  for (const choice of ['open', 'closed'] as const) {
    for (const scope of ['round', 'rest'] as const) {
      await send(choice, scope);
      expect(JSON.stringify(await keystore.change(() => ({})))).toBe(before);
      expect(localStorage).toHaveLength(0);
    }
  }
});

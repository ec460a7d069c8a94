/** What a server once said, wrongly or on purpose, does no harm that outlives it (protocol, sections 3 and 5). */

import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { encode } from '../../src/crypto/encoding';
import { pairIdOf } from '../../src/crypto/protocol';
import type { Seat } from '../../src/keystore';
import type { View } from '../../src/wire';
import { LONGEST, many, says } from '../proof';
import { LINK, noise, seatOf, viewOf } from '../stand-ins/pair';
import { startServer, type Asked, type Reply } from '../stand-ins/server';
import { openPhone, type WholePhone } from '../stand-ins/whole-phone';

const START = 1_800_000_000;
const CLOSES = [START + 3600, START + 7200];
const YEAR_9999 = 253_402_300_799;
const OUT_OF_ORDER: Reply = { status: 409, body: { error: { code: 'out_of_order', message: '' } } };

beforeEach(() => {
  vi.useFakeTimers({ now: START * 1000, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function answers({ page }: WholePhone): Promise<string> {
  page.answer.send({ type: 'open', stop: false });
  page.answer.send({ type: 'rated' });
  page.answer.send({ type: 'choose', choice: 'open' });
  page.answer.send({ type: 'send' });
  await page.calm();
  const { step } = page.answer.state.peek();
  page.answer.send({ type: 'left' });
  return step;
}

async function looks({ page }: WholePhone) {
  page.home.send({ type: 'refresh' });
  await page.calm();
}

test(
  'whatever the server’s clock once was, answers count as soon as it is right, also after a reload',
  async () => {
    const seat = await seatOf('a', CLOSES);
    let sent = 0;
    const instants = fc.oneof(fc.integer({ min: 0, max: YEAR_9999 }), fc.constantFrom(0, START, YEAR_9999));
    await fc.assert(
      fc.asyncProperty(fc.array(instants, { minLength: 1, maxLength: 3 }), async (wrong) => {
        let now = START;
        // As a server keeps it: equal or higher is taken, lower is a delayed request.
        let lastN = 0;
        const server = await startServer(({ method, body }: Asked): Reply => {
          if (method === 'GET') return { status: 200, body: viewOf(seat, { now }) };
          const { n } = JSON.parse(body) as { n: number };
          expect(Number.isSafeInteger(n)).toBe(true);
          if (n < lastN) return OUT_OF_ORDER;
          lastN = n;
          return { status: 204 };
        });
        try {
          const phone = await openPhone(server.origin, seat);
          const right = [START, START + 60, START + 120];
          for (const instant of [...wrong, ...right]) {
            now = instant;
            if (instant > START && right.includes(instant)) await phone.reload();
            await looks(phone);
            const before = lastN;
            // Where a wrong clock was far ahead, the person is told once, and answers again.
            const first = await answers(phone);
            expect(first === 'refused' ? await answers(phone) : first).toBe('sent');
            expect(lastN, 'a new answer is never taken for a repeated one').toBeGreaterThan(before);
            sent += 1;
          }
        } finally {
          await server.close();
        }
      }),
      { numRuns: many(15, 200) },
    );
    says('Clocks', `${sent} answers counted before, while and after a server’s clock was anywhere in 10,000 years`);
  },
  many(60_000, LONGEST),
);

test.each([
  ['closed', { seals: [noise(), null] }, 'late', undefined],
  ['over other dates', { closes: [CLOSES[0]!, CLOSES[1]! + 1] }, 'refused', 'closes_differ'],
  ['another side’s', { side: 'b' as const }, 'refused', 'seat_differs'],
])('what is said to be %s only while an answer is about to be sent is not answered', async (_, lie, step, problem) => {
  const seat = await seatOf('a', CLOSES);
  let online = false;
  const server = await startServer(({ method }): Reply => {
    if (method === 'PUT') return { status: 204 };
    return online ? { status: 200, body: viewOf(seat, { now: START, ...lie }) } : { status: 500 };
  });
  try {
    const phone = await openPhone(server.origin, seat);
    await looks(phone);
    online = true;
    expect(await answers(phone)).toBe(step);
    expect(server.asked.filter(({ method }) => method === 'PUT')).toEqual([]);
    const { shown } = phone.page.home.state.peek();
    if (problem !== undefined) expect(shown).toEqual({ kind: 'problem', problem });
  } finally {
    await server.close();
  }
});

test('a view of a seat that was given up meanwhile concludes nothing about the next one', async () => {
  const old = await seatOf('a', CLOSES);
  const next: Seat = { ...(await seatOf('a', CLOSES)), pairId: 'B'.repeat(22) };
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const view = viewOf(old, { seals: [noise(), noise()], now: CLOSES[1]!, ended: 'finished' });
  let looked = 0;
  const server = await startServer(async (): Promise<Reply> => {
    looked += 1;
    if (looked === 2) await held;
    return { status: 200, body: view };
  });
  try {
    const { page } = await openPhone(server.origin, old);
    vi.setSystemTime((CLOSES[1]! + 5) * 1000);
    page.home.send({ type: 'refresh' });
    page.home.send({ type: 'refresh' });
    await vi.waitUntil(() => looked === 2);
    // While the second look is on its way, the seat is given up and another one taken.
    await page.keystore.change(() => ({ seat: next }));
    release();
    await page.calm();
    expect((await page.keystore.change(() => ({}))).seat).toEqual(next);
  } finally {
    await server.close();
  }
});

test(
  'whatever a server replies to an invitation or a join, the seat is the one agreed to, and a lie is said to be one',
  async () => {
    const pairId = encode(await pairIdOf(LINK));
    const lies = fc.record<Partial<View>>(
      {
        pair_id: fc.constantFrom(pairId, 'A'.repeat(22)),
        side: fc.constantFrom('a', 'b'),
        closes: fc.constantFrom(CLOSES, [CLOSES[0]!, CLOSES[1]! + 1], [CLOSES[1]! + 5, CLOSES[1]! + 9]),
        seals: fc.constantFrom([null, null], ['A'.repeat(43), null]),
        ended: fc.constantFrom(null, 'finished' as const),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('create' as const, 'join' as const), lies, async (kind, lie) => {
        const own = await seatOf(kind === 'create' ? 'a' : 'b', CLOSES);
        const view = viewOf(own, { now: START, ...lie });
        const server = await startServer(({ method }) => ({ status: method === 'GET' ? 200 : 201, body: view }));
        try {
          const { page } = await openPhone(server.origin, own);
          await page.keystore.change(() => ({ seat: null }));
          const { takeSeat } = await import('../../src/pairing/take-seat');
          const wish = {
            kind,
            link: LINK,
            closes: CLOSES,
            wording: own.wording,
            accessCode: null,
            expiresAt: START + 9,
          };
          const taken = await takeSeat(wish, () => undefined);
          const { seat } = await page.keystore.change(() => ({}));
          expect(taken).toEqual({ kind: 'seated', seat });
          const { sideKey, invitation, told } = seat!;
          expect(invitation?.link).toBe(kind === 'create' ? encode(LINK) : undefined);
          expect(seat).toEqual({ ...own, sideKey, invitation, told });
          page.home.send({ type: 'seat', seat });
          await looks({ page } as WholePhone);
          const { shown } = page.home.state.peek();
          const seatDiffers = view.pair_id !== own.pairId || view.side !== own.side;
          const differs = seatDiffers ? 'seat_differs' : view.closes.join() === CLOSES.join() ? null : 'closes_differ';
          if (differs === null) expect(shown.kind).not.toBe('problem');
          else expect(shown).toEqual({ kind: 'problem', problem: differs });
        } finally {
          await server.close();
        }
      }),
      { numRuns: many(20, 300) },
    );
  },
  many(60_000, LONGEST),
);

/** Protocol, section 2: what both phones conclude, whatever was answered and whatever a server or a partner sends. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equal, type Bytes } from '../../src/crypto/encoding';
import {
  chainAt,
  closedAnswer,
  firstChain,
  makeLink,
  makeSideKey,
  openAnswer,
  provesBothOpen,
  roundKey,
  scheduleOf,
  sealOf,
} from '../../src/crypto/protocol';
import { random } from '../../src/crypto/primitives';
import type { Side } from '../../src/wire';

type Choice = 'open' | 'closed' | 'none';

interface Phone {
  side: Side;
  rk: Bytes;
  schedule: Bytes;
  sideKey: Bytes;
  round: number;
}

async function phone(side: Side, link: Bytes, closes: number[], round: number): Promise<Phone> {
  const schedule = await scheduleOf(closes);
  const chain = await chainAt(await firstChain(link, schedule), schedule, 0, round);
  return { side, schedule, round, rk: await roundKey(chain, schedule, round), sideKey: makeSideKey() };
}

const answer = ({ side, rk, schedule, sideKey, round }: Phone, choice: Choice): Promise<Bytes | null> =>
  choice === 'none'
    ? Promise.resolve(null)
    : choice === 'open'
      ? openAnswer(rk, side, round)
      : closedAnswer(sideKey, schedule, round);

/** What section 4 has the server do: seals swap sides when both halves agree, noise goes out otherwise. */
function close(a: Bytes | null, b: Bytes | null): { toA: Bytes; toB: Bytes } {
  const match = a !== null && b !== null && equal(a.slice(0, 32), b.slice(0, 32));
  return match ? { toA: b.slice(32), toB: a.slice(32) } : { toA: random(32), toB: random(32) };
}

const believes = ({ rk, side, round }: Phone, seal: Bytes) => provesBothOpen(seal, rk, side, round);

const CLOSES = [1_800_000_000, 1_800_604_800, 1_801_209_600];
const choices: Choice[] = ['open', 'closed', 'none'];

test.each(choices.flatMap((a) => choices.map((b) => [a, b] as const)))(
  'a answers %s, b answers %s: both phones show exactly the AND',
  async (a, b) => {
    for (const round of [0, 1, 2]) {
      const link = makeLink();
      const [alice, bob] = [await phone('a', link, CLOSES, round), await phone('b', link, CLOSES, round)];
      const seals = close(await answer(alice, a), await answer(bob, b));
      const both = a === 'open' && b === 'open';
      expect([await believes(alice, seals.toA), await believes(bob, seals.toB)]).toEqual([both, both]);
    }
  },
);

test('answers are 64 bytes, and a re-send of either is the same bytes', async () => {
  const alice = await phone('a', makeLink(), CLOSES, 1);
  for (const choice of ['open', 'closed'] as const) {
    const [one, again] = [await answer(alice, choice), await answer(alice, choice)];
    expect(one).toHaveLength(64);
    expect(one).toEqual(again);
  }
});

test('phones that were shown different schedules never match', async () => {
  const link = makeLink();
  const alice = await phone('a', link, CLOSES, 0);
  const bob = await phone('b', link, [...CLOSES.slice(0, 2), CLOSES[2]! + 1], 0);
  const [a, b] = [await answer(alice, 'open'), await answer(bob, 'open')];
  expect(equal(a!.slice(0, 32), b!.slice(0, 32))).toBe(false);
  expect([await believes(alice, b!.slice(32)), await believes(bob, a!.slice(32))]).toEqual([false, false]);
});

test('reflected, replayed, swapped and forged seals are quiet', async () => {
  const link = makeLink();
  const alice = await phone('a', link, CLOSES, 1);
  const own = await sealOf(alice.rk, 'a', 1);
  const theirs = await sealOf(alice.rk, 'b', 1);
  const before = await phone('b', link, CLOSES, 0);
  const stranger = await phone('b', makeLink(), CLOSES, 1);
  const forged = [
    own,
    await sealOf(before.rk, 'b', 0),
    await sealOf(before.rk, 'b', 1),
    await sealOf(alice.rk, 'b', 0),
    await sealOf(stranger.rk, 'b', 1),
    theirs.slice(0, 31),
    new Uint8Array(32),
    new Uint8Array(),
  ];
  for (const seal of forged) expect(await believes(alice, seal)).toBe(false);
  expect(await believes(alice, theirs)).toBe(true);
});

test('no bytes but the one seal are ever believed', async () => {
  const alice = await phone('a', makeLink(), CLOSES, 0);
  const theirs = await sealOf(alice.rk, 'b', 0);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 32, maxLength: 32 }), async (garbage) => {
      expect(await believes(alice, garbage)).toBe(false);
    }),
  );
  await fc.assert(
    fc.asyncProperty(fc.nat(255), async (bit) => {
      const flipped = theirs.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(await believes(alice, flipped)).toBe(false);
    }),
  );
});

test('token ‖ noise from a partner shows both open to nobody but by the other’s own seal', async () => {
  const link = makeLink();
  const [alice, mallory] = [await phone('a', link, CLOSES, 0), await phone('b', link, CLOSES, 0)];
  const open = await answer(mallory, 'open');
  const forged = new Uint8Array([...open!.slice(0, 32), ...random(32)]);
  // The token agrees, so a server that looked no further would swap seals: what reaches Alice proves nothing.
  const { toA } = close(await answer(alice, 'open'), forged);
  expect(await believes(alice, toA)).toBe(false);
});

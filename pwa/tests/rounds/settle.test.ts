import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { encode } from '../../src/crypto/encoding';
import { change, kept, openKeystore, type Seat } from '../../src/keystore';
import type { Outcome } from '../../src/rounds/flow-home';
import { KeyMissing, settle } from '../../src/rounds/settle';
import { openPage } from '../stand-ins/page';
import { chainKey, noise, seal, seatOf, viewOf } from '../stand-ins/pair';

const CLOSES = [100, 200, 300];
const AFTER = 1_000_000;

async function seated(closes = CLOSES): Promise<Seat> {
  openPage('http://localhost');
  await openKeystore();
  const seat = await seatOf('a', closes);
  await change(() => ({ seat }));
  return seat;
}

let seat: Seat;
beforeEach(async () => {
  seat = await seated();
});

const outcomes = (of: Seat | null) => of?.outcomes.map((resolved) => resolved?.outcome ?? null);

test('the other side’s seal is both open, and the key of that round stays', async () => {
  const view = viewOf(seat, { seals: [await seal('b', CLOSES, 0), null, null], ended: 'finished' });
  const after = await settle(seat, view, AFTER);
  expect(outcomes(after)).toEqual(['both', null, null]);
  expect(after?.chain).toEqual(seat.chain);
  expect(after?.ended).toBe('finished');
  expect(kept('seat')).toEqual(after);
});

test('noise is quiet, and the key of that round is erased for the next one', async () => {
  const after = await settle(seat, viewOf(seat, { seals: [noise(), null, null] }), AFTER);
  expect(outcomes(after)).toEqual(['quiet', null, null]);
  expect(after?.chain).toEqual({ round: 1, key: encode(await chainKey(CLOSES, 1)) });
  expect(JSON.stringify(await change(() => ({})))).not.toContain(seat.chain!.key);
});

test('a phone’s own seal, sent back to it, is quiet', async () => {
  const after = await settle(seat, viewOf(seat, { seals: [await seal('a', CLOSES, 0), null, null] }), AFTER);
  expect(outcomes(after)).toEqual(['quiet', null, null]);
});

test('a lost round could not be counted, unless its seal verifies', async () => {
  const lost = await settle(seat, viewOf(seat, { seals: [noise(), null, null], lost: [0] }), AFTER);
  expect(outcomes(lost)).toEqual(['uncounted', null, null]);
  seat = await seated();
  const verified = viewOf(seat, { seals: [await seal('b', CLOSES, 0), null, null], lost: [0] });
  expect(outcomes(await settle(seat, verified, AFTER))).toEqual(['both', null, null]);
});

test('a seal that comes before this phone’s own close is kept waiting: no outcome, no key erased', async () => {
  const view = viewOf(seat, { seals: [noise(), null, null] });
  const early = await settle(seat, view, 99_999);
  expect(outcomes(early)).toEqual([null, null, null]);
  expect(early?.chain).toEqual(seat.chain);
  // But what the server has closed is not answered any more.
  expect(early?.highestClosed).toBe(0);
  expect(outcomes(await settle(early!, view, 100_000))).toEqual(['quiet', null, null]);
});

test('a close without a seal erases nothing', async () => {
  const after = await settle(seat, viewOf(seat), AFTER);
  expect(after).toEqual(seat);
});

test('after the last round no key is left', async () => {
  const after = await settle(seat, viewOf(seat, { seals: [noise(), noise(), noise()], ended: 'finished' }), AFTER);
  expect(outcomes(after)).toEqual(['quiet', 'quiet', 'quiet']);
  expect(after?.chain).toBeNull();
});

test('a missing key is said, never shown as quiet', async () => {
  for (const key of ['', 'short', `${'A'.repeat(42)}B`]) {
    const broken = { ...seat, chain: { round: 0, key } };
    await change(() => ({ seat: broken }));
    await expect(settle(broken, viewOf(seat, { seals: [noise(), null, null] }), AFTER)).rejects.toThrow(KeyMissing);
    expect(outcomes(kept('seat'))).toEqual([null, null, null]);
  }
});

test('the inviter erases the link once the invitation has expired', async () => {
  const inviting = { ...seat, invitation: { link: 'the-link', expiresAt: 50 } };
  await change(() => ({ seat: inviting }));
  expect((await settle(inviting, viewOf(seat), 49_999))?.invitation).not.toBeNull();
  expect((await settle(inviting, viewOf(seat), 50_000))?.invitation).toBeNull();
  expect(JSON.stringify(await change(() => ({})))).not.toContain('the-link');
});

test('a seat that was given up meanwhile does not come back', async () => {
  await change(() => ({ seat: null }));
  expect(await settle(seat, viewOf(seat, { seals: [noise(), null, null] }), AFTER)).toBeNull();
  expect(kept('seat')).toBeNull();
});

test('whatever has closed and however often it is looked: the outcomes are what happened, no earlier key is kept', async () => {
  const happened = fc.array(fc.constantFrom<Outcome>('quiet', 'uncounted', 'both'), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(happened, fc.array(fc.nat(6), { maxLength: 4 }), async (all, looks) => {
      // A match ends the run.
      const match = all.indexOf('both');
      const closes = all.map((_, round) => (round + 1) * 100);
      const last = match === -1 ? all.length : match + 1;
      const seals = await Promise.all(
        all.map((outcome, round) => (outcome === 'both' ? seal('b', closes, round) : Promise.resolve(noise()))),
      );
      const first = await seated(closes);
      let current: Seat = first;
      for (const look of [...looks.toSorted((a, b) => a - b), all.length]) {
        const closed = Math.min(look, last);
        const view = viewOf(current, {
          seals: seals.map((one, round) => (round < closed ? one : null)),
          lost: all.flatMap((outcome, round) => (outcome === 'uncounted' ? [round] : [])),
          ended: closed === last && last <= all.length ? 'finished' : null,
        });
        current = (await settle(current, view, look * 100_000 + 99_999))!;
        expect(outcomes(current)).toEqual(all.map((outcome, round) => (round < closed ? outcome : null)));
      }
      const expected = match === -1 ? null : { round: match, key: encode(await chainKey(closes, match)) };
      expect(current.chain).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});

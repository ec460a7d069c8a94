/** Working out outcomes and erasing what is over (protocol, section 3). */

import { decode, encode, type Bytes } from '../crypto/encoding';
import { nextChain, provesBothOpen, roundKey } from '../crypto/protocol';
import { changeSeat, type Seat } from '../keystore';
import type { View } from '../wire';
import type { Outcome } from './flow-home';

/** A key that should be in storage is not: said plainly, never shown as quiet. */
export class KeyMissing extends Error {}

/** A key as this phone stored it. Throws `KeyMissing`. */
export function stored(encoded: string, size: number): Bytes {
  const bytes = decode(encoded, size);
  if (bytes === null) throw new KeyMissing();
  return bytes;
}

async function outcomeOf(seal: Bytes, chain: Bytes, seat: Seat, round: number, view: View): Promise<Outcome> {
  const rk = await roundKey(chain, stored(seat.schedule, 32), round);
  if (await provesBothOpen(seal, rk, seat.side, round)) return 'both';
  return view.lost.includes(round) ? 'uncounted' : 'quiet';
}

/** The chain after `round`: the next key, or none after the last round. After a match it stays. */
async function chainAfter(outcome: Outcome, chain: Bytes, seat: Seat, round: number): Promise<Seat['chain']> {
  if (outcome === 'both') return seat.chain;
  if (round + 1 === seat.closes.length) return null;
  return { round: round + 1, key: encode(await nextChain(chain, stored(seat.schedule, 32), round + 1)) };
}

/** Resolves the one round whose key is kept, if its seal has come and its close has passed here. */
async function settleOne(seat: Seat, view: View, now: number): Promise<Seat | null> {
  if (seat.chain === null) return null;
  const { round, key } = seat.chain;
  // Another spelling of 32 bytes is no seal: nothing is concluded from it, and no key erased.
  const seal = decode(view.seals[round] ?? '', 32);
  if (seal === null || seat.outcomes[round] || (seat.closes[round] ?? Infinity) * 1000 > now) return null;
  const chain = stored(key, 32);
  const outcome = await outcomeOf(seal, chain, seat, round, view);
  const after = await chainAfter(outcome, chain, seat, round);
  // The outcome is stored and the key erased in one transaction; another tab may have been first.
  return changeSeat(seat.pairId, (current) =>
    current.chain?.round === round
      ? { outcomes: current.outcomes.with(round, { outcome, looked: false }), chain: after }
      : {},
  );
}

/** The highest round that a view shows closed, by a seal that can be read; -1 for none. */
const closedIn = (view: View): number => view.seals.findLastIndex((seal) => decode(seal ?? '', 32) !== null);

/** Stores what a view of this seat shows closed, so that nothing is answered there any more. */
export async function sawClosed(seat: Seat, view: View): Promise<void> {
  const closed = closedIn(view);
  if (closed <= seat.highestClosed) return;
  await changeSeat(seat.pairId, (before) => ({ highestClosed: Math.max(before.highestClosed, closed) }));
}

/**
 * Takes in a view that is this seat's own: what has closed, how the run ended, every outcome that can be
 * worked out. Erases each key it no longer needs.
 * @param now this phone's clock, milliseconds.
 * @returns the seat as it now stands, or null if it was given up meanwhile.
 */
export async function settle(seat: Seat, view: View, now: number): Promise<Seat | null> {
  const closed = closedIn(view);
  const expired = seat.invitation !== null && seat.invitation.expiresAt * 1000 <= now;
  let current: Seat | null = seat;
  if (closed > seat.highestClosed || view.ended !== seat.ended || expired) {
    current = await changeSeat(seat.pairId, (before) => ({
      highestClosed: Math.max(before.highestClosed, closed),
      ended: before.ended ?? view.ended,
      ...(expired ? { invitation: null } : {}),
    }));
  }
  // Each step resolves one round and makes the key of the next.
  for (let next = current; next !== null; next = await settleOne(next, view, now)) current = next;
  return current;
}

/** Two phones of one pair, worked out by the formulas: what a server would be given, and what it would reply. */

import { encode, type Bytes } from '../../src/crypto/encoding';
import { chainAt, firstChain, makeSideKey, pairIdOf, roundKey, scheduleOf, sealOf } from '../../src/crypto/protocol';
import { random } from '../../src/crypto/primitives';
import type { Seat } from '../../src/keystore';
import type { Side, View } from '../../src/wire';

export const LINK: Bytes = new Uint8Array(16).fill(7);

/** The seat of one side, as it stands right after joining. */
export async function seatOf(side: Side, closes: number[]): Promise<Seat> {
  const schedule = await scheduleOf(closes);
  return {
    pairId: encode(await pairIdOf(LINK)),
    side,
    wording: 'relationship',
    closes,
    schedule: encode(schedule),
    chain: { round: 0, key: encode(await firstChain(LINK, schedule)) },
    sideKey: encode(makeSideKey()),
    invitation: null,
    outcomes: closes.map(() => null),
    highestClosed: -1,
    ended: null,
    told: true,
  };
}

export async function chainKey(closes: number[], round: number): Promise<Bytes> {
  const schedule = await scheduleOf(closes);
  return chainAt(await firstChain(LINK, schedule), schedule, 0, round);
}

/** The seal of `side` for a round: what the other side is given when both were open. */
export async function seal(side: Side, closes: number[], round: number): Promise<string> {
  const schedule = await scheduleOf(closes);
  return encode(await sealOf(await roundKey(await chainKey(closes, round), schedule, round), side, round));
}

export const noise = (): string => encode(random(32));

/** What the server shows of `seat`, with nothing closed unless `change` says so. */
export function viewOf(seat: Seat, change: Partial<View> = {}): View {
  const { pairId, side, wording, closes } = seat;
  const seals = closes.map(() => null);
  return { pair_id: pairId, side, wording, closes, seals, lost: [], ended: null, now: 0, ...change };
}

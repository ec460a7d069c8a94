/**
 * A server that lies about one pair. It knows everything except what only Bob's phone can make: his seal of a
 * round, until he uploads *open* there. (What it could know of Alice's own, it is simply given.)
 */

import { encode, type Bytes } from '../../src/crypto/encoding';
import { firstChain, nextChain, roundKey, scheduleOf, sealOf, tokenOf } from '../../src/crypto/protocol';
import type { Seat } from '../../src/keystore';
import type { View } from '../../src/wire';
import { LINK, noise, viewOf } from './pair';
import type { Reply } from './server';

/** What stands in the place of a round's seal. */
export const SEALS = [
  'none',
  'bobs',
  // Bob's, spelled with stray bits in its last character: not what the protocol calls 32 bytes.
  'bobs_misspelled',
  'reflected',
  'token',
  'bobs_of_the_next_round',
  'bobs_of_the_round_before',
  'bobs_of_this_round_under_another_key',
  'another_pairs',
  'another_schedules',
  'noise',
] as const;
export type SealKind = (typeof SEALS)[number];

/** How the reply arrives. */
export const ARRIVALS = ['whole', 'cut', 'half', 'garbled', 'error', 'elsewhere', 'no_pair', 'empty'] as const;

/** One view as told to this phone. */
export interface Story {
  seals: SealKind[];
  pair: 'own' | 'another';
  side: 'own' | 'other';
  closes: 'own' | 'later' | 'fewer' | 'descending';
  /** UTC seconds. */
  now: number;
  lost: number[];
  ended: View['ended'];
  arrives: (typeof ARRIVALS)[number];
}

async function keysOf(link: Bytes, closes: number[]): Promise<Bytes[]> {
  const schedule = await scheduleOf(closes);
  const keys: Bytes[] = [];
  let chain = await firstChain(link, schedule);
  for (let round = 0; round <= closes.length; round += 1) {
    if (round > 0) chain = await nextChain(chain, schedule, round);
    keys.push(await roundKey(chain, schedule, round));
  }
  return keys;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const misspelled = (seal: string): string => seal.slice(0, -1) + ALPHABET[ALPHABET.indexOf(seal.at(-1)!) + 1]!;

/** Every seal that such a server could think of, by kind, for each round of Alice's phone. */
async function forged(closes: number[]): Promise<Record<Exclude<SealKind, 'none' | 'noise'>, string>[]> {
  const own = await keysOf(LINK, closes);
  const strange = await keysOf(new Uint8Array(16).fill(9), closes);
  const moved = await keysOf(LINK, [...closes.slice(0, -1), closes.at(-1)! + 1]);
  const seal = async (key: Bytes, side: 'a' | 'b', round: number) => encode(await sealOf(key, side, round));
  return Promise.all(
    closes.map(async (_, round) => {
      const [key, next, before] = [own[round]!, own[round + 1]!, own[round - 1] ?? own[round + 1]!];
      const bobs = await seal(key, 'b', round);
      const [a, b] = [await sealOf(key, 'a', round), await sealOf(key, 'b', round)];
      return {
        bobs,
        bobs_misspelled: misspelled(bobs),
        reflected: await seal(key, 'a', round),
        token: encode(await tokenOf(a, b, round)),
        bobs_of_the_next_round: await seal(next, 'b', round + 1),
        bobs_of_the_round_before: await seal(before, 'b', round === 0 ? 1 : round - 1),
        bobs_of_this_round_under_another_key: await seal(next, 'b', round),
        another_pairs: await seal(strange[round]!, 'b', round),
        another_schedules: await seal(moved[round]!, 'b', round),
      };
    }),
  );
}

export interface Liar {
  /** Rounds for which Bob's phone has uploaded *open*. */
  bobIsOpen: Set<number>;
  /** Bob's true seal of a round. */
  bobs: (round: number) => string;
  view: (story: Story) => View;
  reply: (story: Story) => Reply;
}

/** `seat`: Alice's, side a. */
export async function liarTo(seat: Seat): Promise<Liar> {
  const made = await forged(seat.closes);
  const bobIsOpen = new Set<number>();
  const view = (story: Story): View => {
    const closes = {
      own: seat.closes,
      later: seat.closes.map((instant) => instant + 3600),
      fewer: seat.closes.slice(0, -1),
      descending: seat.closes.toReversed(),
    }[story.closes];
    const seals = closes.map((_, round) => {
      const kind = story.seals[round] ?? 'none';
      if (kind === 'none') return null;
      const needsBob = kind === 'bobs' || kind === 'bobs_misspelled';
      return kind === 'noise' || (needsBob && !bobIsOpen.has(round)) ? noise() : made[round]![kind];
    });
    return viewOf(seat, {
      pair_id: story.pair === 'own' ? seat.pairId : 'A'.repeat(22),
      side: (story.side === 'own') === (seat.side === 'a') ? 'a' : 'b',
      closes,
      seals,
      lost: story.lost,
      ended: story.ended,
      now: story.now,
    });
  };
  const reply = (story: Story): Reply => {
    const text = JSON.stringify(view(story));
    switch (story.arrives) {
      case 'whole':
        return { status: 200, body: text };
      case 'cut':
        return 'cut';
      case 'half':
        return { status: 200, body: text.slice(0, text.length >> 1) };
      case 'garbled':
        return { status: 200, body: text.replaceAll(/[0-9]/g, '"') };
      case 'error':
        return { status: 500, body: text };
      case 'elsewhere':
        return { status: 307, headers: { location: '/api/pair?elsewhere' }, body: text };
      case 'no_pair':
        return { status: 401, body: { error: { code: 'no_pair', message: '' } } };
      case 'empty':
        return { status: 204 };
    }
  };
  return { bobIsOpen, bobs: (round) => made[round]!.bobs, view, reply };
}
